//! What the book beside the keystore holds: the log of readings, drafts, saved views; and the list of shortcuts.

use actix_web::{HttpResponse, http::StatusCode};
use subrosa_templates::console::{Block, Fact, Words};
use subrosa_templates::{key, keys, say};

use super::{
    filter::Filter,
    head::CasePage,
    parts::{case_cell, cell, page, problem, said, section, table_or},
};
use crate::{
    clock::time,
    fields::Fields,
    frame::see,
    readings::{Reading, SavedView},
    request::{Posted, Said, Visit},
    text::one_line,
    trouble::Trouble,
    words,
};

/// Readings on the page.
const SHOWN: usize = 500;

/// Who opened what on this desk, newest first.
pub(crate) async fn readings(visit: Visit) -> HttpResponse {
    let (t, view) = (visit.t, &visit.view);
    let reads = visit.console.with_book(|book| book.pages.reads.clone()).unwrap_or_default();
    let me = one_line(&view.me.name);
    let rows = reads.iter().rev().take(SHOWN).map(|r| {
        let title = view.cases.get(&r.case.0).map(|c| words::title(t, view, c)).unwrap_or_default();
        let what = CasePage::named(&r.what).map_or_else(|| one_line(&r.what), |page| t.get(page.title()).to_owned());
        vec![cell(time(r.at)), cell(me.as_str()), case_cell(&visit, &r.case.0, &title), cell(how(t, r.how)), cell(what)]
    });
    let head = keys!["col-when", "col-who", "col-case", "col-what", "col-details"];
    let block = table_or(t, key!("readings-none"), key!("room-readings"), &head, rows.collect());
    let sections = vec![section(t, key!("s-readings"), vec![block])];
    page(&visit, key!("room-readings"), say!(t, "readings-lead").to_owned(), sections)
}

fn how(t: &Words, how: Reading) -> &str {
    match how {
        Reading::Page => say!(t, "reading-page"),
        Reading::Preview => say!(t, "reading-preview"),
        Reading::Download => say!(t, "reading-download"),
        Reading::Search => say!(t, "reading-search"),
        Reading::Export => say!(t, "reading-export"),
    }
}

/// The list of shortcuts.
pub(crate) async fn keys(visit: Visit) -> HttpResponse {
    const NAMES: [&str; 8] =
        keys!["key-rooms", "key-move", "key-choose", "key-tabs", "key-search", "key-fetch", "key-lock", "key-help"];
    let t = visit.t;
    let keys = ["g 1 … 6", "j, k", "x", "1 … 7", "/", "f", "L", "?"];
    let shortcut =
        |(key, name): (&str, &str)| Fact { name: key.to_owned(), value: t.get(name).to_owned(), code: false };
    let facts = keys.into_iter().zip(NAMES).map(shortcut).collect();
    let sections = vec![section(t, key!("s-keys"), vec![Block::Facts(facts)])];
    page(&visit, key!("room-keys"), say!(t, "keys-lead").to_owned(), sections)
}

/// Keeps what is being typed.
pub(crate) async fn keep_draft(posted: Posted) -> HttpResponse {
    let Posted { visit, fields } = posted;
    match visit.console.with_book(|book| book.draft(fields.get("draft"), fields.get("fields"))) {
        Some(Ok(true)) => HttpResponse::NoContent().finish(),
        Some(Ok(false)) => HttpResponse::PayloadTooLarge().finish(),
        Some(Err(_)) => HttpResponse::InternalServerError().finish(),
        None => HttpResponse::Conflict().finish(),
    }
}

/// Keeps the filters as a view, or forgets one.
pub(crate) async fn keep_view(posted: Posted) -> HttpResponse {
    let Posted { visit, fields } = posted;
    let name = fields.get("name").to_owned();
    if name.is_empty() || name.len() > 80 {
        return problem(&visit, StatusCode::UNPROCESSABLE_ENTITY, key!("wrong-view-name"));
    }
    let query = Filter::of(&Fields::of_query(fields.get("query"))).query();
    let saved = visit.console.with_book(|book| {
        let views = &mut book.pages.views;
        views.retain(|v| v.name != name);
        if fields.get("forget").is_empty() {
            views.push(SavedView { name, query: query.clone() });
        }
        book.save()
    });
    if let Some(Err(e)) = saved {
        return said(&visit, StatusCode::INTERNAL_SERVER_ERROR, Trouble::of(&e).words(visit.t));
    }
    see(&format!("{}/?{query}&said={}", visit.base(), Said::View))
}
