//! Every route on one page.
//!
//! Spec: `docs/spec/wire.md`.

use actix_web::{HttpRequest, HttpResponse, Route, guard, web};
use subrosa_templates::Language;

use crate::{
    app::App,
    handlers::{application, blobs, board, bundles, charter, downloads, health, journal, log, pages, sealed, treasury},
    refusal::Refusal,
    store::Store,
};

/// Installs all routes for the app, which is to be wrapped in `headers::complete`.
pub fn install<S: Store>(cfg: &mut web::ServiceConfig, app: web::Data<App<S>>) {
    let post = web::post;
    cfg.app_data(app)
        // For people.
        .service(at("/").route(get().to(pages::landing::<S>)))
        .service(at(&format!("/{}", language())).route(get().to(pages::landing::<S>)))
        .service(page("scope").route(get().to(pages::scope::<S>)))
        .service(page("safety").route(get().to(pages::safety::<S>)))
        .service(page("help").route(get().to(pages::help::<S>)))
        .service(page("reward").route(get().to(pages::reward::<S>)).route(post().to(pages::calculate::<S>)))
        .service(page("keys").route(get().to(pages::keys::<S>)))
        .service(page("books").route(get().to(pages::books::<S>)))
        .service(page("sealed").route(get().to(sealed::form::<S>)).route(post().to(sealed::send::<S>)))
        .service(at("/sealed/recipients-pq.txt").route(get().to(sealed::recipients_pq::<S>)))
        .service(at("/sealed/recipients.txt").route(get().to(sealed::recipients_classic::<S>)))
        .service(at("/downloads/{name}").route(get().to(downloads::file::<S>)))
        .service(page("tip").route(get().to(application::tip::<S>)))
        .service(page("return").route(get().to(application::come_back::<S>)))
        .service(page("leave").route(get().to(application::leave)))
        .service(at("/assets/{name}").route(get().to(application::asset::<S>)))
        .service(at("/style.css").route(get().to(pages::style)))
        .configure(slashed)
        // Who is who.
        .service(at("/v1/charter").route(get().to(charter::newest::<S>)).route(post().to(charter::publish::<S>)))
        .service(at("/v1/charter/{version}").route(get().to(charter::by_version::<S>)))
        .service(at("/v1/policy/{digest}").route(get().to(charter::policy::<S>)))
        // The board.
        .service(at("/v1/params").route(get().to(board::params::<S>)))
        .service(at("/v1/deposit").route(post().to(board::deposit::<S>)))
        .service(at("/v1/epoch/{n}/tags").route(get().to(board::tags::<S>)))
        .service(at("/v1/epoch/{n}/hints").route(get().to(board::hints::<S>)))
        .service(at("/v1/block/{n}/tags").route(get().to(board::tag_block::<S>)))
        .service(at("/v1/block/{n}/hints").route(get().to(board::hint_block::<S>)))
        .service(at("/v1/take").route(post().to(board::take::<S>)))
        .service(at("/v1/discard").route(post().to(board::discard::<S>)))
        .service(at("/v1/bundles").route(post().to(bundles::hand_out::<S>)))
        .service(at("/v1/bundles/publish").route(post().to(bundles::publish::<S>)))
        // The two fixed blob addresses come before the one with a name in it.
        .service(at("/v1/blob/take").route(post().to(blobs::take::<S>)))
        .service(at("/v1/blob/discard").route(post().to(blobs::discard::<S>)))
        .service(at("/v1/blob/{name}").route(web::put().to(blobs::put::<S>)).route(get().to(blobs::held::<S>)))
        // Casework and treasury.
        .service(at("/v1/journal/append").route(post().to(journal::append::<S>)))
        .service(at("/v1/journal/read").route(post().to(journal::read::<S>)))
        .service(at("/v1/journal/purge").route(post().to(journal::purge::<S>)))
        .service(at("/v1/records").route(get().to(treasury::records::<S>)).route(post().to(treasury::append::<S>)))
        // The log.
        .service(at("/v1/log/checkpoint").route(get().to(log::checkpoint::<S>)))
        .service(at("/v1/log/stretch/{n}").route(get().to(log::stretch::<S>)))
        .service(at("/v1/log/tile/{path:.*}").route(get().to(log::tile::<S>)))
        // The operator.
        .service(at("/healthz").route(get().to(health::alive)))
        .service(at("/readyz").route(get().to(health::ready::<S>)))
        .default_service(web::to(no_such_route));
}

/// Installs the routes of the operator's own listener.
pub fn install_metrics<S: Store>(cfg: &mut web::ServiceConfig, app: web::Data<App<S>>) {
    cfg.app_data(app).service(at("/metrics").route(get().to(health::metrics::<S>)));
}

/// What is read may be asked for its head alone (RFC 9110 section 9.3.2).
fn get() -> Route {
    web::route().guard(guard::Any(guard::Get()).or(guard::Head()))
}

fn at(path: &str) -> actix_web::Resource {
    web::resource(path).default_service(web::to(wrong_method))
}

/// A page at its address in every language: English has no prefix.
fn page(name: &str) -> actix_web::Resource {
    web::resource([format!("/{name}"), format!("/{}/{name}", language())]).default_service(web::to(wrong_method))
}

/// The pages, by the last part of their addresses; the first page has none.
const PAGES: [&str; 10] = ["scope", "safety", "help", "reward", "keys", "books", "sealed", "tip", "return", "leave"];

/// The pages' addresses with a slash behind them, as people type them: each leads to the page without it.
fn slashed(cfg: &mut web::ServiceConfig) {
    let to = |name: &'static str| get().to(move |req: HttpRequest| async move { pages::without_slash(&req, name) });
    cfg.service(at(&format!("/{}/", language())).route(to("")));
    for name in PAGES {
        let both = web::resource([format!("/{name}/"), format!("/{}/{name}/", language())]);
        cfg.service(both.route(to(name)).default_service(web::to(wrong_method)));
    }
}

/// The language in an address: any that the pages speak but the one of addresses without a prefix.
fn language() -> String {
    let codes = Language::all().iter().filter(|l| **l != Language::root()).map(|l| l.code());
    format!("{{language:{}}}", codes.collect::<Vec<_>>().join("|"))
}

async fn no_such_route() -> Result<HttpResponse, Refusal> {
    Err(Refusal::NoSuchRoute)
}

async fn wrong_method() -> Result<HttpResponse, Refusal> {
    Err(Refusal::Method)
}
