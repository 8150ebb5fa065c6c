//! The syncs that make files and directories stay.

use std::{
    fs::{self, File},
    path::Path,
};

use super::failures::io;
use crate::store::StoreError;

/// Makes a file last, with its length.
pub(super) fn sync_all(file: &File) -> Result<(), StoreError> {
    file.sync_all().map_err(|e| io("syncing a file", e))
}

/// Makes the entries of `dir` last.
pub(super) fn sync_dir(dir: &Path) -> Result<(), StoreError> {
    File::open(dir).and_then(|d| d.sync_all()).map_err(|e| io("syncing a directory", e))
}

/// Makes all files and directories under `dir` last.
pub(super) fn sync_tree(dir: &Path) -> Result<(), StoreError> {
    for entry in fs::read_dir(dir).map_err(|e| io("listing a directory", e))? {
        let path = entry.map_err(|e| io("listing a directory", e))?.path();
        if path.is_dir() {
            sync_tree(&path)?;
        } else {
            sync_all(&File::open(&path).map_err(|e| io("opening a file", e))?)?;
        }
    }
    sync_dir(dir)
}

/// `fdatasync` of several files at the same time: a disk that is asked to flush its cache once for all of them takes
/// hardly longer than for one, and one after the other they would each wait for it.
pub(super) fn sync_together(files: &[&File]) -> Result<(), StoreError> {
    let sync = |file: &File| file.sync_data().map_err(|e| io("syncing", e));
    let Some((first, rest)) = files.split_first() else { return Ok(()) };
    std::thread::scope(|scope| {
        let others: Vec<_> = rest.iter().map(|file| scope.spawn(move || sync(file))).collect();
        let mut done = sync(first);
        for other in others {
            // A thread that died has synced nothing.
            done = done.and(other.join().unwrap_or(Err(StoreError::Closed)));
        }
        done
    })
}
