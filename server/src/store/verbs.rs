//! The verbs of storage, and what each answers.

use std::future::Future;

use bytes::Bytes;
use subrosa_crypto::{
    encoding::OverLimit,
    sign::HolderId,
    wire::{
        BundleStock, CapHash, Envelope, Hint, JournalAppend, JournalId, JournalPage, JournalPosition, PARCEL_COUNT, Tag,
    },
};
use thiserror::Error;

/// A leaf's 32 bytes (`crypto::log::leaf_data`) waiting for, or standing in, the log.
pub type LeafData = [u8; 32];

/// Something broke in the engine. Its text is for the operator's log and never for a response.
#[derive(Debug, Error)]
pub enum StoreError {
    /// The disk or the engine failed.
    #[error("storage failed: {0}")]
    Io(String),
    /// The data directory is damaged, or is not one of ours; says what to do.
    #[error("the data directory cannot be used: {0}")]
    Corrupt(String),
    /// The engine is shutting down, or has stopped after a failure.
    #[error("storage is closed")]
    Closed,
    /// A configured limit of the disk space was reached; nothing was written.
    #[error("storage is full")]
    Full,
}

impl From<OverLimit> for StoreError {
    fn from(e: OverLimit) -> Self {
        Self::Io(format!("a list is too long to be written: {e}"))
    }
}

/// What became of a parcel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DepositOutcome {
    /// Stored in, or already standing with the same bytes in, these epochs (one for each envelope).
    Stored([u64; PARCEL_COUNT]),
    /// A tag is taken by other bytes; nothing of the parcel was stored.
    TagTaken,
}

/// An envelope or a blob, by capability.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// The body, whole and decrypted.
    Body(Bytes),
    /// It was there and is destroyed (discarded or expired).
    Gone,
    /// There never was such a one.
    Unknown,
}

/// What a discard did. Repeating one is harmless.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Discarded {
    /// The body's key is destroyed.
    Now,
    /// It was destroyed before.
    Before,
    /// There never was such a one.
    Unknown,
}

/// The closing of an epoch, first half: what stood in it when the next one opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedEpoch {
    /// The epoch that takes no more deposits.
    pub epoch: u64,
    /// Its real rows, in no particular order.
    pub rows: Vec<(Tag, Hint)>,
    /// Every leaf promised for it, in no particular order.
    pub leaves: Vec<LeafData>,
}

/// The closing of an epoch, second half.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedEpoch {
    /// The epoch that was sealed before.
    pub epoch: u64,
    /// The bytes of `GET /v1/epoch/{n}/tags`.
    pub tags: Bytes,
    /// The bytes of `GET /v1/epoch/{n}/hints`.
    pub hints: Bytes,
    /// RFC 6962 stored hashes (post-order, as `crypto::log` numbers them) to append after those already stored.
    pub log_hashes: Vec<[u8; 32]>,
    /// The leaves' data, in log order, to append after those already stored.
    pub log_leaves: Vec<LeafData>,
    /// The new tree's size in leaves.
    pub log_size: u64,
    /// The signed checkpoint of that size.
    pub checkpoint: Bytes,
}

/// What became of a request for a one-time bundle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HandedOut {
    /// This bundle, and nobody else will ever get it.
    OneTime(Bytes),
    /// None is left: the fallback.
    Fallback(Bytes),
    /// The holder has published nothing.
    None,
}

/// What became of a journal append.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JournalOutcome {
    /// Appended, or this very entry already stands there; the new position.
    Appended(JournalPosition),
    /// Somebody was first; where the journal stands.
    Conflict(JournalPosition),
    /// The capability is not the current one, or the journal was purged.
    Refused,
}

/// What became of an upload.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlobOutcome {
    /// Stored, or the same bytes already stand there.
    Stored,
    /// Other bytes stand under this name, or it was discarded.
    Taken,
}

/// A record with its place in the log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredRecord {
    /// The leaf's salt.
    pub salt: [u8; 32],
    /// The epoch that the leaf was promised for.
    pub epoch: u64,
    /// The encoded record.
    pub bytes: Bytes,
}

/// A bundle to publish.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBundle {
    /// Its random id: one that was ever published for this holder is not accepted again, so none is handed out twice.
    pub id: [u8; 16],
    /// Its encoded bytes.
    pub bytes: Bytes,
}

/// Result of a storage verb.
pub type Stored<T> = Result<T, StoreError>;

/// The verbs. `leaf` arguments enter the log batch of the epoch in which the write lands.
pub trait Store: Send + Sync + 'static {
    /// Stores a parcel, all or nothing. `leaves` go with the envelopes: each is a digest of its whole envelope, under a
    /// salt that is always the same for the same envelope. By its leaf a replay (same tag, same bytes) is told from
    /// other bytes; it changes nothing and answers the first epochs, also after the body was discarded.
    fn deposit(
        &self,
        envelopes: [Envelope; PARCEL_COUNT],
        leaves: [LeafData; PARCEL_COUNT],
    ) -> impl Future<Output = Stored<DepositOutcome>> + Send;

    /// The epoch that takes deposits now.
    fn open_epoch(&self) -> u64;
    /// The newest published epoch, if any; all from [`Store::first_epoch`] to it can be listed.
    fn last_published(&self) -> Option<u64>;
    /// The oldest epoch whose list is still kept.
    fn first_epoch(&self) -> u64;

    /// Opens the next epoch and answers what stood in the old one. If an epoch was sealed but never published (a crash
    /// between), answers that one again, without opening another.
    fn seal_epoch(&self) -> impl Future<Output = Stored<SealedEpoch>> + Send;
    /// Publishes a sealed epoch's list and log batch, atomically. Must follow [`Store::seal_epoch`] for the same epoch.
    fn publish_epoch(&self, published: PublishedEpoch) -> impl Future<Output = Stored<()>> + Send;
    /// `(tags, hints)` of a published epoch.
    fn list(&self, epoch: u64) -> impl Future<Output = Stored<Option<(Bytes, Bytes)>>> + Send;

    /// Reads an envelope's body.
    fn take(&self, cap: CapHash) -> impl Future<Output = Stored<Taken>> + Send;
    /// Destroys an envelope's body: its key slot is overwritten and synced.
    fn discard(&self, cap: CapHash) -> impl Future<Output = Stored<Discarded>> + Send;
    /// Destroys every body (envelope or blob) deposited before `epoch`, and the lists of those epochs; answers how many
    /// bodies. Epochs that are not published yet are left alone.
    fn expire(&self, before_epoch: u64) -> impl Future<Output = Stored<u64>> + Send;

    /// Stores a blob under a name that is the digest of its capability.
    fn blob_put(&self, name: CapHash, bytes: Bytes) -> impl Future<Output = Stored<BlobOutcome>> + Send;
    /// Whether a blob can be read. Reads nothing of it.
    fn blob_stands(&self, name: CapHash) -> impl Future<Output = Stored<bool>> + Send;
    /// Reads a blob.
    fn blob_take(&self, name: CapHash) -> impl Future<Output = Stored<Taken>> + Send;
    /// Destroys a blob.
    fn blob_discard(&self, name: CapHash) -> impl Future<Output = Stored<Discarded>> + Send;

    /// Adds one-time bundles (ids seen before are skipped) and replaces the fallback, if one is given.
    fn publish_bundles(
        &self,
        holder: HolderId,
        one_time: Vec<NewBundle>,
        fallback: Option<NewBundle>,
    ) -> impl Future<Output = Stored<BundleStock>> + Send;
    /// Takes one bundle that `good` accepts out, durably, before it is shown to anybody. The others stay: whether one
    /// has expired is told by a clock, and clocks jump.
    fn hand_out_bundle(
        &self,
        holder: HolderId,
        good: impl Fn(&[u8]) -> bool + Send + 'static,
    ) -> impl Future<Output = Stored<HandedOut>> + Send;
    /// Destroys a holder's one-time bundles that `good` refuses.
    fn retain_bundles(
        &self,
        holder: HolderId,
        good: impl Fn(&[u8]) -> bool + Send + 'static,
    ) -> impl Future<Output = Stored<()>> + Send;

    /// Appends by compare-and-swap, and promises the entry's leaf to the open epoch. The work in front is the caller's
    /// business.
    fn journal_append(&self, append: JournalAppend) -> impl Future<Output = Stored<JournalOutcome>> + Send;
    /// Reads from a sequence number, at most 1 MiB. A capability that was replaced still reads up to and with the entry
    /// that replaced it, and the page's position is the one after that entry. `None` for any other capability, and if
    /// the journal is unknown or purged.
    fn journal_read(
        &self,
        journal: JournalId,
        cap_hash: [u8; 32],
        from_seq: u64,
    ) -> impl Future<Output = Stored<Option<JournalPage>>> + Send;
    /// Destroys a journal's entries and their keys; its id can never be used again.
    fn journal_purge(&self, journal: JournalId, cap_hash: [u8; 32]) -> impl Future<Output = Stored<Discarded>> + Send;

    /// Appends a public record; the same bytes again answer the first entry.
    fn record_append(
        &self,
        bytes: Bytes,
        salt: [u8; 32],
        leaf: LeafData,
    ) -> impl Future<Output = Stored<StoredRecord>> + Send;
    /// `(total, records from number `from`)`, at most 1 MiB.
    fn records(&self, from: u64) -> impl Future<Output = Stored<(u64, Vec<StoredRecord>)>> + Send;

    /// Stores charter `version`, which must be the newest plus one (`false` if not).
    fn charter_put(&self, version: u64, bytes: Bytes, leaf: LeafData) -> impl Future<Output = Stored<bool>> + Send;
    /// A charter by version, or the newest: `(version, bytes)`.
    fn charter(&self, version: Option<u64>) -> impl Future<Output = Stored<Option<(u64, Bytes)>>> + Send;

    /// The log's size in leaves.
    fn log_size(&self) -> u64;
    /// Stored hashes by index.
    fn log_hashes(&self, indexes: Vec<u64>) -> impl Future<Output = Stored<Vec<[u8; 32]>>> + Send;
    /// `count` leaves from leaf `from` on (fewer at the end).
    fn log_leaves(&self, from: u64, count: u64) -> impl Future<Output = Stored<Vec<LeafData>>> + Send;
    /// The newest checkpoint.
    fn checkpoint(&self) -> impl Future<Output = Stored<Option<Bytes>>> + Send;

    /// A small secret or counter of the server's own (log key seed, salt key), written once: answers what stands there
    /// now.
    fn secret_or_insert(&self, name: &'static str, fresh: [u8; 32]) -> impl Future<Output = Stored<[u8; 32]>> + Send;

    /// Finishes what is under way and closes; later calls answer [`StoreError::Closed`].
    fn close(&self) -> impl Future<Output = Stored<()>> + Send;
}
