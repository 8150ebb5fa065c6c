//! Hiding counts: rows and leaves that only look real, up to a bucket's size.
//!
//! Spec: `docs/spec/board.md`, sections "Lists" and "Log batches".

use std::collections::BTreeMap;

use curve25519_dalek::ristretto::{CompressedRistretto, RistrettoPoint};
use curve25519_dalek::traits::IsIdentity;
use rand_core::CryptoRng;
use subrosa_crypto::{
    log::{batch_size, bucket},
    wire::{Hint, Tag},
};

use crate::store::LeafData;

/// The shortest list: rows.
pub const FEWEST_ROWS: usize = 64;

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

/// The leaves of a batch that stand at fixed places: its head, and the two of its list.
const FIXED_LEAVES: usize = 3;

/// The leaves of a batch: its head; the promised ones among random ones, ascending by their bytes; those of its list.
/// Head and list are told the batch's size.
pub fn padded_leaves(
    mut leaves: Vec<LeafData>,
    head: impl FnOnce(usize) -> LeafData,
    list: impl FnOnce(usize) -> [LeafData; 2],
    rng: &mut impl CryptoRng,
) -> Vec<LeafData> {
    let size = batch_size(leaves.len().saturating_add(FIXED_LEAVES));
    let mut dummies = vec![[0; 32]; size.saturating_sub(FIXED_LEAVES)];
    for leaf in &mut dummies {
        rng.fill_bytes(leaf);
    }
    let missing = dummies.len().saturating_sub(leaves.len());
    leaves.extend(dummies.into_iter().take(missing));
    leaves.sort_unstable();
    leaves.insert(0, head(size));
    leaves.extend(list(size));
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
    fn leaves_are_sorted_and_complete_between_head_and_list() {
        let list = |size| [[size as u8 + 1; 32], [size as u8 + 2; 32]];
        let leaves = padded_leaves(vec![[9; 32], [1; 32]], |size| [size as u8; 32], list, &mut rng());
        assert_eq!((leaves.len(), leaves[0], leaves[14], leaves[15]), (16, [16; 32], [17; 32], [18; 32]));
        assert!(leaves[1..14].windows(2).all(|w| w[0] <= w[1]));
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
