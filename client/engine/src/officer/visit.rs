//! One visit of an officer to the server, the same from the console and from the command line.
//!
//! Crash points. The log is checked before anything is opened or destroyed. What was opened is saved, and only then
//! destroyed on the server; what goes into journals is recognised there if it was written before a crash. An act is
//! saved before it is tried, and what it makes this desk say is saved before it is sent. A purge destroys after two
//! have signed, whoever's delivery brought the second signature in, now or on a later visit.

use rand_core::CryptoRng;
use subrosa_casework::{
    case::{Programme, State},
    journal::Replay,
};
use subrosa_crypto::charter::RootKey;

use super::{
    context::DeskContext,
    desk::Desk,
    error::OfficerError,
    journal::JournalError,
    plan::{Delivered, Outcome},
    shelf::Shelf,
    views::Seen,
};
use crate::{
    api::Api,
    board::Circuits,
    history::History,
    policies::{Policies, built_in},
    session::{Keystore, Saved, Session, Step, restock},
    transport::Transport,
    trouble::Trouble,
};

/// The programme as an officer's desk knows it.
#[derive(Debug)]
pub struct Known {
    /// Who is who, with the past.
    pub directory: History,
    /// Packs and policies.
    pub policies: Policies,
    /// What decisions look at.
    pub ctx: DeskContext,
}

impl Known {
    fn new(directory: History, policies: Policies) -> Self {
        let programme = Programme { signed_batches: true, ..Programme::default() };
        let ctx = DeskContext::new(&directory, programme, policies.bounty_ever());
        Self { directory, policies, ctx }
    }

    /// Fetches every charter and every policy, and keeps them for times without the server. Save afterwards.
    ///
    /// # Errors
    /// A charter is refused or withheld, or a policy is withheld or altered.
    pub async fn fetch<T: Transport>(
        desk: &mut Desk,
        shelf: &dyn Shelf,
        api: &Api<T>,
        circuits: &Circuits,
        root: &RootKey,
        now: u64,
    ) -> Result<Self, OfficerError> {
        let directory = History::fetch(api, root, now, desk.charter, circuits.fresh()).await?;
        desk.remember(&directory);
        let (_, kept) = shelf.programme();
        let mut held = built_in();
        held.extend(kept.iter().map(Vec::as_slice));
        let policies = Policies::fetch(api, &directory, &held, circuits.fresh()).await?;
        shelf.keep_programme(&directory.charter_notes(), policies.files());
        Ok(Self::new(directory, policies))
    }

    /// The programme as the last visit left it on this machine: to read and to plan by while the server cannot be
    /// reached.
    ///
    /// # Errors
    /// Nothing is kept, it has expired, or this desk has seen a newer charter since.
    pub fn recall(desk: &Desk, shelf: &dyn Shelf, root: &RootKey, now: u64) -> Result<Self, OfficerError> {
        let (charters, files) = shelf.programme();
        let directory = History::kept_chain(&charters, root, now)?;
        if desk.charter.is_some_and(|seen| seen != directory.seen()) {
            return Err(OfficerError::KeptCharterOld);
        }
        let mut held = built_in();
        held.extend(files.iter().map(Vec::as_slice));
        let policies = Policies::of_held(&directory, &held);
        Ok(Self::new(directory, policies))
    }
}

/// Who looks on while a visit goes on. What a visit brings is told when it is there: a visit that ends in an error has
/// told everything that came before.
pub trait Watcher {
    /// A step begins; `done` of `of` where it counts something.
    fn step(&mut self, step: Step, done: usize, of: usize);

    /// What could not be read: of what was listed, or of what belongs into journals.
    fn troubles(&mut self, troubles: Vec<Trouble>);

    /// Acts that waited, and what became of them; `desk` says which wait on.
    fn delivered(&mut self, desk: &Desk, delivered: Vec<Delivered>);

    /// The journal of the desk's case at this place was read, or why not.
    fn case(&mut self, desk: &Desk, at: usize, read: Result<Replay, OfficerError>);
}

/// What a visit brought, besides what its [`Watcher`] was told.
#[derive(Debug)]
pub struct Visit {
    /// Messages that stand in journals now.
    pub filed: usize,
    /// Listed messages that have not opened yet and are asked for again.
    pub unopened: usize,
}

/// A whole visit: log, keys on offer, board, journals, outbox, cases.
///
/// # Errors
/// The first step that fails ends the visit; what came before it is saved.
pub async fn visit<K, T, R>(
    keystore: &mut K,
    s: &mut Session<'_, T, R>,
    ctx: &DeskContext,
    watcher: &mut impl Watcher,
) -> Result<Visit, OfficerError>
where
    K: Keystore<Contents = Desk>,
    T: Transport,
    R: CryptoRng,
{
    watcher.step(Step::Log, 0, 0);
    keystore.contents().watch_log(s.api, s.directory, s.circuits).await?;
    keystore.contents().new_leaves(s).await?;
    let findings = keystore.contents().identity.log_findings(s.directory.charter(), s.clock);
    keystore.save(s.rng)?;
    watcher.troubles(findings.into_iter().map(Trouble::Log).collect());
    watcher.step(Step::Keys, 0, 0);
    restock(keystore, s).await?;
    watcher.step(Step::Board, 0, 0);
    let unread = keystore.contents().collect(s.api, s.circuits, s.directory.log_key(), s.directory.programme()).await?;
    watcher.troubles(unread);
    Saved::by(keystore, s.rng)?.discard_taken(s.api, s.circuits).await?;
    watcher.step(Step::Filing, 0, 0);
    let filed = keystore.contents().file_pending(s, ctx).await;
    keystore.save(s.rng)?;
    let filed = filed?;
    watcher.troubles(filed.troubles);
    watcher.step(Step::Outbox, 0, 0);
    let delivered = deliver(keystore, s, ctx).await?;
    watcher.delivered(keystore.contents(), delivered);
    let count = keystore.contents().cases.len();
    let mut seen = Vec::new();
    for at in 0..count {
        watcher.step(Step::Reading, at, count);
        let read = read(keystore, s, ctx, at).await;
        seen.extend(read.as_ref().ok().map(Seen::of));
        watcher.case(keystore.contents(), at, read);
    }
    // Turning a key, or reading that somebody left, may have put something into the outbox.
    send(keystore, s).await?;
    watcher.troubles(compare(keystore, s, &seen).await?);
    let unopened = keystore.contents().identity.unopened();
    Ok(Visit { filed: filed.messages, unopened })
}

/// Tells colleagues what was seen; answers which letters were not sent, and what does not fit in what this officer is
/// shown.
async fn compare<K, T, R>(
    keystore: &mut K,
    s: &mut Session<'_, T, R>,
    seen: &[Seen],
) -> Result<Vec<Trouble>, OfficerError>
where
    K: Keystore<Contents = Desk>,
    T: Transport,
    R: CryptoRng,
{
    let mut troubles = keystore.contents().write_views(s, seen).await;
    keystore.save(s.rng)?;
    troubles.extend(keystore.contents().doubts());
    Ok(troubles)
}

/// Reads a case; after somebody has left it, turns its key first, if this officer has a role to do it in. Save
/// afterwards.
///
/// # Errors
/// The journal cannot be read, or what a purge left over cannot be destroyed yet.
pub async fn read<K, T, R>(
    keystore: &mut K,
    s: &mut Session<'_, T, R>,
    ctx: &DeskContext,
    at: usize,
) -> Result<Replay, OfficerError>
where
    K: Keystore<Contents = Desk>,
    T: Transport,
    R: CryptoRng,
{
    let desk = keystore.contents();
    let replay = match desk.tend(s, at, ctx).await {
        Err(OfficerError::NotInCharter | OfficerError::Journal(JournalError::Refused(_))) => {
            desk.open(s, at, ctx).await
        }
        other => other,
    }?;
    // A delivery that two signatures made a purge, and that was cut off before it destroyed.
    if replay.case().state() == State::Purged {
        desk.purge(s, at, ctx).await?;
        keystore.save(s.rng)?;
    }
    Ok(replay)
}

/// Carries out what waits, tells sources what they must know, destroys what was purged, sends, and saves after each.
/// What a source is owed of a step is saved with the step before it is told, and told on the next visit if this run
/// ends first; the answer names it only if it could not be told.
///
/// # Errors
/// What was carried out by then is saved; a message that could not be sent lies in the outbox.
pub async fn deliver<K, T, R>(
    keystore: &mut K,
    s: &mut Session<'_, T, R>,
    ctx: &DeskContext,
) -> Result<Vec<Delivered>, OfficerError>
where
    K: Keystore<Contents = Desk>,
    T: Transport,
    R: CryptoRng,
{
    let added = keystore.contents().next_waiting;
    let mut all = keystore.contents().deliver(s, ctx, 0).await;
    keystore.save(s.rng)?;
    all.extend(keystore.contents().deliver(s, ctx, added).await);
    keystore.save(s.rng)?;
    all.retain(|d| !(d.act.news && matches!(d.outcome, Outcome::Written { .. })));
    for d in &all {
        let Outcome::Written { replay, .. } = &d.outcome else { continue };
        let Some(at) = keystore.contents().cases.iter().position(|c| c.id() == d.act.case) else { continue };
        if replay.case().state() == State::Purged {
            let purged = keystore.contents().purge(s, at, ctx).await;
            keystore.save(s.rng)?;
            purged?;
        }
    }
    send(keystore, s).await?;
    Ok(all)
}

/// Sends what is in the outbox. What nobody answers to goes with the next visit.
async fn send<K, T, R>(keystore: &mut K, s: &mut Session<'_, T, R>) -> Result<(), OfficerError>
where
    K: Keystore<Contents = Desk>,
    T: Transport,
    R: CryptoRng,
{
    let sent = Saved::by(keystore, s.rng)?.flush(s).await;
    keystore.save(s.rng)?;
    match sent {
        Err(e) if !e.is_unreachable() => Err(e),
        _ => Ok(()),
    }
}
