//! The keys and the way to the server: what a person at an open desk can do. Held by one request at a time; gone when
//! the desk locks.

use std::{path::Path, sync::Arc};

use rand_core::UnwrapErr;
use subrosa_casework::{case::Programme, journal::Replay};
use tokio::task::AbortHandle;

use super::trouble::Trouble;
use super::{
    Console, Settings,
    pages::file::Opened,
    readings::{Book, Read, Reading},
    snapshot::{CaseView, Me, Settled, View},
    treasury,
};
use subrosa_engine::{
    api::Api,
    board::Circuits,
    officer::{self, Desk, Known, OfficerError, Watcher},
    session::{Session, Step},
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
    pub(super) known: Option<Arc<Known>>,
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
    pub(super) async fn charter(&mut self, settings: &Settings) -> anyhow::Result<Arc<Known>> {
        let desk = &mut self.file.contents;
        let known = Known::fetch(desk, &*self.shelf, &self.api, &self.circuits, &settings.root, now()).await?;
        let known = Arc::new(known);
        self.known = Some(known.clone());
        Ok(known)
    }

    /// Keystore, and what an engine needs for what it says to the server.
    pub(super) fn session<'s>(&'s mut self, known: &'s Known) -> (&'s mut KeyFile<Desk>, Session<'s, Http, Rng>) {
        let session = Session::new(&self.api, &self.circuits, &mut self.rng, now(), &known.directory);
        (&mut self.file, session)
    }

    /// The programme and the cases as the last visits left them, to read and to plan by while the server cannot be
    /// reached.
    fn recall(&mut self, console: &Console) {
        let recalled = Known::recall(&self.file.contents, &*self.shelf, &console.settings.root, now());
        let Ok(known) = recalled.map(Arc::new) else { return };
        self.known = Some(known.clone());
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
        let Some(known) = self.known.clone() else { return self.seen(at, None) };
        if self.file.contents.cases.get(at).is_none_or(|c| c.journal.is_none()) {
            return self.seen(at, None);
        }
        let (file, mut session) = self.session(&known);
        let read = officer::read(file, &mut session, &known.ctx, at).await;
        self.seen(at, Some(read))
    }

    fn seen(&mut self, at: usize, read: Option<Result<Replay, OfficerError>>) -> CaseView {
        let programme = self.known.as_ref().map(|k| k.ctx.get().programme.clone());
        case_view(&self.file.contents, &mut self.index, &mut self.rng, at, read.zip(programme))
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

/// A case as the pages show it; what is new in it goes into the index.
fn case_view(
    desk: &Desk,
    index: &mut Index,
    rng: &mut Rng,
    at: usize,
    read: Option<(Result<Replay, OfficerError>, Programme)>,
) -> CaseView {
    let Some(case) = desk.cases.get(at) else { return CaseView::unread(false, true, None) };
    let (id, conversation) = (case.id(), case.has_conversation());
    if case.journal.is_none() {
        if index.row(&id).is_some() {
            // What cannot be taken out now is taken out when the desk is opened next: the row is still there.
            let _ = index.remove(&id, rng);
        }
        return CaseView::unread(conversation, true, None);
    }
    match read {
        Some((Ok(replay), programme)) => {
            take_in(index, &replay, &programme);
            CaseView::of(Arc::new(replay), conversation)
        }
        Some((Err(e), _)) => {
            let trouble = Some(Trouble::of(&e));
            CaseView { trouble, ..CaseView::unread(conversation, false, None) }
        }
        None => CaseView::unread(conversation, false, None),
    }
}

fn take_in(index: &mut Index, replay: &Replay, programme: &Programme) {
    let id = replay.case().id().0;
    let from = index.row(&id).map_or(0, |r| r.seq);
    if replay.seq() > from {
        let fresh = replay.events().iter().filter(|e| e.author.seq >= from);
        let entries: Vec<(u64, String)> = fresh.filter_map(text_of).collect();
        let summary = CaseRow::of(replay.case(), programme).encode();
        index.add(id, Row { seq: replay.seq(), head: replay.head(), summary }, &entries);
    }
}

/// The words of a step.
pub(super) fn step_key(step: Step) -> &'static str {
    match step {
        Step::Log => "fetch-log",
        Step::Keys => "fetch-keys",
        Step::Board => "fetch-board",
        Step::Filing => "fetch-filing",
        Step::Outbox => "fetch-outbox",
        Step::Reading => "fetch-cases",
    }
}

/// Shows how far a visit is, and keeps what it read for the pages, which it makes when the visit is over.
struct Looker<'c> {
    console: &'c Console,
    read: Vec<(usize, Result<Replay, OfficerError>)>,
}

impl Watcher for Looker<'_> {
    fn step(&mut self, step: Step, done: usize, of: usize) {
        self.console.with_progress(|p| p.at(step_key(step), done, of));
    }

    fn case(&mut self, at: usize, read: Result<Replay, OfficerError>) {
        self.read.push((at, read));
    }
}

async fn visit(console: &Console) -> anyhow::Result<()> {
    let mut guard = console.office.lock().await;
    let Some(office) = guard.as_mut() else { return Ok(()) };
    console.with_progress(|p| p.at("fetch-charter", 0, 0));
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
    let mut looker = Looker { console, read: Vec::new() };
    let (file, mut session) = office.session(&known);
    let visited = officer::visit(file, &mut session, &known.ctx, &mut looker).await;
    for (at, read) in looker.read {
        let Some(id) = office.file.contents.cases.get(at).map(|c| c.id()) else { continue };
        let view = office.seen(at, Some(read));
        console.change_view(|v| {
            v.cases.insert(id, view);
        });
    }
    let waiting = office.file.contents.waiting().to_vec();
    console.change_view(|v| v.waiting = waiting);
    office.save()?;
    office.keep_index()?;
    let visited = visited?;
    console.change_view(|v| {
        v.troubles = visited.troubles.iter().map(Trouble::of).collect();
        v.settled.extend(visited.delivered.iter().filter_map(Settled::of));
        v.fetched = Some(now());
    });
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
