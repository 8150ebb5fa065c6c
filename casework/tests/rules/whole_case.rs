//! A whole case, and every guard in it tried from the wrong side: through `decide`, and by a forged journal
//! entry.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use crate::desk::{self, DAY, T0, World, paid_event, record};
use subrosa_casework::{
    award::{SignedOrder, SourceAct},
    bytes::{AwardRef, Blob, Digest},
    case::{AccusedHeard, Act, CloseReason, Command, Event, MessageKind, State},
    journal,
    ledger::Ledger,
    money::Cents,
    records::{LedgerBody, Movement},
    refusal::Rule,
    role::{Adjudicator, Investigator, RoleName, Triager},
};

#[test]
fn a_tip_becomes_a_paid_award_of_137_500() {
    let mut w = World::new();
    w.reach_award_final();
    assert_eq!(w.case().award().unwrap().amount, Cents(13_750_000));
    assert_eq!(w.sign_order::<Adjudicator>(0).unwrap_err().rule, Rule::NoTokenRequest);
    let batch = b"blinded elements".to_vec();
    w.write::<Adjudicator>(0, Event::token_request(batch.clone())).unwrap();
    w.sign_order::<Adjudicator>(0).unwrap();
    assert!(w.case().signed_order().is_none());
    assert_eq!(w.sign_order::<Adjudicator>(0).unwrap_err().rule, Rule::AlreadySigned);
    w.sign_order::<Adjudicator>(1).unwrap();

    let (order, carried) = w.case().signed_order().unwrap();
    assert_eq!(carried.0, batch);
    let order = SignedOrder::decode(&order.encode()).unwrap();
    order.verify(&w.members, &batch, w.now).unwrap();
    assert_eq!(order.verify(&w.members, b"another batch", w.now).unwrap_err().rule, Rule::BadDigest);
    let mut twice = order;
    twice.signatures[1] = twice.signatures[0];
    assert_eq!(twice.verify(&w.members, &batch, w.now).unwrap_err().rule, Rule::SamePerson);
    let mut more = order;
    more.order.amount = Cents(99_999_999);
    assert_eq!(more.verify(&w.members, &batch, w.now).unwrap_err().rule, Rule::BadSignature);

    let event = paid_event(&w, &[0], 13_750_000);
    assert_eq!(w.refused::<Adjudicator>(0, event), Rule::NotIssued);
    let event = paid_event(&w, &[0, 0], 13_750_000);
    assert_eq!(w.refused::<Adjudicator>(0, event), Rule::NotIssued);
    let event = paid_event(&w, &[0, 1], 13_750_001);
    assert_eq!(w.refused::<Adjudicator>(0, event), Rule::NotIssued);
    let event = paid_event(&w, &[0, 1], 13_740_000);
    assert_eq!(w.refused::<Adjudicator>(0, event), Rule::NotIssued);
    let officers = Event::Paid {
        records: (0..2)
            .map(|n| {
                let body = LedgerBody::of_award(Movement::TokensIssued, AwardRef([5; 16]), Cents(13_750_000));
                Blob(record(&w.officers[n], &body).encode())
            })
            .collect(),
    };
    assert_eq!(w.refused::<Adjudicator>(0, officers), Rule::WrongRole);
    let mut event = paid_event(&w, &[0, 2], 13_749_999);
    let Event::Paid { records } = &mut event else { unreachable!() };
    let Event::Paid { records: other } = paid_event(&w, &[1], 13_750_000) else { unreachable!() };
    records.extend(other);
    assert_eq!(w.refused::<Adjudicator>(0, event), Rule::NotIssued);
    let event = paid_event(&w, &[0, 2], 13_749_999);
    w.write::<Adjudicator>(0, event).unwrap();
    assert_eq!(w.case().state(), State::Paid);

    // Any other reader with the key gets the same case, forged entries and all.
    let again = journal::replay(*desk::JOURNAL, w.entries.iter().map(Vec::as_slice), &w.keys, &w.ctx(), w.now).unwrap();
    assert_eq!(again.case(), w.case());
    assert_eq!(again.passed_over(), w.replay.passed_over());
    assert_eq!(again.passed_over().len(), 6);
}

#[test]
fn nothing_comes_before_the_tip_and_no_tip_comes_twice() {
    let mut w = World::new();
    assert_eq!(w.refused::<Triager>(0, Event::TriageOpened), Rule::NotReceived);
    let event = w.received();
    assert_eq!(w.refused::<Triager>(3, event.clone()), Rule::NotOnTeam);
    w.reach_received();
    assert_eq!(w.refused::<Triager>(0, event), Rule::NotReceived);
    let said = w.said(b"x");
    assert_eq!(w.refused::<Triager>(3, said), Rule::NotOnTeam);
}

#[test]
fn triage_waits_for_acknowledgement_and_declaration() {
    let mut w = World::new();
    w.reach_received();
    assert_eq!(w.refused::<Triager>(0, Event::TriageOpened), Rule::NotAcknowledged);
    w.run::<Triager>(0, Command::Acknowledge { body: b"here".to_vec() }).unwrap();
    assert_eq!(w.refused::<Triager>(0, Event::TriageOpened), Rule::DeclarationMissing);
    w.run::<Triager>(0, Command::DeclareNoConflict).unwrap();
    assert_eq!(w.refused::<Investigator>(0, Event::TriageOpened), Rule::WrongRole);
    let name = subrosa_casework::case::Entity {
        name: "Example Compute".into(),
        kind: subrosa_casework::case::EntityKind::Organisation,
    };
    w.write::<Triager>(1, Event::EntityNamed(name)).unwrap();
    assert_eq!(w.refused::<Triager>(0, Event::TriageOpened), Rule::DeclarationStale);
    assert_eq!(w.refused::<Triager>(0, Event::ConflictDenied { entities: 0 }), Rule::DeclarationStale);
    w.run::<Triager>(0, Command::DeclareNoConflict).unwrap();
    w.write::<Triager>(0, Event::TriageOpened).unwrap();
}

#[test]
fn acceptance_takes_two_triagers_and_findings() {
    let mut w = World::new();
    w.reach_triage();
    assert_eq!(w.refused::<Triager>(0, Event::Proposed(Act::Accept)), Rule::NotTriaged);
    w.write::<Triager>(0, World::triage_set()).unwrap();
    assert_eq!(w.refused::<Triager>(0, Event::Proposed(Act::Accept)), Rule::NotTriaged);
    w.write::<Triager>(0, Event::RetaliationAssessed(Default::default())).unwrap();
    assert_eq!(w.refused::<Adjudicator>(0, Event::Proposed(Act::Accept)), Rule::WrongRole);
    let proposal = w.write::<Triager>(0, Event::Proposed(Act::Accept)).unwrap();
    assert_eq!(w.refused::<Triager>(0, Event::Confirmed { proposal }), Rule::SamePerson);
    assert_eq!(w.refused::<Investigator>(1, Event::Confirmed { proposal }), Rule::WrongRole);
    assert_eq!(w.refused::<Triager>(1, Event::Confirmed { proposal: proposal + 1 }), Rule::NoSuchProposal);
    w.write::<Triager>(1, Event::Confirmed { proposal }).unwrap();
    assert_eq!(w.case().state(), State::Accepted);
    assert_eq!(w.refused::<Triager>(1, Event::Confirmed { proposal }), Rule::NoSuchProposal);
    assert_eq!(w.refused::<Investigator>(2, Event::InvestigationOpened), Rule::NoMachineCheck);
    w.write::<Triager>(0, World::check()).unwrap();
    assert_eq!(w.refused::<Investigator>(0, Event::InvestigationOpened), Rule::SeparationOfDuties);
    assert_eq!(w.refused::<Investigator>(1, Event::InvestigationOpened), Rule::SeparationOfDuties);
    w.write::<Investigator>(2, Event::InvestigationOpened).unwrap();
}

#[test]
fn a_question_waits_for_its_answer_and_lapses_after_sixty_days() {
    let mut w = World::new();
    w.reach_triage();
    let ask = |leak_checked| Event::message_sent(MessageKind::Question, b"when?".to_vec(), leak_checked);
    assert_eq!(w.refused::<Triager>(0, ask(false)), Rule::LeakCheckMissing);
    w.write::<Triager>(0, ask(true)).unwrap();
    assert_eq!(w.case().state(), State::NeedsInfo);
    let lapsed = Act::Close { reason: CloseReason::Lapsed };
    assert_eq!(w.refused::<Triager>(0, Event::Proposed(lapsed.clone())), Rule::NotLapsed);
    let said = w.said(b"in May");
    w.write::<Triager>(0, said).unwrap();
    assert_eq!(w.case().state(), State::Triage);
    assert_eq!(w.refused::<Triager>(0, Event::Proposed(lapsed.clone())), Rule::WrongState);
    w.write::<Triager>(0, ask(true)).unwrap();
    w.now += 60 * DAY;
    assert_eq!(w.refused::<Triager>(0, Event::Proposed(lapsed.clone())), Rule::NotLapsed);
    w.now += DAY;
    w.both::<Triager, Triager>(0, 1, lapsed).unwrap();
    assert_eq!(w.case().closed().unwrap().0, CloseReason::Lapsed);
    let reopen = Act::Reopen { reason: "the source is back".into() };
    assert_eq!(w.refused::<Triager>(0, Event::Proposed(reopen.clone())), Rule::NoNewEvidence);
    let statement = w.says(SourceAct::Reopen);
    w.write::<Triager>(0, Event::SourceStated(statement.clone())).unwrap();
    w.both::<Triager, Triager>(0, 1, reopen).unwrap();
    assert_eq!(w.case().state(), State::Triage);
    assert_eq!(w.refused::<Triager>(0, Event::SourceStated(statement)), Rule::StatementUsed);
}

#[test]
fn only_the_source_withdraws() {
    let mut w = World::new();
    w.reach_triage();
    let act = Act::Close { reason: CloseReason::Withdrawn };
    assert_eq!(w.refused::<Triager>(0, Event::Proposed(act)), Rule::NotWithdrawn);
    let mut forged = w.says(SourceAct::Withdraw);
    forged.signature.0[0] ^= 1;
    assert_eq!(w.refused::<Triager>(0, Event::SourceStated(forged)), Rule::BadClaim);
    let mut moved = w.says(SourceAct::ConsentToReferral);
    moved.act = SourceAct::Withdraw;
    assert_eq!(w.refused::<Triager>(0, Event::SourceStated(moved)), Rule::BadClaim);
    let real = w.says(SourceAct::Withdraw);
    w.write::<Triager>(0, Event::SourceStated(real)).unwrap();
    assert_eq!(w.case().closed().unwrap().0, CloseReason::Withdrawn);
}

#[test]
fn substance_takes_independent_evidence_and_the_accused() {
    let mut w = World::new();
    w.reach_investigating();
    let act = Act::Substantiate { findings: "yes".into() };
    assert_eq!(w.refused::<Adjudicator>(0, Event::Proposed(act.clone())), Rule::EvidenceTooThin);
    let first = w.write::<Investigator>(2, World::evidence(1, "source")).unwrap();
    w.write::<Investigator>(2, World::evidence(2, " Source ")).unwrap();
    let Event::EvidenceAdded(mut derived) = World::evidence(3, "laboratory") else { unreachable!() };
    derived.derived_from = Some(first);
    w.write::<Investigator>(2, Event::EvidenceAdded(derived.clone())).unwrap();
    derived.derived_from = Some(9999);
    assert_eq!(w.refused::<Investigator>(2, Event::EvidenceAdded(derived)), Rule::NoSuchItem);
    assert_eq!(w.refused::<Adjudicator>(0, Event::Proposed(act.clone())), Rule::EvidenceTooThin);
    w.write::<Investigator>(2, World::evidence(4, "customs")).unwrap();
    assert_eq!(w.refused::<Adjudicator>(0, Event::Proposed(act.clone())), Rule::AccusedNotHeard);
    w.write::<Investigator>(2, Event::AccusedHeard(AccusedHeard::Reply("we did not".into()))).unwrap();
    assert_eq!(w.refused::<Investigator>(0, Event::Proposed(act.clone())), Rule::WrongRole);
    let proposal = w.write::<Adjudicator>(0, Event::Proposed(act)).unwrap();
    // What one has signed is proposed and not found.
    assert_eq!((w.case().finding(), w.case().proposals().len()), (None, 1));
    w.write::<Adjudicator>(1, Event::Confirmed { proposal }).unwrap();
    assert_eq!(w.case().state(), State::Substantiated);
    let finding = w.case().finding().unwrap();
    assert_eq!((finding.seq, finding.words.as_str(), finding.substantiated), (proposal, "yes", true));
    assert_ne!(finding.first.holder, finding.second.holder);
}

#[test]
fn a_referral_takes_consent_or_duty_and_both_roles() {
    let mut w = World::new();
    w.reach_investigating();
    let act = |duty: Option<&str>| Act::Refer {
        authority: "AI Office".into(),
        duty: duty.map(Into::into),
        packet: Digest([8; 32]),
    };
    assert_eq!(w.refused::<Investigator>(2, Event::Proposed(act(None))), Rule::NoConsent);
    assert_eq!(w.refused::<Investigator>(2, Event::Proposed(act(Some(" ")))), Rule::ReasonMissing);
    let consent = w.says(SourceAct::ConsentToReferral);
    w.write::<Investigator>(2, Event::SourceStated(consent)).unwrap();
    let proposal = w.write::<Investigator>(2, Event::Proposed(act(None))).unwrap();
    assert_eq!(w.refused::<Investigator>(1, Event::Confirmed { proposal }), Rule::WrongRole);
    w.write::<Adjudicator>(1, Event::Confirmed { proposal }).unwrap();
    assert_eq!(w.case().state(), State::Referred);
    let close = Act::CloseUnsubstantiated { findings: "nothing found".into() };
    assert_eq!(w.refused::<Adjudicator>(0, Event::Proposed(close.clone())), Rule::FeedbackMissing);
    w.write::<Adjudicator>(0, Event::message_sent(MessageKind::Feedback, b"we looked".to_vec(), true)).unwrap();
    w.both::<Adjudicator, Adjudicator>(0, 1, close).unwrap();
    assert_eq!(w.case().closed().unwrap().0, CloseReason::Unsubstantiated);
}

#[test]
fn triagers_cannot_end_an_investigation_by_asking_a_question() {
    let mut w = World::new();
    w.reach_investigating();
    w.write::<Investigator>(2, Event::message_sent(MessageKind::Question, b"where?".to_vec(), true)).unwrap();
    let act = Act::Close { reason: CloseReason::Informative };
    assert_eq!(w.refused::<Triager>(0, Event::Proposed(act)), Rule::SeparationOfDuties);
}

#[test]
fn the_claim_window_has_a_first_and_a_last_day() {
    let mut w = World::new();
    w.reach_claim_open();
    assert_eq!(w.refused::<Adjudicator>(0, Event::ClaimWindowClosed), Rule::ClaimWindowOpen);
    let statement = w.says(SourceAct::Claim);
    let claim = Event::ClaimFiled { statement, eligibility: Default::default() };
    w.now += 91 * DAY;
    assert_eq!(w.refused::<Adjudicator>(0, claim), Rule::ClaimWindowOver);
    w.write::<Adjudicator>(0, Event::ClaimWindowClosed).unwrap();
    assert_eq!(w.case().closed().unwrap().0, CloseReason::NoClaim);
}

#[test]
fn an_award_is_proposed_by_formula_by_an_adjudicator_who_did_not_investigate() {
    let mut w = World::new();
    w.reach_claim_open();
    let policy = w.policies[0].pinned();
    let event =
        |amount| Event::AwardProposed { policy: policy.clone(), inputs: World::inputs(), amount: Cents(amount) };
    assert_eq!(w.refused::<Adjudicator>(0, event(13_750_000)), Rule::ClaimMissing);
    w.claim();
    assert_eq!(w.refused::<Adjudicator>(2, event(13_750_000)), Rule::SeparationOfDuties);
    assert_eq!(w.refused::<Triager>(0, event(13_750_000)), Rule::WrongRole);
    assert_eq!(w.refused::<Adjudicator>(0, event(13_750_001)), Rule::AmountWrong);
    let other = Event::AwardProposed {
        policy: subrosa_casework::case::Pinned { digest: Digest([0; 32]), ..policy.clone() },
        inputs: World::inputs(),
        amount: Cents(13_750_000),
    };
    assert_eq!(w.refused::<Adjudicator>(0, other), Rule::PolicyUnknown);
    w.write::<Adjudicator>(0, event(13_750_000)).unwrap();
    assert_eq!(w.refused::<Adjudicator>(1, event(13_750_000)), Rule::WrongState);
}

#[test]
fn an_award_stands_when_the_source_agrees_or_the_time_is_over() {
    let mut w = World::new();
    w.reach_award_proposed();
    let act = World::final_act();
    assert_eq!(w.refused::<Adjudicator>(0, Event::Proposed(act.clone())), Rule::AwardOpen);
    let wrong = w.says(SourceAct::AcceptAward { amount: Cents(1) });
    assert_eq!(w.refused::<Adjudicator>(0, Event::SourceStated(wrong)), Rule::AmountWrong);
    let mut poor = World::budget();
    poor.unreserved = Cents(13_749_999);
    w.now += 61 * DAY;
    let short = Act::FinalizeAward { award_ref: AwardRef([5; 16]), budget: poor };
    assert_eq!(w.refused::<Adjudicator>(0, Event::Proposed(short)), Rule::BudgetShort);
    let late = w.says(SourceAct::Contest);
    assert_eq!(w.refused::<Adjudicator>(0, Event::SourceStated(late)), Rule::ContestOver);
    w.both::<Adjudicator, Adjudicator>(0, 1, act).unwrap();
    assert_eq!(w.case().state(), State::AwardFinal);
}

#[test]
fn a_contest_goes_to_a_panel_without_the_proposer() {
    let mut w = World::new();
    w.reach_award_proposed();
    let statement = w.says(SourceAct::Contest);
    w.write::<Adjudicator>(0, Event::SourceStated(statement)).unwrap();
    assert_eq!(w.case().state(), State::Contested);
    assert_eq!(w.refused::<Adjudicator>(1, Event::Proposed(World::final_act())), Rule::WrongState);
    let mut inputs = World::inputs();
    inputs.sanction.as_mut().unwrap().down = 2;
    let command = || Command::ProposePanelDecision { inputs, reasons: "one factor did not hold".into() };
    assert_eq!(w.run::<Adjudicator>(0, command()).unwrap_err().rule, Rule::PanelIncludesProposer);
    let proposal = w.run::<Adjudicator>(1, command()).unwrap();
    assert_eq!(w.refused::<Adjudicator>(0, Event::Confirmed { proposal }), Rule::PanelIncludesProposer);
    w.confirm::<Adjudicator>(2, proposal).unwrap();
    assert_eq!(w.case().award().unwrap().amount, Cents(16_500_000));
    let again = w.says(SourceAct::Contest);
    assert_eq!(w.refused::<Adjudicator>(0, Event::SourceStated(again)), Rule::ContestOver);
    w.both::<Adjudicator, Adjudicator>(0, 1, World::final_act()).unwrap();
}

#[test]
fn a_denial_needs_reasons_and_patience() {
    let mut w = World::new();
    w.reach_award_proposed();
    let act = Act::DenyAward { reasons: "false answers".into() };
    assert_eq!(w.refused::<Adjudicator>(0, Event::Proposed(act.clone())), Rule::ReasonsNotSent);
    w.write::<Adjudicator>(0, Event::message_sent(MessageKind::Reasons, b"because".to_vec(), true)).unwrap();
    assert_eq!(w.refused::<Adjudicator>(0, Event::Proposed(act.clone())), Rule::ContestWindowOpen);
    w.now += 61 * DAY;
    w.both::<Adjudicator, Adjudicator>(0, 1, act).unwrap();
    assert_eq!(w.case().closed().unwrap().0, CloseReason::Denied);
}

#[test]
fn finance_and_strangers_write_nothing() {
    let mut w = World::new();
    w.reach_received();
    let admin = w.admins[0].clone();
    let said = w.said(b"x");
    let note = || said.clone();
    assert_eq!(w.force_as(&admin, RoleName::Finance, note()).unwrap().fault.code(), "finance-outside");
    assert_eq!(w.force_as(&admin, RoleName::Triager, note()).unwrap().fault.code(), "wrong-role");
    assert_eq!(w.force_as(&desk::key(77), RoleName::Triager, note()).unwrap().fault.code(), "unknown-member");
    assert!(w.members.authorise::<Triager>(&admin, w.now).is_err());
}

#[test]
fn late_feedback_is_written_down_and_stops_nothing() {
    let mut w = World::new();
    w.reach_triage();
    assert!(w.case().breaches().is_empty());
    // 31 August + 3 months = 30 November.
    w.now = T0 + 91 * DAY;
    let said = w.said(b"still there?");
    w.write::<Triager>(0, said).unwrap();
    assert!(w.case().breaches().is_empty());
    w.now += DAY;
    let extend = Act::ExtendFeedback { reason: "abroad".into() };
    assert_eq!(w.refused::<Triager>(0, Event::Proposed(extend)), Rule::DeadlinePassed);
    let said = w.said(b"hello?");
    w.write::<Triager>(0, said).unwrap();
    assert_eq!(w.case().breaches().len(), 1);
    w.write::<Triager>(0, Event::message_sent(MessageKind::Feedback, b"sorry".to_vec(), true)).unwrap();
    assert_eq!(w.case().breaches().len(), 1);
}

#[test]
fn an_extension_takes_a_reason_and_a_second_signer() {
    let mut w = World::new();
    w.reach_triage();
    let act = |r: &str| Act::ExtendFeedback { reason: r.into() };
    assert_eq!(w.refused::<Triager>(0, Event::Proposed(act(""))), Rule::ReasonMissing);
    w.both::<Triager, Investigator>(0, 1, act("abroad")).unwrap();
    assert_eq!(w.refused::<Triager>(0, Event::Proposed(act("again"))), Rule::AlreadyExtended);
    w.now = T0 + 181 * DAY; // 28 February: the six months end on it
    let said = w.said(b"?");
    w.write::<Triager>(0, said).unwrap();
    assert!(w.case().breaches().is_empty());
    w.now += DAY;
    let said = w.said(b"?");
    w.write::<Triager>(0, said).unwrap();
    assert_eq!(w.case().breaches().len(), 1);
}

#[test]
fn purge_waits_for_retention_and_hold_and_leaves_commitments() {
    let mut w = World::new();
    w.reach_triage();
    w.write::<Triager>(0, World::evidence(6, "source")).unwrap();
    w.both::<Triager, Triager>(0, 1, Act::Close { reason: CloseReason::Informative }).unwrap();
    assert_eq!(w.refused::<Triager>(0, Event::Proposed(Act::Purge)), Rule::RetentionRunning);
    w.both::<Triager, Adjudicator>(0, 1, Act::Hold { reason: "court".into() }).unwrap();
    w.now += 800 * DAY;
    assert_eq!(w.refused::<Triager>(0, Event::Proposed(Act::Purge)), Rule::LegalHold);
    w.both::<Triager, Adjudicator>(0, 1, Act::ReleaseHold { reason: "settled".into() }).unwrap();
    w.both::<Triager, Adjudicator>(0, 1, Act::Purge).unwrap();
    assert_eq!(w.case().state(), State::Purged);
    assert!(w.case().received().is_none() && w.case().messages().is_empty());
    assert_eq!(w.case().remains().unwrap().evidence, [Digest([6; 32])]);
    let said = w.said(b"?");
    assert_eq!(w.refused::<Triager>(0, said), Rule::CasePurged);
}

#[test]
fn the_ledger_gives_the_view_that_a_final_decision_needs() {
    let mut ledger = Ledger::new();
    ledger.book(&LedgerBody::of_reference(Movement::BudgetAdded, Digest([0; 32]), Cents(500_000_000))).unwrap();
    assert_eq!(ledger.budget_view(2), World::budget());
}

#[test]
fn an_officer_cannot_put_other_tokens_in_the_sources_place() {
    let mut w = World::new();
    w.programme.signed_batches = true;
    w.reach_award_final();
    w.write::<Adjudicator>(0, Event::token_request(b"the officer's own".to_vec())).unwrap();
    assert_eq!(w.sign_order::<Adjudicator>(0).unwrap_err().rule, Rule::BatchNotSigned);
    let batch = subrosa_casework::award::batch_digest(b"the source's");
    let mut forged = w.says(SourceAct::RequestTokens { batch });
    forged.act = SourceAct::RequestTokens { batch: subrosa_casework::award::batch_digest(b"the officer's own") };
    assert_eq!(w.refused::<Adjudicator>(0, Event::SourceStated(forged)), Rule::BadClaim);
    let statement = w.says(SourceAct::RequestTokens { batch });
    w.write::<Adjudicator>(0, Event::SourceStated(statement)).unwrap();
    assert_eq!(w.sign_order::<Adjudicator>(0).unwrap_err().rule, Rule::OrderMismatch);
    w.write::<Adjudicator>(1, Event::token_request(b"the source's".to_vec())).unwrap();
    w.sign_order::<Adjudicator>(0).unwrap();
    w.sign_order::<Adjudicator>(1).unwrap();
}

#[test]
fn compliance_staff_wait_120_days_after_their_internal_report() {
    use subrosa_casework::case::{Eligibility, Position, SourcePosition};
    let at = |day: &str| subrosa_casework::clock::Date::parse(day);
    // The tip came on 31 August 2026; 3 May + 120 days is 31 August.
    for (inside, early) in [(at("2026-05-03"), false), (at("2026-05-04"), true), (None, true)] {
        let mut w = World::new();
        w.reach_triage();
        let stated = SourcePosition { position: Position::Compliance, reported_inside: inside };
        w.write::<Triager>(0, Event::PositionStated(stated)).unwrap();
        assert_eq!(w.case().compliance_too_early(&w.programme), Some(early), "{inside:?}");
    }
    let mut w = World::new();
    w.reach_claim_open();
    let stated = SourcePosition { position: Position::Compliance, reported_inside: at("2026-08-01") };
    w.write::<Triager>(0, Event::PositionStated(stated)).unwrap();
    let claim = |w: &mut World, compliance_too_early| {
        let statement = w.says(SourceAct::Claim);
        w.write::<Adjudicator>(
            0,
            Event::ClaimFiled { statement, eligibility: Eligibility { compliance_too_early, ..Default::default() } },
        )
    };
    assert_eq!(claim(&mut w, false).unwrap_err().rule, Rule::EligibilityWrong);
    claim(&mut w, true).unwrap();
    assert!(!w.case().claim().unwrap().allows());
    // Somebody else need not wait.
    let stated = SourcePosition { position: Position::Insider, reported_inside: None };
    w.write::<Triager>(0, Event::PositionStated(stated)).unwrap();
    assert_eq!(w.case().compliance_too_early(&w.programme), None);
}

#[test]
fn disclosures_and_detriments_are_on_record_until_the_purge() {
    use subrosa_casework::case::{Detriment, Disclosure};
    let mut w = World::new();
    w.reach_triage();
    let told = |to: &str| {
        Event::Disclosed(Disclosure { to: to.into(), what: "the department".into(), ground: "consent".into() })
    };
    assert_eq!(w.write::<Triager>(0, told(" ")).unwrap_err().rule, Rule::ReasonMissing);
    assert_eq!(w.write::<Investigator>(3, told("prosecutor")).unwrap_err().rule, Rule::NotOnTeam);
    w.write::<Triager>(
        1,
        Event::EntityNamed(subrosa_casework::case::Entity {
            name: "Site B".into(),
            kind: subrosa_casework::case::EntityKind::Place,
        }),
    )
    .unwrap();
    assert_eq!(w.write::<Triager>(0, told("prosecutor")).unwrap_err().rule, Rule::DeclarationStale);
    w.run::<Triager>(0, Command::DeclareNoConflict).unwrap();
    w.write::<Triager>(0, told("prosecutor")).unwrap();
    let suffered = |message| {
        let day = subrosa_casework::clock::Date::parse("2026-09-02").unwrap();
        Event::DetrimentNoted(Detriment { day, what: "moved to another team".into(), message })
    };
    let ours = w.case().messages().iter().find(|m| m.sent.is_some()).unwrap().seq;
    assert_eq!(w.write::<Triager>(0, suffered(Some(999))).unwrap_err().rule, Rule::NoSuchItem);
    assert_eq!(
        w.write::<Triager>(0, suffered(Some(ours))).unwrap_err().rule,
        Rule::NoSuchItem,
        "our own words are no receipt"
    );
    let theirs = w.case().messages().iter().find(|m| m.sent.is_none()).unwrap().seq;
    w.write::<Triager>(0, suffered(Some(theirs))).unwrap();
    assert_eq!((w.case().disclosures().len(), w.case().detriments().len()), (1, 1));
}

#[test]
fn clocks_end_with_their_month_and_leap_years_count() {
    use subrosa_casework::{
        case::ClockName,
        clock::{Date, Zone},
    };
    let mut w = World::new();
    w.reach_triage();
    let due = |w: &World| w.case().due(ClockName::Feedback, &w.programme).and_then(|at| w.programme.zone.date(at));
    // 31 August 12:00 UTC + 3 months; in a zone where it is already the next day, a day later.
    assert_eq!(due(&w), Date::parse("2026-11-30"));
    w.programme.zone = Zone(13 * 60);
    assert_eq!(due(&w), Date::parse("2026-12-01"));
    let mut late = World::new();
    // 30 November 2027 12:00 UTC.
    late.now = u64::try_from(Date::parse("2027-11-30").unwrap().days()).unwrap() * DAY + DAY / 2;
    late.reach_triage();
    assert_eq!(due(&late), Date::parse("2028-02-29"));
}
