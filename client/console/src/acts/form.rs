//! What an act asks.

use subrosa_casework::{
    case::{self as catalog, Case, Group, State, Step},
    clock::Zone,
    journal::Replay,
    money::Cents,
    regime::{InputKind, Pack},
};
use subrosa_engine::officer::files_of;
use subrosa_templates::console::{Choice, Field, FieldKind, Words};
use subrosa_templates::{key, say};

use crate::{
    clock::time,
    fields::Fields,
    request::Visit,
    snapshot::{CaseView, View},
    text::{one_line, short},
    words,
};

/// A field of an act, filled with what was typed before.
struct Filler<'a> {
    t: &'static Words,
    given: &'a Fields,
    fields: Vec<Field>,
}

impl Filler<'_> {
    fn value(&self, name: &str, default: &str) -> String {
        if self.given.has(name) { self.given.get(name).to_owned() } else { default.to_owned() }
    }

    fn hint(&self, name: &str) -> String {
        let key = format!("hint-{name}");
        if self.t.has(&key) { self.t.get(&key).to_owned() } else { String::new() }
    }

    fn push(&mut self, kind: FieldKind, name: &str, default: &str, required: bool, choices: Vec<(String, String)>) {
        let value = self.value(name, default);
        self.fields.push(Field {
            name: name.to_owned(),
            label: self.t.get(&format!("ask-{name}")).to_owned(),
            hint: self.hint(name),
            kind,
            choices: choices.into_iter().map(|(v, text)| Choice { chosen: v == value, value: v, text }).collect(),
            value,
            required,
            ..Field::default()
        });
    }

    fn words(&self, prefix: &str, values: &[&str]) -> Vec<(String, String)> {
        values.iter().map(|v| ((*v).to_owned(), self.t.get(&format!("{prefix}-{v}")).to_owned())).collect()
    }
}

/// The pack that the case is pinned to, or would be.
pub(crate) fn pack<'v>(view: &'v View, case: &Case) -> Option<&'v Pack> {
    let known = view.known.as_ref()?;
    known.policies.pinned_pack(&case.triage()?.pack)
}

/// Choices that a list shows better than buttons: steps of a scale that are long in words.
const AS_LIST: &[&str] = &["severity", "harm", "realised"];

/// The fields of an act, as the catalogue lists them.
pub(crate) fn fields(step: Step, visit: &Visit, case_view: &CaseView, replay: &Replay, given: &Fields) -> Vec<Field> {
    let (t, view, case) = (visit.t, &visit.view, replay.case());
    let mut f = Filler { t, given, fields: Vec::new() };
    for field in step.spec().fields {
        let default = prefilled(step, field, visit, case_view, case);
        let (name, required) = (field.name, field.required);
        match field.kind {
            catalog::FieldKind::Line
            | catalog::FieldKind::Number
            | catalog::FieldKind::Flop
            | catalog::FieldKind::Money => f.push(FieldKind::Line, name, &default, required, Vec::new()),
            catalog::FieldKind::Text => f.push(FieldKind::Area, name, &default, required, Vec::new()),
            catalog::FieldKind::Date => f.push(FieldKind::Date, name, &default, required, Vec::new()),
            catalog::FieldKind::Digest => f.push(FieldKind::Digest, name, &default, required, Vec::new()),
            catalog::FieldKind::Inputs => inputs(&mut f, view, case_view, case),
            catalog::FieldKind::Colleague => f.push(FieldKind::Radio, name, &default, required, people(visit, case)),
            catalog::FieldKind::Choice(choices) if !AS_LIST.contains(&choices.words) => {
                let answers = answers(&f, step, field, &choices, case);
                f.push(FieldKind::Radio, name, &default, true, answers);
            }
            _ => {
                let list = list(&f, step, field, visit, case_view, case);
                f.push(FieldKind::Select, name, &default, required, list);
            }
        }
    }
    f.fields
}

/// What stands in a field before anybody types.
fn prefilled(step: Step, field: &catalog::Field, visit: &Visit, case_view: &CaseView, case: &Case) -> String {
    let (t, view) = (visit.t, &visit.view);
    let begun = format!("message-{}", step.id());
    match (field.kind, field.name) {
        (catalog::FieldKind::Text, _) if t.has(&begun) => t.get(&begun).to_owned(),
        (catalog::FieldKind::Class, _) => class(view, case_view, case),
        (_, "jurisdiction") => case.triage().map_or("EU", |s| s.jurisdiction.as_str()).to_owned(),
        (_, "severity") => severity(view, case_view, case),
        (_, "on") => {
            case.received().and_then(|r| Zone(0).date(r.received_at)).map(|d| d.to_string()).unwrap_or_default()
        }
        (catalog::FieldKind::Policy, _) => {
            let policies = view.known.as_ref().map(|k| k.policies.bounty()).unwrap_or_default();
            policies.first().map(|p| p.id.clone()).unwrap_or_default()
        }
        (catalog::FieldKind::Member, _) => view.me.holder.to_string(),
        (_, name) if step.spec().group == Group::Award => input(name, case).unwrap_or_else(|| field.default.to_owned()),
        _ => field.default.to_owned(),
    }
}

/// The answers of a choice that the case allows.
fn answers(
    f: &Filler<'_>,
    step: Step,
    field: &catalog::Field,
    choices: &catalog::Choices,
    case: &Case,
) -> Vec<(String, String)> {
    let mut values = choices.values.to_vec();
    if step == Step::Close && case.state() != State::NeedsInfo {
        values.retain(|v| *v != "lapsed");
    }
    let mut out = f.words(choices.words, &values);
    if !field.required && field.default.is_empty() {
        out.insert(0, (String::new(), f.t.get(&format!("{}-none", choices.words)).to_owned()));
    }
    out
}

/// What a list offers.
fn list(
    f: &Filler<'_>,
    step: Step,
    field: &catalog::Field,
    visit: &Visit,
    case_view: &CaseView,
    case: &Case,
) -> Vec<(String, String)> {
    let (t, view) = (visit.t, &visit.view);
    let nothing = |key: &str| (String::new(), t.get(key).to_owned());
    let items =
        case.evidence().iter().map(|(seq, i)| (seq.to_string(), format!("{seq}: {}", one_line(&i.evidence.name))));
    match field.kind {
        catalog::FieldKind::Choice(choices) => answers(f, step, field, &choices, case),
        catalog::FieldKind::File => {
            let files = files_of(case);
            let files = files.iter().map(|m| (hex::encode(m.fingerprint().sha256), one_line(m.name())));
            std::iter::once(nothing(key!("file-elsewhere"))).chain(files).collect()
        }
        catalog::FieldKind::Item if field.required => items.collect(),
        catalog::FieldKind::Item => std::iter::once(nothing(key!("derived-from-nothing"))).chain(items).collect(),
        catalog::FieldKind::SourceMessage => {
            let of = |m: &catalog::Message| {
                (m.seq.to_string(), format!("{}, {}", say!(t, "diary-message", n = m.seq), time(m.at)))
            };
            let theirs = case.messages().iter().filter(|m| m.sent.is_none()).map(of);
            std::iter::once(nothing(key!("diary-no-message"))).chain(theirs).collect()
        }
        catalog::FieldKind::Member => case.team().map(|h| (h.to_string(), one_line(&view.name_of(h)))).collect(),
        catalog::FieldKind::OtherCase => others(visit, case),
        catalog::FieldKind::Class => classes(t, view, case_view, case),
        catalog::FieldKind::Policy => {
            let policies = view.known.as_ref().map(|k| k.policies.bounty()).unwrap_or_default();
            let payable = policies.iter().filter(|p| p.pays());
            payable.map(|p| (p.id.clone(), words::policy(t, &p.id, p.version))).collect()
        }
        _ => Vec::new(),
    }
}

/// Who can be brought in.
fn people(visit: &Visit, case: &Case) -> Vec<(String, String)> {
    let t = visit.t;
    super::colleagues(&visit.view, case)
        .map(|o| {
            let (holder, name) = (o.key.holder_id(), one_line(&o.name));
            let text = match case.team().any(|h| h == holder) {
                true => say!(t, "bring-again", who = name),
                false => format!("{name} ({})", words::roles(t, &o.roles)),
            };
            (holder.to_string(), text)
        })
        .collect()
}

/// Other cases of this desk, those most alike first.
fn others(visit: &Visit, case: &Case) -> Vec<(String, String)> {
    let view = &visit.view;
    let mut out: Vec<(u8, String, String)> = Vec::new();
    for (id, other) in &view.cases {
        if *id == case.id().0 {
            continue;
        }
        let like = other.case().and_then(|o| catalog::compare(case, o));
        let title = words::title(visit.t, view, other);
        let (rank, text) = match like {
            Some(l) => (0, format!("{} {title}: {}", short(id), words::relation(visit.t, l.relation))),
            None => (1, format!("{} {title}", short(id))),
        };
        out.push((rank, hex::encode(id), text));
    }
    out.sort();
    let mut choices = vec![(String::new(), say!(visit.t, "other-none").to_owned())];
    choices.extend(out.into_iter().map(|(_, v, text)| (v, text)));
    choices
}

/// The pack under which the case is filed, or that the source chose.
fn chosen_pack(case_view: &CaseView, case: &Case) -> String {
    match (case.triage(), case_view.tip.as_ref()) {
        (Some(s), _) => s.pack.id.clone(),
        (None, Some(tip)) => tip.regime.clone(),
        (None, None) => String::new(),
    }
}

/// The class is chosen together with its regime, so that the two cannot disagree, with or without a script.
fn classes(t: &Words, view: &View, case_view: &CaseView, case: &Case) -> Vec<(String, String)> {
    let chosen = chosen_pack(case_view, case);
    let packs = view.known.as_ref().map(|k| k.policies.packs()).unwrap_or_default();
    let titled = |p: &Pack| words::pack_text(t, view, &p.id, "title").unwrap_or_else(|| one_line(&p.id));
    let mut classes = Vec::new();
    for p in packs {
        for c in &p.classes {
            let class = words::pack_text(t, view, &p.id, &format!("class-{}", c.id)).unwrap_or_else(|| one_line(&c.id));
            classes.push((format!("{}/{}", p.id, c.id), format!("{}: {class}", titled(p))));
        }
    }
    classes.sort_by_key(|(v, _)| !v.starts_with(&format!("{chosen}/")));
    classes
}

/// The class that triage has set, or that the source named.
fn class(view: &View, case_view: &CaseView, case: &Case) -> String {
    let chosen = chosen_pack(case_view, case);
    let said = case_view.tip.as_ref().and_then(|tip| tip.answers.get("class").cloned());
    let class = case.triage().map(|s| s.class.clone()).or(said).unwrap_or_default();
    if !class.is_empty() {
        return format!("{chosen}/{class}");
    }
    let packs = view.known.as_ref().map(|k| k.policies.packs()).unwrap_or_default();
    let pack = packs.iter().find(|p| p.id == chosen).or(packs.first());
    pack.and_then(|p| Some(format!("{}/{}", p.id, p.classes.first()?.id))).unwrap_or_default()
}

/// How grave the pack says that the class is, until triage has said it.
fn severity(view: &View, case_view: &CaseView, case: &Case) -> String {
    let class = class(view, case_view, case);
    let packs = view.known.as_ref().map(|k| k.policies.packs()).unwrap_or_default();
    let of_class = packs
        .iter()
        .flat_map(|p| p.classes.iter().map(move |c| (format!("{}/{}", p.id, c.id), c.severity)))
        .find(|(v, _)| *v == class)
        .map_or(3, |(_, s)| s);
    case.triage().map_or(of_class, |s| s.severity).to_string()
}

/// The inputs of the pinned pack's check, each a field of its own, filled with what the source answered.
fn inputs(f: &mut Filler<'_>, view: &View, case_view: &CaseView, case: &Case) {
    let Some(pack) = pack(view, case) else { return };
    let t = f.t;
    let answers = case_view.tip.as_ref().map(|tip| tip.answers.clone()).unwrap_or_default();
    for spec in &pack.inputs {
        let question = pack.questions.iter().find(|q| q.input.as_deref() == Some(spec.name.as_str()));
        let label = question
            .and_then(|q| words::pack_text(t, view, &pack.id, &format!("ask-{}", q.id)))
            .unwrap_or_else(|| one_line(&spec.name));
        let answered = question.and_then(|q| answers.get(&q.id)).cloned().unwrap_or_default();
        let name = format!("in-{}", spec.name);
        let (kind, hint) = match spec.kind {
            InputKind::Number => (FieldKind::Line, key!("hint-number")),
            InputKind::Numbers | InputKind::Dates | InputKind::Texts => (FieldKind::Area, key!("hint-list")),
            InputKind::Date => (FieldKind::Date, key!("hint-optional")),
            InputKind::Text => (FieldKind::Line, key!("hint-optional")),
            InputKind::YesNo => (FieldKind::Select, key!("hint-optional")),
        };
        let value = f.value(&name, &answered);
        let choices = match spec.kind {
            InputKind::YesNo => [("", key!("not-known")), ("yes", "yes"), ("no", "no")]
                .map(|(v, key)| Choice { value: v.into(), text: t.get(key).to_owned(), chosen: v == value })
                .to_vec(),
            _ => Vec::new(),
        };
        f.fields.push(Field {
            name,
            label,
            hint: t.get(hint).to_owned(),
            unit: spec.unit.as_ref().map(|u| u.name.clone()).filter(|u| u != "1").unwrap_or_default(),
            kind,
            value,
            choices,
            ..Field::default()
        });
    }
}

/// What the formula was fed before, field by field, or what an authority has decided.
fn input(name: &str, case: &Case) -> Option<String> {
    let cents = |c: Cents| c.to_string();
    let before = case.award().map(|a| a.inputs);
    let sanction = before.and_then(|i| i.sanction);
    let compute = before.and_then(|i| i.compute);
    let harm = before.and_then(|i| i.harm);
    match name {
        "sanction" => {
            let decided = case.authority().and_then(|d| d.sanction);
            sanction.map(|s| s.collected).or(decided).map(cents)
        }
        "own-part" => sanction.map(|s| cents(s.own_part)),
        "up" => sanction.map(|s| s.up.to_string()),
        "down" => sanction.map(|s| s.down.to_string()),
        "flop" => compute.map(|c| c.flop.0.to_string()),
        "threshold" => compute.map(|c| c.threshold.0.to_string()),
        "harm" => harm.map(|h| h.class.name().to_owned()),
        "realised" => harm.map(|h| h.realised.name().to_owned()),
        "interim" => before.map(|i| cents(i.interim)),
        _ => None,
    }
}
