//! The list of cases: filters, saved views, several at once.

use actix_web::{HttpResponse, http::StatusCode};
use subrosa_casework::case::{ClockState, State};
use subrosa_templates::console::{CaseRow, Chip, Choice, Field, FieldKind, Form, Link, Queue, Tone, Words};
use subrosa_templates::{key, say};

use super::{
    filter::{self, Filter},
    head::chips_of,
    parts::notice,
    treasury,
};
use crate::{
    clock::day,
    fields::Fields,
    frame::html,
    readings::SavedView,
    request::Visit,
    snapshot::{CaseView, View, ended},
    text::{clean, one_line, short},
    words,
};

/// Cases on one page.
const PAGE: usize = 50;

/// What is most urgent first: overdue, then what is due next, then the oldest. Ended cases last.
fn urgency(view: &View, case: &CaseView, now: u64) -> (u8, u64) {
    let Some(c) = case.case() else { return (0, 0) };
    if ended(c.state()) {
        return (3, u64::MAX - c.last_at());
    }
    let mut due = u64::MAX;
    for (_, state) in view.clocks(c, now) {
        match state {
            ClockState::Overdue { due: d } => return (1, d),
            ClockState::Running { due: d } => due = due.min(d),
            _ => {}
        }
    }
    (2, due)
}

fn row(t: &Words, view: &View, id: &[u8; 32], case: &CaseView, base: &str, now: u64) -> CaseRow {
    let mut row = CaseRow {
        id: hex::encode(id),
        short: short(id),
        title: words::title(t, view, case),
        url: format!("{base}/case/{}", hex::encode(id)),
        trouble: case.trouble.as_ref().map(|trouble| trouble.words(t)),
        ..CaseRow::default()
    };
    let Some(c) = case.case() else {
        let key = if case.purged { State::Purged } else { State::Empty };
        row.state = words::state(t, key);
        if let Some(r) = &case.row {
            row.state.text = t.named("state", &r.state).to_owned();
            row.title = words::pack_text(t, view, &r.regime, "title").unwrap_or_else(|| one_line(&r.regime));
            row.tags = r.tags.iter().map(|s| clean(s)).collect();
            row.chips = vec![Chip { tone: Tone::Soon, text: say!(t, "chip-unread").to_owned() }];
            row.last = day(r.last_at);
        }
        return row;
    };
    row.state = words::state(t, c.state());
    row.chips = chips_of(t, view, c, now);
    row.tags = c.tags().iter().map(|s| clean(s)).collect();
    row.assigned = match c.assigned() {
        Some(h) => one_line(&view.name_of(h)),
        None => say!(t, "assigned-nobody").to_owned(),
    };
    row.last = day(c.last_at());
    row
}

/// The first page of a desk: an officer's cases, or what an administrator has to do.
pub(crate) async fn show(visit: Visit) -> HttpResponse {
    if let Some(treasurer) = &visit.view.treasurer {
        return treasury::page(&visit, treasurer);
    }
    let (t, view, now) = (visit.t, &visit.view, visit.now);
    let filter = Filter::of(&visit.query);
    let mut found: Vec<_> = view.cases.iter().filter(|(_, c)| filter.lets(view, c, now)).collect();
    found.sort_by_key(|(id, c)| (urgency(view, c, now), **id));
    let page: usize = visit.query.get("page").parse::<usize>().unwrap_or(1).max(1);
    let base = visit.base();
    let rows = found.iter().skip((page - 1) * PAGE).take(PAGE);
    let cases = rows.map(|(id, c)| row(t, view, id, c, &base, now)).collect();
    let empty = match (view.cases.is_empty(), view.fetched) {
        (true, None) => say!(t, "queue-not-fetched"),
        (true, Some(_)) => say!(t, "queue-empty"),
        (false, _) => say!(t, "queue-no-match"),
    };
    let mut f = visit.frame();
    f.notices.extend(view.troubles.iter().map(|trouble| notice(Tone::Soon, trouble.words(t))));
    let here = filter.query();
    let saved = visit.console.with_book(|book| book.pages.views.clone()).unwrap_or_default();
    let queue = Queue {
        filter: filter::form(&visit, &filter),
        views: saved.iter().map(|v| view_link(&visit, v, &here)).collect(),
        save_view: (!filter.is_empty()).then(|| save_view(&visit, &here, &saved)),
        cases,
        count: say!(t, "queue-count", shown = found.len(), all = view.cases.len()),
        bulk: bulk(t),
        bulk_action: format!("{base}/bulk"),
        empty: empty.to_owned(),
        pager: pager(&visit, page, found.len().div_ceil(PAGE)),
        f,
    };
    html(queue.to_html(), StatusCode::OK)
}

/// Links to each page of a list that has several.
fn pager(visit: &Visit, page: usize, pages: usize) -> Vec<Link> {
    let (base, query) = (visit.base(), visit.query.encoded(&["page", "said"]));
    let link =
        |i: usize| Link { url: format!("{base}/?{query}&page={i}"), text: i.to_string(), here: i == page, count: None };
    if pages > 1 { (1..=pages).map(link).collect() } else { Vec::new() }
}

/// A saved view, with the number of its cases.
fn view_link(visit: &Visit, saved: &SavedView, here: &str) -> Link {
    let filter = Filter::of(&Fields::of_query(&saved.query));
    let cases = visit.view.cases.values();
    Link {
        url: format!("{}/?{}", visit.base(), saved.query),
        text: one_line(&saved.name),
        here: saved.query == here,
        count: Some(cases.filter(|c| filter.lets(&visit.view, c, visit.now)).count()),
    }
}

/// What can be done with several cases at once.
fn bulk(t: &Words) -> Vec<Field> {
    let choice = |value: &str, text: &str, chosen| Choice { value: value.into(), text: text.to_owned(), chosen };
    let choices = vec![
        choice("take", say!(t, "bulk-take"), true),
        choice("declare", say!(t, "bulk-declare"), false),
        choice("open-triage", say!(t, "bulk-open-triage"), false),
        choice("tag", say!(t, "bulk-tag"), false),
    ];
    let label = say!(t, "bulk-what").to_owned();
    vec![
        Field { name: "bulk".into(), label, kind: FieldKind::Radio, choices, ..Field::default() },
        Field { name: "bulk-tag".into(), label: say!(t, "ask-tag").to_owned(), ..Field::default() },
    ]
}

/// Keeps the filters under a name, or forgets the view that has these filters.
fn save_view(visit: &Visit, here: &str, saved: &[SavedView]) -> Form {
    let t = visit.t;
    let known = saved.iter().find(|v| v.query == here);
    let mut hidden = vec![("query".to_owned(), here.to_owned())];
    let mut fields = Vec::new();
    match known {
        Some(v) => hidden.extend([("name".to_owned(), v.name.clone()), ("forget".to_owned(), "yes".to_owned())]),
        None => fields.push(Field {
            name: "name".into(),
            label: say!(t, "view-name").to_owned(),
            required: true,
            ..Field::default()
        }),
    }
    Form {
        action: format!("{}/view", visit.base()),
        hidden,
        fields,
        submit: t.get(if known.is_some() { key!("view-forget") } else { key!("view-keep") }).to_owned(),
        ..Form::default()
    }
}
