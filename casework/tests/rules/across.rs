//! Duplicates and corroboration across cases, and clocks as a desk shows them.
#![expect(clippy::unwrap_used, reason = "tests")]

use core::cmp::Ordering;

use subrosa_casework::{
    case::{
        Act, ClockName, ClockState, CloseReason, Command, Entity, EntityKind, Event, MessageKind, Relation, compare,
        priority,
    },
    clock::Date,
    refusal::Rule,
    role::Triager,
};

use crate::desk::{DAY, T0, World, key};

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
    assert_eq!(w.run::<Triager>(0, Command::Propose(Act::Purge)).unwrap_err().rule, Rule::RetentionRunning);
    w.now += DAY;
    w.run::<Triager>(0, Command::Propose(Act::Purge)).unwrap();
}
