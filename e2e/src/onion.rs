//! A private Tor network with the project's onion services: `e2e/tor/network.py`, which lives exactly as long as the
//! value that holds it.

use std::{
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

/// A network that runs; taken down when dropped.
#[derive(Debug)]
pub struct OnionNetwork {
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    /// The public address, without `http://`.
    pub intake: String,
    /// The staff's address.
    pub staff: String,
}

impl OnionNetwork {
    /// Starts one whose services lead to `target` (`127.0.0.1:port` or `unix:/path`). Returns as soon as the addresses
    /// are known; see [`OnionNetwork::ready`].
    pub fn start(target: &str, cache: &Path) -> Result<Self> {
        let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tor/network.py");
        let mut child = Command::new("python3")
            .arg(script)
            .args(["--target", target, "--cache"])
            .arg(cache)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .context("python3 is needed for the private Tor network")?;
        let orders = child.stdin.take();
        let answers = BufReader::new(child.stdout.take().context("no output")?);
        let mut network = Self { child, orders, answers, intake: String::new(), staff: String::new() };
        let first = network.answer()?;
        let address = |name| first.pointer(&format!("/addresses/{name}")).and_then(Value::as_str).map(str::to_owned);
        network.intake = address("intake").context("no intake address")?;
        network.staff = address("staff").context("no staff address")?;
        Ok(network)
    }

    /// Waits until the server answers over the intake's address; says which SOCKS ports there are.
    pub fn ready(&mut self) -> Result<Value> {
        self.answer()?.get("ready").cloned().context("the network said something else")
    }

    /// Gives an order, such as `kill client0`, and waits until it is carried out.
    pub fn order(&mut self, order: &str) -> Result<Value> {
        let orders = self.orders.as_mut().context("the network has ended")?;
        writeln!(orders, "{order}")?;
        self.answer()
    }

    fn answer(&mut self) -> Result<Value> {
        let mut line = String::new();
        self.answers.read_line(&mut line)?;
        let value: Value = serde_json::from_str(&line).context("the private Tor network has ended")?;
        match value.get("error").and_then(Value::as_str) {
            Some(error) => bail!("the private Tor network: {error}"),
            None => Ok(value),
        }
    }
}

impl Drop for OnionNetwork {
    fn drop(&mut self) {
        // Its standard input ends: it takes all nodes down and ends too.
        self.orders = None;
        let began = Instant::now();
        while matches!(self.child.try_wait(), Ok(None)) {
            if began.elapsed() > Duration::from_secs(20) {
                let _ = self.child.kill();
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}
