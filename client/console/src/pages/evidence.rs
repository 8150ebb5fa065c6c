//! Evidence with its chain of custody, and the files of the thread.

use actix_web::{HttpResponse, web::Path};
use subrosa_casework::case::Case;
use subrosa_engine::officer::files_of;
use subrosa_templates::console::{Block, Cell, Section, Words};
use subrosa_templates::{key, keys, say};

use super::{
    head::{CasePage, document, open},
    parts::{cell, code, fact, section, table, table_or},
};
use crate::{
    clock::time,
    readings::Reading,
    request::Visit,
    snapshot::View,
    text::{one_line, size},
    words::handling,
};

/// An item of evidence: what it is, and who had it when.
fn item(t: &Words, view: &View, case: &Case, seq: u64) -> Option<Section> {
    let item = case.evidence().get(&seq)?;
    let e = &item.evidence;
    let mut facts = vec![
        fact(t, key!("f-origin"), one_line(&e.origin)),
        fact(t, key!("f-media"), format!("{}, {}", one_line(&e.media), size(e.size))),
        code(t, key!("f-sha256"), e.sha256),
    ];
    if let Some(of) = e.derived_from {
        let name = case.evidence().get(&of).map(|o| one_line(&o.evidence.name)).unwrap_or_default();
        facts.push(fact(t, key!("f-derived-from"), format!("{of}: {name}")));
    }
    facts.extend(e.readers.map(|n| {
        let readers = if n < 10 { say!(t, "readers-few", n = n) } else { say!(t, "readers-n", n = n) };
        fact(t, key!("f-readers"), readers)
    }));
    let row = |at: u64, holder, what: String| vec![cell(time(at)), cell(one_line(&view.name_of(holder))), cell(what)];
    let taken = &item.taken_by;
    let mut rows = vec![row(taken.at, taken.holder, say!(t, "custody-taken").to_owned())];
    rows.extend(item.custody.iter().map(|(who, how)| row(who.at, who.holder, handling(t, *how).to_owned())));
    let derived = case.evidence().iter().filter(|(_, d)| d.evidence.derived_from == Some(seq));
    rows.extend(derived.map(|(n, d)| {
        let what = say!(t, "custody-derived", item = n, name = one_line(&d.evidence.name));
        row(d.taken_by.at, d.taken_by.holder, what)
    }));
    let custody = table(t, key!("custody"), &keys!["col-when", "col-who", "col-what"], rows);
    Some(Section {
        id: format!("e{seq}"),
        title: format!("{seq}: {}", one_line(&e.name)),
        blocks: vec![Block::Facts(facts), custody],
    })
}

/// The files that the source sent, and the items that were taken in as evidence.
pub(crate) async fn show(visit: Visit, path: Path<(String, String)>) -> HttpResponse {
    let (id, replay) = match open(&visit, &path.1, CasePage::Evidence, Reading::Page) {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let (t, case) = (visit.t, replay.case());
    let base = visit.case_url(&id);
    let files = files_of(case);
    let rows = files.iter().map(|f| {
        let sha256 = hex::encode(f.fingerprint().sha256);
        let url = Some(format!("{base}/file/{sha256}"));
        vec![
            Cell { text: one_line(f.name()), url, ..Cell::default() },
            cell(size(f.fingerprint().size)),
            Cell { text: sha256, code: true, ..Cell::default() },
        ]
    });
    let head = keys!["col-file", "col-size", "f-sha256"];
    let files = table_or(t, key!("files-none"), key!("files"), &head, rows.collect());
    let mut sections = vec![section(t, key!("files"), vec![files])];
    if case.evidence().is_empty() {
        sections.push(Section {
            id: "items".into(),
            title: say!(t, "evidence-items").to_owned(),
            blocks: vec![Block::Text(say!(t, "evidence-none").to_owned())],
        });
    }
    sections.extend(case.evidence().keys().filter_map(|seq| item(t, &visit.view, case, *seq)));
    let lead = say!(t, "evidence-lead", n = case.independent_origins());
    document(&visit, &id, CasePage::Evidence, lead, sections)
}
