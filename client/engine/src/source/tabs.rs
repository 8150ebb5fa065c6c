//! One source in two tabs, or two runs of the program, with one passphrase: every order of their steps, with answers
//! that are lost and steps that stop half way, searched to the end for small numbers.
//!
//! What a tab does is modelled after [`Source`](super::Source), line by line: `send` and `acknowledge` of
//! `conversation.rs`; `save`, `try_deposit`, `resync` and `restore` of `client.rs`. What a state counts is
//! counted by [`SourceState`] itself. A parcel is stored whole or not at all, and a place takes one envelope for ever:
//! that is the store's promise (`server/src/store/verbs.rs`), held by its conformance suite.
#![expect(clippy::indexing_slicing, reason = "tests")]

use stateright::{Checker, Model, Property};
use subrosa_casework::bytes::Digest;

use super::SourceState;

const TABS: usize = 2;

/// What of a state is of interest: what the real one counts, and the letters that its ratchets have passed, as bits.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Kept {
    sent: u64,
    recent: Vec<u8>,
    read: u8,
}

impl Kept {
    /// Under which number a message goes out, which is then noted.
    fn number_of(&mut self, message: u8) -> u64 {
        let number = self.sent;
        let mut state = SourceState {
            correspondents: Vec::new(),
            journal: Digest([0; 32]),
            sent: self.sent,
            recent: self.recent.iter().map(|m| Digest([*m; 32])).collect(),
            cursor: 0,
            charter: (1, [0; 32]),
            log: None,
            case_state: None,
            awards: Vec::new(),
            filed_day: None,
            next_upload: 0,
            spent_uploads: Vec::new(),
            cover_from: 0,
            cover_next: 0,
        };
        state.note_sent(Digest([message; 32]));
        self.sent = state.sent;
        self.recent = state.recent.iter().map(|d| d.0[0]).collect();
        number
    }
}

/// What the server has in a place.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Slot {
    Empty,
    Body(Kept),
    Gone,
}

/// What became of the last deposit.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Last {
    Settled,
    Unanswered(Parcel),
    Taken,
}

/// A state, and the message that goes with it under its number.
type Parcel = (Kept, Option<(u64, u8)>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Tab {
    number: usize,
    state: Kept,
    inbox: Option<u8>,
    /// The message that the last act wanted to send, if it did not come to its end.
    tried: Option<u8>,
    last: Last,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct World {
    tabs: Vec<Tab>,
    states: Vec<Slot>,
    /// The newest state that a closed list shows.
    listed: usize,
    written: u8,
    destroyed: u8,
    /// Messages that arrived, each with its number.
    arrived: Vec<(u64, u8)>,
    attempts: u8,
    /// What the person was shown, and what they asked to burn.
    shown: u8,
    to_burn: u8,
    /// What the person was told: sent, burnt; and whether a return said something else than the truth.
    told_sent: Vec<u8>,
    told_burnt: u8,
    told_wrong: bool,
    told_arrived: bool,
}

/// How far an act comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Fate {
    Answered,
    AnswerLost,
    NeverCame,
    /// Answered; the old state could not be destroyed.
    OldStays,
    /// All but the letters, which could not be destroyed.
    LettersStay,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Step {
    Letter,
    EpochCloses,
    Look(usize),
    Send(usize, Fate),
    Burn(usize, Fate),
    Resync(usize, Fate),
    Restore(usize),
}

const LOSSES: [Fate; 4] = [Fate::Answered, Fate::AnswerLost, Fate::NeverCame, Fate::OldStays];

impl World {
    fn begins(states: usize) -> Self {
        let first = Kept { sent: 1, recent: vec![0], read: 0 };
        let tab = Tab { number: 0, state: first.clone(), inbox: None, tried: None, last: Last::Settled };
        let mut states = vec![Slot::Empty; states + 1];
        states[0] = Slot::Body(first);
        Self {
            tabs: vec![tab; TABS],
            states,
            listed: 0,
            written: 0,
            destroyed: 0,
            arrived: vec![(0, 0)],
            attempts: 0,
            shown: 0,
            to_burn: 0,
            told_sent: vec![0],
            told_burnt: 0,
            told_wrong: false,
            told_arrived: false,
        }
    }

    fn newest(&self) -> usize {
        self.states.iter().rposition(|s| *s != Slot::Empty).unwrap_or(0)
    }

    fn newest_state(&self) -> Option<&Kept> {
        match &self.states[self.newest()] {
            Slot::Body(kept) => Some(kept),
            _ => None,
        }
    }

    fn has_arrived(&self, message: u8) -> bool {
        self.arrived.iter().any(|(_, m)| *m == message)
    }

    /// A parcel is sent: what lies at the state's place already stays. `None` if no answer comes, and otherwise whether
    /// the place was free.
    fn deposit(&mut self, at: usize, (state, message): Parcel, fate: Fate) -> Option<bool> {
        let free = self.states[at] == Slot::Empty;
        if free && fate != Fate::NeverCame {
            self.states[at] = Slot::Body(state);
            self.arrived.extend(message);
        }
        (!matches!(fate, Fate::NeverCame | Fate::AnswerLost)).then_some(free)
    }

    /// `Source::save`: true if all went well.
    fn save(&mut self, t: usize, message: Option<(u64, u8)>, fate: Fate) -> bool {
        let at = self.tabs[t].number + 1;
        let parcel = (self.tabs[t].state.clone(), message);
        self.tabs[t].last = match self.deposit(at, parcel.clone(), fate) {
            None => Last::Unanswered(parcel),
            Some(false) => Last::Taken,
            Some(true) => Last::Settled,
        };
        if self.tabs[t].last != Last::Settled {
            return false;
        }
        self.tabs[t].number = at;
        if fate == Fate::OldStays {
            return false;
        }
        self.states[at - 1] = Slot::Gone;
        true
    }

    fn send(&mut self, t: usize, fate: Fate) {
        self.attempts += 1;
        let message = self.attempts;
        let number = self.tabs[t].state.number_of(message);
        self.tabs[t].tried = Some(message);
        if self.save(t, Some((number, message)), fate) {
            self.tabs[t].tried = None;
            self.told_sent.push(message);
        }
    }

    /// `Source::acknowledge`.
    fn burn(&mut self, t: usize, letters: u8, fate: Fate) {
        self.to_burn |= letters;
        let tab = &mut self.tabs[t];
        (tab.inbox, tab.tried) = (None, None);
        // A place that was passed does not open again.
        let passed = tab.state.read & letters != 0;
        tab.state.read |= letters;
        if !passed && self.save(t, None, fate) && fate != Fate::LettersStay {
            self.destroyed |= letters;
            self.told_burnt |= letters;
        }
    }

    /// `Source::resync`. What it answers is told to the person.
    fn resync(&mut self, t: usize, fate: Fate) {
        let number = self.tabs[t].number;
        if let Last::Unanswered(parcel) = self.tabs[t].last.clone() {
            // `Source::send_again`: sent twice, a parcel is stored once, and that the place is taken is an answer too.
            if self.deposit(number + 1, parcel, fate).is_none() {
                return;
            }
            self.tabs[t].last = Last::Taken;
        }
        if self.tabs[t].last == Last::Taken {
            // `Source::move_on`.
            let Slot::Body(next) = self.states[number + 1].clone() else { return };
            let tab = &mut self.tabs[t];
            (tab.state, tab.number, tab.last) = (next, number + 1, Last::Settled);
            if fate == Fate::OldStays {
                return;
            }
            self.states[number] = Slot::Gone;
        } else {
            let Slot::Body(current) = self.states[number].clone() else { return };
            self.tabs[t].state = current;
        }
        let tried = self.tabs[t].tried.take();
        let arrived = tried.is_some_and(|m| self.tabs[t].state.recent.contains(&m));
        self.told_wrong |= arrived != tried.is_some_and(|m| self.has_arrived(m));
        self.told_arrived |= arrived;
    }
}

/// How far the search goes.
struct TwoTabs {
    /// Letters that an officer writes.
    letters: u32,
    /// Messages that the source tries to send.
    messages: u8,
    /// States that are written, besides the first.
    states: usize,
}

impl Model for TwoTabs {
    type State = World;
    type Action = Step;

    fn init_states(&self) -> Vec<World> {
        vec![World::begins(self.states)]
    }

    fn actions(&self, w: &World, out: &mut Vec<Step>) {
        if w.written.count_ones() < self.letters {
            out.push(Step::Letter);
        }
        if w.listed != w.newest() {
            out.push(Step::EpochCloses);
        }
        for (t, tab) in w.tabs.iter().enumerate() {
            out.extend([Step::Look(t), Step::Restore(t)]);
            out.extend(LOSSES.map(|fate| Step::Resync(t, fate)));
            if tab.number == self.states {
                continue;
            }
            if w.attempts < self.messages {
                out.extend(LOSSES.map(|fate| Step::Send(t, fate)));
            }
            if tab.inbox.is_some_and(|letters| letters != 0) {
                out.extend(LOSSES.map(|fate| Step::Burn(t, fate)));
                out.push(Step::Burn(t, Fate::LettersStay));
            }
        }
    }

    fn next_state(&self, before: &World, step: Step) -> Option<World> {
        let mut w = before.clone();
        match step {
            Step::Letter => w.written = (w.written << 1) | 1,
            Step::EpochCloses => w.listed = w.newest(),
            Step::Look(t) => {
                let letters = w.written & !w.destroyed & !w.tabs[t].state.read;
                w.shown |= letters;
                w.tabs[t].inbox = Some(letters);
            }
            Step::Send(t, fate) => w.send(t, fate),
            Step::Burn(t, fate) => {
                let letters = w.tabs[t].inbox?;
                w.burn(t, letters, fate);
            }
            Step::Resync(t, fate) => w.resync(t, fate),
            Step::Restore(t) => {
                let Slot::Body(state) = w.states[w.listed].clone() else { return None };
                w.tabs[t] = Tab { number: w.listed, state, inbox: None, tried: None, last: Last::Settled };
            }
        }
        (w != *before).then_some(w)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("the source can come back", |_, w: &World| w.newest_state().is_some()),
            Property::always("what was told as sent has arrived", |_, w: &World| {
                w.told_sent.iter().all(|m| w.has_arrived(*m))
            }),
            Property::always("what was told as burnt stays burnt", |_, w: &World| {
                w.newest_state().is_some_and(|s| w.told_burnt & !s.read == 0 && w.told_burnt & !w.destroyed == 0)
            }),
            Property::always("no letter is destroyed or passed unread", |_, w: &World| {
                let passed = w.newest_state().map_or(0, |s| s.read);
                (w.destroyed | passed) & !(w.shown & w.to_burn) == 0
            }),
            Property::always("no number is used twice", |_, w: &World| {
                let mut numbers: Vec<u64> = w.arrived.iter().map(|(n, _)| *n).collect();
                numbers.sort_unstable();
                numbers.windows(2).all(|two| two[0] != two[1])
            }),
            Property::always("the next number is above all that were used", |_, w: &World| {
                w.newest_state().is_some_and(|s| w.arrived.iter().all(|(n, _)| *n < s.sent))
            }),
            Property::always("a return tells the truth about what was tried", |_, w: &World| !w.told_wrong),
            Property::sometimes("a lost answer is made good", |_, w: &World| w.told_arrived),
            Property::sometimes("every letter is burnt", |m: &Self, w: &World| w.told_burnt.count_ones() == m.letters),
            Property::sometimes("every message arrives", |m: &Self, w: &World| {
                w.told_sent.len() == usize::from(m.messages) + 1
            }),
        ]
    }
}

#[test]
fn two_tabs_lose_nothing_and_use_no_number_twice() {
    for search in [TwoTabs { letters: 2, messages: 1, states: 2 }, TwoTabs { letters: 1, messages: 2, states: 3 }] {
        search.checker().threads(2).spawn_bfs().join().assert_properties();
    }
}
