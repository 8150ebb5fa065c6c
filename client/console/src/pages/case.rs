//! A case's pages.

use std::sync::Arc;

use super::super::trouble::Trouble;
use actix_web::{HttpResponse, http::StatusCode, web::Path};
use subrosa_casework::{
    case::{AccusedHeard, Case, CheckReport, Event, compare, priority},
    journal::{EntryFault, Replay},
};
use subrosa_templates::console::{
    Block, Bubble, CaseHead, Cell, Chip, Document, Fact, Link, Notice, Proposal, Section, Tone, Words,
};
use subrosa_templates::{Value, say};

use super::{
    super::{
        readings::Reading,
        routes::{Visit, html},
        snapshot::View,
        words::{self, clean, time},
    },
    queue,
};

/// The pages of a case, in the order of their tabs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in super::super) enum CasePage {
    Overview,
    Thread,
    Evidence,
    Checks,
    People,
    Award,
    Journal,
}

impl CasePage {
    const ALL: [Self; 7] =
        [Self::Overview, Self::Thread, Self::Evidence, Self::Checks, Self::People, Self::Award, Self::Journal];

    pub(in super::super) fn name(self) -> &'static str {
        match self {
            Self::Overview => "overview",
            Self::Thread => "thread",
            Self::Evidence => "evidence",
            Self::Checks => "checks",
            Self::People => "people",
            Self::Award => "award",
            Self::Journal => "journal",
        }
    }

    fn path(self) -> &'static str {
        match self {
            Self::Overview => "",
            Self::Thread => "/thread",
            Self::Evidence => "/evidence",
            Self::Checks => "/checks",
            Self::People => "/people",
            Self::Award => "/award",
            Self::Journal => "/journal",
        }
    }

    fn count(self, case: &Case) -> Option<usize> {
        match self {
            Self::Overview => Some(case.proposals().len()).filter(|n| *n > 0),
            Self::Thread => Some(case.messages().len()),
            Self::Evidence => Some(case.evidence().len()),
            Self::Checks => Some(case.checks().len()),
            Self::People => Some(case.team().count()),
            Self::Award | Self::Journal => None,
        }
    }
}

/// The case of an address, from the snapshot; the reading is written down first.
pub(in super::super) async fn open(
    visit: &Visit,
    id: &str,
    room: CasePage,
    how: Reading,
) -> Result<([u8; 32], Arc<Replay>), HttpResponse> {
    let mut key = [0; 32];
    let known = hex::decode_to_slice(id, &mut key).is_ok();
    let Some(case) = visit.view.cases.get(&key).filter(|_| known) else {
        return Err(problem(visit, StatusCode::NOT_FOUND, "no-such-case"));
    };
    let Some(replay) = case.replay.clone() else {
        if let Some(trouble) = &case.trouble {
            return Err(said(visit, StatusCode::BAD_GATEWAY, trouble.words(visit.t)));
        }
        let key = if case.purged { "case-purged-here" } else { "case-not-read" };
        return Err(problem(visit, StatusCode::NOT_FOUND, key));
    };
    if let Some(office) = visit.console.office.lock().await.as_mut()
        && let Err(e) = office.note(key, how, room.name())
    {
        return Err(said(visit, StatusCode::INTERNAL_SERVER_ERROR, Trouble::of(&e).words(visit.t)));
    }
    Ok((key, replay))
}

/// A page that says why there is nothing else.
pub(in super::super) fn problem(visit: &Visit, status: StatusCode, key: &str) -> HttpResponse {
    said(visit, status, visit.t.get(key).to_owned())
}

pub(in super::super) fn said(visit: &Visit, status: StatusCode, text: String) -> HttpResponse {
    let mut f = visit.frame();
    f.notices.push(Notice { tone: Tone::Bad, text, code: None });
    let title = visit.t.get("problem-title").to_owned();
    let page = Document { f, title, head: None, lead: String::new(), sections: Vec::new() };
    html(page.to_html(), status)
}

/// The head that all pages of a case share.
pub(in super::super) fn head(visit: &Visit, id: &[u8; 32], here: Option<CasePage>) -> Option<CaseHead> {
    let (t, view) = (visit.t, &visit.view);
    let case_view = view.cases.get(id)?;
    let replay = case_view.replay.as_ref()?;
    let case = replay.case();
    let base = format!("{}/case/{}", visit.base(), hex::encode(id));
    let mut chips = vec![words::state(t, case.state())];
    chips.extend(queue::chips(t, view, case, visit.now));
    chips.extend(case.tags().iter().map(|tag| Chip { tone: Tone::Plain, text: format!("# {}", clean(tag)) }));
    let tabs = CasePage::ALL.map(|room| Link {
        url: format!("{base}{}", room.path()),
        text: t.get(&format!("tab-{}", room.name())).to_owned(),
        here: here == Some(room),
        count: room.count(case),
    });
    let mut warnings = Vec::new();
    if case.must_turn_key() {
        warnings.push(Notice {
            tone: Tone::Bad,
            text: t.get("warn-turn-key").to_owned(),
            code: Some("key-must-turn".into()),
        });
    }
    if case.recused().any(|h| h == view.me.holder) {
        warnings.push(Notice { tone: Tone::Bad, text: t.get("warn-recused").to_owned(), code: Some("recused".into()) });
    } else if !case.has_declared(view.me.holder) {
        warnings.push(Notice { tone: Tone::Soon, text: t.get("warn-declare").to_owned(), code: None });
    }
    for p in replay.passed_over() {
        warnings.push(Notice {
            tone: Tone::Bad,
            text: passed_over(t, view, p.seq, &p.fault),
            code: Some(p.fault.code().to_owned()),
        });
    }
    warnings.extend(doubts(t, view, case));
    Some(CaseHead {
        short: words::short(id),
        id: hex::encode(id),
        title: words::title(t, view, case_view),
        chips,
        tabs: tabs.to_vec(),
        warnings,
    })
}

/// What gives reason to doubt that everybody reads the same words of the source.
fn doubts(t: &Words, view: &View, case: &Case) -> Vec<Notice> {
    let bad = |text: String, code: &str| Notice { tone: Tone::Bad, text, code: Some(code.to_owned()) };
    let numbers = |all: Vec<u64>| all.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    let mut out = Vec::new();
    for (holder, _) in case.contradictions() {
        out.push(bad(say!(t, "warn-contradicted", who = clean(&view.name_of(*holder))), "tip-contradicted"));
    }
    let missing = case.missing_words();
    if !missing.is_empty() {
        out.push(bad(say!(t, "warn-words-missing", numbers = numbers(missing)), "words-missing"));
    }
    let doubled = case.doubled_words();
    if !doubled.is_empty() {
        out.push(bad(say!(t, "warn-words-doubled", numbers = numbers(doubled)), "words-doubled"));
    }
    out
}

/// An entry that does not count, in words.
fn passed_over(t: &Words, view: &View, seq: u64, fault: &EntryFault) -> String {
    match fault {
        EntryFault::Refused { author, refusal } => {
            let rule = words::refusal(t, refusal).text;
            let values: [(&str, &dyn Value); 3] =
                [("n", &seq), ("who", &clean(&view.name_of(*author))), ("rule", &rule)];
            t.with("passed-over-refused", &values)
        }
        EntryFault::NoKey { generation } => {
            say!(t, "passed-over", n = seq, why = say!(t, "fault-no-key", generation = generation))
        }
        EntryFault::Unreadable => say!(t, "passed-over", n = seq, why = say!(t, "fault-unreadable")),
        EntryFault::Malformed(_) => say!(t, "passed-over", n = seq, why = say!(t, "rule-malformed")),
    }
}

/// A page of sections under the case's head.
pub(in super::super) fn document(
    visit: &Visit,
    id: &[u8; 32],
    room: CasePage,
    title: &str,
    lead: String,
    sections: Vec<Section>,
) -> HttpResponse {
    let page = Document {
        f: visit.frame(),
        title: visit.t.get(title).to_owned(),
        head: head(visit, id, Some(room)),
        lead,
        sections,
    };
    html(page.to_html(), StatusCode::OK)
}

pub(in super::super) fn section(t: &Words, id: &str, blocks: Vec<Block>) -> Section {
    Section { id: id.to_owned(), title: t.get(id).to_owned(), blocks }
}

pub(in super::super) fn fact(t: &Words, key: &str, value: impl Into<String>) -> Fact {
    Fact { name: t.get(key).to_owned(), value: value.into(), code: false }
}

/// A waiting decision as a card.
pub(in super::super) fn proposal(
    visit: &Visit,
    id: &[u8; 32],
    replay: &Replay,
    seq: u64,
    with_case: bool,
) -> Option<Proposal> {
    let (t, view) = (visit.t, &visit.view);
    let p = replay.case().proposals().get(&seq)?;
    let base = format!("{}/case/{}", visit.base(), hex::encode(id));
    let who = clean(&view.name_of(p.by.holder));
    let role = words::role(t, p.by.role);
    let values: [(&str, &dyn Value); 3] = [("who", &who), ("role", &role), ("time", &time(p.by.at))];
    let (sign, why_not) = match view.may(replay, &Event::Confirmed { proposal: seq }, visit.now) {
        Ok(_) => {
            let text = t.with("sign-second-as", &[("who", &clean(&view.me.name))]);
            (Some(Link { url: format!("{base}/confirm/{seq}"), text, ..Link::default() }), None)
        }
        Err(refusal) => (None, Some(words::refusal(t, &refusal))),
    };
    let own = p.by.holder == view.me.holder;
    let drop = view.may(replay, &Event::ProposalDropped { proposal: seq }, visit.now).ok().map(|_| Link {
        url: format!("{base}/drop/{seq}"),
        text: t.get(if own { "drop-own" } else { "drop-other" }).to_owned(),
        ..Link::default()
    });
    Some(Proposal {
        title: words::act(t, &p.act),
        case: with_case.then(|| {
            let title = view.cases.get(id).map(|c| words::title(t, view, c)).unwrap_or_default();
            Link { url: base.clone(), text: format!("{} {title}", words::short(id)), ..Link::default() }
        }),
        by: t.with("signed-first", &values),
        details: super::signing::whole(visit, replay.case(), &p.act),
        sign,
        drop,
        why_not,
    })
}

/// The first page.
pub(in super::super) async fn overview(visit: Visit, path: Path<(String, String)>) -> HttpResponse {
    let (id, replay) = match open(&visit, &path.1, CasePage::Overview, Reading::Page).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let (t, view, case) = (visit.t, &visit.view, replay.case());
    let mut sections = Vec::new();
    let waiting: Vec<Proposal> =
        case.proposals().keys().filter_map(|seq| proposal(&visit, &id, &replay, *seq, false)).collect();
    if !waiting.is_empty() {
        sections.push(section(t, "s-waiting", vec![Block::Proposals(waiting)]));
    }
    let acts = super::act::groups(&visit, &id, &replay);
    sections.push(section(t, "s-acts", vec![Block::Acts(acts)]));
    let mut clock_facts = Vec::new();
    for (name, state) in view.clocks(case, visit.now) {
        let chip = words::clock(t, name, state, visit.now);
        clock_facts.push(Chip { tone: chip.tone, text: chip.text });
    }
    let mut clocks = vec![Block::Chips(clock_facts)];
    for b in case.breaches() {
        let text = t.with(
            "breach",
            &[("clock", &words::clock_name(t, b.clock)), ("due", &words::day(b.due)), ("seen", &words::day(b.seen_at))],
        );
        clocks.push(Block::Notice(Notice { tone: Tone::Bad, text, code: None }));
    }
    sections.push(section(t, "s-clocks", clocks));
    let mut facts = vec![
        fact(t, "f-state", words::state(t, case.state()).text),
        fact(t, "f-since", time(case.since())),
        fact(
            t,
            "f-assigned",
            case.assigned().map_or_else(|| t.get("assigned-nobody").to_owned(), |h| clean(&view.name_of(h))),
        ),
    ];
    if let Some(r) = case.received() {
        facts.push(fact(t, "f-received", time(r.received_at)));
    }
    match case.triage() {
        Some(set) => {
            facts.push(fact(t, "f-regime", format!("{} v{}", clean(&set.pack.id), set.pack.version)));
            let class = words::pack_text(t, view, &set.pack.id, &format!("class-{}", set.class));
            facts.push(fact(t, "f-class", class.unwrap_or_else(|| clean(&set.class))));
            facts.push(fact(t, "f-jurisdiction", clean(&set.jurisdiction)));
            facts.push(fact(t, "f-severity", set.severity.to_string()));
        }
        None => facts.push(fact(t, "f-regime", t.get("not-triaged-yet"))),
    }
    facts.push(fact(
        t,
        "f-retaliation",
        case.retaliation().map_or_else(|| t.get("not-assessed").to_owned(), |n| format!("{n} / 100")),
    ));
    match case.accused() {
        Some(AccusedHeard::Reply(w)) => facts.push(fact(t, "accused-reply", clean(w))),
        Some(AccusedHeard::SafetyWaiver(w)) => facts.push(fact(t, "accused-waiver", clean(w))),
        None => {}
    }
    if let Some(d) = case.authority() {
        facts.push(fact(t, "f-authority", format!("{} ({})", clean(&d.authority), clean(&d.reference))));
    }
    if let Some((reason, at)) = case.closed() {
        facts.push(fact(t, "f-closed", format!("{}, {}", words::close_reason(t, reason), words::day(*at))));
    }
    if let Some(known) = &view.known
        && let Some(until) = case.keep_until(known.ctx.get().programme)
    {
        facts.push(fact(t, "f-keep-until", words::day(until)));
    }
    sections.push(section(t, "s-facts", vec![Block::Facts(facts)]));
    let dossier = Link {
        url: format!("{}/case/{}/dossier", visit.base(), hex::encode(id)),
        text: t.get("dossier-title").to_owned(),
        ..Link::default()
    };
    sections.push(section(
        t,
        "s-dossier",
        vec![Block::Text(t.get("dossier-about").to_owned()), Block::Links(vec![dossier])],
    ));
    sections.push(section(t, "s-alike", vec![alike(&visit, case)]));
    let notes: Vec<Bubble> = replay
        .events()
        .iter()
        .filter_map(|e| match &e.event {
            Event::Noted { text, visibility } => Some(Bubble {
                seq: e.author.seq,
                from: clean(&view.name_of(e.author.holder)),
                source: false,
                kind: t.get(&format!("visible-{visibility}")).to_owned(),
                when: time(e.author.at),
                text: paragraphs(text),
                ..Bubble::default()
            }),
            _ => None,
        })
        .collect();
    let notes = match notes.is_empty() {
        true => Block::Text(t.get("notes-none").to_owned()),
        false => Block::Thread(notes),
    };
    sections.push(section(t, "s-notes", vec![notes]));
    document(&visit, &id, CasePage::Overview, "tab-overview", String::new(), sections)
}

/// Links to other cases, and what speaks for more of them. Nothing is linked by itself.
fn alike(visit: &Visit, case: &Case) -> Block {
    let (t, view) = (visit.t, &visit.view);
    let mut rows = Vec::new();
    for (id, other) in &view.cases {
        let Some(o) = other.case().filter(|o| o.id() != case.id()) else { continue };
        let linked = case.links().iter().find(|(d, _)| d.0 == *id).map(|(_, r)| *r);
        let like = compare(case, o);
        if linked.is_none() && like.is_none() {
            continue;
        }
        let earlier = priority(o, case).is_lt();
        let reasons =
            like.as_ref().map(|l| t.with("alike-because", &[("files", &l.same_evidence), ("names", &l.same_names)]));
        rows.push(vec![
            Cell {
                text: format!("{} {}", words::short(id), words::title(t, view, other)),
                url: Some(format!("{}/case/{}", visit.base(), hex::encode(id))),
                ..Cell::default()
            },
            Cell {
                text: linked
                    .map(|r| words::relation(t, r).to_owned())
                    .unwrap_or_else(|| t.get("alike-unlinked").to_owned()),
                ..Cell::default()
            },
            Cell {
                text: like.as_ref().map(|l| words::relation(t, l.relation).to_owned()).unwrap_or_default(),
                ..Cell::default()
            },
            Cell { text: reasons.unwrap_or_default(), ..Cell::default() },
            Cell { text: t.get(if earlier { "alike-earlier" } else { "alike-later" }).to_owned(), ..Cell::default() },
        ]);
    }
    if rows.is_empty() {
        return Block::Text(t.get("alike-none").to_owned());
    }
    let head = ["col-case", "col-linked", "col-suggested", "col-details", "col-priority"];
    Block::Table { caption: t.get("s-alike").to_owned(), head: head.map(|k| t.get(k).to_owned()).to_vec(), rows }
}

pub(in super::super) fn paragraphs(text: &str) -> Vec<String> {
    clean(text).lines().filter(|l| !l.trim().is_empty()).map(ToOwned::to_owned).collect()
}

/// A check's verdict, the rule that gave it, and the arithmetic.
pub(in super::super) fn check_blocks(t: &Words, view: &View, c: &CheckReport) -> Vec<Block> {
    let rows = c
        .steps
        .iter()
        .map(|s| {
            [(&s.name, false), (&s.formula, true), (&s.result, false)]
                .map(|(text, code)| Cell { text: clean(text), code, ..Cell::default() })
                .to_vec()
        })
        .collect();
    let head = ["col-quantity", "col-formula", "col-result"].map(|k| t.get(k).to_owned()).to_vec();
    let because =
        words::pack_text(t, view, &c.pack.id, &c.because).unwrap_or_else(|| t.named("because", &c.because).to_owned());
    vec![
        Block::Chips(vec![words::verdict(t, c.verdict)]),
        Block::Text(clean(&because)),
        Block::Table { caption: t.get("check-arithmetic").to_owned(), head, rows },
    ]
}

/// Machine checks with their arithmetic.
pub(in super::super) async fn checks(visit: Visit, path: Path<(String, String)>) -> HttpResponse {
    let (id, replay) = match open(&visit, &path.1, CasePage::Checks, Reading::Page).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let (t, view, case) = (visit.t, &visit.view, replay.case());
    let mut sections = Vec::new();
    for (i, c) in case.checks().iter().enumerate() {
        sections.push(Section {
            id: format!("check-{}", i + 1),
            title: format!("{}: {} v{}", i + 1, clean(&c.pack.id), c.pack.version),
            blocks: check_blocks(t, view, c),
        });
    }
    if case.checks().is_empty() {
        sections.push(section(t, "s-checks", vec![Block::Text(t.get("checks-none").to_owned())]));
    }
    document(&visit, &id, CasePage::Checks, "tab-checks", t.get("checks-lead").to_owned(), sections)
}

/// Every entry.
pub(in super::super) async fn journal(visit: Visit, path: Path<(String, String)>) -> HttpResponse {
    let (id, replay) = match open(&visit, &path.1, CasePage::Journal, Reading::Page).await {
        Ok(found) => found,
        Err(answer) => return answer,
    };
    let (t, view) = (visit.t, &visit.view);
    let plain = |text: String| Cell { text, ..Cell::default() };
    let mut rows: Vec<(u64, Vec<Cell>)> = replay
        .events()
        .iter()
        .map(|e| {
            let cells = vec![
                plain(e.author.seq.to_string()),
                plain(time(e.author.at)),
                plain(clean(&view.name_of(e.author.holder))),
                plain(words::role(t, e.author.role)),
                plain(t.get(&format!("event-{}", e.event.name())).to_owned()),
                plain(words::event_details(t, view, &e.event)),
            ];
            (e.author.seq, cells)
        })
        .collect();
    for p in replay.passed_over() {
        let bad = |text: String| Cell { text, tone: Tone::Bad, ..Cell::default() };
        let cells = vec![
            bad(p.seq.to_string()),
            bad(String::new()),
            bad(String::new()),
            bad(String::new()),
            bad(t.get("does-not-count").to_owned()),
            bad(passed_over(t, view, p.seq, &p.fault)),
        ];
        rows.push((p.seq, cells));
    }
    rows.sort_by_key(|(seq, _)| *seq);
    let head = ["col-entry", "col-when", "col-who", "col-role", "col-what", "col-details"];
    let table = Block::Table {
        caption: t.get("tab-journal").to_owned(),
        head: head.map(|k| t.get(k).to_owned()).to_vec(),
        rows: rows.into_iter().map(|(_, cells)| cells).collect(),
    };
    let head = Fact { name: t.get("f-head").to_owned(), value: hex::encode(replay.head().0), code: true };
    let sections = vec![section(t, "s-journal", vec![table, Block::Facts(vec![head])])];
    document(&visit, &id, CasePage::Journal, "tab-journal", t.get("journal-lead").to_owned(), sections)
}
