//! One group of writes: seen by the verbs as a small transaction over the index, made durable in two steps. The first,
//! here, writes bodies, keys and log entries; the second, in `syncer`, writes the rows that refer to them and syncs all
//! of it. While a group is in its second step the next one is in its first.
//!
//! Spec: `docs/spec/storage.md`, "Groups".

use std::{
    collections::{BTreeMap, VecDeque},
    fs::File,
    os::unix::fs::FileExt,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use subrosa_crypto::encoding::Codec;

use super::{
    body::{BodyRef, SealedBody},
    failures::{damaged, io, sled_failed},
    rows::{self, RowKey},
    slot::Slot,
    slots::{Placed, SlotWriter},
    standing::{Appended, Changes, Counters},
};
use crate::store::{LeafData, StoreError};

/// What a group's first step is written to. Only the committer has it.
pub(super) struct Disk {
    /// sled's tree, for looking things up.
    pub(super) tree: sled::Tree,
    /// Bodies and keys.
    pub(super) slots: SlotWriter,
    /// The log's leaves.
    pub(super) log_leaves: Arc<File>,
    /// The log's stored hashes.
    pub(super) log_hashes: Arc<File>,
    /// The counters as the newest group leaves them, durable or not.
    pub(super) counters: Counters,
    /// What earlier groups change that may or may not be in the tree yet, the oldest first, with their numbers.
    pub(super) ahead: VecDeque<(u64, Arc<Changes>)>,
    /// The newest group that the tree has.
    pub(super) applied: Arc<AtomicU64>,
    /// The most bytes that bodies and index may fill.
    pub(super) max_bytes: u64,
    /// The index's bytes when last looked at.
    pub(super) index_bytes: Arc<AtomicU64>,
    /// The bodies' directory, for asking how much room its file system has.
    pub(super) ground: File,
    /// That room when the newest group was begun: bytes.
    pub(super) free_bytes: u64,
}

/// Room on the file system that new bodies leave alone: so a disk that fills up still takes what discards and the
/// index's own growth need.
const RESERVE: u64 = 64 * 1024 * 1024;

/// A group whose bodies, keys and log entries are written, ready for its second step.
#[derive(Default)]
pub(super) struct Written {
    /// The rows to set or to remove.
    pub(super) changes: Arc<Changes>,
    /// The slots that it filled, with the length of what is in them.
    pub(super) filled: Vec<(Slot, u32)>,
    /// The segments to sync.
    pub(super) touched: Vec<Arc<File>>,
    /// What it appended to the log's files.
    pub(super) appended: Option<Appended>,
    /// Key slots to overwrite once the rows are durable.
    pub(super) shreds: Vec<Slot>,
    /// The counters to store with the rows; `None` if the group changed nothing.
    pub(super) counters: Option<Counters>,
}

/// Parts that wait to be written together, in a random order.
const WRITE_PARTS: usize = 64;

/// An open group.
pub(super) struct Group<'d> {
    disk: &'d mut Disk,
    changes: Changes,
    /// Parts that are not written yet.
    placed: Vec<Placed>,
    filled: Vec<(Slot, u32)>,
    touched: BTreeMap<u32, Arc<File>>,
    shreds: Vec<Slot>,
    log: Option<(Vec<LeafData>, Vec<[u8; 32]>)>,
    written: u64,
    /// The counters as this group will leave them.
    pub(super) counters: Counters,
    before: Counters,
}

impl<'d> Group<'d> {
    /// An empty group.
    pub(super) fn new(disk: &'d mut Disk) -> Self {
        disk.slots.take_back();
        let applied = disk.applied.load(Ordering::Acquire);
        while disk.ahead.front().is_some_and(|(group, _)| *group <= applied) {
            disk.ahead.pop_front();
        }
        if let Ok(stat) = rustix::fs::fstatvfs(&disk.ground) {
            disk.free_bytes = stat.f_bavail.saturating_mul(stat.f_frsize);
        }
        let counters = disk.counters;
        Self {
            disk,
            changes: BTreeMap::new(),
            placed: Vec::new(),
            filled: Vec::new(),
            touched: BTreeMap::new(),
            shreds: Vec::new(),
            log: None,
            written: 0,
            counters,
            before: counters,
        }
    }

    /// Whether nothing was changed yet.
    pub(super) fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.counters == self.before
    }

    /// Bytes of slots that wait to be written.
    pub(super) fn body_bytes(&self) -> u64 {
        self.written
    }

    /// How many rows this group changes.
    pub(super) fn row_count(&self) -> usize {
        self.changes.len()
    }

    /// A row as this group sees it.
    pub(super) fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, StoreError> {
        let ahead = self.disk.ahead.iter().rev().map(|(_, changes)| &**changes);
        match std::iter::once(&self.changes).chain(ahead).find_map(|layer| layer.get(key)) {
            Some(change) => Ok(change.clone()),
            None => Ok(self.disk.tree.get(key).map_err(sled_failed)?.map(|v| v.to_vec())),
        }
    }

    /// A row as this group sees it, decoded.
    pub(super) fn row<R: Codec>(&self, key: &[u8]) -> Result<Option<R>, StoreError> {
        self.get(key)?.map(|v| rows::value(&v)).transpose()
    }

    /// Sets a row.
    pub(super) fn put(&mut self, key: RowKey, value: Vec<u8>) {
        self.changes.insert(key, Some(value));
    }

    /// Removes a row.
    pub(super) fn remove(&mut self, key: RowKey) {
        self.changes.insert(key, None);
    }

    /// Up to `limit` rows whose keys start with `prefix`, in order, as this group sees them.
    pub(super) fn scan(&self, prefix: &[u8], limit: usize) -> Result<Vec<(RowKey, Vec<u8>)>, StoreError> {
        let mut out = Vec::new();
        if limit > 0 {
            self.visit(prefix, |k, v| {
                out.push((k.to_vec(), v.to_vec()));
                Ok(out.len() < limit)
            })?;
        }
        Ok(out)
    }

    /// Shows `see` the rows whose keys start with `prefix`, in order, as this group sees them, until it answers false.
    pub(super) fn visit(
        &self,
        prefix: &[u8],
        mut see: impl FnMut(&[u8], &[u8]) -> Result<bool, StoreError>,
    ) -> Result<(), StoreError> {
        let mut changed: BTreeMap<&RowKey, &Option<Vec<u8>>> = BTreeMap::new();
        let ahead = self.disk.ahead.iter().map(|(_, changes)| &**changes);
        for layer in ahead.chain(std::iter::once(&self.changes)) {
            changed.extend(layer.range(prefix.to_vec()..).take_while(|(k, _)| k.starts_with(prefix)));
        }
        let mut changed = changed.into_iter().peekable();
        for row in self.disk.tree.scan_prefix(prefix) {
            let (key, value) = row.map_err(sled_failed)?;
            let mut hidden = false;
            while let Some((k, change)) = changed.next_if(|(k, _)| k.as_slice() <= key.as_ref()) {
                hidden |= k.as_slice() == key.as_ref();
                if let Some(v) = change
                    && !see(k, v)?
                {
                    return Ok(());
                }
            }
            if !hidden && !see(&key, &value)? {
                return Ok(());
            }
        }
        for (k, change) in changed {
            if let Some(v) = change
                && !see(k, v)?
            {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Whether `more` bytes of slots still fit under the configured limit, and on the file system.
    pub(super) fn check_room(&self, more: u64) -> Result<(), StoreError> {
        // Slots that are used again need no room, but which of them were ever written is not known: the limit is
        // reached early rather than late.
        let wanted = self.written.saturating_add(more).saturating_add(RESERVE);
        if self.disk.free_bytes < wanted {
            return Err(StoreError::Full);
        }
        let used = self.disk.slots.used_bytes().saturating_add(self.disk.index_bytes.load(Ordering::Relaxed));
        if used.saturating_add(more) > self.disk.max_bytes { Err(StoreError::Full) } else { Ok(()) }
    }

    /// Draws slots for a body that will be written with this group.
    pub(super) fn place(&mut self, body: &SealedBody) -> Result<BodyRef, StoreError> {
        let mut slots = Vec::with_capacity(body.parts.len());
        for part in &body.parts {
            let slot = self.disk.slots.draw(part.class)?;
            slots.push(slot);
            self.written += part.class.bytes() as u64;
            let len = u32::try_from(part.ciphertext.len()).map_err(|_| damaged("a part is longer than a slot"))?;
            self.filled.push((slot, len));
            self.placed.push(Placed { slot, part: part.clone() });
        }
        if self.placed.len() >= WRITE_PARTS {
            self.write_parts()?;
        }
        Ok(BodyRef { len: body.len, slots: slots.try_into()? })
    }

    /// Reads a body that an earlier group wrote.
    pub(super) fn read_body(&self, body: &BodyRef) -> Result<Vec<u8>, StoreError> {
        self.disk.slots.reader().read(body)?.ok_or_else(|| damaged("a body's key does not fit"))
    }

    /// Whether this body is one that this very group writes.
    pub(super) fn is_fresh(&self, body: &BodyRef) -> bool {
        body.slots.first().is_some_and(|s| self.filled.iter().any(|(slot, _)| slot == s))
    }

    /// Destroys a body's keys once the index no longer refers to it.
    pub(super) fn shred(&mut self, body: &BodyRef) {
        self.shreds.extend_from_slice(&body.slots);
    }

    /// Promises a leaf to the open epoch's log batch.
    pub(super) fn promise(&mut self, leaf: &LeafData) {
        self.put(rows::leaf(self.counters.open, leaf), Vec::new());
    }

    /// Appends to the log's two files.
    pub(super) fn append_log(&mut self, leaves: Vec<LeafData>, hashes: Vec<[u8; 32]>, size: u64) {
        self.log = Some((leaves, hashes));
        self.counters.log_size = size;
    }

    /// The first step: writes bodies, keys and log entries. After an error nothing more may be written: it is not known
    /// what the disk holds.
    pub(super) fn write(mut self) -> Result<Written, StoreError> {
        if self.is_empty() {
            return Ok(Written::default());
        }
        self.counters.group = self.before.group + 1;
        let appended = self.write_log()?;
        self.write_parts()?;
        let changes = Arc::new(self.changes);
        self.disk.ahead.push_back((self.counters.group, Arc::clone(&changes)));
        self.disk.counters = self.counters;
        Ok(Written {
            changes,
            filled: self.filled,
            touched: self.touched.into_values().collect(),
            appended,
            shreds: self.shreds,
            counters: Some(self.counters),
        })
    }

    fn write_parts(&mut self) -> Result<(), StoreError> {
        self.disk.slots.shuffle(&mut self.placed)?;
        self.disk.slots.write(&self.placed, &mut self.touched)?;
        self.placed.clear();
        Ok(())
    }

    fn write_log(&self) -> Result<Option<Appended>, StoreError> {
        let Some((leaves, hashes)) = &self.log else { return Ok(None) };
        let (at, leaves, hashes) = (self.before.log_size, leaves.concat(), hashes.concat());
        let failed = |e| io("writing the log", e);
        self.disk.log_leaves.write_all_at(&leaves, at * 32).map_err(failed)?;
        self.disk.log_hashes.write_all_at(&hashes, stored_hashes(at) * 32).map_err(failed)?;
        Ok(Some(Appended::new(at, &leaves, &hashes)))
    }
}

/// How many hashes RFC 6962's tree of `leaves` leaves stores: one per complete subtree.
pub(super) fn stored_hashes(leaves: u64) -> u64 {
    leaves.saturating_mul(2).saturating_sub(u64::from(leaves.count_ones()))
}
