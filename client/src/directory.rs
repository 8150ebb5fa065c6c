//! Who is who, as the engines need it: a verified charter with its keys decoded.

use std::collections::BTreeMap;

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
}

/// The people of a verified charter.
#[derive(Debug)]
pub struct Directory {
    charter: Charter,
    officers: Vec<Officer>,
    administrators: Vec<Administrator>,
}

impl Directory {
    /// Fetches the newest charter and verifies it against the root key, the clock, and what was seen before. If versions were missed, they are fetched and
    /// verified one after the other, so that the chain has no gap.
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
                let bytes = api.charter(Some(version), circuit).await?;
                last = Some(UnverifiedCharter::parse(&bytes)?.verify_archived(root, last.as_ref())?.seen());
            }
        }
        Ok(Self::of(newest.verify(root, now, last.as_ref())?))
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
        Self { charter, officers, administrators }
    }

    /// The charter.
    pub fn charter(&self) -> &Charter {
        &self.charter
    }

    /// Version and digest: what a reader remembers.
    pub fn seen(&self) -> (u64, [u8; 32]) {
        (self.charter.version(), self.charter.digest())
    }

    /// Refuses a charter that is older than, or differs from, one that was seen before. A newer one was checked by [`Directory::fetch`] only if it was given
    /// `seen`; a source learns what it saw last only after it has opened its state, so this compares what can be compared then.
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

    /// Everybody, as `casework` wants them.
    pub fn members(&self) -> Members {
        let from = 0;
        let officers = self.officers.iter().map(|o| Member {
            key: o.key,
            roles: o.roles.iter().copied().collect(),
            from,
            until: None,
        });
        let administrators = self.administrators.iter().map(|a| Member {
            key: a.key,
            roles: [RoleName::Finance].into(),
            from,
            until: None,
        });
        Members::new(officers.chain(administrators))
    }

    /// Issuer numbers by holder.
    pub fn issuer_numbers(&self) -> BTreeMap<HolderId, u16> {
        self.administrators.iter().map(|a| (a.key.holder_id(), u16::from(a.issuer.index().0))).collect()
    }

    /// The issuer behind a record, if `signer` is that issuer.
    pub fn issuer(&self, signer: HolderId, number: u16) -> Option<&Issuer> {
        let admin = self.administrators.iter().find(|a| a.key.holder_id() == signer)?;
        (u16::from(admin.issuer.index().0) == number).then_some(&admin.issuer)
    }

    /// Whether a public record is signed by somebody who may state such a thing.
    pub fn verify_record(&self, record: &PublicRecord) -> bool {
        let key = match record.kind {
            RecordKind::Decision => self.officers.iter().map(|o| o.key).find(|k| k.holder_id() == record.signer),
            _ => self.administrators.iter().map(|a| a.key).find(|k| k.holder_id() == record.signer),
        };
        key.is_some_and(|k| k.verify(Domain::RECORD, &record.signed_part(), &record.signature).is_ok())
    }
}

fn role_name(role: Role) -> Option<RoleName> {
    match role {
        Role::Intake => None,
        Role::Triager => Some(RoleName::Triager),
        Role::Investigator => Some(RoleName::Investigator),
        Role::Adjudicator => Some(RoleName::Adjudicator),
    }
}
