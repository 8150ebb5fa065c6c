//! Something that runs out, such as memory for bodies, shared among connections.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use super::{
    circuit::Circuit,
    connection::{Connection, Goodbye, slowness},
};
use crate::lock::locked;

/// Nobody is sent away who has had a share for less than this, unless its circuit holds more than the one that asks.
const GRACE: Duration = Duration::from_secs(2);

/// A limited stock of units.
#[derive(Debug)]
pub(crate) struct Pool {
    limit: usize,
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    used: usize,
    next: u64,
    holders: BTreeMap<u64, Holder>,
}

#[derive(Debug)]
struct Holder {
    connection: Arc<Connection>,
    units: usize,
    since: Instant,
    moved: u64,
}

impl Holder {
    /// Milliseconds for each KiB that went either way since it has a share.
    fn slowness(&self, now: Instant) -> u64 {
        slowness(now.saturating_duration_since(self.since), self.connection.moved().saturating_sub(self.moved))
    }
}

impl Pool {
    /// A pool of so many units.
    pub(super) fn new(limit: usize) -> Arc<Self> {
        Arc::new(Self { limit, held: Mutex::default() })
    }

    /// An empty share.
    pub(super) fn share(pool: &Arc<Self>, connection: &Arc<Connection>) -> Share {
        let mut held = locked(&pool.held);
        held.next += 1;
        let id = held.next;
        let (since, moved) = (Instant::now(), connection.moved());
        held.holders.insert(id, Holder { connection: Arc::clone(connection), units: 0, since, moved });
        drop(held);
        Share { pool: Arc::clone(pool), id }
    }
}

/// What one request holds of a pool, given back when dropped.
#[derive(Debug)]
pub(crate) struct Share {
    pool: Arc<Pool>,
    id: u64,
}

impl Share {
    /// Holds `units` in all from now on, and sends others away for it, if they do less with theirs. False if there is
    /// no room, or somebody else was given this share.
    #[must_use]
    pub(crate) fn hold(&self, units: usize) -> bool {
        let mut held = locked(&self.pool.held);
        let Some(own) = held.holders.get(&self.id) else { return false };
        let more = units.saturating_sub(own.units);
        let circuit = own.connection.circuit();
        if more > 0 && held.used.saturating_add(more) > self.pool.limit {
            // A little more than is asked for: each look costs as much as there are holders.
            let target = self.pool.limit.saturating_sub(more.max(self.pool.limit / 64));
            held.make_room(self.id, circuit, target, Instant::now());
        }
        if held.used.saturating_add(more) > self.pool.limit {
            return false;
        }
        held.used = held.used.saturating_add(more);
        if let Some(own) = held.holders.get_mut(&self.id) {
            own.units = own.units.saturating_add(more);
        }
        true
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        locked(&self.pool.held).release(self.id);
    }
}

impl Held {
    fn release(&mut self, id: u64) -> Option<Holder> {
        let holder = self.holders.remove(&id)?;
        self.used = self.used.saturating_sub(holder.units);
        Some(holder)
    }

    /// Sends holders away until no more than `target` units are used, or everybody who is left deserves its share.
    fn make_room(&mut self, asker: u64, circuit: Option<Circuit>, target: usize, now: Instant) {
        while self.used > target {
            let Some(victim) = self.victim(asker, circuit, now) else { return };
            if let Some(holder) = self.release(victim) {
                holder.connection.send_away(Goodbye::Silent, now);
            }
        }
    }

    /// The slowest holder of the circuit that holds the most.
    fn victim(&self, asker: u64, circuit: Option<Circuit>, now: Instant) -> Option<u64> {
        let mut totals: BTreeMap<Option<Circuit>, usize> = BTreeMap::new();
        for holder in self.holders.values() {
            let total = totals.entry(holder.connection.circuit()).or_default();
            *total = total.saturating_add(holder.units);
        }
        let own = totals.get(&circuit).copied().unwrap_or_default();
        let (most, total) = totals.into_iter().max_by_key(|(_, total)| *total)?;
        let greedy = most != circuit && total / 2 > own;
        self.holders
            .iter()
            .filter(|(id, h)| **id != asker && h.units > 0 && h.connection.circuit() == most)
            .filter(|(_, h)| greedy || now.saturating_duration_since(h.since) >= GRACE)
            .max_by_key(|(_, h)| h.slowness(now))
            .map(|(id, _)| *id)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::{super::circuit::numbered, *};

    fn on(circuit: Option<u16>) -> Arc<Connection> {
        Connection::new(circuit.map(numbered), Instant::now())
    }

    fn age(pool: &Pool, by: Duration) {
        for holder in locked(&pool.held).holders.values_mut() {
            holder.since = holder.since.checked_sub(by).unwrap();
        }
    }

    #[test]
    fn what_arrives_is_charged_and_given_back() {
        let pool = Pool::new(100);
        let (a, b) = (on(None), on(None));
        let first = Pool::share(&pool, &a);
        assert!(first.hold(60) && first.hold(60));
        let second = Pool::share(&pool, &b);
        assert!(second.hold(40) && !second.hold(41), "nobody is sent away who has just come");
        drop(first);
        assert!(second.hold(100));
        drop(second);
        assert_eq!(locked(&pool.held).used, 0);
    }

    #[test]
    fn the_slowest_makes_room() {
        let pool = Pool::new(100);
        let (slow, fast, new) = (on(None), on(None), on(None));
        let (s, f) = (Pool::share(&pool, &slow), Pool::share(&pool, &fast));
        assert!(s.hold(50) && f.hold(50));
        age(&pool, Duration::from_secs(10));
        slow.arrived(b"x", Instant::now());
        fast.arrived(&[0; 5000], Instant::now());
        let n = Pool::share(&pool, &new);
        assert!(n.hold(50));
        assert!(slow.is_sent_away() && !fast.is_sent_away());
        assert!(!s.hold(51), "its share is somebody else's");
        drop(s);
        assert_eq!(locked(&pool.held).used, 100);
    }

    #[test]
    fn a_circuit_that_holds_much_makes_room_for_one_that_holds_little() {
        let pool = Pool::new(100);
        let greedy: Vec<_> = (0..10).map(|_| on(Some(1))).collect();
        let shares: Vec<_> = greedy.iter().map(|c| Pool::share(&pool, c)).collect();
        assert!(shares.iter().all(|s| s.hold(10)));
        let honest = on(Some(2));
        let share = Pool::share(&pool, &honest);
        assert!((1..=3).all(|n| share.hold(n * 10)));
        assert!(!honest.is_sent_away());
        let again = Pool::share(&pool, greedy.first().unwrap());
        assert!(!again.hold(90), "a circuit takes nothing from one that holds less");
        assert!(!honest.is_sent_away());
    }
}
