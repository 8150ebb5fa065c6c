//! Parcels, epochs, expiry.

use std::{collections::HashSet, sync::Arc};

use bytes::Bytes;
use subrosa_crypto::wire::{CapHash, Envelope, Tag};

use super::{
    ground::Ground,
    samples::{deposit, envelope, parcel, publication, put},
};
use crate::store::{DepositOutcome, Discarded, LeafData, Store, StoreError, Taken};

async fn assert_body(s: &impl Store, e: &Envelope) {
    assert_eq!(s.take(e.cap_hash).await.unwrap(), Taken::Body(Bytes::copy_from_slice(e.body.as_slice())));
}

async fn close_epoch(s: &impl Store, new: u64) -> u64 {
    let sealed = s.seal_epoch().await.unwrap();
    s.publish_epoch(publication(sealed.epoch, s.log_size(), new)).await.unwrap();
    sealed.epoch
}

/// A parcel is stored all or nothing, and the same one again changes nothing.
pub async fn a_parcel_is_stored_whole_and_again_without_effect<G: Ground>() {
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

/// One tag or capability that is taken by other bytes refuses all four envelopes.
pub async fn a_taken_tag_refuses_the_whole_parcel<G: Ground>() {
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

/// A replayed parcel answers its first epochs, also once its bodies are gone.
pub async fn a_replay_answers_after_discard_and_across_epochs<G: Ground>() {
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

/// Of many parcels with one tag, sent at once, one is stored.
pub async fn racing_parcels_share_no_tag<G: Ground>() {
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

/// A discard destroys one body, once, and no other.
pub async fn discards_destroy_once<G: Ground>() {
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

/// Expiry destroys bodies and lists of older, published epochs and nothing else.
pub async fn expiry_destroys_what_is_older<G: Ground>() {
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

/// An epoch that was sealed and not published is sealed again with the same contents.
pub async fn an_epoch_closes_once_and_a_crash_between_halves_loses_nothing<G: Ground>() {
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

/// A closed store refuses, and keeps what it acknowledged before.
pub async fn a_closed_store_refuses<G: Ground>() {
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
