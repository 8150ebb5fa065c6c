//! A console that runs: what all its requests share.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use subrosa_casework::bytes::Digest;
use subrosa_machine::files::FileError;
use subrosa_templates::Language;

use crate::{
    clock::now,
    office::Office,
    progress::Progress,
    readings::{Book, Read, Reading},
    session::{self, Sessions},
    settings::Settings,
    snapshot::View,
    treasurer::Treasurer,
};

/// The console's state. Keys are in `office` or `treasurer` while the desk is open, and nowhere else.
pub(crate) struct Console {
    pub(crate) settings: Settings,
    /// What the `Host` header must say: address and port.
    pub(crate) host: String,
    /// The first part of every path. Cookies are shared by all ports of a machine; a path that nobody can guess keeps
    /// ours from being sent elsewhere.
    secret: String,
    sessions: Mutex<Sessions>,
    pub(crate) office: tokio::sync::Mutex<Option<Office>>,
    pub(crate) treasurer: tokio::sync::Mutex<Option<Treasurer>>,
    /// Not in the office: what a visit has read so far can be looked at while the visit still holds the keys.
    book: Mutex<Option<Book>>,
    view: RwLock<Option<Arc<View>>>,
    progress: Mutex<Progress>,
}

impl Console {
    /// A locked console that nobody has an address of yet. `host`: address and port on which it listens.
    pub(crate) fn new(settings: Settings, host: String) -> Self {
        Self {
            settings,
            host,
            secret: session::random_name(),
            sessions: Mutex::default(),
            office: tokio::sync::Mutex::new(None),
            treasurer: tokio::sync::Mutex::new(None),
            book: Mutex::new(None),
            view: RwLock::new(None),
            progress: Mutex::default(),
        }
    }

    /// What every path begins with.
    pub(crate) fn root(&self) -> String {
        format!("/{}", self.secret)
    }

    /// Locks: keys and everything that was decrypted leave this program's memory. What was being typed is kept by
    /// `held`.
    pub(crate) async fn lock(&self) {
        self.with_sessions(Sessions::lock);
        self.show(None);
        self.with_progress(|p| p.stop());
        // Whoever holds the office is at the end of a request, or was stopped just now.
        self.office.lock().await.take();
        self.treasurer.lock().await.take();
        self.set_book(None);
        self.with_progress(|p| *p = Progress::default());
    }

    pub(crate) fn with_sessions<R>(&self, f: impl FnOnce(&mut Sessions) -> R) -> R {
        f(&mut self.sessions.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn with_progress<R>(&self, f: impl FnOnce(&mut Progress) -> R) -> R {
        f(&mut self.progress.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Opens a book at this desk, or closes it.
    pub(crate) fn set_book(&self, book: Option<Book>) {
        *self.book.lock().unwrap_or_else(PoisonError::into_inner) = book;
    }

    /// Reads or writes the book; `None` if no officer's desk is open.
    pub(crate) fn with_book<R>(&self, f: impl FnOnce(&mut Book) -> R) -> Option<R> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner).as_mut().map(f)
    }

    /// Writes down that something was read, before it is shown.
    pub(crate) fn note(&self, case: [u8; 32], how: Reading, what: &str) -> Result<(), FileError> {
        let read = Read { at: now(), case: Digest(case), how, what: what.to_owned() };
        self.with_book(|book| book.note(read)).unwrap_or(Ok(()))
    }

    pub(crate) fn view(&self) -> Option<Arc<View>> {
        self.view.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Replaces the snapshot; `None` while the desk is locked.
    pub(crate) fn show(&self, view: Option<View>) {
        *self.view.write().unwrap_or_else(PoisonError::into_inner) = view.map(Arc::new);
    }

    /// Changes the snapshot, unless the desk is locked. Pages that are being made keep the one that they have.
    pub(crate) fn change_view(&self, f: impl FnOnce(&mut View)) {
        let mut view = self.view.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(view) = view.as_mut() {
            f(Arc::make_mut(view));
        }
    }

    /// A fresh address that lets in once; an earlier one stops working.
    pub(crate) fn new_address(&self, language: Language) -> String {
        let token = self.with_sessions(Sessions::new_token);
        let code = language.code();
        format!("http://{}/{}/{code}/enter/{token}", self.host, self.secret)
    }
}
