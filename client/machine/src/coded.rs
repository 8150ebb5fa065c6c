//! The codes of this crate's errors, and finding the code of any error.

use subrosa_casework::refusal::Refusal;
use subrosa_crypto::charter::CharterError;
use subrosa_engine::{
    api::ApiError,
    coded::{self, Code, Coded},
    codes,
    directory::DirectoryError,
    log_watch::LogFinding,
    officer::{JournalError, OfficerError},
    policies::PoliciesError,
    session::{NotSaved, OfferError},
    transport::TransportError,
    treasury::{BountyError, public::ViewError},
};

use crate::{dossier::DossierError, files::FileError, index::IndexError, preview::PreviewError, upload::DownloadError};

codes!(FileError {
    Self::Io { path, .. } => "file-io" (path = path.display().to_string()),
    Self::Exists(path) => "file-exists" (path = path.display().to_string()),
    Self::Seal(_) => "keystore-unwritable",
    Self::Contents(path) => "keystore-other-role" (path = path.display().to_string()),
    Self::Locked(path) => "file-locked" (path = path.display().to_string()),
} inner { Self::Open { error, .. } => error, });

codes!(DownloadError {
    Self::Exists(path) => "file-exists" (path = path.display().to_string()),
    Self::Missing { part, of } => "file-part-missing" (part = u64::from(*part), of = u64::from(*of)),
    Self::Open(_) => "file-not-whole",
    Self::Io(path, _) => "file-io" (path = path.display().to_string()),
} inner { Self::Api(e) => e, });

codes!(IndexError {
    Self::Io(path, _) => "file-io" (path = path.display().to_string()),
    Self::Damaged(path) => "index-damaged" (path = path.display().to_string()),
    Self::Full => "index-full",
} inner { Self::File(e) => e, });

codes!(PreviewError {
    Self::Kind => "preview-kind",
    Self::TooLarge(_) => "preview-too-large",
    Self::Damaged => "preview-damaged",
    Self::Locked => "preview-locked",
    Self::TooSlow => "preview-too-slow",
    Self::NoSandbox(_) => "preview-no-sandbox",
    Self::NoPoppler => "preview-no-poppler",
    Self::Process(_) => "preview-process",
});

codes!(DossierError {
    Self::Archive(_) => "dossier-archive",
    Self::Recipient(recipient) => "dossier-recipient" (recipient = recipient.clone()),
    Self::Identity => "dossier-identity",
    Self::Nobody => "dossier-nobody",
    Self::Age(_) => "dossier-age",
    Self::Changed => "dossier-changed",
    Self::Report => "dossier-report",
    Self::Language(code) => "dossier-language" (language = code.clone()),
    Self::NoAccount => "dossier-no-account",
    Self::Unsound(_) => "dossier-unsound",
});

/// Every code of this crate's errors and of the engine's.
pub fn all() -> Vec<(&'static str, &'static [&'static str])> {
    let mut found = coded::all();
    found.extend([FileError::CODES, DownloadError::CODES].concat());
    found.extend([IndexError::CODES, PreviewError::CODES, DossierError::CODES].concat());
    found
}

/// The code of an error: its own, else that of the first cause which has one.
pub fn of(error: &anyhow::Error) -> Option<Coded> {
    error.chain().find_map(of_cause)
}

/// The code of one error, whatever caused it.
pub fn of_cause(cause: &(dyn std::error::Error + 'static)) -> Option<Coded> {
    find::<OfficerError>(cause)
        .or_else(|| find::<JournalError>(cause))
        .or_else(|| find::<BountyError>(cause))
        .or_else(|| find::<OfferError>(cause))
        .or_else(|| find::<NotSaved>(cause))
        .or_else(|| find::<ViewError>(cause))
        .or_else(|| find::<LogFinding>(cause))
        .or_else(|| find::<DirectoryError>(cause))
        .or_else(|| find::<PoliciesError>(cause))
        .or_else(|| find::<CharterError>(cause))
        .or_else(|| find::<ApiError>(cause))
        .or_else(|| find::<TransportError>(cause))
        .or_else(|| find::<FileError>(cause))
        .or_else(|| find::<DownloadError>(cause))
        .or_else(|| find::<IndexError>(cause))
        .or_else(|| find::<PreviewError>(cause))
        .or_else(|| find::<DossierError>(cause))
        .or_else(|| find::<Refusal>(cause))
}

fn find<E: Code + std::error::Error + 'static>(cause: &(dyn std::error::Error + 'static)) -> Option<Coded> {
    cause.downcast_ref::<E>().map(Code::coded)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use anyhow::Context as _;

    use super::*;

    #[test]
    fn a_code_is_found_under_what_was_said_around_it() {
        let error: Result<(), _> = Err(ApiError::Transport(TransportError::TooLong));
        let error = error.map_err(OfficerError::Api).context("evidence 3").unwrap_err();
        assert_eq!(of(&error).unwrap().key, "error-answer-too-long");
        assert_eq!(of(&anyhow::anyhow!("something else")), None);
    }
}
