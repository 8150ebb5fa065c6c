//! Subrosa's domain: cases, deadlines, awards and the ledger, as pure functions.
//!
//! Time and randomness are arguments; nothing here opens a file or a socket. A case is the fold of its journal:
//! `decide` says which event a command leads to, `admit` says whether an event may stand, `apply` changes the case. The
//! same `admit` runs when a command is decided and when a journal is read back, so an event that skipped `decide` is
//! refused by every reader.

#[macro_use]
mod names;

pub mod access;
pub mod award;
pub mod bytes;
pub mod case;
pub mod clock;
pub mod heads;
pub mod journal;
pub mod ledger;
#[cfg(feature = "locales")]
pub mod locale;
pub mod money;
pub mod number;
pub mod policy;
pub mod records;
pub mod refusal;
pub mod regime;
pub mod role;
pub mod words;
