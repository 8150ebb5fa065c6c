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

#[test]
fn bundle_vectors_hold() {
    const NOW: u64 = 1_790_000_000;
    let signer = SigningKey::from_seed(&secret(0x41));
    let other = SigningKey::from_seed(&secret(0x42));
    let SealRecipient(xwing) = SealSecret::from_seed(secret(0x44)).recipient().unwrap();
    let make = |kind, expires, by: &SigningKey| {
        let holder = by.verifying_key().holder_id();
        let mut b =
            Bundle { holder, kind, id: [0x43; 16], olm: [0x45; 32], xwing: xwing.clone(), expires, signature: [0; 64] };
        b.signature = by.sign(Domain::BUNDLE, &b.signed_part());
        b
    };
    let one_time = make(BundleKind::OneTime, NOW + 1, &signer);
    let mut cases = Vec::new();
    let mut case = |what: &str, bytes: Vec<u8>, expected: &str| {
        let found = match Bundle::decode(&bytes) {
            Err(_) => "malformed".to_owned(),
            Ok(b) => match VerifiedBundle::verify(b, &signer.verifying_key(), NOW) {
                Ok(v) if v.is_one_time() => "one-time".into(),
                Ok(_) => "fallback".into(),
                Err(e) => format!("{e:?}").to_lowercase(),
            },
        };
        assert_eq!(found, expected, "{what}");
        cases.push(json!({"what": what, "bundle": BASE64.encode(&bytes), "expected": expected}));
    };
    case("one-time, one second before it expires", one_time.encode(), "one-time");
    case("fallback", make(BundleKind::Fallback, NOW + 86_400, &signer).encode(), "fallback");
    case("expires now", make(BundleKind::OneTime, NOW, &signer).encode(), "expired");
    case("somebody else's", make(BundleKind::OneTime, NOW + 1, &other).encode(), "wrongholder");
    case(
        "somebody else's, with our holder id",
        {
            let mut b = make(BundleKind::OneTime, NOW + 1, &other);
            b.holder = signer.verifying_key().holder_id();
            b.signature = other.sign(Domain::BUNDLE, &b.signed_part());
            b.encode()
        },
        "signature",
    );
    case(
        "signed for another purpose",
        {
            let mut b = one_time.clone();
            b.signature = signer.sign(Domain::BUNDLE_PUBLISH, &b.signed_part());
            b.encode()
        },
        "signature",
    );
    case(
        "wrong holder and expired: the holder counts",
        {
            let mut b = make(BundleKind::OneTime, 0, &signer);
            b.holder = HolderId([0; 16]);
            b.encode()
        },
        "wrongholder",
    );
    for (what, at) in [
        ("the kind was turned into fallback", 17),
        ("the id was altered", 18),
        ("the Olm key was altered", 34),
        ("the X-Wing key was altered", 66),
        ("the date was altered", 1289),
    ] {
        let mut b = one_time.encode();
        b[at] = if at == 17 { 2 } else { b[at] ^ 1 };
        case(what, b, "signature");
    }
    for (what, at, byte) in [("version 2", 0, 2), ("kind 0", 17, 0), ("kind 3", 17, 3)] {
        let mut b = one_time.encode();
        b[at] = byte;
        case(what, b, "malformed");
    }
    case("one byte short", one_time.encode()[..Bundle::LEN - 1].to_vec(), "malformed");
    case("one byte too many", [one_time.encode(), vec![0]].concat(), "malformed");
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
