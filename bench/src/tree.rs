//! The log, against bare SHA-256.

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use subrosa_crypto::log::{Appender, Hash, HashReader, TreeError, inclusion_proof, leaf_hash, verify_inclusion};

use crate::table::{Aim, Table, median, micros};

const LEAVES: u32 = 100_000;

struct Stored(Vec<Hash>);

impl HashReader for Stored {
    type Error = TreeError;

    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, TreeError> {
        indexes
            .iter()
            .map(|i| usize::try_from(*i).ok().and_then(|i| self.0.get(i)).copied().ok_or(TreeError::Outside))
            .collect()
    }
}

fn leaf(n: u32) -> [u8; 32] {
    let mut data = [7; 32];
    if let Some(head) = data.first_chunk_mut() {
        *head = n.to_be_bytes();
    }
    data
}

pub(crate) fn measure(table: &mut Table) -> Result<()> {
    let (floor, node, tree, hashes) = appending(table)?;
    proving(table, floor, node, &tree, hashes)
}

/// Grows a tree; answers the floor of one append, the time of one inner node (both in microseconds), the tree and its
/// hashes.
fn appending(table: &mut Table) -> Result<(f64, f64, Appender, Vec<Hash>)> {
    let (mut floor, mut node, mut append) = (Vec::new(), Vec::new(), Vec::new());
    let mut grown = None;
    for _ in 0..9 {
        // Appending a leaf hashes one leaf (33 bytes) and, on average, one inner node (65 bytes).
        let bare = || {
            (0..LEAVES).fold(0u8, |all, n| {
                let leaf: Hash = Sha256::new().chain_update([0]).chain_update(leaf(n)).finalize().into();
                let node: Hash =
                    Sha256::new().chain_update([1]).chain_update(leaf).chain_update(leaf).finalize().into();
                all ^ node.first().copied().unwrap_or_default()
            })
        };
        floor.push(micros(bare).0 / f64::from(LEAVES));
        let nodes = || {
            (0..LEAVES).fold([0; 32], |all: Hash, _| {
                Sha256::new().chain_update([1]).chain_update(all).chain_update(all).finalize().into()
            })
        };
        node.push(micros(nodes).0 / f64::from(LEAVES));
        let (t, tree) = micros(|| {
            let (mut tree, mut out) = (Appender::new(), Vec::with_capacity(2 * LEAVES as usize));
            (0..LEAVES).for_each(|n| tree.append(&leaf(n), &mut out));
            (tree, out)
        });
        append.push(t / f64::from(LEAVES));
        grown = Some(tree);
    }
    let (floor, node) = (median(floor), median(node));
    table.line(
        "append a leaf; floor: two SHA-256 (a leaf, a node)",
        "us",
        median(append),
        Some(floor),
        Aim::RatioAtMost(1.3),
    );
    let (tree, hashes) = grown.context("no tree")?;
    Ok((floor, node, tree, hashes))
}

/// Proofs out of stored hashes, and their checking.
fn proving(table: &mut Table, floor: f64, node: f64, tree: &Appender, hashes: Vec<Hash>) -> Result<()> {
    let stored = Stored(hashes);
    let size = u64::from(LEAVES);
    let (mut prove, mut verify, mut length) = (Vec::new(), Vec::new(), 0);
    for batch in 0..9u64 {
        let index = |i: u64| (batch * 7_919 + i * 101) % size;
        let (t, proofs) =
            micros(|| (0..1000).map(|i| inclusion_proof(size, index(i), &stored)).collect::<Result<Vec<_>, _>>());
        prove.push(t / 1000.0);
        let proofs = proofs?;
        length = proofs.iter().map(Vec::len).max().unwrap_or_default();
        let root = tree.root();
        let (t, right) = micros(|| {
            (0u64..).zip(&proofs).try_for_each(|(i, p)| {
                let leaf = u32::try_from(index(i)).map(leaf).unwrap_or_default();
                verify_inclusion(p, index(i), &leaf_hash(&leaf), size, &root)
            })
        });
        right?;
        verify.push(t / 1000.0);
    }
    let chain = node * length as f64;
    table.line("inclusion proof from stored hashes, 100,000 leaves", "us", median(prove), Some(floor), Aim::None);
    table.line(
        &format!("verify it; floor: {length} SHA-256 of a node"),
        "us",
        median(verify),
        Some(chain),
        Aim::RatioAtMost(1.3),
    );
    Ok(())
}
