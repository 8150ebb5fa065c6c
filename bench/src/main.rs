//! `make bench`: how long things take, against floors measured in the same run. A floor is the same work in bare
//! library or system calls.
//!
//! Prints a table and writes `target/bench.json` (below `CARGO_TARGET_DIR`, if that is set). It judges nothing: a
//! missed aim is a NO in the table.

#![expect(clippy::print_stdout, reason = "the table is what this program is for")]

mod board;
mod client;
mod desk;
mod disk;
mod files;
mod pages;
mod poll;
mod sealing;
mod site;
mod sizes;
mod table;
mod treasury;
mod tree;

use std::{env, fs, path::PathBuf, process::ExitCode, time::Instant};

use anyhow::{Context, Result};
use table::Table;

fn main() -> ExitCode {
    let mut arguments = env::args_os().skip(1);
    let outcome = match (arguments.next(), arguments.next()) {
        (Some(verb), Some(dir)) if verb == site::VERB => site::serve(PathBuf::from(dir)),
        _ => measure(),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            println!("bench: {e:#}");
            ExitCode::FAILURE
        }
    }
}

fn measure() -> Result<()> {
    let start = Instant::now();
    let target = PathBuf::from(env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()));
    fs::create_dir_all(&target).with_context(|| format!("cannot create {}", target.display()))?;
    let mut table = Table::new();
    println!("Each value is the median of several batches. Smaller is better, except for rates (\"a second\").");
    println!(
        "Profile: {}. Ratios count: the machine's other work moves values and floors alike.\n",
        if cfg!(debug_assertions) { "dev (dependencies and protocol optimised)" } else { "release" }
    );

    table.part("Seal and open, for each recipient; one message of 1,000 bytes in its 32 KiB envelope");
    sealing::measure(&mut table)?;
    table.part("Tokens, batches of 100, for each token");
    treasury::measure(&mut table)?;
    table.part("Files: 64 MiB in age format");
    files::measure(&mut table)?;
    table.part("Log");
    tree::measure(&mut table)?;
    table.part("Sizes on the wire");
    sizes::measure(&mut table);
    // The scratch directory lies beside the build, because /tmp may be memory, where durable costs nothing.
    let scratch = tempfile::tempdir_in(&target)?;
    board::measure(&mut table, scratch.path())?;
    table.part("A desk with 10,000 cases");
    desk::measure(&mut table, scratch.path())?;
    pages::measure(&mut table, &target, scratch.path())?;

    let json = target.join("bench.json");
    fs::write(&json, table.json()?).with_context(|| format!("cannot write {}", json.display()))?;
    println!("\n{} in {:.0} s. {}", json.display(), start.elapsed().as_secs_f64(), table.summary());
    Ok(())
}
