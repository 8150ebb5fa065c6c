//! Loading a pack: every fault names its line and its field.

use std::collections::{BTreeMap, BTreeSet};

use subrosa_crypto::kdf;
use toml::Spanned;

use super::{
    expr::{Expr, Kind},
    form::{CLASS, PACK},
    pack::{
        Class, Constant, InputKind, InputSpec, Offer, Pack, PackError, Question, RuleSpec, Step, ThresholdRow,
        UNDECIDED,
    },
    raw::{Lines, RawConstant, RawInput, RawOffer, RawPack, RawRule, RawStep, RawThreshold},
    unit::{Dim, Unit},
};
use crate::bytes::Digest;

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

/// What formulas may name, and the kind of value behind each name.
struct Names<'t> {
    lines: Lines<'t>,
    kinds: BTreeMap<String, Kind>,
}

impl Names<'_> {
    fn define(&mut self, name: &Spanned<String>, kind: Kind) -> Result<(), PackError> {
        if !is_name(name.as_ref()) {
            return self.lines.fault(name, "name", "lower-case letters, digits and underscores only");
        }
        match self.kinds.insert(name.as_ref().clone(), kind) {
            None => Ok(()),
            Some(_) => self.lines.fault(name, "name", format!("`{}` is defined twice", name.as_ref())),
        }
    }
}

impl Pack {
    /// Reads and checks a pack.
    ///
    /// # Errors
    /// The first fault, with line and field.
    pub fn from_toml(text: &str) -> Result<Self, PackError> {
        let raw = RawPack::from_toml(text)?;
        let mut names = Names { lines: Lines(text), kinds: BTreeMap::new() };
        if !is_id(raw.id.as_ref()) {
            return names.lines.fault(&raw.id, "id", "lower-case letters, digits and hyphens only");
        }
        let texts = texts(&names.lines, &raw.texts)?;
        let inputs = inputs(&mut names, &raw.inputs)?;
        let constants = constants(&mut names, &raw.constants)?;
        let thresholds = thresholds(&mut names, &raw.thresholds)?;
        let offers = offers(&names.lines, &raw.offers, &inputs)?;
        let steps = steps(&mut names, &raw.steps)?;
        let rules = rules(&names, &raw.rules)?;
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
        pack.form(&names.lines, &raw.classes, &raw.questions)?;
        pack.every_text(&names.lines, &raw.id, &raw.texts)?;
        Ok(pack)
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
            if matches!(question.id.as_str(), CLASS | PACK) {
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
}

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

fn inputs(names: &mut Names<'_>, raw: &[RawInput]) -> Result<Vec<InputSpec>, PackError> {
    let mut out = Vec::new();
    for i in raw {
        let spec = input(&names.lines, i)?;
        names.define(&i.name, kind_of(spec.kind, spec.unit.as_ref()))?;
        out.push(spec);
    }
    Ok(out)
}

fn constants(names: &mut Names<'_>, raw: &[RawConstant]) -> Result<BTreeMap<String, Constant>, PackError> {
    let mut out = BTreeMap::new();
    for c in raw {
        let constant = constant(&names.lines, c)?;
        let kind = match &constant {
            Constant::Number(_, unit) => Kind::Number(unit.dim),
            Constant::Texts(_) => Kind::Texts,
        };
        names.define(&c.name, kind)?;
        out.insert(c.name.as_ref().clone(), constant);
    }
    Ok(out)
}

type Thresholds = BTreeMap<String, (Unit, Vec<ThresholdRow>)>;

fn thresholds(names: &mut Names<'_>, raw: &[RawThreshold]) -> Result<Thresholds, PackError> {
    let mut out = BTreeMap::new();
    for t in raw {
        let unit = names.lines.unit(&t.unit)?;
        names.define(&t.name, Kind::Number(unit.dim))?;
        out.insert(t.name.as_ref().clone(), (unit, rows(&names.lines, t)?));
    }
    Ok(out)
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

/// Sorts the steps so that each comes after those it needs; a circle is a fault.
fn steps(names: &mut Names<'_>, raw: &[RawStep]) -> Result<Vec<Step>, PackError> {
    let mut waiting = formulas(names, raw)?;
    let own: BTreeSet<&str> = waiting.iter().map(|(s, _)| s.name.as_ref().as_str()).collect();
    let mut done = Vec::new();
    while let Some((first, _)) = waiting.first() {
        let ready = waiting.iter().position(|(_, expr)| {
            let mut used = BTreeSet::new();
            expr.names(&mut used);
            used.iter().all(|n| names.kinds.contains_key(*n) || !own.contains(n))
        });
        let Some(ready) = ready else {
            let problem = format!("`{}` needs itself, in a circle", first.name.as_ref());
            return names.lines.fault(&first.formula, "formula", problem);
        };
        let (raw, formula) = waiting.remove(ready);
        done.push(step(names, raw, formula)?);
    }
    Ok(done)
}

/// Parses the formulas of all steps; each step has a name of its own.
fn formulas<'r>(names: &Names<'_>, raw: &'r [RawStep]) -> Result<Vec<(&'r RawStep, Expr)>, PackError> {
    let mut parsed: Vec<(&RawStep, Expr)> = Vec::new();
    for s in raw {
        if !is_name(s.name.as_ref()) {
            return names.lines.fault(&s.name, "name", "lower-case letters, digits and underscores only");
        }
        if names.kinds.contains_key(s.name.as_ref()) || parsed.iter().any(|(p, _)| p.name.as_ref() == s.name.as_ref()) {
            return names.lines.fault(&s.name, "name", format!("`{}` is defined twice", s.name.as_ref()));
        }
        match Expr::parse(s.formula.as_ref()) {
            Ok(expr) => parsed.push((s, expr)),
            Err(problem) => return names.lines.fault(&s.formula, "formula", problem),
        }
    }
    Ok(parsed)
}

/// A step whose names are all known: what kind of value it gives, and in which unit it is shown.
fn step(names: &mut Names<'_>, raw: &RawStep, formula: Expr) -> Result<Step, PackError> {
    let lines = &names.lines;
    let kind = match formula.kind(&names.kinds) {
        Ok(kind) => kind,
        Err(problem) => return lines.fault(&raw.formula, "formula", problem),
    };
    let unit = match (&raw.unit, kind) {
        (Some(u), Kind::Number(dim)) => {
            let unit = lines.unit(u)?;
            if unit.dim != dim {
                return lines.fault(u, "unit", format!("the formula gives {dim}, not {}", unit.name));
            }
            Some(unit)
        }
        (None, Kind::Number(_)) => {
            return lines.fault(&raw.name, "unit", format!("`{}` needs a unit", raw.name.as_ref()));
        }
        (None, _) => None,
        (Some(u), _) => return lines.fault(u, "unit", "only numbers have a unit"),
    };
    let line = lines.of(&raw.formula);
    names.kinds.insert(raw.name.as_ref().clone(), kind);
    Ok(Step { name: raw.name.as_ref().clone(), text: raw.formula.as_ref().clone(), formula, unit, kind, line })
}

fn rules(names: &Names<'_>, raw: &[RawRule]) -> Result<Vec<RuleSpec>, PackError> {
    let lines = &names.lines;
    let mut out = Vec::new();
    for r in raw {
        let when = match Expr::parse(r.when.as_ref()) {
            Ok(expr) => expr,
            Err(problem) => return lines.fault(&r.when, "when", problem),
        };
        match when.kind(&names.kinds) {
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
