//! Which requests are answered at all. Everything else on this machine and in this browser is kept out here:
//!
//! - *DNS rebinding*: the `Host` header must be the address and port that we listen on, as we printed it.
//! - *Other pages* (of other sites, and of other programs on 127.0.0.1, which browsers call the same site):
//!   `Sec-Fetch-Site` must say that the request comes from our own pages or from the address bar; `Origin`, where it is
//!   sent, must be ours, and every POST must send it.
//! - *Other programs and users*: the path begins with 128 random bits, and the session's cookie is needed for every
//!   page but the one that asks for the password.
//! - *Forged forms*: see [`crate::request::Posted`], the only way to a POST's fields.
//!
//! Nothing of a refused request is kept or shown.

use actix_web::{
    Error,
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::{
        Method, StatusCode,
        header::{self, HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web,
};

use subrosa_templates::{Language, console::Words, say};

use crate::{console::Console, frame::sentence, words};

/// The name of the session's cookie.
pub(crate) const COOKIE: &str = "subrosa-desk";

/// One style sheet, one script, pictures of our own; no frame, nothing from elsewhere, nothing inline.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Why a request was turned away: a person reads it who opened the desk by another address, or another page's link.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum TurnedAway {
    Host,
    Origin,
    Site,
    Method,
}

impl TurnedAway {
    fn text(self, t: &'static Words) -> &'static str {
        match self {
            Self::Host => say!(t, "turned-away-host"),
            Self::Origin => say!(t, "turned-away-origin"),
            Self::Site => say!(t, "turned-away-site"),
            Self::Method => say!(t, "turned-away-method"),
        }
    }
}

/// The language in an address of the desk, behind its random part. Nothing else of a refused request is read for the
/// answer.
fn language(path: &str) -> &'static Words {
    let code = path.split('/').nth(2).unwrap_or_default();
    Language::from_code(code).and_then(Language::console).unwrap_or_else(words::default)
}

fn look(req: &ServiceRequest, host: &str) -> Result<(), TurnedAway> {
    let headers = req.headers();
    let one = |name: &HeaderName| -> Result<Option<&str>, ()> {
        let mut all = headers.get_all(name);
        match (all.next(), all.next()) {
            (None, _) => Ok(None),
            (Some(value), None) => value.to_str().map(Some).map_err(|_| ()),
            (Some(_), Some(_)) => Err(()),
        }
    };
    if one(&header::HOST) != Ok(Some(host)) || req.uri().authority().is_some_and(|a| a.as_str() != host) {
        return Err(TurnedAway::Host);
    }
    let post = match *req.method() {
        Method::GET | Method::HEAD => false,
        Method::POST => true,
        _ => return Err(TurnedAway::Method),
    };
    let ours = format!("http://{host}");
    match one(&header::ORIGIN) {
        Ok(Some(origin)) if origin == ours => {}
        Ok(None) if !post => {}
        _ => return Err(TurnedAway::Origin),
    }
    match one(&HeaderName::from_static("sec-fetch-site")) {
        Ok(Some("same-origin")) | Ok(None) => Ok(()),
        // The address bar, a bookmark, a click in the terminal.
        Ok(Some("none")) if !post => Ok(()),
        _ => Err(TurnedAway::Site),
    }
}

/// The middleware around every route.
pub(crate) async fn check(
    req: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let host = req.app_data::<web::Data<Console>>().map(|c| c.host.clone()).unwrap_or_default();
    let mut response = match look(&req, &host) {
        Ok(()) => next.call(req).await?.map_into_boxed_body(),
        Err(why) => {
            let answer = sentence(StatusCode::FORBIDDEN, why.text(language(req.path())));
            req.into_response(answer).map_into_boxed_body()
        }
    };
    dress(response.headers_mut());
    Ok(response)
}

fn dress(headers: &mut HeaderMap) {
    let mut set = |name: HeaderName, value: &'static str| {
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    };
    set(header::CACHE_CONTROL, "no-store");
    set(header::CONTENT_SECURITY_POLICY, POLICY);
    // Not `no-referrer`: with that, browsers send `Origin: null` with our own forms.
    set(header::REFERRER_POLICY, "same-origin");
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=()");
}

/// The session's cookie of a request.
pub(crate) fn cookie(headers: &HeaderMap) -> Option<String> {
    let mut all = headers.get_all(header::COOKIE).filter_map(|v| v.to_str().ok()).flat_map(|v| v.split(';'));
    all.find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('=').map(ToOwned::to_owned))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_is_turned_away_is_told_in_the_language_of_the_address() {
        for why in [TurnedAway::Host, TurnedAway::Origin, TurnedAway::Site, TurnedAway::Method] {
            let [english, german] = ["/0123/en/case/x", "/0123/de/"].map(|path| why.text(language(path)));
            assert!(english.ends_with('.') && german.ends_with('.') && english != german, "{english} {german}");
        }
        for path in ["", "/", "/0123", "//evil.example", "/0123/xx/", "/0123/fr/"] {
            assert_eq!(language(path).language(), Language::root(), "{path}");
        }
    }
}
