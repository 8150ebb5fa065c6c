//! Subrosa's role engines: source, officer, bounty administrator, auditor. They do no I/O of their own: requests go
//! through a [`transport::Transport`], time and randomness are arguments. The `subrosa` program and the browser page
//! stand on the same engines.

pub mod api;
pub mod audit;
pub mod board;
pub mod bounty;
pub mod directory;
pub mod log_watch;
pub mod mailbox;
pub mod message;
pub mod officer;
pub mod policies;
pub mod records;
pub mod sealed;
pub mod source;
pub mod transport;

#[cfg(feature = "native")]
pub mod native;

#[cfg(test)]
mod vectors;
