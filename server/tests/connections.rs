//! Kept connections: how long they last is announced, what is announced is kept, and so is their end.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

#[expect(dead_code, reason = "each test file uses a part")]
mod support;

use std::time::Duration;

use subrosa_crypto::wire::CapRequest;
use support::*;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Reads one answer, whose body has a declared length.
async fn answer(connection: &mut TcpStream) -> String {
    let mut read = Vec::new();
    loop {
        let mut piece = [0; 4096];
        let n = connection.read(&mut piece).await.unwrap();
        assert!(n > 0, "closed within an answer: {}", String::from_utf8_lossy(&read));
        read.extend(piece.iter().take(n));
        let text = String::from_utf8_lossy(&read).to_ascii_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length: usize = field(head, "content-length").and_then(|l| l.parse().ok()).unwrap_or(0);
        if body.len() >= length {
            return head.to_owned();
        }
    }
}

fn field<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
}

async fn connect(site: &Site) -> TcpStream {
    TcpStream::connect(site.running.address().unwrap()).await.unwrap()
}

const GET: &[u8] = b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";

#[tokio::test]
async fn an_idle_connection_outlives_what_was_announced() {
    let site = site(subrosa_server::Settings { keep_alive: Duration::from_secs(5), ..settings(60_000) }).await;
    let mut connection = connect(&site).await;
    for _ in 0..2 {
        connection.write_all(GET).await.unwrap();
        let head = answer(&mut connection).await;
        let announced = field(&head, "keep-alive").and_then(|k| k.strip_prefix("timeout=")?.parse().ok());
        assert_eq!(announced, Some(4), "{head}");
        // A client may use the connection up to this moment.
        tokio::time::sleep(Duration::from_secs(4)).await;
    }
    connection.write_all(GET).await.unwrap();
    answer(&mut connection).await;
    site.running.stop().await;
}

#[test]
fn a_connection_is_kept_longer_than_any_of_our_clients_keeps_it() {
    let settings = settings(60_000);
    // reqwest and hyper-util: 90 seconds. Firefox, and so Tor Browser: 115.
    assert!(settings.announced_keep_alive() > 115);
    assert!(settings.keep_alive > Duration::from_secs(settings.announced_keep_alive()) + Duration::from_secs(10));
}

#[tokio::test]
async fn a_stop_is_announced_on_the_last_answer() {
    let site = site(settings(60_000)).await;
    let mut connection = connect(&site).await;
    connection.write_all(GET).await.unwrap();
    assert_eq!(field(&answer(&mut connection).await, "connection"), None);
    // A request is under way when the server is told to stop: it is answered, and told that no other will be.
    let body = CapRequest { capability: bytes() }.encode();
    let head = "POST /v1/take HTTP/1.1\r\nhost: x\r\ncontent-type: application/octet-stream\r\n";
    let head = format!("{head}content-length: {}\r\n\r\n", body.len());
    connection.write_all(head.as_bytes()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let stopping = tokio::spawn(site.running.stop());
    tokio::time::sleep(Duration::from_millis(300)).await;
    connection.write_all(&body).await.unwrap();
    let head = answer(&mut connection).await;
    assert!(head.starts_with("http/1.1 404"), "{head}");
    assert_eq!(field(&head, "connection"), Some("close"), "{head}");
    assert_eq!(connection.read(&mut [0; 1]).await.unwrap(), 0, "closed after its answer");
    stopping.await.unwrap();
}
