//! Nothing is put where somebody has shown the capability before, also when answers are lost and uploads go on later;
//! and a server gives nobody a challenge by which it would know them again.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::sync::{
    Arc, Mutex,
    atomic::{AtomicBool, AtomicUsize, Ordering},
};

use anyhow::Result;
use subrosa_crypto::file::Fingerprint;
use subrosa_e2e::{
    programme::{Programme, new_source, rng},
    whole_case::{Stage, form},
    wire::{Altering, Recorder, Wire},
};
use subrosa_engine::{
    api::{Api, ApiError},
    board::Circuits,
    message::Message,
    source::{Source, TipForm, UploadSecret},
    transport::{Circuit, Request, Response, Transport, TransportError},
};

/// A wire that loses the answers to the next deposits. The requests arrive, or not even they.
#[derive(Clone)]
struct Lossy {
    wire: Wire,
    left: Arc<AtomicUsize>,
    arrives: bool,
}

impl Transport for Lossy {
    async fn call(&self, request: Request) -> Result<Response, TransportError> {
        let count = |n: usize| n.checked_sub(1);
        let lost = request.path == "/v1/deposit"
            && self.left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, count).is_ok();
        if lost && !self.arrives {
            return Err(TransportError::Unreachable("lost".into()));
        }
        let answer = self.wire.call(request).await?;
        if lost { Err(TransportError::Unreachable("lost".into())) } else { Ok(answer) }
    }
}

fn text(words: &str) -> Message {
    Message::Text { text: words.into(), files: Vec::new() }
}

async fn recorded() -> Result<(Programme, Arc<Recorder>)> {
    let mut p = Programme::start(250).await?;
    let recorder = Recorder::new();
    p.wire = p.wire.tapped(recorder.clone());
    Ok((p, recorder))
}

/// What stands in the journal of the source's words, the tip with it.
async fn said(p: &mut Programme) -> Result<usize> {
    p.everybody_visits().await?;
    Ok(p.case(0).await?.case().messages().iter().filter(|m| m.sent.is_none()).count())
}

#[tokio::test]
async fn an_act_without_an_answer_is_sent_again_and_its_place_is_not_asked_for() -> Result<()> {
    for arrives in [true, false] {
        let (mut p, recorder) = recorded().await?;
        let (_, master) = new_source();
        p.file_tip(&master, form(Vec::new())).await?;
        p.advance(&master, None, Stage::Received).await?;
        let left = Arc::new(AtomicUsize::new(0));
        let lossy = Lossy { wire: p.wire.clone(), left: left.clone(), arrives };
        let mut source = Source::restore(Api::new(lossy), p.newest().await?, master.clone(), &mut rng()).await?;
        left.store(2, Ordering::Relaxed);
        source.send(&text("It was in hall four."), &mut rng()).await.unwrap_err();
        assert!(source.resync().await?, "it is there now");
        source.send(&text("And in hall five."), &mut rng()).await?;
        assert_eq!(said(&mut p).await?, 3, "nothing was lost, and nothing said twice");
        assert_eq!(recorder.shown_before_deposit(), Vec::<String>::new());
    }
    Ok(())
}

#[tokio::test]
async fn another_visit_of_the_same_words_is_noticed_by_its_deposit() -> Result<()> {
    let (mut p, recorder) = recorded().await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Received).await?;
    let (mut one, mut two) = (p.source(&master).await?, p.source(&master).await?);
    one.send(&text("From the first window."), &mut rng()).await?;
    let refused = two.send(&text("From the second window."), &mut rng()).await.unwrap_err();
    assert!(refused.to_string().contains("409"), "{refused}");
    assert!(!two.resync().await?, "it did not arrive");
    two.send(&text("From the second window."), &mut rng()).await?;
    assert_eq!(said(&mut p).await?, 3);
    assert_eq!(recorder.shown_before_deposit(), Vec::<String>::new());
    Ok(())
}

#[tokio::test]
async fn an_upload_goes_on_and_a_tip_is_filed_beside_a_place_that_was_asked_for_in_vain() -> Result<()> {
    let (mut p, recorder) = recorded().await?;
    let (_, master) = new_source();
    let (api, directory, circuits) = (p.api(), p.newest().await?, Circuits::new(&mut rng()));
    let content = Fingerprint::of(&b"minutes"[..])?;
    let begun = UploadSecret::prepare(&api, &directory, &master, 0, &circuits, &mut rng()).await?;
    let found = UploadSecret::prepare(&api, &directory, &master, 0, &circuits, &mut rng()).await?;
    assert!(!begun.was_found() && found.was_found() && found.number() == 0);
    assert_eq!(begun.file_secret(&content).blob_name(0), found.file_secret(&content).blob_name(0));
    assert_eq!(recorder.shown_before_deposit(), Vec::<String>::new());

    // A page that was lost asks whether the tip was filed. It was not: the next one begins at the next place.
    let asked = Source::just_filed(p.api(), p.newest().await?, master.clone(), 0, &mut rng()).await?;
    assert!(asked.is_none());
    let tip = TipForm { first_state: 1, ..form(Vec::new()) };
    let directory = p.newest().await?;
    Source::file_tip_uploaded(p.api(), directory, master.clone(), tip, Some(&found), p.now, &mut rng()).await?;
    let shown = recorder.shown_before_deposit();
    assert_eq!(shown.len(), 1, "{shown:?}");
    let hash = shown[0].rsplit(' ').next().unwrap();
    assert!(recorder.envelopes().iter().all(|e| hex::encode(e.cap_hash.0) != hash), "nothing lies there");
    assert!(Source::just_filed(p.api(), p.newest().await?, master.clone(), 1, &mut rng()).await?.is_some());
    p.advance(&master, None, Stage::Received).await?;
    let (_, read) = p.source_reads(&master).await?;
    assert!(read.is_empty());
    p.next_epoch().await?;
    // The secret was destroyed with its cover: the next upload has the next number.
    let next = p.source(&master).await?.upload_secret(&mut rng()).await?;
    assert!(!next.was_found() && next.number() == 1);
    assert_eq!(recorder.shown_before_deposit(), shown);
    Ok(())
}

/// A server that shows other params than it has.
fn shown(wire: &Wire, change: impl Fn(&mut serde_json::Value) + Send + Sync + 'static) -> Wire {
    wire.tapped(Arc::new(Altering(move |request: &Request, response: &mut Response| {
        if request.path == "/v1/params" {
            let mut params: serde_json::Value = serde_json::from_slice(&response.body).unwrap();
            change(&mut params);
            response.body = params.to_string().into_bytes();
        }
    })))
}

#[tokio::test]
async fn no_work_is_done_on_a_checkpoint_that_was_made_for_one_client() -> Result<()> {
    let (p, recorder) = recorded().await?;
    p.next_epoch().await?;
    let file = async |wire: Wire| {
        let (_, master) = new_source();
        let directory = p.newest().await.unwrap();
        Source::file_tip(Api::new(wire), directory, master, form(Vec::new()), p.now, &mut rng()).await
    };
    let larger = shown(&p.wire, |params| {
        let note = params["checkpoint"].as_str().unwrap();
        let mut lines: Vec<&str> = note.split('\n').collect();
        lines[1] = "1000000";
        params["checkpoint"] = lines.join("\n").into();
    });
    let refused = file(larger).await.unwrap_err().to_string();
    assert!(refused.contains("not as specified"), "{refused}");
    let none = shown(&p.wire, |params| params["checkpoint"] = serde_json::Value::Null);
    let refused = file(none).await.unwrap_err().to_string();
    assert!(refused.contains("no checkpoint"), "{refused}");
    assert!(recorder.to("/v1/bundles").is_empty() && recorder.to("/v1/deposit").is_empty(), "nothing was asked for");

    // An old one, after a newer one was seen.
    let (old, replaying) = (Arc::new(Mutex::new(None)), Arc::new(AtomicBool::new(false)));
    let (kept, on) = (old.clone(), replaying.clone());
    let api = Api::new(shown(&p.wire, move |params| {
        let mut kept = kept.lock().unwrap();
        let first = kept.get_or_insert_with(|| params["checkpoint"].clone());
        if on.load(Ordering::Relaxed) {
            params["checkpoint"] = first.clone();
        }
    }));
    api.trust(p.newest().await?.log_key());
    api.params(Circuit(0)).await?;
    p.next_epoch().await?;
    api.params(Circuit(0)).await?;
    replaying.store(true, Ordering::Relaxed);
    let refused = api.params(Circuit(0)).await.unwrap_err();
    assert!(matches!(&refused, ApiError::Garbled { what: "params", why } if why.contains("shorter")), "{refused}");
    Ok(())
}
