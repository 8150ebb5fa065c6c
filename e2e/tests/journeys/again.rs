//! What a server alters or hides once is not lost, what it hides between two visits is noticed.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::{
    fmt::Display,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use anyhow::Result;
use subrosa_casework::{journal::Replay, role::RoleName::Triager};
use subrosa_crypto::{charter::CharterError, log::charter_digest};
use subrosa_e2e::{
    programme::{PROGRAMME, Programme, Stored, new_source, rng, stored},
    whole_case::{Stage, form},
    wire::{Altering, Answering, Wire, answer},
};
use subrosa_engine::{
    api::Api,
    directory::{Directory, DirectoryError},
    history::History,
    log_watch::LogFinding,
    message::Message,
    officer::{Delivered, Desk, OfficerError, Watcher, visit},
    session::{Session, Step},
    source::{Source, SourceError},
    transport::{Circuit, Request, Response},
    treasury::audit::audit,
    trouble::Trouble,
};

/// A server that spoils the first `n` bodies that it hands out.
fn spoiling(wire: &Wire, n: usize) -> (Wire, Arc<AtomicUsize>) {
    let left = Arc::new(AtomicUsize::new(n));
    let count = Arc::clone(&left);
    let wire = wire.tapped(Arc::new(Altering(move |request: &Request, response: &mut Response| {
        let taken = request.path == "/v1/take" && response.status == 200;
        if taken && count.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1)).is_ok() {
            response.body[5000] ^= 1;
        }
    })));
    (wire, left)
}

#[track_caller]
fn told(all: &[impl Display]) -> String {
    all.iter().map(|one| format!("{one} ")).collect()
}

fn says(error: &impl Display, words: &[&str]) {
    let text = error.to_string();
    for w in words {
        assert!(text.contains(w), "`{w}` is not in: {text}");
    }
}

fn words(text: &str) -> Message {
    Message::Text { text: text.into(), files: Vec::new() }
}

#[tokio::test]
async fn a_tip_that_was_altered_or_hidden_is_asked_for_again() -> Result<()> {
    let mut p = Programme::start(200).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.next_epoch().await?;
    let honest = p.wire.clone();
    let (spoilt, _) = spoiling(&honest, 1);
    let mut desk: Desk = stored(&p.desks[0])?;
    says(
        &told(&desk.collect(&Api::new(spoilt), &p.circuits, p.log_key(), PROGRAMME).await?),
        &["changed on the way", "asked for again"],
    );
    desk = stored(&desk)?;
    assert_eq!((desk.cases.len(), desk.identity.unopened()), (0, 1));
    // Not at once: at the next closed epoch, and then at growing intervals. Still hidden then.
    p.next_epoch().await?;
    let hide =
        honest.tapped(Arc::new(Answering(|r: &mut Request| (r.path == "/v1/take").then(|| answer(404, Vec::new())))));
    says(&told(&desk.collect(&Api::new(hide), &p.circuits, p.log_key(), PROGRAMME).await?), &["does not hand it out"]);
    desk = stored(&desk)?;
    assert!(desk.collect(&p.api(), &p.circuits, p.log_key(), PROGRAMME).await?.is_empty());
    assert_eq!(desk.identity.unopened(), 1, "two epochs must pass before the next try");
    for _ in 0..3 {
        p.next_epoch().await?;
    }
    assert_eq!(told(&desk.collect(&p.api(), &p.circuits, p.log_key(), PROGRAMME).await?), "");
    assert_eq!((desk.cases.len(), desk.identity.unopened()), (1, 0), "nothing was lost");
    p.desks[0] = desk;
    p.everybody_visits().await?;
    assert_eq!(p.case(0).await?.case().messages().len(), 1);
    Ok(())
}

/// What a visit has told by the time it ends.
#[derive(Default)]
struct Told {
    troubles: Vec<String>,
    cases: Vec<Option<String>>,
}

impl Watcher for Told {
    fn step(&mut self, _step: Step, _done: usize, _of: usize) {}

    fn troubles(&mut self, troubles: Vec<Trouble>) {
        self.troubles.extend(troubles.iter().map(ToString::to_string));
    }

    fn delivered(&mut self, _desk: &Desk, _delivered: Vec<Delivered>) {}

    fn case(&mut self, desk: &Desk, at: usize, read: Result<Replay, OfficerError>) {
        assert!(desk.cases.get(at).is_some(), "told before the desk knows the case");
        self.cases.push(read.ok().map(|replay| replay.case().state().name().to_owned()));
    }
}

#[tokio::test]
async fn a_visit_that_breaks_off_has_told_what_did_not_open() -> Result<()> {
    let p = Programme::start(200).await?;
    for _ in 0..2 {
        let (_, master) = new_source();
        p.file_tip(&master, form(Vec::new())).await?;
    }
    p.next_epoch().await?;
    let directory = p.directory().await?;
    let ctx = p.context(&directory);
    let mut desk: Desk = stored(&p.desks[0])?;
    // One of the two tips is spoilt, and what was opened of the other cannot be destroyed: there the visit ends.
    let (spoilt, _) = spoiling(&p.wire, 1);
    let broken = spoilt
        .tapped(Arc::new(Answering(|r: &mut Request| (r.path == "/v1/discard").then(|| answer(500, Vec::new())))));
    let mut told = Told::default();
    let (api, rng) = (Api::new(broken), &mut rng());
    let s = &mut Session::new(&api, &p.circuits, rng, p.now, &directory);
    assert!(visit(&mut Stored(&mut desk), s, &ctx, &mut told).await.is_err());
    says(&told.troubles.join(" "), &["changed on the way", "asked for again"]);
    assert!(told.cases.is_empty());
    // The next visit goes through, and tells each case as it is read.
    let mut told = Told::default();
    let api = Api::new(p.wire.clone());
    let s = &mut Session::new(&api, &p.circuits, rng, p.now, &directory);
    visit(&mut Stored(&mut desk), s, &ctx, &mut told).await?;
    assert!(told.cases.iter().all(|state| state.as_deref() == Some("received")) && !told.cases.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_spoilt_message_of_a_conversation_waits_while_later_ones_are_read() -> Result<()> {
    let mut p = Programme::start(200).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Acknowledged).await?;
    p.next_epoch().await?;
    // What comes next is a letter: the cover of the desk's own parcel is fetched by now.
    assert_eq!(p.desk_visit(0).await?, Vec::<String>::new());
    let mut source = p.source(&master).await?;
    for text in ["first", "second"] {
        source.send(&words(text), &mut rng()).await?;
    }
    p.next_epoch().await?;
    let honest = p.wire.clone();
    (p.wire, _) = spoiling(&honest, 1);
    says(&p.desk_visit(0).await?.join(" "), &["could not be read", "asked for again"]);
    let texts = |r: &Replay| -> Vec<String> {
        r.case()
            .messages()
            .iter()
            .filter_map(|m| match Message::recorded(&m.body.0) {
                Ok(Message::Text { text, .. }) if m.sent.is_none() => Some(text),
                _ => None,
            })
            .collect()
    };
    assert_eq!(texts(&p.case(0).await?), ["second"], "the later one did not have to wait");
    p.wire = honest.clone();
    assert_eq!(p.desk_visit(0).await?, Vec::<String>::new());
    assert_eq!(texts(&p.case(0).await?), ["second", "first"]);

    // The same for the source: one reply spoilt, the other read and burnt; the spoilt one comes with a later visit.
    p.tell(0, Triager, "one", None).await?;
    p.tell(0, Triager, "two", None).await?;
    p.next_epoch().await?;
    let (spoilt, left) = spoiling(&honest, 0);
    let mut source = Source::restore(Api::new(spoilt), p.newest().await?, master.clone(), &mut rng()).await?;
    left.store(1, Ordering::Relaxed);
    let inbox = source.inbox().await?;
    let told: Vec<String> = inbox.troubles.iter().map(ToString::to_string).collect();
    says(&told.join(" "), &["could not be read", "changed on the way"]);
    assert_eq!(inbox.unread.len(), 1);
    source.acknowledge(inbox, &mut rng()).await?;
    p.next_epoch().await?;
    let (_, read) = p.source_reads(&master).await?;
    assert_eq!(read.len(), 1, "the spoilt one, whole");
    p.next_epoch().await?;
    let again = p.source(&master).await?.inbox().await?;
    assert!(again.unread.is_empty() && again.troubles.is_empty());
    Ok(())
}

#[tokio::test]
async fn a_charter_must_lead_from_the_one_seen_last() -> Result<()> {
    let mut p = Programme::start(200).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    let seen = p.directory().await?.seen();
    let first = p.charter_bytes.clone();
    let mut other = p.charter.clone();
    for n in 2..=4 {
        p.next_charter(|c| c.notice = format!("Text {n}.")).await?;
    }
    p.next_epoch().await?;
    assert!(Source::restore(p.api(), p.newest().await?, master.clone(), &mut rng()).await.is_ok(), "the honest chain");

    // A version in between is hidden, or is another one than the next names. Nobody of the people who come back takes
    // it.
    other.version = 2;
    other.previous = charter_digest(&first);
    other.notice = "Named in secret.".into();
    let forked = other.sign(&p.root)?;
    let hidden = Api::new(p.wire.tapped(Arc::new(Answering(|r: &mut Request| {
        (r.path == "/v1/charter/3")
            .then(|| answer(404, br#"{"error":"unknown","message":"There is no such version."}"#.to_vec()))
    }))));
    let swapped = || {
        let forked = forked.clone();
        Api::new(p.wire.tapped(Arc::new(Answering(move |r: &mut Request| {
            (r.path == "/v1/charter/2").then(|| answer(200, forked.clone()))
        }))))
    };
    let repeated = || {
        let first = first.clone();
        Api::new(p.wire.tapped(Arc::new(Answering(move |r: &mut Request| {
            (r.path == "/v1/charter/2").then(|| answer(200, first.clone()))
        }))))
    };
    let root = p.root_key();
    let officer =
        async |api: Api<Wire>| Directory::fetch(&api, &root, p.now, Some(seen), Circuit(0)).await.unwrap_err();
    let refused = officer(Api::new(p.wire.tapped(Arc::new(Answering(|r: &mut Request| {
        (r.path == "/v1/charter/3").then(|| answer(404, br#"{"error":"unknown","message":"x"}"#.to_vec()))
    })))))
    .await;
    assert_eq!(refused, DirectoryError::Withheld(3));
    says(&refused, &["does not show version 3", "between the one you saw last", "Do not send anything"]);
    assert!(matches!(officer(swapped()).await, DirectoryError::Charter(CharterError::BrokenChain(3))));
    assert!(matches!(officer(repeated()).await, DirectoryError::Charter(CharterError::BrokenChain(2))));
    for (api, words) in [(hidden, "does not show version 3"), (swapped(), "charter")] {
        let directory = p.newest().await?;
        let refused = Source::restore(api, directory, master.clone(), &mut rng()).await.unwrap_err();
        assert!(matches!(refused, SourceError::Directory(_)), "{refused}");
        says(&refused, &["changed since your last visit", "does not follow", words]);
    }
    // A charter that was shown to one person and never logged is found by anybody who audits, whatever it is chained
    // to.
    let mut secret = p.charter.clone();
    secret.version = 5;
    secret.previous = charter_digest(&p.charter_bytes);
    let fifth = secret.sign(&p.root)?;
    secret.version = 6;
    secret.previous = charter_digest(&fifth);
    let sixth = secret.sign(&p.root)?;
    let api = Api::new(p.wire.tapped(Arc::new(Answering(move |r: &mut Request| match r.path.as_str() {
        "/v1/charter" | "/v1/charter/6" => Some(answer(200, sixth.clone())),
        "/v1/charter/5" => Some(answer(200, fifth.clone())),
        _ => None,
    }))));
    let directory = History::fetch(&api, &root, p.now, Some(seen), Circuit(0)).await?;
    let report = audit(&api, &directory, &root, &p.circuits).await?;
    says(&told(&report.findings), &["charter version 5 is not in the log", "named in secret"]);
    assert_eq!(report.unlogged, Some(6), "the newest may be younger than the last closed epoch");
    let honest = p.directory().await?;
    let report = audit(&p.api(), &honest, &root, &p.circuits).await?;
    assert_eq!((report.findings.len(), report.unlogged), (0, None));

    // An officer who saw the secret version waits until its epoch is closed, and then knows.
    let mut desk: Desk = stored(&p.desks[0])?;
    desk.watch_log(&api, &directory, &p.circuits).await?;
    desk = stored(&desk)?;
    p.next_epoch().await?;
    let found = desk.watch_log(&api, &directory, &p.circuits).await.unwrap_err();
    says(&found, &["the charter that this server shows is not in the log", "Do not trust this server"]);
    let mut desk: Desk = stored(&p.desks[0])?;
    for _ in 0..2 {
        desk.watch_log(&p.api(), &honest, &p.circuits).await?;
        p.next_epoch().await?;
    }
    Ok(())
}

#[tokio::test]
async fn an_officer_sees_that_the_log_was_cut_or_forked() -> Result<()> {
    let p = Programme::start(200).await?;
    p.next_epoch().await?;
    let early = p.api().checkpoint(Circuit(0)).await?;
    let directory = p.directory().await?;
    p.next_epoch().await?;
    let mut desk: Desk = stored(&p.desks[0])?;
    desk.watch_log(&p.api(), &directory, &p.circuits).await?;
    desk = stored(&desk)?;
    p.next_epoch().await?;
    desk.watch_log(&p.api(), &directory, &p.circuits).await?;
    let back = Api::new(p.wire.tapped(Arc::new(Answering(move |r: &mut Request| {
        (r.path == "/v1/log/checkpoint").then(|| answer(200, early.clone()))
    }))));
    let found = desk.watch_log(&back, &directory, &p.circuits).await.unwrap_err();
    assert!(matches!(found, OfficerError::Log(LogFinding::Fork(_))));
    says(&found, &["has become smaller", "Do not trust this server"]);
    let none = Api::new(p.wire.tapped(Arc::new(Answering(|r: &mut Request| {
        (r.path == "/v1/log/checkpoint")
            .then(|| answer(404, br#"{"error":"unknown","message":"No epoch has closed."}"#.to_vec()))
    }))));
    assert!(desk.watch_log(&none, &directory, &p.circuits).await.is_err(), "a log that was there cannot be gone");
    desk.watch_log(&p.api(), &directory, &p.circuits).await?;
    Ok(())
}
