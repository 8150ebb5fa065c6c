//! A case: its state, what is known, and who did what.
//!
//! Spec: `docs/spec/case.md`.

mod across;
mod act;
mod apply;
mod catalog;
mod content;
mod decide;
mod event;
mod facts;
mod guard;
mod need;
mod programme;
mod protection;
mod said;
mod state;

use std::collections::{BTreeMap, BTreeSet};

use subrosa_crypto::{
    sign::{HolderId, VerifyingKey},
    wire::JournalId,
};

pub use across::{Likeness, compare, priority};
pub use act::{About, Act, CloseReason};
pub use catalog::*;
pub use decide::{Command, decide};
pub use event::*;
pub use facts::{Fact, FactKey, Shown};
pub use guard::{admissible, admit, first_role};
pub use need::Need;
pub use programme::{Context, Programme};
pub use protection::{Detriment, Disclosure, Position, SourcePosition};
pub use state::{OTHER_MOVES, State};

use crate::{
    award::{AwardOrder, SignedOrder},
    bytes::{AwardRef, Blob, Digest, Nonce, Signature},
    money::Cents,
    policy::AwardInputs,
    role::RoleName,
};

/// Who writes an event, when, and at which place in the journal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Author {
    /// The member who signs the entry.
    pub holder: HolderId,
    /// The role in which the member acts.
    pub role: RoleName,
    /// When it is written: Unix seconds.
    pub at: u64,
    /// The entry's sequence number.
    pub seq: u64,
}

named! {
    /// A legal clock of the case.
    pub enum ClockName {
        /// Acknowledge to the source.
        Acknowledge = "acknowledge",
        /// Give feedback to the source.
        Feedback = "feedback",
    }
}

/// Where a clock stands.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ClockState {
    /// Done in time.
    InTime {
        /// Unix seconds at which it was done.
        at: u64,
    },
    /// Done too late.
    Late {
        /// When it was due.
        due: u64,
        /// When it was done.
        at: u64,
    },
    /// Not done, and there is time.
    Running {
        /// When it is due.
        due: u64,
    },
    /// Not done, and the time is over.
    Overdue {
        /// When it was due.
        due: u64,
    },
}

/// A deadline that was missed. It is recorded and stops nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Breach {
    /// The clock that ran out.
    pub clock: ClockName,
    /// When it ran out.
    pub due: u64,
    /// The entry at which the miss was seen, or the late duty done.
    pub seen_at: u64,
}

/// A decision waiting for its second signature.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proposal {
    /// The decision as its first signer wrote it.
    pub act: Act,
    /// Who signed first.
    pub by: Author,
}

/// A message of the thread.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Message {
    /// The sequence number of the entry that holds it.
    pub seq: u64,
    /// When it was written into the journal.
    pub at: u64,
    /// `None` for the source's.
    pub sent: Option<(HolderId, MessageKind)>,
    /// The source's own number of the message, from 0 for the tip; `None` for what the source did not sign.
    pub counter: Option<u64>,
    /// [`message_digest`] of the body, as the entry gives it.
    pub digest: Digest,
    /// The message itself, as its author encoded it.
    pub body: Blob,
}

/// What two officers found, once both had signed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The entry that proposed it.
    pub seq: u64,
    /// Whether the report was found to be true.
    pub substantiated: bool,
    /// The finding itself.
    pub words: String,
    /// Who signed first.
    pub first: Author,
    /// Who signed second.
    pub second: Author,
}

/// A piece of evidence with its chain of custody.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EvidenceItem {
    /// What it is.
    pub evidence: Evidence,
    /// Who took it in.
    pub taken_by: Author,
    /// Who did what with it since.
    pub custody: Vec<(Author, Handling)>,
}

/// The award, from proposal to order.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Award {
    /// Who proposed it.
    pub proposer: HolderId,
    /// When the source's time to contest began.
    pub proposed_at: u64,
    /// The pinned policy.
    pub policy: Pinned,
    /// What the formula was fed.
    pub inputs: AwardInputs,
    /// What it gave.
    pub amount: Cents,
    /// The source agreed with exactly this amount.
    pub accepted: bool,
    /// A panel decided the contest.
    pub panel_decided: bool,
    /// Reasons were sent to the source after the proposal.
    pub reasons_sent: bool,
    /// The public name, once final.
    pub award_ref: Option<AwardRef>,
    /// The source's blinded batch.
    pub batch: Option<(Digest, Blob)>,
    /// The digest of the batch that the source signed for.
    pub signed_batch: Option<Digest>,
    /// Signatures under the order.
    pub signatures: Vec<(HolderId, Signature)>,
}

/// What stays after a purge: commitments, no content.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Remains {
    /// SHA-256 of each piece of evidence.
    pub evidence: Vec<Digest>,
    /// Digest of the blinded batch.
    pub batch: Option<Digest>,
    /// The award's public name.
    pub award_ref: Option<AwardRef>,
}

/// A case as its journal tells it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Case {
    id: JournalId,
    state: State,
    back: State,
    since: u64,
    last_at: u64,
    received: Option<Received>,
    contradictions: Vec<(HolderId, Contradiction)>,
    team: BTreeSet<HolderId>,
    recused: BTreeSet<HolderId>,
    key_generation: u32,
    key_commitment: Option<(Digest, HolderId)>,
    turn_key: bool,
    assigned: Option<HolderId>,
    entities: Vec<Entity>,
    declared: BTreeMap<HolderId, u32>,
    triagers: BTreeSet<HolderId>,
    investigators: BTreeSet<HolderId>,
    acknowledged: Option<u64>,
    feedback: Option<u64>,
    extended: bool,
    breaches: Vec<Breach>,
    triage: Option<TriageSet>,
    retaliation: Option<u8>,
    checks: Vec<CheckReport>,
    messages: Vec<Message>,
    evidence: BTreeMap<u64, EvidenceItem>,
    accused: Option<AccusedHeard>,
    authority: Option<AuthorityDecision>,
    finding: Option<Finding>,
    statements: BTreeSet<Nonce>,
    consent: bool,
    reopen_wish: bool,
    evidence_since_close: bool,
    proposals: BTreeMap<u64, Proposal>,
    claim: Option<Eligibility>,
    claim_opened: Option<u64>,
    award: Option<Award>,
    closed: Option<(CloseReason, u64)>,
    hold: bool,
    tags: BTreeSet<String>,
    links: Vec<(Digest, Relation)>,
    disclosures: Vec<Disclosure>,
    detriments: Vec<Detriment>,
    position: Option<SourcePosition>,
    remains: Option<Remains>,
}

impl Case {
    /// A case without any event.
    pub fn empty(id: JournalId) -> Self {
        Self {
            id,
            state: State::Empty,
            back: State::Empty,
            since: 0,
            last_at: 0,
            received: None,
            contradictions: Vec::new(),
            team: BTreeSet::new(),
            recused: BTreeSet::new(),
            key_generation: 0,
            key_commitment: None,
            turn_key: false,
            assigned: None,
            entities: Vec::new(),
            declared: BTreeMap::new(),
            triagers: BTreeSet::new(),
            investigators: BTreeSet::new(),
            acknowledged: None,
            feedback: None,
            extended: false,
            breaches: Vec::new(),
            triage: None,
            retaliation: None,
            checks: Vec::new(),
            messages: Vec::new(),
            evidence: BTreeMap::new(),
            accused: None,
            authority: None,
            finding: None,
            statements: BTreeSet::new(),
            consent: false,
            reopen_wish: false,
            evidence_since_close: false,
            proposals: BTreeMap::new(),
            claim: None,
            claim_opened: None,
            award: None,
            closed: None,
            hold: false,
            tags: BTreeSet::new(),
            links: Vec::new(),
            disclosures: Vec::new(),
            detriments: Vec::new(),
            position: None,
            remains: None,
        }
    }

    /// The journal that tells it.
    pub fn id(&self) -> JournalId {
        self.id
    }

    /// Where it stands.
    pub fn state(&self) -> State {
        self.state
    }

    /// Unix seconds of the last change of state.
    pub fn since(&self) -> u64 {
        self.since
    }

    /// Unix seconds of the last entry.
    pub fn last_at(&self) -> u64 {
        self.last_at
    }

    /// The tip that the case began with; `None` before it, and after a purge.
    pub fn received(&self) -> Option<&Received> {
        self.received.as_ref()
    }

    /// The source's claim key.
    pub fn claim_key(&self) -> Option<&VerifyingKey> {
        self.received.as_ref().map(|r| &r.claim_key)
    }

    /// Members whose own copy of the tip is another one than the journal's, with what they received.
    pub fn contradictions(&self) -> &[(HolderId, Contradiction)] {
        &self.contradictions
    }

    /// Numbers of the source's messages that are missing below the newest one that stands here: not delivered yet, or
    /// kept back by whoever received them. At most 100 are named.
    pub fn missing_words(&self) -> Vec<u64> {
        let here: BTreeSet<u64> = self.messages.iter().filter_map(|m| m.counter).collect();
        let newest = here.last().copied().unwrap_or(0);
        (0..newest).filter(|n| !here.contains(n)).take(100).collect()
    }

    /// Numbers under which the source said two different things: its state was rolled back, or somebody else holds its
    /// passphrase.
    pub fn doubled_words(&self) -> Vec<u64> {
        let (mut once, mut twice) = (BTreeSet::new(), BTreeSet::new());
        for counter in self.messages.iter().filter_map(|m| m.counter) {
            if !once.insert(counter) {
                twice.insert(counter);
            }
        }
        twice.into_iter().collect()
    }

    /// The people who work on it, without the recused.
    pub fn team(&self) -> impl Iterator<Item = HolderId> {
        self.team.iter().copied()
    }

    /// Everybody who left the case for a conflict of interest; they never come back.
    pub fn recused(&self) -> impl Iterator<Item = HolderId> {
        self.recused.iter().copied()
    }

    /// The generation of the case key under which the next entry must be.
    pub fn key_generation(&self) -> u32 {
        self.key_generation
    }

    /// What the entry that turned the key commits to, and who wrote it; `None` at generation 0.
    pub fn key_commitment(&self) -> Option<(Digest, HolderId)> {
        self.key_commitment
    }

    /// The case has just begun, or somebody left, and the key was not turned yet.
    pub fn must_turn_key(&self) -> bool {
        self.turn_key
    }

    /// Who has taken it on.
    pub fn assigned(&self) -> Option<HolderId> {
        self.assigned
    }

    /// What was named so far.
    pub fn entities(&self) -> &[Entity] {
        &self.entities
    }

    /// Whether `holder` has declared no conflict with everything named so far.
    pub fn has_declared(&self, holder: HolderId) -> bool {
        self.declared.get(&holder).is_some_and(|n| usize::try_from(*n) == Ok(self.entities.len()))
    }

    /// Everybody who opened or joined the investigation; none of them may propose the award.
    pub fn investigators(&self) -> impl Iterator<Item = HolderId> {
        self.investigators.iter().copied()
    }

    /// When the source got its acknowledgement.
    pub fn acknowledged(&self) -> Option<u64> {
        self.acknowledged
    }

    /// When the source got feedback.
    pub fn feedback(&self) -> Option<u64> {
        self.feedback
    }

    /// The deadlines that were missed, oldest first: at most one for each clock.
    pub fn breaches(&self) -> &[Breach] {
        &self.breaches
    }

    /// What triage settled on last; `None` before triage.
    pub fn triage(&self) -> Option<&TriageSet> {
        self.triage.as_ref()
    }

    /// The retaliation risk, 0 to 100.
    pub fn retaliation(&self) -> Option<u8> {
        self.retaliation
    }

    /// Machine checks, oldest first.
    pub fn checks(&self) -> &[CheckReport] {
        &self.checks
    }

    /// The thread with the source.
    pub fn messages(&self) -> &[Message] {
        &self.messages
    }

    /// Evidence by its entry's sequence number.
    pub fn evidence(&self) -> &BTreeMap<u64, EvidenceItem> {
        &self.evidence
    }

    /// What the accused said, or why they were not asked.
    pub fn accused(&self) -> Option<&AccusedHeard> {
        self.accused.as_ref()
    }

    /// An authority's decision.
    pub fn authority(&self) -> Option<&AuthorityDecision> {
        self.authority.as_ref()
    }

    /// What two officers found, if both have signed. A case that is opened again has no finding until there is another.
    pub fn finding(&self) -> Option<&Finding> {
        self.finding.as_ref()
    }

    /// Decisions waiting for a second signature, by their entry's sequence number.
    pub fn proposals(&self) -> &BTreeMap<u64, Proposal> {
        &self.proposals
    }

    /// The claim's answers about eligibility.
    pub fn claim(&self) -> Option<&Eligibility> {
        self.claim.as_ref()
    }

    /// Whether a statement with this nonce was taken in before.
    pub fn has_statement(&self, nonce: &Nonce) -> bool {
        self.statements.contains(nonce)
    }

    /// The award, from the moment it is proposed; `None` before that and after the case was opened again.
    pub fn award(&self) -> Option<&Award> {
        self.award.as_ref()
    }

    /// Why and when it closed.
    pub fn closed(&self) -> Option<&(CloseReason, u64)> {
        self.closed.as_ref()
    }

    /// Whether a legal hold keeps it.
    pub fn on_hold(&self) -> bool {
        self.hold
    }

    /// Words to find it by.
    pub fn tags(&self) -> &BTreeSet<String> {
        &self.tags
    }

    /// Other cases that belong to it.
    pub fn links(&self) -> &[(Digest, Relation)] {
        &self.links
    }

    /// What stays after a purge.
    pub fn remains(&self) -> Option<&Remains> {
        self.remains.as_ref()
    }

    /// The order that an adjudicator signs, once the award is final and the source's batch is here.
    pub fn award_order(&self) -> Option<AwardOrder> {
        let award = self.award.as_ref()?;
        let (batch, _) = award.batch.as_ref()?;
        Some(AwardOrder {
            award_ref: award.award_ref?,
            amount: award.amount,
            batch: *batch,
            policy: award.policy.digest,
        })
    }

    /// The order with two signatures and its batch: what goes to the administrators.
    pub fn signed_order(&self) -> Option<(SignedOrder, &Blob)> {
        let award = self.award.as_ref()?;
        let [first, second, ..] = award.signatures.as_slice() else { return None };
        let (_, batch) = award.batch.as_ref()?;
        Some((SignedOrder { order: self.award_order()?, signatures: [*first, *second] }, batch))
    }

    /// The number of independent origins among the evidence. A derived item adds none.
    pub fn independent_origins(&self) -> usize {
        let origins: BTreeSet<String> = self
            .evidence
            .values()
            .filter(|item| item.evidence.derived_from.is_none())
            .map(|item| item.evidence.origin.trim().to_lowercase())
            .collect();
        origins.len()
    }

    /// Until when the case must be kept once it has ended; `None` before that, and while a legal hold lasts.
    pub fn keep_until(&self, programme: &Programme) -> Option<u64> {
        if self.hold || !matches!(self.state, State::Paid | State::Closed) {
            return None;
        }
        let jurisdiction = self.triage.as_ref().map(|t| t.jurisdiction.as_str());
        programme.zone.after_months(self.since, programme.retention(jurisdiction))
    }

    /// Where a clock stands at `now`; `None` before the tip is here.
    pub fn clock(&self, clock: ClockName, programme: &Programme, now: u64) -> Option<ClockState> {
        let due = self.due(clock, programme)?;
        let done = match clock {
            ClockName::Acknowledge => self.acknowledged,
            ClockName::Feedback => self.feedback,
        };
        Some(match done {
            Some(at) if at <= due => ClockState::InTime { at },
            Some(at) => ClockState::Late { due, at },
            None if now > due => ClockState::Overdue { due },
            None => ClockState::Running { due },
        })
    }

    /// When a clock runs out; `None` before the tip is here.
    pub fn due(&self, clock: ClockName, programme: &Programme) -> Option<u64> {
        let start = self.received.as_ref()?.received_at;
        match clock {
            ClockName::Acknowledge => programme.zone.after_days(start, programme.acknowledge_days),
            ClockName::Feedback if self.extended => programme.zone.after_months(start, programme.extended_months),
            ClockName::Feedback => programme.zone.after_months(start, programme.feedback_months),
        }
    }
}
