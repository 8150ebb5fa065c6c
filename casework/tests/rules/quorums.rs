//! Searched to the end for small numbers: tokens are issued or spent twice exactly where two quorums need not meet.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeSet;

use subrosa_casework::{
    bytes::{Blob, Digest, Signature},
    ledger::{KeysetSigners, Signers, Standing, audit},
    money::Cents,
    records::{RedeemedBatch, RedeemedToken, RedemptionBody, ReservationBody, Version},
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

/// The same search with real records: whatever signers do, the auditor accepts proofs for two redemptions of one token
/// only if quorums can be apart, and names each signer that said two things.
#[test]
fn the_auditor_agrees_with_the_search() {
    for n in 2..=4usize {
        let keys: Vec<SigningKey> = (0..n).map(|i| crate::desk::key(40 + i as u8)).collect();
        let said: Vec<[[Vec<u8>; 2]; 2]> =
            keys.iter().zip(1..).map(|(key, i)| CONTEXTS.map(|context| spends(key, i, KEYSET, context))).collect();
        for k in 2..=n {
            let mut standing = Standing::new(CHARTER, k);
            keys.iter().for_each(|key| standing.add_administrator(key.verifying_key()));
            let numbers = (1..).zip(keys.iter().map(|key| key.verifying_key().holder_id())).collect();
            let mut signers = Signers::default();
            signers.add(standing, vec![(KeysetId(KEYSET.0), KeysetSigners { threshold: k, signers: numbers })]);
            for answer in answers(n, n) {
                let of = |what: usize| {
                    let each = answer.iter().zip(&said);
                    each.flat_map(move |(a, s)| {
                        (0..2).filter(|c| a & (1 << c) != NOTHING).map(move |c| s[c][what].clone()).collect::<Vec<_>>()
                    })
                };
                let found = audit(of(0).chain(of(1)), &signers);
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
