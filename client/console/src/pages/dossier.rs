//! The dossier: what an authority gets of a case, made and encrypted here, and saved by the browser.

use std::collections::BTreeMap;

use super::super::trouble::Trouble;
use actix_web::{HttpResponse, http::StatusCode, web::Path};
use subrosa_casework::{
    case::{Event, Visibility},
    role::RoleName,
};
use subrosa_templates::console::{Block, Fact, Field, FieldKind, Form, FormPage, Link, Notice, Tone};
use subrosa_templates::say;

use super::{
    super::{
        acts::run,
        readings::Reading,
        routes::{Fields, Posted, Visit, html},
        words::{self, clean, short},
    },
    case::{self, CasePage, open, problem, said, section},
    file::attachment,
};
use subrosa_machine::{
    dossier::{Wishes, encrypt, export},
    preview::Previewer,
};

/// What is wrong with what was typed: field, and the sentence.
type Problems = Vec<(&'static str, String)>;

/// The form.
pub(in super::super) async fn ask(visit: Visit, path: Path<(String, String)>) -> HttpResponse {
    let (id, _) = match open(&visit, &path.1, CasePage::Overview, Reading::Page).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let held = visit.console.with_sessions(|d| d.take_held(&format!("/case/{}/dossier", path.1)));
    let given = held.map(|h| Fields(h.fields)).unwrap_or_default();
    page(&visit, &id, &given, &Vec::new(), None, StatusCode::OK)
}

fn page(
    visit: &Visit,
    id: &[u8; 32],
    given: &Fields,
    problems: &Problems,
    notice: Option<Notice>,
    status: StatusCode,
) -> HttpResponse {
    let t = visit.t;
    let here = format!("{}/case/{}", visit.base(), hex::encode(id));
    let field = |name: &str, kind: FieldKind, required: bool| {
        let hint = format!("hint-{name}");
        Field {
            name: name.to_owned(),
            label: t.get(&format!("ask-{name}")).to_owned(),
            hint: if t.has(&hint) { t.get(&hint).to_owned() } else { String::new() },
            kind,
            value: given.get(name).to_owned(),
            problem: problems.iter().find(|(n, _)| *n == name).map(|(_, why)| why.clone()).unwrap_or_default(),
            required,
            ..Field::default()
        }
    };
    let fields = vec![
        field("recipients", FieldKind::Area, true),
        field("account", FieldKind::Area, true),
        field("redactions", FieldKind::Area, false),
        field("with-words", FieldKind::Check, false),
        field("with-originals", FieldKind::Check, false),
    ];
    let lines = problems.iter().map(|(name, why)| format!("{}: {why}", t.get(&format!("ask-{name}")))).collect();
    let mut f = visit.frame();
    f.notices.extend(notice);
    let enclosed = ["dossier-holds-report", "dossier-holds-evidence", "dossier-holds-journal", "dossier-holds-proofs"];
    let holds = enclosed.map(|key| Fact {
        name: t.get(&format!("{key}-name")).to_owned(),
        value: t.get(key).to_owned(),
        code: false,
    });
    let page = FormPage {
        f,
        title: t.get("dossier-title").to_owned(),
        head: case::head(visit, id, None),
        lead: t.get("dossier-lead").lines().map(ToOwned::to_owned).collect(),
        problems: lines,
        aside: vec![section(t, "s-dossier-holds", vec![Block::Facts(holds.to_vec())])],
        form: Form {
            action: format!("{here}/dossier"),
            fields,
            submit: t.get("dossier-make").to_owned(),
            cancel: Some(Link { url: here, text: t.get("cancel").to_owned(), ..Link::default() }),
            ..Form::default()
        },
    };
    html(page.to_html(), status)
}

/// What was typed, as wishes.
fn wishes(visit: &Visit, fields: &Fields) -> Result<Wishes, Problems> {
    let t = visit.t;
    let mut problems = Vec::new();
    let to: Vec<String> = fields.get("recipients").split_whitespace().map(ToOwned::to_owned).collect();
    if to.is_empty() {
        problems.push(("recipients", t.get("wrong-empty").to_owned()));
    } else if let Err(e) = encrypt(&[], &to) {
        problems.push(("recipients", Trouble::of(&e).words(t)));
    }
    let summary = fields.get("account").replace("\r\n", "\n");
    if summary.is_empty() {
        problems.push(("account", t.get("wrong-empty").to_owned()));
    }
    let mut redact = BTreeMap::new();
    for line in fields.get("redactions").lines().map(str::trim).filter(|l| !l.is_empty()) {
        let read = line.split_once('=').and_then(|(entry, why)| Some((entry.trim().parse().ok()?, why.trim())));
        match read {
            Some((entry, why)) if !why.is_empty() => drop(redact.insert(entry, why.to_owned())),
            _ => problems.push(("redactions", t.with("wrong-redaction", &[("line", &clean(line))]))),
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
pub(in super::super) async fn make(posted: Posted, path: Path<(String, String)>) -> HttpResponse {
    let Posted { visit, fields } = posted;
    let (id, replay) = match open(&visit, &path.1, CasePage::Overview, Reading::Page).await {
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
        return problem(&visit, StatusCode::CONFLICT, "no-such-act");
    };
    let mut guard = visit.console.office.lock().await;
    let Some(office) = guard.as_mut() else { return problem(&visit, StatusCode::CONFLICT, "door-title") };
    if let Err(e) = office.note(id, Reading::Export, "dossier") {
        return said(&visit, StatusCode::INTERNAL_SERVER_ERROR, Trouble::of(&e).words(visit.t));
    }
    let (Some(at), Some(known)) = (office.place(&id), office.known.clone()) else {
        return problem(&visit, StatusCode::CONFLICT, "no-such-case");
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
            let notice = Notice { tone: Tone::Bad, text, code: None };
            page(&visit, &id, &fields, &Vec::new(), Some(notice), StatusCode::BAD_GATEWAY)
        }
    }
}
