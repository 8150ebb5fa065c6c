//! `subrosa policy`: bounty policies and regime packs as an operator handles them. Needs no server.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use subrosa_casework::{
    locale::Locale,
    money::{Cents, Currency},
    policy::{Policy, SimulatedPolicy, plot, portfolio, simulate},
    regime::{BUILT_IN, Pack},
};
use subrosa_crypto::{kdf, wire::POLICY_MAX};

use crate::answer::Answer;
use subrosa_machine::files::{read, write_new};
use subrosa_machine::say::plain_line;
use subrosa_templates::say;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Compare policies over a portfolio of cases: table, and a picture if wanted
    Simulate(Simulate),
    /// Show a policy: a preset's name or a file
    Show {
        /// eu-pilot, sec-like, irs-like, hmrc-like, or a file
        policy: String,
    },
    /// Check regime packs and bounty policies before a charter names them; every fault names its line and field
    Check {
        /// The files to check, in TOML
        #[arg(required = true)]
        files: Vec<PathBuf>,
    },
    /// Write a built-in regime pack or preset to standard output, to begin a new one from
    Print {
        /// Its name, such as compute-thresholds or eu-pilot
        name: String,
    },
}

#[derive(Debug, Args)]
pub(super) struct Simulate {
    /// The cases, in a TOML file; casework/policies/portfolio.toml is an example
    #[arg(long, value_name = "FILE")]
    portfolio: PathBuf,
    /// A policy: a preset's name or a file; may be repeated. Without it: all presets
    #[arg(long = "policy", value_name = "NAME OR FILE")]
    policies: Vec<String>,
    /// Write a picture here
    #[arg(long, value_name = "FILE")]
    svg: Option<PathBuf>,
}

pub(super) fn run(command: Command) -> Result<Answer> {
    match command {
        Command::Simulate(c) => compare(&c),
        Command::Show { policy } => show(&load(&policy)?),
        Command::Check { files } => check(&files),
        Command::Print { name } => {
            let all = BUILT_IN.iter().chain(Policy::PRESETS.iter());
            let found = all.clone().find(|(n, _)| *n == name);
            let names: Vec<&str> = all.map(|(n, _)| *n).collect();
            let (_, text) = found.with_context(|| format!("built in are: {}", names.join(", ")))?;
            Ok(Answer::new(*text, json!({ "name": name, "text": text })))
        }
    }
}

fn words(path: &Path) -> Result<String> {
    let bytes = read(path, POLICY_MAX as u64)?;
    String::from_utf8(bytes).with_context(|| format!("{} is not UTF-8 text", path.display()))
}

/// A preset by name, or a policy from a file.
fn load(name: &str) -> Result<Policy> {
    if let Some((_, text)) = Policy::PRESETS.iter().find(|(n, _)| *n == name) {
        return Ok(Policy::from_toml(text)?);
    }
    let path = Path::new(name);
    if !path.exists() {
        let names = Policy::PRESETS.map(|(n, _)| n).join(", ");
        bail!("`{name}` is neither a file nor a preset; presets: {names}");
    }
    Policy::from_toml(&words(path)?).with_context(|| name.to_owned())
}

fn percent(bp: u32) -> String {
    format!("{}.{:02} %", bp / 100, bp % 100)
}

/// In the policy's own currency; plainly, if that is none that we can write.
fn amount(currency: &str, cents: Cents) -> String {
    match Currency::parse(currency) {
        Some(currency) => Locale::english().money(cents.of(currency)),
        None => format!("{cents} {}", plain_line(currency)),
    }
}

fn show(p: &Policy) -> Result<Answer> {
    let money = |cents: Cents| amount(&p.currency, cents);
    let mut text = format!("{} version {}, {}\n", plain_line(&p.id), p.version, plain_line(&p.currency));
    let checked = if p.verified { "compared with it" } else { "not compared with it yet" };
    text.push_str(&format!("source: {} ({checked})\n", plain_line(&p.source)));
    if let Some(b) = p.budget {
        text.push_str(&format!("budget {}\n", money(b)));
    }
    if let Some(bp) = p.case_cap_bp {
        text.push_str(&format!("one case takes at most {} of it, and never more than is unreserved\n", percent(bp)));
    }
    if let Some(c) = p.fixed_ceiling {
        text.push_str(&format!("one case gets at most {}\n", money(c)));
    }
    match &p.sanction {
        Some(s) => text.push_str(&format!(
            "A1: of a sanction above {}: {}, each factor {} more or less, from {} to {}\n",
            money(s.above),
            percent(s.base_bp),
            percent(s.step_bp),
            percent(s.floor_bp),
            percent(s.ceiling_bp)
        )),
        None => text.push_str("A1: no share of a sanction\n"),
    }
    match &p.compute {
        Some(c) => text.push_str(&format!(
            "A2: {} × (1 + log10 of the low estimate over the threshold), at most {}.{:03} times; estimates may be off by {}\n",
            money(c.base),
            c.max_factor_milli / 1000,
            c.max_factor_milli % 1000,
            percent(c.tolerance_bp)
        )),
        None => text.push_str("A2: no compute scale\n"),
    }
    match &p.harm {
        Some(h) => text.push_str(&format!(
            "A3: harm of class 1 to 4: {}, {}, {}, {}; realised {}, near miss {}, latent {}\n",
            money(h.h1),
            money(h.h2),
            money(h.h3),
            money(h.h4),
            percent(h.realised_bp),
            percent(h.near_miss_bp),
            percent(h.latent_bp)
        )),
        None => text.push_str("A3: no harm scale\n"),
    }
    text.push_str("award = max(A1, A2 + A3), rounded down to cents");
    Ok(Answer::new(
        text,
        json!({ "id": p.id, "version": p.version, "currency": p.currency, "budget_cents": p.budget.map(|b| b.0), "verified": p.verified }),
    ))
}

fn check(files: &[PathBuf]) -> Result<Answer> {
    let mut text = String::new();
    let mut list = Vec::new();
    for path in files {
        let words = words(path)?;
        let digest = hex::encode(kdf::sha256(words.as_bytes()));
        // A policy has a currency; a pack has rules. Whichever it wants to be, its own faults are told.
        let policy = words.lines().any(|l| l.trim_start().starts_with("currency"));
        let (name, version) = if policy {
            let p = Policy::from_toml(&words).with_context(|| path.display().to_string())?;
            (format!("bounty/{}", p.id), p.version)
        } else {
            let p = Pack::from_toml(&words).with_context(|| path.display().to_string())?;
            (format!("regime/{}", p.id), p.version)
        };
        text.push_str(&format!(
            "{}: fine. Name it in a charter with --policy {name}={}\n",
            path.display(),
            path.display()
        ));
        list.push(json!({ "file": path, "name": name, "version": version, "sha256": digest }));
    }
    Ok(Answer::new(text, json!({ "files": list })))
}

fn compare(c: &Simulate) -> Result<Answer> {
    let cases = portfolio(&words(&c.portfolio)?).with_context(|| c.portfolio.display().to_string())?;
    let policies = match c.policies.is_empty() {
        true => Policy::PRESETS.iter().map(|(name, _)| load(name)).collect::<Result<Vec<_>>>()?,
        false => c.policies.iter().map(|p| load(p)).collect::<Result<Vec<_>>>()?,
    };
    let results = simulate(&policies, &cases)?;
    let mut text = String::new();
    for r in &results {
        table(&mut text, r, &cases.iter().map(|c| c.name.as_str()).collect::<Vec<_>>());
    }
    if let Some(path) = &c.svg {
        write_new(path, plot(&results, &cases).as_bytes())?;
        text.push_str(&format!("Picture written to {}.", path.display()));
    }
    Ok(Answer::new(text, json!({ "policies": results.iter().map(facts).collect::<Vec<_>>() })))
}

fn waiting(r: &SimulatedPolicy) -> u64 {
    r.awards.iter().map(|a| a.gain_by_waiting.0).fold(0, u64::saturating_add)
}

fn table(out: &mut String, r: &SimulatedPolicy, names: &[&str]) {
    let money = |cents: Cents| amount(&r.currency, cents);
    out.push_str(&format!("{} ({})\n", plain_line(&r.policy), plain_line(&r.currency)));
    out.push_str(&format!(
        "  {:<44} {:>15} {:>12} {:>14} {:>15} {:>15} {:>15}\n",
        "case", "A1 sanction", "A2 compute", "A3 harm", "award", "by waiting", "budget left"
    ));
    for (a, name) in r.awards.iter().zip(names) {
        let name: String = plain_line(name).chars().take(44).collect();
        let left = a.left.map_or_else(|| "no budget".into(), money);
        out.push_str(&format!(
            "  {name:<44} {:>15} {:>12} {:>14} {:>15} {:>15} {left:>15}\n",
            money(a.a1),
            money(a.a2),
            money(a.a3),
            money(a.amount),
            money(a.gain_by_waiting)
        ));
    }
    let [sanction, compute, harm] = r.alone;
    out.push_str(&format!(
        "  in all {} to {}",
        money(r.total),
        say!(crate::words::words(), "count-cases", n = r.paid_cases as u64)
    ));
    if let Some(n) = r.short_from {
        out.push_str(&format!("; the budget is short from case {} on", n + 1));
    }
    out.push_str(&format!(
        "\n  alone, the share of sanctions would pay {}, the compute scale {}, the harm scale {}\n  waiting would earn sources {} in all\n\n",
        money(sanction),
        money(compute),
        money(harm),
        money(Cents(waiting(r)))
    ));
}

fn facts(r: &SimulatedPolicy) -> Value {
    let [sanction, compute, harm] = r.alone;
    let awards: Vec<Value> = r
        .awards
        .iter()
        .map(|a| {
            json!({ "a1_cents": a.a1.0, "a2_cents": a.a2.0, "a3_cents": a.a3.0, "award_cents": a.amount.0,
                "gain_by_waiting_cents": a.gain_by_waiting.0, "left_cents": a.left.map(|l| l.0) })
        })
        .collect();
    json!({
        "policy": r.policy, "currency": r.currency, "total_cents": r.total.0, "paid_cases": r.paid_cases, "short_from": r.short_from,
        "alone_cents": { "sanction": sanction.0, "compute": compute.0, "harm": harm.0 }, "gain_by_waiting_cents": waiting(r), "awards": awards,
    })
}
