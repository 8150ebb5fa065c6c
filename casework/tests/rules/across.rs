//! Duplicates, corroboration, clocks as a desk shows them, and the vectors of the journal's bytes.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use core::cmp::Ordering;

use subrosa_casework::{
    award::{SourceAct, SourceStatement},
    bytes::{AwardRef, Digest, Nonce},
    case::{
        Act, Author, ClockName, ClockState, CloseReason, Command, Entity, EntityKind, Event, MessageKind, Relation,
        compare, priority,
    },
    clock::Date,
    journal::{self, SignedEvent},
    money::Cents,
    role::{RoleName, Triager},
};
use subrosa_crypto::wire::JournalHead;

use crate::desk::{DAY, JOURNAL, T0, World, key};

fn named(w: &mut World, name: &str) {
    let entity = Entity { name: name.into(), kind: EntityKind::Organisation };
    w.write::<Triager>(0, Event::EntityNamed(entity)).unwrap();
}

fn triaged(w: &mut World) {
    w.reach_triage();
    w.write::<Triager>(0, World::triage_set()).unwrap();
}

#[test]
fn the_same_file_is_a_duplicate_and_the_same_name_a_corroboration() {
    let (mut a, mut b) = (World::new(), World::of(key(98)));
    b.now += 60;
    triaged(&mut a);
    triaged(&mut b);
    assert_eq!(compare(b.case(), a.case()), None);
    named(&mut a, "Example Compute");
    named(&mut b, " example compute ");
    assert_eq!(compare(b.case(), a.case()).unwrap().relation, Relation::CorroboratedBy);
    a.write::<Triager>(0, World::evidence(4, "source")).unwrap();
    b.write::<Triager>(0, World::evidence(4, "source")).unwrap();
    let likeness = compare(b.case(), a.case()).unwrap();
    assert_eq!((likeness.relation, likeness.same_evidence), (Relation::DuplicateOf, 1));
    let mut c = World::new();
    triaged(&mut c);
    assert_eq!(compare(c.case(), a.case()).unwrap().relation, Relation::DuplicateOf);
    assert_eq!(priority(a.case(), a.case()), Ordering::Equal);
    assert_eq!(priority(a.case(), World::new().case()), Ordering::Less);
}

#[test]
fn a_desk_sees_every_clock() {
    let mut w = World::new();
    w.reach_received();
    let end = |text: &str| w.programme.zone.end_of(Date::parse(text).unwrap()).unwrap();
    let (seven, three) = (end("2026-09-07"), end("2026-11-30"));
    let clock = |w: &World, name, now| w.case().clock(name, &w.programme, now).unwrap();
    assert_eq!(clock(&w, ClockName::Acknowledge, seven), ClockState::Running { due: seven });
    assert_eq!(clock(&w, ClockName::Acknowledge, seven + 1), ClockState::Overdue { due: seven });
    assert_eq!(clock(&w, ClockName::Feedback, T0), ClockState::Running { due: three });
    w.now = seven;
    w.run::<Triager>(0, Command::Acknowledge { body: b"here".to_vec() }).unwrap();
    assert_eq!(clock(&w, ClockName::Acknowledge, three), ClockState::InTime { at: seven });
    w.now = three + 1;
    w.write::<Triager>(0, Event::message_sent(MessageKind::Feedback, b"done".to_vec(), true)).unwrap();
    assert_eq!(clock(&w, ClockName::Feedback, w.now), ClockState::Late { due: three, at: three + 1 });
    assert_eq!(w.case().breaches().len(), 1);
}

#[test]
fn germany_keeps_a_closed_case_for_three_years() {
    let mut w = World::new();
    w.reach_triage();
    let Event::TriageSet(mut set) = World::triage_set() else { unreachable!() };
    set.jurisdiction = "DE".into();
    w.write::<Triager>(0, Event::TriageSet(set)).unwrap();
    assert_eq!(w.case().keep_until(&w.programme), None);
    w.both::<Triager, Triager>(0, 1, Act::Close { reason: CloseReason::OutOfScope }).unwrap();
    let until = w.case().keep_until(&w.programme).unwrap();
    assert_eq!(w.programme.zone.date(until), Date::parse("2029-08-31"));
    w.now = until;
    assert!(w.run::<Triager>(0, Command::Propose(Act::Purge)).is_err());
    w.now += DAY;
    w.run::<Triager>(0, Command::Propose(Act::Purge)).unwrap();
}

/// The journal's bytes, the source's statements and the award order, against `vectors/casework/journal.json`.
#[test]
fn vectors_hold() {
    let w = World::new();
    let author = Author { holder: w.id(0), role: RoleName::Triager, at: T0, seq: 0 };
    let signed = SignedEvent::sign(&JOURNAL, author, JournalHead::EMPTY, w.received(), &w.officers[0]).unwrap();
    let entry = journal::seal(&JOURNAL, &w.keys[0], &[1; 24], &signed).unwrap();
    let statement = SourceStatement::sign(
        SourceAct::AcceptAward { amount: Cents(13_750_000) },
        Nonce([2; 16]),
        &JOURNAL,
        &w.source,
    );
    let order = subrosa_casework::award::AwardOrder {
        award_ref: AwardRef([5; 16]),
        amount: Cents(13_750_000),
        batch: subrosa_casework::award::batch_digest(b"blinded elements"),
        policy: Digest([3; 32]),
    };
    let found = serde_json::json!({
        "about": "All keys are seeds of one repeated byte: officer 01, source 63, case secret 07. Nonce 01 repeated. Programme whistle.example/demo.",
        "journal": hex::encode(JOURNAL.0),
        "author": hex::encode(w.id(0).0),
        "signed_event": hex::encode(signed.encode()),
        "entry_length": entry.len(),
        "entry_digest": hex::encode(subrosa_crypto::kdf::digest("subrosa/vector/v1", &[&entry])),
        "head_after": hex::encode(JournalHead::EMPTY.after(&entry).0),
        "statement_message": hex::encode(SourceStatement::message(&statement.act, &statement.nonce, &JOURNAL, &w.source.verifying_key())),
        "statement_signature": hex::encode(statement.signature.0),
        "order": hex::encode(order.encode()),
        "order_signature": hex::encode(order.sign(&w.officers[0]).0),
        "refused": [
            {"what": "signed event with one byte after its end", "bytes": hex::encode([signed.encode(), vec![0]].concat())},
            {"what": "signed event of version 1", "bytes": hex::encode([&[1], &signed.encode()[1..]].concat())},
            {"what": "signed event with role 9", "bytes": hex::encode(with_byte(&signed.encode(), 57, 9))},
            {"what": "signed event cut short", "bytes": hex::encode(&signed.encode()[..100])},
        ],
    });
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../vectors/casework/journal.json");
    if std::env::var_os("SUBROSA_WRITE_VECTORS").is_some() {
        write(path, &format!("{}\n", serde_json::to_string_pretty(&found).unwrap()));
    }
    let kept: serde_json::Value = serde_json::from_str(include_str!("../../../vectors/casework/journal.json")).unwrap();
    assert!(
        std::env::var_os("SUBROSA_WRITE_VECTORS").is_some() || kept == found,
        "the journal's bytes changed: {found:#}"
    );
    for case in found["refused"].as_array().unwrap() {
        let bytes = hex::decode(case["bytes"].as_str().unwrap()).unwrap();
        assert!(SignedEvent::decode(&bytes).is_err(), "{}", case["what"]);
    }
}

fn with_byte(bytes: &[u8], at: usize, value: u8) -> Vec<u8> {
    let mut out = bytes.to_vec();
    out[at] = value;
    out
}

#[expect(clippy::disallowed_methods, reason = "a test that renews a vector file")]
pub(crate) fn write(path: &str, text: &str) {
    std::fs::write(path, text).unwrap();
}

#[expect(clippy::disallowed_methods, reason = "vectors are files")]
pub(crate) fn read(path: &str) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}
