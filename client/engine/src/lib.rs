//! Subrosa's role engines: source, officer, treasury, auditor. They do no I/O of their own: requests go through a
//! [`transport::Transport`], time and randomness are arguments. The `subrosa` program, the console and the browser page
//! stand on the same engines.

mod answers;
pub mod api;
pub mod board;
pub mod coded;
mod cover;
pub mod directory;
pub mod history;
pub mod log_lists;
pub mod log_watch;
pub mod mailbox;
pub mod message;
pub mod officer;
pub mod policies;
pub mod promise;
pub mod sealed;
pub mod session;
pub mod source;
pub mod transport;
pub mod treasury;
pub mod trouble;

#[cfg(test)]
mod vectors;
