//! One act in one case, as an address names it.

use std::sync::Arc;

use actix_web::{HttpResponse, http::StatusCode};
use subrosa_casework::{case::Step, journal::Replay};
use subrosa_templates::{console::Words, key};

use crate::{
    pages::{
        head::{CasePage, open},
        parts::problem,
    },
    readings::Reading,
    request::Visit,
    words,
};

/// The act, the case, and where the act's form goes.
pub(super) struct Place {
    pub(super) id: [u8; 32],
    pub(super) replay: Arc<Replay>,
    pub(super) step: Step,
    pub(super) url: String,
}

impl Place {
    /// Opens the case of an address; the reading is written down.
    pub(super) fn of(visit: &Visit, path: &(String, String, String)) -> Result<Self, HttpResponse> {
        let Some(step) = Step::of(&path.2) else {
            return Err(problem(visit, StatusCode::NOT_FOUND, key!("no-such-act")));
        };
        let (id, replay) = open(visit, &path.1, CasePage::Overview, Reading::Page)?;
        let url = format!("{}/act/{}", visit.case_url(&id), step.id());
        Ok(Self { id, replay, step, url })
    }

    /// This officer can write to the case's source.
    pub(super) fn has_conversation(&self, visit: &Visit) -> bool {
        visit.view.cases.get(&self.id).is_some_and(|c| c.conversation)
    }

    /// The case's first page.
    pub(super) fn case_url(&self, visit: &Visit) -> String {
        visit.case_url(&self.id)
    }

    /// Under which name what is typed is kept.
    pub(super) fn draft(&self) -> String {
        format!("{}/{}", hex::encode(self.id), self.step.id())
    }

    /// The act's name in words.
    pub(super) fn title(&self, t: &Words) -> String {
        words::act_name(t, self.step)
    }

    /// What is said of it first, line by line; nothing for an act that needs no more than its name.
    pub(super) fn lead(&self, t: &Words) -> Vec<String> {
        let key = format!("lead-{}", self.step.id());
        if t.has(&key) { t.get(&key).lines().map(ToOwned::to_owned).collect() } else { Vec::new() }
    }
}
