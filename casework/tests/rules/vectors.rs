//! `vectors/casework/journal.json`: the journal's bytes, a source's statement and an award order.
//! `vectors/casework/fold.json`: a whole case, entry by entry, with what the case is after each.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeSet;

use serde_json::{Value, json};
use subrosa_casework::{
    award::{AwardOrder, SourceAct, SourceStatement, batch_digest},
    bytes::{AwardRef, Digest, Nonce},
    case::{
        AccusedHeard, Act, Author, Award, Breach, Case, ClockName, Command, Entity, EntityKind, Event, Handling,
        MessageKind, Proposal, RetaliationAnswers, State,
    },
    heads,
    journal::{self, Replay, SignedEvent},
    money::Cents,
    policy::Policy,
    role::{Adjudicator, Investigator, RoleName, Triager},
};
use subrosa_crypto::{
    kdf,
    sign::{HolderId, SigningKey},
    wire::JournalHead,
};
use subrosa_vectors::hold;

use crate::desk::{DAY, JOURNAL, T0, World, paid_event};

/// Signed events that no reader takes, each made from one.
fn refused(signed: &SignedEvent) -> Vec<Value> {
    let good = signed.encode();
    let with = |at: usize, byte: u8| {
        let mut out = good.clone();
        out[at] = byte;
        out
    };
    [
        ("signed event with one byte after its end", [good.clone(), vec![0]].concat()),
        ("signed event of version 1", with(0, 1)),
        ("signed event of version 2, which names no epoch", [&[2][..], &good[1..66], &good[74..]].concat()),
        ("signed event with role 9", with(57, 9)),
        ("signed event cut short", good[..100].to_vec()),
    ]
    .into_iter()
    .map(|(what, bytes)| {
        assert!(SignedEvent::decode(&bytes).is_err(), "{what}");
        json!({ "what": what, "bytes": hex::encode(bytes) })
    })
    .collect()
}

#[test]
fn journal_vectors_hold() {
    let w = World::new();
    let author = Author { holder: w.id(0), role: RoleName::Triager, at: T0, seq: 0 };
    let signed = SignedEvent::sign(&JOURNAL, author, 812, JournalHead::EMPTY, w.received(), &w.officers[0]).unwrap();
    let entry = journal::seal(&JOURNAL, &w.keys[0], &[1; 24], &signed).unwrap();
    let act = SourceAct::AcceptAward { amount: Cents(13_750_000) };
    let statement = SourceStatement::sign(act, Nonce([2; 16]), &JOURNAL, &w.source);
    let (label, mark) = heads::halves(&heads::leaf(&JOURNAL, &w.keys[0], 0, &JournalHead::EMPTY));
    assert_eq!(label, heads::label(&JOURNAL, &w.keys[0], 0));
    assert_ne!(mark, heads::mark(&JOURNAL, &w.keys[0], 0, &JournalHead([1; 32])), "another head, the same label");
    let order = AwardOrder {
        award_ref: AwardRef([5; 16]),
        amount: Cents(13_750_000),
        batch: batch_digest(b"blinded elements"),
        policy: Digest([3; 32]),
    };
    hold(
        "casework/journal.json",
        &json!({
            "about": "All keys are seeds of one repeated byte: officer 01, source 63, case secret 07. Nonce 01 repeated. Programme whistle.example/demo.",
            "journal": hex::encode(JOURNAL.0),
            "author": hex::encode(w.id(0).0),
            "signed_event": hex::encode(signed.encode()),
            "entry_length": entry.len(),
            "entry_digest": hex::encode(kdf::digest("subrosa/vector/v1", &[&entry])),
            "head_after": hex::encode(JournalHead::EMPTY.after(&entry).0),
            "statement_message": hex::encode(SourceStatement::message(&statement.act, &statement.nonce, &JOURNAL, &w.source.verifying_key())),
            "statement_signature": hex::encode(statement.signature.0),
            "order": hex::encode(order.encode()),
            "order_signature": hex::encode(order.sign(&w.officers[0]).0),
            "leaf": {
                "case_key": hex::encode(w.keys[0].key.expose()),
                "seq": 0,
                "data": hex::encode(heads::leaf(&JOURNAL, &w.keys[0], 0, &JournalHead::EMPTY.after(&entry))),
                "label_of_next": hex::encode(heads::label(&JOURNAL, &w.keys[0], 1)),
                "label_under_next_key": hex::encode(heads::label(&JOURNAL, &w.keys[1], 1)),
                "case_in_a_letter": hex::encode(heads::case_name(&JOURNAL, w.id(0), w.id(1)).0),
            },
            "refused": refused(&signed),
        }),
    );
}

/// From the tip to the second triager: a name comes up, a question waits for its answer, and one entry is forged.
fn taken_on(w: &mut World) {
    w.reach_received();
    w.now += 60;
    w.run::<Triager>(0, Command::Acknowledge { body: b"it is here".to_vec() }).unwrap();
    let name = Entity { name: "Example Compute".into(), kind: EntityKind::Organisation };
    w.write::<Triager>(0, Event::EntityNamed(name)).unwrap();
    for n in 0..3 {
        w.run::<Triager>(n, Command::DeclareNoConflict).unwrap();
    }
    w.write::<Triager>(0, Event::TriageOpened).unwrap();
    w.write::<Triager>(0, World::triage_set()).unwrap();
    let answers = RetaliationAnswers { guessable: 2, power: 3, ..Default::default() };
    w.write::<Triager>(0, Event::RetaliationAssessed(answers)).unwrap();
    w.write::<Triager>(0, Event::message_sent(MessageKind::Question, b"when?".to_vec(), true)).unwrap();
    w.now += DAY;
    let said = w.said(b"in May");
    w.write::<Triager>(1, said).unwrap();
    assert!(w.force(2, RoleName::Investigator, Event::InvestigationOpened).is_some(), "nobody has taken it on");
    w.both::<Triager, Triager>(0, 1, Act::Accept).unwrap();
}

/// The investigation: a decision is dropped, and the source hears too late.
fn found(w: &mut World) {
    w.write::<Triager>(0, World::check()).unwrap();
    w.write::<Investigator>(2, Event::InvestigationOpened).unwrap();
    let item = w.write::<Investigator>(2, World::evidence(1, "source")).unwrap();
    w.write::<Investigator>(2, World::evidence(2, "power company")).unwrap();
    w.write::<Investigator>(2, Event::EvidenceHandled { item, how: Handling::Verified }).unwrap();
    let heard = AccusedHeard::SafetyWaiver("it would name the source".into());
    w.write::<Investigator>(2, Event::AccusedHeard(heard)).unwrap();
    let hold = Act::Hold { reason: "a court asks for it".into() };
    let proposal = w.run::<Triager>(0, Command::Propose(hold)).unwrap();
    w.write::<Triager>(1, Event::ProposalDropped { proposal }).unwrap();
    w.now = T0 + 100 * DAY;
    w.write::<Adjudicator>(0, Event::message_sent(MessageKind::Feedback, b"we looked".to_vec(), true)).unwrap();
    let act = Act::Substantiate { findings: "the run happened".into() };
    w.both::<Adjudicator, Adjudicator>(0, 1, act).unwrap();
}

/// The award: claimed, proposed, contested, decided by a panel, made final, ordered, paid.
fn paid(w: &mut World) {
    w.now += DAY;
    w.write::<Adjudicator>(0, Event::ClaimWindowOpened { notice: Digest([9; 32]) }).unwrap();
    w.now += DAY;
    w.claim();
    let policy = w.policies[0].digest();
    w.run::<Adjudicator>(0, Command::ProposeAward { policy, inputs: World::inputs() }).unwrap();
    w.now += DAY;
    let statement = w.says(SourceAct::Contest);
    w.write::<Adjudicator>(0, Event::SourceStated(statement)).unwrap();
    let mut inputs = World::inputs();
    inputs.sanction.as_mut().unwrap().down = 2;
    let panel = Command::ProposePanelDecision { inputs, reasons: "one factor did not hold".into() };
    let proposal = w.run::<Adjudicator>(1, panel).unwrap();
    w.confirm::<Adjudicator>(2, proposal).unwrap();
    let amount = w.case().award().unwrap().amount;
    let statement = w.says(SourceAct::AcceptAward { amount });
    w.write::<Adjudicator>(0, Event::SourceStated(statement)).unwrap();
    w.both::<Adjudicator, Adjudicator>(0, 1, World::final_act()).unwrap();
    let batch = b"blinded elements".to_vec();
    let statement = w.says(SourceAct::RequestTokens { batch: batch_digest(&batch) });
    w.write::<Adjudicator>(0, Event::token_request(batch)).unwrap();
    w.write::<Adjudicator>(0, Event::SourceStated(statement)).unwrap();
    w.sign_order::<Adjudicator>(0).unwrap();
    w.sign_order::<Adjudicator>(1).unwrap();
    w.now += DAY;
    let event = paid_event(w, &[0, 2], amount.0);
    w.write::<Adjudicator>(0, event).unwrap();
}

/// What another program can compare after each entry; `docs/spec/case.md`, "The fold".
fn folded(case: &Case, w: &World) -> Value {
    let programme = &w.programme;
    let breach = |b: &Breach| json!({ "clock": b.clock.name(), "due": b.due, "seen_at": b.seen_at });
    let waiting = |(entry, p): (&u64, &Proposal)| json!({ "entry": entry, "act": p.act.name(), "by": p.by.holder });
    let contest = case.award().and_then(|a| programme.zone.after_days(a.proposed_at, programme.contest_days));
    let claim =
        (case.state() == State::ClaimOpen).then(|| programme.zone.after_days(case.since(), programme.claim_days));
    json!({
        "state": case.state().name(),
        "since": case.since(),
        "team": case.team().collect::<Vec<HolderId>>(),
        "key_generation": case.key_generation(),
        "names": case.entities().iter().map(|e| e.name.as_str()).collect::<Vec<_>>(),
        "declared": case.team().filter(|holder| case.has_declared(*holder)).collect::<Vec<_>>(),
        "investigators": case.investigators().collect::<Vec<_>>(),
        "retaliation": case.retaliation(),
        "messages": case.messages().iter().map(|m| m.seq).collect::<Vec<_>>(),
        "evidence": case.evidence().keys().collect::<Vec<_>>(),
        "origins": case.independent_origins(),
        "acknowledged": case.acknowledged(),
        "feedback": case.feedback(),
        "due": {
            "acknowledge": case.due(ClockName::Acknowledge, programme),
            "feedback": case.due(ClockName::Feedback, programme),
            "claim": claim.flatten(),
            "contest": contest,
            "kept": case.keep_until(programme),
        },
        "breaches": case.breaches().iter().map(breach).collect::<Vec<_>>(),
        "waiting": case.proposals().iter().map(waiting).collect::<Vec<_>>(),
        "finding": case.finding().map(|f| json!({
            "entry": f.seq, "substantiated": f.substantiated, "words": f.words, "first": f.first.holder,
            "second": f.second.holder, "second_entry": f.second.seq,
        })),
        "claimed": case.claim().is_some(),
        "award": case.award().map(award),
        "closed": case.closed().map(|(_, at)| at),
    })
}

fn award(a: &Award) -> Value {
    json!({
        "proposer": a.proposer,
        "proposed_at": a.proposed_at,
        "amount": a.amount,
        "accepted": a.accepted,
        "panel_decided": a.panel_decided,
        "reasons_sent": a.reasons_sent,
        "award_ref": a.award_ref,
        "batch": a.batch.as_ref().map(|(digest, _)| digest),
        "signed_batch": a.signed_batch,
        "order_signed_by": a.signatures.iter().map(|(holder, _)| holder).collect::<Vec<_>>(),
    })
}

/// Where the event begins in a signed event; a signature of 64 bytes ends it.
const EVENT_AT: usize = 78;

/// Reads the journal from its first entry on, as somebody does who holds the keys.
fn fold(w: &World) -> Vec<Value> {
    let mut replay = Replay::new(*JOURNAL);
    let mut states = BTreeSet::new();
    let entry = |entry: &Vec<u8>| {
        let signed = journal::open(&JOURNAL, &w.keys, replay.seq(), &replay.head(), entry).unwrap();
        let fault = replay.push(entry, &w.keys, &w.ctx(), w.now).unwrap().map(|p| p.fault.code());
        states.insert(replay.case().state());
        let bytes = signed.encode();
        json!({
            "seq": signed.author.seq,
            "author": signed.author.holder,
            "role": signed.author.role.name(),
            "at": signed.author.at,
            "closed": signed.closed,
            "event": hex::encode(&bytes[EVENT_AT..bytes.len() - 64]),
            "says": signed.event,
            "passed_over": fault,
            "after": folded(replay.case(), w),
        })
    };
    let entries = w.entries.iter().map(entry).collect();
    assert_eq!(replay.case(), w.case());
    assert_eq!((w.case().state(), replay.passed_over().len(), states.len()), (State::Paid, 1, 11));
    entries
}

#[test]
fn fold_vectors_hold() {
    let mut w = World::new();
    taken_on(&mut w);
    found(&mut w);
    paid(&mut w);
    let member = |key: &SigningKey, roles: &[RoleName]| {
        let names: Vec<&str> = roles.iter().map(|r| r.name()).collect();
        let key = key.verifying_key();
        json!({ "holder": key.holder_id(), "key": key, "roles": names, "from": 0, "until": null })
    };
    let all = [RoleName::Triager, RoleName::Investigator, RoleName::Adjudicator];
    let officers = w.officers.iter().map(|key| member(key, &all));
    let members: Vec<Value> = officers.chain(w.admins.iter().map(|key| member(key, &[RoleName::Finance]))).collect();
    hold(
        "casework/fold.json",
        &json!({
            "about": "docs/spec/case.md, \"The fold\". One case from the tip to the payment. `event` is the CBOR of the event, in hexadecimal; `says` is the same as JSON, byte strings in hexadecimal. `after` is what the case is once the entry was read; an entry with `passed_over` changes nothing of it. `policy` names the file in casework/policies that the award pins.",
            "journal": hex::encode(JOURNAL.0),
            "members": members,
            "programme": w.programme,
            "policy": { "file": Policy::PRESETS[0].0, "pinned": w.policies[0].pinned() },
            "entries": fold(&w),
        }),
    );
}
