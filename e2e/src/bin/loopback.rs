//! A programme with its server on a free port of this machine, for tests that drive a browser: prints where it is as
//! one line of JSON, and ends when its standard input does.
#![expect(clippy::print_stdout, reason = "it speaks to the test that started it")]

use std::io::Read as _;

use anyhow::{Context as _, Result};
use subrosa_e2e::stage::Stage;

fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let stage = Stage::open(folder.path(), "127.0.0.1:0", 1000, 8)?;
    let programs = std::env::current_exe()?.parent().context("no folder")?.to_owned();
    println!(
        "{}",
        serde_json::json!({ "url": stage.url, "root": stage.root, "folder": stage.folder, "programs": programs })
    );
    std::io::stdin().read_to_end(&mut Vec::new())?;
    Ok(())
}
