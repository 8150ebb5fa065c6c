//! `subrosa audit`: checks everything that is public, or one receipt, and takes nobody's word.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use serde_json::json;
use subrosa_crypto::log::ReceiptFile;

use crate::{amount, answer::Answer, dossier, env::Env, words::words};
use subrosa_engine::{
    coded::Code as _,
    treasury::{audit, public::Finding},
};
use subrosa_machine::files::read;
use subrosa_machine::say::{plain_line, told};
use subrosa_templates::say;

#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct Command {
    #[command(subcommand)]
    what: Option<What>,
    /// Check this receipt file instead, offline but for the charter
    #[arg(long, value_name = "FILE")]
    receipt: Option<PathBuf>,
    /// Use this charter file instead of the server's
    #[arg(long, value_name = "FILE")]
    charter: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Check a dossier, offline
    Dossier(dossier::Verify),
}

pub(super) async fn run(c: Command, env: &Env) -> Result<Answer> {
    if let Some(What::Dossier(c)) = &c.what {
        return dossier::check(c, env);
    }
    if let Some(path) = &c.receipt {
        return receipt(&c, path, env).await;
    }
    let directory = env.history(None).await?;
    let report = audit::audit(&env.api, &directory, &env.root()?, &env.circuits).await?;
    let mut text = books(&report);
    let clock = report.against_clock(env.now);
    if let Some(told) = &clock {
        text.push_str(&format!("\nNote: {told}\n"));
    }
    for f in &report.findings {
        text.push_str(&format!("FINDING: {}\n", plain_line(&told(f))));
    }
    let finding = |f: &Finding| json!({ "code": f.coded().name(), "text": told(f) });
    let findings: Vec<_> = report.findings.iter().map(finding).collect();
    let (clean, t) = (report.is_clean(), &report.totals);
    text.push_str(if clean { "\nNothing to object." } else { "\nThere is something to object: see above." });
    let json = json!({
        "log_size": report.log_size, "charters": report.charters, "records": report.records,
        "funded_cents": t.funded.0, "issued_cents": t.issued.0, "redeemed_cents": t.redeemed.0,
        "outstanding_cents": t.outstanding.0, "escrow_cents": t.escrow.0, "paid_cents": t.paid.0,
        "contested": report.contested, "findings": findings, "unlogged_charter": report.unlogged, "log_time": report.stated,
        "log_clock": clock.map(|told| told.coded().name().to_owned()), "clean": clean,
    });
    if clean { Ok(Answer::new(text, json)) } else { bail!("{text}") }
}

/// What the books add up to and what is still open about them, as lines of text.
fn books(report: &audit::Report) -> String {
    let (t, w) = (&report.totals, words());
    let mut text = format!(
        "log            {}, every one checked against the signed root\ncharters       {}, unbroken\nrecords        {}, all proofs checked\n\n",
        say!(w, "count-leaves", n = report.log_size),
        say!(w, "count-versions", n = report.charters),
        say!(w, "count-records", n = report.records as u64)
    );
    for (name, v) in [
        ("funded", t.funded),
        ("issued", t.issued),
        ("redeemed", t.redeemed),
        ("outstanding", t.outstanding),
        ("escrow", t.escrow),
        ("paid", t.paid),
    ] {
        text.push_str(&format!("{name:<14} {}\n", amount::show(v)));
    }
    text.push_str(&format!(
        "\nissued − redeemed = outstanding: {}\noutstanding ≤ escrow: {}\n",
        yes(report.issued_balance()),
        yes(report.covered())
    ));
    if let Some(version) = report.unlogged {
        text.push_str(&format!(
            "\nCharter version {version} is not in the log yet. It must be there once the next epoch has closed: audit again then.\n"
        ));
    }
    for nullifier in &report.contested {
        text.push_str(&format!(
            "\nToken {nullifier} is reserved for different redemptions: its holder showed it twice, or an administrator wants to keep it from being redeemed.\n"
        ));
    }
    text
}

fn yes(b: bool) -> &'static str {
    if b { "yes" } else { "NO" }
}

async fn receipt(c: &Command, path: &std::path::Path, env: &Env) -> Result<Answer> {
    let text = String::from_utf8(read(path, 1 << 20)?).context("this is not a receipt file")?;
    let bytes = match &c.charter {
        Some(p) => read(p, 1 << 20)?,
        None => env.api.charter(None, env.circuits.fresh()).await?,
    };
    let charter = subrosa_crypto::charter::UnverifiedCharter::parse(&bytes)?.verify_archived(&env.root()?, None)?;
    let witnesses: Vec<_> = charter.witness_keys().cloned().collect();
    let proven = ReceiptFile::parse(&text)?.verify(charter.log_key(), &witnesses)?;
    let (said, size) = match &proven.checkpoint {
        None => {
            ("The log has promised this deposit; the file holds no proof yet that it kept the promise.".into(), None)
        }
        Some(cp) => (
            format!(
                "The deposit stands in the log: proven against its signed state of {}.",
                say!(words(), "count-leaves", n = cp.size())
            ),
            Some(cp.size()),
        ),
    };
    Ok(Answer::new(said, json!({ "epoch": proven.epoch, "proven": size.is_some(), "log_size": size })))
}
