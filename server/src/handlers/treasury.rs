//! What bounty administrators leave in public: signed records.

use actix_web::{HttpRequest, web};
use bytes::Bytes;
use serde::de::IgnoredAny;
use subrosa_crypto::{
    log::record_digest,
    sign::Domain,
    wire::{LeafKind, List, PublicRecord, RECORD_MAX, RecordPage},
};

use super::{Answer, octets};
use crate::{
    app::App,
    body::{self, Length, Whose},
    refusal::Refusal,
    store::{Store, StoreError, StoredRecord},
};

const RECORD_LEN_MAX: usize = 1 + 1 + 16 + 32 + 4 + RECORD_MAX + 64;
const NO_CHARTER: Refusal = Refusal::Forbidden("No charter is published yet.");

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
