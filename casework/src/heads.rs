//! A journal's heads as others see them: as leaves of the log, and in letters between colleagues.
//!
//! Spec: `docs/spec/journal-heads.md`. To whoever does not hold the case key a leaf is 32 random bytes; to whoever
//! does, its first half says which entry of which case it is for, and its second half which head the journal has after
//! that.

use serde::{Deserialize, Serialize};
use subrosa_crypto::{
    kdf,
    sign::{BadSignature, Domain, HolderId, SigningKey, VerifyingKey},
    wire::{JournalHead, JournalId},
};

use crate::{
    bytes::{Digest, Signature},
    journal::CaseKey,
};

/// Length of one half of a leaf: bytes.
const HALF: usize = 16;

/// Half a leaf of kind 5.
pub type Half = [u8; HALF];

/// The first half of the leaf for the entry at `seq` of this journal, which is sealed under `key`.
pub fn label(journal: &JournalId, key: &CaseKey, seq: u64) -> Half {
    half(key, "subrosa/journal-leaf-label/v1", &[&journal.0, &seq.to_be_bytes()])
}

/// The second half, if the journal's head is `head` after that entry.
pub fn mark(journal: &JournalId, key: &CaseKey, seq: u64, head: &JournalHead) -> Half {
    half(key, "subrosa/journal-leaf-mark/v1", &[&journal.0, &seq.to_be_bytes(), &head.0])
}

fn half(key: &CaseKey, name: &str, context: &[&dyn kdf::Part]) -> Half {
    let mut out = [0; HALF];
    kdf::derive_into(b"", key.key.expose(), name, context, &mut out);
    out
}

/// The leaf data of kind 5 for the entry at `seq`: `label || mark`.
pub fn leaf(journal: &JournalId, key: &CaseKey, seq: u64, head: &JournalHead) -> [u8; 32] {
    let mut out = [0; 2 * HALF];
    let (first, second) = out.split_at_mut(HALF);
    first.copy_from_slice(&label(journal, key, seq));
    second.copy_from_slice(&mark(journal, key, seq, head));
    out
}

/// The two halves of a leaf's data.
pub fn halves(leaf: &[u8; 32]) -> (Half, Half) {
    let (mut first, mut second) = ([0; HALF], [0; HALF]);
    let (label, mark) = leaf.split_at(HALF);
    first.copy_from_slice(label);
    second.copy_from_slice(mark);
    (first, second)
}

/// How a letter calls a case: only those who have the case too find out which one it is.
pub fn case_name(journal: &JournalId, writer: HolderId, reader: HolderId) -> Digest {
    Digest(kdf::digest("subrosa/journal-view/v1", &[&journal.0, &writer.0, &reader.0]))
}

/// How far somebody has read a case.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct View {
    /// The case, by [`case_name`].
    pub case: Digest,
    /// How many entries the writer has read.
    pub seq: u64,
    /// The journal's head after them.
    pub head: Digest,
}

/// What an officer writes to a colleague: the heads of the cases that they share, signed for this reader.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Views {
    /// The officer who writes to the others.
    pub writer: HolderId,
    /// When, by the writer's clock: Unix seconds.
    pub at: u64,
    /// One for each case; none, if they share none.
    pub views: Vec<View>,
    /// By the writer's signing key.
    pub signature: Signature,
}

impl Views {
    /// Signs: domain `subrosa/sig/journal-views/v1`.
    pub fn sign(programme: &str, reader: HolderId, at: u64, views: Vec<View>, key: &SigningKey) -> Self {
        let writer = key.verifying_key().holder_id();
        let mut signed = Self { writer, at, views, signature: Signature([0; 64]) };
        signed.signature = Signature(key.sign(Domain::JOURNAL_VIEWS, &signed.signed_part(programme, reader)));
        signed
    }

    /// Whether `key` signed it for `reader` in this programme.
    ///
    /// # Errors
    /// [`BadSignature`].
    pub fn verify(&self, programme: &str, reader: HolderId, key: &VerifyingKey) -> Result<(), BadSignature> {
        key.verify(Domain::JOURNAL_VIEWS, &self.signed_part(programme, reader), &self.signature.0)
    }

    /// `programme digest || 01 || reader || writer || at || digest("subrosa/journal-views/v1", [view, …])`.
    fn signed_part(&self, programme: &str, reader: HolderId) -> Vec<u8> {
        let one = |v: &View| [v.case.0.as_slice(), &v.seq.to_be_bytes(), &v.head.0].concat();
        let views: Vec<Vec<u8>> = self.views.iter().map(one).collect();
        let views: Vec<&[u8]> = views.iter().map(Vec::as_slice).collect();
        [
            kdf::digest("subrosa/programme/v1", &[programme.as_bytes()]).as_slice(),
            &[1],
            &reader.0,
            &self.writer.0,
            &self.at.to_be_bytes(),
            &kdf::digest("subrosa/journal-views/v1", &views),
        ]
        .concat()
    }
}
