//! All connections of a listener: who comes in when every slot is taken, and who must go.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Instant,
};

use super::{
    circuit::Circuit,
    connection::{Connection, Goodbye, Rules},
};
use crate::lock::locked;

/// A circuit has at most one slot in so many, but never fewer than [`FEWEST`].
const SHARE: usize = 64;
const FEWEST: usize = 16;

/// Everybody who is inside.
#[derive(Debug)]
pub(super) struct Slots {
    count: usize,
    each: usize,
    inside: Mutex<Inside>,
}

#[derive(Debug, Default)]
struct Inside {
    next: u64,
    members: BTreeMap<u64, Arc<Connection>>,
    circuits: BTreeMap<Circuit, usize>,
}

/// A slot inside, given back when dropped.
#[derive(Debug)]
pub(super) struct Slot {
    slots: Arc<Slots>,
    id: u64,
}

impl Drop for Slot {
    fn drop(&mut self) {
        locked(&self.slots.inside).remove(self.id);
    }
}

impl Inside {
    fn remove(&mut self, id: u64) {
        let Some(circuit) = self.members.remove(&id).and_then(|c| c.circuit()) else { return };
        if let Some(count) = self.circuits.get_mut(&circuit) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                self.circuits.remove(&circuit);
            }
        }
    }

    /// Sends away those `of` whom do the least, so many of them.
    fn thin(&mut self, count: usize, now: Instant, of: impl Fn(&Connection) -> bool) {
        let mut idlest: Vec<((u8, u64), u64)> =
            self.members.iter().filter(|(_, c)| of(c)).map(|(id, c)| (c.idleness(now), *id)).collect();
        idlest.sort_unstable_by(|a, b| b.cmp(a));
        for (_, id) in idlest.into_iter().take(count) {
            if let Some(member) = self.members.get(&id) {
                member.send_away(Goodbye::Silent, now);
            }
            self.remove(id);
        }
    }
}

impl Slots {
    /// So many slots, all free.
    pub(super) fn new(count: usize) -> Self {
        Self { count, each: (count / SHARE).max(FEWEST), inside: Mutex::default() }
    }

    /// Lets somebody in. Of a circuit that has too many inside, the idlest goes; if every slot is taken, a few go at a
    /// time, because each look costs as much as there are people.
    pub(super) fn admit(slots: &Arc<Self>, connection: &Arc<Connection>) -> Slot {
        let mut inside = locked(&slots.inside);
        if let Some(circuit) = connection.circuit() {
            let count = inside.circuits.entry(circuit).or_default();
            *count += 1;
            if *count > slots.each {
                inside.thin(1, Instant::now(), |c| c.circuit() == Some(circuit));
            }
        }
        if inside.members.len() >= slots.count {
            let most =
                inside.circuits.iter().max_by_key(|(_, count)| **count).map(|(circuit, count)| (*circuit, *count));
            let count = slots.count / 32 + 1;
            match most {
                // The circuit with the most people inside makes room, unless most came without one.
                Some((circuit, many)) if many > FEWEST => {
                    let count = count.min(many - FEWEST);
                    inside.thin(count, Instant::now(), |c| c.circuit() == Some(circuit));
                }
                _ => inside.thin(count, Instant::now(), |_| true),
            }
        }
        inside.next += 1;
        let id = inside.next;
        inside.members.insert(id, Arc::clone(connection));
        drop(inside);
        Slot { slots: Arc::clone(slots), id }
    }

    /// Sends away whose time is up.
    pub(super) fn sweep(&self, now: Instant, rules: &Rules) {
        let members: Vec<Arc<Connection>> = locked(&self.inside).members.values().cloned().collect();
        for member in members {
            if let Some(goodbye) = member.overdue(now, rules) {
                member.send_away(goodbye, now);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use std::time::Duration;

    use super::{super::circuit::numbered, *};

    #[test]
    fn who_is_idle_makes_room_and_who_works_stays() {
        let slots = Arc::new(Slots::new(64));
        let start = Instant::now().checked_sub(Duration::from_secs(60)).unwrap();
        let working = Connection::new(None, start);
        working.request_begins(false, start);
        let _slot = Slots::admit(&slots, &working);
        let idle: Vec<_> = (0..63).map(|_| Connection::new(None, start)).collect();
        let _held: Vec<_> = idle.iter().map(|c| Slots::admit(&slots, c)).collect();
        for _ in 0..100 {
            let newcomer = Connection::new(None, Instant::now());
            let _gone_again = Slots::admit(&slots, &newcomer);
            assert!(!newcomer.is_sent_away());
        }
        assert!(!working.is_sent_away());
        assert!(idle.iter().any(|c| c.is_sent_away()));
        assert!(locked(&slots.inside).members.len() <= 64);
    }

    #[test]
    fn a_circuit_has_a_share_and_no_more() {
        let slots = Arc::new(Slots::new(64));
        let on = |n| Connection::new(Some(numbered(n)), Instant::now());
        let greedy: Vec<_> = (0..40).map(|_| on(1)).collect();
        let held: Vec<_> = greedy.iter().map(|c| Slots::admit(&slots, c)).collect();
        assert_eq!(greedy.iter().filter(|c| !c.is_sent_away()).count(), FEWEST);
        assert!(!greedy.last().unwrap().is_sent_away());
        let modest = on(2);
        let _slot = Slots::admit(&slots, &modest);
        assert!(!modest.is_sent_away());
        drop(held);
        assert_eq!(locked(&slots.inside).circuits.len(), 1);
    }
}
