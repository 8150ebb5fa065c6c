//! Taking in what lies on the board: opened, kept as pending, destroyed on the server, written into journals.
//!
//! Crash points. [`Desk::collect`] keeps what it opened in the desk; the caller saves the desk; only then are the
//! envelopes destroyed on the server ([`Saved::discard_taken`](crate::session::Saved::discard_taken)) and the content
//! written to the journals ([`Desk::file_pending`], which recognises by digest what a colleague has written).

use std::collections::HashMap;

use rand_core::CryptoRng;
use subrosa_casework::{
    case::{Case, Command, Event},
    refusal::Rule,
    role::RoleName,
    words::SignedWords,
};
use subrosa_crypto::{
    delivery,
    intake::{IntakeIdentity, IntakeRecipients, NO_CLAIM_KEY, OpenSealedError},
    log::NoteKey,
    ratchet::{self, Place},
    sign::HolderId,
    wire::Tag,
};

use super::{
    content::{contradiction, events_of, follows_from_words, is_for_award, stands},
    context::DeskContext,
    desk::{Desk, DeskCase, Pending},
    error::OfficerError,
    journal::{Hand, JournalAccessKeys, JournalError},
    words::{first_words, later_words},
};
use crate::{
    api::{Api, Fetched},
    board::{self, Circuits},
    directory::Officer,
    history::History,
    mailbox::FirstContact,
    message::{Message, MessageError, Tip},
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
    /// Opens everything new on the board that is for this officer. Each list must stand in the log `log`; `programme`
    /// is the programme's id, to which sources bind their words. Save, then
    /// [`Saved::discard_taken`](crate::session::Saved::discard_taken), then [`Desk::file_pending`].
    ///
    /// # Errors
    /// The server or the network; or the log does not hold together.
    pub async fn collect<T: Transport>(
        &mut self,
        api: &Api<T>,
        circuits: &Circuits,
        log: &NoteKey,
        programme: &str,
    ) -> Result<Vec<Trouble>, OfficerError> {
        let scanned = self.identity.collect(api, log, circuits).await?;
        let mut troubles = scanned.troubles;
        for first in scanned.first {
            match Message::decode(&first.body) {
                Err(MessageError::Version) => troubles.extend(self.begin(first, programme)),
                Ok(Message::Tip(_)) => troubles.push(Trouble::TipForwarded),
                Ok(Message::Sealed(submission)) => {
                    self.sealed.push(sealed::Waiting { submission: *submission, epoch: first.epoch });
                }
                Ok(Message::Handover(handed)) => self.note_handover(*handed),
                Ok(Message::Views(views)) => self.note_views(*views),
                Ok(Message::Cover) => {}
                Ok(_) => troubles.push(Trouble::NoTip),
                Err(e) => troubles.push(e.into()),
            }
        }
        troubles.extend(self.open_sealed(api, circuits).await);
        troubles.extend(self.replies(api, circuits, programme, &scanned.listed).await?);
        if let Some(upto) = scanned.upto {
            self.identity.cursor = upto.saturating_add(1);
        }
        Ok(troubles)
    }

    /// Fetches and opens what lies at the places of every conversation. Answers what is wrong with some of it.
    async fn replies<T: Transport>(
        &mut self,
        api: &Api<T>,
        circuits: &Circuits,
        programme: &str,
        listed: &HashMap<Tag, u64>,
    ) -> Result<Vec<Trouble>, OfficerError> {
        let (me, mut troubles) = (self.identity.holder(), Vec::new());
        for case in &mut self.cases {
            let Some(session) = case.session.as_mut() else { continue };
            // What did not open on an earlier visit is asked for again, as long as the server has it.
            let mut places: Vec<(Place, delivery::Drop)> = session.aside();
            while let Some((place, drop)) = places.pop().or_else(|| board::next_listed(session, listed)) {
                let epoch = listed.get(&drop.tag()).copied().unwrap_or_default();
                let trouble = match api.take(drop.capability(), circuits.fresh()).await? {
                    Fetched::Body(body) => match session.receive(place, &body) {
                        Ok(opened) => {
                            self.identity.note_taken(drop.capability().clone());
                            let key = case.claim_key.unwrap_or(NO_CLAIM_KEY);
                            // What is not the source's is told and not kept: it must not hold up what comes after it.
                            match later_words(&opened.body, programme, me, &case.id, &key) {
                                Ok(()) => case.pending.push(Pending { body: opened.body.to_vec(), epoch }),
                                Err(e) => troubles.push(e),
                            }
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
                    Ok(body) => drop(self.take_tip(&tip, None, &body, waiting.epoch)),
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

    /// A conversation that begins with what should be a source's signed tip. Answers what is wrong with it.
    fn begin(&mut self, first: FirstContact, programme: &str) -> Option<Trouble> {
        let conversation = first.session.name();
        let signed = match first_words(&first.body, programme, self.identity.holder(), &conversation) {
            Ok(signed) => signed,
            Err(e) => return Some(e),
        };
        let fresh = self.take_tip(&signed.tip, Some(first.session), &signed.words, first.epoch);
        (!fresh).then_some(Trouble::SecondConversation)
    }

    /// Makes a case of a tip. False: it is on this desk already.
    fn take_tip(&mut self, tip: &Tip, session: Option<ratchet::Session>, body: &[u8], epoch: u64) -> bool {
        let journal = JournalAccessKeys::from_case_secret(&tip.case_secret, &tip.claim_key);
        if self.cases.iter().any(|c| c.id == journal.id) {
            return false;
        }
        self.cases.push(DeskCase {
            id: journal.id,
            journal: Some(journal),
            session,
            pending: vec![Pending { body: body.to_vec(), epoch }],
            sent: Vec::new(),
            claim_key: Some(tip.claim_key),
            remains: Vec::new(),
        });
        true
    }

    /// Takes over what colleagues handed to this officer, and writes pending content into the journals. Save
    /// afterwards.
    pub async fn file_pending<T: Transport, R: CryptoRng>(
        &mut self,
        s: &mut Session<'_, T, R>,
        ctx: &DeskContext,
    ) -> Result<Filed, OfficerError> {
        let role = self.any_role(s.directory)?;
        let mut troubles = self.take_over(s, ctx).await;
        troubles.extend(self.hear(s));
        let hand = self.hand(ctx, s);
        // Tips are addressed to those who take them in; whoever only does that has no role in cases. Everybody else is
        // brought in by a colleague.
        let team = Team {
            intake: holders(s.directory.officers(), |o| o.intake && !o.roles.is_empty()),
            officers: holders(s.directory.officers(), |o| !o.roles.is_empty()),
        };
        for case in &self.cases {
            troubles.extend(case.pending.iter().filter_map(|p| other_charter(&p.body, s.directory)));
        }
        let mut filed = 0;
        let mut first_error = None;
        for case in &mut self.cases {
            match file_one(case, s, &hand, role, &team, &mut troubles).await {
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

/// Who works on a new case from the beginning.
struct Team {
    /// The charter's intake officers who have a role in cases.
    intake: Vec<HolderId>,
    /// Every officer with a role in cases.
    officers: Vec<HolderId>,
}

impl Team {
    /// The intake officers, and everybody else to whom the source wrote.
    fn of(&self, body: &[u8]) -> Vec<HolderId> {
        let mut team = self.intake.clone();
        if let Ok(words) = SignedWords::decode(body) {
            team.extend(words.recipients.iter().filter(|h| self.officers.contains(h) && !self.intake.contains(h)));
        }
        team
    }
}

fn holders(officers: &[Officer], which: impl Fn(&Officer) -> bool) -> Vec<HolderId> {
    officers.iter().filter(|o| which(o)).map(|o| o.key.holder_id()).collect()
}

/// A source signed under a charter that this desk does not know: the server may show it other people.
fn other_charter(body: &[u8], directory: &History) -> Option<Trouble> {
    let words = SignedWords::decode(body).ok()?;
    (!directory.has_charter(&words.charter.0)).then_some(Trouble::OtherCharter)
}

/// Writes one case's pending content into its journal; answers how many messages.
async fn file_one<T: Transport, R: CryptoRng>(
    case: &mut DeskCase,
    s: &mut Session<'_, T, R>,
    hand: &Hand<'_>,
    role: RoleName,
    team: &Team,
    troubles: &mut Vec<Trouble>,
) -> Result<usize, JournalError> {
    let Some(journal) = case.journal.as_mut() else { return Ok(0) };
    let mut filed = 0;
    while let Some(p) = case.pending.first() {
        let mut written = true;
        let request = match Message::recorded(&p.body) {
            Ok(Message::TokenRequest(request)) => Some(request),
            _ => None,
        };
        for event in events_of(&p.body, p.epoch, &team.of(&p.body), hand.now) {
            if journal.seen() == 0 && matches!(event, Event::Received(_)) {
                match journal.begin(s.api, hand, role, event.clone(), s.circuits.fresh(), s.rng).await {
                    // Whoever reads the journal is told the same, unless a colleague has begun it.
                    Err(JournalError::Refused(_)) | Ok(()) => {}
                    Err(e) => return Err(e),
                }
            }
            let for_nothing = |c: &Case| {
                follows_from_words(&event) && request.as_ref().is_some_and(|request| !is_for_award(c, request))
            };
            let wanted = |c: &Case| match &event {
                Event::Received(own) if stands(c, &event) => contradiction(c, own, hand.holder()).map(Command::Write),
                _ if stands(c, &event) || for_nothing(c) => None,
                _ => Some(Command::Write(event.clone())),
            };
            match journal.act(s.api, hand, role, wanted, s.circuits.fresh(), s.rng).await {
                // What a source states too late, or falsely, changes nothing and must not hold up what it writes next.
                // Its words stand in the journal.
                Err(JournalError::Refused(r)) if follows_from_words(&event) && r.rule != Rule::Recused => {}
                // What the journal does not take, it will not take later either. It is told, and the next one is tried.
                Err(JournalError::Refused(r)) if r.rule != Rule::Recused => {
                    troubles.push(Trouble::WordsRefused(r));
                    written = false;
                    break;
                }
                other => drop(other?),
            }
        }
        case.pending.remove(0);
        filed += usize::from(written);
    }
    Ok(filed)
}
