//! The batched proof that one key made all evaluations (RFC 9497 section 2.2).

use curve25519_dalek::{ristretto::RistrettoPoint, scalar::Scalar, traits::VartimeMultiscalarMul};
use rand_core::CryptoRng;
use sha2::{Digest, Sha512};
use thiserror::Error;
use zeroize::Zeroizing;

use super::voprf::{Element, PrivateKey, Suite, expander};

/// Bytes of a proof: `c || s`.
pub const PROOF_LEN: usize = 64;

/// The evaluations were not all made with the key that the charter names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the proof does not show that the published key was used")]
pub(super) struct BadProof;

/// `GenerateProof(k, G, pkS, C, D)`. The weights bind every element; the sum over public elements is one variable-time
/// multi-scalar multiplication, while whatever touches the key runs in constant time.
pub(super) fn prove(
    suite: &Suite,
    key: &PrivateKey,
    c: &[Element],
    d: &[[u8; 32]],
    rng: &mut impl CryptoRng,
) -> [u8; PROOF_LEN] {
    let mut random = Zeroizing::new([0; 32]);
    rng.fill_bytes(random.as_mut_slice());
    prove_with(suite, key, c, d, &nonce(&random, key, c, d))
}

/// The proof's secret scalar. It hangs on fresh randomness, on the key and on everything that is proven: a generator
/// that fails or repeats itself gives another scalar for another statement, and nobody without the key can guess it.
/// Two proofs with one scalar about two statements would give the key away.
fn nonce(random: &[u8; 32], key: &PrivateKey, c: &[Element], d: &[[u8; 32]]) -> Zeroizing<Scalar> {
    const LABEL: &[u8] = b"subrosa/dleq-nonce/v1";
    let secret = Zeroizing::new(key.scalar().to_bytes());
    let mut h = Sha512::new().chain_update(LABEL).chain_update(random).chain_update(*secret);
    h.update(key.public().to_bytes());
    for (c, d) in c.iter().zip(d) {
        h.update(c.to_bytes());
        h.update(d);
    }
    let wide = Zeroizing::new(<[u8; 64]>::from(h.finalize()));
    Zeroizing::new(Scalar::from_bytes_mod_order_wide(&wide))
}

pub(super) fn prove_with(
    suite: &Suite,
    key: &PrivateKey,
    c: &[Element],
    d: &[[u8; 32]],
    r: &Scalar,
) -> [u8; PROOF_LEN] {
    let b = key.public().to_bytes();
    // ComputeCompositesFast
    let weights = weights(suite, &b, c.iter().map(|e| e.to_bytes()).zip(d.iter().copied()));
    let m = RistrettoPoint::vartime_multiscalar_mul(weights, c.iter().map(Element::point));
    let z = key.scalar() * m;
    let t2 = RistrettoPoint::mul_base(r);
    let t3 = r * m;
    let challenge = challenge(suite, &b, &[m, z, t2, t3]);
    let s = Zeroizing::new(r - challenge * key.scalar());
    let mut proof = [0; PROOF_LEN];
    let (head, tail) = proof.split_at_mut(32);
    head.copy_from_slice(challenge.as_bytes());
    tail.copy_from_slice(s.as_bytes());
    proof
}

/// `VerifyProof(G, pkS, C, D, proof)`. All inputs are public, so it runs in variable time.
pub(super) fn verify(
    suite: &Suite,
    public: &Element,
    pairs: &[(Element, Element)],
    proof: &[u8; PROOF_LEN],
) -> Result<(), BadProof> {
    let (c_bytes, s_bytes) = proof.split_first_chunk::<32>().ok_or(BadProof)?;
    let s_bytes: &[u8; 32] = s_bytes.try_into().map_err(|_| BadProof)?;
    let c: Scalar = Option::from(Scalar::from_canonical_bytes(*c_bytes)).ok_or(BadProof)?;
    let s: Scalar = Option::from(Scalar::from_canonical_bytes(*s_bytes)).ok_or(BadProof)?;
    let b = public.to_bytes();
    // ComputeComposites
    let weights: Vec<Scalar> = weights(suite, &b, pairs.iter().map(|(c, d)| (c.to_bytes(), d.to_bytes()))).collect();
    let m = RistrettoPoint::vartime_multiscalar_mul(&weights, pairs.iter().map(|(c, _)| c.point()));
    let z = RistrettoPoint::vartime_multiscalar_mul(&weights, pairs.iter().map(|(_, d)| d.point()));
    let t2 = RistrettoPoint::vartime_double_scalar_mul_basepoint(&c, public.point(), &s);
    let t3 = RistrettoPoint::vartime_multiscalar_mul([s, c], [m, z]);
    if challenge(suite, &b, &[m, z, t2, t3]) == c { Ok(()) } else { Err(BadProof) }
}

/// The weights `d_i`, each from the seed, its number and its pair.
fn weights(
    suite: &Suite,
    b: &[u8; 32],
    pairs: impl Iterator<Item = ([u8; 32], [u8; 32])>,
) -> impl Iterator<Item = Scalar> {
    let seed = Sha512::new()
        .chain_update([0, 32])
        .chain_update(b)
        .chain_update(u16::from(suite.seed.len).to_be_bytes())
        .chain_update(suite.seed.bytes)
        .finalize();
    let prefix = expander().chain_update([0, 64]).chain_update(seed);
    pairs.zip(0u16..).map(move |((c, d), i)| {
        suite.hash_to_scalar_after(&prefix, &[&i.to_be_bytes(), &[0, 32], &c, &[0, 32], &d, b"Composite"])
    })
}

fn challenge(suite: &Suite, b: &[u8; 32], a: &[RistrettoPoint; 4]) -> Scalar {
    let [m, z, t2, t3] = a.map(|p| p.compress().to_bytes());
    const LEN: &[u8] = &[0, 32];
    suite.hash_to_scalar(&[LEN, b, LEN, &m, LEN, &z, LEN, &t2, LEN, &t3, b"Challenge"])
}
