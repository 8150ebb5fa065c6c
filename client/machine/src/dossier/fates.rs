//! What became of each proposal, as the report may say it.

use std::collections::{BTreeMap, BTreeSet};

use subrosa_casework::{
    case::{Act, Event},
    journal::Replay,
};
use subrosa_templates::{Text, say};

/// What became of a proposal.
enum Fate {
    Waits,
    /// The second signature stands at this entry.
    Signed(u64),
    /// It was taken back or refused at this entry.
    Dropped(u64),
    /// This entry says it, and is left out.
    LeftOut(u64),
    /// The case moved on, or its author left.
    Fell,
}

/// The decisions of a journal: each with its proposal, and what became of it.
pub(super) struct Fates<'a> {
    acts: BTreeMap<u64, &'a Act>,
    fates: BTreeMap<u64, Fate>,
    left_out: &'a BTreeSet<u64>,
}

impl<'a> Fates<'a> {
    /// Of a journal from which the entries `left_out` are missing.
    pub(super) fn of(replay: &'a Replay, left_out: &'a BTreeSet<u64>) -> Self {
        let mut found = Self { acts: BTreeMap::new(), fates: BTreeMap::new(), left_out };
        for e in replay.events() {
            let seq = e.author.seq;
            let (proposal, fate) = match &e.event {
                Event::Proposed(act) => {
                    found.acts.insert(seq, act);
                    let waits = replay.case().proposals().contains_key(&seq);
                    (seq, if waits { Fate::Waits } else { Fate::Fell })
                }
                Event::Confirmed { proposal } => (*proposal, Fate::Signed(seq)),
                Event::ProposalDropped { proposal } => (*proposal, Fate::Dropped(seq)),
                _ => continue,
            };
            let hidden = proposal != seq && left_out.contains(&seq);
            found.fates.insert(proposal, if hidden { Fate::LeftOut(seq) } else { fate });
        }
        found
    }

    /// What an entry says besides its kind; empty if that says all.
    pub(super) fn said(&self, t: &Text, seq: u64, event: &Event) -> String {
        match event {
            Event::Proposed(proposed) => {
                let act = name(t, proposed);
                match self.fates.get(&seq) {
                    Some(Fate::Signed(entry)) => say!(t, "report-fate-signed", act = act, entry = entry),
                    Some(Fate::Dropped(entry)) => say!(t, "report-fate-dropped", act = act, entry = entry),
                    Some(Fate::LeftOut(entry)) => say!(t, "report-fate-left-out", act = act, entry = entry),
                    Some(Fate::Fell) => say!(t, "report-fate-fell", act = act),
                    Some(Fate::Waits) | None => say!(t, "report-fate-waits", act = act),
                }
            }
            Event::Confirmed { proposal } | Event::ProposalDropped { proposal } => match self.acts.get(proposal) {
                Some(act) if !self.left_out.contains(proposal) => {
                    say!(t, "report-answers", act = name(t, act), entry = proposal)
                }
                _ => say!(t, "report-answers-left-out", entry = proposal),
            },
            _ => String::new(),
        }
    }
}

/// A decision's name.
pub(super) fn name(t: &Text, act: &Act) -> String {
    t.get(&format!("act-{}", act.step().id())).to_owned()
}
