//! `vectors/pow.json`: challenges of checkpoints, and what was worked on them.
#![expect(clippy::panic, reason = "tests")]

use serde_json::{Value, json};
use subrosa_vectors::hold;

use super::{Challenge, solve, verify};
use crate::{kdf, log};

const DIFFICULTY: u8 = 10;

#[test]
fn pow_vectors_hold() {
    let (payload, old) = (kdf::sha256(b"payload"), [1; 32]);
    let heads = [(0, log::empty_root()), (16, old), (17, old), (16, [2; 32])];
    let challenges: Vec<Challenge> = heads.iter().map(|(size, root)| Challenge::of_checkpoint(*size, root)).collect();
    let Some((first, others)) = challenges.split_first() else { panic!("no challenge") };
    assert_eq!(*first, Challenge::of_no_checkpoint());
    let nonce = |challenge| solve(challenge, &payload, DIFFICULTY);
    let accepted: Vec<Value> = heads
        .iter()
        .zip(&challenges)
        .map(|((size, root), challenge)| {
            json!({
                "size": size, "root": hex::encode(root), "challenge": hex::encode(challenge.0),
                "nonce": nonce(challenge),
            })
        })
        .collect();
    // The work of one checkpoint is none under another: of the next size, of another root, and of no log at all.
    let refused: Vec<Value> = others
        .iter()
        .zip(heads.iter().skip(1))
        .map(|(challenge, (size, root))| {
            let foreign =
                (0..).find(|n| verify(first, &payload, *n, DIFFICULTY) && !verify(challenge, &payload, *n, 1));
            json!({"size": size, "root": hex::encode(root), "nonce": foreign})
        })
        .collect();
    hold(
        "pow.json",
        &json!({
            "about": "docs/spec/board.md, Proof of work. Each nonce of `accepted` is the smallest that has `difficulty` zero bits over `payload_sha256`. Each of `refused` has as many under the challenge of the empty log, and none under that of its own checkpoint.",
            "payload_sha256": hex::encode(payload),
            "difficulty": DIFFICULTY,
            "accepted": accepted,
            "refused": refused,
        }),
    );
}
