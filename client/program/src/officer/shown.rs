//! What is about to be signed, printed whole; and the code under it, without which it is not signed.

use serde_json::{Value, json};
use subrosa_casework::{
    case::{CloseReason, Fact, Shown},
    policy::AwardBreakdown,
};
use subrosa_crypto::kdf;
use subrosa_engine::directory::Directory;
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

    /// The code of exactly these lines.
    pub(super) fn code(&self) -> String {
        let parts: Vec<&[u8]> = self.lines.iter().flat_map(|(n, t)| [n.as_bytes(), t.as_bytes()]).collect();
        short(&kdf::digest("subrosa/draft-shown/v1", &parts))
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
        Shown::Policy(id, version) => format!("{} v{version}", plain(id)),
        Shown::Answer(yes) => t.get(if *yes { "yes" } else { "no" }).to_owned(),
        Shown::People(people) if people.is_empty() => t.get("nobody-yet").to_owned(),
        Shown::People(people) => people.iter().map(|h| plain(&directory.name_of(*h))).collect::<Vec<_>>().join(", "),
    }
}
