//! The policies of a verified charter: regime packs and bounty policies, fetched by digest and checked against it.
//!
//! Spec: `docs/spec/charter.md`, section "Policies". A reader always fetches **all** policies of the kinds that it can
//! use, never the one that it needs: a server that saw a single pack being asked for would know what the tip is about.

use std::collections::BTreeMap;

use futures_util::future::try_join_all;
use subrosa_casework::{
    case::Pinned,
    policy::Policy,
    regime::{BUILT_IN, Pack},
};
use subrosa_crypto::kdf;
use thiserror::Error;

use crate::{
    api::{Api, ApiError},
    directory::{Directory, NamedPolicy},
    history::History,
    transport::{Circuit, Transport},
};

/// What regime packs are called in a charter: this, and the pack's id.
pub const REGIME: &str = "regime/";
/// What bounty policies are called in a charter: this, and the policy's id.
pub const BOUNTY: &str = "bounty/";

/// Why there are no policies.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PoliciesError {
    /// No answer.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The server does not hand out what the charter names.
    #[error(
        "the charter names `{0}`, but the server does not hand it out; it may be withholding it. Try again later, or tell the programme"
    )]
    Withheld(String),
    /// The server hands out other bytes.
    #[error(
        "the server's copy of `{0}` is not the one that the charter commits to. Do not use this server before you have told the programme"
    )]
    Altered(String),
}

/// A policy whose bytes are the charter's, but which this program cannot use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unusable {
    /// Its name in the charter.
    pub name: String,
    /// What is wrong with it, with line and field where there are such.
    pub problem: String,
}

/// The regime packs and bounty policies of a charter. Every byte was checked against a digest that the root key signed.
#[derive(Debug, Clone, Default)]
pub struct Policies {
    packs: Vec<Pack>,
    earlier_packs: Vec<Pack>,
    bounty: Vec<Policy>,
    earlier_bounty: Vec<Policy>,
    sha256: BTreeMap<String, [u8; 32]>,
    unusable: Vec<Unusable>,
    files: Vec<Vec<u8>>,
}

/// The packs and presets that come with the program, for [`Policies::fetch`]'s `held`: what a program holds already it
/// need not ask for.
pub fn built_in() -> Vec<&'static [u8]> {
    BUILT_IN.iter().chain(Policy::PRESETS.iter()).map(|(_, text)| text.as_bytes()).collect()
}

impl Policies {
    /// Fetches every regime pack and bounty policy that the charters commit to, the newest and those before
    /// it.
    ///
    /// `held` are files that the caller has; they are used where a charter names their digest, and the rest is asked
    /// for. What is asked for depends on the charter and on `held` alone, never on what the reader is about to do.
    ///
    /// # Errors
    /// A policy that is withheld or altered. One that is authentic but unusable is no error: see
    /// [`Policies::unusable`].
    pub async fn fetch<T: Transport>(
        api: &Api<T>,
        directory: &History,
        held: &[&[u8]],
        circuit: Circuit,
    ) -> Result<Self, PoliciesError> {
        Self::fetch_kinds(api, directory.policies(), &[REGIME, BOUNTY], held, circuit).await
    }

    /// As [`Policies::fetch`], of the newest charter's regime packs alone: what a source needs.
    ///
    /// # Errors
    /// As [`Policies::fetch`].
    pub async fn fetch_regimes<T: Transport>(
        api: &Api<T>,
        directory: &Directory,
        held: &[&[u8]],
        circuit: Circuit,
    ) -> Result<Self, PoliciesError> {
        Self::fetch_kinds(api, directory.policies(), &[REGIME], held, circuit).await
    }

    /// As [`Policies::fetch`] without a server: what `held` does not hold is missing.
    pub fn of_held(directory: &History, held: &[&[u8]]) -> Self {
        let held: BTreeMap<[u8; 32], &[u8]> = held.iter().map(|bytes| (kdf::sha256(bytes), *bytes)).collect();
        let mut out = Self::default();
        for named in directory.policies() {
            let ours = named.name.starts_with(REGIME) || named.name.starts_with(BOUNTY);
            if let Some(bytes) = held.get(&named.sha256).filter(|_| ours) {
                out.take_in(&named, bytes);
            }
        }
        out
    }

    async fn fetch_kinds<T: Transport>(
        api: &Api<T>,
        named: Vec<NamedPolicy>,
        kinds: &[&str],
        held: &[&[u8]],
        circuit: Circuit,
    ) -> Result<Self, PoliciesError> {
        let held: BTreeMap<[u8; 32], &[u8]> = held.iter().map(|bytes| (kdf::sha256(bytes), *bytes)).collect();
        let wanted: Vec<_> = named.into_iter().filter(|p| kinds.iter().any(|k| p.name.starts_with(k))).collect();
        let files = try_join_all(wanted.iter().map(|p| {
            let held = held.get(&p.sha256).copied();
            async move {
                match held {
                    Some(bytes) => Ok(bytes.to_vec()),
                    None => fetch_file(api, &p.name, &p.sha256, circuit).await,
                }
            }
        }))
        .await?;
        let mut out = Self::default();
        for (named, bytes) in wanted.iter().zip(files) {
            out.take_in(named, &bytes);
            out.files.push(bytes);
        }
        Ok(out)
    }

    /// The files of everything that was fetched or held, to be held the next time.
    pub fn files(&self) -> &[Vec<u8>] {
        &self.files
    }

    fn take_in(&mut self, named: &NamedPolicy, bytes: &[u8]) {
        if named.newest {
            self.sha256.insert(named.name.clone(), named.sha256);
        }
        if let Err(problem) = self.take(&named.name, named.newest, bytes) {
            self.unusable.push(Unusable { name: named.name.clone(), problem });
        }
    }

    fn take(&mut self, name: &str, newest: bool, bytes: &[u8]) -> Result<(), String> {
        let text = core::str::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())?;
        let own_name = |id: &str, stated: &str| {
            if id == stated { Ok(()) } else { Err(format!("it calls itself `{stated}`")) }
        };
        if let Some(id) = name.strip_prefix(REGIME) {
            let pack = Pack::from_toml(text).map_err(|e| e.to_string())?;
            own_name(id, &pack.id)?;
            if newest { self.packs.push(pack) } else { self.earlier_packs.push(pack) }
        } else if let Some(id) = name.strip_prefix(BOUNTY) {
            let policy = Policy::from_toml(text).map_err(|e| e.to_string())?;
            own_name(id, &policy.id)?;
            if newest { self.bounty.push(policy) } else { self.earlier_bounty.push(policy) }
        }
        Ok(())
    }

    /// The regime packs of the newest charter, in its order.
    pub fn packs(&self) -> &[Pack] {
        &self.packs
    }

    /// A regime pack of the newest charter, by id.
    pub fn pack(&self, id: &str) -> Option<&Pack> {
        self.packs.iter().find(|p| p.id == id)
    }

    /// The very pack that a case pins, of whatever charter.
    pub fn pinned_pack(&self, pinned: &Pinned) -> Option<&Pack> {
        self.packs.iter().chain(&self.earlier_packs).find(|p| p.pinned() == *pinned)
    }

    /// The pack under which a tip was filed: by the SHA-256 of the file that the source's program held, else by name.
    pub fn filed_under(&self, regime: &str, sha256: Option<[u8; 32]>) -> Option<&Pack> {
        let by_digest =
            |digest| self.packs.iter().chain(&self.earlier_packs).find(|p| p.sha256() == digest && p.id == regime);
        sha256.and_then(by_digest).or_else(|| self.pack(regime))
    }

    /// The bounty policies of the newest charter, in its order.
    pub fn bounty(&self) -> &[Policy] {
        &self.bounty
    }

    /// The bounty policies of every charter that the directory holds: what journals are read with.
    pub fn bounty_ever(&self) -> Vec<Policy> {
        self.bounty.iter().chain(&self.earlier_bounty).cloned().collect()
    }

    /// SHA-256 of a policy's file in the newest charter, by its name there, such as `regime/sunset`.
    pub fn sha256(&self, name: &str) -> Option<[u8; 32]> {
        self.sha256.get(name).copied()
    }

    /// Authentic policies that this program cannot use, with the reason.
    pub fn unusable(&self) -> &[Unusable] {
        &self.unusable
    }
}

/// Fetches one policy's file by its digest, and checks it: also for policies of other kinds, such as `web-assets`.
///
/// # Errors
/// Withheld or altered.
pub async fn fetch_file<T: Transport>(
    api: &Api<T>,
    name: &str,
    sha256: &[u8; 32],
    circuit: Circuit,
) -> Result<Vec<u8>, PoliciesError> {
    let bytes = match api.policy(sha256, circuit).await {
        Err(e) if e.status() == Some(404) => return Err(PoliciesError::Withheld(name.to_owned())),
        other => other?,
    };
    if kdf::sha256(&bytes) == *sha256 { Ok(bytes) } else { Err(PoliciesError::Altered(name.to_owned())) }
}
