use super::{JOURNAL_ENTRY_MAX, JOURNAL_STEP, VERSION, Work};
use crate::{
    encoding::{DecodeError, Reader, put_var},
    kdf,
};

/// A journal's public name: the labelled digest of its first write capability.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct JournalId(pub [u8; 32]);

/// The head of a journal's hash chain; all zero before the first entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct JournalHead(pub [u8; 32]);

impl JournalHead {
    /// The head of an empty journal.
    pub const EMPTY: Self = Self([0; 32]);

    /// The head after `entry` follows this head.
    pub fn after(&self, entry: &[u8]) -> Self {
        Self(kdf::digest("subrosa/journal-head/v1", &[&self.0, entry]))
    }
}

/// Version 1 carried no work, so that a stranger could fill the disk at no price; no server takes it.
const APPEND_VERSION: u8 = 2;

/// `POST /v1/journal/append`: compare-and-swap on (sequence, head).
#[derive(Clone, PartialEq, Eq)]
pub struct JournalAppend {
    /// Paid over [`JournalAppend::work_payload`].
    pub work: Work,
    /// The journal.
    pub journal: JournalId,
    /// How many entries the writer has seen; this entry's sequence number.
    pub expected_seq: u64,
    /// The head that the writer has seen.
    pub expected_head: JournalHead,
    /// The current capability. For the first entry its digest must be the journal's id.
    pub capability: [u8; 32],
    /// The digest of the capability that the next append, read or purge must show; the same again unless the key turns.
    pub next_cap_hash: [u8; 32],
    /// The encrypted entry, a multiple of [`JOURNAL_STEP`] bytes.
    pub entry: Vec<u8>,
}

impl JournalAppend {
    /// Bytes in front of what the proof of work covers.
    pub const WORK_PREFIX: usize = 1 + 16;
    /// Length of the longest request: bytes.
    pub const LEN_MAX: usize = Self::WORK_PREFIX + 32 + 8 + 32 + 32 + 32 + 4 + JOURNAL_ENTRY_MAX;

    /// Everything behind the work, which the proof of work covers.
    pub fn work_payload(&self) -> Vec<u8> {
        let mut out = Vec::with_capacity(Self::LEN_MAX - JOURNAL_ENTRY_MAX + self.entry.len());
        out.extend_from_slice(&self.journal.0);
        out.extend_from_slice(&self.expected_seq.to_be_bytes());
        out.extend_from_slice(&self.expected_head.0);
        out.extend_from_slice(&self.capability);
        out.extend_from_slice(&self.next_cap_hash);
        put_var(&mut out, &self.entry);
        out
    }

    /// The request's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![APPEND_VERSION];
        out.extend_from_slice(&self.work.challenge_epoch.to_be_bytes());
        out.extend_from_slice(&self.work.nonce.to_be_bytes());
        out.extend_from_slice(&self.work_payload());
        out
    }

    /// Reads a request; the work payload is the input from byte 17 on.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        r.version(APPEND_VERSION)?;
        let work = Work { challenge_epoch: r.u64("challenge_epoch")?, nonce: r.u64("nonce")? };
        let journal = JournalId(r.array("journal")?);
        let expected_seq = r.u64("expected_seq")?;
        let expected_head = JournalHead(r.array("expected_head")?);
        let capability = r.array("capability")?;
        let next_cap_hash = r.array("next_cap_hash")?;
        let entry = r.var(JOURNAL_ENTRY_MAX, "entry")?.to_vec();
        r.end()?;
        if entry.is_empty() || !entry.len().is_multiple_of(JOURNAL_STEP) {
            return Err(DecodeError::Invalid("entry length"));
        }
        Ok(Self { work, journal, expected_seq, expected_head, capability, next_cap_hash, entry })
    }
}

impl core::fmt::Debug for JournalAppend {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "JournalAppend(seq {})", self.expected_seq)
    }
}

/// Where a journal stands: the answer to an append (200), and to one that came too late (409).
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct JournalPosition {
    /// Entries in the journal.
    pub seq: u64,
    /// Its head.
    pub head: JournalHead,
}

impl JournalPosition {
    /// `version || seq || head`.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![VERSION];
        out.extend_from_slice(&self.seq.to_be_bytes());
        out.extend_from_slice(&self.head.0);
        out
    }

    /// Reads an answer.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        r.version(VERSION)?;
        let seq = r.u64("seq")?;
        let head = JournalHead(r.array("head")?);
        r.end()?;
        Ok(Self { seq, head })
    }
}

/// `POST /v1/journal/read` and `/v1/journal/purge`. A capability that was replaced still reads up to the entry that
/// replaced it, which holds the new one for those who stay; it does nothing else.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct JournalAccess {
    /// The journal.
    pub journal: JournalId,
    /// The current capability.
    pub capability: [u8; 32],
    /// First sequence number wanted; ignored by a purge.
    pub from_seq: u64,
}

impl JournalAccess {
    /// The request's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![VERSION];
        out.extend_from_slice(&self.journal.0);
        out.extend_from_slice(&self.capability);
        out.extend_from_slice(&self.from_seq.to_be_bytes());
        out
    }

    /// Reads a request.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        r.version(VERSION)?;
        let journal = JournalId(r.array("journal")?);
        let capability = r.array("capability")?;
        let from_seq = r.u64("from_seq")?;
        r.end()?;
        Ok(Self { journal, capability, from_seq })
    }
}

impl core::fmt::Debug for JournalAccess {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "JournalAccess(from {})", self.from_seq)
    }
}

/// A stretch of a journal: the answer to a read. At most 1 MiB of entries; ask again from `from_seq + entries.len()`
/// until that equals `position.seq`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JournalPage {
    /// Where the journal stands now.
    pub position: JournalPosition,
    /// The first entry's sequence number.
    pub from_seq: u64,
    /// The entries.
    pub entries: Vec<Vec<u8>>,
}

impl JournalPage {
    /// The answer's bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = self.position.encode();
        out.extend_from_slice(&self.from_seq.to_be_bytes());
        out.extend_from_slice(&u32::try_from(self.entries.len()).unwrap_or(u32::MAX).to_be_bytes());
        for e in &self.entries {
            put_var(&mut out, e);
        }
        out
    }

    /// Reads an answer.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        r.version(VERSION)?;
        let position = JournalPosition { seq: r.u64("seq")?, head: JournalHead(r.array("head")?) };
        let from_seq = r.u64("from_seq")?;
        let count = r.u32("count")?;
        let mut entries = Vec::new();
        for _ in 0..count {
            entries.push(r.var(JOURNAL_ENTRY_MAX, "entry")?.to_vec());
        }
        r.end()?;
        Ok(Self { position, from_seq, entries })
    }
}
