//! Journals: encrypted event chains, appended by compare-and-swap.

use actix_web::{HttpRequest, HttpResponse, web};
use subrosa_crypto::{
    kdf,
    wire::{JOURNAL_ENTRY_MAX, JournalAccess, JournalAppend, JournalPosition},
};

use super::{Answer, discarded, octets};
use crate::{
    app::App,
    body::{self, Length, OCTETS},
    refusal::Refusal,
    store::{JournalOutcome, Store},
};

const APPEND_MAX: usize = 1 + 32 + 8 + 32 + 32 + 32 + 4 + JOURNAL_ENTRY_MAX;
const ACCESS_LEN: usize = 1 + 32 + 32 + 8;
/// One text for every reason, so that a stranger does not learn which journals exist.
const REFUSED: &str = "There is no such journal, or this is not its current key.";

/// `POST /v1/journal/append`: 200 with the new position, 409 with the standing one.
pub(crate) async fn append<S: Store>(app: web::Data<App<S>>, req: HttpRequest, payload: web::Payload) -> Answer {
    let body = body::octets(&app, &req, payload, Length::UpTo(APPEND_MAX)).await?;
    let append = JournalAppend::decode(&body.bytes)?;
    match app.store().journal_append(append).await? {
        JournalOutcome::Appended(position) => Ok(octets(position.encode())),
        JournalOutcome::Conflict(position) => Ok(conflict(position)),
        JournalOutcome::Refused => Err(Refusal::Unknown(REFUSED)),
    }
}

fn conflict(position: JournalPosition) -> HttpResponse {
    HttpResponse::Conflict().content_type(OCTETS).body(position.encode())
}

/// `POST /v1/journal/read`.
pub(crate) async fn read<S: Store>(app: web::Data<App<S>>, req: HttpRequest, payload: web::Payload) -> Answer {
    let (access, cap_hash) = access(&app, &req, payload).await?;
    match app.store().journal_read(access.journal, cap_hash, access.from_seq).await? {
        Some(page) => Ok(octets(page.encode())),
        None => Err(Refusal::Unknown(REFUSED)),
    }
}

/// `POST /v1/journal/purge`.
pub(crate) async fn purge<S: Store>(app: web::Data<App<S>>, req: HttpRequest, payload: web::Payload) -> Answer {
    let (access, cap_hash) = access(&app, &req, payload).await?;
    discarded(app.store().journal_purge(access.journal, cap_hash).await?)
}

async fn access<S: Store>(
    app: &App<S>,
    req: &HttpRequest,
    payload: web::Payload,
) -> Result<(JournalAccess, [u8; 32]), Refusal> {
    let body = body::octets(app, req, payload, Length::Exactly(ACCESS_LEN)).await?;
    let access = JournalAccess::decode(&body.bytes)?;
    let cap_hash = kdf::digest("subrosa/journal-capability/v1", &[&access.capability]);
    Ok((access, cap_hash))
}
