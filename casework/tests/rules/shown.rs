//! What is shown is what is signed: an act that takes its content from the case is refused once the case says something
//! else, and no field that was given is dropped in silence.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeMap;

use subrosa_casework::{
    award::SourceAct,
    bytes::Digest,
    case::{
        Act, Asks, Command, Draft, Eligibility, Entity, EntityKind, Event, FactKey, Given, Outside, Problem, Shown,
        Step, TriageSet, draft,
    },
    money::Cents,
    number::Numerals,
    policy::PolicyError,
    refusal::Rule,
    regime::{CheckError, Pack},
    role::{Adjudicator, Role, Triager},
};

use crate::desk::{DAY, World};

/// The same command, on the basis of what was shown.
fn as_shown(command: Command<'_>, basis: Option<Digest>) -> Command<'_> {
    Command::AsShown { command: Box::new(command), basis }
}

fn refused<R: Role>(w: &mut World, n: usize, command: Command<'_>) -> Rule {
    let before = w.replay.seq();
    let rule = w.run::<R>(n, command).unwrap_err().rule;
    assert_eq!(w.replay.seq(), before, "something was written");
    rule
}

/// The source contests, and a panel without the proposer raises the amount.
fn raised_by_a_panel(w: &mut World) {
    let statement = w.says(SourceAct::Contest);
    w.write::<Adjudicator>(0, Event::SourceStated(statement)).unwrap();
    let mut inputs = World::inputs();
    inputs.sanction.as_mut().unwrap().collected = Cents(2_000_000_000);
    let reasons = "more was collected".to_owned();
    let proposal = w.run::<Adjudicator>(1, Command::ProposePanelDecision { inputs, reasons }).unwrap();
    w.confirm::<Adjudicator>(2, proposal).unwrap();
}

#[test]
fn an_award_that_was_raised_since_is_neither_made_final_nor_denied_unseen() {
    let mut w = World::new();
    w.reach_award_proposed();
    w.write::<Adjudicator>(0, Event::message_sent(subrosa_casework::case::MessageKind::Reasons, b"x".to_vec(), true))
        .unwrap();
    let amount = w.case().award().unwrap().amount;
    let statement = w.says(SourceAct::AcceptAward { amount });
    w.write::<Adjudicator>(0, Event::SourceStated(statement)).unwrap();
    let deny = || Command::Propose(Act::DenyAward { reasons: "x".into() });
    let finalize = || Command::Propose(World::final_act());
    let [seen, denied] = [Step::Finalize, Step::Deny].map(|step| w.case().basis(step));
    assert!(seen.is_some() && denied.is_some() && seen != denied);
    raised_by_a_panel(&mut w);
    assert_ne!(w.case().award().unwrap().amount, amount);
    assert_eq!(refused::<Adjudicator>(&mut w, 0, as_shown(finalize(), seen)), Rule::ProposalChanged);
    assert_eq!(refused::<Adjudicator>(&mut w, 0, as_shown(deny(), denied)), Rule::ProposalChanged);
    // A step that was kept by an older program names nothing that was shown.
    assert_eq!(refused::<Adjudicator>(&mut w, 0, as_shown(finalize(), None)), Rule::ProposalChanged);
    let now = w.case().basis(Step::Finalize);
    w.run::<Adjudicator>(0, as_shown(finalize(), now)).unwrap();
}

#[test]
fn a_case_is_accepted_as_what_triage_found_and_as_nothing_else() {
    let mut w = World::new();
    w.reach_triage();
    let set = |severity| {
        let Event::TriageSet(set) = World::triage_set() else { unreachable!() };
        Event::TriageSet(TriageSet { severity, ..set })
    };
    w.write::<Triager>(0, set(2)).unwrap();
    w.write::<Triager>(0, Event::RetaliationAssessed(Default::default())).unwrap();
    let says = |w: &World, severity| {
        let facts = w.case().decision_facts(&Act::Accept);
        let keys: Vec<FactKey> = facts.iter().map(|f| f.key).collect();
        assert_eq!(keys, [FactKey::Regime, FactKey::Class, FactKey::Jurisdiction, FactKey::Severity]);
        assert_eq!(facts[3].value, Shown::Count(severity));
    };
    says(&w, 2);
    let accept = || Command::Propose(Act::Accept);
    let shown = w.case().basis(Step::Accept);
    w.write::<Triager>(1, set(5)).unwrap();
    says(&w, 5);
    assert_eq!(refused::<Triager>(&mut w, 0, as_shown(accept(), shown)), Rule::ProposalChanged);
    let now = w.case().basis(Step::Accept);
    let proposal = w.run::<Triager>(0, as_shown(accept(), now)).unwrap();
    // What waits for its second signature falls with what it was about.
    w.write::<Triager>(1, set(1)).unwrap();
    assert_eq!(w.refused::<Triager>(1, Event::Confirmed { proposal }), Rule::NoSuchProposal);
    w.both::<Triager, Triager>(0, 1, Act::Accept).unwrap();
}

#[test]
fn an_order_over_another_batch_is_not_signed_unseen() {
    let mut w = World::new();
    w.reach_award_final();
    w.write::<Adjudicator>(0, Event::token_request(b"one".to_vec())).unwrap();
    let shown = w.case().basis(Step::SignOrder);
    w.write::<Adjudicator>(0, Event::token_request(b"another".to_vec())).unwrap();
    let key = w.officers[0].clone();
    let sign = || Command::SignOrder { key: &key };
    assert_eq!(refused::<Adjudicator>(&mut w, 0, as_shown(sign(), shown)), Rule::ProposalChanged);
    let now = w.case().basis(Step::SignOrder);
    w.run::<Adjudicator>(0, as_shown(sign(), now)).unwrap();
    // The colleague's signature changes nothing of what the second adjudicator was shown.
    let key = w.officers[1].clone();
    w.run::<Adjudicator>(1, as_shown(Command::SignOrder { key: &key }, now)).unwrap();
}

#[test]
fn a_declaration_covers_the_names_that_were_shown() {
    let mut w = World::new();
    w.reach_received();
    let named = |name: &str| Event::EntityNamed(Entity { name: name.into(), kind: EntityKind::Organisation });
    let nobody = w.case().named_facts().iter().map(|f| f.value.clone()).collect::<Vec<_>>();
    assert_eq!(nobody, [Shown::Named(None)]);
    let shown = Draft::Declare.basis(w.case());
    w.write::<Triager>(1, named("Meridian")).unwrap();
    let declare = || Command::DeclareNoConflict;
    assert_eq!(refused::<Triager>(&mut w, 0, as_shown(declare(), shown)), Rule::ProposalChanged);
    assert!(!w.case().has_declared(w.id(0)));
    let now = Draft::Declare.basis(w.case());
    w.run::<Triager>(0, as_shown(declare(), now)).unwrap();
    assert!(w.case().has_declared(w.id(0)));
}

#[test]
fn what_takes_nothing_from_the_case_is_written_whatever_it_says() {
    let mut w = World::new();
    w.reach_received();
    let note = Event::Noted { text: "x".into(), visibility: subrosa_casework::case::Visibility::Team };
    w.run::<Triager>(0, as_shown(Command::Write(note), None)).unwrap();
}

/// Whoever signs what the case says has seen it, in the console and in the program; money is shown likewise.
#[test]
fn every_act_that_the_case_fills_in_is_shown_everywhere() {
    let mut w = World::new();
    w.reach_award_final();
    let filled: Vec<Step> = Step::ALL.iter().copied().filter(|s| w.case().basis(*s).is_some()).collect();
    assert_eq!(
        filled,
        [Step::Declare, Step::Accept, Step::Panel, Step::Finalize, Step::Deny, Step::SignOrder, Step::Deliver],
        "the specification lists them too"
    );
    for step in filled {
        assert_eq!(step.spec().asks, Asks::Everywhere, "{}", step.id());
    }
}

#[test]
fn a_panel_sees_the_policy_from_which_its_amount_follows() {
    let mut w = World::new();
    w.reach_award_proposed();
    let award = w.case().award().unwrap().clone();
    let act = Act::DecideContest { inputs: award.inputs, amount: award.amount, reasons: "x".into() };
    let case = w.case().clone();
    let facts = case.decision_facts(&act);
    let policy = facts.iter().find(|f| f.key == FactKey::Policy).unwrap();
    assert_eq!(policy.value, Shown::Policy(&award.policy.id, award.policy.version));
}

/// Two runs that a rounded text would show alike are two things to sign.
#[test]
fn what_is_signed_differs_in_its_last_digit() {
    let mut w = World::new();
    w.reach_claim_open();
    let out = Outside { policies: &w.policies, budget: Some(World::budget()), ..Outside::default() };
    let policy = w.policies.first().unwrap().id.clone();
    let shown = |flop: &str| {
        let form = form(&[("policy", &policy), ("flop", flop), ("threshold", "1e25")]);
        let draft = draft(Step::ProposeAward, w.case(), &form, &out).unwrap();
        let facts = draft.facts(w.case(), &w.ctx());
        let flop = facts.iter().find_map(|f| match f.value {
            Shown::Flop(flop) if f.key == FactKey::Flop => Some(flop.to_string()),
            _ => None,
        });
        (flop.unwrap(), draft.shown(w.case()).unwrap())
    };
    let (one, other) = (shown("3e25"), shown("3.00004e25"));
    assert_eq!((one.0.as_str(), other.0.as_str()), ("3e25", "3.00004e25"));
    assert_ne!(one.1, other.1);
}

struct Form(BTreeMap<String, String>);

impl Given for Form {
    fn text(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    fn numbers(&self) -> &Numerals {
        &Numerals::ENGLISH
    }

    fn amounts(&self) -> &Numerals {
        &Numerals::ENGLISH
    }
}

fn form(fields: &[(&str, &str)]) -> Form {
    Form(fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect())
}

#[test]
fn nothing_that_was_given_is_dropped_in_silence() {
    let mut w = World::new();
    w.reach_claim_open();
    let case = w.case().clone();
    let out = Outside {
        policies: &w.policies,
        budget: Some(World::budget()),
        cases: vec![Digest([6; 32])],
        ..Outside::default()
    };
    let policy = w.policies.first().unwrap().id.clone();
    let award = |fields: &[(&str, &str)]| {
        let fields = [&[("policy", policy.as_str())], fields].concat();
        draft(Step::ProposeAward, &case, &form(&fields), &out).map(|_| ()).unwrap_err()
    };
    let run = [("flop", "3e25"), ("threshold", "1e25")];
    for (field, value) in [("own-part", "5000"), ("up", "1"), ("down", "2")] {
        let wrong = award(&[&run[..], &[(field, value)]].concat());
        assert_eq!(wrong, [(field.to_owned(), Problem::OnlyWith("sanction"))]);
    }
    let wrong = award(&[&run[..], &[("realised", "latent")]].concat());
    assert_eq!(wrong, [("realised".to_owned(), Problem::OnlyWith("harm"))]);
    let other = Digest([6; 32]).to_string();
    let closed = draft(Step::Close, &case, &form(&[("close", "abusive"), ("other", &other)]), &out).unwrap_err();
    assert_eq!(closed, [("other".to_owned(), Problem::Unused)]);

    // What the formula refuses is told at the field where it lies.
    let wrong = award(&[("sanction", "1000"), ("own-part", "1000.01")]);
    assert_eq!(wrong, [("own-part".to_owned(), Problem::Formula(PolicyError::OwnPart))]);
    let wrong = award(&[("flop", "3e25"), ("threshold", "0")]);
    assert_eq!(wrong, [("threshold".to_owned(), Problem::Formula(PolicyError::NoThreshold))]);
    let wrong = award(&[("sanction", "1000"), ("flop", "3e38"), ("threshold", "1e25")]);
    assert!(
        matches!(&wrong[..], [(field, Problem::Formula(PolicyError::Overflow(_)))] if field == "flop"),
        "{wrong:?}"
    );
}

#[test]
fn a_day_that_is_none_and_an_input_out_of_range_are_told_as_such() {
    let mut w = World::new();
    w.reach_accepted();
    w.now += DAY;
    let case = w.case().clone();
    let pack = Pack::from_toml(include_str!("../../regimes/compute-thresholds.toml")).unwrap();
    let out = Outside { pinned: Some(&pack), ..Outside::default() };
    for day in ["2026-02-30", "1.3.2026", "32.13.2026"] {
        let told = draft(Step::Check, &case, &form(&[("on", day)]), &out).unwrap_err();
        assert_eq!(told, [("on".to_owned(), Problem::Date)], "{day}");
    }
    let told = draft(Step::Check, &case, &form(&[("on", "2026-03-01"), ("in-utilisation", "140")]), &out).unwrap_err();
    let range = CheckError::OutOfRange("utilisation".into(), "0 – 100 %".into());
    assert_eq!(told, [("in-utilisation".to_owned(), Problem::Check(range))]);
}

/// A sanction that is not above the policy's threshold, so that the formula gives nothing.
const TOO_SMALL: Cents = Cents(100_000_000);

#[test]
fn an_award_of_nothing_is_neither_proposed_nor_decided_by_a_panel() {
    let mut w = World::new();
    w.reach_claim_open();
    w.claim();
    let policy = w.policies[0].pinned();
    let mut inputs = World::inputs();
    inputs.sanction.as_mut().unwrap().collected = TOO_SMALL;
    let draft = Draft::Award { policy: policy.digest, inputs: Box::new(inputs) };
    assert!(draft.is_zero_award(w.case(), &w.ctx()));
    let nothing = Event::AwardProposed { policy: policy.clone(), inputs, amount: Cents::ZERO };
    assert_eq!(w.refused::<Adjudicator>(0, nothing), Rule::AwardZero);
    // A wrong amount is told first: nothing is not what the formula gives for the other facts.
    let wrong = Event::AwardProposed { policy, inputs: World::inputs(), amount: Cents::ZERO };
    assert_eq!(w.refused::<Adjudicator>(0, wrong), Rule::AmountWrong);

    let mut w = World::new();
    w.reach_award_proposed();
    let statement = w.says(SourceAct::Contest);
    w.write::<Adjudicator>(0, Event::SourceStated(statement)).unwrap();
    let act = Act::DecideContest { inputs, amount: Cents::ZERO, reasons: "too little was collected".into() };
    assert!(Draft::Two(Box::new(act.clone())).is_zero_award(w.case(), &w.ctx()));
    assert_eq!(w.refused::<Adjudicator>(1, Event::Proposed(act)), Rule::AwardZero);
    // Whoever is to get nothing is denied, and what is denied may be an award that was proposed before.
    assert!(!Draft::Two(Box::new(Act::DenyAward { reasons: "x".into() })).is_zero_award(w.case(), &w.ctx()));
}

#[test]
fn a_claim_shows_its_answers_and_a_payment_its_amount() {
    let mut w = World::new();
    w.reach_claim_open();
    let eligibility = Eligibility { official: true, review_passed: Some(false), ..Eligibility::default() };
    let claim = Event::ClaimFiled { statement: w.says(SourceAct::Claim), eligibility };
    let draft = Draft::Event(Box::new(claim));
    let facts = draft.facts(w.case(), &w.ctx());
    let said: Vec<_> = facts.iter().map(|f| (f.key, f.value.clone())).collect();
    assert_eq!(
        said,
        [
            (FactKey::Official, Shown::Answer(true)),
            (FactKey::ProgrammeStaff, Shown::Answer(false)),
            (FactKey::ComplianceTooEarly, Shown::Answer(false)),
            (FactKey::KnowinglyFalse, Shown::Answer(false)),
            (FactKey::Review, Shown::Review(Some(false))),
        ]
    );

    let mut w = World::new();
    w.reach_award_final();
    let award = w.case().award().unwrap().award_ref.unwrap();
    let draft = Draft::Paid(award);
    let facts: Vec<_> = draft.facts(w.case(), &w.ctx()).into_iter().map(|f| (f.key, f.value)).collect();
    let paid = [(FactKey::Amount, Shown::Money(Cents(13_750_000))), (FactKey::AwardRef, Shown::Award(award))];
    assert_eq!(facts, paid);
}
