//! `subrosa tip new` and `regimes`: what can be reported, and the filing of it.

use std::{
    collections::BTreeMap,
    io::{IsTerminal, Write as _},
    path::PathBuf,
};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde_json::json;
use subrosa_casework::{number::Numerals, regime::Pack};
use subrosa_crypto::{file::FileManifest, passphrase::Passphrase};
use subrosa_engine::{
    message::is_blank,
    policies::{Policies, built_in},
    source::{Filed, Source, SourceError, TipForm},
};
use subrosa_machine::{files::read, say::plain_line, upload::upload};
use subrosa_templates::say;

use super::kept::{ReceiptFolder, hand_over};
use crate::{answer::Answer, env::Env, words::words as program_words};

#[derive(Debug, Args)]
pub(crate) struct New {
    /// What the tip is about: the name of a regime, such as compute-thresholds
    #[arg(long, default_value = "compute-thresholds")]
    regime: String,
    /// The violation class, by the regime's name for it
    #[arg(long)]
    class: Option<String>,
    /// A structured answer, question=answer, in the unit that the question names; may be repeated
    #[arg(long = "answer", value_name = "QUESTION=ANSWER")]
    answers: Vec<String>,
    /// The story, in a text file
    #[arg(long, value_name = "FILE", conflicts_with = "story")]
    story_file: Option<PathBuf>,
    /// The story itself, in place of a file
    #[arg(long)]
    story: Option<String>,
    /// A file to send along; may be repeated
    #[arg(long = "file", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write the server's receipts into this folder. They prove that the holder filed something: keep them only where
    /// that is safe
    #[arg(long, value_name = "DIR")]
    receipts: Option<PathBuf>,
    /// Write the passphrase to this new file (readable by you alone) instead of showing it on the screen
    #[arg(long, value_name = "FILE")]
    passphrase_out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct Regimes {
    /// Show the questions of this one
    regime: Option<String>,
    /// en, de, fr or es
    #[arg(long, default_value = "en")]
    language: String,
}

/// Says on a terminal how far the file of this name is.
pub(super) fn bar(name: &str) -> impl FnMut(u32, u32) {
    let name = name.to_owned();
    let shown = std::io::stderr().is_terminal();
    move |done, all| {
        if shown {
            // A progress line that cannot be written is no reason to stop.
            let parts = say!(program_words(), "count-parts", n = all);
            let _ = write!(std::io::stderr(), "\r{name}: {done} of {parts}{}", if done == all { "\n" } else { "" });
        }
    }
}

/// A regime of the charter.
fn regime<'p>(policies: &'p Policies, id: &str) -> Result<&'p Pack> {
    policies.pack(id).with_context(|| {
        let ids: Vec<&str> = policies.packs().iter().map(|p| p.id.as_str()).collect();
        format!("this programme knows no regime `{id}`; it knows: {}", ids.join(", "))
    })
}

pub(super) async fn regimes(c: &Regimes, env: Env) -> Result<Answer> {
    let directory = env.directory(None).await?;
    let policies = Policies::fetch_regimes(&env.api, &directory, &built_in(), env.circuits.fresh()).await?;
    let words = |pack: &Pack, message: &str| plain_line(pack.text(&c.language, message).unwrap_or(message));
    let Some(id) = &c.regime else {
        let mut text = String::new();
        let mut list = Vec::new();
        for pack in policies.packs() {
            let title = words(pack, "title");
            text.push_str(&format!("{:<26} {title}\n", pack.id));
            list.push(json!({ "id": pack.id, "version": pack.version, "title": title }));
        }
        text.push_str("\nThe questions of one: subrosa tip regimes NAME");
        return Ok(Answer::new(text, json!({ "regimes": list })));
    };
    let pack = regime(&policies, id)?;
    let mut text = format!("{} (version {})\n\nClasses (--class):\n", words(pack, "title"), pack.version);
    let mut classes = Vec::new();
    for class in &pack.classes {
        let shown = words(pack, &format!("class-{}", class.id));
        text.push_str(&format!("  {:<24} {shown}\n", class.id));
        classes.push(json!({ "id": class.id, "text": shown }));
    }
    text.push_str("\nQuestions (--answer QUESTION=ANSWER); leave out what you do not know:\n");
    let mut questions = Vec::new();
    for q in &pack.questions {
        let shown = words(pack, &format!("ask-{}", q.id));
        let spec = q.input.as_ref().and_then(|name| pack.inputs.iter().find(|i| i.name == *name));
        let unit = spec.and_then(|s| s.unit.as_ref()).map(|u| u.name.as_str()).filter(|u| *u != "1");
        let in_unit = unit.map(|u| format!(" (in {u})")).unwrap_or_default();
        text.push_str(&format!("  {:<24} {shown}{in_unit}\n", q.id));
        questions.push(json!({ "id": q.id, "text": shown, "unit": unit, "classes": q.classes, "after": q.after }));
    }
    text.push_str("\nEvidence that helps:\n");
    for e in &pack.evidence {
        text.push_str(&format!("  {}\n", words(pack, &format!("evidence-{}", e.id))));
    }
    Ok(Answer::new(text, json!({ "id": pack.id, "version": pack.version, "classes": classes, "questions": questions })))
}

impl New {
    fn narrative(&self) -> Result<String> {
        let story = match (&self.story, &self.story_file) {
            (Some(s), _) => s.clone(),
            (None, Some(f)) => String::from_utf8(read(f, 1 << 20)?).context("the story is not UTF-8 text")?,
            (None, None) => bail!("say what happened: --story \"…\" or --story-file FILE"),
        };
        if is_blank(&story) {
            bail!("the story is empty: say what happened, with --story \"…\" or --story-file FILE. Nothing was sent");
        }
        Ok(story)
    }

    fn answers(&self) -> Result<BTreeMap<String, String>> {
        let pair = |a: &String| {
            let (q, v) = a.split_once('=').with_context(|| format!("`{a}` is not QUESTION=ANSWER"))?;
            Ok((q.to_owned(), v.to_owned()))
        };
        self.answers.iter().map(pair).collect()
    }

    async fn uploaded(&self, env: &mut Env) -> Result<Vec<FileManifest>> {
        let mut files = Vec::new();
        for path in &self.files {
            let name = path.display().to_string();
            files.push(upload(&env.api, &env.circuits, path, &mut env.rng, bar(&name)).await?);
        }
        Ok(files)
    }
}

pub(super) async fn new(c: New, mut env: Env) -> Result<Answer> {
    let narrative = c.narrative()?;
    let answers = c.answers()?;
    let directory = env.directory(None).await?;
    let policies = Policies::fetch_regimes(&env.api, &directory, &built_in(), env.circuits.fresh()).await?;
    let answers = regime(&policies, &c.regime)?.fill_in(c.class.as_deref(), &answers, &Numerals::ENGLISH)?;
    // Before anything is sent: a tip whose passphrase could not be written down is lost.
    let folder = ReceiptFolder::prepare(c.receipts.as_deref())?;
    let passphrase = Passphrase::generate(&mut env.rng);
    hand_over(&passphrase, c.passphrase_out.as_deref(), &mut env)?;
    let files = c.uploaded(&mut env).await?;
    let master = passphrase.master_key(directory.programme());
    let form = TipForm { regime: c.regime.clone(), answers, narrative, files, first_state: 0 };
    let names: Vec<String> = directory.intake().iter().map(|o| o.name.clone()).collect();
    let filed = Source::file_tip(env.api, directory, master, form, env.now, &mut env.rng).await;
    let (_, filed) = filed.map_err(|e| match &e {
        SourceError::Api(_) => anyhow::Error::new(e).context(
            "your tip may or may not have arrived. Your words tell: look with `subrosa tip inbox`, after some \
             minutes; if nothing is found, file it again",
        ),
        _ => e.into(),
    })?;
    Ok(filed_answer(&c, &filed, &names, &folder.keep(&filed.receipts)))
}

/// What is said when a tip was filed. `unkept`: receipts that could not be written.
fn filed_answer(c: &New, filed: &Filed, officers: &[String], unkept: &str) -> Answer {
    let mut text = format!(
        "Your tip is on the board. The server has signed {} for it; officers: {}.\n",
        say!(program_words(), "count-receipts", n = filed.receipts.len() as u64),
        officers.iter().map(|name| plain_line(name)).collect::<Vec<_>>().join(", ")
    );
    if let Some(out) = &c.passphrase_out {
        text.push_str(&format!(
            "Your passphrase is in {}. Write the twelve words down on paper. They are the only way back to this tip: nobody can give them to you again.\n",
            out.display()
        ));
    }
    text.push_str("Come back with `subrosa tip inbox`.");
    text.push_str(unkept);
    for name in &filed.fallback {
        text.push_str(&format!(
            "\nNote: {} had no fresh keys left. Your first message to this person is protected less well until the person's keys change.",
            plain_line(name)
        ));
    }
    let unkept = Some(unkept.trim()).filter(|said| !said.is_empty());
    Answer::new(
        text,
        json!({
            "receipts": filed.receipts.len(), "epoch": filed.epoch, "fallback": filed.fallback, "unkept": unkept,
        }),
    )
}
