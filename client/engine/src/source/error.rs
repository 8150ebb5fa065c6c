//! Why an act of the source fails.

use subrosa_crypto::{
    bundle::BundleRefusal,
    envelope::EnvelopeError,
    ratchet::RatchetError,
    token::{AssembleError, EvaluationError, RequestError},
};
use thiserror::Error;

use super::state::StateError;
use crate::{api::ApiError, directory::DirectoryError, log_watch::LogFinding, message::MessageError};

/// Why an act of the source failed. Each text says what was kept and what to do.
#[derive(Debug, Error)]
pub enum SourceError {
    /// The server or the network.
    #[error(transparent)]
    Api(ApiError),
    /// An envelope could not be made or read.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// A message could not be sealed into a conversation, or one that came does not open.
    #[error(transparent)]
    Ratchet(#[from] RatchetError),
    /// A message could not be made or read.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// The source's own state could not be sealed, or what lies in its place does not open.
    #[error(transparent)]
    State(#[from] StateError),
    /// An officer's keys are not what the charter says.
    #[error("{name}: {why}")]
    Bundle {
        /// The officer whose keys they are, by the name in the charter.
        name: String,
        /// What is wrong.
        why: BundleRefusal,
    },
    /// The server holds keys back.
    #[error(
        "the server offers no keys for {0}, although the charter names this person; it may be holding them back. Nothing was sent"
    )]
    NoBundle(String),
    /// The charter names nobody to write to.
    #[error("the charter names no officer who takes tips in")]
    NoOfficer,
    /// The receipt does not verify.
    #[error(
        "the server's receipt is not signed by the programme's log; keep your passphrase, do not trust this server, and submit again through another address"
    )]
    ForgedReceipt,
    /// Nothing lies on the board under this passphrase.
    #[error(
        "nothing was found for this passphrase; check the words, or wait a few minutes if you filed just now. Messages not fetched for a long time expire"
    )]
    NothingFound,
    /// The server lists the state but does not hand it out.
    #[error(
        "the server lists what is kept for this passphrase but does not hand it out; try again, and if it stays so, the server is withholding it"
    )]
    Withheld,
    /// A reply was destroyed before it was read.
    #[error("it was destroyed before you read it: it expired, or the case is closed for good")]
    ReplyGone,
    /// A reply is listed, but the server does not hand it out.
    #[error(
        "the server lists it but does not hand it out; try again, and if it stays so, the server is withholding it"
    )]
    ReplyWithheld,
    /// The newest listed state was destroyed: its successor is not listed yet.
    #[error(
        "your last visit is not listed yet; come back in a few minutes. If it stays so, the server is withholding what is kept for this passphrase"
    )]
    Replaced,
    /// The charter is older than, or different from, the one seen on the last visit.
    #[error(
        "the server shows another charter than on your last visit ({0}); somebody may be trying to put other people in the officers' place. Do not send anything"
    )]
    Charter(&'static str),
    /// The charter changed since the last visit, and does not follow from the one seen then.
    #[error("the charter has changed since your last visit, and does not follow from what you saw then: {0}")]
    Directory(#[from] DirectoryError),
    /// A tip or a message says nothing.
    #[error("the text is empty, or holds nothing that can be read: write what you want to say. Nothing was sent")]
    Empty,
    /// The twelve words, or others, stand in what was written.
    #[error(
        "your text holds twelve words that are a passphrase. They are for you alone: whoever has them can answer in your name. Take them out; nothing of it was sent"
    )]
    OwnWords,
    /// Nobody is left to write to.
    #[error(
        "none of the officers you wrote to works on your case any more; nothing was sent. File a new tip, and name this one in it"
    )]
    NobodyLeft,
    /// The log was rewritten.
    #[error(transparent)]
    Log(LogFinding),
    /// No award yet.
    #[error("there is no final award for this tip yet")]
    NoAward,
    /// Tokens could not be requested.
    #[error(transparent)]
    Request(#[from] RequestError),
    /// An administrator's answer is wrong.
    #[error("administrator {issuer}: {why}")]
    Evaluation {
        /// The issuer's number.
        issuer: u8,
        /// What is wrong.
        why: EvaluationError,
    },
    /// Not enough answers yet.
    #[error(transparent)]
    Assemble(#[from] AssembleError),
}

impl From<LogFinding> for SourceError {
    fn from(e: LogFinding) -> Self {
        match e {
            LogFinding::Api(e) => e.into(),
            other => Self::Log(other),
        }
    }
}

impl From<ApiError> for SourceError {
    fn from(e: ApiError) -> Self {
        match e {
            ApiError::ForgedReceipt => Self::ForgedReceipt,
            other => Self::Api(other),
        }
    }
}
