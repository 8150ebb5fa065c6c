//! The sealed intake's page: a form that works without scripts, and files for `age -R`.

use actix_multipart::{Field, Multipart};
use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web,
};
use futures_util::TryStreamExt;
use subrosa_crypto::intake::{IntakeRecipients, NotSealed, POLICY_NAME, SEALED_MAX, Strength};
use subrosa_templates::{NotReceived, Received, Refused, Sealed};
use zeroize::Zeroizing;

use super::{
    Answer,
    pages::{language, padded, page, programme},
};
use crate::{
    app::App,
    random::system_rng,
    refusal::{Refusal, StorageTrouble},
    spool::NotStored,
    store::Store,
};

/// The longest request: armour adds a third and line ends (CRLF, as forms send them), a form a little more.
const FORM_MAX: u64 = SEALED_MAX / 3 * 4 + SEALED_MAX / 24 + 16 * 1024;

/// `GET /sealed`.
pub(crate) async fn form<S: Store>(app: web::Data<App<S>>, req: HttpRequest) -> Answer {
    let programme = programme(&app);
    let recipients = recipients(&app).map(|(sha256, r)| (hex::encode(sha256), !r.classic.is_empty()));
    page(&req, Sealed { t: language(&req).text(), p: &programme, recipients, megabytes: SEALED_MAX >> 20 }.to_html())
}

/// `GET /sealed/recipients-pq.txt`: for age 1.3 and later.
pub(crate) async fn recipients_pq<S: Store>(app: web::Data<App<S>>) -> Answer {
    listed(recipients(&app).map(|(_, r)| r.hybrid))
}

/// `GET /sealed/recipients.txt`: for every age.
pub(crate) async fn recipients_classic<S: Store>(app: web::Data<App<S>>) -> Answer {
    listed(recipients(&app).map(|(_, r)| r.classic))
}

fn listed(recipients: Option<Vec<String>>) -> Answer {
    match recipients.filter(|r| !r.is_empty()) {
        Some(list) => Ok(HttpResponse::Ok().content_type("text/plain; charset=utf-8").body(list.join("\n") + "\n")),
        None => Err(Refusal::Unknown("The charter names no such recipients.")),
    }
}

/// The charter's recipients, if this server has a spool for what is sealed to them.
fn recipients<S: Store>(app: &App<S>) -> Option<([u8; 32], IntakeRecipients)> {
    app.spool.as_ref()?;
    let directory = app.directory()?;
    let (_, sha256) = directory.policies.iter().find(|(name, _)| name == POLICY_NAME)?;
    let bytes = app.policies.get(sha256)?;
    Some((*sha256, IntakeRecipients::parse(core::str::from_utf8(&bytes).ok()?).ok()?))
}

/// `POST /sealed`: durable before the answer, which has one size whatever it says.
pub(crate) async fn send<S: Store>(app: web::Data<App<S>>, req: HttpRequest, payload: web::Payload) -> Answer {
    let programme = programme(&app);
    let t = language(&req).text();
    let (status, html, trouble) = match take(&app, &req, payload).await {
        Ok((strength, code)) => {
            let classic = strength == Strength::Classic;
            (StatusCode::OK, Received { t, p: &programme, code, classic }.to_html(), None)
        }
        Err(Fault { why, trouble }) => {
            let status = match why {
                NotReceived::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
                NotReceived::Busy => StatusCode::TOO_MANY_REQUESTS,
                NotReceived::Full => StatusCode::INSUFFICIENT_STORAGE,
                _ => StatusCode::BAD_REQUEST,
            };
            (status, Refused { t, p: &programme, why }.to_html(), trouble)
        }
    };
    let mut response = padded(status, html)?;
    if let Some(trouble) = trouble {
        response.extensions_mut().insert(trouble);
    }
    Ok(response)
}

/// Why nothing was taken, and what the operator should know of it.
struct Fault {
    why: NotReceived,
    trouble: Option<StorageTrouble>,
}

impl From<NotReceived> for Fault {
    fn from(why: NotReceived) -> Self {
        Self { why, trouble: None }
    }
}

async fn take<S: Store>(
    app: &web::Data<App<S>>,
    req: &HttpRequest,
    payload: web::Payload,
) -> Result<(Strength, String), Fault> {
    if recipients(app).is_none() {
        return Err(NotReceived::Full.into());
    }
    let declared = req.headers().get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse::<u64>().ok());
    let declared = declared.ok_or(NotReceived::Broken)?;
    if declared > FORM_MAX {
        return Err(NotReceived::TooLong.into());
    }
    let spool = app.spool.as_ref().ok_or(NotReceived::Full)?;
    let _turn = spool.turn().ok_or(NotReceived::Busy)?;
    let _share = usize::try_from(declared).ok().and_then(|n| app.body_memory(n)).ok_or(NotReceived::Busy)?;
    let form = Multipart::new(req.headers(), payload);
    let reading = tokio::time::timeout(app.settings().body_timeout, read(form, declared));
    let sent = reading.await.map_err(|_| NotReceived::Broken)??;
    let at = app.clone();
    let stored = web::block(move || at.spool.as_ref().map(|s| s.store(&sent, &mut system_rng()))).await;
    match stored {
        Ok(Some(Ok(done))) => Ok(done),
        Ok(Some(Err(NotStored::Not(why)))) => Err(match why {
            NotSealed::NotAge => NotReceived::NotAge,
            NotSealed::Passphrase => NotReceived::Passphrase,
            NotSealed::OtherRecipients => NotReceived::Other,
            NotSealed::TooLong => NotReceived::TooLong,
        }
        .into()),
        Ok(Some(Err(NotStored::Io(e)))) => {
            Err(Fault { why: NotReceived::Full, trouble: Some(StorageTrouble(format!("sealed intake: {e}"))) })
        }
        Ok(Some(Err(NotStored::Full)) | None) => Err(NotReceived::Full.into()),
        Err(_) => Err(NotReceived::Busy.into()),
    }
}

/// The pasted text or the chosen file, whichever is there; at most `limit` bytes. Kept in memory and wiped: it may be
/// plaintext sent by mistake.
async fn read(mut form: Multipart, limit: u64) -> Result<Zeroizing<Vec<u8>>, NotReceived> {
    let mut found: Option<Zeroizing<Vec<u8>>> = None;
    while let Some(field) = form.try_next().await.map_err(|_| NotReceived::Broken)? {
        let known = matches!(field.name(), Some("text" | "file"));
        let value = value(field, limit).await?;
        if !known || value.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        if found.replace(value).is_some() {
            return Err(NotReceived::Empty);
        }
    }
    found.ok_or(NotReceived::Empty)
}

async fn value(mut field: Field, limit: u64) -> Result<Zeroizing<Vec<u8>>, NotReceived> {
    let mut out = Zeroizing::new(Vec::new());
    while let Some(chunk) = field.try_next().await.map_err(|_| NotReceived::Broken)? {
        if (out.len() + chunk.len()) as u64 > limit {
            return Err(NotReceived::TooLong);
        }
        // A buffer that grows by copying would leave unwiped copies behind.
        if out.capacity() < out.len() + chunk.len() {
            let mut larger = Zeroizing::new(Vec::with_capacity((out.len() + chunk.len()).saturating_mul(2)));
            larger.extend_from_slice(&out);
            out = larger;
        }
        out.extend_from_slice(&chunk);
    }
    Ok(out)
}
