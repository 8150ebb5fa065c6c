//! What an officer's decisions look at besides the case: people, rules, policies.

use std::collections::BTreeMap;

use rand_core::CryptoRng;
use subrosa_casework::{
    case::{Context, Programme},
    policy::Policy,
    role::{Members, RoleName},
};
use subrosa_crypto::{
    keeper::{KeeperError, KeeperProof, Keepers},
    seal::SealRecipient,
    sign::{HolderId, SigningKey, VerifyingKey},
};

use crate::history::History;

/// What decisions look at besides the case.
#[derive(Debug)]
pub struct DeskContext {
    members: Members,
    programme: Programme,
    policies: Vec<Policy>,
    wraps: BTreeMap<HolderId, SealRecipient>,
    /// The newest charter's version and its case officers, among whom whoever begins, turns or purges a journal is
    /// hidden.
    keepers: (u64, Vec<VerifyingKey>),
}

impl DeskContext {
    /// From the charter's people and the policies that this desk holds.
    pub fn new(directory: &History, programme: Programme, policies: Vec<Policy>) -> Self {
        let wraps = directory.officers().iter().map(|o| (o.key.holder_id(), o.wrap.clone())).collect();
        // Sources bind their words to the programme by this name, whatever the rules were made from.
        let programme = Programme { id: directory.programme().to_owned(), ..programme };
        let officers = directory.officers().iter().filter(|o| !o.roles.is_empty()).map(|o| o.key);
        let keepers = (directory.seen().0, officers.collect());
        Self { keepers, members: directory.members(), programme, policies, wraps }
    }

    /// What a case's new key is sealed to for one officer.
    pub(super) fn wrap_key(&self, holder: HolderId) -> Option<&SealRecipient> {
        self.wraps.get(&holder)
    }

    /// Proves to the server that one of the case officers asks for `message`.
    pub(super) fn prove_officer(
        &self,
        message: &[u8],
        key: &SigningKey,
        rng: &mut impl CryptoRng,
    ) -> Result<KeeperProof, KeeperError> {
        let (charter, officers) = &self.keepers;
        Keepers::new(officers.iter().copied())?.prove(*charter, message, key, rng)
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
