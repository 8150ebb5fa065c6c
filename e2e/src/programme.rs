//! A programme: keys, charter, server, and everybody's desks.

use std::{
    path::PathBuf,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use anyhow::{Context, Result, bail};
use rand_core::{CryptoRng, Rng, UnwrapErr};
use subrosa_casework::policy::Policy;
use subrosa_crypto::{
    charter::{CharterDocument, Format, LogEntry, NoteKeyText, Officer, Role, RootKey},
    log::{NoteKey, charter_digest},
    passphrase::{MasterKey, Passphrase},
    secret::Secret32,
    sign::SigningKey,
    token::KeysetEntry,
    wire::BundleStock,
};
use subrosa_engine::{
    api::Api,
    board::Circuits,
    directory::Directory,
    history::History,
    officer::{Desk, DeskContext},
    session::{Keystore, NotSaved},
    transport::Circuit,
    treasury::{
        PaymentError, Treasury,
        public::PublicView,
        rail::{Details, Rail as _, pain001::Sepa},
    },
};

use crate::{
    server::{Server, ServerOptions},
    stage::PATIENCE,
    wire::Wire,
};

/// The programme's id in every proof.
pub const PROGRAMME: &str = "proofs.example";
/// The officers' names and roles, in the desks' order.
pub const OFFICERS: [(&str, &[Role]); 3] = [
    ("Adaeze Triage-Adjudicator", &[Role::Intake, Role::Triager, Role::Adjudicator]),
    ("Bogdan Triage-Adjudicator", &[Role::Intake, Role::Triager, Role::Adjudicator]),
    ("Chiyoko Investigator", &[Role::Intake, Role::Investigator]),
];
/// The administrators' names, in the order of their issuer numbers.
pub const ADMINISTRATORS: [&str; 3] = ["Dilnoza Treasury", "Emeka Treasury", "Freya Treasury"];

/// The system's randomness.
pub fn rng() -> impl CryptoRng {
    UnwrapErr(getrandom::SysRng)
}

/// So many bytes from the system's randomness.
pub fn random_bytes(len: usize) -> Vec<u8> {
    let mut out = vec![0; len];
    rng().fill_bytes(&mut out);
    out
}

/// The wall clock: Unix seconds.
pub fn wall_clock() -> u64 {
    SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_secs())
}

/// A fresh passphrase with its master key.
pub fn new_source() -> (Passphrase, MasterKey) {
    let passphrase = Passphrase::generate(&mut rng());
    let master = passphrase.master_key(PROGRAMME);
    (passphrase, master)
}

/// A copy of anything that a keystore holds, made as a keystore makes it: written and read again.
pub fn stored<T: serde::Serialize + serde::de::DeserializeOwned>(value: &T) -> Result<T> {
    let mut bytes = Vec::new();
    ciborium::into_writer(value, &mut bytes)?;
    Ok(ciborium::from_reader(bytes.as_slice())?)
}

/// Contents that are "saved" as [`stored`] does it: whatever a file would not keep is lost.
#[derive(Debug)]
pub struct Stored<'c, C>(pub &'c mut C);

impl<C: serde::Serialize + serde::de::DeserializeOwned> Keystore for Stored<'_, C> {
    type Contents = C;

    fn contents(&mut self) -> &mut C {
        self.0
    }

    fn save<R: CryptoRng>(&mut self, _rng: &mut R) -> Result<(), NotSaved> {
        *self.0 = stored(self.0).map_err(|e| NotSaved(e.to_string()))?;
        Ok(())
    }
}

/// Everything at hand.
#[derive(Debug)]
pub struct Programme {
    /// The offline root key.
    pub root: SigningKey,
    /// The server that runs; it ends with the programme.
    pub server: Server,
    /// The server's options, to start it again.
    pub options: ServerOptions,
    /// The wire that everybody uses.
    pub wire: Wire,
    /// The officers' desks, in the order of [`OFFICERS`].
    pub desks: Vec<Desk>,
    /// The administrators' keystores, in the order of [`ADMINISTRATORS`].
    pub treasuries: Vec<Treasury>,
    /// The bounty policy.
    pub policy: Policy,
    /// The newest charter as it was signed.
    pub charter: CharterDocument,
    /// The same charter, signed by the root key, as the server publishes it.
    pub charter_bytes: Vec<u8>,
    /// What everybody takes for the time; moved by hand where months must pass.
    pub now: u64,
    /// Circuits for officers and administrators.
    pub circuits: Circuits,
    dir: tempfile::TempDir,
}

/// One, two, five, from one euro to a million, in cents.
pub fn denominations() -> Vec<u64> {
    let small = (0..6u32).flat_map(|k| [1, 2, 5].map(|d| d * 100 * 10u64.pow(k)));
    small.chain([100_000_000]).collect()
}

/// Version 1 of the charter, still unsigned: these people, and a log with this public key.
fn first_charter(log: NoteKey, desks: &[Desk], treasuries: &[Treasury], now: u64) -> Result<CharterDocument> {
    let mut charter = CharterDocument {
        format: Format,
        version: 1,
        programme_id: PROGRAMME.into(),
        programme: "Proofs".into(),
        notice: "This programme exists for proofs alone.".into(),
        previous: [0; 32],
        issued: now,
        expires: now + 40 * 365 * 86_400,
        epoch_seconds: 1,
        log: LogEntry { origin: format!("{PROGRAMME}/log"), key: NoteKeyText(log) },
        witnesses: Vec::new(),
        addresses: Vec::new(),
        officers: Vec::new(),
        administrators: Vec::new(),
        threshold: 2,
        last_number: 3,
        keysets: vec![keyset(treasuries, 1, 2, now)?],
        policies: Vec::new(),
    };
    for (desk, (name, roles)) in desks.iter().zip(OFFICERS) {
        let keys = desk.identity.public()?.keys;
        charter.officers.push(Officer { name: name.into(), roles: roles.to_vec(), keys });
    }
    for treasury in treasuries {
        charter.administrators.push(treasury.public(1)?.administrator());
    }
    Ok(charter)
}

/// The keyset that these administrators sign, redeemed by `threshold` of them and accepted for fifty years.
pub fn keyset<'t>(
    treasuries: impl IntoIterator<Item = &'t Treasury>,
    number: u32,
    threshold: u8,
    now: u64,
) -> Result<KeysetEntry> {
    let mut signers = Vec::new();
    for treasury in treasuries {
        signers.push(treasury.public(number)?.signer());
    }
    Ok(KeysetEntry { number, threshold, accept_until: now + 50 * 365 * 86_400, signers })
}

impl Programme {
    /// Makes everybody's keys, starts the server with epochs of `epoch_millis`, publishes the charter and everybody's
    /// bundles.
    pub async fn start(epoch_millis: u64) -> Result<Self> {
        Self::start_with(epoch_millis, |_| Ok(())).await
    }

    /// As [`Programme::start`]; `change` sees the charter before it is signed.
    pub async fn start_with(
        epoch_millis: u64,
        change: impl FnOnce(&mut CharterDocument) -> Result<()>,
    ) -> Result<Self> {
        let dir = tempfile::tempdir()?;
        let root = SigningKey::from_seed(&Secret32::random(&mut rng()));
        let options = ServerOptions {
            data_dir: dir.path().join("server"),
            programme: PROGRAMME.into(),
            root: root.verifying_key(),
            epoch_millis,
        };
        let log = Server::log_key(&options)?;
        let desks: Vec<Desk> = OFFICERS.iter().map(|(name, _)| Desk::generate(name, &mut rng())).collect();
        let treasuries: Vec<Treasury> = ADMINISTRATORS
            .iter()
            .zip(1..)
            .map(|(name, number)| Treasury::generate(name, PROGRAMME, number, denominations(), &mut rng()))
            .collect::<Result<_, _>>()?;
        let now = wall_clock();
        let mut charter = first_charter(log, &desks, &treasuries, now)?;
        change(&mut charter)?;
        let charter_bytes = charter.sign(&root)?;
        let server = Server::start(&options)?;
        let wire = Wire::new(&server.url)?;
        let policy = Policy::PRESETS.iter().find(|(name, _)| *name == "eu-pilot").context("no default policy")?;
        let mut programme = Self {
            root,
            server,
            options,
            wire,
            desks,
            treasuries,
            policy: Policy::from_toml(policy.1)?,
            charter,
            charter_bytes,
            now,
            circuits: Circuits::new(&mut rng()),
            dir,
        };
        let bytes = programme.charter_bytes.clone();
        programme.api().publish_charter(bytes, Circuit(0)).await?;
        programme.publish_bundles().await?;
        Ok(programme)
    }

    /// A fresh directory that ends with the programme.
    pub fn directory_for(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// The server over the common wire.
    pub fn api(&self) -> Api<Wire> {
        let api = Api::new(self.wire.clone());
        api.trust(&self.charter.log.key.0);
        api
    }

    /// The root key's public half.
    pub fn root_key(&self) -> RootKey {
        RootKey(self.root.verifying_key())
    }

    /// The key of the log, by the newest charter.
    pub fn log_key(&self) -> &NoteKey {
        &self.charter.log.key.0
    }

    /// The newest charter's people, fetched anew: what a source looks at.
    pub async fn newest(&self) -> Result<Directory> {
        Ok(Directory::fetch(&self.api(), &self.root_key(), self.now, None, self.circuits.fresh()).await?)
    }

    /// Everybody that any charter named, fetched anew.
    pub async fn directory(&self) -> Result<History> {
        Ok(History::fetch(&self.api(), &self.root_key(), self.now, None, self.circuits.fresh()).await?)
    }

    /// What decisions look at.
    pub fn context(&self, directory: &History) -> DeskContext {
        DeskContext::new(directory, subrosa_casework::case::Programme::default(), vec![self.policy.clone()])
    }

    /// The programme's own bank account.
    pub fn debtor(&self) -> Result<Details, PaymentError> {
        let stated = |name: &str| match name {
            "debtor-name" => Some("Proofs Programme"),
            "debtor-iban" => Some("DE89370400440532013000"),
            "debtor-bic" => Some("COBADEFF"),
            _ => None,
        };
        Details::typed(Sepa.debtor(), |f| stated(f.name).map(ToOwned::to_owned))
    }

    /// Makes and publishes what is missing of everybody's bundles, up to the target.
    pub async fn publish_bundles(&mut self) -> Result<()> {
        let api = self.api();
        let identities = self.desks.iter_mut().map(|d| &mut d.identity);
        for identity in identities.chain(self.treasuries.iter_mut().map(|t| &mut t.identity)) {
            let now = wall_clock();
            let empty = BundleStock { one_time: 0, fallback: false };
            if let Some(publish) = identity.restock(empty, now, &mut rng())? {
                api.publish_bundles(&publish, self.circuits.fresh()).await?;
            }
        }
        Ok(())
    }

    /// Signs and publishes the next version of the charter.
    pub async fn next_charter(&mut self, change: impl FnOnce(&mut CharterDocument)) -> Result<()> {
        self.charter.previous = charter_digest(&self.charter_bytes);
        self.charter.version += 1;
        change(&mut self.charter);
        self.charter_bytes = self.charter.sign(&self.root)?;
        self.api().publish_charter(self.charter_bytes.clone(), self.circuits.fresh()).await?;
        Ok(())
    }

    /// Waits until everything that is on the board now is listed.
    pub async fn next_epoch(&self) -> Result<()> {
        let api = self.api();
        let open = api.params(Circuit(0)).await?.epoch;
        let began = Instant::now();
        while api.params(Circuit(0)).await?.last_published.is_none_or(|last| last < open) {
            if began.elapsed() > PATIENCE {
                bail!("the epoch does not close");
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    /// Everything public, checked.
    pub async fn view(&self) -> Result<PublicView> {
        Ok(PublicView::fetch(&self.api(), &self.directory().await?, self.circuits.fresh()).await?)
    }

    /// Starts the server again, on the same data; the wire goes to the new address and has no taps.
    pub fn restart(&mut self) -> Result<()> {
        self.server = Server::start(&self.options)?;
        self.wire = Wire::new(&self.server.url)?;
        Ok(())
    }
}
