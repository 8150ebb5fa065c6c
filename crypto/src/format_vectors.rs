//! Vectors for places, envelopes and bundles: `vectors/delivery.json`, `vectors/envelope.json`, `vectors/bundle.json`.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::{Value, json};

use crate::{
    bundle::VerifiedBundle,
    delivery::{Drop, DropChain, ScanPublic, ScanSecret, is_valid_hint},
    envelope::{self, CONTENT_MAX},
    seal::{SealRecipient, SealSecret},
    secret::Secret32,
    sign::{Domain, HolderId, SigningKey},
    test_vectors::{CountingRng, hold},
    wire::{Bundle, BundleKind, ENVELOPE_LEN, Hint},
};

fn place(drop: &Drop) -> Value {
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

#[test]
fn envelope_vectors_hold() {
    let mut rng = CountingRng::new();
    let key = SealSecret::from_seed(secret(0x11));
    let recipient = key.recipient().unwrap();
    let drop = Drop::own(&secret(0x22));
    let name = [0x33; 16];
    let hint = ScanSecret::from_seed(&secret(9)).public();
    let seal = |content: &[u8], rng: &mut CountingRng| {
        envelope::write(&drop, Hint(hint.0), &recipient, &name, content, rng).unwrap()
    };
    let full: Vec<u8> = (0..CONTENT_MAX).map(|i| (i % 251) as u8).collect();
    let accepted: Vec<Value> = [
        ("a short content", b"hello".to_vec()),
        ("an empty content", Vec::new()),
        ("the longest content: byte i is i mod 251", full),
    ]
    .iter()
    .map(|(what, content)| {
        let e = seal(content, &mut rng);
        assert_eq!(envelope::read_key_name(&drop, e.body.as_slice()).unwrap(), name);
        assert_eq!(*envelope::read(&drop, &key, e.body.as_slice()).unwrap(), *content);
        json!({
            "what": what,
            "content_length": content.len(),
            "content_sha256": hex::encode(crate::kdf::sha256(content)),
            "body": BASE64.encode(e.body.as_slice()),
        })
    })
    .collect();

    // Sealed as the page says, with a padding that it forbids.
    let aad = |part: &[u8]| [drop.tag().0.as_slice(), &drop.capability().hash().0, part].concat();
    let good = seal(b"hello", &mut rng);
    let forge = |padded: Vec<u8>, info: &[u8], rng: &mut CountingRng| {
        let mut body = good.body[..32].to_vec();
        body.extend_from_slice(&recipient.seal(info, &aad(b"body"), &padded, rng).unwrap());
        body
    };
    let padded_len = CONTENT_MAX + 4;
    let mut dirty = vec![0; padded_len];
    dirty[padded_len - 1] = 1;
    let mut beyond = vec![0; padded_len];
    beyond[..4].copy_from_slice(&(CONTENT_MAX as u32 + 1).to_be_bytes());
    let altered = |at: usize| {
        let mut b = good.body.to_vec();
        b[at] ^= 1;
        b
    };
    let mut refused = Vec::new();
    for (what, body, error) in [
        ("the key name is altered", altered(0), "header"),
        ("the header's tag is altered", altered(31), "header"),
        ("enc is altered", altered(32), "body"),
        ("the ciphertext is altered", altered(32 + 1120), "body"),
        ("the last byte is altered", altered(ENVELOPE_LEN - 1), "body"),
        ("a padding byte is not zero", forge(dirty, b"subrosa/envelope/v1", &mut rng), "body"),
        ("the length points past the end", forge(beyond, b"subrosa/envelope/v1", &mut rng), "body"),
        ("another info", forge(vec![0; padded_len], b"subrosa/envelope/v2", &mut rng), "body"),
        ("one byte short", good.body[..ENVELOPE_LEN - 1].to_vec(), "header"),
        ("empty", Vec::new(), "header"),
    ] {
        let found = match envelope::read_key_name(&drop, &body).and_then(|_| envelope::read(&drop, &key, &body)) {
            Ok(_) => "none",
            Err(envelope::EnvelopeError::Header) => "header",
            Err(envelope::EnvelopeError::Body) => "body",
            Err(_) => "other",
        };
        assert_eq!(found, error, "{what}");
        // A changed byte is said by its place; the rest is the body itself.
        let at = (body.len() == ENVELOPE_LEN).then(|| {
            let differ: Vec<usize> = (0..ENVELOPE_LEN).filter(|i| body[*i] != good.body[*i]).collect();
            (differ.len() == 1).then(|| differ[0])
        });
        refused.push(match at.flatten() {
            Some(at) => json!({"what": what, "error": error, "flip_lowest_bit_of_byte": at}),
            None if body.len() < ENVELOPE_LEN => json!({"what": what, "error": error, "truncate_to": body.len()}),
            None => json!({"what": what, "error": error, "body": BASE64.encode(&body)}),
        });
    }
    hold(
        "envelope.json",
        &json!({
            "about": "docs/spec/envelope.md. Byte strings are hexadecimal, `body` and `good_body` base64. All lie at `place` (the own place of `place_secret`) and are sealed to the X-Wing key of `xwing_seed`. HPKE is randomised: open these, do not compare your own. `refused` cases with a byte or a length are made from `good_body`.",
            "place_secret": hex::encode([0x22; 32]),
            "place": place(&drop),
            "xwing_seed": hex::encode([0x11; 32]),
            "xwing_public_sha256": hex::encode(crate::kdf::sha256(recipient.0.as_slice())),
            "key_name": hex::encode(name),
            "accepted": accepted,
            "good_body": BASE64.encode(good.body.as_slice()),
            "refused": refused,
        }),
    );
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
