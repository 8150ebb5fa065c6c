//! Refusals: a rule that said no. Each has a stable code, for programs, and one plain sentence, for people.
//!
//! Spec: `docs/spec/case.md`, section "Rules".

use core::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{case::State, money::Cents, policy::PolicyError, records::Movement, role::RoleName};

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident $code:literal $text:literal;)*) => {
        /// A rule of casework.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Rule {
            $(#[doc = $text] $name,)*
        }

        impl Rule {
            /// Every rule once, in the order in which they stand in this list.
            pub const ALL: &[Rule] = &[$(Rule::$name),*];

            /// The stable name.
            pub fn code(self) -> &'static str {
                match self { $(Rule::$name => $code,)* }
            }

            /// The rule in plain words.
            pub fn text(self) -> &'static str {
                match self { $(Rule::$name => $text,)* }
            }
        }
    };
}

rules! {
    UnknownMember "unknown-member" "Only a member of the charter may write here.";
    WrongRole "wrong-role" "This act is for another role.";
    FinanceOutside "finance-outside" "Finance cannot read or write a case.";
    NotOnTeam "not-on-team" "Only the case's own team may write in it.";
    AlreadyOnTeam "already-on-team" "This person is on the team already.";
    StillMember "still-member" "This person is still an officer of the charter.";
    Recused "recused" "A recused person takes no further part in the case.";
    SamePerson "same-person" "Two different people must take this decision.";
    DeclarationMissing "declaration-missing" "Declare first that you have no conflict of interest in this case.";
    DeclarationStale "declaration-stale" "A new name came up in the case: declare again that you have no conflict of interest.";
    SeparationOfDuties "separation-of-duties" "Whoever did the earlier step may not do this one.";
    WrongState "wrong-state" "The case is not at the stage where this is possible.";
    NotReceived "not-received" "A case begins with a received tip, once.";
    CasePurged "case-purged" "The case is purged; nothing can be added.";
    TimeBackwards "time-backwards" "The entry is dated more than a day before others that stand.";
    FromTheFuture "from-the-future" "The entry is dated more than a day later than it can have been written.";
    NotAcknowledged "not-acknowledged" "The source must get an acknowledgement first.";
    NotTriaged "not-triaged" "Set the regime, the jurisdiction and the retaliation score first.";
    NoMachineCheck "no-machine-check" "Run and store the machine check first.";
    LeakCheckMissing "leak-check-missing" "A question must pass the check for words that could name the source.";
    BadDigest "bad-digest" "The digest does not match the content.";
    NoSuchProposal "no-such-proposal" "There is no such decision waiting for a second signature.";
    ProposalWaits "proposal-waits" "A decision of this kind waits for its second signature: look at it and confirm it, or drop it first.";
    ProposalChanged "proposal-changed" "This is no longer what was shown: look at it again before you sign.";
    NoSuchItem "no-such-item" "There is no such item in the case.";
    NotLapsed "not-lapsed" "The source still has time to answer.";
    NotWithdrawn "not-withdrawn" "Only the source can withdraw the tip, with a signed statement.";
    NoConsent "no-consent" "Passing the case on needs the source's consent or a documented duty.";
    EvidenceTooThin "evidence-too-thin" "Two independent pieces of evidence, or an authority's decision, are needed.";
    AccusedNotHeard "accused-not-heard" "The accused must be heard, or the danger of asking them recorded.";
    FeedbackMissing "feedback-missing" "The source must get feedback first.";
    ReasonMissing "reason-missing" "A reason is needed.";
    ClaimWindowOpen "claim-window-open" "The time for claims is not over.";
    ClaimWindowOver "claim-window-over" "The time for claims is over.";
    BadClaim "bad-claim" "The statement is not signed by the source's own key.";
    WrongJournal "wrong-journal" "What the source wrote belongs to another case.";
    NotAddressed "not-addressed" "The source did not write this to the person who hands it in.";
    WordsRepeated "words-repeated" "This message of the source stands in the case already.";
    RecipientLeftOut "recipient-left-out" "The first team must hold everybody to whom the source wrote.";
    SameTip "same-tip" "This is the tip that the case holds.";
    StatementUsed "statement-used" "This statement of the source was already used.";
    ClaimMissing "claim-missing" "The source has made no claim.";
    NotEligible "not-eligible" "The answers about eligibility do not allow an award.";
    EligibilityWrong "eligibility-wrong" "The answer about compliance staff contradicts the position and the dates that the case records.";
    PolicyUnknown "policy-unknown" "The award names a policy that is not in the charter, or whose amounts are in another currency than awards.";
    AmountWrong "amount-wrong" "The amount is not what the policy's formula gives.";
    AwardZero "award-zero"
        "An award of nothing is not decided: for these facts and this budget the formula gives no amount.";
    AwardOpen "award-open" "The source may still contest: wait, or get the source's signed acceptance.";
    ContestOver "contest-over" "The time to contest is over.";
    ContestWindowOpen "contest-window-open" "The time to contest is not over.";
    ReasonsNotSent "reasons-not-sent" "The source must get the reasons first.";
    PanelIncludesProposer "panel-includes-proposer" "Whoever proposed the award cannot sit on the panel.";
    BudgetShort "budget-short" "The unreserved budget does not cover the award.";
    NoTokenRequest "no-token-request" "The source's blinded tokens have not arrived.";
    BatchNotSigned "batch-not-signed" "The source has not signed for this batch of blinded tokens.";
    OrderMismatch "order-mismatch" "The award order does not match the case.";
    AlreadySigned "already-signed" "This person has signed it already.";
    BadSignature "bad-signature" "The signature is not valid.";
    NotIssued "not-issued"
        "All signers must have signed the tokens, and enough administrators must have stated so in public.";
    NoNewEvidence "no-new-evidence" "Reopening needs new evidence, or the source's signed wish.";
    RetentionRunning "retention-running" "The case must be kept longer.";
    LegalHold "legal-hold" "A legal hold keeps the case.";
    NoLegalHold "no-legal-hold" "There is no legal hold.";
    AlreadyExtended "already-extended" "The feedback time was extended before.";
    DeadlinePassed "deadline-passed" "The deadline has passed.";
    KeyMustTurn "key-must-turn" "The case began, or somebody left: its key must be turned before anything else is written.";
    WrongKeyGeneration "wrong-key-generation" "The entry is not under the case's current key.";
    WrapsWrong "wraps-wrong" "The new key must be wrapped for every remaining team member and for nobody else.";
    TooLong "too-long" "The text is too long.";
    Malformed "malformed" "The entry cannot be read.";
    ChainBroken "chain-broken" "The entry does not follow the one before it.";
    OutOfRange "out-of-range" "A number or date is out of range.";
    LedgerUnbalanced "ledger-unbalanced" "The movement does not balance, or an account would go below zero.";
    LedgerDuplicate "ledger-duplicate" "This movement was booked already.";
    NoSuchAward "no-such-award" "There is no such award in the ledger.";
}

impl Rule {
    /// The rule with this code.
    pub fn of_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|r| r.code() == code)
    }

    /// This rule, with what was seen.
    pub fn because(self, note: impl Into<Note>) -> Refusal {
        Refusal { rule: self, note: Some(note.into()) }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// What was seen when a rule said no. It has words of its own wherever people read it; `Display` is English.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Note {
    /// The charter names this person for another time.
    #[error("not a member at that time")]
    NotMemberThen,
    /// Someone whom the charter gives no role in cases.
    #[error("not an officer of the charter")]
    NotAnOfficer,
    /// The charter gives this person other roles than this one.
    #[error("the charter gives this person no {0}'s role")]
    RoleNotGiven(RoleName),
    /// The role in which the author wrote.
    #[error("acting as {0}")]
    ActingAs(RoleName),
    /// Two signers of these two roles, not of one.
    #[error("one {0} and one {1} are needed")]
    OneOfEach(RoleName, RoleName),
    /// Where the case stands.
    #[error("the case is {0}")]
    CaseIs(State),
    /// The entry that proposes what waits.
    #[error("entry {0}")]
    ProposedIn(u64),
    /// The key that was given is not the author's.
    #[error("the key is somebody else's")]
    OthersKey,
    /// A product leaves the range of numbers.
    #[error("the numbers are too large for the formula")]
    NumbersTooLarge,
    /// An input of the formula is out of its range.
    #[error("a number is outside the range that the formula allows")]
    FormulaRange,
    /// What the policy's formula gives for these facts.
    #[error("the formula gives {0}")]
    FormulaGives(Cents),
    /// A tip that was received after its entry was written.
    #[error("a tip cannot be received in the future")]
    ReceivedLater,
    /// One of triage's two codes is out of range.
    #[error("jurisdiction or severity")]
    JurisdictionOrSeverity,
    /// An answer about retaliation is out of range.
    #[error("answers run from 0 to 3")]
    AnswersRange,
    /// A machine check of another regime pack.
    #[error("the check is not from the pack that the case is filed under")]
    OtherPack,
    /// The message that is named was sent, not received.
    #[error("the receipt is not a message of the source")]
    NotFromSource,
    /// A link from a case to the same case.
    #[error("a case is not linked to itself")]
    LinkedToItself,
    /// A case closed as a duplicate of the same case.
    #[error("a case is no duplicate of itself")]
    DuplicateOfItself,
    /// The first signer was recused after proposing.
    #[error("the first signer left the case; propose again")]
    FirstLeft,
    /// A name came up after the first signer declared.
    #[error("the first signer must declare again")]
    FirstMustDeclare,
    /// A reason to close that is not the triagers' to give.
    #[error("this outcome belongs to a later stage")]
    LaterOutcome,
    /// Triagers cannot end what investigators began.
    #[error("an investigation ends by adjudicators")]
    AdjudicatorsEnd,
    /// A triager of this case wants to investigate it.
    #[error("whoever triaged the case does not investigate it")]
    TriagedBefore,
    /// An investigator of this case wants to propose its award.
    #[error("whoever investigated does not propose the award")]
    InvestigatedBefore,
    /// The digest is known under another id or version.
    #[error("id or version differ")]
    PolicyDiffers,
    /// Another statement stands where a claim belongs.
    #[error("the statement is not a claim")]
    NotAClaim,
    /// A bare claim, without the answers that it needs.
    #[error("a claim comes with the answers about eligibility")]
    ClaimNeedsAnswers,
    /// A signature stands under an order already.
    #[error("the order over an earlier batch is being signed")]
    EarlierBatch,
    /// The source accepted another amount than is proposed.
    #[error("the source agreed with another amount")]
    OtherAmountAgreed,
    /// The panel's decision is the last one.
    #[error("a panel has decided")]
    PanelDecided,
    /// A public record that is not in its form.
    #[error("a record cannot be read")]
    RecordUnreadable,
    /// A public record of another award, amount or kind.
    #[error("a record is about something else")]
    OtherRecord,
    /// The claim window closes otherwise than without a claim.
    #[error("the source has claimed")]
    SourceClaimed,
    /// A second legal hold on one case.
    #[error("there is one already")]
    HeldAlready,
    /// The batch of the order is not the one that the source signed.
    #[error("the source signed for another batch")]
    OtherBatchSigned,
    /// Fewer than two adjudicators signed the order.
    #[error("two adjudicators must sign the order first")]
    OrderUnsigned,
    /// The batch is not the one that the order names.
    #[error("the blinded batch is not the ordered one")]
    OtherBatchOrdered,
    /// Less than this amount is on the account.
    #[error("the account that it leaves does not hold {0}")]
    AccountShort(Cents),
    /// A movement moves something.
    #[error("an amount of zero")]
    AmountZero,
    /// The kind of movement that is booked under this name.
    #[error("{0}")]
    Booked(Movement),
    /// The wrong names for this kind of movement.
    #[error("a movement names its award, or its reference, and not both")]
    AwardOrReference,
    /// What is due, and what was booked.
    #[error("{0} is due, not {1}")]
    Due(Cents, Cents),
}

impl From<PolicyError> for Note {
    fn from(e: PolicyError) -> Self {
        match e {
            PolicyError::Overflow(_) => Self::NumbersTooLarge,
            PolicyError::OwnPart | PolicyError::NoThreshold | PolicyError::OutOfRange(_) | PolicyError::NotANumber => {
                Self::FormulaRange
            }
        }
    }
}

/// A rule said no. Nothing changed.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub struct Refusal {
    /// The rule that said no. Programs go by its code, people by its text.
    pub rule: Rule,
    /// What was seen, if that helps.
    pub note: Option<Note>,
}

impl Refusal {
    /// The rule's stable name.
    pub fn code(&self) -> &'static str {
        self.rule.code()
    }
}

impl From<Rule> for Refusal {
    fn from(rule: Rule) -> Self {
        Self { rule, note: None }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.note {
            Some(note) => write!(f, "{} ({note})", self.rule.text()),
            None => f.write_str(self.rule.text()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_distinct_and_texts_are_sentences() {
        let codes: std::collections::BTreeSet<_> = Rule::ALL.iter().map(|r| r.code()).collect();
        assert_eq!(codes.len(), Rule::ALL.len());
        for rule in Rule::ALL {
            assert!(rule.text().ends_with('.'), "{rule:?}");
            assert!(rule.code().bytes().all(|b| b.is_ascii_lowercase() || b == b'-'));
        }
    }
}
