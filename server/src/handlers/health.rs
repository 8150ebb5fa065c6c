//! For the operator: is it alive, is it ready, how much is it doing.

use actix_web::{HttpResponse, web};

use super::Answer;
use crate::{
    app::App,
    refusal::Refusal,
    store::{Store, StoreError},
};

/// `GET /healthz`: the process answers.
pub(crate) async fn alive() -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n")
}

/// `GET /readyz`: the newest epoch was published in time, which also shows that the store can be written.
pub(crate) async fn ready<S: Store>(app: web::Data<App<S>>) -> Answer {
    let epoch = u64::try_from(app.settings().epoch.as_millis()).unwrap_or(u64::MAX);
    // Two epochs and a little: the one under way, and the one whose closing is under way.
    let due = epoch.saturating_mul(2).saturating_add(10_000);
    if app.uptime().saturating_sub(app.counters.last_closed()) > due {
        return Err(Refusal::Storage(StoreError::Io("the newest epoch was not published in time".into())));
    }
    // A read that has to reach the engine: a closed or broken one says so.
    app.store().checkpoint().await?;
    Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ready\n"))
}

/// `GET /metrics`, on the operator's own listener.
pub(crate) async fn metrics<S: Store>(app: web::Data<App<S>>) -> HttpResponse {
    HttpResponse::Ok().content_type("text/plain; version=0.0.4; charset=utf-8").body(app.counters.render())
}
