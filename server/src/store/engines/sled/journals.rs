//! Verbs for journals.

use subrosa_crypto::{
    kdf,
    wire::{Codec, JournalAppend, JournalHead, JournalId, JournalPosition},
};

use super::{
    body::SealedBody,
    group::Group,
    job::{Step, Stepped},
    rows,
};
use crate::store::{Discarded, JournalOutcome, LeafData, StoreError};

/// Rows that a purge handles in one group.
const PURGE_STEP: usize = 512;

/// An append, digested and encrypted before it waits for the committer.
pub(super) struct PreparedAppend {
    journal: JournalId,
    expected_seq: u64,
    expected_head: JournalHead,
    cap_hash: [u8; 32],
    next_cap_hash: [u8; 32],
    request: [u8; 32],
    head: [u8; 32],
    leaf: LeafData,
    body: SealedBody,
}

impl PreparedAppend {
    /// Encrypts the entry.
    pub(super) fn new(a: &JournalAppend) -> Result<Self, StoreError> {
        let cap_hash = kdf::digest("subrosa/journal-capability/v1", &[&a.capability]);
        let head = a.expected_head.after(&a.entry).0;
        let parts: [&[u8]; 6] = [&a.journal.0, &a.expected_head.0, &cap_hash, &a.next_cap_hash, &a.leaf, &a.entry];
        Ok(Self {
            journal: a.journal,
            expected_seq: a.expected_seq,
            expected_head: a.expected_head,
            cap_hash,
            next_cap_hash: a.next_cap_hash,
            request: kdf::digest("subrosa/store/journal-request/v2", &parts),
            head,
            leaf: a.leaf,
            body: SealedBody::seal(&a.entry)?,
        })
    }
}

/// Appends if the journal stands where the writer saw it.
pub(super) fn journal_append(group: &mut Group<'_>, a: &PreparedAppend) -> Stepped<JournalOutcome> {
    let key = rows::journal(a.journal);
    let standing = match group.row::<rows::Journal>(&key)? {
        Some(j) => j,
        // Only who knows the preimage of a journal's id begins it.
        None => rows::Journal { alive: true, seq: 0, head: JournalHead::EMPTY.0, cap_hash: a.journal.0 },
    };
    if !standing.alive {
        return Ok(Step::Done(JournalOutcome::Refused));
    }
    if a.expected_seq < standing.seq {
        let there = group.row::<rows::JournalEntry>(&rows::journal_entry(a.journal, a.expected_seq))?;
        if let Some(entry) = there.filter(|e| e.request == a.request) {
            let position = JournalPosition { seq: a.expected_seq + 1, head: JournalHead(entry.head) };
            return Ok(Step::Done(JournalOutcome::Appended(position)));
        }
    }
    if a.cap_hash != standing.cap_hash {
        return Ok(Step::Done(JournalOutcome::Refused));
    }
    if a.expected_seq != standing.seq || a.expected_head.0 != standing.head {
        let position = JournalPosition { seq: standing.seq, head: JournalHead(standing.head) };
        return Ok(Step::Done(JournalOutcome::Conflict(position)));
    }
    if let Err(full) = group.check_room(a.body.slot_bytes()) {
        return Ok(Step::Refused(full));
    }
    let body = group.place(&a.body)?;
    let entry = rows::JournalEntry { request: a.request, head: a.head, body };
    group.put(rows::journal_entry(a.journal, standing.seq), entry.encode());
    group.promise(&a.leaf);
    let seq = standing.seq + 1;
    if a.next_cap_hash != standing.cap_hash {
        let former = rows::FormerCapability { seq, head: a.head };
        group.put(rows::former_capability(a.journal, &standing.cap_hash), former.encode());
    }
    group.put(key, rows::Journal { alive: true, seq, head: a.head, cap_hash: a.next_cap_hash }.encode());
    Ok(Step::Done(JournalOutcome::Appended(JournalPosition { seq, head: JournalHead(a.head) })))
}

/// Closes a journal for ever, in one durable step, then destroys its entries. `begun` holds the answer that this will
/// end with.
pub(super) fn journal_purge(
    group: &mut Group<'_>,
    id: JournalId,
    cap_hash: [u8; 32],
    begun: &mut Option<Discarded>,
) -> Stepped<Discarded> {
    if let Some(answer) = *begun {
        return Ok(if clean_purged(group, id)? { Step::Again } else { Step::Done(answer) });
    }
    let key = rows::journal(id);
    let Some(mut journal) = group.row::<rows::Journal>(&key)?.filter(|j| j.cap_hash == cap_hash) else {
        return Ok(Step::Done(Discarded::Unknown));
    };
    if !group.is_empty() {
        return Ok(Step::Again);
    }
    if !journal.alive {
        // Another purge may still be at work: this answer, too, means that all is gone.
        *begun = Some(Discarded::Before);
        return Ok(Step::Again);
    }
    journal.alive = false;
    journal.seq = 0;
    journal.head = JournalHead::EMPTY.0;
    group.put(key, journal.encode());
    *begun = Some(Discarded::Now);
    Ok(Step::Again)
}

/// Destroys some entries of a purged journal; true if more may be left.
pub(super) fn clean_purged(group: &mut Group<'_>, id: JournalId) -> Result<bool, StoreError> {
    let found = group.scan(&rows::journal_entries(id), PURGE_STEP)?;
    let former = group.scan(&rows::former_capabilities(id), PURGE_STEP)?;
    let more = !found.is_empty() || !former.is_empty();
    for (key, value) in found {
        group.shred(&rows::value::<rows::JournalEntry>(&value)?.body);
        group.remove(key);
    }
    for (key, _) in former {
        group.remove(key);
    }
    Ok(more)
}
