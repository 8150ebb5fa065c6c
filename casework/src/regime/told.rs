//! The lines of a check, told apart again. A journal keeps them as they were computed, in English; whoever shows them
//! says the words in the reader's language and leaves names, formulas and numbers as they are.

use crate::{case::CheckStep, clock::Date};

/// The formula of a value that somebody gave.
pub(super) const GIVEN: &str = "given";
/// The name of the line with the rule that spoke.
pub(super) const RULE: &str = "rule";
/// The result of a step that lacks a value.
pub(super) const UNKNOWN: &str = "not known";

named! {
    /// Lists and texts are told by their length alone.
    pub enum Counted {
        /// Entries of a list of numbers.
        Numbers = "numbers",
        /// Entries of a list of days.
        Dates = "dates",
        /// Entries of a list of texts.
        Items = "items",
        /// Characters of a text.
        Characters = "characters",
    }
}

/// Where a line's value comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Origin<'a> {
    /// Somebody gave it.
    Given,
    /// A threshold of the pack.
    Threshold {
        /// The day that was asked about.
        on: Date,
        /// The day since which the threshold has this value.
        since: Date,
        /// Where the pack has it from.
        source: &'a str,
    },
    /// The condition of the rule that spoke.
    Rule(&'a str),
    /// A formula of the pack.
    Formula(&'a str),
}

/// What a line's value is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Outcome<'a> {
    /// Something that it needs is missing.
    Unknown,
    /// Yes or no.
    Answer(bool),
    /// The length of a list or text.
    Count(Counted, u64),
    /// A number with its unit, a day, or a text.
    Value(&'a str),
}

impl CheckStep {
    /// Where the value comes from.
    pub fn origin(&self) -> Origin<'_> {
        let formula = self.formula.as_str();
        match self.name.as_str() {
            _ if formula == GIVEN => Origin::Given,
            RULE => Origin::Rule(formula),
            _ => threshold(formula).unwrap_or(Origin::Formula(formula)),
        }
    }

    /// What the value is.
    pub fn outcome(&self) -> Outcome<'_> {
        match self.result.as_str() {
            UNKNOWN => Outcome::Unknown,
            "yes" => Outcome::Answer(true),
            "no" => Outcome::Answer(false),
            other => counted(other).unwrap_or(Outcome::Value(other)),
        }
    }
}

/// The origin of a threshold, as a journal keeps it.
pub(super) fn in_force(on: Date, since: Date, source: &str) -> String {
    format!("in force on {on}, effective {since}: {source}")
}

fn threshold(text: &str) -> Option<Origin<'_>> {
    let (on, rest) = text.strip_prefix("in force on ")?.split_once(", effective ")?;
    let (since, source) = rest.split_once(": ")?;
    Some(Origin::Threshold { on: Date::parse(on)?, since: Date::parse(since)?, source })
}

/// A length, as a journal keeps it.
pub(super) fn length(n: usize, of: Counted) -> String {
    format!("{n} {of}")
}

fn counted(text: &str) -> Option<Outcome<'_>> {
    let (n, of) = text.split_once(' ')?;
    Some(Outcome::Count(Counted::of_name(of)?, n.parse().ok()?))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn what_was_written_is_told_apart_again() {
        let step =
            |name: &str, formula: String, result: &str| CheckStep { name: name.into(), formula, result: result.into() };
        let [on, since] = ["2026-03-01", "2025-08-02"].map(|day| Date::parse(day).unwrap());
        let source = "Regulation (EU) 2024/1689: article 51(2)";
        let line = step("systemic", in_force(on, since, source), "1e25 FLOP");
        assert_eq!(line.origin(), Origin::Threshold { on, since, source });
        assert_eq!(line.outcome(), Outcome::Value("1e25 FLOP"));
        let line = step("parts", GIVEN.into(), &length(3, Counted::Numbers));
        assert_eq!((line.origin(), line.outcome()), (Origin::Given, Outcome::Count(Counted::Numbers, 3)));
        let line = step(RULE, "low > systemic".into(), "yes");
        assert_eq!((line.origin(), line.outcome()), (Origin::Rule("low > systemic"), Outcome::Answer(true)));
        let line = step("sum", "a + b".into(), UNKNOWN);
        assert_eq!((line.origin(), line.outcome()), (Origin::Formula("a + b"), Outcome::Unknown));
        assert_eq!(step("days", "a".into(), "54 d").outcome(), Outcome::Value("54 d"));
    }
}
