//! The store in memory for the tests of the server: the suite's model, which counts what is written, can be stuck as a
//! disk that is away, and can be opened again. It is shared between the servers of a test, as a data directory would
//! be.

use std::{
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};

use bytes::Bytes;
use subrosa_crypto::{sign::HolderId, wire::*};
use subrosa_server::store::{conformance::Model, *};

/// Clones share what they hold.
#[derive(Clone, Default)]
pub(crate) struct Memory {
    model: Model,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
pub(crate) struct State {
    /// Every write that a request asked for so far; a refused one must not raise it. The clock's own writes, at the end
    /// of an epoch, do not count: one may end while a test looks.
    pub(crate) writes: u64,
    /// Publications of this epoch and of later ones fail, as if the disk were away. Earlier epochs are published.
    pub(crate) stuck_from: Option<u64>,
    /// For how long whoever published an epoch waits for the answer, while everybody sees the epoch.
    pub(crate) slow: Duration,
    /// The epoch whose publication failed last for that reason.
    pub(crate) refused: Option<u64>,
    pub(crate) closed: bool,
}

impl Memory {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn read(&self) -> Stored<&Model> {
        if self.state().closed { Err(StoreError::Closed) } else { Ok(&self.model) }
    }

    fn write(&self) -> Stored<&Model> {
        self.state().writes += 1;
        self.read()
    }
}

impl Store for Memory {
    async fn deposit(
        &self,
        envelopes: [Envelope; PARCEL_COUNT],
        leaves: [LeafData; PARCEL_COUNT],
    ) -> Stored<DepositOutcome> {
        self.write()?.deposit(envelopes, leaves).await
    }

    fn open_epoch(&self) -> u64 {
        self.model.open_epoch()
    }

    fn last_published(&self) -> Option<u64> {
        self.model.last_published()
    }

    fn first_epoch(&self) -> u64 {
        self.model.first_epoch()
    }

    async fn seal_epoch(&self) -> Stored<SealedEpoch> {
        self.read()?.seal_epoch().await
    }

    async fn publish_epoch(&self, published: PublishedEpoch) -> Stored<()> {
        {
            let mut state = self.state();
            if state.stuck_from.is_some_and(|from| published.epoch >= from) {
                state.refused = Some(published.epoch);
                return Err(StoreError::Io("stuck".into()));
            }
        }
        self.read()?.publish_epoch(published).await?;
        let slow = self.state().slow;
        tokio::time::sleep(slow).await;
        Ok(())
    }

    async fn list(&self, epoch: u64) -> Stored<Option<(Bytes, Bytes)>> {
        self.read()?.list(epoch).await
    }

    async fn take(&self, cap: CapHash) -> Stored<Taken> {
        self.read()?.take(cap).await
    }

    async fn discard(&self, cap: CapHash) -> Stored<Discarded> {
        self.read()?.discard(cap).await
    }

    async fn expire(&self, before: u64) -> Stored<u64> {
        self.read()?.expire(before).await
    }

    async fn blob_put(&self, name: CapHash, bytes: Bytes) -> Stored<BlobOutcome> {
        self.write()?.blob_put(name, bytes).await
    }

    async fn blob_stands(&self, name: CapHash) -> Stored<bool> {
        self.read()?.blob_stands(name).await
    }

    async fn blob_take(&self, name: CapHash) -> Stored<Taken> {
        self.read()?.blob_take(name).await
    }

    async fn blob_discard(&self, name: CapHash) -> Stored<Discarded> {
        self.read()?.blob_discard(name).await
    }

    async fn publish_bundles(
        &self,
        holder: HolderId,
        one_time: Vec<NewBundle>,
        fallback: Option<NewBundle>,
    ) -> Stored<BundleStock> {
        self.write()?.publish_bundles(holder, one_time, fallback).await
    }

    async fn hand_out_bundle(
        &self,
        holder: HolderId,
        good: impl Fn(&[u8]) -> bool + Send + 'static,
    ) -> Stored<HandedOut> {
        self.write()?.hand_out_bundle(holder, good).await
    }

    async fn retain_bundles(&self, holder: HolderId, good: impl Fn(&[u8]) -> bool + Send + 'static) -> Stored<()> {
        self.write()?.retain_bundles(holder, good).await
    }

    async fn journal_append(&self, append: JournalAppend) -> Stored<JournalOutcome> {
        self.write()?.journal_append(append).await
    }

    async fn journal_read(&self, journal: JournalId, cap: [u8; 32], from: u64) -> Stored<Option<JournalPage>> {
        self.read()?.journal_read(journal, cap, from).await
    }

    async fn journal_purge(&self, journal: JournalId, cap: [u8; 32]) -> Stored<Discarded> {
        self.read()?.journal_purge(journal, cap).await
    }

    async fn record_append(&self, bytes: Bytes, salt: [u8; 32], leaf: LeafData) -> Stored<StoredRecord> {
        self.write()?.record_append(bytes, salt, leaf).await
    }

    async fn records(&self, from: u64) -> Stored<(u64, Vec<StoredRecord>)> {
        self.read()?.records(from).await
    }

    async fn charter_put(&self, version: u64, bytes: Bytes, leaf: LeafData) -> Stored<bool> {
        self.write()?.charter_put(version, bytes, leaf).await
    }

    async fn charter(&self, version: Option<u64>) -> Stored<Option<(u64, Bytes)>> {
        self.read()?.charter(version).await
    }

    fn log_size(&self) -> u64 {
        self.model.log_size()
    }

    async fn log_hashes(&self, indexes: Vec<u64>) -> Stored<Vec<[u8; 32]>> {
        self.read()?.log_hashes(indexes).await
    }

    async fn log_leaves(&self, from: u64, count: u64) -> Stored<Vec<LeafData>> {
        self.read()?.log_leaves(from, count).await
    }

    async fn checkpoint(&self) -> Stored<Option<Bytes>> {
        self.read()?.checkpoint().await
    }

    async fn secret_or_insert(&self, name: &'static str, fresh: [u8; 32]) -> Stored<[u8; 32]> {
        self.read()?.secret_or_insert(name, fresh).await
    }

    async fn close(&self) -> Stored<()> {
        self.read()?;
        self.state().closed = true;
        Ok(())
    }
}
