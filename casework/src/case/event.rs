//! What can happen in a case. An event, once written, is never changed: fields are only ever added as new events.
//!
//! Spec: `docs/spec/case.md`, section "Events".

use serde::{Deserialize, Serialize};
use subrosa_crypto::{
    kdf,
    sign::{HolderId, VerifyingKey},
};

use super::{Detriment, Disclosure, SourcePosition};
use crate::{
    award::{AwardOrder, SourceStatement},
    bytes::{AwardRef, Blob, Digest, Signature},
    money::Cents,
    policy::AwardInputs,
};

/// The digest of a message's body, under its own label.
pub fn message_digest(body: &[u8]) -> Digest {
    Digest(kdf::digest("subrosa/message/v1", &[body]))
}

/// The tip, as the first officer found it on the board.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Received {
    /// The public half of the source's claim key, from inside the tip.
    pub claim_key: VerifyingKey,
    /// Digest of the deposit's receipt.
    pub receipt: Digest,
    /// [`message_digest`] of the tip.
    pub digest: Digest,
    /// The tip's bytes as the source's client encoded them.
    pub tip: Blob,
    /// Unix seconds, on the minute, at which the tip's epoch was published: the clocks start here.
    pub received_at: u64,
    /// The first team.
    pub team: Vec<HolderId>,
}

/// A message of the source.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageIn {
    /// [`message_digest`] of the body.
    pub digest: Digest,
    /// The body.
    pub body: Blob,
}

/// What a message to the source is for.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MessageKind {
    /// The tip has arrived and is being looked at.
    Acknowledgement,
    /// The source is asked something.
    Question,
    /// What was done, or is planned (the three-month duty).
    Feedback,
    /// Reasons of a decision on the award.
    Reasons,
    /// Anything else.
    Text,
}

/// A message to the source.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageOut {
    /// Its purpose.
    pub kind: MessageKind,
    /// [`message_digest`] of the body.
    pub digest: Digest,
    /// The body.
    pub body: Blob,
    /// The officer was shown the check for words that could name the source, and it found nothing, or the officer
    /// answered it.
    pub leak_checked: bool,
}

/// A pinned pack or policy.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pinned {
    /// Its id, such as `compute-thresholds`.
    pub id: String,
    /// Its version.
    pub version: u32,
    /// The labelled digest of its bytes.
    pub digest: Digest,
}

/// Triage's findings.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TriageSet {
    /// The regime pack under which the case runs.
    pub pack: Pinned,
    /// The violation class, by the pack's id for it.
    pub class: String,
    /// Jurisdiction: an upper-case code of two letters, such as `DE`, or `EU`.
    pub jurisdiction: String,
    /// 1 (slight) to 5 (grave).
    pub severity: u8,
}

/// The answers behind the retaliation score (ISO 37002 asks for this assessment). Each is 0 (no) to 3 (certainly).
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetaliationAnswers {
    /// The accused can guess who reported.
    pub guessable: u8,
    /// The accused has power over the source's work.
    pub power: u8,
    /// Retaliation was threatened or has happened.
    pub threatened: u8,
    /// The source depends on the job (visa, family, sole earner).
    pub dependence: u8,
    /// Few people know what the tip says.
    pub few_knew: u8,
}

impl RetaliationAnswers {
    /// 0 to 100, rounded down; `None` if an answer is above 3. A threat made counts double.
    pub fn score(&self) -> Option<u8> {
        let all = [self.guessable, self.power, self.threatened, self.threatened, self.dependence, self.few_knew];
        if all.iter().any(|a| *a > 3) {
            return None;
        }
        let sum: u32 = all.iter().map(|a| u32::from(*a)).sum();
        u8::try_from(sum * 100 / 18).ok()
    }
}

/// A piece of evidence.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// A name for people.
    pub name: String,
    /// Media type.
    pub media: String,
    /// Length in bytes.
    pub size: u64,
    /// Plain SHA-256 of the bytes.
    pub sha256: Digest,
    /// Where it comes from. Two items of one origin are not independent.
    pub origin: String,
    /// The item (by sequence number) that this one was derived from: the sealed original of a sanitised copy.
    pub derived_from: Option<u64>,
    /// How many people received this exact version, if anybody knows. Below ten it must not be forwarded.
    pub readers: Option<u32>,
}

/// What was done with a piece of evidence.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Handling {
    /// Looked at.
    Opened,
    /// Copied out of the case.
    Exported,
    /// Its digest was computed again and agreed.
    Verified,
}

/// A named person, organisation or place. A new one asks everybody again about conflicts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entity {
    /// The name.
    pub name: String,
    /// What it is.
    pub kind: EntityKind,
}

/// What an entity is.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EntityKind {
    /// A person.
    Person,
    /// A company, office or other body.
    Organisation,
    /// A site or address.
    Place,
}

/// What a machine check says. Never "proved".
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The facts agree with what the tip reports.
    Consistent,
    /// They contradict it.
    Inconsistent,
    /// They do not decide it.
    Indeterminate,
}

/// One line of a check's arithmetic.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckStep {
    /// What is computed.
    pub name: String,
    /// The formula.
    pub formula: String,
    /// The result with its unit.
    pub result: String,
}

/// A machine check's outcome.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckReport {
    /// The pack that holds the check.
    pub pack: Pinned,
    /// The arithmetic.
    pub steps: Vec<CheckStep>,
    /// What it says.
    pub verdict: Verdict,
    /// The rule that gave the verdict.
    pub because: String,
}

/// Why the accused was not asked, or what they said.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AccusedHeard {
    /// Their reply.
    Reply(String),
    /// Asking would endanger somebody: why.
    SafetyWaiver(String),
}

/// A decision of an authority.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorityDecision {
    /// Who decided.
    pub authority: String,
    /// Their reference.
    pub reference: String,
    /// Plain SHA-256 of the decision.
    pub sha256: Digest,
    /// The sanction, if there is one.
    pub sanction: Option<Cents>,
}

/// Answers about eligibility that come with a claim.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Eligibility {
    /// The source is an official acting in office.
    pub official: bool,
    /// The source is staff of this programme, or shares a household with it.
    pub programme_staff: bool,
    /// Compliance or audit staff who reported less than 120 days after reporting inside.
    pub compliance_too_early: bool,
    /// The source knew the report to be false.
    pub knowingly_false: bool,
    /// Legal review by hand is needed (state-owned enterprise, embargoed territory), and was made with a good outcome;
    /// `None` if not needed.
    pub review_passed: Option<bool>,
}

impl Eligibility {
    /// Whether an award is possible.
    pub fn allows(&self) -> bool {
        !(self.official
            || self.programme_staff
            || self.compliance_too_early
            || self.knowingly_false
            || self.review_passed == Some(false))
    }
}

/// What the public ledger left unreserved when somebody looked.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BudgetView {
    /// Public records read.
    pub records: u64,
    /// The whole budget.
    pub budget: Cents,
    /// What no award has reserved.
    pub unreserved: Cents,
}

/// Why a case closes.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CloseReason {
    /// Not this programme's matter; the source was told where to go.
    OutOfScope,
    /// The same matter is in another case.
    Duplicate {
        /// The other case.
        of: Digest,
    },
    /// Useful to know, no violation.
    Informative,
    /// Not a tip.
    Abusive,
    /// No answer to a question in time.
    Lapsed,
    /// The source took it back.
    Withdrawn,
    /// Investigated, not shown.
    Unsubstantiated,
    /// Nobody claimed the award.
    NoClaim,
    /// The award was denied.
    Denied,
}

/// A decision of two people. The first signs a proposal, the second confirms it; only then does it happen.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Act {
    /// Triage → Accepted, by two triagers.
    Accept,
    /// Triage or NeedsInfo → Closed, by two triagers.
    Close {
        /// Why.
        reason: CloseReason,
    },
    /// Investigating → Referred, by an investigator and an adjudicator.
    Refer {
        /// To whom.
        authority: String,
        /// The documented duty, if the source does not consent.
        duty: Option<String>,
        /// Plain SHA-256 of the redacted packet.
        packet: Digest,
    },
    /// Investigating or Referred → Substantiated, by two adjudicators.
    Substantiate {
        /// The findings.
        findings: String,
    },
    /// Investigating or Referred → Closed (unsubstantiated), by two adjudicators.
    CloseUnsubstantiated {
        /// The findings.
        findings: String,
    },
    /// AwardProposed → AwardFinal, by two adjudicators.
    FinalizeAward {
        /// The award's random public name.
        award_ref: AwardRef,
        /// What the ledger left unreserved.
        budget: BudgetView,
    },
    /// AwardProposed → Closed (denied), by two adjudicators.
    DenyAward {
        /// Why.
        reasons: String,
    },
    /// Contested → AwardProposed, by two adjudicators other than the proposer.
    DecideContest {
        /// The award's inputs as the panel sees them.
        inputs: AwardInputs,
        /// What the formula gives for them.
        amount: Cents,
        /// Why.
        reasons: String,
    },
    /// Closed → Triage, by two triagers.
    Reopen {
        /// Why.
        reason: String,
    },
    /// The feedback time becomes six months, by any two officers.
    ExtendFeedback {
        /// Why.
        reason: String,
    },
    /// A legal hold begins, by any two officers.
    Hold {
        /// Why.
        reason: String,
    },
    /// The legal hold ends, by any two officers.
    ReleaseHold {
        /// Why.
        reason: String,
    },
    /// Paid or Closed → Purged, by any two officers.
    Purge,
}

/// Who may see an internal note on the desk. (Every member of the team can decrypt it.)
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Visibility {
    /// The whole team.
    Team,
    /// Shown to adjudicators first: a draft of a decision.
    Adjudicators,
}

/// How two cases belong together.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// The other case reports the same matter and came first.
    DuplicateOf,
    /// The other case supports this one from an independent source.
    CorroboratedBy,
    /// They share a party or a site.
    Related,
}

/// A key sealed to one team member.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wrap {
    /// For whom.
    pub holder: HolderId,
    /// The sealed key, opaque here.
    pub sealed: Blob,
}

/// One event of a case.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// The case begins.
    Received(Received),
    /// The source wrote.
    MessageReceived(MessageIn),
    /// The source signed a statement with its claim key.
    SourceStated(SourceStatement),
    /// The team wrote to the source.
    MessageSent(MessageOut),
    /// The author has no conflict of interest with anything named so far.
    ConflictDenied {
        /// How many entities were named when the author declared.
        entities: u32,
    },
    /// The author leaves the case for a conflict of interest, now or ever.
    Recused {
        /// In general words.
        reason: String,
    },
    /// Somebody or something is named.
    EntityNamed(Entity),
    /// Received → Triage.
    TriageOpened,
    /// Triage's findings; may be set again while in triage.
    TriageSet(TriageSet),
    /// The retaliation risk; may be assessed again at any time.
    RetaliationAssessed(RetaliationAnswers),
    /// A machine check ran.
    MachineChecked(CheckReport),
    /// Accepted → Investigating; the author investigates.
    InvestigationOpened,
    /// Another investigator joins.
    InvestigatorJoined,
    /// A piece of evidence.
    EvidenceAdded(Evidence),
    /// Something was done with a piece of evidence.
    EvidenceHandled {
        /// The item's sequence number.
        item: u64,
        /// What was done.
        how: Handling,
    },
    /// The accused was heard, or could not safely be asked.
    AccusedHeard(AccusedHeard),
    /// An authority decided.
    AuthorityDecided(AuthorityDecision),
    /// First signature under a decision.
    Proposed(Act),
    /// Second signature under the decision proposed at this sequence number.
    Confirmed {
        /// The proposal's sequence number.
        proposal: u64,
    },
    /// A proposal is taken back by its author, or refused by another officer.
    ProposalDropped {
        /// The proposal's sequence number.
        proposal: u64,
    },
    /// Substantiated → ClaimOpen.
    ClaimWindowOpened {
        /// Digest of the public notice, which does not point to the case.
        notice: Digest,
    },
    /// The source's claim, with the answers about eligibility.
    ClaimFiled {
        /// Signed by the claim key; its act is `Claim`.
        statement: SourceStatement,
        /// The answers.
        eligibility: Eligibility,
    },
    /// ClaimOpen → Closed (no claim), after the last day.
    ClaimWindowClosed,
    /// ClaimOpen → AwardProposed.
    AwardProposed {
        /// The policy, pinned.
        policy: Pinned,
        /// What the formula was fed.
        inputs: AwardInputs,
        /// What it gave.
        amount: Cents,
    },
    /// The source's blinded tokens for the award.
    TokenRequestReceived {
        /// [`crate::award::batch_digest`] of the batch.
        digest: Digest,
        /// The batch, opaque here.
        batch: Blob,
    },
    /// The author, an adjudicator, signed the award order.
    OrderSigned {
        /// The order.
        order: AwardOrder,
        /// Ed25519, domain `subrosa/sig/award-order/v1`.
        signature: Signature,
    },
    /// AwardFinal → Paid: two administrators' public ledger records say that the award's tokens were issued.
    Paid {
        /// The encoded `wire::PublicRecord`s.
        records: Vec<Blob>,
    },
    /// An officer takes the case on, or gives it to another.
    Assigned {
        /// To whom.
        holder: HolderId,
    },
    /// Somebody joins the team; the case key reaches them in `wrap`.
    MemberAdded {
        /// Who, and the key sealed to them.
        wrap: Wrap,
    },
    /// Somebody of the team is no longer an officer of the charter.
    MemberLeft {
        /// Who.
        holder: HolderId,
    },
    /// The case key was turned: entries after this one are under the next generation.
    KeyTurned {
        /// The new generation: one more than before.
        generation: u32,
        /// The new key, for each remaining team member.
        wraps: Vec<Wrap>,
    },
    /// A word to find the case by.
    Tagged {
        /// The word.
        tag: String,
        /// Put on, or taken off.
        on: bool,
    },
    /// An internal note.
    Noted {
        /// The text.
        text: String,
        /// Who sees it.
        visibility: Visibility,
    },
    /// Something that could point to the source was told to somebody outside the team.
    Disclosed(Disclosure),
    /// The source suffers for its report: an entry of the diary.
    DetrimentNoted(Detriment),
    /// What the source says of its position.
    PositionStated(SourcePosition),
    /// Another case belongs to this one.
    Linked {
        /// The other case.
        other: Digest,
        /// How.
        relation: Relation,
    },
}

impl Event {
    /// A message of the source, with its digest computed.
    pub fn message_received(body: Vec<u8>) -> Self {
        Self::MessageReceived(MessageIn { digest: message_digest(&body), body: Blob(body) })
    }

    /// A message to the source, with its digest computed.
    pub fn message_sent(kind: MessageKind, body: Vec<u8>, leak_checked: bool) -> Self {
        Self::MessageSent(MessageOut { kind, digest: message_digest(&body), body: Blob(body), leak_checked })
    }

    /// A blinded batch, with its digest computed.
    pub fn token_request(batch: Vec<u8>) -> Self {
        Self::TokenRequestReceived { digest: crate::award::batch_digest(&batch), batch: Blob(batch) }
    }
}
