//! Doing it: the keys sign, the journal is written, the source is told, the keystore is saved.

use subrosa_casework::{
    case::{BudgetView, Case, Command, Event, State},
    journal::Replay,
    refusal::Refusal,
    role::RoleName,
};
use subrosa_crypto::sign::SigningKey;

use super::{
    super::{
        Console,
        office::{Office, now},
    },
    plan::Plan,
};
use crate::{
    message::Message,
    native::cli::sentence,
    officer::{JournalError, OfficerError, news_for_source},
    records::PublicView,
};

/// Why it was not done.
pub(in super::super) enum Failure {
    /// A rule said no.
    Refused(Refusal),
    /// Something broke; the sentence says what.
    Broken(String),
}

impl From<OfficerError> for Failure {
    fn from(e: OfficerError) -> Self {
        match e {
            OfficerError::Journal(JournalError::Refused(refusal)) => Self::Refused(refusal),
            other => Self::Broken(sentence(&other.into())),
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(e: anyhow::Error) -> Self {
        Self::Broken(sentence(&e))
    }
}

/// What the public books say about the budget.
pub(in super::super) async fn budget(console: &Console) -> Result<BudgetView, Failure> {
    let guard = console.office.lock().await;
    let office = guard.as_ref().ok_or_else(locked)?;
    let known = office.known.as_ref().ok_or_else(unknown)?;
    let view = PublicView::fetch(&office.api, &known.directory, office.circuits.fresh())
        .await
        .map_err(|e| Failure::Broken(sentence(&e.into())))?;
    Ok(view.audit.ledger.budget_view(view.records.len() as u64))
}

fn locked() -> Failure {
    Failure::Broken("the desk is locked".into())
}

fn unknown() -> Failure {
    Failure::Broken("the charter was not fetched yet".into())
}

/// Carries a plan out in a case.
pub(in super::super) async fn run(
    console: &Console,
    id: [u8; 32],
    role: RoleName,
    plan: &Plan,
    leak_checked: bool,
) -> Result<(), Failure> {
    let mut guard = console.office.lock().await;
    let office = guard.as_mut().ok_or_else(locked)?;
    let at = office.place(&id).ok_or_else(|| OfficerError::NoCase(hex::encode(id)))?;
    let outcome = match plan {
        Plan::Message { kind, text } => {
            let message = Message::Text { text: text.clone(), files: Vec::new() };
            send(office, at, role, *kind, &message, leak_checked).await
        }
        Plan::Deliver => deliver(office, at).await,
        Plan::Paid(award) => {
            let known = office.known.clone().ok_or_else(unknown)?;
            let records =
                office.file.contents.issued_records(&office.api, &known.directory, award, &office.circuits).await?;
            let event = Event::Paid { records };
            append(office, at, role, |_, _| Some(Command::Write(event.clone()))).await
        }
        other => append(office, at, role, |case, signer| other.command(case, signer)).await,
    };
    finish(console, office, at, id).await;
    outcome
}

/// Signs second under a decision, or drops it.
pub(in super::super) async fn settle(
    console: &Console,
    id: [u8; 32],
    role: RoleName,
    proposal: u64,
    confirm: bool,
) -> Result<(), Failure> {
    let mut guard = console.office.lock().await;
    let office = guard.as_mut().ok_or_else(locked)?;
    let at = office.place(&id).ok_or_else(|| OfficerError::NoCase(hex::encode(id)))?;
    let outcome = append(office, at, role, |_, _| {
        Some(match confirm {
            true => Command::Confirm { proposal },
            false => Command::Write(Event::ProposalDropped { proposal }),
        })
    })
    .await;
    finish(console, office, at, id).await;
    outcome
}

/// Whatever happened: the keystore is saved, and the page shows what the journal says now.
async fn finish(console: &Console, office: &mut Office, at: usize, id: [u8; 32]) {
    let view = office.read(at).await;
    // A journal that cannot be read now was read before: what is shown stays, and the next fetch says what is wrong.
    if view.replay.is_some() || view.purged {
        console.change_view(|v| {
            v.cases.insert(id, view);
        });
    }
    for kept in [office.save(), office.keep_index()] {
        if let Err(e) = kept {
            console.change_view(|v| v.troubles.push(sentence(&e)));
        }
    }
}

async fn append(
    office: &mut Office,
    at: usize,
    role: RoleName,
    command: impl for<'k> Fn(&Case, &'k SigningKey) -> Option<Command<'k>>,
) -> Result<(), Failure> {
    let known = office.known.clone().ok_or_else(unknown)?;
    let signer = office.file.contents.identity.signer();
    let before = office.file.contents.open(&office.api, at, &known.ctx, now(), &office.circuits).await?;
    let o = &mut *office;
    let after = o
        .file
        .contents
        .act(&o.api, at, &known.ctx, role, |case| command(case, &signer), now(), &o.circuits, &mut o.rng)
        .await;
    office.save()?;
    let after = after?;
    tell(office, at, role, &before, &after).await?;
    if after.case().state() == State::Purged {
        office.file.contents.purge(&office.api, at, &known.ctx, now(), &office.circuits).await?;
        office.save()?;
    }
    Ok(())
}

/// When a step moved the case to where the source has something to know, tells it, if this officer has a conversation with it.
async fn tell(office: &mut Office, at: usize, role: RoleName, before: &Replay, after: &Replay) -> Result<(), Failure> {
    let Some(message) = news_for_source(before.case(), after.case()) else { return Ok(()) };
    if !office.file.contents.cases.get(at).is_some_and(|c| c.has_conversation()) {
        return Ok(());
    }
    send(office, at, role, subrosa_casework::case::MessageKind::Text, &message, true).await
}

async fn send(
    office: &mut Office,
    at: usize,
    role: RoleName,
    kind: subrosa_casework::case::MessageKind,
    message: &Message,
    leak_checked: bool,
) -> Result<(), Failure> {
    let known = office.known.clone().ok_or_else(unknown)?;
    let o = &mut *office;
    let written = o
        .file
        .contents
        .write(&o.api, at, &known.ctx, role, kind, message, leak_checked, now(), &o.circuits, &mut o.rng)
        .await;
    office.save()?;
    written?;
    let o = &mut *office;
    let sent = o.file.contents.flush(&o.api, &o.circuits, &mut o.rng).await;
    office.save()?;
    sent?;
    Ok(())
}

async fn deliver(office: &mut Office, at: usize) -> Result<(), Failure> {
    let known = office.known.clone().ok_or_else(unknown)?;
    let o = &mut *office;
    let sent =
        o.file.contents.deliver_order(&o.api, at, &known.directory, &known.ctx, now(), &o.circuits, &mut o.rng).await;
    office.save()?;
    sent?;
    Ok(())
}
