//! One act for several cases: each is decided by itself, and what was refused is said, case by case. A declaration is
//! about names: they are shown first, those of each case.

use actix_web::HttpResponse;
use subrosa_casework::{
    case::{Draft, Event},
    refusal::Rule,
};
use subrosa_templates::console::{Block, Cell, Field, Form, Section, Tone};
use subrosa_templates::{key, keys, say};

use super::parts::{case_cell, link, page, section, table_or};
use crate::{
    acts::run::{self, Failure},
    fields::Fields,
    request::{Posted, Visit},
    snapshot::CaseView,
    text::{one_line, short},
    trouble::Trouble,
    words,
};

/// Does what was chosen in the list for each case that was ticked.
pub(crate) async fn bulk(posted: Posted) -> HttpResponse {
    let Posted { visit, fields } = posted;
    let t = visit.t;
    let mut chosen = Vec::new();
    for id in fields.all("case") {
        let mut name = [0; 32];
        if hex::decode_to_slice(id, &mut name).is_ok() && visit.view.cases.contains_key(&name) {
            chosen.push(name);
        }
    }
    if fields.get("bulk") == "declare" && fields.get("phase") != "sign" && !chosen.is_empty() {
        return names(&visit, &chosen);
    }
    if fields.get("bulk") == "tag" && fields.get("bulk-tag").trim().is_empty() && !chosen.is_empty() {
        return which_tag(&visit, &chosen);
    }
    let mut rows = Vec::new();
    for name in chosen {
        let Some(c) = visit.view.cases.get(&name) else { continue };
        let outcome = one(&visit, name, c, &fields).await;
        let (tone, text) = match outcome {
            Ok(()) => (Tone::Good, say!(t, "said-done").to_owned()),
            Err(Failure::Refused(r)) => (Tone::Bad, words::refusal(t, &r).text),
            Err(Failure::Broken(why)) => (Tone::Bad, why.words(t)),
        };
        let title = words::title(t, &visit.view, c);
        rows.push(vec![case_cell(&visit, &name, &title), Cell { text, tone, ..Cell::default() }]);
    }
    let head = keys!["col-case", "col-outcome"];
    let block = table_or(t, key!("bulk-none"), key!("bulk-legend"), &head, rows);
    page(&visit, key!("bulk-title"), String::new(), vec![section(t, key!("s-bulk"), vec![block])])
}

/// What the page says that it has shown of a case: both, in hexadecimal.
fn shown(id: &[u8; 32], case: &CaseView) -> String {
    let basis = case.case().and_then(|case| Draft::Declare.basis(case));
    format!("{}:{}", hex::encode(id), basis.map(|b| b.to_string()).unwrap_or_default())
}

/// The names of each chosen case, and one button under all of them.
fn names(visit: &Visit, chosen: &[[u8; 32]]) -> HttpResponse {
    let (t, view) = (visit.t, &visit.view);
    let mut hidden = vec![("bulk".to_owned(), "declare".to_owned()), ("phase".to_owned(), "sign".to_owned())];
    let mut sections = Vec::new();
    for id in chosen {
        let Some(c) = view.cases.get(id) else { continue };
        hidden.extend([("case".to_owned(), hex::encode(id)), ("shown".to_owned(), shown(id, c))]);
        let block = match c.case() {
            Some(case) => Block::Facts(words::facts(t, view, &case.named_facts())),
            None => Block::Text(say!(t, "case-not-read").to_owned()),
        };
        let title = format!("{} {}", short(id), words::title(t, view, c));
        sections.push(Section { id: format!("c{}", short(id)), title, blocks: vec![block] });
    }
    let form = Form {
        action: format!("{}/bulk", visit.base()),
        hidden,
        submit: say!(t, "sign-as", who = one_line(&view.me.name)),
        cancel: Some(link(format!("{}/", visit.base()), say!(t, "cancel"))),
        ..Form::default()
    };
    sections.push(section(t, key!("bulk-declare"), vec![Block::Form(form)]));
    page(visit, key!("bulk-title"), say!(t, "lead-declare").to_owned(), sections)
}

/// The tag was left empty: it is asked for, and the ticked cases stay.
fn which_tag(visit: &Visit, chosen: &[[u8; 32]]) -> HttpResponse {
    let t = visit.t;
    let mut hidden = vec![("bulk".to_owned(), "tag".to_owned())];
    hidden.extend(chosen.iter().map(|id| ("case".to_owned(), hex::encode(id))));
    let form = Form {
        action: format!("{}/bulk", visit.base()),
        hidden,
        fields: vec![Field {
            name: "bulk-tag".into(),
            label: say!(t, "ask-tag").to_owned(),
            problem: say!(t, "wrong-empty").to_owned(),
            required: true,
            ..Field::default()
        }],
        submit: say!(t, "bulk-go").to_owned(),
        cancel: Some(link(format!("{}/", visit.base()), say!(t, "cancel"))),
        ..Form::default()
    };
    let cases = chosen.iter().filter_map(|id| {
        let title = words::title(t, &visit.view, visit.view.cases.get(id)?);
        Some(vec![case_cell(visit, id, &title)])
    });
    let table = table_or(t, key!("bulk-none"), key!("bulk-legend"), &keys!["col-case"], cases.collect());
    page(visit, key!("bulk-title"), String::new(), vec![section(t, key!("bulk-tag"), vec![table, Block::Form(form)])])
}

async fn one(visit: &Visit, id: [u8; 32], case: &CaseView, fields: &Fields) -> Result<(), Failure> {
    let tag = fields.get("bulk-tag");
    let broken = |key: &str| Failure::Broken(Trouble::own(key));
    let replay = case.replay.as_ref().ok_or_else(|| broken(key!("case-not-read")))?;
    let event = match fields.get("bulk") {
        "take" => Event::Assigned { holder: visit.view.me.holder },
        "tag" if tag.trim().is_empty() => return Err(broken(key!("wrong-empty"))),
        "tag" => Event::Tagged { tag: tag.to_owned(), on: true },
        "declare" if !fields.all("shown").any(|s| *s == shown(&id, case)) => {
            return Err(Failure::Refused(Rule::ProposalChanged.into()));
        }
        "declare" => {
            let entities = u32::try_from(replay.case().entities().len()).unwrap_or(u32::MAX);
            Event::ConflictDenied { entities }
        }
        "open-triage" => Event::TriageOpened,
        _ => return Err(broken(key!("wrong-choice"))),
    };
    let role = visit.view.may(replay, &event, visit.now).map_err(Failure::Refused)?;
    // A declaration is made on the names at the moment of writing, and only if they are those that were shown.
    let draft = match event {
        Event::ConflictDenied { .. } => Draft::Declare,
        event => Draft::Event(Box::new(event)),
    };
    run::run(&visit.console, id, role, &draft, draft.basis(replay.case()), false).await.map(drop)
}
