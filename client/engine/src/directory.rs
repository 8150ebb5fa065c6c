//! Who is who, as the engines need it: a verified charter with its keys decoded.

use subrosa_casework::role::RoleName;
use subrosa_crypto::{
    charter::{Charter, CharterError, LastSeen, PolicyDigest, Role, RootKey, UnverifiedCharter},
    log::NoteKey,
    ratchet::Contact,
    seal::SealRecipient,
    sign::{HolderId, VerifyingKey},
    token::{Denomination, IssuerIndex, Keyset},
};
use thiserror::Error;

use crate::{
    api::{Api, ApiError},
    transport::{Circuit, Transport},
};

/// One case officer.
#[derive(Clone, Debug)]
pub struct Officer {
    /// The name that the charter gives, for people to read. Keys decide who somebody is.
    pub name: String,
    /// What checks this officer's signatures; the short name of the holder comes from it.
    pub key: VerifyingKey,
    /// Where to write to.
    pub contact: Contact,
    /// What the keys of cases are sealed to.
    pub wrap: SealRecipient,
    /// Roles in cases; empty for somebody who takes tips in and nothing else.
    pub roles: Vec<RoleName>,
    /// Whether tips are addressed to this officer.
    pub intake: bool,
}

/// One bounty administrator.
#[derive(Clone, Debug)]
pub struct Administrator {
    /// The name that the charter gives, for people to read. Keys decide who somebody is.
    pub name: String,
    /// What checks this administrator's signatures; the short name of the holder comes from it.
    pub key: VerifyingKey,
    /// Where to write to.
    pub contact: Contact,
    /// What return boxes are sealed to.
    pub wrap: SealRecipient,
    /// The number in the charter: as an issuer of tokens, and nobody else's ever.
    pub index: IssuerIndex,
}

/// Why there is no directory.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DirectoryError {
    /// A version of the charter could not be fetched.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The charter is refused.
    #[error("the charter is refused: {0}")]
    Charter(#[from] CharterError),
    /// A version between what was seen and what is shown is not handed out.
    #[error(
        "the server does not show version {0} of the charter, which lies between the one you saw last and the one it shows now; it may be hiding who was named in between. Do not send anything"
    )]
    Withheld(u64),
}

/// A policy that a charter commits to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPolicy {
    /// Its name, such as `regime/sunset`.
    pub name: String,
    /// SHA-256 of its file.
    pub sha256: [u8; 32],
    /// Whether the newest charter names it, or only an earlier one.
    pub newest: bool,
}

/// The people of a verified charter.
#[derive(Debug)]
pub struct Directory {
    charter: Charter,
    officers: Vec<Officer>,
    administrators: Vec<Administrator>,
}

impl Directory {
    /// Fetches the newest charter and verifies it against the root key, the clock, and what was seen before. If
    /// versions were missed, they are fetched and verified one after the other, so that the chain has no gap.
    pub async fn fetch<T: Transport>(
        api: &Api<T>,
        root: &RootKey,
        now: u64,
        seen: Option<(u64, [u8; 32])>,
        circuit: Circuit,
    ) -> Result<Self, DirectoryError> {
        let newest = UnverifiedCharter::parse(&api.charter(None, circuit).await?)?;
        let mut last = seen.map(|(version, digest)| LastSeen { version, digest });
        if let Some(seen_version) = last.as_ref().map(|l| l.version) {
            for version in seen_version.saturating_add(1)..newest.unverified_version() {
                last = Some(between(api, root, version, last.as_ref(), circuit).await?.seen());
            }
        }
        let directory = Self::of(newest.verify(root, now, last.as_ref())?);
        api.trust(directory.log_key());
        Ok(directory)
    }

    /// Checks that this charter follows from one that was seen before: not older, not another of the same version, and
    /// every version in between is shown, signed, and names the one before it. A source learns what it saw last only
    /// after it has opened its state, so [`Directory::fetch`] could not do this for it.
    ///
    /// # Errors
    /// The charter was rolled back, forked, or comes after a gap.
    pub async fn leads_from<T: Transport>(
        &self,
        api: &Api<T>,
        seen: (u64, [u8; 32]),
        circuit: Circuit,
    ) -> Result<(), DirectoryError> {
        let root = self.charter.root();
        let mut last = LastSeen { version: seen.0, digest: seen.1 };
        for version in seen.0.saturating_add(1)..self.charter.version() {
            last = between(api, root, version, Some(&last), circuit).await?.seen();
        }
        UnverifiedCharter::parse(self.charter.bytes())?.verify_archived(root, Some(&last))?;
        Ok(())
    }

    /// The people of a charter that was kept from an earlier visit, for times without the server.
    ///
    /// # Errors
    /// It is not signed by the root key, or has expired.
    pub fn kept(note: &[u8], root: &RootKey, now: u64) -> Result<Self, DirectoryError> {
        Ok(Self::of(UnverifiedCharter::parse(note)?.verify(root, now, None)?))
    }

    /// The policies that the charter commits to, in its order.
    pub fn policies(&self) -> Vec<NamedPolicy> {
        let named = |p: &PolicyDigest| NamedPolicy { name: p.name.clone(), sha256: p.sha256, newest: true };
        self.charter.document().policies.iter().map(named).collect()
    }

    /// The people of a charter that was verified before.
    pub fn of(charter: Charter) -> Self {
        let officers = charter
            .officers()
            .iter()
            .map(|o| Officer {
                name: o.name.clone(),
                key: o.keys.sign,
                contact: Contact { olm: o.keys.olm, scan: o.keys.scan_public() },
                wrap: o.keys.wrap.clone(),
                roles: o.roles.iter().filter_map(|r| role_name(*r)).collect(),
                intake: o.roles.contains(&Role::Intake),
            })
            .collect();
        let administrators = charter
            .administrators()
            .iter()
            .map(|a| Administrator {
                name: a.name.clone(),
                key: a.keys.sign,
                contact: Contact { olm: a.keys.olm, scan: a.keys.scan_public() },
                wrap: a.keys.wrap.clone(),
                index: a.index,
            })
            .collect();
        Self { charter, officers, administrators }
    }

    /// The verified charter from which all of this was read.
    pub fn charter(&self) -> &Charter {
        &self.charter
    }

    /// Version and digest: what a reader remembers.
    pub fn seen(&self) -> (u64, [u8; 32]) {
        (self.charter.version(), self.charter.digest())
    }

    /// Refuses a charter that is older than, or differs from, one that was seen before. A newer one was checked by
    /// [`Directory::fetch`] only if it was given `seen`; a source learns what it saw last only after it has opened its
    /// state, so this compares what can be compared then.
    pub fn follows(&self, seen: (u64, [u8; 32])) -> Result<(), &'static str> {
        match self.charter.version().cmp(&seen.0) {
            core::cmp::Ordering::Less => Err("an older version"),
            core::cmp::Ordering::Equal if self.charter.digest() != seen.1 => Err("another text under the same version"),
            _ => Ok(()),
        }
    }

    /// The programme's id.
    pub fn programme(&self) -> &str {
        self.charter.programme_id()
    }

    /// The log's key.
    pub fn log_key(&self) -> &NoteKey {
        self.charter.log_key()
    }

    /// Officers to whom tips are addressed.
    pub fn intake(&self) -> Vec<&Officer> {
        self.officers.iter().filter(|o| o.intake).collect()
    }

    /// Every officer of the charter, in its order, whether tips are addressed to them or not.
    pub fn officers(&self) -> &[Officer] {
        &self.officers
    }

    /// Every administrator of the charter, in its order.
    pub fn administrators(&self) -> &[Administrator] {
        &self.administrators
    }

    /// Token values, ascending.
    pub fn denominations(&self) -> Vec<Denomination> {
        self.charter.denominations()
    }

    /// The administrators who sign tokens now: all signers of the newest keyset.
    pub fn signing(&self) -> Vec<&Administrator> {
        let newest = self.charter.keysets().last().map_or(&[][..], Keyset::signers);
        let signs = |a: &&Administrator| newest.iter().any(|s| s.issuer.index() == a.index && s.sign == a.key);
        self.administrators.iter().filter(signs).collect()
    }

    /// How many administrators must state a movement of money.
    pub fn threshold(&self) -> u8 {
        self.charter.threshold()
    }

    /// A person's name, or the short key name of somebody unknown.
    pub fn name_of(&self, holder: HolderId) -> String {
        self.charter.holder(&holder).map_or_else(|| holder.to_string(), |h| h.name().to_owned())
    }

    /// The roles in cases of an officer.
    pub fn roles_of(&self, holder: HolderId) -> &[RoleName] {
        self.officers.iter().find(|o| o.key.holder_id() == holder).map_or(&[], |o| o.roles.as_slice())
    }
}

/// One version of the charter, verified as the successor of `before`.
pub(crate) async fn between<T: Transport>(
    api: &Api<T>,
    root: &RootKey,
    version: u64,
    before: Option<&LastSeen>,
    circuit: Circuit,
) -> Result<Charter, DirectoryError> {
    let bytes = match api.charter(Some(version), circuit).await {
        Err(ApiError::Refused { status: 404 | 410, .. }) => return Err(DirectoryError::Withheld(version)),
        other => other?,
    };
    let charter = UnverifiedCharter::parse(&bytes)?.verify_archived(root, before)?;
    if charter.version() == version { Ok(charter) } else { Err(CharterError::BrokenChain(version).into()) }
}

pub(crate) fn role_name(role: Role) -> Option<RoleName> {
    match role {
        Role::Intake => None,
        Role::Triager => Some(RoleName::Triager),
        Role::Investigator => Some(RoleName::Investigator),
        Role::Adjudicator => Some(RoleName::Adjudicator),
    }
}
