//! A source with its state at hand: found again by the passphrase alone, and saved as one more envelope, together with
//! whatever else goes out.

use std::collections::BTreeMap;

use rand_core::CryptoRng;
use subrosa_casework::bytes::Digest;
use subrosa_crypto::{
    envelope,
    log::{self, NoteKey, ReceiptFile},
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
    transport::Transport,
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
    /// Cover before this number is listed, and may be fetched in this visit.
    pub(super) cover_listed: u64,
    last: Last,
}

/// What became of the last deposit.
#[derive(Debug)]
enum Last {
    /// It is there, or nothing of it is.
    Settled,
    /// No answer came: it may be there.
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
        Self { api, directory, master, circuits, state, number, cover_listed: 0, last: Last::Settled }
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
        let mut source = Self::at(api, directory, master, circuits, state, number);
        // The state is listed, so the cover that came with it and before it is.
        source.cover_listed = source.state.cover_next;
        source.destroy_uploads().await;
        Ok(source)
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
    /// Answers whether what was tried last is there now.
    pub async fn resync(&mut self) -> Result<bool, SourceError> {
        let tried = self.state.recent.last().copied();
        let moved = match core::mem::replace(&mut self.last, Last::Settled) {
            Last::Settled => false,
            Last::Taken => true,
            Last::Unanswered(parcel) => self.send_again(parcel).await?,
        };
        if moved {
            return self.move_on(tried).await;
        }
        let current = state_drop(&self.master, self.number);
        self.state = match self.api.take(current.capability(), self.circuits.fresh()).await? {
            Fetched::Body(body) => SourceState::read(&self.master, self.number, &body)?,
            Fetched::Gone => return Err(SourceError::Replaced),
            Fetched::Unknown => return Err(SourceError::Withheld),
        };
        Ok(false)
    }

    /// Whether something lies at the next state's place after this.
    async fn send_again(&mut self, parcel: Box<[Envelope; PARCEL_COUNT]>) -> Result<bool, SourceError> {
        let circuit = self.circuits.fresh();
        let sent = async { board::deposit(&self.api, &self.api.params(circuit).await?, &parcel, circuit).await };
        match sent.await {
            Ok(_) | Err(ApiError::Refused { status: 409, .. }) => Ok(true),
            Err(e @ ApiError::Transport(_)) => {
                self.last = Last::Unanswered(parcel);
                Err(e.into())
            }
            Err(_) => Ok(false),
        }
    }

    /// Takes over the next state, which is known to lie there, and destroys this one.
    async fn move_on(&mut self, tried: Option<Digest>) -> Result<bool, SourceError> {
        let (old, number) = (self.number, self.number + 1);
        let next = state_drop(&self.master, number);
        self.state = match self.api.take(next.capability(), self.circuits.fresh()).await? {
            Fetched::Body(body) => SourceState::read(&self.master, number, &body)?,
            Fetched::Gone => return Err(SourceError::Replaced),
            Fetched::Unknown => return Err(SourceError::Withheld),
        };
        self.number = number;
        self.api.discard(state_drop(&self.master, old).capability(), self.circuits.fresh()).await?;
        Ok(tried.is_some_and(|digest| self.state.recent.contains(&digest)))
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
        let response = match board::deposit(&self.api, &params, &parcel, circuit).await {
            Ok(response) => response,
            Err(e) => {
                self.last = match &e {
                    ApiError::Transport(_) => Last::Unanswered(Box::new(parcel)),
                    ApiError::Refused { status: 409, .. } => Last::Taken,
                    _ => Last::Settled,
                };
                return Err(e.into());
            }
        };
        self.last = Last::Settled;
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
