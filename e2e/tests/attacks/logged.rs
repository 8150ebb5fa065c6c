//! What people depend on is what the log holds: a list that is not the logged one is noticed, a signed promise that is
//! not kept is told, and so is a log that stands still. Nothing is lost by any of it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::print_stdout, reason = "tests")]

use std::{
    process::Command as Program,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use anyhow::{Context as _, Result};
use subrosa_casework::{case::MessageKind, journal::Replay, money::Cents, role::RoleName};
use subrosa_crypto::{
    delivery::cover_hint,
    wire::{BLOCK_EPOCHS, EpochList, Hint, Tag},
};
use subrosa_e2e::{
    programme::{Programme, Stored, new_source, random_bytes, rng, stored},
    server::{Server, ServerOptions},
    whole_case::{Stage, form},
    wire::{Recorder, Wire, answer},
};
use subrosa_engine::{
    api::Api,
    log_watch::LogFinding,
    message::Message,
    officer::{Delivered, Desk, Letter, OfficerError, Watcher, visit},
    session::{Saved, Session, Step},
    source::{Source, SourceError},
    transport::Request,
    treasury::{self, Treasury, audit::audit},
    trouble::Trouble,
};

use crate::hostile_server::{altering, answering, says, told};

const NOT_LOGGED: [&str; 3] = ["lists that are not those in the log", "asked for again", "do not trust this server"];

const FORGED: [&str; 2] = ["receipt is not signed by the programme's log", "Do not trust this server"];

/// One of the two files of a list of dummies.
fn false_file(epoch: u64, kind: &str) -> Vec<u8> {
    let mut rows: Vec<(Tag, Hint)> =
        (0..64).map(|_| (Tag(random_bytes(16).try_into().unwrap()), cover_hint(&mut rng()))).collect();
    rows.sort_by_key(|(tag, _)| *tag);
    let list = EpochList { epoch, rows: rows.try_into().unwrap() };
    if kind == "tags" { list.encode_tags() } else { list.encode_hints() }
}

/// A list, or a block of lists, without any row of anybody's.
fn false_list(path: &str) -> Option<Vec<u8>> {
    let (number, kind) =
        path.strip_prefix("/v1/epoch/").or_else(|| path.strip_prefix("/v1/block/"))?.split_once('/')?;
    let number: u64 = number.parse().ok()?;
    if path.starts_with("/v1/epoch/") {
        return Some(false_file(number, kind));
    }
    Some((number * BLOCK_EPOCHS..(number + 1) * BLOCK_EPOCHS).flat_map(|epoch| false_file(epoch, kind)).collect())
}

/// A server that shows lists of dummies while the switch is on.
fn lying(wire: &Wire) -> (Wire, Arc<AtomicBool>) {
    let on = Arc::new(AtomicBool::new(true));
    let switch = Arc::clone(&on);
    let lie = move |r: &mut Request| {
        let list = switch.load(Ordering::Relaxed).then(|| false_list(&r.path)).flatten()?;
        Some(answer(200, list))
    };
    (answering(wire, lie), on)
}

fn text(words: &str) -> Message {
    Message::Text { text: words.into(), files: Vec::new() }
}

#[tokio::test]
async fn an_officer_notices_a_list_that_is_not_the_logged_one_and_loses_nothing() -> Result<()> {
    let mut p = Programme::start(250).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.next_epoch().await?;
    let honest = p.wire.clone();
    p.wire = lying(&honest).0;
    for _ in 0..2 {
        says(&told(&p.desk_visit(0).await?), &NOT_LOGGED);
        assert!(p.desks[0].cases.is_empty() && p.desks[0].identity.unlogged() > 0);
        p.next_epoch().await?;
    }
    // The server honest again: every list is asked for again, whatever was read in between.
    p.wire = honest;
    assert_eq!(told(&p.desk_visit(0).await?), "");
    assert_eq!((p.desks[0].cases.len(), p.desks[0].identity.unlogged()), (1, 0), "nothing was lost");
    assert_eq!(told(&p.desk_visit(1).await?), "");
    assert_eq!(p.desks[1].cases.len(), 1);
    Ok(())
}

#[tokio::test]
async fn only_the_false_list_is_asked_for_again() -> Result<()> {
    let mut p = Programme::start(250).await?;
    let (_, master) = new_source();
    let (_, filed) = p.file_tip(&master, form(Vec::new())).await?;
    p.next_epoch().await?;
    let honest = p.wire.clone();
    let hidden = filed.epoch;
    p.wire = answering(&honest, move |r| {
        r.path.starts_with(&format!("/v1/epoch/{hidden}/")).then(|| answer(200, false_list(&r.path).unwrap()))
    });
    // What the other lists hold is read: here another tip, filed later.
    p.file_tip(&new_source().1, form(Vec::new())).await?;
    p.next_epoch().await?;
    says(&told(&p.desk_visit(0).await?), &["1, the first of them of epoch", &hidden.to_string()]);
    assert_eq!((p.desks[0].cases.len(), p.desks[0].identity.unlogged()), (1, 1));
    p.wire = honest;
    assert_eq!(told(&p.desk_visit(0).await?), "");
    assert_eq!((p.desks[0].cases.len(), p.desks[0].identity.unlogged()), (2, 0));
    Ok(())
}

#[tokio::test]
async fn lists_that_are_said_to_be_gone_are_told_and_read_when_they_turn_up() -> Result<()> {
    let mut p = Programme::start(250).await?;
    p.next_epoch().await?;
    assert_eq!(told(&p.desk_visit(0).await?), "");
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.next_epoch().await?;
    let honest = p.wire.clone();
    p.wire = altering(&honest, |request, response| {
        if request.path == "/v1/params" {
            let mut params: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
            params["first_epoch"] = params["epoch"].clone();
            response.body = params.to_string().into_bytes();
        }
    });
    says(&told(&p.desk_visit(0).await?), &["no longer keeps the lists", "lost, or the server holds it back"]);
    p.wire = honest;
    assert_eq!(told(&p.desk_visit(0).await?), "");
    assert_eq!(p.desks[0].cases.len(), 1, "it turned up again, and nothing was passed over");
    Ok(())
}

#[tokio::test]
async fn a_source_notices_a_list_that_is_not_the_logged_one_and_loses_nothing() -> Result<()> {
    let mut p = Programme::start(250).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Received).await?;
    p.reply(0, RoleName::Triager, MessageKind::Text, &text("we have it")).await?;
    p.next_epoch().await?;
    let (wire, on) = lying(&p.wire);
    let back =
        async || Source::restore(Api::new(wire.clone()), p.newest().await.unwrap(), master.clone(), &mut rng()).await;
    // An older state could be passed off as the newest: nothing goes on.
    let refused = back().await.unwrap_err();
    assert!(matches!(refused, SourceError::Log(LogFinding::ListNotLogged { count: 1, .. })), "{refused}");
    says(&refused, &NOT_LOGGED);
    // Lied to about replies alone.
    on.store(false, Ordering::Relaxed);
    let mut source = back().await?;
    on.store(true, Ordering::Relaxed);
    let inbox = source.inbox().await?;
    assert!(inbox.unread.is_empty());
    says(&told(&inbox.log_findings(p.now)), &NOT_LOGGED);
    source.acknowledge(inbox, &mut rng()).await?;
    on.store(false, Ordering::Relaxed);
    p.next_epoch().await?;
    let inbox = back().await?.inbox().await?;
    assert_eq!((inbox.unread.len(), inbox.log_findings(p.now).len()), (1, 0), "nothing was lost");
    Ok(())
}

#[tokio::test]
async fn an_administrator_notices_a_list_that_is_not_the_logged_one() -> Result<()> {
    let mut p = Programme::start(250).await?;
    p.next_epoch().await?;
    let honest = p.wire.clone();
    p.wire = lying(&honest).0;
    says(&told(&p.treasury_visit(0).await?.troubles), &NOT_LOGGED);
    p.wire = honest;
    assert_eq!(told(&p.treasury_visit(0).await?.troubles), "");
    assert_eq!(p.treasuries[0].identity.unlogged(), 0);
    Ok(())
}

#[tokio::test]
async fn a_log_that_stands_still_is_told_with_both_times_and_stops_nothing() -> Result<()> {
    let mut p = Programme::start(250).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Received).await?;
    p.reply(0, RoleName::Triager, MessageKind::Text, &text("we have it")).await?;
    p.next_epoch().await?;
    let frozen = p.api().checkpoint(subrosa_engine::transport::Circuit(0)).await?;
    p.wire = answering(&p.wire, move |r| (r.path == "/v1/log/checkpoint").then(|| answer(200, frozen.clone())));
    let (api, directory) = (p.api(), p.directory().await?);
    // Charter epochs of a second: three of them and ten minutes are tolerated.
    let (early, late) = (p.now - 3600, p.now + 3600);
    let inbox = p.source(&master).await?.inbox().await?;
    assert_eq!((inbox.unread.len(), inbox.log_findings(p.now).len()), (1, 0), "what is there is read");
    let report = audit(&api, &directory, &p.root_key(), &p.circuits).await?;
    let mut desk: Desk = stored(&p.desks[0])?;
    desk.watch_log(&api, &directory, &p.circuits).await?;
    let staff = |now| desk.identity.log_findings(directory.charter(), now);
    assert_eq!((staff(p.now).len(), report.against_clock(p.now)), (0, None));
    for findings in [inbox.log_findings(late), staff(late), report.against_clock(late).into_iter().collect()] {
        assert!(matches!(findings[..], [LogFinding::StandsStill { .. }]), "{findings:?}");
        let now = subrosa_engine::log_watch::Moment(late).to_string();
        says(
            &findings[0],
            &["the server stands still or holds back", "what you see holds", "newest statement is from", &now],
        );
    }
    for findings in [inbox.log_findings(early), staff(early), report.against_clock(early).into_iter().collect()] {
        assert!(matches!(findings[..], [LogFinding::Ahead { .. }]), "{findings:?}");
        says(&findings[0], &["one of the two is wrong", "Put your clock right"]);
    }
    Ok(())
}

/// What a visit tells.
#[derive(Default)]
struct Heard(Vec<String>);

impl Watcher for Heard {
    fn step(&mut self, _step: Step, _done: usize, _of: usize) {}

    fn troubles(&mut self, troubles: Vec<Trouble>) {
        self.0.extend(troubles.iter().map(ToString::to_string));
    }

    fn delivered(&mut self, _desk: &Desk, _delivered: Vec<Delivered>) {}

    fn case(&mut self, _desk: &Desk, _at: usize, _read: Result<Replay, OfficerError>) {}
}

#[tokio::test]
async fn a_members_visit_tells_of_a_log_that_stands_still_and_goes_on() -> Result<()> {
    let mut p = Programme::start(250).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.next_epoch().await?;
    let (api, directory, generator) = (p.api(), p.directory().await?, &mut rng());
    let ctx = p.context(&directory);
    let s = &mut Session::new(&api, &p.circuits, generator, p.now + 3600, &directory);
    let mut heard = Heard::default();
    visit(&mut Stored(&mut p.desks[0]), s, &ctx, &mut heard).await?;
    says(&heard.0.join(" "), &["the server stands still or holds back"]);
    assert_eq!(p.desks[0].cases.len(), 1, "the tip is read all the same");
    let visited = treasury::visit(&mut Stored(&mut p.treasuries[0]), s, |_| {}).await?;
    says(&told(&visited.news.troubles), &["the server stands still or holds back"]);
    Ok(())
}

/// A twin of the server: the same keys on a copy of its disk.
fn twin(p: &mut Programme) -> Result<Server> {
    p.server.stop()?;
    let copy = p.directory_for("twin");
    assert!(Program::new("cp").arg("-a").arg(&p.server.data_dir).arg(&copy).status()?.success());
    p.restart()?;
    Server::start(&ServerOptions { data_dir: copy, ..p.options.clone() })
}

#[tokio::test]
async fn a_promise_is_looked_up_and_a_broken_one_is_told() -> Result<()> {
    let mut p = Programme::start(250).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Received).await?;
    let directory = p.directory().await?;
    let charter = directory.charter();
    // A letter that the server keeps its word about.
    p.reply(0, RoleName::Triager, MessageKind::Text, &text("we have it")).await?;
    assert_eq!(p.desks[0].identity.promises(), 1);
    p.next_epoch().await?;
    let api = p.api();
    p.desks[0].watch_log(&api, &directory, &p.circuits).await.context("the log")?;
    assert_eq!((p.desks[0].identity.promises(), p.desks[0].identity.log_findings(charter, p.now).len()), (0, 0));
    // One that it signs for and drops: it goes to a twin with the same keys, whose log nobody reads.
    let other = twin(&mut p)?;
    let honest = std::mem::replace(&mut p.wire, Wire::new(&other.url)?);
    p.reply(0, RoleName::Triager, MessageKind::Text, &text("and we believe it")).await?;
    let (api, generator) = (p.api(), &mut rng());
    let mut treasury: Treasury = stored(&p.treasuries[0])?;
    let s = &mut Session::new(&api, &p.circuits, generator, p.now, &directory);
    treasury.fund(s, Cents(100_000), "Grant 2027").await?;
    let (mut desk, promised): (Desk, usize) = (stored(&p.desks[0])?, treasury.identity.promises());
    assert_eq!((desk.identity.promises(), promised), (1, 1));
    p.wire = honest;
    // Until the epoch of the promise is closed, nothing is said against the server.
    for _ in 0..8 {
        p.next_epoch().await?;
    }
    for _ in 0..2 {
        desk.watch_log(&p.api(), &directory, &p.circuits).await?;
        treasury.identity.watch_log(&p.api(), charter, &p.circuits).await?;
        for findings in [&desk.identity, &treasury.identity].map(|i| i.log_findings(charter, p.now)) {
            says(&told(&findings), &["would stand in the log, and it does not", "signed receipts, which prove it"]);
        }
        desk = stored(&desk)?;
    }
    assert_eq!(desk.identity.promises(), 1, "the proof is kept");
    Ok(())
}

#[tokio::test]
async fn everybody_refuses_a_forged_receipt() -> Result<()> {
    let mut p = Programme::start(250).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Issued).await?;
    p.next_epoch().await?;
    let tokens = p.source(&master).await?.tokens()?;
    let honest = p.wire.clone();
    p.wire = altering(&honest, |request, response| {
        if ["/v1/deposit", "/v1/records"].contains(&&*request.path) {
            *response.body.last_mut().unwrap() ^= 1;
        }
    });
    // A stranger's redemption.
    says(&p.redeem(&tokens[..1]).await.unwrap_err(), &FORGED);
    // An administrator's statement.
    let (api, directory, generator) = (p.api(), p.directory().await?, &mut rng());
    let s = &mut Session::new(&api, &p.circuits, generator, p.now, &directory);
    says(&p.treasuries[0].fund(s, Cents(100_000), "Grant 2027").await.unwrap_err(), &FORGED);
    // An officer's letter: it stays in the outbox and goes again.
    let ctx = p.context(&directory);
    let letter = text("and we believe it");
    let kind = MessageKind::Text;
    let letter = Letter { kind, message: &letter, leak_checked: true };
    let desk = &mut p.desks[0];
    desk.write(s, 0, &ctx, RoleName::Triager, letter).await?;
    says(&Saved::by(&mut Stored(desk), &mut rng())?.flush(s).await.unwrap_err(), &FORGED);
    let (api, generator) = (Api::new(honest), &mut rng());
    let s = &mut Session::new(&api, &p.circuits, generator, p.now, &directory);
    assert_eq!(Saved::by(&mut Stored(desk), &mut rng())?.flush(s).await?, 1);
    Ok(())
}

/// What looking at the log costs: bundles of leaves that all readers share, and one checkpoint a visit.
#[tokio::test]
async fn a_visit_asks_for_one_checkpoint_and_each_bundle_once() -> Result<()> {
    let mut p = Programme::start(200).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    for _ in 0..20 {
        p.next_epoch().await?;
    }
    let recorder = Recorder::new();
    p.wire = p.wire.tapped(recorder.clone());
    let cost = |what: &str| {
        let seen = recorder.exchanges();
        let of = |part: &str| {
            let of: Vec<_> = seen.iter().filter(|(r, _)| r.path.starts_with(part)).collect();
            (of.len(), of.iter().map(|(_, answer)| answer.body.len()).sum::<usize>())
        };
        let (lists, log, checkpoints) = (of("/v1/epoch/"), of("/v1/log/tile/"), of("/v1/log/checkpoint"));
        let blocks = of("/v1/block/");
        recorder.clear();
        println!("{what}: lists {lists:?}, blocks {blocks:?}, log {log:?}, checkpoints {checkpoints:?}");
        (lists.1 + blocks.1, log.1, checkpoints.0)
    };
    assert_eq!(told(&p.desk_visit(0).await?), "");
    let (lists, log, checkpoints) = cost("an officer's first visit");
    assert_eq!(checkpoints, 1);
    assert!(log < lists / 3, "a list is 3,098 bytes, its batch 544: {log} beside {lists}");
    p.next_epoch().await?;
    assert_eq!(told(&p.desk_visit(0).await?), "");
    assert_eq!(cost("an officer's next visit").2, 1);
    let inbox = p.source(&master).await?.inbox().await?;
    assert!(inbox.unread.is_empty());
    let (_, _, checkpoints) = cost("a source's return");
    assert!(checkpoints <= 2, "one, and another if an epoch closed in between");
    Ok(())
}
