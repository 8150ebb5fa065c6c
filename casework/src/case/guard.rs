//! Whether an event may stand. The one place that says no: commands and read-back journals both pass here.

use subrosa_crypto::sign::HolderId;

use super::{
    Author, Case, Context, Event, State, Step,
    content::{content, receive},
};
use crate::{
    refusal::{Refusal, Rule},
    role::RoleName,
};

pub(super) type Allowed = Result<(), Refusal>;

/// Refuses an event that breaks a rule: first what must hold before the act that writes it (the catalogue), then what
/// the event says. See the tables in `docs/spec/case.md`. Signatures and the chain are the journal's business
/// ([`crate::journal`]); here `author` is taken as proven.
///
/// # Errors
/// The first rule that says no.
pub fn admit(case: &Case, author: &Author, event: &Event, ctx: &Context<'_>) -> Allowed {
    if let (State::Empty, Event::Received(received)) = (case.state, event) {
        may_write(author, ctx)?;
        return receive(case, author, received, ctx);
    }
    // At generation 0 the source reads along: nobody declares anything there, not even that they leave.
    let leaving = match event {
        Event::KeyTurned(_) | Event::MemberLeft { .. } => true,
        Event::Recused { .. } => case.key_generation > 0,
        _ => false,
    };
    on_the_case(case, author, leaving, ctx)?;
    if let Some(step) = event.step() {
        step.spec().holds(case, author, ctx)?;
    }
    content(case, author, event, ctx)
}

/// Whether `author` may take `step` in `case` now, whatever they would say in it: membership, role, state and the
/// needs of the catalogue. What is said is asked by [`admit`] alone.
///
/// # Errors
/// The first rule that says no.
pub fn admissible(step: Step, case: &Case, author: &Author, ctx: &Context<'_>) -> Allowed {
    on_the_case(case, author, step == Step::Recuse && case.key_generation > 0, ctx)?;
    step.spec().holds(case, author, ctx)
}

/// The first of the roles `held` in which `ask` says yes, else the refusal that says most. Nothing happens before the
/// last entry: a clock that runs behind is moved up.
///
/// # Errors
/// No role does.
pub fn first_role(
    case: &Case,
    holder: HolderId,
    held: &[RoleName],
    seq: u64,
    now: u64,
    ask: impl Fn(&Author) -> Allowed,
) -> Result<RoleName, Refusal> {
    let mut refused: Option<Refusal> = None;
    for role in held {
        let author = Author { holder, role: *role, at: now.max(case.last_at), seq };
        match ask(&author) {
            Ok(()) => return Ok(*role),
            // Another role's refusal says more than "not in this role".
            Err(e) if refused.as_ref().is_none_or(|r| r.rule == Rule::WrongRole) => refused = Some(e),
            Err(_) => {}
        }
    }
    Err(refused.unwrap_or_else(|| Rule::UnknownMember.into()))
}

fn may_write(author: &Author, ctx: &Context<'_>) -> Allowed {
    ctx.members.check(author.holder, author.role, author.at)?;
    match author.role {
        RoleName::Finance => Err(Rule::FinanceOutside.into()),
        RoleName::Triager | RoleName::Investigator | RoleName::Adjudicator => Ok(()),
    }
}

/// Whether `author` may write in this case at all.
fn on_the_case(case: &Case, author: &Author, leaving: bool, ctx: &Context<'_>) -> Allowed {
    may_write(author, ctx)?;
    match case.state {
        State::Empty => return Err(Rule::NotReceived.into()),
        State::Purged => return Err(Rule::CasePurged.into()),
        _ => {}
    }
    if case.recused.contains(&author.holder) {
        return Err(Rule::Recused.into());
    }
    if !case.team.contains(&author.holder) {
        return Err(Rule::NotOnTeam.into());
    }
    if author.at < case.last_at {
        return Err(Rule::TimeBackwards.into());
    }
    if case.turn_key && !leaving {
        return Err(Rule::KeyMustTurn.into());
    }
    Ok(())
}

/// The last second in which a proposed award can be contested.
pub(super) fn contest_end(proposed_at: u64, ctx: &Context<'_>) -> Result<u64, Refusal> {
    let programme = ctx.programme;
    programme.zone.after_days(proposed_at, programme.contest_days).ok_or_else(|| Rule::OutOfRange.into())
}
