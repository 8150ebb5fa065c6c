//! Access to a case, wrapped for one member: the key of a generation and the right to read and write from there on.
//!
//! Spec: `docs/spec/case-keys.md`, section "Turning the key".

use subrosa_crypto::{
    encoding::{Codec, DecodeError, Reader},
    kdf,
    seal::{SealError, SealRecipient, SealSecret},
    secret::Secret32,
    sign::HolderId,
    wire::{JournalId, journal_cap_hash},
};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{
    bytes::{Blob, Digest},
    case::{Turned, Wrap},
    journal::CaseKey,
};

const VERSION: u8 = 1;
const INFO: &[u8] = b"subrosa/case-access/v1";

/// What whoever turns a case's key hands to each remaining member.
#[derive(Clone, Debug)]
pub struct CaseAccess {
    /// The case key of the new generation: entries are encrypted under it from then on.
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
    /// It holds another key or capability than the entry commits to: colleagues may have been given different ones.
    #[error("it is not the key that the entry commits to; colleagues may have been given another one")]
    Commitment,
}

/// What an entry that turns the key says of the new one, so that nobody can be given another: 32 random bytes are not
/// found from it.
pub fn key_commitment(journal: &JournalId, key: &CaseKey) -> Digest {
    let parts: [&[u8]; 3] = [&journal.0, &key.generation.to_be_bytes(), key.key.expose()];
    Digest(kdf::digest("subrosa/case-key-commitment/v1", &parts))
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

    /// What the entry says that turns the key: generation, commitments, and the wraps.
    pub fn turned(&self, journal: &JournalId, wraps: Vec<Wrap>) -> Turned {
        Turned {
            generation: self.key.generation,
            key: key_commitment(journal, &self.key),
            capability: Digest(journal_cap_hash(self.capability.expose())),
            wraps,
        }
    }

    /// Opens what was sealed for the holder of `key`, as part of the entry that turned the key. What opens must be what
    /// the entry commits to, or somebody else was given something else.
    ///
    /// # Errors
    /// [`AccessError`].
    pub fn unwrap(wrap: &Wrap, journal: &JournalId, turned: &Turned, key: &SealSecret) -> Result<Self, AccessError> {
        let generation = turned.generation;
        let opened = Zeroizing::new(key.open(INFO, &aad(journal, generation, &wrap.holder), &wrap.sealed.0)?);
        let access = Self::decode(&opened)?;
        if access.key.generation != generation {
            return Err(AccessError::Generation);
        }
        let same = access.turned(journal, Vec::new());
        match (same.key, same.capability) == (turned.key, turned.capability) {
            true => Ok(access),
            false => Err(AccessError::Commitment),
        }
    }
}
