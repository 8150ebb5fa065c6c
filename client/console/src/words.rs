//! Facts of a case in words.

use subrosa_casework::{
    award::SourceAct,
    case::{
        self, Case, ClockName, ClockState, CloseReason, EntityKind, Event, Handling, MessageKind, Pinned, Relation,
        Shown, SourcePosition, State, Verdict,
    },
    money::{AmountError, Cents, Currency},
    number::NumberError,
    policy::AwardBreakdown,
    refusal::{Refusal, Rule},
    role::RoleName,
};
use subrosa_engine::{coded::Code as _, sealed};
use subrosa_machine::{say::coded_words, titles};
use subrosa_templates::console::{Chip, Fact, Notice, Tone, Words};
use subrosa_templates::{Language, key, say};

use crate::{
    clock::day,
    snapshot::{CaseView, View},
    text::{clean, one_line, short},
};

/// The words of an address that names no language which the console speaks: English, which has them all.
pub(crate) fn default() -> &'static Words {
    Language::root().console().unwrap_or_else(|| Language::root().text())
}

/// `€137,500.00` or `137.500,00 €`
pub(crate) fn euros(t: &Words, cents: Cents) -> String {
    t.locale().money(cents.of(Currency::EUR))
}

/// The amount that a signature states, with its code and with its currency's name.
pub(crate) fn amount_signed(t: &Words, cents: Cents) -> Fact {
    let value = t.locale().in_full(cents.of(Currency::EUR));
    Fact { name: say!(t, "f-amount-signed").to_owned(), value, code: false }
}

/// Why a text is not an amount, for whoever typed it.
pub(crate) fn amount_error(t: &Words, error: &AmountError) -> String {
    match error {
        AmountError::Ambiguous { text, one, other } => {
            let [one, other] = [one, other].map(|reading| t.locale().ungrouped(reading));
            say!(t, "amount-ambiguous", text = one_line(text), one = one, other = other)
        }
        AmountError::Unreadable(text) => say!(t, "amount-unreadable", text = one_line(text)),
        AmountError::Digits(text) => say!(t, "amount-digits", text = one_line(text)),
        AmountError::Negative(text) => say!(t, "amount-negative", text = one_line(text)),
        AmountError::TooLarge(text) => say!(t, "amount-too-large", text = one_line(text)),
        AmountError::Zero => say!(t, "amount-zero").to_owned(),
        AmountError::OtherCurrency { given, wanted } => {
            say!(t, "amount-other-currency", given = one_line(given), wanted = wanted.code())
        }
    }
}

/// Why a text is not a number, likewise.
pub(crate) fn number_error(t: &Words, error: &NumberError) -> String {
    match error {
        NumberError::Ambiguous { text, one, other } => {
            let [one, other] = [one, other].map(|reading| t.locale().ungrouped(reading));
            say!(t, "number-ambiguous", text = one_line(text), one = one, other = other)
        }
        NumberError::Unreadable(text) => say!(t, "number-unreadable", text = one_line(text)),
        NumberError::Fraction(text) => say!(t, "number-fraction", text = one_line(text)),
        NumberError::Negative(text) => say!(t, "number-negative", text = one_line(text)),
        NumberError::TooLarge(text) => say!(t, "number-too-large", text = one_line(text)),
    }
}

pub(crate) fn state_key(state: State) -> String {
    format!("state-{}", state.name())
}

pub(crate) fn state(t: &Words, state: State) -> Chip {
    let tone = match state {
        State::Received | State::NeedsInfo | State::Contested => Tone::Soon,
        State::Closed | State::Purged => Tone::Plain,
        State::Substantiated | State::AwardFinal | State::Paid => Tone::Good,
        _ => Tone::Plain,
    };
    Chip { tone, text: t.get(&state_key(state)).to_owned() }
}

pub(crate) fn role(t: &Words, role: RoleName) -> String {
    t.get(&format!("role-{role}")).to_owned()
}

pub(crate) fn roles(t: &Words, held: &[RoleName]) -> String {
    match held {
        [] => say!(t, "role-none").to_owned(),
        held => held.iter().map(|r| role(t, *r)).collect::<Vec<_>>().join(", "),
    }
}

/// What a rule says.
pub(crate) fn rule(t: &Words, rule: Rule) -> &str {
    t.get(&format!("rule-{}", rule.code()))
}

/// A refusal in the reader's language, with the rule's stable name.
pub(crate) fn refusal(t: &Words, refusal: &Refusal) -> Notice {
    Notice { tone: Tone::Bad, text: coded_words(t, &refusal.coded()), code: Some(refusal.code().to_owned()) }
}

pub(crate) fn clock_name(t: &Words, clock: ClockName) -> &str {
    t.get(match clock {
        ClockName::Acknowledge => key!("clock-acknowledge"),
        ClockName::Feedback => key!("clock-feedback"),
    })
}

/// A clock in a few words; it is soon when a seventh of a week or month is left: two days, or two weeks.
pub(crate) fn clock(t: &Words, name: ClockName, state: ClockState, now: u64) -> Chip {
    let clock = clock_name(t, name);
    let soon = match name {
        ClockName::Acknowledge => 2 * 86_400,
        ClockName::Feedback => 14 * 86_400,
    };
    match state {
        ClockState::InTime { at } => {
            Chip { tone: Tone::Good, text: say!(t, "clock-in-time", clock = clock, day = day(at)) }
        }
        ClockState::Late { due, at } => {
            Chip { tone: Tone::Bad, text: say!(t, "clock-late", clock = clock, due = day(due), day = day(at)) }
        }
        ClockState::Running { due } => Chip {
            tone: if due.saturating_sub(now) < soon { Tone::Soon } else { Tone::Plain },
            text: say!(t, "clock-running", clock = clock, due = day(due)),
        },
        ClockState::Overdue { due } => {
            Chip { tone: Tone::Bad, text: say!(t, "clock-overdue", clock = clock, due = day(due)) }
        }
    }
}

/// What a case is about: regime and class, from triage, else as the source chose.
pub(crate) fn title(t: &Words, view: &View, case: &CaseView) -> String {
    let triage = case.case().and_then(Case::triage);
    let (pack, class) = match (triage, &case.tip) {
        (Some(set), _) => (set.pack.id.clone(), Some(set.class.clone())),
        (None, Some(tip)) => (tip.regime.clone(), None),
        (None, None) => return say!(t, "case-untitled").to_owned(),
    };
    let text = pack_text(t, view, &pack, "title").unwrap_or_else(|| one_line(&pack));
    match class {
        Some(class) => {
            let class = pack_text(t, view, &pack, &format!("class-{class}")).unwrap_or_else(|| one_line(&class));
            format!("{text}: {class}")
        }
        None => text,
    }
}

/// A text of a pack, in the reader's language or in English. What came through the sealed intake has no pack, until
/// triage gives it one.
pub(crate) fn pack_text(t: &Words, view: &View, pack: &str, key: &str) -> Option<String> {
    if pack == sealed::REGIME {
        let own = match key {
            "title" => key!("sealed-title"),
            "ask-receipt-code" => key!("sealed-code"),
            _ => return None,
        };
        return Some(t.get(own).to_owned());
    }
    let texts = &view.pack(pack)?.texts;
    let found = texts.get(t.language().code()).and_then(|m| m.get(key)).or_else(|| texts.get("en")?.get(key));
    found.map(|s| clean(s))
}

/// A bounty policy by its title.
pub(crate) fn policy(t: &Words, id: &str, version: u32) -> String {
    titles::policy(t, id, version)
}

/// A regime pack by its title, as a case pins it.
pub(crate) fn pack(t: &Words, view: &View, pinned: &Pinned) -> String {
    titles::pack(t, view.known.as_ref().map(|known| &known.policies), pinned)
}

/// An act's name.
pub(crate) fn act_name(t: &Words, step: case::Step) -> String {
    t.get(&format!("act-{}", step.id())).to_owned()
}

/// The name of an entry's kind.
pub(crate) fn event_name(t: &Words, event: &Event) -> String {
    t.get(&format!("event-{}", event.name())).to_owned()
}

/// Who may read a note.
pub(crate) fn visibility(t: &Words, visibility: case::Visibility) -> &str {
    t.get(&format!("visible-{visibility}"))
}

pub(crate) fn close_reason(t: &Words, reason: &CloseReason) -> String {
    match reason {
        CloseReason::Duplicate { of } => say!(t, "reason-duplicate-of", case = short(&of.0)),
        other => t.get(&format!("reason-{}", other.name())).to_owned(),
    }
}

/// What is decided, piece by piece.
pub(crate) fn facts(t: &Words, view: &View, facts: &[case::Fact<'_>]) -> Vec<Fact> {
    let one = |f: &case::Fact<'_>| {
        let (value, code) = shown(t, view, &f.value);
        Fact { name: t.get(&format!("f-{}", f.key)).to_owned(), value, code }
    };
    facts.iter().map(one).collect()
}

fn shown(t: &Words, view: &View, value: &Shown<'_>) -> (String, bool) {
    let text = match value {
        Shown::Words(words) => clean(words),
        Shown::Money(cents) => t.locale().in_full(cents.of(Currency::EUR)),
        Shown::Close(reason) => close_reason(t, reason),
        Shown::Count(n) => t.locale().whole(*n),
        Shown::Flop(flop) => format!("{} FLOP", t.locale().ungrouped(&flop.to_string())),
        Shown::Harm(h) => {
            let (class, realised) = (format!("harm-{}", h.class), format!("realised-{}", h.realised));
            format!("{}, {}", t.get(&class), t.get(&realised))
        }
        Shown::Policy(id, version) => policy(t, id, *version),
        Shown::Pack(pinned) => pack(t, view, pinned),
        Shown::Class(pinned, class) => {
            pack_text(t, view, &pinned.id, &format!("class-{class}")).unwrap_or_else(|| one_line(class))
        }
        Shown::Answer(yes) => answer(t, *yes).to_owned(),
        Shown::Review(passed) => review(t, *passed).to_owned(),
        Shown::People(people) if people.is_empty() => say!(t, "nobody-yet").to_owned(),
        Shown::People(people) => people.iter().map(|h| one_line(&view.name_of(*h))).collect::<Vec<_>>().join(", "),
        Shown::Named(Some(e)) => format!("{} ({})", one_line(&e.name), entity_kind(t, e.kind)),
        Shown::Named(None) => say!(t, "declare-nobody").to_owned(),
        Shown::Digest(digest) => return (digest.to_string(), true),
        Shown::Award(award) => return (award.to_string(), true),
    };
    (text, false)
}

/// Yes or no.
pub(crate) fn answer(t: &Words, yes: bool) -> &str {
    t.get(if yes { key!("yes") } else { key!("no") })
}

/// What the legal review came to.
fn review(t: &Words, passed: Option<bool>) -> &str {
    t.get(match passed {
        None => key!("review-not-needed"),
        Some(true) => key!("review-passed"),
        Some(false) => key!("review-failed"),
    })
}

pub(crate) fn kind(t: &Words, kind: MessageKind) -> &str {
    t.get(&format!("kind-{kind}"))
}

pub(crate) fn verdict(t: &Words, verdict: Verdict) -> Chip {
    let tone = match verdict {
        Verdict::Consistent => Tone::Good,
        Verdict::Inconsistent => Tone::Bad,
        Verdict::Indeterminate => Tone::Soon,
    };
    Chip { tone, text: t.get(&format!("verdict-{verdict}")).to_owned() }
}

pub(crate) fn entity_kind(t: &Words, kind: EntityKind) -> &str {
    t.get(&format!("entity-{kind}"))
}

pub(crate) fn handling(t: &Words, how: Handling) -> &str {
    t.get(&format!("handled-{how}"))
}

pub(crate) fn relation(t: &Words, relation: Relation) -> &str {
    t.get(&format!("relation-{relation}"))
}

/// What the formula gave, part by part, with the amount that they come to.
pub(crate) fn breakdown(t: &Words, b: &AwardBreakdown) -> Vec<Fact> {
    let mut out = parts(t, b);
    out.push(Fact { name: say!(t, "f-amount").to_owned(), value: euros(t, b.amount), code: false });
    out
}

/// The formula's parts alone: where a decision is shown, its amount stands among its own facts, once.
pub(crate) fn parts(t: &Words, b: &AwardBreakdown) -> Vec<Fact> {
    let fact = |key: &str, value: String| Fact { name: t.get(key).to_owned(), value, code: false };
    let mut out = vec![
        fact(key!("f-rate"), t.locale().share(b.rate_bp)),
        fact(key!("f-a1"), euros(t, b.a1)),
        fact(key!("f-a2"), euros(t, b.a2)),
        fact(key!("f-a3"), euros(t, b.a3)),
        fact(key!("f-gross"), euros(t, b.gross)),
    ];
    out.extend(b.cap.map(|cap| fact(key!("f-cap"), euros(t, cap))));
    out
}

/// What the source has stated under its key.
pub(crate) fn source_act(t: &Words, act: &SourceAct) -> String {
    match act {
        SourceAct::AcceptAward { amount } => say!(t, "source-accept-award", amount = euros(t, *amount)),
        act => t.get(&format!("source-{}", act.name())).to_owned(),
    }
}

/// The source's position, and the day of its report inside.
pub(crate) fn position(t: &Words, p: &SourcePosition) -> String {
    let position = t.get(&format!("position-{}", p.position));
    p.reported_inside.map_or_else(
        || position.to_owned(),
        |day| say!(t, "position-inside", position = position, day = day.to_string()),
    )
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    /// Every key that the catalogue, the rules and the names of the journal ask for.
    fn keys() -> Vec<String> {
        let mut keys: Vec<String> = Vec::new();
        let mut all = |prefix: &str, names: &[&str]| keys.extend(names.iter().map(|n| format!("{prefix}-{n}")));
        all("state", &State::ALL.iter().map(|s| s.name()).collect::<Vec<_>>());
        all("role", &RoleName::ALL.iter().map(|r| r.name()).collect::<Vec<_>>());
        all("group", &case::Group::ALL.iter().map(|g| g.name()).collect::<Vec<_>>());
        all("f", &case::FactKey::ALL.iter().map(|k| k.name()).collect::<Vec<_>>());
        all("kind", &MessageKind::ALL.iter().map(|k| k.name()).collect::<Vec<_>>());
        all("verdict", &Verdict::ALL.iter().map(|v| v.name()).collect::<Vec<_>>());
        all("entity", &EntityKind::ALL.iter().map(|k| k.name()).collect::<Vec<_>>());
        all("handled", &Handling::ALL.iter().map(|h| h.name()).collect::<Vec<_>>());
        all("relation", &Relation::ALL.iter().map(|r| r.name()).collect::<Vec<_>>());
        all("visible", &case::Visibility::ALL.iter().map(|v| v.name()).collect::<Vec<_>>());
        all("position", &case::Position::ALL.iter().map(|p| p.name()).collect::<Vec<_>>());
        all("harm", &subrosa_casework::policy::HarmClass::ALL.iter().map(|h| h.name()).collect::<Vec<_>>());
        all("realised", &subrosa_casework::policy::Realised::ALL.iter().map(|r| r.name()).collect::<Vec<_>>());
        all("reason", CloseReason::NAMES);
        all("asked", &["terms", "keys", "deposit", "lists", "file", "message", "journal", "records", "other"]);
        all("policy", &subrosa_casework::policy::Policy::PRESETS.map(|(id, _)| id));
        all("input-kind", &["number", "numbers", "date", "dates", "text", "texts", "yes-no"]);
        all("event", Event::NAMES);
        all("source", SourceAct::NAMES);
        for rule in Rule::ALL {
            all("rule", &[rule.code()]);
        }
        for step in case::Step::ALL {
            all("act", &[step.id()]);
            for field in step.spec().fields {
                match field.kind {
                    case::FieldKind::Inputs => continue,
                    case::FieldKind::Choice(choices) => {
                        all(choices.words, choices.values);
                        if !field.required && field.default.is_empty() {
                            all(choices.words, &["none"]);
                        }
                    }
                    _ => {}
                }
                all("ask", &[field.name]);
            }
        }
        keys
    }

    #[test]
    fn the_catalogue_and_the_journal_have_words_in_every_language() {
        let mut missing = Vec::new();
        for t in Language::of_console().filter_map(Language::console) {
            missing.extend(keys().into_iter().filter(|k| !t.has(k)).map(|k| format!("{}: {k}", t.language().code())));
        }
        missing.dedup();
        assert!(missing.is_empty(), "without words: {missing:#?}");
        for rule in Rule::ALL {
            let en = default();
            assert_eq!(en.get(&format!("rule-{}", rule.code())), rule.text());
        }
    }

    /// Words that a step or a field has only if it needs more than its name: each belongs to one that there is.
    #[test]
    fn no_lead_and_no_hint_is_for_something_that_is_not_there() {
        // What is said of an administrator's deeds, and hints that belong to kinds of fields or to the dossier's form.
        const OTHERS: &[&str] = &[
            "lead-sign",
            "lead-verify",
            "lead-pay",
            "lead-pay-again",
            "lead-settle",
            "lead-fund",
            "hint-number",
            "hint-list",
            "hint-optional",
            "hint-recipients",
            "hint-account",
            "hint-redactions",
        ];
        let steps = || case::Step::ALL.iter();
        let is_step = |name: &str| steps().any(|s| s.id() == name);
        let is_field = |name: &str| steps().any(|s| s.spec().fields.iter().any(|f| f.name == name));
        let en = default();
        let stray = |key: &&str| match key.split_once('-') {
            Some(("lead" | "message", name)) => !is_step(name),
            Some(("hint", name)) => !is_field(name),
            _ => false,
        };
        let stray: Vec<&str> = en.keys().filter(stray).filter(|key| !OTHERS.contains(key)).collect();
        assert!(stray.is_empty(), "nothing asks for these words: {stray:#?}");
    }

    #[test]
    fn money_reads_well() {
        let [en, de] = ["en", "de"].map(|code| Language::from_code(code).unwrap().console().unwrap());
        assert_eq!(euros(en, Cents(13_750_000)), "€137,500.00");
        assert_eq!(euros(de, Cents(13_750_000)), "137.500,00\u{a0}€");
    }
}
