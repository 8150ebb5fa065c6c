//! How an envelope finds its receiver without naming anybody: hints, tags and capabilities.
//!
//! Spec: `docs/spec/delivery.md`. First contact: `X = x·G`, `s = x·S` on ristretto255 (RFC 9496), everything else by
//! HKDF from `s`. Inside a session: a hash chain whose elements are deleted as they are used.

use core::fmt;

use curve25519_dalek::{
    ristretto::{CompressedRistretto, RistrettoPoint},
    scalar::Scalar,
    traits::IsIdentity,
};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use zeroize::{Zeroize, Zeroizing};

use crate::{
    kdf::{self, Part},
    secret::Secret32,
    wire::{CapHash, Hint, Tag},
};

/// The right to take and discard one envelope or blob.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Capability(Secret32);

impl Capability {
    /// Wraps 32 secret bytes.
    pub fn new(secret: Secret32) -> Self {
        Self(secret)
    }

    /// What the server stores: `digest("subrosa/capability/v1", [capability])`.
    pub fn hash(&self) -> CapHash {
        CapHash(kdf::digest("subrosa/capability/v1", &[self.0.expose()]))
    }

    /// The bytes, to be shown to the server when the envelope is fetched or destroyed.
    pub fn expose(&self) -> &[u8; 32] {
        self.0.expose()
    }
}

/// One place on the board where one envelope can lie: its name, the right to fetch it, and the key of its header.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Drop {
    tag: [u8; 16],
    capability: Capability,
    header: Secret32,
}

impl Drop {
    fn from_secret(secret: &[u8], context: &[&dyn Part]) -> Self {
        let mut tag = [0; 16];
        kdf::derive_into(b"", secret, "subrosa/drop-tag/v1", context, &mut tag);
        Self {
            tag,
            capability: Capability(kdf::derive(b"", secret, "subrosa/drop-capability/v1", context)),
            header: kdf::derive(b"", secret, "subrosa/drop-header/v1", context),
        }
    }

    /// A place that a secret of the holder's own fixes: a source's state, a return box.
    pub fn own(secret: &Secret32) -> Self {
        Self::from_secret(secret.expose(), &[])
    }

    /// The name under which the envelope is listed.
    pub fn tag(&self) -> Tag {
        Tag(self.tag)
    }

    /// The right to fetch and destroy it.
    pub fn capability(&self) -> &Capability {
        &self.capability
    }

    /// The key of the envelope's header; used for one envelope only.
    pub fn header_key(&self) -> &Secret32 {
        &self.header
    }
}

/// A receiver's scan key: the private half.
#[derive(Clone)]
pub struct ScanSecret {
    scalar: Box<Scalar>,
    public: ScanPublic,
}

impl ScanSecret {
    /// The scan key that belongs to `seed`: 64 bytes of HKDF output, reduced modulo the group's order.
    pub fn from_seed(seed: &Secret32) -> Self {
        let mut wide = Zeroizing::new([0; 64]);
        kdf::derive_into(b"", seed.expose(), "subrosa/scan-key/v1", &[], wide.as_mut_slice());
        let scalar = Box::new(Scalar::from_bytes_mod_order_wide(&wide));
        let public = ScanPublic(RistrettoPoint::mul_base(&scalar).compress().to_bytes());
        Self { scalar, public }
    }

    /// The public half.
    pub fn public(&self) -> ScanPublic {
        self.public
    }

    /// What an envelope with this hint would be called if it were for this receiver: one multiplication. It is for this
    /// receiver if the listed tag equals the answer's. `None` for a hint that no honest sender or server makes.
    pub fn drop_for(&self, hint: &Hint) -> Option<Drop> {
        let point = CompressedRistretto(hint.0).decompress().filter(|p| !p.is_identity())?;
        let shared = Zeroizing::new((point * *self.scalar).compress().to_bytes());
        Some(Drop::from_secret(shared.as_slice(), &[&hint.0, &self.public.0]))
    }
}

impl core::ops::Drop for ScanSecret {
    fn drop(&mut self) {
        self.scalar.zeroize();
    }
}

impl fmt::Debug for ScanSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ScanSecret([redacted])")
    }
}

/// A receiver's scan key: the public half, an encoded ristretto255 element.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ScanPublic(pub [u8; 32]);

impl ScanPublic {
    /// A fresh place on the board for this receiver, and the hint that leads there. `None` if the key is not a valid
    /// element.
    pub fn address(&self, rng: &mut impl CryptoRng) -> Option<(Hint, Drop)> {
        let point = CompressedRistretto(self.0).decompress().filter(|p| !p.is_identity())?;
        let x = Zeroizing::new(Scalar::random(rng));
        let hint = Hint(RistrettoPoint::mul_base(&x).compress().to_bytes());
        let shared = Zeroizing::new((point * *x).compress().to_bytes());
        Some((hint, Drop::from_secret(shared.as_slice(), &[&hint.0, &self.0])))
    }
}

/// A hint that leads nobody anywhere, distributed as every other: a random element.
pub fn cover_hint(rng: &mut impl CryptoRng) -> Hint {
    Hint(RistrettoPoint::mul_base(&Zeroizing::new(Scalar::random(rng))).compress().to_bytes())
}

/// Whether a hint is one that an honest sender could have made: a canonical encoding of an element other than the
/// identity.
pub fn is_valid_hint(hint: &Hint) -> bool {
    CompressedRistretto(hint.0).decompress().is_some_and(|p| !p.is_identity())
}

/// The places of one direction of a session, in order. Each element is forgotten as it is used.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct DropChain {
    element: Secret32,
    index: u32,
}

impl DropChain {
    /// Starts at index 0 from a shared secret.
    pub fn new(seed: Secret32) -> Self {
        Self { element: seed, index: 0 }
    }

    /// The index of the next place.
    pub fn index(&self) -> u32 {
        self.index
    }

    /// The seed, as long as no place was taken from the chain.
    pub(crate) fn unused_seed(&self) -> Option<Secret32> {
        (self.index == 0).then(|| self.element.clone())
    }

    /// Takes the next place and forgets the chain element that led to it.
    pub fn advance(&mut self) -> Drop {
        let drop = Drop::from_secret(self.element.expose(), &[]);
        self.element = kdf::derive(b"", self.element.expose(), "subrosa/drop-chain/v1", &[]);
        self.index = self.index.saturating_add(1);
        drop
    }

    /// The next `count` places with their indexes, without moving on.
    pub fn peek(&self, count: u32) -> Vec<(u32, Drop)> {
        let mut copy = self.clone();
        (0..count).map(|_| (copy.index, copy.advance())).collect()
    }

    /// Moves on until `index` is the next place. Never goes back.
    pub fn forget_before(&mut self, index: u32) {
        while self.index < index {
            self.advance();
        }
    }
}

#[cfg(test)]
pub(crate) mod vectors;

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use rand_core::UnwrapErr;

    #[test]
    fn only_the_receiver_recognises_the_tag() {
        let mut rng = UnwrapErr(getrandom::SysRng);
        let (a, b) = (ScanSecret::from_seed(&Secret32::new([1; 32])), ScanSecret::from_seed(&Secret32::new([2; 32])));
        let (hint, sent) = a.public().address(&mut rng).unwrap();
        let got = a.drop_for(&hint).unwrap();
        assert_eq!(got.tag(), sent.tag());
        assert_eq!(got.capability().hash(), sent.capability().hash());
        assert_eq!(got.header_key().expose(), sent.header_key().expose());
        assert_ne!(b.drop_for(&hint).unwrap().tag(), sent.tag());
        assert!(is_valid_hint(&hint) && is_valid_hint(&cover_hint(&mut rng)));
        assert!(a.drop_for(&Hint([0xff; 32])).is_none());
        assert!(!is_valid_hint(&Hint([0; 32])), "the identity leads to a shared secret that everybody knows");
    }

    #[test]
    fn both_ends_walk_the_same_chain() {
        let mut a = DropChain::new(Secret32::new([3; 32]));
        let mut b = a.clone();
        let ahead = b.peek(3);
        let sent: Vec<_> = (0..3).map(|_| a.advance().tag()).collect();
        assert_eq!(ahead.iter().map(|(_, d)| d.tag()).collect::<Vec<_>>(), sent);
        b.forget_before(2);
        assert_eq!(b.advance().tag(), *sent.last().unwrap());
        assert!(!format!("{b:?}").contains("3, 3"));
    }
}
