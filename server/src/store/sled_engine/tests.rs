//! The suite on this engine and on the reference, and what only this engine promises.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::{fs, path::Path};

use tempfile::TempDir;

use super::*;
use crate::store::{
    conformance::{Ground, bytes32, envelope, noise, parcel, publication},
    model::Model,
};

pub(super) struct Directory(TempDir);

impl Ground for Directory {
    type Engine = SledStore;
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }
    fn open(&self) -> SledStore {
        SledStore::open(&self.0.path().join("data"), SledOptions::default()).unwrap()
    }
}

struct Memory(Model);

impl Ground for Memory {
    type Engine = Model;
    fn new() -> Self {
        Self(Model::new())
    }
    fn open(&self) -> Model {
        self.0.reopen()
    }
}

mod on_sled {
    use crate::store::conformance::conformance;
    conformance!(super::Directory);

    #[test]
    fn it_answers_as_the_model_does() {
        let cases = std::env::var("SUBROSA_SOAK_ROUNDS").ok().and_then(|n| n.parse().ok()).unwrap_or(24);
        crate::store::conformance_random::engine_and_model_agree::<super::Directory>(cases);
    }
}

mod on_the_model {
    use crate::store::conformance::conformance;
    conformance!(super::Memory);
}

/// Every byte of every file under `dir`, but for blocks of zeros, of which sparse files have many.
fn raw(dir: &Path) -> Vec<u8> {
    let mut out = Vec::new();
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            out.extend(raw(&path));
        } else {
            let bytes = fs::read(path).unwrap();
            out.extend(bytes.chunks(4096).filter(|c| c.iter().any(|b| *b != 0)).flatten());
        }
    }
    out
}

/// Where `needle` starts in `hay`, looking from each occurrence of its first two bytes.
fn holds(hay: &[u8], needle: &[u8]) -> bool {
    hay.windows(needle.len()).any(|w| w[0] == needle[0] && w == needle)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_discarded_body_and_its_key_are_nowhere_on_the_disk() {
    let dir = TempDir::new().unwrap();
    let s = SledStore::open(dir.path(), SledOptions::default()).unwrap();
    let (mut envelopes, leaves) = parcel(1);
    for (i, e) in envelopes.iter_mut().enumerate() {
        e.body.copy_from_slice(&noise(40 + i as u64, 32 * 1024));
    }
    let caps = envelopes.clone().map(|e| e.cap_hash);
    s.deposit(envelopes.clone(), leaves).await.unwrap();
    let keys = caps.map(|c| s.raw_key(c).unwrap());
    assert!(holds(&raw(dir.path()), &keys[0]), "the search finds a standing key");
    s.discard(caps[0]).await.unwrap();
    s.seal_epoch().await.unwrap();
    s.publish_epoch(publication(1, 0, 4)).await.unwrap();
    assert_eq!(s.expire(2).await.unwrap(), 3);
    let open = raw(dir.path());
    s.close().await.unwrap();
    drop(s);
    for disk in [open, raw(dir.path())] {
        for (key, e) in keys.iter().zip(&envelopes) {
            assert!(!holds(&disk, key), "a key is left");
            for at in [0, 4096, 32_700] {
                assert!(!holds(&disk, &e.body[at..at + 32]), "plaintext is left");
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_store_refuses_whole_parcels_and_still_discards() {
    let dir = TempDir::new().unwrap();
    let options = SledOptions { max_bytes: 9 * 1024 * 1024, ..SledOptions::default() };
    let s = SledStore::open(dir.path(), options).unwrap();
    let mut stored = 0;
    let full = loop {
        let (envelopes, leaves) = parcel(stored);
        match s.deposit(envelopes, leaves).await {
            Ok(_) => stored += 1,
            Err(e) => break e,
        }
    };
    assert!(matches!(full, StoreError::Full));
    assert!(stored > 3, "{stored}");
    for e in parcel(stored).0 {
        assert_eq!(s.take(e.cap_hash).await.unwrap(), Taken::Unknown);
    }
    for e in parcel(0).0 {
        assert_eq!(s.discard(e.cap_hash).await.unwrap(), Discarded::Now);
    }
    let (envelopes, leaves) = parcel(stored);
    assert!(matches!(s.deposit(envelopes, leaves).await, Ok(DepositOutcome::Stored(_))), "the slots are used again");
}

#[test]
fn a_foreign_or_busy_or_damaged_directory_is_refused_and_left_alone() {
    let dir = TempDir::new().unwrap();
    let refused = |path: &Path| match SledStore::open(path, SledOptions::default()) {
        Err(StoreError::Corrupt(text)) => text,
        Err(other) => panic!("{other}"),
        Ok(_) => panic!("opened"),
    };
    let foreign = dir.path().join("foreign");
    fs::create_dir(&foreign).unwrap();
    fs::write(foreign.join("thesis.txt"), "mine").unwrap();
    let text = refused(&foreign);
    assert!(text.contains("Point the server at an empty directory"), "{text}");
    assert_eq!(raw(&foreign), b"mine");

    let ours = dir.path().join("ours");
    let s = SledStore::open(&ours, SledOptions::default()).unwrap();
    let text = refused(&ours);
    assert!(text.contains("in use by another process"), "{text}");
    drop(s);

    fs::write(ours.join("subrosa-store"), "subrosa sled store, format 9\n").unwrap();
    let text = refused(&ours);
    assert!(text.contains("format 9"), "{text}");
    fs::write(ours.join("subrosa-store"), "subrosa sled store, format 1\n").unwrap();
    drop(SledStore::open(&ours, SledOptions::default()).unwrap());

    let keys = fs::read(ours.join("keys")).unwrap();
    fs::remove_file(ours.join("keys")).unwrap();
    assert!(refused(&ours).contains("Restore a backup"));
    fs::write(ours.join("keys"), vec![0x55; keys.len()]).unwrap();
    assert!(refused(&ours).contains("Restore a backup"));
    fs::write(ours.join("keys"), keys).unwrap();
    drop(SledStore::open(&ours, SledOptions::default()).unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_lost_its_end_is_noticed() {
    let dir = TempDir::new().unwrap();
    let s = SledStore::open(dir.path(), SledOptions::default()).unwrap();
    s.secret_or_insert("a", bytes32(1)).await.unwrap();
    s.close().await.unwrap();
    drop(s);
    let old = fs::read(dir.path().join("index/db")).unwrap();
    let s = SledStore::open(dir.path(), SledOptions::default()).unwrap();
    for n in 0..3 {
        let (envelopes, leaves) = parcel(n);
        s.deposit(envelopes, leaves).await.unwrap();
    }
    s.close().await.unwrap();
    drop(s);
    fs::write(dir.path().join("index/db"), old).unwrap();
    for entry in fs::read_dir(dir.path().join("index")).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_str().unwrap().starts_with("snap.") {
            fs::remove_file(path).unwrap();
        }
    }
    match SledStore::open(dir.path(), SledOptions::default()) {
        Err(StoreError::Corrupt(text)) => assert!(text.contains("acknowledged writes are missing"), "{text}"),
        other => panic!("{:?}", other.map(|_| ())),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_lie_in_random_slots() {
    let dir = TempDir::new().unwrap();
    let s = SledStore::open(dir.path(), SledOptions::default()).unwrap();
    for n in 0..8 {
        let (envelopes, leaves) = parcel(n);
        s.deposit(envelopes, leaves).await.unwrap();
    }
    let places: Vec<u16> = (0..32).map(|n| s.reading.place(envelope(n).cap_hash).unwrap().slots[0].number).collect();
    let rising = places.windows(2).filter(|w| w[0] < w[1]).count();
    assert!((3..29).contains(&rising), "{places:?}");
}
