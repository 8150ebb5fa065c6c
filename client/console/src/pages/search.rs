//! Search over what was decrypted, in the index beside the keystore: the server is not asked.

use actix_web::{HttpResponse, http::StatusCode};
use subrosa_casework::journal::Replay;
use subrosa_machine::index::{Hit, text_of};
use subrosa_templates::console::{Block, Cell, Field, Form, Words};
use subrosa_templates::{key, keys, say};

use super::parts::{case_cell, cell, heads, locked, page, said, section};
use crate::{readings::Reading, request::Visit, text::clean, trouble::Trouble, words};

/// Results on the page.
const SHOWN: usize = 50;

/// The field, and under it what was found. Each case in the results is written down as read.
pub(crate) async fn search(visit: Visit) -> HttpResponse {
    let t = visit.t;
    let asked = visit.query.get("q").to_owned();
    let field = Field {
        name: "q".into(),
        label: say!(t, "search-label").to_owned(),
        hint: say!(t, "search-hint").to_owned(),
        value: asked.clone(),
        ..Field::default()
    };
    let form = Form {
        action: format!("{}/search", visit.base()),
        get: true,
        fields: vec![field],
        submit: say!(t, "search-go").to_owned(),
        ..Form::default()
    };
    let mut sections = vec![section(t, key!("s-search"), vec![Block::Form(form)])];
    if !asked.is_empty() {
        let hits = match visit.console.office.lock().await.as_ref() {
            Some(office) => office.index.search(&asked, SHOWN),
            None => return locked(&visit),
        };
        for hit in &hits {
            if let Err(e) = visit.console.note(hit.case, Reading::Search, "") {
                return said(&visit, StatusCode::INTERNAL_SERVER_ERROR, Trouble::of(&e).words(t));
            }
        }
        let rows = found(&visit, &asked, &hits);
        let block = match rows.is_empty() {
            true => Block::Text(say!(t, "search-none").to_owned()),
            false => Block::Table {
                caption: say!(t, "search-found", n = rows.len()),
                head: heads(t, &keys!["col-case", "col-state", "col-hit"]),
                rows,
            },
        };
        sections.push(section(t, key!("s-found"), vec![block]));
    }
    page(&visit, key!("room-search"), say!(t, "search-lead").to_owned(), sections)
}

/// A row for each case that was found, with the first place where it was.
fn found(visit: &Visit, asked: &str, hits: &[Hit]) -> Vec<Vec<Cell>> {
    let (t, view) = (visit.t, &visit.view);
    let first = asked.split_whitespace().next().unwrap_or_default().to_lowercase();
    let row = |hit: &Hit| {
        let case = view.cases.get(&hit.case)?;
        let place = case.replay.as_ref().and_then(|r| hit.places.iter().find_map(|seq| text_at(t, r, *seq)));
        let shown = place.map(|(name, text)| {
            let at = text.to_lowercase().find(&first).unwrap_or(0);
            format!("{name}: {}", around(&text, at))
        });
        Some(vec![
            case_cell(visit, &hit.case, &words::title(t, view, case)),
            cell(case.case().map(|c| words::state(t, c.state()).text).unwrap_or_default()),
            cell(shown.unwrap_or_default()),
        ])
    };
    hits.iter().filter_map(row).collect()
}

/// The text of an entry, as the index took it in, with the name of its kind.
fn text_at(t: &Words, replay: &Replay, seq: u64) -> Option<(String, String)> {
    let entry = replay.events().iter().find(|e| e.author.seq == seq)?;
    let (_, text) = text_of(entry)?;
    Some((words::event_name(t, &entry.event), text))
}

/// A few words around the first hit.
fn around(text: &str, at: usize) -> String {
    let start = text.char_indices().map(|(i, _)| i).filter(|i| *i + 60 >= at).find(|i| *i <= at).unwrap_or(0);
    let piece: String = text.get(start..).unwrap_or(text).chars().take(160).collect();
    clean(&piece).replace('\n', " ")
}
