//! The console's words, from Fluent files: `key = words`, continued on indented lines, with `{ $name }` where a value
//! goes.

use std::{collections::BTreeMap, fmt::Display, sync::LazyLock};

use subrosa_casework::locale::Locale;

/// One language's words.
#[derive(Debug)]
pub struct Words {
    /// BCP 47 code.
    pub code: &'static str,
    /// The language's own name.
    pub name: &'static str,
    locale: Locale,
    messages: BTreeMap<&'static str, String>,
}

static ENGLISH: LazyLock<Words> = LazyLock::new(|| {
    Words::new(
        "en",
        "English",
        &[
            include_str!("../../locales/console/en.ftl"),
            include_str!("../../locales/console/rules.en.ftl"),
            include_str!("../../locales/console/report.en.ftl"),
        ],
    )
});
static GERMAN: LazyLock<Words> = LazyLock::new(|| {
    Words::new(
        "de",
        "Deutsch",
        &[
            include_str!("../../locales/console/de.ftl"),
            include_str!("../../locales/console/rules.de.ftl"),
            include_str!("../../locales/console/report.de.ftl"),
        ],
    )
});

impl Words {
    /// The languages that the console speaks, the first one where none is asked for.
    pub fn all() -> [&'static Self; 2] {
        [&ENGLISH, &GERMAN]
    }

    /// The words of a language by its code.
    pub fn of(code: &str) -> Option<&'static Self> {
        Self::all().into_iter().find(|w| w.code == code)
    }

    fn new(code: &'static str, name: &'static str, files: &[&'static str]) -> Self {
        let mut messages: BTreeMap<&'static str, String> = BTreeMap::new();
        for file in files {
            let mut last = None;
            for line in file.lines() {
                if line.starts_with('#') || line.trim().is_empty() {
                    last = None;
                } else if let (true, Some(key)) = (line.starts_with(' '), last) {
                    let words = messages.entry(key).or_default();
                    words.push(if words.is_empty() { ' ' } else { '\n' });
                    words.push_str(line.trim());
                } else if let Some((key, words)) = line.split_once('=') {
                    let key = key.trim();
                    messages.insert(key, words.trim().to_owned());
                    last = Some(key);
                }
            }
        }
        for words in messages.values_mut() {
            *words = words.trim().to_owned();
        }
        Self { code, name, locale: Locale::of(code), messages }
    }

    /// How the language writes numbers and amounts.
    pub fn locale(&self) -> &Locale {
        &self.locale
    }

    /// The words behind a key.
    pub fn get(&self, key: &str) -> &str {
        self.messages.get(key).map_or("[missing text]", String::as_str)
    }

    /// The words behind `prefix-name`, or the name itself where there are none: names that data files bring along.
    pub fn named<'a>(&'a self, prefix: &str, name: &'a str) -> &'a str {
        self.messages.get(format!("{prefix}-{name}").as_str()).map_or(name, String::as_str)
    }

    /// The words behind a key, with values in their places.
    pub fn with(&self, key: &str, values: &[(&str, &dyn Display)]) -> String {
        let mut text = self.get(key).to_owned();
        for (name, value) in values {
            text = text.replace(&format!("{{ ${name} }}"), &value.to_string());
        }
        text
    }

    /// Whether there are words behind a key.
    pub fn has(&self, key: &str) -> bool {
        self.messages.contains_key(key)
    }

    /// Every key.
    pub fn keys(&self) -> impl Iterator<Item = &'static str> {
        self.messages.keys().copied()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn values(text: &str) -> Vec<&str> {
        let mut found: Vec<&str> = text.split("{ $").skip(1).map(|rest| rest.split(" }").next().unwrap()).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    #[test]
    fn both_languages_say_the_same_things_with_the_same_values() {
        let [en, de] = Words::all();
        let missing: Vec<_> = en.keys().filter(|k| !de.has(k)).chain(de.keys().filter(|k| !en.has(k))).collect();
        assert!(missing.is_empty(), "{missing:?}");
        assert!(en.messages.len() > 200);
        for key in en.keys() {
            assert_eq!(values(en.get(key)), values(de.get(key)), "{key}");
            assert!(!en.get(key).is_empty() && !de.get(key).is_empty(), "{key}");
        }
    }

    #[test]
    fn every_key_that_a_template_names_is_there() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("pages/console");
        let mut seen = 0;
        for file in std::fs::read_dir(folder).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            for rest in text.split("t.get(\"").skip(1) {
                let key = rest.split('"').next().unwrap();
                seen += 1;
                assert!(Words::all().iter().all(|w| w.has(key)), "{key}");
            }
        }
        assert!(seen > 20);
    }

    #[test]
    fn values_go_into_their_places() {
        let words = Words::new("en", "English", &["a = { $n } of { $m }\nb = one\n  two\n"]);
        assert_eq!(words.with("a", &[("n", &1), ("m", &"x")]), "1 of x");
        assert_eq!(words.get("b"), "one\ntwo");
        assert_eq!(words.named("a", "zebra"), "zebra");
    }
}
