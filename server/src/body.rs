//! Reading request bodies: declared type, exact size, a time limit and a limit of memory for all of them together.

use actix_web::{HttpRequest, http::header, web};
use futures_util::StreamExt;
use tokio::sync::SemaphorePermit;

use crate::{app::App, refusal::Refusal, store::Store};

/// The type of every binary body.
pub(crate) const OCTETS: &str = "application/octet-stream";

/// A body that was read whole, and its share of the memory for bodies, which it holds until dropped.
pub(crate) struct Body<'a> {
    pub(crate) bytes: Vec<u8>,
    _share: SemaphorePermit<'a>,
}

/// How long a body may be.
#[derive(Clone, Copy)]
pub(crate) enum Length {
    /// Exactly this many bytes.
    Exactly(usize),
    /// Up to this many bytes.
    UpTo(usize),
}

impl Length {
    fn limit(self) -> usize {
        match self {
            Self::Exactly(n) | Self::UpTo(n) => n,
        }
    }

    fn allows(self, n: usize) -> bool {
        match self {
            Self::Exactly(len) => n == len,
            Self::UpTo(max) => n <= max,
        }
    }
}

/// Reads a binary body of the given length.
pub(crate) async fn octets<'a, S: Store>(
    app: &'a App<S>,
    req: &HttpRequest,
    payload: web::Payload,
    length: Length,
) -> Result<Body<'a>, Refusal> {
    if !has_type(req, &[OCTETS]) {
        return Err(Refusal::MediaType);
    }
    read(app, req, payload, length).await
}

/// Reads a text document, which may also be declared as plain text.
pub(crate) async fn document<'a, S: Store>(
    app: &'a App<S>,
    req: &HttpRequest,
    payload: web::Payload,
    limit: usize,
) -> Result<Body<'a>, Refusal> {
    if !has_type(req, &[OCTETS, "text/plain"]) {
        return Err(Refusal::MediaType);
    }
    read(app, req, payload, Length::UpTo(limit)).await
}

/// Reads the fields of a form without files.
pub(crate) async fn form<'a, S: Store>(
    app: &'a App<S>,
    req: &HttpRequest,
    payload: web::Payload,
    length: Length,
) -> Result<Body<'a>, Refusal> {
    if !has_type(req, &["application/x-www-form-urlencoded"]) {
        return Err(Refusal::FormType);
    }
    read(app, req, payload, length).await
}

fn has_type(req: &HttpRequest, wanted: &[&str]) -> bool {
    let Some(value) = req.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()) else { return false };
    let essence = value.split(';').next().unwrap_or_default().trim();
    wanted.iter().any(|w| essence.eq_ignore_ascii_case(w))
}

async fn read<'a, S: Store>(
    app: &'a App<S>,
    req: &HttpRequest,
    mut payload: web::Payload,
    length: Length,
) -> Result<Body<'a>, Refusal> {
    let declared = req.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|n| !length.allows(n)) {
        return Err(Refusal::Size);
    }
    let expected = declared.unwrap_or(length.limit());
    let share = app.body_memory(expected).ok_or(Refusal::Busy)?;
    let reading = async {
        // The buffer grows with what really arrives, so that a client that only promises a body costs nothing.
        let mut bytes = Vec::new();
        while let Some(chunk) = payload.next().await {
            let chunk = chunk.map_err(|_| Refusal::Unacceptable("the body broke off"))?;
            if bytes.len().saturating_add(chunk.len()) > length.limit() {
                return Err(Refusal::Size);
            }
            bytes.extend_from_slice(&chunk);
        }
        if length.allows(bytes.len()) { Ok(bytes) } else { Err(Refusal::Size) }
    };
    let bytes = tokio::time::timeout(app.settings().body_timeout, reading).await.map_err(|_| Refusal::TooSlow)??;
    Ok(Body { bytes, _share: share })
}
