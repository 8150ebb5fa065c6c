//! Who works on a case, who is named in it, and what protects its source.

use actix_web::{HttpResponse, web::Path};
use subrosa_casework::case::Case;
use subrosa_templates::console::{Block, Cell, Link, Tone, Words};

use super::{
    super::{
        acts,
        readings::Reading,
        routes::Visit,
        words::{self, clean},
    },
    case::{CasePage, document, fact, open, section},
};

/// Who works on it, who does not, who is named.
pub(in super::super) async fn people(visit: Visit, path: Path<(String, String)>) -> HttpResponse {
    let (id, replay) = match open(&visit, &path.1, CasePage::People, Reading::Page).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let (t, view, case) = (visit.t, &visit.view, replay.case());
    let plain = |text: String| Cell { text, ..Cell::default() };
    let mut rows = Vec::new();
    for holder in case.team().chain(case.recused()) {
        let held = view.known.as_ref().map(|k| k.directory.roles_of(holder).to_vec()).unwrap_or_default();
        let recused = case.recused().any(|h| h == holder);
        let declared = case.has_declared(holder);
        let (tone, key) = match (recused, declared) {
            (true, _) => (Tone::Bad, "person-recused"),
            (false, true) => (Tone::Good, "person-declared"),
            (false, false) => (Tone::Soon, "person-undeclared"),
        };
        let mut part = Vec::new();
        if case.investigators().any(|h| h == holder) {
            part.push(t.get("person-investigates").to_owned());
        }
        if case.assigned() == Some(holder) {
            part.push(t.get("person-assigned").to_owned());
        }
        rows.push(vec![
            plain(clean(&view.name_of(holder))),
            plain(words::roles(t, &held)),
            Cell { text: t.get(key).to_owned(), tone, ..Cell::default() },
            plain(part.join(", ")),
        ]);
    }
    let head = ["col-name", "col-roles", "col-conflict", "col-part"].map(|k| t.get(k).to_owned()).to_vec();
    let mut team = vec![Block::Table { caption: t.get("s-team").to_owned(), head, rows }];
    if acts::colleagues(view, case).next().is_some() {
        team.push(Block::Links(vec![Link {
            url: format!("{}/case/{}/act/bring", visit.base(), hex::encode(id)),
            text: t.get("act-bring").to_owned(),
            ..Link::default()
        }]));
    }
    let entities = match case.entities() {
        [] => Block::Text(t.get("entities-none").to_owned()),
        some => Block::Table {
            caption: t.get("s-entities").to_owned(),
            head: ["col-name", "col-kind"].map(|k| t.get(k).to_owned()).to_vec(),
            rows: some
                .iter()
                .map(|e| vec![plain(clean(&e.name)), plain(words::entity_kind(t, e.kind).to_owned())])
                .collect(),
        },
    };
    let sections = vec![
        section(t, "s-team", team),
        section(t, "s-entities", vec![entities]),
        section(t, "s-protection", protection(t, case)),
    ];
    document(&visit, &id, CasePage::People, "tab-people", t.get("people-lead").to_owned(), sections)
}

/// What protects the source: its position, the diary of what it suffers, and to whom anything that could name it was
/// told.
fn protection(t: &Words, case: &Case) -> Vec<Block> {
    let plain = |text: String| Cell { text, ..Cell::default() };
    let table = |caption: &str, head: [&str; 3], rows: Vec<[String; 3]>| match rows.is_empty() {
        true => Block::Text(t.get(&format!("{caption}-none")).to_owned()),
        false => Block::Table {
            caption: t.get(caption).to_owned(),
            head: head.map(|k| t.get(k).to_owned()).to_vec(),
            rows: rows.into_iter().map(|row| row.map(plain).to_vec()).collect(),
        },
    };
    let diary = case.detriments().iter().map(|d| {
        let receipt = d.message.map_or_else(|| "–".to_owned(), |seq| t.with("diary-message", &[("n", &seq)]));
        [d.day.to_string(), clean(&d.what), receipt]
    });
    let told = case.disclosures().iter().map(|d| [clean(&d.to), clean(&d.what), clean(&d.ground)]);
    let position = case.position().map_or_else(|| t.get("position-unknown").to_owned(), |p| words::position(t, &p));
    vec![
        Block::Facts(vec![fact(t, "f-position", position)]),
        table("diary", ["col-day", "col-what", "col-receipt"], diary.collect()),
        table("disclosures", ["col-to", "col-what", "col-ground"], told.collect()),
    ]
}
