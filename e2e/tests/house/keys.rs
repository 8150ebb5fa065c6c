//! The console asks for no words by a key that nobody looked up. Where a key stands in the code it is `key!("…")`,
//! `keys!["…"]` or `say!(t, "…")`, which do not compile without the words; what is put together from parts is covered
//! by tests beside the code.

use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream, TokenTree};
use syn::{
    ItemFn, ItemImpl, ItemMod, Macro, Pat,
    visit::{self, Visit},
};

use crate::sources::{only_for_tests, shipped, text};

/// The files with the console's words in English.
const WORDS: [&str; 4] = ["console", "errors", "rules", "report"];
/// Macros that look a key up.
const LOOK_UP: [&str; 3] = ["key", "keys", "say"];
/// Texts that are something else as well as a key.
const NO_KEYS: &[(&str, &str)] = &[("bulk-tag", "the name of a form's field")];

fn keys() -> BTreeSet<String> {
    let files = WORDS.map(|name| text(format!("templates/locales/en/{name}.ftl").as_ref()));
    let lines = files.iter().flat_map(|file| file.lines());
    let keys = lines.filter_map(|line| line.split_once(" ="));
    keys.filter(|(key, _)| key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-'))
        .map(|(key, _)| key.into())
        .collect()
}

struct Asked<'k> {
    keys: &'k BTreeSet<String>,
    /// Keys that nobody looks up.
    bare: BTreeSet<String>,
    looked_up: usize,
}

impl Asked<'_> {
    fn literal(&mut self, literal: &Literal) {
        let text = literal.to_string();
        let Some(text) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) else { return };
        // A word without a hyphen may be anything: the value of a field, a mark in an address.
        if text.contains('-') && self.keys.contains(text) && NO_KEYS.iter().all(|(other, _)| *other != text) {
            self.bare.insert(text.to_owned());
        }
    }

    /// The words of a macro that is parsed by nobody here.
    fn look(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        for (at, token) in tokens.iter().enumerate() {
            match token {
                TokenTree::Literal(literal) => self.literal(literal),
                TokenTree::Group(group) => {
                    let name = at.checked_sub(2).and_then(|at| tokens.get(at)).map(ToString::to_string);
                    let bang = at.checked_sub(1).and_then(|at| tokens.get(at)).is_some_and(|t| t.to_string() == "!");
                    match name {
                        Some(name) if bang => self.called(&name, group.stream()),
                        _ => self.look(group.stream()),
                    }
                }
                _ => {}
            }
        }
    }

    fn called(&mut self, name: &str, tokens: TokenStream) {
        if !LOOK_UP.contains(&name) {
            return self.look(tokens);
        }
        self.looked_up += 1;
        // The values that the words take may hold anything.
        let first = |token: &TokenTree| matches!(token, TokenTree::Literal(_));
        let values = if name == "say" {
            tokens.into_iter().skip_while(|t| !first(t)).skip(1).collect()
        } else {
            TokenStream::new()
        };
        self.look(values);
    }
}

impl<'ast> Visit<'ast> for Asked<'_> {
    fn visit_lit_str(&mut self, literal: &'ast syn::LitStr) {
        self.literal(&literal.token());
    }

    fn visit_expr_method_call(&mut self, call: &'ast syn::ExprMethodCall) {
        let asks = ["get", "with", "fill", "has"].contains(&call.method.to_string().as_str());
        let words = matches!(&*call.receiver, syn::Expr::Path(path) if path.path.is_ident("t"))
            || matches!(&*call.receiver, syn::Expr::Field(field) if matches!(&field.member, syn::Member::Named(n) if n == "t"));
        if asks
            && words
            && let Some(syn::Expr::Lit(literal)) = call.args.first()
            && let syn::Lit::Str(key) = &literal.lit
        {
            self.bare.insert(key.value());
        }
        visit::visit_expr_method_call(self, call);
    }

    /// What is compared with is no key that is asked for.
    fn visit_pat(&mut self, _: &'ast Pat) {}

    fn visit_attribute(&mut self, _: &'ast syn::Attribute) {}

    fn visit_macro(&mut self, item: &'ast Macro) {
        let name = item.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        self.called(&name, item.tokens.clone());
    }

    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        if !only_for_tests(&item.attrs) {
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        if !only_for_tests(&item.attrs) {
            visit::visit_item_impl(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if !only_for_tests(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }
}

#[test]
fn every_key_that_the_console_names_is_looked_up() {
    let keys = keys();
    assert!(keys.len() > 500, "only {} keys found", keys.len());
    let mut offenders = Vec::new();
    let mut seen = 0;
    for (path, file) in shipped(&["client/console"]) {
        let mut asked = Asked { keys: &keys, bare: BTreeSet::new(), looked_up: 0 };
        asked.visit_file(&file);
        seen += asked.looked_up;
        offenders.extend(asked.bare.into_iter().map(|key| format!("{}: {key}", path.display())));
    }
    assert!(seen > 300, "only {seen} keys looked up");
    assert!(offenders.is_empty(), "write key!(\"…\") or say!(t, \"…\"):\n  {}", offenders.join("\n  "));
}

/// The measure itself: what it must see, and what it must let pass.
#[test]
fn a_key_that_nobody_looked_up_is_found() {
    let keys = BTreeSet::from(["go-on".to_owned(), "no-such-case".to_owned()]);
    let bare = |body: &str| {
        let mut asked = Asked { keys: &keys, bare: BTreeSet::new(), looked_up: 0 };
        asked.visit_file(&syn::parse_file(&format!("fn f() {{ {body} }}")).unwrap());
        asked.bare.len()
    };
    assert_eq!(bare("problem(\"no-such-case\");"), 1);
    assert_eq!(bare("t.get(\"yes\");"), 1);
    assert_eq!(bare("visit.t.with(\"yes\", &[]);"), 1);
    assert_eq!(bare("format!(\"{}\", t(\"go-on\"));"), 1);
    assert_eq!(bare("say!(t, \"no-such-case\", why = g(\"go-on\"));"), 1);
    assert_eq!(
        bare("problem(key!(\"no-such-case\")); vec![say!(t, \"go-on\")]; keys![\"go-on\", \"no-such-case\"];"),
        0
    );
    assert_eq!(bare("match name { \"go-on\" => fields.get(\"yes\"), _ => {} }"), 0);
}
