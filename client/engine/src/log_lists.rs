//! Whether a closed epoch's list is the one that stands in the log.
//!
//! A batch of the log ends with its list's leaves, which commit to the batch's size (docs/spec/log.md, "Batches"). So
//! whoever knows where a batch ends, and has the right list, knows where the batch before it ends. The checkpoint says
//! where the newest one does. Reading goes back from there; the bundles of leaves that it fetches are the same for all
//! readers.

use std::collections::HashMap;

use subrosa_crypto::log::{ListFile, TILE_WIDTH, batch_sizes, list_leaf};

use crate::{
    log_watch::{LogFinding, LogView, LogWatch},
    transport::Transport,
};

/// How far behind a list that is not the logged one the next older one is looked for: bundles of 256 leaves.
const SEARCH_BUNDLES: u64 = 64;

/// A list that is not the logged one, or not logged yet: it is asked for again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unproven {
    /// The epoch whose list it is.
    pub epoch: u64,
    /// The true list's leaf stands before this leaf of the log.
    pub before: u64,
}

/// The finding for lists that could not be proven; `None` if there are none.
pub fn finding(unproven: &[Unproven]) -> Option<LogFinding> {
    let first = unproven.iter().map(|u| u.epoch).min()?;
    Some(LogFinding::ListNotLogged { first, count: u64::try_from(unproven.len()).unwrap_or(u64::MAX) })
}

/// Compares lists with the log, from newer epochs to older ones.
#[derive(Debug)]
pub struct Lists<'w, 'a, T> {
    watch: &'w LogWatch<'a, T>,
    view: &'w mut LogView,
    /// The epoch whose batch ends at `end`; `None` after a list that was not the logged one, whose batch has a size
    /// that nobody can tell.
    at: Option<u64>,
    /// The leaves of all older lists stand before this one.
    end: u64,
}

impl<'w, 'a, T: Transport> Lists<'w, 'a, T> {
    /// Begins at the newest epoch of a view that was checked to continue what was seen before.
    pub fn new(watch: &'w LogWatch<'a, T>, view: &'w mut LogView) -> Self {
        let (at, end) = (Some(view.epoch()), view.size());
        Self { watch, view, at, end }
    }

    /// The newest epoch whose list the log holds.
    pub fn newest(&self) -> u64 {
        self.view.epoch()
    }

    /// Goes on from a list that an earlier visit could not prove.
    pub fn seek(&mut self, unproven: &Unproven) {
        self.at = None;
        self.end = unproven.before.min(self.view.size());
    }

    /// What to keep of a list that [`Lists::holds`] did not find.
    pub fn unproven(&self, epoch: u64) -> Unproven {
        Unproven { epoch, before: self.end }
    }

    /// Whether this is the list of `epoch` that stands in the log, its files given by their SHA-256. Newer epochs are
    /// asked for before older ones. Whoever reads no hints gives none.
    ///
    /// # Errors
    /// The log could not be read, or it does not hold together. That the list is not in it is an answer.
    pub async fn holds(&mut self, epoch: u64, tags: &[u8; 32], hints: Option<&[u8; 32]>) -> Result<bool, LogFinding> {
        if epoch > self.view.epoch() {
            return Ok(false);
        }
        let begins = match self.at == Some(epoch) {
            true => self.batch_here(tags, hints).await?,
            false => self.batch_before(tags, hints).await?,
        };
        self.at = begins.and(epoch.checked_sub(1));
        self.end = begins.unwrap_or(self.end);
        Ok(begins.is_some())
    }

    /// Where the batch begins that ends at `end`, if it is this list's.
    async fn batch_here(&mut self, tags: &[u8; 32], hints: Option<&[u8; 32]>) -> Result<Option<u64>, LogFinding> {
        let last = self.leaf(self.end.checked_sub(1)).await?;
        let size = sizes_before(self.end).find(|size| Some(list_leaf(ListFile::Tags, *size, tags)) == last);
        self.begins(self.end, size, hints).await
    }

    /// Where the batch begins that has this list and ends somewhere before `end`.
    async fn batch_before(&mut self, tags: &[u8; 32], hints: Option<&[u8; 32]>) -> Result<Option<u64>, LogFinding> {
        let wanted: HashMap<[u8; 32], usize> =
            sizes_before(self.end).map(|size| (list_leaf(ListFile::Tags, size, tags), size)).collect();
        let newest = self.end.div_ceil(TILE_WIDTH);
        for n in (newest.saturating_sub(SEARCH_BUNDLES)..newest).rev() {
            let leaves = self.watch.bundle(self.view, n).await?;
            let behind = self.end.saturating_sub(n * TILE_WIDTH);
            let ends = leaves.iter().zip(1..).take_while(|(_, to)| *to <= behind);
            let found = ends.filter_map(|(leaf, to)| wanted.get(leaf).map(|size| (n * TILE_WIDTH + to, *size))).last();
            if let Some((end, size)) = found {
                return self.begins(end, Some(size), hints).await;
            }
        }
        Ok(None)
    }

    /// Where a batch of this size begins that ends at `end`, if it has these hints.
    async fn begins(
        &mut self,
        end: u64,
        size: Option<usize>,
        hints: Option<&[u8; 32]>,
    ) -> Result<Option<u64>, LogFinding> {
        let Some(size) = size else { return Ok(None) };
        if let Some(hints) = hints
            && self.leaf(end.checked_sub(2)).await? != Some(list_leaf(ListFile::Hints, size, hints))
        {
            return Ok(None);
        }
        Ok(u64::try_from(size).ok().and_then(|size| end.checked_sub(size)))
    }

    async fn leaf(&mut self, index: Option<u64>) -> Result<Option<[u8; 32]>, LogFinding> {
        let Some(index) = index else { return Ok(None) };
        let leaves = self.watch.bundle(self.view, index / TILE_WIDTH).await?;
        let at = usize::try_from(index % TILE_WIDTH).unwrap_or(usize::MAX);
        Ok(leaves.get(at).copied())
    }
}

/// The sizes that a batch can have whose leaves all stand before `end`.
fn sizes_before(end: u64) -> impl Iterator<Item = usize> {
    let most = usize::try_from(end).unwrap_or(usize::MAX);
    batch_sizes().take_while(move |size| *size <= most)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use core::{
        cell::Cell,
        future::{Future, ready},
    };

    use futures_util::FutureExt as _;
    use subrosa_crypto::{
        kdf,
        log::{Appender, NoteSigner, TreeHead, encode_entries, list_leaves},
        secret::Secret32,
        sign::SigningKey,
    };

    use super::*;
    use crate::{
        api::Api,
        transport::{Circuit, Request, Response, TransportError},
    };

    /// A log that hands out its checkpoint, bundles of leaves, and hash tiles above them; it counts the requests.
    struct Log(Vec<u8>, Vec<[u8; 32]>, Cell<usize>);

    impl Transport for Log {
        fn call(&self, request: Request) -> impl Future<Output = Result<Response, TransportError>> {
            self.2.set(self.2.get() + 1);
            let bundle = request.path.strip_prefix("/v1/log/tile/entries/").and_then(|n| n.get(..3)?.parse().ok());
            let stretch = request.path.strip_prefix("/v1/log/stretch/").and_then(|n| n.parse().ok());
            let body = match bundle {
                Some(n) => encode_entries(self.1.chunks(256).nth(n).unwrap()),
                None if stretch.is_some() => encode_entries(self.1.chunks(16 * 256).nth(stretch.unwrap()).unwrap()),
                None if request.path == "/v1/log/checkpoint" => self.0.clone(),
                None => self.hashes(&request.path),
            };
            ready(Ok(Response { status: 200, body }))
        }
    }

    impl Log {
        /// A hash tile above the lowest row.
        fn hashes(&self, path: &str) -> Vec<u8> {
            let (level, n) = path.strip_prefix("/v1/log/tile/").and_then(|p| p.split_once('/')).unwrap();
            let (level, n): (u32, usize) = (level.parse().unwrap(), n[..3].parse().unwrap());
            let root = |leaves: &[[u8; 32]]| {
                let mut tree = Appender::new();
                leaves.iter().for_each(|leaf| tree.append(leaf, &mut Vec::new()));
                tree.root()
            };
            self.1.chunks_exact(256usize.pow(level)).skip(256 * n).take(256).flat_map(root).collect()
        }
    }

    fn signer() -> NoteSigner {
        NoteSigner::new("p/log", SigningKey::from_seed(&Secret32::new([1; 32]))).unwrap()
    }

    fn tags(epoch: u64) -> [u8; 32] {
        kdf::sha256(&epoch.to_be_bytes())
    }

    fn hints(epoch: u64) -> [u8; 32] {
        kdf::sha256(&[&epoch.to_be_bytes()[..], b"hints"].concat())
    }

    /// A log of batches of these sizes, from epoch 1 on, whose fillers are `filler`.
    fn log(sizes: &[usize], mut filler: impl FnMut(u64, usize) -> [u8; 32]) -> Log {
        let (mut leaves, mut tree) = (Vec::new(), Appender::new());
        for (size, epoch) in sizes.iter().zip(1..) {
            leaves.extend((2..*size).map(|at| filler(epoch, at - 2)));
            leaves.extend(list_leaves(*size, &tags(epoch), &hints(epoch)));
        }
        leaves.iter().for_each(|leaf| tree.append(leaf, &mut Vec::new()));
        let (size, root, epoch) = (tree.size(), tree.root(), sizes.len() as u64);
        let head = TreeHead { origin: "p/log".into(), size, root, epoch, time: 1 };
        Log(head.sign(&signer()).unwrap().to_bytes(), leaves, Cell::new(0))
    }

    fn plain(epoch: u64, at: usize) -> [u8; 32] {
        kdf::sha256(&[&epoch.to_be_bytes()[..], &[at as u8]].concat())
    }

    /// Asks for the lists of these epochs; `false` stands for a list that nobody logged.
    fn ask(log: Log, lists: &[(u64, bool)], with_hints: bool) -> Vec<bool> {
        let api = Api::new(log);
        let watch = LogWatch::new(&api, signer().key().clone(), Circuit(0));
        let mut view = watch.advance(None).now_or_never().unwrap().unwrap();
        let mut asked = Lists::new(&watch, &mut view);
        let answer = |(epoch, honest): &(u64, bool)| {
            let tags = if *honest { tags(*epoch) } else { [9; 32] };
            let hints = hints(*epoch);
            asked.holds(*epoch, &tags, with_hints.then_some(&hints)).now_or_never().unwrap().unwrap()
        };
        lists.iter().map(answer).collect()
    }

    #[test]
    fn logged_lists_are_found_and_others_are_not() {
        let sizes = [16, 18, 16, 320, 16];
        for with_hints in [false, true] {
            let all: Vec<(u64, bool)> = (1..=5).rev().map(|epoch| (epoch, true)).collect();
            assert_eq!(ask(log(&sizes, plain), &all, with_hints), [true; 5]);
            // One false list hides none of the others, wherever it stands.
            for lie in 1..=5u64 {
                let some: Vec<(u64, bool)> = (1..=5).rev().map(|epoch| (epoch, epoch != lie)).collect();
                let told: Vec<bool> = some.iter().map(|(_, honest)| *honest).collect();
                assert_eq!(ask(log(&sizes, plain), &some, with_hints), told, "{lie}");
            }
        }
        assert_eq!(ask(log(&sizes, plain), &[(6, true)], true), [false], "closed, and not in the log yet");
        assert_eq!(ask(log(&[16], plain), &[(1, false)], true), [false]);
    }

    #[test]
    fn hints_must_be_the_logged_ones_too() {
        let api = Api::new(log(&[16, 16], plain));
        let watch = LogWatch::new(&api, signer().key().clone(), Circuit(0));
        let mut view = watch.advance(None).now_or_never().unwrap().unwrap();
        let mut lists = Lists::new(&watch, &mut view);
        let mut holds =
            |epoch, hints: [u8; 32]| lists.holds(epoch, &tags(epoch), Some(&hints)).now_or_never().unwrap().unwrap();
        assert!(!holds(2, hints(1)));
        assert!(!holds(1, hints(2)));
    }

    /// A server that logs a second list of an epoch among the fillers, for a reader whom it shows that one.
    #[test]
    fn there_is_one_list_for_each_epoch() {
        for size in [16, 18, 20] {
            let second = |epoch, at| match (epoch, at) {
                (2, 8) => list_leaves(size, &[9; 32], &hints(2))[0],
                (2, 9) => list_leaves(size, &[9; 32], &hints(2))[1],
                _ => plain(epoch, at),
            };
            let sizes = [16, 18, 16];
            assert_eq!(ask(log(&sizes, second), &[(3, true), (2, false), (1, true)], true), [true, false, true]);
        }
    }

    /// Seventeen days of epochs: whoever comes back after so long asks for sixteen bundles at once.
    #[test]
    fn a_long_absence_is_read_in_stretches() {
        let log = log(&[16; 5_000], plain);
        let api = Api::new(&log);
        let watch = LogWatch::new(&api, signer().key().clone(), Circuit(0));
        let mut view = watch.advance(None).now_or_never().unwrap().unwrap();
        let mut lists = Lists::new(&watch, &mut view);
        for epoch in (1..=5_000).rev() {
            assert!(lists.holds(epoch, &tags(epoch), None).now_or_never().unwrap().unwrap(), "{epoch}");
        }
        assert!(log.2.get() < 60, "313 bundles in {} requests", log.2.get());
    }

    #[test]
    fn a_false_bundle_is_no_answer() {
        let mut log = log(&[16, 16], plain);
        log.1[20] = [7; 32];
        let api = Api::new(log);
        let watch = LogWatch::new(&api, signer().key().clone(), Circuit(0));
        let mut view = watch.advance(None).now_or_never().unwrap().unwrap();
        let mut lists = Lists::new(&watch, &mut view);
        let found = lists.holds(2, &tags(2), None).now_or_never().unwrap();
        assert!(
            matches!(found, Err(LogFinding::Proof(_))),
            "every leaf of a bundle is checked, not the wanted one alone"
        );
    }

    #[test]
    fn an_old_list_is_found_from_where_it_was_missed() {
        let api = Api::new(log(&[16; 60], plain));
        let watch = LogWatch::new(&api, signer().key().clone(), Circuit(0));
        let mut view = watch.advance(None).now_or_never().unwrap().unwrap();
        let mut lists = Lists::new(&watch, &mut view);
        assert!(lists.holds(60, &tags(60), None).now_or_never().unwrap().unwrap());
        assert!(!lists.holds(59, &[9; 32], None).now_or_never().unwrap().unwrap());
        let missed = lists.unproven(59);
        assert!(lists.holds(58, &tags(58), None).now_or_never().unwrap().unwrap());
        lists.seek(&missed);
        assert!(lists.holds(59, &tags(59), None).now_or_never().unwrap().unwrap());
        assert_eq!(finding(&[missed]), Some(LogFinding::ListNotLogged { first: 59, count: 1 }));
        assert_eq!(finding(&[]), None);
    }
}
