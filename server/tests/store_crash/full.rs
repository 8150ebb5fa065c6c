//! A disk that is really full: a small file system in memory, mounted where only this test sees it.

use std::{
    io::{Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command},
    time::Duration,
};

use subrosa_server::store::{
    DepositOutcome, Discarded, StoreError, Taken,
    engines::{Engine, Limits, WithEngine},
};
use tempfile::TempDir;

use super::{
    opened, runtime, with, with_each_engine,
    workload::{cap, parcel},
};

const INSIDE: &str = "SUBROSA_FULL_DIR";
const ENGINE: &str = "SUBROSA_FULL_ENGINE";

/// The small disk and the engine to try there, in the process that has one.
fn inside() -> Option<(PathBuf, String)> {
    let dir = std::env::var_os(INSIDE)?;
    Some((dir.into(), std::env::var(ENGINE).unwrap()))
}

/// Runs this test again in a mount namespace of its own, where `$SUBROSA_FULL_DIR` is 96 MiB large, once for each
/// engine. It must succeed, and say `proof`, so that a test that ran nothing is found out.
fn again_on_a_small_disk(test: &str, proof: &str) {
    with_each_engine(|engine| with_a_small_disk(engine, test, proof));
}

fn with_a_small_disk(engine: &str, test: &str, proof: &str) {
    let dir = TempDir::new().unwrap();
    let output = Command::new("unshare")
        .args(["--mount", "--map-root-user", "sh", "-ec"])
        .arg("mount -t tmpfs -o size=96m none \"$SUBROSA_FULL_DIR\"; exec \"$@\"")
        .arg("sh")
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(INSIDE, dir.path())
        .env(ENGINE, engine)
        .output()
        .expect("util-linux is needed for this test");
    let told = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && told.contains(proof), "{told}");
}

#[test]
fn a_full_disk_refuses_loses_nothing_and_still_discards() {
    if let Some((dir, engine)) = inside() {
        return with(&engine, Fill(dir.join("data")));
    }
    again_on_a_small_disk("full::a_full_disk_refuses_loses_nothing_and_still_discards", "parcels fitted");
}

/// The program on a disk that somebody else fills: it ends, or goes on, and when there is room again all is there.
#[test]
fn a_server_whose_disk_filled_up_recovers() {
    if let Some((dir, engine)) = inside() {
        return filled_up(&dir, &engine);
    }
    again_on_a_small_disk("full::a_server_whose_disk_filled_up_recovers", "recovered");
}

fn started(dir: &Path, engine: &str) -> Child {
    let _ = std::fs::remove_file(dir.join("address"));
    Command::new(env!("CARGO_BIN_EXE_subrosa-server"))
        .args(["run", "--programme", "test.example", "--listen", "127.0.0.1:0", "--epoch-millis", "100"])
        .args(["--engine", engine, "--root-key", &"11".repeat(32), "--address-file"])
        .arg(dir.join("address"))
        .arg("--data-dir")
        .arg(dir.join("data"))
        .spawn()
        .unwrap()
}

/// The newest published epoch, once there is one after `than`.
fn published(dir: &Path, than: u64) -> u64 {
    for _ in 0..1200 {
        let answer = std::fs::read_to_string(dir.join("address")).ok().and_then(|address| {
            let mut stream = TcpStream::connect(address.trim()).ok()?;
            stream.write_all(b"GET /v1/params HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").ok()?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).ok()?;
            let (_, rest) = answer.split_once("\"last_published\":")?;
            rest.split(',').next()?.parse::<u64>().ok()
        });
        match answer {
            Some(epoch) if epoch > than => return epoch,
            _ => std::thread::sleep(Duration::from_millis(50)),
        }
    }
    panic!("no epoch was published after {than}");
}

fn filled_up(dir: &Path, engine: &str) {
    let mut server = started(dir, engine);
    let before = published(dir, 2);
    let hog = dir.join("hog");
    let mut file = std::fs::File::create(&hog).unwrap();
    while file.write_all(&[1; 4096]).is_ok() {}
    let mut ended = None;
    for _ in 0..1200 {
        ended = server.try_wait().unwrap();
        if ended.is_some() {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    let status = ended.expect("a server that cannot write must end");
    assert_eq!(status.code(), Some(1), "worth another start");
    // A start on the full disk says so, in a way that is worth another start too.
    let mut again = started(dir, engine);
    assert_eq!(again.wait().unwrap().code(), Some(1));
    drop(file);
    std::fs::remove_file(hog).unwrap();
    let mut server = started(dir, engine);
    let after = published(dir, before);
    server.kill().unwrap();
    server.wait().unwrap();
    println!("recovered: epoch {before} before, {after} after");
}

struct Fill(PathBuf);

impl WithEngine for Fill {
    type Output = ();

    fn with<E: Engine>(self) {
        runtime().block_on(fill::<E>(self.0));
    }
}

async fn fill<E: Engine>(dir: PathBuf) {
    let store: E = opened(&dir);
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
    while file.write_all(&[1; 4096]).is_ok() {}
    match E::open_in(&dir, Limits::default()) {
        Err(StoreError::Io(text)) => assert!(text.contains("Make room on it and start again"), "{text}"),
        other => panic!("{:?}", other.map(|_| ())),
    }
    drop(file);
    std::fs::remove_file(hog).unwrap();
    let store: E = opened(&dir);
    for n in 0..stored * 4 {
        let taken = store.take(cap(n)).await.unwrap();
        assert!(if n < 40 { taken == Taken::Gone } else { matches!(taken, Taken::Body(_)) }, "envelope {n}");
    }
    store.close().await.unwrap();
    println!("{stored} parcels fitted");
}
