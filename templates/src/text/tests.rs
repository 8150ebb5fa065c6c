#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use subrosa_casework::money::{Cents, Currency};

use super::*;

type Keys = BTreeMap<String, BTreeSet<String>>;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn folders() -> Vec<Folder> {
    scan::scan(&here("locales")).unwrap()
}

/// The parts of Subrosa, with the files of each.
const SURFACES: [(&str, &[&str]); 2] = [("public", PUBLIC), ("console", CONSOLE)];

fn speaks(folder: &Folder) -> Vec<String> {
    let surfaces = Language::read(folder.clone()).about("surfaces");
    surfaces.split(',').map(|s| s.trim().to_owned()).collect()
}

/// Everything that a folder lacks or has wrong, each by its name.
fn faults(folder: &Folder, english: &Folder) -> Vec<String> {
    let mut found = compare(folder, english, LANGUAGE);
    if !Locale::knows(&folder.code) {
        found.push(format!("{}: the built-in Unicode data do not say how this language writes numbers", folder.code));
    }
    let surfaces = speaks(folder);
    let known = |s: &String| s == "packs" || SURFACES.iter().any(|(name, _)| name == s);
    found.extend(
        surfaces
            .iter()
            .filter(|s| !known(s))
            .map(|s| format!("{}/language.ftl: no part of Subrosa is called {s}", folder.code)),
    );
    for (surface, files) in SURFACES {
        if surfaces.iter().any(|s| s == surface) {
            found.extend(files.iter().flat_map(|name| compare(folder, english, name)));
        }
    }
    found
}

fn compare(folder: &Folder, english: &Folder, name: &str) -> Vec<String> {
    let file = format!("{}/{name}.ftl", folder.code);
    let Some(text) = folder.files.get(name) else { return vec![format!("{file} is missing")] };
    let theirs = match scan::messages(text) {
        Ok(theirs) => theirs,
        Err(why) => return vec![format!("{file}: {why}")],
    };
    let ours: Keys = scan::messages(&english.files[name]).unwrap();
    let mut found = Vec::new();
    for (key, values) in &ours {
        match theirs.get(key) {
            None => found.push(format!("{file}: {key} is missing")),
            Some(other) if other != values => {
                found.push(format!("{file}: {key} takes the values {other:?}, the English takes {values:?}"));
            }
            Some(_) => {}
        }
    }
    found.extend(
        theirs.keys().filter(|key| !ours.contains_key(*key)).map(|key| format!("{file}: {key} is not in the English")),
    );
    found
}

#[test]
fn every_language_is_whole() {
    let folders = folders();
    let english = folders.first().unwrap();
    assert!(folders.len() > 1 && english.code == "en");
    let faults: Vec<String> = folders.iter().flat_map(|f| faults(f, english)).collect();
    assert!(faults.is_empty(), "\n{}\n", faults.join("\n"));
    assert_eq!(speaks(english), ["public", "console", "packs"], "English speaks everywhere");
}

#[test]
fn what_a_language_lacks_is_named() {
    let english = folders().remove(0);
    let mut italian = Folder { code: "it".into(), ..english.clone() };
    assert!(faults(&italian, &english).is_empty());
    let public = italian.files.get_mut("public").unwrap();
    *public = public.replace("nav-start = Start\n", "").replace("{ $size }", "{ $length }");
    italian.files.remove("rules");
    let unheard = Folder { code: "xx".into(), ..english.clone() };
    assert_eq!(
        faults(&unheard, &english),
        ["xx: the built-in Unicode data do not say how this language writes numbers"]
    );
    let found = faults(&italian, &english).join("\n");
    assert!(found.contains("it/public.ftl: nav-start is missing"), "{found}");
    assert!(found.contains("it/public.ftl: sealed-upload takes the values {\"length\"}"), "{found}");
    assert!(found.contains("it/rules.ftl is missing"), "{found}");
    let about = italian.files.get_mut("language").unwrap();
    *about = about.replace("public, console", "public, gramophone");
    let found = faults(&italian, &english).join("\n");
    assert!(!found.contains("rules.ftl") && found.contains("gramophone"), "{found}");
}

#[test]
fn no_message_is_without_words_whatever_the_number() {
    for language in Language::all() {
        for text in [Some(language.text()), language.console()].into_iter().flatten() {
            let folder = &language.0.folder;
            let keys = folder.files.values().flat_map(|file| scan::messages(file).unwrap());
            for (key, values) in keys.filter(|(key, _)| text.has(key)) {
                for n in [0_u64, 1, 2, 7] {
                    let values: Vec<(&str, &dyn Value)> =
                        values.iter().map(|v| (v.as_str(), &n as &dyn Value)).collect();
                    let words = text.with(&key, &values);
                    assert!(words != MISSING && !words.trim().is_empty(), "{}: {key} has no words", language.code());
                }
            }
        }
    }
}

/// Whole numbers that are names and no counts: words do not bend with them.
const NO_COUNTS: [&str; 12] =
    ["version", "size", "seq", "item", "entry", "severity", "risk", "position", "hours", "done", "of", "bytes"];

#[test]
fn words_that_count_something_bend_in_every_language_that_bends_them() {
    let english = Language::root();
    for (code, key, one, more) in [
        ("en", "search-found", "1 case found", "2 cases found"),
        ("de", "search-found", "1 Fall gefunden", "2 Fälle gefunden"),
        ("en", "books-caption", "Sums over 1 public record", "Sums over 2 public records"),
        ("de", "books-caption", "Summen über 1 öffentlichen Eintrag", "Summen über 2 öffentliche Einträge"),
    ] {
        let text = Language::from_code(code).unwrap().console().unwrap();
        assert_eq!((text.fill(key, "n", 1_u64).as_str(), text.fill(key, "n", 2_u64).as_str()), (one, more));
    }
    // What English says differently of one and of two, German must as well, unless its words are the same for both.
    let german = Language::from_code("de").unwrap().console().unwrap();
    let english = english.console().unwrap();
    let files = &Language::root().0.folder.files;
    for (key, values) in CONSOLE.iter().flat_map(|name| scan::messages(&files[*name]).unwrap()) {
        let counts: Vec<&String> = values.iter().filter(|v| !NO_COUNTS.contains(&v.as_str())).collect();
        let [count] = counts.as_slice() else { continue };
        let bends = |t: &Text| t.fill(&key, count, 1_u64).replace('1', "2") != t.fill(&key, count, 2_u64);
        if bends(english) {
            assert!(bends(german), "de: {key} says the same of one and of two");
        }
    }
}

#[test]
fn a_line_break_in_a_file_is_a_space_and_an_empty_line_a_line_break() {
    let file = "a = one\n    two { $x }\n    three\n\n    four\nb =\n    { $n ->\n        [one] one\n            thing\n       *[other] { $n }\n            things\n    }\n";
    let messages = Messages::new("en", false, [file]);
    assert_eq!(messages.with("a", &[("x", &"-")]).unwrap(), "one two - three\nfour");
    assert_eq!(messages.with("b", &[("n", &1_u64)]).unwrap(), "one thing");
    assert_eq!(messages.with("b", &[("n", &2_u64)]).unwrap(), "2 things");
}

#[test]
fn no_line_of_a_file_is_longer_than_a_page_is_wide() {
    for folder in folders() {
        for (name, text) in &folder.files {
            for (n, line) in text.lines().enumerate() {
                assert!(line.chars().count() <= 120, "{}/{name}.ftl, line {}", folder.code, n + 1);
            }
        }
    }
}

/// The sources in which a key of the public pages may be named.
fn sources(folder: &Path, all: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.ends_with("console") {
            sources(&path, all);
        } else if path.extension().is_some_and(|e| e == "rs" || e == "html") {
            all.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
}

#[test]
fn no_words_of_the_public_pages_are_left_that_nothing_shows() {
    let mut all = String::new();
    sources(&here("src"), &mut all);
    sources(&here("pages"), &mut all);
    // The words of the page's program are all handed to it, whatever their names (`application::words`); a policy's
    // title is asked for by the policy's id (`Text::named`).
    let elsewhere = |key: &&str| key.starts_with("app-") || key.starts_with("policy-");
    for key in Language::root().text().keys().filter(|key| !elsewhere(key)) {
        // A key that is put together from parts is written in the source up to its last hyphen: `concat("scope-", id)`.
        let prefix = key.rsplit_once('-').map_or(key, |(before, _)| before);
        assert!(all.contains(&format!("\"{key}\"")) || all.contains(&format!("\"{prefix}-")), "nothing shows {key}");
    }
}

#[test]
fn addresses_carry_the_language() {
    let [german, spanish] = ["de", "es"].map(|code| Language::from_code(code).unwrap());
    assert_eq!(Language::root().address(""), "/");
    assert_eq!(Language::root().address("help"), "/help");
    assert_eq!(german.address(""), "/de");
    assert_eq!(spanish.address("help"), "/es/help");
    for language in Language::all() {
        assert_eq!(Language::from_code(language.code()), Some(*language));
    }
}

#[test]
fn a_key_without_words_and_a_missing_value_are_seen() {
    let english = Language::root().text();
    assert_eq!(english.get("no-such-key"), MISSING);
    assert_eq!(english.get("footer-charter"), MISSING);
    assert_eq!(Language::from_code("fr").unwrap().text().fill("footer-charter", "version", 3_u64), "Charte, version 3");
    assert_eq!(english.named("role", "zebra"), "zebra");
}

/// A language that was added by files alone.
pub(crate) fn italian() -> Language {
    let place = tempfile::tempdir().unwrap();
    let folder = place.path().join("it");
    std::fs::create_dir(&folder).unwrap();
    for (name, text) in &folders().remove(0).files {
        let text = match name.as_str() {
            "language" => text.replace("name = English", "name = Italiano").replace("public, console, packs", "public"),
            "public" => text.replace("nav-start = Start", "nav-start = Inizio"),
            _ => text.clone(),
        };
        std::fs::write(folder.join(format!("{name}.ftl")), text).unwrap();
    }
    let mut found = scan::scan(place.path()).unwrap();
    assert_eq!(found.iter().map(|f| f.code.as_str()).collect::<Vec<_>>(), ["it"]);
    Language::read(found.remove(0))
}

#[test]
fn a_language_is_a_folder() {
    let italian = italian();
    assert_eq!((italian.code(), italian.name()), ("it", "Italiano"));
    assert_eq!(italian.address("help"), "/it/help");
    assert!(italian.console().is_none());
    assert_eq!(italian.text().get("nav-start"), "Inizio");
    let locale = italian.text().locale();
    assert_eq!(locale.money(Cents(13_750_000).of(Currency::EUR)), "137.500,00\u{a0}€");
    assert_eq!((locale.share(250).as_str(), locale.sample().as_str()), ("2,5%", "12.345.678,5"));
}
