//! `subrosa desk`: a console for the person whose keys lie on this machine, served to that person's browser on
//! 127.0.0.1 and to nobody else.
//!
//! The console is locked until the password opens the keystore, and locks again when nobody uses it. What keeps other
//! programs and pages out is in `origin` and `session`; `docs/adr/0010-console-on-loopback.md` says why it is built
//! so.

mod acts;
mod office;
mod origin;
mod pages;
mod readings;
mod routes;
mod session;
mod snapshot;
mod treasury;
mod trouble;
mod words;

use std::{
    io::{BufRead, IsTerminal, Write},
    net::{SocketAddr, TcpListener},
    path::PathBuf,
    sync::{Mutex, RwLock},
    time::Duration,
};

use actix_web::{App, HttpServer, middleware::from_fn, web};
use anyhow::{Context as _, Result, bail};
use clap::Args as ClapArgs;
use subrosa_crypto::charter::RootKey;
use subrosa_templates::Language;

use self::{office::Office, session::Sessions, snapshot::View};
use subrosa_machine::{files::write_new, http::Http};

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

/// What a console is started with.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    keystore: PathBuf,
    server: String,
    proxy: Option<String>,
    root: RootKey,
    idle: Duration,
}

/// A console that runs.
pub(crate) struct Console {
    settings: Settings,
    /// What the `Host` header must say: address and port.
    host: String,
    /// The first part of every path. Cookies are shared by all ports of a machine; a path that nobody can guess keeps
    /// ours from being sent elsewhere.
    secret: String,
    sessions: Mutex<Sessions>,
    office: tokio::sync::Mutex<Option<Office>>,
    treasurer: tokio::sync::Mutex<Option<treasury::Treasurer>>,
    view: RwLock<Option<std::sync::Arc<View>>>,
    progress: Mutex<office::Progress>,
}

impl Console {
    fn root(&self) -> String {
        format!("/{}", self.secret)
    }

    /// Locks: keys and everything that was decrypted leave this program's memory. What was being typed is kept by
    /// `held`.
    async fn lock(&self) {
        self.with_sessions(Sessions::lock);
        *self.view.write().unwrap_or_else(std::sync::PoisonError::into_inner) = None;
        self.with_progress(|p| p.stop());
        // Whoever holds the office is at the end of a request, or was stopped just now.
        self.office.lock().await.take();
        self.treasurer.lock().await.take();
        self.with_progress(|p| *p = office::Progress::default());
    }

    fn with_sessions<R>(&self, f: impl FnOnce(&mut Sessions) -> R) -> R {
        f(&mut self.sessions.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    fn with_progress<R>(&self, f: impl FnOnce(&mut office::Progress) -> R) -> R {
        f(&mut self.progress.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }

    fn view(&self) -> Option<std::sync::Arc<View>> {
        self.view.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    fn change_view(&self, f: impl FnOnce(&mut View)) {
        let mut view = self.view.write().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(view) = view.as_mut() {
            f(std::sync::Arc::make_mut(view));
        }
    }

    /// A fresh address that lets in once; an earlier one stops working.
    fn new_address(&self, language: Language) -> String {
        let token = self.with_sessions(Sessions::new_token);
        let code = language.code();
        format!("http://{}/{}/{code}/enter/{token}", self.host, self.secret)
    }
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
    let host = listener.local_addr()?.to_string();
    let console = web::Data::new(Console {
        settings: Settings {
            keystore: args.keystore,
            server: server.to_owned(),
            proxy: proxy.map(ToOwned::to_owned),
            root,
            idle: Duration::from_secs(args.idle * 60),
        },
        host,
        secret: session::random_name(),
        sessions: Mutex::new(Sessions::default()),
        office: tokio::sync::Mutex::new(None),
        treasurer: tokio::sync::Mutex::new(None),
        view: RwLock::new(None),
        progress: Mutex::default(),
    });
    let address = console.new_address(args.language);
    match &args.address_file {
        Some(file) => write_new(file, address.as_bytes())?,
        None => {
            let mut out = std::io::stdout().lock();
            writeln!(out, "Open this address once, in a browser on this machine:\n\n  {address}\n")?;
            writeln!(out, "Press Enter here for a new address (it closes the desk in the old window). Ctrl-C ends.")?;
        }
    }
    if args.address_file.is_none() && std::io::stdin().is_terminal() {
        let console = console.clone();
        let language = args.language;
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
    let watch = console.clone();
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_secs(1)).await;
            if watch.view().is_some() && watch.with_sessions(|d| d.idle_for()) > watch.settings.idle {
                watch.lock().await;
            }
        }
    });
    server.await?;
    console.lock().await;
    Ok(())
}
