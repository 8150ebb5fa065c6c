//! The words on the pages, from Fluent files of simple messages (`key = words`, continued on indented lines).
//!
//! Pages take no arguments inside a sentence, so this reads that part of Fluent's syntax only; translators' tools read the files as they are.

use std::{collections::BTreeMap, sync::LazyLock};

/// A language that the pages speak.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Language {
    /// English, at the root of the site.
    English,
    /// German, under `/de`.
    German,
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::English, Self::German];

    /// Its BCP 47 code.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// Its words.
    pub(crate) fn text(self) -> &'static Text {
        match self {
            Self::English => &ENGLISH,
            Self::German => &GERMAN,
        }
    }
}

static ENGLISH: LazyLock<Text> = LazyLock::new(|| Text::new("en", "", include_str!("../locales/en.ftl")));
static GERMAN: LazyLock<Text> = LazyLock::new(|| Text::new("de", "/de", include_str!("../locales/de.ftl")));

/// One language's words.
#[derive(Debug)]
pub(crate) struct Text {
    pub(crate) code: &'static str,
    /// What stands in front of this language's addresses.
    pub(crate) base: &'static str,
    messages: BTreeMap<&'static str, String>,
}

impl Text {
    fn new(code: &'static str, base: &'static str, file: &'static str) -> Self {
        let mut messages: BTreeMap<&'static str, String> = BTreeMap::new();
        let mut last = None;
        for line in file.lines() {
            if line.starts_with('#') || line.trim().is_empty() {
                last = None;
            } else if let (true, Some(key)) = (line.starts_with(' '), last) {
                let words = messages.entry(key).or_default();
                if !words.is_empty() {
                    words.push(' ');
                }
                words.push_str(line.trim());
            } else if let Some((key, words)) = line.split_once('=') {
                let key = key.trim();
                messages.insert(key, words.trim().to_owned());
                last = Some(key);
            }
        }
        Self { code, base, messages }
    }

    /// The words behind a key.
    pub(crate) fn get(&self, key: &str) -> &str {
        self.messages.get(key).map_or("[missing text]", String::as_str)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_the_same_messages() {
        assert!(ENGLISH.messages.keys().eq(GERMAN.messages.keys()));
        assert!(ENGLISH.messages.len() > 20);
        for text in [&ENGLISH, &GERMAN] {
            assert!(text.messages.values().all(|w| !w.is_empty() && !w.contains('{')));
        }
    }
}
