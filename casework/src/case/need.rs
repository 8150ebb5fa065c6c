//! What must hold in a case before an act: asked of the case, the person and the time, never of what the act says. The
//! catalogue names the needs of each act; the table in `docs/spec/case.md` prints their words.

use super::{
    Author, Case, ClockName, Context, State, Step,
    guard::{Allowed, contest_end},
};
use crate::refusal::{Note, Refusal, Rule};

macro_rules! needs {
    ($($name:ident $check:ident $text:literal;)*) => {
        /// Something that must hold before an act.
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum Need {
            $(#[doc = $text] $name,)*
        }

        impl Need {
            /// The need in the words of the specification.
            pub fn text(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// Refuses unless it holds for `author` in `case`.
            pub(super) fn check(self, case: &Case, author: &Author, ctx: &Context<'_>) -> Allowed {
                match self { $(Self::$name => $check(case, author, ctx),)* }
            }
        }
    };
}

needs! {
    Declared declared "no conflict of interest declared with anything named so far";
    Acknowledged acknowledged "the source got its acknowledgement";
    Triaged triaged "pack, jurisdiction, severity and retaliation score are set";
    PackChosen pack_chosen "triage has chosen a pack";
    EndsOutside ends_outside
        "during an investigation's question nothing but *lapsed*, after 60 days without an answer";
    NotTriager not_triager "the author is none of the case's triagers (who opened triage or accepted)";
    MachineChecked machine_checked "a machine check is stored";
    HasEvidence has_evidence "there is evidence";
    TwoOrigins two_origins "two origins of evidence (derived items add none) or an authority's decision";
    AccusedHeard accused_heard "the accused was heard, or a safety waiver is recorded";
    FeedbackSent feedback_sent "the source got feedback";
    ClaimTime claim_time "within 90 days";
    NobodyClaimed nobody_claimed "from day 91, without a claim";
    Claimed claimed "the source's signed claim is filed";
    Eligible eligible "the answers about eligibility allow an award";
    NotInvestigator not_investigator "the author did not investigate";
    NotProposer not_proposer "neither signer proposed the award";
    Settled settled
        "the source's signed acceptance of exactly this amount, or a panel's decision, or 60 days are over";
    ReasonsSent reasons_sent "the source got the reasons";
    ContestOver contest_over "60 days are over, or a panel has decided";
    NewGrounds new_grounds "new evidence since it closed, or the source's signed wish";
    NotExtended not_extended "not extended before";
    FeedbackRuns feedback_runs "the feedback time is not over";
    NoHold no_hold "no legal hold";
    NotHeldYet not_held_yet "no legal hold yet";
    OnHold on_hold "a legal hold";
    RetentionOver retention_over "the retention time (by jurisdiction) is over";
    OrderReady order_ready "the source's blinded tokens are here, and signed for where the programme asks for it";
    NotSignedYet not_signed_yet "the author has not signed the order";
    OrderSigned order_signed "two adjudicators signed the order";
}

impl Need {
    /// Whether it is about the person alone: the first signer is asked again when the second one signs, because what
    /// was learned in between may exclude them.
    pub(super) fn is_personal(self) -> bool {
        matches!(self, Self::NotProposer)
    }
}

/// `rule` refuses where this does not hold.
pub(super) fn hold(holds: bool, rule: Rule) -> Allowed {
    if holds { Ok(()) } else { Err(rule.into()) }
}

pub(super) fn declared(case: &Case, author: &Author, _: &Context<'_>) -> Allowed {
    if case.has_declared(author.holder) {
        return Ok(());
    }
    match case.declared.contains_key(&author.holder) {
        true => Err(Rule::DeclarationStale.into()),
        false => Err(Rule::DeclarationMissing.into()),
    }
}

fn acknowledged(case: &Case, _: &Author, _: &Context<'_>) -> Allowed {
    hold(case.acknowledged.is_some(), Rule::NotAcknowledged)
}

fn triaged(case: &Case, _: &Author, _: &Context<'_>) -> Allowed {
    hold(case.triage.is_some() && case.retaliation.is_some(), Rule::NotTriaged)
}

fn pack_chosen(case: &Case, _: &Author, _: &Context<'_>) -> Allowed {
    hold(case.triage.is_some(), Rule::NotTriaged)
}

/// Once an investigation has begun, triagers cannot end it by asking a question first. Only silence ends it.
fn ends_outside(case: &Case, author: &Author, ctx: &Context<'_>) -> Allowed {
    match asked_inside(case) && !lapsed(case, author, ctx)? {
        true => Err(Rule::SeparationOfDuties.because(Note::AdjudicatorsEnd)),
        false => Ok(()),
    }
}

/// Whether a question waits that was asked where triagers cannot close the case.
pub(super) fn asked_inside(case: &Case) -> bool {
    case.state == State::NeedsInfo && !Step::Close.spec().from.contains(&case.back)
}

/// Whether a question has stood unanswered for as long as the programme waits.
pub(super) fn lapsed(case: &Case, author: &Author, ctx: &Context<'_>) -> Result<bool, Refusal> {
    let end = ctx.programme.zone.after_days(case.since, ctx.programme.lapse_days).ok_or(Rule::OutOfRange)?;
    Ok(case.state == State::NeedsInfo && author.at > end)
}

fn not_triager(case: &Case, author: &Author, _: &Context<'_>) -> Allowed {
    match case.triagers.contains(&author.holder) {
        true => Err(Rule::SeparationOfDuties.because(Note::TriagedBefore)),
        false => Ok(()),
    }
}

fn machine_checked(case: &Case, _: &Author, _: &Context<'_>) -> Allowed {
    hold(!case.checks.is_empty(), Rule::NoMachineCheck)
}

fn has_evidence(case: &Case, _: &Author, _: &Context<'_>) -> Allowed {
    hold(!case.evidence.is_empty(), Rule::NoSuchItem)
}

fn two_origins(case: &Case, _: &Author, _: &Context<'_>) -> Allowed {
    hold(case.independent_origins() >= 2 || case.authority.is_some(), Rule::EvidenceTooThin)
}

fn accused_heard(case: &Case, _: &Author, _: &Context<'_>) -> Allowed {
    hold(case.accused.is_some(), Rule::AccusedNotHeard)
}

fn feedback_sent(case: &Case, _: &Author, _: &Context<'_>) -> Allowed {
    hold(case.feedback.is_some(), Rule::FeedbackMissing)
}

fn claim_open_until(case: &Case, ctx: &Context<'_>) -> Result<u64, Refusal> {
    let opened = case.claim_opened.ok_or(Rule::WrongState)?;
    let programme = ctx.programme;
    programme.zone.after_days(opened, programme.claim_days).ok_or_else(|| Rule::OutOfRange.into())
}

fn claim_time(case: &Case, author: &Author, ctx: &Context<'_>) -> Allowed {
    hold(author.at <= claim_open_until(case, ctx)?, Rule::ClaimWindowOver)
}

fn nobody_claimed(case: &Case, author: &Author, ctx: &Context<'_>) -> Allowed {
    if case.claim.is_some() {
        return Err(Rule::WrongState.because(Note::SourceClaimed));
    }
    hold(author.at > claim_open_until(case, ctx)?, Rule::ClaimWindowOpen)
}

fn claimed(case: &Case, _: &Author, _: &Context<'_>) -> Allowed {
    hold(case.claim.is_some(), Rule::ClaimMissing)
}

fn eligible(case: &Case, _: &Author, _: &Context<'_>) -> Allowed {
    hold(case.claim.as_ref().is_some_and(super::Eligibility::allows), Rule::NotEligible)
}

fn not_investigator(case: &Case, author: &Author, _: &Context<'_>) -> Allowed {
    match case.investigators.contains(&author.holder) {
        true => Err(Rule::SeparationOfDuties.because(Note::InvestigatedBefore)),
        false => Ok(()),
    }
}

fn not_proposer(case: &Case, author: &Author, _: &Context<'_>) -> Allowed {
    let proposed = case.award.as_ref().is_some_and(|a| a.proposer == author.holder);
    hold(!proposed, Rule::PanelIncludesProposer)
}

fn settled(case: &Case, author: &Author, ctx: &Context<'_>) -> Allowed {
    let award = case.award.as_ref().ok_or(Rule::WrongState)?;
    let settled = award.panel_decided || award.accepted || author.at > contest_end(award.proposed_at, ctx)?;
    hold(settled, Rule::AwardOpen)
}

fn reasons_sent(case: &Case, _: &Author, _: &Context<'_>) -> Allowed {
    hold(case.award.as_ref().ok_or(Rule::WrongState)?.reasons_sent, Rule::ReasonsNotSent)
}

fn contest_over(case: &Case, author: &Author, ctx: &Context<'_>) -> Allowed {
    let award = case.award.as_ref().ok_or(Rule::WrongState)?;
    hold(award.panel_decided || author.at > contest_end(award.proposed_at, ctx)?, Rule::ContestWindowOpen)
}

fn new_grounds(case: &Case, _: &Author, _: &Context<'_>) -> Allowed {
    hold(case.evidence_since_close || case.reopen_wish, Rule::NoNewEvidence)
}

fn not_extended(case: &Case, _: &Author, _: &Context<'_>) -> Allowed {
    hold(!case.extended, Rule::AlreadyExtended)
}

fn feedback_runs(case: &Case, author: &Author, ctx: &Context<'_>) -> Allowed {
    let due = case.due(ClockName::Feedback, ctx.programme).ok_or(Rule::OutOfRange)?;
    hold(author.at <= due, Rule::DeadlinePassed)
}

fn no_hold(case: &Case, _: &Author, _: &Context<'_>) -> Allowed {
    hold(!case.hold, Rule::LegalHold)
}

fn not_held_yet(case: &Case, _: &Author, _: &Context<'_>) -> Allowed {
    match case.hold {
        true => Err(Rule::LegalHold.because(Note::HeldAlready)),
        false => Ok(()),
    }
}

fn on_hold(case: &Case, _: &Author, _: &Context<'_>) -> Allowed {
    hold(case.hold, Rule::NoLegalHold)
}

fn retention_over(case: &Case, author: &Author, ctx: &Context<'_>) -> Allowed {
    let jurisdiction = case.triage.as_ref().map(|t| t.jurisdiction.as_str());
    let months = ctx.programme.retention(jurisdiction);
    let end = ctx.programme.zone.after_months(case.since, months).ok_or(Rule::OutOfRange)?;
    hold(author.at > end, Rule::RetentionRunning)
}

fn order_ready(case: &Case, _: &Author, ctx: &Context<'_>) -> Allowed {
    let order = case.award_order().ok_or(Rule::NoTokenRequest)?;
    match case.award.as_ref().and_then(|a| a.signed_batch) {
        Some(signed) if signed != order.batch => Err(Rule::OrderMismatch.because(Note::OtherBatchSigned)),
        None if ctx.programme.signed_batches => Err(Rule::BatchNotSigned.into()),
        Some(_) | None => Ok(()),
    }
}

fn not_signed_yet(case: &Case, author: &Author, _: &Context<'_>) -> Allowed {
    let signed = case.award.as_ref().is_some_and(|a| a.signatures.iter().any(|(h, _)| *h == author.holder));
    hold(!signed, Rule::AlreadySigned)
}

fn order_signed(case: &Case, _: &Author, _: &Context<'_>) -> Allowed {
    match case.signed_order() {
        Some(_) => Ok(()),
        None => Err(Rule::NotIssued.because(Note::OrderUnsigned)),
    }
}
