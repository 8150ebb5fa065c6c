//! Acts that wait for the server, acts that a rule forbade when it came back, and what colleagues had written before
//! those that went through.

use actix_web::{HttpResponse, http::StatusCode, web::Path};
use subrosa_casework::case::{Case, Draft, Step};
use subrosa_engine::officer::{Plan, Waiting};
use subrosa_templates::console::{Block, Fact, Form, Notice, Section, Tone, Words};
use subrosa_templates::{key, say};

use super::{
    parts::{fact, link, notice, page, problem, said, section},
    proposal::{details, whole},
};
use crate::{
    acts::run,
    clock::time,
    frame::see,
    request::{Posted, Said, Visit},
    snapshot::Settled,
    text::{one_line, short},
    trouble::Trouble,
    words,
};

/// What waits or was refused, and below it what went through since the desk was opened.
pub(crate) async fn list(visit: Visit) -> HttpResponse {
    let (t, view) = (visit.t, &visit.view);
    let waiting = view.waiting.iter().map(|w| one(&visit, w)).collect();
    let settled = view.settled.iter().rev().enumerate().map(|(n, s)| written(&visit, s, n)).collect();
    let or = |sections: Vec<Section>, id: &str, empty: &str| match sections.is_empty() {
        true => vec![section(t, id, vec![Block::Text(t.get(empty).to_owned())])],
        false => sections,
    };
    let mut sections = or(waiting, key!("s-queued"), key!("waiting-none"));
    sections.extend(or(settled, key!("s-settled"), key!("settled-none")));
    page(&visit, key!("room-waiting"), say!(t, "waiting-lead").to_owned(), sections)
}

/// The facts that tell one act from another.
fn facts(visit: &Visit, w: &Waiting) -> Vec<Fact> {
    let t = visit.t;
    vec![
        fact(t, key!("col-case"), short(&w.case)),
        fact(t, key!("f-made-at"), time(w.made_at)),
        fact(t, key!("col-role"), words::role(t, w.role)),
        fact(t, key!("f-seen"), w.seen.to_string()),
    ]
}

fn title(t: &Words, plan: &Plan) -> String {
    match plan {
        Plan::Declare => words::act_name(t, Step::Declare),
        Plan::Event(event) => words::event_name(t, event),
        Plan::Two(act) => words::act_name(t, act.step()),
        Plan::Confirm { proposal, .. } => say!(t, "waiting-confirm", n = proposal),
        Plan::Award { .. } => words::act_name(t, Step::ProposeAward),
        Plan::SignOrder => words::act_name(t, Step::SignOrder),
        Plan::Message { kind, .. } => words::kind(t, *kind).to_owned(),
    }
}

/// What is signed with it, in the case as this desk knows it.
fn signed(visit: &Visit, case: &Case, plan: &Plan) -> (Vec<Fact>, Vec<Section>) {
    let draft = match plan {
        Plan::Confirm { proposal, .. } => {
            let waits = case.proposals().get(proposal);
            return (waits.map(|p| whole(visit, case, &p.act)).unwrap_or_default(), Vec::new());
        }
        Plan::Message { kind, .. } => plan.text().map(|text| Draft::Message { kind: *kind, text }),
        plan => plan.draft(),
    };
    draft.map(|draft| details(visit, case, &draft, Vec::new())).unwrap_or_default()
}

/// Where the act can be looked at and signed anew.
fn again(visit: &Visit, w: &Waiting) -> Option<String> {
    let base = visit.case_url(&w.case);
    match &w.plan {
        Plan::Confirm { proposal, .. } => Some(format!("{base}/confirm/{proposal}")),
        plan => Some(format!("{base}/act/{}", plan.draft()?.step()?.id())),
    }
}

fn one(visit: &Visit, w: &Waiting) -> Section {
    let t = visit.t;
    let case = visit.view.cases.get(&w.case).and_then(|c| c.case());
    let state = match &w.refused {
        None => notice(Tone::Soon, say!(t, "waits-for-server")),
        Some(refused) => {
            Notice { tone: Tone::Bad, text: Trouble::of(refused).words(t), code: Some(one_line(&refused.code)) }
        }
    };
    let mut blocks = vec![Block::Notice(state), Block::Facts(facts(visit, w))];
    let mut links = vec![link(visit.case_url(&w.case), say!(t, "see-case"))];
    if let Some(case) = case {
        let (facts, more) = signed(visit, case, &w.plan);
        blocks.push(Block::Facts(facts));
        blocks.extend(more.into_iter().flat_map(|section| section.blocks));
        let changed = !w.is_as_shown(case);
        if changed && w.refused.is_none() {
            blocks.push(Block::Notice(notice(Tone::Bad, say!(t, "waiting-changed"))));
        }
        let anew = again(visit, w).filter(|_| changed);
        links.extend(anew.map(|url| link(url, say!(t, "waiting-again"))));
    }
    blocks.push(Block::Links(links));
    blocks.push(Block::Form(Form {
        action: format!("{}/waiting/{}", visit.base(), w.id),
        submit: say!(t, "waiting-drop").to_owned(),
        grave: true,
        ..Form::default()
    }));
    Section { id: format!("w{}", w.id), title: title(t, &w.plan), blocks }
}

fn written(visit: &Visit, s: &Settled, n: usize) -> Section {
    let (t, view) = (visit.t, &visit.view);
    let mut blocks = vec![Block::Notice(notice(Tone::Good, say!(t, "settled-entry", seq = s.seq)))];
    blocks.push(Block::Facts(facts(visit, &s.act)));
    let mut order = Vec::new();
    for b in &s.between {
        let who = one_line(&view.name_of(b.by));
        let replay = view.cases.get(&s.act.case).and_then(|c| c.replay.as_ref());
        let entry = replay.and_then(|r| r.events().iter().find(|e| e.author.seq == b.seq));
        let event = entry.map(|e| words::event_name(t, &e.event));
        order.push(Fact {
            name: say!(t, "settled-before", seq = b.seq),
            value: format!("{who}, {}: {}", time(b.at), event.unwrap_or_else(|| b.event.clone())),
            code: false,
        });
    }
    if !order.is_empty() {
        blocks.push(Block::Text(say!(t, "settled-order").to_owned()));
        blocks.push(Block::Facts(order));
    }
    Section { id: format!("d{n}"), title: title(t, &s.act.plan), blocks }
}

/// Forgets an act that waits or was refused.
pub(crate) async fn forget(posted: Posted, path: Path<(String, u64)>) -> HttpResponse {
    let visit = posted.visit;
    let mut guard = visit.console.office.lock().await;
    let Some(office) = guard.as_mut() else { return problem(&visit, StatusCode::NOT_FOUND, key!("no-such-act")) };
    match run::forget(&visit.console, office, path.1) {
        Ok(true) => see(&format!("{}/waiting?said={}", visit.base(), Said::Dropped)),
        Ok(false) => problem(&visit, StatusCode::NOT_FOUND, key!("no-such-act")),
        Err(e) => said(&visit, StatusCode::INTERNAL_SERVER_ERROR, Trouble::from(&e).words(visit.t)),
    }
}
