//! What is around every page, and pages as responses.

use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
};
use subrosa_templates::console::{Fetch, Frame, LanguageLink, NotRendered, Words};
use subrosa_templates::{Language, say};

use crate::console::Console;

/// The frame around a page.
pub(crate) fn frame(console: &Console, t: &'static Words, here: &str, csrf: String) -> Frame {
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

/// A page as a response.
pub(crate) fn html(rendered: Result<String, NotRendered>, status: StatusCode) -> HttpResponse {
    match rendered {
        Ok(page) => HttpResponse::build(status).content_type("text/html; charset=utf-8").body(page),
        Err(NotRendered) => HttpResponse::InternalServerError().finish(),
    }
}

/// Sends the browser to another page of ours, with a fresh request.
pub(crate) fn see(url: &str) -> HttpResponse {
    HttpResponse::SeeOther().insert_header((header::LOCATION, url)).finish()
}

/// What a stranger gets: no page, and no hint of what would be here.
pub(crate) fn stranger(t: &Words) -> HttpResponse {
    HttpResponse::Forbidden().content_type("text/plain; charset=utf-8").body(say!(t, "stranger").to_owned())
}

/// A sentence without a page around it.
pub(crate) fn sentence(status: StatusCode, text: &str) -> HttpResponse {
    HttpResponse::build(status).content_type("text/plain; charset=utf-8").body(text.to_owned())
}

/// Bytes to be saved, never shown: the browser gets no type that it could run.
pub(crate) fn attachment(name: &str, bytes: Vec<u8>) -> HttpResponse {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' }).collect();
    HttpResponse::Ok()
        .content_type("application/octet-stream")
        .insert_header((header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{plain}\"")))
        .body(bytes)
}
