//! What an officer's keystore holds: the officer's own keys, the cases on the desk, and what is on its way in or out.

use std::sync::Arc;

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use subrosa_casework::{bytes::Digest, heads::Views, journal::Replay, role::RoleName};
use subrosa_crypto::{
    charter::RootKey,
    delivery::Capability,
    intake::IntakeIdentity,
    ratchet,
    secret::Secret32,
    sign::VerifyingKey,
    wire::{CapHash, Envelope},
};

use super::{
    context::DeskContext,
    error::OfficerError,
    heads::Leaves,
    journal::{Hand, JournalAccessKeys},
    plan::Waiting,
    shelf::Shelf,
};
use crate::{
    api::Api,
    board::Circuits,
    directory::Directory,
    log_watch::LogWatch,
    mailbox::Identity,
    message::CaseHandover,
    sealed,
    session::{Member, Session},
    transport::Transport,
};

/// Content that was opened and is not in the journal yet.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Pending {
    #[serde(with = "serde_bytes")]
    pub(super) body: Vec<u8>,
    pub(super) epoch: u64,
}

/// A parcel on its way to the source.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Outgoing {
    pub(super) case: Digest,
    #[serde(with = "serde_bytes")]
    pub(super) envelope: Vec<u8>,
}

impl Outgoing {
    /// The digest of the capability of the place where it will lie.
    pub(super) fn cap_hash(&self) -> Option<CapHash> {
        Envelope::decode(&self.envelope).ok().map(|e| e.cap_hash)
    }
}

/// A case on this desk.
#[derive(Serialize, Deserialize)]
pub struct DeskCase {
    /// Access to the journal; `None` once the case was purged.
    pub journal: Option<JournalAccessKeys>,
    pub(super) session: Option<ratchet::Session>,
    pub(super) pending: Vec<Pending>,
    /// What was sent to the source: purging destroys what is still unread.
    pub(super) sent: Vec<Capability>,
    /// The source's claim key, for a case whose source wrote to this officer.
    pub(super) claim_key: Option<VerifyingKey>,
    /// What a purge leaves: the journal's name and the evidence digests.
    #[serde(with = "subrosa_crypto::encoding_hex")]
    pub(super) id: [u8; 32],
    pub(super) remains: Vec<Digest>,
}

impl DeskCase {
    /// Destroys what would read on after this officer has left the case: the conversation, and what it brought.
    pub(super) fn leave(&mut self) {
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

/// What an officer's keystore holds.
#[derive(Serialize, Deserialize)]
pub struct Desk {
    /// The officer's own keys, and how far the board was read with them.
    pub identity: Identity,
    /// The newest charter seen.
    pub charter: Option<(u64, [u8; 32])>,
    /// Every case that came to this desk; of a purged one, what a purge leaves.
    pub cases: Vec<DeskCase>,
    pub(super) outbox: Vec<Outgoing>,
    /// What sealed submissions are opened with, if this officer's recipients are published.
    #[serde(default)]
    pub(super) intake: Option<IntakeIdentity>,
    /// Sealed submissions that were not opened yet.
    #[serde(default)]
    pub(super) sealed: Vec<sealed::Waiting>,
    /// Cases that colleagues handed over and that were not read yet.
    #[serde(default)]
    pub(super) handed: Vec<CaseHandover>,
    /// The newest charter's note, so that acts can be made while the server cannot be reached.
    #[serde(default, with = "serde_bytes")]
    charter_note: Vec<u8>,
    #[serde(default)]
    pub(super) waiting: Vec<Waiting>,
    #[serde(default)]
    pub(super) next_waiting: u64,
    /// Letters of colleagues that were not looked at yet.
    #[serde(default)]
    pub(super) letters: Vec<Views>,
    /// When this desk has written to its colleagues last, and a digest of what.
    #[serde(default)]
    pub(super) written: Option<(u64, Digest)>,
    /// Where journals are kept that were read.
    #[serde(skip)]
    pub(super) shelf: Option<Arc<dyn Shelf>>,
}

impl core::fmt::Debug for Desk {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Desk({}, {} cases, [redacted])", self.identity.name, self.cases.len())
    }
}

impl Member for Desk {
    fn identity(&mut self) -> &mut Identity {
        &mut self.identity
    }
}

impl Desk {
    /// A desk with fresh keys and without a case.
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
            letters: Vec::new(),
            written: None,
            shelf: None,
        }
    }

    /// Remembers a verified charter: what the next one must follow, and who is who while the server cannot be reached.
    pub fn remember(&mut self, directory: &Directory) {
        self.charter = Some(directory.seen());
        self.charter_note = directory.charter().bytes().to_vec();
    }

    /// The charter of the last visit, verified again: enough to plan acts while the server cannot be reached.
    pub fn kept_directory(&self, root: &RootKey, now: u64) -> Result<Directory, OfficerError> {
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

    /// Fetches the leaves that are new in the log since the cases were compared with it. Once [`Desk::watch_log`] has
    /// looked, and before a case is read.
    pub(super) async fn new_leaves<T: Transport, R>(&mut self, s: &mut Session<'_, T, R>) -> Result<(), OfficerError> {
        s.leaves = None;
        let Some((seen, _)) = self.identity.log_seen() else { return Ok(()) };
        let compared = self.cases.iter().filter_map(|c| c.journal.as_ref()?.watch.compared());
        let leaves = match compared.min() {
            None => Leaves::none(seen),
            Some(from) => {
                let circuit = s.circuits.fresh();
                // Asked before the checkpoint, which so covers at least what is closed by now.
                let closed = s.api.params(circuit).await?.last_published.unwrap_or(0);
                let watch = LogWatch::new(s.api, s.directory.charter().log_key().clone(), circuit);
                let view = self.identity.follow_log(&watch).await?;
                Leaves::fetch(&watch, view, from, closed).await?
            }
        };
        s.leaves = Some(Arc::new(leaves));
        Ok(())
    }

    pub(super) fn hand<'c, T, R>(&self, ctx: &'c DeskContext, s: &Session<'_, T, R>) -> Hand<'c> {
        self.hand_at(ctx, s.clock, s.leaves.clone())
    }

    fn hand_at<'c>(&self, ctx: &'c DeskContext, now: u64, leaves: Option<Arc<Leaves>>) -> Hand<'c> {
        let shelf = self.shelf.clone();
        Hand { signer: self.identity.signer(), wrap: self.identity.wrap_key(), ctx, now, shelf, leaves }
    }

    /// Keeps journals on a shelf from here on, and reads from there what lies on it.
    pub fn keep_on(&mut self, shelf: Arc<dyn Shelf>) {
        self.shelf = Some(shelf);
    }

    /// A case as it was read last, without the server; `None` if nothing of it is kept.
    pub fn recall(&self, case: usize, ctx: &DeskContext, now: u64) -> Option<Replay> {
        self.cases.get(case)?.journal.as_ref()?.recall(&self.hand_at(ctx, now, None))
    }

    /// The key of this desk's local search index.
    pub fn index_key(&self) -> Secret32 {
        self.identity.local_key("subrosa/desk-index-key/v1")
    }

    /// The key under which this desk's shelf names its files.
    pub fn shelf_key(&self) -> Secret32 {
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
}
