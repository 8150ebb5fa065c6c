//! What the index takes from a case: its searchable words, and the row that a queue shows.

use serde::{Deserialize, Serialize};
use subrosa_casework::{
    case::{AccusedHeard, Act, Case, ClockName, Event, Programme, Shown},
    journal::SignedEvent,
};
use subrosa_crypto::sign::HolderId;

use subrosa_engine::message::Message;

/// A line of the queue, without having read the journal again.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CaseRow {
    /// The state's name.
    pub state: String,
    /// Unix seconds of the last change of state.
    pub since: u64,
    /// Unix seconds of the last entry.
    pub last_at: u64,
    /// Unix seconds at which the tip came.
    pub received_at: Option<u64>,
    /// When the acknowledgement is due, while it is not given.
    pub acknowledge_due: Option<u64>,
    /// When the feedback is due, while it is not given.
    pub feedback_due: Option<u64>,
    /// Deadlines that were missed.
    pub breaches: u32,
    /// Messages of the thread.
    pub messages: u32,
    /// Whether the last message is the source's.
    pub source_wrote_last: bool,
    /// Decisions that wait for a second signature.
    pub waiting: u32,
    /// Who has taken it on.
    pub assigned: Option<HolderId>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// Regime pack and violation class, once triaged; before, the regime that the tip names.
    pub regime: String,
    /// Id of the violation class in that pack; `None` before triage.
    pub class: Option<String>,
    /// 1 to 5.
    pub severity: Option<u8>,
    /// Risk of retaliation, 0 to 100.
    pub retaliation: Option<u8>,
    /// A legal hold keeps it.
    pub on_hold: bool,
    /// The first words of the tip.
    pub begins: String,
}

/// Characters of a tip that a row shows.
const BEGINS: usize = 100;

impl CaseRow {
    /// The row of a case.
    pub fn of(case: &Case, programme: &Programme) -> Self {
        let tip = case.received().and_then(|r| match Message::recorded(&r.tip.0) {
            Ok(Message::Tip(tip)) => Some(tip),
            _ => None,
        });
        let triage = case.triage();
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            state: case.state().name().to_owned(),
            since: case.since(),
            last_at: case.last_at(),
            received_at: case.received().map(|r| r.received_at),
            acknowledge_due: case.due(ClockName::Acknowledge, programme).filter(|_| case.acknowledged().is_none()),
            feedback_due: case.due(ClockName::Feedback, programme).filter(|_| case.feedback().is_none()),
            breaches: count(case.breaches().len()),
            messages: count(case.messages().len()),
            source_wrote_last: case.messages().last().is_some_and(|m| m.sent.is_none()),
            waiting: count(case.proposals().len()),
            assigned: case.assigned(),
            tags: case.tags().iter().cloned().collect(),
            regime: triage
                .map(|t| t.pack.id.clone())
                .or_else(|| tip.as_ref().map(|t| t.regime.clone()))
                .unwrap_or_default(),
            class: triage.map(|t| t.class.clone()),
            severity: triage.map(|t| t.severity),
            retaliation: case.retaliation(),
            on_hold: case.on_hold(),
            begins: tip.map(|t| t.narrative.chars().take(BEGINS).collect()).unwrap_or_default(),
        }
    }

    /// For [`super::Row::summary`].
    pub fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        // Text, numbers and lists: nothing here can fail to be written.
        drop(ciborium::into_writer(self, &mut out));
        out
    }

    /// Reads a summary; `None` for one of another version of the program: the case is then read again.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        ciborium::from_reader(bytes).ok()
    }
}

/// The searchable text of an entry; `None` if it has none.
pub fn text_of(entry: &SignedEvent) -> Option<(u64, String)> {
    let text = match &entry.event {
        Event::Received(r) => words_of(&r.tip.0),
        Event::MessageReceived(m) => words_of(&m.body.0),
        Event::MessageSent(m) => words_of(&m.body.0),
        Event::Recused { reason } => reason.clone(),
        Event::EntityNamed(e) => e.name.clone(),
        Event::TriageSet(t) => format!("{} {} {}", t.pack.id, t.class, t.jurisdiction),
        Event::MachineChecked(c) => format!("{} {} {}", c.pack.id, c.verdict, c.because),
        Event::EvidenceAdded(e) => format!("{} {} {}", e.name, e.origin, e.sha256),
        Event::AccusedHeard(AccusedHeard::Reply(words) | AccusedHeard::SafetyWaiver(words)) => words.clone(),
        Event::AuthorityDecided(d) => format!("{} {}", d.authority, d.reference),
        Event::Proposed(act) => words_of_act(act),
        Event::Tagged { tag, on: true } => tag.clone(),
        Event::Noted { text, .. } => text.clone(),
        Event::Linked { other, .. } => other.to_string(),
        _ => return None,
    };
    (!text.trim().is_empty()).then_some((entry.author.seq, text))
}

fn words_of(body: &[u8]) -> String {
    let named =
        |files: &[subrosa_crypto::file::FileManifest]| files.iter().map(|f| f.name().to_owned()).collect::<Vec<_>>();
    match Message::recorded(body) {
        Ok(Message::Tip(tip)) => {
            let mut all = vec![tip.regime, tip.narrative];
            all.extend(tip.answers.into_values());
            all.extend(named(&tip.files));
            all.join("\n")
        }
        Ok(Message::Text { text, files }) => [vec![text], named(&files)].concat().join("\n"),
        Ok(Message::Notice(notice)) => notice.text,
        _ => String::new(),
    }
}

/// What somebody wrote in a decision, whatever decision it is.
fn words_of_act(act: &Act) -> String {
    let words = act.facts().into_iter().filter_map(|fact| match fact.value {
        Shown::Words(words) => Some(words),
        _ => None,
    });
    words.collect::<Vec<_>>().join(" ")
}
