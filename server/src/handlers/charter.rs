//! The charter: who is who.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use bytes::Bytes;
use subrosa_crypto::{
    charter::CharterError,
    log::{charter_digest, leaf_data},
    wire::{CHARTER_MAX, LeafKind},
};

use super::{Answer, immutable_octets, path_digest, path_number};
use crate::{
    app::App,
    body,
    clock::wall_seconds,
    directory::{Directory, DirectoryError},
    headers::IMMUTABLE,
    refusal::Refusal,
    store::Store,
};

const TEXT: &str = "text/plain; charset=utf-8";
const OUT_OF_ORDER: &str = "This charter does not follow the newest one. Nothing was stored.";

/// `GET /v1/charter`.
pub(crate) async fn newest<S: Store>(app: web::Data<App<S>>) -> Answer {
    match app.store().charter(None).await? {
        Some((_, bytes)) => Ok(HttpResponse::Ok().content_type(TEXT).body(bytes)),
        None => Err(Refusal::Unknown("No charter is published yet.")),
    }
}

/// `GET /v1/charter/{version}`.
pub(crate) async fn by_version<S: Store>(app: web::Data<App<S>>, req: HttpRequest) -> Answer {
    match app.store().charter(Some(path_number(&req, "version")?)).await? {
        Some((_, bytes)) => {
            Ok(HttpResponse::Ok().content_type(TEXT).insert_header((header::CACHE_CONTROL, IMMUTABLE)).body(bytes))
        }
        None => Err(Refusal::Unknown("There is no such version of the charter.")),
    }
}

/// `GET /v1/policy/{digest}`: a file that a charter commits to, by the SHA-256 of its bytes.
pub(crate) async fn policy<S: Store>(app: web::Data<App<S>>, req: HttpRequest) -> Answer {
    match app.policies.get(&path_digest(&req, "digest")?) {
        Some(bytes) => Ok(immutable_octets(bytes)),
        None => Err(Refusal::Unknown("No charter names a policy with this digest, or its file is not here.")),
    }
}

/// `POST /v1/charter`: the next version, signed by the root key. The newest one again is answered as the first time.
pub(crate) async fn publish<S: Store>(app: web::Data<App<S>>, req: HttpRequest, payload: web::Payload) -> Answer {
    let body = body::document(&req, payload, CHARTER_MAX).await?;
    let _turn = app.charter_turn.lock().await;
    let standing = app.store().charter(None).await?;
    if let Some((version, bytes)) = &standing
        && bytes == body.bytes.as_slice()
    {
        return Ok(published(*version));
    }
    let newest = app.directory();
    let directory = Directory::verify_next(
        &app.settings().root_key,
        &app.settings().programme,
        &app.log_verifying_key(),
        newest.as_deref().zip(standing.as_ref().map(|(_, bytes)| bytes.as_ref())),
        &body.bytes,
        wall_seconds(),
    )
    .map_err(refused)?;
    let version = directory.version;
    let digest = charter_digest(&body.bytes);
    // Charters are public, so their leaf needs no salt: anybody who holds one can find it.
    let leaf = leaf_data(LeafKind::Charter, &[0; 32], &digest);
    if !app.store().charter_put(version, Bytes::copy_from_slice(&body.bytes), leaf).await? {
        return Err(Refusal::Conflict(OUT_OF_ORDER));
    }
    app.set_directory(directory);
    Ok(published(version))
}

fn refused(e: DirectoryError) -> Refusal {
    match e {
        DirectoryError::Order => Refusal::Conflict(OUT_OF_ORDER),
        DirectoryError::Programme(_) => Refusal::Unacceptable("the charter belongs to another programme"),
        DirectoryError::LogKey => Refusal::Unacceptable("the charter names another log key than this server's"),
        DirectoryError::Refused(CharterError::TooLong) => Refusal::Size,
        DirectoryError::Refused(CharterError::Unsigned | CharterError::BadSignature) => {
            Refusal::Forbidden("The root key did not sign this charter.")
        }
        DirectoryError::Refused(CharterError::Format(_)) => {
            Refusal::Unacceptable("the charter is of a format that this server does not read; it reads format 2")
        }
        DirectoryError::Refused(CharterError::Expired) => Refusal::Unacceptable("the charter has expired"),
        DirectoryError::Refused(CharterError::NotYetValid) => {
            Refusal::Unacceptable("the charter was issued in the future")
        }
        DirectoryError::Refused(_) => Refusal::Unacceptable("this is not a charter, or it breaks a rule"),
    }
}

fn published(version: u64) -> HttpResponse {
    HttpResponse::Ok().content_type("application/json").body(serde_json::json!({ "version": version }).to_string())
}
