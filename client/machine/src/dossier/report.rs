//! What the dossier's report says, taken from the folded case. The page itself is [`subrosa_templates::Report`].

use subrosa_casework::{
    case::{AccusedHeard, Act, Event, Verdict},
    clock::Zone,
};
use subrosa_templates::{Report, ReportCheck, ReportEntry, ReportPending, ReportPiece, ReportTriage, Text, key};

use super::{EvidenceEntry, Material};

fn moment(at: u64) -> String {
    let date = Zone(0).date(at).map(|d| d.to_string()).unwrap_or_default();
    format!("{date} {:02}:{:02} UTC", at / 3600 % 24, at / 60 % 60)
}

/// The report as a page, or `None` if it cannot be rendered.
pub(super) fn html(m: &Material<'_>, evidence: &[EvidenceEntry], left_out: &[(u64, String)]) -> Option<String> {
    let (t, case) = (m.words, m.replay.case());
    let id = hex::encode(case.id().0);
    let triage = case.triage().map(|set| ReportTriage {
        field: set.pack.id.clone(),
        version: set.pack.version,
        class: set.class.clone(),
        jurisdiction: set.jurisdiction.clone(),
        severity: set.severity,
    });
    let report = Report {
        t,
        case: id.get(..16).unwrap_or(&id).to_owned(),
        title: m.title.to_owned(),
        programme: m.programme.to_owned(),
        made: moment(m.made_at),
        account: m.summary.trim().to_owned(),
        state: t.named("state", case.state().name()).to_owned(),
        triage,
        risk: case.retaliation(),
        statements: statements(m, left_out),
        pending: pending(m, left_out),
        checks: case.checks().iter().map(|check| checked(t, check)).collect(),
        evidence: evidence.iter().map(piece).collect(),
        entries: entries(m, left_out),
        left_out: left_out.to_vec(),
        root: m.root.to_string(),
    };
    report.to_html()
}

fn name(m: &Material<'_>, holder: subrosa_crypto::sign::HolderId) -> String {
    m.names.get(&holder).cloned().unwrap_or_else(|| holder.to_string())
}

fn stays(left_out: &[(u64, String)], seq: u64) -> bool {
    left_out.iter().any(|(left, _)| *left == seq)
}

/// What was found and decided: only what the folded case holds, and nothing of an entry that is left out.
fn statements(m: &Material<'_>, left_out: &[(u64, String)]) -> Vec<(String, String)> {
    let case = m.replay.case();
    let mut out = Vec::new();
    let mut add = |title: &str, words: &str| out.push((m.words.get(title).to_owned(), words.to_owned()));
    let mut accused = None;
    for e in m.replay.events().iter().filter(|e| !stays(left_out, e.author.seq)) {
        match &e.event {
            Event::AuthorityDecided(d) => {
                add(key!("report-authority"), &format!("{}, {}, SHA-256 {}", d.authority, d.reference, d.sha256));
            }
            Event::AccusedHeard(heard) if case.accused() == Some(heard) => accused = Some(heard),
            _ => {}
        }
        if let Some(finding) = case.finding().filter(|f| f.seq == e.author.seq) {
            add(key!("report-findings"), &finding.words);
        }
    }
    match accused {
        Some(AccusedHeard::Reply(words)) => add(key!("report-accused-reply"), words),
        Some(AccusedHeard::SafetyWaiver(words)) => add(key!("report-accused-waiver"), words),
        None => {}
    }
    out
}

/// What one has signed and a second has not.
fn pending(m: &Material<'_>, left_out: &[(u64, String)]) -> Vec<ReportPending> {
    let waiting = m.replay.case().proposals().iter().filter(|(seq, _)| !stays(left_out, **seq));
    waiting
        .map(|(_, p)| ReportPending { what: act(m.words, &p.act), who: name(m, p.by.holder), when: moment(p.by.at) })
        .collect()
}

fn checked(t: &Text, check: &subrosa_casework::case::CheckReport) -> ReportCheck {
    let verdict = match check.verdict {
        Verdict::Consistent => key!("report-consistent"),
        Verdict::Inconsistent => key!("report-inconsistent"),
        Verdict::Indeterminate => key!("report-indeterminate"),
    };
    ReportCheck {
        pack: check.pack.id.clone(),
        version: check.pack.version,
        verdict: t.get(verdict).to_owned(),
        because: check.because.clone(),
        steps: check.steps.iter().map(|s| [s.name.clone(), s.formula.clone(), s.result.clone()]).collect(),
    }
}

fn piece(e: &EvidenceEntry) -> ReportPiece {
    ReportPiece {
        name: e.name.clone(),
        entry: e.item,
        origin: e.origin.clone(),
        original_bytes: e.original_bytes,
        original_sha256: e.original_sha256.clone(),
        enclosed: e.enclosed.clone().zip(e.enclosed_sha256.clone()),
        removed: e.left_behind.clone(),
        not_enclosed: e.not_enclosed.clone(),
        custody: e.custody.iter().map(|c| [moment(c.at), c.how.clone(), c.by.clone()]).collect(),
    }
}

fn entries(m: &Material<'_>, left_out: &[(u64, String)]) -> Vec<ReportEntry> {
    let enclosed = m.replay.events().iter().filter(|e| !stays(left_out, e.author.seq));
    enclosed
        .map(|e| ReportEntry {
            seq: e.author.seq,
            when: moment(e.author.at),
            who: name(m, e.author.holder),
            role: m.words.named("role", &e.author.role.to_string()).to_owned(),
            what: what(m.words, &e.event),
        })
        .collect()
}

/// An event in a few words.
fn what(t: &Text, event: &Event) -> String {
    let words = t.named("event", event.name()).to_owned();
    match event {
        Event::Proposed(proposed) => format!("{words}: {}", act(t, proposed)),
        _ => words,
    }
}

fn act(t: &Text, act: &Act) -> String {
    t.get(&format!("act-{}", act.step().id())).to_owned()
}
