//! Journals: encrypted event chains, appended by compare-and-swap.

use actix_web::{HttpRequest, HttpResponse, web};
use sha2::{Digest, Sha256};
use subrosa_crypto::{
    keeper::{KeeperProof, Keepers},
    wire::{JournalAccess, JournalAppend, JournalPosition, JournalPurge, journal_cap_hash},
};

use super::{Answer, discarded, octets};
use crate::{
    app::App,
    body::{self, Length, OCTETS},
    refusal::Refusal,
    store::{JournalOutcome, Store},
};

const ACCESS_LEN: usize = 1 + 32 + 32 + 8;
/// One text for every reason, so that a stranger does not learn which journals exist.
const REFUSED: &str = "There is no such journal, or this is not its current key.";

const KEEPERS_ONLY: &str = "Only a case officer of the newest charter may begin, turn or purge a journal.";

/// `POST /v1/journal/append`: 200 with the new position, 409 with the standing one. Paid for like a deposit. To begin a
/// journal, and to change its capability, takes the proof that a case officer asks, which does not say who: whoever
/// filed the tip knows where its officers meet, and must not be able to shut them out.
pub(crate) async fn append<S: Store>(app: web::Data<App<S>>, req: HttpRequest, payload: web::Payload) -> Answer {
    let body = body::octets(&app, &req, payload, Length::UpTo(JournalAppend::LEN_MAX)).await?;
    let append = JournalAppend::decode(&body.bytes)?;
    let paid: [u8; 32] = Sha256::digest(body.bytes.get(JournalAppend::WORK_PREFIX..).unwrap_or_default()).into();
    app.challenges.check(app.store().open_epoch(), append.work, &paid, app.uptime())?;
    if append.needs_keeper() {
        let proof = append.keeper.as_ref().ok_or(Refusal::Forbidden(KEEPERS_ONLY))?;
        kept_by_an_officer(&app, &append.keeper_message(), proof)?;
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
    let (access, cap_hash) = access(&app, &req, payload).await?;
    match app.store().journal_read(access.journal, cap_hash, access.from_seq).await? {
        Some(page) => Ok(octets(page.encode())),
        None => Err(Refusal::Unknown(REFUSED)),
    }
}

/// `POST /v1/journal/purge`, by a case officer.
pub(crate) async fn purge<S: Store>(app: web::Data<App<S>>, req: HttpRequest, payload: web::Payload) -> Answer {
    let body = body::octets(&app, &req, payload, Length::UpTo(JournalPurge::LEN_MAX)).await?;
    let purge = JournalPurge::decode(&body.bytes)?;
    let message = JournalPurge::keeper_message(&purge.journal, &purge.capability);
    kept_by_an_officer(&app, &message, &purge.keeper)?;
    discarded(app.store().journal_purge(purge.journal, journal_cap_hash(&purge.capability)).await?)
}

/// Refuses what no case officer of the charter that this server shows has asked for.
fn kept_by_an_officer<S: Store>(app: &App<S>, message: &[u8], proof: &KeeperProof) -> Result<(), Refusal> {
    let forbidden = Refusal::Forbidden(KEEPERS_ONLY);
    let Some(directory) = app.directory().filter(|d| d.version == proof.charter) else { return Err(forbidden) };
    let officers = directory.case_officers();
    match Keepers::new(officers).and_then(|ring| ring.verify(message, proof)) {
        Ok(()) => Ok(()),
        Err(_) => Err(forbidden),
    }
}

async fn access<S: Store>(
    app: &App<S>,
    req: &HttpRequest,
    payload: web::Payload,
) -> Result<(JournalAccess, [u8; 32]), Refusal> {
    let body = body::octets(app, req, payload, Length::Exactly(ACCESS_LEN)).await?;
    let access = JournalAccess::decode(&body.bytes)?;
    let cap_hash = journal_cap_hash(&access.capability);
    Ok((access, cap_hash))
}
