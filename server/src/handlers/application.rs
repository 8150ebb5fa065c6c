//! The pages that run in the browser, and their program.

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use subrosa_templates::{Application, Language, Leave, Return, Tip};

use super::{
    Answer,
    pages::{language, programme, unrendered},
};
use crate::{
    app::App, assets::Assets, headers::PAGE_POLICY, lock::locked, packed::Packed, refusal::Refusal, store::Store, terms,
};

/// `GET /tip` and `GET /{language}/tip`.
pub(crate) async fn tip<S: Store>(app: web::Data<App<S>>, req: HttpRequest) -> Answer {
    let language = language(&req);
    // The page is the same for everybody until the charter or the files behind it change, so it is made once.
    let edition = (app.directory().map_or(0, |r| r.version), app.policies.edition());
    let known = locked(&app.tip_pages).get(&language).filter(|(of, _)| *of == edition).map(|(_, page)| page.clone());
    let page = match known {
        Some(page) => page,
        None => {
            let page = Packed::new(tip_page(&app, language).ok_or_else(unrendered)?);
            locked(&app.tip_pages).insert(language, (edition, page.clone()));
            page
        }
    };
    Ok(answer(&app, &req, &page))
}

fn tip_page<S: Store>(app: &App<S>, language: Language) -> Option<String> {
    // All packs, so that nobody sees which of them a tip needs, and as they are, so that the page can check them
    // against the charter.
    let packs: Vec<String> = terms::texts(app, terms::REGIME).into_iter().map(|(_, text)| text).collect();
    let subjects: Vec<(String, String)> =
        terms::regimes(app, language).into_iter().map(|regime| (regime.id, regime.title)).collect();
    let a = Application { program: app.assets.as_ref().map(Assets::program), packs: &packs, subjects: &subjects };
    Tip { t: language.text(), p: &programme(app), a }.to_html()
}

/// `GET /return` and `GET /{language}/return`.
pub(crate) async fn come_back<S: Store>(app: web::Data<App<S>>, req: HttpRequest) -> Answer {
    let a = Application { program: app.assets.as_ref().map(Assets::program), packs: &[], subjects: &[] };
    let html = Return { t: language(&req).text(), p: &programme(&app), a }.to_html();
    Ok(answer(&app, &req, &Packed::new(html.ok_or_else(unrendered)?)))
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

fn answer<S: Store>(app: &App<S>, req: &HttpRequest, page: &Packed) -> HttpResponse {
    let policy = app.assets.as_ref().map_or(PAGE_POLICY, Assets::policy).to_owned();
    let mut response = HttpResponse::Ok();
    response.content_type("text/html; charset=utf-8").insert_header((header::CONTENT_SECURITY_POLICY, policy));
    page.end(&mut response, req)
}
