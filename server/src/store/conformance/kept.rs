//! What is kept by name: blobs, bundles, nullifiers, records, charters, secrets.

use std::{collections::HashSet, sync::Arc};

use bytes::Bytes;
use subrosa_crypto::{sign::HolderId, wire::CapHash};

use super::{
    ground::Ground,
    samples::{START, append, bytes32, cap_digest, journal_id, new_bundle, noise, publication},
};
use crate::store::{BlobOutcome, Discarded, HandedOut, JournalOutcome, NewBundle, Store, Taken};

/// A blob may be sent again while it stands, and never once it was destroyed.
pub async fn blobs_are_idempotent_and_never_come_back<G: Ground>() {
    let ground = G::new();
    let s = ground.open();
    let (name, bytes) = (CapHash([3; 32]), Bytes::from(noise(1, 262_144)));
    assert_eq!(s.blob_take(name).await.unwrap(), Taken::Unknown);
    assert!(!s.blob_stands(name).await.unwrap());
    assert_eq!(s.blob_discard(name).await.unwrap(), Discarded::Unknown);
    assert_eq!(s.blob_put(name, bytes.clone()).await.unwrap(), BlobOutcome::Stored);
    assert_eq!(s.blob_put(name, bytes.clone()).await.unwrap(), BlobOutcome::Stored);
    assert_eq!(s.blob_put(name, Bytes::from(noise(2, 262_144))).await.unwrap(), BlobOutcome::Taken);
    drop(s);
    let s = ground.open();
    assert_eq!(s.blob_take(name).await.unwrap(), Taken::Body(bytes.clone()));
    assert!(s.blob_stands(name).await.unwrap());
    assert_eq!(s.blob_discard(name).await.unwrap(), Discarded::Now);
    assert_eq!(s.blob_discard(name).await.unwrap(), Discarded::Before);
    assert_eq!(s.blob_take(name).await.unwrap(), Taken::Gone);
    assert!(!s.blob_stands(name).await.unwrap());
    assert_eq!(s.blob_put(name, bytes).await.unwrap(), BlobOutcome::Taken);
    let empty = CapHash([4; 32]);
    assert_eq!(s.blob_put(empty, Bytes::new()).await.unwrap(), BlobOutcome::Stored);
    assert_eq!(s.blob_take(empty).await.unwrap(), Taken::Body(Bytes::new()));
}

/// A one-time bundle goes to one asker, however many ask at once.
pub async fn a_bundle_is_handed_out_once<G: Ground>() {
    let ground = G::new();
    let s = Arc::new(ground.open());
    let (holder, other) = (HolderId([1; 16]), HolderId([2; 16]));
    assert_eq!(s.hand_out_bundle(holder, |_| true).await.unwrap(), HandedOut::None);
    let all: Vec<NewBundle> = (0..20).map(new_bundle).collect();
    let stock = s.publish_bundles(holder, all.clone(), None).await.unwrap();
    assert_eq!((stock.one_time, stock.fallback), (20, false));
    let stock = s.publish_bundles(holder, all[..5].to_vec(), Some(new_bundle(99))).await.unwrap();
    assert_eq!((stock.one_time, stock.fallback), (20, true));
    assert_eq!(s.hand_out_bundle(other, |_| true).await.unwrap(), HandedOut::None);
    let mut tasks = Vec::new();
    for i in 0..30 {
        let (s, again) = (Arc::clone(&s), all.clone());
        tasks.push(tokio::spawn(async move {
            if i % 10 == 0 {
                // Publishing them again brings back none that is gone.
                s.publish_bundles(holder, again, None).await.unwrap();
            }
            s.hand_out_bundle(holder, |_| true).await.unwrap()
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
    assert_eq!(s.hand_out_bundle(holder, |_| true).await.unwrap(), HandedOut::Fallback(new_bundle(100).bytes));
}

/// A bundle that its asker refuses stays where it is, until its holder does without it.
pub async fn a_bundle_that_is_refused_stays<G: Ground>() {
    let ground = G::new();
    let s = ground.open();
    let (holder, other) = (HolderId([1; 16]), HolderId([2; 16]));
    s.publish_bundles(holder, (0..5).map(new_bundle).collect(), Some(new_bundle(99))).await.unwrap();
    s.publish_bundles(other, vec![new_bundle(7)], None).await.unwrap();
    assert_eq!(s.hand_out_bundle(holder, |_| false).await.unwrap(), HandedOut::None);
    let wanted = new_bundle(3).bytes;
    let good = wanted.clone();
    let handed = s.hand_out_bundle(holder, move |b| *b == good).await.unwrap();
    assert_eq!(handed, HandedOut::OneTime(wanted));
    let fallback = new_bundle(99).bytes;
    let good = fallback.clone();
    assert_eq!(s.hand_out_bundle(holder, move |b| *b == good).await.unwrap(), HandedOut::Fallback(fallback));
    drop(s);
    let s = ground.open();
    assert_eq!(s.publish_bundles(holder, Vec::new(), None).await.unwrap().one_time, 4);
    let kept = new_bundle(1).bytes;
    s.retain_bundles(holder, move |b| *b == kept).await.unwrap();
    assert_eq!(s.publish_bundles(holder, Vec::new(), None).await.unwrap().one_time, 1);
    assert_eq!(s.publish_bundles(other, Vec::new(), None).await.unwrap().one_time, 1);
    assert_eq!(s.hand_out_bundle(holder, |_| true).await.unwrap(), HandedOut::OneTime(new_bundle(1).bytes));
}

/// Records, charters and the server's own secrets stay as they were first written.
pub async fn records_charters_and_secrets_stand<G: Ground>() {
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

/// What is longer than a page is answered in pages of at most 1 MiB.
pub async fn long_journals_and_records_come_in_pages<G: Ground>() {
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
