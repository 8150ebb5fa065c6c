//! `subrosa officer act`: steps in a case.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};
use serde_json::json;
use subrosa_casework::{
    bytes::{AwardRef, Digest},
    case::{AccusedHeard, Act, Eligibility, Event, Evidence, RetaliationAnswers, TriageSet},
    clock::Date,
    journal::Replay,
    locale::Locale,
    money::Cents,
    policy::{AwardInputs, SanctionInput},
    regime::Pack,
    role::RoleName,
};
use subrosa_crypto::kdf;

use super::{
    ActArgs, Open, Step, open, role,
    waiting::{self, Committed},
};
use crate::{Answer, Env, amount};
use subrosa_engine::{
    message::Message,
    officer::{Plan, claim_statement, files_of},
    policies::{Policies, REGIME},
    treasury::public::PublicView,
};

/// Every role that works on cases.
pub(super) const ANY: [RoleName; 3] = [RoleName::Triager, RoleName::Investigator, RoleName::Adjudicator];

/// A step that needs no look at the case to be planned, with the roles that it fits; `None` for the others.
fn plain_plan(step: &Step) -> Result<Option<(&'static [RoleName], Plan)>> {
    use RoleName::{Adjudicator, Investigator, Triager};
    Ok(Some(match step {
        Step::Declare => (&ANY, Plan::Declare),
        Step::Recuse { reason } => (&ANY, event(Event::Recused { reason: reason.clone() })),
        Step::OpenTriage => (&[Triager], event(Event::TriageOpened)),
        Step::Risk { guessable, power, threatened, dependence, few_knew } => {
            let answers = RetaliationAnswers {
                guessable: *guessable,
                power: *power,
                threatened: *threatened,
                dependence: *dependence,
                few_knew: *few_knew,
            };
            (&ANY, event(Event::RetaliationAssessed(answers)))
        }
        Step::Accept => (&[Triager], two(Act::Accept)),
        Step::Investigate => (&[Investigator], event(Event::InvestigationOpened)),
        Step::Accused { reply, waiver } => {
            let heard = match (reply, waiver) {
                (Some(r), _) => AccusedHeard::Reply(r.clone()),
                (None, Some(w)) => AccusedHeard::SafetyWaiver(w.clone()),
                (None, None) => bail!("give --reply or --waiver"),
            };
            (&[Investigator, Adjudicator], event(Event::AccusedHeard(heard)))
        }
        Step::Substantiate { findings } => (&[Adjudicator], two(Act::Substantiate { findings: findings.clone() })),
        Step::OpenClaim { notice } => {
            let notice = Digest(kdf::digest("subrosa/award-notice/v1", &[notice.as_bytes()]));
            (&ANY, event(Event::ClaimWindowOpened { notice }))
        }
        Step::SignOrder => (&[Adjudicator], Plan::SignOrder),
        Step::Purge => (&ANY, two(Act::Purge)),
        _ => return Ok(None),
    }))
}

pub(super) async fn act(c: ActArgs, env: &mut Env) -> Result<Answer> {
    use RoleName::{Adjudicator, Triager};
    let mut o = match open(&c.of.key, env).await {
        Err(e) if waiting::unreachable(&e) => {
            let Some((roles, plan)) = plain_plan(&c.step)? else {
                return Err(e.context("this step cannot be planned without reading the case; nothing was kept"));
            };
            return waiting::keep(&c.of.key, env, &c.of.case, roles, c.role, plan);
        }
        other => other?,
    };
    let at = o.file.contents.case(&c.of.case)?;
    let before = o.file.contents.open(&mut env.session(&o.known.directory), at, &o.known.ctx).await?;
    if let Step::Deliver = c.step {
        let desk = &mut o.file.contents;
        let n = desk.deliver_order(&mut env.session(&o.known.directory), at, &o.known.ctx).await?;
        o.file.save(&mut env.rng)?;
        return Ok(Answer::new(format!("Handed to {n} administrators."), json!({ "administrators": n })));
    }
    if let Step::Bring { colleague } = &c.step {
        return bring(&c, &mut o, at, &before, colleague, env).await;
    }
    let (roles, plan): (&[RoleName], Plan) = match &c.step {
        Step::Triage { pack, class, jurisdiction, severity } => {
            let set = TriageSet {
                pack: known_pack(&o.known.policies, pack)?.pinned(),
                class: class.clone(),
                jurisdiction: jurisdiction.clone(),
                severity: *severity,
            };
            (&[Triager], event(Event::TriageSet(set)))
        }
        Step::Check { inputs, from_answers, on } => {
            (&ANY, event(check(&o.known.policies, &before, inputs, *from_answers, on)?))
        }
        Step::Evidence { file, origin } => (&ANY, event(evidence(&before, file, origin)?)),
        Step::Substantiate { findings } => {
            let waiting = before.case().proposals().values().find_map(|p| match &p.act {
                a @ Act::Substantiate { .. } => Some(a.clone()),
                _ => None,
            });
            (&[Adjudicator], two(waiting.unwrap_or(Act::Substantiate { findings: findings.clone() })))
        }
        Step::FileClaim { official, programme_staff, compliance_too_early, knowingly_false } => {
            let statement = claim_statement(before.case())
                .context("the source has not claimed yet; it does so with `subrosa tip claim`")?;
            let eligibility = Eligibility {
                official: *official,
                programme_staff: *programme_staff,
                compliance_too_early: *compliance_too_early,
                knowingly_false: *knowingly_false,
                review_passed: None,
            };
            (&[Adjudicator, Triager], event(Event::ClaimFiled { statement, eligibility }))
        }
        Step::ProposeAward { policy, sanction, own_part, up, down } => {
            let view = PublicView::fetch(&env.api, &o.known.directory, env.circuits.fresh()).await?;
            let budget = view.audit.ledger.budget_view(view.records.len() as u64);
            let chosen = o.known.ctx.policies().iter().find(|p| p.id == *policy);
            let chosen = chosen.with_context(|| format!("the charter commits to no policy `{policy}`"))?;
            let inputs = AwardInputs {
                sanction: Some(SanctionInput {
                    collected: amount::read(sanction)?,
                    own_part: amount::read_or_nothing(own_part)?,
                    up: *up,
                    down: *down,
                }),
                compute: None,
                harm: None,
                interim: Cents(0),
                budget: budget.budget,
                unreserved: budget.unreserved,
            };
            let award = chosen.award(&inputs)?;
            env.agree(&format!(
                "an award of {}; sanction {}, of which the claimant's own part {}",
                amount::in_full(award.amount),
                amount::in_full(inputs.sanction.map_or(Cents::ZERO, |s| s.collected)),
                amount::in_full(inputs.sanction.map_or(Cents::ZERO, |s| s.own_part)),
            ))?;
            (&[Adjudicator], Plan::Award { policy: chosen.digest(), inputs })
        }
        Step::Finalize => {
            let waiting = before.case().proposals().values().find_map(|p| match &p.act {
                a @ Act::FinalizeAward { .. } => Some(a.clone()),
                _ => None,
            });
            let act = match waiting {
                Some(a) => a,
                None => {
                    let view = PublicView::fetch(&env.api, &o.known.directory, env.circuits.fresh()).await?;
                    let mut name = [0; 16];
                    rand_core::Rng::fill_bytes(&mut env.rng, &mut name);
                    Act::FinalizeAward {
                        award_ref: AwardRef(name),
                        budget: view.audit.ledger.budget_view(view.records.len() as u64),
                    }
                }
            };
            (&[Adjudicator], two(act))
        }
        Step::Paid => {
            let award = before.case().award().and_then(|a| a.award_ref).context("there is no final award")?;
            let records = o.file.contents.issued_records(&mut env.session(&o.known.directory), &award).await?;
            (&ANY, event(Event::Paid { records }))
        }
        plain => plain_plan(plain)?.context("this step is not one that is planned")?,
    };
    let role = role(&o.file.contents, &o.known.directory, roles, c.role)?;
    let (after, notes) = match waiting::commit(&mut o, env, at, role, plan).await? {
        Committed::Done(after, notes) => (after, notes),
        Committed::Kept(answer) => return Ok(answer),
    };
    let waiting = after.case().proposals().len();
    let more = if waiting > before.case().proposals().len() { " A second officer must sign too." } else { "" };
    Ok(Answer::new(
        format!("Done. The case is now: {}.{more}{notes}", after.case().state().name()),
        json!({ "state": after.case().state().name(), "waiting": waiting }),
    ))
}

/// Brings a colleague in. The keystore is saved whatever happens: the team may have grown although the keys were not
/// sent.
async fn bring(
    c: &ActArgs,
    o: &mut Open,
    at: usize,
    before: &Replay,
    colleague: &str,
    env: &mut Env,
) -> Result<Answer> {
    let found = o.known.directory.officers().iter().find(|x| x.name == colleague);
    let found = found.with_context(|| {
        let names: Vec<&str> = o.known.directory.officers().iter().map(|x| x.name.as_str()).collect();
        format!("the charter names no officer `{colleague}`; it names: {}", names.join(", "))
    })?;
    let holder = found.key.holder_id();
    let role = role(&o.file.contents, &o.known.directory, &ANY, c.role)?;
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

fn event(e: Event) -> Plan {
    Plan::Event(Box::new(e))
}

fn two(a: Act) -> Plan {
    Plan::Two(Box::new(a))
}

/// A regime pack of the charter by id.
fn known_pack<'p>(policies: &'p Policies, id: &str) -> Result<&'p Pack> {
    policies.pack(id).with_context(|| {
        let ids: Vec<&str> = policies.packs().iter().map(|p| p.id.as_str()).collect();
        let unusable = policies.unusable().iter().find(|u| u.name == format!("{REGIME}{id}"));
        match unusable {
            Some(u) => format!("the pack `{id}` cannot be used: {}", u.problem),
            None => format!("the charter names no pack `{id}`; it names: {}", ids.join(", ")),
        }
    })
}

fn check(policies: &Policies, replay: &Replay, inputs: &[String], from_answers: bool, on: &str) -> Result<Event> {
    let pinned = replay.case().triage().map(|t| t.pack.clone()).context("triage has not chosen a pack yet")?;
    let pack = policies.pinned_pack(&pinned).with_context(|| {
        format!("this case is pinned to version {} of the pack {}, which no charter names", pinned.version, pinned.id)
    })?;
    let on = Date::parse(on).with_context(|| format!("`{on}` is not a date such as 2026-11-30"))?;
    let mut known = BTreeMap::new();
    if from_answers {
        let tip = replay.case().received().and_then(|r| match Message::decode(&r.tip.0) {
            Ok(Message::Tip(tip)) => Some(tip),
            _ => None,
        });
        let (given, unreadable) = pack.inputs_of(&tip.context("the case holds no tip")?.answers);
        if !unreadable.is_empty() {
            bail!("the source's answers to {} cannot be read as inputs; give them by --input", unreadable.join(", "));
        }
        known = given;
    }
    for i in inputs {
        let (name, value) = i.split_once('=').with_context(|| format!("`{i}` is not NAME=VALUE"))?;
        let value = pack.read_input(name, value, Locale::english().numbers());
        known.insert(name.to_owned(), value.with_context(|| format!("--input {name}, pack {}", pinned.id))?);
    }
    Ok(Event::MachineChecked(pack.check(&known, on)?))
}

fn evidence(replay: &Replay, name: &str, origin: &str) -> Result<Event> {
    let all = files_of(replay.case());
    let f = all.iter().find(|f| f.name() == name).with_context(|| format!("the thread holds no file `{name}`"))?;
    Ok(Event::EvidenceAdded(Evidence {
        name: name.into(),
        media: f.media_type().into(),
        size: f.fingerprint().size,
        sha256: Digest(f.fingerprint().sha256),
        origin: origin.into(),
        derived_from: None,
        readers: None,
    }))
}
