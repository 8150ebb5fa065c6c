//! What a member's programs need for everything that they say to the server during one run.

use core::fmt;
use std::sync::Arc;

use rand_core::CryptoRng;
use thiserror::Error;

use crate::{
    api::{Api, ApiError},
    board::Circuits,
    history::History,
    mailbox::{Identity, RestockError},
    officer::Leaves,
    transport::Transport,
};

/// A connection, fresh circuits, randomness, the time, and who is who. An engine takes it instead of five arguments; it
/// lives as long as one step, and whoever holds the parts goes on holding them.
pub struct Session<'s, T, R> {
    /// The server, over whatever transport the caller chose.
    pub api: &'s Api<T>,
    /// A fresh circuit for each act that must not be linked to another.
    pub circuits: &'s Circuits,
    /// Cryptographic randomness, from which keys, nonces and padding are drawn.
    pub rng: &'s mut R,
    /// Now, in Unix seconds. The caller reads its clock once for each run.
    pub clock: u64,
    /// The verified charter with every version before it.
    pub directory: &'s History,
    /// What is new in the log, with which an officer's cases are compared while a visit lasts.
    pub(crate) leaves: Option<Arc<Leaves>>,
}

impl<'s, T: Transport, R> Session<'s, T, R> {
    /// From its parts. From here on the connection trusts the checkpoints of this charter's log.
    pub fn new(api: &'s Api<T>, circuits: &'s Circuits, rng: &'s mut R, clock: u64, directory: &'s History) -> Self {
        api.trust(directory.log_key());
        Self { api, circuits, rng, clock, directory, leaves: None }
    }
}

impl<T, R> fmt::Debug for Session<'_, T, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Session({}, at {})", self.directory.programme(), self.clock)
    }
}

/// The keystore could not be written. Nothing was sent and nothing destroyed since it was written last.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "your keystore could not be written: {0}. Nothing was destroyed on the server; try again when it can be written"
)]
pub struct NotSaved(pub String);

/// Where an engine's state is kept between two runs.
pub trait Keystore {
    /// What it holds.
    type Contents;

    /// What it holds, to be changed; [`Keystore::save`] makes the changes last.
    fn contents(&mut self) -> &mut Self::Contents;

    /// Writes the contents as they are now; durable when it returns.
    ///
    /// # Errors
    /// They could not be written; what was written before is still there.
    fn save<R: CryptoRng>(&mut self, rng: &mut R) -> Result<(), NotSaved>;
}

/// Contents that are on disk as they are in memory. What speaks to the server about them, or destroys there what they
/// replace, is a method of this type alone: save, then speak, then destroy.
pub struct Saved<'k, C>(&'k mut C);

impl<'k, C> Saved<'k, C> {
    /// Saves, and hands out the right to speak.
    ///
    /// # Errors
    /// [`NotSaved`]: then nothing may be said.
    pub fn by<K: Keystore<Contents = C>, R: CryptoRng>(keystore: &'k mut K, rng: &mut R) -> Result<Self, NotSaved> {
        keystore.save(rng)?;
        Ok(Self(keystore.contents()))
    }

    pub(crate) fn contents(&mut self) -> &mut C {
        self.0
    }
}

impl<C> fmt::Debug for Saved<'_, C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Saved([redacted])")
    }
}

/// Contents that belong to a member of the charter.
pub trait Member {
    /// The member's keys.
    fn identity(&mut self) -> &mut Identity;
}

impl<C: Member> Saved<'_, C> {
    /// Destroys on the server what was opened.
    ///
    /// # Errors
    /// The server or the network; what is left is destroyed at the next visit.
    pub async fn discard_taken<T: Transport>(mut self, api: &Api<T>, circuits: &Circuits) -> Result<(), ApiError> {
        self.contents().identity().discard_taken(api, circuits).await
    }
}

/// A step of a visit to the server, in this order. A member sees how far it is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Step {
    /// Whether the log goes on from where it was.
    Log,
    /// Keys for first contact on offer.
    Keys,
    /// What is new on the board.
    Board,
    /// What was opened goes into journals.
    Filing,
    /// What waits goes out.
    Outbox,
    /// Journals are read; administrators read the public books.
    Reading,
}

/// Keeps a member's keys on offer: asks for the stock, makes what is missing, saves, publishes.
pub(crate) async fn restock<K, T, R>(keystore: &mut K, s: &mut Session<'_, T, R>) -> Result<(), OfferError>
where
    K: Keystore,
    K::Contents: Member,
    T: Transport,
    R: CryptoRng,
{
    let ask = keystore.contents().identity().publication(Default::default(), s.clock);
    let stock = s.api.publish_bundles(&ask, s.circuits.fresh()).await?;
    if let Some(publish) = keystore.contents().identity().restock(stock, s.clock, s.rng)? {
        let _saved = Saved::by(keystore, s.rng)?;
        s.api.publish_bundles(&publish, s.circuits.fresh()).await?;
    }
    Ok(())
}

/// Why keys could not be put on offer.
#[derive(Debug, Error)]
pub enum OfferError {
    /// The server or the network.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The keystore could not be written, so the new keys were not published.
    #[error(transparent)]
    NotSaved(#[from] NotSaved),
    /// None could be made.
    #[error(transparent)]
    Restock(#[from] RestockError),
}
