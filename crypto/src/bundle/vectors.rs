//! `vectors/bundle.json`: signed key bundles, and what must be refused.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::json;

use super::VerifiedBundle;
use subrosa_vectors::hold;

use crate::{
    seal::{SealRecipient, SealSecret},
    secret::Secret32,
    sign::{Domain, HolderId, SigningKey},
    wire::{Bundle, BundleKind},
};

fn secret(byte: u8) -> Secret32 {
    Secret32::new([byte; 32])
}

const NOW: u64 = 1_790_000_000;

/// The holder by whose key every bundle is checked.
fn signer() -> SigningKey {
    SigningKey::from_seed(&secret(0x41))
}

fn stranger() -> SigningKey {
    SigningKey::from_seed(&secret(0x42))
}

fn make(kind: BundleKind, expires: u64, by: &SigningKey) -> Bundle {
    let SealRecipient(xwing) = SealSecret::from_seed(secret(0x44)).recipient().unwrap();
    let holder = by.verifying_key().holder_id();
    let mut b = Bundle { holder, kind, id: [0x43; 16], olm: [0x45; 32], xwing, expires, signature: [0; 64] };
    b.signature = by.sign(Domain::BUNDLE, &b.signed_part());
    b
}

fn one_time() -> Bundle {
    make(BundleKind::OneTime, NOW + 1, &signer())
}

/// Name, bytes, and what is answered.
type Case = (&'static str, Vec<u8>, &'static str);

/// Bundles made by their holder and by others.
fn made() -> Vec<Case> {
    let (signer, stranger) = (signer(), stranger());
    let mut posed = make(BundleKind::OneTime, NOW + 1, &stranger);
    posed.holder = signer.verifying_key().holder_id();
    posed.signature = stranger.sign(Domain::BUNDLE, &posed.signed_part());
    let mut elsewhere = one_time();
    elsewhere.signature = signer.sign(Domain::BUNDLE_PUBLISH, &elsewhere.signed_part());
    let mut nobody = make(BundleKind::OneTime, 0, &signer);
    nobody.holder = HolderId([0; 16]);
    vec![
        ("one-time, one second before it expires", one_time().encode(), "one-time"),
        ("fallback", make(BundleKind::Fallback, NOW + 86_400, &signer).encode(), "fallback"),
        ("expires now", make(BundleKind::OneTime, NOW, &signer).encode(), "expired"),
        ("somebody else's", make(BundleKind::OneTime, NOW + 1, &stranger).encode(), "wrongholder"),
        ("somebody else's, with our holder id", posed.encode(), "signature"),
        ("signed for another purpose", elsewhere.encode(), "signature"),
        ("wrong holder and expired: the holder counts", nobody.encode(), "wrongholder"),
    ]
}

/// The first of them, with bytes changed.
fn changed() -> Vec<Case> {
    let good = one_time().encode();
    let with = |at: usize, byte: u8| {
        let mut b = good.clone();
        b[at] = byte;
        b
    };
    vec![
        ("the kind was turned into fallback", with(17, 2), "signature"),
        ("the id was altered", with(18, good[18] ^ 1), "signature"),
        ("the Olm key was altered", with(34, good[34] ^ 1), "signature"),
        ("the X-Wing key was altered", with(66, good[66] ^ 1), "signature"),
        ("the date was altered", with(1289, good[1289] ^ 1), "signature"),
        ("version 2", with(0, 2), "malformed"),
        ("kind 0", with(17, 0), "malformed"),
        ("kind 3", with(17, 3), "malformed"),
        ("one byte short", good[..Bundle::LEN - 1].to_vec(), "malformed"),
        ("one byte too many", [good.clone(), vec![0]].concat(), "malformed"),
    ]
}

/// What a reader answers.
fn outcome(bytes: &[u8]) -> String {
    match Bundle::decode(bytes) {
        Err(_) => "malformed".to_owned(),
        Ok(b) => match VerifiedBundle::verify(b, &signer().verifying_key(), NOW) {
            Ok(v) if v.is_one_time() => "one-time".into(),
            Ok(_) => "fallback".into(),
            Err(e) => format!("{e:?}").to_lowercase(),
        },
    }
}

#[test]
fn bundle_vectors_hold() {
    let signer = signer();
    let cases: Vec<_> = [made(), changed()]
        .concat()
        .into_iter()
        .map(|(what, bytes, expected)| {
            assert_eq!(outcome(&bytes), expected, "{what}");
            json!({"what": what, "bundle": BASE64.encode(&bytes), "expected": expected})
        })
        .collect();
    hold(
        "bundle.json",
        &json!({
            "about": "docs/spec/bundle.md. Byte strings are hexadecimal, bundles base64. Each is checked against `verifying_key` at `now`.",
            "signing_seed": hex::encode([0x41; 32]),
            "verifying_key": hex::encode(signer.verifying_key().0),
            "holder": hex::encode(signer.verifying_key().holder_id().0),
            "xwing_seed": hex::encode([0x44; 32]),
            "now": NOW,
            "cases": cases,
        }),
    );
}
