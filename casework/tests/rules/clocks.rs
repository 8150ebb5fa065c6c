//! Clocks that are wrong, by mistake or on purpose: no entry's date closes a case, and whoever reads it, and whenever,
//! reads the same.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use proptest::prelude::*;
use subrosa_casework::{
    case::Event,
    journal::{self, Replay},
    role::{RoleName, Triager},
};

use crate::desk::{DAY, JOURNAL, World};

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
fn dated(w: &mut World, n: usize, clock: u64, event: Event) -> Option<&'static str> {
    w.nonce = w.nonce.wrapping_add(1);
    let entry = w.replay.write(RoleName::Triager, event, &w.officers[n], &w.keys, &[w.nonce; 24], clock).unwrap();
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

/// A day ahead counts, and moves the case's time up; another day on top of it does not.
#[test]
fn nobody_creeps_into_the_future_day_by_day() {
    let mut w = World::new();
    w.reach_received();
    let now = w.now;
    assert_eq!(dated(&mut w, 2, now + DAY, tag("a")), None);
    assert_eq!(dated(&mut w, 2, now + 2 * DAY - 1, tag("b")), Some("from-the-future"));
    honest(&mut w, 0, now + 3_600, tag("c"));
    honest(&mut w, 1, now + 3_660, tag("d"));
    assert_eq!(w.case().last_at(), now + DAY, "never before the entry in front");
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
