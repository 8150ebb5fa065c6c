//! The VOPRF of RFC 9497 with ristretto255 and SHA-512: hashing, blinding, evaluation, output.
//!
//! Names follow the RFC's symbols. The proof stands in [`super::dleq`].

use core::fmt;

use curve25519_dalek::{
    ristretto::{CompressedRistretto, RistrettoPoint},
    scalar::Scalar,
    traits::Identity,
};
use sha2::{Digest, Sha512};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::kdf::Part;

/// SHA-512's block, as zeros: `Z_pad` of RFC 9380 section 5.3.1.
const Z_PAD: [u8; 128] = [0; 128];

/// An encoded element that is not the canonical encoding of a group element, or is the identity (RFC 9497 section 2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("this is not the encoding of a usable group element")]
pub(super) struct BadElement;

/// A group element other than the identity, together with its one encoding.
#[derive(Clone, Copy)]
pub(super) struct Element {
    point: RistrettoPoint,
    bytes: [u8; 32],
}

impl Element {
    /// Decodes 32 bytes; refuses encodings that are not canonical, and the identity.
    pub(super) fn from_bytes(bytes: &[u8; 32]) -> Result<Self, BadElement> {
        let point = CompressedRistretto(*bytes).decompress().ok_or(BadElement)?;
        if point == RistrettoPoint::identity() {
            return Err(BadElement);
        }
        Ok(Self { point, bytes: *bytes })
    }

    /// The canonical encoding (RFC 9496 section 4.3.2).
    pub(super) fn to_bytes(self) -> [u8; 32] {
        self.bytes
    }

    pub(super) fn from_point(point: RistrettoPoint) -> Result<Self, BadElement> {
        if point == RistrettoPoint::identity() {
            return Err(BadElement);
        }
        Ok(Self { point, bytes: point.compress().to_bytes() })
    }

    pub(super) fn point(&self) -> &RistrettoPoint {
        &self.point
    }
}

impl PartialEq for Element {
    fn eq(&self, other: &Self) -> bool {
        self.bytes == other.bytes
    }
}

impl Eq for Element {}

impl fmt::Debug for Element {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Element({})", hex::encode(self.bytes))
    }
}

/// The domain separation tags of one mode; `contextString` is `"OPRFV1-" || mode || "-ristretto255-SHA512"` (section
/// 3.1).
#[derive(Debug, Clone, Copy)]
pub(super) struct Suite {
    hash_to_group: SeparationTag,
    hash_to_scalar: SeparationTag,
    derive_key_pair: SeparationTag,
    pub(super) seed: SeparationTag,
}

/// A domain separation tag with its length, which one byte must count (RFC 9380 section 5.3.1).
#[derive(Debug, Clone, Copy)]
pub(super) struct SeparationTag {
    pub(super) bytes: &'static [u8],
    pub(super) len: u8,
}

/// Tags are constants: one that is too long does not compile.
const fn tag(bytes: &'static [u8]) -> SeparationTag {
    assert!(bytes.len() <= u8::MAX as usize, "a domain separation tag must fit its length byte");
    SeparationTag { bytes, len: bytes.len() as u8 }
}

/// Mode 1, verifiable: the one that tokens use.
pub(super) const VOPRF: Suite = Suite {
    hash_to_group: tag(b"HashToGroup-OPRFV1-\x01-ristretto255-SHA512"),
    hash_to_scalar: tag(b"HashToScalar-OPRFV1-\x01-ristretto255-SHA512"),
    derive_key_pair: tag(b"DeriveKeyPairOPRFV1-\x01-ristretto255-SHA512"),
    seed: tag(b"Seed-OPRFV1-\x01-ristretto255-SHA512"),
};

/// Mode 0, without proofs: only so that its published vectors test the shared hashing too.
#[cfg(test)]
pub(super) const OPRF: Suite = Suite {
    hash_to_group: tag(b"HashToGroup-OPRFV1-\x00-ristretto255-SHA512"),
    hash_to_scalar: tag(b"HashToScalar-OPRFV1-\x00-ristretto255-SHA512"),
    derive_key_pair: tag(b"DeriveKeyPairOPRFV1-\x00-ristretto255-SHA512"),
    seed: tag(b"Seed-OPRFV1-\x00-ristretto255-SHA512"),
};

impl Suite {
    /// `HashToGroup` (RFC 9497 section 4.1).
    pub(super) fn hash_to_group(&self, input: &[u8]) -> RistrettoPoint {
        RistrettoPoint::from_uniform_bytes(&expand(&expander(), &[input], self.hash_to_group))
    }

    /// `HashToScalar` (RFC 9497 section 4.1).
    pub(super) fn hash_to_scalar(&self, parts: &[&[u8]]) -> Scalar {
        self.hash_to_scalar_after(&expander(), parts)
    }

    /// `HashToScalar` of a message whose first bytes `prefix` has taken in (it starts from [`expander`]).
    pub(super) fn hash_to_scalar_after(&self, prefix: &Sha512, parts: &[&[u8]]) -> Scalar {
        Scalar::from_bytes_mod_order_wide(&expand(prefix, parts, self.hash_to_scalar))
    }

    /// `DeriveKeyPair` (section 3.2.1). The 256 tries that the RFC allows are never used up: one fails with probability
    /// 2^-252.
    pub(super) fn derive_key_pair(&self, seed: &[u8; 32], info: &[u8]) -> Option<PrivateKey> {
        let info_len = u16::try_from(info.len()).ok()?.to_be_bytes();
        (0..=u8::MAX).find_map(|counter| {
            let wide = Zeroizing::new(expand(&expander(), &[seed, &info_len, info, &[counter]], self.derive_key_pair));
            PrivateKey::new(&Zeroizing::new(Scalar::from_bytes_mod_order_wide(&wide)))
        })
    }
}

/// The hash state of `expand_message_xmd` before the message.
pub(super) fn expander() -> Sha512 {
    Sha512::new().chain_update(Z_PAD)
}

/// `expand_message_xmd` (RFC 9380 section 5.3.1) with SHA-512 for 64 bytes, which is one block of output.
fn expand(prefix: &Sha512, parts: &[&[u8]], dst: SeparationTag) -> [u8; 64] {
    let mut h = prefix.clone();
    for part in parts {
        h.update(part);
    }
    h.update([0, 64, 0]);
    h.update(dst.bytes);
    h.update([dst.len]);
    let b_0 = h.finalize();
    let h = Sha512::new().chain_update(b_0).chain_update([1]).chain_update(dst.bytes).chain_update([dst.len]);
    h.finalize().into()
}

/// An issuer's private key for one denomination, with its public key.
#[derive(Clone)]
pub(super) struct PrivateKey {
    k: Box<Zeroizing<Scalar>>,
    public: Element,
}

impl PrivateKey {
    fn new(k: &Scalar) -> Option<Self> {
        let public = Element::from_point(RistrettoPoint::mul_base(k)).ok()?;
        Some(Self { k: Box::new(Zeroizing::new(*k)), public })
    }

    pub(super) fn public(&self) -> &Element {
        &self.public
    }

    pub(super) fn scalar(&self) -> &Scalar {
        &self.k
    }

    /// `k * point` for each, encoded. Half of the key and a doubling at the end let all encodings share one inversion.
    pub(super) fn evaluate_batch<'a>(&self, points: impl IntoIterator<Item = &'a RistrettoPoint>) -> Vec<[u8; 32]> {
        let half = Zeroizing::new(self.k.div_by_2());
        multiply_and_encode(points.into_iter().map(|p| (*half, p)))
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey([redacted])")
    }
}

/// The encodings of `2 * half * point`.
fn multiply_and_encode<'a>(pairs: impl Iterator<Item = (Scalar, &'a RistrettoPoint)>) -> Vec<[u8; 32]> {
    let products: Vec<RistrettoPoint> = pairs.map(|(half, p)| half * p).collect();
    RistrettoPoint::double_and_compress_batch(&products).into_iter().map(|c| c.to_bytes()).collect()
}

/// A blind: a secret scalar other than zero.
#[derive(Clone)]
pub(super) struct Blind(Box<Zeroizing<Scalar>>);

impl Blind {
    /// Reduces 64 uniform bytes; `None` for zero, which does not happen by chance.
    pub(super) fn from_wide(bytes: &[u8; 64]) -> Option<Self> {
        let scalar = Zeroizing::new(Scalar::from_bytes_mod_order_wide(bytes));
        (*scalar != Scalar::ZERO).then(|| Self(Box::new(scalar)))
    }

    #[cfg(test)]
    pub(super) fn from_canonical(bytes: [u8; 32]) -> Option<Self> {
        Option::from(Scalar::from_canonical_bytes(bytes)).map(|s| Self(Box::new(Zeroizing::new(s))))
    }
}

impl fmt::Debug for Blind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Blind([redacted])")
    }
}

/// `Blind` (section 3.3.1) with the blind given: `blind * H1(input)`.
pub(super) fn blind(suite: &Suite, input: &[u8], blind: &Blind) -> Result<Element, BadElement> {
    let point = suite.hash_to_group(input);
    if point == RistrettoPoint::identity() {
        return Err(BadElement);
    }
    Element::from_point(**blind.0 * point)
}

/// The unblinding half of `Finalize`: `blind^-1 * evaluated` for each pair, encoded.
pub(super) fn unblind_batch<'a>(pairs: impl Iterator<Item = (&'a Blind, &'a Element)> + Clone) -> Vec<[u8; 32]> {
    let mut inverses: Zeroizing<Vec<Scalar>> = Zeroizing::new(pairs.clone().map(|(b, _)| **b.0).collect());
    if inverses.is_empty() {
        return Vec::new();
    }
    Scalar::invert_batch_alloc(&mut inverses);
    multiply_and_encode(inverses.iter().zip(pairs).map(|(inverse, (_, e))| (inverse.div_by_2(), e.point())))
}

/// `Hash(len(input) || input || len(element) || element || "Finalize")` (section 3.3.1).
pub(super) fn output(input: &dyn Part, element: &[u8; 32]) -> [u8; 64] {
    let mut counted = Zeroizing::new(Vec::with_capacity(2 + 32));
    input.put(&mut counted);
    Sha512::new()
        .chain_update(counted.as_slice())
        .chain_update([0, 32])
        .chain_update(element)
        .chain_update(b"Finalize")
        .finalize()
        .into()
}
