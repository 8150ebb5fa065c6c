//! Hiding counts: bucket sizes, and rows and leaves that only look real.
//!
//! Spec: `docs/spec/board.md`, sections "Lists" and "Log batches".

use std::collections::BTreeMap;

use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::traits::IsIdentity;
use rand_core::CryptoRng;
use subrosa_crypto::wire::{Hint, Tag};

use crate::store::LeafData;

/// The shortest list: rows.
pub const FEWEST_ROWS: usize = 64;
/// The smallest log batch: leaves.
pub const FEWEST_LEAVES: usize = 16;

/// `n` rounded up so that only its order of magnitude and a few leading bits show (Padmé, at most 12 % more), and
/// never below `fewest`.
pub fn bucket(n: usize, fewest: usize) -> usize {
    let n = n.max(fewest).max(2);
    let exponent = n.ilog2();
    let kept = exponent.max(1).ilog2() + 1;
    let mask = (1usize << exponent.saturating_sub(kept)) - 1;
    n.saturating_add(mask) & !mask
}

/// Whether a hint is the canonical encoding of a ristretto255 element other than the identity: what every honest hint
/// is, and every dummy.
pub fn hint_is_valid(hint: &Hint) -> bool {
    CompressedRistretto(hint.0).decompress().is_some_and(|p| !p.is_identity())
}

/// The rows of a list: the real ones among dummies, strictly ascending by tag.
///
/// A whole bucket of dummies is drawn whatever the number of real rows, so that the time that it takes tells only the
/// bucket.
pub fn padded_rows(real: Vec<(Tag, Hint)>, rng: &mut impl CryptoRng) -> Vec<(Tag, Hint)> {
    let size = bucket(real.len(), FEWEST_ROWS);
    let dummies: Vec<(Tag, Hint)> = (0..size).map(|_| dummy_row(rng)).collect();
    let mut rows: BTreeMap<Tag, Hint> = real.into_iter().collect();
    let mut dummies = dummies.into_iter();
    while rows.len() < size {
        // More than a bucket is needed only if a random tag collides with another, in about one of 2^100 epochs.
        let (tag, hint) = dummies.next().unwrap_or_else(|| dummy_row(rng));
        rows.entry(tag).or_insert(hint);
    }
    rows.into_iter().collect()
}

/// The leaves of a batch: the promised ones among random ones, ascending by their bytes.
pub fn padded_leaves(mut leaves: Vec<LeafData>, rng: &mut impl CryptoRng) -> Vec<LeafData> {
    let size = bucket(leaves.len(), FEWEST_LEAVES);
    let mut dummies = vec![[0; 32]; size];
    for leaf in &mut dummies {
        rng.fill_bytes(leaf);
    }
    leaves.extend(dummies.into_iter().take(size.saturating_sub(leaves.len())));
    leaves.sort_unstable();
    leaves
}

fn dummy_row(rng: &mut impl CryptoRng) -> (Tag, Hint) {
    let mut tag = [0; 16];
    rng.fill_bytes(&mut tag);
    let mut uniform = [0; 64];
    rng.fill_bytes(&mut uniform);
    (Tag(tag), Hint(RistrettoPoint::from_uniform_bytes(&uniform).compress().0))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]
    use super::*;

    fn rng() -> impl CryptoRng {
        rand_core::UnwrapErr(getrandom::SysRng)
    }

    #[test]
    fn buckets_grow_by_at_most_an_eighth_and_never_shrink() {
        let mut last = 0;
        for n in 0..20_000 {
            let b = bucket(n, FEWEST_ROWS);
            assert!(b >= n.max(64) && b >= last);
            assert!(b <= 64 || b * 8 <= n * 9, "{n} {b}");
            assert_eq!(bucket(b, FEWEST_ROWS), b);
            last = b;
        }
        assert_eq!(bucket(65, 64), 72);
        assert_eq!(bucket(10_000, 64), 10_240);
        assert_eq!(bucket(0, 16), 16);
    }

    #[test]
    fn rows_are_sorted_complete_and_all_valid() {
        let real: Vec<_> = (0..70).map(|_| dummy_row(&mut rng())).collect();
        let rows = padded_rows(real.clone(), &mut rng());
        assert_eq!(rows.len(), 72);
        assert!(rows.windows(2).all(|w| w[0].0 < w[1].0));
        assert!(real.iter().all(|r| rows.contains(r)));
        assert!(rows.iter().all(|(_, h)| hint_is_valid(h)));
        assert_eq!(padded_rows(Vec::new(), &mut rng()).len(), 64);
    }

    #[test]
    fn leaves_are_sorted_and_complete() {
        let leaves = padded_leaves(vec![[9; 32], [1; 32]], &mut rng());
        assert_eq!(leaves.len(), 16);
        assert!(leaves.windows(2).all(|w| w[0] <= w[1]));
        assert!(leaves.contains(&[9; 32]) && leaves.contains(&[1; 32]));
    }

    #[test]
    fn hints_that_no_element_encodes_to_are_told_apart() {
        assert!(!hint_is_valid(&Hint([0; 32])), "the identity");
        assert!(!hint_is_valid(&Hint([0xff; 32])), "not canonical");
        let mut negative = [0; 32];
        negative[0] = 1;
        assert!(!hint_is_valid(&Hint(negative)), "negative");
    }
}
