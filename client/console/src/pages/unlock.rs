//! Coming in, leaving, and how far a fetch is.

use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{self, Data},
};
use serde_json::json;
use subrosa_machine::files::FileError;
use subrosa_templates::console::Tone;
use subrosa_templates::{Language, key};
use zeroize::Zeroizing;

use super::parts::notice;
use crate::{
    console::Console,
    door, fetch,
    fields::Fields,
    frame::{see, stranger},
    office::Office,
    origin,
    readings::Book,
    request::{Posted, language},
    session::{self, Standing},
    settings::Settings,
    snapshot::View,
    treasurer::Treasurer,
    trouble::Trouble,
};

/// The printed address.
pub(crate) async fn enter(req: HttpRequest, console: Data<Console>, path: web::Path<(String, String)>) -> HttpResponse {
    let t = language(&req);
    let (_, token) = path.into_inner();
    if !console.with_sessions(|d| d.knows(&token)) {
        return stranger(t);
    }
    door::page(&console, t, Some(&token), Vec::new(), StatusCode::OK)
}

/// Whose keystore it is.
enum Keys {
    Officer(Box<Office>, Book, bool),
    Administrator(Box<Treasurer>),
}

/// An officer's keystore, else an administrator's.
fn keys(settings: &Settings, password: &str) -> Result<Keys, FileError> {
    match Office::open(settings, password) {
        Ok((office, book, aside)) => Ok(Keys::Officer(Box::new(office), book, aside)),
        Err(FileError::Contents(_)) => {
            Treasurer::open(settings, password).map(|treasurer| Keys::Administrator(Box::new(treasurer)))
        }
        Err(e) => Err(e),
    }
}

/// Whether whoever sends the password may: with the printed address, or from this desk's own locked session with its
/// token for forms. Else the answer.
fn admitted(req: &HttpRequest, console: &Console, fields: &Fields, token: Option<&str>) -> Result<(), HttpResponse> {
    let t = language(req);
    if let Some(token) = token {
        return if console.with_sessions(|d| d.knows(token)) { Ok(()) } else { Err(stranger(t)) };
    }
    match console.with_sessions(|d| d.standing(origin::cookie(req.headers()).as_deref(), false)) {
        Standing::Locked { csrf } if session::same(fields.get("csrf"), &csrf) => Ok(()),
        Standing::Open { .. } => Err(see(&format!("{}/{}/", console.root(), t.language().code()))),
        Standing::Locked { .. } | Standing::Stranger => Err(stranger(t)),
    }
}

/// Takes the password, and opens the desk with it.
pub(crate) async fn unlock(
    req: HttpRequest,
    console: Data<Console>,
    form: web::Form<Vec<(String, String)>>,
) -> HttpResponse {
    let t = language(&req);
    let fields = Fields(Zeroizing::new(form.into_inner()));
    let token = Some(fields.get("token")).filter(|token| !token.is_empty());
    if let Err(answer) = admitted(&req, &console, &fields, token) {
        return answer;
    }
    let mut guard = console.office.lock().await;
    // The desk that was open in another window ends: its file must be closed before it can be opened here.
    guard.take();
    console.treasurer.lock().await.take();
    console.set_book(None);
    let password = Zeroizing::new(fields.all("password").next().unwrap_or_default().to_owned());
    let settings = console.settings.clone();
    // Argon2id takes a moment: not on the thread that answers everybody.
    let keys = match web::block(move || keys(&settings, &password)).await {
        Ok(Ok(keys)) => keys,
        Ok(Err(e)) => {
            if console.with_sessions(|d| d.refused()) {
                return stranger(t);
            }
            let why = notice(Tone::Bad, Trouble::of(&e).words(t));
            return door::page(&console, t, token, vec![why], StatusCode::FORBIDDEN);
        }
        Err(_) => return HttpResponse::InternalServerError().finish(),
    };
    let view = match keys {
        Keys::Officer(office, book, aside) => {
            let mut view = office.first_view();
            view.troubles.extend(aside.then(|| Trouble::own(key!("book-aside"))));
            *guard = Some(*office);
            console.set_book(Some(book));
            view
        }
        Keys::Administrator(treasurer) => {
            let view = treasurer.first_view();
            *console.treasurer.lock().await = Some(*treasurer);
            view
        }
    };
    drop(guard);
    opened(&console, t.language(), view, token.is_some())
}

/// Lets the browser in, sends it where it wanted to go, and begins a fetch.
fn opened(console: &Data<Console>, language: Language, view: View, by_token: bool) -> HttpResponse {
    console.show(Some(view));
    let cookie = console.with_sessions(|d| d.opened(by_token));
    fetch::fetch(console);
    let held = console.with_sessions(|d| d.held_path());
    let to = format!("{}/{}{}", console.root(), language.code(), held.unwrap_or_else(|| "/".to_owned()));
    let mut answer = see(&to);
    let set = cookie.map(|c| {
        let path = console.root();
        format!("{}={c}; Path={path}; HttpOnly; SameSite=Strict", origin::COOKIE)
    });
    if let Some(value) = set.and_then(|s| header::HeaderValue::from_str(&s).ok()) {
        answer.headers_mut().insert(header::SET_COOKIE, value);
    }
    answer
}

/// Locks the desk, as its button says.
pub(crate) async fn lock(posted: Posted) -> HttpResponse {
    let visit = posted.visit;
    visit.console.lock().await;
    see(&format!("{}/", visit.base()))
}

/// Fetch from the server, now.
pub(crate) async fn fetch(posted: Posted) -> HttpResponse {
    fetch::fetch(&posted.visit.console);
    see(&format!("{}/", posted.visit.base()))
}

/// For the script: whether the desk is locked, and how far a fetch is. Asking does not keep the desk open.
pub(crate) async fn state(req: HttpRequest, console: Data<Console>) -> HttpResponse {
    let t = language(&req);
    match console.with_sessions(|d| d.standing(origin::cookie(req.headers()).as_deref(), false)) {
        Standing::Stranger => stranger(t),
        Standing::Locked { .. } => HttpResponse::Ok().json(json!({ "locked": true })),
        Standing::Open { .. } => console.with_progress(|p| {
            let step = t.get(if p.step.is_empty() { key!("fetch-never") } else { p.step });
            let state = json!({ "locked": false, "running": p.running(), "step": step, "done": p.done, "of": p.of });
            HttpResponse::Ok().json(state)
        }),
    }
}
