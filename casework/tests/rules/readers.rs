//! One journal, many readers: whoever reads as far as the same head holds the same case, and passes over the same
//! entries under the same rules, whatever others with patched programs or the server have put in between.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use proptest::prelude::*;
use subrosa_casework::{
    case::{Author, Case, Command, Event},
    journal::{self, CaseKey, Replay, SignedEvent},
    refusal::Rule,
    role::{Adjudicator, Investigator, RoleName, Triager},
};
use subrosa_crypto::wire::JournalHead;

use crate::{
    desk::{DAY, JOURNAL, World},
    orders::event,
};

const ROLES: [RoleName; 3] = [RoleName::Triager, RoleName::Investigator, RoleName::Adjudicator];
/// The member with the patched program. The first two are honest; the fourth is an officer who may be brought in.
const CORRUPT: usize = 2;
/// Heads that are compared, at most.
const COMPARED: usize = 6;

/// What happens to the journal next.
#[derive(Clone, Debug)]
enum Step {
    /// An honest member reads, and acts if the rules let them.
    Honest {
        who: usize,
        role: usize,
        what: u8,
    },
    /// The corrupt member writes whatever it likes, dated as it likes.
    Corrupt {
        role: usize,
        what: u8,
        ahead: i64,
    },
    /// The corrupt member signs in a colleague's name.
    InNameOf {
        who: usize,
        role: usize,
        what: u8,
    },
    /// It signs for another place than the entry's, or seals under another key than the current one.
    Elsewhere {
        what: u8,
    },
    OtherKey {
        what: u8,
        newer: bool,
    },
    /// Somebody writes who is no officer of the case: one of the money, who holds the key.
    Stranger {
        what: u8,
    },
    /// The server, or whoever has the capability, appends an entry once more, whole, cut or changed; or other bytes.
    Again {
        which: usize,
    },
    Cut {
        which: usize,
        length: usize,
    },
    Flip {
        which: usize,
        bit: usize,
    },
    Bytes(Vec<u8>),
    /// Time passes before the next entry.
    Wait {
        seconds: u64,
    },
}

fn ahead() -> impl Strategy<Value = i64> {
    let day = i64::try_from(DAY).unwrap();
    prop_oneof![
        4 => Just(0),
        1 => Just(-40 * day),
        1 => Just(-day - 60),
        1 => Just(-60),
        1 => Just(3_600),
        1 => Just(day - 1),
        1 => Just(day),
        1 => Just(day + 1),
        1 => Just(2 * day - 1),
        1 => Just(40 * day),
        1 => Just(9_000 * day),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    let what = || 0u8..40;
    prop_oneof![
        12 => (0usize..2, 0usize..3, what()).prop_map(|(who, role, what)| Step::Honest { who, role, what }),
        6 => (0usize..3, what(), ahead()).prop_map(|(role, what, ahead)| Step::Corrupt { role, what, ahead }),
        1 => (0usize..4, 0usize..3, what()).prop_map(|(who, role, what)| Step::InNameOf { who, role, what }),
        1 => what().prop_map(|what| Step::Elsewhere { what }),
        1 => (what(), any::<bool>()).prop_map(|(what, newer)| Step::OtherKey { what, newer }),
        1 => what().prop_map(|what| Step::Stranger { what }),
        1 => any::<usize>().prop_map(|which| Step::Again { which }),
        1 => (any::<usize>(), any::<usize>()).prop_map(|(which, length)| Step::Cut { which, length }),
        1 => (any::<usize>(), any::<usize>()).prop_map(|(which, bit)| Step::Flip { which, bit }),
        1 => prop::collection::vec(any::<u8>(), 0..200).prop_map(Step::Bytes),
        2 => prop_oneof![Just(30), Just(7_200), Just(DAY + 60), Just(30 * DAY)]
            .prop_map(|seconds| Step::Wait { seconds }),
    ]
}

/// How somebody reads: how long after the last entry, in pages of how many entries, and how long one page takes.
#[derive(Clone, Debug)]
struct Reader {
    later: u64,
    pages: Vec<usize>,
    pause: u64,
}

fn reader() -> impl Strategy<Value = Reader> {
    let later = prop_oneof![Just(0), Just(300), Just(DAY), Just(DAY + 1), Just(41 * DAY), Just(20_000 * DAY)];
    let pause = prop_oneof![Just(0u64), Just(1), Just(600), Just(2 * DAY)];
    (later, prop::collection::vec(1usize..9, 1..8), pause).prop_map(|(later, pages, pause)| Reader {
        later,
        pages,
        pause,
    })
}

/// What is compared: the case, the entries that count, and those that do not, each with its rule.
type Held = (Case, Vec<(u64, Event)>, Vec<(u64, &'static str)>, JournalHead);

fn held(replay: &Replay) -> Held {
    let counts = replay.events().iter().map(|e| (e.author.seq, e.event.clone())).collect();
    let not = replay.passed_over().iter().map(|p| (p.seq, p.fault.code())).collect();
    (replay.case().clone(), counts, not, replay.head())
}

/// The whole journal, as somebody reads it who begins at `now`.
fn read(w: &World, now: u64) -> Replay {
    journal::replay(*JOURNAL, w.entries.iter().map(Vec::as_slice), &w.keys, &w.ctx(), now).unwrap()
}

/// The first `length` entries, page by page: what was read of the pages before is kept, as on a desk's shelf.
fn read_as(w: &World, how: &Reader, length: usize, clock: u64) -> Held {
    let mut now = clock + how.later;
    let mut kept = Replay::new(*JOURNAL);
    let mut at = 0;
    for page in how.pages.iter().cycle() {
        let mut reading = kept.clone();
        for entry in &w.entries[at..length.min(at + page)] {
            reading.push(entry, &w.keys, &w.ctx(), now).unwrap();
        }
        at = length.min(at + page);
        kept = reading;
        if at == length {
            break;
        }
        now += how.pause;
    }
    held(&kept)
}

/// An entry of the corrupt member, signed and sealed as its program likes.
fn forge(w: &mut World, author: Author, head: JournalHead, what: Event, key: &CaseKey) -> Vec<u8> {
    w.nonce = w.nonce.wrapping_add(1);
    let signed = SignedEvent::sign(&JOURNAL, author, 0, head, what, &w.officers[CORRUPT]).unwrap();
    journal::seal(&JOURNAL, key, &[w.nonce; 24], &signed).unwrap().into()
}

fn honest(w: &mut World, who: usize, role: usize, what: u8) {
    let Some(event) = event(w, what) else { return };
    // The rules may refuse it: then nothing is written.
    let _ = match role {
        0 => w.run::<Triager>(who, Command::Write(event)),
        1 => w.run::<Investigator>(who, Command::Write(event)),
        _ => w.run::<Adjudicator>(who, Command::Write(event)),
    };
}

fn entry(w: &World, which: usize) -> Option<Vec<u8>> {
    w.entries.get(which % w.entries.len().max(1)).cloned()
}

/// What the corrupt member, a stranger or the server puts behind the last entry.
fn forged(w: &mut World, step: &Step) -> Option<Vec<u8>> {
    let author = Author { holder: w.id(CORRUPT), role: ROLES[0], at: w.now, seq: w.replay.seq() };
    let head = w.replay.head();
    let generation = w.case().key_generation();
    let key = w.keys.iter().find(|k| k.generation == generation).unwrap().clone();
    Some(match step {
        Step::Corrupt { role, what, ahead } => {
            let what = event(w, *what)?;
            let at = w.now.saturating_add_signed(*ahead);
            forge(w, Author { role: ROLES[*role], at, ..author }, head, what, &key)
        }
        Step::InNameOf { who, role, what } => {
            let what = event(w, *what)?;
            let holder = w.id(*who);
            forge(w, Author { holder, role: ROLES[*role], ..author }, head, what, &key)
        }
        Step::Elsewhere { what } => {
            let what = event(w, *what)?;
            forge(w, Author { seq: author.seq + 1, ..author }, head, what, &key)
        }
        Step::OtherKey { what, newer } => {
            let other = if *newer { generation + 1 } else { generation.checked_sub(1)? };
            let key = w.keys.iter().find(|k| k.generation == other)?.clone();
            let what = event(w, *what)?;
            forge(w, author, head, what, &key)
        }
        Step::Stranger { what } => {
            let what = event(w, *what)?;
            w.nonce = w.nonce.wrapping_add(1);
            w.replay.write(ROLES[0], what, &w.admins[0], &w.keys, &[w.nonce; 24], w.now).unwrap().into()
        }
        Step::Again { which } => entry(w, *which)?,
        Step::Cut { which, length } => {
            let mut bytes = entry(w, *which)?;
            bytes.truncate(length % bytes.len().max(1));
            bytes
        }
        Step::Flip { which, bit } => {
            let mut bytes = entry(w, *which)?;
            let bit = bit % (8 * bytes.len()).max(1);
            *bytes.get_mut(bit / 8)? ^= 1 << (bit % 8);
            bytes
        }
        Step::Bytes(bytes) => bytes.clone(),
        Step::Honest { .. } | Step::Wait { .. } => return None,
    })
}

/// Carries the steps out. Answers the heads behind which nothing is in doubt, as lengths of the journal, with the clock
/// at that time: the last entry counts, and an honest member wrote it.
fn written(w: &mut World, steps: &[Step]) -> Vec<(usize, u64)> {
    let mut settled = Vec::new();
    for step in steps {
        match step {
            Step::Wait { seconds } => w.now += seconds,
            Step::Honest { who, role, what } => {
                w.now += 1;
                w.replay = read(w, w.now);
                let before = w.entries.len();
                honest(w, *who, *role, *what);
                if w.entries.len() > before {
                    settled.push((w.entries.len(), w.now));
                }
            }
            forgery => {
                w.replay = read(w, w.now);
                if let Some(entry) = forged(w, forgery) {
                    w.push(entry);
                }
            }
        }
    }
    settled
}

fn all_hold_one_case(w: &mut World, steps: &[Step], readers: &[Reader]) -> Result<(), TestCaseError> {
    let settled = written(w, steps);
    let apart = settled.len().div_ceil(COMPARED).max(1);
    for (length, clock) in settled.into_iter().rev().step_by(apart) {
        let whole = Reader { later: 0, pages: vec![length], pause: 0 };
        let stands = read_as(w, &whole, length, clock);
        for how in readers {
            let found = read_as(w, how, length, clock);
            prop_assert_eq!(&found.3, &stands.3);
            // What is dated ahead is refused by everybody. Whoever reads it when that date has come may name another
            // rule, for a term that is over by then.
            let ahead = |seq: u64| stands.2.iter().any(|(s, code)| *s == seq && *code == Rule::FromTheFuture.code());
            let named = |refused: &[(u64, &'static str)]| -> Vec<(u64, &'static str)> {
                refused
                    .iter()
                    .map(|(s, code)| (*s, if ahead(*s) { Rule::FromTheFuture.code() } else { *code }))
                    .collect()
            };
            prop_assert_eq!(named(&found.2), named(&stands.2), "refused otherwise: {:?}, {} entries", how, length);
            prop_assert_eq!(&found.1, &stands.1, "other entries count: {:?}, {} entries", how, length);
            prop_assert_eq!(&found.0, &stands.0, "another case: {:?}, {} entries", how, length);
        }
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn of_a_case_that_begins(
        steps in prop::collection::vec(step(), 1..60),
        readers in prop::collection::vec(reader(), 2..5),
    ) {
        all_hold_one_case(&mut World::new(), &steps, &readers)?;
    }

    #[test]
    fn of_a_case_under_way(
        start in 0u8..6,
        steps in prop::collection::vec(step(), 1..40),
        readers in prop::collection::vec(reader(), 2..5),
    ) {
        let mut w = World::new();
        match start {
            0 => w.reach_received(),
            1 => w.reach_triage(),
            2 => w.reach_investigating(),
            3 => w.reach_substantiated(),
            4 => w.reach_claim_open(),
            _ => w.reach_award_proposed(),
        }
        all_hold_one_case(&mut w, &steps, &readers)?;
    }
}

/// What is left: the corrupt member dates an entry weeks ahead and turns the key in its own name. Colleagues who read
/// in time follow. Whoever reads for the first time when that date has come, and holds no key of the turn from
/// elsewhere, takes the turn for one that contradicts its own author, and comes no further; with the key the case is
/// the same.
#[test]
fn whoever_reads_late_and_lacks_a_key_comes_no_further() {
    let mut w = World::new();
    w.reach_received();
    let (now, head) = (w.now, w.replay.head());
    let tag = |name: &str| Event::Tagged { tag: name.into(), on: true };
    let author = Author { holder: w.id(CORRUPT), role: ROLES[0], at: now + 40 * DAY, seq: 2 };
    let key = w.keys[1].clone();
    let ahead = forge(&mut w, author, head, tag("ahead"), &key);
    assert_eq!(w.push(ahead).unwrap().fault.code(), "from-the-future");
    let (turn, head) = (w.turn(2, &[0, 1, 2]), w.replay.head());
    let turn = forge(&mut w, Author { at: now, seq: 3, ..author }, head, turn, &key);
    assert_eq!(w.push(turn), None);
    w.write::<Triager>(0, tag("on")).unwrap();
    let stands = w.case().clone();
    assert_eq!(read(&w, now + 50 * DAY).case(), &stands);

    let entries = w.entries.iter().map(Vec::as_slice);
    let late = journal::replay(*JOURNAL, entries, &w.keys[..2], &w.ctx(), now + 50 * DAY).unwrap();
    let codes: Vec<_> = late.passed_over().iter().map(|p| (p.seq, p.fault.code())).collect();
    assert_eq!(codes, [(3, "time-backwards"), (4, "no-key")]);
    assert_eq!(late.case().key_generation(), 1);
}
