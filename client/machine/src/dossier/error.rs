//! Why no dossier can be made, encrypted or opened.

use thiserror::Error;

use super::{ArchiveError, VerifyError};

/// Why there is no dossier.
#[derive(Debug, Error)]
pub enum DossierError {
    /// Something does not fit into the archive.
    #[error(transparent)]
    Archive(#[from] ArchiveError),
    /// Not a recipient.
    #[error("`{0}` is not an age recipient; it looks like age1… or age1pq1…")]
    Recipient(String),
    /// Not an identity.
    #[error(
        "the identity file holds no age identity; a line of it looks like AGE-SECRET-KEY-1… or AGE-SECRET-KEY-PQ-1…"
    )]
    Identity,
    /// Nobody to encrypt to.
    #[error("say for whom the dossier is: --to age1…")]
    Nobody,
    /// Encrypting or opening with age failed, in age's own words.
    #[error("the dossier cannot be encrypted or opened: {0}")]
    Age(String),
    /// The journal's entries do not belong to the replay.
    #[error("the case has changed while the dossier was made; try again")]
    Changed,
    /// The report cannot be rendered.
    #[error("the report could not be made; nothing was written")]
    Report,
    /// No language of that code has words for a report.
    #[error("there are no words for a report in `{0}`")]
    Language(String),
    /// The officers' own account is empty.
    #[error("write an account of the case in your own words: it goes out in place of the source's")]
    NoAccount,
    /// What was made is not what any reader would accept.
    #[error("the dossier does not verify; nothing was written: {0}")]
    Unsound(#[from] VerifyError),
}
