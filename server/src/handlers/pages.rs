//! Pages for people: rendered here, whole without scripts, never kept by a browser.

use std::sync::LazyLock;

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder,
    http::{StatusCode, header},
    web,
};
use serde::Deserialize;
use subrosa_casework::{
    locale::Locale,
    money::{Cents, Currency, Money},
    policy::{AwardInputs, ComputeInput, Flop, HarmClass, HarmInput, Policy, Realised, SanctionInput},
};
use subrosa_templates::{
    BooksPage, Computed, Downloads, Figures, Help, Keys, Landing, Language, Person, Programme, Reward, Role, STYLE,
    Safety, Scope,
};

use super::{Answer, downloads};
use crate::{
    app::App,
    body::{self, Length},
    headers::PAGE_POLICY,
    packed::Packed,
    refusal::Refusal,
    store::{Store, StoreError},
    terms,
};

/// Answers to forms are filled up to a multiple of this, so that their length does not tell what was answered.
const ANSWER_STEP: usize = 64 * 1024;
const FIGURES_MAX: usize = 2048;

/// `GET /` and `GET /{language}`.
pub(crate) async fn landing<S: Store>(app: web::Data<App<S>>, req: HttpRequest) -> Answer {
    page(&req, Landing { t: language(&req).text(), p: &programme(&app) }.to_html())
}

/// `GET /scope`.
pub(crate) async fn scope<S: Store>(app: web::Data<App<S>>, req: HttpRequest) -> Answer {
    let language = language(&req);
    let regimes = terms::regimes(&app, language);
    page(&req, Scope { t: language.text(), p: &programme(&app), regimes }.to_html())
}

/// `GET /safety`.
pub(crate) async fn safety<S: Store>(app: web::Data<App<S>>, req: HttpRequest) -> Answer {
    page(&req, Safety { t: language(&req).text(), p: &programme(&app) }.to_html())
}

/// `GET /keys`.
pub(crate) async fn keys<S: Store>(app: web::Data<App<S>>, req: HttpRequest) -> Answer {
    let policies = app.directory().map(|r| r.policies.clone()).unwrap_or_default();
    let policies = policies.into_iter().map(|(name, digest)| (name, hex::encode(digest))).collect();
    page(&req, Keys { t: language(&req).text(), p: &programme(&app), policies }.to_html())
}

/// `GET /books`.
pub(crate) async fn books<S: Store>(app: web::Data<App<S>>, req: HttpRequest) -> Answer {
    let directory = app.directory();
    let (version, signers) = directory.map(|d| (d.version, d.signers.clone())).unwrap_or_default();
    let books = app.books.books(app.store(), version, &signers).await?;
    let checkpoint = app.store().checkpoint().await?.map(|note| String::from_utf8_lossy(&note).into_owned());
    let log_size = app.store().log_size();
    page(&req, BooksPage { t: language(&req).text(), p: &programme(&app), books, log_size, checkpoint }.to_html())
}

/// `GET /help`.
pub(crate) async fn help<S: Store>(app: web::Data<App<S>>, req: HttpRequest) -> Answer {
    let at = app.clone();
    let listing = web::block(move || {
        let settings = at.settings();
        settings.downloads.as_ref().map_or_else(Downloads::default, |d| downloads::list(d, &settings.programme))
    });
    let downloads = listing.await.unwrap_or_default();
    page(&req, Help { t: language(&req).text(), p: &programme(&app), downloads }.to_html())
}

/// `GET /reward`.
pub(crate) async fn reward<S: Store>(app: web::Data<App<S>>, req: HttpRequest) -> Answer {
    let policies = terms::policies(&app).iter().map(terms::bounty).collect();
    let (typed, computed) = (Figures::default(), None);
    page(&req, Reward { t: language(&req).text(), p: &programme(&app), policies, typed, computed }.to_html())
}

/// What the calculator's form sends.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Typed {
    policy: String,
    collected: String,
    own: String,
    up: String,
    down: String,
    flop: String,
    threshold: String,
    harm: String,
    happened: String,
}

/// `POST /reward`: computes, answers in one size, keeps nothing.
pub(crate) async fn calculate<S: Store>(app: web::Data<App<S>>, req: HttpRequest, payload: web::Payload) -> Answer {
    let policies = terms::policies(&app);
    let body = body::form(&req, payload, Length::UpTo(FIGURES_MAX)).await?;
    let typed = web::Query::<Typed>::from_query(core::str::from_utf8(&body.bytes).unwrap_or_default());
    let typed = typed.map(web::Query::into_inner).unwrap_or_default();
    let computed = policies
        .iter()
        .find(|p| p.id == typed.policy)
        .map_or(Computed::Unusable, |policy| computed(&typed, policy, language(&req).text().locale()));
    let Typed { policy, collected, own, up, down, flop, threshold, harm, happened } = typed;
    let typed = Figures { policy, collected, own, up, down, flop, threshold, harm, happened };
    let policies = policies.iter().map(terms::bounty).collect();
    let (t, p) = (language(&req).text(), &programme(&app));
    padded(StatusCode::OK, Reward { t, p, policies, typed, computed: Some(computed) }.to_html())
}

/// What the policy's formula makes of the figures, or why they cannot be used.
fn computed(typed: &Typed, policy: &Policy, locale: &Locale) -> Computed {
    let inputs = match inputs(typed, policy, locale) {
        Ok(inputs) => inputs,
        Err(why) => return why,
    };
    let Ok(award) = policy.award(&inputs) else { return Computed::Unusable };
    let sanction = inputs.sanction.map(|s| [s.collected.0, s.own_part.0]);
    Computed::Amount {
        policy: policy.id.clone(),
        currency: policy.currency.clone(),
        amount: award.amount.0,
        parts: [award.a1.0, award.a2.0, award.a3.0],
        read: sanction.unwrap_or_default(),
    }
}

fn inputs(typed: &Typed, policy: &Policy, locale: &Locale) -> Result<AwardInputs, Computed> {
    let currency = Currency::parse(&policy.currency).ok_or(Computed::Unusable)?;
    let money = |field: &'static str, text: &str| match text.trim() {
        "" => Ok(Cents::ZERO),
        text => Money::read_or_nothing(text, locale.amounts(), currency)
            .map(|m| m.cents)
            .map_err(|e| Computed::Misread(field, e)),
    };
    let few = |field: &'static str, text: &str| match text.trim() {
        "" => Ok(0),
        text => {
            let n = locale.numbers().whole(text).map_err(|e| Computed::Miscounted(field, e))?;
            u8::try_from(n).ok().filter(|n| *n <= 9).ok_or(Computed::Unusable)
        }
    };
    let flop = |field: &'static str, text: &str| -> Result<Flop, Computed> {
        let number = locale.numbers().read(text).map_err(|e| Computed::Miscounted(field, e))?;
        number.to_string().parse().map_err(|_| Computed::Unusable)
    };
    let sanction = SanctionInput {
        collected: money("calc-collected", &typed.collected)?,
        own_part: money("calc-own", &typed.own)?,
        up: few("calc-up", &typed.up)?,
        down: few("calc-down", &typed.down)?,
    };
    if sanction.own_part > sanction.collected {
        return Err(Computed::Unusable);
    }
    let compute = match typed.flop.trim() {
        "" => None,
        run => {
            Some(ComputeInput { flop: flop("calc-flop", run)?, threshold: flop("calc-threshold", &typed.threshold)? })
        }
    };
    let realised = match typed.happened.as_str() {
        "near-miss" => Realised::NearMiss,
        "latent" => Realised::Latent,
        _ => Realised::Realised,
    };
    let class = match typed.harm.as_str() {
        "h1" => Some(HarmClass::H1),
        "h2" => Some(HarmClass::H2),
        "h3" => Some(HarmClass::H3),
        "h4" => Some(HarmClass::H4),
        _ => None,
    };
    let harm = class.map(|class| HarmInput { class, realised });
    let budget = policy.budget.unwrap_or(Cents::ZERO);
    Ok(AwardInputs { sanction: Some(sanction), compute, harm, interim: Cents::ZERO, budget, unreserved: budget })
}

/// `GET /style.css`.
pub(crate) async fn style(req: HttpRequest) -> HttpResponse {
    static PACKED: LazyLock<Packed> = LazyLock::new(|| Packed::new(STYLE));
    PACKED.end(HttpResponse::Ok().content_type("text/css; charset=utf-8"), &req)
}

/// A page that is the same for every reader.
pub(crate) fn page(req: &HttpRequest, html: Option<String>) -> Answer {
    let packed = Packed::new(html.ok_or_else(unrendered)?);
    Ok(packed.end(&mut response(StatusCode::OK), req))
}

/// The answer to a form: as long as every other, so never compressed.
pub(crate) fn padded(status: StatusCode, html: Option<String>) -> Answer {
    let mut html = html.ok_or_else(unrendered)?;
    let len = html.len().next_multiple_of(ANSWER_STEP);
    html.extend(std::iter::repeat_n('\n', len - html.len()));
    Ok(response(status).body(html))
}

/// From an address with a slash behind it to the page itself. The place is put together from the page's own name and a
/// known language, never from what was asked: nobody is led to another server, and no question mark travels along.
pub(crate) fn without_slash(req: &HttpRequest, page: &str) -> HttpResponse {
    let to = language(req).address(page);
    HttpResponse::PermanentRedirect().insert_header((header::LOCATION, to)).finish()
}

/// The beginning of a page.
pub(crate) fn response(status: StatusCode) -> HttpResponseBuilder {
    let mut response = HttpResponse::build(status);
    response.content_type("text/html; charset=utf-8").insert_header((header::CONTENT_SECURITY_POLICY, PAGE_POLICY));
    response
}

pub(crate) fn unrendered() -> Refusal {
    Refusal::Storage(StoreError::Io("a page could not be rendered".into()))
}

/// The language stands in the address only: `Accept-Language` is not looked at, so that it cannot set a reader apart.
pub(crate) fn language(req: &HttpRequest) -> Language {
    req.match_info().get("language").and_then(Language::from_code).unwrap_or_else(Language::root)
}

/// What every page shows.
pub(crate) fn programme<S: Store>(app: &App<S>) -> Programme {
    let directory = app.directory();
    Programme {
        id: app.settings().programme.clone(),
        name: directory.as_ref().map(|r| r.programme_name.clone()),
        notice: directory.as_ref().map(|r| r.notice.clone()),
        charter_version: directory.as_ref().map_or(0, |r| r.version),
        root_fingerprint: grouped(&app.settings().root_key.0),
        log_fingerprint: grouped(&app.log_verifying_key().0),
        people: directory
            .map(|r| {
                let person = |h: &crate::directory::Holder| Person {
                    name: h.name.clone(),
                    roles: if h.administrator { vec![Role::Administrator] } else { h.roles.iter().map(role).collect() },
                    key: grouped(&h.key.0),
                };
                r.order.iter().filter_map(|id| r.holders.get(id)).map(person).collect()
            })
            .unwrap_or_default(),
        application: app.assets.is_some(),
    }
}

fn role(role: &subrosa_crypto::charter::Role) -> Role {
    use subrosa_crypto::charter::Role as Charter;
    match role {
        Charter::Intake => Role::Intake,
        Charter::Triager => Role::Triager,
        Charter::Investigator => Role::Investigator,
        Charter::Adjudicator => Role::Adjudicator,
    }
}

/// Hexadecimal in groups of four, for comparing by eye.
fn grouped(bytes: &[u8]) -> String {
    let groups: Vec<String> = bytes.chunks(2).map(hex::encode).collect();
    groups.join(" ")
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
    use super::*;

    fn said(code: &str, collected: &str) -> Computed {
        let policy = Policy::from_toml(Policy::PRESETS.first().unwrap().1).unwrap();
        computed(&Typed { collected: collected.into(), ..Typed::default() }, &policy, &Locale::of(code))
    }

    #[test]
    fn the_calculator_reads_what_its_own_page_prints_and_says_what_it_read() {
        for (code, text) in
            [("en", "€1,400,000.00"), ("de", "1.400.000,00\u{a0}€"), ("fr", "1 400 000"), ("es", "1400000,00")]
        {
            let Computed::Amount { amount, read, .. } = said(code, text) else { panic!("{code}: {text}") };
            assert_eq!((amount, read), (42_000_000, [140_000_000, 0]));
        }
        for (code, text) in [("en", "1.400"), ("de", "1.400"), ("en", "1400000,00"), ("de", "$1400000")] {
            assert!(matches!(said(code, text), Computed::Misread("calc-collected", _)), "{code}: {text}");
        }
    }
}
