//! Keys for first contact: handed out once, published by their holders.

use actix_web::{HttpRequest, web};
use bytes::Bytes;
use sha2::{Digest, Sha256};
use subrosa_crypto::{
    sign::{Domain, HolderId},
    wire::{BUNDLE_PUBLISH_MAX, Bundle, BundleKind, BundlePublish, BundleRequest, BundleResponse, List},
};

use super::{Answer, octets};
use crate::{
    app::App,
    body::{self, Length, Whose},
    clock::wall_seconds,
    refusal::Refusal,
    store::{HandedOut, NewBundle, Store, StoreError},
};

/// A publication's longest body: bytes.
const PUBLISH_MAX: usize = 1 + 16 + 8 + 2 + BUNDLE_PUBLISH_MAX * Bundle::LEN + 64;
/// How far a publisher's clock may be off: seconds.
const CLOCK_SLACK: u64 = 24 * 60 * 60;

/// `POST /v1/bundles`.
pub(crate) async fn hand_out<S: Store>(app: web::Data<App<S>>, req: HttpRequest, payload: web::Payload) -> Answer {
    let body = body::octets(&req, payload, Whose::Strangers, Length::Exactly(BundleRequest::LEN)).await?;
    let request = BundleRequest::decode(&body.bytes)?;
    let paid: [u8; 32] = Sha256::digest(request.work_payload()).into();
    app.challenges.check(request.work, &paid, app.uptime())?;
    app.challenges.first_use(request.work, request.request_id)?;
    let (now, mut bundles) = (wall_seconds(), Vec::new());
    // Everybody's, in the charter's order: what is asked for and answered says nothing of whom somebody will write to.
    for holder in app.directory().iter().flat_map(|d| &d.order) {
        bundles.extend(fresh_bundle(&app, *holder, now).await?);
    }
    let too_many = |_| StoreError::Corrupt("a charter of too many people".into());
    Ok(octets(BundleResponse { bundles: List::new(bundles).map_err(too_many)? }.encode()))
}

/// A bundle of a holder that has not expired.
async fn fresh_bundle<S: Store>(app: &App<S>, holder: HolderId, now: u64) -> Result<Option<Bundle>, Refusal> {
    match app.store().hand_out_bundle(holder, still_good(now)).await? {
        HandedOut::OneTime(bytes) | HandedOut::Fallback(bytes) => {
            let bundle = Bundle::decode(&bytes);
            Ok(Some(bundle.map_err(|_| StoreError::Corrupt("a stored bundle is malformed".into()))?))
        }
        HandedOut::None => Ok(None),
    }
}

/// Whether a stored bundle has not expired at `now`.
fn still_good(now: u64) -> impl Fn(&[u8]) -> bool + Send + 'static {
    move |bytes| Bundle::decode(bytes).is_ok_and(|b| b.expires > now)
}

/// `POST /v1/bundles/publish`.
pub(crate) async fn publish<S: Store>(app: web::Data<App<S>>, req: HttpRequest, payload: web::Payload) -> Answer {
    let body = body::octets(&req, payload, Whose::Staff, Length::UpTo(PUBLISH_MAX)).await?;
    let request = BundlePublish::decode(&body.bytes)?;
    let directory = app.directory().ok_or(Refusal::Forbidden("No charter is published yet."))?;
    let holder = directory
        .check(&request.holder, Domain::BUNDLE_PUBLISH, &request.signed_part(), &request.signature)
        .map_err(|_| Refusal::Forbidden("The signature is not by somebody whom the charter names."))?;
    let now = wall_seconds();
    if request.at.abs_diff(now) > CLOCK_SLACK {
        return Err(Refusal::Unacceptable("your clock is more than a day off the server's"));
    }
    let mut one_time = Vec::new();
    let mut fallback = None;
    for bundle in &request.bundles {
        let signed = holder.key.verify(Domain::BUNDLE, &bundle.signed_part(), &bundle.signature).is_ok();
        if bundle.holder != request.holder || !signed {
            return Err(Refusal::Unacceptable("a bundle is not signed by its publisher"));
        }
        if bundle.expires <= now {
            return Err(Refusal::Unacceptable("a bundle has expired"));
        }
        let new = NewBundle { id: bundle.id, bytes: Bytes::from(bundle.encode()) };
        match bundle.kind {
            BundleKind::OneTime => one_time.push(new),
            BundleKind::Fallback if fallback.is_none() => fallback = Some(new),
            BundleKind::Fallback => return Err(Refusal::Unacceptable("more than one fallback bundle")),
        }
    }
    // Here two clocks agree about the day, the holder's and the server's: what has expired is really of no more use.
    app.store().retain_bundles(request.holder, still_good(now.min(request.at))).await?;
    let stock = app.store().publish_bundles(request.holder, one_time, fallback).await?;
    Ok(octets(stock.encode()))
}
