//! What an officer reads: the list of cases, one case, and its journal.

use anyhow::Result;
use serde_json::{Value, json};
use subrosa_casework::{
    award::SourceAct,
    case::{Case, CheckReport},
    journal::Replay,
    regime::{CLASS, PACK},
};
use subrosa_crypto::{file::FileManifest, sign::HolderId};
use subrosa_engine::{
    directory::Directory,
    message::Message,
    officer::{Delivered, Desk, Known, OfficerError, Watcher, files_of, visit},
    session as engine,
    trouble::Trouble,
};
use subrosa_machine::{
    arithmetic,
    say::{plain, plain_line},
    titles,
};
use subrosa_templates::say;

use super::{desk::open_to_visit, waiting};
use crate::{
    amount,
    answer::{Answer, troubles},
    env::{Env, KeyArgs},
    words::words,
};

/// What a visit's cases are, for people and for programs; they come in one by one.
#[derive(Default)]
struct Inbox {
    text: String,
    troubles: Vec<Trouble>,
    delivered: Vec<Delivered>,
    cases: Vec<(usize, Result<Replay, OfficerError>)>,
}

impl Watcher for Inbox {
    fn step(&mut self, _step: engine::Step, _done: usize, _of: usize) {}

    fn troubles(&mut self, troubles: Vec<Trouble>) {
        self.troubles.extend(troubles);
    }

    fn delivered(&mut self, _desk: &Desk, delivered: Vec<Delivered>) {
        self.delivered.extend(delivered);
    }

    fn case(&mut self, _desk: &Desk, at: usize, read: Result<Replay, OfficerError>) {
        self.cases.push((at, read));
    }
}

impl Inbox {
    fn rows(&mut self, desk: &Desk) -> Vec<Value> {
        let mut rows = Vec::new();
        for (at, read) in &self.cases {
            let id = desk.cases.get(*at).map(|c| hex::encode(c.id())).unwrap_or_default();
            let short = id.get(..16).unwrap_or(&id).to_owned();
            match read {
                Ok(replay) => {
                    let case = replay.case();
                    let (state, messages) = (case.state().name(), case.messages().len());
                    let waiting = case.proposals().len();
                    let more = match waiting {
                        0 => String::new(),
                        n => format!("  {n} waiting for a second signature"),
                    };
                    let count = say!(words(), "count-messages", n = messages as u64);
                    let stands = words().named("state", state);
                    self.text.push_str(&format!("{short}  {stands:<24} {count}{more}\n"));
                    rows.push(json!({ "case": id, "state": state, "messages": messages, "waiting": waiting }));
                }
                Err(e) => {
                    self.text.push_str(&format!("{short}  {}\n", plain_line(&e.to_string())));
                    rows.push(json!({ "case": id, "error": e.to_string() }));
                }
            }
        }
        rows
    }
}

pub(super) async fn inbox(k: &KeyArgs, env: &mut Env) -> Result<Answer> {
    let mut o = open_to_visit(k, env).await?;
    let mut inbox = Inbox::default();
    let mut s = env.session(&o.known.directory);
    let visited = visit(&mut o.file, &mut s, &o.known.ctx, &mut inbox).await?;
    let delivered = waiting::report(std::mem::take(&mut inbox.delivered), &o.known.directory);
    inbox.text.push_str(&delivered.text);
    let cases = inbox.rows(&o.file.contents);
    let mut text = inbox.text;
    for t in &inbox.troubles {
        text.push_str(&format!("Note: {}\n", plain_line(&t.to_string())));
    }
    if visited.unopened > 0 {
        text.push_str(&format!(
            "Note: listed, not opened yet, and asked for again: {}\n",
            say!(words(), "count-messages", n = visited.unopened as u64)
        ));
    }
    if cases.is_empty() {
        text.push_str("No cases yet. Tips appear here when the epoch in which they were filed closes.");
    }
    Ok(Answer::new(
        text,
        json!({
            "cases": cases, "filed": visited.filed, "troubles": troubles(&inbox.troubles),
            "unopened": visited.unopened, "delivered": delivered.json,
        }),
    ))
}

/// The messages from the tip on, each with its author's name.
fn thread(case: &Case, known: &Known) -> Vec<(String, String)> {
    let (t, directory) = (words(), &known.directory);
    let file = |f: &FileManifest| {
        let size = say!(t, "count-bytes", n = f.fingerprint().size);
        format!("\n[file: {}, {size}]", plain_line(f.name()))
    };
    let show = |bytes: &[u8]| match Message::recorded(bytes) {
        Ok(Message::Tip(tip)) => {
            let pack = known.policies.pack(&tip.regime);
            let said = |key: &str| pack.and_then(|p| p.text(t.language().code(), key)).map(plain_line);
            let title = said("title").unwrap_or_else(|| plain_line(&tip.regime));
            let mut s = format!("[tip: {title}]\n{}", plain(&tip.narrative));
            for (question, answer) in tip.answers.iter().filter(|(question, _)| *question != PACK) {
                let (name, answer) = match question == CLASS {
                    true => {
                        (t.get("f-class").to_owned(), said(&format!("class-{answer}")).unwrap_or_else(|| plain(answer)))
                    }
                    false => (said(&format!("ask-{question}")).unwrap_or_else(|| plain_line(question)), plain(answer)),
                };
                s.push_str(&format!("\n{name}: {answer}"));
            }
            s.extend(tip.files.iter().map(file));
            s
        }
        Ok(Message::Text { text, files }) => {
            let mut s = plain(&text);
            s.extend(files.iter().map(file));
            s
        }
        Ok(Message::Notice(n)) => {
            let text = n.amount().map_or_else(|| plain(&n.text), amount::show);
            format!("[{}] {text}", plain_line(t.named("state", &n.state)))
        }
        Ok(Message::Statement(s)) => match s.act {
            SourceAct::AcceptAward { amount } => {
                format!("[{}]", say!(t, "source-accept-award", amount = amount::show(amount)))
            }
            act => format!("[{}]", t.get(&format!("source-{}", act.name()))),
        },
        Ok(Message::TokenRequest(_)) => "[asks for the award's tokens]".into(),
        Ok(_) => "[another kind of message]".into(),
        Err(e) => format!("[{e}]"),
    };
    let who = |sent: Option<HolderId>| {
        sent.map_or_else(|| "source".to_owned(), |holder| plain_line(&directory.name_of(holder)))
    };
    case.messages().iter().map(|m| (who(m.sent.map(|(holder, _)| holder)), show(&m.body.0))).collect()
}

/// What a message states, by the name that programs know: the state that a notice tells, the act of a statement.
fn code(body: &[u8]) -> Option<String> {
    match Message::recorded(body) {
        Ok(Message::Notice(n)) => Some(n.state),
        Ok(Message::Statement(s)) => Some(s.act.name().to_owned()),
        _ => None,
    }
}

pub(super) fn show(replay: &Replay, known: &Known) -> Answer {
    let (t, case, directory) = (words(), replay.case(), &known.directory);
    let mut text = format!("case {}\nstate {}\n\n", hex::encode(case.id().0), t.named("state", case.state().name()));
    let mut messages = Vec::new();
    for ((name, words), m) in thread(case, known).into_iter().zip(case.messages()) {
        text.push_str(&format!("{name}:\n  {}\n", words.replace('\n', "\n  ")));
        messages.push(json!({ "from": name, "text": words, "code": code(&m.body.0) }));
    }
    let mut waiting = Vec::new();
    for (seq, p) in case.proposals() {
        let by = plain_line(&directory.name_of(p.by.holder));
        text.push_str(&format!(
            "\nwaiting for a second signature: {} (entry {seq}, first signed by {by})",
            t.get(&format!("act-{}", p.act.step().id()))
        ));
        waiting.push(json!({ "entry": seq, "act": p.act.name(), "by": by }));
    }
    let award =
        case.award().map(|a| json!({ "amount_cents": a.amount.0, "award": a.award_ref.map(|r| r.to_string()) }));
    if let Some(a) = case.award() {
        text.push_str(&format!("\naward {}", amount::show(a.amount)));
    }
    for p in replay.passed_over() {
        text.push_str(&format!("\nNote: entry {} does not count: {} ({})", p.seq, p.fault, p.fault.code()));
    }
    for doubt in doubts(case, directory) {
        text.push_str(&format!("\nNote: {doubt}"));
    }
    for c in case.checks() {
        text.push_str(&check(c, known));
    }
    let checks: Vec<Value> =
        case.checks().iter().map(|c| json!({ "verdict": c.verdict, "because": c.because })).collect();
    let evidence: Vec<Value> = case
        .evidence()
        .iter()
        .map(|(entry, e)| {
            let (name, sha256, origin) = (&e.evidence.name, e.evidence.sha256.to_string(), &e.evidence.origin);
            json!({ "entry": entry, "name": name, "sha256": sha256, "origin": origin })
        })
        .collect();
    let files: Vec<Value> = files_of(case)
        .iter()
        .map(|f| json!({ "name": f.name(), "size": f.fingerprint().size, "sha256": hex::encode(f.fingerprint().sha256) }))
        .collect();
    Answer::new(
        text,
        json!({
            "case": hex::encode(case.id().0), "state": case.state().name(), "thread": messages, "waiting": waiting,
            "award": award, "checks": checks, "evidence": evidence, "files": files, "passed_over": replay.passed_over().len(),
        }),
    )
}

/// A check with its arithmetic, line by line.
fn check(c: &CheckReport, known: &Known) -> String {
    let t = words();
    let because = plain_line(&arithmetic::because(t, c, known.policies.pinned_pack(&c.pack)));
    let verdict = t.named("verdict", c.verdict.name());
    let mut text = format!("\ncheck: {}: {verdict} ({because})", titles::pack(t, Some(&known.policies), &c.pack));
    for step in &c.steps {
        let [name, formula, result] = arithmetic::line(t, step).map(|piece| plain_line(&piece));
        text.push_str(&format!("\n  {name} = {formula} = {result}"));
    }
    text
}

/// What gives reason to doubt that everybody reads the same words of the source.
fn doubts(case: &Case, directory: &Directory) -> Vec<String> {
    let t = words();
    let numbers = |all: &[u64]| all.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    let who = case.contradictions().iter().map(|(h, _)| plain_line(&directory.name_of(*h)));
    let mut out: Vec<String> = who.map(|who| say!(t, "warn-contradicted", who = who)).collect();
    let (missing, doubled) = (case.missing_words(), case.doubled_words());
    if !missing.is_empty() {
        out.push(say!(t, "warn-words-missing", numbers = numbers(&missing)));
    }
    if !doubled.is_empty() {
        out.push(say!(t, "warn-words-doubled", numbers = numbers(&doubled)));
    }
    out
}

pub(super) fn journal(replay: &Replay, directory: &Directory) -> Answer {
    let mut text = String::new();
    let mut entries = Vec::new();
    for (e, at) in replay.events().iter().zip(replay.times()) {
        let what = e.event.name();
        let who = plain_line(&directory.name_of(e.author.holder));
        let said = words().named("event", what);
        let odd = if replay.odd_date(e.author.seq).is_some() { "  (its date cannot be right)" } else { "" };
        text.push_str(&format!("{:>4}  {:<12} {:<13} {said}{odd}\n", e.author.seq, who, e.author.role.to_string()));
        entries.push(json!({
            "seq": e.author.seq, "by": who, "role": e.author.role.to_string(), "event": what, "at": at,
            "dated": e.author.at,
        }));
    }
    for p in replay.passed_over() {
        text.push_str(&format!("{:>4}  does not count: {} ({})\n", p.seq, p.fault, p.fault.code()));
    }
    text.push_str(&format!("head {}", hex::encode(replay.head().0)));
    Answer::new(text, json!({ "entries": entries, "head": hex::encode(replay.head().0) }))
}
