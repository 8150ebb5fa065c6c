//! The acts' pages: the form, the question before signing, and what came of it.

use std::sync::Arc;

use super::super::trouble::Trouble;
use actix_web::{HttpResponse, http::StatusCode, web::Path};
use subrosa_casework::{
    case::{Asks, Draft, Event, Group, Step},
    journal::Replay,
    refusal::Rule,
    role::RoleName,
};
use subrosa_crypto::kdf;
use subrosa_engine::officer::leak::{self, Passage};
use subrosa_templates::console::{
    Act, ActGroup, Block, Cell, Confirm, Fact, Field, FieldKind, Form, FormPage, Link, Notice, Section, Tone, Words,
};
use subrosa_templates::{key, say};

use super::{
    super::{
        acts::{
            self, form,
            given::{self, Problems},
            run::{self, Done, Failure},
        },
        readings::Reading,
        routes::{Fields, Posted, Visit, html, see},
        words::{self, clean},
    },
    award,
    case::{self, CasePage, open, problem},
    thread,
};

/// What can be done now in a case, and what cannot, with the rule that forbids it.
pub(in super::super) fn groups(visit: &Visit, id: &[u8; 32], replay: &Replay) -> Vec<ActGroup> {
    let (t, view) = (visit.t, &visit.view);
    let conversation = view.cases.get(id).is_some_and(|c| c.conversation);
    let base = format!("{}/case/{}/act", visit.base(), hex::encode(id));
    let of = |group: &Group| {
        let mut out = ActGroup { title: t.get(&format!("group-{group}")).to_owned(), ..ActGroup::default() };
        for step in Step::ALL.iter().copied().filter(|s| s.spec().group == *group) {
            let Some(may) = acts::may(step, replay, view, conversation, visit.now) else { continue };
            let mut act = Act {
                title: t.get(&format!("act-{}", step.id())).to_owned(),
                url: format!("{base}/{}", step.id()),
                two: step.spec().takes_two(),
                ..Act::default()
            };
            match may {
                Ok(role) => {
                    act.role = words::role(t, role);
                    out.now.push(act);
                }
                Err(refusal) => {
                    act.why_not = Some(words::refusal(t, &refusal));
                    out.not_now.push(act);
                }
            }
        }
        out
    };
    Group::ALL.iter().map(of).collect()
}

/// One act in one case, as an address names it.
struct Place {
    id: [u8; 32],
    replay: Arc<Replay>,
    step: Step,
    url: String,
}

async fn place(visit: &Visit, path: &(String, String, String)) -> Result<Place, HttpResponse> {
    let Some(step) = Step::of(&path.2) else { return Err(problem(visit, StatusCode::NOT_FOUND, "no-such-act")) };
    let (id, replay) = open(visit, &path.1, CasePage::Overview, Reading::Page).await?;
    let url = format!("{}/case/{}/act/{}", visit.base(), hex::encode(id), step.id());
    Ok(Place { id, replay, step, url })
}

/// The form, empty or as it was typed before.
pub(in super::super) async fn ask(visit: Visit, path: Path<(String, String, String)>) -> HttpResponse {
    let p = match place(&visit, &path).await {
        Ok(p) => p,
        Err(answer) => return answer,
    };
    let here = format!("/case/{}/act/{}", path.1, path.2);
    let mut given = visit.query.clone();
    let mut notices = Vec::new();
    if let Some(held) = visit.console.with_sessions(|d| d.take_held(&here)) {
        given = Fields(held.fields);
        notices.push(note(visit.t, "held-back"));
    } else if let Some(draft) = draft(&visit, &p).await {
        given = Fields::of_query(&draft);
        notices.push(note(visit.t, "draft-back"));
    }
    page(&visit, &p, &given, &Vec::new(), notices, StatusCode::OK)
}

fn note(t: &Words, key: &str) -> Notice {
    Notice { tone: Tone::Soon, text: t.get(key).to_owned(), code: None }
}

fn draft_name(p: &Place) -> String {
    format!("{}/{}", hex::encode(p.id), p.step.id())
}

async fn draft(visit: &Visit, p: &Place) -> Option<String> {
    let guard = visit.console.office.lock().await;
    guard.as_ref()?.book.pages.drafts.get(&draft_name(p)).cloned()
}

async fn forget_draft(visit: &Visit, p: &Place) {
    if let Some(office) = visit.console.office.lock().await.as_mut() {
        // What could not be forgotten is shown again; nothing is lost.
        let _ = office.book.draft(&draft_name(p), "", &mut office.rng);
    }
}

fn page(
    visit: &Visit,
    p: &Place,
    given: &Fields,
    problems: &Problems,
    notices: Vec<Notice>,
    status: StatusCode,
) -> HttpResponse {
    let (t, view) = (visit.t, &visit.view);
    let Some(case_view) = view.cases.get(&p.id) else { return problem(visit, StatusCode::NOT_FOUND, "no-such-case") };
    let mut f = visit.frame();
    f.notices.extend(notices);
    let mut lead: Vec<String> = lead(t, p.step);
    if let Some(Err(refusal)) = acts::may(p.step, &p.replay, view, case_view.conversation, visit.now) {
        let notice = words::refusal(t, &refusal);
        // A refusal that was just given is not said twice.
        if f.notices.iter().all(|n| n.code != notice.code) {
            f.notices.push(notice);
        }
    }
    if p.step.spec().message.is_some() && !case_view.conversation {
        f.notices.push(note(t, "no-conversation"));
    }
    let mut fields = form::fields(p.step, visit, case_view, &p.replay, given);
    let mut lines = Vec::new();
    for (name, why) in problems {
        match fields.iter_mut().find(|f| f.name == *name) {
            Some(field) => {
                field.problem = clean(why);
                lines.push(format!("{}: {}", field.label, clean(why)));
            }
            None => lines.push(clean(why)),
        }
    }
    let aside = aside(visit, p);
    if p.step.spec().takes_two() {
        lead.push(t.get("two-lead").to_owned());
    }
    let submit = match p.step.spec().asks != Asks::Nowhere {
        true => t.get("go-on").to_owned(),
        false => t.with("sign-as", &[("who", &clean(&view.me.name))]),
    };
    let draft = match fields.iter().any(|f| f.kind == FieldKind::Area) {
        true => draft_name(p),
        false => String::new(),
    };
    let cancel = format!("{}/case/{}", visit.base(), hex::encode(p.id));
    let form = Form {
        action: p.url.clone(),
        fields,
        submit,
        cancel: Some(Link { url: cancel, text: t.get("cancel").to_owned(), ..Link::default() }),
        draft,
        ..Form::default()
    };
    let page = FormPage {
        f,
        title: t.get(&format!("act-{}", p.step.id())).to_owned(),
        head: case::head(visit, &p.id, None),
        lead,
        problems: lines,
        aside,
        form,
    };
    html(page.to_html(), status)
}

fn lead(t: &Words, step: Step) -> Vec<String> {
    let key = format!("lead-{}", step.id());
    if t.has(&key) { t.get(&key).lines().map(ToOwned::to_owned).collect() } else { Vec::new() }
}

/// What helps while filling in: the source's last words, the names, the questions' evidence.
fn aside(visit: &Visit, p: &Place) -> Vec<Section> {
    let (t, view, case) = (visit.t, &visit.view, p.replay.case());
    match p.step {
        Step::Acknowledge | Step::Ask | Step::Feedback | Step::Reasons | Step::Write => {
            let base = format!("{}/case/{}", visit.base(), hex::encode(p.id));
            let last = case.messages().iter().rev().take(3).rev().map(|m| thread::bubble(t, view, m, &base)).collect();
            vec![case::section(t, "s-thread", vec![Block::Thread(last)])]
        }
        Step::Declare => {
            let names: Vec<Fact> = case
                .entities()
                .iter()
                .map(|e| Fact { name: words::entity_kind(t, e.kind).to_owned(), value: clean(&e.name), code: false })
                .collect();
            let block = match names.is_empty() {
                true => Block::Text(t.get("declare-nobody").to_owned()),
                false => Block::Facts(names),
            };
            vec![case::section(t, "s-entities", vec![block])]
        }
        Step::Check => {
            let Some(pack) = form::pack(view, case) else { return Vec::new() };
            let mut rows = Vec::new();
            for (name, (unit, list)) in &pack.thresholds {
                for row in list {
                    let verified = t.get(if row.verified { "verified" } else { "not-compared" });
                    let cells = [
                        clean(name),
                        format!("{} {}", plain_number(row.value), unit.name),
                        row.effective.to_string(),
                        clean(&row.source),
                        verified.to_owned(),
                    ];
                    let tone = if row.verified { Tone::Plain } else { Tone::Soon };
                    rows.push(cells.map(|text| Cell { text, tone, ..Cell::default() }).to_vec());
                }
            }
            if rows.is_empty() {
                return Vec::new();
            }
            let head = ["f-threshold", "col-result", "col-effective", "col-source", "col-verified"];
            let table = Block::Table {
                caption: t.get("s-thresholds").to_owned(),
                head: head.map(|k| t.get(k).to_owned()).to_vec(),
                rows,
            };
            vec![case::section(t, "s-thresholds", vec![table])]
        }
        Step::Evidence => {
            let Some(pack) = form::pack(view, case) else { return Vec::new() };
            let list = pack.evidence.iter().map(|e| Fact {
                name: t.get("look-for").to_owned(),
                value: words::pack_text(t, view, &pack.id, &format!("evidence-{}", e.id))
                    .unwrap_or_else(|| clean(&e.id)),
                code: false,
            });
            vec![case::section(t, "s-checklist", vec![Block::Facts(list.collect())])]
        }
        _ => Vec::new(),
    }
}

/// A form that came in: back to typing, on to the question, or signed.
pub(in super::super) async fn answer(posted: Posted, path: Path<(String, String, String)>) -> HttpResponse {
    let Posted { visit, fields } = posted;
    let p = match place(&visit, &path).await {
        Ok(p) => p,
        Err(answer) => return answer,
    };
    if fields.get("phase") == "back" {
        return page(&visit, &p, &fields, &Vec::new(), Vec::new(), StatusCode::OK);
    }
    let conversation = visit.view.cases.get(&p.id).is_some_and(|c| c.conversation);
    if p.step.spec().message.is_some() && !conversation {
        return page(&visit, &p, &fields, &Vec::new(), Vec::new(), StatusCode::CONFLICT);
    }
    // Money is decided on what the public books say now.
    let budget = match p.step {
        Step::ProposeAward | Step::Panel | Step::Finalize => match run::budget(&visit.console).await {
            Ok(budget) => Some(budget),
            Err(failure) => return failed(&visit, &p, &fields, failure),
        },
        _ => None,
    };
    let draft = match given::read(p.step, &visit, &p.replay, &fields, budget) {
        Ok(draft) => draft,
        Err(problems) => {
            return page(&visit, &p, &fields, &problems, Vec::new(), StatusCode::UNPROCESSABLE_ENTITY);
        }
    };
    let role = match allowed(&visit, &p, &draft) {
        Ok(role) => role,
        Err(failure) => return failed(&visit, &p, &fields, failure),
    };
    let passages = match &draft {
        Draft::Message { text, .. } => leak::look(text, p.replay.case()),
        _ => Vec::new(),
    };
    let answered = passages.is_empty() || fields.get("leak") == "yes";
    let signing = fields.get("phase") == "sign";
    let (details, more) = details(&visit, &p, &draft);
    let shown = digest(&details);
    // Where money is decided, what is signed is what was shown: the public books may have moved since.
    let seen = p.step.spec().asks != Asks::Everywhere || fields.get("shown") == shown;
    if p.step.spec().asks != Asks::Nowhere && !(signing && answered && seen) {
        let question = Question { role, passages: &passages, details, more, shown, missed: signing && !answered };
        return confirm(&visit, &p, &fields, question);
    }
    match run::run(&visit.console, p.id, role, &draft, answered).await {
        Ok(Done::Kept) => {
            forget_draft(&visit, &p).await;
            see(&format!("{}/waiting?said=kept", visit.base()))
        }
        Ok(Done::Written) => {
            forget_draft(&visit, &p).await;
            see(&format!("{}/case/{}{}?said=done", visit.base(), hex::encode(p.id), after(p.step)))
        }
        Err(failure) => failed(&visit, &p, &fields, failure),
    }
}

/// The page to go to afterwards.
fn after(step: Step) -> &'static str {
    match step {
        Step::Acknowledge | Step::Ask | Step::Feedback | Step::Reasons | Step::Write => "/thread",
        Step::Check => "/checks",
        Step::Evidence | Step::Handle => "/evidence",
        Step::Name | Step::Declare | Step::Assign | Step::Bring => "/people",
        Step::ProposeAward | Step::Panel | Step::SignOrder | Step::Deliver => "/award",
        _ => "",
    }
}

/// Whether the very act may be done, and in which role: asked again with what was typed.
fn allowed(visit: &Visit, p: &Place, draft: &Draft) -> Result<RoleName, Failure> {
    let conversation = visit.view.cases.get(&p.id).is_some_and(|c| c.conversation);
    let event = match draft {
        Draft::Event(event) => (**event).clone(),
        Draft::Two(act) if act.step().waiting_in(p.replay.case()).is_some() => {
            return Err(Failure::Refused(Rule::ProposalWaits.into()));
        }
        Draft::Two(act) => Event::Proposed((**act).clone()),
        _ => {
            return match acts::may(p.step, &p.replay, &visit.view, conversation, visit.now) {
                Some(Ok(role)) => Ok(role),
                Some(Err(refusal)) => Err(Failure::Refused(refusal)),
                None => Err(Failure::Broken(Trouble::own(key!("act-not-now")))),
            };
        }
    };
    visit.view.may(&p.replay, &event, visit.now).map_err(Failure::Refused)
}

fn failed(visit: &Visit, p: &Place, fields: &Fields, failure: Failure) -> HttpResponse {
    let (notice, status) = match failure {
        Failure::Refused(refusal) => (words::refusal(visit.t, &refusal), StatusCode::CONFLICT),
        Failure::Broken(why) => {
            let text = say!(visit.t, "act-failed", why = why.words(visit.t));
            (Notice { tone: Tone::Bad, text, code: None }, StatusCode::BAD_GATEWAY)
        }
    };
    page(visit, p, fields, &Vec::new(), vec![notice], status)
}

/// What is asked before a signature.
struct Question<'a> {
    role: RoleName,
    passages: &'a [Passage],
    details: Vec<Fact>,
    more: Vec<Section>,
    /// The digest of the details: comes back with the answer.
    shown: String,
    /// The passages were not answered.
    missed: bool,
}

/// Who is asked to sign what.
fn confirm(visit: &Visit, p: &Place, fields: &Fields, question: Question<'_>) -> HttpResponse {
    let Question { role, passages, details, more, shown, missed } = question;
    let (t, view) = (visit.t, &visit.view);
    let me = clean(&view.me.name);
    let title = t.get(&format!("act-{}", p.step.id())).to_owned();
    let signer = t.with("confirm-signer", &[("who", &me), ("role", &words::role(t, role)), ("act", &title)]);
    let kept: Vec<(String, String)> =
        fields.0.iter().filter(|(n, _)| !["csrf", "phase", "leak", "shown"].contains(&n.as_str())).cloned().collect();
    let with = |phase: &str| {
        let mut hidden = kept.clone();
        hidden.push(("phase".into(), phase.into()));
        hidden.push(("shown".into(), shown.clone()));
        hidden
    };
    let mut warnings = Vec::new();
    let mut own_fields = Vec::new();
    if !passages.is_empty() {
        warnings.push(Section {
            id: "s-leak".into(),
            title: t.get("s-leak").to_owned(),
            blocks: vec![
                Block::Notice(Notice { tone: Tone::Bad, text: t.get("leak-lead").to_owned(), code: None }),
                Block::Facts(passages.iter().map(|p| passage(t, p)).collect()),
            ],
        });
        own_fields.push(Field {
            name: "leak".into(),
            label: t.get("leak-answer").to_owned(),
            kind: FieldKind::Check,
            problem: if missed { t.get("wrong-leak").to_owned() } else { String::new() },
            required: true,
            ..Field::default()
        });
    }
    warnings.extend(more);
    let mut lead = lead(t, p.step);
    lead.push(t.get(if p.step.spec().takes_two() { "confirm-two" } else { "confirm-one" }).to_owned());
    let page = Confirm {
        f: visit.frame(),
        title,
        head: case::head(visit, &p.id, None),
        signer,
        lead,
        details,
        warnings,
        form: Form {
            action: p.url.clone(),
            hidden: with("sign"),
            fields: own_fields,
            submit: t.with("sign-as", &[("who", &me)]),
            grave: matches!(p.step, Step::Purge | Step::Recuse | Step::Close | Step::CloseUnsubstantiated | Step::Deny),
            cancel: Some(Link {
                url: format!("{}/case/{}", visit.base(), hex::encode(p.id)),
                text: t.get("cancel").to_owned(),
                ..Link::default()
            }),
            ..Form::default()
        },
        back: Form {
            action: p.url.clone(),
            hidden: with("back"),
            submit: t.get("go-back").to_owned(),
            ..Form::default()
        },
    };
    html(page.to_html(), if missed { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK })
}

fn passage(t: &Words, passage: &Passage) -> Fact {
    let (key, value) = match passage {
        Passage::Quote(words) => ("leak-quote", format!("“{words}”")),
        Passage::Number(n) => ("leak-number", n.clone()),
        Passage::Person(name) => ("leak-person", name.clone()),
        Passage::File(name) => ("leak-file", name.clone()),
        Passage::FewReaders(name, n) => ("leak-few", format!("{name} ({n})")),
    };
    Fact { name: t.get(key).to_owned(), value: clean(&value), code: false }
}

/// What exactly is signed.
fn details(visit: &Visit, p: &Place, draft: &Draft) -> (Vec<Fact>, Vec<Section>) {
    let (t, view) = (visit.t, &visit.view);
    let fact = |key: &str, value: String| Fact { name: t.get(key).to_owned(), value, code: false };
    let mut facts = match &view.known {
        Some(known) => {
            let ctx = known.ctx.get();
            let mut out = words::facts(t, view, &draft.facts(p.replay.case(), &ctx));
            out.extend(draft.breakdown(p.replay.case(), &ctx).iter().flat_map(|b| award::breakdown(t, b)));
            out
        }
        None => Vec::new(),
    };
    let mut sections = Vec::new();
    match draft {
        Draft::Event(event) => match &**event {
            Event::MachineChecked(report) => sections.push(Section {
                id: "s-result".into(),
                title: t.get("s-result").to_owned(),
                blocks: case::check_blocks(t, view, report),
            }),
            event if facts.is_empty() => {
                let text = words::event_details(t, view, event);
                facts.extend((!text.is_empty()).then(|| fact("col-details", text)));
            }
            _ => {}
        },
        Draft::Message { kind, text } => {
            facts.push(Fact { name: words::kind(t, *kind).to_owned(), value: clean(text), code: false });
        }
        Draft::Bring(holder) => facts.push(fact("ask-colleague", clean(&view.name_of(*holder)))),
        _ => {}
    }
    (facts, sections)
}

/// The digest of what a page shows.
fn digest(details: &[Fact]) -> String {
    let parts: Vec<&[u8]> = details.iter().flat_map(|f| [f.name.as_bytes(), f.value.as_bytes()]).collect();
    hex::encode(kdf::digest("subrosa/page-shown/v1", &parts))
}

/// As people write it: whole below a million, with an exponent above.
fn plain_number(n: f64) -> String {
    if (1e-3..1e6).contains(&n.abs()) || n == 0.0 { n.to_string() } else { format!("{n:e}") }
}
