//! What the rooms' pages are put together from.

use actix_web::{HttpResponse, http::StatusCode};
use subrosa_templates::console::{Block, Cell, Document, Fact, Link, Notice, Section, Tone, Words};
use subrosa_templates::{key, say};

use crate::{acts::run::Failure, frame::html, request::Visit, text::short, words};

/// A page of sections that is about no single case. `title`: the key of its title.
pub(crate) fn page(visit: &Visit, title: &str, lead: String, sections: Vec<Section>) -> HttpResponse {
    let page = Document { f: visit.frame(), title: visit.t.get(title).to_owned(), head: None, lead, sections };
    html(page.to_html(), StatusCode::OK)
}

/// A page that says why there is nothing else. `key`: of its sentence.
pub(crate) fn problem(visit: &Visit, status: StatusCode, key: &str) -> HttpResponse {
    said(visit, status, visit.t.get(key).to_owned())
}

/// The same with a sentence that was put together before.
pub(crate) fn said(visit: &Visit, status: StatusCode, text: String) -> HttpResponse {
    let mut f = visit.frame();
    f.notices.push(notice(Tone::Bad, text));
    let title = say!(visit.t, "problem-title").to_owned();
    let page = Document { f, title, head: None, lead: String::new(), sections: Vec::new() };
    html(page.to_html(), status)
}

/// The answer of a desk that locked while it was asked.
pub(crate) fn locked(visit: &Visit) -> HttpResponse {
    problem(visit, StatusCode::CONFLICT, key!("door-title"))
}

/// What is said of an act that was not done, and the answer's status.
pub(crate) fn failure(t: &Words, why: Failure) -> (Notice, StatusCode) {
    match why {
        Failure::Refused(refusal) => (words::refusal(t, &refusal), StatusCode::CONFLICT),
        Failure::Broken(why) => (notice(Tone::Bad, say!(t, "act-failed", why = why.words(t))), StatusCode::BAD_GATEWAY),
    }
}

/// A section whose heading has the same key as its name in the address.
pub(crate) fn section(t: &Words, id: &str, blocks: Vec<Block>) -> Section {
    Section { id: id.to_owned(), title: t.get(id).to_owned(), blocks }
}

/// A fact under the words of a key.
pub(crate) fn fact(t: &Words, key: &str, value: impl Into<String>) -> Fact {
    Fact { name: t.get(key).to_owned(), value: value.into(), code: false }
}

/// A fact in letters of one width: a digest, a key.
pub(crate) fn code(t: &Words, key: &str, value: impl ToString) -> Fact {
    Fact { name: t.get(key).to_owned(), value: value.to_string(), code: true }
}

pub(crate) fn link(url: String, text: impl Into<String>) -> Link {
    Link { url, text: text.into(), ..Link::default() }
}

pub(crate) fn notice(tone: Tone, text: impl Into<String>) -> Notice {
    Notice { tone, text: text.into(), code: None }
}

pub(crate) fn cell(text: impl Into<String>) -> Cell {
    Cell { text: text.into(), ..Cell::default() }
}

/// A case as one cell: the beginning of its name, its title, and the way there.
pub(crate) fn case_cell(visit: &Visit, id: &[u8; 32], title: &str) -> Cell {
    Cell { text: format!("{} {title}", short(id)), url: Some(visit.case_url(id)), ..Cell::default() }
}

/// A table, with the keys of its caption and of its columns' heads.
pub(crate) fn table(t: &Words, caption: &str, head: &[&str], rows: Vec<Vec<Cell>>) -> Block {
    Block::Table { caption: t.get(caption).to_owned(), head: heads(t, head), rows }
}

pub(crate) fn heads(t: &Words, keys: &[&str]) -> Vec<String> {
    keys.iter().map(|k| t.get(k).to_owned()).collect()
}

/// The rows as a table, or a sentence where there are none.
pub(crate) fn table_or(t: &Words, empty: &str, caption: &str, head: &[&str], rows: Vec<Vec<Cell>>) -> Block {
    match rows.is_empty() {
        true => Block::Text(t.get(empty).to_owned()),
        false => table(t, caption, head, rows),
    }
}
