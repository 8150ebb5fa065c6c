//! What can be done in a case, on pages: whether an act of the catalogue may be done now and by whom, its form, and
//! doing it.

pub(crate) mod deed;
pub(crate) mod form;
pub(crate) mod given;
pub(crate) mod run;

use subrosa_casework::{
    case::{Case, Step, admissible, first_role},
    journal::Replay,
    refusal::{Refusal, Rule},
    role::RoleName,
};
use subrosa_engine::{directory::Officer, officer};

use crate::snapshot::View;

/// Not shown at all: without a meaning in this case, or waiting for its second signature already.
fn is_idle(step: Step, case: &Case, view: &View) -> bool {
    match step {
        Step::Bring => colleagues(view, case).next().is_none(),
        // A decision that waits is signed second, not proposed again.
        decision => decision.is_idle(case, view.me.holder) || decision.waiting_in(case).is_some(),
    }
}

/// Whether this officer may do it now, and in which role; `None` if it is not shown.
pub(crate) fn may(
    step: Step,
    replay: &Replay,
    view: &View,
    conversation: bool,
    now: u64,
) -> Option<Result<RoleName, Refusal>> {
    if is_idle(step, replay.case(), view) || step.spec().message.is_some() && !conversation {
        return None;
    }
    Some(open(step, replay, view, now))
}

fn open(step: Step, replay: &Replay, view: &View, now: u64) -> Result<RoleName, Refusal> {
    let known = view.known.as_ref().ok_or(Rule::UnknownMember)?;
    let ctx = known.ctx.get();
    let case = replay.case();
    let ask = |author: &_| admissible(step, case, author, &ctx);
    let role = first_role(case, view.me.holder, &view.me.roles, replay.seq(), now, ask)?;
    match step {
        // The statement itself is in the thread, which the catalogue does not read.
        Step::FileClaim if officer::claim_statement(case).is_none() => Err(Rule::ClaimMissing.into()),
        _ => Ok(role),
    }
}

/// Officers of the charter who work on cases and could be brought into this one, or be sent its keys again.
pub(crate) fn colleagues<'v>(view: &'v View, case: &'v Case) -> impl Iterator<Item = &'v Officer> {
    view.known.iter().flat_map(|k| officer::colleagues(&k.directory, case, view.me.holder))
}
