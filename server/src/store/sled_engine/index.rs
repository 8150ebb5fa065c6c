//! A group's second step: its rows, then the end of the keys that they no longer refer to. Then everybody is answered.
//!
//! Spec: `docs/spec/storage.md`, "Groups".

use std::{
    fs::File,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
};

use super::{
    committer::Job,
    group::{Counters, Written},
    io,
    rows::{self, Row},
    sled_failed,
    vault::Shredder,
};
use crate::store::StoreError;

/// What a group's second step is written to.
pub(super) struct Index {
    /// sled's tree.
    pub(super) tree: sled::Tree,
    /// sled's own file, for the sync that sled does not do.
    pub(super) tree_file: File,
    /// Overwrites keys.
    pub(super) shredder: Shredder,
    /// What readers see; held for writing while the index changes and is not yet durable.
    pub(super) standing: Arc<RwLock<Counters>>,
    /// The index's bytes when last looked at.
    pub(super) index_bytes: Arc<AtomicU64>,
}

impl Index {
    /// Makes a group's rows durable, then destroys the keys that it gave up.
    pub(super) fn commit(&self, group: &Written) -> Result<(), StoreError> {
        let Some(counters) = group.counters else { return Ok(()) };
        let mut batch = sled::Batch::default();
        for (key, change) in &*group.changes {
            match change {
                Some(value) => batch.insert(key.as_slice(), value.as_slice()),
                None => batch.remove(key.as_slice()),
            }
        }
        batch.insert(rows::meta("counters"), counters.encode());
        {
            let mut standing = self.standing.write().unwrap_or_else(PoisonError::into_inner);
            self.tree.apply_batch(batch).map_err(sled_failed)?;
            // sled's flush hands its bytes to the kernel and no further.
            self.tree.flush().map_err(sled_failed)?;
            self.tree_file.sync_data().map_err(|e| io("syncing the index", e))?;
            *standing = counters;
        }
        if let Ok(meta) = self.tree_file.metadata() {
            self.index_bytes.store(meta.len(), Ordering::Relaxed);
        }
        if group.shreds.is_empty() { Ok(()) } else { self.shredder.shred(&group.shreds) }
    }
}

/// A group on its way to its second step, with those who wait for it.
pub(super) struct Awaited {
    /// The group.
    pub(super) group: Written,
    /// Who waits.
    pub(super) jobs: Vec<Box<dyn Job>>,
}

impl Awaited {
    /// Answers everybody.
    pub(super) fn answer(self, durable: bool) {
        for job in self.jobs {
            job.answer(durable);
        }
    }
}

/// Runs until no group can come any more, or the disk fails. A group that changed nothing waits its turn too: what its verbs saw may be
/// what the group before it changed.
pub(super) fn run(index: &Index, groups: &mpsc::Receiver<Awaited>, failed: impl Fn(&StoreError)) {
    while let Ok(awaited) = groups.recv() {
        let committed = index.commit(&awaited.group);
        awaited.answer(committed.is_ok());
        if let Err(error) = committed {
            return failed(&error);
        }
    }
}
