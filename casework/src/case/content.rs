//! What an event may say. Whether its author may write it at all stands in `guard` and `need`.

use std::collections::BTreeSet;

use subrosa_crypto::{
    sign::HolderId,
    wire::{PublicRecord, RecordKind},
};

use super::{
    AccusedHeard, Act, Author, Case, CheckReport, CloseReason, Context, Detriment, Disclosure, Eligibility, Event,
    Evidence, MessageKind, MessageOut, Pinned, Received, State, TriageSet, Wrap,
    facts::Shown,
    guard::{Allowed, contest_end},
    message_digest,
    need::{asked_inside, hold, lapsed},
    said,
};
use crate::{
    award::{AwardOrder, SourceAct, SourceStatement, batch_digest},
    bytes::{Blob, Digest, Signature},
    money::Cents,
    policy::AwardInputs,
    records::{LedgerBody, Movement},
    refusal::{Note, Rule},
    role::RoleName,
};

/// The longest text in one event: bytes. Leaves room for everything else in the longest journal entry.
const TEXT_MAX: usize = 96 * 1024;

/// The tip: what makes a case begin.
pub(super) fn receive(case: &Case, author: &Author, received: &Received, ctx: &Context<'_>) -> Allowed {
    if !received.team.contains(&author.holder) {
        return Err(Rule::NotOnTeam.into());
    }
    for holder in &received.team {
        known_officer(*holder, author.at, ctx)?;
    }
    hold(message_digest(&received.tip.0) == received.digest, Rule::BadDigest)?;
    said::tip_is_the_sources(case, author, received, ctx)?;
    if received.received_at > author.at {
        return Err(Rule::TimeBackwards.because(Note::ReceivedLater));
    }
    short(&received.tip)
}

/// Somebody with at least one role that may read cases.
pub(super) fn known_officer(holder: HolderId, at: u64, ctx: &Context<'_>) -> Allowed {
    let roles = [RoleName::Triager, RoleName::Investigator, RoleName::Adjudicator];
    if roles.iter().any(|role| ctx.members.check(holder, *role, at).is_ok()) {
        return Ok(());
    }
    Err(Rule::UnknownMember.because(Note::NotAnOfficer))
}

/// What an event says. What must hold before the act that writes it was asked before.
pub(super) fn content(case: &Case, author: &Author, event: &Event, ctx: &Context<'_>) -> Allowed {
    match event {
        Event::Received(_) => Err(Rule::NotReceived.into()),
        Event::MessageReceived(m) => said::message_received(case, author, m, ctx),
        Event::TipContradicted(own) => said::contradicted(case, author, own),
        Event::SourceStated(statement) => source_stated(case, author, statement, ctx),
        Event::MessageSent(m) => message_sent(m),
        Event::ConflictDenied { entities } => {
            hold(usize::try_from(*entities) == Ok(case.entities.len()), Rule::DeclarationStale)
        }
        Event::Recused { reason } => text(reason),
        Event::EntityNamed(entity) => text(&entity.name),
        Event::TriageSet(set) => triage_set(set),
        Event::RetaliationAssessed(answers) => {
            answers.score().map(|_| ()).ok_or_else(|| Rule::OutOfRange.because(Note::AnswersRange))
        }
        Event::MachineChecked(report) => from_own_pack(case, report),
        Event::EvidenceAdded(evidence) => evidence_added(case, evidence),
        Event::EvidenceHandled { item, .. } => evidence_item(case, *item),
        Event::AccusedHeard(AccusedHeard::Reply(words) | AccusedHeard::SafetyWaiver(words)) => text(words),
        Event::AuthorityDecided(decision) => text(&decision.authority),
        Event::Proposed(act) => decision(case, author, act, ctx),
        Event::Confirmed { proposal } => confirmed(case, author, *proposal, ctx),
        Event::ProposalDropped { proposal } => hold(case.proposals.contains_key(proposal), Rule::NoSuchProposal),
        Event::ClaimFiled { statement, eligibility } => claim_filed(case, statement, eligibility, ctx),
        Event::AwardProposed { policy, inputs, amount } => formula(ctx, policy, inputs, *amount),
        Event::TokenRequestReceived { digest, batch } => token_request(case, *digest, batch),
        Event::OrderSigned { order, signature } => order_signed(case, author, order, signature, ctx),
        Event::Paid { records } => issued(case, author, records, ctx),
        Event::Assigned { holder } => on_team(case, *holder),
        Event::MemberAdded { wrap } => member_added(case, author, wrap.holder, ctx),
        Event::MemberLeft { holder } => member_left(case, author, *holder, ctx),
        Event::KeyTurned(turned) => key_turned(case, turned.generation, &turned.wraps),
        Event::Tagged { tag, .. } => text(tag),
        Event::Noted { text: note, .. } => text(note),
        Event::Disclosed(Disclosure { to, what, ground, .. }) => {
            [to, what, ground].into_iter().try_for_each(|w| text(w))
        }
        Event::DetrimentNoted(detriment) => detriment_noted(case, detriment),
        Event::Linked { other, .. } => linked(case, *other),
        Event::TriageOpened
        | Event::InvestigationOpened
        | Event::InvestigatorJoined
        | Event::ClaimWindowOpened { .. }
        | Event::ClaimWindowClosed
        | Event::PositionStated(_) => Ok(()),
    }
}

fn message_sent(message: &MessageOut) -> Allowed {
    body(&message.body, message.digest)?;
    hold(message.kind != MessageKind::Question || message.leak_checked, Rule::LeakCheckMissing)
}

fn triage_set(set: &TriageSet) -> Allowed {
    text(&set.pack.id)?;
    text(&set.class)?;
    let code = set.jurisdiction.len() == 2 && set.jurisdiction.bytes().all(|b| b.is_ascii_uppercase());
    match code && (1..=5).contains(&set.severity) {
        true => Ok(()),
        false => Err(Rule::OutOfRange.because(Note::JurisdictionOrSeverity)),
    }
}

fn from_own_pack(case: &Case, report: &CheckReport) -> Allowed {
    match case.triage.as_ref().map(|t| &t.pack) == Some(&report.pack) {
        true => Ok(()),
        false => Err(Rule::NotTriaged.because(Note::OtherPack)),
    }
}

fn evidence_added(case: &Case, evidence: &Evidence) -> Allowed {
    text(&evidence.name)?;
    text(&evidence.origin)?;
    evidence.derived_from.map_or(Ok(()), |item| evidence_item(case, item))
}

fn detriment_noted(case: &Case, detriment: &Detriment) -> Allowed {
    text(&detriment.what)?;
    let known = |seq: &u64| case.messages.iter().any(|m| m.seq == *seq && m.sent.is_none());
    match detriment.message.as_ref().is_none_or(known) {
        true => Ok(()),
        false => Err(Rule::NoSuchItem.because(Note::NotFromSource)),
    }
}

fn linked(case: &Case, other: Digest) -> Allowed {
    match other.0 == case.id.0 {
        true => Err(Rule::OutOfRange.because(Note::LinkedToItself)),
        false => Ok(()),
    }
}

fn member_added(case: &Case, author: &Author, holder: HolderId, ctx: &Context<'_>) -> Allowed {
    hold(!case.recused.contains(&holder), Rule::Recused)?;
    hold(!case.team.contains(&holder), Rule::AlreadyOnTeam)?;
    known_officer(holder, author.at, ctx)
}

fn member_left(case: &Case, author: &Author, holder: HolderId, ctx: &Context<'_>) -> Allowed {
    on_team(case, holder)?;
    hold(known_officer(holder, author.at, ctx).is_err(), Rule::StillMember)
}

fn token_request(case: &Case, digest: Digest, batch: &Blob) -> Allowed {
    state(case, &[State::AwardProposed, State::AwardFinal])?;
    short(batch)?;
    hold(batch_digest(&batch.0) == digest, Rule::BadDigest)?;
    nobody_signed(case)
}

fn order_signed(case: &Case, author: &Author, order: &AwardOrder, signature: &Signature, ctx: &Context<'_>) -> Allowed {
    hold(case.award_order().as_ref() == Some(order), Rule::OrderMismatch)?;
    order.verify_one(ctx.members, author.holder, signature, author.at).map(|_| ())
}

/// The second signature: the second signer fits, the case still allows the decision, and so does what was learned
/// about the first signer since.
fn confirmed(case: &Case, author: &Author, proposal: u64, ctx: &Context<'_>) -> Allowed {
    let proposal = case.proposals.get(&proposal).ok_or(Rule::NoSuchProposal)?;
    let (act, first) = (&proposal.act, &proposal.by);
    if first.holder == author.holder {
        return Err(Rule::SamePerson.into());
    }
    if case.recused.contains(&first.holder) {
        return Err(Rule::Recused.because(Note::FirstLeft));
    }
    ctx.members.check(first.holder, first.role, author.at)?;
    if !case.has_declared(first.holder) {
        return Err(Rule::DeclarationStale.because(Note::FirstMustDeclare));
    }
    act.step().spec().goes_with(first, author)?;
    act.step().spec().holds(case, author, ctx)?;
    decision(case, author, act, ctx)?;
    act.step().spec().still_fits(case, first, ctx)
}

/// What a decision says: its words say something, and its numbers are right.
fn decision(case: &Case, author: &Author, act: &Act, ctx: &Context<'_>) -> Allowed {
    for fact in act.facts() {
        if let Shown::Words(words) = fact.value {
            text(words)?;
        }
    }
    match act {
        Act::Close { reason } => close(case, author, reason, ctx),
        Act::Refer { duty: None, .. } if !case.consent => Err(Rule::NoConsent.into()),
        Act::FinalizeAward { budget, .. } => {
            let award = case.award.as_ref().ok_or(Rule::WrongState)?;
            match budget.unreserved > budget.budget || award.amount > budget.unreserved {
                true => Err(Rule::BudgetShort.into()),
                false => Ok(()),
            }
        }
        Act::DecideContest { inputs, amount, .. } => {
            let award = case.award.as_ref().ok_or(Rule::WrongState)?;
            formula(ctx, &award.policy, inputs, *amount)
        }
        // Every other decision says no more than its words.
        _ => Ok(()),
    }
}

/// Which reasons to close are the triagers' to give.
fn close(case: &Case, author: &Author, reason: &CloseReason, ctx: &Context<'_>) -> Allowed {
    match reason {
        CloseReason::Lapsed => {
            state(case, &[State::NeedsInfo])?;
            match lapsed(case, author, ctx)? {
                true => Ok(()),
                false => Err(Rule::NotLapsed.into()),
            }
        }
        CloseReason::Withdrawn => Err(Rule::NotWithdrawn.into()),
        CloseReason::Duplicate { of } if of.0 == case.id.0 => Err(Rule::OutOfRange.because(Note::DuplicateOfItself)),
        CloseReason::Unsubstantiated | CloseReason::NoClaim | CloseReason::Denied => {
            Err(Rule::WrongState.because(Note::LaterOutcome))
        }
        CloseReason::OutOfScope | CloseReason::Informative | CloseReason::Abusive | CloseReason::Duplicate { .. } => {
            match asked_inside(case) {
                true => Err(Rule::SeparationOfDuties.because(Note::AdjudicatorsEnd)),
                false => Ok(()),
            }
        }
    }
}

/// Whether the pinned policy's formula gives this amount for these inputs, and whether it is one: whoever is to get
/// nothing is denied an award, with reasons.
fn formula(ctx: &Context<'_>, pinned: &Pinned, inputs: &AwardInputs, amount: Cents) -> Allowed {
    let policy = ctx.policy(pinned.digest).ok_or(Rule::PolicyUnknown)?;
    if policy.pinned() != *pinned {
        return Err(Rule::PolicyUnknown.because(Note::PolicyDiffers));
    }
    hold(policy.pays(), Rule::PolicyUnknown)?;
    let result = policy.award(inputs).map_err(|e| Rule::OutOfRange.because(e))?;
    if result.amount != amount {
        return Err(Rule::AmountWrong.because(Note::FormulaGives(result.amount)));
    }
    hold(amount != Cents::ZERO, Rule::AwardZero)
}

fn claim_filed(case: &Case, statement: &SourceStatement, eligibility: &Eligibility, ctx: &Context<'_>) -> Allowed {
    if let Some(early) = case.compliance_too_early(ctx.programme)
        && early != eligibility.compliance_too_early
    {
        return Err(Rule::EligibilityWrong.into());
    }
    if statement.act != SourceAct::Claim {
        return Err(Rule::BadClaim.because(Note::NotAClaim));
    }
    said::source_signed(case, statement)
}

/// A batch is not changed any more once somebody signed the order over it.
fn nobody_signed(case: &Case) -> Allowed {
    match case.award.as_ref().is_some_and(|a| !a.signatures.is_empty()) {
        true => Err(Rule::AlreadySigned.because(Note::EarlierBatch)),
        false => Ok(()),
    }
}

fn source_stated(case: &Case, author: &Author, statement: &SourceStatement, ctx: &Context<'_>) -> Allowed {
    said::source_signed(case, statement)?;
    match &statement.act {
        SourceAct::Claim => Err(Rule::NotEligible.because(Note::ClaimNeedsAnswers)),
        SourceAct::Withdraw => state(case, &[State::Received, State::Triage, State::NeedsInfo]),
        SourceAct::ConsentToReferral => Ok(()),
        SourceAct::Reopen => state(case, &[State::Closed]),
        SourceAct::AcceptAward { amount } => {
            state(case, &[State::AwardProposed])?;
            if case.award.as_ref().map(|a| a.amount) != Some(*amount) {
                return Err(Rule::AmountWrong.because(Note::OtherAmountAgreed));
            }
            Ok(())
        }
        SourceAct::RequestTokens { .. } => {
            state(case, &[State::AwardProposed, State::AwardFinal])?;
            nobody_signed(case)
        }
        SourceAct::Contest => {
            state(case, &[State::AwardProposed])?;
            let award = case.award.as_ref().ok_or(Rule::WrongState)?;
            if award.panel_decided {
                return Err(Rule::ContestOver.because(Note::PanelDecided));
            }
            match author.at <= contest_end(award.proposed_at, ctx)? {
                true => Ok(()),
                false => Err(Rule::ContestOver.into()),
            }
        }
    }
}

/// As many administrators as the charter asked for then stated publicly that this award's tokens were issued: in full,
/// but for what is less than one token.
fn issued(case: &Case, author: &Author, records: &[Blob], ctx: &Context<'_>) -> Allowed {
    let award = case.award.as_ref().ok_or(Rule::WrongState)?;
    let award_ref = award.award_ref.ok_or(Rule::WrongState)?;
    let mut signers = BTreeSet::new();
    let mut amounts = BTreeSet::new();
    for bytes in records {
        let record = PublicRecord::decode(&bytes.0).map_err(|_| Rule::Malformed.because(Note::RecordUnreadable))?;
        let member = ctx.members.check(record.signer, RoleName::Finance, author.at)?;
        member
            .key
            .verify(subrosa_crypto::sign::Domain::RECORD, &record.signed_part(), &record.signature)
            .map_err(|_| Rule::BadSignature)?;
        let body = LedgerBody::parse(&record.body).map_err(|_| Rule::Malformed.because(Note::RecordUnreadable))?;
        let fits = record.kind == RecordKind::Ledger
            && body.movement == Movement::TokensIssued
            && body.award_ref == Some(award_ref)
            && body.amount <= award.amount
            && award.amount.saturating_sub(body.amount) < ctx.programme.smallest_token;
        if !fits {
            return Err(Rule::NotIssued.because(Note::OtherRecord));
        }
        signers.insert(record.signer);
        amounts.insert(body.amount);
    }
    if signers.len() < ctx.members.quorum(author.at) || amounts.len() != 1 {
        return Err(Rule::NotIssued.into());
    }
    Ok(())
}

fn key_turned(case: &Case, generation: u32, wraps: &[Wrap]) -> Allowed {
    if Some(generation) != case.key_generation.checked_add(1) {
        return Err(Rule::WrongKeyGeneration.into());
    }
    let named: BTreeSet<_> = wraps.iter().map(|w| w.holder).collect();
    if named.len() != wraps.len() || named != case.team {
        return Err(Rule::WrapsWrong.into());
    }
    Ok(())
}

fn state(case: &Case, allowed: &[State]) -> Allowed {
    if allowed.contains(&case.state) {
        return Ok(());
    }
    Err(Rule::WrongState.because(Note::CaseIs(case.state)))
}

fn on_team(case: &Case, holder: HolderId) -> Allowed {
    hold(case.team.contains(&holder), Rule::NotOnTeam)
}

fn evidence_item(case: &Case, item: u64) -> Allowed {
    hold(case.evidence.contains_key(&item), Rule::NoSuchItem)
}

/// A message's body, and the digest that the entry gives for it.
pub(super) fn body(body: &Blob, digest: Digest) -> Allowed {
    short(body)?;
    hold(message_digest(&body.0) == digest, Rule::BadDigest)
}

fn short(body: &Blob) -> Allowed {
    hold(body.0.len() <= TEXT_MAX, Rule::TooLong)
}

/// A text that must say something.
fn text(words: &str) -> Allowed {
    if words.trim().is_empty() {
        return Err(Rule::ReasonMissing.into());
    }
    hold(words.len() <= TEXT_MAX, Rule::TooLong)
}
