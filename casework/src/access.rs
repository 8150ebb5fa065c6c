//! Access to a case, wrapped for one member: the key of a generation and the right to read and write from there on.
//!
//! Spec: `docs/spec/case-keys.md`, section "Turning the key".

use subrosa_crypto::{
    encoding::{Codec, DecodeError, Reader},
    seal::{SealError, SealRecipient, SealSecret},
    secret::Secret32,
    sign::HolderId,
    wire::JournalId,
};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{bytes::Blob, case::Wrap, journal::CaseKey};

const VERSION: u8 = 1;
const INFO: &[u8] = b"subrosa/case-access/v1";

/// What whoever turns a case's key hands to each remaining member.
#[derive(Clone, Debug)]
pub struct CaseAccess {
    /// The key.
    pub key: CaseKey,
    /// The journal's capability from the next entry on.
    pub capability: Secret32,
}

/// Why a wrap gives no access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AccessError {
    /// Sealed to another key, for another case or person, or damaged.
    #[error("the new key does not open: {0}")]
    Seal(#[from] SealError),
    /// It opens, and holds something else.
    #[error("the new key is damaged: {0}")]
    Frame(#[from] DecodeError),
    /// It holds the key of another generation than it was announced for.
    #[error("the new key is of another generation")]
    Generation,
}

fn aad(journal: &JournalId, generation: u32, holder: &HolderId) -> Vec<u8> {
    (*journal, generation, *holder).encode()
}

impl CaseAccess {
    /// Encoded length in bytes.
    pub const LEN: usize = 1 + 4 + 32 + 32;

    /// `version || generation || key || capability`.
    pub fn encode(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(Self::LEN));
        out.push(VERSION);
        self.key.generation.write(&mut out);
        self.key.key.expose().write(&mut out);
        self.capability.expose().write(&mut out);
        out
    }

    /// Reads it.
    ///
    /// # Errors
    /// Wrong length or version.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        r.version(VERSION)?;
        let generation = r.u32("generation")?;
        let key = Secret32::new(r.array("key")?);
        let capability = Secret32::new(r.array("capability")?);
        r.end()?;
        Ok(Self { key: CaseKey { generation, key }, capability })
    }

    /// Seals it for one member, bound to case, generation and person.
    ///
    /// # Errors
    /// The member's key is not valid.
    pub fn wrap(
        &self,
        journal: &JournalId,
        holder: HolderId,
        recipient: &SealRecipient,
        rng: &mut impl rand_core::CryptoRng,
    ) -> Result<Wrap, SealError> {
        let aad = aad(journal, self.key.generation, &holder);
        Ok(Wrap { holder, sealed: Blob(recipient.seal(INFO, &aad, &self.encode(), rng)?) })
    }

    /// Opens what was sealed for the holder of `key`, as part of an entry that announces `generation`.
    ///
    /// # Errors
    /// [`AccessError`].
    pub fn unwrap(wrap: &Wrap, journal: &JournalId, generation: u32, key: &SealSecret) -> Result<Self, AccessError> {
        let opened = Zeroizing::new(key.open(INFO, &aad(journal, generation, &wrap.holder), &wrap.sealed.0)?);
        let access = Self::decode(&opened)?;
        if access.key.generation == generation { Ok(access) } else { Err(AccessError::Generation) }
    }
}
