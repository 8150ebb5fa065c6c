//! A source with its state at hand: found again by the passphrase alone, and saved as one more envelope, together with
//! whatever else goes out.

use std::collections::BTreeMap;

use rand_core::CryptoRng;
use subrosa_crypto::{
    log::{self, NoteKey, ReceiptFile},
    passphrase::MasterKey,
    sign::HolderId,
    wire::{Envelope, JournalId, Tag},
};

use super::{
    error::SourceError,
    state::{STATE_SEARCH, SourceState, state_drop},
    upload::{UploadSecret, upload_drop},
};
use crate::{
    api::{Api, Fetched, Params},
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
}

impl<T: Transport> Source<T> {
    /// Finds and opens the newest state of a passphrase, looking back from the newest closed epoch.
    pub async fn restore(
        api: Api<T>,
        directory: Directory,
        master: MasterKey,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, SourceError> {
        api.trust(directory.log_key());
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
    pub(super) async fn destroy_uploads(&mut self) {
        let mut left = Vec::new();
        for number in core::mem::take(&mut self.state.spent_uploads) {
            let place = upload_drop(&self.master, number);
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
        api.trust(directory.log_key());
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

    pub(super) async fn deposit_with_state(
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
