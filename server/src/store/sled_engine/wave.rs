//! A group's second step: its bodies, its keys, its log entries and its record in the group log are synced, all at the
//! same time; then the keys that it gave up are destroyed; then everybody is answered. The index follows in a thread of
//! its own.
//!
//! Spec: `docs/spec/storage.md`, "Groups".

use std::{
    collections::VecDeque,
    fs::File,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
};

use tokio::sync::mpsc::WeakSender;

use super::{
    committer::{Job, Request},
    group::{Changes, Counters, Written},
    group_log::{self, GroupLog},
    index::Work,
    layout::sync_together,
    vault::Shredder,
};
use crate::store::StoreError;

/// What is durable, as readers see it.
pub(super) struct Standing {
    /// The epochs and the log's size.
    pub(super) counters: Counters,
    /// The rows of the groups that the index may not have yet, the oldest first.
    pub(super) ahead: VecDeque<Arc<Changes>>,
}

/// What a group's second step is written to.
pub(super) struct Wave {
    /// The group log.
    pub(super) log: GroupLog,
    /// The key file.
    pub(super) shredder: Shredder,
    /// The log's leaves and its stored hashes.
    pub(super) log_files: [Arc<File>; 2],
    /// What readers see.
    pub(super) standing: Arc<RwLock<Standing>>,
}

impl Wave {
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

/// Tells the committer that the second step waits for a group; also at its end, however that comes, so that nobody
/// waits for it for ever.
pub(super) struct Doorbell {
    /// Whether it waits.
    pub(super) free: Arc<AtomicBool>,
    /// Wakes the committer.
    pub(super) wake: WeakSender<Request>,
}

impl Doorbell {
    fn ring(&self) {
        self.free.store(true, Ordering::Release);
        if let Some(requests) = self.wake.upgrade() {
            // A full queue means that the committer is awake anyway.
            let _ = requests.try_send(Request::Wake);
        }
    }
}

impl Drop for Doorbell {
    fn drop(&mut self) {
        self.ring();
    }
}

/// Runs until no group can come any more, or the disk fails. A group that changed nothing waits its turn too: what its
/// verbs saw may be what the group before it changed.
pub(super) fn run(
    mut wave: Wave,
    groups: &mpsc::Receiver<Awaited>,
    index: &mpsc::SyncSender<Work>,
    bell: &Doorbell,
    failed: impl Fn(&StoreError),
) {
    while let Ok(awaited) = groups.recv() {
        let settle = || {
            let (done, wait) = mpsc::channel();
            index.send(Work::Settle(done)).map_err(|_| StoreError::Closed)?;
            wait.recv().map_err(|_| StoreError::Closed)
        };
        let committed = wave.commit(&awaited.group, settle).and_then(|()| match awaited.group.counters {
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
        bell.ring();
    }
}
