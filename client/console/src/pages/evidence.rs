//! Evidence with its chain of custody, and the files of the thread.

use actix_web::{HttpResponse, web::Path};
use subrosa_casework::case::Case;
use subrosa_templates::console::{Block, Cell, Fact, Section, Words};

use super::{
    super::{
        readings::Reading,
        routes::Visit,
        snapshot::View,
        words::{clean, handling, time},
    },
    case::{CasePage, document, open},
};
use subrosa_engine::officer::files_of;

/// Bytes as people read them.
pub(in super::super) fn size(bytes: u64) -> String {
    match bytes {
        0..=9_999 => format!("{bytes} B"),
        10_000..=9_999_999 => format!("{} kB", bytes / 1000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

fn item(t: &Words, view: &View, case: &Case, seq: u64) -> Option<Section> {
    let item = case.evidence().get(&seq)?;
    let e = &item.evidence;
    let fact = |key: &str, value: String, code: bool| Fact { name: t.get(key).to_owned(), value, code };
    let mut facts = vec![
        fact("f-origin", clean(&e.origin), false),
        fact("f-media", format!("{}, {}", clean(&e.media), size(e.size)), false),
        fact("f-sha256", e.sha256.to_string(), true),
    ];
    if let Some(of) = e.derived_from {
        let name = case.evidence().get(&of).map(|o| clean(&o.evidence.name)).unwrap_or_default();
        facts.push(fact("f-derived-from", format!("{of}: {name}"), false));
    }
    if let Some(n) = e.readers {
        let key = if n < 10 { "readers-few" } else { "readers-n" };
        facts.push(fact("f-readers", t.with(key, &[("n", &n)]), false));
    }
    let mut rows = vec![vec![
        Cell { text: time(item.taken_by.at), ..Cell::default() },
        Cell { text: clean(&view.name_of(item.taken_by.holder)), ..Cell::default() },
        Cell { text: t.get("custody-taken").to_owned(), ..Cell::default() },
    ]];
    for (who, how) in &item.custody {
        rows.push(vec![
            Cell { text: time(who.at), ..Cell::default() },
            Cell { text: clean(&view.name_of(who.holder)), ..Cell::default() },
            Cell { text: handling(t, *how).to_owned(), ..Cell::default() },
        ]);
    }
    let derived = case.evidence().iter().filter(|(_, d)| d.evidence.derived_from == Some(seq));
    for (n, d) in derived {
        rows.push(vec![
            Cell { text: time(d.taken_by.at), ..Cell::default() },
            Cell { text: clean(&view.name_of(d.taken_by.holder)), ..Cell::default() },
            Cell {
                text: t.with("custody-derived", &[("item", n), ("name", &clean(&d.evidence.name))]),
                ..Cell::default()
            },
        ]);
    }
    let head = ["col-when", "col-who", "col-what"].map(|k| t.get(k).to_owned()).to_vec();
    Some(Section {
        id: format!("e{seq}"),
        title: format!("{seq}: {}", clean(&e.name)),
        blocks: vec![Block::Facts(facts), Block::Table { caption: t.get("custody").to_owned(), head, rows }],
    })
}

/// The room.
pub(in super::super) async fn show(visit: Visit, path: Path<(String, String)>) -> HttpResponse {
    let (id, replay) = match open(&visit, &path.1, CasePage::Evidence, Reading::Page).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let (t, case) = (visit.t, replay.case());
    let mut sections = Vec::new();
    let files = files_of(case);
    let rows: Vec<Vec<Cell>> = files
        .iter()
        .map(|f| {
            vec![
                Cell {
                    text: clean(f.name()),
                    url: Some(format!(
                        "{}/case/{}/file/{}",
                        visit.base(),
                        hex::encode(id),
                        hex::encode(f.fingerprint().sha256)
                    )),
                    ..Cell::default()
                },
                Cell { text: size(f.fingerprint().size), ..Cell::default() },
                Cell { text: hex::encode(f.fingerprint().sha256), code: true, ..Cell::default() },
            ]
        })
        .collect();
    let head = ["col-file", "col-size", "f-sha256"].map(|k| t.get(k).to_owned()).to_vec();
    let block = match rows.is_empty() {
        true => Block::Text(t.get("files-none").to_owned()),
        false => Block::Table { caption: t.get("files").to_owned(), head, rows },
    };
    sections.push(Section { id: "files".into(), title: t.get("files").to_owned(), blocks: vec![block] });
    if case.evidence().is_empty() {
        let text = t.get("evidence-none").to_owned();
        sections.push(Section {
            id: "items".into(),
            title: t.get("evidence-items").to_owned(),
            blocks: vec![Block::Text(text)],
        });
    }
    sections.extend(case.evidence().keys().filter_map(|seq| item(t, &visit.view, case, *seq)));
    let lead = t.with("evidence-lead", &[("n", &case.independent_origins())]);
    document(&visit, &id, CasePage::Evidence, "tab-evidence", lead, sections)
}
