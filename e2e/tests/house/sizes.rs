//! Files stay small enough to be read in one sitting, and their names say what they do.

use std::collections::BTreeSet;

use crate::{
    measure,
    sources::{files, text},
};

/// No file of Rust is longer.
const LINES_MAX: usize = 600;
/// Nine of ten are not longer than this.
const LINES_MOST: usize = 400;

const NAMELESS: &[&str] = &["util", "utils", "common", "helper", "helpers", "models", "misc"];

#[test]
fn no_file_has_outgrown_its_room() {
    let mut sizes = Vec::new();
    let mut offenders = BTreeSet::new();
    for path in files(&[".rs"]) {
        let lines = text(&path).lines().count();
        sizes.push(lines);
        if lines > LINES_MAX {
            offenders.insert(path.display().to_string());
        }
    }
    assert!(sizes.len() > 100, "only {} Rust files found", sizes.len());
    measure::hold("files", &offenders);
    sizes.sort_unstable();
    let most = sizes[sizes.len() * 9 / 10];
    assert!(most <= LINES_MOST, "one file of ten has more than {most} lines; {LINES_MOST} are the measure");
}

#[test]
fn every_name_of_a_file_or_folder_says_something() {
    for path in files(&[".rs", ".js", ".mjs", ".html", ".sh", ".py"]) {
        for part in path.components() {
            let name = part.as_os_str().to_str().unwrap();
            let stem = name.split('.').next().unwrap();
            assert!(!NAMELESS.contains(&stem), "{}: the name says nothing", path.display());
        }
    }
}
