//! An announced award, and where administrators leave their answers.

use serde::{Deserialize, Serialize};
use subrosa_casework::bytes::AwardRef;
use subrosa_crypto::{
    delivery::Drop,
    kdf::{self, Part},
    passphrase::MasterKey,
    seal::{SealRecipient, SealSecret},
    secret::Secret32,
    sign::HolderId,
    token::{Denomination, EvaluatedBatch, KeysetId, PendingTokens, RequestError, split},
};

use crate::treasury::public::token_award;

/// HPKE info of a return box.
pub const RETURN_BOX_INFO: &[u8] = b"subrosa/return-box/v1";

/// What the state keeps of an award that an officer announced. Inputs and blinds come back from the passphrase; only
/// the issuers' answers are stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AwardState {
    /// The officer who announced it. One officer's word is no award: tokens come only of what two adjudicators ordered.
    pub from: HolderId,
    /// Random name of the award, as the officer's notice gave it.
    pub reference: AwardRef,
    /// What was awarded, in euro cents.
    pub amount_cents: u64,
    /// What tokens were worth when it was announced, in euro cents, ascending: a later charter may change that, and a
    /// request made again must be the same.
    pub denominations: Vec<Denomination>,
    /// The first epoch in which answers may lie. The cursor moves on with every reply that is read; administrators
    /// answer when they can.
    pub since: u64,
    /// Whether the tokens were asked for.
    pub requested: bool,
    /// Encoded `token::EvaluatedBatch`es that were verified.
    pub answers: Vec<serde_bytes::ByteBuf>,
}

impl AwardState {
    /// The tokens of this award, still to be completed, and what is below the smallest token (euro cents).
    pub fn pending(&self, master: &MasterKey, programme: &[u8]) -> Result<(PendingTokens, u64), RequestError> {
        let (tokens, rest) = split(self.amount_cents, &self.denominations);
        let secret = master.derive("subrosa/token-secret/v1", &[]);
        let award = token_award(&self.reference);
        Ok((PendingTokens::derive(&secret, programme, award, &tokens)?, rest))
    }

    /// The answers, read again.
    pub(super) fn answered(&self) -> impl Iterator<Item = EvaluatedBatch> {
        self.answers.iter().filter_map(|bytes| EvaluatedBatch::decode(bytes).ok())
    }
}

/// Where an administrator leaves its answer under a keyset, from the box secret that the source gave away
/// (docs/spec/case-keys.md section 4). Each keyset has a place of its own: nothing is ever put where something lay, and
/// whoever has signed under one keyset may have to sign the same elements under the next.
pub fn return_place(secret: &Secret32, keyset: &KeysetId) -> Drop {
    Drop::own(&kdf::derive(b"", secret.expose(), "subrosa/return-place/v1", &[&keyset.0]))
}

/// The places where administrator `issuer` leaves its answers for `award`: known to the source and to that
/// administrator alone.
#[derive(Debug)]
pub struct ReturnBox {
    secret: Secret32,
    key: SealSecret,
}

impl ReturnBox {
    /// Derived from the passphrase, so that it survives a lost state.
    pub fn derive(master: &MasterKey, award: &AwardRef, issuer: u8) -> Self {
        let context: [&dyn Part; 2] = [&award.0, &[issuer]];
        Self {
            secret: master.derive("subrosa/return-box/v1", &context),
            key: SealSecret::from_seed(master.derive("subrosa/return-box-seal/v1", &context)),
        }
    }

    /// Where the answer under a keyset lies.
    pub fn place(&self, keyset: &KeysetId) -> Drop {
        return_place(&self.secret, keyset)
    }

    /// What opens it.
    pub fn key(&self) -> &SealSecret {
        &self.key
    }

    /// What the administrator is told: `box secret || X-Wing public key`.
    pub fn address(&self) -> Option<zeroize::Zeroizing<Vec<u8>>> {
        let SealRecipient(public) = self.key.recipient().ok()?;
        Some(zeroize::Zeroizing::new([self.secret.expose().as_slice(), public.as_slice()].concat()))
    }
}
