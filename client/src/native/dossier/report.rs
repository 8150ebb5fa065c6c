//! The dossier's report: one HTML page that needs nothing beside it, without scripts, links or pictures.

use subrosa_casework::case::{AccusedHeard, Act, Case, Event, Verdict};
use subrosa_casework::clock::Zone;

use super::{EvidenceEntry, Material};

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

pub(super) fn html(m: &Material<'_>, evidence: &[EvidenceEntry], left_out: &[(u64, String)]) -> String {
    let case = m.replay.case();
    let mut out = String::new();
    let mut put = |text: String| out.push_str(&text);
    let id = hex::encode(case.id().0);
    put(format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>Dossier {short}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>Dossier of case {short}</h1>\n",
        short = id.get(..16).unwrap_or(&id)
    ));
    put(format!(
        "<p>From the programme {} (<code>{}</code>), made {}. The source is anonymous, to this programme too. Do not try to find out who it is: the law of many countries forbids it.</p>\n",
        escape(m.title),
        escape(m.programme),
        moment(m.made_at)
    ));
    put(format!("<h2>Account</h2>\n<p class=\"words\">{}</p>\n", escape(m.summary.trim())));
    put(format!("<h2>Where the case stands</h2>\n<ul>\n<li>State: {}</li>\n", escape(case.state().name())));
    if let Some(t) = case.triage() {
        put(format!(
            "<li>Field: {}, version {}; class {}; jurisdiction {}; severity {} of 5</li>\n",
            escape(&t.pack.id),
            t.pack.version,
            escape(&t.class),
            escape(&t.jurisdiction),
            t.severity
        ));
    }
    if let Some(risk) = case.retaliation() {
        put(format!("<li>Risk of retaliation against the source: {risk} of 100</li>\n"));
    }
    put("</ul>\n".into());
    for words in findings(m, case) {
        put(words);
    }
    checks(case, &mut put);
    put("<h2>Evidence</h2>\n".into());
    if evidence.is_empty() {
        put("<p>None was added.</p>\n".into());
    }
    for e in evidence {
        put(piece(e));
    }
    put("<h2>Events</h2>\n<table>\n<caption>Every entry of the case's journal that is enclosed. Signatures: journal.json</caption>\n<thead><tr><th scope=\"col\">Entry</th><th scope=\"col\">When</th><th scope=\"col\">Who</th><th scope=\"col\">Role</th><th scope=\"col\">What</th></tr></thead>\n<tbody>\n".into());
    for e in m.replay.events().iter().filter(|e| !left_out.iter().any(|(seq, _)| *seq == e.author.seq)) {
        let who = m.names.get(&e.author.holder).cloned().unwrap_or_else(|| e.author.holder.to_string());
        put(format!(
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
            e.author.seq,
            moment(e.author.at),
            escape(&who),
            e.author.role,
            escape(&what(&e.event))
        ));
    }
    put("</tbody>\n</table>\n<h2>Left out</h2>\n".into());
    if left_out.is_empty() {
        put("<p>Nothing.</p>\n".into());
    } else {
        put("<table>\n<thead><tr><th scope=\"col\">Entry</th><th scope=\"col\">Why</th></tr></thead>\n<tbody>\n".into());
        for (seq, why) in left_out {
            put(format!("<tr><td>{seq}</td><td>{}</td></tr>\n", escape(why)));
        }
        put("</tbody>\n</table>\n".into());
    }
    put(format!(
        "<h2>How to verify this</h2>\n<p>Compare the programme's root fingerprint with one from another place: <code>{}</code>. Then run <code>subrosa audit dossier FILE --identity YOUR-KEY --root FINGERPRINT</code>, or any program that follows the specification of the format; no server is needed.</p>\n</main>\n</body>\n</html>\n",
        m.root
    ));
    out
}

fn findings(m: &Material<'_>, case: &Case) -> Vec<String> {
    let mut out = Vec::new();
    let mut add = |title: &str, words: &str| {
        out.push(format!("<h2>{title}</h2>\n<p class=\"words\">{}</p>\n", escape(words)));
    };
    for e in m.replay.events() {
        match &e.event {
            Event::Proposed(Act::Substantiate { findings } | Act::CloseUnsubstantiated { findings }) => {
                add("Findings of the adjudicators", findings);
            }
            Event::AuthorityDecided(d) => {
                add("Decision of an authority", &format!("{}, {}, SHA-256 {}", d.authority, d.reference, d.sha256));
            }
            _ => {}
        }
    }
    match case.accused() {
        Some(AccusedHeard::Reply(words)) => add("What the accused says", words),
        Some(AccusedHeard::SafetyWaiver(words)) => add("Why the accused was not asked", words),
        None => {}
    }
    out
}

fn checks(case: &Case, put: &mut impl FnMut(String)) {
    for check in case.checks() {
        let verdict = match check.verdict {
            Verdict::Consistent => "consistent with what is reported",
            Verdict::Inconsistent => "inconsistent with what is reported",
            Verdict::Indeterminate => "indeterminate",
        };
        put(format!(
            "<h2>Machine check</h2>\n<p>{}, version {}: <strong>{verdict}</strong> ({}). A check compares numbers; it proves nothing.</p>\n<table>\n<thead><tr><th scope=\"col\">Step</th><th scope=\"col\">Formula</th><th scope=\"col\">Result</th></tr></thead>\n<tbody>\n",
            escape(&check.pack.id),
            check.pack.version,
            escape(&check.because)
        ));
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

fn piece(e: &EvidenceEntry) -> String {
    let mut out = format!(
        "<h3>{} (entry {})</h3>\n<ul>\n<li>Origin: {}</li>\n<li>Original: {} bytes, SHA-256 <code>{}</code>; sealed with the programme</li>\n",
        escape(&e.name),
        e.item,
        escape(&e.origin),
        e.original_bytes,
        escape(&e.original_sha256)
    );
    if let (Some(path), Some(digest)) = (&e.enclosed, &e.enclosed_sha256) {
        out.push_str(&format!(
            "<li>Enclosed: <code>{}</code>, SHA-256 <code>{}</code></li>\n",
            escape(path),
            escape(digest)
        ));
    }
    for left in &e.left_behind {
        out.push_str(&format!("<li>Removed from the enclosed copy: {}</li>\n", escape(left)));
    }
    if let Some(why) = &e.not_enclosed {
        out.push_str(&format!("<li>Not enclosed: {}</li>\n", escape(why)));
    }
    for c in &e.custody {
        out.push_str(&format!("<li>{}: {} by {}</li>\n", moment(c.at), escape(&c.how), escape(&c.by)));
    }
    out.push_str("</ul>\n");
    out
}

/// An event in a few words: its name, as the specification lists it.
fn what(event: &Event) -> String {
    let text = format!("{event:?}");
    let name = text.split(['(', '{', ' ']).next().unwrap_or_default();
    let mut words = String::new();
    for (i, c) in name.chars().enumerate() {
        if c.is_uppercase() && i > 0 {
            words.push(' ');
        }
        words.extend(c.to_lowercase());
    }
    if let Event::Proposed(act) = event {
        let act = format!("{act:?}");
        words.push_str(&format!(": {}", act.split(['(', '{', ' ']).next().unwrap_or_default().to_lowercase()));
    }
    words
}
