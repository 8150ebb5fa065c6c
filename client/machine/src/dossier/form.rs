//! The machine-readable files of a dossier, as they are written and read. What is one of a list stands in them as its
//! stable name; words are the report's.

use serde::{Deserialize, Serialize};
use subrosa_casework::case::Handling;

use crate::preview::Removed;

/// The format's name in its manifest.
pub const FORMAT: &str = "subrosa-dossier/2";

/// Defines a list of stable names, as they stand in files and behind the keys of words.
macro_rules! stable {
    ($(#[$meta:meta])* $type:ident { $($(#[$doc:meta])* $variant:ident = $name:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
        pub(super) enum $type {
            $($(#[$doc])* #[serde(rename = $name)] $variant,)*
        }

        impl $type {
            /// Every name of the list.
            #[cfg(test)]
            pub(super) const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name in files.
            pub(super) fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }
        }
    };
}

stable! {
    /// Why an entry of the journal is left out.
    LeftOut {
        /// An officer said so, and why.
        Officer = "officer",
        /// The source's own words.
        SourceWords = "source-words",
        /// What the team wrote to the source.
        Letter = "letter",
        /// What the team wrote for itself.
        Note = "note",
        /// Who reads the case, and with which keys.
        TeamKeys = "team-keys",
        /// What the source signed with the key that only its passphrase gives.
        ClaimKey = "claim-key",
        /// Everything about the award.
        Award = "award",
        /// A link that names another case.
        OtherCase = "other-case",
        /// An entry that every reader passes over, by the stable name of its fault.
        DoesNotCount = "does-not-count",
    }
}

stable! {
    /// Why a piece of evidence is not enclosed.
    NotEnclosed {
        /// So few received this exact version that it would point at them.
        FewReaders = "few-readers",
        /// No safe copy of such a file can be made here.
        NoSafeCopy = "no-safe-copy",
    }
}

stable! {
    /// What somebody did with a piece of evidence.
    Custodial {
        /// Made it evidence of the case.
        TakenIn = "taken-in",
        /// Opened and looked at it.
        Opened = "opened",
        /// Copied it out of the case.
        Exported = "exported",
        /// Computed its digest again, and it agreed.
        Verified = "verified",
    }
}

impl From<Handling> for Custodial {
    fn from(how: Handling) -> Self {
        match how {
            Handling::Opened => Self::Opened,
            Handling::Exported => Self::Exported,
            Handling::Verified => Self::Verified,
        }
    }
}

/// The proof that a charter version stands in the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CharterReceipt {
    /// The charter's version.
    pub version: u64,
    /// Its leaf's place.
    pub index: u64,
    /// RFC 6962 inclusion proof: hexadecimal, from the leaf up.
    pub proof: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Manifest {
    pub(super) format: String,
    pub(super) programme: String,
    pub(super) root: String,
    pub(super) case: String,
    pub(super) made_at: u64,
    pub(super) made_by: String,
    pub(super) files: Vec<Listed>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Listed {
    pub(super) path: String,
    pub(super) bytes: u64,
    pub(super) sha256: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Seal {
    pub(super) holder: String,
    pub(super) signature: String,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Journal {
    pub(super) journal: String,
    pub(super) head: String,
    pub(super) entries: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) seq: u64,
    pub(super) sealed: String,
    pub(super) event: Option<String>,
    pub(super) redacted: Option<LeftOut>,
    /// The officer's words, or the stable name of the entry's fault.
    pub(super) detail: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct EvidenceEntry {
    pub(super) item: u64,
    pub(super) name: String,
    pub(super) media: String,
    pub(super) origin: String,
    pub(super) original_bytes: u64,
    pub(super) original_sha256: String,
    pub(super) derived_from: Option<u64>,
    pub(super) enclosed: Option<String>,
    pub(super) enclosed_sha256: Option<String>,
    pub(super) left_behind: Vec<Removed>,
    pub(super) not_enclosed: Option<NotEnclosed>,
    /// How many people received this exact version, where that is the reason.
    pub(super) readers: Option<u32>,
    pub(super) custody: Vec<Custody>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Custody {
    pub(super) by: String,
    pub(super) at: u64,
    pub(super) how: Custodial,
}
