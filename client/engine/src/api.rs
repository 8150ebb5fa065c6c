//! The server's routes as typed calls. Checks shapes; signatures and meanings are checked by the callers that know the
//! keys.

use std::sync::{Mutex, PoisonError};

use rand_core::CryptoRng;
use serde::Deserialize;
use subrosa_crypto::{
    delivery::Capability,
    encoding::DecodeError,
    kdf,
    log::{Checkpoint, Hash, NoteKey, NumberedBundle, decode_stretch},
    pow::{self, Challenge},
    wire::{
        BLOB_LEN, BundlePublish, BundleRequest, BundleResponse, BundleStock, CapHash, CapRequest, Codec,
        DepositRequest, DepositResponse, ENVELOPE_LEN, Envelope, EpochList, Hint, JournalAccess, JournalAppend,
        JournalPage, JournalPosition, JournalPurge, PARCEL_COUNT, PublicRecord, Receipt, RecordPage, Tag, VERSION,
        Work,
    },
};
use thiserror::Error;

use crate::transport::{Circuit, Method, Request, Response, Transport, TransportError};

/// Why a call failed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ApiError {
    /// No answer came back, or none that could be read to its end.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// The server said no, in its own words.
    #[error("the server refused: {message} (status {status})")]
    Refused {
        /// The answer's HTTP status, such as 409.
        status: u16,
        /// The server's code, such as `tag-taken`.
        code: String,
        /// The server's sentence.
        message: String,
    },
    /// A receipt does not verify.
    #[error(
        "the server's receipt is not signed by the programme's log: it may drop what you sent. Do not trust this server, and send it again through another address"
    )]
    ForgedReceipt,
    /// The server answered something that is not in the specification.
    #[error("the server's answer is not as specified; the server may be broken, or hostile ({what}: {why})")]
    Garbled {
        /// The call whose answer it was, such as `params` or `journal/read`.
        what: &'static str,
        /// What was wrong.
        why: String,
    },
}

impl ApiError {
    fn garbled(what: &'static str, e: DecodeError) -> Self {
        Self::Garbled { what, why: e.to_string() }
    }

    /// The status of a refusal.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Refused { status, .. } => Some(*status),
            _ => None,
        }
    }
}

/// What the server asks of everybody at the moment.
#[derive(Debug, Clone, Deserialize)]
pub struct Params {
    /// The epoch that takes deposits.
    pub epoch: u64,
    /// The oldest epoch that can be listed.
    pub first_epoch: u64,
    /// The newest epoch that can be listed.
    pub last_published: Option<u64>,
    /// How long an epoch lasts: seconds, rounded up.
    pub epoch_seconds: u64,
    /// The proof of work.
    pub pow: PowParams,
    /// The newest checkpoint of the log, a signed note; none before the first epoch closes.
    pub checkpoint: Option<String>,
    /// The newest charter.
    pub charter_version: u64,
    /// The server's clock, rounded down to the minute: Unix seconds.
    pub now: u64,
    /// What is worked on: size of the log, and the challenge that follows from that checkpoint. `None` while nobody
    /// has told whose signature a checkpoint must carry.
    #[serde(skip)]
    challenge: Option<(u64, Challenge)>,
}

/// The proof of work asked for.
#[derive(Debug, Clone, Deserialize)]
pub struct PowParams {
    /// Leading zero bits.
    pub difficulty: u8,
}

impl Params {
    /// Does the work over a payload.
    ///
    /// # Errors
    /// No checkpoint that the log's key signed came with the params.
    pub fn work(&self, payload: &[u8]) -> Result<Work, ApiError> {
        let unproven = || ApiError::Garbled { what: "params", why: "no checkpoint that could be checked".into() };
        let (log_size, challenge) = self.challenge.as_ref().ok_or_else(unproven)?;
        let nonce = pow::solve(challenge, &kdf::sha256(payload), self.pow.difficulty);
        Ok(Work { log_size: *log_size, nonce })
    }
}

/// Whose checkpoints count, and the newest one that was shown: size and root.
#[derive(Debug, Default)]
struct Log {
    key: Option<NoteKey>,
    newest: Option<(u64, Hash)>,
}

impl Log {
    /// The challenge of these params. A server that shows each client a checkpoint of its own would know it again by
    /// its work: it must be signed, and it goes on from what was shown before.
    fn challenge(&mut self, params: &Params) -> Result<Option<(u64, Challenge)>, String> {
        let Some(note) = &params.checkpoint else {
            let none = params.last_published.is_none() && self.newest.is_none();
            return Ok(none.then(|| (0, Challenge::of_no_checkpoint())));
        };
        let Some(key) = &self.key else { return Ok(None) };
        let shown = Checkpoint::verify(note.as_bytes(), key, &[]).map_err(|e| e.to_string())?;
        let (size, root) = (shown.size(), *shown.root());
        match self.newest {
            Some((before, _)) if size < before => return Err("its log has become shorter".into()),
            Some((before, other)) if size == before && root != other => return Err("two logs of one size".into()),
            _ => self.newest = Some((size, root)),
        }
        Ok(Some((size, Challenge::of_checkpoint(size, &root))))
    }
}

/// More than this much work is a server that plays for time (about a minute on a small computer).
const DIFFICULTY_MAX: u8 = 26;

#[derive(Deserialize)]
struct ErrorBody {
    error: String,
    message: String,
}

/// An envelope or blob that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// Here it is.
    Body(Vec<u8>),
    /// It was there, and is destroyed.
    Gone,
    /// There never was such a one, or the server withholds it.
    Unknown,
}

/// What became of a journal append.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appended {
    /// It is in.
    Done(JournalPosition),
    /// Somebody was first.
    Conflict(JournalPosition),
}

/// The server, through a transport.
#[derive(Debug)]
pub struct Api<T> {
    transport: T,
    log: Mutex<Log>,
}

impl<T: Transport> Api<T> {
    /// Speaks through `transport`.
    pub fn new(transport: T) -> Self {
        Self { transport, log: Mutex::default() }
    }

    /// Takes the log's key out of a verified charter. Without it nothing that costs work can be asked for.
    pub fn trust(&self, log: &NoteKey) {
        self.log.lock().unwrap_or_else(PoisonError::into_inner).key = Some(log.clone());
    }

    async fn call(&self, method: Method, path: String, body: Vec<u8>, circuit: Circuit) -> Result<Response, ApiError> {
        Ok(self.transport.call(Request { method, path, body, circuit }).await?)
    }

    async fn expect(&self, method: Method, path: String, body: Vec<u8>, circuit: Circuit) -> Result<Vec<u8>, ApiError> {
        let r = self.call(method, path, body, circuit).await?;
        if r.status == 200 || r.status == 201 || r.status == 204 { Ok(r.body) } else { Err(refusal(&r)) }
    }

    /// `GET /v1/params`.
    pub async fn params(&self, circuit: Circuit) -> Result<Params, ApiError> {
        let body = self.expect(Method::Get, "/v1/params".into(), Vec::new(), circuit).await?;
        let garbled = |why| ApiError::Garbled { what: "params", why };
        let mut params: Params = serde_json::from_slice(&body).map_err(|e| garbled(e.to_string()))?;
        if params.pow.difficulty > DIFFICULTY_MAX {
            return Err(garbled(format!("it asks for {} bits of work", params.pow.difficulty)));
        }
        let mut log = self.log.lock().unwrap_or_else(PoisonError::into_inner);
        params.challenge = log.challenge(&params).map_err(garbled)?;
        Ok(params)
    }

    /// `GET /v1/charter` or `/v1/charter/{version}`: the signed note, unverified.
    pub async fn charter(&self, version: Option<u64>, circuit: Circuit) -> Result<Vec<u8>, ApiError> {
        let path = version.map_or_else(|| "/v1/charter".into(), |v| format!("/v1/charter/{v}"));
        self.expect(Method::Get, path, Vec::new(), circuit).await
    }

    /// `GET /v1/policy/{sha256}`: a file that the charter names, unchecked.
    pub async fn policy(&self, sha256: &[u8; 32], circuit: Circuit) -> Result<Vec<u8>, ApiError> {
        self.expect(Method::Get, format!("/v1/policy/{}", hex::encode(sha256)), Vec::new(), circuit).await
    }

    /// `POST /v1/charter`.
    pub async fn publish_charter(&self, note: Vec<u8>, circuit: Circuit) -> Result<(), ApiError> {
        self.expect(Method::Post, "/v1/charter".into(), note, circuit).await.map(drop)
    }

    /// `POST /v1/bundles`: one bundle of everybody in the newest charter, whoever is to be written to; unverified.
    pub async fn bundles(
        &self,
        params: &Params,
        rng: &mut impl CryptoRng,
        circuit: Circuit,
    ) -> Result<BundleResponse, ApiError> {
        let mut request_id = [0; 16];
        rng.fill_bytes(&mut request_id);
        let mut request = BundleRequest { work: Work { log_size: 0, nonce: 0 }, request_id };
        request.work = params.work(&request.work_payload())?;
        let body = self.expect(Method::Post, "/v1/bundles".into(), request.encode(), circuit).await?;
        BundleResponse::decode(&body).map_err(|e| ApiError::garbled("bundles", e))
    }

    /// `POST /v1/bundles/publish`.
    pub async fn publish_bundles(&self, publish: &BundlePublish, circuit: Circuit) -> Result<BundleStock, ApiError> {
        let body = self.expect(Method::Post, "/v1/bundles/publish".into(), publish.encode(), circuit).await?;
        BundleStock::decode(&body).map_err(|e| ApiError::garbled("bundles/publish", e))
    }

    /// `POST /v1/deposit`; the receipts are unverified. Repeating it with the same envelopes is harmless and answers
    /// the same receipts.
    pub async fn deposit(
        &self,
        params: &Params,
        envelopes: &[Envelope; PARCEL_COUNT],
        circuit: Circuit,
    ) -> Result<DepositResponse, ApiError> {
        let work = params.work(&DepositRequest::work_payload(envelopes))?;
        let request = DepositRequest { work, envelopes: envelopes.clone() };
        let body = self.expect(Method::Post, "/v1/deposit".into(), request.encode(), circuit).await?;
        DepositResponse::decode(&body).map_err(|e| ApiError::garbled("deposit", e))
    }

    /// `GET /v1/epoch/{n}/tags`.
    pub async fn tags(&self, epoch: u64, circuit: Circuit) -> Result<Vec<Tag>, ApiError> {
        let body = self.expect(Method::Get, format!("/v1/epoch/{epoch}/tags"), Vec::new(), circuit).await?;
        EpochList::decode_tags(epoch, &body).map_err(|e| ApiError::garbled("tags", e))
    }

    /// `GET /v1/epoch/{n}/hints`.
    pub async fn hints(&self, epoch: u64, circuit: Circuit) -> Result<Vec<Hint>, ApiError> {
        let body = self.expect(Method::Get, format!("/v1/epoch/{epoch}/hints"), Vec::new(), circuit).await?;
        EpochList::decode_hints(epoch, &body).map_err(|e| ApiError::garbled("hints", e))
    }

    /// `GET /v1/block/{n}/tags`: a whole block of closed epochs.
    pub async fn tag_block(&self, block: u64, circuit: Circuit) -> Result<Vec<(u64, Vec<Tag>)>, ApiError> {
        let body = self.expect(Method::Get, format!("/v1/block/{block}/tags"), Vec::new(), circuit).await?;
        EpochList::decode_tag_block(block, &body).map_err(|e| ApiError::garbled("tag block", e))
    }

    /// `GET /v1/block/{n}/hints`.
    pub async fn hint_block(&self, block: u64, circuit: Circuit) -> Result<Vec<(u64, Vec<Hint>)>, ApiError> {
        let body = self.expect(Method::Get, format!("/v1/block/{block}/hints"), Vec::new(), circuit).await?;
        EpochList::decode_hint_block(block, &body).map_err(|e| ApiError::garbled("hint block", e))
    }

    /// The bytes of `GET /v1/epoch/{n}/tags` or `/hints`: what the log commits to.
    pub async fn epoch_file(&self, epoch: u64, file: &'static str, circuit: Circuit) -> Result<Vec<u8>, ApiError> {
        self.expect(Method::Get, format!("/v1/epoch/{epoch}/{file}"), Vec::new(), circuit).await
    }

    /// `POST /v1/take`.
    pub async fn take(&self, capability: &Capability, circuit: Circuit) -> Result<Fetched, ApiError> {
        self.fetch("/v1/take", capability, ENVELOPE_LEN, circuit).await
    }

    /// `POST /v1/discard`: whether it was there. Repeating it is harmless.
    pub async fn discard(&self, capability: &Capability, circuit: Circuit) -> Result<bool, ApiError> {
        self.destroy("/v1/discard", capability, circuit).await
    }

    /// `PUT /v1/blob/{name}`: repeating it with the same bytes is harmless.
    pub async fn put_blob(
        &self,
        params: &Params,
        name: CapHash,
        blob: &[u8],
        circuit: Circuit,
    ) -> Result<(), ApiError> {
        let payload = [name.0, kdf::sha256(blob)].concat();
        let work = params.work(&payload)?;
        let mut body = Vec::with_capacity(1 + Work::LEN + BLOB_LEN);
        (VERSION, work).write(&mut body);
        body.extend_from_slice(blob);
        self.expect(Method::Put, format!("/v1/blob/{}", hex::encode(name.0)), body, circuit).await.map(drop)
    }

    /// `GET /v1/blob/{name}`: whether such a blob is there. It shows no capability.
    pub async fn blob_is_held(&self, name: CapHash, circuit: Circuit) -> Result<bool, ApiError> {
        let path = format!("/v1/blob/{}", hex::encode(name.0));
        let r = self.call(Method::Get, path, Vec::new(), circuit).await?;
        match (r.status, r.body.as_slice()) {
            (200, [1]) => Ok(true),
            (200, [0]) => Ok(false),
            (200, _) => Err(ApiError::Garbled { what: "blob", why: "neither yes nor no".into() }),
            _ => Err(refusal(&r)),
        }
    }

    /// `POST /v1/blob/take`.
    pub async fn take_blob(&self, capability: &Capability, circuit: Circuit) -> Result<Fetched, ApiError> {
        self.fetch("/v1/blob/take", capability, BLOB_LEN, circuit).await
    }

    /// `POST /v1/blob/discard`.
    pub async fn discard_blob(&self, capability: &Capability, circuit: Circuit) -> Result<bool, ApiError> {
        self.destroy("/v1/blob/discard", capability, circuit).await
    }

    async fn fetch(
        &self,
        path: &'static str,
        capability: &Capability,
        len: usize,
        circuit: Circuit,
    ) -> Result<Fetched, ApiError> {
        let body = CapRequest { capability: *capability.expose() }.encode();
        let r = self.call(Method::Post, path.into(), body, circuit).await?;
        match r.status {
            200 if r.body.len() == len => Ok(Fetched::Body(r.body)),
            200 => Err(ApiError::Garbled { what: "take", why: "wrong length".into() }),
            404 => Ok(Fetched::Unknown),
            410 => Ok(Fetched::Gone),
            _ => Err(refusal(&r)),
        }
    }

    async fn destroy(&self, path: &'static str, capability: &Capability, circuit: Circuit) -> Result<bool, ApiError> {
        let body = CapRequest { capability: *capability.expose() }.encode();
        let r = self.call(Method::Post, path.into(), body, circuit).await?;
        match r.status {
            200 | 204 => Ok(true),
            404 => Ok(false),
            _ => Err(refusal(&r)),
        }
    }

    /// `POST /v1/journal/append`: pays for it, and once more if the price rose in between. What stands in `append.work`
    /// does not matter.
    pub async fn journal_append(&self, mut append: JournalAppend, circuit: Circuit) -> Result<Appended, ApiError> {
        let path = || "/v1/journal/append".to_owned();
        append.work = self.params(circuit).await?.work(&append.work_payload())?;
        let mut r = self.call(Method::Post, path(), append.encode(), circuit).await?;
        if r.status == 428 {
            append.work = self.params(circuit).await?.work(&append.work_payload())?;
            r = self.call(Method::Post, path(), append.encode(), circuit).await?;
        }
        let position = || JournalPosition::decode(&r.body).map_err(|e| ApiError::garbled("journal/append", e));
        match r.status {
            200 => position().map(Appended::Done),
            409 => position().map(Appended::Conflict),
            _ => Err(refusal(&r)),
        }
    }

    /// `POST /v1/journal/read`, one page. A journal that is not there, was purged, or whose capability changed answers
    /// 404.
    pub async fn journal_read(&self, access: &JournalAccess, circuit: Circuit) -> Result<JournalPage, ApiError> {
        let body = self.expect(Method::Post, "/v1/journal/read".into(), access.encode(), circuit).await?;
        JournalPage::decode(&body).map_err(|e| ApiError::garbled("journal/read", e))
    }

    /// `POST /v1/journal/purge`.
    pub async fn journal_purge(&self, purge: &JournalPurge, circuit: Circuit) -> Result<(), ApiError> {
        self.expect(Method::Post, "/v1/journal/purge".into(), purge.encode(), circuit).await.map(drop)
    }

    /// `POST /v1/records`; the receipt is unverified. Repeating it is harmless and answers the same receipt.
    pub async fn publish_record(&self, record: &PublicRecord, circuit: Circuit) -> Result<Receipt, ApiError> {
        let body = self.expect(Method::Post, "/v1/records".into(), record.encode(), circuit).await?;
        Receipt::decode(&body).map_err(|e| ApiError::garbled("records", e))
    }

    /// `GET /v1/records?from=N`, all pages. Signatures unverified.
    pub async fn records(&self, from: u64, circuit: Circuit) -> Result<Vec<([u8; 32], u64, Vec<u8>)>, ApiError> {
        let mut all = Vec::new();
        loop {
            let next = from + all.len() as u64;
            let body = self.expect(Method::Get, format!("/v1/records?from={next}"), Vec::new(), circuit).await?;
            let page = RecordPage::decode(&body).map_err(|e| ApiError::garbled("records", e))?;
            if page.from != next {
                return Err(ApiError::Garbled { what: "records", why: "wrong page".into() });
            }
            let got = page.records.len();
            all.extend(page.records.into_iter().map(|(salt, epoch, bytes)| (salt, epoch, bytes.into_vec())));
            if got == 0 || from + all.len() as u64 >= page.total {
                return Ok(all);
            }
        }
    }

    /// `GET /v1/log/checkpoint`: the signed note, unverified.
    pub async fn checkpoint(&self, circuit: Circuit) -> Result<Vec<u8>, ApiError> {
        self.expect(Method::Get, "/v1/log/checkpoint".into(), Vec::new(), circuit).await
    }

    /// `GET /v1/log/stretch/{n}`: sixteen full entry bundles at once, by number.
    pub async fn log_stretch(&self, n: u64, circuit: Circuit) -> Result<Vec<NumberedBundle>, ApiError> {
        let body = self.expect(Method::Get, format!("/v1/log/stretch/{n}"), Vec::new(), circuit).await?;
        decode_stretch(n, &body).map_err(|e| ApiError::Garbled { what: "log", why: e.to_string() })
    }

    /// `GET /v1/log/{path}`: a tile or an entry bundle, by its path as C2SP tlog-tiles gives it.
    pub async fn log_file(&self, path: &str, circuit: Circuit) -> Result<Vec<u8>, ApiError> {
        self.expect(Method::Get, format!("/v1/log/{path}"), Vec::new(), circuit).await
    }
}

fn refusal(r: &Response) -> ApiError {
    let parsed: Option<ErrorBody> = serde_json::from_slice(&r.body).ok();
    let (code, message) = match parsed {
        Some(e) => (e.error, e.message),
        None => ("unknown".into(), "it gave no reason".into()),
    };
    // A hostile server's words reach a terminal: no control characters, no length.
    let clean = |s: String| s.chars().filter(|c| !c.is_control()).take(300).collect();
    ApiError::Refused { status: r.status, code: clean(code), message: clean(message) }
}
