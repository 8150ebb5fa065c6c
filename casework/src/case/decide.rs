//! From a command to events. Pure: the same case, command and time give the same answer on every machine.

use subrosa_crypto::sign::{HolderId, SigningKey};

use super::{Act, Author, Case, Context, Event, MessageKind, State, admit};
use crate::{
    bytes::Digest,
    policy::AwardInputs,
    refusal::{Note, Refusal, Rule},
    role::{Authority, Role},
};

/// What an officer wants to happen. Where nothing needs to be computed, the command is the event itself.
#[derive(Debug)]
pub enum Command<'k> {
    /// Write this event.
    Write(Event),
    /// Tell the source that the tip is here.
    Acknowledge {
        /// What the source reads.
        body: Vec<u8>,
    },
    /// Write to the source.
    Send {
        /// What the message is for.
        kind: MessageKind,
        /// What the source reads.
        body: Vec<u8>,
        /// Whether it passed the check for words that could name the source.
        leak_checked: bool,
    },
    /// Declare no conflict of interest with anything named so far.
    DeclareNoConflict,
    /// Sign a decision first.
    Propose(Act),
    /// Sign a decision second, as it was shown.
    Confirm {
        /// The proposal's sequence number.
        proposal: u64,
        /// [`Case::proposal_digest`] of what was shown: nobody signs what they have not seen.
        shown: Digest,
    },
    /// Propose the award that this policy's formula gives.
    ProposeAward {
        /// The policy's digest.
        policy: Digest,
        /// The facts that the formula is fed.
        inputs: AwardInputs,
    },
    /// As a panel, sign first that the contested award is what the formula gives for these facts.
    ProposePanelDecision {
        /// The facts as the panel sees them.
        inputs: AwardInputs,
        /// Why the panel sees them so.
        reasons: String,
    },
    /// Do this as it was shown, or not at all.
    AsShown {
        /// What is to be done.
        command: Box<Self>,
        /// [`Case::basis`] of what was shown.
        basis: Option<Digest>,
    },
    /// Sign the award order for the administrators.
    SignOrder {
        /// The adjudicator's key.
        key: &'k SigningKey,
    },
}

/// What follows from `command` if `who` gives it at `now`: the events to append, in order, after entry `seq - 1`.
///
/// Nothing happens before the entry that it follows: the clock of a machine that runs behind is moved up.
///
/// # Errors
/// The rule that forbids it; nothing happened.
pub fn decide<R: Role>(
    case: &Case,
    who: &Authority<R>,
    command: Command<'_>,
    ctx: &Context<'_>,
    seq: u64,
    now: u64,
) -> Result<Vec<Event>, Refusal> {
    let author = Author { holder: who.holder(), role: who.role(), at: now.max(case.last_at()), seq };
    let (command, basis) = match command {
        Command::AsShown { command, basis } => (*command, Some(basis)),
        other => (other, None),
    };
    let seen = match &command {
        Command::Confirm { proposal, shown } => Some((*proposal, *shown)),
        _ => None,
    };
    let event = translate(case, who.holder(), command, ctx)?;
    admit(case, &author, &event, ctx)?;
    let changed = seen.is_some_and(|(proposal, shown)| case.proposal_digest(proposal) != Some(shown));
    let other = basis.is_some_and(|basis| event.step().and_then(|step| case.basis(step)) != basis);
    if changed || other {
        return Err(Rule::ProposalChanged.into());
    }
    // A second proposal of one kind would be a second signature that never saw the first. Readers take such an entry:
    // it harms nothing, and each proposal needs its own confirmation.
    if let Event::Proposed(act) = &event
        && let Some(seq) = act.step().waiting_in(case)
    {
        return Err(Rule::ProposalWaits.because(Note::ProposedIn(seq)));
    }
    Ok(vec![event])
}

fn translate(case: &Case, who: HolderId, command: Command<'_>, ctx: &Context<'_>) -> Result<Event, Refusal> {
    Ok(match command {
        // One inside another says nothing more: what was asked for first holds.
        Command::AsShown { command, .. } => return translate(case, who, *command, ctx),
        Command::Write(event) => event,
        Command::Acknowledge { body } => Event::message_sent(MessageKind::Acknowledgement, body, true),
        Command::Send { kind, body, leak_checked } => Event::message_sent(kind, body, leak_checked),
        Command::DeclareNoConflict => {
            let entities = u32::try_from(case.entities().len()).map_err(|_| Rule::OutOfRange)?;
            Event::ConflictDenied { entities }
        }
        Command::Propose(act) => Event::Proposed(act),
        Command::Confirm { proposal, .. } => Event::Confirmed { proposal },
        Command::ProposeAward { policy, inputs } => {
            let policy = ctx.policy(policy).ok_or(Rule::PolicyUnknown)?;
            let amount = policy.award(&inputs).map_err(|e| Rule::OutOfRange.because(e))?.amount;
            Event::AwardProposed { policy: policy.pinned(), inputs, amount }
        }
        Command::ProposePanelDecision { inputs, reasons } => {
            let award = case.award().filter(|_| case.state() == State::Contested).ok_or(Rule::WrongState)?;
            let policy = ctx.policy(award.policy.digest).ok_or(Rule::PolicyUnknown)?;
            let amount = policy.award(&inputs).map_err(|e| Rule::OutOfRange.because(e))?.amount;
            Event::Proposed(Act::DecideContest { inputs, amount, reasons })
        }
        Command::SignOrder { key } => {
            if key.verifying_key().holder_id() != who {
                return Err(Rule::BadSignature.because(Note::OthersKey));
            }
            let order = case.award_order().ok_or(Rule::NoTokenRequest)?;
            Event::OrderSigned { order, signature: order.sign(key) }
        }
    })
}
