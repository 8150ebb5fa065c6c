//! `vectors/envelope.json`: envelopes that open, and what must be refused.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::{Value, json};

use super::CONTENT_MAX;
use subrosa_vectors::{CountingRng, hold};

use crate::{
    delivery::{Drop, ScanSecret, vectors::place},
    envelope,
    seal::{SealRecipient, SealSecret},
    secret::Secret32,
    wire::{ENVELOPE_LEN, Envelope, Hint},
};

fn secret(byte: u8) -> Secret32 {
    Secret32::new([byte; 32])
}

const NAME: [u8; 16] = [0x33; 16];

/// Where all the envelopes lie, and to whom they are sealed.
struct Setting {
    key: SealSecret,
    recipient: SealRecipient,
    drop: Drop,
    rng: CountingRng,
}

impl Setting {
    fn new() -> Self {
        let key = SealSecret::from_seed(secret(0x11));
        let recipient = key.recipient().unwrap();
        Self { key, recipient, drop: Drop::own(&secret(0x22)), rng: CountingRng::new() }
    }

    fn seal(&mut self, content: &[u8]) -> Envelope {
        let hint = ScanSecret::from_seed(&secret(9)).public();
        envelope::write(&self.drop, Hint(hint.0), &self.recipient, &NAME, content, &mut self.rng).unwrap()
    }

    /// Sealed as the page says, with a padding or an info that it forbids, behind the header of `good`.
    fn forge(&mut self, good: &Envelope, padded: &[u8], info: &[u8]) -> Vec<u8> {
        let aad = [self.drop.tag().0.as_slice(), &self.drop.capability().hash().0, b"body"].concat();
        let mut body = good.body[..32].to_vec();
        body.extend_from_slice(&self.recipient.seal(info, &aad, padded, &mut self.rng).unwrap());
        body
    }

    /// One that opens to `content`.
    fn accepted(&mut self, what: &str, content: &[u8]) -> Value {
        let e = self.seal(content);
        assert_eq!(envelope::read_key_name(&self.drop, e.body.as_slice()).unwrap(), NAME);
        assert_eq!(*envelope::read(&self.drop, &self.key, e.body.as_slice()).unwrap(), *content);
        json!({
            "what": what,
            "content_length": content.len(),
            "content_sha256": hex::encode(crate::kdf::sha256(content)),
            "body": BASE64.encode(e.body.as_slice()),
        })
    }

    /// What a reader answers to a body that does not open.
    fn answer(&self, body: &[u8]) -> &'static str {
        let read = |_| envelope::read(&self.drop, &self.key, body);
        match envelope::read_key_name(&self.drop, body).and_then(read) {
            Ok(_) => "none",
            Err(envelope::EnvelopeError::Header) => "header",
            Err(envelope::EnvelopeError::Body) => "body",
            Err(_) => "other",
        }
    }
}

/// Bodies made from `good` that must be refused, with the part that does not open.
fn refused(s: &mut Setting, good: &Envelope) -> Vec<(&'static str, Vec<u8>, &'static str)> {
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
    vec![
        ("the key name is altered", altered(0), "header"),
        ("the header's tag is altered", altered(31), "header"),
        ("enc is altered", altered(32), "body"),
        ("the ciphertext is altered", altered(32 + 1120), "body"),
        ("the last byte is altered", altered(ENVELOPE_LEN - 1), "body"),
        ("a padding byte is not zero", s.forge(good, &dirty, b"subrosa/envelope/v1"), "body"),
        ("the length points past the end", s.forge(good, &beyond, b"subrosa/envelope/v1"), "body"),
        ("another info", s.forge(good, &vec![0; padded_len], b"subrosa/envelope/v2"), "body"),
        ("one byte short", good.body[..ENVELOPE_LEN - 1].to_vec(), "header"),
        ("empty", Vec::new(), "header"),
    ]
}

/// A changed byte is said by its place, a cut by its length; the rest is the body itself.
fn shown(what: &str, error: &str, body: &[u8], good: &Envelope) -> Value {
    if body.len() < ENVELOPE_LEN {
        return json!({"what": what, "error": error, "truncate_to": body.len()});
    }
    let differ: Vec<usize> = (0..ENVELOPE_LEN).filter(|i| body[*i] != good.body[*i]).collect();
    match differ[..] {
        [at] => json!({"what": what, "error": error, "flip_lowest_bit_of_byte": at}),
        _ => json!({"what": what, "error": error, "body": BASE64.encode(body)}),
    }
}

#[test]
fn envelope_vectors_hold() {
    let mut s = Setting::new();
    let full: Vec<u8> = (0..CONTENT_MAX).map(|i| (i % 251) as u8).collect();
    let accepted = [
        s.accepted("a short content", b"hello"),
        s.accepted("an empty content", b""),
        s.accepted("the longest content: byte i is i mod 251", &full),
    ];
    let good = s.seal(b"hello");
    let refused: Vec<Value> = refused(&mut s, &good)
        .into_iter()
        .map(|(what, body, error)| {
            assert_eq!(s.answer(&body), error, "{what}");
            shown(what, error, &body, &good)
        })
        .collect();
    hold(
        "envelope.json",
        &json!({
            "about": "docs/spec/envelope.md. Byte strings are hexadecimal, `body` and `good_body` base64. All lie at `place` (the own place of `place_secret`) and are sealed to the X-Wing key of `xwing_seed`. HPKE is randomised: open these, do not compare your own. `refused` cases with a byte or a length are made from `good_body`.",
            "place_secret": hex::encode([0x22; 32]),
            "place": place(&s.drop),
            "xwing_seed": hex::encode([0x11; 32]),
            "xwing_public_sha256": hex::encode(crate::kdf::sha256(s.recipient.0.as_slice())),
            "key_name": hex::encode(NAME),
            "accepted": accepted,
            "good_body": BASE64.encode(good.body.as_slice()),
            "refused": refused,
        }),
    );
}
