//! A colleague who was not written to is brought into a case: reads all of it, writes on, follows the key when it
//! turns; and what strangers hand over counts for nothing.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use anyhow::Result;
use serde::Deserialize;
use subrosa_casework::{
    bytes::Digest,
    case::{Event, Visibility},
    journal::Replay,
    role::RoleName,
    words::meeting,
};
use subrosa_crypto::{
    bundle::VerifiedBundle,
    charter::Role,
    ratchet,
    secret::Secret32,
    sign::HolderId,
    wire::{DepositRequest, Envelope, JOURNAL_STEP},
};
use subrosa_e2e::{
    programme::{Programme, new_source, rng, stored},
    whole_case::form,
    wire::{Answering, Recorder, answer},
};
use subrosa_engine::{
    api::ApiError,
    board,
    message::{CaseHandover, HandedKey, Message},
    officer::{JournalError, OfficerError},
    session::Session,
};

/// A programme whose third officer takes no tips in, with one acknowledged case.
async fn programme() -> Result<Programme> {
    let mut p = Programme::start_with(200, |c| {
        c.officers[2].roles = vec![Role::Investigator];
        Ok(())
    })
    .await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.next_epoch().await?;
    for n in 0..3 {
        assert_eq!(p.desk_visit(n).await?, Vec::<String>::new());
    }
    Ok(p)
}

fn note(text: &str) -> Event {
    Event::Noted { text: text.into(), visibility: Visibility::Team }
}

async fn bring(p: &mut Programme, from: usize, whom: HolderId) -> Result<Replay> {
    let directory = p.directory().await?;
    let (api, ctx, now) = (p.api(), p.context(&directory), p.now);
    let desk = &mut p.desks[from];
    let role = RoleName::Triager;
    let handed =
        desk.hand_over(&mut Session::new(&api, &p.circuits, &mut rng(), now, &directory), 0, whom, role, &ctx).await;
    *desk = stored(desk)?;
    Ok(handed?)
}

/// What a visit of the third officer found wrong, after everything sent so far is listed.
async fn third_visits(p: &mut Programme) -> Result<Vec<String>> {
    p.next_epoch().await?;
    p.desk_visit(2).await
}

fn refusal(e: &anyhow::Error) -> Option<&'static str> {
    match e.downcast_ref::<OfficerError>() {
        Some(OfficerError::Journal(JournalError::Refused(r))) => Some(r.code()),
        _ => None,
    }
}

fn notes(replay: &Replay) -> Vec<&str> {
    let text = |e: &Event| matches!(e, Event::Noted { .. });
    let all = replay.events().iter().filter(|e| text(&e.event));
    all.filter_map(|e| if let Event::Noted { text, .. } = &e.event { Some(text.as_str()) } else { None }).collect()
}

#[tokio::test]
async fn whoever_is_brought_in_reads_from_the_first_word_and_writes_on() -> Result<()> {
    let mut p = programme().await?;
    let third = p.desks[2].identity.holder();
    assert!(p.desks[2].cases.is_empty(), "tips are not addressed to somebody who takes none in");
    let replay = p.event(0, RoleName::Triager, note("before")).await?;
    assert!(replay.case().team().all(|h| h != third), "nor is anybody on a team who was given no key");

    let recorder = Recorder::new();
    p.wire = p.wire.tapped(recorder.clone());
    let replay = bring(&mut p, 0, third).await?;
    assert!(replay.case().team().any(|h| h == third));
    // On the wire it is a deposit like every other, and an entry like every other.
    let deposits = recorder.to("/v1/deposit");
    assert_eq!(deposits.len(), 1);
    assert_eq!(DepositRequest::decode(&deposits[0].0.body)?.envelopes.len(), 4);
    let entry = replay.seq() - 1;
    assert_eq!(replay.events()[usize::try_from(entry)?].event.name(), "member-added");
    assert!(recorder.to("/v1/journal/append").iter().all(|(r, _)| r.body.len() < 2 * JOURNAL_STEP));

    assert_eq!(third_visits(&mut p).await?, Vec::<String>::new());
    let seen = p.case(2).await?;
    assert_eq!((seen.events().len(), seen.head()), (replay.events().len(), replay.head()));
    assert!(!p.desks[2].cases[0].has_conversation());
    p.event(2, RoleName::Investigator, note("from the third")).await?;
    assert_eq!(notes(&p.case(0).await?), ["before", "from the third"]);

    // Sent again: no second entry, no second case, whether the first has arrived or not.
    for _ in 0..2 {
        let again = bring(&mut p, 1, third).await?;
        let joined = again.events().iter().filter(|e| e.event.name() == "member-added").count();
        assert_eq!(joined, 1);
    }
    assert_eq!(third_visits(&mut p).await?, Vec::<String>::new());
    assert_eq!(p.desks[2].cases.len(), 1);

    // Somebody leaves: the third officer gets the new key like everybody.
    p.event(1, RoleName::Triager, Event::Recused { reason: "a friend".into() }).await?;
    p.event(0, RoleName::Triager, note("after the turn")).await?;
    let seen = p.case(2).await?;
    assert_eq!((seen.case().key_generation(), notes(&seen).len()), (2, 3));

    // Who may not: whoever has left; and whom nobody can bring in: the one who left, oneself, an administrator.
    assert_eq!(refusal(&bring(&mut p, 1, third).await.unwrap_err()), Some("not-on-team"));
    let (me, left) = (p.desks[0].identity.holder(), p.desks[1].identity.holder());
    assert_eq!(refusal(&bring(&mut p, 0, left).await.unwrap_err()), Some("recused"));
    for other in [me, p.treasuries[0].identity.holder()] {
        let e = bring(&mut p, 0, other).await.unwrap_err();
        assert!(matches!(e.downcast_ref(), Some(OfficerError::NoColleague)), "{e}");
    }
    Ok(())
}

#[tokio::test]
async fn keys_handed_over_before_and_after_a_turn_open_everything() -> Result<()> {
    // After: both generations come.
    let mut p = programme().await?;
    let third = p.desks[2].identity.holder();
    p.event(0, RoleName::Triager, note("under the first key")).await?;
    p.event(1, RoleName::Triager, Event::Recused { reason: "a friend".into() }).await?;
    // Nobody has turned the key yet: handing over does it first.
    bring(&mut p, 0, third).await?;
    p.event(0, RoleName::Triager, note("under the second key")).await?;
    assert_eq!(third_visits(&mut p).await?, Vec::<String>::new());
    let seen = p.case(2).await?;
    assert_eq!((seen.case().key_generation(), notes(&seen)), (2, vec!["under the first key", "under the second key"]));

    // Before: what was sent is old when it is read, and leads on.
    let mut p = programme().await?;
    let third = p.desks[2].identity.holder();
    bring(&mut p, 0, third).await?;
    p.event(1, RoleName::Triager, Event::Recused { reason: "a friend".into() }).await?;
    p.event(0, RoleName::Triager, note("under the second key")).await?;
    assert_eq!(third_visits(&mut p).await?, Vec::<String>::new());
    let seen = p.event(2, RoleName::Investigator, note("from the third")).await?;
    assert_eq!((seen.case().key_generation(), notes(&seen).len()), (2, 2));
    Ok(())
}

#[tokio::test]
async fn what_breaks_on_the_way_is_done_again() -> Result<()> {
    let mut p = programme().await?;
    let third = p.desks[2].identity.holder();
    let wire = p.wire.clone();
    for path in ["/v1/bundles", "/v1/deposit"] {
        let failed = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&failed);
        p.wire = wire.tapped(Arc::new(Answering(move |r: &mut subrosa_engine::transport::Request| {
            (r.path == path).then(|| {
                seen.store(true, Ordering::SeqCst);
                answer(503, Vec::new())
            })
        })));
        let e = bring(&mut p, 0, third).await.unwrap_err();
        assert!(matches!(e.downcast_ref(), Some(OfficerError::Api(ApiError::Refused { status: 503, .. }))), "{e}");
        assert!(failed.load(Ordering::SeqCst));
    }
    p.wire = wire.clone();
    assert!(p.case(0).await?.case().team().any(|h| h == third), "the team has grown, the keys were not sent");
    assert_eq!(third_visits(&mut p).await?, Vec::<String>::new());
    assert!(p.desks[2].cases.is_empty());
    bring(&mut p, 0, third).await?;

    // The server loses the journal's answer when the third officer comes: what was handed over is kept, and read at the
    // next visit.
    p.next_epoch().await?;
    p.wire = wire.tapped(Arc::new(Answering(|r: &mut subrosa_engine::transport::Request| {
        (r.path == "/v1/journal/read").then(|| answer(503, Vec::new()))
    })));
    assert_eq!(p.desk_visit(2).await?, ["a case that was handed to you cannot be read yet; it is tried again"]);
    assert!(p.desks[2].cases.is_empty());
    p.wire = wire;
    assert_eq!(p.desk_visit(2).await?, Vec::<String>::new());
    assert_eq!(p.desks[2].cases.len(), 1);
    Ok(())
}

/// Somebody who is nobody writes to the third officer.
async fn stranger_hands_over(p: &Programme, handed: CaseHandover) -> Result<()> {
    let directory = p.directory().await?;
    let officer = directory.officers().iter().find(|o| o.key.holder_id() == p.desks[2].identity.holder()).unwrap();
    let (api, circuit) = (p.api(), p.circuits.fresh());
    let params = api.params(circuit).await?;
    let offered = api.bundles(&params, &mut rng(), circuit).await?;
    let bundle = offered.of(officer.key.holder_id()).cloned().unwrap();
    let bundle = VerifiedBundle::verify(bundle, &officer.key, p.now).unwrap();
    let body = Message::Handover(Box::new(handed)).encode()?;
    let (_, envelope): (_, Envelope) = ratchet::Session::initiate(&officer.contact, &bundle, &body, &mut rng())?;
    board::deposit(&api, &params, &board::parcel(vec![envelope], &mut rng())?, circuit).await?;
    Ok(())
}

#[tokio::test]
async fn what_strangers_hand_over_is_not_kept() -> Result<()> {
    let mut p = programme().await?;
    let replay = p.case(0).await?;
    let Message::Tip(tip) = Message::recorded(&replay.case().received().unwrap().tip.0)? else { panic!("no tip") };
    let (journal, access) = meeting(&tip.case_secret, &tip.claim_key);
    // A source knows its case's first key, and could hand it to an officer whom the team has not let in.
    let from_the_source = CaseHandover {
        journal: Digest(journal.0),
        capability: access.capability,
        keys: vec![HandedKey { generation: 0, key: access.key.key }],
        seq: 0,
        head: Digest([0; 32]),
    };
    let nowhere = CaseHandover {
        journal: Digest([1; 32]),
        capability: Secret32::random(&mut rng()),
        keys: vec![HandedKey { generation: 0, key: Secret32::random(&mut rng()) }],
        seq: 0,
        head: Digest([0; 32]),
    };
    let without_a_key = CaseHandover { keys: Vec::new(), ..from_the_source.clone() };
    let wrong_key = CaseHandover { keys: nowhere.keys.clone(), ..from_the_source.clone() };
    for handed in [nowhere, without_a_key, wrong_key, from_the_source] {
        stranger_hands_over(&p, handed).await?;
        let troubles = third_visits(&mut p).await?;
        assert_eq!(troubles.len(), 1, "{troubles:?}");
        assert!(p.desks[2].cases.is_empty());
        assert_eq!(p.desk_visit(2).await?, Vec::<String>::new(), "told once, and forgotten");
    }
    // None of it was in the way of the real one.
    let third = p.desks[2].identity.holder();
    bring(&mut p, 0, third).await?;
    assert_eq!(third_visits(&mut p).await?, Vec::<String>::new());
    assert_eq!(p.desks[2].cases.len(), 1);
    Ok(())
}

/// What a desk keeps of a journal: what its owner can take out of the keystore.
#[derive(Deserialize)]
struct Taken {
    capability: Secret32,
    keys: Vec<(u32, Secret32)>,
    seen: u64,
}

/// A colleague has read another journal than the server shows whoever is brought in: that is found out before the case
/// comes onto the desk.
#[tokio::test]
async fn two_views_of_one_journal_are_found_out_where_it_is_handed_over() -> Result<()> {
    let mut p = programme().await?;
    let third = p.desks[2].identity.holder();
    p.event(0, RoleName::Triager, note("read by the first")).await?;
    let mut bytes = Vec::new();
    let access = p.desks[0].cases[0].journal.as_ref().unwrap();
    ciborium::into_writer(access, &mut bytes)?;
    let taken: Taken = ciborium::from_reader(bytes.as_slice())?;
    let from_another_view = CaseHandover {
        journal: Digest(access.journal().0),
        capability: taken.capability,
        keys: taken.keys.into_iter().map(|(generation, key)| HandedKey { generation, key }).collect(),
        seq: taken.seen,
        head: Digest([7; 32]),
    };
    let cut = CaseHandover { seq: taken.seen + 30, ..from_another_view.clone() };
    stranger_hands_over(&p, from_another_view).await?;
    stranger_hands_over(&p, cut).await?;
    // They come before the true one: once a case is on the desk, what a stranger hands over says nothing.
    p.next_epoch().await?;
    bring(&mut p, 0, third).await?;
    let troubles = third_visits(&mut p).await?;
    assert_eq!(troubles.len(), 2, "{troubles:?}");
    for said in ["another past of this journal", "hides entries"] {
        assert!(troubles.iter().any(|t| t.contains(said)), "{troubles:?}");
    }
    assert_eq!(p.desks[2].cases.len(), 1, "the true one was sent too, and counts");
    Ok(())
}
