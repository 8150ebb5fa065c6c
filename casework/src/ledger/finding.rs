//! What an audit of the books finds: codes with arguments, worded where people read them.

use core::fmt;

use thiserror::Error;

use crate::{
    bytes::{AwardRef, Digest},
    money::Cents,
    records::Movement,
    refusal::Refusal,
};

/// Something that is not as it should be, with the record's number where one is to blame.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The record, counted from zero as the server numbers them; `None` if a record is missing.
    pub record: Option<u64>,
    /// What is wrong.
    pub fault: Fault,
}

impl Finding {
    /// The fault's stable name.
    pub fn code(&self) -> &'static str {
        self.fault.code()
    }
}

/// In English, with the fault's stable name.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(number) = self.record {
            write!(f, "record {number}: ")?;
        }
        match &self.fault {
            // A refusal names its rule itself.
            Fault::Refused(refusal) => refusal.fmt(f),
            fault => write!(f, "{fault} ({})", fault.code()),
        }
    }
}

macro_rules! faults {
    ($($(#[$doc:meta])* $name:ident $({$($field:ident: $type:ty),+})? $code:literal $text:literal;)*) => {
        /// What can be wrong with the books. `Display` is English, for logs and the terminal.
        #[derive(Clone, PartialEq, Eq, Debug, Error)]
        pub enum Fault {
            $($(#[$doc])* #[error($text)] $name $({$(#[doc = concat!("The words' `", stringify!($field), "`.")] $field: $type),+})?,)*
            /// The books refuse the movement.
            #[error(transparent)]
            Refused(#[from] Refusal),
        }

        impl Fault {
            /// The names of all faults but the refusals, which have their rule's.
            pub const CODES: &'static [&'static str] = &[$($code),*];

            /// The stable name.
            pub fn code(&self) -> &'static str {
                match self {
                    $(Self::$name { .. } => $code,)*
                    Self::Refused(refusal) => refusal.code(),
                }
            }
        }
    };
}

faults! {
    /// The bytes are no record.
    Unreadable "unreadable" "It cannot be read.";
    /// The body is not of the form of its kind.
    Malformed "malformed" "It is not in the form of its kind.";
    /// No charter ever named the signer.
    UnknownSigner "unknown-signer" "The signer is not in the charter.";
    /// The signature does not fit the record.
    BadSignature "bad-signature" "The record's signature is not valid.";
    /// A decision by somebody who decides nothing.
    NotOfficer "not-officer" "The signer is no case officer.";
    /// A statement about money by somebody who has no part in it.
    NotFinance "not-finance" "The signer is no bounty administrator.";
    /// An issuer's statement under another issuer's number.
    WrongIssuer "wrong-issuer" "The signer does not hold this issuer's number.";
    /// More than the range of amounts holds.
    OutOfRange "out-of-range" "The tokens' value is out of range.";
    /// The same token twice in one redemption.
    TwiceInOne "double-spend" "A nullifier stands twice in one redemption.";
    /// The same token in two redemptions.
    RedeemedBefore {nullifier: Digest} "double-spend" "Nullifier {nullifier} was redeemed before.";
    /// One administrator has stated it, and no second one.
    OneSignature {movement: Movement, amount: Cents}
        "one-signature" "{movement} of {amount} waits for a second administrator.";
    /// An issue in the books that the issuers' records do not bear out.
    IssuedWithoutTokens {amount: Cents, needed: u64}
        "issued-without-tokens" "tokens-issued of {amount} is not backed by {needed} issuers' records.";
    /// A redemption in the books that the issuers' records do not bear out.
    RedeemedWithoutTokens {amount: Cents, needed: u64}
        "redeemed-without-tokens" "tokens-redeemed of {amount} is not backed by {needed} issuers' records.";
    /// Tokens that were signed past the books.
    TokensWithoutBooking {award: AwardRef}
        "tokens-without-booking" "Tokens of award {award} were signed, but the books do not show them as issued.";
    /// Tokens that were redeemed past the books.
    RedemptionWithoutBooking {redemption: Digest}
        "redemption-without-booking" "Redemption {redemption} was checked, but the books do not show it.";
    /// The two sides of the books differ.
    EscrowWrong "escrow-wrong" "The escrow is not what is owed from it.";
}
