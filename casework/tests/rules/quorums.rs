//! Searched to the end for small numbers: tokens are issued or spent twice exactly where two quorums need not meet.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeSet;

use subrosa_casework::{
    award::AwardOrder,
    bytes::{AwardRef, Blob, Digest, Signature},
    ledger::{KeysetSigners, Signers, Standing, audit},
    money::Cents,
    records::{
        IssuanceBody, IssuedBatch, LedgerBody, Movement, OrderBody, RedeemedBatch, RedeemedToken, RedemptionBody,
        ReservationBody, Version,
    },
};
use subrosa_crypto::{
    sign::{Domain, SigningKey},
    token::{Denomination, KeysetId, Nullifier, quorums_meet},
    wire::{PublicRecord, RecordKind},
};

/// What a signer does with a token that is shown in two redemptions, or with an award for which two batches are
/// ordered. Whoever is honest says one thing and never another; a corrupt one says both.
const NOTHING: usize = 0b00;
const BOTH: usize = 0b11;

/// Every way in which `n` signers can answer, `corrupt` of them corrupt: for each signer the set of what it signs.
fn answers(n: usize, corrupt: usize) -> impl Iterator<Item = Vec<usize>> {
    (0..4usize.pow(n as u32))
        .map(move |code| (0..n).map(|signer| code / 4usize.pow(signer as u32) % 4).collect::<Vec<_>>())
        .filter(move |answer| answer.iter().filter(|a| **a == BOTH).count() <= corrupt)
}

fn doubled(answer: &[usize], k: usize) -> bool {
    [0b01, 0b10].iter().all(|one| answer.iter().filter(|a| **a & one != NOTHING).count() >= k)
}

/// Both a token's two redemptions and an award's two batches need `k` signers each. That is all the search looks at.
#[test]
fn money_is_doubled_iff_two_quorums_can_be_apart() {
    for n in 2..=6usize {
        for k in 2..=n {
            for corrupt in 0..=n {
                let exists = answers(n, corrupt).any(|answer| doubled(&answer, k));
                // 2k − n signers stand in both quorums; if one of them is honest, nothing is doubled.
                assert_eq!(exists, 2 * k <= n + corrupt, "{k} of {n}, {corrupt} corrupt");
            }
            let honest = answers(n, 0).any(|answer| doubled(&answer, k));
            assert_eq!(honest, !quorums_meet(k as u8, n), "{k} of {n}: what the charter allows is what is safe");
        }
    }
    assert!(!quorums_meet(1, 1) && !quorums_meet(3, 2) && !quorums_meet(0, 0));
}

const CHARTER: [u8; 32] = [1; 32];
const KEYSET: Digest = Digest([2; 32]);
const CONTEXTS: [Digest; 2] = [Digest([3; 32]), Digest([4; 32])];
const AWARD: AwardRef = AwardRef([6; 16]);
const VALUE: Cents = Cents(100);

fn record(key: &SigningKey, kind: RecordKind, body: Vec<u8>) -> Vec<u8> {
    let (signer, body) = (key.verifying_key().holder_id(), body.try_into().unwrap());
    let mut r = PublicRecord { kind, charter: CHARTER, signer, body, signature: [0; 64] };
    r.signature = key.sign(Domain::RECORD, &r.signed_part());
    r.encode()
}

/// One signer's reservation and proof of one token, shown under this keyset, for one redemption.
fn spends(key: &SigningKey, issuer: u16, keyset: Digest, context: Digest) -> [Vec<u8>; 2] {
    let nullifier = Digest(Nullifier::of(Denomination::new(100).unwrap(), &[9; 32]).0);
    let reserved = ReservationBody { v: Version, context, keyset, issuer, nullifiers: vec![nullifier] };
    let token = RedeemedToken { input: Blob(vec![9; 32]), nullifier, evaluated: Digest([5; 32]) };
    let batch = RedeemedBatch { denomination: Cents(100), tokens: vec![token], proof: Signature([0; 64]) };
    let proven = RedemptionBody { v: Version, context, keyset, issuer, batches: vec![batch] };
    [record(key, RecordKind::Reservation, reserved.to_json()), record(key, RecordKind::Redemption, proven.to_json())]
}

/// Every way in which `n` signers can answer; of more than four, those that differ by more than who is who.
fn answers_of(n: usize) -> impl Iterator<Item = Vec<usize>> {
    answers(n, n).filter(move |answer| n <= 4 || answer.is_sorted())
}

fn administrators(n: usize) -> Vec<SigningKey> {
    (0..n).map(|i| crate::desk::key(40 + i as u8)).collect()
}

/// A charter with these administrators, all of them signers of its keyset, and two adjudicators.
fn charter_of(keys: &[SigningKey], k: usize, adjudicators: &[SigningKey]) -> Signers {
    let mut standing = Standing::new(CHARTER, k);
    keys.iter().for_each(|key| standing.add_administrator(key.verifying_key()));
    adjudicators.iter().for_each(|key| standing.add_officer(key.verifying_key(), true));
    let numbers = (1..).zip(keys.iter().map(|key| key.verifying_key().holder_id())).collect();
    let mut signers = Signers::default();
    signers.add(standing, vec![(KeysetId(KEYSET.0), KeysetSigners { threshold: k, signers: numbers })]);
    signers
}

/// What the signers publish about the first thing (0) or the second (1), each as its answer says.
fn said_of<'s, const N: usize>(
    answer: &'s [usize],
    said: &'s [[[Vec<u8>; N]; 2]],
    what: usize,
) -> impl Iterator<Item = &'s Vec<u8>> {
    let each = answer.iter().zip(said).filter(move |(a, _)| **a & (1 << what) != NOTHING);
    each.flat_map(move |(_, s)| &s[what])
}

/// The same search with real records: whatever signers do, the auditor accepts proofs for two redemptions of one token
/// only if quorums can be apart, and names each signer that said two things.
#[test]
fn the_auditor_agrees_with_the_search_about_spending() {
    for n in 2..=6usize {
        let keys = administrators(n);
        let said: Vec<[[Vec<u8>; 2]; 2]> =
            keys.iter().zip(1..).map(|(key, i)| CONTEXTS.map(|context| spends(key, i, KEYSET, context))).collect();
        for k in 2..=n {
            let signers = charter_of(&keys, k, &[]);
            for answer in answers_of(n) {
                // All reserve before anybody proves, as their programs do.
                let all = |part: usize| (0..2).map(move |what| (what, part));
                let records = all(0)
                    .chain(all(1))
                    .flat_map(|(what, part)| said_of(&answer, &said, what).skip(part).step_by(2).collect::<Vec<_>>());
                let found = audit(records, &signers);
                let codes: BTreeSet<&str> = found.findings.iter().map(|f| f.code()).collect();
                let two_words = answer.contains(&BOTH);
                assert_eq!(codes.contains("reserved-twice"), two_words, "{answer:?}");
                // The first word of each signer counts, so the auditor never counts one for both.
                let first: Vec<usize> = answer.iter().map(|a| if *a == BOTH { 0b01 } else { *a }).collect();
                let double = doubled(&first, k);
                assert_eq!(codes.contains("double-spend"), double, "{k} of {n}: {answer:?}");
                assert!(!double || !quorums_meet(k as u8, n));
            }
        }
    }
}

/// Two keysets whose signers have nobody in common, and one token that both signed: whichever quorum reserved it first
/// has it, whatever the order of the proofs, and under whatever name the second one would have it.
#[test]
fn a_token_of_two_keysets_is_spent_under_the_first_one_that_reserved_it() {
    let keys: Vec<SigningKey> = (0..4).map(|i| crate::desk::key(40 + i)).collect();
    let mut standing = Standing::new(CHARTER, 3);
    keys.iter().for_each(|key| standing.add_administrator(key.verifying_key()));
    let keysets = [KEYSET, Digest([6; 32])];
    let named = keysets.iter().zip(keys.chunks(2)).map(|(keyset, two)| {
        let signers = (1..).zip(two.iter().map(|key| key.verifying_key().holder_id())).collect();
        (KeysetId(keyset.0), KeysetSigners { threshold: 2, signers })
    });
    let mut signers = Signers::default();
    signers.add(standing, named.collect());
    for second in CONTEXTS {
        let said = |n: usize| {
            let context = if n < 2 { CONTEXTS[0] } else { second };
            spends(&keys[n], n as u16 % 2 + 1, keysets[n / 2], context)
        };
        let of = |what: usize, who: [usize; 4]| who.map(|n| said(n)[what].clone());
        let found = audit(of(0, [0, 2, 1, 3]).into_iter().chain(of(1, [2, 3, 0, 1])), &signers);
        let refused: Vec<_> = found.findings.iter().filter_map(|f| Some((f.record?, f.code()))).collect();
        assert_eq!(refused, [(4, "double-spend"), (5, "double-spend")]);
        assert_eq!(found.spent.values().collect::<Vec<_>>(), [&(CONTEXTS[0], KeysetId(KEYSET.0))]);
    }
}

/// Two lists of blinded elements for one award, of the same value: the one that was ordered, and another.
fn issuance(issuer: u16, list: u8) -> IssuanceBody {
    let batch = IssuedBatch {
        denomination: VALUE,
        blinded: vec![Digest([list; 32])],
        evaluated: vec![Digest([list; 32])],
        proof: Signature([0; 64]),
    };
    IssuanceBody { v: Version, award_ref: AWARD, keyset: KEYSET, issuer, batches: vec![batch] }
}

/// Budget, order and reserved award, as honest people leave them.
fn before_issuing(keys: &[SigningKey], adjudicators: &[SigningKey]) -> Vec<Vec<u8>> {
    let order =
        AwardOrder { award_ref: AWARD, amount: VALUE, batch: issuance(1, 0).batch().unwrap(), policy: Digest([8; 32]) };
    let by = |n: usize| (adjudicators[n].verifying_key().holder_id(), order.sign(&adjudicators[n]));
    let ordered = OrderBody { v: Version, order, signatures: [by(0), by(1)] }.to_json();
    let budget = LedgerBody::of_reference(Movement::BudgetAdded, Digest([7; 32]), Cents(1_000)).to_json();
    let reserved = LedgerBody::of_award(Movement::AwardReserved, AWARD, VALUE).to_json();
    let stated = [budget, reserved].into_iter();
    let stated = stated.flat_map(|body| keys.iter().map(move |k| record(k, RecordKind::Ledger, body.clone())));
    stated.chain([record(&keys[0], RecordKind::Order, ordered)]).collect()
}

/// An award becomes tokens twice only if every signer signs both lists, and no auditor takes it for good: the books are
/// clean exactly where all have signed what was ordered, or nobody has signed anything.
#[test]
fn the_auditor_agrees_with_the_search_about_issuing() {
    let adjudicators: Vec<SigningKey> = (30..32).map(crate::desk::key).collect();
    for n in 2..=6usize {
        let keys = administrators(n);
        let issued = LedgerBody::of_award(Movement::TokensIssued, AWARD, VALUE).to_json();
        let said: Vec<[[Vec<u8>; 2]; 2]> = (keys.iter().zip(1..))
            .map(|(key, i)| {
                [0, 1].map(|list| {
                    let signed = record(key, RecordKind::Issuance, issuance(i, list).to_json());
                    [signed, record(key, RecordKind::Ledger, issued.clone())]
                })
            })
            .collect();
        let before = before_issuing(&keys, &adjudicators);
        for k in 2..=n {
            let signers = charter_of(&keys, k, &adjudicators);
            for answer in answers_of(n) {
                let records = before.iter().chain((0..2).flat_map(|list| said_of(&answer, &said, list)));
                let found = audit(records, &signers);
                let honest = answer.iter().all(|a| *a == 0b01) || answer.iter().all(|a| *a == NOTHING);
                assert_eq!(found.is_clean(), honest, "{k} of {n}: {answer:?}: {:?}", found.findings);
                let usable = |list: usize| answer.iter().all(|a| a & (1 << list) != NOTHING);
                let twice = usable(0) && usable(1);
                assert_eq!(twice, answer.iter().all(|a| *a == BOTH), "one honest signer is enough");
                assert!(found.totals.escrow == VALUE && found.totals.issued <= VALUE, "booked once: {answer:?}");
            }
        }
    }
}
