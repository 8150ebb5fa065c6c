//! Tiles (C2SP tlog-tiles): how the tree's hashes and entries travel, 256 at a time.

use core::fmt;
use std::collections::BTreeMap;

use thiserror::Error;

use crate::encoding::{Codec, Reader};

use super::tree::{Hash, HashReader, TREE_MAX, TreeError, node_hash, stored_count, stored_index};

/// Hashes in a full tile.
pub const TILE_WIDTH: u64 = 256;
/// The width of a full tile.
const FULL: u16 = 256;
/// The length in front of each leaf's data in an entry bundle.
const LEAF_LEN: u16 = 32;
/// Levels of the tree in one tile.
const TILE_HEIGHT: u8 = 8;

/// Which row of tiles.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum TileKind {
    /// Hashes at tree level `8 * level`.
    Hashes(u8),
    /// The entries themselves.
    Entries,
}

/// One tile: its row, its number in the row and how many hashes or entries it holds (1 to 256).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Tile {
    /// The row of tiles that it belongs to.
    pub kind: TileKind,
    /// Its number in the row.
    pub n: u64,
    /// Hashes or entries in it.
    pub width: u16,
}

/// The path does not name a tile.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("this is not the path of a tile")]
pub struct BadTilePath;

impl Tile {
    /// Reads what follows `tile/`: `<level>/<number>` or `entries/<number>`, with `.p/<width>` for a partial tile.
    pub fn parse(path: &str) -> Result<Self, BadTilePath> {
        let (row, rest) = path.split_once('/').ok_or(BadTilePath)?;
        let kind = match row {
            "entries" => TileKind::Entries,
            level => TileKind::Hashes(decimal(level).filter(|l| *l <= 63).ok_or(BadTilePath)?),
        };
        let (number, width) = match rest.split_once(".p/") {
            Some((number, width)) => (number, decimal(width).filter(|w| (1..=255).contains(w)).ok_or(BadTilePath)?),
            None => (rest, 256u16),
        };
        let mut n: u64 = 0;
        let mut groups = number.split('/').peekable();
        while let Some(group) = groups.next() {
            let digits = if groups.peek().is_some() { group.strip_prefix('x').ok_or(BadTilePath)? } else { group };
            if digits.len() != 3 || !digits.bytes().all(|b| b.is_ascii_digit()) {
                return Err(BadTilePath);
            }
            let value: u64 = digits.parse().map_err(|_| BadTilePath)?;
            n = n.checked_mul(1000).and_then(|n| n.checked_add(value)).ok_or(BadTilePath)?;
        }
        let tile = Self { kind, n, width };
        if tile.to_string() != format!("tile/{path}") || tile.end().is_none() {
            return Err(BadTilePath);
        }
        Ok(tile)
    }

    /// The tree level of its hashes.
    fn level(&self) -> u8 {
        match self.kind {
            TileKind::Hashes(l) => l.saturating_mul(TILE_HEIGHT),
            TileKind::Entries => 0,
        }
    }

    /// How many leaves a tree must have for this tile to exist; `None` if no tree is that large.
    pub fn end(&self) -> Option<u64> {
        let hashes = self.n.checked_mul(TILE_WIDTH)?.checked_add(u64::from(self.width))?;
        let end = hashes.checked_mul(1u64.checked_shl(u32::from(self.level()))?)?;
        (end <= TREE_MAX).then_some(end)
    }

    /// The first entry or hash in it, counted within its row.
    pub fn start(&self) -> u64 {
        self.n.saturating_mul(TILE_WIDTH)
    }

    /// The stored hashes that it consists of; empty for entries and for tiles outside any tree.
    pub fn stored_indexes(&self) -> Vec<u64> {
        if self.kind == TileKind::Entries || self.end().is_none() {
            return Vec::new();
        }
        (0..u64::from(self.width)).map(|i| stored_index(self.level(), self.start() + i)).collect()
    }

    /// The tile of this row and number as a tree of `size` leaves has it: full, partial, or `None`.
    pub fn at(kind: TileKind, n: u64, size: u64) -> Option<Self> {
        let full = Self { kind, n, width: 256 };
        let hashes = size.checked_shr(u32::from(full.level()))?;
        let width = hashes.checked_sub(n.checked_mul(TILE_WIDTH)?)?.min(TILE_WIDTH);
        let width = u16::try_from(width).ok().filter(|w| *w > 0)?;
        Some(Self { width, ..full })
    }

    /// All entry bundles that hold any of the leaves `[from, to)` of a tree of `size` leaves.
    pub fn entries(from: u64, to: u64, size: u64) -> Vec<Self> {
        let to = to.min(size);
        if from >= to {
            return Vec::new();
        }
        (from / TILE_WIDTH..=(to - 1) / TILE_WIDTH).filter_map(|n| Self::at(TileKind::Entries, n, size)).collect()
    }
}

/// The path: `tile/<level>/<number>[.p/<width>]`.
impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.kind {
            TileKind::Hashes(level) => write!(f, "tile/{level}/")?,
            TileKind::Entries => f.write_str("tile/entries/")?,
        }
        let mut groups = Vec::new();
        let mut n = self.n;
        while n >= 1000 {
            groups.push(n % 1000);
            n /= 1000;
        }
        groups.push(n);
        while let Some(group) = groups.pop() {
            if groups.is_empty() {
                write!(f, "{group:03}")?;
            } else {
                write!(f, "x{group:03}/")?;
            }
        }
        if self.width < 256 {
            write!(f, ".p/{}", self.width)?;
        }
        Ok(())
    }
}

fn decimal<T: core::str::FromStr>(text: &str) -> Option<T> {
    let plain = text.bytes().all(|b| b.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    plain.then(|| text.parse().ok()).flatten()
}

/// A tile's bytes are not what its path says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum TileError {
    /// The length does not fit the width.
    #[error("the tile has the wrong length")]
    Length,
    /// An entry is not 32 bytes long.
    #[error("an entry of the log has the wrong length")]
    Entry,
    /// A tile that is needed was not given.
    #[error("a part of the log is missing")]
    Missing(Tile),
    /// The position asked for does not exist.
    #[error(transparent)]
    Tree(#[from] TreeError),
}

/// Writes an entry bundle: each leaf's data behind its 16-bit length.
pub fn encode_entries(leaves: &[[u8; 32]]) -> Vec<u8> {
    let mut out = Vec::with_capacity(leaves.len() * 34);
    for leaf in leaves {
        (LEAF_LEN, *leaf).write(&mut out);
    }
    out
}

/// Reads an entry bundle of exactly `tile.width` leaves.
pub fn decode_entries(tile: &Tile, bytes: &[u8]) -> Result<Vec<[u8; 32]>, TileError> {
    if bytes.len() != usize::from(tile.width) * 34 {
        return Err(TileError::Length);
    }
    let mut r = Reader::new(bytes);
    let rows = <(u16, [u8; 32])>::read_all(&mut r, usize::from(tile.width)).map_err(|_| TileError::Length)?;
    rows.into_iter().map(|(len, leaf)| if len == LEAF_LEN { Ok(leaf) } else { Err(TileError::Entry) }).collect()
}

/// Full entry bundles that also travel together, for readers who were away for long (`GET /v1/log/stretch/{n}`).
pub const STRETCH_BUNDLES: u64 = 16;

/// An entry bundle: its number, and the leaves in it.
pub type NumberedBundle = (u64, Vec<[u8; 32]>);

/// Reads stretch `n`: entry bundles `16·n` to `16·n + 15`, all full, one behind the other. Each is answered with its
/// number.
pub fn decode_stretch(n: u64, bytes: &[u8]) -> Result<Vec<NumberedBundle>, TileError> {
    let first = n.checked_mul(STRETCH_BUNDLES).ok_or(TileError::Length)?;
    let full = usize::from(FULL) * 34;
    let numbers = first..first.saturating_add(STRETCH_BUNDLES);
    if bytes.len() != usize::try_from(STRETCH_BUNDLES).unwrap_or(usize::MAX).saturating_mul(full) {
        return Err(TileError::Length);
    }
    let tile = |n| Tile { kind: TileKind::Entries, n, width: FULL };
    numbers.zip(bytes.chunks(full)).map(|(n, bundle)| Ok((n, decode_entries(&tile(n), bundle)?))).collect()
}

/// Where a client gets tiles from.
pub trait TileReader {
    /// What can go wrong.
    type Error: From<TileError>;
    /// The bytes of one tile.
    fn read_tile(&mut self, tile: &Tile) -> Result<Vec<u8>, Self::Error>;
}

/// Tiles of a log of a given size, from which proofs can be computed. Nothing in here is trusted: what comes out are
/// proofs, and a proof is checked against a signed checkpoint.
#[derive(Clone, Debug)]
pub struct TileSet {
    size: u64,
    tiles: BTreeMap<(u8, u64), Vec<Hash>>,
}

impl TileSet {
    /// No tiles yet, of a tree of `size` leaves.
    pub fn new(size: u64) -> Self {
        Self { size, tiles: BTreeMap::new() }
    }

    /// The tiles still missing for reading these stored hashes, each once.
    pub fn missing(&self, indexes: &[u64]) -> Result<Vec<Tile>, TileError> {
        let mut out = Vec::new();
        for index in indexes {
            let (tile, _, _) = self.place(*index)?;
            if !self.tiles.contains_key(&(tile.level() / TILE_HEIGHT, tile.n)) {
                out.push(tile);
            }
        }
        out.sort_unstable();
        out.dedup();
        Ok(out)
    }

    /// Adds a tile's bytes.
    pub fn insert(&mut self, tile: &Tile, bytes: &[u8]) -> Result<(), TileError> {
        let (hashes, rest) = bytes.as_chunks::<32>();
        let TileKind::Hashes(level) = tile.kind else { return Err(TileError::Length) };
        if !rest.is_empty() || hashes.len() != usize::from(tile.width) {
            return Err(TileError::Length);
        }
        self.tiles.insert((level, tile.n), hashes.to_vec());
        Ok(())
    }

    /// Reads every tile that is still missing.
    pub fn load<R: TileReader>(&mut self, indexes: &[u64], reader: &mut R) -> Result<(), R::Error> {
        for tile in self.missing(indexes)? {
            let bytes = reader.read_tile(&tile)?;
            self.insert(&tile, &bytes)?;
        }
        Ok(())
    }

    /// The tile that a stored hash is computed from, the first of its hashes in there and how many levels above the
    /// tile's hashes it stands.
    fn place(&self, index: u64) -> Result<(Tile, usize, u8), TileError> {
        let (level, n) = split_index(index).ok_or(TreeError::Outside)?;
        let (row, up) = (level / TILE_HEIGHT, level % TILE_HEIGHT);
        let first = n << up;
        let tile = Tile::at(TileKind::Hashes(row), first / TILE_WIDTH, self.size).ok_or(TreeError::Outside)?;
        let offset = first % TILE_WIDTH;
        if offset + (1 << up) > u64::from(tile.width) {
            return Err(TreeError::Outside.into());
        }
        Ok((tile, usize::try_from(offset).map_err(|_| TreeError::Outside)?, up))
    }
}

impl HashReader for TileSet {
    type Error = TileError;

    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, TileError> {
        let mut out = Vec::with_capacity(indexes.len());
        for index in indexes {
            let (tile, offset, up) = self.place(*index)?;
            let hashes = self.tiles.get(&(tile.level() / TILE_HEIGHT, tile.n)).ok_or(TileError::Missing(tile))?;
            let mut row = hashes.get(offset..offset + (1 << up)).ok_or(TileError::Missing(tile))?.to_vec();
            while row.len() > 1 {
                row = row.as_chunks::<2>().0.iter().map(|[l, r]| node_hash(l, r)).collect();
            }
            out.extend(row.first());
        }
        Ok(out)
    }
}

/// The `(level, n)` of a stored hash; the inverse of [`stored_index`]. `None` past the largest tree.
pub fn split_index(index: u64) -> Option<(u8, u64)> {
    if index >= stored_count(TREE_MAX) {
        return None;
    }
    // Leaf `leaf` is stored as number `2 * leaf - ones(leaf)`: find the last leaf not after `index`.
    let mut leaf = index / 2;
    while stored_count(leaf + 1) <= index {
        leaf += 1;
    }
    let level = index - stored_count(leaf);
    Some((u8::try_from(level).ok()?, leaf >> level))
}
