//! A case's award, with the formula's parts.

use actix_web::{HttpResponse, web::Path};
use subrosa_casework::{
    award::SourceAct,
    case::{Act as Decision, Event},
    policy::AwardBreakdown,
};
use subrosa_templates::console::{Block, Fact, Words};

use super::{
    super::{
        readings::Reading,
        routes::Visit,
        words::{self, clean, euros, time},
    },
    case::{CasePage, document, fact, open, section},
};

/// What the formula gave, part by part.
pub(in super::super) fn breakdown(t: &Words, b: &AwardBreakdown) -> Vec<Fact> {
    let percent = format!("{}.{:02} %", b.rate_bp / 100, b.rate_bp % 100);
    let mut out = vec![
        fact(t, "f-rate", percent),
        fact(t, "f-a1", euros(t, b.a1)),
        fact(t, "f-a2", euros(t, b.a2)),
        fact(t, "f-a3", euros(t, b.a3)),
        fact(t, "f-gross", euros(t, b.gross)),
    ];
    out.extend(b.cap.map(|cap| fact(t, "f-cap", euros(t, cap))));
    out.push(fact(t, "f-amount", euros(t, b.amount)));
    out
}

/// The award.
pub(in super::super) async fn award(visit: Visit, path: Path<(String, String)>) -> HttpResponse {
    let (id, replay) = match open(&visit, &path.1, CasePage::Award, Reading::Page).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let (t, view, case) = (visit.t, &visit.view, replay.case());
    let mut sections = Vec::new();
    match case.award() {
        None => sections.push(section(t, "s-award", vec![Block::Text(t.get("award-none").to_owned())])),
        Some(a) => {
            let yes = |b: bool| t.get(if b { "yes" } else { "no" }).to_owned();
            let facts = vec![
                fact(t, "f-amount", euros(t, a.amount)),
                fact(t, "f-proposer", clean(&view.name_of(a.proposer))),
                fact(t, "f-proposed-at", time(a.proposed_at)),
                fact(t, "f-policy", format!("{} v{}", clean(&a.policy.id), a.policy.version)),
                fact(t, "f-accepted", yes(a.accepted)),
                fact(t, "f-panel", yes(a.panel_decided)),
                fact(t, "f-reasons-sent", yes(a.reasons_sent)),
                fact(t, "f-award-ref", a.award_ref.map(|r| r.to_string()).unwrap_or_else(|| "–".into())),
                fact(t, "f-batch", yes(a.batch.is_some())),
                fact(
                    t,
                    "f-signatures",
                    a.signatures.iter().map(|(h, _)| clean(&view.name_of(*h))).collect::<Vec<_>>().join(", "),
                ),
            ];
            sections.push(section(t, "s-award", vec![Block::Facts(facts)]));
            let policy = view.known.as_ref().and_then(|k| {
                let found = k.ctx.policies().iter().find(|p| p.digest() == a.policy.digest)?;
                found.award(&a.inputs).ok()
            });
            let mut formula = vec![Block::Facts(words::inputs_facts(t, &a.inputs))];
            formula.extend(policy.map(|b| Block::Facts(breakdown(t, &b))));
            sections.push(section(t, "s-formula", formula));
        }
    }
    let contested = replay.events().iter().any(|e| {
        matches!(&e.event, Event::Proposed(Decision::DecideContest { .. }))
            || matches!(&e.event, Event::SourceStated(s) if s.act == SourceAct::Contest)
    });
    let lead = if contested { t.get("award-contested").to_owned() } else { String::new() };
    document(&visit, &id, CasePage::Award, "tab-award", lead, sections)
}
