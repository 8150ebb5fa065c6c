//! The page of the public books: only what enough administrators of the charter state counts, as in `subrosa audit`.
#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests")]

#[expect(dead_code, reason = "each test file uses a part")]
#[path = "support/programme.rs"]
mod programme;
#[expect(dead_code, reason = "each test file uses a part")]
mod support;

use programme::*;
use subrosa_casework::{
    award::{AwardOrder, SignedOrder},
    bytes::{AwardRef, Digest},
    money::Cents,
    records::{LedgerBody, Movement, OrderBody},
};
use subrosa_crypto::{
    charter::CharterDocument,
    log::charter_digest,
    sign::{Domain, SigningKey},
    wire::{PublicRecord, RecordKind},
};
use subrosa_server::log_key;
use support::*;

async fn site_with_charter() -> (Site, CharterDocument) {
    let site = site(settings(60_000)).await;
    let document = charter(log_key(site.store.as_ref()).await.unwrap().verifying_key());
    assert_eq!(site.post("/v1/charter", signed(&document)).await.status(), 200);
    (site, document)
}

async fn state(site: &Site, signer: &SigningKey, body: &LedgerBody) -> u16 {
    publish(site, signer, RecordKind::Ledger, body.to_json()).await
}

async fn publish(site: &Site, signer: &SigningKey, kind: RecordKind, body: Vec<u8>) -> u16 {
    let body = body.try_into().unwrap();
    let charter = charter_digest(&site.get("/v1/charter").await.bytes().await.unwrap());
    let mut r = PublicRecord { kind, signer: id(signer), charter, body, signature: [0; 64] };
    r.signature = signer.sign(Domain::RECORD, &r.signed_part());
    site.post("/v1/records", r.encode()).await.status().as_u16()
}

fn added(n: u8, cents: u64) -> LedgerBody {
    LedgerBody::of_reference(Movement::BudgetAdded, Digest([n; 32]), Cents(cents))
}

/// The cell behind a heading of the page.
async fn figure(site: &Site, heading: &str) -> String {
    let page = site.get("/books").await.text().await.unwrap();
    let (_, row) = page.split_once(heading).unwrap_or_else(|| panic!("no {heading} in {page}"));
    row.split_once("<td>").unwrap().1.split_once("</td>").unwrap().0.to_owned()
}

async fn budget(site: &Site) -> String {
    figure(site, "Left in the budget").await
}

async fn balances(site: &Site) -> bool {
    site.get("/books").await.text().await.unwrap().contains("The books balance.")
}

#[tokio::test]
async fn whoever_is_no_administrator_moves_nothing_on_the_page() {
    let (site, _) = site_with_charter().await;
    let nothing = budget(&site).await;
    for (n, pair) in [
        [officer(1), officer(2)],
        [officer(1), administrator(1)],
        [administrator(2), officer(2)],
        [administrator(1), administrator(1)],
    ]
    .iter()
    .enumerate()
    {
        for signer in pair {
            assert_eq!(state(&site, signer, &added(n as u8, 500_000_000)).await, 200, "it is published all the same");
        }
        assert_eq!(budget(&site).await, nothing, "pair {n} counts");
        assert!(!balances(&site).await, "pair {n} is not mentioned");
    }
    for n in [1, 2] {
        assert_eq!(state(&site, &administrator(n), &added(9, 500_000_000)).await, 200);
    }
    assert_eq!(budget(&site).await, "€5,000,000.00");
    site.running.stop().await;
}

#[tokio::test]
async fn an_award_is_open_between_its_reservation_and_its_tokens_and_tokens_need_issuances() {
    let (site, _) = site_with_charter().await;
    let award = AwardRef([7; 16]);
    let both = async |body: LedgerBody| {
        for n in [1, 2] {
            assert_eq!(state(&site, &administrator(n), &body).await, 200);
        }
    };
    both(added(0, 500_000_000)).await;
    assert!(balances(&site).await);
    both(LedgerBody::of_award(Movement::AwardReserved, award, Cents(42_000_000))).await;
    assert!(!balances(&site).await, "no adjudicators have ordered it");
    let order =
        AwardOrder { award_ref: award, amount: Cents(42_000_000), batch: Digest([8; 32]), policy: Digest([9; 32]) };
    let signatures = [1, 2].map(|n| (id(&officer(n)), order.sign(&officer(n))));
    let ordered = OrderBody::of(&SignedOrder { order, signatures }).to_json();
    assert_eq!(publish(&site, &administrator(1), RecordKind::Order, ordered).await, 200);
    assert!(balances(&site).await);
    assert_eq!(figure(&site, "In escrow").await, "€420,000.00");
    assert!(site.get("/books").await.text().await.unwrap().contains(&award.to_string()));
    both(LedgerBody::of_award(Movement::TokensIssued, award, Cents(42_000_000))).await;
    assert!(!site.get("/books").await.text().await.unwrap().contains(&award.to_string()));
    assert!(!balances(&site).await, "no issuer has published what it signed");
    site.running.stop().await;
}

#[tokio::test]
async fn a_record_counts_after_its_signer_has_left_and_a_new_charter_is_heeded() {
    let (site, document) = site_with_charter().await;
    for n in [1, 2] {
        assert_eq!(state(&site, &administrator(n), &added(1, 100_000)).await, 200);
    }
    assert_eq!(state(&site, &officer(3), &added(2, 100_000)).await, 403, "not in the charter yet");
    assert_eq!(budget(&site).await, "€1,000.00");
    let mut next = document.clone();
    next.version = 2;
    next.previous = charter_digest(&signed(&document));
    next.administrators = administrators(&[1, 3, 4]);
    next.last_number = 4;
    next.keysets.push(keyset(2, 2, &[1, 3, 4]));
    assert_eq!(site.post("/v1/charter", signed(&next)).await.status(), 200);
    assert_eq!(budget(&site).await, "€1,000.00", "the second administrator's signature still counts");
    assert_eq!(state(&site, &administrator(2), &added(3, 100_000)).await, 403, "who has left states nothing new");
    for n in [1, 4] {
        assert_eq!(state(&site, &administrator(n), &added(4, 200_000)).await, 200);
    }
    assert_eq!(budget(&site).await, "€3,000.00");
    assert!(balances(&site).await);

    // The same after a restart, which reads all charters again.
    let store = std::sync::Arc::clone(&site.store);
    site.running.stop().await;
    store.state().closed = false;
    let again = site_on(store, settings(60_000)).await;
    assert_eq!(budget(&again).await, "€3,000.00");
    again.running.stop().await;
}
