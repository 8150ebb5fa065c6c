//! The dossier's report: one HTML page that needs nothing beside it, without scripts, links or pictures.

use std::fmt;

use askama::{Template, filters::Escaper};

use crate::Text;

/// Text for the report: no character of it can be markup, and none can turn the page's direction.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ForReport;

impl Escaper for ForReport {
    fn write_escaped_str<W: fmt::Write>(&self, mut dest: W, string: &str) -> fmt::Result {
        for c in string.chars() {
            match c {
                '&' => dest.write_str("&amp;")?,
                '<' => dest.write_str("&lt;")?,
                '>' => dest.write_str("&gt;")?,
                '"' => dest.write_str("&quot;")?,
                '\'' => dest.write_str("&#39;")?,
                '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => dest.write_char('\u{fffd}')?,
                c if c.is_control() && !matches!(c, '\n' | '\t') => dest.write_char('\u{fffd}')?,
                c => dest.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// Triage's decision about a case.
#[derive(Clone, Debug)]
pub struct ReportTriage {
    /// The regime pack's id.
    pub field: String,
    /// The version of the pack.
    pub version: u32,
    /// The class of violation.
    pub class: String,
    /// Whose law applies.
    pub jurisdiction: String,
    /// From 1 to 5.
    pub severity: u8,
}

/// A decision that waits for its second signature.
#[derive(Clone, Debug)]
pub struct ReportPending {
    /// What would be decided.
    pub what: String,
    /// Who signed first.
    pub who: String,
    /// When that was.
    pub when: String,
}

/// A machine check.
#[derive(Clone, Debug)]
pub struct ReportCheck {
    /// The regime pack's id.
    pub pack: String,
    /// The version of the pack.
    pub version: u32,
    /// The verdict, in words.
    pub verdict: String,
    /// The stable name of the rule that gave it.
    pub because: String,
    /// Each step of the arithmetic: name, formula, result.
    pub steps: Vec<[String; 3]>,
}

/// A piece of evidence.
#[derive(Clone, Debug)]
pub struct ReportPiece {
    /// The name that the case knows it by.
    pub name: String,
    /// The entry that took it in.
    pub entry: u64,
    /// Where it comes from.
    pub origin: String,
    /// Length of the original.
    pub original_bytes: u64,
    /// SHA-256 of the original, as hexadecimal.
    pub original_sha256: String,
    /// Path and SHA-256 of what is enclosed.
    pub enclosed: Option<(String, String)>,
    /// What the enclosed copy lacks.
    pub removed: Vec<String>,
    /// Why nothing is enclosed.
    pub not_enclosed: Option<String>,
    /// Who had it in hand: time, what was done, name.
    pub custody: Vec<[String; 3]>,
}

/// An entry of the journal.
#[derive(Clone, Debug)]
pub struct ReportEntry {
    /// Its place in the journal.
    pub seq: u64,
    /// When it was written.
    pub when: String,
    /// Who wrote it.
    pub who: String,
    /// In which role.
    pub role: String,
    /// What it says, in a few words.
    pub what: String,
}

/// The report of a dossier. Every text goes in as it is and is made harmless on the page.
#[derive(Clone, Debug, Template)]
#[template(path = "console/report.html", escape = "report")]
pub struct Report {
    /// Its words: those of the console.
    pub t: &'static Text,
    /// The beginning of the case's name.
    pub case: String,
    /// What the programme calls itself.
    pub title: String,
    /// The programme's id.
    pub programme: String,
    /// When the dossier was made.
    pub made: String,
    /// The officers' own account.
    pub account: String,
    /// The case's state, in words.
    pub state: String,
    /// What triage decided.
    pub triage: Option<ReportTriage>,
    /// The retaliation score.
    pub risk: Option<u8>,
    /// What was found, decided or said, each under its heading.
    pub statements: Vec<(String, String)>,
    /// What is proposed and not decided.
    pub pending: Vec<ReportPending>,
    /// What machines have checked, oldest first.
    pub checks: Vec<ReportCheck>,
    /// The pieces of evidence, in the order in which they were taken in.
    pub evidence: Vec<ReportPiece>,
    /// The enclosed entries of the journal.
    pub entries: Vec<ReportEntry>,
    /// Entries that are left out, with the reason.
    pub left_out: Vec<(u64, String)>,
    /// The programme's root key, in groups.
    pub root: String,
}

impl Report {
    /// The page, or `None` if it cannot be rendered.
    pub fn to_html(&self) -> Option<String> {
        self.render().ok()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::Language;

    fn report(t: &'static Text) -> Report {
        let step = |s: &str| s.to_owned();
        Report {
            t,
            case: "00ff".into(),
            title: "A <programme>".into(),
            programme: "demo.example".into(),
            made: "2026-11-24 14:05 UTC".into(),
            account: "First & last.\u{202e}".into(),
            state: "accepted".into(),
            triage: Some(ReportTriage {
                field: "compute".into(),
                version: 2,
                class: "c".into(),
                jurisdiction: "DE".into(),
                severity: 3,
            }),
            risk: Some(40),
            statements: vec![("Findings".into(), "It happened.".into())],
            pending: vec![ReportPending { what: "Close".into(), who: "Ada".into(), when: "then".into() }],
            checks: vec![ReportCheck {
                pack: "compute".into(),
                version: 2,
                verdict: "consistent".into(),
                because: "rule".into(),
                steps: vec![["a", "b < c", "d"].map(step)],
            }],
            evidence: vec![ReportPiece {
                name: "log".into(),
                entry: 4,
                origin: "the source".into(),
                original_bytes: 1,
                original_sha256: "00".into(),
                enclosed: Some(("evidence/4".into(), "01".into())),
                removed: vec!["names".into()],
                not_enclosed: Some("too large".into()),
                custody: vec![["then", "opened", "Ada"].map(step)],
            }],
            entries: vec![ReportEntry {
                seq: 1,
                when: "then".into(),
                who: "Ada".into(),
                role: "triager".into(),
                what: "Tip received".into(),
            }],
            left_out: vec![(2, "a letter".into())],
            root: "abcd".into(),
        }
    }

    #[test]
    fn nothing_in_a_report_is_markup_and_no_words_are_missing() {
        for language in Language::of_console() {
            let whole = report(language.console().unwrap());
            let bare = Report {
                statements: Vec::new(),
                pending: Vec::new(),
                evidence: Vec::new(),
                left_out: Vec::new(),
                ..whole.clone()
            };
            for html in [whole.to_html().unwrap(), bare.to_html().unwrap()] {
                assert!(html.contains("A &lt;programme&gt;") && html.contains("First &amp; last.\u{fffd}"));
                for bad in ["[missing", "<programme>", "<script", "<img", "href=", "\u{202e}"] {
                    assert!(!html.contains(bad), "{}: {bad}", language.code());
                }
            }
        }
    }
}
