//! Every route of the console on one page, who may use it, and the only way to a POST's fields.

use std::{future::Future, pin::Pin, sync::Arc};

use actix_web::{
    Error, FromRequest, HttpRequest, HttpResponse,
    dev::Payload,
    error::InternalError,
    http::{StatusCode, header},
    web::{self, Data, ServiceConfig},
};
use subrosa_templates::console::{
    Fetch, Frame, LanguageLink, Link, NotRendered, Notice, SCRIPT, STYLE, Tone, Who, Words,
};
use subrosa_templates::{Language, say};
use zeroize::Zeroizing;

use super::{
    Console, office, origin, pages,
    session::{self, Held, Standing},
    snapshot::View,
    words,
};

/// The longest form: bytes.
const FORM_MAX: usize = 512 * 1024;

/// All of them.
pub(super) fn install(cfg: &mut ServiceConfig, console: &Data<Console>) {
    let page = |path: &str| web::resource(path.to_owned());
    cfg.app_data(web::FormConfig::default().limit(FORM_MAX));
    cfg.service(
        web::scope(&console.root())
            .service(page("/console.css").route(web::get().to(style)))
            .service(page("/console.js").route(web::get().to(script)))
            .service(page("/icon.svg").route(web::get().to(icon)))
            .service(page("/{lang}/enter/{token}").route(web::get().to(pages::unlock::enter)))
            .service(page("/{lang}/unlock").route(web::post().to(pages::unlock::unlock)))
            .service(page("/{lang}/lock").route(web::post().to(pages::unlock::lock)))
            .service(page("/{lang}/state").route(web::get().to(pages::unlock::state)))
            .service(page("/{lang}/fetch").route(web::post().to(pages::unlock::fetch)))
            .service(page("/{lang}/").route(web::get().to(pages::queue::show)))
            .service(page("/{lang}/case/{id}").route(web::get().to(pages::case::overview)))
            .service(page("/{lang}/case/{id}/thread").route(web::get().to(pages::thread::thread)))
            .service(page("/{lang}/case/{id}/evidence").route(web::get().to(pages::evidence::show)))
            .service(page("/{lang}/case/{id}/checks").route(web::get().to(pages::case::checks)))
            .service(page("/{lang}/case/{id}/people").route(web::get().to(pages::people::people)))
            .service(page("/{lang}/case/{id}/award").route(web::get().to(pages::award::award)))
            .service(page("/{lang}/case/{id}/journal").route(web::get().to(pages::case::journal)))
            .service(
                page("/{lang}/case/{id}/dossier")
                    .route(web::get().to(pages::dossier::ask))
                    .route(web::post().to(pages::dossier::make)),
            )
            .service(page("/{lang}/case/{id}/file/{sha256}").route(web::get().to(pages::file::show)))
            .service(page("/{lang}/case/{id}/file/{sha256}/page/{n}").route(web::get().to(pages::file::picture)))
            .service(page("/{lang}/case/{id}/file/{sha256}/original").route(web::get().to(pages::file::original)))
            .service(page("/{lang}/case/{id}/file/{sha256}/copy").route(web::post().to(pages::file::copy)))
            .service(page("/{lang}/case/{id}/file/{sha256}/copied").route(web::get().to(pages::file::copied)))
            .service(
                page("/{lang}/case/{id}/act/{step}")
                    .route(web::get().to(pages::act::ask))
                    .route(web::post().to(pages::act::answer)),
            )
            .service(
                page("/{lang}/case/{id}/{what}/{seq:[0-9]+}")
                    .route(web::get().to(pages::signing::ask))
                    .route(web::post().to(pages::signing::answer)),
            )
            .service(
                page("/{lang}/treasury/{deed}/{what}")
                    .route(web::get().to(pages::treasury::ask))
                    .route(web::post().to(pages::treasury::answer)),
            )
            .service(page("/{lang}/waiting").route(web::get().to(pages::waiting::list)))
            .service(page("/{lang}/waiting/{number}").route(web::post().to(pages::waiting::forget)))
            .service(page("/{lang}/sign").route(web::get().to(pages::signing::list)))
            .service(page("/{lang}/search").route(web::get().to(pages::reading::search)))
            .service(page("/{lang}/numbers").route(web::get().to(pages::reading::numbers)))
            .service(page("/{lang}/readings").route(web::get().to(pages::reading::readings)))
            .service(page("/{lang}/keys").route(web::get().to(pages::reading::keys)))
            .service(page("/{lang}/bulk").route(web::post().to(pages::reading::bulk)))
            .service(page("/{lang}/view").route(web::post().to(pages::reading::keep_view)))
            .service(page("/{lang}/draft").route(web::post().to(pages::reading::keep_draft))),
    );
    cfg.default_service(web::to(nowhere));
}

async fn style() -> HttpResponse {
    HttpResponse::Ok().content_type("text/css; charset=utf-8").body(STYLE)
}

async fn script() -> HttpResponse {
    HttpResponse::Ok().content_type("text/javascript; charset=utf-8").body(SCRIPT)
}

/// The window's icon carries the officer's colour and letters, so that two desks' tabs differ.
async fn icon(console: Data<Console>) -> HttpResponse {
    const COLOURS: [&str; 12] = [
        "8a1538", "0b5d5d", "5b2a86", "7a4b00", "124a94", "2e6417", "9a3412", "3b4252", "86198f", "155e75", "4d5b00",
        "7f1d1d",
    ];
    let (colour, letters) = match console.view() {
        Some(v) => {
            let colour = COLOURS.get(usize::from(words::colour(v.me.holder))).copied().unwrap_or("555555");
            (colour, words::initials(&v.me.name))
        }
        None => ("555555", "…".to_owned()),
    };
    let letters: String = letters.chars().filter(|c| c.is_alphanumeric() || *c == '…').collect();
    let svg = format!(
        r##"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#{colour}"/><text x="16" y="22" font-family="sans-serif" font-size="15" font-weight="700" fill="#fff" text-anchor="middle">{letters}</text></svg>"##
    );
    HttpResponse::Ok().content_type("image/svg+xml").body(svg)
}

async fn nowhere() -> HttpResponse {
    HttpResponse::NotFound().content_type("text/plain; charset=utf-8").body("There is no such page on this desk.")
}

/// The language of an address.
pub(super) fn language(req: &HttpRequest) -> &'static Words {
    let asked = req.match_info().get("lang").and_then(Language::from_code).and_then(Language::console);
    asked.unwrap_or_else(|| words::default())
}

/// The fields of a form.
#[derive(Clone, Default)]
pub(super) struct Fields(pub(super) Zeroizing<Vec<(String, String)>>);

impl Fields {
    pub(super) fn of_query(query: &str) -> Self {
        Self(Zeroizing::new(
            web::Query::<Vec<(String, String)>>::from_query(query).map_or_else(|_| Vec::new(), |q| q.0),
        ))
    }

    /// The first value of a field, without blanks around it.
    pub(super) fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.trim())
    }

    pub(super) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(n, _)| n == name).map(|(_, v)| v.as_str())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(n, _)| n == name)
    }

    /// As they stand in an address.
    pub(super) fn encoded(&self, without: &[&str]) -> String {
        let mut out = String::new();
        for (name, value) in self.0.iter().filter(|(n, _)| !without.contains(&n.as_str())) {
            if !out.is_empty() {
                out.push('&');
            }
            out.push_str(&encode(name));
            out.push('=');
            out.push_str(&encode(value));
        }
        out
    }
}

/// Percent-encoding of everything but letters, digits and `-._~`.
pub(super) fn encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for b in text.bytes() {
        if b.is_ascii_alphanumeric() || b"-._~".contains(&b) {
            out.push(char::from(b));
        } else {
            out.push_str(&format!("%{b:02X}"));
        }
    }
    out
}

/// Somebody at an open desk who asks for a page.
pub(super) struct Visit {
    pub(super) console: Data<Console>,
    pub(super) t: &'static Words,
    pub(super) view: Arc<View>,
    pub(super) csrf: String,
    pub(super) now: u64,
    /// This page's address after the language.
    here: String,
    pub(super) query: Fields,
    pub(super) notices: Vec<Notice>,
}

/// Somebody at an open desk who sends a form of ours: the session's token was in it.
pub(super) struct Posted {
    pub(super) visit: Visit,
    pub(super) fields: Fields,
}

fn here(req: &HttpRequest, console: &Console) -> String {
    let path = req.path().strip_prefix(&console.root()).unwrap_or("/");
    let rest = path.get(3..).filter(|r| r.starts_with('/')).unwrap_or("/");
    match req.query_string() {
        "" => rest.to_owned(),
        query => format!("{rest}?{query}"),
    }
}

fn turned(answer: HttpResponse) -> Error {
    InternalError::from_response("turned away", answer).into()
}

fn standing(req: &HttpRequest, console: &Console, counts: bool) -> Standing {
    console.with_sessions(|d| d.standing(origin::cookie(req.headers()).as_deref(), counts))
}

/// What a stranger gets: no page, and no hint of what would be here.
pub(super) fn stranger(t: &Words) -> HttpResponse {
    HttpResponse::Forbidden().content_type("text/plain; charset=utf-8").body(t.get("stranger").to_owned())
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
            now: office::now(),
            here: here(req, &console),
            query: Fields::of_query(req.query_string()),
            notices: Vec::new(),
            console,
        }),
        (Standing::Locked { .. } | Standing::Open { .. }, _) => {
            Err(turned(pages::unlock::page(&console, t, None, Vec::new(), StatusCode::OK)))
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
                    let text = t.get("form-unreadable").to_owned();
                    return Err(turned(
                        HttpResponse::BadRequest().content_type("text/plain; charset=utf-8").body(text),
                    ));
                }
            };
            let Some(console) = req.app_data::<Data<Console>>().cloned() else { return Err(turned(stranger(t))) };
            let (csrf, open) = match standing(&req, &console, true) {
                Standing::Stranger => return Err(turned(stranger(t))),
                Standing::Locked { csrf } => (csrf, false),
                Standing::Open { csrf } => (csrf, true),
            };
            if !session::same(fields.get("csrf"), &csrf) {
                let text = t.get("form-foreign").to_owned();
                return Err(turned(HttpResponse::Forbidden().content_type("text/plain; charset=utf-8").body(text)));
            }
            if !open {
                // Nothing that was typed is lost because the desk locked meanwhile.
                let held = Held { path: here(&req, &console), fields: fields.0 };
                if !held.path.starts_with("/lock") && !held.path.starts_with("/fetch") {
                    console.with_sessions(|d| d.hold(held));
                }
                return Err(turned(pages::unlock::page(&console, t, None, Vec::new(), StatusCode::OK)));
            }
            Ok(Self { visit: visit(&req)?, fields })
        })
    }
}

/// The frame around a page.
pub(super) fn frame(console: &Console, t: &'static Words, here: &str, csrf: String) -> Frame {
    let root = console.root();
    let languages = Language::of_console().map(|language| LanguageLink {
        language,
        url: format!("{root}/{}{here}", language.code()),
        here: language == t.language(),
    });
    let languages = languages.collect();
    Frame {
        t,
        base: format!("{root}/{}", t.language().code()),
        root,
        languages,
        csrf,
        who: None,
        notices: Vec::new(),
        fetch: Fetch::default(),
        rooms: Vec::new(),
        idle_seconds: console.settings.idle.as_secs(),
    }
}

impl Visit {
    pub(super) fn base(&self) -> String {
        format!("{}/{}", self.console.root(), self.t.language().code())
    }

    /// The frame, with the rooms.
    pub(super) fn frame(&self) -> Frame {
        let (t, view) = (self.t, &self.view);
        let mut f = frame(&self.console, t, &self.here, self.csrf.clone());
        f.notices = self.notices.clone();
        let said = format!("said-{}", self.query.get("said"));
        if t.has(&said) {
            f.notices.push(Notice { tone: Tone::Good, text: t.get(&said).to_owned(), code: None });
        }
        if view.recalled {
            f.notices.push(Notice { tone: Tone::Soon, text: t.get("recalled").to_owned(), code: None });
        }
        f.who = Some(Who {
            name: words::clean(&view.me.name),
            initials: words::initials(&view.me.name),
            colour: words::colour(view.me.holder),
            roles: match view.known.is_some() || view.treasurer.is_some() {
                true => words::roles(t, &view.me.roles),
                false => t.get("role-unknown").to_owned(),
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
            f.rooms = vec![room("", "room-treasury", None)];
            return f;
        }
        f.rooms = vec![
            room("", "room-queue", Some(view.cases.len())),
            room("sign", "room-sign", Some(view.to_sign(self.now))),
            room("waiting", "room-waiting", Some(view.waiting.len())),
            room("search", "room-search", None),
            room("numbers", "room-numbers", None),
            room("readings", "room-readings", None),
            room("keys", "room-keys", None),
        ];
        f
    }

    /// How far the fetch is.
    pub(super) fn fetch(&self) -> Fetch {
        let t = self.t;
        self.console.with_progress(|p| {
            let step = match (p.step, self.view.fetched) {
                ("", None) => t.get("fetch-never").to_owned(),
                ("" | "fetch-done", Some(at)) => t.with("fetch-last", &[("time", &words::time(at))]),
                (key, _) => t.get(key).to_owned(),
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

/// A page as a response.
pub(super) fn html(rendered: Result<String, NotRendered>, status: StatusCode) -> HttpResponse {
    match rendered {
        Ok(page) => HttpResponse::build(status).content_type("text/html; charset=utf-8").body(page),
        Err(NotRendered) => HttpResponse::InternalServerError().finish(),
    }
}

/// Sends the browser to another page of ours, with a fresh request.
pub(super) fn see(url: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, url)).finish()
}
