//! The source: files a tip, comes back, reads, answers, receives an award as tokens, and redeems them as a stranger.
//!
//! No I/O of its own: everything goes through a [`Transport`](crate::transport::Transport), time and randomness are
//! arguments. The same engine serves the program and the page.

mod award;
mod client;
mod conversation;
mod error;
mod filing;
mod receipts;
mod state;
#[cfg(test)]
mod tabs;
mod tokens;
mod upload;
mod words;

pub use award::{AwardState, RETURN_BOX_INFO, ReturnBox, return_place};
pub use client::Source;
pub use conversation::{Inbox, Unread, Unreadable};
pub use error::SourceError;
pub(crate) use filing::choose;
pub use filing::{Filed, RECIPIENTS_MAX, TipForm};
pub use receipts::prove_receipts;
#[cfg(test)]
pub(crate) use state::state_key;
pub use state::{Correspondent, STATE_SEARCH, SourceState, StateError, claim_key, cover_drop, state_drop};
#[cfg(test)]
pub(crate) use upload::upload_places;
pub use upload::{UploadError, UploadSecret, Uploader};
