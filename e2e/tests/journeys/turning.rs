//! Somebody leaves a case: a colleague's program turns the case key and the journal's capability, and whoever left
//! reads nothing written after.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use anyhow::Result;
use subrosa_casework::{
    case::{Command, Event, Visibility},
    journal::{self, CaseKey},
    role::RoleName,
    words::SignedWords,
};
use subrosa_crypto::{
    charter::Role,
    keeper::KeeperSignature,
    secret::Secret32,
    wire::{JournalAccess, JournalAppend, JournalId, JournalPurge},
};
use subrosa_e2e::{
    programme::{Programme, Stored, new_source, rng, stored},
    stolen_keys::{Depth, StolenKeys, secrets},
    whole_case::{Stage, form},
    wire::Recorder,
};
use subrosa_engine::{
    api::ApiError,
    message::Message,
    officer::{Desk, JournalError, OfficerError},
    session::{Saved, Session},
};

fn note(text: &str) -> Event {
    Event::Noted { text: text.into(), visibility: Visibility::Team }
}

fn words(text: &str) -> Message {
    Message::Text { text: text.into(), files: Vec::new() }
}

/// The journal of every desk's newest case.
fn journal_of(p: &Programme) -> JournalId {
    JournalId(p.desks[0].cases[0].id())
}

/// Every entry that any of the secrets opens, under whatever generation it claims.
fn opened(secrets: &[[u8; 32]], appends: &[JournalAppend]) -> Vec<u64> {
    let opens = |a: &&JournalAppend| {
        let generation = journal::generation(&a.entry).unwrap();
        secrets.iter().any(|s| {
            let key = [CaseKey { generation, key: Secret32::new(*s) }];
            journal::open(&a.journal, &key, a.expected_seq, &a.expected_head, &a.entry).is_ok()
        })
    };
    appends.iter().filter(opens).map(|a| a.expected_seq).collect()
}

/// An officer's signature for a purge: what every officer of the charter can show.
async fn purge_signature(p: &Programme, journal: JournalId, capability: &[u8; 32]) -> Result<KeeperSignature> {
    let epoch = p.api().params(p.circuits.fresh()).await?.epoch;
    let asked = JournalPurge::asks(journal, capability);
    Ok(asked.sign(p.directory().await?.seen().1, epoch, &p.desks[1].identity.signer()))
}

/// Everything that the server hands out of the journal to somebody who shows each of the secrets as capability: how
/// many entries at most.
async fn fetched(p: &Programme, journal: JournalId, secrets: &[[u8; 32]]) -> Result<u64> {
    let mut most = 0;
    for capability in secrets {
        let access = JournalAccess { journal, capability: *capability, from_seq: 0 };
        match p.api().journal_read(&access, p.circuits.fresh()).await {
            Ok(page) => {
                assert_eq!(page.position.seq, page.entries.len() as u64, "nothing tells that there is more");
                most = most.max(page.position.seq);
            }
            Err(ApiError::Refused { status: 404, .. }) => {}
            Err(e) => return Err(e.into()),
        }
    }
    Ok(most)
}

#[tokio::test]
async fn a_recused_officer_opens_and_fetches_nothing_written_after() -> Result<()> {
    let mut p = Programme::start(200).await?;
    let recorder = Recorder::new();
    p.wire = p.wire.tapped(recorder.clone());
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Acknowledged).await?;
    let journal = journal_of(&p);
    // The third officer is away from here on, with what the keystore held then.
    let away: Desk = stored(&p.desks[2])?;
    let before_leaving: Desk = stored(&p.desks[1])?;

    // The second officer leaves. The source is told in that officer's own conversation, whose keys are destroyed.
    p.event(1, RoleName::Triager, Event::Recused { reason: "a cousin works there".into() }).await?;
    let (api, directory, generator) = (p.api(), p.directory().await?, &mut rng());
    let s = &mut Session::new(&api, &p.circuits, generator, p.now, &directory);
    assert_eq!(Saved::by(&mut Stored(&mut p.desks[1]), &mut rng())?.flush(s).await?, 1);
    p.desks[1] = stored(&p.desks[1])?;

    // The first officer's next act turns the key first, unasked.
    let replay = p.event(0, RoleName::Triager, note("what the second officer must not read")).await?;
    assert_eq!((replay.case().key_generation(), replay.case().must_turn_key()), (2, false));
    let names: Vec<_> = replay.events().iter().rev().take(3).map(|e| e.event.name()).collect();
    assert_eq!(names, ["noted", "key-turned", "recused"]);
    let turned = replay.seq() - 2;
    p.event(0, RoleName::Triager, note("nor this")).await?;

    // Everything that the recused officer holds, now and at the time of leaving.
    let appends: Vec<JournalAppend> = recorder
        .to("/v1/journal/append")
        .iter()
        .filter(|(_, answer)| answer.status == 200)
        .map(|(r, _)| JournalAppend::decode(&r.body))
        .collect::<Result<_, _>>()?;
    assert_eq!(appends.last().unwrap().expected_seq, turned + 2);
    let mut all = secrets(&p.desks[1])?;
    all.extend(secrets(&before_leaving)?);
    let readable = opened(&all, &appends);
    assert_eq!(readable.iter().max(), Some(&turned), "up to the entry that turned the key, and nothing after");
    assert_eq!(opened(&secrets(&p.desks[0])?, &appends).len(), appends.len(), "a colleague opens all of it");
    assert_eq!(fetched(&p, journal, &all).await?, turned + 1, "nor does the server hand out more");
    assert_eq!(fetched(&p, journal, &secrets(&p.desks[0])?).await?, turned + 3);

    // The recused officer's own program shows the case as it was left, and writes nothing any more.
    let seen = p.case(1).await?;
    assert_eq!(seen.seq(), turned + 1);
    let refused = p.event(1, RoleName::Triager, note("one more thing")).await.unwrap_err();
    let refused = refused.downcast_ref::<OfficerError>().unwrap();
    assert!(matches!(refused, OfficerError::Journal(JournalError::Refused(r)) if r.code() == "recused"), "{refused}");
    // A patched one cannot either: the capability is worth nothing, so nothing is destroyed or cut.
    for capability in &all {
        let keeper = purge_signature(&p, journal, capability).await?;
        let purge = JournalPurge { journal, capability: *capability, keeper };
        assert!(p.api().journal_purge(&purge, p.circuits.fresh()).await.is_err());
    }

    // The officer who was away finds the new key, also from the keystore of then, reads all and writes on.
    p.desks[2] = away;
    let replay = p.event(2, RoleName::Investigator, note("back again")).await?;
    assert_eq!((replay.case().key_generation(), replay.passed_over().len()), (2, 0));
    assert_eq!(p.case(0).await?.events().len(), replay.events().len());

    // The source reads that the officer left, and writes to the others alone.
    p.next_epoch().await?;
    let (mut source, read) = p.source_reads(&master).await?;
    assert!(read.iter().any(|m| matches!(m, Message::Leaving)));
    p.next_epoch().await?;
    recorder.clear();
    let receipts = source.send(&words("for those who stay"), &mut rng()).await?;
    assert_eq!(receipts.len(), 2);
    for holder in [&before_leaving, &p.desks[1]] {
        let stolen = StolenKeys::of(holder)?;
        assert!(recorder.envelopes().iter().all(|e| stolen.read(e) < Depth::Content));
    }
    p.next_epoch().await?;
    for n in [0, 2] {
        assert_eq!(p.desk_visit(n).await?, Vec::<String>::new());
    }
    assert!(p.desk_visit(1).await?.is_empty());
    let last = p.case(0).await?.case().messages().last().unwrap().body.0.clone();
    assert_eq!(SignedWords::decode(&last)?.body, words("for those who stay").encode()?.to_vec());
    Ok(())
}

#[tokio::test]
async fn a_key_turned_twice_is_found_by_whoever_was_away() -> Result<()> {
    let mut p = Programme::start_with(200, |c| {
        // Enough adjudicators for two to leave.
        for o in &mut c.officers {
            o.roles = vec![Role::Intake, Role::Triager, Role::Adjudicator];
        }
        Ok(())
    })
    .await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Received).await?;
    let away: Desk = stored(&p.desks[2])?;

    // One leaves for a conflict, another leaves the programme: the charter no longer names them.
    p.event(1, RoleName::Triager, Event::Recused { reason: "a friend".into() }).await?;
    p.event(0, RoleName::Triager, note("first")).await?;
    let gone = p.desks[2].identity.holder();
    assert_eq!(p.case(0).await?.case().key_generation(), 2);

    // Back from the keystore of before both: one turn is found.
    p.desks[2] = away;
    assert_eq!(p.case(2).await?.case().key_generation(), 2);
    let mut leaver = stored::<Desk>(&p.desks[2])?;
    p.now += 120;
    let now = p.now;
    p.next_charter(|c| {
        c.issued = now - 60;
        c.officers.retain(|o| o.keys.sign.holder_id() != gone);
    })
    .await?;
    let replay = p.event(0, RoleName::Triager, note("second")).await?;
    assert_eq!(replay.case().key_generation(), 3, "the charter no longer names them: written down, and turned");
    assert!(replay.case().team().all(|h| h != gone));
    assert_eq!(replay.passed_over().len(), 0, "what they wrote while they were members still counts");
    // Whoever is gone reads up to the turn and no further.
    let directory = p.directory().await?;
    let ctx = p.context(&directory);
    let seen = leaver.open(&mut Session::new(&p.api(), &p.circuits, &mut rng(), p.now, &directory), 0, &ctx).await?;
    assert_eq!(seen.seq(), replay.seq() - 1);
    // The source, back with the new charter, writes to the one who is left and can read.
    p.next_epoch().await?;
    let mut source = p.source(&master).await?;
    let receipts = source.send(&words("hello"), &mut rng()).await?;
    assert_eq!(receipts.len(), 2, "the recused one has told it nothing yet, the dismissed one gets nothing");
    Ok(())
}

#[tokio::test]
async fn two_colleagues_turn_at_once_and_nobody_is_locked_out() -> Result<()> {
    let mut p = Programme::start(200).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Received).await?;
    p.event(1, RoleName::Triager, Event::Recused { reason: "a friend".into() }).await?;
    let directory = p.directory().await?;
    let ctx = p.context(&directory);
    let (api, circuits, now) = (p.api(), &p.circuits, p.now);
    let (first, rest) = p.desks.split_at_mut(2);
    let (a, b) = (&mut first[0], &mut rest[0]);
    let write = |text: &'static str| move |_: &_| Some(Command::Write(note(text)));
    let mut one = rng();
    let mut two = rng();
    let mut ours = Session::new(&api, circuits, &mut one, now, &directory);
    let mut theirs = Session::new(&api, circuits, &mut two, now, &directory);
    let (x, y) = tokio::join!(
        a.act(&mut ours, 0, &ctx, RoleName::Triager, write("a")),
        b.act(&mut theirs, 0, &ctx, RoleName::Investigator, write("b")),
    );
    x?;
    y?;
    for n in [0, 2] {
        let replay = p.case(n).await?;
        let notes = replay.events().iter().filter(|e| matches!(e.event, Event::Noted { .. })).count();
        assert_eq!((notes, replay.case().must_turn_key(), replay.passed_over().len()), (2, false, 0));
    }
    Ok(())
}
