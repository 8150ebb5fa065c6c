//! No function is longer than a screen, unless it is a table.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::Span;
use syn::{
    Block, ImplItemFn, ItemFn, ItemImpl, ItemMod, Signature, TraitItemFn,
    spanned::Spanned as _,
    visit::{self, Visit},
};

use crate::{
    measure,
    sources::{only_for_tests, shipped},
};

/// From `fn` to the closing brace.
const LINES_MAX: usize = 60;

/// Functions that are one table, one `match` or one list from top to bottom: a reader looks a line up, and does not
/// follow a thought. With the reason why cutting one up would help nobody.
const TABLES: &[(&str, &str)] = &[];

#[derive(Default)]
struct Lengths {
    owner: String,
    found: BTreeMap<String, usize>,
}

impl Lengths {
    fn note(&mut self, signature: &Signature, end: Span) {
        let lines = end.end().line - signature.fn_token.span.start().line + 1;
        let owner = if self.owner.is_empty() { String::new() } else { format!("{}::", self.owner) };
        let longest = self.found.entry(format!("{owner}{}", signature.ident)).or_default();
        *longest = lines.max(*longest);
    }
}

fn close(block: &Block) -> Span {
    block.brace_token.span.close()
}

impl<'ast> Visit<'ast> for Lengths {
    fn visit_item_fn(&mut self, item: &'ast ItemFn) {
        if !only_for_tests(&item.attrs) {
            self.note(&item.sig, close(&item.block));
            visit::visit_item_fn(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, item: &'ast ImplItemFn) {
        if !only_for_tests(&item.attrs) {
            self.note(&item.sig, close(&item.block));
            visit::visit_impl_item_fn(self, item);
        }
    }

    fn visit_trait_item_fn(&mut self, item: &'ast TraitItemFn) {
        if let Some(block) = &item.default {
            self.note(&item.sig, close(block));
        }
        visit::visit_trait_item_fn(self, item);
    }

    fn visit_item_impl(&mut self, item: &'ast ItemImpl) {
        if only_for_tests(&item.attrs) {
            return;
        }
        let name = item.self_ty.span().source_text().unwrap_or_default();
        let before = std::mem::replace(&mut self.owner, name);
        visit::visit_item_impl(self, item);
        self.owner = before;
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if !only_for_tests(&item.attrs) {
            visit::visit_item_mod(self, item);
        }
    }
}

#[test]
fn no_function_is_longer_than_a_screen() {
    let mut offenders = BTreeSet::new();
    let mut seen = 0;
    for (path, file) in shipped(&[""]) {
        let mut lengths = Lengths::default();
        lengths.visit_file(&file);
        seen += lengths.found.len();
        let long = lengths.found.into_iter().filter(|(_, lines)| *lines > LINES_MAX);
        offenders.extend(long.map(|(name, _)| format!("{} {name}", path.display())));
    }
    assert!(seen > 1000, "only {seen} functions found");
    for (table, why) in TABLES {
        assert!(offenders.remove(*table), "{table} ({why}) is not too long: take it off the list of tables");
    }
    measure::hold("functions", &offenders);
}
