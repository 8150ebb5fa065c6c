//! The words on the pages: Fluent files, one folder for each language and one file for each room of the site.
//!
//! Fluent proper (the `fluent-bundle` crate) and not a reader of `key = words`: sentences here carry amounts, dates and
//! counts, which stand elsewhere in each language and bend other words ("1 preuve", "2 preuves").

use std::{borrow::Cow, sync::LazyLock};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use subrosa_casework::locale::Locale;

/// A language that the pages speak. It stands in the address and nowhere else: no cookie, no `Accept-Language`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Language {
    /// English, at the root of the site.
    English,
    /// German, under `/de`.
    German,
    /// French, under `/fr`.
    French,
    /// Spanish, under `/es`.
    Spanish,
}

/// In which direction a language is written: the `dir` attribute. Style sheets use logical properties only, so that no
/// page is drawn twice.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// From left to right.
    LeftToRight,
    /// From right to left.
    RightToLeft,
}

impl Direction {
    /// The attribute's value.
    pub fn attribute(self) -> &'static str {
        match self {
            Self::LeftToRight => "ltr",
            Self::RightToLeft => "rtl",
        }
    }
}

impl Language {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::English, Self::German, Self::French, Self::Spanish];

    /// Its BCP 47 code.
    pub fn code(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::French => "fr",
            Self::Spanish => "es",
        }
    }

    /// The language with this code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|l| l.code() == code)
    }

    /// Its own name for itself.
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
            Self::French => "Français",
            Self::Spanish => "Español",
        }
    }

    /// How it is written.
    pub fn direction(self) -> Direction {
        match self {
            Self::English | Self::German | Self::French | Self::Spanish => Direction::LeftToRight,
        }
    }

    /// The address of a page (`""` for the first one, `help`) in this language.
    pub fn address(self, page: &str) -> String {
        match (self, page) {
            (Self::English, page) => format!("/{page}"),
            (_, "") => format!("/{}", self.code()),
            (_, page) => format!("/{}/{page}", self.code()),
        }
    }

    /// Its words.
    pub fn text(self) -> &'static Text {
        match self {
            Self::English => &ENGLISH,
            Self::German => &GERMAN,
            Self::French => &FRENCH,
            Self::Spanish => &SPANISH,
        }
    }
}

/// A language's files. A new room adds its file's name here, and the file to every language's folder.
macro_rules! files {
    ($code:literal) => {
        [
            include_str!(concat!("../locales/", $code, "/public.ftl")),
            include_str!(concat!("../locales/", $code, "/tip.ftl")),
        ]
    };
}

static ENGLISH: LazyLock<Text> = LazyLock::new(|| Text::new(Language::English, &files!("en")));
static GERMAN: LazyLock<Text> = LazyLock::new(|| Text::new(Language::German, &files!("de")));
static FRENCH: LazyLock<Text> = LazyLock::new(|| Text::new(Language::French, &files!("fr")));
static SPANISH: LazyLock<Text> = LazyLock::new(|| Text::new(Language::Spanish, &files!("es")));

/// Shown for a key that no file has; the tests find every such key.
const MISSING: &str = "[missing text]";

/// One language's words.
pub struct Text {
    language: Language,
    locale: Locale,
    bundle: FluentBundle<FluentResource>,
    #[cfg(test)]
    files: Vec<&'static str>,
}

impl std::fmt::Debug for Text {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Text").field(&self.language).finish()
    }
}

impl Text {
    fn new(language: Language, files: &[&'static str]) -> Self {
        let mut bundle = FluentBundle::new_concurrent(language.code().parse().into_iter().collect());
        // Marks around each value keep a name written from left to right whole inside a sentence written from right to
        // left.
        bundle.set_use_isolating(language.direction() == Direction::RightToLeft);
        for file in files {
            // A line that is not Fluent leaves its message out, and a doubled key keeps its first words; the tests
            // refuse both.
            let resource = FluentResource::try_new((*file).to_owned()).unwrap_or_else(|(resource, _)| resource);
            let _ = bundle.add_resource(resource);
        }
        Self {
            language,
            locale: Locale::of(language.code()),
            bundle,
            #[cfg(test)]
            files: files.to_vec(),
        }
    }

    /// Whose words these are.
    pub fn language(&self) -> Language {
        self.language
    }

    /// How it writes numbers and amounts.
    pub fn locale(&self) -> &Locale {
        &self.locale
    }

    /// The words behind a key.
    pub fn get(&self, key: &str) -> Cow<'_, str> {
        self.format(key, None)
    }

    /// Whether there are words behind a key.
    pub fn has(&self, key: &str) -> bool {
        self.bundle.has_message(key)
    }

    /// The words behind a key, with one value in its place.
    pub fn fill<'v>(&self, key: &str, name: &str, value: impl Into<FluentValue<'v>>) -> Cow<'_, str> {
        self.fill_all(key, &[(name, value.into())])
    }

    /// The words behind a key, with values in their places.
    pub fn fill_all(&self, key: &str, values: &[(&str, FluentValue<'_>)]) -> Cow<'_, str> {
        let mut args = FluentArgs::with_capacity(values.len());
        for (name, value) in values {
            args.set((*name).to_owned(), value.clone());
        }
        Cow::Owned(self.format(key, Some(&args)).into_owned())
    }

    fn format<'a>(&'a self, key: &str, args: Option<&'a FluentArgs<'_>>) -> Cow<'a, str> {
        let Some(pattern) = self.bundle.get_message(key).and_then(|m| m.value()) else { return MISSING.into() };
        let mut errors = Vec::new();
        let words = self.bundle.format_pattern(pattern, args, &mut errors);
        if errors.is_empty() { words } else { MISSING.into() }
    }
}

#[cfg(test)]
mod tests;
