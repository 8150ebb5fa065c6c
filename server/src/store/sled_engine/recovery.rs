//! Opening a directory: checks, and the end of what a crash interrupted.
//!
//! Spec: `docs/spec/storage.md`, "Recovery".

use std::{
    fs::File,
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
    SledOptions, board, damaged,
    group::{Counters, Disk, Group, stored_hashes},
    holders,
    index::Index,
    io,
    layout::Layout,
    reader::Reading,
    rows::{self, Row},
    sled_failed,
    vault::{Slot, Vault, read_group},
};
use crate::store::StoreError;

/// An opened directory.
pub(super) struct Opened {
    /// For the first step of each group.
    pub(super) disk: Disk,
    /// For the second.
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
        Some(v) => Counters::decode(&v)?,
        None => Counters::NEW,
    };
    // A group is numbered in the key file before the index has it, and at most one other is begun before the index has it durably.
    if begun.checked_sub(counters.group).is_none_or(|ahead| ahead > 2) {
        return Err(damaged(&format!(
            "the index stands at write group {}, but group {begun} had begun: acknowledged writes are missing",
            counters.group
        )));
    }
    let (log_leaves, log_hashes) = (Arc::new(layout.log_leaves()?), Arc::new(layout.log_hashes()?));
    check_len(&log_leaves, counters.log_size, "leaves")?;
    check_len(&log_hashes, stored_hashes(counters.log_size), "hashes")?;
    let mut vault = Vault::open(&layout.bodies(), keys)?;
    vault.claim(&used_slots(&tree)?)?;
    let tree_file = File::open(layout.index().join("db")).map_err(|e| io("opening the index", e))?;
    let standing = Arc::new(RwLock::new(counters));
    let shelves = vault.shelves();
    let index_bytes = Arc::new(AtomicU64::new(tree_file.metadata().map_err(|e| io("sizing the index", e))?.len()));
    let index = Index {
        tree: tree.clone(),
        tree_file,
        shredder: vault.shredder(),
        standing: Arc::clone(&standing),
        index_bytes: Arc::clone(&index_bytes),
    };
    let mut disk = Disk {
        tree: tree.clone(),
        vault,
        log_leaves: Arc::clone(&log_leaves),
        log_hashes: Arc::clone(&log_hashes),
        counters,
        under_way: Arc::default(),
        max_bytes: options.max_bytes,
        index_bytes,
    };
    finish_interrupted(&mut disk, &index)?;
    let reading = Reading {
        tree,
        _db: db,
        shelves,
        standing,
        log_leaves,
        log_hashes,
        closed: AtomicBool::new(false),
        _layout: layout,
    };
    Ok(Opened { disk, index, reading })
}

/// The length of sled's log segments. It must be far more than a group makes sled write (some 400 bytes a row): sled may use a segment
/// again when all that was alive in it is in segments that are full and *written*; that it is also *synced* follows from a sync of ours
/// lying in every segment's worth of log.
const SLED_SEGMENT: usize = 4 * 1024 * 1024;
/// How long to wait for sled's lock on its file, in steps of [`LOCK_STEP`]. The directory's own lock is held already, so it can only be
/// an earlier sled of this very process, some of whose threads are still putting things away.
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

fn used_slots(tree: &sled::Tree) -> Result<Vec<Slot>, StoreError> {
    let mut used = Vec::new();
    for kind in rows::PLACED {
        for row in tree.scan_prefix([*kind]) {
            let (_, value) = row.map_err(sled_failed)?;
            used.extend(rows::places(*kind, &value)?.into_iter().flat_map(|b| b.slots));
        }
    }
    Ok(used)
}

/// Goes on with expiries, publications and purges whose first, deciding step was durable.
fn finish_interrupted(disk: &mut Disk, index: &Index) -> Result<(), StoreError> {
    repeat(disk, index, |g| board::clean_expired(g).map(|(_, more)| more))?;
    repeat(disk, index, board::clean_published)?;
    let mut purged = Vec::new();
    for row in disk.tree.scan_prefix(b"j") {
        let (key, value) = row.map_err(sled_failed)?;
        if !rows::Journal::decode(&value)?.alive {
            let id = key.get(1..).and_then(|k| <[u8; 32]>::try_from(k).ok());
            purged.push(JournalId(id.ok_or_else(|| damaged("a journal's row cannot be read"))?));
        }
    }
    for id in purged {
        repeat(disk, index, |g| holders::clean_purged(g, id))?;
    }
    Ok(())
}

fn repeat(
    disk: &mut Disk,
    index: &Index,
    mut step: impl FnMut(&mut Group<'_>) -> Result<bool, StoreError>,
) -> Result<(), StoreError> {
    loop {
        let mut group = Group::new(disk);
        let more = step(&mut group)?;
        index.commit(&group.write()?)?;
        if !more {
            return Ok(());
        }
    }
}
