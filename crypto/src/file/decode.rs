use std::io::{self, Write};

use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use thiserror::Error;
use zeroize::Zeroizing;

use super::{
    FileManifest, Fingerprint, HybridIdentity,
    age_format::{self, PREFIX_LEN, PrefixError},
    padding::{self, LENGTH_LEN},
    stream::{CHUNK_LEN, Stream, TAG_LEN},
};
use crate::wire::BLOB_LEN;

/// Why a file could not be opened. What was written to the output before is not to be trusted and must be thrown away.
#[derive(Debug, Error)]
pub enum OpenFileError {
    /// A blob has the wrong length.
    #[error("part {0} of the file has the wrong length")]
    BlobLength(u32),
    /// More blobs than the manifest has.
    #[error("the file has more parts than it should have")]
    TooMany,
    /// Fewer blobs than the manifest has.
    #[error("the file is incomplete: {missing} of {count} parts are missing")]
    Incomplete {
        /// How many blobs were never given.
        missing: u32,
        /// How many there are.
        count: u32,
    },
    /// The file was encrypted for another key.
    #[error("the file was not encrypted for this key")]
    NotForUs,
    /// A blob was altered, or stands in the wrong place.
    #[error("part {0} of the file was altered")]
    Altered(u32),
    /// The parts are sound, but they hold another content than the message said.
    #[error("the content is not what the message announced")]
    OtherContent,
    /// The output could not be written.
    #[error("the opened file could not be written")]
    Write(#[from] io::Error),
}

/// Opens one file blob after blob; holds at most one blob in memory.
pub struct FileDecoder<W> {
    output: W,
    identity: HybridIdentity,
    expected: Fingerprint,
    stream: Option<Stream>,
    buffer: Zeroizing<Vec<u8>>,
    sealed_left: u64,
    plaintext_seen: u64,
    hash: Sha256,
    next: u32,
    count: u32,
}

impl<W: Write> FileDecoder<W> {
    /// Expects the blobs of `manifest`, in order, and writes the content to `output`.
    pub fn new(manifest: &FileManifest, output: W) -> Self {
        let count = manifest.blobs();
        Self {
            output,
            identity: manifest.secret().identity(),
            expected: manifest.fingerprint(),
            stream: None,
            buffer: Zeroizing::new(Vec::with_capacity(BLOB_LEN + CHUNK_LEN + TAG_LEN)),
            sealed_left: (u64::from(count) * BLOB_LEN as u64).saturating_sub(PREFIX_LEN as u64),
            plaintext_seen: 0,
            hash: Sha256::new(),
            next: 0,
            count,
        }
    }

    /// Opens the next blob.
    ///
    /// # Errors
    /// [`OpenFileError`]; the decoder is of no use afterwards.
    pub fn push_blob(&mut self, blob: &[u8]) -> Result<(), OpenFileError> {
        let index = self.next;
        if index >= self.count {
            return Err(OpenFileError::TooMany);
        }
        if blob.len() != BLOB_LEN {
            return Err(OpenFileError::BlobLength(index));
        }
        let mut sealed = blob;
        let mut stream = match self.stream.take() {
            Some(stream) => stream,
            None => {
                let (prefix, rest) = blob.split_first_chunk::<PREFIX_LEN>().ok_or(OpenFileError::BlobLength(index))?;
                sealed = rest;
                age_format::open_prefix(prefix, &self.identity).map_err(|e| match e {
                    PrefixError::NotForUs => OpenFileError::NotForUs,
                    PrefixError::Malformed => OpenFileError::Altered(index),
                })?
            }
        };
        // Chunks straddle blobs: the buffer carries the beginning of one over.
        while !sealed.is_empty() {
            let chunk_len = usize::try_from(self.sealed_left.min((CHUNK_LEN + TAG_LEN) as u64)).unwrap_or(usize::MAX);
            let wanted = chunk_len.saturating_sub(self.buffer.len()).min(sealed.len());
            let (head, tail) = sealed.split_at_checked(wanted).ok_or(OpenFileError::Altered(index))?;
            self.buffer.extend_from_slice(head);
            sealed = tail;
            if self.buffer.len() < chunk_len {
                break;
            }
            if chunk_len == 0 {
                return Err(OpenFileError::Altered(index));
            }
            self.sealed_left -= chunk_len as u64;
            stream.open(&mut self.buffer, self.sealed_left == 0).map_err(|_| OpenFileError::Altered(index))?;
            self.take_plaintext()?;
            self.buffer.clear();
        }
        self.stream = Some(stream);
        self.next += 1;
        Ok(())
    }

    /// Checks length and SHA-256, flushes, and gives the output back.
    ///
    /// # Errors
    /// [`OpenFileError::Incomplete`] or [`OpenFileError::OtherContent`].
    pub fn finish(mut self) -> Result<W, OpenFileError> {
        if self.next < self.count {
            return Err(OpenFileError::Incomplete { missing: self.count - self.next, count: self.count });
        }
        let sha256: [u8; 32] = core::mem::take(&mut self.hash).finalize().into();
        if !bool::from(sha256.ct_eq(&self.expected.sha256)) {
            return Err(OpenFileError::OtherContent);
        }
        self.output.flush()?;
        Ok(self.output)
    }

    /// Splits the opened chunk into length, content and padding.
    fn take_plaintext(&mut self) -> Result<(), OpenFileError> {
        let mut rest = self.buffer.as_slice();
        if self.plaintext_seen == 0 {
            let (length, tail) = rest.split_first_chunk::<8>().ok_or(OpenFileError::OtherContent)?;
            if u64::from_be_bytes(*length) != self.expected.size {
                return Err(OpenFileError::OtherContent);
            }
            rest = tail;
            self.plaintext_seen = LENGTH_LEN;
        }
        let content_left = (self.expected.size + LENGTH_LEN).saturating_sub(self.plaintext_seen);
        let here = usize::try_from(content_left.min(rest.len() as u64)).unwrap_or(rest.len());
        let (content, zeros) = rest.split_at_checked(here).ok_or(OpenFileError::OtherContent)?;
        self.hash.update(content);
        self.output.write_all(content)?;
        if zeros.iter().any(|b| *b != 0) {
            return Err(OpenFileError::OtherContent);
        }
        self.plaintext_seen += rest.len() as u64;
        debug_assert!(padding::plaintext_len(u64::from(self.count)).is_some_and(|n| self.plaintext_seen <= n));
        Ok(())
    }
}

impl<W> core::fmt::Debug for FileDecoder<W> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "FileDecoder([redacted], {} of {})", self.next, self.count)
    }
}
