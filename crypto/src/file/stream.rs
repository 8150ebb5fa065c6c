//! age's payload: STREAM over ChaCha20-Poly1305 in chunks of 64 KiB (C2SP age, "Payload").

use chacha20poly1305::{ChaCha20Poly1305, KeyInit, aead::AeadInOut};

/// Plaintext bytes in each chunk but the last.
pub(super) const CHUNK_LEN: usize = 64 * 1024;
/// The Poly1305 tag behind each chunk.
pub(super) const TAG_LEN: usize = 16;

/// The chunk was altered, moved, or belongs to another file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct BadChunk;

/// Seals or opens the chunks of one payload, in order.
pub(super) struct Stream {
    aead: ChaCha20Poly1305,
    counter: u64,
}

impl Stream {
    /// Starts at the first chunk.
    pub(super) fn new(payload_key: &[u8; 32]) -> Self {
        Self { aead: ChaCha20Poly1305::new(payload_key.into()), counter: 0 }
    }

    /// Seals a chunk of at most [`CHUNK_LEN`] bytes in place, appending its tag.
    pub(super) fn seal(&mut self, chunk: &mut Vec<u8>, last: bool) -> Result<(), BadChunk> {
        let nonce = self.next_nonce(last);
        self.aead.encrypt_in_place(&nonce.into(), b"", chunk).map_err(|_| BadChunk)
    }

    /// Opens a chunk in place, removing its tag. An empty chunk is allowed only as the first and last one.
    pub(super) fn open(&mut self, chunk: &mut Vec<u8>, last: bool) -> Result<(), BadChunk> {
        let first = self.counter == 0;
        let nonce = self.next_nonce(last);
        self.aead.decrypt_in_place(&nonce.into(), b"", chunk).map_err(|_| BadChunk)?;
        if chunk.is_empty() && !(first && last) {
            return Err(BadChunk);
        }
        Ok(())
    }

    /// An 11-byte big-endian counter, then 1 for the last chunk.
    fn next_nonce(&mut self, last: bool) -> [u8; 12] {
        let nonce = (u128::from(self.counter) << 8 | u128::from(last)).to_be_bytes();
        // 2^64 chunks are 2^80 bytes: the counter does not come round.
        self.counter = self.counter.wrapping_add(1);
        nonce.last_chunk::<12>().copied().unwrap_or_default()
    }
}
