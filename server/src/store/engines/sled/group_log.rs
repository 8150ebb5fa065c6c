//! The group log: the rows of the newest groups, in a file of their own. A group stands once its record here, its
//! bodies and its keys are synced, all at the same time; the index follows later, and after a crash from here.
//!
//! Spec: `docs/spec/storage.md`, "Group log".

use std::{fs::File, os::unix::fs::FileExt, sync::Arc};

use subrosa_crypto::{
    encoding::{Codec, DecodeError, List, OverLimit, Reader, Var, put_count, put_var},
    kdf,
};

use super::{
    failures::{damaged, io},
    group::Written,
    slot::Slot,
    standing::{Appended, Changes, Counters},
};
use crate::store::StoreError;

/// The file is made with this length, so that a record that is written lengthens nothing; past it the log starts again
/// at its beginning.
const LENGTH: usize = 2 * 1024 * 1024;
/// Lap, number of the group, length of the content.
const HEAD: usize = 16 + 8 + 4;
const CHECK: usize = 32;
/// More than any group has; what claims to be longer is no record.
const CONTENT_MAX: usize = 64 * 1024 * 1024;

/// A group as it was found in the log.
pub(super) struct Record {
    /// The counters with the group's number.
    pub(super) counters: Counters,
    /// The rows that it set or removed.
    pub(super) changes: Arc<Changes>,
    /// The slots that it filled, with the length of what is in them.
    pub(super) filled: Vec<(Slot, u32)>,
    /// What it appended to the log.
    pub(super) appended: Option<Appended>,
}

/// The writing end.
pub(super) struct GroupLog {
    file: File,
    at: usize,
    lap: [u8; 16],
}

/// Fills a new file.
pub(super) fn init(file: &File) -> Result<(), StoreError> {
    file.write_all_at(&vec![0; LENGTH], 0).map_err(|e| io("making the group log", e))
}

impl GroupLog {
    /// Starts a lap at the beginning of the file: whatever stands in it must stand in the index, durably. A record that
    /// recovery dropped is put out of reach at once, for the slots that it names will be used again.
    pub(super) fn begin(file: File) -> Result<Self, StoreError> {
        file.write_all_at(&[0; HEAD], 0).map_err(|e| io("clearing the group log", e))?;
        file.sync_data().map_err(|e| io("syncing the group log", e))?;
        let mut log = Self { file, at: 0, lap: [0; 16] };
        log.restart()?;
        Ok(log)
    }

    /// Starts the next lap, on the same condition. A lap has a random name, so that no record of an earlier one can be
    /// taken for its own.
    pub(super) fn restart(&mut self) -> Result<(), StoreError> {
        getrandom::fill(&mut self.lap).map_err(|e| StoreError::Io(e.to_string()))?;
        self.at = 0;
        Ok(())
    }

    /// Whether `record` would run past the end, where a new lap can avoid it.
    pub(super) fn is_full(&self, record: &[u8]) -> bool {
        self.at > 0 && self.at.saturating_add(HEAD + record.len() + CHECK) > LENGTH
    }

    /// Writes the record of a group behind the one before it; [`GroupLog::file`] is to be synced. Only when the group
    /// before is durable.
    pub(super) fn append(&mut self, group: u64, content: &[u8]) -> Result<(), StoreError> {
        let mut record = Vec::with_capacity(HEAD + content.len() + CHECK);
        (self.lap, group).write(&mut record);
        put_var(&mut record, content)?;
        let check = kdf::sha256(&record);
        record.extend_from_slice(&check);
        self.file.write_all_at(&record, self.at as u64).map_err(|e| io("writing the group log", e))?;
        self.at += record.len();
        Ok(())
    }

    /// The file, for its sync.
    pub(super) fn file(&self) -> &File {
        &self.file
    }
}

/// The content of a group's record.
///
/// # Errors
/// It has more rows, or longer ones, than the record can count.
pub(super) fn content(group: &Written, counters: &Counters) -> Result<Vec<u8>, OverLimit> {
    let mut out = Vec::with_capacity(group.changes.len() * 128);
    counters.write(&mut out);
    put_count::<u32>(&mut out, group.filled.len())?;
    group.filled.iter().for_each(|filled| filled.write(&mut out));
    group.appended.write(&mut out);
    put_count::<u32>(&mut out, group.changes.len())?;
    for (key, change) in &*group.changes {
        put_var(&mut out, key)?;
        change.is_some().write(&mut out);
        if let Some(value) = change {
            put_var(&mut out, value)?;
        }
    }
    Ok(out)
}

/// The records of the newest lap, in order: numbers follow each other. What comes behind the last whole record is not
/// looked at.
pub(super) fn read(file: &File) -> Result<Vec<Record>, StoreError> {
    let len = file.metadata().map_err(|e| io("sizing the group log", e))?.len();
    if len < LENGTH as u64 {
        return Err(damaged(&format!("`groups` has {len} bytes and was made with {LENGTH}")));
    }
    let mut bytes = vec![0; usize::try_from(len).map_err(|_| damaged("the group log is too long"))?];
    file.read_exact_at(&mut bytes, 0).map_err(|e| io("reading the group log", e))?;
    let mut records: Vec<Record> = Vec::new();
    let (mut rest, mut lap) = (bytes.as_slice(), None);
    while let Some(Framed { lap: name, group, content, behind }) = split(rest) {
        let follows = records.last().is_none_or(|r| r.counters.group.checked_add(1) == Some(group));
        if lap.is_some_and(|l| l != name) || !follows {
            break;
        }
        lap = Some(name);
        let record = parse(content).map_err(|e| damaged(&format!("group {group} cannot be read ({e})")))?;
        if record.counters.group != group {
            return Err(damaged(&format!("group {group} says that it is another")));
        }
        records.push(record);
        rest = behind;
    }
    Ok(records)
}

/// A whole record, unread, and what is behind it.
struct Framed<'a> {
    lap: [u8; 16],
    group: u64,
    content: &'a [u8],
    behind: &'a [u8],
}

/// The record at the front of `bytes`; `None` if no whole one is there.
fn split(bytes: &[u8]) -> Option<Framed<'_>> {
    let mut r = Reader::new(bytes);
    let lap = r.array("lap").ok()?;
    let group = r.u64("group").ok()?;
    let content = r.var(CONTENT_MAX, "content").ok()?;
    let check: [u8; CHECK] = r.array("check").ok()?;
    let (record, behind) = bytes.split_at_checked(HEAD + content.len())?;
    let behind = behind.get(CHECK..)?;
    (kdf::sha256(record) == check).then_some(Framed { lap, group, content, behind })
}

fn parse(content: &[u8]) -> Result<Record, DecodeError> {
    let mut r = Reader::new(content);
    let counters = r.get("counters")?;
    let filled: List<(Slot, u32), u32, CONTENT_MAX> = r.get("filled")?;
    let appended = r.get("appended")?;
    let changes: List<(Var<CONTENT_MAX>, Option<Var<CONTENT_MAX>>), u32, CONTENT_MAX> = r.get("rows")?;
    r.end()?;
    let changes: Changes = changes.into_iter().map(|(k, v)| (k.into_vec(), v.map(List::into_vec))).collect();
    Ok(Record { counters, changes: Arc::new(changes), filled: filled.into_vec(), appended })
}
