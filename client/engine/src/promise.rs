//! Receipts: each is verified when it comes, kept by whoever has a keystore, and looked up in the log once it is due.
//!
//! Spec: `docs/spec/receipt.md`.

use serde::{Deserialize, Serialize};
use subrosa_crypto::{
    log::{self, NoteKey, ReceiptFile},
    wire::{Envelope, LeafKind, PublicRecord, Receipt},
};

use crate::{
    api::ApiError,
    log_watch::{LogFinding, LogView, LogWatch},
    transport::Transport,
};

/// Promises that are kept, at most; the oldest gives way. Each visit takes away those that were found kept.
const PROMISES_MAX: usize = 1024;

/// What the server signed: that the leaf of a deposit will stand in the log once an epoch is closed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Promise {
    #[serde(with = "subrosa_crypto::encoding_hex")]
    object: [u8; 32],
    #[serde(with = "serde_bytes")]
    receipt: Vec<u8>,
    #[serde(with = "subrosa_crypto::encoding_hex")]
    leaf: [u8; 32],
    epoch: u64,
    /// The log's own leaf for it stands behind so many others.
    from: u64,
    /// Whether the log was found to lack it.
    broken: bool,
}

impl Promise {
    /// Verifies the receipt of an envelope.
    ///
    /// # Errors
    /// The log's key did not sign it for this envelope.
    pub fn of_envelope(log: &NoteKey, envelope: &Envelope, receipt: &Receipt) -> Result<Self, ApiError> {
        Self::verify(log, LeafKind::Deposit, envelope.digest(), receipt)
    }

    /// Verifies the receipt of a public record.
    ///
    /// # Errors
    /// The log's key did not sign it for this record.
    pub fn of_record(log: &NoteKey, record: &PublicRecord, receipt: &Receipt) -> Result<Self, ApiError> {
        Self::verify(log, LeafKind::Record, log::record_digest(&record.encode()), receipt)
    }

    fn verify(log: &NoteKey, kind: LeafKind, object: [u8; 32], receipt: &Receipt) -> Result<Self, ApiError> {
        let leaf = log::verify_leaf_receipt(&log.key(), kind, &object, receipt);
        let leaf = leaf.map_err(|_| ApiError::ForgedReceipt)?;
        Ok(Self { object, receipt: receipt.encode(), leaf, epoch: receipt.epoch, from: 0, broken: false })
    }

    /// The epoch at whose close the leaf enters the log.
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// As a file that shows the promise of an envelope to anybody.
    pub fn file(&self) -> Option<ReceiptFile> {
        let receipt = Receipt::decode(&self.receipt).ok()?;
        Some(ReceiptFile { object_digest: self.object, receipt, inclusion: None })
    }
}

/// Promises that are not found kept yet.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Promises(Vec<Promise>);

impl Promises {
    /// Keeps a promise whose leaf stands, or will stand, behind `from` others.
    pub fn keep(&mut self, promise: Promise, from: u64) {
        self.0.push(Promise { from, ..promise });
        if self.0.len() > PROMISES_MAX {
            self.0.remove(0);
        }
    }

    /// Looks up what is due. What stands in the log is forgotten; what does not is kept for good, as broken.
    ///
    /// # Errors
    /// The log could not be read, or it does not hold together; nothing is forgotten.
    pub async fn look_up<T: Transport>(
        &mut self,
        watch: &LogWatch<'_, T>,
        view: &mut LogView,
    ) -> Result<(), LogFinding> {
        let mut left = Vec::new();
        for promise in &self.0 {
            if promise.broken || promise.epoch > view.epoch() {
                left.push(promise.clone());
            } else if watch.find(view, promise.from, &promise.leaf).await?.is_none() {
                left.push(Promise { broken: true, ..promise.clone() });
            }
        }
        self.0 = left;
        Ok(())
    }

    /// What is to be told about promises that were broken.
    pub fn finding(&self) -> Option<LogFinding> {
        let count = self.0.iter().filter(|p| p.broken).count();
        (count > 0).then(|| LogFinding::PromiseBroken { count: u64::try_from(count).unwrap_or(u64::MAX) })
    }

    /// The leaves that were promised. The log publishes each when its epoch closes.
    pub fn leaves(&self) -> Vec<[u8; 32]> {
        self.0.iter().map(|p| p.leaf).collect()
    }

    /// How many are kept.
    pub fn count(&self) -> usize {
        self.0.len()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use subrosa_crypto::{
        log::{NoteAlgorithm, sign_receipt},
        secret::Secret32,
        sign::SigningKey,
        wire::{CapHash, ENVELOPE_LEN, Hint, Tag},
    };

    use super::*;

    #[test]
    fn a_receipt_is_verified_before_it_is_kept() {
        let key = SigningKey::from_seed(&Secret32::new([1; 32]));
        let log = NoteKey::new("p/log", NoteAlgorithm::Ed25519, key.verifying_key()).unwrap();
        let envelope = Envelope {
            tag: Tag([1; 16]),
            hint: Hint([2; 32]),
            cap_hash: CapHash([3; 32]),
            body: Box::new([4; ENVELOPE_LEN]),
        };
        let receipt = sign_receipt(&key, &envelope.digest(), [5; 32], 7);
        let promise = Promise::of_envelope(&log, &envelope, &receipt).unwrap();
        assert_eq!(promise.epoch(), 7);
        assert_eq!(promise.file().unwrap().receipt, receipt);
        let other = Receipt { epoch: 8, ..receipt };
        assert_eq!(Promise::of_envelope(&log, &envelope, &other).unwrap_err(), ApiError::ForgedReceipt);
        let mut promises = Promises::default();
        for _ in 0..PROMISES_MAX + 5 {
            promises.keep(promise.clone(), 0);
        }
        assert_eq!((promises.count(), promises.finding()), (PROMISES_MAX, None));
    }
}
