//! `vectors/client/source-state.json`: places, keys and a state that can be made again; `source-state-recorded.json`: a
//! state with a conversation in it, which holds Olm's own randomness and is recorded once.

use rand_core::UnwrapErr;
use serde_json::{Value as Json, json};
use subrosa_casework::{
    bytes::{AwardRef, Digest},
    case::message_digest,
};
use subrosa_crypto::{
    bundle::{ReceivingKeys, VerifiedBundle},
    delivery::{Drop, ScanSecret},
    kdf,
    ratchet::{Contact, Session},
    secret::Secret32,
    sign::{HolderId, SigningKey},
    token::{Denomination, KeysetId},
    wire::Envelope,
};

use subrosa_vectors::{CountingRng, hold, recorded};

use super::{Pairs, at, framed, master, shown, unframed};
use crate::source::{
    AwardState, Correspondent, ReturnBox, SourceState, StateError, claim_key, cover_drop, state_drop, state_key,
    upload_places,
};

/// The number of the state that the vectors hold.
const NUMBER: u64 = 3;

fn place(n: u64) -> Json {
    let (drop, key) = (state_drop(&master(), n), state_key(&master(), n));
    json!({
        "number": n,
        "tag": hex::encode(drop.tag().0),
        "capability": hex::encode(drop.capability().expose()),
        "capability_hash": hex::encode(drop.capability().hash().0),
        "xwing_seed": hex::encode(key.seed().expose()),
        "xwing_public_sha256": hex::encode(kdf::sha256(key.recipient().unwrap().0.as_slice())),
    })
}

fn state(correspondents: Vec<Correspondent>) -> SourceState {
    SourceState {
        correspondents,
        journal: Digest([0x30; 32]),
        sent: 2,
        recent: vec![message_digest(b"first"), message_digest(b"second")],
        cursor: 812,
        charter: (2, [0x31; 32]),
        log: Some((4096, [0x32; 32])),
        case_state: Some("award-final".into()),
        awards: vec![AwardState {
            from: HolderId([0x21; 16]),
            reference: AwardRef([0x24; 16]),
            amount_cents: 13_750_000,
            denominations: [100_000, 500_000, 2_000_000, 10_000_000]
                .into_iter()
                .filter_map(Denomination::new)
                .collect(),
            since: 800,
            requested: true,
            answers: vec![serde_bytes::ByteBuf::from(vec![0x33; 20])],
        }],
        filed_day: None,
        next_upload: 0,
        spent_uploads: Vec::new(),
        cover_from: 0,
        cover_next: 0,
    }
}

/// A place of cover, whose envelope opens for nobody.
fn bare_place(drop: &Drop) -> Json {
    json!({
        "tag": hex::encode(drop.tag().0),
        "capability": hex::encode(drop.capability().expose()),
        "capability_hash": hex::encode(drop.capability().hash().0),
    })
}

/// Where cover lies: by its number, and beside upload secret 0 with the secret itself, in the order of the tags.
fn covers() -> Json {
    let numbered: Json = [0, 1, 256].map(|n| bare_place(&cover_drop(&master(), n))).into_iter().collect();
    let upload: Json = upload_places(&master(), 0).iter().map(bare_place).collect();
    json!({ "numbers": [0, 1, 256], "places": numbered, "upload_0": upload })
}

fn envelope(e: &Envelope) -> Json {
    json!({
        "tag": hex::encode(e.tag.0), "hint": hex::encode(e.hint.0), "capability_hash": hex::encode(e.cap_hash.0), "body": hex::encode(e.body.as_slice()),
    })
}

fn name(e: StateError) -> &'static str {
    match e {
        StateError::Envelope(_) => "envelope",
        StateError::Version => "version",
    }
}

/// The award and the keyset of the return boxes.
const AWARD: AwardRef = AwardRef([0x24; 16]);
const KEYSET: KeysetId = KeysetId([0x4b; 32]);

fn return_boxes() -> Json {
    let one = |issuer| {
        let b = ReturnBox::derive(&master(), &AWARD, issuer);
        let place = b.place(&KEYSET);
        json!({
            "issuer": issuer, "tag": hex::encode(place.tag().0), "capability_hash": hex::encode(place.capability().hash().0),
            "xwing_seed": hex::encode(b.key().seed().expose()), "secret": hex::encode(&b.address().unwrap()[..32]),
        })
    };
    [1, 2].map(one).into_iter().collect()
}

/// Contents that open and are no state, each made from `content`.
fn refused(content: &[u8]) -> Json {
    let changed = |path: &[&str], change: &dyn Fn(&mut Pairs)| {
        let mut value = unframed(content);
        change(at(&mut value, path));
        framed(&value)
    };
    let mut version = content.to_vec();
    version[0] = 1;
    [
        ("nothing at all", Vec::new()),
        ("version 1, which named no journal", version),
        ("one byte after the end", [content, &[0]].concat()),
        ("cut by a byte", content[..content.len() - 1].to_vec()),
        ("no cursor", changed(&[], &|m| m.retain(|(k, _)| k.as_text() != Some("cursor")))),
        ("the cursor twice", changed(&[], &|m| m.push(m[4].clone()))),
        (
            "a charter digest of 31 bytes",
            changed(&[], &|m| m[5].1.as_array_mut().unwrap()[1].as_array_mut().unwrap().truncate(31)),
        ),
    ]
    .into_iter()
    .map(|(what, bytes)| {
        assert_eq!(SourceState::decode(&bytes).map_err(name).err(), Some("version"), "{what}");
        json!({ "what": what, "error": "version", "content": hex::encode(bytes) })
    })
    .collect()
}

#[test]
fn source_state_vectors_hold() {
    let master = master();
    let places: Json = [0, 1, NUMBER, 4095].map(place).into_iter().collect();
    let full = state(Vec::new());
    let content = full.encode().unwrap();
    let bare = SourceState { log: None, case_state: None, awards: Vec::new(), recent: Vec::new(), ..state(Vec::new()) };
    let sealed = full.write(&master, NUMBER, &mut CountingRng::default()).unwrap();
    assert_eq!(*SourceState::read(&master, NUMBER, sealed.body.as_slice()).unwrap().encode().unwrap(), *content);
    let elsewhere = SourceState::read(&master, NUMBER + 1, sealed.body.as_slice()).map_err(name).err();
    assert_eq!(elsewhere, Some("envelope"), "the number is bound");
    let covered = SourceState {
        filed_day: Some(20_453),
        next_upload: 1,
        spent_uploads: vec![0],
        cover_from: 3,
        cover_next: 6,
        ..state(Vec::new())
    };
    let contents: Json = [content.to_vec(), bare.encode().unwrap().to_vec(), covered.encode().unwrap().to_vec()]
        .into_iter()
        .map(|c| json!({ "content": hex::encode(&c), "says": shown(&unframed(&c)) }))
        .collect();
    hold(
        "client/source-state.json",
        &json!({
            "about": "docs/spec/source-state.md. Entropy 00 01 … 0f under the programme's id. Byte strings are hexadecimal. `contents` are what an envelope carries: 02 and a CBOR map, shown as in messages.json. `envelope` is the first of them as state `number`; read as any other number it does not open. Each of `refused` opens, and is refused.",
            "programme": super::PROGRAMME,
            "entropy": "000102030405060708090a0b0c0d0e0f",
            "places": places,
            "cover": covers(),
            "claim_key": hex::encode(claim_key(&master).verifying_key().0),
            "token_secret": hex::encode(master.derive("subrosa/token-secret/v1", &[]).expose()),
            "award": hex::encode(AWARD.0),
            "keyset": hex::encode(KEYSET.0),
            "return_boxes": return_boxes(),
            "contents": contents,
            "number": NUMBER,
            "envelope": envelope(&sealed),
            "refused": refused(&content),
        }),
    );
}

fn record() -> Json {
    let mut rng = UnwrapErr(getrandom::SysRng);
    let signer = SigningKey::from_seed(&Secret32::new([0x51; 32]));
    let scan = ScanSecret::from_seed(&Secret32::new([0x52; 32]));
    let mut keys = ReceivingKeys::generate();
    let bundle = keys.make_one_time(1, 4_000_000_000, &signer, &mut rng).unwrap().remove(0);
    let bundle = VerifiedBundle::verify(bundle, &signer.verifying_key(), 0).unwrap();
    let contact = Contact { olm: keys.olm_identity(), scan: scan.public() };
    let (session, _) = Session::initiate(&contact, &bundle, b"the first message", &mut rng).unwrap();
    let holder = signer.verifying_key().holder_id();
    let state = state(vec![Correspondent { holder, session, one_time: true }]);
    let sealed = state.write(&master(), NUMBER, &mut rng).unwrap();
    json!({
        "about": "docs/spec/source-state.md; recorded once and never rewritten. State `number` of the passphrase of source-state.json, with one conversation in it; `content` is what its envelope carries.",
        "number": NUMBER,
        "envelope": envelope(&sealed),
        "content": hex::encode(&*state.encode().unwrap()),
    })
}

#[test]
fn recorded_source_state_vector_opens() {
    let recorded = recorded("client/source-state-recorded.json", record);
    let bytes = |v: &Json| hex::decode(v.as_str().unwrap()).unwrap();
    let body = bytes(&recorded["envelope"]["body"]);
    let mut state = SourceState::read(&master(), recorded["number"].as_u64().unwrap(), &body).unwrap();
    assert_eq!(*state.encode().unwrap(), bytes(&recorded["content"]), "what is read is written as it was");
    assert_eq!(state.correspondents.len(), 1);
    // The conversation goes on from there.
    let next = state.correspondents[0].session.send(b"more", &mut UnwrapErr(getrandom::SysRng));
    assert!(next.is_ok());
}
