//! Why a file is not shown.

use thiserror::Error;

/// Why there is no preview. Each says what to do instead.
#[derive(Debug, Error)]
pub enum PreviewError {
    /// Of a kind that nothing here can turn into pixels.
    #[error(
        "a file of this kind is not shown here. Look at it on a machine without network, and write down what it says"
    )]
    Kind,
    /// Longer than [`FILE_MAX`](super::FILE_MAX), or too many pixels or pages.
    #[error("the file is too large to be shown here: {0}")]
    TooLarge(String),
    /// The file is damaged, or made to break a reader.
    #[error(
        "the file cannot be read as what it claims to be; it may be damaged, or made to do harm. Do not open it with another program on this machine"
    )]
    Damaged,
    /// Nobody can read it without its password.
    #[error("the file is locked with a password, so nothing of it can be shown. Ask the source for a copy without one")]
    Locked,
    /// It took too long.
    #[error(
        "the file takes too long to be shown; it may be made to do harm. Do not open it with another program on this machine"
    )]
    TooSlow,
    /// The sandbox could not be built.
    #[error(
        "this machine cannot shut a stranger's file in ({0}), so nothing is shown. Look at the file on a machine without network"
    )]
    NoSandbox(String),
    /// Poppler is not installed.
    #[error("PDF files need the program pdftoppm (package poppler-utils), which is not installed here")]
    NoPoppler,
    /// The process could not be started or heard.
    #[error("the preview's own process failed: {0}")]
    Process(String),
}
