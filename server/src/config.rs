//! What the operator says: command line first, then a TOML file, then defaults.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use clap::{Args, Parser, Subcommand};
use serde::Deserialize;
use subrosa_crypto::sign::VerifyingKey;
use thiserror::Error;

use crate::{
    app::Settings,
    run::{Listen, Listeners},
    store::engines::{self, UnknownEngine},
    work::Pricing,
};

/// Subrosa's server.
///
/// It holds no key that opens anything, and belongs behind an onion service.
#[derive(Debug, Parser)]
#[command(name = "subrosa-server", version)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What the program does.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve until SIGTERM or SIGINT.
    Run(Box<Options>),
    /// Read everything in the data directory and say whether it is whole: exit code 3 if it is not. Not while it is
    /// being served.
    Check(Box<Options>),
    /// Print the log's verifying key (made at the first call), for the charter: hexadecimal, then as a C2SP key line.
    LogKey(Box<Options>),
}

/// Every option, on the command line and (with `_` for `-`) in the file.
#[derive(Debug, Clone, Default, Args, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Options {
    /// Read further options from this TOML file.
    #[arg(long, value_name = "FILE")]
    #[serde(skip)]
    pub config: Option<PathBuf>,
    /// Where everything is stored; created if missing.
    #[arg(long, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// The storage engine. Default sled.
    #[arg(long, value_name = "NAME")]
    pub engine: Option<String>,
    /// Where to listen: host:port (port 0: any) or unix:/path. Default 127.0.0.1:8460.
    #[arg(long, value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// Serve /metrics here (loopback or unix socket). Default: nowhere.
    #[arg(long, value_name = "ADDRESS")]
    pub metrics_listen: Option<String>,
    /// Serve everything here too, with connections and memory of its own: for the onion service of the staff, which a
    /// flood at the public one then cannot hold up. Default: nowhere.
    #[arg(long, value_name = "ADDRESS")]
    pub staff_listen: Option<String>,
    /// Write the address that is listened on to this file once the server accepts connections.
    #[arg(long, value_name = "FILE")]
    pub address_file: Option<PathBuf>,
    /// The public key that signs charters: 64 hexadecimal digits.
    #[arg(long, value_name = "HEX")]
    pub root_key: Option<String>,
    /// The programme's id, as in its charter.
    #[arg(long, value_name = "ID")]
    pub programme: Option<String>,
    /// Policy files that are not built in: regime packs, bounty policies and others that a charter names. Read at the
    /// start, at a charter's publication and on SIGHUP.
    #[arg(long, value_name = "DIR")]
    pub policies: Option<PathBuf>,
    /// Where submissions of the sealed intake (age files) wait for `subrosa intake`. Default: the intake is closed.
    #[arg(long, value_name = "DIR")]
    pub sealed_spool: Option<PathBuf>,
    /// Files for people to download: the `subrosa` program, SHA256SUMS and its signature. Default: none.
    #[arg(long, value_name = "DIR")]
    pub downloads: Option<PathBuf>,
    /// The folder of the page's program, built by `make web`. Without it the pages for filing and coming back say that
    /// it is not installed.
    #[arg(long, value_name = "DIR")]
    pub web: Option<PathBuf>,
    /// How long an epoch lasts. Default 300.
    #[arg(long, value_name = "N")]
    pub epoch_seconds: Option<u64>,
    /// As --epoch-seconds, in milliseconds: for tests.
    #[arg(long, value_name = "N", conflicts_with = "epoch_seconds")]
    pub epoch_millis: Option<u64>,
    /// Leading zero bits asked for a proof of work when idle (0 to 30). Default 14.
    #[arg(long, value_name = "N")]
    pub pow_bits: Option<u8>,
    /// Paid requests a second above which each doubling adds one bit. Default 20.
    #[arg(long, value_name = "N")]
    pub pow_threshold: Option<f64>,
    /// Most bytes of disk space. Default: no limit.
    #[arg(long, value_name = "BYTES")]
    pub max_disk: Option<u64>,
    /// Destroy bodies and lists after this many days. Default 90.
    #[arg(long, value_name = "N")]
    pub retention_days: Option<u64>,
    /// Threads that serve requests. Default 2.
    #[arg(long, value_name = "N")]
    pub workers: Option<usize>,
    /// Open connections for each thread. Default 2000.
    #[arg(long, value_name = "N")]
    pub connections: Option<usize>,
    /// Tor says in front of each connection on which circuit it came (HiddenServiceExportCircuitID haproxy): each
    /// circuit gets a fair share. The number stays in memory while the connection lasts. Connections without it, from
    /// this machine, are served too.
    #[arg(long)]
    #[serde(default)]
    pub tor_circuits: bool,
    /// Listen also where other machines can connect. Sources could then be observed by their addresses.
    #[arg(long)]
    #[serde(default)]
    pub i_know_this_is_not_behind_tor: bool,
}

/// Why the options do not make a server.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// The file cannot be read.
    #[error("cannot read {0}: {1}")]
    Read(PathBuf, std::io::Error),
    /// The file is not what it should be.
    #[error("{0} is not a valid configuration: {1}")]
    File(PathBuf, Box<toml::de::Error>),
    /// An option has no default and was not given.
    #[error("--{0} is missing: give it on the command line or in the file")]
    Missing(&'static str),
    /// The engine that was named is none of this server's.
    #[error("--engine is wrong: {0}")]
    Engine(#[from] UnknownEngine),
    /// An option's value is out of range.
    #[error("--{0} is wrong: {1}")]
    Value(&'static str, &'static str),
}

/// A whole configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where everything is stored.
    pub data_dir: PathBuf,
    /// The storage engine's name.
    pub engine: String,
    /// Most bytes of disk space.
    pub max_disk: Option<u64>,
    /// Where to leave the address.
    pub address_file: Option<PathBuf>,
    /// Where to listen.
    pub listeners: Listeners,
    /// How to behave.
    pub settings: Settings,
}

impl Options {
    /// Fills what the command line left open from the file that it names, if it names one.
    pub fn with_file(self) -> Result<Self, ConfigError> {
        let Some(path) = self.config.clone() else { return Ok(self) };
        let text = std::fs::read_to_string(&path).map_err(|e| ConfigError::Read(path.clone(), e))?;
        let file: Self = toml::from_str(&text).map_err(|e| ConfigError::File(path, Box::new(e)))?;
        let epoch_given = self.epoch_seconds.is_some() || self.epoch_millis.is_some();
        Ok(Self {
            config: self.config,
            data_dir: self.data_dir.or(file.data_dir),
            engine: self.engine.or(file.engine),
            listen: self.listen.or(file.listen),
            metrics_listen: self.metrics_listen.or(file.metrics_listen),
            staff_listen: self.staff_listen.or(file.staff_listen),
            address_file: self.address_file.or(file.address_file),
            root_key: self.root_key.or(file.root_key),
            programme: self.programme.or(file.programme),
            policies: self.policies.or(file.policies),
            sealed_spool: self.sealed_spool.or(file.sealed_spool),
            downloads: self.downloads.or(file.downloads),
            web: self.web.or(file.web),
            epoch_seconds: if epoch_given { self.epoch_seconds } else { file.epoch_seconds },
            epoch_millis: if epoch_given { self.epoch_millis } else { file.epoch_millis },
            pow_bits: self.pow_bits.or(file.pow_bits),
            pow_threshold: self.pow_threshold.or(file.pow_threshold),
            max_disk: self.max_disk.or(file.max_disk),
            retention_days: self.retention_days.or(file.retention_days),
            workers: self.workers.or(file.workers),
            connections: self.connections.or(file.connections),
            tor_circuits: self.tor_circuits || file.tor_circuits,
            i_know_this_is_not_behind_tor: self.i_know_this_is_not_behind_tor || file.i_know_this_is_not_behind_tor,
        })
    }

    /// The data directory.
    pub fn data_dir(&self) -> Result<&Path, ConfigError> {
        self.data_dir.as_deref().ok_or(ConfigError::Missing("data-dir"))
    }

    /// The storage engine's name, by default the first one's.
    pub fn engine(&self) -> &str {
        self.engine.as_deref().or(engines::NAMES.first().copied()).unwrap_or_default()
    }

    /// The programme's id, by the charter's rule.
    pub fn programme(&self) -> Result<&str, ConfigError> {
        let id = self.programme.as_deref().ok_or(ConfigError::Missing("programme"))?;
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_/".contains(&b);
        if id.is_empty() || id.len() > 64 || !id.bytes().all(allowed) {
            return Err(ConfigError::Value("programme", "use up to 64 of a-z, 0-9 and . - _ /"));
        }
        Ok(id)
    }

    /// Checks everything that serving needs.
    pub fn into_config(self) -> Result<Config, ConfigError> {
        let programme = self.programme()?.to_owned();
        let root = self.root_key.as_deref().ok_or(ConfigError::Missing("root-key"))?;
        let mut key = [0; 32];
        hex::decode_to_slice(root, &mut key)
            .map_err(|_| ConfigError::Value("root-key", "it must be 64 hexadecimal digits"))?;
        let millis = match (self.epoch_seconds, self.epoch_millis) {
            (Some(_), Some(_)) => {
                return Err(ConfigError::Value("epoch-millis", "say --epoch-seconds or this, not both"));
            }
            (Some(s), None) => s.saturating_mul(1000),
            (None, Some(ms)) => ms,
            (None, None) => 300_000,
        };
        if !(20..=86_400_000).contains(&millis) {
            return Err(ConfigError::Value("epoch-seconds", "an epoch lasts between 20 milliseconds and a day"));
        }
        let base_bits = self.pow_bits.unwrap_or(14);
        if base_bits > 30 {
            return Err(ConfigError::Value("pow-bits", "more than 30 bits would keep everybody out"));
        }
        let threshold = self.pow_threshold.unwrap_or(20.0);
        if !threshold.is_finite() || threshold <= 0.0 {
            return Err(ConfigError::Value("pow-threshold", "it must be a number above 0"));
        }
        let mut settings = Settings::new(programme, VerifyingKey(key));
        settings.epoch = Duration::from_millis(millis);
        settings.pricing = Pricing { base_bits, threshold, ..Pricing::default() };
        let days = self.retention_days.unwrap_or(90);
        if days == 0 {
            return Err(ConfigError::Value("retention-days", "it must be at least 1"));
        }
        settings.retention_epochs = Some(days.saturating_mul(86_400_000) / millis);
        settings.policies = self.policies.clone();
        settings.sealed_spool = self.sealed_spool.clone();
        settings.downloads = self.downloads.clone();
        settings.web = self.web.clone();
        settings.workers = self.workers.unwrap_or(settings.workers).clamp(1, 64);
        settings.tor_circuits = self.tor_circuits;
        settings.connections = self.connections.unwrap_or(settings.connections).clamp(1, 100_000);
        Ok(Config {
            data_dir: self.data_dir()?.to_owned(),
            engine: self.engine().to_owned(),
            max_disk: self.max_disk,
            address_file: self.address_file,
            listeners: Listeners {
                public: Listen::parse(self.listen.as_deref().unwrap_or("127.0.0.1:8460")),
                staff: self.staff_listen.as_deref().map(Listen::parse),
                metrics: self.metrics_listen.as_deref().map(Listen::parse),
                allow_exposed: self.i_know_this_is_not_behind_tor,
            },
            settings,
        })
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn options() -> Options {
        Options {
            data_dir: Some("/d".into()),
            root_key: Some("11".repeat(32)),
            programme: Some("demo.example".into()),
            ..Options::default()
        }
    }

    #[test]
    fn defaults_are_production() {
        let c = options().into_config().unwrap();
        assert_eq!(c.settings.epoch, Duration::from_secs(300));
        assert_eq!(c.settings.pricing.base_bits, 14);
        assert_eq!(c.settings.retention_epochs, Some(25_920));
        assert_eq!(c.listeners.public, Listen::Tcp("127.0.0.1:8460".into()));
        assert!(!c.listeners.allow_exposed);
        assert_eq!(c.engine, "sled");
    }

    #[test]
    fn the_example_file_is_valid() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/server.example.toml");
        let c = Options { config: Some(file), ..Options::default() }.with_file().unwrap().into_config().unwrap();
        assert_eq!((c.settings.programme.as_str(), c.max_disk), ("whistle.example", Some(50_000_000_000)));
    }

    #[test]
    fn wrong_values_are_named() {
        for (wrong, name) in [
            (Options { root_key: Some("12".into()), ..options() }, "root-key"),
            (Options { root_key: None, ..options() }, "root-key"),
            (Options { data_dir: None, ..options() }, "data-dir"),
            (Options { programme: Some("a b".into()), ..options() }, "programme"),
            (Options { epoch_millis: Some(1), ..options() }, "epoch-seconds"),
            (Options { pow_bits: Some(99), ..options() }, "pow-bits"),
            (Options { pow_threshold: Some(f64::NAN), ..options() }, "pow-threshold"),
        ] {
            assert!(wrong.into_config().unwrap_err().to_string().contains(name), "{name}");
        }
    }

    #[test]
    fn the_command_line_wins_over_the_file() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("s.toml");
        std::fs::write(&path, "programme = \"file\"\npow_bits = 9\nepoch_seconds = 7\n").unwrap();
        let merged = Options { config: Some(path.clone()), epoch_millis: Some(50), ..options() }.with_file().unwrap();
        let c = merged.into_config().unwrap();
        assert_eq!(c.settings.programme, "demo.example");
        assert_eq!((c.settings.pricing.base_bits, c.settings.epoch.as_millis()), (9, 50));
        std::fs::write(&path, "password = \"x\"\n").unwrap();
        assert!(Options { config: Some(path), ..options() }.with_file().is_err());
    }
}
