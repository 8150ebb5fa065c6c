//! `vectors/keeper.json`: proofs that some case officer asks, and what must be refused.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use serde_json::{Value, json};
use subrosa_vectors::{CountingRng, hold};

use super::{KeeperError, KeeperProof, Keepers};
use crate::{
    secret::Secret32,
    sign::{SigningKey, VerifyingKey},
};

fn key(n: u8) -> SigningKey {
    SigningKey::from_seed(&Secret32::new([n; 32]))
}

#[test]
fn keeper_vectors_hold() {
    let publics: Vec<VerifyingKey> = (1..=3).map(|n| key(n).verifying_key()).collect();
    let ring = Keepers::new(publics.clone()).unwrap();
    let message = b"turn";
    let proofs: Vec<KeeperProof> =
        (1..=3u8).map(|n| ring.prove(7, message, &key(n), &mut CountingRng::from(u64::from(n))).unwrap()).collect();
    let accepted: Vec<Value> = proofs
        .iter()
        .map(|p| {
            assert_eq!(ring.verify(message, p), Ok(()));
            json!({ "proof": hex::encode(p.encode()) })
        })
        .collect();
    let good = proofs[0].encode();
    let with = |at: usize, bytes: &[u8]| {
        let mut b = good.clone();
        b[at..at + bytes.len()].copy_from_slice(bytes);
        b
    };
    // The group order, little-endian: the smallest number that is not reduced.
    let order = hex::decode("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010").unwrap();
    let two = Keepers::new(publics[..2].to_vec()).unwrap();
    let short = two.prove(7, message, &key(1), &mut CountingRng::new()).unwrap().encode();
    let refused: Vec<Value> = [
        ("another charter version", with(7, &[8])),
        ("another challenge", with(8, &[good[8] ^ 1])),
        ("another response", with(41, &[good[41] ^ 1])),
        ("a challenge that is not reduced", with(8, &order)),
        ("a response that is not reduced", with(41, &order)),
        ("a proof of two officers", short),
        ("cut by a byte", good[..good.len() - 1].to_vec()),
        ("one byte after the end", [good.clone(), vec![0]].concat()),
        ("no officers", good[..40].iter().copied().chain([0]).collect()),
    ]
    .into_iter()
    .map(|(what, bytes)| {
        let holds = KeeperProof::decode(&bytes).is_ok_and(|p| ring.verify(message, &p).is_ok());
        assert!(!holds, "{what}");
        json!({ "what": what, "proof": hex::encode(bytes) })
    })
    .collect();
    assert_eq!(ring.verify(b"purge", &proofs[0]), Err(KeeperError::Bad));
    hold(
        "keeper.json",
        &json!({
            "about": "docs/spec/keeper.md. The officers' keys are those of the seeds 01, 02 and 03 repeated. Each proof in `accepted` holds for `message` (hexadecimal) and charter version 7, and was made by another of the three. Each of `refused` does not. None of `accepted` holds for another message.",
            "officers": publics.iter().map(|k| hex::encode(k.0)).collect::<Vec<_>>(),
            "message": hex::encode(message),
            "accepted": accepted,
            "refused": refused,
        }),
    );
}
