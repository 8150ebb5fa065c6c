//! The log as C2SP tiles (`tlog-tiles`), computed from stored hashes.
//!
//! Spec: `docs/spec/board.md`, section "Log".

use bytes::Bytes;

use crate::{
    log_batch,
    store::{Store, StoreError, Stored},
};

/// Hashes, or entries, in a full tile.
pub(crate) const TILE_WIDTH: u64 = 256;

/// What a tile path names.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Kind {
    /// Hashes at tree level 8 × this.
    Hashes(u8),
    /// Leaf data.
    Entries,
}

/// One tile, full or partial.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) struct Tile {
    pub(crate) kind: Kind,
    pub(crate) index: u64,
    pub(crate) width: u64,
}

impl Tile {
    /// Reads `{level or "entries"}/{index}[.p/{width}]`, the index in groups of three digits, all but the last behind an `x`.
    /// Each tile has one spelling only.
    pub(crate) fn parse(path: &str) -> Option<Self> {
        let mut parts: Vec<&str> = path.split('/').collect();
        let width = match parts.as_slice() {
            [.., index, width] if index.ends_with(".p") => {
                let w = plain_number(width)?;
                if w == 0 || w >= TILE_WIDTH {
                    return None;
                }
                parts.pop();
                w
            }
            _ => TILE_WIDTH,
        };
        let (level, groups) = parts.split_first()?;
        let kind = match *level {
            "entries" => Kind::Entries,
            n => Kind::Hashes(u8::try_from(plain_number(n)?).ok().filter(|l| *l < 8)?),
        };
        let (last, before) = groups.split_last()?;
        let last = if width < TILE_WIDTH { last.strip_suffix(".p")? } else { *last };
        let mut index = 0u64;
        for (i, group) in before.iter().enumerate() {
            let n = three_digits(group.strip_prefix('x')?)?;
            if i == 0 && n == 0 {
                return None;
            }
            index = index.checked_mul(1000)?.checked_add(n)?;
        }
        index = index.checked_mul(1000)?.checked_add(three_digits(last)?)?;
        Some(Self { kind, index, width })
    }

    fn tree_level(self) -> u8 {
        match self.kind {
            Kind::Hashes(level) => level.saturating_mul(8),
            Kind::Entries => 0,
        }
    }

    /// Whether a log of `size` leaves has every hash of this tile.
    fn is_in(self, size: u64) -> bool {
        let there = size >> self.tree_level();
        self.index.checked_mul(TILE_WIDTH).and_then(|first| first.checked_add(self.width)).is_some_and(|end| end <= there)
    }

    /// The tile's bytes; `None` if the log has not grown so far.
    pub(crate) async fn bytes<S: Store>(self, store: &S) -> Stored<Option<Bytes>> {
        if !self.is_in(store.log_size()) {
            return Ok(None);
        }
        let first = self.index.saturating_mul(TILE_WIDTH);
        let mut out = Vec::new();
        let rows = match self.kind {
            Kind::Hashes(_) => {
                let level = self.tree_level();
                let hashes =
                    (first..first + self.width).map(|n| log_batch::stored_index(level, n)).collect::<Vec<u64>>();
                let rows = store.log_hashes(hashes).await?;
                for row in &rows {
                    out.extend_from_slice(row);
                }
                rows.len()
            }
            Kind::Entries => {
                let rows = store.log_leaves(first, self.width).await?;
                for row in &rows {
                    out.extend_from_slice(&32u16.to_be_bytes());
                    out.extend_from_slice(row);
                }
                rows.len()
            }
        };
        if u64::try_from(rows) != Ok(self.width) {
            return Err(StoreError::Corrupt("the log is shorter than its size says".into()));
        }
        Ok(Some(Bytes::from(out)))
    }
}

fn plain_number(text: &str) -> Option<u64> {
    let n: u64 = text.parse().ok()?;
    (n.to_string() == text).then_some(n)
}

fn three_digits(text: &str) -> Option<u64> {
    (text.len() == 3 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_have_one_spelling() {
        let tile = |kind, index, width| Some(Tile { kind, index, width });
        assert_eq!(Tile::parse("0/000"), tile(Kind::Hashes(0), 0, 256));
        assert_eq!(Tile::parse("1/x001/x234/067"), tile(Kind::Hashes(1), 1_234_067, 256));
        assert_eq!(Tile::parse("0/x001/000.p/5"), tile(Kind::Hashes(0), 1000, 5));
        assert_eq!(Tile::parse("entries/012.p/255"), tile(Kind::Entries, 12, 255));
        for bad in [
            "", "0", "0/", "0/0", "0/0000", "00/000", "0/x000/000", "0/000.p/0", "0/000.p/256", "0/000.p/05",
            "0/000.p", "0/x001", "8/000", "-1/000", "0/001/000", "0/+12", "0/000/", "data/000", "0/000.p/5/5",
            "0/x999/x999/x999/x999/x999/x999/x999/999",
        ] {
            assert_eq!(Tile::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_tile_is_served_only_when_all_of_it_is_there() {
        let tile = Tile { kind: Kind::Hashes(1), index: 0, width: 2 };
        assert!(!tile.is_in(511) && tile.is_in(512));
        let full = Tile { kind: Kind::Entries, index: 1, width: 256 };
        assert!(!full.is_in(511) && full.is_in(512));
    }
}
