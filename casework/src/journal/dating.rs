//! When an entry happened: its author's date, held between what other entries and the reader's clock allow.
//!
//! Spec: `docs/spec/case.md`, section "Times".

use std::collections::BTreeMap;

use subrosa_crypto::sign::HolderId;

use super::{FUTURE_MAX, Replay, SignedEvent};

/// How far two clocks may be apart without either being taken for wrong: seconds.
pub const SKEW: u64 = 15 * 60;
/// By how many epochs an author may name an older one than the newest that was closed.
const BEHIND: i128 = 2;

/// What a writer knows of the time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Moment {
    /// The writer's clock: Unix seconds.
    pub now: u64,
    /// The newest closed epoch that the writer knows of; 0 if none.
    pub closed: u64,
}

impl From<u64> for Moment {
    /// Of somebody who knows of no closed epoch.
    fn from(now: u64) -> Self {
        Self { now, closed: 0 }
    }
}

/// When epochs can have closed at the earliest, as the entries so far say. No epoch is shorter than the charter says,
/// on the average of any stretch; a server that was down makes them longer. Two people must agree: one alone, who names
/// an old epoch, would make every newer one seem late.
#[derive(Clone, Debug, Default)]
pub(super) struct EpochClock {
    /// By author, when epoch 0 would have closed, had no epoch been longer than it should be: the latest that follows
    /// from one of their entries. It may lie before 1970.
    zero: BTreeMap<HolderId, i128>,
    /// The length of an epoch: seconds.
    seconds: i128,
}

impl EpochClock {
    /// Takes in an entry that counts: by whom, when it happened, which epoch it names.
    pub(super) fn saw(&mut self, author: HolderId, at: u64, closed: u64, epoch_seconds: u32) {
        self.seconds = i128::from(epoch_seconds.max(1));
        if closed == 0 {
            return;
        }
        let zero = i128::from(at) - i128::from(closed) * self.seconds;
        let latest = self.zero.entry(author).or_insert(zero);
        *latest = zero.max(*latest);
    }

    /// The second latest of what the authors say.
    fn zero(&self) -> Option<i128> {
        let mut all: Vec<i128> = self.zero.values().copied().collect();
        all.sort_unstable();
        all.into_iter().rev().nth(1)
    }

    /// When an entry that names this epoch as closed can have been written at the earliest; 0 if nothing is known.
    fn earliest(&self, closed: u64) -> u64 {
        match self.zero() {
            Some(zero) if closed > 0 => {
                let at = zero + (i128::from(closed) - BEHIND) * self.seconds;
                u64::try_from(at.max(0)).unwrap_or(u64::MAX)
            }
            _ => 0,
        }
    }

    /// The newest epoch that can be closed at `now`.
    pub(super) fn newest_by(&self, now: u64) -> u64 {
        let Some(zero) = self.zero() else { return u64::MAX };
        let epochs = (i128::from(now) - zero).div_euclid(self.seconds) + BEHIND;
        u64::try_from(epochs.max(0)).unwrap_or(u64::MAX)
    }
}

impl Replay {
    /// Of each of [`Replay::events`], when the case takes it to have happened: Unix seconds. Rules about time look at
    /// this.
    pub fn times(&self) -> &[u64] {
        &self.times
    }

    /// The date that an entry bears, if it is not the time at which the entry can have happened: more than [`SKEW`]
    /// earlier or later.
    pub fn odd_date(&self, seq: u64) -> Option<u64> {
        let (event, at) = self.events.iter().zip(&self.times).find(|(e, _)| e.author.seq == seq)?;
        (event.author.at.abs_diff(*at) > SKEW).then_some(event.author.at)
    }

    /// When the next entry happened: its author's date, but neither before the epoch that it names can have closed, nor
    /// after the reader's clock or what a later entry has shown, nor before the entry in front of it.
    pub(super) fn time_of(&self, signed: &SignedEvent, now: u64) -> u64 {
        let mut at = self.stated_by(signed).min(self.cap(signed));
        if !self.slow && at > now.saturating_add(SKEW) {
            at = now;
        }
        at.max(self.case.last_at())
    }

    /// When an entry says that it happened: its date, but not before the epoch that it names can have closed.
    pub(super) fn stated_by(&self, signed: &SignedEvent) -> u64 {
        signed.author.at.max(self.clock.earliest(signed.closed))
    }

    /// Whether this entry and one of somebody else are dated after the reader's clock.
    pub(super) fn shows_slow(&self, next: &SignedEvent, now: u64) -> bool {
        let soon = now.saturating_add(SKEW)..=now.saturating_add(FUTURE_MAX);
        let ahead = |e: &SignedEvent| soon.contains(&e.author.at.min(self.cap(e)));
        ahead(next) && self.events.iter().any(|e| e.author.holder != next.author.holder && ahead(e))
    }

    /// By place, the latest time of those entries which the author of `next` has seen and which say that they are
    /// later: they happened before `next` did. They must be of one other person; where two agree, it is `next` that is
    /// dated early.
    pub(super) fn ahead_of(&self, next: &SignedEvent) -> BTreeMap<u64, u64> {
        let said = self.stated_by(next);
        let counted = self.events.iter().zip(&self.stated);
        let late = |(e, stated): (&SignedEvent, &u64)| self.cap(e).min(*stated) > said.saturating_add(SKEW);
        let ahead = counted.filter(|c| late(*c) && c.0.author.holder != next.author.holder).map(|(e, _)| &e.author);
        let ahead: Vec<_> = ahead.collect();
        match ahead.first() {
            Some(first) if ahead.iter().all(|a| a.holder == first.holder) => {
                ahead.into_iter().map(|a| (a.seq, said)).collect()
            }
            _ => BTreeMap::new(),
        }
    }

    /// The latest time of an entry, as later ones have shown.
    fn cap(&self, signed: &SignedEvent) -> u64 {
        self.caps.get(&signed.author.seq).copied().unwrap_or(u64::MAX)
    }
}
