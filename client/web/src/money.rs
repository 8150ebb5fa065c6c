//! The award: asking for tokens, collecting them, and redeeming them as a stranger.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use subrosa_casework::money::Cents;
use subrosa_crypto::token::{Token, TokenFile};
use subrosa_engine::{
    history::History,
    source::SourceError,
    treasury::{
        public::PublicView,
        rail::{self, Field, FieldKind, RAILS, instruction::PayoutInstruction},
        redeem::{self, Crowd, RedeemError},
    },
};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use zeroize::Zeroizing;

use crate::{
    client::{Client, seconds},
    page::rng,
    trouble::Trouble,
};

#[wasm_bindgen]
impl Client {
    /// Reads an amount as it was typed, for showing it before it is signed. Answers it in plain form, which
    /// [`Client::accept`] takes and nobody reads as another: `137500.00`.
    pub fn amount(&self, text: &str) -> Result<String, JsValue> {
        Ok(self.read_amount(text)?.cents.to_string())
    }

    /// Asks for the award as blind tokens.
    pub async fn request_tokens(&self) -> Result<(), JsValue> {
        let mut source = self.take_source()?;
        let done = source.request_tokens(&mut rng()).await;
        self.settle(source, done).await
    }

    /// Fetches the administrators' signatures. Answers how many have signed, and once all have the token file; until
    /// then also whether an announced award is one by the public records, which an officer's word alone does not make.
    pub async fn collect_tokens(&self) -> Result<String, JsValue> {
        let mut source = self.take_source()?;
        let done = source.collect_tokens(&mut rng()).await;
        let signed = self.settle(source, done).await?;
        let (api, circuit) = (self.api(), self.circuits.fresh());
        let directory = History::of(self.directory()?, &api, circuit).await.map_err(Trouble::from)?;
        let view = PublicView::fetch(&api, &directory, circuit).await;
        let view = view.map_err(|e| Trouble::from(RedeemError::from(e)))?;
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
        let ordered = source.state().awards.iter().any(|a| view.is_award(&a.reference, Cents(a.amount_cents)));
        Ok(json!({ "signed": signed, "file": file, "ordered": ordered }).to_string())
    }

    /// What a token file holds: value of each token, whether it was redeemed, and in how many awards it may have
    /// begun. Needs no words.
    pub async fn crowd(&self, file: String) -> Result<String, JsValue> {
        let tokens = self.read_tokens(file)?;
        let (api, circuit) = (self.api(), self.circuits.fresh());
        let directory = History::of(self.directory()?, &api, circuit).await.map_err(Trouble::from)?;
        let crowd = redeem::crowd(&api, &directory, &tokens, &mut rng()).await.map_err(Trouble::from)?;
        Ok(rows(&tokens, &crowd).to_string())
    }

    /// The rails and the fields that each asks for, as JSON.
    pub fn rails(&self) -> String {
        let rail =
            |r: &&dyn rail::Rail| json!({ "id": r.id(), "fields": r.fields().iter().map(question).collect::<Value>() });
        RAILS.iter().map(rail).collect::<Value>().to_string()
    }

    /// Redeems tokens of a file, as a stranger. When this returns, the server's signed receipts were verified. `chosen`
    /// counts from 0 as [`Client::crowd`] answered them; `payout` is what was typed into the fields of `rail`, as JSON.
    pub async fn redeem(
        &self,
        file: String,
        chosen: Vec<u32>,
        rail: String,
        payout: String,
        now: f64,
    ) -> Result<(), JsValue> {
        let tokens = self.read_tokens(file)?;
        let chosen: Option<Vec<Token>> =
            chosen.iter().map(|i| usize::try_from(*i).ok().and_then(|i| tokens.get(i)).cloned()).collect();
        let chosen = chosen.ok_or_else(|| Trouble::new("no-token"))?;
        let payout = read_payout(&rail, &payout)?;
        let (api, circuit) = (self.api(), self.circuits.fresh());
        let directory = History::of(self.directory()?, &api, circuit).await.map_err(Trouble::from)?;
        redeem::redeem(&api, &directory, &chosen, &payout, seconds(now), &mut rng()).await.map_err(Trouble::from)?;
        Ok(())
    }
}

impl Client {
    fn read_tokens(&self, file: String) -> Result<Vec<Token>, Trouble> {
        let file = TokenFile::parse(&Zeroizing::new(file)).map_err(|_| Trouble::new("not-tokens"))?;
        if file.programme != self.directory()?.programme() {
            return Err(Trouble::new("other-programme"));
        }
        Ok(file.tokens)
    }
}

fn rows(tokens: &[Token], crowd: &Crowd) -> Value {
    let row =
        |((t, s), n): ((&Token, &bool), &u64)| json!({ "cents": t.denomination().cents(), "redeemed": s, "crowd": n });
    tokens.iter().zip(&crowd.spent).zip(&crowd.each).map(row).collect()
}

/// What the page needs for a field of its form.
fn question(field: &Field) -> Value {
    let kind = match field.kind {
        FieldKind::Text(_) => "text",
        FieldKind::Code(_) => "code",
    };
    json!({ "name": field.name, "required": field.required, "kind": kind, "max": field.kind.max(), "preset": field.preset })
}

/// Reads and checks where the money goes: each field of the rail as it was typed. A field that the rail refuses is
/// named.
fn read_payout(rail: &str, typed: &str) -> Result<PayoutInstruction, Trouble> {
    let mut typed: BTreeMap<String, String> = serde_json::from_str(typed).map_err(|_| Trouble::new("damaged"))?;
    let rail = rail::of(rail).ok_or_else(|| Trouble::new("damaged"))?;
    PayoutInstruction::typed(rail, |f| typed.remove(f.name))
        .map_err(|e| Trouble::with("payout", json!({ "field": e.field() })))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_field_that_a_rail_refuses_is_named() {
        for rail in RAILS {
            let typed: BTreeMap<&str, &str> = rail.fields().iter().map(|f| (f.name, f.example)).collect();
            let read = |typed: &BTreeMap<&str, &str>| read_payout(rail.id(), &json!(typed).to_string());
            assert_eq!(read(&typed).unwrap().rail().id(), rail.id());
            for f in rail.fields().iter().filter(|f| f.required) {
                let mut bad = typed.clone();
                bad.insert(f.name, "\u{fc}");
                let trouble = format!("{:?}", read(&bad).unwrap_err());
                assert!(trouble.contains(f.name), "{}: {trouble}", f.name);
            }
        }
        assert!(read_payout("carrier-pigeon", "{}").is_err());
        assert!(read_payout("sepa", "[]").is_err());
    }
}
