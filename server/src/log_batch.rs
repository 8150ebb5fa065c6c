//! Growing the log by one epoch: new stored hashes, the new root, the signed checkpoint; and the log's tiles.
//!
//! Spec: `docs/spec/board.md`, section "Log batches"; formats in `docs/spec/log.md`.

use bytes::Bytes;
use subrosa_crypto::{
    log::{
        Appender, Checkpoint, Hash, NoteAlgorithm, NoteKey, NoteSigner, Tile, TileKind, TreeHead, encode_entries,
        root_indexes, stored_count,
    },
    sign::{Domain, SigningKey},
    wire::Receipt,
};

use crate::store::{LeafData, Store, StoreError, Stored};

/// The log's name in checkpoints and key lines.
pub(crate) fn origin(programme: &str) -> String {
    format!("{programme}/log")
}

/// The promise that `leaf`, of whatever kind, will be in the log when `epoch` closes. For deposits
/// `crypto::log::sign_receipt` makes the same.
pub(crate) fn receipt(key: &SigningKey, salt: [u8; 32], leaf: &LeafData, epoch: u64) -> Receipt {
    let mut message = leaf.to_vec();
    message.extend_from_slice(&epoch.to_be_bytes());
    Receipt { salt, epoch, signature: key.sign(Domain::RECEIPT, &message) }
}

/// What a batch adds to the log.
pub(crate) struct Grown {
    pub(crate) hashes: Vec<[u8; 32]>,
    pub(crate) size: u64,
    pub(crate) root: Hash,
    pub(crate) checkpoint: Bytes,
}

fn broken(e: impl std::fmt::Display) -> StoreError {
    StoreError::Corrupt(format!("the log cannot grow: {e}"))
}

/// Appends `leaves` after those that the store holds: the batch of an epoch that was closed at a time (unix seconds).
/// Reads one hash for each one bit of the log's size.
pub(crate) async fn grow<S: Store>(
    store: &S,
    key: &SigningKey,
    origin: &str,
    leaves: &[LeafData],
    (epoch, time): (u64, u64),
) -> Stored<Grown> {
    let old = store.log_size();
    let edge = store.log_hashes(root_indexes(old).map_err(broken)?).await?;
    let mut tree = Appender::resume(old, &edge).map_err(broken)?;
    continues(store, &tree, key, origin).await?;
    let mut hashes = Vec::with_capacity(leaves.len().saturating_mul(2));
    for leaf in leaves {
        tree.append(leaf, &mut hashes);
    }
    let signer = NoteSigner::new(origin, key.clone()).map_err(broken)?;
    let head = TreeHead { origin: origin.to_owned(), size: tree.size(), root: tree.root(), epoch, time };
    let checkpoint = Bytes::from(head.sign(&signer).map_err(broken)?.to_bytes());
    Ok(Grown { hashes, size: tree.size(), root: tree.root(), checkpoint })
}

fn damaged(what: &str) -> StoreError {
    StoreError::Corrupt(format!("{what}. Restore a backup; nothing was signed and nothing was deleted"))
}

/// The checkpoint that was signed last; `None` before the first epoch closes.
pub(crate) async fn newest<S: Store>(store: &S, key: &SigningKey, origin: &str) -> Stored<Option<Checkpoint>> {
    let Some(note) = store.checkpoint().await? else { return Ok(None) };
    let log = NoteKey::new(origin, NoteAlgorithm::Ed25519, key.verifying_key()).map_err(broken)?;
    let signed = Checkpoint::verify(&note, &log, &[])
        .map_err(|e| damaged(&format!("the log's checkpoint is not one that this server signed ({e})")))?;
    Ok(Some(signed))
}

/// Whether the tree, as its stored hashes give it, is the one that was signed last. A flipped bit among them would
/// otherwise be signed, as a fork of the log.
async fn continues<S: Store>(store: &S, tree: &Appender, key: &SigningKey, origin: &str) -> Stored<()> {
    let Some(signed) = newest(store, key, origin).await? else {
        return if tree.size() == 0 {
            Ok(())
        } else {
            Err(damaged("the log has leaves, and its checkpoint is missing"))
        };
    };
    if signed.size() != tree.size() {
        return Err(damaged(&format!("the log has {} leaves, but {} were signed", tree.size(), signed.size())));
    }
    if *signed.root() != tree.root() {
        return Err(damaged(
            "the log's hashes (log-hashes) are not those that were signed: to go on would fork the log",
        ));
    }
    Ok(())
}

/// Leaves that are read at a time.
const STRETCH: u64 = 4096;

/// Reads the whole log: its hashes must be those of its leaves, and its root the one that was signed last. Answers how
/// many leaves there are.
///
/// # Errors
/// [`StoreError::Corrupt`] says what is wrong.
pub(crate) async fn check<S: Store>(store: &S, key: &SigningKey, origin: &str) -> Stored<u64> {
    let size = store.log_size();
    let mut tree = Appender::new();
    while tree.size() < size {
        let from = stored_count(tree.size());
        let leaves = store.log_leaves(tree.size(), STRETCH.min(size - tree.size())).await?;
        if leaves.is_empty() {
            return Err(damaged("the log's leaves (log-leaves) are fewer than were published"));
        }
        let mut hashes = Vec::with_capacity(leaves.len().saturating_mul(2));
        for leaf in &leaves {
            tree.append(leaf, &mut hashes);
        }
        let stored = store.log_hashes((from..from.saturating_add(hashes.len() as u64)).collect()).await?;
        if stored != hashes {
            return Err(damaged("the log's leaves (log-leaves) and its hashes (log-hashes) do not belong together"));
        }
    }
    continues(store, &tree, key, origin).await?;
    Ok(size)
}

/// A tile's bytes; `None` if the log has not grown so far.
pub(crate) async fn tile_bytes<S: Store>(store: &S, tile: Tile) -> Stored<Option<Bytes>> {
    if tile.end().is_none_or(|end| end > store.log_size()) {
        return Ok(None);
    }
    let rows = match tile.kind {
        TileKind::Hashes(_) => store.log_hashes(tile.stored_indexes()).await?,
        TileKind::Entries => store.log_leaves(tile.start(), tile.width.into()).await?,
    };
    if rows.len() != usize::from(tile.width) {
        return Err(StoreError::Corrupt("the log is shorter than its size says".into()));
    }
    Ok(Some(Bytes::from(match tile.kind {
        TileKind::Hashes(_) => rows.concat(),
        TileKind::Entries => encode_entries(&rows),
    })))
}
