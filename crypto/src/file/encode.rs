use std::io::{self, Read};

use rand_core::{TryCryptoRng, TryRng};
use sha2::{Digest, Sha256};
use thiserror::Error;
use zeroize::Zeroizing;

use super::{
    FileManifest, FileSecret, Fingerprint,
    age_format::{self, NONCE_LEN},
    padding,
    stream::{CHUNK_LEN, Stream, TAG_LEN},
};
use crate::{
    kdf,
    wire::{BLOB_LEN, CapHash},
};

/// Why a file could not be encoded.
#[derive(Debug, Error)]
pub enum EncodeFileError {
    /// The content could not be read.
    #[error("the file could not be read")]
    Read(#[from] io::Error),
    /// The content is not the one that the manifest describes. The last blob was not given out, so nobody can open a
    /// mixture.
    #[error("the file changed after it was chosen; please choose it again")]
    Changed,
    /// A primitive refused its input.
    #[error(transparent)]
    Seal(#[from] age_format::SealError),
}

/// One upload: exactly [`BLOB_LEN`] bytes under a name that only the manifest's holder can take.
#[derive(Clone, PartialEq, Eq)]
pub struct Blob {
    /// Position in the file, from 0.
    pub index: u32,
    /// Its name on the server.
    pub name: CapHash,
    /// The encrypted bytes, [`BLOB_LEN`] of them.
    pub bytes: Vec<u8>,
}

impl core::fmt::Debug for Blob {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Blob({}, {:?})", self.index, self.name)
    }
}

/// Encrypts and cuts one file, blob after blob; holds at most one blob and one chunk in memory.
///
/// Deterministic: the same manifest and content give the same blobs, so an interrupted upload reads again, drops the
/// blobs that the server already has, and goes on.
pub struct FileEncoder<R> {
    content: R,
    expected: Fingerprint,
    secret: FileSecret,
    stream: Stream,
    hash: Sha256,
    content_left: u64,
    plaintext_left: u64,
    length_written: bool,
    pending: Vec<u8>,
    next: u32,
    count: u32,
}

impl<R: Read> FileEncoder<R> {
    /// Starts at the first byte of `content`, which must be what `manifest` was made from.
    ///
    /// # Errors
    /// [`EncodeFileError::Seal`], which valid manifests do not meet.
    pub fn new(manifest: &FileManifest, content: R) -> Result<Self, EncodeFileError> {
        let expected = manifest.fingerprint();
        let seed = SealSeed::derive(manifest);
        let (file_key, nonce, mut eseed) = seed.split();
        let (pending, stream) =
            age_format::start(&manifest.secret.identity().recipient(), file_key, nonce, &mut eseed)?;
        if eseed.overdrawn {
            return Err(age_format::SealError.into());
        }
        let plaintext_left = padding::plaintext_len(u64::from(manifest.blobs())).ok_or(age_format::SealError)?;
        Ok(Self {
            content,
            expected,
            secret: manifest.secret.clone(),
            stream,
            hash: Sha256::new(),
            content_left: expected.size,
            plaintext_left,
            length_written: false,
            pending,
            next: 0,
            count: manifest.blobs(),
        })
    }

    /// The next blob; `None` after the last one.
    ///
    /// # Errors
    /// [`EncodeFileError`]; the encoder is of no use afterwards.
    pub fn next_blob(&mut self) -> Result<Option<Blob>, EncodeFileError> {
        if self.next >= self.count {
            return Ok(None);
        }
        while self.pending.len() < BLOB_LEN {
            let mut chunk = self.next_chunk()?;
            self.stream.seal(&mut chunk, self.plaintext_left == 0).map_err(|_| age_format::SealError)?;
            self.pending.append(&mut chunk);
        }
        let rest = self.pending.split_off(BLOB_LEN);
        let bytes = core::mem::replace(&mut self.pending, rest);
        let index = self.next;
        self.next += 1;
        Ok(Some(Blob { index, name: self.secret.blob_name(index), bytes }))
    }

    /// The next 64 KiB of `length || content || zeros`.
    fn next_chunk(&mut self) -> Result<Vec<u8>, EncodeFileError> {
        let room = usize::try_from(self.plaintext_left.min(CHUNK_LEN as u64)).unwrap_or(CHUNK_LEN);
        if room == 0 {
            // The lengths were computed to end with the last blob.
            return Err(age_format::SealError.into());
        }
        let mut chunk = Vec::with_capacity(CHUNK_LEN + TAG_LEN);
        if !self.length_written {
            chunk.extend_from_slice(&self.expected.size.to_be_bytes());
            self.length_written = true;
        }
        let start = chunk.len();
        let want = self.content_left.min((room - start) as u64);
        (&mut self.content).take(want).read_to_end(&mut chunk)?;
        let got = chunk.get(start..).unwrap_or_default();
        if got.len() as u64 != want {
            return Err(EncodeFileError::Changed);
        }
        self.hash.update(got);
        self.content_left -= want;
        chunk.resize(room, 0);
        self.plaintext_left -= room as u64;
        if self.plaintext_left == 0 {
            self.check_content()?;
        }
        Ok(chunk)
    }

    fn check_content(&mut self) -> Result<(), EncodeFileError> {
        let sha256: [u8; 32] = core::mem::take(&mut self.hash).finalize().into();
        let more = io::copy(&mut (&mut self.content).take(1), &mut io::sink())?;
        if sha256 != self.expected.sha256 || more != 0 {
            return Err(EncodeFileError::Changed);
        }
        Ok(())
    }
}

impl<R: Read> Iterator for FileEncoder<R> {
    type Item = Result<Blob, EncodeFileError>;

    fn next(&mut self) -> Option<Self::Item> {
        let blob = self.next_blob();
        if blob.is_err() {
            self.next = self.count;
        }
        blob.transpose()
    }
}

impl<R> core::fmt::Debug for FileEncoder<R> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "FileEncoder([redacted], {} of {})", self.next, self.count)
    }
}

/// What age draws at random, derived instead. The fingerprint is part of the context: other content never meets the
/// same key and nonce.
struct SealSeed(Zeroizing<[u8; 16 + NONCE_LEN + 64]>);

impl SealSeed {
    fn derive(manifest: &FileManifest) -> Self {
        let mut out = Zeroizing::new([0; 16 + NONCE_LEN + 64]);
        let context: [&dyn kdf::Part; 2] = [&manifest.size.to_be_bytes(), &manifest.sha256];
        kdf::derive_into(b"", manifest.secret.0.expose(), "subrosa/file-seal/v1", &context, out.as_mut_slice());
        Self(out)
    }

    fn split(&self) -> (&[u8; 16], &[u8; NONCE_LEN], EncapsulationSeed<'_>) {
        const EMPTY: ([u8; 16], [u8; NONCE_LEN]) = ([0; 16], [0; NONCE_LEN]);
        // The lengths add up, so the fallbacks are never taken; an empty seed would be refused as overdrawn.
        let (file_key, rest) = self.0.split_first_chunk::<16>().unwrap_or((&EMPTY.0, &[]));
        let (nonce, eseed) = rest.split_first_chunk::<NONCE_LEN>().unwrap_or((&EMPTY.1, &[]));
        (file_key, nonce, EncapsulationSeed { rest: eseed, overdrawn: false })
    }
}

/// Hands X-Wing its 64 bytes of encapsulation randomness, and notices if it ever asks for more.
struct EncapsulationSeed<'a> {
    rest: &'a [u8],
    overdrawn: bool,
}

impl TryRng for EncapsulationSeed<'_> {
    type Error = core::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        let mut b = [0; 4];
        self.try_fill_bytes(&mut b)?;
        Ok(u32::from_le_bytes(b))
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        let mut b = [0; 8];
        self.try_fill_bytes(&mut b)?;
        Ok(u64::from_le_bytes(b))
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), Self::Error> {
        match self.rest.split_at_checked(out.len()) {
            Some((head, tail)) => {
                out.copy_from_slice(head);
                self.rest = tail;
            }
            None => self.overdrawn = true,
        }
        Ok(())
    }
}

impl TryCryptoRng for EncapsulationSeed<'_> {}
