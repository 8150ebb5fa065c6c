//! A case's first page: what waits, what can be done, clocks, facts, what is like it, notes.

use actix_web::{HttpResponse, web::Path};
use subrosa_casework::{
    case::{AccusedHeard, Case, Event, Group, Step, compare, priority},
    journal::{Replay, SignedEvent},
};
use subrosa_templates::console::{Act, ActGroup, Block, Bubble, Fact, Proposal, Section, Tone, Words};
use subrosa_templates::{key, keys, say};

use super::{
    head::{CasePage, document, open},
    parts::{case_cell, cell, fact, link, notice, section, table_or},
    proposal::proposal,
};
use crate::{
    acts,
    clock::{day, time},
    readings::Reading,
    request::Visit,
    snapshot::View,
    text::{clean, one_line, paragraphs},
    words,
};

/// The page on which a case opens.
pub(crate) async fn overview(visit: Visit, path: Path<(String, String)>) -> HttpResponse {
    let (id, replay) = match open(&visit, &path.1, CasePage::Overview, Reading::Page) {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let (t, case) = (visit.t, replay.case());
    let mut sections = Vec::new();
    let waiting: Vec<Proposal> =
        case.proposals().keys().filter_map(|seq| proposal(&visit, &id, &replay, *seq, false)).collect();
    if !waiting.is_empty() {
        sections.push(section(t, key!("s-waiting"), vec![Block::Proposals(waiting)]));
    }
    let dossier = link(format!("{}/dossier", visit.case_url(&id)), say!(t, "dossier-title"));
    let about = Block::Text(say!(t, "dossier-about").to_owned());
    sections.extend([
        section(t, key!("s-acts"), vec![Block::Acts(groups(&visit, &id, &replay))]),
        clocks(&visit, case),
        section(t, key!("s-facts"), vec![Block::Facts(facts(&visit, case))]),
        section(t, key!("s-dossier"), vec![about, Block::Links(vec![dossier])]),
        section(t, key!("s-alike"), vec![alike(&visit, case)]),
        section(t, key!("s-notes"), vec![notes(t, &visit.view, &replay)]),
    ]);
    document(&visit, &id, CasePage::Overview, String::new(), sections)
}

/// Every clock, and each date that was missed.
fn clocks(visit: &Visit, case: &Case) -> Section {
    let (t, now) = (visit.t, visit.now);
    let chips = visit.view.clocks(case, now).into_iter().map(|(name, state)| words::clock(t, name, state, now));
    let mut blocks = vec![Block::Chips(chips.collect())];
    for b in case.breaches() {
        let text = say!(t, "breach", clock = words::clock_name(t, b.clock), due = day(b.due), seen = day(b.seen_at));
        blocks.push(Block::Notice(notice(Tone::Bad, text)));
    }
    section(t, key!("s-clocks"), blocks)
}

/// What is known of the case, from its state to the day on which it may be purged.
fn facts(visit: &Visit, case: &Case) -> Vec<Fact> {
    let (t, view) = (visit.t, &visit.view);
    let assigned = case.assigned().map(|h| one_line(&view.name_of(h)));
    let mut facts = vec![
        fact(t, key!("f-state"), words::state(t, case.state()).text),
        fact(t, key!("f-since"), time(case.since())),
        fact(t, key!("f-assigned"), assigned.unwrap_or_else(|| say!(t, "assigned-nobody").to_owned())),
    ];
    facts.extend(case.received().map(|r| fact(t, key!("f-received"), time(r.received_at))));
    facts.extend(triage(t, view, case));
    let retaliation = case.retaliation().map(|n| format!("{n} / 100"));
    facts.push(fact(t, key!("f-retaliation"), retaliation.unwrap_or_else(|| say!(t, "not-assessed").to_owned())));
    match case.accused() {
        Some(AccusedHeard::Reply(w)) => facts.push(fact(t, key!("accused-reply"), clean(w))),
        Some(AccusedHeard::SafetyWaiver(w)) => facts.push(fact(t, key!("accused-waiver"), clean(w))),
        None => {}
    }
    if let Some(d) = case.authority() {
        facts.push(fact(t, key!("f-authority"), format!("{} ({})", one_line(&d.authority), one_line(&d.reference))));
    }
    if let Some((reason, at)) = case.closed() {
        facts.push(fact(t, key!("f-closed"), format!("{}, {}", words::close_reason(t, reason), day(*at))));
    }
    let until = view.known.as_ref().and_then(|known| case.keep_until(known.ctx.get().programme));
    facts.extend(until.map(|until| fact(t, key!("f-keep-until"), day(until))));
    facts
}

/// What triage has set.
fn triage(t: &Words, view: &View, case: &Case) -> Vec<Fact> {
    let Some(set) = case.triage() else { return vec![fact(t, key!("f-regime"), say!(t, "not-triaged-yet"))] };
    words::facts(t, view, &set.facts())
}

/// The team's notes, oldest first.
fn notes(t: &Words, view: &View, replay: &Replay) -> Block {
    let note = |e: &SignedEvent| match &e.event {
        Event::Noted { text, visibility } => Some(Bubble {
            seq: e.author.seq,
            from: one_line(&view.name_of(e.author.holder)),
            source: false,
            kind: words::visibility(t, *visibility).to_owned(),
            when: time(e.author.at),
            text: paragraphs(text),
            ..Bubble::default()
        }),
        _ => None,
    };
    let notes: Vec<Bubble> = replay.events().iter().filter_map(note).collect();
    match notes.is_empty() {
        true => Block::Text(say!(t, "notes-none").to_owned()),
        false => Block::Thread(notes),
    }
}

/// Links to other cases, and what speaks for more of them. Nothing is linked by itself.
fn alike(visit: &Visit, case: &Case) -> Block {
    let (t, view) = (visit.t, &visit.view);
    let mut rows = Vec::new();
    for (id, other) in &view.cases {
        let Some(o) = other.case().filter(|o| o.id() != case.id()) else { continue };
        let linked = case.links().iter().find(|(d, _)| d.0 == *id).map(|(_, r)| *r);
        let like = compare(case, o);
        if linked.is_none() && like.is_none() {
            continue;
        }
        let earlier = priority(o, case).is_lt();
        let reasons = like.as_ref().map(|l| say!(t, "alike-because", files = l.same_evidence, names = l.same_names));
        rows.push(vec![
            case_cell(visit, id, &words::title(t, view, other)),
            cell(linked.map_or_else(|| say!(t, "alike-unlinked"), |r| words::relation(t, r))),
            cell(like.as_ref().map(|l| words::relation(t, l.relation)).unwrap_or_default()),
            cell(reasons.unwrap_or_default()),
            cell(t.get(if earlier { key!("alike-earlier") } else { key!("alike-later") })),
        ]);
    }
    let head = keys!["col-case", "col-linked", "col-suggested", "col-details", "col-priority"];
    table_or(t, key!("alike-none"), key!("s-alike"), &head, rows)
}

/// What can be done now in a case, and what cannot, with the rule that forbids it.
fn groups(visit: &Visit, id: &[u8; 32], replay: &Replay) -> Vec<ActGroup> {
    let (t, view) = (visit.t, &visit.view);
    let conversation = view.cases.get(id).is_some_and(|c| c.conversation);
    let base = format!("{}/act", visit.case_url(id));
    let of = |group: &Group| {
        let mut out = ActGroup { title: t.get(&format!("group-{group}")).to_owned(), ..ActGroup::default() };
        for step in Step::ALL.iter().copied().filter(|s| s.spec().group == *group) {
            let Some(may) = acts::may(step, replay, view, conversation, visit.now) else { continue };
            let mut act = Act {
                title: words::act_name(t, step),
                url: format!("{base}/{}", step.id()),
                two: step.spec().takes_two(),
                ..Act::default()
            };
            match may {
                Ok(role) => {
                    act.role = words::role(t, role);
                    out.now.push(act);
                }
                Err(refusal) => {
                    act.why_not = Some(words::refusal(t, &refusal));
                    out.not_now.push(act);
                }
            }
        }
        out
    };
    Group::ALL.iter().map(of).collect()
}
