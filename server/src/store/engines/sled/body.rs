//! Bodies as they lie on disk: each encrypted once, under its own random key, and cut into slots.
//!
//! Spec: `docs/spec/storage.md`, "Bodies".

use bytes::Bytes;
use chacha20poly1305::{
    ChaCha20Poly1305, Key, Nonce,
    aead::{Aead, KeyInit},
};
use subrosa_crypto::{encoding::List, layout, secret::Secret32};
use zeroize::Zeroizing;

use super::slot::{Class, Slot};
use crate::store::StoreError;

/// The Poly1305 tag's length in bytes.
pub(super) const TAG_LEN: usize = 16;
/// A nonce of zeros: each key encrypts exactly one part, so no (key, nonce) pair can repeat.
const NONCE: [u8; 12] = [0; 12];

/// One encrypted part of a body, ready for its slot.
#[derive(Clone)]
pub(super) struct SealedPart {
    /// The smallest class of slots that holds it.
    pub(super) class: Class,
    /// The ciphertext without its tag.
    pub(super) ciphertext: Bytes,
    /// The key that encrypts this part and nothing else.
    pub(super) key: Secret32,
    /// Its Poly1305 tag, which lies beside the key so that a 32 KiB body fills a 32 KiB slot.
    pub(super) tag: [u8; TAG_LEN],
}

/// An encrypted body, ready for its slots.
#[derive(Clone)]
pub(super) struct SealedBody {
    /// The plaintext's length in bytes.
    pub(super) len: u32,
    /// Its parts in order; none for an empty body.
    pub(super) parts: Vec<SealedPart>,
}

impl SealedBody {
    /// Encrypts `plain`, each part under a fresh random key.
    pub(super) fn seal(plain: &[u8]) -> Result<Self, StoreError> {
        let len = u32::try_from(plain.len()).map_err(|_| StoreError::Io("a body is too long".into()))?;
        let mut parts = Vec::with_capacity(plain.len().div_ceil(Class::LARGEST.bytes()));
        for piece in plain.chunks(Class::LARGEST.bytes()) {
            let mut key = Zeroizing::new([0u8; 32]);
            getrandom::fill(key.as_mut_slice()).map_err(|e| StoreError::Io(e.to_string()))?;
            let mut sealed = ChaCha20Poly1305::new(&Key::from(*key))
                .encrypt(&Nonce::from(NONCE), piece)
                .map_err(|_| StoreError::Io("a body could not be encrypted".into()))?;
            let tag = match sealed.last_chunk::<TAG_LEN>() {
                Some(tag) => *tag,
                None => return Err(StoreError::Io("a body could not be encrypted".into())),
            };
            sealed.truncate(piece.len());
            parts.push(SealedPart {
                class: Class::for_len(piece.len()),
                ciphertext: Bytes::from(sealed),
                key: Secret32::new(*key),
                tag,
            });
        }
        Ok(Self { len, parts })
    }

    /// How many bytes of slots it will fill.
    pub(super) fn slot_bytes(&self) -> u64 {
        self.parts.iter().map(|p| p.class.bytes() as u64).sum()
    }
}

/// Decrypts one part: `sealed` is ciphertext and tag. `None` if the key is not the one it was sealed under.
pub(super) fn open_part(key: &[u8; 32], sealed: &[u8]) -> Option<Vec<u8>> {
    ChaCha20Poly1305::new(&Key::from(*key)).decrypt(&Nonce::from(NONCE), sealed).ok()
}

/// Where a body lies: what the index remembers of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BodyRef {
    /// The plaintext's length in bytes.
    pub(super) len: u32,
    /// The slots of its parts, in order.
    pub(super) slots: Slots,
}

/// The slots of one body.
pub(super) type Slots = List<Slot, u16, { u16::MAX as usize }>;

layout! {
    /// `len || count || (segment || number) per slot`.
    BodyRef { len, slots }
}

impl BodyRef {
    /// The length in bytes of part number `i`.
    pub(super) fn part_len(&self, i: usize) -> usize {
        let before = i.saturating_mul(Class::LARGEST.bytes());
        (self.len as usize).saturating_sub(before).min(Class::LARGEST.bytes())
    }
}
