//! What all pages of a case share: the way to it, and what stands above its page.

use std::sync::Arc;

use actix_web::{HttpResponse, http::StatusCode};
use subrosa_casework::{
    case::{Case, ClockState},
    journal::{EntryFault, Replay},
};
use subrosa_templates::console::{CaseHead, Chip, Document, Link, Notice, Section, Tone, Words};
use subrosa_templates::{key, say};

use super::parts::{notice, problem, said};
use crate::{
    frame::html,
    readings::Reading,
    request::Visit,
    snapshot::{CaseView, View, ended},
    text::{one_line, short},
    trouble::Trouble,
    words,
};

/// The pages of a case, in the order of their tabs.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum CasePage {
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

    /// The page with this name, as it stands in the log of readings.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|page| page.name() == name)
    }

    /// The key of its title.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Overview => key!("tab-overview"),
            Self::Thread => key!("tab-thread"),
            Self::Evidence => key!("tab-evidence"),
            Self::Checks => key!("tab-checks"),
            Self::People => key!("tab-people"),
            Self::Award => key!("tab-award"),
            Self::Journal => key!("tab-journal"),
        }
    }

    /// Its name in the log of readings.
    fn name(self) -> &'static str {
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
pub(crate) fn open(
    visit: &Visit,
    id: &str,
    room: CasePage,
    how: Reading,
) -> Result<([u8; 32], Arc<Replay>), HttpResponse> {
    let mut name = [0; 32];
    let known = hex::decode_to_slice(id, &mut name).is_ok();
    let Some(case) = visit.view.cases.get(&name).filter(|_| known) else {
        return Err(problem(visit, StatusCode::NOT_FOUND, key!("no-such-case")));
    };
    let Some(replay) = case.replay.clone() else {
        return Err(match &case.trouble {
            Some(trouble) => said(visit, StatusCode::BAD_GATEWAY, trouble.words(visit.t)),
            None if case.purged => problem(visit, StatusCode::NOT_FOUND, key!("case-purged-here")),
            None => problem(visit, StatusCode::NOT_FOUND, key!("case-not-read")),
        });
    };
    if let Err(e) = visit.console.note(name, how, room.name()) {
        return Err(said(visit, StatusCode::INTERNAL_SERVER_ERROR, Trouble::of(&e).words(visit.t)));
    }
    Ok((name, replay))
}

/// The head that all pages of a case share.
pub(crate) fn head(visit: &Visit, id: &[u8; 32], here: Option<CasePage>) -> Option<CaseHead> {
    let (t, view) = (visit.t, &visit.view);
    let case_view = view.cases.get(id)?;
    let replay = case_view.replay.as_ref()?;
    let case = replay.case();
    let base = format!("{}/case/{}", visit.base(), hex::encode(id));
    let mut chips = vec![words::state(t, case.state())];
    chips.extend(chips_of(t, view, case, visit.now));
    chips.extend(case.tags().iter().map(|tag| Chip { tone: Tone::Plain, text: format!("# {}", one_line(tag)) }));
    let tabs = CasePage::ALL.map(|room| Link {
        url: format!("{base}{}", room.path()),
        text: t.get(room.title()).to_owned(),
        here: here == Some(room),
        count: room.count(case),
    });
    Some(CaseHead {
        short: short(id),
        id: hex::encode(id),
        title: words::title(t, view, case_view),
        chips,
        tabs: tabs.to_vec(),
        warnings: warnings(t, view, case_view, replay),
    })
}

/// What everybody must know of a case before anything else.
fn warnings(t: &Words, view: &View, shown: &CaseView, replay: &Replay) -> Vec<Notice> {
    let (case, me) = (replay.case(), view.me.holder);
    let mut warnings = Vec::new();
    if let Some(why) = &shown.trouble {
        warnings.push(notice(Tone::Soon, say!(t, "warn-as-read-before", why = why.words(t))));
    }
    if case.must_turn_key() {
        warnings.push(bad(say!(t, "warn-turn-key").to_owned(), "key-must-turn"));
    }
    if case.recused().any(|h| h == me) {
        warnings.push(bad(say!(t, "warn-recused").to_owned(), "recused"));
    } else if !case.has_declared(me) {
        warnings.push(notice(Tone::Soon, say!(t, "warn-declare")));
    }
    warnings.extend(doubts(t, view, case));
    let passed = replay.passed_over().iter();
    warnings.extend(passed.map(|p| bad(passed_over(t, view, p.seq, &p.fault), p.fault.code())));
    warnings
}

fn bad(text: String, code: &str) -> Notice {
    Notice { tone: Tone::Bad, text, code: Some(code.to_owned()) }
}

/// What gives reason to doubt that everybody reads the same words of the source.
fn doubts(t: &Words, view: &View, case: &Case) -> Vec<Notice> {
    let numbers = |all: &[u64]| all.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    let who = case.contradictions().iter().map(|(h, _)| one_line(&view.name_of(*h)));
    let mut out: Vec<Notice> =
        who.map(|who| bad(say!(t, "warn-contradicted", who = who), "tip-contradicted")).collect();
    let (missing, doubled) = (case.missing_words(), case.doubled_words());
    if !missing.is_empty() {
        out.push(bad(say!(t, "warn-words-missing", numbers = numbers(&missing)), "words-missing"));
    }
    if !doubled.is_empty() {
        out.push(bad(say!(t, "warn-words-doubled", numbers = numbers(&doubled)), "words-doubled"));
    }
    out
}

/// An entry that does not count, in words.
pub(crate) fn passed_over(t: &Words, view: &View, seq: u64, fault: &EntryFault) -> String {
    match fault {
        EntryFault::Refused { author, refusal } => {
            let rule = words::refusal(t, refusal).text;
            say!(t, "passed-over-refused", n = seq, who = one_line(&view.name_of(*author)), rule = rule)
        }
        EntryFault::NoKey { generation } => {
            say!(t, "passed-over", n = seq, why = say!(t, "fault-no-key", generation = generation))
        }
        EntryFault::Unreadable => say!(t, "passed-over", n = seq, why = say!(t, "fault-unreadable")),
        EntryFault::Malformed(_) => say!(t, "passed-over", n = seq, why = say!(t, "rule-malformed")),
    }
}

/// A page of sections under the case's head.
pub(crate) fn document(
    visit: &Visit,
    id: &[u8; 32],
    room: CasePage,
    lead: String,
    sections: Vec<Section>,
) -> HttpResponse {
    let page = Document {
        f: visit.frame(),
        title: visit.t.get(room.title()).to_owned(),
        head: head(visit, id, Some(room)),
        lead,
        sections,
    };
    html(page.to_html(), StatusCode::OK)
}

/// Clocks that still matter, what waits, holds.
pub(crate) fn chips_of(t: &Words, view: &View, case: &Case, now: u64) -> Vec<Chip> {
    let mut out = Vec::new();
    for (name, state) in view.clocks(case, now) {
        let over = matches!(state, ClockState::Running { .. }) && ended(case.state());
        if !over && !matches!(state, ClockState::InTime { .. }) {
            out.push(words::clock(t, name, state, now));
        }
    }
    if !case.proposals().is_empty() {
        let text = say!(t, "chip-waiting", n = case.proposals().len());
        out.push(Chip { tone: Tone::Soon, text });
    }
    if let Some(score) = case.retaliation() {
        let tone = if score >= 50 { Tone::Bad } else { Tone::Plain };
        out.push(Chip { tone, text: say!(t, "chip-retaliation", n = score) });
    }
    if case.on_hold() {
        out.push(Chip { tone: Tone::Plain, text: say!(t, "chip-hold").to_owned() });
    }
    if case.must_turn_key() {
        out.push(Chip { tone: Tone::Bad, text: say!(t, "chip-turn-key").to_owned() });
    }
    if case.recused().any(|h| h == view.me.holder) {
        out.push(Chip { tone: Tone::Bad, text: say!(t, "chip-recused").to_owned() });
    }
    out
}
