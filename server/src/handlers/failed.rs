//! Refusals where people ask: a page with words in their language instead of JSON for programs.

use actix_web::{body::BoxBody, dev::ServiceResponse, http::StatusCode};
use subrosa_templates::{Failed, Failure, Language};

use super::pages::{programme, response};
use crate::{
    app::App,
    refusal::{Code, StorageTrouble},
    store::Store,
};

/// Where programs ask, which want JSON.
const PROGRAMS: [&str; 4] = ["/v1/", "/healthz", "/readyz", "/metrics"];

/// The same answer, as a page if it is a refusal at an address for people.
pub(crate) fn in_words<S: Store>(app: &App<S>, res: ServiceResponse<BoxBody>) -> ServiceResponse<BoxBody> {
    let refused = res.response().extensions().get::<Code>().is_some();
    let path = res.request().path();
    if !refused || PROGRAMS.iter().any(|p| path.starts_with(p)) {
        return res;
    }
    let first = path.split('/').nth(1).unwrap_or_default();
    let language = Language::from_code(first).unwrap_or_else(Language::root);
    let why = why(res.status());
    let Some(html) = (Failed { t: language.text(), p: &programme(app), why }).to_html() else { return res };
    let mut page = response(res.status()).body(html);
    {
        let (old, mut new) = (res.response().extensions(), page.extensions_mut());
        if let Some(code) = old.get::<Code>() {
            new.insert(*code);
        }
        if let Some(trouble) = old.get::<StorageTrouble>() {
            new.insert(trouble.clone());
        }
    }
    res.into_response(page)
}

fn why(status: StatusCode) -> Failure {
    match status {
        StatusCode::NOT_FOUND | StatusCode::GONE => Failure::Missing,
        StatusCode::TOO_MANY_REQUESTS => Failure::Busy,
        s if s.is_server_error() => Failure::Broken,
        _ => Failure::Unfit,
    }
}
