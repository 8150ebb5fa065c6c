//! The desk's own search index: the words of every case that this officer can read, on this machine, encrypted at rest
//! under a key of the keystore.
//!
//! An index is a few immutable segments and one list of them. Each segment holds, for a batch of new journal entries, a
//! row for each case (what a queue shows, and how far its journal was read) and an inverted list of words. New entries
//! make a small segment; neighbours of like size are merged, so there are about log n of them. The server is never
//! asked anything: what is searched, and that something is searched, stays here.
//!
//! Crash points: a segment is written and synced before the list names it, and the list is replaced in one step; a
//! segment that no list names is destroyed at the next opening. What a cut loses is work, never truth: [`Index::row`]
//! tells how far a case was read, and the rest is read again.

mod row;
mod segment;
mod words;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    fs,
    io::{Seek, SeekFrom, Write},
    path::{Path, PathBuf},
};

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use rand_core::CryptoRng;
use subrosa_crypto::{
    encoding::{Reader, put_var},
    secret::Secret32,
};
use thiserror::Error;

pub use row::{CaseRow, text_of};
use segment::{Builder, Segment};
pub use segment::{CaseId, Row};
pub use words::words;

use super::files::{FileError, read, write_atomically};

const VERSION: u8 = 1;
const LIST: &str = "list";
const LABEL: &[u8] = b"subrosa/desk-index/v1";
/// More than this in one file is no index of ours.
const FILE_MAX: u64 = 2 << 30;

/// Why the index cannot be used. It can always be deleted and built again from the journals.
#[derive(Debug, Error)]
pub enum IndexError {
    /// The system said no.
    #[error(transparent)]
    File(#[from] FileError),
    /// The system said no.
    #[error("{0}: {1}")]
    Io(PathBuf, std::io::Error),
    /// Not written by this desk, or damaged.
    #[error(
        "the search index in {0} is damaged or belongs to another keystore; delete the folder, and it is built anew"
    )]
    Damaged(PathBuf),
    /// More than 2^32 entries or words.
    #[error("the search index is full")]
    Full,
}

/// A case that was found.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Hit {
    /// The case in which the words stand.
    pub case: CaseId,
    /// How many entries hold any of the words.
    pub entries: u32,
    /// The newest of these entries, by sequence number; at most [`PLACES`].
    pub places: Vec<u64>,
}

/// Places told for each hit.
pub const PLACES: usize = 3;

/// The index, open.
pub struct Index {
    folder: PathBuf,
    cipher: XChaCha20Poly1305,
    segments: Vec<Segment>,
    rows: HashMap<CaseId, Row>,
    pending: Builder,
}

impl core::fmt::Debug for Index {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Index({} segments, {} cases, [redacted])", self.segments.len(), self.rows.len())
    }
}

impl Index {
    /// Opens the index in `folder`, or begins an empty one. `key` is the keystore's, see
    /// [`subrosa_engine::officer::Desk::index_key`].
    ///
    /// # Errors
    /// The folder cannot be read, or holds something else.
    pub fn open(folder: &Path, key: &Secret32) -> Result<Self, IndexError> {
        fs::create_dir_all(folder).map_err(|e| IndexError::Io(folder.to_owned(), e))?;
        let mut index = Self {
            folder: folder.to_owned(),
            cipher: XChaCha20Poly1305::new(key.expose().into()),
            segments: Vec::new(),
            rows: HashMap::new(),
            pending: Builder::default(),
        };
        let damaged = || IndexError::Damaged(folder.to_owned());
        let names = match index.path(LIST).exists() {
            true => parse_list(&index.unseal(LIST)?).ok_or_else(damaged)?,
            false => Vec::new(),
        };
        for name in &names {
            let segment = Segment::parse(name.clone(), index.unseal(name)?).ok_or_else(damaged)?;
            index.rows.extend(segment.rows().map(|(id, row)| (*id, row.clone())));
            index.segments.push(segment);
        }
        index.sweep(&names.into_iter().collect())?;
        Ok(index)
    }

    /// How far a case was read, and its summary.
    pub fn row(&self, case: &CaseId) -> Option<&Row> {
        self.rows.get(case)
    }

    /// Every case that was read, in no order.
    pub fn rows(&self) -> impl Iterator<Item = (&CaseId, &Row)> {
        self.rows.iter()
    }

    /// Takes in what is new in a case: its row, and the text of each new entry. Found at once; on disk after
    /// [`Index::commit`].
    pub fn add(&mut self, case: CaseId, row: Row, entries: &[(u64, String)]) {
        self.rows.insert(case, row.clone());
        self.pending.add(case, row, entries);
    }

    /// Writes what was taken in since the last time. Durable when it returns.
    ///
    /// # Errors
    /// Nothing changed on disk then, and what was taken in is still found.
    pub fn commit(&mut self, rng: &mut impl CryptoRng) -> Result<(), IndexError> {
        if self.pending.is_empty() {
            return Ok(());
        }
        let fresh = self.pending.segment(name(rng)).ok_or(IndexError::Full)?;
        let mut next: Vec<Segment> = Vec::new();
        let mut merging = vec![fresh];
        // The logarithmic method: a segment is merged with its older neighbour as long as that one is less than twice
        // as large.
        let mut older = self.segments.iter().rev().peekable();
        while let Some(neighbour) = older.peek() {
            let size: usize = merging.iter().map(Segment::len).sum();
            if neighbour.len() >= size.saturating_mul(2) {
                break;
            }
            merging.insert(0, (*neighbour).clone());
            older.next();
        }
        let kept = older.count();
        let newest = match merging.as_slice() {
            [only] => only.clone(),
            several => Segment::merge(name(rng), several, None).ok_or(IndexError::Full)?,
        };
        next.extend(self.segments.iter().take(kept).cloned());
        next.push(newest);
        self.replace(next, rng)?;
        self.pending = Builder::default();
        Ok(())
    }

    /// Forgets a case: the segments that hold it are written anew without it, and the old files are overwritten before
    /// they are unlinked. For purges and recusals.
    ///
    /// # Errors
    /// The old index stands then.
    pub fn remove(&mut self, case: &CaseId, rng: &mut impl CryptoRng) -> Result<(), IndexError> {
        self.commit(rng)?;
        let mut next = Vec::new();
        for segment in &self.segments {
            if segment.holds(case) {
                let without = Segment::merge(name(rng), core::slice::from_ref(segment), Some(case));
                next.push(without.ok_or(IndexError::Full)?);
            } else {
                next.push(segment.clone());
            }
        }
        self.replace(next, rng)?;
        self.rows.remove(case);
        Ok(())
    }

    /// The cases that hold every word of the query, each word as the beginning of a word somewhere in the case. Most
    /// entries first, then the longest journals; at most `limit`. An empty query finds nothing.
    pub fn search(&self, query: &str, limit: usize) -> Vec<Hit> {
        let wanted = words(query);
        let Some(first) = wanted.first() else { return Vec::new() };
        let pending = (!self.pending.is_empty()).then(|| self.pending.segment(String::new())).flatten();
        let parts: Vec<&Segment> = self.segments.iter().chain(pending.as_ref()).collect();
        let mut found = counts(&parts, first);
        for word in wanted.iter().skip(1) {
            let more = counts(&parts, word);
            found.retain(|case, n| {
                more.get(case).is_some_and(|m| {
                    *n = n.saturating_add(*m);
                    true
                })
            });
        }
        let mut ranked: Vec<(u32, u64, CaseId)> =
            found.into_iter().map(|(case, n)| (n, self.rows.get(case).map_or(0, |r| r.seq), *case)).collect();
        ranked.sort_unstable_by(|a, b| b.cmp(a));
        ranked.truncate(limit);
        let mut places: BTreeMap<CaseId, Vec<u64>> = ranked.iter().map(|(_, _, case)| (*case, Vec::new())).collect();
        for part in &parts {
            for word in &wanted {
                part.each_place(word, |case, seq| {
                    if let Some(seqs) = places.get_mut(case) {
                        seqs.push(seq);
                    }
                });
            }
        }
        let newest = |case: &CaseId| {
            let mut seqs = places.get(case).cloned().unwrap_or_default();
            seqs.sort_unstable_by(|a, b| b.cmp(a));
            seqs.dedup();
            seqs.truncate(PLACES);
            seqs
        };
        ranked.into_iter().map(|(entries, _, case)| Hit { case, entries, places: newest(&case) }).collect()
    }

    /// How many segments there are.
    pub fn segments(&self) -> usize {
        self.segments.len()
    }

    /// Bytes of all segments as they lie on disk.
    pub fn size(&self) -> u64 {
        self.segments.iter().map(|s| s.bytes() as u64).sum()
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    fn replace(&mut self, next: Vec<Segment>, rng: &mut impl CryptoRng) -> Result<(), IndexError> {
        let standing: HashSet<&str> = self.segments.iter().map(Segment::name).collect();
        for segment in next.iter().filter(|s| !standing.contains(s.name())) {
            let sealed = self.seal(segment.name(), segment.plain(), rng)?;
            write_atomically(&self.path(segment.name()), &sealed)?;
        }
        let mut list = vec![VERSION];
        for segment in &next {
            put_var(&mut list, segment.name().as_bytes()).map_err(|_| IndexError::Full)?;
        }
        write_atomically(&self.path(LIST), &self.seal(LIST, &list, rng)?)?;
        let names: HashSet<String> = next.iter().map(|s| s.name().to_owned()).collect();
        self.segments = next;
        self.sweep(&names)
    }

    /// Destroys every file that the list does not name.
    fn sweep(&self, names: &HashSet<String>) -> Result<(), IndexError> {
        let failed = |path: &Path| {
            let path = path.to_owned();
            move |e| IndexError::Io(path, e)
        };
        for entry in fs::read_dir(&self.folder).map_err(failed(&self.folder))?.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            if name == LIST || names.contains(&name) || !entry.file_type().is_ok_and(|t| t.is_file()) {
                continue;
            }
            let path = entry.path();
            overwrite(&path).and_then(|()| fs::remove_file(&path)).map_err(failed(&path))?;
        }
        Ok(())
    }

    /// `version || nonce || XChaCha20-Poly1305(key, plain)`, bound to the file's name.
    fn seal(&self, name: &str, plain: &[u8], rng: &mut impl CryptoRng) -> Result<Vec<u8>, IndexError> {
        let mut nonce = [0; 24];
        rng.fill_bytes(&mut nonce);
        let aad = [LABEL, name.as_bytes()].concat();
        let sealed = self.cipher.encrypt(&XNonce::from(nonce), Payload { msg: plain, aad: &aad });
        let sealed = sealed.map_err(|_| IndexError::Full)?;
        Ok([&[VERSION][..], &nonce, &sealed].concat())
    }

    fn unseal(&self, name: &str) -> Result<Vec<u8>, IndexError> {
        let damaged = || IndexError::Damaged(self.folder.clone());
        let bytes = read(&self.path(name), FILE_MAX)?;
        let mut r = Reader::new(&bytes);
        r.version(VERSION).map_err(|_| damaged())?;
        let nonce: [u8; 24] = r.array("nonce").map_err(|_| damaged())?;
        let sealed = r.bytes(r.remaining(), "sealed").map_err(|_| damaged())?;
        let aad = [LABEL, name.as_bytes()].concat();
        self.cipher.decrypt(&XNonce::from(nonce), Payload { msg: sealed, aad: &aad }).map_err(|_| damaged())
    }
}

fn counts<'s>(parts: &[&'s Segment], word: &str) -> HashMap<&'s CaseId, u32> {
    let mut out: HashMap<&CaseId, u32> = HashMap::new();
    for part in parts {
        for (case, n) in part.counts(word) {
            let sum = out.entry(case).or_default();
            *sum = sum.saturating_add(n);
        }
    }
    out
}

fn parse_list(plain: &[u8]) -> Option<Vec<String>> {
    let mut r = Reader::new(plain);
    r.version(VERSION).ok()?;
    let mut names = Vec::new();
    while r.remaining() > 0 {
        let name = core::str::from_utf8(r.var(64, "name").ok()?).ok()?;
        // Never a path out of the folder.
        if !name.bytes().all(|b| b.is_ascii_hexdigit()) {
            return None;
        }
        names.push(name.to_owned());
    }
    Some(names)
}

fn name(rng: &mut impl CryptoRng) -> String {
    let mut bytes = [0; 16];
    rng.fill_bytes(&mut bytes);
    hex::encode(bytes)
}

/// Zeros over the old bytes, as far as the medium obeys.
fn overwrite(path: &Path) -> std::io::Result<()> {
    let mut file = fs::OpenOptions::new().write(true).open(path)?;
    let mut left = file.metadata()?.len();
    file.seek(SeekFrom::Start(0))?;
    let zeros = [0; 64 * 1024];
    while left > 0 {
        let step = usize::try_from(left).unwrap_or(zeros.len()).min(zeros.len());
        file.write_all(zeros.get(..step).unwrap_or_default())?;
        left -= step as u64;
    }
    file.sync_all()
}
