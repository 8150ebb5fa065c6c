//! `vectors/delivery.json`: places on the board and what leads to them.
#![expect(clippy::unwrap_used, reason = "tests")]

use serde_json::{Value, json};

use super::{Drop, DropChain, ScanPublic, ScanSecret, is_valid_hint};
use subrosa_vectors::{CountingRng, hold};

use crate::{secret::Secret32, wire::Hint};

/// A place as the vectors write it down.
pub(crate) fn place(drop: &Drop) -> Value {
    json!({
        "tag": hex::encode(drop.tag().0),
        "capability": hex::encode(drop.capability().expose()),
        "capability_hash": hex::encode(drop.capability().hash().0),
        "header_key": hex::encode(drop.header_key().expose()),
    })
}

fn secret(byte: u8) -> Secret32 {
    Secret32::new([byte; 32])
}

#[test]
fn delivery_vectors_hold() {
    let mut rng = CountingRng::new();
    let scans: Vec<Value> = (1..=2u8)
        .map(|seed| {
            let key = ScanSecret::from_seed(&secret(seed));
            let found: Vec<Value> = (0..2)
                .map(|_| {
                    let (hint, sent) = key.public().address(&mut rng).unwrap();
                    let found = key.drop_for(&hint).unwrap();
                    assert_eq!(place(&found), place(&sent));
                    json!({"hint": hex::encode(hint.0), "place": place(&found)})
                })
                .collect();
            json!({"seed": hex::encode([seed; 32]), "public": hex::encode(key.public().0), "found": found})
        })
        .collect();
    let owns: Vec<Value> = [0u8, 7, 0xff]
        .iter()
        .map(|b| json!({"secret": hex::encode([*b; 32]), "place": place(&Drop::own(&secret(*b)))}))
        .collect();
    let chains: Vec<Value> = [3u8, 4]
        .iter()
        .map(|b| {
            let places: Vec<Value> = DropChain::new(secret(*b)).peek(10).iter().map(|(_, d)| place(d)).collect();
            json!({"element_0": hex::encode([*b; 32]), "places": places})
        })
        .collect();
    let mut order_plus_one = [0u8; 32];
    order_plus_one[0] = 1;
    let mut top_bit = ScanSecret::from_seed(&secret(1)).public().0;
    top_bit[31] |= 0x80;
    let refused: Vec<Value> = [
        ("the identity", [0; 32]),
        ("not below 2^255 - 19", [0xff; 32]),
        ("a negative field element", order_plus_one),
        ("a top bit that is set", top_bit),
    ]
    .iter()
    .map(|(why, bytes)| {
        assert!(!is_valid_hint(&Hint(*bytes)), "{why}");
        assert!(ScanSecret::from_seed(&secret(1)).drop_for(&Hint(*bytes)).is_none(), "{why}");
        assert!(ScanPublic(*bytes).address(&mut rng).is_none(), "{why}");
        json!({"why": why, "element": hex::encode(bytes)})
    })
    .collect();
    hold(
        "delivery.json",
        &json!({
            "about": "docs/spec/delivery.md. Byte strings are hexadecimal. `scan`: a listed row with this hint is for this receiver if its tag is the place's. `refused` is refused as a hint and as a scan key.",
            "scan": scans, "own": owns, "chains": chains, "refused": refused,
        }),
    );
}
