//! `subrosa charter`: founding a programme.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};
use serde_json::json;
use subrosa_casework::policy::Policy;
use subrosa_crypto::{
    charter::{
        Administrator, CharterDocument, LogEntry, NoteKeyText, Officer, PolicyDigest, Role, RootKey, UnverifiedCharter,
    },
    kdf,
    log::NoteKey,
    secret::Secret32,
    sign::SigningKey,
    token::Denomination,
};

use super::{Answer, Env, KeyArgs, plain};
use crate::{
    mailbox::PublicIdentity,
    native::files::{KeyFile, read, write_new},
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make the programme's root key: keep it off every network
    Root(KeyArgs),
    /// Put the members' public files together into an unsigned charter
    Create(Create),
    /// Sign a charter with the root key
    Sign(Sign),
    /// Verify and show a charter: from a file, or the server's
    Show(Show),
    /// Hand a signed charter to the server
    Publish {
        /// The signed charter
        charter: PathBuf,
    },
}

#[derive(Debug, Args)]
pub(super) struct Create {
    /// The programme's permanent name, such as eu-pilot
    #[arg(long)]
    programme: String,
    /// The programme's name for people
    #[arg(long)]
    title: String,
    /// What sources are told before they begin, in a text file
    #[arg(long, value_name = "FILE")]
    notice: PathBuf,
    /// The log's key line, from `subrosa-server log-key`
    #[arg(long, value_name = "KEY LINE")]
    log_key: String,
    /// An officer: ROLES=FILE, such as intake,triager,adjudicator=anna.json; may be repeated
    #[arg(long = "officer", value_name = "ROLES=FILE")]
    officers: Vec<String>,
    /// An administrator's public file, in the order of their numbers; may be repeated
    #[arg(long = "administrator", value_name = "FILE")]
    administrators: Vec<PathBuf>,
    /// How many administrators must sign
    #[arg(long, default_value_t = 2)]
    threshold: u8,
    /// Where the server is reached; may be repeated
    #[arg(long = "address", value_name = "URL")]
    addresses: Vec<String>,
    /// The epoch's length on the server
    #[arg(long, default_value_t = 300, value_name = "SECONDS")]
    epoch_seconds: u64,
    /// How long the charter holds
    #[arg(long, default_value_t = 365, value_name = "DAYS")]
    days: u64,
    /// The charter before this one
    #[arg(long, value_name = "FILE")]
    previous: Option<PathBuf>,
    /// Where to write it
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Sign {
    #[command(flatten)]
    key: KeyArgs,
    /// The unsigned charter
    charter: PathBuf,
    /// Where to write the signed one
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Show {
    /// A signed charter; without it, the server's newest
    charter: Option<PathBuf>,
}

/// What a root keystore holds.
#[derive(Serialize, Deserialize)]
struct Root {
    seed: Secret32,
}

/// Token values of a new programme: 1, 2, 5 times a power of ten, from one euro to one million.
pub(super) fn default_denominations() -> Vec<u64> {
    let mut out: Vec<u64> = (2..=8).flat_map(|e| [1u64, 2, 5].map(|d| d * 10u64.pow(e))).collect();
    out.truncate(19);
    out
}

pub(super) async fn run(command: Command, env: &mut Env) -> Result<Answer> {
    match command {
        Command::Root(k) => {
            let seed = Secret32::random(&mut env.rng);
            let root = RootKey(SigningKey::from_seed(&seed).verifying_key());
            KeyFile::create(&k.keystore, &k.password()?, Root { seed }, &mut env.rng)?;
            let text = format!("The programme's root fingerprint, to be printed wherever sources look:\n\n    {root}");
            Ok(Answer::new(text, json!({ "root": hex::encode(root.0.0), "fingerprint": root.to_string() })))
        }
        Command::Create(c) => create(&c, env),
        Command::Sign(c) => {
            let root: KeyFile<Root> = c.key.open()?;
            let mut document: CharterDocument = serde_json::from_slice(&read(&c.charter, 1 << 20)?)?;
            document.issued = env.now;
            let signed = document.sign(&SigningKey::from_seed(&root.contents.seed))?;
            write_new(&c.out, &signed)?;
            let text = format!("Signed version {} into {}.", document.version, c.out.display());
            Ok(Answer::new(text, json!({ "version": document.version, "bytes": signed.len() })))
        }
        Command::Show(c) => show(&c, env).await,
        Command::Publish { charter } => {
            env.api.publish_charter(read(&charter, 1 << 20)?, env.circuits.fresh()).await?;
            Ok(Answer::new("Published.", json!({ "published": true })))
        }
    }
}

fn create(c: &Create, env: &Env) -> Result<Answer> {
    let json_file = |path: &Path| -> Result<Vec<u8>> { Ok(read(path, 1 << 20)?) };
    let mut officers = Vec::new();
    for o in &c.officers {
        let (roles, file) = o.split_once('=').with_context(|| format!("`{o}` is not ROLES=FILE"))?;
        let mut parsed = Vec::new();
        for r in roles.split(',') {
            parsed.push(match r {
                "intake" => Role::Intake,
                "triager" => Role::Triager,
                "investigator" => Role::Investigator,
                "adjudicator" => Role::Adjudicator,
                _ => bail!("`{r}` is not a role: intake, triager, investigator, adjudicator"),
            });
        }
        parsed.sort_unstable();
        let public: PublicIdentity = serde_json::from_slice(&json_file(Path::new(file))?)
            .with_context(|| format!("{file} is not an officer's public file"))?;
        officers.push(Officer { name: public.name, roles: parsed, keys: public.keys });
    }
    let mut administrators: Vec<Administrator> = Vec::new();
    for path in &c.administrators {
        let admin = serde_json::from_slice(&json_file(path)?)
            .with_context(|| format!("{} is not an administrator's public file", path.display()))?;
        administrators.push(admin);
    }
    let (version, previous) = match &c.previous {
        None => (1, [0; 32]),
        Some(p) => {
            let bytes = read(p, 1 << 20)?;
            let before = UnverifiedCharter::parse(&bytes)?;
            (before.unverified_version() + 1, subrosa_crypto::log::charter_digest(&bytes))
        }
    };
    let denominations = match administrators.first() {
        Some(a) => a.keysets.iter().map(|k| k.denomination).collect::<Vec<Denomination>>(),
        None => bail!("--administrator is missing"),
    };
    let mut policies = Vec::new();
    for (name, text) in Policy::PRESETS {
        policies.push(PolicyDigest { name: name.into(), sha256: kdf::sha256(text.as_bytes()) });
    }
    policies.sort_by(|a, b| a.name.cmp(&b.name));
    let document = CharterDocument {
        version,
        programme_id: c.programme.clone(),
        programme: c.title.clone(),
        notice: String::from_utf8(read(&c.notice, 1 << 16)?).context("the notice is not UTF-8 text")?,
        previous,
        issued: env.now,
        expires: env.now + c.days * 86_400,
        epoch_seconds: c.epoch_seconds,
        log: LogEntry {
            origin: format!("{}/log", c.programme),
            key: NoteKeyText(NoteKey::parse(c.log_key.trim()).context("--log-key")?),
        },
        witnesses: Vec::new(),
        addresses: c.addresses.clone(),
        officers,
        administrators,
        threshold: c.threshold,
        denominations,
        policies,
    };
    write_new(&c.out, document.to_text().as_bytes())?;
    let text = format!("Charter version {version} written to {}; read it, then sign it.", c.out.display());
    Ok(Answer::new(text, json!({ "version": version })))
}

async fn show(c: &Show, env: &Env) -> Result<Answer> {
    let bytes = match &c.charter {
        Some(path) => read(path, 1 << 20)?,
        None => env.api.charter(None, env.circuits.fresh()).await?,
    };
    let charter = UnverifiedCharter::parse(&bytes)?.verify(&env.root()?, env.now, None)?;
    let d = charter.document();
    let mut text = format!(
        "{} ({}), version {}\nroot fingerprint {}\n\n{}\n\nOfficers:\n",
        plain(&d.programme),
        d.programme_id,
        d.version,
        env.root()?,
        plain(&d.notice)
    );
    for o in &d.officers {
        let roles: Vec<String> = o.roles.iter().map(|r| format!("{r:?}").to_lowercase()).collect();
        text.push_str(&format!("  {:<20} {:<40} key {}\n", plain(&o.name), roles.join(", "), o.keys.holder_id()));
    }
    text.push_str(&format!("Administrators ({} of {} sign):\n", d.threshold, d.administrators.len()));
    for a in &d.administrators {
        text.push_str(&format!("  {:<20} number {}  key {}\n", plain(&a.name), a.index.0, a.keys.holder_id()));
    }
    Ok(Answer::new(text, serde_json::to_value(d)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_run_from_one_euro_to_a_million() {
        let d = default_denominations();
        assert_eq!(d.first(), Some(&100));
        assert_eq!(d.last(), Some(&100_000_000));
        assert_eq!(d.len(), 19);
    }
}
