//! What a charter must satisfy besides being signed.

use std::collections::{BTreeMap, BTreeSet};

use curve25519_dalek::{
    edwards::CompressedEdwardsY, montgomery::MontgomeryPoint, ristretto::CompressedRistretto, traits::IsIdentity,
};
use thiserror::Error;

use super::document::{CharterDocument, HolderKeys, Role};
use crate::{
    file::HybridRecipient,
    log::NoteAlgorithm,
    sign::VerifyingKey,
    token::{IssuerIndex, KeysError, Keyset, KeysetEntry, quorums_meet},
};

/// The longest programme id: bytes.
const PROGRAMME_ID_MAX: usize = 64;
/// The longest name of a person, programme or policy: bytes.
const NAME_MAX: usize = 200;
/// Keysets of one charter: at most.
const KEYSETS_MAX: usize = 32;
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
    /// 2 ≤ k ≤ n < 2k.
    #[error(
        "the threshold must be at least 2 and more than half of the administrators: two quorums must share a person"
    )]
    Threshold,
    /// Zero, not ascending, or above the highest number.
    #[error("the administrators' numbers must be ascending, from 1 up to `last_number`")]
    Indexes,
    /// None, too many, or not ascending by number.
    #[error("there must be 1 to {KEYSETS_MAX} keysets, ascending by number from 1")]
    Keysets,
    /// A keyset's keys are faulty.
    #[error("keyset {number}: {fault}")]
    TokenKeys {
        /// The number of the keyset.
        number: u32,
        /// What is wrong.
        fault: KeysError,
    },
    /// One number stands for two people.
    #[error("the number {0} stands for two people")]
    NumberTwice(u8),
    /// The newest keyset would sign tokens with somebody who does not serve, under another threshold than the
    /// charter's, or for less time than the charter holds.
    #[error(
        "the newest keyset must be signed by administrators of this charter, have its threshold, and be accepted longer than the charter holds"
    )]
    Issuing,
    /// So many signers of a keyset have left that its tokens could not be redeemed.
    #[error("keyset {0} is still accepted, and too few of its signers are administrators to redeem its tokens")]
    Abandoned(u32),
    /// A keyset of the charter before was left out, altered, or is accepted for less time.
    #[error("keyset {0} of the charter before this one must stay as it is until its tokens are no longer accepted")]
    KeysetChanged(u32),
    /// A new keyset, or a new administrator, has a number that was given before.
    #[error("the number {0} was given before: numbers are never used again")]
    NumberReused(u32),
    /// It is dated before the charter before it: a keyset's end could be passed over between the two.
    #[error("a charter is not issued before the one that it follows")]
    IssuedBackwards,
    /// The charter before is another programme's.
    #[error("the programme's id is not that of the charter before")]
    OtherProgramme,
}

/// Checks every rule and answers the keysets, oldest first.
pub(super) fn check(d: &CharterDocument, root: &VerifyingKey) -> Result<Vec<Keyset>, CharterFault> {
    check_frame(d)?;
    let mut seen = Seen::default();
    seen.key("the root", &root.0)?;
    check_note_keys(d, &mut seen)?;
    check_officers(d, &mut seen)?;
    check_administrators(d, &mut seen)?;
    let keysets = check_keysets(d, &mut seen)?;
    for policy in &d.policies {
        check_name(&policy.name, "policy")?;
        seen.name(&policy.name)?;
    }
    Ok(keysets)
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

fn check_administrators(d: &CharterDocument, seen: &mut Seen) -> Result<(), CharterFault> {
    if !quorums_meet(d.threshold, d.administrators.len()) {
        return Err(CharterFault::Threshold);
    }
    let mut last = IssuerIndex(0);
    for a in &d.administrators {
        check_name(&a.name, "administrator")?;
        seen.name(&a.name)?;
        if a.index <= last || a.index.0 > d.last_number {
            return Err(CharterFault::Indexes);
        }
        last = a.index;
        check_holder(&a.name, &a.keys, seen)?;
    }
    Ok(())
}

fn check_keysets(d: &CharterDocument, seen: &mut Seen) -> Result<Vec<Keyset>, CharterFault> {
    let ascending = d.keysets.windows(2).all(|w| matches!(w, [a, b] if a.number < b.number));
    if d.keysets.len() > KEYSETS_MAX || !ascending || d.keysets.first().is_none_or(|k| k.number == 0) {
        return Err(CharterFault::Keysets);
    }
    // A person's one key in several keysets is one key; two people under one number are not.
    let mut people: BTreeMap<IssuerIndex, VerifyingKey> =
        d.administrators.iter().map(|a| (a.index, a.keys.sign)).collect();
    let mut keysets = Vec::with_capacity(d.keysets.len());
    for (at, entry) in d.keysets.iter().enumerate() {
        let keyset = entry.verify().map_err(|fault| CharterFault::TokenKeys { number: entry.number, fault })?;
        for s in &entry.signers {
            if s.index.0 > d.last_number {
                return Err(CharterFault::Indexes);
            }
            if *people.entry(s.index).or_insert(s.sign) != s.sign {
                return Err(CharterFault::NumberTwice(s.index.0));
            }
            for k in &s.keys {
                seen.key(&format!("keyset {}", entry.number), &k.key)?;
            }
        }
        let serving = entry.signers.iter().filter(|s| serves(d, s.index, &s.sign)).count();
        if at + 1 == d.keysets.len() {
            let lasts = entry.accept_until > d.expires;
            if serving < entry.signers.len() || entry.threshold != d.threshold || !lasts {
                return Err(CharterFault::Issuing);
            }
        } else if entry.accept_until > d.issued && serving < usize::from(entry.threshold) {
            return Err(CharterFault::Abandoned(entry.number));
        }
        keysets.push(keyset);
    }
    Ok(keysets)
}

fn serves(d: &CharterDocument, index: IssuerIndex, sign: &VerifyingKey) -> bool {
    d.administrators.iter().any(|a| a.index == index && a.keys.sign == *sign)
}

/// What the charter before this one binds.
pub(super) fn check_succession(before: &CharterDocument, d: &CharterDocument) -> Result<(), CharterFault> {
    if d.programme_id != before.programme_id {
        return Err(CharterFault::OtherProgramme);
    }
    if d.issued < before.issued {
        return Err(CharterFault::IssuedBackwards);
    }
    let contents = |k: &KeysetEntry| (k.number, k.threshold, k.signers.clone());
    for old in before.keysets.iter().filter(|k| k.accept_until > d.issued) {
        let kept = d.keysets.iter().find(|k| k.number == old.number);
        if kept.is_none_or(|k| contents(k) != contents(old) || k.accept_until < old.accept_until) {
            return Err(CharterFault::KeysetChanged(old.number));
        }
    }
    let newest = before.keysets.last().map_or(0, |k| k.number);
    for k in &d.keysets {
        let known = before.keysets.iter().any(|old| contents(old) == contents(k));
        if k.number <= newest && !known {
            return Err(CharterFault::NumberReused(k.number));
        }
    }
    if d.last_number < before.last_number {
        return Err(CharterFault::NumberReused(u32::from(before.last_number)));
    }
    for a in &d.administrators {
        let known = serves(before, a.index, &a.keys.sign)
            || before.keysets.iter().flat_map(|k| &k.signers).any(|s| s.index == a.index && s.sign == a.keys.sign);
        if a.index.0 <= before.last_number && !known {
            return Err(CharterFault::NumberReused(u32::from(a.index.0)));
        }
    }
    Ok(())
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
