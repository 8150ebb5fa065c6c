//! The headers of every response: the same set whatever was asked, and none that tells more than it must.

use actix_web::{
    Error,
    body::BoxBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{self, HeaderMap, HeaderName, HeaderValue, HttpDate},
    middleware::Next,
    web,
};

use crate::{
    app::App,
    clock::today,
    refusal::{Code, StorageTrouble},
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

/// Counts the request by the pattern of its route, never by what was filled in, and completes the headers.
pub(crate) async fn complete<S: Store>(
    req: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let app = req.app_data::<web::Data<App<S>>>().cloned();
    let mut res = next.call(req).await?;
    if let Some(app) = &app {
        app.counters.request(res.request().match_pattern(), res.status().as_u16());
        let extensions = res.response().extensions();
        if let Some(Code(code)) = extensions.get::<Code>() {
            app.counters.refusal(code);
        }
        if let Some(StorageTrouble(text)) = extensions.get::<StorageTrouble>() {
            app.counters.trouble(text);
        }
    }
    set(res.headers_mut());
    if let Some(app) = app {
        announce_keep_alive(res.headers_mut(), app.settings().announced_keep_alive());
    }
    Ok(res)
}

/// The field of RFC 2068, section 19.7.1.1 (see RFC 9112, appendix C.2.2): a client that heeds it never meets a
/// connection that the server is about to close. When the server stops, its last answers say `connection: close` too.
fn announce_keep_alive(headers: &mut HeaderMap, seconds: u64) {
    if let Ok(value) = HeaderValue::from_str(&format!("timeout={seconds}")) {
        headers.insert(HeaderName::from_static("keep-alive"), value);
    }
}

fn set(headers: &mut HeaderMap) {
    let mut default = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    default(header::CACHE_CONTROL, "no-store");
    default(header::CONTENT_SECURITY_POLICY, API_POLICY);
    default(header::REFERRER_POLICY, "no-referrer");
    default(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    default(header::X_FRAME_OPTIONS, "DENY");
    default(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    default(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    default(HeaderName::from_static("cross-origin-embedder-policy"), "require-corp");
    default(HeaderName::from_static("permissions-policy"), PERMISSIONS);
    default(HeaderName::from_static("x-dns-prefetch-control"), "off");
    // RFC 9110 wants a Date; the day is enough for any cache and tells nothing of the server's clock.
    if let Ok(date) = HeaderValue::from_str(&HttpDate::from(today()).to_string()) {
        headers.insert(header::DATE, date);
    }
}
