//! The public records, audited by a stranger.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeMap;

use subrosa_casework::{
    bytes::{AwardRef, Blob, Digest, Signature},
    ledger::{Audit, AuditContext, audit},
    money::Cents,
    records::{IssuanceBody, IssuedBatch, LedgerBody, Movement, RedeemedBatch, RedeemedToken, RedemptionBody, V1},
};
use subrosa_crypto::{
    sign::{Domain, SigningKey},
    wire::{PublicRecord, RecordKind},
};

use crate::desk::World;

const AWARD: AwardRef = AwardRef([5; 16]);
const CONTEXT: Digest = Digest([6; 32]);

fn signed(key: &SigningKey, kind: RecordKind, body: Vec<u8>) -> PublicRecord {
    let mut r = PublicRecord {
        kind,
        signer: key.verifying_key().holder_id(),
        body: body.try_into().unwrap(),
        signature: [0; 64],
    };
    r.signature = key.sign(Domain::RECORD, &r.signed_part());
    r
}

fn issuance(issuer: u16, tokens: u8) -> Vec<u8> {
    let element = |n: u8| Digest([n; 32]);
    let batch = IssuedBatch {
        denomination: Cents(5_000),
        blinded: (0..tokens).map(element).collect(),
        evaluated: (0..tokens).map(element).collect(),
        proof: Signature([0; 64]),
    };
    IssuanceBody { v: V1, award_ref: AWARD, issuer, batches: vec![batch] }.to_json()
}

fn redemption(context: Digest, issuer: u16, tokens: u8) -> Vec<u8> {
    let token =
        |n: u8| RedeemedToken { input: Blob(vec![n; 32]), nullifier: Digest([n; 32]), evaluated: Digest([n; 32]) };
    let batch = RedeemedBatch {
        denomination: Cents(5_000),
        tokens: (0..tokens).map(token).collect(),
        proof: Signature([0; 64]),
    };
    RedemptionBody { v: V1, context, issuer, batches: vec![batch] }.to_json()
}

fn both(w: &World, kind: RecordKind, body: impl Fn(u16) -> Vec<u8>) -> Vec<PublicRecord> {
    vec![signed(&w.admins[0], kind, body(1)), signed(&w.admins[1], kind, body(2))]
}

fn moved(w: &World, body: LedgerBody) -> Vec<PublicRecord> {
    both(w, RecordKind::Ledger, |_| body.to_json())
}

fn good(w: &World) -> Vec<PublicRecord> {
    let mut all = moved(w, LedgerBody::of_reference(Movement::BudgetAdded, Digest([0; 32]), Cents(100_000)));
    all.extend(moved(w, LedgerBody::of_award(Movement::AwardReserved, AWARD, Cents(20_000))));
    all.extend(both(w, RecordKind::Issuance, |i| issuance(i, 4)));
    all.extend(moved(w, LedgerBody::of_award(Movement::TokensIssued, AWARD, Cents(20_000))));
    all.extend(both(w, RecordKind::Redemption, |i| redemption(CONTEXT, i, 3)));
    all.extend(moved(w, LedgerBody::of_reference(Movement::TokensRedeemed, CONTEXT, Cents(15_000))));
    all.extend(moved(w, LedgerBody::of_reference(Movement::PayoutReleased, CONTEXT, Cents(15_000))));
    all.extend(moved(w, LedgerBody::of_reference(Movement::PayoutSettled, CONTEXT, Cents(15_000))));
    all
}

fn check(w: &World, records: &[PublicRecord]) -> Audit {
    let issuers: BTreeMap<_, _> =
        w.admins.iter().zip(1u16..).map(|(k, n)| (k.verifying_key().holder_id(), n)).collect();
    audit(records, &AuditContext { members: &w.members, issuers: &issuers, threshold: 2 })
}

fn codes(w: &World, records: &[PublicRecord]) -> Vec<&'static str> {
    check(w, records).findings.iter().map(|f| f.code).collect()
}

#[test]
fn honest_books_are_clean() {
    let w = World::new();
    let result = check(&w, &good(&w));
    assert!(result.is_clean(), "{:?}", result.findings);
    let t = result.totals;
    assert_eq!((t.issued, t.redeemed, t.outstanding), (Cents(20_000), Cents(15_000), Cents(5_000)));
    assert_eq!((t.escrow, t.paid, t.unreserved), (Cents(5_000), Cents(15_000), Cents(80_000)));
    // A third administrator saying the same, or the same one twice, changes nothing.
    let mut more = good(&w);
    more.push(more[0].clone());
    let third = signed(&w.admins[2], RecordKind::Ledger, more[0].body.to_vec());
    more.push(third);
    assert_eq!(check(&w, &more).totals, t);
    assert!(check(&w, &more).is_clean());
}

#[test]
fn each_wrong_record_is_found() {
    let w = World::new();
    let base = good(&w);
    let with = |extra: Vec<PublicRecord>| codes(&w, &[base.clone(), extra].concat());
    let mut bad = base[0].clone();
    bad.signature[0] ^= 1;
    assert_eq!(with(vec![bad]), ["bad-signature"]);
    let stranger = crate::desk::key(88);
    assert_eq!(with(vec![signed(&stranger, RecordKind::Ledger, base[0].body.to_vec())]), ["unknown-signer"]);
    assert_eq!(with(vec![signed(&w.officers[0], RecordKind::Ledger, base[0].body.to_vec())]), ["not-finance"]);
    assert_eq!(with(vec![signed(&w.admins[0], RecordKind::Ledger, b"{}".to_vec())]), ["malformed"]);
    assert_eq!(with(vec![signed(&w.admins[0], RecordKind::Issuance, issuance(2, 4))]), ["wrong-issuer"]);
    assert_eq!(with(both(&w, RecordKind::Redemption, |i| redemption(Digest([7; 32]), i, 1)))[..2], ["double-spend"; 2]);
    // Tokens signed for the award a second time, over other blinded elements.
    assert_eq!(with(both(&w, RecordKind::Issuance, |i| issuance(i, 5))), ["issued-without-tokens"]);
    let one = LedgerBody::of_reference(Movement::BudgetAdded, Digest([1; 32]), Cents(1)).to_json();
    assert_eq!(with(vec![signed(&w.admins[0], RecordKind::Ledger, one)]), ["one-signature"]);
    let again = LedgerBody::of_award(Movement::TokensIssued, AWARD, Cents(19_999));
    assert_eq!(with(moved(&w, again)), ["ledger-duplicate"]);
    let beyond = LedgerBody::of_reference(Movement::TokensRedeemed, Digest([9; 32]), Cents(5_001));
    assert_eq!(with(moved(&w, beyond)), ["ledger-unbalanced"]);
}

#[test]
fn missing_records_are_found() {
    let w = World::new();
    let base = good(&w);
    let without = |from: usize, n: usize| {
        let mut all = base.clone();
        all.drain(from..from + n);
        codes(&w, &all)
    };
    assert_eq!(without(5, 1), ["issued-without-tokens"]);
    assert_eq!(without(4, 2), ["issued-without-tokens"]);
    assert!(without(6, 2).contains(&"tokens-without-booking"));
    assert_eq!(without(8, 2), ["redeemed-without-tokens"]);
    assert!(without(10, 2).contains(&"redemption-without-booking"));
    assert!(without(0, 1).contains(&"one-signature"));
}
