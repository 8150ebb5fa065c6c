//! A language's folder: which file belongs to which part of Subrosa.

use std::collections::BTreeMap;

/// Tells what the language is.
pub(crate) const LANGUAGE: &str = "language";
/// The files of the pages that anybody can open.
pub(crate) const PUBLIC: &[&str] = &["public", "tip"];
/// The files of the officers' console and of its report.
pub(crate) const CONSOLE: &[&str] = &["console", "errors", "rules", "report"];

/// A language's files: name without its ending, and text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Folder {
    /// The folder's name: the language's BCP 47 code.
    pub(crate) code: String,
    /// Texts by the name of their file, without its ending.
    pub(crate) files: BTreeMap<String, String>,
}
