//! Facts of a case in words.

use subrosa_casework::{
    case::{
        AccusedHeard, Act, Case, ClockName, ClockState, CloseReason, EntityKind, Event, Handling, MessageKind,
        Position, Relation, SourcePosition, State, Verdict, Visibility,
    },
    clock::Zone,
    money::{AmountError, Cents, Currency},
    number::NumberError,
    policy::{AwardInputs, HarmClass, Realised},
    refusal::Refusal,
    role::RoleName,
};
use subrosa_crypto::sign::HolderId;
use subrosa_templates::console::{Chip, Fact, Notice, Tone, Words};
use subrosa_templates::{Language, Value};

use super::snapshot::{CaseView, View};
use subrosa_engine::{officer, sealed};

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
    fact(t, "f-amount-signed", t.locale().in_full(cents.of(Currency::EUR)))
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
    t.get(&format!("act-{}", officer::act_key(act))).to_owned()
}

fn fact(t: &Words, key: &str, value: impl Into<String>) -> Fact {
    Fact { name: t.get(key).to_owned(), value: value.into(), code: false }
}

fn code(t: &Words, key: &str, value: impl ToString) -> Fact {
    Fact { name: t.get(key).to_owned(), value: value.to_string(), code: true }
}

pub(super) fn close_reason(t: &Words, reason: &CloseReason) -> String {
    match reason {
        CloseReason::OutOfScope => t.get("reason-out-of-scope").to_owned(),
        CloseReason::Duplicate { of } => t.with("reason-duplicate", &[("case", &short(&of.0))]),
        CloseReason::Informative => t.get("reason-informative").to_owned(),
        CloseReason::Abusive => t.get("reason-abusive").to_owned(),
        CloseReason::Lapsed => t.get("reason-lapsed").to_owned(),
        CloseReason::Withdrawn => t.get("reason-withdrawn").to_owned(),
        CloseReason::Unsubstantiated => t.get("reason-unsubstantiated").to_owned(),
        CloseReason::NoClaim => t.get("reason-no-claim").to_owned(),
        CloseReason::Denied => t.get("reason-denied").to_owned(),
    }
}

/// What exactly a decision says.
pub(super) fn act_details(t: &Words, act: &Act) -> Vec<Fact> {
    match act {
        Act::Accept | Act::Purge => Vec::new(),
        Act::Close { reason } => vec![fact(t, "f-reason", close_reason(t, reason))],
        Act::Refer { authority, duty, packet } => {
            let mut out = vec![fact(t, "f-authority", clean(authority)), code(t, "f-packet", packet)];
            out.extend(duty.as_ref().map(|d| fact(t, "f-duty", clean(d))));
            out
        }
        Act::Substantiate { findings } | Act::CloseUnsubstantiated { findings } => {
            vec![fact(t, "f-findings", clean(findings))]
        }
        Act::FinalizeAward { award_ref, budget } => vec![
            code(t, "f-award-ref", award_ref),
            fact(t, "f-budget", euros(t, budget.budget)),
            fact(t, "f-unreserved", euros(t, budget.unreserved)),
        ],
        Act::DenyAward { reasons } => vec![fact(t, "f-reasons", clean(reasons))],
        Act::DecideContest { inputs, amount, reasons } => {
            let mut out = vec![amount_signed(t, *amount), fact(t, "f-reasons", clean(reasons))];
            out.extend(inputs_facts(t, inputs));
            out
        }
        Act::Reopen { reason }
        | Act::ExtendFeedback { reason }
        | Act::Hold { reason }
        | Act::ReleaseHold { reason } => vec![fact(t, "f-reason", clean(reason))],
    }
}

/// A class of harm, as files and forms write it.
pub(super) fn harm(class: HarmClass) -> &'static str {
    match class {
        HarmClass::H1 => "h1",
        HarmClass::H2 => "h2",
        HarmClass::H3 => "h3",
        HarmClass::H4 => "h4",
    }
}

/// How far a harm came, likewise.
pub(super) fn realised(realised: Realised) -> &'static str {
    match realised {
        Realised::Realised => "realised",
        Realised::NearMiss => "near-miss",
        Realised::Latent => "latent",
    }
}

/// What the award's formula was fed.
pub(super) fn inputs_facts(t: &Words, inputs: &AwardInputs) -> Vec<Fact> {
    let mut out = Vec::new();
    if let Some(s) = &inputs.sanction {
        out.push(fact(t, "f-sanction", euros(t, s.collected)));
        out.push(fact(t, "f-own-part", euros(t, s.own_part)));
        out.push(fact(t, "f-up", s.up.to_string()));
        out.push(fact(t, "f-down", s.down.to_string()));
    }
    if let Some(c) = &inputs.compute {
        out.push(fact(t, "f-flop", format!("{} FLOP", c.flop)));
        out.push(fact(t, "f-threshold", format!("{} FLOP", c.threshold)));
    }
    if let Some(h) = &inputs.harm {
        let (class, realised) = (format!("harm-{}", harm(h.class)), format!("realised-{}", realised(h.realised)));
        out.push(fact(t, "f-harm", format!("{}, {}", t.get(&class), t.get(&realised))));
    }
    if inputs.interim != Cents::ZERO {
        out.push(fact(t, "f-interim", euros(t, inputs.interim)));
    }
    out.push(fact(t, "f-budget", euros(t, inputs.budget)));
    out.push(fact(t, "f-unreserved", euros(t, inputs.unreserved)));
    out
}

pub(super) fn kind_key(kind: MessageKind) -> &'static str {
    match kind {
        MessageKind::Acknowledgement => "kind-acknowledgement",
        MessageKind::Question => "kind-question",
        MessageKind::Feedback => "kind-feedback",
        MessageKind::Reasons => "kind-reasons",
        MessageKind::Text => "kind-text",
    }
}

pub(super) fn verdict(t: &Words, verdict: Verdict) -> Chip {
    let (tone, key) = match verdict {
        Verdict::Consistent => (Tone::Good, "verdict-consistent"),
        Verdict::Inconsistent => (Tone::Bad, "verdict-inconsistent"),
        Verdict::Indeterminate => (Tone::Soon, "verdict-indeterminate"),
    };
    Chip { tone, text: t.get(key).to_owned() }
}

pub(super) fn entity_kind(t: &Words, kind: EntityKind) -> &str {
    t.get(match kind {
        EntityKind::Person => "entity-person",
        EntityKind::Organisation => "entity-organisation",
        EntityKind::Place => "entity-place",
    })
}

pub(super) fn handling(t: &Words, how: Handling) -> &str {
    t.get(match how {
        Handling::Opened => "handled-opened",
        Handling::Exported => "handled-exported",
        Handling::Verified => "handled-verified",
    })
}

pub(super) fn relation(t: &Words, relation: Relation) -> &str {
    t.get(match relation {
        Relation::DuplicateOf => "relation-duplicate-of",
        Relation::CorroboratedBy => "relation-corroborated-by",
        Relation::Related => "relation-related",
    })
}

/// The name of an event's kind, as the specification writes it.
pub(super) fn event_key(event: &Event) -> &'static str {
    match event {
        Event::Received(_) => "received",
        Event::MessageReceived(_) => "message-received",
        Event::SourceStated(_) => "source-stated",
        Event::MessageSent(_) => "message-sent",
        Event::ConflictDenied { .. } => "conflict-denied",
        Event::Recused { .. } => "recused",
        Event::EntityNamed(_) => "entity-named",
        Event::TriageOpened => "triage-opened",
        Event::TriageSet(_) => "triage-set",
        Event::RetaliationAssessed(_) => "retaliation-assessed",
        Event::MachineChecked(_) => "machine-checked",
        Event::InvestigationOpened => "investigation-opened",
        Event::InvestigatorJoined => "investigator-joined",
        Event::EvidenceAdded(_) => "evidence-added",
        Event::EvidenceHandled { .. } => "evidence-handled",
        Event::AccusedHeard(_) => "accused-heard",
        Event::AuthorityDecided(_) => "authority-decided",
        Event::Proposed(_) => "proposed",
        Event::Confirmed { .. } => "confirmed",
        Event::ProposalDropped { .. } => "proposal-dropped",
        Event::ClaimWindowOpened { .. } => "claim-window-opened",
        Event::ClaimFiled { .. } => "claim-filed",
        Event::ClaimWindowClosed => "claim-window-closed",
        Event::AwardProposed { .. } => "award-proposed",
        Event::TokenRequestReceived { .. } => "token-request-received",
        Event::OrderSigned { .. } => "order-signed",
        Event::Paid { .. } => "paid",
        Event::Assigned { .. } => "assigned",
        Event::MemberAdded { .. } => "member-added",
        Event::MemberLeft { .. } => "member-left",
        Event::KeyTurned { .. } => "key-turned",
        Event::Tagged { .. } => "tagged",
        Event::Noted { .. } => "noted",
        Event::Disclosed(_) => "disclosed",
        Event::DetrimentNoted(_) => "detriment-noted",
        Event::PositionStated(_) => "position-stated",
        Event::Linked { .. } => "linked",
    }
}

/// What an entry of the journal says besides its kind, on one line.
pub(super) fn event_details(t: &Words, view: &View, event: &Event) -> String {
    match event {
        Event::Received(_)
        | Event::MessageReceived(_)
        | Event::TriageOpened
        | Event::InvestigationOpened
        | Event::InvestigatorJoined
        | Event::ClaimWindowOpened { .. }
        | Event::ClaimWindowClosed
        | Event::TokenRequestReceived { .. }
        | Event::OrderSigned { .. }
        | Event::Paid { .. } => String::new(),
        Event::SourceStated(s) => t.get(source_act_key(&s.act)).to_owned(),
        Event::MessageSent(m) => t.get(kind_key(m.kind)).to_owned(),
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
        Event::KeyTurned { generation, .. } => t.with("generation-n", &[("n", generation)]),
        Event::Tagged { tag, on } => t.with(if *on { "tag-on" } else { "tag-off" }, &[("tag", &clean(tag))]),
        Event::Noted { text, visibility } => {
            let shown = t.get(match visibility {
                Visibility::Team => "visible-team",
                Visibility::Adjudicators => "visible-adjudicators",
            });
            format!("{}: {}", shown, clean(text))
        }
        Event::Disclosed(d) => format!("{}: {} ({})", clean(&d.to), clean(&d.what), clean(&d.ground)),
        Event::DetrimentNoted(d) => format!("{}: {}", d.day, clean(&d.what)),
        Event::PositionStated(p) => position(t, p),
        Event::Linked { other, relation: r } => format!("{} {}", relation(t, *r), short(&other.0)),
    }
}

/// The source's position, and the day of its report inside.
pub(super) fn position(t: &Words, p: &SourcePosition) -> String {
    let position = t.get(match p.position {
        Position::Insider => "position-insider",
        Position::Compliance => "position-compliance",
        Position::Outsider => "position-outsider",
    });
    p.reported_inside.map_or_else(
        || position.to_owned(),
        |day| t.with("position-inside", &[("position", &position), ("day", &day.to_string())]),
    )
}

pub(super) fn source_act_key(act: &subrosa_casework::award::SourceAct) -> &'static str {
    use subrosa_casework::award::SourceAct;
    match act {
        SourceAct::Withdraw => "source-withdraw",
        SourceAct::ConsentToReferral => "source-consent",
        SourceAct::Reopen => "source-reopen",
        SourceAct::Claim => "source-claim",
        SourceAct::AcceptAward { .. } => "source-accept",
        SourceAct::Contest => "source-contest",
        SourceAct::RequestTokens { .. } => "source-tokens",
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use subrosa_casework::refusal::Rule;

    use super::*;

    #[test]
    fn every_rule_state_and_role_has_words_in_every_language() {
        let states = [
            State::Empty,
            State::Received,
            State::Triage,
            State::NeedsInfo,
            State::Accepted,
            State::Investigating,
            State::Referred,
            State::Substantiated,
            State::ClaimOpen,
            State::AwardProposed,
            State::Contested,
            State::AwardFinal,
            State::Paid,
            State::Closed,
            State::Purged,
        ];
        for t in Language::of_console().filter_map(Language::console) {
            for rule in Rule::ALL {
                assert!(t.has(&format!("rule-{}", rule.code())), "{} {}", t.language().code(), rule.code());
            }
            for s in states {
                assert!(t.has(&state_key(s)), "{s:?}");
            }
            for r in [RoleName::Triager, RoleName::Investigator, RoleName::Adjudicator, RoleName::Finance] {
                assert!(t.has(&format!("role-{r}")), "{r}");
            }
        }
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
