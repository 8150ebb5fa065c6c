//! The case officer: opens tips and replies, keeps the case journal with colleagues, writes to the source, hands award
//! orders to the administrators.
//!
//! Crash points. `collect` opens envelopes and keeps their content as *pending* in the desk; the caller saves the desk;
//! only then are the envelopes destroyed on the server ([`Desk::discard_taken`]) and the content written to the journal
//! ([`Desk::file_pending`], which recognises by digest what a colleague has written). A message to the source is put
//! into the desk's outbox and saved before it is deposited; the same parcel may be deposited again.

mod content;
mod handover;
mod journal;
pub mod leak;
mod shelf;
mod waiting;

use std::{collections::BTreeMap, sync::Arc};

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use subrosa_casework::{
    bytes::{AwardRef, Blob, Digest},
    case::{Act, Case, CheckReport, Command, Context, Event, MessageKind, Programme, State, message_digest},
    journal::Replay,
    policy::Policy,
    records::LedgerBody,
    refusal::Rule,
    role::{Members, RoleName},
};
use subrosa_crypto::{
    bundle::{BundleRefusal, VerifiedBundle},
    delivery::Capability,
    encoding::Reader,
    envelope::EnvelopeError,
    intake::{IntakeIdentity, IntakeRecipients, OpenSealedError},
    ratchet::{Contact, Place, RatchetError, Session},
    seal::SealRecipient,
    sign::{HolderId, VerifyingKey},
    wire::{BUNDLE_SLOTS, Envelope, RecordKind},
};
use thiserror::Error;

pub use content::{claim_statement, files_of};
use content::{events_of, files_in, follows_from_words, stands, token_request};
use journal::Hand;
pub use journal::{JournalAccessKeys, JournalError};
pub use shelf::Shelf;
pub use waiting::{Between, Delivered, Outcome, Plan, Refused, Waiting, act_key, event_name};

use crate::{
    api::{Api, ApiError, Fetched},
    board::{self, Circuits},
    directory::{Directory, DirectoryError},
    log_watch::LogFinding,
    mailbox::Identity,
    message::{AwardNotice, CaseHandover, IssueOrder, Message, MessageError, Notice, Tip},
    sealed,
    transport::Transport,
    treasury::public::{PublicView, ViewError},
};

/// Why an act of an officer failed.
#[derive(Debug, Error)]
pub enum OfficerError {
    /// The server or the network.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The journal.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// The ratchet.
    #[error(transparent)]
    Ratchet(#[from] RatchetError),
    /// A message.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// An envelope.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The public records.
    #[error(transparent)]
    View(#[from] ViewError),
    /// The log.
    #[error(transparent)]
    Log(#[from] LogFinding),
    /// The charter that was kept for times without the server.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// The charter does not name this person.
    #[error("the charter does not name you as an officer with these keys")]
    NotInCharter,
    /// No such case.
    #[error("there is no case `{0}` on this desk; `subrosa officer inbox` lists them")]
    NoCase(String),
    /// The source wrote to other officers only.
    #[error(
        "this case came to you without a conversation of your own; a colleague whom the source wrote to must answer"
    )]
    NoSession,
    /// A case can be handed to another officer alone.
    #[error("a case can be handed to another officer of the charter, and to nobody else")]
    NoColleague,
    /// Something that must come first is not there.
    #[error("{0}")]
    NotYet(&'static str),
    /// Somebody's keys are not what the charter says.
    #[error("{name}: {why}")]
    Bundle {
        /// Which one.
        name: String,
        /// What is wrong.
        why: BundleRefusal,
    },
    /// The server holds keys back.
    #[error("the server offers no keys for {0}, although the charter names this person; it may be holding them back")]
    NoBundle(String),
}

/// Content that was opened and is not in the journal yet.
#[derive(Clone, Serialize, Deserialize)]
struct Pending {
    #[serde(with = "serde_bytes")]
    body: Vec<u8>,
    epoch: u64,
}

/// A case on this desk.
#[derive(Serialize, Deserialize)]
pub struct DeskCase {
    /// Access to the journal; `None` once the case was purged.
    pub journal: Option<JournalAccessKeys>,
    session: Option<Session>,
    pending: Vec<Pending>,
    /// What was sent to the source: purging destroys what is still unread.
    sent: Vec<Capability>,
    /// Digests of the source's messages that this desk has seen into the journal: the same words may come twice.
    filed: Vec<Digest>,
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

/// What came of taking in what was opened.
#[derive(Debug)]
pub struct Filed {
    /// Messages that stand in journals now.
    pub messages: usize,
    /// Cases that were handed over and could not be taken: why.
    pub troubles: Vec<String>,
}

/// A parcel on its way to the source.
#[derive(Clone, Serialize, Deserialize)]
struct Outgoing {
    case: Digest,
    #[serde(with = "serde_bytes")]
    envelope: Vec<u8>,
}

/// What an officer's keystore holds.
#[derive(Serialize, Deserialize)]
pub struct Desk {
    /// Keys.
    pub identity: Identity,
    /// The newest charter seen.
    pub charter: Option<(u64, [u8; 32])>,
    /// Cases.
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

/// What decisions look at besides the case.
#[derive(Debug)]
pub struct DeskContext {
    members: Members,
    programme: Programme,
    policies: Vec<Policy>,
    wraps: BTreeMap<HolderId, SealRecipient>,
}

impl DeskContext {
    /// From the charter's people and the policies that this desk holds.
    pub fn new(directory: &Directory, programme: Programme, policies: Vec<Policy>) -> Self {
        let wraps = directory.officers().iter().map(|o| (o.key.holder_id(), o.wrap.clone())).collect();
        Self { members: directory.members(), programme, policies, wraps }
    }

    /// What a case's new key is sealed to for one officer.
    fn wrap_key(&self, holder: HolderId) -> Option<&SealRecipient> {
        self.wraps.get(&holder)
    }

    /// Whether the charter gives somebody a role that reads cases.
    fn reads_cases(&self, holder: HolderId, at: u64) -> bool {
        let roles = [RoleName::Triager, RoleName::Investigator, RoleName::Adjudicator];
        roles.iter().any(|role| self.members.check(holder, *role, at).is_ok())
    }

    /// As `casework` wants it.
    pub fn get(&self) -> Context<'_> {
        Context { members: &self.members, programme: &self.programme, policies: &self.policies }
    }

    /// The policies.
    pub fn policies(&self) -> &[Policy] {
        &self.policies
    }
}

impl Desk {
    /// Fresh keys.
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
    pub fn kept_directory(&self, root: &subrosa_crypto::charter::RootKey, now: u64) -> Result<Directory, OfficerError> {
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
    pub fn index_key(&self) -> subrosa_crypto::secret::Secret32 {
        self.identity.local_key("subrosa/desk-index-key/v1")
    }

    /// The key under which this desk's shelf names its files.
    pub fn shelf_key(&self) -> subrosa_crypto::secret::Secret32 {
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

    /// Opens everything new on the board that is for this officer. Save, then [`Desk::discard_taken`], then
    /// [`Desk::file_pending`].
    pub async fn collect<T: Transport>(
        &mut self,
        api: &Api<T>,
        circuits: &Circuits,
    ) -> Result<Vec<String>, OfficerError> {
        let scanned = self.identity.collect(api, circuits).await?;
        let mut troubles = scanned.troubles;
        for first in scanned.first {
            match Message::decode(&first.body) {
                Ok(Message::Tip(tip)) => self.take_tip(&tip, Some(first.session), &first.body, first.epoch),
                Ok(Message::Sealed(submission)) => {
                    self.sealed.push(sealed::Waiting { submission: *submission, epoch: first.epoch });
                }
                Ok(Message::Handover(handed)) => self.note_handover(*handed),
                Ok(_) => troubles.push("somebody wrote to you without a tip before; it is not kept".into()),
                Err(e) => troubles.push(e.to_string()),
            }
        }
        troubles.extend(self.open_sealed(api, circuits).await);
        for case in &mut self.cases {
            let Some(session) = case.session.as_mut() else { continue };
            // What did not open on an earlier visit is asked for again, as long as the server has it.
            let mut places: Vec<(Place, subrosa_crypto::delivery::Drop)> = session.aside();
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
                        Err(e) => format!("a reply of a source could not be read: {e}; it is asked for again"),
                    },
                    Fetched::Gone => {
                        session.skip(place);
                        continue;
                    }
                    Fetched::Unknown => {
                        "a reply of a source is listed, but the server does not hand it out; it is asked for again"
                            .into()
                    }
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
    async fn open_sealed<T: Transport>(&mut self, api: &Api<T>, circuits: &Circuits) -> Vec<String> {
        let mut troubles = Vec::new();
        for waiting in core::mem::take(&mut self.sealed) {
            let code = &waiting.submission.code;
            let Some(identity) = &self.intake else {
                troubles.push(format!("the sealed submission {code} waits: this desk has no intake identity"));
                self.sealed.push(waiting);
                continue;
            };
            match sealed::open(api, circuits, identity, &waiting.submission).await {
                Ok(tip) => match sealed::as_message(tip.clone()) {
                    Ok(body) => self.take_tip(&tip, None, &body, waiting.epoch),
                    Err(e) => troubles.push(format!("the sealed submission {code}: {e}")),
                },
                Err(trouble) => {
                    troubles.push(trouble.to_string());
                    if let sealed::Trouble::Later { .. } = trouble {
                        self.sealed.push(waiting);
                    }
                }
            }
        }
        troubles
    }

    fn take_tip(&mut self, tip: &Tip, session: Option<Session>, body: &[u8], epoch: u64) {
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

    /// Destroys on the server what was opened and saved.
    pub async fn discard_taken<T: Transport>(&mut self, api: &Api<T>, circuits: &Circuits) -> Result<(), OfficerError> {
        Ok(self.identity.discard_taken(api, circuits).await?)
    }

    /// Takes over what colleagues handed to this officer, and writes pending content into the journals. Save
    /// afterwards.
    pub async fn file_pending<T: Transport>(
        &mut self,
        api: &Api<T>,
        directory: &Directory,
        ctx: &DeskContext,
        now: u64,
        circuits: &Circuits,
        rng: &mut impl CryptoRng,
    ) -> Result<Filed, OfficerError> {
        let role = self.any_role(directory)?;
        let troubles = self.take_over(api, ctx, now, circuits).await;
        let hand = self.hand(ctx, now);
        // Tips are addressed to those who take them in; whoever only does that has no role in cases. Everybody else is
        // brought in by a colleague.
        let first = directory.officers().iter().filter(|o| o.intake && !o.roles.is_empty());
        let team: Vec<HolderId> = first.map(|o| o.key.holder_id()).collect();
        let mut filed = 0;
        let mut first_error = None;
        for case in &mut self.cases {
            match file_one(case, api, &hand, role, &team, circuits, rng).await {
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

    /// Reads a case.
    pub async fn open<T: Transport>(
        &mut self,
        api: &Api<T>,
        case: usize,
        ctx: &DeskContext,
        now: u64,
        circuits: &Circuits,
    ) -> Result<Replay, OfficerError> {
        let hand = self.hand(ctx, now);
        let case = self.cases.get_mut(case).ok_or_else(|| OfficerError::NoCase(String::new()))?;
        let journal = case.journal.as_mut().ok_or(JournalError::Purged)?;
        Ok(journal.read(api, &hand, circuits.fresh()).await?)
    }

    /// A case's journal entries as the server keeps them; see [`JournalAccessKeys::entries`].
    pub async fn entries<T: Transport>(
        &self,
        api: &Api<T>,
        case: usize,
        circuits: &Circuits,
    ) -> Result<Vec<Vec<u8>>, OfficerError> {
        let case = self.cases.get(case).ok_or_else(|| OfficerError::NoCase(String::new()))?;
        let journal = case.journal.as_ref().ok_or(JournalError::Purged)?;
        Ok(journal.entries(api, circuits.fresh()).await?)
    }

    /// Reads a case and, if somebody has left it, turns its key. Save afterwards.
    #[expect(clippy::too_many_arguments, reason = "as below")]
    pub async fn tend<T: Transport>(
        &mut self,
        api: &Api<T>,
        case: usize,
        directory: &Directory,
        ctx: &DeskContext,
        now: u64,
        circuits: &Circuits,
        rng: &mut impl CryptoRng,
    ) -> Result<Replay, OfficerError> {
        let role = self.any_role(directory)?;
        self.act(api, case, ctx, role, |_| None, now, circuits, rng).await
    }

    /// Decides something in a role and appends it to the journal. If somebody has left the case, its key is turned
    /// first. If this officer leaves it, the source is told and the conversation's keys are destroyed: save, then
    /// [`Desk::flush`].
    #[expect(clippy::too_many_arguments, reason = "an act has a case, a role, a time and a context")]
    pub async fn act<'k, T: Transport>(
        &mut self,
        api: &Api<T>,
        case: usize,
        ctx: &DeskContext,
        role: RoleName,
        command: impl FnMut(&Case) -> Option<Command<'k>>,
        now: u64,
        circuits: &Circuits,
        rng: &mut impl CryptoRng,
    ) -> Result<Replay, OfficerError> {
        let (me, hand) = (self.identity.holder(), self.hand(ctx, now));
        let entry = self.cases.get_mut(case).ok_or_else(|| OfficerError::NoCase(String::new()))?;
        let journal = entry.journal.as_mut().ok_or(JournalError::Purged)?;
        let replay = journal.act(api, &hand, role, command, circuits.fresh(), rng).await?;
        if replay.case().recused().any(|h| h == me) && entry.session.is_some() {
            // The source learns it from whoever left, in their own conversation: nobody else could cut an officer off.
            self.post(case, &Message::Leaving.encode()?, rng)?;
            if let Some(entry) = self.cases.get_mut(case) {
                entry.leave();
            }
        }
        Ok(replay)
    }

    /// Puts a message to the source into the outbox, after the journal has it. Save, then [`Desk::flush`].
    #[expect(clippy::too_many_arguments, reason = "as above, and a message with its purpose")]
    pub async fn write<T: Transport>(
        &mut self,
        api: &Api<T>,
        case: usize,
        ctx: &DeskContext,
        role: RoleName,
        kind: MessageKind,
        message: &Message,
        leak_checked: bool,
        now: u64,
        circuits: &Circuits,
        rng: &mut impl CryptoRng,
    ) -> Result<(), OfficerError> {
        let body = message.encode()?;
        if self.cases.get(case).is_none_or(|c| c.session.is_none()) {
            return Err(OfficerError::NoSession);
        }
        let event = Event::message_sent(kind, body.to_vec(), leak_checked);
        self.act(api, case, ctx, role, |_| Some(Command::Write(event.clone())), now, circuits, rng).await?;
        self.post(case, &body, rng)
    }

    /// Seals a message to the source and puts it into the outbox.
    fn post(&mut self, case: usize, body: &[u8], rng: &mut impl CryptoRng) -> Result<(), OfficerError> {
        let entry = self.cases.get_mut(case).ok_or(OfficerError::NoSession)?;
        let session = entry.session.as_mut().ok_or(OfficerError::NoSession)?;
        let (envelope, capability) = session.send_with_capability(body, rng)?;
        let mut bytes = Vec::with_capacity(Envelope::LEN);
        envelope.write(&mut bytes);
        entry.sent.push(capability);
        self.outbox.push(Outgoing { case: Digest(entry.id), envelope: bytes });
        Ok(())
    }

    /// Deposits what is in the outbox. Save afterwards.
    pub async fn flush<T: Transport>(
        &mut self,
        api: &Api<T>,
        circuits: &Circuits,
        rng: &mut impl CryptoRng,
    ) -> Result<usize, OfficerError> {
        let mut sent = 0;
        while let Some(out) = self.outbox.first() {
            if let Ok(envelope) = Envelope::read(&mut Reader::new(&out.envelope)) {
                let circuit = circuits.fresh();
                let params = api.params(circuit).await?;
                board::deposit(api, &params, &board::parcel(vec![envelope], rng)?, circuit).await?;
                sent += 1;
            }
            self.outbox.remove(0);
        }
        Ok(sent)
    }

    /// Hands the signed order to every administrator. Harmless to repeat: each acts on an award once.
    #[expect(clippy::too_many_arguments, reason = "as above")]
    pub async fn deliver_order<T: Transport>(
        &mut self,
        api: &Api<T>,
        case: usize,
        directory: &Directory,
        ctx: &DeskContext,
        now: u64,
        circuits: &Circuits,
        rng: &mut impl CryptoRng,
    ) -> Result<usize, OfficerError> {
        let replay = self.open(api, case, ctx, now, circuits).await?;
        let (order, batch) = replay
            .case()
            .signed_order()
            .ok_or(OfficerError::NotYet("the award order does not carry two adjudicators' signatures yet"))?;
        let request = token_request(replay.case(), &order.order.award_ref)
            .ok_or(OfficerError::NotYet("the source has not asked for the tokens of this award yet"))?;
        let admins: Vec<_> = directory.administrators().iter().take(BUNDLE_SLOTS).collect();
        let mut to = Vec::with_capacity(admins.len());
        for admin in admins {
            let return_box = request.boxes.iter().find(|b| b.issuer == admin.issuer.index().0).cloned();
            let return_box = return_box.ok_or(OfficerError::NotYet("the source's request names no return box"))?;
            let message = Message::IssueOrder(Box::new(IssueOrder { order, batch: batch.0.clone(), return_box }));
            to.push((admin.name.as_str(), &admin.key, &admin.contact, message.encode()?));
        }
        self.first_contact(api, &to, now, circuits, rng).await?;
        Ok(to.len())
    }

    /// Writes to people of the charter with whom this officer has no conversation, up to [`BUNDLE_SLOTS`] at once, in
    /// one parcel: name, key, where, what.
    async fn first_contact<T: Transport>(
        &self,
        api: &Api<T>,
        to: &[(&str, &VerifyingKey, &Contact, zeroize::Zeroizing<Vec<u8>>)],
        now: u64,
        circuits: &Circuits,
        rng: &mut impl CryptoRng,
    ) -> Result<(), OfficerError> {
        let circuit = circuits.fresh();
        let params = api.params(circuit).await?;
        let holders: Vec<HolderId> = to.iter().map(|(_, key, ..)| key.holder_id()).collect();
        let response = api.bundles(&params, &holders, rng, circuit).await?;
        let mut envelopes = Vec::with_capacity(to.len());
        for ((name, key, contact, body), slot) in to.iter().zip(response.slots) {
            let bundle = slot.ok_or_else(|| OfficerError::NoBundle((*name).to_owned()))?;
            let bundle = VerifiedBundle::verify(bundle, key, now)
                .map_err(|why| OfficerError::Bundle { name: (*name).to_owned(), why })?;
            let (_, envelope) = Session::initiate(contact, &bundle, body, rng)?;
            envelopes.push(envelope);
        }
        board::deposit(api, &params, &board::parcel(envelopes, rng)?, circuit).await?;
        Ok(())
    }

    /// The public ledger records that show this case's award as issued, for [`Event::Paid`].
    pub async fn issued_records<T: Transport>(
        &self,
        api: &Api<T>,
        directory: &Directory,
        award: &AwardRef,
        circuits: &Circuits,
    ) -> Result<Vec<Blob>, OfficerError> {
        let view = PublicView::fetch(api, directory, circuits.fresh()).await?;
        let ours = |l: &&crate::treasury::public::ListedRecord| {
            l.record.kind == RecordKind::Ledger
                && LedgerBody::parse(&l.record.body).is_ok_and(|b| {
                    b.award_ref == Some(*award) && b.movement == subrosa_casework::records::Movement::TokensIssued
                })
        };
        Ok(view.records.iter().filter(ours).map(|l| Blob(l.bytes.clone())).collect())
    }

    /// After a purge was confirmed: destroys the journal and what the source has not read, and forgets the case's keys
    /// and conversation. Save afterwards.
    pub async fn purge<T: Transport>(
        &mut self,
        api: &Api<T>,
        case: usize,
        ctx: &DeskContext,
        now: u64,
        circuits: &Circuits,
    ) -> Result<(), OfficerError> {
        let (files, remains) = match self.open(api, case, ctx, now, circuits).await {
            Ok(replay) if replay.case().state() != State::Purged => {
                return Err(OfficerError::NotYet("two officers must confirm the purge first"));
            }
            Ok(replay) => (files_in(&replay), replay.case().remains().map(|r| r.evidence.clone()).unwrap_or_default()),
            // A colleague was faster: the journal and the files are destroyed, what this desk holds is left.
            Err(OfficerError::Journal(JournalError::Cut { shown: 0, .. })) => Default::default(),
            Err(e) => return Err(e),
        };
        let entry = self.cases.get_mut(case).ok_or_else(|| OfficerError::NoCase(String::new()))?;
        for capability in &entry.sent {
            api.discard(capability, circuits.fresh()).await?;
        }
        for manifest in files {
            for i in 0..manifest.blobs() {
                let capability = Capability::new(manifest.secret().capability(i));
                api.discard_blob(&capability, circuits.fresh()).await?;
            }
        }
        entry.remains = remains;
        if let Some(journal) = &entry.journal {
            journal.purge(api, circuits.fresh()).await?;
            if let Some(shelf) = &self.shelf {
                shelf.forget(&journal.journal());
            }
        }
        entry.journal = None;
        entry.session = None;
        entry.pending.clear();
        entry.sent.clear();
        entry.filed.clear();
        Ok(())
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
        for event in events_of(&p.body, p.epoch, team, hand.now) {
            let wanted = |c: &Case| if stands(c, &event, before) { None } else { Some(Command::Write(event.clone())) };
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

/// A notice about where the case stands, for the source.
pub fn notice(state: State, text: &str, award: Option<AwardNotice>) -> Message {
    Message::Notice(Notice { state: state.name().into(), text: text.into(), award })
}

/// What the source is told when a step moved the case to where it has something to do or to know. The state says it:
/// the source's program puts it into words of the source's own language. Words of the officer are added only where they
/// are the same in every language.
pub fn news_for_source(was: State, after: &Case) -> Option<Message> {
    let state = after.state();
    if state == was {
        return None;
    }
    let award = after.award();
    Some(match state {
        State::Accepted | State::Substantiated | State::ClaimOpen | State::Referred | State::Closed => {
            notice(state, "", None)
        }
        State::AwardProposed => {
            let amount = award.map(|a| format!("€{}", a.amount)).unwrap_or_default();
            notice(state, &amount, None)
        }
        State::AwardFinal => {
            let (reference, amount) = award.and_then(|a| Some((a.award_ref?, a.amount)))?;
            notice(state, "", Some(AwardNotice { reference, amount_cents: amount.0 }))
        }
        _ => return None,
    })
}

/// A first signature under `act`, or the second one if a colleague has signed it.
pub fn propose_or_confirm(case: &Case, act: &Act) -> Command<'static> {
    match case.proposals().iter().find(|(_, p)| p.act == *act) {
        Some((seq, _)) => Command::Confirm { proposal: *seq },
        None => Command::Propose(act.clone()),
    }
}

/// A machine check's report, to be stored.
pub fn store_check(report: CheckReport) -> Command<'static> {
    Command::Write(Event::MachineChecked(report))
}
