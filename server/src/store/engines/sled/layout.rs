//! The data directory: its lock and its marker.
//!
//! Spec: `docs/spec/storage.md`, "Directory".

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{ErrorKind, Write},
    path::{Path, PathBuf},
};

use super::{
    failures::{damaged, io},
    group_log, slots,
    sync::{sync_all, sync_dir, sync_tree},
};
use crate::store::StoreError;

/// Says whose directory this is and in which format. Written last when a directory is made.
const MARKER: &str = "subrosa-store";
/// Stands while a directory is being made: what lies beside it was never used.
const MAKING: &str = "subrosa-store.unfinished";
const MARKER_TEXT: &str = "subrosa sled store, format 2\n";
const LOCK: &str = "lock";

/// The open and locked data directory.
pub(super) struct Layout {
    root: PathBuf,
    /// Held for the lock on it.
    _lock: File,
}

impl Layout {
    /// Locks `root` and checks that it is ours, or makes it ours if it is empty.
    pub(super) fn open(root: &Path) -> Result<Self, StoreError> {
        if root.exists() && !root.is_dir() {
            return Err(StoreError::Corrupt(format!(
                "{} is not a directory. Point the server at an empty directory; nothing was changed",
                root.display()
            )));
        }
        fs::create_dir_all(root).map_err(|e| io("creating the data directory", e))?;
        let marked = exists(&root.join(MARKER))?;
        let unfinished = exists(&root.join(MAKING))?;
        if !marked && !unfinished && !is_empty_but_lock(root)? {
            return Err(StoreError::Corrupt(format!(
                "{} holds files that are not this program's. Point the server at an empty directory, or restore a \
                 backup of its own; nothing was changed",
                root.display()
            )));
        }
        let lock = OpenOptions::new()
            .create(true)
            .truncate(false)
            .write(true)
            .open(root.join(LOCK))
            .map_err(|e| io("opening the lock", e))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(StoreError::Corrupt(format!(
                    "{} is in use by another process. Stop that one first, or point this one elsewhere",
                    root.display()
                )));
            }
            Err(TryLockError::Error(e)) => return Err(io("locking the data directory", e)),
        }
        let layout = Self { root: root.to_owned(), _lock: lock };
        // Looked at again: another process may have made the directory while this one waited for nothing but the lock.
        if exists(&root.join(MARKER))? {
            layout.check_marker()?;
        } else {
            layout.make(exists(&root.join(MAKING))?)?;
        }
        Ok(layout)
    }

    fn check_marker(&self) -> Result<(), StoreError> {
        let text = fs::read(self.root.join(MARKER)).map_err(|e| io("reading the marker", e))?;
        if text == MARKER_TEXT.as_bytes() {
            return Ok(());
        }
        Err(StoreError::Corrupt(format!(
            "{} is in a format that this version does not know (\"{}\"). Use the version that wrote it, or restore a \
             backup; nothing was changed",
            self.root.display(),
            String::from_utf8_lossy(text.get(..text.len().min(60)).unwrap_or_default()).escape_debug()
        )))
    }

    /// Makes a directory; what an earlier, interrupted making left was never acknowledged to anybody and is cleared.
    fn make(&self, unfinished: bool) -> Result<(), StoreError> {
        if unfinished {
            for dir in [self.bodies(), self.index()] {
                remove_if_there(fs::remove_dir_all(&dir))?;
            }
            for file in [self.keys_path(), self.leaves_path(), self.hashes_path(), self.groups_path()] {
                remove_if_there(fs::remove_file(&file))?;
            }
        } else {
            write_new(&self.root.join(MAKING), b"")?;
            self.sync_up()?;
        }
        fs::create_dir(self.bodies()).map_err(|e| io("creating a directory", e))?;
        sync_dir(&self.bodies())?;
        let keys = open_rw(&self.keys_path())?;
        slots::init_keys(&keys)?;
        sync_all(&keys)?;
        for path in [self.leaves_path(), self.hashes_path()] {
            sync_all(&open_rw(&path)?)?;
        }
        let groups = open_rw(&self.groups_path())?;
        group_log::init(&groups)?;
        sync_all(&groups)
    }

    /// Removes the snapshot that sled had begun to write when it was cut off. sled 0.34 names it `snap.….generating`,
    /// but skips only names that end in `.in___motion`: it would take the unfinished one for its newest, and refuse to
    /// open. The finished one, or else sled's whole log, holds all that this one would have held.
    pub(super) fn clear_unfinished_snapshots(&self) -> Result<(), StoreError> {
        let listing = match fs::read_dir(self.index()) {
            Ok(listing) => listing,
            Err(e) if e.kind() == ErrorKind::NotFound => return Ok(()),
            Err(e) => return Err(io("listing the index", e)),
        };
        for entry in listing {
            let path = entry.map_err(|e| io("listing the index", e))?.path();
            let name = path.file_name().map(|n| n.to_string_lossy()).unwrap_or_default();
            if name.starts_with("snap.") && name.ends_with(".generating") {
                remove_if_there(fs::remove_file(&path))?;
            }
        }
        sync_dir(&self.index())
    }

    /// Ends the making: everything below is synced, then the marker is written.
    pub(super) fn finish(&self) -> Result<(), StoreError> {
        sync_tree(&self.index())?;
        if exists(&self.root.join(MARKER))? {
            return Ok(());
        }
        let text = self.root.join(format!("{MARKER}.new"));
        remove_if_there(fs::remove_file(&text))?;
        write_new(&text, MARKER_TEXT.as_bytes())?;
        // All that the marker vouches for must last before the marker does.
        sync_dir(&self.root)?;
        fs::rename(&text, self.root.join(MARKER)).map_err(|e| io("writing the marker", e))?;
        sync_dir(&self.root)?;
        remove_if_there(fs::remove_file(self.root.join(MAKING)))?;
        self.sync_up()
    }

    /// The directory's entry in its parent must last as well.
    fn sync_up(&self) -> Result<(), StoreError> {
        sync_dir(&self.root)?;
        match self.root.canonicalize().ok().and_then(|p| p.parent().map(Path::to_owned)) {
            Some(parent) => sync_dir(&parent),
            None => Ok(()),
        }
    }

    /// The segments' directory.
    pub(super) fn bodies(&self) -> PathBuf {
        self.root.join("bodies")
    }

    /// The directory that sled has for itself.
    pub(super) fn index(&self) -> PathBuf {
        self.root.join("index")
    }

    /// The key file.
    pub(super) fn keys(&self) -> Result<File, StoreError> {
        open_existing(&self.keys_path())
    }

    /// The log's leaves, 32 bytes each.
    pub(super) fn log_leaves(&self) -> Result<File, StoreError> {
        open_existing(&self.leaves_path())
    }

    /// The log's stored hashes, 32 bytes each.
    pub(super) fn log_hashes(&self) -> Result<File, StoreError> {
        open_existing(&self.hashes_path())
    }

    /// The group log.
    pub(super) fn groups(&self) -> Result<File, StoreError> {
        open_existing(&self.groups_path())
    }

    fn groups_path(&self) -> PathBuf {
        self.root.join("groups")
    }

    fn keys_path(&self) -> PathBuf {
        self.root.join("keys")
    }

    fn leaves_path(&self) -> PathBuf {
        self.root.join("log-leaves")
    }

    fn hashes_path(&self) -> PathBuf {
        self.root.join("log-hashes")
    }
}

/// Whether the marker stands in `root`.
pub(super) fn is_made(root: &Path) -> Result<bool, StoreError> {
    exists(&root.join(MARKER))
}

fn exists(path: &Path) -> Result<bool, StoreError> {
    path.try_exists().map_err(|e| io("looking at the data directory", e))
}

fn is_empty_but_lock(root: &Path) -> Result<bool, StoreError> {
    for entry in fs::read_dir(root).map_err(|e| io("listing the data directory", e))? {
        if entry.map_err(|e| io("listing the data directory", e))?.file_name() != LOCK {
            return Ok(false);
        }
    }
    Ok(true)
}

fn open_existing(path: &Path) -> Result<File, StoreError> {
    OpenOptions::new().read(true).write(true).open(path).map_err(|e| match e.kind() {
        ErrorKind::NotFound => damaged(&format!("{} is missing", path.display())),
        _ => io("opening a file", e),
    })
}

fn open_rw(path: &Path) -> Result<File, StoreError> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)
        .map_err(|e| io("creating a file", e))
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<(), StoreError> {
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(|e| io("creating a file", e))?;
    file.write_all(bytes).map_err(|e| io("writing a file", e))?;
    sync_all(&file)
}

fn remove_if_there(result: std::io::Result<()>) -> Result<(), StoreError> {
    match result {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(io("clearing what was unfinished", e)),
        _ => Ok(()),
    }
}
