//! A group's second step: its bodies, its keys, its log entries and its record in the group log are synced, all at the
//! same time; then the keys that it gave up are destroyed; then everybody is answered. The index follows in a thread of
//! its own.
//!
//! Spec: `docs/spec/storage.md`, "Groups".

use std::{
    fs::File,
    sync::{Arc, PoisonError, RwLock, mpsc},
};

use super::{
    group::Written,
    group_log::{self, GroupLog},
    index::Work,
    job::{Awaited, Waker},
    slots::Shredder,
    standing::Standing,
    sync::sync_together,
};
use crate::store::StoreError;

/// What a group's second step is written to.
pub(super) struct Syncer {
    /// The group log.
    pub(super) log: GroupLog,
    /// The key file.
    pub(super) shredder: Shredder,
    /// The log's leaves and its stored hashes.
    pub(super) log_files: [Arc<File>; 2],
    /// What readers see.
    pub(super) standing: Arc<RwLock<Standing>>,
}

impl Syncer {
    /// Makes a group durable, shows it to readers, then destroys the keys that it gave up. `settle` makes the index
    /// durable as far as groups stand; it is called when the group log is full.
    pub(super) fn commit(
        &mut self,
        group: &Written,
        settle: impl FnOnce() -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let Some(counters) = group.counters else { return Ok(()) };
        let content = group_log::content(group, &counters)?;
        if self.log.is_full(&content) {
            settle()?;
            self.log.restart()?;
        }
        self.shredder.begin(counters.group)?;
        self.log.append(counters.group, &content)?;
        let mut files: Vec<&File> = group.touched.iter().map(|f| &**f).collect();
        files.extend([self.shredder.file(), self.log.file()]);
        if group.appended.is_some() {
            files.extend(self.log_files.iter().map(|f| &**f));
        }
        sync_together(&files)?;
        {
            let mut standing = self.standing.write().unwrap_or_else(PoisonError::into_inner);
            standing.ahead.push_back(Arc::clone(&group.changes));
            standing.counters = counters;
        }
        if group.shreds.is_empty() { Ok(()) } else { self.shredder.shred(&group.shreds) }
    }
}

/// Runs until no group can come any more, or the disk fails. A group that changed nothing waits its turn too: what its
/// verbs saw may be what the group before it changed.
pub(super) fn run(
    mut syncer: Syncer,
    groups: &mpsc::Receiver<Awaited>,
    index: &mpsc::SyncSender<Work>,
    waker: &Waker,
    failed: impl Fn(&StoreError),
) {
    while let Ok(awaited) = groups.recv() {
        let settle = || {
            let (done, wait) = mpsc::channel();
            index.send(Work::Settle(done)).map_err(|_| StoreError::Closed)?;
            wait.recv().map_err(|_| StoreError::Closed)
        };
        let committed = syncer.commit(&awaited.group, settle).and_then(|()| match awaited.group.counters {
            Some(counters) => {
                let apply = Work::Apply(Arc::clone(&awaited.group.changes), counters);
                index.send(apply).map_err(|_| StoreError::Closed)
            }
            None => Ok(()),
        });
        if let Err(error) = committed {
            failed(&error);
            return awaited.answer(false);
        }
        awaited.answer(true);
        waker.wake_up();
    }
}
