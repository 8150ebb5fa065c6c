//! The words on all pages: Fluent files, one folder for each language.
//!
//! Fluent proper (the `fluent-bundle` crate) and not a reader of `key = words`: sentences here carry amounts, dates and
//! counts, which stand elsewhere in each language and bend other words ("1 preuve", "2 preuves").
//!
//! No line of Rust names a language but English: it has the addresses without a prefix, and its messages are the ones
//! that all other languages are compared with. The build script puts every folder of `locales/` into the program.

mod folder;
pub(crate) mod keys;
mod lines;
#[cfg(test)]
mod scan;

use std::{
    borrow::Cow,
    cmp::Ordering,
    collections::BTreeMap,
    fmt,
    sync::{LazyLock, OnceLock},
};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use folder::{CONSOLE, Folder, LANGUAGE, PUBLIC};
use subrosa_casework::locale::Locale;

mod embedded {
    //! What the build script found.
    include!(concat!(env!("OUT_DIR"), "/locales.rs"));
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

/// A language that the pages speak. It stands in the address and nowhere else: no cookie, no `Accept-Language`.
#[derive(Clone, Copy)]
pub struct Language(&'static Spoken);

/// What a folder says about its language, and its words as far as they were asked for.
struct Spoken {
    folder: Folder,
    about: Messages,
    direction: Direction,
    locale: Locale,
    public: OnceLock<Text>,
    console: OnceLock<Text>,
}

static LANGUAGES: LazyLock<Vec<Language>> = LazyLock::new(|| {
    let owned = |(code, files): &(&str, &[(&str, &str)])| Folder {
        code: (*code).to_owned(),
        files: files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect(),
    };
    embedded::FOLDERS.iter().map(|f| Language::read(owned(f))).collect()
});

/// English: what a page speaks whose address names no language.
static ROOT: LazyLock<Language> =
    LazyLock::new(|| LANGUAGES.first().copied().unwrap_or_else(|| Language::read(Folder::default())));

impl Language {
    /// All of them, English first.
    pub fn all() -> &'static [Self] {
        &LANGUAGES
    }

    /// Those that the officers' console speaks.
    pub fn of_console() -> impl Iterator<Item = Self> {
        Self::all().iter().copied().filter(|l| l.has("console"))
    }

    /// The language of addresses that name none: English.
    pub fn root() -> Self {
        *ROOT
    }

    /// The language with this BCP 47 code.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::all().iter().copied().find(|l| l.code() == code)
    }

    /// A language from its folder. What is missing in it is not seen here: the tests name it.
    fn read(folder: Folder) -> Self {
        let about = Messages::new(&folder.code, false, folder.files.get(LANGUAGE).map(String::as_str));
        let direction = match about.get("direction") {
            Some("rtl") => Direction::RightToLeft,
            _ => Direction::LeftToRight,
        };
        let locale = Locale::of(&folder.code);
        let spoken = Spoken { folder, about, direction, locale, public: OnceLock::new(), console: OnceLock::new() };
        Self(Box::leak(Box::new(spoken)))
    }

    fn about(self, key: &str) -> &'static str {
        self.0.about.get(key).unwrap_or(MISSING)
    }

    /// Its BCP 47 code: the name of its folder.
    pub fn code(self) -> &'static str {
        &self.0.folder.code
    }

    /// Its own name for itself.
    pub fn name(self) -> &'static str {
        self.about("name")
    }

    /// How it is written.
    pub fn direction(self) -> Direction {
        self.0.direction
    }

    /// Whether a part of Subrosa speaks it: `public`, `console` or `packs`.
    pub fn has(self, surface: &str) -> bool {
        self.about("surfaces").split(',').any(|s| s.trim() == surface)
    }

    /// The address of a page (`""` for the first one, `help`) in this language.
    pub fn address(self, page: &str) -> String {
        match (self == Self::root(), page) {
            (true, page) => format!("/{page}"),
            (false, "") => format!("/{}", self.code()),
            (false, page) => format!("/{}/{page}", self.code()),
        }
    }

    /// The words of the pages that anybody can open.
    pub fn text(self) -> &'static Text {
        self.0.public.get_or_init(|| Text::new(self, PUBLIC))
    }

    /// The words of the officers' console and of the reports that it makes, if it has them.
    pub fn console(self) -> Option<&'static Text> {
        self.has("console").then(|| self.0.console.get_or_init(|| Text::new(self, CONSOLE)))
    }
}

impl PartialEq for Language {
    fn eq(&self, other: &Self) -> bool {
        self.code() == other.code()
    }
}

impl Eq for Language {}

impl PartialOrd for Language {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Language {
    fn cmp(&self, other: &Self) -> Ordering {
        self.code().cmp(other.code())
    }
}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Language").field(&self.code()).finish()
    }
}

/// Shown for a key that no file has; the tests find every such key.
const MISSING: &str = "[missing text]";

/// A value that goes into a sentence. A number is one for Fluent too, so that words can bend with it.
pub trait Value {
    /// As Fluent takes it.
    fn value(&self) -> FluentValue<'_>;
}

macro_rules! values {
    ($($number:ty)*) => {
        $(
            impl Value for $number {
                fn value(&self) -> FluentValue<'_> {
                    FluentValue::from(*self)
                }
            }
        )*
    };
}
values!(u8 u16 u32 u64 usize i64);

impl Value for str {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(self)
    }
}

impl Value for String {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(self.as_str())
    }
}

impl Value for Cow<'_, str> {
    fn value(&self) -> FluentValue<'_> {
        FluentValue::from(&**self)
    }
}

impl<T: Value + ?Sized> Value for &T {
    fn value(&self) -> FluentValue<'_> {
        (**self).value()
    }
}

/// The messages of some files.
struct Messages {
    /// Those that take no values, ready to be shown.
    plain: BTreeMap<String, String>,
    keys: Vec<String>,
    bundle: FluentBundle<FluentResource>,
}

impl Messages {
    fn new<'f>(code: &str, isolating: bool, files: impl IntoIterator<Item = &'f str>) -> Self {
        let mut bundle = FluentBundle::new_concurrent(code.parse().into_iter().collect());
        bundle.set_use_isolating(isolating);
        let mut keys = Vec::new();
        for file in files {
            // A line that is not Fluent leaves its message out, and a doubled key keeps its first words; the tests
            // refuse both.
            let resource = FluentResource::try_new(lines::unwrapped(file)).unwrap_or_else(|(resource, _)| resource);
            for entry in resource.entries() {
                if let fluent_syntax::ast::Entry::Message(message) = entry {
                    keys.push(message.id.name.to_owned());
                }
            }
            let _ = bundle.add_resource(resource);
        }
        let mut messages = Self { plain: BTreeMap::new(), keys, bundle };
        let plain = messages.keys.iter().filter_map(|key| Some((key.clone(), messages.with(key, &[])?)));
        messages.plain = plain.collect();
        messages
    }

    fn get(&self, key: &str) -> Option<&str> {
        self.plain.get(key).map(String::as_str)
    }

    fn with(&self, key: &str, values: &[(&str, &dyn Value)]) -> Option<String> {
        let pattern = self.bundle.get_message(key)?.value()?;
        let args: FluentArgs<'_> = values.iter().map(|(name, value)| (*name, value.value())).collect();
        let mut errors = Vec::new();
        let words = self.bundle.format_pattern(pattern, Some(&args), &mut errors);
        errors.is_empty().then(|| words.into_owned())
    }

    /// The words of a message's attributes.
    fn attributes(&self, key: &str, values: &[(&str, &dyn Value)]) -> Vec<(&str, String)> {
        let Some(message) = self.bundle.get_message(key) else { return Vec::new() };
        let args: FluentArgs<'_> = values.iter().map(|(name, value)| (*name, value.value())).collect();
        let words = |pattern| self.bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned();
        message.attributes().map(|a| (a.id(), words(a.value()))).collect()
    }
}

/// One language's words for one part of Subrosa.
pub struct Text {
    language: Language,
    messages: Messages,
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Text").field(&self.language).finish()
    }
}

impl Text {
    fn new(language: Language, files: &[&str]) -> Self {
        let files = files.iter().filter_map(|name| language.0.folder.files.get(*name)).map(String::as_str);
        // Marks around each value keep a name written from left to right whole inside a sentence written from right to
        // left.
        let isolating = language.direction() == Direction::RightToLeft;
        Self { language, messages: Messages::new(language.code(), isolating, files) }
    }

    /// Whose words these are.
    pub fn language(&self) -> Language {
        self.language
    }

    /// How the language writes numbers and amounts.
    pub fn locale(&self) -> &'static Locale {
        &self.language.0.locale
    }

    /// The words behind a key that takes no values.
    pub fn get(&self, key: &str) -> &str {
        self.messages.get(key).unwrap_or(MISSING)
    }

    /// The words behind `prefix-name`, or the name itself where there are none: names that data files bring along.
    pub fn named<'a>(&'a self, prefix: &str, name: &'a str) -> &'a str {
        self.messages.get(&format!("{prefix}-{name}")).unwrap_or(name)
    }

    /// Whether there are words behind a key.
    pub fn has(&self, key: &str) -> bool {
        self.messages.bundle.has_message(key)
    }

    /// Every key, in the order of the files.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.messages.keys.iter().map(String::as_str)
    }

    /// The words behind a key, with one value in its place.
    pub fn fill(&self, key: &str, name: &str, value: impl Value) -> String {
        self.with(key, &[(name, &value)])
    }

    /// The words behind a key, with values in their places.
    pub fn with(&self, key: &str, values: &[(&str, &dyn Value)]) -> String {
        self.messages.with(key, values).unwrap_or_else(|| MISSING.to_owned())
    }

    /// The words of a message's attributes, with values in their places.
    pub(crate) fn attributes(&self, key: &str, values: &[(&str, &dyn Value)]) -> Vec<(&str, String)> {
        self.messages.attributes(key, values)
    }
}

#[cfg(test)]
pub(crate) mod tests;
