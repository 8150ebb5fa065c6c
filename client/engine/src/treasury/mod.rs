//! The bounty administrator: signs blinded tokens for ordered awards, recognises its own tokens when a stranger shows
//! them, and releases money together with other administrators.
//!
//! Crash points. Every act first changes the treasury and is saved by the caller ([`Treasury`] is what the keystore
//! holds), then speaks to the server; each message to the server may be repeated without harm: records say the same
//! again, envelopes are the same parcel. Above all, a reservation is saved before it is published: an administrator who
//! forgot one could reserve the same token for somebody else.

pub mod audit;
mod error;
pub mod public;
pub mod rail;
pub mod redeem;
#[cfg(test)]
mod shown_twice;
mod sign;
mod spend;
mod visit;

use std::collections::BTreeMap;

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use subrosa_casework::{
    award::SignedOrder,
    bytes::{AwardRef, Digest},
    money::Cents,
    records::{LedgerBody, Movement},
};
use subrosa_crypto::{
    charter, kdf,
    secret::Secret32,
    token::{Denomination, DenominationKey, IssuerIndex, IssuerSecret, KeysError, Keyset, KeysetSigner, Presentation},
    wire::RecordKind,
};

pub use error::BountyError;
pub use rail::PaymentError;
pub use visit::{Visit, directory, sign, verify, visit};

use crate::{
    directory::Directory,
    mailbox::Identity,
    message::{Message, SealedBox},
    session::{Member, Session},
    transport::Transport,
    treasury::{
        public::sign_record,
        rail::{Details, Payment, PaymentOrder, instruction::PayoutInstruction},
    },
    trouble::Trouble,
};

/// An award order as it came in.
#[derive(Clone, Serialize, Deserialize)]
pub struct Order {
    /// What two adjudicators signed.
    pub order: SignedOrder,
    /// The blinded batch.
    #[serde(with = "serde_bytes")]
    pub batch: Vec<u8>,
    /// Where the answer goes.
    pub return_box: SealedBox,
    /// The answer, once signed, and its envelope: sent again if need be, never made again.
    pub answer: Option<Answer>,
}

/// An answer on its way.
#[derive(Clone, Serialize, Deserialize)]
pub struct Answer {
    /// The keyset under which it was signed.
    pub keyset: [u8; 32],
    /// Encoded records to publish, in order. They are signed again when they go out, under the charter of that day.
    pub records: Vec<serde_bytes::ByteBuf>,
    /// Encoded envelope to the source's return box, which holds the signed tokens; empty if the box could not be used.
    #[serde(with = "serde_bytes")]
    pub envelope: Vec<u8>,
    /// Whether the server has it all.
    pub delivered: bool,
}

/// A redemption as it came in.
#[derive(Clone, Serialize, Deserialize)]
pub struct Received {
    /// Its public name: the digest of salt, payout and nullifiers.
    pub context: Digest,
    /// Known to the source and the administrators alone.
    salt: Secret32,
    /// The tokens with this issuer's shares: an encoded `token::Presentation`.
    #[serde(with = "serde_bytes")]
    pub tokens: Vec<u8>,
    /// Where the money goes.
    pub payout: PayoutInstruction,
    /// What the tokens are worth together, in euro cents.
    pub amount: Cents,
    /// How far it is.
    pub stage: Stage,
    /// What its payment file was made of, once there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    paid: Option<PaidFrom>,
}

/// What the first payment file of a redemption was made of beside the redemption. Each one after it is made of the
/// same: a bank takes two files that differ for two orders.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
struct PaidFrom {
    /// When it was made, in seconds since 1970.
    at: u64,
    /// The fields of the programme's own account, as its rail names them.
    debtor: BTreeMap<String, Option<String>>,
}

impl Received {
    /// The account from which its payment file pays, once there was one.
    pub fn paid_from(&self) -> Option<Details> {
        self.paid.as_ref().and_then(|paid| Details::received(self.payout.rail().debtor(), paid.debtor.clone()))
    }

    /// From which account a payment of it pays, and its day: the same as before, if there was one.
    fn paying(&self, debtor: Option<&Details>, now: u64) -> Result<(Details, u64), BountyError> {
        let Some(paid) = &self.paid else {
            let missing = || self.payout.rail().debtor().first().map_or("", |field| field.name);
            return Ok((debtor.ok_or_else(|| PaymentError::Missing(missing()))?.clone(), now));
        };
        // What can no longer be read, because the rail asks for other fields now, is no licence to pay from elsewhere.
        let kept = self.paid_from().filter(|kept| debtor.is_none_or(|debtor| debtor == kept));
        Ok((kept.ok_or(BountyError::OtherAccount)?, paid.at))
    }

    /// What its rail makes of it. The order's name is the same from whichever administrator it comes, so that a bank
    /// that is handed two finds the second out; and nobody without the salt can tell which redemption it belongs to.
    ///
    /// # Errors
    /// What stands in a field cannot be paid with.
    pub fn payment(&self, debtor: &Details, now: u64) -> Result<Payment, PaymentError> {
        let (payout, redemption) = (self.payout.details(), &self.context);
        let mut id = [0; 16];
        kdf::derive_into(b"", self.salt.expose(), PAYMENT_ORDER, &[&self.context.0], &mut id);
        self.payout.rail().payment(&PaymentOrder { payout, debtor, amount: self.amount, id: &id, redemption, now })
    }
}

/// Names a payment order, from a redemption's salt (docs/spec/case-keys.md).
const PAYMENT_ORDER: &str = "subrosa/payment-order/v2";

/// How far a redemption is, as this administrator sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Not looked at.
    Received,
    /// A token was spent before, or is not ours: nothing is paid.
    Refused,
    /// Own shares recognised; the tokens are reserved for this redemption and for no other, ever.
    Reserved,
    /// Enough others have reserved them too: they are spent, and the proof is published.
    Verified,
    /// Released by this administrator.
    Released,
    /// The payment file was written.
    Paid,
}

/// An administrator's public half: a file for whoever makes the charter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublicKeys {
    /// The name in the charter.
    pub name: String,
    /// The person's number.
    pub index: IssuerIndex,
    /// The person's keys.
    pub keys: charter::HolderKeys,
    /// The number of the keyset for which the token keys are.
    pub keyset: u32,
    /// One public key for each denomination, ascending.
    pub token_keys: Vec<DenominationKey>,
}

impl PublicKeys {
    /// The person, as the charter names administrators.
    pub fn administrator(&self) -> charter::Administrator {
        charter::Administrator { name: self.name.clone(), index: self.index, keys: self.keys.clone() }
    }

    /// The signer, as the charter names them in a keyset.
    pub fn signer(&self) -> KeysetSigner {
        KeysetSigner { index: self.index, sign: self.keys.sign, keys: self.token_keys.clone() }
    }
}

/// What an administrator's keystore holds.
#[derive(Serialize, Deserialize)]
pub struct Treasury {
    /// The administrator's own keys, and how far the board was read with them.
    pub identity: Identity,
    issuer_seed: Secret32,
    issuer: u8,
    denominations: Vec<u64>,
    programme: String,
    /// The newest charter seen.
    pub charter: Option<(u64, [u8; 32])>,
    /// Orders by award.
    pub orders: Vec<Order>,
    /// Redemptions by context.
    pub redemptions: Vec<Received>,
}

impl core::fmt::Debug for Treasury {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Treasury({}, [redacted])", self.identity.name)
    }
}

/// What a visit found.
#[derive(Debug, Default)]
pub struct News {
    /// New orders: award and amount.
    pub orders: Vec<(AwardRef, Cents)>,
    /// New redemptions: context and amount.
    pub redemptions: Vec<(Digest, Cents)>,
    /// What could not be read or is refused.
    pub troubles: Vec<Trouble>,
}

impl Member for Treasury {
    fn identity(&mut self) -> &mut Identity {
        &mut self.identity
    }
}

impl Treasury {
    /// Fresh keys for administrator number `issuer` (from 1) of a programme. `denominations` are what the tokens of its
    /// next keyset are worth, in euro cents.
    pub fn generate(
        name: &str,
        programme: &str,
        issuer: u8,
        denominations: Vec<u64>,
        rng: &mut impl CryptoRng,
    ) -> Result<Self, KeysError> {
        let identity = Identity::generate(name, rng);
        let issuer_seed = Secret32::random(rng);
        let treasury = Self {
            identity,
            issuer_seed,
            issuer,
            denominations,
            programme: programme.into(),
            charter: None,
            orders: Vec::new(),
            redemptions: Vec::new(),
        };
        treasury.token_keys(1)?;
        Ok(treasury)
    }

    /// The public half, as its holder carries it to whoever makes the charter: the person, and this person's keys in
    /// keyset `number`.
    pub fn public(&self, number: u32) -> Result<PublicKeys, BountyError> {
        let public = self.identity.public()?;
        let (index, keys) = (IssuerIndex(self.issuer), public.keys);
        Ok(PublicKeys { name: public.name, index, keys, keyset: number, token_keys: self.token_keys(number)? })
    }

    /// What the tokens of the next keyset are worth, in euro cents.
    pub fn set_denominations(&mut self, denominations: Vec<u64>) {
        self.denominations = denominations;
    }

    fn token_keys(&self, number: u32) -> Result<Vec<DenominationKey>, KeysError> {
        let denominations: Vec<Denomination> =
            self.denominations.iter().filter_map(|d| Denomination::new(*d)).collect();
        Ok(self.derive(number, &denominations)?.public_keys())
    }

    fn derive(&self, number: u32, denominations: &[Denomination]) -> Result<IssuerSecret, KeysError> {
        let (programme, index) = (self.programme.as_bytes(), IssuerIndex(self.issuer));
        IssuerSecret::derive(&self.issuer_seed, programme, number, index, denominations)
    }

    /// The private keys for a keyset that the charter names this administrator in.
    fn secret(&self, keyset: &Keyset) -> Result<IssuerSecret, BountyError> {
        let issuer = keyset.issuer(IssuerIndex(self.issuer)).ok_or(BountyError::NotASigner)?;
        let secret = self.derive(keyset.number(), &keyset.denominations())?;
        secret.under(issuer).map_err(|_| BountyError::NotASigner)
    }

    /// Opens what lies on the board for this administrator. Save before [`Identity::discard_taken`].
    pub async fn inbox<T: Transport, R>(&mut self, s: &mut Session<'_, T, R>) -> Result<News, BountyError> {
        let scanned = self.identity.collect(s.api, s.directory.log_key(), s.circuits).await?;
        let mut news = News { troubles: scanned.troubles, ..News::default() };
        for first in scanned.first {
            match Message::decode(&first.body) {
                Ok(Message::IssueOrder(m)) => {
                    if let Err(e) = m.order.verify(&s.directory.members(), &m.batch, s.clock) {
                        news.troubles.push(Trouble::OrderRefused(e));
                        continue;
                    }
                    let reference = m.order.order.award_ref;
                    if !self.orders.iter().any(|o| o.order.order.award_ref == reference) {
                        news.orders.push((reference, m.order.order.amount));
                        self.orders.push(Order {
                            order: m.order,
                            batch: m.batch,
                            return_box: m.return_box,
                            answer: None,
                        });
                    }
                }
                Ok(Message::Redemption(m)) => match received(&m.salt, m.tokens, m.payout) {
                    Some(r) => {
                        let new = (r.context, r.amount);
                        if self.keep(r, s.directory) {
                            news.redemptions.push(new);
                        }
                    }
                    None => news.troubles.push(Trouble::RedemptionEmpty),
                },
                Ok(Message::Cover) => {}
                Ok(_) => news.troubles.push(Trouble::NotForAdministrators),
                Err(e) => news.troubles.push(e.into()),
            }
        }
        if let Some(upto) = scanned.upto {
            self.identity.cursor = upto.saturating_add(1);
        }
        Ok(news)
    }

    /// States that the programme has money. Counts once as many administrators as the charter says have stated the
    /// same. Save afterwards: the receipt is kept.
    pub async fn fund<T: Transport, R>(
        &mut self,
        s: &mut Session<'_, T, R>,
        amount: Cents,
        reference: &str,
    ) -> Result<(), BountyError> {
        self.state(s, &LedgerBody::of_reference(Movement::BudgetAdded, budget_reference(reference), amount)).await
    }

    async fn state<T: Transport, R>(
        &mut self,
        s: &mut Session<'_, T, R>,
        body: &LedgerBody,
    ) -> Result<(), BountyError> {
        self.publish(s, RecordKind::Ledger, body.to_json()).await
    }

    /// Publishes a record of this administrator's, verifies its receipt, and keeps that.
    async fn publish<T: Transport, R>(
        &mut self,
        s: &mut Session<'_, T, R>,
        kind: RecordKind,
        body: Vec<u8>,
    ) -> Result<(), BountyError> {
        let record = sign_record(kind, body, s.directory.charter().digest(), &self.identity.signer())?;
        let receipt = s.api.publish_record(&record, s.circuits.fresh()).await?;
        Ok(self.identity.keep_receipt(s.directory.log_key(), &record, &receipt)?)
    }

    /// Refuses whoever the charter does not name as an administrator.
    fn check_charter(&self, directory: &Directory) -> Result<(), BountyError> {
        let key = self.identity.signer().verifying_key();
        let named = directory.administrators().iter().any(|a| a.key == key && a.index.0 == self.issuer);
        if named { Ok(()) } else { Err(BountyError::NotInCharter) }
    }
}

/// What stands in public for the words of a decision about the budget (docs/spec/case-keys.md).
pub fn budget_reference(words: &str) -> Digest {
    Digest(kdf::digest("subrosa/budget-reference/v1", &[words.as_bytes()]))
}

/// The context binds what is paid to whom; its salt keeps the public digest from being guessed.
fn received(salt: &Secret32, tokens: Vec<u8>, payout: PayoutInstruction) -> Option<Received> {
    let shown = Presentation::decode(&tokens).ok()?;
    let mut nullifiers: Vec<[u8; 32]> = shown.nullifiers().iter().map(|n| n.0).collect();
    nullifiers.sort_unstable();
    let amount = Cents(shown.total_cents()?);
    let context = redemption_context(salt, &payout, &nullifiers)?;
    Some(Received { context, salt: salt.clone(), tokens, payout, amount, stage: Stage::Received, paid: None })
}

/// A redemption's public name, from its nullifiers in ascending order (docs/spec/case-keys.md section 5).
pub(crate) fn redemption_context(
    salt: &Secret32,
    payout: &PayoutInstruction,
    nullifiers: &[[u8; 32]],
) -> Option<Digest> {
    let mut instruction = Vec::new();
    ciborium::into_writer(payout, &mut instruction).ok()?;
    let mut parts: Vec<&[u8]> = vec![salt.expose(), &instruction];
    parts.extend(nullifiers.iter().map(|n| n.as_slice()));
    Some(Digest(kdf::digest("subrosa/redemption/v1", &parts)))
}
