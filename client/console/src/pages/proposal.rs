//! A decision that waits for its second signature, as a card and whole.

use subrosa_casework::{
    case::{Act, Case, Event},
    journal::Replay,
};
use subrosa_templates::console::{Fact, Proposal};
use subrosa_templates::{key, say};

use super::parts::link;
use crate::{
    clock::time,
    request::Visit,
    text::{clean, short},
    words,
};

/// A waiting decision as a card.
pub(crate) fn proposal(visit: &Visit, id: &[u8; 32], replay: &Replay, seq: u64, with_case: bool) -> Option<Proposal> {
    let (t, view) = (visit.t, &visit.view);
    let p = replay.case().proposals().get(&seq)?;
    let base = visit.case_url(id);
    let (who, role) = (clean(&view.name_of(p.by.holder)), words::role(t, p.by.role));
    let (sign, why_not) = match view.may(replay, &Event::Confirmed { proposal: seq }, visit.now) {
        Ok(_) => {
            let text = say!(t, "sign-second-as", who = clean(&view.me.name));
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
        out.extend(case.breakdown(act, &known.ctx.get()).iter().flat_map(|b| words::breakdown(t, b)));
    }
    out
}
