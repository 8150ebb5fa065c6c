//! The program `subrosa`.

use std::process::ExitCode;

use clap::Parser;
use subrosa_client::native::preview::worker;

fn main() -> ExitCode {
    // Before anything else is set up: what looks at a stranger's file must have nothing at hand.
    let mut words = std::env::args().skip(1);
    if words.next().as_deref() == Some(worker::COMMAND) {
        let code = worker::run(&words.next().unwrap_or_default());
        return u8::try_from(code).map_or(ExitCode::FAILURE, ExitCode::from);
    }
    let cli = subrosa_client::native::cli::Cli::parse();
    let outcome = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(anyhow::Error::from)
        .and_then(|rt| rt.block_on(subrosa_client::native::cli::run(cli)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            use std::io::Write;
            // Standard error may be closed; then there is nobody to tell.
            let _ = writeln!(std::io::stderr(), "subrosa: {}", subrosa_client::native::cli::sentence(&e));
            ExitCode::FAILURE
        }
    }
}
