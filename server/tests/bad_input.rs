//! What strangers send: every route answers the right refusal in plain words, never panics, and stores nothing.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

#[expect(dead_code, reason = "each test file uses a part")]
mod support;

use std::time::Duration;

use rand_core::Rng;
use reqwest::Method;
use subrosa_crypto::wire::*;
use support::*;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

/// Every route that takes a body, with the length of a well-sized one and whether that length is the only one.
fn routes() -> Vec<(Method, String, usize, bool)> {
    let blob = format!("/v1/blob/{}", "ab".repeat(32));
    vec![
        (Method::POST, "/v1/deposit".into(), DepositRequest::LEN, true),
        (Method::POST, "/v1/bundles".into(), BundleRequest::LEN, true),
        (Method::POST, "/v1/bundles/publish".into(), 91, false),
        (Method::POST, "/v1/take".into(), CapRequest::LEN, true),
        (Method::POST, "/v1/discard".into(), CapRequest::LEN, true),
        (Method::POST, "/v1/blob/take".into(), CapRequest::LEN, true),
        (Method::POST, "/v1/blob/discard".into(), CapRequest::LEN, true),
        (Method::PUT, blob, 17 + BLOB_LEN, true),
        (Method::POST, "/v1/journal/append".into(), JournalAppend::WORK_PREFIX + 172 + JOURNAL_STEP, false),
        (Method::POST, "/v1/journal/read".into(), 73, true),
        (Method::POST, "/v1/journal/purge".into(), JournalPurge::LEN, true),
        (Method::POST, "/v1/records".into(), 200, false),
        (Method::POST, "/v1/charter".into(), 500, false),
    ]
}

/// The version byte that a route's bodies begin with.
fn version_of(path: &str) -> u8 {
    match path {
        "/v1/deposit" => DepositRequest::VERSION,
        "/v1/journal/append" => 4,
        "/v1/journal/purge" => 2,
        _ => 1,
    }
}

async fn refused(r: reqwest::Response, status: u16, code: &str, what: &str) {
    assert_eq!(r.status(), status, "{what}");
    assert_eq!(r.headers()["content-type"], "application/json", "{what}");
    let v: serde_json::Value = serde_json::from_slice(&r.bytes().await.unwrap()).unwrap();
    assert_eq!(v["error"], code, "{what}");
    assert!(v["message"].as_str().unwrap().len() > 15, "{what}");
}

#[tokio::test]
async fn wrong_sizes_types_versions_and_methods_are_told_apart() {
    let site = site(settings(600_000)).await;
    let before = site.store.state().writes;
    for (method, path, len, exact) in routes() {
        let what = format!("{method} {path}");
        let mut good = vec![0; len];
        let version = version_of(&path);
        good[0] = version;
        let url = format!("{}{path}", site.url);
        let r = site.http.request(method.clone(), &url).body(good.clone()).send().await.unwrap();
        refused(r, 415, "wrong-type", &what).await;
        let r = site.http.request(method.clone(), &url).header("content-type", "text/html").body(good.clone());
        refused(r.send().await.unwrap(), 415, "wrong-type", &what).await;
        if exact {
            for wrong in [len - 1, len + 1, 0] {
                refused(site.send(method.clone(), &path, vec![1; wrong]).await, 413, "wrong-size", &what).await;
            }
        }
        refused(site.send(method.clone(), &path, vec![1; 300 * 1024]).await, 413, "wrong-size", &what).await;
        if path != "/v1/charter" {
            good[0] = 9;
            refused(site.send(method, &path, good).await, 400, "unknown-version", &what).await;
        }
        refused(site.send(Method::DELETE, &path, Vec::new()).await, 405, "wrong-method", &what).await;
    }
    refused(site.get("/v1/nothing").await, 404, "no-such-route", "nothing").await;
    refused(site.get("/v1/take").await, 405, "wrong-method", "take").await;
    refused(site.get("/v1/charter").await, 404, "unknown", "charter").await;
    refused(site.get("/v1/charter/1").await, 404, "unknown", "charter").await;
    refused(site.get("/v1/epoch/1/tags").await, 404, "unknown", "open epoch").await;
    refused(site.get("/v1/epoch/00/tags").await, 400, "not-acceptable", "two spellings").await;
    refused(site.get("/v1/epoch/-1/tags").await, 400, "not-acceptable", "negative").await;
    refused(site.get("/v1/epoch/99999999999999999999999/tags").await, 400, "not-acceptable", "too large").await;
    refused(site.get("/v1/records?from=x").await, 400, "not-acceptable", "from").await;
    refused(site.get("/v1/records?to=1").await, 400, "not-acceptable", "to").await;
    for (path, words) in [("/nothing", "There is nothing here"), ("/de/nichts", "Hier ist nichts")] {
        let page = site.get(path).await;
        assert_eq!(
            (page.status().as_u16(), page.headers()["content-type"].to_str().unwrap()),
            (404, "text/html; charset=utf-8")
        );
        assert!(page.text().await.unwrap().contains(words), "{path}");
    }
    assert_eq!(
        site.send(Method::POST, "/help", Vec::new()).await.headers()["content-type"],
        "text/html; charset=utf-8"
    );
    refused(site.get("/metrics").await, 404, "no-such-route", "metrics are not public").await;
    let put = site.send(Method::PUT, "/v1/blob/AB", vec![1; 17 + BLOB_LEN]).await;
    refused(put, 400, "not-acceptable", "blob name").await;
    assert_eq!(site.store.state().writes, before, "nothing was stored");
    site.running.stop().await;
}

#[tokio::test]
async fn ten_thousand_random_bodies() {
    let mut settings = settings(600_000);
    settings.pricing.base_bits = 20; // no random nonce passes
    let site = site(settings).await;
    let before = site.store.state().writes;
    let gets = ["/", "/help", "/v1/params", "/v1/charter", "/v1/epoch/1/tags", "/v1/records", "/v1/log/tile/0/000"];
    let mut all = routes();
    all.extend(gets.map(|g| (Method::GET, g.to_owned(), 0, false)));
    for n in 0..10_000 {
        let (method, path, len, _) = &all[n % all.len()];
        // A quarter each: the right size and version, so that the bytes reach the parser; one byte off; short; long.
        let size = match n / all.len() % 4 {
            0 => *len,
            1 => len + 1,
            2 => usize::from(u16::from_be_bytes(bytes()) % 2_000),
            _ => 10_000,
        };
        let mut body = vec![0; size];
        rng().fill_bytes(&mut body);
        if let Some(version) = body.first_mut().filter(|_| n / all.len() % 4 < 3) {
            *version = version_of(path);
        }
        let r = site.send(method.clone(), path, body).await;
        let status = r.status().as_u16();
        let told = r.text().await.unwrap();
        assert!(matches!(status, 200 | 400 | 403 | 404 | 413 | 428), "{method} {path}: {status} {told}");
        if status != 200 {
            let v: serde_json::Value = serde_json::from_str(&told).unwrap();
            assert!(v["message"].as_str().unwrap().ends_with('.'), "{method} {path}: {told}");
        }
        assert!(status != 200 || *method == Method::GET, "{path} accepted noise");
    }
    assert_eq!(site.store.state().writes, before, "nothing was stored");
    // Not HTTP at all.
    let address = site.running.address().unwrap();
    for _ in 0..20 {
        let mut noise = vec![0; 10_000];
        rng().fill_bytes(&mut noise);
        let mut socket = TcpStream::connect(address).await.unwrap();
        let _ = socket.write_all(&noise).await;
        let mut answer = Vec::new();
        let _ = tokio::time::timeout(Duration::from_secs(5), socket.read_to_end(&mut answer)).await.unwrap();
        assert!(answer.is_empty() || answer.starts_with(b"HTTP/1.1 400"));
    }
    assert_eq!(site.store.state().writes, before, "nothing was stored");
    assert_eq!(site.get("/healthz").await.status(), 200);
    site.deposited(&parcel()).await;
    site.running.stop().await;
}

#[tokio::test]
async fn bodies_without_a_length_or_too_slow_are_bounded() {
    let mut settings = settings(600_000);
    settings.body_timeout = Duration::from_millis(300);
    let site = site(settings).await;
    let address = site.running.address().unwrap();
    let head = "POST /v1/take HTTP/1.1\r\nhost: x\r\ncontent-type: application/octet-stream\r\n";
    // Chunked, and longer than the route takes.
    let mut socket = TcpStream::connect(address).await.unwrap();
    let chunk = format!("{head}transfer-encoding: chunked\r\n\r\n40\r\n{}\r\n0\r\n\r\n", "x".repeat(64));
    socket.write_all(chunk.as_bytes()).await.unwrap();
    let mut answer = [0; 12];
    socket.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 413");
    // Promised, and never sent.
    let mut socket = TcpStream::connect(address).await.unwrap();
    socket.write_all(format!("{head}content-length: 33\r\n\r\nabc").as_bytes()).await.unwrap();
    socket.read_exact(&mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 408");
    site.running.stop().await;
}

#[tokio::test]
async fn a_slash_behind_a_page_leads_to_the_page_and_nowhere_else() {
    let site = site(settings(600_000)).await;
    let http = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
    let ask = |method: Method, path: &str| http.request(method, format!("{}{path}", site.url)).send();
    for (path, to) in [
        ("/de/", "/de"),
        ("/es/?x=1", "/es"),
        ("/help/", "/help"),
        ("/fr/help/", "/fr/help"),
        ("/de/tip/?to=//evil.example", "/de/tip"),
        ("/reward/", "/reward"),
    ] {
        let r = ask(Method::GET, path).await.unwrap();
        assert_eq!((r.status().as_u16(), r.headers()["location"].to_str().unwrap()), (308, to), "{path}");
        assert_eq!(r.headers()["cache-control"], "no-store", "{path}");
        assert_eq!(ask(Method::GET, to).await.unwrap().status(), 200, "{to}");
    }
    for path in
        ["//evil.example/", "//evil.example/de/", "/de//", "/de/help//", "/evil.example/", "/en/", "/de/no-page/"]
    {
        let r = ask(Method::GET, path).await.unwrap();
        assert_eq!((r.status().as_u16(), r.headers().get("location")), (404, None), "{path}");
    }
    assert_eq!(ask(Method::POST, "/de/reward/").await.unwrap().status(), 405);
}
