//! The dossier's report: one HTML page that needs nothing beside it, without scripts, links or pictures.

use std::fmt::Display;

use subrosa_casework::{
    case::{AccusedHeard, Act, Case, Event, Verdict},
    clock::Zone,
};
use subrosa_templates::console::Words;

use super::{EvidenceEntry, Material};
use subrosa_engine::officer::{act_key, event_name};

const STYLE: &str = "body{font:16px/1.5 Georgia,serif;max-width:46em;margin:2em auto;padding:0 1em;color:#111;background:#fff}\
h1,h2{line-height:1.2}table{border-collapse:collapse;width:100%;font-size:14px}caption{text-align:left;font-weight:bold;padding:.4em 0}\
th,td{border:1px solid #888;padding:.3em .5em;text-align:left;vertical-align:top}code{font:13px/1.4 monospace;word-break:break-all}\
p.words{white-space:pre-wrap}@media print{body{max-width:none}}";

/// Text for HTML: no character of it can be markup, and none can turn the page's direction.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => out.push('\u{fffd}'),
            c if c.is_control() && !matches!(c, '\n' | '\t') => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

fn moment(at: u64) -> String {
    let date = Zone(0).date(at).map(|d| d.to_string()).unwrap_or_default();
    format!("{date} {:02}:{:02} UTC", at / 3600 % 24, at / 60 % 60)
}

/// Words with values in their places, for HTML.
fn said(t: &Words, key: &str, values: &[(&str, &dyn Display)]) -> String {
    escape(&t.with(key, values))
}

/// A table's head and caption.
fn table(t: &Words, caption: Option<&str>, head: &[&str]) -> String {
    let caption = caption.map(|key| format!("<caption>{}</caption>\n", said(t, key, &[]))).unwrap_or_default();
    let head: String = head.iter().map(|key| format!("<th scope=\"col\">{}</th>", said(t, key, &[]))).collect();
    format!("<table>\n{caption}<thead><tr>{head}</tr></thead>\n<tbody>\n")
}

pub(super) fn html(m: &Material<'_>, evidence: &[EvidenceEntry], left_out: &[(u64, String)]) -> String {
    let (t, case) = (m.words, m.replay.case());
    let mut out = String::new();
    let mut put = |text: String| out.push_str(&text);
    let h2 = |key: &str| format!("<h2>{}</h2>\n", said(t, key, &[]));
    let id = hex::encode(case.id().0);
    let title = said(t, "report-title", &[("case", &id.get(..16).unwrap_or(&id))]);
    put(format!(
        "<!DOCTYPE html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n",
        t.code
    ));
    put(format!(
        "<p>{} (<code>{}</code>), {}</p>\n",
        said(t, "report-from", &[("programme", &m.title)]),
        escape(m.programme),
        said(t, "report-made", &[("time", &moment(m.made_at))])
    ));
    put(format!("{}<p class=\"words\">{}</p>\n", h2("report-account"), escape(m.summary.trim())));
    let state = t.named("state", case.state().name());
    put(format!("{}<ul>\n<li>{}</li>\n", h2("report-standing"), said(t, "report-state", &[("state", &state)])));
    if let Some(set) = case.triage() {
        let values: [(&str, &dyn Display); 5] = [
            ("field", &set.pack.id),
            ("version", &set.pack.version),
            ("class", &set.class),
            ("jurisdiction", &set.jurisdiction),
            ("severity", &set.severity),
        ];
        put(format!("<li>{}</li>\n", said(t, "report-triage", &values)));
    }
    if let Some(risk) = case.retaliation() {
        put(format!("<li>{}</li>\n", said(t, "report-risk", &[("risk", &risk)])));
    }
    put("</ul>\n".into());
    for words in findings(m, case) {
        put(words);
    }
    checks(t, case, &mut put);
    put(h2("report-evidence"));
    if evidence.is_empty() {
        put(format!("<p>{}</p>\n", said(t, "report-evidence-none", &[])));
    }
    for e in evidence {
        put(piece(t, e));
    }
    put(h2("report-events"));
    let head = ["report-entry", "report-when", "report-who", "report-role", "report-what"];
    put(table(t, Some("report-events-caption"), &head));
    for e in m.replay.events().iter().filter(|e| !left_out.iter().any(|(seq, _)| *seq == e.author.seq)) {
        let who = m.names.get(&e.author.holder).cloned().unwrap_or_else(|| e.author.holder.to_string());
        put(format!(
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            e.author.seq,
            moment(e.author.at),
            escape(&who),
            escape(t.named("role", &e.author.role.to_string())),
            escape(&what(t, &e.event))
        ));
    }
    put(format!("</tbody>\n</table>\n{}", h2("report-left-out")));
    if left_out.is_empty() {
        put(format!("<p>{}</p>\n", said(t, "report-left-out-none", &[])));
    } else {
        put(table(t, None, &["report-entry", "report-why"]));
        for (seq, why) in left_out {
            put(format!("<tr><td>{seq}</td><td>{}</td></tr>\n", escape(why)));
        }
        put("</tbody>\n</table>\n".into());
    }
    put(format!(
        "{}<p>{} <code>{}</code></p>\n<p>{} <code>subrosa audit dossier FILE --identity YOUR-KEY --root FINGERPRINT</code></p>\n</main>\n</body>\n</html>\n",
        h2("report-verify"),
        said(t, "report-verify-how", &[]),
        m.root,
        said(t, "report-verify-run", &[])
    ));
    out
}

fn findings(m: &Material<'_>, case: &Case) -> Vec<String> {
    let mut out = Vec::new();
    let mut add = |title: &str, words: &str| {
        out.push(format!("<h2>{}</h2>\n<p class=\"words\">{}</p>\n", said(m.words, title, &[]), escape(words)));
    };
    for e in m.replay.events() {
        match &e.event {
            Event::Proposed(Act::Substantiate { findings } | Act::CloseUnsubstantiated { findings }) => {
                add("report-findings", findings);
            }
            Event::AuthorityDecided(d) => {
                add("report-authority", &format!("{}, {}, SHA-256 {}", d.authority, d.reference, d.sha256));
            }
            _ => {}
        }
    }
    match case.accused() {
        Some(AccusedHeard::Reply(words)) => add("report-accused-reply", words),
        Some(AccusedHeard::SafetyWaiver(words)) => add("report-accused-waiver", words),
        None => {}
    }
    out
}

fn checks(t: &Words, case: &Case, put: &mut impl FnMut(String)) {
    for check in case.checks() {
        let verdict = match check.verdict {
            Verdict::Consistent => "report-consistent",
            Verdict::Inconsistent => "report-inconsistent",
            Verdict::Indeterminate => "report-indeterminate",
        };
        put(format!(
            "<h2>{}</h2>\n<p>{} <strong>{}</strong> ({}). {}</p>\n",
            said(t, "report-check", &[]),
            said(t, "report-check-of", &[("pack", &check.pack.id), ("version", &check.pack.version)]),
            said(t, verdict, &[]),
            escape(&check.because),
            said(t, "report-check-proves", &[])
        ));
        put(table(t, None, &["report-step", "report-formula", "report-result"]));
        for step in &check.steps {
            put(format!(
                "<tr><td>{}</td><td><code>{}</code></td><td>{}</td></tr>\n",
                escape(&step.name),
                escape(&step.formula),
                escape(&step.result)
            ));
        }
        put("</tbody>\n</table>\n".into());
    }
}

fn piece(t: &Words, e: &EvidenceEntry) -> String {
    let mut out = format!(
        "<h3>{}</h3>\n<ul>\n<li>{}</li>\n<li>{} <code>{}</code></li>\n",
        said(t, "report-piece", &[("name", &e.name), ("entry", &e.item)]),
        said(t, "report-origin", &[("origin", &e.origin)]),
        said(t, "report-original", &[("bytes", &e.original_bytes)]),
        escape(&e.original_sha256)
    );
    if let (Some(path), Some(digest)) = (&e.enclosed, &e.enclosed_sha256) {
        out.push_str(&format!(
            "<li>{} <code>{}</code>, <code>{}</code></li>\n",
            said(t, "report-enclosed", &[]),
            escape(path),
            escape(digest)
        ));
    }
    for left in &e.left_behind {
        out.push_str(&format!("<li>{}</li>\n", said(t, "report-removed", &[("what", left)])));
    }
    if let Some(why) = &e.not_enclosed {
        out.push_str(&format!("<li>{}</li>\n", said(t, "report-not-enclosed", &[("why", why)])));
    }
    for c in &e.custody {
        let values: [(&str, &dyn Display); 3] = [("time", &moment(c.at)), ("how", &c.how), ("who", &c.by)];
        out.push_str(&format!("<li>{}</li>\n", said(t, "report-custody", &values)));
    }
    out.push_str("</ul>\n");
    out
}

/// An event in a few words.
fn what(t: &Words, event: &Event) -> String {
    let mut words = t.named("event", &event_name(event)).to_owned();
    if let Event::Proposed(act) = event {
        words.push_str(&format!(": {}", t.get(&format!("act-{}", act_key(act)))));
    }
    words
}
