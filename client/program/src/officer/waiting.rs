//! Steps that wait for the server: kept in the keystore, decided when it can be reached, shown until then.

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde_json::{Value, json};
use subrosa_casework::{
    case::{Case, Step},
    clock::Zone,
    journal::Replay,
    role::RoleName,
};
use subrosa_crypto::wire::JournalId;

use super::{
    desk::{Open, RoleArg, kept, role},
    shown::Sheet,
};
use crate::{
    answer::Answer,
    env::{Env, KeyArgs},
};
use subrosa_engine::{
    directory::Directory,
    officer::{Delivered, Desk, Known, Outcome, Plan, Planned, Waiting},
};
use subrosa_machine::{
    files::KeyFile,
    say::{plain, plain_line, told},
};
use subrosa_templates::say;

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

/// A plan in a few words, for people.
fn in_words(plan: &Plan) -> String {
    match plan {
        Plan::Declare => act_name(Step::Declare),
        Plan::Event(e) => event_name(e.name()),
        Plan::Two(a) => act_name(a.step()),
        Plan::Confirm { proposal, .. } => say!(crate::words::words(), "waiting-confirm", n = proposal),
        Plan::Award { .. } => act_name(Step::ProposeAward),
        Plan::SignOrder => act_name(Step::SignOrder),
        Plan::Message { kind, .. } => english("kind", kind.name()),
    }
}

fn act_name(step: Step) -> String {
    english("act", step.id())
}

fn event_name(name: &str) -> String {
    english("event", name)
}

/// The words behind a name of one of the lists.
fn english(list: &str, name: &str) -> String {
    crate::words::words().named(list, name).to_owned()
}

/// The same for programs, under names that do not change.
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
        Some(r) => format!("refused: {}", told(r)),
        None => "waits for the server".into(),
    };
    format!("{:>4}  {}  {}  {}: {state}\n", w.id, case.get(..16).unwrap_or(&case), when(w.made_at), in_words(&w.plan))
}

fn facts(w: &Waiting) -> Value {
    json!({
        "number": w.id, "case": hex::encode(w.case), "step": words(&w.plan), "made_at": w.made_at,
        "refused": w.refused.as_ref().map(|r| json!({ "rule": r.code, "text": told(r) })),
    })
}

/// Keeps a step while the server cannot be reached.
pub(super) fn keep(
    file: &mut KeyFile<Desk>,
    env: &mut Env,
    at: usize,
    roles: &[RoleName],
    asked: Option<RoleArg>,
    planned: impl Into<Planned>,
) -> Result<Answer> {
    let directory = file
        .contents
        .kept_directory(&env.root()?, env.now)
        .context("the server cannot be reached, and no charter is kept here from an earlier visit; nothing was kept")?;
    let role = role(&file.contents, &directory, roles, asked)?;
    let id = file.contents.plan(at, role, planned, env.now)?;
    file.save(&mut env.rng)?;
    Ok(kept_as(id))
}

fn kept_as(id: u64) -> Answer {
    Answer::new(
        format!(
            "The server cannot be reached. Your step is kept in your keystore as number {id}, and is decided on what the case has become when `subrosa officer inbox` reaches the server. `subrosa officer waiting` shows it."
        ),
        json!({ "waiting": id }),
    )
}

/// Plans a step, saves it, and carries it out with whatever waits before it.
pub(super) async fn commit(
    o: &mut Open,
    env: &mut Env,
    at: usize,
    role: RoleName,
    planned: impl Into<Planned>,
) -> Result<Committed> {
    let id = o.file.contents.plan(at, role, planned, env.now)?;
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
            Err(refused.refusal().map_or_else(|| anyhow::anyhow!(told(&refused)), anyhow::Error::new))
        }
        Outcome::Unreachable => Ok(Committed::Kept(kept_as(id))),
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
    let text = all.iter().map(|d| became(d, directory)).collect();
    let json = all.iter().map(|d| outcome(d, directory)).collect();
    Report { all, text, json }
}

fn became(d: &Delivered, directory: &Directory) -> String {
    let what = in_words(&d.act.plan);
    let made = when(d.act.made_at);
    match &d.outcome {
        Outcome::Written { seq, between, .. } => {
            let mut text = format!("Written: your step of {made} ({what}) is entry {seq}.\n");
            for b in between {
                let who = directory.name_of(b.by);
                text.push_str(&format!(
                    "  before it, entry {} by {}: {}\n",
                    b.seq,
                    plain_line(&who),
                    event_name(&b.event)
                ));
            }
            if !between.is_empty() {
                text.push_str("  The journal's order is the order in which entries reached the server. Your step was decided again on these.\n");
            }
            text
        }
        Outcome::Refused(r) => format!(
            "Refused: your step of {made} ({what}) is no longer allowed: {} It is kept as number {} until you drop it: subrosa officer waiting --drop {}\n",
            told(r),
            d.act.id,
            d.act.id
        ),
        Outcome::Unreachable => format!("Waiting: your step of {made} ({what}); the server cannot be reached.\n"),
        Outcome::Trouble(why) => format!("Waiting: your step of {made} ({what}): {}\n", told(&**why)),
    }
}

fn outcome(d: &Delivered, directory: &Directory) -> Value {
    let mut out = facts(&d.act);
    let became = match &d.outcome {
        Outcome::Written { seq, between, .. } => json!({ "written": seq, "between": between.iter().map(|b| {
            json!({ "entry": b.seq, "by": directory.name_of(b.by), "event": b.event, "at": b.at })
        }).collect::<Vec<_>>() }),
        Outcome::Refused(r) => json!({ "refused": { "rule": r.code, "text": told(r) } }),
        Outcome::Unreachable => json!({ "unreachable": true }),
        Outcome::Trouble(why) => json!({ "trouble": told(&**why) }),
    };
    if let Some(o) = out.as_object_mut() {
        o.insert("outcome".into(), became);
    }
    out
}

/// Lists what waits, with what is signed; needs no server.
pub(super) fn show(c: &WaitingArgs, env: &mut Env) -> Result<Answer> {
    let (mut file, known) = kept(&c.key, env)?;
    if let Some(id) = c.drop {
        if !file.contents.drop_waiting(id) {
            bail!("no step waits here under number {id}");
        }
        file.save(&mut env.rng)?;
    }
    let waiting = file.contents.waiting();
    let (mut text, mut json) = (String::new(), Vec::new());
    for w in waiting {
        let (sheet, as_shown) = signed(w, &file.contents, known.as_ref(), env.now);
        text.push_str(&line(w));
        text.push_str(&sheet.text().lines().map(|line| format!("      {}\n", line.trim_start())).collect::<String>());
        if !as_shown && w.refused.is_none() {
            text.push_str(&format!("      {}\n", say!(crate::words::words(), "waiting-changed")));
        }
        let mut entry = facts(w);
        if let Some(entry) = entry.as_object_mut() {
            entry.insert("shown".into(), sheet.json());
            entry.insert("changed".into(), (!as_shown).into());
        }
        json.push(entry);
    }
    if waiting.is_empty() {
        text.push_str("Nothing waits. Steps that you take while the server cannot be reached appear here.");
    }
    Ok(Answer::new(text, json!({ "waiting": json })))
}

/// What is signed with a step, in the case as it was read last; and whether that is still what was shown.
fn signed(w: &Waiting, desk: &Desk, known: Option<&Known>, now: u64) -> (Sheet, bool) {
    let mut sheet = Sheet::default();
    if let Some(text) = w.plan.text() {
        sheet.piece("text", say!(crate::words::words(), "ask-text"), plain(&text));
    }
    let Some(known) = known else { return (sheet, true) };
    let at = desk.cases.iter().position(|c| c.id() == w.case);
    let replay = at.and_then(|at| desk.recall(at, &known.ctx, now));
    let unread = Case::empty(JournalId(w.case));
    let case = replay.as_ref().map_or(&unread, Replay::case);
    match (&w.plan, w.plan.draft()) {
        (Plan::Confirm { proposal, .. }, _) => {
            if let Some(waits) = case.proposals().get(proposal) {
                sheet = Sheet::of_decision(*proposal, waits, case, known);
            }
        }
        (plan, Some(draft)) => {
            sheet = Sheet::of_draft(&draft, case, known);
            if let (Plan::Event(event), true) = (plan, sheet.is_empty()) {
                sheet.event(event);
            }
        }
        (_, None) => {}
    }
    (sheet, replay.is_none() || w.is_as_shown(case))
}
