//! `subrosa bounty`: the administrator.

use std::{fmt::Display, path::PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use serde_json::json;
use subrosa_casework::bytes::{AwardRef, Digest};

use crate::{
    amount,
    answer::{Answer, name_of, troubles},
    charter::default_denominations,
    env::{Env, KeyArgs},
    rail::{Debtor, stated},
    words::words,
};
use subrosa_engine::{
    history::History,
    treasury::{self, Stage, Treasury, rail::Payment},
};
use subrosa_machine::files::{KeyFile, write_new};
use subrosa_machine::say::{plain_line, told};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make your keys and the public file for the charter
    Init(Init),
    /// Make your keys for the next keyset: for new administrators, another threshold or other denominations
    Keyset(Keyset),
    /// Fetch orders and redemptions; put fresh keys on offer
    Inbox(KeyArgs),
    /// State, with other administrators, that the programme has this money
    Fund(Fund),
    /// Sign the blinded tokens of an award
    Sign(OfAward),
    /// Recognise your part of a redemption's tokens, and reserve them for it
    Verify(OfRedemption),
    /// Release a redemption's money; the last administrator needed gets the payment file
    Pay(Pay),
    /// State that the money has arrived
    Settle(OfRedemption),
}

#[derive(Debug, Args)]
pub(super) struct Init {
    #[command(flatten)]
    key: KeyArgs,
    /// Your name in the charter
    #[arg(long)]
    name: String,
    /// The programme's permanent name
    #[arg(long)]
    programme: String,
    /// Your number: 1, 2, 3 and so on
    #[arg(long)]
    issuer: u8,
    /// Where to write the public file
    #[arg(long, value_name = "FILE")]
    public: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Keyset {
    #[command(flatten)]
    key: KeyArgs,
    /// The keyset's number: one more than that of the charter's last one
    #[arg(long)]
    number: u32,
    /// What one of its tokens is worth, such as 5000; may be repeated. Without it as before
    #[arg(long = "denomination", value_name = "AMOUNT", allow_hyphen_values = true)]
    denominations: Vec<String>,
    /// Where to write the public file
    #[arg(long, value_name = "FILE")]
    public: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Fund {
    #[command(flatten)]
    key: KeyArgs,
    /// Euros, such as 5000000 or 5,000,000.00; it is shown before it is signed
    #[arg(allow_hyphen_values = true)]
    amount: String,
    /// The decision behind it; all administrators must give the same words
    #[arg(long)]
    reference: String,
}

#[derive(Debug, Args)]
pub(super) struct OfAward {
    #[command(flatten)]
    key: KeyArgs,
    /// The award, as `inbox` shows it (its beginning is enough)
    award: String,
}

#[derive(Debug, Args)]
pub(super) struct OfRedemption {
    #[command(flatten)]
    key: KeyArgs,
    /// The redemption, as `inbox` shows it (its beginning is enough)
    redemption: String,
}

#[derive(Debug, Args)]
pub(super) struct Pay {
    #[command(flatten)]
    of: OfRedemption,
    #[command(flatten)]
    debtor: Debtor,
    /// Where to write the payment file
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
}

pub(super) async fn run(command: Command, env: &mut Env) -> Result<Answer> {
    match command {
        Command::Init(c) => {
            let treasury = Treasury::generate(&c.name, &c.programme, c.issuer, default_denominations(), &mut env.rng)?;
            let public = treasury.public(1)?;
            KeyFile::create(&c.key.keystore, &c.key.password()?, treasury, &mut env.rng)?;
            write_new(&c.public, &serde_json::to_vec_pretty(&public)?)?;
            let text = format!("Keys made. Carry {} to whoever keeps the root key.", c.public.display());
            Ok(Answer::new(text, json!({ "holder": public.keys.holder_id().to_string() })))
        }
        Command::Keyset(c) => {
            let mut file: KeyFile<Treasury> = c.key.open()?;
            if !c.denominations.is_empty() {
                let values = c.denominations.iter().map(|d| Ok(amount::read(d)?.0)).collect::<Result<_>>()?;
                file.contents.set_denominations(values);
            }
            let public = file.contents.public(c.number)?;
            file.save(&mut env.rng)?;
            write_new(&c.public, &serde_json::to_vec_pretty(&public)?)?;
            let text = format!("Keys made. Carry {} to whoever keeps the root key.", c.public.display());
            Ok(Answer::new(text, json!({ "keyset": c.number })))
        }
        Command::Inbox(k) => inbox(&k, env).await,
        Command::Fund(c) => {
            let amount = amount::read(&c.amount)?;
            env.agree(&format!("the programme has {}, by “{}”", amount::in_full(amount), plain_line(&c.reference)))?;
            let (mut file, directory) = open(&c.key, env).await?;
            file.contents.fund(&mut env.session(&directory), amount, &c.reference).await?;
            file.save(&mut env.rng)?;
            let text = format!(
                "Stated: {}. It counts when as many administrators as the charter says state the same.",
                amount::show(amount)
            );
            Ok(Answer::new(text, json!({ "amount_cents": amount.0 })))
        }
        Command::Sign(c) => sign(&c, env).await,
        Command::Verify(c) => {
            let (mut file, directory) = open(&c.key, env).await?;
            let (context, about) = redemption(&file.contents, &c.redemption)?;
            env.agree(&format!("that the tokens are yours, reserved for this redemption and no other, ever: {about}"))?;
            let stage = treasury::verify(&mut file, &mut env.session(&directory), &context).await?;
            let verified = stage != Stage::Reserved;
            let text = if verified {
                "Recognised, reserved by enough administrators, and proven publicly: the tokens are spent."
            } else {
                "Recognised and reserved for this redemption. Once enough others have reserved it too, `inbox` publishes your proof."
            };
            Ok(Answer::new(text, json!({ "redemption": context.to_string(), "verified": verified })))
        }
        Command::Pay(c) => pay(&c, env).await,
        Command::Settle(c) => settle(&c, env).await,
    }
}

/// The keystore, and the charter as the server shows it now. For a visit, which looks at the log first.
async fn open_to_visit(k: &KeyArgs, env: &Env) -> Result<(KeyFile<Treasury>, History)> {
    let mut file: KeyFile<Treasury> = k.open()?;
    let directory = treasury::directory(&mut file.contents, &env.api, &env.circuits, &env.root()?, env.now).await?;
    Ok((file, directory))
}

/// The same for a single step: nothing is believed and nothing is signed before the log was checked.
async fn open(k: &KeyArgs, env: &Env) -> Result<(KeyFile<Treasury>, History)> {
    let (mut file, directory) = open_to_visit(k, env).await?;
    file.contents.identity.watch_log(&env.api, directory.charter(), &env.circuits).await?;
    Ok((file, directory))
}

async fn inbox(k: &KeyArgs, env: &mut Env) -> Result<Answer> {
    let (mut file, directory) = open_to_visit(k, env).await?;
    let visited = treasury::visit(&mut file, &mut env.session(&directory), |_| {}).await?;
    let (news, sent) = (visited.news, visited.delivered);
    let mut text = String::new();
    let mut orders = Vec::new();
    for o in &file.contents.orders {
        let (r, a) = (o.order.order.award_ref, o.order.order.amount);
        let stage = if o.answer.is_some() { "signed" } else { "to sign: subrosa bounty sign" };
        text.push_str(&format!("award      {r}  {:<16} {stage}\n", amount::show(a)));
        orders.push(json!({ "award": r.to_string(), "amount_cents": a.0, "signed": o.answer.is_some() }));
    }
    let mut redemptions = Vec::new();
    for r in &file.contents.redemptions {
        let stage = name_of(&r.stage)?;
        let stands = words().named("stage", &stage);
        text.push_str(&format!("redemption {}  {:<16} {stands}\n", r.context, amount::show(r.amount)));
        redemptions.push(json!({ "redemption": r.context.to_string(), "amount_cents": r.amount.0, "stage": stage }));
    }
    for t in &news.troubles {
        text.push_str(&format!("Note: {}\n", plain_line(&told(t))));
    }
    if orders.is_empty() && redemptions.is_empty() {
        text.push_str("Nothing to do. Orders come from two adjudicators, redemptions from strangers.");
    }
    let json = json!({ "orders": orders, "redemptions": redemptions, "troubles": troubles(&news.troubles), "delivered": sent });
    Ok(Answer::new(text, json))
}

async fn sign(c: &OfAward, env: &mut Env) -> Result<Answer> {
    let (mut file, directory) = open(&c.key, env).await?;
    let award: AwardRef = one("award", &c.award, file.contents.orders.iter().map(|o| o.order.order.award_ref))?;
    let order = file.contents.orders.iter().find(|o| o.order.order.award_ref == award).context("the order is gone")?;
    let by: Vec<String> = order.order.signatures.iter().map(|(h, _)| plain_line(&directory.name_of(*h))).collect();
    let amount = amount::in_full(order.order.order.amount);
    env.agree(&format!("tokens worth {amount} for the award {award}, ordered by {}", by.join(" and ")))?;
    let sent = treasury::sign(&mut file, &mut env.session(&directory), &award).await?;
    let text = "Signed, stated publicly, and sent to a place that only the source knows.";
    Ok(Answer::new(text, json!({ "award": award.to_string(), "delivered": sent })))
}

/// The only one of these whose name begins so.
fn one<T: Copy + Display>(what: &str, prefix: &str, all: impl Iterator<Item = T>) -> Result<T> {
    let found: Vec<T> = all.filter(|name| name.to_string().starts_with(prefix)).collect();
    match found.as_slice() {
        [] => bail!("no {what} `{}` here; run `subrosa bounty inbox`", plain_line(prefix)),
        _ if prefix.is_empty() => {
            bail!("which {what}? Give the beginning of its name, as `subrosa bounty inbox` shows it")
        }
        [only] => Ok(*only),
        several => {
            bail!(
                "`{}` begins the names of {} of them; give more of the {what}'s name",
                plain_line(prefix),
                several.len()
            )
        }
    }
}

/// The redemption whose name begins so, and what there is to know before something is signed about it: how much, and to
/// whom it goes.
fn redemption(treasury: &Treasury, prefix: &str) -> Result<(Digest, String)> {
    let context = one("redemption", prefix, treasury.redemptions.iter().map(|r| r.context))?;
    let r = treasury.redemptions.iter().find(|r| r.context == context).context("the redemption is gone")?;
    Ok((
        context,
        format!(
            "{} in redemption {context}, to {}",
            amount::in_full(r.amount),
            stated(r.payout.rail(), r.payout.details())
        ),
    ))
}

async fn settle(c: &OfRedemption, env: &mut Env) -> Result<Answer> {
    let (mut file, directory) = open(&c.key, env).await?;
    let (context, about) = redemption(&file.contents, &c.redemption)?;
    env.agree(&format!("that the money has arrived: {about}"))?;
    file.contents.settle(&mut env.session(&directory), &context).await?;
    file.save(&mut env.rng)?;
    let text = "Stated. It counts when enough administrators state the same.";
    Ok(Answer::new(text, json!({ "redemption": context.to_string() })))
}

async fn pay(c: &Pay, env: &mut Env) -> Result<Answer> {
    let (mut file, directory) = open(&c.of.key, env).await?;
    let (context, about) = redemption(&file.contents, &c.of.redemption)?;
    let received = file.contents.redemptions.iter().find(|r| r.context == context);
    let received = received.context("the redemption is gone")?;
    let rail = received.payout.rail();
    let debtor = c.debtor.details(rail, received.paid_from())?;
    env.agree(&format!("the release of {about}; from {}", stated(rail, &debtor)))?;
    let outcome = file.contents.pay(&mut env.session(&directory), &context, Some(&debtor)).await;
    file.save(&mut env.rng)?;
    match outcome {
        Ok(Payment::File(payment)) => {
            write_new(&c.out, &payment.bytes)?;
            let text =
                format!("Released by enough. The payment file is {}; hand it to the bank once.", c.out.display());
            Ok(Answer::new(text, json!({ "redemption": context.to_string(), "file": c.out })))
        }
        Err(e @ (treasury::BountyError::MoreNeeded { .. } | treasury::BountyError::OtherPays)) => {
            Ok(Answer::new(format!("{e}."), json!({ "redemption": context.to_string(), "file": null })))
        }
        Err(e) => Err(e.into()),
    }
}
