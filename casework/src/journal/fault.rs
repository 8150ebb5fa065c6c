//! What is wrong with an entry, or with a whole journal.

use subrosa_crypto::sign::HolderId;
use thiserror::Error;

use super::EventError;
use crate::refusal::{Refusal, Rule};

/// Why an entry does not count. Every reader finds the same fault, passes the entry over and reads on; the case is as
/// if it had never been written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum EntryFault {
    /// The reader does not hold the key: it joined later or left earlier.
    #[error("no key of generation {generation} is at hand")]
    NoKey {
        /// The generation that is missing.
        generation: u32,
    },
    /// Not encrypted under the case key for this place: damaged, moved, or made by an outsider.
    #[error("the entry does not open at its place in the journal")]
    Unreadable,
    /// It opens, but holds no event.
    #[error(transparent)]
    Malformed(EventError),
    /// A rule forbids the event, or its signature or place is wrong. `author` is proven unless the rule is
    /// `bad-signature` or `unknown-member`.
    #[error("{refusal}")]
    Refused {
        /// Who the entry says wrote it.
        author: HolderId,
        /// The rule that forbids the event, with what was seen.
        refusal: Refusal,
    },
}

impl EntryFault {
    /// The fault's stable name: for a refused entry, the rule's.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoKey { .. } => "no-key",
            Self::Unreadable => "unreadable",
            Self::Malformed(_) => Rule::Malformed.code(),
            Self::Refused { refusal, .. } => refusal.code(),
        }
    }
}

/// An entry that was passed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedOver {
    /// The entry's place in the journal, counted from zero.
    pub seq: u64,
    /// What is wrong with it. The case is as if the entry were not there.
    pub fault: EntryFault,
}

/// The whole journal cannot be read further.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ReplayError {
    /// The server shows another past than before: the journal was forked or cut.
    #[error("the server shows another past of this journal than before")]
    Forked,
    /// A reader without one of the keys cannot know the case.
    #[error("the key of generation {0} is missing; the case cannot be known without it")]
    NoKey(u32),
    /// The key at hand is not the one that was committed to.
    #[error("the key of generation {generation} that was given to you is not the one that {by} turned this case to")]
    OtherKey {
        /// The generation of the key that the reader has.
        generation: u32,
        /// Who turned the key.
        by: HolderId,
    },
}
