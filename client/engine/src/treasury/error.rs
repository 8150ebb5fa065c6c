//! Why an act of an administrator fails.

use subrosa_casework::{money::Cents, refusal::Refusal};
use subrosa_crypto::{
    encoding::OverLimit,
    envelope::EnvelopeError,
    seal::SealError,
    token::{BatchError, EvaluateError, KeysError, Nullifier, ProveError, ShareError},
};
use thiserror::Error;

use super::{public::ViewError, rail::PaymentError};
use crate::{
    api::ApiError,
    directory::DirectoryError,
    log_watch::LogFinding,
    mailbox::RestockError,
    session::{NotSaved, OfferError},
};

/// Why an act of an administrator failed.
#[derive(Debug, Error)]
pub enum BountyError {
    /// The server or the network.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The log cannot be trusted, or could not be fetched.
    #[error(transparent)]
    Log(#[from] LogFinding),
    /// The charter could not be fetched, or was refused.
    #[error(transparent)]
    Directory(#[from] DirectoryError),
    /// The keystore could not be written. Nothing was destroyed on the server.
    #[error(transparent)]
    NotSaved(#[from] NotSaved),
    /// Keys for first contact could not be made.
    #[error(transparent)]
    Restock(#[from] RestockError),
    /// The public records.
    #[error(transparent)]
    View(#[from] ViewError),
    /// The charter does not name this person as administrator, or with other keys.
    #[error("the charter does not name you as an administrator with these keys")]
    NotInCharter,
    /// No such award or redemption here.
    #[error("there is no such {0} here; run `subrosa bounty inbox` first")]
    Unknown(&'static str),
    /// The order is not what two adjudicators signed.
    #[error("the order is refused: {0}")]
    Order(#[from] Refusal),
    /// The batch does not amount to the award.
    #[error("the blinded tokens do not fit the order: {0}")]
    Batch(#[from] BatchError),
    /// The issuer's token keys cannot be made for the keystore's denominations.
    #[error(transparent)]
    Keys(#[from] KeysError),
    /// The request cannot be signed: a key is missing, or it is too large.
    #[error("the blinded tokens cannot be signed: {0}")]
    Evaluate(#[from] EvaluateError),
    /// A record, or a list of spent tokens, is longer than the server takes. Nothing was signed.
    #[error("this is too much for one record, and nothing was signed: {0}")]
    TooLong(#[from] OverLimit),
    /// Signed before under this keyset, or its tokens are complete: a second signature could double the money.
    #[error("you have signed for this award before; its answer is sent again if it was lost, nothing new is signed")]
    SignedBefore,
    /// The return box does not open or is damaged.
    #[error("the source's return address cannot be read: {0}")]
    ReturnBox(#[from] SealError),
    /// An envelope could not be made.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// A token is not ours, or forged.
    #[error("a token of this redemption was not signed by you: {0}")]
    Share(#[from] ShareError),
    /// The public proof that these tokens are this issuer's could not be made.
    #[error(transparent)]
    Prove(#[from] ProveError),
    /// Somebody has spent one of the tokens in another redemption.
    #[error("refused: token {0} was redeemed before, in another redemption. Nothing is paid")]
    SpentBefore(Nullifier),
    /// Not enough administrators have verified.
    #[error("only {have} of {need} administrators have verified this redemption so far")]
    NotVerified {
        /// Administrators whose public record says that they verified it.
        have: usize,
        /// How many of them the charter asks for.
        need: usize,
    },
    /// This release was given, and others are still to be.
    #[error("your release is recorded: {have} of {need}; whoever gives the last one gets the payment file")]
    MoreNeeded {
        /// Administrators who have released it.
        have: usize,
        /// How many have to.
        need: usize,
    },
    /// Nothing is due: not enough administrators have released the money.
    #[error("only {have} of {need} administrators have released this money so far: it cannot have arrived")]
    NotReleased {
        /// Administrators who have released it.
        have: usize,
        /// How many have to.
        need: usize,
    },
    /// The same statement of this administrator's is public already.
    #[error("you have stated this before; it is public, and nothing was added")]
    StatedBefore,
    /// There is a payment file already, and it pays from another account.
    #[error(
        "the payment file that there is pays from another account of the programme; a second one would be another order to a bank"
    )]
    OtherAccount,
    /// The money has arrived: nothing is left to be paid.
    #[error("enough administrators have stated that this money has arrived; there is nothing left to pay")]
    Arrived,
    /// The payment file is another administrator's to write.
    #[error("released by enough; the payment file is written by the administrator whose release was the last needed")]
    OtherPays,
    /// No keyset of the charter signs such tokens now.
    #[error(
        "no keyset of the charter signs these tokens now: its signers have changed since the source asked for them. Name the old denominations in the next keyset"
    )]
    NoKeyset,
    /// The keyset is signed by others.
    #[error("the charter does not name you, with these keys, as a signer of this keyset")]
    NotASigner,
    /// Other elements were ordered or signed for this award.
    #[error(
        "refused: other tokens were ordered or signed for this award before. Two sets of tokens would double the money"
    )]
    OtherBatch,
    /// The budget does not hold the award.
    #[error("refused: the award is of {need}, and the budget holds {have} that nothing is reserved from")]
    NoBudget {
        /// What the budget holds.
        have: Cents,
        /// What the award takes.
        need: Cents,
    },
    /// The keyset's tokens are no longer honoured.
    #[error("refused: these tokens were accepted until a time that is over")]
    Expired,
    /// The payment file.
    #[error(transparent)]
    Payment(#[from] PaymentError),
}

impl From<OfferError> for BountyError {
    fn from(e: OfferError) -> Self {
        match e {
            OfferError::Api(e) => e.into(),
            OfferError::NotSaved(e) => e.into(),
            OfferError::Restock(e) => e.into(),
        }
    }
}
