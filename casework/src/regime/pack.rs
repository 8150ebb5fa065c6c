//! Loading a pack: every fault names its line and its field.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use subrosa_crypto::kdf;
use thiserror::Error;
use toml::Spanned;

use super::{
    expr::{Expr, Kind},
    unit::{Dim, Unit},
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
    digest: Digest,
    sha256: [u8; 32],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawInput {
    name: Spanned<String>,
    kind: InputKind,
    unit: Option<Spanned<String>>,
    min: Option<f64>,
    max: Option<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawConstant {
    name: Spanned<String>,
    value: Option<f64>,
    unit: Option<Spanned<String>>,
    texts: Option<Vec<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawThreshold {
    name: Spanned<String>,
    unit: Spanned<String>,
    rows: Vec<RawRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRow {
    value: Spanned<f64>,
    published: Spanned<String>,
    effective: Spanned<String>,
    source: String,
    verified: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOffer {
    input: Spanned<String>,
    unit: Spanned<String>,
    source: String,
    verified: bool,
    rows: Vec<RawOfferRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOfferRow {
    label: Spanned<String>,
    value: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawStep {
    name: Spanned<String>,
    formula: Spanned<String>,
    unit: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    when: Spanned<String>,
    verdict: Verdict,
    because: Spanned<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPack {
    id: Spanned<String>,
    version: u32,
    #[serde(rename = "class")]
    classes: Vec<Spanned<Class>>,
    #[serde(rename = "question")]
    questions: Vec<Spanned<Question>>,
    evidence: Vec<EvidenceKind>,
    #[serde(rename = "input")]
    inputs: Vec<RawInput>,
    #[serde(rename = "constant", default)]
    constants: Vec<RawConstant>,
    #[serde(rename = "threshold", default)]
    thresholds: Vec<RawThreshold>,
    #[serde(rename = "offer", default)]
    offers: Vec<RawOffer>,
    #[serde(rename = "step", default)]
    steps: Vec<RawStep>,
    #[serde(rename = "rule")]
    rules: Vec<RawRule>,
    texts: BTreeMap<String, Spanned<String>>,
}

/// Finds lines for byte positions and words faults.
struct Lines<'t>(&'t str);

impl Lines<'_> {
    fn at(&self, byte: usize) -> usize {
        self.0.bytes().take(byte).filter(|b| *b == b'\n').count() + 1
    }

    fn of<T>(&self, field: &Spanned<T>) -> usize {
        self.at(field.span().start)
    }

    fn fault<T, V>(&self, at: &Spanned<V>, field: &str, problem: impl Into<String>) -> Result<T, PackError> {
        Err(PackError { line: self.of(at), field: field.into(), problem: problem.into() })
    }

    fn unit(&self, unit: &Spanned<String>) -> Result<Unit, PackError> {
        match Unit::parse(unit.as_ref()) {
            Some(u) => Ok(u),
            None => self.fault(unit, "unit", format!("`{}` is not a unit", unit.as_ref())),
        }
    }

    fn date(&self, date: &Spanned<String>, field: &str) -> Result<Date, PackError> {
        match Date::parse(date.as_ref()) {
            Some(d) => Ok(d),
            None => self.fault(date, field, "expected a date such as 2026-11-30"),
        }
    }
}

fn is_name(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.len() <= 64
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
        && !matches!(text, "and" | "or" | "not")
}

fn is_id(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= 64
        && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

impl Pack {
    /// Reads and checks a pack.
    ///
    /// # Errors
    /// The first fault, with line and field.
    pub fn from_toml(text: &str) -> Result<Self, PackError> {
        let lines = Lines(text);
        let raw: RawPack = toml::from_str(text).map_err(|e| {
            let line = e.span().map_or(0, |s| lines.at(s.start));
            let message = e.message().to_owned();
            let field = message.split('`').nth(1).unwrap_or("file").to_owned();
            PackError { line, field, problem: message }
        })?;
        if !is_id(raw.id.as_ref()) {
            return lines.fault(&raw.id, "id", "lower-case letters, digits and hyphens only");
        }
        let texts = texts(&lines, &raw.texts)?;
        let mut env: BTreeMap<String, Kind> = BTreeMap::new();
        let mut define = |name: &Spanned<String>, kind: Kind| -> Result<(), PackError> {
            if !is_name(name.as_ref()) {
                return lines.fault(name, "name", "lower-case letters, digits and underscores only");
            }
            match env.insert(name.as_ref().clone(), kind) {
                None => Ok(()),
                Some(_) => lines.fault(name, "name", format!("`{}` is defined twice", name.as_ref())),
            }
        };
        let mut inputs = Vec::new();
        for i in &raw.inputs {
            let spec = input(&lines, i)?;
            define(&i.name, kind_of(spec.kind, spec.unit.as_ref()))?;
            inputs.push(spec);
        }
        let mut constants = BTreeMap::new();
        for c in &raw.constants {
            let constant = constant(&lines, c)?;
            let kind = match &constant {
                Constant::Number(_, unit) => Kind::Number(unit.dim),
                Constant::Texts(_) => Kind::Texts,
            };
            define(&c.name, kind)?;
            constants.insert(c.name.as_ref().clone(), constant);
        }
        let mut thresholds = BTreeMap::new();
        for t in &raw.thresholds {
            let unit = lines.unit(&t.unit)?;
            define(&t.name, Kind::Number(unit.dim))?;
            thresholds.insert(t.name.as_ref().clone(), (unit, rows(&lines, t)?));
        }
        let offers = offers(&lines, &raw.offers, &inputs)?;
        let steps = steps(&lines, &raw.steps, &mut env)?;
        let rules = rules(&lines, &raw.rules, &env)?;
        let pack = Self {
            id: raw.id.as_ref().clone(),
            version: raw.version,
            classes: raw.classes.iter().map(|c| c.as_ref().clone()).collect(),
            questions: raw.questions.iter().map(|q| q.as_ref().clone()).collect(),
            evidence: raw.evidence,
            inputs,
            constants,
            thresholds,
            offers,
            steps,
            rules,
            texts,
            digest: Digest(kdf::digest("subrosa/regime-pack/v1", &[text.as_bytes()])),
            sha256: kdf::sha256(text.as_bytes()),
        };
        pack.form(&lines, &raw.classes, &raw.questions)?;
        pack.every_text(&lines, &raw.id, &raw.texts)?;
        Ok(pack)
    }

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

    fn form(
        &self,
        lines: &Lines<'_>,
        classes: &[Spanned<Class>],
        questions: &[Spanned<Question>],
    ) -> Result<(), PackError> {
        let mut seen = BTreeSet::new();
        for c in classes {
            if !is_id(&c.as_ref().id) || !seen.insert(&c.as_ref().id) {
                return lines.fault(c, "class.id", "an id of its own is needed");
            }
            if !(1..=5).contains(&c.as_ref().severity) {
                return lines.fault(c, "class.severity", "1 to 5");
            }
        }
        let mut asked = BTreeSet::new();
        for q in questions {
            let question = q.as_ref();
            if matches!(question.id.as_str(), super::CLASS | super::PACK) {
                return lines.fault(q, "question.id", "the ids `class` and `pack` are reserved");
            }
            if !is_id(&question.id) || asked.contains(&question.id) {
                return lines.fault(q, "question.id", "an id of its own is needed");
            }
            if let Some(c) = question.classes.iter().find(|c| !seen.contains(c)) {
                return lines.fault(q, "question.classes", format!("there is no class `{c}`"));
            }
            // Only earlier questions can be named, so that questions never wait for each other in a circle.
            if let Some(after) = question.after.as_ref().filter(|a| !asked.contains(*a)) {
                return lines.fault(q, "question.after", format!("there is no earlier question `{after}`"));
            }
            if let Some(input) = question.input.as_ref().filter(|i| !self.inputs.iter().any(|s| s.name == **i)) {
                return lines.fault(q, "question.input", format!("there is no input `{input}`"));
            }
            asked.insert(question.id.clone());
        }
        Ok(())
    }

    /// Every message must exist in English and in each language that the pack speaks: a half-translated form would ask
    /// in two languages.
    fn every_text(
        &self,
        lines: &Lines<'_>,
        id: &Spanned<String>,
        raw: &BTreeMap<String, Spanned<String>>,
    ) -> Result<(), PackError> {
        if !self.texts.contains_key("en") {
            return lines.fault(id, "texts.en", "the texts in English are missing");
        }
        let wanted: Vec<String> = ["title".to_owned(), UNDECIDED.to_owned()]
            .into_iter()
            .chain(self.classes.iter().map(|c| format!("class-{}", c.id)))
            .chain(self.questions.iter().map(|q| format!("ask-{}", q.id)))
            .chain(self.evidence.iter().map(|e| format!("evidence-{}", e.id)))
            .chain(self.rules.iter().map(|r| r.because.clone()))
            .collect();
        for (language, texts) in &self.texts {
            let missing = wanted.iter().find(|message| !texts.contains_key(*message));
            let Some(place) = raw.get(language) else { continue };
            if let Some(message) = missing {
                return lines.fault(place, &format!("texts.{language}"), format!("the message `{message}` is missing"));
            }
            if let Some(message) = texts.keys().find(|m| !wanted.contains(m)) {
                return lines.fault(
                    place,
                    &format!("texts.{language}"),
                    format!("nothing shows the message `{message}`"),
                );
            }
        }
        Ok(())
    }

    /// What a form can offer for an input, in the pack's order.
    pub fn offers_for(&self, input: &str) -> impl Iterator<Item = &Offer> {
        self.offers.iter().filter(move |o| o.input == input)
    }
}

/// The message for a check that no rule decides.
pub(super) const UNDECIDED: &str = "indeterminate";

fn offers(lines: &Lines<'_>, raw: &[RawOffer], inputs: &[InputSpec]) -> Result<Vec<Offer>, PackError> {
    let mut out = Vec::new();
    for o in raw {
        let spec = inputs.iter().find(|i| i.name == *o.input.as_ref());
        let Some((spec, own)) = spec.and_then(|s| Some((s, s.unit.as_ref()?))) else {
            return lines.fault(&o.input, "offer.input", format!("there is no numeric input `{}`", o.input.as_ref()));
        };
        let unit = lines.unit(&o.unit)?;
        if unit.dim != own.dim {
            return lines.fault(&o.unit, "offer.unit", format!("`{}` is measured in {}", spec.name, own.name));
        }
        for row in &o.rows {
            let value = row.value * unit.factor / own.factor;
            if row.label.as_ref().trim().is_empty() || !(spec.min..=spec.max).contains(&value) {
                return lines.fault(&row.label, "offer.rows", "a label and a value in the input's range are needed");
            }
            out.push(Offer {
                input: spec.name.clone(),
                label: row.label.as_ref().clone(),
                value,
                source: o.source.clone(),
                verified: o.verified,
            });
        }
    }
    Ok(out)
}

fn kind_of(kind: InputKind, unit: Option<&Unit>) -> Kind {
    let dim = unit.map_or(Dim::NONE, |u| u.dim);
    match kind {
        InputKind::Number => Kind::Number(dim),
        InputKind::Numbers => Kind::Numbers(dim),
        InputKind::Date => Kind::Date,
        InputKind::Dates => Kind::Dates,
        InputKind::Text => Kind::Text,
        InputKind::Texts => Kind::Texts,
        InputKind::YesNo => Kind::Truth,
    }
}

fn input(lines: &Lines<'_>, raw: &RawInput) -> Result<InputSpec, PackError> {
    let numeric = matches!(raw.kind, InputKind::Number | InputKind::Numbers);
    let unit = match (&raw.unit, numeric) {
        (Some(unit), true) => Some(lines.unit(unit)?),
        (None, false) => None,
        (None, true) => return lines.fault(&raw.name, "unit", format!("`{}` needs a unit", raw.name.as_ref())),
        (Some(unit), false) => return lines.fault(unit, "unit", "only numbers have a unit"),
    };
    let (min, max) = (raw.min.unwrap_or(0.0), raw.max.unwrap_or(super::expr::LARGEST));
    if min > max || min.is_nan() || max.is_nan() {
        return lines.fault(&raw.name, "min", "the smallest value is above the largest");
    }
    Ok(InputSpec { name: raw.name.as_ref().clone(), kind: raw.kind, unit, min, max })
}

fn constant(lines: &Lines<'_>, raw: &RawConstant) -> Result<Constant, PackError> {
    match (raw.value, &raw.unit, &raw.texts) {
        (Some(value), Some(unit), None) if value.is_finite() => Ok(Constant::Number(value, lines.unit(unit)?)),
        (None, None, Some(texts)) => Ok(Constant::Texts(texts.clone())),
        (Some(_), None, None) => lines.fault(&raw.name, "unit", format!("`{}` needs a unit", raw.name.as_ref())),
        _ => lines.fault(&raw.name, "value", "either a value with its unit, or texts"),
    }
}

fn rows(lines: &Lines<'_>, raw: &RawThreshold) -> Result<Vec<ThresholdRow>, PackError> {
    let mut out: Vec<ThresholdRow> = Vec::new();
    for r in &raw.rows {
        let published = lines.date(&r.published, "published")?;
        let effective = lines.date(&r.effective, "effective")?;
        if effective < published {
            return lines.fault(&r.effective, "effective", "a threshold cannot apply before it is published");
        }
        if out.last().is_some_and(|last| last.effective >= effective) {
            return lines.fault(&r.effective, "effective", "rows stand in the order of their effective dates");
        }
        if !r.value.as_ref().is_finite() {
            return lines.fault(&r.value, "value", "not a number");
        }
        let row = ThresholdRow {
            value: *r.value.as_ref(),
            published,
            effective,
            source: r.source.clone(),
            verified: r.verified,
        };
        out.push(row);
    }
    match out.is_empty() {
        true => lines.fault(&raw.name, "rows", "at least one row is needed"),
        false => Ok(out),
    }
}

/// Parses the steps and sorts them so that each comes after those it needs; a circle is a fault.
fn steps(lines: &Lines<'_>, raw: &[RawStep], env: &mut BTreeMap<String, Kind>) -> Result<Vec<Step>, PackError> {
    let mut waiting: Vec<(&RawStep, Expr)> = Vec::new();
    for s in raw {
        if !is_name(s.name.as_ref()) {
            return lines.fault(&s.name, "name", "lower-case letters, digits and underscores only");
        }
        if env.contains_key(s.name.as_ref()) || waiting.iter().any(|(w, _)| w.name.as_ref() == s.name.as_ref()) {
            return lines.fault(&s.name, "name", format!("`{}` is defined twice", s.name.as_ref()));
        }
        match Expr::parse(s.formula.as_ref()) {
            Ok(expr) => waiting.push((s, expr)),
            Err(problem) => return lines.fault(&s.formula, "formula", problem),
        }
    }
    let names: BTreeSet<String> = waiting.iter().map(|(s, _)| s.name.as_ref().clone()).collect();
    let mut done = Vec::new();
    while !waiting.is_empty() {
        let ready = waiting.iter().position(|(_, expr)| {
            let mut used = BTreeSet::new();
            expr.names(&mut used);
            used.iter().all(|n| env.contains_key(*n) || !names.contains(*n))
        });
        let Some(ready) = ready else {
            let Some((first, _)) = waiting.first() else { break };
            return lines.fault(
                &first.formula,
                "formula",
                format!("`{}` needs itself, in a circle", first.name.as_ref()),
            );
        };
        let (s, formula) = waiting.remove(ready);
        let kind = match formula.kind(env) {
            Ok(kind) => kind,
            Err(problem) => return lines.fault(&s.formula, "formula", problem),
        };
        let unit = match (&s.unit, kind) {
            (Some(u), Kind::Number(dim)) => {
                let unit = lines.unit(u)?;
                if unit.dim != dim {
                    return lines.fault(u, "unit", format!("the formula gives {dim}, not {}", unit.name));
                }
                Some(unit)
            }
            (None, Kind::Number(_)) => {
                return lines.fault(&s.name, "unit", format!("`{}` needs a unit", s.name.as_ref()));
            }
            (None, _) => None,
            (Some(u), _) => return lines.fault(u, "unit", "only numbers have a unit"),
        };
        env.insert(s.name.as_ref().clone(), kind);
        done.push(Step {
            name: s.name.as_ref().clone(),
            text: s.formula.as_ref().clone(),
            formula,
            unit,
            kind,
            line: lines.of(&s.formula),
        });
    }
    Ok(done)
}

fn rules(lines: &Lines<'_>, raw: &[RawRule], env: &BTreeMap<String, Kind>) -> Result<Vec<RuleSpec>, PackError> {
    let mut out = Vec::new();
    for r in raw {
        let when = match Expr::parse(r.when.as_ref()) {
            Ok(expr) => expr,
            Err(problem) => return lines.fault(&r.when, "when", problem),
        };
        match when.kind(env) {
            Ok(Kind::Truth) => {}
            Ok(_) => return lines.fault(&r.when, "when", "a condition is needed"),
            Err(problem) => return lines.fault(&r.when, "when", problem),
        }
        out.push(RuleSpec {
            text: r.when.as_ref().clone(),
            when,
            verdict: r.verdict,
            because: r.because.as_ref().clone(),
            line: lines.of(&r.when),
        });
    }
    Ok(out)
}

/// Reads the Fluent messages of each language: `id = text`, one to a line, comments with `#`. Nothing is substituted
/// into them.
fn texts(
    lines: &Lines<'_>,
    raw: &BTreeMap<String, Spanned<String>>,
) -> Result<BTreeMap<String, BTreeMap<String, String>>, PackError> {
    let mut out = BTreeMap::new();
    for (language, source) in raw {
        let mut messages = BTreeMap::new();
        for line in source.as_ref().lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#')) {
            let Some((id, text)) = line.split_once('=') else {
                return lines.fault(source, "texts", format!("`{line}` is not `id = text`"));
            };
            let (id, text) = (id.trim(), text.trim());
            if !is_id(id) || text.is_empty() || text.contains(['{', '}', '<']) {
                return lines.fault(source, "texts", format!("the message `{id}` has no usable id or text"));
            }
            if messages.insert(id.to_owned(), text.to_owned()).is_some() {
                return lines.fault(source, "texts", format!("the message `{id}` stands twice"));
            }
        }
        out.insert(language.clone(), messages);
    }
    Ok(out)
}
