//! The machine-readable files of a dossier, as they are written and read. What is one of a list stands in them as its
//! stable name; words are the report's. A value that may be missing is written as `null`: to leave its member out is no
//! other spelling of the same file.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use subrosa_casework::case::Handling;

use crate::preview::Removed;

/// The format's name in its manifest.
pub const FORMAT: &str = "subrosa-dossier/3";

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
        /// What the source suffers.
        Detriment = "detriment",
        /// Who outside the team was told something that could point to the source.
        Disclosure = "disclosure",
        /// Why an officer takes no further part; who it is goes out.
        Recusal = "recusal",
        /// An entry that every reader passes over, by the stable name of its fault.
        DoesNotCount = "does-not-count",
    }
}

impl LeftOut {
    /// Whether the entry says more than the reason: the officer's words, the fault, or who stepped back.
    pub(super) fn has_detail(self) -> bool {
        matches!(self, Self::Officer | Self::DoesNotCount | Self::Recusal)
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
    #[serde(deserialize_with = "Option::deserialize")]
    pub(super) event: Option<String>,
    #[serde(deserialize_with = "Option::deserialize")]
    pub(super) redacted: Option<LeftOut>,
    /// The officer's words, the stable name of the entry's fault, or the holder id of who stepped back.
    #[serde(deserialize_with = "Option::deserialize")]
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
    #[serde(deserialize_with = "Option::deserialize")]
    pub(super) derived_from: Option<u64>,
    #[serde(deserialize_with = "Option::deserialize")]
    pub(super) enclosed: Option<String>,
    #[serde(deserialize_with = "Option::deserialize")]
    pub(super) enclosed_sha256: Option<String>,
    pub(super) left_behind: Vec<Removed>,
    #[serde(deserialize_with = "Option::deserialize")]
    pub(super) not_enclosed: Option<NotEnclosed>,
    /// How many people received this exact version, where that is the reason.
    #[serde(deserialize_with = "Option::deserialize")]
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

/// Whose words they are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Speaker {
    Source,
    Team,
}

/// What was said in one entry, which itself stays with the team.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Words {
    pub(super) entry: u64,
    pub(super) from: Speaker,
    pub(super) text: String,
    /// A tip's answers, question to answer.
    pub(super) answers: BTreeMap<String, String>,
}

/// Everything that is left out, in one list: entries first, then pieces of evidence.
pub(super) fn redactions(journal: &Journal, evidence: &[EvidenceEntry]) -> Vec<Value> {
    let entries = journal.entries.iter().filter_map(|e| {
        let reason = e.redacted?;
        Some(json!({ "entry": e.seq, "reason": reason, "detail": e.detail }))
    });
    let pieces = evidence.iter().filter_map(|e| {
        let reason = e.not_enclosed?;
        Some(json!({ "evidence": e.item, "reason": reason, "readers": e.readers }))
    });
    entries.chain(pieces).collect()
}
