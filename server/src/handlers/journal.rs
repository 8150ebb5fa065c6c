//! Journals: encrypted event chains, appended by compare-and-swap.

use actix_web::{HttpRequest, HttpResponse, web};
use sha2::{Digest, Sha256};
use subrosa_crypto::{
    kdf,
    wire::{JournalAccess, JournalAppend, JournalPosition},
};

use super::{Answer, discarded, octets};
use crate::{
    app::App,
    body::{self, Length, OCTETS, Whose},
    refusal::Refusal,
    store::{JournalOutcome, Store},
};

const ACCESS_LEN: usize = 1 + 32 + 32 + 8;
/// One text for every reason, so that a stranger does not learn which journals exist.
const REFUSED: &str = "There is no such journal, or this is not its current key.";

/// `POST /v1/journal/append`: 200 with the new position, 409 with the standing one. Paid for like a deposit: whoever
/// knows 32 random bytes can begin a journal, so nothing else would keep a stranger from filling the disk.
pub(crate) async fn append<S: Store>(app: web::Data<App<S>>, req: HttpRequest, payload: web::Payload) -> Answer {
    let body = body::octets(&req, payload, Whose::Staff, Length::UpTo(JournalAppend::LEN_MAX)).await?;
    let append = JournalAppend::decode(&body.bytes)?;
    let paid: [u8; 32] = Sha256::digest(body.bytes.get(JournalAppend::WORK_PREFIX..).unwrap_or_default()).into();
    app.challenges.check(app.store().open_epoch(), append.work, &paid, app.uptime())?;
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
    let (access, cap_hash) = access(&req, payload).await?;
    match app.store().journal_read(access.journal, cap_hash, access.from_seq).await? {
        Some(page) => Ok(octets(page.encode())),
        None => Err(Refusal::Unknown(REFUSED)),
    }
}

/// `POST /v1/journal/purge`.
pub(crate) async fn purge<S: Store>(app: web::Data<App<S>>, req: HttpRequest, payload: web::Payload) -> Answer {
    let (access, cap_hash) = access(&req, payload).await?;
    discarded(app.store().journal_purge(access.journal, cap_hash).await?)
}

async fn access(req: &HttpRequest, payload: web::Payload) -> Result<(JournalAccess, [u8; 32]), Refusal> {
    let body = body::octets(req, payload, Whose::Strangers, Length::Exactly(ACCESS_LEN)).await?;
    let access = JournalAccess::decode(&body.bytes)?;
    let cap_hash = kdf::digest("subrosa/journal-capability/v1", &[&access.capability]);
    Ok((access, cap_hash))
}
