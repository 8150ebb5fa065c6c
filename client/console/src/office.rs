//! The keys and the way to the server: what a person at an open desk can do. Held by one request at a time; gone when
//! the desk locks.

use std::{path::Path, sync::Arc};

use rand_core::UnwrapErr;
use subrosa_casework::{case::Programme, journal::Replay};
use tokio::task::AbortHandle;

use super::trouble::Trouble;
use super::{
    Console, Settings,
    acts::run,
    pages::file::Opened,
    readings::{Book, Read, Reading},
    snapshot::{CaseView, Known, Me, Settled, View},
    treasury,
};
use subrosa_engine::{
    api::Api,
    board::Circuits,
    directory::Directory,
    officer::{Desk, DeskContext, JournalError, OfficerError},
    policies::{Policies, built_in},
};
use subrosa_machine::{
    files::{FileError, KeyFile},
    http::Http,
    index::{CaseRow, Index, IndexError, Row, text_of},
    say::Rng,
    shelf::Folder,
};

/// How far a fetch is.
#[derive(Default)]
pub(super) struct Progress {
    /// The key of the step's words.
    pub(super) step: &'static str,
    pub(super) done: usize,
    pub(super) of: usize,
    pub(super) problem: Option<Trouble>,
    task: Option<AbortHandle>,
}

impl Progress {
    pub(super) fn running(&self) -> bool {
        self.task.is_some()
    }

    /// Stops a fetch where it is: as after a power cut, nothing is lost and the next one begins there.
    pub(super) fn stop(&mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
        }
    }

    pub(super) fn at(&mut self, step: &'static str, done: usize, of: usize) {
        (self.step, self.done, self.of) = (step, done, of);
    }
}

/// Keys, book, connection.
pub(super) struct Office {
    pub(super) file: KeyFile<Desk>,
    pub(super) book: Book,
    pub(super) api: Api<Http>,
    pub(super) circuits: Circuits,
    pub(super) rng: Rng,
    pub(super) known: Option<Known>,
    /// The words of every case, sealed beside the keystore.
    pub(super) index: Index,
    /// What was read before.
    shelf: Arc<Folder>,
    /// The file that is looked at.
    pub(super) opened: Option<Opened>,
}

/// Seconds since 1970.
pub(super) fn now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.as_secs())
}

impl Office {
    /// Opens the keystore. The answer says whether the book had to be set aside.
    pub(super) fn open(settings: &Settings, password: &str) -> Result<(Self, bool), FileError> {
        let mut file: KeyFile<Desk> = KeyFile::open(&settings.keystore, password)?;
        let shelf = Arc::new(Folder::beside(&settings.keystore, &file.contents));
        file.contents.keep_on(shelf.clone());
        let (book, aside) = Book::beside(&settings.keystore, &file.contents.identity)?;
        let mut rng = UnwrapErr(getrandom::SysRng);
        let circuits = Circuits::new(&mut rng);
        let run = circuits.fresh().0;
        // The address was looked at when the program started.
        let http = Http::new(&settings.server, settings.proxy.as_deref(), run)
            .map_err(|e| FileError::Io { path: settings.keystore.clone(), error: std::io::Error::other(e) })?;
        let index = open_index(&settings.keystore, &file.contents)?;
        Ok((Self { file, book, api: Api::new(http), circuits, rng, known: None, index, shelf, opened: None }, aside))
    }

    /// The snapshot of a desk that has not spoken with the server yet.
    pub(super) fn first_view(&self) -> View {
        let identity = &self.file.contents.identity;
        let me = Me { name: identity.name.clone(), holder: identity.holder(), roles: Vec::new() };
        let cases = self.file.contents.cases.iter().map(|c| {
            let row = self.index.row(&c.id()).and_then(|r| CaseRow::decode(&r.summary)).map(Arc::new);
            (c.id(), CaseView::unread(c.has_conversation(), c.journal.is_none(), row))
        });
        View {
            me,
            known: None,
            cases: cases.collect(),
            troubles: Vec::new(),
            fetched: None,
            waiting: self.file.contents.waiting().to_vec(),
            settled: Vec::new(),
            treasurer: None,
            recalled: false,
        }
    }

    pub(super) fn save(&mut self) -> anyhow::Result<()> {
        Ok(self.file.save(&mut self.rng)?)
    }

    /// Writes down that something was read, before it is shown.
    pub(super) fn note(&mut self, case: [u8; 32], how: Reading, what: &str) -> Result<(), FileError> {
        let read = Read { at: now(), case: subrosa_casework::bytes::Digest(case), how, what: what.to_owned() };
        self.book.note(read, &mut self.rng)
    }

    /// The programme as the charter says now.
    pub(super) async fn charter(&mut self, settings: &Settings) -> anyhow::Result<Known> {
        let seen = self.file.contents.charter;
        let mut directory = Directory::fetch(&self.api, &settings.root, now(), seen, self.circuits.fresh()).await?;
        directory.fetch_past(&self.api, &settings.root, self.circuits.fresh()).await?;
        self.file.contents.remember(&directory);
        let (_, kept) = self.shelf.programme();
        let mut held = built_in();
        held.extend(kept.iter().map(Vec::as_slice));
        let policies = Policies::fetch(&self.api, &directory, &held, self.circuits.fresh()).await?;
        self.shelf.keep_programme(&directory.charter_notes(), policies.files());
        Ok(self.know(directory, policies))
    }

    fn know(&mut self, directory: Directory, policies: Policies) -> Known {
        let programme = Programme { signed_batches: true, ..Programme::default() };
        let ctx = DeskContext::new(&directory, programme, policies.bounty_ever());
        let known = Known { directory: Arc::new(directory), ctx: Arc::new(ctx), policies: Arc::new(policies) };
        self.known = Some(known.clone());
        known
    }

    /// The programme and the cases as the last visits left them, to read and to plan by while the server cannot be
    /// reached.
    fn recall(&mut self, console: &Console) {
        let (charters, files) = self.shelf.programme();
        let Ok(directory) = Directory::kept_chain(&charters, &console.settings.root, now()) else { return };
        // Never older than what this desk has seen.
        if self.file.contents.charter.is_some_and(|seen| seen != directory.seen()) {
            return;
        }
        let mut held = built_in();
        held.extend(files.iter().map(Vec::as_slice));
        let policies = Policies::of_held(&directory, &held);
        let known = self.know(directory, policies);
        console.change_view(|v| {
            v.me.roles = known.directory.roles_of(v.me.holder).to_vec();
            v.known = Some(known.clone());
            v.recalled = true;
        });
        let desk = &self.file.contents;
        for (at, case) in desk.cases.iter().enumerate() {
            let Some(replay) = desk.recall(at, &known.ctx, now()) else { continue };
            let view = CaseView::of(Arc::new(replay), case.has_conversation());
            console.change_view(|v| {
                v.cases.insert(case.id(), view);
            });
        }
    }

    /// Reads one case's journal, and takes what is new into the index.
    pub(super) async fn read(&mut self, at: usize) -> CaseView {
        let Some(case) = self.file.contents.cases.get(at) else { return CaseView::unread(false, true, None) };
        let conversation = case.has_conversation();
        if case.journal.is_none() {
            let id = case.id();
            if self.index.row(&id).is_some() {
                // What cannot be taken out now is taken out when the desk is opened next: the row is still there.
                let _ = self.index.remove(&id, &mut self.rng);
            }
            return CaseView::unread(conversation, true, None);
        }
        let Some(known) = self.known.clone() else { return CaseView::unread(conversation, false, None) };
        match self.tended(at, &known).await {
            Ok(replay) => {
                self.take_in(&replay, known.ctx.get().programme);
                CaseView::of(Arc::new(replay), conversation)
            }
            Err(e) => {
                let trouble = Some(Trouble::of(&e));
                CaseView { trouble, ..CaseView::unread(conversation, false, None) }
            }
        }
    }

    /// Reads a case's journal; after somebody has left, turns the case's key first, if this officer has a role to do it
    /// in.
    async fn tended(&mut self, at: usize, known: &Known) -> Result<Replay, OfficerError> {
        let o = &mut *self;
        let desk = &mut o.file.contents;
        let tended = desk.tend(&o.api, at, &known.directory, &known.ctx, now(), &o.circuits, &mut o.rng).await;
        match tended {
            Err(OfficerError::NotInCharter | OfficerError::Journal(JournalError::Refused(_))) => {
                desk.open(&o.api, at, &known.ctx, now(), &o.circuits).await
            }
            other => other,
        }
    }

    fn take_in(&mut self, replay: &Replay, programme: &Programme) {
        let id = replay.case().id().0;
        let from = self.index.row(&id).map_or(0, |r| r.seq);
        if replay.seq() > from {
            let fresh = replay.events().iter().filter(|e| e.author.seq >= from);
            let entries: Vec<(u64, String)> = fresh.filter_map(text_of).collect();
            let summary = CaseRow::of(replay.case(), programme).encode();
            self.index.add(id, Row { seq: replay.seq(), head: replay.head(), summary }, &entries);
        }
    }

    /// Writes the index. What a cut loses is read again.
    pub(super) fn keep_index(&mut self) -> anyhow::Result<()> {
        Ok(self.index.commit(&mut self.rng)?)
    }

    /// The place of a case in the keystore.
    pub(super) fn place(&self, id: &[u8; 32]) -> Option<usize> {
        self.file.contents.cases.iter().position(|c| c.id() == *id)
    }
}

/// Opens the index beside the keystore. One that is damaged is made anew: all of it can be read again.
fn open_index(keystore: &Path, desk: &Desk) -> Result<Index, FileError> {
    let mut folder = keystore.as_os_str().to_owned();
    folder.push(".index");
    let folder = std::path::PathBuf::from(folder);
    let broken = |error: IndexError| FileError::Io { path: folder.clone(), error: std::io::Error::other(error) };
    match Index::open(&folder, &desk.index_key()) {
        Err(IndexError::Damaged(_)) => {
            std::fs::remove_dir_all(&folder).map_err(|error| FileError::Io { path: folder.clone(), error })?;
            Index::open(&folder, &desk.index_key()).map_err(broken)
        }
        other => other.map_err(broken),
    }
}

/// Begins a visit to the server: charter, keys on offer, the board, the journals, the outbox. One at a time.
pub(super) fn fetch(console: &actix_web::web::Data<Console>) {
    if console.with_progress(|p| p.running()) {
        return;
    }
    let own = console.clone();
    let task = actix_web::rt::spawn(async move {
        let outcome = match own.view().is_some_and(|v| v.treasurer.is_some()) {
            true => treasury::visit(&own).await,
            false => visit(&own).await,
        };
        own.with_progress(|p| {
            p.task = None;
            match outcome {
                Ok(()) => p.at("fetch-done", 0, 0),
                Err(e) => {
                    p.at("fetch-failed", 0, 0);
                    p.problem = Some(Trouble::from(&e));
                }
            }
        });
    });
    console.with_progress(|p| {
        *p = Progress { step: "fetch-charter", task: Some(task.abort_handle()), ..Progress::default() };
    });
}

async fn visit(console: &Console) -> anyhow::Result<()> {
    let step = |step, done, of| console.with_progress(|p| p.at(step, done, of));
    let mut guard = console.office.lock().await;
    let Some(office) = guard.as_mut() else { return Ok(()) };
    step("fetch-charter", 0, 0);
    let known = match office.charter(&console.settings).await {
        Ok(known) => known,
        Err(e) => {
            if office.known.is_none() {
                office.recall(console);
            }
            return Err(e);
        }
    };
    console.change_view(|v| {
        v.recalled = false;
        v.me.roles = known.directory.roles_of(v.me.holder).to_vec();
        v.known = Some(known.clone());
    });
    // A log that no longer continues what was seen stops the visit before anything is opened or destroyed.
    step("fetch-log", 0, 0);
    let o = &mut *office;
    o.file.contents.watch_log(&o.api, &known.directory, &o.circuits).await?;
    office.save()?;
    step("fetch-keys", 0, 0);
    restock(office).await?;
    step("fetch-board", 0, 0);
    let mut troubles = office.file.contents.collect(&office.api, &office.circuits).await?;
    office.save()?;
    office.file.contents.discard_taken(&office.api, &office.circuits).await?;
    step("fetch-filing", 0, 0);
    let o = &mut *office;
    let filed =
        o.file.contents.file_pending(&o.api, &known.directory, &known.ctx, now(), &o.circuits, &mut o.rng).await;
    office.save()?;
    troubles.extend(filed?.troubles);
    step("fetch-outbox", 0, 0);
    let delivered = run::deliver(office).await;
    let waiting = office.file.contents.waiting().to_vec();
    console.change_view(|v| {
        v.troubles = troubles.into_iter().map(Trouble::other).collect();
        v.waiting = waiting;
        v.settled.extend(delivered.iter().flatten().filter_map(Settled::of));
    });
    delivered.map_err(run::Failure::into_error)?;
    let count = office.file.contents.cases.len();
    for at in 0..count {
        step("fetch-cases", at, count);
        let Some(id) = office.file.contents.cases.get(at).map(|c| c.id()) else { continue };
        let view = office.read(at).await;
        console.change_view(|v| {
            v.cases.insert(id, view);
        });
    }
    office.save()?;
    office.keep_index()?;
    console.change_view(|v| v.fetched = Some(now()));
    Ok(())
}

async fn restock(office: &mut Office) -> anyhow::Result<()> {
    let ask = office.file.contents.identity.publication(Vec::new(), now());
    let stock = office.api.publish_bundles(&ask, office.circuits.fresh()).await?;
    if let Some(publish) = office.file.contents.identity.restock(stock, now(), &mut office.rng)? {
        office.save()?;
        office.api.publish_bundles(&publish, office.circuits.fresh()).await?;
    }
    Ok(())
}

/// Forgets an act that waits or was refused; answers whether there was one.
pub(super) fn forget_waiting(console: &Console, office: &mut Office, number: u64) -> anyhow::Result<bool> {
    let known = office.file.contents.drop_waiting(number);
    office.save()?;
    let waiting = office.file.contents.waiting().to_vec();
    console.change_view(|v| v.waiting = waiting);
    Ok(known)
}

/// The keystore's file name, for the door.
pub(super) fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(String::new, |n| n.to_string_lossy().into_owned())
}
