//! The list of cases: filters, saved views, several at once.

use actix_web::{HttpResponse, http::StatusCode};
use subrosa_casework::case::{Case, ClockState, State};
use subrosa_templates::console::{CaseRow, Chip, Choice, Field, FieldKind, Form, Link, Queue, Tone, Words};

use super::super::{
    readings::SavedView,
    routes::{Fields, Visit, encode, html},
    snapshot::{CaseView, View, ended},
    words,
};

/// Cases on one page.
const PAGE: usize = 50;

/// What the list is narrowed to, as it stands in the address.
pub(in super::super) struct Filter {
    state: String,
    clock: String,
    assigned: String,
    regime: String,
    tag: String,
}

impl Filter {
    pub(in super::super) fn of(fields: &Fields) -> Self {
        let get = |name| fields.get(name).to_owned();
        Self {
            state: get("state"),
            clock: get("clock"),
            assigned: get("assigned"),
            regime: get("regime"),
            tag: get("tag"),
        }
    }

    /// As it stands in an address.
    pub(in super::super) fn query(&self) -> String {
        let parts = [
            ("state", &self.state),
            ("clock", &self.clock),
            ("assigned", &self.assigned),
            ("regime", &self.regime),
            ("tag", &self.tag),
        ];
        let set = parts.iter().filter(|(_, v)| !v.is_empty());
        set.map(|(n, v)| format!("{n}={}", encode(v))).collect::<Vec<_>>().join("&")
    }

    fn is_empty(&self) -> bool {
        [&self.state, &self.clock, &self.assigned, &self.regime, &self.tag].iter().all(|f| f.is_empty())
    }

    /// Whether a case is shown.
    pub(in super::super) fn lets(&self, view: &View, case: &CaseView, now: u64) -> bool {
        let Some(c) = case.case() else { return self.is_empty() };
        let state = match self.state.as_str() {
            "" => true,
            "running" => !ended(c.state()),
            "to-sign" => !c.proposals().is_empty(),
            name => c.state().name() == name,
        };
        let clocks = || view.clocks(c, now).into_iter().map(|(_, s)| s);
        let clock = match self.clock.as_str() {
            "" => true,
            "overdue" => clocks().any(|s| matches!(s, ClockState::Overdue { .. })),
            "soon" => {
                clocks().any(|s| matches!(s, ClockState::Running { due } if due.saturating_sub(now) < 7 * 86_400))
            }
            "breached" => !c.breaches().is_empty() || clocks().any(|s| matches!(s, ClockState::Late { .. })),
            _ => true,
        };
        let assigned = match self.assigned.as_str() {
            "" => true,
            "me" => c.assigned() == Some(view.me.holder),
            "nobody" => c.assigned().is_none(),
            holder => c.assigned().is_some_and(|h| h.to_string() == holder),
        };
        let regime = self.regime.is_empty() || regime(case).as_deref() == Some(self.regime.as_str());
        let tag = self.tag.is_empty() || c.tags().contains(&self.tag);
        state && clock && assigned && regime && tag
    }
}

/// The regime of a case: triage's, else the source's choice.
pub(in super::super) fn regime(case: &CaseView) -> Option<String> {
    let triage = case.case().and_then(Case::triage).map(|t| t.pack.id.clone());
    triage.or_else(|| case.tip.as_ref().map(|tip| tip.regime.clone()))
}

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

pub(in super::super) fn row(t: &Words, view: &View, id: &[u8; 32], case: &CaseView, base: &str, now: u64) -> CaseRow {
    let mut row = CaseRow {
        id: hex::encode(id),
        short: words::short(id),
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
            row.title = words::pack_text(t, view, &r.regime, "title").unwrap_or_else(|| words::clean(&r.regime));
            row.tags = r.tags.iter().map(|s| words::clean(s)).collect();
            row.chips = vec![Chip { tone: Tone::Soon, text: t.get("chip-unread").to_owned() }];
            row.last = words::day(r.last_at);
        }
        return row;
    };
    row.state = words::state(t, c.state());
    row.chips = chips(t, view, c, now);
    row.tags = c.tags().iter().map(|s| words::clean(s)).collect();
    row.assigned = match c.assigned() {
        Some(h) => words::clean(&view.name_of(h)),
        None => t.get("assigned-nobody").to_owned(),
    };
    row.last = words::day(c.last_at());
    row
}

/// Clocks that still matter, what waits, holds.
pub(in super::super) fn chips(t: &Words, view: &View, case: &Case, now: u64) -> Vec<Chip> {
    let mut out = Vec::new();
    for (name, state) in view.clocks(case, now) {
        let over = matches!(state, ClockState::Running { .. }) && ended(case.state());
        if !over && !matches!(state, ClockState::InTime { .. }) {
            out.push(words::clock(t, name, state, now));
        }
    }
    if !case.proposals().is_empty() {
        let text = t.with("chip-waiting", &[("n", &case.proposals().len())]);
        out.push(Chip { tone: Tone::Soon, text });
    }
    if let Some(score) = case.retaliation() {
        let tone = if score >= 50 { Tone::Bad } else { Tone::Plain };
        out.push(Chip { tone, text: t.with("chip-retaliation", &[("n", &score)]) });
    }
    if case.on_hold() {
        out.push(Chip { tone: Tone::Plain, text: t.get("chip-hold").to_owned() });
    }
    if case.must_turn_key() {
        out.push(Chip { tone: Tone::Bad, text: t.get("chip-turn-key").to_owned() });
    }
    if case.recused().any(|h| h == view.me.holder) {
        out.push(Chip { tone: Tone::Bad, text: t.get("chip-recused").to_owned() });
    }
    out
}

fn select(t: &Words, name: &str, value: &str, choices: impl IntoIterator<Item = (String, String)>) -> Field {
    let all = [(String::new(), t.get("filter-all").to_owned())];
    let choices = all.into_iter().chain(choices);
    Field {
        name: name.to_owned(),
        label: t.get(&format!("filter-{name}")).to_owned(),
        kind: FieldKind::Select,
        value: value.to_owned(),
        choices: choices.map(|(v, text)| Choice { chosen: v == value, value: v, text }).collect(),
        ..Field::default()
    }
}

fn filter_form(visit: &Visit, filter: &Filter) -> Form {
    let (t, view) = (visit.t, &visit.view);
    let word = |value: &str, key: &str| (value.to_owned(), t.get(key).to_owned());
    let mut states = vec![word("running", "filter-running"), word("to-sign", "filter-to-sign")];
    let mut seen: Vec<State> = view.cases.values().filter_map(CaseView::case).map(Case::state).collect();
    seen.sort_unstable();
    seen.dedup();
    states.extend(seen.into_iter().map(|s| (s.name().to_owned(), words::state(t, s).text)));
    let clocks = ["overdue", "soon", "breached"].map(|c| word(c, &format!("filter-{c}")));
    let mut people = vec![word("me", "filter-me"), word("nobody", "filter-nobody")];
    if let Some(known) = &view.known {
        let others = known.directory.officers().iter().map(|o| (o.key.holder_id(), o.name.clone()));
        people.extend(others.filter(|(h, _)| *h != view.me.holder).map(|(h, n)| (h.to_string(), words::clean(&n))));
    }
    let mut regimes: Vec<String> = view.cases.values().filter_map(regime).collect();
    regimes.sort_unstable();
    regimes.dedup();
    let regimes = regimes.into_iter().map(|r| {
        let text = words::pack_text(t, view, &r, "title").unwrap_or_else(|| words::clean(&r));
        (r, text)
    });
    let mut tags: Vec<String> = view.cases.values().filter_map(CaseView::case).flat_map(|c| c.tags().clone()).collect();
    tags.sort_unstable();
    tags.dedup();
    Form {
        action: format!("{}/", visit.base()),
        get: true,
        fields: vec![
            select(t, "state", &filter.state, states),
            select(t, "clock", &filter.clock, clocks),
            select(t, "assigned", &filter.assigned, people),
            select(t, "regime", &filter.regime, regimes),
            select(t, "tag", &filter.tag, tags.into_iter().map(|g| (g.clone(), words::clean(&g)))),
        ],
        submit: t.get("filter-go").to_owned(),
        cancel: Some(Link {
            url: format!("{}/", visit.base()),
            text: t.get("filter-reset").to_owned(),
            ..Link::default()
        }),
        ..Form::default()
    }
}

/// The list.
pub(in super::super) async fn show(visit: Visit) -> HttpResponse {
    if let Some(treasurer) = &visit.view.treasurer {
        return super::treasury::page(&visit, treasurer);
    }
    let (t, view, now) = (visit.t, visit.view.clone(), visit.now);
    let filter = Filter::of(&visit.query);
    let mut found: Vec<_> = view.cases.iter().filter(|(_, c)| filter.lets(&view, c, now)).collect();
    found.sort_by_key(|(id, c)| (urgency(&view, c, now), **id));
    let page: usize = visit.query.get("page").parse::<usize>().unwrap_or(1).max(1);
    let pages = found.len().div_ceil(PAGE).max(1);
    let base = visit.base();
    let rows = found.iter().skip((page - 1) * PAGE).take(PAGE);
    let cases = rows.map(|(id, c)| row(t, &view, id, c, &base, now)).collect();
    let query = visit.query.encoded(&["page", "said"]);
    let pager = match pages {
        1 => Vec::new(),
        n => (1..=n)
            .map(|i| Link {
                url: format!("{base}/?{query}&page={i}"),
                text: i.to_string(),
                here: i == page,
                count: None,
            })
            .collect(),
    };
    let empty = match (view.cases.is_empty(), view.fetched) {
        (true, None) => "queue-not-fetched",
        (true, Some(_)) => "queue-empty",
        (false, _) => "queue-no-match",
    };
    let mut f = visit.frame();
    for trouble in &view.troubles {
        f.notices.push(subrosa_templates::console::Notice { tone: Tone::Soon, text: trouble.words(t), code: None });
    }
    let here = filter.query();
    let saved = match visit.console.office.lock().await.as_ref() {
        Some(office) => office.book.pages.views.clone(),
        None => Vec::new(),
    };
    let views: Vec<Link> = saved
        .iter()
        .map(|v| {
            let kept = Filter::of(&Fields::of_query(&v.query));
            Link {
                url: format!("{base}/?{}", v.query),
                text: words::clean(&v.name),
                here: v.query == here,
                count: Some(view.cases.values().filter(|c| kept.lets(&view, c, now)).count()),
            }
        })
        .collect();
    let bulk =
        [("take", "bulk-take"), ("declare", "bulk-declare"), ("open-triage", "bulk-open-triage"), ("tag", "bulk-tag")];
    let bulk = vec![
        Field {
            name: "bulk".into(),
            label: t.get("bulk-what").to_owned(),
            kind: FieldKind::Radio,
            choices: bulk
                .iter()
                .map(|(v, k)| Choice { value: (*v).into(), text: t.get(k).to_owned(), chosen: *v == "take" })
                .collect(),
            ..Field::default()
        },
        Field { name: "bulk-tag".into(), label: t.get("ask-tag").to_owned(), ..Field::default() },
    ];
    let queue = Queue {
        filter: filter_form(&visit, &filter),
        views,
        save_view: (!filter.is_empty()).then(|| save_view(&visit, &here, &saved)),
        cases,
        count: t.with("queue-count", &[("shown", &found.len()), ("all", &view.cases.len())]),
        bulk,
        bulk_action: format!("{base}/bulk"),
        empty: t.get(empty).to_owned(),
        pager,
        f,
    };
    html(queue.to_html(), StatusCode::OK)
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
            label: t.get("view-name").to_owned(),
            required: true,
            ..Field::default()
        }),
    }
    Form {
        action: format!("{}/view", visit.base()),
        hidden,
        fields,
        submit: t.get(if known.is_some() { "view-forget" } else { "view-keep" }).to_owned(),
        ..Form::default()
    }
}
