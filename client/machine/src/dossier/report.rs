//! What the dossier's report says, taken from the folded case. The page itself is [`subrosa_templates::Report`].

use std::collections::BTreeSet;

use subrosa_casework::{
    case::{AccusedHeard, AuthorityDecision, CheckReport, Event, Proposal, TriageSet, Verdict},
    clock::Zone,
    journal::SignedEvent,
    money::Currency,
};
use subrosa_crypto::sign::HolderId;
use subrosa_templates::{Report, ReportCheck, ReportEntry, ReportPending, ReportPiece, ReportTriage, Text, key, say};

use super::{
    Material,
    fates::{self, Fates},
    form::{Custodial, Entry, EvidenceEntry, LeftOut, NotEnclosed},
};
use crate::{
    arithmetic,
    preview::Removed,
    say::{plain, plain_line},
};

fn moment(at: u64) -> String {
    let date = Zone(0).date(at).map(|d| d.to_string()).unwrap_or_default();
    format!("{date} {:02}:{:02} UTC", at / 3600 % 24, at / 60 % 60)
}

/// The report as a page, or `None` if it cannot be rendered.
pub(super) fn html(m: &Material<'_>, evidence: &[EvidenceEntry], entries: &[Entry]) -> Option<String> {
    let (t, case) = (m.words, m.replay.case());
    let left_out: Vec<_> =
        entries.iter().filter_map(|e| Some((e.seq, left(t, e.redacted?, detail(m, e).as_deref())))).collect();
    let hidden: BTreeSet<u64> = left_out.iter().map(|(seq, _)| *seq).collect();
    let id = hex::encode(case.id().0);
    let report = Report {
        t,
        case: id.get(..16).unwrap_or(&id).to_owned(),
        title: plain_line(m.title),
        programme: plain_line(m.programme),
        made: moment(m.made_at),
        account: plain(m.summary.trim()),
        state: t.named("state", case.state().outside().name()).to_owned(),
        triage: last(m, &hidden, |e| matches!(e, Event::TriageSet(_))).and(case.triage()).map(|set| triage(m, set)),
        risk: last(m, &hidden, |e| matches!(e, Event::RetaliationAssessed(_))).and(case.retaliation()),
        statements: statements(m, &hidden),
        pending: pending(m, &hidden),
        checks: checks(m, &hidden),
        evidence: evidence.iter().map(|e| piece(t, e)).collect(),
        entries: shown(m, &hidden),
        left_out,
        root: m.root.to_string(),
    };
    report.to_html()
}

fn name(m: &Material<'_>, holder: HolderId) -> String {
    m.names.get(&holder).map_or_else(|| holder.to_string(), |name| plain_line(name))
}

/// The entry that said the last word about something, unless it is left out.
fn last(m: &Material<'_>, hidden: &BTreeSet<u64>, says: fn(&Event) -> bool) -> Option<u64> {
    let last = m.replay.events().iter().rev().find(|e| says(&e.event))?.author.seq;
    (!hidden.contains(&last)).then_some(last)
}

/// What triage settled on, in the words of the pack and with its names.
fn triage(m: &Material<'_>, set: &TriageSet) -> ReportTriage {
    let pack = m.policies.pinned_pack(&set.pack);
    let word = |key: &str| pack.and_then(|p| p.text(m.words.language().code(), key)).map(plain_line);
    ReportTriage {
        field: word("title").unwrap_or_else(|| plain_line(&set.pack.id)),
        version: set.pack.version,
        class: word(&format!("class-{}", set.class)).unwrap_or_else(|| plain_line(&set.class)),
        jurisdiction: plain_line(&set.jurisdiction),
        severity: set.severity,
    }
}

/// What was found, decided and said: only what the folded case holds, and nothing of an entry that is left out.
fn statements(m: &Material<'_>, hidden: &BTreeSet<u64>) -> Vec<(String, String)> {
    let (t, case) = (m.words, m.replay.case());
    let mut out = Vec::new();
    if let Some(finding) = case.finding().filter(|f| !hidden.contains(&f.first.seq)) {
        // What two have found is shown by two signatures. One alone shows what one has written.
        let second = finding.second.seq;
        let title = match hidden.contains(&second) {
            true => say!(t, "report-finding-of-one", entry = second),
            false => t.get(key!("report-findings")).to_owned(),
        };
        out.push((title, plain(&finding.words)));
    }
    let decided = m.replay.events().iter().filter_map(|e| match &e.event {
        Event::AuthorityDecided(d) => Some((e.author.seq, d)),
        _ => None,
    });
    let decided: Vec<_> = decided.collect();
    for (at, (seq, d)) in decided.iter().enumerate().filter(|(_, (seq, _))| !hidden.contains(seq)) {
        let title = match decided.get(at + 1) {
            Some((later, _)) => say!(t, "report-authority-replaced", entry = seq, later = later),
            None => say!(t, "report-authority", entry = seq),
        };
        out.push((title, authority(t, d)));
    }
    match last(m, hidden, |e| matches!(e, Event::AccusedHeard(_))).and(case.accused()) {
        Some(AccusedHeard::Reply(w)) => out.push((t.get(key!("report-accused-reply")).to_owned(), plain(w))),
        Some(AccusedHeard::SafetyWaiver(w)) => out.push((t.get(key!("report-accused-waiver")).to_owned(), plain(w))),
        None => {}
    }
    out
}

fn authority(t: &Text, d: &AuthorityDecision) -> String {
    let (authority, reference) = (plain_line(&d.authority), plain_line(&d.reference));
    let words = format!("{authority}, {reference}, SHA-256 {}", d.sha256);
    match d.sanction {
        Some(sanction) => {
            let amount = t.locale().in_full(sanction.of(Currency::EUR));
            format!("{words}\n{}", say!(t, "report-sanction", amount = amount))
        }
        None => words,
    }
}

/// What one has signed and a second has not.
fn pending(m: &Material<'_>, hidden: &BTreeSet<u64>) -> Vec<ReportPending> {
    let waiting = m.replay.case().proposals().iter().filter(|(seq, _)| !hidden.contains(seq));
    let one = |p: &Proposal| ReportPending {
        what: fates::name(m.words, &p.act),
        who: name(m, p.by.holder),
        when: moment(p.by.at),
    };
    waiting.map(|(_, p)| one(p)).collect()
}

/// The machine checks whose entries are enclosed, oldest first.
fn checks(m: &Material<'_>, hidden: &BTreeSet<u64>) -> Vec<ReportCheck> {
    let enclosed = m.replay.events().iter().filter(|e| !hidden.contains(&e.author.seq));
    let checks = enclosed.filter_map(|e| match &e.event {
        Event::MachineChecked(check) => Some(checked(m, check)),
        _ => None,
    });
    checks.collect()
}

fn checked(m: &Material<'_>, check: &CheckReport) -> ReportCheck {
    let (t, pack) = (m.words, m.policies.pinned_pack(&check.pack));
    let verdict = match check.verdict {
        Verdict::Consistent => key!("report-consistent"),
        Verdict::Inconsistent => key!("report-inconsistent"),
        Verdict::Indeterminate => key!("report-indeterminate"),
    };
    let title = pack.and_then(|p| p.text(t.language().code(), "title"));
    ReportCheck {
        pack: plain_line(title.unwrap_or(&check.pack.id)),
        version: check.pack.version,
        verdict: t.get(verdict).to_owned(),
        because: arithmetic::because(t, check, pack),
        steps: check.steps.iter().map(|s| arithmetic::line(t, s)).collect(),
    }
}

fn piece(t: &Text, e: &EvidenceEntry) -> ReportPiece {
    ReportPiece {
        name: plain_line(&e.name),
        entry: e.item,
        origin: plain_line(&e.origin),
        original_bytes: e.original_bytes,
        original_sha256: e.original_sha256.clone(),
        enclosed: e.enclosed.clone().zip(e.enclosed_sha256.clone()),
        removed: e.left_behind.iter().map(|what| removed(t, what)).collect(),
        not_enclosed: e.not_enclosed.map(|why| stays_sealed(t, why, e.readers)),
        custody: e.custody.iter().map(|c| [moment(c.at), handled(t, c.how), plain_line(&c.by)]).collect(),
    }
}

fn shown(m: &Material<'_>, hidden: &BTreeSet<u64>) -> Vec<ReportEntry> {
    let fates = Fates::of(m.replay, hidden);
    let enclosed = m.replay.events().iter().filter(|e| !hidden.contains(&e.author.seq));
    let one = |e: &SignedEvent| {
        let kind = m.words.named("event", e.event.name());
        let more = fates.said(m.words, e.author.seq, &e.event);
        ReportEntry {
            seq: e.author.seq,
            when: moment(e.author.at),
            who: name(m, e.author.holder),
            role: m.words.named("role", &e.author.role.to_string()).to_owned(),
            what: if more.is_empty() { kind.to_owned() } else { format!("{kind}: {more}") },
        }
    };
    enclosed.map(one).collect()
}

/// What an entry that is left out says besides its reason, with people by name.
fn detail(m: &Material<'_>, e: &Entry) -> Option<String> {
    let detail = e.detail.as_ref()?;
    let person = || m.names.iter().find(|(holder, _)| holder.to_string() == *detail);
    let named = (e.redacted == Some(LeftOut::Recusal)).then(person).flatten();
    Some(named.map_or_else(|| detail.clone(), |(_, name)| plain_line(name)))
}

/// Why an entry is left out.
fn left(t: &Text, why: LeftOut, detail: Option<&str>) -> String {
    let detail = detail.unwrap_or_default();
    match why {
        LeftOut::Officer => plain(detail),
        LeftOut::DoesNotCount => {
            let fault = match detail {
                "no-key" => t.get(key!("report-fault-no-key")),
                "unreadable" => t.get(key!("fault-unreadable")),
                rule => t.named("rule", rule),
            };
            say!(t, "report-left-does-not-count", why = fault)
        }
        LeftOut::Recusal => say!(t, "report-left-recusal", who = detail),
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
        Removed::Pages { kept, of } => say!(t, "report-removed-pages", kept = kept, of = of),
        Removed::Frames => t.get(key!("report-removed-frames")).to_owned(),
        Removed::Mark { kind, line, found } => {
            let what = t.get(&format!("mark-{}", kind.name()));
            match found {
                Some(found) => say!(t, "report-removed-mark-found", line = line, what = what, found = found),
                None => say!(t, "report-removed-mark", line = line, what = what),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use subrosa_templates::Language;

    use super::*;
    use crate::preview::MarkKind;

    /// Every sentence that the report makes of a name in the files.
    fn sentences(t: &Text) -> Vec<String> {
        let detail = |why: LeftOut| match why {
            LeftOut::DoesNotCount => Some("wrong-role"),
            LeftOut::Recusal => Some("anna"),
            _ => None,
        };
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
            Removed::Pages { kept: 60, of: 61 },
            Removed::Frames,
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
