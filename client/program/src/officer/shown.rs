//! What is about to be signed, printed whole; and the code under it, without which it is not signed.

use serde_json::{Value, json};
use subrosa_casework::{
    bytes::Digest,
    case::{Case, CheckReport, CloseReason, Draft, Event, Fact, Proposal, Shown},
    clock::Zone,
    policy::AwardBreakdown,
};
use subrosa_crypto::kdf;
use subrosa_engine::{directory::Directory, officer::Known};
use subrosa_machine::{
    arithmetic,
    say::{plain, plain_line},
    titles,
};
use subrosa_templates::console::Words;

use crate::{amount, words::words};

/// A proposal or draft, piece by piece.
#[derive(Default)]
pub(super) struct Sheet {
    lines: Vec<(String, String)>,
    json: Vec<Value>,
}

impl Sheet {
    /// What is about to be signed under a draft, with the formula's parts.
    pub(super) fn of_draft(draft: &Draft, case: &Case, known: &Known) -> Self {
        let (mut sheet, ctx) = (Self::default(), known.ctx.get());
        sheet.facts(&draft.facts(case, &ctx), &known.directory);
        if let Some(parts) = draft.breakdown(case, &ctx) {
            sheet.formula(&parts);
        }
        if let Draft::Event(event) = draft
            && let Event::MachineChecked(report) = &**event
        {
            sheet.check(report, known);
        }
        sheet
    }

    /// A machine check with its arithmetic, line by line.
    fn check(&mut self, report: &CheckReport, known: &Known) {
        let t = words();
        let pack = known.policies.pinned_pack(&report.pack);
        self.piece("pack", t.get("f-regime"), titles::pack(t, Some(&known.policies), &report.pack));
        for step in &report.steps {
            let [name, formula, result] = arithmetic::line(t, step).map(|piece| plain_line(&piece));
            self.piece(&step.name, &name, format!("{formula} = {result}"));
        }
        let because = plain_line(&arithmetic::because(t, report, pack));
        let verdict = t.named("verdict", report.verdict.name()).to_owned();
        self.piece("verdict", t.get("s-result"), format!("{verdict} ({because})"));
    }

    /// A decision that waits, whole: what its second signer signs.
    pub(super) fn of_decision(entry: u64, proposal: &Proposal, case: &Case, known: &Known) -> Self {
        let (mut sheet, by) = (Self::default(), &proposal.by);
        let day = Zone(0).date(by.at).map(|d| d.to_string()).unwrap_or_default();
        let time = format!("{day} {:02}:{:02} UTC", by.at / 3600 % 24, by.at / 60 % 60);
        let name = plain_line(&known.directory.name_of(by.holder));
        sheet.line("Proposed by", format!("{name} ({}), {time}, entry {entry}", by.role));
        sheet.facts(&case.decision_facts(&proposal.act), &known.directory);
        if let Some(parts) = case.breakdown(&proposal.act, &known.ctx.get()) {
            sheet.formula(&parts);
        }
        sheet
    }

    /// What an event says that is no decision, member by member: in words for people, by its name for programs.
    pub(super) fn event(&mut self, event: &Event) {
        let Ok(Value::Object(tagged)) = serde_json::to_value(event) else { return };
        let t = words();
        for (name, value) in tagged.values().filter_map(Value::as_object).flatten() {
            match value {
                Value::String(text) => self.piece(name, member(t, name), plain(text)),
                Value::Bool(yes) => {
                    self.piece(name, member(t, name), t.get(if *yes { "yes" } else { "no" }).to_owned())
                }
                Value::Number(n) => self.piece(name, member(t, name), n.to_string()),
                // Bytes, and what is only in some events, say nothing to a reader.
                Value::Null | Value::Array(_) | Value::Object(_) => {}
            }
        }
    }

    /// Whether there is nothing on it.
    pub(super) fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// A piece that is no fact of the case: who proposes, and when.
    pub(super) fn line(&mut self, name: &str, text: String) {
        self.piece(name, name, text);
    }

    /// A piece that programs know by its name, and people by what is `shown`.
    pub(super) fn piece(&mut self, name: &str, shown: &str, text: String) {
        self.json.push(json!({ "fact": name, "text": text }));
        self.lines.push((shown.to_owned(), text));
    }

    /// The pieces of a decision.
    pub(super) fn facts(&mut self, facts: &[Fact<'_>], directory: &Directory) {
        let t = words();
        for fact in facts {
            let text = in_words(t, &fact.value, directory);
            let mut member = json!({ "fact": fact.key.name(), "text": text });
            if let (Shown::Money(cents), Some(object)) = (&fact.value, member.as_object_mut()) {
                object.insert("cents".into(), cents.0.into());
            }
            self.json.push(member);
            self.lines.push((t.get(&format!("f-{}", fact.key)).to_owned(), text));
        }
    }

    /// The formula, part by part. The amount stands among the decision's own facts.
    pub(super) fn formula(&mut self, b: &AwardBreakdown) {
        let t = words();
        let parts = [("f-a1", b.a1), ("f-a2", b.a2), ("f-a3", b.a3), ("f-gross", b.gross)];
        self.line(t.get("f-rate"), format!("{}.{:02} %", b.rate_bp / 100, b.rate_bp % 100));
        for (key, cents) in parts {
            self.line(t.get(key), amount::show(cents));
        }
        if let Some(cap) = b.cap {
            self.line(t.get("f-cap"), amount::show(cap));
        }
    }

    /// The text as it is printed.
    pub(super) fn text(&self) -> String {
        self.lines.iter().map(|(name, text)| format!("  {name}: {}\n", text.replace('\n', "\n    "))).collect()
    }

    /// The same for programs.
    pub(super) fn json(&self) -> Value {
        Value::Array(self.json.clone())
    }

    /// The code of exactly these lines, and of exactly what is signed under them.
    pub(super) fn code(&self, signed: Option<&Digest>) -> String {
        let mut parts: Vec<&[u8]> = self.lines.iter().flat_map(|(n, t)| [n.as_bytes(), t.as_bytes()]).collect();
        parts.push(signed.map_or(&[][..], |d| &d.0[..]));
        short(&kdf::digest("subrosa/draft-shown/v2", &parts))
    }
}

/// The beginning of a digest: enough to tell two things apart that one person was shown.
pub(super) fn short(digest: &[u8; 32]) -> String {
    hex::encode(digest).chars().take(16).collect()
}

/// The words for a member of an event: those of the field in which it is given.
fn member<'n>(t: &'n Words, name: &'n str) -> &'n str {
    let field = match name {
        "on" => "tagging",
        "text" => "note",
        "to" => "told-to",
        "what" => "told-what",
        "derived_from" => "derived",
        "reported_inside" => "inside",
        name => name,
    };
    t.named("ask", field)
}

fn in_words(t: &Words, value: &Shown<'_>, directory: &Directory) -> String {
    match value {
        Shown::Words(words) => plain(words),
        Shown::Money(cents) => amount::in_full(*cents),
        Shown::Digest(digest) => digest.to_string(),
        Shown::Award(award) => award.to_string(),
        Shown::Close(CloseReason::Duplicate { of }) => t.with("reason-duplicate-of", &[("case", &of.to_string())]),
        Shown::Close(reason) => t.get(&format!("reason-{}", reason.name())).to_owned(),
        Shown::Count(n) => n.to_string(),
        Shown::Flop(flop) => format!("{flop} FLOP"),
        Shown::Harm(harm) => {
            let (class, realised) = (format!("harm-{}", harm.class), format!("realised-{}", harm.realised));
            format!("{}, {}", t.get(&class), t.get(&realised))
        }
        Shown::Named(Some(e)) => format!("{} ({})", plain_line(&e.name), t.get(&format!("entity-{}", e.kind))),
        Shown::Named(None) => t.get("declare-nobody").to_owned(),
        Shown::Policy(id, version) => titles::policy(t, id, *version),
        Shown::Pack(pinned) => titles::pack(t, None, pinned),
        Shown::Class(_, class) => plain_line(class),
        Shown::Answer(yes) => t.get(if *yes { "yes" } else { "no" }).to_owned(),
        Shown::Review(None) => t.get("review-not-needed").to_owned(),
        Shown::Review(Some(passed)) => t.get(if *passed { "review-passed" } else { "review-failed" }).to_owned(),
        Shown::People(people) if people.is_empty() => t.get("nobody-yet").to_owned(),
        Shown::People(people) => {
            people.iter().map(|h| plain_line(&directory.name_of(*h))).collect::<Vec<_>>().join(", ")
        }
    }
}
