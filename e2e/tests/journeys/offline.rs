//! Officers who work while the server cannot be reached: what they did is kept, decided again when it comes back, and
//! explained; nothing is lost and nothing is written twice.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use anyhow::Result;
use rand_core::CryptoRng;
use subrosa_casework::{
    award::SourceAct,
    bytes::{AwardRef, Digest},
    case::{
        Act, BudgetView, Case, Command, Draft, Event, MessageKind, Pinned, RetaliationAnswers, State, Step, TriageSet,
        Visibility,
    },
    money::Cents,
    role::RoleName::{self, Triager},
};
use subrosa_crypto::charter::{CharterDocument, Role};
use subrosa_e2e::{
    programme::{Programme, Stored, new_source, rng, stored},
    whole_case::{AWARD, BUDGET, Stage, award_inputs, form},
    wire::{Altering, Recorder, answer},
};
use subrosa_engine::{
    message::Message,
    officer::{self, Delivered, Desk, Outcome, Plan, Planned},
    session::{Keystore, NotSaved, Session},
};

const DAY: u64 = 86_400;

fn note(text: &str) -> Plan {
    Plan::Event(Box::new(Event::Noted { text: text.into(), visibility: Visibility::Team }))
}

fn event(e: Event) -> Plan {
    Plan::Event(Box::new(e))
}

fn triage(severity: u8) -> Event {
    Event::TriageSet(TriageSet {
        pack: Pinned { id: "compute-thresholds".into(), version: 1, digest: Digest([3; 32]) },
        class: "unnotified-run".into(),
        jurisdiction: "EU".into(),
        severity,
    })
}

/// Officer `n` plans something and saves.
fn plan(p: &mut Programme, n: usize, role: RoleName, plan: impl Into<Planned>) -> Result<u64> {
    let id = p.desks[n].plan(0, role, plan, p.now)?;
    p.desks[n] = stored(&p.desks[n])?;
    Ok(id)
}

/// Officer `n` comes back to the server.
async fn deliver(p: &mut Programme, n: usize) -> Result<Vec<Delivered>> {
    let directory = p.directory().await?;
    let ctx = p.context(&directory);
    let (api, now) = (p.api(), p.now);
    let rng = &mut rng();
    let s = &mut Session::new(&api, &p.circuits, rng, now, &directory);
    Ok(officer::deliver(&mut Stored(&mut p.desks[n]), s, &ctx).await?)
}

#[tokio::test]
async fn two_desks_offline_for_a_day_are_merged() -> Result<()> {
    let mut p = Programme::start(200).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Acknowledged).await?;
    for n in [0, 1] {
        p.act(n, Triager, |_| Some(Command::DeclareNoConflict)).await?;
    }
    let common = p.case(0).await?.seq();
    p.case(1).await?;
    let (directory, root) = (p.directory().await?, p.root_key());
    for desk in &mut p.desks {
        desk.remember(&directory);
    }
    let ctx = p.context(&directory);
    p.server.stop()?;

    // Both work on, each for themselves. Who they are is known from the charter that was kept.
    let kept = p.desks[0].kept_directory(&root, p.now)?;
    assert_eq!(kept.seen(), directory.seen());
    assert!(p.desks[2].kept_directory(&root, p.now + 60 * 365 * DAY).is_err(), "an expired charter plans nothing");
    for n in [0, 1] {
        plan(&mut p, n, Triager, event(Event::TriageOpened))?;
        plan(&mut p, n, Triager, event(triage(3 + n as u8)))?;
        plan(&mut p, n, Triager, note(if n == 0 { "from the first desk" } else { "from the second desk" }))?;
    }
    plan(&mut p, 0, Triager, event(Event::RetaliationAssessed(RetaliationAnswers { power: 2, ..Default::default() })))?;
    for n in [0, 1] {
        plan(&mut p, n, Triager, Plan::Two(Box::new(Act::Accept)))?;
    }
    let text = Message::Text { text: "We are looking into it.".into(), files: Vec::new() }.encode()?.to_vec();
    plan(&mut p, 1, Triager, Plan::Message { kind: MessageKind::Text, body: text, leak_checked: true })?;
    // Trying changes nothing: all of it waits, and says so.
    for n in [0, 1] {
        let before = p.desks[n].waiting().to_vec();
        let (api, now, rng) = (p.api(), p.now, &mut rng());
        let s = &mut Session::new(&api, &p.circuits, rng, now, &directory);
        let out = officer::deliver(&mut Stored(&mut p.desks[n]), s, &ctx).await?;
        assert_eq!(out.len(), 1, "after the first nobody is asked again");
        assert!(matches!(out[0].outcome, Outcome::Unreachable));
        assert_eq!(p.desks[n].waiting(), before);
    }

    // A day later the server is back. The second desk comes first.
    p.now += DAY;
    p.restart()?;
    let second = deliver(&mut p, 1).await?;
    let shown: Vec<_> = second
        .iter()
        .map(|d| match &d.outcome {
            Outcome::Written { seq, between, .. } => (Some(*seq), between.len(), ""),
            Outcome::Refused(r) => (None, 0, r.code.as_str()),
            other => unreachable!("{other:?}"),
        })
        .collect();
    // Accepting needs the assessment, which lies on the first desk: refused by name, and kept.
    let (s, none) = (Some(common), (None, 0, "not-triaged"));
    assert_eq!(
        shown,
        [(s, 0, ""), (s.map(|c| c + 1), 0, ""), (s.map(|c| c + 2), 0, ""), none, (s.map(|c| c + 3), 0, "")]
    );
    assert_eq!(p.desks[1].waiting().len(), 1);
    assert_eq!(p.desks[1].waiting()[0].refused.as_ref().unwrap().code, "not-triaged");
    assert!(deliver(&mut p, 1).await?.is_empty(), "what was refused is not tried again by itself");

    // Then the first: each of its acts is decided again on what the second one wrote, and told what that was.
    let first = deliver(&mut p, 0).await?;
    let opened = &first[0];
    assert!(
        matches!(&opened.outcome, Outcome::Refused(r) if r.code == "wrong-state"),
        "triage was opened by the other desk"
    );
    assert_eq!(opened.act.made_at, p.now - DAY);
    let Outcome::Written { seq, between, .. } = &first[1].outcome else { unreachable!("{:?}", first[1]) };
    assert_eq!(*seq, common + 4);
    let order: Vec<_> = between.iter().map(|b| (b.seq, b.event.as_str())).collect();
    let theirs = ["triage-opened", "triage-set", "noted", "message-sent"];
    assert_eq!(order, theirs.iter().enumerate().map(|(i, e)| (common + i as u64, *e)).collect::<Vec<_>>());
    let two = p.desks[1].identity.holder();
    assert!(between.iter().all(|b| b.by == two && b.at == p.now));
    assert!(matches!(first[2].outcome, Outcome::Written { .. }) && matches!(first[3].outcome, Outcome::Written { .. }));
    // When it was planned the case did not say yet what triage found. It is shown, and signed then.
    assert!(matches!(&first[4].outcome, Outcome::Refused(r) if r.code == "proposal-changed"), "{:?}", first[4]);
    assert_eq!(p.desks[0].waiting().len(), 2, "the refused ones");
    let shown = p.case(0).await?.case().basis(Step::Accept);
    plan(&mut p, 0, Triager, Planned { plan: first[4].act.plan.clone(), shown })?;
    assert!(matches!(deliver(&mut p, 0).await?[0].outcome, Outcome::Written { .. }));

    // Everything that either desk did stands in the journal once, or is shown as refused.
    let replay = p.case(2).await?;
    assert!(replay.passed_over().is_empty());
    let count = |wanted: &dyn Fn(&Event) -> bool| replay.events().iter().filter(|e| wanted(&e.event)).count();
    assert_eq!(count(&|e| matches!(e, Event::TriageOpened)), 1);
    assert_eq!(count(&|e| matches!(e, Event::TriageSet(_))), 2);
    assert_eq!(count(&|e| matches!(e, Event::Noted { .. })), 2);
    assert_eq!(count(&|e| matches!(e, Event::RetaliationAssessed(_))), 1);
    assert_eq!(count(&|e| matches!(e, Event::Proposed(Act::Accept))), 1);
    assert_eq!(replay.case().triage().unwrap().severity, 3, "the order of arrival decides");
    // The second officer tries again, now that the assessment is there: the first one's signature waits, and is not
    // joined by a proposal that has not seen it.
    let refused = p.desks[1].waiting()[0].clone();
    assert!(p.desks[1].drop_waiting(refused.id) && !p.desks[1].drop_waiting(refused.id));
    let shown = p.case(1).await?.case().basis(Step::Accept);
    plan(&mut p, 1, refused.role, Planned { plan: refused.plan, shown })?;
    let unseen = deliver(&mut p, 1).await?;
    assert!(matches!(&unseen[0].outcome, Outcome::Refused(r) if r.code == "proposal-waits"), "{unseen:?}");
    assert!(p.desks[1].drop_waiting(unseen[0].act.id));
    let replay = p.case(1).await?;
    let proposal = *replay.case().proposals().keys().next().unwrap();
    let shown = Digest([0; 32]);
    plan(&mut p, 1, refused.role, Plan::Confirm { proposal, shown })?;
    let other = deliver(&mut p, 1).await?;
    assert!(matches!(&other[0].outcome, Outcome::Refused(r) if r.code == "proposal-changed"), "{other:?}");
    assert!(p.desks[1].drop_waiting(other[0].act.id));
    let shown = replay.case().proposal_digest(proposal).unwrap();
    plan(&mut p, 1, refused.role, Plan::Confirm { proposal, shown })?;
    let again = deliver(&mut p, 1).await?;
    assert!(matches!(&again[0].outcome, Outcome::Written { replay, .. } if replay.case().state() == State::Accepted));
    assert!(p.desks[1].waiting().is_empty());
    // And the source got the message, once, and was told that the case was accepted.
    p.next_epoch().await?;
    let read = p.source_reads(&master).await?.1;
    assert!(
        matches!(&read[..], [Message::Text { text, .. }, Message::Notice(n)]
            if text == "We are looking into it." && n.state == State::Accepted.name()),
        "{read:?}"
    );
    Ok(())
}

#[tokio::test]
async fn an_answer_that_was_lost_writes_nothing_twice() -> Result<()> {
    let mut p = Programme::start(200).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Acknowledged).await?;
    let honest = p.wire.clone();
    let broken = Arc::new(AtomicBool::new(true));
    let switch = Arc::clone(&broken);
    p.wire = honest.tapped(Arc::new(Altering(move |request: &_, response: &mut _| {
        let request: &subrosa_engine::transport::Request = request;
        if request.path == "/v1/journal/append" && switch.load(Ordering::Relaxed) {
            *response = answer(500, Vec::new());
        }
    })));
    let text = Message::Text { text: "Which month?".into(), files: Vec::new() }.encode()?.to_vec();
    let message = Plan::Message { kind: MessageKind::Text, body: text, leak_checked: true };
    plan(&mut p, 0, Triager, message)?;
    plan(&mut p, 0, Triager, note("afterwards"))?;
    let out = deliver(&mut p, 0).await?;
    assert!(matches!(&out[..], [Delivered { outcome: Outcome::Trouble(_), .. }]), "{out:?}");
    assert_eq!(p.desks[0].waiting().len(), 2, "what follows in the same case waits with it");
    broken.store(false, Ordering::Relaxed);
    let recorder = Recorder::new();
    p.wire = honest.tapped(recorder.clone());
    let out = deliver(&mut p, 0).await?;
    assert!(out.iter().all(|d| matches!(d.outcome, Outcome::Written { .. })) && out.len() == 2, "{out:?}");
    assert_eq!(recorder.to("/v1/journal/append").len(), 1, "the first one stood there already");
    let replay = p.case(1).await?;
    assert_eq!(
        replay.case().messages().iter().filter(|m| m.sent.is_some()).count(),
        2,
        "the greeting, and this one once"
    );
    p.next_epoch().await?;
    let read = p.source_reads(&master).await?.1;
    assert!(matches!(&read[..], [Message::Text { text, .. }] if text == "Which month?"), "{read:?}");
    Ok(())
}

/// A program that ends instead of saving once more after `saves` times: the next run finds what was saved last.
struct Ending<'s> {
    desk: Desk,
    saved: &'s mut Desk,
    saves: usize,
}

impl Keystore for Ending<'_> {
    type Contents = Desk;

    fn contents(&mut self) -> &mut Desk {
        &mut self.desk
    }

    fn save<R: CryptoRng>(&mut self, _rng: &mut R) -> Result<(), NotSaved> {
        self.saves = self.saves.checked_sub(1).ok_or_else(|| NotSaved("the program ended".into()))?;
        *self.saved = stored(&self.desk).map_err(|e| NotSaved(e.to_string()))?;
        Ok(())
    }
}

/// Takes a tip to where the first officer has proposed to accept it, and lets the second plan to confirm that.
async fn acceptance_planned(p: &mut Programme) -> Result<()> {
    let event = |event: Event| move |_: &_| Some(Command::Write(event.clone()));
    for n in [0, 1] {
        p.act(n, Triager, |_| Some(Command::DeclareNoConflict)).await?;
    }
    p.act(0, Triager, event(Event::TriageOpened)).await?;
    p.act(0, Triager, event(triage(4))).await?;
    p.act(0, Triager, event(Event::RetaliationAssessed(RetaliationAnswers { power: 2, ..Default::default() }))).await?;
    let replay = p.act(0, Triager, |_| Some(Command::Propose(Act::Accept))).await?;
    let proposal = *replay.case().proposals().keys().next().unwrap();
    let shown = replay.case().proposal_digest(proposal).unwrap();
    p.case(1).await?;
    plan(p, 1, Triager, Plan::Confirm { proposal, shown })?;
    Ok(())
}

#[tokio::test]
async fn a_source_is_told_of_a_step_although_the_program_ended_before_telling() -> Result<()> {
    // Before the first save the step stands in the journal alone; then it is saved that the source is owed the news;
    // then that the news is on its way.
    for saves in 0..3 {
        let mut p = Programme::start(200).await?;
        let (_, master) = new_source();
        p.file_tip(&master, form(Vec::new())).await?;
        p.advance(&master, None, Stage::Acknowledged).await?;
        acceptance_planned(&mut p).await?;
        {
            let directory = p.directory().await?;
            let ctx = p.context(&directory);
            let (api, now, rng) = (p.api(), p.now, &mut rng());
            let s = &mut Session::new(&api, &p.circuits, rng, now, &directory);
            let desk = stored(&p.desks[1])?;
            let mut ending = Ending { desk, saved: &mut p.desks[1], saves };
            assert!(officer::deliver(&mut ending, s, &ctx).await.is_err(), "it ended after {saves} saves");
        }
        assert_eq!(p.case(0).await?.case().state(), State::Accepted, "the step itself is done");

        p.now += 60;
        deliver(&mut p, 1).await?;
        assert!(p.desks[1].waiting().is_empty());
        let read = p.source_reads(&master).await?.1;
        assert!(
            matches!(&read[..], [Message::Notice(n)] if n.state == State::Accepted.name()),
            "ended after {saves} saves: {read:?}"
        );
        let sent = p.case(0).await?.case().messages().iter().filter(|m| m.sent.is_some()).count();
        assert_eq!(sent, 2, "the greeting, and the news once");
    }
    Ok(())
}

/// Officer `n` plans something that its case fills in, as the case shows it now, and saves.
fn plan_shown(p: &mut Programme, n: usize, draft: &Draft, case: &Case) -> Result<u64> {
    let planned = Planned::of(draft, case, false)?.unwrap();
    let id = p.desks[n].plan(0, RoleName::Adjudicator, planned, p.now)?;
    p.desks[n] = stored(&p.desks[n])?;
    Ok(id)
}

#[tokio::test]
async fn an_amount_that_changed_while_a_step_waited_is_not_signed() -> Result<()> {
    let adjudicator = RoleName::Adjudicator;
    // A third adjudicator, so that a panel can be formed without the proposer.
    let third = |charter: &mut CharterDocument| {
        charter.officers[2].roles.push(Role::Adjudicator);
        Ok(())
    };
    let mut p = Programme::start_with(200, third).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::AwardProposed).await?;
    p.source_states(&master, SourceAct::AcceptAward { amount: Cents(AWARD) }).await?;
    p.everybody_visits().await?;
    // The first adjudicator makes final what is shown, and waits for the server.
    let budget = BudgetView { records: 2, budget: Cents(BUDGET), unreserved: Cents(BUDGET) };
    let act = Act::FinalizeAward { award_ref: AwardRef([5; 16]), budget };
    let (draft, shown) = (Draft::Two(Box::new(act)), p.case(0).await?);
    assert_eq!(shown.case().award().unwrap().amount, Cents(AWARD));
    let id = plan_shown(&mut p, 0, &draft, shown.case())?;
    assert!(p.desks[0].waiting()[0].is_as_shown(shown.case()));
    // Meanwhile the source contests, and a panel raises the amount.
    p.source_states(&master, SourceAct::Contest).await?;
    p.everybody_visits().await?;
    let mut inputs = award_inputs();
    inputs.sanction.as_mut().unwrap().collected = Cents(2_000_000_000);
    let propose = |_: &Case| Some(Command::ProposePanelDecision { inputs, reasons: "more was collected".into() });
    let proposer = shown.case().award().unwrap().proposer;
    let panel: Vec<usize> = (0..3).filter(|n| p.desks[*n].identity.holder() != proposer).collect();
    p.act(panel[0], adjudicator, propose).await?;
    let confirm = |case: &Case| {
        let proposal = *case.proposals().keys().next()?;
        Some(Command::Confirm { proposal, shown: case.proposal_digest(proposal)? })
    };
    let raised = p.act(panel[1], adjudicator, confirm).await?;
    assert!(raised.case().award().unwrap().amount > Cents(AWARD));

    let late = deliver(&mut p, 0).await?;
    assert!(matches!(&late[0].outcome, Outcome::Refused(r) if r.code == "proposal-changed"), "{late:?}");
    let after = p.case(0).await?;
    assert!(after.case().proposals().is_empty(), "a name stands under an amount that was not shown");
    let kept = &p.desks[0].waiting()[0];
    assert!(kept.id == id && kept.refused.is_some() && !kept.is_as_shown(after.case()), "{kept:?}");
    // Shown anew, it is signed.
    assert!(p.desks[0].drop_waiting(id));
    plan_shown(&mut p, 0, &draft, after.case())?;
    let signed = deliver(&mut p, 0).await?;
    assert!(matches!(&signed[0].outcome, Outcome::Written { .. }), "{signed:?}");
    Ok(())
}
