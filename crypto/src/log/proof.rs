//! Checking proofs of inclusion and of consistency (RFC 9162 section 2.1).

use thiserror::Error;

use super::tree::{Hash, empty_root, node_hash};

/// A proof, or what it is about, is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ProofError {
    /// The index or sizes cannot belong together.
    #[error("the positions in the proof do not fit together")]
    Position,
    /// The proof has too few or too many hashes.
    #[error("the proof has the wrong length")]
    Length,
    /// The hashes do not lead to the tree's hash.
    #[error("the proof does not lead to the log's hash")]
    Root,
}

/// Checks that `leaf` stands at `index` in the tree of `size` leaves with hash `root` (RFC 9162 section 2.1.3.2).
pub fn verify_inclusion(proof: &[Hash], index: u64, leaf: &Hash, size: u64, root: &Hash) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::Position);
    }
    let (mut f, mut s) = (index, size - 1);
    let mut r = *leaf;
    for p in proof {
        if s == 0 {
            return Err(ProofError::Length);
        }
        if f & 1 == 1 || f == s {
            r = node_hash(p, &r);
            if f & 1 == 0 {
                while f & 1 == 0 && f != 0 {
                    f >>= 1;
                    s >>= 1;
                }
            }
        } else {
            r = node_hash(&r, p);
        }
        f >>= 1;
        s >>= 1;
    }
    if s != 0 {
        return Err(ProofError::Length);
    }
    if r == *root { Ok(()) } else { Err(ProofError::Root) }
}

/// Checks that the tree of `new` leaves continues the tree of `old` leaves (RFC 9162 section 2.1.4.2).
///
/// From the empty tree nothing can be proved, so `old` of zero is refused unless both trees are empty; see
/// [`super::check_continuity`].
pub fn verify_consistency(
    proof: &[Hash],
    old: u64,
    old_root: &Hash,
    new: u64,
    new_root: &Hash,
) -> Result<(), ProofError> {
    if old > new || (old == 0 && new != 0) {
        return Err(ProofError::Position);
    }
    if old == new {
        if !proof.is_empty() {
            return Err(ProofError::Length);
        }
        let empty_is_empty = old != 0 || *old_root == empty_root();
        return if old_root == new_root && empty_is_empty { Ok(()) } else { Err(ProofError::Root) };
    }
    let (mut f, mut s) = (old - 1, new - 1);
    while f & 1 == 1 {
        f >>= 1;
        s >>= 1;
    }
    // A power of two is its own first hash; otherwise the proof carries it.
    let (first, rest) = if old.is_power_of_two() {
        (*old_root, proof)
    } else {
        let (first, rest) = proof.split_first().ok_or(ProofError::Length)?;
        (*first, rest)
    };
    let (mut from_old, mut from_new) = (first, first);
    for p in rest {
        if s == 0 {
            return Err(ProofError::Length);
        }
        if f & 1 == 1 || f == s {
            from_old = node_hash(p, &from_old);
            from_new = node_hash(p, &from_new);
            if f & 1 == 0 {
                while f & 1 == 0 && f != 0 {
                    f >>= 1;
                    s >>= 1;
                }
            }
        } else {
            from_new = node_hash(&from_new, p);
        }
        f >>= 1;
        s >>= 1;
    }
    if s != 0 {
        return Err(ProofError::Length);
    }
    if from_old == *old_root && from_new == *new_root { Ok(()) } else { Err(ProofError::Root) }
}
