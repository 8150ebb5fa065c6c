//! Who is who, as the engines need it: a verified charter with its keys decoded.

use std::collections::{BTreeMap, BTreeSet};

use subrosa_casework::role::{Member, Members, RoleName};
use subrosa_crypto::{
    charter::{Charter, CharterError, LastSeen, Role, RootKey, UnverifiedCharter},
    log::NoteKey,
    ratchet::Contact,
    seal::SealRecipient,
    sign::{Domain, HolderId, VerifyingKey},
    token::{Denomination, Issuer},
    wire::{PublicRecord, RecordKind},
};
use thiserror::Error;

use crate::{
    api::{Api, ApiError},
    transport::{Circuit, Transport},
};

/// One case officer.
#[derive(Clone, Debug)]
pub struct Officer {
    /// Name.
    pub name: String,
    /// Signing key.
    pub key: VerifyingKey,
    /// Where to write to.
    pub contact: Contact,
    /// What the keys of cases are sealed to.
    pub wrap: SealRecipient,
    /// Roles in cases; empty for somebody who takes tips in and nothing else.
    pub roles: Vec<RoleName>,
    /// Whether tips are addressed to this officer.
    pub intake: bool,
}

/// One bounty administrator.
#[derive(Clone, Debug)]
pub struct Administrator {
    /// Name.
    pub name: String,
    /// Signing key.
    pub key: VerifyingKey,
    /// Where to write to.
    pub contact: Contact,
    /// What return boxes are sealed to.
    pub wrap: SealRecipient,
    /// The issuer's verified keys.
    pub issuer: Issuer,
}

/// Why there is no directory.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum DirectoryError {
    /// No answer.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The charter is refused.
    #[error("the charter is refused: {0}")]
    Charter(#[from] CharterError),
    /// A version between what was seen and what is shown is not handed out.
    #[error(
        "the server does not show version {0} of the charter, which lies between the one you saw last and the one it shows now; it may be hiding who was named in between. Do not send anything"
    )]
    Withheld(u64),
}

/// A policy that a charter commits to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPolicy {
    /// Its name, such as `regime/sunset`.
    pub name: String,
    /// SHA-256 of its file.
    pub sha256: [u8; 32],
    /// Whether the newest charter names it, or only an earlier one.
    pub newest: bool,
}

/// The people of a verified charter.
#[derive(Debug)]
pub struct Directory {
    charter: Charter,
    /// The charters before it, oldest first; empty unless they were asked for.
    past: Vec<Charter>,
    officers: Vec<Officer>,
    administrators: Vec<Administrator>,
}

impl Directory {
    /// Fetches the newest charter and verifies it against the root key, the clock, and what was seen before. If
    /// versions were missed, they are fetched and verified one after the other, so that the chain has no gap.
    pub async fn fetch<T: Transport>(
        api: &Api<T>,
        root: &RootKey,
        now: u64,
        seen: Option<(u64, [u8; 32])>,
        circuit: Circuit,
    ) -> Result<Self, DirectoryError> {
        let newest = UnverifiedCharter::parse(&api.charter(None, circuit).await?)?;
        let mut last = seen.map(|(version, digest)| LastSeen { version, digest });
        if let Some(seen_version) = last.as_ref().map(|l| l.version) {
            for version in seen_version.saturating_add(1)..newest.unverified_version() {
                last = Some(between(api, root, version, last.as_ref(), circuit).await?.seen());
            }
        }
        Ok(Self::of(newest.verify(root, now, last.as_ref())?))
    }

    /// Fetches every charter before this one and verifies that they lead to it. With them a journal's older entries can
    /// be read: their authors may have left since, and their packs and policies may have been replaced.
    ///
    /// # Errors
    /// A version is withheld, or the chain has a gap.
    pub async fn fetch_past<T: Transport>(
        &mut self,
        api: &Api<T>,
        root: &RootKey,
        circuit: Circuit,
    ) -> Result<(), DirectoryError> {
        let mut past: Vec<Charter> = Vec::new();
        for version in 1..self.charter.version() {
            let before = past.last().map(Charter::seen);
            past.push(between(api, root, version, before.as_ref(), circuit).await?);
        }
        if past.last().is_some_and(|last| last.digest() != self.charter.document().previous) {
            return Err(CharterError::BrokenChain(self.charter.version()).into());
        }
        self.past = past;
        Ok(())
    }

    /// The people of a whole chain of verified charters, version 1 first; `None` for an empty one.
    pub fn of_chain(mut charters: Vec<Charter>) -> Option<Self> {
        let mut directory = Self::of(charters.pop()?);
        directory.past = charters;
        Some(directory)
    }

    /// The signed notes of every charter that is held here, version 1 first after [`Directory::fetch_past`].
    pub fn charter_notes(&self) -> Vec<Vec<u8>> {
        self.past.iter().chain([&self.charter]).map(|c| c.bytes().to_vec()).collect()
    }

    /// Checks that this charter follows from one that was seen before: not older, not another of the same version, and
    /// every version in between is shown, signed, and names the one before it. A source learns what it saw last only
    /// after it has opened its state, so [`Directory::fetch`] could not do this for it.
    ///
    /// # Errors
    /// The charter was rolled back, forked, or comes after a gap.
    pub async fn leads_from<T: Transport>(
        &self,
        api: &Api<T>,
        seen: (u64, [u8; 32]),
        circuit: Circuit,
    ) -> Result<(), DirectoryError> {
        let root = self.charter.root();
        let mut last = LastSeen { version: seen.0, digest: seen.1 };
        for version in seen.0.saturating_add(1)..self.charter.version() {
            last = between(api, root, version, Some(&last), circuit).await?.seen();
        }
        UnverifiedCharter::parse(self.charter.bytes())?.verify_archived(root, Some(&last))?;
        Ok(())
    }

    /// The people of a charter that was kept from an earlier visit, for times without the server.
    ///
    /// # Errors
    /// It is not signed by the root key, or has expired.
    pub fn kept(note: &[u8], root: &RootKey, now: u64) -> Result<Self, DirectoryError> {
        Ok(Self::of(UnverifiedCharter::parse(note)?.verify(root, now, None)?))
    }

    /// As [`Directory::kept`], with the charters before it, version 1 first: what journals are read with.
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
        charters.push(UnverifiedCharter::parse(newest)?.verify(root, now, last.as_ref())?);
        Self::of_chain(charters).ok_or(DirectoryError::Withheld(1))
    }

    /// The policies that the charter commits to, in its order, then those that only earlier charters did, newest first,
    /// as far as [`Directory::fetch_past`] fetched them.
    pub fn policies(&self) -> Vec<NamedPolicy> {
        let mut out: Vec<NamedPolicy> = Vec::new();
        for (charter, newest) in
            core::iter::once((&self.charter, true)).chain(self.past.iter().rev().map(|c| (c, false)))
        {
            for p in &charter.document().policies {
                if !out.iter().any(|seen| seen.name == p.name && seen.sha256 == p.sha256) {
                    out.push(NamedPolicy { name: p.name.clone(), sha256: p.sha256, newest });
                }
            }
        }
        out
    }

    /// The people of a charter that was verified before.
    pub fn of(charter: Charter) -> Self {
        let officers = charter
            .officers()
            .iter()
            .map(|o| Officer {
                name: o.name.clone(),
                key: o.keys.sign,
                contact: Contact { olm: o.keys.olm, scan: o.keys.scan_public() },
                wrap: o.keys.wrap.clone(),
                roles: o.roles.iter().filter_map(|r| role_name(*r)).collect(),
                intake: o.roles.contains(&Role::Intake),
            })
            .collect();
        let administrators = charter
            .administrators()
            .iter()
            .filter_map(|a| {
                Some(Administrator {
                    name: a.name.clone(),
                    key: a.keys.sign,
                    contact: Contact { olm: a.keys.olm, scan: a.keys.scan_public() },
                    wrap: a.keys.wrap.clone(),
                    issuer: charter.issuer(a.index)?.clone(),
                })
            })
            .collect();
        Self { charter, past: Vec::new(), officers, administrators }
    }

    /// The charter.
    pub fn charter(&self) -> &Charter {
        &self.charter
    }

    /// Version and digest: what a reader remembers.
    pub fn seen(&self) -> (u64, [u8; 32]) {
        (self.charter.version(), self.charter.digest())
    }

    /// Refuses a charter that is older than, or differs from, one that was seen before. A newer one was checked by
    /// [`Directory::fetch`] only if it was given `seen`; a source learns what it saw last only after it has opened its
    /// state, so this compares what can be compared then.
    pub fn follows(&self, seen: (u64, [u8; 32])) -> Result<(), &'static str> {
        match self.charter.version().cmp(&seen.0) {
            core::cmp::Ordering::Less => Err("an older version"),
            core::cmp::Ordering::Equal if self.charter.digest() != seen.1 => Err("another text under the same version"),
            _ => Ok(()),
        }
    }

    /// The programme's id.
    pub fn programme(&self) -> &str {
        self.charter.programme_id()
    }

    /// The log's key.
    pub fn log_key(&self) -> &NoteKey {
        self.charter.log_key()
    }

    /// Officers to whom tips are addressed.
    pub fn intake(&self) -> Vec<&Officer> {
        self.officers.iter().filter(|o| o.intake).collect()
    }

    /// All officers.
    pub fn officers(&self) -> &[Officer] {
        &self.officers
    }

    /// All administrators.
    pub fn administrators(&self) -> &[Administrator] {
        &self.administrators
    }

    /// Token values, ascending.
    pub fn denominations(&self) -> &[Denomination] {
        self.charter.denominations()
    }

    /// How many administrators must sign.
    pub fn threshold(&self) -> u8 {
        self.charter.threshold()
    }

    /// A person's name, or the short key name of somebody unknown.
    pub fn name_of(&self, holder: HolderId) -> String {
        self.charter.holder(&holder).map_or_else(|| holder.to_string(), |h| h.name().to_owned())
    }

    /// The roles in cases of an officer.
    pub fn roles_of(&self, holder: HolderId) -> &[RoleName] {
        self.officers.iter().find(|o| o.key.holder_id() == holder).map_or(&[], |o| o.roles.as_slice())
    }

    /// Everybody, as `casework` wants them: from the charter that first named them until the one that no longer did.
    /// Without [`Directory::fetch_past`], those of the newest charter alone, as if it had always been there.
    pub fn members(&self) -> Members {
        let mut spans: Vec<Member> = Vec::new();
        for charter in self.past.iter().chain([&self.charter]) {
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
        Members::new(spans)
    }

    /// This charter and, as far as they were fetched, those before it, newest first.
    fn charters(&self) -> impl Iterator<Item = &Charter> {
        core::iter::once(&self.charter).chain(self.past.iter().rev())
    }

    /// Issuer numbers by holder, with those who no longer are administrators: their records stay.
    pub fn issuer_numbers(&self) -> BTreeMap<HolderId, u16> {
        let mut out = BTreeMap::new();
        for a in self.charters().flat_map(Charter::administrators) {
            out.entry(a.keys.holder_id()).or_insert(u16::from(a.index.0));
        }
        out
    }

    /// The issuer behind a record, if `signer` is that issuer.
    pub fn issuer(&self, signer: HolderId, number: u16) -> Option<&Issuer> {
        self.charters().find_map(|c| {
            let admin = c.administrators().iter().find(|a| a.keys.holder_id() == signer)?;
            c.issuer(admin.index).filter(|issuer| u16::from(issuer.index().0) == number)
        })
    }

    /// Whether a public record is signed by somebody who may, or once might, state such a thing.
    pub fn verify_record(&self, record: &PublicRecord) -> bool {
        let named = |c: &Charter| match record.kind {
            RecordKind::Decision => c.officers().iter().map(|o| o.keys.sign).find(|k| k.holder_id() == record.signer),
            _ => c.administrators().iter().map(|a| a.keys.sign).find(|k| k.holder_id() == record.signer),
        };
        let key = self.charters().find_map(named);
        key.is_some_and(|k| k.verify(Domain::RECORD, &record.signed_part(), &record.signature).is_ok())
    }
}

/// One version of the charter, verified as the successor of `before`.
async fn between<T: Transport>(
    api: &Api<T>,
    root: &RootKey,
    version: u64,
    before: Option<&LastSeen>,
    circuit: Circuit,
) -> Result<Charter, DirectoryError> {
    let bytes = match api.charter(Some(version), circuit).await {
        Err(ApiError::Refused { status: 404 | 410, .. }) => return Err(DirectoryError::Withheld(version)),
        other => other?,
    };
    let charter = UnverifiedCharter::parse(&bytes)?.verify_archived(root, before)?;
    if charter.version() == version { Ok(charter) } else { Err(CharterError::BrokenChain(version).into()) }
}

/// The people of one charter with their roles in cases.
fn standing(charter: &Charter) -> Vec<(VerifyingKey, BTreeSet<RoleName>)> {
    let d = charter.document();
    let officers = d.officers.iter().map(|o| (o.keys.sign, o.roles.iter().filter_map(|r| role_name(*r)).collect()));
    let administrators = d.administrators.iter().map(|a| (a.keys.sign, BTreeSet::from([RoleName::Finance])));
    officers.chain(administrators).collect()
}

fn role_name(role: Role) -> Option<RoleName> {
    match role {
        Role::Intake => None,
        Role::Triager => Some(RoleName::Triager),
        Role::Investigator => Some(RoleName::Investigator),
        Role::Adjudicator => Some(RoleName::Adjudicator),
    }
}
