//! What in a text to the source, or about it, could tell others who the source is: words taken over from what only few
//! have read.
//!
//! The check points at passages; a person decides. It cannot see what is only implied, and the page says so.

use std::{collections::BTreeSet, ops::Range};

use subrosa_casework::case::{Case, EntityKind};

use crate::message::Message;

/// So many words in a row, taken from the source's own texts, count as a quotation.
const QUOTE_WORDS: usize = 5;
/// Numbers of so many digits, as the source wrote them, count as a mark.
const NUMBER_DIGITS: usize = 4;
/// A version that fewer people received is never pointed at.
const FEW_READERS: u32 = 10;

/// A passage to look at.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Passage {
    /// Words that the source wrote in this order, as they stand in the text that is looked at.
    Quote(String),
    /// A number that the source wrote.
    Number(String),
    /// A person that the case names.
    Person(String),
    /// A file of the source.
    File(String),
    /// A piece of evidence that few people received.
    FewReaders(String, u32),
}

fn words(text: &str) -> Vec<String> {
    apart(text).map(str::to_lowercase).collect()
}

/// The words of a text as they stand in it.
fn apart(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty())
}

/// The piece of `text` from its word `from` to the one before `to`, counted from 0.
fn piece(text: &str, from: usize, to: usize) -> &str {
    // A word is a slice of the text: where it stands is the difference of the two addresses.
    let begins = |word: &str| word.as_ptr().addr() - text.as_ptr().addr();
    let mut run = apart(text).skip(from).take(to - from);
    let Some(first) = run.next() else { return "" };
    let last = run.last().unwrap_or(first);
    text.get(begins(first)..begins(last) + last.len()).unwrap_or_default()
}

/// The source's own texts, and the names of its files.
fn of_source(case: &Case) -> (Vec<String>, Vec<String>) {
    let (mut texts, mut files) = (Vec::new(), Vec::new());
    for m in case.messages().iter().filter(|m| m.sent.is_none()) {
        match Message::recorded(&m.body.0) {
            Ok(Message::Tip(tip)) => {
                texts.push(tip.narrative);
                texts.extend(tip.answers.into_values());
                files.extend(tip.files.iter().map(|f| f.name().to_owned()));
            }
            Ok(Message::Text { text, files: more }) => {
                texts.push(text);
                files.extend(more.iter().map(|f| f.name().to_owned()));
            }
            _ => {}
        }
    }
    (texts, files)
}

/// The passages of `text` that could point to the source of `case`.
pub fn look(text: &str, case: &Case) -> Vec<Passage> {
    let (texts, files) = of_source(case);
    let mut found = BTreeSet::new();
    let mine = words(text);
    for theirs in texts.iter().map(|t| words(t)) {
        let quoted = quotes(&mine, &theirs).into_iter().map(|run| piece(text, run.start, run.end));
        found.extend(quoted.map(|words| Passage::Quote(words.to_owned())));
        for number in mine.iter().filter(|w| w.chars().filter(char::is_ascii_digit).count() >= NUMBER_DIGITS) {
            if theirs.contains(number) {
                found.insert(Passage::Number(number.clone()));
            }
        }
    }
    let names = |name: &str| {
        let name = words(name);
        !name.is_empty() && mine.windows(name.len()).any(|w| w == name)
    };
    for e in case.entities().iter().filter(|e| e.kind == EntityKind::Person && names(&e.name)) {
        found.insert(Passage::Person(e.name.clone()));
    }
    for f in files.iter().filter(|f| names(f)) {
        found.insert(Passage::File(f.clone()));
    }
    for item in case.evidence().values() {
        if let Some(n) = item.evidence.readers.filter(|n| *n < FEW_READERS)
            && names(&item.evidence.name)
        {
            found.insert(Passage::FewReaders(item.evidence.name.clone(), n));
        }
    }
    found.into_iter().collect()
}

/// The longest runs of words that stand in both, each at least [`QUOTE_WORDS`] long, by their places in `mine`.
fn quotes(mine: &[String], theirs: &[String]) -> Vec<Range<usize>> {
    let runs: BTreeSet<&[String]> = theirs.windows(QUOTE_WORDS).collect();
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(first) = mine.get(at..at + QUOTE_WORDS) {
        if !runs.contains(first) {
            at += 1;
            continue;
        }
        let mut end = at + QUOTE_WORDS;
        while mine.get(end + 1 - QUOTE_WORDS..end + 1).is_some_and(|next| runs.contains(next)) {
            end += 1;
        }
        out.push(at..end);
        at = end;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quotation_is_found_whole_and_common_phrases_are_not() {
        let theirs = words("They ran 16,384 accelerators for 54 days and told nobody about it.");
        let text = "We read that »THEY ran 16,384\naccelerators for 54 days«. Who told nobody?";
        let found = quotes(&words(text), &theirs);
        let pieces: Vec<&str> = found.into_iter().map(|run| piece(text, run.start, run.end)).collect();
        assert_eq!(pieces, ["THEY ran 16,384\naccelerators for 54 days"], "as it stands there");
        assert!(quotes(&words("Thank you for your tip, we are looking at it."), &theirs).is_empty());
        assert!(quotes(&[], &theirs).is_empty());
        assert_eq!((piece("", 0, 0), piece("one", 0, 1), piece("one, two", 1, 9)), ("", "one", "two"));
    }
}
