//! `subrosa desk`: a console for the person whose keys lie on this machine, served to that person's browser on
//! 127.0.0.1 and to nobody else.
//!
//! The console is locked until the password opens the keystore, and locks again when nobody uses it. What keeps other
//! programs and pages out is in `origin` and `session`; `docs/adr/0010-console-on-loopback.md` says why it is built
//! so.

// From the bottom up: no file uses one that stands below it in this list.
//
// clock, text, settings, session, readings
// trouble, progress, snapshot, words, entries
// office, treasurer
// console
// frame, fields, locked, origin, request
// fetch, acts, pages, routes
mod acts;
mod clock;
mod console;
mod entries;
mod fetch;
mod fields;
mod frame;
mod locked;
mod office;
mod origin;
mod pages;
mod progress;
mod readings;
mod request;
mod routes;
mod session;
mod settings;
mod snapshot;
mod text;
mod treasurer;
mod trouble;
mod words;

use std::{
    io::{BufRead, IsTerminal, Write},
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    time::Duration,
};

use actix_web::{App, HttpServer, middleware::from_fn, web};
use anyhow::{Context as _, Result, bail};
use clap::Args as ClapArgs;
use subrosa_crypto::charter::RootKey;
use subrosa_machine::{files::write_new, http::Http};
use subrosa_templates::Language;

use self::{console::Console, settings::Settings};

/// A connection that rests is kept for so long: longer than any browser keeps one (Chromium five minutes, Firefox two).
/// So it is the browser that closes it, and never the console while a person's words are on their way to it. The same
/// for a connection that was opened ahead: a browser or a busy machine may ask on it much later, and a 408 would be the
/// answer to what was asked.
const CONNECTION_RESTS: Duration = Duration::from_secs(15 * 60);

/// The console's options.
#[derive(Debug, ClapArgs)]
pub struct Args {
    /// The keystore file, of an officer or of an administrator
    #[arg(long, short, env = "SUBROSA_KEYSTORE", value_name = "FILE")]
    keystore: PathBuf,
    /// Where to listen: on this machine alone; port 0 picks a free one
    #[arg(long, default_value = "127.0.0.1:0", value_name = "127.0.0.1:PORT")]
    listen: SocketAddr,
    /// Minutes without a visit after which the desk locks
    #[arg(long, default_value_t = 10, value_name = "MINUTES", value_parser = clap::value_parser!(u64).range(1..=120))]
    idle: u64,
    /// The language of the address that is printed
    #[arg(long, value_parser = spoken, default_value = "en")]
    language: Language,
    /// Write the one-time address to this new file instead of printing it
    #[arg(long, value_name = "FILE")]
    address_file: Option<PathBuf>,
}

/// A language that the console speaks, by its code.
fn spoken(code: &str) -> Result<Language, String> {
    Language::of_console().find(|l| l.code() == code).ok_or_else(|| {
        let codes: Vec<_> = Language::of_console().map(Language::code).collect();
        format!("the console speaks {}", codes.join(", "))
    })
}

/// Serves the console until the process ends.
pub async fn serve(args: Args, server: &str, proxy: Option<&str>, root: RootKey) -> Result<()> {
    if !args.listen.ip().is_loopback() || !args.listen.is_ipv4() {
        bail!("{} can be reached from other machines; a desk listens on 127.0.0.1 only", args.listen);
    }
    if !args.keystore.exists() {
        bail!("there is no keystore {}; `subrosa officer init` makes one", args.keystore.display());
    }
    // Said now, not after the password: an address that cannot be used.
    Http::new(server, proxy, 0)?;
    let listener = TcpListener::bind(args.listen).with_context(|| format!("listening on {}", args.listen))?;
    let settings = Settings {
        keystore: args.keystore,
        server: server.to_owned(),
        proxy: proxy.map(ToOwned::to_owned),
        root,
        idle: Duration::from_secs(args.idle * 60),
    };
    let console = web::Data::new(Console::new(settings, listener.local_addr()?.to_string()));
    tell_address(&console, args.language, args.address_file.as_deref())?;
    let app = console.clone();
    let server = HttpServer::new(move || {
        App::new().app_data(app.clone()).wrap(from_fn(origin::check)).configure(|cfg| routes::install(cfg, &app))
    })
    // One worker: one person works here, and everything that person sees is in one place.
    .workers(1)
    .keep_alive(CONNECTION_RESTS)
    .client_request_timeout(CONNECTION_RESTS)
    .listen(listener)?
    .shutdown_timeout(2)
    .run();
    tokio::spawn(lock_when_idle(console.clone()));
    server.await?;
    console.lock().await;
    Ok(())
}

/// Tells the address that lets in once: in a new file, or in the terminal, which prints a fresh one for each Enter.
fn tell_address(console: &web::Data<Console>, language: Language, file: Option<&Path>) -> Result<()> {
    let address = console.new_address(language);
    if let Some(file) = file {
        write_new(file, address.as_bytes())?;
        return Ok(());
    }
    let mut out = std::io::stdout().lock();
    writeln!(out, "Open this address once, in a browser on this machine:\n\n  {address}\n")?;
    writeln!(out, "Press Enter here for a new address (it closes the desk in the old window). Ctrl-C ends.")?;
    if std::io::stdin().is_terminal() {
        let console = console.clone();
        std::thread::spawn(move || {
            for line in std::io::stdin().lock().lines() {
                if line.is_err() {
                    break;
                }
                // A terminal that is gone reads nothing either.
                let _ = writeln!(std::io::stdout().lock(), "\n  {}\n", console.new_address(language));
            }
        });
    }
    Ok(())
}

/// Locks the desk when nobody has been there for its time; looks every second, until the process ends.
async fn lock_when_idle(console: web::Data<Console>) {
    loop {
        tokio::time::sleep(Duration::from_secs(1)).await;
        if console.view().is_some() && console.with_sessions(|d| d.idle_for()) > console.settings.idle {
            console.lock().await;
        }
    }
}
