//! What only this engine promises.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

use std::{fs, path::Path};

use tempfile::TempDir;

use super::*;
use crate::store::conformance::samples::{bytes32, envelope, noise, parcel, publication};

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
    fs::write(ours.join("subrosa-store"), "subrosa sled store, format 2\n").unwrap();
    drop(SledStore::open(&ours, SledOptions::default()).unwrap());

    let keys = fs::read(ours.join("keys")).unwrap();
    fs::remove_file(ours.join("keys")).unwrap();
    assert!(refused(&ours).contains("Restore a backup"));
    fs::write(ours.join("keys"), vec![0x55; keys.len()]).unwrap();
    assert!(refused(&ours).contains("Restore a backup"));
    fs::write(ours.join("keys"), keys).unwrap();
    drop(SledStore::open(&ours, SledOptions::default()).unwrap());
}

/// A directory with one secret and three parcels in it, and what its index was before the parcels.
async fn three_parcels_and_an_old_index(dir: &Path) -> Vec<u8> {
    let s = SledStore::open(dir, SledOptions::default()).unwrap();
    s.secret_or_insert("a", bytes32(1)).await.unwrap();
    s.close().await.unwrap();
    drop(s);
    let old = fs::read(dir.join("index/db")).unwrap();
    let s = SledStore::open(dir, SledOptions::default()).unwrap();
    for n in 0..3 {
        let (envelopes, leaves) = parcel(n);
        s.deposit(envelopes, leaves).await.unwrap();
    }
    s.close().await.unwrap();
    old
}

fn put_back(dir: &Path, old: &[u8]) {
    fs::write(dir.join("index/db"), old).unwrap();
    for entry in fs::read_dir(dir.join("index")).unwrap() {
        let path = entry.unwrap().path();
        if path.file_name().unwrap().to_str().unwrap().starts_with("snap.") {
            fs::remove_file(path).unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_lost_its_end_gets_it_back_from_the_group_log() {
    let dir = TempDir::new().unwrap();
    let old = three_parcels_and_an_old_index(dir.path()).await;
    put_back(dir.path(), &old);
    let s = SledStore::open(dir.path(), SledOptions::default()).unwrap();
    for n in 0..3 {
        for e in parcel(n).0 {
            assert_eq!(s.take(e.cap_hash).await.unwrap(), Taken::Body(Bytes::copy_from_slice(e.body.as_slice())));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_that_lost_its_end_is_noticed_if_the_group_log_lost_it_too() {
    for damage in [0, 40, 400] {
        let dir = TempDir::new().unwrap();
        let old = three_parcels_and_an_old_index(dir.path()).await;
        put_back(dir.path(), &old);
        let mut log = fs::read(dir.path().join("groups")).unwrap();
        // The first record's lap, its number and length, its content: what is behind it is worth nothing without it.
        log[damage] ^= 1;
        fs::write(dir.path().join("groups"), log).unwrap();
        match SledStore::open(dir.path(), SledOptions::default()) {
            Err(StoreError::Corrupt(text)) => assert!(text.contains("acknowledged writes are missing"), "{text}"),
            other => panic!("{:?}", other.map(|_| ())),
        }
    }
}

/// The newest group may be half on the disk when the power goes: it is dropped whole, unless a later one shows that it
/// was complete.
#[tokio::test(flavor = "multi_thread")]
async fn a_newest_group_without_all_its_bodies_never_was() {
    let dir = TempDir::new().unwrap();
    let old = three_parcels_and_an_old_index(dir.path()).await;
    let [keys, log] = ["keys", "groups"].map(|name| fs::read(dir.path().join(name)).unwrap());
    let s = SledStore::open(dir.path(), SledOptions::default()).unwrap();
    let lost = s.reading.place(parcel(2).0[3].cap_hash).unwrap().slots[0];
    drop(s);
    put_back(dir.path(), &old);
    let mut damaged = keys;
    let at = (lost.segment as usize * 8192 + lost.number as usize) * 64;
    damaged[at..at + 64].fill(0);
    fs::write(dir.path().join("keys"), damaged).unwrap();
    fs::write(dir.path().join("groups"), log).unwrap();
    let s = SledStore::open(dir.path(), SledOptions::default()).unwrap();
    for e in parcel(1).0 {
        assert!(matches!(s.take(e.cap_hash).await.unwrap(), Taken::Body(_)));
    }
    for e in parcel(2).0 {
        assert_eq!(s.take(e.cap_hash).await.unwrap(), Taken::Unknown);
    }
    let (envelopes, leaves) = parcel(2);
    assert!(matches!(s.deposit(envelopes, leaves).await.unwrap(), DepositOutcome::Stored(_)));
}

/// What is done to a directory, in words and in deed.
type Damage = (&'static str, fn(&Path));

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_missing_or_cut_short_is_refused_with_advice() {
    let dir = TempDir::new().unwrap();
    let whole = dir.path().join("whole");
    let s = SledStore::open(&whole, SledOptions::default()).unwrap();
    let (envelopes, leaves) = parcel(1);
    s.deposit(envelopes, leaves).await.unwrap();
    s.seal_epoch().await.unwrap();
    s.publish_epoch(publication(1, 0, 4)).await.unwrap();
    s.close().await.unwrap();
    drop(s);
    let damages: [Damage; 10] = [
        ("the keys are gone", |d| fs::remove_file(d.join("keys")).unwrap()),
        ("the keys are cut short", |d| fs::write(d.join("keys"), b"").unwrap()),
        ("the group log is gone", |d| fs::remove_file(d.join("groups")).unwrap()),
        ("the log's leaves are gone", |d| fs::remove_file(d.join("log-leaves")).unwrap()),
        ("the log's leaves are cut short", |d| fs::write(d.join("log-leaves"), [0; 32]).unwrap()),
        ("the log's hashes are cut short", |d| fs::write(d.join("log-hashes"), [0; 32]).unwrap()),
        ("the bodies are gone", |d| fs::remove_dir_all(d.join("bodies")).unwrap()),
        ("a segment is gone", |d| {
            for segment in fs::read_dir(d.join("bodies")).unwrap() {
                fs::remove_file(segment.unwrap().path()).unwrap();
            }
        }),
        ("the index and the group log are gone", |d| {
            fs::remove_dir_all(d.join("index")).unwrap();
            fs::write(d.join("groups"), [0; 4096]).unwrap();
        }),
        ("the index is noise and the group log is gone", |d| {
            fs::write(d.join("index/db"), noise(5, 300_000)).unwrap();
            fs::write(d.join("groups"), [0; 4096]).unwrap();
        }),
    ];
    for (what, damage) in damages {
        let hurt = dir.path().join("hurt");
        assert!(std::process::Command::new("cp").arg("-r").arg(&whole).arg(&hurt).status().unwrap().success());
        damage(&hurt);
        match SledStore::open(&hurt, SledOptions::default()) {
            Err(StoreError::Corrupt(text)) => assert!(text.contains("Restore a backup"), "{what}: {text}"),
            Err(other) => panic!("{what}: {other}"),
            Ok(_) => panic!("{what}: opened"),
        }
        fs::remove_dir_all(&hurt).unwrap();
    }
    let file = dir.path().join("file");
    fs::write(&file, "mine").unwrap();
    match SledStore::open(&file, SledOptions::default()) {
        Err(StoreError::Corrupt(text)) => assert!(text.contains("not a directory"), "{text}"),
        other => panic!("{:?}", other.map(|_| ())),
    }
    drop(SledStore::open(&whole, SledOptions::default()).unwrap());
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
