//! The acts' pages: the form, the question before signing, and what came of it.

mod form;
mod place;
mod question;

use actix_web::{HttpResponse, http::StatusCode, web::Path};
use subrosa_casework::{
    case::{Asks, Draft, Event, Step},
    refusal::Rule,
    role::RoleName,
};
use subrosa_engine::officer::leak;
use subrosa_templates::console::Tone;
use subrosa_templates::{key, say};

use self::{
    form::page,
    place::Place,
    question::{Question, confirm, details, digest},
};
use super::parts::{failure, notice};
use crate::{
    acts::{
        self, given,
        run::{self, Done, Failure},
    },
    fields::Fields,
    frame::see,
    request::{Posted, Said, Visit},
    trouble::Trouble,
};

/// The form, empty or as it was typed before.
pub(crate) async fn ask(visit: Visit, path: Path<(String, String, String)>) -> HttpResponse {
    let p = match Place::of(&visit, &path) {
        Ok(p) => p,
        Err(answer) => return answer,
    };
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
            forget_draft(&visit, &p);
            see(&format!("{}/waiting?said={}", visit.base(), Said::Kept))
        }
        Ok(Done::Written) => {
            forget_draft(&visit, &p);
            see(&format!("{}{}?said={}", p.case_url(&visit), after(p.step), Said::Done))
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
    let event = match draft {
        Draft::Event(event) => (**event).clone(),
        Draft::Two(act) if act.step().waiting_in(p.replay.case()).is_some() => {
            return Err(Failure::Refused(Rule::ProposalWaits.into()));
        }
        Draft::Two(act) => Event::Proposed((**act).clone()),
        _ => {
            return match acts::may(p.step, &p.replay, &visit.view, p.has_conversation(visit), visit.now) {
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
