//! `subrosa password`: a keystore's new password, whoever's keystore it is.

use std::path::PathBuf;

use anyhow::Result;
use serde_json::json;
use subrosa_machine::files::{ask_secret, change_password};

use super::{Answer, Env, KeyArgs};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    key: KeyArgs,
    /// Read the new password from this file instead of asking
    #[arg(long, value_name = "FILE")]
    new_password_file: Option<PathBuf>,
}

pub(super) fn run(c: &Args, env: &mut Env) -> Result<Answer> {
    let old = c.key.password()?;
    let new = ask_secret("New password of the keystore: ", c.new_password_file.as_deref())?;
    change_password(&c.key.keystore, &old, &new, &mut env.rng)?;
    let text =
        "The keystore opens with the new password. Destroy every copy of the old file: the old password opens it.";
    Ok(Answer::new(text, json!({ "changed": true })))
}
