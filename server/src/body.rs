//! Reading request bodies: declared type, exact size, memory for what has really come, and a floor under how slowly it
//! may come.

use std::{sync::Arc, time::Instant};

use actix_web::{HttpRequest, http::header, web};
use futures_util::StreamExt;

use crate::{
    admission::{Admission, Pool, Share, Visitor},
    refusal::Refusal,
};

/// The type of every binary body.
pub(crate) const OCTETS: &str = "application/octet-stream";
/// A body that cannot be longer has a reserve of its own.
const SMALL: usize = 4 * 1024;

/// A body that was read whole, and its share of the memory for bodies, which it holds until dropped.
pub(crate) struct Body {
    pub(crate) bytes: Vec<u8>,
    _share: Share,
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

/// Whose request it is, by its route: staff find room for theirs when strangers have taken all of their own.
#[derive(Clone, Copy)]
pub(crate) enum Whose {
    /// One that anybody may send.
    Strangers,
    /// One that only somebody in the charter has a use for.
    Staff,
}

impl Whose {
    fn pool(self, admission: &Admission, limit: usize) -> &Arc<Pool> {
        match self {
            _ if limit <= SMALL => &admission.small,
            Self::Strangers => &admission.bodies,
            Self::Staff => &admission.staff,
        }
    }
}

/// Reads a binary body of the given length.
pub(crate) async fn octets(
    req: &HttpRequest,
    payload: web::Payload,
    whose: Whose,
    length: Length,
) -> Result<Body, Refusal> {
    if !has_type(req, &[OCTETS]) {
        return Err(Refusal::MediaType);
    }
    read(req, payload, whose, length).await
}

/// Reads a text document, which may also be declared as plain text.
pub(crate) async fn document(req: &HttpRequest, payload: web::Payload, limit: usize) -> Result<Body, Refusal> {
    if !has_type(req, &[OCTETS, "text/plain"]) {
        return Err(Refusal::MediaType);
    }
    read(req, payload, Whose::Staff, Length::UpTo(limit)).await
}

/// Reads the fields of a form without files.
pub(crate) async fn form(req: &HttpRequest, payload: web::Payload, length: Length) -> Result<Body, Refusal> {
    if !has_type(req, &["application/x-www-form-urlencoded"]) {
        return Err(Refusal::FormType);
    }
    read(req, payload, Whose::Strangers, length).await
}

fn has_type(req: &HttpRequest, wanted: &[&str]) -> bool {
    let Some(value) = req.headers().get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()) else { return false };
    let essence = value.split(';').next().unwrap_or_default().trim();
    wanted.iter().any(|w| essence.eq_ignore_ascii_case(w))
}

/// Who sends the request.
pub(crate) fn visitor(req: &HttpRequest) -> Result<&Visitor, Refusal> {
    // Every listener has its admission.
    req.conn_data::<Visitor>().ok_or(Refusal::Busy)
}

async fn read(req: &HttpRequest, mut payload: web::Payload, whose: Whose, length: Length) -> Result<Body, Refusal> {
    let declared = req.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<usize>().ok());
    if declared.is_some_and(|n| !length.allows(n)) {
        return Err(Refusal::Size);
    }
    let visitor = visitor(req)?;
    let share = visitor.share(whose.pool(&visitor.admission, length.limit()));
    let begun = Instant::now();
    let mut bytes = Vec::new();
    loop {
        // What is promised costs nothing; what has come keeps the rest of its time alive.
        let due = begun.checked_add(visitor.body_time(bytes.len())).unwrap_or(begun);
        let next = tokio::time::timeout_at(due.into(), payload.next()).await.map_err(|_| Refusal::TooSlow)?;
        let Some(chunk) = next else { break };
        let chunk = chunk.map_err(|_| Refusal::Unacceptable("the body broke off"))?;
        let len = bytes.len().saturating_add(chunk.len());
        if len > length.limit() {
            return Err(Refusal::Size);
        }
        if len > bytes.capacity() {
            let wanted = bytes.capacity().saturating_mul(2).max(len).max(SMALL).min(length.limit());
            if !share.hold(wanted) {
                return Err(Refusal::Busy);
            }
            bytes.reserve_exact(wanted.saturating_sub(bytes.len()));
        }
        bytes.extend_from_slice(&chunk);
    }
    visitor.body_ends();
    if length.allows(bytes.len()) { Ok(Body { bytes, _share: share }) } else { Err(Refusal::Size) }
}
