//! `vectors/charter/charter.json`: charters that verify, and what must be refused.
#![expect(clippy::unwrap_used, reason = "tests")]

use super::{
    tests::{ISSUED, NOW, administrator, document, first, root, seed, signing, successor, verify, verify_at},
    *,
};

/// A note that the root key signed whatever it says.
fn by_hand(text: String) -> Vec<u8> {
    let signer = NoteSigner::new("whistle.example/demo/charter", root().0).unwrap();
    Note::sign(text, &[&signer]).unwrap().to_bytes()
}

/// Name, note, the reader's clock, and what the reader saw last.
type Case = (&'static str, Vec<u8>, u64, Option<LastSeen>);

/// The first charter, its successor, and others in the successor's place.
fn chain(one: &Charter) -> Vec<Case> {
    let sign = |d: &CharterDocument| d.sign(&root().0).unwrap();
    let two = verify(&sign(&successor(one)), Some(&one.seen())).unwrap();
    let text = String::from_utf8(one.bytes().to_vec()).unwrap();
    let fork = CharterDocument { notice: "Another.".into(), ..two.document().clone() };
    let broken = CharterDocument { previous: [9; 32], ..two.document().clone() };
    let skipped = CharterDocument { version: 3, ..two.document().clone() };
    vec![
        ("as made", one.bytes().to_vec(), NOW, None),
        ("seen before", one.bytes().to_vec(), NOW, Some(one.seen())),
        ("its successor", two.bytes().to_vec(), NOW, Some(one.seen())),
        ("one letter altered", text.replace("\"Ada\"", "\"Eve\"").into_bytes(), NOW, None),
        ("signed by another key", document().sign(&signing("other", 0)).unwrap(), NOW, None),
        ("at its end", one.bytes().to_vec(), one.document().expires, None),
        ("two days before it was issued", one.bytes().to_vec(), ISSUED - 2 * 86_400, None),
        ("rolled back", one.bytes().to_vec(), NOW, Some(two.seen())),
        ("forked", sign(&fork), NOW, Some(two.seen())),
        ("broken chain", sign(&broken), NOW, Some(one.seen())),
        ("a version left out", sign(&skipped), NOW, Some(one.seen())),
    ]
}

/// Documents that the root key signed and that are no charter.
fn against_the_rules(one: &Charter) -> Vec<Case> {
    let mut lone = document();
    lone.threshold = 1;
    let mut even = document();
    even.administrators.push(administrator(4, "Gil"));
    even.last_number = 4;
    let mut short = document();
    short.keysets.iter_mut().for_each(|k| k.accept_until = short.expires);
    let extra = document().to_text().replacen("\"version\"", "\"extra\": 1, \"version\"", 1);
    let older = document().to_text().replacen("\"format\": 2", "\"format\": 1", 1);
    vec![
        ("an unknown member", by_hand(extra), NOW, None),
        ("a threshold of 1", by_hand(lone.to_text()), NOW, None),
        ("a threshold of 2 of 4", by_hand(even.to_text()), NOW, None),
        ("tokens that end with the charter", by_hand(short.to_text()), NOW, None),
        ("format 1", by_hand(older), NOW, None),
        ("an empty line at the end", [one.bytes(), b"\n"].concat(), NOW, None),
    ]
}

fn outcome(verified: Result<Charter, CharterError>) -> &'static str {
    match verified {
        Ok(_) => "verified",
        Err(CharterError::TooLong) => "too long",
        Err(CharterError::Note(_) | CharterError::Form) => "not a charter",
        Err(CharterError::Format(_)) => "other format",
        Err(CharterError::Document(_)) => "not understood",
        Err(CharterError::Unsigned) => "unsigned",
        Err(CharterError::BadSignature) => "bad signature",
        Err(CharterError::Fault(_)) => "rule broken",
        Err(CharterError::Expired) => "expired",
        Err(CharterError::NotYetValid) => "not yet valid",
        Err(CharterError::RolledBack { .. }) => "rolled back",
        Err(CharterError::Forked(_)) => "forked",
        Err(CharterError::BrokenChain(_)) => "broken chain",
        Err(CharterError::MissingVersions { .. }) => "versions missing",
    }
}

#[test]
fn charter_vectors_hold() {
    use serde_json::json;
    let one = first();
    let cases: Vec<_> = chain(&one)
        .into_iter()
        .chain(against_the_rules(&one))
        .map(|(name, note, now, seen)| {
            let expected = outcome(verify_at(&note, now, seen.as_ref()));
            json!({ "name": name, "now": now, "last_seen": seen, "expected": expected, "note": String::from_utf8(note).unwrap() })
        })
        .collect();
    subrosa_vectors::hold(
        "charter/charter.json",
        &json!({
            "root_fingerprint": root().1.fingerprint(),
            "root_seed": hex::encode(seed("root", 0).expose()),
            "digest": hex::encode(one.digest()),
            "holder_ids": one.holders().map(|h| json!({ "name": h.name(), "id": h.keys().holder_id() })).collect::<Vec<_>>(),
            "cases": cases,
        }),
    );
}
