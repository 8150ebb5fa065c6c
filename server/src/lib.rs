//! Subrosa's server: the board, the log, journals and the public pages. It is trusted with availability only: it holds
//! no password, session, address or user agent, and sees ciphertext.
//!
//! Start it from code with [`run::start`], as a process with the program `subrosa-server`. Routes: [`routes`].

mod app;
mod assets;
mod body;
mod closer;
pub mod config;
mod handlers;
mod headers;
mod log_batch;
pub mod metrics;
mod packed;
pub mod padding;
mod policies;
mod public;
mod recent;
mod refusal;
mod roster;
pub mod routes;
pub mod run;
mod spool;
pub mod store;
mod work;

use std::sync::{Mutex, MutexGuard, PoisonError};

pub use app::{App, Settings, StartError, log_key, log_key_line};
pub use assets::AssetsError;
pub use refusal::Refusal;
pub use roster::{Holder, Roster};
pub use work::Pricing;

/// Locks a mutex; what another thread left when it died is still whole, because no update here can stop halfway.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
