//! Joint claims and short pools: whole cents that add up, by the largest remainder.

use super::PolicyError;
use crate::{bytes::Digest, money::Cents};

/// Splits `amount` by `weights` (contributions), each with the digest of its claimant's receipt order.
///
/// The cents left over by rounding down go to the largest remainders; ties go to the earlier receipt, that is, the
/// smaller index in `receipts_at` (unix seconds), then the smaller receipt digest.
///
/// # Errors
/// No weight at all, or numbers past the range.
pub fn split_joint(amount: Cents, claimants: &[(u64, u64, Digest)]) -> Result<Vec<Cents>, PolicyError> {
    let total: u128 = claimants.iter().map(|(weight, _, _)| u128::from(*weight)).sum();
    if total == 0 {
        return Err(PolicyError::OutOfRange("contributions"));
    }
    let mut shares = Vec::with_capacity(claimants.len());
    let mut given = 0u64;
    for (index, (weight, received_at, receipt)) in claimants.iter().enumerate() {
        let product = u128::from(amount.0) * u128::from(*weight);
        let whole = u64::try_from(product / total).map_err(|_| PolicyError::Overflow("share"))?;
        given = given.checked_add(whole).ok_or(PolicyError::Overflow("share"))?;
        shares.push((index, whole, product % total, *received_at, *receipt));
    }
    let left = amount.0.checked_sub(given).ok_or(PolicyError::Overflow("share"))?;
    let mut order: Vec<_> =
        shares.iter().map(|(i, _, rest, at, receipt)| (core::cmp::Reverse(*rest), *at, *receipt, *i)).collect();
    order.sort_unstable();
    // Rounding down leaves less than one cent per claimant, so `left` is smaller than the number of claimants.
    let lucky: Vec<usize> = order.into_iter().map(|(_, _, _, i)| i).take(usize::try_from(left).unwrap_or(0)).collect();
    Ok(shares.into_iter().map(|(i, whole, ..)| Cents(whole + u64::from(lucky.contains(&i)))).collect())
}

/// Shares a pool that is too short among awards, in proportion to them. A pool that suffices pays each in full.
///
/// # Errors
/// Numbers past the range.
pub fn pro_rata(pool: Cents, awards: &[(Cents, u64, Digest)]) -> Result<Vec<Cents>, PolicyError> {
    let wanted = awards
        .iter()
        .try_fold(Cents::ZERO, |sum, (amount, ..)| sum.checked_add(*amount))
        .ok_or(PolicyError::Overflow("awards"))?;
    if wanted <= pool {
        return Ok(awards.iter().map(|(amount, ..)| *amount).collect());
    }
    let weighted: Vec<_> = awards.iter().map(|(amount, at, receipt)| (amount.0, *at, *receipt)).collect();
    split_joint(pool, &weighted)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ties_go_to_the_earlier_receipt() {
        let d = |b| Digest([b; 32]);
        let claim = |weight, at, b| (weight, at, d(b));
        let shares = split_joint(Cents(100), &[claim(1, 30, 1), claim(1, 10, 2), claim(1, 20, 3)]).unwrap();
        assert_eq!(shares, [Cents(33), Cents(34), Cents(33)]);
        let shares = split_joint(Cents(101), &[claim(1, 30, 1), claim(1, 10, 2), claim(1, 20, 3)]).unwrap();
        assert_eq!(shares, [Cents(33), Cents(34), Cents(34)]);
        assert!(split_joint(Cents(1), &[]).is_err());
        assert!(split_joint(Cents(1), &[claim(0, 1, 1)]).is_err());
    }

    #[test]
    fn a_short_pool_is_shared() {
        let d = Digest([0; 32]);
        let awards = [(Cents(300), 1, d), (Cents(100), 2, d)];
        assert_eq!(pro_rata(Cents(400), &awards).unwrap(), [Cents(300), Cents(100)]);
        assert_eq!(pro_rata(Cents(202), &awards).unwrap(), [Cents(152), Cents(50)]);
    }

    proptest! {
        #[test]
        fn every_cent_is_given_once(amount in 0u64..=u64::MAX, weights in proptest::collection::vec(0u64..=u64::MAX, 1..20)) {
            prop_assume!(weights.iter().any(|w| *w > 0));
            let claims: Vec<_> = weights.iter().map(|w| (*w, 0, Digest([0; 32]))).collect();
            let shares = split_joint(Cents(amount), &claims).unwrap();
            prop_assert_eq!(shares.iter().map(|c| u128::from(c.0)).sum::<u128>(), u128::from(amount));
        }
    }
}
