//! A pack as its file writes it, with the place of every member that can be at fault.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::{
    pack::{Class, EvidenceKind, InputKind, PackError, Question},
    unit::Unit,
};
use crate::{case::Verdict, clock::Date};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawInput {
    pub(super) name: Spanned<String>,
    pub(super) kind: InputKind,
    pub(super) unit: Option<Spanned<String>>,
    pub(super) min: Option<f64>,
    pub(super) max: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawConstant {
    pub(super) name: Spanned<String>,
    pub(super) value: Option<f64>,
    pub(super) unit: Option<Spanned<String>>,
    pub(super) texts: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawThreshold {
    pub(super) name: Spanned<String>,
    pub(super) unit: Spanned<String>,
    pub(super) rows: Vec<RawRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRow {
    pub(super) value: Spanned<f64>,
    pub(super) published: Spanned<String>,
    pub(super) effective: Spanned<String>,
    pub(super) source: String,
    pub(super) verified: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawOffer {
    pub(super) input: Spanned<String>,
    pub(super) unit: Spanned<String>,
    pub(super) source: String,
    pub(super) verified: bool,
    pub(super) rows: Vec<RawOfferRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawOfferRow {
    pub(super) label: Spanned<String>,
    pub(super) value: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawStep {
    pub(super) name: Spanned<String>,
    pub(super) formula: Spanned<String>,
    pub(super) unit: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawRule {
    pub(super) when: Spanned<String>,
    pub(super) verdict: Verdict,
    pub(super) because: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPack {
    pub(super) id: Spanned<String>,
    pub(super) version: u32,
    #[serde(rename = "class")]
    pub(super) classes: Vec<Spanned<Class>>,
    #[serde(rename = "question")]
    pub(super) questions: Vec<Spanned<Question>>,
    pub(super) evidence: Vec<EvidenceKind>,
    #[serde(rename = "input")]
    pub(super) inputs: Vec<RawInput>,
    #[serde(rename = "constant", default)]
    pub(super) constants: Vec<RawConstant>,
    #[serde(rename = "threshold", default)]
    pub(super) thresholds: Vec<RawThreshold>,
    #[serde(rename = "offer", default)]
    pub(super) offers: Vec<RawOffer>,
    #[serde(rename = "step", default)]
    pub(super) steps: Vec<RawStep>,
    #[serde(rename = "rule")]
    pub(super) rules: Vec<RawRule>,
    pub(super) texts: BTreeMap<String, Spanned<String>>,
}

impl RawPack {
    /// Reads the file's shape; whether its parts fit each other is asked in `load`.
    pub(super) fn from_toml(text: &str) -> Result<Self, PackError> {
        toml::from_str(text).map_err(|e| {
            let line = e.span().map_or(0, |s| Lines(text).at(s.start));
            let message = e.message().to_owned();
            let field = message.split('`').nth(1).unwrap_or("file").to_owned();
            PackError { line, field, problem: message }
        })
    }
}

/// Finds lines for byte positions and words faults.
pub(super) struct Lines<'t>(pub(super) &'t str);

impl Lines<'_> {
    fn at(&self, byte: usize) -> usize {
        self.0.bytes().take(byte).filter(|b| *b == b'\n').count() + 1
    }

    pub(super) fn of<T>(&self, field: &Spanned<T>) -> usize {
        self.at(field.span().start)
    }

    pub(super) fn fault<T, V>(&self, at: &Spanned<V>, field: &str, problem: impl Into<String>) -> Result<T, PackError> {
        Err(PackError { line: self.of(at), field: field.into(), problem: problem.into() })
    }

    pub(super) fn unit(&self, unit: &Spanned<String>) -> Result<Unit, PackError> {
        match Unit::parse(unit.as_ref()) {
            Some(u) => Ok(u),
            None => self.fault(unit, "unit", format!("`{}` is not a unit", unit.as_ref())),
        }
    }

    pub(super) fn date(&self, date: &Spanned<String>, field: &str) -> Result<Date, PackError> {
        match Date::parse(date.as_ref()) {
            Some(d) => Ok(d),
            None => self.fault(date, field, "expected a date such as 2026-11-30"),
        }
    }
}
