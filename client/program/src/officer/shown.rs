//! What is about to be signed, printed whole; and the code under it, without which it is not signed.

use serde_json::{Value, json};
use subrosa_casework::{
    bytes::Digest,
    case::{Case, CloseReason, Draft, Event, Fact, Proposal, Shown},
    clock::Zone,
    policy::AwardBreakdown,
};
use subrosa_crypto::kdf;
use subrosa_engine::{directory::Directory, officer::Known};
use subrosa_machine::say::plain;
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
        sheet
    }

    /// A decision that waits, whole: what its second signer signs.
    pub(super) fn of_decision(entry: u64, proposal: &Proposal, case: &Case, known: &Known) -> Self {
        let (mut sheet, by) = (Self::default(), &proposal.by);
        let day = Zone(0).date(by.at).map(|d| d.to_string()).unwrap_or_default();
        let time = format!("{day} {:02}:{:02} UTC", by.at / 3600 % 24, by.at / 60 % 60);
        let name = plain(&known.directory.name_of(by.holder));
        sheet.line("Proposed by", format!("{name} ({}), {time}, entry {entry}", by.role));
        sheet.facts(&case.decision_facts(&proposal.act), &known.directory);
        if let Some(parts) = case.breakdown(&proposal.act, &known.ctx.get()) {
            sheet.formula(&parts);
        }
        sheet
    }

    /// What an event says that is no decision, member by member.
    pub(super) fn event(&mut self, event: &Event) {
        let Ok(Value::Object(tagged)) = serde_json::to_value(event) else { return };
        for (name, value) in tagged.values().filter_map(Value::as_object).flatten() {
            match value {
                Value::String(text) => self.line(name, plain(text)),
                Value::Number(_) | Value::Bool(_) => self.line(name, value.to_string()),
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
        self.json.push(json!({ "fact": name, "text": text }));
        self.lines.push((name.to_owned(), text));
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

    /// The formula, part by part.
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
        self.line(t.get("f-amount"), amount::in_full(b.amount));
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
        Shown::Named(Some(e)) => format!("{} ({})", plain(&e.name), t.get(&format!("entity-{}", e.kind))),
        Shown::Named(None) => t.get("declare-nobody").to_owned(),
        Shown::Policy(id, version) => format!("{} v{version}", plain(id)),
        Shown::Answer(yes) => t.get(if *yes { "yes" } else { "no" }).to_owned(),
        Shown::People(people) if people.is_empty() => t.get("nobody-yet").to_owned(),
        Shown::People(people) => people.iter().map(|h| plain(&directory.name_of(*h))).collect::<Vec<_>>().join(", "),
    }
}
