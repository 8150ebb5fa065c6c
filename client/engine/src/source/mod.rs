//! The source: files a tip, comes back, reads, answers, receives an award as tokens, and redeems them as a stranger.
//!
//! No I/O of its own: everything goes through a [`Transport`], time and randomness are arguments. The same engine
//! serves the program and the page.

mod award;
mod state;
mod upload;
mod words;

use std::collections::BTreeMap;

use rand_core::CryptoRng;
use subrosa_casework::{
    award::{SourceAct, SourceStatement, batch_digest},
    bytes::{Digest, Nonce},
    case::message_digest,
    words::meeting,
};
use subrosa_crypto::{
    bundle::{BundleRefusal, VerifiedBundle},
    delivery::Capability,
    envelope::EnvelopeError,
    file::FileManifest,
    log::{self, Inclusion, ReceiptFile},
    passphrase::MasterKey,
    ratchet::{Place, RatchetError, Session},
    secret::Secret32,
    sign::HolderId,
    token::{AssembleError, Denomination, EvaluatedBatch, EvaluationError, RequestError, Token},
    wire::{Envelope, JournalId, Tag},
};
use thiserror::Error;
use zeroize::Zeroizing;

pub use award::{AwardState, ReturnBox};
#[cfg(test)]
pub(crate) use state::state_key;
pub use state::{Correspondent, STATE_SEARCH, SourceState, StateError, claim_key, state_drop};
pub use upload::{UploadError, UploadSecret, Uploader};
use words::Hand;

use crate::{
    api::{Api, ApiError, Fetched, Params},
    board::{self, Circuits},
    directory::{Directory, DirectoryError, Officer},
    log_watch::{LogFinding, LogWatch},
    message::{Message, MessageError, Notice, SealedBox, Tip, TokenRequest},
    transport::Transport,
};

/// Officers that a tip is addressed to, at most: with the state they fill one parcel.
pub const RECIPIENTS_MAX: usize = 3;

const DAY: u64 = 86_400;

/// Why an act of the source failed. Each text says what was kept and what to do.
#[derive(Debug, Error)]
pub enum SourceError {
    /// The server or the network.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// An envelope could not be made or read.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// A message could not be sealed into a conversation, or one that came does not open.
    #[error(transparent)]
    Ratchet(#[from] RatchetError),
    /// A message could not be made or read.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// The source's own state could not be sealed, or what lies in its place does not open.
    #[error(transparent)]
    State(#[from] StateError),
    /// An officer's keys are not what the charter says.
    #[error("{name}: {why}")]
    Bundle {
        /// The officer whose keys they are, by the name in the charter.
        name: String,
        /// What is wrong.
        why: BundleRefusal,
    },
    /// The server holds keys back.
    #[error(
        "the server offers no keys for {0}, although the charter names this person; it may be holding them back. Nothing was sent"
    )]
    NoBundle(String),
    /// The charter names nobody to write to.
    #[error("the charter names no officer who takes tips in")]
    NoOfficer,
    /// The receipt does not verify.
    #[error(
        "the server's receipt is not signed by the programme's log; keep your passphrase, do not trust this server, and submit again through another address"
    )]
    ForgedReceipt,
    /// Nothing lies on the board under this passphrase.
    #[error(
        "nothing was found for this passphrase; check the words, or wait a few minutes if you filed just now. Messages not fetched for a long time expire"
    )]
    NothingFound,
    /// The server lists the state but does not hand it out.
    #[error(
        "the server lists what is kept for this passphrase but does not hand it out; try again, and if it stays so, the server is withholding it"
    )]
    Withheld,
    /// A reply was destroyed before it was read.
    #[error("it was destroyed before you read it: it expired, or the case is closed for good")]
    ReplyGone,
    /// A reply is listed, but the server does not hand it out.
    #[error(
        "the server lists it but does not hand it out; try again, and if it stays so, the server is withholding it"
    )]
    ReplyWithheld,
    /// The newest listed state was destroyed: its successor is not listed yet.
    #[error(
        "your last visit is not listed yet; come back in a few minutes. If it stays so, the server is withholding what is kept for this passphrase"
    )]
    Replaced,
    /// The charter is older than, or different from, the one seen on the last visit.
    #[error(
        "the server shows another charter than on your last visit ({0}); somebody may be trying to put other people in the officers' place. Do not send anything"
    )]
    Charter(&'static str),
    /// The charter changed since the last visit, and does not follow from the one seen then.
    #[error("the charter has changed since your last visit, and does not follow from what you saw then: {0}")]
    Directory(#[from] DirectoryError),
    /// Nobody is left to write to.
    #[error(
        "none of the officers you wrote to works on your case any more; nothing was sent. File a new tip, and name this one in it"
    )]
    NobodyLeft,
    /// The log was rewritten.
    #[error(transparent)]
    Log(#[from] LogFinding),
    /// No award yet.
    #[error("there is no final award for this tip yet")]
    NoAward,
    /// Tokens could not be requested.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// An administrator's answer is wrong.
    #[error("administrator {issuer}: {why}")]
    Evaluation {
        /// The issuer's number.
        issuer: u8,
        /// What is wrong.
        why: EvaluationError,
    },
    /// Not enough answers yet.
    #[error(transparent)]
    Assemble(#[from] AssembleError),
}

/// What a source wants to say first.
#[derive(Clone, Debug, Default)]
pub struct TipForm {
    /// Id of the regime pack whose questions were answered.
    pub regime: String,
    /// Answers to the pack's questions, question id to answer; the class stands under `class`.
    pub answers: BTreeMap<String, String>,
    /// What happened, in the source's own words.
    pub narrative: String,
    /// Files already uploaded.
    pub files: Vec<FileManifest>,
}

/// What the source learns when its tip is on the board.
#[derive(Debug)]
pub struct Filed {
    /// The receipts, verified against the log's key.
    pub receipts: Vec<ReceiptFile>,
    /// The epoch after whose close the officers can see it and the log proves it.
    pub epoch: u64,
    /// Officers who were reached only through their fallback keys: first contact is weaker.
    pub fallback: Vec<String>,
}

/// A reply that was opened and not yet acknowledged.
#[derive(Debug)]
pub struct Unread {
    /// Which officer wrote.
    pub from: String,
    /// What the officer wrote, opened and decoded.
    pub message: Message,
    holder: HolderId,
    place: Place,
    capability: Capability,
    body: Zeroizing<Vec<u8>>,
}

/// What a visit found.
#[derive(Debug, Default)]
pub struct Inbox {
    /// Replies, in the order of each officer's writing.
    pub unread: Vec<Unread>,
    /// Replies that could not be opened, as sentences for the source.
    pub troubles: Vec<String>,
    /// Where replies lie that may open another time.
    aside: Vec<(HolderId, Place)>,
    /// The newest epoch looked at.
    upto: Option<u64>,
    /// The log as it was then: size and root.
    log: Option<(u64, [u8; 32])>,
}

/// A source with its state at hand.
#[derive(Debug)]
pub struct Source<T> {
    api: Api<T>,
    directory: Directory,
    master: MasterKey,
    circuits: Circuits,
    state: SourceState,
    number: u64,
}

impl<T: Transport> Source<T> {
    /// Files a tip: asks for keys, writes to up to three intake officers and to itself, in one parcel. Four requests
    /// with the charter's own.
    pub async fn file_tip(
        api: Api<T>,
        directory: Directory,
        master: MasterKey,
        form: TipForm,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<(Self, Filed), SourceError> {
        Self::file_tip_uploaded(api, directory, master, form, None, now, rng).await
    }

    /// As [`Source::file_tip`], with files under an upload secret, which is destroyed once the receipts are verified:
    /// see [`UploadSecret`].
    pub async fn file_tip_uploaded(
        api: Api<T>,
        directory: Directory,
        master: MasterKey,
        form: TipForm,
        upload: Option<&UploadSecret>,
        now: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<(Self, Filed), SourceError> {
        let circuits = Circuits::new(rng);
        let circuit = circuits.fresh();
        let officers = choose(directory.intake(), rng);
        if officers.is_empty() {
            return Err(SourceError::NoOfficer);
        }
        let params = api.params(circuit).await?;
        let holders: Vec<HolderId> = officers.iter().map(|o| o.key.holder_id()).collect();
        let response = api.bundles(&params, &holders, rng, circuit).await?;
        let (case_secret, key) = (Secret32::random(rng), claim_key(&master));
        let (journal, _) = meeting(&case_secret, &key.verifying_key());
        let tip = Message::Tip(Box::new(Tip {
            case_secret,
            regime: form.regime,
            answers: form.answers,
            narrative: form.narrative,
            files: form.files,
            claim_key: key.verifying_key(),
        }));
        let hand = Hand { directory: &directory, journal, key };
        let words = hand.sign(&tip, 0, &holders)?;
        let mut correspondents = Vec::with_capacity(officers.len());
        let mut envelopes = Vec::with_capacity(officers.len() + 1);
        let mut fallback = Vec::new();
        for (officer, slot) in officers.iter().zip(response.slots) {
            let bundle = slot.ok_or_else(|| SourceError::NoBundle(officer.name.clone()))?;
            let bundle = VerifiedBundle::verify(bundle, &officer.key, now)
                .map_err(|why| SourceError::Bundle { name: officer.name.clone(), why })?;
            let holder = officer.key.holder_id();
            let body = |conversation: &[u8; 32]| hand.open(&words, holder, conversation);
            let (session, envelope) = Session::initiate_named(&officer.contact, &bundle, body, rng)?;
            if !bundle.is_one_time() {
                fallback.push(officer.name.clone());
            }
            let one_time = bundle.is_one_time();
            correspondents.push(Correspondent { holder, session, one_time });
            envelopes.push(envelope);
        }
        let state = SourceState {
            correspondents,
            journal: Digest(journal.0),
            sent: 1,
            recent: vec![message_digest(&words)],
            cursor: params.epoch,
            charter: directory.seen(),
            log: None,
            case_state: None,
            award: None,
            filed_day: u32::try_from(now / DAY).ok(),
            next_upload: upload.map_or(0, |u| u.number() + 1),
            spent_uploads: upload.map(UploadSecret::number).into_iter().collect(),
        };
        let mut source = Self { api, directory, master, circuits, state, number: 0 };
        let kept = source.deposit_with_state(envelopes, 0, Some(params), rng).await?;
        source.destroy_uploads().await;
        let epoch = kept.iter().map(|k| k.receipt.epoch).max().unwrap_or(0);
        Ok((source, Filed { receipts: kept, epoch, fallback }))
    }

    /// Finds and opens the newest state of a passphrase, looking back from the newest closed epoch.
    pub async fn restore(
        api: Api<T>,
        directory: Directory,
        master: MasterKey,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, SourceError> {
        let circuits = Circuits::new(rng);
        let circuit = circuits.fresh();
        let params = api.params(circuit).await?;
        let last = params.last_published.ok_or(SourceError::NothingFound)?;
        let ours: BTreeMap<Tag, u64> = (0..STATE_SEARCH).map(|n| (state_drop(&master, n).tag(), n)).collect();
        let wanted = |t: &Tag| ours.get(t).copied();
        let number = board::newest(&api, params.first_epoch, last, wanted, circuit).await?;
        let number = number.ok_or(SourceError::NothingFound)?;
        let drop = state_drop(&master, number);
        let body = match api.take(drop.capability(), circuits.fresh()).await? {
            Fetched::Body(body) => body,
            Fetched::Gone => return Err(SourceError::Replaced),
            Fetched::Unknown => return Err(SourceError::Withheld),
        };
        let state = SourceState::read(&master, number, &body)?;
        directory.follows(state.charter).map_err(SourceError::Charter)?;
        directory.leads_from(&api, state.charter, circuits.fresh()).await?;
        let mut source = Self { api, directory, master, circuits, state, number };
        source.destroy_uploads().await;
        Ok(source)
    }

    /// Destroys on the server the upload secrets whose files were sent. What fails stays in the state, and the next
    /// visit tries again.
    async fn destroy_uploads(&mut self) {
        let mut left = Vec::new();
        for number in core::mem::take(&mut self.state.spent_uploads) {
            let place = upload::upload_drop(&self.master, number);
            if self.api.discard(place.capability(), self.circuits.fresh()).await.is_err() {
                left.push(number);
            }
        }
        self.state.spent_uploads = left;
    }

    /// After a failure that may have lost an answer, or that another visit of the same passphrase caused: takes over
    /// the state that the server has. Asks for the places of this state and the next directly, so that it need not wait
    /// for an epoch to close.
    ///
    /// Answers whether what was tried last had arrived after all.
    pub async fn resync(&mut self) -> Result<bool, SourceError> {
        let tried = self.state.recent.last().copied();
        let next = state_drop(&self.master, self.number + 1);
        if let Fetched::Body(body) = self.api.take(next.capability(), self.circuits.fresh()).await? {
            self.state = SourceState::read(&self.master, self.number + 1, &body)?;
            let old = self.number;
            self.number = old + 1;
            self.api.discard(state_drop(&self.master, old).capability(), self.circuits.fresh()).await?;
            return Ok(tried.is_some_and(|digest| self.state.recent.contains(&digest)));
        }
        let current = state_drop(&self.master, self.number);
        self.state = match self.api.take(current.capability(), self.circuits.fresh()).await? {
            Fetched::Body(body) => SourceState::read(&self.master, self.number, &body)?,
            Fetched::Gone => return Err(SourceError::Replaced),
            Fetched::Unknown => return Err(SourceError::Withheld),
        };
        Ok(false)
    }

    /// Finds a tip that was filed a moment ago under this passphrase, before any list shows it: for a page that did not
    /// get the answer. `None`: it did not arrive.
    pub async fn just_filed(
        api: Api<T>,
        directory: Directory,
        master: MasterKey,
        rng: &mut impl CryptoRng,
    ) -> Result<Option<Self>, SourceError> {
        let circuits = Circuits::new(rng);
        let first = state_drop(&master, 0);
        let Fetched::Body(body) = api.take(first.capability(), circuits.fresh()).await? else { return Ok(None) };
        let state = SourceState::read(&master, 0, &body)?;
        let mut source = Self { api, directory, master, circuits, state, number: 0 };
        source.destroy_uploads().await;
        Ok(Some(source))
    }

    /// A secret for files that are to go with the next message: the one that an earlier visit left behind, or a new
    /// one.
    pub async fn upload_secret(&self, rng: &mut impl CryptoRng) -> Result<UploadSecret, SourceError> {
        let number = self.state.next_upload;
        match UploadSecret::find(&self.api, &self.master, number, self.circuits.fresh()).await? {
            Some(found) => Ok(found),
            None => {
                UploadSecret::begin(&self.api, &self.directory, &self.master, number, self.circuits.fresh(), rng).await
            }
        }
    }

    /// As [`Source::send`], with files under an upload secret, which is destroyed once the receipts are verified.
    pub async fn send_uploaded(
        &mut self,
        message: &Message,
        upload: &UploadSecret,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<ReceiptFile>, SourceError> {
        self.state.next_upload = upload.number() + 1;
        self.state.spent_uploads.push(upload.number());
        let receipts = self.send(message, rng).await?;
        self.destroy_uploads().await;
        Ok(receipts)
    }

    /// The state, for showing.
    pub fn state(&self) -> &SourceState {
        &self.state
    }

    /// The programme's id.
    pub fn programme(&self) -> &str {
        self.directory.programme()
    }

    /// Name of an officer.
    pub fn name_of(&self, holder: HolderId) -> String {
        self.directory.name_of(holder)
    }

    /// Looks for replies and opens copies of them; nothing is acknowledged.
    pub async fn inbox(&self) -> Result<Inbox, SourceError> {
        let circuit = self.circuits.fresh();
        let params = self.api.params(circuit).await?;
        let mut inbox = Inbox::default();
        let Some(last) = params.last_published else { return Ok(inbox) };
        let from = self.state.cursor.max(params.first_epoch);
        let listed = board::tags(&self.api, from, last, circuit).await?;
        for c in &self.state.correspondents {
            let mut copy = c.session.snapshot();
            let mut again = c.session.aside();
            // Each message read moves the window of expected places on, so look again until nothing new is listed.
            while let Some((place, drop)) = again.pop().or_else(|| board::next_listed(&copy, &listed)) {
                let unread = match self.api.take(drop.capability(), self.circuits.fresh()).await? {
                    Fetched::Body(body) => open(&mut copy, place, &body).map(|message| Unread {
                        from: self.directory.name_of(c.holder),
                        message,
                        holder: c.holder,
                        place,
                        capability: drop.capability().clone(),
                        body: Zeroizing::new(body),
                    }),
                    Fetched::Gone => Err(SourceError::ReplyGone),
                    Fetched::Unknown => Err(SourceError::ReplyWithheld),
                };
                match unread {
                    Ok(unread) => inbox.unread.push(unread),
                    Err(e) => {
                        inbox
                            .troubles
                            .push(format!("a reply from {} could not be read: {e}", self.directory.name_of(c.holder)));
                        if matches!(e, SourceError::ReplyGone) {
                            copy.skip(place);
                        } else {
                            // Altered or withheld: it is looked for again on the next visit, whatever else is
                            // acknowledged now.
                            copy.put_aside(place);
                            inbox.aside.push((c.holder, place));
                        }
                    }
                }
            }
        }
        inbox.upto = Some(last);
        // A log that no longer continues what this source has seen stops everything, before anything is acknowledged.
        let view = LogWatch::new(&self.api, self.directory.log_key().clone(), circuit).advance(self.state.log).await?;
        inbox.log = Some((view.size(), view.root()));
        Ok(inbox)
    }

    /// "Read, burn it": moves the ratchets on, saves the new state, and only then destroys the replies and the old
    /// state on the server.
    pub async fn acknowledge(&mut self, inbox: Inbox, rng: &mut impl CryptoRng) -> Result<(), SourceError> {
        for c in &mut self.state.correspondents {
            // In the order of places: what lies before a place that is read would be forgotten with it.
            let mut steps: Vec<(Place, Option<&Unread>)> =
                inbox.unread.iter().filter(|u| u.holder == c.holder).map(|u| (u.place, Some(u))).collect();
            steps.extend(inbox.aside.iter().filter(|(h, _)| *h == c.holder).map(|(_, place)| (*place, None)));
            steps.sort_by_key(|(place, _)| *place);
            for (place, unread) in steps {
                match unread {
                    Some(u) => drop(c.session.receive(place, &u.body)?),
                    None => c.session.put_aside(place),
                }
            }
        }
        for u in &inbox.unread {
            match &u.message {
                Message::Notice(notice) => take_notice(&mut self.state, notice),
                Message::Leaving => self.state.correspondents.retain(|c| c.holder != u.holder),
                _ => {}
            }
        }
        if let Some(upto) = inbox.upto {
            // Replies sent under places already expected may still lie in epochs that are listed by now, so the cursor
            // stops at the last one.
            self.state.cursor = self.state.cursor.max(upto);
        }
        self.state.log = inbox.log.or(self.state.log);
        self.save(Vec::new(), rng).await?;
        for u in &inbox.unread {
            self.api.discard(&u.capability, self.circuits.fresh()).await?;
        }
        Ok(())
    }

    /// Writes to every officer of the tip who is still there: the charter names them, and they have not said that they
    /// left the case.
    pub async fn send(&mut self, message: &Message, rng: &mut impl CryptoRng) -> Result<Vec<ReceiptFile>, SourceError> {
        let mut envelopes = Vec::with_capacity(RECIPIENTS_MAX + 1);
        // Whom the charter no longer names as an officer gets nothing more.
        let named: Vec<HolderId> = self.directory.officers().iter().map(|o| o.key.holder_id()).collect();
        let here = self.state.correspondents.iter().map(|c| c.holder).filter(|h| named.contains(h));
        let recipients: Vec<HolderId> = here.collect();
        if recipients.is_empty() {
            return Err(SourceError::NobodyLeft);
        }
        let hand = Hand { directory: &self.directory, journal: self.journal(), key: claim_key(&self.master) };
        let words = hand.sign(message, self.state.sent, &recipients)?;
        for c in self.state.correspondents.iter_mut().filter(|c| recipients.contains(&c.holder)) {
            envelopes.push(c.session.send(&words, rng)?);
        }
        self.state.note_sent(message_digest(&words));
        self.save(envelopes, rng).await
    }

    /// Says something with the claim key: claims, accepts, contests, withdraws.
    pub async fn state_act(&mut self, act: SourceAct, rng: &mut impl CryptoRng) -> Result<(), SourceError> {
        let statement = self.statement(act, rng);
        self.send(&Message::Statement(statement), rng).await.map(drop)
    }

    fn statement(&self, act: SourceAct, rng: &mut impl CryptoRng) -> SourceStatement {
        let mut nonce = [0; 16];
        rng.fill_bytes(&mut nonce);
        SourceStatement::sign(act, Nonce(nonce), &self.journal(), &claim_key(&self.master))
    }

    /// The case to which everything that this source says is bound.
    fn journal(&self) -> JournalId {
        JournalId(self.state.journal.0)
    }

    /// Asks for the award as blind tokens. Asking again sends the same blinded elements, so nothing is issued twice.
    pub async fn request_tokens(&mut self, rng: &mut impl CryptoRng) -> Result<(), SourceError> {
        let award = self.state.award.as_ref().ok_or(SourceError::NoAward)?;
        let (pending, _) =
            award.pending(&self.master, self.directory.programme().as_bytes(), self.directory.denominations())?;
        let mut boxes = Vec::new();
        for admin in self.directory.administrators() {
            let issuer = admin.issuer.index().0;
            let return_box = ReturnBox::derive(&self.master, &award.reference, issuer);
            let address = return_box.address().ok_or(EnvelopeError::Key)?;
            let sealed =
                admin.wrap.seal(RETURN_BOX_INFO, &award.reference.0, &address, rng).map_err(EnvelopeError::from)?;
            boxes.push(SealedBox { issuer, sealed });
        }
        let batch = pending.request().encode();
        let statement = self.statement(SourceAct::RequestTokens { batch: batch_digest(&batch) }, rng);
        let request = TokenRequest { reference: award.reference, batch, boxes, statement };
        if let Some(a) = self.state.award.as_mut() {
            a.requested = true;
        }
        self.send(&Message::TokenRequest(request), rng).await.map(drop)
    }

    /// Fetches the administrators' answers, checks their proofs, keeps them in the state, and destroys them on the
    /// server. Answers how many administrators have signed so far. A false answer is an error only while there are too
    /// few true ones.
    pub async fn collect_tokens(&mut self, rng: &mut impl CryptoRng) -> Result<usize, SourceError> {
        let award = self.state.award.clone().ok_or(SourceError::NoAward)?;
        let (pending, _) =
            award.pending(&self.master, self.directory.programme().as_bytes(), self.directory.denominations())?;
        let mut have: Vec<u8> = Vec::new();
        for bytes in &award.answers {
            if let Ok(batch) = EvaluatedBatch::decode(bytes) {
                have.push(batch.issuer.0);
            }
        }
        let circuit = self.circuits.fresh();
        let params = self.api.params(circuit).await?;
        let Some(last) = params.last_published else { return Ok(have.len()) };
        let from = award.since.max(params.first_epoch);
        let listed = board::tags(&self.api, from, last, circuit).await?;
        let mut fresh = Vec::new();
        // One administrator's false answer must not keep the source from the others' true ones.
        let mut first_wrong = None;
        for admin in self.directory.administrators() {
            let index = admin.issuer.index().0;
            let return_box = ReturnBox::derive(&self.master, &award.reference, index);
            let place = return_box.drop();
            if have.contains(&index) || !listed.contains_key(&place.tag()) {
                continue;
            }
            let Fetched::Body(body) = self.api.take(place.capability(), self.circuits.fresh()).await? else { continue };
            let content = match subrosa_crypto::envelope::read(&place, return_box.key(), &body) {
                Ok(content) => content,
                Err(e) => {
                    first_wrong = first_wrong.or(Some(e.into()));
                    continue;
                }
            };
            let checked = EvaluatedBatch::decode(&content)
                .ok()
                .filter(|answer| answer.issuer == admin.issuer.index())
                .ok_or(EvaluationError::Mismatch)
                .and_then(|answer| pending.finalize(&answer, &admin.issuer));
            if let Err(why) = checked {
                first_wrong = first_wrong.or(Some(SourceError::Evaluation { issuer: index, why }));
                continue;
            }
            have.push(index);
            fresh.push((content.to_vec(), place.capability().clone()));
        }
        if !fresh.is_empty() {
            if let Some(a) = self.state.award.as_mut() {
                a.answers.extend(fresh.iter().map(|(bytes, _)| serde_bytes::ByteBuf::from(bytes.clone())));
            }
            self.save(Vec::new(), rng).await?;
            for (_, capability) in &fresh {
                self.api.discard(capability, self.circuits.fresh()).await?;
            }
        }
        match first_wrong {
            Some(wrong) if have.len() < usize::from(self.directory.threshold()) => Err(wrong),
            _ => Ok(have.len()),
        }
    }

    /// The finished tokens, once enough administrators have signed.
    pub fn tokens(&self) -> Result<Vec<Token>, SourceError> {
        let award = self.state.award.as_ref().ok_or(SourceError::NoAward)?;
        let (pending, _) =
            award.pending(&self.master, self.directory.programme().as_bytes(), self.directory.denominations())?;
        let mut shares = Vec::new();
        for bytes in &award.answers {
            let Ok(answer) = EvaluatedBatch::decode(bytes) else { continue };
            let Some(admin) = self.directory.administrators().iter().find(|a| a.issuer.index() == answer.issuer) else {
                continue;
            };
            let wrong = |why| SourceError::Evaluation { issuer: answer.issuer.0, why };
            shares.push(pending.finalize(&answer, &admin.issuer).map_err(wrong)?);
        }
        Ok(pending.assemble(self.directory.threshold(), &shares)?)
    }

    /// Writes the state after the current one, with whatever else goes out, and destroys the old one.
    async fn save(
        &mut self,
        envelopes: Vec<Envelope>,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<ReceiptFile>, SourceError> {
        let old = self.number;
        let kept = self.deposit_with_state(envelopes, old + 1, None, rng).await?;
        self.number = old + 1;
        self.api.discard(state_drop(&self.master, old).capability(), self.circuits.fresh()).await?;
        Ok(kept)
    }

    async fn deposit_with_state(
        &mut self,
        mut envelopes: Vec<Envelope>,
        number: u64,
        params: Option<Params>,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<ReceiptFile>, SourceError> {
        let circuit = self.circuits.fresh();
        let params = match params {
            Some(p) => p,
            None => self.api.params(circuit).await?,
        };
        let tags: Vec<Tag> = envelopes.iter().map(|e| e.tag).collect();
        self.state.charter = self.directory.seen();
        envelopes.push(self.state.write(&self.master, number, rng)?);
        let parcel = board::parcel(envelopes, rng)?;
        let response = board::deposit(&self.api, &params, &parcel, circuit).await?;
        let mut kept = Vec::with_capacity(tags.len());
        for (envelope, receipt) in parcel.iter().zip(&response.receipts) {
            let object = log::envelope_digest(envelope);
            log::verify_receipt(&self.directory.log_key().key(), &object, receipt)
                .map_err(|_| SourceError::ForgedReceipt)?;
            if tags.contains(&envelope.tag) {
                kept.push(ReceiptFile { object_digest: object, receipt: *receipt, inclusion: None });
            }
        }
        Ok(kept)
    }
}

/// HPKE info of a return box.
pub const RETURN_BOX_INFO: &[u8] = b"subrosa/return-box/v1";

/// Adds to each receipt the proof that the log holds its deposit; receipts of epochs that are still open stay promises.
/// Nothing here touches a state or a passphrase.
pub async fn prove_receipts<T: Transport>(
    api: &Api<T>,
    directory: &Directory,
    receipts: Vec<ReceiptFile>,
    rng: &mut impl CryptoRng,
) -> Result<Vec<ReceiptFile>, SourceError> {
    let circuit = Circuits::new(rng).fresh();
    let published = api.params(circuit).await?.last_published;
    let watch = LogWatch::new(api, directory.log_key().clone(), circuit);
    let mut view = watch.advance(None).await?;
    let mut out = Vec::with_capacity(receipts.len());
    for mut file in receipts {
        let leaf = log::verify_receipt(&directory.log_key().key(), &file.object_digest, &file.receipt)
            .map_err(|_| SourceError::ForgedReceipt)?;
        if published.is_some_and(|p| p >= file.receipt.epoch) {
            let (index, proof) = watch.find(&mut view, 0, &leaf).await?.ok_or(LogFinding::NotThere)?;
            file.inclusion = Some(Inclusion { index, proof, checkpoint: view.checkpoint().to_bytes() });
        }
        out.push(file);
    }
    Ok(out)
}

fn open(session: &mut Session, place: Place, body: &[u8]) -> Result<Message, SourceError> {
    let opened = session.receive(place, body)?;
    Ok(Message::decode(&opened.body)?)
}

fn take_notice(state: &mut SourceState, notice: &Notice) {
    state.case_state = Some(notice.state.clone());
    if let Some(a) = &notice.award
        && state.award.as_ref().is_none_or(|old| !old.requested)
    {
        state.award = Some(AwardState {
            reference: a.reference,
            amount_cents: a.amount_cents,
            since: state.cursor,
            requested: false,
            answers: Vec::new(),
        });
    }
}

/// Up to [`RECIPIENTS_MAX`] officers, at random if there are more.
pub(crate) fn choose(mut officers: Vec<&Officer>, rng: &mut impl CryptoRng) -> Vec<Officer> {
    let mut chosen = Vec::new();
    while chosen.len() < RECIPIENTS_MAX && !officers.is_empty() {
        let mut b = [0; 8];
        rng.fill_bytes(&mut b);
        let i = usize::try_from(u64::from_be_bytes(b) % officers.len() as u64).unwrap_or(0);
        chosen.push(officers.swap_remove(i).clone());
    }
    chosen
}

/// The euro denominations of a list of tokens, for showing.
pub fn denominations_of(tokens: &[Token]) -> Vec<Denomination> {
    tokens.iter().map(Token::denomination).collect()
}
