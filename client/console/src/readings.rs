//! What the desk remembers for its own person beside the keystore, sealed: who opened what and when, drafts, saved
//! views.
//!
//! Spec: `docs/spec/desk-book.md`. The key comes from the keystore, so the book opens when the keystore does. It is
//! written anew as a whole, and a reading is written down before the page is shown.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use rand_core::{Rng as _, UnwrapErr};
use serde::{Deserialize, Serialize};
use subrosa_casework::bytes::Digest;
use subrosa_crypto::secret::Secret32;
use zeroize::Zeroizing;

use subrosa_engine::mailbox::Identity;
use subrosa_machine::files::{FileError, read, write_atomically};

const VERSION: u8 = 1;
const HEAD: usize = 1 + 24;
/// The newest readings that are kept.
pub(crate) const READINGS_MAX: usize = 10_000;
/// The longest draft that is kept: bytes.
const DRAFT_MAX: usize = 128 * 1024;
/// Drafts that are kept.
const DRAFTS_MAX: usize = 200;

/// What was done with a case on this desk.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Reading {
    /// A page of it was shown.
    Page,
    /// A file was previewed.
    Preview,
    /// A sealed original was saved to this machine.
    Download,
    /// It stood in the results of a search.
    Search,
    /// It was exported.
    Export,
}

/// One line of the log of readings.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Read {
    /// When: seconds since 1970.
    pub(crate) at: u64,
    /// Which case was read.
    pub(crate) case: Digest,
    /// What was done.
    pub(crate) how: Reading,
    /// Which page or file.
    pub(crate) what: String,
}

/// A saved view: a name and the filters as they stand in the address.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SavedView {
    /// What its owner calls it.
    pub(crate) name: String,
    /// The filters, percent-encoded as in an address.
    pub(crate) query: String,
}

/// What is in the book.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Pages {
    /// Readings, oldest first.
    pub(crate) reads: Vec<Read>,
    /// What is typed and was not sent, by form: the fields as they stand in a request.
    pub(crate) drafts: BTreeMap<String, String>,
    /// Filters of the list that were kept under a name.
    pub(crate) views: Vec<SavedView>,
}

/// The book, open.
pub(crate) struct Book {
    path: PathBuf,
    key: Secret32,
    /// What is in it.
    pub(crate) pages: Pages,
}

fn seal(key: &[u8; 32], nonce: &[u8; 24], plain: &[u8]) -> Option<Vec<u8>> {
    let payload = Payload { msg: plain, aad: &[VERSION] };
    let sealed = XChaCha20Poly1305::new(key.into()).encrypt(&XNonce::from(*nonce), payload).ok()?;
    let mut out = vec![VERSION];
    out.extend_from_slice(nonce);
    out.extend_from_slice(&sealed);
    Some(out)
}

fn open(key: &[u8; 32], bytes: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (head, sealed) = bytes.split_at_checked(HEAD)?;
    let (version, nonce) = head.split_first()?;
    if *version != VERSION {
        return None;
    }
    let nonce: [u8; 24] = nonce.try_into().ok()?;
    let payload = Payload { msg: sealed, aad: &[VERSION] };
    XChaCha20Poly1305::new(key.into()).decrypt(&XNonce::from(nonce), payload).ok().map(Zeroizing::new)
}

impl Book {
    /// Opens the book beside `keystore`, or begins one. A book that cannot be read is set aside under another name,
    /// never overwritten; the answer says so.
    pub(crate) fn beside(keystore: &Path, identity: &Identity) -> Result<(Self, bool), FileError> {
        let mut name = keystore.as_os_str().to_owned();
        name.push(".desk");
        let path = PathBuf::from(name);
        let key = identity.local_key("subrosa/desk-book-key/v1");
        let empty = Pages::default;
        if !path.exists() {
            return Ok((Self { path, key, pages: empty() }, false));
        }
        let bytes = read(&path, 64 << 20)?;
        let pages = open(key.expose(), &bytes).and_then(|plain| ciborium::from_reader(plain.as_slice()).ok());
        match pages {
            Some(pages) => Ok((Self { path, key, pages }, false)),
            None => {
                let mut aside = path.clone().into_os_string();
                aside.push(".unreadable");
                std::fs::rename(&path, &aside).map_err(|error| FileError::Io { path: path.clone(), error })?;
                Ok((Self { path, key, pages: empty() }, true))
            }
        }
    }

    /// Durable when it returns.
    pub(crate) fn save(&self) -> Result<(), FileError> {
        let unwritable = || FileError::Contents(self.path.clone());
        let mut plain = Zeroizing::new(Vec::new());
        ciborium::into_writer(&self.pages, &mut *plain).map_err(|_| unwritable())?;
        let mut nonce = [0; 24];
        UnwrapErr(getrandom::SysRng).fill_bytes(&mut nonce);
        write_atomically(&self.path, &seal(self.key.expose(), &nonce, &plain).ok_or_else(unwritable)?)
    }

    /// Writes a reading down.
    pub(crate) fn note(&mut self, read: Read) -> Result<(), FileError> {
        self.pages.reads.push(read);
        let over = self.pages.reads.len().saturating_sub(READINGS_MAX);
        self.pages.reads.drain(..over);
        self.save()
    }

    /// Keeps a draft; an empty one is dropped. Answers whether it was kept.
    pub(crate) fn draft(&mut self, name: &str, fields: &str) -> Result<bool, FileError> {
        if fields.len() > DRAFT_MAX || name.len() > 200 {
            return Ok(false);
        }
        if fields.is_empty() {
            if self.pages.drafts.remove(name).is_none() {
                return Ok(true);
            }
        } else {
            if self.pages.drafts.len() >= DRAFTS_MAX && !self.pages.drafts.contains_key(name) {
                return Ok(false);
            }
            self.pages.drafts.insert(name.to_owned(), fields.to_owned());
        }
        self.save()?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use rand_core::UnwrapErr;

    use super::*;

    fn read_of(n: u8) -> Read {
        Read { at: u64::from(n), case: Digest([n; 32]), how: Reading::Page, what: "thread".into() }
    }

    #[test]
    fn a_book_opens_with_its_own_keys_only_and_is_never_overwritten_unread() {
        let mut rng = UnwrapErr(getrandom::SysRng);
        let folder = tempfile::tempdir().unwrap();
        let keystore = folder.path().join("anna.key");
        let (anna, boris) = (Identity::generate("Anna", &mut rng), Identity::generate("Boris", &mut rng));
        let (mut book, aside) = Book::beside(&keystore, &anna).unwrap();
        assert!(!aside);
        book.note(read_of(1)).unwrap();
        assert!(book.draft("reply", "text=Hello").unwrap());
        let bytes = std::fs::read(folder.path().join("anna.key.desk")).unwrap();
        assert!(!bytes.windows(5).any(|w| w == b"Hello"));
        let (again, _) = Book::beside(&keystore, &anna).unwrap();
        assert_eq!(again.pages, book.pages);
        let (other, aside) = Book::beside(&keystore, &boris).unwrap();
        assert!(aside && other.pages == Pages::default());
        assert_eq!(std::fs::read(folder.path().join("anna.key.desk.unreadable")).unwrap(), bytes);
    }

    #[test]
    fn a_damaged_or_cut_book_does_not_open() {
        let key = [7; 32];
        let sealed = seal(&key, &[9; 24], b"plain").unwrap();
        assert_eq!(open(&key, &sealed).unwrap().as_slice(), b"plain");
        for at in 0..sealed.len() {
            let mut bad = sealed.clone();
            bad[at] ^= 1;
            assert!(open(&key, &bad).is_none(), "{at}");
            assert!(open(&key, &sealed[..at]).is_none(), "{at}");
        }
    }

    #[test]
    fn the_oldest_readings_make_room() {
        let mut rng = UnwrapErr(getrandom::SysRng);
        let folder = tempfile::tempdir().unwrap();
        let identity = Identity::generate("Anna", &mut rng);
        let (mut book, _) = Book::beside(&folder.path().join("k"), &identity).unwrap();
        book.pages.reads = vec![read_of(1); READINGS_MAX];
        book.note(read_of(2)).unwrap();
        assert_eq!(book.pages.reads.len(), READINGS_MAX);
        assert_eq!(book.pages.reads.last(), Some(&read_of(2)));
    }
}
