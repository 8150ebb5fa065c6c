//! `subrosa officer act`: steps in a case.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde_json::json;
use subrosa_casework::{
    case::{
        Asks, Author, BudgetView, Case, Draft, Event, FieldKind, Given, Outside, Problem, Step, admissible, draft,
        first_role,
    },
    journal::Replay,
    refusal::{Refusal, Rule},
    regime::Pack,
    role::RoleName,
};
use subrosa_crypto::{sign::HolderId, wire::JournalId};
use subrosa_engine::{
    message::Message,
    officer::{Desk, Known, Plan, Planned, files_of, leak, outside},
    treasury::public::PublicView,
};
use subrosa_machine::{files::KeyFile, say::plain_line};
use subrosa_templates::say;

use super::{
    desk::{ANY, OfCase, Open, RoleArg, kept, open, role, unreachable},
    shown::{Sheet, short},
    steps::{Chosen, Typed},
    waiting::{self, Committed},
};
use crate::{answer::Answer, env::Env, words::words};

#[derive(Debug, Args)]
pub(crate) struct ActArgs {
    #[command(flatten)]
    of: OfCase,
    /// In which role, if the first one that fits is not meant
    #[arg(long, value_enum)]
    role: Option<RoleArg>,
    #[command(subcommand)]
    step: Chosen,
}

pub(super) async fn act(c: ActArgs, env: &mut Env) -> Result<Answer> {
    let mut o = match open(&c.of.key, env).await {
        Err(e) if unreachable(&e) => return offline(c, env, e),
        other => other?,
    };
    let at = o.file.contents.case(&c.of.case)?;
    let before = o.file.contents.open(&mut env.session(&o.known.directory), at, &o.known.ctx).await?;
    let (step, mut typed) = match &c.step {
        Chosen::Act(step, typed) => (*step, typed.clone()),
        Chosen::Confirm { entry, yes } => {
            return match confirmation(&o, before.case(), *entry, yes.as_deref())? {
                Asked::Answer(answer) => Ok(answer),
                Asked::Sign(plan) => {
                    let role = second_role(&o, &before, *entry, c.role, env.now)?;
                    carry_out(&mut o, env, at, &before, role, plan).await
                }
            };
        }
        Chosen::Drop { entry } => {
            let role = role(&o.file.contents, &o.known.directory, &ANY, c.role)?;
            let plan = Plan::Event(Box::new(Event::ProposalDropped { proposal: *entry }));
            return carry_out(&mut o, env, at, &before, role, plan).await;
        }
    };
    resolve(step, &mut typed, &o, &before)?;
    let role = may(step, &o, &before, c.role, env.now)?;
    let budget = budget(step, &o, env).await?;
    let draft = made(step, &typed, &o, before.case(), budget, env)?;
    if draft.is_zero_award(before.case(), &o.known.ctx.get()) {
        bail!(Refusal::from(Rule::AwardZero));
    }
    if let Some(answer) = unsigned(step, &draft, &typed, &o.known, before.case())? {
        return Ok(answer);
    }
    match &draft {
        Draft::Deliver => deliver(&mut o, env, at, &draft, before.case()).await,
        Draft::Bring(holder) => bring(&mut o, at, &before, *holder, role, env).await,
        Draft::Paid(award) => {
            let records = o.file.contents.issued_records(&mut env.session(&o.known.directory), award).await?;
            let plan = Plan::Event(Box::new(Event::Paid { records }));
            carry_out(&mut o, env, at, &before, role, plan).await
        }
        other => {
            let planned = Planned::of(other, before.case(), true)?.context("this act is no entry of its own")?;
            carry_out(&mut o, env, at, &before, role, planned).await
        }
    }
}

/// What keeps a draft from being signed, with the server and without it alike: words that could name the source, and a
/// sheet whose code was not given. The code is that of what is printed and of what is signed, to the last digit.
fn unsigned(step: Step, draft: &Draft, typed: &Typed, known: &Known, case: &Case) -> Result<Option<Answer>> {
    if let Draft::Message { text, .. } = draft {
        check_leaks(text, case, typed.leak_checked)?;
    }
    if step.spec().asks != Asks::Everywhere {
        return Ok(None);
    }
    let sheet = Sheet::of_draft(draft, case, known);
    let code = sheet.code(draft.shown(case).as_ref());
    Ok(match typed.yes.as_deref() {
        Some(given) if given == code => None,
        given => Some(ask(words().get(&format!("act-{}", step.id())), &sheet, &code, given.is_some())),
    })
}

/// Keeps a step while the server cannot be reached: made, shown and signed on the case as it was read last.
fn offline(c: ActArgs, env: &mut Env, e: anyhow::Error) -> Result<Answer> {
    let (file, known) = kept(&c.of.key, env)?;
    let at = file.contents.case(&c.of.case)?;
    let replay = known.as_ref().and_then(|known| file.contents.recall(at, &known.ctx, env.now));
    let (Some(known), Some(replay)) = (known, replay) else { return unread(c, file, at, env, e) };
    let (mut o, case) = (Open { file, known }, replay.case());
    let (roles, planned) = match c.step {
        Chosen::Act(step, mut typed) => {
            resolve(step, &mut typed, &o, &replay)?;
            let draft = made(step, &typed, &o, case, None, env)?;
            if let Some(answer) = unsigned(step, &draft, &typed, &o.known, case)? {
                return Ok(answer);
            }
            let planned = Planned::of(&draft, case, typed.leak_checked)?;
            (step.spec().roles, planned.ok_or_else(|| e.context(NEEDS_SERVER))?)
        }
        Chosen::Confirm { entry, yes } => match confirmation(&o, case, entry, yes.as_deref())? {
            Asked::Answer(answer) => return Ok(answer),
            Asked::Sign(plan) => {
                let act = case.proposals().get(&entry).map(|p| p.act.step());
                (act.map_or(&ANY[..], |step| step.spec().roles), plan.into())
            }
        },
        Chosen::Drop { entry } => (&ANY[..], Plan::Event(Box::new(Event::ProposalDropped { proposal: entry })).into()),
    };
    waiting::keep(&mut o.file, env, at, roles, c.role, planned)
}

/// What cannot be done while nobody answers.
const NEEDS_SERVER: &str = "this step cannot be taken without the server; nothing was kept";

/// Keeps a step in a case that cannot be read here: one that says everything itself, and takes nothing from the case.
fn unread(c: ActArgs, mut file: KeyFile<Desk>, at: usize, env: &mut Env, e: anyhow::Error) -> Result<Answer> {
    let cannot = "this step cannot be planned without reading the case; nothing was kept";
    let unseen = "what this step signs cannot be shown: nothing of the case is kept on this machine, so nothing was \
                  signed and nothing was kept. Take the step when the server can be reached; after a visit (`subrosa \
                  officer inbox`) the case can be shown without it too";
    let (roles, plan) = match &c.step {
        Chosen::Act(step, _) if step.spec().asks == Asks::Everywhere => return Err(e.context(unseen)),
        Chosen::Confirm { .. } => return Err(e.context(unseen)),
        Chosen::Act(step, typed) => {
            let draft = draft(*step, &Case::empty(JournalId([0; 32])), typed, &Outside::default());
            let plan = draft.ok().map(|draft| Plan::of(&draft, typed.leak_checked)).transpose()?.flatten();
            (step.spec().roles, plan.ok_or_else(|| e.context(cannot))?)
        }
        Chosen::Drop { entry } => (&ANY[..], Plan::Event(Box::new(Event::ProposalDropped { proposal: *entry }))),
    };
    waiting::keep(&mut file, env, at, roles, c.role, plan)
}

/// The role in which this officer may do it, or the rule that forbids it.
fn may(step: Step, o: &Open, replay: &Replay, asked: Option<RoleArg>, now: u64) -> Result<RoleName> {
    as_role(o, replay, asked, now, |author| admissible(step, replay.case(), author, &o.known.ctx.get()))
}

fn second_role(o: &Open, replay: &Replay, entry: u64, asked: Option<RoleArg>, now: u64) -> Result<RoleName> {
    let event = Event::Confirmed { proposal: entry };
    as_role(o, replay, asked, now, |author| {
        subrosa_casework::case::admit(replay.case(), author, &event, &o.known.ctx.get())
    })
}

fn as_role(
    o: &Open,
    replay: &Replay,
    asked: Option<RoleArg>,
    now: u64,
    ask: impl Fn(&Author) -> Result<(), Refusal>,
) -> Result<RoleName> {
    let me = o.file.contents.identity.holder();
    let held: Vec<RoleName> = match asked {
        Some(_) => vec![role(&o.file.contents, &o.known.directory, &ANY, asked)?],
        None => o.known.directory.roles_of(me).to_vec(),
    };
    first_role(replay.case(), me, &held, replay.seq(), now, ask).map_err(anyhow::Error::new)
}

/// What the public books say, where money is decided.
async fn budget(step: Step, o: &Open, env: &Env) -> Result<Option<BudgetView>> {
    if !matches!(step, Step::ProposeAward | Step::Panel | Step::Finalize) {
        return Ok(None);
    }
    let view = PublicView::fetch(&env.api, &o.known.directory, env.circuits.fresh()).await?;
    Ok(Some(view.audit.ledger.budget_view(view.records.len() as u64)))
}

fn made(step: Step, typed: &Typed, o: &Open, case: &Case, budget: Option<BudgetView>, env: &mut Env) -> Result<Draft> {
    let mut fresh = [0; 16];
    rand_core::Rng::fill_bytes(&mut env.rng, &mut fresh);
    let cases = o.file.contents.cases.iter().map(|c| c.id());
    let known = (&*o.known.directory, &o.known.policies, &o.known.ctx);
    let surroundings = outside(case, o.file.contents.identity.holder(), known, cases, budget, fresh);
    draft(step, case, typed, &surroundings).map_err(|p| problems(step, &p))
}

/// What is wrong with the options, one line each.
fn problems(step: Step, problems: &[(String, Problem)]) -> anyhow::Error {
    let t = words();
    let mut text = format!("nothing was done in `{}`:", step.id());
    for (field, problem) in problems {
        let said = match problem {
            Problem::Amount(e) => e.to_string(),
            Problem::Misread(e) => e.to_string(),
            Problem::Check(e) => e.to_string(),
            Problem::Formula(e) => e.to_string(),
            Problem::OnlyWith(other) => t.with("wrong-only-with", &[("field", &format!("--{other}"))]),
            other => t.get(&other.key().unwrap_or_default()).to_owned(),
        };
        let option = match field.strip_prefix("in-") {
            Some(input) => format!("input {input}"),
            None if field == "inputs" => "input".to_owned(),
            None => field.clone(),
        };
        text.push_str(&format!("\n  --{option}: {said}"));
    }
    anyhow::Error::msg(text)
}

/// Names of people, files and cases, as people write them, become those of the case.
fn resolve(step: Step, typed: &mut Typed, o: &Open, replay: &Replay) -> Result<()> {
    for field in step.spec().fields {
        let given = typed.fields.get(field.name).cloned().filter(|text| !text.is_empty());
        let found = match (field.kind, given) {
            (FieldKind::Member | FieldKind::Colleague, Some(name)) => holder(o, &name)?.to_string(),
            (FieldKind::File, Some(name)) => {
                let all = files_of(replay.case());
                let digest = |f: &subrosa_crypto::file::FileManifest| hex::encode(f.fingerprint().sha256);
                let found = all.iter().find(|f| f.name() == name || digest(f) == name);
                digest(found.with_context(|| format!("the thread holds no file `{name}`"))?)
            }
            (FieldKind::OtherCase, Some(prefix)) => {
                let at = o.file.contents.case(&prefix)?;
                o.file.contents.cases.get(at).map(|c| hex::encode(c.id())).unwrap_or_default()
            }
            (FieldKind::Class, Some(class)) => {
                known_pack(o, class.split('/').next().unwrap_or_default())?;
                continue;
            }
            (FieldKind::Policy, None) => o
                .known
                .policies
                .bounty()
                .iter()
                .find(|p| p.pays())
                .map(|p| p.id.clone())
                .context("the charter commits to no bounty policy in the currency of awards")?,
            (FieldKind::Inputs, _) => {
                inputs(typed, o, replay)?;
                continue;
            }
            _ => continue,
        };
        typed.fields.insert(field.name.to_owned(), found);
    }
    Ok(())
}

fn holder(o: &Open, name: &str) -> Result<HolderId> {
    let of = |x: &subrosa_engine::directory::Officer| x.key.holder_id();
    let found = o.known.directory.officers().iter().find(|x| x.name == name || of(x).to_string() == name);
    found.map(of).with_context(|| {
        let names: Vec<String> = o.known.directory.officers().iter().map(|x| plain_line(&x.name)).collect();
        format!("the charter names no officer `{}`; it names: {}", plain_line(name), names.join(", "))
    })
}

/// A regime pack of the charter by id.
fn known_pack<'p>(o: &'p Open, id: &str) -> Result<&'p Pack> {
    let policies = &o.known.policies;
    policies.pack(id).with_context(|| {
        let ids: Vec<&str> = policies.packs().iter().map(|p| p.id.as_str()).collect();
        let unusable =
            policies.unusable().iter().find(|u| u.name == format!("{}{id}", subrosa_engine::policies::REGIME));
        match unusable {
            Some(u) => format!("the pack `{id}` cannot be used: {}", u.problem),
            None => format!("the charter names no pack `{id}`; it names: {}", ids.join(", ")),
        }
    })
}

/// The inputs of a check become fields: the source's answers first, where they are wanted, then what was typed.
fn inputs(typed: &mut Typed, o: &Open, replay: &Replay) -> Result<()> {
    let pinned = replay.case().triage().map(|t| t.pack.clone()).context("triage has not chosen a pack yet")?;
    let pack = o.known.policies.pinned_pack(&pinned).with_context(|| {
        format!("this case is pinned to version {} of the pack {}, which no charter names", pinned.version, pinned.id)
    })?;
    let mut known: BTreeMap<String, String> = BTreeMap::new();
    if typed.from_answers {
        let tip = replay.case().received().and_then(|r| match Message::recorded(&r.tip.0) {
            Ok(Message::Tip(tip)) => Some(tip),
            _ => None,
        });
        let answers = tip.context("the case holds no tip")?.answers;
        let (_, unreadable) = pack.inputs_of(&answers);
        if !unreadable.is_empty() {
            bail!("the source's answers to {} cannot be read as inputs; give them by --input", unreadable.join(", "));
        }
        for question in &pack.questions {
            if let (Some(input), Some(answer)) = (&question.input, answers.get(&question.id)) {
                known.insert(input.clone(), answer.clone());
            }
        }
    }
    for i in &typed.inputs {
        let (name, value) = i.split_once('=').with_context(|| format!("`{i}` is not NAME=VALUE"))?;
        pack.read_input(name, value, typed.numbers()).with_context(|| format!("--input {name}, pack {}", pinned.id))?;
        let value = value.to_owned();
        known.insert(name.to_owned(), value);
    }
    typed.fields.extend(known.into_iter().map(|(name, value)| (format!("in-{name}"), value)));
    Ok(())
}

/// Passages of a message that could name the source stop it until whoever wrote it says that they may go.
fn check_leaks(text: &str, case: &Case, checked: bool) -> Result<()> {
    let passages = leak::look(text, case);
    if passages.is_empty() || checked {
        return Ok(());
    }
    let t = words();
    let mut out = String::from("nothing was sent: the text holds what could name the source");
    for passage in &passages {
        let (key, value) = match passage {
            leak::Passage::Quote(words) => ("leak-quote", words.clone()),
            leak::Passage::Number(n) => ("leak-number", n.clone()),
            leak::Passage::Person(name) => ("leak-person", name.clone()),
            leak::Passage::File(name) => ("leak-file", name.clone()),
            leak::Passage::FewReaders(name, n) => ("leak-few", format!("{name} ({n})")),
        };
        out.push_str(&format!("\n  {}: {}", t.get(key), plain_line(&value)));
    }
    bail!("{out}\nWrite it in other words, or add --leak-checked if each of them may go")
}

/// The sheet, and how it is signed. `anew`: a code was given, and it is that of something else.
fn ask(title: &str, sheet: &Sheet, code: &str, anew: bool) -> Answer {
    let changed = if anew { format!("{}\n", Rule::ProposalChanged) } else { String::new() };
    Answer::new(
        format!(
            "{changed}{title}\n{}Nothing was signed. To sign exactly this, give the same command with --sign {code}",
            sheet.text()
        ),
        json!({ "signed": false, "shown": sheet.json(), "code": code }),
    )
}

/// What follows from `confirm`: the decision is shown, or signed as it was shown.
enum Asked {
    Answer(Answer),
    Sign(Plan),
}

fn confirmation(o: &Open, case: &Case, entry: u64, yes: Option<&str>) -> Result<Asked> {
    let proposal = case.proposals().get(&entry);
    let proposal = proposal.with_context(|| format!("no decision waits at entry {entry} for its second signature"))?;
    let shown = case.proposal_digest(entry).context("the decision cannot be read")?;
    let code = short(&shown.0);
    if yes == Some(code.as_str()) {
        return Ok(Asked::Sign(Plan::Confirm { proposal: entry, shown }));
    }
    let sheet = Sheet::of_decision(entry, proposal, case, &o.known);
    if yes.is_some() {
        bail!(Refusal::from(Rule::ProposalChanged));
    }
    let title = words().get(&format!("act-{}", proposal.act.step().id()));
    Ok(Asked::Answer(ask(title, &sheet, &code, false)))
}

/// Writes it, behind whatever waits before it.
async fn carry_out(
    o: &mut Open,
    env: &mut Env,
    at: usize,
    before: &Replay,
    role: RoleName,
    planned: impl Into<Planned>,
) -> Result<Answer> {
    let (after, notes) = match waiting::commit(o, env, at, role, planned).await? {
        Committed::Done(after, notes) => (after, notes),
        Committed::Kept(answer) => return Ok(answer),
    };
    let state = after.case().state();
    let waiting = after.case().proposals();
    let new = waiting.keys().find(|seq| !before.case().proposals().contains_key(seq));
    let more = new.map_or_else(String::new, |seq| {
        format!(" A second officer must look at entry {seq} and sign it: subrosa officer act CASE confirm {seq}")
    });
    Ok(Answer::new(
        format!("Done. The case is now: {}.{more}{notes}", words().named("state", state.name())),
        json!({ "state": state.name(), "waiting": waiting.len(), "proposal": new }),
    ))
}

/// Hands the order to the administrators, and says what it orders.
async fn deliver(o: &mut Open, env: &mut Env, at: usize, draft: &Draft, case: &Case) -> Result<Answer> {
    let sheet = Sheet::of_draft(draft, case, &o.known);
    let (desk, shown) = (&mut o.file.contents, draft.basis(case));
    let n = desk.deliver_order(&mut env.session(&o.known.directory), at, &o.known.ctx, shown).await?;
    o.file.save(&mut env.rng)?;
    Ok(Answer::new(
        format!("Handed to {}:\n{}", say!(words(), "count-administrators", n = n as u64), sheet.text()),
        json!({ "administrators": n, "order": sheet.json() }),
    ))
}

/// Brings a colleague in. The keystore is saved whatever happens: the team may have grown although the keys were not
/// sent.
async fn bring(
    o: &mut Open,
    at: usize,
    before: &Replay,
    holder: HolderId,
    role: RoleName,
    env: &mut Env,
) -> Result<Answer> {
    let colleague = plain_line(&o.known.directory.name_of(holder));
    let desk = &mut o.file.contents;
    let handed = desk.hand_over(&mut env.session(&o.known.directory), at, holder, role, &o.known.ctx).await;
    o.file.save(&mut env.rng)?;
    let after = handed?;
    let joined = before.case().team().all(|h| h != holder);
    let text = match joined {
        true => format!("{colleague} has joined the team and finds the case at the next visit."),
        false => format!("{colleague} is on the team already; the keys were sent again."),
    };
    Ok(Answer::new(text, json!({ "joined": joined, "team": after.case().team().count() })))
}
