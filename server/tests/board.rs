//! The board over real HTTP: deposits, lists, bodies, bundles, epochs, the log.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

mod support;

use std::{sync::Arc, time::Duration};

use subrosa_crypto::{
    kdf,
    log::{self, Checkpoint, NoteAlgorithm, NoteKey, Tile, TileSet},
    wire::*,
};
use subrosa_server::{
    log_key,
    store::{Store, Taken},
};
use support::{memory::Memory, *};

async fn log_note_key(site: &Site) -> NoteKey {
    let key = log_key(site.store.as_ref()).await.unwrap().verifying_key();
    NoteKey::new("test.example/log", NoteAlgorithm::Ed25519, key).unwrap()
}

/// The store has published an instant before the server knows: whoever asks in between is told of the older list and
/// its checkpoint.
#[tokio::test]
async fn whoever_is_told_of_a_list_can_work_on_its_checkpoint() {
    let store = Arc::new(Memory::default());
    store.state().slow = Duration::from_millis(200);
    let site = site_on(store, settings(100)).await;
    // Each answer is checked.
    let open = site.params().await.epoch;
    while site.params().await.last_published.is_none_or(|last| last < open + 2) {}
}

#[tokio::test]
async fn a_deposit_is_promised_listed_logged_taken_and_destroyed() {
    let site = site(settings(100)).await;
    let parts: Vec<_> = (0..4).map(|_| envelope()).collect();
    let envelopes: [Envelope; 4] = std::array::from_fn(|i| parts[i].0.clone());
    let response = site.deposited(&envelopes).await;
    let again = site.deposited(&envelopes).await;
    assert_eq!(response, again, "a repeated deposit gets the very same receipts");
    let epoch = response.receipts[0].epoch;
    site.closed(epoch).await;

    // The lists: sorted, padded, every row valid.
    let tags_file = site.get_bytes(&format!("/v1/epoch/{epoch}/tags")).await;
    let hints_file = site.get_bytes(&format!("/v1/epoch/{epoch}/hints")).await;
    let tags = EpochList::decode_tags(epoch, &tags_file).unwrap();
    let hints = EpochList::decode_hints(epoch, &hints_file).unwrap();
    assert_eq!((tags.len(), hints.len()), (64, 64));
    for e in &envelopes {
        let i = tags.iter().position(|t| *t == e.tag).unwrap();
        assert_eq!(hints[i], e.hint);
    }
    assert!(hints.iter().all(subrosa_server::padding::hint_is_valid));

    // The log: each receipt verifies, and each leaf is found with nothing but tiles.
    let note_key = log_note_key(&site).await;
    let checkpoint = Checkpoint::verify(&site.get_bytes("/v1/log/checkpoint").await, &note_key, &[]).unwrap();
    let size = checkpoint.size();
    let mut leaves = Vec::new();
    for tile in Tile::entries(0, size, size) {
        leaves.extend(log::decode_entries(&tile, &site.get_bytes(&format!("/v1/log/{tile}")).await).unwrap());
    }
    assert_eq!(leaves.len() as u64, size);
    let mut wanted: Vec<[u8; 32]> = Vec::new();
    for (e, r) in envelopes.iter().zip(&response.receipts) {
        wanted.push(log::verify_receipt(&note_key.key(), &log::envelope_digest(e), r).unwrap());
    }
    // The list's leaves end its batch, which has 16 leaves: four deposits, the head, and these two.
    let list = log::list_leaves(16, &kdf::sha256(&tags_file), &kdf::sha256(&hints_file));
    let at = leaves.iter().position(|l| *l == list[1]).unwrap();
    assert_eq!((leaves[at - 1], (at + 1) % 16), (list[0], 0));
    wanted.extend(list);
    assert!(checkpoint.epoch() >= epoch);
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs();
    assert!((now - 60..=now).contains(&checkpoint.time()), "the close of an epoch, by the server's clock");
    for leaf in wanted {
        let index = leaves.iter().position(|l| *l == leaf).unwrap() as u64;
        let needed = log::inclusion_indexes(size, index).unwrap();
        let mut tiles = TileSet::new(size);
        for tile in tiles.missing(&needed).unwrap() {
            tiles.insert(&tile, &site.get_bytes(&format!("/v1/log/{tile}")).await).unwrap();
        }
        let proof = log::inclusion_proof(size, index, &tiles).unwrap();
        checkpoint.verify_inclusion(&log::leaf_hash(&leaf), index, &proof).unwrap();
    }

    // The body: read, read again, destroyed, gone.
    let request = CapRequest { capability: parts[2].1 }.encode();
    for _ in 0..2 {
        let r = site.post("/v1/take", request.clone()).await;
        assert_eq!(r.status(), 200);
        assert_eq!(r.bytes().await.unwrap(), envelopes[2].body.as_slice());
    }
    for _ in 0..2 {
        assert_eq!(site.post("/v1/discard", request.clone()).await.status(), 204);
    }
    assert_eq!(site.post("/v1/take", request).await.status(), 410);
    let unknown = CapRequest { capability: bytes() }.encode();
    assert_eq!(site.post("/v1/take", unknown.clone()).await.status(), 404);
    assert_eq!(site.post("/v1/discard", unknown).await.status(), 404);
    site.running.stop().await;
}

#[tokio::test]
async fn a_closed_list_never_changes_and_an_open_one_is_not_shown() {
    let site = site(settings(60)).await;
    site.deposited(&parcel()).await;
    site.closed(1).await;
    let first = site.get("/v1/epoch/1/tags").await;
    assert_eq!(first.headers()["cache-control"], "public, max-age=31536000, immutable");
    let (tags, hints) = (first.bytes().await.unwrap(), site.get_bytes("/v1/epoch/1/hints").await);
    for _ in 0..5 {
        site.deposited(&parcel()).await;
        tokio::time::sleep(Duration::from_millis(50)).await;
        assert_eq!(site.get_bytes("/v1/epoch/1/tags").await, tags);
        assert_eq!(site.get_bytes("/v1/epoch/1/hints").await, hints);
    }
    let open = site.params().await.epoch;
    assert_eq!(site.get(&format!("/v1/epoch/{}/tags", open + 5)).await.status(), 404);
    site.running.stop().await;
}

#[tokio::test]
async fn sixteen_bundles_of_leaves_travel_together() {
    let site = site(settings(20)).await;
    // Sixteen leaves an epoch, 256 a bundle.
    site.closed(256).await;
    let mut bundles = Vec::new();
    for n in 0..16 {
        bundles.extend(site.get_bytes(&format!("/v1/log/tile/entries/{n:03}")).await);
    }
    let stretch = site.get("/v1/log/stretch/0").await;
    assert_eq!(stretch.headers()["cache-control"], "public, max-age=31536000, immutable");
    assert_eq!(stretch.bytes().await.unwrap(), bundles);
    assert_eq!(log::decode_stretch(0, &bundles).unwrap().len(), 16);
    assert!(log::decode_stretch(0, &bundles[1..]).is_err());
    assert_eq!(site.get("/v1/log/stretch/9").await.status(), 404);
    assert_eq!(site.get("/v1/log/stretch/18446744073709551615").await.status(), 404);
    assert_eq!(site.get("/v1/log/stretch/00").await.status(), 400);
    site.running.stop().await;
}

#[tokio::test]
async fn a_taken_tag_stores_nothing_and_hints_must_be_group_elements() {
    let site = site(settings(60_000)).await;
    let mut envelopes = parcel();
    site.deposited(&envelopes).await;
    let standing = envelopes[0].tag;
    envelopes = parcel();
    envelopes[3].tag = standing;
    assert_eq!(site.deposit(&envelopes).await.status(), 409);
    let mut envelopes = parcel();
    envelopes[1].hint = Hint([0xff; 32]);
    assert_eq!(site.deposit(&envelopes).await.status(), 400);
    envelopes[1].hint = Hint([0; 32]);
    assert_eq!(site.deposit(&envelopes).await.status(), 400);
    let mut envelopes = parcel();
    envelopes[1].tag = envelopes[2].tag;
    assert_eq!(site.deposit(&envelopes).await.status(), 400);
    site.running.stop().await;
}

#[tokio::test]
async fn closing_goes_on_after_a_stop_between_its_halves() {
    let store = Arc::new(Memory::default());
    let first = site_on(Arc::clone(&store), settings(40)).await;
    // Until the disk goes away just between the sealing of a deposit's epoch and its publication. Earlier epochs are
    // still published: were they stuck too, this epoch would stay open and take in every further deposit.
    let response = 'again: loop {
        let response = first.deposited(&parcel()).await;
        let epoch = response.receipts[0].epoch;
        store.state().stuck_from = Some(epoch);
        while store.last_published().is_none_or(|p| p < epoch) {
            if store.state().refused == Some(epoch) {
                break 'again response;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        store.state().stuck_from = None;
    };
    let epoch = response.receipts[0].epoch;
    let later = first.deposited(&parcel()).await;
    assert_eq!(later.receipts[0].epoch, epoch + 1, "the sealed epoch takes no more, and no other is sealed before it");
    first.running.stop().await;
    store.state().stuck_from = None;
    store.state().closed = false;

    let second = site_on(store, settings(40)).await;
    second.closed(later.receipts[0].epoch).await;
    let tags = |bytes: Vec<u8>, e| EpochList::decode_tags(e, &bytes).unwrap();
    for r in [response.receipts[0], later.receipts[0]] {
        let rows = tags(second.get_bytes(&format!("/v1/epoch/{}/tags", r.epoch)).await, r.epoch).len();
        assert_eq!(rows, 64, "one parcel, padded as always");
    }
    let key = log_note_key(&second).await;
    Checkpoint::verify(&second.get_bytes("/v1/log/checkpoint").await, &key, &[]).unwrap();
    second.running.stop().await;
}

#[tokio::test]
async fn the_log_grows_by_appending_only() {
    let site = site(settings(30)).await;
    let key = log_note_key(&site).await;
    let mut older: Option<Checkpoint> = None;
    for round in 1..=12 {
        site.deposited(&parcel()).await;
        site.closed(round).await;
        let newer = Checkpoint::verify(&site.get_bytes("/v1/log/checkpoint").await, &key, &[]).unwrap();
        assert!(newer.size() >= 16 * round);
        if let Some(older) = older.filter(|o| o.size() < newer.size()) {
            let needed = log::consistency_indexes(older.size(), newer.size()).unwrap();
            let mut tiles = TileSet::new(newer.size());
            for tile in tiles.missing(&needed).unwrap() {
                tiles.insert(&tile, &site.get_bytes(&format!("/v1/log/{tile}")).await).unwrap();
            }
            let proof = log::consistency_proof(older.size(), newer.size(), &tiles).unwrap();
            log::check_continuity(&older, &newer, &proof).unwrap();
        }
        older = Some(newer);
    }
    for missing in
        ["tile/7/000", "tile/0/x001/000", "tile/0/000.p/0", "tile/entries/900", "tile/0/0", "tile/", "tile/../x"]
    {
        assert_eq!(site.get(&format!("/v1/log/{missing}")).await.status(), 404, "{missing}");
    }
    site.running.stop().await;
}

#[tokio::test]
async fn difficulty_rises_under_load_and_falls_again() {
    let mut settings = settings(60_000);
    settings.pricing.base_bits = 2;
    settings.pricing.threshold = 2.0;
    settings.pricing.half_life = Duration::from_millis(200);
    settings.pricing.cooldown = Duration::from_millis(100);
    let site = site(settings).await;
    assert_eq!(site.params().await.difficulty, 2);
    let mut highest = 0;
    for _ in 0..60 {
        let r = site.deposit(&parcel()).await;
        assert!(r.status() == 200 || r.status() == 428);
        highest = highest.max(site.params().await.difficulty);
    }
    assert!(highest >= 3, "{highest}");
    tokio::time::sleep(Duration::from_millis(2500)).await;
    for _ in 0..12 {
        site.params().await;
        tokio::time::sleep(Duration::from_millis(110)).await;
    }
    assert_eq!(site.params().await.difficulty, 2);
    site.running.stop().await;
}

#[tokio::test]
async fn insufficient_or_stale_work_is_told_the_difficulty() {
    let mut settings = settings(60_000);
    settings.pricing.base_bits = 12;
    let site = site(settings).await;
    let envelopes = parcel();
    for work in [Work { log_size: 0, nonce: u64::MAX - 7 }, Work { log_size: 999, nonce: 0 }] {
        let r = site.post("/v1/deposit", DepositRequest { work, envelopes: envelopes.clone() }.encode()).await;
        if r.status() == 200 {
            continue; // one nonce in 4096 is good by chance
        }
        assert_eq!(r.status(), 428);
        let v: serde_json::Value = serde_json::from_slice(&r.bytes().await.unwrap()).unwrap();
        assert_eq!((v["error"].as_str(), v["difficulty"].as_u64()), (Some("work-needed"), Some(12)));
    }
    site.running.stop().await;
}

#[tokio::test]
async fn blobs_are_put_again_taken_and_destroyed() {
    let site = site(settings(60_000)).await;
    let capability: [u8; 32] = bytes();
    let name = capability_hash(&capability);
    let blob = vec![5; BLOB_LEN];
    let request = async |blob: &[u8]| {
        let payload = [name.0, kdf::sha256(blob)].concat();
        let work = site.paid(&payload).await;
        let mut body = vec![1];
        body.extend_from_slice(&work.log_size.to_be_bytes());
        body.extend_from_slice(&work.nonce.to_be_bytes());
        body.extend_from_slice(blob);
        site.send(reqwest::Method::PUT, &format!("/v1/blob/{}", hex::encode(name.0)), body).await.status()
    };
    assert_eq!(request(&blob).await, 204);
    assert_eq!(request(&blob).await, 204);
    assert_eq!(request(&vec![6; BLOB_LEN]).await, 409);
    assert_eq!(request(&blob[1..]).await, 413);
    let cap = CapRequest { capability }.encode();
    assert_eq!(site.post("/v1/blob/take", cap.clone()).await.bytes().await.unwrap(), blob);
    assert_eq!(site.post("/v1/blob/discard", cap.clone()).await.status(), 204);
    assert_eq!(site.post("/v1/blob/take", cap).await.status(), 410);
    assert_eq!(request(&blob).await, 409, "a destroyed name is not used again");
    site.running.stop().await;
}

#[tokio::test]
async fn a_graceful_stop_loses_nothing_that_was_acknowledged() {
    let mut settings = settings(50);
    settings.pricing.base_bits = 0;
    let site = site(settings).await;
    let mut tasks = Vec::new();
    for _ in 0..8 {
        let (http, url) = (site.http.clone(), format!("{}/v1/deposit", site.url));
        tasks.push(tokio::spawn(async move {
            let mut acknowledged = Vec::new();
            loop {
                let envelopes = parcel();
                let caps = envelopes.each_ref().map(|e| e.cap_hash);
                let work = Work { log_size: 0, nonce: 0 };
                let body = DepositRequest { work, envelopes }.encode();
                match http.post(&url).header("content-type", "application/octet-stream").body(body).send().await {
                    Ok(r) if r.status() == 200 => acknowledged.extend(caps),
                    _ => return acknowledged,
                }
            }
        }));
    }
    // Some were acknowledged, and more are under way.
    let store = Arc::clone(&site.store);
    let before = store.state().writes;
    while store.state().writes < before + 20 {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    site.running.stop().await;
    assert!(store.state().closed, "the store was closed");
    store.state().closed = false;
    let mut acknowledged = Vec::new();
    for t in tasks {
        acknowledged.extend(t.await.unwrap());
    }
    assert!(!acknowledged.is_empty());
    for cap in acknowledged {
        assert!(matches!(store.take(cap).await.unwrap(), Taken::Body(_)));
    }
}

/// The word to stop reaches whoever closes epochs and whoever waits for it at once, in either order.
#[tokio::test]
async fn whoever_hears_of_a_stop_first_the_store_is_closed() {
    for round in 0..40 {
        let site = site(settings(50)).await;
        let store = Arc::clone(&site.store);
        site.running.stop().await;
        assert!(store.state().closed, "round {round}: the store was closed");
    }
}
