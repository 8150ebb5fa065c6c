//! Who is who, as the server needs it: holders' keys and roles out of a verified charter.

use std::collections::BTreeMap;

use subrosa_crypto::sign::{BadSignature, Domain, HolderId, VerifyingKey};
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
}

/// The holders of one verified charter version.
#[derive(Clone, Debug)]
pub struct Roster {
    /// The charter's version.
    pub version: u64,
    /// The programme's name for people.
    pub programme_name: String,
    /// What the programme tells sources before they begin.
    pub notice: String,
    /// Everybody whom it names.
    pub holders: BTreeMap<HolderId, Holder>,
}

/// Why a charter was not accepted.
#[derive(Debug, Error)]
pub enum RosterError {
    /// It does not verify.
    #[error("{0}")]
    Refused(String),
    /// It verifies, but is not the successor of the newest one.
    #[error("it does not follow the newest charter")]
    Order,
}

impl Roster {
    /// PROVISIONAL
    pub(crate) fn verify_stored(_root: &VerifyingKey, _bytes: &[u8]) -> Result<Self, RosterError> {
        Err(RosterError::Refused("not yet".into()))
    }

    /// PROVISIONAL
    pub(crate) fn verify_next(root: &VerifyingKey, _newest: Option<&[u8]>, bytes: &[u8]) -> Result<Self, RosterError> {
        Self::verify_stored(root, bytes)
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
