//! Whether an event may stand. The one place that says no: commands and read-back journals both pass here.

use std::collections::BTreeSet;

use subrosa_crypto::wire::{PublicRecord, RecordKind};

use super::{AccusedHeard, Author, Case, Context, Event, MessageKind, Received, State, Wrap, message_digest};
use crate::{
    award::{SourceAct, SourceStatement, batch_digest},
    bytes::Blob,
    records::{LedgerBody, Movement},
    refusal::{Refusal, Rule},
    role::RoleName,
};

/// The longest text in one event: bytes. Leaves room for everything else in the longest journal entry.
pub(super) const TEXT_MAX: usize = 96 * 1024;

type Allowed = Result<(), Refusal>;

/// Refuses an event that breaks a rule; see the table in `docs/spec/case.md`. Signatures and the chain are the
/// journal's business ([`crate::journal`]); here `author` is taken as proven.
///
/// # Errors
/// The first rule that says no.
pub fn admit(case: &Case, author: &Author, event: &Event, ctx: &Context<'_>) -> Allowed {
    ctx.members.check(author.holder, author.role, author.at)?;
    if author.role == RoleName::Finance {
        return Err(Rule::FinanceOutside.into());
    }
    match (case.state, event) {
        (State::Empty, Event::Received(received)) => return receive(author, received, ctx),
        (State::Empty, _) | (_, Event::Received(_)) => return Err(Rule::NotReceived.into()),
        (State::Purged, _) => return Err(Rule::CasePurged.into()),
        _ => {}
    }
    if case.recused.contains(&author.holder) {
        return Err(Rule::Recused.into());
    }
    if !case.team.contains(&author.holder) {
        return Err(Rule::NotOnTeam.into());
    }
    if author.at < case.last_at {
        return Err(Rule::TimeBackwards.into());
    }
    let leaving = matches!(event, Event::KeyTurned { .. } | Event::Recused { .. } | Event::MemberLeft { .. });
    if case.turn_key && !leaving {
        return Err(Rule::KeyMustTurn.into());
    }
    inner(case, author, event, ctx)
}

fn receive(author: &Author, received: &Received, ctx: &Context<'_>) -> Allowed {
    if !received.team.contains(&author.holder) {
        return Err(Rule::NotOnTeam.into());
    }
    for holder in &received.team {
        known_officer(*holder, author.at, ctx)?;
    }
    if message_digest(&received.tip.0) != received.digest {
        return Err(Rule::BadDigest.into());
    }
    if received.received_at > author.at {
        return Err(Rule::TimeBackwards.because("a tip cannot be received in the future"));
    }
    short(&received.tip)
}

/// Somebody with at least one role that may read cases.
fn known_officer(holder: subrosa_crypto::sign::HolderId, at: u64, ctx: &Context<'_>) -> Allowed {
    let roles = [RoleName::Triager, RoleName::Investigator, RoleName::Adjudicator];
    if roles.iter().any(|role| ctx.members.check(holder, *role, at).is_ok()) {
        return Ok(());
    }
    Err(Rule::UnknownMember.because("not an officer of the charter"))
}

fn inner(case: &Case, author: &Author, event: &Event, ctx: &Context<'_>) -> Allowed {
    use RoleName::{Adjudicator, Investigator, Triager};
    match event {
        Event::Received(_) => Err(Rule::NotReceived.into()),
        Event::MessageReceived(m) => {
            short(&m.body)?;
            matches_digest(message_digest(&m.body.0) == m.digest)
        }
        Event::SourceStated(statement) => source_stated(case, author, statement, ctx),
        Event::MessageSent(m) => {
            short(&m.body)?;
            matches_digest(message_digest(&m.body.0) == m.digest)?;
            if m.kind == MessageKind::Question {
                role(author, &[Triager, Investigator])?;
                if !m.leak_checked {
                    return Err(Rule::LeakCheckMissing.into());
                }
            }
            Ok(())
        }
        Event::ConflictDenied { entities } => {
            if usize::try_from(*entities) != Ok(case.entities.len()) {
                return Err(Rule::DeclarationStale.into());
            }
            Ok(())
        }
        Event::Recused { reason } => text(reason),
        Event::EntityNamed(entity) => text(&entity.name),
        Event::TriageOpened => {
            state(case, &[State::Received])?;
            role(author, &[Triager])?;
            if case.acknowledged.is_none() {
                return Err(Rule::NotAcknowledged.into());
            }
            declared(case, author)
        }
        Event::TriageSet(set) => {
            state(case, &[State::Triage])?;
            role(author, &[Triager])?;
            declared(case, author)?;
            text(&set.pack.id)?;
            text(&set.class)?;
            let code = set.jurisdiction.len() == 2 && set.jurisdiction.bytes().all(|b| b.is_ascii_uppercase());
            if !code || !(1..=5).contains(&set.severity) {
                return Err(Rule::OutOfRange.because("jurisdiction or severity"));
            }
            Ok(())
        }
        Event::RetaliationAssessed(answers) => {
            declared(case, author)?;
            answers.score().map(|_| ()).ok_or_else(|| Rule::OutOfRange.because("answers run from 0 to 3"))
        }
        Event::MachineChecked(report) => {
            declared(case, author)?;
            let pack = case.triage.as_ref().map(|t| &t.pack);
            if pack != Some(&report.pack) {
                return Err(Rule::NotTriaged.because("the check is not from the pack that the case is filed under"));
            }
            Ok(())
        }
        Event::InvestigationOpened => {
            state(case, &[State::Accepted])?;
            role(author, &[Investigator])?;
            declared(case, author)?;
            if case.triagers.contains(&author.holder) {
                return Err(Rule::SeparationOfDuties.because("whoever triaged the case does not investigate it"));
            }
            if case.checks.is_empty() {
                return Err(Rule::NoMachineCheck.into());
            }
            Ok(())
        }
        Event::InvestigatorJoined => {
            state(case, &[State::Investigating, State::Referred])?;
            role(author, &[Investigator])?;
            declared(case, author)?;
            if case.triagers.contains(&author.holder) {
                return Err(Rule::SeparationOfDuties.because("whoever triaged the case does not investigate it"));
            }
            Ok(())
        }
        Event::EvidenceAdded(evidence) => {
            text(&evidence.name)?;
            text(&evidence.origin)?;
            match evidence.derived_from {
                Some(item) => evidence_item(case, item),
                None => Ok(()),
            }
        }
        Event::EvidenceHandled { item, .. } => evidence_item(case, *item),
        Event::AccusedHeard(heard) => {
            state(case, &[State::Investigating, State::Referred])?;
            role(author, &[Investigator, Adjudicator])?;
            declared(case, author)?;
            match heard {
                AccusedHeard::Reply(words) | AccusedHeard::SafetyWaiver(words) => text(words),
            }
        }
        Event::AuthorityDecided(decision) => {
            state(case, &[State::Investigating, State::Referred, State::Substantiated, State::ClaimOpen])?;
            declared(case, author)?;
            text(&decision.authority)
        }
        Event::Proposed(act) => {
            act.first_role(author)?;
            declared(case, author)?;
            act.allowed(case, author, ctx)
        }
        Event::Confirmed { proposal } => {
            let proposal = case.proposals.get(proposal).ok_or(Rule::NoSuchProposal)?;
            if proposal.by.holder == author.holder {
                return Err(Rule::SamePerson.into());
            }
            if case.recused.contains(&proposal.by.holder) {
                return Err(Rule::Recused.because("the first signer left the case; propose again"));
            }
            ctx.members.check(proposal.by.holder, proposal.by.role, author.at)?;
            if !case.has_declared(proposal.by.holder) {
                return Err(Rule::DeclarationStale.because("the first signer must declare again"));
            }
            proposal.act.second_role(&proposal.by, author)?;
            declared(case, author)?;
            proposal.act.allowed(case, author, ctx)?;
            proposal.act.first_still_fits(case, &proposal.by)
        }
        Event::ProposalDropped { proposal } => match case.proposals.contains_key(proposal) {
            true => Ok(()),
            false => Err(Rule::NoSuchProposal.into()),
        },
        Event::ClaimWindowOpened { .. } => {
            state(case, &[State::Substantiated])?;
            declared(case, author)
        }
        Event::ClaimFiled { statement, eligibility } => {
            state(case, &[State::ClaimOpen])?;
            claim_window(case, author, ctx, true)?;
            if let Some(early) = case.compliance_too_early(ctx.programme)
                && early != eligibility.compliance_too_early
            {
                return Err(Rule::EligibilityWrong.into());
            }
            if statement.act != SourceAct::Claim {
                return Err(Rule::BadClaim.because("the statement is not a claim"));
            }
            source_signed(case, statement)
        }
        Event::ClaimWindowClosed => {
            state(case, &[State::ClaimOpen])?;
            if case.claim.is_some() {
                return Err(Rule::WrongState.because("the source has claimed"));
            }
            claim_window(case, author, ctx, false)
        }
        Event::AwardProposed { policy, inputs, amount } => {
            state(case, &[State::ClaimOpen])?;
            role(author, &[Adjudicator])?;
            declared(case, author)?;
            if case.investigators.contains(&author.holder) {
                return Err(Rule::SeparationOfDuties.because("whoever investigated does not propose the award"));
            }
            let eligibility = case.claim.as_ref().ok_or(Rule::ClaimMissing)?;
            if !eligibility.allows() {
                return Err(Rule::NotEligible.into());
            }
            super::act::formula(ctx, policy, inputs, *amount)
        }
        Event::TokenRequestReceived { digest, batch } => {
            state(case, &[State::AwardProposed, State::AwardFinal])?;
            short(batch)?;
            matches_digest(batch_digest(&batch.0) == *digest)?;
            if case.award.as_ref().is_some_and(|a| !a.signatures.is_empty()) {
                return Err(Rule::AlreadySigned.because("the order over an earlier batch is being signed"));
            }
            Ok(())
        }
        Event::OrderSigned { order, signature } => {
            state(case, &[State::AwardFinal])?;
            role(author, &[Adjudicator])?;
            declared(case, author)?;
            let expected = case.award_order().ok_or(Rule::NoTokenRequest)?;
            if *order != expected {
                return Err(Rule::OrderMismatch.into());
            }
            match case.award.as_ref().and_then(|a| a.signed_batch) {
                Some(signed) if signed != order.batch => {
                    return Err(Rule::OrderMismatch.because("the source signed for another batch"));
                }
                None if ctx.programme.signed_batches => return Err(Rule::BatchNotSigned.into()),
                Some(_) | None => {}
            }
            if case.award.as_ref().is_some_and(|a| a.signatures.iter().any(|(h, _)| *h == author.holder)) {
                return Err(Rule::AlreadySigned.into());
            }
            order.verify_one(ctx.members, author.holder, signature, author.at).map(|_| ())
        }
        Event::Paid { records } => {
            state(case, &[State::AwardFinal])?;
            issued(case, author, records, ctx)
        }
        Event::Assigned { holder } => on_team(case, *holder),
        Event::MemberAdded { wrap } => {
            if case.recused.contains(&wrap.holder) {
                return Err(Rule::Recused.into());
            }
            if case.team.contains(&wrap.holder) {
                return Err(Rule::AlreadyOnTeam.into());
            }
            known_officer(wrap.holder, author.at, ctx)
        }
        Event::MemberLeft { holder } => {
            on_team(case, *holder)?;
            match known_officer(*holder, author.at, ctx) {
                Ok(()) => Err(Rule::StillMember.into()),
                Err(_) => Ok(()),
            }
        }
        Event::KeyTurned { generation, wraps } => key_turned(case, *generation, wraps),
        Event::Tagged { tag, .. } => text(tag),
        Event::Noted { text: note, .. } => text(note),
        Event::Disclosed(disclosure) => {
            declared(case, author)?;
            text(&disclosure.to)?;
            text(&disclosure.what)?;
            text(&disclosure.ground)
        }
        Event::DetrimentNoted(detriment) => {
            text(&detriment.what)?;
            let known = |seq: &u64| case.messages.iter().any(|m| m.seq == *seq && m.sent.is_none());
            match detriment.message.as_ref().is_none_or(known) {
                true => Ok(()),
                false => Err(Rule::NoSuchItem.because("the receipt is not a message of the source")),
            }
        }
        Event::PositionStated(_) => declared(case, author),
        Event::Linked { other, .. } => match other.0 == case.id.0 {
            true => Err(Rule::OutOfRange.because("a case is not linked to itself")),
            false => Ok(()),
        },
    }
}

fn source_stated(case: &Case, author: &Author, statement: &SourceStatement, ctx: &Context<'_>) -> Allowed {
    source_signed(case, statement)?;
    match &statement.act {
        SourceAct::Claim => Err(Rule::NotEligible.because("a claim comes with the answers about eligibility")),
        SourceAct::Withdraw => state(case, &[State::Received, State::Triage, State::NeedsInfo]),
        SourceAct::ConsentToReferral => Ok(()),
        SourceAct::Reopen => state(case, &[State::Closed]),
        SourceAct::AcceptAward { amount } => {
            state(case, &[State::AwardProposed])?;
            if case.award.as_ref().map(|a| a.amount) != Some(*amount) {
                return Err(Rule::AmountWrong.because("the source agreed with another amount"));
            }
            Ok(())
        }
        SourceAct::RequestTokens { .. } => {
            state(case, &[State::AwardProposed, State::AwardFinal])?;
            match case.award.as_ref().is_some_and(|a| !a.signatures.is_empty()) {
                true => Err(Rule::AlreadySigned.because("the order over an earlier batch is being signed")),
                false => Ok(()),
            }
        }
        SourceAct::Contest => {
            state(case, &[State::AwardProposed])?;
            let award = case.award.as_ref().ok_or(Rule::WrongState)?;
            if award.panel_decided {
                return Err(Rule::ContestOver.because("a panel has decided"));
            }
            match author.at <= contest_end(award.proposed_at, ctx)? {
                true => Ok(()),
                false => Err(Rule::ContestOver.into()),
            }
        }
    }
}

/// The last second in which a proposed award can be contested.
pub(super) fn contest_end(proposed_at: u64, ctx: &Context<'_>) -> Result<u64, Refusal> {
    let programme = ctx.programme;
    programme.zone.after_days(proposed_at, programme.contest_days).ok_or_else(|| Rule::OutOfRange.into())
}

fn claim_window(case: &Case, author: &Author, ctx: &Context<'_>, must_be_open: bool) -> Allowed {
    let opened = case.claim_opened.ok_or(Rule::WrongState)?;
    let programme = ctx.programme;
    let end = programme.zone.after_days(opened, programme.claim_days).ok_or(Rule::OutOfRange)?;
    match (author.at <= end, must_be_open) {
        (true, true) | (false, false) => Ok(()),
        (false, true) => Err(Rule::ClaimWindowOver.into()),
        (true, false) => Err(Rule::ClaimWindowOpen.into()),
    }
}

fn source_signed(case: &Case, statement: &SourceStatement) -> Allowed {
    let key = case.claim_key().ok_or(Rule::NotReceived)?;
    statement.verify(key)?;
    if case.statements.contains(&statement.nonce) {
        return Err(Rule::StatementUsed.into());
    }
    Ok(())
}

/// Two different administrators stated publicly that this award's tokens were issued: in full, but for what is less
/// than one token.
fn issued(case: &Case, author: &Author, records: &[Blob], ctx: &Context<'_>) -> Allowed {
    let award = case.award.as_ref().ok_or(Rule::WrongState)?;
    let award_ref = award.award_ref.ok_or(Rule::WrongState)?;
    if award.signatures.len() < 2 {
        return Err(Rule::NotIssued.because("the order has not got two signatures"));
    }
    let mut signers = BTreeSet::new();
    let mut amounts = BTreeSet::new();
    for bytes in records {
        let record = PublicRecord::decode(&bytes.0).map_err(|e| Rule::Malformed.because(e.to_string()))?;
        let member = ctx.members.check(record.signer, RoleName::Finance, author.at)?;
        member
            .key
            .verify(subrosa_crypto::sign::Domain::RECORD, &record.signed_part(), &record.signature)
            .map_err(|_| Rule::BadSignature)?;
        let body = LedgerBody::parse(&record.body).map_err(|e| Rule::Malformed.because(e.to_string()))?;
        let fits = record.kind == RecordKind::Ledger
            && body.movement == Movement::TokensIssued
            && body.award_ref == Some(award_ref)
            && body.amount <= award.amount
            && award.amount.saturating_sub(body.amount) < ctx.programme.smallest_token;
        if !fits {
            return Err(Rule::NotIssued.because("a record is about something else"));
        }
        signers.insert(record.signer);
        amounts.insert(body.amount);
    }
    if signers.len() < 2 || amounts.len() != 1 {
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

pub(super) fn state(case: &Case, allowed: &[State]) -> Allowed {
    if allowed.contains(&case.state) {
        return Ok(());
    }
    Err(Rule::WrongState.because(format!("the case is {}", case.state.name())))
}

pub(super) fn role(author: &Author, allowed: &[RoleName]) -> Allowed {
    if allowed.contains(&author.role) {
        return Ok(());
    }
    Err(Rule::WrongRole.because(format!("acting as {}", author.role)))
}

fn declared(case: &Case, author: &Author) -> Allowed {
    if case.has_declared(author.holder) {
        return Ok(());
    }
    match case.declared.contains_key(&author.holder) {
        true => Err(Rule::DeclarationStale.into()),
        false => Err(Rule::DeclarationMissing.into()),
    }
}

fn on_team(case: &Case, holder: subrosa_crypto::sign::HolderId) -> Allowed {
    match case.team.contains(&holder) {
        true => Ok(()),
        false => Err(Rule::NotOnTeam.into()),
    }
}

fn evidence_item(case: &Case, item: u64) -> Allowed {
    match case.evidence.contains_key(&item) {
        true => Ok(()),
        false => Err(Rule::NoSuchItem.into()),
    }
}

fn matches_digest(same: bool) -> Allowed {
    if same { Ok(()) } else { Err(Rule::BadDigest.into()) }
}

fn short(body: &Blob) -> Allowed {
    if body.0.len() > TEXT_MAX { Err(Rule::TooLong.into()) } else { Ok(()) }
}

/// A text that must say something.
pub(super) fn text(words: &str) -> Allowed {
    if words.trim().is_empty() {
        return Err(Rule::ReasonMissing.into());
    }
    if words.len() > TEXT_MAX { Err(Rule::TooLong.into()) } else { Ok(()) }
}
