//! `subrosa tip`: the source.

use std::{
    collections::BTreeMap,
    io::{IsTerminal, Write as _},
    path::PathBuf,
};

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use subrosa_casework::{award::SourceAct, case::State, money::Cents, number::Numerals, regime::Pack};
use subrosa_crypto::{
    log::ReceiptFile,
    passphrase::{MasterKey, Passphrase},
    token::{Denomination, Token, TokenFile},
};
use zeroize::Zeroizing;

use super::{Answer, Env, amount, rail::Payee};
use subrosa_engine::{
    api::Api,
    message::Message,
    policies::{Policies, built_in},
    source::{self, Source, TipForm},
    treasury::redeem,
};
use subrosa_machine::{
    files::{ask_secret, read, write_atomically, write_new},
    http::Http,
    say::plain,
    upload::{download, upload},
};
use subrosa_templates::Language;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Show what can be reported here: the programme's regimes, and what each asks
    Regimes(Regimes),
    /// File a new tip; prints the twelve words that are your only way back
    New(New),
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
    Redeem(Redeem),
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
pub(super) struct New {
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
    /// The story
    #[arg(long)]
    story: Option<String>,
    /// A file to send along; may be repeated
    #[arg(long = "file", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write the server's receipts into this folder. They prove that the holder filed something: keep them only where
    /// that is safe
    #[arg(long, value_name = "DIR")]
    receipts: Option<PathBuf>,
    /// Write the passphrase to this file (readable by you alone) instead of the screen
    #[arg(long, value_name = "FILE")]
    passphrase_out: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct Regimes {
    /// Show the questions of this one
    regime: Option<String>,
    /// en, de, fr or es
    #[arg(long, default_value = "en")]
    language: String,
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
pub(super) struct Redeem {
    /// The token file
    #[arg(long, value_name = "FILE")]
    tokens: PathBuf,
    /// Redeem only these, by value in euros; may be repeated. Without it: none, but the sizes of the crowds are shown
    #[arg(long = "value", value_name = "EUROS")]
    values: Vec<String>,
    #[command(flatten)]
    payee: Payee,
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

    async fn source(&self, env: Env) -> Result<(Source<Http>, subrosa_machine::say::Rng)> {
        let directory = env.directory(None).await?;
        let master = self.master(directory.programme())?;
        let mut rng = env.rng;
        let source = Source::restore(env.api, directory, master, &mut rng).await?;
        Ok((source, rng))
    }
}

pub(super) async fn run(command: Command, env: Env, server: (&str, Option<&str>)) -> Result<Answer> {
    match command {
        Command::Regimes(c) => regimes(&c, env).await,
        Command::New(c) => new(c, env).await,
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
            source.request_tokens(&mut rng).await?;
            let text =
                "Asked for. The administrators see blinded numbers only. Come back in a day or more, and collect.";
            Ok(Answer::new(text, json!({ "requested": true })))
        }
        Command::CollectTokens(c) => collect(c, env).await,
        Command::Redeem(c) => redeem(c, env).await,
        Command::Receipts(c) => receipts(c, env).await,
    }
}

fn bar(name: &str) -> impl FnMut(u32, u32) {
    let name = name.to_owned();
    let shown = std::io::stderr().is_terminal();
    move |done, all| {
        if shown {
            // A progress line that cannot be written is no reason to stop.
            let _ = write!(std::io::stderr(), "\r{name}: {done} of {all} parts{}", if done == all { "\n" } else { "" });
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

async fn regimes(c: &Regimes, env: Env) -> Result<Answer> {
    let directory = env.directory(None).await?;
    let policies = Policies::fetch_regimes(&env.api, &directory, &built_in(), env.circuits.fresh()).await?;
    let words = |pack: &Pack, message: &str| plain(pack.text(&c.language, message).unwrap_or(message));
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

async fn new(c: New, mut env: Env) -> Result<Answer> {
    let narrative = match (&c.story, &c.story_file) {
        (Some(s), _) => s.clone(),
        (None, Some(f)) => String::from_utf8(read(f, 1 << 20)?).context("the story is not UTF-8 text")?,
        (None, None) => bail!("say what happened: --story \"…\" or --story-file FILE"),
    };
    let mut answers = BTreeMap::new();
    for a in &c.answers {
        let (q, v) = a.split_once('=').with_context(|| format!("`{a}` is not QUESTION=ANSWER"))?;
        answers.insert(q.to_owned(), v.to_owned());
    }
    let directory = env.directory(None).await?;
    let policies = Policies::fetch_regimes(&env.api, &directory, &built_in(), env.circuits.fresh()).await?;
    let answers = regime(&policies, &c.regime)?.fill_in(c.class.as_deref(), &answers, &Numerals::ENGLISH)?;
    let mut files = Vec::new();
    for path in &c.files {
        let name = path.display().to_string();
        files.push(upload(&env.api, &env.circuits, path, &mut env.rng, bar(&name)).await?);
    }
    let passphrase = Passphrase::generate(&mut env.rng);
    let words = passphrase.words();
    if let Some(out) = &c.passphrase_out {
        // Before anything is sent: a tip whose passphrase could not be written down is lost.
        write_new(out, format!("{}\n", words.as_str()).as_bytes())?;
    }
    let master = passphrase.master_key(directory.programme());
    let form = TipForm { regime: c.regime, answers, narrative, files };
    let names: Vec<String> = directory.intake().iter().map(|o| o.name.clone()).collect();
    let (_, filed) = Source::file_tip(env.api, directory, master, form, env.now, &mut env.rng).await?;
    if let Some(folder) = &c.receipts {
        for (i, r) in filed.receipts.iter().enumerate() {
            write_new(&folder.join(format!("receipt-{}.txt", i + 1)), r.to_text().as_bytes())?;
        }
    }
    let mut text = Zeroizing::new(format!(
        "Your tip is on the board. The server has signed {} receipts for it; officers: {}.\n",
        filed.receipts.len(),
        names.join(", ")
    ));
    let shown: Value = match &c.passphrase_out {
        Some(out) => {
            text.push_str(&format!("Your passphrase is in {}. ", out.display()));
            Value::Null
        }
        None => {
            text.push_str(&format!("\nYour passphrase:\n\n    {}\n\n", words.as_str()));
            json!(words.as_str())
        }
    };
    text.push_str(
        "Write the twelve words down on paper. They are the only way back to this tip: nobody can give them to you again.\nCome back with `subrosa tip inbox`.",
    );
    for name in &filed.fallback {
        text.push_str(&format!(
            "\nNote: {name} had no fresh keys left. Your first message to this person is protected less well until the person's keys change."
        ));
    }
    Ok(Answer::new(
        text.as_str(),
        json!({ "passphrase": shown, "receipts": filed.receipts.len(), "epoch": filed.epoch, "fallback": filed.fallback }),
    ))
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
                shown.push_str(&format!("\n[file: {}]", plain(n)));
            }
            (shown, json!({ "kind": "text", "text": text, "files": names }))
        }
        Message::Notice(n) => {
            let award = n.award.as_ref().map(|a| amount::show(Cents(a.amount_cents)));
            let mut shown = format!("[{}]", plain(&n.state));
            // The officer's program wrote the proposed amount plainly; anything else is shown as it stands.
            let text = amount::read(&n.text).map_or_else(|_| plain(&n.text), amount::show);
            for words in [in_words(&n.state), text] {
                if !words.is_empty() {
                    shown.push_str(&format!(" {words}"));
                }
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
        other => (format!("{other:?}"), json!({ "kind": "other" })),
    }
}

async fn inbox(c: Inbox, env: Env, server: (&str, Option<&str>)) -> Result<Answer> {
    let (mut source, mut rng) = c.pass.source(env).await?;
    let inbox = source.inbox().await?;
    let mut text = String::new();
    let mut messages = Vec::new();
    for u in &inbox.unread {
        let (shown, value) = show(&u.message);
        text.push_str(&format!("From {}:\n{shown}\n\n", plain(&u.from)));
        messages.push(json!({ "from": u.from, "message": value }));
        if let (Some(folder), Message::Text { files, .. }) = (&c.save, &u.message) {
            let (api, circuits) = second_api(server, &mut rng)?;
            for f in files {
                download(&api, &circuits, f, &folder.join(f.name())).await?;
            }
        }
    }
    for t in &inbox.troubles {
        text.push_str(&format!("Note: {t}\n"));
    }
    let troubles = inbox.troubles.clone();
    let count = inbox.unread.len();
    if count == 0 {
        text.push_str("Nothing new. Answers can take days; come back from time to time.");
    } else if c.burn {
        source.acknowledge(inbox, &mut rng).await?;
        text.push_str("Read and burnt: these messages cannot be opened again by anybody.");
    } else {
        text.push_str(
            "These messages stay readable with your passphrase until you burn them: subrosa tip inbox --burn",
        );
    }
    let state = source.state().case_state.clone();
    Ok(Answer::new(
        text,
        json!({ "messages": messages, "troubles": troubles, "burnt": c.burn && count > 0, "case_state": state }),
    ))
}

fn second_api(
    server: (&str, Option<&str>),
    rng: &mut subrosa_machine::say::Rng,
) -> Result<(Api<Http>, subrosa_engine::board::Circuits)> {
    let mut b = [0; 8];
    rand_core::Rng::fill_bytes(rng, &mut b);
    Ok((Api::new(Http::new(server.0, server.1, u64::from_be_bytes(b))?), subrosa_engine::board::Circuits::new(rng)))
}

async fn reply(c: Reply, env: Env, server: (&str, Option<&str>)) -> Result<Answer> {
    let (mut source, mut rng) = c.pass.source(env).await?;
    let mut files = Vec::new();
    let (api, circuits) = second_api(server, &mut rng)?;
    for path in &c.files {
        files.push(upload(&api, &circuits, path, &mut rng, bar(&path.display().to_string())).await?);
    }
    let receipts = source.send(&Message::Text { text: c.text, files }, &mut rng).await?;
    Ok(Answer::new("Sent; the server has signed for it.", json!({ "receipts": receipts.len() })))
}

async fn say(p: &Pass, env: Env, act: SourceAct, done: &str) -> Result<Answer> {
    let (mut source, mut rng) = p.source(env).await?;
    source.state_act(act, &mut rng).await?;
    Ok(Answer::new(done, json!({ "sent": true })))
}

async fn collect(c: Collect, env: Env) -> Result<Answer> {
    let (mut source, mut rng) = c.pass.source(env).await?;
    let signed = source.collect_tokens(&mut rng).await?;
    let tokens = match source.tokens() {
        Ok(t) => t,
        Err(e) => {
            let text =
                format!("{signed} administrators have signed so far; that is not enough yet ({e}). Come back later.");
            return Ok(Answer::new(text, json!({ "signed": signed, "complete": false })));
        }
    };
    let values: Vec<u64> = tokens.iter().map(|t| t.denomination().cents()).collect();
    let total: u64 = values.iter().sum();
    let mut text =
        format!("{} tokens, {} together, signed by {signed} administrators.", values.len(), amount::show(Cents(total)));
    if let Some(out) = &c.out {
        let file = TokenFile { programme: source.programme().to_owned(), tokens };
        write_new(out, file.to_text().as_bytes())?;
        text.push_str(&format!(
            "\nWritten to {}. Whoever has this file has the money. Wait before you redeem, and redeem in parts: the crowd of other tokens is what hides you.",
            out.display()
        ));
    }
    Ok(Answer::new(text, json!({ "signed": signed, "complete": true, "values_cents": values, "total_cents": total })))
}

async fn redeem(c: Redeem, mut env: Env) -> Result<Answer> {
    let text = Zeroizing::new(String::from_utf8(read(&c.tokens, 4 << 20)?).context("this is not a token file")?);
    let file = TokenFile::parse(&text)?;
    let directory = env.history(None).await?;
    if file.programme != directory.programme() {
        bail!("these tokens are of another programme: {}", plain(&file.programme));
    }
    let crowd = redeem::anonymity_sets(&env.api, &directory, &mut env.rng).await?;
    let spent = redeem::spent(&env.api, &directory, &file.tokens, &mut env.rng).await?;
    let mut free: Vec<&Token> = file.tokens.iter().zip(&spent).filter(|(_, s)| !**s).map(|(t, _)| t).collect();
    let table: Vec<Value> = file
        .tokens
        .iter()
        .zip(&spent)
        .map(|(t, s)| {
            let d = t.denomination();
            json!({ "value_cents": d.cents(), "redeemed": s, "crowd": crowd.get(&d).copied().unwrap_or(0) })
        })
        .collect();
    if c.values.is_empty() {
        let mut text = String::from("value            crowd it hides in\n");
        for t in &free {
            let n = crowd.get(&t.denomination()).copied().unwrap_or(0);
            let advice = if n < 20 { "  small: better wait" } else { "" };
            text.push_str(&format!("{:<16} {n}{advice}\n", amount::show(Cents(t.denomination().cents()))));
        }
        text.push_str("Choose with --value; wait days between redemptions, and never redeem everything at once.");
        return Ok(Answer::new(text, json!({ "tokens": table })));
    }
    let mut chosen: Vec<Token> = Vec::new();
    for v in &c.values {
        let wanted = Denomination::new(amount::read(v)?.0).context("a token is worth something")?;
        let at = free.iter().position(|t| t.denomination() == wanted);
        let at = at.with_context(|| {
            format!("no unredeemed token of {} is in the file", amount::show(Cents(wanted.cents())))
        })?;
        chosen.push(free.swap_remove(at).clone());
    }
    let payout = c.payee.instruction()?;
    redeem::redeem(&env.api, &directory, &chosen, &payout, env.now, &mut env.rng).await?;
    let total: u64 = chosen.iter().map(|t| t.denomination().cents()).sum();
    Ok(Answer::new(
        format!(
            "Sent: {} in {} tokens. The administrators verify and pay; nothing in it names you or your tip.",
            amount::show(Cents(total)),
            chosen.len()
        ),
        json!({ "sent": chosen.len(), "total_cents": total, "tokens": table }),
    ))
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
            "{proven} of {} receipts are proven by the log; the others become so when their epoch closes.",
            files.len()
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
