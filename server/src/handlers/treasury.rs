//! What bounty administrators leave in public: spent nullifiers and signed records.

use std::collections::BTreeSet;

use actix_web::{HttpRequest, HttpResponse, web};
use bytes::Bytes;
use serde::de::IgnoredAny;
use subrosa_crypto::{
    log::record_digest,
    sign::Domain,
    wire::{LeafKind, List, PublicRecord, RECORD_MAX, RecordPage, SPEND_MAX, SpendRequest, SpendResponse},
};

use super::{Answer, octets};
use crate::{
    app::App,
    body::{self, Length, OCTETS, Whose},
    refusal::Refusal,
    store::{SpendOutcome, Store, StoreError, StoredRecord},
};

const SPEND_LEN_MAX: usize = 1 + 16 + 32 + 2 + SPEND_MAX * 32 + 64;
const RECORD_LEN_MAX: usize = 1 + 1 + 16 + 32 + 4 + RECORD_MAX + 64;
const NO_CHARTER: Refusal = Refusal::Forbidden("No charter is published yet.");

/// `POST /v1/spend`: 200 when all nullifiers are now this request's, 409 otherwise.
pub(crate) async fn spend<S: Store>(app: web::Data<App<S>>, req: HttpRequest, payload: web::Payload) -> Answer {
    let body = body::octets(&req, payload, Whose::Staff, Length::UpTo(SPEND_LEN_MAX)).await?;
    let request = SpendRequest::decode(&body.bytes)?;
    let directory = app.directory().ok_or(NO_CHARTER)?;
    directory
        .check(&request.signer, Domain::SPEND, &request.signed_part(), &request.signature)
        .ok()
        .filter(|holder| holder.administrator)
        .ok_or(Refusal::Forbidden("The signature is not by a bounty administrator whom the charter names."))?;
    if request.nullifiers.iter().collect::<BTreeSet<_>>().len() != request.nullifiers.len() {
        return Err(Refusal::Unacceptable("a nullifier stands in the request twice"));
    }
    let count = request.nullifiers.len();
    match app.store().spend_if_absent(request.nullifiers.into_vec(), request.context).await? {
        SpendOutcome::Spent => Ok(octets(spent(vec![request.context; count])?)),
        SpendOutcome::Refused(contexts) => {
            let contexts = contexts.into_iter().map(Option::unwrap_or_default).collect();
            Ok(HttpResponse::Conflict().content_type(OCTETS).body(spent(contexts)?))
        }
    }
}

fn spent(contexts: Vec<[u8; 32]>) -> Result<Vec<u8>, StoreError> {
    Ok(SpendResponse { contexts: contexts.try_into()? }.encode())
}

/// `POST /v1/records`: answered with the receipt of the record's leaf.
pub(crate) async fn append<S: Store>(app: web::Data<App<S>>, req: HttpRequest, payload: web::Payload) -> Answer {
    let body = body::octets(&req, payload, Whose::Staff, Length::UpTo(RECORD_LEN_MAX)).await?;
    let record = PublicRecord::decode(&body.bytes)?;
    let directory = app.directory().ok_or(NO_CHARTER)?;
    directory
        .check(&record.signer, Domain::RECORD, &record.signed_part(), &record.signature)
        .map_err(|_| Refusal::Forbidden("The signature is not by somebody whom the charter names."))?;
    // A record is judged by the charter that it names, so nobody may choose an old one.
    if record.charter != directory.charter.digest() {
        return Err(Refusal::Conflict(
            "The record names another charter than the newest. Nothing was stored. Fetch the charter and sign again.",
        ));
    }
    if serde_json::from_slice::<IgnoredAny>(&record.body).is_err() {
        return Err(Refusal::Unacceptable("the record's text is not JSON"));
    }
    let digest = record_digest(&body.bytes);
    let (salt, leaf) = app.salted_leaf(LeafKind::Record, &digest);
    let stored = app.store().record_append(Bytes::copy_from_slice(&body.bytes), salt, leaf).await?;
    Ok(octets(app.receipt(stored.salt, &leaf, stored.epoch).encode()))
}

/// `GET /v1/records?from=N`.
pub(crate) async fn records<S: Store>(app: web::Data<App<S>>, req: HttpRequest) -> Answer {
    let from = match req.query_string() {
        "" => 0,
        query => query
            .strip_prefix("from=")
            .and_then(|n| n.parse().ok())
            .ok_or(Refusal::Unacceptable("the question must be from= and a number"))?,
    };
    let (total, records) = app.store().records(from).await?;
    Ok(octets(page(total, from, records)?))
}

fn page(total: u64, from: u64, records: Vec<StoredRecord>) -> Result<Vec<u8>, StoreError> {
    let mut page = RecordPage { total, from, records: List::default() };
    for r in records {
        page.records.push((r.salt, r.epoch, r.bytes.to_vec().try_into()?))?;
    }
    Ok(page.encode())
}
