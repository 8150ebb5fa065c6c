//! `subrosa officer`: the case officer.

mod act;
pub(crate) mod desk;
mod pages;
mod shown;
mod steps;
mod waiting;

use std::path::PathBuf;

use act::{ActArgs, act};
use anyhow::{Result, bail};
use clap::{Args, Subcommand, ValueEnum};
use desk::{ANY, OfCase, kept, open, read_case, role, unreachable};
use serde_json::json;
use subrosa_casework::case::MessageKind;
use subrosa_crypto::{intake::SEALED_MAX, kdf};
use subrosa_engine::{
    message::{Message, is_blank},
    officer::{Desk, Plan, files_of},
};
use subrosa_machine::{
    files::{KeyFile, read, write_new},
    upload::download,
};
use waiting::Committed;

use crate::{
    answer::Answer,
    dossier,
    env::{Env, KeyArgs},
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
    Dossier(Box<dossier::Export>),
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
pub(super) struct Reply {
    #[command(flatten)]
    of: OfCase,
    /// What to write
    text: String,
    /// What the message is for
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
        Command::Inbox(k) => pages::inbox(&k, env).await,
        Command::Show(c) => {
            let (replay, known, note) = read_case(&c, env).await?;
            Ok(pages::show(&replay, &known).after(note))
        }
        Command::Journal(c) => {
            let (replay, known, note) = read_case(&c, env).await?;
            Ok(pages::journal(&replay, &known.directory).after(note))
        }
        Command::Reply(c) => reply(&c, env).await,
        Command::Files(c) => files(&c, env).await,
        Command::Dossier(c) => dossier::make(&c, env).await,
        Command::Act(c) => act(*c, env).await,
        Command::Waiting(c) => waiting::show(&c, env),
    }
}

async fn reply(c: &Reply, env: &mut Env) -> Result<Answer> {
    let kind = match c.kind {
        Kind::Acknowledgement => MessageKind::Acknowledgement,
        Kind::Question => MessageKind::Question,
        Kind::Feedback => MessageKind::Feedback,
        Kind::Reasons => MessageKind::Reasons,
        Kind::Text => MessageKind::Text,
    };
    if is_blank(&c.text) {
        bail!("the message is empty: write what the source is to read. Nothing was sent");
    }
    let body = Message::Text { text: c.text.clone(), files: Vec::new() }.encode()?.to_vec();
    let plan = Plan::Message { kind, body, leak_checked: c.leak_checked };
    let mut o = match open(&c.of.key, env).await {
        Err(e) if unreachable(&e) => {
            let (mut file, _) = kept(&c.of.key, env)?;
            let at = file.contents.case(&c.of.case)?;
            return waiting::keep(&mut file, env, at, &ANY, None, plan);
        }
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
