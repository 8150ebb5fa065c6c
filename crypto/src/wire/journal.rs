use super::{JOURNAL_ENTRY_MAX, JOURNAL_STEP, LIST_MAX, VERSION, Work};
use crate::{
    encode_decode,
    encoding::{DecodeError, List, Var},
    kdf,
    keeper::{KeeperAction, KeeperSignature, KeeperStatement},
    layout,
};

/// The bytes of one journal entry.
pub type JournalBytes = Var<JOURNAL_ENTRY_MAX>;

/// A journal's public name: the labelled digest of its first write capability.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct JournalId(pub [u8; 32]);

layout! { JournalId(_) }

/// The head of a journal's hash chain; all zero before the first entry.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct JournalHead(pub [u8; 32]);

layout! { JournalHead(_) }

impl JournalHead {
    /// The head of an empty journal.
    pub const EMPTY: Self = Self([0; 32]);

    /// The head after `entry` follows this head.
    pub fn after(&self, entry: &[u8]) -> Self {
        Self(kdf::digest("subrosa/journal-head/v1", &[&self.0, entry]))
    }
}

/// Version 1 carried no work, so that a stranger could fill the disk at no price; version 2 let whoever held the
/// capability turn it; version 3 put nothing into the log. No server takes them.
const APPEND_VERSION: u8 = 4;

/// `POST /v1/journal/append`: compare-and-swap on (sequence, head).
#[derive(Clone, PartialEq, Eq)]
pub struct JournalAppend {
    /// Paid over [`JournalAppend::work_payload`].
    pub work: Work,
    /// The name of the journal.
    pub journal: JournalId,
    /// How many entries the writer has seen; this entry's sequence number.
    pub expected_seq: u64,
    /// The head that the writer has seen.
    pub expected_head: JournalHead,
    /// The current capability. For the first entry its digest must be the journal's id.
    pub capability: [u8; 32],
    /// The digest of the capability that the next append, read or purge must show; the same again unless the key turns.
    pub next_cap_hash: [u8; 32],
    /// The leaf that the log gets for it: of kind 5, and nothing but 32 bytes to whoever does not hold the case key.
    pub leaf: [u8; 32],
    /// The encrypted entry, a multiple of [`JOURNAL_STEP`] bytes.
    pub entry: JournalBytes,
    /// That a case officer asks; where [`JournalAppend::asks`] says so.
    pub keeper: Option<KeeperSignature>,
}

impl JournalAppend {
    /// Bytes in front of what the proof of work covers.
    pub const WORK_PREFIX: usize = 1 + Work::LEN;
    /// Length of the longest request: bytes.
    pub const LEN_MAX: usize =
        Self::WORK_PREFIX + 32 + 8 + 32 + 32 + 32 + 32 + 4 + JOURNAL_ENTRY_MAX + 1 + KeeperSignature::LEN;

    /// Everything behind the work, which the proof of work covers: the request from byte 17 on.
    pub fn work_payload(&self) -> Vec<u8> {
        self.encode().split_off(Self::WORK_PREFIX)
    }

    /// What a case officer must sign for it; `None` where the capability alone is enough. The server takes it from a
    /// case officer alone at the meeting place, whose capability the source knows too, and where the capability
    /// changes.
    pub fn asks(&self) -> Option<KeeperStatement> {
        let capability = journal_cap_hash(&self.capability);
        let action = match capability == self.next_cap_hash {
            false => KeeperAction::Turn,
            true if capability == self.journal.0 => KeeperAction::Begin,
            true => return None,
        };
        Some(KeeperStatement {
            action,
            journal: self.journal,
            capability,
            next: self.next_cap_hash,
            seq: self.expected_seq,
            head: self.expected_head,
            entry: kdf::sha256(&self.entry),
        })
    }

    fn check(&self) -> Result<(), DecodeError> {
        let whole_steps = !self.entry.is_empty() && self.entry.len().is_multiple_of(JOURNAL_STEP);
        if whole_steps { Ok(()) } else { Err(DecodeError::Invalid("entry length")) }
    }
}

layout! {
    JournalAppend [version APPEND_VERSION] {
        work, journal, expected_seq, expected_head, capability, next_cap_hash, leaf, entry, keeper,
    } check Self::check
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
    /// The head of its hash chain.
    pub head: JournalHead,
}

layout! { JournalPosition [version VERSION] { seq, head } }

/// `POST /v1/journal/read`. A capability that was replaced still reads up to the entry that replaced it, which holds
/// the new one for those who stay; it does nothing else.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct JournalAccess {
    /// The name of the journal.
    pub journal: JournalId,
    /// The current capability.
    pub capability: [u8; 32],
    /// First sequence number wanted.
    pub from_seq: u64,
}

layout! { JournalAccess [version VERSION] { journal, capability, from_seq } }

impl core::fmt::Debug for JournalAccess {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "JournalAccess(from {})", self.from_seq)
    }
}

/// `POST /v1/journal/purge`: destroys a journal.
#[derive(Clone, PartialEq, Eq)]
pub struct JournalPurge {
    /// The name of the journal.
    pub journal: JournalId,
    /// The current capability.
    pub capability: [u8; 32],
    /// That a case officer asks.
    pub keeper: KeeperSignature,
}

/// Version 1 was a [`JournalAccess`]: whoever held the capability could purge.
const PURGE_VERSION: u8 = 2;

layout! { JournalPurge [version PURGE_VERSION] { journal, capability, keeper } }

impl JournalPurge {
    /// Length of a request: bytes.
    pub const LEN: usize = 1 + 32 + 32 + KeeperSignature::LEN;

    /// What a case officer must sign for a purge of `journal` under this capability.
    pub fn asks(journal: JournalId, capability: &[u8; 32]) -> KeeperStatement {
        KeeperStatement {
            action: KeeperAction::Purge,
            journal,
            capability: journal_cap_hash(capability),
            next: [0; 32],
            seq: 0,
            head: JournalHead::EMPTY,
            entry: [0; 32],
        }
    }
}

impl core::fmt::Debug for JournalPurge {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("JournalPurge([redacted])")
    }
}

/// What the server keeps of a journal's capability.
pub fn journal_cap_hash(capability: &[u8; 32]) -> [u8; 32] {
    kdf::digest("subrosa/journal-capability/v1", &[capability])
}

/// A stretch of a journal: the answer to a read. At most 1 MiB of entries; ask again from `from_seq + entries.len()`
/// until that equals `position.seq`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct JournalPage {
    /// Where the journal stands now.
    pub position: JournalPosition,
    /// The first entry's sequence number.
    pub from_seq: u64,
    /// The entries, in their order.
    pub entries: List<JournalBytes, u32, LIST_MAX>,
}

layout! { JournalPage { position, from_seq, entries } }

encode_decode! { JournalAppend, JournalPosition, JournalAccess, JournalPurge, JournalPage }
