//! Decisions that two people take. The first signs a proposal, the second confirms it; only then does it happen. Who
//! may sign, and when, stands in the catalogue.
//!
//! Spec: `docs/spec/case.md`, section "Events".

use super::{
    BudgetView, Step,
    facts::{Fact, FactKey, Shown},
};
use crate::{
    bytes::{AwardRef, Digest},
    money::Cents,
    policy::AwardInputs,
};

tagged! {
    /// Why a case closes.
    pub enum CloseReason {
        /// Not this programme's matter; the source was told where to go.
        OutOfScope = "out-of-scope",
        /// The same matter is in another case.
        Duplicate {
            /// The digest that names the other case.
            of: Digest,
        } = "duplicate",
        /// Useful to know, no violation.
        Informative = "informative",
        /// No report at all, but abuse of the place where reports are made.
        Abusive = "abusive",
        /// No answer to a question in time.
        Lapsed = "lapsed",
        /// The source took it back.
        Withdrawn = "withdrawn",
        /// Investigated, not shown.
        Unsubstantiated = "unsubstantiated",
        /// Nobody claimed the award.
        NoClaim = "no-claim",
        /// The award was denied.
        Denied = "denied",
    }
}

tagged! {
    /// What two people decide.
    pub enum Act {
        /// The case is taken on.
        Accept = "accept",
        /// The case ends without an investigation's finding.
        Close {
            /// Why it ends.
            reason: CloseReason,
        } = "close",
        /// The case goes to an authority.
        Refer {
            /// The authority's name.
            authority: String,
            /// The documented duty, if the source does not consent.
            duty: Option<String>,
            /// Plain SHA-256 of the redacted packet.
            packet: Digest,
        } = "refer",
        /// The violation is shown.
        Substantiate {
            /// What was found, as both sign it.
            findings: String,
        } = "substantiate",
        /// The violation is not shown; the case ends.
        CloseUnsubstantiated {
            /// What was found, as both sign it.
            findings: String,
        } = "close-unsubstantiated",
        /// The proposed award stands.
        FinalizeAward {
            /// The award's random public name.
            award_ref: AwardRef,
            /// What the ledger left unreserved.
            budget: BudgetView,
        } = "finalize-award",
        /// There is no award; the case ends.
        DenyAward {
            /// Why there is none.
            reasons: String,
        } = "deny-award",
        /// The panel's answer to a contest.
        DecideContest {
            /// The award's inputs as the panel sees them.
            inputs: AwardInputs,
            /// What the formula gives for them.
            amount: Cents,
            /// Why the panel sees them so.
            reasons: String,
        } = "decide-contest",
        /// A closed case goes on.
        Reopen {
            /// Why it goes on.
            reason: String,
        } = "reopen",
        /// The feedback time becomes six months.
        ExtendFeedback {
            /// Why three are not enough.
            reason: String,
        } = "extend-feedback",
        /// A legal hold begins.
        Hold {
            /// Who or what asks for it.
            reason: String,
        } = "hold",
        /// The legal hold ends.
        ReleaseHold {
            /// Why it is over.
            reason: String,
        } = "release-hold",
        /// All content is destroyed.
        Purge = "purge",
    }
}

/// What a decision is about, for whoever passes a case on: an authority learns nothing of awards and of other cases.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum About {
    /// The case itself.
    Case,
    /// The source's award.
    Award,
    /// Another case too.
    OtherCase,
}

impl Act {
    /// What the decision is about.
    pub const fn about(&self) -> About {
        match self {
            Self::FinalizeAward { .. }
            | Self::DenyAward { .. }
            | Self::DecideContest { .. }
            | Self::Close { reason: CloseReason::NoClaim | CloseReason::Denied } => About::Award,
            Self::Close { reason: CloseReason::Duplicate { .. } } => About::OtherCase,
            Self::Close {
                reason:
                    CloseReason::OutOfScope
                    | CloseReason::Informative
                    | CloseReason::Abusive
                    | CloseReason::Lapsed
                    | CloseReason::Withdrawn
                    | CloseReason::Unsubstantiated,
            }
            | Self::Accept
            | Self::Refer { .. }
            | Self::Substantiate { .. }
            | Self::CloseUnsubstantiated { .. }
            | Self::Reopen { .. }
            | Self::ExtendFeedback { .. }
            | Self::Hold { .. }
            | Self::ReleaseHold { .. }
            | Self::Purge => About::Case,
        }
    }

    /// The act of the catalogue that proposes this decision.
    pub const fn step(&self) -> Step {
        match self {
            Self::Accept => Step::Accept,
            Self::Close { .. } => Step::Close,
            Self::Refer { .. } => Step::Refer,
            Self::Substantiate { .. } => Step::Substantiate,
            Self::CloseUnsubstantiated { .. } => Step::CloseUnsubstantiated,
            Self::FinalizeAward { .. } => Step::Finalize,
            Self::DenyAward { .. } => Step::Deny,
            Self::DecideContest { .. } => Step::Panel,
            Self::Reopen { .. } => Step::Reopen,
            Self::ExtendFeedback { .. } => Step::Extend,
            Self::Hold { .. } => Step::Hold,
            Self::ReleaseHold { .. } => Step::ReleaseHold,
            Self::Purge => Step::Purge,
        }
    }

    /// What the decision says, whole: everything that its second signer signs.
    pub fn facts(&self) -> Vec<Fact<'_>> {
        let words = |key, words| vec![Fact::new(key, Shown::Words(words))];
        match self {
            Self::Accept | Self::Purge => Vec::new(),
            Self::Close { reason } => vec![Fact::new(FactKey::Reason, Shown::Close(reason))],
            Self::Refer { authority, duty, packet } => {
                let mut out = words(FactKey::Authority, authority);
                out.push(Fact::new(FactKey::Packet, Shown::Digest(*packet)));
                out.extend(duty.as_ref().map(|d| Fact::new(FactKey::Duty, Shown::Words(d))));
                out
            }
            Self::Substantiate { findings } | Self::CloseUnsubstantiated { findings } => {
                words(FactKey::Findings, findings)
            }
            Self::FinalizeAward { award_ref, budget } => vec![
                Fact::new(FactKey::AwardRef, Shown::Award(*award_ref)),
                Fact::new(FactKey::Budget, Shown::Money(budget.budget)),
                Fact::new(FactKey::Unreserved, Shown::Money(budget.unreserved)),
            ],
            Self::DenyAward { reasons } => words(FactKey::Reasons, reasons),
            Self::DecideContest { inputs, amount, reasons } => {
                let mut out = vec![Fact::new(FactKey::Amount, Shown::Money(*amount))];
                out.extend(words(FactKey::Reasons, reasons));
                out.extend(inputs.facts());
                out
            }
            Self::Reopen { reason }
            | Self::ExtendFeedback { reason }
            | Self::Hold { reason }
            | Self::ReleaseHold { reason } => words(FactKey::Reason, reason),
        }
    }
}
