//! A directory with its whole past: every charter from version 1 on, each verified as the successor of the one before.
//!
//! Journals and public records outlive the people who wrote them. Whoever reads such a thing takes a [`History`]; a
//! [`Directory`] alone knows those of the newest charter only.

use core::ops::Deref;
use std::collections::BTreeSet;

use subrosa_casework::{
    ledger::Signers,
    role::{Member, Members, RoleName},
};
use subrosa_crypto::{
    charter::{Charter, CharterError, RootKey, UnverifiedCharter},
    sign::{HolderId, VerifyingKey},
    token::{Issuer, Keyset, KeysetId, Signer},
};

use crate::{
    api::Api,
    directory::{Directory, DirectoryError, NamedPolicy, between, role_name},
    transport::{Circuit, Transport},
};

/// The newest charter's people, and every charter before it. It reads as its newest directory where that is enough.
#[derive(Debug)]
pub struct History {
    newest: Directory,
    /// Oldest first: versions 1 to the newest's less one.
    past: Vec<Charter>,
}

impl Deref for History {
    type Target = Directory;

    fn deref(&self) -> &Directory {
        &self.newest
    }
}

impl History {
    /// As [`Directory::fetch`], and then every charter before it.
    ///
    /// # Errors
    /// The newest is refused, a version is withheld, or the chain has a gap.
    pub async fn fetch<T: Transport>(
        api: &Api<T>,
        root: &RootKey,
        now: u64,
        seen: Option<(u64, [u8; 32])>,
        circuit: Circuit,
    ) -> Result<Self, DirectoryError> {
        Self::of(Directory::fetch(api, root, now, seen, circuit).await?, api, circuit).await
    }

    /// Fetches every charter before a directory's own and verifies that they lead to it.
    ///
    /// # Errors
    /// A version is withheld, or the chain has a gap.
    pub async fn of<T: Transport>(newest: Directory, api: &Api<T>, circuit: Circuit) -> Result<Self, DirectoryError> {
        let charter = newest.charter();
        let mut past: Vec<Charter> = Vec::new();
        for version in 1..charter.version() {
            let before = past.last().map(Charter::seen);
            past.push(between(api, charter.root(), version, before.as_ref(), circuit).await?);
        }
        if past.last().is_some_and(|last| last.digest() != charter.document().previous) {
            return Err(CharterError::BrokenChain(charter.version()).into());
        }
        continued(&past, charter)?;
        Ok(Self { newest, past })
    }

    /// The people of a whole chain of verified charters, version 1 first; `None` for an empty one.
    pub fn of_chain(mut charters: Vec<Charter>) -> Option<Self> {
        let newest = Directory::of(charters.pop()?);
        Some(Self { newest, past: charters })
    }

    /// The signed notes of every charter, version 1 first.
    pub fn charter_notes(&self) -> Vec<Vec<u8>> {
        self.past.iter().chain([self.newest.charter()]).map(|c| c.bytes().to_vec()).collect()
    }

    /// The charters that were kept from an earlier visit, version 1 first, for times without the server.
    ///
    /// # Errors
    /// The newest is not signed by the root key or has expired; or the others do not lead to it.
    pub fn kept_chain(notes: &[Vec<u8>], root: &RootKey, now: u64) -> Result<Self, DirectoryError> {
        let (newest, before) = notes.split_last().ok_or(DirectoryError::Withheld(1))?;
        let mut charters: Vec<Charter> = Vec::with_capacity(notes.len());
        for note in before {
            let last = charters.last().map(Charter::seen);
            charters.push(UnverifiedCharter::parse(note)?.verify_archived(root, last.as_ref())?);
        }
        let last = charters.last().map(Charter::seen);
        let newest = UnverifiedCharter::parse(newest)?.verify(root, now, last.as_ref())?;
        continued(&charters, &newest)?;
        charters.push(newest);
        Self::of_chain(charters).ok_or(DirectoryError::Withheld(1))
    }

    /// The policies that the charter commits to, in its order, then those that only earlier charters did, newest first.
    pub fn policies(&self) -> Vec<NamedPolicy> {
        let mut out: Vec<NamedPolicy> = Vec::new();
        for (charter, newest) in
            core::iter::once((self.newest.charter(), true)).chain(self.past.iter().rev().map(|c| (c, false)))
        {
            for p in &charter.document().policies {
                if !out.iter().any(|seen| seen.name == p.name && seen.sha256 == p.sha256) {
                    out.push(NamedPolicy { name: p.name.clone(), sha256: p.sha256, newest });
                }
            }
        }
        out
    }

    /// Everybody, as `casework` wants them: from the charter that first named them until the one that no longer did.
    pub fn members(&self) -> Members {
        let mut spans: Vec<Member> = Vec::new();
        for charter in self.past.iter().chain([self.newest.charter()]) {
            // The first charter known counts from the beginning: a first entry may carry a clock that runs a little
            // behind.
            let from = if spans.is_empty() { 0 } else { charter.document().issued };
            let standing = standing(charter);
            for span in spans.iter_mut().filter(|s| s.until.is_none()) {
                if !standing.iter().any(|(key, roles)| *key == span.key && *roles == span.roles) {
                    span.until = Some(from);
                }
            }
            for (key, roles) in standing {
                if !spans.iter().any(|s| s.key == key && s.until.is_none()) {
                    spans.push(Member { key, roles, from, until: None });
                }
            }
        }
        let quorum =
            |(n, c): (usize, &Charter)| (if n == 0 { 0 } else { c.document().issued }, usize::from(c.threshold()));
        let quorums = self.past.iter().chain([self.newest.charter()]).enumerate().map(quorum).collect();
        Members::new(spans).with_quorums(quorums)
    }

    /// Whether this is the digest of the newest charter or of one before it.
    pub fn has_charter(&self, digest: &[u8; 32]) -> bool {
        self.charters().any(|c| c.digest() == *digest)
    }

    /// The shortest epoch that any of the charters names: seconds.
    pub fn epoch_seconds(&self) -> u64 {
        self.charters().map(|c| c.document().epoch_seconds).min().unwrap_or(1)
    }

    /// This charter and, as far as they were fetched, those before it, newest first.
    fn charters(&self) -> impl Iterator<Item = &Charter> {
        core::iter::once(self.newest.charter()).chain(self.past.iter().rev())
    }

    /// Who may state what in public records, with those who have left since.
    pub fn signers(&self) -> Signers {
        Signers::of_charters(self.past.iter().chain([self.newest.charter()]))
    }

    /// A keyset that some charter named, as the newest of them says.
    pub fn keyset(&self, id: &KeysetId) -> Option<&Keyset> {
        self.charters().find_map(|c| c.keyset(id))
    }

    /// The issuer behind a record, if `signer` is that issuer in that keyset.
    pub fn issuer(&self, keyset: &KeysetId, signer: HolderId, number: u16) -> Option<&Issuer> {
        let signs = |s: &&Signer| s.sign.holder_id() == signer && u16::from(s.issuer.index().0) == number;
        self.keyset(keyset)?.signers().iter().find(signs).map(|s| &s.issuer)
    }
}

/// Each charter keeps what the one before it binds: keysets whose tokens are out, numbers that were given.
fn continued(past: &[Charter], newest: &Charter) -> Result<(), CharterError> {
    let mut chain = past.iter().chain([newest]);
    let Some(mut before) = chain.next() else { return Ok(()) };
    for charter in chain {
        charter.continues(before)?;
        before = charter;
    }
    Ok(())
}

/// The people of one charter with their roles in cases.
fn standing(charter: &Charter) -> Vec<(VerifyingKey, BTreeSet<RoleName>)> {
    let d = charter.document();
    let officers = d.officers.iter().map(|o| (o.keys.sign, o.roles.iter().filter_map(|r| role_name(*r)).collect()));
    let administrators = d.administrators.iter().map(|a| (a.keys.sign, BTreeSet::from([RoleName::Finance])));
    officers.chain(administrators).collect()
}
