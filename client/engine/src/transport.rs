//! How engines reach the server: requests out, responses in, and which acts may share a circuit.

use core::fmt;
use std::future::Future;

use thiserror::Error;

/// The two methods besides `PUT` that the server knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Method {
    /// Reads a public, cacheable thing.
    Get,
    /// Everything else.
    Post,
    /// Stores a blob.
    Put,
}

/// Acts with the same circuit may be linked by the network and the server; acts with different ones must not be. Over
/// Tor each becomes its own SOCKS user name, and so its own path through the network.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Circuit(pub u64);

impl fmt::Debug for Circuit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Circuit")
    }
}

/// One request.
#[derive(Clone)]
pub struct Request {
    /// Method.
    pub method: Method,
    /// Path with query, starting with `/`.
    pub path: String,
    /// Body; empty for `Get`.
    pub body: Vec<u8>,
    /// The circuit to use.
    pub circuit: Circuit,
}

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Request({:?}, {} bytes)", self.method, self.body.len())
    }
}

/// One response, read to its end.
#[derive(Clone)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Body.
    pub body: Vec<u8>,
}

/// Why there was no response.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum TransportError {
    /// Nobody answered: the server, the network or Tor is down. Trying again is harmless.
    #[error("the server could not be reached ({0}); nothing was lost, try again")]
    Unreachable(String),
    /// The answer was longer than any answer may be.
    #[error("the server's answer was too long and was not read")]
    TooLong,
}

/// A way to the server. Implementations exist over HTTP (with or without SOCKS) and, in the browser, over `fetch`.
pub trait Transport {
    /// Sends one request and reads the whole response.
    fn call(&self, request: Request) -> impl Future<Output = Result<Response, TransportError>>;
}

impl<T: Transport> Transport for &T {
    fn call(&self, request: Request) -> impl Future<Output = Result<Response, TransportError>> {
        (**self).call(request)
    }
}
