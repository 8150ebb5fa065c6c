//! Blind tokens: RFC 9497's VOPRF with ristretto255 and SHA-512, independent issuers on the same blinded element, one
//! batched proof for each issuer and denomination. All signers of a keyset sign each token; k of them redeem it.
//!
//! Spec: `docs/spec/tokens.md`. The way of a token: [`PendingTokens::derive`] → [`BlindedBatch::verify`] →
//! [`IssuerSecret::evaluate`] → [`PendingTokens::finalize`] → [`PendingTokens::assemble`] → [`Presentation::of`] →
//! [`IssuerSecret::recognise`] → [`IssuerSecret::prove_redemption`] → [`RedemptionProof::verify`].

mod batch;
mod bearer;
mod dleq;
mod keyset;
mod redemption;
mod source;
mod voprf;

pub use batch::{
    AwardRef, BatchError, BlindedBatch, BlindedGroup, CheckedBatch, Elements, EvaluateError, EvaluatedBatch,
    EvaluatedGroup, Evaluation, EvaluationError, Groups,
};
pub use bearer::{Nullifier, Presentation, PresentedRows, ShareError, Token, TokenFile, TokenFileError, VerifiedShare};
pub use dleq::PROOF_LEN;
pub use keyset::{
    Denomination, DenominationKey, Issuer, IssuerIndex, IssuerSecret, KeysError, Keyset, KeysetEntry, KeysetId,
    KeysetSigner, Signer, ZeroDenomination, quorums_meet, split,
};
pub use redemption::{ProveError, RedeemedGroup, RedeemedRows, RedeemedToken, RedemptionError, RedemptionProof};
pub use source::{AssembleError, IssuerShares, PendingTokens, RequestError};

/// Tokens in one request, one redemption or one file: at most.
pub const BATCH_MAX: usize = 512;
/// Denominations of one issuer: at most.
pub const DENOMINATIONS_MAX: usize = 64;
/// Signers of one keyset, and shares in one token: at most. A source's request seals a return box to each of them, and
/// all of it must fit one message.
pub const KEYSET_SIGNERS_MAX: usize = 8;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;
