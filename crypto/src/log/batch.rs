//! The batches in which the log grows. The leaf that each begins with commits to the batch's size and to all public
//! records up to its epoch; the two leaves that it ends with are those of the epoch's list.
//!
//! Spec: `docs/spec/log.md`, section "Batches". A leaf is a digest, so nobody could tell by looking which leaves are
//! heads of batches. Their places tell: the first one stands at the log's beginning, and each says where the next one
//! stands. So there is one head for each epoch, whoever asks, and a reader who is shown fewer records than another
//! finds a head that does not fit. The list's leaves commit to the size too, so a reader who knows where one batch ends
//! knows where the one before it does, and there is one list for each epoch as well.

use super::{leaf_data, record_digest};
use crate::{kdf, wire::LeafKind};

/// The epoch in which a server begins, and whose batch is the log's first.
const FIRST_EPOCH: u64 = 1;

/// The smallest batch: leaves.
const FEWEST_LEAVES: usize = 16;

/// `n` rounded up so that only its order of magnitude and a few leading bits show (Padmé, at most 12 % more), and never
/// below `fewest`.
pub fn bucket(n: usize, fewest: usize) -> usize {
    let n = n.max(fewest).max(2);
    let exponent = n.ilog2();
    let kept = exponent.max(1).ilog2() + 1;
    let mask = (1usize << exponent.saturating_sub(kept)) - 1;
    n.saturating_add(mask) & !mask
}

/// How many leaves a batch has in which `n` are needed, its head and those of its list among them.
pub fn batch_size(n: usize) -> usize {
    bucket(n, FEWEST_LEAVES)
}

/// The sizes that a batch can have, ascending and without end.
pub fn batch_sizes() -> impl Iterator<Item = usize> {
    core::iter::successors(Some(batch_size(0)), |size| Some(batch_size(size.saturating_add(1))))
}

/// One of the two files of a closed epoch's list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListFile {
    /// The tags, ascending.
    Tags,
    /// The hints, in the order of the tags.
    Hints,
}

/// The leaf of a file of an epoch's list, whose bytes as served have this SHA-256, in a batch of `size` leaves.
pub fn list_leaf(file: ListFile, size: usize, sha256: &[u8; 32]) -> [u8; 32] {
    let label = match file {
        ListFile::Tags => "subrosa/epoch-tags/v1",
        ListFile::Hints => "subrosa/epoch-hints/v1",
    };
    let size = u64::try_from(size).unwrap_or(u64::MAX);
    leaf_data(LeafKind::EpochList, &[0; 32], &kdf::digest(label, &[&size.to_be_bytes(), sha256]))
}

/// The two leaves that a batch of `size` leaves ends with: that of the hints, then that of the tags. Both files are
/// given by their SHA-256.
pub fn list_leaves(size: usize, tags: &[u8; 32], hints: &[u8; 32]) -> [[u8; 32]; 2] {
    [list_leaf(ListFile::Hints, size, hints), list_leaf(ListFile::Tags, size, tags)]
}

/// Number and head of a list of public records, in the order of their arrival.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecordChain {
    count: u64,
    head: [u8; 32],
}

impl RecordChain {
    /// Adds the next record, as encoded.
    pub fn push(&mut self, record: &[u8]) {
        self.count = self.count.saturating_add(1);
        self.head = kdf::digest("subrosa/record-chain/v1", &[&self.head, &record_digest(record)]);
    }

    /// How many records it holds.
    pub fn count(&self) -> u64 {
        self.count
    }
}

/// The leaf that the batch of `epoch` begins with, if the batch has `size` leaves and `records` are all public records
/// up to this epoch.
pub fn batch_head(epoch: u64, size: usize, records: &RecordChain) -> [u8; 32] {
    let size = u64::try_from(size).unwrap_or(u64::MAX);
    let parts: [&[u8]; 4] = [&epoch.to_be_bytes(), &size.to_be_bytes(), &records.count.to_be_bytes(), &records.head];
    leaf_data(LeafKind::BatchHead, &[0; 32], &kdf::digest("subrosa/batch-head/v1", &parts))
}

/// Checks the heads of the batches of epochs 1 to `last` against the whole log. `through` answers the chain of all
/// records up to an epoch, as they were shown.
///
/// # Errors
/// The first epoch whose batch does not begin with the head that follows from these records.
pub fn check_batch_heads(
    leaves: &[[u8; 32]],
    last: u64,
    mut through: impl FnMut(u64) -> RecordChain,
) -> Result<(), u64> {
    let batches = batches(leaves, last, &mut through);
    match FIRST_EPOCH.saturating_add(u64::try_from(batches.len()).unwrap_or(u64::MAX)) {
        next if next <= last => Err(next),
        _ => Ok(()),
    }
}

/// The batches of epochs 1 to `last`, in this order, up to the first that does not begin with the head that follows
/// from the records.
pub fn batches(leaves: &[[u8; 32]], last: u64, mut through: impl FnMut(u64) -> RecordChain) -> Vec<&[[u8; 32]]> {
    let mut found = Vec::new();
    let mut rest = leaves;
    for epoch in FIRST_EPOCH..=last {
        let records = through(epoch);
        let Some(head) = rest.first() else { break };
        let most = rest.len();
        let mut possible = batch_sizes().take_while(|size| *size <= most);
        let size = possible.find(|size| batch_head(epoch, *size, &records) == *head);
        let Some((batch, after)) = size.and_then(|size| rest.split_at_checked(size)) else { break };
        found.push(batch);
        rest = after;
    }
    found
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]
    use super::*;

    #[test]
    fn a_lists_leaves_hang_on_file_and_size() {
        let (tags, hints) = (kdf::sha256(b"tags"), kdf::sha256(b"hints"));
        let [last_but_one, last] = list_leaves(16, &tags, &hints);
        assert_eq!(last, list_leaf(ListFile::Tags, 16, &tags));
        assert_eq!(last_but_one, list_leaf(ListFile::Hints, 16, &hints));
        assert_ne!(last, list_leaf(ListFile::Hints, 16, &tags));
        assert_ne!(last, list_leaf(ListFile::Tags, 18, &tags));
        assert_ne!(last, list_leaf(ListFile::Tags, 16, &hints));
        assert_eq!(batch_sizes().take(6).collect::<Vec<_>>(), [16, 18, 20, 22, 24, 26]);
    }

    #[test]
    fn buckets_grow_by_at_most_an_eighth_and_never_shrink() {
        let mut last = 0;
        for n in 0..20_000 {
            let b = bucket(n, 64);
            assert!(b >= n.max(64) && b >= last);
            assert!(b <= 64 || b * 8 <= n * 9, "{n} {b}");
            assert_eq!(bucket(b, 64), b);
            last = b;
        }
        assert_eq!((bucket(65, 64), bucket(10_000, 64), bucket(0, 16)), (72, 10_240, 16));
    }

    /// The log of three epochs; in the second, two records arrived.
    fn log(records: &[&[u8]]) -> Vec<[u8; 32]> {
        let mut leaves = Vec::new();
        let mut chain = RecordChain::default();
        for (epoch, size) in [(1, 16), (2, 18), (3, 16)] {
            if epoch == 2 {
                records.iter().for_each(|r| chain.push(r));
            }
            leaves.push(batch_head(epoch, size, &chain));
            leaves.extend((1..size).map(|n| kdf::sha256(&[epoch as u8, n as u8])));
        }
        leaves
    }

    #[test]
    fn a_record_that_is_hidden_added_or_moved_is_missed_in_its_epoch() {
        let leaves = log(&[b"one", b"two"]);
        let shown = |records: &[&[u8]]| {
            check_batch_heads(&leaves, 3, |epoch| {
                let mut chain = RecordChain::default();
                records.iter().filter(|_| epoch >= 2).for_each(|r| chain.push(r));
                chain
            })
        };
        assert_eq!(shown(&[b"one", b"two"]), Ok(()));
        assert_eq!(shown(&[b"one"]), Err(2));
        assert_eq!(shown(&[]), Err(2));
        assert_eq!(shown(&[b"two", b"one"]), Err(2));
        assert_eq!(shown(&[b"one", b"two", b"three"]), Err(2));
        // A second head, for a reader who is shown less, has no place where it would count.
        let mut forged = leaves.clone();
        forged[17] = batch_head(2, 18, &RecordChain::default());
        let nothing = check_batch_heads(&forged, 2, |_| RecordChain::default());
        assert_eq!(nothing, Err(2));
        assert_eq!(check_batch_heads(&leaves, 4, |_| RecordChain::default()), Err(2));
        assert_eq!(check_batch_heads(&[], 0, |_| RecordChain::default()), Ok(()), "no epoch is closed");
        let chain = |epoch| {
            let mut chain = RecordChain::default();
            [&b"one"[..], b"two"].iter().filter(|_| epoch >= 2).for_each(|r| chain.push(r));
            chain
        };
        let sizes: Vec<usize> = batches(&leaves, 9, chain).iter().map(|b| b.len()).collect();
        assert_eq!(sizes, [16, 18, 16], "what does not follow ends the row");
        assert_eq!(check_batch_heads(&[], 1, |_| RecordChain::default()), Err(1));
    }
}
