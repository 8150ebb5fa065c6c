//! A colleague joins a case: one officer hands over its keys, the other takes it onto the desk.
//!
//! Spec: `docs/spec/case-keys.md`, section "Handing a case over". Crash points: the team's new member stands in the
//! journal before the keys are sent; whoever is on the team may be sent them again. The receiver keeps what came in the
//! keystore until the journal has been read under it once.

use rand_core::CryptoRng;
use subrosa_casework::{
    case::{Case, Command, Event, State},
    journal::Replay,
    refusal::Rule,
    role::RoleName,
};
use subrosa_crypto::sign::HolderId;

use super::{
    context::DeskContext,
    desk::{Desk, DeskCase},
    error::OfficerError,
    journal::{JournalAccessKeys, JournalError},
};
use crate::{
    api::ApiError,
    message::{CaseHandover, Message},
    session::Session,
    transport::Transport,
    trouble::Trouble,
};

impl Desk {
    /// Takes a colleague into a case's team, unless the team has them already, and sends them all its keys as first
    /// contact. Save afterwards. Harmless to repeat, and worth repeating when the sending failed or the colleague lost
    /// what came.
    ///
    /// # Errors
    /// A rule (the colleague has left the case, or this officer has), the server, or [`OfficerError::NoColleague`].
    pub async fn hand_over<T: Transport, R: CryptoRng>(
        &mut self,
        s: &mut Session<'_, T, R>,
        case: usize,
        colleague: HolderId,
        role: RoleName,
        ctx: &DeskContext,
    ) -> Result<Replay, OfficerError> {
        let me = self.identity.holder();
        let officer = s.directory.officers().iter().find(|o| o.key.holder_id() == colleague && colleague != me);
        let officer = officer.ok_or(OfficerError::NoColleague)?;
        // After somebody has left, the key is turned first: what is handed over is the key that stays.
        self.act(s, case, ctx, role, |_| None).await?;
        let wrap = self.journal_of(case)?.wrap_for(colleague, &officer.wrap, s.rng)?;
        let add = Event::MemberAdded { wrap };
        let command = |c: &Case| match c.team().any(|h| h == colleague) {
            true => None,
            false => Some(Command::Write(add.clone())),
        };
        let replay = self.act(s, case, ctx, role, command).await?;
        // With nothing to write, no rule was asked.
        if replay.case().state() == State::Purged {
            return Err(JournalError::Purged.into());
        }
        if !replay.case().team().any(|h| h == me) {
            return Err(JournalError::Refused(Rule::NotOnTeam.into()).into());
        }
        let message = Message::Handover(Box::new(self.journal_of(case)?.handover())).encode()?;
        let to = [(officer.name.as_str(), &officer.key, &officer.contact, message)];
        self.first_contact(s, &to).await?;
        self.write_soon();
        Ok(replay)
    }

    fn journal_of(&self, case: usize) -> Result<&JournalAccessKeys, OfficerError> {
        let entry = self.cases.get(case).ok_or_else(|| OfficerError::NoCase(String::new()))?;
        Ok(entry.journal.as_ref().ok_or(JournalError::Purged)?)
    }

    /// Keeps what a colleague, or somebody who claims to be one, handed over. Nothing of it counts yet.
    pub(super) fn note_handover(&mut self, handed: CaseHandover) {
        if self.cases.iter().all(|c| c.id != handed.journal.0) {
            self.handed.push(handed);
        }
    }

    /// Reads each journal that was handed over, and takes those onto the desk whose team this officer belongs to.
    /// Answers what was wrong with the others; what could not be read for want of a server is tried again.
    pub(super) async fn take_over<T: Transport, R>(
        &mut self,
        s: &mut Session<'_, T, R>,
        ctx: &DeskContext,
    ) -> Vec<Trouble> {
        let me = self.identity.holder();
        let mut troubles = Vec::new();
        for handed in core::mem::take(&mut self.handed) {
            if self.cases.iter().any(|c| c.id == handed.journal.0) {
                continue;
            }
            let mut journal = JournalAccessKeys::from_handover(&handed);
            match journal.read(s.api, &self.hand(ctx, s), s.circuits.fresh()).await {
                Ok(replay) if replay.case().team().any(|h| h == me) => self.cases.push(DeskCase {
                    id: journal.id,
                    journal: Some(journal),
                    session: None,
                    pending: Vec::new(),
                    sent: Vec::new(),
                    claim_key: None,
                    remains: Vec::new(),
                }),
                Ok(_) => troubles.push(Trouble::HandoverForOthers),
                Err(e) if passes(&e) => {
                    troubles.push(Trouble::HandoverLater);
                    self.handed.push(handed);
                }
                Err(e) => troubles.push(Trouble::HandoverUnreadable(e)),
            }
        }
        troubles
    }
}

/// Whether reading may succeed later. Everything else is no reason to keep what anybody can send.
fn passes(e: &JournalError) -> bool {
    match e {
        JournalError::Api(ApiError::Transport(_)) => true,
        JournalError::Api(e) => e.status().is_some_and(|status| status == 429 || status >= 500),
        _ => false,
    }
}
