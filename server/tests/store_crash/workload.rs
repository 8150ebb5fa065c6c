//! Random work on a store by many tasks, each step announced before and acknowledged after; and the check, on a store
//! that was opened after a crash, that it keeps what was acknowledged and holds nothing by halves.
//!
//! A line that starts with `?` announces; the same line without it acknowledges. Every name is a number, and every
//! content depends on its number only.

use std::{
    collections::{BTreeMap, BTreeSet, HashSet},
    fs::File,
    io::Write as _,
    sync::{Arc, Mutex},
};

use bytes::Bytes;
use subrosa_crypto::{
    kdf,
    sign::HolderId,
    wire::{CapHash, ENVELOPE_LEN, Envelope, Hint, JournalAppend, JournalHead, JournalId, JournalPosition, Tag, Work},
};
use subrosa_server::store::{
    BlobOutcome, DepositOutcome, Discarded, HandedOut, JournalOutcome, LeafData, NewBundle, PublishedEpoch, Store,
    StoreError, Taken,
};

/// Where announcements and acknowledgements go: one write for each line.
#[derive(Clone)]
pub(crate) struct Log(Arc<Mutex<File>>);

impl Log {
    pub(crate) fn new(file: File) -> Self {
        Self(Arc::new(Mutex::new(file)))
    }

    fn line(&self, text: &str) {
        self.0.lock().unwrap().write_all(format!("{text}\n").as_bytes()).unwrap();
    }
}

/// A small generator: runs are repeatable from their seed, as far as the scheduler lets them be.
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    pub(crate) fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % n
    }
}

fn noise(kind: &str, seed: u64, n: usize) -> Vec<u8> {
    let mut out = vec![0u8; n];
    for (i, chunk) in out.chunks_mut(32).enumerate() {
        let d = kdf::digest(kind, &[&seed.to_be_bytes(), &(i as u64).to_be_bytes()]);
        chunk.copy_from_slice(&d[..chunk.len()]);
    }
    out
}

fn b32(kind: &str, seed: u64) -> [u8; 32] {
    kdf::digest(kind, &[&seed.to_be_bytes()])
}

/// What an envelope's body starts with, so that a look at the raw disk can tell which one it is.
pub(crate) const BODY_MARK: &[u8; 16] = b"power-cut body: ";

fn body(seed: u64) -> Box<[u8; ENVELOPE_LEN]> {
    let mut b = vec![(seed % 255) as u8 + 1; ENVELOPE_LEN];
    b[..16].copy_from_slice(BODY_MARK);
    b[16..24].copy_from_slice(&seed.to_be_bytes());
    b.into_boxed_slice().try_into().unwrap()
}

pub(crate) fn cap(seed: u64) -> CapHash {
    CapHash(b32("cap", seed))
}

fn tag(seed: u64) -> Tag {
    Tag(b32("tag", seed)[..16].try_into().unwrap())
}

pub(crate) fn parcel(n: u64) -> ([Envelope; 4], [LeafData; 4]) {
    let seeds = [n * 4, n * 4 + 1, n * 4 + 2, n * 4 + 3];
    let envelope = |s| Envelope { tag: tag(s), hint: Hint(b32("hint", s)), cap_hash: cap(s), body: body(s) };
    (seeds.map(envelope), seeds.map(|s| b32("leaf", s)))
}

fn blob(n: u64) -> Bytes {
    Bytes::from(noise("blob", n, if n.is_multiple_of(3) { 262_144 } else { 30_000 }))
}

fn blob_name(n: u64) -> CapHash {
    CapHash(b32("blob name", n))
}

fn journal(j: u64) -> JournalId {
    JournalId(cap_digest(j))
}

fn cap_digest(j: u64) -> [u8; 32] {
    kdf::digest("subrosa/journal-capability/v1", &[&b32("journal", j)])
}

fn entry(j: u64, seq: u64) -> Vec<u8> {
    noise("entry", j * 10_000 + seq, 4096 * (1 + (seq % 3) as usize))
}

fn position(j: u64, seq: u64) -> JournalPosition {
    let head = (0..seq).fold(JournalHead::EMPTY, |h, s| h.after(&entry(j, s)));
    JournalPosition { seq, head }
}

fn append(j: u64, at: JournalPosition) -> JournalAppend {
    JournalAppend {
        work: Work { log_size: 0, nonce: 0 },
        journal: journal(j),
        expected_seq: at.seq,
        expected_head: at.head,
        capability: b32("journal", j),
        next_cap_hash: cap_digest(j),
        leaf: b32("entry leaf", j * 10_000 + at.seq),
        entry: entry(j, at.seq).try_into().unwrap(),
        keeper: None,
    }
}

fn bundle(id: u64) -> NewBundle {
    NewBundle {
        id: b32("bundle", id)[..16].try_into().unwrap(),
        bytes: Bytes::from([&id.to_be_bytes()[..], &noise("bundle", id, 1345)].concat()),
    }
}

fn record(n: u64) -> Bytes {
    Bytes::from([&n.to_be_bytes()[..], &noise("record", n, 700)].concat())
}

const HOLDER: HolderId = HolderId([5; 16]);

fn stored_hashes(n: u64) -> u64 {
    2 * n - u64::from(n.count_ones())
}

fn publication(epoch: u64, old: u64) -> PublishedEpoch {
    let size = old + 16 + epoch % 7;
    PublishedEpoch {
        epoch,
        tags: Bytes::from(noise("tags", epoch, 500)),
        hints: Bytes::from(noise("hints", epoch, 5000)),
        log_hashes: (stored_hashes(old)..stored_hashes(size)).map(|i| b32("hash", i)).collect(),
        log_leaves: (old..size).map(|i| b32("log leaf", i)).collect(),
        log_size: size,
        checkpoint: Bytes::from(format!("checkpoint {size}")),
    }
}

/// Runs `tasks` tasks of `steps` steps each; numbers start at `base`.
pub(crate) async fn run<S: Store>(store: &Arc<S>, log: &Log, base: u64, tasks: u64, steps: u64) {
    let mut running = Vec::new();
    for t in 0..tasks {
        let (store, log) = (Arc::clone(store), log.clone());
        running.push(tokio::spawn(async move { task(&*store, &log, base + t * 100_000, steps, t == 0).await }));
    }
    for r in running {
        r.await.unwrap();
    }
}

/// Deposits and discards by several tasks until the store says that it is closed; then checks that it says so to
/// everybody.
pub(crate) async fn run_until_it_stops<S: Store>(store: &Arc<S>, log: &Log, base: u64) {
    let mut running = Vec::new();
    for t in 0..6 {
        let (s, log) = (Arc::clone(store), log.clone());
        running.push(tokio::spawn(async move {
            for n in base + t * 100_000.. {
                log.line(&format!("?D {n}"));
                let (envelopes, leaves) = parcel(n);
                match s.deposit(envelopes, leaves).await {
                    Ok(DepositOutcome::Stored(e)) => log.line(&format!("D {n} {}", e[0])),
                    Err(StoreError::Closed) => return,
                    other => panic!("parcel {n}: {other:?}"),
                }
                log.line(&format!("?X {}", n * 4));
                match s.discard(cap(n * 4)).await {
                    Ok(_) => log.line(&format!("X {}", n * 4)),
                    Err(StoreError::Closed) => return,
                    other => panic!("discard: {other:?}"),
                }
            }
        }));
    }
    for r in running {
        r.await.unwrap();
    }
    assert!(matches!(store.take(cap(base * 4)).await, Err(StoreError::Closed)));
    assert!(matches!(store.seal_epoch().await, Err(StoreError::Closed)));
}

async fn task<S: Store>(s: &S, log: &Log, base: u64, steps: u64, closes_epochs: bool) {
    let mut dice = Dice::new(base + 1);
    let mut mine: Vec<u64> = Vec::new();
    let mut blobs: Vec<u64> = Vec::new();
    let mut journals: BTreeMap<u64, JournalPosition> = BTreeMap::new();
    for n in base..base + steps {
        match dice.below(if closes_epochs { 24 } else { 20 }) {
            0..=4 => {
                log.line(&format!("?D {n}"));
                let (envelopes, leaves) = parcel(n);
                match s.deposit(envelopes, leaves).await.unwrap() {
                    DepositOutcome::Stored(e) => log.line(&format!("D {n} {}", e[0])),
                    DepositOutcome::TagTaken => panic!("parcel {n}"),
                }
                mine.extend(n * 4..n * 4 + 4);
            }
            5..=8 if !mine.is_empty() => {
                let seed = mine.swap_remove(dice.below(mine.len() as u64) as usize);
                log.line(&format!("?X {seed}"));
                assert_ne!(s.discard(cap(seed)).await.unwrap(), Discarded::Unknown);
                log.line(&format!("X {seed}"));
            }
            9 => {
                log.line(&format!("?B {n} {}", s.open_epoch()));
                assert_eq!(s.blob_put(blob_name(n), blob(n)).await.unwrap(), BlobOutcome::Stored);
                log.line(&format!("B {n}"));
                blobs.push(n);
            }
            10 => {
                let Some(b) = blobs.pop() else { continue };
                log.line(&format!("?b {b}"));
                assert_ne!(s.blob_discard(blob_name(b)).await.unwrap(), Discarded::Unknown);
                log.line(&format!("b {b}"));
            }
            11..=12 => {
                let j = base + dice.below(3);
                let at = *journals.entry(j).or_insert(JournalPosition { seq: 0, head: JournalHead::EMPTY });
                log.line(&format!("?J {j} {}", at.seq));
                match s.journal_append(append(j, at)).await.unwrap() {
                    JournalOutcome::Appended(p) => {
                        log.line(&format!("J {j} {}", at.seq));
                        journals.insert(j, p);
                    }
                    JournalOutcome::Refused => {}
                    other => panic!("journal {j}: {other:?}"),
                }
            }
            13 => {
                let j = base + dice.below(3);
                if dice.below(6) > 0 || !journals.contains_key(&j) {
                    continue;
                }
                log.line(&format!("?P {j}"));
                s.journal_purge(journal(j), cap_digest(j)).await.unwrap();
                log.line(&format!("P {j}"));
            }
            14..=16 => {
                log.line(&format!("?U {n}"));
                s.publish_bundles(HOLDER, vec![bundle(n)], None).await.unwrap();
                log.line(&format!("U {n}"));
            }
            17 => {
                log.line("?H");
                match s.hand_out_bundle(HOLDER, |_| true).await.unwrap() {
                    HandedOut::OneTime(b) => log.line(&format!("H {}", u64::from_be_bytes(b[..8].try_into().unwrap()))),
                    HandedOut::None => log.line("H 0"),
                    HandedOut::Fallback(_) => panic!("no fallback was published"),
                }
            }
            18..=19 => {
                log.line(&format!("?R {n}"));
                s.record_append(record(n), b32("salt", n), b32("record leaf", n)).await.unwrap();
                log.line(&format!("R {n}"));
            }
            20..=22 => {
                let sealed = s.seal_epoch().await.unwrap();
                log.line(&format!("?E {}", sealed.epoch));
                s.publish_epoch(publication(sealed.epoch, s.log_size())).await.unwrap();
                log.line(&format!("E {} {}", sealed.epoch, s.log_size()));
            }
            23 => {
                let before = s.open_epoch().saturating_sub(3);
                log.line(&format!("?Y {before}"));
                s.expire(before).await.unwrap();
                log.line(&format!("Y {before}"));
            }
            _ => {}
        }
    }
}

/// What a log says.
#[derive(Default)]
struct Told {
    parcels: BTreeMap<u64, Option<u64>>,
    discards: BTreeMap<u64, bool>,
    blobs: BTreeMap<u64, (u64, bool)>,
    blob_discards: BTreeMap<u64, bool>,
    entries: BTreeMap<(u64, u64), bool>,
    purges: BTreeMap<u64, bool>,
    bundles: BTreeMap<u64, bool>,
    handed: Vec<u64>,
    asked: u64,
    records: BTreeMap<u64, bool>,
    closed: Option<(u64, u64)>,
    expired: u64,
    expiring: u64,
}

fn read(log: &str) -> Told {
    let mut t = Told::default();
    // A last line without its end was cut off.
    for line in log.split_inclusive('\n').filter(|l| l.ends_with('\n')) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let n = |i: usize| -> u64 { words.get(i).map_or(0, |w| w.parse().unwrap()) };
        match words[0] {
            "?D" => _ = t.parcels.insert(n(1), None),
            "D" => _ = t.parcels.insert(n(1), Some(n(2))),
            "?X" | "X" => _ = t.discards.insert(n(1), words[0] == "X"),
            "?B" => _ = t.blobs.insert(n(1), (n(2), false)),
            "B" => t.blobs.get_mut(&n(1)).unwrap().1 = true,
            "?b" | "b" => _ = t.blob_discards.insert(n(1), words[0] == "b"),
            "?J" => _ = t.entries.entry((n(1), n(2))).or_insert(false),
            "J" => _ = t.entries.insert((n(1), n(2)), true),
            "?P" => _ = t.purges.entry(n(1)).or_insert(false),
            "P" => _ = t.purges.insert(n(1), true),
            "?U" | "U" => _ = t.bundles.insert(n(1), words[0] == "U"),
            "?H" => t.asked += 1,
            "H" if n(1) == 0 => t.asked -= 1,
            "H" => {
                t.asked -= 1;
                t.handed.push(n(1));
            }
            "?R" | "R" => _ = t.records.insert(n(1), words[0] == "R"),
            "?E" => {}
            "E" => t.closed = Some((n(1), n(2))),
            "?Y" => t.expiring = t.expiring.max(n(1)),
            "Y" => t.expired = t.expired.max(n(1)),
            other => panic!("line {other}"),
        }
    }
    t
}

/// The seeds of envelopes whose discard was acknowledged.
pub(crate) fn discarded(log: &str) -> BTreeSet<u64> {
    read(log).discards.into_iter().filter(|(_, done)| *done).map(|(seed, _)| seed).collect()
}

/// How many acknowledgements a log holds.
pub(crate) fn acknowledged(log: &str) -> usize {
    log.lines().filter(|l| !l.starts_with('?')).count()
}

/// Checks a store that was opened after a crash against what was acknowledged before it.
pub(crate) async fn check<S: Store>(s: &S, log: &str) {
    let told = read(log);
    let first = s.first_epoch();
    assert!(first >= told.expired, "an expiry was undone");
    assert!(first <= told.expiring.max(1), "an expiry that nobody asked for");
    check_parcels(s, &told, first).await;
    check_blobs(s, &told, first).await;
    check_journals(s, &told).await;
    check_records_and_log(s, &told).await;
    check_bundles(s, &told).await;
    check_lists(s, &told, first).await;
}

async fn check_parcels<S: Store>(s: &S, told: &Told, first: u64) {
    for (n, epoch) in &told.parcels {
        let mut there = Vec::new();
        for seed in n * 4..n * 4 + 4 {
            let taken = s.take(cap(seed)).await.unwrap();
            let discard = told.discards.get(&seed);
            match &taken {
                Taken::Body(b) => {
                    assert!(b.as_ref() == body(seed).as_slice(), "envelope {seed} holds other bytes");
                    assert_ne!(discard, Some(&true), "envelope {seed} came back");
                }
                Taken::Gone => {
                    assert!(discard.is_some() || epoch.is_none_or(|e| e < first), "envelope {seed} was destroyed")
                }
                Taken::Unknown => assert!(epoch.is_none(), "envelope {seed} of an acknowledged parcel is lost"),
            }
            there.push(taken != Taken::Unknown);
        }
        assert!(there.iter().all(|t| *t == there[0]), "parcel {n} is there by halves: {there:?}");
        if told.expiring == 0 {
            let (envelopes, leaves) = parcel(*n);
            match s.deposit(envelopes, leaves).await.unwrap() {
                DepositOutcome::Stored(e) => {
                    assert!(epoch.is_none_or(|was| e == [was; 4]), "parcel {n} changed its epoch")
                }
                DepositOutcome::TagTaken => panic!("parcel {n} cannot be repeated"),
            }
        }
    }
}

async fn check_blobs<S: Store>(s: &S, told: &Told, first: u64) {
    for (n, (epoch, stored)) in &told.blobs {
        match s.blob_take(blob_name(*n)).await.unwrap() {
            Taken::Body(b) => {
                assert!(b == blob(*n), "blob {n} holds other bytes");
                assert_ne!(told.blob_discards.get(n), Some(&true), "blob {n} came back");
            }
            Taken::Gone => assert!(told.blob_discards.contains_key(n) || *epoch < first, "blob {n} was destroyed"),
            Taken::Unknown => assert!(!stored, "blob {n} is lost"),
        }
    }
}

async fn check_journals<S: Store>(s: &S, told: &Told) {
    let ids: BTreeSet<u64> = told.entries.keys().map(|(j, _)| *j).collect();
    for j in ids {
        let acked = told.entries.range((j, 0)..=(j, u64::MAX)).filter(|(_, a)| **a).count() as u64;
        let tried = told.entries.range((j, 0)..=(j, u64::MAX)).count() as u64;
        match s.journal_read(journal(j), cap_digest(j), 0).await.unwrap() {
            None => assert!(told.purges.contains_key(&j) || acked == 0, "journal {j} is lost"),
            Some(page) => {
                assert_ne!(told.purges.get(&j), Some(&true), "journal {j} came back");
                assert!((acked..=tried).contains(&page.position.seq), "journal {j}: {} of {acked}", page.position.seq);
                assert_eq!(page.position, position(j, page.position.seq));
                for (seq, e) in page.entries.iter().enumerate() {
                    assert!(*e == entry(j, seq as u64), "journal {j} entry {seq} holds other bytes");
                }
            }
        }
    }
}

async fn check_records_and_log<S: Store>(s: &S, told: &Told) {
    let mut found = HashSet::new();
    let mut from = 0;
    loop {
        let (total, page) = s.records(from).await.unwrap();
        from += page.len() as u64;
        for r in page {
            let n = u64::from_be_bytes(r.bytes[..8].try_into().unwrap());
            assert!(r.bytes == record(n) && r.salt == b32("salt", n), "record {n} holds other bytes");
            assert!(found.insert(n), "record {n} stands twice");
        }
        if from >= total {
            break;
        }
    }
    for (n, acked) in &told.records {
        assert!(!acked || found.contains(n), "record {n} is lost");
    }
    let size = s.log_size();
    let leaves = s.log_leaves(0, u64::MAX).await.unwrap();
    assert_eq!(leaves.len() as u64, size);
    assert!(leaves.iter().enumerate().all(|(i, l)| *l == b32("log leaf", i as u64)), "the log's leaves are damaged");
    let hashes = s.log_hashes((0..stored_hashes(size)).collect()).await.unwrap();
    assert!(hashes.iter().enumerate().all(|(i, h)| *h == b32("hash", i as u64)), "the log's hashes are damaged");
    if let Some((epoch, size_then)) = told.closed {
        assert!(s.last_published() >= Some(epoch) && size >= size_then, "epoch {epoch} is not published any more");
    }
    if let Some(epoch) = s.last_published() {
        assert_eq!(s.checkpoint().await.unwrap(), Some(Bytes::from(format!("checkpoint {size}"))));
        for e in s.first_epoch()..=epoch {
            let (tags, hints) = s.list(e).await.unwrap().unwrap();
            assert!(
                tags == noise("tags", e, 500) && hints == noise("hints", e, 5000),
                "the list of epoch {e} is damaged"
            );
        }
    }
}

async fn check_bundles<S: Store>(s: &S, told: &Told) {
    let mut handed: HashSet<u64> = HashSet::new();
    for id in &told.handed {
        assert!(handed.insert(*id), "bundle {id} was handed out twice");
    }
    let again = told.bundles.keys().map(|id| bundle(*id));
    let known: Vec<NewBundle> =
        again.filter(|b| handed.contains(&u64::from_be_bytes(b.bytes[..8].try_into().unwrap()))).collect();
    s.publish_bundles(HOLDER, known, None).await.unwrap();
    while let HandedOut::OneTime(b) = s.hand_out_bundle(HOLDER, |_| true).await.unwrap() {
        let id = u64::from_be_bytes(b[..8].try_into().unwrap());
        assert!(b == bundle(id).bytes, "bundle {id} holds other bytes");
        assert!(handed.insert(id), "bundle {id} was handed out twice");
    }
    // One that was asked for when the power went may be gone without anybody having it.
    let lost = told.bundles.iter().filter(|(id, acked)| **acked && !handed.contains(id)).count() as u64;
    assert!(lost <= told.asked, "{lost} bundles are lost, {} were being handed out", told.asked);
}

/// Closes what is open, and looks for every acknowledged parcel of it.
async fn check_lists<S: Store>(s: &S, told: &Told, first: u64) {
    let unpublished = s.last_published().map_or(1, |e| e + 1);
    let mut listed: BTreeMap<u64, HashSet<Tag>> = BTreeMap::new();
    let mut leaves: HashSet<LeafData> = HashSet::new();
    for _ in 0..2 {
        let sealed = s.seal_epoch().await.unwrap();
        leaves.extend(&sealed.leaves);
        listed.insert(sealed.epoch, sealed.rows.iter().map(|(t, _)| *t).collect());
        s.publish_epoch(publication(sealed.epoch, s.log_size())).await.unwrap();
    }
    for (n, epoch) in &told.parcels {
        let Some(epoch) = epoch.filter(|e| *e >= unpublished && *e >= first) else { continue };
        for seed in n * 4..n * 4 + 4 {
            assert!(
                listed.get(&epoch).is_some_and(|l| l.contains(&tag(seed))),
                "envelope {seed} is not listed in epoch {epoch}"
            );
            assert!(leaves.contains(&b32("leaf", seed)), "the leaf of envelope {seed} is lost");
        }
    }
    let (_, all) = s.records(0).await.unwrap();
    for r in all.iter().filter(|r| r.epoch >= unpublished) {
        let n = u64::from_be_bytes(r.bytes[..8].try_into().unwrap());
        assert!(leaves.contains(&b32("record leaf", n)), "the leaf of record {n} is lost");
    }
}
