//! Journals: encrypted event chains, appended by compare-and-swap.

use actix_web::{HttpRequest, HttpResponse, web};
use sha2::{Digest, Sha256};
use subrosa_crypto::{
    keeper::{KeeperSignature, KeeperStatement},
    wire::{JournalAccess, JournalAppend, JournalPosition, JournalPurge, journal_cap_hash},
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

const KEEPERS_ONLY: &str = "Only a case officer may begin, turn or purge a journal, and signs for it under the newest \
                            charter, at that moment. Nothing was changed.";

/// `POST /v1/journal/append`: 200 with the new position, 409 with the standing one. Paid for like a deposit. To begin a
/// journal, and to change its capability, takes a case officer's signature: whoever filed the tip knows where its
/// officers meet, and must not be able to shut them out.
pub(crate) async fn append<S: Store>(app: web::Data<App<S>>, req: HttpRequest, payload: web::Payload) -> Answer {
    let body = body::octets(&req, payload, Whose::Staff, Length::UpTo(JournalAppend::LEN_MAX)).await?;
    let append = JournalAppend::decode(&body.bytes)?;
    let paid: [u8; 32] = Sha256::digest(body.bytes.get(JournalAppend::WORK_PREFIX..).unwrap_or_default()).into();
    app.challenges.check(append.work, &paid, app.uptime())?;
    if let Some(asked) = append.asks() {
        let signed = append.keeper.as_ref().ok_or(Refusal::Forbidden(KEEPERS_ONLY))?;
        asked_by_an_officer(&app, &asked, signed)?;
    }
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

/// `POST /v1/journal/purge`, by a case officer.
pub(crate) async fn purge<S: Store>(app: web::Data<App<S>>, req: HttpRequest, payload: web::Payload) -> Answer {
    let body = body::octets(&req, payload, Whose::Staff, Length::Exactly(JournalPurge::LEN)).await?;
    let purge = JournalPurge::decode(&body.bytes)?;
    asked_by_an_officer(&app, &JournalPurge::asks(purge.journal, &purge.capability), &purge.keeper)?;
    discarded(app.store().journal_purge(purge.journal, journal_cap_hash(&purge.capability)).await?)
}

/// Refuses what no case officer of the newest charter has just asked for.
fn asked_by_an_officer<S: Store>(
    app: &App<S>,
    asked: &KeeperStatement,
    signed: &KeeperSignature,
) -> Result<(), Refusal> {
    let forbidden = Refusal::Forbidden(KEEPERS_ONLY);
    let Some(directory) = app.directory().filter(|d| d.charter.digest() == signed.charter) else {
        return Err(forbidden);
    };
    let fresh = app.challenges.is_fresh(app.store().open_epoch(), signed.epoch);
    match directory.case_officer(&signed.holder) {
        Some(officer) if fresh && asked.verify(signed, &officer.key).is_ok() => Ok(()),
        _ => Err(forbidden),
    }
}

async fn access(req: &HttpRequest, payload: web::Payload) -> Result<(JournalAccess, [u8; 32]), Refusal> {
    let body = body::octets(req, payload, Whose::Strangers, Length::Exactly(ACCESS_LEN)).await?;
    let access = JournalAccess::decode(&body.bytes)?;
    let cap_hash = journal_cap_hash(&access.capability);
    Ok((access, cap_hash))
}
