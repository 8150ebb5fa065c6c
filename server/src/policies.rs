//! The files behind the charter's policy digests: regime packs, bounty policies, and whatever else a charter commits
//! to.
//!
//! Spec: `docs/spec/charter.md`, section "Policies". A file is served by the digest of its bytes, and only if some
//! charter that was published here names that digest: a draft, or a stray file in the operator's directory, cannot be
//! fetched. Older charters count too, because a case stays under the pack that it was filed under.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::Read,
    path::{Path, PathBuf},
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use bytes::Bytes;
use subrosa_casework::{policy::Policy, regime::BUILT_IN};
use subrosa_crypto::{kdf, wire::POLICY_MAX};

/// How deep, and how many files, an operator's directory may hold.
const DEPTH_MAX: usize = 3;
const FILES_MAX: usize = 1000;

/// A policy as a charter names it.
pub(crate) type Named = (String, [u8; 32]);

/// Policy files by digest, and the digests that charters name.
#[derive(Debug)]
pub(crate) struct PolicyFiles {
    directory: Option<PathBuf>,
    files: RwLock<BTreeMap<[u8; 32], Bytes>>,
    named: RwLock<BTreeSet<Named>>,
    edition: AtomicU64,
}

impl PolicyFiles {
    /// The built-in packs and presets, and the operator's files.
    pub(crate) fn open(directory: Option<PathBuf>) -> Self {
        let (files, named) = (RwLock::new(BTreeMap::new()), RwLock::new(BTreeSet::new()));
        let policies = Self { directory, files, named, edition: AtomicU64::new(0) };
        policies.read();
        policies
    }

    /// Reads the operator's directory anew: at a charter's publication, and when the operator asks.
    pub(crate) fn read(&self) {
        let built_in = BUILT_IN.iter().chain(Policy::PRESETS.iter());
        let mut files: BTreeMap<[u8; 32], Bytes> =
            built_in.map(|(_, text)| (kdf::sha256(text.as_bytes()), Bytes::from_static(text.as_bytes()))).collect();
        if let Some(directory) = &self.directory {
            let mut left = FILES_MAX;
            gather(directory, DEPTH_MAX, &mut left, &mut files);
        }
        *self.files.write().unwrap_or_else(PoisonError::into_inner) = files;
        self.edition.fetch_add(1, Ordering::Relaxed);
        self.warn_of_gaps();
    }

    /// A charter names these.
    pub(crate) fn name(&self, policies: &[Named]) {
        self.named.write().unwrap_or_else(PoisonError::into_inner).extend(policies.iter().cloned());
        self.edition.fetch_add(1, Ordering::Relaxed);
    }

    /// Another number whenever what can be fetched may have changed: for whoever keeps something made of it.
    pub(crate) fn edition(&self) -> u64 {
        self.edition.load(Ordering::Relaxed)
    }

    /// The file with this digest, if a charter names it.
    pub(crate) fn get(&self, digest: &[u8; 32]) -> Option<Bytes> {
        let named = self.named.read().unwrap_or_else(PoisonError::into_inner).iter().any(|(_, d)| d == digest);
        if !named {
            return None;
        }
        self.files.read().unwrap_or_else(PoisonError::into_inner).get(digest).cloned()
    }

    fn warn_of_gaps(&self) {
        let files = self.files.read().unwrap_or_else(PoisonError::into_inner);
        for (name, digest) in self.named.read().unwrap_or_else(PoisonError::into_inner).iter() {
            if !files.contains_key(digest) {
                let (name, digest) = (name.escape_debug(), hex::encode(digest));
                tracing::warn!(
                    "the charter names the policy \"{name}\" with the digest {digest}, and no such file is here"
                );
            }
        }
    }
}

fn gather(directory: &Path, depth: usize, left: &mut usize, files: &mut BTreeMap<[u8; 32], Bytes>) {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(e) => return tracing::warn!("the policies in {} cannot be read: {e}", directory.display()),
    };
    for entry in entries.flatten() {
        let path = entry.path();
        let hidden = entry.file_name().as_encoded_bytes().starts_with(b".");
        // Follows links: the directory is the operator's own, and packages like to link.
        let Ok(kind) = fs::metadata(&path) else { continue };
        if hidden {
            continue;
        }
        if kind.is_dir() && depth > 1 {
            gather(&path, depth - 1, left, files);
        } else if kind.is_file() {
            let Some(rest) = left.checked_sub(1) else {
                return tracing::warn!(
                    "{} holds more than {FILES_MAX} files; the rest is left out",
                    directory.display()
                );
            };
            *left = rest;
            match read_short(&path) {
                Ok(Some(bytes)) => drop(files.insert(kdf::sha256(&bytes), bytes.into())),
                Ok(None) => tracing::warn!("{} is longer than {POLICY_MAX} bytes and is left out", path.display()),
                Err(e) => tracing::warn!("{} cannot be read: {e}", path.display()),
            }
        }
    }
}

fn read_short(path: &Path) -> std::io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(POLICY_MAX as u64 + 1).read_to_end(&mut bytes)?;
    Ok((bytes.len() <= POLICY_MAX).then_some(bytes))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn only_named_files_are_served_and_a_new_file_is_found_when_asked() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("regime")).unwrap();
        fs::write(dir.path().join("regime/one.toml"), "one").unwrap();
        fs::write(dir.path().join(".hidden"), "hidden").unwrap();
        fs::write(dir.path().join("long"), vec![b'x'; POLICY_MAX + 1]).unwrap();
        let policies = PolicyFiles::open(Some(dir.path().to_owned()));
        let digest = |bytes: &[u8]| kdf::sha256(bytes);
        assert_eq!(policies.get(&digest(b"one")), None, "nobody named it");
        let built_in = BUILT_IN.first().unwrap().1.as_bytes();
        let names = [&b"one"[..], b"hidden", &vec![b'x'; POLICY_MAX + 1], b"two", built_in];
        policies.name(&names.map(|bytes| ("a".to_owned(), digest(bytes))));
        assert_eq!(policies.get(&digest(b"one")).unwrap(), "one");
        assert_eq!(policies.get(&digest(built_in)).unwrap(), built_in);
        assert_eq!(policies.get(&digest(b"hidden")), None);
        assert_eq!(policies.get(&digest(&vec![b'x'; POLICY_MAX + 1])), None);
        assert_eq!(policies.get(&digest(b"two")), None);
        fs::write(dir.path().join("two.toml"), "two").unwrap();
        fs::remove_file(dir.path().join("regime/one.toml")).unwrap();
        policies.read();
        assert_eq!(policies.get(&digest(b"two")).unwrap(), "two");
        assert_eq!(policies.get(&digest(b"one")), None);
    }

    #[test]
    fn a_directory_that_is_not_there_leaves_the_built_in_ones() {
        let policies = PolicyFiles::open(Some("/nowhere/at/all".into()));
        let text = Policy::PRESETS.first().unwrap().1;
        policies.name(&[("bounty/eu-pilot".into(), kdf::sha256(text.as_bytes()))]);
        assert_eq!(policies.get(&kdf::sha256(text.as_bytes())).unwrap(), text);
    }
}
