//! Our own vectors under `vectors/`. `SUBROSA_WRITE_VECTORS=1` writes them anew; otherwise they must stand there as
//! generated. Each module that defines a format has them in a file `vectors.rs` of its own, with one test per file of
//! vectors, `…_vectors_hold`.
#![expect(clippy::unwrap_used, clippy::disallowed_methods, reason = "vectors are files, and tests may stop")]

use std::path::Path;

/// Compares `value` with the file `name`.
pub(crate) fn hold(name: &str, value: &serde_json::Value) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors").join(name);
    let text = serde_json::to_string_pretty(value).unwrap() + "\n";
    if std::env::var_os("SUBROSA_WRITE_VECTORS").is_some() {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &text).unwrap();
    }
    let standing = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(text == standing, "vectors/{name} differs: run `make vectors`");
}

/// Randomness for vectors: SHA-256 of a counter, in order.
pub(crate) struct CountingRng(u64);

impl CountingRng {
    /// Starts at zero.
    pub(crate) fn new() -> Self {
        Self(0)
    }

    /// Starts at `n`.
    pub(crate) fn from(n: u64) -> Self {
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
