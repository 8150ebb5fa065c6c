//! Watching the log: every visit checks that it continues what was seen before, and that what was promised stands in
//! it.

use core::fmt;
use std::collections::BTreeMap;

use subrosa_casework::clock::Zone;
use subrosa_crypto::log::{
    self, Checkpoint, CheckpointError, Fork, Hash, HashReader, NoteKey, ProofError, STRETCH_BUNDLES, TILE_WIDTH, Tile,
    TileError, TileKind, TileSet, TreeError,
};
use thiserror::Error;

use crate::{
    api::{Api, ApiError},
    transport::{Circuit, Transport},
};

/// What is wrong with the log, in words for whoever looks at it.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum LogFinding {
    /// The checkpoint is not signed by the log that the charter names.
    #[error("the log's newest statement is not signed by the log's key ({0}); do not trust this server")]
    Unsigned(CheckpointError),
    /// The log contradicts what it signed before.
    #[error("{0}. Keep what you have: the two signed statements prove it. Do not trust this server")]
    Fork(Fork),
    /// A proof does not fit the signed root.
    #[error("the log cannot prove what it lists ({0}); it may be hiding or changing entries")]
    Proof(ProofError),
    /// Parts of the log are missing or garbled.
    #[error("a part of the log is missing or damaged ({0}); try again, and if it stays so, the server is hiding it")]
    Tile(TileError),
    /// A deposit, record or charter was promised to the log and is not there.
    #[error(
        "something that the server promised to log is not in the log; it may have been dropped. Keep the receipt: it proves the broken promise"
    )]
    NotThere,
    /// The charter that is shown was never logged, although its epoch is closed.
    #[error(
        "the charter that this server shows is not in the log: people may have been named to you alone. Do not trust this server, and compare the charter's version with your colleagues"
    )]
    CharterNotThere,
    /// Lists of closed epochs that are not those that stand in the log.
    #[error(
        "the server shows lists that are not those in the log ({count}, the first of them of epoch {first}): messages for you may be missing from them. What they show was not believed, and they are asked for again at each visit. If it stays so, do not trust this server, and speak with the programme by another way"
    )]
    ListNotLogged {
        /// The oldest of these epochs.
        first: u64,
        /// How many lists.
        count: u64,
    },
    /// Deposits whose receipts were verified and kept, and whose leaves are not in the log.
    #[error(
        "the server signed that something which you sent would stand in the log, and it does not ({count} times): it may have been dropped. Your keystore keeps the signed receipts, which prove it. Do not rely on this server, and speak with your colleagues by another way"
    )]
    PromiseBroken {
        /// How many receipts have no leaf.
        count: u64,
    },
    /// The log's newest statement is old, by this machine's clock. What is in the log holds; what is newer is withheld.
    #[error(
        "the log's newest statement is from {stated}, and the clock of this machine says {now}. If your clock is right, the server stands still or holds back what is newer; what you see holds, and something may be missing"
    )]
    StandsStill {
        /// When the statement was made, by the log.
        stated: Moment,
        /// This machine's clock.
        now: Moment,
    },
    /// The log's newest statement is from later than this machine's clock says.
    #[error(
        "the log's newest statement is from {stated}, and the clock of this machine says {now}: one of the two is wrong. Put your clock right; if it is, the server could stand still later without your noticing"
    )]
    Ahead {
        /// When the statement was made, by the log.
        stated: Moment,
        /// This machine's clock.
        now: Moment,
    },
    /// The log could not be fetched. This says nothing about what is in it.
    #[error(transparent)]
    Api(#[from] ApiError),
}

impl From<TileError> for LogFinding {
    fn from(e: TileError) -> Self {
        Self::Tile(e)
    }
}

/// A point in time, in Unix seconds. It is written as people read it everywhere: `2026-11-24 14:05 UTC`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment(pub u64);

impl fmt::Display for Moment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(date) = Zone(0).date(self.0) {
            write!(f, "{date} ")?;
        }
        write!(f, "{:02}:{:02} UTC", self.0 / 3600 % 24, self.0 / 60 % 60)
    }
}

/// How far a checkpoint's time may lie from the reader's clock: seconds. A checkpoint is made at the close of each
/// epoch; the epochs leave room for one that closes late, the rest is for clocks (docs/spec/log.md, section 5).
pub fn tolerance(epoch_seconds: u64) -> u64 {
    epoch_seconds.saturating_mul(3).saturating_add(600)
}

/// What a checkpoint's time and the reader's clock say about each other, if they are further apart than
/// [`tolerance`]. `epoch_seconds` is the charter's.
pub fn against_clock(stated: u64, now: u64, epoch_seconds: u64) -> Option<LogFinding> {
    let far = stated.abs_diff(now) > tolerance(epoch_seconds);
    let (stated, now) = (Moment(stated), Moment(now));
    far.then_some(match stated < now {
        true => LogFinding::StandsStill { stated, now },
        false => LogFinding::Ahead { stated, now },
    })
}

/// Bundles that are asked for one by one before a reader who goes back further asks for sixteen at once.
const SINGLE_BUNDLES: usize = 8;

/// A checked view of the log at one size.
#[derive(Debug)]
pub struct LogView {
    checkpoint: Checkpoint,
    tiles: TileSet,
    /// Leaves that were read and checked, by the number of their bundle.
    bundles: BTreeMap<u64, Vec<[u8; 32]>>,
}

impl LogView {
    /// How many leaves the checkpoint covers.
    pub fn size(&self) -> u64 {
        self.checkpoint.size()
    }

    /// The Merkle root over these leaves, as the log's key signed it.
    pub fn root(&self) -> Hash {
        *self.checkpoint.root()
    }

    /// The newest closed epoch: its batch is the log's last.
    pub fn epoch(&self) -> u64 {
        self.checkpoint.epoch()
    }

    /// The signed statement of size and root, for whoever keeps it or passes it on.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }
}

/// One log through one circuit.
#[derive(Debug)]
pub struct LogWatch<'a, T> {
    api: &'a Api<T>,
    key: NoteKey,
    circuit: Circuit,
}

impl<'a, T: Transport> LogWatch<'a, T> {
    /// Watches the log with this key.
    pub fn new(api: &'a Api<T>, key: NoteKey, circuit: Circuit) -> Self {
        Self { api, key, circuit }
    }

    /// Fetches the newest checkpoint and checks that it continues `seen` (size and root), if there was one.
    pub async fn advance(&self, seen: Option<(u64, Hash)>) -> Result<LogView, LogFinding> {
        let bytes = self.api.checkpoint(self.circuit).await?;
        let checkpoint = Checkpoint::verify(&bytes, &self.key, &[]).map_err(LogFinding::Unsigned)?;
        let mut view = LogView { tiles: TileSet::new(checkpoint.size()), checkpoint, bundles: BTreeMap::new() };
        self.continues(&mut view, seen).await?;
        Ok(view)
    }

    /// Checks that a view continues `seen` (size and root), if there was one.
    ///
    /// # Errors
    /// It does not, or this cannot be proven.
    pub async fn continues(&self, view: &mut LogView, seen: Option<(u64, Hash)>) -> Result<(), LogFinding> {
        let Some((size, root)) = seen.filter(|(size, _)| *size > 0) else { return Ok(()) };
        if view.size() < size {
            return Err(LogFinding::Fork(Fork::RolledBack));
        }
        if view.size() == size {
            return if view.root() == root { Ok(()) } else { Err(LogFinding::Fork(Fork::Split)) };
        }
        let indexes = log::consistency_indexes(size, view.size()).map_err(TileError::from)?;
        let hashes = self.hashes(view, &indexes).await?;
        let proof = log::consistency_from(size, view.size(), &hashes).map_err(TileError::from)?;
        log::verify_consistency(&proof, size, &root, view.size(), &view.root())
            .map_err(|e| LogFinding::Fork(Fork::NotContinued(e)))
    }

    /// The leaves of bundle `n` of the entries, all checked against the signed root. Each bundle is fetched once.
    ///
    /// # Errors
    /// It is missing or garbled, or it is not what the log's root stands for.
    pub async fn bundle<'v>(&self, view: &'v mut LogView, n: u64) -> Result<&'v [[u8; 32]], LogFinding> {
        if !view.bundles.contains_key(&n) {
            let whole = (n + 1).is_multiple_of(STRETCH_BUNDLES) && (n + 1) * TILE_WIDTH <= view.size();
            if whole && view.bundles.len() >= SINGLE_BUNDLES {
                for (n, leaves) in self.api.log_stretch(n / STRETCH_BUNDLES, self.circuit).await? {
                    self.check_bundle(view, n, leaves).await?;
                }
            } else {
                let tile = Tile::at(TileKind::Entries, n, view.size()).ok_or(TileError::Tree(TreeError::Outside))?;
                let bytes = self.api.log_file(&tile.to_string(), self.circuit).await?;
                self.check_bundle(view, n, log::decode_entries(&tile, &bytes)?).await?;
            }
        }
        Ok(view.bundles.get(&n).map(Vec::as_slice).unwrap_or_default())
    }

    /// Checks a bundle against the signed root, and keeps it.
    async fn check_bundle(&self, view: &mut LogView, n: u64, leaves: Vec<[u8; 32]>) -> Result<(), LogFinding> {
        let tile = Tile::at(TileKind::Hashes(0), n, view.size()).ok_or(TileError::Tree(TreeError::Outside))?;
        let hashes: Vec<Hash> = leaves.iter().map(|leaf| log::leaf_hash(leaf)).collect();
        view.tiles.insert(&tile, hashes.as_flattened())?;
        // One leaf's proof goes over the hashes of all others in the bundle, which were made here: it stands for all.
        if let Some(first) = hashes.first() {
            self.proof(view, tile.start(), first).await?;
        }
        view.bundles.insert(n, leaves);
        Ok(())
    }

    /// The proof that a leaf stands at `index`, checked.
    async fn proof(&self, view: &mut LogView, index: u64, leaf: &Hash) -> Result<Vec<Hash>, LogFinding> {
        let indexes = log::inclusion_indexes(view.size(), index).map_err(TileError::from)?;
        let hashes = self.hashes(view, &indexes).await?;
        let proof = log::inclusion_from(view.size(), index, &hashes).map_err(TileError::from)?;
        log::verify_inclusion(&proof, index, leaf, view.size(), &view.root()).map_err(LogFinding::Proof)?;
        Ok(proof)
    }

    /// Where `leaf` stands, looking back from the newest entry, and the proof that it does. `None` if it is nowhere at
    /// or after entry `from`.
    pub async fn find(
        &self,
        view: &mut LogView,
        from: u64,
        leaf: &[u8; 32],
    ) -> Result<Option<(u64, Vec<Hash>)>, LogFinding> {
        for n in (from / TILE_WIDTH..view.size().div_ceil(TILE_WIDTH)).rev() {
            let Some(at) = self.bundle(view, n).await?.iter().rposition(|l| l == leaf) else { continue };
            let index = n * TILE_WIDTH + at as u64;
            return Ok(Some((index, self.proof(view, index, &log::leaf_hash(leaf)).await?)));
        }
        Ok(None)
    }

    /// The leaves from number `from` on, checked against the signed root: none is missing and none was changed. An
    /// auditor reads all, from 0.
    pub async fn leaves_from(&self, view: &mut LogView, from: u64) -> Result<Vec<[u8; 32]>, LogFinding> {
        let edge = match from {
            0 => Vec::new(),
            _ => self.hashes(view, &log::root_indexes(from).map_err(TileError::from)?).await?,
        };
        let mut appender = log::Appender::resume(from, &edge).map_err(TileError::from)?;
        let (mut leaves, mut scratch) = (Vec::new(), Vec::new());
        for tile in Tile::entries(from, view.size(), view.size()) {
            let bytes = self.api.log_file(&tile.to_string(), self.circuit).await?;
            for (number, leaf) in (tile.start()..).zip(log::decode_entries(&tile, &bytes)?) {
                if number < from {
                    continue;
                }
                scratch.clear();
                appender.append(&leaf, &mut scratch);
                leaves.push(leaf);
            }
        }
        if appender.size() != view.size() || appender.root() != view.root() {
            return Err(LogFinding::Proof(ProofError::Root));
        }
        Ok(leaves)
    }

    async fn hashes(&self, view: &mut LogView, indexes: &[u64]) -> Result<Vec<Hash>, LogFinding> {
        for tile in view.tiles.missing(indexes)? {
            debug_assert!(matches!(tile.kind, TileKind::Hashes(_)));
            let bytes = self.api.log_file(&tile.to_string(), self.circuit).await?;
            view.tiles.insert(&tile, &bytes)?;
        }
        Ok(view.tiles.read_hashes(indexes)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_stands_still_or_runs_ahead_by_more_than_epochs_and_clocks_allow() {
        let (stated, epoch) = (1_764_500_100, 300);
        assert_eq!(tolerance(epoch), 1500);
        assert_eq!(against_clock(stated, stated + 1500, epoch), None);
        assert_eq!(against_clock(stated, stated - 1500, epoch), None);
        let (late, early) = (stated + 1501, stated - 1501);
        let still = LogFinding::StandsStill { stated: Moment(stated), now: Moment(late) };
        assert_eq!(against_clock(stated, late, epoch), Some(still.clone()));
        let ahead = LogFinding::Ahead { stated: Moment(stated), now: Moment(early) };
        assert_eq!(against_clock(stated, early, epoch), Some(ahead));
        let told = still.to_string();
        assert!(told.contains("2025-11-30 10:55 UTC") && told.contains("2025-11-30 11:20 UTC"), "{told}");
    }
}
