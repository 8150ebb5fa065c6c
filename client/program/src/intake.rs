//! `subrosa intake`: runs beside the server, reads its spool, and holds no key that opens anything.
//!
//! Spec: `docs/spec/sealed-intake.md`, section 3. A submission leaves the spool only after the server's receipts were
//! verified: killed at any point, this program loses nothing, and what it then passes on a second time is the same case
//! at the officers' desks.

use std::{
    fs::{self, File, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use serde_json::json;
use subrosa_crypto::intake::{IntakeRecipients, SEALED_MAX};

use crate::{answer::Answer, env::Env};
use subrosa_engine::sealed::forward;
use subrosa_machine::files::{read, write_new};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Pass on what waits in the spool
    Forward(Forward),
    /// Put officers' recipients together into the file that the charter commits to: `--policy intake-recipient=FILE`
    Recipients(Recipients),
}

#[derive(Debug, Args)]
pub(super) struct Forward {
    /// The server's --sealed-spool
    #[arg(long, value_name = "DIR")]
    spool: PathBuf,
    /// Look again after so many seconds, for ever. Without it: once
    #[arg(long, value_name = "SECONDS")]
    every: Option<u64>,
}

#[derive(Debug, Args)]
pub(super) struct Recipients {
    /// Files of `subrosa officer intake-key`
    #[arg(required = true)]
    officers: Vec<PathBuf>,
    /// Where to write
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub(super) async fn run(command: Command, env: &mut Env) -> Result<Answer> {
    match command {
        Command::Recipients(c) => {
            let mut all = IntakeRecipients::default();
            for path in &c.officers {
                let text = fs::read_to_string(path).with_context(|| path.display().to_string())?;
                all.extend(&IntakeRecipients::parse(&text).with_context(|| path.display().to_string())?);
            }
            write_new(&c.out, all.to_string().as_bytes())?;
            let count = all.hybrid.len();
            let text = format!(
                "{count} officers. Put it into the charter with --policy intake-recipient={}.",
                c.out.display()
            );
            Ok(Answer::new(text, json!({ "officers": count })))
        }
        Command::Forward(c) => {
            let Some(seconds) = c.every else {
                let (passed, troubles) = pass_on(&c.spool, env).await?;
                if !troubles.is_empty() {
                    bail!("{}", troubles.join("\n"));
                }
                return Ok(Answer::new(format!("{passed} passed on."), json!({ "passed_on": passed })));
            };
            loop {
                // A server that is down now may be up at the next look; what waits is safe in the spool.
                let troubles =
                    pass_on(&c.spool, env).await.map_or_else(|e| vec![subrosa_machine::say::sentence(&e)], |(_, t)| t);
                for trouble in troubles {
                    // A line that cannot be written is no reason to stop passing on.
                    let _ = writeln!(std::io::stderr(), "{trouble}");
                }
                tokio::time::sleep(Duration::from_secs(seconds.max(1))).await;
            }
        }
    }
}

async fn pass_on(spool: &Path, env: &mut Env) -> Result<(usize, Vec<String>)> {
    let (ready, done) = (spool.join("ready"), spool.join("done"));
    fs::create_dir_all(&done).with_context(|| done.display().to_string())?;
    for entry in fs::read_dir(&done)? {
        destroy(&entry?.path())?;
    }
    let mut names: Vec<PathBuf> = Vec::new();
    for entry in fs::read_dir(&ready).with_context(|| ready.display().to_string())? {
        names.push(entry?.path());
    }
    let mut passed = 0;
    let mut troubles = Vec::new();
    if names.is_empty() {
        return Ok((passed, troubles));
    }
    env.now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();
    let directory = env.directory(None).await?;
    names.sort();
    for path in names {
        let Some(code) = path.file_name().and_then(|n| n.to_str()).and_then(code_of) else {
            troubles.push(format!("{} is not a submission; it stays there", path.display()));
            continue;
        };
        let file = read(&path, SEALED_MAX)?;
        match forward(&env.api, &env.circuits, &directory, &code, &file, env.now, &mut env.rng).await {
            Ok(()) => {
                // Out of the way first: a half overwritten file must never be taken for one that waits.
                let target = done.join(format!("{code}.age"));
                fs::rename(&path, &target)?;
                for folder in [&ready, &done] {
                    File::open(folder)?.sync_all()?;
                }
                destroy(&target)?;
                passed += 1;
            }
            Err(e) => troubles.push(format!("one submission stays in the spool: {e}")),
        }
    }
    Ok((passed, troubles))
}

/// `xxxx-xxxx-xxxx-xxxx` out of the file's name.
fn code_of(name: &str) -> Option<String> {
    let code = name.strip_suffix(".age")?;
    let shaped =
        |(i, b): (usize, u8)| if i % 5 == 4 { b == b'-' } else { b.is_ascii_lowercase() || b.is_ascii_digit() };
    (code.len() == 19 && code.bytes().enumerate().all(shaped)).then(|| code.to_owned())
}

/// Overwrites, then removes: the intake's recipients live long, so no copy for them should stay on the disk. As far as
/// the medium obeys.
fn destroy(path: &Path) -> Result<()> {
    let mut file = OpenOptions::new().write(true).open(path)?;
    let len = usize::try_from(file.metadata()?.len())?;
    file.write_all(&vec![0; len])?;
    file.sync_data()?;
    fs::remove_file(path)?;
    let folder = path.parent().context("a file has a folder")?;
    File::open(folder)?.sync_all()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_codes_are_codes() {
        assert_eq!(code_of("0a1b-2c3d-4e5f-6g7h.age").as_deref(), Some("0a1b-2c3d-4e5f-6g7h"));
        for bad in ["", "x.age", "0a1b-2c3d-4e5f-6g7h", "0a1b-2c3d-4e5f-6G7h.age", "../1-2c3d-4e5f-6g7h.age"] {
            assert_eq!(code_of(bad), None, "{bad}");
        }
    }
}
