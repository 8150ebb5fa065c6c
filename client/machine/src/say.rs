//! What every face of the programs says and needs: errors as sentences, foreign text made safe, randomness.

use rand_core::UnwrapErr;
use subrosa_casework::money::Currency;
use subrosa_engine::coded::{Argument, Code, Coded};
use subrosa_templates::{Language, Value, console::Words};

use crate::{coded, preview::is_invisible};

/// The system's randomness.
pub type Rng = UnwrapErr<getrandom::SysRng>;

/// An error with its causes, each said once, in English: many of our errors repeat their cause in their own words. A
/// rule that said no is told in the words of the consoles. Some of the words are a server's, so all of them are made
/// [`plain`].
pub fn sentence(error: &anyhow::Error) -> String {
    let mut out = String::new();
    let mut say = |cause: String| {
        if out.is_empty() {
            out = cause;
        } else if !out.contains(&cause) {
            out.push_str(": ");
            out.push_str(&cause);
        }
    };
    for cause in error.chain() {
        if let Some(rule) = coded::of_cause(cause).filter(Coded::is_rule) {
            say(coded_words(english(), &rule));
            break;
        }
        say(cause.to_string());
    }
    plain(&out)
}

/// What is said of a code to whoever reads English.
pub fn told(code: &impl Code) -> String {
    coded_words(english(), &code.coded())
}

fn english() -> &'static Words {
    Language::root().console().unwrap_or_else(|| Language::root().text())
}

/// A code with its arguments, and what was seen besides, in the reader's language.
pub fn coded_words(t: &Words, code: &Coded) -> String {
    let value = |argument: &Argument| -> Box<dyn Value> {
        match argument {
            Argument::Number(n) => Box::new(*n),
            Argument::Text(text) => Box::new(plain(text)),
            Argument::Named(list, name) => Box::new(t.named(list, name).to_owned()),
            Argument::Money(amount) => Box::new(t.locale().money(amount.of(Currency::EUR))),
            Argument::Why(why) => Box::new(coded_words(t, why)),
        }
    };
    let values: Vec<_> = code.arguments.iter().map(|(name, argument)| (*name, value(argument))).collect();
    let words = t.with(&code.key, &values.iter().map(|(name, value)| (*name, &**value)).collect::<Vec<_>>());
    match &code.note {
        Some(note) => format!("{words} ({})", coded_words(t, note)),
        None => words,
    }
}

/// Text that came from outside, fit for a terminal and for a page. What would steer a terminal, turn the writing's
/// direction or hide between letters is shown as what it is, such as `⟨U+202E⟩`. Line breaks and tabs stay, and so do
/// the joiners and variants that scripts and emoji are written with.
pub fn plain(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let mut out = String::with_capacity(text.len());
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        if !is_hidden(c) || is_at_home(before, c, rest.peek().copied()) {
            out.push(c);
        } else {
            out.push_str(&format!("⟨U+{:04X}⟩", u32::from(c)));
        }
        before = Some(c);
    }
    out
}

/// As [`plain`], for what stands on one line: a name with a line break in it could pass for a line of ours.
pub fn plain_line(text: &str) -> String {
    plain(text).replace('\n', "⟨U+000A⟩")
}

/// Nobody sees it, or it does more than to be seen.
fn is_hidden(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t') || matches!(c, '\u{2028}' | '\u{2029}') || is_invisible(c)
}

/// Whether an invisible character does the work that it is there for, between the two beside it.
fn is_at_home(before: Option<char>, c: char, after: Option<char>) -> bool {
    let both = |fits: fn(char) -> bool| before.is_some_and(fits) && after.is_some_and(fits);
    match u32::from(c) {
        0x200C => both(is_joining),
        0x200D => both(is_joining) || both(is_pictograph) || before.is_some_and(kills_vowel),
        0xFE0E | 0xFE0F => before.is_some_and(|b| is_pictograph(b) || matches!(b, '0'..='9' | '#' | '*')),
        0xFE00..=0xFE02 | 0xE0100..=0xE01EF => before.is_some_and(is_ideograph),
        0x180B..=0x180D | 0x180F => before.is_some_and(|b| matches!(u32::from(b), 0x1820..=0x18AA)),
        _ => false,
    }
}

/// Of a script whose letters join or stack: Arabic and its neighbours, the scripts of India and of South-East Asia,
/// Mongolian.
fn is_joining(c: char) -> bool {
    let in_script = matches!(
        u32::from(c),
        0x0620..=0x08FF | 0x0900..=0x0DFF | 0x1000..=0x109F | 0x1780..=0x17D3 | 0x1820..=0x18AA | 0xA840..=0xA877
            | 0xA980..=0xAAFF | 0xFB50..=0xFDFF | 0xFE70..=0xFEFC | 0x10AC0..=0x10AFF | 0x11000..=0x1147F | 0x1E900..=0x1E95F
    );
    in_script && !is_invisible(c)
}

/// A sign after which a joiner asks for a form of the letter even at the end of a word.
fn kills_vowel(c: char) -> bool {
    matches!(
        u32::from(c),
        0x094D | 0x09CD | 0x0A4D | 0x0ACD | 0x0B4D | 0x0BCD | 0x0C4D | 0x0CCD | 0x0D4D | 0x0DCA | 0x1039 | 0x17D2
    )
}

/// A picture among letters, its skin, or the mark that makes a sign one.
fn is_pictograph(c: char) -> bool {
    matches!(
        u32::from(c),
        0x00A9 | 0x00AE | 0x203C | 0x2049 | 0x2122 | 0x2139 | 0x2190..=0x21FF | 0x2300..=0x23FF | 0x25A0..=0x27BF | 0x2934..=0x2935
            | 0x2B00..=0x2BFF | 0x3030 | 0x303D | 0x3297 | 0x3299 | 0xFE0F | 0x1F000..=0x1FAFF
    )
}

fn is_ideograph(c: char) -> bool {
    matches!(u32::from(c), 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x323AF)
}

#[cfg(test)]
mod tests {
    use subrosa_casework::{
        case::State,
        refusal::{Note, Refusal, Rule},
    };
    use subrosa_engine::officer::{JournalError, Refused};

    use super::*;

    /// What could steer a terminal, turn a line round or hide in it.
    const HIDDEN: &[char] = &[
        '\u{0}',
        '\u{7}',
        '\u{8}',
        '\r',
        '\u{1b}',
        '\u{7f}',
        '\u{85}',
        '\u{9b}',
        '\u{ad}',
        '\u{34f}',
        '\u{61c}',
        '\u{115f}',
        '\u{1160}',
        '\u{17b4}',
        '\u{180e}',
        '\u{200b}',
        '\u{200c}',
        '\u{200d}',
        '\u{200e}',
        '\u{200f}',
        '\u{2028}',
        '\u{2029}',
        '\u{202a}',
        '\u{202b}',
        '\u{202c}',
        '\u{202d}',
        '\u{202e}',
        '\u{2060}',
        '\u{2061}',
        '\u{2062}',
        '\u{2063}',
        '\u{2064}',
        '\u{2066}',
        '\u{2067}',
        '\u{2068}',
        '\u{2069}',
        '\u{206a}',
        '\u{206f}',
        '\u{2800}',
        '\u{3164}',
        '\u{fe00}',
        '\u{fe0f}',
        '\u{feff}',
        '\u{ffa0}',
        '\u{fff9}',
        '\u{fffb}',
        '\u{1d173}',
        '\u{e0001}',
        '\u{e0041}',
        '\u{e007f}',
        '\u{e0100}',
        '\u{e01ef}',
    ];

    #[test]
    fn what_hides_or_steers_is_shown_as_what_it_is() {
        for c in HIDDEN {
            let shown = plain(&format!("a{c}b"));
            assert_eq!(shown, format!("a⟨U+{:04X}⟩b", u32::from(*c)));
            assert_eq!(plain(&shown), shown, "shown once and not again");
            let error = anyhow::anyhow!("the server says a{c}b");
            assert!(!sentence(&error).contains(*c), "{:04X}", u32::from(*c));
        }
        assert_eq!(plain("a\u{1b}[31m\nb\tc\r\nd"), "a⟨U+001B⟩[31m\nb\tc\nd");
        assert_eq!(plain_line("anna\nstate paid"), "anna⟨U+000A⟩state paid");
    }

    #[test]
    fn a_rule_that_said_no_is_a_sentence_without_its_code() {
        for rule in Rule::ALL.iter().copied() {
            let error = anyhow::Error::new(JournalError::Refused(rule.because(Note::CaseIs(State::ClaimOpen))));
            let said = sentence(&error.context("evidence 3"));
            assert!(said.starts_with("evidence 3: ") && said.contains(". ("), "{said}");
            assert!(!said.contains("claim-open") && !said.contains("missing"), "{said}");
            // A rule of one word may have that word in its sentence.
            assert!(!rule.code().contains('-') || !said.contains(rule.code()), "{said}");
            let refusal = Refusal::from(rule);
            assert_eq!(sentence(&anyhow::Error::new(refusal.clone())), told(&refusal));
            assert_eq!(told(&Refused::from(&refusal)), told(&refusal));
        }
    }

    #[test]
    fn what_a_script_is_written_with_stays() {
        let words = [
            "می\u{200c}خواهم",
            "क\u{94d}\u{200d}ष",
            "അവന\u{d4d}\u{200d} ",
            "👩\u{200d}🔬",
            "👩🏽\u{200d}🔬",
            "❤\u{fe0f}\u{200d}🔥",
            "3\u{fe0f}\u{20e3}",
            "葛\u{e0100}城",
            "Ærø, naïve, 東京, São\u{a0}Paulo",
        ];
        for word in words {
            assert_eq!(plain(word), word);
        }
        // A joiner beside letters that do not join is there to tell copies apart.
        assert_eq!(plain("ab\u{200d}c م\u{200c}b"), "ab⟨U+200D⟩c م⟨U+200C⟩b");
        assert_eq!(plain("👍\u{fe0f}\u{fe00}"), "👍\u{fe0f}⟨U+FE00⟩");
    }
}
