//! The engine over sled 0.34: sled keeps short index rows only; bodies lie in slotted segment files, each under its own
//! key, and the keys in a file that is overwritten in place. All writes go through one thread, in groups that are
//! synced before anybody is answered.
//!
//! Spec: `docs/spec/storage.md`; reasons: `docs/adr/0002-storage-engine.md`.

mod board;
mod body;
mod bundles;
mod committer;
mod failures;
mod group;
mod group_log;
mod index;
mod job;
mod journals;
mod layout;
mod public;
mod reader;
mod recovery;
mod rows;
mod slot;
mod slots;
mod standing;
mod sync;
mod syncer;
#[cfg(test)]
mod tests;

use std::{
    path::Path,
    sync::{
        Arc, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
};

use bytes::Bytes;
use failures::io;
use group::Group;
use job::{Asked, Request, Stepped};
use reader::Reading;
use subrosa_crypto::{
    sign::HolderId,
    wire::{BundleStock, CapHash, Envelope, JournalAppend, JournalId, JournalPage, PARCEL_COUNT},
};
use tokio::sync::{mpsc, oneshot};

use crate::store::{
    BlobOutcome, DepositOutcome, Discarded, HandedOut, JournalOutcome, LeafData, NewBundle, PublishedEpoch,
    SealedEpoch, Store, StoreError, Stored, StoredRecord, Taken,
    engines::{Bodies, Engine, Limits},
};

/// What an operator can set.
#[derive(Debug, Clone, Copy)]
pub struct SledOptions {
    /// The most bytes that bodies and index may fill; beyond, writes answer [`StoreError::Full`]. Discards still work.
    pub max_bytes: u64,
    /// sled's page cache: bytes, by its own count (it takes two to three times as many).
    pub cache_bytes: u64,
}

impl Default for SledOptions {
    fn default() -> Self {
        Self { max_bytes: u64::MAX, cache_bytes: 16 * 1024 * 1024 }
    }
}

/// How many groups may stand before the index has taken them.
const INDEX_BEHIND: usize = 8;

fn spawn(name: &str, run: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, StoreError> {
    std::thread::Builder::new().name(name.into()).spawn(run).map_err(|e| io("starting a thread", e))
}

/// A store in one directory, used by one process.
pub struct SledStore {
    reading: Arc<Reading>,
    requests: mpsc::Sender<Request>,
    committer: Option<JoinHandle<()>>,
}

impl SledStore {
    /// Opens the store in `dir`, or makes one if the directory is empty or missing. Blocks; finishes what a crash
    /// interrupted.
    pub fn open(dir: &Path, options: SledOptions) -> Result<Self, StoreError> {
        let recovery::Opened { disk, syncer, index, reading } = recovery::open(dir, options)?;
        let reading = Arc::new(reading);
        let stop = |reading: &Arc<Reading>| {
            let reading = Arc::clone(reading);
            move |error: &StoreError| {
                reading.closed.store(true, Ordering::Release);
                // sled syncs when it is dropped, and panics if that fails; so this one never is.
                std::mem::forget(reading.tree.clone());
                tracing::error!(
                    %error,
                    "the store stops, for it is not known what the disk holds. Restart to recover what was acknowledged"
                );
            }
        };
        let (requests, receiver) = mpsc::channel(committer::QUEUE);
        let (to_index, work) = std::sync::mpsc::sync_channel(INDEX_BEHIND);
        let failed = stop(&reading);
        let index = spawn("store-index", move || index::run(index, &work, failed))?;
        // No room in between: a group is handed over when the one before it is durable.
        let (groups, to_syncer) = std::sync::mpsc::sync_channel(0);
        let free = Arc::new(AtomicBool::new(true));
        let waker = job::Waker { free: Arc::clone(&free), wake: requests.downgrade() };
        let failed = stop(&reading);
        let syncer = spawn("store-syncer", move || syncer::run(syncer, &to_syncer, &to_index, &waker, failed))?;
        let failed = stop(&reading);
        let second = committer::Second { groups, free, threads: vec![syncer, index] };
        let committer = spawn("store-committer", move || committer::run(disk, receiver, second, failed))?;
        Ok(Self { reading, requests, committer: Some(committer) })
    }

    /// Hands a verb to the committer and waits until its group is durable.
    async fn write<T, F>(&self, verb: F) -> Stored<T>
    where
        T: Send + 'static,
        F: FnMut(&mut Group<'_>) -> Stepped<T> + Send + 'static,
    {
        self.reading.check_open()?;
        let (reply, answer) = oneshot::channel();
        let job = Box::new(Asked::new(verb, reply));
        self.requests.send(Request::Do(job)).await.map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    /// Runs a read where it may wait for the disk.
    async fn read<T, F>(&self, read: F) -> Stored<T>
    where
        T: Send + 'static,
        F: FnOnce(&Reading) -> Stored<T> + Send + 'static,
    {
        self.reading.check_open()?;
        let reading = Arc::clone(&self.reading);
        tokio::task::spawn_blocking(move || read(&reading)).await.map_err(|_| StoreError::Closed)?
    }

    fn counters(&self) -> standing::Counters {
        self.reading.standing.read().unwrap_or_else(PoisonError::into_inner).counters
    }

    /// The raw key of a standing envelope's body, for tests that look for it on the disk once it was destroyed.
    #[cfg(test)]
    pub(super) fn raw_key(&self, cap: CapHash) -> Option<[u8; 32]> {
        self.reading.reader.raw_key(&self.reading.place(cap)?)
    }
}

impl Engine for SledStore {
    fn open_in(dir: &Path, limits: Limits) -> Result<Self, StoreError> {
        Self::open(dir, SledOptions { max_bytes: limits.max_bytes, ..SledOptions::default() })
    }

    fn is_made(dir: &Path) -> Result<bool, StoreError> {
        layout::is_made(dir)
    }

    fn read_all(&self) -> Result<Bodies, StoreError> {
        self.reading.check_open()?;
        self.reading.read_all()
    }
}

impl Drop for SledStore {
    fn drop(&mut self) {
        self.reading.closed.store(true, Ordering::Release);
        // The committer stops once every sender is gone.
        self.requests = mpsc::channel(1).0;
        if let Some(committer) = self.committer.take() {
            let _ = committer.join();
        }
    }
}

impl Store for SledStore {
    async fn deposit(
        &self,
        envelopes: [Envelope; PARCEL_COUNT],
        leaves: [LeafData; PARCEL_COUNT],
    ) -> Stored<DepositOutcome> {
        let [a, b, c, d] = envelopes;
        let [la, lb, lc, ld] = leaves;
        let parcel = [
            board::Prepared::new(&a, la)?,
            board::Prepared::new(&b, lb)?,
            board::Prepared::new(&c, lc)?,
            board::Prepared::new(&d, ld)?,
        ];
        self.write(move |g| board::deposit(g, &parcel)).await
    }

    fn open_epoch(&self) -> u64 {
        self.counters().open
    }

    fn last_published(&self) -> Option<u64> {
        Some(self.counters().published).filter(|e| *e > 0)
    }

    fn first_epoch(&self) -> u64 {
        self.counters().first
    }

    async fn seal_epoch(&self) -> Stored<SealedEpoch> {
        self.write(board::seal_epoch).await
    }

    async fn publish_epoch(&self, published: PublishedEpoch) -> Stored<()> {
        let mut publication = board::Publication::new(published)?;
        self.write(move |g| board::publish_epoch(g, &mut publication)).await
    }

    async fn list(&self, epoch: u64) -> Stored<Option<(Bytes, Bytes)>> {
        self.read(move |r| r.list(epoch)).await
    }

    async fn take(&self, cap: CapHash) -> Stored<Taken> {
        self.read(move |r| r.take(cap)).await
    }

    async fn discard(&self, cap: CapHash) -> Stored<Discarded> {
        self.write(move |g| board::discard(g, cap)).await
    }

    async fn expire(&self, before_epoch: u64) -> Stored<u64> {
        let mut expiry = board::Expiry::new(before_epoch);
        self.write(move |g| board::expire(g, &mut expiry)).await
    }

    async fn blob_put(&self, name: CapHash, bytes: Bytes) -> Stored<BlobOutcome> {
        let blob = board::PreparedBlob::new(name, &bytes)?;
        self.write(move |g| board::blob_put(g, &blob)).await
    }

    async fn blob_stands(&self, name: CapHash) -> Stored<bool> {
        self.read(move |r| r.blob_stands(name)).await
    }

    async fn blob_take(&self, name: CapHash) -> Stored<Taken> {
        self.read(move |r| r.blob_take(name)).await
    }

    async fn blob_discard(&self, name: CapHash) -> Stored<Discarded> {
        self.write(move |g| board::blob_discard(g, name)).await
    }

    async fn publish_bundles(
        &self,
        holder: HolderId,
        one_time: Vec<NewBundle>,
        fallback: Option<NewBundle>,
    ) -> Stored<BundleStock> {
        let one_time = one_time.iter().map(bundles::PreparedBundle::new).collect::<Result<Vec<_>, _>>()?;
        let fallback = fallback.as_ref().map(bundles::PreparedBundle::new).transpose()?;
        self.write(move |g| bundles::publish_bundles(g, holder, &one_time, fallback.as_ref())).await
    }

    async fn hand_out_bundle(
        &self,
        holder: HolderId,
        good: impl Fn(&[u8]) -> bool + Send + 'static,
    ) -> Stored<HandedOut> {
        self.write(move |g| bundles::hand_out_bundle(g, holder, &good)).await
    }

    async fn retain_bundles(&self, holder: HolderId, good: impl Fn(&[u8]) -> bool + Send + 'static) -> Stored<()> {
        self.write(move |g| bundles::retain_bundles(g, holder, &good)).await
    }

    async fn journal_append(&self, append: JournalAppend) -> Stored<JournalOutcome> {
        let append = journals::PreparedAppend::new(&append)?;
        self.write(move |g| journals::journal_append(g, &append)).await
    }

    async fn journal_read(&self, journal: JournalId, cap_hash: [u8; 32], from_seq: u64) -> Stored<Option<JournalPage>> {
        self.read(move |r| r.journal(journal, cap_hash, from_seq)).await
    }

    async fn journal_purge(&self, journal: JournalId, cap_hash: [u8; 32]) -> Stored<Discarded> {
        let mut begun = None;
        self.write(move |g| journals::journal_purge(g, journal, cap_hash, &mut begun)).await
    }

    async fn record_append(&self, bytes: Bytes, salt: [u8; 32], leaf: LeafData) -> Stored<StoredRecord> {
        let record = public::PreparedRecord::new(bytes, salt, leaf)?;
        self.write(move |g| public::record_append(g, &record)).await
    }

    async fn records(&self, from: u64) -> Stored<(u64, Vec<StoredRecord>)> {
        self.read(move |r| r.records(from)).await
    }

    async fn charter_put(&self, version: u64, bytes: Bytes, leaf: LeafData) -> Stored<bool> {
        let body = body::SealedBody::seal(&bytes)?;
        self.write(move |g| public::charter_put(g, version, &body, &leaf)).await
    }

    async fn charter(&self, version: Option<u64>) -> Stored<Option<(u64, Bytes)>> {
        self.read(move |r| r.charter(version)).await
    }

    fn log_size(&self) -> u64 {
        self.counters().log_size
    }

    async fn log_hashes(&self, indexes: Vec<u64>) -> Stored<Vec<[u8; 32]>> {
        self.read(move |r| r.log_hashes(&indexes)).await
    }

    async fn log_leaves(&self, from: u64, count: u64) -> Stored<Vec<LeafData>> {
        self.read(move |r| r.log_leaves(from, count)).await
    }

    async fn checkpoint(&self) -> Stored<Option<Bytes>> {
        self.read(Reading::checkpoint).await
    }

    async fn secret_or_insert(&self, name: &'static str, fresh: [u8; 32]) -> Stored<[u8; 32]> {
        self.write(move |g| public::secret_or_insert(g, name, fresh)).await
    }

    async fn close(&self) -> Stored<()> {
        if self.reading.closed.swap(true, Ordering::AcqRel) {
            return Err(StoreError::Closed);
        }
        let (done, wait) = oneshot::channel();
        self.requests.send(Request::Close(done)).await.map_err(|_| StoreError::Closed)?;
        wait.await.map_err(|_| StoreError::Closed)
    }
}
