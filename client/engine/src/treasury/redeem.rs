//! Redeeming tokens as a stranger: nothing here touches the source's state, its passphrase or its case.

use std::collections::BTreeMap;

use rand_core::CryptoRng;
use subrosa_crypto::{
    bundle::{BundleRefusal, VerifiedBundle},
    envelope::EnvelopeError,
    ratchet::{RatchetError, Session},
    secret::Secret32,
    sign::HolderId,
    token::{Denomination, Nullifier, Token},
    wire::BUNDLE_SLOTS,
};
use thiserror::Error;

use crate::{
    api::{Api, ApiError},
    board::{self, Circuits},
    directory::{Administrator, Directory},
    history::History,
    message::{Message, MessageError, Redemption},
    transport::Transport,
    treasury::{
        public::{PublicView, ViewError},
        rail::instruction::PayoutInstruction,
    },
};

/// Why tokens could not be presented. Nothing is spent by a failure: present them again.
#[derive(Debug, Error)]
pub enum RedeemError {
    /// The caller gave no token at all.
    #[error("there is no token to redeem")]
    Nothing,
    /// Fewer signatures than the charter asks for, or administrators that it does not name.
    #[error("a token is not signed by enough of the charter's administrators")]
    TooFewShares,
    /// The public records say that this token was redeemed before.
    #[error("this token was redeemed before: {0}")]
    Spent(Nullifier),
    /// The server or the network.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// An administrator's keys are not what the charter says.
    #[error("{name}: {why}")]
    Bundle {
        /// The administrator whose keys they are, by the name in the charter.
        name: String,
        /// What is wrong.
        why: BundleRefusal,
    },
    /// The server holds keys back.
    #[error(
        "the server offers no keys for {0}, although the charter names this person; it may be holding them back. Nothing was sent"
    )]
    NoBundle(String),
    /// The message to an administrator could not be sealed.
    #[error(transparent)]
    Ratchet(#[from] RatchetError),
    /// The parcel's envelopes could not be made.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// Tokens and payout instruction do not fit one message.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// The public records do not hold together.
    #[error(transparent)]
    View(#[from] ViewError),
}

/// Sends tokens and a payout instruction to the administrators who signed them, in one parcel like any other. Each
/// administrator gets only its own share of each token, so none of them could redeem it in the source's place.
pub async fn redeem<T: Transport>(
    api: &Api<T>,
    directory: &History,
    tokens: &[Token],
    payout: &PayoutInstruction,
    now: u64,
    rng: &mut impl CryptoRng,
) -> Result<(), RedeemError> {
    if tokens.is_empty() {
        return Err(RedeemError::Nothing);
    }
    let circuits = Circuits::new(rng);
    let signers = common_signers(directory, tokens)?;
    let view = PublicView::fetch(api, directory, circuits.fresh()).await?;
    if let Some(t) = tokens.iter().find(|t| view.is_spent(&t.nullifier())) {
        return Err(RedeemError::Spent(t.nullifier()));
    }
    let circuit = circuits.fresh();
    let params = api.params(circuit).await?;
    let holders: Vec<HolderId> = signers.iter().map(|a| a.key.holder_id()).collect();
    let response = api.bundles(&params, &holders, rng, circuit).await?;
    let salt = Secret32::random(rng);
    let mut envelopes = Vec::with_capacity(signers.len());
    for (admin, slot) in signers.iter().zip(response.slots) {
        let bundle = slot.ok_or_else(|| RedeemError::NoBundle(admin.name.clone()))?;
        let bundle = VerifiedBundle::verify(bundle, &admin.key, now)
            .map_err(|why| RedeemError::Bundle { name: admin.name.clone(), why })?;
        let mut shares = Vec::with_capacity(tokens.len());
        for t in tokens {
            let share = t.only_for(admin.issuer.index()).ok_or(RedeemError::TooFewShares)?;
            shares.push(serde_bytes::ByteBuf::from(share.encode().to_vec()));
        }
        let message = Message::Redemption(Redemption { salt: salt.clone(), tokens: shares, payout: payout.clone() });
        let (_, envelope) = Session::initiate(&admin.contact, &bundle, &message.encode()?, rng)?;
        envelopes.push(envelope);
    }
    let parcel = board::parcel(envelopes, rng)?;
    board::deposit(api, &params, &parcel, circuit).await?;
    Ok(())
}

/// Administrators whose shares every one of the tokens carries: exactly as many as the charter asks for, so that no
/// more people than needed see the payee.
fn common_signers<'a>(directory: &'a Directory, tokens: &[Token]) -> Result<Vec<&'a Administrator>, RedeemError> {
    let signed = |a: &Administrator| tokens.iter().all(|t| t.issuers().any(|i| i == a.issuer.index()));
    let need = usize::from(directory.threshold()).min(BUNDLE_SLOTS);
    let signers: Vec<_> = directory.administrators().iter().filter(|a| signed(a)).take(need).collect();
    if signers.len() < usize::from(directory.threshold()) { Err(RedeemError::TooFewShares) } else { Ok(signers) }
}

/// How many tokens of each denomination are out there, issued and not redeemed, by the public records: the crowd that a
/// redemption hides in.
pub async fn anonymity_sets<T: Transport>(
    api: &Api<T>,
    directory: &History,
    rng: &mut impl CryptoRng,
) -> Result<BTreeMap<Denomination, u64>, RedeemError> {
    let view = PublicView::fetch(api, directory, Circuits::new(rng).fresh()).await?;
    Ok(view.outstanding())
}

/// Which of the tokens are publicly redeemed.
pub async fn spent<T: Transport>(
    api: &Api<T>,
    directory: &History,
    tokens: &[Token],
    rng: &mut impl CryptoRng,
) -> Result<Vec<bool>, RedeemError> {
    let view = PublicView::fetch(api, directory, Circuits::new(rng).fresh()).await?;
    Ok(tokens.iter().map(|t| view.is_spent(&t.nullifier())).collect())
}
