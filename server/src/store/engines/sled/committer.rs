//! The one thread that all writes go through: it groups whatever comes until the disk is free, takes the group through
//! its first step, and hands it to the thread that does the second and answers everybody.

use std::{
    collections::VecDeque,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::SyncSender,
    },
    thread::JoinHandle,
};

use tokio::sync::{mpsc, oneshot};

use super::{
    group::{Disk, Group},
    job::{Awaited, Job, Request},
};
use crate::store::StoreError;

/// How many requests may wait before their senders do.
pub(super) const QUEUE: usize = 256;
/// A group is closed when its bodies reach this many bytes,
const GROUP_BYTES: u64 = 16 * 1024 * 1024;
/// or its rows this number, with which sled's log cannot run through more than a segment.
const GROUP_ROWS: usize = super::index::SETTLE_ROWS;

/// The second step's thread, and the way to it.
pub(super) struct Second {
    /// Takes a group when the one before it is durable.
    pub(super) groups: SyncSender<Awaited>,
    /// Whether it waits for one.
    pub(super) free: Arc<AtomicBool>,
    /// The threads of the second step and of the index, in the order in which they end.
    pub(super) threads: Vec<JoinHandle<()>>,
}

/// Runs until it is told to close, every sender is gone, or the disk fails.
pub(super) fn run(mut disk: Disk, mut requests: mpsc::Receiver<Request>, second: Second, failed: impl Fn(&StoreError)) {
    let mut queue = Queue { carried: VecDeque::new(), closing: None, ended: false };
    while let Some(first) = queue.wait(&mut requests) {
        let awaited = match one_group(&mut disk, &mut requests, first, &mut queue, &second.free) {
            Ok(awaited) => awaited,
            Err((error, jobs)) => {
                failed(&error);
                for job in jobs {
                    job.answer(false);
                }
                break;
            }
        };
        second.free.store(false, Ordering::Release);
        if let Err(refused) = second.groups.send(awaited) {
            // The second step has failed, and has said so.
            refused.0.answer(false);
            break;
        }
    }
    // What is in its second step is finished; what waits is told that the store is closed, for its sender is dropped.
    let closing = queue.closing.take();
    drop(queue);
    drop(second.groups);
    for thread in second.threads {
        let _ = thread.join();
    }
    drop(disk);
    if let Some(done) = closing {
        // Whoever closed may have gone away.
        let _ = done.send(());
    }
}

/// Jobs in the order in which groups take them.
struct Queue {
    /// What asked to be called again in a later group.
    carried: VecDeque<Box<dyn Job>>,
    /// Who wants to be told of the end, once somebody has asked for it.
    closing: Option<oneshot::Sender<()>>,
    /// Nothing more is taken.
    ended: bool,
}

impl Queue {
    /// The next job, if one is there.
    fn try_next(&mut self, requests: &mut mpsc::Receiver<Request>) -> Option<Box<dyn Job>> {
        loop {
            if let Some(job) = self.carried.pop_front() {
                return Some(job);
            }
            if self.ended {
                return None;
            }
            let request = requests.try_recv().ok()?;
            if let Some(job) = self.sort(Some(request)) {
                return Some(job);
            }
        }
    }

    /// The next job, as soon as there is one; `None` at the end.
    fn wait(&mut self, requests: &mut mpsc::Receiver<Request>) -> Option<Box<dyn Job>> {
        loop {
            if let Some(job) = self.try_next(requests) {
                return Some(job);
            }
            if self.ended {
                return None;
            }
            let request = requests.blocking_recv();
            if let Some(job) = self.sort(request) {
                return Some(job);
            }
        }
    }

    /// Waits until something comes, be it only the news that the second step is free.
    fn doze(&mut self, requests: &mut mpsc::Receiver<Request>) -> Option<Box<dyn Job>> {
        let request = requests.blocking_recv();
        self.sort(request)
    }

    fn sort(&mut self, request: Option<Request>) -> Option<Box<dyn Job>> {
        match request {
            Some(Request::Do(job)) => return Some(job),
            Some(Request::Wake) => {}
            Some(Request::Close(done)) => {
                self.closing = Some(done);
                self.ended = true;
            }
            None => self.ended = true,
        }
        None
    }
}

/// Fills a group until the second step is free for it and nothing waits, or it is full, and takes it through its first
/// step. What asked to be called again in the next group is put in front of the queue.
fn one_group(
    disk: &mut Disk,
    requests: &mut mpsc::Receiver<Request>,
    first: Box<dyn Job>,
    queue: &mut Queue,
    free: &AtomicBool,
) -> Result<Awaited, (StoreError, Vec<Box<dyn Job>>)> {
    let mut group = Group::new(disk);
    let mut jobs: Vec<Box<dyn Job>> = Vec::new();
    let mut again: Vec<Box<dyn Job>> = Vec::new();
    let mut next = Some(first);
    let evaluated = loop {
        match next.take() {
            Some(mut job) => match job.run(&mut group) {
                Ok(true) => jobs.push(job),
                Ok(false) => {
                    again.push(job);
                    // The first one has done a part of its work, and others may join it: a long expiry holds nobody up.
                    // A later one wants this group out of its way.
                    if again.len() > 1 || !jobs.is_empty() {
                        break Ok(());
                    }
                }
                Err(error) => {
                    jobs.push(job);
                    break Err(error);
                }
            },
            None if free.load(Ordering::Acquire) || queue.ended => break Ok(()),
            None => next = queue.doze(requests),
        }
        if group.body_bytes() >= GROUP_BYTES || group.row_count() >= GROUP_ROWS {
            break Ok(());
        }
        if next.is_none() {
            next = queue.try_next(requests);
        }
    };
    for job in again.into_iter().rev() {
        queue.carried.push_front(job);
    }
    match evaluated.and_then(|()| group.write()) {
        Ok(group) => Ok(Awaited { group, jobs }),
        Err(error) => Err((error, jobs)),
    }
}
