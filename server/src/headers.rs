//! The headers of every response: the same set whatever was asked, and none that tells more than it must.

use actix_web::{
    Error,
    body::BoxBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{
        ConnectionType, Method,
        header::{self, HeaderMap, HeaderName, HeaderValue, HttpDate},
    },
    middleware::Next,
    web,
};

use crate::{
    admission::Visitor,
    app::App,
    clock::today,
    handlers::failed,
    refusal::{Code, Refusal, StorageTrouble},
    sliced,
    store::Store,
};

/// For what never changes once it is there: closed lists, tiles, numbered charters.
pub(crate) const IMMUTABLE: &str = "public, max-age=31536000, immutable";

const API_POLICY: &str = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
/// For pages: one style sheet of our own, forms to ourselves, no script, no frame, no picture but the empty icon in the
/// page itself.
pub(crate) const PAGE_POLICY: &str =
    "default-src 'none'; style-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'";
/// Nothing that a device can do is any page's business.
const PERMISSIONS: &str = "accelerometer=(), autoplay=(), camera=(), clipboard-read=(), display-capture=(), \
     encrypted-media=(), fullscreen=(), gamepad=(), geolocation=(), gyroscope=(), hid=(), idle-detection=(), \
     magnetometer=(), microphone=(), midi=(), payment=(), picture-in-picture=(), publickey-credentials-get=(), \
     screen-wake-lock=(), serial=(), usb=(), xr-spatial-tracking=()";

/// What every answer carries, unless its handler said something else.
const DEFAULTS: [(&str, &str); 10] = [
    ("cache-control", "no-store"),
    ("content-security-policy", API_POLICY),
    ("referrer-policy", "no-referrer"),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("permissions-policy", PERMISSIONS),
    ("x-dns-prefetch-control", "off"),
];

/// Counts the request by the pattern of its route, never by what was filled in, and completes the answer: its headers,
/// words for people where people ask, and the end of a connection whose request was not read to its end.
pub(crate) async fn complete<S: Store>(
    req: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let app = req.app_data::<web::Data<App<S>>>().cloned();
    let visitor = req.conn_data::<Visitor>().cloned();
    if let Some(visitor) = &visitor {
        visitor.request_begins(has_body(&req));
    }
    let mut res = next.call(req).await?;
    if let Some(visitor) = &visitor {
        res = sliced::pieces(res, visitor).unwrap_or_else(|req| ServiceResponse::from_err(Refusal::Busy, req));
    }
    if let Some(app) = &app {
        app.counters.request(res.request().match_pattern(), res.status().as_u16());
        note(app, &res);
        res = failed::in_words(app, res);
    }
    set(res.headers_mut());
    if let Some(app) = app {
        announce_keep_alive(res.headers_mut(), app.settings().announced_keep_alive());
    }
    if visitor.is_some_and(|v| v.answer_made()) {
        res.response_mut().head_mut().set_connection_type(ConnectionType::Close);
    }
    Ok(res)
}

fn note<S: Store>(app: &App<S>, res: &ServiceResponse<BoxBody>) {
    let extensions = res.response().extensions();
    if let Some(Code(code)) = extensions.get::<Code>() {
        app.counters.refusal(code);
    }
    if let Some(StorageTrouble(text)) = extensions.get::<StorageTrouble>() {
        app.counters.trouble(text);
    }
}

/// Whether something follows the request's head.
fn has_body(req: &ServiceRequest) -> bool {
    let headers = req.headers();
    let length = headers.get(header::CONTENT_LENGTH).is_some_and(|n| n.as_bytes() != b"0");
    length
        || headers.contains_key(header::TRANSFER_ENCODING)
        || headers.contains_key(header::UPGRADE)
        || req.method() == Method::CONNECT
}

/// The field of RFC 2068, section 19.7.1.1 (see RFC 9112, appendix C.2.2): a client that heeds it never meets a
/// connection that the server is about to close. When the server stops, its last answers say `connection: close` too.
fn announce_keep_alive(headers: &mut HeaderMap, seconds: u64) {
    if let Ok(value) = HeaderValue::from_str(&format!("timeout={seconds}")) {
        headers.insert(HeaderName::from_static("keep-alive"), value);
    }
}

/// What an answer carries that nobody says anything else about.
pub(crate) fn always() -> impl Iterator<Item = (&'static str, String)> {
    let defaults = DEFAULTS.into_iter().map(|(name, value)| (name, value.to_owned()));
    defaults.chain(std::iter::once(("date", date())))
}

/// RFC 9110 wants a Date; the day is enough for any cache and tells nothing of the server's clock.
fn date() -> String {
    HttpDate::from(today()).to_string()
}

fn set(headers: &mut HeaderMap) {
    for (name, value) in DEFAULTS {
        let name = HeaderName::from_static(name);
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    if let Ok(date) = HeaderValue::from_str(&date()) {
        headers.insert(header::DATE, date);
    }
}
