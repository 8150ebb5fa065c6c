//! What the list of cases is narrowed to.

use subrosa_casework::case::{Case, ClockState, State};
use subrosa_templates::console::{Choice, Field, FieldKind, Form, Words};
use subrosa_templates::{key, say};

use super::parts::link;
use crate::{
    fields::{Fields, encode},
    request::Visit,
    snapshot::{CaseView, View, ended},
    text::one_line,
    words,
};

/// What the list is narrowed to, as it stands in the address.
pub(crate) struct Filter {
    state: String,
    clock: String,
    assigned: String,
    regime: String,
    tag: String,
}

impl Filter {
    pub(crate) fn of(fields: &Fields) -> Self {
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
    pub(crate) fn query(&self) -> String {
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

    /// Nothing is filtered out.
    pub(crate) fn is_empty(&self) -> bool {
        [&self.state, &self.clock, &self.assigned, &self.regime, &self.tag].iter().all(|f| f.is_empty())
    }

    /// Whether a case is shown.
    pub(crate) fn lets(&self, view: &View, case: &CaseView, now: u64) -> bool {
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
fn regime(case: &CaseView) -> Option<String> {
    let triage = case.case().and_then(Case::triage).map(|t| t.pack.id.clone());
    triage.or_else(|| case.tip.as_ref().map(|tip| tip.regime.clone()))
}

/// A filter: `label` is the key of its words.
fn select(
    t: &Words,
    (name, label): (&str, &str),
    value: &str,
    choices: impl IntoIterator<Item = (String, String)>,
) -> Field {
    let all = [(String::new(), say!(t, "filter-all").to_owned())];
    let choices = all.into_iter().chain(choices);
    Field {
        name: name.to_owned(),
        label: t.get(label).to_owned(),
        kind: FieldKind::Select,
        value: value.to_owned(),
        choices: choices.map(|(v, text)| Choice { chosen: v == value, value: v, text }).collect(),
        ..Field::default()
    }
}

/// The filters as a form above the list.
pub(crate) fn form(visit: &Visit, filter: &Filter) -> Form {
    let (t, view) = (visit.t, &visit.view);
    let word = |value: &str, key: &str| (value.to_owned(), t.get(key).to_owned());
    let mut states = vec![word("running", key!("filter-running")), word("to-sign", key!("filter-to-sign"))];
    let mut seen: Vec<State> = view.cases.values().filter_map(CaseView::case).map(Case::state).collect();
    seen.sort_unstable();
    seen.dedup();
    states.extend(seen.into_iter().map(|s| (s.name().to_owned(), words::state(t, s).text)));
    let clocks = [
        word("overdue", key!("filter-overdue")),
        word("soon", key!("filter-soon")),
        word("breached", key!("filter-breached")),
    ];
    let mut people = vec![word("me", key!("filter-me")), word("nobody", key!("filter-nobody"))];
    if let Some(known) = &view.known {
        let others = known.directory.officers().iter().map(|o| (o.key.holder_id(), o.name.clone()));
        people.extend(others.filter(|(h, _)| *h != view.me.holder).map(|(h, n)| (h.to_string(), one_line(&n))));
    }
    let mut regimes: Vec<String> = view.cases.values().filter_map(regime).collect();
    regimes.sort_unstable();
    regimes.dedup();
    let regimes = regimes.into_iter().map(|r| {
        let text = words::pack_text(t, view, &r, "title").unwrap_or_else(|| one_line(&r));
        (r, text)
    });
    let mut tags: Vec<String> = view.cases.values().filter_map(CaseView::case).flat_map(|c| c.tags().clone()).collect();
    tags.sort_unstable();
    tags.dedup();
    Form {
        action: format!("{}/", visit.base()),
        get: true,
        fields: vec![
            select(t, ("state", key!("filter-state")), &filter.state, states),
            select(t, ("clock", key!("filter-clock")), &filter.clock, clocks),
            select(t, ("assigned", key!("filter-assigned")), &filter.assigned, people),
            select(t, ("regime", key!("filter-regime")), &filter.regime, regimes),
            select(t, ("tag", key!("filter-tag")), &filter.tag, tags.into_iter().map(|g| (g.clone(), one_line(&g)))),
        ],
        submit: say!(t, "filter-go").to_owned(),
        cancel: Some(link(format!("{}/", visit.base()), say!(t, "filter-reset"))),
        ..Form::default()
    }
}
