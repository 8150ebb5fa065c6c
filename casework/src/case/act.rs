//! The guards of decisions that two people take.

use super::{
    Act, Author, BudgetView, Case, CloseReason, Context, Pinned, State,
    guard::{contest_end, role, state, text},
};
use crate::{
    money::Cents,
    policy::AwardInputs,
    refusal::{Refusal, Rule},
    role::RoleName,
};

type Allowed = Result<(), Refusal>;

impl Act {
    fn roles(&self) -> &'static [RoleName] {
        use RoleName::{Adjudicator, Investigator, Triager};
        match self {
            Self::Accept | Self::Close { .. } | Self::Reopen { .. } => &[Triager],
            Self::Refer { .. } => &[Investigator, Adjudicator],
            Self::Substantiate { .. }
            | Self::CloseUnsubstantiated { .. }
            | Self::FinalizeAward { .. }
            | Self::DenyAward { .. }
            | Self::DecideContest { .. } => &[Adjudicator],
            Self::ExtendFeedback { .. } | Self::Hold { .. } | Self::ReleaseHold { .. } | Self::Purge => {
                &[Triager, Investigator, Adjudicator]
            }
        }
    }

    /// Whether the first signer acts in a fitting role.
    pub(super) fn first_role(&self, first: &Author) -> Allowed {
        role(first, self.roles())
    }

    /// Whether the second signer's role goes with the first's: a referral takes one investigator and one adjudicator.
    pub(super) fn second_role(&self, first: &Author, second: &Author) -> Allowed {
        role(second, self.roles())?;
        if matches!(self, Self::Refer { .. }) && first.role == second.role {
            return Err(Rule::WrongRole.because("one investigator and one adjudicator are needed"));
        }
        Ok(())
    }

    /// Whether the first signer still fits, now that the second one signs: what was learned in between may exclude
    /// them.
    pub(super) fn first_still_fits(&self, case: &Case, first: &Author) -> Allowed {
        self.person_fits(case, first)
    }

    fn person_fits(&self, case: &Case, person: &Author) -> Allowed {
        match self {
            Self::DecideContest { .. } if case.award.as_ref().is_some_and(|a| a.proposer == person.holder) => {
                Err(Rule::PanelIncludesProposer.into())
            }
            _ => Ok(()),
        }
    }

    /// Whether the case allows the decision. Asked at the proposal and again at the confirmation.
    pub(super) fn allowed(&self, case: &Case, author: &Author, ctx: &Context<'_>) -> Allowed {
        self.person_fits(case, author)?;
        match self {
            Self::Accept => {
                state(case, &[State::Triage])?;
                match case.triage.is_some() && case.retaliation.is_some() {
                    true => Ok(()),
                    false => Err(Rule::NotTriaged.into()),
                }
            }
            Self::Close { reason } => close(case, author, reason, ctx),
            Self::Refer { authority, duty, .. } => {
                state(case, &[State::Investigating])?;
                text(authority)?;
                match duty {
                    Some(duty) => text(duty),
                    None if case.consent => Ok(()),
                    None => Err(Rule::NoConsent.into()),
                }
            }
            Self::Substantiate { findings } => {
                state(case, &[State::Investigating, State::Referred])?;
                text(findings)?;
                if case.independent_origins() < 2 && case.authority.is_none() {
                    return Err(Rule::EvidenceTooThin.into());
                }
                match case.accused {
                    Some(_) => Ok(()),
                    None => Err(Rule::AccusedNotHeard.into()),
                }
            }
            Self::CloseUnsubstantiated { findings } => {
                state(case, &[State::Investigating, State::Referred])?;
                text(findings)?;
                match case.feedback {
                    Some(_) => Ok(()),
                    None => Err(Rule::FeedbackMissing.into()),
                }
            }
            Self::FinalizeAward { budget, .. } => finalize(case, author, budget, ctx),
            Self::DenyAward { reasons } => {
                state(case, &[State::AwardProposed])?;
                text(reasons)?;
                let award = case.award.as_ref().ok_or(Rule::WrongState)?;
                if !award.reasons_sent {
                    return Err(Rule::ReasonsNotSent.into());
                }
                match award.panel_decided || author.at > contest_end(award.proposed_at, ctx)? {
                    true => Ok(()),
                    false => Err(Rule::ContestWindowOpen.into()),
                }
            }
            Self::DecideContest { inputs, amount, reasons } => {
                state(case, &[State::Contested])?;
                text(reasons)?;
                let award = case.award.as_ref().ok_or(Rule::WrongState)?;
                formula(ctx, &award.policy, inputs, *amount)
            }
            Self::Reopen { reason } => {
                state(case, &[State::Closed])?;
                text(reason)?;
                match case.evidence_since_close || case.reopen_wish {
                    true => Ok(()),
                    false => Err(Rule::NoNewEvidence.into()),
                }
            }
            Self::ExtendFeedback { reason } => {
                text(reason)?;
                if case.extended {
                    return Err(Rule::AlreadyExtended.into());
                }
                let due = case.due(super::ClockName::Feedback, ctx.programme).ok_or(Rule::OutOfRange)?;
                match author.at <= due {
                    true => Ok(()),
                    false => Err(Rule::DeadlinePassed.into()),
                }
            }
            Self::Hold { reason } => match case.hold {
                true => Err(Rule::LegalHold.because("there is one already")),
                false => text(reason),
            },
            Self::ReleaseHold { reason } => match case.hold {
                true => text(reason),
                false => Err(Rule::NoLegalHold.into()),
            },
            Self::Purge => purge(case, author, ctx),
        }
    }
}

fn close(case: &Case, author: &Author, reason: &CloseReason, ctx: &Context<'_>) -> Allowed {
    state(case, &[State::Triage, State::NeedsInfo])?;
    match reason {
        CloseReason::Lapsed => {
            state(case, &[State::NeedsInfo])?;
            let end = ctx.programme.zone.after_days(case.since, ctx.programme.lapse_days).ok_or(Rule::OutOfRange)?;
            if author.at <= end {
                return Err(Rule::NotLapsed.into());
            }
            return Ok(());
        }
        CloseReason::Withdrawn => return Err(Rule::NotWithdrawn.into()),
        CloseReason::Duplicate { of } if of.0 == case.id.0 => {
            return Err(Rule::OutOfRange.because("a case is no duplicate of itself"));
        }
        CloseReason::Unsubstantiated | CloseReason::NoClaim | CloseReason::Denied => {
            return Err(Rule::WrongState.because("this outcome belongs to a later stage"));
        }
        CloseReason::OutOfScope | CloseReason::Informative | CloseReason::Abusive | CloseReason::Duplicate { .. } => {}
    }
    // Once an investigation has begun, triagers cannot end it by asking a question first.
    if case.state == State::NeedsInfo && case.back == State::Investigating {
        return Err(Rule::SeparationOfDuties.because("an investigation ends by adjudicators"));
    }
    Ok(())
}

fn finalize(case: &Case, author: &Author, budget: &BudgetView, ctx: &Context<'_>) -> Allowed {
    state(case, &[State::AwardProposed])?;
    let award = case.award.as_ref().ok_or(Rule::WrongState)?;
    let settled = award.panel_decided || award.accepted || author.at > contest_end(award.proposed_at, ctx)?;
    if !settled {
        return Err(Rule::AwardOpen.into());
    }
    if budget.unreserved > budget.budget || award.amount > budget.unreserved {
        return Err(Rule::BudgetShort.into());
    }
    Ok(())
}

fn purge(case: &Case, author: &Author, ctx: &Context<'_>) -> Allowed {
    state(case, &[State::Paid, State::Closed])?;
    if case.hold {
        return Err(Rule::LegalHold.into());
    }
    let jurisdiction = case.triage.as_ref().map(|t| t.jurisdiction.as_str());
    let months = ctx.programme.retention(jurisdiction);
    let end = ctx.programme.zone.after_months(case.since, months).ok_or(Rule::OutOfRange)?;
    match author.at > end {
        true => Ok(()),
        false => Err(Rule::RetentionRunning.into()),
    }
}

/// Whether the pinned policy's formula gives this amount for these inputs.
pub(super) fn formula(ctx: &Context<'_>, pinned: &Pinned, inputs: &AwardInputs, amount: Cents) -> Allowed {
    let policy = ctx.policy(pinned.digest).ok_or(Rule::PolicyUnknown)?;
    if policy.pinned() != *pinned {
        return Err(Rule::PolicyUnknown.because("id or version differ"));
    }
    let result = policy.award(inputs).map_err(|e| Rule::OutOfRange.because(e.to_string()))?;
    match result.amount == amount {
        true => Ok(()),
        false => Err(Rule::AmountWrong.because(format!("the formula gives {}", result.amount))),
    }
}
