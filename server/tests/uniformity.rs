//! What an answer shows besides its body: the same headers whatever was asked, and no trace of who asked.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

#[expect(dead_code, reason = "each test file uses a part")]
mod support;

use std::collections::BTreeMap;

use subrosa_crypto::wire::*;
use subrosa_server::run::{self, Listen, Listeners};
use subrosa_templates::Language;
use support::*;

/// Header names and values, without the body's length and type, and without `connection`, which only says that a body
/// was refused unread.
fn headers(r: &reqwest::Response) -> BTreeMap<String, String> {
    let skip = ["content-length", "content-type", "connection"];
    let all = r.headers().iter().filter(|(n, _)| !skip.contains(&n.as_str()));
    all.map(|(n, v)| (n.to_string(), v.to_str().unwrap().to_owned())).collect()
}

#[tokio::test]
async fn all_answers_that_are_not_cacheable_carry_the_same_headers() {
    let site = site(settings(60_000)).await;
    let reference = headers(&site.get("/v1/params").await);
    let mut answers = vec![
        site.deposit(&parcel()).await,
        site.deposit(&parcel()).await,
        site.post("/v1/take", CapRequest { capability: bytes() }.encode()).await,
        site.post("/v1/discard", vec![7; 3]).await,
        site.post("/v1/deposit", vec![1; DepositRequest::LEN]).await,
        site.get("/v1/nothing").await,
        site.get("/v1/deposit").await,
        site.get("/healthz").await,
        site.get("/v1/records").await,
        site.get("/v1/log/checkpoint").await,
    ];
    let (e, capability) = envelope();
    let envelopes = [e, envelope().0, envelope().0, envelope().0];
    site.deposited(&envelopes).await;
    answers.push(site.post("/v1/take", CapRequest { capability }.encode()).await);
    answers.push(site.post("/v1/discard", CapRequest { capability }.encode()).await);
    answers.push(site.post("/v1/take", CapRequest { capability }.encode()).await);
    for r in &answers {
        assert_eq!(headers(r), reference, "{}", r.url());
    }
    assert_eq!(reference["cache-control"], "no-store");
    assert_eq!(reference["referrer-policy"], "no-referrer");
    assert!(reference["content-security-policy"].starts_with("default-src 'none';"));
    assert!(reference["date"].ends_with(" 00:00:00 GMT"), "only the day");
    for absent in ["server", "etag", "last-modified", "set-cookie", "x-powered-by", "vary"] {
        assert!(!reference.contains_key(absent), "{absent}");
    }
    site.running.stop().await;
}

#[tokio::test]
async fn deposits_answer_alike_in_length_and_type() {
    let site = site(settings(60_000)).await;
    let mut seen = Vec::new();
    for _ in 0..6 {
        let r = site.deposit(&parcel()).await;
        seen.push((r.status(), format!("{:?}", r.headers()), r.bytes().await.unwrap().len()));
    }
    assert!(seen.iter().all(|s| *s == seen[0]));
    assert_eq!(seen[0].2, DepositResponse::LEN);
    site.running.stop().await;
}

/// Every page in every language.
fn pages() -> Vec<(String, &'static str)> {
    let names = ["", "scope", "safety", "help", "reward", "keys", "books", "sealed"];
    let all = Language::all();
    assert!(all.len() > 3);
    all.iter().flat_map(|l| names.iter().map(|n| (l.address(n), l.code()))).collect()
}

#[tokio::test]
async fn pages_are_whole_without_scripts_and_alike_in_their_headers() {
    let site = site(settings(60_000)).await;
    let reference = headers(&site.get("/v1/params").await);
    for (path, lang) in pages() {
        let r = site.get(&path).await;
        assert_eq!(
            (r.status().as_u16(), &r.headers()["content-type"]),
            (200, &"text/html; charset=utf-8".parse().unwrap())
        );
        let mut theirs = headers(&r);
        let policy = theirs.insert("content-security-policy".into(), reference["content-security-policy"].clone());
        let only_ours = "default-src 'none'; style-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
        assert_eq!(policy.as_deref(), Some(only_ours));
        assert_eq!(theirs, reference, "{path}: the same headers as every other answer");
        let html = r.text().await.unwrap();
        assert!(html.contains(&format!("<html lang=\"{lang}\" dir=\"ltr\">")), "{path}");
        for bad in ["<script", "style=\"", " onclick", "http://", "https://", "<img", "<iframe", "url("] {
            assert!(!html.contains(bad), "{path}: {bad}");
        }
    }
    for needed in [
        "cross-origin-opener-policy",
        "cross-origin-embedder-policy",
        "cross-origin-resource-policy",
        "permissions-policy",
        "referrer-policy",
        "x-content-type-options",
    ] {
        assert!(reference.contains_key(needed), "{needed}");
    }
    let style = site.get("/style.css").await;
    assert_eq!(headers(&style), reference);
    assert_eq!(style.headers()["content-type"], "text/css; charset=utf-8");
    assert_eq!(site.get("/it").await.status(), 404);
    site.running.stop().await;
}

#[tokio::test]
async fn language_stands_in_the_address_and_nowhere_else() {
    let site = site(settings(60_000)).await;
    let plain = site.get("/scope").await.text().await.unwrap();
    let request = site.http.get(format!("{}/scope", site.url));
    let request =
        request.header("accept-language", "de").header("cookie", "language=de; id=7").header("if-none-match", "*");
    let asked = request.send().await.unwrap();
    assert_eq!(asked.status(), 200);
    assert_eq!(asked.text().await.unwrap(), plain);
    site.running.stop().await;
}

#[tokio::test]
async fn answers_to_forms_have_one_size_and_bad_forms_are_told_so() {
    let site = site(settings(60_000)).await;
    let post = async |path: &str, kind: &str, body: &str| {
        let request = site.http.post(format!("{}{path}", site.url)).header("content-type", kind);
        let r = request.body(body.to_owned()).send().await.unwrap();
        (r.status().as_u16(), r.bytes().await.unwrap().to_vec())
    };
    const FORM: &str = "application/x-www-form-urlencoded";
    let mut lengths = Vec::new();
    for body in ["", "policy=eu-pilot&collected=1400000", "policy=x", "collected=%ff", "policy=eu-pilot&collected=-1"] {
        let (status, html) = post("/de/reward", FORM, body).await;
        assert_eq!(status, 200, "{body}");
        lengths.push(html.len());
    }
    assert!(lengths.iter().all(|l| *l == lengths[0] && l % 65_536 == 0), "{lengths:?}");
    assert_eq!(post("/reward", "text/plain", "x").await.0, 415);
    assert_eq!(post("/reward", FORM, &"x".repeat(5000)).await.0, 413);
    assert_eq!(post("/keys", FORM, "x").await.0, 405);
    // This server has no spool: the sealed intake says so, as a page.
    let (status, html) = post("/fr/sealed", "multipart/form-data; boundary=b", "--b--").await;
    assert_eq!((status, html.len() % 65_536), (507, 0));
    assert!(String::from_utf8(html).unwrap().contains("lang=\"fr\""));
    assert_eq!(site.get("/sealed/recipients.txt").await.status(), 404);
    assert_eq!(site.get("/downloads/subrosa").await.status(), 404);
    site.running.stop().await;
}

#[tokio::test]
async fn metrics_stand_on_their_own_listener_and_show_an_epoch_only_once_it_closed() {
    let store = std::sync::Arc::new(memory());
    let listeners = Listeners { metrics: Some(Listen::Tcp("127.0.0.1:0".into())), ..Listeners::local() };
    let running = run::start(store.clone(), settings(400), listeners).await.unwrap();
    let metrics = format!("http://{}/metrics", running.metrics_address().unwrap());
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let site = Site { store, client: Client { url: running.url(), http }, running };
    let epoch = site.deposited(&parcel()).await.receipts[0].epoch;
    site.closed(epoch).await;
    // The counters are set when the list is out: in a moment.
    let mut text = String::new();
    for _ in 0..1000 {
        text = site.http.get(&metrics).send().await.unwrap().text().await.unwrap();
        if text.contains("subrosa_list_rows 64") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert!(text.contains("subrosa_requests_total{route=\"/v1/deposit\",status=\"200\"} 1"), "{text}");
    assert!(text.contains("subrosa_list_rows 64"));
    site.running.stop().await;
}

#[tokio::test]
async fn an_address_that_others_can_reach_needs_to_be_asked_for() {
    for address in ["0.0.0.0:0", "[::]:0"] {
        let listeners = Listeners { public: Listen::Tcp(address.into()), ..Listeners::local() };
        let error = run::start(std::sync::Arc::new(memory()), settings(1000), listeners).await.unwrap_err();
        assert!(error.to_string().contains("--i-know-this-is-not-behind-tor"), "{error}");
    }
    let dir = tempfile::tempdir().unwrap();
    let socket = dir.path().join("s");
    for _ in 0..2 {
        // The second start finds the first one's socket file.
        let listeners = Listeners { public: Listen::Unix(socket.clone()), ..Listeners::local() };
        let running = run::start(std::sync::Arc::new(memory()), settings(1000), listeners).await.unwrap();
        assert!(tokio::net::UnixStream::connect(&socket).await.is_ok());
        running.stop().await;
    }
}

fn memory() -> memory::Memory {
    memory::Memory::default()
}
