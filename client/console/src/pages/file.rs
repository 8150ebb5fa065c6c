//! A source's file: looked at behind a fence, saved as the sealed original, copied without its marks.

use std::sync::Arc;

use super::super::trouble::Trouble;
use actix_web::{
    HttpResponse,
    http::{StatusCode, header},
    web::{self, Path},
};
use subrosa_casework::{
    bytes::Digest,
    case::{Draft, Event, Evidence, Handling},
    journal::Replay,
};
use subrosa_crypto::file::FileManifest;
use subrosa_templates::console::{Block, Cell, Document, Fact, Form, Link, Notice, Section, Tone};
use subrosa_templates::say;

use super::{
    super::{
        acts::run::{self, Failure},
        readings::Reading,
        routes::{Posted, Visit, html, see},
        words::{self, clean},
    },
    case::{self, CasePage, open, problem, said, section},
    evidence::size,
};
use subrosa_engine::officer::files_of;
use subrosa_machine::{
    preview::{MarkKind, Preview, Previewer},
    upload::download_bytes,
};

/// The largest file that is held in memory to be looked at or saved: bytes.
const FILE_MAX: u64 = 256 << 20;

/// A file that was fetched and opened, until another one is or the desk locks.
#[derive(Clone)]
pub(in super::super) struct Opened {
    sha256: [u8; 32],
    bytes: Arc<Vec<u8>>,
    pages: Arc<Vec<Vec<u8>>>,
    copy: Option<Arc<Vec<u8>>>,
}

struct Found {
    id: [u8; 32],
    replay: Arc<Replay>,
    manifest: FileManifest,
    url: String,
}

async fn find(visit: &Visit, path: &(String, String, String)) -> Result<Found, HttpResponse> {
    let (id, replay) = open(visit, &path.1, CasePage::Evidence, Reading::Page).await?;
    let manifest = files_of(replay.case()).into_iter().find(|m| hex::encode(m.fingerprint().sha256) == path.2);
    let Some(manifest) = manifest else { return Err(problem(visit, StatusCode::NOT_FOUND, "no-such-file")) };
    let url = format!("{}/case/{}/file/{}", visit.base(), hex::encode(id), path.2);
    Ok(Found { id, replay, manifest, url })
}

/// The file's bytes: from memory, else from the server. The reading is written down before they are shown.
async fn fetch(visit: &Visit, found: &Found, how: Reading) -> Result<Opened, HttpResponse> {
    let sha256 = found.manifest.fingerprint().sha256;
    if found.manifest.fingerprint().size > FILE_MAX {
        return Err(problem(visit, StatusCode::UNPROCESSABLE_ENTITY, "file-too-large"));
    }
    let mut guard = visit.console.office.lock().await;
    let Some(office) = guard.as_mut() else { return Err(problem(visit, StatusCode::CONFLICT, "door-title")) };
    if let Err(e) = office.note(found.id, how, found.manifest.name()) {
        return Err(said(visit, StatusCode::INTERNAL_SERVER_ERROR, Trouble::of(&e).words(visit.t)));
    }
    if let Some(opened) = office.opened.as_ref().filter(|o| o.sha256 == sha256) {
        return Ok(opened.clone());
    }
    match download_bytes(&office.api, &office.circuits, &found.manifest).await {
        Ok(bytes) => {
            let opened = Opened { sha256, bytes: Arc::new(bytes), pages: Arc::default(), copy: None };
            office.opened = Some(opened.clone());
            Ok(opened)
        }
        Err(e) => {
            let text = say!(visit.t, "act-failed-file", why = Trouble::from(&e).words(visit.t));
            Err(said(visit, StatusCode::BAD_GATEWAY, text))
        }
    }
}

async fn keep(visit: &Visit, opened: &Opened) {
    if let Some(office) = visit.console.office.lock().await.as_mut() {
        office.opened = Some(opened.clone());
    }
}

/// The evidence item that is this file, if it was taken in.
fn item_of(found: &Found) -> Option<u64> {
    let sha256 = found.manifest.fingerprint().sha256;
    found.replay.case().evidence().iter().find(|(_, i)| i.evidence.sha256.0 == sha256).map(|(seq, _)| *seq)
}

/// The preview.
pub(in super::super) async fn show(visit: Visit, path: Path<(String, String, String)>) -> HttpResponse {
    let found = match find(&visit, &path).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let mut opened = match fetch(&visit, &found, Reading::Preview).await {
        Ok(opened) => opened,
        Err(answer) => return answer,
    };
    let t = visit.t;
    let bytes = opened.bytes.clone();
    let shown = web::block(move || Previewer::this_program().and_then(|p| p.show(&bytes))).await;
    let mut blocks = Vec::new();
    match shown {
        Ok(Ok(Preview::Text(marked))) => {
            if !marked.marks.is_empty() {
                let text = t.with("marks-found", &[("n", &marked.marks.len())]);
                blocks.push(Block::Notice(Notice { tone: Tone::Bad, text, code: None }));
                let rows = marked.marks.iter().take(100).map(|m| {
                    let kind = match m.kind {
                        MarkKind::Invisible => "mark-invisible",
                        MarkKind::LookAlike => "mark-look-alike",
                        MarkKind::OddSpace => "mark-odd-space",
                        MarkKind::Spacing => "mark-spacing",
                    };
                    [m.line.to_string(), m.column.to_string(), t.get(kind).to_owned(), clean(&m.found)]
                        .map(|text| Cell { text, ..Cell::default() })
                        .to_vec()
                });
                let rows = rows.collect();
                let head = ["col-line", "col-column", "col-kind", "col-details"].map(|k| t.get(k).to_owned()).to_vec();
                blocks.push(Block::Table { caption: t.get("s-marks").to_owned(), head, rows });
            }
            blocks.push(Block::Verbatim(clean(&marked.shown)));
        }
        Ok(Ok(Preview::Pictures(pages))) => {
            for n in 1..=pages.len() {
                let alt = t.with("page-n", &[("n", &n), ("of", &pages.len()), ("name", &clean(found.manifest.name()))]);
                blocks.push(Block::Picture { url: format!("{}/page/{n}", found.url), alt });
            }
            opened.pages = Arc::new(pages);
            keep(&visit, &opened).await;
        }
        Ok(Err(e)) => {
            let text = Trouble::of(&e).words(t);
            blocks.push(Block::Notice(Notice { tone: Tone::Soon, text, code: None }));
        }
        Err(_) => blocks.push(Block::Text(t.get("preview-failed").to_owned())),
    }
    let f = &found.manifest;
    let fact = |key: &str, value: String, code: bool| Fact { name: t.get(key).to_owned(), value, code };
    let facts = vec![
        fact("col-file", clean(f.name()), false),
        fact("f-media", format!("{}, {}", clean(f.media_type()), size(f.fingerprint().size)), false),
        fact("f-sha256", hex::encode(f.fingerprint().sha256), true),
    ];
    let mut about = vec![
        Block::Facts(facts),
        Block::Links(vec![Link {
            url: format!("{}/original", found.url),
            text: t.get("save-original").to_owned(),
            ..Link::default()
        }]),
        Block::Text(t.get("original-warning").to_owned()),
    ];
    match item_of(&found) {
        Some(_) => about.push(Block::Form(Form {
            action: format!("{}/copy", found.url),
            submit: t.get("make-copy").to_owned(),
            ..Form::default()
        })),
        None => about.push(Block::Text(t.get("copy-needs-item").to_owned())),
    }
    if opened.copy.is_some() {
        about.push(Block::Links(vec![Link {
            url: format!("{}/copied", found.url),
            text: t.get("save-copy").to_owned(),
            ..Link::default()
        }]));
    }
    let page = Document {
        f: visit.frame(),
        title: clean(f.name()),
        head: case::head(&visit, &found.id, Some(CasePage::Evidence)),
        lead: t.get("preview-lead").to_owned(),
        sections: vec![
            section(t, "s-file", about),
            Section { id: "s-preview".into(), title: t.get("s-preview").to_owned(), blocks },
        ],
    };
    html(page.to_html(), StatusCode::OK)
}

/// One page's fresh picture.
pub(in super::super) async fn picture(visit: Visit, path: Path<(String, String, String, usize)>) -> HttpResponse {
    let guard = visit.console.office.lock().await;
    let opened = guard.as_ref().and_then(|o| o.opened.as_ref()).filter(|o| hex::encode(o.sha256) == path.2);
    let png = opened.and_then(|o| o.pages.get(path.3.checked_sub(1)?));
    match png {
        Some(png) => HttpResponse::Ok().content_type("image/png").body(png.clone()),
        None => HttpResponse::NotFound().finish(),
    }
}

/// Bytes to be saved, never shown: the browser gets no type that it could run.
pub(super) fn attachment(name: &str, bytes: Vec<u8>) -> HttpResponse {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || "._-".contains(c) { c } else { '_' }).collect();
    HttpResponse::Ok()
        .content_type("application/octet-stream")
        .insert_header((header::CONTENT_SECURITY_POLICY, "sandbox; default-src 'none'"))
        .insert_header((header::CONTENT_DISPOSITION, format!("attachment; filename=\"{plain}\"")))
        .body(bytes)
}

/// The original, byte for byte.
pub(in super::super) async fn original(visit: Visit, path: Path<(String, String, String)>) -> HttpResponse {
    let found = match find(&visit, &path).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    match fetch(&visit, &found, Reading::Download).await {
        Ok(opened) => attachment(found.manifest.name(), opened.bytes.to_vec()),
        Err(answer) => answer,
    }
}

/// Makes a copy without the marks that programs leave, and writes both into the chain of custody.
pub(in super::super) async fn copy(posted: Posted, path: Path<(String, String, String)>) -> HttpResponse {
    let visit = posted.visit;
    let found = match find(&visit, &path).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let Some(item) = item_of(&found) else { return problem(&visit, StatusCode::CONFLICT, "copy-needs-item") };
    let mut opened = match fetch(&visit, &found, Reading::Preview).await {
        Ok(opened) => opened,
        Err(answer) => return answer,
    };
    let bytes = opened.bytes.clone();
    let made = match web::block(move || Previewer::this_program().and_then(|p| p.derive(&bytes))).await {
        Ok(Ok(made)) => made,
        Ok(Err(e)) => {
            let text = Trouble::of(&e).words(visit.t);
            return said(&visit, StatusCode::UNPROCESSABLE_ENTITY, text);
        }
        Err(_) => return problem(&visit, StatusCode::INTERNAL_SERVER_ERROR, "preview-failed"),
    };
    let origin = found.replay.case().evidence().get(&item).map(|i| i.evidence.origin.clone()).unwrap_or_default();
    let events = [
        Event::EvidenceHandled { item, how: Handling::Opened },
        Event::EvidenceAdded(Evidence {
            name: visit.t.with("copy-name", &[("name", &clean(found.manifest.name()))]),
            media: made.media.to_owned(),
            size: made.bytes.len() as u64,
            sha256: Digest(made.sha256.0),
            origin,
            derived_from: Some(item),
            readers: None,
        }),
    ];
    for event in events {
        let done = match visit.view.may(&found.replay, &event, visit.now) {
            Ok(role) => run::run(&visit.console, found.id, role, &Draft::Event(Box::new(event)), false).await,
            Err(refusal) => Err(Failure::Refused(refusal)),
        };
        match done {
            Ok(_) => {}
            Err(Failure::Refused(refusal)) => {
                let n = words::refusal(visit.t, &refusal);
                return said(&visit, StatusCode::CONFLICT, format!("{} [{}]", n.text, refusal.code()));
            }
            Err(Failure::Broken(why)) => {
                let text = say!(visit.t, "act-failed-file", why = why.words(visit.t));
                return said(&visit, StatusCode::BAD_GATEWAY, text);
            }
        }
    }
    opened.copy = Some(Arc::new(made.bytes));
    keep(&visit, &opened).await;
    see(&format!("{}?said=copied", found.url))
}

/// The copy.
pub(in super::super) async fn copied(visit: Visit, path: Path<(String, String, String)>) -> HttpResponse {
    let found = match find(&visit, &path).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let mut guard = visit.console.office.lock().await;
    let Some(office) = guard.as_mut() else { return problem(&visit, StatusCode::CONFLICT, "door-title") };
    if let Err(e) = office.note(found.id, Reading::Export, found.manifest.name()) {
        return said(&visit, StatusCode::INTERNAL_SERVER_ERROR, Trouble::of(&e).words(visit.t));
    }
    let sha256 = found.manifest.fingerprint().sha256;
    match office.opened.as_ref().filter(|o| o.sha256 == sha256).and_then(|o| o.copy.as_ref()) {
        Some(copy) => attachment(&format!("copy-{}", found.manifest.name()), copy.to_vec()),
        None => problem(&visit, StatusCode::NOT_FOUND, "no-such-file"),
    }
}
