//! Errors as codes with arguments. A face with readers of several languages words an error from its own files, by the
//! code; `Display` stays English, for logs and the terminal.

use subrosa_casework::{journal::ReplayError, policy::PolicyError, refusal::Refusal, regime::CheckError};
use subrosa_crypto::{charter::CharterError, keystore::OpenKeystoreError, log::Fork};

use crate::{
    api::ApiError,
    directory::DirectoryError,
    log_watch::LogFinding,
    mailbox::RestockError,
    message::MessageError,
    officer::{JournalError, OfficerError},
    policies::PoliciesError,
    session::{NotSaved, OfferError},
    transport::TransportError,
    treasury::{BountyError, public::ViewError, rail::PaymentError},
};

/// A value that an error's words take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// A number, with which words may bend.
    Number(u64),
    /// A name, a path, a short id.
    Text(String),
}

impl From<u64> for Argument {
    fn from(n: u64) -> Self {
        Self::Number(n)
    }
}

impl From<usize> for Argument {
    fn from(n: usize) -> Self {
        Self::Number(u64::try_from(n).unwrap_or(u64::MAX))
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// An error's stable name and the values that its words take: `error-unreachable`, or `rule-wrong-role` for a rule that
/// said no.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coded {
    /// The key of its words.
    pub key: String,
    /// The values, by their names in the words.
    pub arguments: Vec<(&'static str, Argument)>,
}

/// An error with a stable name.
pub trait Code {
    /// The codes that it can have itself; those of errors inside it are theirs.
    const CODES: &'static [&'static str];

    /// Its code and arguments.
    fn coded(&self) -> Coded;
}

/// Gives an error type its codes: each variant has a code with arguments, or hands over to the error inside it.
#[macro_export]
macro_rules! codes {
    ($error:ty {
        $($pattern:pat => $code:literal $(($($name:ident = $value:expr),+))?,)*
    } $(inner { $($outer:pat => $inner:expr,)* })?) => {
        impl $crate::coded::Code for $error {
            const CODES: &'static [&'static str] = &[$($code),*];

            fn coded(&self) -> $crate::coded::Coded {
                match self {
                    $($pattern => $crate::coded::Coded {
                        key: concat!("error-", $code).to_owned(),
                        arguments: vec![$($((stringify!($name), $crate::coded::Argument::from($value))),+)?],
                    },)*
                    $($($outer => $crate::coded::Code::coded($inner),)*)?
                }
            }
        }
    };
}

impl Code for Refusal {
    const CODES: &'static [&'static str] = &[];

    fn coded(&self) -> Coded {
        Coded { key: format!("rule-{}", self.code()), arguments: Vec::new() }
    }
}

codes!(TransportError {
    Self::Unreachable(_) => "unreachable",
    Self::TooLong => "answer-too-long",
});

codes!(ApiError {
    Self::Refused { status, code, .. } => "server-refused" (status = u64::from(*status), code = code.clone()),
    Self::Garbled { what, .. } => "garbled" (what = (*what).to_owned()),
} inner { Self::Transport(e) => e, });

codes!(CharterError {
    Self::NotYetValid => "charter-early",
    Self::Expired => "charter-late",
    Self::RolledBack { .. } | Self::Forked(_) => "charter-other-past",
    _ => "charter-refused",
});

codes!(DirectoryError {
    Self::Withheld(version) => "charter-withheld" (version = *version),
} inner { Self::Api(e) => e, Self::Charter(e) => e, });

codes!(LogFinding {
    Self::Unsigned(_) => "log-unsigned",
    Self::Fork(Fork::RolledBack) => "log-smaller",
    Self::Fork(Fork::Origin) => "log-other",
    Self::Fork(Fork::Split) => "log-split",
    Self::Fork(Fork::NotContinued(_)) => "log-not-continued",
    Self::Proof(_) => "log-proof",
    Self::Tile(_) => "log-tile",
    Self::NotThere => "log-not-there",
    Self::CharterNotThere => "charter-not-logged",
} inner { Self::Api(e) => e, });

codes!(PoliciesError {
    Self::Withheld(name) => "policy-withheld" (name = name.clone()),
    Self::Altered(name) => "policy-altered" (name = name.clone()),
} inner { Self::Api(e) => e, });

codes!(ViewError {
} inner { Self::Api(e) => e, });

codes!(ReplayError {
    Self::Forked => "journal-forked",
    Self::NoKey(generation) => "journal-no-key" (generation = u64::from(*generation)),
    Self::OtherKey { by, .. } => "journal-other-key" (who = by.to_string()),
});

codes!(JournalError {
    Self::Cut { seen, shown } => "journal-cut" (seen = *seen, shown = *shown),
    Self::Event(_) => "event-unwritable",
    Self::Busy => "journal-busy",
    Self::Access { by, .. } => "journal-access" (who = by.to_string()),
    Self::NoWrapKey(holder) => "no-wrap-key" (who = holder.to_string()),
    Self::Wrap(_) => "wrap-failed",
    Self::Keeper(_) => "journal-keeper",
    Self::Purged => "journal-purged",
} inner { Self::Api(e) => e, Self::Refused(refusal) => refusal, Self::Replay(e) => e, });

codes!(MessageError {
    Self::TooLong(bytes) => "message-too-long" (bytes = *bytes),
    Self::Version | Self::Malformed => "message-unreadable",
});

codes!(NotSaved {
    Self(_) => "not-saved",
});

codes!(RestockError {
    Self::Key(_) => "key-not-made",
    Self::TooMany(_) => "key-too-many",
});

codes!(OfferError {
} inner { Self::Api(e) => e, Self::NotSaved(e) => e, Self::Restock(e) => e, });

codes!(OfficerError {
    Self::Ratchet(_) => "conversation-damaged",
    Self::Envelope(_) => "envelope",
    Self::NotInCharter => "not-in-charter",
    Self::NoCase(case) => "no-case" (case = case.clone()),
    Self::NoSession => "no-conversation",
    Self::NoColleague => "no-colleague",
    Self::NotYet(_) => "not-yet",
    Self::Bundle { name, .. } => "keys-wrong" (name = name.clone()),
    Self::NoBundle(name) => "keys-withheld" (name = name.clone()),
} inner {
        Self::Api(e) => e,
        Self::Journal(e) => e,
        Self::Message(e) => e,
        Self::View(e) => e,
        Self::Log(e) => e,
        Self::Directory(e) => e,
        Self::NotSaved(e) => e,
        Self::Policies(e) => e,
        Self::Restock(e) => e,
    });

codes!(PaymentError {
    Self::Missing(_) => "payment-missing",
    Self::Iban(_) => "payment-iban",
    Self::Text(_) => "payment-text",
    Self::Amount => "payment-amount",
    Self::Date => "payment-date",
});

codes!(BountyError {
    Self::NotInCharter => "not-administrator",
    Self::Unknown(_) => "no-such-deed",
    Self::Batch(_) => "batch-unfit",
    Self::Keys(_) => "issuer-keys",
    Self::Evaluate(_) => "no-denomination-key",
    Self::TooLong(_) => "record-too-long",
    Self::SignedBefore => "signed-before",
    Self::ReturnBox(_) => "return-address",
    Self::Envelope(_) => "envelope",
    Self::Share(_) => "token-forged",
    Self::Prove(_) => "proof-failed",
    Self::SpentBefore(_) => "spent-before",
    Self::NotVerified { have, need } => "not-verified" (have = *have, need = *need),
    Self::SecondNeeded => "second-needed",
    Self::OtherPays => "other-pays",
} inner {
        Self::Api(e) => e,
        Self::Log(e) => e,
        Self::Directory(e) => e,
        Self::NotSaved(e) => e,
        Self::View(e) => e,
        Self::Restock(e) => e,
        Self::Order(refusal) => refusal,
        Self::Payment(e) => e,
    });

codes!(OpenKeystoreError {
    Self::NotAKeystore => "keystore-foreign",
    Self::Version => "keystore-newer",
    Self::Damaged => "keystore-damaged",
    Self::CostTooHigh => "keystore-cost",
    Self::WrongPassword => "keystore-password",
    Self::OutOfMemory => "keystore-memory",
});

codes!(CheckError {
    Self::NoSuchInput(name) => "check-no-input" (name = name.clone()),
    Self::WrongKind(name, _) => "check-kind" (name = name.clone()),
    Self::Number(name, _) => "check-number" (name = name.clone()),
    Self::OutOfRange(name, _) => "check-range" (name = name.clone()),
    Self::Arithmetic { step, line, .. } => "check-arithmetic" (step = step.clone(), line = *line),
});

codes!(PolicyError {
    Self::Overflow(_) => "award-overflow",
    Self::OutOfRange(_) => "award-range",
    Self::NotANumber => "award-number",
});

/// Every code of this crate's errors: each face checks that it has words for all of them.
pub fn all() -> Vec<&'static str> {
    let lists = [
        TransportError::CODES,
        ApiError::CODES,
        CharterError::CODES,
        DirectoryError::CODES,
        LogFinding::CODES,
        PoliciesError::CODES,
        ReplayError::CODES,
        JournalError::CODES,
        MessageError::CODES,
        NotSaved::CODES,
        RestockError::CODES,
        OfficerError::CODES,
        PaymentError::CODES,
        BountyError::CODES,
        OpenKeystoreError::CODES,
        CheckError::CODES,
        PolicyError::CODES,
    ];
    lists.concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_inside_another_keeps_its_own_code() {
        let inner = ApiError::Transport(TransportError::Unreachable("refused".into()));
        assert_eq!(OfficerError::Api(inner.clone()).coded().key, "error-unreachable");
        assert_eq!(OfficerError::Directory(DirectoryError::Api(inner)).coded().key, "error-unreachable");
        let unsaved = BountyError::NotSaved(NotSaved("no room".into()));
        assert_eq!(unsaved.coded().key, "error-not-saved");
        let cut = OfficerError::Journal(JournalError::Cut { seen: 3, shown: 1 }).coded();
        assert_eq!(cut.key, "error-journal-cut");
        assert_eq!(cut.arguments, [("seen", Argument::Number(3)), ("shown", Argument::Number(1))]);
    }
}
