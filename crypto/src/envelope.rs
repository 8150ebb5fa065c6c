//! The fixed-size body of an envelope.
//!
//! Spec: `docs/spec/envelope.md`. `header (32) || enc (1120) || ciphertext (31616)`: the header names the X-Wing key
//! for the receiver alone; the rest is HPKE to that key. A tip, a reply, a token request, a redemption, a source's own
//! state and cover differ in nothing that can be seen.

use chacha20poly1305::{
    ChaCha20Poly1305, KeyInit, Nonce,
    aead::{Aead, Payload},
};
use rand_core::CryptoRng;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{
    delivery::{Drop, cover_hint},
    seal::{ENC_LEN, SealError, SealRecipient, SealSecret, TAG_LEN},
    secret::Secret32,
    wire::{ENVELOPE_LEN, Envelope, Hint},
};

const HEADER_LEN: usize = 16 + TAG_LEN;
const PADDED_LEN: usize = ENVELOPE_LEN - HEADER_LEN - ENC_LEN - TAG_LEN;
/// The longest content of one envelope: bytes.
pub const CONTENT_MAX: usize = PADDED_LEN - 4;
const INFO: &[u8] = b"subrosa/envelope/v1";

/// Which of the receiver's X-Wing keys an envelope is sealed to.
pub type KeyName = [u8; 16];

/// Why an envelope could not be made or read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum EnvelopeError {
    /// More than [`CONTENT_MAX`] bytes.
    #[error("the message is too long for one envelope ({0} bytes, {CONTENT_MAX} fit)")]
    TooLong(usize),
    /// The header does not open: not for this place, or changed on the way.
    #[error("the envelope was changed on the way, or is not for this reader")]
    Header,
    /// The body does not open, or its padding is not as specified.
    #[error("the envelope was changed on the way, or its key is gone")]
    Body,
    /// The receiver's key is not valid.
    #[error("the receiver's key is not valid")]
    Key,
}

impl From<SealError> for EnvelopeError {
    fn from(e: SealError) -> Self {
        match e {
            SealError::Key => Self::Key,
            SealError::Open => Self::Body,
        }
    }
}

/// Makes the envelope that lies at `drop`, sealed to `recipient`, whose key the receiver knows as `key_name`.
pub fn write(
    drop: &Drop,
    hint: Hint,
    recipient: &SealRecipient,
    key_name: &KeyName,
    content: &[u8],
    rng: &mut impl CryptoRng,
) -> Result<Envelope, EnvelopeError> {
    let n = u32::try_from(content.len()).ok().filter(|n| *n as usize <= CONTENT_MAX);
    let n = n.ok_or(EnvelopeError::TooLong(content.len()))?;
    let mut padded = Zeroizing::new(Vec::with_capacity(PADDED_LEN));
    padded.extend_from_slice(&n.to_be_bytes());
    padded.extend_from_slice(content);
    padded.resize(PADDED_LEN, 0);
    let cap_hash = drop.capability().hash();
    let header = header_cipher(drop.header_key())
        .encrypt(&Nonce::default(), Payload { msg: key_name, aad: &aad(drop, b"header") })
        .map_err(|_| EnvelopeError::Header)?;
    let mut body = header;
    body.extend_from_slice(&recipient.seal(INFO, &aad(drop, b"body"), &padded, rng)?);
    let body = body.into_boxed_slice().try_into().map_err(|_| EnvelopeError::Body)?;
    Ok(Envelope { tag: drop.tag(), hint, cap_hash, body })
}

/// Reads which key the envelope at `drop` is sealed to.
pub fn read_key_name(drop: &Drop, body: &[u8]) -> Result<KeyName, EnvelopeError> {
    if body.len() != ENVELOPE_LEN {
        return Err(EnvelopeError::Header);
    }
    let (header, _) = body.split_at_checked(HEADER_LEN).ok_or(EnvelopeError::Header)?;
    let name = header_cipher(drop.header_key())
        .decrypt(&Nonce::default(), Payload { msg: header, aad: &aad(drop, b"header") })
        .map_err(|_| EnvelopeError::Header)?;
    name.try_into().map_err(|_| EnvelopeError::Header)
}

/// Opens the envelope at `drop` with the key that its header named.
pub fn read(drop: &Drop, key: &SealSecret, body: &[u8]) -> Result<Zeroizing<Vec<u8>>, EnvelopeError> {
    let (_, sealed) = body.split_at_checked(HEADER_LEN).ok_or(EnvelopeError::Header)?;
    let padded = Zeroizing::new(key.open(INFO, &aad(drop, b"body"), sealed)?);
    let (n, rest) = padded.split_first_chunk::<4>().ok_or(EnvelopeError::Body)?;
    let n = usize::try_from(u32::from_be_bytes(*n)).map_err(|_| EnvelopeError::Body)?;
    let (content, padding) = rest.split_at_checked(n).ok_or(EnvelopeError::Body)?;
    if padded.len() != PADDED_LEN || padding.iter().any(|b| *b != 0) {
        return Err(EnvelopeError::Body);
    }
    Ok(Zeroizing::new(content.to_vec()))
}

/// An envelope to nobody: made exactly as a real one, to keys that are forgotten at once.
pub fn cover(rng: &mut impl CryptoRng) -> Result<Envelope, EnvelopeError> {
    cover_at(&Drop::own(&Secret32::random(rng)), rng)
}

/// As [`cover`], at a place that whoever deposits it finds again: cover is fetched and destroyed as letters are. It
/// opens for nobody.
pub fn cover_at(drop: &Drop, rng: &mut impl CryptoRng) -> Result<Envelope, EnvelopeError> {
    let recipient = SealSecret::random(rng).recipient()?;
    let mut name = [0; 16];
    rng.fill_bytes(&mut name);
    write(drop, cover_hint(rng), &recipient, &name, &[], rng)
}

/// Binds header and body to their row, so that a server cannot exchange bodies. The hint is bound at first contact,
/// where the place is derived from it; in a session it is random, and a reader need not even fetch it.
fn aad(drop: &Drop, part: &[u8]) -> Vec<u8> {
    [drop.tag().0.as_slice(), &drop.capability().hash().0, part].concat()
}

fn header_cipher(key: &Secret32) -> ChaCha20Poly1305 {
    ChaCha20Poly1305::new(key.expose().into())
}

#[cfg(test)]
mod vectors;

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;
    use rand_core::UnwrapErr;

    #[test]
    fn round_trip_and_every_altered_part_is_noticed() {
        let mut rng = UnwrapErr(getrandom::SysRng);
        let key = SealSecret::random(&mut rng);
        let drop = Drop::own(&Secret32::random(&mut rng));
        let hint = cover_hint(&mut rng);
        let content = vec![9; CONTENT_MAX];
        let e = write(&drop, hint, &key.recipient().unwrap(), &[7; 16], &content, &mut rng).unwrap();
        assert_eq!(read_key_name(&drop, e.body.as_slice()).unwrap(), [7; 16]);
        assert_eq!(*read(&drop, &key, e.body.as_slice()).unwrap(), content);
        for at in [0, HEADER_LEN - 1] {
            let mut b = e.body.to_vec();
            b[at] ^= 1;
            assert_eq!(read_key_name(&drop, &b), Err(EnvelopeError::Header));
        }
        for at in [HEADER_LEN, HEADER_LEN + 1100, HEADER_LEN + ENC_LEN, ENVELOPE_LEN - 1] {
            let mut b = e.body.to_vec();
            b[at] ^= 1;
            assert_eq!(read(&drop, &key, &b).unwrap_err(), EnvelopeError::Body);
        }
        let elsewhere = Drop::own(&Secret32::random(&mut rng));
        assert_eq!(read_key_name(&elsewhere, e.body.as_slice()), Err(EnvelopeError::Header));
        let too_long = write(&drop, hint, &key.recipient().unwrap(), &[7; 16], &[0; CONTENT_MAX + 1], &mut rng);
        assert_eq!(too_long.unwrap_err(), EnvelopeError::TooLong(CONTENT_MAX + 1));
        assert_eq!(read_key_name(&drop, &[]), Err(EnvelopeError::Header));
    }

    #[test]
    fn cover_is_an_envelope_like_any_other() {
        let mut rng = UnwrapErr(getrandom::SysRng);
        let c = cover(&mut rng).unwrap();
        assert!(crate::delivery::is_valid_hint(&c.hint));
        assert_eq!(c.body.len(), ENVELOPE_LEN);
    }
}
