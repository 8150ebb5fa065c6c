//! Slots: connections that are held for nothing, and what is answered to whoever does not speak HTTP.

use std::time::Duration;

use anyhow::Result;
use subrosa_e2e::programme::random_bytes;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    time::timeout,
};

use super::field::{Field, crowd, get};

/// More than the server has slots.
const MANY: u32 = 4_100;

#[tokio::test(flavor = "multi_thread")]
async fn half_a_head_holds_no_slot() -> Result<()> {
    let field = Field::start()?;
    let head = b"GET / HTTP/1.1\r\nhost: x\r\nx-more: ".to_vec();
    field.withstand("half a head", |address, over| crowd(address, over, MANY, head.clone(), b"x")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_request_that_never_ends_holds_no_slot() -> Result<()> {
    let field = Field::start()?;
    let refused =
        b"POST /v1/deposit HTTP/1.1\r\nhost: x\r\ncontent-type: text/html\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx";
    field
        .withstand("refused and chunked", |address, over| crowd(address, over, MANY, refused.to_vec(), b"\r\n1\r\nx"))
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn silence_holds_no_slot() -> Result<()> {
    let field = Field::start()?;
    field.withstand("silence", |address, over| crowd(address, over, MANY, Vec::new(), b"")).await
}

/// Reads until the other side closes, or for so long.
async fn all(stream: &mut tokio::net::TcpStream, time: Duration) -> String {
    let mut answer = Vec::new();
    let _ = timeout(time, stream.read_to_end(&mut answer)).await;
    String::from_utf8_lossy(&answer).to_ascii_lowercase()
}

fn is_dressed(answer: &str, status: u16) {
    assert!(answer.contains(&format!("http/1.1 {status} ")), "{answer}");
    for field in ["x-content-type-options: nosniff", "content-security-policy: ", "referrer-policy: no-referrer"] {
        assert!(answer.contains(field), "{field}: {answer}");
    }
    let dates: Vec<&str> = answer.lines().filter(|l| l.starts_with("date: ")).collect();
    assert!(!dates.is_empty() && dates.iter().all(|d| d.ends_with(" 00:00:00 gmt")), "{dates:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_refused_leaves_as_every_other_answer_does() -> Result<()> {
    let field = Field::start()?;
    let ask = async |request: &[u8], wait: u64| {
        let mut stream = Field::connect(field.address, 7).await?;
        stream.write_all(request).await?;
        Ok::<_, anyhow::Error>(all(&mut stream, Duration::from_secs(wait)).await)
    };
    // What is no HTTP, and what is none behind a request that is.
    is_dressed(&ask(b"\x16\x03\x01 hello\r\n\r\n", 20).await?, 400);
    is_dressed(&ask(b"GET / HTTP/1.1\r\nhost: x\r\n\r\nnoise\x00\r\n\r\n", 20).await?, 400);
    is_dressed(&ask(b"POST /v1/take HTTP/1.1\r\ncontent-length: x\r\n\r\n", 20).await?, 400);
    // An address that no route has, in the form that names none.
    is_dressed(&ask(b"OPTIONS * HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n", 20).await?, 404);
    // A head without end.
    let long = [b"GET / HTTP/1.1\r\nx: ".as_slice(), &vec![b'x'; 60_000]].concat();
    is_dressed(&ask(&long, 20).await?, 431);
    // A head that does not come, first or later on its connection.
    is_dressed(&ask(b"GET / HT", 40).await?, 408);
    is_dressed(&ask(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\nGET", 40).await?, 408);
    // A body that breaks its chunks.
    let chunks =
        b"POST /v1/take HTTP/1.1\r\ncontent-type: application/octet-stream\r\ntransfer-encoding: chunked\r\n\r\nzz\r\n";
    is_dressed(&ask(chunks, 20).await?, 400);
    for _ in 0..50 {
        let noise = random_bytes(3_000);
        let answer = ask(&noise, 3).await?;
        assert!(
            answer.is_empty()
                || answer.lines().filter(|l| l.starts_with("date: ")).all(|d| d.ends_with(" 00:00:00 gmt"))
        );
    }
    // And it goes on.
    assert!(Field::ask(field.address, 8, &get("/healthz")).await?.0.starts_with("HTTP/1.1 200"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_read_may_be_asked_for_its_head_alone() -> Result<()> {
    let field = Field::start()?;
    for path in ["/", "/de/safety", "/style.css", "/healthz", "/v1/params"] {
        let head = format!("HEAD {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        let (head, body) = Field::ask(field.address, 9, head.as_bytes()).await?;
        let (whole, full) = Field::ask(field.address, 9, &get(path)).await?;
        assert!(head.starts_with("HTTP/1.1 200") && body.is_empty(), "{path}: {head}");
        let length =
            |h: &str| h.to_ascii_lowercase().lines().find(|l| l.starts_with("content-length")).map(str::to_owned);
        assert_eq!(length(&head), length(&whole), "{path}");
        assert!(!full.is_empty());
    }
    Ok(())
}
