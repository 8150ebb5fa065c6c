//! Admission to a listener: how many come in at once, how long each may take, and how memory is shared among them.
//!
//! A connection costs an attacker nothing, so nothing that is scarce is given away for having come first. When slots or
//! memory run out, whoever has done the least with what it holds is sent away, of the circuit that holds the most where
//! Tor tells circuits apart. What a circuit is called is kept in memory while its connections last, and nowhere else.

mod bare;
mod circuit;
mod connection;
mod guarded;
mod pool;
mod slots;

use std::{
    io,
    sync::{Arc, Weak},
    time::{Duration, Instant},
};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite};

use self::{
    circuit::{Circuit, Preface},
    connection::{Connection, Rules},
    slots::{Slot, Slots},
};
pub(crate) use self::{
    guarded::Guarded,
    pool::{Pool, Share},
};
use crate::app::Settings;

/// How often admission looks for connections whose time is up.
const SWEEP: Duration = Duration::from_millis(200);

/// Who is let in at one listener, and what each may use.
#[derive(Debug)]
pub(crate) struct Admission {
    slots: Arc<Slots>,
    rules: Rules,
    circuits: bool,
    /// For bodies of requests that strangers send: parcels, blobs, requests for keys, forms.
    pub(crate) bodies: Arc<Pool>,
    /// For bodies so short that they always find room: whoever comes to fetch or to destroy.
    pub(crate) small: Arc<Pool>,
    /// For bodies that only people in the charter have a use for: journals, records, charters, bundles.
    pub(crate) staff: Arc<Pool>,
    /// For answers that wait to be read.
    pub(crate) answers: Arc<Pool>,
    /// Submissions of the sealed intake under way: one unit each.
    pub(crate) sealed: Arc<Pool>,
}

/// Submissions of the sealed intake that may be under way at once, at one listener.
const SEALED_AT_ONCE: usize = 32;

impl Admission {
    /// Admission with the settings' limits.
    pub(crate) fn new(settings: &Settings) -> Arc<Self> {
        let slots = settings.connections.max(1).saturating_mul(settings.workers.max(1));
        let memory = settings.body_memory;
        Arc::new(Self {
            slots: Arc::new(Slots::new(slots)),
            rules: Rules {
                head: settings.head_timeout,
                body: settings.body_timeout,
                idle: settings.keep_alive.saturating_add(settings.head_timeout),
                floor: settings.floor.max(1),
            },
            circuits: settings.tor_circuits,
            bodies: Pool::new(memory / 8 * 5),
            small: Pool::new(memory / 8),
            staff: Pool::new(memory / 8 * 2),
            answers: Pool::new(settings.answer_memory),
            sealed: Pool::new(SEALED_AT_ONCE),
        })
    }

    /// Lets a connection in: reads which circuit it came on, where Tor says it, and gives it a slot then.
    ///
    /// Whoever took a slot before Tor's line has come could be told from nobody: when many came at once, some of the
    /// many had to go, and with them whoever was among them. Until the line is there a connection counts among those
    /// that the listener accepts, which sends nobody away but lets others wait.
    ///
    /// # Errors
    /// The line is none, or did not come in time.
    pub(crate) async fn enter<T: AsyncRead + AsyncWrite + Unpin>(self: Arc<Self>, mut io: T) -> io::Result<Guarded<T>> {
        let mut ahead = Vec::new();
        let mut circuit = None;
        if self.circuits {
            let reading = tokio::time::timeout(self.rules.head, told(&mut io, &mut ahead));
            circuit = reading.await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
        }
        let connection = Connection::new(circuit, Instant::now());
        let slot = Slots::admit(&self.slots, &connection);
        Ok(Guarded::new(io, ahead, Visitor { admission: self, connection, _slot: Arc::new(slot) }))
    }
}

/// Reads what Tor sends in front of a stream, and leaves in `ahead` what was read behind it. Whoever comes without is
/// not Tor, but somebody on this machine.
async fn told<T: AsyncRead + Unpin>(io: &mut T, ahead: &mut Vec<u8>) -> io::Result<Option<Circuit>> {
    loop {
        let (circuit, len) = match circuit::preface(ahead) {
            Preface::More => {
                let mut piece = [0; 128];
                let n = io.read(&mut piece).await?;
                if n == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                ahead.extend(piece.iter().take(n));
                continue;
            }
            Preface::Plain(len) => (None, len),
            Preface::Told(circuit, len) => (Some(circuit), len),
            Preface::Broken => return Err(io::ErrorKind::InvalidData.into()),
        };
        ahead.drain(..len);
        return Ok(circuit);
    }
}

/// Sends away whose time is up, until the listener is gone.
pub(crate) async fn watch(admission: Weak<Admission>) {
    loop {
        tokio::time::sleep(SWEEP).await;
        let Some(admission) = admission.upgrade() else { return };
        admission.slots.sweep(Instant::now(), &admission.rules);
    }
}

/// Who sends a request: its connection, and the admission that let it in.
#[derive(Clone, Debug)]
pub(crate) struct Visitor {
    pub(crate) admission: Arc<Admission>,
    connection: Arc<Connection>,
    _slot: Arc<Slot>,
}

impl Visitor {
    /// A request's head is read; `body` if something follows it.
    pub(crate) fn request_begins(&self, body: bool) {
        self.connection.request_begins(body, Instant::now());
    }

    /// The request's body has been read to its end.
    pub(crate) fn body_ends(&self) {
        self.connection.body_ends();
    }

    /// The answer is made. True if the connection must close behind it, because its request was not read to its end.
    pub(crate) fn answer_made(&self) -> bool {
        self.connection.answer_made(Instant::now())
    }

    /// A share of `pool`, empty at first.
    pub(crate) fn share(&self, pool: &Arc<Pool>) -> Share {
        Pool::share(pool, &self.connection)
    }

    /// How long a body may take that has sent `len` bytes so far, from its beginning on.
    pub(crate) fn body_time(&self, len: usize) -> Duration {
        self.admission.rules.body_time(len)
    }
}
