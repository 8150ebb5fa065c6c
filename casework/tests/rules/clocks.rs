//! Clocks that are wrong, by mistake or on purpose: no entry's date closes a case, and whoever reads it, and whenever,
//! reads the same.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use proptest::prelude::*;
use serde_json::{Value, json};
use subrosa_casework::{
    case::{Author, ClockName, Command, Event},
    journal::{self, Moment, Replay, SignedEvent},
    role::{RoleName, Triager},
};
use subrosa_vectors::hold;

use crate::desk::{DAY, JOURNAL, T0, World};

/// The first day of 2100, midnight UTC: Unix seconds.
const YEAR_2100: u64 = 4_102_444_800;

fn tag(name: &str) -> Event {
    Event::Tagged { tag: name.into(), on: true }
}

/// The whole journal, read at `now`.
fn read(w: &World, now: u64) -> Replay {
    journal::replay(*JOURNAL, w.entries.iter().map(Vec::as_slice), &w.keys, &w.ctx(), now).unwrap()
}

/// Officer `n` writes with a clock that shows `clock`; answers the stable name of what is wrong with the entry for
/// somebody who reads it now.
fn dated(w: &mut World, n: usize, clock: impl Into<Moment>, event: Event) -> Option<&'static str> {
    w.nonce = w.nonce.wrapping_add(1);
    let entry = w.replay.write(RoleName::Triager, event, &w.officers[n], &w.keys, &[w.nonce; 24], clock).unwrap();
    w.push(entry).map(|p| p.fault.code())
}

/// The same, with whatever epoch the officer's patched program names.
fn patched(w: &mut World, n: usize, at: u64, closed: u64, event: Event) -> Option<&'static str> {
    let (id, seq, generation) = (w.case().id(), w.replay.seq(), w.case().key_generation());
    let author = Author { holder: w.id(n), role: RoleName::Triager, at, seq };
    let signed = SignedEvent::sign(&id, author, closed, w.replay.head(), event, &w.officers[n]).unwrap();
    w.nonce = w.nonce.wrapping_add(1);
    let key = w.keys.iter().find(|k| k.generation == generation).unwrap();
    let entry = journal::seal(&id, key, &[w.nonce; 24], &signed).unwrap();
    w.push(entry).map(|p| p.fault.code())
}

/// Officer `n` reads the journal at `clock`, and writes.
fn honest(w: &mut World, n: usize, clock: u64, event: Event) {
    w.now = clock;
    w.replay = read(w, clock);
    w.write::<Triager>(n, event).unwrap();
}

fn codes(replay: &Replay) -> Vec<(u64, &'static str)> {
    replay.passed_over().iter().map(|p| (p.seq, p.fault.code())).collect()
}

#[test]
fn one_entry_dated_2100_closes_nothing() {
    let mut w = World::new();
    w.reach_received();
    let (before, now) = (w.case().clone(), w.now);
    assert_eq!(dated(&mut w, 2, YEAR_2100, tag("x")), Some("from-the-future"));
    assert_eq!(*w.case(), before, "as if it had never been written");
    honest(&mut w, 0, now + 60, tag("y"));
    assert_eq!(w.case().last_at(), now + 60);
    let stands = w.case().clone();
    for at in [now + 60, now + DAY, YEAR_2100 - 1, YEAR_2100 + DAY] {
        let read = read(&w, at);
        assert_eq!(*read.case(), stands, "read at {at}");
        assert_eq!(codes(&read), [(2, "from-the-future")], "read at {at}");
    }
    honest(&mut w, 1, YEAR_2100 + DAY, tag("z"));
    assert_eq!(w.case().tags().len(), 2);
}

/// A day ahead counts, and moves the case's time no further than to the next entry of somebody else; another day on top
/// of it does not count.
#[test]
fn nobody_creeps_into_the_future_day_by_day() {
    let mut w = World::new();
    w.reach_received();
    let now = w.now;
    assert_eq!(dated(&mut w, 2, now + DAY, tag("a")), None);
    assert_eq!(dated(&mut w, 2, now + 2 * DAY - 1, tag("b")), Some("from-the-future"));
    honest(&mut w, 0, now + 3_600, tag("c"));
    honest(&mut w, 1, now + 3_660, tag("d"));
    assert_eq!(w.case().last_at(), now + 3_660);
    assert_eq!(w.replay.odd_date(2), Some(now + DAY), "its date is marked");
    assert_eq!(read(&w, now + 9 * DAY).times(), w.replay.times());
    let stands = w.case().clone();
    for days in [1, 2, 3, 700] {
        assert_eq!(*read(&w, now + days * DAY).case(), stands, "{days} days later");
    }
}

/// What was refused because of an entry that turned out to be from the future counts again.
#[test]
fn an_entry_that_gives_way_takes_no_other_with_it() {
    let mut w = World::new();
    w.reach_received();
    let now = w.now;
    assert_eq!(dated(&mut w, 2, now + 40 * DAY, tag("a")), Some("from-the-future"));
    assert_eq!(dated(&mut w, 2, now, tag("b")), None, "the same officer, with the clock set right");
    assert_eq!(codes(&read(&w, now + 50 * DAY)), [(3, "time-backwards")], "nobody else has written yet");
    honest(&mut w, 0, now + 60, tag("c"));
    let stands = w.case().clone();
    assert_eq!(stands.tags().len(), 2);
    let later = read(&w, now + 50 * DAY);
    assert_eq!((later.case(), codes(&later)), (&stands, vec![(2, "from-the-future")]));
}

/// A slow clock holds nobody up. One that contradicts two colleagues by more than a day does not count.
#[test]
fn an_old_date_moves_no_time_back() {
    let mut w = World::new();
    w.reach_received();
    let now = w.now;
    honest(&mut w, 0, now + 3 * DAY, tag("a"));
    honest(&mut w, 1, now + 3 * DAY, tag("b"));
    assert_eq!(dated(&mut w, 2, now + 3 * DAY - 3_600, tag("c")), None);
    assert_eq!(w.case().last_at(), now + 3 * DAY);
    let before = w.case().clone();
    assert_eq!(dated(&mut w, 2, now, tag("d")), Some("time-backwards"));
    assert_eq!(*w.case(), before);
}

/// A reader whose clock two colleagues contradict is told before anything is written with it.
#[test]
fn a_clock_that_two_contradict_is_in_doubt() {
    let mut w = World::new();
    w.reach_received();
    let now = w.now;
    honest(&mut w, 0, now + 3 * DAY, tag("a"));
    let slow = read(&w, now + DAY);
    assert!(!slow.contradicts_clock_of(w.id(1)), "one person may be wrong");
    assert!(slow.contradicts_clock_of(w.id(0)), "that person's own clock went back");
    honest(&mut w, 1, now + 3 * DAY, tag("b"));
    assert!(read(&w, now + DAY).contradicts_clock_of(w.id(2)));
    assert!(!read(&w, now + 3 * DAY).contradicts_clock_of(w.id(2)));
    // What was settled is no reason for doubt any more.
    for n in [0, 1] {
        assert_eq!(dated(&mut w, n, now + 40 * DAY, tag("c")), Some("from-the-future"));
        honest(&mut w, 2, now + 3 * DAY + 60, tag("d"));
    }
    assert!(!read(&w, now + 41 * DAY).contradicts_clock_of(w.id(2)));
}

/// Somebody who is no member, or who signs in a colleague's name, makes nobody's entry give way.
#[test]
fn only_a_member_can_contradict_a_date() {
    let mut w = World::new();
    w.reach_received();
    let now = w.now;
    honest(&mut w, 0, now + 3 * DAY, tag("a"));
    let before = w.case().clone();
    let stranger = w.admins[0].clone();
    w.nonce += 1;
    let entry = w.replay.write(RoleName::Triager, tag("b"), &stranger, &w.keys, &[w.nonce; 24], now).unwrap();
    assert!(w.push(entry).is_some());
    assert_eq!(*w.case(), before);
}

/// What one of three with a patched program dates ahead: by how much, and how long before the next entry.
fn step() -> impl Strategy<Value = (usize, u64, u64)> {
    let ahead = prop_oneof![
        Just(0),
        Just(3_600),
        Just(DAY - 120),
        Just(DAY),
        Just(DAY + 120),
        Just(2 * DAY - 1),
        Just(40 * DAY),
        Just(9_000 * DAY),
    ];
    (0usize..3, ahead, prop_oneof![Just(30u64), Just(7_200), Just(DAY + 7_200), Just(30 * DAY)])
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// However one member dates entries ahead, what the others write counts, and everybody reads one case.
    #[test]
    fn whoever_dates_ahead_changes_nothing_for_the_others(steps in prop::collection::vec(step(), 1..14)) {
        let mut w = World::new();
        w.reach_received();
        let (mut now, mut written) = (w.now, Vec::new());
        for (n, (who, ahead, wait)) in steps.into_iter().chain([(0, 0, 60), (1, 0, 60)]).enumerate() {
            now += wait;
            let name = format!("{who}-{n}");
            if who == 2 {
                w.now = now;
                w.replay = read(&w, now);
                dated(&mut w, 2, now + ahead, tag(&name));
            } else {
                // The second officer's clock is five minutes slow.
                honest(&mut w, who, if who == 1 { now - 300 } else { now }, tag(&name));
                written.push(name);
            }
        }
        let stands = read(&w, now);
        for name in &written {
            prop_assert!(stands.case().tags().contains(name), "{name}: {:?}", codes(&stands));
        }
        for later in [300, DAY, 2 * DAY, 41 * DAY, 500 * DAY, 20_000 * DAY] {
            let read = read(&w, now + later);
            prop_assert_eq!(read.case(), stands.case(), "{} later: {:?} and {:?}", later, codes(&read), codes(&stands));
        }
    }
}

/// Nine days after the tip, with epoch 1,000 as the newest that two people name.
fn with_epochs() -> World {
    let mut w = World::new();
    w.reach_received();
    for (n, after) in [(0, 0), (1, 60)] {
        w.now = T0 + 9 * DAY + after;
        let now = w.now;
        assert_eq!(patched(&mut w, n, now, 1_000, tag(&format!("{n}"))), None);
    }
    w
}

/// An entry that is dated ahead within a day makes nothing late that a colleague does in time after it.
#[test]
fn an_entry_dated_later_than_it_was_written_makes_nothing_late() {
    let mut w = World::new();
    w.reach_received();
    let due = w.case().due(ClockName::Acknowledge, &w.programme).unwrap();
    let now = due - 3_600;
    w.now = now;
    w.replay = read(&w, now);
    assert_eq!(dated(&mut w, 2, due + 10 * 3_600, tag("x")), None);
    assert!(w.case().breaches().is_empty(), "nothing is late yet");
    w.now = now + 60;
    w.replay = read(&w, w.now);
    w.run::<Triager>(0, Command::Acknowledge { body: b"it is here".to_vec() }).unwrap();
    for later in [0, DAY, 40 * DAY] {
        let read = read(&w, w.now + later);
        assert!(read.case().breaches().is_empty(), "read {later} s later");
        assert_eq!(read.case().acknowledged(), Some(now + 60));
        assert_eq!(read.odd_date(2), Some(due + 10 * 3_600));
    }
}

/// An entry that names an epoch happened after that epoch closed, whatever its date is.
#[test]
fn an_entry_dated_earlier_than_its_epoch_comes_too_late_all_the_same() {
    let mut w = with_epochs();
    // Three hours later, that is 36 epochs.
    w.now += 3 * 3_600;
    let before = w.now - 3 * 3_600 + 120;
    assert_eq!(patched(&mut w, 2, before, 1_036, tag("x")), None);
    let at = *w.replay.times().last().unwrap();
    assert!(at.abs_diff(w.now) <= 2 * 300 + 60, "{at} is about {}", w.now);
    assert_eq!(w.replay.odd_date(w.replay.seq() - 1), Some(before));
    for later in [0, DAY, 40 * DAY] {
        assert_eq!(read(&w, w.now + later).times(), w.replay.times());
    }
}

/// An early date moves no time back that two colleagues agree about; naming an epoch that is not closed yet moves none
/// ahead for the others.
#[test]
fn neither_an_early_date_nor_a_false_epoch_moves_the_others() {
    let mut w = with_epochs();
    w.now += 5 * 3_600;
    for (n, closed) in [(0, 1_060), (1, 1_060)] {
        let now = w.now;
        assert_eq!(patched(&mut w, n, now, closed, tag(&format!("later {n}"))), None);
    }
    let (now, stands) = (w.now, w.replay.times().to_vec());
    assert_eq!(patched(&mut w, 2, now - 4 * 3_600, 0, tag("z")), None);
    assert_eq!(w.replay.times()[..stands.len()], stands);

    let mut w = with_epochs();
    let now = w.now;
    // Two hundred epochs that are not closed yet: about 17 hours.
    assert_eq!(patched(&mut w, 2, now, 1_200, tag("x")), None);
    assert_eq!(w.case().last_at(), now);
    honest(&mut w, 0, now + 60, tag("y"));
    assert_eq!(w.case().last_at(), now + 60);
    for later in [0, DAY, 40 * DAY] {
        assert_eq!(read(&w, w.now + later).case(), w.case(), "read {later} s later");
    }
    // What a server says of epochs does not make an honest entry odd.
    assert_eq!(dated(&mut w, 1, Moment { now: now + 120, closed: 9_000 }, tag("z")), None);
    assert!(w.replay.events().last().unwrap().closed <= 1_003);
}

/// What another program can compare: entries as their authors date them, and when a reader takes them to have happened.
fn timed(what: &str, written: &[(usize, u64, u64)], after: u64) -> Value {
    let mut w = World::new();
    w.reach_received();
    let mut said = Vec::new();
    for (n, (who, at, closed)) in written.iter().enumerate() {
        let seq = w.replay.seq();
        w.now = T0 + written[..=n].iter().map(|(_, at, _)| *at).max().unwrap();
        patched(&mut w, *who, T0 + at, *closed, tag(&n.to_string()));
        said.push(json!({ "seq": seq, "author": w.id(*who), "at": T0 + at, "closed": closed }));
    }
    let read = read(&w, T0 + after);
    let of = |seq: u64| read.events().iter().zip(read.times()).find(|(e, _)| e.author.seq == seq).map(|(_, at)| *at);
    let times: Vec<Value> = said.iter().map(|e| json!(of(e["seq"].as_u64().unwrap()))).collect();
    let refused: Vec<Value> = codes(&read).into_iter().map(|(seq, code)| json!([seq, code])).collect();
    json!({ "what": what, "entries": said, "read_at": T0 + after, "times": times, "passed_over": refused })
}

#[test]
fn time_vectors_hold() {
    let hour = 3_600;
    let epochs = [(0, 9 * DAY, 1_000), (1, 9 * DAY + 60, 1_000)];
    let then = |more: &[(usize, u64, u64)]| [&epochs[..], more].concat();
    let cases = [
        timed("dates that agree", &then(&[(2, 9 * DAY + 300, 1_001)]), 10 * DAY),
        timed("ten minutes early stays in order", &then(&[(2, 9 * DAY - 600, 1_000)]), 10 * DAY),
        timed("dated before the epoch that it names", &then(&[(2, 9 * DAY + 120, 1_036)]), 10 * DAY),
        timed(
            "dated before an epoch that only one person could place",
            &[(0, 9 * DAY, 1_000), (2, 9 * DAY, 1_036)],
            10 * DAY,
        ),
        timed("dated after the reader's clock", &then(&[(2, 9 * DAY + 20 * hour, 1_000)]), 9 * DAY + hour),
        timed(
            "dated after an entry of somebody else behind it",
            &then(&[(2, 9 * DAY + 20 * hour, 1_000), (0, 9 * DAY + hour, 1_011)]),
            20 * DAY,
        ),
        timed(
            "two people are ahead of an early date",
            &then(&[(0, 9 * DAY + 5 * hour, 0), (1, 9 * DAY + 5 * hour, 0), (2, 9 * DAY + hour, 0)]),
            20 * DAY,
        ),
        timed("more than a day ahead", &then(&[(2, 12 * DAY, 1_000), (0, 9 * DAY + hour, 1_011)]), 20 * DAY),
        timed(
            "more than a day before two people",
            &then(&[(0, 12 * DAY, 0), (1, 12 * DAY, 0), (2, 9 * DAY + hour, 0)]),
            20 * DAY,
        ),
    ];
    hold(
        "casework/times.json",
        &json!({
            "about": "docs/spec/case.md, \"Times\". Entries behind `received` and `key-turned`, which are dated `began`, in their order, each by its author with the date `at` and the newest closed epoch `closed` that it names; epochs of 300 seconds. `times` is when a reader whose clock shows `read_at` takes each to have happened, null if it does not count; `passed_over` says why.",
            "began": T0,
            "epoch_seconds": 300,
            "cases": cases,
        }),
    );
}
