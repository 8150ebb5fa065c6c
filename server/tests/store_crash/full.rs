//! A disk that is really full: a small file system in memory, mounted where only this test sees it.

use std::{path::PathBuf, process::Command};

use subrosa_server::store::{
    DepositOutcome, Discarded, Store, StoreError, Taken,
    engines::sled::{SledOptions, SledStore},
};
use tempfile::TempDir;

use super::workload::{cap, parcel};

const INSIDE: &str = "SUBROSA_FULL_DIR";

/// Runs itself again in a mount namespace of its own, where `$SUBROSA_FULL_DIR` is 96 MiB large.
#[test]
fn a_full_disk_refuses_loses_nothing_and_still_discards() {
    if let Some(dir) = std::env::var_os(INSIDE).map(PathBuf::from) {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        return runtime.block_on(fill(dir.join("data")));
    }
    let dir = TempDir::new().unwrap();
    let output = Command::new("unshare")
        .args(["--mount", "--map-root-user", "sh", "-ec"])
        .arg("mount -t tmpfs -o size=96m none \"$SUBROSA_FULL_DIR\"; exec \"$@\"")
        .arg("sh")
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", "full::a_full_disk_refuses_loses_nothing_and_still_discards", "--nocapture"])
        .env(INSIDE, dir.path())
        .output()
        .expect("util-linux is needed for this test");
    let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{told}");
    assert!(told.contains("parcels fitted"), "{told}");
}

async fn fill(dir: PathBuf) {
    let store = SledStore::open(&dir, SledOptions::default()).unwrap();
    let mut stored = 0;
    let refused = loop {
        let (envelopes, leaves) = parcel(stored);
        match store.deposit(envelopes, leaves).await {
            Ok(DepositOutcome::Stored(_)) => stored += 1,
            Ok(DepositOutcome::TagTaken) => panic!("parcel {stored}"),
            Err(e) => break e,
        }
        assert!(stored < 2000, "96 MiB cannot hold so much");
    };
    assert!(matches!(refused, StoreError::Full), "{refused}");
    assert!(stored > 100, "{stored}");
    // Nothing of the refused parcel is there, all others are, and the store goes on working.
    assert_eq!(store.take(cap(stored * 4)).await.unwrap(), Taken::Unknown);
    for n in 0..stored * 4 {
        assert!(matches!(store.take(cap(n)).await.unwrap(), Taken::Body(_)), "envelope {n}");
    }
    for n in 0..40 {
        assert_eq!(store.discard(cap(n)).await.unwrap(), Discarded::Now);
    }
    // Somebody else takes what is left of the disk: a start says what to do, and once it is done all is there.
    store.close().await.unwrap();
    drop(store);
    let hog = dir.with_file_name("hog");
    let mut file = std::fs::File::create(&hog).unwrap();
    while std::io::Write::write_all(&mut file, &[1; 4096]).is_ok() {}
    match SledStore::open(&dir, SledOptions::default()) {
        Err(StoreError::Corrupt(text)) => assert!(text.contains("Make room on it and start again"), "{text}"),
        other => panic!("{:?}", other.map(|_| ())),
    }
    drop(file);
    std::fs::remove_file(hog).unwrap();
    let store = SledStore::open(&dir, SledOptions::default()).unwrap();
    for n in 0..stored * 4 {
        let taken = store.take(cap(n)).await.unwrap();
        assert!(if n < 40 { taken == Taken::Gone } else { matches!(taken, Taken::Body(_)) }, "envelope {n}");
    }
    store.close().await.unwrap();
    println!("{stored} parcels fitted");
}
