//! What each fuzz target does with its input.

pub mod domain;
mod protocol;

pub use protocol::*;
