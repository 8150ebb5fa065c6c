//! Blobs: padded pieces of encrypted files, each under the digest of its capability.

use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use sha2::{Digest, Sha256};
use subrosa_crypto::{
    encoding::Reader,
    wire::{BLOB_LEN, CapHash, VERSION, Work},
};

use super::{Answer, board::capability, discarded, octets, path_digest, taken};
use crate::{
    app::App,
    body::{self, Length, Whose},
    refusal::Refusal,
    store::{BlobOutcome, Store},
};

/// Version byte, log size and nonce in front of the blob.
const HEADER: usize = 17;

/// `PUT /v1/blob/{name}`: may be repeated.
pub(crate) async fn put<S: Store>(app: web::Data<App<S>>, req: HttpRequest, payload: web::Payload) -> Answer {
    let name = CapHash(path_digest(&req, "name")?);
    let body = body::octets(&req, payload, Whose::Strangers, Length::Exactly(HEADER + BLOB_LEN)).await?;
    let mut r = Reader::new(&body.bytes);
    r.version(VERSION)?;
    let work: Work = r.get("work")?;
    let blob = r.bytes(BLOB_LEN, "blob")?;
    r.end()?;
    let paid: [u8; 32] = Sha256::new().chain_update(name.0).chain_update(Sha256::digest(blob)).finalize().into();
    app.challenges.check(work, &paid, app.uptime())?;
    match app.store().blob_put(name, Bytes::copy_from_slice(blob)).await? {
        BlobOutcome::Stored => Ok(HttpResponse::NoContent().finish()),
        BlobOutcome::Taken => Err(Refusal::Conflict("Something else stands, or stood, under this name.")),
    }
}

/// `GET /v1/blob/{name}`: one byte, 1 if the blob is there. It shows no capability, and asks for no more than whoever
/// sent the blob knows: for going on with an upload that was cut off.
pub(crate) async fn held<S: Store>(app: web::Data<App<S>>, req: HttpRequest) -> Answer {
    let name = CapHash(path_digest(&req, "name")?);
    let held = app.store().blob_stands(name).await?;
    Ok(octets(vec![u8::from(held)]))
}

/// `POST /v1/blob/take`.
pub(crate) async fn take<S: Store>(app: web::Data<App<S>>, req: HttpRequest, payload: web::Payload) -> Answer {
    let cap = capability(&req, payload).await?;
    taken(app.store().blob_take(cap).await?)
}

/// `POST /v1/blob/discard`.
pub(crate) async fn discard<S: Store>(app: web::Data<App<S>>, req: HttpRequest, payload: web::Payload) -> Answer {
    let cap = capability(&req, payload).await?;
    discarded(app.store().blob_discard(cap).await?)
}
