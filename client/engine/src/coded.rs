//! Errors as codes with arguments. A face with readers of several languages words an error from its own files, by the
//! code; `Display` stays English, for logs and the terminal.

use subrosa_casework::{
    case::State,
    journal::ReplayError,
    ledger::{self, Fault},
    money::Cents,
    policy::PolicyError,
    records::Movement,
    refusal::{Note, Refusal},
    regime::{CheckError, InputKind, LIST_MAX},
    role::RoleName,
};
use subrosa_crypto::{
    charter::CharterError, intake::OpenSealedError, keystore::OpenKeystoreError, ratchet::RatchetError,
};

use crate::{
    api::ApiError,
    directory::DirectoryError,
    log_watch::LogFinding,
    mailbox::RestockError,
    message::MessageError,
    officer::{JournalError, OfficerError, Refused},
    policies::PoliciesError,
    session::{NotSaved, OfferError},
    transport::TransportError,
    treasury::{
        BountyError,
        public::{Finding, ProofFault, ViewError},
        rail::PaymentError,
    },
    trouble::{SealedFault, Trouble},
};

/// A value that an error's words take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// A number, with which words may bend.
    Number(u64),
    /// A name, a path, a short id.
    Text(String),
    /// One of a list that has words of its own: what it is one of, and its name. The key of its words is both, with a
    /// hyphen between them.
    Named(&'static str, &'static str),
    /// An amount, in euro cents.
    Money(Cents),
    /// What was wrong in detail: words of their own, as a whole sentence.
    Why(Box<Coded>),
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

impl From<Cents> for Argument {
    fn from(amount: Cents) -> Self {
        Self::Money(amount)
    }
}

impl From<State> for Argument {
    fn from(state: State) -> Self {
        Self::Named("state", state.name())
    }
}

impl From<RoleName> for Argument {
    fn from(role: RoleName) -> Self {
        Self::Named("role", role.name())
    }
}

impl From<InputKind> for Argument {
    fn from(kind: InputKind) -> Self {
        Self::Named("input-kind", kind.name())
    }
}

impl From<Movement> for Argument {
    fn from(movement: Movement) -> Self {
        Self::Named("movement", movement.name())
    }
}

impl From<Coded> for Argument {
    fn from(why: Coded) -> Self {
        Self::Why(Box::new(why))
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
    /// What was seen besides, to stand in brackets behind the words.
    pub note: Option<Box<Coded>>,
}

impl Coded {
    /// A key whose words take no values.
    pub fn plain(key: impl Into<String>) -> Self {
        Self { key: key.into(), arguments: Vec::new(), note: None }
    }

    /// Whether it is a rule that said no.
    pub fn is_rule(&self) -> bool {
        self.key.starts_with("rule-")
    }

    /// The error's stable name, for programs: `unreachable`.
    pub fn name(&self) -> &str {
        self.key.strip_prefix("error-").unwrap_or(&self.key)
    }
}

/// Codes with the names of their arguments.
pub type Codes = &'static [(&'static str, &'static [&'static str])];

/// An error with a stable name.
pub trait Code {
    /// The codes that it can have itself, each with the names of its arguments; those of errors inside it are theirs.
    const CODES: Codes;

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
            const CODES: $crate::coded::Codes = &[$(($code, &[$($(stringify!($name)),+)?])),*];

            fn coded(&self) -> $crate::coded::Coded {
                match self {
                    $($pattern => $crate::coded::Coded {
                        key: concat!("error-", $code).to_owned(),
                        arguments: vec![$($((stringify!($name), $crate::coded::Argument::from($value))),+)?],
                        note: None,
                    },)*
                    $($($outer => $crate::coded::Code::coded($inner),)*)?
                }
            }
        }
    };
}

impl Code for Refusal {
    const CODES: Codes = &[];

    fn coded(&self) -> Coded {
        let note = self.note.as_ref().map(|note| Box::new(note.coded()));
        Coded { note, ..Coded::plain(format!("rule-{}", self.code())) }
    }
}

codes!(Note {
    Self::NotMemberThen => "note-not-member-then",
    Self::NotAnOfficer => "note-not-an-officer",
    Self::RoleNotGiven(role) => "note-role-not-given" (role = *role),
    Self::ActingAs(role) => "note-acting-as" (role = *role),
    Self::OneOfEach(one, other) => "note-one-of-each" (one = *one, other = *other),
    Self::CaseIs(state) => "note-case-is" (state = *state),
    Self::ProposedIn(entry) => "note-proposed-in" (entry = *entry),
    Self::OthersKey => "note-others-key",
    Self::NumbersTooLarge => "note-numbers-too-large",
    Self::FormulaRange => "note-formula-range",
    Self::FormulaGives(amount) => "note-formula-gives" (amount = *amount),
    Self::ReceivedLater => "note-received-later",
    Self::JurisdictionOrSeverity => "note-jurisdiction-or-severity",
    Self::AnswersRange => "note-answers-range",
    Self::OtherPack => "note-other-pack",
    Self::NotFromSource => "note-not-from-source",
    Self::LinkedToItself => "note-linked-to-itself",
    Self::DuplicateOfItself => "note-duplicate-of-itself",
    Self::FirstLeft => "note-first-left",
    Self::FirstMustDeclare => "note-first-must-declare",
    Self::LaterOutcome => "note-later-outcome",
    Self::AdjudicatorsEnd => "note-adjudicators-end",
    Self::TriagedBefore => "note-triaged-before",
    Self::InvestigatedBefore => "note-investigated-before",
    Self::PolicyDiffers => "note-policy-differs",
    Self::NotAClaim => "note-not-a-claim",
    Self::ClaimNeedsAnswers => "note-claim-needs-answers",
    Self::EarlierBatch => "note-earlier-batch",
    Self::OtherAmountAgreed => "note-other-amount-agreed",
    Self::PanelDecided => "note-panel-decided",
    Self::RecordUnreadable => "note-record-unreadable",
    Self::OtherRecord => "note-other-record",
    Self::SourceClaimed => "note-source-claimed",
    Self::HeldAlready => "note-held-already",
    Self::OtherBatchSigned => "note-other-batch-signed",
    Self::OrderUnsigned => "note-order-unsigned",
    Self::OtherBatchOrdered => "note-other-batch-ordered",
    Self::AccountShort(amount) => "note-account-short" (amount = *amount),
    Self::AmountZero => "note-amount-zero",
    Self::Booked(movement) => "note-booked" (movement = *movement),
    Self::AwardOrReference => "note-award-or-reference",
    Self::Due(due, given) => "note-due" (due = *due, given = *given),
});

/// A refusal that was kept: its rule's words, if this program knows the rule.
impl Code for Refused {
    const CODES: Codes = &[("rule-unknown", &["rule"])];

    fn coded(&self) -> Coded {
        match self.refusal() {
            Some(refusal) => refusal.coded(),
            None => Coded { arguments: vec![("rule", self.code.clone().into())], ..Coded::plain("error-rule-unknown") },
        }
    }
}

codes!(TransportError {
    Self::Unreachable(_) => "unreachable",
    Self::TooLong => "answer-too-long",
});

codes!(CharterError {
    Self::NotYetValid => "charter-early",
    Self::Expired => "charter-late",
    Self::RolledBack { .. } | Self::Forked(_) => "charter-other-past",
    Self::Format(format) => "charter-format" (format = *format),
    _ => "charter-refused",
});

codes!(DirectoryError {
    Self::Withheld(version) => "charter-withheld" (version = *version),
} inner { Self::Api(e) => e, Self::Charter(e) => e, });

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
    Self::Clock => "journal-clock",
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
    Self::OrderUnsigned => "order-unsigned",
    Self::TokensNotAsked => "tokens-not-asked",
    Self::NoReturnBox => "no-return-box",
    Self::PurgeUnconfirmed => "purge-unconfirmed",
    Self::KeptCharterOld => "kept-charter-old",
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
    Self::MoreNeeded { have, need } => "more-needed" (have = *have, need = *need),
    Self::NoKeyset => "no-keyset",
    Self::NotASigner => "not-a-signer",
    Self::OtherBatch => "other-batch",
    Self::NoBudget { have, need } => "no-budget" (have = *have, need = *need),
    Self::Expired => "tokens-expired",
    Self::NotReleased { have, need } => "not-released" (have = *have, need = *need),
    Self::StatedBefore => "stated-before",
    Self::OtherAccount => "other-account",
    Self::Arrived => "arrived",
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

codes!(RatchetError {
    Self::TooLong(bytes) => "message-too-long" (bytes = *bytes),
    Self::Key => "ratchet-key",
    Self::Envelope(_) => "ratchet-altered",
    Self::KeyGone => "ratchet-key-gone",
    Self::Ratchet => "ratchet-repeated",
    Self::Frame(_) => "message-unreadable",
});

codes!(OpenSealedError {
    Self::NotForUs => "sealed-not-for-us",
    Self::Damaged => "sealed-damaged",
    Self::TooLong => "sealed-too-long",
});

codes!(SealedFault {
    Self::Gone => "sealed-gone",
    Self::File(_) => "sealed-file",
} inner { Self::Open(e) => e, Self::Message(e) => e, });

codes!(Trouble {
    Self::EndedEarly(why) => "ended-early" (why = why.coded()),
    Self::MessageLost => "message-lost",
    Self::MessageWithheld => "message-withheld",
    Self::MessageAltered(why) => "message-altered" (why = why.coded()),
    Self::MessageKeyGone(why) => "message-key-gone" (why = why.coded()),
    Self::MessageDamaged(why) => "message-damaged" (why = why.coded()),
    Self::MessageUnknown(why) => "message-unknown" (why = why.coded()),
    Self::NoTip => "no-tip",
    Self::TipForwarded => "tip-forwarded",
    Self::WordsNotSigned => "words-not-signed",
    Self::SecondConversation => "second-conversation",
    Self::OtherCharter => "other-charter",
    Self::WordsRefused(why) => "words-refused" (why = why.coded()),
    Self::NotForAdministrators => "not-for-administrators",
    Self::ReplyAltered(why) => "reply-altered" (why = why.coded()),
    Self::ReplyWithheld => "reply-withheld",
    Self::SealedNoIdentity(code) => "sealed-no-identity" (code = code.clone()),
    Self::SealedLater { code, why } => "sealed-later" (code = code.clone(), why = why.coded()),
    Self::SealedNever { code, why } => "sealed-never" (code = code.clone(), why = why.coded()),
    Self::HandoverForOthers => "handover-for-others",
    Self::HandoverLater => "handover-later",
    Self::HandoverUnreadable(why) => "handover-unreadable" (why = why.coded()),
    Self::ViewsForged => "views-forged",
    Self::ViewsUnsent(who) => "views-unsent" (who = who.clone()),
    Self::HeadOther { case, seq } => "head-other" (case = case.clone(), entry = *seq),
    Self::HeadHidden { case, seq } => "head-hidden" (case = case.clone(), entry = *seq),
    Self::HeadNotLogged { case, seq } => "head-not-logged" (case = case.clone(), entry = *seq),
    Self::HeadSplit { case, seq, who } => "head-split" (case = case.clone(), count = *seq, who = who.to_string()),
    Self::HeadBehind { case, seq, who } => "head-behind" (case = case.clone(), count = *seq, who = who.to_string()),
    Self::OrderRefused(why) => "order-refused" (why = why.coded()),
    Self::RedemptionEmpty => "redemption-empty",
    Self::ListsGone { from, to } => "lists-gone" (from = *from, to = *to),
} inner { Self::Log(e) => e, });

/// The faults of the books have their names from casework; a movement that the books refuse has its rule's words.
impl Code for Fault {
    const CODES: Codes = &[
        ("books-unreadable", &[]),
        ("books-malformed", &[]),
        ("books-unknown-charter", &[]),
        ("books-old-charter", &[]),
        ("books-unknown-signer", &[]),
        ("books-bad-signature", &[]),
        ("books-not-officer", &[]),
        ("books-not-finance", &[]),
        ("books-wrong-issuer", &[]),
        ("books-unknown-keyset", &[]),
        ("books-bad-order", &[]),
        ("books-ordered-twice", &["award"]),
        ("books-reserved-twice", &[]),
        ("books-not-reserved", &[]),
        ("books-out-of-range", &[]),
        ("books-double-spend", &[]),
        ("books-too-few-signatures", &["movement", "amount", "have", "need"]),
        ("books-award-without-order", &["amount"]),
        ("books-issued-without-tokens", &["amount"]),
        ("books-redeemed-without-tokens", &["amount"]),
        ("books-tokens-without-order", &["award"]),
        ("books-more-redeemed-than-issued", &["issuer", "denomination", "signed", "recognised"]),
        ("books-tokens-without-booking", &["award"]),
        ("books-redemption-without-booking", &["redemption"]),
        ("books-escrow-wrong", &[]),
    ];

    fn coded(&self) -> Coded {
        let arguments = match self {
            Self::Refused(refusal) => return refusal.coded(),
            Self::TooFewSignatures { movement, amount, have, need } => {
                vec![
                    ("movement", (*movement).into()),
                    ("amount", (*amount).into()),
                    ("have", (*have).into()),
                    ("need", (*need).into()),
                ]
            }
            Self::AwardWithoutOrder { amount }
            | Self::IssuedWithoutTokens { amount }
            | Self::RedeemedWithoutTokens { amount } => vec![("amount", (*amount).into())],
            Self::MoreRedeemed { issuer, denomination, signed, recognised } => {
                vec![
                    ("issuer", (*issuer).into()),
                    ("denomination", (*denomination).into()),
                    ("signed", (*signed).into()),
                    ("recognised", (*recognised).into()),
                ]
            }
            Self::TokensWithoutBooking { award }
            | Self::TokensWithoutOrder { award }
            | Self::OrderedTwice { award } => vec![("award", award.to_string().into())],
            Self::RedemptionWithoutBooking { redemption } => vec![("redemption", redemption.to_string().into())],
            _ => Vec::new(),
        };
        Coded { arguments, ..Coded::plain(format!("error-books-{}", self.code())) }
    }
}

codes!(ProofFault {
    Self::Malformed => "proof-malformed",
    Self::OtherIssuer => "proof-other-issuer",
    Self::Worthless => "proof-worthless",
    Self::Issuance(_) => "proof-issuance",
    Self::Redemption(_) => "proof-redemption",
    Self::Nullifiers => "proof-nullifiers",
});

codes!(Finding {
    Self::Books(ledger::Finding { record: Some(record), fault }) => "record-wrong"
        (record = *record, why = fault.coded()),
    Self::Proof { record, why } => "record-wrong" (record = *record, why = why.coded()),
    Self::NotLogged { record, epoch } => "record-not-logged" (record = *record, epoch = *epoch),
    Self::RecordsHidden { epoch } => "records-hidden" (epoch = *epoch),
    Self::ListChanged { epoch } => "list-changed" (epoch = *epoch),
    Self::CharterSecret { version } => "charter-secret" (version = *version),
} inner { Self::Books(ledger::Finding { record: None, fault }) => fault, });

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
    Self::WrongKind(name, kind) => "check-kind" (name = name.clone(), kind = *kind),
    Self::Number(name, _) => "check-number" (name = name.clone()),
    Self::OutOfRange(name, range) => "check-range" (name = name.clone(), range = range.clone()),
    Self::TooLong(name) => "check-long" (name = name.clone(), most = LIST_MAX),
    Self::Arithmetic { step, line, .. } => "check-arithmetic" (step = step.clone(), line = *line),
});

codes!(PolicyError {
    Self::Overflow(_) => "award-overflow",
    Self::OwnPart => "award-own-part",
    Self::NoThreshold => "award-threshold",
    Self::OutOfRange(_) => "award-range",
    Self::NotANumber => "award-number",
});

/// Every code of this crate's errors: each face checks that it has words for all of them.
pub fn all() -> Vec<(&'static str, &'static [&'static str])> {
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
        Note::CODES,
        Refused::CODES,
        RatchetError::CODES,
        OpenSealedError::CODES,
        SealedFault::CODES,
        Trouble::CODES,
        <Fault as Code>::CODES,
        ProofFault::CODES,
        Finding::CODES,
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
    fn no_error_with_codes_is_missing_from_the_list() {
        let source = include_str!("coded.rs");
        let code = source.split("#[cfg(test)]").next().unwrap_or_default();
        let list = code.split("pub fn all()").nth(1).unwrap_or_default();
        let by_macro = code.split("\ncodes!(").skip(1).filter_map(|rest| rest.split_whitespace().next());
        let by_hand = code.split("\nimpl Code for ").skip(1).filter_map(|rest| rest.split_whitespace().next());
        let types: Vec<&str> = by_macro.chain(by_hand).collect();
        assert!(types.len() > 25, "{types:?}");
        for name in types {
            let has_none = ["ViewError", "OfferError", "Refusal"].contains(&name);
            assert!(
                has_none || list.contains(&format!("{name}::CODES")) || list.contains(&format!("<{name} as Code>"))
            );
        }
        for code in Fault::CODES.iter().map(|code| format!("books-{code}")) {
            assert!(<Fault as Code>::CODES.iter().any(|(known, _)| *known == code), "{code}");
        }
    }

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
