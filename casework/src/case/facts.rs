//! What a decision says, piece by piece: the same list for a page, a program and a report, each of which words it.

use subrosa_crypto::kdf;

use super::{Act, Author, Award, Case, CloseReason, Eligibility, Entity, Pinned, Proposal, Step, TriageSet};
use crate::{
    bytes::{AwardRef, Digest},
    money::Cents,
    policy::{AwardInputs, Flop, HarmInput},
};

named! {
    /// What a piece is about. Its words stand under `f-` and the name.
    pub enum FactKey {
        /// Why something is decided.
        Reason = "reason",
        /// The authority to which a case goes.
        Authority = "authority",
        /// The digest of the redacted packet.
        Packet = "packet",
        /// The documented duty to pass a case on.
        Duty = "duty",
        /// What an investigation found.
        Findings = "findings",
        /// The award's public name.
        AwardRef = "award-ref",
        /// An amount that is decided.
        Amount = "amount",
        /// Why an award is what it is, or is denied.
        Reasons = "reasons",
        /// The policy behind an amount.
        Policy = "policy",
        /// Whether the source has agreed with the amount.
        Accepted = "accepted",
        /// Whether a panel has decided the contest.
        Panel = "panel",
        /// The sanction that was collected.
        Sanction = "sanction",
        /// The part of it that the claimant's own conduct caused.
        OwnPart = "own-part",
        /// Factors that raise the share.
        Up = "up",
        /// Factors that lower the share.
        Down = "down",
        /// The estimate of a training run.
        Flop = "flop",
        /// The threshold when it was reported.
        Threshold = "threshold",
        /// The class of a harm, and how far it came.
        Harm = "harm",
        /// What was paid before in the case.
        Interim = "interim",
        /// The programme's budget.
        Budget = "budget",
        /// What of the budget no award has reserved.
        Unreserved = "unreserved",
        /// The digest of the source's blinded tokens.
        Batch = "batch-digest",
        /// A reference that somebody else gave.
        Reference = "reference",
        /// The plain SHA-256 of a document.
        Sha256 = "sha256",
        /// Who has signed the order.
        Signed = "signed",
        /// Somebody or something that the case names.
        Named = "named",
        /// Whether the source is an official acting in office.
        Official = "official",
        /// Whether the source is staff of the programme, or of its household.
        ProgrammeStaff = "programme-staff",
        /// Whether compliance staff reported too early after reporting inside.
        ComplianceTooEarly = "compliance-too-early",
        /// Whether the source knew the report to be false.
        KnowinglyFalse = "knowingly-false",
        /// What the legal review came to.
        Review = "review",
        /// The regime pack under which a case runs.
        Regime = "regime",
        /// The class of a violation.
        Class = "class",
        /// Where it happened.
        Jurisdiction = "jurisdiction",
        /// How grave it is: 1 to 5.
        Severity = "severity",
    }
}

/// The value of a piece, still without a language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown<'a> {
    /// Words that a person wrote.
    Words(&'a str),
    /// An amount of money.
    Money(Cents),
    /// A digest, in full.
    Digest(Digest),
    /// An award's public name.
    Award(AwardRef),
    /// Why a case closes.
    Close(&'a CloseReason),
    /// A number that counts something.
    Count(u64),
    /// A number of floating-point operations.
    Flop(Flop),
    /// How grave a harm is and how far it came.
    Harm(HarmInput),
    /// A policy's id and version.
    Policy(&'a str, u32),
    /// A regime pack, as a case pins it.
    Pack(&'a Pinned),
    /// A pack's class of violations, by the pack's name for it.
    Class(&'a Pinned, &'a str),
    /// A question's answer.
    Answer(bool),
    /// Whether the legal review had a good outcome; nothing, where none is needed.
    Review(Option<bool>),
    /// People, by their short names.
    People(Vec<subrosa_crypto::sign::HolderId>),
    /// What a case names; nothing, where it names nobody and nothing.
    Named(Option<&'a Entity>),
}

/// A piece of what is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact<'a> {
    /// What it is about.
    pub key: FactKey,
    /// What it says.
    pub value: Shown<'a>,
}

impl<'a> Fact<'a> {
    pub(super) fn new(key: FactKey, value: Shown<'a>) -> Self {
        Self { key, value }
    }
}

impl AwardInputs {
    /// What the formula is fed.
    pub fn facts<'a>(&self) -> Vec<Fact<'a>> {
        let mut out = Vec::new();
        if let Some(s) = &self.sanction {
            out.push(Fact::new(FactKey::Sanction, Shown::Money(s.collected)));
            out.push(Fact::new(FactKey::OwnPart, Shown::Money(s.own_part)));
            out.push(Fact::new(FactKey::Up, Shown::Count(s.up.into())));
            out.push(Fact::new(FactKey::Down, Shown::Count(s.down.into())));
        }
        if let Some(c) = &self.compute {
            out.push(Fact::new(FactKey::Flop, Shown::Flop(c.flop)));
            out.push(Fact::new(FactKey::Threshold, Shown::Flop(c.threshold)));
        }
        if let Some(h) = &self.harm {
            out.push(Fact::new(FactKey::Harm, Shown::Harm(*h)));
        }
        if self.interim != Cents::ZERO {
            out.push(Fact::new(FactKey::Interim, Shown::Money(self.interim)));
        }
        out.push(Fact::new(FactKey::Budget, Shown::Money(self.budget)));
        out.push(Fact::new(FactKey::Unreserved, Shown::Money(self.unreserved)));
        out
    }
}

impl TriageSet {
    /// What triage found, piece by piece.
    pub fn facts(&self) -> Vec<Fact<'_>> {
        vec![
            Fact::new(FactKey::Regime, Shown::Pack(&self.pack)),
            Fact::new(FactKey::Class, Shown::Class(&self.pack, &self.class)),
            Fact::new(FactKey::Jurisdiction, Shown::Words(&self.jurisdiction)),
            Fact::new(FactKey::Severity, Shown::Count(self.severity.into())),
        ]
    }
}

impl Eligibility {
    /// What was answered, question by question.
    pub fn facts<'a>(&self) -> Vec<Fact<'a>> {
        vec![
            Fact::new(FactKey::Official, Shown::Answer(self.official)),
            Fact::new(FactKey::ProgrammeStaff, Shown::Answer(self.programme_staff)),
            Fact::new(FactKey::ComplianceTooEarly, Shown::Answer(self.compliance_too_early)),
            Fact::new(FactKey::KnowinglyFalse, Shown::Answer(self.knowingly_false)),
            Fact::new(FactKey::Review, Shown::Review(self.review_passed)),
        ]
    }
}

impl Award {
    /// The award as it stands: amount, policy, what the formula was fed, and who agreed.
    pub fn facts(&self) -> Vec<Fact<'_>> {
        let mut out = vec![
            Fact::new(FactKey::Amount, Shown::Money(self.amount)),
            Fact::new(FactKey::Policy, Shown::Policy(&self.policy.id, self.policy.version)),
            Fact::new(FactKey::Accepted, Shown::Answer(self.accepted)),
            Fact::new(FactKey::Panel, Shown::Answer(self.panel_decided)),
        ];
        out.extend(self.inputs.facts());
        out
    }
}

impl Case {
    /// What `act` decides in this case, whole: what the act says, and the triage or the award that it is about.
    pub fn decision_facts<'a>(&'a self, act: &'a Act) -> Vec<Fact<'a>> {
        let mut out = act.facts();
        if let (Act::Accept, Some(set)) = (act, &self.triage) {
            out.extend(set.facts());
        }
        if let (Act::DecideContest { .. }, Some(award)) = (act, &self.award) {
            // The amount follows from the policy under which the award was proposed.
            let policy = Shown::Policy(&award.policy.id, award.policy.version);
            out.insert(1.min(out.len()), Fact::new(FactKey::Policy, policy));
        }
        if let (Act::FinalizeAward { .. } | Act::DenyAward { .. }, Some(award)) = (act, &self.award) {
            // The award says the budget as its formula saw it; the act says it as it is now.
            let stated: Vec<FactKey> = out.iter().map(|f| f.key).collect();
            out.extend(award.facts().into_iter().filter(|f| !stated.contains(&f.key)));
        }
        out
    }

    /// What the case names: a declaration is about each of these.
    pub fn named_facts(&self) -> Vec<Fact<'_>> {
        let fact = |entity| Fact::new(FactKey::Named, Shown::Named(entity));
        match self.entities.as_slice() {
            [] => vec![fact(None)],
            named => named.iter().map(|entity| fact(Some(entity))).collect(),
        }
    }

    /// What whoever takes `step` signs without having typed it, because the case itself says it, as a digest: the names
    /// of a declaration, what triage found where a case is accepted, the award that is made final or denied, the policy
    /// under which a panel decides, the order to the administrators. `None` for an act that takes nothing from the
    /// case. Whatever was shown is signed only while this stays the same ([`super::Command::AsShown`]).
    pub fn basis(&self, step: Step) -> Option<Digest> {
        let mut bytes = Vec::new();
        let award = self.award.as_ref();
        let written = match step {
            Step::Declare => ciborium::into_writer(&self.entities, &mut bytes),
            Step::Accept => ciborium::into_writer(&self.triage, &mut bytes),
            Step::Finalize | Step::Deny => {
                let agreed = |a: &Award| (a.accepted, a.panel_decided);
                let shown = award.map(|a| (a.amount, &a.policy, &a.inputs, agreed(a)));
                ciborium::into_writer(&shown, &mut bytes)
            }
            Step::Panel => ciborium::into_writer(&award.map(|a| &a.policy), &mut bytes),
            Step::SignOrder | Step::Deliver => ciborium::into_writer(&self.award_order(), &mut bytes),
            _ => return None,
        };
        written.ok()?;
        Some(Digest(kdf::digest("subrosa/act-basis/v1", &[&self.id.0, step.id().as_bytes(), &bytes])))
    }

    /// What an order to the administrators says, and who has signed it; empty before there is one.
    pub fn order_facts(&self) -> Vec<Fact<'_>> {
        let (Some(award), Some(order)) = (&self.award, self.award_order()) else { return Vec::new() };
        vec![
            Fact::new(FactKey::Amount, Shown::Money(order.amount)),
            Fact::new(FactKey::AwardRef, Shown::Award(order.award_ref)),
            Fact::new(FactKey::Policy, Shown::Policy(&award.policy.id, award.policy.version)),
            Fact::new(FactKey::Batch, Shown::Digest(order.batch)),
            Fact::new(FactKey::Signed, Shown::People(award.signatures.iter().map(|(h, _)| *h).collect())),
        ]
    }

    /// What was ordered and is said to be paid: the amount and the award's public name; empty before there is an award.
    pub fn paid_facts(&self) -> Vec<Fact<'_>> {
        let Some(award) = &self.award else { return Vec::new() };
        let mut out = vec![Fact::new(FactKey::Amount, Shown::Money(award.amount))];
        out.extend(award.award_ref.map(|name| Fact::new(FactKey::AwardRef, Shown::Award(name))));
        out
    }

    /// The digest of a waiting decision as it is shown to whoever signs second: the decision with who proposed it and
    /// when, and the award that it is about. `None` if no decision waits at this entry.
    pub fn proposal_digest(&self, seq: u64) -> Option<Digest> {
        let proposal = self.proposals.get(&seq)?;
        let Proposal { act, by: Author { holder, role, at, .. } } = proposal;
        let award = self.award.as_ref().map(|a| (a.amount, &a.policy, &a.inputs, a.accepted, a.panel_decided));
        let shown = (act, holder, role, at, award);
        let mut bytes = Vec::new();
        ciborium::into_writer(&shown, &mut bytes).ok()?;
        Some(Digest(kdf::digest("subrosa/proposal-shown/v2", &[&self.id.0, &seq.to_be_bytes(), &bytes])))
    }
}
