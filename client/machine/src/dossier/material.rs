//! What a dossier is made of.

use std::collections::BTreeMap;

use subrosa_casework::journal::Replay;
use subrosa_crypto::{charter::RootKey, sign::HolderId};
use subrosa_templates::Text;

use super::CharterReceipt;
use crate::preview::Removed;

/// A piece of evidence that fewer people than this received in this exact version is not enclosed: it would point at
/// them.
pub const READERS_MIN: u32 = 10;

/// A file that goes along with its piece of evidence.
#[derive(Clone, Debug)]
pub struct Enclosure {
    /// The evidence's place in the journal.
    pub item: u64,
    /// What is enclosed: a sanitised copy, or the original.
    pub bytes: Vec<u8>,
    /// Its media type.
    pub media: String,
    /// What the copy left behind; empty for an original.
    pub left_behind: Vec<Removed>,
}

/// What a dossier is made of.
#[derive(Debug)]
pub struct Material<'a> {
    /// The programme's id.
    pub programme: &'a str,
    /// The programme's name for people.
    pub title: &'a str,
    /// The root key.
    pub root: RootKey,
    /// Every signed charter, version 1 first.
    pub charters: &'a [Vec<u8>],
    /// The log's newest signed checkpoint.
    pub checkpoint: &'a [u8],
    /// Where the charters stand in it; one that was published a moment ago may be missing.
    pub receipts: &'a [CharterReceipt],
    /// The case as its journal was replayed; its entries must be those below.
    pub replay: &'a Replay,
    /// The journal's entries as the server keeps them.
    pub entries: &'a [Vec<u8>],
    /// The officers' own account of the case.
    pub summary: &'a str,
    /// Files to put in, each with the evidence that it belongs to; empty if none goes along.
    pub enclosures: &'a [Enclosure],
    /// Further entries to leave out, with reasons.
    pub redact: &'a BTreeMap<u64, String>,
    /// Whether the source's own words, and letters to the source, go along.
    pub with_words: bool,
    /// People by name.
    pub names: &'a BTreeMap<HolderId, String>,
    /// When the dossier is made: Unix seconds. The archive bears the same time.
    pub made_at: u64,
    /// The report's language.
    pub words: &'static Text,
}
