//! From what was typed into an act's form to what will be done.

use rand_core::Rng as _;
use subrosa_casework::{
    case::{BudgetView, Draft, Given, Outside, Problem, Step, draft},
    journal::Replay,
    number::Numerals,
};
use subrosa_engine::officer;
use subrosa_templates::console::Words;

use super::super::{
    routes::{Fields, Visit},
    words,
};

/// A form's fields, with amounts read as the page's language writes them.
struct Typed<'a> {
    t: &'static Words,
    fields: &'a Fields,
}

impl Given for Typed<'_> {
    fn text(&self, name: &str) -> &str {
        self.fields.get(name)
    }

    fn numbers(&self) -> &Numerals {
        self.t.locale().numbers()
    }

    fn amounts(&self) -> &Numerals {
        self.t.locale().amounts()
    }
}

/// What is wrong with what was typed: field, and the sentence.
pub(in super::super) type Problems = Vec<(String, String)>;

/// Reads what was typed. `budget` is what the public books say; it is asked for where money is decided.
pub(in super::super) fn read(
    step: Step,
    visit: &Visit,
    replay: &Replay,
    fields: &Fields,
    budget: Option<BudgetView>,
) -> Result<Draft, Problems> {
    let (t, view, case) = (visit.t, &visit.view, replay.case());
    let mut fresh = [0; 16];
    rand_core::UnwrapErr(getrandom::SysRng).fill_bytes(&mut fresh);
    let outside = match &view.known {
        Some(k) => {
            let known = (&*k.directory, &k.policies, &k.ctx);
            officer::outside(case, view.me.holder, known, view.cases.keys().copied(), budget, fresh)
        }
        None => Outside { budget, fresh, ..Outside::default() },
    };
    let said = |problem: Problem| match (problem.key(), problem) {
        (_, Problem::Said(words)) => words,
        (_, Problem::Amount(e)) => words::amount_error(t, &e),
        (_, Problem::Misread(e)) => words::number_error(t, &e),
        (key, _) => t.get(&key.unwrap_or_default()).to_owned(),
    };
    draft(step, case, &Typed { t, fields }, &outside)
        .map_err(|problems| problems.into_iter().map(|(field, problem)| (field, said(problem))).collect())
}
