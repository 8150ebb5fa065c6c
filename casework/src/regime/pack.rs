//! What a regime pack holds, once it is read and checked.

use std::collections::BTreeMap;

use serde::Deserialize;
use thiserror::Error;

use super::{
    expr::{Expr, Kind},
    unit::Unit,
};
use crate::{
    bytes::Digest,
    case::{Pinned, Verdict},
    clock::Date,
};

/// The text is not a regime pack.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("line {line}, `{field}`: {problem}")]
pub struct PackError {
    /// Counted from one; zero if the fault has no line.
    pub line: usize,
    /// The member that is at fault, such as `formula`; `file` if the fault lies in no single member.
    pub field: String,
    /// What is wrong with it.
    pub problem: String,
}

/// A violation class.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Class {
    /// Its id; its text is the message `class-<id>`.
    pub id: String,
    /// 1 (slight) to 5 (grave), before anybody has looked.
    pub severity: u8,
}

/// A question of the form.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// Its id; its text is the message `ask-<id>`.
    pub id: String,
    /// Asked only for these classes; for all if empty.
    #[serde(default)]
    pub classes: Vec<String>,
    /// Asked only after this other question was answered.
    pub after: Option<String>,
    /// The check's input that the answer feeds.
    pub input: Option<String>,
}

/// A kind of evidence to look for.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EvidenceKind {
    /// Its id; its text is the message `evidence-<id>`.
    pub id: String,
}

/// What kind of value an input is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InputKind {
    /// A number with a unit.
    Number,
    /// Numbers with a unit.
    Numbers,
    /// One calendar day, written as 2026-11-30 is.
    Date,
    /// A list of calendar days: one on each line, or semicolons between them.
    Dates,
    /// One text, of any words.
    Text,
    /// A list of texts: one on each line, or semicolons between them.
    Texts,
    /// Yes or no.
    YesNo,
}

/// An input of the check.
#[derive(Clone, PartialEq, Debug)]
pub struct InputSpec {
    /// Its name in formulas.
    pub name: String,
    /// What kind of value it takes; a check refuses every other kind.
    pub kind: InputKind,
    /// Its unit, for numbers.
    pub unit: Option<Unit>,
    /// Smallest value, in its unit.
    pub min: f64,
    /// Largest value, in its unit.
    pub max: f64,
}

/// A fixed value.
#[derive(Clone, PartialEq, Debug)]
pub enum Constant {
    /// A number, and the unit in which it is meant.
    Number(f64, Unit),
    /// Texts: patterns, names.
    Texts(Vec<String>),
}

/// One row of a dated threshold.
#[derive(Clone, PartialEq, Debug)]
pub struct ThresholdRow {
    /// In the threshold's unit.
    pub value: f64,
    /// The day it was made public.
    pub published: Date,
    /// The first day it applies to. It never applies to earlier days.
    pub effective: Date,
    /// Where it stands.
    pub source: String,
    /// Whether somebody compared it with that source.
    pub verified: bool,
}

/// A value that a form can offer for an input, so that nobody must look it up.
#[derive(Clone, PartialEq, Debug)]
pub struct Offer {
    /// The name of the input that the value is offered for.
    pub input: String,
    /// What it is the value of, such as a product's name: the same in every language.
    pub label: String,
    /// In the input's unit.
    pub value: f64,
    /// Where it stands.
    pub source: String,
    /// Whether somebody compared it with that source.
    pub verified: bool,
}

/// A step of the arithmetic.
#[derive(Clone, PartialEq, Debug)]
pub struct Step {
    /// Its name in formulas.
    pub name: String,
    /// As the pack writes it.
    pub text: String,
    /// The same, parsed and of fitting units.
    pub formula: Expr,
    /// The unit in which the result is shown.
    pub unit: Option<Unit>,
    /// What it is.
    pub kind: Kind,
    pub(super) line: usize,
}

/// A verdict and when it is given.
#[derive(Clone, PartialEq, Debug)]
pub struct RuleSpec {
    /// As the pack writes it.
    pub text: String,
    /// The same, parsed: a condition that holds, does not hold, or is unknown.
    pub when: Expr,
    /// The verdict that is given where the condition holds.
    pub verdict: Verdict,
    /// The message that says why.
    pub because: String,
    pub(super) line: usize,
}

/// A regime pack, checked.
#[derive(Clone, PartialEq, Debug)]
pub struct Pack {
    /// Lower-case letters, digits and hyphens. The charter names the pack `regime/` and this.
    pub id: String,
    /// Counted up by whoever changes the pack. A case pins it together with the digest.
    pub version: u32,
    /// What a case can be about, in the order of the file; triage settles on one of them.
    pub classes: Vec<Class>,
    /// Questions of the form.
    pub questions: Vec<Question>,
    /// Evidence to look for.
    pub evidence: Vec<EvidenceKind>,
    /// Inputs of the check.
    pub inputs: Vec<InputSpec>,
    /// Numbers and lists that formulas use and that no date changes, by name.
    pub constants: BTreeMap<String, Constant>,
    /// Dated thresholds: unit and rows, oldest effective date first.
    pub thresholds: BTreeMap<String, (Unit, Vec<ThresholdRow>)>,
    /// Values that a form can offer.
    pub offers: Vec<Offer>,
    /// The arithmetic, each step after those it needs.
    pub steps: Vec<Step>,
    /// Verdicts; the first whose condition holds is given.
    pub rules: Vec<RuleSpec>,
    /// Texts by language and message id.
    pub texts: BTreeMap<String, BTreeMap<String, String>>,
    pub(super) digest: Digest,
    pub(super) sha256: [u8; 32],
}

impl Pack {
    /// How a case pins it.
    pub fn pinned(&self) -> Pinned {
        Pinned { id: self.id.clone(), version: self.version, digest: self.digest }
    }

    /// Plain SHA-256 of its file: how the charter names it.
    pub fn sha256(&self) -> [u8; 32] {
        self.sha256
    }

    /// A text, in `language` or else in English.
    pub fn text(&self, language: &str, message: &str) -> Option<&str> {
        let find = |l: &str| self.texts.get(l).and_then(|t| t.get(message));
        find(language).or_else(|| find("en")).map(String::as_str)
    }

    /// What a form can offer for an input, in the pack's order.
    pub fn offers_for(&self, input: &str) -> impl Iterator<Item = &Offer> {
        self.offers.iter().filter(move |o| o.input == input)
    }
}

/// The message for a check that no rule decides.
pub(super) const UNDECIDED: &str = "indeterminate";
