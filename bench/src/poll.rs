//! Fetching a list over HTTP, against a loop that copies the same bytes into a socket.

use std::{
    fs,
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    thread,
};

use anyhow::{Context, Result, bail};

use crate::{
    site::{Site, nanoseconds},
    table::{median, micros},
};

const BATCHES: usize = 9;
const POLLS: usize = 100;

/// A client as plain as can be, on one connection, so that the server is what is measured.
struct Plain {
    socket: TcpStream,
    request: Vec<u8>,
    buffer: Vec<u8>,
}

impl Plain {
    fn new(address: SocketAddr, path: &str) -> Result<Self> {
        let socket = TcpStream::connect(address)?;
        socket.set_nodelay(true)?;
        Ok(Self {
            socket,
            request: format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n").into_bytes(),
            buffer: vec![0; 1 << 20],
        })
    }

    /// The answer's length, head and body.
    fn poll(&mut self) -> Result<(usize, usize)> {
        self.socket.write_all(&self.request)?;
        let mut have = 0;
        let head = loop {
            have += self.read(have)?;
            let got = self.buffer.get(..have).unwrap_or_default();
            if let Some(at) = got.windows(4).position(|w| w == b"\r\n\r\n") {
                break at + 4;
            }
        };
        let text = String::from_utf8_lossy(self.buffer.get(..head).unwrap_or_default()).to_ascii_lowercase();
        if !text.starts_with("http/1.1 200") {
            bail!("the server answered {}", text.lines().next().unwrap_or_default());
        }
        let body = text.lines().find_map(|l| l.strip_prefix("content-length:")).context("no length")?;
        let body: usize = body.trim().parse()?;
        while have < head + body {
            have += self.read(have)?;
        }
        Ok((head, body))
    }

    fn read(&mut self, from: usize) -> Result<usize> {
        let n = self.socket.read(self.buffer.get_mut(from..).context("the answer is too long")?)?;
        if n == 0 {
            bail!("the server hung up");
        }
        Ok(n)
    }
}

/// What a poll costs.
pub(crate) struct Cost {
    /// From request to last byte: microseconds.
    pub(crate) round_trip: f64,
    /// Processor time of the server: microseconds.
    pub(crate) cpu: f64,
    /// Length of the answer's head.
    pub(crate) head: usize,
    /// Length of the body.
    pub(crate) body: usize,
}

fn costs(client: &mut Plain, cpu: impl Fn() -> Result<f64>) -> Result<Cost> {
    let (head, body) = client.poll()?;
    let (mut times, mut processor) = (Vec::new(), Vec::new());
    for _ in 0..BATCHES {
        let before = cpu()?;
        let (t, done) = micros(|| (0..POLLS).try_for_each(|_| client.poll().map(|_| ())));
        done?;
        times.push(t / POLLS as f64);
        processor.push((cpu()? - before) / POLLS as f64);
    }
    Ok(Cost { round_trip: median(times), cpu: median(processor), head, body })
}

/// The server's cost.
pub(crate) fn server(site: &Site, path: &str) -> Result<Cost> {
    costs(&mut Plain::new(site.address(), path)?, || site.cpu())
}

/// The floor: a thread that reads a request and copies an answer of that length into the socket.
pub(crate) fn floor(head: usize, body: usize) -> Result<Cost> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let mut answer = format!("HTTP/1.1 200 OK\r\ncontent-length: {body}\r\nx-fill: ").into_bytes();
    answer.resize(head.saturating_sub(4).max(answer.len()), b'x');
    answer.extend_from_slice(b"\r\n\r\n");
    let head = answer.len();
    answer.resize(head + body, 7);
    let (tell, told) = std::sync::mpsc::channel();
    let copier = thread::spawn(move || -> Result<()> {
        // The kernel's name for this thread, by which the other one reads its processor time.
        tell.send(fs::read_link("/proc/thread-self")?)?;
        let (mut socket, _) = listener.accept()?;
        socket.set_nodelay(true)?;
        let mut request = [0; 4096];
        let mut copy = Vec::with_capacity(answer.len());
        while socket.read(&mut request)? > 0 {
            copy.clear();
            copy.extend_from_slice(&answer);
            socket.write_all(&copy)?;
        }
        Ok(())
    });
    let schedstat = std::path::Path::new("/proc").join(told.recv()?).join("schedstat");
    let mut client = Plain::new(address, "/")?;
    let cost = costs(&mut client, || Ok(nanoseconds(&fs::read_to_string(&schedstat)?) / 1e3))?;
    drop(client);
    copier.join().map_err(|_| anyhow::anyhow!("the copying thread died"))??;
    Ok(cost)
}
