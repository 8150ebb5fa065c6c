//! `subrosa tip redeem`: tokens from a file become a payout, as a stranger: no passphrase, no case.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde_json::{Value, json};
use subrosa_casework::money::Cents;
use subrosa_crypto::token::{Denomination, Token, TokenFile};
use subrosa_engine::treasury::redeem;
use subrosa_machine::{files::read, say::plain_line};
use subrosa_templates::say;
use zeroize::Zeroizing;

use super::kept::ReceiptFolder;
use crate::{
    amount,
    answer::Answer,
    env::Env,
    rail::{Payee, stated},
    words::words,
};

#[derive(Debug, Args)]
pub(crate) struct Redeem {
    /// The token file
    #[arg(long, value_name = "FILE")]
    tokens: PathBuf,
    /// Redeem only these, by value in euros; may be repeated. Without it: none, but the sizes of the crowds are shown
    #[arg(long = "value", value_name = "EUROS")]
    values: Vec<String>,
    /// Write the server's receipts into this folder. They prove that the holder redeemed something: keep them only
    /// where that is safe, and look them up later with `tip receipts`
    #[arg(long, value_name = "FOLDER")]
    receipts: Option<PathBuf>,
    #[command(flatten)]
    payee: Payee,
}

pub(super) async fn run(c: Redeem, mut env: Env) -> Result<Answer> {
    let text = Zeroizing::new(String::from_utf8(read(&c.tokens, 4 << 20)?).context("this is not a token file")?);
    let file = TokenFile::parse(&text)?;
    let directory = env.history(None).await?;
    if file.programme != directory.programme() {
        bail!("these tokens are of another programme: {}", plain_line(&file.programme));
    }
    let crowd = redeem::crowd(&env.api, &directory, &file.tokens, &mut env.rng).await?;
    let seen = || file.tokens.iter().zip(&crowd.spent).zip(&crowd.each);
    let mut free: Vec<(&Token, u64)> = seen().filter(|((_, s), _)| !**s).map(|((t, _), n)| (t, *n)).collect();
    let row = |((t, s), n): ((&Token, &bool), &u64)| json!({ "value_cents": t.denomination().cents(), "redeemed": s, "crowd": n });
    let table: Vec<Value> = seen().map(row).collect();
    if c.values.is_empty() {
        let mut text = String::from("value            awards it may come from\n");
        for (t, n) in &free {
            let advice = if *n < 20 { "  small: better wait" } else { "" };
            text.push_str(&format!("{:<16} {n}{advice}\n", amount::show(Cents(t.denomination().cents()))));
        }
        text.push_str("Choose with --value; wait days between redemptions, and never redeem everything at once.");
        return Ok(Answer::new(text, json!({ "tokens": table })));
    }
    let mut chosen: Vec<Token> = Vec::new();
    for v in &c.values {
        let wanted = Denomination::new(amount::read(v)?.0).context("a token is worth something")?;
        let at = free.iter().position(|(t, _)| t.denomination() == wanted);
        let at = at.with_context(|| {
            format!("no unredeemed token of {} is in the file", amount::show(Cents(wanted.cents())))
        })?;
        chosen.push(free.swap_remove(at).0.clone());
    }
    let payout = c.payee.instruction()?;
    let folder = ReceiptFolder::prepare(c.receipts.as_deref())?;
    let together = redeem::crowd(&env.api, &directory, &chosen, &mut env.rng).await?.together;
    let worth = amount::in_full(Cents(chosen.iter().map(|t| t.denomination().cents()).sum()));
    env.agree(&format!("the payment of {worth}, for good, to {}", stated(payout.rail(), payout.details())))?;
    let sent = redeem::redeem(&env.api, &directory, &chosen, &payout, env.now, &mut env.rng).await;
    let receipts = sent.map_err(|e| match &e {
        redeem::RedeemError::Api(_) => anyhow::Error::new(e).context(
            "what was sent may or may not have arrived. Nothing is lost: in a day or two, the same command without \
             --value shows what is redeemed",
        ),
        _ => e.into(),
    })?;
    let unkept = folder.keep(&receipts);
    let total: u64 = chosen.iter().map(|t| t.denomination().cents()).sum();
    Ok(Answer::new(
        format!(
            "Sent: {} in {}. The administrators verify and pay; nothing in it names you or your tip. By the public records, these tokens together may come from {together} awards.{unkept}",
            amount::show(Cents(total)),
            say!(words(), "count-tokens", n = chosen.len() as u64)
        ),
        json!({ "sent": chosen.len(), "receipts": receipts.len(), "crowd": together, "total_cents": total, "tokens": table, "unkept": Some(unkept.trim()).filter(|said| !said.is_empty()) }),
    ))
}
