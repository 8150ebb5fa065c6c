//! What an officer wants done, as the keystore keeps it until the server has it, and what becomes of it.

use core::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use subrosa_casework::{
    bytes::Digest,
    case::{Act, Case, Command, Draft, Event, MessageKind, message_digest},
    journal::Replay,
    policy::AwardInputs,
    refusal::{Note, Refusal, Rule},
    role::RoleName,
};
use subrosa_crypto::sign::{HolderId, SigningKey};

use super::error::OfficerError;
use crate::message::{Message, MessageError};

/// What an officer wants, so that it can be decided on whatever the case has become.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Plan {
    /// Declare no conflict of interest with everything that was shown as named.
    Declare,
    /// Write this event.
    Event(Box<Event>),
    /// Propose a decision: the first of its two signatures.
    Two(Box<Act>),
    /// Sign a decision second, as it was shown.
    Confirm {
        /// The entry that proposes it.
        proposal: u64,
        /// The digest of what was shown, so that nothing else is signed.
        shown: Digest,
    },
    /// Propose the award that this policy's formula gives.
    Award {
        /// The policy's digest.
        policy: Digest,
        /// The facts on which the formula is run, as they were known when the act was made.
        inputs: AwardInputs,
    },
    /// Sign the award order.
    SignOrder,
    /// Write to the source.
    Message {
        /// The message's purpose, by which the rules decide whether it may be sent now.
        kind: MessageKind,
        /// The encoded message.
        #[serde(with = "serde_bytes")]
        body: Vec<u8>,
        /// Whether it passed the check for words that could name the source.
        leak_checked: bool,
    },
}

/// A plan with what was shown to whoever made it.
#[derive(Clone, Debug, PartialEq)]
pub struct Planned {
    /// What is to be done.
    pub plan: Plan,
    /// What it takes from the case, as that was shown.
    pub shown: Option<Digest>,
}

impl From<Plan> for Planned {
    /// A plan that takes nothing from the case.
    fn from(plan: Plan) -> Self {
        Self { plan, shown: None }
    }
}

impl Planned {
    /// What the keystore keeps of a draft that was shown on `case`; `None` for what is no entry of its own.
    ///
    /// # Errors
    /// The message is too long.
    pub fn of(draft: &Draft, case: &Case, leak_checked: bool) -> Result<Option<Self>, MessageError> {
        Ok(Plan::of(draft, leak_checked)?.map(|plan| Self { plan, shown: draft.basis(case) }))
    }
}

impl Waiting {
    /// Whether the case still says what was shown when this act was made. A second signature names what it was shown
    /// itself.
    pub fn is_as_shown(&self, case: &Case) -> bool {
        match &self.plan {
            Plan::Confirm { proposal, shown } => case.proposal_digest(*proposal) == Some(*shown),
            plan => plan.draft().is_none_or(|draft| draft.basis(case) == self.shown),
        }
    }
}

impl Plan {
    /// What the keystore keeps of a draft until the server has it; `None` for what is no entry of its own.
    ///
    /// # Errors
    /// The message is too long.
    pub fn of(draft: &Draft, leak_checked: bool) -> Result<Option<Self>, MessageError> {
        Ok(Some(match draft {
            Draft::Declare => Self::Declare,
            Draft::Event(event) => Self::Event(event.clone()),
            Draft::Two(act) => Self::Two(act.clone()),
            Draft::Award { policy, inputs } => Self::Award { policy: *policy, inputs: **inputs },
            Draft::SignOrder => Self::SignOrder,
            Draft::Message { kind, text } => {
                let message = Message::Text { text: text.clone(), files: Vec::new() };
                Self::Message { kind: *kind, body: message.encode()?.to_vec(), leak_checked }
            }
            Draft::Deliver | Draft::Bring(_) | Draft::Paid(_) => return Ok(None),
        }))
    }

    /// The command that it is now.
    pub fn command<'k>(&self, signer: &'k SigningKey) -> Command<'k> {
        match self {
            Self::Declare => Command::DeclareNoConflict,
            Self::Event(e) => Command::Write((**e).clone()),
            Self::Two(a) => Command::Propose((**a).clone()),
            Self::Confirm { proposal, shown } => Command::Confirm { proposal: *proposal, shown: *shown },
            Self::Award { policy, inputs } => Command::ProposeAward { policy: *policy, inputs: *inputs },
            Self::SignOrder => Command::SignOrder { key: signer },
            Self::Message { kind, body, leak_checked } => {
                Command::Send { kind: *kind, body: body.clone(), leak_checked: *leak_checked }
            }
        }
    }

    /// The draft that it was made of; `None` for a second signature, and for a message, whose words are encoded.
    pub fn draft(&self) -> Option<Draft> {
        Some(match self {
            Self::Declare => Draft::Declare,
            Self::Event(event) => Draft::Event(event.clone()),
            Self::Two(act) => Draft::Two(act.clone()),
            Self::Award { policy, inputs } => Draft::Award { policy: *policy, inputs: Box::new(*inputs) },
            Self::SignOrder => Draft::SignOrder,
            Self::Confirm { .. } | Self::Message { .. } => return None,
        })
    }

    /// What a message to the source says; `None` for anything else.
    pub fn text(&self) -> Option<String> {
        let Self::Message { body, .. } = self else { return None };
        match Message::decode(body) {
            Ok(Message::Text { text, .. }) => Some(text),
            _ => None,
        }
    }

    /// Whether `event` is what this plan leads to.
    pub(super) fn became(&self, event: &Event) -> bool {
        match (self, event) {
            (Self::Declare, Event::ConflictDenied { .. }) | (Self::SignOrder, Event::OrderSigned { .. }) => true,
            (Self::Event(e), _) => **e == *event,
            (Self::Two(a), Event::Proposed(act)) => **a == *act,
            (Self::Confirm { proposal, .. }, Event::Confirmed { proposal: signed }) => proposal == signed,
            (Self::Award { policy, inputs }, Event::AwardProposed { policy: pinned, inputs: used, .. }) => {
                *policy == pinned.digest && inputs == used
            }
            (Self::Message { kind, body, .. }, Event::MessageSent(m)) => {
                *kind == m.kind && message_digest(body) == m.digest
            }
            _ => false,
        }
    }
}

/// A rule that said no to a waiting act. It is kept by its name, and worded wherever it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refused {
    /// The rule's stable name.
    pub code: String,
    /// What was seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seen: Option<Note>,
}

impl Refused {
    /// The rule's refusal again; `None` if this program does not know the rule.
    pub fn refusal(&self) -> Option<Refusal> {
        Rule::of_code(&self.code).map(|rule| Refusal { rule, note: self.seen })
    }
}

impl From<&Refusal> for Refused {
    fn from(r: &Refusal) -> Self {
        Self { code: r.code().into(), seen: r.note }
    }
}

/// In English, for the terminal.
impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.refusal() {
            Some(refusal) => refusal.fmt(f),
            None => write!(f, "A rule forbids it that this program does not know: {}.", self.code),
        }
    }
}

/// An act that waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    /// Its number on this desk.
    pub id: u64,
    /// The case, by its journal's public name.
    #[serde(with = "subrosa_crypto::encoding_hex")]
    pub case: [u8; 32],
    /// In which role.
    pub role: RoleName,
    /// What the officer wants done, to be decided on the case as it is then.
    pub plan: Plan,
    /// When it was made: Unix seconds.
    pub made_at: u64,
    /// How many entries of the journal this desk had read by then.
    pub seen: u64,
    /// What it takes from the case, as that was shown when the act was made ([`Case::basis`]): it is signed only while
    /// the case still says the same.
    ///
    /// [`Case::basis`]: subrosa_casework::case::Case::basis
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shown: Option<Digest>,
    /// Why it was refused, if it was. It stays until the officer drops it.
    pub refused: Option<Refused>,
    /// Whether it tells the source of a step that is done. The program makes it, not the officer.
    #[serde(default, skip_serializing_if = "core::ops::Not::not")]
    pub news: bool,
}

/// An entry that a colleague wrote while an act waited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Between {
    /// Its place in the journal.
    pub seq: u64,
    /// Who wrote it.
    pub by: HolderId,
    /// The event's name.
    pub event: String,
    /// When: Unix seconds.
    pub at: u64,
}

/// What became of a waiting act.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It stands in the journal.
    Written {
        /// At which place.
        seq: u64,
        /// What colleagues had written between what this officer knew when deciding, and this entry.
        between: Vec<Between>,
        /// The case as it is now.
        replay: Box<Replay>,
    },
    /// A rule forbids it by now. It is kept, and no longer tried.
    Refused(Refused),
    /// The server cannot be reached: it waits on.
    Unreachable,
    /// Something else is wrong with this case; it waits on.
    Trouble(Arc<OfficerError>),
}

/// One act with its outcome.
#[derive(Clone, Debug)]
pub struct Delivered {
    /// The act as the desk kept it until then.
    pub act: Waiting,
    /// What became of it.
    pub outcome: Outcome,
}
