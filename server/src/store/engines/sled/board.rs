//! Verbs of the board: parcels, epochs, discards, expiry, blobs.

use subrosa_crypto::{
    kdf,
    wire::{CapHash, Codec, Envelope, Hint, PARCEL_COUNT, Tag},
};

use super::{
    body::SealedBody,
    group::{Group, stored_hashes},
    job::{Step, Stepped},
    rows,
};
use crate::store::{BlobOutcome, DepositOutcome, Discarded, LeafData, PublishedEpoch, SealedEpoch, StoreError};

/// Rows that a cleaning handles in one group.
const CLEAN_STEP: usize = 512;

/// An envelope, encrypted before it waits for the committer.
pub(super) struct Prepared {
    tag: Tag,
    hint: Hint,
    cap: CapHash,
    leaf: LeafData,
    body: SealedBody,
}

impl Prepared {
    /// Encrypts the body.
    pub(super) fn new(envelope: &Envelope, leaf: LeafData) -> Result<Self, StoreError> {
        let body = SealedBody::seal(envelope.body.as_slice())?;
        Ok(Self { tag: envelope.tag, hint: envelope.hint, cap: envelope.cap_hash, leaf, body })
    }
}

/// Stores what of the parcel does not stand yet.
pub(super) fn deposit(group: &mut Group<'_>, parcel: &[Prepared; PARCEL_COUNT]) -> Stepped<DepositOutcome> {
    let mut epochs = [0u64; PARCEL_COUNT];
    let mut fresh: Vec<&Prepared> = Vec::with_capacity(PARCEL_COUNT);
    for (e, epoch) in parcel.iter().zip(&mut epochs) {
        let standing = group.row::<rows::Standing>(&rows::tag(e.tag))?;
        match standing.filter(|s| s.epoch >= group.counters.first) {
            Some(s) if s.leaf == e.leaf => *epoch = s.epoch,
            Some(_) => return Ok(Step::Done(DepositOutcome::TagTaken)),
            None => {
                // A capability opens one envelope only, also within the parcel.
                let twice = fresh.iter().any(|f| f.tag == e.tag || f.cap == e.cap);
                if twice || group.get(&rows::envelope(e.cap))?.is_some() {
                    return Ok(Step::Done(DepositOutcome::TagTaken));
                }
                *epoch = group.counters.open;
                fresh.push(e);
            }
        }
    }
    if !fresh.is_empty()
        && let Err(full) = group.check_room(fresh.iter().map(|e| e.body.slot_bytes()).sum())
    {
        return Ok(Step::Refused(full));
    }
    let epoch = group.counters.open;
    for e in fresh {
        let body = group.place(&e.body)?;
        group.put(rows::tag(e.tag), rows::Standing { epoch, leaf: e.leaf }.encode());
        group.put(rows::envelope(e.cap), rows::Envelope::Here { epoch, tag: e.tag, body }.encode());
        let listed = rows::Listed { hint: e.hint.0, leaf: e.leaf, cap: Some(e.cap) };
        group.put(rows::by_epoch(epoch, e.tag), listed.encode());
    }
    Ok(Step::Done(DepositOutcome::Stored(epochs)))
}

/// Destroys an envelope's body.
pub(super) fn discard(group: &mut Group<'_>, cap: CapHash) -> Stepped<Discarded> {
    let key = rows::envelope(cap);
    match group.row::<rows::Envelope>(&key)? {
        None => Ok(Step::Done(Discarded::Unknown)),
        Some(rows::Envelope::Gone) => Ok(Step::Done(Discarded::Before)),
        Some(rows::Envelope::Here { body, .. }) if group.is_fresh(&body) => Ok(Step::Again),
        Some(rows::Envelope::Here { epoch, tag, body }) => {
            group.shred(&body);
            group.put(key, rows::Envelope::Gone.encode());
            let listed_key = rows::by_epoch(epoch, tag);
            if let Some(listed) = group.row::<rows::Listed>(&listed_key)? {
                group.put(listed_key, rows::Listed { cap: None, ..listed }.encode());
            }
            Ok(Step::Done(destroyed(group, epoch)))
        }
    }
}

/// What to call a destruction that happens now: an expiry that has been decided counts as before, even where its key
/// still stood until now.
fn destroyed(group: &Group<'_>, epoch: u64) -> Discarded {
    if epoch < group.counters.first { Discarded::Before } else { Discarded::Now }
}

/// Opens the next epoch, then tells what stood in the old one.
pub(super) fn seal_epoch(group: &mut Group<'_>) -> Stepped<SealedEpoch> {
    let epoch = group.counters.sealed;
    if epoch == 0 {
        if group.is_empty() {
            group.counters.sealed = group.counters.open;
            group.counters.open += 1;
        }
        return Ok(Step::Again);
    }
    let mut sealed = SealedEpoch { epoch, rows: Vec::new(), leaves: Vec::new() };
    group.visit(&rows::by_epoch_in(epoch), |key, value| {
        let (_, tag) = rows::split_by_epoch::<16>(key)?;
        let listed = rows::value::<rows::Listed>(value)?;
        sealed.rows.push((Tag(tag), Hint(listed.hint)));
        sealed.leaves.push(listed.leaf);
        Ok(true)
    })?;
    group.visit(&rows::leaves(epoch), |key, _| {
        sealed.leaves.push(rows::split_by_epoch::<32>(key)?.1);
        Ok(true)
    })?;
    Ok(Step::Done(sealed))
}

/// A published epoch, its lists encrypted before it waits for the committer.
pub(super) struct Publication {
    epoch: PublishedEpoch,
    tags: SealedBody,
    hints: SealedBody,
    stored: bool,
}

impl Publication {
    /// Encrypts the lists.
    pub(super) fn new(epoch: PublishedEpoch) -> Result<Self, StoreError> {
        let (tags, hints) = (SealedBody::seal(&epoch.tags)?, SealedBody::seal(&epoch.hints)?);
        Ok(Self { epoch, tags, hints, stored: false })
    }
}

/// Stores the lists and the log batch, then forgets the leaves that were waiting for it.
pub(super) fn publish_epoch(group: &mut Group<'_>, publication: &mut Publication) -> Stepped<()> {
    if publication.stored {
        return Ok(if clean_published(group)? { Step::Again } else { Step::Done(()) });
    }
    if !group.is_empty() {
        return Ok(Step::Again);
    }
    let p = &publication.epoch;
    let refused =
        |why: &str| Ok(Step::Refused(StoreError::Io(format!("epoch {} cannot be published: {why}", p.epoch))));
    if group.counters.sealed != p.epoch || p.epoch == 0 {
        return refused("it is not the sealed one");
    }
    let old = group.counters.log_size;
    if p.log_size.checked_sub(old) != Some(p.log_leaves.len() as u64) {
        return refused("the log's size and the number of new leaves do not fit");
    }
    if stored_hashes(p.log_size) - stored_hashes(old) != p.log_hashes.len() as u64 {
        return refused("the log's size and the number of new hashes do not fit");
    }
    let lists = rows::Lists { tags: group.place(&publication.tags)?, hints: group.place(&publication.hints)? };
    group.put(rows::list(p.epoch), lists.encode());
    group.append_log(p.log_leaves.clone(), p.log_hashes.clone(), p.log_size);
    group.put(rows::meta("checkpoint"), p.checkpoint.to_vec());
    group.counters.published = p.epoch;
    group.counters.sealed = 0;
    publication.stored = true;
    Ok(Step::Again)
}

/// Removes leaf rows of epochs that are published; true if more may be left.
pub(super) fn clean_published(group: &mut Group<'_>) -> Result<bool, StoreError> {
    let mut removed = false;
    for (key, _) in group.scan(&rows::leaves_all(), CLEAN_STEP)? {
        let (epoch, _) = rows::split_by_epoch::<32>(&key)?;
        if epoch > group.counters.published {
            break;
        }
        group.remove(key);
        removed = true;
    }
    Ok(removed)
}

/// An expiry under way.
pub(super) struct Expiry {
    before: u64,
    begun: bool,
    bodies: u64,
}

impl Expiry {
    /// Of everything before epoch `before`.
    pub(super) fn new(before: u64) -> Self {
        Self { before, begun: false, bodies: 0 }
    }
}

/// Moves the line first, in one durable step, then destroys what lies before it.
pub(super) fn expire(group: &mut Group<'_>, expiry: &mut Expiry) -> Stepped<u64> {
    if !group.is_empty() {
        return Ok(Step::Again);
    }
    if !expiry.begun {
        expiry.begun = true;
        // What is not published yet is still owed to the list and the log.
        let before = expiry.before.min(group.counters.published + 1);
        // Even if the line stands there already: another expiry may still be at work behind it, and this one's answer
        // means that all is gone.
        group.counters.first = before.max(group.counters.first);
        return Ok(Step::Again);
    }
    let (bodies, more) = clean_expired(group)?;
    expiry.bodies += bodies;
    Ok(if more { Step::Again } else { Step::Done(expiry.bodies) })
}

/// Destroys some of what expired: how many bodies, and whether more may be left.
pub(super) fn clean_expired(group: &mut Group<'_>) -> Result<(u64, bool), StoreError> {
    let first = group.counters.first;
    let (mut bodies, mut removed) = (0, 0);
    for (key, value) in group.scan(&rows::by_epoch_all(), CLEAN_STEP)? {
        let (epoch, tag) = rows::split_by_epoch::<16>(&key)?;
        if epoch >= first {
            break;
        }
        if let Some(cap) = rows::value::<rows::Listed>(&value)?.cap {
            let cap_key = rows::envelope(cap);
            if let Some(rows::Envelope::Here { body, .. }) = group.row(&cap_key)? {
                group.shred(&body);
                group.put(cap_key, rows::Envelope::Gone.encode());
                bodies += 1;
            }
        }
        let tag_key = rows::tag(Tag(tag));
        if group.row::<rows::Standing>(&tag_key)?.is_some_and(|s| s.epoch == epoch) {
            group.remove(tag_key);
        }
        group.remove(key);
        removed += 1;
    }
    for (key, _) in group.scan(&rows::blob_by_epoch_all(), CLEAN_STEP)? {
        let (epoch, name) = rows::split_by_epoch::<32>(&key)?;
        if epoch >= first {
            break;
        }
        let blob_key = rows::blob(CapHash(name));
        if let Some(rows::Blob::Here { body, .. }) = group.row(&blob_key)? {
            group.shred(&body);
            group.put(blob_key, rows::Blob::Gone.encode());
            bodies += 1;
        }
        group.remove(key);
        removed += 1;
    }
    for (key, value) in group.scan(&rows::lists(), CLEAN_STEP)? {
        let (epoch, []) = rows::split_by_epoch::<0>(&key)?;
        if epoch >= first {
            break;
        }
        let lists = rows::value::<rows::Lists>(&value)?;
        group.shred(&lists.tags);
        group.shred(&lists.hints);
        group.remove(key);
        removed += 1;
    }
    Ok((bodies, removed > 0))
}

/// A blob, digested and encrypted before it waits for the committer.
pub(super) struct PreparedBlob {
    name: CapHash,
    digest: [u8; 32],
    body: SealedBody,
}

impl PreparedBlob {
    /// Encrypts the bytes.
    pub(super) fn new(name: CapHash, bytes: &[u8]) -> Result<Self, StoreError> {
        let digest = kdf::digest("subrosa/store/blob/v1", &[&name.0, bytes]);
        Ok(Self { name, digest, body: SealedBody::seal(bytes)? })
    }
}

/// Stores a blob unless something stands, or stood, under its name.
pub(super) fn blob_put(group: &mut Group<'_>, blob: &PreparedBlob) -> Stepped<BlobOutcome> {
    let key = rows::blob(blob.name);
    match group.row::<rows::Blob>(&key)? {
        Some(rows::Blob::Here { epoch, digest, .. }) if epoch >= group.counters.first && digest == blob.digest => {
            return Ok(Step::Done(BlobOutcome::Stored));
        }
        Some(_) => return Ok(Step::Done(BlobOutcome::Taken)),
        None => {}
    }
    if let Err(full) = group.check_room(blob.body.slot_bytes()) {
        return Ok(Step::Refused(full));
    }
    let body = group.place(&blob.body)?;
    let epoch = group.counters.open;
    group.put(key, rows::Blob::Here { epoch, digest: blob.digest, body }.encode());
    group.put(rows::blob_by_epoch(epoch, blob.name), Vec::new());
    Ok(Step::Done(BlobOutcome::Stored))
}

/// Destroys a blob.
pub(super) fn blob_discard(group: &mut Group<'_>, name: CapHash) -> Stepped<Discarded> {
    let key = rows::blob(name);
    match group.row::<rows::Blob>(&key)? {
        None => Ok(Step::Done(Discarded::Unknown)),
        Some(rows::Blob::Gone) => Ok(Step::Done(Discarded::Before)),
        Some(rows::Blob::Here { body, .. }) if group.is_fresh(&body) => Ok(Step::Again),
        Some(rows::Blob::Here { epoch, body, .. }) => {
            group.shred(&body);
            group.put(key, rows::Blob::Gone.encode());
            group.remove(rows::blob_by_epoch(epoch, name));
            Ok(Step::Done(destroyed(group, epoch)))
        }
    }
}
