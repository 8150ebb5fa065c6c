//! A TCP proxy before the server that keeps the raw head of every request: what the server sees of a client besides the
//! body.

use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use anyhow::{Context, Result};

/// One request as it went over the socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// `POST /v1/deposit HTTP/1.1`.
    pub line: String,
    /// Header names and values in their order, as they were spelt.
    pub headers: Vec<(String, String)>,
    /// The body's length in bytes.
    pub body_len: usize,
    /// The head's length in bytes, with the empty line.
    pub head_len: usize,
}

impl Seen {
    /// The headers without `Host`, whose port is the proxy's own.
    pub fn headers_but_host(&self) -> Vec<(String, String)> {
        self.headers.iter().filter(|(name, _)| !name.eq_ignore_ascii_case("host")).cloned().collect()
    }
}

#[derive(Debug, Default)]
struct Tape {
    seen: Mutex<Vec<Seen>>,
    ports: Mutex<Vec<u16>>,
    refused: Mutex<Option<String>>,
}

/// A running proxy. It ends with the process.
#[derive(Debug)]
pub struct Proxy {
    /// `http://127.0.0.1:port`.
    pub url: String,
    tape: Arc<Tape>,
}

impl Proxy {
    /// Listens on a free port and passes everything on to `server` (`http://host:port`).
    pub fn start(server: &str) -> Result<Self> {
        let target: SocketAddr = server.trim_start_matches("http://").parse().context("the server's address")?;
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let url = format!("http://{}", listener.local_addr()?);
        let tape = Arc::new(Tape::default());
        let kept = Arc::clone(&tape);
        thread::spawn(move || {
            for client in listener.incoming().map_while(Result::ok) {
                let tape = Arc::clone(&kept);
                // A connection that breaks is the client's to notice.
                thread::spawn(move || drop(pass_on(client, target, &tape)));
            }
        });
        Ok(Self { url, tape })
    }

    /// Every request so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.tape.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Forgets what was seen.
    pub fn clear(&self) {
        self.tape.seen.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }

    /// Answers requests that begin so, `POST /v1/journal/read` for example, with a failure and does not pass them on.
    pub fn refuse(&self, line: Option<&str>) {
        *self.tape.refused.lock().unwrap_or_else(PoisonError::into_inner) = line.map(ToOwned::to_owned);
    }

    /// The ports from which the server was called.
    pub fn ports(&self) -> Vec<u16> {
        self.tape.ports.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// An answer that no handler of the server's ever gives.
const BROKEN: &[u8] = b"HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";

fn pass_on(mut client: TcpStream, target: SocketAddr, tape: &Tape) -> Result<()> {
    let mut server = TcpStream::connect(target)?;
    client.set_nodelay(true)?;
    server.set_nodelay(true)?;
    tape.ports.lock().unwrap_or_else(PoisonError::into_inner).push(server.local_addr()?.port());
    let (mut from_server, mut to_client) = (server.try_clone()?, client.try_clone()?);
    thread::spawn(move || {
        let _ = std::io::copy(&mut from_server, &mut to_client);
        let _ = to_client.shutdown(Shutdown::Both);
    });
    let mut buffer = vec![0; 64 * 1024];
    let mut head = Vec::new();
    let mut body_left = 0;
    loop {
        let n = client.read(&mut buffer)?;
        let mut chunk = buffer.get(..n).unwrap_or_default();
        if chunk.is_empty() {
            server.shutdown(Shutdown::Both)?;
            return Ok(());
        }
        let refused = tape.refused.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if refused.is_some_and(|line| body_left == 0 && head.is_empty() && chunk.starts_with(line.as_bytes())) {
            client.write_all(BROKEN)?;
            server.shutdown(Shutdown::Both)?;
            return Ok(());
        }
        server.write_all(chunk)?;
        while let Some((byte, rest)) = chunk.split_first() {
            if body_left > 0 {
                let skipped = body_left.min(chunk.len());
                body_left -= skipped;
                chunk = chunk.get(skipped..).unwrap_or_default();
                continue;
            }
            head.push(*byte);
            chunk = rest;
            if head.ends_with(b"\r\n\r\n") {
                let seen = parse(&head)?;
                body_left = seen.body_len;
                head.clear();
                tape.seen.lock().unwrap_or_else(PoisonError::into_inner).push(seen);
            }
        }
    }
}

fn parse(head: &[u8]) -> Result<Seen> {
    let text = String::from_utf8(head.to_vec())?;
    let mut lines = text.trim_end().lines();
    let line = lines.next().unwrap_or_default().to_owned();
    let headers: Vec<(String, String)> =
        lines.filter_map(|l| l.split_once(": ")).map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let length = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let body_len = length.map_or(Ok(0), |(_, value)| value.parse())?;
    Ok(Seen { line, headers, body_len, head_len: head.len() })
}
