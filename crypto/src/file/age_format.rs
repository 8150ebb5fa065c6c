//! age v1 files with one hybrid recipient: the writer takes its randomness as an argument, which the age crate's does
//! not.
//!
//! What is written here is read by the age crate in tests, and the other way round.

use age_core::format::FILE_KEY_BYTES;
use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD as B64};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use rand_core::CryptoRng;
use sha2::Sha256;
use thiserror::Error;
use zeroize::Zeroizing;

use super::{
    hybrid::{self, BODY_LEN, HybridIdentity, HybridRecipient},
    stream::{CHUNK_LEN, Stream},
};

const VERSION_LINE: &str = "age-encryption.org/v1";
/// The payload's nonce, right behind the header.
pub(super) const NONCE_LEN: usize = 16;
/// `version line || stanza line || stanza body || MAC line`, each with its line feed.
pub(super) const HEADER_LEN: usize = 22 + (3 + 14 + 1 + 1494 + 1) + (43 + 1) + (4 + 43 + 1);
/// What stands before the first chunk.
pub(super) const PREFIX_LEN: usize = HEADER_LEN + NONCE_LEN;

/// Sealing failed inside a primitive; it does not happen with valid keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the file could not be encrypted")]
pub struct SealError;

/// Why a prefix did not yield a payload key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PrefixError {
    /// The file was made for another identity.
    NotForUs,
    /// Not the header that this format writes, or one that was altered.
    Malformed,
}

/// Writes header and nonce, and starts the payload.
pub(super) fn start(
    recipient: &HybridRecipient,
    file_key: &[u8; FILE_KEY_BYTES],
    nonce: &[u8; NONCE_LEN],
    encapsulation_rng: &mut impl CryptoRng,
) -> Result<(Vec<u8>, Stream), SealError> {
    let (enc, body) = recipient.wrap(file_key, encapsulation_rng).map_err(|_| SealError)?;
    let mut out = Vec::with_capacity(PREFIX_LEN);
    out.extend_from_slice(VERSION_LINE.as_bytes());
    out.extend_from_slice(b"\n-> ");
    out.extend_from_slice(hybrid::TAG.as_bytes());
    out.push(b' ');
    out.extend_from_slice(B64.encode(enc).as_bytes());
    out.push(b'\n');
    out.extend_from_slice(B64.encode(body).as_bytes());
    out.extend_from_slice(b"\n---");
    let mac = header_mac(file_key).chain_update(&out).finalize().into_bytes();
    out.push(b' ');
    out.extend_from_slice(B64.encode(mac).as_bytes());
    out.push(b'\n');
    out.extend_from_slice(nonce);
    Ok((out, Stream::new(&payload_key(file_key, nonce))))
}

/// Reads what [`start`] wrote: exactly one hybrid stanza, canonical in every byte.
pub(super) fn open_prefix(prefix: &[u8; PREFIX_LEN], identity: &HybridIdentity) -> Result<Stream, PrefixError> {
    let (header, nonce) = prefix.split_last_chunk::<NONCE_LEN>().ok_or(PrefixError::Malformed)?;
    let text = core::str::from_utf8(header).map_err(|_| PrefixError::Malformed)?;
    let mut lines = text.strip_suffix('\n').ok_or(PrefixError::Malformed)?.split('\n');
    let (Some(VERSION_LINE), Some(stanza), Some(body), Some(mac_line), None) =
        (lines.next(), lines.next(), lines.next(), lines.next(), lines.next())
    else {
        return Err(PrefixError::Malformed);
    };
    let enc = stanza
        .strip_prefix("-> ")
        .and_then(|s| s.strip_prefix(hybrid::TAG))
        .and_then(|s| s.strip_prefix(' '))
        .and_then(hybrid::parse_enc)
        .ok_or(PrefixError::Malformed)?;
    let body: [u8; BODY_LEN] = B64.decode(body).ok().and_then(|b| b.try_into().ok()).ok_or(PrefixError::Malformed)?;
    let mac = mac_line.strip_prefix("--- ").and_then(|m| B64.decode(m).ok()).ok_or(PrefixError::Malformed)?;
    let signed = header.len().checked_sub(mac_line.len() + 1).and_then(|n| header.get(..n + 3));
    let file_key = identity.unwrap(&enc, &body).ok_or(PrefixError::NotForUs)?;
    header_mac(&file_key)
        .chain_update(signed.ok_or(PrefixError::Malformed)?)
        .verify_slice(&mac)
        .map_err(|_| PrefixError::Malformed)?;
    Ok(Stream::new(&payload_key(&file_key, nonce)))
}

/// Seals a small text in memory: a whole age file.
pub(crate) fn seal_whole(
    recipient: &HybridRecipient,
    plaintext: &[u8],
    rng: &mut impl CryptoRng,
) -> Result<Vec<u8>, SealError> {
    let mut file_key = Zeroizing::new([0; FILE_KEY_BYTES]);
    rng.fill_bytes(file_key.as_mut_slice());
    let mut nonce = [0; NONCE_LEN];
    rng.fill_bytes(&mut nonce);
    let (mut out, mut stream) = start(recipient, &file_key, &nonce, rng)?;
    let mut chunks = plaintext.chunks(CHUNK_LEN).peekable();
    if chunks.peek().is_none() {
        let mut empty = Vec::new();
        stream.seal(&mut empty, true).map_err(|_| SealError)?;
        out.append(&mut empty);
    }
    while let Some(chunk) = chunks.next() {
        let mut buffer = Vec::with_capacity(chunk.len() + super::stream::TAG_LEN);
        buffer.extend_from_slice(chunk);
        stream.seal(&mut buffer, chunks.peek().is_none()).map_err(|_| SealError)?;
        out.append(&mut buffer);
    }
    Ok(out)
}

fn header_mac(file_key: &[u8; FILE_KEY_BYTES]) -> Hmac<Sha256> {
    // RFC 2104: a key shorter than the block is filled up with zeros, so this is the 32-byte key without a fallible
    // constructor.
    let mut block = Zeroizing::new([0; 64]);
    for (to, from) in block.iter_mut().zip(expand(&[], file_key, b"header").iter()) {
        *to = *from;
    }
    <Hmac<Sha256> as KeyInit>::new((&*block).into())
}

fn payload_key(file_key: &[u8; FILE_KEY_BYTES], nonce: &[u8; NONCE_LEN]) -> Zeroizing<[u8; 32]> {
    expand(nonce, file_key, b"payload")
}

/// age's own labels, not ours: they are part of the age format.
fn expand(salt: &[u8], ikm: &[u8], info: &[u8]) -> Zeroizing<[u8; 32]> {
    let mut out = Zeroizing::new([0; 32]);
    let done = Hkdf::<Sha256>::new(Some(salt), ikm).expand(info, out.as_mut_slice());
    debug_assert!(done.is_ok(), "32 bytes are one HKDF block");
    out
}

#[cfg(test)]
mod tests;
