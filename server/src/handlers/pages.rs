//! Pages for people: rendered here, without scripts.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use subrosa_templates::{Help, Landing, Language, Programme, STYLE};

use super::Answer;
use crate::{
    app::App,
    headers::PAGE_POLICY,
    refusal::Refusal,
    store::{Store, StoreError},
};

/// `GET /` and `GET /{language}`.
pub(crate) async fn landing<S: Store>(app: web::Data<App<S>>, req: HttpRequest) -> Answer {
    let programme = programme(&app);
    page(Landing { t: language(&req).text(), p: &programme }.to_html())
}

/// `GET /help` and `GET /{language}/help`.
pub(crate) async fn help<S: Store>(app: web::Data<App<S>>, req: HttpRequest) -> Answer {
    let programme = programme(&app);
    page(Help { t: language(&req).text(), p: &programme }.to_html())
}

/// `GET /style.css`.
pub(crate) async fn style() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .insert_header((header::CACHE_CONTROL, "public, max-age=3600"))
        .body(STYLE)
}

fn page(html: Option<String>) -> Answer {
    let html = html.ok_or(Refusal::Storage(StoreError::Io("a page could not be rendered".into())))?;
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, PAGE_POLICY))
        .body(html))
}

/// The language stands in the address only: `Accept-Language` is not looked at, so that it cannot set a reader apart.
pub(crate) fn language(req: &HttpRequest) -> Language {
    req.match_info().get("language").and_then(Language::from_code).unwrap_or(Language::English)
}

pub(crate) fn programme<S: Store>(app: &App<S>) -> Programme {
    let roster = app.roster();
    Programme {
        id: app.settings().programme.clone(),
        name: roster.as_ref().map(|r| r.programme_name.clone()),
        notice: roster.as_ref().map(|r| r.notice.clone()),
        charter_version: roster.as_ref().map_or(0, |r| r.version),
        root_fingerprint: grouped(&app.settings().root_key.0),
        log_fingerprint: grouped(&app.log_verifying_key().0),
        people: roster
            .map(|r| r.holders.values().map(|h| (h.name.clone(), grouped(&h.key.0))).collect())
            .unwrap_or_default(),
    }
}

/// Hexadecimal in groups of four, for comparing by eye.
fn grouped(bytes: &[u8]) -> String {
    let groups: Vec<String> = bytes.chunks(2).map(hex::encode).collect();
    groups.join(" ")
}
