//! Keys of a stage's people: made with the engines as `officer init` and `bounty init` make them, but cheap to open,
//! for every command of a journey opens a keystore. No program can make such a one.

use std::{fs, path::Path};

use anyhow::Result;
use serde::Serialize;
use subrosa_crypto::keystore::{Cost, OpenKeystore};
use subrosa_engine::{officer::Desk, treasury::Treasury};
use zeroize::Zeroizing;

use crate::programme::{denominations, rng};

/// The password of every keystore on a stage.
pub const PASSWORD: &str = "correct horse battery staple";

/// Writes an officer's `NAME.key` and `NAME.json`.
pub fn officer(folder: &Path, name: &str) -> Result<()> {
    let desk = Desk::generate(name, &mut rng());
    let public = desk.identity.public()?;
    write(folder, name, &desk, &public)
}

/// Writes the `NAME.key` and `NAME.json` of the programme's administrator with this number.
pub fn administrator(folder: &Path, name: &str, programme: &str, number: u8) -> Result<()> {
    let treasury = Treasury::generate(name, programme, number, denominations(), &mut rng())?;
    let public = treasury.public()?;
    write(folder, name, &treasury, &public)
}

fn write(folder: &Path, name: &str, secret: &impl Serialize, public: &impl Serialize) -> Result<()> {
    let mut contents = Zeroizing::new(Vec::new());
    ciborium::into_writer(secret, &mut *contents)?;
    let keystore = OpenKeystore::create(PASSWORD, Cost::insecure_cheap_for_tests(), contents, &mut rng())?;
    fs::write(folder.join(format!("{name}.key")), keystore.seal(&mut rng())?)?;
    Ok(fs::write(folder.join(format!("{name}.json")), serde_json::to_vec_pretty(public)?)?)
}
