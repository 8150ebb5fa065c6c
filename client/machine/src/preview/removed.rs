//! What a sanitised copy lacks, as a list of names and numbers: it is worded where people read it.

use serde::{Deserialize, Serialize};

use super::marks::MarkKind;

/// One thing that a copy left behind.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Removed {
    /// Bytes behind the picture's end.
    AfterEnd {
        /// How many bytes.
        bytes: u64,
    },
    /// A small picture inside the picture.
    Thumbnail {
        /// Its length in bytes.
        bytes: u64,
    },
    /// Words that somebody put into the file.
    Comment {
        /// Their length in bytes.
        bytes: u64,
    },
    /// A part that is not needed to show the pixels.
    Segment {
        /// Its name in the format, such as `APP1` or `tEXt`.
        name: String,
        /// Its length in bytes.
        bytes: u64,
    },
    /// Everything but what can be seen.
    AllButPixels,
    /// Pages behind the last one that is shown.
    Pages {
        /// How many are shown, from the first.
        kept: u64,
        /// How many there are, at least.
        of: u64,
    },
    /// All pictures of a moving one but the first.
    Frames,
    /// A mark in a text that people do not see.
    Mark {
        /// What kind of mark.
        kind: MarkKind,
        /// Its line, from one.
        line: u64,
        /// The character's number or the word, where there is one.
        found: Option<String>,
    },
}
