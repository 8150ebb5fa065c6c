//! How far a fetch from the server is.

use subrosa_engine::session::Step;
use subrosa_templates::key;
use tokio::task::AbortHandle;

use crate::trouble::Trouble;

/// What the last fetch does or did, for every page's frame.
#[derive(Default)]
pub(crate) struct Progress {
    /// The key of the step's words; empty before the first fetch.
    pub(crate) step: &'static str,
    /// So many cases are done.
    pub(crate) done: usize,
    /// Of so many; zero if the step counts nothing.
    pub(crate) of: usize,
    /// Why the fetch ended before its time.
    pub(crate) problem: Option<Trouble>,
    task: Option<AbortHandle>,
}

impl Progress {
    /// A fetch that begins, and the task that carries it out.
    pub(crate) fn begun(task: AbortHandle) -> Self {
        Self { step: key!("fetch-charter"), task: Some(task), ..Self::default() }
    }

    pub(crate) fn running(&self) -> bool {
        self.task.is_some()
    }

    /// The last fetch went through to its end.
    pub(crate) fn is_done(&self) -> bool {
        self.step == key!("fetch-done")
    }

    /// The fetch is over: done, or for this reason not.
    pub(crate) fn ended(&mut self, problem: Option<Trouble>) {
        self.task = None;
        match problem {
            None => self.at(key!("fetch-done"), 0, 0),
            Some(_) => self.at(key!("fetch-failed"), 0, 0),
        }
        self.problem = problem;
    }

    /// Stops a fetch where it is: as after a power cut, nothing is lost and the next one begins there.
    pub(crate) fn stop(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }

    pub(crate) fn at(&mut self, step: &'static str, done: usize, of: usize) {
        (self.step, self.done, self.of) = (step, done, of);
    }
}

/// The key of a step's words.
pub(crate) fn step_key(step: Step) -> &'static str {
    match step {
        Step::Log => key!("fetch-log"),
        Step::Keys => key!("fetch-keys"),
        Step::Board => key!("fetch-board"),
        Step::Filing => key!("fetch-filing"),
        Step::Outbox => key!("fetch-outbox"),
        Step::Reading => key!("fetch-cases"),
    }
}
