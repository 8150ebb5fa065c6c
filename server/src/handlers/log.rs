//! The log: its newest checkpoint and its tiles. Clients compute proofs themselves: who asked for one leaf's proof
//! would show whose it is.

use actix_web::{HttpRequest, HttpResponse, web};

use subrosa_crypto::log::Tile;

use super::{Answer, immutable_octets};
use crate::{app::App, log_batch, refusal::Refusal, store::Store};

/// `GET /v1/log/checkpoint`.
pub(crate) async fn checkpoint<S: Store>(app: web::Data<App<S>>) -> Answer {
    match app.store().checkpoint().await? {
        Some(note) => Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(note)),
        None => Err(Refusal::Unknown("The log is empty until the first epoch closes.")),
    }
}

/// `GET /v1/log/tile/{level}/{index}[.p/{width}]` and `GET /v1/log/tile/entries/{index}[.p/{width}]`.
pub(crate) async fn tile<S: Store>(app: web::Data<App<S>>, req: HttpRequest) -> Answer {
    let unknown = Refusal::Unknown("The log has no such tile.");
    let Ok(tile) = Tile::parse(req.match_info().get("path").unwrap_or_default()) else { return Err(unknown) };
    if let Some(bytes) = app.tiles.get(tile) {
        return Ok(immutable_octets(bytes));
    }
    let Some(bytes) = log_batch::tile_bytes(app.store(), tile).await? else { return Err(unknown) };
    app.tiles.put(tile, bytes.clone());
    Ok(immutable_octets(bytes))
}
