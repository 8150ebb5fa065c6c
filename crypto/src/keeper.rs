//! Proof that some case officer of a charter asks, without saying which: a ring signature over their signing keys.
//!
//! Spec: `docs/spec/keeper.md`. The scheme is that of Abe, Ohkubo and Suzuki (ASIACRYPT 2002, section 5.1) with Schnorr
//! signatures over edwards25519. The server asks for it before a journal is begun, turned or purged. It learns that an
//! officer was there, which it would also learn from a plain signature, and not who: so no list of who works on which
//! case comes to lie with it.

use curve25519_dalek::{
    edwards::{CompressedEdwardsY, EdwardsPoint},
    scalar::Scalar,
    traits::IsIdentity,
};
use rand_core::CryptoRng;
use sha2::{Digest, Sha512};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{
    encode_decode,
    encoding::Counted,
    kdf, layout,
    sign::{SigningKey, VerifyingKey},
};

/// The most officers that a proof can hide among.
pub const KEEPERS_MAX: usize = 255;
const LABEL: &[u8] = b"subrosa/journal-keeper/v1";
const NONCE_LABEL: &[u8] = b"subrosa/journal-keeper-nonce/v1";

/// Why there is no proof, or why one does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeeperError {
    /// The charter names no case officer with a usable key, or more than [`KEEPERS_MAX`].
    #[error("the charter names no case officers among whom one could be hidden")]
    NoRing,
    /// The key is not one of the officers'.
    #[error("this key is none of a case officer's of this charter")]
    NotThere,
    /// The proof does not hold for these officers and this request.
    #[error("no case officer of this charter has signed this")]
    Bad,
}

/// The officers among whom a signer is hidden: the case officers of one charter, in its order, each key once. Keys that
/// are no points of the prime-order group are left out.
#[derive(Debug, Clone)]
pub struct Keepers {
    keys: Vec<VerifyingKey>,
    points: Vec<EdwardsPoint>,
}

/// The proof: a challenge, and one response for each officer.
#[derive(Clone, PartialEq, Eq)]
pub struct KeeperProof {
    /// The version of the charter whose officers are meant.
    pub charter: u64,
    challenge: [u8; 32],
    responses: Counted<[u8; 32], u8, 1, KEEPERS_MAX>,
}

layout! { KeeperProof { charter, challenge, responses } }
encode_decode! { KeeperProof }

impl KeeperProof {
    /// Length of the longest proof: bytes.
    pub const LEN_MAX: usize = 8 + 32 + 1 + 32 * KEEPERS_MAX;
}

impl core::fmt::Debug for KeeperProof {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "KeeperProof(charter {}, {} officers)", self.charter, self.responses.len())
    }
}

impl Keepers {
    /// The ring of these keys.
    ///
    /// # Errors
    /// [`KeeperError::NoRing`].
    pub fn new(all: impl IntoIterator<Item = VerifyingKey>) -> Result<Self, KeeperError> {
        let (mut keys, mut points) = (Vec::new(), Vec::new());
        for key in all {
            let point = CompressedEdwardsY(key.0).decompress();
            let Some(point) = point.filter(|p| p.is_torsion_free() && !p.is_identity()) else { continue };
            if !keys.contains(&key) {
                keys.push(key);
                points.push(point);
            }
        }
        if keys.is_empty() || keys.len() > KEEPERS_MAX { Err(KeeperError::NoRing) } else { Ok(Self { keys, points }) }
    }

    /// How many officers there are.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Never: a ring has at least one officer.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Everything that a challenge is bound to but its place: officers, charter version and message.
    fn transcript(&self, charter: u64, message: &[u8]) -> Sha512 {
        let keys: Vec<u8> = self.keys.iter().flat_map(|k| k.0).collect();
        let ring = kdf::digest("subrosa/journal-keepers/v1", &[&charter.to_be_bytes(), &keys]);
        let message = kdf::digest("subrosa/journal-keeper-message/v1", &[message]);
        Sha512::new().chain_update(LABEL).chain_update(ring).chain_update(message)
    }

    /// Proves that the holder of `key`, an officer of charter version `charter`, asks for `message`. Nonces come from
    /// the randomness, the key and the message together, so that a weak generator does not give the key away.
    ///
    /// # Errors
    /// [`KeeperError::NotThere`].
    pub fn prove(
        &self,
        charter: u64,
        message: &[u8],
        key: &SigningKey,
        rng: &mut impl CryptoRng,
    ) -> Result<KeeperProof, KeeperError> {
        let public = key.verifying_key();
        let mine = self.keys.iter().position(|k| *k == public).ok_or(KeeperError::NotThere)?;
        let secret = Zeroizing::new(key.scalar());
        let transcript = self.transcript(charter, message);
        let mut seed = Zeroizing::new([0u8; 64]);
        rng.fill_bytes(seed.as_mut_slice());
        let draw = |n: usize| {
            let hash = Sha512::new()
                .chain_update(NONCE_LABEL)
                .chain_update(seed.as_slice())
                .chain_update(secret.as_bytes())
                .chain_update(transcript.clone().finalize())
                .chain_update((n as u64).to_be_bytes());
            Scalar::from_bytes_mod_order_wide(&hash.finalize().into())
        };
        let n = self.points.len();
        let nonce = Zeroizing::new(draw(mine));
        let mut challenges = vec![Scalar::ZERO; n];
        let mut responses = vec![Scalar::ZERO; n];
        // From the signer's own place once around the ring.
        let mut next = challenge(&transcript, mine, &EdwardsPoint::mul_base(&nonce));
        for step in 1..=n {
            let at = (mine + step) % n;
            let (Some(c), Some(r), Some(point)) = (challenges.get_mut(at), responses.get_mut(at), self.points.get(at))
            else {
                return Err(KeeperError::NoRing);
            };
            *c = next;
            if at == mine {
                *r = *nonce - next * *secret;
            } else {
                *r = draw(at);
                next = challenge(&transcript, at, &commitment(point, c, r));
            }
        }
        let first = challenges.first().ok_or(KeeperError::NoRing)?.to_bytes();
        let responses =
            Counted::new(responses.iter().map(Scalar::to_bytes).collect()).map_err(|_| KeeperError::NoRing)?;
        Ok(KeeperProof { charter, challenge: first, responses })
    }

    /// Refuses unless one of these officers made `proof` for `message`. All inputs are public: variable time.
    ///
    /// # Errors
    /// [`KeeperError::Bad`].
    pub fn verify(&self, message: &[u8], proof: &KeeperProof) -> Result<(), KeeperError> {
        if proof.responses.len() != self.points.len() {
            return Err(KeeperError::Bad);
        }
        let scalar = |b: &[u8; 32]| Option::<Scalar>::from(Scalar::from_canonical_bytes(*b)).ok_or(KeeperError::Bad);
        let transcript = self.transcript(proof.charter, message);
        let first = scalar(&proof.challenge)?;
        let mut next = first;
        for (at, (point, response)) in self.points.iter().zip(&proof.responses).enumerate() {
            next = challenge(&transcript, at, &commitment(point, &next, &scalar(response)?));
        }
        if next == first { Ok(()) } else { Err(KeeperError::Bad) }
    }
}

/// `response · B + challenge · A`, of one officer.
fn commitment(point: &EdwardsPoint, challenge: &Scalar, response: &Scalar) -> EdwardsPoint {
    EdwardsPoint::vartime_double_scalar_mul_basepoint(challenge, point, response)
}

/// The challenge of the place behind `at`.
fn challenge(transcript: &Sha512, at: usize, commitment: &EdwardsPoint) -> Scalar {
    let hash =
        transcript.clone().chain_update((at as u64).to_be_bytes()).chain_update(commitment.compress().as_bytes());
    Scalar::from_bytes_mod_order_wide(&hash.finalize().into())
}

#[cfg(test)]
mod vectors;

#[cfg(test)]
mod tests {
    use subrosa_vectors::CountingRng;

    use super::*;
    use crate::secret::Secret32;

    fn key(n: u8) -> SigningKey {
        SigningKey::from_seed(&Secret32::new([n; 32]))
    }

    fn ring(n: u8) -> Keepers {
        Keepers::new((1..=n).map(|i| key(i).verifying_key())).unwrap()
    }

    #[test]
    fn each_officer_proves_and_nobody_else() {
        for n in [1, 2, 3, 7] {
            let ring = ring(n);
            for signer in 1..=n {
                let proof = ring.prove(4, b"turn", &key(signer), &mut CountingRng::new()).unwrap();
                assert_eq!(KeeperProof::decode(&proof.encode()).unwrap(), proof);
                assert_eq!(ring.verify(b"turn", &proof), Ok(()));
                assert_eq!(ring.verify(b"purge", &proof), Err(KeeperError::Bad), "another message");
                assert_eq!(ring.verify(b"turn", &KeeperProof { charter: 5, ..proof.clone() }), Err(KeeperError::Bad));
            }
            assert_eq!(ring.prove(4, b"turn", &key(99), &mut CountingRng::new()).err(), Some(KeeperError::NotThere));
        }
    }

    #[test]
    fn a_proof_is_bound_to_its_ring_and_to_every_bit() {
        let three = ring(3);
        let proof = three.prove(1, b"m", &key(2), &mut CountingRng::new()).unwrap();
        assert_eq!(ring(4).verify(b"m", &proof), Err(KeeperError::Bad));
        let turned = Keepers::new([2, 3, 1].map(|i| key(i).verifying_key())).unwrap();
        assert_eq!(turned.verify(b"m", &proof), Err(KeeperError::Bad), "another order");
        let bytes = proof.encode();
        for at in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[at] ^= 1;
            assert!(KeeperProof::decode(&bad).map_or(true, |p| three.verify(b"m", &p).is_err()), "byte {at}");
        }
    }

    #[test]
    fn keys_of_small_order_are_no_officers() {
        let none = VerifyingKey([0; 32]);
        let mut identity = [0; 32];
        identity[0] = 1;
        assert_eq!(Keepers::new([none, VerifyingKey(identity)]).err(), Some(KeeperError::NoRing));
        let ring = Keepers::new([none, key(1).verifying_key(), key(1).verifying_key()]).unwrap();
        assert_eq!(ring.len(), 1);
    }

    /// The same request by two officers: nothing in the proof's form tells them apart.
    #[test]
    fn the_proofs_of_two_officers_look_alike() {
        let ring = ring(3);
        let one = ring.prove(1, b"m", &key(1), &mut CountingRng::new()).unwrap();
        let two = ring.prove(1, b"m", &key(2), &mut CountingRng::new()).unwrap();
        assert_eq!(one.encode().len(), two.encode().len());
        assert_ne!(one, two);
        assert_ne!(one, ring.prove(1, b"m", &key(1), &mut CountingRng::from(9)).unwrap(), "fresh each time");
    }
}
