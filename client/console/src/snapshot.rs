//! What pages show: a snapshot without keys, replaced piece by piece when something was fetched or done.

use std::{collections::BTreeMap, sync::Arc};

use subrosa_casework::{
    case::{Case, ClockName, ClockState, Event, State, admit, first_role},
    journal::Replay,
    refusal::{Refusal, Rule},
    regime::Pack,
    role::RoleName,
};
use subrosa_crypto::sign::HolderId;

use super::treasury::TreasuryView;
use subrosa_engine::{
    message::{Message, Tip},
    officer::{Between, Delivered, Known, Outcome, Waiting},
};
use subrosa_machine::index::CaseRow;

use super::trouble::Trouble;

/// One case.
#[derive(Clone)]
pub(super) struct CaseView {
    /// Its journal, read; `None` if that did not work, or after a purge.
    pub(super) replay: Option<Arc<Replay>>,
    /// The tip, for titles.
    pub(super) tip: Option<Arc<Tip>>,
    /// Why the journal cannot be shown.
    pub(super) trouble: Option<Trouble>,
    /// This officer can write to the source.
    pub(super) conversation: bool,
    /// Purged on this desk.
    pub(super) purged: bool,
    /// What the index remembers of it, until the journal was read.
    pub(super) row: Option<Arc<CaseRow>>,
}

impl CaseView {
    pub(super) fn of(replay: Arc<Replay>, conversation: bool) -> Self {
        let tip = replay.case().received().and_then(|r| match Message::recorded(&r.tip.0) {
            Ok(Message::Tip(tip)) => Some(Arc::from(tip)),
            _ => None,
        });
        Self { replay: Some(replay), tip, trouble: None, conversation, purged: false, row: None }
    }

    pub(super) fn unread(conversation: bool, purged: bool, row: Option<Arc<CaseRow>>) -> Self {
        Self { replay: None, tip: None, trouble: None, conversation, purged, row }
    }

    pub(super) fn case(&self) -> Option<&Case> {
        self.replay.as_ref().map(|r| r.case())
    }
}

/// Whose desk.
#[derive(Clone)]
pub(super) struct Me {
    pub(super) name: String,
    pub(super) holder: HolderId,
    pub(super) roles: Vec<RoleName>,
}

/// An act that stands in the journal, and what colleagues had written before it by then.
#[derive(Clone)]
pub(super) struct Settled {
    pub(super) act: Waiting,
    pub(super) seq: u64,
    pub(super) between: Vec<Between>,
}

impl Settled {
    /// Of an act that was written; what still waits or was refused stands in [`View::waiting`].
    pub(super) fn of(d: &Delivered) -> Option<Self> {
        match &d.outcome {
            Outcome::Written { seq, between, .. } => {
                Some(Self { act: d.act.clone(), seq: *seq, between: between.clone() })
            }
            Outcome::Refused(_) | Outcome::Unreachable | Outcome::Trouble(_) => None,
        }
    }
}

/// A snapshot.
#[derive(Clone)]
pub(super) struct View {
    pub(super) me: Me,
    /// The programme, once its charter was fetched and verified.
    pub(super) known: Option<Arc<Known>>,
    pub(super) cases: BTreeMap<[u8; 32], CaseView>,
    /// What could not be read at the last visit, as sentences.
    pub(super) troubles: Vec<Trouble>,
    /// Unix seconds of the last complete visit.
    pub(super) fetched: Option<u64>,
    /// Acts of this officer that wait for the server, or were refused when it came back.
    pub(super) waiting: Vec<Waiting>,
    /// What became of acts that waited, since the desk was opened.
    pub(super) settled: Vec<Settled>,
    /// An administrator's desk: orders, redemptions, books.
    pub(super) treasurer: Option<Arc<TreasuryView>>,
    /// What is shown is what the last visits left here: the server could not be reached since the desk was opened.
    pub(super) recalled: bool,
}

impl View {
    /// A person's name.
    pub(super) fn name_of(&self, holder: HolderId) -> String {
        if holder == self.me.holder {
            return self.me.name.clone();
        }
        self.known.as_ref().map_or_else(|| holder.to_string(), |k| k.directory.name_of(holder))
    }

    /// The newest charter's pack with this id.
    pub(super) fn pack(&self, id: &str) -> Option<&Pack> {
        self.known.as_ref()?.policies.pack(id)
    }

    /// Whether this officer may write `event` now, and as what: the first role that may, else the refusal that says
    /// most.
    pub(super) fn may(&self, replay: &Replay, event: &Event, now: u64) -> Result<RoleName, Refusal> {
        let known = self.known.as_ref().ok_or(Rule::UnknownMember)?;
        let (case, ctx) = (replay.case(), known.ctx.get());
        first_role(case, self.me.holder, &self.me.roles, replay.seq(), now, |author| admit(case, author, event, &ctx))
    }

    /// How many decisions wait for this officer's signature.
    pub(super) fn to_sign(&self, now: u64) -> usize {
        let mut count = 0;
        for replay in self.cases.values().filter_map(|c| c.replay.as_ref()) {
            for seq in replay.case().proposals().keys() {
                count += usize::from(self.may(replay, &Event::Confirmed { proposal: *seq }, now).is_ok());
            }
        }
        count
    }

    /// A case's clocks.
    pub(super) fn clocks(&self, case: &Case, now: u64) -> Vec<(ClockName, ClockState)> {
        let Some(known) = &self.known else { return Vec::new() };
        let ctx = known.ctx.get();
        [ClockName::Acknowledge, ClockName::Feedback]
            .into_iter()
            .filter_map(|name| Some((name, case.clock(name, ctx.programme, now)?)))
            .collect()
    }
}

/// Whether a case is at an end.
pub(super) fn ended(state: State) -> bool {
    matches!(state, State::Closed | State::Paid | State::Purged)
}
