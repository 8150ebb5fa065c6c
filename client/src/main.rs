//! The program `subrosa`: the command line of every role, and behind one of its words the console. This is the one
//! place where the two meet.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use subrosa_console as console;
use subrosa_machine::{preview::worker, say::sentence};
use subrosa_program::{Answer, Global, Words, answer};

/// Subrosa: anonymous tips about AI violations, and rewards that nobody can trace.
#[derive(Debug, Parser)]
#[command(name = "subrosa", version, about)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    face: Face,
}

#[derive(Debug, Subcommand)]
enum Face {
    #[command(flatten)]
    Program(Words),
    /// Work at a console in your browser: cases for an officer, money for an administrator
    Desk(console::Args),
}

async fn run(cli: Cli) -> anyhow::Result<()> {
    let done = match cli.face {
        Face::Program(words) => answer(&cli.global, words).await,
        Face::Desk(args) => {
            let (server, proxy) = cli.global.server();
            console::serve(args, server, proxy, cli.global.root()?)
                .await
                .map(|()| Answer::of_words("The desk is locked, its keys are gone from memory."))
        }
    };
    cli.global.print(done).await
}

fn main() -> ExitCode {
    // Before anything else is set up: what looks at a stranger's file must have nothing at hand.
    let mut words = std::env::args().skip(1);
    if words.next().as_deref() == Some(worker::COMMAND) {
        let code = worker::run(&words.next().unwrap_or_default());
        return u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from);
    }
    let cli = Cli::parse();
    let outcome = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(anyhow::Error::from)
        .and_then(|rt| rt.block_on(run(cli)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            use std::io::Write;
            // Standard error may be closed; then there is nobody to tell.
            let _ = writeln!(std::io::stderr(), "subrosa: {}", sentence(&e));
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
