//! Opening a directory: checks, and the end of what a crash interrupted.
//!
//! Spec: `docs/spec/storage.md`, "Recovery".

use std::{
    collections::VecDeque,
    fs::File,
    io::ErrorKind,
    os::unix::fs::FileExt,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
    sync::{
        Arc, RwLock,
        atomic::{AtomicBool, AtomicU64},
    },
    time::Duration,
};

use subrosa_crypto::wire::JournalId;

use super::{
    SledOptions, board,
    failures::{damaged, io, sled_failed},
    group::{Disk, Group, stored_hashes},
    group_log::{self, GroupLog, Record},
    index::Index,
    journals,
    layout::Layout,
    reader::Reading,
    rows,
    slot::Slot,
    slots::{SlotWriter, read_group},
    standing::{Appended, Counters, Standing},
    sync::sync_together,
    syncer::Syncer,
};
use crate::store::StoreError;

/// An opened directory.
pub(super) struct Opened {
    /// For the first step of each group.
    pub(super) disk: Disk,
    /// For the second.
    pub(super) syncer: Syncer,
    /// For what follows it.
    pub(super) index: Index,
    /// For everybody else.
    pub(super) reading: Reading,
}

/// Opens, checks and repairs.
pub(super) fn open(dir: &Path, options: SledOptions) -> Result<Opened, StoreError> {
    let layout = Layout::open(dir)?;
    let keys = layout.keys()?;
    let begun = read_group(&keys)?;
    layout.clear_unfinished_snapshots()?;
    let db = open_sled(&layout.index(), options.cache_bytes)?;
    let tree: sled::Tree = (*db).clone();
    layout.finish()?;
    let counters = match tree.get(rows::meta("counters")).map_err(sled_failed)? {
        Some(v) => rows::value::<Counters>(&v)?,
        None => Counters::NEW,
    };
    let (log_leaves, log_hashes) = (Arc::new(layout.log_leaves()?), Arc::new(layout.log_hashes()?));
    let mut slots = SlotWriter::open(&layout.bodies(), keys)?;
    let groups = layout.groups()?;
    let replayed = groups_to_replay(&groups, counters.group, begun, &slots, &log_leaves, &log_hashes)?;
    let newest = replayed.last().map_or(counters, |r| r.counters);
    check_nothing_missing(begun, newest, &log_leaves, &log_hashes)?;
    let mut index = open_index(&layout, &tree, newest)?;
    if !replayed.is_empty() {
        replay(&replayed, &mut index, &slots, &[&log_leaves, &log_hashes, &groups])?;
    }
    slots.claim(&sweep(&tree, newest)?)?;
    let reader = slots.reader();
    let mut syncer = Syncer {
        log: GroupLog::begin(groups)?,
        shredder: slots.shredder(),
        log_files: [Arc::clone(&log_leaves), Arc::clone(&log_hashes)],
        standing: Arc::clone(&index.standing),
    };
    let mut disk = Disk {
        tree: tree.clone(),
        slots,
        log_leaves: Arc::clone(&log_leaves),
        log_hashes: Arc::clone(&log_hashes),
        counters: newest,
        ahead: VecDeque::new(),
        applied: Arc::clone(&index.applied),
        max_bytes: options.max_bytes,
        index_bytes: Arc::clone(&index.index_bytes),
        ground: File::open(layout.bodies()).map_err(|e| io("opening the segments' directory", e))?,
        free_bytes: u64::MAX,
    };
    finish_interrupted(&mut disk, &mut syncer, &mut index)?;
    let reading = Reading {
        tree,
        _db: db,
        reader,
        standing: Arc::clone(&index.standing),
        log_leaves,
        log_hashes,
        closed: AtomicBool::new(false),
        _layout: layout,
    };
    Ok(Opened { disk, syncer, index, reading })
}

/// The index, which stands where the newest group left it.
fn open_index(layout: &Layout, tree: &sled::Tree, newest: Counters) -> Result<Index, StoreError> {
    let tree_file = File::open(layout.index().join("db")).map_err(|e| io("opening the index", e))?;
    let bytes = tree_file.metadata().map_err(|e| io("sizing the index", e))?.len();
    Ok(Index {
        tree: tree.clone(),
        tree_file,
        standing: Arc::new(RwLock::new(Standing { counters: newest, ahead: VecDeque::new() })),
        applied: Arc::new(AtomicU64::new(newest.group)),
        index_bytes: Arc::new(AtomicU64::new(bytes)),
        unsettled: 0,
    })
}

/// Whether index, group log and log files hold all that was acknowledged.
fn check_nothing_missing(begun: u64, newest: Counters, log_leaves: &File, log_hashes: &File) -> Result<(), StoreError> {
    // A group is numbered in the key file when the one before it is durable.
    if begun.checked_sub(newest.group).is_none_or(|ahead| ahead > 1) {
        return Err(damaged(&format!(
            "the index and the group log end at write group {}, but group {begun} had begun: acknowledged writes are \
             missing",
            newest.group
        )));
    }
    check_len(log_leaves, newest.log_size, "leaves")?;
    check_len(log_hashes, stored_hashes(newest.log_size), "hashes")
}

/// Gives the index the groups that it does not have. After a kill the newest may be in the kernel's memory only: it
/// must last before the index refers to it.
fn replay(groups: &[Record], index: &mut Index, slots: &SlotWriter, files: &[&File]) -> Result<(), StoreError> {
    slots.sync()?;
    sync_together(files)?;
    for record in groups {
        index.apply(&record.changes, record.counters)?;
    }
    index.settle()
}

/// The groups that stand and that the index, which ends at group `indexed`, does not have. Only of the newest one is it
/// unknown whether all its parts were synced; it stands if they are all there.
fn groups_to_replay(
    groups: &File,
    indexed: u64,
    begun: u64,
    slots: &SlotWriter,
    log_leaves: &File,
    log_hashes: &File,
) -> Result<Vec<Record>, StoreError> {
    let mut records = group_log::read(groups)?;
    records.retain(|r| r.counters.group > indexed);
    if let Some(first) = records.first()
        && first.counters.group != indexed + 1
    {
        return Err(damaged(&format!(
            "the index ends at write group {indexed} and the group log begins with {}: acknowledged writes are missing",
            first.counters.group
        )));
    }
    if let Some(newest) = records.last()
        && newest.counters.group >= begun
        && !(newest.counters.group == begun && is_whole(newest, slots, log_leaves, log_hashes)?)
    {
        records.pop();
    }
    Ok(records)
}

/// Whether everything that a group wrote beside its record is there.
fn is_whole(record: &Record, slots: &SlotWriter, log_leaves: &File, log_hashes: &File) -> Result<bool, StoreError> {
    let reader = slots.reader();
    for (slot, len) in &record.filled {
        if !reader.holds(*slot) || !reader.opens(*slot, *len)? {
            return Ok(false);
        }
    }
    let Some(appended) = &record.appended else { return Ok(true) };
    let to = record.counters.log_size;
    let (Some(leaves), Some(hashes)) = (
        stretch(log_leaves, appended.from, to)?,
        stretch(log_hashes, stored_hashes(appended.from), stored_hashes(to))?,
    ) else {
        return Ok(false);
    };
    Ok(Appended::new(appended.from, &leaves, &hashes) == *appended)
}

/// Entries `from` to `to` of a file of 32-byte entries, if it is that long.
fn stretch(file: &File, from: u64, to: u64) -> Result<Option<Vec<u8>>, StoreError> {
    let len = file.metadata().map_err(|e| io("sizing the log", e))?.len();
    let (start, end) = (from.saturating_mul(32), to.saturating_mul(32));
    if end > len || start > end {
        return Ok(None);
    }
    let mut bytes = vec![0; usize::try_from(end - start).map_err(|_| damaged("the log is too long"))?];
    file.read_exact_at(&mut bytes, start).map_err(|e| io("reading the log", e))?;
    Ok(Some(bytes))
}

/// The length of sled's log segments. It must be far more than a group makes sled write (some 400 bytes a row): sled
/// may use a segment again when all that was alive in it is in segments that are full and *written*; that it is also
/// *synced* follows from a sync of ours lying in every segment's worth of log.
const SLED_SEGMENT: usize = 4 * 1024 * 1024;
/// How long to wait for sled's lock on its file, in steps of [`LOCK_STEP`]. The directory's own lock is held already,
/// so it can only be an earlier sled of this very process, some of whose threads are still putting things away.
const LOCK_TRIES: u32 = 500;
const LOCK_STEP: Duration = Duration::from_millis(10);

/// sled answers damage with an error or, in places, a panic: both become one answer.
fn open_sled(path: &Path, cache_bytes: u64) -> Result<sled::Db, StoreError> {
    let mut tries = 0;
    loop {
        let config =
            sled::Config::new().path(path).cache_capacity(cache_bytes).segment_size(SLED_SEGMENT).flush_every_ms(None);
        match catch_unwind(AssertUnwindSafe(|| config.open())) {
            Ok(Ok(db)) => return Ok(db),
            Ok(Err(sled::Error::Io(e))) if tries < LOCK_TRIES && e.to_string().contains("could not acquire lock") => {
                tries += 1;
                std::thread::sleep(LOCK_STEP);
            }
            Ok(Err(sled::Error::Io(e))) if e.kind() == ErrorKind::StorageFull => {
                return Err(StoreError::Io(format!(
                    "the disk under {} is full. Make room on it and start again; nothing was lost",
                    path.display()
                )));
            }
            Ok(Err(e)) => return Err(damaged(&format!("the index in {} does not open ({e})", path.display()))),
            Err(_) => return Err(damaged(&format!("the index in {} does not open", path.display()))),
        }
    }
}

fn check_len(file: &File, entries: u64, what: &str) -> Result<(), StoreError> {
    let len = file.metadata().map_err(|e| io("sizing the log", e))?.len();
    if len < entries.saturating_mul(32) {
        return Err(damaged(&format!("the log's {what} are shorter than the index says")));
    }
    Ok(())
}

/// Reads every row of the index; answers the slots that are in use.
///
/// # Errors
/// A row is not what its kind says, or rows are missing that others count. sled answers damage with an error or, in
/// places, a panic: both become one answer.
fn sweep(tree: &sled::Tree, counters: Counters) -> Result<Vec<Slot>, StoreError> {
    let swept = catch_unwind(AssertUnwindSafe(|| read_rows(tree, counters)));
    swept.unwrap_or_else(|_| Err(damaged("the index cannot be read")))
}

fn read_rows(tree: &sled::Tree, counters: Counters) -> Result<Vec<Slot>, StoreError> {
    let mut used = Vec::new();
    let (mut lists, mut records, mut digests) = (0u64, 0u64, 0u64);
    for row in tree.iter() {
        let (key, value) = row.map_err(|e| damaged(&format!("the index cannot be read ({e})")))?;
        rows::check(&key, &value)?;
        let kind = key.first().copied().unwrap_or_default();
        match kind {
            b'a' if rows::epoch_of(&key)? >= counters.first => lists += 1,
            b'q' => records += 1,
            b'p' => digests += 1,
            _ => {}
        }
        used.extend(rows::places(kind, &value)?.into_iter().flat_map(|b| b.slots));
    }
    // What was published from the first epoch that is kept on has its lists, one for each.
    let published = if counters.published < counters.first { 0 } else { counters.published - counters.first + 1 };
    if lists != published || records != counters.records || digests != records {
        return Err(damaged(&format!(
            "the index counts {published} epochs and {} records, but holds {lists} and {records}",
            counters.records
        )));
    }
    Ok(used)
}

/// Goes on with expiries, publications and purges whose first, deciding step was durable.
fn finish_interrupted(disk: &mut Disk, syncer: &mut Syncer, index: &mut Index) -> Result<(), StoreError> {
    repeat(disk, syncer, index, |g| board::clean_expired(g).map(|(_, more)| more))?;
    repeat(disk, syncer, index, board::clean_published)?;
    let mut purged = Vec::new();
    for row in disk.tree.scan_prefix(b"j") {
        let (key, value) = row.map_err(sled_failed)?;
        if !rows::value::<rows::Journal>(&value)?.alive {
            let id = key.get(1..).and_then(|k| <[u8; 32]>::try_from(k).ok());
            purged.push(JournalId(id.ok_or_else(|| damaged("a journal's row cannot be read"))?));
        }
    }
    for id in purged {
        repeat(disk, syncer, index, |g| journals::clean_purged(g, id))?;
    }
    Ok(())
}

fn repeat(
    disk: &mut Disk,
    syncer: &mut Syncer,
    index: &mut Index,
    mut step: impl FnMut(&mut Group<'_>) -> Result<bool, StoreError>,
) -> Result<(), StoreError> {
    loop {
        let mut group = Group::new(disk);
        let more = step(&mut group)?;
        let written = group.write()?;
        syncer.commit(&written, || index.settle())?;
        if let Some(counters) = written.counters {
            index.apply(&written.changes, counters)?;
        }
        if !more {
            return Ok(());
        }
    }
}
