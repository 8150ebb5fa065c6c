//! The acts' pages: the form, the question before signing, and what came of it.

mod form;
mod place;
mod question;

use actix_web::{HttpResponse, http::StatusCode, web::Path};
use subrosa_casework::{
    case::{Asks, BudgetView, Draft, Event, Step},
    refusal::{Refusal, Rule},
    role::RoleName,
};
use subrosa_engine::officer::leak;
use subrosa_templates::console::{Fact, Tone};
use subrosa_templates::{key, say};

use self::{
    form::page,
    place::Place,
    question::{Question, Why, confirm},
};
use super::{
    parts::{failure, notice},
    proposal::{details, digest},
};
use crate::{
    acts::{
        self, given,
        run::{self, Done, Failure},
    },
    fields::Fields,
    frame::see,
    request::{Posted, Said, Visit},
    text::clean,
    trouble::Trouble,
    words,
};

/// The form, empty or as it was typed before.
pub(crate) async fn ask(visit: Visit, path: Path<(String, String, String)>) -> HttpResponse {
    let p = match Place::of(&visit, &path) {
        Ok(p) => p,
        Err(answer) => return answer,
    };
    // A second proposal of one kind is refused: what waits is shown instead, to be signed second or dropped.
    if let Some(seq) = p.step.waiting_in(p.replay.case()) {
        return see(&format!("{}/confirm/{seq}", p.case_url(&visit)));
    }
    let t = visit.t;
    let here = format!("/case/{}/act/{}", path.1, path.2);
    let kept = || visit.console.with_book(|book| book.pages.drafts.get(&p.draft()).cloned()).flatten();
    let (given, why) = match visit.console.with_sessions(|d| d.take_held(&here)) {
        Some(held) => (Fields(held.fields), Some(say!(t, "held-back"))),
        None => match kept() {
            Some(draft) => (Fields::of_query(&draft), Some(say!(t, "draft-back"))),
            None => (visit.query.clone(), None),
        },
    };
    let notices = why.into_iter().map(|why| notice(Tone::Soon, why)).collect();
    page(&visit, &p, &given, &Vec::new(), notices, StatusCode::OK)
}

fn forget_draft(visit: &Visit, p: &Place) {
    // What could not be forgotten is shown again; nothing is lost.
    let _ = visit.console.with_book(|book| book.draft(&p.draft(), ""));
}

/// A form that came in: back to typing, on to the question, or signed.
pub(crate) async fn answer(posted: Posted, path: Path<(String, String, String)>) -> HttpResponse {
    let Posted { visit, fields } = posted;
    let p = match Place::of(&visit, &path) {
        Ok(p) => p,
        Err(answer) => return answer,
    };
    if fields.get("phase") == "back" {
        return page(&visit, &p, &fields, &Vec::new(), Vec::new(), StatusCode::OK);
    }
    if p.step.spec().message.is_some() && !p.has_conversation(&visit) {
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
    let (draft, question) = match understood(&visit, &p, &fields, budget) {
        Ok(understood) => understood,
        Err(answer) => return answer,
    };
    let answered = question.passages.is_empty() || fields.get("leak") == "yes";
    if p.step.spec().asks != Asks::Nowhere
        && let Some(why) = unsigned(&visit, &fields, &question, answered)
    {
        return confirm(&visit, &p, &fields, question, why);
    }
    let shown = draft.basis(p.replay.case());
    match run::run(&visit.console, p.id, question.role, &draft, shown, answered).await {
        Ok(Done::Kept) => {
            forget_draft(&visit, &p);
            see(&format!("{}/waiting?said={}", visit.base(), Said::Kept))
        }
        Ok(Done::Written) => {
            forget_draft(&visit, &p);
            see(&format!("{}{}?said={}", p.case_url(&visit), after(p.step), Said::Done))
        }
        Err(Failure::Refused(refusal)) if refusal.rule == Rule::ProposalChanged => {
            shown_anew(visit, p, &fields, budget, &refusal)
        }
        Err(failure) => failed(&visit, &p, &fields, failure),
    }
}

/// What was typed, as it is understood in the case that the page shows: what would be signed, and the question before.
fn understood(
    visit: &Visit,
    p: &Place,
    fields: &Fields,
    budget: Option<BudgetView>,
) -> Result<(Draft, Question), HttpResponse> {
    let case = p.replay.case();
    let draft = given::read(p.step, visit, &p.replay, fields, budget)
        .map_err(|problems| page(visit, p, fields, &problems, Vec::new(), StatusCode::UNPROCESSABLE_ENTITY))?;
    let role = allowed(visit, p, &draft).map_err(|failure| failed(visit, p, fields, failure))?;
    let passages = match &draft {
        Draft::Message { text, .. } => leak::look(text, case),
        _ => Vec::new(),
    };
    let (details, more) = details(visit, case, &draft, typed(visit, p, fields));
    let shown = digest(&details, case, &draft);
    Ok((draft, Question { role, passages, details, more, shown }))
}

/// What was typed into the act's form, field by field, with the words of what was chosen.
fn typed(visit: &Visit, p: &Place, fields: &Fields) -> Vec<Fact> {
    let Some(case_view) = visit.view.cases.get(&p.id) else { return Vec::new() };
    let answered = acts::form::fields(p.step, visit, case_view, &p.replay, fields).into_iter().map(|f| {
        let value = match f.choices.is_empty() {
            true => clean(&f.value),
            false => f.choices.into_iter().find(|c| c.chosen).map(|c| c.text).unwrap_or_default(),
        };
        Fact { name: f.label, value, code: false }
    });
    answered.filter(|f| !f.value.is_empty()).collect()
}

/// Why it is asked and not signed: signed is what was shown, and nothing else. The case and the public books may have
/// moved since.
fn unsigned(visit: &Visit, fields: &Fields, question: &Question, answered: bool) -> Option<Why> {
    let before = fields.get("shown");
    match fields.get("phase") == "sign" {
        true if !before.is_empty() && before != question.shown => {
            Some(Why::Changed(words::refusal(visit.t, &Rule::ProposalChanged.into())))
        }
        true if !answered => Some(Why::Missed),
        true if before == question.shown => None,
        _ => Some(Why::First),
    }
}

/// The question once more, about what is true by now: the case has moved between the page and the signature.
fn shown_anew(
    mut visit: Visit,
    mut p: Place,
    fields: &Fields,
    budget: Option<BudgetView>,
    refusal: &Refusal,
) -> HttpResponse {
    if let Some(view) = visit.console.view() {
        visit.view = view;
    }
    if let Some(replay) = visit.view.cases.get(&p.id).and_then(|c| c.replay.clone()) {
        p.replay = replay;
    }
    match understood(&visit, &p, fields, budget) {
        Ok((_, question)) => {
            let why = Why::Changed(words::refusal(visit.t, refusal));
            confirm(&visit, &p, fields, question, why)
        }
        Err(answer) => answer,
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
    let event = match draft {
        Draft::Event(event) => (**event).clone(),
        Draft::Two(act) if act.step().waiting_in(p.replay.case()).is_some() => {
            return Err(Failure::Refused(Rule::ProposalWaits.into()));
        }
        Draft::Two(act) => Event::Proposed((**act).clone()),
        _ => {
            let zero = visit.view.known.as_ref().is_some_and(|k| draft.is_zero_award(p.replay.case(), &k.ctx.get()));
            return match acts::may(p.step, &p.replay, &visit.view, p.has_conversation(visit), visit.now) {
                Some(Ok(_)) if zero => Err(Failure::Refused(Rule::AwardZero.into())),
                Some(Ok(role)) => Ok(role),
                Some(Err(refusal)) => Err(Failure::Refused(refusal)),
                None => Err(Failure::Broken(Trouble::own(key!("act-not-now")))),
            };
        }
    };
    visit.view.may(&p.replay, &event, visit.now).map_err(Failure::Refused)
}

fn failed(visit: &Visit, p: &Place, fields: &Fields, why: Failure) -> HttpResponse {
    let (notice, status) = failure(visit.t, why);
    page(visit, p, fields, &Vec::new(), vec![notice], status)
}
