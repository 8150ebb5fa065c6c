//! Decisions that wait for a second signature: the list, signing, refusing.

use std::sync::Arc;

use actix_web::{HttpResponse, http::StatusCode, web::Path};
use subrosa_casework::{
    bytes::Digest,
    case::Event,
    journal::Replay,
    refusal::{Refusal, Rule},
};
use subrosa_templates::console::{Block, Confirm, Form, Notice, Proposal};
use subrosa_templates::{key, say};

use super::{
    head::{CasePage, head, open},
    parts::{fact, failure, link, page, problem, section},
    proposal::{proposal, whole},
};
use crate::{
    acts::run::{self, Answer, Done, Failure},
    clock::time,
    frame::{html, see},
    readings::Reading,
    request::{Posted, Said, Visit},
    text::one_line,
    words,
};

/// All cases' decisions: first those that this officer can sign.
pub(crate) async fn list(visit: Visit) -> HttpResponse {
    let (t, view) = (visit.t, &visit.view);
    let (mut mine, mut others): (Vec<Proposal>, Vec<Proposal>) = (Vec::new(), Vec::new());
    for (id, c) in &view.cases {
        let Some(replay) = &c.replay else { continue };
        for seq in replay.case().proposals().keys() {
            let Some(p) = proposal(&visit, id, replay, *seq, true) else { continue };
            if p.sign.is_some() { mine.push(p) } else { others.push(p) }
        }
    }
    let block = |list: Vec<Proposal>, empty: &str| match list.is_empty() {
        true => Block::Text(t.get(empty).to_owned()),
        false => Block::Proposals(list),
    };
    let sections = vec![
        section(t, key!("s-mine"), vec![block(mine, key!("sign-none"))]),
        section(t, key!("s-others"), vec![block(others, key!("sign-none-others"))]),
    ];
    page(&visit, key!("room-sign"), say!(t, "sign-lead").to_owned(), sections)
}

struct Waiting {
    id: [u8; 32],
    replay: Arc<Replay>,
    seq: u64,
    confirm: bool,
}

impl Waiting {
    /// The digest of the decision as the case shows it now.
    fn shown(&self) -> Option<Digest> {
        self.replay.case().proposal_digest(self.seq)
    }

    fn event(&self) -> Event {
        match self.confirm {
            true => Event::Confirmed { proposal: self.seq },
            false => Event::ProposalDropped { proposal: self.seq },
        }
    }
}

fn waiting(visit: &Visit, path: &(String, String, String, u64)) -> Result<Waiting, HttpResponse> {
    let (id, replay) = open(visit, &path.1, CasePage::Overview, Reading::Page)?;
    let confirm = match path.2.as_str() {
        "confirm" => true,
        "drop" => false,
        _ => return Err(problem(visit, StatusCode::NOT_FOUND, key!("no-such-act"))),
    };
    Ok(Waiting { id, replay, seq: path.3, confirm })
}

/// What would be signed, and as whom.
pub(crate) async fn ask(visit: Visit, path: Path<(String, String, String, u64)>) -> HttpResponse {
    match waiting(&visit, &path) {
        Ok(w) => question(&visit, &w, None, StatusCode::OK),
        Err(answer) => answer,
    }
}

fn question(visit: &Visit, w: &Waiting, why_not: Option<Notice>, status: StatusCode) -> HttpResponse {
    let (t, view) = (visit.t, &visit.view);
    let back = visit.case_url(&w.id);
    let Some(p) = w.replay.case().proposals().get(&w.seq) else {
        return problem(visit, StatusCode::NOT_FOUND, key!("rule-no-such-proposal"));
    };
    let me = one_line(&view.me.name);
    let may = view.may(&w.replay, &w.event(), visit.now);
    let role = may.as_ref().map_or_else(|_| String::new(), |r| words::role(t, *r));
    let act = words::act_name(t, p.act.step());
    let mut f = visit.frame();
    match (why_not, &may) {
        (Some(notice), _) => f.notices.push(notice),
        (None, Err(refusal)) => f.notices.push(words::refusal(t, refusal)),
        (None, Ok(_)) => {}
    }
    let by = one_line(&view.name_of(p.by.holder));
    let first = format!("{by} ({}), {}", words::role(t, p.by.role), time(p.by.at));
    let mut details = vec![fact(t, key!("f-first"), first)];
    details.extend(whole(visit, w.replay.case(), &p.act));
    let shown = w.shown().map(|d| d.to_string()).unwrap_or_default();
    let url = format!("{back}/{}/{}", if w.confirm { "confirm" } else { "drop" }, w.seq);
    let (signer, lead, submit) = match w.confirm {
        true => (
            say!(t, "confirm-signer", who = me, role = role, act = act),
            say!(t, "confirm-second"),
            say!(t, "sign-second-now", who = me),
        ),
        false => (say!(t, "drop-signer", who = me, act = act), say!(t, "confirm-drop"), say!(t, "drop-now", who = me)),
    };
    let page = Confirm {
        f,
        title: act,
        head: head(visit, &w.id, None),
        signer,
        lead: vec![lead.to_owned()],
        details,
        warnings: Vec::new(),
        form: Form {
            action: url,
            hidden: vec![("shown".into(), shown)],
            submit,
            grave: !w.confirm,
            cancel: Some(link(back, say!(t, "go-back-unsigned"))),
            ..Form::default()
        },
        // Nothing can be changed here: what waits is signed as it stands, or not.
        back: None,
    };
    html(page.to_html(), status)
}

/// The answer to the question: signed second, or dropped.
pub(crate) async fn answer(posted: Posted, path: Path<(String, String, String, u64)>) -> HttpResponse {
    let Posted { visit, fields } = posted;
    let w = match waiting(&visit, &path) {
        Ok(w) => w,
        Err(answer) => return answer,
    };
    let back = visit.case_url(&w.id);
    let proposal = w.seq;
    let answer: Result<Answer, Refusal> = match (w.confirm, w.shown()) {
        (false, _) => Ok(Answer::Drop { proposal }),
        // Signed is what was shown on the page that asked, and nothing else.
        (true, Some(shown)) if fields.get("shown") == shown.to_string() => Ok(Answer::Sign { proposal, shown }),
        (true, Some(_)) => Err(Rule::ProposalChanged.into()),
        (true, None) => Err(Rule::NoSuchProposal.into()),
    };
    let allowed = visit.view.may(&w.replay, &w.event(), visit.now);
    let outcome = match allowed.and_then(|role| Ok((role, answer?))) {
        Ok((role, answer)) => run::settle(&visit.console, w.id, role, answer).await,
        Err(refusal) => Err(Failure::Refused(refusal)),
    };
    match outcome {
        Ok(Done::Written) => see(&format!("{back}?said={}", Said::Done)),
        Ok(Done::Kept) => see(&format!("{}/waiting?said={}", visit.base(), Said::Kept)),
        Err(why) => {
            let (notice, status) = failure(visit.t, why);
            question(&visit, &w, Some(notice), status)
        }
    }
}
