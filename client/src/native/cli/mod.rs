//! The command line: `subrosa tip | officer | bounty | audit | charter | intake`.

mod audit;
mod bounty;
mod charter;
mod dossier;
mod intake;
mod officer;
mod policy;
mod tip;

use std::{
    io::Write,
    path::PathBuf,
    time::{SystemTime, UNIX_EPOCH},
};

use anyhow::{Context as _, Result, bail};
use clap::{Args, Parser, Subcommand};
use rand_core::UnwrapErr;
use serde_json::Value;
use subrosa_crypto::charter::RootKey;

use super::http::Http;
use crate::{api::Api, board::Circuits, directory::Directory};

/// The system's randomness.
pub type Rng = UnwrapErr<getrandom::SysRng>;

/// Subrosa: anonymous tips about AI violations, and rewards that nobody can trace.
#[derive(Debug, Parser)]
#[command(name = "subrosa", version, about)]
pub struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    role: RoleCommand,
}

#[derive(Debug, Args)]
struct Global {
    /// The server, such as http://….onion; unix:/path for a server on this machine
    #[arg(long, global = true, env = "SUBROSA_SERVER", default_value = "http://127.0.0.1:8460", value_name = "URL")]
    server: String,
    /// SOCKS5 proxy, usually Tor's: 127.0.0.1:9050, or 9150 for Tor Browser
    #[arg(long, global = true, env = "SUBROSA_PROXY", value_name = "HOST:PORT")]
    proxy: Option<String>,
    /// Fingerprint of the programme's root key, as printed in its notice
    #[arg(long, global = true, env = "SUBROSA_ROOT", value_name = "FINGERPRINT")]
    root: Option<String>,
    /// Answer in JSON
    #[arg(long, global = true)]
    json: bool,
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
    /// Work at a console in your browser: cases for an officer, money for an administrator
    Desk(super::desk::Args),
    /// Pass on what came in through the sealed intake; put its recipients together
    #[command(subcommand)]
    Intake(intake::Command),
}

/// What a command answers: the same facts for people and for programs.
pub(super) struct Answer {
    text: String,
    json: Value,
}

impl Answer {
    fn new(text: impl Into<String>, json: Value) -> Self {
        Self { text: text.into(), json }
    }

    /// With a note in front, if there is one: what is shown was not fetched just now.
    fn after(mut self, note: &str) -> Self {
        if let (false, Value::Object(members)) = (note.is_empty(), &mut self.json) {
            members.insert("recalled".into(), true.into());
            self.text.insert_str(0, note);
        }
        self
    }
}

/// What every command needs.
pub(super) struct Env {
    api: Api<Http>,
    root: Option<RootKey>,
    circuits: Circuits,
    rng: Rng,
    now: u64,
}

impl Env {
    fn root(&self) -> Result<RootKey> {
        self.root.context("--root is missing: give the fingerprint that the programme has printed in its notice")
    }

    /// The verified charter.
    async fn directory(&self, seen: Option<(u64, [u8; 32])>) -> Result<Directory> {
        Ok(Directory::fetch(&self.api, &self.root()?, self.now, seen, self.circuits.fresh()).await?)
    }

    /// The verified charter with every version before it: for whoever reads what former members have written.
    async fn whole_directory(&self, seen: Option<(u64, [u8; 32])>) -> Result<Directory> {
        let mut directory = self.directory(seen).await?;
        directory.fetch_past(&self.api, &self.root()?, self.circuits.fresh()).await?;
        Ok(directory)
    }
}

/// A keystore's file and password.
#[derive(Debug, Args)]
pub(super) struct KeyArgs {
    /// The keystore file
    #[arg(long, short, env = "SUBROSA_KEYSTORE", value_name = "FILE")]
    keystore: PathBuf,
    /// Read the password from this file instead of asking
    #[arg(long, env = "SUBROSA_PASSWORD_FILE", value_name = "FILE")]
    password_file: Option<PathBuf>,
}

impl KeyArgs {
    fn password(&self) -> Result<zeroize::Zeroizing<String>> {
        Ok(super::files::ask_secret("Password of the keystore: ", self.password_file.as_deref())?)
    }

    fn open<T: serde::Serialize + serde::de::DeserializeOwned>(&self) -> Result<super::files::KeyFile<T>> {
        Ok(super::files::KeyFile::open(&self.keystore, &self.password()?)?)
    }
}

/// Runs one command and prints its answer.
pub async fn run(cli: Cli) -> Result<()> {
    let json = cli.global.json;
    let answer = answer(cli).await;
    let mut out = std::io::stdout().lock();
    match answer {
        Ok(a) if json => writeln!(out, "{:#}", a.json)?,
        Ok(a) => writeln!(out, "{}", a.text.trim_end())?,
        Err(e) if json => {
            writeln!(out, "{:#}", serde_json::json!({ "error": sentence(&e) }))?;
            return Err(e);
        }
        Err(e) => return Err(e),
    }
    Ok(())
}

async fn answer(cli: Cli) -> Result<Answer> {
    let mut rng = UnwrapErr(getrandom::SysRng);
    let run: u64 = {
        let mut b = [0; 8];
        rand_core::Rng::fill_bytes(&mut rng, &mut b);
        u64::from_be_bytes(b)
    };
    let root = cli.global.root.as_deref().map(str::parse).transpose().context("--root")?;
    let mut env = Env {
        api: Api::new(Http::new(&cli.global.server, cli.global.proxy.as_deref(), run)?),
        root,
        circuits: Circuits::new(&mut rng),
        rng,
        now: SystemTime::now().duration_since(UNIX_EPOCH).context("this device's clock is before 1970")?.as_secs(),
    };
    let server = (cli.global.server.as_str(), cli.global.proxy.as_deref());
    match cli.role {
        RoleCommand::Tip(c) => tip::run(c, env, server).await,
        RoleCommand::Officer(c) => officer::run(c, &mut env).await,
        RoleCommand::Bounty(c) => bounty::run(c, &mut env).await,
        RoleCommand::Audit(c) => audit::run(c, &env).await,
        RoleCommand::Policy(c) => policy::run(c),
        RoleCommand::Charter(c) => charter::run(c, &mut env).await,
        RoleCommand::Desk(c) => {
            super::desk::serve(c, server.0, server.1, env.root()?).await?;
            Ok(Answer::new("The desk is locked, its keys are gone from memory.", Value::Null))
        }
        RoleCommand::Intake(c) => intake::run(c, &mut env).await,
    }
}

/// An error with its causes, each said once: many of our errors repeat their cause in their own words.
pub fn sentence(error: &anyhow::Error) -> String {
    let mut out = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if out.is_empty() {
            out = cause;
        } else if !out.contains(&cause) {
            out.push_str(": ");
            out.push_str(&cause);
        }
    }
    out
}

/// Euro cents of an amount as people write it: `137500`, `137500.00`, `137,500.00`.
pub(super) fn euros(text: &str) -> Result<u64> {
    let plain: String = text.trim().trim_start_matches('€').chars().filter(|c| *c != ',' && *c != ' ').collect();
    let (whole, cents) = plain.split_once('.').unwrap_or((&plain, "00"));
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(cents) || cents.len() != 2 {
        bail!("`{text}` is not an amount; write 137500 or 137500.00");
    }
    let cents: u64 = cents.parse()?;
    whole.parse::<u64>()?.checked_mul(100).and_then(|w| w.checked_add(cents)).context("the amount is too large")
}

/// `€137,500.00`.
pub(super) fn show_euros(cents: u64) -> String {
    let whole = (cents / 100).to_string();
    let mut grouped = String::new();
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(c);
    }
    format!("€{grouped}.{:02}", cents % 100)
}

/// Text that came from outside, safe for a terminal: no control characters but line breaks.
pub(super) fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        use clap::CommandFactory;
        Cli::command().debug_assert();
    }

    #[test]
    fn amounts_read_and_write() {
        assert_eq!(euros("€137,500.00").unwrap(), 13_750_000);
        assert_eq!(euros("7").unwrap(), 700);
        assert_eq!(show_euros(13_750_000), "€137,500.00");
        assert_eq!(show_euros(5), "€0.05");
        for bad in ["", "1.5", "-1", "1.234", "x", "99999999999999999999"] {
            assert!(euros(bad).is_err(), "{bad}");
        }
        assert_eq!(plain("a\u{1b}[31m\nb"), "a\u{fffd}[31m\nb");
    }
}
