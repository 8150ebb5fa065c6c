//! Coming in, leaving, and how far a fetch is.

use super::super::trouble::Trouble;
use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web::{self, Data},
};
use serde_json::json;
use subrosa_templates::console::{Door, Notice, Tone, Words};
use subrosa_templates::key;
use zeroize::Zeroizing;

use super::super::{
    Console, Settings,
    office::{self, Office},
    origin,
    routes::{Fields, Posted, frame, html, language, see, stranger},
    session::{self, Standing},
    snapshot::View,
    treasury::Treasurer,
};
use subrosa_machine::files::FileError;

/// The page that asks for the password. Without a token it is for the session that is locked.
pub(in super::super) fn page(
    console: &Console,
    t: &'static Words,
    token: Option<&str>,
    notices: Vec<Notice>,
    status: StatusCode,
) -> HttpResponse {
    let here = token.map_or_else(|| "/".to_owned(), |token| format!("/enter/{token}"));
    let csrf = match token {
        Some(_) => String::new(),
        None => console.with_sessions(|d| d.form_token()),
    };
    let mut f = frame(console, t, &here, csrf);
    f.notices = notices;
    let door = Door {
        f,
        keystore: office::file_name(&console.settings.keystore),
        token: token.map(ToOwned::to_owned),
        held: console.with_sessions(|d| d.is_holding()),
    };
    html(door.to_html(), status)
}

/// The printed address.
pub(in super::super) async fn enter(
    req: HttpRequest,
    console: Data<Console>,
    path: web::Path<(String, String)>,
) -> HttpResponse {
    let t = language(&req);
    let (_, token) = path.into_inner();
    if !console.with_sessions(|d| d.knows(&token)) {
        return stranger(t);
    }
    page(&console, t, Some(&token), Vec::new(), StatusCode::OK)
}

/// Whose keystore it is.
enum Keys {
    Officer(Box<Office>, bool),
    Administrator(Box<Treasurer>),
}

/// An officer's keystore, else an administrator's.
fn keys(settings: &Settings, password: &str) -> Result<Keys, FileError> {
    match Office::open(settings, password) {
        Ok((office, aside)) => Ok(Keys::Officer(Box::new(office), aside)),
        Err(FileError::Contents(_)) => {
            Treasurer::open(settings, password).map(|treasurer| Keys::Administrator(Box::new(treasurer)))
        }
        Err(e) => Err(e),
    }
}

/// The password.
pub(in super::super) async fn unlock(
    req: HttpRequest,
    console: Data<Console>,
    form: web::Form<Vec<(String, String)>>,
) -> HttpResponse {
    let t = language(&req);
    let fields = Fields(Zeroizing::new(form.into_inner()));
    let token = Some(fields.get("token")).filter(|token| !token.is_empty());
    // Either the printed address, or this desk's own locked session with its token for forms.
    match token {
        Some(token) if console.with_sessions(|d| d.knows(token)) => {}
        Some(_) => return stranger(t),
        None => match console.with_sessions(|d| d.standing(origin::cookie(req.headers()).as_deref(), false)) {
            Standing::Locked { csrf } if session::same(fields.get("csrf"), &csrf) => {}
            Standing::Open { .. } => return see(&format!("{}/{}/", console.root(), t.language().code())),
            Standing::Locked { .. } | Standing::Stranger => return stranger(t),
        },
    }
    let mut guard = console.office.lock().await;
    // The desk that was open in another window ends: its file must be closed before it can be opened here.
    guard.take();
    console.treasurer.lock().await.take();
    let password = Zeroizing::new(fields.all("password").next().unwrap_or_default().to_owned());
    let settings = console.settings.clone();
    // Argon2id takes a moment: not on the thread that answers everybody.
    let opened = web::block(move || keys(&settings, &password)).await;
    let keys = match opened {
        Ok(Ok(keys)) => keys,
        Ok(Err(e)) => {
            let burnt = console.with_sessions(|d| d.refused());
            if burnt {
                return stranger(t);
            }
            let notice = Notice { tone: Tone::Bad, text: Trouble::of(&e).words(t), code: None };
            return page(&console, t, token, vec![notice], StatusCode::FORBIDDEN);
        }
        Err(_) => return HttpResponse::InternalServerError().finish(),
    };
    let view: View = match keys {
        Keys::Officer(office, aside) => {
            let mut view = office.first_view();
            if aside {
                view.troubles.push(Trouble::own(key!("book-aside")));
            }
            *guard = Some(*office);
            view
        }
        Keys::Administrator(treasurer) => {
            let view = treasurer.first_view();
            *console.treasurer.lock().await = Some(*treasurer);
            view
        }
    };
    drop(guard);
    *console.view.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(std::sync::Arc::new(view));
    let cookie = console.with_sessions(|d| d.opened(token.is_some()));
    office::fetch(&console);
    let held = console.with_sessions(|d| d.held_path());
    let to = format!("{}/{}{}", console.root(), t.language().code(), held.unwrap_or_else(|| "/".to_owned()));
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

/// The button.
pub(in super::super) async fn lock(posted: Posted) -> HttpResponse {
    let visit = posted.visit;
    visit.console.lock().await;
    see(&format!("{}/", visit.base()))
}

/// Fetch from the server, now.
pub(in super::super) async fn fetch(posted: Posted) -> HttpResponse {
    office::fetch(&posted.visit.console);
    see(&format!("{}/", posted.visit.base()))
}

/// For the script: whether the desk is locked, and how far a fetch is. Asking does not keep the desk open.
pub(in super::super) async fn state(req: HttpRequest, console: Data<Console>) -> HttpResponse {
    let t = language(&req);
    match console.with_sessions(|d| d.standing(origin::cookie(req.headers()).as_deref(), false)) {
        Standing::Stranger => stranger(t),
        Standing::Locked { .. } => HttpResponse::Ok().json(json!({ "locked": true })),
        Standing::Open { .. } => console.with_progress(|p| {
            let step = t.get(if p.step.is_empty() { "fetch-never" } else { p.step });
            let state = json!({ "locked": false, "running": p.running(), "step": step, "done": p.done, "of": p.of });
            HttpResponse::Ok().json(state)
        }),
    }
}
