//! Connections that a browser keeps: the console does not close one that the browser may be about to use, or what
//! somebody sends just then would be lost.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::Duration,
};

use subrosa_e2e::{desk_session::Window, stage::Stage};

/// Longer than servers commonly wait for a second question.
const REST: Duration = Duration::from_secs(8);

/// Asks over a connection that stays open; answers the status, or nothing if the console has hung up.
fn ask(stream: &mut TcpStream, window: &Window) -> Option<u16> {
    let (root, host) = (&window.root, &window.host);
    let question = format!("GET {root}/en/ HTTP/1.1\r\nHost: {host}\r\nSec-Fetch-Site: none\r\n\r\n");
    stream.write_all(question.as_bytes()).ok()?;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        head.extend(byte);
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    assert!(!head.contains("connection: close"), "{head}");
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap().parse().unwrap();
    let mut body = vec![0; length];
    stream.read_exact(&mut body).unwrap();
    head.split(' ').nth(1)?.parse().ok()
}

#[test]
fn a_connection_that_rested_is_answered_again() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::open(&folder.path().join("stage"), "127.0.0.1:0", 1000, 4).unwrap();
    let window = Window::of(&stage, "anna");
    let mut stream = TcpStream::connect(&window.host).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
    let first = ask(&mut stream, &window);
    assert!(first.is_some(), "the console answers");
    thread::sleep(REST);
    assert_eq!(ask(&mut stream, &window), first, "after a rest the same question has the same answer");
    // Browsers open connections ahead, and a busy machine may open one long before it asks.
    let mut ahead = TcpStream::connect(&window.host).unwrap();
    ahead.set_read_timeout(Some(Duration::from_secs(120))).unwrap();
    thread::sleep(REST);
    assert_eq!(ask(&mut ahead, &window), first, "a connection that was opened ahead is answered");
}

/// The demo's onion services are made of the files under `deploy/tor/`, which have Tor say on which circuit each stream
/// came: the demo's server reads that, and answers whoever comes without it too.
#[test]
fn a_demo_answers_with_and_without_what_tor_says_in_front() {
    let folder = tempfile::tempdir().unwrap();
    let stage = Stage::open(&folder.path().join("stage"), "127.0.0.1:0", 1000, 4).unwrap();
    let host = stage.url.strip_prefix("http://").unwrap();
    for before in ["", "PROXY TCP6 fc00:dead:beef:4dad::1 ::1 65535 42\r\n"] {
        let mut stream = TcpStream::connect(host).unwrap();
        stream
            .write_all(format!("{before}GET / HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n").as_bytes())
            .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        assert!(answer.starts_with(b"HTTP/1.1 200 OK\r\n"), "{before}: {}", String::from_utf8_lossy(&answer));
    }
}
