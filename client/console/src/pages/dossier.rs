//! The dossier: what an authority gets of a case, made and encrypted here, and saved by the browser.

use std::collections::BTreeMap;

use actix_web::{HttpResponse, http::StatusCode, web::Path};
use subrosa_casework::{
    case::{Event, Visibility},
    role::RoleName,
};
use subrosa_machine::{
    dossier::{Wishes, encrypt, export},
    preview::Previewer,
};
use subrosa_templates::console::{Block, Fact, Field, FieldKind, Form, FormPage, Notice, Tone, Words};
use subrosa_templates::{key, say};

use super::{
    head::{CasePage, head, open},
    parts::{fact, link, locked, notice, problem, said, section},
};
use crate::{
    acts::run,
    fields::Fields,
    frame::{attachment, html},
    readings::Reading,
    request::{Posted, Visit},
    text::{clean, short},
    trouble::Trouble,
    words,
};

/// What is wrong with what was typed: field, and the sentence.
type Problems = Vec<(&'static str, String)>;

/// The form in which a dossier is asked for.
pub(crate) async fn ask(visit: Visit, path: Path<(String, String)>) -> HttpResponse {
    let (id, _) = match open(&visit, &path.1, CasePage::Overview, Reading::Page) {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let held = visit.console.with_sessions(|d| d.take_held(&format!("/case/{}/dossier", path.1)));
    let given = held.map(|h| Fields(h.fields)).unwrap_or_default();
    page(&visit, &id, &given, &Vec::new(), None, StatusCode::OK)
}

/// A question of the form, with the keys of its words.
struct Question {
    name: &'static str,
    label: &'static str,
    hint: Option<&'static str>,
    kind: FieldKind,
    required: bool,
}

const QUESTIONS: [Question; 5] = [
    Question {
        name: "recipients",
        label: key!("ask-recipients"),
        hint: Some(key!("hint-recipients")),
        kind: FieldKind::Area,
        required: true,
    },
    Question {
        name: "account",
        label: key!("ask-account"),
        hint: Some(key!("hint-account")),
        kind: FieldKind::Area,
        required: true,
    },
    Question {
        name: "redactions",
        label: key!("ask-redactions"),
        hint: Some(key!("hint-redactions")),
        kind: FieldKind::Area,
        required: false,
    },
    Question { name: "with-words", label: key!("ask-with-words"), hint: None, kind: FieldKind::Check, required: false },
    Question {
        name: "with-originals",
        label: key!("ask-with-originals"),
        hint: None,
        kind: FieldKind::Check,
        required: false,
    },
];

fn page(
    visit: &Visit,
    id: &[u8; 32],
    given: &Fields,
    problems: &Problems,
    notice: Option<Notice>,
    status: StatusCode,
) -> HttpResponse {
    let t = visit.t;
    let here = visit.case_url(id);
    let field = |q: &Question| Field {
        name: q.name.to_owned(),
        label: t.get(q.label).to_owned(),
        hint: q.hint.map(|key| t.get(key).to_owned()).unwrap_or_default(),
        kind: q.kind,
        value: given.get(q.name).to_owned(),
        problem: problems.iter().find(|(n, _)| *n == q.name).map(|(_, why)| why.clone()).unwrap_or_default(),
        required: q.required,
        ..Field::default()
    };
    let mut f = visit.frame();
    f.notices.extend(notice);
    let page = FormPage {
        f,
        title: say!(t, "dossier-title").to_owned(),
        head: head(visit, id, None),
        lead: say!(t, "dossier-lead").lines().map(ToOwned::to_owned).collect(),
        problems: problems.iter().map(|(name, why)| format!("{}: {why}", label(t, name))).collect(),
        aside: vec![section(t, key!("s-dossier-holds"), vec![Block::Facts(enclosed(t))])],
        form: Form {
            action: format!("{here}/dossier"),
            fields: QUESTIONS.iter().map(field).collect(),
            submit: say!(t, "dossier-make").to_owned(),
            cancel: Some(link(here, say!(t, "cancel"))),
            ..Form::default()
        },
    };
    html(page.to_html(), status)
}

/// What a question asks.
fn label<'t>(t: &'t Words, name: &'t str) -> &'t str {
    QUESTIONS.iter().find(|q| q.name == name).map_or(name, |q| t.get(q.label))
}

/// What a dossier holds.
fn enclosed(t: &Words) -> Vec<Fact> {
    vec![
        fact(t, key!("dossier-holds-report-name"), say!(t, "dossier-holds-report")),
        fact(t, key!("dossier-holds-evidence-name"), say!(t, "dossier-holds-evidence")),
        fact(t, key!("dossier-holds-journal-name"), say!(t, "dossier-holds-journal")),
        fact(t, key!("dossier-holds-proofs-name"), say!(t, "dossier-holds-proofs")),
    ]
}

/// What was typed, as wishes.
fn wishes(visit: &Visit, fields: &Fields) -> Result<Wishes, Problems> {
    let t = visit.t;
    let mut problems = Vec::new();
    let to: Vec<String> = fields.get("recipients").split_whitespace().map(ToOwned::to_owned).collect();
    if to.is_empty() {
        problems.push(("recipients", say!(t, "wrong-empty").to_owned()));
    } else if let Err(e) = encrypt(&[], &to) {
        problems.push(("recipients", Trouble::of(&e).words(t)));
    }
    let summary = fields.get("account").replace("\r\n", "\n");
    if summary.is_empty() {
        problems.push(("account", say!(t, "wrong-empty").to_owned()));
    }
    let mut redact = BTreeMap::new();
    for line in fields.get("redactions").lines().map(str::trim).filter(|l| !l.is_empty()) {
        let read = line.split_once('=').and_then(|(entry, why)| Some((entry.trim().parse().ok()?, why.trim())));
        match read {
            Some((entry, why)) if !why.is_empty() => drop(redact.insert(entry, why.to_owned())),
            _ => problems.push(("redactions", say!(t, "wrong-redaction", line = clean(line)))),
        }
    }
    let yes = |name: &str| fields.get(name) == "yes";
    match problems.is_empty() {
        true => {
            let language = t.language().code().to_owned();
            let (with_words, with_originals) = (yes("with-words"), yes("with-originals"));
            Ok(Wishes { to, summary, redact, with_words, with_originals, language })
        }
        false => Err(problems),
    }
}

/// Makes it and hands it over to be saved.
pub(crate) async fn make(posted: Posted, path: Path<(String, String)>) -> HttpResponse {
    let Posted { visit, fields } = posted;
    let (id, replay) = match open(&visit, &path.1, CasePage::Overview, Reading::Page) {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let wishes = match wishes(&visit, &fields) {
        Ok(wishes) => wishes,
        Err(problems) => return page(&visit, &id, &fields, &problems, None, StatusCode::UNPROCESSABLE_ENTITY),
    };
    // Whoever may not write in the case any more takes nothing out of it either.
    let writes = Event::Noted { text: "x".into(), visibility: Visibility::Team };
    if let Err(refusal) = visit.view.may(&replay, &writes, visit.now) {
        let notice = words::refusal(visit.t, &refusal);
        return page(&visit, &id, &fields, &Vec::new(), Some(notice), StatusCode::CONFLICT);
    }
    let casework = [RoleName::Investigator, RoleName::Adjudicator, RoleName::Triager];
    let Some(role) = casework.into_iter().find(|r| visit.view.me.roles.contains(r)) else {
        return problem(&visit, StatusCode::CONFLICT, key!("no-such-act"));
    };
    let mut guard = visit.console.office.lock().await;
    let Some(office) = guard.as_mut() else { return locked(&visit) };
    if let Err(e) = visit.console.note(id, Reading::Export, "dossier") {
        return said(&visit, StatusCode::INTERNAL_SERVER_ERROR, Trouble::of(&e).words(visit.t));
    }
    let (Some(at), Some(known)) = (office.place(&id), office.known.clone()) else {
        return problem(&visit, StatusCode::CONFLICT, key!("no-such-case"));
    };
    let made = match Previewer::this_program() {
        Ok(previewer) => {
            let (file, mut session) = office.session(&known);
            export(&mut file.contents, &mut session, at, &known.ctx, role, &previewer, &wishes).await
        }
        Err(e) => Err(e.into()),
    };
    // What was written about the export stands, whatever became of it.
    run::finish(&visit.console, office, at, id).await;
    match made {
        Ok(bytes) => attachment(&format!("dossier-{}.age", short(&id)), bytes),
        Err(e) => {
            let text = say!(visit.t, "dossier-failed", why = Trouble::from(&e).words(visit.t));
            page(&visit, &id, &fields, &Vec::new(), Some(notice(Tone::Bad, text)), StatusCode::BAD_GATEWAY)
        }
    }
}
