//! HTTP, directly or through a SOCKS proxy with a circuit of its own for each unlinkable act.

use std::{collections::HashMap, sync::Mutex, time::Duration};

use crate::transport::{Circuit, Method, Request, Response, Transport, TransportError};

/// No answer is longer than this: a page of records or journal entries, or a list of two million rows.
const ANSWER_MAX: usize = 64 << 20;

/// HTTP to one server.
#[derive(Debug)]
pub struct Http {
    base: String,
    proxy: Option<String>,
    run: u64,
    clients: Mutex<HashMap<Circuit, reqwest::Client>>,
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
    /// `base` is `http://host[:port]`; `proxy` is `host:port` of a SOCKS5 proxy that resolves names itself.
    pub fn new(base: &str, proxy: Option<&str>, run: u64) -> Result<Self, AddressError> {
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
        Ok(Self { base: base.into(), proxy: proxy.map(Into::into), run, clients: Mutex::default() })
    }

    fn client(&self, circuit: Circuit) -> Result<reqwest::Client, TransportError> {
        let unreachable = |e: reqwest::Error| TransportError::Unreachable(reason(&e));
        // Without a proxy there are no circuits to keep apart.
        let key = if self.proxy.is_some() { circuit } else { Circuit(0) };
        let mut clients = self.clients.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(c) = clients.get(&key) {
            return Ok(c.clone());
        }
        let mut builder = reqwest::Client::builder()
            .no_proxy()
            .connect_timeout(Duration::from_secs(90))
            .read_timeout(Duration::from_secs(120))
            .redirect(reqwest::redirect::Policy::none())
            .http1_only();
        if let Some(p) = &self.proxy {
            // socks5h: the proxy resolves the name. Never socks5, which asks the local resolver and so tells it the address.
            let url = format!("socks5h://subrosa-{:x}-{:x}:x@{p}", self.run, circuit.0);
            builder = builder.proxy(reqwest::Proxy::all(url).map_err(unreachable)?);
        }
        let c = builder.build().map_err(unreachable)?;
        clients.insert(key, c.clone());
        Ok(c)
    }
}

impl Transport for Http {
    async fn call(&self, request: Request) -> Result<Response, TransportError> {
        let unreachable = |e: reqwest::Error| TransportError::Unreachable(reason(&e));
        let url = format!("{}{}", self.base, request.path);
        let client = self.client(request.circuit)?;
        let builder = match request.method {
            Method::Get => client.get(url),
            Method::Post => client.post(url).header("content-type", "application/octet-stream").body(request.body),
            Method::Put => client.put(url).header("content-type", "application/octet-stream").body(request.body),
        };
        let mut answer = builder.send().await.map_err(unreachable)?;
        let status = answer.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(unreachable)? {
            if body.len() + chunk.len() > ANSWER_MAX {
                return Err(TransportError::TooLong);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Response { status, body })
    }
}

/// The innermost cause, without the address: an error text may end up on a shared screen.
fn reason(e: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = e;
    while let Some(next) = cause.source() {
        cause = next;
    }
    let text = cause.to_string();
    if text.contains("http") { "no connection".into() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_would_leak_are_refused() {
        let err = |b, p| Http::new(b, p, 0).err();
        assert_eq!(err("http://abc.onion", None), Some(AddressError::OnionWithoutProxy));
        assert!(matches!(err("https://x", None), Some(AddressError::Malformed(_))));
        assert!(matches!(err("http://u@x", None), Some(AddressError::Malformed(_))));
        assert!(matches!(err("http://x", Some("socks5://127.0.0.1:1")), Some(AddressError::Proxy(_))));
        assert_eq!(err("http://abc.onion", Some("127.0.0.1:9050")), None);
    }
}
