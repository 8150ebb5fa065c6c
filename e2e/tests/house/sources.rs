//! The sources of the house, parsed: each file with its shipped part, which is what is not there for tests alone.

use std::{
    fs,
    path::{Path, PathBuf},
};

use syn::{Attribute, File, Item};

/// The repository's folder.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Every file of ours whose name ends so: build output, dot folders, dependencies and fuzzing corpora left out. Paths
/// are relative to the repository and in order.
pub(crate) fn files(endings: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                if !["target", "node_modules", "corpus"].contains(&name) && !name.starts_with('.') {
                    folders.push(path);
                }
            } else if endings.iter().any(|ending| name.ends_with(ending)) {
                found.push(path.strip_prefix(root()).unwrap().to_owned());
            }
        }
    }
    found.sort();
    found
}

/// The text of a file.
pub(crate) fn text(path: &Path) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Whether the whole file is there for tests: it lies in a folder of tests.
pub(crate) fn is_test(path: &Path) -> bool {
    path.components().any(|part| part.as_os_str() == "tests")
}

/// Whether an item is compiled for tests alone, or is a test.
pub(crate) fn only_for_tests(attributes: &[Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let test = attribute.path().segments.last().is_some_and(|last| last.ident == "test");
        test || attribute.path().is_ident("cfg")
            && attribute.meta.require_list().is_ok_and(|list| list.tokens.to_string() == "test")
    })
}

/// Where the modules lie that a file names and does not hold.
fn folder_of_children(path: &Path) -> PathBuf {
    match path.file_stem().and_then(|stem| stem.to_str()) {
        Some("mod" | "lib" | "main") => path.with_file_name(""),
        _ => path.with_extension(""),
    }
}

/// Every file of shipped code below these folders, parsed, without what is there for tests alone: folders of tests,
/// modules of tests in a file, and files that are such a module.
pub(crate) fn shipped(folders: &[&str]) -> Vec<(PathBuf, File)> {
    let ours = files(&[".rs"]).into_iter().filter(|path| folders.iter().any(|f| path.starts_with(f)) && !is_test(path));
    let mut tests: Vec<PathBuf> = Vec::new();
    let mut parsed: Vec<(PathBuf, File)> = ours
        .map(|path| {
            let file = syn::parse_file(&text(&path)).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            (path, file)
        })
        .collect();
    for (path, file) in &mut parsed {
        file.items.retain(|item| match item {
            Item::Mod(module) if only_for_tests(&module.attrs) => {
                tests.push(folder_of_children(path).join(module.ident.to_string()));
                false
            }
            _ => true,
        });
    }
    parsed.retain(|(path, _)| !tests.iter().any(|test| path.with_extension("").starts_with(test)));
    parsed
}
