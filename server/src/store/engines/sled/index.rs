//! The index behind the group log: rows of groups that stand already go into sled, and sled's file is synced once for
//! many groups.
//!
//! Spec: `docs/spec/storage.md`, "Index".

use std::{
    fs::File,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
        mpsc,
    },
};

use subrosa_crypto::encoding::Codec;

use super::{
    failures::{io, sled_failed},
    rows,
    standing::{Changes, Counters, Standing},
};
use crate::store::StoreError;

/// Rows that sled takes between two syncs of its file: then its log cannot run through more than a segment between
/// them.
pub(super) const SETTLE_ROWS: usize = 2048;

/// What the index is told.
pub(super) enum Work {
    /// Take these rows.
    Apply(Arc<Changes>, Counters),
    /// Make all that came before durable, then say so.
    Settle(mpsc::Sender<()>),
}

/// sled and its file.
pub(super) struct Index {
    /// The tree that takes the rows.
    pub(super) tree: sled::Tree,
    /// sled's own file, for the sync that sled does not do.
    pub(super) tree_file: File,
    /// What readers see.
    pub(super) standing: Arc<RwLock<Standing>>,
    /// The newest group that the tree has.
    pub(super) applied: Arc<AtomicU64>,
    /// The index's bytes when last looked at.
    pub(super) index_bytes: Arc<AtomicU64>,
    /// Rows since the last sync.
    pub(super) unsettled: usize,
}

impl Index {
    /// Gives a group's rows to sled; from then on readers find them there.
    pub(super) fn apply(&mut self, changes: &Changes, counters: Counters) -> Result<(), StoreError> {
        if self.unsettled > 0 && self.unsettled + changes.len() > SETTLE_ROWS {
            self.settle()?;
        }
        let mut batch = sled::Batch::default();
        for (key, change) in changes {
            match change {
                Some(value) => batch.insert(key.as_slice(), value.as_slice()),
                None => batch.remove(key.as_slice()),
            }
        }
        batch.insert(rows::meta("counters"), counters.encode());
        self.tree.apply_batch(batch).map_err(sled_failed)?;
        self.unsettled += changes.len() + 1;
        self.standing.write().unwrap_or_else(PoisonError::into_inner).ahead.pop_front();
        self.applied.store(counters.group, Ordering::Release);
        Ok(())
    }

    /// Makes durable what sled was given.
    pub(super) fn settle(&mut self) -> Result<(), StoreError> {
        if self.unsettled == 0 {
            return Ok(());
        }
        // sled's flush hands its bytes to the kernel and no further.
        self.tree.flush().map_err(sled_failed)?;
        self.tree_file.sync_data().map_err(|e| io("syncing the index", e))?;
        self.unsettled = 0;
        if let Ok(meta) = self.tree_file.metadata() {
            self.index_bytes.store(meta.len(), Ordering::Relaxed);
        }
        Ok(())
    }
}

/// Runs until nothing more can come, or sled fails; then settles.
pub(super) fn run(mut index: Index, work: &mpsc::Receiver<Work>, failed: impl Fn(&StoreError)) {
    while let Ok(work) = work.recv() {
        let done = match work {
            Work::Apply(changes, counters) => index.apply(&changes, counters),
            Work::Settle(done) => index.settle().map(|()| {
                // Whoever asked may have gone away.
                let _ = done.send(());
            }),
        };
        if let Err(error) = done {
            return failed(&error);
        }
    }
    if let Err(error) = index.settle() {
        failed(&error);
    }
}
