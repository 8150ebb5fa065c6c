//! What is signed, as pages show it: a decision that waits for its second signature, as a card and whole; and a draft.

use subrosa_casework::{
    case::{Act, Case, Draft, Event},
    journal::Replay,
};
use subrosa_crypto::kdf;
use subrosa_templates::console::{Fact, Proposal, Section};
use subrosa_templates::{key, say};

use super::{
    checks,
    parts::{fact, link, section},
};
use crate::{
    clock::time,
    entries,
    request::Visit,
    text::{clean, one_line, short},
    words,
};

/// A waiting decision as a card.
pub(crate) fn proposal(visit: &Visit, id: &[u8; 32], replay: &Replay, seq: u64, with_case: bool) -> Option<Proposal> {
    let (t, view) = (visit.t, &visit.view);
    let p = replay.case().proposals().get(&seq)?;
    let base = visit.case_url(id);
    let (who, role) = (one_line(&view.name_of(p.by.holder)), words::role(t, p.by.role));
    let (sign, why_not) = match view.may(replay, &Event::Confirmed { proposal: seq }, visit.now) {
        Ok(_) => {
            let text = say!(t, "sign-second-as", who = one_line(&view.me.name));
            (Some(link(format!("{base}/confirm/{seq}"), text)), None)
        }
        Err(refusal) => (None, Some(words::refusal(t, &refusal))),
    };
    let own = p.by.holder == view.me.holder;
    let may_drop = view.may(replay, &Event::ProposalDropped { proposal: seq }, visit.now).is_ok();
    let drop = may_drop.then(|| {
        let text = t.get(if own { key!("drop-own") } else { key!("drop-other") });
        link(format!("{base}/drop/{seq}"), text)
    });
    Some(Proposal {
        title: words::act_name(t, p.act.step()),
        case: with_case.then(|| {
            let title = view.cases.get(id).map(|c| words::title(t, view, c)).unwrap_or_default();
            link(base.clone(), format!("{} {title}", short(id)))
        }),
        by: say!(t, "signed-first", who = who, role = role, time = time(p.by.at)),
        details: whole(visit, replay.case(), &p.act),
        sign,
        drop,
        why_not,
    })
}

/// Everything that a second signer signs: the decision, the award that it is about, and the formula's parts.
pub(crate) fn whole(visit: &Visit, case: &Case, act: &Act) -> Vec<Fact> {
    let (t, view) = (visit.t, &visit.view);
    let mut out = words::facts(t, view, &case.decision_facts(act));
    if let Some(known) = &view.known {
        out.extend(case.breakdown(act, &known.ctx.get()).iter().flat_map(|b| words::parts(t, b)));
    }
    out
}

/// What exactly is signed under a draft: facts, and what is too long to be one. `typed` is what was given for it, field
/// by field: it is shown where the draft states no facts of its own.
pub(crate) fn details(visit: &Visit, case: &Case, draft: &Draft, typed: Vec<Fact>) -> (Vec<Fact>, Vec<Section>) {
    let (t, view) = (visit.t, &visit.view);
    let mut facts = match &view.known {
        Some(known) => {
            let ctx = known.ctx.get();
            let mut out = words::facts(t, view, &draft.facts(case, &ctx));
            out.extend(draft.breakdown(case, &ctx).iter().flat_map(|b| words::parts(t, b)));
            out
        }
        None => Vec::new(),
    };
    let mut sections = Vec::new();
    match draft {
        Draft::Event(event) => match &**event {
            Event::MachineChecked(report) => {
                sections.push(section(t, key!("s-result"), checks::report(t, view, report)));
            }
            _ if facts.is_empty() && !typed.is_empty() => facts = typed,
            event if facts.is_empty() => {
                let text = entries::said(t, view, event);
                facts.extend((!text.is_empty()).then(|| fact(t, key!("col-details"), text)));
            }
            _ => {}
        },
        Draft::Message { kind, text } => {
            facts.push(Fact { name: words::kind(t, *kind).to_owned(), value: clean(text), code: false });
        }
        Draft::Bring(holder) => facts.push(fact(t, key!("ask-colleague"), one_line(&view.name_of(*holder)))),
        _ => {}
    }
    (facts, sections)
}

/// The digest of what a page shows and of what is signed under it, in hexadecimal.
pub(crate) fn digest(details: &[Fact], case: &Case, draft: &Draft) -> String {
    let signed = draft.shown(case).map(|d| d.0).unwrap_or_default();
    let mut parts: Vec<&[u8]> = details.iter().flat_map(|f| [f.name.as_bytes(), f.value.as_bytes()]).collect();
    parts.push(&signed);
    hex::encode(kdf::digest("subrosa/page-shown/v2", &parts))
}
