//! The award: asking for tokens, collecting them, and redeeming them as a stranger.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use subrosa_crypto::token::{Denomination, Token, TokenFile};
use subrosa_engine::{
    history::History,
    message::PayoutInstruction,
    source::SourceError,
    treasury::{check_payout, redeem},
};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use crate::{
    door::{Door, seconds},
    page::rng,
    trouble::Trouble,
};

#[wasm_bindgen]
impl Door {
    /// Reads an amount as it was typed, for showing it before it is signed. Answers it in plain form, which
    /// [`Door::accept`] takes and nobody reads as another: `137500.00`.
    pub fn amount(&self, text: &str) -> Result<String, JsValue> {
        Ok(self.read_amount(text)?.cents.to_string())
    }

    /// Asks for the award as blind tokens.
    pub async fn request_tokens(&self) -> Result<(), JsValue> {
        let mut source = self.take_source()?;
        let done = source.request_tokens(&mut rng()).await;
        self.settle(source, done).await
    }

    /// Fetches the administrators' signatures. Answers how many have signed, and with enough of them the token file.
    pub async fn collect_tokens(&self) -> Result<String, JsValue> {
        let mut source = self.take_source()?;
        let done = source.collect_tokens(&mut rng()).await;
        let signed = self.settle(source, done).await?;
        let source = self.source.borrow();
        let source = source.as_ref().ok_or_else(|| Trouble::new("no-words"))?;
        let file = match source.tokens() {
            Ok(tokens) => {
                let file = TokenFile { programme: source.programme().to_owned(), tokens };
                Some(file.to_text().to_string())
            }
            Err(SourceError::Assemble(_)) => None,
            Err(e) => return Err(Trouble::from(e).into()),
        };
        Ok(json!({ "signed": signed, "file": file }).to_string())
    }

    /// What a token file holds: value of each token, whether it was redeemed, and how many tokens of that value are out
    /// there. Needs no words.
    pub async fn crowd(&self, file: String) -> Result<String, JsValue> {
        let tokens = self.read_tokens(file)?;
        let (api, circuit) = (self.api(), self.circuits.fresh());
        let directory = History::of(self.directory()?, &api, circuit).await.map_err(Trouble::from)?;
        let crowd = redeem::anonymity_sets(&api, &directory, &mut rng()).await.map_err(Trouble::from)?;
        let spent = redeem::spent(&api, &directory, &tokens, &mut rng()).await.map_err(Trouble::from)?;
        Ok(rows(&tokens, &spent, &crowd).to_string())
    }

    /// Redeems tokens of a file, as a stranger. `chosen` counts from 0 as [`Door::crowd`] answered them; `payout` is
    /// JSON.
    pub async fn redeem(&self, file: String, chosen: Vec<u32>, payout: String, now: f64) -> Result<(), JsValue> {
        let tokens = self.read_tokens(file)?;
        let chosen: Option<Vec<Token>> =
            chosen.iter().map(|i| usize::try_from(*i).ok().and_then(|i| tokens.get(i)).cloned()).collect();
        let chosen = chosen.ok_or_else(|| Trouble::new("no-token"))?;
        let payout = read_payout(&payout)?;
        let (api, circuit) = (self.api(), self.circuits.fresh());
        let directory = History::of(self.directory()?, &api, circuit).await.map_err(Trouble::from)?;
        redeem::redeem(&api, &directory, &chosen, &payout, seconds(now), &mut rng()).await.map_err(Trouble::from)?;
        Ok(())
    }
}

impl Door {
    fn read_tokens(&self, file: String) -> Result<Vec<Token>, Trouble> {
        let file = TokenFile::parse(&Zeroizing::new(file)).map_err(|_| Trouble::new("not-tokens"))?;
        if file.programme != self.directory()?.programme() {
            return Err(Trouble::new("other-programme"));
        }
        Ok(file.tokens)
    }
}

fn rows(tokens: &[Token], spent: &[bool], crowd: &BTreeMap<Denomination, u64>) -> Value {
    let row = |(t, s): (&Token, &bool)| {
        let d = t.denomination();
        json!({ "cents": d.cents(), "redeemed": s, "crowd": crowd.get(&d).copied().unwrap_or(0) })
    };
    tokens.iter().zip(spent).map(row).collect()
}

/// Reads and checks where the money goes; a field that a bank would refuse is named.
fn read_payout(json_text: &str) -> Result<PayoutInstruction, Trouble> {
    let payout: PayoutInstruction = serde_json::from_str(json_text).map_err(|_| Trouble::new("damaged"))?;
    check_payout(&payout).map_err(|e| {
        let said = e.to_string();
        let fields = ["iban", "bic", "country", "town", "reference", "payee"];
        let field = fields.into_iter().find(|f| said.to_lowercase().contains(f)).unwrap_or("payee");
        Trouble::with("payout", json!({ "field": field }))
    })?;
    Ok(payout)
}
