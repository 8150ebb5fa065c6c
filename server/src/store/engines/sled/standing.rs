//! What stands: the counters, the rows of groups that the index may not have yet, what a group appended to the log.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use subrosa_crypto::{kdf, layout};

use super::rows::RowKey;

/// The epochs and the log's size, as they stand on disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Counters {
    /// The epoch that takes deposits.
    pub(super) open: u64,
    /// The epoch that is sealed and not yet published; 0 if none.
    pub(super) sealed: u64,
    /// The newest published epoch; 0 if none.
    pub(super) published: u64,
    /// The oldest epoch that is kept.
    pub(super) first: u64,
    /// The log's size in leaves.
    pub(super) log_size: u64,
    /// How many public records there are.
    pub(super) records: u64,
    /// The newest group.
    pub(super) group: u64,
}

impl Counters {
    /// Of a store that was just made.
    pub(super) const NEW: Self = Self { open: 1, sealed: 0, published: 0, first: 1, log_size: 0, records: 0, group: 0 };
}

layout! { Counters { open, sealed, published, first, log_size, records, group } }

/// Rows to set, or to remove.
pub(super) type Changes = BTreeMap<RowKey, Option<Vec<u8>>>;

/// Log entries that a group appended to the log's two files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Appended {
    /// The log's size before: leaves.
    pub(super) from: u64,
    /// The digest of what was appended to either file.
    pub(super) digest: [u8; 32],
}

layout! { Appended { from, digest } }

impl Appended {
    /// Of these bytes of leaves and hashes.
    pub(super) fn new(from: u64, leaves: &[u8], hashes: &[u8]) -> Self {
        Self { from, digest: kdf::digest("subrosa/store/log-append/v1", &[leaves, hashes]) }
    }
}

/// What is durable, as readers see it.
pub(super) struct Standing {
    /// The epochs and the log's size.
    pub(super) counters: Counters,
    /// The rows of the groups that the index may not have yet, the oldest first.
    pub(super) ahead: VecDeque<Arc<Changes>>,
}
