//! The charter: a programme's signed who-is-who.
//!
//! Spec: `docs/spec/charter.md`. A C2SP signed note by the offline root key; its text is one JSON document. The digest
//! chain makes a version that was shown to one person only, or taken back, visible to whoever saw another.

use thiserror::Error;

use crate::{
    log::{self, Note, NoteError, NoteKey, NoteSigner},
    sign::{HolderId, SigningKey},
    token::{Denomination, Keyset, KeysetId, Signer},
    wire::CHARTER_MAX,
};

mod document;
mod root;
mod rules;

pub use document::{
    Administrator, CharterDocument, Format, HolderKeys, LogEntry, NoteKeyText, Officer, PolicyDigest, Role,
};
pub use root::{NotAFingerprint, RootKey};
pub use rules::CharterFault;

/// A device whose clock is behind by less than this still accepts a new charter: seconds.
pub const CLOCK_SLACK: u64 = 86_400;

/// A charter that was accepted before: keep it, and hand it to the next [`UnverifiedCharter::verify`].
#[derive(Clone, Copy, PartialEq, Eq, Debug, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LastSeen {
    /// The version of the charter.
    pub version: u64,
    /// The charter's [`log::charter_digest`].
    #[serde(with = "crate::encoding_hex")]
    pub digest: [u8; 32],
}

/// Why a charter was refused. Each says what it may mean and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CharterError {
    /// Longer than [`CHARTER_MAX`].
    #[error("the charter is too long")]
    TooLong,
    /// Not a note, or not the one way of writing it.
    #[error("this is not a charter: {0}")]
    Note(NoteError),
    /// Signature lines besides the root's, or the same text spelt differently.
    #[error("this is not a charter in its one allowed form")]
    Form,
    /// The text is not the JSON document that the specification describes.
    #[error("the charter's text is not understood: {0}")]
    Document(String),
    /// A charter of another format than this program reads. Nothing else of it was looked at.
    #[error(
        "the charter is of format {0}, and this program reads format 2 alone. Nothing was sent. Program and server come from different versions of Subrosa: get the program that the programme names, or ask it to publish its charter anew"
    )]
    Format(u64),
    /// The root key has not signed.
    #[error(
        "the charter is not signed by this programme's root key. Do not use it: compare the root fingerprint with the programme's printed notice"
    )]
    Unsigned,
    /// There is a line in the root key's name, and it is wrong.
    #[error("the charter's signature is wrong: it was altered after it was signed. Do not use it")]
    BadSignature,
    /// Signed, but against the rules.
    #[error("the charter breaks a rule: {0}")]
    Fault(#[from] CharterFault),
    /// `now` is past its end.
    #[error("the charter has expired. The programme must publish a new one; if it did, the server is holding it back")]
    Expired,
    /// It was issued in the future.
    #[error("the charter was issued in the future. Please check the clock of this device")]
    NotYetValid,
    /// An older version than the one seen before.
    #[error(
        "the server shows charter version {shown}, but you have seen version {seen}. Somebody may want you to use keys that were withdrawn. Do not send anything"
    )]
    RolledBack {
        /// The version shown.
        shown: u64,
        /// The version seen before.
        seen: u64,
    },
    /// The same version with other content.
    #[error(
        "there are two different charters with version {0}, both signed. The root key may be in wrong hands. Do not send anything, and tell the programme by another way"
    )]
    Forked(u64),
    /// The next version, but it does not follow the one seen before.
    #[error(
        "charter version {0} does not continue the version that you have seen before. Do not send anything, and tell the programme by another way"
    )]
    BrokenChain(u64),
    /// Versions in between are needed.
    #[error("versions {from} to {to} of the charter must be checked first")]
    MissingVersions {
        /// The first one needed.
        from: u64,
        /// The last one needed.
        to: u64,
    },
}

/// What every format of a charter has: its number.
#[derive(serde::Deserialize)]
struct Numbered {
    format: u64,
}

/// A charter as it came over the wire.
#[derive(Clone, Debug)]
pub struct UnverifiedCharter {
    bytes: Vec<u8>,
    note: Note,
    document: CharterDocument,
}

impl UnverifiedCharter {
    /// Reads a note with one signature line and the JSON document in it. Nothing is checked yet.
    ///
    /// # Errors
    /// [`CharterError::TooLong`], [`CharterError::Note`], [`CharterError::Form`], [`CharterError::Format`],
    /// [`CharterError::Document`].
    pub fn parse(bytes: &[u8]) -> Result<Self, CharterError> {
        if bytes.len() > CHARTER_MAX {
            return Err(CharterError::TooLong);
        }
        let note = Note::parse(bytes).map_err(CharterError::Note)?;
        // One signature, one spelling: otherwise anybody could make a second digest for the same charter.
        if note.signatures().len() != 1 || note.to_bytes() != bytes {
            return Err(CharterError::Form);
        }
        let text = note.unverified_text();
        // The number comes first: whoever has a charter of another format is told that, not which member is missing.
        if let Ok(Numbered { format }) = serde_json::from_str(text)
            && format != u64::from(Format)
        {
            return Err(CharterError::Format(format));
        }
        let document = serde_json::from_str(text).map_err(|e| CharterError::Document(e.to_string()))?;
        Ok(Self { bytes: bytes.to_vec(), note, document })
    }

    /// The version that it states.
    pub fn unverified_version(&self) -> u64 {
        self.document.version
    }

    /// Checks signature, rules, time and succession. `now` is in unix seconds; `last_seen` is what [`Charter::seen`]
    /// answered last time.
    ///
    /// # Errors
    /// [`CharterError`]. On [`CharterError::MissingVersions`], fetch those, pass each through
    /// [`UnverifiedCharter::verify_archived`], and come back.
    pub fn verify(&self, root: &RootKey, now: u64, last_seen: Option<&LastSeen>) -> Result<Charter, CharterError> {
        let charter = self.verify_archived(root, last_seen)?;
        if now >= charter.document.expires {
            return Err(CharterError::Expired);
        }
        if charter.document.issued > now.saturating_add(CLOCK_SLACK) {
            return Err(CharterError::NotYetValid);
        }
        Ok(charter)
    }

    /// As [`UnverifiedCharter::verify`], whatever the time: for servers and auditors that keep old versions, and for
    /// checking the versions between. Nobody seals anything to keys out of such a charter.
    ///
    /// # Errors
    /// [`CharterError`], but neither `Expired` nor `NotYetValid`.
    pub fn verify_archived(&self, root: &RootKey, last_seen: Option<&LastSeen>) -> Result<Charter, CharterError> {
        let key = root.note_key(&self.document.programme_id).ok_or(CharterError::Unsigned)?;
        self.note.verify(&[key]).map_err(|e| match e {
            log::NoteVerifyError::Unsigned => CharterError::Unsigned,
            log::NoteVerifyError::Bad => CharterError::BadSignature,
        })?;
        let keysets = rules::check(&self.document, &root.0)?;
        let digest = log::charter_digest(&self.bytes);
        if let Some(seen) = last_seen {
            check_succession(&self.document, &digest, seen)?;
        }
        Ok(Charter { document: self.document.clone(), keysets, digest, bytes: self.bytes.clone(), root: *root })
    }
}

fn check_succession(d: &CharterDocument, digest: &[u8; 32], seen: &LastSeen) -> Result<(), CharterError> {
    use core::cmp::Ordering;
    match d.version.cmp(&seen.version) {
        Ordering::Less => Err(CharterError::RolledBack { shown: d.version, seen: seen.version }),
        Ordering::Equal if *digest == seen.digest => Ok(()),
        Ordering::Equal => Err(CharterError::Forked(d.version)),
        Ordering::Greater if d.version - 1 > seen.version => {
            Err(CharterError::MissingVersions { from: seen.version + 1, to: d.version - 1 })
        }
        Ordering::Greater if d.previous == seen.digest => Ok(()),
        Ordering::Greater => Err(CharterError::BrokenChain(d.version)),
    }
}

/// Why a document could not be signed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SignCharterError {
    /// Nobody would accept it.
    #[error(transparent)]
    Fault(#[from] CharterFault),
    /// Longer than [`CHARTER_MAX`].
    #[error("the charter is too long; shorten the legal notice")]
    TooLong,
    /// It could not be written as a note.
    #[error("the charter could not be written")]
    Note,
}

impl CharterDocument {
    /// Checks every rule, writes the JSON text in its canonical form, and signs it with the root key. Answers the
    /// note's bytes.
    ///
    /// # Errors
    /// [`SignCharterError`] names the rule that is broken.
    pub fn sign(&self, root: &SigningKey) -> Result<Vec<u8>, SignCharterError> {
        rules::check(self, &root.verifying_key())?;
        let signer =
            NoteSigner::new(&root::note_name(&self.programme_id), root.clone()).map_err(|_| SignCharterError::Note)?;
        let note = Note::sign(self.to_text(), &[&signer]).map_err(|_| SignCharterError::Note)?.to_bytes();
        if note.len() > CHARTER_MAX { Err(SignCharterError::TooLong) } else { Ok(note) }
    }

    /// The canonical text: members in the order of this type, two spaces for each level, a newline at the end.
    pub fn to_text(&self) -> String {
        // Only strings, integers, lists and objects with string keys: nothing here can fail to be written.
        let mut text = serde_json::to_string_pretty(self).unwrap_or_default();
        text.push('\n');
        text
    }
}

/// Somebody whom the charter names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Holder<'a> {
    /// A case officer.
    Officer(&'a Officer),
    /// A bounty administrator.
    Administrator(&'a Administrator),
}

impl<'a> Holder<'a> {
    /// The person's name.
    pub fn name(self) -> &'a str {
        match self {
            Self::Officer(o) => &o.name,
            Self::Administrator(a) => &a.name,
        }
    }

    /// The person's keys.
    pub fn keys(self) -> &'a HolderKeys {
        match self {
            Self::Officer(o) => &o.keys,
            Self::Administrator(a) => &a.keys,
        }
    }
}

/// A charter whose signature, rules and succession were checked. There is no other way to make one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Charter {
    document: CharterDocument,
    keysets: Vec<Keyset>,
    digest: [u8; 32],
    bytes: Vec<u8>,
    root: RootKey,
}

impl Charter {
    /// The root key that it was verified with.
    pub fn root(&self) -> &RootKey {
        &self.root
    }

    /// The whole document.
    pub fn document(&self) -> &CharterDocument {
        &self.document
    }

    /// The signed note's bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// What to keep for the next time.
    pub fn seen(&self) -> LastSeen {
        LastSeen { version: self.document.version, digest: self.digest }
    }

    /// The charter's [`log::charter_digest`].
    pub fn digest(&self) -> [u8; 32] {
        self.digest
    }

    /// The version of the charter.
    pub fn version(&self) -> u64 {
        self.document.version
    }

    /// The programme's permanent name.
    pub fn programme_id(&self) -> &str {
        &self.document.programme_id
    }

    /// The log's key under its origin.
    pub fn log_key(&self) -> &NoteKey {
        &self.document.log.key.0
    }

    /// The witnesses' keys.
    pub fn witness_keys(&self) -> impl Iterator<Item = &NoteKey> {
        self.document.witnesses.iter().map(|w| &w.0)
    }

    /// Everybody: officers, then administrators.
    pub fn holders(&self) -> impl Iterator<Item = Holder<'_>> {
        let officers = self.document.officers.iter().map(Holder::Officer);
        officers.chain(self.document.administrators.iter().map(Holder::Administrator))
    }

    /// Who goes by `id`.
    pub fn holder(&self, id: &HolderId) -> Option<Holder<'_>> {
        self.holders().find(|h| h.keys().holder_id() == *id)
    }

    /// The case officers whom the charter names.
    pub fn officers(&self) -> &[Officer] {
        &self.document.officers
    }

    /// The officers who have `role`.
    pub fn officers_with(&self, role: Role) -> impl Iterator<Item = &Officer> {
        self.document.officers.iter().filter(move |o| o.roles.contains(&role))
    }

    /// The officers who receive new tips: at least one.
    pub fn intake(&self) -> impl Iterator<Item = &Officer> {
        self.officers_with(Role::Intake)
    }

    /// The administrators, in the order of their numbers.
    pub fn administrators(&self) -> &[Administrator] {
        &self.document.administrators
    }

    /// The checked keysets, oldest first: at least one.
    pub fn keysets(&self) -> &[Keyset] {
        &self.keysets
    }

    /// A keyset by its name.
    pub fn keyset(&self, id: &KeysetId) -> Option<&Keyset> {
        self.keysets.iter().find(|k| k.id() == *id)
    }

    /// The keyset under which a request for `tokens` (any order) is signed: the newest one whose signers all serve, and
    /// whose denominations split their sum into just these tokens. A request that was made before the denominations
    /// changed is so signed under those for which it was made.
    pub fn keyset_for(&self, tokens: &[Denomination]) -> Option<&Keyset> {
        let sum = tokens.iter().try_fold(0u64, |sum, d| sum.checked_add(d.cents()))?;
        let mut asked = tokens.to_vec();
        asked.sort_unstable_by(|a, b| b.cmp(a));
        let serves = |k: &&Keyset| k.signers().iter().all(|s| self.serving(s).is_some());
        let splits = |k: &&Keyset| crate::token::split(sum, &k.denominations()) == (asked.clone(), 0);
        self.keysets.iter().rev().filter(serves).find(splits)
    }

    /// The administrator who signs as `signer`, if the charter still names this person.
    pub fn serving(&self, signer: &Signer) -> Option<&Administrator> {
        let same = |a: &&Administrator| a.index == signer.issuer.index() && a.keys.sign == signer.sign;
        self.document.administrators.iter().find(same)
    }

    /// How many administrators must state a movement of money.
    pub fn threshold(&self) -> u8 {
        self.document.threshold
    }

    /// What tokens there are now, ascending.
    pub fn denominations(&self) -> Vec<Denomination> {
        self.keysets.last().map(Keyset::denominations).unwrap_or_default()
    }

    /// Checks what the charter before this one binds: its keysets stay, until their tokens are worth nothing any more,
    /// no number goes to somebody else, and no time runs back.
    ///
    /// # Errors
    /// The first rule of succession that is broken (`docs/spec/charter.md`, section 3):
    /// [`CharterFault::OtherProgramme`], [`CharterFault::IssuedBackwards`], [`CharterFault::KeysetChanged`] or
    /// [`CharterFault::NumberReused`].
    pub fn continues(&self, before: &Self) -> Result<(), CharterFault> {
        rules::check_succession(&before.document, &self.document)
    }
}

#[cfg(test)]
mod tests;
#[cfg(test)]
mod vectors;
