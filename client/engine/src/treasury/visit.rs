//! One visit of an administrator to the server, the same from the console and from the command line.
//!
//! Crash points. The charter's past is fetched and the log checked before anything is opened or destroyed. What came in
//! is saved, and only then destroyed on the server. An answer is saved before it is sent, and sent again until the
//! server has it. A reservation is saved before it is published.

use rand_core::CryptoRng;
use subrosa_casework::bytes::{AwardRef, Digest};
use subrosa_crypto::charter::RootKey;

use super::{BountyError, News, Stage, Treasury};
use crate::{
    api::Api,
    board::Circuits,
    history::History,
    session::{Keystore, Saved, Session, Step, restock},
    transport::Transport,
    trouble::Trouble,
};

/// Fetches every charter, verified from what this treasury saw last. Save afterwards.
///
/// # Errors
/// A charter is refused or withheld.
pub async fn directory<T: Transport>(
    treasury: &mut Treasury,
    api: &Api<T>,
    circuits: &Circuits,
    root: &RootKey,
    now: u64,
) -> Result<History, BountyError> {
    let directory = History::fetch(api, root, now, treasury.charter, circuits.fresh()).await?;
    treasury.charter = Some(directory.seen());
    Ok(directory)
}

/// What a visit brought.
#[derive(Debug)]
pub struct Visit {
    /// What came in.
    pub news: News,
    /// Answers that the server has now.
    pub delivered: usize,
}

/// A whole visit: log, keys on offer, board, outbox.
///
/// # Errors
/// The first step that fails ends the visit; what came before it is saved.
pub async fn visit<K, T, R>(
    keystore: &mut K,
    s: &mut Session<'_, T, R>,
    mut step: impl FnMut(Step),
) -> Result<Visit, BountyError>
where
    K: Keystore<Contents = Treasury>,
    T: Transport,
    R: CryptoRng,
{
    step(Step::Log);
    keystore.contents().identity.watch_log(s.api, s.directory.charter(), s.circuits).await?;
    let findings = keystore.contents().identity.log_findings(s.directory.charter(), s.clock);
    keystore.save(s.rng)?;
    step(Step::Keys);
    restock(keystore, s).await?;
    step(Step::Board);
    let mut news = keystore.contents().inbox(s).await?;
    news.troubles.extend(findings.into_iter().map(Trouble::Log));
    Saved::by(keystore, s.rng)?.discard_taken(s.api, s.circuits).await?;
    step(Step::Outbox);
    let delivered = send(keystore, s).await?;
    commit(keystore, s).await?;
    Ok(Visit { news, delivered })
}

/// Signs an award's blinded tokens, saves the answer, and sends it; answers how many answers were sent.
///
/// # Errors
/// As [`Treasury::sign`]; an answer that was made and not sent goes with the next visit.
pub async fn sign<K, T, R>(keystore: &mut K, s: &mut Session<'_, T, R>, award: &AwardRef) -> Result<usize, BountyError>
where
    K: Keystore<Contents = Treasury>,
    T: Transport,
    R: CryptoRng,
{
    keystore.contents().sign(s, award).await?;
    send(keystore, s).await
}

/// Recognises a redemption's tokens, saves that they are reserved, says so in public, and proves them if enough others
/// have reserved them too. Answers how far the redemption is: [`Stage::Reserved`] means that others are still to do
/// this; the next visit goes on by itself.
///
/// # Errors
/// As [`Treasury::recognise`]; what was saved and not said goes with the next visit.
pub async fn verify<K, T, R>(
    keystore: &mut K,
    s: &mut Session<'_, T, R>,
    context: &Digest,
) -> Result<Stage, BountyError>
where
    K: Keystore<Contents = Treasury>,
    T: Transport,
    R: CryptoRng,
{
    let recognised = keystore.contents().recognise(s, context).await;
    keystore.save(s.rng)?;
    recognised?;
    commit(keystore, s).await?;
    let found = keystore.contents().redemptions.iter().find(|r| r.context == *context);
    found.map(|r| r.stage).ok_or(BountyError::Unknown("redemption"))
}

async fn commit<K, T, R>(keystore: &mut K, s: &mut Session<'_, T, R>) -> Result<usize, BountyError>
where
    K: Keystore<Contents = Treasury>,
    T: Transport,
    R: CryptoRng,
{
    let proven = Saved::by(keystore, s.rng)?.commit(s).await;
    keystore.save(s.rng)?;
    proven
}

/// Sends every answer that was made and is not delivered yet.
async fn send<K, T, R>(keystore: &mut K, s: &mut Session<'_, T, R>) -> Result<usize, BountyError>
where
    K: Keystore<Contents = Treasury>,
    T: Transport,
    R: CryptoRng,
{
    let sent = Saved::by(keystore, s.rng)?.deliver(s).await;
    keystore.save(s.rng)?;
    sent
}
