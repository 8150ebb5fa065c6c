//! A case's journal, entry by entry.

use actix_web::{HttpResponse, web::Path};
use subrosa_templates::console::{Block, Cell, Tone};
use subrosa_templates::{key, keys, say};

use super::{
    head::{CasePage, document, open, passed_over},
    parts::{cell, code, section, table},
};
use crate::{clock::time, readings::Reading, request::Visit, text::clean, words};

/// Every entry, also those that do not count, with the journal's newest digest.
pub(crate) async fn journal(visit: Visit, path: Path<(String, String)>) -> HttpResponse {
    let (id, replay) = match open(&visit, &path.1, CasePage::Journal, Reading::Page) {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let (t, view) = (visit.t, &visit.view);
    let mut rows: Vec<(u64, Vec<Cell>)> = replay
        .events()
        .iter()
        .map(|e| {
            let cells = [
                e.author.seq.to_string(),
                time(e.author.at),
                clean(&view.name_of(e.author.holder)),
                words::role(t, e.author.role),
                words::event_name(t, &e.event),
                words::event_details(t, view, &e.event),
            ];
            (e.author.seq, cells.map(cell).to_vec())
        })
        .collect();
    for p in replay.passed_over() {
        let none = String::new;
        let why = passed_over(t, view, p.seq, &p.fault);
        let cells = [p.seq.to_string(), none(), none(), none(), say!(t, "does-not-count").to_owned(), why];
        rows.push((p.seq, cells.map(|text| Cell { text, tone: Tone::Bad, ..Cell::default() }).to_vec()));
    }
    rows.sort_by_key(|(seq, _)| *seq);
    let head = keys!["col-entry", "col-when", "col-who", "col-role", "col-what", "col-details"];
    let entries = table(t, key!("tab-journal"), &head, rows.into_iter().map(|(_, cells)| cells).collect());
    let newest = code(t, key!("f-head"), hex::encode(replay.head().0));
    let sections = vec![section(t, key!("s-journal"), vec![entries, Block::Facts(vec![newest])])];
    document(&visit, &id, CasePage::Journal, say!(t, "journal-lead").to_owned(), sections)
}
