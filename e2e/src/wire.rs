//! The wire between engines and server: real HTTP, with a place for somebody who listens, answers in the server's
//! stead, or alters answers.

use std::{
    collections::HashSet,
    sync::{Arc, Mutex, PoisonError},
};

use subrosa_crypto::{
    delivery::Capability,
    secret::Secret32,
    wire::{DepositRequest, Envelope, JournalAppend, journal_cap_hash},
};
use subrosa_engine::transport::{Method, Request, Response, Transport, TransportError};
use subrosa_machine::http::Http;

/// Somebody on the wire, or the server itself turned hostile.
pub trait Tap: Send + Sync {
    /// Sees, and may alter, a request; an answer given here is sent back without asking the server.
    fn before(&self, request: &mut Request) -> Option<Response> {
        let _ = request;
        None
    }

    /// Sees, and may alter, an answer.
    fn after(&self, request: &Request, response: &mut Response) {
        let _ = (request, response);
    }
}

/// HTTP with taps.
#[derive(Clone)]
pub struct Wire {
    http: Arc<Http>,
    taps: Vec<Arc<dyn Tap>>,
}

impl core::fmt::Debug for Wire {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Wire({} taps)", self.taps.len())
    }
}

impl Wire {
    /// A wire to `url` that nobody listens on.
    pub fn new(url: &str) -> anyhow::Result<Self> {
        Ok(Self { http: Arc::new(Http::new(url, None, 0)?), taps: Vec::new() })
    }

    /// The same wire with one more tap.
    #[must_use]
    pub fn tapped(&self, tap: Arc<dyn Tap>) -> Self {
        let mut taps = self.taps.clone();
        taps.push(tap);
        Self { http: Arc::clone(&self.http), taps }
    }
}

impl Transport for Wire {
    async fn call(&self, mut request: Request) -> Result<Response, TransportError> {
        let mut answered = None;
        for tap in &self.taps {
            answered = tap.before(&mut request);
            if answered.is_some() {
                break;
            }
        }
        let mut response = match answered {
            Some(response) => response,
            None => self.http.call(request.clone()).await?,
        };
        for tap in &self.taps {
            tap.after(&request, &mut response);
        }
        Ok(response)
    }
}

/// Keeps a copy of every request with its answer.
#[derive(Default)]
pub struct Recorder {
    exchanges: Mutex<Vec<(Request, Response)>>,
}

impl core::fmt::Debug for Recorder {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Recorder")
    }
}

impl Recorder {
    /// An empty tape.
    pub fn new() -> Arc<Self> {
        Arc::default()
    }

    /// Everything recorded so far.
    pub fn exchanges(&self) -> Vec<(Request, Response)> {
        self.exchanges.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The requests to `path`, with their answers.
    pub fn to(&self, path: &str) -> Vec<(Request, Response)> {
        self.exchanges().into_iter().filter(|(request, _)| request.path == path).collect()
    }

    /// Every envelope ever deposited.
    pub fn envelopes(&self) -> Vec<Envelope> {
        let deposits = self.to("/v1/deposit");
        deposits.iter().filter_map(|(r, _)| DepositRequest::decode(&r.body).ok()).flat_map(|d| d.envelopes).collect()
    }

    /// Places whose capability was shown before anything lay there, as `path of the request: capability hash`. Whoever
    /// shows one in vain and deposits there later is known again.
    pub fn shown_before_deposit(&self) -> Vec<String> {
        let (mut there, mut shown) = (HashSet::new(), Vec::new());
        for (request, response) in self.exchanges() {
            let body = request.body.as_slice();
            let board = |from| part(body, from).map(|c| Capability::new(Secret32::new(c)).hash().0);
            let asked = match request.path.as_str() {
                "/v1/deposit" if response.status == 200 => {
                    let envelopes = DepositRequest::decode(body).map(|d| d.envelopes).into_iter().flatten();
                    there.extend(envelopes.map(|e| e.cap_hash.0));
                    None
                }
                "/v1/journal/append" if response.status == 200 => {
                    if let Ok(append) = JournalAppend::decode(body) {
                        there.extend([append.journal.0, append.next_cap_hash]);
                    }
                    None
                }
                "/v1/take" | "/v1/discard" | "/v1/blob/take" | "/v1/blob/discard" => board(1),
                "/v1/journal/read" | "/v1/journal/purge" => part(body, 33).map(|c| journal_cap_hash(&c)),
                path if request.method == Method::Put => {
                    there.extend(path.strip_prefix("/v1/blob/").and_then(|name| {
                        let mut hash = [0; 32];
                        hex::decode_to_slice(name, &mut hash).ok().map(|()| hash)
                    }));
                    None
                }
                _ => None,
            };
            shown.extend(asked.filter(|a| !there.contains(a)).map(|a| format!("{}: {}", request.path, hex::encode(a))));
        }
        shown
    }

    /// Forgets what was recorded.
    pub fn clear(&self) {
        self.exchanges.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// 32 bytes from `from` on.
fn part(body: &[u8], from: usize) -> Option<[u8; 32]> {
    body.get(from..)?.first_chunk().copied()
}

impl Tap for Recorder {
    fn after(&self, request: &Request, response: &mut Response) {
        self.exchanges.lock().unwrap_or_else(PoisonError::into_inner).push((request.clone(), response.clone()));
    }
}

/// A tap from a function over answers.
pub struct Altering<F>(pub F);

impl<F: Fn(&Request, &mut Response) + Send + Sync> Tap for Altering<F> {
    fn after(&self, request: &Request, response: &mut Response) {
        (self.0)(request, response);
    }
}

/// A tap from a function that may answer in the server's stead.
pub struct Answering<F>(pub F);

impl<F: Fn(&mut Request) -> Option<Response> + Send + Sync> Tap for Answering<F> {
    fn before(&self, request: &mut Request) -> Option<Response> {
        (self.0)(request)
    }
}

/// An answer with a binary body.
pub fn answer(status: u16, body: Vec<u8>) -> Response {
    Response { status, body }
}
