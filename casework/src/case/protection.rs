//! What protects the source on record: to whom anything that could name it was told, what it suffers, and what its
//! position means for an award.
//!
//! Spec: `docs/spec/case.md`, section "Protection of the source".

use serde::{Deserialize, Serialize};

use super::{Case, Programme};
use crate::clock::Date;

/// Something that could point to the source was told to somebody outside the team.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Disclosure {
    /// To whom: an office, not necessarily a name.
    pub to: String,
    /// What, in general words.
    pub what: String,
    /// The source's consent, or the duty by law.
    pub ground: String,
}

/// An entry of the retaliation diary.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Detriment {
    /// The day on which it happened.
    pub day: Date,
    /// What happened to the source.
    pub what: String,
    /// The source's message that reports it, by its entry: its digest and time are the receipt.
    pub message: Option<u64>,
}

named! {
    /// The source's position, as far as an award depends on it.
    pub enum Position {
        /// Works, or worked, for the accused, or with them.
        Insider = "insider",
        /// Compliance or audit staff, or somebody engaged for that.
        Compliance = "compliance",
        /// Learned of it otherwise.
        Outsider = "outsider",
    }
}

/// The source's answers about its position.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SourcePosition {
    /// How the source stands to the accused, by its own answer.
    pub position: Position,
    /// The day on which it reported inside, if it did. It may also fix the day from which the tip counts.
    pub reported_inside: Option<Date>,
}

impl Case {
    /// Whether compliance staff reported before the programme's waiting time after their internal report was over, so
    /// that no award is possible (120 days under the rules that the SEC-like preset follows). `None` if the position is
    /// not known, or is another one.
    pub fn compliance_too_early(&self, programme: &Programme) -> Option<bool> {
        let position = self.position.filter(|p| p.position == Position::Compliance)?;
        let received = programme.zone.date(self.received.as_ref()?.received_at)?;
        let over = position.reported_inside.and_then(|day| day.add_days(programme.compliance_days));
        Some(over.is_none_or(|over| received < over))
    }

    /// To whom anything that could point to the source was told.
    pub fn disclosures(&self) -> &[Disclosure] {
        &self.disclosures
    }

    /// The retaliation diary, in the order of its entries.
    pub fn detriments(&self) -> &[Detriment] {
        &self.detriments
    }

    /// The source's position, once it was recorded.
    pub fn position(&self) -> Option<SourcePosition> {
        self.position
    }
}
