//! What a console is started with.

use std::{path::PathBuf, time::Duration};

use subrosa_crypto::charter::RootKey;

/// Where the keys are, how the server is reached, and when the desk locks.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// The keystore file, of an officer or of an administrator.
    pub(crate) keystore: PathBuf,
    /// The server's address.
    pub(crate) server: String,
    /// The SOCKS proxy's address, if one is used.
    pub(crate) proxy: Option<String>,
    /// The key that signs charters.
    pub(crate) root: RootKey,
    /// The desk locks after so much time without a visit.
    pub(crate) idle: Duration,
}
