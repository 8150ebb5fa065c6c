//! The command line of every role: `subrosa tip | officer | bounty | audit | policy | charter | intake`.

mod amount;
mod answer;
mod audit;
mod bounty;
mod charter;
mod dossier;
mod env;
mod intake;
mod officer;
mod policy;
mod rail;
mod tip;
mod words;

use std::{
    io::Write,
    path::PathBuf,
    time::{SystemTime, UNIX_EPOCH},
};

pub use answer::Answer;
use answer::Last;
use anyhow::{Context as _, Result};
use clap::{ArgMatches, Args, FromArgMatches, Subcommand};
use env::{Env, KeyArgs, needed};
use rand_core::UnwrapErr;
use subrosa_crypto::charter::RootKey;
use subrosa_engine::{api::Api, board::Circuits};
use subrosa_machine::{
    coded,
    files::{ask_secret, change_password},
    http::Http,
    say::{plain, sentence},
};
use zeroize::Zeroizing;

/// What every command takes.
#[derive(Debug, Args)]
pub struct Global {
    /// The server, such as http://….onion; unix:/path for a server on this machine
    #[arg(long, global = true, env = "SUBROSA_SERVER", default_value = "http://127.0.0.1:8460", value_name = "URL")]
    server: String,
    /// SOCKS5 proxy, usually Tor's: 127.0.0.1:9050, or 9150 for Tor Browser
    #[arg(long, global = true, env = "SUBROSA_PROXY", value_name = "HOST:PORT")]
    proxy: Option<String>,
    /// Fingerprint of the programme's root key, as printed in its notice
    #[arg(long, global = true, env = "SUBROSA_ROOT", value_name = "FINGERPRINT")]
    root: Option<String>,
    /// Sign an amount without asking: for whoever has seen it already
    #[arg(long, global = true)]
    yes: bool,
    /// Answer in JSON
    #[arg(long, global = true)]
    json: bool,
}

/// A role, and what it does: the program's words as [`clap`] reads them.
#[derive(Debug)]
pub struct Words(RoleCommand);

impl FromArgMatches for Words {
    fn from_arg_matches(matches: &ArgMatches) -> Result<Self, clap::Error> {
        RoleCommand::from_arg_matches(matches).map(Self)
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), clap::Error> {
        self.0.update_from_arg_matches(matches)
    }
}

impl Subcommand for Words {
    fn augment_subcommands(command: clap::Command) -> clap::Command {
        RoleCommand::augment_subcommands(command)
    }

    fn augment_subcommands_for_update(command: clap::Command) -> clap::Command {
        RoleCommand::augment_subcommands_for_update(command)
    }

    fn has_subcommand(name: &str) -> bool {
        RoleCommand::has_subcommand(name)
    }
}

#[derive(Debug, Subcommand)]
enum RoleCommand {
    /// File a tip, come back to it, redeem an award
    #[command(subcommand)]
    Tip(tip::Command),
    /// Work on cases
    #[command(subcommand)]
    Officer(officer::Command),
    /// Sign tokens, verify redemptions, pay
    #[command(subcommand)]
    Bounty(bounty::Command),
    /// Check everything that is public, or a receipt
    Audit(audit::Command),
    /// Bounty policies and regime packs: simulate, show, check
    #[command(subcommand)]
    Policy(policy::Command),
    /// Found a programme: root key, charter
    #[command(subcommand)]
    Charter(charter::Command),
    /// Pass on what came in through the sealed intake; put its recipients together
    #[command(subcommand)]
    Intake(intake::Command),
    /// Change a keystore's password
    Password(NewPassword),
}

/// A keystore, whoever's it is, and its new password.
#[derive(Debug, Args)]
struct NewPassword {
    #[command(flatten)]
    key: KeyArgs,
    /// Read the new password from this file instead of asking
    #[arg(long, value_name = "FILE")]
    new_password_file: Option<PathBuf>,
}

fn change(c: &NewPassword, env: &mut Env) -> Result<Answer> {
    let old = c.key.password()?;
    let new = ask_secret("New password of the keystore: ", c.new_password_file.as_deref())?;
    change_password(&c.key.keystore, &old, &new, &mut env.rng)?;
    let text =
        "The keystore opens with the new password. Destroy every copy of the old file: the old password opens it.";
    Ok(Answer::new(text, serde_json::json!({ "changed": true })))
}

impl Global {
    /// The server's address, and the proxy's.
    pub fn server(&self) -> (&str, Option<&str>) {
        (&self.server, self.proxy.as_deref())
    }

    /// The programme's root key.
    ///
    /// # Errors
    /// It was not given, or is no fingerprint.
    pub fn root(&self) -> Result<RootKey> {
        needed(self.root.as_deref().map(str::parse).transpose().context("--root")?)
    }

    /// Prints an answer, or in JSON why there is none; the error goes on to the caller. What destroys something that
    /// the answer holds is done afterwards.
    ///
    /// # Errors
    /// The answer was an error, standard output is closed or full, or what was left to be done failed.
    pub async fn print(&self, answer: Result<Answer>) -> Result<()> {
        let Some(last) = self.show(answer)? else { return Ok(()) };
        let said = last.await?;
        if !self.json && !said.is_empty() {
            writeln!(std::io::stdout(), "{said}")?;
        }
        Ok(())
    }

    fn show(&self, answer: Result<Answer>) -> Result<Option<Last>> {
        let mut out = std::io::stdout().lock();
        match answer {
            Ok(a) => {
                match self.json {
                    true => writeln!(out, "{:#}", a.json)?,
                    // Whatever came from elsewhere is made plain where it is put in; nothing that was forgotten there
                    // gets out.
                    false => writeln!(out, "{}", Zeroizing::new(plain(a.text.trim_end())).as_str())?,
                }
                out.flush()?;
                Ok(a.last)
            }
            Err(e) if self.json => {
                let code = coded::of(&e).map(|c| c.name().to_owned());
                writeln!(out, "{:#}", serde_json::json!({ "error": sentence(&e), "code": code }))?;
                Err(e)
            }
            Err(e) => Err(e),
        }
    }
}

/// Carries out one command.
///
/// # Errors
/// It could not be done; the sentence says why.
pub async fn answer(global: &Global, words: Words) -> Result<Answer> {
    let mut rng = UnwrapErr(getrandom::SysRng);
    let run: u64 = {
        let mut b = [0; 8];
        rand_core::Rng::fill_bytes(&mut rng, &mut b);
        u64::from_be_bytes(b)
    };
    let root = global.root.as_deref().map(str::parse).transpose().context("--root")?;
    let mut env = Env {
        api: Api::new(Http::new(&global.server, global.proxy.as_deref(), run)?),
        root,
        circuits: Circuits::new(&mut rng),
        rng,
        now: SystemTime::now().duration_since(UNIX_EPOCH).context("this device's clock is before 1970")?.as_secs(),
        yes: global.yes,
        json: global.json,
    };
    let server = global.server();
    match words.0 {
        RoleCommand::Tip(c) => tip::run(c, env, server).await,
        RoleCommand::Officer(c) => officer::run(c, &mut env).await,
        RoleCommand::Bounty(c) => bounty::run(c, &mut env).await,
        RoleCommand::Audit(c) => audit::run(c, &env).await,
        RoleCommand::Policy(c) => policy::run(c),
        RoleCommand::Charter(c) => charter::run(c, &mut env).await,
        RoleCommand::Intake(c) => intake::run(c, &mut env).await,
        RoleCommand::Password(c) => change(&c, &mut env),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Words::augment_subcommands(clap::Command::new("subrosa")).debug_assert();
    }
}
