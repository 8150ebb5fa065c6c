//! Who may state what in public records, charter by charter.
//!
//! A record names the charter under which it was signed and is judged by that one: what a later charter changes does
//! not touch it, and whoever a later charter no longer names states nothing under it.

use std::collections::{BTreeMap, BTreeSet};

use subrosa_crypto::{
    charter::{Charter, Role},
    sign::{HolderId, VerifyingKey},
    token::KeysetId,
};

/// A chain of charters, as an auditor needs it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Signers {
    /// In the order of their versions, oldest first.
    charters: Vec<Standing>,
    /// Every keyset that any of them named.
    keysets: BTreeMap<KeysetId, KeysetSigners>,
}

/// What one charter says of people and thresholds.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Standing {
    digest: [u8; 32],
    threshold: usize,
    people: BTreeMap<HolderId, Person>,
    keysets: BTreeSet<KeysetId>,
}

/// What a person is under one charter.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Person {
    pub(super) key: VerifyingKey,
    pub(super) officer: bool,
    pub(super) adjudicator: bool,
    pub(super) administrator: bool,
}

/// Who signs under a keyset.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct KeysetSigners {
    /// How many of them must recognise a token.
    pub threshold: usize,
    /// Each one's number, and who it is.
    pub signers: BTreeMap<u16, HolderId>,
}

impl Standing {
    /// A charter with this digest, in which so many administrators must state a movement, and nobody yet.
    pub fn new(digest: [u8; 32], threshold: usize) -> Self {
        Self { digest, threshold, people: BTreeMap::new(), keysets: BTreeSet::new() }
    }

    /// Adds a case officer.
    pub fn add_officer(&mut self, key: VerifyingKey, adjudicator: bool) {
        let person = self.of(key);
        person.officer = true;
        person.adjudicator |= adjudicator;
    }

    /// Adds a bounty administrator.
    pub fn add_administrator(&mut self, key: VerifyingKey) {
        self.of(key).administrator = true;
    }

    /// How many administrators must state a movement.
    pub fn threshold(&self) -> usize {
        self.threshold
    }

    pub(super) fn get(&self, holder: HolderId) -> Option<&Person> {
        self.people.get(&holder)
    }

    pub(super) fn names(&self, keyset: &KeysetId) -> bool {
        self.keysets.contains(keyset)
    }

    fn of(&mut self, key: VerifyingKey) -> &mut Person {
        let unknown = Person { key, officer: false, adjudicator: false, administrator: false };
        self.people.entry(key.holder_id()).or_insert(unknown)
    }
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

    /// Adds the next charter.
    pub fn add_charter(&mut self, charter: &Charter) {
        let mut standing = Standing::new(charter.digest(), usize::from(charter.threshold()));
        for officer in charter.officers() {
            standing.add_officer(officer.keys.sign, officer.roles.contains(&Role::Adjudicator));
        }
        for administrator in charter.administrators() {
            standing.add_administrator(administrator.keys.sign);
        }
        let keysets = charter.keysets().iter().map(|k| {
            let signers = k.signers().iter().map(|s| (u16::from(s.issuer.index().0), s.sign.holder_id())).collect();
            (k.id(), KeysetSigners { threshold: usize::from(k.threshold()), signers })
        });
        self.add(standing, keysets.collect());
    }

    /// Adds the next charter by its parts.
    pub fn add(&mut self, mut standing: Standing, keysets: Vec<(KeysetId, KeysetSigners)>) {
        standing.keysets = keysets.iter().map(|(id, _)| *id).collect();
        self.keysets.extend(keysets);
        self.charters.push(standing);
    }

    /// The place of a charter in the chain, from zero, and what it says.
    pub(super) fn under(&self, digest: &[u8; 32]) -> Option<(usize, &Standing)> {
        self.charters.iter().enumerate().rev().find(|(_, s)| s.digest == *digest)
    }

    /// The charter at a place of the chain.
    pub(super) fn at(&self, place: usize) -> Option<&Standing> {
        self.charters.get(place)
    }

    /// Who signs under a keyset that some charter named.
    pub fn keyset(&self, id: &KeysetId) -> Option<&KeysetSigners> {
        self.keysets.get(id)
    }
}
