//! Prose: lines that fit a window, comments that say more than a word, links and cited pages that are there.

use std::{collections::BTreeSet, path::Path};

use crate::{
    measure,
    sources::{files, root, text},
};

/// Columns of a line of prose.
const COLUMNS_MAX: usize = 120;
/// A comment on an item says more than this many words, or the item needs none because it is private.
const WORDS_TOO_FEW: usize = 2;

/// The lines of a page that are prose: no code, no table, no heading of the file's own data, not one long link.
fn prose_of_page(page: &str) -> Vec<&str> {
    let mut fenced = false;
    let mut lines = Vec::new();
    for line in page.lines() {
        let trimmed = line.trim_start();
        if trimmed.starts_with("```") || trimmed.starts_with("~~~") {
            fenced = !fenced;
        } else if !fenced && !trimmed.starts_with('|') && !line.starts_with("    ") {
            lines.push(line);
        }
    }
    lines
}

/// The lines of a program that are comments from their first character.
fn comments<'a>(program: &'a str, marks: &[&str]) -> Vec<&'a str> {
    program.lines().filter(|line| marks.iter().any(|mark| line.trim_start().starts_with(mark))).collect()
}

/// Whether a line is too long for want of a place to break it: behind its marks it is one word, such as a link.
fn cannot_be_broken(line: &str) -> bool {
    let words = line.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric));
    words.count() <= 1
}

fn prose(path: &Path, text: &str) -> Vec<String> {
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    let lines = match ending {
        "md" => prose_of_page(text),
        "rs" => comments(text, &["//"]),
        "js" | "mjs" => comments(text, &["//", "/*", "* "]),
        _ => comments(text, &["#"]),
    };
    lines.into_iter().map(ToOwned::to_owned).collect()
}

#[test]
fn no_line_of_prose_is_wider_than_a_window() {
    let mut offenders = BTreeSet::new();
    let mut seen = 0;
    for path in files(&[".md", ".rs", ".js", ".mjs", ".sh", ".py", "Cargo.toml", "clippy.toml", "deny.toml"]) {
        let lines = prose(&path, &text(&path));
        seen += lines.len();
        if lines.iter().any(|line| line.chars().count() > COLUMNS_MAX && !cannot_be_broken(line)) {
            offenders.insert(path.display().to_string());
        }
    }
    assert!(seen > 5000, "only {seen} lines of prose found");
    measure::hold("prose", &offenders);
}

#[test]
fn no_comment_on_an_item_is_a_word_or_two() {
    let mut offenders = BTreeSet::new();
    let mut seen = 0;
    for path in files(&[".rs"]) {
        let text = text(&path);
        let mut lines = text.lines().map(str::trim).peekable();
        while let Some(line) = lines.next() {
            let Some(first) = line.strip_prefix("///") else { continue };
            let mut said = first.to_owned();
            while let Some(more) = lines.peek().and_then(|next| next.strip_prefix("///")) {
                said.push_str(more);
                lines.next();
            }
            seen += 1;
            // A route or a name in `code` says where to read on.
            if said.split_whitespace().count() <= WORDS_TOO_FEW && !said.contains('`') {
                let item = lines.find(|line| !line.starts_with('#')).unwrap_or_default();
                offenders.insert(format!("{} {} | {item}", path.display(), said.trim()));
            }
        }
    }
    assert!(seen > 2000, "only {seen} comments on items found");
    measure::hold("docs", &offenders);
}

#[test]
fn every_page_that_the_code_cites_is_there() {
    for path in files(&[".rs"]) {
        let text = text(&path);
        for cited in text.match_indices("docs/").map(|(at, _)| &text[at..]) {
            let end = cited.find(|c: char| !(c.is_ascii_alphanumeric() || "/-._".contains(c))).unwrap_or(cited.len());
            if let Some(page) = cited[..end].strip_suffix(".md").filter(|page| !page.contains("NNNN")) {
                let page = root().join(format!("{page}.md"));
                assert!(page.exists(), "{} cites {}, which is not there", path.display(), page.display());
            }
        }
    }
}

#[test]
fn no_link_between_pages_is_dead() {
    let pages = files(&[".md"]);
    assert!(pages.len() > 5, "only {} pages found", pages.len());
    for page in pages {
        let text = text(&page);
        for target in text.split("](").skip(1).filter_map(|rest| rest.split(')').next()) {
            let target = target.split('#').next().unwrap();
            if !target.is_empty() && !target.contains("://") {
                let there = root().join(&page).parent().unwrap().join(target);
                assert!(there.exists(), "{} links to {target}, which is not there", page.display());
            }
        }
    }
}

/// A file that a page names in `code` is in the tree: pages outlive files.
#[test]
fn every_file_that_a_page_names_is_there() {
    const PLACES: &[&str] = &["e2e/", "server/src/", "server/tests/", "client/", "crypto/", "casework/", "templates/"];
    let mut seen = 0;
    for page in files(&[".md"]) {
        for named in prose_of_page(&text(&page)).join("\n").split('`').skip(1).step_by(2) {
            let path = named.trim_end_matches('/');
            let ours = PLACES.iter().any(|place| named.starts_with(place));
            let plain = path.chars().all(|c| c.is_ascii_alphanumeric() || "/-._".contains(c));
            if ours && plain && path.contains('.') {
                seen += 1;
                assert!(root().join(path).exists(), "{} names {named}, which is not there", page.display());
            }
        }
    }
    assert!(seen > 10, "only {seen} files named");
}
