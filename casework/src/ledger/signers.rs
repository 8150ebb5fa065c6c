//! Who may state what in public records, as the charters say.

use std::collections::{BTreeMap, BTreeSet};

use subrosa_crypto::{
    charter::Charter,
    sign::{HolderId, VerifyingKey},
};

/// Everybody whom a charter names, or once named: a record stays after its signer has left.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Signers {
    people: BTreeMap<HolderId, Signer>,
    threshold: usize,
}

/// One person, with all that the charters ever made of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Signer {
    pub(super) key: VerifyingKey,
    pub(super) officer: bool,
    /// The issuers' numbers under which this person signs tokens; none for whoever never was an administrator.
    pub(super) numbers: BTreeSet<u16>,
}

impl Signers {
    /// Those of a chain of verified charters, oldest first.
    pub fn of_charters<'c>(charters: impl IntoIterator<Item = &'c Charter>) -> Self {
        let mut signers = Self::default();
        for charter in charters {
            signers.add_charter(charter);
        }
        signers
    }

    /// Adds the people of the next charter. Its threshold replaces that of the one before.
    pub fn add_charter(&mut self, charter: &Charter) {
        for officer in charter.officers() {
            self.add_officer(officer.keys.sign);
        }
        for administrator in charter.administrators() {
            self.add_administrator(administrator.keys.sign, u16::from(administrator.index.0));
        }
        self.set_threshold(usize::from(charter.threshold()));
    }

    /// Adds a case officer.
    pub fn add_officer(&mut self, key: VerifyingKey) {
        self.of(key).officer = true;
    }

    /// Adds a bounty administrator, who signs tokens as the issuer with this number.
    pub fn add_administrator(&mut self, key: VerifyingKey, number: u16) {
        self.of(key).numbers.insert(number);
    }

    /// Says how many issuers an award and a redemption need.
    pub fn set_threshold(&mut self, issuers: usize) {
        self.threshold = issuers;
    }

    /// How many issuers an award and a redemption need.
    pub fn threshold(&self) -> usize {
        self.threshold
    }

    pub(super) fn get(&self, holder: HolderId) -> Option<&Signer> {
        self.people.get(&holder)
    }

    fn of(&mut self, key: VerifyingKey) -> &mut Signer {
        let unknown = Signer { key, officer: false, numbers: BTreeSet::new() };
        self.people.entry(key.holder_id()).or_insert(unknown)
    }
}

impl Signer {
    pub(super) fn is_administrator(&self) -> bool {
        !self.numbers.is_empty()
    }
}
