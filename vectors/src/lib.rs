//! The vectors in this folder, for the tests of the crates that define the formats. `SUBROSA_WRITE_VECTORS=1` writes
//! them anew; otherwise they must stand here as generated. Each module that defines a format has its vectors in a file
//! `vectors.rs` of its own, with one test per file of vectors, `…_vectors_hold`.
#![expect(clippy::unwrap_used, clippy::missing_panics_doc, reason = "for tests, and tests may stop")]

use std::path::{Path, PathBuf};

use serde_json::Value;

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(name)
}

fn renewing() -> bool {
    std::env::var_os("SUBROSA_WRITE_VECTORS").is_some()
}

fn write(name: &str, value: &Value) {
    let path = path(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text(value)).unwrap();
}

fn text(value: &Value) -> String {
    serde_json::to_string_pretty(value).unwrap() + "\n"
}

/// Compares `value` with the file `name`, a path in this folder.
pub fn hold(name: &str, value: &Value) {
    if renewing() {
        write(name, value);
    }
    let standing = std::fs::read_to_string(path(name)).unwrap_or_default();
    assert!(text(value) == standing, "vectors/{name} differs: run `make vectors`");
}

/// Reads the file `name`, which was recorded once because it cannot be made again. Only if it is missing, and vectors
/// are written anew, `record` makes another.
pub fn recorded(name: &str, record: impl FnOnce() -> Value) -> Value {
    if renewing() && !path(name).exists() {
        write(name, &record());
    }
    let standing = std::fs::read(path(name)).unwrap_or_default();
    assert!(!standing.is_empty(), "vectors/{name} is missing");
    serde_json::from_slice(&standing).unwrap()
}

/// Randomness for vectors: SHA-256 of a counter, in order.
#[derive(Debug, Default)]
pub struct CountingRng(u64);

impl CountingRng {
    /// Starts at zero.
    pub fn new() -> Self {
        Self(0)
    }

    /// Starts at `n`.
    pub fn from(n: u64) -> Self {
        Self(n)
    }
}

impl rand_core::TryRng for CountingRng {
    type Error = core::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut b = [0; 4];
        self.try_fill_bytes(&mut b)?;
        Ok(u32::from_be_bytes(b))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut b = [0; 8];
        self.try_fill_bytes(&mut b)?;
        Ok(u64::from_be_bytes(b))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
        use sha2::Digest;
        for chunk in out.chunks_mut(32) {
            let block = sha2::Sha256::digest(self.0.to_be_bytes());
            self.0 += 1;
            chunk.iter_mut().zip(block).for_each(|(to, from)| *to = from);
        }
        Ok(())
    }
}

impl rand_core::TryCryptoRng for CountingRng {}
