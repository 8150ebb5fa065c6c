//! `subrosa officer`: the case officer.

mod act;
mod shown;
mod steps;
mod waiting;

pub(crate) use steps::words;

use std::{path::PathBuf, sync::Arc};

use act::{ANY, act};
use anyhow::{Context as _, Result};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use subrosa_casework::{
    case::{Case, MessageKind},
    journal::Replay,
    role::RoleName,
};
use subrosa_crypto::{intake::SEALED_MAX, kdf};
use waiting::Committed;

use super::{Answer, Env, KeyArgs, amount};
use subrosa_engine::{
    directory::Directory,
    history::History,
    message::Message,
    officer::{Desk, Known, OfficerError, Plan, Watcher, files_of, visit},
    session as engine,
};
use subrosa_machine::{
    files::{KeyFile, read, write_new},
    say::plain,
    shelf::Folder,
    upload::download,
};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make your keys and the public file for the charter
    Init(Init),
    /// Make your recipients for the sealed intake (once), and write them into a file for the charter
    IntakeKey(IntakeKey),
    /// Fetch tips and replies; put fresh keys on offer; list the cases
    Inbox(KeyArgs),
    /// Show a case: state, thread, evidence, what waits for a second signature
    Show(OfCase),
    /// Show a case's journal, entry by entry
    Journal(OfCase),
    /// Write to the source
    Reply(Reply),
    /// Save a case's files
    Files(Files),
    /// Make an encrypted bundle of a case for an authority
    Dossier(Box<super::dossier::Export>),
    /// Take a step in a case
    Act(Box<ActArgs>),
    /// Show the steps that wait for the server, or were refused when it came back
    Waiting(waiting::WaitingArgs),
}

#[derive(Debug, Args)]
pub(super) struct Init {
    #[command(flatten)]
    key: KeyArgs,
    /// Your name in the charter
    #[arg(long)]
    name: String,
    /// Where to write the public file
    #[arg(long, value_name = "FILE")]
    public: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct IntakeKey {
    #[command(flatten)]
    key: KeyArgs,
    /// Where to write the recipients
    #[arg(long, value_name = "FILE")]
    public: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct OfCase {
    #[command(flatten)]
    pub(super) key: KeyArgs,
    /// The case, as `inbox` shows it (its beginning is enough)
    pub(super) case: String,
}

#[derive(Debug, Args)]
pub(super) struct Reply {
    #[command(flatten)]
    of: OfCase,
    /// What to write
    text: String,
    /// What for
    #[arg(long, value_enum, default_value = "text")]
    kind: Kind,
    /// I have checked that the text quotes no document and names nobody that few people know
    #[arg(long)]
    leak_checked: bool,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum Kind {
    Acknowledgement,
    Question,
    Feedback,
    Reasons,
    Text,
}

#[derive(Debug, Args)]
pub(super) struct Files {
    #[command(flatten)]
    of: OfCase,
    /// Where to save them
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct ActArgs {
    #[command(flatten)]
    of: OfCase,
    /// In which role, if the first one that fits is not meant
    #[arg(long, value_enum)]
    role: Option<RoleArg>,
    #[command(subcommand)]
    step: steps::Chosen,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
pub(super) enum RoleArg {
    Triager,
    Investigator,
    Adjudicator,
}

pub(super) struct Open {
    pub(super) file: KeyFile<Desk>,
    pub(super) known: Known,
}

/// Opens a keystore with its shelf.
fn keystore(k: &KeyArgs) -> Result<(KeyFile<Desk>, Arc<Folder>)> {
    let mut file: KeyFile<Desk> = k.open()?;
    let shelf = Arc::new(Folder::beside(&k.keystore, &file.contents));
    file.contents.keep_on(shelf.clone());
    Ok((file, shelf))
}

pub(super) async fn open(k: &KeyArgs, env: &Env) -> Result<Open> {
    let (mut file, shelf) = keystore(k)?;
    let known = Known::fetch(&mut file.contents, &*shelf, &env.api, &env.circuits, &env.root()?, env.now).await?;
    Ok(Open { file, known })
}

/// The desk as the last visits left it on this machine, for times without the server.
fn recalled(k: &KeyArgs, env: &Env) -> Result<Open> {
    let (file, shelf) = keystore(k)?;
    let known = Known::recall(&file.contents, &*shelf, &env.root()?, env.now)?;
    Ok(Open { file, known })
}

/// A case from the server, or, while that cannot be reached, as it was read last; with what is to be said about it.
async fn read_case(c: &OfCase, env: &mut Env) -> Result<(Replay, History, &'static str)> {
    match open(&c.key, env).await {
        Ok(mut o) => {
            let at = o.file.contents.case(&c.case)?;
            let replay = o.file.contents.open(&mut env.session(&o.known.directory), at, &o.known.ctx).await?;
            o.file.save(&mut env.rng)?;
            Ok((replay, o.known.directory, ""))
        }
        Err(e) if waiting::unreachable(&e) => {
            let Ok(o) = recalled(&c.key, env) else { return Err(e) };
            let at = o.file.contents.case(&c.case)?;
            let Some(replay) = o.file.contents.recall(at, &o.known.ctx, env.now) else { return Err(e) };
            Ok((replay, o.known.directory, "The server cannot be reached: this is the case as you read it last.\n"))
        }
        Err(e) => Err(e),
    }
}

pub(super) async fn run(command: Command, env: &mut Env) -> Result<Answer> {
    match command {
        Command::Init(c) => {
            let desk = Desk::generate(&c.name, &mut env.rng);
            let public = desk.identity.public()?;
            KeyFile::create(&c.key.keystore, &c.key.password()?, desk, &mut env.rng)?;
            write_new(&c.public, &serde_json::to_vec_pretty(&public)?)?;
            let text = format!("Keys made. Carry {} to whoever keeps the root key.", c.public.display());
            Ok(Answer::new(text, json!({ "holder": public.keys.holder_id().to_string() })))
        }
        Command::IntakeKey(c) => {
            let mut file: KeyFile<Desk> = c.key.open()?;
            let recipients = file.contents.intake_recipients(&mut env.rng);
            file.save(&mut env.rng)?;
            write_new(&c.public, recipients.to_string().as_bytes())?;
            let text =
                format!("Carry {} to whoever makes the charter: `subrosa intake recipients`.", c.public.display());
            Ok(Answer::new(text, json!({ "hybrid": recipients.hybrid, "classic": recipients.classic })))
        }
        Command::Inbox(k) => inbox(&k, env).await,
        Command::Show(c) => {
            let (replay, directory, note) = read_case(&c, env).await?;
            Ok(show(&replay, &directory).after(note))
        }
        Command::Journal(c) => {
            let (replay, directory, note) = read_case(&c, env).await?;
            Ok(journal(&replay, &directory).after(note))
        }
        Command::Reply(c) => reply(&c, env).await,
        Command::Files(c) => files(&c, env).await,
        Command::Dossier(c) => super::dossier::make(&c, env).await,
        Command::Act(c) => act(*c, env).await,
        Command::Waiting(c) => waiting::show(&c, env),
    }
}

/// What a visit's cases are, for people and for programs; they come in one by one.
#[derive(Default)]
struct Inbox {
    text: String,
    cases: Vec<(usize, Result<Replay, OfficerError>)>,
}

impl Watcher for Inbox {
    fn step(&mut self, _step: engine::Step, _done: usize, _of: usize) {}

    fn case(&mut self, at: usize, read: Result<Replay, OfficerError>) {
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
                    self.text.push_str(&format!("{short}  {state:<16} {messages} messages{more}\n"));
                    rows.push(json!({ "case": id, "state": state, "messages": messages, "waiting": waiting }));
                }
                Err(e) => {
                    self.text.push_str(&format!("{short}  {e}\n"));
                    rows.push(json!({ "case": id, "error": e.to_string() }));
                }
            }
        }
        rows
    }
}

async fn inbox(k: &KeyArgs, env: &mut Env) -> Result<Answer> {
    let mut o = open(k, env).await?;
    let mut inbox = Inbox::default();
    let mut s = env.session(&o.known.directory);
    let visited = visit(&mut o.file, &mut s, &o.known.ctx, &mut inbox).await?;
    let delivered = waiting::report(visited.delivered, &o.known.directory);
    let mut troubles = visited.troubles;
    inbox.text.push_str(&delivered.text);
    let cases = inbox.rows(&o.file.contents);
    if visited.unopened > 0 {
        troubles.push(format!("{} listed messages have not opened yet and are asked for again", visited.unopened));
    }
    let mut text = inbox.text;
    for t in &troubles {
        text.push_str(&format!("Note: {}\n", plain(t)));
    }
    if cases.is_empty() {
        text.push_str("No cases yet. Tips appear here when the epoch in which they were filed closes.");
    }
    Ok(Answer::new(
        text,
        json!({ "cases": cases, "filed": visited.filed, "troubles": troubles, "delivered": delivered.json }),
    ))
}

fn thread(case: &Case) -> Vec<(String, String)> {
    let show = |bytes: &[u8]| match Message::recorded(bytes) {
        Ok(Message::Tip(t)) => {
            let mut s = format!("[tip: {}]\n{}", plain(&t.regime), plain(&t.narrative));
            for (q, a) in &t.answers {
                s.push_str(&format!("\n{}: {}", plain(q), plain(a)));
            }
            for f in &t.files {
                s.push_str(&format!("\n[file: {}, {} bytes]", plain(f.name()), f.fingerprint().size));
            }
            s
        }
        Ok(Message::Text { text, files }) => {
            let mut s = plain(&text);
            for f in &files {
                s.push_str(&format!("\n[file: {}, {} bytes]", plain(f.name()), f.fingerprint().size));
            }
            s
        }
        Ok(Message::Notice(n)) => format!("[{}] {}", plain(&n.state), plain(&n.text)),
        Ok(Message::Statement(s)) => format!("[statement: {}]", s.act.name()),
        Ok(Message::TokenRequest(_)) => "[asks for the award's tokens]".into(),
        Ok(_) => "[another kind of message]".into(),
        Err(e) => format!("[{e}]"),
    };
    let mut out = Vec::new();
    if let Some(r) = case.received() {
        out.push(("source".to_owned(), show(&r.tip.0)));
    }
    for m in case.messages() {
        let who = m.sent.map_or_else(|| "source".to_owned(), |(h, _)| h.to_string());
        out.push((who, show(&m.body.0)));
    }
    out
}

fn show(replay: &Replay, directory: &Directory) -> Answer {
    let case = replay.case();
    let mut text = format!("case {}\nstate {}\n\n", hex::encode(case.id().0), case.state().name());
    let mut messages = Vec::new();
    for (who, words) in thread(case) {
        let name = if who == "source" { who } else { named(&who, directory) };
        text.push_str(&format!("{name}:\n  {}\n", words.replace('\n', "\n  ")));
        messages.push(json!({ "from": name, "text": words }));
    }
    let mut waiting = Vec::new();
    for (seq, p) in case.proposals() {
        let by = directory.name_of(p.by.holder);
        text.push_str(&format!(
            "\nwaiting for a second signature: {} (entry {seq}, first signed by {by})",
            p.act.name()
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
        text.push_str(&format!("\ncheck of {} v{}: {} ({})", c.pack.id, c.pack.version, c.verdict, c.because));
        for step in &c.steps {
            text.push_str(&format!("\n  {} = {} = {}", step.name, step.formula, step.result));
        }
    }
    let checks: Vec<Value> =
        case.checks().iter().map(|c| json!({ "verdict": c.verdict, "because": c.because })).collect();
    let evidence: Vec<Value> = case
        .evidence()
        .values()
        .map(|e| json!({ "name": e.evidence.name, "sha256": e.evidence.sha256.to_string(), "origin": e.evidence.origin }))
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

/// What gives reason to doubt that everybody reads the same words of the source.
fn doubts(case: &Case, directory: &Directory) -> Vec<String> {
    let numbers = |all: &[u64]| all.iter().map(u64::to_string).collect::<Vec<_>>().join(", ");
    let mut out: Vec<String> = case
        .contradictions()
        .iter()
        .map(|(h, _)| format!("{} received another tip than the one that this case holds", directory.name_of(*h)))
        .collect();
    let (missing, doubled) = (case.missing_words(), case.doubled_words());
    if !missing.is_empty() {
        out.push(format!("messages of the source are missing: {}", numbers(&missing)));
    }
    if !doubled.is_empty() {
        out.push(format!("the source said two different things under one number: {}", numbers(&doubled)));
    }
    out
}

fn named(holder: &str, directory: &Directory) -> String {
    let known = directory.officers().iter().find(|o| o.key.holder_id().to_string() == holder);
    known.map_or_else(|| holder.to_owned(), |o| o.name.clone())
}

fn journal(replay: &Replay, directory: &Directory) -> Answer {
    let mut text = String::new();
    let mut entries = Vec::new();
    for e in replay.events() {
        let what = e.event.name();
        let who = directory.name_of(e.author.holder);
        text.push_str(&format!("{:>4}  {:<12} {:<13} {what}\n", e.author.seq, who, e.author.role.to_string()));
        entries.push(json!({ "seq": e.author.seq, "by": who, "role": e.author.role.to_string(), "event": what, "at": e.author.at }));
    }
    for p in replay.passed_over() {
        text.push_str(&format!("{:>4}  does not count: {} ({})\n", p.seq, p.fault, p.fault.code()));
    }
    text.push_str(&format!("head {}", hex::encode(replay.head().0)));
    Answer::new(text, json!({ "entries": entries, "head": hex::encode(replay.head().0) }))
}

/// The first role in which the charter lets this officer act, or the one asked for.
pub(super) fn role(
    desk: &Desk,
    directory: &Directory,
    wanted: &[RoleName],
    asked: Option<RoleArg>,
) -> Result<RoleName> {
    let held = directory.roles_of(desk.identity.holder());
    if let Some(asked) = asked {
        return Ok(match asked {
            RoleArg::Triager => RoleName::Triager,
            RoleArg::Investigator => RoleName::Investigator,
            RoleArg::Adjudicator => RoleName::Adjudicator,
        });
    }
    let fits = wanted.iter().find(|r| held.contains(r)).or(held.first());
    fits.copied().context("the charter does not name you as an officer with these keys")
}

async fn reply(c: &Reply, env: &mut Env) -> Result<Answer> {
    let kind = match c.kind {
        Kind::Acknowledgement => MessageKind::Acknowledgement,
        Kind::Question => MessageKind::Question,
        Kind::Feedback => MessageKind::Feedback,
        Kind::Reasons => MessageKind::Reasons,
        Kind::Text => MessageKind::Text,
    };
    let body = Message::Text { text: c.text.clone(), files: Vec::new() }.encode()?.to_vec();
    let plan = Plan::Message { kind, body, leak_checked: c.leak_checked };
    let mut o = match open(&c.of.key, env).await {
        Err(e) if waiting::unreachable(&e) => return waiting::keep(&c.of.key, env, &c.of.case, &ANY, None, plan),
        other => other?,
    };
    let at = o.file.contents.case(&c.of.case)?;
    let role = role(&o.file.contents, &o.known.directory, &ANY, None)?;
    match waiting::commit(&mut o, env, at, role, plan).await? {
        Committed::Done(_, notes) => Ok(Answer::new(format!("Sent.{notes}"), json!({ "sent": true }))),
        Committed::Kept(answer) => Ok(answer),
    }
}

async fn files(c: &Files, env: &mut Env) -> Result<Answer> {
    let mut o = open(&c.of.key, env).await?;
    let at = o.file.contents.case(&c.of.case)?;
    let replay = o.file.contents.open(&mut env.session(&o.known.directory), at, &o.known.ctx).await?;
    o.file.save(&mut env.rng)?;
    let mut saved = Vec::new();
    let mut text = String::new();
    for f in files_of(replay.case()) {
        let target = c.out.join(f.name());
        download(&env.api, &env.circuits, &f, &target).await?;
        let sha256 = hex::encode(f.fingerprint().sha256);
        text.push_str(&format!("{}  {}\n", sha256, target.display()));
        saved.push(json!({ "path": target, "sha256": sha256 }));
        if f.name().ends_with(".age")
            && f.fingerprint().size <= SEALED_MAX
            && let Ok(plaintext) = o.file.contents.open_submission(&read(&target, SEALED_MAX)?)
        {
            let opened = target.with_extension("opened");
            write_new(&opened, &plaintext)?;
            let sha256 = hex::encode(kdf::sha256(&plaintext));
            text.push_str(&format!("{}  {}\n", sha256, opened.display()));
            saved.push(json!({ "path": opened, "sha256": sha256 }));
        }
    }
    text.push_str("Open files from strangers only on a machine without network.");
    Ok(Answer::new(text, json!({ "files": saved })))
}
