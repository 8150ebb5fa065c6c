use core::{fmt, str::FromStr};

use thiserror::Error;

use crate::{
    log::{NoteAlgorithm, NoteKey},
    sign::VerifyingKey,
};

/// The programme's root key: the one thing that a source can compare with a printed notice.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct RootKey(pub VerifyingKey);

impl RootKey {
    /// The key as 16 groups of 4 hexadecimal digits: for people to compare, and for [`RootKey::from_str`] to read.
    pub fn fingerprint(&self) -> String {
        let groups: Vec<String> = self.0.0.chunks(2).map(hex::encode).collect();
        groups.join(" ")
    }

    pub(super) fn note_key(&self, programme_id: &str) -> Option<NoteKey> {
        NoteKey::new(&note_name(programme_id), NoteAlgorithm::Ed25519, self.0).ok()
    }
}

impl fmt::Display for RootKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.fingerprint())
    }
}

impl fmt::Debug for RootKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RootKey({})", self.fingerprint())
    }
}

/// The text is not a root key's fingerprint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("this is not a root fingerprint: it has 64 digits from 0-9 and a-f, usually in 16 groups of 4")]
pub struct NotAFingerprint;

impl FromStr for RootKey {
    type Err = NotAFingerprint;

    /// Spaces, line breaks, dashes, colons and upper case do not matter.
    fn from_str(text: &str) -> Result<Self, NotAFingerprint> {
        let digits: String = text.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | ':')).collect();
        let mut key = [0; 32];
        hex::decode_to_slice(digits, &mut key).map_err(|_| NotAFingerprint)?;
        Ok(Self(VerifyingKey(key)))
    }
}

/// The name under which a programme's root key signs its charters.
pub(super) fn note_name(programme_id: &str) -> String {
    format!("{programme_id}/charter")
}
