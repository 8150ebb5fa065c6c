//! Bodies of the public records: JSON, unknown members refused, kept for ever.
//!
//! Spec: `docs/spec/ledger.md`. The frame around a body (kind, signer, signature) is `wire::PublicRecord`. Byte strings
//! are lower-case hexadecimal, amounts whole cents.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::DeserializeOwned};
use thiserror::Error;

use crate::{
    bytes::{AwardRef, Blob, Digest, Signature},
    money::Cents,
};

/// The bytes are not a record body of the expected kind.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("the record cannot be read: {0}")]
pub struct RecordError(pub String);

/// The version number inside each body: 1 and nothing else.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default)]
pub struct V1;

impl Serialize for V1 {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_u8(1)
    }
}

impl<'de> Deserialize<'de> for V1 {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        match u64::deserialize(d)? {
            1 => Ok(Self),
            other => Err(serde::de::Error::custom(format!("version {other} is not supported"))),
        }
    }
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, RecordError> {
    serde_json::from_slice(bytes).map_err(|e| RecordError(e.to_string()))
}

fn json<T: Serialize>(body: &T) -> Vec<u8> {
    // Strings, numbers and lists of them: there is nothing here that JSON cannot say.
    serde_json::to_vec(body).unwrap_or_default()
}

macro_rules! body {
    ($name:ident) => {
        impl $name {
            /// Reads the JSON.
            ///
            /// # Errors
            /// Says what is wrong and where.
            pub fn parse(bytes: &[u8]) -> Result<Self, RecordError> {
                parse(bytes)
            }

            /// Writes the JSON, members in the order of the specification, without spaces.
            pub fn to_json(&self) -> Vec<u8> {
                json(self)
            }
        }
    };
}

named! {
    /// From where to where money moves in the books, or what it becomes.
    pub enum Movement {
        /// The programme gets money. `reference` names the decision.
        BudgetAdded = "budget-added",
        /// Budget → escrow, for an award.
        AwardReserved = "award-reserved",
        /// The award becomes tokens.
        TokensIssued = "tokens-issued",
        /// Tokens come back; the money is owed to whoever showed them. `reference` is the redemption's context.
        TokensRedeemed = "tokens-redeemed",
        /// The payout is on its way. `reference` as above.
        PayoutReleased = "payout-released",
        /// The payout arrived; the money left escrow. `reference` as above.
        PayoutSettled = "payout-settled",
        /// What an award has not yet turned into tokens goes back to the budget.
        AwardCancelled = "award-cancelled",
    }
}

/// Record kind *ledger*: one movement. Two administrators state the same body; then it counts.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LedgerBody {
    /// The version of this body; any number but 1 is refused.
    pub v: V1,
    /// Which movement is stated. It decides which of the two names below is there.
    pub movement: Movement,
    /// How much, in cents.
    pub amount: Cents,
    /// For movements of an award.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub award_ref: Option<AwardRef>,
    /// For all others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<Digest>,
}

body!(LedgerBody);

impl LedgerBody {
    /// A movement of an award.
    pub fn of_award(movement: Movement, award_ref: AwardRef, amount: Cents) -> Self {
        Self { v: V1, movement, amount, award_ref: Some(award_ref), reference: None }
    }

    /// A movement of the budget, or of a redemption.
    pub fn of_reference(movement: Movement, reference: Digest, amount: Cents) -> Self {
        Self { v: V1, movement, amount, award_ref: None, reference: Some(reference) }
    }
}

/// One denomination's part of an issuance.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuedBatch {
    /// Value of one token, in cents.
    pub denomination: Cents,
    /// The source's blinded elements.
    pub blinded: Vec<Digest>,
    /// The issuer's evaluations, in the same order.
    pub evaluated: Vec<Digest>,
    /// The batched DLEQ proof over all of them (RFC 9497, two scalars).
    pub proof: Signature,
}

/// Record kind *issuance*: what one issuer signed for one award.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuanceBody {
    /// The version of this body; any number but 1 is refused.
    pub v: V1,
    /// The award whose tokens were signed, by its random name.
    pub award_ref: AwardRef,
    /// The issuer's number in the charter.
    pub issuer: u16,
    /// By denomination, ascending.
    pub batches: Vec<IssuedBatch>,
}

body!(IssuanceBody);

/// One token as it was shown.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedeemedToken {
    /// The token input that the source drew.
    pub input: Blob,
    /// The nullifier that is now spent.
    pub nullifier: Digest,
    /// This issuer's evaluation of the input.
    pub evaluated: Digest,
}

/// One denomination's part of a redemption.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedeemedBatch {
    /// Value of one token, in cents.
    pub denomination: Cents,
    /// The tokens of this denomination that were shown together.
    pub tokens: Vec<RedeemedToken>,
    /// The issuer's batched DLEQ proof over them.
    pub proof: Signature,
}

/// Record kind *redemption*: one issuer's check of the tokens of one redemption.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RedemptionBody {
    /// The version of this body; any number but 1 is refused.
    pub v: V1,
    /// The redemption's context, under which the nullifiers are spent.
    pub context: Digest,
    /// The issuer's number in the charter.
    pub issuer: u16,
    /// By denomination, ascending.
    pub batches: Vec<RedeemedBatch>,
}

body!(RedemptionBody);

/// Record kind *decision*: a salted commitment that an officer made; it tells nothing by itself.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionBody {
    /// The version of this body; any number but 1 is refused.
    pub v: V1,
    /// A salted digest. Whoever holds the salt and the decision can show later that this was it.
    pub commitment: Digest,
}

body!(DecisionBody);

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn bodies_have_one_spelling_and_refuse_strangers() {
        let body = LedgerBody::of_award(Movement::TokensIssued, AwardRef([0xab; 16]), Cents(13_750_000));
        let text = String::from_utf8(body.to_json()).unwrap();
        assert_eq!(
            text,
            r#"{"v":1,"movement":"tokens-issued","amount":13750000,"award_ref":"abababababababababababababababab"}"#
        );
        assert_eq!(LedgerBody::parse(text.as_bytes()).unwrap(), body);
        for bad in [
            text.replace(r#""v":1"#, r#""v":2"#),
            text.replace("abab", "ABAB"),
            text.replace("13750000", "-1"),
            text.replace("13750000", "1.5"),
            text.replace("}", r#","more":1}"#),
            text.replace("tokens-issued", "tokens-lost"),
            format!("{text} x"),
        ] {
            assert!(LedgerBody::parse(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
