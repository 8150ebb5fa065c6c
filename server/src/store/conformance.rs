//! What every engine must do. An engine's test module calls [`conformance!`] with a way to open (and reopen) a store on
//! one ground.

use std::{collections::HashSet, sync::Arc};

use bytes::Bytes;
use subrosa_crypto::{
    kdf,
    sign::HolderId,
    wire::{
        CapHash, ENVELOPE_LEN, Envelope, Hint, JournalAppend, JournalHead, JournalId, JournalPosition, PARCEL_COUNT,
        Tag, Work,
    },
};

use super::{
    BlobOutcome, DepositOutcome, Discarded, HandedOut, JournalOutcome, LeafData, NewBundle, PublishedEpoch,
    SpendOutcome, Store, StoreError, Taken,
};

/// A place where a store can be opened, left and opened again.
pub(super) trait Ground: Sized {
    type Engine: Store;
    fn new() -> Self;
    fn open(&self) -> Self::Engine;
}

macro_rules! conformance {
    ($ground:ty: $($name:ident),* $(,)?) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 4)]
            async fn $name() {
                $crate::store::conformance::$name::<$ground>().await;
            }
        )*
    };
    ($ground:ty) => {
        conformance!($ground:
            a_parcel_is_stored_whole_and_again_without_effect,
            a_taken_tag_refuses_the_whole_parcel,
            a_replay_answers_after_discard_and_across_epochs,
            racing_parcels_share_no_tag,
            discards_destroy_once,
            expiry_destroys_what_is_older,
            an_epoch_closes_once_and_a_crash_between_halves_loses_nothing,
            blobs_are_idempotent_and_never_come_back,
            a_bundle_is_handed_out_once,
            journals_append_by_compare_and_swap,
            racing_appends_have_one_winner,
            a_purged_journal_is_closed_for_ever,
            spends_are_all_or_none,
            racing_spends_have_one_winner,
            records_charters_and_secrets_stand,
            long_journals_and_records_come_in_pages,
            a_closed_store_refuses,
        );
    };
}
pub(super) use conformance;

/// `n` bytes that depend on `seed` only.
pub(super) fn noise(seed: u64, n: usize) -> Vec<u8> {
    let mut out = vec![0u8; n];
    for (i, chunk) in out.chunks_mut(32).enumerate() {
        let d = kdf::digest("subrosa/test/noise", &[&seed.to_be_bytes(), &(i as u64).to_be_bytes()]);
        chunk.copy_from_slice(&d[..chunk.len()]);
    }
    out
}

pub(super) fn bytes32(seed: u64) -> [u8; 32] {
    noise(seed, 32).try_into().unwrap()
}

pub(super) fn envelope(seed: u64) -> Envelope {
    let head = noise(seed, 80);
    Envelope {
        tag: Tag(head[..16].try_into().unwrap()),
        hint: Hint(head[16..48].try_into().unwrap()),
        cap_hash: CapHash(head[48..].try_into().unwrap()),
        body: vec![(seed % 251) as u8; ENVELOPE_LEN].into_boxed_slice().try_into().unwrap(),
    }
}

/// Envelopes `4n .. 4n+4`, with their leaves.
pub(super) fn parcel(n: u64) -> ([Envelope; PARCEL_COUNT], [LeafData; PARCEL_COUNT]) {
    let at = n * 4;
    let envelopes = [at, at + 1, at + 2, at + 3].map(envelope);
    let leaves = leaves(&envelopes);
    (envelopes, leaves)
}

/// Digests of whole envelopes, as the trait asks.
pub(super) fn leaves(envelopes: &[Envelope; PARCEL_COUNT]) -> [LeafData; PARCEL_COUNT] {
    let leaf = |e: &Envelope| kdf::digest("subrosa/test/leaf", &[&e.encode()]);
    let [a, b, c, d] = envelopes;
    [leaf(a), leaf(b), leaf(c), leaf(d)]
}

async fn put(s: &impl Store, n: u64) -> DepositOutcome {
    let (envelopes, leaves) = parcel(n);
    s.deposit(envelopes, leaves).await.unwrap()
}

/// Deposits envelopes that a test has changed.
async fn deposit(s: &impl Store, envelopes: [Envelope; PARCEL_COUNT]) -> Result<DepositOutcome, StoreError> {
    let leaves = leaves(&envelopes);
    s.deposit(envelopes, leaves).await
}

async fn assert_body(s: &impl Store, e: &Envelope) {
    assert_eq!(s.take(e.cap_hash).await.unwrap(), Taken::Body(Bytes::copy_from_slice(e.body.as_slice())));
}

fn stored_hashes(n: u64) -> u64 {
    2 * n - u64::from(n.count_ones())
}

/// A publication whose lists and log entries are recognisable.
pub(super) fn publication(epoch: u64, old_size: u64, new: u64) -> PublishedEpoch {
    let size = old_size + new;
    PublishedEpoch {
        epoch,
        tags: Bytes::from(noise(epoch + 7000, 300)),
        hints: Bytes::from(noise(epoch + 8000, 600_000)),
        log_hashes: (stored_hashes(old_size)..stored_hashes(size)).map(|i| bytes32(i + 1_000_000)).collect(),
        log_leaves: (old_size..size).map(|i| bytes32(i + 2_000_000)).collect(),
        log_size: size,
        checkpoint: Bytes::from(format!("checkpoint {size}")),
    }
}

async fn close_epoch(s: &impl Store, new: u64) -> u64 {
    let sealed = s.seal_epoch().await.unwrap();
    s.publish_epoch(publication(sealed.epoch, s.log_size(), new)).await.unwrap();
    sealed.epoch
}

pub(super) async fn a_parcel_is_stored_whole_and_again_without_effect<G: Ground>() {
    let ground = G::new();
    let s = ground.open();
    let open = s.open_epoch();
    assert_eq!(put(&s, 1).await, DepositOutcome::Stored([open; 4]));
    assert_eq!(put(&s, 1).await, DepositOutcome::Stored([open; 4]));
    // Half old, half new: the new half is stored, the old half is not changed.
    let (old, old_leaves) = parcel(1);
    let (new, new_leaves) = parcel(2);
    let mixed = [old[0].clone(), new[1].clone(), new[2].clone(), old[3].clone()];
    let leaves = [old_leaves[0], new_leaves[1], new_leaves[2], old_leaves[3]];
    assert_eq!(s.deposit(mixed, leaves).await.unwrap(), DepositOutcome::Stored([open; 4]));
    for e in old.iter().chain(&new[1..3]) {
        assert_body(&s, e).await;
    }
    assert_eq!(s.take(new[0].cap_hash).await.unwrap(), Taken::Unknown);
    drop(s);
    let s = ground.open();
    for e in old.iter().chain(&new[1..3]) {
        assert_body(&s, e).await;
    }
    let sealed = s.seal_epoch().await.unwrap();
    assert_eq!(sealed.rows.len(), 6);
    let found: HashSet<LeafData> = sealed.leaves.into_iter().collect();
    assert_eq!(found, old_leaves.into_iter().chain(new_leaves[1..3].iter().copied()).collect());
    assert!(sealed.rows.contains(&(old[0].tag, old[0].hint)));
}

pub(super) async fn a_taken_tag_refuses_the_whole_parcel<G: Ground>() {
    let ground = G::new();
    let s = ground.open();
    put(&s, 1).await;
    for (part, changed) in [0usize, 1, 2, 3].into_iter().enumerate() {
        let mut new = parcel(10 + part as u64).0;
        new[changed].tag = envelope(4).tag;
        let others: Vec<CapHash> = new.iter().map(|e| e.cap_hash).collect();
        assert_eq!(deposit(&s, new).await.unwrap(), DepositOutcome::TagTaken);
        for cap in others {
            assert_eq!(s.take(cap).await.unwrap(), Taken::Unknown);
        }
    }
    // Same tag and body, another hint, or another capability: other bytes.
    for change in [0, 1] {
        let mut again = parcel(1).0;
        match change {
            0 => again[2].hint.0[0] ^= 1,
            _ => again[2].cap_hash.0[0] ^= 1,
        }
        assert_eq!(deposit(&s, again).await.unwrap(), DepositOutcome::TagTaken);
    }
    // One capability cannot open two envelopes, nor can one tag name two of one parcel.
    let mut same_cap = parcel(30).0;
    same_cap[1].cap_hash = envelope(5).cap_hash;
    assert_eq!(deposit(&s, same_cap).await.unwrap(), DepositOutcome::TagTaken);
    let mut twice = parcel(31).0;
    twice[1].tag = twice[0].tag;
    assert_eq!(deposit(&s, twice).await.unwrap(), DepositOutcome::TagTaken);
    assert_eq!(s.seal_epoch().await.unwrap().rows.len(), 4);
}

pub(super) async fn a_replay_answers_after_discard_and_across_epochs<G: Ground>() {
    let ground = G::new();
    let s = ground.open();
    let first = s.open_epoch();
    put(&s, 1).await;
    assert_eq!(s.discard(envelope(4).cap_hash).await.unwrap(), Discarded::Now);
    assert_eq!(put(&s, 1).await, DepositOutcome::Stored([first; 4]));
    assert_eq!(s.take(envelope(4).cap_hash).await.unwrap(), Taken::Gone);
    close_epoch(&s, 4).await;
    assert_eq!(put(&s, 1).await, DepositOutcome::Stored([first; 4]));
    let mut changed = parcel(1).0;
    changed[0].body[5] ^= 1;
    assert_eq!(deposit(&s, changed).await.unwrap(), DepositOutcome::TagTaken);
    drop(s);
    let s = ground.open();
    assert_eq!(put(&s, 1).await, DepositOutcome::Stored([first; 4]));
    assert_eq!(s.take(envelope(4).cap_hash).await.unwrap(), Taken::Gone);
    assert!(s.seal_epoch().await.unwrap().rows.is_empty(), "a replay lists nothing anew");
}

pub(super) async fn racing_parcels_share_no_tag<G: Ground>() {
    let ground = G::new();
    let s = Arc::new(ground.open());
    let mut tasks = Vec::new();
    for i in 0..24u64 {
        let s = Arc::clone(&s);
        tasks.push(tokio::spawn(async move {
            let mut envelopes = parcel(100 + i).0;
            envelopes[(i % 4) as usize].tag = Tag([9; 16]);
            (i, deposit(&*s, envelopes).await.unwrap())
        }));
    }
    let mut winners = Vec::new();
    for t in tasks {
        if let (i, DepositOutcome::Stored(_)) = t.await.unwrap() {
            winners.push(i);
        }
    }
    assert_eq!(winners.len(), 1);
    for i in 0..24u64 {
        for e in parcel(100 + i).0 {
            let taken = s.take(e.cap_hash).await.unwrap();
            assert_eq!(matches!(taken, Taken::Body(_)), winners[0] == i);
        }
    }
    assert_eq!(s.seal_epoch().await.unwrap().rows.len(), 4);
}

pub(super) async fn discards_destroy_once<G: Ground>() {
    let ground = G::new();
    let s = Arc::new(ground.open());
    put(&*s, 1).await;
    let cap = envelope(4).cap_hash;
    assert_eq!(s.discard(CapHash([0; 32])).await.unwrap(), Discarded::Unknown);
    let tasks: Vec<_> = (0..16)
        .map(|_| {
            let s = Arc::clone(&s);
            tokio::spawn(async move { s.discard(cap).await.unwrap() })
        })
        .collect();
    let mut now = 0;
    for t in tasks {
        match t.await.unwrap() {
            Discarded::Now => now += 1,
            other => assert_eq!(other, Discarded::Before),
        }
    }
    assert_eq!(now, 1);
    assert_eq!(s.take(cap).await.unwrap(), Taken::Gone);
    // The freed slot serves others, and the neighbours stand.
    for n in 2..20 {
        put(&*s, n).await;
    }
    for n in 5..80 {
        assert_body(&*s, &envelope(n)).await;
    }
    assert_eq!(s.take(cap).await.unwrap(), Taken::Gone);
}

pub(super) async fn expiry_destroys_what_is_older<G: Ground>() {
    let ground = G::new();
    let s = ground.open();
    put(&s, 1).await;
    s.blob_put(CapHash([1; 32]), Bytes::from_static(b"old")).await.unwrap();
    let one = close_epoch(&s, 4).await;
    put(&s, 2).await;
    let two = close_epoch(&s, 4).await;
    s.blob_put(CapHash([2; 32]), Bytes::from_static(b"new")).await.unwrap();
    put(&s, 3).await;
    s.discard(envelope(4).cap_hash).await.unwrap();
    assert_eq!(s.list(one).await.unwrap().map(|l| l.0.len()), Some(300));
    assert_eq!(s.expire(one).await.unwrap(), 0);
    assert_eq!(s.first_epoch(), one);
    // Three envelopes and a blob: the fourth was discarded before.
    assert_eq!(s.expire(two).await.unwrap(), 4);
    assert_eq!(s.expire(two).await.unwrap(), 0);
    // An epoch that is not published yet does not expire.
    assert_eq!(s.expire(1000).await.unwrap(), 4);
    assert_eq!(s.first_epoch(), two + 1);
    let mut s = Some(s);
    for _ in 0..2 {
        let s = s.take().unwrap_or_else(|| ground.open());
        assert_eq!(s.first_epoch(), two + 1);
        assert_eq!((s.list(one).await.unwrap(), s.list(two).await.unwrap()), (None, None));
        for n in 4..12 {
            assert_eq!(s.take(envelope(n).cap_hash).await.unwrap(), Taken::Gone);
            assert_eq!(s.discard(envelope(n).cap_hash).await.unwrap(), Discarded::Before);
        }
        for n in 12..16 {
            assert_body(&s, &envelope(n)).await;
        }
        assert_eq!(s.blob_take(CapHash([1; 32])).await.unwrap(), Taken::Gone);
        assert_eq!(s.blob_take(CapHash([2; 32])).await.unwrap(), Taken::Body(Bytes::from_static(b"new")));
        assert_eq!(s.seal_epoch().await.unwrap().leaves.len(), 4);
        s.close().await.unwrap();
    }
}

pub(super) async fn an_epoch_closes_once_and_a_crash_between_halves_loses_nothing<G: Ground>() {
    let ground = G::new();
    let s = ground.open();
    let open = s.open_epoch();
    assert_eq!((s.last_published(), s.log_size()), (None, 0));
    assert!(s.publish_epoch(publication(open, 0, 4)).await.is_err(), "an epoch that is not sealed");
    put(&s, 1).await;
    let sealed = s.seal_epoch().await.unwrap();
    assert_eq!((sealed.epoch, sealed.rows.len(), sealed.leaves.len()), (open, 4, 4));
    assert_eq!(s.open_epoch(), open + 1);
    put(&s, 2).await;
    let sorted = |mut v: Vec<LeafData>| {
        v.sort_unstable();
        v
    };
    drop(s);
    let s = ground.open();
    let again = s.seal_epoch().await.unwrap();
    assert_eq!((again.epoch, sorted(again.leaves)), (open, sorted(sealed.leaves)));
    assert_eq!(s.open_epoch(), open + 1);
    assert_eq!(s.list(open).await.unwrap(), None);
    let p = publication(open, 0, 16);
    s.publish_epoch(p.clone()).await.unwrap();
    assert!(s.publish_epoch(p.clone()).await.is_err(), "twice");
    drop(s);
    let s = ground.open();
    assert_eq!((s.last_published(), s.open_epoch(), s.log_size()), (Some(open), open + 1, 16));
    assert_eq!(s.list(open).await.unwrap(), Some((p.tags, p.hints)));
    assert_eq!(s.checkpoint().await.unwrap(), Some(p.checkpoint));
    assert_eq!(s.log_leaves(0, 100).await.unwrap(), p.log_leaves);
    assert_eq!(s.log_leaves(3, 2).await.unwrap(), p.log_leaves[3..5]);
    assert_eq!(s.log_leaves(16, 5).await.unwrap(), Vec::<LeafData>::new());
    assert_eq!(s.log_hashes(vec![30, 0]).await.unwrap(), vec![p.log_hashes[30], p.log_hashes[0]]);
    assert!(s.log_hashes(vec![31]).await.is_err());
    let next = s.seal_epoch().await.unwrap();
    assert_eq!((next.epoch, next.rows.len(), next.leaves.len()), (open + 1, 4, 4));
    let q = publication(open + 1, 16, 5);
    s.publish_epoch(q.clone()).await.unwrap();
    assert_eq!(s.log_leaves(15, 2).await.unwrap(), vec![p.log_leaves[15], q.log_leaves[0]]);
    assert_eq!(s.log_hashes(vec![30, 31]).await.unwrap(), vec![p.log_hashes[30], q.log_hashes[0]]);
}

pub(super) async fn blobs_are_idempotent_and_never_come_back<G: Ground>() {
    let ground = G::new();
    let s = ground.open();
    let (name, bytes) = (CapHash([3; 32]), Bytes::from(noise(1, 262_144)));
    assert_eq!(s.blob_take(name).await.unwrap(), Taken::Unknown);
    assert_eq!(s.blob_discard(name).await.unwrap(), Discarded::Unknown);
    assert_eq!(s.blob_put(name, bytes.clone()).await.unwrap(), BlobOutcome::Stored);
    assert_eq!(s.blob_put(name, bytes.clone()).await.unwrap(), BlobOutcome::Stored);
    assert_eq!(s.blob_put(name, Bytes::from(noise(2, 262_144))).await.unwrap(), BlobOutcome::Taken);
    drop(s);
    let s = ground.open();
    assert_eq!(s.blob_take(name).await.unwrap(), Taken::Body(bytes.clone()));
    assert_eq!(s.blob_discard(name).await.unwrap(), Discarded::Now);
    assert_eq!(s.blob_discard(name).await.unwrap(), Discarded::Before);
    assert_eq!(s.blob_take(name).await.unwrap(), Taken::Gone);
    assert_eq!(s.blob_put(name, bytes).await.unwrap(), BlobOutcome::Taken);
    let empty = CapHash([4; 32]);
    assert_eq!(s.blob_put(empty, Bytes::new()).await.unwrap(), BlobOutcome::Stored);
    assert_eq!(s.blob_take(empty).await.unwrap(), Taken::Body(Bytes::new()));
}

fn new_bundle(seed: u64) -> NewBundle {
    NewBundle { id: noise(seed, 16).try_into().unwrap(), bytes: Bytes::from(noise(seed, 1353)) }
}

pub(super) async fn a_bundle_is_handed_out_once<G: Ground>() {
    let ground = G::new();
    let s = Arc::new(ground.open());
    let (holder, other) = (HolderId([1; 16]), HolderId([2; 16]));
    assert_eq!(s.hand_out_bundle(holder).await.unwrap(), HandedOut::None);
    let all: Vec<NewBundle> = (0..20).map(new_bundle).collect();
    let stock = s.publish_bundles(holder, all.clone(), None).await.unwrap();
    assert_eq!((stock.one_time, stock.fallback), (20, false));
    let stock = s.publish_bundles(holder, all[..5].to_vec(), Some(new_bundle(99))).await.unwrap();
    assert_eq!((stock.one_time, stock.fallback), (20, true));
    assert_eq!(s.hand_out_bundle(other).await.unwrap(), HandedOut::None);
    let mut tasks = Vec::new();
    for i in 0..30 {
        let (s, again) = (Arc::clone(&s), all.clone());
        tasks.push(tokio::spawn(async move {
            if i % 10 == 0 {
                // Publishing them again brings back none that is gone.
                s.publish_bundles(holder, again, None).await.unwrap();
            }
            s.hand_out_bundle(holder).await.unwrap()
        }));
    }
    let mut seen = HashSet::new();
    let mut fallbacks = 0;
    for t in tasks {
        match t.await.unwrap() {
            HandedOut::OneTime(b) => assert!(seen.insert(b), "handed out twice"),
            HandedOut::Fallback(b) => {
                assert_eq!(b, new_bundle(99).bytes);
                fallbacks += 1;
            }
            HandedOut::None => panic!("there is a fallback"),
        }
    }
    assert_eq!((seen.len(), fallbacks), (20, 10));
    assert_eq!(seen, all.iter().map(|b| b.bytes.clone()).collect());
    drop(s);
    let s = ground.open();
    let stock = s.publish_bundles(holder, all, Some(new_bundle(100))).await.unwrap();
    assert_eq!((stock.one_time, stock.fallback), (0, true));
    assert_eq!(s.hand_out_bundle(holder).await.unwrap(), HandedOut::Fallback(new_bundle(100).bytes));
}

/// A journal whose first capability is `capability(seed)`.
pub(super) fn journal_id(seed: u64) -> JournalId {
    JournalId(cap_digest(seed))
}

pub(super) fn cap_digest(seed: u64) -> [u8; 32] {
    kdf::digest("subrosa/journal-capability/v1", &[&bytes32(seed)])
}

/// An append to journal `id` at `at`, with capability `cap` now and `next` afterwards.
pub(super) fn append(id: JournalId, at: JournalPosition, cap: u64, next: u64, entry: Vec<u8>) -> JournalAppend {
    JournalAppend {
        work: Work { challenge_epoch: 0, nonce: 0 },
        journal: id,
        expected_seq: at.seq,
        expected_head: at.head,
        capability: bytes32(cap),
        next_cap_hash: cap_digest(next),
        entry: entry.try_into().unwrap(),
    }
}

const START: JournalPosition = JournalPosition { seq: 0, head: JournalHead::EMPTY };

pub(super) async fn journals_append_by_compare_and_swap<G: Ground>() {
    let ground = G::new();
    let s = ground.open();
    let id = journal_id(1);
    let first = append(id, START, 1, 1, noise(1, 4096));
    let stranger = append(id, START, 2, 2, noise(1, 4096));
    assert_eq!(s.journal_append(stranger.clone()).await.unwrap(), JournalOutcome::Refused);
    assert_eq!(s.journal_read(id, cap_digest(1), 0).await.unwrap(), None);
    let early = append(id, JournalPosition { seq: 1, head: JournalHead([1; 32]) }, 1, 1, noise(1, 4096));
    assert_eq!(s.journal_append(early).await.unwrap(), JournalOutcome::Conflict(START));
    let JournalOutcome::Appended(one) = s.journal_append(first.clone()).await.unwrap() else { panic!("appended") };
    assert_eq!(one, JournalPosition { seq: 1, head: JournalHead::EMPTY.after(&first.entry) });
    assert_eq!(s.journal_append(first.clone()).await.unwrap(), JournalOutcome::Appended(one));
    let late = append(id, START, 1, 1, noise(2, 4096));
    assert_eq!(s.journal_append(late).await.unwrap(), JournalOutcome::Conflict(one));
    // The key turns; the old capability is worth nothing, except to repeat what it did and to read as far as it went.
    let turn = append(id, one, 1, 5, noise(3, 131_072));
    let JournalOutcome::Appended(two) = s.journal_append(turn.clone()).await.unwrap() else { panic!("appended") };
    drop(s);
    let s = ground.open();
    assert_eq!(s.journal_append(append(id, two, 1, 1, noise(4, 4096))).await.unwrap(), JournalOutcome::Refused);
    assert_eq!(s.journal_append(first.clone()).await.unwrap(), JournalOutcome::Appended(one));
    assert_eq!(s.journal_append(turn.clone()).await.unwrap(), JournalOutcome::Appended(two));
    let page = s.journal_read(id, cap_digest(5), 0).await.unwrap().unwrap();
    assert_eq!((page.position, page.from_seq), (two, 0));
    assert_eq!(page.entries, vec![first.entry.clone(), turn.entry.clone()]);
    let after = append(id, two, 5, 5, noise(5, 4096));
    let JournalOutcome::Appended(three) = s.journal_append(after.clone()).await.unwrap() else { panic!("appended") };
    assert_eq!(s.journal_read(id, cap_digest(5), 2).await.unwrap().unwrap().position, three);
    let page = s.journal_read(id, cap_digest(1), 0).await.unwrap().unwrap();
    assert_eq!((page.position, page.from_seq), (two, 0), "what came afterwards does not show, not even that it came");
    assert_eq!(page.entries, vec![first.entry.clone(), turn.entry.clone()]);
    assert!(s.journal_read(id, cap_digest(1), 2).await.unwrap().unwrap().entries.is_empty());
    assert_eq!(s.journal_read(id, cap_digest(9), 0).await.unwrap(), None);
    let page = s.journal_read(id, cap_digest(5), 1).await.unwrap().unwrap();
    assert_eq!(page.entries, vec![turn.entry, after.entry]);
    let page = s.journal_read(id, cap_digest(5), 9).await.unwrap().unwrap();
    assert!(page.entries.is_empty());
}

pub(super) async fn racing_appends_have_one_winner<G: Ground>() {
    let ground = G::new();
    let s = Arc::new(ground.open());
    let id = journal_id(1);
    let mut at = START;
    for round in 0..4u64 {
        let tasks: Vec<_> = (0..16u64)
            .map(|i| {
                let (s, a) = (Arc::clone(&s), append(id, at, 1, 1, noise(round * 100 + i, 4096)));
                tokio::spawn(async move { s.journal_append(a).await.unwrap() })
            })
            .collect();
        let mut outcomes = Vec::new();
        for t in tasks {
            outcomes.push(t.await.unwrap());
        }
        let won: Vec<_> =
            outcomes.iter().filter_map(|o| if let JournalOutcome::Appended(p) = o { Some(*p) } else { None }).collect();
        assert_eq!(won.len(), 1);
        assert_eq!(outcomes.iter().filter(|o| **o == JournalOutcome::Conflict(won[0])).count(), 15);
        at = won[0];
    }
    assert_eq!(s.journal_read(id, cap_digest(1), 0).await.unwrap().unwrap().entries.len(), 4);
}

pub(super) async fn a_purged_journal_is_closed_for_ever<G: Ground>() {
    let ground = G::new();
    let s = ground.open();
    let id = journal_id(7);
    let first = append(id, START, 7, 1, noise(1, 8192));
    s.journal_append(first.clone()).await.unwrap();
    assert_eq!(s.journal_read(id, cap_digest(7), 0).await.unwrap().unwrap().entries.len(), 1);
    assert_eq!(
        s.journal_purge(id, cap_digest(7)).await.unwrap(),
        Discarded::Unknown,
        "a replaced capability destroys nothing"
    );
    assert_eq!(s.journal_purge(journal_id(2), cap_digest(2)).await.unwrap(), Discarded::Unknown);
    assert_eq!(s.journal_purge(id, cap_digest(2)).await.unwrap(), Discarded::Unknown);
    assert_eq!(s.journal_purge(id, cap_digest(1)).await.unwrap(), Discarded::Now);
    assert_eq!(s.journal_purge(id, cap_digest(1)).await.unwrap(), Discarded::Before);
    drop(s);
    let s = ground.open();
    for seed in [1, 7] {
        assert_eq!(s.journal_read(id, cap_digest(seed), 0).await.unwrap(), None);
    }
    assert_eq!(s.journal_append(first).await.unwrap(), JournalOutcome::Refused);
}

pub(super) async fn spends_are_all_or_none<G: Ground>() {
    let ground = G::new();
    let s = ground.open();
    let n = |i: u64| bytes32(i);
    assert_eq!(s.spend_if_absent(vec![n(1), n(2)], [1; 32]).await.unwrap(), SpendOutcome::Spent);
    assert_eq!(s.spend_if_absent(vec![n(2), n(1)], [1; 32]).await.unwrap(), SpendOutcome::Spent);
    let refused = SpendOutcome::Refused(vec![None, Some([1; 32])]);
    assert_eq!(s.spend_if_absent(vec![n(3), n(2)], [2; 32]).await.unwrap(), refused);
    drop(s);
    let s = ground.open();
    assert_eq!(s.spend_if_absent(vec![n(3), n(2)], [2; 32]).await.unwrap(), refused);
    // Number 3 stayed unspent, and a known context may be continued.
    assert_eq!(s.spend_if_absent(vec![n(3), n(1)], [1; 32]).await.unwrap(), SpendOutcome::Spent);
    assert_eq!(s.spend_if_absent(vec![n(3)], [2; 32]).await.unwrap(), SpendOutcome::Refused(vec![Some([1; 32])]));
}

pub(super) async fn racing_spends_have_one_winner<G: Ground>() {
    let ground = G::new();
    let s = Arc::new(ground.open());
    let tasks: Vec<_> = (0..24u64)
        .map(|i| {
            let s = Arc::clone(&s);
            // Overlapping sets: everybody wants number 0.
            tokio::spawn(async move {
                (
                    i,
                    s.spend_if_absent(vec![bytes32(i + 1), bytes32(0), bytes32(i + 2)], bytes32(i + 500))
                        .await
                        .unwrap(),
                )
            })
        })
        .collect();
    let mut winners = Vec::new();
    for t in tasks {
        if let (i, SpendOutcome::Spent) = t.await.unwrap() {
            winners.push(i);
        }
    }
    assert_eq!(winners.len(), 1);
    let w = winners[0];
    // What a loser wanted beside it is still free.
    let loser = (0..24).find(|i| *i != w && *i != w + 1).unwrap();
    assert_eq!(
        s.spend_if_absent(vec![bytes32(loser + 1)], bytes32(900)).await.unwrap(),
        SpendOutcome::Spent,
        "{loser} {w}"
    );
    assert_eq!(
        s.spend_if_absent(vec![bytes32(w + 1), bytes32(0)], bytes32(w + 500)).await.unwrap(),
        SpendOutcome::Spent
    );
}

pub(super) async fn records_charters_and_secrets_stand<G: Ground>() {
    let ground = G::new();
    let s = ground.open();
    assert_eq!(s.charter(None).await.unwrap(), None);
    assert_eq!(s.checkpoint().await.unwrap(), None);
    assert_eq!(s.records(0).await.unwrap(), (0, vec![]));
    let open = s.open_epoch();
    let one = s.record_append(Bytes::from_static(b"one"), [1; 32], bytes32(1)).await.unwrap();
    assert_eq!((one.salt, one.epoch), ([1; 32], open));
    assert!(!s.charter_put(2, Bytes::from_static(b"two"), bytes32(2)).await.unwrap());
    assert!(!s.charter_put(0, Bytes::from_static(b"none"), bytes32(2)).await.unwrap());
    assert!(s.charter_put(1, Bytes::from_static(b"c1"), bytes32(3)).await.unwrap());
    assert!(!s.charter_put(1, Bytes::from_static(b"other"), bytes32(4)).await.unwrap());
    assert!(s.charter_put(2, Bytes::from(noise(5, 262_144)), bytes32(5)).await.unwrap());
    assert_eq!(s.secret_or_insert("salt", [7; 32]).await.unwrap(), [7; 32]);
    let sealed = s.seal_epoch().await.unwrap();
    assert_eq!(sealed.leaves.iter().copied().collect::<HashSet<_>>(), [1, 3, 5].map(bytes32).into());
    s.publish_epoch(publication(open, 0, 3)).await.unwrap();
    assert_eq!(s.record_append(Bytes::from_static(b"one"), [2; 32], bytes32(9)).await.unwrap(), one);
    let two = s.record_append(Bytes::from(noise(6, 262_300)), [3; 32], bytes32(6)).await.unwrap();
    assert_eq!(two.epoch, open + 1);
    drop(s);
    let s = ground.open();
    assert_eq!(s.records(0).await.unwrap(), (2, vec![one.clone(), two.clone()]));
    assert_eq!(s.records(1).await.unwrap(), (2, vec![two]));
    assert_eq!(s.records(5).await.unwrap(), (2, vec![]));
    assert_eq!(s.charter(None).await.unwrap(), Some((2, Bytes::from(noise(5, 262_144)))));
    assert_eq!(s.charter(Some(1)).await.unwrap(), Some((1, Bytes::from_static(b"c1"))));
    assert_eq!(s.charter(Some(3)).await.unwrap(), None);
    assert_eq!(s.secret_or_insert("salt", [8; 32]).await.unwrap(), [7; 32]);
    assert_eq!(s.seal_epoch().await.unwrap().leaves, vec![bytes32(6)]);
}

pub(super) async fn long_journals_and_records_come_in_pages<G: Ground>() {
    let ground = G::new();
    let s = ground.open();
    let id = journal_id(1);
    let mut at = START;
    for i in 0..10 {
        match s.journal_append(append(id, at, 1, 1, noise(i, 131_072))).await.unwrap() {
            JournalOutcome::Appended(p) => at = p,
            other => panic!("{other:?}"),
        }
    }
    let page = s.journal_read(id, cap_digest(1), 0).await.unwrap().unwrap();
    assert_eq!((page.entries.len(), page.position), (8, at));
    let rest = s.journal_read(id, cap_digest(1), 8).await.unwrap().unwrap();
    assert_eq!(rest.entries, vec![noise(8, 131_072), noise(9, 131_072)]);
    for i in 0..5 {
        s.record_append(Bytes::from(noise(i, 262_144)), [0; 32], bytes32(i)).await.unwrap();
    }
    assert_eq!(s.records(0).await.unwrap().1.len(), 4);
    assert_eq!(s.records(4).await.unwrap().1.len(), 1);
}

pub(super) async fn a_closed_store_refuses<G: Ground>() {
    let ground = G::new();
    let s = Arc::new(ground.open());
    // What was asked before the close is done or refused, and what was acknowledged stands.
    let tasks: Vec<_> = (0..40u64)
        .map(|n| {
            let s = Arc::clone(&s);
            tokio::spawn(async move {
                let (envelopes, leaves) = parcel(n);
                (n, s.deposit(envelopes, leaves).await)
            })
        })
        .collect();
    tokio::task::yield_now().await;
    s.close().await.unwrap();
    let mut stored = Vec::new();
    for t in tasks {
        match t.await.unwrap() {
            (n, Ok(DepositOutcome::Stored(_))) => stored.push(n),
            (_, Err(StoreError::Closed)) => {}
            other => panic!("{other:?}"),
        }
    }
    assert!(matches!(s.take(envelope(0).cap_hash).await, Err(StoreError::Closed)));
    assert!(matches!(s.discard(envelope(0).cap_hash).await, Err(StoreError::Closed)));
    assert!(matches!(s.seal_epoch().await, Err(StoreError::Closed)));
    assert!(matches!(s.close().await, Err(StoreError::Closed)));
    drop(s);
    let s = ground.open();
    for n in 0..40 {
        let whole = stored.contains(&n);
        for e in parcel(n).0 {
            match s.take(e.cap_hash).await.unwrap() {
                Taken::Body(_) => assert!(whole),
                other => assert!(!whole && other == Taken::Unknown),
            }
        }
    }
}
