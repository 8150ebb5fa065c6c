//! Proof of work: a small price on deposits, requests for keys, blobs and journal entries.
//!
//! Spec: `docs/spec/board.md`, section "Proof of work".

use crate::{kdf, log};

/// What is worked on. It follows from a checkpoint of the log, so that a server that gives each client a challenge of
/// its own has to sign a log of its own for each.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Challenge(pub [u8; 32]);

impl Challenge {
    /// The challenge of the checkpoint with `size` leaves and this Merkle root.
    pub fn of_checkpoint(size: u64, root: &[u8; 32]) -> Self {
        Self(kdf::digest("subrosa/pow-challenge/v2", &[root, &size.to_be_bytes()]))
    }

    /// The challenge before there is a checkpoint: that of the empty tree.
    pub fn of_no_checkpoint() -> Self {
        Self::of_checkpoint(0, &log::empty_root())
    }
}

fn zero_bits(challenge: &Challenge, payload_sha256: &[u8; 32], nonce: u64) -> u32 {
    let digest = kdf::digest("subrosa/pow/v1", &[&challenge.0, payload_sha256, &nonce.to_be_bytes()]);
    let mut bits = 0;
    for byte in digest {
        bits += byte.leading_zeros();
        if byte != 0 {
            break;
        }
    }
    bits
}

/// Whether `nonce` makes the digest start with at least `difficulty` zero bits.
pub fn verify(challenge: &Challenge, payload_sha256: &[u8; 32], nonce: u64, difficulty: u8) -> bool {
    zero_bits(challenge, payload_sha256, nonce) >= u32::from(difficulty)
}

/// The smallest nonce that [`verify`] accepts: about 2^`difficulty` digests of work.
pub fn solve(challenge: &Challenge, payload_sha256: &[u8; 32], difficulty: u8) -> u64 {
    let mut nonce = 0u64;
    while !verify(challenge, payload_sha256, nonce, difficulty) {
        nonce = nonce.wrapping_add(1);
    }
    nonce
}

#[cfg(test)]
mod vectors;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_solution_verifies_and_is_bound_to_its_payload() {
        let c = Challenge([7; 32]);
        let nonce = solve(&c, &[1; 32], 10);
        assert!(verify(&c, &[1; 32], nonce, 10));
        assert!(!verify(&c, &[2; 32], nonce, 24));
        assert!(verify(&c, &[3; 32], 0, 0));
    }
}
