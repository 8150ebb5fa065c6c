//! Who is who, as the server needs it: holders' keys and roles out of a verified charter.

use std::collections::BTreeMap;

use subrosa_casework::ledger::Signers;
use subrosa_crypto::{
    charter::{Charter, CharterError, Holder as CharterHolder, LastSeen, Role, RootKey, UnverifiedCharter},
    log::charter_digest,
    sign::{BadSignature, Domain, HolderId, VerifyingKey},
};
use thiserror::Error;

/// Somebody whom the charter names.
#[derive(Clone, Debug)]
pub struct Holder {
    /// Their signing key.
    pub key: VerifyingKey,
    /// Their name in the charter.
    pub name: String,
    /// Whether they are a bounty administrator (and not a case officer).
    pub administrator: bool,
    /// What they do as an officer.
    pub roles: Vec<Role>,
}

/// The holders of one verified charter version.
#[derive(Clone, Debug)]
pub struct Directory {
    /// The charter's version.
    pub version: u64,
    /// The programme's name for people.
    pub programme_name: String,
    /// What the programme tells sources before they begin.
    pub notice: String,
    /// The policies that it commits to: name and SHA-256.
    pub policies: Vec<(String, [u8; 32])>,
    /// Everybody whom it names.
    pub holders: BTreeMap<HolderId, Holder>,
    /// The same people in the charter's order.
    pub order: Vec<HolderId>,
    /// Who may state what in public records, charter by charter, up to this one.
    pub signers: Signers,
    /// The charter itself.
    pub charter: Charter,
}

/// Why a charter was not accepted.
#[derive(Debug, Error)]
pub enum DirectoryError {
    /// It does not verify.
    #[error(transparent)]
    Refused(CharterError),
    /// It verifies, but is not the successor of the newest one.
    #[error("it does not follow the newest charter")]
    Order,
    /// It verifies, but names another programme than this server's.
    #[error("it belongs to the programme {0}")]
    Programme(String),
    /// It verifies, but names another log key than this server's, so no receipt would verify.
    #[error("it names another log key than this server's")]
    LogKey,
}

impl From<CharterError> for DirectoryError {
    fn from(e: CharterError) -> Self {
        match e {
            CharterError::RolledBack { .. }
            | CharterError::Forked(_)
            | CharterError::BrokenChain(_)
            | CharterError::MissingVersions { .. } => Self::Order,
            other => Self::Refused(other),
        }
    }
}

impl Directory {
    /// Somebody whom the charter names as an officer who works on cases.
    pub(crate) fn case_officer(&self, id: &HolderId) -> Option<&Holder> {
        self.holders.get(id).filter(|h| h.roles.iter().any(|r| *r != Role::Intake))
    }

    /// Reads a charter that this server accepted earlier, expired or not, and that came after `before`.
    pub(crate) fn verify_stored(
        root: &VerifyingKey,
        programme: &str,
        bytes: &[u8],
        before: Option<&Self>,
    ) -> Result<Self, DirectoryError> {
        let charter = UnverifiedCharter::parse(bytes)?.verify_archived(&RootKey(*root), None)?;
        Self::of(&charter, programme, before)
    }

    /// Checks the successor of `newest` (or the first charter) for publication at `now`.
    pub(crate) fn verify_next(
        root: &VerifyingKey,
        programme: &str,
        log_key: &VerifyingKey,
        newest: Option<(&Self, &[u8])>,
        bytes: &[u8],
        now: u64,
    ) -> Result<Self, DirectoryError> {
        let seen = newest.map(|(before, bytes)| LastSeen { version: before.version, digest: charter_digest(bytes) });
        let charter = UnverifiedCharter::parse(bytes)?.verify(&RootKey(*root), now, seen.as_ref())?;
        if charter.log_key().key() != *log_key {
            return Err(DirectoryError::LogKey);
        }
        if let Some((before, _)) = newest {
            charter.continues(&before.charter).map_err(CharterError::from)?;
        }
        Self::of(&charter, programme, newest.map(|(before, _)| before))
    }

    fn of(charter: &Charter, programme: &str, before: Option<&Self>) -> Result<Self, DirectoryError> {
        if charter.programme_id() != programme {
            return Err(DirectoryError::Programme(charter.programme_id().to_owned()));
        }
        let holders = charter.holders().map(|h| {
            let (administrator, roles) = match h {
                CharterHolder::Administrator(_) => (true, Vec::new()),
                CharterHolder::Officer(o) => (false, o.roles.clone()),
            };
            let keys = h.keys();
            (keys.holder_id(), Holder { key: keys.sign, name: h.name().to_owned(), administrator, roles })
        });
        let mut signers = before.map(|b| b.signers.clone()).unwrap_or_default();
        signers.add_charter(charter);
        Ok(Self {
            signers,
            charter: charter.clone(),
            version: charter.version(),
            programme_name: charter.document().programme.clone(),
            notice: charter.document().notice.clone(),
            policies: charter.document().policies.iter().map(|p| (p.name.clone(), p.sha256)).collect(),
            order: charter.holders().map(|h| h.keys().holder_id()).collect(),
            holders: holders.collect(),
        })
    }

    /// Checks a holder's signature.
    pub fn check(
        &self,
        signer: &HolderId,
        domain: Domain,
        message: &[u8],
        signature: &[u8; 64],
    ) -> Result<&Holder, BadSignature> {
        let holder = self.holders.get(signer).ok_or(BadSignature)?;
        holder.key.verify(domain, message, signature)?;
        Ok(holder)
    }
}
