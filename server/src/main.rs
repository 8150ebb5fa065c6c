//! The program `subrosa-server`.

use std::process::ExitCode;

use anyhow::Context;
use clap::Parser;
use subrosa_server::config::{Cli, Command};

fn main() -> ExitCode {
    ExitCode::SUCCESS
}
