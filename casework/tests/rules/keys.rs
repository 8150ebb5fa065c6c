//! The journal against people with patched programs, recused officers and a hostile server.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use proptest::prelude::*;
use subrosa_casework::{
    bytes::{Blob, Digest},
    case::{Act, Author, Command, Event, State, Visibility, Wrap},
    journal::{self, EntryFault, Replay, ReplayError, SignedEvent},
    refusal::Rule,
    role::{RoleName, Triager},
};
use subrosa_crypto::wire::{JOURNAL_STEP, JournalHead, JournalId};

use crate::desk::{DAY, JOURNAL, T0, World, key};

#[test]
fn a_recused_officers_key_opens_nothing_written_after() {
    let mut w = World::new();
    w.reach_triage();
    w.write::<Triager>(1, Event::Recused { reason: "a cousin".into() }).unwrap();
    assert!(w.case().must_turn_key());
    let said = w.said(b"x");
    assert_eq!(w.refused::<Triager>(0, said), Rule::KeyMustTurn);
    let (all, skip) = (w.turn(2, &[0, 1, 2]), w.turn(3, &[0, 2]));
    assert_eq!(w.refused::<Triager>(0, all), Rule::WrapsWrong);
    assert_eq!(w.refused::<Triager>(0, skip), Rule::WrongKeyGeneration);
    let own = w.turn(2, &[0, 2]);
    assert_eq!(w.refused::<Triager>(1, own.clone()), Rule::Recused);
    w.write::<Triager>(0, own).unwrap();

    // The recused officer writes on under the old key: every reader sees it, and passes it over.
    let old_keys = w.keys[..2].to_vec();
    let officer = w.officers[1].clone();
    let author = Author { holder: w.id(1), role: RoleName::Triager, at: w.now, seq: w.replay.seq() };
    let event = w.said(b"me again");
    let signed = SignedEvent::sign(&JOURNAL, author, 0, w.replay.head(), event, &officer).unwrap();
    let entry = journal::seal(&JOURNAL, &old_keys[1], &[200; 24], &signed).unwrap();
    assert_eq!(w.push(entry).unwrap().fault.code(), "wrong-key-generation");

    let said = w.said(b"new");
    w.write::<Triager>(0, said).unwrap();
    let ctx = w.ctx();
    let with_old = journal::replay(*JOURNAL, w.entries.iter().map(Vec::as_slice), &old_keys, &ctx, w.now);
    assert_eq!(with_old.unwrap_err(), ReplayError::NoKey(2));
    assert_eq!(w.force(1, RoleName::Triager, Event::TriageOpened).unwrap().fault.code(), "recused");
    let confirm = Command::Confirm { proposal: 0, shown: Digest([0; 32]) };
    assert_eq!(w.run::<Triager>(1, confirm).unwrap_err().rule, Rule::Recused);
}

#[test]
fn a_recused_persons_proposal_falls() {
    let mut w = World::new();
    w.reach_triage();
    w.write::<Triager>(0, World::triage_set()).unwrap();
    w.write::<Triager>(0, Event::RetaliationAssessed(Default::default())).unwrap();
    let proposal = w.write::<Triager>(1, Event::Proposed(Act::Accept)).unwrap();
    w.write::<Triager>(1, Event::Recused { reason: "a friend".into() }).unwrap();
    let event = w.turn(2, &[0, 2]);
    w.write::<Triager>(0, event).unwrap();
    assert_eq!(w.refused::<Triager>(0, Event::Confirmed { proposal }), Rule::NoSuchProposal);
}

#[test]
fn a_new_member_joins_and_a_recused_one_does_not_return() {
    let mut w = World::new();
    w.reach_triage();
    let wrap = |w: &World, n| Wrap { holder: w.id(n), sealed: Blob(vec![1]) };
    let add = Event::MemberAdded { wrap: wrap(&w, 3) };
    w.write::<Triager>(0, add.clone()).unwrap();
    assert_eq!(w.refused::<Triager>(0, add), Rule::AlreadyOnTeam);
    w.write::<Triager>(3, Event::Tagged { tag: "hello".into(), on: true }).unwrap();
    w.write::<Triager>(3, Event::Recused { reason: "a shareholder".into() }).unwrap();
    let event = w.turn(2, &[0, 1, 2]);
    w.write::<Triager>(0, event).unwrap();
    let back = Event::MemberAdded { wrap: wrap(&w, 3) };
    assert_eq!(w.refused::<Triager>(0, back), Rule::Recused);
    let admin = Wrap { holder: w.admins[0].verifying_key().holder_id(), sealed: Blob(vec![1]) };
    assert_eq!(w.refused::<Triager>(0, Event::MemberAdded { wrap: admin }), Rule::UnknownMember);
}

#[test]
fn moved_copied_and_altered_entries_do_not_open() {
    let mut w = World::new();
    w.reach_received();
    let first = w.entries[0].clone();
    assert_eq!(w.push(first.clone()).unwrap().fault, EntryFault::Unreadable);
    for byte in [0, 1, 5, 29, first.len() - 1] {
        let mut fresh = Replay::new(*JOURNAL);
        let mut bad = first.clone();
        bad[byte] ^= 1;
        let passed = fresh.push(&bad, &w.keys, &w.ctx(), w.now).unwrap().cloned();
        assert!(passed.is_some(), "byte {byte}");
        assert_eq!(fresh.case().state(), State::Empty);
    }
    let mut elsewhere = Replay::new(JournalId([8; 32]));
    let passed = elsewhere.push(&first, &w.keys, &w.ctx(), w.now).unwrap().cloned();
    assert_eq!(passed.unwrap().fault, EntryFault::Unreadable);
}

#[test]
fn an_entry_signed_by_another_or_for_another_place_is_refused() {
    let mut w = World::new();
    w.reach_received();
    let said = w.said(b"x");
    let event = || said.clone();
    let seal = |w: &World, author, head, key: &_| {
        let signed = SignedEvent::sign(&JOURNAL, author, 0, head, event(), key).unwrap();
        // The forger holds the case key and seals for the right place whatever the signature says.
        let mut right = signed.clone();
        right.author.seq = w.replay.seq();
        right.prev_head = w.replay.head();
        (signed, right)
    };
    let author = Author { holder: w.id(0), role: RoleName::Triager, at: w.now, seq: w.replay.seq() };
    let (forged, _) = seal(&w, author, w.replay.head(), &w.officers[1].clone());
    let entry = journal::seal(&JOURNAL, &w.keys[1], &[201; 24], &forged).unwrap();
    assert_eq!(w.push(entry).unwrap().fault.code(), "bad-signature");

    let author = Author { seq: w.replay.seq(), ..author };
    let (_, moved) = seal(&w, author, JournalHead([1; 32]), &w.officers[0].clone());
    let entry = journal::seal(&JOURNAL, &w.keys[1], &[202; 24], &moved).unwrap();
    assert_eq!(w.push(entry).unwrap().fault.code(), "bad-signature");

    let author = Author { seq: w.replay.seq(), role: RoleName::Adjudicator, at: T0 - 2 * DAY, ..author };
    let (early, _) = seal(&w, author, w.replay.head(), &w.officers[0].clone());
    let entry = journal::seal(&JOURNAL, &w.keys[1], &[203; 24], &early).unwrap();
    assert_eq!(w.push(entry).unwrap().fault.code(), "time-backwards");
}

#[test]
fn entries_are_padded_and_bounded() {
    let mut w = World::new();
    w.reach_received();
    let note = |len| Event::Noted { text: "x".repeat(len), visibility: Visibility::Team };
    w.write::<Triager>(0, note(90_000)).unwrap();
    for entry in &w.entries {
        assert!(entry.len().is_multiple_of(JOURNAL_STEP));
    }
    assert_eq!(w.entries[0].len(), JOURNAL_STEP);
    assert_eq!(w.run::<Triager>(0, Command::Write(note(100_000))).unwrap_err().rule, Rule::TooLong);
}

#[test]
fn a_charter_change_keeps_old_entries_and_stops_new_ones() {
    let mut w = World::new();
    w.reach_triage();
    let people = w.members.clone();
    let changed = people.iter().map(|(holder, member)| {
        let mut member = member.clone();
        if holder == w.id(1) {
            member.until = Some(T0 + 1);
        }
        member
    });
    w.members = subrosa_casework::role::Members::new(changed.collect::<Vec<_>>());
    let again = journal::replay(*JOURNAL, w.entries.iter().map(Vec::as_slice), &w.keys, &w.ctx(), w.now).unwrap();
    assert!(again.passed_over().is_empty());
    w.now = T0 + 1;
    assert!(w.run::<Triager>(1, Command::DeclareNoConflict).is_err());
    let said = w.said(b"x");
    let passed = w.force(1, RoleName::Triager, said);
    assert_eq!(passed.unwrap().fault.code(), "unknown-member");
    let (gone, here) = (w.id(1), w.id(2));
    assert_eq!(w.refused::<Triager>(0, Event::MemberLeft { holder: here }), Rule::StillMember);
    w.write::<Triager>(0, Event::MemberLeft { holder: gone }).unwrap();
    let said = w.said(b"x");
    assert_eq!(w.refused::<Triager>(0, said), Rule::KeyMustTurn);
    let event = w.turn(2, &[0, 2]);
    w.write::<Triager>(0, event).unwrap();
}

#[test]
fn two_officers_at_once_both_get_through() {
    let mut w = World::new();
    w.reach_triage();
    // Both read the same journal and write for the same place. The server takes one; the other reads it and decides
    // again.
    let view = w.replay.clone();
    let said = [w.said(b"from one"), w.said(b"from two")];
    let entry = |w: &World, view: &Replay, n: usize, nonce: u8| {
        let event = said[n].clone();
        view.write(RoleName::Triager, event, &w.officers[n], &w.keys, &[nonce; 24], w.now).unwrap()
    };
    let first = entry(&w, &view, 0, 210);
    let lost = entry(&w, &view, 1, 211);
    assert_eq!(w.push(first), None);
    // A server that took the second one all the same would only show that it is out of place.
    assert_eq!(w.push(lost).unwrap().fault, EntryFault::Unreadable);
    let current = w.replay.clone();
    let again = entry(&w, &current, 1, 212);
    assert_eq!(w.push(again), None);
    assert_eq!(w.case().messages().iter().filter_map(|m| m.counter).collect::<Vec<_>>(), [0, 1, 2]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn random_bytes_are_passed_over(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        let w = World::new();
        let mut replay = Replay::new(*JOURNAL);
        let mut framed = vec![1, 0, 0, 0, 0];
        framed.extend_from_slice(&bytes);
        prop_assert!(replay.push(&bytes, &w.keys, &w.ctx(), w.now).map(|p| p.is_some()).unwrap_or(true));
        prop_assert!(replay.push(&framed, &w.keys, &w.ctx(), w.now).unwrap().is_some());
        let _ = SignedEvent::decode(&bytes);
        let _ = subrosa_casework::award::SignedOrder::decode(&bytes);
        prop_assert_eq!(replay.case().state(), State::Empty);
    }

    #[test]
    fn damaged_events_do_not_panic(at in 0usize..400, with in any::<u8>()) {
        let mut w = World::new();
        w.reach_received();
        let author = Author { holder: w.id(0), role: RoleName::Triager, at: w.now, seq: 2 };
        let signed = SignedEvent::sign(&JOURNAL, author, 0, w.replay.head(), w.received(), &key(1)).unwrap();
        let mut bytes = signed.encode();
        let at = at % bytes.len();
        bytes[at] = with;
        if let Ok(read) = SignedEvent::decode(&bytes) {
            prop_assert!(read == signed || read.verify(&JOURNAL, &key(1).verifying_key()).is_err());
        }
    }
}
