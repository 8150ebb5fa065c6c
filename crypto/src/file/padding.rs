//! How many blobs a file of some length fills: Padmé (PURBs paper, section 4), counted in blobs.

use super::{
    age_format::PREFIX_LEN,
    stream::{CHUNK_LEN, TAG_LEN},
};
use crate::wire::BLOB_LEN;

/// The 8 bytes of content length in front of the content.
pub(super) const LENGTH_LEN: u64 = 8;
/// The longest content that one manifest carries: 4 GiB.
pub const FILE_MAX: u64 = 4 << 30;

const SEALED_CHUNK: u64 = (CHUNK_LEN + TAG_LEN) as u64;

/// Blobs for `content_len` bytes: the smallest Padmé number that holds them. `None` past [`FILE_MAX`].
pub fn blob_count(content_len: u64) -> Option<u32> {
    if content_len > FILE_MAX {
        return None;
    }
    let need = content_len.checked_add(LENGTH_LEN)?;
    let mut count = padme(need.div_ceil(BLOB_LEN as u64));
    loop {
        match plaintext_len(count) {
            Some(room) if room >= need => return u32::try_from(count).ok(),
            _ => count = padme(count.checked_add(1)?),
        }
    }
}

/// Plaintext bytes (length, content and padding) whose age file is exactly `count` blobs long. `None` where no length
/// fits, because the last chunk would be shorter than its tag; it happens once in 4,097 counts and never at a Padmé
/// number up to [`FILE_MAX`].
pub(super) fn plaintext_len(count: u64) -> Option<u64> {
    let sealed = count.checked_mul(BLOB_LEN as u64)?.checked_sub(PREFIX_LEN as u64)?;
    let (full, rest) = (sealed / SEALED_CHUNK, sealed % SEALED_CHUNK);
    let last = match rest {
        0 => 0,
        n => n.checked_sub(TAG_LEN as u64).filter(|n| *n > 0)?,
    };
    Some(full * CHUNK_LEN as u64 + last)
}

/// Rounds up so that at most about log2(log2(n)) bits of n can be told; costs at most 12 %.
pub(super) fn padme(n: u64) -> u64 {
    let Some(exponent) = n.checked_ilog2() else { return n };
    let kept = exponent.checked_ilog2().map_or(0, |s| s + 1);
    let mask = (1u64 << exponent.saturating_sub(kept)) - 1;
    n.saturating_add(mask) & !mask
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn padme_numbers_are_the_papers() {
        let seen: Vec<u64> = (1..=40).map(padme).collect();
        let mut distinct = seen.clone();
        distinct.dedup();
        assert_eq!(distinct, [1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 36, 40]);
        for n in 1..100_000u64 {
            let p = padme(n);
            assert!(p >= n && p * 100 <= n * 112 && padme(p) == p, "{n} -> {p}");
        }
    }

    #[test]
    fn every_allowed_length_fits_and_no_padme_count_is_lost() {
        let mut count = 1;
        while count <= 20_000 {
            assert!(plaintext_len(count).is_some(), "{count}");
            count = padme(count + 1);
        }
        for n in [0, 1, 8, 260_000, 262_144, 262_145, 5_000_000, FILE_MAX] {
            let count = u64::from(blob_count(n).unwrap());
            assert!(plaintext_len(count).unwrap() >= n + 8);
        }
        assert_eq!(blob_count(0), Some(1));
        assert_eq!(blob_count(FILE_MAX + 1), None);
    }
}
