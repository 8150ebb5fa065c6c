//! The case officer: opens tips and replies, keeps the case journal with colleagues, writes to the source, hands award
//! orders to the administrators.
//!
//! What is written to disk before what is said, and what is destroyed after: [`visit`].

mod award;
mod collect;
mod content;
mod context;
mod draft;
mod error;
mod handover;
mod journal;
pub mod leak;
mod send;
mod shelf;
mod visit;
mod waiting;
mod words;

use std::sync::Arc;

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use subrosa_casework::{
    bytes::Digest,
    case::{Case, CheckReport, Command, Event, State},
    journal::Replay,
    role::RoleName,
};
use subrosa_crypto::{
    charter::RootKey, delivery::Capability, intake::IntakeIdentity, ratchet, secret::Secret32, sign::VerifyingKey,
};

pub use self::{
    collect::Filed,
    content::{claim_statement, files_of},
    context::DeskContext,
    draft::{colleagues, outside},
    error::OfficerError,
    journal::{JournalAccessKeys, JournalError},
    send::{Letter, news_for_source, notice},
    shelf::Shelf,
    visit::{Known, Visit, Watcher, deliver, read, visit},
    waiting::{Between, Delivered, Outcome, Plan, Refused, Waiting},
};
use self::{collect::Pending, content::files_in, journal::Hand, send::Outgoing};
use crate::{
    api::Api,
    board::Circuits,
    directory::Directory,
    mailbox::Identity,
    message::{CaseHandover, Message},
    sealed,
    session::{Member, Session},
    transport::Transport,
};

/// A case on this desk.
#[derive(Serialize, Deserialize)]
pub struct DeskCase {
    /// Access to the journal; `None` once the case was purged.
    pub journal: Option<JournalAccessKeys>,
    session: Option<ratchet::Session>,
    pending: Vec<Pending>,
    /// What was sent to the source: purging destroys what is still unread.
    sent: Vec<Capability>,
    /// The source's claim key, for a case whose source wrote to this officer.
    claim_key: Option<VerifyingKey>,
    /// What a purge leaves: the journal's name and the evidence digests.
    #[serde(with = "subrosa_crypto::encoding_hex")]
    id: [u8; 32],
    remains: Vec<Digest>,
}

impl DeskCase {
    /// Destroys what would read on after this officer has left the case: the conversation, and what it brought.
    fn leave(&mut self) {
        self.session = None;
        self.pending.clear();
    }

    /// The journal's public name, which is the case's.
    pub fn id(&self) -> [u8; 32] {
        self.id
    }

    /// Whether this officer can write to the source.
    pub fn has_conversation(&self) -> bool {
        self.session.is_some()
    }
}

/// What an officer's keystore holds.
#[derive(Serialize, Deserialize)]
pub struct Desk {
    /// The officer's own keys, and how far the board was read with them.
    pub identity: Identity,
    /// The newest charter seen.
    pub charter: Option<(u64, [u8; 32])>,
    /// Every case that came to this desk; of a purged one, what a purge leaves.
    pub cases: Vec<DeskCase>,
    outbox: Vec<Outgoing>,
    /// What sealed submissions are opened with, if this officer's recipients are published.
    #[serde(default)]
    intake: Option<IntakeIdentity>,
    /// Sealed submissions that were not opened yet.
    #[serde(default)]
    sealed: Vec<sealed::Waiting>,
    /// Cases that colleagues handed over and that were not read yet.
    #[serde(default)]
    handed: Vec<CaseHandover>,
    /// The newest charter's note, so that acts can be made while the server cannot be reached.
    #[serde(default, with = "serde_bytes")]
    charter_note: Vec<u8>,
    #[serde(default)]
    waiting: Vec<Waiting>,
    #[serde(default)]
    next_waiting: u64,
    /// Where journals are kept that were read.
    #[serde(skip)]
    shelf: Option<Arc<dyn Shelf>>,
}

impl core::fmt::Debug for Desk {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Desk({}, {} cases, [redacted])", self.identity.name, self.cases.len())
    }
}

impl Member for Desk {
    fn identity(&mut self) -> &mut Identity {
        &mut self.identity
    }
}

impl Desk {
    /// A desk with fresh keys and without a case.
    pub fn generate(name: &str, rng: &mut impl CryptoRng) -> Self {
        Self {
            identity: Identity::generate(name, rng),
            charter: None,
            cases: Vec::new(),
            outbox: Vec::new(),
            intake: None,
            sealed: Vec::new(),
            handed: Vec::new(),
            charter_note: Vec::new(),
            waiting: Vec::new(),
            next_waiting: 1,
            shelf: None,
        }
    }

    /// Remembers a verified charter: what the next one must follow, and who is who while the server cannot be reached.
    pub fn remember(&mut self, directory: &Directory) {
        self.charter = Some(directory.seen());
        self.charter_note = directory.charter().bytes().to_vec();
    }

    /// The charter of the last visit, verified again: enough to plan acts while the server cannot be reached.
    pub fn kept_directory(&self, root: &RootKey, now: u64) -> Result<Directory, OfficerError> {
        Ok(Directory::kept(&self.charter_note, root, now)?)
    }

    /// Checks that the log continues what this desk saw on its last visit. Do this first on each visit, before anything
    /// is destroyed on the server; save afterwards.
    pub async fn watch_log<T: Transport>(
        &mut self,
        api: &Api<T>,
        directory: &Directory,
        circuits: &Circuits,
    ) -> Result<(), OfficerError> {
        Ok(self.identity.watch_log(api, directory.charter(), circuits).await?)
    }

    fn hand<'c>(&self, ctx: &'c DeskContext, now: u64) -> Hand<'c> {
        let shelf = self.shelf.clone();
        Hand { signer: self.identity.signer(), wrap: self.identity.wrap_key(), ctx, now, shelf }
    }

    /// Keeps journals on a shelf from here on, and reads from there what lies on it.
    pub fn keep_on(&mut self, shelf: Arc<dyn Shelf>) {
        self.shelf = Some(shelf);
    }

    /// A case as it was read last, without the server; `None` if nothing of it is kept.
    pub fn recall(&self, case: usize, ctx: &DeskContext, now: u64) -> Option<Replay> {
        self.cases.get(case)?.journal.as_ref()?.recall(&self.hand(ctx, now))
    }

    /// The key of this desk's local search index.
    pub fn index_key(&self) -> Secret32 {
        self.identity.local_key("subrosa/desk-index-key/v1")
    }

    /// The key under which this desk's shelf names its files.
    pub fn shelf_key(&self) -> Secret32 {
        self.identity.local_key("subrosa/desk-shelf-key/v1")
    }

    /// The case whose name starts with `prefix` (hexadecimal).
    pub fn case(&self, prefix: &str) -> Result<usize, OfficerError> {
        let mut found = self.cases.iter().enumerate().filter(|(_, c)| hex::encode(c.id).starts_with(prefix));
        match (found.next(), found.next()) {
            (Some((i, _)), None) => Ok(i),
            _ => Err(OfficerError::NoCase(prefix.into())),
        }
    }

    /// The first role that the charter gives this officer; some acts need another one by name.
    pub fn any_role(&self, directory: &Directory) -> Result<RoleName, OfficerError> {
        directory.roles_of(self.identity.holder()).first().copied().ok_or(OfficerError::NotInCharter)
    }

    /// Reads a case.
    pub async fn open<T: Transport, R>(
        &mut self,
        s: &mut Session<'_, T, R>,
        case: usize,
        ctx: &DeskContext,
    ) -> Result<Replay, OfficerError> {
        let hand = self.hand(ctx, s.clock);
        let case = self.cases.get_mut(case).ok_or_else(|| OfficerError::NoCase(String::new()))?;
        let journal = case.journal.as_mut().ok_or(JournalError::Purged)?;
        Ok(journal.read(s.api, &hand, s.circuits.fresh()).await?)
    }

    /// A case's journal entries as the server keeps them; see [`JournalAccessKeys::entries`].
    pub async fn entries<T: Transport, R>(
        &self,
        s: &mut Session<'_, T, R>,
        case: usize,
    ) -> Result<Vec<Vec<u8>>, OfficerError> {
        let case = self.cases.get(case).ok_or_else(|| OfficerError::NoCase(String::new()))?;
        let journal = case.journal.as_ref().ok_or(JournalError::Purged)?;
        Ok(journal.entries(s.api, s.circuits.fresh()).await?)
    }

    /// Reads a case and, if somebody has left it, turns its key. Save afterwards.
    pub async fn tend<T: Transport, R: CryptoRng>(
        &mut self,
        s: &mut Session<'_, T, R>,
        case: usize,
        ctx: &DeskContext,
    ) -> Result<Replay, OfficerError> {
        let role = self.any_role(s.directory)?;
        self.act(s, case, ctx, role, |_| None).await
    }

    /// Decides something in a role and appends it to the journal. If somebody has left the case, its key is turned
    /// first. If this officer leaves it, the source is told and the conversation's keys are destroyed: save, then
    /// [`Saved::flush`](crate::session::Saved::flush).
    pub async fn act<'k, T: Transport, R: CryptoRng>(
        &mut self,
        s: &mut Session<'_, T, R>,
        case: usize,
        ctx: &DeskContext,
        role: RoleName,
        command: impl FnMut(&Case) -> Option<Command<'k>>,
    ) -> Result<Replay, OfficerError> {
        let (me, hand) = (self.identity.holder(), self.hand(ctx, s.clock));
        let entry = self.cases.get_mut(case).ok_or_else(|| OfficerError::NoCase(String::new()))?;
        let journal = entry.journal.as_mut().ok_or(JournalError::Purged)?;
        let replay = journal.act(s.api, &hand, role, command, s.circuits.fresh(), s.rng).await?;
        if replay.case().recused().any(|h| h == me) && entry.session.is_some() {
            // The source learns it from whoever left, in their own conversation: nobody else could cut an officer off.
            self.post(case, &Message::Leaving.encode()?, s.rng)?;
            if let Some(entry) = self.cases.get_mut(case) {
                entry.leave();
            }
        }
        Ok(replay)
    }

    /// After a purge was confirmed: destroys the journal and what the source has not read, and forgets the case's keys
    /// and conversation. Save afterwards.
    pub async fn purge<T: Transport, R: CryptoRng>(
        &mut self,
        s: &mut Session<'_, T, R>,
        case: usize,
        ctx: &DeskContext,
    ) -> Result<(), OfficerError> {
        let (files, remains) = match self.open(s, case, ctx).await {
            Ok(replay) if replay.case().state() != State::Purged => {
                return Err(OfficerError::NotYet("two officers must confirm the purge first"));
            }
            Ok(replay) => (files_in(&replay), replay.case().remains().map(|r| r.evidence.clone()).unwrap_or_default()),
            // A colleague was faster: the journal and the files are destroyed, what this desk holds is left.
            Err(OfficerError::Journal(JournalError::Cut { shown: 0, .. })) => Default::default(),
            Err(e) => return Err(e),
        };
        let hand = self.hand(ctx, s.clock);
        let entry = self.cases.get_mut(case).ok_or_else(|| OfficerError::NoCase(String::new()))?;
        for capability in &entry.sent {
            s.api.discard(capability, s.circuits.fresh()).await?;
        }
        for manifest in files {
            for i in 0..manifest.blobs() {
                let capability = Capability::new(manifest.secret().capability(i));
                s.api.discard_blob(&capability, s.circuits.fresh()).await?;
            }
        }
        entry.remains = remains;
        if let Some(journal) = &entry.journal {
            journal.purge(s.api, &hand, s.circuits.fresh(), s.rng).await?;
            if let Some(shelf) = &self.shelf {
                shelf.forget(&journal.journal());
            }
        }
        entry.journal = None;
        entry.session = None;
        entry.pending.clear();
        entry.sent.clear();
        Ok(())
    }
}

/// A machine check's report, to be stored.
pub fn store_check(report: CheckReport) -> Command<'static> {
    Command::Write(Event::MachineChecked(report))
}
