//! Slow measurements of the store. Throughput:
//! `cargo test -p subrosa-server --test store_measure -- --ignored --nocapture`; memory: with `SUBROSA_SOAK_ROUNDS`
//! set. `SUBROSA_MEASURE_DIR` says on which disk.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout, reason = "tests")]

use std::{
    fs::{self, File},
    os::unix::fs::FileExt,
    path::Path,
    sync::Arc,
    time::Instant,
};

use subrosa_crypto::{
    kdf,
    wire::{CapHash, ENVELOPE_LEN, Envelope, Hint, Tag},
};
use subrosa_server::store::{
    DepositOutcome, LeafData, Store, Taken,
    engines::sled::{SledOptions, SledStore},
};
use tempfile::TempDir;

const CLIENTS: u64 = 64;

fn digest(label: &str, n: u64) -> [u8; 32] {
    kdf::digest(label, &[&n.to_be_bytes()])
}

fn parcel(n: u64) -> ([Envelope; 4], [LeafData; 4]) {
    let envelope = |i: u64| Envelope {
        tag: Tag(digest("tag", i)[..16].try_into().unwrap()),
        hint: Hint(digest("hint", i)),
        cap_hash: CapHash(digest("cap", i)),
        body: vec![i as u8; ENVELOPE_LEN].into_boxed_slice().try_into().unwrap(),
    };
    let seeds = [n * 4, n * 4 + 1, n * 4 + 2, n * 4 + 3];
    (seeds.map(envelope), seeds.map(|i| digest("leaf", i)))
}

/// Deposits `parcels` by [`CLIENTS`] clients, each waiting for its answer; envelopes a second.
async fn deposits(store: &Arc<SledStore>, first: u64, parcels: u64) -> f64 {
    let start = Instant::now();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|c| {
            let store = Arc::clone(store);
            tokio::spawn(async move {
                for n in (first + c..first + parcels).step_by(CLIENTS as usize) {
                    let (envelopes, leaves) = parcel(n);
                    assert!(matches!(store.deposit(envelopes, leaves).await.unwrap(), DepositOutcome::Stored(_)));
                }
            })
        })
        .collect();
    for c in clients {
        c.await.unwrap();
    }
    (parcels * 4) as f64 / start.elapsed().as_secs_f64()
}

/// The floor: the same bytes, one fdatasync for each group of [`CLIENTS`] parcels; envelopes a second.
fn floor(dir: &Path, parcels: u64) -> f64 {
    let file = File::create(dir.join("floor")).unwrap();
    let bytes = vec![7u8; ENVELOPE_LEN];
    let start = Instant::now();
    for n in 0..parcels * 4 {
        file.write_all_at(&bytes, n * ENVELOPE_LEN as u64).unwrap();
        if (n + 1) % (CLIENTS * 4) == 0 {
            file.sync_data().unwrap();
        }
    }
    file.sync_data().unwrap();
    let rate = (parcels * 4) as f64 / start.elapsed().as_secs_f64();
    fs::remove_file(dir.join("floor")).unwrap();
    rate
}

#[test]
#[ignore = "a measurement"]
fn deposit_throughput() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let dir = TempDir::new_in(std::env::var("SUBROSA_MEASURE_DIR").unwrap_or_else(|_| ".".into())).unwrap();
    let store = Arc::new(SledStore::open(&dir.path().join("data"), SledOptions::default()).unwrap());
    for round in 0..4 {
        let parcels = 1536;
        let floor = floor(dir.path(), parcels);
        let before = cpu_ticks();
        let ours = runtime.block_on(deposits(&store, round * parcels, parcels));
        let micros = (cpu_ticks() - before) * 10_000 / (parcels * 4);
        println!(
            "round {round}: {ours:.0} envelopes/s durable, floor {floor:.0}, ratio {:.2}; {micros} µs of CPU each",
            ours / floor
        );
    }
}

/// CPU time of this process, user and system, in hundredths of a second.
fn cpu_ticks() -> u64 {
    let stat = fs::read_to_string("/proc/self/stat").unwrap();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap().split_whitespace().collect();
    fields[11].parse::<u64>().unwrap() + fields[12].parse::<u64>().unwrap()
}

fn status(field: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|l| l.starts_with(field)).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() / 1024
}

/// Writes 3.3 GB, so only the soak does it.
#[test]
fn soak_a_hundred_thousand_envelopes_fit_in_256_mb() {
    if std::env::var_os("SUBROSA_SOAK_ROUNDS").is_none() {
        return;
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let dir = TempDir::new_in(std::env::var("SUBROSA_MEASURE_DIR").unwrap_or_else(|_| ".".into())).unwrap();
    let open = || Arc::new(SledStore::open(&dir.path().join("data"), SledOptions::default()).unwrap());
    let store = open();
    let rate = runtime.block_on(deposits(&store, 0, 25_000));
    println!("written at {rate:.0} envelopes/s; now {} MB, at most {} MB", status("VmRSS"), status("VmHWM"));
    drop(store);
    let start = Instant::now();
    let store = open();
    println!("opened in {:?}; now {} MB, at most {} MB", start.elapsed(), status("VmRSS"), status("VmHWM"));
    let start = Instant::now();
    runtime.block_on(async {
        for n in (0..100_000).step_by(37) {
            assert!(matches!(store.take(CapHash(digest("cap", n))).await.unwrap(), Taken::Body(_)));
        }
    });
    println!("a take: {:?}", start.elapsed() / (100_000 / 37));
    let start = Instant::now();
    let rows = runtime.block_on(store.seal_epoch()).unwrap().rows.len();
    println!("{rows} rows sealed in {:?}; at most {} MB", start.elapsed(), status("VmHWM"));
    assert_eq!(rows, 100_000);
    assert!(status("VmHWM") < 256, "{} MB", status("VmHWM"));
}
