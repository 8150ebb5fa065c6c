//! The plan of the house and its measures, held by tests: arrows point down only, the pure rooms stay pure, no file and
//! no function outgrows a reader, no files go in circles, prose fits a window. What does not keep a measure yet stands
//! in `house/debts.txt`, which may only shrink.
//!
//! `ARCHITECTURE.md` draws the same plan for people.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

#[path = "house/circles.rs"]
mod circles;
#[path = "house/debts.rs"]
mod debts;
#[path = "house/debug.rs"]
mod debug;
#[path = "house/functions.rs"]
mod functions;
#[path = "house/keys.rs"]
mod keys;
#[path = "house/prose.rs"]
mod prose;
#[path = "house/pure.rs"]
mod pure;
#[path = "house/sizes.rs"]
mod sizes;
#[path = "house/sources.rs"]
mod sources;

use std::{collections::BTreeMap, process::Command};

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

use self::sources::root;

/// Which of our crates each of our crates may use, in shipped code. A crate that is not listed here fails the test, so
/// that a new room is placed.
const MAY_USE: &[(&str, &[&str])] = &[
    ("subrosa-crypto", &[]),
    ("subrosa-casework", &["subrosa-crypto"]),
    // Amounts and numbers as each language writes them.
    ("subrosa-templates", &["subrosa-casework"]),
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
    // The vectors' reader, for tests alone.
    ("subrosa-vectors", &[]),
];

/// Above the house: they look at all of it, and nothing may use them.
const OBSERVERS: &[&str] = &["subrosa-e2e", "subrosa-bench"];

/// Crates that know nothing of each other, not even in tests: what both need stands below both.
const STRANGERS: &[(&str, &[&str])] = &[
    (
        "subrosa-server",
        &["subrosa-engine", "subrosa-machine", "subrosa-console", "subrosa-program", "subrosa-web", "subrosa"],
    ),
    ("subrosa-console", &["subrosa-program", "subrosa-web"]),
    ("subrosa-program", &["subrosa-web"]),
];

/// Crates without I/O: they build for the browser, and whoever uses them brings clock, randomness and wire.
const PURE: &[&str] = &["subrosa-crypto", "subrosa-casework", "subrosa-engine"];

/// Crates that do I/O, keep a clock or start threads: nothing pure may bring them, however deep.
const IMPURE: &[&str] = &[
    "actix-web",
    "clap",
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

fn cargo(arguments: &[&str]) -> String {
    let program = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let output = Command::new(program).args(arguments).current_dir(root()).output().expect("cargo starts");
    assert!(output.status.success(), "cargo {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The workspace's crates, by name, with what each of them names as its dependencies.
fn workspace() -> BTreeMap<String, Package> {
    let command = MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .other_options(["--locked".into()])
        .exec();
    let packages = command.unwrap_or_else(|error| panic!("cargo metadata: {error}")).packages;
    packages.into_iter().map(|package| (package.name.to_string(), package)).collect()
}

/// The names of everything that `package` brings along in shipped code, itself excluded.
fn brought_by(package: &str) -> Vec<String> {
    let arguments =
        ["tree", "--locked", "--offline", "--edges", "normal", "--prefix", "none", "--format", "{lib}", "-p", package];
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
    for (name, package) in workspace.iter().filter(|(name, _)| !OBSERVERS.contains(&name.as_str())) {
        let (_, may_use) = MAY_USE
            .iter()
            .find(|(listed, _)| listed == name)
            .unwrap_or_else(|| panic!("{name} has no place in the house: add it to MAY_USE and to ARCHITECTURE.md"));
        for dependency in package.dependencies.iter().filter(|dependency| workspace.contains_key(&dependency.name)) {
            let used = dependency.name.as_str();
            // A test may look sideways; shipped code may not.
            assert!(!OBSERVERS.contains(&used), "{name} uses {used}, which stands above the house");
            let for_tests = dependency.kind == DependencyKind::Development;
            assert!(for_tests || may_use.contains(&used), "{name} may not use {used}");
        }
    }
    for (name, _) in MAY_USE {
        assert!(workspace.contains_key(*name), "{name} is in the plan, but not in the workspace");
    }
}

#[test]
fn nothing_that_is_shipped_can_make_a_cheap_keystore() {
    for (name, package) in workspace().iter().filter(|(name, _)| !OBSERVERS.contains(&name.as_str())) {
        for dependency in package.dependencies.iter().filter(|d| d.name == "subrosa-crypto") {
            assert!(dependency.features.is_empty(), "{name} turns on {:?} of subrosa-crypto", dependency.features);
        }
        let on_by_default = package.features.get("default").is_some_and(|features| !features.is_empty());
        assert!(!on_by_default, "{name} has features that are on by default");
    }
}

#[test]
fn those_who_may_not_know_each_other_do_not_even_in_tests() {
    let workspace = workspace();
    for (one, others) in STRANGERS {
        for other in *others {
            for (user, used) in [(one, other), (other, one)] {
                let dependencies = &workspace[*user].dependencies;
                assert!(
                    dependencies.iter().all(|dependency| dependency.name != *used),
                    "{user} uses {used}; what both must know stands below both, wire types in subrosa_crypto::wire"
                );
            }
        }
    }
}

#[test]
fn pure_crates_bring_nothing_that_does_io() {
    for package in PURE {
        let brought = brought_by(package);
        assert!(brought.len() > 10, "{package}: cargo tree printed too little to be true: {brought:?}");
        for barred in IMPURE {
            let barred = barred.replace('-', "_");
            assert!(!brought.contains(&barred), "{package} brings {barred}");
        }
    }
}

#[test]
fn pure_crates_refuse_clocks_files_sockets_and_system_randomness() {
    let workspace = workspace();
    for package in PURE {
        let path = workspace[*package].manifest_path.with_file_name("clippy.toml");
        let rules = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
        for barred in BARRED {
            assert!(rules.contains(&format!("\"{barred}\"")), "{path} does not bar {barred}");
        }
    }
}

#[test]
fn every_crate_stands_behind_the_lint_wall() {
    for (name, package) in workspace() {
        let manifest = std::fs::read_to_string(&package.manifest_path).unwrap();
        assert!(manifest.contains("[lints]\nworkspace = true"), "{name} does not take the workspace's lints");
    }
}
