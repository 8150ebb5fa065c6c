//! A source's file: looked at from inside a sandbox, saved as the sealed original, copied without its marks.

use std::sync::Arc;

use actix_web::{
    HttpResponse,
    http::StatusCode,
    web::{self, Path},
};
use subrosa_casework::{
    bytes::Digest,
    case::{Draft, Event, Evidence, Handling},
    journal::Replay,
};
use subrosa_crypto::file::FileManifest;
use subrosa_engine::officer::files_of;
use subrosa_machine::{
    preview::{Derivative, FileKind, MarkKind, Marked, Preview, Previewer, Removed},
    upload::download_bytes,
};
use subrosa_templates::console::{Block, Document, Form, Tone, Words};
use subrosa_templates::{key, keys, say};

use super::{
    head::{CasePage, head, open},
    parts::{cell, code, fact, link, locked, notice, problem, said, section, table},
};
use crate::{
    acts::run::{self, Failure},
    frame::{attachment, html, see},
    office::Opened,
    readings::Reading,
    request::{Posted, Said, Visit},
    text::{clean, one_line, size},
    trouble::Trouble,
    words,
};

/// The largest file that is held in memory to be looked at or saved: bytes.
const FILE_MAX: u64 = 256 << 20;

struct Found {
    id: [u8; 32],
    replay: Arc<Replay>,
    manifest: FileManifest,
    url: String,
}

fn find(visit: &Visit, path: &(String, String, String)) -> Result<Found, HttpResponse> {
    let (id, replay) = open(visit, &path.1, CasePage::Evidence, Reading::Page)?;
    let manifest = files_of(replay.case()).into_iter().find(|m| hex::encode(m.fingerprint().sha256) == path.2);
    let Some(manifest) = manifest else {
        return Err(problem(visit, StatusCode::NOT_FOUND, key!("no-such-file")));
    };
    let url = format!("{}/file/{}", visit.case_url(&id), path.2);
    Ok(Found { id, replay, manifest, url })
}

/// Writes down that a file is read.
fn note(visit: &Visit, found: &Found, how: Reading) -> Result<(), HttpResponse> {
    let noted = visit.console.note(found.id, how, found.manifest.name());
    noted.map_err(|e| said(visit, StatusCode::INTERNAL_SERVER_ERROR, Trouble::of(&e).words(visit.t)))
}

/// The file's bytes: from memory, else from the server. The reading is written down before they are shown.
async fn fetch(visit: &Visit, found: &Found, how: Reading) -> Result<Opened, HttpResponse> {
    let sha256 = found.manifest.fingerprint().sha256;
    if found.manifest.fingerprint().size > FILE_MAX {
        return Err(problem(visit, StatusCode::UNPROCESSABLE_ENTITY, key!("file-too-large")));
    }
    let mut guard = visit.console.office.lock().await;
    let Some(office) = guard.as_mut() else { return Err(locked(visit)) };
    note(visit, found, how)?;
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
            let text = say!(visit.t, "act-failed-file", why = Trouble::of(&e).words(visit.t));
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

/// What the file looks like through the sandbox, and what can be done with it.
pub(crate) async fn show(visit: Visit, path: Path<(String, String, String)>) -> HttpResponse {
    let found = match find(&visit, &path) {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let mut opened = match fetch(&visit, &found, Reading::Preview).await {
        Ok(opened) => opened,
        Err(answer) => return answer,
    };
    let t = visit.t;
    let blocks = preview(&visit, &found, &mut opened).await;
    let page = Document {
        f: visit.frame(),
        title: one_line(found.manifest.name()),
        head: head(&visit, &found.id, Some(CasePage::Evidence)),
        lead: say!(t, "preview-lead").to_owned(),
        sections: vec![
            section(t, key!("s-file"), about(&visit, &found, &opened)),
            section(t, key!("s-preview"), blocks),
        ],
    };
    html(page.to_html(), StatusCode::OK)
}

/// The file in pixels or in plain text, or why it is not shown.
async fn preview(visit: &Visit, found: &Found, opened: &mut Opened) -> Vec<Block> {
    let t = visit.t;
    let bytes = opened.bytes.clone();
    let shown = web::block(move || Previewer::this_program().and_then(|p| p.show(&bytes))).await;
    match shown {
        Ok(Ok(Preview::Text(marked))) => {
            let mut blocks = marks(t, &marked);
            blocks.push(Block::Verbatim(clean(&marked.shown)));
            blocks
        }
        Ok(Ok(Preview::Pictures(pages, lacks))) => {
            let name = one_line(found.manifest.name());
            let picture = |n: usize| Block::Picture {
                url: format!("{}/page/{n}", found.url),
                alt: say!(t, "page-n", n = n, of = pages.len(), name = name),
            };
            let blocks =
                lacks.iter().filter_map(|lack| not_whole(t, lack)).chain((1..=pages.len()).map(picture)).collect();
            opened.pages = Arc::new(pages);
            keep(visit, opened).await;
            blocks
        }
        Ok(Err(e)) => vec![Block::Notice(notice(Tone::Soon, Trouble::of(&e).words(t)))],
        Err(_) => vec![Block::Text(say!(t, "preview-failed").to_owned())],
    }
}

/// That what is shown is not the whole file.
fn not_whole(t: &Words, lack: &Removed) -> Option<Block> {
    let text = match lack {
        Removed::Pages { kept, of } => say!(t, "preview-lacks-pages", kept = kept, of = of),
        Removed::Frames => say!(t, "preview-lacks-frames").to_owned(),
        _ => return None,
    };
    Some(Block::Notice(notice(Tone::Bad, text)))
}

/// What the chain of custody calls a copy: one that is not whole is never called a copy of the whole.
fn copy_name(t: &Words, name: &str, removed: &[Removed]) -> String {
    let part = removed.iter().find_map(|r| match r {
        Removed::Pages { kept, of } => Some(say!(t, "copy-name-pages", name = name, kept = kept, of = of)),
        Removed::Frames => Some(say!(t, "copy-name-frames", name = name)),
        _ => None,
    });
    part.unwrap_or_else(|| say!(t, "copy-name", name = name))
}

/// What in a text could tell from whom a copy came: the first hundred places.
fn marks(t: &Words, marked: &Marked) -> Vec<Block> {
    if marked.marks.is_empty() {
        return Vec::new();
    }
    let rows = marked.marks.iter().take(100).map(|m| {
        let kind = match m.kind {
            MarkKind::Invisible => say!(t, "mark-invisible"),
            MarkKind::LookAlike => say!(t, "mark-look-alike"),
            MarkKind::OddSpace => say!(t, "mark-odd-space"),
            MarkKind::Spacing => say!(t, "mark-spacing"),
        };
        [m.line.to_string(), m.column.to_string(), kind.to_owned(), clean(&m.found)].map(cell).to_vec()
    });
    let head = keys!["col-line", "col-column", "col-kind", "col-details"];
    vec![
        Block::Notice(notice(Tone::Bad, say!(t, "marks-found", n = marked.marks.len()))),
        table(t, key!("s-marks"), &head, rows.collect()),
    ]
}

/// What the file is, and the ways to the original and to a copy without marks.
fn about(visit: &Visit, found: &Found, opened: &Opened) -> Vec<Block> {
    let (t, f) = (visit.t, &found.manifest);
    let facts = vec![
        fact(t, key!("col-file"), one_line(f.name())),
        fact(t, key!("f-media"), format!("{}, {}", one_line(f.media_type()), size(f.fingerprint().size))),
        code(t, key!("f-sha256"), hex::encode(f.fingerprint().sha256)),
    ];
    let mut about = vec![
        Block::Facts(facts),
        Block::Links(vec![link(format!("{}/original", found.url), say!(t, "save-original"))]),
        Block::Text(say!(t, "original-warning").to_owned()),
    ];
    about.push(match item_of(found) {
        Some(_) => Block::Form(Form {
            action: format!("{}/copy", found.url),
            submit: say!(t, "make-copy").to_owned(),
            ..Form::default()
        }),
        None => Block::Text(say!(t, "copy-needs-item").to_owned()),
    });
    if opened.copy.is_some() {
        about.push(Block::Links(vec![link(format!("{}/copied", found.url), say!(t, "save-copy"))]));
    }
    about
}

/// One page's fresh picture.
pub(crate) async fn picture(visit: Visit, path: Path<(String, String, String, usize)>) -> HttpResponse {
    let guard = visit.console.office.lock().await;
    let opened = guard.as_ref().and_then(|o| o.opened.as_ref()).filter(|o| hex::encode(o.sha256) == path.2);
    let png = opened.and_then(|o| o.pages.get(path.3.checked_sub(1)?));
    match png {
        Some(png) => HttpResponse::Ok().content_type("image/png").body(png.clone()),
        None => HttpResponse::NotFound().finish(),
    }
}

/// The original, byte for byte.
pub(crate) async fn original(visit: Visit, path: Path<(String, String, String)>) -> HttpResponse {
    let found = match find(&visit, &path) {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    match fetch(&visit, &found, Reading::Download).await {
        Ok(opened) => attachment(found.manifest.name(), opened.bytes.to_vec()),
        Err(answer) => answer,
    }
}

/// Makes a copy without the marks that programs leave, and writes both into the chain of custody.
pub(crate) async fn copy(posted: Posted, path: Path<(String, String, String)>) -> HttpResponse {
    let visit = posted.visit;
    let found = match find(&visit, &path) {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let Some(item) = item_of(&found) else {
        return problem(&visit, StatusCode::CONFLICT, key!("copy-needs-item"));
    };
    let mut opened = match fetch(&visit, &found, Reading::Preview).await {
        Ok(opened) => opened,
        Err(answer) => return answer,
    };
    let bytes = opened.bytes.clone();
    let made = match web::block(move || Previewer::this_program().and_then(|p| p.derive(&bytes))).await {
        Ok(Ok(made)) => made,
        Ok(Err(e)) => return said(&visit, StatusCode::UNPROCESSABLE_ENTITY, Trouble::of(&e).words(visit.t)),
        Err(_) => return problem(&visit, StatusCode::INTERNAL_SERVER_ERROR, key!("preview-failed")),
    };
    if let Err(answer) = write_down(&visit, &found, item, &made).await {
        return answer;
    }
    opened.copy = Some(Arc::new(made.bytes));
    keep(&visit, &opened).await;
    see(&format!("{}?said={}", found.url, Said::Copied))
}

/// Writes into the journal that the original was opened, and what the copy is.
async fn write_down(visit: &Visit, found: &Found, item: u64, made: &Derivative) -> Result<(), HttpResponse> {
    let t = visit.t;
    let origin = found.replay.case().evidence().get(&item).map(|i| i.evidence.origin.clone()).unwrap_or_default();
    let events = [
        Event::EvidenceHandled { item, how: Handling::Opened },
        Event::EvidenceAdded(Evidence {
            name: copy_name(t, &one_line(found.manifest.name()), &made.removed),
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
            Ok(role) => run::run(&visit.console, found.id, role, &Draft::Event(Box::new(event)), None, false).await,
            Err(refusal) => Err(Failure::Refused(refusal)),
        };
        match done {
            Ok(_) => {}
            Err(Failure::Refused(refusal)) => {
                return Err(said(visit, StatusCode::CONFLICT, words::refusal(t, &refusal).text));
            }
            Err(Failure::Broken(why)) => {
                let text = say!(t, "act-failed-file", why = why.words(t));
                return Err(said(visit, StatusCode::BAD_GATEWAY, text));
            }
        }
    }
    Ok(())
}

/// Hands over the copy that was made last, to be saved.
pub(crate) async fn copied(visit: Visit, path: Path<(String, String, String)>) -> HttpResponse {
    let found = match find(&visit, &path) {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let guard = visit.console.office.lock().await;
    let Some(office) = guard.as_ref() else { return locked(&visit) };
    if let Err(answer) = note(&visit, &found, Reading::Export) {
        return answer;
    }
    let sha256 = found.manifest.fingerprint().sha256;
    match office.opened.as_ref().filter(|o| o.sha256 == sha256).and_then(|o| o.copy.as_ref()) {
        Some(copy) => attachment(&saved_as(found.manifest.name(), copy), copy.to_vec()),
        None => problem(&visit, StatusCode::NOT_FOUND, key!("no-such-file")),
    }
}

/// A copy's file name. A picture is a PNG now, whatever it was.
fn saved_as(name: &str, copy: &[u8]) -> String {
    let is_png = FileKind::of(copy) == FileKind::Png;
    let says_so = name.to_ascii_lowercase().ends_with(".png");
    format!("copy-{name}{}", if is_png && !says_so { ".png" } else { "" })
}
