//! The sealed intake's spool: age files that wait until the `subrosa intake` program passes them on.
//!
//! Spec: `docs/spec/sealed-intake.md`. Nothing reaches the disk before its header was read and found to be an age
//! file's: what a person pasted by mistake is refused by its first bytes, and wiped. What is stored is on the disk for
//! good (file and folder synced) before the answer leaves.

use std::{
    fs::{self, File, FileTimes, OpenOptions},
    io::{self, BufRead, Read, Write},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::{Path, PathBuf},
};

use rand_core::CryptoRng;
use subrosa_crypto::intake::{NotSealed, SEALED_MAX, Strength, dearmored, inspect};
use zeroize::Zeroizing;

use crate::clock::today;

/// Most bytes that may wait. Scripts are off on this road, so there is no proof of work to slow a flood: the spool is
/// small instead.
const SPOOL_MAX: u64 = 512 << 20;
/// Most submissions that may wait.
const WAITING_MAX: usize = 5000;
/// Letters of a receipt code: five bits each, none that looks like another.
const LETTERS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Bytes that are copied at a time.
const PIECE: usize = 64 * 1024;

/// Why a submission was not stored.
#[derive(Debug)]
pub(crate) enum NotStored {
    /// It is not a sealed submission.
    Not(NotSealed),
    /// The spool is full.
    Full,
    /// The disk refused it.
    Io(io::Error),
    /// It broke off.
    Cut,
}

impl From<io::Error> for NotStored {
    fn from(e: io::Error) -> Self {
        if e.kind() == io::ErrorKind::StorageFull { Self::Full } else { Self::Io(e) }
    }
}

/// The folder in which submissions wait: `incoming/` while they are written, `ready/` once they are whole.
#[derive(Debug)]
pub(crate) struct Spool {
    folder: PathBuf,
}

/// A file in `incoming/`, removed when dropped unless it was kept.
struct Half {
    path: PathBuf,
    file: File,
    kept: bool,
}

impl Drop for Half {
    fn drop(&mut self) {
        if !self.kept {
            // Not acknowledged: whatever is left of it is removed at the next start, if it cannot be now.
            let _ = fs::remove_file(&self.path);
        }
    }
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
        Ok(Self { folder: folder.to_owned() })
    }

    /// Stores a submission, armoured or not, without its armour, as it comes; answers what its header tells and its
    /// receipt code. `whole` is asked at the end of `sent` whether that was really all. Blocks.
    pub(crate) fn store(
        &self,
        sent: impl BufRead,
        whole: impl FnOnce() -> bool,
        rng: &mut impl CryptoRng,
    ) -> Result<(Strength, String), NotStored> {
        let mut sent = dearmored(sent).take(SEALED_MAX + 1);
        let mut header = Seen { inner: &mut sent, seen: Zeroizing::new(Vec::new()) };
        let strength = inspect(&mut header).map_err(NotStored::Not)?;
        let seen = header.seen;
        let (waiting, bytes) = self.waiting()?;
        if waiting >= WAITING_MAX {
            return Err(NotStored::Full);
        }
        let room = SPOOL_MAX.saturating_sub(bytes);
        let code = code(rng);
        let name = format!("{code}.age");
        let path = self.folder.join("incoming").join(&name);
        let file = OpenOptions::new().write(true).create_new(true).mode(0o660).open(&path)?;
        let mut half = Half { path, file, kept: false };
        let mut len = 0u64;
        let mut keep = |bytes: &[u8]| {
            len = len.saturating_add(bytes.len() as u64);
            if len > SEALED_MAX {
                return Err(NotStored::Not(NotSealed::TooLong));
            }
            if len > room {
                return Err(NotStored::Full);
            }
            half.file.write_all(bytes).map_err(NotStored::from)
        };
        keep(&seen)?;
        let mut piece = Zeroizing::new(vec![0; PIECE]);
        loop {
            let n = sent.read(&mut piece).map_err(|_| NotStored::Not(NotSealed::NotAge))?;
            if n == 0 {
                break;
            }
            keep(piece.get(..n).unwrap_or_default())?;
        }
        if !whole() {
            return Err(NotStored::Cut);
        }
        // The hour is nobody's business: the file says the day. (The inode's own change time cannot be set; it goes
        // with the file.)
        half.file.set_times(FileTimes::new().set_modified(today()).set_accessed(today()))?;
        half.file.sync_all()?;
        fs::rename(&half.path, self.folder.join("ready").join(&name))?;
        half.kept = true;
        File::open(self.folder.join("ready"))?.sync_all()?;
        Ok((strength, code))
    }

    /// What is whole and waits. What is on its way counts for nobody but whoever sends it.
    fn waiting(&self) -> io::Result<(usize, u64)> {
        let (mut count, mut bytes) = (0, 0u64);
        for entry in fs::read_dir(self.folder.join("ready"))? {
            // Somebody else's file may be gone by now: the intake removes what it has passed on.
            let Ok(meta) = entry?.metadata() else { continue };
            count += 1;
            bytes = bytes.saturating_add(meta.len());
        }
        Ok((count, bytes))
    }
}

/// Remembers what was read, to be written once it is known to be a header.
struct Seen<'a, R> {
    inner: &'a mut R,
    seen: Zeroizing<Vec<u8>>,
}

impl<R: Read> Read for Seen<'_, R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buf)?;
        grow(&mut self.seen, buf.get(..n).unwrap_or_default());
        Ok(n)
    }
}

/// Appends, without leaving an unwiped copy behind where the vector grows.
pub(crate) fn grow(to: &mut Zeroizing<Vec<u8>>, bytes: &[u8]) {
    let len = to.len().saturating_add(bytes.len());
    if to.capacity() < len {
        let mut larger = Zeroizing::new(Vec::with_capacity(len.saturating_mul(2)));
        larger.extend_from_slice(to);
        *to = larger;
    }
    to.extend_from_slice(bytes);
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
        let (strength, code) = spool.store(recorded().as_slice(), || true, &mut crate::random::system_rng()).unwrap();
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
            let refused = spool.store(bad, || true, &mut crate::random::system_rng());
            assert!(matches!(refused, Err(NotStored::Not(NotSealed::NotAge))));
        }
        let text = recorded();
        let cut = text.get(..text.len() - 40).unwrap();
        // With armour the file itself says that it is cut; without, the form does.
        let broken = spool.store(cut, || false, &mut crate::random::system_rng());
        assert!(matches!(broken, Err(NotStored::Not(NotSealed::NotAge) | NotStored::Cut)));
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
        assert!(matches!(
            spool.store(recorded().as_slice(), || true, &mut crate::random::system_rng()),
            Err(NotStored::Full)
        ));
    }
}
