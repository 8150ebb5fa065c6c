//! Facts of a case in words.

use subrosa_casework::{
    case::{
        self, AccusedHeard, Act, Case, ClockName, ClockState, CloseReason, EntityKind, Event, Handling, MessageKind,
        Relation, Shown, SourcePosition, State, Verdict,
    },
    clock::Zone,
    money::{AmountError, Cents, Currency},
    number::NumberError,
    refusal::Refusal,
    role::RoleName,
};
use subrosa_crypto::sign::HolderId;
use subrosa_templates::console::{Chip, Fact, Notice, Tone, Words};
use subrosa_templates::{Language, Value};

use super::snapshot::{CaseView, View};
use subrosa_engine::sealed;

/// The words of an address that names no language which the console speaks: English, which has them all.
pub(super) fn default() -> &'static Words {
    Language::root().console().unwrap_or_else(|| Language::root().text())
}

/// Text from outside, without control characters but line breaks, and without marks that turn the writing's direction.
pub(super) fn clean(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if c.is_control() && c != '\n' || turns(c) { '\u{fffd}' } else { c }).collect()
}

/// `2026-11-24 14:05 UTC`
pub(super) fn time(at: u64) -> String {
    let date = Zone(0).date(at).map(|d| d.to_string()).unwrap_or_default();
    let minutes = at / 60 % 1440;
    format!("{date} {:02}:{:02} UTC", minutes / 60, minutes % 60)
}

/// `2026-11-24`
pub(super) fn day(at: u64) -> String {
    Zone(0).date(at).map(|d| d.to_string()).unwrap_or_default()
}

/// `€137,500.00` or `137.500,00 €`
pub(super) fn euros(t: &Words, cents: Cents) -> String {
    t.locale().money(cents.of(Currency::EUR))
}

/// The amount that a signature states, with its code and with its currency's name.
pub(super) fn amount_signed(t: &Words, cents: Cents) -> Fact {
    let value = t.locale().in_full(cents.of(Currency::EUR));
    Fact { name: t.get("f-amount-signed").to_owned(), value, code: false }
}

/// Why a text is not an amount, for whoever typed it.
pub(super) fn amount_error(t: &Words, error: &AmountError) -> String {
    let key = error.code();
    match error {
        AmountError::Ambiguous { text, one, other } => readings(t, key, text, one, other),
        AmountError::Unreadable(text)
        | AmountError::Digits(text)
        | AmountError::Negative(text)
        | AmountError::TooLarge(text) => t.with(key, &[("text", &clean(text))]),
        AmountError::Zero => t.get(key).to_owned(),
        AmountError::OtherCurrency { given, wanted } => {
            t.with(key, &[("given", &clean(given)), ("wanted", &wanted.code())])
        }
    }
}

/// Why a text is not a number, likewise.
pub(super) fn number_error(t: &Words, error: &NumberError) -> String {
    let key = error.code();
    match error {
        NumberError::Ambiguous { text, one, other } => readings(t, key, text, one, other),
        NumberError::Unreadable(text)
        | NumberError::Fraction(text)
        | NumberError::Negative(text)
        | NumberError::TooLarge(text) => t.with(key, &[("text", &clean(text))]),
    }
}

fn readings(t: &Words, key: &str, text: &str, one: &str, other: &str) -> String {
    let plain = |reading: &str| t.locale().ungrouped(reading);
    t.with(key, &[("text", &clean(text)), ("one", &plain(one)), ("other", &plain(other))])
}

/// The beginning of a case's name.
pub(super) fn short(id: &[u8; 32]) -> String {
    hex::encode(id).chars().take(8).collect()
}

pub(super) fn state_key(state: State) -> String {
    format!("state-{}", state.name())
}

pub(super) fn state(t: &Words, state: State) -> Chip {
    let tone = match state {
        State::Received | State::NeedsInfo | State::Contested => Tone::Soon,
        State::Closed | State::Purged => Tone::Plain,
        State::Substantiated | State::AwardFinal | State::Paid => Tone::Good,
        _ => Tone::Plain,
    };
    Chip { tone, text: t.get(&state_key(state)).to_owned() }
}

pub(super) fn role(t: &Words, role: RoleName) -> String {
    t.get(&format!("role-{role}")).to_owned()
}

pub(super) fn roles(t: &Words, held: &[RoleName]) -> String {
    match held {
        [] => t.get("role-none").to_owned(),
        held => held.iter().map(|r| role(t, *r)).collect::<Vec<_>>().join(", "),
    }
}

/// Two letters of a name.
pub(super) fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let first = |w: &&str| w.chars().next();
    let letters: String = match words.as_slice() {
        [] => "?".into(),
        [one] => one.chars().take(2).collect(),
        [a, .., z] => [first(a), first(z)].into_iter().flatten().collect(),
    };
    letters.to_uppercase()
}

pub(super) fn colour(holder: HolderId) -> u8 {
    holder.0.first().copied().unwrap_or(0) % 12
}

/// A refusal in the reader's language, with the rule's stable name.
pub(super) fn refusal(t: &Words, refusal: &Refusal) -> Notice {
    let mut text = t.get(&format!("rule-{}", refusal.code())).to_owned();
    if let Some(note) = &refusal.note {
        text.push_str(&format!(" ({note})"));
    }
    Notice { tone: Tone::Bad, text, code: Some(refusal.code().to_owned()) }
}

pub(super) fn clock_name(t: &Words, clock: ClockName) -> &str {
    t.get(match clock {
        ClockName::Acknowledge => "clock-acknowledge",
        ClockName::Feedback => "clock-feedback",
    })
}

/// A clock in a few words; it is soon when a seventh of a week or month is left: two days, or two weeks.
pub(super) fn clock(t: &Words, name: ClockName, state: ClockState, now: u64) -> Chip {
    let clock = clock_name(t, name);
    let soon = match name {
        ClockName::Acknowledge => 2 * 86_400,
        ClockName::Feedback => 14 * 86_400,
    };
    match state {
        ClockState::InTime { at } => {
            Chip { tone: Tone::Good, text: t.with("clock-in-time", &[("clock", &clock), ("day", &day(at))]) }
        }
        ClockState::Late { due, at } => {
            let values: [(&str, &dyn Value); 3] = [("clock", &clock), ("due", &day(due)), ("day", &day(at))];
            Chip { tone: Tone::Bad, text: t.with("clock-late", &values) }
        }
        ClockState::Running { due } => Chip {
            tone: if due.saturating_sub(now) < soon { Tone::Soon } else { Tone::Plain },
            text: t.with("clock-running", &[("clock", &clock), ("due", &day(due))]),
        },
        ClockState::Overdue { due } => {
            Chip { tone: Tone::Bad, text: t.with("clock-overdue", &[("clock", &clock), ("due", &day(due))]) }
        }
    }
}

/// What a case is about: regime and class, from triage, else as the source chose.
pub(super) fn title(t: &Words, view: &View, case: &CaseView) -> String {
    let triage = case.case().and_then(Case::triage);
    let (pack, class) = match (triage, &case.tip) {
        (Some(set), _) => (set.pack.id.clone(), Some(set.class.clone())),
        (None, Some(tip)) => (tip.regime.clone(), None),
        (None, None) => return t.get("case-untitled").to_owned(),
    };
    let text = pack_text(t, view, &pack, "title").unwrap_or_else(|| clean(&pack));
    match class {
        Some(class) => {
            let class = pack_text(t, view, &pack, &format!("class-{class}")).unwrap_or_else(|| clean(&class));
            format!("{text}: {class}")
        }
        None => text,
    }
}

/// A text of a pack, in the reader's language or in English. What came through the sealed intake has no pack, until
/// triage gives it one.
pub(super) fn pack_text(t: &Words, view: &View, pack: &str, key: &str) -> Option<String> {
    if pack == sealed::REGIME {
        let own = match key {
            "title" => "sealed-title",
            "ask-receipt-code" => "sealed-code",
            _ => return None,
        };
        return Some(t.get(own).to_owned());
    }
    let texts = &view.pack(pack)?.texts;
    let found = texts.get(t.language().code()).and_then(|m| m.get(key)).or_else(|| texts.get("en")?.get(key));
    found.map(|s| clean(s))
}

pub(super) fn act(t: &Words, act: &Act) -> String {
    t.get(&format!("act-{}", act.step().id())).to_owned()
}

pub(super) fn close_reason(t: &Words, reason: &CloseReason) -> String {
    match reason {
        CloseReason::Duplicate { of } => t.with("reason-duplicate-of", &[("case", &short(&of.0))]),
        other => t.get(&format!("reason-{}", other.name())).to_owned(),
    }
}

/// What is decided, piece by piece.
pub(super) fn facts(t: &Words, view: &View, facts: &[case::Fact<'_>]) -> Vec<Fact> {
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
        Shown::Count(n) => n.to_string(),
        Shown::Flop(flop) => format!("{flop} FLOP"),
        Shown::Harm(h) => {
            let (class, realised) = (format!("harm-{}", h.class), format!("realised-{}", h.realised));
            format!("{}, {}", t.get(&class), t.get(&realised))
        }
        Shown::Policy(id, version) => format!("{} v{version}", clean(id)),
        Shown::Answer(yes) => t.get(if *yes { "yes" } else { "no" }).to_owned(),
        Shown::People(people) if people.is_empty() => t.get("nobody-yet").to_owned(),
        Shown::People(people) => people.iter().map(|h| clean(&view.name_of(*h))).collect::<Vec<_>>().join(", "),
        Shown::Digest(digest) => return (digest.to_string(), true),
        Shown::Award(award) => return (award.to_string(), true),
    };
    (text, false)
}

pub(super) fn kind(t: &Words, kind: MessageKind) -> &str {
    t.get(&format!("kind-{kind}"))
}

pub(super) fn verdict(t: &Words, verdict: Verdict) -> Chip {
    let tone = match verdict {
        Verdict::Consistent => Tone::Good,
        Verdict::Inconsistent => Tone::Bad,
        Verdict::Indeterminate => Tone::Soon,
    };
    Chip { tone, text: t.get(&format!("verdict-{verdict}")).to_owned() }
}

pub(super) fn entity_kind(t: &Words, kind: EntityKind) -> &str {
    t.get(&format!("entity-{kind}"))
}

pub(super) fn handling(t: &Words, how: Handling) -> &str {
    t.get(&format!("handled-{how}"))
}

pub(super) fn relation(t: &Words, relation: Relation) -> &str {
    t.get(&format!("relation-{relation}"))
}

/// What an entry of the journal says besides its kind, on one line.
pub(super) fn event_details(t: &Words, view: &View, event: &Event) -> String {
    match event {
        Event::Received(_)
        | Event::MessageReceived(_)
        | Event::TipContradicted(_)
        | Event::TriageOpened
        | Event::InvestigationOpened
        | Event::InvestigatorJoined
        | Event::ClaimWindowOpened { .. }
        | Event::ClaimWindowClosed
        | Event::TokenRequestReceived { .. }
        | Event::OrderSigned { .. }
        | Event::Paid { .. } => String::new(),
        Event::SourceStated(s) => source_act(t, &s.act),
        Event::MessageSent(m) => kind(t, m.kind).to_owned(),
        Event::ConflictDenied { entities } => t.with("declared-entities", &[("n", entities)]),
        Event::Recused { reason } => clean(reason),
        Event::EntityNamed(e) => format!("{} ({})", clean(&e.name), entity_kind(t, e.kind)),
        Event::TriageSet(s) => format!(
            "{} v{}, {}, {}, {}",
            clean(&s.pack.id),
            s.pack.version,
            clean(&s.class),
            clean(&s.jurisdiction),
            t.with("severity-n", &[("n", &s.severity)])
        ),
        Event::RetaliationAssessed(a) => a.score().map(|s| s.to_string()).unwrap_or_default(),
        Event::MachineChecked(c) => {
            format!("{} v{}: {}", clean(&c.pack.id), c.pack.version, verdict(t, c.verdict).text)
        }
        Event::EvidenceAdded(e) => clean(&e.name),
        Event::EvidenceHandled { item, how } => t.with("handled-item", &[("how", &handling(t, *how)), ("item", item)]),
        Event::AccusedHeard(AccusedHeard::Reply(w)) => format!("{}: {}", t.get("accused-reply"), clean(w)),
        Event::AccusedHeard(AccusedHeard::SafetyWaiver(w)) => format!("{}: {}", t.get("accused-waiver"), clean(w)),
        Event::AuthorityDecided(d) => format!("{} ({})", clean(&d.authority), clean(&d.reference)),
        Event::Proposed(a) => act(t, a),
        Event::Confirmed { proposal } | Event::ProposalDropped { proposal } => t.with("entry-n", &[("n", proposal)]),
        Event::ClaimFiled { eligibility, .. } => {
            t.get(if eligibility.allows() { "eligible-yes" } else { "eligible-no" }).to_owned()
        }
        Event::AwardProposed { amount, policy, .. } => format!("{} ({})", euros(t, *amount), clean(&policy.id)),
        Event::Assigned { holder } | Event::MemberLeft { holder } => view.name_of(*holder),
        Event::MemberAdded { wrap } => view.name_of(wrap.holder),
        Event::KeyTurned(turned) => t.with("generation-n", &[("n", &turned.generation)]),
        Event::Tagged { tag, on } => t.with(if *on { "tag-on" } else { "tag-off" }, &[("tag", &clean(tag))]),
        Event::Noted { text, visibility } => {
            let shown = t.get(&format!("visible-{visibility}"));
            format!("{}: {}", shown, clean(text))
        }
        Event::Disclosed(d) => format!("{}: {} ({})", clean(&d.to), clean(&d.what), clean(&d.ground)),
        Event::DetrimentNoted(d) => format!("{}: {}", d.day, clean(&d.what)),
        Event::PositionStated(p) => position(t, p),
        Event::Linked { other, relation: r } => format!("{} {}", relation(t, *r), short(&other.0)),
    }
}

/// What the source has stated under its key.
pub(super) fn source_act(t: &Words, act: &subrosa_casework::award::SourceAct) -> String {
    t.get(&format!("source-{}", act.name())).to_owned()
}

/// The source's position, and the day of its report inside.
pub(super) fn position(t: &Words, p: &SourcePosition) -> String {
    let position = t.get(&format!("position-{}", p.position));
    p.reported_inside.map_or_else(
        || position.to_owned(),
        |day| t.with("position-inside", &[("position", &position), ("day", &day.to_string())]),
    )
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use subrosa_casework::refusal::Rule;

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
        all("event", Event::NAMES);
        all("source", subrosa_casework::award::SourceAct::NAMES);
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

    #[test]
    fn names_money_and_times_read_well() {
        let [en, de] = ["en", "de"].map(|code| Language::from_code(code).unwrap().console().unwrap());
        assert_eq!(initials("Anna Maria Bell"), "AB");
        assert_eq!(initials("anna"), "AN");
        assert_eq!(euros(en, Cents(13_750_000)), "€137,500.00");
        assert_eq!(euros(de, Cents(13_750_000)), "137.500,00\u{a0}€");
        assert_eq!(time(1_795_530_300), "2026-11-24 14:25 UTC");
        assert_eq!(clean("a\u{202e}b\u{7}c\nd"), "a\u{fffd}b\u{fffd}c\nd");
    }
}
