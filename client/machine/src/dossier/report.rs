//! What the dossier's report says, taken from the folded case. The page itself is [`subrosa_templates::Report`].

use subrosa_casework::{
    case::{AccusedHeard, Act, Event, Verdict},
    clock::Zone,
};
use subrosa_templates::{Report, ReportCheck, ReportEntry, ReportPending, ReportPiece, ReportTriage, Text, key, say};

use super::{
    Material,
    form::{Custodial, Entry, EvidenceEntry, LeftOut, NotEnclosed},
};
use crate::preview::Removed;

fn moment(at: u64) -> String {
    let date = Zone(0).date(at).map(|d| d.to_string()).unwrap_or_default();
    format!("{date} {:02}:{:02} UTC", at / 3600 % 24, at / 60 % 60)
}

/// The report as a page, or `None` if it cannot be rendered.
pub(super) fn html(m: &Material<'_>, evidence: &[EvidenceEntry], entries: &[Entry]) -> Option<String> {
    let (t, case) = (m.words, m.replay.case());
    let left_out: Vec<_> =
        entries.iter().filter_map(|e| Some((e.seq, left(t, e.redacted?, e.detail.as_deref())))).collect();
    let left_out = left_out.as_slice();
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
        evidence: evidence.iter().map(|e| piece(t, e)).collect(),
        entries: shown(m, left_out),
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

fn piece(t: &Text, e: &EvidenceEntry) -> ReportPiece {
    ReportPiece {
        name: e.name.clone(),
        entry: e.item,
        origin: e.origin.clone(),
        original_bytes: e.original_bytes,
        original_sha256: e.original_sha256.clone(),
        enclosed: e.enclosed.clone().zip(e.enclosed_sha256.clone()),
        removed: e.left_behind.iter().map(|what| removed(t, what)).collect(),
        not_enclosed: e.not_enclosed.map(|why| stays_sealed(t, why, e.readers)),
        custody: e.custody.iter().map(|c| [moment(c.at), handled(t, c.how), c.by.clone()]).collect(),
    }
}

fn shown(m: &Material<'_>, left_out: &[(u64, String)]) -> Vec<ReportEntry> {
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

/// Why an entry is left out.
fn left(t: &Text, why: LeftOut, detail: Option<&str>) -> String {
    let detail = detail.unwrap_or_default();
    match why {
        LeftOut::Officer => detail.to_owned(),
        LeftOut::DoesNotCount => {
            let fault = match detail {
                "no-key" => t.get(key!("report-fault-no-key")),
                "unreadable" => t.get(key!("fault-unreadable")),
                rule => t.named("rule", rule),
            };
            say!(t, "report-left-does-not-count", why = fault)
        }
        why => t.get(&format!("report-left-{}", why.name())).to_owned(),
    }
}

fn stays_sealed(t: &Text, why: NotEnclosed, readers: Option<u32>) -> String {
    match why {
        NotEnclosed::FewReaders => say!(t, "report-stays-few-readers", n = readers.unwrap_or_default()),
        why @ NotEnclosed::NoSafeCopy => t.get(&format!("report-stays-{}", why.name())).to_owned(),
    }
}

fn handled(t: &Text, how: Custodial) -> String {
    t.get(&format!("report-custody-{}", how.name())).to_owned()
}

/// What a copy left behind.
fn removed(t: &Text, what: &Removed) -> String {
    match what {
        Removed::AfterEnd { bytes } => say!(t, "report-removed-after-end", bytes = bytes),
        Removed::Thumbnail { bytes } => say!(t, "report-removed-thumbnail", bytes = bytes),
        Removed::Comment { bytes } => say!(t, "report-removed-comment", bytes = bytes),
        Removed::Segment { name, bytes } => say!(t, "report-removed-segment", name = name, bytes = bytes),
        Removed::AllButPixels => t.get(key!("report-removed-all-but-pixels")).to_owned(),
        Removed::Mark { kind, line, found } => {
            let what = t.get(&format!("mark-{}", kind.name()));
            match found {
                Some(found) => say!(t, "report-removed-mark-found", line = line, what = what, found = found),
                None => say!(t, "report-removed-mark", line = line, what = what),
            }
        }
    }
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

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use subrosa_templates::Language;

    use super::*;
    use crate::preview::MarkKind;

    /// Every sentence that the report makes of a name in the files.
    fn sentences(t: &Text) -> Vec<String> {
        let detail = |why: LeftOut| matches!(why, LeftOut::DoesNotCount).then_some("wrong-role");
        let mut out: Vec<String> = LeftOut::ALL.iter().map(|why| left(t, *why, detail(*why))).collect();
        out.extend(["no-key", "unreadable"].map(|fault| left(t, LeftOut::DoesNotCount, Some(fault))));
        out.extend(NotEnclosed::ALL.iter().map(|why| stays_sealed(t, *why, Some(3))));
        out.extend(Custodial::ALL.iter().map(|how| handled(t, *how)));
        let bytes = 7;
        let kinds = [MarkKind::Invisible, MarkKind::LookAlike, MarkKind::OddSpace, MarkKind::Spacing];
        let mut lost = vec![
            Removed::AfterEnd { bytes },
            Removed::Thumbnail { bytes },
            Removed::Comment { bytes },
            Removed::Segment { name: "APP1".into(), bytes },
            Removed::AllButPixels,
        ];
        lost.extend(kinds.map(|kind| Removed::Mark { kind, line: 2, found: Some("U+200B".into()) }));
        lost.push(Removed::Mark { kind: MarkKind::Spacing, line: 2, found: None });
        out.extend(lost.iter().map(|what| removed(t, what)));
        out
    }

    #[test]
    fn every_name_in_the_files_has_words_in_every_language() {
        let english = sentences(Language::root().console().unwrap());
        for t in Language::of_console().filter_map(Language::console) {
            for (said, english) in sentences(t).iter().zip(&english) {
                assert!(!said.contains("[missing"), "{}: {said}, as {english}", t.language().code());
                let own = said.is_empty() || t.language() == Language::root() || said != english;
                assert!(own, "{}: {said}", t.language().code());
            }
        }
    }
}
