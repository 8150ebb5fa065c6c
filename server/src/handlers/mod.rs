//! The handlers: each reads, checks, asks the store once, and answers.

pub(crate) mod application;
pub(crate) mod blobs;
pub(crate) mod board;
pub(crate) mod bundles;
pub(crate) mod charter;
pub(crate) mod downloads;
pub(crate) mod failed;
pub(crate) mod health;
pub(crate) mod journal;
pub(crate) mod log;
pub(crate) mod pages;
pub(crate) mod sealed;
pub(crate) mod treasury;

use actix_web::{HttpRequest, HttpResponse, http::header};
use bytes::Bytes;

use crate::{
    body::OCTETS,
    headers::IMMUTABLE,
    refusal::Refusal,
    store::{Discarded, Taken},
};

/// What every handler answers.
pub(crate) type Answer = Result<HttpResponse, Refusal>;

/// A binary answer.
pub(crate) fn octets(body: impl Into<Bytes>) -> HttpResponse {
    HttpResponse::Ok().content_type(OCTETS).body(body.into())
}

/// A binary answer that anybody may keep for ever.
pub(crate) fn immutable_octets(body: Bytes) -> HttpResponse {
    HttpResponse::Ok().content_type(OCTETS).insert_header((header::CACHE_CONTROL, IMMUTABLE)).body(body)
}

/// The body that was asked for by capability.
pub(crate) fn taken(taken: Taken) -> Answer {
    match taken {
        Taken::Body(body) => Ok(octets(body)),
        Taken::Gone => Err(Refusal::Gone("This was here and has been destroyed.")),
        Taken::Unknown => Err(Refusal::Unknown("Nothing here belongs to this key.")),
    }
}

/// The answer to a discard: 204 also when it is repeated.
pub(crate) fn discarded(discarded: Discarded) -> Answer {
    match discarded {
        Discarded::Now | Discarded::Before => Ok(HttpResponse::NoContent().finish()),
        Discarded::Unknown => Err(Refusal::Unknown("Nothing here belongs to this key.")),
    }
}

/// A decimal number in the path, in its only spelling.
pub(crate) fn path_number(req: &HttpRequest, name: &str) -> Result<u64, Refusal> {
    let text = req.match_info().get(name).unwrap_or_default();
    let n: Option<u64> = text.parse().ok().filter(|n: &u64| n.to_string() == text);
    n.ok_or(Refusal::Unacceptable("the address holds no plain number"))
}

/// 32 bytes in the path, as 64 lower-case hexadecimal digits.
pub(crate) fn path_digest(req: &HttpRequest, name: &str) -> Result<[u8; 32], Refusal> {
    let text = req.match_info().get(name).unwrap_or_default();
    let mut digest = [0; 32];
    let lower = !text.bytes().any(|b| b.is_ascii_uppercase());
    if !lower || hex::decode_to_slice(text, &mut digest).is_err() {
        return Err(Refusal::Unacceptable("the address ends with 64 lower-case hexadecimal digits"));
    }
    Ok(digest)
}
