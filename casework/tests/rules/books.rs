//! The public records, audited by a stranger.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use subrosa_casework::{
    award::AwardOrder,
    bytes::{AwardRef, Blob, Digest, Signature},
    ledger::{Audit, Auditor, KeysetSigners, Signers, Standing, audit},
    money::Cents,
    records::{
        IssuanceBody, IssuedBatch, LedgerBody, Movement, OrderBody, RedeemedBatch, RedeemedToken, RedemptionBody,
        ReservationBody, Version,
    },
};
use subrosa_crypto::{
    sign::Domain,
    sign::SigningKey,
    token::{Denomination, KeysetId, Nullifier},
    wire::{PublicRecord, RecordKind},
};

use crate::desk::World;

const AWARD: AwardRef = AwardRef([5; 16]);
const CONTEXT: Digest = Digest([6; 32]);
/// The charter under which everything is stated, and one after it, which asks for three of three.
const CHARTER: [u8; 32] = [1; 32];
const NEXT: [u8; 32] = [2; 32];
const KEYSET: Digest = Digest([3; 32]);

fn under(charter: [u8; 32], key: &SigningKey, kind: RecordKind, body: Vec<u8>) -> PublicRecord {
    let (signer, body) = (key.verifying_key().holder_id(), body.try_into().unwrap());
    let mut r = PublicRecord { kind, charter, signer, body, signature: [0; 64] };
    r.signature = key.sign(Domain::RECORD, &r.signed_part());
    r
}

fn signed(key: &SigningKey, kind: RecordKind, body: Vec<u8>) -> PublicRecord {
    under(CHARTER, key, kind, body)
}

fn issued(issuer: u16, tokens: u8) -> IssuanceBody {
    let element = |n: u8| Digest([n; 32]);
    let batch = IssuedBatch {
        denomination: Cents(5_000),
        blinded: (0..tokens).map(element).collect(),
        evaluated: (0..tokens).map(element).collect(),
        proof: Signature([0; 64]),
    };
    IssuanceBody { v: Version, award_ref: AWARD, keyset: KEYSET, issuer, batches: vec![batch] }
}

fn issuance(issuer: u16, tokens: u8) -> Vec<u8> {
    issued(issuer, tokens).to_json()
}

fn order(w: &World, tokens: u8, amount: u64) -> Vec<u8> {
    let batch = issued(1, tokens).batch().unwrap();
    let order = AwardOrder { award_ref: AWARD, amount: Cents(amount), batch, policy: Digest([4; 32]) };
    let by = |n: usize| (w.officers[n].verifying_key().holder_id(), order.sign(&w.officers[n]));
    OrderBody { v: Version, order, signatures: [by(0), by(1)] }.to_json()
}

fn nullifier(n: u8) -> Digest {
    Digest(Nullifier::of(Denomination::new(5_000).unwrap(), &[n; 32]).0)
}

fn redemption(context: Digest, issuer: u16, tokens: std::ops::Range<u8>) -> Vec<u8> {
    let token = |n: u8| RedeemedToken { input: Blob(vec![n; 32]), nullifier: nullifier(n), evaluated: Digest([n; 32]) };
    let batch =
        RedeemedBatch { denomination: Cents(5_000), tokens: tokens.map(token).collect(), proof: Signature([0; 64]) };
    RedemptionBody { v: Version, context, keyset: KEYSET, issuer, batches: vec![batch] }.to_json()
}

fn reservation(context: Digest, issuer: u16, tokens: std::ops::Range<u8>) -> Vec<u8> {
    let mut nullifiers: Vec<Digest> = tokens.map(nullifier).collect();
    nullifiers.sort_unstable();
    ReservationBody { v: Version, context, keyset: KEYSET, issuer, nullifiers }.to_json()
}

/// The first `n` administrators state something, each in the words that belong to their number.
fn by(w: &World, n: u16, kind: RecordKind, body: impl Fn(u16) -> Vec<u8>) -> Vec<PublicRecord> {
    (1..=n).map(|number| signed(&w.admins[usize::from(number) - 1], kind, body(number))).collect()
}

fn moved(w: &World, body: LedgerBody) -> Vec<PublicRecord> {
    by(w, 2, RecordKind::Ledger, |_| body.to_json())
}

/// The parts of honest books, in their order.
fn parts(w: &World) -> Vec<(&'static str, Vec<PublicRecord>)> {
    let of_award = |m, cents| moved(w, LedgerBody::of_award(m, AWARD, Cents(cents)));
    let of_redemption = |m| moved(w, LedgerBody::of_reference(m, CONTEXT, Cents(15_000)));
    let budget = LedgerBody::of_reference(Movement::BudgetAdded, Digest([0; 32]), Cents(100_000));
    vec![
        ("budget", moved(w, budget)),
        ("order", by(w, 2, RecordKind::Order, |_| order(w, 4, 20_000))),
        ("reserved award", of_award(Movement::AwardReserved, 20_000)),
        ("issuance", by(w, 3, RecordKind::Issuance, |i| issuance(i, 4))),
        ("issued", of_award(Movement::TokensIssued, 20_000)),
        ("reservation", by(w, 2, RecordKind::Reservation, |i| reservation(CONTEXT, i, 0..3))),
        ("redemption", by(w, 2, RecordKind::Redemption, |i| redemption(CONTEXT, i, 0..3))),
        ("redeemed", of_redemption(Movement::TokensRedeemed)),
        ("released", of_redemption(Movement::PayoutReleased)),
        ("settled", of_redemption(Movement::PayoutSettled)),
    ]
}

fn good(w: &World) -> Vec<PublicRecord> {
    parts(w).into_iter().flat_map(|(_, records)| records).collect()
}

fn signers(w: &World) -> Signers {
    let mut signers = Signers::default();
    let numbers = w.admins.iter().map(|k| k.verifying_key().holder_id());
    let keyset = KeysetSigners { threshold: 2, signers: (1..).zip(numbers).collect() };
    for (digest, threshold) in [(CHARTER, 2), (NEXT, 3)] {
        let mut standing = Standing::new(digest, threshold);
        w.officers.iter().for_each(|k| standing.add_officer(k.verifying_key(), true));
        // The second administrator has left when the second charter is signed.
        let serving = w.admins.iter().enumerate().filter(|(n, _)| digest == CHARTER || *n != 1);
        serving.for_each(|(_, k)| standing.add_administrator(k.verifying_key()));
        signers.add(standing, vec![(KeysetId(KEYSET.0), keyset.clone())]);
    }
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
    let ledger = |key: &SigningKey, body: Vec<u8>| vec![signed(key, RecordKind::Ledger, body)];
    assert_eq!(with(ledger(&crate::desk::key(88), base[0].body.to_vec())), ["unknown-signer"]);
    assert_eq!(with(ledger(&w.officers[0], base[0].body.to_vec())), ["not-finance"]);
    let commitment = format!(r#"{{"v":1,"commitment":"{}"}}"#, "00".repeat(32)).into_bytes();
    assert!(with(vec![signed(&w.officers[0], RecordKind::Decision, commitment.clone())]).is_empty());
    assert_eq!(with(vec![signed(&w.admins[0], RecordKind::Decision, commitment)]), ["not-officer"]);
    assert_eq!(with(ledger(&w.admins[0], b"{}".to_vec())), ["malformed"]);
    assert_eq!(with(vec![signed(&w.admins[0], RecordKind::Issuance, issuance(2, 4))]), ["wrong-issuer"]);
    // Tokens signed for the award a second time, over other blinded elements.
    let second = with(by(&w, 3, RecordKind::Issuance, |i| issuance(i, 5)));
    assert_eq!(second, ["issued-without-tokens", "tokens-without-order"]);
    let one = LedgerBody::of_reference(Movement::BudgetAdded, Digest([1; 32]), Cents(1)).to_json();
    assert_eq!(with(ledger(&w.admins[0], one)), ["too-few-signatures"]);
    let again = LedgerBody::of_award(Movement::TokensIssued, AWARD, Cents(19_999));
    assert_eq!(with(moved(&w, again)), ["ledger-duplicate"]);
    let beyond = LedgerBody::of_reference(Movement::TokensRedeemed, Digest([9; 32]), Cents(5_001));
    assert_eq!(with(moved(&w, beyond)), ["ledger-unbalanced"]);
    let other = with(by(&w, 2, RecordKind::Order, |_| order(&w, 4, 20_001)));
    assert_eq!(other, ["ordered-twice"; 2]);
}

#[test]
fn a_token_is_spent_once_and_only_after_enough_have_reserved_it() {
    let w = World::new();
    let base = good(&w);
    let with = |extra: Vec<PublicRecord>| codes(&w, &[base.clone(), extra].concat());
    let other = Digest([7; 32]);
    let reserve = |n: usize, context, tokens| {
        signed(&w.admins[n], RecordKind::Reservation, reservation(context, n as u16 + 1, tokens))
    };
    let prove = |n: usize, context, tokens| {
        signed(&w.admins[n], RecordKind::Redemption, redemption(context, n as u16 + 1, tokens))
    };
    assert_eq!(with(vec![reserve(0, other, 0..1)]), ["reserved-twice"], "by the same issuer");
    assert_eq!(with(vec![prove(0, other, 0..1)]), ["not-reserved"]);
    // One corrupt issuer reserves a stranger's token for itself: it spends nothing, keeps nobody from redeeming it, and
    // stands there under its name.
    let grab = vec![reserve(2, other, 3..4)];
    let audit = check(&w, &[base.clone(), grab.clone()].concat());
    assert!(audit.is_clean() && audit.contested.is_empty());
    assert_eq!(with([grab.clone(), vec![prove(2, other, 3..4)]].concat()), ["not-reserved"]);
    let last = Digest([8; 32]);
    let rest = [0, 1].map(|n| reserve(n, last, 3..4)).into_iter().chain([0, 1].map(|n| prove(n, last, 3..4)));
    let redeemed = moved(&w, LedgerBody::of_reference(Movement::TokensRedeemed, last, Cents(5_000)));
    let all = [base.clone(), grab, rest.collect(), redeemed].concat();
    let audit = check(&w, &all);
    assert!(audit.is_clean(), "{:?}", audit.findings);
    assert_eq!(audit.contested, [nullifier(3)]);
    // A fifth token where four were issued: every key has recognised more than it signed.
    let fifth = Digest([9; 32]);
    let forged = [0, 1].map(|n| reserve(n, fifth, 4..6)).into_iter().chain([0, 1].map(|n| prove(n, fifth, 4..6)));
    let found = with(forged.collect());
    assert_eq!(found, ["redemption-without-booking", "more-redeemed-than-issued", "more-redeemed-than-issued"]);
}

#[test]
fn missing_records_are_found() {
    let w = World::new();
    let without = |part: &str, from: usize| {
        let mut all = parts(&w);
        let (_, records) = all.iter_mut().find(|(name, _)| *name == part).unwrap();
        records.drain(from..);
        codes(&w, &all.into_iter().flat_map(|(_, records)| records).collect::<Vec<_>>())
    };
    assert_eq!(without("order", 0), ["award-without-order", "tokens-without-order"]);
    assert_eq!(without("order", 1), Vec::<&str>::new(), "whoever publishes it, it is signed by two");
    // Two of three have signed: enough to redeem, and not what the keyset promises.
    assert_eq!(without("issuance", 2), ["too-few-signatures"]);
    assert!(without("issuance", 0).contains(&"issued-without-tokens"));
    assert!(without("issuance", 0).contains(&"more-redeemed-than-issued"));
    assert!(without("issued", 0).contains(&"tokens-without-booking"));
    assert!(without("reservation", 1).contains(&"not-reserved"));
    assert_eq!(without("redemption", 1), ["redeemed-without-tokens"]);
    assert!(without("redeemed", 0).contains(&"redemption-without-booking"));
    assert!(without("budget", 1).contains(&"too-few-signatures"));
}

/// Honest books stay honest when a charter changes the threshold or dismisses somebody, and nobody states anything
/// under a charter that does not name them or is over.
#[test]
fn each_record_is_judged_by_the_charter_that_it_names() {
    let w = World::new();
    let base = good(&w);
    let body = LedgerBody::of_reference(Movement::BudgetAdded, Digest([1; 32]), Cents(7)).to_json();
    let later = |n: usize| under(NEXT, &w.admins[n], RecordKind::Ledger, body.clone());
    let audit = check(&w, &[base.clone(), vec![later(0), later(2)]].concat());
    assert_eq!(audit.totals.funded, Cents(100_000), "two were enough, and no longer are");
    assert_eq!(audit.findings.iter().map(|f| f.code()).collect::<Vec<_>>(), ["too-few-signatures"]);
    // Nor are two when the money bears the name of a redemption for which two were enough.
    let body = LedgerBody::of_reference(Movement::BudgetAdded, CONTEXT, Cents(7)).to_json();
    let named = [0, 2].map(|n: usize| under(NEXT, &w.admins[n], RecordKind::Ledger, body.clone()));
    let audit = check(&w, &[base.clone(), named.to_vec()].concat());
    assert_eq!(audit.totals.funded, Cents(100_000));
    assert_eq!(audit.findings.iter().map(|f| f.code()).collect::<Vec<_>>(), ["too-few-signatures"]);
    let found = |extra: Vec<PublicRecord>| codes(&w, &[base.clone(), extra].concat());
    assert_eq!(found(vec![later(1)]), ["unknown-signer"], "who has left states nothing under the next charter");
    let old = signed(&w.admins[1], RecordKind::Ledger, body.clone());
    let fresh = under(NEXT, &w.officers[0], RecordKind::Decision, br#"{"v":1,"commitment":"00"}"#.to_vec());
    assert_eq!(found(vec![fresh, old])[..2], ["malformed", "old-charter"], "nor under the old one, once it is over");
    let elsewhere = under([9; 32], &w.admins[0], RecordKind::Ledger, body.clone());
    assert_eq!(found(vec![elsewhere]), ["unknown-charter"]);
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
    assert_eq!(by(&[&w.officers[0], &w.admins[0]]), (Cents::ZERO, vec!["not-finance", "too-few-signatures"]));
    assert_eq!(by(&[&w.admins[0], &w.admins[0]]), (Cents::ZERO, vec!["too-few-signatures"]));
    assert_eq!(by(&[&w.admins[0], &w.admins[1]]), (Cents(100_000), vec![]));
}

/// An award that no adjudicator ordered, however many administrators state it.
#[test]
fn an_order_needs_two_adjudicators() {
    let w = World::new();
    let mut all = parts(&w);
    let order = all[1].1[0].clone();
    let body = OrderBody::parse(&order.body).unwrap();
    let forged = |change: &dyn Fn(&mut OrderBody)| {
        let mut body = body.clone();
        change(&mut body);
        body.to_json()
    };
    for body in [
        forged(&|b| b.signatures[1] = b.signatures[0]),
        forged(&|b| b.order.amount = Cents(20_001)),
        forged(&|b| {
            let key = &w.admins[0];
            b.signatures[1] = (key.verifying_key().holder_id(), b.order.sign(key));
        }),
    ] {
        all[1].1 = vec![signed(&w.admins[0], RecordKind::Order, body)];
        let found = codes(&w, &all.iter().flat_map(|(_, r)| r.clone()).collect::<Vec<_>>());
        assert_eq!(found, ["bad-order", "award-without-order", "tokens-without-order"]);
    }
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
