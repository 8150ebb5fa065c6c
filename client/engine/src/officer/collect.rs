//! Taking in what lies on the board: opened, kept as pending, destroyed on the server, written into journals.
//!
//! Crash points. [`Desk::collect`] keeps what it opened in the desk; the caller saves the desk; only then are the
//! envelopes destroyed on the server ([`Saved::discard_taken`](crate::session::Saved::discard_taken)) and the content
//! written to the journals ([`Desk::file_pending`], which recognises by digest what a colleague has written).

use rand_core::CryptoRng;
use subrosa_casework::{
    case::{Case, Command, message_digest},
    refusal::Rule,
    role::RoleName,
};
use subrosa_crypto::{
    delivery,
    intake::{IntakeIdentity, IntakeRecipients, OpenSealedError},
    ratchet::{self, Place},
    sign::HolderId,
};

use super::{
    content::{events_of, follows_from_words, is_for_award, stands},
    context::DeskContext,
    desk::{Desk, DeskCase, Pending},
    error::OfficerError,
    journal::{Hand, JournalAccessKeys, JournalError},
};
use crate::{
    api::{Api, Fetched},
    board::{self, Circuits},
    message::{Message, Tip},
    sealed,
    session::Session,
    transport::Transport,
    trouble::Trouble,
};

/// What came of taking in what was opened.
#[derive(Debug)]
pub struct Filed {
    /// Messages that stand in journals now.
    pub messages: usize,
    /// Cases that were handed over and could not be taken: why.
    pub troubles: Vec<Trouble>,
}

impl Desk {
    /// Opens everything new on the board that is for this officer. Save, then
    /// [`Saved::discard_taken`](crate::session::Saved::discard_taken), then [`Desk::file_pending`].
    pub async fn collect<T: Transport>(
        &mut self,
        api: &Api<T>,
        circuits: &Circuits,
    ) -> Result<Vec<Trouble>, OfficerError> {
        let scanned = self.identity.collect(api, circuits).await?;
        let mut troubles = scanned.troubles;
        for first in scanned.first {
            match Message::decode(&first.body) {
                Ok(Message::Tip(tip)) => self.take_tip(&tip, Some(first.session), &first.body, first.epoch),
                Ok(Message::Sealed(submission)) => {
                    self.sealed.push(sealed::Waiting { submission: *submission, epoch: first.epoch });
                }
                Ok(Message::Handover(handed)) => self.note_handover(*handed),
                Ok(_) => troubles.push(Trouble::NoTip),
                Err(e) => troubles.push(e.into()),
            }
        }
        troubles.extend(self.open_sealed(api, circuits).await);
        for case in &mut self.cases {
            let Some(session) = case.session.as_mut() else { continue };
            // What did not open on an earlier visit is asked for again, as long as the server has it.
            let mut places: Vec<(Place, delivery::Drop)> = session.aside();
            loop {
                let (place, drop) = match places.pop() {
                    Some(again) => again,
                    None => match board::next_listed(session, &scanned.listed) {
                        Some(next) => next,
                        None => break,
                    },
                };
                let epoch = scanned.listed.get(&drop.tag()).copied().unwrap_or_default();
                let trouble = match api.take(drop.capability(), circuits.fresh()).await? {
                    Fetched::Body(body) => match session.receive(place, &body) {
                        Ok(opened) => {
                            case.pending.push(Pending { body: opened.body.to_vec(), epoch });
                            self.identity.note_taken(drop.capability().clone());
                            continue;
                        }
                        Err(e) => Trouble::ReplyAltered(e),
                    },
                    Fetched::Gone => {
                        session.skip(place);
                        continue;
                    }
                    Fetched::Unknown => Trouble::ReplyWithheld,
                };
                troubles.push(trouble);
                session.put_aside(place);
            }
        }
        if let Some(upto) = scanned.upto {
            self.identity.cursor = upto.saturating_add(1);
        }
        Ok(troubles)
    }

    /// The recipients that whoever makes the charter publishes for this officer; the identity is made at the first
    /// call. Save afterwards.
    pub fn intake_recipients(&mut self, rng: &mut impl CryptoRng) -> IntakeRecipients {
        self.intake.get_or_insert_with(|| IntakeIdentity::random(rng)).recipients()
    }

    /// Opens a file of the sealed intake.
    ///
    /// # Errors
    /// This desk has no intake identity, or the file does not open with it.
    pub fn open_submission(&self, file: &[u8]) -> Result<zeroize::Zeroizing<Vec<u8>>, OpenSealedError> {
        self.intake.as_ref().ok_or(OpenSealedError::NotForUs)?.open(file).map(|opened| opened.plaintext)
    }

    /// Opens what the sealed intake passed on. What cannot be fetched now waits for the next visit.
    async fn open_sealed<T: Transport>(&mut self, api: &Api<T>, circuits: &Circuits) -> Vec<Trouble> {
        let mut troubles = Vec::new();
        for waiting in core::mem::take(&mut self.sealed) {
            let code = &waiting.submission.code;
            let Some(identity) = &self.intake else {
                troubles.push(Trouble::SealedNoIdentity(code.clone()));
                self.sealed.push(waiting);
                continue;
            };
            match sealed::open(api, circuits, identity, &waiting.submission).await {
                Ok(tip) => match sealed::as_message(tip.clone()) {
                    Ok(body) => self.take_tip(&tip, None, &body, waiting.epoch),
                    Err(e) => troubles.push(Trouble::SealedNever { code: code.clone(), why: e.into() }),
                },
                Err(trouble) => {
                    if let Trouble::SealedLater { .. } = trouble {
                        self.sealed.push(waiting);
                    }
                    troubles.push(trouble);
                }
            }
        }
        troubles
    }

    fn take_tip(&mut self, tip: &Tip, session: Option<ratchet::Session>, body: &[u8], epoch: u64) {
        let journal = JournalAccessKeys::from_case_secret(&tip.case_secret);
        if self.cases.iter().any(|c| c.id == journal.id) {
            return;
        }
        self.cases.push(DeskCase {
            id: journal.id,
            journal: Some(journal),
            session,
            pending: vec![Pending { body: body.to_vec(), epoch }],
            sent: Vec::new(),
            filed: Vec::new(),
            remains: Vec::new(),
        });
    }

    /// Takes over what colleagues handed to this officer, and writes pending content into the journals. Save
    /// afterwards.
    pub async fn file_pending<T: Transport, R: CryptoRng>(
        &mut self,
        s: &mut Session<'_, T, R>,
        ctx: &DeskContext,
    ) -> Result<Filed, OfficerError> {
        let role = self.any_role(s.directory)?;
        let troubles = self.take_over(s, ctx).await;
        let hand = self.hand(ctx, s.clock);
        // Tips are addressed to those who take them in; whoever only does that has no role in cases. Everybody else is
        // brought in by a colleague.
        let first = s.directory.officers().iter().filter(|o| o.intake && !o.roles.is_empty());
        let team: Vec<HolderId> = first.map(|o| o.key.holder_id()).collect();
        let mut filed = 0;
        let mut first_error = None;
        for case in &mut self.cases {
            match file_one(case, s.api, &hand, role, &team, s.circuits, s.rng).await {
                Ok(n) => filed += n,
                // Whoever left the case hands nothing in any more. Each of the others got the same message.
                Err(JournalError::Refused(r)) if r.rule == Rule::Recused => case.pending.clear(),
                // One case's trouble must not hold up the others.
                Err(e) => first_error = first_error.or(Some(e)),
            }
        }
        if let Some(e) = first_error {
            return Err(e.into());
        }
        Ok(Filed { messages: filed, troubles })
    }
}

/// Writes one case's pending content into its journal; answers how many messages.
async fn file_one<T: Transport>(
    case: &mut DeskCase,
    api: &Api<T>,
    hand: &Hand<'_>,
    role: RoleName,
    team: &[HolderId],
    circuits: &Circuits,
    rng: &mut impl CryptoRng,
) -> Result<usize, JournalError> {
    let Some(journal) = case.journal.as_mut() else { return Ok(0) };
    let mut filed = 0;
    while let Some(p) = case.pending.first() {
        let digest = message_digest(&p.body);
        let before = case.filed.iter().filter(|d| **d == digest).count();
        let request = match Message::decode(&p.body) {
            Ok(Message::TokenRequest(request)) => Some(request),
            _ => None,
        };
        for event in events_of(&p.body, p.epoch, team, hand.now) {
            let for_nothing = |c: &Case| {
                follows_from_words(&event) && request.as_ref().is_some_and(|request| !is_for_award(c, request))
            };
            let wanted =
                |c: &Case| (!stands(c, &event, before) && !for_nothing(c)).then(|| Command::Write(event.clone()));
            match journal.act(api, hand, role, wanted, circuits.fresh(), rng).await {
                // What a source states too late, or falsely, changes nothing and must not hold up what it writes next.
                // Its words stand in the journal.
                Err(JournalError::Refused(r)) if follows_from_words(&event) && r.rule != Rule::Recused => {}
                other => drop(other?),
            }
        }
        case.filed.push(digest);
        case.pending.remove(0);
        filed += 1;
    }
    Ok(filed)
}
