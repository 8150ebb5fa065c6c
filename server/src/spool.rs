//! The sealed intake's spool: age files that wait until the `subrosa intake` program passes them on.
//!
//! Spec: `docs/spec/sealed-intake.md`. Nothing reaches the disk before its header was read and found to be an age
//! file's: what a person pasted by mistake stays in memory and is wiped. What is stored is on the disk for good (file
//! and folder synced) before the answer leaves.

use std::{
    fs::{self, File, FileTimes, OpenOptions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use rand_core::CryptoRng;
use subrosa_crypto::intake::{NotSealed, SEALED_MAX, Strength, dearmored, inspect};
use tokio::sync::{Semaphore, SemaphorePermit};
use zeroize::Zeroizing;

use crate::clock::today;

/// Submissions that may be under way at once.
const TURNS: usize = 8;
/// Most bytes that may wait. Scripts are off on this road, so there is no proof of work to slow a flood: the spool is
/// small instead.
const SPOOL_MAX: u64 = 512 << 20;
/// Most submissions that may wait.
const WAITING_MAX: usize = 5000;
/// Letters of a receipt code: five bits each, none that looks like another.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Why a submission was not stored.
#[derive(Debug)]
pub(crate) enum NotStored {
    /// It is not a sealed submission.
    Not(NotSealed),
    /// The spool is full.
    Full,
    /// The disk refused it.
    Io(io::Error),
}

impl From<io::Error> for NotStored {
    fn from(e: io::Error) -> Self {
        Self::Io(e)
    }
}

/// The folder in which submissions wait: `incoming/` while they are written, `ready/` once they are whole.
#[derive(Debug)]
pub(crate) struct Spool {
    folder: PathBuf,
    turns: Semaphore,
}

impl Spool {
    /// Makes the folders. What a crash left half-written was never acknowledged, and goes.
    pub(crate) fn open(folder: &Path) -> io::Result<Self> {
        for part in ["incoming", "ready"] {
            fs::DirBuilder::new().recursive(true).mode(0o770).create(folder.join(part))?;
        }
        for left in fs::read_dir(folder.join("incoming"))? {
            fs::remove_file(left?.path())?;
        }
        Ok(Self { folder: folder.to_owned(), turns: Semaphore::new(TURNS) })
    }

    /// A place among those who send now.
    pub(crate) fn turn(&self) -> Option<SemaphorePermit<'_>> {
        self.turns.try_acquire().ok()
    }

    /// Stores a submission, armoured or not, without its armour; answers what its header tells and its receipt code.
    /// Blocks.
    pub(crate) fn store(&self, sent: &[u8], rng: &mut impl CryptoRng) -> Result<(Strength, String), NotStored> {
        let mut file = Zeroizing::new(Vec::with_capacity(sent.len()));
        let read = dearmored(sent).take(SEALED_MAX + 1).read_to_end(&mut file);
        read.map_err(|_| NotStored::Not(NotSealed::NotAge))?;
        if file.len() as u64 > SEALED_MAX {
            return Err(NotStored::Not(NotSealed::TooLong));
        }
        let strength = inspect(file.as_slice()).map_err(NotStored::Not)?;
        let (waiting, bytes) = self.waiting()?;
        if waiting >= WAITING_MAX || bytes.saturating_add(file.len() as u64) > SPOOL_MAX {
            return Err(NotStored::Full);
        }
        let code = code(rng);
        let name = format!("{code}.age");
        let beside = self.folder.join("incoming").join(&name);
        let mut out = OpenOptions::new().write(true).create_new(true).mode(0o660).open(&beside)?;
        let written = out.write_all(&file).and_then(|()| {
            // The hour is nobody's business: the file says the day. (The inode's own change time cannot be set; it goes
            // with the file.)
            out.set_times(FileTimes::new().set_modified(today()).set_accessed(today()))?;
            out.sync_all()?;
            fs::rename(&beside, self.folder.join("ready").join(&name))?;
            File::open(self.folder.join("ready"))?.sync_all()
        });
        if let Err(e) = written {
            // Not acknowledged: whatever is left of it is removed at the next start, if it cannot be now.
            let _ = fs::remove_file(&beside);
            return Err(if e.kind() == io::ErrorKind::StorageFull { NotStored::Full } else { NotStored::Io(e) });
        }
        Ok((strength, code))
    }

    fn waiting(&self) -> io::Result<(usize, u64)> {
        let (mut count, mut bytes) = (0, 0u64);
        for part in ["incoming", "ready"] {
            for entry in fs::read_dir(self.folder.join(part))? {
                // Somebody else's file may be gone by now: the intake removes what it has passed on.
                let Ok(meta) = entry?.metadata() else { continue };
                count += 1;
                bytes = bytes.saturating_add(meta.len());
            }
        }
        Ok((count, bytes))
    }
}

/// Eighty random bits as `xxxx-xxxx-xxxx-xxxx`.
fn code(rng: &mut impl CryptoRng) -> String {
    let mut bits = [0; 16];
    rng.fill_bytes(&mut bits);
    let mut out = String::with_capacity(19);
    for (i, b) in bits.iter().enumerate() {
        if i > 0 && i % 4 == 0 {
            out.push('-');
        }
        out.push(char::from(LETTERS.get(usize::from(b % 32)).copied().unwrap_or(b'0')));
    }
    out
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use std::time::SystemTime;

    use subrosa_crypto::{intake::IntakeIdentity, secret::Secret32};

    use super::*;

    fn files(folder: &Path) -> Vec<PathBuf> {
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect()
    }

    fn recorded() -> Vec<u8> {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors/intake/recorded.json");
        let all: serde_json::Value = serde_json::from_slice(&fs::read(path).unwrap()).unwrap();
        hex::decode(all.pointer("/files/0/file").and_then(|f| f.as_str()).unwrap()).unwrap()
    }

    #[test]
    fn what_is_stored_opens_and_tells_only_the_day() {
        let dir = tempfile::tempdir().unwrap();
        let spool = Spool::open(dir.path()).unwrap();
        let (strength, code) = spool.store(&recorded(), &mut crate::random::system_rng()).unwrap();
        assert_eq!((strength, code.len()), (Strength::Classic, 19));
        let path = dir.path().join("ready").join(format!("{code}.age"));
        let modified = fs::metadata(&path).unwrap().modified().unwrap();
        assert_eq!(modified.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs() % 86_400, 0);
        let opened = IntakeIdentity::from_seed(Secret32::new([1; 32])).open(&fs::read(&path).unwrap()).unwrap();
        assert!(!opened.plaintext.is_empty());
        assert!(files(&dir.path().join("incoming")).is_empty());
    }

    #[test]
    fn plaintext_never_reaches_the_disk_and_half_files_go() {
        let dir = tempfile::tempdir().unwrap();
        let spool = Spool::open(dir.path()).unwrap();
        for bad in [&b"my name is Ada and I saw it"[..], b"", b"age-encryption.org/v1\nmy name is Ada"] {
            let refused = spool.store(bad, &mut crate::random::system_rng());
            assert!(matches!(refused, Err(NotStored::Not(NotSealed::NotAge))));
        }
        let text = recorded();
        let cut = text.get(..text.len() - 40).unwrap();
        assert!(matches!(spool.store(cut, &mut crate::random::system_rng()), Err(NotStored::Not(NotSealed::NotAge))));
        assert!(files(&dir.path().join("ready")).is_empty() && files(&dir.path().join("incoming")).is_empty());
        fs::write(dir.path().join("incoming/half.age"), "x").unwrap();
        Spool::open(dir.path()).unwrap();
        assert!(files(&dir.path().join("incoming")).is_empty());
    }

    #[test]
    fn a_full_spool_says_so() {
        let dir = tempfile::tempdir().unwrap();
        let spool = Spool::open(dir.path()).unwrap();
        let big = File::create(dir.path().join("ready/big.age")).unwrap();
        big.set_len(SPOOL_MAX).unwrap();
        assert!(matches!(spool.store(&recorded(), &mut crate::random::system_rng()), Err(NotStored::Full)));
    }
}
