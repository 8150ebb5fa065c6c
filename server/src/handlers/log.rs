//! The log: its newest checkpoint and its tiles. Clients compute proofs themselves: who asked for one leaf's proof
//! would show whose it is.

use actix_web::{HttpRequest, HttpResponse, web};
use bytes::{Bytes, BytesMut};
use subrosa_crypto::log::{STRETCH_BUNDLES, Tile, TileKind};

use super::{Answer, immutable_octets, path_number};
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
    Ok(immutable_octets(read(&app, tile).await?.ok_or(unknown)?))
}

/// `GET /v1/log/stretch/{n}`: sixteen full entry bundles, one behind the other, for readers who were away for long.
pub(crate) async fn stretch<S: Store>(app: web::Data<App<S>>, req: HttpRequest) -> Answer {
    let unknown = || Refusal::Unknown("The log has not grown so far.");
    let first = path_number(&req, "n")?.checked_mul(STRETCH_BUNDLES).ok_or_else(unknown)?;
    let mut body = BytesMut::new();
    for n in first..first.saturating_add(STRETCH_BUNDLES) {
        let bundle = read(&app, Tile { kind: TileKind::Entries, n, width: 256 }).await?;
        body.extend_from_slice(&bundle.ok_or_else(unknown)?);
    }
    Ok(immutable_octets(body.freeze()))
}

/// A tile's bytes, from memory if somebody asked for it before; `None` if the log has not grown so far.
async fn read<S: Store>(app: &App<S>, tile: Tile) -> Result<Option<Bytes>, Refusal> {
    if let Some(bytes) = app.tiles.get(tile) {
        return Ok(Some(bytes));
    }
    let bytes = log_batch::tile_bytes(app.store(), tile).await?;
    if let Some(bytes) = &bytes {
        app.tiles.put(tile, bytes.clone());
    }
    Ok(bytes)
}
