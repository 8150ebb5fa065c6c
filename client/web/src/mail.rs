//! Coming back: reading, burning, answering, stating.

use std::{cell::RefCell, io, rc::Rc};

use js_sys::Uint8Array;
use serde_json::{Value, json};
use subrosa_casework::{
    award::SourceAct,
    money::{Currency, Money},
    number::Numerals,
};
use subrosa_crypto::{
    delivery::Capability,
    file::{FileDecoder, FileManifest},
    log::ReceiptFile,
};
use subrosa_engine::{
    api::Fetched,
    message::{Message, Notice},
    source::{Inbox, Source, SourceError},
};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::{
    client::{Client, seconds},
    page::{Page, rng},
    trouble::Trouble,
};

#[wasm_bindgen]
impl Client {
    /// Looks for replies; nothing is acknowledged. Answers messages, how many could not be opened, and what is to be
    /// told about the log, as errors are told. `now`: unix seconds.
    pub async fn read_mail(&self, now: f64) -> Result<String, JsValue> {
        let source = self.take_source()?;
        let inbox = source.inbox().await;
        *self.source.borrow_mut() = Some(source);
        let inbox = inbox.map_err(Trouble::from)?;
        let messages: Vec<Value> = inbox.unread.iter().map(|u| shown(&u.from, &u.message)).collect();
        let log: Vec<Value> = inbox.log_findings(seconds(now)).into_iter().map(|f| Trouble::from(f).told()).collect();
        let answer = json!({ "messages": messages, "troubles": inbox.troubles.len(), "log": log });
        *self.inbox.borrow_mut() = Some(inbox);
        Ok(answer.to_string())
    }

    /// "Read, burn it": afterwards nobody can open these messages again.
    pub async fn burn(&self) -> Result<(), JsValue> {
        let inbox: Inbox = self.inbox.borrow_mut().take().ok_or_else(|| Trouble::new("no-mail"))?;
        let mut source = self.take_source()?;
        let done = source.acknowledge(inbox, &mut rng()).await;
        self.settle(source, done).await
    }

    /// Writes to the officers, with the files attached. Answers receipts as texts.
    pub async fn reply(&self, text: String) -> Result<String, JsValue> {
        let message = Message::Text { text, files: self.attached() };
        if message.is_empty() {
            return Err(Trouble::new("empty").into());
        }
        let mut source = self.take_source()?;
        let uploads = self.take_uploads();
        let done = match &uploads {
            Some(u) => source.send_uploaded(&message, u, &mut rng()).await,
            None => source.send(&message, &mut rng()).await,
        };
        if done.is_err() {
            self.keep_uploads(uploads);
        }
        let receipts: Vec<ReceiptFile> = self.settle(source, done).await?;
        self.forget_files();
        let texts: Vec<String> = receipts.iter().map(ReceiptFile::to_text).collect();
        Ok(json!(texts).to_string())
    }

    /// States something with the claim key: `claim`, `contest`, `withdraw`, `consent` (to a referral), `reopen`.
    pub async fn say(&self, act: String) -> Result<(), JsValue> {
        let act = match act.as_str() {
            "claim" => SourceAct::Claim,
            "contest" => SourceAct::Contest,
            "withdraw" => SourceAct::Withdraw,
            "consent" => SourceAct::ConsentToReferral,
            "reopen" => SourceAct::Reopen,
            _ => return Err(Trouble::new("damaged").into()),
        };
        self.state(act).await
    }

    /// States with the claim key that the source agrees with exactly this amount, as [`Client::amount`] read it.
    pub async fn accept(&self, amount: String) -> Result<(), JsValue> {
        let amount = self.read_amount(&amount)?.cents;
        self.state(SourceAct::AcceptAward { amount }).await
    }

    async fn state(&self, act: SourceAct) -> Result<(), JsValue> {
        let mut source = self.take_source()?;
        let done = source.state_act(act, &mut rng()).await;
        self.settle(source, done).await
    }

    /// Puts the source back after an act. If the act failed on the way, or another visit of the same words was faster,
    /// takes over what the server has; an act that had arrived after all is told as `arrived`.
    pub(crate) async fn settle<R>(&self, mut source: Source<Page>, done: Result<R, SourceError>) -> Result<R, JsValue> {
        let error = match done {
            Ok(answer) => {
                *self.source.borrow_mut() = Some(source);
                return Ok(answer);
            }
            Err(e) => e,
        };
        let arrived = source.resync().await;
        *self.source.borrow_mut() = Some(source);
        let conflict = matches!(&error, SourceError::Api(e) if e.status() == Some(409));
        Err(match arrived {
            Ok(true) => Trouble::new("arrived"),
            Ok(false) if conflict => Trouble::new("conflict"),
            Err(SourceError::Replaced) => Trouble::new("conflict"),
            _ => Trouble::from(error),
        }
        .into())
    }

    /// Adds to receipts (a JSON array of texts) the proof that the log holds what was filed. Answers texts again, and
    /// how many are proven.
    pub async fn prove_receipts(&self, texts: String) -> Result<String, JsValue> {
        let texts: Vec<String> = serde_json::from_str(&texts).map_err(|_| Trouble::new("damaged"))?;
        let files: Result<Vec<ReceiptFile>, _> = texts.iter().map(|t| ReceiptFile::parse(t)).collect();
        let files = files.map_err(|_| Trouble::new("not-a-receipt"))?;
        let proven = subrosa_engine::source::prove_receipts(&self.api(), &self.directory()?, files, &mut rng())
            .await
            .map_err(Trouble::from)?;
        let count = proven.iter().filter(|f| f.inclusion.is_some()).count();
        let texts: Vec<String> = proven.iter().map(ReceiptFile::to_text).collect();
        Ok(json!({ "receipts": texts, "proven": count }).to_string())
    }

    /// Begins to fetch file `file` of message `message`, both counted from 0 as [`Client::read_mail`] answered them.
    pub fn download(&self, message: usize, file: usize) -> Result<Download, JsValue> {
        let inbox = self.inbox.borrow();
        let found = inbox.as_ref().and_then(|i| i.unread.get(message)).and_then(|u| match &u.message {
            Message::Text { files, .. } => files.get(file),
            _ => None,
        });
        let manifest = found.ok_or_else(|| Trouble::new("no-mail"))?.clone();
        let opened = Opened::default();
        let decoder = RefCell::new(Some(FileDecoder::new(&manifest, opened.clone())));
        Ok(Download { manifest, decoder, opened, next: RefCell::new(0) })
    }
}

/// What a page shows of a message.
fn shown(from: &str, message: &Message) -> Value {
    match message {
        Message::Text { text, files } => {
            let files: Vec<Value> =
                files.iter().map(|f| json!({ "name": f.name(), "size": f.fingerprint().size })).collect();
            json!({ "from": from, "kind": "text", "text": text, "files": files })
        }
        Message::Notice(n) => json!({
            "from": from, "kind": "notice", "state": n.state, "text": n.text, "proposed": proposed(n),
            "award_cents": n.award.as_ref().map(|a| a.amount_cents),
        }),
        _ => json!({ "from": from, "kind": "other" }),
    }
}

/// The amount that a notice proposes, in plain form. The officer's program writes it into the text.
fn proposed(n: &Notice) -> Option<String> {
    let amount = (n.state == "award-proposed").then(|| Money::read(&n.text, &Numerals::ENGLISH, Currency::EUR));
    amount?.ok().map(|m| m.cents.to_string())
}

/// What the decoder has written since the page asked last.
#[derive(Clone, Default)]
struct Opened(Rc<RefCell<Vec<u8>>>);

impl io::Write for Opened {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.borrow_mut().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// One file on its way down: the page keeps the pieces, and throws them away unless the last call answers that the
/// whole is right.
#[wasm_bindgen]
pub struct Download {
    manifest: FileManifest,
    decoder: RefCell<Option<FileDecoder<Opened>>>,
    opened: Opened,
    next: RefCell<u32>,
}

impl core::fmt::Debug for Download {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Download([redacted])")
    }
}

#[wasm_bindgen]
impl Download {
    /// Blobs in all.
    pub fn blobs(&self) -> u32 {
        self.manifest.blobs()
    }

    /// The file's name.
    pub fn name(&self) -> String {
        self.manifest.name().to_owned()
    }

    /// Fetches and opens the next blob; answers what of the content it gave. After `unreachable` it can be called
    /// again.
    pub async fn step(&self, client: &Client) -> Result<Uint8Array, JsValue> {
        let index = *self.next.borrow();
        let capability = Capability::new(self.manifest.secret().capability(index));
        let blob = match client.api().take_blob(&capability, client.circuits.fresh()).await.map_err(Trouble::from)? {
            Fetched::Body(blob) => blob,
            Fetched::Gone | Fetched::Unknown => return Err(Trouble::new("file-gone").into()),
        };
        let mut decoder = self.decoder.borrow_mut();
        let decoder = decoder.as_mut().ok_or_else(|| Trouble::new("file-altered"))?;
        decoder.push_blob(&blob).map_err(|_| Trouble::new("file-altered"))?;
        *self.next.borrow_mut() = index + 1;
        Ok(Uint8Array::from(core::mem::take(&mut *self.opened.0.borrow_mut()).as_slice()))
    }

    /// After the last blob: whether the whole is what the message announced.
    pub fn finish(&self) -> Result<(), JsValue> {
        let decoder = self.decoder.borrow_mut().take().ok_or_else(|| Trouble::new("file-altered"))?;
        decoder.finish().map(drop).map_err(|_| Trouble::new("file-altered").into())
    }
}
