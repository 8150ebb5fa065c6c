//! What an act asks.

use subrosa_casework::{
    case::{Case, State},
    clock::Zone,
    journal::Replay,
    regime::{InputKind, Pack},
};
use subrosa_templates::console::{Choice, Field, FieldKind, Words};

use super::{
    super::{
        routes::{Fields, Visit},
        snapshot::{CaseView, View},
        words::{self, clean},
    },
    Step,
};
use subrosa_engine::officer::files_of;

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

    fn field(&mut self, kind: FieldKind, name: &str, default: &str, required: bool) {
        self.push(kind, name, default, required, Vec::new());
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

    fn line(&mut self, name: &str, default: &str) {
        self.field(FieldKind::Line, name, default, true);
    }

    fn area(&mut self, name: &str) {
        self.field(FieldKind::Area, name, "", true);
    }

    fn choose(
        &mut self,
        kind: FieldKind,
        name: &str,
        default: &str,
        choices: impl IntoIterator<Item = (String, String)>,
    ) {
        self.push(kind, name, default, true, choices.into_iter().collect());
    }

    fn words(&self, prefix: &str, values: &[&str]) -> Vec<(String, String)> {
        values.iter().map(|v| ((*v).to_owned(), self.t.get(&format!("{prefix}-{v}")).to_owned())).collect()
    }
}

/// The pack that the case is pinned to, or would be.
pub(in super::super) fn pack<'v>(view: &'v View, case: &Case) -> Option<&'v Pack> {
    let known = view.known.as_ref()?;
    known.policies.pinned_pack(&case.triage()?.pack)
}

/// The fields of an act.
pub(in super::super) fn fields(
    step: Step,
    visit: &Visit,
    case_view: &CaseView,
    replay: &Replay,
    given: &Fields,
) -> Vec<Field> {
    let (t, view, case) = (visit.t, &visit.view, replay.case());
    let mut f = Filler { t, given, fields: Vec::new() };
    match step {
        Step::Acknowledge | Step::Ask | Step::Feedback | Step::Reasons | Step::Write => {
            let begun = format!("message-{}", step.id());
            f.field(FieldKind::Area, "text", if t.has(&begun) { t.get(&begun) } else { "" }, true);
        }
        Step::Declare
        | Step::OpenTriage
        | Step::Accept
        | Step::Investigate
        | Step::Join
        | Step::CloseClaim
        | Step::Finalize
        | Step::SignOrder
        | Step::Deliver
        | Step::Paid
        | Step::Purge => {}
        Step::Detriment => {
            f.field(FieldKind::Date, "day", "", true);
            f.area("what");
            let mut messages = vec![(String::new(), t.get("diary-no-message").to_owned())];
            messages.extend(case.messages().iter().filter(|m| m.sent.is_none()).map(|m| {
                (m.seq.to_string(), format!("{}, {}", t.with("diary-message", &[("n", &m.seq)]), words::time(m.at)))
            }));
            f.push(FieldKind::Select, "message", "", false, messages);
        }
        Step::Position => {
            let positions = f.words("position", &["insider", "compliance", "outsider"]);
            f.choose(FieldKind::Radio, "position", "", positions);
            f.field(FieldKind::Date, "inside", "", false);
        }
        Step::Disclose => {
            f.line("told-to", "");
            f.area("told-what");
            f.line("ground", "");
        }
        Step::Name => {
            f.line("entity", "");
            let kinds = f.words("entity", &["person", "organisation", "place"]);
            f.choose(FieldKind::Radio, "kind", "organisation", kinds);
        }
        Step::Triage => triage(&mut f, view, case_view, case),
        Step::Risk => {
            for name in ["guessable", "power", "threatened", "dependence", "few-knew"] {
                let scale = f.words("scale", &["0", "1", "2", "3"]);
                f.choose(FieldKind::Radio, name, "", scale);
            }
        }
        Step::Close => {
            let mut reasons = f.words("reason", &["out-of-scope", "informative", "abusive"]);
            reasons.push(("duplicate".into(), t.get("reason-duplicate-short").to_owned()));
            if case.state() == State::NeedsInfo {
                reasons.push(("lapsed".into(), t.get("reason-lapsed").to_owned()));
            }
            f.choose(FieldKind::Radio, "close", "", reasons);
            let others = others(visit, case);
            f.choose(FieldKind::Select, "other", "", others);
        }
        Step::Check => check(&mut f, view, case_view, case),
        Step::Evidence => {
            let mut files = vec![(String::new(), t.get("file-elsewhere").to_owned())];
            files.extend(files_of(case).iter().map(|m| (hex::encode(m.fingerprint().sha256), clean(m.name()))));
            f.choose(FieldKind::Select, "file", "", files);
            f.field(FieldKind::Line, "name", "", false);
            f.field(FieldKind::Digest, "sha256", "", false);
            f.field(FieldKind::Line, "size", "", false);
            f.field(FieldKind::Line, "media", "", false);
            f.line("origin", "");
            let mut items = vec![(String::new(), t.get("derived-from-nothing").to_owned())];
            items.extend(
                case.evidence().iter().map(|(seq, i)| (seq.to_string(), format!("{seq}: {}", clean(&i.evidence.name)))),
            );
            f.choose(FieldKind::Select, "derived", "", items);
            f.field(FieldKind::Line, "readers", "", false);
        }
        Step::Handle => {
            let items: Vec<_> = case
                .evidence()
                .iter()
                .map(|(seq, i)| (seq.to_string(), format!("{seq}: {}", clean(&i.evidence.name))))
                .collect();
            f.choose(FieldKind::Select, "item", "", items);
            let how = f.words("handled", &["opened", "exported", "verified"]);
            f.choose(FieldKind::Radio, "how", "", how);
        }
        Step::Accused => {
            let heard = vec![
                ("reply".to_owned(), t.get("accused-reply").to_owned()),
                ("waiver".to_owned(), t.get("accused-waiver").to_owned()),
            ];
            f.choose(FieldKind::Radio, "heard", "", heard);
            f.area("words");
        }
        Step::Authority => {
            f.line("authority", "");
            f.line("reference", "");
            f.field(FieldKind::Digest, "sha256", "", true);
            f.field(FieldKind::Line, "sanction", "", false);
        }
        Step::Refer => {
            f.line("authority", "");
            f.field(FieldKind::Digest, "packet", "", true);
            f.field(FieldKind::Area, "duty", "", false);
        }
        Step::Substantiate | Step::CloseUnsubstantiated => f.area("findings"),
        Step::OpenClaim => f.area("notice"),
        Step::FileClaim => {
            for name in ["official", "programme-staff", "compliance-too-early", "knowingly-false"] {
                let answers = f.words("answer", &["no", "yes"]);
                f.choose(FieldKind::Radio, name, "", answers);
            }
            let review = f.words("review", &["not-needed", "passed", "failed"]);
            f.choose(FieldKind::Radio, "review", "", review);
        }
        Step::ProposeAward => {
            let policies = view.known.as_ref().map(|k| k.policies.bounty()).unwrap_or_default();
            let choices: Vec<_> =
                policies.iter().map(|p| (p.id.clone(), format!("{} v{}", clean(&p.id), p.version))).collect();
            let first = choices.first().map(|(v, _)| v.clone()).unwrap_or_default();
            f.choose(FieldKind::Select, "policy", &first, choices);
            award(&mut f, case);
        }
        Step::Panel => {
            award(&mut f, case);
            f.area("reasons");
        }
        Step::Deny => f.area("reasons"),
        Step::Assign => {
            let people: Vec<_> = case.team().map(|h| (h.to_string(), clean(&view.name_of(h)))).collect();
            f.choose(FieldKind::Select, "holder", &view.me.holder.to_string(), people);
        }
        Step::Bring => {
            let people: Vec<_> = super::colleagues(view, case)
                .map(|o| {
                    let (holder, name) = (o.key.holder_id(), clean(&o.name));
                    let text = match case.team().any(|h| h == holder) {
                        true => t.with("bring-again", &[("who", &name)]),
                        false => format!("{name} ({})", words::roles(t, &o.roles)),
                    };
                    (holder.to_string(), text)
                })
                .collect();
            f.choose(FieldKind::Radio, "colleague", "", people);
        }
        Step::Note => {
            f.area("note");
            let who = f.words("visible", &["team", "adjudicators"]);
            f.choose(FieldKind::Radio, "visibility", "team", who);
        }
        Step::Tag => {
            f.line("tag", "");
            let on = f.words("tagging", &["on", "off"]);
            f.choose(FieldKind::Radio, "tagging", "on", on);
        }
        Step::Link => {
            let others = others(visit, case);
            f.choose(FieldKind::Select, "other", "", others);
            let how = f.words("relation", &["duplicate-of", "corroborated-by", "related"]);
            f.choose(FieldKind::Radio, "relation", "", how);
        }
        Step::Extend | Step::Hold | Step::ReleaseHold | Step::Reopen | Step::Recuse => f.area("reason"),
    }
    f.fields
}

/// Other cases of this desk, those most alike first.
fn others(visit: &Visit, case: &Case) -> Vec<(String, String)> {
    let view = &visit.view;
    let mut out: Vec<(u8, String, String)> = Vec::new();
    for (id, other) in &view.cases {
        if *id == case.id().0 {
            continue;
        }
        let like = other.case().and_then(|o| subrosa_casework::case::compare(case, o));
        let title = words::title(visit.t, view, other);
        let (rank, text) = match like {
            Some(l) => (0, format!("{} {title}: {}", words::short(id), words::relation(visit.t, l.relation))),
            None => (1, format!("{} {title}", words::short(id))),
        };
        out.push((rank, hex::encode(id), text));
    }
    out.sort();
    let mut choices = vec![(String::new(), visit.t.get("other-none").to_owned())];
    choices.extend(out.into_iter().map(|(_, v, text)| (v, text)));
    choices
}

fn triage(f: &mut Filler<'_>, view: &View, case_view: &CaseView, case: &Case) {
    let t = f.t;
    let set = case.triage();
    let tip = case_view.tip.as_ref();
    let chosen = match (set, tip) {
        (Some(s), _) => s.pack.id.clone(),
        (None, Some(tip)) => tip.regime.clone(),
        (None, None) => String::new(),
    };
    let packs = view.known.as_ref().map(|k| k.policies.packs()).unwrap_or_default();
    let titled = |p: &Pack| words::pack_text(t, view, &p.id, "title").unwrap_or_else(|| clean(&p.id));
    // The class is chosen together with its regime, so that the two cannot disagree, with or without a script.
    let mut classes = Vec::new();
    for p in packs {
        for c in &p.classes {
            let class = words::pack_text(t, view, &p.id, &format!("class-{}", c.id)).unwrap_or_else(|| clean(&c.id));
            classes.push((format!("{}/{}", p.id, c.id), format!("{}: {class}", titled(p))));
        }
    }
    classes.sort_by_key(|(v, _)| !v.starts_with(&format!("{chosen}/")));
    let said = tip.and_then(|tip| tip.answers.get("class").cloned());
    let class = set.map(|s| s.class.clone()).or(said).unwrap_or_default();
    let default = match class.is_empty() {
        true => classes.first().map(|(v, _)| v.clone()).unwrap_or_default(),
        false => format!("{chosen}/{class}"),
    };
    let severity = packs
        .iter()
        .flat_map(|p| p.classes.iter().map(move |c| (format!("{}/{}", p.id, c.id), c.severity)))
        .find(|(v, _)| *v == default)
        .map_or(3, |(_, s)| s);
    f.choose(FieldKind::Select, "class", &default, classes);
    f.line("jurisdiction", set.map_or("EU", |s| s.jurisdiction.as_str()));
    let steps: Vec<_> = (1..=5).map(|n| (n.to_string(), f.t.get(&format!("severity-{n}")).to_owned())).collect();
    f.choose(FieldKind::Select, "severity", &set.map_or(severity, |s| s.severity).to_string(), steps);
}

fn check(f: &mut Filler<'_>, view: &View, case_view: &CaseView, case: &Case) {
    let Some(pack) = pack(view, case) else { return };
    let t = f.t;
    let day = case.received().and_then(|r| Zone(0).date(r.received_at)).map(|d| d.to_string()).unwrap_or_default();
    f.field(FieldKind::Date, "on", &day, true);
    let answers = case_view.tip.as_ref().map(|tip| tip.answers.clone()).unwrap_or_default();
    for spec in &pack.inputs {
        let question = pack.questions.iter().find(|q| q.input.as_deref() == Some(spec.name.as_str()));
        let label = question
            .and_then(|q| words::pack_text(t, view, &pack.id, &format!("ask-{}", q.id)))
            .unwrap_or_else(|| clean(&spec.name));
        let answered = question.and_then(|q| answers.get(&q.id)).cloned().unwrap_or_default();
        let name = format!("in-{}", spec.name);
        let (kind, hint) = match spec.kind {
            InputKind::Number => (FieldKind::Line, "hint-number"),
            InputKind::Numbers | InputKind::Dates | InputKind::Texts => (FieldKind::Area, "hint-list"),
            InputKind::Date => (FieldKind::Date, "hint-optional"),
            InputKind::Text => (FieldKind::Line, "hint-optional"),
            InputKind::YesNo => (FieldKind::Select, "hint-optional"),
        };
        let value = f.value(&name, &answered);
        let choices = match spec.kind {
            InputKind::YesNo => [("", "not-known"), ("yes", "yes"), ("no", "no")]
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

fn award(f: &mut Filler<'_>, case: &Case) {
    let before = case.award().map(|a| a.inputs);
    let cents = |c: subrosa_casework::money::Cents| c.to_string();
    let s = before.and_then(|i| i.sanction);
    let decided = case.authority().and_then(|d| d.sanction).map(cents);
    let sanction = s.map(|s| cents(s.collected)).or(decided).unwrap_or_default();
    f.field(FieldKind::Line, "sanction", &sanction, false);
    f.field(FieldKind::Line, "own-part", &s.map(|s| cents(s.own_part)).unwrap_or_else(|| "0".into()), false);
    f.field(FieldKind::Line, "up", &s.map_or(0, |s| s.up).to_string(), false);
    f.field(FieldKind::Line, "down", &s.map_or(0, |s| s.down).to_string(), false);
    let c = before.and_then(|i| i.compute);
    f.field(FieldKind::Line, "flop", &c.map(|c| c.flop.0.to_string()).unwrap_or_default(), false);
    f.field(FieldKind::Line, "threshold", &c.map(|c| c.threshold.0.to_string()).unwrap_or_default(), false);
    let mut harms = vec![(String::new(), f.t.get("harm-none").to_owned())];
    harms.extend(f.words("harm", &["h1", "h2", "h3", "h4"]));
    let h = before.and_then(|i| i.harm);
    f.choose(FieldKind::Select, "harm", h.map_or("", |h| words::harm(h.class)), harms);
    let realised = f.words("realised", &["realised", "near-miss", "latent"]);
    f.choose(FieldKind::Select, "realised", h.map_or("realised", |h| words::realised(h.realised)), realised);
    f.field(FieldKind::Line, "interim", &before.map(|i| cents(i.interim)).unwrap_or_else(|| "0".into()), false);
}
