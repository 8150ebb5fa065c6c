//! The program `subrosa-server`. Exit codes: 0 stopped as asked, 1 something broke while running, 2 wrong options, 3
//! the data directory cannot be used, 4 the address cannot be listened on.

use std::{future::Future, io::Write, path::Path, pin::Pin, process::ExitCode, sync::Arc};

use clap::Parser;
use subrosa_server::{
    App, Settings, StartError, clock_oddity,
    config::{Cli, Command, Config, ConfigError, Options},
    log_key, log_key_line, run,
    store::{
        StoreError,
        engines::{Engine, Limits, WithEngine, with_engine},
    },
};
use thiserror::Error;
use tokio::signal::unix::{SignalKind, signal};

#[derive(Debug, Error)]
enum Failure {
    #[error(transparent)]
    Config(#[from] ConfigError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Start(#[from] StartError),
    #[error("{0}")]
    System(#[from] std::io::Error),
    #[error("the programme's id cannot name a log: {0}")]
    Name(#[from] subrosa_crypto::log::NoteKeyError),
    #[error("the server ended by itself; its last words stand above")]
    Died,
}

impl Failure {
    fn exit_code(&self) -> u8 {
        match self {
            Self::Config(_) | Self::Name(_) | Self::Start(StartError::Exposed(_) | StartError::Assets(_)) => 2,
            Self::Store(StoreError::Corrupt(_))
            | Self::Start(StartError::Store(StoreError::Corrupt(_)) | StartError::Charter(_)) => 3,
            Self::Start(StartError::Listen(..)) => 4,
            // What may heal by itself, as a full disk does, is worth another start.
            Self::Store(_)
            | Self::Start(StartError::Store(_) | StartError::System(_) | StartError::Spool(..))
            | Self::System(_)
            | Self::Died => 1,
        }
    }
}

fn main() -> ExitCode {
    // Log lines carry no time: an operator's log must not hold the time of a source's request, and the service manager
    // stamps what it must.
    tracing_subscriber::fmt()
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_env("SUBROSA_LOG")
                .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info")),
        )
        .with_writer(std::io::stderr)
        .without_time()
        .with_target(false)
        .init();
    let outcome = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(Failure::System)
        .and_then(|rt| rt.block_on(main_async(Cli::parse().command)));
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(e) => {
            tracing::error!("{e}");
            ExitCode::from(e.exit_code())
        }
    }
}

async fn main_async(command: Command) -> Result<(), Failure> {
    match command {
        Command::Run(options) => {
            let config = options.with_file()?.into_config()?;
            with_engine(config.engine.clone().as_str(), Serve(config)).map_err(ConfigError::from)?.await
        }
        Command::Check(options) => {
            let config = options.with_file()?.into_config()?;
            with_engine(config.engine.clone().as_str(), Check(config)).map_err(ConfigError::from)?.await
        }
        Command::LogKey(options) => {
            let options = options.with_file()?;
            with_engine(options.engine().to_owned().as_str(), PrintLogKey(options)).map_err(ConfigError::from)?.await
        }
    }
}

/// A command's work, whatever the engine.
type Work = Pin<Box<dyn Future<Output = Result<(), Failure>>>>;

struct Serve(Config);

impl WithEngine for Serve {
    type Output = Work;
    fn with<E: Engine>(self) -> Work {
        Box::pin(serve::<E>(self.0))
    }
}

struct Check(Config);

impl WithEngine for Check {
    type Output = Work;
    fn with<E: Engine>(self) -> Work {
        Box::pin(check::<E>(self.0))
    }
}

struct PrintLogKey(Options);

impl WithEngine for PrintLogKey {
    type Output = Work;
    fn with<E: Engine>(self) -> Work {
        Box::pin(print_log_key::<E>(self.0))
    }
}

fn open<E: Engine>(dir: &Path, max_disk: Option<u64>) -> Result<E, StoreError> {
    E::open_in(dir, max_disk.map_or_else(Limits::default, |max_bytes| Limits { max_bytes }))
}

async fn serve<E: Engine>(config: Config) -> Result<(), Failure> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut hangup = signal(SignalKind::hangup())?;
    look_at_clock(&config.data_dir);
    let store = Arc::new(open::<E>(&config.data_dir, config.max_disk)?);
    let mut running = run::start(store, config.settings, config.listeners.clone()).await?;
    let address = running.address().map_or_else(|| config.listeners.public.to_string(), |a| a.to_string());
    tracing::info!("listening on {address}");
    if let Some(file) = &config.address_file {
        // Written beside and moved, so that a reader sees the whole line or no file.
        let part = file.with_extension("part");
        std::fs::write(&part, format!("{address}\n"))?;
        std::fs::rename(&part, file)?;
    }
    let asked = loop {
        tokio::select! {
            _ = terminate.recv() => break true,
            _ = interrupt.recv() => break true,
            _ = hangup.recv() => running.reload(),
            () = running.died() => break false,
        }
    };
    if !asked {
        return Err(Failure::Died);
    }
    running.stop().await;
    Ok(())
}

/// Reads all that is there: what a start looks at, and every body. Changes nothing but what a start would finish.
async fn check<E: Engine>(config: Config) -> Result<(), Failure> {
    // Opening would make a store there, and an empty one is whole: a wrong path would pass for a good copy.
    if !E::is_made(&config.data_dir)? {
        let text = format!("{} holds no store of this program; nothing was changed", config.data_dir.display());
        return Err(StoreError::Corrupt(text).into());
    }
    let store = Arc::new(open::<E>(&config.data_dir, config.max_disk)?);
    // With the log, and with every charter that was ever published.
    let settings = Settings { sealed_spool: None, web: None, ..config.settings };
    let app = App::load(Arc::clone(&store), settings).await?;
    let reading = Arc::clone(&store);
    let read = tokio::task::spawn_blocking(move || reading.read_all()).await;
    let bodies = read.map_err(|_| StoreError::Closed)??;
    let (total, _) = store.records(u64::MAX).await?;
    writeln!(
        std::io::stdout(),
        "whole: {} leaves in the log, {total} records, {} bodies of {} bytes, epoch {} open",
        store.log_size(),
        bodies.count,
        bodies.bytes,
        store.open_epoch()
    )?;
    drop(app);
    store.close().await?;
    Ok(())
}

/// Warns of a clock that does not fit what was written last.
fn look_at_clock(dir: &Path) {
    let newest = std::fs::read_dir(dir).ok().and_then(|entries| {
        let times = entries.filter_map(|e| e.ok()?.metadata().ok()?.modified().ok());
        times.max()
    });
    if let Some(text) = newest.and_then(|written| clock_oddity(written, std::time::SystemTime::now())) {
        tracing::warn!("{text}");
    }
}

async fn print_log_key<E: Engine>(options: Options) -> Result<(), Failure> {
    let programme = options.programme()?.to_owned();
    let store: E = open(options.data_dir()?, None)?;
    let key = log_key(&store).await?.verifying_key();
    store.close().await?;
    writeln!(std::io::stdout(), "{}\n{}", hex::encode(key.0), log_key_line(&programme, key)?)?;
    Ok(())
}
