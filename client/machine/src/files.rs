//! Files that must survive a power cut, and secrets that must not be echoed.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, IsTerminal, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use rand_core::CryptoRng;
use serde::{Serialize, de::DeserializeOwned};
use subrosa_crypto::keystore::{Cost, OpenKeystore, OpenKeystoreError, SealKeystoreError};
use subrosa_engine::session::{Keystore, NotSaved};
use thiserror::Error;
use zeroize::Zeroizing;

/// The longest keystore that is read: bytes.
const KEYSTORE_MAX: u64 = 64 << 20;

/// Why a file could not be used.
#[derive(Debug, Error)]
pub enum FileError {
    /// The system said no.
    #[error("{path}: {error}")]
    Io {
        /// The file or folder that was to be used.
        path: PathBuf,
        /// What the system said about it.
        error: io::Error,
    },
    /// It is there already.
    #[error("{0} is there already; nothing was overwritten")]
    Exists(PathBuf),
    /// The keystore does not open.
    #[error("{path}: {error}")]
    Open {
        /// The keystore file that was to be opened.
        path: PathBuf,
        /// Whether the password is wrong, the file is damaged, or it is of another version.
        error: OpenKeystoreError,
    },
    /// The keystore cannot be written.
    #[error("{0}")]
    Seal(#[from] SealKeystoreError),
    /// The keystore opens but holds something else.
    #[error("{0} holds keys of another role, or was written by another version of the program")]
    Contents(PathBuf),
    /// Another program has it open.
    #[error("{0} is in use by another running program; wait until it has ended")]
    Locked(PathBuf),
}

fn io_error(path: &Path) -> impl FnOnce(io::Error) -> FileError {
    let path = path.to_owned();
    move |error| FileError::Io { path, error }
}

/// Writes a file so that a power cut leaves the old bytes or the new ones, never a mixture: beside it, synced, moved
/// over, folder synced.
pub fn write_atomically(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let beside = tempfile::Builder::new().prefix(".subrosa-").tempfile_in(folder).map_err(io_error(path))?;
    beside.as_file().write_all(bytes).map_err(io_error(path))?;
    beside.as_file().sync_all().map_err(io_error(path))?;
    beside.persist(path).map_err(|e| FileError::Io { path: path.to_owned(), error: e.error })?;
    sync_folder(path)
}

/// Writes a new file, readable by its owner alone; refuses to overwrite.
pub fn write_new(path: &Path, bytes: &[u8]) -> Result<(), FileError> {
    let opened = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    let mut file = match opened {
        Err(e) if e.kind() == io::ErrorKind::AlreadyExists => return Err(FileError::Exists(path.to_owned())),
        other => other.map_err(io_error(path))?,
    };
    file.write_all(bytes).and_then(|()| file.sync_all()).map_err(io_error(path))?;
    sync_folder(path)
}

/// Makes the names in a file's folder outlive a power cut.
fn sync_folder(path: &Path) -> Result<(), FileError> {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    File::open(folder).and_then(|f| f.sync_all()).map_err(io_error(path))
}

/// Reads a file of at most `limit` bytes.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, FileError> {
    let mut out = Vec::new();
    File::open(path).and_then(|f| f.take(limit + 1).read_to_end(&mut out)).map_err(io_error(path))?;
    if out.len() as u64 > limit {
        let error = io::Error::other(format!("longer than {limit} bytes"));
        return Err(FileError::Io { path: path.to_owned(), error });
    }
    Ok(out)
}

/// Asks for a secret: from a file if one is given, else from the terminal without echo, else one line of standard
/// input.
pub fn ask_secret(prompt: &str, file: Option<&Path>) -> Result<Zeroizing<String>, FileError> {
    let text = match file {
        Some(path) => Zeroizing::new(fs::read_to_string(path).map_err(io_error(path))?),
        None if io::stdin().is_terminal() => {
            Zeroizing::new(rpassword::prompt_password(prompt).map_err(io_error(Path::new("terminal")))?)
        }
        None => {
            let mut line = Zeroizing::new(String::new());
            io::stdin().read_line(&mut line).map_err(io_error(Path::new("standard input")))?;
            line
        }
    };
    Ok(Zeroizing::new(text.trim_end_matches(['\n', '\r']).to_owned()))
}

/// A keystore file, open and locked for this program alone.
pub struct KeyFile<T> {
    path: PathBuf,
    _lock: File,
    keystore: OpenKeystore,
    /// What it holds.
    pub contents: T,
}

impl<T> std::fmt::Debug for KeyFile<T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "KeyFile({})", self.path.display())
    }
}

impl<T: Serialize + DeserializeOwned> KeyFile<T> {
    /// Makes a new keystore file. A guess at its password costs [`Cost::STANDARD`]; nothing makes it cheaper.
    pub fn create(path: &Path, password: &str, contents: T, rng: &mut impl CryptoRng) -> Result<Self, FileError> {
        let keystore = OpenKeystore::create(password, Cost::STANDARD, encode(path, &contents)?, rng)?;
        write_new(path, &keystore.seal(rng)?)?;
        Ok(Self { path: path.to_owned(), _lock: lock(path)?, keystore, contents })
    }

    /// Opens a keystore file.
    pub fn open(path: &Path, password: &str) -> Result<Self, FileError> {
        let guard = lock(path)?;
        let bytes = read(path, KEYSTORE_MAX)?;
        let keystore =
            OpenKeystore::open(&bytes, password).map_err(|error| FileError::Open { path: path.to_owned(), error })?;
        let contents = ciborium::from_reader(keystore.contents()).map_err(|_| FileError::Contents(path.to_owned()))?;
        Ok(Self { path: path.to_owned(), _lock: guard, keystore, contents })
    }

    /// Whether a guess at its password costs as much as any new keystore asks for. What another program made may cost
    /// less; [`change_password`] mends it.
    pub fn is_strong(&self) -> bool {
        self.keystore.cost().is_strong()
    }

    /// Writes the contents as they are now; durable when it returns.
    pub fn save(&mut self, rng: &mut impl CryptoRng) -> Result<(), FileError> {
        self.keystore.set_contents(encode(&self.path, &self.contents)?);
        write_atomically(&self.path, &self.keystore.seal(rng)?)
    }
}

/// Seals a keystore file under another password at [`Cost::STANDARD`], whoever's it is. The old file is replaced in one
/// step; copies of it still open with the old password.
pub fn change_password(path: &Path, old: &str, new: &str, rng: &mut impl CryptoRng) -> Result<(), FileError> {
    let _lock = lock(path)?;
    let opened = OpenKeystore::open(&read(path, KEYSTORE_MAX)?, old);
    let opened = opened.map_err(|error| FileError::Open { path: path.to_owned(), error })?;
    write_atomically(path, &opened.change_password(new, Cost::STANDARD, rng)?.seal(rng)?)
}

fn encode<T: Serialize>(path: &Path, contents: &T) -> Result<Zeroizing<Vec<u8>>, FileError> {
    let mut out = Zeroizing::new(Vec::new());
    ciborium::into_writer(contents, &mut *out).map_err(|_| FileError::Contents(path.to_owned()))?;
    Ok(out)
}

impl<T: Serialize + DeserializeOwned> Keystore for KeyFile<T> {
    type Contents = T;

    fn contents(&mut self) -> &mut T {
        &mut self.contents
    }

    fn save<R: CryptoRng>(&mut self, rng: &mut R) -> Result<(), NotSaved> {
        Self::save(self, rng).map_err(|e| NotSaved(e.to_string()))
    }
}

/// Two programs that save the same ratchets would break them.
fn lock(path: &Path) -> Result<File, FileError> {
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let path = PathBuf::from(name);
    let file =
        OpenOptions::new().write(true).create(true).truncate(false).mode(0o600).open(&path).map_err(io_error(&path))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(fs::TryLockError::WouldBlock) => Err(FileError::Locked(path)),
        Err(fs::TryLockError::Error(e)) => Err(io_error(&path)(e)),
    }
}
