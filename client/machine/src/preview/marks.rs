//! Marks in a text that people do not see and a program can count: invisible characters, letters that look like others,
//! odd spaces. Any of them can make one reader's copy differ from every other's.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

/// What kind of mark it is.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MarkKind {
    /// Takes no room: zero-width, directional or tag characters.
    Invisible,
    /// A letter of another script within a word, that looks like one of this script.
    LookAlike,
    /// A space of an unusual width.
    OddSpace,
    /// Spaces at the end of a line, or several in a row inside it.
    Spacing,
}

impl MarkKind {
    /// Its name in files and behind the keys of its words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Invisible => "invisible",
            Self::LookAlike => "look-alike",
            Self::OddSpace => "odd-space",
            Self::Spacing => "spacing",
        }
    }
}

/// A place in a text that could tell one copy from another.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Mark {
    /// What is suspicious about the place.
    pub kind: MarkKind,
    /// Line, from one.
    pub line: usize,
    /// Character within the line, from one.
    pub column: usize,
    /// What was found, for people: `U+200B`, or the word.
    pub found: String,
}

/// A text with its marks.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Marked {
    /// As it came, with invisible characters made visible as `[U+200B]`, and no control characters but line breaks and
    /// tabs.
    pub shown: String,
    /// Without the marks: what a sanitised copy says.
    pub clean: String,
    /// The marks, in the order of the text.
    pub marks: Vec<Mark>,
}

/// Looks for marks.
pub fn examine(text: &str) -> Marked {
    let mut out = Marked { shown: String::new(), clean: String::new(), marks: Vec::new() };
    for (n, line) in text.lines().enumerate() {
        line_of(line, n + 1, &mut out);
    }
    out.marks.sort_by_key(|m| (m.line, m.column));
    out
}

fn line_of(line: &str, number: usize, out: &mut Marked) {
    let mut mark = |kind, column: usize, found: String| out.marks.push(Mark { kind, line: number, column, found });
    let mut clean = String::new();
    for (column, c) in line.chars().enumerate().map(|(i, c)| (i + 1, c)) {
        // Spaces before the first word indent a line; one more after another says nothing that can be seen.
        let again = clean.ends_with(' ') && !clean.trim().is_empty();
        if is_odd_space(c) {
            mark(MarkKind::OddSpace, column, code(c));
            out.shown.push(' ');
            if !again {
                clean.push(' ');
            }
        } else if is_invisible(c) || c.is_control() && c != '\t' {
            mark(MarkKind::Invisible, column, code(c));
            out.shown.push_str(&format!("[{}]", code(c)));
        } else {
            out.shown.push(c);
            if c == ' ' && again {
                mark(MarkKind::Spacing, column, "several spaces".into());
            } else {
                clean.push(c);
            }
        }
    }
    if clean.ends_with([' ', '\t']) {
        mark(MarkKind::Spacing, line.chars().count(), "spaces at the end of the line".into());
    }
    let mut plain = String::new();
    let mut word = String::new();
    let mut begins = 1;
    for (column, c) in clean.trim_end().chars().map(Some).chain([None]).enumerate() {
        match c.filter(|c| c.is_alphabetic()) {
            Some(letter) => {
                if word.is_empty() {
                    begins = column + 1;
                }
                word.push(letter);
            }
            None => {
                let mixed = scripts(&word).len() > 1;
                if mixed && word.chars().any(|c| look_alike(c).is_some()) {
                    mark(MarkKind::LookAlike, begins, word.clone());
                }
                plain.extend(word.chars().map(|c| if mixed { look_alike(c).unwrap_or(c) } else { c }));
                word.clear();
                plain.extend(c);
            }
        }
    }
    out.clean.push_str(&plain);
    out.clean.push('\n');
    out.shown.push('\n');
}

fn code(c: char) -> String {
    format!("U+{:04X}", u32::from(c))
}

/// Unicode's default-ignorable characters, and blanks that are letters by their category. (Unicode 15,
/// DerivedCoreProperties.)
fn is_invisible(c: char) -> bool {
    matches!(
        u32::from(c),
        0x00AD | 0x034F | 0x061C | 0x115F..=0x1160 | 0x17B4..=0x17B5 | 0x180B..=0x180F | 0x200B..=0x200F | 0x202A..=0x202E | 0x2060..=0x206F
            | 0x2800 | 0x3164 | 0xFE00..=0xFE0F | 0xFEFF | 0xFFA0 | 0xFFF0..=0xFFFB | 0x1BCA0..=0x1BCA3 | 0x1D173..=0x1D17A | 0xE0000..=0xE0FFF
    )
}

/// Spaces that are not the space bar's. The no-break space and the narrow one are common in French text, and still
/// differ from copy to copy.
fn is_odd_space(c: char) -> bool {
    matches!(u32::from(c), 0x00A0 | 0x1680 | 0x2000..=0x200A | 0x202F | 0x205F | 0x3000)
}

/// Scripts of a word's letters, as far as look-alikes are between them.
fn scripts(word: &str) -> BTreeSet<u8> {
    let script = |c: char| match u32::from(c) {
        0x0041..=0x024F | 0x1E00..=0x1EFF => Some(0),
        0x0370..=0x03FF | 0x1F00..=0x1FFF => Some(1),
        0x0400..=0x052F => Some(2),
        0x0530..=0x058F => Some(3),
        0xFF21..=0xFF5A | 0x1D400..=0x1D7FF => Some(4),
        _ => None,
    };
    word.chars().filter_map(script).collect()
}

/// The Latin letter that a letter of another script looks like. (Unicode UTS 39, confusables: the single letters that
/// print alike in common fonts.)
fn look_alike(c: char) -> Option<char> {
    Some(match c {
        'а' | 'α' => 'a',
        'А' | 'Α' => 'A',
        'В' | 'Β' => 'B',
        'с' | 'ϲ' => 'c',
        'С' | 'Ϲ' => 'C',
        'ԁ' => 'd',
        'е' => 'e',
        'Е' | 'Ε' => 'E',
        'һ' => 'h',
        'Н' | 'Η' => 'H',
        'і' | 'ι' => 'i',
        'І' | 'Ι' => 'I',
        'ј' => 'j',
        'Ј' => 'J',
        'К' | 'Κ' => 'K',
        'М' | 'Μ' => 'M',
        'Ν' => 'N',
        'о' | 'ο' | 'օ' => 'o',
        'О' | 'Ο' => 'O',
        'р' | 'ρ' => 'p',
        'Р' | 'Ρ' => 'P',
        'ԛ' => 'q',
        'ѕ' => 's',
        'Ѕ' => 'S',
        'Т' | 'Τ' => 'T',
        'υ' | 'ս' => 'u',
        'ν' => 'v',
        'ԝ' => 'w',
        'х' | 'χ' => 'x',
        'Х' | 'Χ' => 'X',
        'у' => 'y',
        'У' | 'Υ' => 'Y',
        'Ζ' => 'Z',
        '\u{FF21}'..='\u{FF3A}' | '\u{FF41}'..='\u{FF5A}' => char::from_u32(u32::from(c) - 0xFEE0)?,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    #![expect(clippy::indexing_slicing, reason = "tests")]
    use super::*;

    #[test]
    fn invisible_marks_are_shown_and_taken_out() {
        let text = "Pay\u{200b}roll of\u{2060} March\nand\u{e0041} so\u{feff} on";
        let m = examine(text);
        assert_eq!(m.shown, "Pay[U+200B]roll of[U+2060] March\nand[U+E0041] so[U+FEFF] on\n");
        assert_eq!(m.clean, "Payroll of March\nand so on\n");
        let places: Vec<_> = m.marks.iter().map(|m| (m.line, m.column, m.kind)).collect();
        assert_eq!(
            places,
            [
                (1, 4, MarkKind::Invisible),
                (1, 12, MarkKind::Invisible),
                (2, 4, MarkKind::Invisible),
                (2, 8, MarkKind::Invisible)
            ]
        );
    }

    #[test]
    fn look_alikes_are_found_within_words_only() {
        // The third letter of "market" is Cyrillic here.
        let m = examine("the ma\u{0440}ket, рынок, αγορά");
        assert_eq!(m.marks.len(), 1);
        assert_eq!((m.marks[0].kind, m.marks[0].found.as_str()), (MarkKind::LookAlike, "ma\u{0440}ket"));
        assert_eq!(m.clean, "the mapket, рынок, αγορά\n");
    }

    #[test]
    fn spaces_that_count_are_found() {
        let m = examine("one  two \nthree\u{2009}four\n    indented code stays\n");
        let kinds: Vec<_> = m.marks.iter().map(|m| (m.line, m.kind)).collect();
        assert_eq!(kinds, [(1, MarkKind::Spacing), (1, MarkKind::Spacing), (2, MarkKind::OddSpace)]);
        assert_eq!(m.clean, "one two\nthree four\n    indented code stays\n");
    }

    #[test]
    fn plain_text_is_left_alone_in_four_languages() {
        for text in [
            "Plain words.\n",
            "Größe, Fuß, naïve façade\n",
            "¿Qué pasó? ¡Señor!\n",
            "L’été, çà et là\n",
            "東京 の 話\n",
        ] {
            let m = examine(text);
            assert!(m.marks.is_empty(), "{:?}", m.marks);
            assert_eq!((m.clean.as_str(), m.shown.as_str()), (text, text));
        }
    }
}
