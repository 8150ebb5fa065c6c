//! The index's rows: one ordered map of short keys and values, one letter per kind.
//!
//! Spec: `docs/spec/storage.md`, "Index".

use subrosa_crypto::{
    encoding::{DecodeError, Reader},
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
/// `l`: epoch, leaf → nothing: a leaf of a record or charter, promised for an epoch that is not published.
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
/// `n`: nullifier → the context it is spent under.
pub(super) fn nullifier(n: &[u8; 32]) -> RowKey {
    key(b'n', &[n])
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

/// The kinds whose values hold a place, for the sweep at start.
pub(super) const PLACED: &[u8] = b"abcdfkqv";

/// A value with one encoding.
pub(super) trait Row: Sized {
    /// Appends the value's bytes.
    fn write(&self, out: &mut Vec<u8>);
    /// Reads the value.
    fn read(r: &mut Reader<'_>) -> Result<Self, StoreError>;

    /// The value's bytes.
    fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);
        out
    }

    /// Reads a value that fills `bytes`.
    fn decode(bytes: &[u8]) -> Result<Self, StoreError> {
        let mut r = Reader::new(bytes);
        let value = Self::read(&mut r)?;
        r.end().map_err(unreadable)?;
        Ok(value)
    }
}

fn unreadable(e: DecodeError) -> StoreError {
    damaged(&format!("an index row cannot be read ({e})"))
}

fn array<const N: usize>(r: &mut Reader<'_>, field: &'static str) -> Result<[u8; N], StoreError> {
    r.array(field).map_err(unreadable)
}

fn number(r: &mut Reader<'_>, field: &'static str) -> Result<u64, StoreError> {
    r.u64(field).map_err(unreadable)
}

fn flag(r: &mut Reader<'_>) -> Result<bool, StoreError> {
    match r.u8("state").map_err(unreadable)? {
        0 => Ok(false),
        1 => Ok(true),
        _ => Err(unreadable(DecodeError::Invalid("state"))),
    }
}

impl Row for BodyRef {
    fn write(&self, out: &mut Vec<u8>) {
        Self::write(self, out);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, StoreError> {
        Self::read(r)
    }
}

impl Row for u64 {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.to_be_bytes());
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, StoreError> {
        number(r, "number")
    }
}

impl Row for [u8; 32] {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, StoreError> {
        array(r, "bytes")
    }
}

/// A value whose bytes are served as they are.
pub(super) struct Plain(pub(super) Vec<u8>);

impl Row for Plain {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.0);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self(r.bytes(r.remaining(), "bytes").map_err(unreadable)?.to_vec()))
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

impl Row for Standing {
    fn write(&self, out: &mut Vec<u8>) {
        self.epoch.write(out);
        self.leaf.write(out);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self { epoch: number(r, "epoch")?, leaf: array(r, "leaf")? })
    }
}

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

impl Row for Listed {
    fn write(&self, out: &mut Vec<u8>) {
        self.hint.write(out);
        self.leaf.write(out);
        out.push(u8::from(self.cap.is_some()));
        if let Some(cap) = &self.cap {
            cap.0.write(out);
        }
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, StoreError> {
        let (hint, leaf) = (array(r, "hint")?, array(r, "leaf")?);
        let cap = if flag(r)? { Some(CapHash(array(r, "cap")?)) } else { None };
        Ok(Self { hint, leaf, cap })
    }
}

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

impl Row for Envelope {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Gone => out.push(0),
            Self::Here { epoch, tag, body } => {
                out.push(1);
                epoch.write(out);
                out.extend_from_slice(&tag.0);
                body.write(out);
            }
        }
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, StoreError> {
        match flag(r)? {
            false => Ok(Self::Gone),
            true => Ok(Self::Here { epoch: number(r, "epoch")?, tag: Tag(array(r, "tag")?), body: BodyRef::read(r)? }),
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

impl Row for Blob {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Gone => out.push(0),
            Self::Here { epoch, digest, body } => {
                out.push(1);
                epoch.write(out);
                digest.write(out);
                body.write(out);
            }
        }
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, StoreError> {
        match flag(r)? {
            false => Ok(Self::Gone),
            true => Ok(Self::Here { epoch: number(r, "epoch")?, digest: array(r, "digest")?, body: BodyRef::read(r)? }),
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

impl Row for Journal {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(u8::from(self.alive));
        self.seq.write(out);
        self.head.write(out);
        self.cap_hash.write(out);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self { alive: flag(r)?, seq: number(r, "seq")?, head: array(r, "head")?, cap_hash: array(r, "cap_hash")? })
    }
}

/// How far a capability reads that an append has replaced.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FormerCapability {
    /// Entries up to and with the one that replaced it.
    pub(super) seq: u64,
    /// The head after that one.
    pub(super) head: [u8; 32],
}

impl Row for FormerCapability {
    fn write(&self, out: &mut Vec<u8>) {
        self.seq.write(out);
        self.head.write(out);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self { seq: number(r, "seq")?, head: array(r, "head")? })
    }
}

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

impl Row for JournalEntry {
    fn write(&self, out: &mut Vec<u8>) {
        self.request.write(out);
        self.head.write(out);
        self.body.write(out);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self { request: array(r, "request")?, head: array(r, "head")?, body: BodyRef::read(r)? })
    }
}

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

impl Row for Record {
    fn write(&self, out: &mut Vec<u8>) {
        self.salt.write(out);
        self.epoch.write(out);
        self.body.write(out);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self { salt: array(r, "salt")?, epoch: number(r, "epoch")?, body: BodyRef::read(r)? })
    }
}

/// An epoch's two list files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lists {
    /// The tags' place.
    pub(super) tags: BodyRef,
    /// The hints' place.
    pub(super) hints: BodyRef,
}

impl Row for Lists {
    fn write(&self, out: &mut Vec<u8>) {
        self.tags.write(out);
        self.hints.write(out);
    }
    fn read(r: &mut Reader<'_>) -> Result<Self, StoreError> {
        Ok(Self { tags: BodyRef::read(r)?, hints: BodyRef::read(r)? })
    }
}

/// The places that a row of kind `kind` refers to.
pub(super) fn places(kind: u8, value: &[u8]) -> Result<Vec<BodyRef>, StoreError> {
    Ok(match kind {
        b'a' => {
            let lists = Lists::decode(value)?;
            vec![lists.tags, lists.hints]
        }
        b'b' | b'f' | b'v' => vec![<BodyRef as Row>::decode(value)?],
        b'c' => match Envelope::decode(value)? {
            Envelope::Here { body, .. } => vec![body],
            Envelope::Gone => Vec::new(),
        },
        b'd' => match Blob::decode(value)? {
            Blob::Here { body, .. } => vec![body],
            Blob::Gone => Vec::new(),
        },
        b'k' => vec![JournalEntry::decode(value)?.body],
        b'q' => vec![Record::decode(value)?.body],
        _ => Vec::new(),
    })
}

/// Splits a `by_epoch` or `blob_by_epoch` row's key: its epoch and what follows.
pub(super) fn split_by_epoch<const N: usize>(key: &[u8]) -> Result<(u64, [u8; N]), StoreError> {
    let mut r = Reader::new(key.get(1..).unwrap_or_default());
    let out = (number(&mut r, "epoch")?, array(&mut r, "name")?);
    r.end().map_err(unreadable)?;
    Ok(out)
}
