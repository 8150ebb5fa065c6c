//! Decisions that wait for a second signature: the list, signing, refusing.

use std::sync::Arc;

use actix_web::{HttpResponse, http::StatusCode, web::Path};
use subrosa_casework::{
    bytes::Digest,
    case::{Act, Case, Event},
    journal::Replay,
    refusal::{Refusal, Rule},
};
use subrosa_templates::console::{Block, Confirm, Document, Fact, Form, Link, Notice, Proposal, Tone};
use subrosa_templates::say;

use super::{
    super::{
        acts::run::{self, Answer, Done, Failure},
        readings::Reading,
        routes::{Posted, Visit, html, see},
        words::{self, clean},
    },
    award,
    case::{self, CasePage, open, problem},
};

/// All cases' decisions: first those that this officer can sign.
pub(in super::super) async fn list(visit: Visit) -> HttpResponse {
    let (t, view) = (visit.t, &visit.view);
    let (mut mine, mut others): (Vec<Proposal>, Vec<Proposal>) = (Vec::new(), Vec::new());
    for (id, c) in &view.cases {
        let Some(replay) = &c.replay else { continue };
        for seq in replay.case().proposals().keys() {
            let Some(p) = case::proposal(&visit, id, replay, *seq, true) else { continue };
            if p.sign.is_some() { mine.push(p) } else { others.push(p) }
        }
    }
    let block = |list: Vec<Proposal>, empty: &str| match list.is_empty() {
        true => Block::Text(t.get(empty).to_owned()),
        false => Block::Proposals(list),
    };
    let sections = vec![
        case::section(t, "s-mine", vec![block(mine, "sign-none")]),
        case::section(t, "s-others", vec![block(others, "sign-none-others")]),
    ];
    let page = Document {
        f: visit.frame(),
        title: t.get("room-sign").to_owned(),
        head: None,
        lead: t.get("sign-lead").to_owned(),
        sections,
    };
    html(page.to_html(), StatusCode::OK)
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

async fn waiting(visit: &Visit, path: &(String, String, String, u64)) -> Result<Waiting, HttpResponse> {
    let (id, replay) = open(visit, &path.1, CasePage::Overview, Reading::Page).await?;
    let confirm = match path.2.as_str() {
        "confirm" => true,
        "drop" => false,
        _ => return Err(problem(visit, StatusCode::NOT_FOUND, "no-such-act")),
    };
    Ok(Waiting { id, replay, seq: path.3, confirm })
}

/// What would be signed, and as whom.
pub(in super::super) async fn ask(visit: Visit, path: Path<(String, String, String, u64)>) -> HttpResponse {
    match waiting(&visit, &path).await {
        Ok(w) => page(&visit, &w, None, StatusCode::OK),
        Err(answer) => answer,
    }
}

fn page(visit: &Visit, w: &Waiting, why_not: Option<Notice>, status: StatusCode) -> HttpResponse {
    let (t, view) = (visit.t, &visit.view);
    let back = format!("{}/case/{}", visit.base(), hex::encode(w.id));
    let Some(p) = w.replay.case().proposals().get(&w.seq) else {
        return problem(visit, StatusCode::NOT_FOUND, "rule-no-such-proposal");
    };
    let me = clean(&view.me.name);
    let may = view.may(&w.replay, &w.event(), visit.now);
    let role = may.as_ref().map_or_else(|_| String::new(), |r| words::role(t, *r));
    let act = words::act(t, &p.act);
    let key = if w.confirm { "confirm-signer" } else { "drop-signer" };
    let mut f = visit.frame();
    match (why_not, &may) {
        (Some(notice), _) => f.notices.push(notice),
        (None, Err(refusal)) => f.notices.push(words::refusal(t, refusal)),
        (None, Ok(_)) => {}
    }
    let by = clean(&view.name_of(p.by.holder));
    let mut details = vec![Fact {
        name: t.get("f-first").to_owned(),
        value: format!("{by} ({}), {}", words::role(t, p.by.role), words::time(p.by.at)),
        code: false,
    }];
    details.extend(whole(visit, w.replay.case(), &p.act));
    let shown = w.shown().map(|d| d.to_string()).unwrap_or_default();
    let url = format!("{back}/{}/{}", if w.confirm { "confirm" } else { "drop" }, w.seq);
    let submit = if w.confirm { "sign-second-now" } else { "drop-now" };
    let page = Confirm {
        f,
        title: act.clone(),
        head: case::head(visit, &w.id, None),
        signer: t.with(key, &[("who", &me), ("role", &role), ("act", &act)]),
        lead: vec![t.get(if w.confirm { "confirm-second" } else { "confirm-drop" }).to_owned()],
        details,
        warnings: Vec::new(),
        form: Form {
            action: url.clone(),
            hidden: vec![("shown".into(), shown)],
            submit: t.with(submit, &[("who", &me)]),
            grave: !w.confirm,
            cancel: Some(Link { url: back.clone(), text: t.get("cancel").to_owned(), ..Link::default() }),
            ..Form::default()
        },
        back: Form {
            action: url,
            hidden: vec![("phase".into(), "back".into())],
            submit: t.get("go-back").to_owned(),
            ..Form::default()
        },
    };
    html(page.to_html(), status)
}

/// Everything that a second signer signs: the decision, the award that it is about, and the formula's parts.
pub(super) fn whole(visit: &Visit, case: &Case, act: &Act) -> Vec<Fact> {
    let (t, view) = (visit.t, &visit.view);
    let mut out = words::facts(t, view, &case.decision_facts(act));
    if let Some(known) = &view.known {
        out.extend(case.breakdown(act, &known.ctx.get()).iter().flat_map(|b| award::breakdown(t, b)));
    }
    out
}

/// Signed second, or refused.
pub(in super::super) async fn answer(posted: Posted, path: Path<(String, String, String, u64)>) -> HttpResponse {
    let Posted { visit, fields } = posted;
    let w = match waiting(&visit, &path).await {
        Ok(w) => w,
        Err(answer) => return answer,
    };
    let back = format!("{}/case/{}", visit.base(), hex::encode(w.id));
    if fields.get("phase") == "back" {
        return see(&back);
    }
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
        Ok(Done::Written) => see(&format!("{back}?said=done")),
        Ok(Done::Kept) => see(&format!("{}/waiting?said=kept", visit.base())),
        Err(Failure::Refused(refusal)) => {
            page(&visit, &w, Some(words::refusal(visit.t, &refusal)), StatusCode::CONFLICT)
        }
        Err(Failure::Broken(why)) => {
            let text = say!(visit.t, "act-failed", why = why.words(visit.t));
            page(&visit, &w, Some(Notice { tone: Tone::Bad, text, code: None }), StatusCode::BAD_GATEWAY)
        }
    }
}
