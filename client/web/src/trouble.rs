//! Errors on their way to a person: a code for the page's texts, and the facts that belong into them.

use serde_json::{Value, json};
use subrosa_casework::{money::AmountError, number::NumberError};
use subrosa_crypto::{charter::CharterError, passphrase::PassphraseError};
use subrosa_engine::{
    api::ApiError,
    directory::DirectoryError,
    log_watch::LogFinding,
    message::MessageError,
    policies::PoliciesError,
    source::{SourceError, UploadError},
    treasury::{public::ViewError, redeem::RedeemError},
};
use wasm_bindgen::JsValue;

/// What went wrong.
#[derive(Debug)]
pub(crate) struct Trouble {
    code: &'static str,
    facts: Value,
}

impl Trouble {
    pub(crate) fn new(code: &'static str) -> Self {
        Self { code, facts: json!({}) }
    }

    /// What the page's script is told.
    pub(crate) fn told(&self) -> Value {
        json!({ "code": self.code, "facts": self.facts })
    }

    /// Whether a wrong clock explains it.
    pub(crate) fn is_about_time(&self) -> bool {
        matches!(self.code, "charter-early" | "charter-late")
    }

    pub(crate) fn with(code: &'static str, facts: Value) -> Self {
        Self { code, facts }
    }
}

/// A number's or an amount's two readings, and what was typed.
fn readings(text: &str, one: &str, other: &str) -> Value {
    json!({ "text": text, "one": one, "other": other })
}

impl Trouble {
    /// An answer whose number cannot be taken, with the reason for it.
    pub(crate) fn answer(question: &str, why: NumberError) -> Self {
        let code = why.code();
        let mut facts = match why {
            NumberError::Ambiguous { text, one, other } => readings(&text, &one, &other),
            NumberError::Unreadable(text)
            | NumberError::Fraction(text)
            | NumberError::Negative(text)
            | NumberError::TooLarge(text) => json!({ "text": text }),
        };
        if let Some(facts) = facts.as_object_mut() {
            facts.insert("question".into(), question.into());
            facts.insert("why".into(), code.into());
        }
        Self { code: "answer", facts }
    }
}

impl From<AmountError> for Trouble {
    fn from(e: AmountError) -> Self {
        let code = e.code();
        Self::with(
            code,
            match e {
                AmountError::Ambiguous { text, one, other } => readings(&text, &one, &other),
                AmountError::Unreadable(text)
                | AmountError::Digits(text)
                | AmountError::Negative(text)
                | AmountError::TooLarge(text) => json!({ "text": text }),
                AmountError::Zero => json!({}),
                AmountError::OtherCurrency { given, wanted } => json!({ "given": given, "wanted": wanted.code() }),
            },
        )
    }
}

impl From<Trouble> for JsValue {
    fn from(t: Trouble) -> Self {
        JsValue::from_str(&t.told().to_string())
    }
}

impl From<ApiError> for Trouble {
    fn from(e: ApiError) -> Self {
        match e {
            ApiError::Transport(_) => Self::new("unreachable"),
            ApiError::ForgedReceipt => Self::new("forged-receipt"),
            ApiError::Garbled { .. } => Self::new("garbled"),
            ApiError::Refused { status, .. } => Self::new(match status {
                507 => "full",
                409 => "conflict",
                408 | 429 => "busy",
                428 => "work",
                500..=599 => "unavailable",
                _ => "refused",
            }),
        }
    }
}

impl From<DirectoryError> for Trouble {
    fn from(e: DirectoryError) -> Self {
        match e {
            DirectoryError::Api(ApiError::Refused { status: 404, .. }) => Self::new("no-charter"),
            DirectoryError::Api(e) => e.into(),
            DirectoryError::Charter(CharterError::NotYetValid) => Self::new("charter-early"),
            DirectoryError::Charter(CharterError::Expired) => Self::new("charter-late"),
            DirectoryError::Charter(CharterError::Format(_)) => Self::new("charter-format"),
            DirectoryError::Charter(_) | DirectoryError::Withheld(_) => Self::new("charter"),
        }
    }
}

impl From<PoliciesError> for Trouble {
    fn from(e: PoliciesError) -> Self {
        match e {
            PoliciesError::Api(e) => e.into(),
            PoliciesError::Withheld(_) => Self::new("policy-withheld"),
            PoliciesError::Altered(_) => Self::new("policy-altered"),
        }
    }
}

impl From<SourceError> for Trouble {
    fn from(e: SourceError) -> Self {
        match e {
            SourceError::Api(e) => e.into(),
            SourceError::Message(MessageError::TooLong(n)) => Self::with("too-long", json!({ "bytes": n })),
            SourceError::Bundle { name, .. } => Self::with("keys-wrong", json!({ "name": name })),
            SourceError::NoBundle(name) => Self::with("keys-withheld", json!({ "name": name })),
            SourceError::Empty => Self::new("empty"),
            SourceError::OwnWords => Self::new("own-words"),
            SourceError::NoOfficer => Self::new("no-officer"),
            SourceError::ForgedReceipt => Self::new("forged-receipt"),
            SourceError::NothingFound => Self::new("nothing-found"),
            SourceError::Withheld | SourceError::ReplyWithheld => Self::new("withheld"),
            SourceError::ReplyGone => Self::new("reply-gone"),
            SourceError::Replaced => Self::new("replaced"),
            SourceError::Charter(_) => Self::new("other-charter"),
            SourceError::Log(e) => e.into(),
            SourceError::NoAward => Self::new("no-award"),
            SourceError::Evaluation { .. } => Self::new("false-signature"),
            SourceError::Assemble(_) => Self::new("not-enough-signatures"),
            _ => Self::new("damaged"),
        }
    }
}

impl From<LogFinding> for Trouble {
    fn from(e: LogFinding) -> Self {
        match e {
            LogFinding::Api(e) => e.into(),
            LogFinding::ListNotLogged { .. } => Self::new("list-not-logged"),
            LogFinding::StandsStill { stated, now } => {
                Self::with("log-stands-still", json!({ "stated": stated.to_string(), "now": now.to_string() }))
            }
            LogFinding::Ahead { stated, now } => {
                Self::with("log-ahead", json!({ "stated": stated.to_string(), "now": now.to_string() }))
            }
            _ => Self::new("log"),
        }
    }
}

impl From<RedeemError> for Trouble {
    fn from(e: RedeemError) -> Self {
        match e {
            RedeemError::Api(e) | RedeemError::View(ViewError::Api(e)) => e.into(),
            RedeemError::Nothing => Self::new("no-token"),
            RedeemError::Spent(_) => Self::new("spent"),
            RedeemError::SeveralKeysets => Self::new("several-periods"),
            RedeemError::Expired => Self::new("tokens-expired"),
            RedeemError::Bundle { name, .. } => Self::with("keys-wrong", json!({ "name": name })),
            RedeemError::NoBundle(name) => Self::with("keys-withheld", json!({ "name": name })),
            _ => Self::new("damaged"),
        }
    }
}

impl From<UploadError> for Trouble {
    fn from(e: UploadError) -> Self {
        match e {
            UploadError::Api(e) => e.into(),
            UploadError::File(_) => Self::new("file-changed"),
        }
    }
}

impl From<PassphraseError> for Trouble {
    fn from(e: PassphraseError) -> Self {
        match e {
            PassphraseError::WordCount { found } => Self::with("word-count", json!({ "found": found })),
            PassphraseError::UnknownWord { position, word, suggestions } => Self::with(
                "unknown-word",
                json!({ "position": position, "word": word.as_str(), "suggestions": suggestions.join(", ") }),
            ),
            PassphraseError::Checksum => Self::new("checksum"),
        }
    }
}
