//! `subrosa charter`: founding a programme.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use serde::{Deserialize, Serialize};
use serde_json::json;
use subrosa_casework::{
    policy::Policy,
    regime::{BUILT_IN, Pack},
};
use subrosa_crypto::{
    charter::{
        Charter, CharterDocument, Format, LogEntry, NoteKeyText, Officer, PolicyDigest, Role, RootKey,
        UnverifiedCharter,
    },
    kdf,
    log::NoteKey,
    secret::Secret32,
    sign::SigningKey,
    token::KeysetEntry,
    wire::POLICY_MAX,
};

use crate::{
    answer::{Answer, name_of},
    env::{Env, KeyArgs},
};
use subrosa_engine::{
    mailbox::PublicIdentity,
    policies::{BOUNTY, PoliciesError, REGIME, fetch_file},
    treasury::PublicKeys,
};
use subrosa_machine::files::{KeyFile, read, write_new};
use subrosa_machine::say::{plain, plain_line};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make the programme's root key: keep it off every network
    Root(KeyArgs),
    /// Put the members' public files together into an unsigned charter
    Create(Create),
    /// Write the next version of a signed charter: other policies, officers, notice or addresses
    Amend(Amend),
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
    /// An administrator's public file; may be repeated. All of them sign the first keyset
    #[arg(long = "administrator", value_name = "FILE")]
    administrators: Vec<PathBuf>,
    /// How many administrators must state a movement of money, and recognise a token: more than half of them
    #[arg(long, default_value_t = 2)]
    threshold: u8,
    /// How long tokens of the first keyset are honoured
    #[arg(long, default_value_t = 3650, value_name = "DAYS")]
    accept_days: u64,
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
    /// A policy that the charter commits to, added to the built-in regime packs and bounty policies or in place of one:
    /// regime/ID=FILE, bounty/ID=FILE, or another name; may be repeated
    #[arg(long = "policy", value_name = "NAME=FILE")]
    policies: Vec<String>,
    /// Where to write it
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Amend {
    /// The newest signed charter
    charter: PathBuf,
    /// A policy to add, or to put in place of the one with this name; may be repeated. Copy the file into the server's
    /// policies directory before you publish
    #[arg(long = "policy", value_name = "NAME=FILE")]
    policies: Vec<String>,
    /// A policy that shall no longer be offered; cases under it keep it. May be repeated
    #[arg(long = "drop-policy", value_name = "NAME")]
    drop_policies: Vec<String>,
    /// An officer to add, or with new roles or keys, as in `create`; may be repeated
    #[arg(long = "officer", value_name = "ROLES=FILE")]
    officers: Vec<String>,
    /// An officer who leaves; may be repeated
    #[arg(long = "drop-officer", value_name = "NAME")]
    drop_officers: Vec<String>,
    /// An administrator who leaves; may be repeated
    #[arg(long = "drop-administrator", value_name = "NAME")]
    drop_administrators: Vec<String>,
    /// A signer's public file for the next keyset, from `bounty keyset` or `bounty init`; may be repeated. Whoever is
    /// not an administrator yet becomes one. Earlier keysets are still honoured
    #[arg(long = "keyset", value_name = "FILE")]
    keyset: Vec<PathBuf>,
    /// How many administrators must state a movement of money; a new keyset has the same threshold
    #[arg(long)]
    threshold: Option<u8>,
    /// How long tokens of the next keyset are honoured, and those of the present one at least
    #[arg(long, default_value_t = 3650, value_name = "DAYS")]
    accept_days: u64,
    /// The programme's name for people
    #[arg(long)]
    title: Option<String>,
    /// What sources are told before they begin, in a text file
    #[arg(long, value_name = "FILE")]
    notice: Option<PathBuf>,
    /// Where the server is reached, in place of the old addresses; may be repeated
    #[arg(long = "address", value_name = "URL")]
    addresses: Vec<String>,
    /// How long the new charter holds
    #[arg(long, default_value_t = 365, value_name = "DAYS")]
    days: u64,
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
        Command::Amend(c) => amend(&c, env),
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
            let bytes = read(&charter, 1 << 20)?;
            env.api.publish_charter(bytes.clone(), env.circuits.fresh()).await?;
            published(&UnverifiedCharter::parse(&bytes)?.verify(&env.root()?, env.now, None)?, env).await
        }
    }
}

fn create(c: &Create, env: &Env) -> Result<Answer> {
    let officers = c.officers.iter().map(|o| officer(o)).collect::<Result<_>>()?;
    let signers = public_keys(&c.administrators)?;
    if signers.is_empty() {
        bail!("--administrator is missing");
    }
    let (version, previous) = match &c.previous {
        None => (1, [0; 32]),
        Some(p) => {
            let bytes = read(p, 1 << 20)?;
            let before = UnverifiedCharter::parse(&bytes)?;
            (before.unverified_version() + 1, subrosa_crypto::log::charter_digest(&bytes))
        }
    };
    let mut policies = BTreeMap::new();
    for (id, text) in BUILT_IN {
        policies.insert(format!("{REGIME}{id}"), kdf::sha256(text.as_bytes()));
    }
    for (id, text) in Policy::PRESETS {
        policies.insert(format!("{BOUNTY}{id}"), kdf::sha256(text.as_bytes()));
    }
    for p in &c.policies {
        let (name, sha256) = policy(p)?;
        policies.insert(name, sha256);
    }
    let document = CharterDocument {
        format: Format,
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
        administrators: signers.iter().map(PublicKeys::administrator).collect(),
        threshold: c.threshold,
        last_number: signers.iter().map(|s| s.index.0).max().unwrap_or(0),
        keysets: vec![keyset(&signers, c.threshold, env.now + c.accept_days * 86_400)?],
        policies: in_order(policies),
    };
    write_new(&c.out, document.to_text().as_bytes())?;
    let text = format!("Charter version {version} written to {}; read it, then sign it.", c.out.display());
    Ok(Answer::new(text, json!({ "version": version })))
}

fn amend(c: &Amend, env: &Env) -> Result<Answer> {
    let bytes = read(&c.charter, 1 << 20)?;
    // Signed by whom does not matter here: the server and every client refuse a successor that the root key did not
    // sign.
    let before = UnverifiedCharter::parse(&bytes)?.verify_archived(&env.root()?, None)?;
    let mut d = before.document().clone();
    d.version = before.version() + 1;
    d.previous = before.digest();
    d.issued = env.now;
    d.expires = env.now + c.days * 86_400;
    let mut policies: BTreeMap<String, [u8; 32]> = d.policies.into_iter().map(|p| (p.name, p.sha256)).collect();
    for name in &c.drop_policies {
        policies.remove(name).with_context(|| format!("the charter names no policy `{name}`"))?;
    }
    for p in &c.policies {
        let (name, sha256) = policy(p)?;
        policies.insert(name, sha256);
    }
    d.policies = in_order(policies);
    for name in &c.drop_officers {
        let all = d.officers.len();
        d.officers.retain(|o| o.name != *name);
        if d.officers.len() == all {
            bail!("the charter names no officer `{name}`");
        }
    }
    for o in &c.officers {
        let new = officer(o)?;
        match d.officers.iter_mut().find(|o| o.name == new.name) {
            Some(old) => *old = new,
            None => d.officers.push(new),
        }
    }
    amend_administrators(c, &mut d, env.now)?;
    if let Some(title) = &c.title {
        d.programme.clone_from(title);
    }
    if let Some(notice) = &c.notice {
        d.notice = String::from_utf8(read(notice, 1 << 16)?).context("the notice is not UTF-8 text")?;
    }
    if !c.addresses.is_empty() {
        d.addresses.clone_from(&c.addresses);
    }
    write_new(&c.out, d.to_text().as_bytes())?;
    let text = format!("Charter version {} written to {}; read it, then sign it.", d.version, c.out.display());
    Ok(Answer::new(text, json!({ "version": d.version })))
}

/// Administrators who leave and come, and the next keyset.
fn amend_administrators(c: &Amend, d: &mut CharterDocument, now: u64) -> Result<()> {
    for name in &c.drop_administrators {
        let all = d.administrators.len();
        d.administrators.retain(|a| a.name != *name);
        if d.administrators.len() == all {
            bail!("the charter names no administrator `{name}`");
        }
    }
    let signers = public_keys(&c.keyset)?;
    for s in &signers {
        if d.administrators.iter().all(|a| a.keys.sign != s.keys.sign) {
            d.administrators.push(s.administrator());
            d.last_number = d.last_number.max(s.index.0);
        }
    }
    d.administrators.sort_by_key(|a| a.index);
    if let Some(threshold) = c.threshold {
        d.threshold = threshold;
    }
    let accept_until = (now + c.accept_days * 86_400).max(d.expires + 1);
    if let Some(present) = d.keysets.last_mut() {
        present.accept_until = present.accept_until.max(d.expires + 1);
    }
    if !signers.is_empty() {
        d.keysets.push(keyset(&signers, d.threshold, accept_until)?);
    }
    d.keysets.retain(|k| k.accept_until > now);
    Ok(())
}

/// Administrators' public files.
fn public_keys(paths: &[PathBuf]) -> Result<Vec<PublicKeys>> {
    let mut keys: Vec<PublicKeys> = Vec::with_capacity(paths.len());
    for path in paths {
        let public = serde_json::from_slice(&read(path, 1 << 20)?)
            .with_context(|| format!("{} is not an administrator's public file", path.display()))?;
        keys.push(public);
    }
    keys.sort_by_key(|k| k.index);
    Ok(keys)
}

/// The keyset that these people sign: all of them for one number.
fn keyset(signers: &[PublicKeys], threshold: u8, accept_until: u64) -> Result<KeysetEntry> {
    let number = signers.first().map_or(1, |s| s.keyset);
    if let Some(other) = signers.iter().find(|s| s.keyset != number) {
        bail!("{} made keys for keyset {}, another for keyset {number}", plain_line(&other.name), other.keyset);
    }
    Ok(KeysetEntry { number, threshold, accept_until, signers: signers.iter().map(PublicKeys::signer).collect() })
}

/// An officer from `ROLES=FILE`.
fn officer(text: &str) -> Result<Officer> {
    let (roles, file) = text.split_once('=').with_context(|| format!("`{text}` is not ROLES=FILE"))?;
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
    let public: PublicIdentity = serde_json::from_slice(&read(Path::new(file), 1 << 20)?)
        .with_context(|| format!("{file} is not an officer's public file"))?;
    Ok(Officer { name: public.name, roles: parsed, keys: public.keys })
}

/// A policy's name and digest from `NAME=FILE`; a pack or bounty policy must be one, and bear the name's id.
fn policy(text: &str) -> Result<(String, [u8; 32])> {
    let (name, file) = text.split_once('=').with_context(|| format!("`{text}` is not NAME=FILE"))?;
    let bytes = read(Path::new(file), POLICY_MAX as u64)?;
    let words = || core::str::from_utf8(&bytes).with_context(|| format!("{file} is not UTF-8 text"));
    let stated = if name.starts_with(REGIME) {
        Some((REGIME, Pack::from_toml(words()?).with_context(|| file.to_owned())?.id))
    } else if name.starts_with(BOUNTY) {
        Some((BOUNTY, Policy::from_toml(words()?).with_context(|| file.to_owned())?.id))
    } else {
        None
    };
    if let Some((kind, id)) = stated
        && name != format!("{kind}{id}")
    {
        bail!("{file} calls itself `{id}`, so its name in the charter must be `{kind}{id}`");
    }
    Ok((name.to_owned(), kdf::sha256(&bytes)))
}

fn in_order(policies: BTreeMap<String, [u8; 32]>) -> Vec<PolicyDigest> {
    policies.into_iter().map(|(name, sha256)| PolicyDigest { name, sha256 }).collect()
}

/// After publication: whether the server hands out everything that the charter commits to.
async fn published(charter: &Charter, env: &Env) -> Result<Answer> {
    let mut missing = Vec::new();
    for p in &charter.document().policies {
        match fetch_file(&env.api, &p.name, &p.sha256, env.circuits.fresh()).await {
            Ok(_) => {}
            Err(PoliciesError::Withheld(name)) => missing.push(name),
            Err(e) => return Err(e.into()),
        }
    }
    let mut text = "Published.".to_owned();
    if !missing.is_empty() {
        let names = missing.join(", ");
        text.push_str(&format!(
            "\nThe server has no file for: {names}. Copy the files into its policies directory and send it SIGHUP; until then nobody can use them."
        ));
    }
    Ok(Answer::new(text, json!({ "published": true, "missing_policies": missing })))
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
        plain_line(&d.programme),
        d.programme_id,
        d.version,
        env.root()?,
        plain(&d.notice)
    );
    for o in &d.officers {
        let roles = o.roles.iter().map(name_of).collect::<Result<Vec<_>>>()?;
        text.push_str(&format!("  {:<20} {:<40} key {}\n", plain_line(&o.name), roles.join(", "), o.keys.holder_id()));
    }
    text.push_str(&format!("Administrators ({} of {} move money):\n", d.threshold, d.administrators.len()));
    for a in &d.administrators {
        text.push_str(&format!("  {:<20} number {}  key {}\n", plain_line(&a.name), a.index.0, a.keys.holder_id()));
    }
    for k in charter.keysets() {
        let numbers: Vec<String> = k.signers().iter().map(|s| s.issuer.index().0.to_string()).collect();
        let signers = numbers.join(", ");
        text.push_str(&format!("Keyset {}: signed by {signers}, redeemed by {} of them\n", k.number(), k.threshold()));
    }
    text.push_str("Policies:\n");
    for p in &d.policies {
        text.push_str(&format!("  {:<36} sha256 {}\n", plain_line(&p.name), hex::encode(p.sha256)));
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
