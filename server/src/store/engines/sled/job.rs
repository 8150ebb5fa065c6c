//! Verbs on their way through the threads: asked, grouped, made durable, answered.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use tokio::sync::{mpsc::WeakSender, oneshot};

use super::group::{Group, Written};
use crate::store::{StoreError, Stored};

/// How far a verb got.
pub(super) enum Step<T> {
    /// Its changes are in the group; answer this once the group is durable.
    Done(T),
    /// It cannot be done; it has changed nothing.
    Refused(StoreError),
    /// Finish the group without it, then call it again in the next one.
    Again,
}

/// What a verb returns: an `Err` means that the disk failed, and stops the store.
pub(super) type Stepped<T> = Result<Step<T>, StoreError>;

/// A request on its way to the committer.
pub(super) enum Request {
    /// Do this verb in the group that is open.
    Do(Box<dyn Job>),
    /// The second step is free for a group.
    Wake,
    /// Finish what came before, then stop.
    Close(oneshot::Sender<()>),
}

/// A verb with its asker.
pub(super) trait Job: Send {
    /// Evaluates the verb; true when it is done.
    fn run(&mut self, group: &mut Group<'_>) -> Result<bool, StoreError>;
    /// Answers the asker: what the verb said if the group is durable, else that the store is closed.
    fn answer(self: Box<Self>, durable: bool);
}

/// A verb as a closure.
pub(super) struct Asked<F, T> {
    verb: F,
    outcome: Option<Stored<T>>,
    reply: oneshot::Sender<Stored<T>>,
}

impl<F, T> Asked<F, T> {
    /// Wraps a verb.
    pub(super) fn new(verb: F, reply: oneshot::Sender<Stored<T>>) -> Self {
        Self { verb, outcome: None, reply }
    }
}

impl<F, T> Job for Asked<F, T>
where
    F: FnMut(&mut Group<'_>) -> Stepped<T> + Send,
    T: Send,
{
    fn run(&mut self, group: &mut Group<'_>) -> Result<bool, StoreError> {
        match (self.verb)(group)? {
            Step::Done(value) => self.outcome = Some(Ok(value)),
            Step::Refused(error) => self.outcome = Some(Err(error)),
            Step::Again => return Ok(false),
        }
        Ok(true)
    }

    fn answer(self: Box<Self>, durable: bool) {
        let outcome = match self.outcome {
            Some(outcome) if durable => outcome,
            _ => Err(StoreError::Closed),
        };
        // An asker who went away does not mind.
        let _ = self.reply.send(outcome);
    }
}

/// A group on its way to its second step, with those who wait for it.
pub(super) struct Awaited {
    /// The group, written and not yet synced.
    pub(super) group: Written,
    /// The verbs in it, with those who wait for their answers.
    pub(super) jobs: Vec<Box<dyn Job>>,
}

impl Awaited {
    /// Answers everybody who waits for the group.
    pub(super) fn answer(self, durable: bool) {
        for job in self.jobs {
            job.answer(durable);
        }
    }
}

/// Tells the committer that the second step waits for a group; also at its end, however that comes, so that nobody
/// waits for it for ever.
pub(super) struct Waker {
    /// Whether it waits.
    pub(super) free: Arc<AtomicBool>,
    /// Wakes the committer.
    pub(super) wake: WeakSender<Request>,
}

impl Waker {
    /// Says that the second step is free.
    pub(super) fn wake_up(&self) {
        self.free.store(true, Ordering::Release);
        if let Some(requests) = self.wake.upgrade() {
            // A full queue means that the committer is awake anyway.
            let _ = requests.try_send(Request::Wake);
        }
    }
}

impl Drop for Waker {
    fn drop(&mut self) {
        self.wake_up();
    }
}
