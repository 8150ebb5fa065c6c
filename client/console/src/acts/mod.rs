//! What can be done in a case: which acts there are, whether one may be done now and by whom, what it asks, and doing
//! it.

pub(super) mod form;
pub(super) mod plan;
pub(super) mod run;

use subrosa_casework::{
    award::AwardOrder,
    bytes::{AwardRef, Digest, Signature},
    case::{
        AccusedHeard, Act, AuthorityDecision, BudgetView, Case, CheckReport, CloseReason, Detriment, Disclosure,
        Entity, EntityKind, Event, Evidence, Handling, MessageKind, Pinned, Position, Relation, RetaliationAnswers,
        SourcePosition, State, TriageSet, Verdict, Visibility,
    },
    clock::Zone,
    journal::Replay,
    money::Cents,
    policy::AwardInputs,
    refusal::{Refusal, Rule},
    role::RoleName,
};

use super::snapshot::View;
use subrosa_engine::{directory::Officer, officer::claim_statement};

/// Acts that belong together on the page.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Group {
    Source,
    Intake,
    Investigation,
    Award,
    Keeping,
}

macro_rules! steps {
    ($($name:ident $id:literal $group:ident $two:literal $confirm:literal;)*) => {
        /// An act.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub(super) enum Step { $($name),* }

        impl Step {
            /// All of them, in the order of the page.
            pub(super) const ALL: &[Self] = &[$(Self::$name),*];

            /// Its name in addresses and words.
            pub(super) fn id(self) -> &'static str {
                match self { $(Self::$name => $id),* }
            }

            /// Where it stands.
            pub(super) fn group(self) -> Group {
                match self { $(Self::$name => Group::$group),* }
            }

            /// It takes two people.
            pub(super) fn takes_two(self) -> bool {
                match self { $(Self::$name => $two),* }
            }

            /// It is shown once more before it is signed.
            pub(super) fn asks(self) -> bool {
                match self { $(Self::$name => $confirm),* }
            }
        }
    };
}

steps! {
    Acknowledge "acknowledge" Source false true;
    Ask "ask" Source false true;
    Feedback "feedback" Source false true;
    Reasons "reasons" Source false true;
    Write "write" Source false true;
    Detriment "detriment" Source false true;
    Declare "declare" Intake false false;
    Name "name" Intake false false;
    OpenTriage "open-triage" Intake false false;
    Triage "triage" Intake false false;
    Risk "risk" Intake false false;
    Accept "accept" Intake true true;
    Close "close" Intake true true;
    Check "check" Investigation false true;
    Investigate "investigate" Investigation false true;
    Join "join" Investigation false false;
    Evidence "evidence" Investigation false false;
    Handle "handle" Investigation false false;
    Accused "accused" Investigation false true;
    Authority "authority" Investigation false true;
    Refer "refer" Investigation true true;
    Substantiate "substantiate" Investigation true true;
    CloseUnsubstantiated "close-unsubstantiated" Investigation true true;
    Position "position" Award false true;
    OpenClaim "open-claim" Award false true;
    FileClaim "file-claim" Award false true;
    CloseClaim "close-claim" Award false true;
    ProposeAward "propose-award" Award false true;
    Panel "panel" Award true true;
    Finalize "finalize" Award true true;
    Deny "deny" Award true true;
    SignOrder "sign-order" Award false true;
    Deliver "deliver" Award false true;
    Paid "paid" Award false true;
    Assign "assign" Keeping false false;
    Bring "bring" Keeping false true;
    Note "note" Keeping false false;
    Tag "tag" Keeping false false;
    Link "link" Keeping false false;
    Disclose "disclose" Keeping false true;
    Extend "extend" Keeping true true;
    Hold "hold" Keeping true true;
    ReleaseHold "release-hold" Keeping true true;
    Reopen "reopen" Keeping true true;
    Purge "purge" Keeping true true;
    Recuse "recuse" Keeping false true;
}

impl Step {
    pub(super) fn of(id: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|s| s.id() == id)
    }

    /// What a message of this act is for.
    pub(super) fn message_kind(self) -> Option<MessageKind> {
        Some(match self {
            Self::Acknowledge => MessageKind::Acknowledgement,
            Self::Ask => MessageKind::Question,
            Self::Feedback => MessageKind::Feedback,
            Self::Reasons => MessageKind::Reasons,
            Self::Write => MessageKind::Text,
            _ => return None,
        })
    }

    /// Not shown at all: done already, or without a meaning in this case.
    fn is_idle(self, replay: &Replay, view: &View) -> bool {
        let case = replay.case();
        let pending = |key: &str| case.proposals().values().any(|p| subrosa_engine::officer::act_key(&p.act) == key);
        match self {
            Self::Acknowledge => case.acknowledged().is_some(),
            Self::Declare => case.has_declared(view.me.holder),
            Self::FileClaim => case.claim().is_some(),
            Self::ReleaseHold => !case.on_hold(),
            Self::Reasons => case.award().is_none(),
            Self::CloseClaim => case.state() != State::ClaimOpen,
            Self::Bring => colleagues(view, case).next().is_none(),
            // A decision that waits is signed second, not proposed again.
            Self::Accept | Self::Finalize | Self::Panel | Self::Purge | Self::Extend | Self::Hold => pending(self.id()),
            _ => false,
        }
    }

    /// Whether this officer may do it now, and in which role; `None` if it is not shown.
    pub(super) fn may(
        self,
        replay: &Replay,
        view: &View,
        conversation: bool,
        now: u64,
    ) -> Option<Result<RoleName, Refusal>> {
        if self.is_idle(replay, view) {
            return None;
        }
        if self.message_kind().is_some() && !conversation {
            return None;
        }
        let event = match self.sample(replay, view) {
            Ok(event) => event,
            Err(refusal) => return Some(Err(refusal)),
        };
        let answer = view.may(replay, &event, now);
        // The sample's signature cannot be right, and its records cannot be there yet: everything else was looked at
        // before.
        let role = || view.me.roles.iter().copied();
        Some(match (self, answer) {
            (Self::SignOrder, Err(r)) if r.rule == Rule::BadSignature => {
                role().find(|r| *r == RoleName::Adjudicator).ok_or_else(|| Rule::WrongRole.into())
            }
            (Self::Paid, Err(r)) if r.rule == Rule::NotIssued && r.note.is_none() => {
                role().next().ok_or_else(|| Rule::UnknownMember.into())
            }
            (_, other) => other,
        })
    }

    /// An event of this kind as it could be, to ask the rules with.
    fn sample(self, replay: &Replay, view: &View) -> Result<Event, Refusal> {
        let case = replay.case();
        let x = || "x".to_owned();
        let zero = Digest([0; 32]);
        let pinned = || Pinned { id: x(), version: 1, digest: zero };
        let item = || case.evidence().keys().next().copied().unwrap_or(u64::MAX);
        if let Some(kind) = self.message_kind() {
            return Ok(Event::message_sent(kind, vec![1], true));
        }
        Ok(match self {
            Self::Acknowledge | Self::Ask | Self::Feedback | Self::Reasons | Self::Write => {
                Event::message_sent(MessageKind::Text, vec![1], true)
            }
            Self::Detriment => Event::DetrimentNoted(Detriment {
                day: Zone(0).date(case.last_at()).ok_or(Rule::OutOfRange)?,
                what: x(),
                message: None,
            }),
            Self::Position => {
                Event::PositionStated(SourcePosition { position: Position::Outsider, reported_inside: None })
            }
            Self::Disclose => Event::Disclosed(Disclosure { to: x(), what: x(), ground: x() }),
            Self::Declare => {
                Event::ConflictDenied { entities: u32::try_from(case.entities().len()).map_err(|_| Rule::OutOfRange)? }
            }
            Self::Name => Event::EntityNamed(Entity { name: x(), kind: EntityKind::Person }),
            Self::OpenTriage => Event::TriageOpened,
            Self::Triage => {
                Event::TriageSet(TriageSet { pack: pinned(), class: x(), jurisdiction: "EU".into(), severity: 1 })
            }
            Self::Risk => Event::RetaliationAssessed(RetaliationAnswers::default()),
            Self::Accept => Event::Proposed(Act::Accept),
            Self::Close => {
                // A case that waits for the source in an investigation can only lapse; ask with the reason that fits.
                Event::Proposed(Act::Close { reason: CloseReason::OutOfScope })
            }
            Self::Check => Event::MachineChecked(CheckReport {
                pack: case.triage().map(|t| t.pack.clone()).ok_or(Rule::NotTriaged)?,
                steps: Vec::new(),
                verdict: Verdict::Indeterminate,
                because: x(),
            }),
            Self::Investigate => Event::InvestigationOpened,
            Self::Join => Event::InvestigatorJoined,
            Self::Evidence => Event::EvidenceAdded(Evidence {
                name: x(),
                media: x(),
                size: 0,
                sha256: zero,
                origin: x(),
                derived_from: None,
                readers: None,
            }),
            Self::Handle => Event::EvidenceHandled { item: item(), how: Handling::Opened },
            Self::Accused => Event::AccusedHeard(AccusedHeard::Reply(x())),
            Self::Authority => Event::AuthorityDecided(AuthorityDecision {
                authority: x(),
                reference: x(),
                sha256: zero,
                sanction: None,
            }),
            Self::Refer => Event::Proposed(Act::Refer { authority: x(), duty: Some(x()), packet: zero }),
            Self::Substantiate => Event::Proposed(Act::Substantiate { findings: x() }),
            Self::CloseUnsubstantiated => Event::Proposed(Act::CloseUnsubstantiated { findings: x() }),
            Self::OpenClaim => Event::ClaimWindowOpened { notice: zero },
            Self::FileClaim => Event::ClaimFiled {
                statement: claim_statement(case).ok_or(Rule::ClaimMissing)?,
                eligibility: Default::default(),
            },
            Self::CloseClaim => Event::ClaimWindowClosed,
            Self::ProposeAward => {
                let known = view.known.as_ref().ok_or(Rule::PolicyUnknown)?;
                let policy = known.policies.bounty().first().ok_or(Rule::PolicyUnknown)?;
                let inputs = AwardInputs::default();
                let amount = policy.award(&inputs).map_err(|_| Rule::OutOfRange)?.amount;
                Event::AwardProposed { policy: policy.pinned(), inputs, amount }
            }
            Self::Panel => {
                let award = case.award().ok_or(Rule::WrongState)?;
                Event::Proposed(Act::DecideContest { inputs: award.inputs, amount: award.amount, reasons: x() })
            }
            Self::Finalize => {
                let amount = case.award().map_or(Cents::ZERO, |a| a.amount);
                let budget = BudgetView { records: 0, budget: amount, unreserved: amount };
                Event::Proposed(Act::FinalizeAward { award_ref: AwardRef([0; 16]), budget })
            }
            Self::Deny => Event::Proposed(Act::DenyAward { reasons: x() }),
            Self::SignOrder => Event::OrderSigned {
                order: case.award_order().unwrap_or(AwardOrder {
                    award_ref: AwardRef([0; 16]),
                    amount: Cents::ZERO,
                    batch: zero,
                    policy: zero,
                }),
                signature: Signature([0; 64]),
            },
            Self::Deliver => {
                if case.state() != State::AwardFinal {
                    return Err(Rule::WrongState.into());
                }
                case.signed_order()
                    .ok_or_else(|| Rule::NotIssued.because("two adjudicators must sign the order first"))?;
                Event::Noted { text: x(), visibility: Visibility::Team }
            }
            Self::Paid => Event::Paid { records: Vec::new() },
            Self::Assign => Event::Assigned { holder: view.me.holder },
            // Whoever is on the team may be sent the keys again, which is no entry: ask with one that every member may
            // write.
            Self::Note | Self::Bring => Event::Noted { text: x(), visibility: Visibility::Team },
            Self::Tag => Event::Tagged { tag: x(), on: true },
            Self::Link => {
                let mut other = case.id().0;
                other[0] ^= 1;
                Event::Linked { other: Digest(other), relation: Relation::Related }
            }
            Self::Extend => Event::Proposed(Act::ExtendFeedback { reason: x() }),
            Self::Hold => Event::Proposed(Act::Hold { reason: x() }),
            Self::ReleaseHold => Event::Proposed(Act::ReleaseHold { reason: x() }),
            Self::Reopen => Event::Proposed(Act::Reopen { reason: x() }),
            Self::Purge => Event::Proposed(Act::Purge),
            Self::Recuse => Event::Recused { reason: x() },
        })
    }
}

/// Officers of the charter who work on cases and could be brought into this one, or be sent its keys again.
pub(super) fn colleagues<'v>(view: &'v View, case: &'v Case) -> impl Iterator<Item = &'v Officer> {
    let all = view.known.iter().flat_map(|k| k.directory.officers());
    all.filter(|o| {
        let holder = o.key.holder_id();
        !o.roles.is_empty() && holder != view.me.holder && case.recused().all(|h| h != holder)
    })
}
