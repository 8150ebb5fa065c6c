//! Random commands, with reopenings in between, on an engine and on the model: every answer must be the same.

use std::fmt::Debug;

use bytes::Bytes;
use proptest::{collection::vec, prelude::*, test_runner::TestRunner};
use subrosa_crypto::{
    sign::HolderId,
    wire::{CapHash, JournalHead, JournalPosition},
};

use super::{
    ground::Ground,
    model::Model,
    samples::{append, bytes32, cap_digest, envelope, journal_id, leaves, noise, publication},
};
use crate::store::{NewBundle, Store, Stored};

#[derive(Debug, Clone)]
enum Command {
    Deposit([u64; 4], bool),
    Take(u64),
    Discard(u64),
    Seal,
    Publish(u64),
    List(u64),
    Expire(u64),
    BlobPut(u8, u64),
    BlobTake(u8),
    BlobDiscard(u8),
    PublishBundles(u8, Vec<u64>, Option<u64>),
    HandOut(u8),
    /// Journal, which of the known positions counted from the newest, capability, next capability, entry.
    Append(u64, usize, u64, u64, u64),
    Read(u64, u64, u64),
    Purge(u64, u64),
    Record(u64),
    Records(u64),
    PutCharter(u64, u64),
    Charter(Option<u64>),
    Log,
    Secret(bool, u64),
    Reopen(bool),
}

fn command() -> impl Strategy<Value = Command> {
    use Command::*;
    prop_oneof![
        6 => (proptest::array::uniform4(0u64..14), any::<bool>()).prop_map(|(s, c)| Deposit(s, c)),
        // Mostly distinct seeds, so that parcels are stored.
        6 => (0u64..10).prop_map(|s| Deposit([s, s + 1, s + 2, s + 3], false)),
        4 => (0u64..14).prop_map(Take),
        4 => (0u64..14).prop_map(Discard),
        2 => Just(Seal),
        3 => (0u64..9).prop_map(Publish),
        2 => (0u64..6).prop_map(List),
        1 => (0u64..6).prop_map(Expire),
        2 => (0u8..4, 0u64..2).prop_map(|(n, c)| BlobPut(n, c)),
        1 => (0u8..4).prop_map(BlobTake),
        1 => (0u8..4).prop_map(BlobDiscard),
        2 => (0u8..2, vec(0u64..8, 0..4), proptest::option::of(20u64..23)).prop_map(|(h, o, f)| PublishBundles(h, o, f)),
        3 => (0u8..2).prop_map(HandOut),
        5 => (0u64..2, 0usize..2, 0u64..2, 0u64..2, 0u64..3).prop_map(|(j, at, c, n, e)| Append(j, at, c, n, e)),
        2 => (0u64..2, 0u64..2, 0u64..3).prop_map(|(j, c, f)| Read(j, c, f)),
        1 => (0u64..2, 0u64..2).prop_map(|(j, c)| Purge(j, c)),
        2 => (0u64..5).prop_map(Record),
        1 => (0u64..6).prop_map(Records),
        1 => (0u64..4, 0u64..2).prop_map(|(v, b)| PutCharter(v, b)),
        1 => proptest::option::of(0u64..4).prop_map(Charter),
        1 => Just(Log),
        1 => (any::<bool>(), 0u64..3).prop_map(|(n, v)| Secret(n, v)),
        2 => any::<bool>().prop_map(Reopen),
    ]
}

/// What an answer looks like; an error's text is the engine's own.
fn shown<T: Debug>(answer: Stored<T>) -> String {
    answer.map_or_else(|_| "an error".into(), |a| format!("{a:?}"))
}

/// Does one command and shows the answer. `known` are the positions of each journal that were answered so far.
async fn answer<S: Store>(s: &S, command: &Command, known: &[Vec<JournalPosition>; 2]) -> String {
    match command.clone() {
        Command::Deposit(seeds, changed) => {
            let mut envelopes = seeds.map(envelope);
            if changed {
                envelopes[3].body[0] ^= 1;
            }
            let leaves = leaves(&envelopes);
            shown(s.deposit(envelopes, leaves).await)
        }
        Command::Take(i) => shown(s.take(envelope(i).cap_hash).await),
        Command::Discard(i) => shown(s.discard(envelope(i).cap_hash).await),
        Command::Seal => shown(s.seal_epoch().await.map(|mut sealed| {
            sealed.rows.sort_unstable_by_key(|(t, _)| *t);
            sealed.leaves.sort_unstable();
            sealed
        })),
        Command::Publish(new) => {
            // The sealed epoch, if there is one, is the one before the open one.
            shown(s.publish_epoch(publication(s.open_epoch() - 1, s.log_size(), new)).await)
        }
        Command::List(e) => shown(s.list(e).await),
        Command::Expire(before) => shown(s.expire(before).await),
        Command::BlobPut(n, content) => shown(s.blob_put(CapHash([n; 32]), Bytes::from(noise(content, 5000))).await),
        Command::BlobTake(n) => {
            format!("{} {}", shown(s.blob_stands(CapHash([n; 32])).await), shown(s.blob_take(CapHash([n; 32])).await))
        }
        Command::BlobDiscard(n) => shown(s.blob_discard(CapHash([n; 32])).await),
        Command::PublishBundles(h, one_time, fallback) => {
            let bundle =
                |i: u64| NewBundle { id: noise(i, 16).try_into().unwrap(), bytes: Bytes::from(noise(i, 1353)) };
            let one_time = one_time.into_iter().map(bundle).collect();
            shown(s.publish_bundles(HolderId([h; 16]), one_time, fallback.map(bundle)).await)
        }
        Command::HandOut(h) => shown(s.hand_out_bundle(HolderId([h; 16]), |_| true).await),
        Command::Append(j, at, cap, next, entry) => {
            let positions = &known[j as usize];
            let at = positions[positions.len().saturating_sub(at + 1)];
            let entry = noise(entry, 4096 * (1 + entry as usize));
            shown(s.journal_append(append(journal_id(j * 10), at, j * 10 + cap, j * 10 + next, entry)).await)
        }
        Command::Read(j, cap, from) => shown(s.journal_read(journal_id(j * 10), cap_digest(j * 10 + cap), from).await),
        Command::Purge(j, cap) => shown(s.journal_purge(journal_id(j * 10), cap_digest(j * 10 + cap)).await),
        Command::Record(i) => shown(s.record_append(Bytes::from(noise(i, 900)), bytes32(i), bytes32(i + 600)).await),
        Command::Records(from) => shown(s.records(from).await),
        Command::PutCharter(v, b) => shown(s.charter_put(v, Bytes::from(noise(b, 3000)), bytes32(v + 700)).await),
        Command::Charter(v) => shown(s.charter(v).await),
        Command::Log => {
            let size = s.log_size();
            let hashes = s.log_hashes((0..size).collect()).await;
            format!("{size} {} {} {}", shown(s.log_leaves(1, size).await), shown(hashes), shown(s.checkpoint().await))
        }
        Command::Secret(n, v) => shown(s.secret_or_insert(if n { "a" } else { "b" }, bytes32(v)).await),
        Command::Reopen(_) => String::new(),
    }
}

async fn compare<G: Ground>(commands: Vec<Command>) -> Result<(), TestCaseError> {
    let ground = G::new();
    let mut engine = Some(ground.open());
    let model = Model::new();
    let mut known = [(); 2].map(|()| vec![JournalPosition { seq: 0, head: JournalHead::EMPTY }]);
    for command in commands {
        if let Command::Reopen(in_good_order) = command {
            let s = engine.take().unwrap();
            if in_good_order {
                s.close().await.unwrap();
            }
            drop(s);
            engine = Some(ground.open());
        }
        let s = engine.as_ref().unwrap();
        prop_assert_eq!(answer(s, &command, &known).await, answer(&model, &command, &known).await, "{:?}", command);
        prop_assert_eq!(
            (s.open_epoch(), s.first_epoch(), s.last_published(), s.log_size()),
            (model.open_epoch(), model.first_epoch(), model.last_published(), model.log_size())
        );
        if let Command::Append(j, ..) = command {
            for cap in 0..2 {
                if let Some(page) = model.journal_read(journal_id(j * 10), cap_digest(j * 10 + cap), 0).await.unwrap()
                    && !known[j as usize].contains(&page.position)
                {
                    known[j as usize].push(page.position);
                }
            }
        }
    }
    Ok(())
}

/// `cases` runs of random commands, each compared with the model answer by answer.
pub fn engine_and_model_agree<G: Ground>(cases: u32) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let config =
        ProptestConfig { cases, failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::default() };
    TestRunner::new(config).run(&vec(command(), 1..60), |commands| runtime.block_on(compare::<G>(commands))).unwrap();
}
