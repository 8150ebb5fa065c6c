//! The pages that run in the browser, and their program.

use std::io::Write as _;

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use flate2::{Compression, write::GzEncoder};
use subrosa_templates::{Application, Leave, Return, Tip};

use super::{
    Answer,
    pages::{language, programme},
};
use crate::{
    app::App,
    assets::{Assets, accepts},
    headers::PAGE_POLICY,
    refusal::Refusal,
    store::{Store, StoreError},
};

/// What regime packs are called in a charter.
const REGIME: &str = "regime/";

/// `GET /tip` and `GET /{language}/tip`.
pub(crate) async fn tip<S: Store>(app: web::Data<App<S>>, req: HttpRequest) -> Answer {
    let p = programme(&app);
    // All packs, so that nobody sees which of them a tip needs, and as they are, so that the page can check them against the charter.
    let packs: Vec<String> = app.roster().map_or_else(Vec::new, |r| {
        let regimes = r.policies.iter().filter(|(name, _)| name.starts_with(REGIME));
        regimes.filter_map(|(_, digest)| String::from_utf8(app.shelf.get(digest)?.to_vec()).ok()).collect()
    });
    let a = Application { program: app.assets.as_ref().map(Assets::program), packs: &packs };
    page(&app, &req, Tip { t: language(&req).text(), p: &p, a }.to_html())
}

/// `GET /return` and `GET /{language}/return`.
pub(crate) async fn come_back<S: Store>(app: web::Data<App<S>>, req: HttpRequest) -> Answer {
    let p = programme(&app);
    let a = Application { program: app.assets.as_ref().map(Assets::program), packs: &[] };
    page(&app, &req, Return { t: language(&req).text(), p: &p, a }.to_html())
}

/// `GET /leave` and `GET /{language}/leave`: where the quick exit leads. It names no programme.
pub(crate) async fn leave(req: HttpRequest) -> Answer {
    let html = Leave { t: language(&req).text() }.to_html().ok_or_else(unrendered)?;
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((header::CONTENT_SECURITY_POLICY, PAGE_POLICY))
        .body(html))
}

/// `GET /assets/{name}`.
pub(crate) async fn asset<S: Store>(app: web::Data<App<S>>, req: HttpRequest) -> Answer {
    let name = req.match_info().get("name").unwrap_or_default();
    let assets = app.assets.as_ref().ok_or(Refusal::NoSuchRoute)?;
    if name == "manifest.json" {
        return Ok(HttpResponse::Ok().content_type("application/json").body(assets.manifest()));
    }
    let file = assets.file(name).ok_or(Refusal::NoSuchRoute)?;
    let (body, coding) = file.encoded(req.headers().get(header::ACCEPT_ENCODING));
    let mut response = HttpResponse::Ok();
    response.content_type(file.content_type.as_str());
    if let Some(coding) = coding {
        response.insert_header((header::CONTENT_ENCODING, coding));
    }
    Ok(response.body(body))
}

fn page<S: Store>(app: &App<S>, req: &HttpRequest, html: Option<String>) -> Answer {
    let html = html.ok_or_else(unrendered)?;
    let policy = app.assets.as_ref().map_or(PAGE_POLICY, Assets::policy).to_owned();
    let mut response = HttpResponse::Ok();
    response.content_type("text/html; charset=utf-8").insert_header((header::CONTENT_SECURITY_POLICY, policy));
    let offered = req.headers().get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if !accepts(offered, "gzip") {
        return Ok(response.body(html));
    }
    // The page holds nothing that depends on its reader, so its length tells nothing.
    let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
    let packed = gzip.write_all(html.as_bytes()).and_then(|()| gzip.finish()).map_err(|_| unrendered())?;
    Ok(response.insert_header((header::CONTENT_ENCODING, "gzip")).body(packed))
}

fn unrendered() -> Refusal {
    Refusal::Storage(StoreError::Io("a page could not be rendered".into()))
}
