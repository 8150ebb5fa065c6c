//! Journals: compare-and-swap, capabilities, purges.

use std::sync::Arc;

use subrosa_crypto::wire::{JournalAppend, JournalHead, JournalPosition};

use super::{
    ground::Ground,
    samples::{START, append, cap_digest, journal_id, noise},
};
use crate::store::{Discarded, JournalOutcome, Store};

/// A journal grows only from the position that its writer knew, and under its current capability.
pub async fn journals_append_by_compare_and_swap<G: Ground>() {
    let ground = G::new();
    let s = ground.open();
    let id = journal_id(1);
    let first = append(id, START, 1, 1, noise(1, 4096));
    let stranger = append(id, START, 2, 2, noise(1, 4096));
    assert_eq!(s.journal_append(stranger.clone()).await.unwrap(), JournalOutcome::Refused);
    assert_eq!(s.journal_read(id, cap_digest(1), 0).await.unwrap(), None);
    let early = append(id, JournalPosition { seq: 1, head: JournalHead([1; 32]) }, 1, 1, noise(1, 4096));
    assert_eq!(s.journal_append(early).await.unwrap(), JournalOutcome::Conflict(START));
    let JournalOutcome::Appended(one) = s.journal_append(first.clone()).await.unwrap() else { panic!("appended") };
    assert_eq!(one, JournalPosition { seq: 1, head: JournalHead::EMPTY.after(&first.entry) });
    assert_eq!(s.journal_append(first.clone()).await.unwrap(), JournalOutcome::Appended(one));
    let late = append(id, START, 1, 1, noise(2, 4096));
    assert_eq!(s.journal_append(late).await.unwrap(), JournalOutcome::Conflict(one));
    // The key turns; the old capability is worth nothing, except to repeat what it did and to read as far as it went.
    let turn = append(id, one, 1, 5, noise(3, 131_072));
    let JournalOutcome::Appended(two) = s.journal_append(turn.clone()).await.unwrap() else { panic!("appended") };
    drop(s);
    let s = ground.open();
    assert_eq!(s.journal_append(append(id, two, 1, 1, noise(4, 4096))).await.unwrap(), JournalOutcome::Refused);
    assert_eq!(s.journal_append(first.clone()).await.unwrap(), JournalOutcome::Appended(one));
    assert_eq!(s.journal_append(turn.clone()).await.unwrap(), JournalOutcome::Appended(two));
    let page = s.journal_read(id, cap_digest(5), 0).await.unwrap().unwrap();
    assert_eq!((page.position, page.from_seq), (two, 0));
    assert_eq!(page.entries, vec![first.entry.clone(), turn.entry.clone()]);
    let after = append(id, two, 5, 5, noise(5, 4096));
    let JournalOutcome::Appended(three) = s.journal_append(after.clone()).await.unwrap() else { panic!("appended") };
    assert_eq!(s.journal_read(id, cap_digest(5), 2).await.unwrap().unwrap().position, three);
    let page = s.journal_read(id, cap_digest(1), 0).await.unwrap().unwrap();
    assert_eq!((page.position, page.from_seq), (two, 0), "what came afterwards does not show, not even that it came");
    assert_eq!(page.entries, vec![first.entry.clone(), turn.entry.clone()]);
    assert!(s.journal_read(id, cap_digest(1), 2).await.unwrap().unwrap().entries.is_empty());
    assert_eq!(s.journal_read(id, cap_digest(9), 0).await.unwrap(), None);
    let page = s.journal_read(id, cap_digest(5), 1).await.unwrap().unwrap();
    assert_eq!(page.entries, vec![turn.entry, after.entry]);
    let page = s.journal_read(id, cap_digest(5), 9).await.unwrap().unwrap();
    assert!(page.entries.is_empty());
}

/// Each append that stands puts its leaf into the open epoch's batch, once; one that does not stand puts none.
pub async fn appends_are_logged<G: Ground>() {
    let ground = G::new();
    let s = ground.open();
    let id = journal_id(1);
    let first = append(id, START, 1, 1, noise(1, 4096));
    let JournalOutcome::Appended(one) = s.journal_append(first.clone()).await.unwrap() else { panic!("appended") };
    s.journal_append(first.clone()).await.unwrap();
    let late = JournalAppend { leaf: [7; 32], ..append(id, START, 1, 1, noise(2, 4096)) };
    assert_eq!(s.journal_append(late).await.unwrap(), JournalOutcome::Conflict(one));
    let other = JournalAppend { leaf: [8; 32], ..first.clone() };
    assert_eq!(s.journal_append(other).await.unwrap(), JournalOutcome::Conflict(one), "another request");
    drop(s);
    let s = ground.open();
    assert_eq!(s.seal_epoch().await.unwrap().leaves, vec![first.leaf]);
}

/// Of many appends to one position, one stands; the others learn where the journal is now.
pub async fn racing_appends_have_one_winner<G: Ground>() {
    let ground = G::new();
    let s = Arc::new(ground.open());
    let id = journal_id(1);
    let mut at = START;
    for round in 0..4u64 {
        let tasks: Vec<_> = (0..16u64)
            .map(|i| {
                let (s, a) = (Arc::clone(&s), append(id, at, 1, 1, noise(round * 100 + i, 4096)));
                tokio::spawn(async move { s.journal_append(a).await.unwrap() })
            })
            .collect();
        let mut outcomes = Vec::new();
        for t in tasks {
            outcomes.push(t.await.unwrap());
        }
        let won: Vec<_> =
            outcomes.iter().filter_map(|o| if let JournalOutcome::Appended(p) = o { Some(*p) } else { None }).collect();
        assert_eq!(won.len(), 1);
        assert_eq!(outcomes.iter().filter(|o| **o == JournalOutcome::Conflict(won[0])).count(), 15);
        at = won[0];
    }
    assert_eq!(s.journal_read(id, cap_digest(1), 0).await.unwrap().unwrap().entries.len(), 4);
}

/// A purged journal cannot be read, written or begun again.
pub async fn a_purged_journal_is_closed_for_ever<G: Ground>() {
    let ground = G::new();
    let s = ground.open();
    let id = journal_id(7);
    let first = append(id, START, 7, 1, noise(1, 8192));
    s.journal_append(first.clone()).await.unwrap();
    assert_eq!(s.journal_read(id, cap_digest(7), 0).await.unwrap().unwrap().entries.len(), 1);
    assert_eq!(
        s.journal_purge(id, cap_digest(7)).await.unwrap(),
        Discarded::Unknown,
        "a replaced capability destroys nothing"
    );
    assert_eq!(s.journal_purge(journal_id(2), cap_digest(2)).await.unwrap(), Discarded::Unknown);
    assert_eq!(s.journal_purge(id, cap_digest(2)).await.unwrap(), Discarded::Unknown);
    assert_eq!(s.journal_purge(id, cap_digest(1)).await.unwrap(), Discarded::Now);
    assert_eq!(s.journal_purge(id, cap_digest(1)).await.unwrap(), Discarded::Before);
    drop(s);
    let s = ground.open();
    for seed in [1, 7] {
        assert_eq!(s.journal_read(id, cap_digest(seed), 0).await.unwrap(), None);
    }
    assert_eq!(s.journal_append(first).await.unwrap(), JournalOutcome::Refused);
}
