//! Blind tokens: RFC 9497's VOPRF with ristretto255 and SHA-512, k of n independent issuers on the same blinded
//! element, one batched proof for each issuer and denomination.
//!
//! Spec: `docs/spec/tokens.md`. The way of a token: [`PendingTokens::derive`] → [`BlindedBatch::verify`] →
//! [`IssuerSecret::evaluate`] → [`PendingTokens::finalize`] → [`PendingTokens::assemble`] →
//! [`IssuerSecret::verify_share`] → [`IssuerSecret::prove_redemption`] → [`RedemptionProof::verify`].

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
pub use bearer::{Nullifier, ShareError, Token, TokenFile, TokenFileError, VerifiedShare};
pub use dleq::PROOF_LEN;
pub use keyset::{
    Denomination, DenominationKey, Issuer, IssuerIndex, IssuerKeys, IssuerSecret, KeysError, KeysetId,
    ZeroDenomination, split,
};
pub use redemption::{ProveError, RedeemedGroup, RedeemedRows, RedeemedToken, RedemptionError, RedemptionProof};
pub use source::{AssembleError, IssuerShares, PendingTokens, RequestError};

/// Tokens in one request, one redemption or one file: at most.
pub const BATCH_MAX: usize = 512;
/// Denominations of one issuer: at most.
pub const DENOMINATIONS_MAX: usize = 64;
/// Issuers' shares in one token: at most.
pub const ISSUERS_MAX: usize = 16;

#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;
