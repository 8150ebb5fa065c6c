//! From what was typed into an act's form to what will be done.

use rand_core::Rng as _;
use subrosa_casework::{
    case::{BudgetView, Draft, Given, Outside, Problem, Step, draft},
    journal::Replay,
    number::Numerals,
};
use subrosa_engine::officer;
use subrosa_templates::console::Words;
use subrosa_templates::say;

use crate::{fields::Fields, request::Visit, words};

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
pub(crate) type Problems = Vec<(String, String)>;

/// Reads what was typed. `budget` is what the public books say; it is asked for where money is decided.
pub(crate) fn read(
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
    draft(step, case, &Typed { t, fields }, &outside)
        .map_err(|problems| problems.into_iter().map(|(field, problem)| (field, said(t, problem))).collect())
}

/// What is said of a field in which something is wrong.
fn said(t: &Words, problem: Problem) -> String {
    let words = match problem {
        Problem::Said(words) => return words,
        Problem::Amount(e) => return words::amount_error(t, &e),
        Problem::Misread(e) => return words::number_error(t, &e),
        Problem::Rule(rule) => words::rule(t, rule),
        Problem::Empty => say!(t, "wrong-empty"),
        Problem::Choice => say!(t, "wrong-choice"),
        Problem::Digest => say!(t, "wrong-digest"),
        Problem::Number => say!(t, "wrong-number"),
        Problem::Jurisdiction => say!(t, "wrong-jurisdiction"),
        Problem::NoPack => say!(t, "wrong-no-pack"),
        Problem::NoBudget => say!(t, "wrong-no-budget"),
        Problem::NoFacts => say!(t, "wrong-no-facts"),
    };
    words.to_owned()
}
