//! What does no I/O does not name the standard library's means for it.

use std::collections::BTreeSet;

use syn::{
    ItemUse, Path, UseTree,
    visit::{self, Visit},
};

use crate::{measure, sources::shipped};

/// Where the pure crates lie.
const PURE: &[&str] = &["crypto/src", "casework/src", "client/engine/src"];

/// Parts of `std` that reach out of the program.
const OUTSIDE: &[&str] = &["env", "fs", "net", "os", "process", "thread"];

#[derive(Default)]
struct Named(BTreeSet<String>);

impl Named {
    fn look(&mut self, crate_name: &str, part: &str) {
        if crate_name == "std" && OUTSIDE.contains(&part) {
            self.0.insert(part.to_owned());
        }
    }
}

impl<'ast> Visit<'ast> for Named {
    fn visit_path(&mut self, path: &'ast Path) {
        let names: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if let [first, second, ..] = names.as_slice() {
            self.look(first, second);
        }
        visit::visit_path(self, path);
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let UseTree::Path(path) = &item.tree else { return };
        let mut next = vec![&*path.tree];
        while let Some(tree) = next.pop() {
            match tree {
                UseTree::Group(group) => next.extend(&group.items),
                UseTree::Path(part) => self.look(&path.ident.to_string(), &part.ident.to_string()),
                UseTree::Name(part) => self.look(&path.ident.to_string(), &part.ident.to_string()),
                UseTree::Rename(part) => self.look(&path.ident.to_string(), &part.ident.to_string()),
                UseTree::Glob(_) => {}
            }
        }
    }
}

#[test]
fn pure_crates_name_no_means_to_reach_out() {
    let files = shipped(PURE);
    assert!(files.len() > 60, "only {} files of pure crates found", files.len());
    let mut offenders = BTreeSet::new();
    for (path, file) in files {
        let mut named = Named::default();
        named.visit_file(&file);
        offenders.extend(named.0.into_iter().map(|part| format!("{} std::{part}", path.display())));
    }
    measure::hold("pure", &offenders);
}
