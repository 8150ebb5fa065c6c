//! A case's journal, entry by entry.

use actix_web::{HttpResponse, web::Path};
use subrosa_casework::{
    case::{Act, Event},
    journal::Replay,
};
use subrosa_templates::console::{Block, Cell, Tone, Words};
use subrosa_templates::{key, keys, say};

use super::{
    head::{CasePage, document, open, passed_over},
    parts::{cell, code, section, table},
};
use crate::{clock::time, entries, readings::Reading, request::Visit, text::one_line, words};

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
        .zip(replay.times())
        .map(|(e, at)| {
            let cells = [
                e.author.seq.to_string(),
                when(t, *at, replay.odd_date(e.author.seq)),
                one_line(&view.name_of(e.author.holder)),
                words::role(t, e.author.role),
                words::event_name(t, &e.event),
            ];
            let said = match settled(&replay, &e.event) {
                Some(act) => format!("{}: {}", entries::said(t, view, &e.event), words::act_name(t, act.step())),
                None => entries::said(t, view, &e.event),
            };
            (e.author.seq, cells.map(cell).into_iter().chain([beginning(said)]).collect())
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
    let list = table(t, key!("tab-journal"), &head, rows.into_iter().map(|(_, cells)| cells).collect());
    let newest = code(t, key!("f-head"), hex::encode(replay.head().0));
    let sections = vec![section(t, key!("s-journal"), vec![list, Block::Facts(vec![newest])])];
    document(&visit, &id, CasePage::Journal, say!(t, "journal-lead").to_owned(), sections)
}

/// When an entry happened, and the date that it bears, if that cannot be so.
fn when(t: &Words, at: u64, stated: Option<u64>) -> String {
    match stated {
        None => time(at),
        Some(stated) => say!(t, "date-odd", happened = time(at), stated = time(stated)),
    }
}

/// The decision that an entry signs second or drops, as its first signer wrote it.
fn settled<'r>(replay: &'r Replay, event: &Event) -> Option<&'r Act> {
    let (Event::Confirmed { proposal } | Event::ProposalDropped { proposal }) = event else { return None };
    let proposed = replay.events().iter().find(|e| e.author.seq == *proposal)?;
    match &proposed.event {
        Event::Proposed(act) => Some(act),
        _ => None,
    }
}

/// How much of an entry stands on its line, in characters.
const LINE: usize = 160;

/// What an entry says, on one line; what is longer can be opened.
fn beginning(said: String) -> Cell {
    let line = said.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= LINE {
        return cell(line);
    }
    let text = format!("{} …", line.chars().take(LINE).collect::<String>().trim_end());
    Cell { text, full: Some(said), ..Cell::default() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_entry_is_shortened_and_kept_whole() {
        let short = beginning("one\ntwo".to_owned());
        assert_eq!((short.text.as_str(), short.full), ("one two", None));
        let whole = "ä b\n".repeat(100);
        let long = beginning(whole.clone());
        assert!(long.text.chars().count() <= LINE + 2 && long.text.ends_with('…'), "{}", long.text);
        assert_eq!(long.full, Some(whole));
    }
}
