//! Who asks for a page or sends a form, and the only way to a form's fields.

use std::{fmt, future::Future, pin::Pin, sync::Arc};

use actix_web::{
    Error, FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    error::InternalError,
    http::StatusCode,
    web::{self, Data},
};
use subrosa_templates::console::{Fetch, Frame, Link, Notice, Tone, Who, Words};
use subrosa_templates::{Language, key, say};
use zeroize::Zeroizing;

use crate::{
    clock::{now, time},
    console::Console,
    fields::Fields,
    frame::{frame, sentence, stranger},
    locked, origin,
    session::{self, Held, Standing},
    snapshot::View,
    text::{colour, initials, one_line},
    words,
};

/// The language of an address.
pub(crate) fn language(req: &HttpRequest) -> &'static Words {
    let asked = req.match_info().get("lang").and_then(Language::from_code).and_then(Language::console);
    asked.unwrap_or_else(|| words::default())
}

/// Somebody at an open desk who asks for a page.
pub(crate) struct Visit {
    pub(crate) console: Data<Console>,
    pub(crate) t: &'static Words,
    pub(crate) view: Arc<View>,
    pub(crate) csrf: String,
    pub(crate) now: u64,
    /// This page's address after the language.
    here: String,
    pub(crate) query: Fields,
    pub(crate) notices: Vec<Notice>,
}

/// Somebody at an open desk who sends a form of ours: the session's token was in it.
pub(crate) struct Posted {
    pub(crate) visit: Visit,
    pub(crate) fields: Fields,
}

/// What was done just now, as the address of the next page says it: `?said=done`.
#[derive(Clone, Copy)]
pub(crate) enum Said {
    Copied,
    Deed,
    Done,
    Dropped,
    Kept,
    OtherPays,
    Released,
    View,
}

impl Said {
    const ALL: [Self; 8] =
        [Self::Copied, Self::Deed, Self::Done, Self::Dropped, Self::Kept, Self::OtherPays, Self::Released, Self::View];

    fn of(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|said| said.name() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Self::Copied => "copied",
            Self::Deed => "deed",
            Self::Done => "done",
            Self::Dropped => "dropped",
            Self::Kept => "kept",
            Self::OtherPays => "other-pays",
            Self::Released => "released",
            Self::View => "view",
        }
    }

    fn key(self) -> &'static str {
        match self {
            Self::Copied => key!("said-copied"),
            Self::Deed => key!("said-deed"),
            Self::Done => key!("said-done"),
            Self::Dropped => key!("said-dropped"),
            Self::Kept => key!("said-kept"),
            Self::OtherPays => key!("error-other-pays"),
            Self::Released => key!("said-released"),
            Self::View => key!("said-view"),
        }
    }
}

impl fmt::Display for Said {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

fn here(req: &HttpRequest, console: &Console) -> String {
    let path = req.path().strip_prefix(&console.root()).unwrap_or("/");
    let rest = path.get(3..).filter(|r| r.starts_with('/')).unwrap_or("/");
    match req.query_string() {
        "" => rest.to_owned(),
        query => format!("{rest}?{query}"),
    }
}

/// Whether a form that was sent to this path can be led back to: a page is there too. What the script sends by itself,
/// and buttons without a page of their own, must not take the place of a form that is held.
fn has_page(path: &str) -> bool {
    path.starts_with("/treasury/") || path.starts_with("/case/") && !path.ends_with("/copy")
}

fn turned(answer: HttpResponse) -> Error {
    InternalError::from_response("turned away", answer).into()
}

fn standing(req: &HttpRequest, console: &Console, counts: bool) -> Standing {
    console.with_sessions(|d| d.standing(origin::cookie(req.headers()).as_deref(), counts))
}

impl FromRequest for Visit {
    type Error = Error;
    type Future = std::future::Ready<Result<Self, Error>>;

    fn from_request(req: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(visit(req))
    }
}

fn visit(req: &HttpRequest) -> Result<Visit, Error> {
    let t = language(req);
    let Some(console) = req.app_data::<Data<Console>>().cloned() else { return Err(turned(stranger(t))) };
    // What a page asks for by itself does not keep the desk open.
    let counts = req.headers().get("sec-fetch-mode").is_none_or(|m| m == "navigate");
    match (standing(req, &console, counts), console.view()) {
        (Standing::Stranger, _) => Err(turned(stranger(t))),
        (Standing::Open { csrf }, Some(view)) => Ok(Visit {
            t,
            view,
            csrf,
            now: now(),
            here: here(req, &console),
            query: Fields::of_query(req.query_string()),
            notices: Vec::new(),
            console,
        }),
        (Standing::Locked { .. } | Standing::Open { .. }, _) => {
            Err(turned(locked::page(&console, t, None, Vec::new(), StatusCode::OK)))
        }
    }
}

impl FromRequest for Posted {
    type Error = Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Error>>>>;

    fn from_request(req: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let form = web::Form::<Vec<(String, String)>>::from_request(req, payload);
        let req = req.clone();
        Box::pin(async move {
            let t = language(&req);
            let fields = match form.await {
                Ok(form) => Fields(Zeroizing::new(form.into_inner())),
                Err(_) => {
                    return Err(turned(sentence(StatusCode::BAD_REQUEST, say!(t, "form-unreadable"))));
                }
            };
            let Some(console) = req.app_data::<Data<Console>>().cloned() else { return Err(turned(stranger(t))) };
            let (csrf, open) = match standing(&req, &console, true) {
                Standing::Stranger => return Err(turned(stranger(t))),
                Standing::Locked { csrf } => (csrf, false),
                Standing::Open { csrf } => (csrf, true),
            };
            if !session::same(fields.get("csrf"), &csrf) {
                return Err(turned(sentence(StatusCode::FORBIDDEN, say!(t, "form-foreign"))));
            }
            if !open {
                // Nothing that was typed is lost because the desk locked meanwhile.
                let held = Held { path: here(&req, &console), fields: fields.0 };
                if has_page(&held.path) {
                    console.with_sessions(|d| d.hold(held));
                }
                return Err(turned(locked::page(&console, t, None, Vec::new(), StatusCode::OK)));
            }
            Ok(Self { visit: visit(&req)?, fields })
        })
    }
}

impl Visit {
    /// What stands in front of every address in this language.
    pub(crate) fn base(&self) -> String {
        format!("{}/{}", self.console.root(), self.t.language().code())
    }

    /// A case's first page; its other pages stand below.
    pub(crate) fn case_url(&self, id: &[u8; 32]) -> String {
        format!("{}/case/{}", self.base(), hex::encode(id))
    }

    /// The frame, with the rooms.
    pub(crate) fn frame(&self) -> Frame {
        let (t, view) = (self.t, &self.view);
        let mut f = frame(&self.console, t, &self.here, self.csrf.clone());
        f.notices = self.notices.clone();
        if let Some(said) = Said::of(self.query.get("said")) {
            f.notices.push(Notice { tone: Tone::Good, text: t.get(said.key()).to_owned(), code: None });
        }
        if view.recalled {
            f.notices.push(Notice { tone: Tone::Soon, text: say!(t, "recalled").to_owned(), code: None });
        }
        if view.cheap {
            let file = self.console.settings.keystore.file_name().map(|n| one_line(&n.to_string_lossy()));
            let text = say!(t, "keystore-cheap", file = file.unwrap_or_default());
            f.notices.push(Notice { tone: Tone::Soon, text, code: None });
        }
        f.who = Some(Who {
            name: one_line(&view.me.name),
            initials: initials(&view.me.name),
            colour: colour(view.me.holder),
            roles: match view.known.is_some() || view.treasurer.is_some() {
                true => words::roles(t, &view.me.roles),
                false => say!(t, "role-unknown").to_owned(),
            },
            key: view.me.holder.to_string(),
        });
        f.fetch = self.fetch();
        let section = self.here.split(['?', '/']).nth(1).unwrap_or_default();
        let base = f.base.clone();
        let room = |path: &str, key: &str, count: Option<usize>| Link {
            url: format!("{base}/{path}"),
            text: t.get(key).to_owned(),
            here: section == path || path.is_empty() && section == "case",
            count,
        };
        if view.treasurer.is_some() {
            f.rooms = vec![room("", key!("room-treasury"), None)];
            return f;
        }
        f.rooms = vec![
            room("", key!("room-queue"), Some(view.cases.len())),
            room("sign", key!("room-sign"), Some(view.to_sign(self.now))),
            room("waiting", key!("room-waiting"), Some(view.waiting.len())),
            room("search", key!("room-search"), None),
            room("numbers", key!("room-numbers"), None),
            room("readings", key!("room-readings"), None),
            room("keys", key!("room-keys"), None),
        ];
        f
    }

    /// How far the fetch is.
    pub(crate) fn fetch(&self) -> Fetch {
        let t = self.t;
        self.console.with_progress(|p| {
            let step = match self.view.fetched {
                Some(at) if p.step.is_empty() || p.is_done() => match self.view.unread() {
                    0 => say!(t, "fetch-last", time = time(at)),
                    n => say!(t, "fetch-last-without", time = time(at), n = n),
                },
                None if p.step.is_empty() => say!(t, "fetch-never").to_owned(),
                _ => t.get(p.step).to_owned(),
            };
            Fetch {
                running: p.running(),
                step,
                done: p.done,
                of: p.of,
                problem: p.problem.as_ref().map(|why| say!(t, "fetch-problem", why = why.words(t))),
            }
        })
    }
}
