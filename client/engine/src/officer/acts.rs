//! One case of a desk: read, decided on, written about to the source, purged. The journal comes first; what the source
//! is sent goes into the outbox.

use rand_core::CryptoRng;
use subrosa_casework::{
    case::{Case, Command, Event, MessageKind, State},
    journal::Replay,
    role::RoleName,
};
use subrosa_crypto::{delivery::Capability, wire::CapHash};

use super::{
    content::files_in,
    context::DeskContext,
    desk::{Desk, Outgoing},
    error::OfficerError,
    journal::JournalError,
};
use crate::{message::Message, session::Session, transport::Transport};

/// A message to the source, as the journal wants to know it.
#[derive(Clone, Copy, Debug)]
pub struct Letter<'m> {
    /// What it is for.
    pub kind: MessageKind,
    /// What it says.
    pub message: &'m Message,
    /// Whether it passed the check for words that could name the source.
    pub leak_checked: bool,
}

impl Desk {
    /// Reads a case.
    pub async fn open<T: Transport, R>(
        &mut self,
        s: &mut Session<'_, T, R>,
        case: usize,
        ctx: &DeskContext,
    ) -> Result<Replay, OfficerError> {
        let hand = self.hand(ctx, s);
        let case = self.cases.get_mut(case).ok_or_else(|| OfficerError::NoCase(String::new()))?;
        let journal = case.journal.as_mut().ok_or(JournalError::Purged)?;
        Ok(journal.read(s.api, &hand, s.circuits.fresh()).await?)
    }

    /// A case's journal entries as the server keeps them; see
    /// [`JournalAccessKeys::entries`](super::journal::JournalAccessKeys::entries).
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
        let (me, hand) = (self.identity.holder(), self.hand(ctx, s));
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
    pub async fn purge<T: Transport, R>(
        &mut self,
        s: &mut Session<'_, T, R>,
        case: usize,
        ctx: &DeskContext,
    ) -> Result<(), OfficerError> {
        let (files, remains) = match self.open(s, case, ctx).await {
            Ok(replay) if replay.case().state() != State::Purged => {
                return Err(OfficerError::PurgeUnconfirmed);
            }
            Ok(replay) => (files_in(&replay), replay.case().remains().map(|r| r.evidence.clone()).unwrap_or_default()),
            // A colleague was faster: the journal and the files are destroyed, what this desk holds is left.
            Err(OfficerError::Journal(JournalError::Cut { shown: 0, .. })) => Default::default(),
            Err(e) => return Err(e),
        };
        let hand = self.hand(ctx, s);
        let unsent: Vec<CapHash> = self.outbox.iter().filter_map(Outgoing::cap_hash).collect();
        let entry = self.cases.get_mut(case).ok_or_else(|| OfficerError::NoCase(String::new()))?;
        // What still lies in the outbox goes out after this, and its place is shown to nobody before.
        for capability in entry.sent.iter().filter(|c| !unsent.contains(&c.hash())) {
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
            journal.purge(s.api, &hand, s.circuits.fresh()).await?;
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

    /// Puts a message to the source into the outbox, after the journal has it. Save, then
    /// [`Saved::flush`](crate::session::Saved::flush).
    pub async fn write<T: Transport, R: CryptoRng>(
        &mut self,
        s: &mut Session<'_, T, R>,
        case: usize,
        ctx: &DeskContext,
        role: RoleName,
        letter: Letter<'_>,
    ) -> Result<(), OfficerError> {
        let body = letter.message.encode()?;
        if self.cases.get(case).is_none_or(|c| c.session.is_none()) {
            return Err(OfficerError::NoSession);
        }
        let event = Event::message_sent(letter.kind, body.to_vec(), letter.leak_checked);
        self.act(s, case, ctx, role, |_| Some(Command::Write(event.clone()))).await?;
        self.post(case, &body, s.rng)
    }
}
