//! The one thread that all writes go through: it groups whatever waits, takes the group through its first step, and hands it to the
//! thread that does the second and answers everybody.

use std::{collections::VecDeque, sync::mpsc::SyncSender, thread::JoinHandle};

use tokio::sync::{mpsc, oneshot};

use super::{
    group::{Disk, Group},
    index::Awaited,
};
use crate::store::{StoreError, Stored};

/// How many requests may wait before their senders do.
pub(super) const QUEUE: usize = 256;
/// A group is closed when its bodies reach this many bytes,
const GROUP_BYTES: u64 = 16 * 1024 * 1024;
/// or its rows this number: then sled's log cannot run through more than a segment between two syncs.
const GROUP_ROWS: usize = 2048;

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
    /// Do this.
    Do(Box<dyn Job>),
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

/// The second step's thread, and the way to it.
pub(super) struct Second {
    /// Takes a group when the one before it is durable.
    pub(super) groups: SyncSender<Awaited>,
    /// The thread.
    pub(super) thread: JoinHandle<()>,
}

/// Runs until it is told to close, every sender is gone, or the disk fails.
pub(super) fn run(mut disk: Disk, mut requests: mpsc::Receiver<Request>, second: Second, failed: impl Fn(&StoreError)) {
    let mut carried: VecDeque<Request> = VecDeque::new();
    let mut closing = None;
    loop {
        let request = match carried.pop_front() {
            Some(request) => Some(request),
            None => requests.blocking_recv(),
        };
        let first = match request {
            Some(Request::Do(job)) => job,
            Some(Request::Close(done)) => {
                closing = Some(done);
                break;
            }
            None => break,
        };
        let awaited = match one_group(&mut disk, &mut requests, first, &mut carried) {
            Ok(awaited) => awaited,
            Err(error) => {
                failed(&error);
                break;
            }
        };
        if let Err(refused) = second.groups.send(awaited) {
            // The second step has failed, and has said so.
            refused.0.answer(false);
            break;
        }
    }
    // What is in its second step is finished; what waits is told that the store is closed, for its sender is dropped.
    drop(carried);
    drop(second.groups);
    let _ = second.thread.join();
    drop(disk);
    if let Some(done) = closing {
        // Whoever closed may have gone away.
        let _ = done.send(());
    }
}

/// Fills a group and takes it through its first step. What asked to be called again in the next group is put in front of `carried`.
fn one_group(
    disk: &mut Disk,
    requests: &mut mpsc::Receiver<Request>,
    first: Box<dyn Job>,
    carried: &mut VecDeque<Request>,
) -> Result<Awaited, StoreError> {
    let mut group = Group::new(disk);
    let mut jobs: Vec<Box<dyn Job>> = Vec::new();
    let mut again: Vec<Request> = Vec::new();
    let mut next = Some(first);
    let mut evaluated = Ok(());
    while let Some(mut job) = next.take() {
        match job.run(&mut group) {
            Ok(true) => jobs.push(job),
            Ok(false) => {
                again.push(Request::Do(job));
                // The first one has done a part of its work, and others may join it: a long expiry holds nobody up. A later one wants this
                // group out of its way.
                if again.len() > 1 || !jobs.is_empty() {
                    break;
                }
            }
            Err(error) => {
                jobs.push(job);
                evaluated = Err(error);
                break;
            }
        }
        if group.body_bytes() >= GROUP_BYTES || group.row_count() >= GROUP_ROWS {
            break;
        }
        match carried.pop_front().or_else(|| requests.try_recv().ok()) {
            Some(Request::Do(job)) => next = Some(job),
            Some(close) => carried.push_front(close),
            None => {}
        }
    }
    for request in again.into_iter().rev() {
        carried.push_front(request);
    }
    match evaluated.and_then(|()| group.write()) {
        Ok(group) => Ok(Awaited { group, jobs }),
        Err(error) => {
            for job in jobs {
                job.answer(false);
            }
            Err(error)
        }
    }
}
