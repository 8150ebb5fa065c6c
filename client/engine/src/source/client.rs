//! A source with its state at hand: found again by the passphrase alone, and saved as one more envelope, together with
//! whatever else goes out.

use core::cell::RefCell;
use std::collections::BTreeMap;

use rand_core::CryptoRng;
use subrosa_casework::bytes::Digest;
use subrosa_crypto::{
    log::ReceiptFile,
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
}

impl<T: Transport> Source<T> {
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
        let log = RefCell::new(Some(view));
        let mut source = Self { api, directory, master, circuits, state, number, tried: None, log };
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
    /// Answers whether the message that was tried last had arrived after all; `false` after an act that sends none.
    pub async fn resync(&mut self) -> Result<bool, SourceError> {
        let tried = self.tried.take();
        let arrived = |state: &SourceState| tried.is_some_and(|digest| state.recent.contains(&digest));
        let next = state_drop(&self.master, self.number + 1);
        match self.api.take(next.capability(), self.circuits.fresh()).await? {
            Fetched::Body(body) => {
                self.state = SourceState::read(&self.master, self.number + 1, &body)?;
                let old = self.number;
                self.number = old + 1;
                self.api.discard(state_drop(&self.master, old).capability(), self.circuits.fresh()).await?;
                return Ok(arrived(&self.state));
            }
            // Another visit is further on. The state of this number may lie there still, and is none to go on from.
            Fetched::Gone => return Err(SourceError::Replaced),
            Fetched::Unknown => {}
        }
        let current = state_drop(&self.master, self.number);
        self.state = match self.api.take(current.capability(), self.circuits.fresh()).await? {
            Fetched::Body(body) => SourceState::read(&self.master, self.number, &body)?,
            Fetched::Gone => return Err(SourceError::Replaced),
            Fetched::Unknown => return Err(SourceError::Withheld),
        };
        // The answer came, and what was to be done after it failed: then the message is in this state.
        Ok(arrived(&self.state))
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
        let mut source = Self { api, directory, master, circuits, state, number: 0, tried: None, log: RefCell::default() };
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
        let promised = board::promised(&self.api, self.directory.log_key(), &params, &parcel, circuit).await?;
        Ok(promised.iter().filter(|(tag, _)| tags.contains(tag)).filter_map(|(_, promise)| promise.file()).collect())
    }
}
