//! The board on a real disk: durable deposits into the store and over HTTP, polls of a long list, memory.

use std::{path::Path, sync::Arc, time::Instant};

use anyhow::{Context, Result, bail};
use subrosa_crypto::{
    delivery::cover_hint,
    kdf,
    log::{Appender, NoteSigner, TreeHead},
    wire::{CapHash, DepositRequest, ENVELOPE_LEN, Envelope, EpochList, Hint, PARCEL_COUNT, Tag, Work},
};
use subrosa_server::{
    log_key,
    store::{
        DepositOutcome, PublishedEpoch, Store,
        sled_engine::{SledOptions, SledStore},
    },
};

use crate::{
    disk, poll,
    sealing::rng,
    site::{PROGRAMME, Site},
    table::{Aim, Table, median},
};

const CLIENTS: u64 = 64;
/// Parcels in one batch; four batches make 10,000 envelopes.
const PARCELS: u64 = 625;
const BATCHES: u64 = 4;

fn digest(label: &str, n: u64) -> [u8; 32] {
    kdf::digest(label, &[&n.to_be_bytes()])
}

fn parcel(n: u64, hint: Hint) -> [Envelope; PARCEL_COUNT] {
    [0, 1, 2, 3].map(|i| {
        let n = n * PARCEL_COUNT as u64 + i;
        let tag = digest("tag", n).first_chunk().copied().unwrap_or_default();
        let body = Box::new([n.to_be_bytes().last().copied().unwrap_or_default(); ENVELOPE_LEN]);
        Envelope { tag: Tag(tag), hint, cap_hash: CapHash(digest("cap", n)), body }
    })
}

/// Deposits parcels `from..to` by [`CLIENTS`] clients, each of which waits for its answer; parcels a second.
async fn into_store(store: &Arc<SledStore>, hint: Hint, from: u64, to: u64) -> Result<f64> {
    let start = Instant::now();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|c| {
            let store = Arc::clone(store);
            tokio::spawn(async move {
                for n in (from + c..to).step_by(CLIENTS as usize) {
                    let leaves = [0, 1, 2, 3].map(|i| digest("leaf", n * 4 + i));
                    match store.deposit(parcel(n, hint), leaves).await? {
                        DepositOutcome::Stored(_) => {}
                        DepositOutcome::TagTaken => bail!("a tag is taken"),
                    }
                }
                Ok(())
            })
        })
        .collect();
    for client in clients {
        client.await??;
    }
    Ok((to - from) as f64 / start.elapsed().as_secs_f64())
}

/// As [`into_store`], over HTTP, each client on its own connection.
async fn over_http(url: &str, work: Work, hint: Hint, from: u64, to: u64) -> Result<f64> {
    let start = Instant::now();
    let clients: Vec<_> = (0..CLIENTS)
        .map(|c| {
            let url = format!("{url}/v1/deposit");
            tokio::spawn(async move {
                let http = reqwest::Client::builder().no_proxy().build()?;
                for n in (from + c..to).step_by(CLIENTS as usize) {
                    let body = DepositRequest { work, envelopes: parcel(n, hint) }.encode();
                    let request = http.post(&url).header("content-type", "application/octet-stream").body(body);
                    let answer = request.send().await?;
                    if !answer.status().is_success() {
                        bail!("the server answered {}: {}", answer.status(), answer.text().await?);
                    }
                    answer.bytes().await?;
                }
                anyhow::Ok(())
            })
        })
        .collect();
    for client in clients {
        client.await??;
    }
    Ok((to - from) as f64 / start.elapsed().as_secs_f64())
}

/// Closes the open epoch with exactly the rows that stand in it, so that the list has a round length; answers its number.
async fn publish(store: &SledStore) -> Result<u64> {
    let sealed = store.seal_epoch().await?;
    let mut list = EpochList { epoch: sealed.epoch, rows: sealed.rows };
    list.rows.sort_unstable_by_key(|(tag, _)| tag.0);
    let (mut tree, mut log_hashes) = (Appender::new(), Vec::new());
    sealed.leaves.iter().for_each(|leaf| tree.append(leaf, &mut log_hashes));
    let origin = format!("{PROGRAMME}/log");
    let signer = NoteSigner::new(&origin, log_key(store).await?)?;
    let head = TreeHead { origin, size: tree.size(), root: tree.root() };
    let published = PublishedEpoch {
        epoch: sealed.epoch,
        tags: list.encode_tags().into(),
        hints: list.encode_hints().into(),
        log_hashes,
        log_leaves: sealed.leaves,
        log_size: tree.size(),
        checkpoint: head.sign(&signer)?.to_bytes().into(),
    };
    store.publish_epoch(published).await?;
    Ok(sealed.epoch)
}

async fn free_work(url: &str) -> Result<Work> {
    let http = reqwest::Client::builder().no_proxy().build()?;
    let text = http.get(format!("{url}/v1/params")).send().await?.text().await?;
    let params: serde_json::Value = serde_json::from_str(&text)?;
    let epoch = params.pointer("/pow/challenge_epoch").and_then(serde_json::Value::as_u64);
    Ok(Work { challenge_epoch: epoch.context("no challenge in the parameters")?, nonce: 0 })
}

pub(crate) fn measure(table: &mut Table, scratch: &Path) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let data = scratch.join("data");
    let hint = cover_hint(&mut rng());

    table.part("Durable deposits, 64 clients; parcels of 4 envelopes a second");
    table.note("floor: the same parcels into one file, one fdatasync for each 64");
    let store = Arc::new(SledStore::open(&data, SledOptions::default())?);
    let (mut floors, mut rates) = (Vec::new(), Vec::new());
    for batch in 0..BATCHES {
        floors.push(disk::grouped_syncs(scratch, PARCELS, CLIENTS)?);
        rates.push(runtime.block_on(into_store(&store, hint, batch * PARCELS, (batch + 1) * PARCELS))?);
    }
    table.line("into the store", "/s", median(rates), Some(median(floors)), Aim::RatioAtLeast(0.6));
    let epoch = runtime.block_on(publish(&store))?;
    runtime.block_on(store.close())?;
    drop(store);

    let site = Site::start(&data)?;
    let url = format!("http://{}", site.address());
    let work = runtime.block_on(free_work(&url))?;
    let (mut floors, mut rates, mut cpu) = (Vec::new(), Vec::new(), Vec::new());
    for batch in BATCHES..2 * BATCHES {
        floors.push(disk::grouped_syncs(scratch, PARCELS, CLIENTS)?);
        let before = site.cpu()?;
        rates.push(runtime.block_on(over_http(&url, work, hint, batch * PARCELS, (batch + 1) * PARCELS))?);
        cpu.push((site.cpu()? - before) / PARCELS as f64);
    }
    table.line(
        "over HTTP (clients on the same processors)",
        "/s",
        median(rates),
        Some(median(floors)),
        Aim::RatioAtLeast(0.6),
    );
    table.line("over HTTP: processor time of the server, a parcel", "us", median(cpu), None, Aim::None);

    table.part("A list of 10,000 entries");
    table.note("floor: a loop that copies the same bytes into a socket; same client");
    let cost = poll::server(&site, &format!("/v1/epoch/{epoch}/tags"))?;
    let floor = poll::floor(cost.head, cost.body)?;
    let rows = (BATCHES * PARCELS) as f64 * PARCEL_COUNT as f64;
    let row = cost.body.saturating_sub(EpochList::HEADER_LEN) as f64 / rows;
    table.line("poll, round trip", "us", cost.round_trip, Some(floor.round_trip), Aim::None);
    table.line("poll, processor time of the server", "us", cost.cpu, Some(floor.cpu), Aim::ValueAtMost(1000.0));
    table.line("a row", "B", row, None, Aim::ValueAtMost(16.0));
    table.line("the list's header", "B", EpochList::HEADER_LEN as f64, None, Aim::None);

    table.part("Memory of the server process");
    let most = Aim::ValueAtMost(256.0);
    table.line("most memory with 20,000 envelopes stored", "MiB", site.most_memory()?, None, most);
    if std::env::var_os("SUBROSA_BENCH_FULL").is_some() {
        runtime.block_on(over_http(&url, work, hint, 2 * BATCHES * PARCELS, 25_000))?;
        table.line("most memory with 100,000 envelopes stored", "MiB", site.most_memory()?, None, most);
    }
    site.stop()
}
