//! What the log promises and how a person can show it: leaves, deposit receipts, and receipt files.
//!
//! Spec: `docs/spec/receipt.md`.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use thiserror::Error;

use super::{
    checkpoint::{Checkpoint, CheckpointError},
    note::NoteKey,
    proof::ProofError,
    tree::{Hash, leaf_hash},
};
use crate::{
    kdf,
    sign::{BadSignature, Domain, SigningKey, VerifyingKey},
    wire::{Envelope, LeafKind, Receipt},
};

/// A leaf's data: the salted digest of an object, which says nothing to whoever does not hold object and salt.
pub fn leaf_data(kind: LeafKind, salt: &[u8; 32], object_digest: &[u8; 32]) -> [u8; 32] {
    kdf::digest("subrosa/leaf/v1", &[&[kind.to_byte()], salt, object_digest])
}

/// The digest of an envelope as deposited.
pub fn envelope_digest(envelope: &Envelope) -> [u8; 32] {
    envelope.digest()
}

/// The digest of a charter: over its signed note, as served.
pub fn charter_digest(note: &[u8]) -> [u8; 32] {
    kdf::digest("subrosa/charter/v1", &[note])
}

/// The digest of a public record, as encoded.
pub fn record_digest(record: &[u8]) -> [u8; 32] {
    kdf::digest("subrosa/record/v1", &[record])
}

fn signed_part(leaf: &[u8; 32], epoch: u64) -> [u8; 40] {
    let mut out = [0; 40];
    let (head, tail) = out.split_at_mut(32);
    head.copy_from_slice(leaf);
    tail.copy_from_slice(&epoch.to_be_bytes());
    out
}

/// Signs the promise that the deposit with this object digest will be a leaf of the log when `epoch` closes.
pub fn sign_receipt(log: &SigningKey, object_digest: &[u8; 32], salt: [u8; 32], epoch: u64) -> Receipt {
    let leaf = leaf_data(LeafKind::Deposit, &salt, object_digest);
    Receipt { salt, epoch, signature: log.sign(Domain::RECEIPT, &signed_part(&leaf, epoch)) }
}

/// Checks a receipt for the deposit with this object digest; answers the leaf's data to look for in the log.
pub fn verify_receipt(
    log: &VerifyingKey,
    object_digest: &[u8; 32],
    receipt: &Receipt,
) -> Result<[u8; 32], BadSignature> {
    verify_leaf_receipt(log, LeafKind::Deposit, object_digest, receipt)
}

/// As [`verify_receipt`], for an object of another kind: a public record.
pub fn verify_leaf_receipt(
    log: &VerifyingKey,
    kind: LeafKind,
    object_digest: &[u8; 32],
    receipt: &Receipt,
) -> Result<[u8; 32], BadSignature> {
    let leaf = leaf_data(kind, &receipt.salt, object_digest);
    log.verify(Domain::RECEIPT, &signed_part(&leaf, receipt.epoch), &receipt.signature)?;
    Ok(leaf)
}

/// Where a leaf stands, under which checkpoint.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Inclusion {
    /// The leaf's number.
    pub index: u64,
    /// Sibling hashes, from the leaf up.
    pub proof: Vec<Hash>,
    /// The checkpoint's note, as served.
    pub checkpoint: Vec<u8>,
}

/// What a person keeps to show later that a deposit was made: verifiable with the log's public key alone, without
/// network.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct ReceiptFile {
    /// The deposit's object digest ([`envelope_digest`]).
    pub object_digest: [u8; 32],
    /// The server's receipt.
    pub receipt: Receipt,
    /// The proof that the promise was kept; missing until the epoch has closed.
    pub inclusion: Option<Inclusion>,
}

/// Why a receipt file cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ReceiptFileError {
    /// It does not begin as a receipt file does, or is longer than one.
    #[error("this is not a receipt file")]
    NotAReceipt,
    /// The named line is missing or damaged.
    #[error("the line `{0}` of the receipt file is missing or damaged")]
    Line(&'static str),
}

/// Why a receipt does not prove what it should.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ReceiptError {
    /// The server's signature is wrong: not a receipt of this log, or for something else.
    #[error("the receipt was not signed by this log for this deposit")]
    Signature,
    /// The checkpoint is wrong.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The deposit is not in the log at that place.
    #[error("the deposit is not in the log: {0}")]
    NotIncluded(#[from] ProofError),
}

/// What a verified receipt proves.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Proven {
    /// The leaf's data.
    pub leaf: [u8; 32],
    /// The epoch of the promise.
    pub epoch: u64,
    /// The checkpoint under which the leaf stands; `None` if the file holds a promise only.
    pub checkpoint: Option<Checkpoint>,
}

const HEADER: &str = "subrosa-receipt v1";
/// The longest receipt file: bytes.
pub const RECEIPT_FILE_MAX: usize = 128 * 1024;

impl ReceiptFile {
    /// The file's text.
    pub fn to_text(&self) -> String {
        let mut out = format!(
            "{HEADER}\nobject {}\nreceipt {}\n",
            STANDARD.encode(self.object_digest),
            STANDARD.encode(self.receipt.encode())
        );
        if let Some(i) = &self.inclusion {
            out.push_str(&format!("index {}\n", i.index));
            for h in &i.proof {
                out.push_str("hash ");
                STANDARD.encode_string(h, &mut out);
                out.push('\n');
            }
            out.push('\n');
            out.push_str(&String::from_utf8_lossy(&i.checkpoint));
        }
        out
    }

    /// Reads a file's text.
    pub fn parse(text: &str) -> Result<Self, ReceiptFileError> {
        if text.len() > RECEIPT_FILE_MAX {
            return Err(ReceiptFileError::NotAReceipt);
        }
        let rest = text.strip_prefix(HEADER).and_then(|r| r.strip_prefix('\n')).ok_or(ReceiptFileError::NotAReceipt)?;
        let (object, rest) = line(rest, "object ", "object")?;
        let (receipt, rest) = line(rest, "receipt ", "receipt")?;
        let object_digest = decode32(object).ok_or(ReceiptFileError::Line("object"))?;
        let receipt = STANDARD.decode(receipt).map_err(|_| ReceiptFileError::Line("receipt"))?;
        let receipt = Receipt::decode(&receipt).map_err(|_| ReceiptFileError::Line("receipt"))?;
        if rest.is_empty() {
            return Ok(Self { object_digest, receipt, inclusion: None });
        }
        let (number, rest) = line(rest, "index ", "index")?;
        let index: u64 = number.parse().map_err(|_| ReceiptFileError::Line("index"))?;
        if index.to_string() != number {
            return Err(ReceiptFileError::Line("index"));
        }
        let mut proof = Vec::new();
        let mut rest = rest;
        while rest.starts_with("hash ") {
            let (hash, after) = line(rest, "hash ", "hash")?;
            if proof.len() >= 64 {
                return Err(ReceiptFileError::Line("hash"));
            }
            proof.push(decode32(hash).ok_or(ReceiptFileError::Line("hash"))?);
            rest = after;
        }
        let note = rest.strip_prefix('\n').filter(|n| !n.is_empty()).ok_or(ReceiptFileError::Line("checkpoint"))?;
        let inclusion = Some(Inclusion { index, proof, checkpoint: note.as_bytes().to_vec() });
        Ok(Self { object_digest, receipt, inclusion })
    }

    /// Checks everything that the file holds against the log's key, offline. `log`'s name is the log's origin.
    pub fn verify(&self, log: &NoteKey, witnesses: &[NoteKey]) -> Result<Proven, ReceiptError> {
        let leaf =
            verify_receipt(&log.key(), &self.object_digest, &self.receipt).map_err(|_| ReceiptError::Signature)?;
        let checkpoint = match &self.inclusion {
            None => None,
            Some(i) => {
                let checkpoint = Checkpoint::verify(&i.checkpoint, log, witnesses)?;
                checkpoint.verify_inclusion(&leaf_hash(&leaf), i.index, &i.proof)?;
                Some(checkpoint)
            }
        };
        Ok(Proven { leaf, epoch: self.receipt.epoch, checkpoint })
    }
}

fn line<'a>(text: &'a str, prefix: &str, name: &'static str) -> Result<(&'a str, &'a str), ReceiptFileError> {
    text.strip_prefix(prefix).and_then(|t| t.split_once('\n')).ok_or(ReceiptFileError::Line(name))
}

fn decode32(text: &str) -> Option<[u8; 32]> {
    STANDARD.decode(text).ok()?.try_into().ok()
}
