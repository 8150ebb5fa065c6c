//! Numbers as people write them: read by the marks of a language, and refused where they could mean something else.
//!
//! `137.500` is a hundred and thirty-seven and a half to one reader and a hundred and thirty-seven thousand to another.
//! So a number is taken in two forms only: as the reader's language writes it, and plain (`137500.5`, `1e25`). A text
//! that the other convention of points and commas reads as another number is refused, whatever the language, and both
//! readings are named. Spec: `docs/spec/conventions.md`, section "Numbers and amounts that people write".

use core::fmt;

use thiserror::Error;

/// More characters are no number.
const LONGEST: usize = 400;

/// The marks between digits, as one language uses them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Numerals {
    decimal: char,
    group: Option<char>,
    /// Digits in the group before the decimal mark.
    first: usize,
    /// Digits in every group further left.
    further: usize,
}

/// Why a text is not taken for a number.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum NumberError {
    /// It is not written as the language writes numbers, and not plainly either.
    #[error("`{0}` is not a number here; write it plainly, such as 16384, 0.5 or 1e25")]
    Unreadable(String),
    /// Points and commas mean different things to different readers.
    #[error("`{text}` can be read as {one} or as {other}; write the number without separators, such as 16384")]
    Ambiguous {
        /// As it was written.
        text: String,
        /// What one convention reads.
        one: String,
        /// What another reads.
        other: String,
    },
    /// Only a whole number counts things.
    #[error("`{0}` is not a whole number")]
    Fraction(String),
    /// Less than nothing where that has no meaning.
    #[error("`{0}` is below zero")]
    Negative(String),
    /// Past the range.
    #[error("`{0}` is too large")]
    TooLarge(String),
}

impl NumberError {
    /// A stable name, under which words for it are found.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "number-unreadable",
            Self::Ambiguous { .. } => "number-ambiguous",
            Self::Fraction(_) => "number-fraction",
            Self::Negative(_) => "number-negative",
            Self::TooLarge(_) => "number-too-large",
        }
    }
}

/// A number that was read. Prints in plain form, which every language reads as the same number: `137500.5`, `1.5e25`;
/// `16.3840` with a zero that keeps three decimals from looking like a group.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Plain {
    negative: bool,
    whole: String,
    fraction: String,
    exponent: Option<i32>,
}

impl Plain {
    /// Its digits after the mark, as they were written.
    pub(crate) fn fraction(&self) -> &str {
        &self.fraction
    }

    /// Its digits before the mark.
    pub(crate) fn whole(&self) -> &str {
        &self.whole
    }

    /// Whether it has an exponent.
    pub(crate) fn is_scientific(&self) -> bool {
        self.exponent.is_some()
    }

    /// Whether it is below zero.
    pub fn is_negative(&self) -> bool {
        self.negative
    }

    /// Whether nothing is left behind the decimal mark, once the exponent has moved it.
    pub fn is_whole(&self) -> bool {
        let shift = i64::from(self.exponent.unwrap_or(0));
        let digits = format!("{}{}", self.whole, self.fraction);
        let Some(last) = digits.rfind(|c| c != '0') else { return true };
        let point = i64::try_from(self.whole.len()).unwrap_or(i64::MAX).saturating_add(shift);
        i64::try_from(last).is_ok_and(|last| last < point)
    }

    /// As a floating-point number, if it is in range.
    pub fn to_f64(&self) -> Option<f64> {
        self.to_string().parse::<f64>().ok().filter(|n| n.is_finite())
    }

    /// The same number in one spelling, for comparing readings.
    fn key(&self) -> (bool, &str, &str, i32) {
        let whole = self.whole.trim_start_matches('0');
        (self.negative, whole, self.fraction.trim_end_matches('0'), self.exponent.unwrap_or(0))
    }
}

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = self.whole.trim_start_matches('0');
        let sign = if self.negative { "-" } else { "" };
        write!(f, "{sign}{}", if whole.is_empty() { "0" } else { whole })?;
        let fraction = self.fraction.trim_end_matches('0');
        if !fraction.is_empty() {
            let like_a_group = fraction.len() == 3 && (1..=3).contains(&whole.len()) && self.exponent.is_none();
            write!(f, ".{fraction}{}", if like_a_group { "0" } else { "" })?;
        }
        self.exponent.map_or(Ok(()), |e| write!(f, "e{e}"))
    }
}

/// Only digits, and the point between whole and fraction: as programs write.
const PLAIN: Numerals = Numerals { decimal: '.', group: None, first: 3, further: 3 };
/// The two conventions between which a text may not be torn.
const CONVENTIONS: [Numerals; 2] = [Numerals::new('.', ','), Numerals::new(',', '.')];

impl Numerals {
    /// Points for decimals, commas for thousands.
    pub const ENGLISH: Self = Self::new('.', ',');

    /// Groups of three between these marks.
    pub const fn new(decimal: char, group: char) -> Self {
        Self { decimal, group: Some(group), first: 3, further: 3 }
    }

    /// What a language's own spelling of 12345678.5 shows: `12.345.678,5`.
    pub fn of_sample(sample: &str) -> Option<Self> {
        let sample = settled(sample);
        let parts: Vec<&str> = sample.split(|c: char| !c.is_ascii_digit()).collect();
        let mut marks = sample.chars().filter(|c| !c.is_ascii_digit());
        let (group, decimal) = (marks.next()?, marks.next_back()?);
        let [.., further, first, _] = parts.as_slice() else { return None };
        (parts.concat() == "123456785" && group != decimal).then_some(Self {
            decimal,
            group: Some(group),
            first: first.len(),
            further: further.len(),
        })
    }

    /// The mark before decimals.
    pub fn decimal(&self) -> char {
        self.decimal
    }

    /// The mark between groups.
    pub fn group(&self) -> char {
        self.group.unwrap_or(',')
    }

    /// Reads a number: as this language writes it, or plainly.
    ///
    /// # Errors
    /// A text that is no number here, or that another convention reads as another number.
    pub fn read(&self, text: &str) -> Result<Plain, NumberError> {
        let body = settled(text);
        let mut readings = [self, &PLAIN].into_iter().filter_map(|n| n.parse(&body));
        let ours = readings.next().ok_or_else(|| NumberError::Unreadable(text.trim().to_owned()))?;
        let others = readings.chain(CONVENTIONS.iter().filter_map(|n| n.parse(&body)));
        match others.into_iter().find(|other| other.key() != ours.key()) {
            Some(other) => Err(NumberError::Ambiguous {
                text: text.trim().to_owned(),
                one: ours.to_string(),
                other: other.to_string(),
            }),
            None => Ok(ours),
        }
    }

    /// Reads a whole number that is not below zero: so many of something.
    ///
    /// # Errors
    /// As [`Numerals::read`]; a fraction, a negative number, one past the range.
    pub fn whole(&self, text: &str) -> Result<u64, NumberError> {
        let number = self.read(text)?;
        let text = || text.trim().to_owned();
        if number.is_negative() {
            return Err(NumberError::Negative(text()));
        }
        if !number.is_whole() {
            return Err(NumberError::Fraction(text()));
        }
        if number.is_scientific() {
            return Err(NumberError::Unreadable(text()));
        }
        number.whole.parse().map_err(|_| NumberError::TooLarge(text()))
    }

    /// What these marks make of a settled text, if it is well-formed by them.
    fn parse(&self, body: &str) -> Option<Plain> {
        if body.len() > LONGEST {
            return None;
        }
        let (negative, body) = body.strip_prefix('-').map_or((false, body), |rest| (true, rest));
        let (mantissa, exponent) = match body.split_once(['e', 'E']) {
            Some((mantissa, e)) => (mantissa, Some(exponent(e)?)),
            None => (body, None),
        };
        let (whole, fraction) = match mantissa.split_once(settled_mark(self.decimal)) {
            Some((whole, fraction)) => (whole, Some(fraction)),
            None => (mantissa, None),
        };
        if fraction.is_some_and(|f| !digits(f)) {
            return None;
        }
        let group = self.group.map(settled_mark).filter(|g| whole.contains(*g));
        let whole = match group {
            // Nobody groups the digits of a mantissa.
            Some(_) if exponent.is_some() => return None,
            Some(group) => self.ungrouped(whole, group)?,
            None => Some(whole.to_owned()).filter(|w| digits(w))?,
        };
        Some(Plain { negative, whole, fraction: fraction.unwrap_or_default().to_owned(), exponent })
    }

    /// The digits of a whole number that stands in groups, if every group is as long as it must be.
    fn ungrouped(&self, whole: &str, group: char) -> Option<String> {
        let groups: Vec<&str> = whole.split(group).collect();
        let (last, rest) = groups.split_last()?;
        let (lead, middle) = rest.split_first()?;
        let fits = last.len() == self.first
            && middle.iter().all(|g| g.len() == self.further)
            && (1..=self.further).contains(&lead.len())
            && !lead.starts_with('0');
        Some(groups.concat()).filter(|all| fits && digits(all))
    }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

fn exponent(text: &str) -> Option<i32> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if !digits(unsigned) || unsigned.len() > 4 {
        return None;
    }
    text.strip_prefix('+').unwrap_or(text).parse().ok()
}

/// One spelling for what looks alike: every space that keeps a number together, apostrophes, the minus; marks of
/// direction go.
pub(crate) fn settled(text: &str) -> String {
    let unseen = |c: &char| !matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}');
    text.trim().chars().filter(unseen).map(settled_mark).collect::<String>().trim().to_owned()
}

fn settled_mark(c: char) -> char {
    match c {
        '\u{a0}' | '\u{202f}' | '\u{2009}' | '\u{2007}' => ' ',
        '\u{2019}' => '\'',
        '\u{2212}' => '-',
        other => other,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const GERMAN: Numerals = Numerals::new(',', '.');
    const FRENCH: Numerals = Numerals::new(',', '\u{202f}');

    fn read(n: &Numerals, text: &str) -> String {
        n.read(text).map_or_else(|e| e.code().to_owned(), |p| p.to_string())
    }

    #[test]
    fn a_language_reads_its_own_spelling_and_the_plain_one() {
        for (n, text, plain) in [
            (&Numerals::ENGLISH, "1,234,567.25", "1234567.25"),
            (&GERMAN, "1.234.567,25", "1234567.25"),
            (&FRENCH, "1\u{202f}234\u{a0}567,25", "1234567.25"),
            (&FRENCH, "16 384", "16384"),
            (&GERMAN, "989,4", "989.4"),
            (&GERMAN, "989.4", "989.4"),
            (&GERMAN, "3,0252e25", "3.0252e25"),
            (&GERMAN, "3.025e25", "3.025e25"),
            (&GERMAN, "0,125", "0.125"),
            (&Numerals::ENGLISH, "-5", "-5"),
            (&Numerals::ENGLISH, "007", "7"),
            (&Numerals::ENGLISH, "1E+25", "1e25"),
            (&GERMAN, "16,3840", "16.3840"),
        ] {
            assert_eq!(read(n, text), plain, "{text}");
        }
    }

    #[test]
    fn what_another_reader_would_read_otherwise_is_refused_with_both_readings() {
        for n in [Numerals::ENGLISH, GERMAN] {
            for text in ["16.384", "16,384", "137.500", "1,234"] {
                assert_eq!(read(&n, text), "number-ambiguous", "{text}");
            }
        }
        let e = GERMAN.read("16.384").unwrap_err();
        assert_eq!(e, NumberError::Ambiguous { text: "16.384".into(), one: "16384".into(), other: "16.3840".into() });
        assert!(e.to_string().contains("16384 or as 16.3840"), "{e}");
        assert_eq!(read(&Numerals::ENGLISH, "3,025e25"), "number-unreadable");
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for n in [Numerals::ENGLISH, GERMAN, FRENCH] {
            for text in [
                "",
                " ",
                "x",
                "1..2",
                "1,,2",
                "12,34,567",
                "1.",
                ".5",
                "1 2",
                "e5",
                "1e",
                "1e99999",
                "--1",
                "0x10",
                "٣",
            ] {
                assert_eq!(read(&n, text), "number-unreadable", "{text}");
            }
        }
        assert_eq!(read(&Numerals::ENGLISH, "137500,00"), "number-unreadable");
        assert_eq!(read(&GERMAN, "1,234.5"), "number-unreadable");
    }

    #[test]
    fn things_are_counted_in_whole_numbers() {
        assert_eq!(GERMAN.whole("1.234.567"), Ok(1_234_567));
        assert_eq!(Numerals::ENGLISH.whole("16384"), Ok(16_384));
        for (text, code) in [
            ("1.5", "number-fraction"),
            ("-1", "number-negative"),
            ("99999999999999999999", "number-too-large"),
            ("16.384", "number-ambiguous"),
            ("many", "number-unreadable"),
        ] {
            assert_eq!(Numerals::ENGLISH.whole(text).unwrap_err().code(), code, "{text}");
        }
        assert!(Numerals::ENGLISH.read("3.0252e25").unwrap().is_whole());
        assert!(!Numerals::ENGLISH.read("3.0252e2").unwrap().is_whole());
        assert!(Numerals::ENGLISH.read("0.00").unwrap().is_whole());
    }

    #[test]
    fn marks_are_learnt_from_a_sample() {
        assert_eq!(Numerals::of_sample("12.345.678,5"), Some(GERMAN));
        assert_eq!(read(&Numerals::of_sample("1,23,45,678.5").unwrap(), "12,34,567"), "1234567");
        assert_eq!(Numerals::of_sample("12345678.5"), None);
    }
}
