//! Why an act of an officer fails.

use subrosa_crypto::{bundle::BundleRefusal, envelope::EnvelopeError, ratchet::RatchetError};
use thiserror::Error;

use super::journal::JournalError;
use crate::{
    api::ApiError,
    directory::DirectoryError,
    log_watch::LogFinding,
    mailbox::RestockError,
    message::MessageError,
    policies::PoliciesError,
    session::{NotSaved, OfferError},
    treasury::public::ViewError,
};

/// Why an act of an officer failed.
#[derive(Debug, Error)]
pub enum OfficerError {
    /// The server or the network.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// A case's journal could not be read or written.
    #[error(transparent)]
    Journal(#[from] JournalError),
    /// A message could not be sealed into a conversation, or one that came does not open.
    #[error(transparent)]
    Ratchet(#[from] RatchetError),
    /// What is to be said does not fit one message, or what came is not one that this program knows.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// A parcel's envelopes could not be made.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The public records.
    #[error(transparent)]
    View(#[from] ViewError),
    /// The log cannot be trusted, or could not be fetched.
    #[error(transparent)]
    Log(#[from] LogFinding),
    /// The keystore could not be written. Nothing was destroyed on the server.
    #[error(transparent)]
    NotSaved(#[from] NotSaved),
    /// Packs and policies.
    #[error(transparent)]
    Policies(#[from] PoliciesError),
    /// Keys for first contact could not be made.
    #[error(transparent)]
    Restock(#[from] RestockError),
    /// The charter that was kept for times without the server.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// The charter does not name this person.
    #[error("the charter does not name you as an officer with these keys")]
    NotInCharter,
    /// No such case.
    #[error("there is no case `{0}` on this desk; `subrosa officer inbox` lists them")]
    NoCase(String),
    /// The source wrote to other officers only.
    #[error(
        "this case came to you without a conversation of your own; a colleague whom the source wrote to must answer"
    )]
    NoSession,
    /// A case can be handed to another officer alone.
    #[error("a case can be handed to another officer of the charter, and to nobody else")]
    NoColleague,
    /// An award cannot be ordered from the administrators yet.
    #[error("the award order does not carry two adjudicators' signatures yet")]
    OrderUnsigned,
    /// Without the source's blinded tokens there is nothing to order.
    #[error("the source has not asked for the tokens of this award yet")]
    TokensNotAsked,
    /// The source's request leaves out an administrator of today's charter.
    #[error("the source's request names no return box for one of the administrators")]
    NoReturnBox,
    /// A purge destroys after two have signed, and not before.
    #[error("two officers must confirm the purge first")]
    PurgeUnconfirmed,
    /// What is kept on this machine is older than what this desk has seen.
    #[error("a newer charter was seen since the programme was kept here")]
    KeptCharterOld,
    /// Somebody's keys are not what the charter says.
    #[error("{name}: {why}")]
    Bundle {
        /// Whose keys they are, by the name in the charter.
        name: String,
        /// What is wrong.
        why: BundleRefusal,
    },
    /// The server holds keys back.
    #[error("the server offers no keys for {0}, although the charter names this person; it may be holding them back")]
    NoBundle(String),
}

impl OfficerError {
    /// Whether nobody answered, so that trying later may succeed.
    pub fn is_unreachable(&self) -> bool {
        matches!(
            self,
            Self::Api(ApiError::Transport(_))
                | Self::Journal(JournalError::Api(ApiError::Transport(_)))
                | Self::Directory(DirectoryError::Api(ApiError::Transport(_)))
                | Self::Log(LogFinding::Api(ApiError::Transport(_)))
        )
    }
}

impl From<OfferError> for OfficerError {
    fn from(e: OfferError) -> Self {
        match e {
            OfferError::Api(e) => e.into(),
            OfferError::NotSaved(e) => e.into(),
            OfferError::Restock(e) => e.into(),
        }
    }
}
