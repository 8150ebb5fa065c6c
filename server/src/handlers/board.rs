//! The board: deposits, lists, bodies by capability.

use actix_web::{HttpRequest, HttpResponse, web};
use bytes::{Bytes, BytesMut};
use subrosa_crypto::{
    kdf,
    log::envelope_digest,
    wire::{BLOCK_EPOCHS, CapHash, CapRequest, DepositRequest, DepositResponse, LeafKind},
};

use super::{Answer, discarded, immutable_octets, octets, path_number, taken};
use crate::{
    app::App,
    body::{self, Length, Whose},
    clock::wall_seconds,
    padding,
    refusal::Refusal,
    store::{DepositOutcome, Store},
};

/// `GET /v1/params`: what a client needs before anything else.
pub(crate) async fn params<S: Store>(app: web::Data<App<S>>) -> Answer {
    let store = app.store();
    let epoch = store.open_epoch();
    let seconds = app.settings().epoch.as_millis().div_ceil(1000);
    // Not the store's own: it has published an instant before the newest checkpoint can be worked on.
    let (last_published, checkpoint) = app.challenges.newest().map(|p| (p.epoch, p.note)).unzip();
    let body = serde_json::json!({
        "epoch": epoch,
        "first_epoch": store.first_epoch(),
        "last_published": last_published,
        "epoch_seconds": u64::try_from(seconds).unwrap_or(u64::MAX),
        "pow": { "difficulty": app.challenges.difficulty(app.uptime()) },
        "checkpoint": checkpoint,
        "charter_version": app.directory().map_or(0, |r| r.version),
        "now": wall_seconds() / 60 * 60,
    });
    Ok(HttpResponse::Ok().content_type("application/json").body(body.to_string()))
}

/// `POST /v1/deposit`: the one way in for whatever a source does.
pub(crate) async fn deposit<S: Store>(app: web::Data<App<S>>, req: HttpRequest, payload: web::Payload) -> Answer {
    let body = body::octets(&req, payload, Whose::Strangers, Length::Exactly(DepositRequest::LEN)).await?;
    let request = DepositRequest::decode(&body.bytes)?;
    // Both the proof of work and the leaves cover these: the bodies are hashed once.
    let digests = request.envelopes.each_ref().map(envelope_digest);
    let paid = kdf::sha256(&digests.concat());
    app.challenges.check(request.work, &paid, app.uptime())?;
    let envelopes = request.envelopes;
    if !envelopes.iter().all(|e| padding::hint_is_valid(&e.hint)) {
        // A hint that no element encodes to would stand out from the dummies in the list.
        return Err(Refusal::Unacceptable("a hint is not a valid group element"));
    }
    let [a, b, c, d] = &envelopes;
    if a.tag == b.tag || a.tag == c.tag || a.tag == d.tag || b.tag == c.tag || b.tag == d.tag || c.tag == d.tag {
        return Err(Refusal::Unacceptable("two envelopes have the same tag"));
    }
    let salted = digests.map(|d| app.salted_leaf(LeafKind::Deposit, &d));
    let leaves = salted.map(|(_, leaf)| leaf);
    match app.store().deposit(envelopes, leaves).await? {
        DepositOutcome::Stored(epochs) => {
            let mut epochs = epochs.into_iter();
            // One epoch for each envelope: both arrays have the same length.
            let receipts = salted.map(|(salt, leaf)| app.receipt(salt, &leaf, epochs.next().unwrap_or_default()));
            Ok(octets(DepositResponse { receipts }.encode()))
        }
        DepositOutcome::TagTaken => Err(Refusal::Conflict("A tag in this parcel is taken. Nothing was stored.")),
    }
}

/// `GET /v1/epoch/{n}/tags`.
pub(crate) async fn tags<S: Store>(app: web::Data<App<S>>, req: HttpRequest) -> Answer {
    list(&app, &req).await.map(|(tags, _)| immutable_octets(tags))
}

/// `GET /v1/epoch/{n}/hints`.
pub(crate) async fn hints<S: Store>(app: web::Data<App<S>>, req: HttpRequest) -> Answer {
    list(&app, &req).await.map(|(_, hints)| immutable_octets(hints))
}

/// `GET /v1/block/{n}/tags`: the tag files of a whole block of epochs, one behind the other, for readers who were away
/// for long.
pub(crate) async fn tag_block<S: Store>(app: web::Data<App<S>>, req: HttpRequest) -> Answer {
    block(&app, &req, |(tags, _)| tags).await
}

/// `GET /v1/block/{n}/hints`.
pub(crate) async fn hint_block<S: Store>(app: web::Data<App<S>>, req: HttpRequest) -> Answer {
    block(&app, &req, |(_, hints)| hints).await
}

async fn block<S: Store>(app: &App<S>, req: &HttpRequest, part: fn((Bytes, Bytes)) -> Bytes) -> Answer {
    let first = path_number(req, "n")?.checked_mul(BLOCK_EPOCHS).ok_or(Refusal::Unknown("There is no such block."))?;
    let mut body = BytesMut::new();
    for epoch in first..first.saturating_add(BLOCK_EPOCHS) {
        body.extend_from_slice(&part(closed(app, epoch).await?));
    }
    Ok(immutable_octets(body.freeze()))
}

async fn list<S: Store>(app: &App<S>, req: &HttpRequest) -> Result<(Bytes, Bytes), Refusal> {
    closed(app, path_number(req, "n")?).await
}

/// The two files of a closed epoch.
async fn closed<S: Store>(app: &App<S>, epoch: u64) -> Result<(Bytes, Bytes), Refusal> {
    if epoch < app.store().first_epoch() {
        return Err(Refusal::Gone("The list of this epoch is no longer kept."));
    }
    if app.store().last_published().is_none_or(|last| epoch > last) {
        return Err(Refusal::Unknown("This epoch is not closed yet."));
    }
    if let Some(list) = app.lists.get(epoch) {
        return Ok(list);
    }
    let list = app.store().list(epoch).await?.ok_or(Refusal::Gone("The list of this epoch is no longer kept."))?;
    app.lists.put(epoch, list.clone());
    Ok(list)
}

/// `POST /v1/take`.
pub(crate) async fn take<S: Store>(app: web::Data<App<S>>, req: HttpRequest, payload: web::Payload) -> Answer {
    let cap = capability(&req, payload).await?;
    taken(app.store().take(cap).await?)
}

/// `POST /v1/discard`.
pub(crate) async fn discard<S: Store>(app: web::Data<App<S>>, req: HttpRequest, payload: web::Payload) -> Answer {
    let cap = capability(&req, payload).await?;
    discarded(app.store().discard(cap).await?)
}

/// The digest of the capability in a request's body.
pub(crate) async fn capability(req: &HttpRequest, payload: web::Payload) -> Result<CapHash, Refusal> {
    let body = body::octets(req, payload, Whose::Strangers, Length::Exactly(CapRequest::LEN)).await?;
    let request = CapRequest::decode(&body.bytes)?;
    Ok(CapHash(kdf::digest("subrosa/capability/v1", &[&request.capability])))
}
