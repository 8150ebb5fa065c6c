//! What all requests share.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError, RwLock},
    time::{Duration, Instant},
};

use bytes::Bytes;
use subrosa_crypto::{
    kdf,
    log::{NoteAlgorithm, NoteKey, NoteKeyError, Tile, leaf_data},
    secret::Secret32,
    sign::{SigningKey, VerifyingKey},
    wire::{LeafKind, Receipt},
};
use subrosa_templates::Language;
use thiserror::Error;

use crate::{
    assets::{Assets, AssetsError},
    books::BookKeeper,
    chain::Records,
    directory::{Directory, DirectoryError},
    log_batch,
    metrics::Counters,
    packed::Packed,
    policies::PolicyFiles,
    random::fresh,
    recent::Recent,
    spool::Spool,
    store::{LeafData, Store, StoreError},
    work::{Challenges, Pricing, Published},
};

/// How a server behaves; everything but where it listens and stores.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The programme's id: separates keys of different programmes and names the log.
    pub programme: String,
    /// The offline key that signs charters.
    pub root_key: VerifyingKey,
    /// Where the operator keeps policy files that are not built in.
    pub policies: Option<std::path::PathBuf>,
    /// Where submissions of the sealed intake wait; without it the intake is closed.
    pub sealed_spool: Option<std::path::PathBuf>,
    /// Where the `subrosa` program lies, for people to download.
    pub downloads: Option<std::path::PathBuf>,
    /// Where the page's program lies, if it is installed.
    pub web: Option<std::path::PathBuf>,
    /// How long an epoch takes deposits. Epochs close at multiples of it, counted from 1970.
    pub epoch: Duration,
    /// The price of deposits, blobs and requests for keys.
    pub pricing: Pricing,
    /// Bodies and lists are destroyed this many epochs after their own; never if `None`.
    pub retention_epochs: Option<u64>,
    /// A request's body must arrive within this time, and one second more for every [`Settings::floor`] bytes of it.
    pub body_timeout: Duration,
    /// Bytes a second, at least, that bodies must come with and answers must be taken with.
    pub floor: usize,
    /// A request's head must arrive within this time.
    pub head_timeout: Duration,
    /// Memory for all request bodies under way that came through one listener: bytes. An eighth is kept for short
    /// ones, a quarter for routes that only people in the charter have a use for.
    pub body_memory: usize,
    /// Memory for long answers on their way through one listener: bytes.
    pub answer_memory: usize,
    /// Open connections, for each of the [`Settings::workers`] threads. When there are more, the idlest is closed.
    pub connections: usize,
    /// Whether Tor says in front of each connection on which circuit it came (`HiddenServiceExportCircuitID haproxy`).
    pub tor_circuits: bool,
    /// Threads that serve requests.
    pub workers: usize,
    /// An idle connection is kept this long at least. It is longer than any client keeps one on its side (90 seconds in
    /// `subrosa`, 115 in Tor Browser), so that no request is sent into a connection that is just being closed; and the
    /// answer announces a little less ([`Settings::announced_keep_alive`]).
    pub keep_alive: Duration,
    /// How long requests under way may take once the server was told to stop.
    pub stop_timeout: Duration,
}

impl Settings {
    /// Production's settings for a programme.
    pub fn new(programme: impl Into<String>, root_key: VerifyingKey) -> Self {
        Self {
            programme: programme.into(),
            root_key,
            policies: None,
            sealed_spool: None,
            downloads: None,
            web: None,
            epoch: Duration::from_secs(300),
            pricing: Pricing::default(),
            retention_epochs: Some(90 * 24 * 12),
            body_timeout: Duration::from_secs(15),
            floor: 4 * 1024,
            head_timeout: Duration::from_secs(20),
            body_memory: 48 * 1024 * 1024,
            answer_memory: 48 * 1024 * 1024,
            connections: 2000,
            tor_circuits: false,
            workers: 2,
            keep_alive: Duration::from_secs(150),
            stop_timeout: Duration::from_secs(30),
        }
    }

    /// What every answer announces: whole seconds after which the client itself should let an idle connection go. A
    /// fifth less than the connection is kept, for requests that are under way when the time is up.
    pub fn announced_keep_alive(&self) -> u64 {
        self.keep_alive.as_secs() / 5 * 4
    }

    /// The log's name in checkpoints and key lines.
    pub fn log_origin(&self) -> String {
        log_batch::origin(&self.programme)
    }
}

/// Why a server did not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The store does not open or answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The stored charter does not verify under the configured root key.
    #[error(
        "the data directory does not fit the configured root key and programme: {0}. It belongs to another programme, or \
         an option is mistyped"
    )]
    Charter(#[from] DirectoryError),
    /// The page's program is not what it should be.
    #[error("the page's program cannot be served: {0}")]
    Assets(#[from] AssetsError),
    /// The address cannot be listened on.
    #[error("cannot listen on {0}: {1}")]
    Listen(String, std::io::Error),
    /// The address can be reached from other machines.
    #[error(
        "{0} is not a loopback address: this server belongs behind an onion service. Listen on 127.0.0.1, [::1] or \
         unix:/path, or say --i-know-this-is-not-behind-tor"
    )]
    Exposed(String),
    /// The sealed intake's folder cannot be used.
    #[error("the sealed intake's folder {0} cannot be used: {1}")]
    Spool(std::path::PathBuf, std::io::Error),
    /// The system refused a thread.
    #[error("cannot start: {0}")]
    System(std::io::Error),
}

/// A charter's version, and the edition of the policy files.
pub(crate) type Edition = (u64, u64);

/// The state behind every route.
pub struct App<S: Store> {
    settings: Settings,
    store: Arc<S>,
    log_key: SigningKey,
    salt_secret: Secret32,
    started: Instant,
    directory: RwLock<Option<Arc<Directory>>>,
    pub(crate) policies: PolicyFiles,
    /// The sealed intake, if it is open.
    pub(crate) spool: Option<Spool>,
    pub(crate) books: BookKeeper,
    pub(crate) records: Records,
    pub(crate) assets: Option<Assets>,
    /// The page for filing a tip, by language, and the edition of charter and policy files of which it tells.
    pub(crate) tip_pages: Mutex<BTreeMap<Language, (Edition, Packed)>>,
    pub(crate) challenges: Challenges,
    pub(crate) lists: Recent<u64, (Bytes, Bytes)>,
    pub(crate) tiles: Recent<Tile, Bytes>,
    pub(crate) counters: Counters,
    /// Held while a charter is verified and stored, so that versions follow each other.
    pub(crate) charter_turn: tokio::sync::Mutex<()>,
}

impl<S: Store> App<S> {
    /// Loads the server's keys (made at the first start) and the newest charter from the store.
    pub async fn load(store: Arc<S>, settings: Settings) -> Result<Self, StartError> {
        let log_key = log_key(store.as_ref()).await?;
        log_batch::check(store.as_ref(), &log_key, &log_batch::origin(&settings.programme)).await?;
        let salt_secret = Secret32::new(store.secret_or_insert("leaf-salt", fresh()).await?);
        let spool = match &settings.sealed_spool {
            Some(folder) => Some(Spool::open(folder).map_err(|e| StartError::Spool(folder.clone(), e))?),
            None => None,
        };
        let policies = PolicyFiles::open(settings.policies.clone());
        let assets = settings.web.as_deref().map(Assets::read).transpose()?;
        let newest = store.charter(None).await?.map_or(0, |(version, _)| version);
        let mut directory: Option<Arc<Directory>> = None;
        for version in 1..=newest {
            let Some((_, bytes)) = store.charter(Some(version)).await? else { continue };
            let (root, programme) = (&settings.root_key, settings.programme.as_str());
            let verified = Directory::verify_stored(root, programme, &bytes, directory.as_deref())?;
            policies.name(&verified.policies);
            directory = Some(Arc::new(verified));
        }
        let challenges = Challenges::new(settings.pricing, settings.epoch);
        if let Some(signed) = log_batch::newest(store.as_ref(), &log_key, &settings.log_origin()).await? {
            let note = String::from_utf8_lossy(&signed.to_bytes()).into_owned();
            challenges.begin_with(signed.size(), signed.root(), Published { epoch: signed.epoch(), note });
        }
        Ok(Self {
            challenges,
            store,
            log_key,
            salt_secret,
            started: Instant::now(),
            directory: RwLock::new(directory),
            policies,
            spool,
            books: BookKeeper::default(),
            records: Records::default(),
            tip_pages: Mutex::default(),
            assets,
            lists: Recent::new(32 * 1024 * 1024),
            tiles: Recent::new(8 * 1024 * 1024),
            counters: Counters::new(),
            charter_turn: tokio::sync::Mutex::new(()),
            settings,
        })
    }

    /// The store behind all requests.
    pub fn store(&self) -> &S {
        &self.store
    }

    /// The settings that the server was started with.
    pub fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The public half of the log key.
    pub fn log_verifying_key(&self) -> VerifyingKey {
        self.log_key.verifying_key()
    }

    pub(crate) fn log_key(&self) -> &SigningKey {
        &self.log_key
    }

    /// Milliseconds since the start, on a clock that never jumps.
    pub(crate) fn uptime(&self) -> u64 {
        u64::try_from(self.started.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    /// Who is who, as of the newest charter; `None` before the first one.
    pub(crate) fn directory(&self) -> Option<Arc<Directory>> {
        self.directory.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Takes over a charter that was just stored. The policies that it names may have been put there a moment before.
    pub(crate) fn set_directory(&self, directory: Directory) {
        self.policies.name(&directory.policies);
        self.policies.read();
        *self.directory.write().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(directory));
    }

    /// The salt and leaf of an object. The salt depends on nothing but the object and a secret, so that a repeated
    /// deposit gets the same receipt.
    pub(crate) fn salted_leaf(&self, kind: LeafKind, object_digest: &[u8; 32]) -> ([u8; 32], LeafData) {
        let salt = *kdf::derive(b"", self.salt_secret.expose(), "subrosa/leaf-salt/v1", &[object_digest]).expose();
        (salt, leaf_data(kind, &salt, object_digest))
    }

    /// Promises that `leaf` will be in the log when `epoch` closes.
    pub(crate) fn receipt(&self, salt: [u8; 32], leaf: &LeafData, epoch: u64) -> Receipt {
        log_batch::receipt(&self.log_key, salt, leaf, epoch)
    }
}

/// The log's private key in this store, made at the first call.
pub async fn log_key<S: Store>(store: &S) -> Result<SigningKey, StoreError> {
    let seed = store.secret_or_insert("log-key", fresh()).await?;
    Ok(SigningKey::from_seed(&Secret32::new(seed)))
}

/// The log's public key as a C2SP key line, for charters and auditors.
pub fn log_key_line(programme: &str, key: VerifyingKey) -> Result<String, NoteKeyError> {
    Ok(NoteKey::new(&log_batch::origin(programme), NoteAlgorithm::Ed25519, key)?.to_string())
}
