//! Who works on a case, who is named in it, and what protects its source.

use actix_web::{HttpResponse, web::Path};
use subrosa_casework::case::Case;
use subrosa_templates::console::{Block, Cell, Tone, Words};
use subrosa_templates::{key, keys, say};

use super::{
    head::{CasePage, document, open},
    parts::{cell, fact, link, section, table, table_or},
};
use crate::{
    acts,
    readings::Reading,
    request::Visit,
    text::{clean, one_line},
    words,
};

/// Who works on it, who does not, who is named.
pub(crate) async fn people(visit: Visit, path: Path<(String, String)>) -> HttpResponse {
    let (id, replay) = match open(&visit, &path.1, CasePage::People, Reading::Page) {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let (t, case) = (visit.t, replay.case());
    let head = keys!["col-name", "col-roles", "col-conflict", "col-part"];
    let mut team = vec![table(t, key!("s-team"), &head, members(&visit, case))];
    if acts::colleagues(&visit.view, case).next().is_some() {
        let bring = link(format!("{}/act/bring", visit.case_url(&id)), say!(t, "act-bring"));
        team.push(Block::Links(vec![bring]));
    }
    let named = case.entities().iter().map(|e| vec![cell(one_line(&e.name)), cell(words::entity_kind(t, e.kind))]);
    let head = keys!["col-name", "col-kind"];
    let entities = table_or(t, key!("entities-none"), key!("s-entities"), &head, named.collect());
    let sections = vec![
        section(t, key!("s-team"), team),
        section(t, key!("s-entities"), vec![entities]),
        section(t, key!("s-protection"), protection(t, case)),
    ];
    document(&visit, &id, CasePage::People, say!(t, "people-lead").to_owned(), sections)
}

/// A row for each member of the team and for each who left it for a conflict of interest.
fn members(visit: &Visit, case: &Case) -> Vec<Vec<Cell>> {
    let (t, view) = (visit.t, &visit.view);
    let mut rows = Vec::new();
    for holder in case.team().chain(case.recused()) {
        let held = view.known.as_ref().map(|k| k.directory.roles_of(holder).to_vec()).unwrap_or_default();
        let recused = case.recused().any(|h| h == holder);
        let (tone, conflict) = match (recused, case.has_declared(holder)) {
            (true, _) => (Tone::Bad, say!(t, "person-recused")),
            (false, true) => (Tone::Good, say!(t, "person-declared")),
            (false, false) => (Tone::Soon, say!(t, "person-undeclared")),
        };
        let mut part = Vec::new();
        if case.investigators().any(|h| h == holder) {
            part.push(say!(t, "person-investigates"));
        }
        if case.assigned() == Some(holder) {
            part.push(say!(t, "person-assigned"));
        }
        rows.push(vec![
            cell(one_line(&view.name_of(holder))),
            cell(words::roles(t, &held)),
            Cell { text: conflict.to_owned(), tone, ..Cell::default() },
            cell(part.join(", ")),
        ]);
    }
    rows
}

/// What protects the source: its position, the diary of what it suffers, and to whom anything that could name it was
/// told.
fn protection(t: &Words, case: &Case) -> Vec<Block> {
    let diary = case.detriments().iter().map(|d| {
        let receipt = d.message.map_or_else(|| "–".to_owned(), |seq| say!(t, "diary-message", n = seq));
        vec![cell(d.day.to_string()), cell(clean(&d.what)), cell(receipt)]
    });
    let told = case.disclosures().iter();
    let told = told.map(|d| vec![cell(one_line(&d.to)), cell(clean(&d.what)), cell(clean(&d.ground))]);
    let position = case.position().map_or_else(|| say!(t, "position-unknown").to_owned(), |p| words::position(t, &p));
    let diary_head = keys!["col-day", "col-what", "col-receipt"];
    let told_head = keys!["col-to", "col-what", "col-ground"];
    vec![
        Block::Facts(vec![fact(t, key!("f-position"), position)]),
        table_or(t, key!("diary-none"), key!("diary"), &diary_head, diary.collect()),
        table_or(t, key!("disclosures-none"), key!("disclosures"), &told_head, told.collect()),
    ]
}
