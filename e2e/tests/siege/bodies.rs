//! Memory for bodies: promised, nearly sent, sent in vain.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::Relaxed},
};

use anyhow::Result;
use subrosa_crypto::wire::{BLOB_LEN, DepositRequest};
use subrosa_e2e::programme::random_bytes;
use tokio::{
    io::AsyncWriteExt,
    task::JoinSet,
    time::{Duration, sleep},
};

use super::field::{CIRCUITS, Field, crowd, post};

fn head(path: &str, method: &str, length: usize) -> Vec<u8> {
    format!(
        "{method} {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/octet-stream\r\ncontent-length: {length}\r\n\r\n"
    )
    .into_bytes()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_promised_body_costs_nothing() -> Result<()> {
    let field = Field::start()?;
    let promise = [head("/v1/deposit", "POST", DepositRequest::LEN), vec![2]].concat();
    field.withstand("promised bodies", |address, over| crowd(address, over, 512, promise.clone(), b"x")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn bodies_that_never_end_make_room_for_those_that_do() -> Result<()> {
    let field = Field::start()?;
    let name = format!("/v1/blob/{}", "ab".repeat(32));
    let nearly = [head(&name, "PUT", 17 + BLOB_LEN), vec![1; BLOB_LEN]].concat();
    field.withstand("bodies without an end", |address, over| crowd(address, over, 256, nearly.clone(), b"x")).await
}

/// Each circuit of Tor carries some 500 kB a second at best: four parcels.
async fn flood(address: std::net::SocketAddr, over: Arc<AtomicBool>, body: Arc<[u8]>, each_second: u32) {
    let mut crowd = JoinSet::new();
    for circuit in 0..CIRCUITS {
        let (over, body) = (Arc::clone(&over), Arc::clone(&body));
        crowd.spawn(async move {
            while !over.load(Relaxed) {
                if let Ok(mut stream) = Field::connect(address, circuit).await {
                    let _ = stream.write_all(&body).await;
                }
                sleep(Duration::from_secs(1) / each_second).await;
            }
        });
    }
    while crowd.join_next().await.is_some() {}
}

#[tokio::test(flavor = "multi_thread")]
async fn parcels_without_work_are_read_and_refused() -> Result<()> {
    let field = Field::start()?;
    let mut parcel = random_bytes(DepositRequest::LEN);
    parcel[0] = DepositRequest::VERSION;
    let request: Arc<[u8]> = post("/v1/deposit", &parcel).into();
    // What two busy cores can take in a debug build is little: the rate is held in the long form.
    let each_second = if super::field::long().is_some() { 4 } else { 1 };
    field
        .withstand("parcels without work", |address, over| flood(address, over, Arc::clone(&request), each_second))
        .await
}
