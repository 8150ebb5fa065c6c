//! Every route of the console on one page.

use actix_web::{
    HttpResponse,
    web::{self, Data, ServiceConfig},
};
use subrosa_templates::console::{SCRIPT, STYLE};

use crate::{
    console::Console,
    pages,
    text::{colour, initials},
};

/// The longest form: bytes.
const FORM_MAX: usize = 512 * 1024;

/// Every page and form behind the path that nobody can guess, and nothing besides.
pub(crate) fn install(cfg: &mut ServiceConfig, console: &Data<Console>) {
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
            .service(page("/{lang}/case/{id}").route(web::get().to(pages::overview::overview)))
            .service(page("/{lang}/case/{id}/thread").route(web::get().to(pages::thread::thread)))
            .service(page("/{lang}/case/{id}/evidence").route(web::get().to(pages::evidence::show)))
            .service(page("/{lang}/case/{id}/checks").route(web::get().to(pages::checks::checks)))
            .service(page("/{lang}/case/{id}/people").route(web::get().to(pages::people::people)))
            .service(page("/{lang}/case/{id}/award").route(web::get().to(pages::award::award)))
            .service(page("/{lang}/case/{id}/journal").route(web::get().to(pages::journal::journal)))
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
                    .route(web::get().to(pages::treasury::deed::ask))
                    .route(web::post().to(pages::treasury::deed::answer)),
            )
            .service(page("/{lang}/waiting").route(web::get().to(pages::waiting::list)))
            .service(page("/{lang}/waiting/{number}").route(web::post().to(pages::waiting::forget)))
            .service(page("/{lang}/sign").route(web::get().to(pages::signing::list)))
            .service(page("/{lang}/search").route(web::get().to(pages::search::search)))
            .service(page("/{lang}/numbers").route(web::get().to(pages::numbers::numbers)))
            .service(page("/{lang}/readings").route(web::get().to(pages::reading::readings)))
            .service(page("/{lang}/keys").route(web::get().to(pages::reading::keys)))
            .service(page("/{lang}/bulk").route(web::post().to(pages::bulk::bulk)))
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
            let colour = COLOURS.get(usize::from(colour(v.me.holder))).copied().unwrap_or("555555");
            (colour, initials(&v.me.name))
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
