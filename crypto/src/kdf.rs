//! HKDF-SHA256 (RFC 5869) with one label per key, and labelled SHA-256 digests.
//!
//! Spec: `docs/spec/conventions.md`. Every label starts with `subrosa/` and ends with its format's version.

use core::hint::black_box;

use hkdf::Hkdf;
use sha2::{Digest, Sha256};
use zeroize::Zeroize as _;

use crate::secret::Secret32;

/// One part of a derivation's context: a byte string of fixed length, so that its length fits the 16 bits in front of
/// it whatever the data. What has no fixed length goes in as its digest.
pub trait Part {
    /// The part behind its 16-bit length.
    fn put(&self, info: &mut Vec<u8>);
}

impl<const N: usize> Part for [u8; N] {
    fn put(&self, info: &mut Vec<u8>) {
        const { assert!(N <= u16::MAX as usize, "a part's length must fit 16 bits") };
        put_part(info, self);
    }
}

/// HKDF-SHA256 extract and expand: `ikm` is the secret, `salt` separates programmes, `info` is the label followed by
/// context parts, each behind its 16-bit length so that no two lists of parts collide. It leaves nothing on the stack.
pub fn derive(salt: &[u8], ikm: &[u8], label: &str, context: &[&dyn Part]) -> Secret32 {
    Secret32::filled(|out| derive_into(salt, ikm, label, context, out))
}

/// As [`derive()`], into a buffer of any length up to 8,160 bytes (255 blocks, RFC 5869 section 2.3).
///
/// A longer buffer is left zeroed past that limit; all callers use fixed small sizes.
pub fn derive_into(salt: &[u8], ikm: &[u8], label: &str, context: &[&dyn Part], out: &mut [u8]) {
    let mut info = Vec::with_capacity(64);
    put_part(&mut info, label.as_bytes());
    for part in context {
        part.put(&mut info);
    }
    expand(salt, ikm, &info, out);
    wipe_stack();
}

/// A function of its own, and never a part of its caller: what it leaves behind lies where [`wipe_stack`] writes.
#[inline(never)]
fn expand(salt: &[u8], ikm: &[u8], info: &[u8], out: &mut [u8]) {
    let expanded = Hkdf::<Sha256>::new(Some(salt), ikm).expand(info, out);
    debug_assert!(expanded.is_ok(), "HKDF output longer than 255 blocks");
}

/// Overwrites 8 KiB below the caller's part of the stack. HMAC's and SHA-256's states are wiped when they are dropped,
/// but not the blocks of output that HKDF copies, nor what was moved or kept aside between two instructions.
#[inline(never)]
fn wipe_stack() {
    let mut room = [0_u128; 512];
    black_box(&mut room);
    room.zeroize();
    black_box(&room);
}

/// `part` is a label, which stands in the program's text, or an array whose length was checked when it was compiled.
fn put_part(info: &mut Vec<u8>, part: &[u8]) {
    let n = u16::try_from(part.len());
    assert!(n.is_ok(), "a label must fit 16 bits");
    info.extend(n.iter().flat_map(|n| n.to_be_bytes()));
    info.extend_from_slice(part);
}

/// SHA-256 over a label and parts, each behind its 64-bit big-endian length.
pub fn digest(label: &str, parts: &[&[u8]]) -> [u8; 32] {
    let mut h = Sha256::new();
    h.update((label.len() as u64).to_be_bytes());
    h.update(label.as_bytes());
    for part in parts {
        h.update((part.len() as u64).to_be_bytes());
        h.update(part);
    }
    h.finalize().into()
}

/// Plain SHA-256 (FIPS 180-4).
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
