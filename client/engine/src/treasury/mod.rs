//! The bounty administrator: signs blinded tokens for ordered awards, recognises its own tokens when a stranger shows
//! them, and releases money together with a second administrator.
//!
//! Crash points. Every act first changes the treasury and is saved by the caller ([`Treasury`] is what the keystore
//! holds), then speaks to the server; each message to the server may be repeated without harm: records and spends are
//! the same bytes again, envelopes the same parcel.

pub mod audit;
mod error;
pub mod public;
pub mod rail;
pub mod redeem;
mod visit;

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use subrosa_casework::{
    award::SignedOrder,
    bytes::{AwardRef, Digest},
    money::Cents,
    records::{LedgerBody, Movement},
};
use subrosa_crypto::{
    charter,
    delivery::{Drop, cover_hint},
    envelope, kdf,
    seal::{PUBLIC_LEN, SealError, SealRecipient},
    secret::Secret32,
    sign::Domain,
    token::{
        BatchError, BlindedBatch, Denomination, IssuerIndex, IssuerKeys, IssuerSecret, KeysError, Nullifier, Token,
        VerifiedShare, split,
    },
    wire::{Envelope, RecordKind, SpendRequest},
};

pub use error::BountyError;
pub use rail::PaymentError;
pub use visit::{Visit, directory, sign, visit};

use crate::{
    board,
    directory::Directory,
    mailbox::Identity,
    message::{Message, SealedBox},
    session::{Member, Saved, Session},
    source::RETURN_BOX_INFO,
    transport::Transport,
    treasury::{
        public::{PublicView, issuance_body, redemption_body, sign_record, token_award},
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
    /// Encoded records to publish, in order.
    pub records: Vec<serde_bytes::ByteBuf>,
    /// Encoded envelope to the source's return box, which holds the signed tokens.
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
    /// The tokens with this issuer's share.
    pub tokens: Vec<serde_bytes::ByteBuf>,
    /// Where the money goes.
    pub payout: PayoutInstruction,
    /// What the tokens are worth together, in euro cents.
    pub amount: Cents,
    /// How far it is.
    pub stage: Stage,
}

impl Received {
    /// What its rail makes of it.
    fn payment(&self, debtor: &Details, id: &[u8; 16], now: u64) -> Result<Payment, PaymentError> {
        let (payout, redemption) = (self.payout.details(), &self.context);
        self.payout.rail().payment(&PaymentOrder { payout, debtor, amount: self.amount, id, redemption, now })
    }
}

/// How far a redemption is, as this administrator sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Not looked at.
    Received,
    /// A token was spent before, or is not ours: nothing is paid.
    Refused,
    /// Own shares recognised, nullifiers spent, proof published.
    Verified,
    /// Released by this administrator.
    Released,
    /// The payment file was written.
    Paid,
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

impl Saved<'_, Treasury> {
    /// Publishes and sends every answer that is not delivered yet; answers how many. Save afterwards.
    ///
    /// # Errors
    /// What was not sent is sent again at the next visit.
    pub async fn deliver<T: Transport, R: CryptoRng>(
        mut self,
        s: &mut Session<'_, T, R>,
    ) -> Result<usize, BountyError> {
        self.contents().deliver(s).await
    }
}

impl Treasury {
    /// Fresh keys for issuer number `issuer` (from 1) of a programme.
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
        treasury.secret()?;
        Ok(treasury)
    }

    /// The public half, as it stands in a charter.
    pub fn public(&self) -> Result<charter::Administrator, BountyError> {
        let public = self.identity.public()?;
        let keys = self.issuer_keys()?;
        Ok(charter::Administrator { name: public.name, index: keys.issuer, keys: public.keys, keysets: keys.keys })
    }

    /// The public halves of the token keys.
    pub fn issuer_keys(&self) -> Result<IssuerKeys, KeysError> {
        Ok(self.secret()?.public_keys())
    }

    fn secret(&self) -> Result<IssuerSecret, KeysError> {
        let denominations: Vec<Denomination> =
            self.denominations.iter().filter_map(|d| Denomination::new(*d)).collect();
        IssuerSecret::derive(&self.issuer_seed, self.programme.as_bytes(), IssuerIndex(self.issuer), &denominations)
    }

    /// Opens what lies on the board for this administrator. Save before [`Identity::discard_taken`].
    pub async fn inbox<T: Transport, R>(&mut self, s: &mut Session<'_, T, R>) -> Result<News, BountyError> {
        let scanned = self.identity.collect(s.api, s.circuits).await?;
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
                    Some(r) if self.redemptions.iter().all(|old| old.context != r.context) => {
                        news.redemptions.push((r.context, r.amount));
                        self.redemptions.push(r);
                    }
                    Some(_) => {}
                    None => news.troubles.push(Trouble::RedemptionEmpty),
                },
                Ok(_) => news.troubles.push(Trouble::NotForAdministrators),
                Err(e) => news.troubles.push(e.into()),
            }
        }
        if let Some(upto) = scanned.upto {
            self.identity.cursor = upto.saturating_add(1);
        }
        Ok(news)
    }

    /// States that the programme has money. Counts once two administrators have stated the same.
    pub async fn fund<T: Transport, R>(
        &self,
        s: &mut Session<'_, T, R>,
        amount: Cents,
        reference: &str,
    ) -> Result<(), BountyError> {
        let reference = Digest(kdf::digest("subrosa/budget-reference/v1", &[reference.as_bytes()]));
        self.state(s, &LedgerBody::of_reference(Movement::BudgetAdded, reference, amount)).await
    }

    async fn state<T: Transport, R>(&self, s: &mut Session<'_, T, R>, body: &LedgerBody) -> Result<(), BountyError> {
        let record = sign_record(RecordKind::Ledger, body.to_json(), &self.identity.signer())?;
        Ok(s.api.publish_record(&record, s.circuits.fresh()).await?)
    }

    /// Signs the blinded tokens of an order. Changes the treasury only: save, then [`Saved::deliver`].
    pub async fn sign<T: Transport, R: CryptoRng>(
        &mut self,
        s: &mut Session<'_, T, R>,
        reference: &AwardRef,
    ) -> Result<(), BountyError> {
        self.check_charter(s.directory)?;
        let secret = self.secret()?;
        let view = PublicView::fetch(s.api, s.directory, s.circuits.fresh()).await?;
        let (identity, index) = (&self.identity, secret.index());
        let order = self.orders.iter_mut().find(|o| o.order.order.award_ref == *reference);
        let order = order.ok_or(BountyError::Unknown("award"))?;
        // The public records are asked too: a keystore restored from a backup has forgotten what it signed.
        if order.answer.is_some() || view.has_issued(reference, index) {
            return Err(BountyError::SignedBefore);
        }
        order.order.verify(&s.directory.members(), &order.batch, s.clock)?;
        let amount = order.order.order.amount;
        let batch = BlindedBatch::decode(&order.batch).map_err(|_| BatchError::Amount)?;
        let (expected, _) = split(amount.0, s.directory.denominations());
        if batch.award != token_award(reference) {
            return Err(BatchError::Amount.into());
        }
        let checked = batch.verify(&expected)?;
        let answer = secret.evaluate(&checked, s.rng)?;
        let issued = Cents(batch.total_cents().unwrap_or(0));
        let signer = identity.signer();
        let ledger = |m, a| sign_record(RecordKind::Ledger, LedgerBody::of_award(m, *reference, a).to_json(), &signer);
        let records = [
            ledger(Movement::AwardReserved, amount)?,
            sign_record(RecordKind::Issuance, issuance_body(*reference, &batch, &answer).to_json(), &signer)?,
            ledger(Movement::TokensIssued, issued)?,
        ];
        let address = identity.wrap_key().open(RETURN_BOX_INFO, &reference.0, &order.return_box.sealed)?;
        let (secret, public) = address.split_first_chunk::<32>().ok_or(SealError::Open)?;
        if public.len() != PUBLIC_LEN {
            return Err(SealError::Key.into());
        }
        let place = Drop::own(&Secret32::new(*secret));
        let recipient = SealRecipient::from_slice(public)?;
        let envelope = envelope::write(&place, cover_hint(s.rng), &recipient, &[0; 16], &answer.encode(), s.rng)?;
        order.answer = Some(Answer {
            records: records.iter().map(|r| serde_bytes::ByteBuf::from(r.encode())).collect(),
            envelope: envelope.encode(),
            delivered: false,
        });
        Ok(())
    }

    /// Publishes and sends every answer that is not delivered yet.
    async fn deliver<T: Transport, R: CryptoRng>(&mut self, s: &mut Session<'_, T, R>) -> Result<usize, BountyError> {
        let mut sent = 0;
        for answer in self.orders.iter_mut().filter_map(|o| o.answer.as_mut()).filter(|a| !a.delivered) {
            for bytes in &answer.records {
                if let Ok(record) = subrosa_crypto::wire::PublicRecord::decode(bytes) {
                    s.api.publish_record(&record, s.circuits.fresh()).await?;
                }
            }
            if let Ok(envelope) = Envelope::decode(&answer.envelope) {
                let circuit = s.circuits.fresh();
                let params = s.api.params(circuit).await?;
                board::deposit(s.api, &params, &board::parcel(vec![envelope], s.rng)?, circuit).await?;
            }
            answer.delivered = true;
            sent += 1;
        }
        Ok(sent)
    }

    /// Recognises the own share in each token, spends the nullifiers on the server, publishes the proof. Repeating it
    /// is harmless.
    pub async fn verify<T: Transport, R: CryptoRng>(
        &mut self,
        s: &mut Session<'_, T, R>,
        context: &Digest,
    ) -> Result<(), BountyError> {
        self.check_charter(s.directory)?;
        let secret = self.secret()?;
        let signer = self.identity.signer();
        let elsewhere: Vec<Nullifier> = self
            .redemptions
            .iter()
            .filter(|r| r.context != *context && !matches!(r.stage, Stage::Received | Stage::Refused))
            .flat_map(|r| decode_tokens(&r.tokens))
            .map(|t| t.nullifier())
            .collect();
        let r = self.redemptions.iter_mut().find(|r| r.context == *context);
        let r = r.ok_or(BountyError::Unknown("redemption"))?;
        let tokens = decode_tokens(&r.tokens);
        // Our own memory first: a server that forgets a spend must not make us pay twice.
        if let Some(t) = tokens.iter().find(|t| elsewhere.contains(&t.nullifier())) {
            r.stage = Stage::Refused;
            return Err(BountyError::SpentBefore(t.nullifier()));
        }
        let shares = tokens.iter().map(|t| secret.verify_share(t)).collect::<Result<Vec<VerifiedShare>, _>>();
        let shares = shares.inspect_err(|_| r.stage = Stage::Refused)?;
        let nullifiers: Vec<Nullifier> = tokens.iter().map(Token::nullifier).collect();
        let mut spend = SpendRequest {
            signer: signer.verifying_key().holder_id(),
            context: context.0,
            nullifiers: nullifiers.iter().map(|n| n.0).collect::<Vec<_>>().try_into()?,
            signature: [0; 64],
        };
        spend.signature = signer.sign(Domain::SPEND, &spend.signed_part());
        let response = s.api.spend(&spend, s.circuits.fresh()).await?;
        let foreign = response.contexts.iter().zip(&nullifiers).find(|(c, _)| **c != context.0 && **c != [0; 32]);
        if let Some((_, n)) = foreign {
            r.stage = Stage::Refused;
            return Err(BountyError::SpentBefore(*n));
        }
        let proof = secret.prove_redemption(&shares, s.rng)?;
        let body = redemption_body(*context, &proof).to_json();
        s.api.publish_record(&sign_record(RecordKind::Redemption, body, &signer)?, s.circuits.fresh()).await?;
        let redeemed = LedgerBody::of_reference(Movement::TokensRedeemed, *context, r.amount).to_json();
        s.api.publish_record(&sign_record(RecordKind::Ledger, redeemed, &signer)?, s.circuits.fresh()).await?;
        if r.stage == Stage::Received {
            r.stage = Stage::Verified;
        }
        Ok(())
    }

    /// Releases the money. The administrator whose release stands second in the public records gets the payment that
    /// the redemption's rail makes, and only that one; asking again gives the same bytes, which a bank recognises as
    /// the same order. The first one is told that a second is needed. `debtor` fills that rail's debtor's fields.
    pub async fn pay<T: Transport, R>(
        &mut self,
        s: &mut Session<'_, T, R>,
        context: &Digest,
        debtor: &Details,
    ) -> Result<Payment, BountyError> {
        self.check_charter(s.directory)?;
        let signer = self.identity.signer();
        let me = signer.verifying_key().holder_id();
        let order_id = self.identity.private_name("subrosa/payment-order/v1", &context.0);
        let r = self.redemptions.iter_mut().find(|r| r.context == *context);
        let r = r.ok_or(BountyError::Unknown("redemption"))?;
        let need = usize::from(s.directory.threshold());
        let view = PublicView::fetch(s.api, s.directory, s.circuits.fresh()).await?;
        let verified = view.redemption_signers(context);
        if verified.len() < need || !matches!(r.stage, Stage::Verified | Stage::Released | Stage::Paid) {
            return Err(BountyError::NotVerified { have: verified.len(), need });
        }
        let payment = r.payment(debtor, &order_id, s.clock)?;
        let release = LedgerBody::of_reference(Movement::PayoutReleased, *context, r.amount).to_json();
        let mut released = view.ledger_signers(&release);
        if !released.contains(&me) {
            s.api
                .publish_record(&sign_record(RecordKind::Ledger, release.clone(), &signer)?, s.circuits.fresh())
                .await?;
            // Read again: two administrators may have released at the same moment, and the order of the records
            // decides.
            released = PublicView::fetch(s.api, s.directory, s.circuits.fresh()).await?.ledger_signers(&release);
        }
        r.stage = if r.stage == Stage::Paid { Stage::Paid } else { Stage::Released };
        match released.get(1) {
            None => Err(BountyError::SecondNeeded),
            Some(second) if *second == me => {
                r.stage = Stage::Paid;
                Ok(payment)
            }
            Some(_) => Err(BountyError::OtherPays),
        }
    }

    /// States that the money has arrived. Counts once two administrators have stated it.
    pub async fn settle<T: Transport, R>(
        &self,
        s: &mut Session<'_, T, R>,
        context: &Digest,
    ) -> Result<(), BountyError> {
        let r = self.redemptions.iter().find(|r| r.context == *context).ok_or(BountyError::Unknown("redemption"))?;
        self.state(s, &LedgerBody::of_reference(Movement::PayoutSettled, *context, r.amount)).await
    }

    fn check_charter(&self, directory: &Directory) -> Result<(), BountyError> {
        let key = self.identity.signer().verifying_key();
        let named = directory
            .administrators()
            .iter()
            .any(|a| a.key == key && self.issuer_keys().and_then(|k| k.verify()).is_ok_and(|mine| mine == a.issuer));
        if named { Ok(()) } else { Err(BountyError::NotInCharter) }
    }
}

fn decode_tokens(tokens: &[serde_bytes::ByteBuf]) -> Vec<Token> {
    tokens.iter().filter_map(|t| Token::decode(t).ok()).collect()
}

/// The context binds what is paid to whom; its salt keeps the public digest from being guessed.
fn received(salt: &Secret32, tokens: Vec<serde_bytes::ByteBuf>, payout: PayoutInstruction) -> Option<Received> {
    let decoded = decode_tokens(&tokens);
    if decoded.is_empty() || decoded.len() != tokens.len() {
        return None;
    }
    let mut nullifiers: Vec<[u8; 32]> = decoded.iter().map(|t| t.nullifier().0).collect();
    nullifiers.sort_unstable();
    let before = nullifiers.len();
    nullifiers.dedup();
    let amount = decoded.iter().try_fold(0u64, |sum, t| sum.checked_add(t.denomination().cents()))?;
    if nullifiers.len() != before {
        return None;
    }
    let context = redemption_context(salt, &payout, &nullifiers)?;
    Some(Received { context, tokens, payout, amount: Cents(amount), stage: Stage::Received })
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
