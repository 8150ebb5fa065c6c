//! A case's award, with the formula's parts.

use actix_web::{HttpResponse, web::Path};
use subrosa_casework::{
    award::SourceAct,
    case::{Act as Decision, Event},
};
use subrosa_templates::console::Block;
use subrosa_templates::{key, say};

use super::{
    head::{CasePage, document, open},
    parts::{fact, section},
};
use crate::{
    clock::time,
    readings::Reading,
    request::Visit,
    text::one_line,
    words::{self, euros},
};

/// What was proposed, what became of it, and how the formula came to the amount.
pub(crate) async fn award(visit: Visit, path: Path<(String, String)>) -> HttpResponse {
    let (id, replay) = match open(&visit, &path.1, CasePage::Award, Reading::Page) {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let (t, view, case) = (visit.t, &visit.view, replay.case());
    let mut sections = Vec::new();
    match case.award() {
        None => sections.push(section(t, key!("s-award"), vec![Block::Text(say!(t, "award-none").to_owned())])),
        Some(a) => {
            let yes = |b: bool| words::answer(t, b);
            let signers: Vec<_> = a.signatures.iter().map(|(h, _)| one_line(&view.name_of(*h))).collect();
            let facts = vec![
                fact(t, key!("f-amount"), euros(t, a.amount)),
                fact(t, key!("f-proposer"), one_line(&view.name_of(a.proposer))),
                fact(t, key!("f-proposed-at"), time(a.proposed_at)),
                fact(t, key!("f-policy"), words::policy(t, &a.policy.id, a.policy.version)),
                fact(t, key!("f-accepted"), yes(a.accepted)),
                fact(t, key!("f-panel"), yes(a.panel_decided)),
                fact(t, key!("f-reasons-sent"), yes(a.reasons_sent)),
                fact(t, key!("f-award-ref"), a.award_ref.map(|r| r.to_string()).unwrap_or_else(|| "–".into())),
                fact(t, key!("f-batch"), yes(a.batch.is_some())),
                fact(t, key!("f-signatures"), signers.join(", ")),
            ];
            sections.push(section(t, key!("s-award"), vec![Block::Facts(facts)]));
            let policy = view.known.as_ref().and_then(|k| {
                let found = k.ctx.policies().iter().find(|p| p.digest() == a.policy.digest)?;
                found.award(&a.inputs).ok()
            });
            let mut formula = vec![Block::Facts(words::facts(t, view, &a.inputs.facts()))];
            formula.extend(policy.map(|b| Block::Facts(words::breakdown(t, &b))));
            sections.push(section(t, key!("s-formula"), formula));
        }
    }
    let contested = replay.events().iter().any(|e| {
        matches!(&e.event, Event::Proposed(Decision::DecideContest { .. }))
            || matches!(&e.event, Event::SourceStated(s) if s.act == SourceAct::Contest)
    });
    let lead = if contested { say!(t, "award-contested").to_owned() } else { String::new() };
    document(&visit, &id, CasePage::Award, lead, sections)
}
