//! Acts that wait for the server, acts that a rule forbade when it came back, and what colleagues had written before
//! those that went through.

use super::super::trouble::Trouble;
use actix_web::{HttpResponse, http::StatusCode, web::Path};
use subrosa_templates::console::{Block, Document, Fact, Form, Link, Notice, Section, Tone, Words};

use super::{
    super::{
        office,
        routes::{Posted, Visit, html, see},
        snapshot::Settled,
        words::{self, clean},
    },
    case::{problem, said, section},
};
use subrosa_engine::officer::{Plan, Waiting};

/// The list.
pub(in super::super) async fn list(visit: Visit) -> HttpResponse {
    let (t, view) = (visit.t, &visit.view);
    let waiting = view.waiting.iter().map(|w| one(&visit, w)).collect();
    let settled = view.settled.iter().rev().enumerate().map(|(n, s)| written(&visit, s, n)).collect();
    let or = |sections: Vec<Section>, id: &str, empty: &str| match sections.is_empty() {
        true => vec![section(t, id, vec![Block::Text(t.get(empty).to_owned())])],
        false => sections,
    };
    let mut sections = or(waiting, "s-queued", "waiting-none");
    sections.extend(or(settled, "s-settled", "settled-none"));
    let page = Document {
        f: visit.frame(),
        title: t.get("room-waiting").to_owned(),
        head: None,
        lead: t.get("waiting-lead").to_owned(),
        sections,
    };
    html(page.to_html(), StatusCode::OK)
}

/// The facts that tell one act from another.
fn facts(visit: &Visit, w: &Waiting) -> Vec<Fact> {
    let t = visit.t;
    let fact = |key: &str, value: String| Fact { name: t.get(key).to_owned(), value, code: false };
    vec![
        fact("col-case", words::short(&w.case)),
        fact("f-made-at", words::time(w.made_at)),
        fact("col-role", words::role(t, w.role)),
        fact("f-seen", w.seen.to_string()),
    ]
}

fn title(t: &Words, plan: &Plan) -> String {
    match plan {
        Plan::Declare => t.get("act-declare").to_owned(),
        Plan::Event(event) => t.get(&format!("event-{}", event.name())).to_owned(),
        Plan::Two(act) => words::act(t, act),
        Plan::Confirm { proposal, .. } => t.with("waiting-confirm", &[("n", proposal)]),
        Plan::Award { .. } => t.get("act-propose-award").to_owned(),
        Plan::SignOrder => t.get("act-sign-order").to_owned(),
        Plan::Message { kind, .. } => words::kind(t, *kind).to_owned(),
    }
}

fn one(visit: &Visit, w: &Waiting) -> Section {
    let t = visit.t;
    let state = match &w.refused {
        None => Notice { tone: Tone::Soon, text: t.get("waits-for-server").to_owned(), code: None },
        Some(refused) => {
            Notice { tone: Tone::Bad, text: Trouble::of(refused).words(t), code: Some(clean(&refused.code)) }
        }
    };
    let mut blocks = vec![Block::Notice(state), Block::Facts(facts(visit, w))];
    let case = format!("{}/case/{}", visit.base(), hex::encode(w.case));
    blocks.push(Block::Links(vec![Link { url: case, text: t.get("see-case").to_owned(), ..Link::default() }]));
    blocks.push(Block::Form(Form {
        action: format!("{}/waiting/{}", visit.base(), w.id),
        submit: t.get("waiting-drop").to_owned(),
        grave: true,
        ..Form::default()
    }));
    Section { id: format!("w{}", w.id), title: title(t, &w.plan), blocks }
}

fn written(visit: &Visit, s: &Settled, n: usize) -> Section {
    let (t, view) = (visit.t, &visit.view);
    let mut blocks =
        vec![Block::Notice(Notice { tone: Tone::Good, text: t.with("settled-entry", &[("seq", &s.seq)]), code: None })];
    blocks.push(Block::Facts(facts(visit, &s.act)));
    let mut order = Vec::new();
    for b in &s.between {
        let who = clean(&view.name_of(b.by));
        let event = view.cases.get(&s.act.case).and_then(|c| c.replay.as_ref()).and_then(|r| {
            r.events()
                .iter()
                .find(|e| e.author.seq == b.seq)
                .map(|e| t.get(&format!("event-{}", e.event.name())).to_owned())
        });
        order.push(Fact {
            name: t.with("settled-before", &[("seq", &b.seq)]),
            value: format!("{who}, {}: {}", words::time(b.at), event.unwrap_or_else(|| b.event.clone())),
            code: false,
        });
    }
    if !order.is_empty() {
        blocks.push(Block::Text(t.get("settled-order").to_owned()));
        blocks.push(Block::Facts(order));
    }
    Section { id: format!("d{n}"), title: title(t, &s.act.plan), blocks }
}

/// Forgets one.
pub(in super::super) async fn forget(posted: Posted, path: Path<(String, u64)>) -> HttpResponse {
    let visit = posted.visit;
    let mut guard = visit.console.office.lock().await;
    let Some(office) = guard.as_mut() else { return problem(&visit, StatusCode::NOT_FOUND, "no-such-act") };
    match office::forget_waiting(&visit.console, office, path.1) {
        Ok(true) => see(&format!("{}/waiting?said=dropped", visit.base())),
        Ok(false) => problem(&visit, StatusCode::NOT_FOUND, "no-such-act"),
        Err(e) => said(&visit, StatusCode::INTERNAL_SERVER_ERROR, Trouble::from(&e).words(visit.t)),
    }
}
