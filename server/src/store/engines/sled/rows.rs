//! The index's rows: one ordered map of short keys and values, one letter per kind.
//!
//! Spec: `docs/spec/storage.md`, "Index".

use subrosa_crypto::{
    encoding::{Codec, DecodeError, Reader},
    layout,
    sign::HolderId,
    wire::{CapHash, JournalId, Tag},
};

use super::{body::BodyRef, failures::damaged};
use crate::store::{LeafData, StoreError};

/// A row's key.
pub(super) type RowKey = Vec<u8>;

fn key(kind: u8, parts: &[&[u8]]) -> RowKey {
    let mut out = Vec::with_capacity(1 + parts.iter().map(|p| p.len()).sum::<usize>());
    out.push(kind);
    for p in parts {
        out.extend_from_slice(p);
    }
    out
}

/// `a`: epoch → where its two list files lie.
pub(super) fn list(epoch: u64) -> RowKey {
    key(b'a', &[&epoch.to_be_bytes()])
}
/// Every [`list`] row.
pub(super) fn lists() -> RowKey {
    key(b'a', &[])
}
/// `b`: holder, id → a one-time bundle's place.
pub(super) fn bundle(holder: HolderId, id: &[u8; 16]) -> RowKey {
    key(b'b', &[&holder.0, id])
}
/// Every [`bundle`] row of a holder.
pub(super) fn bundles(holder: HolderId) -> RowKey {
    key(b'b', &[&holder.0])
}
/// `c`: cap hash → [`Envelope`].
pub(super) fn envelope(cap: CapHash) -> RowKey {
    key(b'c', &[&cap.0])
}
/// `d`: name → [`Blob`].
pub(super) fn blob(name: CapHash) -> RowKey {
    key(b'd', &[&name.0])
}
/// `e`: epoch, tag → [`Listed`]; what the closing of an epoch, and an expiry, go through.
pub(super) fn by_epoch(epoch: u64, tag: Tag) -> RowKey {
    key(b'e', &[&epoch.to_be_bytes(), &tag.0])
}
/// Every [`by_epoch`] row of an epoch.
pub(super) fn by_epoch_in(epoch: u64) -> RowKey {
    key(b'e', &[&epoch.to_be_bytes()])
}
/// Every [`by_epoch`] row, in order of epochs.
pub(super) fn by_epoch_all() -> RowKey {
    key(b'e', &[])
}
/// `f`: holder → the fallback bundle's place.
pub(super) fn fallback(holder: HolderId) -> RowKey {
    key(b'f', &[&holder.0])
}
/// `g`: epoch, blob name → nothing; what an expiry goes through.
pub(super) fn blob_by_epoch(epoch: u64, name: CapHash) -> RowKey {
    key(b'g', &[&epoch.to_be_bytes(), &name.0])
}
/// Every [`blob_by_epoch`] row, in order of epochs.
pub(super) fn blob_by_epoch_all() -> RowKey {
    key(b'g', &[])
}
/// `i`: holder, id → nothing: a bundle id that was seen.
pub(super) fn bundle_seen(holder: HolderId, id: &[u8; 16]) -> RowKey {
    key(b'i', &[&holder.0, id])
}
/// `j`: journal → [`Journal`].
pub(super) fn journal(id: JournalId) -> RowKey {
    key(b'j', &[&id.0])
}
/// `k`: journal, seq → [`JournalEntry`].
pub(super) fn journal_entry(id: JournalId, seq: u64) -> RowKey {
    key(b'k', &[&id.0, &seq.to_be_bytes()])
}
/// Every [`journal_entry`] row of a journal.
pub(super) fn journal_entries(id: JournalId) -> RowKey {
    key(b'k', &[&id.0])
}
/// `l`: epoch, leaf → nothing: a leaf of a record, a charter or a journal entry, promised for an epoch that is not
/// published.
pub(super) fn leaf(epoch: u64, leaf: &LeafData) -> RowKey {
    key(b'l', &[&epoch.to_be_bytes(), leaf])
}
/// Every [`leaf`] row of an epoch.
pub(super) fn leaves(epoch: u64) -> RowKey {
    key(b'l', &[&epoch.to_be_bytes()])
}
/// Every [`leaf`] row, in order of epochs.
pub(super) fn leaves_all() -> RowKey {
    key(b'l', &[])
}
/// `m`: name → a number or small value of the store itself.
pub(super) fn meta(name: &str) -> RowKey {
    key(b'm', &[name.as_bytes()])
}
/// `o`: journal, cap hash → [`FormerCapability`].
pub(super) fn former_capability(id: JournalId, cap_hash: &[u8; 32]) -> RowKey {
    key(b'o', &[&id.0, cap_hash])
}
/// Every [`former_capability`] row of a journal.
pub(super) fn former_capabilities(id: JournalId) -> RowKey {
    key(b'o', &[&id.0])
}
/// `p`: a record's digest → its number.
pub(super) fn record_by_digest(digest: &[u8; 32]) -> RowKey {
    key(b'p', &[digest])
}
/// `q`: number → [`Record`].
pub(super) fn record(number: u64) -> RowKey {
    key(b'q', &[&number.to_be_bytes()])
}
/// `t`: tag → [`Standing`].
pub(super) fn tag(tag: Tag) -> RowKey {
    key(b't', &[&tag.0])
}
/// `v`: version → a charter's place.
pub(super) fn charter(version: u64) -> RowKey {
    key(b'v', &[&version.to_be_bytes()])
}
/// Every [`charter`] row.
pub(super) fn charters() -> RowKey {
    key(b'v', &[])
}
/// `w`: name → a secret of the server's own.
pub(super) fn secret(name: &str) -> RowKey {
    key(b'w', &[name.as_bytes()])
}

/// Reads a row's value.
pub(super) fn value<T: Codec>(bytes: &[u8]) -> Result<T, StoreError> {
    T::decode(bytes).map_err(unreadable)
}

fn unreadable(e: DecodeError) -> StoreError {
    damaged(&format!("an index row cannot be read ({e})"))
}

/// A value whose bytes are served as they are.
pub(super) struct Plain(pub(super) Vec<u8>);

impl Codec for Plain {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok(Self(r.rest().to_vec()))
    }
}

/// What stands, or stood, under a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Standing {
    /// The epoch it was stored in.
    pub(super) epoch: u64,
    /// Its leaf, which stands for all its bytes.
    pub(super) leaf: LeafData,
}

layout! { Standing { epoch, leaf } }

/// An envelope in its epoch's list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    /// The hint that is listed with the tag.
    pub(super) hint: [u8; 32],
    /// Its leaf, promised for the epoch.
    pub(super) leaf: LeafData,
    /// Its capability's hash; nothing once it is discarded.
    pub(super) cap: Option<CapHash>,
}

layout! { Listed { hint, leaf, cap } }

/// An envelope by its capability.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Envelope {
    /// Discarded or expired.
    Gone,
    /// It stands, with its body.
    Here {
        /// The epoch it was stored in.
        epoch: u64,
        /// The tag under which it is listed.
        tag: Tag,
        /// Its body's place.
        body: BodyRef,
    },
}

impl Codec for Envelope {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Gone => false.write(out),
            Self::Here { epoch, tag, body } => {
                (true, *epoch, *tag).write(out);
                body.write(out);
            }
        }
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if r.get("state")? {
            Ok(Self::Here { epoch: r.get("epoch")?, tag: r.get("tag")?, body: r.get("body")? })
        } else {
            Ok(Self::Gone)
        }
    }
}

/// A blob by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Blob {
    /// Discarded or expired.
    Gone,
    /// It stands, with its bytes.
    Here {
        /// The epoch it was stored in.
        epoch: u64,
        /// The digest of its bytes.
        digest: [u8; 32],
        /// Where its bytes lie.
        body: BodyRef,
    },
}

impl Codec for Blob {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Gone => false.write(out),
            Self::Here { epoch, digest, body } => {
                (true, *epoch, *digest).write(out);
                body.write(out);
            }
        }
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if r.get("state")? {
            Ok(Self::Here { epoch: r.get("epoch")?, digest: r.get("digest")?, body: r.get("body")? })
        } else {
            Ok(Self::Gone)
        }
    }
}

/// Where a journal stands, and who may go on with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Journal {
    /// False once it was purged.
    pub(super) alive: bool,
    /// Entries in it.
    pub(super) seq: u64,
    /// The head of its chain of entries.
    pub(super) head: [u8; 32],
    /// The digest of the current capability (of the last one, once purged).
    pub(super) cap_hash: [u8; 32],
}

layout! { Journal { alive, seq, head, cap_hash } }

/// How far a capability reads that an append has replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FormerCapability {
    /// Entries up to and with the one that replaced it.
    pub(super) seq: u64,
    /// The head after that one.
    pub(super) head: [u8; 32],
}

layout! { FormerCapability { seq, head } }

/// An entry of a journal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct JournalEntry {
    /// The digest of the whole request, by which a repetition is known.
    pub(super) request: [u8; 32],
    /// The head after it.
    pub(super) head: [u8; 32],
    /// Where the entry's bytes lie.
    pub(super) body: BodyRef,
}

layout! { JournalEntry { request, head, body } }

/// A public record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Record {
    /// Its leaf's salt.
    pub(super) salt: [u8; 32],
    /// The epoch that its leaf was promised for.
    pub(super) epoch: u64,
    /// Where the record's bytes lie.
    pub(super) body: BodyRef,
}

layout! { Record { salt, epoch, body } }

/// An epoch's two list files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lists {
    /// The tags' place.
    pub(super) tags: BodyRef,
    /// The hints' place.
    pub(super) hints: BodyRef,
}

layout! { Lists { tags, hints } }

/// The places that a row of kind `kind` refers to.
pub(super) fn places(kind: u8, bytes: &[u8]) -> Result<Vec<BodyRef>, StoreError> {
    Ok(match kind {
        b'a' => {
            let lists: Lists = value(bytes)?;
            vec![lists.tags, lists.hints]
        }
        b'b' | b'f' | b'v' => vec![value(bytes)?],
        b'c' => match value(bytes)? {
            Envelope::Here { body, .. } => vec![body],
            Envelope::Gone => Vec::new(),
        },
        b'd' => match value(bytes)? {
            Blob::Here { body, .. } => vec![body],
            Blob::Gone => Vec::new(),
        },
        b'k' => vec![value::<JournalEntry>(bytes)?.body],
        b'q' => vec![value::<Record>(bytes)?.body],
        _ => Vec::new(),
    })
}

/// Whether a row has a key and a value of its kind.
pub(super) fn check(row_key: &[u8], bytes: &[u8]) -> Result<(), StoreError> {
    let (kind, rest) = row_key.split_first().unwrap_or((&0, &[]));
    let lengths: &[usize] = match kind {
        b'a' | b'q' | b'v' => &[8],
        b'b' | b'i' => &[32],
        b'c' | b'd' | b'j' | b'p' => &[32],
        b'e' => &[24],
        b'f' | b't' => &[16],
        b'g' | b'k' | b'l' => &[40],
        b'o' => &[64],
        b'm' | b'w' => return Ok(()),
        _ => &[],
    };
    if !lengths.contains(&rest.len()) {
        return Err(damaged("the index has a row of no known kind"));
    }
    match kind {
        b'e' => value::<Listed>(bytes).map(drop),
        b'j' => value::<Journal>(bytes).map(drop),
        b'o' => value::<FormerCapability>(bytes).map(drop),
        b'p' => value::<u64>(bytes).map(drop),
        b't' => value::<Standing>(bytes).map(drop),
        b'g' | b'i' | b'l' if bytes.is_empty() => Ok(()),
        b'g' | b'i' | b'l' => Err(damaged("an index row holds something where nothing belongs")),
        // Places, which the sweep reads.
        _ => Ok(()),
    }
}

/// The epoch in the key of a [`list`] row.
pub(super) fn epoch_of(row_key: &[u8]) -> Result<u64, StoreError> {
    value(row_key.get(1..).unwrap_or_default())
}

/// Splits a `by_epoch` or `blob_by_epoch` row's key: its epoch and what follows.
pub(super) fn split_by_epoch<const N: usize>(key: &[u8]) -> Result<(u64, [u8; N]), StoreError> {
    value(key.get(1..).unwrap_or_default())
}
