//! The reading half: index look-ups that see only what is durable, and reads of bodies beside the committer.

use std::{
    fs::File,
    os::unix::fs::FileExt,
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
};

use bytes::Bytes;
use subrosa_crypto::wire::{CapHash, Codec, JournalHead, JournalId, JournalPage, JournalPosition};

use super::{
    body::BodyRef,
    failures::{damaged, io, sled_failed},
    group::stored_hashes,
    layout::Layout,
    rows,
    slots::SlotReader,
    standing::Standing,
};
use crate::store::{LeafData, StoreError, Stored, StoredRecord, Taken, engines::Bodies};

/// The most bytes of entries or records in one answer.
const PAGE_BYTES: usize = 1024 * 1024;
/// How often a read is repeated when the body was destroyed between look-up and read.
const TRIES: usize = 8;

/// What readers share.
pub(super) struct Reading {
    /// The tree in which rows are looked up.
    pub(super) tree: sled::Tree,
    /// sled itself, so that it closes last.
    pub(super) _db: sled::Db,
    /// Bodies and keys.
    pub(super) reader: Arc<SlotReader>,
    /// What is durable; held while rows are looked up, so that no reader sees one group half in the index.
    pub(super) standing: Arc<RwLock<Standing>>,
    /// The log's leaves.
    pub(super) log_leaves: Arc<File>,
    /// The log's stored hashes.
    pub(super) log_hashes: Arc<File>,
    /// Set when the store is closed or failed.
    pub(super) closed: AtomicBool,
    /// The lock on the directory.
    pub(super) _layout: Layout,
}

/// What a look-up found.
enum Found<T> {
    Nothing,
    Gone,
    Body(T),
}

impl Reading {
    /// Whether the store still works.
    pub(super) fn check_open(&self) -> Stored<()> {
        if self.closed.load(Ordering::Acquire) { Err(StoreError::Closed) } else { Ok(()) }
    }

    /// A row as the newest durable group left it.
    fn row<R: Codec>(&self, standing: &Standing, key: &[u8]) -> Stored<Option<R>> {
        match standing.ahead.iter().rev().find_map(|changes| changes.get(key)) {
            Some(change) => change.as_deref().map(rows::value).transpose(),
            None => self.tree.get(key).map_err(sled_failed)?.map(|v| rows::value(&v)).transpose(),
        }
    }

    /// Looks up under the lock, reads outside it; looks again if the body went away in between.
    fn look_and_read<T>(
        &self,
        look: impl Fn(&Self, &Standing) -> Stored<Found<T>>,
        read: impl Fn(&Self, &T) -> Stored<Option<Taken>>,
    ) -> Stored<Taken> {
        for _ in 0..TRIES {
            let found = {
                let standing = self.standing.read().unwrap_or_else(PoisonError::into_inner);
                look(self, &standing)?
            };
            match found {
                Found::Nothing => return Ok(Taken::Unknown),
                Found::Gone => return Ok(Taken::Gone),
                Found::Body(place) => {
                    if let Some(taken) = read(self, &place)? {
                        return Ok(taken);
                    }
                }
            }
        }
        Err(damaged("a body's key does not fit"))
    }

    fn body(&self, place: &BodyRef) -> Stored<Option<Taken>> {
        Ok(self.reader.read(place)?.map(|b| Taken::Body(Bytes::from(b))))
    }

    /// An envelope's body.
    pub(super) fn take(&self, cap: CapHash) -> Stored<Taken> {
        let look = |r: &Self, s: &Standing| {
            Ok(match r.row::<rows::Envelope>(s, &rows::envelope(cap))? {
                None => Found::Nothing,
                Some(rows::Envelope::Here { epoch, body, .. }) if epoch >= s.counters.first => Found::Body(body),
                Some(_) => Found::Gone,
            })
        };
        self.look_and_read(look, Self::body)
    }

    /// Whether a blob stands.
    pub(super) fn blob_stands(&self, name: CapHash) -> Stored<bool> {
        let standing = self.standing.read().unwrap_or_else(PoisonError::into_inner);
        let row = self.row::<rows::Blob>(&standing, &rows::blob(name))?;
        Ok(matches!(row, Some(rows::Blob::Here { epoch, .. }) if epoch >= standing.counters.first))
    }

    /// The bytes of a blob.
    pub(super) fn blob_take(&self, name: CapHash) -> Stored<Taken> {
        let look = |r: &Self, s: &Standing| {
            Ok(match r.row::<rows::Blob>(s, &rows::blob(name))? {
                None => Found::Nothing,
                Some(rows::Blob::Here { epoch, body, .. }) if epoch >= s.counters.first => Found::Body(body),
                Some(_) => Found::Gone,
            })
        };
        self.look_and_read(look, Self::body)
    }

    /// Opens every body that a row of the index refers to.
    pub(super) fn read_all(&self) -> Stored<Bodies> {
        let (mut bodies, mut damaged_ones) = (Bodies::default(), 0u64);
        for row in self.tree.iter() {
            let (key, value) = row.map_err(sled_failed)?;
            for place in rows::places(key.first().copied().unwrap_or_default(), &value)? {
                bodies.count += 1;
                match self.reader.read(&place)? {
                    Some(body) => bodies.bytes = bodies.bytes.saturating_add(body.len() as u64),
                    None => damaged_ones += 1,
                }
            }
        }
        if damaged_ones > 0 {
            let of = bodies.count;
            return Err(damaged(&format!("{damaged_ones} of {of} bodies are not what was written")));
        }
        Ok(bodies)
    }

    /// A published epoch's two files.
    pub(super) fn list(&self, epoch: u64) -> Stored<Option<(Bytes, Bytes)>> {
        for _ in 0..TRIES {
            let found = {
                let standing = self.standing.read().unwrap_or_else(PoisonError::into_inner);
                if epoch < standing.counters.first || epoch > standing.counters.published {
                    return Ok(None);
                }
                self.row::<rows::Lists>(&standing, &rows::list(epoch))?
            };
            let Some(lists) = found else { return Ok(None) };
            if let (Some(tags), Some(hints)) = (self.reader.read(&lists.tags)?, self.reader.read(&lists.hints)?) {
                return Ok(Some((Bytes::from(tags), Bytes::from(hints))));
            }
        }
        Err(damaged("a list's key does not fit"))
    }

    /// A stretch of a journal.
    pub(super) fn journal(&self, id: JournalId, cap_hash: [u8; 32], from_seq: u64) -> Stored<Option<JournalPage>> {
        'again: for _ in 0..TRIES {
            let (position, places) = {
                let standing = self.standing.read().unwrap_or_else(PoisonError::into_inner);
                let row = self.row::<rows::Journal>(&standing, &rows::journal(id))?;
                let Some(journal) = row.filter(|j| j.alive) else { return Ok(None) };
                let (end, head) = if journal.cap_hash == cap_hash {
                    (journal.seq, journal.head)
                } else {
                    match self.row::<rows::FormerCapability>(&standing, &rows::former_capability(id, &cap_hash))? {
                        Some(former) => (former.seq, former.head),
                        None => return Ok(None),
                    }
                };
                let mut places = Vec::new();
                let mut bytes = 0usize;
                for seq in from_seq..end {
                    let Some(entry) = self.row::<rows::JournalEntry>(&standing, &rows::journal_entry(id, seq))? else {
                        return Err(damaged("a journal entry is missing"));
                    };
                    bytes = bytes.saturating_add(entry.body.len as usize);
                    if bytes > PAGE_BYTES && !places.is_empty() {
                        break;
                    }
                    places.push(entry.body);
                }
                (JournalPosition { seq: end, head: JournalHead(head) }, places)
            };
            let mut entries = Vec::with_capacity(places.len());
            for place in &places {
                match self.reader.read(place)? {
                    Some(entry) => entries.push(entry.try_into()?),
                    None => continue 'again,
                }
            }
            return Ok(Some(JournalPage { position, from_seq, entries: entries.try_into()? }));
        }
        Err(damaged("a journal entry's key does not fit"))
    }

    /// Records from a number on, and how many there are.
    pub(super) fn records(&self, from: u64) -> Stored<(u64, Vec<StoredRecord>)> {
        let (total, found) = {
            let standing = self.standing.read().unwrap_or_else(PoisonError::into_inner);
            let mut found = Vec::new();
            let mut bytes = 0usize;
            for number in from..standing.counters.records {
                let Some(record) = self.row::<rows::Record>(&standing, &rows::record(number))? else {
                    return Err(damaged("a record is missing"));
                };
                bytes = bytes.saturating_add(record.body.len as usize);
                if bytes > PAGE_BYTES && !found.is_empty() {
                    break;
                }
                found.push(record);
            }
            (standing.counters.records, found)
        };
        let mut out = Vec::with_capacity(found.len());
        for record in found {
            let Some(bytes) = self.reader.read(&record.body)? else {
                return Err(damaged("a record's key does not fit"));
            };
            out.push(StoredRecord { salt: record.salt, epoch: record.epoch, bytes: Bytes::from(bytes) });
        }
        Ok((total, out))
    }

    /// The bytes of a charter, by version or the newest.
    pub(super) fn charter(&self, version: Option<u64>) -> Stored<Option<(u64, Bytes)>> {
        let found = {
            let standing = self.standing.read().unwrap_or_else(PoisonError::into_inner);
            match version.map_or_else(|| self.newest_charter(&standing), |v| Ok(Some(v)))? {
                Some(v) => self.row::<BodyRef>(&standing, &rows::charter(v))?.map(|place| (v, place)),
                None => None,
            }
        };
        let Some((version, place)) = found else { return Ok(None) };
        let bytes = self.reader.read(&place)?.ok_or_else(|| damaged("a charter's key does not fit"))?;
        Ok(Some((version, Bytes::from(bytes))))
    }

    /// The newest charter's version.
    fn newest_charter(&self, standing: &Standing) -> Stored<Option<u64>> {
        let prefix = rows::charters();
        let mut newest = None;
        if let Some(row) = self.tree.scan_prefix(&prefix).next_back() {
            newest = Some(rows::split_by_epoch::<0>(&row.map_err(sled_failed)?.0)?.0);
        }
        // Charters are never removed, so a row is a charter.
        for changes in &standing.ahead {
            for (key, _) in changes.range(prefix.clone()..).take_while(|(key, _)| key.starts_with(&prefix)) {
                newest = newest.max(Some(rows::split_by_epoch::<0>(key)?.0));
            }
        }
        Ok(newest)
    }

    /// Stored hashes of the log.
    pub(super) fn log_hashes(&self, indexes: &[u64]) -> Stored<Vec<[u8; 32]>> {
        let size = self.standing.read().unwrap_or_else(PoisonError::into_inner).counters.log_size;
        let mut out = Vec::with_capacity(indexes.len());
        for index in indexes {
            if *index >= stored_hashes(size) {
                return Err(StoreError::Io(format!("the log has no stored hash {index}")));
            }
            let mut hash = [0u8; 32];
            self.log_hashes.read_exact_at(&mut hash, index * 32).map_err(|e| io("reading the log", e))?;
            out.push(hash);
        }
        Ok(out)
    }

    /// Leaves of the log.
    pub(super) fn log_leaves(&self, from: u64, count: u64) -> Stored<Vec<LeafData>> {
        let size = self.standing.read().unwrap_or_else(PoisonError::into_inner).counters.log_size;
        let count = usize::try_from(count.min(size.saturating_sub(from))).map_err(|_| StoreError::Closed)?;
        let mut bytes = vec![0u8; count * 32];
        self.log_leaves.read_exact_at(&mut bytes, from.saturating_mul(32)).map_err(|e| io("reading the log", e))?;
        Ok(bytes.chunks_exact(32).filter_map(|c| c.try_into().ok()).collect())
    }

    /// The newest checkpoint.
    pub(super) fn checkpoint(&self) -> Stored<Option<Bytes>> {
        let standing = self.standing.read().unwrap_or_else(PoisonError::into_inner);
        Ok(self.row::<rows::Plain>(&standing, &rows::meta("checkpoint"))?.map(|p| Bytes::from(p.0)))
    }

    /// Where a standing envelope's body lies.
    #[cfg(test)]
    pub(super) fn place(&self, cap: CapHash) -> Option<BodyRef> {
        let standing = self.standing.read().unwrap_or_else(PoisonError::into_inner);
        match self.row::<rows::Envelope>(&standing, &rows::envelope(cap)).ok()?? {
            rows::Envelope::Here { body, .. } => Some(body),
            rows::Envelope::Gone => None,
        }
    }
}
