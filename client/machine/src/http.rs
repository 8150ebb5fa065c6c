//! HTTP, directly or through a SOCKS proxy with a circuit of its own for each unlinkable act.

use std::{collections::HashMap, path::PathBuf, sync::Mutex, time::Duration};

use hyper_util::{
    client::legacy::{
        Client,
        connect::{HttpConnector, proxy::SocksV5},
    },
    rt::{TokioExecutor, TokioTimer},
};

use subrosa_engine::transport::{Circuit, Method, Request, Response, Transport, TransportError};

/// A circuit to Tor's SOCKS port takes this long at most.
const CONNECT_WITHIN: Duration = Duration::from_secs(90);
/// An answer's beginning, and each further piece of it, comes within this time.
const READ_WITHIN: Duration = Duration::from_secs(120);
/// A connection that has rested longer is not used again: the server, which keeps one for more than two minutes, might
/// be closing it just then, and what was sent would be lost.
const CONNECTION_RESTS: Duration = Duration::from_secs(60);

/// No answer is longer than this: a page of records or journal entries, or a list of two million rows.
const ANSWER_MAX: usize = 64 << 20;

/// HTTP to one server.
#[derive(Debug)]
pub struct Http {
    base: String,
    socket: Option<PathBuf>,
    proxy: Option<String>,
    run: u64,
    clients: Mutex<HashMap<Circuit, Line>>,
}

/// Connections of one circuit. `reqwest` itself speaks to a SOCKS proxy only when it is built with TLS, which nothing
/// here needs: an onion address is its own certificate. So the proxied line is hyper's client over hyper's SOCKS
/// connector.
#[derive(Debug, Clone)]
enum Line {
    Direct(reqwest::Client),
    Proxied(Box<Client<SocksV5<HttpConnector>, reqwest::Body>>),
}

impl Line {
    async fn send(&self, request: http::Request<reqwest::Body>) -> Result<reqwest::Response, TransportError> {
        match self {
            Self::Direct(client) => {
                let request = request.try_into().map_err(|e: reqwest::Error| unreachable(&e))?;
                client.execute(request).await.map_err(|e| unreachable(&e))
            }
            Self::Proxied(client) => {
                let answer =
                    tokio::time::timeout(READ_WITHIN, client.request(request)).await.map_err(|_| timed_out())?;
                Ok(answer.map_err(|e| unreachable(&e))?.map(reqwest::Body::wrap).into())
            }
        }
    }
}

fn unreachable(e: &dyn std::error::Error) -> TransportError {
    TransportError::Unreachable(reason(e))
}

fn timed_out() -> TransportError {
    TransportError::Unreachable("no answer in time".into())
}

/// Why a server address cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Not `http://host[:port]`.
    #[error("`{0}` is not a server address; it looks like http://….onion or http://127.0.0.1:8000")]
    Malformed(String),
    /// An onion address needs Tor.
    #[error("an .onion address needs Tor: give --proxy 127.0.0.1:9050 (or 9150 for Tor Browser)")]
    OnionWithoutProxy,
    /// Not `host:port`.
    #[error("`{0}` is not a proxy address; it looks like 127.0.0.1:9050")]
    Proxy(String),
}

impl Http {
    /// `base` is `http://host[:port]`, or `unix:/path` of a server's socket on this machine; `proxy` is `host:port` of
    /// a SOCKS5 proxy that resolves names itself.
    pub fn new(base: &str, proxy: Option<&str>, run: u64) -> Result<Self, AddressError> {
        if let Some(path) = base.strip_prefix("unix:") {
            if !path.starts_with('/') || proxy.is_some() {
                return Err(AddressError::Malformed(base.into()));
            }
            let base = "http://localhost:80".into();
            return Ok(Self { base, socket: Some(path.into()), proxy: None, run, clients: Mutex::default() });
        }
        let base = base.trim_end_matches('/');
        let host = base.strip_prefix("http://").filter(|h| !h.is_empty() && !h.contains(['/', '@', ' ']));
        let host = host.ok_or_else(|| AddressError::Malformed(base.into()))?;
        let name = host.rsplit_once(':').map_or(host, |(name, _)| name);
        if name.ends_with(".onion") && proxy.is_none() {
            return Err(AddressError::OnionWithoutProxy);
        }
        if let Some(p) = proxy {
            let ok = p.rsplit_once(':').is_some_and(|(h, port)| !h.is_empty() && port.parse::<u16>().is_ok());
            if !ok || p.contains(['/', '@', ' ']) {
                return Err(AddressError::Proxy(p.into()));
            }
        }
        // The SOCKS connector takes a missing port for that of HTTPS.
        let port = if host.contains(':') { "" } else { ":80" };
        Ok(Self {
            base: format!("{base}{port}"),
            socket: None,
            proxy: proxy.map(Into::into),
            run,
            clients: Mutex::default(),
        })
    }

    fn line(&self, circuit: Circuit) -> Result<Line, TransportError> {
        // Without a proxy there are no circuits to keep apart.
        let key = if self.proxy.is_some() { circuit } else { Circuit(0) };
        let mut clients = self.clients.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(line) = clients.get(&key) {
            return Ok(line.clone());
        }
        let line = match &self.proxy {
            Some(proxy) => self.proxied(proxy, circuit)?,
            None => {
                let mut builder = reqwest::Client::builder()
                    .no_proxy()
                    .connect_timeout(CONNECT_WITHIN)
                    .read_timeout(READ_WITHIN)
                    .pool_idle_timeout(CONNECTION_RESTS)
                    .redirect(reqwest::redirect::Policy::none())
                    .http1_only();
                if let Some(path) = &self.socket {
                    builder = builder.unix_socket(path.as_path());
                }
                Line::Direct(builder.build().map_err(|e| unreachable(&e))?)
            }
        };
        clients.insert(key, line.clone());
        Ok(line)
    }

    /// The proxy resolves the name: this connector is never told to do so, which would ask the local resolver and so
    /// tell it the address. Tor gives each user name a circuit of its own (`IsolateSOCKSAuth`, on by default).
    fn proxied(&self, proxy: &str, circuit: Circuit) -> Result<Line, TransportError> {
        let address =
            format!("socks5://{proxy}").parse().map_err(|_| TransportError::Unreachable("no such proxy".into()))?;
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(CONNECT_WITHIN));
        let user = format!("subrosa-{:x}-{:x}", self.run, circuit.0);
        let socks = SocksV5::new(address, tcp).with_auth(user, "x".into());
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(CONNECTION_RESTS)
            .build(socks);
        Ok(Line::Proxied(Box::new(client)))
    }
}

impl Transport for Http {
    async fn call(&self, request: Request) -> Result<Response, TransportError> {
        let line = self.line(request.circuit)?;
        let mut sent = http::Request::builder().uri(format!("{}{}", self.base, request.path));
        sent = match request.method {
            Method::Get => sent.method(http::Method::GET),
            Method::Post => sent.method(http::Method::POST),
            Method::Put => sent.method(http::Method::PUT),
        };
        if request.method != Method::Get {
            sent = sent.header(http::header::CONTENT_TYPE, "application/octet-stream");
        }
        let sent = sent.body(reqwest::Body::from(request.body)).map_err(|e| unreachable(&e))?;
        let mut answer = line.send(sent).await?;
        let status = answer.status().as_u16();
        let mut body = Vec::new();
        loop {
            let piece = tokio::time::timeout(READ_WITHIN, answer.chunk()).await.map_err(|_| timed_out())?;
            let Some(chunk) = piece.map_err(|e| unreachable(&e))? else { break };
            if body.len() + chunk.len() > ANSWER_MAX {
                return Err(TransportError::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Response { status, body })
    }
}

/// The innermost cause, without the address: an error text may end up on a shared screen.
fn reason(e: &dyn std::error::Error) -> String {
    let mut cause = e;
    while let Some(next) = cause.source() {
        cause = next;
    }
    let text = cause.to_string();
    if text.contains("http") { "no connection".into() } else { text }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use std::{
        io::{Read, Write},
        net::TcpListener,
        thread,
    };

    use super::*;

    #[test]
    fn addresses_that_would_leak_are_refused() {
        let err = |b, p| Http::new(b, p, 0).err();
        assert_eq!(err("http://abc.onion", None), Some(AddressError::OnionWithoutProxy));
        assert!(matches!(err("https://x", None), Some(AddressError::Malformed(_))));
        assert!(matches!(err("http://u@x", None), Some(AddressError::Malformed(_))));
        assert!(matches!(err("http://x", Some("socks5://127.0.0.1:1")), Some(AddressError::Proxy(_))));
        assert_eq!(err("http://abc.onion", Some("127.0.0.1:9050")), None);
        assert_eq!(err("unix:/run/subrosa/http.sock", None), None);
        assert!(matches!(err("unix:socket", None), Some(AddressError::Malformed(_))));
        assert!(matches!(err("unix:/socket", Some("127.0.0.1:9050")), Some(AddressError::Malformed(_))));
    }

    /// A SOCKS proxy as Tor is one (RFC 1928, 1929) for `connections` connections: answers who asked for which place,
    /// and what it then said.
    fn proxy(listener: TcpListener, connections: usize) -> Vec<(String, Vec<u8>, String)> {
        let bytes = |s: &mut std::net::TcpStream, n: usize| {
            let mut b = vec![0; n];
            s.read_exact(&mut b).unwrap();
            b
        };
        let mut seen = Vec::new();
        for _ in 0..connections {
            let (mut s, _) = listener.accept().unwrap();
            let methods = bytes(&mut s, 2)[1];
            assert!(bytes(&mut s, methods.into()).contains(&2), "a user name is offered");
            s.write_all(&[5, 2]).unwrap();
            let n = bytes(&mut s, 2)[1];
            let user = String::from_utf8(bytes(&mut s, n.into())).unwrap();
            let n = bytes(&mut s, 1)[0];
            bytes(&mut s, n.into());
            s.write_all(&[1, 0]).unwrap();
            let head = bytes(&mut s, 4);
            assert_eq!(
                head,
                [5, 1, 0, 3],
                "a connection to a name, not to an address that somebody else has looked up"
            );
            let n = usize::from(bytes(&mut s, 1)[0]);
            let place = bytes(&mut s, n + 2);
            s.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).unwrap();
            let mut said = Vec::new();
            while !said.ends_with(b"body") {
                said.extend(bytes(&mut s, 1));
            }
            s.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 3\r\nconnection: close\r\n\r\nyes").unwrap();
            seen.push((user, place, String::from_utf8(said).unwrap()));
        }
        seen
    }

    #[tokio::test]
    async fn the_proxy_resolves_the_name_and_each_circuit_has_its_own_user() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let proxy = thread::spawn(move || proxy(listener, 3));
        let http = Http::new("http://abc.onion", Some(&address), 7).unwrap();
        for circuit in [1, 2, 1] {
            let request = Request {
                method: Method::Post,
                path: "/v1/x".into(),
                body: b"body".to_vec(),
                circuit: Circuit(circuit),
            };
            let answer = http.call(request).await.unwrap();
            assert_eq!((answer.status, answer.body.as_slice()), (200, b"yes".as_slice()));
        }
        let seen = proxy.join().unwrap();
        let users: Vec<&str> = seen.iter().map(|(user, ..)| user.as_str()).collect();
        assert_eq!(users, ["subrosa-7-1", "subrosa-7-2", "subrosa-7-1"]);
        for (_, place, said) in &seen {
            assert_eq!(place.as_slice(), b"abc.onion\x00\x50");
            assert!(said.starts_with("POST /v1/x HTTP/1.1\r\n"), "{said}");
            assert!(said.to_lowercase().contains("\r\nhost: abc.onion\r\n"), "{said}");
        }
    }
}
