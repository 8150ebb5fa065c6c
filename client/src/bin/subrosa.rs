//! The program `subrosa`.

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
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
