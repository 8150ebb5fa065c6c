//! Steps that wait for the server: kept in the keystore, decided when it can be reached, shown until then.

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde_json::{Value, json};
use subrosa_casework::{clock::Zone, journal::Replay, role::RoleName};

use super::desk::{Open, RoleArg, role};
use crate::{
    answer::Answer,
    env::{Env, KeyArgs},
};
use subrosa_engine::{
    directory::Directory,
    officer::{Delivered, Desk, Outcome, Plan, Waiting},
};
use subrosa_machine::{files::KeyFile, say::plain};

#[derive(Debug, Args)]
pub(crate) struct WaitingArgs {
    #[command(flatten)]
    key: KeyArgs,
    /// Forget this step
    #[arg(long, value_name = "NUMBER")]
    drop: Option<u64>,
}

/// What became of a step.
pub(super) enum Committed {
    /// It stands. With it, what is to be said about steps that waited.
    Done(Box<Replay>, String),
    /// It is kept here.
    Kept(Answer),
}

/// A plan in a few words.
fn words(plan: &Plan) -> String {
    match plan {
        Plan::Declare => "declare no conflict".into(),
        Plan::Event(e) => e.name().to_owned(),
        Plan::Two(a) => format!("sign: {}", a.name()),
        Plan::Confirm { proposal, .. } => format!("sign second: entry {proposal}"),
        Plan::Award { .. } => "propose the award".into(),
        Plan::SignOrder => "sign the order".into(),
        Plan::Message { .. } => "write to the source".into(),
    }
}

fn when(at: u64) -> String {
    let date = Zone(0).date(at).map_or_else(|| at.to_string(), |d| d.to_string());
    format!("{date} {:02}:{:02} UTC", at / 3600 % 24, at / 60 % 60)
}

fn line(w: &Waiting) -> String {
    let case = hex::encode(w.case);
    let state = match &w.refused {
        Some(r) => format!("refused: {r}"),
        None => "waits for the server".into(),
    };
    format!("{:>4}  {}  {}  {}: {state}\n", w.id, case.get(..16).unwrap_or(&case), when(w.made_at), words(&w.plan))
}

fn facts(w: &Waiting) -> Value {
    json!({
        "number": w.id, "case": hex::encode(w.case), "step": words(&w.plan), "made_at": w.made_at,
        "refused": w.refused.as_ref().map(|r| json!({ "rule": r.code, "text": r.to_string() })),
    })
}

/// Keeps a step while the server cannot be reached.
pub(super) fn keep(
    key: &KeyArgs,
    env: &mut Env,
    case: &str,
    roles: &[RoleName],
    asked: Option<RoleArg>,
    plan: Plan,
) -> Result<Answer> {
    let mut file: KeyFile<Desk> = key.open()?;
    let directory = file
        .contents
        .kept_directory(&env.root()?, env.now)
        .context("the server cannot be reached, and no charter is kept here from an earlier visit; nothing was kept")?;
    let at = file.contents.case(case)?;
    let role = role(&file.contents, &directory, roles, asked)?;
    let id = file.contents.plan(at, role, plan, env.now)?;
    file.save(&mut env.rng)?;
    Ok(kept(id))
}

fn kept(id: u64) -> Answer {
    Answer::new(
        format!(
            "The server cannot be reached. Your step is kept in your keystore as number {id}, and is decided on what the case has become when `subrosa officer inbox` reaches the server. `subrosa officer waiting` shows it."
        ),
        json!({ "waiting": id }),
    )
}

/// Plans a step, saves it, and carries it out with whatever waits before it.
pub(super) async fn commit(o: &mut Open, env: &mut Env, at: usize, role: RoleName, plan: Plan) -> Result<Committed> {
    let id = o.file.contents.plan(at, role, plan, env.now)?;
    o.file.save(&mut env.rng)?;
    let mut delivered = deliver(o, env).await?;
    let Some(own) = delivered.all.iter().position(|d| d.act.id == id) else {
        return Ok(Committed::Kept(Answer::new(
            format!(
                "{}Your step is kept as number {id}: it waits for the steps before it in this case.",
                delivered.text
            ),
            json!({ "waiting": id, "delivered": delivered.json }),
        )));
    };
    let own = delivered.all.swap_remove(own);
    match own.outcome {
        Outcome::Written { replay, .. } => {
            let notes = if delivered.all.is_empty() { String::new() } else { format!("\n{}", delivered.text) };
            Ok(Committed::Done(replay, notes))
        }
        Outcome::Refused(refused) => {
            // Whoever asked just now is told just now: nothing needs to be kept.
            o.file.contents.drop_waiting(id);
            o.file.save(&mut env.rng)?;
            bail!("not allowed: {refused}")
        }
        Outcome::Unreachable => Ok(Committed::Kept(kept(id))),
        Outcome::Trouble(why) => bail!("{why}. Your step is kept as number {id} and is tried again with your next one"),
    }
}

/// What a delivery brought about.
pub(super) struct Report {
    pub(super) all: Vec<Delivered>,
    pub(super) text: String,
    pub(super) json: Value,
}

/// Carries out what waits; see [`subrosa_engine::officer::deliver`].
async fn deliver(o: &mut Open, env: &mut Env) -> Result<Report> {
    let mut s = env.session(&o.known.directory);
    let all = subrosa_engine::officer::deliver(&mut o.file, &mut s, &o.known.ctx).await?;
    Ok(report(all, &o.known.directory))
}

/// What a delivery brought about, in words.
pub(super) fn report(all: Vec<Delivered>, directory: &Directory) -> Report {
    let text = all.iter().map(|d| told(d, directory)).collect();
    let json = all.iter().map(|d| outcome(d, directory)).collect();
    Report { all, text, json }
}

fn told(d: &Delivered, directory: &Directory) -> String {
    let what = words(&d.act.plan);
    let made = when(d.act.made_at);
    match &d.outcome {
        Outcome::Written { seq, between, .. } => {
            let mut text = format!("Written: your step of {made} ({what}) is entry {seq}.\n");
            for b in between {
                let who = directory.name_of(b.by);
                text.push_str(&format!("  before it, entry {} by {}: {}\n", b.seq, plain(&who), b.event));
            }
            if !between.is_empty() {
                text.push_str("  The journal's order is the order in which entries reached the server. Your step was decided again on these.\n");
            }
            text
        }
        Outcome::Refused(r) => format!(
            "Refused: your step of {made} ({what}) is no longer allowed: {r} It is kept as number {} until you drop it: subrosa officer waiting --drop {}\n",
            d.act.id, d.act.id
        ),
        Outcome::Unreachable => format!("Waiting: your step of {made} ({what}); the server cannot be reached.\n"),
        Outcome::Trouble(why) => format!("Waiting: your step of {made} ({what}): {why}\n"),
    }
}

fn outcome(d: &Delivered, directory: &Directory) -> Value {
    let mut out = facts(&d.act);
    let became = match &d.outcome {
        Outcome::Written { seq, between, .. } => json!({ "written": seq, "between": between.iter().map(|b| {
            json!({ "entry": b.seq, "by": directory.name_of(b.by), "event": b.event, "at": b.at })
        }).collect::<Vec<_>>() }),
        Outcome::Refused(r) => json!({ "refused": { "rule": r.code, "text": r.to_string() } }),
        Outcome::Unreachable => json!({ "unreachable": true }),
        Outcome::Trouble(why) => json!({ "trouble": why.to_string() }),
    };
    if let Some(o) = out.as_object_mut() {
        o.insert("outcome".into(), became);
    }
    out
}

/// Lists what waits; needs no server.
pub(super) fn show(c: &WaitingArgs, env: &mut Env) -> Result<Answer> {
    let mut file: KeyFile<Desk> = c.key.open()?;
    if let Some(id) = c.drop {
        if !file.contents.drop_waiting(id) {
            bail!("no step waits here under number {id}");
        }
        file.save(&mut env.rng)?;
    }
    let waiting = file.contents.waiting();
    let mut text: String = waiting.iter().map(line).collect();
    if waiting.is_empty() {
        text.push_str("Nothing waits. Steps that you take while the server cannot be reached appear here.");
    }
    Ok(Answer::new(text, json!({ "waiting": waiting.iter().map(facts).collect::<Vec<_>>() })))
}
