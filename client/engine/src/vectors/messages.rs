//! `vectors/client/messages.json`: one message of each kind, and what must be refused.

use serde_json::{Value as Json, json};
use subrosa_casework::{
    award::{AwardOrder, SignedOrder, SourceAct, SourceStatement, batch_digest},
    bytes::{AwardRef, Digest, Nonce},
    heads::{View, Views, case_name},
    money::Cents,
};
use subrosa_crypto::{
    file::{FileManifest, FileSecret, Fingerprint},
    ratchet,
    secret::Secret32,
    sign::SigningKey,
    wire::JournalId,
};

use subrosa_vectors::hold;

use super::{Cbor, PROGRAMME, Pairs, at, framed, shown, unframed};
use crate::{
    message::{
        AwardNotice, CaseHandover, HandedKey, IssueOrder, Message, MessageError, Notice, Redemption, SealedBox,
        SealedSubmission, Tip, TokenRequest,
    },
    treasury::rail::{instruction::PayoutInstruction, pain001::Sepa},
};

fn key(n: u8) -> SigningKey {
    SigningKey::from_seed(&Secret32::new([n; 32]))
}

pub(super) fn payout() -> PayoutInstruction {
    let typed = |name: &str| match name {
        "payee" => Some("Kanzlei Beispiel Anderkonto"),
        "iban" => Some("DE02120300000000202051"),
        "country" => Some("DE"),
        "town" => Some("Berlin"),
        "reference" => Some("File 4711"),
        _ => None,
    };
    PayoutInstruction::typed(&Sepa, |f| typed(f.name).map(ToOwned::to_owned)).unwrap()
}

fn file() -> FileManifest {
    FileManifest::new(
        "minutes.pdf",
        "application/pdf",
        Fingerprint::of(b"minutes".as_slice()).unwrap(),
        FileSecret::from_secret(Secret32::new([0x21; 32])),
    )
    .unwrap()
}

/// The source's claim key.
fn claim() -> SigningKey {
    key(0x22)
}

/// What source and officers say to each other in words.
fn words() -> Vec<(&'static str, Message)> {
    vec![
        (
            "a tip with an answer and a file",
            Message::Tip(Box::new(Tip {
                case_secret: Secret32::new([0x23; 32]),
                regime: "compute-thresholds".into(),
                answers: [("how-do-you-know".into(), "I kept the scheduler running".into())].into(),
                narrative: "A run above the threshold was never notified. Größer als 10²⁵.".into(),
                files: vec![file()],
                claim_key: claim().verifying_key(),
            })),
        ),
        ("words", Message::Text { text: "In May.".into(), files: Vec::new() }),
        ("no words and a file", Message::Text { text: String::new(), files: vec![file()] }),
        (
            "where the case stands",
            Message::Notice(Notice { state: "accepted".into(), text: "We look into it.".into(), award: None }),
        ),
        (
            "a final award",
            Message::Notice(Notice {
                state: "award-final".into(),
                text: "The award is final.".into(),
                award: Some(AwardNotice { reference: AwardRef([0x24; 16]), amount_cents: 13_750_000 }),
            }),
        ),
    ]
}

/// What the source signs, and what officers order.
fn signed() -> Vec<(&'static str, Message)> {
    let statement = |act, nonce| SourceStatement::sign(act, Nonce([nonce; 16]), &JournalId([0x30; 32]), &claim());
    let batch = b"a blinded batch; its own vectors are in tokens/tokens.json".to_vec();
    let order = AwardOrder {
        award_ref: AwardRef([0x24; 16]),
        amount: Cents(13_750_000),
        batch: batch_digest(&batch),
        policy: Digest([0x25; 32]),
    };
    let signatures = [key(1), key(2)].map(|k| (k.verifying_key().holder_id(), order.sign(&k)));
    let sealed = |issuer| SealedBox { issuer, sealed: vec![issuer; 40] };
    vec![
        ("a statement without a value", Message::Statement(statement(SourceAct::Claim, 0x26))),
        (
            "agreement with an amount",
            Message::Statement(statement(SourceAct::AcceptAward { amount: Cents(13_750_000) }, 0x27)),
        ),
        (
            "a request for tokens",
            Message::TokenRequest(TokenRequest {
                reference: AwardRef([0x24; 16]),
                batch: batch.clone(),
                boxes: vec![sealed(1), sealed(2)],
                statement: statement(SourceAct::RequestTokens { batch: batch_digest(&batch) }, 0x28),
            }),
        ),
        (
            "an order for one administrator",
            Message::IssueOrder(Box::new(IssueOrder {
                order: SignedOrder { order, signatures },
                batch,
                return_box: sealed(2),
            })),
        ),
    ]
}

/// From officer 01 to officer 02, of the programme `whistle.example/demo`.
fn views() -> Views {
    let [writer, reader] = [1, 2].map(|n| key(n).verifying_key().holder_id());
    let case = case_name(&JournalId([0x30; 32]), writer, reader);
    let signed =
        Views::sign(PROGRAMME, reader, 1_788_177_600, vec![View { case, seq: 12, head: Digest([0x31; 32]) }], &key(1));
    assert!(signed.verify(PROGRAMME, reader, &key(1).verifying_key()).is_ok());
    // Not for another reader, not in another programme, not by another writer, not of another head.
    assert!(signed.verify(PROGRAMME, writer, &key(1).verifying_key()).is_err());
    assert!(signed.verify("whistle.example/other", reader, &key(1).verifying_key()).is_err());
    assert!(signed.verify(PROGRAMME, reader, &key(2).verifying_key()).is_err());
    let mut other = signed.clone();
    other.views.iter_mut().for_each(|v| v.head = Digest([0x32; 32]));
    assert!(other.verify(PROGRAMME, reader, &key(1).verifying_key()).is_err());
    signed
}

/// What else is said: between officers, by strangers, by the sealed intake.
fn others() -> Vec<(&'static str, Message)> {
    vec![
        ("an officer who leaves", Message::Leaving),
        ("a letter that says nothing", Message::Cover),
        (
            "a redemption",
            Message::Redemption(Redemption {
                salt: Secret32::new([0x29; 32]),
                tokens: vec![0x2a; 10],
                payout: payout(),
            }),
        ),
        (
            "a submission of the sealed intake",
            Message::Sealed(Box::new(SealedSubmission {
                code: "0a1b-2c3d-4e5f-6g7h".into(),
                file: FileManifest::new(
                    "0a1b-2c3d-4e5f-6g7h.age",
                    "application/octet-stream",
                    Fingerprint::of(b"sealed".as_slice()).unwrap(),
                    FileSecret::from_secret(Secret32::new([0x2b; 32])),
                )
                .unwrap(),
            })),
        ),
        (
            "a case for a colleague who joins",
            Message::Handover(Box::new(CaseHandover {
                journal: Digest([0x2c; 32]),
                capability: Secret32::new([0x2d; 32]),
                keys: [(0, 0x2e), (1, 0x2f)]
                    .map(|(generation, byte)| HandedKey { generation, key: Secret32::new([byte; 32]) })
                    .to_vec(),
                seq: 12,
                head: Digest([0x31; 32]),
            })),
        ),
        ("how far a colleague has read", Message::Views(Box::new(views()))),
    ]
}

fn accepted() -> Vec<(&'static str, Message)> {
    words().into_iter().chain(signed()).chain(others()).collect()
}

fn name(e: MessageError) -> &'static str {
    match e {
        MessageError::Version => "version",
        MessageError::Malformed => "malformed",
        MessageError::TooLong(_) => "too-long",
    }
}

/// Bytes that are no message, each made from one.
fn refused() -> Json {
    let of = |what: &str| accepted().into_iter().find(|(w, _)| *w == what).unwrap().1.encode().unwrap().to_vec();
    let tip = of("a tip with an answer and a file");
    let changed = |bytes: &[u8], path: &[&str], change: &dyn Fn(&mut Pairs)| {
        let mut value = unframed(bytes);
        change(at(&mut value, path));
        framed(&value)
    };
    let text = of("words");
    let mut version = text.clone();
    version[0] = 1;
    let refused = [
        ("nothing at all", "malformed", Vec::new()),
        ("a version and nothing else", "malformed", vec![2]),
        ("version 1", "version", version),
        ("one byte after the end", "malformed", [text.clone(), vec![0]].concat()),
        ("cut by a byte", "malformed", text[..text.len() - 1].to_vec()),
        ("an unknown kind", "malformed", framed(&Cbor::Map(vec![(Cbor::Text("shout".into()), Cbor::Null)]))),
        (
            "a tip without a claim key",
            "malformed",
            changed(&tip, &["tip"], &|m| m.retain(|(k, _)| k.as_text() != Some("claim_key"))),
        ),
        (
            "a tip with an unknown member",
            "malformed",
            changed(&tip, &["tip"], &|m| m.push((Cbor::Text("name".into()), Cbor::Text("Ada".into())))),
        ),
        ("a tip with a member twice", "malformed", changed(&tip, &["tip"], &|m| m.push(m[0].clone()))),
        ("a case secret of 31 bytes", "malformed", changed(&tip, &["tip"], &|m| m[0].1 = Cbor::Bytes(vec![0x23; 31]))),
        (
            "a state's name of 33 bytes",
            "malformed",
            changed(&of("where the case stands"), &["notice"], &|m| m[0].1 = Cbor::Text("x".repeat(33))),
        ),
        (
            "views with an unknown member",
            "malformed",
            changed(&of("how far a colleague has read"), &["views"], &|m| {
                m.push((Cbor::Text("name".into()), Cbor::Text("Ada".into())));
            }),
        ),
        (
            "a statement with an unknown act",
            "malformed",
            changed(&of("a statement without a value"), &["statement"], &|m| m[0].1 = Cbor::Text("confess".into())),
        ),
    ];
    refused
        .into_iter()
        .map(|(what, error, bytes)| {
            assert_eq!(Message::decode(&bytes).map_err(name).err(), Some(error), "{what}");
            json!({ "what": what, "error": error, "bytes": hex::encode(bytes) })
        })
        .collect()
}

#[test]
fn message_vectors_hold() {
    let mut out = Vec::new();
    for (what, message) in accepted() {
        let bytes = message.encode().unwrap();
        assert_eq!(*Message::decode(&bytes).unwrap().encode().unwrap(), *bytes, "{what}");
        out.push(json!({ "what": what, "says": shown(&unframed(&bytes)), "bytes": hex::encode(&*bytes) }));
    }
    let long = |n| Message::Text { text: "x".repeat(n), files: Vec::new() };
    let fits = (0..ratchet::BODY_MAX).rev().find(|n| long(*n).encode().is_ok()).unwrap();
    hold(
        "client/messages.json",
        &json!({
            "about": "docs/spec/messages.md. `bytes` is hexadecimal: 02 and one CBOR value. `says` is that value: a map is {\"map\": [[key, value], …]} in the order of its members, a byte string {\"bytes\": hexadecimal}. A text without files of `longest_text` letters x is the longest message of its kind.",
            "accepted": out,
            "refused": refused(),
            "longest_text": fits,
        }),
    );
}
