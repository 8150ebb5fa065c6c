//! Looking across cases: search, the log of readings, numbers, the list of keys.

use std::collections::BTreeMap;

use super::super::trouble::Trouble;
use actix_web::{HttpResponse, http::StatusCode};
use subrosa_casework::{
    case::{Case, ClockState, Draft, Event},
    journal::Replay,
};
use subrosa_templates::console::{Bar, Block, Cell, Chart, Document, Fact, Field, Form, Section, Tone, Words};

use super::{
    super::{
        readings::Reading,
        routes::{Posted, Visit, html, see},
        snapshot::{CaseView, ended},
        words::{self, clean, time},
    },
    case::{problem, said, section},
    queue,
};
use subrosa_machine::index::text_of;

/// Results on the page.
const SHOWN: usize = 50;

fn page(visit: &Visit, title: &str, lead: String, sections: Vec<Section>) -> HttpResponse {
    let page = Document { f: visit.frame(), title: visit.t.get(title).to_owned(), head: None, lead, sections };
    html(page.to_html(), StatusCode::OK)
}

fn plain(text: String) -> Cell {
    Cell { text, ..Cell::default() }
}

fn heads(t: &Words, keys: &[&str]) -> Vec<String> {
    keys.iter().map(|k| t.get(k).to_owned()).collect()
}

/// The text of an entry, as the index took it in, with the name of its kind.
fn text_at(t: &Words, replay: &Replay, seq: u64) -> Option<(String, String)> {
    let entry = replay.events().iter().find(|e| e.author.seq == seq)?;
    let (_, text) = text_of(entry)?;
    Some((t.get(&format!("event-{}", entry.event.name())).to_owned(), text))
}

/// A few words around the first hit.
fn around(text: &str, at: usize) -> String {
    let start = text.char_indices().map(|(i, _)| i).filter(|i| *i + 60 >= at).find(|i| *i <= at).unwrap_or(0);
    let piece: String = text.get(start..).unwrap_or(text).chars().take(160).collect();
    clean(&piece).replace('\n', " ")
}

/// Search over what was decrypted, in the index beside the keystore: the server is not asked.
pub(in super::super) async fn search(visit: Visit) -> HttpResponse {
    let (t, view) = (visit.t, visit.view.clone());
    let asked = visit.query.get("q").to_owned();
    let field = Field {
        name: "q".into(),
        label: t.get("search-label").to_owned(),
        hint: t.get("search-hint").to_owned(),
        value: asked.clone(),
        ..Field::default()
    };
    let form = Form {
        action: format!("{}/search", visit.base()),
        get: true,
        fields: vec![field],
        submit: t.get("search-go").to_owned(),
        ..Form::default()
    };
    let mut sections = vec![section(t, "s-search", vec![Block::Form(form)])];
    if !asked.is_empty() {
        let mut guard = visit.console.office.lock().await;
        let Some(office) = guard.as_mut() else { return problem(&visit, StatusCode::CONFLICT, "door-title") };
        let hits = office.index.search(&asked, SHOWN);
        for hit in &hits {
            if let Err(e) = office.note(hit.case, Reading::Search, "") {
                return said(&visit, StatusCode::INTERNAL_SERVER_ERROR, Trouble::of(&e).words(visit.t));
            }
        }
        drop(guard);
        let first = asked.split_whitespace().next().unwrap_or_default().to_lowercase();
        let mut rows = Vec::new();
        for hit in hits {
            let Some(c) = view.cases.get(&hit.case) else { continue };
            let place = c.replay.as_ref().and_then(|r| hit.places.iter().find_map(|seq| text_at(t, r, *seq)));
            let shown = place.map(|(name, text)| {
                let at = text.to_lowercase().find(&first).unwrap_or(0);
                format!("{name}: {}", around(&text, at))
            });
            rows.push(vec![
                Cell {
                    text: format!("{} {}", words::short(&hit.case), words::title(t, &view, c)),
                    url: Some(format!("{}/case/{}", visit.base(), hex::encode(hit.case))),
                    ..Cell::default()
                },
                plain(c.case().map(|c| words::state(t, c.state()).text).unwrap_or_default()),
                plain(shown.unwrap_or_default()),
            ]);
        }
        let count = rows.len();
        let block = match rows.is_empty() {
            true => Block::Text(t.get("search-none").to_owned()),
            false => Block::Table {
                caption: t.with("search-found", &[("n", &count)]),
                head: heads(t, &["col-case", "col-state", "col-hit"]),
                rows,
            },
        };
        sections.push(section(t, "s-found", vec![block]));
    }
    page(&visit, "room-search", t.get("search-lead").to_owned(), sections)
}

/// Who opened what on this desk, newest first.
pub(in super::super) async fn readings(visit: Visit) -> HttpResponse {
    let (t, view) = (visit.t, &visit.view);
    let reads = match visit.console.office.lock().await.as_ref() {
        Some(office) => office.book.pages.reads.clone(),
        None => Vec::new(),
    };
    let rows: Vec<Vec<Cell>> = reads
        .iter()
        .rev()
        .take(500)
        .map(|r| {
            let title = view.cases.get(&r.case.0).map(|c| words::title(t, view, c)).unwrap_or_default();
            let how = t.get(match r.how {
                Reading::Page => "reading-page",
                Reading::Preview => "reading-preview",
                Reading::Download => "reading-download",
                Reading::Search => "reading-search",
                Reading::Export => "reading-export",
            });
            let what = match t.has(&format!("tab-{}", r.what)) {
                true => t.get(&format!("tab-{}", r.what)).to_owned(),
                false => clean(&r.what),
            };
            vec![
                plain(time(r.at)),
                plain(clean(&view.me.name)),
                Cell {
                    text: format!("{} {title}", words::short(&r.case.0)),
                    url: Some(format!("{}/case/{}", visit.base(), hex::encode(r.case.0))),
                    ..Cell::default()
                },
                plain(how.to_owned()),
                plain(what),
            ]
        })
        .collect();
    let block = match rows.is_empty() {
        true => Block::Text(t.get("readings-none").to_owned()),
        false => Block::Table {
            caption: t.get("room-readings").to_owned(),
            head: heads(t, &["col-when", "col-who", "col-case", "col-what", "col-details"]),
            rows,
        },
    };
    page(&visit, "room-readings", t.get("readings-lead").to_owned(), vec![section(t, "s-readings", vec![block])])
}

/// A chart with its numbers as a table beside it.
fn chart(t: &Words, id: &str, title: &str, series: &[&str], bars: Vec<Bar>) -> Section {
    let title_text = t.get(title).to_owned();
    let rows = bars
        .iter()
        .map(|b| std::iter::once(b.label.clone()).chain(b.parts.iter().map(u64::to_string)).map(plain).collect())
        .collect();
    let mut head = vec![t.get("col-what").to_owned()];
    head.extend(heads(t, series));
    let drawing = Chart { title: title_text.clone(), series: heads(t, series), bars };
    section(t, id, vec![Block::Drawing(drawing), Block::Table { caption: title_text, head, rows }])
}

/// Ages, breaches, outcomes.
pub(in super::super) async fn numbers(visit: Visit) -> HttpResponse {
    let (t, view, now) = (visit.t, &visit.view, visit.now);
    let cases: Vec<&Case> = view.cases.values().filter_map(CaseView::case).collect();
    let mut states: BTreeMap<_, u64> = BTreeMap::new();
    let mut ages = [0u64; 5];
    let mut clocks: BTreeMap<&'static str, [u64; 3]> = BTreeMap::new();
    let mut outcomes: BTreeMap<String, u64> = BTreeMap::new();
    for c in &cases {
        *states.entry(c.state()).or_default() += 1;
        if let Some(r) = c.received().filter(|_| !ended(c.state())) {
            let days = now.saturating_sub(r.received_at) / 86_400;
            let slot = [7, 30, 90, 180].iter().position(|limit| days < *limit).unwrap_or(4);
            if let Some(n) = ages.get_mut(slot) {
                *n += 1;
            }
        }
        for (name, state) in view.clocks(c, now) {
            let key = match name {
                subrosa_casework::case::ClockName::Acknowledge => "clock-acknowledge",
                subrosa_casework::case::ClockName::Feedback => "clock-feedback",
            };
            let parts = clocks.entry(key).or_default();
            match state {
                ClockState::InTime { .. } => parts[0] += 1,
                ClockState::Late { .. } | ClockState::Overdue { .. } => parts[1] += 1,
                ClockState::Running { .. } => parts[2] += 1,
            }
        }
        if let Some((reason, _)) = c.closed() {
            let key = words::close_reason(t, reason);
            *outcomes.entry(key).or_default() += 1;
        } else if ended(c.state()) {
            *outcomes.entry(words::state(t, c.state()).text).or_default() += 1;
        }
    }
    let bar = |label: String, n: u64| Bar { label, parts: vec![n] };
    let mut sections = vec![
        chart(
            t,
            "s-states",
            "chart-states",
            &["col-cases"],
            states.into_iter().map(|(s, n)| bar(words::state(t, s).text, n)).collect(),
        ),
        chart(
            t,
            "s-ages",
            "chart-ages",
            &["col-cases"],
            ["age-week", "age-month", "age-quarter", "age-half", "age-more"]
                .iter()
                .zip(ages)
                .map(|(k, n)| bar(t.get(k).to_owned(), n))
                .collect(),
        ),
        chart(
            t,
            "s-breaches",
            "chart-clocks",
            &["part-in-time", "part-missed", "part-running"],
            clocks.into_iter().map(|(k, p)| Bar { label: t.get(k).to_owned(), parts: p.to_vec() }).collect(),
        ),
    ];
    if outcomes.is_empty() {
        sections.push(section(t, "s-outcomes", vec![Block::Text(t.get("outcomes-none").to_owned())]));
    } else {
        let bars = outcomes.into_iter().map(|(k, n)| bar(k, n)).collect();
        sections.push(chart(t, "s-outcomes", "chart-outcomes", &["col-cases"], bars));
    }
    page(&visit, "room-numbers", t.with("numbers-lead", &[("n", &cases.len())]), sections)
}

/// The shortcuts.
pub(in super::super) async fn keys(visit: Visit) -> HttpResponse {
    let t = visit.t;
    let keys = ["g 1 … 6", "j, k", "x", "1 … 7", "/", "f", "L", "?"];
    let names = ["key-rooms", "key-move", "key-choose", "key-tabs", "key-search", "key-fetch", "key-lock", "key-help"];
    let facts = keys
        .iter()
        .zip(names)
        .map(|(key, name)| Fact { name: (*key).to_owned(), value: t.get(name).to_owned(), code: false })
        .collect();
    page(&visit, "room-keys", t.get("keys-lead").to_owned(), vec![section(t, "s-keys", vec![Block::Facts(facts)])])
}

/// Keeps what is being typed.
pub(in super::super) async fn keep_draft(posted: Posted) -> HttpResponse {
    let Posted { visit, fields } = posted;
    let mut guard = visit.console.office.lock().await;
    let Some(office) = guard.as_mut() else { return HttpResponse::Conflict().finish() };
    match office.book.draft(fields.get("draft"), fields.get("fields"), &mut office.rng) {
        Ok(true) => HttpResponse::NoContent().finish(),
        Ok(false) => HttpResponse::PayloadTooLarge().finish(),
        Err(_) => HttpResponse::InternalServerError().finish(),
    }
}

/// Keeps the filters as a view, or forgets one.
pub(in super::super) async fn keep_view(posted: Posted) -> HttpResponse {
    let Posted { visit, fields } = posted;
    let name = fields.get("name").to_owned();
    if name.is_empty() || name.len() > 80 {
        return problem(&visit, StatusCode::UNPROCESSABLE_ENTITY, "wrong-view-name");
    }
    let query = queue::Filter::of(&super::super::routes::Fields::of_query(fields.get("query"))).query();
    let mut guard = visit.console.office.lock().await;
    if let Some(office) = guard.as_mut() {
        office.book.pages.views.retain(|v| v.name != name);
        if fields.get("forget").is_empty() {
            office.book.pages.views.push(super::super::readings::SavedView { name, query: query.clone() });
        }
        let saved = office.book.save(&mut office.rng);
        drop(guard);
        if let Err(e) = saved {
            return said(&visit, StatusCode::INTERNAL_SERVER_ERROR, Trouble::of(&e).words(visit.t));
        }
    }
    see(&format!("{}/?{query}&said=view", visit.base()))
}

/// One act for several cases: each is decided by itself, and what was refused is said, case by case.
pub(in super::super) async fn bulk(posted: Posted) -> HttpResponse {
    let Posted { visit, fields } = posted;
    let t = visit.t;
    let mut rows = Vec::new();
    let tag = fields.get("bulk-tag").to_owned();
    for id in fields.all("case") {
        let mut key = [0; 32];
        if hex::decode_to_slice(id, &mut key).is_err() {
            continue;
        }
        let Some(c) = visit.view.cases.get(&key) else { continue };
        let outcome = one(&visit, key, c, fields.get("bulk"), &tag).await;
        let (tone, text, code) = match outcome {
            Ok(()) => (Tone::Good, t.get("said-done").to_owned(), None),
            Err(super::super::acts::run::Failure::Refused(r)) => {
                let n = words::refusal(t, &r);
                (Tone::Bad, n.text, n.code)
            }
            Err(super::super::acts::run::Failure::Broken(why)) => (Tone::Bad, why.words(t), None),
        };
        let text = match code {
            Some(code) => format!("{text} [{code}]"),
            None => text,
        };
        rows.push(vec![
            Cell {
                text: format!("{} {}", words::short(&key), words::title(t, &visit.view, c)),
                url: Some(format!("{}/case/{}", visit.base(), hex::encode(key))),
                ..Cell::default()
            },
            Cell { text, tone, ..Cell::default() },
        ]);
    }
    let block = match rows.is_empty() {
        true => Block::Text(t.get("bulk-none").to_owned()),
        false => Block::Table {
            caption: t.get("bulk-legend").to_owned(),
            head: heads(t, &["col-case", "col-outcome"]),
            rows,
        },
    };
    page(&visit, "bulk-title", String::new(), vec![section(t, "s-bulk", vec![block])])
}

async fn one(
    visit: &Visit,
    id: [u8; 32],
    case: &CaseView,
    what: &str,
    tag: &str,
) -> Result<(), super::super::acts::run::Failure> {
    use super::super::acts::run::{self, Failure};
    let broken = |key: &str| Failure::Broken(Trouble::own(key));
    let replay = case.replay.as_ref().ok_or_else(|| broken("case-not-read"))?;
    let event = match what {
        "take" => Event::Assigned { holder: visit.view.me.holder },
        "tag" => {
            if tag.is_empty() {
                return Err(broken("wrong-empty"));
            }
            Event::Tagged { tag: tag.to_owned(), on: true }
        }
        "declare" => {
            let entities = u32::try_from(replay.case().entities().len()).unwrap_or(u32::MAX);
            Event::ConflictDenied { entities }
        }
        "open-triage" => Event::TriageOpened,
        _ => return Err(broken("wrong-choice")),
    };
    let role = visit.view.may(replay, &event, visit.now).map_err(Failure::Refused)?;
    run::run(&visit.console, id, role, &Draft::Event(Box::new(event)), false).await.map(drop)
}
