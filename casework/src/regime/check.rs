//! Running a pack's check.

use std::collections::BTreeMap;

use thiserror::Error;

use super::{
    Constant, InputKind, InputSpec, Pack, Unit, Value,
    told::{Counted, GIVEN, RULE, UNKNOWN, in_force, length},
};
use crate::{
    case::{CheckReport, CheckStep, Verdict},
    clock::Date,
    number::{NumberError, Numerals, Plain},
};

/// A value for an input, in the input's unit.
#[derive(Clone, PartialEq, Debug)]
pub enum Input {
    /// One number, for [`InputKind::Number`].
    Number(f64),
    /// A list of numbers in the order in which they were given, for [`InputKind::Numbers`].
    Numbers(Vec<f64>),
    /// One calendar day, for [`InputKind::Date`].
    Date(Date),
    /// A list of calendar days in the order in which they were given, for [`InputKind::Dates`].
    Dates(Vec<Date>),
    /// One text as it was typed, for [`InputKind::Text`].
    Text(String),
    /// A list of texts in the order in which they were given, for [`InputKind::Texts`].
    Texts(Vec<String>),
    /// Yes or no.
    YesNo(bool),
}

/// Why a check gives no report.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum CheckError {
    /// The pack has no such input.
    #[error("there is no input `{0}`")]
    NoSuchInput(String),
    /// The value is of another kind.
    #[error("`{0}` is not of the right kind: {expected} is expected", expected = expected(*.1))]
    WrongKind(String, InputKind),
    /// A number that is none, that could be another, or a part of something that is counted whole.
    #[error("`{0}`: {1}")]
    Number(String, NumberError),
    /// The value is outside the input's range, which is written as `0 – 100 %`.
    #[error("`{0}` is out of range: {1}")]
    OutOfRange(String, String),
    /// A list or a text that is too long.
    #[error("`{0}` is too long: at most {LIST_MAX} entries or characters")]
    TooLong(String),
    /// A step cannot be computed.
    #[error("`{step}` (line {line} of the pack) cannot be computed: {problem}")]
    Arithmetic {
        /// The step, or `when` for a rule.
        step: String,
        /// The line of the pack on which the step or rule stands, counted from one.
        line: usize,
        /// What is wrong.
        problem: String,
    },
}

/// The entries of a list: one on each line, or semicolons between them.
fn entries(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', '\n']).map(str::trim).filter(|e| !e.is_empty())
}

/// Numbers as a person typed them for this input. What is counted has no fractions.
pub(super) fn numbers(spec: &InputSpec, text: &str, numerals: &Numerals) -> Result<Vec<Plain>, NumberError> {
    let counted = spec.unit.as_ref().is_some_and(Unit::is_counted);
    let read = |t: &str| {
        let number = numerals.read(t)?;
        match counted && !number.is_whole() {
            true => Err(NumberError::Fraction(t.trim().to_owned())),
            false => Ok(number),
        }
    };
    match spec.kind {
        InputKind::Numbers => entries(text).map(read).collect(),
        _ => Ok(vec![read(text)?]),
    }
}

/// Longest list, and longest text, that a check takes.
pub const LIST_MAX: usize = 100_000;

impl Pack {
    /// Reads what a person typed for the input `name`: a number in the input's unit as `numerals` write it or plainly
    /// (`16384`, `1e25`), a date (`2026-11-30`), `yes` or `no`, a text; lists take one entry a line, or entries between
    /// semicolons.
    ///
    /// # Errors
    /// No such input, text of another kind, a number that could be read as another.
    pub fn read_input(&self, name: &str, text: &str, numerals: &Numerals) -> Result<Input, CheckError> {
        let spec = self.input(name)?;
        let wrong = || CheckError::WrongKind(name.to_owned(), spec.kind);
        Ok(match spec.kind {
            InputKind::Number | InputKind::Numbers => {
                let plain = numbers(spec, text, numerals).map_err(|e| CheckError::Number(name.to_owned(), e))?;
                let values = plain.iter().map(Plain::to_f64).collect::<Option<Vec<f64>>>().ok_or_else(wrong)?;
                match (spec.kind, values.as_slice()) {
                    (InputKind::Number, [one]) => Input::Number(*one),
                    _ => Input::Numbers(values),
                }
            }
            InputKind::Date => Input::Date(Date::parse(text.trim()).ok_or_else(wrong)?),
            InputKind::Dates => Input::Dates(entries(text).map(Date::parse).collect::<Option<_>>().ok_or_else(wrong)?),
            InputKind::Text => Input::Text(text.to_owned()),
            InputKind::Texts => Input::Texts(entries(text).map(str::to_owned).collect()),
            InputKind::YesNo => match text.trim() {
                "yes" => Input::YesNo(true),
                "no" => Input::YesNo(false),
                _ => return Err(wrong()),
            },
        })
    }

    /// The input of this name.
    pub(super) fn input(&self, name: &str) -> Result<&InputSpec, CheckError> {
        self.inputs.iter().find(|s| s.name == name).ok_or_else(|| CheckError::NoSuchInput(name.to_owned()))
    }

    /// Whether a value fits the input `name`: kind, range and length.
    ///
    /// # Errors
    /// What does not fit.
    pub fn in_range(&self, name: &str, input: &Input) -> Result<(), CheckError> {
        based(self.input(name)?, input).map(drop)
    }

    /// Runs the check on what is known. `on` is the day whose thresholds apply: the day of the act, never a later one.
    ///
    /// Inputs that are missing stay unknown; a rule that needs them does not speak. If no rule speaks, the verdict is
    /// *indeterminate*.
    ///
    /// # Errors
    /// An input that the pack does not take, or numbers that leave the range.
    pub fn check(&self, inputs: &BTreeMap<String, Input>, on: Date) -> Result<CheckReport, CheckError> {
        let mut env = BTreeMap::new();
        let mut steps = Vec::new();
        for (name, input) in inputs {
            let spec = self.input(name)?;
            env.insert(name.clone(), based(spec, input)?);
            steps.push(CheckStep { name: name.clone(), formula: GIVEN.into(), result: given(spec, input) });
        }
        for (name, constant) in &self.constants {
            let value = match constant {
                Constant::Number(n, unit) => Value::Number(n * unit.factor),
                Constant::Texts(t) => Value::Texts(t.clone()),
            };
            env.insert(name.clone(), value);
        }
        for (name, (unit, rows)) in &self.thresholds {
            let Some(row) = rows.iter().rev().find(|r| r.effective <= on) else { continue };
            env.insert(name.clone(), Value::Number(row.value * unit.factor));
            steps.push(CheckStep {
                name: name.clone(),
                formula: in_force(on, row.effective, &row.source),
                result: number(row.value * unit.factor, Some(unit)),
            });
        }
        for step in &self.steps {
            let value = step.formula.value(&env).map_err(|problem| CheckError::Arithmetic {
                step: step.name.clone(),
                line: step.line,
                problem,
            })?;
            steps.push(CheckStep {
                name: step.name.clone(),
                formula: step.text.clone(),
                result: shown(&value, step.unit.as_ref()),
            });
            env.insert(step.name.clone(), value);
        }
        for rule in &self.rules {
            let holds = rule.when.value(&env).map_err(|problem| CheckError::Arithmetic {
                step: "when".into(),
                line: rule.line,
                problem,
            })?;
            if holds == Value::Truth(true) {
                steps.push(CheckStep { name: RULE.into(), formula: rule.text.clone(), result: "yes".into() });
                return Ok(CheckReport {
                    pack: self.pinned(),
                    steps,
                    verdict: rule.verdict,
                    because: rule.because.clone(),
                });
            }
        }
        let because = super::pack::UNDECIDED.to_owned();
        Ok(CheckReport { pack: self.pinned(), steps, verdict: Verdict::Indeterminate, because })
    }
}

fn based(spec: &InputSpec, input: &Input) -> Result<Value, CheckError> {
    let factor = spec.unit.as_ref().map_or(1.0, |u| u.factor);
    let ranged = |n: f64| {
        let fits = n.is_finite() && n >= spec.min && n <= spec.max;
        if fits { Ok(n * factor) } else { Err(CheckError::OutOfRange(spec.name.clone(), range(spec))) }
    };
    let length = match input {
        Input::Numbers(l) => l.len(),
        Input::Dates(l) => l.len(),
        Input::Texts(l) => l.len(),
        Input::Text(t) => t.len(),
        _ => 0,
    };
    if length > LIST_MAX {
        return Err(CheckError::TooLong(spec.name.clone()));
    }
    Ok(match (spec.kind, input) {
        (InputKind::Number, Input::Number(n)) => Value::Number(ranged(*n)?),
        (InputKind::Numbers, Input::Numbers(l)) => {
            Value::Numbers(l.iter().map(|n| ranged(*n)).collect::<Result<_, _>>()?)
        }
        (InputKind::Date, Input::Date(d)) => Value::Date(*d),
        (InputKind::Dates, Input::Dates(l)) => Value::Dates(l.clone()),
        (InputKind::Text, Input::Text(t)) => Value::Text(t.clone()),
        (InputKind::Texts, Input::Texts(l)) => Value::Texts(l.clone()),
        (InputKind::YesNo, Input::YesNo(b)) => Value::Truth(*b),
        _ => return Err(CheckError::WrongKind(spec.name.clone(), spec.kind)),
    })
}

fn expected(kind: InputKind) -> &'static str {
    match kind {
        InputKind::Number => "a number such as 16384 or 1e25, without its unit",
        InputKind::Numbers => "numbers, one on each line or with semicolons between them",
        InputKind::Date => "a date such as 2026-11-30",
        InputKind::Dates => "dates such as 2026-11-30, one on each line or with semicolons between them",
        InputKind::Text => "a text",
        InputKind::Texts => "texts, one on each line or with semicolons between them",
        InputKind::YesNo => "yes or no",
    }
}

fn range(spec: &InputSpec) -> String {
    let unit = spec.unit.as_ref().map(|u| u.name.as_str()).filter(|u| *u != "1").unwrap_or_default();
    let short = |n: f64| if n.abs() < 1e6 { n.to_string() } else { format!("{n:e}") };
    format!("{} – {} {unit}", short(spec.min), short(spec.max)).trim_end().to_owned()
}

fn given(spec: &InputSpec, input: &Input) -> String {
    match input {
        Input::Number(n) => with_unit(exact(*n), spec.unit.as_ref()),
        Input::Numbers(l) => length(l.len(), Counted::Numbers),
        Input::Date(d) => d.to_string(),
        Input::Dates(l) => length(l.len(), Counted::Dates),
        Input::Text(t) => length(t.chars().count(), Counted::Characters),
        Input::Texts(l) => length(l.len(), Counted::Items),
        Input::YesNo(b) => yes_no(*b),
    }
}

fn shown(value: &Value, unit: Option<&Unit>) -> String {
    match value {
        Value::Unknown => UNKNOWN.into(),
        Value::Number(n) => number(*n, unit),
        Value::Date(d) => d.to_string(),
        Value::Truth(b) => yes_no(*b),
        Value::Text(t) => t.clone(),
        Value::Numbers(l) => length(l.len(), Counted::Numbers),
        Value::Dates(l) => length(l.len(), Counted::Dates),
        Value::Texts(l) => length(l.len(), Counted::Items),
    }
}

fn yes_no(b: bool) -> String {
    if b { "yes" } else { "no" }.into()
}

/// Five significant digits and the unit.
fn number(base: f64, unit: Option<&Unit>) -> String {
    let n = unit.map_or(base, |u| base / u.factor);
    let text = if n == 0.0 || (1e-3..1e6).contains(&n.abs()) {
        let text = format!("{n:.4}");
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        format!("{n:.4e}")
    };
    with_unit(text, unit)
}

/// A number as it was given: the shortest text that reads back as the same one, and that a person can count.
fn exact(n: f64) -> String {
    if n == 0.0 || (1e-3..1e9).contains(&n.abs()) { n.to_string() } else { format!("{n:e}") }
}

fn with_unit(text: String, unit: Option<&Unit>) -> String {
    match unit.map(|u| u.name.as_str()) {
        None | Some("1") => text,
        Some(name) => format!("{text} {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn given_numbers_read_back_as_the_same_and_can_be_counted() {
        let shown =
            [(16384.0, "16384"), (989.4, "989.4"), (15_600_000_000_000.0, "1.56e13"), (0.0, "0"), (2e-7, "2e-7")];
        for (given, text) in shown {
            assert_eq!((exact(given).as_str(), text.parse()), (text, Ok(given)));
        }
    }
}
