//! The program itself, on a data directory: start, signals, restart, refusals.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

#[expect(dead_code, reason = "each test file uses a part")]
mod support;

use std::{
    io::{Read, Write},
    os::unix::{fs::PermissionsExt, net::UnixStream},
    path::Path,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use subrosa_crypto::wire::*;
use support::*;

const BIN: &str = env!("CARGO_BIN_EXE_subrosa-server");

struct Server {
    child: Option<Child>,
    address: String,
}

fn spawn(dir: &Path, epoch_millis: &str) -> Server {
    let address_file = dir.join("address");
    let _ = std::fs::remove_file(&address_file);
    let mut command = Command::new(BIN);
    command
        .args(["run", "--programme", "test.example", "--listen", "127.0.0.1:0", "--pow-bits", "4"])
        .args(["--epoch-millis", epoch_millis, "--root-key", &hex::encode(root().verifying_key().0)])
        .args([Path::new("--data-dir"), &dir.join("data"), Path::new("--address-file"), &address_file])
        .stderr(Stdio::piped());
    let mut server = Server { child: Some(command.spawn().unwrap()), address: String::new() };
    let started = Instant::now();
    loop {
        if let Ok(text) = std::fs::read_to_string(&address_file) {
            server.address = text.trim().to_owned();
            return server;
        }
        assert!(started.elapsed() < Duration::from_secs(60), "the server did not start");
        std::thread::sleep(Duration::from_millis(20));
    }
}

impl Server {
    fn client(&self) -> Client {
        Client { http: reqwest::Client::builder().no_proxy().build().unwrap(), url: format!("http://{}", self.address) }
    }

    /// Sends a signal and waits for the end; answers what it wrote to its log.
    fn stop(mut self, signal: &str) -> Output {
        let child = self.child.take().unwrap();
        let status = Command::new("kill").args([signal, &child.id().to_string()]).status().unwrap();
        assert!(status.success());
        child.wait_with_output().unwrap()
    }
}

/// A test that fails leaves no server behind.
impl Drop for Server {
    fn drop(&mut self) {
        if let Some(child) = &mut self.child {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_acknowledged_is_there_after_a_stop_and_after_a_kill() {
    let dir = tempfile::tempdir().unwrap();
    let mut kept: Vec<([u8; 32], Box<[u8; ENVELOPE_LEN]>, u64)> = Vec::new();
    for (round, signal) in ["-TERM", "-KILL", "-INT", "-KILL"].into_iter().enumerate() {
        let server = spawn(dir.path(), "150");
        let site = server.client();
        for (capability, body, _) in &kept {
            let r = site.post("/v1/take", CapRequest { capability: *capability }.encode()).await;
            assert_eq!(r.status(), 200);
            assert_eq!(r.bytes().await.unwrap(), body.as_slice());
        }
        for _ in 0..5 {
            let parts: Vec<_> = (0..4).map(|_| envelope()).collect();
            let envelopes: [Envelope; 4] = std::array::from_fn(|i| parts[i].0.clone());
            let response = site.deposited(&envelopes).await;
            for ((e, capability), receipt) in parts.into_iter().zip(response.receipts) {
                kept.push((capability, e.body, receipt.epoch));
            }
        }
        if round == 0 {
            site.closed(kept[0].2).await;
        }
        let output = server.stop(signal);
        let log = String::from_utf8(output.stderr).unwrap();
        if signal != "-KILL" {
            assert!(output.status.success(), "{log}");
            assert!(log.contains("stopped"), "{log}");
        }
        for secret in ["/v1/", "user-agent", "reqwest"] {
            assert!(!log.contains(secret), "{log}");
        }
    }
    // Every list that was promised is out once the last server has closed its epochs.
    let server = spawn(dir.path(), "150");
    let site = server.client();
    let newest = kept.iter().map(|k| k.2).max().unwrap();
    site.closed(newest).await;
    for epoch in 0..=newest {
        if site.get(&format!("/v1/epoch/{epoch}/tags")).await.status() == 404 {
            panic!("no list of epoch {epoch}");
        }
    }
    assert!(server.stop("-TERM").status.success());
}

#[test]
fn the_log_key_is_made_once_and_printed_in_both_forms() {
    let dir = tempfile::tempdir().unwrap();
    let print = || {
        let data = dir.path().join("data");
        let out = Command::new(BIN).args(["log-key", "--programme", "test.example", "--data-dir"]).arg(data).output();
        let out = out.unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
        String::from_utf8(out.stdout).unwrap()
    };
    let first = print();
    assert_eq!(first, print());
    let lines: Vec<&str> = first.lines().collect();
    assert_eq!(lines.len(), 2);
    let key = subrosa_crypto::log::NoteKey::parse(lines[1]).unwrap();
    assert_eq!((hex::encode(key.key().0).as_str(), key.name()), (lines[0], "test.example/log"));
}

#[test]
fn refusals_to_start_have_exit_codes_and_say_what_to_do() {
    let dir = tempfile::tempdir().unwrap();
    let foreign = dir.path().join("foreign");
    std::fs::create_dir(&foreign).unwrap();
    std::fs::write(foreign.join("holiday.jpg"), b"not ours").unwrap();
    let key = "11".repeat(32);
    let data = dir.path().join("data").display().to_string();
    let foreign = foreign.display().to_string();
    let run = |args: &[&str]| {
        let out = Command::new(BIN).arg("run").args(args).output().unwrap();
        (out.status.code(), String::from_utf8(out.stderr).unwrap())
    };
    let (code, text) = run(&["--programme", "p", "--root-key", &key, "--data-dir", &foreign]);
    assert_eq!(code, Some(3), "{text}");
    assert!(text.contains("data directory"), "{text}");
    let (code, text) = run(&["--programme", "p", "--data-dir", &data]);
    assert!(code == Some(2) && text.contains("--root-key"), "{text}");
    let (code, text) = run(&["--programme", "p", "--root-key", &key, "--data-dir", &data, "--listen", "0.0.0.0:0"]);
    assert!(code == Some(2) && text.contains("--i-know-this-is-not-behind-tor"), "{text}");
    let (code, text) = run(&["--programme", "p", "--root-key", &key, "--data-dir", &data, "--listen", "127.0.0.1:x"]);
    assert!(code == Some(4), "{text}");
    assert_eq!(run(&["--frobnicate"]).0, Some(2));
}

fn check(data: &Path) -> (Option<i32>, String) {
    let key = hex::encode(root().verifying_key().0);
    let out = Command::new(BIN)
        .args(["check", "--programme", "test.example", "--root-key", &key, "--data-dir"])
        .arg(data)
        .output()
        .unwrap();
    (out.status.code(), format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr)))
}

#[tokio::test(flavor = "multi_thread")]
async fn damage_is_found_before_anything_is_served_or_signed() {
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let server = spawn(dir.path(), "150");
    let site = server.client();
    let response = site.deposited(&parcel()).await;
    site.closed(response.receipts[0].epoch).await;
    assert!(server.stop("-TERM").status.success());
    let (code, text) = check(&data);
    assert!(code == Some(0) && text.contains("whole: "), "{text}");

    let keys = std::fs::read(data.join("keys")).unwrap();
    let hashes = std::fs::read(data.join("log-hashes")).unwrap();
    std::fs::write(data.join("keys"), &keys[..keys.len() / 2]).unwrap();
    let (code, text) = check(&data);
    assert!(code == Some(3) && text.contains("`keys` lacks keys of bodies that stand"), "{text}");
    std::fs::write(data.join("keys"), &keys).unwrap();
    let mut flipped = hashes.clone();
    let last = flipped.len() - 1;
    flipped[last] ^= 1;
    std::fs::write(data.join("log-hashes"), &flipped).unwrap();
    let (code, text) = check(&data);
    assert!(code == Some(3) && text.contains("log-hashes") && text.contains("Restore a backup"), "{text}");
    std::fs::write(data.join("log-hashes"), &hashes).unwrap();
    assert_eq!(check(&data).0, Some(0));
}

#[test]
fn a_check_of_a_wrong_path_finds_no_store_and_makes_none() {
    let dir = tempfile::tempdir().unwrap();
    let (missing, empty) = (dir.path().join("missing"), dir.path().join("empty"));
    std::fs::create_dir(&empty).unwrap();
    for data in [&missing, &empty] {
        let (code, text) = check(data);
        assert!(code == Some(3) && text.contains("holds no store of this program"), "{text}");
        assert!(!text.contains("whole: "), "{text}");
    }
    assert!(!missing.exists());
    assert_eq!(std::fs::read_dir(&empty).unwrap().count(), 0);
}

/// Asks as Tor does: HTTP over the socket in the file system.
fn asked(socket: &Path, path: &str) -> String {
    let mut stream = UnixStream::connect(socket).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_socket_in_the_file_system_lets_the_group_in_and_is_made_anew() {
    let dir = tempfile::tempdir().unwrap();
    let (socket, metrics) = (dir.path().join("http.sock"), dir.path().join("metrics.sock"));
    for signal in ["-KILL", "-TERM"] {
        let address_file = dir.path().join("address");
        let _ = std::fs::remove_file(&address_file);
        let mut command = Command::new(BIN);
        command
            .args(["run", "--programme", "test.example", "--root-key", &hex::encode(root().verifying_key().0)])
            .args(["--listen", &format!("unix:{}", socket.display())])
            .args(["--metrics-listen", &format!("unix:{}", metrics.display())])
            .args([Path::new("--data-dir"), &dir.path().join("data"), Path::new("--address-file"), &address_file])
            .stderr(Stdio::null());
        let server = Server { child: Some(command.spawn().unwrap()), address: String::new() };
        let started = Instant::now();
        while !address_file.exists() {
            assert!(started.elapsed() < Duration::from_secs(60), "the server did not start");
            std::thread::sleep(Duration::from_millis(20));
        }
        for path in [&socket, &metrics] {
            assert_eq!(std::fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o660, "{}", path.display());
        }
        assert!(asked(&socket, "/healthz").starts_with("HTTP/1.1 200"), "{signal}");
        assert!(asked(&socket, "/metrics").starts_with("HTTP/1.1 404"), "the operator's counters are not for visitors");
        assert!(asked(&metrics, "/metrics").starts_with("HTTP/1.1 200"));
        server.stop(signal);
    }
}
