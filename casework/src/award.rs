//! What crosses the border between a case and the treasury: the source's signed statements and the award order.
//!
//! Spec: `docs/spec/case.md`, sections "Statements of the source" and "Award order".

use serde::{Deserialize, Serialize};
use subrosa_crypto::{
    encode_decode,
    encoding::Codec,
    kdf, layout,
    sign::{Domain, HolderId, SigningKey, VerifyingKey},
    wire::JournalId,
};

use crate::{
    bytes::{AwardRef, Digest, Nonce, Signature},
    money::Cents,
    refusal::{Note, Refusal, Rule},
    role::{Adjudicator, Members, Pair},
};

const VERSION: u8 = 1;
/// Version 1 of a statement named no journal.
const STATEMENT_VERSION: u8 = 2;

tagged! {
    /// What a source can say with its claim key. Everything else that it writes is a message.
    pub enum SourceAct {
        /// The tip is withdrawn.
        Withdraw = "withdraw",
        /// The case may be passed on to an authority.
        ConsentToReferral = "consent-to-referral",
        /// The closed case should be looked at again.
        Reopen = "reopen",
        /// The source claims the award.
        Claim = "claim",
        /// The source agrees with the proposed amount.
        AcceptAward {
            /// The amount agreed with.
            amount: Cents,
        } = "accept-award",
        /// The source does not agree with the proposed award.
        Contest = "contest",
        /// This blinded batch, and no other, is the source's: no officer can put their own tokens in its place.
        RequestTokens {
            /// [`batch_digest`] of the batch.
            batch: Digest,
        } = "request-tokens",
    }
}

impl SourceAct {
    fn code(&self) -> (u8, u64) {
        match self {
            Self::Withdraw => (1, 0),
            Self::ConsentToReferral => (2, 0),
            Self::Reopen => (3, 0),
            Self::Claim => (4, 0),
            Self::AcceptAward { amount } => (5, amount.0),
            Self::Contest => (6, 0),
            Self::RequestTokens { .. } => (7, 0),
        }
    }

    /// What follows the claim key in the signed bytes.
    fn tail(&self) -> &[u8] {
        match self {
            Self::RequestTokens { batch } => &batch.0,
            _ => &[],
        }
    }
}

/// A statement under a tip's claim key, bound to that tip's journal, so that it cannot be moved to another case.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourceStatement {
    /// What is said.
    pub act: SourceAct,
    /// Random; a statement works once.
    pub nonce: Nonce,
    /// Ed25519 by the claim key, domain `subrosa/sig/claim/v1`, over [`SourceStatement::message`].
    pub signature: Signature,
}

impl SourceStatement {
    /// The signed bytes: `version || act || value u64 || nonce || journal || claim key`, and for a token request the
    /// batch's digest.
    pub fn message(act: &SourceAct, nonce: &Nonce, journal: &JournalId, claim_key: &VerifyingKey) -> Vec<u8> {
        let (code, value) = act.code();
        let mut out = ([STATEMENT_VERSION, code], value, *nonce).encode();
        (*journal, claim_key.0).write(&mut out);
        out.extend_from_slice(act.tail());
        out
    }

    /// The source signs. `nonce` is fresh and random.
    pub fn sign(act: SourceAct, nonce: Nonce, journal: &JournalId, key: &SigningKey) -> Self {
        let signature = key.sign(Domain::CLAIM, &Self::message(&act, &nonce, journal, &key.verifying_key()));
        Self { act, nonce, signature: Signature(signature) }
    }

    /// Refuses unless `claim_key` made the statement for this journal.
    pub fn verify(&self, journal: &JournalId, claim_key: &VerifyingKey) -> Result<(), Refusal> {
        let message = Self::message(&self.act, &self.nonce, journal, claim_key);
        claim_key.verify(Domain::CLAIM, &message, &self.signature.0).map_err(|_| Rule::BadClaim.into())
    }
}

/// The labelled digest of a source's blinded batch, as it stands in an award order.
pub fn batch_digest(batch: &[u8]) -> Digest {
    Digest(kdf::digest("subrosa/token-request/v1", &[batch]))
}

/// What two adjudicators tell the administrators: issue this amount over this batch. It names no case.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AwardOrder {
    /// The award's random name.
    pub award_ref: AwardRef,
    /// How much to issue in tokens, in cents of the programme's currency.
    pub amount: Cents,
    /// [`batch_digest`] of the blinded batch that the order comes with.
    pub batch: Digest,
    /// The digest of the policy under which the amount was found.
    pub policy: Digest,
}

layout! {
    /// The signed bytes: `version || award_ref || amount u64 || batch || policy`.
    AwardOrder [version VERSION] { award_ref, amount, batch, policy }
}

impl AwardOrder {
    /// Encoded length in bytes.
    pub const LEN: usize = 1 + 16 + 8 + 32 + 32;

    /// An adjudicator signs.
    pub fn sign(&self, key: &SigningKey) -> Signature {
        Signature(key.sign(Domain::AWARD_ORDER, &self.encode()))
    }

    /// Refuses unless `holder` is an adjudicator at `at` and made the signature.
    pub fn verify_one(
        &self,
        members: &Members,
        holder: HolderId,
        signature: &Signature,
        at: u64,
    ) -> Result<crate::role::Authority<Adjudicator>, Refusal> {
        members.verify(holder, Domain::AWARD_ORDER, &self.encode(), signature, at)
    }
}

/// An order with the signatures of two different adjudicators: what administrators act on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignedOrder {
    /// The order whose encoded bytes both of them signed.
    pub order: AwardOrder,
    /// Two adjudicators with their signatures.
    pub signatures: [(HolderId, Signature); 2],
}

layout! {
    /// `order || 2 × (holder || signature)`.
    SignedOrder { order, signatures }
}

encode_decode! { AwardOrder, SignedOrder }

impl SignedOrder {
    /// Encoded length in bytes.
    pub const LEN: usize = AwardOrder::LEN + 2 * (16 + 64);

    /// Refuses unless two different adjudicators of the charter signed, and `batch` is the batch that they ordered.
    pub fn verify(&self, members: &Members, batch: &[u8], now: u64) -> Result<Pair<Adjudicator, Adjudicator>, Refusal> {
        if batch_digest(batch) != self.order.batch {
            return Err(Rule::BadDigest.because(Note::OtherBatchOrdered));
        }
        let [(a, sa), (b, sb)] = &self.signatures;
        Pair::new(self.order.verify_one(members, *a, sa, now)?, self.order.verify_one(members, *b, sb, now)?)
    }
}
