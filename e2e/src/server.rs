//! The program `subrosa-server` as a child process on a data directory.

use std::{
    fs::File,
    path::PathBuf,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use subrosa_crypto::{log::NoteKey, sign::VerifyingKey};

use crate::{port::HeldPort, stage::PATIENCE};

/// How the server is started.
#[derive(Clone, Debug)]
pub struct ServerOptions {
    /// Where everything is stored.
    pub data_dir: PathBuf,
    /// The programme's id.
    pub programme: String,
    /// The key that signs charters.
    pub root: VerifyingKey,
    /// How long an epoch lasts: milliseconds.
    pub epoch_millis: u64,
}

/// A server that runs; killed when dropped.
#[derive(Debug)]
pub struct Server {
    child: Child,
    /// While it is stopped nobody else answers in its place.
    _port: HeldPort,
    /// `http://127.0.0.1:port`.
    pub url: String,
    /// Where the server's standard error goes.
    pub log: PathBuf,
    /// Where everything is stored.
    pub data_dir: PathBuf,
}

/// The program, built beside the running one: `target/debug`.
pub fn program(name: &str) -> Result<PathBuf> {
    let here = std::env::current_exe()?;
    let found = here.ancestors().skip(1).take(2).map(|dir| dir.join(name)).find(|p| p.is_file());
    found.with_context(|| format!("{name} is not built: run `cargo build --workspace`"))
}

fn common(command: &mut Command, options: &ServerOptions) {
    command.arg("--data-dir").arg(&options.data_dir).args(["--programme", &options.programme]);
}

impl Server {
    /// Starts and waits until connections are accepted.
    pub fn start(options: &ServerOptions) -> Result<Self> {
        let address_file = options.data_dir.with_extension("address");
        let log = options.data_dir.with_extension("stderr");
        let _ = std::fs::remove_file(&address_file);
        let port = HeldPort::take()?;
        let mut command = Command::new(program("subrosa-server")?);
        command.arg("run");
        common(&mut command, options);
        // Connections without Tor's line in front are served too.
        command
            .arg("--tor-circuits")
            .args(["--listen", &port.address.to_string(), "--pow-bits", "4", "--pow-threshold", "100000"])
            .args(["--root-key", &hex::encode(options.root.0)])
            .args(["--epoch-millis", &options.epoch_millis.to_string()])
            .arg("--address-file")
            .arg(&address_file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::options().create(true).append(true).open(&log)?);
        let mut child = command.spawn().context("the server does not start")?;
        let began = Instant::now();
        loop {
            if let Ok(address) = std::fs::read_to_string(&address_file) {
                let url = format!("http://{}", address.trim());
                return Ok(Self { child, _port: port, url, log, data_dir: options.data_dir.clone() });
            }
            if let Some(status) = child.try_wait()? {
                bail!("the server ended with {status}: {}", std::fs::read_to_string(&log).unwrap_or_default());
            }
            if began.elapsed() > PATIENCE {
                let _ = child.kill();
                bail!("the server does not start; see {}", log.display());
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// The log's key, made at the first call.
    pub fn log_key(options: &ServerOptions) -> Result<NoteKey> {
        let mut command = Command::new(program("subrosa-server")?);
        command.arg("log-key");
        common(&mut command, options);
        let output = command.stdin(Stdio::null()).output()?;
        let text = String::from_utf8(output.stdout)?;
        let line = text
            .lines()
            .nth(1)
            .with_context(|| format!("no log key was printed: {}", String::from_utf8_lossy(&output.stderr)))?;
        Ok(NoteKey::parse(line)?)
    }

    /// The most memory that it has used so far (`VmHWM` of Linux): bytes.
    pub fn peak_memory(&self) -> Result<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|l| l.strip_prefix("VmHWM:")).context("no VmHWM in /proc")?;
        let kib: u64 = line.trim().trim_end_matches("kB").trim().parse()?;
        Ok(kib * 1024)
    }

    /// Waits until it ends by itself; answers its exit code, if it has one.
    pub fn wait(&mut self) -> Result<Option<i32>> {
        Ok(self.child.wait()?.code())
    }

    /// Ends it at once, as a power cut of this one process would.
    pub fn kill(&mut self) -> Result<()> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Asks it to stop, and waits until it has.
    pub fn stop(&mut self) -> Result<()> {
        let status = Command::new("kill").arg("-TERM").arg(self.child.id().to_string()).status()?;
        if !status.success() {
            bail!("the server could not be told to stop");
        }
        self.child.wait()?;
        Ok(())
    }

    /// Everything that it has written to standard error so far.
    pub fn log_text(&self) -> Result<String> {
        Ok(std::fs::read_to_string(&self.log)?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
