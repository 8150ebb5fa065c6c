//! A source with its state at hand: found again by the passphrase alone, and saved as one more envelope, together with
//! whatever else goes out.

use core::cell::RefCell;
use std::collections::BTreeMap;

use rand_core::CryptoRng;
use subrosa_casework::bytes::Digest;
use subrosa_crypto::{
    envelope,
    log::{NoteKey, ReceiptFile},
    passphrase::MasterKey,
    sign::HolderId,
    wire::{Envelope, JournalId, PARCEL_COUNT, Tag},
};

use super::{
    error::SourceError,
    state::{STATE_SEARCH, SourceState, cover_drop, state_drop},
    upload::{UploadSecret, upload_places},
};
use crate::{
    api::{Api, ApiError, Fetched, Params},
    board::{self, Circuits},
    directory::Directory,
    log_lists::Lists,
    log_watch::{LogFinding, LogView, LogWatch},
    transport::{Circuit, Transport},
};

/// A source with its state at hand.
#[derive(Debug)]
pub struct Source<T> {
    pub(super) api: Api<T>,
    pub(super) directory: Directory,
    pub(super) master: MasterKey,
    pub(super) circuits: Circuits,
    pub(super) state: SourceState,
    pub(super) number: u64,
    /// The message that the last act wanted to send, if it was one and did not come to its end.
    pub(super) tried: Option<Digest>,
    /// The log as this visit has checked it: a visit asks for one checkpoint.
    pub(super) log: RefCell<Option<LogView>>,
    /// Cover before this number is listed, and may be fetched in this visit.
    pub(super) cover_listed: u64,
    last: Last,
}

/// What became of the last deposit.
#[derive(Debug)]
enum Last {
    /// It is there, or nothing of it is.
    Settled,
    /// No answer came, or none that shows what became of it: it may be there.
    Unanswered(Box<[Envelope; PARCEL_COUNT]>),
    /// Another visit of the same passphrase has put something there.
    Taken,
}

impl<T: Transport> Source<T> {
    /// A source whose newest state is number `number`.
    pub(super) fn at(
        api: Api<T>,
        directory: Directory,
        master: MasterKey,
        circuits: Circuits,
        state: SourceState,
        number: u64,
    ) -> Self {
        api.trust(directory.log_key());
        let (tried, log, last) = (None, RefCell::default(), Last::Settled);
        Self { api, directory, master, circuits, state, number, tried, log, cover_listed: 0, last }
    }

    /// Finds and opens the newest state of a passphrase, looking back from the newest closed epoch. Each list on the
    /// way must be the one in the log, or an older state could be passed off as the newest; and the log must continue
    /// what the state remembers.
    ///
    /// # Errors
    /// Nothing is found, a list is not the logged one, the log contradicts what was seen, or the state does not open.
    /// Nothing was changed.
    pub async fn restore(
        api: Api<T>,
        directory: Directory,
        master: MasterKey,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, SourceError> {
        let circuits = Circuits::new(rng);
        let circuit = circuits.fresh();
        let params = api.params(circuit).await?;
        let watch = LogWatch::new(&api, directory.log_key().clone(), circuit);
        let mut view = match watch.advance(None).await {
            Err(LogFinding::Api(ApiError::Refused { status: 404, .. })) => return Err(SourceError::NothingFound),
            other => other?,
        };
        let ours: BTreeMap<Tag, u64> = (0..STATE_SEARCH).map(|n| (state_drop(&master, n).tag(), n)).collect();
        let wanted = |t: &Tag| ours.get(t).copied();
        let lists = &mut Lists::new(&watch, &mut view);
        let number = board::newest(&api, lists, params.first_epoch, wanted, circuit).await?;
        // The log was asked for last, so it holds every list that is closed: one that it lacks may be the one.
        let (closed, logged) = (params.last_published.unwrap_or(0), view.epoch());
        let number = number.ok_or_else(|| match closed.saturating_sub(logged) {
            0 => SourceError::NothingFound,
            count => LogFinding::ListNotLogged { first: logged.saturating_add(1), count }.into(),
        })?;
        let drop = state_drop(&master, number);
        let body = match api.take(drop.capability(), circuits.fresh()).await? {
            Fetched::Body(body) => body,
            Fetched::Gone => return Err(SourceError::Replaced),
            Fetched::Unknown => return Err(SourceError::Withheld),
        };
        let state = SourceState::read(&master, number, &body)?;
        watch.continues(&mut view, state.log).await?;
        directory.follows(state.charter).map_err(SourceError::Charter)?;
        directory.leads_from(&api, state.charter, circuits.fresh()).await?;
        let mut source = Self::at(api, directory, master, circuits, state, number);
        source.log = RefCell::new(Some(view));
        // The state is listed, so the cover that came with it and before it is.
        source.cover_listed = source.state.cover_next;
        source.destroy_uploads().await;
        Ok(source)
    }

    /// The log as this visit has checked it, or as it is now if an epoch has closed since, checked to continue what
    /// this source saw before; and the oldest epoch that is still listed. `None` before the first epoch has closed.
    pub(super) async fn view(&self, circuit: Circuit) -> Result<Option<(LogView, u64)>, SourceError> {
        let params = self.api.params(circuit).await?;
        let kept = self.log.take();
        if let Some(view) = kept.filter(|v| params.last_published.is_none_or(|last| last <= v.epoch())) {
            return Ok(Some((view, params.first_epoch)));
        }
        let watch = LogWatch::new(&self.api, self.directory.log_key().clone(), circuit);
        match watch.advance(self.state.log).await {
            Err(LogFinding::Api(ApiError::Refused { status: 404, .. })) if self.state.log.is_none() => Ok(None),
            other => Ok(Some((other?, params.first_epoch))),
        }
    }

    /// Destroys on the server the upload secrets whose files were sent, with the cover that came with them. What fails
    /// stays in the state, and the next visit tries again.
    pub(super) async fn destroy_uploads(&mut self) {
        let mut left = Vec::new();
        for number in core::mem::take(&mut self.state.spent_uploads) {
            for place in upload_places(&self.master, number) {
                if self.api.discard(place.capability(), self.circuits.fresh()).await.is_err() {
                    left.push(number);
                    break;
                }
            }
        }
        self.state.spent_uploads = left;
    }

    /// After a failure that may have lost an answer, or that another visit of the same passphrase caused: takes over
    /// the state that the server has, and need not wait for an epoch to close.
    ///
    /// A parcel without an answer is sent again, which changes nothing if it had arrived. The next state's place is
    /// never asked for before something lies there: a server that knew its capability would know the next visit by it.
    ///
    /// Answers whether the message that was tried last had arrived after all; `false` after an act that sends none.
    pub async fn resync(&mut self) -> Result<bool, SourceError> {
        let moved = match core::mem::replace(&mut self.last, Last::Settled) {
            Last::Settled => false,
            Last::Taken => true,
            Last::Unanswered(parcel) => self.send_again(parcel).await?,
        };
        if moved {
            self.move_on().await?;
        } else {
            let current = state_drop(&self.master, self.number);
            self.state = match self.api.take(current.capability(), self.circuits.fresh()).await? {
                Fetched::Body(body) => SourceState::read(&self.master, self.number, &body)?,
                Fetched::Gone => return Err(SourceError::Replaced),
                Fetched::Unknown => return Err(SourceError::Withheld),
            };
        }
        // It may also be in this state without a move: the answer came, and what was to be done after it failed.
        let tried = self.tried.take();
        Ok(tried.is_some_and(|digest| self.state.recent.contains(&digest)))
    }

    /// Whether something lies at the next state's place after this.
    async fn send_again(&mut self, parcel: Box<[Envelope; PARCEL_COUNT]>) -> Result<bool, SourceError> {
        let circuit = self.circuits.fresh();
        let log = self.directory.log_key();
        let sent = async { board::promised(&self.api, log, &self.api.params(circuit).await?, &parcel, circuit).await };
        match sent.await {
            Ok(_) | Err(ApiError::Refused { status: 409, .. }) => Ok(true),
            Err(e) if is_refusal(&e) => Ok(false),
            Err(e) => {
                self.last = Last::Unanswered(parcel);
                Err(e.into())
            }
        }
    }

    /// Takes over the next state, which is known to lie there, and destroys this one.
    async fn move_on(&mut self) -> Result<(), SourceError> {
        let (old, number) = (self.number, self.number + 1);
        // If it is destroyed, another visit is further on. The state of this number may lie there still, and is none to
        // go on from, however often somebody asks.
        self.last = Last::Taken;
        let next = state_drop(&self.master, number);
        self.state = match self.api.take(next.capability(), self.circuits.fresh()).await? {
            Fetched::Body(body) => SourceState::read(&self.master, number, &body)?,
            Fetched::Gone => return Err(SourceError::Replaced),
            Fetched::Unknown => return Err(SourceError::Withheld),
        };
        (self.number, self.last) = (number, Last::Settled);
        self.api.discard(state_drop(&self.master, old).capability(), self.circuits.fresh()).await?;
        Ok(())
    }

    /// Finds a tip that was filed a moment ago under this passphrase, with `number` as its first state, before any list
    /// shows it: for a page that did not get the answer. `None`: it did not arrive, and whatever is filed from here on
    /// begins with the next number, for the place of this one was shown to the server.
    pub async fn just_filed(
        api: Api<T>,
        directory: Directory,
        master: MasterKey,
        number: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<Option<Self>, SourceError> {
        let circuits = Circuits::new(rng);
        let first = state_drop(&master, number);
        let Fetched::Body(body) = api.take(first.capability(), circuits.fresh()).await? else { return Ok(None) };
        let state = SourceState::read(&master, number, &body)?;
        let mut source = Self::at(api, directory, master, circuits, state, number);
        source.destroy_uploads().await;
        Ok(Some(source))
    }

    /// A secret for files that are to go with the next message: the one that an earlier visit left behind, or a new
    /// one.
    pub async fn upload_secret(&self, rng: &mut impl CryptoRng) -> Result<UploadSecret, SourceError> {
        let Self { api, directory, master, circuits, .. } = self;
        UploadSecret::prepare(api, directory, master, self.state.next_upload, circuits, rng).await
    }

    /// The state, for showing.
    pub fn state(&self) -> &SourceState {
        &self.state
    }

    /// The case to which everything that this source says is bound.
    pub(super) fn journal(&self) -> JournalId {
        JournalId(self.state.journal.0)
    }

    /// The key of the programme's log: what another connection to the same server needs.
    pub fn log_key(&self) -> &NoteKey {
        self.directory.log_key()
    }

    /// The programme's id.
    pub fn programme(&self) -> &str {
        self.directory.programme()
    }

    /// Name of an officer.
    pub fn name_of(&self, holder: HolderId) -> String {
        self.directory.name_of(holder)
    }

    /// Writes the state after the current one, with whatever else goes out, and destroys the old one.
    pub(super) async fn save(
        &mut self,
        envelopes: Vec<Envelope>,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<ReceiptFile>, SourceError> {
        let old = self.number;
        let kept = self.deposit_with_state(envelopes, old + 1, None, rng).await?;
        self.number = old + 1;
        self.api.discard(state_drop(&self.master, old).capability(), self.circuits.fresh()).await?;
        self.tried = None;
        Ok(kept)
    }

    /// A parcel of `envelopes` and the state as number `number`, filled up with cover that a later visit fetches.
    fn parcel(
        &mut self,
        mut envelopes: Vec<Envelope>,
        number: u64,
        rng: &mut impl CryptoRng,
    ) -> Result<[Envelope; PARCEL_COUNT], SourceError> {
        while envelopes.len() + 1 < PARCEL_COUNT {
            envelopes.push(envelope::cover_at(&cover_drop(&self.master, self.state.cover_next), rng)?);
            self.state.cover_next += 1;
        }
        envelopes.push(self.state.write(&self.master, number, rng)?);
        Ok(board::parcel(envelopes, rng)?)
    }

    pub(super) async fn deposit_with_state(
        &mut self,
        envelopes: Vec<Envelope>,
        number: u64,
        params: Option<Params>,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<ReceiptFile>, SourceError> {
        let cover = self.state.cover_next;
        let sent = self.try_deposit(envelopes, number, params, rng).await;
        if sent.is_err() {
            // What did not go out is no cover: whatever the next parcel holds begins at the same number.
            self.state.cover_next = cover;
        }
        sent
    }

    async fn try_deposit(
        &mut self,
        envelopes: Vec<Envelope>,
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
        let parcel = self.parcel(envelopes, number, rng)?;
        let promised = match board::promised(&self.api, self.directory.log_key(), &params, &parcel, circuit).await {
            Ok(promised) => promised,
            Err(e) => {
                self.last = match &e {
                    ApiError::Refused { status: 409, .. } => Last::Taken,
                    e if is_refusal(e) => Last::Settled,
                    _ => Last::Unanswered(Box::new(parcel)),
                };
                return Err(e.into());
            }
        };
        self.last = Last::Settled;
        Ok(promised.iter().filter(|(tag, _)| tags.contains(tag)).filter_map(|(_, promise)| promise.file()).collect())
    }
}

/// Whether the server said that it takes no such parcel. What a broken server or a machine before it says tells nothing
/// about what was stored; neither does a wish for patience or for more work.
fn is_refusal(e: &ApiError) -> bool {
    matches!(e.status(), Some(400..=427 | 430..=499 | 507))
}
