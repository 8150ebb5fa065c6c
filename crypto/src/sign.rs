//! Ed25519 (RFC 8032), strict verification, with a domain in front of every message.
//!
//! Spec: `docs/spec/conventions.md`. The signed bytes are `len(domain) as u8 || domain || message`. A signature made
//! for one domain does not verify in another.

use core::fmt;

use ed25519_dalek::{Signature, Signer, SigningKey as DalekSigning, VerifyingKey as DalekVerifying};
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{kdf, layout, secret::Secret32};

/// What a signature is about. Each artefact has its own, so that none can stand in for another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Domain {
    name: &'static str,
    len: u8,
}

impl Domain {
    /// A key bundle on offer to senders.
    pub const BUNDLE: Self = Self::new("subrosa/sig/bundle/v1");
    /// A holder's request to publish bundles.
    pub const BUNDLE_PUBLISH: Self = Self::new("subrosa/sig/bundle-publish/v1");
    /// A deposit receipt.
    pub const RECEIPT: Self = Self::new("subrosa/sig/receipt/v1");
    /// A public record (issuance, redemption, escrow movement).
    pub const RECORD: Self = Self::new("subrosa/sig/record/v1");
    /// A journal event.
    pub const JOURNAL: Self = Self::new("subrosa/sig/journal/v1");
    /// A case officer asks the server to begin, turn or purge a journal.
    pub const JOURNAL_KEEPER: Self = Self::new("subrosa/sig/journal-keeper/v1");
    /// An officer tells a colleague how far journals go that both read.
    pub const JOURNAL_VIEWS: Self = Self::new("subrosa/sig/journal-views/v1");
    /// Two adjudicators' order to issue an award.
    pub const AWARD_ORDER: Self = Self::new("subrosa/sig/award-order/v1");
    /// A source's claim on its own case.
    pub const CLAIM: Self = Self::new("subrosa/sig/claim/v1");
    /// A message of a source: its words, their place in the conversation, and for whom they are.
    pub const WORDS: Self = Self::new("subrosa/sig/words/v1");
    /// A source opens a conversation with one officer.
    pub const CONVERSATION: Self = Self::new("subrosa/sig/conversation/v1");
    /// The manifest of a dossier.
    pub const DOSSIER: Self = Self::new("subrosa/sig/dossier/v1");
    /// A payout's release by an administrator.
    pub const PAYOUT_RELEASE: Self = Self::new("subrosa/sig/payout-release/v1");

    /// Domains are constants: a name that one byte cannot count does not compile.
    const fn new(name: &'static str) -> Self {
        assert!(name.len() <= u8::MAX as usize, "the name of a domain must fit its length byte");
        Self { name, len: name.len() as u8 }
    }

    fn prefixed(self, message: &[u8]) -> Vec<u8> {
        let mut out = Vec::with_capacity(1 + self.name.len() + message.len());
        out.push(self.len);
        out.extend_from_slice(self.name.as_bytes());
        out.extend_from_slice(message);
        out
    }
}

/// The signature does not verify under this key and domain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the signature is not valid for this key and purpose")]
pub struct BadSignature;

/// A private Ed25519 key.
#[derive(Clone)]
pub struct SigningKey(Box<DalekSigning>);

impl SigningKey {
    /// The key whose 32-byte seed (RFC 8032 section 5.1.5) is `seed`.
    pub fn from_seed(seed: &Secret32) -> Self {
        Self(Box::new(DalekSigning::from_bytes(seed.expose())))
    }

    /// The public half.
    pub fn verifying_key(&self) -> VerifyingKey {
        VerifyingKey(self.0.verifying_key().to_bytes())
    }

    /// Signs `message` for `domain`. Deterministic.
    pub fn sign(&self, domain: Domain, message: &[u8]) -> [u8; 64] {
        self.0.sign(&domain.prefixed(message)).to_bytes()
    }

    /// Signs the bytes as they are: only for formats that carry a domain of their own (C2SP signed notes).
    pub fn sign_note(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SigningKey([redacted])")
    }
}

/// A public Ed25519 key, as its 32 encoded bytes. Whether they are a valid point is checked at each verification.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VerifyingKey(pub [u8; 32]);

impl VerifyingKey {
    /// Checks `signature` over `message` for `domain`, strictly (no small-order keys, canonical encodings only).
    pub fn verify(&self, domain: Domain, message: &[u8], signature: &[u8; 64]) -> Result<(), BadSignature> {
        self.verify_note(&domain.prefixed(message), signature)
    }

    /// Checks a signature over the bytes as they are; see [`SigningKey::sign_note`].
    pub fn verify_note(&self, message: &[u8], signature: &[u8; 64]) -> Result<(), BadSignature> {
        let key = DalekVerifying::from_bytes(&self.0).map_err(|_| BadSignature)?;
        key.verify_strict(message, &Signature::from_bytes(signature)).map_err(|_| BadSignature)
    }

    /// The short name under which the wire formats refer to this key's holder.
    pub fn holder_id(&self) -> HolderId {
        let d = kdf::digest("subrosa/holder-id/v1", &[&self.0]);
        let mut id = [0; 16];
        id.copy_from_slice(d.first_chunk::<16>().unwrap_or(&[0; 16]));
        HolderId(id)
    }
}

impl fmt::Debug for VerifyingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "VerifyingKey({})", hex::encode(self.0))
    }
}

impl Serialize for VerifyingKey {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&hex::encode(self.0))
    }
}

impl<'de> Deserialize<'de> for VerifyingKey {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        crate::encoding_hex::deserialize(d).map(VerifyingKey)
    }
}

/// The first 16 bytes of the labelled digest of a verifying key: who a bundle, a record or a signature belongs to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct HolderId(pub [u8; 16]);

layout! { HolderId(_) }

impl fmt::Debug for HolderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "HolderId({})", hex::encode(self.0))
    }
}

impl fmt::Display for HolderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

impl Serialize for HolderId {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_str(&hex::encode(self.0))
    }
}

impl<'de> Deserialize<'de> for HolderId {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        crate::encoding_hex::deserialize(d).map(HolderId)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_bound_to_its_domain() {
        let key = SigningKey::from_seed(&Secret32::new([1; 32]));
        let sig = key.sign(Domain::RECEIPT, b"m");
        assert!(key.verifying_key().verify(Domain::RECEIPT, b"m", &sig).is_ok());
        assert_eq!(key.verifying_key().verify(Domain::BUNDLE, b"m", &sig), Err(BadSignature));
        assert_eq!(key.verifying_key().verify(Domain::RECEIPT, b"n", &sig), Err(BadSignature));
        assert_eq!(format!("{key:?}"), "SigningKey([redacted])");
    }
}
