//! What an officer's machine keeps of journals: not fetched twice, never believed, gone when the case is.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::{fs, path::PathBuf, sync::Arc};

use anyhow::Result;
use subrosa_casework::{
    case::{Event, Visibility},
    role::RoleName,
};
use subrosa_crypto::wire::{JournalAccess, JournalPage};
use subrosa_e2e::{
    programme::{Programme, new_source, stored},
    whole_case::{Stage, form},
    wire::{Altering, Answering, Recorder, Tap, answer},
};
use subrosa_engine::{
    officer::{JournalError, OfficerError},
    transport::{Request, Response},
};
use subrosa_machine::shelf::Folder;

fn note(text: &str) -> Event {
    Event::Noted { text: text.into(), visibility: Visibility::Team }
}

/// A programme with one case, whose first officer has a shelf; and the wire's tape.
async fn programme() -> Result<(Programme, Arc<Recorder>, PathBuf)> {
    let mut p = Programme::start(200).await?;
    let recorder = Recorder::new();
    p.wire = p.wire.tapped(recorder.clone());
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Acknowledged).await?;
    shelve(&mut p);
    let folder = p.directory_for("anna.key.shelf");
    Ok((p, recorder, folder))
}

fn shelve(p: &mut Programme) {
    let path = p.directory_for("anna.key");
    let shelf = Folder::beside(&path, &p.desks[0]);
    p.desks[0].keep_on(Arc::new(shelf));
}

/// The journal's entries that were fetched since the tape was cleared, and from where on the first time.
fn fetched(recorder: &Recorder) -> (usize, u64) {
    let all = recorder.to("/v1/journal/read");
    let from = all.first().map_or(0, |(r, _)| JournalAccess::decode(&r.body).unwrap().from_seq);
    let entries = all.iter().filter(|(_, a)| a.status == 200).map(|(_, a)| JournalPage::decode(&a.body).unwrap());
    let count = entries.map(|p| p.entries.len()).sum();
    recorder.clear();
    (count, from)
}

/// The one journal's file.
fn kept(folder: &PathBuf) -> Vec<PathBuf> {
    let all = fs::read_dir(folder).map(|d| d.map(|e| e.unwrap().path()).collect::<Vec<_>>()).unwrap_or_default();
    all.into_iter().filter(|p| p.file_name().unwrap().len() == 32).collect()
}

#[tokio::test]
async fn what_was_read_is_not_fetched_again_and_never_believed() -> Result<()> {
    let (mut p, recorder, folder) = programme().await?;
    recorder.clear();
    let first = p.case(0).await?;
    assert_eq!(fetched(&recorder), (usize::try_from(first.seq())?, 0));
    let again = p.case(0).await?;
    assert_eq!((again.events(), fetched(&recorder)), (first.events(), (0, first.seq())), "nothing comes twice");
    p.event(2, RoleName::Investigator, note("from a colleague")).await?;
    recorder.clear();
    let more = p.case(0).await?;
    assert_eq!((more.seq(), fetched(&recorder)), (first.seq() + 1, (1, first.seq())), "only what is new");

    // Torn, cut, altered, emptied, another's: read anew, without an error, and kept again.
    let [file] = kept(&folder).try_into().unwrap();
    let good = fs::read(&file)?;
    let mut altered = good.clone();
    altered[good.len() / 2] ^= 1;
    let mut swapped = good[4104..].to_vec();
    swapped.extend_from_slice(&good[..4104]);
    let broken = [
        good[..good.len() - 9].to_vec(),
        good[..7].to_vec(),
        altered,
        swapped,
        Vec::new(),
        vec![0; 9000],
        vec![0xff; 9000],
        [good.as_slice(), good.as_slice()].concat(),
    ];
    for (n, bytes) in broken.iter().enumerate() {
        fs::write(&file, bytes)?;
        recorder.clear();
        let read = p.case(0).await?;
        assert_eq!((read.events(), read.passed_over()), (more.events(), more.passed_over()), "{n}");
        assert!(fetched(&recorder).0 > 0, "{n}");
        assert_eq!(fs::read(&file)?, good, "{n}: whole again");
    }
    // A keystore from before the last visits, and the shelf from after them.
    let older = stored(&p.desks[0])?;
    let written = p.event(0, RoleName::Triager, note("by the newer keystore")).await?;
    p.desks[0] = older;
    shelve(&mut p);
    assert_eq!(p.case(0).await?.head(), written.head());

    // Without a server: the last visit.
    let directory = p.directory().await?;
    let ctx = p.context(&directory);
    let recalled = p.desks[0].recall(0, &ctx, p.now).unwrap();
    assert_eq!((recalled.head(), recalled.events().len()), (written.head(), written.events().len()));
    assert!(p.desks[1].recall(0, &ctx, p.now).is_none(), "a desk without a shelf has nothing to show");
    Ok(())
}

#[tokio::test]
async fn a_server_set_back_is_still_found_out() -> Result<()> {
    let (mut p, _, folder) = programme().await?;
    p.case(0).await?;
    let disk = p.options.data_dir.clone();
    p.server.stop()?;
    let copy = p.directory_for("copy");
    copy_all(&disk, &copy)?;
    p.restart()?;
    p.event(0, RoleName::Triager, note("after the copy")).await?;
    p.server.stop()?;
    fs::remove_dir_all(&disk)?;
    copy_all(&copy, &disk)?;
    p.restart()?;
    let cut = p.case(0).await.unwrap_err();
    assert!(matches!(cut.downcast_ref(), Some(OfficerError::Journal(JournalError::Cut { .. }))), "{cut}");
    // A colleague, whom the server has shown the old past alone, writes on it: as long again, and another.
    p.desks[1] = stored(&p.desks[1])?;
    p.event(1, RoleName::Triager, note("on another past")).await?;
    let forked = p.case(0).await.unwrap_err();
    assert!(forked.to_string().contains("another past"), "{forked}");
    let directory = p.directory().await?;
    let ctx = p.context(&directory);
    assert!(!kept(&folder).is_empty() || p.desks[0].recall(0, &ctx, p.now).is_none());
    Ok(())
}

fn copy_all(from: &PathBuf, to: &PathBuf) -> Result<()> {
    let done = std::process::Command::new("cp").arg("-r").arg(from).arg(to).status()?;
    anyhow::ensure!(done.success(), "not copied");
    Ok(())
}

#[tokio::test]
async fn a_server_that_lies_or_fails_destroys_nothing_that_is_kept() -> Result<()> {
    let (mut p, _, folder) = programme().await?;
    let read = p.case(0).await?;
    let [file] = kept(&folder).try_into().unwrap();
    let good = fs::read(&file)?;
    let wire = p.wire.clone();
    let directory = p.directory().await?;
    let ctx = p.context(&directory);
    let page = |change: fn(&mut JournalPage)| -> Arc<dyn Tap> {
        Arc::new(Altering(move |request: &Request, response: &mut Response| {
            if request.path == "/v1/journal/read" {
                let mut page = JournalPage::decode(&response.body).unwrap();
                change(&mut page);
                response.body = page.encode();
            }
        }))
    };
    let refuse = |status: u16| -> Arc<dyn Tap> {
        let read = move |r: &mut Request| (r.path == "/v1/journal/read").then(|| answer(status, Vec::new()));
        Arc::new(Answering(read))
    };
    let lies: [Arc<dyn Tap>; 7] = [
        refuse(404),
        refuse(410),
        refuse(503),
        page(|p| p.position.head.0[0] ^= 1),
        page(|p| (p.position.seq, p.entries) = (1, Default::default())),
        page(|p| {
            (p.position.seq, p.entries) =
                (p.position.seq + 1, vec![vec![1; 4096].try_into().unwrap()].try_into().unwrap())
        }),
        page(|p| p.from_seq += 1),
    ];
    for (n, lie) in lies.into_iter().enumerate() {
        p.wire = wire.tapped(lie);
        assert!(p.case(0).await.is_err(), "{n}");
        assert_eq!(fs::read(&file)?, good, "{n}");
        assert_eq!(p.desks[0].recall(0, &ctx, p.now).unwrap().head(), read.head(), "{n}");
    }
    p.wire = wire;
    assert_eq!(p.case(0).await?.head(), read.head());
    Ok(())
}

#[tokio::test]
async fn whoever_leaves_a_case_keeps_nothing_of_it() -> Result<()> {
    let (mut p, _, folder) = programme().await?;
    p.case(0).await?;
    assert_eq!(kept(&folder).len(), 1);
    p.event(0, RoleName::Triager, Event::Recused { reason: "a friend".into() }).await?;
    assert!(kept(&folder).is_empty());
    p.case(0).await?;
    assert!(kept(&folder).is_empty(), "nor is it kept again");
    Ok(())
}
