//! The sealed intake's page: a form that works without scripts, and files for `age -R`.

use std::{future::Future, sync::atomic::Ordering, time::Instant};

use actix_multipart::Multipart;
use actix_web::{
    HttpRequest, HttpResponse,
    http::{StatusCode, header},
    web,
};
use bytes::Bytes;
use futures_util::TryStreamExt;
use subrosa_crypto::intake::{IntakeRecipients, NotSealed, POLICY_NAME, SEALED_MAX, Strength};
use subrosa_templates::{NotReceived, Received, Refused, Sealed};
use zeroize::{Zeroize, Zeroizing};

use super::{
    Answer,
    pages::{language, padded, page, programme},
};
use crate::{
    admission::Visitor,
    app::App,
    arriving::{Arriving, Opening, Pieces},
    body,
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
    let visitor = body::visitor(req).map_err(|_| NotReceived::Busy)?;
    let turn = visitor.share(&visitor.admission.sealed);
    if !turn.hold(1) {
        return Err(NotReceived::Busy.into());
    }
    let (pieces, arriving) = Arriving::new();
    let at = app.clone();
    let storing = web::block(move || {
        let whole = arriving.whole();
        at.spool.as_ref().map(|s| s.store(arriving, move || whole.load(Ordering::Acquire), &mut system_rng()))
    });
    let read = read(Multipart::new(req.headers(), payload), pieces, visitor).await;
    let stored = storing.await.map_err(|_| NotReceived::Busy)?.ok_or(NotReceived::Full)?;
    match (read, stored) {
        (Ok(()), Ok(done)) => Ok(done),
        // What the form says is said, unless the file itself was refused, which ends the reading.
        (Err(why), Ok(_) | Err(NotStored::Cut)) => Err(why.into()),
        (Err(why), Err(_)) if why != NotReceived::Broken => Err(why.into()),
        (_, Err(why)) => Err(refused(why)),
    }
}

fn refused(why: NotStored) -> Fault {
    match why {
        NotStored::Not(NotSealed::NotAge) => NotReceived::NotAge.into(),
        NotStored::Not(NotSealed::Passphrase) => NotReceived::Passphrase.into(),
        NotStored::Not(NotSealed::OtherRecipients) => NotReceived::Other.into(),
        NotStored::Not(NotSealed::TooLong) => NotReceived::TooLong.into(),
        NotStored::Cut => NotReceived::Broken.into(),
        NotStored::Full => NotReceived::Full.into(),
        NotStored::Io(e) => {
            Fault { why: NotReceived::Full, trouble: Some(StorageTrouble(format!("sealed intake: {e}"))) }
        }
    }
}

/// Hands the pasted text or the chosen file on, whichever is there, as it comes. What does not begin as an age file is
/// refused by its first bytes: it may be plaintext sent by mistake.
async fn read(mut form: Multipart, pieces: Pieces, visitor: &Visitor) -> Result<(), NotReceived> {
    let begun = Instant::now();
    let mut paced = Paced { begun, visitor, len: 0 };
    let mut found = false;
    while let Some(mut field) = paced.wait(form.try_next()).await? {
        let known = matches!(field.name(), Some("text" | "file"));
        let mut opening = Opening::default();
        while let Some(chunk) = paced.wait(field.try_next()).await? {
            paced.len = paced.len.saturating_add(chunk.len());
            let piece = Zeroizing::new(chunk.to_vec());
            wipe(chunk);
            // Text and file, however short the second is: one of them must be chosen.
            if known && found && !opening.handed_on && !piece.is_empty() {
                return Err(NotReceived::Empty);
            }
            let Some(piece) = known.then(|| opening.pass(piece)).transpose()?.flatten() else { continue };
            (found, opening.handed_on) = (true, true);
            pieces.send(piece).await?;
        }
        if opening.is_short() {
            return Err(NotReceived::NotAge);
        }
    }
    visitor.body_ends();
    if !found {
        return Err(NotReceived::Empty);
    }
    pieces.end();
    Ok(())
}

/// Overwrites what the HTTP layer has handed over, where nothing else shares its buffer. Where something does, what was
/// read last stays in that buffer until it is used again; the page says so.
fn wipe(chunk: Bytes) {
    if let Ok(mut chunk) = chunk.try_into_mut() {
        chunk.as_mut().zeroize();
    }
}

/// The time that a form may take.
struct Paced<'a> {
    begun: Instant,
    visitor: &'a Visitor,
    len: usize,
}

impl Paced<'_> {
    async fn wait<T, E>(&self, next: impl Future<Output = Result<T, E>>) -> Result<T, NotReceived> {
        let due = self.begun.checked_add(self.visitor.body_time(self.len)).unwrap_or(self.begun);
        tokio::time::timeout_at(due.into(), next).await.ok().and_then(Result::ok).ok_or(NotReceived::Broken)
    }
}
