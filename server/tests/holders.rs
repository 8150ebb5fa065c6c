//! What holders do, over real HTTP: charter, bundles, journals, records.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

#[path = "support/programme.rs"]
mod programme;
#[expect(dead_code, reason = "each test file uses a part")]
mod support;

use std::{collections::BTreeSet, sync::Arc};

use programme::*;
use subrosa_crypto::{
    kdf,
    keeper::{KeeperSignature, KeeperStatement},
    log::{self, charter_digest},
    pow,
    sign::{Domain, HolderId, SigningKey},
    wire::*,
};
use subrosa_server::log_key;
use support::*;

async fn site_with_charter() -> Site {
    let site = site(settings(60_000)).await;
    let log = log_key(site.store.as_ref()).await.unwrap().verifying_key();
    let r = site.post("/v1/charter", signed(&charter(log))).await;
    assert_eq!(r.status(), 200, "{}", r.text().await.unwrap());
    site
}

#[tokio::test]
async fn charters_follow_each_other_and_nobody_else_can_publish_one() {
    let site = site(settings(60_000)).await;
    let log = log_key(site.store.as_ref()).await.unwrap().verifying_key();
    let first = charter(log);
    let refusals = [
        (first.sign(&officer(9)).unwrap(), 403),
        (signed(&charter(officer(8).verifying_key())), 400),
        (vec![b'x'; 5000], 400),
    ];
    for (bytes, status) in refusals {
        assert_eq!(site.post("/v1/charter", bytes).await.status(), status);
    }
    let bytes = signed(&first);
    assert_eq!(site.post("/v1/charter", bytes.clone()).await.status(), 200);
    assert_eq!(site.post("/v1/charter", bytes.clone()).await.status(), 200, "again is harmless");
    assert_eq!(site.get_bytes("/v1/charter").await, bytes);

    let mut second = first.clone();
    second.version = 2;
    second.previous = [9; 32];
    assert_eq!(site.post("/v1/charter", signed(&second)).await.status(), 409, "broken chain");
    second.previous = charter_digest(&bytes);
    second.notice = "Changed.".into();
    assert_eq!(site.post("/v1/charter", signed(&second)).await.status(), 200);
    assert_eq!(site.post("/v1/charter", bytes.clone()).await.status(), 409, "rolled back");
    assert_eq!(site.get_bytes("/v1/charter").await, signed(&second));
    assert_eq!(site.get_bytes("/v1/charter/1").await, bytes);
    assert_eq!(site.get("/v1/charter/3").await.status(), 404);
    let page = site.get("/").await.text().await.unwrap();
    assert!(page.contains("Changed.") && page.contains("Ada"));

    // It is still known after a restart, and another root key is refused.
    let store = Arc::clone(&site.store);
    site.running.stop().await;
    store.state().closed = false;
    let again = site_on(Arc::clone(&store), settings(60_000)).await;
    assert_eq!(again.get_bytes("/v1/charter").await, signed(&second));
    again.running.stop().await;
    store.state().closed = false;
    let mut wrong = settings(60_000);
    wrong.root_key = officer(1).verifying_key();
    let refused = subrosa_server::run::start(store, wrong, subrosa_server::run::Listeners::local()).await.unwrap_err();
    assert!(refused.to_string().contains("mistyped"), "{refused}");
}

async fn ask(site: &Site, request_id: [u8; 16]) -> reqwest::Response {
    let mut request = BundleRequest { work: Work { log_size: 0, nonce: 0 }, request_id };
    request.work = site.paid(&request.work_payload()).await;
    site.post("/v1/bundles", request.encode()).await
}

#[tokio::test]
async fn a_bundle_is_handed_out_once_even_to_many_at_a_time() {
    let site = Arc::new(site_with_charter().await);
    let (ada, ben) = (officer(1), officer(2));
    let later = now() + 1000;
    let one_time: Vec<_> = (0..40).map(|_| bundle(&ada, BundleKind::OneTime, later)).collect();
    let mut all = one_time.clone();
    let fallback = bundle(&ada, BundleKind::Fallback, later);
    all.push(fallback.clone());
    for _ in 0..2 {
        let r = site.post("/v1/bundles/publish", publication(&ada, now(), all.clone())).await;
        assert_eq!(r.status(), 200);
        let stock = BundleStock::decode(&r.bytes().await.unwrap()).unwrap();
        assert_eq!(stock, BundleStock { one_time: 40, fallback: true }, "repeating adds nothing");
    }
    let mut tasks = Vec::new();
    for _ in 0..60 {
        let (site, holders) = (Arc::clone(&site), [id(&ada), id(&ben)]);
        tasks.push(tokio::spawn(async move {
            let r = ask(&site, bytes()).await;
            assert_eq!(r.status(), 200);
            let offered = BundleResponse::decode(&r.bytes().await.unwrap()).unwrap();
            let [ada, ben] = holders.map(|h| offered.of(h).cloned());
            assert!(ben.is_none() && offered.bundles.len() == 1, "who has none is left out");
            ada.unwrap()
        }));
    }
    let mut seen = BTreeSet::new();
    let mut fallbacks = 0;
    for t in tasks {
        let b = t.await.unwrap();
        if b == fallback {
            fallbacks += 1;
        } else {
            assert!(one_time.contains(&b));
            assert!(seen.insert(b.id), "handed out twice");
        }
    }
    assert_eq!((seen.len(), fallbacks), (40, 20));
}

#[tokio::test]
async fn everybodys_keys_are_handed_out_in_the_charters_order_whoever_is_wanted() {
    let site = site_with_charter().await;
    let later = now() + 1000;
    let wanted = [officer(1), officer(2), administrator(3)];
    for key in wanted.iter().rev() {
        let two = vec![bundle(key, BundleKind::OneTime, later), bundle(key, BundleKind::Fallback, later)];
        assert_eq!(site.post("/v1/bundles/publish", publication(key, now(), two)).await.status(), 200);
    }
    let mut lengths = BTreeSet::new();
    for kind in [BundleKind::OneTime, BundleKind::Fallback, BundleKind::Fallback] {
        let body = ask(&site, bytes()).await.bytes().await.unwrap();
        lengths.insert(body.len());
        let offered = BundleResponse::decode(&body).unwrap();
        let holders: Vec<HolderId> = offered.bundles.iter().map(|b| b.holder).collect();
        assert_eq!(holders, wanted.iter().map(id).collect::<Vec<_>>());
        assert!(offered.bundles.iter().all(|b| b.kind == kind), "one of each, of the same kind");
    }
    assert_eq!(lengths.len(), 1);
    let old = [&[1][..], &[0; 16], &bytes::<16>(), &[0; 48]].concat();
    assert_eq!(site.post("/v1/bundles", old).await.status(), 413, "a request that names holders");
    site.running.stop().await;
}

#[tokio::test]
async fn requests_for_keys_are_answered_once_and_publications_must_be_signed() {
    let site = site_with_charter().await;
    let (ada, stranger) = (officer(1), officer(77));
    let request_id = bytes();
    assert_eq!(ask(&site, request_id).await.status(), 200);
    assert_eq!(ask(&site, request_id).await.status(), 409);

    let publish = async |body: Vec<u8>| site.post("/v1/bundles/publish", body).await.status().as_u16();
    let good = bundle(&ada, BundleKind::OneTime, now() + 100);
    let mut forged = publication(&ada, now(), vec![good.clone()]);
    forged[40] ^= 1;
    assert_eq!(publish(forged).await, 403);
    assert_eq!(publish(publication(&stranger, now(), Vec::new())).await, 403);
    assert_eq!(publish(publication(&ada, now() - 90_000, vec![good.clone()])).await, 400, "old request");
    assert_eq!(publish(publication(&ada, now(), vec![bundle(&officer(2), BundleKind::OneTime, now() + 9)])).await, 400);
    assert_eq!(publish(publication(&ada, now(), vec![bundle(&ada, BundleKind::OneTime, now() - 9)])).await, 400);
    let two = [0, 1].map(|_| bundle(&ada, BundleKind::Fallback, now() + 9)).to_vec();
    assert_eq!(publish(publication(&ada, now(), two)).await, 400);
    assert_eq!(publish(publication(&ada, now(), vec![good])).await, 200);
    site.running.stop().await;
}

#[tokio::test]
async fn journals_append_by_compare_and_swap() {
    let site = site_with_charter().await;
    let (key, next): ([u8; 32], [u8; 32]) = (bytes(), bytes());
    let hash = |c: &[u8; 32]| kdf::digest("subrosa/journal-capability/v1", &[c]);
    let journal = JournalId(hash(&key));
    let append = |seq, head, capability, entry: u8| JournalAppend {
        work: Work { log_size: 0, nonce: 0 },
        journal,
        expected_seq: seq,
        expected_head: head,
        capability,
        next_cap_hash: hash(&next),
        leaf: [entry; 32],
        entry: vec![entry; JOURNAL_STEP].try_into().unwrap(),
        keeper: None,
    };
    let charter = charter_digest(&site.get_bytes("/v1/charter").await);
    let epoch = site.params().await.epoch;
    // Two officers work on cases; the third takes tips in and has no role in them.
    let by = |n: u8, asked: KeeperStatement| asked.sign(charter, epoch, &officer(n));
    let plain = async |mut a: JournalAppend| {
        a.work = site.paid(&a.work_payload()).await;
        site.post("/v1/journal/append", a.encode()).await.status().as_u16()
    };
    let send = async |mut a: JournalAppend| {
        a.keeper = a.asks().map(|asked| by(2, asked));
        a.work = site.paid(&a.work_payload()).await;
        let r = site.post("/v1/journal/append", a.encode()).await;
        (r.status().as_u16(), r.bytes().await.unwrap())
    };
    let before = site.store.state().writes;
    for mut unpaid in [append(0, JournalHead::EMPTY, key, 1), append(7, JournalHead([1; 32]), key, 1)] {
        // A nonce that does not fit: at a low difficulty not just any.
        let (p, digest) = (site.params().await, kdf::sha256(&unpaid.work_payload()));
        let nonce = (0..).find(|n| !pow::verify(&p.challenge, &digest, *n, p.difficulty)).unwrap();
        unpaid.work = Work { log_size: p.log_size, nonce };
        let refused = site.post("/v1/journal/append", unpaid.encode()).await;
        assert_eq!(refused.status(), 428, "a stranger's journal is not free");
    }
    assert_eq!(site.store.state().writes, before, "nothing was stored");
    assert_eq!(send(append(0, JournalHead::EMPTY, next, 1)).await.0, 404, "the wrong key");
    // Whoever filed the tip knows the meeting place, and cannot write there.
    let first = append(0, JournalHead::EMPTY, key, 1);
    assert_eq!(plain(first.clone()).await, 403, "no signature");
    let asked = first.asks().unwrap();
    let purged = JournalPurge::asks(journal, &key);
    let other = append(0, JournalHead::EMPTY, key, 2).asks().unwrap();
    let stolen = KeeperSignature { holder: id(&officer(1)), ..by(8, asked) };
    for (keeper, what) in [
        (by(8, asked), "a stranger"),
        (by(3, asked), "an officer who only takes tips in"),
        (asked.sign(charter, epoch, &administrator(1)), "an administrator"),
        (stolen, "a stranger in an officer's name"),
        (by(1, other), "for another entry"),
        (by(1, purged), "for a purge"),
        (asked.sign([9; 32], epoch, &officer(1)), "under another charter"),
        (asked.sign(charter, epoch + 1_000, &officer(1)), "for an epoch to come"),
    ] {
        assert_eq!(plain(JournalAppend { keeper: Some(keeper), ..first.clone() }).await, 403, "{what}");
    }
    let (status, body) = send(append(0, JournalHead::EMPTY, key, 1)).await;
    assert_eq!(status, 200);
    let position = JournalPosition::decode(&body).unwrap();
    assert_eq!((position.seq, position.head), (1, JournalHead::EMPTY.after(&[1; JOURNAL_STEP])));
    let (status, body) = send(append(0, JournalHead::EMPTY, next, 2)).await;
    assert_eq!((status, JournalPosition::decode(&body).unwrap()), (409, position));
    assert_eq!(send(append(1, position.head, next, 2)).await.0, 200);
    let read = JournalAccess { journal, capability: next, from_seq: 1 }.encode();
    let r = site.post("/v1/journal/read", read.clone()).await;
    let page = JournalPage::decode(&r.bytes().await.unwrap()).unwrap();
    assert_eq!(page.position.seq, 2);
    assert_eq!(page.entries, vec![vec![2; JOURNAL_STEP]]);
    let old = JournalAccess { journal, capability: key, from_seq: 0 }.encode();
    let r = site.post("/v1/journal/read", old.clone()).await;
    let page = JournalPage::decode(&r.bytes().await.unwrap()).unwrap();
    assert_eq!(page.position, position);
    assert_eq!(page.entries, vec![vec![1; JOURNAL_STEP]], "as far as it went");
    assert_eq!(send(append(2, page.position.head, key, 3)).await.0, 404, "the replaced key writes nothing");
    let turn = JournalAppend { next_cap_hash: hash(&key), ..append(2, page.position.head, next, 3) };
    assert_eq!(plain(turn).await, 403, "nobody but an officer shuts others out");
    let purge = |capability: [u8; 32], keeper| JournalPurge { journal, capability, keeper }.encode();
    let proven = |capability: [u8; 32]| purge(capability, by(1, JournalPurge::asks(journal, &capability)));
    let elsewhere = by(1, JournalPurge::asks(JournalId([9; 32]), &next));
    assert_eq!(site.post("/v1/journal/purge", purge(next, elsewhere)).await.status(), 403);
    let begun = by(1, asked);
    assert_eq!(site.post("/v1/journal/purge", purge(next, begun)).await.status(), 403, "signed for something else");
    assert_eq!(site.post("/v1/journal/purge", proven(key)).await.status(), 404);
    assert_eq!(site.post("/v1/journal/purge", proven(next)).await.status(), 204);
    assert_eq!(site.post("/v1/journal/read", read).await.status(), 404);
    site.running.stop().await;
}

#[tokio::test]
async fn records_are_signed_json_with_a_receipt() {
    let site = site_with_charter().await;
    let charter = charter_digest(&site.get_bytes("/v1/charter").await);
    let record = |charter: [u8; 32], key: &SigningKey, body: &[u8]| {
        let mut r = PublicRecord {
            kind: RecordKind::Ledger,
            charter,
            signer: id(key),
            body: body.to_vec().try_into().unwrap(),
            signature: [0; 64],
        };
        r.signature = key.sign(Domain::RECORD, &r.signed_part());
        r.encode()
    };
    assert_eq!(site.post("/v1/records", record(charter, &officer(50), b"{}")).await.status(), 403);
    assert_eq!(site.post("/v1/records", record(charter, &officer(1), b"no json")).await.status(), 400);
    let old = record([9; 32], &administrator(1), br#"{"amount": 1}"#);
    assert_eq!(site.post("/v1/records", old).await.status(), 409, "made under another charter");
    let good = record(charter, &administrator(1), br#"{"amount": 1}"#);
    let mut receipts = Vec::new();
    for _ in 0..2 {
        let r = site.post("/v1/records", good.clone()).await;
        assert_eq!(r.status(), 200);
        receipts.push(Receipt::decode(&r.bytes().await.unwrap()).unwrap());
    }
    assert_eq!(receipts[0], receipts[1]);
    let page = RecordPage::decode(&site.get_bytes("/v1/records?from=0").await).unwrap();
    let [(salt, epoch, bytes)] = &*page.records else { panic!("{page:?}") };
    assert_eq!((page.total, *salt, *epoch), (1, receipts[0].salt, receipts[0].epoch));
    assert_eq!(*bytes, good);
    assert_eq!(RecordPage::decode(&site.get_bytes("/v1/records?from=7").await).unwrap().records.len(), 0);
    let leaf = log::leaf_data(LeafKind::Record, &receipts[0].salt, &log::record_digest(&good));
    let message = [leaf.as_slice(), &receipts[0].epoch.to_be_bytes()].concat();
    let key = log_key(site.store.as_ref()).await.unwrap().verifying_key();
    key.verify(Domain::RECEIPT, &message, &receipts[0].signature).unwrap();
    site.running.stop().await;
}
