//! The program's words: it speaks English, out of the same files as the pages.

use subrosa_templates::{Language, console::Words};

/// The English words of the console: what the program says about acts.
pub(crate) fn words() -> &'static Words {
    Language::root().console().unwrap_or_else(|| Language::root().text())
}
