//! The catalogue of acts: it agrees with the guards, reaches every state, and stands in the specification as it is.
#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]

use std::{
    cell::RefCell,
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
};

use subrosa_casework::{
    bytes::Digest,
    case::{
        Act, Asks, Author, Command, Draft, Event, FieldKind, Given, MessageKind, OTHER_MOVES, Outside, People, Problem,
        State, Step, ThreadFile, admissible, draft,
    },
    money::AmountError,
    number::Numerals,
    refusal::Rule,
    role::{Adjudicator, RoleName},
};

use crate::desk::World;

/// Fields by name, and which of them were asked for.
#[derive(Default)]
struct Form {
    fields: BTreeMap<String, String>,
    asked: RefCell<BTreeSet<String>>,
}

impl Form {
    fn of(fields: &[(&str, &str)]) -> Self {
        let fields = fields.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
        Self { fields, ..Self::default() }
    }
}

impl Given for Form {
    fn text(&self, name: &str) -> &str {
        self.asked.borrow_mut().insert(name.to_owned());
        self.fields.get(name).map_or("", String::as_str)
    }

    fn numbers(&self) -> &Numerals {
        &Numerals::ENGLISH
    }

    fn amounts(&self) -> &Numerals {
        &Numerals::ENGLISH
    }
}

/// Something that fits each field.
fn filled(w: &World, step: Step) -> Form {
    let hex = |n: u8| Digest([n; 32]).to_string();
    let mut form = Form::default();
    for field in step.spec().fields {
        let value = match field.kind {
            FieldKind::Line if field.name == "jurisdiction" => "EU".to_owned(),
            FieldKind::Line | FieldKind::Text => "words".into(),
            FieldKind::Choice(choices) if field.name == "close" => choices.values.get(3).copied().unwrap().to_owned(),
            FieldKind::Choice(choices) => choices.values.first().copied().unwrap().to_owned(),
            FieldKind::Number | FieldKind::Flop | FieldKind::SourceMessage | FieldKind::Item => "1".into(),
            FieldKind::Money => "1100000.00".into(),
            FieldKind::Digest => hex(8),
            FieldKind::Date => "2026-09-01".into(),
            FieldKind::File => String::new(),
            FieldKind::Member => w.id(0).to_string(),
            FieldKind::Colleague => w.id(3).to_string(),
            FieldKind::OtherCase => hex(6),
            FieldKind::Class => "compute-thresholds/unnotified-run".into(),
            FieldKind::Inputs => continue,
            FieldKind::Policy => w.policies.first().unwrap().id.clone(),
        };
        form.fields.insert(field.name.to_owned(), value);
    }
    form
}

fn pack() -> subrosa_casework::regime::Pack {
    subrosa_casework::regime::Pack::from_toml(include_str!("../../regimes/compute-thresholds.toml")).unwrap()
}

fn outside<'a>(w: &'a mut World, packs: &'a [subrosa_casework::regime::Pack]) -> Outside<'a> {
    let claim = Some(w.says(subrosa_casework::award::SourceAct::Claim));
    Outside {
        packs,
        pinned: packs.first(),
        policies: &w.policies,
        policies_ever: &w.policies,
        files: vec![ThreadFile { sha256: Digest([7; 32]), name: "log".into(), media: "text/plain".into(), size: 3 }],
        cases: vec![Digest([6; 32])],
        colleagues: vec![w.officers.get(3).unwrap().verifying_key().holder_id()],
        claim,
        budget: Some(World::budget()),
        fresh: [5; 16],
    }
}

#[test]
fn every_act_asks_for_its_fields_and_for_no_others() {
    let mut w = World::new();
    w.reach_award_final();
    let packs = [pack()];
    let case = w.case().clone();
    for step in Step::ALL.iter().copied() {
        let form = filled(&w, step);
        let outside = outside(&mut w, &packs);
        let made = draft(step, &case, &form, &outside);
        assert!(made.is_ok(), "{}: {made:?}", step.id());
        let asked: BTreeSet<String> = form.asked.borrow().iter().filter(|n| !n.starts_with("in-")).cloned().collect();
        let fields = step.spec().fields.iter().filter(|f| f.kind != FieldKind::Inputs);
        assert_eq!(asked, fields.map(|f| f.name.to_owned()).collect(), "{}", step.id());
        if let Ok(Draft::Event(event)) = &made {
            assert_eq!((event.step(), Some(event.name())), (Some(step), step.spec().writes), "{}", step.id());
        }
        if let Ok(Draft::Two(act)) = &made {
            assert_eq!((act.step(), Some(act.name())), (step, step.spec().writes), "{}", step.id());
            assert!(step.spec().takes_two(), "{}", step.id());
        }
    }
}

#[test]
fn what_is_missing_is_told_by_its_field() {
    let mut w = World::new();
    w.reach_award_final();
    let packs = [pack()];
    let case = w.case().clone();
    for step in Step::ALL.iter().copied() {
        let outside = outside(&mut w, &packs);
        let problems = match draft(step, &case, &Form::default(), &outside) {
            Ok(_) => Vec::new(),
            Err(problems) => problems,
        };
        for field in step.spec().fields.iter().filter(|f| f.required) {
            let told = problems.iter().any(|(name, _)| name == field.name);
            assert!(told, "{}: {} may be left empty: {problems:?}", step.id(), field.name);
        }
        assert!(step.spec().fields.iter().any(|f| f.required) || problems.is_empty() || step == Step::Panel);
    }
    let out = outside(&mut w, &packs);
    let asked = |fields: &[(&str, &str)]| draft(Step::Panel, &case, &Form::of(fields), &out).unwrap_err();
    assert_eq!(asked(&[("reasons", "x")]), [("sanction".to_owned(), Problem::NoFacts)]);
    let one = asked(&[("reasons", "x"), ("flop", "1")]);
    assert!(one.contains(&("threshold".to_owned(), Problem::Number)), "{one:?}");
    let wrong = asked(&[("reasons", "x"), ("sanction", "12 or so")]);
    assert!(
        wrong.contains(&("sanction".to_owned(), Problem::Amount(AmountError::Unreadable("12 or so".into())))),
        "{wrong:?}"
    );
}

/// At every place of a case, and for everybody: an act that is admissible is refused for nothing but what it says,
/// and one that is not is refused under the same rule.
#[test]
fn what_may_be_asked_before_an_act_is_what_the_guard_asks() {
    let reach: [fn(&mut World); 8] = [
        World::reach_received,
        World::reach_triage,
        World::reach_accepted,
        World::reach_investigating,
        World::reach_substantiated,
        World::reach_claim_open,
        World::reach_award_proposed,
        World::reach_award_final,
    ];
    let packs = [pack()];
    let by_content: BTreeSet<Rule> = [
        Rule::LeakCheckMissing,
        Rule::NoConsent,
        Rule::NotTriaged,
        Rule::NoSuchItem,
        Rule::BudgetShort,
        Rule::BadClaim,
    ]
    .into();
    for reach in reach {
        let mut w = World::new();
        reach(&mut w);
        for step in Step::ALL.iter().copied() {
            let form = filled(&w, step);
            let case = w.case().clone();
            let outside = outside(&mut w, &packs);
            let event = match draft(step, &case, &form, &outside) {
                Ok(Draft::Event(event)) => *event,
                Ok(Draft::Two(act)) => Event::Proposed(*act),
                Ok(Draft::Message { kind, text }) => Event::message_sent(kind, text.into_bytes(), true),
                _ => continue,
            };
            for n in 0..4 {
                for role in [RoleName::Triager, RoleName::Investigator, RoleName::Adjudicator] {
                    let author = Author { holder: w.id(n), role, at: w.now, seq: w.replay.seq() };
                    let before = admissible(step, w.case(), &author, &w.ctx()).map_err(|r| r.rule);
                    let whole = subrosa_casework::case::admit(w.case(), &author, &event, &w.ctx()).map_err(|r| r.rule);
                    match (before, whole) {
                        (Err(a), Err(b)) => assert_eq!(a, b, "{} in {}", step.id(), w.case().state()),
                        (Err(a), Ok(())) => panic!("{} in {}: {a:?} stops nothing", step.id(), w.case().state()),
                        (Ok(()), Err(rule)) => {
                            assert!(by_content.contains(&rule), "{} in {}: {rule:?}", step.id(), w.case().state());
                        }
                        (Ok(()), Ok(())) => {}
                    }
                }
            }
        }
    }
}

#[test]
fn every_state_is_reached_and_left_for_the_purge() {
    let mut moves: Vec<(State, State)> = Vec::new();
    for (from, to, _) in OTHER_MOVES {
        moves.extend(from.iter().map(|f| (*f, *to)));
    }
    for step in Step::ALL {
        moves.extend(State::ALL.iter().filter_map(|from| Some((*from, step.spec().leads(*from)?))));
    }
    let spread = |start: State, forward: bool| {
        let mut seen = BTreeSet::from([start]);
        while let Some(next) = moves
            .iter()
            .map(|(a, b)| if forward { (*a, *b) } else { (*b, *a) })
            .find(|(a, b)| seen.contains(a) && !seen.contains(b))
        {
            seen.insert(next.1);
        }
        seen
    };
    let all: BTreeSet<State> = State::ALL.iter().copied().collect();
    let names = |states: &BTreeSet<State>| states.iter().map(|s| s.name()).collect::<Vec<_>>();
    let lost: BTreeSet<State> = all.difference(&spread(State::Empty, true)).copied().collect();
    assert!(lost.is_empty(), "no act leads to: {:?}", names(&lost));
    let stuck: BTreeSet<State> = all.difference(&spread(State::Purged, false)).copied().collect();
    assert!(stuck.is_empty(), "no way out of: {:?}", names(&stuck));
}

#[test]
fn a_question_returns_to_where_it_was_asked() {
    let back: BTreeSet<State> =
        OTHER_MOVES.iter().filter(|(from, ..)| *from == [State::NeedsInfo]).map(|(_, to, _)| *to).collect();
    let asked: BTreeSet<State> = Step::Ask.spec().only_moves.iter().copied().collect();
    assert_eq!(back, asked, "the states of `ask` and of OTHER_MOVES in case/state.rs");
}

#[test]
fn a_proposal_of_the_same_kind_waits_and_another_one_does_not_replace_it() {
    let mut w = World::new();
    w.reach_substantiated_but_unsigned();
    let first = Act::Substantiate { findings: "the run happened".into() };
    let second = Act::Substantiate { findings: "another text".into() };
    let proposal = w.run::<Adjudicator>(0, Command::Propose(first.clone())).unwrap();
    for n in [0, 1] {
        for act in [&first, &second] {
            let refused = w.run::<Adjudicator>(n, Command::Propose(act.clone())).unwrap_err();
            assert_eq!(refused.rule, Rule::ProposalWaits);
        }
    }
    assert_eq!(w.case().state(), State::Investigating);
    let shown = w.case().proposal_digest(proposal).unwrap();
    let blind = Command::Confirm { proposal, shown: Digest([0; 32]) };
    assert_eq!(w.run::<Adjudicator>(1, blind).unwrap_err().rule, Rule::ProposalChanged);
    w.run::<Adjudicator>(1, Command::Confirm { proposal, shown }).unwrap();
    assert_eq!(w.case().state(), State::Substantiated);
}

#[test]
fn what_is_shown_before_a_final_signature_names_the_amount() {
    let mut w = World::new();
    w.reach_award_proposed();
    let amount = w.case().award().unwrap().amount;
    let act = World::final_act();
    let facts = w.case().decision_facts(&act);
    assert!(facts.iter().any(|f| f.value == subrosa_casework::case::Shown::Money(amount)), "{facts:?}");
    let parts = w.case().breakdown(&act, &w.ctx()).unwrap();
    assert_eq!(parts.amount, amount);
    // The same decision about another amount is another thing to sign.
    let mut other = World::new();
    other.reach_claim_open();
    other.claim();
    let mut inputs = World::inputs();
    inputs.sanction.as_mut().unwrap().down = 2;
    let policy = other.policies.first().unwrap().digest();
    other.run::<Adjudicator>(0, Command::ProposeAward { policy, inputs }).unwrap();
    let digests = [w, other].map(|mut w| {
        w.now += 61 * crate::desk::DAY;
        let proposal = w.run::<Adjudicator>(0, Command::Propose(act.clone())).unwrap();
        w.case().proposal_digest(proposal).unwrap()
    });
    assert_ne!(digests.first(), digests.last());
}

#[test]
fn names_are_those_of_the_files() {
    let text = |value: serde_json::Value| value.as_str().map(ToOwned::to_owned);
    for state in State::ALL {
        assert_eq!(text(serde_json::to_value(state).unwrap()).as_deref(), Some(state.name()));
        assert_eq!(State::of_name(state.name()), Some(*state));
    }
    for kind in MessageKind::ALL {
        assert_eq!(text(serde_json::to_value(kind).unwrap()).as_deref(), Some(kind.name()));
    }
    let mut w = World::new();
    w.reach_award_final();
    for e in w.replay.events() {
        let written = match serde_json::to_value(&e.event).unwrap() {
            serde_json::Value::Object(map) => map.keys().next().cloned(),
            other => text(other),
        };
        assert_eq!(written.as_deref(), Some(e.event.name()));
    }
    let ids: BTreeSet<_> = Step::ALL.iter().map(|s| s.id()).collect();
    assert_eq!(ids.len(), Step::ALL.len());
    assert!(Step::ALL.iter().all(|s| Step::of(s.id()) == Some(*s)));
}

fn names(states: &[State]) -> String {
    states.iter().map(|s| s.name()).collect::<Vec<_>>().join(", ")
}

fn fields(step: Step) -> String {
    let one = |f: &subrosa_casework::case::Field| {
        let kind = match f.kind {
            FieldKind::Line => "line".to_owned(),
            FieldKind::Text => "text".into(),
            FieldKind::Choice(choices) => choices.values.join(" / "),
            FieldKind::Number => "number".into(),
            FieldKind::Flop => "operations".into(),
            FieldKind::Money => "money".into(),
            FieldKind::Digest => "digest".into(),
            FieldKind::Date => "day".into(),
            FieldKind::File => "file of the thread".into(),
            FieldKind::Item => "evidence".into(),
            FieldKind::SourceMessage => "message of the source".into(),
            FieldKind::Member => "member of the team".into(),
            FieldKind::Colleague => "officer".into(),
            FieldKind::OtherCase => "case".into(),
            FieldKind::Class => "pack/class".into(),
            FieldKind::Inputs => "the pack's inputs".into(),
            FieldKind::Policy => "policy".into(),
        };
        format!("`{}`{} {kind}", f.name, if f.required { "" } else { "?" })
    };
    step.spec().fields.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// The tables as the page must hold them.
fn tables() -> String {
    let mut out = String::new();
    out.push_str("| act | who | from → to | needs | writes | the source is told | shown before | fields |\n");
    out.push_str("|---|---|---|---|---|---|---|---|\n");
    for step in Step::ALL.iter().copied() {
        let s = step.spec();
        let roles: Vec<String> = s.roles.iter().map(ToString::to_string).collect();
        let anybody = roles.len() == 3;
        let who = match (s.people, anybody) {
            (People::One, true) => "any officer".to_owned(),
            (People::One, false) => roles.join(", "),
            (People::Two, true) => "2× any officer".into(),
            (People::Two, false) => format!("2× {}", roles.join(", ")),
            (People::OneOfEach, _) => roles.join(" and "),
        };
        let from = if s.from.is_empty() { "any".to_owned() } else { names(s.from) };
        let place = match (s.to, s.only_moves) {
            (Some(to), []) => format!("{from} → {to}"),
            (Some(to), only) => format!("{from}; {} → {to}", names(only)),
            (None, _) => from,
        };
        let needs: Vec<&str> = s.needs.iter().map(|n| n.text()).collect();
        let asks = match s.asks {
            Asks::Nowhere => "",
            Asks::Console => "console",
            Asks::Everywhere => "console, program",
        };
        let writes = match (s.writes, s.takes_two()) {
            (Some(act), true) => format!("`proposed` {act}, `confirmed`"),
            (Some(event), false) => format!("`{event}`"),
            (None, _) => String::new(),
        };
        let told = if s.is_told() { "yes" } else { "" };
        let row = [step.id(), &who, &place, &needs.join("; "), &writes, told, asks, &fields(step)].join(" | ");
        writeln!(out, "| {row} |").unwrap();
    }
    out.push_str("\n| from → to | brought about by |\n|---|---|\n");
    for (from, to, by) in OTHER_MOVES {
        writeln!(out, "| {} → {to} | {by} |", names(from)).unwrap();
    }
    out.push_str("\n| refused with | because |\n|---|---|\n");
    for rule in Rule::ALL {
        writeln!(out, "| `{}` | {} |", rule.code(), rule.text()).unwrap();
    }
    out
}

const BEGIN: &str = "<!-- From casework/src/case/catalog; `make vectors` writes it anew. -->\n";
const END: &str = "<!-- End of what is written anew. -->\n";

#[test]
fn the_pages_tables_are_written_from_the_catalogue_like_vectors() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/spec/case.md");
    let page = include_str!("../../../docs/spec/case.md");
    let (before, rest) = page.split_once(BEGIN).unwrap();
    let (kept, after) = rest.split_once(END).unwrap();
    let found = format!("\n{}\n", tables());
    if std::env::var_os("SUBROSA_WRITE_VECTORS").is_some() {
        write(path, &format!("{before}{BEGIN}{found}{END}{after}"));
        return;
    }
    for (kept, found) in kept.lines().zip(found.lines()) {
        assert_eq!(kept, found, "docs/spec/case.md differs from the catalogue: run `make vectors`");
    }
    assert_eq!(kept, found, "docs/spec/case.md differs from the catalogue: run `make vectors`");
}

#[expect(clippy::disallowed_methods, reason = "a test that renews a page")]
fn write(path: &str, text: &str) {
    std::fs::write(path, text).unwrap();
}
