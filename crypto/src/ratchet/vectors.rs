//! `vectors/ratchet.json`: a conversation that was recorded once. Olm draws its own randomness, so it cannot be made
//! again: without the file, `SUBROSA_WRITE_VECTORS=1` records another; with it, only what the recording opens to is
//! checked.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use rand_core::UnwrapErr;
use serde_json::{Value, json};
use vodozemac::{
    Curve25519PublicKey,
    olm::{Account, SessionConfig},
};

use crate::{
    bundle::{ReceivingKeys, VerifiedBundle},
    delivery::{Drop, ScanSecret},
    encoding::put_var,
    envelope,
    ratchet::{Contact, RatchetError, Session},
    seal::{SealRecipient, SealSecret},
    secret::Secret32,
    sign::SigningKey,
    wire::{CapHash, ENVELOPE_LEN, Envelope, Hint, Tag},
};

fn cbor(value: &impl serde::Serialize) -> String {
    let mut out = Vec::new();
    ciborium::into_writer(value, &mut out).unwrap();
    hex::encode(out)
}

fn from_cbor<T: serde::de::DeserializeOwned>(value: &Value) -> T {
    ciborium::from_reader(bytes(value).as_slice()).unwrap()
}

fn bytes(value: &Value) -> Vec<u8> {
    hex::decode(value.as_str().unwrap()).unwrap()
}

fn envelope_json(e: &Envelope) -> Value {
    json!({
        "tag": hex::encode(e.tag.0),
        "hint": hex::encode(e.hint.0),
        "capability_hash": hex::encode(e.cap_hash.0),
        "body": BASE64.encode(e.body.as_slice()),
    })
}

fn envelope_of(value: &Value) -> Envelope {
    let fixed = |name: &str| bytes(&value[name]);
    let body = BASE64.decode(value["body"].as_str().unwrap()).unwrap();
    Envelope {
        tag: Tag(fixed("tag").try_into().unwrap()),
        hint: Hint(fixed("hint").try_into().unwrap()),
        cap_hash: CapHash(fixed("capability_hash").try_into().unwrap()),
        body: body.into_boxed_slice().try_into().unwrap(),
    }
}

/// The numbers of a secret key as serde writes them.
fn numbers(value: &Value) -> String {
    hex::encode(
        value.as_array().unwrap().iter().map(|n| u8::try_from(n.as_u64().unwrap()).unwrap()).collect::<Vec<_>>(),
    )
}

/// An envelope of first contact whose ratchet content is what `plaintext` says.
fn forged(contact: &Contact, bundle: &VerifiedBundle, plaintext: &[u8], kind: Option<u8>) -> Envelope {
    let mut rng = UnwrapErr(getrandom::SysRng);
    let (hint, drop) = contact.scan.address(&mut rng).unwrap();
    let key = Curve25519PublicKey::from_bytes;
    let mut olm = Account::new()
        .create_outbound_session(SessionConfig::version_1(), key(contact.olm), key(bundle.get().olm))
        .unwrap();
    let (true_kind, ciphertext) = olm.encrypt(plaintext).unwrap().to_parts();
    let mut content = vec![kind.unwrap_or(u8::try_from(true_kind).unwrap())];
    content.extend_from_slice(&ciphertext);
    let seal = SealRecipient(bundle.get().xwing.clone());
    envelope::write(&drop, hint, &seal, &bundle.get().id, &content, &mut rng).unwrap()
}

/// Frames that no honest sender makes; each in an envelope of its own to the same bundle.
fn first_contact_cases(contact: &Contact, bundle: &VerifiedBundle) -> Value {
    let frame = |version: u8, body_len: u32, body: &[u8], after: &[u8]| {
        let SealRecipient(seal) = SealSecret::from_seed(Secret32::new([9; 32])).recipient().unwrap();
        let mut f = vec![version, 0, 0, 0, 1];
        f.extend_from_slice(seal.as_slice());
        f.extend_from_slice(&[8; 32]);
        if usize::try_from(body_len).unwrap() == body.len() {
            put_var(&mut f, body).unwrap();
        } else {
            f.extend_from_slice(&body_len.to_be_bytes());
            f.extend_from_slice(body);
        }
        f.extend_from_slice(after);
        f
    };
    let forge = |plaintext: Vec<u8>, kind| envelope_json(&forged(contact, bundle, &plaintext, kind));
    json!([
        {"what": "a frame made by hand", "expected": "opens", "body": hex::encode(b"x"), "envelope": forge(frame(1, 1, b"x", b""), None)},
        {"what": "a frame of version 2", "expected": "frame", "envelope": forge(frame(2, 1, b"x", b""), None)},
        {"what": "a byte after the body", "expected": "frame", "envelope": forge(frame(1, 1, b"x", b"y"), None)},
        {"what": "a length past the end", "expected": "frame", "envelope": forge(frame(1, 2, b"x", b""), None)},
        {"what": "type 1 at first contact", "expected": "ratchet", "envelope": forge(frame(1, 1, b"x", b""), Some(1))},
        {"what": "type 2", "expected": "ratchet", "envelope": forge(frame(1, 1, b"x", b""), Some(2))},
    ])
}

fn record() -> Value {
    let mut rng = UnwrapErr(getrandom::SysRng);
    let signer = SigningKey::from_seed(&Secret32::new([0x51; 32]));
    let scan = ScanSecret::from_seed(&Secret32::new([0x52; 32]));
    let mut keys = ReceivingKeys::generate();
    let expires = 4_000_000_000;
    let bundle = keys.make_one_time(1, expires, &signer, &mut rng).unwrap().remove(0);
    let bundle = VerifiedBundle::verify(bundle, &signer.verifying_key(), 0).unwrap();
    let account = serde_json::to_value(keys.account.pickle()).unwrap();
    let receiver = json!({
        "scan_seed": hex::encode([0x52; 32]),
        "signing_seed": hex::encode([0x51; 32]),
        "keys_cbor": cbor(&keys),
        "olm_identity_secret": numbers(&account["diffie_hellman_key"]),
        "olm_one_time_secret": numbers(account["one_time_keys"]["private_keys"].as_object().unwrap().values().next().unwrap()),
        "xwing_seed": hex::encode(keys.seal_key(&bundle.get().id).unwrap().seed().expose()),
        "bundle": BASE64.encode(bundle.get().encode()),
    });
    let contact = Contact { olm: keys.olm_identity(), scan: scan.public() };

    let (mut source, first) = Session::initiate(&contact, &bundle, b"the first message", &mut rng).unwrap();
    let second = source.send(b"the second, before any answer", &mut rng).unwrap();
    let source_waiting = cbor(&source);
    let drop = scan.drop_for(&first.hint).unwrap();
    let (mut officer, _) = Session::accept(&mut keys, &drop, first.body.as_slice()).unwrap();
    let officer_after_first = cbor(&officer);
    let (_, place, _) = officer.expected().into_iter().find(|(tag, ..)| *tag == second.tag).unwrap();
    officer.receive(place, second.body.as_slice()).unwrap();
    let reply = officer.send(b"the answer", &mut rng).unwrap();
    json!({
        "about": "docs/spec/ratchet.md. Recorded once; Olm and HPKE draw randomness. Byte strings are hexadecimal, `body` of an envelope and `bundle` base64. `keys_cbor` and the sessions are this program's own storage; the secret keys beside them are what another program needs to open `first`. Each of `first_contact_cases` starts from `receiver` anew.",
        "receiver": receiver,
        "olm_identity_public": hex::encode(contact.olm),
        "first": {"envelope": envelope_json(&first), "body": hex::encode(b"the first message")},
        "second": {"envelope": envelope_json(&second), "body": hex::encode(b"the second, before any answer"), "generation": 0, "index": 0, "receiver_session_cbor": officer_after_first},
        "reply": {"envelope": envelope_json(&reply), "body": hex::encode(b"the answer"), "generation": 2, "index": 0, "receiver_session_cbor": source_waiting},
        "first_contact_cases": first_contact_cases(&contact, &bundle),
    })
}

#[expect(clippy::type_complexity, reason = "a test's own helper")]
fn accept(receiver: &Value, e: &Envelope) -> (ReceivingKeys, Drop, Result<(Session, Vec<u8>), RatchetError>) {
    let scan = ScanSecret::from_seed(&Secret32::new(bytes(&receiver["scan_seed"]).try_into().unwrap()));
    let mut keys: ReceivingKeys = from_cbor(&receiver["keys_cbor"]);
    let drop = scan.drop_for(&e.hint).filter(|d| d.tag() == e.tag).unwrap();
    assert_eq!(drop.capability().hash(), e.cap_hash);
    let out = Session::accept(&mut keys, &drop, e.body.as_slice()).map(|(s, o)| (s, o.body.to_vec()));
    (keys, drop, out)
}

#[test]
fn ratchet_vectors_hold() {
    let v = subrosa_vectors::recorded("ratchet.json", record);
    let receiver = &v["receiver"];

    let first = envelope_of(&v["first"]["envelope"]);
    let (mut keys, drop, opened) = accept(receiver, &first);
    assert_eq!(hex::encode(keys.olm_identity()), v["olm_identity_public"].as_str().unwrap());
    assert_eq!(opened.unwrap().1, bytes(&v["first"]["body"]));
    assert_eq!(
        Session::accept(&mut keys, &drop, first.body.as_slice()).unwrap_err(),
        RatchetError::KeyGone,
        "the one-time key is forgotten"
    );
    let mut fresh: ReceivingKeys = from_cbor(&receiver["keys_cbor"]);
    for at in [0, 31, 32, 1152, ENVELOPE_LEN - 1] {
        let mut bad = first.body.to_vec();
        bad[at] ^= 1;
        let refused = Session::accept(&mut fresh, &drop, &bad).unwrap_err();
        assert!(matches!(refused, RatchetError::Envelope(_)), "byte {at}: {refused}");
    }
    assert_eq!(
        Session::accept(&mut fresh, &drop, first.body.as_slice()).unwrap().1.body.len(),
        17,
        "refusals used nothing up"
    );

    for name in ["second", "reply"] {
        let case = &v[name];
        let e = envelope_of(&case["envelope"]);
        let mut session: Session = from_cbor(&case["receiver_session_cbor"]);
        let (_, place, drop) = session.expected().into_iter().find(|(tag, ..)| *tag == e.tag).unwrap();
        assert_eq!(drop.capability().hash(), e.cap_hash);
        let mut key_name = [0; 16];
        key_name[12..].copy_from_slice(&u32::try_from(case["generation"].as_u64().unwrap()).unwrap().to_be_bytes());
        assert_eq!(envelope::read_key_name(&drop, e.body.as_slice()).unwrap(), key_name);
        assert_eq!(session.receive(place, e.body.as_slice()).unwrap().body.to_vec(), bytes(&case["body"]));
        assert!(session.receive(place, e.body.as_slice()).is_err(), "read once");
    }

    for case in v["first_contact_cases"].as_array().unwrap() {
        let (_, _, out) = accept(receiver, &envelope_of(&case["envelope"]));
        let found = match &out {
            Ok(_) => "opens",
            Err(RatchetError::Frame(_)) => "frame",
            Err(RatchetError::Ratchet) => "ratchet",
            Err(_) => "other",
        };
        assert_eq!(found, case["expected"].as_str().unwrap(), "{}", case["what"]);
        if let Ok((_, body)) = out {
            assert_eq!(body, bytes(&case["body"]));
        }
    }
}
