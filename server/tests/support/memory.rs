//! A store in memory: the verbs' meaning, without a disk. It is shared between the servers of a test, as a data
//! directory would be.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Mutex, MutexGuard},
};

use bytes::Bytes;
use subrosa_crypto::{kdf, sign::HolderId, wire::*};
use subrosa_server::store::*;

#[derive(Default)]
pub(crate) struct Memory {
    state: Mutex<State>,
}

#[derive(Default)]
pub(crate) struct State {
    open: u64,
    sealed: Option<SealedEpoch>,
    rows: Vec<(Tag, Hint)>,
    leaves: Vec<LeafData>,
    tags: BTreeMap<Tag, (Hint, CapHash, [u8; 32], u64)>,
    bodies: BTreeMap<CapHash, Option<Bytes>>,
    blobs: BTreeMap<CapHash, Option<Bytes>>,
    pub(crate) lists: BTreeMap<u64, (Bytes, Bytes)>,
    one_time: BTreeMap<HolderId, VecDeque<Bytes>>,
    seen: BTreeSet<(HolderId, [u8; 16])>,
    fallback: BTreeMap<HolderId, Bytes>,
    journals: BTreeMap<[u8; 32], Journal>,
    spent: BTreeMap<[u8; 32], [u8; 32]>,
    records: Vec<StoredRecord>,
    charters: Vec<Bytes>,
    hashes: Vec<[u8; 32]>,
    log: Vec<LeafData>,
    checkpoint: Option<Bytes>,
    secrets: BTreeMap<&'static str, [u8; 32]>,
    /// Every write so far; a refused request must not raise it.
    pub(crate) writes: u64,
    /// Makes every publication fail, as a disk that is away.
    pub(crate) stuck: bool,
    pub(crate) closed: bool,
}

struct Journal {
    cap: [u8; 32],
    former: Vec<([u8; 32], u64, JournalHead)>,
    head: JournalHead,
    entries: Option<Vec<JournalBytes>>,
}

impl Memory {
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    fn open(&self) -> Stored<MutexGuard<'_, State>> {
        let state = self.state();
        if state.closed { Err(StoreError::Closed) } else { Ok(state) }
    }

    fn write(&self) -> Stored<MutexGuard<'_, State>> {
        let mut state = self.open()?;
        state.writes += 1;
        Ok(state)
    }
}

fn put(map: &mut BTreeMap<CapHash, Option<Bytes>>, name: CapHash) -> Discarded {
    match map.get_mut(&name) {
        Some(body) if body.is_some() => {
            *body = None;
            Discarded::Now
        }
        Some(_) => Discarded::Before,
        None => Discarded::Unknown,
    }
}

fn get(map: &BTreeMap<CapHash, Option<Bytes>>, name: CapHash) -> Taken {
    match map.get(&name) {
        Some(Some(b)) => Taken::Body(b.clone()),
        Some(None) => Taken::Gone,
        None => Taken::Unknown,
    }
}

impl Store for Memory {
    async fn deposit(
        &self,
        envelopes: [Envelope; PARCEL_COUNT],
        leaves: [LeafData; PARCEL_COUNT],
    ) -> Stored<DepositOutcome> {
        let mut s = self.write()?;
        let digest = |e: &Envelope| kdf::digest("x", &[e.body.as_slice()]);
        let mut epochs = [s.open; PARCEL_COUNT];
        for (e, epoch) in envelopes.iter().zip(&mut epochs) {
            if let Some((hint, cap, body, first)) = s.tags.get(&e.tag) {
                if (hint, cap, body) != (&e.hint, &e.cap_hash, &digest(e)) {
                    return Ok(DepositOutcome::TagTaken);
                }
                *epoch = *first;
            }
        }
        for (e, leaf) in envelopes.iter().zip(leaves) {
            if !s.tags.contains_key(&e.tag) {
                let open = s.open;
                s.tags.insert(e.tag, (e.hint, e.cap_hash, digest(e), open));
                s.bodies.insert(e.cap_hash, Some(Bytes::copy_from_slice(e.body.as_slice())));
                s.rows.push((e.tag, e.hint));
                s.leaves.push(leaf);
            }
        }
        Ok(DepositOutcome::Stored(epochs))
    }

    fn open_epoch(&self) -> u64 {
        self.state().open
    }

    fn last_published(&self) -> Option<u64> {
        self.state().lists.last_key_value().map(|(e, _)| *e)
    }

    fn first_epoch(&self) -> u64 {
        self.state().lists.first_key_value().map_or(0, |(e, _)| *e)
    }

    async fn seal_epoch(&self) -> Stored<SealedEpoch> {
        let mut s = self.write()?;
        if let Some(sealed) = &s.sealed {
            return Ok(sealed.clone());
        }
        let sealed =
            SealedEpoch { epoch: s.open, rows: std::mem::take(&mut s.rows), leaves: std::mem::take(&mut s.leaves) };
        s.open += 1;
        s.sealed = Some(sealed.clone());
        Ok(sealed)
    }

    async fn publish_epoch(&self, p: PublishedEpoch) -> Stored<()> {
        let mut s = self.write()?;
        if s.stuck {
            return Err(StoreError::Io("stuck".into()));
        }
        assert_eq!(s.sealed.take().map(|x| x.epoch), Some(p.epoch));
        s.lists.insert(p.epoch, (p.tags, p.hints));
        s.hashes.extend(p.log_hashes);
        s.log.extend(p.log_leaves);
        assert_eq!(s.log.len() as u64, p.log_size);
        s.checkpoint = Some(p.checkpoint);
        Ok(())
    }

    async fn list(&self, epoch: u64) -> Stored<Option<(Bytes, Bytes)>> {
        Ok(self.open()?.lists.get(&epoch).cloned())
    }

    async fn take(&self, cap: CapHash) -> Stored<Taken> {
        Ok(get(&self.open()?.bodies, cap))
    }

    async fn discard(&self, cap: CapHash) -> Stored<Discarded> {
        Ok(put(&mut self.open()?.bodies, cap))
    }

    async fn expire(&self, before: u64) -> Stored<u64> {
        let mut s = self.write()?;
        let old: Vec<CapHash> = s.tags.values().filter(|v| v.3 < before).map(|v| v.1).collect();
        let s = &mut *s;
        let n = old.iter().filter(|c| put(&mut s.bodies, **c) == Discarded::Now).count();
        s.lists = s.lists.split_off(&before);
        Ok(n as u64)
    }

    async fn blob_put(&self, name: CapHash, bytes: Bytes) -> Stored<BlobOutcome> {
        let mut s = self.write()?;
        match s.blobs.get(&name) {
            Some(Some(b)) if *b == bytes => Ok(BlobOutcome::Stored),
            Some(_) => Ok(BlobOutcome::Taken),
            None => {
                s.blobs.insert(name, Some(bytes));
                Ok(BlobOutcome::Stored)
            }
        }
    }

    async fn blob_take(&self, name: CapHash) -> Stored<Taken> {
        Ok(get(&self.open()?.blobs, name))
    }

    async fn blob_discard(&self, name: CapHash) -> Stored<Discarded> {
        Ok(put(&mut self.open()?.blobs, name))
    }

    async fn publish_bundles(
        &self,
        holder: HolderId,
        one_time: Vec<NewBundle>,
        fallback: Option<NewBundle>,
    ) -> Stored<BundleStock> {
        let mut s = self.write()?;
        for b in one_time {
            if s.seen.insert((holder, b.id)) {
                s.one_time.entry(holder).or_default().push_back(b.bytes);
            }
        }
        if let Some(b) = fallback {
            s.fallback.insert(holder, b.bytes);
        }
        let one_time = s.one_time.get(&holder).map_or(0, |q| q.len() as u32);
        Ok(BundleStock { one_time, fallback: s.fallback.contains_key(&holder) })
    }

    async fn hand_out_bundle(&self, holder: HolderId) -> Stored<HandedOut> {
        let mut s = self.open()?;
        if let Some(b) = s.one_time.get_mut(&holder).and_then(VecDeque::pop_front) {
            s.writes += 1;
            return Ok(HandedOut::OneTime(b));
        }
        Ok(s.fallback.get(&holder).cloned().map_or(HandedOut::None, HandedOut::Fallback))
    }

    async fn journal_append(&self, a: JournalAppend) -> Stored<JournalOutcome> {
        let mut s = self.open()?;
        let cap = kdf::digest("subrosa/journal-capability/v1", &[&a.capability]);
        let first = (cap, a.expected_seq, a.expected_head) == (a.journal.0, 0, JournalHead::EMPTY);
        if first {
            let fresh = Journal { cap, former: Vec::new(), head: JournalHead::EMPTY, entries: Some(Vec::new()) };
            s.journals.entry(a.journal.0).or_insert(fresh);
        }
        s.writes += 1;
        let Some(j) = s.journals.get_mut(&a.journal.0) else { return Ok(JournalOutcome::Refused) };
        let Some(entries) = j.entries.as_mut().filter(|_| j.cap == cap) else { return Ok(JournalOutcome::Refused) };
        let seq = entries.len() as u64;
        if (a.expected_seq, a.expected_head) != (seq, j.head) {
            return Ok(JournalOutcome::Conflict(JournalPosition { seq, head: j.head }));
        }
        j.head = j.head.after(&a.entry);
        if a.next_cap_hash != cap {
            j.former.push((cap, seq + 1, j.head));
        }
        j.cap = a.next_cap_hash;
        entries.push(a.entry);
        Ok(JournalOutcome::Appended(JournalPosition { seq: seq + 1, head: j.head }))
    }

    async fn journal_read(&self, journal: JournalId, cap: [u8; 32], from: u64) -> Stored<Option<JournalPage>> {
        let s = self.open()?;
        let Some(j) = s.journals.get(&journal.0) else { return Ok(None) };
        let Some(entries) = &j.entries else { return Ok(None) };
        let (seq, head) = match j.former.iter().rfind(|(former, ..)| *former == cap) {
            _ if j.cap == cap => (entries.len() as u64, j.head),
            Some((_, seq, head)) => (*seq, *head),
            None => return Ok(None),
        };
        let position = JournalPosition { seq, head };
        let entries: Vec<_> = entries.iter().take(seq as usize).skip(from as usize).cloned().collect();
        Ok(Some(JournalPage { position, from_seq: from, entries: entries.try_into()? }))
    }

    async fn journal_purge(&self, journal: JournalId, cap: [u8; 32]) -> Stored<Discarded> {
        let mut s = self.open()?;
        let Some(j) = s.journals.get_mut(&journal.0).filter(|j| j.cap == cap) else { return Ok(Discarded::Unknown) };
        Ok(if j.entries.take().is_some() { Discarded::Now } else { Discarded::Before })
    }

    async fn spend_if_absent(&self, nullifiers: Vec<[u8; 32]>, context: [u8; 32]) -> Stored<SpendOutcome> {
        let mut s = self.write()?;
        let standing: Vec<_> = nullifiers.iter().map(|n| s.spent.get(n).copied()).collect();
        if standing.iter().flatten().any(|c| *c != context) {
            return Ok(SpendOutcome::Refused(standing));
        }
        s.spent.extend(nullifiers.into_iter().map(|n| (n, context)));
        Ok(SpendOutcome::Spent)
    }

    async fn record_append(&self, bytes: Bytes, salt: [u8; 32], leaf: LeafData) -> Stored<StoredRecord> {
        let mut s = self.write()?;
        if let Some(r) = s.records.iter().find(|r| r.bytes == bytes) {
            return Ok(r.clone());
        }
        let record = StoredRecord { salt, epoch: s.open, bytes };
        s.leaves.push(leaf);
        s.records.push(record.clone());
        Ok(record)
    }

    async fn records(&self, from: u64) -> Stored<(u64, Vec<StoredRecord>)> {
        let s = self.open()?;
        Ok((s.records.len() as u64, s.records.iter().skip(from as usize).cloned().collect()))
    }

    async fn charter_put(&self, version: u64, bytes: Bytes, leaf: LeafData) -> Stored<bool> {
        let mut s = self.write()?;
        if version != s.charters.len() as u64 + 1 {
            return Ok(false);
        }
        s.charters.push(bytes);
        s.leaves.push(leaf);
        Ok(true)
    }

    async fn charter(&self, version: Option<u64>) -> Stored<Option<(u64, Bytes)>> {
        let s = self.open()?;
        let version = version.unwrap_or(s.charters.len() as u64);
        let bytes = version.checked_sub(1).and_then(|i| s.charters.get(i as usize));
        Ok(bytes.map(|b| (version, b.clone())))
    }

    fn log_size(&self) -> u64 {
        self.state().log.len() as u64
    }

    async fn log_hashes(&self, indexes: Vec<u64>) -> Stored<Vec<[u8; 32]>> {
        let s = self.open()?;
        Ok(indexes.iter().filter_map(|i| s.hashes.get(*i as usize).copied()).collect())
    }

    async fn log_leaves(&self, from: u64, count: u64) -> Stored<Vec<LeafData>> {
        Ok(self.open()?.log.iter().skip(from as usize).take(count as usize).copied().collect())
    }

    async fn checkpoint(&self) -> Stored<Option<Bytes>> {
        Ok(self.open()?.checkpoint.clone())
    }

    async fn secret_or_insert(&self, name: &'static str, fresh: [u8; 32]) -> Stored<[u8; 32]> {
        Ok(*self.open()?.secrets.entry(name).or_insert(fresh))
    }

    async fn close(&self) -> Stored<()> {
        self.state().closed = true;
        Ok(())
    }
}
