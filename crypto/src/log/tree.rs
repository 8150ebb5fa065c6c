//! The RFC 6962 Merkle tree: hashes, numbering of stored hashes, appending, proofs.
//!
//! A *stored hash* is the hash of a complete subtree. They are numbered in the order in which they come to be: each
//! leaf, then every subtree that it completes, smallest first. So appending only ever appends.

use sha2::{Digest, Sha256};
use thiserror::Error;

/// A SHA-256 hash: of a leaf, of an inner node or of a whole tree.
pub type Hash = [u8; 32];

/// The tree is larger than this program handles (2^62 leaves), or an index lies outside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TreeError {
    /// The index or size asked for lies outside the tree.
    #[error("the position lies outside the log")]
    Outside,
    /// The number of hashes handed in is not the number asked for.
    #[error("{got} hashes were given, {want} are needed")]
    Count {
        /// Hashes handed in.
        got: usize,
        /// How many hashes are needed.
        want: usize,
    },
}

/// The largest tree: leaves.
pub const TREE_MAX: u64 = 1 << 62;

/// The hash of the tree without leaves: SHA-256 of nothing.
pub fn empty_root() -> Hash {
    Sha256::digest([]).into()
}

/// `SHA-256(0x00 || data)` (RFC 6962 section 2.1).
pub fn leaf_hash(data: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(data).finalize().into()
}

/// `SHA-256(0x01 || left || right)` (RFC 6962 section 2.1).
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new().chain_update([1]).chain_update(left).chain_update(right).finalize().into()
}

/// How many hashes a tree of `size` leaves stores: `2 * size` less the ones in `size`'s binary form. `size` is at most
/// [`TREE_MAX`].
pub fn stored_count(size: u64) -> u64 {
    size.saturating_mul(2) - u64::from(size.count_ones())
}

/// The number of the stored hash over the leaves `[n * 2^level, (n + 1) * 2^level)`.
pub fn stored_index(level: u8, n: u64) -> u64 {
    node_index((u32::from(level), n))
}

fn node_index((level, n): Node) -> u64 {
    // The subtree comes to be with its last leaf, `level` hashes after that leaf's own.
    let last_leaf =
        n.checked_add(1).and_then(|m| m.checked_mul(1u64.checked_shl(level)?)).map_or(u64::MAX / 4, |e| e - 1);
    stored_count(last_leaf) + u64::from(level)
}

/// The largest power of two below `n`, for `n` of at least 2.
fn split_point(n: u64) -> u64 {
    1 << (n - 1).ilog2()
}

/// A complete subtree: `(level, n)`.
type Node = (u32, u64);

/// The complete subtrees that make up the leaves `[from, to)`, left to right; `from` is a multiple of every power of
/// two up to the size.
fn cover(mut from: u64, to: u64, out: &mut Vec<Node>) {
    while from < to {
        let mut level = 63 - (to - from).leading_zeros();
        if from != 0 {
            level = level.min(from.trailing_zeros());
        }
        out.push((level, from >> level));
        from += 1 << level;
    }
}

/// Joins subtree hashes, left to right, into the hash over all of them (they shrink to the right, as [`cover`] gives
/// them).
fn join(hashes: &[Hash]) -> Option<Hash> {
    let (last, rest) = hashes.split_last()?;
    Some(rest.iter().rev().fold(*last, |right, left| node_hash(left, &right)))
}

/// A list of ranges, each of which becomes one hash of a proof.
#[derive(Default)]
struct Plan {
    nodes: Vec<Node>,
    /// How many of `nodes` each range takes.
    takes: Vec<usize>,
}

impl Plan {
    fn range(&mut self, from: u64, to: u64) {
        let before = self.nodes.len();
        cover(from, to, &mut self.nodes);
        self.takes.push(self.nodes.len() - before);
    }

    fn indexes(&self) -> Vec<u64> {
        self.nodes.iter().copied().map(node_index).collect()
    }

    fn assemble(&self, hashes: &[Hash]) -> Result<Vec<Hash>, TreeError> {
        let wrong = TreeError::Count { got: hashes.len(), want: self.nodes.len() };
        if hashes.len() != self.nodes.len() {
            return Err(wrong);
        }
        let mut rest = hashes;
        let mut out = Vec::with_capacity(self.takes.len());
        for take in &self.takes {
            let (head, tail) = rest.split_at_checked(*take).ok_or(wrong)?;
            out.push(join(head).ok_or(wrong)?);
            rest = tail;
        }
        Ok(out)
    }
}

fn plan_root(size: u64) -> Result<Plan, TreeError> {
    let mut plan = Plan::default();
    match size {
        0 => {}
        1..=TREE_MAX => plan.range(0, size),
        _ => return Err(TreeError::Outside),
    }
    Ok(plan)
}

/// `PATH(index, D[size])` (RFC 6962 section 2.1.1).
fn plan_inclusion(size: u64, index: u64) -> Result<Plan, TreeError> {
    if index >= size || size > TREE_MAX {
        return Err(TreeError::Outside);
    }
    let (mut from, mut to) = (0, size);
    let mut siblings = Vec::new();
    while to - from > 1 {
        let middle = from + split_point(to - from);
        if index < middle {
            siblings.push((middle, to));
            to = middle;
        } else {
            siblings.push((from, middle));
            from = middle;
        }
    }
    let mut plan = Plan::default();
    siblings.into_iter().rev().for_each(|(a, b)| plan.range(a, b));
    Ok(plan)
}

/// `PROOF(old, D[new])` (RFC 6962 section 2.1.2).
fn plan_consistency(old: u64, new: u64) -> Result<Plan, TreeError> {
    if old > new || new > TREE_MAX {
        return Err(TreeError::Outside);
    }
    let mut plan = Plan::default();
    if old == 0 || old == new {
        return Ok(plan);
    }
    let (mut from, mut to) = (0, new);
    let mut parts = Vec::new();
    while to != old {
        let middle = from + split_point(to - from);
        if old <= middle {
            parts.push((middle, to));
            to = middle;
        } else {
            parts.push((from, middle));
            from = middle;
        }
    }
    if from != 0 {
        parts.push((from, to));
    }
    parts.into_iter().rev().for_each(|(a, b)| plan.range(a, b));
    Ok(plan)
}

/// The stored hashes that [`root_from`] needs.
pub fn root_indexes(size: u64) -> Result<Vec<u64>, TreeError> {
    Ok(plan_root(size)?.indexes())
}

/// The tree's hash from the stored hashes named by [`root_indexes`].
pub fn root_from(size: u64, hashes: &[Hash]) -> Result<Hash, TreeError> {
    Ok(plan_root(size)?.assemble(hashes)?.pop().unwrap_or_else(empty_root))
}

/// The stored hashes that [`inclusion_from`] needs.
pub fn inclusion_indexes(size: u64, index: u64) -> Result<Vec<u64>, TreeError> {
    Ok(plan_inclusion(size, index)?.indexes())
}

/// The proof that leaf `index` stands in the tree of `size` leaves, from the stored hashes named by
/// [`inclusion_indexes`].
pub fn inclusion_from(size: u64, index: u64, hashes: &[Hash]) -> Result<Vec<Hash>, TreeError> {
    plan_inclusion(size, index)?.assemble(hashes)
}

/// The stored hashes that [`consistency_from`] needs.
pub fn consistency_indexes(old: u64, new: u64) -> Result<Vec<u64>, TreeError> {
    Ok(plan_consistency(old, new)?.indexes())
}

/// The proof that the tree of `new` leaves continues the tree of `old` leaves, from the stored hashes named by
/// [`consistency_indexes`].
pub fn consistency_from(old: u64, new: u64, hashes: &[Hash]) -> Result<Vec<Hash>, TreeError> {
    plan_consistency(old, new)?.assemble(hashes)
}

/// Where stored hashes come from. Callers that read asynchronously use the `_indexes` and `_from` pairs instead.
pub trait HashReader {
    /// What can go wrong while reading.
    type Error: From<TreeError>;
    /// The stored hashes with these numbers, in this order.
    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, Self::Error>;
}

/// The hash of the tree of `size` leaves.
pub fn tree_hash<R: HashReader>(size: u64, reader: &R) -> Result<Hash, R::Error> {
    Ok(root_from(size, &reader.read_hashes(&root_indexes(size)?)?)?)
}

/// The proof that leaf `index` stands in the tree of `size` leaves.
pub fn inclusion_proof<R: HashReader>(size: u64, index: u64, reader: &R) -> Result<Vec<Hash>, R::Error> {
    Ok(inclusion_from(size, index, &reader.read_hashes(&inclusion_indexes(size, index)?)?)?)
}

/// The proof that the tree of `new` leaves continues the tree of `old` leaves.
pub fn consistency_proof<R: HashReader>(old: u64, new: u64, reader: &R) -> Result<Vec<Hash>, R::Error> {
    Ok(consistency_from(old, new, &reader.read_hashes(&consistency_indexes(old, new)?)?)?)
}

/// Grows a tree: keeps its right edge in memory, so that appending a leaf reads nothing and allocates nothing of its
/// own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Appender {
    size: u64,
    /// Hashes of the complete subtrees that make up the tree, largest first: as many as `size` has ones.
    edge: Vec<Hash>,
}

impl Default for Appender {
    fn default() -> Self {
        Self::new()
    }
}

impl Appender {
    /// An empty tree.
    pub fn new() -> Self {
        Self { size: 0, edge: Vec::with_capacity(64) }
    }

    /// Goes on with a tree of `size` leaves, from the stored hashes named by [`root_indexes`].
    pub fn resume(size: u64, hashes: &[Hash]) -> Result<Self, TreeError> {
        let want = root_indexes(size)?.len();
        if hashes.len() != want {
            return Err(TreeError::Count { got: hashes.len(), want });
        }
        let mut edge = Vec::with_capacity(64);
        edge.extend_from_slice(hashes);
        Ok(Self { size, edge })
    }

    /// Leaves so far.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Appends a leaf and pushes the new stored hashes to `out`, in order.
    pub fn append(&mut self, leaf_data: &[u8; 32], out: &mut Vec<Hash>) {
        let mut hash = leaf_hash(leaf_data);
        out.push(hash);
        for _ in 0..self.size.trailing_ones() {
            if let Some(left) = self.edge.pop() {
                hash = node_hash(&left, &hash);
                out.push(hash);
            }
        }
        self.edge.push(hash);
        self.size += 1;
    }

    /// The tree's hash.
    pub fn root(&self) -> Hash {
        join(&self.edge).unwrap_or_else(empty_root)
    }
}
