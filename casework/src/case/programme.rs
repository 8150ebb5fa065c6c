//! The programme's own numbers, and what a decision may look at besides the case.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{clock::Zone, money::Cents, policy::Policy, role::Members};

/// Periods that law or programme set. The defaults are those of the specification.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Programme {
    /// The programme's id, to which its sources bind their words.
    #[serde(default)]
    pub id: String,
    /// The zone in which days end, in minutes east of UTC.
    pub zone: Zone,
    /// Days to acknowledge.
    pub acknowledge_days: u32,
    /// Months to give feedback.
    pub feedback_months: u32,
    /// Months to give feedback after an extension.
    pub extended_months: u32,
    /// Days after which an unanswered question lapses.
    pub lapse_days: u32,
    /// Days in which a claim can be made.
    pub claim_days: u32,
    /// Days in which a proposed award can be contested.
    pub contest_days: u32,
    /// Days that compliance or audit staff must wait after their internal report before a tip can earn an award.
    pub compliance_days: u32,
    /// The value of the smallest token: what is left of an award below it cannot become tokens.
    pub smallest_token: Cents,
    /// An award order needs the source's signed statement about its blinded batch. Without it an officer could order
    /// their own tokens in the source's name; the source would notice, but late.
    pub signed_batches: bool,
    /// Months that a closed case is kept, by jurisdiction.
    pub retention_months: BTreeMap<String, u32>,
    /// Months where the jurisdiction is not listed.
    pub default_retention_months: u32,
    /// The shortest length of an epoch that any charter names: seconds. Entries name epochs.
    #[serde(default = "epoch_seconds")]
    pub epoch_seconds: u32,
}

fn epoch_seconds() -> u32 {
    300
}

impl Default for Programme {
    fn default() -> Self {
        Self {
            id: String::new(),
            zone: Zone(0),
            acknowledge_days: 7,
            feedback_months: 3,
            extended_months: 6,
            lapse_days: 60,
            claim_days: 90,
            contest_days: 60,
            compliance_days: 120,
            smallest_token: Cents(100),
            signed_batches: false,
            retention_months: BTreeMap::from([("DE".to_owned(), 36)]),
            default_retention_months: 24,
            epoch_seconds: epoch_seconds(),
        }
    }
}

impl Programme {
    /// Months that a case of this jurisdiction is kept after it closed.
    pub fn retention(&self, jurisdiction: Option<&str>) -> u32 {
        jurisdiction.and_then(|j| self.retention_months.get(j)).copied().unwrap_or(self.default_retention_months)
    }
}

/// What a decision may look at besides the case itself.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The charter's people, past ones included.
    pub members: &'a Members,
    /// The programme's own periods, from which deadlines and waiting times are counted.
    pub programme: &'a Programme,
    /// Every policy that the charter names or named.
    pub policies: &'a [Policy],
}

impl Context<'_> {
    /// The policy with this digest.
    pub(crate) fn policy(&self, digest: crate::bytes::Digest) -> Option<&Policy> {
        self.policies.iter().find(|p| p.digest() == digest)
    }
}
