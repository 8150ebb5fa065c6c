//! Who is who, as the engines need it: a verified charter with its keys decoded.

use subrosa_casework::role::{Member, Members, RoleName};
use subrosa_crypto::{
    charter::{Charter, OfficerRole},
    log::NoteKey,
    ratchet::Contact,
    seal::SealRecipient,
    sign::{HolderId, VerifyingKey},
    token::{Denomination, Issuer},
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
    /// Roles.
    pub roles: Vec<OfficerRole>,
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
