//! A data directory that was damaged: nothing false is ever answered, and the damage is found.
//!
//! Every file is flipped, cut, emptied and swapped. What a start does not look at (bodies) the check finds; what
//! neither finds must have changed no answer.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests, and what became of each file is printed"
)]

#[expect(dead_code, reason = "each test file uses a part")]
mod support;

use std::{
    collections::BTreeMap,
    fs,
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use bytes::Bytes;
use subrosa_crypto::wire::*;
use subrosa_server::{
    App,
    run::{self, Listeners},
    store::{
        NewBundle, Store,
        engines::{Engine, Limits, NAMES, WithEngine, with_engine},
    },
};
use support::*;
use tempfile::TempDir;

/// What was stored, by what one asks for it with.
#[derive(Default)]
struct Kept {
    envelopes: Vec<([u8; 32], Box<[u8; ENVELOPE_LEN]>)>,
    answers: BTreeMap<String, String>,
}

async fn opened<E: Engine>(dir: &Path) -> Result<E, String> {
    let dir = dir.to_owned();
    // Whatever a damaged index makes an engine do, it must not end the test.
    let opening = tokio::task::spawn_blocking(move || E::open_in(&dir, Limits::default()));
    opening.await.map_err(|_| "panicked".to_owned())?.map_err(|e| e.to_string())
}

/// Everything that a store answers, as text.
async fn answers(s: &impl Store, kept: &Kept) -> BTreeMap<String, String> {
    let mut out = BTreeMap::new();
    for (capability, _) in &kept.envelopes {
        let taken = s.take(capability_hash(capability)).await;
        out.insert(format!("take {}", hex::encode(capability)), format!("{taken:?}"));
    }
    for epoch in 1..=s.last_published().unwrap_or(0) {
        out.insert(format!("list {epoch}"), format!("{:?}", s.list(epoch).await));
    }
    let stored = s.log_size() * 2 - u64::from(s.log_size().count_ones());
    out.insert("leaves".into(), format!("{:?}", s.log_leaves(0, s.log_size()).await));
    out.insert("hashes".into(), format!("{:?}", s.log_hashes((0..stored).collect()).await));
    out.insert("checkpoint".into(), format!("{:?}", s.checkpoint().await));
    out.insert("records".into(), format!("{:?}", s.records(0).await));
    out.insert("charter".into(), format!("{:?}", s.charter(None).await));
    out.insert("blob".into(), format!("{:?}", s.blob_take(CapHash([9; 32])).await));
    out
}

async fn founded<E: Engine>(dir: &Path) -> Kept {
    let store: Arc<E> = Arc::new(opened(dir).await.unwrap());
    let running = run::start(Arc::clone(&store), settings(150), Listeners::local()).await.unwrap();
    let site = Client { http: reqwest::Client::builder().no_proxy().build().unwrap(), url: running.url() };
    let mut kept = Kept::default();
    for _ in 0..3 {
        let parts: Vec<_> = (0..4).map(|_| envelope()).collect();
        let response = site.deposited(&std::array::from_fn(|i| parts[i].0.clone())).await;
        site.closed(response.receipts[0].epoch).await;
        kept.envelopes.extend(parts.into_iter().map(|(e, capability)| (capability, e.body)));
    }
    store.blob_put(CapHash([9; 32]), Bytes::from(vec![7; 262_144])).await.unwrap();
    store.record_append(Bytes::from(vec![3; 900]), [1; 32], [2; 32]).await.unwrap();
    store.charter_put(1, Bytes::from(vec![4; 3000]), [8; 32]).await.unwrap();
    let bundle = NewBundle { id: [1; 16], bytes: Bytes::from(vec![2; 1353]) };
    store.publish_bundles(subrosa_crypto::sign::HolderId([1; 16]), vec![bundle], None).await.unwrap();
    running.stop().await;
    drop(store);
    let store: E = opened(dir).await.unwrap();
    kept.answers = answers(&store, &kept).await;
    assert!(kept.answers.values().all(|a| a.starts_with("Ok(")), "{:?}", kept.answers);
    store.close().await.unwrap();
    kept
}

fn files(dir: &Path) -> Vec<PathBuf> {
    let mut out = Vec::new();
    for entry in fs::read_dir(dir).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() { out.extend(files(&entry.path())) } else { out.push(entry.path()) }
    }
    out.sort();
    out
}

/// Places of bytes that were really written.
fn written(path: &Path) -> Vec<u64> {
    let bytes = fs::read(path).unwrap();
    let all: Vec<u64> = (0..bytes.len() as u64).filter(|i| bytes[*i as usize] != 0).collect();
    let step = (all.len() / 24).max(1);
    all.into_iter().step_by(step).collect()
}

fn copied(from: &Path, to: &Path) {
    let done = Command::new("cp").args(["-r", "--sparse=always"]).args([from, to]).status().unwrap();
    assert!(done.success());
}

#[derive(Debug, PartialEq, Eq)]
enum Found {
    AtStart,
    ByTheCheck,
    Nothing,
}

/// Starts and checks as the program does; panics if anything false is answered.
async fn found<E: Engine>(dir: &Path, kept: &Kept, what: &str) -> Found {
    let store = match opened::<E>(dir).await {
        Ok(store) => Arc::new(store),
        Err(text) => {
            assert!(
                text.contains("Restore a backup") || text.contains("restore a backup") || text.contains("directory"),
                "{what}: {text}"
            );
            return Found::AtStart;
        }
    };
    match App::load(Arc::clone(&store), settings(60_000)).await {
        Ok(_) => {}
        // The charter of this test is none.
        Err(e) if e.to_string().contains("does not fit the configured root key") => {}
        Err(e) => {
            assert!(e.to_string().contains("Restore a backup"), "{what}: {e}");
            return Found::AtStart;
        }
    }
    let reading = Arc::clone(&store);
    let checked = tokio::task::spawn_blocking(move || reading.read_all()).await.unwrap();
    let now = answers(&*store, kept).await;
    for (asked, answer) in &kept.answers {
        // "It cannot be read" is true.
        let honest = now.get(asked).is_some_and(|a| a == answer || a.starts_with("Err("));
        assert!(honest, "{what}: {asked}: {:.300}", now.get(asked).map_or("nothing", |a| a));
    }
    let same = now == kept.answers;
    store.close().await.unwrap();
    match checked {
        Err(e) => {
            assert!(e.to_string().contains("not what was written"), "{what}: {e}");
            Found::ByTheCheck
        }
        Ok(_) => {
            assert!(same, "{what}: an answer is missing, and nothing was found");
            Found::Nothing
        }
    }
}

/// Files whose damage a start finds, as each engine's specification promises.
const FOUND_AT_START: &[(&str, &[&str])] = &[("sled", &["keys", "log-leaves", "log-hashes", "subrosa-store"])];

#[test]
fn every_file_is_flipped_cut_emptied_and_swapped() {
    for engine in NAMES.iter().copied() {
        println!("engine {engine}");
        let tally = with_engine(engine, Damage).unwrap();
        let promised = FOUND_AT_START.iter().find(|(name, _)| *name == engine);
        let (_, promised) = promised.unwrap_or_else(|| panic!("{engine}: say in FOUND_AT_START what a start finds"));
        let count = |name: &str, outcome: Found| tally[name].iter().filter(|o| **o == outcome).count();
        for name in promised.iter().copied() {
            assert!(count(name, Found::AtStart) * 10 >= tally[name].len() * 8, "{name}: {:?}", tally[name]);
            assert_eq!(count(name, Found::ByTheCheck), 0, "{name}");
        }
    }
}

/// What became of each file of a directory, each time that it was damaged.
type Tally = BTreeMap<String, Vec<Found>>;

struct Damage;

impl WithEngine for Damage {
    type Output = Tally;

    fn with<E: Engine>(self) -> Tally {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(damaged::<E>())
    }
}

async fn damaged<E: Engine>() -> Tally {
    let dir = TempDir::new().unwrap();
    let whole = dir.path().join("whole");
    let kept = founded::<E>(&whole).await;
    let hurt = dir.path().join("hurt");
    let all = files(&whole);
    let mut tally = Tally::new();
    for (n, path) in all.iter().enumerate() {
        let name = path.strip_prefix(&whole).unwrap().to_owned();
        let len = fs::metadata(path).unwrap().len();
        let other = &all[(n + 1) % all.len()];
        let flips = written(path).into_iter().map(|at| (format!("flip at {at}"), Some(at), None));
        let cuts = [("cut", len / 2), ("empty", 0)].map(|(what, to)| (what.to_owned(), None, Some(to)));
        for (how, flip, cut) in flips.chain(cuts).chain([("swap".to_owned(), None, None)]) {
            copied(&whole, &hurt);
            let target = hurt.join(&name);
            match (flip, cut) {
                (Some(at), _) => {
                    let file = fs::OpenOptions::new().read(true).write(true).open(&target).unwrap();
                    let mut byte = [0];
                    file.read_exact_at(&mut byte, at).unwrap();
                    file.write_all_at(&[byte[0] ^ 0x10], at).unwrap();
                }
                (_, Some(to)) => fs::OpenOptions::new().write(true).open(&target).unwrap().set_len(to).unwrap(),
                _ => {
                    fs::copy(other, &target).unwrap();
                }
            }
            let what = format!("{} {how}", name.display());
            let outcome = found::<E>(&hurt, &kept, &what).await;
            println!("{what}: {outcome:?}");
            tally.entry(name.display().to_string()).or_default().push(outcome);
            // An engine's threads of a directory that did not open may still be at it.
            while fs::remove_dir_all(&hurt).is_err() {}
        }
    }
    tally
}
