//! What an admitted event changes. Never refuses: [`super::admit`] has looked before.

use super::{
    Act, Author, Award, Breach, Case, ClockName, CloseReason, Context, Event, Evidence, EvidenceItem, Finding,
    Handling, Message, MessageIn, MessageKind, MessageOut, Pinned, Proposal, Received, Remains, State, Step,
};
use subrosa_crypto::sign::HolderId;

use crate::{
    award::{SourceAct, SourceStatement},
    bytes::Digest,
    money::Cents,
    policy::AwardInputs,
    words::SignedWords,
};

impl Case {
    /// Applies an event that [`super::admit`] has admitted.
    pub fn apply(&mut self, author: &Author, event: Event, ctx: &Context<'_>) {
        self.note_breaches(author, &event, ctx);
        self.last_at = self.last_at.max(author.at);
        // A proposal moves nothing; its confirmation does.
        let to = match &event {
            Event::Proposed(_) => None,
            other => other.step().and_then(|step| step.spec().leads(self.state)),
        };
        self.fold(author, event, to.is_some());
        if let Some(to) = to {
            self.go(to, author);
        }
    }

    /// What the event changes besides the state that its act leads to; `moves`: there is such a state.
    fn fold(&mut self, author: &Author, event: Event, moves: bool) {
        let who = author.holder;
        match event {
            Event::Received(received) => self.begins(received, author),
            Event::MessageReceived(message) => self.source_wrote(message, author),
            Event::TipContradicted(contradiction) => self.contradictions.push((who, contradiction)),
            Event::SourceStated(statement) => self.source_stated(author, &statement),
            Event::MessageSent(message) => self.team_wrote(message, moves, author),
            Event::ConflictDenied { entities } => self.declared.extend([(who, entities)]),
            Event::Recused { .. } => {
                self.recused.extend([who]);
                self.leaves(who);
            }
            Event::MemberLeft { holder } => self.leaves(holder),
            Event::EntityNamed(entity) => self.entities.push(entity),
            Event::TriageOpened => self.triagers.extend([who]),
            Event::TriageSet(set) => {
                // Whoever signed an acceptance first signed what triage had found then.
                self.proposals.retain(|_, p| p.act.step() != Step::Accept);
                self.triage = Some(set);
            }
            Event::RetaliationAssessed(answers) => self.retaliation = answers.score(),
            Event::MachineChecked(report) => self.checks.push(report),
            Event::InvestigationOpened | Event::InvestigatorJoined => self.investigators.extend([who]),
            Event::EvidenceAdded(evidence) => self.take_in(evidence, author),
            Event::EvidenceHandled { item, how } => self.handled(item, how, author),
            Event::AccusedHeard(heard) => self.accused = Some(heard),
            Event::AuthorityDecided(decision) => self.authority = Some(decision),
            Event::Proposed(act) => self.proposals.extend([(author.seq, Proposal { act, by: *author })]),
            Event::Confirmed { proposal } => self.confirmed(proposal, author),
            Event::ProposalDropped { proposal } => self.proposals.retain(|seq, _| *seq != proposal),
            Event::ClaimWindowOpened { .. } => self.claim_opened = Some(author.at),
            Event::ClaimFiled { statement, eligibility } => {
                self.statements.extend([statement.nonce]);
                self.claim = Some(eligibility);
            }
            Event::ClaimWindowClosed => self.ends(CloseReason::NoClaim, author),
            Event::AwardProposed { policy, inputs, amount } => {
                self.award = Some(Award::proposed(author, policy, inputs, amount));
            }
            Event::TokenRequestReceived { digest, batch } => self.in_award(|a| a.batch = Some((digest, batch))),
            Event::OrderSigned { signature, .. } => self.in_award(|a| a.signatures.push((who, signature))),
            Event::Assigned { holder } => self.assigned = Some(holder),
            Event::MemberAdded { wrap } => self.team.extend([wrap.holder]),
            Event::KeyTurned(turned) => self.key_turned(turned.generation, turned.key, who),
            Event::Tagged { tag, on: true } => self.tags.extend([tag]),
            Event::Tagged { tag, on: false } => self.tags.retain(|t| *t != tag),
            // What matters of these is where the case goes.
            Event::Noted { .. } | Event::Paid { .. } => {}
            Event::Disclosed(disclosure) => self.disclosures.push(disclosure),
            Event::DetrimentNoted(detriment) => self.detriments.push(detriment),
            Event::PositionStated(position) => self.position = Some(position),
            Event::Linked { other, relation } => self.links.push((other, relation)),
        }
    }

    fn begins(&mut self, received: Received, author: &Author) {
        self.team = received.team.iter().copied().collect();
        self.messages.push(Message {
            seq: author.seq,
            at: author.at,
            sent: None,
            counter: counter_of(&received.tip.0),
            digest: received.digest,
            body: received.tip.clone(),
        });
        self.received = Some(received);
        // Whoever filed the tip knows the first key and capability: nothing else is written under them.
        self.turn_key = true;
        self.go(State::Received, author);
    }

    fn source_wrote(&mut self, MessageIn { digest, body }: MessageIn, author: &Author) {
        let counter = counter_of(&body.0);
        self.messages.push(Message { seq: author.seq, at: author.at, sent: None, counter, digest, body });
        if self.state == State::NeedsInfo {
            self.go(self.back, author);
        }
    }

    fn team_wrote(&mut self, message: MessageOut, moves: bool, author: &Author) {
        match message.kind {
            MessageKind::Acknowledgement => self.acknowledged = self.acknowledged.or(Some(author.at)),
            MessageKind::Feedback => self.feedback = self.feedback.or(Some(author.at)),
            MessageKind::Reasons => self.in_award(|award| award.reasons_sent = true),
            // Where the case returns when the source has answered.
            MessageKind::Question if moves => self.back = self.state,
            MessageKind::Question | MessageKind::Text => {}
        }
        self.messages.push(Message {
            seq: author.seq,
            at: author.at,
            sent: Some((author.holder, message.kind)),
            counter: None,
            digest: message.digest,
            body: message.body,
        });
    }

    fn key_turned(&mut self, generation: u32, commitment: Digest, by: HolderId) {
        self.key_generation = generation;
        self.key_commitment = Some((commitment, by));
        self.turn_key = false;
    }

    fn take_in(&mut self, evidence: Evidence, author: &Author) {
        self.evidence_since_close |= self.state == State::Closed;
        self.evidence.insert(author.seq, EvidenceItem { evidence, taken_by: *author, custody: Vec::new() });
    }

    fn handled(&mut self, item: u64, how: Handling, author: &Author) {
        if let Some(item) = self.evidence.get_mut(&item) {
            item.custody.push((*author, how));
        }
    }

    fn confirmed(&mut self, proposal: u64, author: &Author) {
        if let Some(proposal) = self.proposals.remove(&proposal) {
            self.decided(author, &proposal);
        }
    }

    /// Changes the award, if there is one.
    fn in_award(&mut self, change: impl FnOnce(&mut Award)) {
        if let Some(award) = &mut self.award {
            change(award);
        }
    }

    /// Somebody is off the team: what they proposed falls, and the key must turn.
    fn leaves(&mut self, holder: HolderId) {
        self.team.remove(&holder);
        self.proposals.retain(|_, p| p.by.holder != holder);
        self.assigned = self.assigned.filter(|h| *h != holder);
        self.turn_key = true;
    }

    fn source_stated(&mut self, author: &Author, statement: &SourceStatement) {
        self.statements.insert(statement.nonce);
        match &statement.act {
            SourceAct::Withdraw => {
                self.ends(CloseReason::Withdrawn, author);
                self.go(State::Closed, author);
            }
            SourceAct::ConsentToReferral => self.consent = true,
            SourceAct::Reopen => self.reopen_wish = true,
            SourceAct::AcceptAward { .. } => self.in_award(|award| award.accepted = true),
            SourceAct::Contest => {
                self.in_award(|award| award.accepted = false);
                self.go(State::Contested, author);
            }
            SourceAct::RequestTokens { batch } => self.in_award(|award| award.signed_batch = Some(*batch)),
            SourceAct::Claim => {}
        }
    }

    /// A decision has its second signature: what it changes besides the state, then where the catalogue says that the
    /// case goes.
    fn decided(&mut self, author: &Author, proposal: &Proposal) {
        let to = proposal.act.step().spec().leads(self.state);
        match &proposal.act {
            Act::Accept => self.triagers.extend([proposal.by.holder, author.holder]),
            Act::Close { reason } => self.ends(reason.clone(), author),
            Act::Substantiate { findings } => self.finding = Some(found(true, findings, author, proposal)),
            Act::CloseUnsubstantiated { findings } => {
                self.finding = Some(found(false, findings, author, proposal));
                self.ends(CloseReason::Unsubstantiated, author);
            }
            Act::FinalizeAward { award_ref, .. } => self.in_award(|award| award.award_ref = Some(*award_ref)),
            Act::DenyAward { .. } => self.ends(CloseReason::Denied, author),
            Act::DecideContest { inputs, amount, .. } => self.in_award(|award| {
                award.inputs = *inputs;
                award.amount = *amount;
                award.panel_decided = true;
                award.accepted = false;
            }),
            Act::Reopen { .. } => {
                self.reopen_wish = false;
                self.evidence_since_close = false;
                self.closed = None;
                self.finding = None;
                self.award = None;
                self.claim = None;
                self.claim_opened = None;
            }
            Act::ExtendFeedback { .. } => self.extended = true,
            Act::Hold { .. } => self.hold = true,
            Act::ReleaseHold { .. } => self.hold = false,
            Act::Purge => self.purge(),
            // Every other decision only moves the case.
            _ => {}
        }
        if let Some(to) = to {
            self.go(to, author);
        }
    }

    /// Changes state. Decisions that waited for a second signature and would have moved the case were about the old
    /// state: they fall. Holds and extensions stay.
    fn go(&mut self, state: State, author: &Author) {
        self.state = state;
        self.since = author.at;
        self.proposals.retain(|_, p| p.act.step().spec().to.is_none());
    }

    fn ends(&mut self, reason: CloseReason, author: &Author) {
        self.closed = Some((reason, author.at));
        self.evidence_since_close = false;
        self.reopen_wish = false;
    }

    /// Drops all content; the commitments stay.
    fn purge(&mut self) {
        let remains = Remains {
            evidence: self.evidence.values().map(|item| item.evidence.sha256).collect(),
            batch: self.award.as_ref().and_then(|a| a.batch.as_ref()).map(|(digest, _)| *digest),
            award_ref: self.award.as_ref().and_then(|a| a.award_ref),
        };
        let mut bare = Self::empty(self.id);
        bare.remains = Some(remains);
        bare.key_generation = self.key_generation;
        bare.key_commitment = self.key_commitment;
        bare.last_at = self.last_at;
        bare.closed = self.closed.take();
        bare.breaches = core::mem::take(&mut self.breaches);
        *self = bare;
    }

    /// Writes a missed deadline down, once for each clock: when the late duty is done, or when any later entry shows it
    /// undone.
    fn note_breaches(&mut self, author: &Author, event: &Event, ctx: &Context<'_>) {
        if matches!(event, Event::Received(_)) || self.state == State::Purged {
            return;
        }
        for (clock, done) in [(ClockName::Acknowledge, self.acknowledged), (ClockName::Feedback, self.feedback)] {
            let Some(due) = self.due(clock, ctx.programme) else { continue };
            if done.is_none() && author.at > due && !self.breaches.iter().any(|b| b.clock == clock) {
                self.breaches.push(Breach { clock, due, seen_at: author.at });
            }
        }
    }
}

impl Award {
    fn proposed(author: &Author, policy: Pinned, inputs: AwardInputs, amount: Cents) -> Self {
        Self {
            proposer: author.holder,
            proposed_at: author.at,
            policy,
            inputs,
            amount,
            accepted: false,
            panel_decided: false,
            reasons_sent: false,
            award_ref: None,
            batch: None,
            signed_batch: None,
            signatures: Vec::new(),
        }
    }
}

/// The source's own number of a message that it signed.
fn counter_of(body: &[u8]) -> Option<u64> {
    SignedWords::decode(body).ok().map(|words| words.counter)
}

/// What two have found.
fn found(substantiated: bool, words: &str, second: &Author, proposal: &Proposal) -> Finding {
    let first = proposal.by;
    Finding { seq: first.seq, substantiated, words: words.to_owned(), first, second: *second }
}
