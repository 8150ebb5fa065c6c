//! One act for several cases: each is decided by itself, and what was refused is said, case by case.

use actix_web::HttpResponse;
use subrosa_casework::case::{Draft, Event};
use subrosa_templates::console::{Cell, Tone};
use subrosa_templates::{key, keys, say};

use super::parts::{case_cell, page, section, table_or};
use crate::{
    acts::run::{self, Failure},
    request::{Posted, Visit},
    snapshot::CaseView,
    trouble::Trouble,
    words,
};

/// Does what was chosen in the list for each case that was ticked.
pub(crate) async fn bulk(posted: Posted) -> HttpResponse {
    let Posted { visit, fields } = posted;
    let t = visit.t;
    let mut rows = Vec::new();
    for id in fields.all("case") {
        let mut name = [0; 32];
        if hex::decode_to_slice(id, &mut name).is_err() {
            continue;
        }
        let Some(c) = visit.view.cases.get(&name) else { continue };
        let outcome = one(&visit, name, c, fields.get("bulk"), fields.get("bulk-tag")).await;
        let (tone, text) = match outcome {
            Ok(()) => (Tone::Good, say!(t, "said-done").to_owned()),
            Err(Failure::Refused(r)) => (Tone::Bad, format!("{} [{}]", words::refusal(t, &r).text, r.code())),
            Err(Failure::Broken(why)) => (Tone::Bad, why.words(t)),
        };
        let title = words::title(t, &visit.view, c);
        rows.push(vec![case_cell(&visit, &name, &title), Cell { text, tone, ..Cell::default() }]);
    }
    let head = keys!["col-case", "col-outcome"];
    let block = table_or(t, key!("bulk-none"), key!("bulk-legend"), &head, rows);
    page(&visit, key!("bulk-title"), String::new(), vec![section(t, key!("s-bulk"), vec![block])])
}

async fn one(visit: &Visit, id: [u8; 32], case: &CaseView, what: &str, tag: &str) -> Result<(), Failure> {
    let broken = |key: &str| Failure::Broken(Trouble::own(key));
    let replay = case.replay.as_ref().ok_or_else(|| broken(key!("case-not-read")))?;
    let event = match what {
        "take" => Event::Assigned { holder: visit.view.me.holder },
        "tag" if tag.is_empty() => return Err(broken(key!("wrong-empty"))),
        "tag" => Event::Tagged { tag: tag.to_owned(), on: true },
        "declare" => {
            let entities = u32::try_from(replay.case().entities().len()).unwrap_or(u32::MAX);
            Event::ConflictDenied { entities }
        }
        "open-triage" => Event::TriageOpened,
        _ => return Err(broken(key!("wrong-choice"))),
    };
    let role = visit.view.may(replay, &event, visit.now).map_err(Failure::Refused)?;
    run::run(&visit.console, id, role, &Draft::Event(Box::new(event)), false).await.map(drop)
}
