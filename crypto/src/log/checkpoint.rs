//! Checkpoints (C2SP tlog-checkpoint) and witnesses' cosignatures (C2SP tlog-cosignature).

use base64::{Engine as _, engine::general_purpose::STANDARD};
use thiserror::Error;

use super::{
    note::{Note, NoteAlgorithm, NoteError, NoteKey, NoteSignature, NoteSigner, NoteVerifyError},
    proof::{ProofError, verify_consistency, verify_inclusion},
    tree::{Hash, TREE_MAX, empty_root},
};

/// The longest checkpoint, signatures included: bytes.
pub const CHECKPOINT_MAX: usize = 64 * 1024;

/// The state of a log: what a checkpoint's text says.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct TreeHead {
    /// The name of the log.
    pub origin: String,
    /// How many leaves the tree has.
    pub size: u64,
    /// The tree's hash.
    pub root: Hash,
    /// The epoch whose batch is the tree's last.
    pub epoch: u64,
    /// When this epoch was closed and the tree signed, by the log's own clock: unix seconds.
    pub time: u64,
}

/// Why a checkpoint is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum CheckpointError {
    /// Not a note.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// Not signed by the log's key.
    #[error(transparent)]
    Signature(#[from] NoteVerifyError),
    /// The text is not origin, size, hash, and epoch with time, one a line.
    #[error("the checkpoint is not well formed")]
    Format,
    /// It is another log's.
    #[error("the checkpoint belongs to another log")]
    Origin,
}

impl TreeHead {
    /// The note text: C2SP's three lines, and one extension line with epoch and time.
    pub fn to_text(&self) -> String {
        let Self { origin, size, root, epoch, time } = self;
        format!("{origin}\n{size}\n{}\nepoch {epoch} time {time}\n", STANDARD.encode(root))
    }

    /// Reads a note text. The one extension line that our logs have must stand there, and no other: nobody could audit
    /// it.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let lines: Vec<&str> = text.strip_suffix('\n').ok_or(CheckpointError::Format)?.split('\n').collect();
        let &[origin, size, root, extension] = lines.as_slice() else { return Err(CheckpointError::Format) };
        let size = decimal(size).filter(|n| *n <= TREE_MAX).ok_or(CheckpointError::Format)?;
        let root = STANDARD.decode(root).ok().and_then(|r| Hash::try_from(r).ok()).ok_or(CheckpointError::Format)?;
        let closed = extension.strip_prefix("epoch ").and_then(|rest| rest.split_once(" time "));
        let (epoch, time) = closed.and_then(|(e, t)| decimal(e).zip(decimal(t))).ok_or(CheckpointError::Format)?;
        if origin.is_empty() || i64::try_from(time).is_err() {
            return Err(CheckpointError::Format);
        }
        Ok(Self { origin: origin.to_owned(), size, root, epoch, time })
    }

    /// Signs it with the log's key, whose name is the origin.
    pub fn sign(&self, log: &NoteSigner) -> Result<Note, CheckpointError> {
        if log.key().name() != self.origin {
            return Err(CheckpointError::Origin);
        }
        Ok(Note::sign(self.to_text(), &[log])?)
    }
}

/// A number as [`TreeHead::to_text`] writes it: no sign, no leading zeros.
fn decimal(text: &str) -> Option<u64> {
    text.parse::<u64>().ok().filter(|n| n.to_string() == text)
}

/// A witness's statement that it saw this state of the log, consistent with all that it saw before.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cosignature {
    /// The key of the witness that signed.
    pub witness: NoteKey,
    /// When it looked: unix seconds.
    pub time: u64,
}

/// A checkpoint that its log has signed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Checkpoint {
    head: TreeHead,
    note: Note,
    cosignatures: Vec<Cosignature>,
}

impl Checkpoint {
    /// Reads a checkpoint and checks the log's signature (`log`'s name must be the origin) and those of known
    /// witnesses.
    pub fn verify(bytes: &[u8], log: &NoteKey, witnesses: &[NoteKey]) -> Result<Self, CheckpointError> {
        if bytes.len() > CHECKPOINT_MAX {
            return Err(NoteError::TooLong.into());
        }
        let note = Note::parse(bytes)?;
        let verified = note.verify(core::slice::from_ref(log))?;
        let head = TreeHead::parse(verified.text())?;
        if head.origin != log.name() {
            return Err(CheckpointError::Origin);
        }
        let mut cosignatures: Vec<Cosignature> = Vec::new();
        for s in note.signatures() {
            let known = witnesses
                .iter()
                .find(|w| w.algorithm() == NoteAlgorithm::CosignatureV1 && w.name() == s.name && w.id() == s.id);
            let Some(witness) = known else { continue };
            let time = verify_cosignature(&head, witness, &s.bytes).ok_or(NoteVerifyError::Bad)?;
            if !cosignatures.iter().any(|c| c.witness.key() == witness.key()) {
                cosignatures.push(Cosignature { witness: witness.clone(), time });
            }
        }
        Ok(Self { head, note, cosignatures })
    }

    /// The name of the log.
    pub fn origin(&self) -> &str {
        &self.head.origin
    }

    /// How many leaves the tree has.
    pub fn size(&self) -> u64 {
        self.head.size
    }

    /// The tree's hash.
    pub fn root(&self) -> &Hash {
        &self.head.root
    }

    /// The epoch whose batch is the tree's last.
    pub fn epoch(&self) -> u64 {
        self.head.epoch
    }

    /// When it was made, by the log's own clock: unix seconds.
    pub fn time(&self) -> u64 {
        self.head.time
    }

    /// The known witnesses that cosigned it, each key once.
    pub fn cosignatures(&self) -> &[Cosignature] {
        &self.cosignatures
    }

    /// The note's bytes, all signatures included.
    pub fn to_bytes(&self) -> Vec<u8> {
        self.note.to_bytes()
    }

    /// Checks that a leaf stands in this log.
    pub fn verify_inclusion(&self, leaf: &Hash, index: u64, proof: &[Hash]) -> Result<(), ProofError> {
        verify_inclusion(proof, index, leaf, self.head.size, &self.head.root)
    }

    /// Cosigns as a witness at `time` (unix seconds). The caller has checked consistency with what the witness signed
    /// before.
    pub fn cosign(&mut self, witness: &NoteSigner, time: u64) -> Result<(), CheckpointError> {
        if witness.key().algorithm() != NoteAlgorithm::CosignatureV1 {
            return Err(NoteError::SignatureLine.into());
        }
        let signature = witness.signing_key().sign_note(&cosigned_message(&self.head, time));
        let mut bytes = time.to_be_bytes().to_vec();
        bytes.extend_from_slice(&signature);
        self.note.push(NoteSignature { name: witness.key().name().to_owned(), id: witness.key().id(), bytes })?;
        self.cosignatures.push(Cosignature { witness: witness.key().clone(), time });
        Ok(())
    }
}

fn cosigned_message(head: &TreeHead, time: u64) -> Vec<u8> {
    format!("cosignature/v1\ntime {time}\n{}", head.to_text()).into_bytes()
}

/// Answers the time of a valid cosignature.
fn verify_cosignature(head: &TreeHead, witness: &NoteKey, bytes: &[u8]) -> Option<u64> {
    let (time, signature) = bytes.split_first_chunk::<8>()?;
    let time = u64::from_be_bytes(*time);
    if i64::try_from(time).is_err() {
        return None;
    }
    witness.key().verify_note(&cosigned_message(head, time), signature.try_into().ok()?).ok()?;
    Some(time)
}

/// What two checkpoints of one log say about each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Continuity {
    /// The newer continues the older.
    Continues,
    /// They are of the same size and equal.
    Same,
}

/// The log has shown two histories, or hides one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum Fork {
    /// The checkpoints are of different logs; nothing follows.
    #[error("the checkpoints belong to different logs")]
    Origin,
    /// The checkpoint on offer is smaller than the one known: the log was rolled back.
    #[error("the log has become smaller: entries that stood in it are hidden")]
    RolledBack,
    /// Same size, different hash: proof of a fork, because the log signed both.
    #[error("the log has shown two different histories of the same size")]
    Split,
    /// The proof does not connect the two: the log changed what stood in it, or gave a wrong proof.
    #[error("the log does not continue what it showed before")]
    NotContinued(ProofError),
}

/// Checks that `newer` continues `older`. Both are signed by the log, so a [`Fork::Split`] convicts it by itself.
pub fn check_continuity(older: &Checkpoint, newer: &Checkpoint, proof: &[Hash]) -> Result<Continuity, Fork> {
    if older.origin() != newer.origin() {
        return Err(Fork::Origin);
    }
    if newer.size() < older.size() {
        return Err(Fork::RolledBack);
    }
    if newer.size() == older.size() {
        return if newer.root() == older.root() { Ok(Continuity::Same) } else { Err(Fork::Split) };
    }
    if older.size() == 0 {
        // Every tree continues the empty one; there is nothing to prove.
        let empty = *older.root() == empty_root() && proof.is_empty();
        return if empty { Ok(Continuity::Continues) } else { Err(Fork::NotContinued(ProofError::Root)) };
    }
    verify_consistency(proof, older.size(), older.root(), newer.size(), newer.root())
        .map(|()| Continuity::Continues)
        .map_err(Fork::NotContinued)
}
