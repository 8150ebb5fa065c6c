//! What every command needs: the server, the programme's root key, time and randomness; and how a keystore is opened.

use std::{io::Write, path::PathBuf};

use anyhow::{Context as _, Result};
use clap::Args;
use subrosa_crypto::charter::RootKey;
use subrosa_engine::{api::Api, board::Circuits, directory::Directory, history::History, session::Session};
use subrosa_machine::{
    files::{KeyFile, ask_secret},
    http::Http,
    say::Rng,
};

/// What every command needs.
pub(crate) struct Env {
    pub(crate) api: Api<Http>,
    pub(crate) root: Option<RootKey>,
    pub(crate) circuits: Circuits,
    pub(crate) rng: Rng,
    pub(crate) now: u64,
    /// Whether amounts are signed without asking.
    pub(crate) yes: bool,
    /// Whether a program reads what is answered.
    pub(crate) json: bool,
}

impl Env {
    pub(crate) fn root(&self) -> Result<RootKey> {
        needed(self.root)
    }

    /// The verified charter.
    pub(crate) async fn directory(&self, seen: Option<(u64, [u8; 32])>) -> Result<Directory> {
        Ok(Directory::fetch(&self.api, &self.root()?, self.now, seen, self.circuits.fresh()).await?)
    }

    /// The verified charter with every version before it: for whoever reads what former members have written.
    pub(crate) async fn history(&self, seen: Option<(u64, [u8; 32])>) -> Result<History> {
        Ok(History::fetch(&self.api, &self.root()?, self.now, seen, self.circuits.fresh()).await?)
    }

    /// What an engine needs for what it says to the server.
    pub(crate) fn session<'s>(&'s mut self, directory: &'s History) -> Session<'s, Http, Rng> {
        Session::new(&self.api, &self.circuits, &mut self.rng, self.now, directory)
    }
}

/// A keystore's file and password.
#[derive(Debug, Args)]
pub(crate) struct KeyArgs {
    /// The keystore file
    #[arg(long, short, env = "SUBROSA_KEYSTORE", value_name = "FILE")]
    pub(crate) keystore: PathBuf,
    /// Read the password from this file instead of asking
    #[arg(long, env = "SUBROSA_PASSWORD_FILE", value_name = "FILE")]
    password_file: Option<PathBuf>,
}

impl KeyArgs {
    pub(crate) fn password(&self) -> Result<zeroize::Zeroizing<String>> {
        Ok(ask_secret("Password of the keystore: ", self.password_file.as_deref())?)
    }

    pub(crate) fn open<T: serde::Serialize + serde::de::DeserializeOwned>(&self) -> Result<KeyFile<T>> {
        let file = KeyFile::open(&self.keystore, &self.password()?)?;
        if !file.is_strong() {
            // Standard error may be closed; then there is nobody to tell.
            let _ = writeln!(
                std::io::stderr(),
                "the password of {} is cheap to guess: seal the keystore anew with `subrosa password`",
                self.keystore.display()
            );
        }
        Ok(file)
    }
}

/// The root key, or how to give it.
pub(crate) fn needed(root: Option<RootKey>) -> Result<RootKey> {
    root.context("--root is missing: give the fingerprint that the programme has printed in its notice")
}
