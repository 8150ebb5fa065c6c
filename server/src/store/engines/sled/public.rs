//! Verbs for what anybody may see: records, charters; and the server's own secrets.

use bytes::Bytes;
use subrosa_crypto::{encoding::Codec, kdf};

use super::{
    body::{BodyRef, SealedBody},
    group::Group,
    job::{Step, Stepped},
    rows,
};
use crate::store::{LeafData, StoreError, StoredRecord};

/// A record, digested and encrypted before it waits for the committer.
pub(super) struct PreparedRecord {
    bytes: Bytes,
    digest: [u8; 32],
    salt: [u8; 32],
    leaf: LeafData,
    body: SealedBody,
}

impl PreparedRecord {
    /// Encrypts the bytes.
    pub(super) fn new(bytes: Bytes, salt: [u8; 32], leaf: LeafData) -> Result<Self, StoreError> {
        let digest = kdf::digest("subrosa/store/record/v1", &[&bytes]);
        let body = SealedBody::seal(&bytes)?;
        Ok(Self { bytes, digest, salt, leaf, body })
    }
}

/// Appends a record, or finds the same one.
pub(super) fn record_append(group: &mut Group<'_>, new: &PreparedRecord) -> Stepped<StoredRecord> {
    if let Some(number) = group.row::<u64>(&rows::record_by_digest(&new.digest))? {
        let Some(standing) = group.row::<rows::Record>(&rows::record(number))? else {
            return Err(super::failures::damaged("a record is missing"));
        };
        return Ok(Step::Done(StoredRecord { salt: standing.salt, epoch: standing.epoch, bytes: new.bytes.clone() }));
    }
    if let Err(full) = group.check_room(new.body.slot_bytes()) {
        return Ok(Step::Refused(full));
    }
    let epoch = group.counters.open;
    let number = group.counters.records;
    let body = group.place(&new.body)?;
    group.put(rows::record(number), rows::Record { salt: new.salt, epoch, body }.encode());
    group.put(rows::record_by_digest(&new.digest), number.encode());
    group.counters.records = number + 1;
    group.promise(&new.leaf);
    Ok(Step::Done(StoredRecord { salt: new.salt, epoch, bytes: new.bytes.clone() }))
}

/// Stores a charter if its version follows the newest.
pub(super) fn charter_put(group: &mut Group<'_>, version: u64, body: &SealedBody, leaf: &LeafData) -> Stepped<bool> {
    let stands = |g: &Group<'_>, v: u64| g.get(&rows::charter(v)).map(|r| r.is_some());
    let follows = version >= 1 && !stands(group, version)? && (version == 1 || stands(group, version - 1)?);
    if !follows {
        return Ok(Step::Done(false));
    }
    if let Err(full) = group.check_room(body.slot_bytes()) {
        return Ok(Step::Refused(full));
    }
    let place: BodyRef = group.place(body)?;
    group.put(rows::charter(version), place.encode());
    group.promise(leaf);
    Ok(Step::Done(true))
}

/// Stores a secret unless one stands there.
pub(super) fn secret_or_insert(group: &mut Group<'_>, name: &str, fresh: [u8; 32]) -> Stepped<[u8; 32]> {
    let key = rows::secret(name);
    if let Some(standing) = group.row::<[u8; 32]>(&key)? {
        return Ok(Step::Done(standing));
    }
    group.put(key, fresh.to_vec());
    Ok(Step::Done(fresh))
}
