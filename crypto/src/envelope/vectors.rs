//! `vectors/envelope.json`: envelopes that open, and what must be refused.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::{Value, json};

use super::CONTENT_MAX;
use subrosa_vectors::{CountingRng, hold};

use crate::{
    delivery::{Drop, ScanSecret, vectors::place},
    envelope,
    seal::SealSecret,
    secret::Secret32,
    wire::{ENVELOPE_LEN, Hint},
};

fn secret(byte: u8) -> Secret32 {
    Secret32::new([byte; 32])
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
