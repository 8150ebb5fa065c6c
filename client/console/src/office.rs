//! The keys and the way to the server: what a person at an open desk can do. Held by one request at a time; gone when
//! the desk locks.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use rand_core::UnwrapErr;
use subrosa_casework::{case::Programme, journal::Replay};
use subrosa_engine::{
    api::Api,
    board::Circuits,
    officer::{self, Delivered, Desk, Known, OfficerError, Waiting, Watcher},
    session::{Session, Step},
    trouble::Trouble as Unread,
};
use subrosa_machine::{
    files::{FileError, KeyFile},
    http::Http,
    index::{CaseRow, Index, IndexError, Row, text_of},
    say::Rng,
    shelf::Folder,
};

use crate::{
    clock::now,
    readings::Book,
    settings::Settings,
    snapshot::{CaseView, Me, Settled, View},
    trouble::Trouble,
};

/// Keys, index and connection of an officer at an open desk.
pub(crate) struct Office {
    pub(crate) file: KeyFile<Desk>,
    pub(crate) api: Api<Http>,
    pub(crate) circuits: Circuits,
    pub(crate) rng: Rng,
    pub(crate) known: Option<Arc<Known>>,
    /// The words of every case, sealed beside the keystore.
    pub(crate) index: Index,
    /// What was read before.
    shelf: Arc<Folder>,
    /// The file that is looked at.
    pub(crate) opened: Option<Opened>,
}

/// A file that was fetched and opened, until another one is or the desk locks.
#[derive(Clone)]
pub(crate) struct Opened {
    /// What its bytes must be.
    pub(crate) sha256: [u8; 32],
    pub(crate) bytes: Arc<Vec<u8>>,
    /// Fresh pictures of its pages, in PNG.
    pub(crate) pages: Arc<Vec<Vec<u8>>>,
    /// The copy without marks, once it was made.
    pub(crate) copy: Option<Arc<Vec<u8>>>,
}

/// What the last visits left on this machine.
pub(crate) struct Recalled {
    pub(crate) known: Arc<Known>,
    /// The cases that could be read, by their names.
    pub(crate) cases: Vec<([u8; 32], CaseView)>,
}

/// What a visit brings, piece by piece.
pub(crate) enum News {
    /// A step begins; so many are done of so many, where it counts something.
    Step(Step, usize, usize),
    /// Everything that could not be read so far.
    Troubles(Vec<Trouble>),
    /// Acts that went through, and those that wait or were refused.
    Delivered {
        /// What was written.
        settled: Vec<Settled>,
        /// What was not.
        waiting: Vec<Waiting>,
    },
    /// A case as it stands now, by its name.
    Case([u8; 32], Box<CaseView>),
}

/// Takes what a visit reads into the index, and passes it on.
struct Looker<'i, F> {
    index: &'i mut Index,
    programme: Programme,
    troubles: Vec<Trouble>,
    told: F,
}

impl<F: FnMut(News)> Watcher for Looker<'_, F> {
    fn step(&mut self, step: Step, done: usize, of: usize) {
        (self.told)(News::Step(step, done, of));
    }

    fn troubles(&mut self, troubles: Vec<Unread>) {
        self.troubles.extend(troubles.iter().map(Trouble::of));
        (self.told)(News::Troubles(self.troubles.clone()));
    }

    fn delivered(&mut self, desk: &Desk, delivered: Vec<Delivered>) {
        let settled = delivered.iter().filter_map(Settled::of).collect();
        (self.told)(News::Delivered { settled, waiting: desk.waiting().to_vec() });
    }

    fn case(&mut self, desk: &Desk, at: usize, read: Result<Replay, OfficerError>) {
        let Some(id) = desk.cases.get(at).map(|c| c.id()) else { return };
        // The office's own generator signs for the visit meanwhile; both ask the system.
        let mut rng = UnwrapErr(getrandom::SysRng);
        let view = case_view(desk, self.index, &mut rng, at, Some((read, self.programme.clone())));
        (self.told)(News::Case(id, Box::new(view)));
    }
}

impl Office {
    /// Opens the keystore, and the book beside it; the answer says whether a book had to be set aside.
    pub(crate) fn open(settings: &Settings, password: &str) -> Result<(Self, Book, bool), FileError> {
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
        let api = Api::new(http);
        Ok((Self { file, api, circuits, rng, known: None, index, shelf, opened: None }, book, aside))
    }

    /// The snapshot of a desk that has not spoken with the server yet.
    pub(crate) fn first_view(&self) -> View {
        let identity = &self.file.contents.identity;
        let me = Me { name: identity.name.clone(), holder: identity.holder(), roles: Vec::new() };
        let cases = self.file.contents.cases.iter().map(|c| {
            let row = self.index.row(&c.id()).and_then(|r| CaseRow::decode(&r.summary)).map(Arc::new);
            (c.id(), CaseView::unread(c.has_conversation(), c.journal.is_none(), row))
        });
        let waiting = self.file.contents.waiting().to_vec();
        View { cases: cases.collect(), waiting, cheap: !self.file.is_strong(), ..View::of(me) }
    }

    /// Writes the keystore; durable when it returns.
    pub(crate) fn save(&mut self) -> anyhow::Result<()> {
        Ok(self.file.save(&mut self.rng)?)
    }

    /// The programme as the newest charter and its policies say, asked for now.
    pub(crate) async fn charter(&mut self, settings: &Settings) -> anyhow::Result<Arc<Known>> {
        let desk = &mut self.file.contents;
        let known = Known::fetch(desk, &*self.shelf, &self.api, &self.circuits, &settings.root, now()).await?;
        let known = Arc::new(known);
        self.known = Some(known.clone());
        Ok(known)
    }

    /// Keystore, and what an engine needs for what it says to the server.
    pub(crate) fn session<'s>(&'s mut self, known: &'s Known) -> (&'s mut KeyFile<Desk>, Session<'s, Http, Rng>) {
        let session = Session::new(&self.api, &self.circuits, &mut self.rng, now(), &known.directory);
        (&mut self.file, session)
    }

    /// The programme and the cases as the last visits left them, to read and to plan by while the server cannot be
    /// reached. `None`: nothing was kept that can be used now.
    pub(crate) fn recall(&mut self, settings: &Settings) -> Option<Recalled> {
        let desk = &self.file.contents;
        let known = Arc::new(Known::recall(desk, &*self.shelf, &settings.root, now()).ok()?);
        self.known = Some(known.clone());
        let cases = desk.cases.iter().enumerate().filter_map(|(at, case)| {
            let replay = desk.recall(at, &known.ctx, now())?;
            Some((case.id(), CaseView::of(Arc::new(replay), case.has_conversation())))
        });
        let cases = cases.collect();
        Some(Recalled { known, cases })
    }

    /// A whole visit with the keys of this desk. `told` learns what it brings, when it is there. Save afterwards.
    ///
    /// # Errors
    /// The first step that fails ends the visit; what was told before is true.
    pub(crate) async fn visit(&mut self, known: &Known, told: impl FnMut(News)) -> Result<(), OfficerError> {
        let Self { file, api, circuits, rng, index, .. } = self;
        let mut session = Session::new(api, circuits, rng, now(), &known.directory);
        let programme = known.ctx.get().programme.clone();
        let mut looker = Looker { index, programme, troubles: Vec::new(), told };
        officer::visit(file, &mut session, &known.ctx, &mut looker).await.map(drop)
    }

    /// Reads one case's journal, and takes what is new into the index.
    pub(crate) async fn read(&mut self, at: usize) -> CaseView {
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
    pub(crate) fn keep_index(&mut self) -> anyhow::Result<()> {
        Ok(self.index.commit(&mut self.rng)?)
    }

    /// The place of a case in the keystore.
    pub(crate) fn place(&self, id: &[u8; 32]) -> Option<usize> {
        self.file.contents.cases.iter().position(|c| c.id() == *id)
    }
}

/// Opens the index beside the keystore. One that is damaged is made anew: all of it can be read again.
fn open_index(keystore: &Path, desk: &Desk) -> Result<Index, FileError> {
    let mut folder = keystore.as_os_str().to_owned();
    folder.push(".index");
    let folder = PathBuf::from(folder);
    let broken = |error: IndexError| FileError::Io { path: folder.clone(), error: std::io::Error::other(error) };
    match Index::open(&folder, &desk.index_key()) {
        Err(IndexError::Damaged(_)) => {
            std::fs::remove_dir_all(&folder).map_err(|error| FileError::Io { path: folder.clone(), error })?;
            Index::open(&folder, &desk.index_key()).map_err(broken)
        }
        other => other.map_err(broken),
    }
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
