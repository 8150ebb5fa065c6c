//! Numbers over all cases of this desk: states, ages, legal dates, outcomes.

use std::collections::BTreeMap;

use actix_web::HttpResponse;
use subrosa_casework::case::{Case, ClockName, ClockState, State};
use subrosa_templates::console::{Bar, Block, Chart, Section, Words};
use subrosa_templates::{key, keys, say};

use super::parts::{cell, heads, page, section, table};
use crate::{
    request::Visit,
    snapshot::{CaseView, View, ended},
    words,
};

/// Ages in days at which a bar ends, and the keys of the bars' words; what is older has the last.
const AGES: [u64; 4] = [7, 30, 90, 180];
const AGE_KEYS: [&str; 5] = keys!["age-week", "age-month", "age-quarter", "age-half", "age-more"];

/// Charts, each with its numbers as a table beside it.
pub(crate) async fn numbers(visit: Visit) -> HttpResponse {
    let (t, view, now) = (visit.t, &visit.view, visit.now);
    let cases: Vec<&Case> = view.cases.values().filter_map(CaseView::case).collect();
    let one = keys!["col-cases"];
    let clocks = keys!["part-in-time", "part-missed", "part-running"];
    let outcomes = outcomes(t, &cases);
    let sections = vec![
        chart(t, key!("s-states"), key!("chart-states"), &one, states(t, &cases)),
        chart(t, key!("s-ages"), key!("chart-ages"), &one, ages(t, &cases, now)),
        chart(t, key!("s-breaches"), key!("chart-clocks"), &clocks, legal_dates(t, view, &cases, now)),
        match outcomes.is_empty() {
            true => section(t, key!("s-outcomes"), vec![Block::Text(say!(t, "outcomes-none").to_owned())]),
            false => chart(t, key!("s-outcomes"), key!("chart-outcomes"), &one, outcomes),
        },
    ];
    page(&visit, key!("room-numbers"), say!(t, "numbers-lead", n = cases.len()), sections)
}

fn bar(label: String, n: u64) -> Bar {
    Bar { label, parts: vec![n] }
}

/// How many cases are in each state that there is.
fn states(t: &Words, cases: &[&Case]) -> Vec<Bar> {
    let mut states: BTreeMap<State, u64> = BTreeMap::new();
    for c in cases {
        *states.entry(c.state()).or_default() += 1;
    }
    states.into_iter().map(|(s, n)| bar(words::state(t, s).text, n)).collect()
}

/// How old the cases are that run.
fn ages(t: &Words, cases: &[&Case], now: u64) -> Vec<Bar> {
    let mut ages = [0; 5];
    for received in cases.iter().filter(|c| !ended(c.state())).filter_map(|c| c.received()) {
        let days = now.saturating_sub(received.received_at) / 86_400;
        let slot = AGES.iter().position(|limit| days < *limit).unwrap_or(AGES.len());
        if let Some(n) = ages.get_mut(slot) {
            *n += 1;
        }
    }
    AGE_KEYS.iter().zip(ages).map(|(k, n)| bar(t.get(k).to_owned(), n)).collect()
}

/// For each legal date: how often it was kept, missed, and is still to come.
fn legal_dates(t: &Words, view: &View, cases: &[&Case], now: u64) -> Vec<Bar> {
    let mut clocks: BTreeMap<ClockName, [u64; 3]> = BTreeMap::new();
    for (name, state) in cases.iter().flat_map(|c| view.clocks(c, now)) {
        let [kept, missed, running] = clocks.entry(name).or_default();
        match state {
            ClockState::InTime { .. } => *kept += 1,
            ClockState::Late { .. } | ClockState::Overdue { .. } => *missed += 1,
            ClockState::Running { .. } => *running += 1,
        }
    }
    let bar = |(name, parts): (ClockName, [u64; 3])| {
        let label = words::clock_name(t, name).to_owned();
        Bar { label, parts: parts.to_vec() }
    };
    clocks.into_iter().map(bar).collect()
}

/// How the cases ended that have ended.
fn outcomes(t: &Words, cases: &[&Case]) -> Vec<Bar> {
    let mut outcomes: BTreeMap<String, u64> = BTreeMap::new();
    for c in cases {
        let outcome = match c.closed() {
            Some((reason, _)) => words::close_reason(t, reason),
            None if ended(c.state()) => words::state(t, c.state()).text,
            None => continue,
        };
        *outcomes.entry(outcome).or_default() += 1;
    }
    outcomes.into_iter().map(|(k, n)| bar(k, n)).collect()
}

/// A chart with its numbers as a table beside it.
fn chart(t: &Words, id: &str, title: &str, series: &[&str], bars: Vec<Bar>) -> Section {
    let row = |b: &Bar| std::iter::once(b.label.clone()).chain(b.parts.iter().map(u64::to_string)).map(cell).collect();
    let rows = bars.iter().map(row).collect();
    let drawing = Chart { title: t.get(title).to_owned(), series: heads(t, series), bars };
    let head: Vec<&str> = std::iter::once(key!("col-what")).chain(series.iter().copied()).collect();
    section(t, id, vec![Block::Drawing(drawing), table(t, title, &head, rows)])
}
