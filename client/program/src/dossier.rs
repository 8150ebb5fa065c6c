//! `subrosa officer dossier` and `subrosa audit dossier`.

use std::{collections::BTreeMap, path::PathBuf};

use anyhow::{Context as _, Result};
use clap::{Args, builder::PossibleValuesParser};
use serde_json::json;
use subrosa_casework::role::RoleName;
use subrosa_templates::{Language, say};
use zeroize::Zeroizing;

use crate::{
    answer::Answer,
    env::Env,
    officer::desk::{OfCase, open, role},
    words::words,
};
use subrosa_machine::{
    dossier::{DOSSIER_MAX, Wishes, decrypt, export, verify},
    files::{read, write_new},
    preview::Previewer,
    say::plain_line,
};

#[derive(Debug, Args)]
pub(super) struct Export {
    #[command(flatten)]
    of: OfCase,
    /// For whom: an age recipient (age1… or age1pq1…); may be repeated
    #[arg(long = "to", required = true, value_name = "RECIPIENT")]
    to: Vec<String>,
    /// Your account of the case in your own words, in a text file: it goes out in place of the source's words
    #[arg(long, value_name = "FILE")]
    summary: PathBuf,
    /// Leave out this entry of the journal as well, with the reason; may be repeated
    #[arg(long = "redact", value_name = "ENTRY=REASON")]
    redact: Vec<String>,
    /// Enclose the source's own words too. Their style can identify the source
    #[arg(long)]
    with_words: bool,
    /// Enclose originals instead of sanitised copies. Their metadata can identify the source
    #[arg(long)]
    with_originals: bool,
    /// The report's language
    #[arg(long, value_parser = languages(), default_value = "en")]
    language: String,
    /// Where to write it
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

/// The languages that have words for a report.
fn languages() -> PossibleValuesParser {
    PossibleValuesParser::new(Language::of_console().map(Language::code))
}

#[derive(Debug, Args)]
pub(super) struct Verify {
    /// The dossier as it was handed over
    file: PathBuf,
    /// Your age identity file; leave it out for an archive that is decrypted already
    #[arg(long, value_name = "FILE")]
    identity: Option<PathBuf>,
    /// Write the plain archive here, once it is verified
    #[arg(long, value_name = "FILE")]
    extract: Option<PathBuf>,
}

pub(super) async fn make(c: &Export, env: &mut Env) -> Result<Answer> {
    let mut redact = BTreeMap::new();
    for r in &c.redact {
        let (entry, why) = r.split_once('=').with_context(|| format!("`{r}` is not ENTRY=REASON"))?;
        redact.insert(entry.parse().with_context(|| format!("`{entry}` is not an entry's number"))?, why.to_owned());
    }
    let wishes = Wishes {
        to: c.to.clone(),
        summary: String::from_utf8(read(&c.summary, 1 << 20)?).context("the account is not UTF-8 text")?,
        redact,
        with_words: c.with_words,
        with_originals: c.with_originals,
        language: c.language.clone(),
    };
    let mut o = open(&c.of.key, env).await?;
    let at = o.file.contents.case(&c.of.case)?;
    let any = [RoleName::Investigator, RoleName::Adjudicator, RoleName::Triager];
    let role = role(&o.file.contents, &o.known.directory, &any, None)?;
    let previewer = Previewer::this_program()?;
    let desk = &mut o.file.contents;
    let mut s = env.session(&o.known.directory);
    let made = export(desk, &mut s, at, &o.known, role, &previewer, &wishes).await;
    o.file.save(&mut env.rng)?;
    let bytes = made?;
    write_new(&c.out, &bytes)?;
    let text = format!(
        "Written to {} ({}), for {} and nobody else. Whoever gets it checks it with `subrosa audit dossier`.",
        c.out.display(),
        say!(words(), "count-bytes", n = bytes.len() as u64),
        c.to.join(", ")
    );
    Ok(Answer::new(text, json!({ "bytes": bytes.len() })))
}

pub(super) fn check(c: &Verify, env: &Env) -> Result<Answer> {
    let bytes = read(&c.file, DOSSIER_MAX as u64)?;
    let archive = match &c.identity {
        Some(path) => {
            let identity = Zeroizing::new(read(path, 1 << 16)?);
            decrypt(&bytes, core::str::from_utf8(&identity).context("the identity file is not text")?)?
        }
        None => bytes,
    };
    let f = verify(&archive, env.root.as_ref())?;
    if let Some(path) = &c.extract {
        write_new(path, &archive)?;
    }
    let mut text = format!(
        "Everything in this dossier fits together.\n\nprogramme      {} ({})\ncase           {}\nsigned by      {}\ncharters       {}, {} of them proven to stand in the public log\njournal        {} in an unbroken chain; {} shown with valid signatures, {} left out with a reason\nfindings       {} signed by two, {} with the signature of one alone\nevidence       {}, {} enclosed\n",
        plain_line(&f.title),
        plain_line(&f.programme),
        f.case,
        plain_line(&f.made_by),
        f.charters.0,
        f.charters.1,
        say!(words(), "count-entries", n = f.entries.0 as u64),
        f.entries.1,
        f.entries.0 - f.entries.1,
        f.findings.0,
        f.findings.1,
        say!(words(), "count-pieces", n = f.evidence.0 as u64),
        say!(words(), "count-files", n = f.evidence.1 as u64),
    );
    if env.root.is_none() {
        text.push_str(&format!(
            "\nYou gave no root fingerprint. This dossier was checked against its own:\n\n    {}\n\nCompare it with the one that the programme has printed; until then anybody could have made this.",
            f.root
        ));
    }
    Ok(Answer::new(
        text,
        json!({
            "verified": true, "root_given": env.root.is_some(), "root": f.root.to_string(), "programme": f.programme, "programme_name": f.title, "case": f.case,
            "made_by": f.made_by, "made_at": f.made_at, "charters": f.charters.0, "charters_in_log": f.charters.1,
            "entries": f.entries.0, "entries_shown": f.entries.1,
            "findings": f.findings.0, "findings_of_one": f.findings.1, "evidence": f.evidence.0, "files": f.evidence.1,
        }),
    ))
}
