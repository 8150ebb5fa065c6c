//! What an officer's decisions look at besides the case: people, rules, policies.

use std::collections::BTreeMap;

use subrosa_casework::{
    case::{Context, Programme},
    policy::Policy,
    role::{Members, RoleName},
};
use subrosa_crypto::{seal::SealRecipient, sign::HolderId};

use crate::history::History;

/// What decisions look at besides the case.
#[derive(Debug)]
pub struct DeskContext {
    members: Members,
    programme: Programme,
    policies: Vec<Policy>,
    wraps: BTreeMap<HolderId, SealRecipient>,
    charter: [u8; 32],
}

impl DeskContext {
    /// From the charter's people and the policies that this desk holds.
    pub fn new(directory: &History, programme: Programme, policies: Vec<Policy>) -> Self {
        let wraps = directory.officers().iter().map(|o| (o.key.holder_id(), o.wrap.clone())).collect();
        // Sources bind their words to the programme by this name, whatever the rules were made from.
        let epoch_seconds = u32::try_from(directory.epoch_seconds()).unwrap_or(u32::MAX);
        let programme = Programme { id: directory.programme().to_owned(), epoch_seconds, ..programme };
        Self { members: directory.members(), programme, policies, wraps, charter: directory.seen().1 }
    }

    /// What a case's new key is sealed to for one officer.
    pub(super) fn wrap_key(&self, holder: HolderId) -> Option<&SealRecipient> {
        self.wraps.get(&holder)
    }

    /// The digest of the newest charter, under which the server is asked to begin, turn or purge a journal.
    pub(super) fn charter(&self) -> [u8; 32] {
        self.charter
    }

    /// Whether the charter gives somebody a role that reads cases.
    pub(super) fn reads_cases(&self, holder: HolderId, at: u64) -> bool {
        let roles = [RoleName::Triager, RoleName::Investigator, RoleName::Adjudicator];
        roles.iter().any(|role| self.members.check(holder, *role, at).is_ok())
    }

    /// As `casework` wants it.
    pub fn get(&self) -> Context<'_> {
        Context { members: &self.members, programme: &self.programme, policies: &self.policies }
    }

    /// The policies that were given to [`DeskContext::new`].
    pub fn policies(&self) -> &[Policy] {
        &self.policies
    }
}
