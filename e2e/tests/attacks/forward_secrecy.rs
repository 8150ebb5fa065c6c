//! Forward secrecy, three times: recordings and a stolen keystore; the server's disk and the passphrase; everything
//! after a purge.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use anyhow::Result;
use std::sync::Arc;
use subrosa_casework::{case::MessageKind, role::RoleName};
use subrosa_crypto::{
    delivery::Capability,
    passphrase::MasterKey,
    secret::Secret32,
    wire::{CapRequest, Envelope, JournalAppend, Tag},
};
use subrosa_e2e::{
    disk,
    programme::{PROGRAMME, Programme, new_source, random_bytes, rng, stored, wall_clock},
    stolen_keys::{Depth, Replaying, StolenKeys, opened_entries, secrets, thiefs_copy, thiefs_key},
    whole_case::{Stage, form},
    wire::{Recorder, Wire},
};
use subrosa_engine::{
    api::{Api, Fetched},
    board::Circuits,
    history::History,
    message::Message,
    officer::{Desk, JournalError, OfficerError, files_of},
    session::Session,
    source::{self, Source, SourceError, SourceState},
    transport::{Circuit, Transport},
};

fn text(words: &str) -> Message {
    Message::Text { text: words.into(), files: Vec::new() }
}

fn master_secrets(master: &MasterKey) -> Vec<[u8; 32]> {
    let mut out = Vec::new();
    for n in 0..32u64 {
        for label in ["subrosa/state-drop/v1", "subrosa/state-seal/v1"] {
            out.push(*master.derive(label, &[&n.to_be_bytes()]).expose());
        }
    }
    for label in ["subrosa/claim-key/v1", "subrosa/token-secret/v1"] {
        out.push(*master.derive(label, &[]).expose());
    }
    out
}

/// Everything that lies on the board of a server, asked for with every capability that was ever used or handed out.
async fn still_there<T: Transport>(api: &Api<T>, recorder: &Recorder) -> Result<Vec<Capability>> {
    let mut found = Vec::new();
    for path in ["/v1/take", "/v1/discard"] {
        for (request, _) in recorder.to(path) {
            let capability = Capability::new(Secret32::new(CapRequest::decode(&request.body)?.capability));
            let taken = api.take(&capability, Circuit(0)).await?;
            if matches!(taken, Fetched::Body(_)) && !found.iter().any(|c: &Capability| c.hash() == capability.hash()) {
                found.push(capability);
            }
        }
    }
    Ok(found)
}

async fn tapped(p: &mut Programme) -> Arc<Recorder> {
    let recorder = Recorder::new();
    p.wire = p.wire.tapped(recorder.clone());
    recorder
}

#[tokio::test]
async fn recordings_and_a_keystore_open_nothing_that_was_acknowledged() -> Result<()> {
    let mut p = Programme::start(200).await?;
    let recorder = tapped(&mut p).await;
    let (_, master) = new_source();
    let before: Desk = stored(&p.desks[0])?;
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Acknowledged).await?;
    for round in 0..2 {
        p.next_epoch().await?;
        p.source(&master).await?.send(&text(&format!("and another thing, number {round}")), &mut rng()).await?;
        p.everybody_visits().await?;
        p.reply(0, RoleName::Triager, MessageKind::Text, &text("thank you")).await?;
        p.source_reads(&master).await?;
    }
    // Stolen now: every envelope ever deposited, and the officer's keystore as it is, with its password.
    let recorded = recorder.envelopes();
    let stolen: Desk = stored(&p.desks[0])?;
    let keys = StolenKeys::of(&stolen)?;
    for e in &recorded {
        assert!(keys.read(e) < Depth::Content, "{:?} opens", e.tag);
    }
    // Nor by the program itself, in front of a server that serves every envelope again.
    let wire = Wire::new(&p.server.url)?.tapped(Replaying::new(recorded.clone())?);
    let reads = async |desk: &mut Desk| -> Result<(usize, usize, usize)> {
        let had = secrets(&desk.cases)?.len();
        let (api, circuits) = (Api::new(wire.clone()), Circuits::new(&mut rng()));
        let troubles = desk.collect(&api, &circuits, &thiefs_key()?, PROGRAMME).await?;
        Ok((desk.cases.len(), troubles.len(), secrets(&desk.cases)?.len().abs_diff(had)))
    };
    let mut copy = thiefs_copy(&stolen)?;
    let (cases, troubles, changed) = reads(&mut copy).await?;
    assert_eq!((cases, changed), (1, 0), "the case that was there, untouched");
    assert_eq!(troubles, 1, "the tip is found by its hint, and its key is gone");

    // The same attempts work on a keystore that was taken before the tip was read: what fails above fails for want of
    // keys.
    let mut early = thiefs_copy(&before)?;
    assert_eq!(
        recorded.iter().filter(|e| StolenKeys::of(&before).is_ok_and(|l| l.read(e) == Depth::Content)).count(),
        1
    );
    let (cases, troubles, _) = reads(&mut early).await?;
    assert_eq!((cases, troubles), (1, 0));
    Ok(())
}

#[tokio::test]
async fn the_disk_and_the_passphrase_open_only_what_is_unread() -> Result<()> {
    let mut p = Programme::start(200).await?;
    let recorder = tapped(&mut p).await;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.next_epoch().await?;
    // The third officer is away: what the source wrote to her stays on the board.
    for n in 0..2 {
        assert!(p.desk_visit(n).await?.is_empty());
    }
    p.reply(0, RoleName::Triager, MessageKind::Acknowledgement, &text("read and burnt")).await?;
    let (_, read) = p.source_reads(&master).await?;
    assert_eq!(read.len(), 1);
    p.next_epoch().await?;
    p.source(&master).await?.send(&text("an answer"), &mut rng()).await?;
    p.next_epoch().await?;
    for n in 0..2 {
        assert!(p.desk_visit(n).await?.is_empty());
    }
    p.reply(1, RoleName::Triager, MessageKind::Text, &text("not read yet")).await?;
    p.next_epoch().await?;
    // Seized at once, as it stands. No body lies on it as it went over the wire: what is there is under keys that
    // destruction overwrites.
    p.server.kill()?;
    let recorded = recorder.envelopes();
    let raw = disk::files(&p.server.data_dir)?;
    for e in &recorded {
        assert!(disk::holding(&raw, &e.body[..48]).is_empty(), "a body lies on the disk as it was sent");
    }
    for words in ["read and burnt", "an answer", "not read yet", "A training run above"] {
        assert!(disk::holding(&raw, words.as_bytes()).is_empty(), "{words}");
    }
    p.restart()?;

    // With the passphrase: the one reply that was not acknowledged.
    let source = p.source(&master).await?;
    let inbox = source.inbox().await?;
    assert!(inbox.troubles.is_empty());
    assert!(
        matches!(&inbox.unread[..], [u] if matches!(&u.message, Message::Text { text, .. } if text == "not read yet"))
    );

    // With every capability ever used: the source's own state is left, which that same passphrase opens; no reply and
    // nothing it sent.
    let api = p.api();
    let left = still_there(&api, &recorder).await?;
    let hashes: Vec<_> = left.iter().map(Capability::hash).collect();
    let here: Vec<&Envelope> = recorded.iter().filter(|e| hashes.contains(&e.cap_hash)).collect();
    let newest_state = source::state_drop(&master, source_number(&master, &here));
    assert!(here.iter().all(|e| e.tag == newest_state.tag()), "{here:?}");

    // What it sent to the absent officer is on the disk, and neither the state nor the passphrase opens it.
    let mut all = secrets(source.state())?;
    all.extend(master_secrets(&master));
    let keys = StolenKeys::of(&(source.state(), all.iter().map(serde_bytes).collect::<Vec<_>>()))?;
    let own_states: Vec<Tag> = (0..32).map(|n| source::state_drop(&master, n).tag()).collect();
    let others: Vec<Depth> = recorded.iter().filter(|e| !own_states.contains(&e.tag)).map(|e| keys.read(e)).collect();
    let count = |depth| others.iter().filter(|d| **d == depth).count();
    assert_eq!(count(Depth::Content), 1, "besides its states, the passphrase opens the unread reply alone");
    // The outer key of the last reply that was read from an officer lives until that officer's next one; the ratchet
    // inside is closed.
    assert!(count(Depth::Seal) <= 1, "{others:?}");

    // The absent officer still can: the message is really there.
    assert!(p.desk_visit(2).await?.is_empty());
    assert_eq!(p.desks[2].cases.len(), 1);
    Ok(())
}

fn serde_bytes(secret: &[u8; 32]) -> ciborium::Value {
    ciborium::Value::Bytes(secret.to_vec())
}

/// The number of the newest state among envelopes.
fn source_number(master: &MasterKey, envelopes: &[&Envelope]) -> u64 {
    let at = |n: &u64| envelopes.iter().any(|e| e.tag == source::state_drop(master, *n).tag());
    (0..64).rev().find(at).unwrap_or(0)
}

#[tokio::test]
async fn after_a_purge_nothing_is_left_to_open() -> Result<()> {
    let mut p = Programme::start(200).await?;
    let recorder = tapped(&mut p).await;
    let (_, master) = new_source();
    let file = p.upload("minutes.pdf", "application/pdf", &random_bytes(300_000)).await?;
    p.file_tip(&master, form(vec![file])).await?;
    p.advance(&master, None, Stage::Acknowledged).await?;
    p.close().await?;
    // A reply that the source never fetched.
    p.tell(0, RoleName::Triager, "we have closed your case", None).await?;
    p.next_epoch().await?;
    let manifests = files_of(p.case(0).await?.case());
    assert_eq!(manifests.len(), 1);
    let before: Vec<Desk> = p.desks.iter().map(stored).collect::<Result<_>>()?;
    let appends: Vec<JournalAppend> = recorder
        .to("/v1/journal/append")
        .iter()
        .map(|(r, _)| JournalAppend::decode(&r.body))
        .collect::<Result<_, _>>()?;
    assert!(appends.len() > 5);
    assert_eq!(opened_entries(&secrets(&before[1])?, &appends), appends.len(), "an open case opens to its officers");

    // Too early is refused; two years and a day later two officers sign.
    assert!(p.purge().await.is_err(), "retention is running");
    p.now = wall_clock() + 3 * 365 * 86_400;
    p.purge().await?;
    let state_before: SourceState = {
        p.next_epoch().await?;
        let source = p.source(&master).await?;
        let inbox = source.inbox().await?;
        assert!(inbox.unread.is_empty(), "the unread reply is gone too");
        assert_eq!(inbox.troubles.len(), 1);
        assert!(matches!(inbox.troubles[0].why, SourceError::ReplyGone), "{}", inbox.troubles[0]);
        stored(source.state())?
    };

    // Disk, keystores, passwords and passphrase together.
    p.server.kill()?;
    let raw = disk::files(&p.server.data_dir)?;
    for a in &appends {
        assert!(disk::holding(&raw, &a.entry[..64]).is_empty(), "an entry lies on the disk");
        assert!(disk::holding(&raw, &a.capability).is_empty(), "the journal's capability lies on the disk");
    }
    p.restart()?;
    let mut all = secrets(&p.desks)?;
    all.extend(secrets(&state_before)?);
    all.extend(master_secrets(&master));
    assert_eq!(opened_entries(&all, &appends), 0, "no key of the case is left with anybody");
    let keystores = StolenKeys::of(&p.desks)?;
    for e in &recorder.envelopes() {
        assert!(keystores.read(e) < Depth::Content);
    }
    let directory = History::fetch(&p.api(), &p.root_key(), p.now, None, Circuit(0)).await?;
    let ctx = p.context(&directory);
    let api = p.api();
    for mut desk in before {
        // Even the keystores of before the purge find nothing on this disk.
        let read =
            desk.open(&mut Session::new(&api, &p.circuits, &mut rng(), p.now, &directory), 0, &ctx).await.unwrap_err();
        assert!(matches!(read, OfficerError::Journal(JournalError::Cut { shown: 0, .. })), "{read}");
    }
    for desk in &mut p.desks {
        let read =
            desk.open(&mut Session::new(&api, &p.circuits, &mut rng(), p.now, &directory), 0, &ctx).await.unwrap_err();
        assert_eq!(read.to_string(), "this case was purged; nothing of it is left here");
    }
    for manifest in &manifests {
        for i in 0..manifest.blobs() {
            let capability = Capability::new(manifest.secret().capability(i));
            assert!(!matches!(api.take_blob(&capability, Circuit(0)).await?, Fetched::Body(_)), "blob {i} is there");
        }
    }
    for capability in still_there(&api, &recorder).await? {
        let e = recorder.envelopes().into_iter().find(|e| e.cap_hash == capability.hash()).unwrap();
        let own = |n| [source::state_drop(&master, n), source::cover_drop(&master, n)];
        let own = (0..64).flat_map(own).any(|place| place.tag() == e.tag);
        assert!(own, "besides the source's own state and cover nothing is handed out");
    }
    let restored = Source::restore(p.api(), p.newest().await?, master, &mut rng()).await?;
    assert!(restored.inbox().await?.unread.is_empty());
    Ok(())
}
