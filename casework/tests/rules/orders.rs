//! Random orders of commands and of forged entries: no guard is passed, and every reader ends with the same case.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::collections::BTreeSet;

use proptest::prelude::*;
use subrosa_casework::{
    award::SourceAct,
    case::{
        AccusedHeard, Act, Case, CloseReason, Command, Detriment, Event, MessageKind, Position, SourcePosition, State,
    },
    clock::Date,
    journal,
    money::Cents,
    role::{Adjudicator, Investigator, RoleName, Triager},
};

use crate::desk::{DAY, JOURNAL, World};

#[derive(Clone, Debug)]
struct Step {
    who: usize,
    role: u8,
    what: u8,
    forged: bool,
    wait: u8,
}

fn step() -> impl Strategy<Value = Step> {
    (0usize..4, 0u8..3, 0u8..40, any::<bool>(), prop_oneof![9 => Just(0u8), 1 => 1u8..100])
        .prop_map(|(who, role, what, forged, wait)| Step { who, role, what, forged, wait })
}

/// What somebody might write next: number `what` of a list, if the case has what it speaks of.
pub(crate) fn event(w: &mut World, what: u8) -> Option<Event> {
    let newest = w.case().proposals().keys().next_back().copied();
    let oldest = w.case().proposals().keys().next().copied();
    Some(match what {
        0 => w.received(),
        1 => Event::message_sent(MessageKind::Acknowledgement, b"here".to_vec(), true),
        2 | 3 => Event::ConflictDenied { entities: u32::try_from(w.case().entities().len()).ok()? },
        4 => Event::TriageOpened,
        5 => World::triage_set(),
        6 => Event::RetaliationAssessed(Default::default()),
        7 => Event::Proposed(Act::Accept),
        8..=13 => Event::Confirmed { proposal: if what.is_multiple_of(2) { newest? } else { oldest? } },
        14 => World::check(),
        15 => Event::InvestigationOpened,
        16 => World::evidence(1, "source"),
        17 => World::evidence(2, "power company"),
        18 => Event::AccusedHeard(AccusedHeard::Reply("no".into())),
        19 => Event::Proposed(Act::Substantiate { findings: "yes".into() }),
        20 => Event::ClaimWindowOpened { notice: subrosa_casework::bytes::Digest([1; 32]) },
        21 => Event::ClaimFiled { statement: w.says(SourceAct::Claim), eligibility: Default::default() },
        22 => {
            Event::AwardProposed { policy: w.policies[0].pinned(), inputs: World::inputs(), amount: Cents(13_750_000) }
        }
        23 => Event::SourceStated(w.says(SourceAct::AcceptAward { amount: Cents(13_750_000) })),
        24 => Event::SourceStated(w.says(SourceAct::Contest)),
        25 => Event::Proposed(World::final_act()),
        26 => Event::token_request(b"batch".to_vec()),
        27 => Event::message_sent(MessageKind::Question, b"when?".to_vec(), true),
        28 => w.said(b"then"),
        29 => Event::Proposed(Act::Close { reason: CloseReason::Informative }),
        30 => Event::Proposed(Act::Reopen { reason: "more".into() }),
        31 => Event::SourceStated(w.says(SourceAct::Reopen)),
        32 => Event::Proposed(Act::Hold { reason: "court".into() }),
        33 => Event::PositionStated(SourcePosition { position: Position::Compliance, reported_inside: None }),
        34 => {
            Event::DetrimentNoted(Detriment { day: Date::parse("2026-09-02")?, what: "moved".into(), message: Some(0) })
        }
        35 => Event::Recused { reason: "a cousin".into() },
        36 => Event::MemberLeft { holder: w.id(1) },
        37 | 38 => {
            let team: Vec<usize> = (0..4).filter(|n| w.case().team().any(|h| h == w.id(*n))).collect();
            w.turn(w.case().key_generation() + 1, &team)
        }
        _ => Event::Proposed(Act::Purge),
    })
}

/// What must have happened for a case to stand where it stands, told from the events alone.
fn must_hold(w: &World, before: &Case, after: &Case) {
    if before.state() == after.state() {
        return;
    }
    let events = w.replay.events();
    let last = events.last().unwrap();
    let signers = |act: fn(&Act) -> bool| -> BTreeSet<_> {
        let Event::Confirmed { proposal } = last.event else { return BTreeSet::new() };
        events
            .iter()
            .filter(|e| e.author.seq == proposal && matches!(&e.event, Event::Proposed(a) if act(a)))
            .map(|e| (e.author.holder, e.author.role))
            .chain([(last.author.holder, last.author.role)])
            .collect()
    };
    let two = |act: fn(&Act) -> bool, role: RoleName| {
        let s = signers(act);
        let people: BTreeSet<_> = s.iter().map(|(h, _)| *h).collect();
        assert!(people.len() == 2 && s.iter().all(|(_, r)| *r == role), "{s:?} at {}", after.state().name());
    };
    match (before.state(), after.state()) {
        (State::Empty, State::Received) => {}
        (State::Received, State::Triage) => {
            assert!(before.acknowledged().is_some() && before.has_declared(last.author.holder));
        }
        (State::Closed, State::Triage) => two(|a| matches!(a, Act::Reopen { .. }), RoleName::Triager),
        (State::NeedsInfo, State::Triage | State::Investigating) => {
            assert!(matches!(last.event, Event::MessageReceived(_)));
        }
        (State::Triage | State::Investigating, State::NeedsInfo) => {}
        (State::Triage, State::Accepted) => {
            assert!(before.triage().is_some() && before.retaliation().is_some());
            two(|a| matches!(a, Act::Accept), RoleName::Triager);
        }
        (State::Accepted, State::Investigating) => {
            assert!(!before.checks().is_empty());
            for e in events.iter().filter(|e| matches!(e.event, Event::TriageOpened | Event::Proposed(Act::Accept))) {
                let accepted =
                    events.iter().any(|c| matches!(c.event, Event::Confirmed { proposal } if proposal == e.author.seq));
                let decisive = matches!(e.event, Event::TriageOpened) || accepted;
                assert!(!decisive || e.author.holder != last.author.holder);
            }
        }
        (State::Investigating, State::Substantiated) => {
            assert!(before.independent_origins() >= 2 && before.accused().is_some());
            two(|a| matches!(a, Act::Substantiate { .. }), RoleName::Adjudicator);
        }
        (State::Substantiated, State::ClaimOpen) => {}
        (State::ClaimOpen, State::AwardProposed) => {
            assert!(before.claim().is_some());
            assert!(!before.investigators().any(|i| i == last.author.holder));
        }
        (State::AwardProposed, State::Contested) => {}
        (State::AwardProposed, State::AwardFinal) => {
            two(|a| matches!(a, Act::FinalizeAward { .. }), RoleName::Adjudicator);
            assert_eq!(before.award().unwrap().amount, Cents(13_750_000));
        }
        (State::Triage | State::NeedsInfo, State::Closed) => two(|a| matches!(a, Act::Close { .. }), RoleName::Triager),
        (State::Closed, State::Purged) => assert!(!before.on_hold()),
        (from, to) => unreachable!("{} → {}", from.name(), to.name()),
    }
}

fn run(w: &mut World, steps: &[Step]) -> Result<(), TestCaseError> {
    for s in steps {
        w.now += u64::from(s.wait) * DAY;
        let Some(event) = event(w, s.what) else { continue };
        let before = w.case().clone();
        if s.forged {
            let role = [RoleName::Triager, RoleName::Investigator, RoleName::Adjudicator][usize::from(s.role)];
            w.force(s.who, role, event);
        } else {
            let command = Command::Write(event);
            let _ = match s.role {
                0 => w.run::<Triager>(s.who, command),
                1 => w.run::<Investigator>(s.who, command),
                _ => w.run::<Adjudicator>(s.who, command),
            };
        }
        must_hold(w, &before, w.case());
    }
    let again = journal::replay(*JOURNAL, w.entries.iter().map(Vec::as_slice), &w.keys, &w.ctx(), w.now).unwrap();
    prop_assert_eq!(again.case(), w.case());
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn from_the_start(steps in proptest::collection::vec(step(), 1..120)) {
        run(&mut World::new(), &steps)?;
    }

    #[test]
    fn from_the_middle(start in 0u8..6, steps in proptest::collection::vec(step(), 1..60)) {
        let mut w = World::new();
        match start {
            0 => w.reach_triage(),
            1 => w.reach_accepted(),
            2 => w.reach_investigating(),
            3 => w.reach_substantiated(),
            4 => w.reach_claim_open(),
            _ => w.reach_award_proposed(),
        }
        run(&mut w, &steps)?;
    }
}
