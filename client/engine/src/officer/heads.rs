//! Whether this officer is shown the journals that colleagues are shown: their heads stand in the log, and colleagues
//! write which ones they have seen.
//!
//! Spec: `docs/spec/journal-heads.md`. Nothing here stops anybody's work: what does not fit is told at each visit, for
//! a server and a colleague with a false program look alike from here.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use subrosa_casework::{
    bytes::Digest,
    heads::{Half, halves, label, mark},
    journal::CaseKey,
};
use subrosa_crypto::{
    sign::HolderId,
    wire::{JournalHead, JournalId},
};

use crate::{
    log_watch::{LogFinding, LogView, LogWatch},
    transport::Transport,
};

/// How many entries behind the last that is shown are looked for in the log.
const AHEAD: u64 = 64;
/// Visits within which a server must have shown what a colleague has read.
const VISITS: u32 = 3;
/// New leaves that one visit compares, at most: 16 MiB. So many come in about four months of nothing but padding.
const LEAVES_MAX: u64 = 1 << 19;

/// Leaves that are new in the log, checked against its signed root, by their first half.
#[derive(Debug)]
pub(crate) struct Leaves {
    from: u64,
    to: u64,
    /// The newest epoch whose leaves are all here, or came before.
    closed: u64,
    marks: HashMap<Half, Vec<Half>>,
}

impl Leaves {
    /// Nothing new in a log of this size.
    pub(super) fn none(size: u64) -> Self {
        Self { from: size, to: size, closed: 0, marks: HashMap::new() }
    }

    /// Fetches the leaves from number `from` on.
    pub(super) async fn fetch<T: Transport>(
        watch: &LogWatch<'_, T>,
        mut view: LogView,
        from: u64,
        closed: u64,
    ) -> Result<Self, LogFinding> {
        let to = view.size();
        let from = from.min(to).max(to.saturating_sub(LEAVES_MAX));
        let leaves = if from == to { Vec::new() } else { watch.leaves_from(&mut view, from).await? };
        let mut marks: HashMap<Half, Vec<Half>> = HashMap::new();
        for (label, mark) in leaves.iter().map(halves) {
            marks.entry(label).or_default().push(mark);
        }
        Ok(Self { from, to, closed, marks })
    }

    fn of(&self, label: &Half) -> &[Half] {
        self.marks.get(label).map_or(&[], Vec::as_slice)
    }
}

/// What a journal's chain is after one of its entries.
#[derive(Clone, Copy, Debug)]
pub(super) struct HeadAfter {
    /// The generation of the key under which the entry is sealed; `None` if it does not say.
    pub(super) generation: Option<u32>,
    /// The head after it.
    pub(super) head: JournalHead,
}

/// A journal as the server shows it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shown<'s> {
    /// The journal's name.
    pub(super) journal: JournalId,
    /// Its keys at hand.
    pub(super) keys: &'s [CaseKey],
    /// The head after each entry, from the first one on.
    pub(super) heads: &'s [HeadAfter],
}

impl Shown<'_> {
    fn len(&self) -> u64 {
        self.heads.len() as u64
    }

    fn head_after(&self, seq: u64) -> Option<JournalHead> {
        match seq {
            0 => Some(JournalHead::EMPTY),
            n => self.heads.get(usize::try_from(n - 1).ok()?).map(|h| h.head),
        }
    }

    /// Both halves of the leaf for an entry that is shown.
    fn halves(&self, seq: u64) -> Option<(Half, Half)> {
        let after = self.heads.get(usize::try_from(seq).ok()?)?;
        let key = self.keys.iter().find(|k| Some(k.generation) == after.generation)?;
        Some((label(&self.journal, key, seq), mark(&self.journal, key, seq, &after.head)))
    }

    /// The first half for an entry that is not shown, under the newest key.
    fn label_ahead(&self, seq: u64) -> Option<Half> {
        let key = self.keys.iter().max_by_key(|k| k.generation)?;
        Some(label(&self.journal, key, seq))
    }
}

/// What does not fit in what this officer is shown of a case. `seq` is an entry's number, as people see it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Doubt {
    /// The log holds another head for an entry than the one that is shown.
    OtherHead {
        /// The entry, by its number.
        seq: u64,
    },
    /// The log says that there is an entry, and the server does not show it.
    Hidden {
        /// The first such entry.
        seq: u64,
    },
    /// An entry is shown, and its head is not in the log although the epoch is closed.
    NotLogged {
        /// The entry, by its number.
        seq: u64,
    },
    /// A colleague was shown another journal.
    Split {
        /// How many entries the colleague had read.
        seq: u64,
        /// Which colleague it is.
        by: HolderId,
    },
    /// A colleague has read entries that are not shown here, visit after visit.
    Behind {
        /// How many entries the colleague had read.
        seq: u64,
        /// Which colleague it is.
        by: HolderId,
    },
}

/// How far a colleague has read, by the colleague's own signed letter.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Claim {
    by: HolderId,
    /// When the letter was written, by its writer's clock.
    at: u64,
    seq: u64,
    head: Digest,
    /// Visits since then that did not come so far.
    visits: u32,
    /// The size of the log at the last of them.
    counted: u64,
}

/// What a desk keeps of a journal's heads.
#[derive(Clone, Default, Serialize, Deserialize)]
pub(super) struct HeadWatch {
    /// The size of the log up to which its leaves were compared; `None` before the first time.
    compared: Option<u64>,
    /// Entries in front of this one were awaited in the log, or found there.
    known: u64,
    /// Entries whose head must be in the log once an epoch is closed: entry, epoch.
    due: Vec<(u64, u64)>,
    /// Entries whose leaf was there before they were shown.
    early: Vec<u64>,
    claims: Vec<Claim>,
    doubts: Vec<Doubt>,
}

impl HeadWatch {
    /// Up to which size of the log its leaves were compared.
    pub(super) fn compared(&self) -> Option<u64> {
        self.compared
    }

    /// What does not fit.
    pub(super) fn doubts(&self) -> &[Doubt] {
        &self.doubts
    }

    /// Keeps how far a colleague has read. A newer letter takes an older one's place and does not begin its count anew.
    pub(super) fn claim(&mut self, by: HolderId, at: u64, seq: u64, head: Digest) {
        match self.claims.iter_mut().find(|c| c.by == by) {
            Some(claim) if claim.at <= at => (claim.at, claim.seq, claim.head) = (at, seq, head),
            Some(_) => {}
            None => self.claims.push(Claim { by, at, seq, head, visits: 0, counted: 0 }),
        }
    }

    /// Of a journal that is not begun yet: all that is written into it from here on is compared.
    pub(super) fn begin(&mut self, leaves: Option<&Leaves>) {
        self.compared = self.compared.or(leaves.map(|l| l.to));
    }

    /// Whether entries are shown that were not awaited in the log yet, and will be compared.
    pub(super) fn has_new(&self, shown: &Shown<'_>, leaves: Option<&Leaves>) -> bool {
        leaves.is_some() && self.compared.is_some() && shown.len() > self.known
    }

    /// Awaits the heads of entries that are shown for the first time, once the epoch `open` is closed.
    pub(super) fn await_new(&mut self, shown: &Shown<'_>, open: u64) {
        for seq in self.known..shown.len() {
            if !self.early.contains(&seq) && shown.halves(seq).is_some() {
                self.due.push((seq, open));
            }
        }
        self.known = shown.len();
    }

    /// Compares what is shown with what colleagues have seen, and with the leaves that are new in the log. The first
    /// time there is nothing to compare with: what stands in the log by then is not searched for its past.
    pub(super) fn compare(&mut self, shown: &Shown<'_>, leaves: Option<&Leaves>) {
        let len = shown.len();
        // What was hidden or behind, and is shown now.
        self.doubts.retain(|d| match d {
            Doubt::Hidden { seq } => *seq >= len,
            Doubt::Behind { seq, .. } => *seq > len,
            _ => true,
        });
        self.compare_claims(shown, leaves);
        let Some(leaves) = leaves else { return };
        match self.compared {
            None => self.known = len,
            Some(upto) => {
                if leaves.from > upto {
                    // Too long ago: what came in between was not fetched.
                    self.due.clear();
                }
                self.compare_leaves(shown, leaves);
            }
        }
        self.compared = Some(leaves.to.max(self.compared.unwrap_or(0)));
    }

    fn compare_claims(&mut self, shown: &Shown<'_>, leaves: Option<&Leaves>) {
        let mut found = Vec::new();
        self.claims.retain_mut(|c| match shown.head_after(c.seq) {
            Some(head) => {
                if head.0 != c.head.0 {
                    found.push(Doubt::Split { seq: c.seq, by: c.by });
                }
                false
            }
            None => {
                if let Some(leaves) = leaves.filter(|l| l.to > c.counted) {
                    c.visits = c.visits.saturating_add(1);
                    c.counted = leaves.to;
                }
                if c.visits >= VISITS {
                    found.push(Doubt::Behind { seq: c.seq, by: c.by });
                }
                true
            }
        });
        found.into_iter().for_each(|d| self.doubt(d));
    }

    fn compare_leaves(&mut self, shown: &Shown<'_>, leaves: &Leaves) {
        for seq in 0..shown.len() {
            let Some((label, own)) = shown.halves(seq) else { continue };
            let marks = leaves.of(&label);
            if marks.contains(&own) {
                self.due.retain(|(due, _)| *due != seq);
            }
            if marks.iter().any(|mark| *mark != own) {
                self.doubt(Doubt::OtherHead { seq });
            }
        }
        let missing = |(seq, epoch): &(u64, u64)| (*epoch <= leaves.closed).then_some(*seq);
        for seq in self.due.iter().filter_map(missing).collect::<Vec<_>>() {
            self.due.retain(|(due, _)| *due != seq);
            self.doubt(Doubt::NotLogged { seq });
        }
        // Whoever is shown less than others: what the log promises to those who hold the key must be there.
        let ahead = (shown.len()..shown.len().saturating_add(AHEAD))
            .filter(|seq| shown.label_ahead(*seq).is_some_and(|label| !leaves.of(&label).is_empty()));
        let ahead: Vec<u64> = ahead.collect();
        if let Some(seq) = ahead.first() {
            self.doubt(Doubt::Hidden { seq: *seq });
        }
        self.early.retain(|seq| *seq >= shown.len() && !ahead.contains(seq));
        self.early.extend(ahead);
    }

    fn doubt(&mut self, doubt: Doubt) {
        if !self.doubts.contains(&doubt) {
            self.doubts.push(doubt);
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]
    use subrosa_casework::heads::leaf;
    use subrosa_crypto::secret::Secret32;

    use super::*;

    const JOURNAL: JournalId = JournalId([7; 32]);
    const BOB: HolderId = HolderId([2; 16]);
    const NONE: [Doubt; 0] = [];

    fn key(generation: u32) -> CaseKey {
        CaseKey { generation, key: Secret32::new([generation as u8 + 1; 32]) }
    }

    /// A journal whose entries are these bytes, all under generation 1.
    fn heads(entries: &[u8]) -> Vec<HeadAfter> {
        let mut head = JournalHead::EMPTY;
        let after = |e: &u8| {
            head = head.after(&[*e]);
            HeadAfter { generation: Some(1), head }
        };
        entries.iter().map(after).collect()
    }

    fn leaf_of(entries: &[u8], seq: u64) -> [u8; 32] {
        leaf(&JOURNAL, &key(1), seq, &heads(entries)[seq as usize].head)
    }

    fn new(from: u64, closed: u64, leaves: &[[u8; 32]]) -> Leaves {
        let mut marks: HashMap<Half, Vec<Half>> = HashMap::new();
        for (label, mark) in leaves.iter().map(halves) {
            marks.entry(label).or_default().push(mark);
        }
        Leaves { from, to: from + 100, closed, marks }
    }

    /// A visit that reads these entries while `closed + 1` is open.
    fn visit(watch: &mut HeadWatch, entries: &[u8], leaves: &Leaves) -> Vec<Doubt> {
        let (keys, heads) = ([key(0), key(1)], heads(entries));
        let shown = Shown { journal: JOURNAL, keys: &keys, heads: &heads };
        if watch.has_new(&shown, Some(leaves)) {
            watch.await_new(&shown, leaves.closed + 1);
        }
        watch.compare(&shown, Some(leaves));
        watch.doubts().to_vec()
    }

    #[test]
    fn what_is_logged_in_time_is_no_reason_for_doubt() {
        let mut watch = HeadWatch::default();
        assert_eq!(visit(&mut watch, &[1, 2], &new(0, 5, &[])), NONE, "what stood before is not looked for");
        assert_eq!(visit(&mut watch, &[1, 2, 3], &new(100, 6, &[])), NONE, "its epoch is open");
        let logged = leaf_of(&[1, 2, 3], 2);
        assert_eq!(visit(&mut watch, &[1, 2, 3], &new(200, 7, &[logged, [9; 32]])), NONE);
        let next = leaf_of(&[1, 2, 3, 4], 3);
        assert_eq!(visit(&mut watch, &[1, 2, 3, 4], &new(300, 8, &[next])), NONE, "shown and logged since");
        assert_eq!(visit(&mut watch, &[1, 2, 3, 4], &new(400, 20, &[])), NONE);
    }

    #[test]
    fn a_second_head_is_found_whichever_came_first() {
        let mut watch = HeadWatch::default();
        visit(&mut watch, &[1], &new(0, 5, &[]));
        let (own, other) = (leaf_of(&[1, 2], 1), leaf_of(&[1, 3], 1));
        assert_eq!(visit(&mut watch, &[1, 2], &new(100, 6, &[own])), NONE);
        assert_eq!(visit(&mut watch, &[1, 2], &new(200, 9, &[other])), [Doubt::OtherHead { seq: 1 }]);
        // Told as long as the case is there.
        assert_eq!(visit(&mut watch, &[1, 2], &new(300, 10, &[])), [Doubt::OtherHead { seq: 1 }]);
    }

    #[test]
    fn what_is_not_logged_and_what_is_not_shown_are_told() {
        let mut watch = HeadWatch::default();
        visit(&mut watch, &[1], &new(0, 5, &[]));
        assert_eq!(visit(&mut watch, &[1, 2], &new(100, 6, &[])), NONE);
        assert_eq!(visit(&mut watch, &[1, 2], &new(200, 7, &[])), [Doubt::NotLogged { seq: 1 }]);

        let mut watch = HeadWatch::default();
        visit(&mut watch, &[1], &new(0, 5, &[]));
        let hidden = leaf_of(&[1, 2], 1);
        assert_eq!(visit(&mut watch, &[1], &new(100, 6, &[hidden])), [Doubt::Hidden { seq: 1 }]);
        assert_eq!(visit(&mut watch, &[1], &new(200, 7, &[])), [Doubt::Hidden { seq: 1 }], "still");
        assert_eq!(visit(&mut watch, &[1, 2], &new(300, 8, &[])), NONE, "shown at last");
        assert_eq!(visit(&mut watch, &[1, 2], &new(400, 30, &[])), NONE, "its leaf came before");
    }

    #[test]
    fn what_a_colleague_has_seen_must_be_the_same_or_come() {
        let mut watch = HeadWatch::default();
        visit(&mut watch, &[1], &new(0, 5, &[]));
        let head = |entries: &[u8]| Digest(heads(entries)[entries.len() - 1].head.0);
        watch.claim(BOB, 10, 1, head(&[1]));
        assert_eq!(visit(&mut watch, &[1], &new(100, 6, &[])), NONE);
        watch.claim(BOB, 11, 2, head(&[1, 2]));
        watch.claim(BOB, 10, 1, head(&[9]));
        for visits in 1..VISITS {
            assert_eq!(visit(&mut watch, &[1], &new(100 + u64::from(visits) * 100, 7, &[])), NONE);
        }
        // The same size of the log is the same visit.
        assert_eq!(visit(&mut watch, &[1], &new(u64::from(VISITS - 1) * 100 + 100, 7, &[])), NONE);
        let behind = Doubt::Behind { seq: 2, by: BOB };
        assert_eq!(visit(&mut watch, &[1], &new(1_000, 8, &[])), [behind]);
        // What it comes to be is another journal than the colleague's.
        let split = Doubt::Split { seq: 2, by: BOB };
        let leaves = new(1_100, 9, &[leaf_of(&[1, 3], 1)]);
        assert_eq!(visit(&mut watch, &[1, 3], &leaves), [split]);
    }
}
