//! Refusals: a rule that said no. Each has a stable code, for programs, and one plain sentence, for people.
//!
//! Spec: `docs/spec/case.md`, section "Rules".

use core::fmt;

use thiserror::Error;

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
    TimeBackwards "time-backwards" "An entry cannot be older than the one before it.";
    FromTheFuture "from-the-future" "The entry is dated more than a day later than it can have been written.";
    NotAcknowledged "not-acknowledged" "The source must get an acknowledgement first.";
    NotTriaged "not-triaged" "Set the regime, the jurisdiction and the retaliation score first.";
    NoMachineCheck "no-machine-check" "Run and store the machine check first.";
    LeakCheckMissing "leak-check-missing" "A question must pass the check for words that could name the source.";
    BadDigest "bad-digest" "The digest does not match the content.";
    NoSuchProposal "no-such-proposal" "There is no such decision waiting for a second signature.";
    ProposalWaits "proposal-waits" "A decision of this kind waits for its second signature: look at it and confirm it, or drop it first.";
    ProposalChanged "proposal-changed" "This is not the decision that was shown: look at it again before you sign.";
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
    PolicyUnknown "policy-unknown" "The award names a policy that is not in the charter.";
    AmountWrong "amount-wrong" "The amount is not what the policy's formula gives.";
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
    NotIssued "not-issued" "Two administrators must have stated publicly that the tokens were issued.";
    NoNewEvidence "no-new-evidence" "Reopening needs new evidence, or the source's signed wish.";
    RetentionRunning "retention-running" "The case must be kept longer.";
    LegalHold "legal-hold" "A legal hold keeps the case.";
    NoLegalHold "no-legal-hold" "There is no legal hold.";
    AlreadyExtended "already-extended" "The feedback time was extended before.";
    DeadlinePassed "deadline-passed" "The deadline has passed.";
    KeyMustTurn "key-must-turn" "After somebody left, the case key must be turned before anything else is written.";
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
    pub fn because(self, note: impl Into<String>) -> Refusal {
        Refusal { rule: self, note: Some(note.into()) }
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text())
    }
}

/// A rule said no. Nothing changed.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub struct Refusal {
    /// The rule that said no. Programs go by its code, people by its text.
    pub rule: Rule,
    /// What was seen, if that helps.
    pub note: Option<String>,
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
            Some(note) => write!(f, "{} ({}: {note})", self.rule.text(), self.code()),
            None => write!(f, "{} ({})", self.rule.text(), self.code()),
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
