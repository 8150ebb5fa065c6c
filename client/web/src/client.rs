//! What a page holds while a source uses it.

use std::{
    cell::{Cell, RefCell},
    collections::BTreeMap,
};

use js_sys::{Array, Function, Uint8Array};
use serde::Deserialize;
use serde_json::{Value, json};
use subrosa_casework::{
    case,
    clock::Zone,
    money::{Currency, Money},
    number::Numerals,
    regime::{AnswerError, CheckError, Pack},
};
use subrosa_crypto::{
    charter::{Charter, RootKey},
    file::FileManifest,
    passphrase::{MasterKey, Passphrase},
};
use subrosa_engine::{
    api::Api,
    board::Circuits,
    directory::Directory,
    message::is_blank,
    policies::Policies,
    source::{Filed, Inbox, Source, TipForm, UploadSecret},
};
use subtle::ConstantTimeEq as _;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast as _, JsValue};
use zeroize::Zeroizing;

use crate::{
    page::{Page, rng},
    trouble::Trouble,
};

/// A device's clock that is further off than this from the server's is worth telling: seconds.
const CLOCK_SLACK: i64 = 3 * 3600;

/// The programme as one source sees it, and what the page has read and drawn so far. Every method that talks to the
/// server answers a promise; errors are JSON with a `code`.
#[wasm_bindgen]
pub struct Client {
    root: RootKey,
    page: Page,
    pub(crate) circuits: Circuits,
    charter: RefCell<Option<Charter>>,
    policies: RefCell<Option<Policies>>,
    words: RefCell<Option<Passphrase>>,
    uploads: RefCell<Option<UploadSecret>>,
    /// The number of the first state of whatever is filed under the words: places below it were asked for in vain.
    first_state: Cell<u64>,
    files: RefCell<BTreeMap<u32, FileManifest>>,
    numerals: Cell<Numerals>,
    pub(crate) source: RefCell<Option<Source<Page>>>,
    pub(crate) inbox: RefCell<Option<Inbox>>,
}

impl core::fmt::Debug for Client {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("Client([redacted])")
    }
}

/// A filled-in form.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Form {
    regime: String,
    class: Option<String>,
    answers: BTreeMap<String, String>,
    narrative: String,
}

pub(crate) fn seconds(now: f64) -> u64 {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a float's cast to an integer saturates"
    )]
    let seconds = now as u64;
    seconds
}

/// The date of a day, as `2026-11-24`.
fn date(at: Option<u64>) -> Option<String> {
    Zone::default().date(at?).map(|d| d.to_string())
}

#[wasm_bindgen]
impl Client {
    /// `root` is the root key's fingerprint as the page shows it; `send` is the page's way to the server.
    #[wasm_bindgen(constructor)]
    pub fn new(root: &str, send: Function) -> Result<Client, JsValue> {
        let compact: String = root.chars().filter(|c| !c.is_whitespace()).collect();
        Ok(Self {
            root: compact.parse().map_err(|_| Trouble::new("charter"))?,
            page: Page(send),
            circuits: Circuits::new(&mut rng()),
            charter: RefCell::default(),
            policies: RefCell::default(),
            words: RefCell::default(),
            uploads: RefCell::default(),
            first_state: Cell::new(0),
            files: RefCell::default(),
            numerals: Cell::new(Numerals::ENGLISH),
            source: RefCell::default(),
            inbox: RefCell::default(),
        })
    }

    /// Reads numbers and amounts from here on as the page's language writes them: `sample` is its spelling of
    /// 12345678.5, which the server put into the page.
    pub fn write_numbers_like(&self, sample: &str) -> Result<(), JsValue> {
        let numerals = Numerals::of_sample(sample).ok_or_else(|| Trouble::new("damaged"))?;
        self.numerals.set(numerals);
        Ok(())
    }

    /// Fetches and verifies the charter. `now`: unix seconds. Answers the programme's name, who takes tips in, and how
    /// many hours the clock is off, if it is.
    pub async fn enter(&self, now: f64) -> Result<String, JsValue> {
        let now = seconds(now);
        let api = self.api();
        let circuit = self.circuits.fresh();
        let params = api.params(circuit).await.map_err(Trouble::from)?;
        let off = i64::try_from(now).unwrap_or(i64::MAX) - i64::try_from(params.now).unwrap_or(0);
        let hours = (off.abs() > CLOCK_SLACK).then(|| (off.abs() + 1800) / 3600);
        let directory = match Directory::fetch(&api, &self.root, now, None, circuit).await {
            Ok(directory) => directory,
            // A charter that is too old or too new on a clock that is off: the clock is the likelier fault.
            Err(e) => {
                let trouble = Trouble::from(e);
                return Err(match hours {
                    Some(hours) if trouble.is_about_time() => Trouble::with("clock", json!({ "hours": hours })).into(),
                    _ => trouble.into(),
                });
            }
        };
        let officers: Vec<&str> = directory.intake().iter().map(|o| o.name.as_str()).collect();
        let answer = json!({
            "programme": directory.charter().document().programme,
            "version": directory.charter().version(),
            "officers": officers,
            "clock_hours": hours,
            "epoch_seconds": params.epoch_seconds,
        });
        *self.charter.borrow_mut() = Some(directory.charter().clone());
        Ok(answer.to_string())
    }

    /// The forms of every regime that the charter names, in `language` or else in English. `held` are files that came
    /// with the page (`Uint8Array`s); each is used only if the charter commits to it, and what is missing is asked for.
    pub async fn forms(&self, language: String, held: Array) -> Result<String, JsValue> {
        let directory = self.directory()?;
        let held: Vec<Vec<u8>> = held.iter().filter_map(|v| Some(v.dyn_into::<Uint8Array>().ok()?.to_vec())).collect();
        let held: Vec<&[u8]> = held.iter().map(Vec::as_slice).collect();
        let circuit = self.circuits.fresh();
        let policies = Policies::fetch_regimes(&self.api(), &directory, &held, circuit).await.map_err(Trouble::from)?;
        let forms: Vec<Value> = policies.packs().iter().map(|p| form(p, &language)).collect();
        *self.policies.borrow_mut() = Some(policies);
        Ok(Value::from(forms).to_string())
    }

    /// Which questions to ask for a class after these answers (JSON, id to text): ids in order.
    pub fn questions(&self, regime: &str, class: Option<String>, answers: &str) -> Result<String, JsValue> {
        let answers: BTreeMap<String, String> = serde_json::from_str(answers).map_err(|_| Trouble::new("damaged"))?;
        let policies = self.policies.borrow();
        let pack = policies.as_ref().and_then(|p| p.pack(regime)).ok_or_else(|| Trouble::new("no-regime"))?;
        let ids: Vec<&str> = pack.questions_for(class.as_deref(), &answers).iter().map(|q| q.id.as_str()).collect();
        Ok(json!(ids).to_string())
    }

    /// Checks a form (JSON) before it is sent: an answer that the pack cannot read is named.
    pub fn check_form(&self, form: &str) -> Result<(), JsValue> {
        self.read_form(form).map(drop).map_err(JsValue::from)
    }

    /// Draws twelve words and keeps them for the tip; answers them for showing.
    pub fn draw_words(&self) -> String {
        let words = Passphrase::generate(&mut rng());
        let text = words.words().to_string();
        *self.words.borrow_mut() = Some(words);
        self.first_state.set(0);
        text
    }

    /// Whether these are the words that were drawn. What is wrong with them is an error.
    pub fn same_words(&self, typed: &str) -> Result<bool, JsValue> {
        let parsed = Passphrase::parse(typed).map_err(Trouble::from)?;
        Ok(self.words.borrow().as_ref().is_some_and(|w| bool::from(w.ct_eq(&parsed))))
    }

    /// Takes over the words of a tip that was begun in another page, and finds what was uploaded under them. Answers
    /// `uploads`, `filed` or `nothing`.
    pub async fn go_on(&self, typed: String) -> Result<String, JsValue> {
        let typed = Zeroizing::new(typed);
        let words = Passphrase::parse(&typed).map_err(Trouble::from)?;
        let (api, directory) = (self.api(), self.directory()?);
        let master = words.master_key(directory.programme());
        *self.words.borrow_mut() = Some(words);
        let filed = Source::just_filed(self.api(), self.directory()?, master.clone(), 0, &mut rng()).await;
        if let Some(source) = filed.map_err(Trouble::from)? {
            *self.source.borrow_mut() = Some(source);
            return Ok("filed".into());
        }
        self.first_state.set(1);
        let prepared = UploadSecret::prepare(&api, &directory, &master, 0, &self.circuits, &mut rng()).await;
        let found = Some(prepared.map_err(Trouble::from)?).filter(UploadSecret::was_found);
        let answer = if found.is_some() { "uploads" } else { "nothing" };
        *self.uploads.borrow_mut() = found;
        Ok(answer.into())
    }

    /// Makes sure that there is a secret for uploads, before the first file. Needs words that were drawn or typed, or a
    /// source who came back.
    pub async fn prepare_upload(&self) -> Result<(), JsValue> {
        if self.uploads.borrow().is_some() {
            return Ok(());
        }
        let secret = match self.take_source() {
            Ok(source) => {
                let secret = source.upload_secret(&mut rng()).await;
                *self.source.borrow_mut() = Some(source);
                secret
            }
            Err(_) => {
                let (api, directory) = (self.api(), self.directory()?);
                let master = self.master(&directory)?;
                UploadSecret::prepare(&api, &directory, &master, 0, &self.circuits, &mut rng()).await
            }
        };
        *self.uploads.borrow_mut() = Some(secret.map_err(Trouble::from)?);
        Ok(())
    }

    /// Files the tip. Answers receipts as texts, the epoch, and officers whose fresh keys had run out.
    pub async fn file_tip(&self, form: String, now: f64) -> Result<String, JsValue> {
        let directory = self.directory()?;
        let master = self.master(&directory)?;
        let form = self.read_form(&form)?;
        let filed = {
            let uploads = self.uploads.borrow_mut().take();
            let now = seconds(now);
            let done =
                Source::file_tip_uploaded(self.api(), directory, master, form, uploads.as_ref(), now, &mut rng()).await;
            match done {
                Ok((source, filed)) => {
                    *self.source.borrow_mut() = Some(source);
                    filed
                }
                Err(e) => {
                    *self.uploads.borrow_mut() = uploads;
                    return Err(Trouble::from(e).into());
                }
            }
        };
        self.files.borrow_mut().clear();
        let Filed { receipts, epoch, fallback } = filed;
        let receipts: Vec<String> = receipts.iter().map(|r| r.to_text()).collect();
        Ok(json!({ "receipts": receipts, "epoch": epoch, "fallback": fallback }).to_string())
    }

    /// After a failure of [`Client::file_tip`] that may have lost the answer: whether the tip had arrived.
    pub async fn had_arrived(&self) -> Result<bool, JsValue> {
        let directory = self.directory()?;
        let master = self.master(&directory)?;
        let number = self.first_state.get();
        let found = Source::just_filed(self.api(), directory, master, number, &mut rng()).await;
        let found = found.map_err(Trouble::from)?;
        let arrived = found.is_some();
        if !arrived {
            self.first_state.set(number + 1);
        } else {
            *self.source.borrow_mut() = found;
            *self.uploads.borrow_mut() = None;
            self.files.borrow_mut().clear();
        }
        Ok(arrived)
    }

    /// Comes back with the words.
    pub async fn come_back(&self, typed: String) -> Result<(), JsValue> {
        let typed = Zeroizing::new(typed);
        let words = Passphrase::parse(&typed).map_err(Trouble::from)?;
        let directory = self.directory()?;
        let master = words.master_key(directory.programme());
        let source = Source::restore(self.api(), directory, master, &mut rng()).await.map_err(Trouble::from)?;
        *self.source.borrow_mut() = Some(source);
        *self.words.borrow_mut() = Some(words);
        *self.uploads.borrow_mut() = None;
        self.files.borrow_mut().clear();
        Ok(())
    }

    /// Where the case stands: state, award, and the dates of the legal periods (`2026-11-24`).
    pub fn status(&self) -> Result<String, JsValue> {
        let source = self.source.borrow();
        let state = source.as_ref().ok_or_else(|| Trouble::new("no-words"))?.state();
        let filed = state.filed_day.map(|d| u64::from(d) * 86_400);
        let rules = case::Programme::default();
        let acknowledge = filed.and_then(|f| Zone::default().after_days(f, rules.acknowledge_days));
        let feedback = acknowledge.and_then(|a| Zone::default().after_months(a, rules.feedback_months));
        Ok(json!({
            "state": state.case_state,
            "filed": date(filed),
            "acknowledge_by": date(acknowledge),
            "feedback_by": date(feedback),
            "sent": state.sent,
            "award_cents": state.award().map(|a| a.amount_cents),
            "requested": state.award().is_some_and(|a| a.requested),
        })
        .to_string())
    }
}

impl Client {
    pub(crate) fn api(&self) -> Api<Page> {
        let api = Api::new(self.page.clone());
        if let Some(charter) = self.charter.borrow().as_ref() {
            api.trust(charter.log_key());
        }
        api
    }

    pub(crate) fn directory(&self) -> Result<Directory, Trouble> {
        self.charter.borrow().clone().map(Directory::of).ok_or(Trouble::new("no-charter"))
    }

    fn master(&self, directory: &Directory) -> Result<MasterKey, Trouble> {
        let words = self.words.borrow();
        Ok(words.as_ref().ok_or(Trouble::new("no-words"))?.master_key(directory.programme()))
    }

    /// The source, for one act; whoever takes it puts it back. Two acts at the same time would overtake each other.
    pub(crate) fn take_source(&self) -> Result<Source<Page>, Trouble> {
        self.source.borrow_mut().take().ok_or(Trouble::new("no-words"))
    }

    /// The files that go with the next message, in the order of the page's numbers.
    pub(crate) fn attached(&self) -> Vec<FileManifest> {
        self.files.borrow().values().cloned().collect()
    }

    /// Keeps a file's manifest under the page's number.
    pub(crate) fn keep_file(&self, number: u32, manifest: FileManifest) {
        self.files.borrow_mut().insert(number, manifest);
    }

    /// Leaves out the file that the page calls by this number.
    pub(crate) fn forget_file(&self, number: u32) {
        self.files.borrow_mut().remove(&number);
    }

    pub(crate) fn forget_files(&self) {
        self.files.borrow_mut().clear();
    }

    pub(crate) fn with_uploads<R>(&self, f: impl FnOnce(&UploadSecret) -> R) -> Result<R, Trouble> {
        self.uploads.borrow().as_ref().map(f).ok_or(Trouble::new("no-words"))
    }

    /// An amount as it was typed.
    pub(crate) fn read_amount(&self, text: &str) -> Result<Money, Trouble> {
        Money::read(text, &self.numerals.get(), Currency::EUR).map_err(Trouble::from)
    }

    pub(crate) fn take_uploads(&self) -> Option<UploadSecret> {
        self.uploads.borrow_mut().take()
    }

    pub(crate) fn keep_uploads(&self, uploads: Option<UploadSecret>) {
        *self.uploads.borrow_mut() = uploads;
    }

    fn read_form(&self, form: &str) -> Result<TipForm, Trouble> {
        let form: Form = serde_json::from_str(form).map_err(|_| Trouble::new("damaged"))?;
        let policies = self.policies.borrow();
        let pack = policies.as_ref().and_then(|p| p.pack(&form.regime)).ok_or(Trouble::new("no-regime"))?;
        let answers =
            pack.fill_in(form.class.as_deref(), &form.answers, &self.numerals.get()).map_err(|e| match e {
                AnswerError::Unreadable(id, CheckError::Number(_, why)) => Trouble::answer(&id, why),
                AnswerError::Unreadable(id, _) => Trouble::with("answer", json!({ "question": id })),
                _ => Trouble::new("no-regime"),
            })?;
        if is_blank(&form.narrative) {
            return Err(Trouble::new("empty"));
        }
        Ok(TipForm {
            regime: form.regime,
            answers,
            narrative: form.narrative,
            files: self.attached(),
            first_state: self.first_state.get(),
        })
    }
}

/// A pack's form for showing.
fn form(pack: &Pack, language: &str) -> Value {
    let text = |id: &str| pack.text(language, id).unwrap_or_default().to_owned();
    let classes: Vec<Value> =
        pack.classes.iter().map(|c| json!({ "id": c.id, "text": text(&format!("class-{}", c.id)) })).collect();
    let questions: Vec<Value> = pack
        .questions
        .iter()
        .map(|q| {
            let input = q.input.as_ref().and_then(|name| pack.inputs.iter().find(|i| i.name == *name));
            json!({
                "id": q.id,
                "text": text(&format!("ask-{}", q.id)),
                "kind": input.map(|i| kind(i.kind)),
                "unit": input.and_then(|i| i.unit.as_ref()).map(|u| u.name.clone()),
            })
        })
        .collect();
    let evidence: Vec<String> = pack.evidence.iter().map(|e| text(&format!("evidence-{}", e.id))).collect();
    json!({ "id": pack.id, "title": text("title"), "classes": classes, "questions": questions, "evidence": evidence })
}

fn kind(kind: subrosa_casework::regime::InputKind) -> &'static str {
    use subrosa_casework::regime::InputKind::{Date, Dates, Number, Numbers, Text, Texts, YesNo};
    match kind {
        Number => "number",
        Numbers => "numbers",
        Date => "date",
        Dates => "dates",
        Text => "text",
        Texts => "texts",
        YesNo => "yes-no",
    }
}
