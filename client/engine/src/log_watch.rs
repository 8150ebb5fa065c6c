//! Watching the log: every visit checks that it continues what was seen before, and that what was promised stands in
//! it.

use subrosa_crypto::log::{
    self, Checkpoint, CheckpointError, Fork, Hash, HashReader, NoteKey, ProofError, Tile, TileError, TileKind, TileSet,
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
    /// The log could not be fetched. This says nothing about what is in it.
    #[error(transparent)]
    Api(#[from] ApiError),
}

impl From<TileError> for LogFinding {
    fn from(e: TileError) -> Self {
        Self::Tile(e)
    }
}

/// A checked view of the log at one size.
#[derive(Debug)]
pub struct LogView {
    checkpoint: Checkpoint,
    tiles: TileSet,
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
        let mut view = LogView { tiles: TileSet::new(checkpoint.size()), checkpoint };
        let Some((size, root)) = seen.filter(|(size, _)| *size > 0) else { return Ok(view) };
        if view.size() < size {
            return Err(LogFinding::Fork(Fork::RolledBack));
        }
        if view.size() == size {
            return if view.root() == root { Ok(view) } else { Err(LogFinding::Fork(Fork::Split)) };
        }
        let indexes = log::consistency_indexes(size, view.size()).map_err(TileError::from)?;
        let hashes = self.hashes(&mut view, &indexes).await?;
        let proof = log::consistency_from(size, view.size(), &hashes).map_err(TileError::from)?;
        log::verify_consistency(&proof, size, &root, view.size(), &view.root())
            .map_err(|e| LogFinding::Fork(Fork::NotContinued(e)))?;
        Ok(view)
    }

    /// Where `leaf` stands, looking back from the newest entry, and the proof that it does. `None` if it is nowhere at
    /// or after entry `from`.
    pub async fn find(
        &self,
        view: &mut LogView,
        from: u64,
        leaf: &[u8; 32],
    ) -> Result<Option<(u64, Vec<Hash>)>, LogFinding> {
        for tile in Tile::entries(from, view.size(), view.size()).into_iter().rev() {
            let bytes = self.api.log_file(&tile.to_string(), self.circuit).await?;
            let leaves = log::decode_entries(&tile, &bytes)?;
            let Some(at) = leaves.iter().rposition(|l| l == leaf) else { continue };
            let index = tile.start() + at as u64;
            let indexes = log::inclusion_indexes(view.size(), index).map_err(TileError::from)?;
            let hashes = self.hashes(view, &indexes).await?;
            let proof = log::inclusion_from(view.size(), index, &hashes).map_err(TileError::from)?;
            log::verify_inclusion(&proof, index, &log::leaf_hash(leaf), view.size(), &view.root())
                .map_err(LogFinding::Proof)?;
            return Ok(Some((index, proof)));
        }
        Ok(None)
    }

    /// All leaves, checked against the signed root: what an auditor reads.
    pub async fn all_leaves(&self, view: &LogView) -> Result<Vec<[u8; 32]>, LogFinding> {
        let mut leaves = Vec::new();
        let mut appender = log::Appender::new();
        let mut scratch = Vec::new();
        for tile in Tile::entries(0, view.size(), view.size()) {
            let bytes = self.api.log_file(&tile.to_string(), self.circuit).await?;
            for leaf in log::decode_entries(&tile, &bytes)? {
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

    /// The leaves from number `from` on, checked against the signed root: none is missing and none was changed.
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
