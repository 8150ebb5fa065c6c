//! The public records, audited by a stranger.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use subrosa_casework::{
    bytes::{AwardRef, Blob, Digest, Signature},
    ledger::{Audit, Auditor, Signers, audit},
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

fn signers(w: &World) -> Signers {
    let mut signers = Signers::default();
    w.officers.iter().for_each(|k| signers.add_officer(k.verifying_key()));
    w.admins.iter().zip(1..).for_each(|(k, number)| signers.add_administrator(k.verifying_key(), number));
    signers.set_threshold(2);
    signers
}

fn check(w: &World, records: &[PublicRecord]) -> Audit {
    audit(records.iter().map(PublicRecord::encode), &signers(w))
}

fn codes(w: &World, records: &[PublicRecord]) -> Vec<&'static str> {
    check(w, records).findings.iter().map(|f| f.code()).collect()
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
    let commitment = format!(r#"{{"v":1,"commitment":"{}"}}"#, "00".repeat(32)).into_bytes();
    assert!(with(vec![signed(&w.officers[0], RecordKind::Decision, commitment.clone())]).is_empty());
    assert_eq!(with(vec![signed(&w.admins[0], RecordKind::Decision, commitment)]), ["not-officer"]);
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

#[test]
fn two_who_are_no_administrators_move_nothing() {
    let w = World::new();
    let body = LedgerBody::of_reference(Movement::BudgetAdded, Digest([0; 32]), Cents(100_000)).to_json();
    let by = |signers: &[&SigningKey]| {
        let records: Vec<_> = signers.iter().map(|k| signed(k, RecordKind::Ledger, body.clone())).collect();
        let audit = check(&w, &records);
        (audit.totals.funded, audit.findings.iter().map(|f| f.code()).collect::<Vec<_>>())
    };
    assert_eq!(by(&[&w.officers[0], &w.officers[1]]), (Cents::ZERO, vec!["not-finance"; 2]));
    assert_eq!(by(&[&w.officers[0], &w.admins[0]]), (Cents::ZERO, vec!["not-finance", "one-signature"]));
    assert_eq!(by(&[&w.admins[0], &w.admins[0]]), (Cents::ZERO, vec!["one-signature"]));
    assert_eq!(by(&[&w.admins[0], &w.admins[1]]), (Cents(100_000), vec![]));
}

#[test]
fn findings_name_records_by_their_number_among_all_that_were_published() {
    let w = World::new();
    let good = good(&w);
    let mut auditor = Auditor::new(signers(&w));
    assert_eq!(auditor.take(b"noise"), None);
    for record in &good {
        assert_eq!(auditor.take(&record.encode()).as_ref(), Some(record));
    }
    assert_eq!(auditor.take(&signed(&w.officers[0], RecordKind::Ledger, good[0].body.to_vec()).encode()), None);
    let report = auditor.report();
    let found: Vec<_> = report.findings.iter().map(|f| (f.record, f.code())).collect();
    assert_eq!(found, [(Some(0), "unreadable"), (Some(good.len() as u64 + 1), "not-finance")]);
    assert_eq!(report.totals, check(&w, &good).totals);
}

#[test]
fn an_award_is_open_from_its_reservation_until_its_tokens_are_issued_or_it_is_cancelled() {
    let w = World::new();
    let budget = moved(&w, LedgerBody::of_reference(Movement::BudgetAdded, Digest([0; 32]), Cents(100_000)));
    let reserved = moved(&w, LedgerBody::of_award(Movement::AwardReserved, AWARD, Cents(20_000)));
    let open = |records: &[Vec<PublicRecord>]| check(&w, &records.concat()).ledger.open_awards();
    assert_eq!(open(&[budget.clone(), reserved[..1].to_vec()]), []);
    assert_eq!(open(&[budget.clone(), reserved.clone()]), [(AWARD, Cents(20_000))]);
    for end in [Movement::TokensIssued, Movement::AwardCancelled] {
        let ended = moved(&w, LedgerBody::of_award(end, AWARD, Cents(20_000)));
        assert_eq!(open(&[budget.clone(), reserved.clone(), ended]), []);
    }
}
