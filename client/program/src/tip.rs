//! `subrosa tip`: the source.

mod kept;
mod new;
mod redeem;

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use new::bar;
use serde_json::{Value, json};
use subrosa_casework::{award::SourceAct, case::State, money::Cents};
use subrosa_crypto::{
    log::ReceiptFile,
    passphrase::{MasterKey, Passphrase},
    token::TokenFile,
};
use subrosa_engine::{
    api::Api,
    board::Circuits,
    coded::Code as _,
    message::{Message, is_blank},
    source::{self, AwardState, Source, SourceError},
    treasury::public::PublicView,
};
use subrosa_machine::{
    files::{ask_secret, read, write_atomically, write_new},
    http::Http,
    say::{Rng, plain, plain_line},
    upload::{download, upload},
};
use subrosa_templates::{Language, say};

use crate::{amount, answer::Answer, env::Env, words::words};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show what can be reported here: the programme's regimes, and what each asks
    Regimes(new::Regimes),
    /// File a new tip; prints the twelve words that are your only way back
    New(new::New),
    /// Read what the officers wrote
    Inbox(Inbox),
    /// Write to the officers
    Reply(Reply),
    /// Say, with your claim key, that you claim the award
    Claim(Pass),
    /// Agree with the proposed amount
    Accept(Accept),
    /// Disagree with the proposed award: a panel decides
    Contest(Pass),
    /// Take the tip back
    Withdraw(Pass),
    /// Allow the officers to pass the report on to an authority; without it they may only where a law obliges them
    Consent(Pass),
    /// Ask for a closed case to be opened again; two officers decide
    Reopen(Pass),
    /// Ask for the award as blind tokens
    RequestTokens(Pass),
    /// Fetch the administrators' signatures; with enough of them, write the tokens to a file
    CollectTokens(Collect),
    /// Redeem tokens from a file, as a stranger: no passphrase, no case
    Redeem(redeem::Redeem),
    /// Add to receipts the proof that the log holds what you filed: no passphrase needed
    Receipts(Receipts),
}

#[derive(Debug, Args)]
pub(super) struct Pass {
    /// Read the twelve words from this file instead of asking
    #[arg(long, env = "SUBROSA_PASSPHRASE_FILE", value_name = "FILE")]
    passphrase_file: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Inbox {
    #[command(flatten)]
    pass: Pass,
    /// Read and burn: afterwards nobody can read these messages again, not even with your passphrase
    #[arg(long)]
    burn: bool,
    /// Save attached files into this folder
    #[arg(long, value_name = "DIR")]
    save: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Reply {
    #[command(flatten)]
    pass: Pass,
    /// What you want to say
    text: String,
    /// A file to send along; may be repeated
    #[arg(long = "file", value_name = "FILE")]
    files: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Accept {
    #[command(flatten)]
    pass: Pass,
    /// The amount that you agree with, in euros, such as 137500 or 137,500.00; it is shown before it is signed
    #[arg(allow_hyphen_values = true)]
    amount: String,
}

#[derive(Debug, Args)]
pub(super) struct Collect {
    #[command(flatten)]
    pass: Pass,
    /// Where to write the tokens; whoever has this file has the money
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Receipts {
    /// Receipt files that `tip new --receipts` wrote; the proof is added to each
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
}

impl Pass {
    fn master(&self, programme: &str) -> Result<MasterKey> {
        let typed = ask_secret("Your twelve words: ", self.passphrase_file.as_deref())?;
        Ok(Passphrase::parse(&typed)?.master_key(programme))
    }

    async fn source(&self, env: Env) -> Result<(Source<Http>, Rng)> {
        let directory = env.directory(None).await?;
        let master = self.master(directory.programme())?;
        let mut rng = env.rng;
        let source = Source::restore(env.api, directory, master, &mut rng).await?;
        Ok((source, rng))
    }
}

pub(super) async fn run(command: Command, env: Env, server: (&str, Option<&str>)) -> Result<Answer> {
    match command {
        Command::Regimes(c) => new::regimes(&c, env).await,
        Command::New(c) => new::new(c, env).await,
        Command::Inbox(c) => inbox(c, env, server).await,
        Command::Reply(c) => reply(c, env, server).await,
        Command::Claim(p) => say(&p, env, SourceAct::Claim, "Your claim is on its way.").await,
        Command::Accept(c) => {
            let amount = amount::read(&c.amount)?;
            env.agree(&format!("you agree with an award of {}", amount::in_full(amount)))?;
            say(&c.pass, env, SourceAct::AcceptAward { amount }, "Your agreement is on its way.").await
        }
        Command::Contest(p) => say(&p, env, SourceAct::Contest, "Your objection is on its way; a panel decides.").await,
        Command::Withdraw(p) => say(&p, env, SourceAct::Withdraw, "Your withdrawal is on its way.").await,
        Command::Consent(p) => say(&p, env, SourceAct::ConsentToReferral, "Your consent is on its way.").await,
        Command::Reopen(p) => say(&p, env, SourceAct::Reopen, "Your wish is on its way; two officers decide.").await,
        Command::RequestTokens(p) => {
            let (mut source, mut rng) = p.source(env).await?;
            let asked = source.request_tokens(&mut rng).await;
            settled(&mut source, asked).await?;
            let text =
                "Asked for. The administrators see blinded numbers only. Come back in a day or more, and collect.";
            Ok(Answer::new(text, json!({ "requested": true })))
        }
        Command::CollectTokens(c) => collect(c, env).await,
        Command::Redeem(c) => redeem::run(c, env).await,
        Command::Receipts(c) => receipts(c, env).await,
    }
}

/// What a state means for the source, in the words of the page to which it returns, and what it can type next.
fn in_words(state: &str) -> String {
    let t = Language::root().text();
    let key = format!("app-state-{state}");
    let means = if t.has(&key) { t.get(&key) } else { "" };
    let next = match State::of_name(state) {
        Some(State::ClaimOpen) => " Next: subrosa tip claim",
        Some(State::AwardProposed) => " Next: subrosa tip accept, or subrosa tip contest",
        Some(State::Closed) => " With something new, you can ask for it to be opened again: subrosa tip reopen",
        _ => "",
    };
    format!("{means}{next}")
}

fn show(message: &Message) -> (String, Value) {
    match message {
        Message::Text { text, files } => {
            let names: Vec<_> = files.iter().map(|f| f.name().to_owned()).collect();
            let mut shown = plain(text);
            for n in &names {
                shown.push_str(&format!("\n[file: {}]", plain_line(n)));
            }
            (shown, json!({ "kind": "text", "text": text, "files": names }))
        }
        Message::Notice(n) => {
            let award = n.award.as_ref().map(|a| amount::show(Cents(a.amount_cents)));
            let mut shown = String::new();
            // The officer's program wrote the proposed amount plainly; anything else is shown as it stands.
            let text = amount::read(&n.text).map_or_else(|_| plain(&n.text), amount::show);
            let state = in_words(&n.state);
            // A state of a newer programme has no words here: its name says something at least.
            let state = if state.is_empty() { format!("[{}]", plain_line(&n.state)) } else { state };
            for words in [state, text].iter().filter(|words| !words.is_empty()) {
                let blank = if shown.is_empty() { "" } else { " " };
                shown.push_str(&format!("{blank}{words}"));
            }
            if let Some(a) = &award {
                shown.push_str(&format!("\nYour award is final: {a}. Next: subrosa tip request-tokens"));
            }
            (shown, json!({ "kind": "notice", "state": n.state, "text": n.text, "award": award }))
        }
        Message::Leaving => (
            "This officer no longer works on your case. Once you burn this message, nothing that you write goes to this person any more.".into(),
            json!({ "kind": "leaving" }),
        ),
        _ => ("[another kind of message]".into(), json!({ "kind": "other" })),
    }
}

async fn inbox(c: Inbox, env: Env, server: (&str, Option<&str>)) -> Result<Answer> {
    let now = env.now;
    let (mut source, mut rng) = c.pass.source(env).await?;
    let inbox = source.inbox().await?;
    let mut text = String::new();
    let mut messages = Vec::new();
    for u in &inbox.unread {
        let (shown, value) = show(&u.message);
        text.push_str(&format!("From {}:\n{shown}\n\n", plain_line(&u.from)));
        messages.push(json!({ "from": u.from, "message": value }));
        if let (Some(folder), Message::Text { files, .. }) = (&c.save, &u.message) {
            let (api, circuits) = second_api(&source, server, &mut rng)?;
            for f in files {
                download(&api, &circuits, f, &folder.join(f.name())).await?;
            }
        }
    }
    for t in &inbox.troubles {
        text.push_str(&format!("Note: {t}\n"));
    }
    let log = inbox.log_findings(now);
    for finding in &log {
        text.push_str(&format!("Note: {finding}\n"));
    }
    let log: Vec<_> = log.iter().map(|f| json!({ "code": f.coded().name(), "text": f.to_string() })).collect();
    let troubles: Vec<String> = inbox.troubles.iter().map(ToString::to_string).collect();
    let count = inbox.unread.len();
    if count == 0 {
        text.push_str("Nothing new. Answers can take days; come back from time to time.");
    } else if !c.burn {
        text.push_str(
            "These messages stay readable with your passphrase until you burn them: subrosa tip inbox --burn",
        );
    }
    let state = source.state().case_state.clone();
    let answer = Answer::new(
        text,
        json!({ "messages": messages, "troubles": troubles, "log": log, "burn": c.burn && count > 0, "case_state": state }),
    );
    if !c.burn {
        return Ok(answer);
    }
    // Also when there was nothing: a visit with news and one without ask the server for the same.
    Ok(answer.then(async move {
        let burnt = source.acknowledge(inbox, &mut rng).await;
        burnt.context("the messages above may not be burnt yet; with the same command they are read again, or gone")?;
        Ok(if count > 0 { "Read and burnt: these messages cannot be opened again by anybody." } else { "" })
    }))
}

fn second_api(source: &Source<Http>, server: (&str, Option<&str>), rng: &mut Rng) -> Result<(Api<Http>, Circuits)> {
    let mut b = [0; 8];
    rand_core::Rng::fill_bytes(rng, &mut b);
    let api = Api::new(Http::new(server.0, server.1, u64::from_be_bytes(b))?);
    api.trust(source.log_key());
    Ok((api, Circuits::new(rng)))
}

async fn reply(c: Reply, env: Env, server: (&str, Option<&str>)) -> Result<Answer> {
    if is_blank(&c.text) && c.files.is_empty() {
        bail!("the message is empty: write what you want to say, or send a file along. Nothing was sent");
    }
    let (mut source, mut rng) = c.pass.source(env).await?;
    let mut files = Vec::new();
    let (api, circuits) = second_api(&source, server, &mut rng)?;
    for path in &c.files {
        files.push(upload(&api, &circuits, path, &mut rng, bar(&path.display().to_string())).await?);
    }
    let done = source.send(&Message::Text { text: c.text, files }, &mut rng).await;
    Ok(match settled(&mut source, done).await? {
        Some(receipts) => Answer::new("Sent; the server has signed for it.", json!({ "receipts": receipts.len() })),
        None => Answer::new(
            "Sent. The server's answer was lost on the way; asked again, it has the message.",
            json!({ "receipts": 0 }),
        ),
    })
}

/// What came of an act. If its answer was lost, the server is asked; `None`: it had arrived.
async fn settled<R>(source: &mut Source<Http>, done: Result<R, SourceError>) -> Result<Option<R>> {
    let error = match done {
        Ok(answer) => return Ok(Some(answer)),
        Err(error @ SourceError::Api(_)) => anyhow::Error::new(error),
        Err(error) => return Err(error.into()),
    };
    match source.resync().await {
        Ok(true) => Ok(None),
        Ok(false) => Err(error.context("it did not arrive. Say it again")),
        Err(_) => Err(error.context("it may or may not have arrived. If you say it again, it may be read twice")),
    }
}

async fn say(p: &Pass, env: Env, act: SourceAct, done: &str) -> Result<Answer> {
    let (mut source, mut rng) = p.source(env).await?;
    let sent = source.state_act(act, &mut rng).await;
    settled(&mut source, sent).await?;
    Ok(Answer::new(done, json!({ "sent": true })))
}

async fn collect(c: Collect, env: Env) -> Result<Answer> {
    let view = PublicView::fetch(&env.api, &env.history(None).await?, env.circuits.fresh()).await?;
    let (mut source, mut rng) = c.pass.source(env).await?;
    let signed = source.collect_tokens(&mut rng).await?;
    let by = say!(words(), "count-administrators", n = signed as u64);
    let tokens = match source.tokens() {
        Ok(t) => t,
        Err(e) => {
            let mut text = format!("Signed by {by} so far; all of them must ({e}). Come back later.");
            let ordered = |a: &AwardState| view.is_award(&a.reference, Cents(a.amount_cents));
            for a in &source.state().awards {
                let told = amount::show(Cents(a.amount_cents));
                text.push_str(&match ordered(a) {
                    true => format!("\nAnnounced: {told}. Two adjudicators ordered it, and the money is reserved."),
                    false => format!("\nAnnounced: {told}. Nothing public says yet that it was ordered and reserved."),
                });
            }
            let known = source.state().awards.iter().any(ordered);
            return Ok(Answer::new(text, json!({ "signed": signed, "complete": false, "ordered": known })));
        }
    };
    let values: Vec<u64> = tokens.iter().map(|t| t.denomination().cents()).collect();
    let total: u64 = values.iter().sum();
    let mut text = format!(
        "{}, {} together, signed by {by}.",
        say!(words(), "count-tokens", n = values.len() as u64),
        amount::show(Cents(total))
    );
    if let Some(out) = &c.out {
        let file = TokenFile { programme: source.programme().to_owned(), tokens };
        write_new(out, file.to_text().as_bytes())?;
        text.push_str(&format!(
            "\nWritten to {}. Whoever has this file has the money. Wait before you redeem, and redeem in parts: the crowd of other awards is what hides you.",
            out.display()
        ));
    }
    Ok(Answer::new(text, json!({ "signed": signed, "complete": true, "values_cents": values, "total_cents": total })))
}

async fn receipts(c: Receipts, mut env: Env) -> Result<Answer> {
    let directory = env.directory(None).await?;
    let mut files = Vec::new();
    for path in &c.files {
        let text = String::from_utf8(read(path, 1 << 20)?).context("this is not a receipt file")?;
        files.push(ReceiptFile::parse(&text).with_context(|| format!("{}", path.display()))?);
    }
    let files = source::prove_receipts(&env.api, &directory, files, &mut env.rng).await?;
    let proven = files.iter().filter(|f| f.inclusion.is_some()).count();
    for (path, file) in c.files.iter().zip(&files) {
        write_atomically(path, file.to_text().as_bytes())?;
    }
    Ok(Answer::new(
        format!(
            "Proven by the log: {proven} of {}. The others become so when their epoch closes.",
            say!(words(), "count-receipts", n = files.len() as u64)
        ),
        json!({ "receipts": files.len(), "proven": proven }),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_source_is_told_every_state_in_words() {
        for state in State::ALL.iter().filter(|s| s.tells_source()) {
            assert!(!in_words(state.name()).trim().is_empty(), "{state}");
        }
        assert!(in_words("closed").contains("subrosa tip reopen"));
        assert_eq!(in_words("a state of a newer programme"), "");
    }
}
