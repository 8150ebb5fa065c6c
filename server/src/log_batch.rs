//! Growing the log by one epoch: new stored hashes, the new root, the signed checkpoint.

use bytes::Bytes;
use sha2::{Digest, Sha256};
use subrosa_crypto::{
    kdf,
    sign::{Domain, SigningKey, VerifyingKey},
    wire::{LeafKind, Receipt},
};

use crate::store::{LeafData, Store, Stored, StoreError};

/// A log of this programme.
pub(crate) fn origin(programme: &str) -> String {
    format!("{programme}/log")
}

/// PROVISIONAL
pub(crate) fn leaf_data(kind: LeafKind, salt: &[u8; 32], object_digest: &[u8; 32]) -> LeafData {
    kdf::digest("subrosa/leaf/v1", &[&[kind.to_byte()], salt, object_digest])
}

/// PROVISIONAL
pub(crate) fn receipt(key: &SigningKey, salt: [u8; 32], leaf: &LeafData, epoch: u64) -> Receipt {
    let mut message = leaf.to_vec();
    message.extend_from_slice(&epoch.to_be_bytes());
    Receipt { salt, epoch, signature: key.sign(Domain::RECEIPT, &message) }
}

/// What a batch adds to the log.
pub(crate) struct Grown {
    pub(crate) hashes: Vec<[u8; 32]>,
    pub(crate) size: u64,
    pub(crate) checkpoint: Bytes,
}

/// PROVISIONAL: index of a complete subtree's hash in post-order storage.
pub(crate) fn stored_index(level: u8, n: u64) -> u64 {
    let mut n = n;
    for _ in 0..level {
        n = 2 * n + 1;
    }
    let mut i = 0;
    let mut m = n;
    while m > 0 {
        i += m;
        m >>= 1;
    }
    i + u64::from(level)
}

fn leaf_hash(leaf: &LeafData) -> [u8; 32] {
    Sha256::new().chain_update([0]).chain_update(leaf).finalize().into()
}

fn node_hash(left: &[u8; 32], right: &[u8; 32]) -> [u8; 32] {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// Appends `leaves` after those that the store holds.
pub(crate) async fn grow<S: Store>(
    store: &S,
    key: &SigningKey,
    origin: &str,
    leaves: &[LeafData],
) -> Stored<Grown> {
    let old = store.log_size();
    let mut indexes = Vec::new();
    let mut first = 0u64;
    for level in (0..64u8).rev() {
        if old >> level & 1 == 1 {
            indexes.push(stored_index(level, first >> level));
            first += 1 << level;
        }
    }
    let wanted = indexes.len();
    let mut peaks = store.log_hashes(indexes).await?;
    if peaks.len() != wanted {
        return Err(StoreError::Corrupt("the log's stored hashes are incomplete".into()));
    }
    let mut hashes = Vec::with_capacity(leaves.len() * 2);
    let mut size = old;
    for leaf in leaves {
        let mut hash = leaf_hash(leaf);
        hashes.push(hash);
        let mut n = size;
        while n & 1 == 1 {
            if let Some(left) = peaks.pop() {
                hash = node_hash(&left, &hash);
                hashes.push(hash);
            }
            n >>= 1;
        }
        peaks.push(hash);
        size += 1;
    }
    let root = peaks.into_iter().rev().reduce(|right, left| node_hash(&left, &right)).unwrap_or_else(|| Sha256::digest([]).into());
    let checkpoint = Bytes::from(format!("{origin}\n{size}\n{}\n", hex::encode(root)));
    let _ = key;
    Ok(Grown { hashes, size, checkpoint })
}

/// PROVISIONAL
pub fn vkey(origin: &str, key: &VerifyingKey) -> String {
    format!("{origin}+{}", hex::encode(key.0))
}
