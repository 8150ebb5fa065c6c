//! What the derived `Debug` prints is for whoever mends a program. It is no text for people, and nothing that another
//! program reads: a renamed type would change it.

use std::collections::BTreeSet;

use proc_macro2::{Literal, TokenStream, TokenTree};
use syn::{
    Attribute, ImplItemFn, ItemFn, ItemImpl, ItemMod, Macro,
    visit::{self, Visit},
};

use crate::{
    debts,
    sources::{only_for_tests, shipped},
};

/// Where shipped code stands; tests, proofs and measurements may print what they like.
const SHIPPED: &[&str] = &["crypto", "casework", "templates", "server", "client"];

/// Places that print for whoever mends the program, and why.
const MAY_PRINT: &[(&str, &str)] =
    &[("server/src/store/conformance/", "tests for whoever writes an engine: a failure shows both answers")];

#[derive(Default)]
struct Printed {
    function: String,
    found: BTreeSet<String>,
}

impl Printed {
    fn look(&mut self, tokens: TokenStream) {
        for token in tokens {
            match token {
                TokenTree::Group(group) => self.look(group.stream()),
                TokenTree::Literal(literal) if debugs(&literal) => {
                    self.found.insert(self.function.clone());
                }
                _ => {}
            }
        }
    }
}

fn debugs(literal: &Literal) -> bool {
    let text = literal.to_string();
    text.contains(":?}") || text.contains(":#?}")
}

impl<'ast> Visit<'ast> for Printed {
    fn visit_macro(&mut self, item: &'ast Macro) {
        let name = item.path.segments.last().map(|last| last.ident.to_string()).unwrap_or_default();
        // What a panic says is for whoever mends the program.
        if !["assert", "assert_eq", "assert_ne", "debug_assert", "debug_assert_eq", "panic", "unreachable"]
            .contains(&name.as_str())
        {
            self.look(item.tokens.clone());
        }
    }

    /// Such as `#[error("…")]`.
    fn visit_attribute(&mut self, item: &'ast Attribute) {
        if !item.path().is_ident("doc")
            && let Ok(list) = item.meta.require_list()
        {
            self.look(list.tokens.clone());
        }
    }

    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        let debug = item.trait_.as_ref().and_then(|(path, _)| path.segments.last()).is_some_and(|l| l.ident == "Debug");
        if !debug && !only_for_tests(&item.attrs) {
            visit::visit_item_impl(self, item);
        }
    }

    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        if !only_for_tests(&item.attrs) {
            let before = std::mem::replace(&mut self.function, item.sig.ident.to_string());
            visit::visit_item_fn(self, item);
            self.function = before;
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        if !only_for_tests(&item.attrs) {
            let before = std::mem::replace(&mut self.function, item.sig.ident.to_string());
            visit::visit_impl_item_fn(self, item);
            self.function = before;
        }
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if !only_for_tests(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }
}

#[test]
fn no_text_is_made_by_debug() {
    let mut offenders = BTreeSet::new();
    for (path, file) in shipped(SHIPPED) {
        let mut printed = Printed { function: "(outside of functions)".to_owned(), ..Printed::default() };
        printed.visit_file(&file);
        offenders.extend(printed.found.into_iter().map(|function| format!("{} {function}", path.display())));
    }
    for (place, why) in MAY_PRINT {
        let before = offenders.len();
        offenders.retain(|offender| !offender.starts_with(place));
        assert!(offenders.len() < before, "{place} ({why}) prints nothing: take it off the list");
    }
    debts::hold("debug", &offenders);
}
