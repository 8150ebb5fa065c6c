//! The shelf: journals and the programme's public files as they were read last, in a folder beside the keystore.
//!
//! Spec: `docs/spec/desk-book.md`, section "The shelf". Entries lie there as the server has them, encrypted under keys
//! that only the keystore holds; a file's name is a digest under a key of the keystore. It is a copy and no more: a
//! write that fails, or that a power cut tears, costs a second fetch.

use std::{
    fs::{self, DirBuilder, File, OpenOptions},
    io::{self, Read, Seek, SeekFrom, Write},
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
};

use subrosa_crypto::{
    encoding::put_var,
    kdf,
    secret::Secret32,
    wire::{JOURNAL_ENTRY_MAX, JournalId},
};

use super::files::write_atomically;
use subrosa_engine::officer::{Desk, Shelf};

/// The longest record: a journal's entry, a charter, a policy's file.
const RECORD_MAX: usize = 1 << 20;
/// The longest file that is read into memory: bytes.
const FILE_MAX: u64 = 256 << 20;
const CHARTERS: &str = "charters";
const POLICIES: &str = "policies";

/// The folder of one keystore.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    key: Secret32,
}

impl Folder {
    /// Beside a keystore.
    pub fn beside(keystore: &Path, desk: &Desk) -> Self {
        let mut path = keystore.as_os_str().to_owned();
        path.push(".shelf");
        Self { path: path.into(), key: desk.shelf_key() }
    }

    fn file(&self, journal: &JournalId) -> PathBuf {
        let name = kdf::digest("subrosa/desk-shelf-name/v1", &[self.key.expose(), &journal.0]);
        self.path.join(hex::encode(name.get(..16).unwrap_or(&name)))
    }

    fn write(&self, path: &Path, from: u64, records: &[Vec<u8>]) -> io::Result<()> {
        DirBuilder::new().recursive(true).mode(0o700).create(&self.path)?;
        let mut out = Vec::new();
        for r in records {
            put_var(&mut out, r).map_err(io::Error::other)?;
        }
        if from == 0 {
            return write_atomically(path, &out).map_err(io::Error::other);
        }
        let mut file = OpenOptions::new().read(true).write(true).open(path)?;
        let mut end = 0;
        for _ in 0..from {
            end += record(&mut file)?.ok_or(io::ErrorKind::UnexpectedEof)?.len() as u64 + 4;
        }
        // A power cut in here leaves the old records and a torn one, at which a reader stops.
        file.set_len(end)?;
        file.seek(SeekFrom::Start(end))?;
        file.write_all(&out)
    }
}

/// The next record: `length (u32) || bytes`; `None` where no whole one follows.
fn record(file: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
    let mut length = [0; 4];
    match file.read_exact(&mut length) {
        Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        other => other?,
    }
    let length = usize::try_from(u32::from_be_bytes(length)).unwrap_or(usize::MAX);
    if length == 0 || length > RECORD_MAX.max(JOURNAL_ENTRY_MAX) {
        return Ok(None);
    }
    let mut bytes = vec![0; length];
    match file.read_exact(&mut bytes) {
        Err(e) if e.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        other => other.map(|()| Some(bytes)),
    }
}

fn load(path: &Path) -> Vec<Vec<u8>> {
    let mut out = Vec::new();
    if let Ok(file) = File::open(path) {
        let mut file = io::BufReader::new(file.take(FILE_MAX));
        while let Ok(Some(next)) = record(&mut file) {
            out.push(next);
        }
    }
    out
}

impl Shelf for Folder {
    fn load(&self, journal: &JournalId) -> Vec<Vec<u8>> {
        load(&self.file(journal))
    }

    fn keep(&self, journal: &JournalId, from: u64, entries: &[Vec<u8>]) {
        // What is not kept is fetched again.
        let _ = self.write(&self.file(journal), from, entries);
    }

    fn forget(&self, journal: &JournalId) {
        let _ = fs::remove_file(self.file(journal));
    }

    fn keep_programme(&self, charters: &[Vec<u8>], policies: &[Vec<u8>]) {
        for (name, records) in [(CHARTERS, charters), (POLICIES, policies)] {
            let path = self.path.join(name);
            if load(&path) != records {
                let _ = self.write(&path, 0, records);
            }
        }
    }

    fn programme(&self) -> (Vec<Vec<u8>>, Vec<Vec<u8>>) {
        (load(&self.path.join(CHARTERS)), load(&self.path.join(POLICIES)))
    }
}
