#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};

use super::*;

/// Every message of a language, and the names of the values that its words take.
fn messages(text: &Text) -> BTreeMap<String, BTreeSet<String>> {
    let mut found = BTreeMap::new();
    for file in &text.files {
        let mut key = None;
        for line in file.lines() {
            if let Some((name, _)) =
                line.split_once(" =").filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase()))
            {
                assert!(
                    found.insert(name.to_owned(), BTreeSet::new()).is_none(),
                    "{}: {name} is there twice",
                    text.language.code()
                );
                key = Some(name.to_owned());
            }
            let Some(key) = &key else { continue };
            let values: &mut BTreeSet<String> = found.get_mut(key).unwrap();
            for value in line.split('$').skip(1) {
                values.insert(value.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect());
            }
        }
    }
    found
}

/// The templates whose words stand here; the console has its own.
fn templates() -> Vec<PathBuf> {
    let pages = Path::new(env!("CARGO_MANIFEST_DIR")).join("pages");
    let mut found = Vec::new();
    for entry in std::fs::read_dir(pages).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("console") {
            found.extend(std::fs::read_dir(path).unwrap().map(|e| e.unwrap().path()));
        } else {
            found.push(path);
        }
    }
    found.retain(|p| p.extension().is_some_and(|e| e == "html"));
    found
}

/// The sources in which a key may be named.
fn sources() -> String {
    let mut all = String::new();
    for file in templates() {
        all.push_str(&std::fs::read_to_string(file).unwrap());
    }
    for file in std::fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src")).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|e| e == "rs") {
            all.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
    all
}

#[test]
fn every_language_has_the_same_messages_with_the_same_values() {
    let english = messages(&ENGLISH);
    assert!(english.len() > 30);
    for language in Language::ALL {
        let text = language.text();
        let theirs = messages(text);
        for (key, values) in &english {
            let their_values = theirs.get(key).unwrap_or_else(|| panic!("{} lacks {key}", language.code()));
            assert_eq!(their_values, values, "{}: {key} takes other values than the English", language.code());
            let mut args = FluentArgs::new();
            for value in values {
                args.set(value.clone(), FluentValue::from(7));
            }
            let words = text.format(key, Some(&args));
            assert!(words != MISSING && !words.trim().is_empty(), "{}: {key} has no words", language.code());
        }
        for key in theirs.keys() {
            assert!(english.contains_key(key), "{} has {key}, which the English lacks", language.code());
        }
    }
}

#[test]
fn every_file_is_fluent() {
    for language in Language::ALL {
        for file in &language.text().files {
            if let Err((_, errors)) = FluentResource::try_new((*file).to_owned()) {
                panic!("{}: {errors:?}", language.code());
            }
        }
    }
}

#[test]
fn every_key_on_a_page_has_words() {
    let english = messages(&ENGLISH);
    let mut asked = 0;
    for file in templates() {
        let page = std::fs::read_to_string(&file).unwrap();
        for call in ["t.get(\"", "t.fill(\"", "t.fill_all(\""] {
            for part in page.split(call).skip(1) {
                let key = part.split('"').next().unwrap();
                assert!(english.contains_key(key), "{} asks for {key}, which no file has", file.display());
                asked += 1;
            }
        }
    }
    assert!(asked > 30, "{asked}");
}

#[test]
fn no_words_are_left_that_nothing_shows() {
    let sources = sources();
    // The words of the page's program are all handed to it, whatever their names (`application::words`).
    for key in messages(&ENGLISH).keys().filter(|key| !key.starts_with("app-")) {
        // A key that is put together from parts is written in the source up to its last hyphen: `concat("scope-", id)`.
        let prefix = key.rsplit_once('-').map_or(key.as_str(), |(before, _)| before);
        assert!(
            sources.contains(&format!("\"{key}\"")) || sources.contains(&format!("\"{prefix}-")),
            "nothing shows {key}"
        );
    }
}

#[test]
fn addresses_carry_the_language() {
    assert_eq!(Language::English.address(""), "/");
    assert_eq!(Language::English.address("help"), "/help");
    assert_eq!(Language::German.address(""), "/de");
    assert_eq!(Language::Spanish.address("help"), "/es/help");
    for language in Language::ALL {
        assert_eq!(Language::from_code(language.code()), Some(language));
    }
}

#[test]
fn a_key_without_words_and_a_missing_value_are_seen() {
    assert_eq!(ENGLISH.get("no-such-key"), MISSING);
    assert_eq!(ENGLISH.get("footer-charter"), MISSING);
    assert_eq!(FRENCH.fill("footer-charter", "version", 3), "Charte, version 3");
}
