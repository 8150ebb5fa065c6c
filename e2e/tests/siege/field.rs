//! A server under attack, honest people in front of it, and a crowd on a few circuits.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use subrosa_crypto::{
    kdf,
    log::{Note, TreeHead},
    pow::{self, Challenge},
    secret::Secret32,
    sign::SigningKey,
    wire::{DepositRequest, Work},
};
use subrosa_e2e::{
    programme::rng,
    server::{Server, ServerOptions},
};
use subrosa_engine::board;
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    task::JoinSet,
    time::timeout,
};

/// As many circuits as an attack may use.
pub(super) const CIRCUITS: u32 = 32;
/// Honest people who send at the same time, each on a circuit of their own.
const HONEST: u32 = 4;
/// An honest request takes this long on a busy machine, and no longer.
const PATIENCE: Duration = Duration::from_secs(60);
/// The server's memory, in all of it.
const MEMORY: u64 = 256 << 20;

/// How long each attack goes on, if it is to be long.
pub(super) fn long() -> Option<Duration> {
    let seconds = std::env::var("SUBROSA_SIEGE_SECONDS").ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}

/// What these params have worked on, whoever signed it: the log's size, and the challenge.
fn challenge(params: &serde_json::Value) -> Result<(u64, Challenge)> {
    let Some(note) = params["checkpoint"].as_str() else { return Ok((0, Challenge::of_no_checkpoint())) };
    let head = TreeHead::parse(Note::parse(note.as_bytes())?.unverified_text())?;
    Ok((head.size, Challenge::of_checkpoint(head.size, &head.root)))
}

/// A server that is told circuits, on a directory of its own.
pub(super) struct Field {
    pub(super) server: Server,
    pub(super) address: SocketAddr,
    _dir: TempDir,
}

impl Field {
    pub(super) fn start() -> Result<Self> {
        let dir = tempfile::tempdir()?;
        let options = ServerOptions {
            data_dir: dir.path().join("data"),
            programme: "siege.example".into(),
            root: SigningKey::from_seed(&Secret32::new([7; 32])).verifying_key(),
            epoch_millis: 2_000,
        };
        let server = Server::start(&options)?;
        let address = server.url.trim_start_matches("http://").parse()?;
        Ok(Self { server, address, _dir: dir })
    }

    /// A connection on a circuit, as Tor makes it.
    pub(super) async fn connect(address: SocketAddr, circuit: u32) -> Result<TcpStream> {
        let mut stream = TcpStream::connect(address).await?;
        let (high, low) = (circuit >> 16, circuit & 0xffff);
        let line = format!("PROXY TCP6 fc00:dead:beef:4dad::{high:x}:{low:x} ::1 65535 42\r\n");
        stream.write_all(line.as_bytes()).await?;
        Ok(stream)
    }

    /// Sends a request on a fresh connection and reads the answer to its end: head and body.
    pub(super) async fn ask(address: SocketAddr, circuit: u32, request: &[u8]) -> Result<(String, Vec<u8>)> {
        let asking = async {
            let mut stream = Self::connect(address, circuit).await?;
            stream.write_all(request).await?;
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await?;
            let end = answer.windows(4).position(|w| w == b"\r\n\r\n").context("no answer")?;
            let body = answer.split_off(end + 4);
            Ok::<_, anyhow::Error>((String::from_utf8(answer)?, body))
        };
        timeout(PATIENCE, asking).await?
    }

    /// One honest deposit: as every client does, it works again if the epoch went by meanwhile.
    pub(super) async fn deposit(address: SocketAddr, circuit: u32) -> Result<()> {
        for _ in 0..3 {
            if Self::try_deposit(address, circuit).await? {
                return Ok(());
            }
        }
        bail!("the work was too old three times");
    }

    /// From the params to the receipts; false if the work was too old by then.
    async fn try_deposit(address: SocketAddr, circuit: u32) -> Result<bool> {
        let (head, body) = Self::ask(address, circuit, &get("/v1/params")).await?;
        if !head.starts_with("HTTP/1.1 200") {
            bail!("params: {head}");
        }
        let params: serde_json::Value = serde_json::from_slice(&body)?;
        let (log_size, challenge) = challenge(&params)?;
        let envelopes = board::parcel(Vec::new(), &mut rng())?;
        let payload = kdf::sha256(&DepositRequest::work_payload(&envelopes));
        let bits = u8::try_from(params["pow"]["difficulty"].as_u64().context("difficulty")?)?;
        let nonce = pow::solve(&challenge, &payload, bits);
        let body = DepositRequest { work: Work { log_size, nonce }, envelopes }.encode();
        let (head, _) = Self::ask(address, circuit, &post("/v1/deposit", &body)).await?;
        if !head.starts_with("HTTP/1.1 200") && !head.starts_with("HTTP/1.1 428") {
            bail!("deposit: {head}");
        }
        Ok(head.starts_with("HTTP/1.1 200"))
    }

    /// Honest people send for a while; answers how many deposits a second were taken.
    ///
    /// # Errors
    /// One of them was refused, or took too long.
    pub(super) async fn rate(&self, time: Duration) -> Result<f64> {
        let began = Instant::now();
        let count = Arc::new(AtomicUsize::new(0));
        let mut people = JoinSet::new();
        for person in 0..HONEST {
            let (count, address) = (Arc::clone(&count), self.address);
            people.spawn(async move {
                while began.elapsed() < time {
                    Self::deposit(address, 1_000_000 + person).await?;
                    count.fetch_add(1, Relaxed);
                }
                Ok::<_, anyhow::Error>(())
            });
        }
        while let Some(done) = people.join_next().await {
            done??;
        }
        Ok(count.load(Relaxed) as f64 / began.elapsed().as_secs_f64())
    }

    /// Lets `attack` run and honest people send meanwhile. `attack` is told when to stop.
    pub(super) async fn withstand<F>(&self, name: &str, attack: impl Fn(SocketAddr, Arc<AtomicBool>) -> F) -> Result<()>
    where
        F: Future<Output = ()> + Send + 'static,
    {
        let time = long().map_or(Duration::from_secs(2), |t| t / 4);
        let mut rates = [Vec::new(), Vec::new()];
        // In turn, so that what else the machine does falls on both.
        for _ in 0..if long().is_some() { 2 } else { 1 } {
            rates[0].push(self.rate(time).await?);
            let over = Arc::new(AtomicBool::new(false));
            let attacking = tokio::spawn(attack(self.address, Arc::clone(&over)));
            // The crowd is inside before the first honest person comes.
            tokio::time::sleep(Duration::from_secs(1)).await;
            rates[1].push(self.rate(time).await.with_context(|| format!("during {name}"))?);
            over.store(true, Relaxed);
            attacking.await?;
        }
        let [quiet, under] = rates.map(|r| r.iter().sum::<f64>() / r.len() as f64);
        let memory = self.server.peak_memory()?;
        println!(
            "siege, {name}: {quiet:.1} deposits a second before, {under:.1} during ({:.0} %), {} MB",
            under / quiet * 100.0,
            memory >> 20
        );
        assert!(memory < MEMORY, "{name}: {} MB", memory >> 20);
        if long().is_some() {
            assert!(under >= quiet * 0.9, "{name}: {quiet:.1} before, {under:.1} during");
        }
        Ok(())
    }
}

pub(super) fn get(path: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").into_bytes()
}

pub(super) fn post(path: &str, body: &[u8]) -> Vec<u8> {
    let mut request = format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: application/octet-stream\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    request.extend_from_slice(body);
    request
}

/// A crowd of `size` on the attack's circuits: each sends `first`, then `drip` once a second, and comes again when it
/// is sent away, until it is over. What the server answers is not read.
pub(super) async fn crowd(address: SocketAddr, over: Arc<AtomicBool>, size: u32, first: Vec<u8>, drip: &'static [u8]) {
    let first: Arc<[u8]> = first.into();
    let mut crowd = JoinSet::new();
    for member in 0..size {
        let (over, first) = (Arc::clone(&over), Arc::clone(&first));
        crowd.spawn(async move {
            while !over.load(Relaxed) {
                let Ok(mut stream) = Field::connect(address, member % CIRCUITS).await else {
                    tokio::time::sleep(Duration::from_millis(100)).await;
                    continue;
                };
                if stream.write_all(&first).await.is_err() {
                    continue;
                }
                while !over.load(Relaxed) {
                    tokio::time::sleep(Duration::from_secs(1)).await;
                    if stream.write_all(drip).await.is_err() {
                        break;
                    }
                }
            }
        });
    }
    while crowd.join_next().await.is_some() {}
}
