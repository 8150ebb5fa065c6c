//! Doing it: the keys sign, the journal is written, the source is told, the keystore is saved.

use subrosa_casework::{
    bytes::Digest,
    case::{BudgetView, Draft, Event},
    refusal::Refusal,
    role::RoleName,
};
use subrosa_crypto::sign::HolderId;
use subrosa_engine::{
    officer::{self, Delivered, JournalError, OfficerError, Outcome},
    treasury::public::PublicView,
};
use subrosa_templates::key;

use crate::{clock::now, console::Console, office::Office, snapshot::Settled, trouble::Trouble};

/// Why it was not done.
pub(crate) enum Failure {
    /// A rule said no.
    Refused(Refusal),
    /// Something broke, and this is what is said of it.
    Broken(Trouble),
}

impl From<OfficerError> for Failure {
    fn from(e: OfficerError) -> Self {
        match e {
            OfficerError::Journal(JournalError::Refused(refusal)) => Self::Refused(refusal),
            other => Self::Broken(Trouble::of(&other)),
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(e: anyhow::Error) -> Self {
        Self::Broken(Trouble::from(&e))
    }
}

/// What the public books say about the budget.
pub(crate) async fn budget(console: &Console) -> Result<BudgetView, Failure> {
    let guard = console.office.lock().await;
    let office = guard.as_ref().ok_or_else(locked)?;
    let known = office.known.as_ref().ok_or_else(unknown)?;
    let view = PublicView::fetch(&office.api, &known.directory, office.circuits.fresh())
        .await
        .map_err(|e| Failure::Broken(Trouble::of(&e)))?;
    Ok(view.audit.ledger.budget_view(view.records.len() as u64))
}

fn locked() -> Failure {
    Failure::Broken(Trouble::own(key!("error-locked")))
}

fn unknown() -> Failure {
    Failure::Broken(Trouble::own(key!("error-no-charter-yet")))
}

/// What became of an act that broke no rule.
pub(crate) enum Done {
    /// It stands in the journal.
    Written,
    /// It waits on this desk: the server cannot be reached, something else is wrong with the case, or an act before it
    /// waits.
    Kept,
}

/// Carries a draft out in a case, if that still says what was `shown` of it ([`Draft::basis`]).
pub(crate) async fn run(
    console: &Console,
    id: [u8; 32],
    role: RoleName,
    draft: &Draft,
    shown: Option<Digest>,
    leak_checked: bool,
) -> Result<Done, Failure> {
    let mut guard = console.office.lock().await;
    let office = guard.as_mut().ok_or_else(locked)?;
    let at = office.place(&id).ok_or_else(|| OfficerError::NoCase(hex::encode(id)))?;
    let unreachable = log_checked(office).await?;
    let outcome = match draft {
        // Nothing of these can be kept for later.
        Draft::Deliver | Draft::Bring(_) | Draft::Paid(_) if let Some(why) = unreachable => Err(why.into()),
        Draft::Deliver => deliver_order(office, at, shown).await.map(|()| Done::Written),
        Draft::Bring(colleague) => bring(office, at, *colleague, role).await.map(|()| Done::Written),
        Draft::Paid(award) => {
            let known = office.known.clone().ok_or_else(unknown)?;
            let (file, mut session) = office.session(&known);
            let records = file.contents.issued_records(&mut session, award).await?;
            let plan = officer::Plan::Event(Box::new(Event::Paid { records }));
            commit(console, office, at, role, plan, true).await
        }
        other => match officer::Plan::of(other, leak_checked) {
            Ok(Some(plan)) => {
                commit(console, office, at, role, officer::Planned { plan, shown }, unreachable.is_none()).await
            }
            Ok(None) => Err(Failure::Broken(Trouble::own(key!("error-no-entry")))),
            Err(e) => Err(OfficerError::from(e).into()),
        },
    };
    finish(console, office, at, id).await;
    outcome
}

/// Nothing is written through a server that shows another log than before. Answers why the log could not be had, if
/// nobody answered: an act is kept then, also if the server answers everything else, and the visit that carries it out
/// looks at the log first.
async fn log_checked(office: &mut Office) -> Result<Option<OfficerError>, Failure> {
    let Some(known) = office.known.clone() else { return Ok(None) };
    match office.file.contents.watch_log(&office.api, &known.directory, &office.circuits).await {
        Err(e) if e.is_unreachable() => Ok(Some(e)),
        checked => Ok(checked.map(|()| None)?),
    }
}

/// What is answered to a decision that waits.
pub(crate) enum Answer {
    /// The second signature, under what was shown.
    Sign {
        /// The entry that proposes it.
        proposal: u64,
        /// The digest of what was shown.
        shown: Digest,
    },
    /// It is taken back or refused.
    Drop {
        /// The entry that proposes it.
        proposal: u64,
    },
}

/// Signs second under a decision, or drops it.
pub(crate) async fn settle(console: &Console, id: [u8; 32], role: RoleName, answer: Answer) -> Result<Done, Failure> {
    let mut guard = console.office.lock().await;
    let office = guard.as_mut().ok_or_else(locked)?;
    let at = office.place(&id).ok_or_else(|| OfficerError::NoCase(hex::encode(id)))?;
    let unreachable = log_checked(office).await?;
    let plan = match answer {
        Answer::Sign { proposal, shown } => officer::Plan::Confirm { proposal, shown },
        Answer::Drop { proposal } => officer::Plan::Event(Box::new(Event::ProposalDropped { proposal })),
    };
    let outcome = commit(console, office, at, role, plan, unreachable.is_none()).await;
    finish(console, office, at, id).await;
    outcome
}

/// Whatever happened: the keystore is saved, and the page shows what the journal says now.
pub(crate) async fn finish(console: &Console, office: &mut Office, at: usize, id: [u8; 32]) {
    let view = office.read(at).await;
    console.change_view(|v| {
        let view = view.after(v.cases.get(&id));
        v.cases.insert(id, view);
    });
    for kept in [office.save(), office.keep_index()] {
        if let Err(e) = kept {
            console.change_view(|v| v.troubles.push(Trouble::from(&e)));
        }
    }
    let waiting = office.file.contents.waiting().to_vec();
    console.change_view(|v| v.waiting = waiting);
}

/// Keeps an act in the keystore, then carries it out behind whatever waits before it, if the log was looked at.
async fn commit(
    console: &Console,
    office: &mut Office,
    at: usize,
    role: RoleName,
    planned: impl Into<officer::Planned>,
    looked: bool,
) -> Result<Done, Failure> {
    let id = office.file.contents.plan(at, role, planned, now())?;
    office.save()?;
    if !looked {
        return Ok(Done::Kept);
    }
    let delivered = deliver(office).await;
    let own = delivered.as_ref().ok().and_then(|all| all.iter().find(|d| d.act.id == id));
    let answer = match own.map(|d| &d.outcome) {
        Some(Outcome::Written { .. }) => Ok(Done::Written),
        Some(Outcome::Refused(refused)) => {
            // Whoever asked just now is told just now: nothing needs to be kept.
            office.file.contents.drop_waiting(id);
            office.save()?;
            Err(match refused.refusal() {
                Some(refusal) => Failure::Refused(refusal),
                None => Failure::Broken(Trouble::of(refused)),
            })
        }
        Some(Outcome::Trouble(why)) => {
            // It may stand in the journal already, and only reading it again has failed: kept, so that it is looked for
            // before it is written.
            let why = Trouble::of(&**why);
            console.change_view(|v| v.troubles.push(why));
            Ok(Done::Kept)
        }
        Some(Outcome::Unreachable) | None => Ok(Done::Kept),
    };
    let told: Vec<_> = delivered?.iter().filter(|d| d.act.id != id || is_late(d)).filter_map(Settled::of).collect();
    console.change_view(|v| v.settled.extend(told));
    answer
}

/// Whether colleagues wrote between what this officer knew and the entry.
fn is_late(d: &Delivered) -> bool {
    matches!(&d.outcome, Outcome::Written { between, .. } if !between.is_empty())
}

/// Carries out what waits; see [`officer::deliver`].
async fn deliver(office: &mut Office) -> Result<Vec<Delivered>, Failure> {
    let known = office.known.clone().ok_or_else(unknown)?;
    let (file, mut session) = office.session(&known);
    Ok(officer::deliver(file, &mut session, &known.ctx).await?)
}

async fn bring(office: &mut Office, at: usize, colleague: HolderId, role: RoleName) -> Result<(), Failure> {
    let known = office.known.clone().ok_or_else(unknown)?;
    let (file, mut session) = office.session(&known);
    let sent = file.contents.hand_over(&mut session, at, colleague, role, &known.ctx).await;
    office.save()?;
    sent?;
    Ok(())
}

async fn deliver_order(office: &mut Office, at: usize, shown: Option<Digest>) -> Result<(), Failure> {
    let known = office.known.clone().ok_or_else(unknown)?;
    let (file, mut session) = office.session(&known);
    let sent = file.contents.deliver_order(&mut session, at, &known.ctx, shown).await;
    office.save()?;
    sent?;
    Ok(())
}

/// Forgets an act that waits or was refused; answers whether there was one.
pub(crate) fn forget(console: &Console, office: &mut Office, number: u64) -> anyhow::Result<bool> {
    let known = office.file.contents.drop_waiting(number);
    office.save()?;
    let waiting = office.file.contents.waiting().to_vec();
    console.change_view(|v| v.waiting = waiting);
    Ok(known)
}
