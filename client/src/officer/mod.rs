//! The case officer: opens tips and replies, keeps the case journal with colleagues, writes to the source, hands award orders to the administrators.
//!
//! Crash points. `collect` opens envelopes and keeps their content as *pending* in the desk; the caller saves the desk; only then are the envelopes
//! destroyed on the server ([`Desk::discard_taken`]) and the content written to the journal ([`Desk::file_pending`], which recognises by digest what a
//! colleague has written). A message to the source is put into the desk's outbox and saved before it is deposited; the same parcel may be deposited again.

mod journal;

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use subrosa_casework::{
    award::{SourceAct, batch_digest},
    bytes::{AwardRef, Blob, Digest},
    case::{Act, Case, CheckReport, Command, Context, Event, MessageKind, Programme, Received, State, message_digest},
    journal::Replay,
    policy::Policy,
    records::LedgerBody,
    role::{Members, RoleName},
};
use subrosa_crypto::{
    bundle::{BundleRefusal, VerifiedBundle},
    delivery::Capability,
    encoding::Reader,
    envelope::EnvelopeError,
    ratchet::{RatchetError, Session},
    sign::HolderId,
    wire::{BUNDLE_SLOTS, Envelope, RecordKind},
};
use thiserror::Error;

pub use journal::{JournalAccessKeys, JournalError};

use crate::{
    api::{Api, ApiError, Fetched},
    board::{self, Circuits},
    directory::Directory,
    mailbox::Identity,
    message::{AwardNotice, IssueOrder, Message, MessageError, Notice, Tip, TokenRequest},
    records::{PublicView, ViewError},
    transport::Transport,
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
    /// Something that must come first is not there.
    #[error("{0}")]
    NotYet(&'static str),
    /// An administrator's keys are not what the charter says.
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
    /// The journal's public name, which is the case's.
    pub fn id(&self) -> [u8; 32] {
        self.id
    }

    /// Whether this officer can write to the source.
    pub fn has_conversation(&self) -> bool {
        self.session.is_some()
    }
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
}

impl DeskContext {
    /// From the charter's people and the policies that this desk holds.
    pub fn new(directory: &Directory, programme: Programme, policies: Vec<Policy>) -> Self {
        Self { members: directory.members(), programme, policies }
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
        Self { identity: Identity::generate(name, rng), charter: None, cases: Vec::new(), outbox: Vec::new() }
    }

    /// The key of this desk's local search index.
    pub fn index_key(&self) -> subrosa_crypto::secret::Secret32 {
        self.identity.local_key("subrosa/desk-index-key/v1")
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

    /// Opens everything new on the board that is for this officer. Save, then [`Desk::discard_taken`], then [`Desk::file_pending`].
    pub async fn collect<T: Transport>(
        &mut self,
        api: &Api<T>,
        circuits: &Circuits,
    ) -> Result<Vec<String>, OfficerError> {
        let scanned = self.identity.collect(api, circuits).await?;
        let mut troubles = scanned.troubles;
        for first in scanned.first {
            match Message::decode(&first.body) {
                Ok(Message::Tip(tip)) => self.take_tip(&tip, first.session, &first.body, first.epoch),
                Ok(_) => troubles.push("somebody wrote to you without a tip before; it is not kept".into()),
                Err(e) => troubles.push(e.to_string()),
            }
        }
        for case in &mut self.cases {
            let Some(session) = case.session.as_mut() else { continue };
            while let Some((place, drop)) = board::next_listed(session, &scanned.listed) {
                let epoch = scanned.listed.get(&drop.tag()).copied().unwrap_or_default();
                match api.take(drop.capability(), circuits.fresh()).await? {
                    Fetched::Body(body) => match session.receive(place, &body) {
                        Ok(opened) => {
                            case.pending.push(Pending { body: opened.body.to_vec(), epoch });
                            self.identity.note_taken(drop.capability().clone());
                        }
                        Err(e) => {
                            troubles.push(format!("a reply of a source could not be read: {e}"));
                            session.skip(place);
                        }
                    },
                    Fetched::Gone => session.skip(place),
                    Fetched::Unknown => {
                        troubles.push("a reply of a source is listed, but the server does not hand it out".into());
                        session.skip(place);
                    }
                }
            }
        }
        if let Some(upto) = scanned.upto {
            self.identity.cursor = upto.saturating_add(1);
        }
        Ok(troubles)
    }

    fn take_tip(&mut self, tip: &Tip, session: Session, body: &[u8], epoch: u64) {
        let journal = JournalAccessKeys::from_case_secret(&tip.case_secret);
        if self.cases.iter().any(|c| c.id == journal.id) {
            return;
        }
        self.cases.push(DeskCase {
            id: journal.id,
            journal: Some(journal),
            session: Some(session),
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

    /// Writes pending content into the journals. Save afterwards.
    pub async fn file_pending<T: Transport>(
        &mut self,
        api: &Api<T>,
        directory: &Directory,
        ctx: &DeskContext,
        now: u64,
        circuits: &Circuits,
        rng: &mut impl CryptoRng,
    ) -> Result<usize, OfficerError> {
        let role = self.any_role(directory)?;
        let signer = self.identity.signer();
        // Whoever only takes tips in has no role in cases.
        let may_read = directory.officers().iter().filter(|o| !o.roles.is_empty());
        let team: Vec<HolderId> = may_read.map(|o| o.key.holder_id()).collect();
        let mut filed = 0;
        for case in &mut self.cases {
            let Some(journal) = case.journal.as_mut() else { continue };
            while let Some(p) = case.pending.first() {
                let digest = message_digest(&p.body);
                let before = case.filed.iter().filter(|d| **d == digest).count();
                for event in events_of(&p.body, p.epoch, &team, now) {
                    let circuit = circuits.fresh();
                    let wanted =
                        |c: &Case| if stands(c, &event, before) { None } else { Some(Command::Write(event.clone())) };
                    match journal.act(api, &ctx.get(), &signer, role, wanted, now, circuit, rng).await {
                        // What a source states too late, or falsely, changes nothing and must not hold up what it writes next. Its words stand in the journal.
                        Err(JournalError::Refused(_)) if follows_from_words(&event) => {}
                        other => drop(other?),
                    }
                }
                case.filed.push(digest);
                case.pending.remove(0);
                filed += 1;
            }
        }
        Ok(filed)
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
        let case = self.cases.get_mut(case).ok_or_else(|| OfficerError::NoCase(String::new()))?;
        let journal = case.journal.as_mut().ok_or(JournalError::Purged)?;
        Ok(journal.read(api, &ctx.get(), now, circuits.fresh()).await?)
    }

    /// Decides something in a role and appends it to the journal.
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
        let signer = self.identity.signer();
        let case = self.cases.get_mut(case).ok_or_else(|| OfficerError::NoCase(String::new()))?;
        let journal = case.journal.as_mut().ok_or(JournalError::Purged)?;
        Ok(journal.act(api, &ctx.get(), &signer, role, command, now, circuits.fresh(), rng).await?)
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
        let entry = self.cases.get_mut(case).ok_or(OfficerError::NoSession)?;
        let session = entry.session.as_mut().ok_or(OfficerError::NoSession)?;
        let (envelope, capability) = session.send_with_capability(&body, rng)?;
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
        let circuit = circuits.fresh();
        let params = api.params(circuit).await?;
        let holders: Vec<HolderId> = admins.iter().map(|a| a.key.holder_id()).collect();
        let response = api.bundles(&params, &holders, rng, circuit).await?;
        let mut envelopes = Vec::new();
        for (admin, slot) in admins.iter().zip(response.slots) {
            let bundle = slot.ok_or_else(|| OfficerError::NoBundle(admin.name.clone()))?;
            let bundle = VerifiedBundle::verify(bundle, &admin.key, now)
                .map_err(|why| OfficerError::Bundle { name: admin.name.clone(), why })?;
            let return_box = request.boxes.iter().find(|b| b.issuer == admin.issuer.index().0).cloned();
            let return_box = return_box.ok_or(OfficerError::NotYet("the source's request names no return box"))?;
            let message = Message::IssueOrder(Box::new(IssueOrder { order, batch: batch.0.clone(), return_box }));
            let (_, envelope) = Session::initiate(&admin.contact, &bundle, &message.encode()?, rng)?;
            envelopes.push(envelope);
        }
        let count = envelopes.len();
        board::deposit(api, &params, &board::parcel(envelopes, rng)?, circuit).await?;
        Ok(count)
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
        let ours = |l: &&crate::records::ListedRecord| {
            l.record.kind == RecordKind::Ledger
                && LedgerBody::parse(&l.record.body).is_ok_and(|b| {
                    b.award_ref == Some(*award) && b.movement == subrosa_casework::records::Movement::TokensIssued
                })
        };
        Ok(view.records.iter().filter(ours).map(|l| Blob(l.bytes.clone())).collect())
    }

    /// After a purge was confirmed: destroys the journal and what the source has not read, and forgets the case's keys and conversation. Save afterwards.
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
        }
        entry.journal = None;
        entry.session = None;
        entry.pending.clear();
        entry.sent.clear();
        entry.filed.clear();
        Ok(())
    }
}

/// Every file that was ever named in a journal: a purged case itself has forgotten them.
fn files_in(replay: &Replay) -> Vec<subrosa_crypto::file::FileManifest> {
    let mut out = Vec::new();
    for signed in replay.events() {
        let body = match &signed.event {
            Event::Received(r) => &r.tip.0,
            Event::MessageReceived(m) => &m.body.0,
            Event::MessageSent(m) => &m.body.0,
            _ => continue,
        };
        match Message::decode(body) {
            Ok(Message::Tip(tip)) => out.extend(tip.files),
            Ok(Message::Text { files, .. }) => out.extend(files),
            _ => {}
        }
    }
    out
}

/// Every file of the thread.
pub fn files_of(case: &Case) -> Vec<subrosa_crypto::file::FileManifest> {
    let mut out = Vec::new();
    if let Some(Ok(Message::Tip(tip))) = case.received().map(|r| Message::decode(&r.tip.0)) {
        out.extend(tip.files);
    }
    for m in case.messages() {
        if let Ok(Message::Text { files, .. }) = Message::decode(&m.body.0) {
            out.extend(files);
        }
    }
    out
}

/// The source's claim, if its statement has come in.
pub fn claim_statement(case: &Case) -> Option<subrosa_casework::award::SourceStatement> {
    case.messages().iter().rev().find_map(|m| match Message::decode(&m.body.0) {
        Ok(Message::Statement(s)) if s.act == SourceAct::Claim && m.sent.is_none() => Some(s),
        _ => None,
    })
}

fn token_request(case: &Case, award: &AwardRef) -> Option<TokenRequest> {
    case.messages().iter().rev().find_map(|m| match Message::decode(&m.body.0) {
        Ok(Message::TokenRequest(r)) if r.reference == *award && m.sent.is_none() => Some(r),
        _ => None,
    })
}

/// What a message of the source means for the journal: always the message itself, and what follows from it without anybody's judgement.
fn events_of(body: &[u8], epoch: u64, team: &[HolderId], now: u64) -> Vec<Event> {
    let message = Message::decode(body);
    if let Ok(Message::Tip(tip)) = &message {
        return vec![Event::Received(Received {
            claim_key: tip.claim_key,
            receipt: Digest(subrosa_crypto::kdf::digest("subrosa/tip-epoch/v1", &[&epoch.to_be_bytes()])),
            digest: message_digest(body),
            tip: Blob(body.to_vec()),
            received_at: now - now % 60,
            team: team.to_vec(),
        })];
    }
    let mut events = vec![Event::message_received(body.to_vec())];
    match message {
        Ok(Message::Statement(s)) if s.act != SourceAct::Claim => events.push(Event::SourceStated(s)),
        Ok(Message::TokenRequest(r)) => {
            events.push(Event::SourceStated(r.statement));
            events.push(Event::TokenRequestReceived { digest: batch_digest(&r.batch), batch: Blob(r.batch) });
        }
        _ => {}
    }
    events
}

/// Whether an event is what the desk reads out of a message, and not the message itself.
fn follows_from_words(event: &Event) -> bool {
    matches!(event, Event::SourceStated(_) | Event::TokenRequestReceived { .. })
}

/// Whether a colleague has already written this.
///
/// `before` is how often this desk has filed a message of the same words: each officer gets every message once, so the next one is a new message.
fn stands(case: &Case, event: &Event, before: usize) -> bool {
    match event {
        Event::Received(_) => case.state() != State::Empty,
        Event::MessageReceived(m) => {
            case.messages().iter().filter(|x| x.sent.is_none() && x.digest == m.digest).count() > before
        }
        Event::SourceStated(s) => case.has_statement(&s.nonce),
        Event::TokenRequestReceived { digest, .. } => {
            case.award().and_then(|a| a.batch.as_ref()).is_some_and(|(d, _)| d == digest)
        }
        _ => false,
    }
}

/// A notice about where the case stands, for the source.
pub fn notice(state: State, text: &str, award: Option<AwardNotice>) -> Message {
    Message::Notice(Notice { state: state.name().into(), text: text.into(), award })
}

/// What the source is told when a step moved the case to where it has something to do or to know.
pub fn news_for_source(before: &Case, after: &Case) -> Option<Message> {
    let state = after.state();
    if state == before.state() {
        return None;
    }
    let award = after.award();
    Some(match state {
        State::Accepted => notice(state, "Your tip was accepted and will be investigated.", None),
        State::Substantiated => notice(state, "The investigation has shown what you reported.", None),
        State::ClaimOpen => notice(state, "You may claim an award now: subrosa tip claim. You have 90 days.", None),
        State::AwardProposed => {
            let amount = award.map(|a| a.amount.to_string()).unwrap_or_default();
            let text = format!(
                "An award of €{amount} is proposed. Agree with `subrosa tip accept`, or object with `subrosa tip contest` within 60 days."
            );
            notice(state, &text, None)
        }
        State::AwardFinal => {
            let (reference, amount) = award.and_then(|a| Some((a.award_ref?, a.amount)))?;
            notice(state, "Your award is final.", Some(AwardNotice { reference, amount_cents: amount.0 }))
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
