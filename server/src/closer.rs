//! Closes epochs at fixed times: freezes the list, grows the log, publishes both at once.
//!
//! Spec: `docs/spec/board.md`, section "Epochs". Crash points: nothing is durable before `seal_epoch`; after it the
//! epoch takes no more deposits and a restart gets the same rows again; `publish_epoch` makes list, log and checkpoint
//! durable together. A list that was built but not published was never shown, so building it again with other dummies
//! harms nothing.

use std::{sync::Arc, time::Duration};

use actix_web::web;
use bytes::Bytes;
use subrosa_crypto::{
    encoding::OverLimit,
    kdf,
    log::{RecordChain, batch_head, list_leaves},
    wire::EpochList,
};
use tokio::sync::watch;

use crate::{
    app::App,
    clock::{Pendulum, wall_millis, wall_seconds},
    log_batch, padding,
    random::system_rng,
    store::{PublishedEpoch, SealedEpoch, Store, StoreError, Stored},
    work::Published,
};

/// How long to wait after a failure before trying again.
const RETRY: Duration = Duration::from_secs(1);

/// Why no more epochs are closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ended {
    /// It was asked to.
    Stopped,
    /// The store has stopped after a failure: whoever starts the server anew recovers what was acknowledged.
    StoreFailed,
}

/// Closes epochs until `stop` turns true; what is under way then is finished.
pub(crate) async fn run<S: Store>(app: Arc<App<S>>, mut stop: watch::Receiver<bool>) -> Ended {
    let mut clock = Pendulum::new();
    // A crash between the two halves of a closing left an epoch sealed: finish it at once.
    let mut due = is_half_closed(app.store());
    while !*stop.borrow() {
        if !due {
            pause(until_boundary(wall_millis(), app.settings().epoch), &mut stop).await;
        }
        if let Some(seconds) = clock.jumped() {
            tracing::warn!(
                seconds,
                "the clock jumped, or the machine slept. Nothing was destroyed for it; see that the clock is right, \
                 because charters and keys expire by it"
            );
        }
        due = false;
        while !*stop.borrow() {
            match attempt(&app).await {
                Attempt::Closed => break,
                Attempt::StoreFailed => return Ended::StoreFailed,
                Attempt::Later => pause(RETRY, &mut stop).await,
            }
        }
    }
    Ended::Stopped
}

/// Closes the open epoch, or finishes the one that is half closed.
pub(crate) async fn close_one<S: Store>(app: &App<S>) -> Stored<u64> {
    let sealed = app.store().seal_epoch().await?;
    let epoch = sealed.epoch;
    let records = app.records.through(app.store(), epoch).await?;
    let (list, leaves) = web::block(move || freeze(sealed, &records))
        .await
        .map_err(|_| StoreError::Io("no thread to build the list".into()))??;
    let (tags, hints) = (Bytes::from(list.encode_tags()), Bytes::from(list.encode_hints()));
    let grown =
        log_batch::grow(app.store(), app.log_key(), &app.settings().log_origin(), &leaves, (epoch, wall_seconds()))
            .await?;
    app.store()
        .publish_epoch(PublishedEpoch {
            epoch,
            tags: tags.clone(),
            hints: hints.clone(),
            log_hashes: grown.hashes,
            log_leaves: leaves,
            log_size: grown.size,
            checkpoint: grown.checkpoint.clone(),
        })
        .await?;
    let note = String::from_utf8_lossy(&grown.checkpoint).into_owned();
    app.challenges.checkpoint(grown.size, &grown.root, Published { epoch, note });
    app.lists.put(epoch, (tags, hints));
    app.counters.epoch_closed(list.rows.len(), grown.size, app.uptime());
    if let Some(keep) = app.settings().retention_epochs {
        let before = epoch.saturating_sub(keep);
        if before > app.store().first_epoch() {
            app.store().expire(before).await?;
            app.lists.forget_before(before);
        }
    }
    Ok(epoch)
}

/// The padded list of an epoch and its padded log batch, which commits to the list itself and to all public records.
fn freeze(sealed: SealedEpoch, records: &RecordChain) -> Result<(EpochList, Vec<[u8; 32]>), OverLimit> {
    let mut rng = system_rng();
    let epoch = sealed.epoch;
    let list = EpochList { epoch, rows: padding::padded_rows(sealed.rows, &mut rng).try_into()? };
    let (tags, hints) = (kdf::sha256(&list.encode_tags()), kdf::sha256(&list.encode_hints()));
    let head = |size| batch_head(epoch, size, records);
    let leaves = padding::padded_leaves(sealed.leaves, head, |size| list_leaves(size, &tags, &hints), &mut rng);
    Ok((list, leaves))
}

enum Attempt {
    Closed,
    Later,
    StoreFailed,
}

async fn attempt<S: Store>(app: &App<S>) -> Attempt {
    let closed = close_one(app).await;
    if let Err(e) = &closed {
        app.counters.trouble(&e.to_string());
    }
    app.counters.report(app.store().open_epoch(), app.challenges.difficulty(app.uptime()));
    match closed {
        Ok(_) => Attempt::Closed,
        // What was signed and what is there differ: nothing may be signed until somebody has looked.
        Err(StoreError::Closed | StoreError::Corrupt(_)) => Attempt::StoreFailed,
        Err(_) => Attempt::Later,
    }
}

fn is_half_closed<S: Store>(store: &S) -> bool {
    store.open_epoch() > store.last_published().map_or(store.first_epoch(), |p| p.saturating_add(1))
}

async fn pause(time: Duration, stop: &mut watch::Receiver<bool>) {
    // Either way out of the wait the caller looks at `stop`; a lost sender means that nobody is left to stop for.
    let _ = tokio::time::timeout(time, stop.wait_for(|s| *s)).await;
}

fn until_boundary(now: u64, epoch: Duration) -> Duration {
    let step = u64::try_from(epoch.as_millis()).unwrap_or(u64::MAX).max(1);
    Duration::from_millis(step - now % step)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boundaries_are_multiples_of_the_epoch() {
        assert_eq!(until_boundary(600_000, Duration::from_secs(300)), Duration::from_secs(300));
        assert_eq!(until_boundary(600_001, Duration::from_secs(300)), Duration::from_millis(299_999));
        assert_eq!(until_boundary(7, Duration::from_millis(5)), Duration::from_millis(3));
    }
}
