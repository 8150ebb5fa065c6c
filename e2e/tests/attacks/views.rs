//! A server that shows two officers two journals of one case, or holds one of them back: the log and the officers'
//! letters to each other show it.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::sync::{Arc, Mutex};

use anyhow::Result;
use subrosa_casework::{
    case::{Event, Visibility},
    journal::Replay,
    role::RoleName,
};
use subrosa_crypto::wire::{JournalAccess, JournalAppend, JournalBytes, JournalHead, JournalPage, JournalPosition};
use subrosa_e2e::{
    programme::{Programme, Stored, new_source, rng},
    whole_case::{Stage, form},
    wire::{Answering, Wire, answer},
};
use subrosa_engine::{
    officer::{Delivered, Desk, OfficerError, Watcher, visit},
    session::{Session, Step},
    transport::Request,
    trouble::Trouble,
};

/// What a visit tells.
#[derive(Default)]
struct Told {
    troubles: Vec<String>,
    unread: Vec<String>,
}

impl Watcher for Told {
    fn step(&mut self, _step: Step, _done: usize, _of: usize) {}

    fn troubles(&mut self, troubles: Vec<Trouble>) {
        self.troubles.extend(troubles.iter().map(ToString::to_string));
    }

    fn delivered(&mut self, _desk: &Desk, _delivered: Vec<Delivered>) {}

    fn case(&mut self, _desk: &Desk, _at: usize, read: Result<Replay, OfficerError>) {
        self.unread.extend(read.err().map(|e| e.to_string()));
    }
}

/// Officer `n` visits with the real program, once everything before is listed; answers what is told.
async fn visited(p: &mut Programme, n: usize) -> Result<Vec<String>> {
    p.next_epoch().await?;
    let directory = p.directory().await?;
    let (api, ctx, rng) = (p.api(), p.context(&directory), &mut rng());
    let s = &mut Session::new(&api, &p.circuits, rng, p.now, &directory);
    let mut told = Told::default();
    visit(&mut Stored(&mut p.desks[n]), s, &ctx, &mut told).await?;
    assert_eq!(told.unread, Vec::<String>::new());
    Ok(told.troubles)
}

/// Everybody visits, and nothing is told.
async fn all_is_well(p: &mut Programme) -> Result<()> {
    for n in 0..3 {
        assert_eq!(visited(p, n).await?, Vec::<String>::new(), "desk {n}");
    }
    Ok(())
}

/// A programme with one case that everybody has read, and compared with the log.
async fn begun() -> Result<Programme> {
    let mut p = Programme::start(250).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Received).await?;
    all_is_well(&mut p).await?;
    write_soon(&mut p);
    Ok(p)
}

/// Everybody's next visit writes to the others.
fn write_soon(p: &mut Programme) {
    p.desks.iter_mut().for_each(Desk::write_soon);
}

fn note(text: &str) -> Event {
    Event::Noted { text: text.into(), visibility: Visibility::Team }
}

async fn write(p: &mut Programme, n: usize, text: &str) -> Result<Replay> {
    p.event(n, if n == 2 { RoleName::Investigator } else { RoleName::Triager }, note(text)).await
}

/// The journal's entries as the server shows them to officer `n`.
async fn entries(p: &mut Programme, n: usize) -> Result<Vec<Vec<u8>>> {
    p.case(n).await?;
    let directory = p.directory().await?;
    let (api, rng) = (p.api(), &mut rng());
    let s = &mut Session::new(&api, &p.circuits, rng, p.now, &directory);
    Ok(p.desks[n].entries(s, 0).await?)
}

/// A server that goes on with a journal of its own from these entries on: it takes what is written there, and shows it.
fn branch(wire: &Wire, entries: Vec<Vec<u8>>) -> Wire {
    let entries = Mutex::new(entries);
    wire.tapped(Arc::new(Answering(move |r: &mut Request| {
        let mut entries = entries.lock().unwrap();
        let position = |entries: &[Vec<u8>]| JournalPosition {
            seq: entries.len() as u64,
            head: entries.iter().fold(JournalHead::EMPTY, |head, e| head.after(e)),
        };
        match r.path.as_str() {
            "/v1/journal/read" => {
                let from_seq = JournalAccess::decode(&r.body).unwrap().from_seq;
                let shown = entries.iter().skip(from_seq as usize).map(|e| e.clone().try_into().unwrap());
                let shown: Vec<JournalBytes> = shown.collect();
                let page = JournalPage { position: position(&entries), from_seq, entries: shown.try_into().unwrap() };
                Some(answer(200, page.encode()))
            }
            "/v1/journal/append" => {
                let append = JournalAppend::decode(&r.body).unwrap();
                entries.push(append.entry.into_vec());
                Some(answer(200, position(&entries).encode()))
            }
            _ => None,
        }
    })))
}

fn says(told: &[String], words: &str) {
    assert!(told.iter().any(|t| t.contains(words)), "`{words}` is not in {told:?}");
}

/// Nobody is alarmed by an honest server: several people write, and somebody leaves, so that the key turns.
#[tokio::test]
async fn an_honest_server_gives_no_reason_for_doubt() -> Result<()> {
    let mut p = begun().await?;
    for round in 0..3 {
        for n in 0..3 {
            write(&mut p, n, &format!("{round} by {n}")).await?;
        }
        all_is_well(&mut p).await?;
        write_soon(&mut p);
    }
    p.event(1, RoleName::Triager, Event::Recused { reason: "I know the accused.".into() }).await?;
    write(&mut p, 0, "after the key has turned").await?;
    for _ in 0..2 {
        for n in [0, 2, 1] {
            assert_eq!(visited(&mut p, n).await?, Vec::<String>::new(), "desk {n}");
        }
        write_soon(&mut p);
        write(&mut p, 2, "and on").await?;
    }
    Ok(())
}

/// Two officers are shown two journals of one case. One finds out by the log, the other by the first one's letter.
#[tokio::test]
async fn a_forked_journal_is_found_by_both_within_one_visit_of_each() -> Result<()> {
    let mut p = begun().await?;
    let common = entries(&mut p, 1).await?;
    let honest = p.wire.clone();
    let forked = branch(&honest, common.clone());
    write(&mut p, 0, "what the first officer is shown").await?;
    p.wire = forked.clone();
    write(&mut p, 1, "what the second officer is shown").await?;
    // The second officer's own entry is the same place of the journal as the first one's, whose head is in the log.
    let seq = common.len();
    let told = visited(&mut p, 1).await?;
    says(&told, &format!("the log has another journal at entry {seq}"));
    // The letter has gone out all the same: the board is the same for everybody.
    p.wire = honest.clone();
    let told = visited(&mut p, 0).await?;
    says(&told, &format!("{} was shown another journal than you", p.desks[1].identity.holder()));
    // And the first one's letter tells the second, besides that what the second wrote never came into the log.
    p.wire = forked;
    let told = visited(&mut p, 1).await?;
    says(&told, &format!("{} was shown another journal than you", p.desks[0].identity.holder()));
    says(&told, &format!("entry {seq} is not in the log"));
    // The third, who is shown what the first is, hears of it from the second.
    p.wire = honest;
    says(&visited(&mut p, 2).await?, "was shown another journal than you");
    Ok(())
}

/// One officer is shown an old journal for ever: the log says so at the next visit, and so does a colleague's letter,
/// also if the log could not.
#[tokio::test]
async fn a_frozen_view_is_found() -> Result<()> {
    let mut p = begun().await?;
    let old = entries(&mut p, 2).await?;
    let honest = p.wire.clone();
    let frozen = branch(&honest, old.clone());
    let last = write(&mut p, 0, "news").await?.seq();
    assert_eq!(visited(&mut p, 0).await?, Vec::<String>::new(), "whoever is shown all has no doubt; and writes");
    p.wire = frozen;
    let told = visited(&mut p, 2).await?;
    says(&told, &format!("the log says that there is an entry {}", old.len()));
    visited(&mut p, 2).await?;
    let told = visited(&mut p, 2).await?;
    says(&told, &format!("{} has read {last} entries", p.desks[0].identity.holder()));
    // Once the server shows it, nothing is left to tell.
    p.wire = honest;
    assert_eq!(visited(&mut p, 2).await?, Vec::<String>::new());
    Ok(())
}

/// A letter that its writer did not sign for this reader is told and not believed.
#[tokio::test]
async fn nobody_writes_in_a_colleagues_name() -> Result<()> {
    use subrosa_casework::{
        bytes::Digest,
        heads::{View, Views, case_name},
    };
    use subrosa_crypto::{bundle::VerifiedBundle, ratchet, wire::JournalId};
    use subrosa_e2e::programme::PROGRAMME;
    use subrosa_engine::{board, message::Message, transport::Circuit};

    let mut p = begun().await?;
    let [writer, reader, thief] = [0, 1, 2].map(|n: usize| p.desks[n].identity.holder());
    let view =
        View { case: case_name(&JournalId(p.desks[1].cases[0].id()), writer, reader), seq: 1, head: Digest([9; 32]) };
    let of = |signer: usize, to| Views::sign(PROGRAMME, to, p.now, vec![view], &p.desks[signer].identity.signer());
    let in_a_name = Views { writer, ..of(2, reader) };
    let passed_on = of(0, thief);
    for views in [in_a_name, passed_on] {
        let (api, directory) = (p.api(), p.directory().await?);
        let officer = directory.officers().iter().find(|o| o.key.holder_id() == reader).unwrap().clone();
        let params = api.params(Circuit(7)).await?;
        let offered = api.bundles(&params, &mut rng(), Circuit(7)).await?;
        let bundle = VerifiedBundle::verify(offered.of(reader).cloned().unwrap(), &officer.key, p.now)?;
        let message = Message::Views(Box::new(views)).encode()?;
        let (_, envelope) = ratchet::Session::initiate(&officer.contact, &bundle, &message, &mut rng())?;
        board::deposit(&api, &params, &board::parcel(vec![envelope], &mut rng())?, Circuit(7)).await?;
    }
    let told = visited(&mut p, 1).await?;
    assert_eq!(told.len(), 2, "{told:?}");
    says(&told, "in a colleague's name");
    assert_eq!(visited(&mut p, 1).await?, Vec::<String>::new());
    Ok(())
}
