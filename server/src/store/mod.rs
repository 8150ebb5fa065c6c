//! The storage engine behind one trait in domain verbs. An engine keeps what it acknowledged through kill -9 and power
//! loss, and forgets what it was told to forget.
//!
//! Every write future resolves only after its bytes are durable (fdatasync'd). Every write is atomic: after a crash it
//! is there whole or not at all. An engine passes `store::conformance`.

#[cfg(feature = "conformance")]
#[expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "tests, for whoever writes an engine")]
pub mod conformance;
pub mod engines;
mod verbs;

pub use verbs::*;
