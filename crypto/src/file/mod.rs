//! Files: encrypted with age to a fresh post-quantum recipient, padded, and cut into blobs of one size.
//!
//! Spec: `docs/spec/file.md`. All that opens a file is its [`FileManifest`], which travels inside a sealed message.
//! Everything is derived from the manifest's secret and the content's fingerprint, so that an upload that was cut off
//! continues with the very same blobs.

use core::fmt;
use std::io::{self, Read};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use thiserror::Error;

use crate::{kdf, secret::Secret32, wire::CapHash};

pub(crate) mod age_format;
mod decode;
mod encode;
mod hybrid;
mod padding;
mod stream;

pub use age_format::SealError;
pub use decode::{FileDecoder, OpenFileError};
pub use encode::{Blob, EncodeFileError, FileEncoder};
pub use hybrid::{HybridIdentity, HybridRecipient, NotAHybridKey};
pub use padding::{FILE_MAX, blob_count};

/// The longest file name: bytes of UTF-8.
pub const NAME_MAX: usize = 255;
/// The longest media type: bytes.
pub const MEDIA_TYPE_MAX: usize = 127;

/// The secret of one file. Never use one for two files.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FileSecret(Secret32);

impl FileSecret {
    /// Draws a secret for a new file.
    pub fn random(rng: &mut impl rand_core::CryptoRng) -> Self {
        Self(Secret32::random(rng))
    }

    /// Takes over a secret that the caller derived.
    pub fn from_secret(secret: Secret32) -> Self {
        Self(secret)
    }

    /// The age identity that opens the file.
    pub fn identity(&self) -> HybridIdentity {
        HybridIdentity::from_secret(kdf::derive(b"", self.0.expose(), "subrosa/file-identity/v1", &[]))
    }

    /// The capability of blob `index` (from 0): whoever knows it may take and discard the blob.
    pub fn capability(&self, index: u32) -> Secret32 {
        kdf::derive(b"", self.0.expose(), "subrosa/file-blob/v1", &[&index.to_be_bytes()])
    }

    /// The public name of blob `index`: the labelled digest of its capability.
    pub fn blob_name(&self, index: u32) -> CapHash {
        CapHash(kdf::digest("subrosa/capability/v1", &[self.capability(index).expose()]))
    }
}

/// What identifies a content: how long it is, and its SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fingerprint {
    /// Length in bytes.
    pub size: u64,
    /// SHA-256 of the content.
    pub sha256: [u8; 32],
}

impl Fingerprint {
    /// Reads `content` to its end.
    pub fn of(mut content: impl Read) -> io::Result<Self> {
        let mut out = Fingerprinter::default();
        let mut buffer = zeroize::Zeroizing::new(vec![0; stream::CHUNK_LEN]);
        loop {
            let n = match content.read(&mut buffer) {
                Ok(0) => return Ok(out.finish()),
                Ok(n) => n,
                Err(e) if e.kind() == io::ErrorKind::Interrupted => continue,
                Err(e) => return Err(e),
            };
            out.push(buffer.get(..n).unwrap_or_default());
        }
    }
}

/// Makes a [`Fingerprint`] of content that comes piece by piece, as a page reads a file.
#[derive(Clone, Default)]
pub struct Fingerprinter {
    hash: Sha256,
    size: u64,
}

impl Fingerprinter {
    /// The next piece.
    pub fn push(&mut self, piece: &[u8]) {
        self.hash.update(piece);
        self.size = self.size.saturating_add(piece.len() as u64);
    }

    /// After the last piece.
    pub fn finish(self) -> Fingerprint {
        Fingerprint { size: self.size, sha256: self.hash.finalize().into() }
    }
}

impl fmt::Debug for Fingerprinter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprinter({} bytes)", self.size)
    }
}

/// Why a manifest is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ManifestError {
    /// Empty, too long, a path, or with characters that hide what the name is.
    #[error("the file name is empty, too long, or has characters that are not allowed")]
    Name,
    /// Not of the form `type/subtype`.
    #[error("the media type is not of the form type/subtype")]
    MediaType,
    /// Longer than [`FILE_MAX`].
    #[error("the file is larger than 4 GiB")]
    TooLarge,
    /// The number of blobs is not the one for this size.
    #[error("the number of blobs does not fit the size of the file")]
    BlobCount,
}

/// All that a receiver needs to fetch, open and check one file. Secret: it goes into sealed messages only.
#[derive(Clone, Serialize, Deserialize)]
#[serde(try_from = "RawManifest")]
pub struct FileManifest {
    name: String,
    media_type: String,
    size: u64,
    #[serde(with = "crate::encoding_hex")]
    sha256: [u8; 32],
    blobs: u32,
    secret: FileSecret,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawManifest {
    name: String,
    media_type: String,
    size: u64,
    #[serde(with = "crate::encoding_hex")]
    sha256: [u8; 32],
    blobs: u32,
    secret: FileSecret,
}

impl TryFrom<RawManifest> for FileManifest {
    type Error = ManifestError;

    fn try_from(raw: RawManifest) -> Result<Self, ManifestError> {
        let fingerprint = Fingerprint { size: raw.size, sha256: raw.sha256 };
        let out = Self::new(&raw.name, &raw.media_type, fingerprint, raw.secret)?;
        if out.blobs != raw.blobs {
            return Err(ManifestError::BlobCount);
        }
        Ok(out)
    }
}

impl FileManifest {
    /// Describes a file. `name` is one path segment: see [`safe_name`].
    ///
    /// # Errors
    /// [`ManifestError`] names the field that is refused.
    pub fn new(
        name: &str,
        media_type: &str,
        fingerprint: Fingerprint,
        secret: FileSecret,
    ) -> Result<Self, ManifestError> {
        if !name_is_safe(name) {
            return Err(ManifestError::Name);
        }
        if !media_type_is_plain(media_type) {
            return Err(ManifestError::MediaType);
        }
        let blobs = blob_count(fingerprint.size).ok_or(ManifestError::TooLarge)?;
        let Fingerprint { size, sha256 } = fingerprint;
        Ok(Self { name: name.to_owned(), media_type: media_type.to_owned(), size, sha256, blobs, secret })
    }

    /// The file's name: one path segment without control or direction-changing characters.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The media type that the sender states. Nobody has checked it against the content.
    pub fn media_type(&self) -> &str {
        &self.media_type
    }

    /// Length and SHA-256 of the content.
    pub fn fingerprint(&self) -> Fingerprint {
        Fingerprint { size: self.size, sha256: self.sha256 }
    }

    /// How many blobs the file fills.
    pub fn blobs(&self) -> u32 {
        self.blobs
    }

    /// The file's secret.
    pub fn secret(&self) -> &FileSecret {
        &self.secret
    }
}

impl fmt::Debug for FileManifest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FileManifest([redacted], {} blobs)", self.blobs)
    }
}

/// A name that [`FileManifest::new`] accepts, as near to `name` as can be: the last path segment, with `_` for each
/// character that is refused, cut to [`NAME_MAX`] bytes, `file` if nothing is left.
pub fn safe_name(name: &str) -> String {
    let segment = name.rsplit(['/', '\\']).next().unwrap_or(name).trim();
    let mut out = String::with_capacity(segment.len().min(NAME_MAX));
    for c in segment.chars() {
        let c = if char_is_plain(c) { c } else { '_' };
        if out.len() + c.len_utf8() > NAME_MAX {
            break;
        }
        out.push(c);
    }
    if name_is_safe(&out) { out } else { "file".to_owned() }
}

fn name_is_safe(name: &str) -> bool {
    !name.is_empty() && name.len() <= NAME_MAX && name != "." && name != ".." && name.chars().all(char_is_plain)
}

/// Refuses path separators, control characters, and characters that change the direction of what follows (a name that
/// shows as `gpj.exe` backwards).
fn char_is_plain(c: char) -> bool {
    !c.is_control()
        && !matches!(c, '/' | '\\' | ':' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{61c}' | '\u{feff}')
}

fn media_type_is_plain(t: &str) -> bool {
    let token = |s: &str| {
        !s.is_empty() && s.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'+' | b'-' | b'_'))
    };
    t.len() <= MEDIA_TYPE_MAX && t.split_once('/').is_some_and(|(a, b)| token(a) && token(b))
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;
