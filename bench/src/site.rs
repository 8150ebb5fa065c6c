//! A server in a process of its own, so that its processor time and memory are its own.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result};
use subrosa_crypto::{secret::Secret32, sign::SigningKey};
use subrosa_server::{
    Pricing, Settings,
    run::{self, Listeners},
    store::engines::sled::{SledOptions, SledStore},
};

/// The argument that makes this program the server.
pub(crate) const VERB: &str = "serve";
/// The programme that the benchmark's log belongs to.
pub(crate) const PROGRAMME: &str = "bench.example";

/// The measured server: production's code and settings, but deposits are free and the epoch does not end.
pub(crate) fn serve(dir: PathBuf) -> Result<()> {
    let root = SigningKey::from_seed(&Secret32::new([1; 32])).verifying_key();
    let mut settings = Settings::new(PROGRAMME, root);
    settings.epoch = Duration::from_secs(7 * 24 * 3600);
    settings.pricing = Pricing { base_bits: 0, threshold: 1e12, ..Pricing::default() };
    settings.retention_epochs = None;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let store = Arc::new(SledStore::open(&dir, SledOptions::default())?);
        let running = run::start(store, settings, Listeners::local()).await?;
        println!("{}", running.address().context("no address")?);
        std::io::stdout().flush()?;
        // The measuring process holds the other end: when it goes, so does this one.
        tokio::task::spawn_blocking(|| std::io::stdin().read_to_end(&mut Vec::new())).await??;
        running.stop().await;
        Ok(())
    })
}

/// That process.
pub(crate) struct Site {
    child: Child,
    address: SocketAddr,
}

impl Site {
    pub(crate) fn start(dir: &Path) -> Result<Self> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg(VERB)
            .arg(dir)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("the server does not start")?;
        let mut first = String::new();
        BufReader::new(child.stdout.take().context("no output")?).read_line(&mut first)?;
        let address = first.trim().parse().with_context(|| format!("the server said: {first}"))?;
        Ok(Self { child, address })
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Processor time of all its threads so far: microseconds.
    pub(crate) fn cpu(&self) -> Result<f64> {
        let mut total = 0.0;
        for thread in fs::read_dir(format!("/proc/{}/task", self.child.id()))? {
            // A thread may end between the listing and the reading.
            total += fs::read_to_string(thread?.path().join("schedstat")).map_or(0.0, |s| nanoseconds(&s)) / 1e3;
        }
        Ok(total)
    }

    /// The most memory that it ever held, in MiB: `VmHWM`.
    pub(crate) fn most_memory(&self) -> Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).context("no VmHWM")?;
        let kib: f64 = line.split_whitespace().next().context("no number")?.parse()?;
        Ok(kib / 1024.0)
    }

    /// Ends it gracefully.
    pub(crate) fn stop(mut self) -> Result<()> {
        drop(self.child.stdin.take());
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        // Closing its input ends it; after `stop` both have happened already.
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}

/// The first number of a `schedstat` file: time on a processor.
pub(crate) fn nanoseconds(schedstat: &str) -> f64 {
    schedstat.split_whitespace().next().and_then(|n| n.parse().ok()).unwrap_or(0.0)
}
