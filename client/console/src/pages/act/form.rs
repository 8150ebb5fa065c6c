//! The form of an act, and what helps while it is filled in.

use actix_web::{HttpResponse, http::StatusCode};
use subrosa_casework::{
    case::{Asks, Case, Step},
    regime::Pack,
};
use subrosa_templates::console::{Block, Cell, Fact, Field, FieldKind, Form, FormPage, Notice, Section, Tone, Words};
use subrosa_templates::{key, keys, say};

use super::place::Place;
use crate::{
    acts::{self, form, given::Problems},
    fields::Fields,
    frame::html,
    pages::{
        head::head,
        parts::{fact, link, notice, problem, section, table},
        thread,
    },
    request::Visit,
    text::{clean, one_line},
    words,
};

/// The form as it was typed so far, with what was wrong in it and what is said above it.
pub(super) fn page(
    visit: &Visit,
    p: &Place,
    given: &Fields,
    problems: &Problems,
    notices: Vec<Notice>,
    status: StatusCode,
) -> HttpResponse {
    let (t, view) = (visit.t, &visit.view);
    let spec = p.step.spec();
    let Some(case_view) = view.cases.get(&p.id) else {
        return problem(visit, StatusCode::NOT_FOUND, key!("no-such-case"));
    };
    let mut f = visit.frame();
    f.notices.extend(notices);
    if let Some(Err(refusal)) = acts::may(p.step, &p.replay, view, case_view.conversation, visit.now) {
        let notice = words::refusal(t, &refusal);
        // A refusal that was just given is not said twice.
        if f.notices.iter().all(|n| n.code != notice.code) {
            f.notices.push(notice);
        }
    }
    if spec.message.is_some() && !case_view.conversation {
        f.notices.push(notice(Tone::Soon, say!(t, "no-conversation")));
    }
    let mut fields = form::fields(p.step, visit, case_view, &p.replay, given);
    let problems = marked(&mut fields, problems);
    let mut lead = p.lead(t);
    if spec.takes_two() {
        lead.push(say!(t, "two-lead").to_owned());
    }
    let submit = match spec.asks != Asks::Nowhere {
        true => say!(t, "go-on").to_owned(),
        false => say!(t, "sign-as", who = one_line(&view.me.name)),
    };
    let page = FormPage {
        f,
        title: p.title(t),
        head: head(visit, &p.id, None),
        lead,
        problems,
        aside: aside(visit, p),
        form: Form {
            action: p.url.clone(),
            // What takes longer to type is kept while it is typed.
            draft: fields.iter().find(|f| f.kind == FieldKind::Area).map(|_| p.draft()).unwrap_or_default(),
            fields,
            submit,
            cancel: Some(link(p.case_url(visit), say!(t, "cancel"))),
            ..Form::default()
        },
    };
    html(page.to_html(), status)
}

/// Marks the fields in which something is wrong; answers what is wrong, one line each.
fn marked(fields: &mut [Field], problems: &Problems) -> Vec<String> {
    let mark = |(name, why): &(String, String)| match fields.iter_mut().find(|f| f.name == *name) {
        Some(field) => {
            field.problem = clean(why);
            format!("{}: {}", field.label, clean(why))
        }
        None => clean(why),
    };
    problems.iter().map(mark).collect()
}

/// What helps while filling in: the source's last words, the names, the pack's thresholds or its list of evidence.
fn aside(visit: &Visit, p: &Place) -> Vec<Section> {
    let (t, view, case) = (visit.t, &visit.view, p.replay.case());
    let section = match p.step {
        Step::Acknowledge | Step::Ask | Step::Feedback | Step::Reasons | Step::Write => Some(last_words(visit, p)),
        Step::Declare => Some(named(t, case)),
        Step::Check => form::pack(view, case).and_then(|pack| thresholds(t, pack)),
        Step::Evidence => form::pack(view, case).map(|pack| {
            let list = pack.evidence.iter().map(|e| {
                let text = words::pack_text(t, view, &pack.id, &format!("evidence-{}", e.id));
                fact(t, key!("look-for"), text.unwrap_or_else(|| one_line(&e.id)))
            });
            section(t, key!("s-checklist"), vec![Block::Facts(list.collect())])
        }),
        _ => None,
    };
    section.into_iter().collect()
}

/// The last three messages of the thread.
fn last_words(visit: &Visit, p: &Place) -> Section {
    let (t, messages) = (visit.t, p.replay.case().messages());
    let base = p.case_url(visit);
    let last = messages.iter().rev().take(3).rev().map(|m| thread::bubble(t, &visit.view, m, &base)).collect();
    section(t, key!("s-thread"), vec![Block::Thread(last)])
}

/// Whom the case names: the declaration is about them.
fn named(t: &Words, case: &Case) -> Section {
    let names: Vec<Fact> = case
        .entities()
        .iter()
        .map(|e| Fact { name: words::entity_kind(t, e.kind).to_owned(), value: one_line(&e.name), code: false })
        .collect();
    let block = match names.is_empty() {
        true => Block::Text(say!(t, "declare-nobody").to_owned()),
        false => Block::Facts(names),
    };
    section(t, key!("s-entities"), vec![block])
}

/// The numbers that a check compares with; `None` for a pack that compares with none.
fn thresholds(t: &Words, pack: &Pack) -> Option<Section> {
    let mut rows = Vec::new();
    for (name, (unit, list)) in &pack.thresholds {
        for row in list {
            let verified = t.get(if row.verified { key!("verified") } else { key!("not-compared") });
            let cells = [
                one_line(name),
                format!("{} {}", plain_number(row.value), unit.name),
                row.effective.to_string(),
                one_line(&row.source),
                verified.to_owned(),
            ];
            let tone = if row.verified { Tone::Plain } else { Tone::Soon };
            rows.push(cells.map(|text| Cell { text, tone, ..Cell::default() }).to_vec());
        }
    }
    let head = keys!["f-threshold", "col-result", "col-effective", "col-source", "col-verified"];
    let shown = !rows.is_empty();
    shown.then(|| section(t, key!("s-thresholds"), vec![table(t, key!("s-thresholds"), &head, rows)]))
}

/// As people write it: whole below a million, with an exponent above.
fn plain_number(n: f64) -> String {
    if (1e-3..1e6).contains(&n.abs()) || n == 0.0 { n.to_string() } else { format!("{n:e}") }
}
