//! What the suite stores: contents that depend on a number only.

use bytes::Bytes;
use subrosa_crypto::{
    kdf,
    wire::{
        CapHash, ENVELOPE_LEN, Envelope, Hint, JournalAppend, JournalHead, JournalId, JournalPosition, PARCEL_COUNT,
        Tag, Work,
    },
};

use crate::store::{DepositOutcome, LeafData, NewBundle, PublishedEpoch, Store, StoreError};

/// `n` bytes that depend on `seed` only.
pub(crate) fn noise(seed: u64, n: usize) -> Vec<u8> {
    let mut out = vec![0u8; n];
    for (i, chunk) in out.chunks_mut(32).enumerate() {
        let d = kdf::digest("subrosa/test/noise", &[&seed.to_be_bytes(), &(i as u64).to_be_bytes()]);
        chunk.copy_from_slice(&d[..chunk.len()]);
    }
    out
}

pub(crate) fn bytes32(seed: u64) -> [u8; 32] {
    noise(seed, 32).try_into().unwrap()
}

pub(crate) fn envelope(seed: u64) -> Envelope {
    let head = noise(seed, 80);
    Envelope {
        tag: Tag(head[..16].try_into().unwrap()),
        hint: Hint(head[16..48].try_into().unwrap()),
        cap_hash: CapHash(head[48..].try_into().unwrap()),
        body: vec![(seed % 251) as u8; ENVELOPE_LEN].into_boxed_slice().try_into().unwrap(),
    }
}

/// Envelopes `4n .. 4n+4`, with their leaves.
pub(crate) fn parcel(n: u64) -> ([Envelope; PARCEL_COUNT], [LeafData; PARCEL_COUNT]) {
    let at = n * 4;
    let envelopes = [at, at + 1, at + 2, at + 3].map(envelope);
    let leaves = leaves(&envelopes);
    (envelopes, leaves)
}

/// Digests of whole envelopes, as the trait asks.
pub(crate) fn leaves(envelopes: &[Envelope; PARCEL_COUNT]) -> [LeafData; PARCEL_COUNT] {
    let leaf = |e: &Envelope| kdf::digest("subrosa/test/leaf", &[&e.encode()]);
    let [a, b, c, d] = envelopes;
    [leaf(a), leaf(b), leaf(c), leaf(d)]
}

pub(crate) async fn put(s: &impl Store, n: u64) -> DepositOutcome {
    let (envelopes, leaves) = parcel(n);
    s.deposit(envelopes, leaves).await.unwrap()
}

/// Deposits envelopes that a test has changed.
pub(crate) async fn deposit(s: &impl Store, envelopes: [Envelope; PARCEL_COUNT]) -> Result<DepositOutcome, StoreError> {
    let leaves = leaves(&envelopes);
    s.deposit(envelopes, leaves).await
}

fn stored_hashes(n: u64) -> u64 {
    2 * n - u64::from(n.count_ones())
}

/// A publication whose lists and log entries are recognisable.
pub(crate) fn publication(epoch: u64, old_size: u64, new: u64) -> PublishedEpoch {
    let size = old_size + new;
    PublishedEpoch {
        epoch,
        tags: Bytes::from(noise(epoch + 7000, 300)),
        hints: Bytes::from(noise(epoch + 8000, 600_000)),
        log_hashes: (stored_hashes(old_size)..stored_hashes(size)).map(|i| bytes32(i + 1_000_000)).collect(),
        log_leaves: (old_size..size).map(|i| bytes32(i + 2_000_000)).collect(),
        log_size: size,
        checkpoint: Bytes::from(format!("checkpoint {size}")),
    }
}

pub(crate) fn new_bundle(seed: u64) -> NewBundle {
    NewBundle { id: noise(seed, 16).try_into().unwrap(), bytes: Bytes::from(noise(seed, 1353)) }
}

/// A journal whose first capability is `capability(seed)`.
pub(crate) fn journal_id(seed: u64) -> JournalId {
    JournalId(cap_digest(seed))
}

pub(crate) fn cap_digest(seed: u64) -> [u8; 32] {
    kdf::digest("subrosa/journal-capability/v1", &[&bytes32(seed)])
}

/// Where every journal begins.
pub(crate) const START: JournalPosition = JournalPosition { seq: 0, head: JournalHead::EMPTY };

/// An append to journal `id` at `at`, with capability `cap` now and `next` afterwards.
pub(crate) fn append(id: JournalId, at: JournalPosition, cap: u64, next: u64, entry: Vec<u8>) -> JournalAppend {
    JournalAppend {
        work: Work { log_size: 0, nonce: 0 },
        journal: id,
        expected_seq: at.seq,
        expected_head: at.head,
        capability: bytes32(cap),
        next_cap_hash: cap_digest(next),
        leaf: bytes32(cap ^ entry.len() as u64),
        entry: entry.try_into().unwrap(),
        keeper: None,
    }
}
