//! The plan of the house, held by tests: arrows point down only, and the pure rooms stay pure.
//!
//! `ARCHITECTURE.md` draws the same plan for people.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::{collections::BTreeMap, path::Path, process::Command};

use serde_json::Value;

/// Which of our crates each of our crates may use, in shipped code. A crate that is not listed here fails the test, so
/// that a new room is placed.
const MAY_USE: &[(&str, &[&str])] = &[
    ("subrosa-crypto", &[]),
    ("subrosa-casework", &["subrosa-crypto"]),
    ("subrosa-templates", &[]),
    ("subrosa-server", &["subrosa-casework", "subrosa-crypto", "subrosa-templates"]),
    ("subrosa-engine", &["subrosa-casework", "subrosa-crypto"]),
    ("subrosa-machine", &["subrosa-casework", "subrosa-crypto", "subrosa-engine", "subrosa-templates"]),
    // Three faces of the same engines, which never use each other.
    (
        "subrosa-console",
        &["subrosa-casework", "subrosa-crypto", "subrosa-engine", "subrosa-machine", "subrosa-templates"],
    ),
    (
        "subrosa-program",
        &["subrosa-casework", "subrosa-crypto", "subrosa-engine", "subrosa-machine", "subrosa-templates"],
    ),
    ("subrosa-web", &["subrosa-casework", "subrosa-crypto", "subrosa-engine"]),
    // The binary: a few lines in which command line and console meet.
    ("subrosa", &["subrosa-console", "subrosa-machine", "subrosa-program"]),
];

/// Above the house: they look at all of it, and nothing may use them.
const OBSERVERS: &[&str] = &["subrosa-e2e", "subrosa-bench"];

/// Crates that do I/O, keep a clock or start threads: nothing pure may bring them, however deep.
const IMPURE: &[&str] = &[
    "actix-web",
    "actix-rt",
    "async-std",
    "chrono",
    "hyper",
    "mio",
    "reqwest",
    "sled",
    "smol",
    "socket2",
    "tempfile",
    "tokio",
    "ureq",
];

/// What a pure crate's `clippy.toml` must refuse: clocks, files, sockets, processes, the system's randomness.
const BARRED: &[&str] = &[
    "std::time::SystemTime::now",
    "std::time::Instant::now",
    "std::fs::File",
    "std::fs::read",
    "std::fs::read_to_string",
    "std::fs::write",
    "std::net::TcpStream",
    "std::net::TcpListener",
    "std::net::UdpSocket",
    "std::process::Command::new",
    "getrandom::fill",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

fn cargo(arguments: &[&str]) -> String {
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let output = Command::new(program).args(arguments).current_dir(root()).output().expect("cargo starts");
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Each workspace crate's direct dependencies, by kind ("normal", "dev", "build").
fn workspace() -> BTreeMap<String, Vec<(String, String)>> {
    let metadata: Value =
        serde_json::from_str(&cargo(&["metadata", "--no-deps", "--format-version", "1", "--locked"])).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    packages
        .iter()
        .map(|package| {
            let dependencies = package["dependencies"].as_array().unwrap().iter().map(|dependency| {
                (
                    dependency["name"].as_str().unwrap().to_owned(),
                    dependency["kind"].as_str().unwrap_or("normal").to_owned(),
                )
            });
            (package["name"].as_str().unwrap().to_owned(), dependencies.collect())
        })
        .collect()
}

/// The names of everything that `package` brings along in shipped code, itself excluded.
fn brought_by(package: &str, more: &[&str]) -> Vec<String> {
    let mut arguments = vec![
        "tree",
        "--locked",
        "--offline",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{lib}",
        "-p",
        package,
    ];
    arguments.extend(more);
    let own = package.replace('-', "_");
    let mut names: Vec<String> = cargo(&arguments)
        .lines()
        .map(|line| line.trim_end_matches(" (*)").to_owned())
        .filter(|name| *name != own)
        .collect();
    names.sort();
    names.dedup();
    names
}

#[test]
fn arrows_point_down_only() {
    let workspace = workspace();
    let ours: Vec<&String> = workspace.keys().collect();
    for (name, dependencies) in &workspace {
        if OBSERVERS.contains(&name.as_str()) {
            continue;
        }
        let (_, may_use) = MAY_USE
            .iter()
            .find(|(listed, _)| listed == name)
            .unwrap_or_else(|| panic!("{name} has no place in the house: add it to MAY_USE and to ARCHITECTURE.md"));
        for (dependency, kind) in dependencies.iter().filter(|(dependency, _)| ours.contains(&dependency)) {
            // A test may look sideways; shipped code may not.
            assert!(
                !OBSERVERS.contains(&dependency.as_str()),
                "{name} uses {dependency}, which stands above the house"
            );
            assert!(kind == "dev" || may_use.contains(&dependency.as_str()), "{name} may not use {dependency}");
        }
    }
    for (name, _) in MAY_USE {
        assert!(workspace.contains_key(*name), "{name} is in the plan, but not in the workspace");
    }
}

#[test]
fn server_and_client_do_not_know_each_other() {
    let workspace = workspace();
    for (one, other) in [("subrosa-server", "subrosa-engine"), ("subrosa-engine", "subrosa-server")] {
        assert!(
            workspace[one].iter().all(|(dependency, _)| dependency != other),
            "{one} uses {other}; wire types belong in subrosa_crypto::wire"
        );
    }
}

#[test]
fn pure_crates_bring_nothing_that_does_io() {
    let pure: [(&str, &[&str]); 3] = [("subrosa-crypto", &[]), ("subrosa-casework", &[]), ("subrosa-engine", &[])];
    for (package, more) in pure {
        let brought = brought_by(package, more);
        assert!(brought.len() > 10, "{package}: cargo tree printed too little to be true: {brought:?}");
        for barred in IMPURE {
            let barred = barred.replace('-', "_");
            assert!(!brought.contains(&barred), "{package} brings {barred}");
        }
    }
}

#[test]
fn pure_crates_refuse_clocks_files_sockets_and_system_randomness() {
    for room in ["crypto", "casework", "client/engine"] {
        let path = root().join(room).join("clippy.toml");
        let rules = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        for barred in BARRED {
            assert!(rules.contains(&format!("\"{barred}\"")), "{} does not bar {barred}", path.display());
        }
    }
}

#[test]
fn every_crate_stands_behind_the_lint_wall() {
    for name in workspace().keys() {
        let room = match name.trim_start_matches("subrosa-") {
            "web" => "client/web",
            room => room,
        };
        let manifest = std::fs::read_to_string(root().join(room).join("Cargo.toml")).unwrap();
        assert!(
            manifest.contains("[lints]\nworkspace = true"),
            "{room}/Cargo.toml does not take the workspace's lints"
        );
    }
}

#[test]
fn no_file_has_outgrown_its_room() {
    const LINES_MAX: usize = 800;
    const NAMELESS: &[&str] = &["util", "utils", "common", "helpers", "models", "misc"];
    let mut folders = vec![root().to_owned()];
    let mut seen = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                if name != "target" && name != "node_modules" && !name.starts_with('.') {
                    assert!(!NAMELESS.contains(&name.as_str()), "{}: the name says nothing", path.display());
                    folders.push(path);
                }
            } else if let Some(stem) = name.strip_suffix(".rs") {
                assert!(!NAMELESS.contains(&stem), "{}: the name says nothing", path.display());
                let text = std::fs::read_to_string(&path).unwrap();
                let shipped = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
                let lines = shipped.lines().count();
                assert!(lines <= LINES_MAX, "{} has {lines} lines without its tests: split it", path.display());
                seen += 1;
            }
        }
    }
    assert!(seen > 20, "only {seen} Rust files found");
}

/// Every file under version control's eye whose name ends so: build output, dot folders and dependencies left out.
fn files(ending: &str) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap();
            if path.is_dir() {
                if !["target", "node_modules", "corpus"].contains(&name) && !name.starts_with('.') {
                    folders.push(path);
                }
            } else if name.ends_with(ending) {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn every_page_that_the_code_cites_is_there() {
    for path in files(".rs") {
        let text = std::fs::read_to_string(&path).unwrap();
        for cited in text.match_indices("docs/").map(|(at, _)| &text[at..]) {
            let end = cited.find(|c: char| !(c.is_ascii_alphanumeric() || "/-._".contains(c))).unwrap_or(cited.len());
            if let Some(page) = cited[..end].strip_suffix(".md").filter(|page| !page.contains("NNNN")) {
                let page = root().join(format!("{page}.md"));
                assert!(page.exists(), "{} cites {}, which is not there", path.display(), page.display());
            }
        }
    }
}

#[test]
fn no_link_between_pages_is_dead() {
    let pages = files(".md");
    assert!(pages.len() > 5, "only {} pages found", pages.len());
    for page in pages {
        let text = std::fs::read_to_string(&page).unwrap();
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = target.split('#').next().unwrap();
            if !target.is_empty() && !target.contains("://") {
                let there = page.parent().unwrap().join(target);
                assert!(there.exists(), "{} links to {target}, which is not there", page.display());
            }
        }
    }
}
