//! The reference: what a store must answer, in plain maps and without a disk. Engines are compared with it.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use bytes::Bytes;
use subrosa_crypto::{
    kdf,
    sign::HolderId,
    wire::{
        BundleStock, CapHash, Envelope, Hint, JournalAppend, JournalHead, JournalId, JournalPage, JournalPosition,
        PARCEL_COUNT, Tag,
    },
};

use crate::store::{
    BlobOutcome, DepositOutcome, Discarded, HandedOut, JournalOutcome, LeafData, NewBundle, PublishedEpoch,
    SealedEpoch, Store, StoreError, Stored, StoredRecord, Taken,
};

#[derive(Default)]
struct Journal {
    purged: bool,
    appends: Vec<(JournalAppend, JournalPosition)>,
}

impl Journal {
    fn position(&self) -> JournalPosition {
        self.appends.last().map_or(JournalPosition { seq: 0, head: JournalHead::EMPTY }, |(_, p)| *p)
    }

    fn cap_hash(&self, id: JournalId) -> [u8; 32] {
        self.appends.last().map_or(id.0, |(a, _)| a.next_cap_hash)
    }

    /// How many entries a capability reads: all, if it is the current one; those up to its replacement, if it was.
    fn readable(&self, id: JournalId, cap_hash: [u8; 32]) -> Option<usize> {
        if self.purged || self.appends.is_empty() {
            return None;
        }
        if self.cap_hash(id) == cap_hash {
            return Some(self.appends.len());
        }
        let used = |a: &JournalAppend| kdf::digest("subrosa/journal-capability/v1", &[&a.capability]);
        self.appends.iter().rposition(|(a, _)| used(a) == cap_hash).map(|last| last + 1)
    }
}

#[derive(Default)]
struct State {
    closed: bool,
    open: u64,
    first: u64,
    sealed: Option<u64>,
    published: Option<u64>,
    tags: BTreeMap<Tag, (u64, Envelope)>,
    caps: BTreeMap<CapHash, Option<(u64, Bytes)>>,
    rows: BTreeMap<(u64, Tag), Hint>,
    leaves: BTreeSet<(u64, LeafData)>,
    lists: BTreeMap<u64, (Bytes, Bytes)>,
    blobs: BTreeMap<CapHash, Option<(u64, Bytes)>>,
    bundles: BTreeMap<(HolderId16, [u8; 16]), Bytes>,
    seen: BTreeSet<(HolderId16, [u8; 16])>,
    fallbacks: BTreeMap<HolderId16, Bytes>,
    journals: BTreeMap<JournalId, Journal>,
    records: Vec<StoredRecord>,
    charters: Vec<Bytes>,
    log_leaves: Vec<LeafData>,
    log_hashes: Vec<[u8; 32]>,
    checkpoint: Option<Bytes>,
    secrets: BTreeMap<&'static str, [u8; 32]>,
}

type HolderId16 = [u8; 16];

/// A store in memory. Clones share what they hold.
#[derive(Clone)]
pub struct Model(Arc<Mutex<State>>);

impl Default for Model {
    fn default() -> Self {
        Self::new()
    }
}

impl Model {
    /// An empty store.
    pub fn new() -> Self {
        Self(Arc::new(Mutex::new(State { open: 1, first: 1, ..State::default() })))
    }

    /// The same contents, open again.
    pub fn reopen(&self) -> Self {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).closed = false;
        self.clone()
    }

    fn state(&self) -> Stored<MutexGuard<'_, State>> {
        let state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if state.closed { Err(StoreError::Closed) } else { Ok(state) }
    }
}

impl Store for Model {
    async fn deposit(
        &self,
        envelopes: [Envelope; PARCEL_COUNT],
        leaves: [LeafData; PARCEL_COUNT],
    ) -> Stored<DepositOutcome> {
        let mut guard = self.state()?;
        let s = &mut *guard;
        let mut epochs = [s.open; PARCEL_COUNT];
        let mut fresh = Vec::new();
        for (i, e) in envelopes.iter().enumerate() {
            match s.tags.get(&e.tag) {
                Some((epoch, standing)) if standing == e => epochs[i] = *epoch,
                Some(_) => return Ok(DepositOutcome::TagTaken),
                None if s.caps.contains_key(&e.cap_hash) => return Ok(DepositOutcome::TagTaken),
                None => fresh.push(i),
            }
        }
        for (n, i) in fresh.iter().enumerate() {
            let (a, before) = (&envelopes[*i], &fresh[..n]);
            if before.iter().any(|j| envelopes[*j].tag == a.tag || envelopes[*j].cap_hash == a.cap_hash) {
                return Ok(DepositOutcome::TagTaken);
            }
        }
        for i in fresh {
            let e = &envelopes[i];
            s.tags.insert(e.tag, (s.open, e.clone()));
            s.caps.insert(e.cap_hash, Some((s.open, Bytes::copy_from_slice(e.body.as_slice()))));
            s.rows.insert((s.open, e.tag), e.hint);
            s.leaves.insert((s.open, leaves[i]));
        }
        Ok(DepositOutcome::Stored(epochs))
    }

    fn open_epoch(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).open
    }

    fn last_published(&self) -> Option<u64> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).published
    }

    fn first_epoch(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).first
    }

    async fn seal_epoch(&self) -> Stored<SealedEpoch> {
        let mut s = self.state()?;
        let epoch = match s.sealed {
            Some(epoch) => epoch,
            None => {
                let epoch = s.open;
                s.sealed = Some(epoch);
                s.open += 1;
                epoch
            }
        };
        let rows = s.rows.iter().filter(|((e, _), _)| *e == epoch).map(|((_, t), h)| (*t, *h)).collect();
        let leaves = s.leaves.iter().filter(|(e, _)| *e == epoch).map(|(_, l)| *l).collect();
        Ok(SealedEpoch { epoch, rows, leaves })
    }

    async fn publish_epoch(&self, p: PublishedEpoch) -> Stored<()> {
        let mut s = self.state()?;
        if s.sealed != Some(p.epoch) {
            return Err(StoreError::Io("not sealed".into()));
        }
        if p.log_size != (s.log_leaves.len() + p.log_leaves.len()) as u64 {
            return Err(StoreError::Io("sizes do not fit".into()));
        }
        s.sealed = None;
        s.published = Some(p.epoch);
        s.lists.insert(p.epoch, (p.tags, p.hints));
        s.log_leaves.extend(p.log_leaves);
        s.log_hashes.extend(p.log_hashes);
        s.checkpoint = Some(p.checkpoint);
        s.rows.retain(|(e, _), _| *e > p.epoch);
        s.leaves.retain(|(e, _)| *e > p.epoch);
        Ok(())
    }

    async fn list(&self, epoch: u64) -> Stored<Option<(Bytes, Bytes)>> {
        Ok(self.state()?.lists.get(&epoch).cloned())
    }

    async fn take(&self, cap: CapHash) -> Stored<Taken> {
        Ok(taken(self.state()?.caps.get(&cap)))
    }

    async fn discard(&self, cap: CapHash) -> Stored<Discarded> {
        Ok(discarded(self.state()?.caps.get_mut(&cap)))
    }

    async fn expire(&self, before_epoch: u64) -> Stored<u64> {
        let mut guard = self.state()?;
        let s = &mut *guard;
        let before = before_epoch.min(s.published.unwrap_or(0) + 1);
        if before <= s.first {
            return Ok(0);
        }
        s.first = before;
        s.tags.retain(|_, (epoch, _)| *epoch >= before);
        s.lists.retain(|epoch, _| *epoch >= before);
        let mut bodies = 0;
        for body in s.caps.values_mut().chain(s.blobs.values_mut()) {
            if body.as_ref().is_some_and(|(epoch, _)| *epoch < before) {
                *body = None;
                bodies += 1;
            }
        }
        Ok(bodies)
    }

    async fn blob_put(&self, name: CapHash, bytes: Bytes) -> Stored<BlobOutcome> {
        let mut s = self.state()?;
        let open = s.open;
        match s.blobs.get(&name) {
            Some(Some((_, standing))) if *standing == bytes => Ok(BlobOutcome::Stored),
            Some(_) => Ok(BlobOutcome::Taken),
            None => {
                s.blobs.insert(name, Some((open, bytes)));
                Ok(BlobOutcome::Stored)
            }
        }
    }

    async fn blob_stands(&self, name: CapHash) -> Stored<bool> {
        Ok(matches!(self.state()?.blobs.get(&name), Some(Some(_))))
    }

    async fn blob_take(&self, name: CapHash) -> Stored<Taken> {
        Ok(taken(self.state()?.blobs.get(&name)))
    }

    async fn blob_discard(&self, name: CapHash) -> Stored<Discarded> {
        Ok(discarded(self.state()?.blobs.get_mut(&name)))
    }

    async fn publish_bundles(
        &self,
        holder: HolderId,
        one_time: Vec<NewBundle>,
        fallback: Option<NewBundle>,
    ) -> Stored<BundleStock> {
        let mut s = self.state()?;
        for b in one_time {
            if s.seen.insert((holder.0, b.id)) {
                s.bundles.insert((holder.0, b.id), b.bytes);
            }
        }
        if let Some(b) = fallback {
            s.fallbacks.insert(holder.0, b.bytes);
        }
        let one_time = s.bundles.keys().filter(|(h, _)| *h == holder.0).count() as u32;
        Ok(BundleStock { one_time, fallback: s.fallbacks.contains_key(&holder.0) })
    }

    async fn hand_out_bundle(
        &self,
        holder: HolderId,
        good: impl Fn(&[u8]) -> bool + Send + 'static,
    ) -> Stored<HandedOut> {
        let mut s = self.state()?;
        let key = s.bundles.iter().find(|((h, _), b)| *h == holder.0 && good(b)).map(|(key, _)| *key);
        if let Some(bytes) = key.and_then(|k| s.bundles.remove(&k)) {
            return Ok(HandedOut::OneTime(bytes));
        }
        let fallback = s.fallbacks.get(&holder.0).filter(|b| good(b));
        Ok(fallback.cloned().map_or(HandedOut::None, HandedOut::Fallback))
    }

    async fn retain_bundles(&self, holder: HolderId, good: impl Fn(&[u8]) -> bool + Send + 'static) -> Stored<()> {
        self.state()?.bundles.retain(|(h, _), b| *h != holder.0 || good(b));
        Ok(())
    }

    async fn journal_append(&self, a: JournalAppend) -> Stored<JournalOutcome> {
        let mut s = self.state()?;
        let empty = Journal::default();
        let journal = s.journals.get(&a.journal).unwrap_or(&empty);
        if journal.purged {
            return Ok(JournalOutcome::Refused);
        }
        if let Some((standing, position)) = journal.appends.get(a.expected_seq as usize)
            && *standing == a
        {
            return Ok(JournalOutcome::Appended(*position));
        }
        if kdf::digest("subrosa/journal-capability/v1", &[&a.capability]) != journal.cap_hash(a.journal) {
            return Ok(JournalOutcome::Refused);
        }
        let position = journal.position();
        if (a.expected_seq, a.expected_head) != (position.seq, position.head) {
            return Ok(JournalOutcome::Conflict(position));
        }
        let position = JournalPosition { seq: position.seq + 1, head: position.head.after(&a.entry) };
        let (open, leaf) = (s.open, a.leaf);
        s.journals.entry(a.journal).or_default().appends.push((a, position));
        s.leaves.insert((open, leaf));
        Ok(JournalOutcome::Appended(position))
    }

    async fn journal_read(&self, journal: JournalId, cap_hash: [u8; 32], from_seq: u64) -> Stored<Option<JournalPage>> {
        let s = self.state()?;
        let Some((j, end)) = s.journals.get(&journal).and_then(|j| Some((j, j.readable(journal, cap_hash)?))) else {
            return Ok(None);
        };
        let mut bytes = 0;
        let mut entries = Vec::new();
        for (a, _) in j.appends.iter().take(end).skip(from_seq as usize) {
            bytes += a.entry.len();
            if bytes > 1024 * 1024 && !entries.is_empty() {
                break;
            }
            entries.push(a.entry.clone());
        }
        let position = j.appends.get(end - 1).map_or(j.position(), |(_, p)| *p);
        Ok(Some(JournalPage { position, from_seq, entries: entries.try_into()? }))
    }

    async fn journal_purge(&self, journal: JournalId, cap_hash: [u8; 32]) -> Stored<Discarded> {
        let mut s = self.state()?;
        match s.journals.get_mut(&journal) {
            Some(j) if j.cap_hash(journal) == cap_hash => {
                let before = std::mem::replace(&mut j.purged, true);
                Ok(if before { Discarded::Before } else { Discarded::Now })
            }
            _ => Ok(Discarded::Unknown),
        }
    }

    async fn record_append(&self, bytes: Bytes, salt: [u8; 32], leaf: LeafData) -> Stored<StoredRecord> {
        let mut s = self.state()?;
        if let Some(standing) = s.records.iter().find(|r| r.bytes == bytes) {
            return Ok(standing.clone());
        }
        let record = StoredRecord { salt, epoch: s.open, bytes };
        let open = s.open;
        s.records.push(record.clone());
        s.leaves.insert((open, leaf));
        Ok(record)
    }

    async fn records(&self, from: u64) -> Stored<(u64, Vec<StoredRecord>)> {
        let s = self.state()?;
        let mut bytes = 0;
        let mut out = Vec::new();
        for r in s.records.iter().skip(from as usize) {
            bytes += r.bytes.len();
            if bytes > 1024 * 1024 && !out.is_empty() {
                break;
            }
            out.push(r.clone());
        }
        Ok((s.records.len() as u64, out))
    }

    async fn charter_put(&self, version: u64, bytes: Bytes, leaf: LeafData) -> Stored<bool> {
        let mut s = self.state()?;
        if version != s.charters.len() as u64 + 1 {
            return Ok(false);
        }
        let open = s.open;
        s.charters.push(bytes);
        s.leaves.insert((open, leaf));
        Ok(true)
    }

    async fn charter(&self, version: Option<u64>) -> Stored<Option<(u64, Bytes)>> {
        let s = self.state()?;
        let version = version.unwrap_or(s.charters.len() as u64);
        Ok(version.checked_sub(1).and_then(|i| s.charters.get(i as usize)).map(|b| (version, b.clone())))
    }

    fn log_size(&self) -> u64 {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).log_leaves.len() as u64
    }

    async fn log_hashes(&self, indexes: Vec<u64>) -> Stored<Vec<[u8; 32]>> {
        let s = self.state()?;
        let get = |i: u64| s.log_hashes.get(i as usize).copied().ok_or_else(|| StoreError::Io("no such hash".into()));
        indexes.into_iter().map(get).collect()
    }

    async fn log_leaves(&self, from: u64, count: u64) -> Stored<Vec<LeafData>> {
        Ok(self.state()?.log_leaves.iter().skip(from as usize).take(count as usize).copied().collect())
    }

    async fn checkpoint(&self) -> Stored<Option<Bytes>> {
        Ok(self.state()?.checkpoint.clone())
    }

    async fn secret_or_insert(&self, name: &'static str, fresh: [u8; 32]) -> Stored<[u8; 32]> {
        Ok(*self.state()?.secrets.entry(name).or_insert(fresh))
    }

    async fn close(&self) -> Stored<()> {
        self.state()?.closed = true;
        Ok(())
    }
}

fn taken(found: Option<&Option<(u64, Bytes)>>) -> Taken {
    match found {
        None => Taken::Unknown,
        Some(None) => Taken::Gone,
        Some(Some((_, body))) => Taken::Body(body.clone()),
    }
}

fn discarded(found: Option<&mut Option<(u64, Bytes)>>) -> Discarded {
    match found.map(Option::take) {
        None => Discarded::Unknown,
        Some(None) => Discarded::Before,
        Some(Some(_)) => Discarded::Now,
    }
}
