//! The board on a real disk: durable deposits into the store and over HTTP, polls of a long list, memory.

use std::{net::SocketAddr, path::Path, sync::Arc, time::Instant};

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
        engines::sled::{SledOptions, SledStore},
    },
};

use crate::{
    client::Depositor,
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

/// Tags and capabilities of parcel number `n`.
fn names(n: u64) -> [(Tag, CapHash); PARCEL_COUNT] {
    [0, 1, 2, 3].map(|i| {
        let n = n * PARCEL_COUNT as u64 + i;
        (Tag(digest("tag", n).first_chunk().copied().unwrap_or_default()), CapHash(digest("cap", n)))
    })
}

fn parcel(n: u64, hint: Hint) -> [Envelope; PARCEL_COUNT] {
    names(n).map(|(tag, cap_hash)| Envelope { tag, hint, cap_hash, body: Box::new([7; ENVELOPE_LEN]) })
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
async fn over_http(address: SocketAddr, work: Work, hint: Hint, from: u64, to: u64) -> Result<f64> {
    let mut depositors = Vec::new();
    let like = DepositRequest { work, envelopes: parcel(from, hint) };
    for _ in 0..CLIENTS {
        depositors.push(Depositor::connect(address, &like).await?);
    }
    let start = Instant::now();
    let clients: Vec<_> = (0..CLIENTS)
        .zip(depositors)
        .map(|(c, mut depositor)| {
            tokio::spawn(async move {
                for n in (from + c..to).step_by(CLIENTS as usize) {
                    depositor.deposit(names(n)).await?;
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

/// Closes the open epoch with exactly the rows that stand in it, so that the list has a round length; answers its
/// number.
async fn publish(store: &SledStore) -> Result<u64> {
    let sealed = store.seal_epoch().await?;
    let mut list = EpochList { epoch: sealed.epoch, rows: sealed.rows.try_into()? };
    list.rows.sort_unstable_by_key(|(tag, _)| tag.0);
    let (mut tree, mut log_hashes) = (Appender::new(), Vec::new());
    sealed.leaves.iter().for_each(|leaf| tree.append(leaf, &mut log_hashes));
    let origin = format!("{PROGRAMME}/log");
    let signer = NoteSigner::new(&origin, log_key(store).await?)?;
    let head = TreeHead { origin, size: tree.size(), root: tree.root(), epoch: sealed.epoch, time: 0 };
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

async fn free_work(address: SocketAddr) -> Result<Work> {
    let http = reqwest::Client::builder().no_proxy().build()?;
    let text = http.get(format!("http://{address}/v1/params")).send().await?.text().await?;
    let params: serde_json::Value = serde_json::from_str(&text)?;
    let note = params.get("checkpoint").and_then(serde_json::Value::as_str);
    // Origin, size, root. Before the first epoch closes there is no checkpoint, and its size is 0.
    let log_size = note.map_or(Ok(0), |n| n.lines().nth(1).unwrap_or_default().parse())?;
    Ok(Work { log_size, nonce: 0 })
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
    let work = runtime.block_on(free_work(site.address()))?;
    let (mut floors, mut rates, mut cpu) = (Vec::new(), Vec::new(), Vec::new());
    for batch in BATCHES..2 * BATCHES {
        floors.push(disk::grouped_syncs(scratch, PARCELS, CLIENTS)?);
        let before = site.cpu()?;
        rates.push(runtime.block_on(over_http(site.address(), work, hint, batch * PARCELS, (batch + 1) * PARCELS))?);
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
    site.stop()?;
    growth(table, &runtime, &scratch.join("growing"), hint)
}

/// Envelopes in store at each measurement of [`growth`].
const STANDING: [u64; 3] = [1_000, 10_000, 100_000];

/// What a deposit and a poll cost the server as the board fills, and what memory it takes.
fn growth(table: &mut Table, runtime: &tokio::runtime::Runtime, data: &Path, hint: Hint) -> Result<()> {
    table.part("The same as the board fills: processor time of the server");
    table.note("floor: the same with 1,000 envelopes stored; flat is 1");
    let store = Arc::new(SledStore::open(data, SledOptions::default())?);
    let mut stored = STANDING.first().copied().unwrap_or_default() / PARCEL_COUNT as u64;
    runtime.block_on(into_store(&store, hint, 0, stored))?;
    let epoch = runtime.block_on(publish(&store))?;
    runtime.block_on(store.close())?;
    drop(store);
    let site = Site::start(data)?;
    let work = runtime.block_on(free_work(site.address()))?;
    let mut lines = Vec::new();
    for standing in STANDING {
        let parcels = standing / PARCEL_COUNT as u64;
        if parcels > stored {
            runtime.block_on(over_http(site.address(), work, hint, stored, parcels))?;
            stored = parcels;
        }
        let mut cpu = Vec::new();
        for _ in 0..3 {
            let before = site.cpu()?;
            runtime.block_on(over_http(site.address(), work, hint, stored, stored + CLIENTS * 2))?;
            cpu.push((site.cpu()? - before) / (CLIENTS * 2) as f64);
            stored += CLIENTS * 2;
        }
        let poll = poll::server(&site, &format!("/v1/epoch/{epoch}/tags"))?;
        lines.push((standing, median(cpu), poll.cpu));
    }
    let first = lines.first().copied().context("nothing was measured")?;
    for (standing, deposit, _) in &lines {
        let name = format!("deposit of a parcel with {standing} envelopes stored");
        table.line(&name, "us", *deposit, Some(first.1), Aim::RatioAtMost(1.5));
    }
    for (standing, _, poll) in &lines {
        let name = format!("poll of 1,000 rows with {standing} envelopes stored");
        table.line(&name, "us", *poll, Some(first.2), Aim::RatioAtMost(1.5));
    }
    let most = Aim::ValueAtMost(256.0);
    table.line("most memory of the server, 100,000 envelopes stored", "MiB", site.most_memory()?, None, most);
    site.stop()
}
