//! No two files below `client/` need each other, however far around: each can be read after those that it uses.
//!
//! What counts: every path that begins with `crate`, `self`, `super` or a module of the same file, in imports,
//! signatures, bodies and macros of shipped code. A name that a file passes on (`pub use`) is looked up where it comes
//! from, so passing on makes no arrow by itself. What this does not see: methods called on a value whose type is never
//! named, and names that come in by `*` from another file. An arrow that is missed can hide a circle; none is made up.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use proc_macro2::{TokenStream, TokenTree};
use syn::{
    Item, ItemMod, ItemUse, Macro, UseTree, Visibility,
    visit::{self, Visit},
};

use crate::{
    measure,
    sources::{files, only_for_tests, shipped},
};

type Names = Vec<String>;

/// One file as a module.
#[derive(Default)]
struct Module {
    file: PathBuf,
    children: BTreeSet<String>,
    /// Names that an import brings into scope, with where they come from; `None`: from another crate.
    brought: BTreeMap<String, Option<Names>>,
    /// Modules of which everything is passed on.
    starred: Vec<Names>,
    /// Paths that the file's own code uses.
    used: Vec<Names>,
}

struct Reader {
    here: Names,
    /// Modules that stand inside the file, from the outside in.
    inside: usize,
    module: Module,
}

impl Reader {
    /// A path as the crate's root would write it; `None`: it leads to another crate, or is not told by its first name.
    fn absolute(&self, path: &[String]) -> Option<Names> {
        let mut base = self.here.clone();
        let mut inside = self.inside;
        let mut rest = path;
        let first = path.first()?;
        if first == "crate" {
            return Some(path.get(1..)?.to_vec());
        }
        if first == "self" {
            rest = rest.get(1..)?;
        } else if first != "super" && !(self.module.children.contains(first) && inside == 0) {
            return None;
        }
        while rest.first().is_some_and(|name| name == "super") {
            rest = rest.get(1..)?;
            match inside {
                0 => drop(base.pop()),
                _ => inside -= 1,
            }
        }
        // A module inside this file is this file.
        if inside > 0 {
            return Some(base);
        }
        base.extend(rest.iter().cloned());
        Some(base)
    }

    fn import(&mut self, tree: &UseTree, before: &mut Names, passed_on: bool) {
        match tree {
            UseTree::Path(path) => {
                before.push(path.ident.to_string());
                self.import(&path.tree, before, passed_on);
                before.pop();
            }
            UseTree::Group(group) => group.items.iter().for_each(|tree| self.import(tree, before, passed_on)),
            UseTree::Glob(_) => {
                let Some(from) = self.absolute(before) else { return };
                if passed_on { self.module.starred.push(from) } else { self.module.used.push(from) }
            }
            UseTree::Name(_) | UseTree::Rename(_) => {
                let (name, called) = match tree {
                    UseTree::Rename(rename) => (rename.ident.to_string(), rename.rename.to_string()),
                    UseTree::Name(name) => (name.ident.to_string(), name.ident.to_string()),
                    _ => return,
                };
                let mut path = before.clone();
                let called = if name == "self" { before.last().cloned().unwrap_or_default() } else { called };
                if name != "self" {
                    path.push(name);
                }
                let from = self.absolute(&path);
                if !passed_on {
                    self.module.used.extend(from.clone());
                }
                self.module.brought.insert(called, from);
            }
        }
    }

    fn use_path(&mut self, path: &[String]) {
        let absolute = self.absolute(path);
        self.module.used.extend(absolute);
    }

    /// Paths in a macro's words, which are parsed by nobody here.
    fn look(&mut self, tokens: TokenStream) {
        let mut path: Names = Vec::new();
        let mut colons = 0;
        for token in tokens {
            match token {
                TokenTree::Ident(ident) => {
                    if colons != 2 {
                        self.use_path(&std::mem::take(&mut path));
                    }
                    path.push(ident.to_string());
                    colons = 0;
                }
                TokenTree::Punct(punct) if punct.as_char() == ':' => colons += 1,
                other => {
                    self.use_path(&std::mem::take(&mut path));
                    colons = 0;
                    if let TokenTree::Group(group) = other {
                        self.look(group.stream());
                    }
                }
            }
        }
        self.use_path(&path);
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast Item) {
        let attributes = match item {
            Item::Fn(item) => &item.attrs,
            Item::Impl(item) => &item.attrs,
            Item::Mod(item) => &item.attrs,
            Item::Use(item) => &item.attrs,
            _ => return visit::visit_item(self, item),
        };
        if !only_for_tests(attributes) {
            visit::visit_item(self, item);
        }
    }

    fn visit_item_mod(&mut self, item: &'ast ItemMod) {
        if let Some((_, items)) = &item.content {
            self.inside += 1;
            items.iter().for_each(|item| self.visit_item(item));
            self.inside -= 1;
        }
    }

    fn visit_item_use(&mut self, item: &'ast ItemUse) {
        let passed_on = !matches!(item.vis, Visibility::Inherited);
        self.import(&item.tree, &mut Vec::new(), passed_on);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let names: Names = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        if names.len() > 1 {
            self.use_path(&names);
        }
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, item: &'ast Macro) {
        visit::visit_macro(self, item);
        self.look(item.tokens.clone());
    }
}

/// A file's place among the modules: `src/a/b.rs` and `src/a/b/mod.rs` are `a::b`; `None` for what is no module of the
/// library.
fn place(source: &Path, file: &Path) -> Option<Names> {
    let within = file.strip_prefix(source).ok()?.with_extension("");
    let mut names: Names = within.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
    match names.last().map(String::as_str) {
        Some("lib" | "mod") => drop(names.pop()),
        Some("main") if names.len() == 1 => return None,
        _ => {}
    }
    (names.first().map(String::as_str) != Some("bin")).then_some(names)
}

struct House(BTreeMap<Names, Module>);

impl House {
    /// The file in which what a path names is written; `None`: in another crate.
    fn written(&self, path: &[String], patience: usize) -> Option<&Path> {
        let mut here: Names = Vec::new();
        for (at, name) in path.iter().enumerate() {
            let module = self.0.get(&here)?;
            here.push(name.clone());
            if self.0.contains_key(&here) {
                continue;
            }
            here.pop();
            let rest = path.get(at + 1..)?;
            if patience > 0 {
                if let Some(from) = module.brought.get(name) {
                    return self.written(&[from.as_deref()?, rest].concat(), patience - 1);
                }
                let everything = module.starred.iter().filter_map(|from| self.0.get(from));
                if let Some(from) = everything.filter_map(|other| other.brought.get(name)?.as_deref()).next() {
                    return self.written(&[from, rest].concat(), patience - 1);
                }
            }
            return Some(&module.file);
        }
        self.0.get(&here).map(|module| module.file.as_path())
    }

    /// Which files each file uses.
    fn arrows(&self) -> BTreeMap<&Path, BTreeSet<&Path>> {
        let arrows = |module: &'_ Module| {
            let own = module.file.clone();
            let to = module.used.iter().filter_map(|path| self.written(path, 8));
            to.filter(move |file| *file != own).collect()
        };
        self.0.values().map(|module| (module.file.as_path(), arrows(module))).collect()
    }
}

fn house(source: &Path) -> House {
    let modules = shipped(&[source.to_str().unwrap()]).into_iter().filter_map(|(file, parsed)| {
        let here = place(source, &file)?;
        let children = parsed.items.iter().filter_map(|item| match item {
            Item::Mod(module) if module.content.is_none() => Some(module.ident.to_string()),
            _ => None,
        });
        let module = Module { file, children: children.collect(), ..Module::default() };
        let mut reader = Reader { here: here.clone(), inside: 0, module };
        reader.visit_file(&parsed);
        Some((here, reader.module))
    });
    House(modules.collect())
}

fn reached<'a>(from: &'a Path, arrows: &BTreeMap<&'a Path, BTreeSet<&'a Path>>) -> BTreeSet<&'a Path> {
    let mut seen = BTreeSet::new();
    let mut next = vec![from];
    while let Some(file) = next.pop() {
        for to in arrows.get(file).into_iter().flatten() {
            if seen.insert(*to) {
                next.push(to);
            }
        }
    }
    seen
}

#[test]
fn no_files_of_the_clients_go_in_circles() {
    let mut offenders = BTreeSet::new();
    let mut seen = 0;
    let manifests = files(&["Cargo.toml"]).into_iter().filter(|path| path.starts_with("client"));
    for manifest in manifests {
        let source = manifest.with_file_name("src");
        let house = house(&source);
        let arrows = house.arrows();
        seen += arrows.values().map(BTreeSet::len).sum::<usize>();
        let circles = arrows.keys().filter(|file| reached(file, &arrows).contains(*file));
        offenders.extend(circles.map(|file| file.display().to_string()));
    }
    assert!(seen > 100, "only {seen} arrows between files found");
    measure::hold("circles", &offenders);
}

/// The measure itself: what it must see, and what it must not make up.
#[test]
fn a_circle_is_found_and_a_name_passed_on_makes_none() {
    let read = |name: &str, text: &str| {
        let here: Names = name.split('/').filter(|part| !part.is_empty()).map(ToOwned::to_owned).collect();
        let parsed = syn::parse_file(text).unwrap();
        let children = parsed.items.iter().filter_map(|item| match item {
            Item::Mod(module) if module.content.is_none() => Some(module.ident.to_string()),
            _ => None,
        });
        let module = Module { file: name.into(), children: children.collect(), ..Module::default() };
        let mut reader = Reader { here: here.clone(), inside: 0, module };
        reader.visit_file(&parsed);
        (here, reader.module)
    };
    let in_circles = |files: &[(&str, &str)]| {
        let house = House(files.iter().map(|(name, text)| read(name, text)).collect());
        let arrows = house.arrows();
        arrows.keys().filter(|file| reached(file, &arrows).contains(*file)).count()
    };
    let facade = ("", "mod a; mod b; pub use a::A; pub use std::fs;");
    assert_eq!(in_circles(&[facade, ("a", "pub struct A;"), ("b", "use super::{A, fs}; fn f(_: A) {}")]), 0);
    assert_eq!(in_circles(&[facade, ("a", "use crate::b::B; pub struct A;"), ("b", "use super::A; pub struct B;")]), 2);
    let calls = "pub struct A; fn f() { println!(\"{}\", crate::b::g(1)) }";
    assert_eq!(in_circles(&[facade, ("a", calls), ("b", "fn g(_: super::A) {}")]), 2);
    assert_eq!(in_circles(&[("", "mod a; struct Own; fn f() { a::g() }"), ("a", "fn g(_: super::Own) {}")]), 2);
    let tested = "pub struct A; #[cfg(test)] mod tests { use crate::b::B; }";
    assert_eq!(in_circles(&[facade, ("a", tested), ("b", "use super::A; pub struct B;")]), 0);
}
