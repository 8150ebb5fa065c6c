//! What pages show: a snapshot without keys, replaced piece by piece when something was fetched or done.

use std::{collections::BTreeMap, sync::Arc};

use subrosa_casework::{
    bytes::{AwardRef, Digest},
    case::{Case, ClockName, ClockState, Event, State, admit, first_role},
    journal::Replay,
    ledger::Totals,
    money::Cents,
    refusal::{Refusal, Rule},
    regime::Pack,
    role::RoleName,
};
use subrosa_crypto::sign::HolderId;

use subrosa_engine::{
    message::{Message, Tip},
    officer::{Between, Delivered, Known, Outcome, Waiting},
    treasury::{
        Stage,
        rail::{Details, instruction::PayoutInstruction},
    },
};
use subrosa_machine::{index::CaseRow, say::plain_line};

use crate::trouble::Trouble;

/// A case as its pages show it.
#[derive(Clone)]
pub(crate) struct CaseView {
    /// Its journal, read; `None` if that did not work, or after a purge.
    pub(crate) replay: Option<Arc<Replay>>,
    /// The tip, for titles.
    pub(crate) tip: Option<Arc<Tip>>,
    /// Why the journal could not be read last. What was read before stays beside it.
    pub(crate) trouble: Option<Trouble>,
    /// This officer can write to the source.
    pub(crate) conversation: bool,
    /// Purged on this desk.
    pub(crate) purged: bool,
    /// What the index remembers of it, until the journal was read.
    pub(crate) row: Option<Arc<CaseRow>>,
}

impl CaseView {
    pub(crate) fn of(replay: Arc<Replay>, conversation: bool) -> Self {
        let tip = replay.case().received().and_then(|r| match Message::recorded(&r.tip.0) {
            Ok(Message::Tip(tip)) => Some(Arc::from(tip)),
            _ => None,
        });
        Self { replay: Some(replay), tip, trouble: None, conversation, purged: false, row: None }
    }

    pub(crate) fn unread(conversation: bool, purged: bool, row: Option<Arc<CaseRow>>) -> Self {
        Self { replay: None, tip: None, trouble: None, conversation, purged, row }
    }

    /// This view in the place of the one before it. A journal that could not be read now stays as it was read before,
    /// with what stood in the way.
    pub(crate) fn after(self, before: Option<&Self>) -> Self {
        match before.filter(|b| b.replay.is_some() && self.replay.is_none() && !self.purged) {
            Some(before) => Self { trouble: self.trouble, conversation: self.conversation, ..before.clone() },
            None => self,
        }
    }

    pub(crate) fn case(&self) -> Option<&Case> {
        self.replay.as_ref().map(|r| r.case())
    }
}

/// Whose desk this is: the keys' owner.
#[derive(Clone)]
pub(crate) struct Me {
    pub(crate) name: String,
    pub(crate) holder: HolderId,
    pub(crate) roles: Vec<RoleName>,
}

/// An act that stands in the journal, and what colleagues had written before it by then.
#[derive(Clone)]
pub(crate) struct Settled {
    pub(crate) act: Waiting,
    pub(crate) seq: u64,
    pub(crate) between: Vec<Between>,
}

impl Settled {
    /// Of an act that was written; what still waits or was refused stands in [`View::waiting`].
    pub(crate) fn of(d: &Delivered) -> Option<Self> {
        match &d.outcome {
            Outcome::Written { seq, between, .. } => {
                Some(Self { act: d.act.clone(), seq: *seq, between: between.clone() })
            }
            Outcome::Refused(_) | Outcome::Unreachable | Outcome::Trouble(_) => None,
        }
    }
}

/// An award's order as it came in.
#[derive(Clone)]
pub(crate) struct OrderView {
    pub(crate) award: AwardRef,
    pub(crate) amount: Cents,
    pub(crate) signers: Vec<String>,
    pub(crate) signed: bool,
    pub(crate) delivered: bool,
}

/// A redemption as it came in.
#[derive(Clone)]
pub(crate) struct RedemptionView {
    pub(crate) context: Digest,
    pub(crate) amount: Cents,
    pub(crate) tokens: usize,
    pub(crate) stage: Stage,
    pub(crate) payout: PayoutInstruction,
    /// Administrators who verified it, in public.
    pub(crate) verified: Vec<String>,
    /// Administrators who released its money, in public, with their names.
    pub(crate) released: Vec<(HolderId, String)>,
    /// Administrators who stated in public that its money has arrived.
    pub(crate) settled: Vec<(HolderId, String)>,
    /// How many of them each step takes; nothing, if the charter does not name its tokens' keyset.
    pub(crate) need: Option<usize>,
    /// The account from which its payment file pays, once there was one.
    pub(crate) paid_from: Option<Details>,
}

impl RedemptionView {
    /// Whether enough have released it.
    pub(crate) fn is_released(&self) -> bool {
        self.need.is_some_and(|need| self.released.len() >= need)
    }

    /// Whether enough have stated that the money has arrived.
    pub(crate) fn is_settled(&self) -> bool {
        self.need.is_some_and(|need| self.settled.len() >= need)
    }
}

/// Money for the budget that not enough administrators have stated yet.
#[derive(Clone)]
pub(crate) struct FundView {
    pub(crate) amount: Cents,
    /// The digest of the decision's words.
    pub(crate) reference: Digest,
    /// The names of the administrators who stated it.
    pub(crate) stated: Vec<String>,
}

/// What an administrator's pages show.
#[derive(Clone, Default)]
pub(crate) struct TreasuryView {
    /// Whether the public books were read since the desk was opened. Before, the rest says nothing.
    pub(crate) read: bool,
    pub(crate) orders: Vec<OrderView>,
    pub(crate) redemptions: Vec<RedemptionView>,
    pub(crate) totals: Totals,
    pub(crate) records: usize,
    /// Money for the budget that waits for more administrators.
    pub(crate) funds: Vec<FundView>,
    /// What is wrong with the books.
    pub(crate) findings: Vec<Trouble>,
    /// What waits for other administrators.
    pub(crate) waiting: Vec<Trouble>,
    pub(crate) balances: bool,
}

/// Everything that pages are made from, as one request sees it.
#[derive(Clone)]
pub(crate) struct View {
    pub(crate) me: Me,
    /// The programme, once its charter was fetched and verified.
    pub(crate) known: Option<Arc<Known>>,
    pub(crate) cases: BTreeMap<[u8; 32], CaseView>,
    /// What could not be read at the last visit, as sentences.
    pub(crate) troubles: Vec<Trouble>,
    /// Unix seconds of the last complete visit.
    pub(crate) fetched: Option<u64>,
    /// Acts of this officer that wait for the server, or were refused when it came back.
    pub(crate) waiting: Vec<Waiting>,
    /// What became of acts that waited, since the desk was opened.
    pub(crate) settled: Vec<Settled>,
    /// An administrator's desk: orders, redemptions, books.
    pub(crate) treasurer: Option<Arc<TreasuryView>>,
    /// What is shown is what the last visits left here: the server could not be reached since the desk was opened.
    pub(crate) recalled: bool,
    /// A guess at the keystore's password costs less than any new keystore asks for.
    pub(crate) cheap: bool,
}

impl View {
    /// The snapshot of a desk that knows nothing yet.
    pub(crate) fn of(me: Me) -> Self {
        Self {
            me,
            known: None,
            cases: BTreeMap::new(),
            troubles: Vec::new(),
            fetched: None,
            waiting: Vec::new(),
            settled: Vec::new(),
            treasurer: None,
            recalled: false,
            cheap: false,
        }
    }

    /// A person's name.
    pub(crate) fn name_of(&self, holder: HolderId) -> String {
        if holder == self.me.holder {
            return plain_line(&self.me.name);
        }
        self.known.as_ref().map_or_else(|| holder.to_string(), |k| plain_line(&k.directory.name_of(holder)))
    }

    /// The newest charter's pack with this id.
    pub(crate) fn pack(&self, id: &str) -> Option<&Pack> {
        self.known.as_ref()?.policies.pack(id)
    }

    /// Whether this officer may write `event` now, and as what: the first role that may, else the refusal that says
    /// most.
    pub(crate) fn may(&self, replay: &Replay, event: &Event, now: u64) -> Result<RoleName, Refusal> {
        let known = self.known.as_ref().ok_or(Rule::UnknownMember)?;
        let (case, ctx) = (replay.case(), known.ctx.get());
        first_role(case, self.me.holder, &self.me.roles, replay.seq(), now, |author| admit(case, author, event, &ctx))
    }

    /// How many cases could not be read last.
    pub(crate) fn unread(&self) -> usize {
        self.cases.values().filter(|c| c.trouble.is_some()).count()
    }

    /// How many decisions wait for this officer's signature.
    pub(crate) fn to_sign(&self, now: u64) -> usize {
        let mut count = 0;
        for replay in self.cases.values().filter_map(|c| c.replay.as_ref()) {
            for seq in replay.case().proposals().keys() {
                count += usize::from(self.may(replay, &Event::Confirmed { proposal: *seq }, now).is_ok());
            }
        }
        count
    }

    /// A case's clocks.
    pub(crate) fn clocks(&self, case: &Case, now: u64) -> Vec<(ClockName, ClockState)> {
        let Some(known) = &self.known else { return Vec::new() };
        let ctx = known.ctx.get();
        [ClockName::Acknowledge, ClockName::Feedback]
            .into_iter()
            .filter_map(|name| Some((name, case.clock(name, ctx.programme, now)?)))
            .collect()
    }
}

/// Whether a case is at an end.
pub(crate) fn ended(state: State) -> bool {
    matches!(state, State::Closed | State::Paid | State::Purged)
}
