//! Redeeming tokens as a stranger: nothing here touches the source's state, its passphrase or its case.

use rand_core::CryptoRng;
use subrosa_crypto::{
    bundle::{BundleRefusal, VerifiedBundle},
    envelope::EnvelopeError,
    kdf,
    log::ReceiptFile,
    ratchet::{RatchetError, Session},
    secret::Secret32,
    sign::HolderId,
    token::{Denomination, Keyset, Nullifier, Presentation, Token},
    wire::{Envelope, PARCEL_COUNT, Tag},
};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{
    api::{Api, ApiError},
    board::{self, Circuits},
    cover,
    directory::{Administrator, Directory},
    history::History,
    message::{Message, MessageError, Redemption},
    transport::Transport,
    treasury::{
        public::{PublicView, ViewError},
        rail::instruction::PayoutInstruction,
        redemption_context,
    },
};

/// Why tokens could not be presented. Nothing is spent by a failure: present them again.
#[derive(Debug, Error)]
pub enum RedeemError {
    /// The caller gave no token at all.
    #[error("there is no token to redeem")]
    Nothing,
    /// The charter does not name its keyset, or too few of the keyset's signers still serve.
    #[error("a token is not signed by enough of the charter's administrators")]
    TooFewShares,
    /// Tokens of two keysets.
    #[error("these tokens were signed in different periods; redeem those of each period by themselves")]
    SeveralKeysets,
    /// The keyset's period is over.
    #[error("these tokens were accepted until a time that is over")]
    Expired,
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

/// Sends tokens and a payout instruction to as many of their signers as it takes. Each administrator gets only its own
/// share of each token, so none of them could redeem it in the source's place.
///
/// The same tokens with the same instruction may be sent again, and are the same redemption: once it is public that
/// some administrators have it and not enough have gone on, it is sent to all who still serve.
///
/// Answers the receipts, verified: a stranger has no keystore, so whoever wants to look them up in the log later keeps
/// them. They show that their holder redeemed something.
pub async fn redeem<T: Transport>(
    api: &Api<T>,
    directory: &History,
    tokens: &[Token],
    payout: &PayoutInstruction,
    now: u64,
    rng: &mut impl CryptoRng,
) -> Result<Vec<ReceiptFile>, RedeemError> {
    api.trust(directory.log_key());
    let keyset = keyset_of(directory, tokens)?;
    if now >= keyset.accept_until() {
        return Err(RedeemError::Expired);
    }
    let salt = salt(tokens, payout)?;
    let mut nullifiers: Vec<[u8; 32]> = tokens.iter().map(|t| t.nullifier().0).collect();
    nullifiers.sort_unstable();
    let context = redemption_context(&salt, payout, &nullifiers).ok_or(MessageError::Malformed)?;
    let circuits = Circuits::new(rng);
    let view = PublicView::fetch(api, directory, circuits.fresh()).await?;
    let other = |t: &&Token| view.spent_for(&t.nullifier()).is_some_and(|word| word != (context, keyset.id()));
    if let Some(t) = tokens.iter().find(other) {
        return Err(RedeemError::Spent(t.nullifier()));
    }
    let known: Vec<_> = tokens.iter().map(Token::nullifier).collect();
    let shown_before = !view.reservations(keyset, &context, &known).is_empty();
    let serving = serving(directory, keyset, tokens)?;
    let need = if shown_before { serving.len() } else { usize::from(keyset.threshold()) };
    let chosen = serving.get(..need).unwrap_or(&serving);
    let envelopes = seal(api, directory, chosen, &circuits, (tokens, &salt, payout), now, rng).await?;
    // The letters that say nothing come after them.
    let own: Vec<Tag> = envelopes.iter().take(chosen.len()).map(|e| e.tag).collect();
    let mut receipts = Vec::with_capacity(own.len());
    let mut left = envelopes.into_iter().peekable();
    while left.peek().is_some() {
        let parcel = board::parcel(left.by_ref().take(PARCEL_COUNT).collect(), rng)?;
        let circuit = circuits.fresh();
        let params = api.params(circuit).await?;
        let promised = board::promised(api, directory.log_key(), &params, &parcel, circuit).await?;
        receipts.extend(promised.iter().filter(|(tag, _)| own.contains(tag)).filter_map(|(_, p)| p.file()));
    }
    Ok(receipts)
}

/// One envelope for each of these administrators, filled up to whole parcels with letters that say nothing.
async fn seal<T: Transport>(
    api: &Api<T>,
    directory: &Directory,
    administrators: &[&Administrator],
    circuits: &Circuits,
    (tokens, salt, payout): (&[Token], &Secret32, &PayoutInstruction),
    now: u64,
    rng: &mut impl CryptoRng,
) -> Result<Vec<Envelope>, RedeemError> {
    let circuit = circuits.fresh();
    let params = api.params(circuit).await?;
    let offered = api.bundles(&params, rng, circuit).await?;
    let mut envelopes = Vec::with_capacity(administrators.len());
    for admin in administrators {
        let bundle = offered.of(admin.key.holder_id()).cloned();
        let bundle = bundle.ok_or_else(|| RedeemError::NoBundle(admin.name.clone()))?;
        let bundle = VerifiedBundle::verify(bundle, &admin.key, now)
            .map_err(|why| RedeemError::Bundle { name: admin.name.clone(), why })?;
        let shown = Presentation::of(tokens, admin.index).ok_or(RedeemError::TooFewShares)?;
        let message =
            Message::Redemption(Redemption { salt: salt.clone(), tokens: shown.encode(), payout: payout.clone() });
        let (_, envelope) = Session::initiate(&admin.contact, &bundle, &message.encode()?, rng)?;
        envelopes.push(envelope);
    }
    let written: Vec<HolderId> = administrators.iter().map(|a| a.key.holder_id()).collect();
    cover::fill_up(&mut envelopes, &written, &offered, directory, now, rng)?;
    Ok(envelopes)
}

/// The one keyset of all the tokens. Tokens of two keysets in one redemption would tie two awards together.
fn keyset_of<'d>(directory: &'d Directory, tokens: &[Token]) -> Result<&'d Keyset, RedeemError> {
    let first = tokens.first().ok_or(RedeemError::Nothing)?;
    if tokens.iter().any(|t| t.keyset() != first.keyset()) {
        return Err(RedeemError::SeveralKeysets);
    }
    directory.charter().keyset(&first.keyset()).ok_or(RedeemError::TooFewShares)
}

/// Signers of the keyset who still serve, in the order of the charter, if they are enough and the tokens carry their
/// shares. Who they are hangs on the charter and the keyset, and on nothing of the token.
fn serving<'d>(
    directory: &'d Directory,
    keyset: &Keyset,
    tokens: &[Token],
) -> Result<Vec<&'d Administrator>, RedeemError> {
    let serves = |a: &&Administrator| keyset.signers().iter().any(|s| s.issuer.index() == a.index && s.sign == a.key);
    let serving: Vec<_> = directory.administrators().iter().filter(serves).collect();
    let carried = |a: &&Administrator| tokens.iter().all(|t| t.issuers().any(|i| i == a.index));
    if serving.len() < usize::from(keyset.threshold()) || !serving.iter().all(carried) {
        return Err(RedeemError::TooFewShares);
    }
    Ok(serving)
}

/// What keeps a redemption's public name from being guessed: always the same for these tokens and this payee, so that
/// showing them again is no second redemption; and known to the holder alone, for nobody else is shown a seed.
fn salt(tokens: &[Token], payout: &PayoutInstruction) -> Result<Secret32, RedeemError> {
    let mut seeds: Zeroizing<Vec<[u8; 32]>> = Zeroizing::new(tokens.iter().map(|t| *t.seed()).collect());
    seeds.sort_unstable();
    let mut instruction = Vec::new();
    ciborium::into_writer(payout, &mut instruction).map_err(|_| MessageError::Malformed)?;
    let instruction = kdf::digest("subrosa/payout/v1", &[&instruction]);
    Ok(kdf::derive(b"", seeds.as_flattened(), "subrosa/redemption-salt/v1", &[&instruction]))
}

/// In how many awards a redemption of exactly these tokens may have begun ([`PublicView::crowd`]), and the same for
/// each token alone: the crowd that it hides in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crowd {
    /// For all of them together.
    pub together: u64,
    /// For each token by itself, in the order given.
    pub each: Vec<u64>,
    /// Whether each is spent, in the order given.
    pub spent: Vec<bool>,
}

/// The crowd of these tokens, by the public records.
///
/// # Errors
/// The records cannot be fetched, or a token is of no keyset of the charter.
pub async fn crowd<T: Transport>(
    api: &Api<T>,
    directory: &History,
    tokens: &[Token],
    rng: &mut impl CryptoRng,
) -> Result<Crowd, RedeemError> {
    let view = PublicView::fetch(api, directory, Circuits::new(rng).fresh()).await?;
    let keyset = |t: &Token| directory.charter().keyset(&t.keyset()).ok_or(RedeemError::TooFewShares);
    let mut crowd = Crowd { together: 0, each: Vec::new(), spent: Vec::new() };
    for t in tokens {
        let keyset = keyset(t)?;
        crowd.each.push(view.crowd(keyset, &[t.denomination()]));
        crowd.spent.push(view.spent_for(&t.nullifier()).is_some());
    }
    if let Ok(keyset) = keyset_of(directory, tokens) {
        let values: Vec<Denomination> = tokens.iter().map(Token::denomination).collect();
        crowd.together = view.crowd(keyset, &values);
    }
    Ok(crowd)
}
