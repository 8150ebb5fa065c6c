//! What a charter must satisfy besides being signed.

use std::collections::BTreeSet;

use curve25519_dalek::{
    edwards::CompressedEdwardsY, montgomery::MontgomeryPoint, ristretto::CompressedRistretto, traits::IsIdentity,
};
use thiserror::Error;

use super::document::{CharterDocument, HolderKeys, Role};
use crate::{
    file::HybridRecipient,
    log::NoteAlgorithm,
    sign::VerifyingKey,
    token::{ISSUERS_MAX, Issuer, IssuerIndex, KeysError},
};

/// The longest programme id: bytes.
const PROGRAMME_ID_MAX: usize = 64;
/// The longest name of a person, programme or policy: bytes.
const NAME_MAX: usize = 200;
/// The longest epoch: seconds.
const EPOCH_MAX: u64 = 86_400;

/// A rule that a charter breaks. `{0}` names the person or member at fault.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CharterFault {
    /// Versions count from 1.
    #[error("the version is zero")]
    Version,
    /// Version 1 has no predecessor, and every other one has.
    #[error("`previous` must be all zero in version 1 and only there")]
    Previous,
    /// Characters or length.
    #[error("the programme id may hold only a-z, 0-9 and . - _ /, and 64 of them at most")]
    ProgrammeId,
    /// A name is empty, too long, or holds control characters.
    #[error("a name is empty, too long or holds control characters: {0}")]
    Name(&'static str),
    /// Two people or policies go by one name.
    #[error("the name {0} stands twice")]
    RepeatedName(String),
    /// It would expire before it was issued.
    #[error("`expires` is not after `issued`")]
    Lifetime,
    /// No epoch, or more than a day.
    #[error("an epoch must last from 1 second to a day")]
    EpochSeconds,
    /// The origin does not follow from the programme id, or is not the key's name.
    #[error("the log's origin must be the programme id followed by /log, and the log key's name the same")]
    LogOrigin,
    /// A note key is of the wrong kind.
    #[error("the key {0} is of the wrong kind for its place")]
    KeyKind(String),
    /// An address is not a URL that the client could use.
    #[error("an address must begin with http:// or https:// and hold no spaces")]
    Address,
    /// Nobody to write to.
    #[error("no officer has the role intake")]
    NoIntake,
    /// Decisions take two.
    #[error("fewer than two officers have the role adjudicator, so nothing could be decided by four eyes")]
    TooFewAdjudicators,
    /// A tip that reaches nobody but such officers would become no case.
    #[error("{0} takes tips in and needs a role in cases as well: triager, investigator or adjudicator")]
    IntakeAlone(String),
    /// Empty, unsorted or repeated.
    #[error("{0} must have at least one role, each once, in the order intake, triager, investigator, adjudicator")]
    Roles(String),
    /// A key that no honest program makes.
    #[error("the {key} key of {name} is not a valid key")]
    Key {
        /// The name of the person whose key it is.
        name: String,
        /// Which of the keys it is.
        key: &'static str,
    },
    /// One key in two places.
    #[error("a key of {0} stands in a second place as well; every key has one holder and one purpose")]
    RepeatedKey(String),
    /// 2 ≤ k ≤ n ≤ 16.
    #[error("the threshold must be at least 2 and at most the number of administrators (16 at most)")]
    Threshold,
    /// Not 1 to n in order.
    #[error("the administrators' numbers must be 1, 2, 3 and so on, in this order")]
    Indexes,
    /// Empty, or not strictly ascending.
    #[error("the denominations must be ascending, each once, and at least one")]
    Denominations,
    /// An administrator's keys do not cover exactly the denominations.
    #[error("the keysets of {0} do not cover exactly the denominations")]
    Keysets(String),
    /// An administrator's token keys are faulty.
    #[error("the keysets of {name}: {fault}")]
    TokenKeys {
        /// The name of the person whose key it is.
        name: String,
        /// What is wrong.
        fault: KeysError,
    },
}

/// Checks every rule and answers the issuers, in the order of their numbers.
pub(super) fn check(d: &CharterDocument, root: &VerifyingKey) -> Result<Vec<Issuer>, CharterFault> {
    check_frame(d)?;
    let mut seen = Seen::default();
    seen.key("the root", &root.0)?;
    check_note_keys(d, &mut seen)?;
    check_officers(d, &mut seen)?;
    let issuers = check_administrators(d, &mut seen)?;
    for policy in &d.policies {
        check_name(&policy.name, "policy")?;
        seen.name(&policy.name)?;
    }
    Ok(issuers)
}

fn check_frame(d: &CharterDocument) -> Result<(), CharterFault> {
    if d.version == 0 {
        return Err(CharterFault::Version);
    }
    if (d.version == 1) != (d.previous == [0; 32]) {
        return Err(CharterFault::Previous);
    }
    let id_ok = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b'_' | b'/');
    if d.programme_id.is_empty() || d.programme_id.len() > PROGRAMME_ID_MAX || !d.programme_id.bytes().all(id_ok) {
        return Err(CharterFault::ProgrammeId);
    }
    check_name(&d.programme, "programme")?;
    if d.expires <= d.issued {
        return Err(CharterFault::Lifetime);
    }
    if !(1..=EPOCH_MAX).contains(&d.epoch_seconds) {
        return Err(CharterFault::EpochSeconds);
    }
    let url = |a: &String| {
        ["http://", "https://"].iter().any(|p| a.strip_prefix(p).is_some_and(|rest| !rest.is_empty()))
            && !a.chars().any(|c| c.is_whitespace() || c.is_control())
    };
    if !d.addresses.iter().all(url) {
        return Err(CharterFault::Address);
    }
    Ok(())
}

fn check_note_keys(d: &CharterDocument, seen: &mut Seen) -> Result<(), CharterFault> {
    let log = &d.log.key.0;
    if d.log.origin != format!("{}/log", d.programme_id) || log.name() != d.log.origin {
        return Err(CharterFault::LogOrigin);
    }
    if log.algorithm() != NoteAlgorithm::Ed25519 || !ed25519_ok(&log.key()) {
        return Err(CharterFault::KeyKind(log.name().to_owned()));
    }
    seen.key("the log", &log.key().0)?;
    for w in &d.witnesses {
        if w.0.algorithm() != NoteAlgorithm::CosignatureV1 || !ed25519_ok(&w.0.key()) {
            return Err(CharterFault::KeyKind(w.0.name().to_owned()));
        }
        seen.name(w.0.name())?;
        seen.key(w.0.name(), &w.0.key().0)?;
    }
    Ok(())
}

fn check_officers(d: &CharterDocument, seen: &mut Seen) -> Result<(), CharterFault> {
    for o in &d.officers {
        check_name(&o.name, "officer")?;
        seen.name(&o.name)?;
        let ascending = o.roles.windows(2).all(|w| matches!(w, [a, b] if a < b));
        if o.roles.is_empty() || !ascending {
            return Err(CharterFault::Roles(o.name.clone()));
        }
        if o.roles == [Role::Intake] {
            return Err(CharterFault::IntakeAlone(o.name.clone()));
        }
        check_holder(&o.name, &o.keys, seen)?;
    }
    let holders_of = |role: Role| d.officers.iter().filter(|o| o.roles.contains(&role)).count();
    if holders_of(Role::Intake) == 0 {
        return Err(CharterFault::NoIntake);
    }
    if holders_of(Role::Adjudicator) < 2 {
        return Err(CharterFault::TooFewAdjudicators);
    }
    Ok(())
}

fn check_administrators(d: &CharterDocument, seen: &mut Seen) -> Result<Vec<Issuer>, CharterFault> {
    let n = d.administrators.len();
    if n > ISSUERS_MAX || d.threshold < 2 || usize::from(d.threshold) > n {
        return Err(CharterFault::Threshold);
    }
    if d.denominations.is_empty() || d.denominations.windows(2).any(|w| matches!(w, [a, b] if a >= b)) {
        return Err(CharterFault::Denominations);
    }
    let mut issuers = Vec::with_capacity(n);
    for (a, number) in d.administrators.iter().zip(1..) {
        check_name(&a.name, "administrator")?;
        seen.name(&a.name)?;
        if a.index != IssuerIndex(number) {
            return Err(CharterFault::Indexes);
        }
        check_holder(&a.name, &a.keys, seen)?;
        let issuer =
            a.issuer_keys().verify().map_err(|fault| CharterFault::TokenKeys { name: a.name.clone(), fault })?;
        if !issuer.denominations().eq(d.denominations.iter().copied()) {
            return Err(CharterFault::Keysets(a.name.clone()));
        }
        for k in &a.keysets {
            seen.key(&a.name, &k.key)?;
        }
        issuers.push(issuer);
    }
    Ok(issuers)
}

fn check_holder(name: &str, keys: &HolderKeys, seen: &mut Seen) -> Result<(), CharterFault> {
    let wrap_x25519 = keys.wrap.0.last_chunk::<32>().copied().unwrap_or_default();
    let checks = [
        ("sign", ed25519_ok(&keys.sign)),
        ("olm", x25519_ok(&keys.olm)),
        ("scan", CompressedRistretto(keys.scan).decompress().is_some_and(|p| !p.is_identity())),
        ("wrap", HybridRecipient::from_bytes(&keys.wrap.0).is_ok() && x25519_ok(&wrap_x25519)),
    ];
    for (key, ok) in checks {
        if !ok {
            return Err(CharterFault::Key { name: name.to_owned(), key });
        }
    }
    seen.key(name, &keys.sign.0)?;
    seen.key(name, &keys.olm)?;
    seen.key(name, &keys.scan)?;
    seen.key(name, keys.wrap.0.as_slice())?;
    seen.key(name, &wrap_x25519)
}

fn check_name(name: &str, what: &'static str) -> Result<(), CharterFault> {
    if name.trim().is_empty() || name.len() > NAME_MAX || name.chars().any(char::is_control) {
        return Err(CharterFault::Name(what));
    }
    Ok(())
}

/// The one encoding of a point that is not of small order.
fn ed25519_ok(key: &VerifyingKey) -> bool {
    let point = CompressedEdwardsY(key.0).decompress();
    point.is_some_and(|p| p.compress().0 == key.0 && !p.is_small_order())
}

/// The one encoding of a u-coordinate (RFC 7748 section 5 accepts others) that is not of low order.
fn x25519_ok(key: &[u8; 32]) -> bool {
    /// p = 2^255 - 19, little-endian as the encoding.
    const P: [u8; 32] = {
        let mut p = [0xff; 32];
        p[0] = 0xed;
        p[31] = 0x7f;
        p
    };
    let below_p = key.iter().rev().lt(P.iter().rev());
    below_p && MontgomeryPoint(*key).mul_clamped([0; 32]).0 != [0; 32]
}

/// Names and keys that were met before.
#[derive(Default)]
struct Seen {
    names: BTreeSet<String>,
    keys: BTreeSet<Vec<u8>>,
}

impl Seen {
    /// Names that differ only in case or outer spaces look the same to people.
    fn name(&mut self, name: &str) -> Result<(), CharterFault> {
        if self.names.insert(name.trim().to_lowercase()) {
            Ok(())
        } else {
            Err(CharterFault::RepeatedName(name.to_owned()))
        }
    }

    fn key(&mut self, holder: &str, key: &[u8]) -> Result<(), CharterFault> {
        if self.keys.insert(key.to_vec()) { Ok(()) } else { Err(CharterFault::RepeatedKey(holder.to_owned())) }
    }
}
