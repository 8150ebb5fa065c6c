//! Wire types: what travels between clients and the server, byte for byte. No I/O, and no cryptography but digests.
//!
//! Spec: `docs/spec/wire.md`. Every type is a [`Codec`], laid out once; every size limit stands here.

mod board;
mod bundle;
mod journal;
mod public;

pub use board::*;
pub use bundle::*;
pub use journal::*;
pub use public::*;

pub use crate::encoding::{Codec, Counted, List, OverLimit, Var};

/// The version byte of every binary format in this module.
pub const VERSION: u8 = 1;

/// An envelope's body, sealed and padded: bytes.
pub const ENVELOPE_LEN: usize = 32 * 1024;
/// Envelopes in each deposit, of whatever purpose. Acts that need fewer fill up with cover.
pub const PARCEL_COUNT: usize = 4;
/// A padded, encrypted file travels in blobs of exactly this many bytes.
pub const BLOB_LEN: usize = 256 * 1024;
/// Closed epochs `64·n` to `64·n + 63` are also served as one block, so that a reader who was away asks seldom.
pub const BLOCK_EPOCHS: u64 = 64;
/// Journal entries are padded to a multiple of this.
pub const JOURNAL_STEP: usize = 4 * 1024;
/// The longest journal entry: bytes.
pub const JOURNAL_ENTRY_MAX: usize = 128 * 1024;
/// The longest charter, signatures included: bytes.
pub const CHARTER_MAX: usize = 256 * 1024;
/// The longest policy file that a charter can name: bytes.
pub const POLICY_MAX: usize = 256 * 1024;
/// The longest public record: bytes.
pub const RECORD_MAX: usize = 256 * 1024;
/// Bundles in one answer with keys: at most. A charter of the longest length names fewer people.
pub const BUNDLE_HOLDERS_MAX: usize = 256;
/// Bundles in one publication: at most.
pub const BUNDLE_PUBLISH_MAX: usize = 100;
/// Rows of a list, or entries or records of a page: as many as 32 bits count. The length of the body limits them first.
pub const LIST_MAX: usize = u32::MAX as usize;

#[cfg(test)]
mod vectors;
