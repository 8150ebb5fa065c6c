//! What can happen in a case. An event, once written, is never changed: fields are only ever added as new events.
//!
//! Spec: `docs/spec/case.md`, section "Events".

use serde::{Deserialize, Serialize};
use subrosa_crypto::{
    kdf,
    sign::{HolderId, VerifyingKey},
};

use super::{Act, Detriment, Disclosure, SourcePosition, Step};
use crate::{
    award::{AwardOrder, SourceStatement},
    bytes::{Blob, CaseSecret, Digest, Signature},
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
    /// The secret in the tip. With the claim key it gives the journal's name, so that no entry can put another claim
    /// key into this journal.
    pub case_secret: CaseSecret,
    /// The public half of the source's claim key, from inside the tip.
    pub claim_key: VerifyingKey,
    /// Digest of the deposit's receipt.
    pub receipt: Digest,
    /// [`message_digest`] of the tip.
    pub digest: Digest,
    /// The tip as the source signed it ([`crate::words::SignedWords`]). A person without our program has no claim key
    /// and signs nothing: then it is the message that stands for the sealed submission.
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
    /// The message as the source signed it: [`crate::words::SignedWords`].
    pub body: Blob,
}

/// A member's own copy of the tip is not the one that the journal holds: the source wrote different things to different
/// officers, or somebody passed it on altered.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contradiction {
    /// [`message_digest`] of the author's own copy.
    pub digest: Digest,
    /// The claim key in it.
    pub claim_key: VerifyingKey,
}

named! {
    /// What a message to the source is for.
    pub enum MessageKind {
        /// The tip has arrived and is being looked at.
        Acknowledgement = "acknowledgement",
        /// The source is asked something.
        Question = "question",
        /// What was done, or is planned (the three-month duty).
        Feedback = "feedback",
        /// Reasons of a decision on the award.
        Reasons = "reasons",
        /// Anything else that is said to the source.
        Text = "text",
    }
}

/// A message to the source.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MessageOut {
    /// What the message is for.
    pub kind: MessageKind,
    /// [`message_digest`] of the body.
    pub digest: Digest,
    /// The message itself, as its author encoded it.
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
    /// The number that its author counts up with each change.
    pub version: u32,
    /// The labelled digest of its bytes.
    pub digest: Digest,
}

/// What triage settles on: rules, class, country and weight.
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
    /// The media type, such as `application/pdf`.
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

named! {
    /// What was done with a piece of evidence.
    pub enum Handling {
        /// It was opened and looked at.
        Opened = "opened",
        /// Copied out of the case.
        Exported = "exported",
        /// Its digest was computed again and agreed.
        Verified = "verified",
    }
}

/// A named person, organisation or place. A new one asks everybody again about conflicts.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entity {
    /// Its name, as the case writes it.
    pub name: String,
    /// What it is.
    pub kind: EntityKind,
}

named! {
    /// What an entity is.
    pub enum EntityKind {
        /// A person, by name.
        Person = "person",
        /// A company, office or other body.
        Organisation = "organisation",
        /// A site or address.
        Place = "place",
    }
}

named! {
    /// What a machine check says. Never "proved".
    pub enum Verdict {
        /// The facts agree with what the tip reports.
        Consistent = "consistent",
        /// They contradict it.
        Inconsistent = "inconsistent",
        /// They do not decide it.
        Indeterminate = "indeterminate",
    }
}

/// One line of a check's arithmetic.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckStep {
    /// What is computed.
    pub name: String,
    /// The formula, with the pack's names in it.
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
    /// The arithmetic, in the order in which it was done.
    pub steps: Vec<CheckStep>,
    /// What it says.
    pub verdict: Verdict,
    /// The rule that gave the verdict.
    pub because: String,
}

tagged! {
    /// Why the accused was not asked, or what they said.
    pub enum AccusedHeard {
        /// What they replied, in their words.
        Reply(String) = "reply",
        /// Asking would endanger somebody: why.
        SafetyWaiver(String) = "safety-waiver",
    }
}

/// A decision of an authority.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorityDecision {
    /// The authority that decided, by name.
    pub authority: String,
    /// The reference under which they keep the decision.
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

named! {
    /// Who may see an internal note on the desk. (Every member of the team can decrypt it.)
    pub enum Visibility {
        /// The whole team.
        Team = "team",
        /// Shown to adjudicators first: a draft of a decision.
        Adjudicators = "adjudicators",
    }
}

named! {
    /// How two cases belong together.
    pub enum Relation {
        /// The other case reports the same matter and came first.
        DuplicateOf = "duplicate-of",
        /// The other case supports this one from an independent source.
        CorroboratedBy = "corroborated-by",
        /// They share a party or a site.
        Related = "related",
    }
}

/// A key sealed to one team member.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wrap {
    /// The member who can open it.
    pub holder: HolderId,
    /// The sealed key, opaque here.
    pub sealed: Blob,
}

/// A new key of a case, with the capability that goes with it. The entry commits to both, so that whoever is handed
/// another one sees it, and sees who did that.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Turned {
    /// The new generation: one more than before.
    pub generation: u32,
    /// [`crate::access::key_commitment`] of the new key.
    pub key: Digest,
    /// The journal's capability from the next entry on, as the server keeps it: its labelled digest.
    pub capability: Digest,
    /// Both, for each remaining team member.
    pub wraps: Vec<Wrap>,
}

tagged! {
    /// One event of a case.
    pub enum Event {
        /// The case begins.
        Received(Received) = "received",
        /// The source wrote.
        MessageReceived(MessageIn) = "message-received",
        /// The source signed a statement with its claim key.
        SourceStated(SourceStatement) = "source-stated",
        /// The author received another tip than the one that the journal holds.
        TipContradicted(Contradiction) = "tip-contradicted",
        /// The team wrote to the source.
        MessageSent(MessageOut) = "message-sent",
        /// The author has no conflict of interest with anything named so far.
        ConflictDenied {
            /// How many entities were named when the author declared.
            entities: u32,
        } = "conflict-denied",
        /// The author leaves the case for a conflict of interest, now or ever.
        Recused {
            /// In general words.
            reason: String,
        } = "recused",
        /// Somebody or something is named.
        EntityNamed(Entity) = "entity-named",
        /// Received → Triage.
        TriageOpened = "triage-opened",
        /// Triage's findings; may be set again while in triage.
        TriageSet(TriageSet) = "triage-set",
        /// The retaliation risk; may be assessed again at any time.
        RetaliationAssessed(RetaliationAnswers) = "retaliation-assessed",
        /// A machine check ran.
        MachineChecked(CheckReport) = "machine-checked",
        /// Accepted → Investigating; the author investigates.
        InvestigationOpened = "investigation-opened",
        /// Another investigator joins.
        InvestigatorJoined = "investigator-joined",
        /// A piece of evidence.
        EvidenceAdded(Evidence) = "evidence-added",
        /// Something was done with a piece of evidence.
        EvidenceHandled {
            /// The item's sequence number.
            item: u64,
            /// What was done.
            how: Handling,
        } = "evidence-handled",
        /// The accused was heard, or could not safely be asked.
        AccusedHeard(AccusedHeard) = "accused-heard",
        /// An authority decided.
        AuthorityDecided(AuthorityDecision) = "authority-decided",
        /// First signature under a decision.
        Proposed(Act) = "proposed",
        /// Second signature under the decision proposed at this sequence number.
        Confirmed {
            /// The proposal's sequence number.
            proposal: u64,
        } = "confirmed",
        /// A proposal is taken back by its author, or refused by another officer.
        ProposalDropped {
            /// The proposal's sequence number.
            proposal: u64,
        } = "proposal-dropped",
        /// Substantiated → ClaimOpen.
        ClaimWindowOpened {
            /// Digest of the public notice, which does not point to the case.
            notice: Digest,
        } = "claim-window-opened",
        /// The source's claim, with the answers about eligibility.
        ClaimFiled {
            /// Signed by the claim key; its act is `Claim`.
            statement: SourceStatement,
            /// The answers about eligibility that came with it.
            eligibility: Eligibility,
        } = "claim-filed",
        /// ClaimOpen → Closed (no claim), after the last day.
        ClaimWindowClosed = "claim-window-closed",
        /// ClaimOpen → AwardProposed.
        AwardProposed {
            /// The policy, pinned.
            policy: Pinned,
            /// What the formula was fed.
            inputs: AwardInputs,
            /// What it gave.
            amount: Cents,
        } = "award-proposed",
        /// The source's blinded tokens for the award.
        TokenRequestReceived {
            /// [`crate::award::batch_digest`] of the batch.
            digest: Digest,
            /// The batch, opaque here.
            batch: Blob,
        } = "token-request-received",
        /// The author, an adjudicator, signed the award order.
        OrderSigned {
            /// The order that the signature stands under.
            order: AwardOrder,
            /// Ed25519, domain `subrosa/sig/award-order/v1`.
            signature: Signature,
        } = "order-signed",
        /// AwardFinal → Paid: the public ledger records of as many administrators as the charter asks for say that the
        /// award's tokens were issued.
        Paid {
            /// The encoded `wire::PublicRecord`s.
            records: Vec<Blob>,
        } = "paid",
        /// An officer takes the case on, or gives it to another.
        Assigned {
            /// The officer who has it from now on.
            holder: HolderId,
        } = "assigned",
        /// Somebody joins the team; the case key reaches them in `wrap`.
        MemberAdded {
            /// Who, and the key sealed to them.
            wrap: Wrap,
        } = "member-added",
        /// Somebody of the team is no longer an officer of the charter.
        MemberLeft {
            /// The member who left.
            holder: HolderId,
        } = "member-left",
        /// The case key was turned: entries after this one are under the next generation.
        KeyTurned(Turned) = "key-turned",
        /// A word to find the case by.
        Tagged {
            /// The word to find the case by.
            tag: String,
            /// Put on, or taken off.
            on: bool,
        } = "tagged",
        /// An internal note.
        Noted {
            /// What the note says.
            text: String,
            /// Who sees it.
            visibility: Visibility,
        } = "noted",
        /// Something that could point to the source was told to somebody outside the team.
        Disclosed(Disclosure) = "disclosed",
        /// The source suffers for its report: an entry of the diary.
        DetrimentNoted(Detriment) = "detriment-noted",
        /// What the source says of its position.
        PositionStated(SourcePosition) = "position-stated",
        /// Another case belongs to this one.
        Linked {
            /// The other case.
            other: Digest,
            /// How the two belong together.
            relation: Relation,
        } = "linked",
    }
}

impl Event {
    /// The act of the catalogue that writes this event; `None` for what the programs write by themselves, and for the
    /// answer to a proposal.
    pub const fn step(&self) -> Option<Step> {
        Some(match self {
            Self::Received(_)
            | Self::MessageReceived(_)
            | Self::SourceStated(_)
            | Self::TipContradicted(_)
            | Self::TokenRequestReceived { .. }
            | Self::MemberAdded { .. }
            | Self::MemberLeft { .. }
            | Self::KeyTurned(_)
            | Self::Confirmed { .. }
            | Self::ProposalDropped { .. } => return None,
            Self::MessageSent(m) => match m.kind {
                MessageKind::Acknowledgement => Step::Acknowledge,
                MessageKind::Question => Step::Ask,
                MessageKind::Feedback => Step::Feedback,
                MessageKind::Reasons => Step::Reasons,
                MessageKind::Text => Step::Write,
            },
            Self::ConflictDenied { .. } => Step::Declare,
            Self::Recused { .. } => Step::Recuse,
            Self::EntityNamed(_) => Step::Name,
            Self::TriageOpened => Step::OpenTriage,
            Self::TriageSet(_) => Step::Triage,
            Self::RetaliationAssessed(_) => Step::Risk,
            Self::MachineChecked(_) => Step::Check,
            Self::InvestigationOpened => Step::Investigate,
            Self::InvestigatorJoined => Step::Join,
            Self::EvidenceAdded(_) => Step::Evidence,
            Self::EvidenceHandled { .. } => Step::Handle,
            Self::AccusedHeard(_) => Step::Accused,
            Self::AuthorityDecided(_) => Step::Authority,
            Self::Proposed(act) => act.step(),
            Self::ClaimWindowOpened { .. } => Step::OpenClaim,
            Self::ClaimFiled { .. } => Step::FileClaim,
            Self::ClaimWindowClosed => Step::CloseClaim,
            Self::AwardProposed { .. } => Step::ProposeAward,
            Self::OrderSigned { .. } => Step::SignOrder,
            Self::Paid { .. } => Step::Paid,
            Self::Assigned { .. } => Step::Assign,
            Self::Tagged { .. } => Step::Tag,
            Self::Noted { .. } => Step::Note,
            Self::Disclosed(_) => Step::Disclose,
            Self::DetrimentNoted(_) => Step::Detriment,
            Self::PositionStated(_) => Step::Position,
            Self::Linked { .. } => Step::Link,
        })
    }

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
