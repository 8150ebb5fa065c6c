//! One connection: what it is doing, since when, and when its time is up.

use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    task::Waker,
    time::{Duration, Instant},
};

use futures_util::task::AtomicWaker;

use super::circuit::Circuit;
use crate::lock::locked;

/// The longest head of a request.
const HEAD_MAX: usize = 16 * 1024;
/// What is read behind a head before its request is begun: body, or the next requests.
const BEHIND_HEAD: usize = 32 * 1024;
/// How long a connection may linger that is being closed, after the last byte either way, and in all.
const LINGER: Duration = Duration::from_secs(5);
const LINGER_MOST: Duration = Duration::from_secs(30);
/// How long the other side may leave an answer lying before the floor counts.
const WRITE_GRACE: Duration = Duration::from_secs(30);

/// How long each part of a request may take.
#[derive(Clone, Copy, Debug)]
pub(super) struct Rules {
    /// For a head.
    pub(super) head: Duration,
    /// For a body, besides what the floor gives.
    pub(super) body: Duration,
    /// For a connection on which nothing is asked.
    pub(super) idle: Duration,
    /// Bytes a second, at least, either way.
    pub(super) floor: usize,
}

impl Rules {
    /// How long a body may take that has sent `len` bytes so far.
    pub(super) fn body_time(&self, len: usize) -> Duration {
        self.body.saturating_add(self.at_floor(len as u64))
    }

    fn at_floor(&self, bytes: u64) -> Duration {
        Duration::from_millis(bytes.saturating_mul(1000) / self.floor as u64)
    }
}

/// How a connection ends that is sent away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Goodbye {
    /// At once and without a word.
    Silent,
    /// With 408, for its time was up.
    TooSlow,
    /// With 431, for its head has no end.
    HeadTooLong,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// Nothing is asked.
    Idle,
    /// A head is on its way.
    Head,
    /// A request is being served.
    Serving,
    /// The last answer is made; what still comes is not read any more.
    Closing,
}

#[derive(Debug)]
struct State {
    phase: Phase,
    /// When the phase began.
    began: Instant,
    /// The same; in the phases without a request, when the last byte moved.
    since: Instant,
    /// Bytes that came in this phase.
    came: u64,
    head: Head,
    /// Whether the request's body is not read to its end.
    body_left: bool,
    /// Whether the next request had begun to come before this one was answered.
    ahead: bool,
    /// Since when an answer waits to be taken, and the bytes that were since.
    blocked: Option<(Instant, u64)>,
    goodbye: Option<Goodbye>,
}

/// Looks for the empty line at the end of a head.
#[derive(Clone, Copy, Debug, Default)]
struct Head {
    bytes: usize,
    line_begins: bool,
    whole: bool,
    behind: usize,
}

impl Head {
    fn see(&mut self, bytes: &[u8]) {
        for (i, b) in bytes.iter().enumerate() {
            match b {
                b'\n' if self.line_begins => {
                    self.whole = true;
                    self.behind = bytes.len() - i - 1;
                    return;
                }
                b'\n' => self.line_begins = true,
                b'\r' => {}
                _ => self.line_begins = false,
            }
            self.bytes += 1;
        }
    }
}

/// A connection, as admission sees it.
#[derive(Debug)]
pub(super) struct Connection {
    circuit: Option<Circuit>,
    state: Mutex<State>,
    moved: AtomicU64,
    reader: AtomicWaker,
    writer: AtomicWaker,
}

impl Connection {
    /// One that has just come, on `circuit` where Tor says it: it must send a head.
    pub(super) fn new(circuit: Option<Circuit>, now: Instant) -> Arc<Self> {
        Arc::new(Self {
            circuit,
            state: Mutex::new(State {
                phase: Phase::Head,
                began: now,
                since: now,
                came: 0,
                head: Head::default(),
                body_left: false,
                ahead: false,
                blocked: None,
                goodbye: None,
            }),
            moved: AtomicU64::new(0),
            reader: AtomicWaker::new(),
            writer: AtomicWaker::new(),
        })
    }

    /// The circuit that it came on, where Tor says it.
    pub(super) fn circuit(&self) -> Option<Circuit> {
        self.circuit
    }

    /// Bytes that went either way.
    pub(super) fn moved(&self) -> u64 {
        self.moved.load(Relaxed)
    }

    /// To be woken when it may read, or must go.
    pub(super) fn reader_waits(&self, waker: &Waker) {
        self.reader.register(waker);
    }

    /// To be woken when it must go.
    pub(super) fn writer_waits(&self, waker: &Waker) {
        self.writer.register(waker);
    }

    /// How many bytes may be read now; with none the reader waits.
    pub(super) fn may_read(&self) -> usize {
        let state = locked(&self.state);
        match state.phase {
            Phase::Idle | Phase::Closing => BEHIND_HEAD,
            Phase::Head if state.head.whole => BEHIND_HEAD.saturating_sub(state.head.behind),
            Phase::Head => BEHIND_HEAD,
            Phase::Serving if state.body_left => BEHIND_HEAD,
            Phase::Serving => 0,
        }
    }

    /// Notes bytes that came.
    pub(super) fn arrived(&self, bytes: &[u8], now: Instant) {
        self.moved.fetch_add(bytes.len() as u64, Relaxed);
        let mut state = locked(&self.state);
        if state.phase == Phase::Idle && !bytes.is_empty() {
            state.enter(Phase::Head, now);
            state.head = Head::default();
        }
        state.came = state.came.saturating_add(bytes.len() as u64);
        if state.phase == Phase::Closing {
            state.since = now;
        }
        if state.phase == Phase::Head {
            if state.head.whole {
                state.head.behind = state.head.behind.saturating_add(bytes.len());
            } else {
                state.head.see(bytes);
            }
            if state.head.bytes > HEAD_MAX && state.goodbye.is_none() {
                state.since = now;
                state.goodbye = Some(Goodbye::HeadTooLong);
            }
        }
    }

    /// Bytes were taken by the other side.
    pub(super) fn wrote(&self, n: usize, now: Instant) {
        self.moved.fetch_add(n as u64, Relaxed);
        let mut state = locked(&self.state);
        if let Some((_, taken)) = &mut state.blocked {
            *taken = taken.saturating_add(n as u64);
        }
        if matches!(state.phase, Phase::Idle | Phase::Closing) && state.goodbye.is_none() {
            state.since = now;
        }
    }

    /// The other side takes nothing now.
    pub(super) fn write_waits(&self, now: Instant) {
        locked(&self.state).blocked.get_or_insert((now, 0));
    }

    /// All that was to be written is taken.
    pub(super) fn flushed(&self) {
        locked(&self.state).blocked = None;
    }

    /// A head was read to its end.
    pub(super) fn request_begins(&self, body: bool, now: Instant) {
        let mut state = locked(&self.state);
        state.enter(Phase::Serving, now);
        state.body_left = body;
        state.ahead = !body && state.head.behind > 0;
        state.head = Head::default();
        drop(state);
        self.reader.wake();
    }

    /// The body was read to its end.
    pub(super) fn body_ends(&self) {
        locked(&self.state).body_left = false;
    }

    /// The answer is made; true if nothing more will be read.
    pub(super) fn answer_made(&self, now: Instant) -> bool {
        let mut state = locked(&self.state);
        let closing = state.body_left;
        let ahead = std::mem::take(&mut state.ahead);
        state.enter(
            if closing {
                Phase::Closing
            } else if ahead {
                Phase::Head
            } else {
                Phase::Idle
            },
            now,
        );
        drop(state);
        self.reader.wake();
        closing
    }

    /// Whether no request is under way, so that what is written did not come from a handler.
    pub(super) fn is_between_requests(&self) -> bool {
        locked(&self.state).phase != Phase::Serving
    }

    /// Whether what still comes is not read any more.
    pub(super) fn is_closing(&self) -> bool {
        locked(&self.state).phase == Phase::Closing
    }

    /// How it must end, if it must.
    pub(super) fn goodbye(&self) -> Option<Goodbye> {
        locked(&self.state).goodbye
    }

    /// Whether it must go at once.
    #[cfg(test)]
    pub(super) fn is_sent_away(&self) -> bool {
        self.goodbye() == Some(Goodbye::Silent)
    }

    /// Sends it away.
    pub(super) fn send_away(&self, goodbye: Goodbye, now: Instant) {
        let mut state = locked(&self.state);
        state.goodbye = Some(goodbye);
        state.since = now;
        drop(state);
        self.reader.wake();
        self.writer.wake();
    }

    /// How its time is up, if it is.
    pub(super) fn overdue(&self, now: Instant, rules: &Rules) -> Option<Goodbye> {
        let state = locked(&self.state);
        let age = now.saturating_duration_since(state.since);
        match state.goodbye {
            Some(Goodbye::Silent) => return None,
            Some(_) => return (age > LINGER).then_some(Goodbye::Silent),
            None => {}
        }
        if let Some((since, taken)) = state.blocked
            && now.saturating_duration_since(since) > WRITE_GRACE.saturating_add(rules.at_floor(taken))
        {
            return Some(Goodbye::Silent);
        }
        match state.phase {
            Phase::Idle => (age > rules.idle).then_some(Goodbye::Silent),
            Phase::Head => (age > rules.head).then_some(Goodbye::TooSlow),
            // The handler counts the body's time and answers 408; this is for one that does not read.
            Phase::Serving if state.body_left => {
                let most =
                    rules.body.saturating_mul(2).saturating_add(rules.at_floor(state.came)).saturating_add(LINGER);
                (age > most).then_some(Goodbye::Silent)
            }
            Phase::Serving => None,
            Phase::Closing => {
                let over = now.saturating_duration_since(state.began) > LINGER_MOST;
                (over || age > LINGER).then_some(Goodbye::Silent)
            }
        }
    }

    /// How little it does with its place: whoever has the most is sent away first when all places are taken.
    pub(super) fn idleness(&self, now: Instant) -> (u8, u64) {
        let state = locked(&self.state);
        let age = millis(now.saturating_duration_since(state.since));
        if state.goodbye.is_some() {
            return (5, age);
        }
        if let Some((since, taken)) = state.blocked {
            return (2, slowness(now.saturating_duration_since(since), taken));
        }
        match state.phase {
            Phase::Closing => (4, age),
            Phase::Idle => (3, age),
            Phase::Head => (2, age),
            Phase::Serving if state.body_left => (1, slowness(Duration::from_millis(age), state.came)),
            Phase::Serving => (0, age),
        }
    }
}

impl State {
    fn enter(&mut self, phase: Phase, now: Instant) {
        self.phase = phase;
        (self.began, self.since) = (now, now);
        self.came = 0;
    }
}

fn millis(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}

/// Milliseconds for each KiB.
pub(super) fn slowness(time: Duration, bytes: u64) -> u64 {
    millis(time).saturating_mul(1024) / bytes.max(1)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const RULES: Rules = Rules {
        head: Duration::from_secs(20),
        body: Duration::from_secs(15),
        idle: Duration::from_secs(100),
        floor: 1024,
    };

    fn after(start: Instant, seconds: u64) -> Instant {
        start.checked_add(Duration::from_secs(seconds)).unwrap()
    }

    #[test]
    fn every_phase_has_its_end() {
        let start = Instant::now();
        let c = Connection::new(None, start);
        assert_eq!(c.overdue(after(start, 20), &RULES), None);
        assert_eq!(c.overdue(after(start, 21), &RULES), Some(Goodbye::TooSlow));
        c.request_begins(false, start);
        assert_eq!(c.overdue(after(start, 1000), &RULES), None, "the store may take its time");
        assert!(!c.answer_made(start));
        assert_eq!(c.overdue(after(start, 99), &RULES), None);
        assert_eq!(c.overdue(after(start, 101), &RULES), Some(Goodbye::Silent));
        // A later head has its time too, and so has a body that no handler reads.
        c.arrived(b"GET / HT", after(start, 50));
        assert_eq!(c.overdue(after(start, 71), &RULES), Some(Goodbye::TooSlow));
        c.request_begins(true, after(start, 50));
        assert_eq!(c.overdue(after(start, 80), &RULES), None);
        assert_eq!(c.overdue(after(start, 90), &RULES), Some(Goodbye::Silent));
        // A refused request is not read to its end.
        assert!(c.answer_made(after(start, 50)));
        assert_eq!(c.overdue(after(start, 56), &RULES), Some(Goodbye::Silent));
        for second in 51..80 {
            c.arrived(b"still sending", after(start, second));
            assert_eq!(c.overdue(after(start, second), &RULES), None);
        }
        assert_eq!(c.overdue(after(start, 81), &RULES), Some(Goodbye::Silent));
    }

    #[test]
    fn an_answer_must_be_taken_at_the_floor() {
        let start = Instant::now();
        let c = Connection::new(None, start);
        c.request_begins(false, start);
        c.answer_made(start);
        c.write_waits(start);
        assert_eq!(c.overdue(after(start, 29), &RULES), None);
        assert_eq!(c.overdue(after(start, 31), &RULES), Some(Goodbye::Silent));
        c.wrote(10 * 1024, after(start, 29));
        assert_eq!(c.overdue(after(start, 39), &RULES), None);
        assert_eq!(c.overdue(after(start, 41), &RULES), Some(Goodbye::Silent));
        c.flushed();
        assert_eq!(c.overdue(after(start, 41), &RULES), None);
    }

    #[test]
    fn a_head_is_bounded_wherever_it_is_cut() {
        let now = Instant::now();
        for cut in [1, 3, 7, 1000] {
            let c = Connection::new(None, now);
            for piece in b"POST /x HTTP/1.1\r\nhost: x\r\n\r\nbody".chunks(cut) {
                c.arrived(piece, now);
            }
            assert_eq!(c.may_read(), BEHIND_HEAD - 4, "{cut}");
            c.request_begins(false, now);
            assert_eq!(c.may_read(), 0, "the next request waits");
            c.answer_made(now);
            assert_eq!(c.may_read(), BEHIND_HEAD);
            assert_eq!(c.overdue(after(now, 21), &RULES), Some(Goodbye::TooSlow), "of which four bytes have come");
        }
        let c = Connection::new(None, now);
        c.arrived(&[b'x'; HEAD_MAX], now);
        assert_eq!(c.goodbye(), None);
        c.arrived(b"x", now);
        assert_eq!(c.goodbye(), Some(Goodbye::HeadTooLong));
        assert_eq!(c.overdue(after(now, 6), &RULES), Some(Goodbye::Silent));
    }
}
