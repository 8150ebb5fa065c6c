//! Key bundles for first contact: (Olm one-time key, X-Wing one-time key, name), signed by their holder; a rotating
//! fallback for when they run out.
//!
//! Spec: `docs/spec/bundle.md`; X3DH section 4 tells what one-time keys are for.

use std::collections::BTreeMap;

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use thiserror::Error;
use vodozemac::olm::{Account, AccountPickle};

use crate::{
    envelope::KeyName,
    seal::{SealError, SealRecipient, SealSecret},
    secret::Secret32,
    sign::{Domain, HolderId, SigningKey, VerifyingKey},
    wire::{Bundle, BundleKind},
};

/// Why a bundle is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BundleRefusal {
    /// The server answered with somebody else's keys.
    #[error(
        "the server offered keys of another person than the one asked for; do not send anything through this server"
    )]
    WrongHolder,
    /// The signature is not the holder's.
    #[error(
        "the keys that the server offered are not signed by the person they are said to belong to; do not send anything through this server"
    )]
    Signature,
    /// Past its date: withheld by the server, or its holder has been away.
    #[error(
        "the keys that the server offered are out of date; the person may be away, or the server may be holding newer keys back"
    )]
    Expired,
}

/// A bundle whose signature and date hold.
#[derive(Debug, Clone)]
pub struct VerifiedBundle(Bundle);

impl VerifiedBundle {
    /// Checks a bundle against the holder's verifying key from the charter, at `now` (Unix seconds).
    pub fn verify(bundle: Bundle, holder: &VerifyingKey, now: u64) -> Result<Self, BundleRefusal> {
        if bundle.holder != holder.holder_id() {
            return Err(BundleRefusal::WrongHolder);
        }
        holder
            .verify(Domain::BUNDLE, &bundle.signed_part(), &bundle.signature)
            .map_err(|_| BundleRefusal::Signature)?;
        if bundle.expires <= now {
            return Err(BundleRefusal::Expired);
        }
        Ok(Self(bundle))
    }

    /// The bundle that was verified.
    pub fn get(&self) -> &Bundle {
        &self.0
    }

    /// Whether first contact through it is as strong as it can be. With a fallback bundle, whoever takes the holder's
    /// machine before the key rotates can open the first message.
    pub fn is_one_time(&self) -> bool {
        self.0.kind == BundleKind::OneTime
    }
}

/// The private halves of one bundle that is out there.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Offered {
    kind: FallbackOrder,
    seal: SealSecret,
    expires: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum FallbackOrder {
    OneTime,
    CurrentFallback,
    PreviousFallback,
}

/// What a holder keeps in order to be contacted: the Olm account and the X-Wing halves of every bundle on offer.
#[derive(Serialize, Deserialize)]
pub struct ReceivingKeys {
    #[serde(with = "account_pickle")]
    pub(crate) account: Account,
    offered: BTreeMap<KeyName, Offered>,
}

impl core::fmt::Debug for ReceivingKeys {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "ReceivingKeys({} on offer, [redacted])", self.offered.len())
    }
}

impl ReceivingKeys {
    /// Fresh keys. Olm draws its own randomness.
    pub fn generate() -> Self {
        Self { account: Account::new(), offered: BTreeMap::new() }
    }

    /// The Olm identity key that the charter publishes for this holder.
    pub fn olm_identity(&self) -> [u8; 32] {
        self.account.curve25519_key().to_bytes()
    }

    /// Makes `count` one-time bundles. Save these keys before publishing them.
    pub fn make_one_time(
        &mut self,
        count: usize,
        expires: u64,
        signer: &SigningKey,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<Bundle>, SealError> {
        let mut out = Vec::with_capacity(count);
        for olm in self.account.generate_one_time_keys(count).created {
            out.push(self.offer(FallbackOrder::OneTime, olm.to_bytes(), expires, signer, rng)?);
        }
        self.account.mark_keys_as_published();
        Ok(out)
    }

    /// Makes a new fallback bundle. The one before stays good for messages on their way; the one before that is
    /// forgotten.
    pub fn rotate_fallback(
        &mut self,
        expires: u64,
        signer: &SigningKey,
        rng: &mut impl CryptoRng,
    ) -> Result<Bundle, SealError> {
        self.offered.retain(|_, o| o.kind != FallbackOrder::PreviousFallback);
        for o in self.offered.values_mut() {
            if o.kind == FallbackOrder::CurrentFallback {
                o.kind = FallbackOrder::PreviousFallback;
            }
        }
        self.account.generate_fallback_key();
        let olm = self.account.fallback_key().into_values().next().ok_or(SealError::Key)?;
        self.account.mark_keys_as_published();
        self.offer(FallbackOrder::CurrentFallback, olm.to_bytes(), expires, signer, rng)
    }

    /// Forgets the fallback before the current one: nothing sealed to it opens any more.
    pub fn forget_previous_fallback(&mut self) {
        self.account.forget_fallback_key();
        self.offered.retain(|_, o| o.kind != FallbackOrder::PreviousFallback);
    }

    /// One-time bundles whose private halves are held here, handed out or not.
    pub fn one_time_held(&self) -> usize {
        self.offered.values().filter(|o| o.kind == FallbackOrder::OneTime).count()
    }

    /// Forgets X-Wing halves of one-time bundles that expired before `now` minus `grace` seconds.
    pub fn forget_expired(&mut self, now: u64, grace: u64) {
        self.offered.retain(|_, o| o.kind != FallbackOrder::OneTime || o.expires.saturating_add(grace) > now);
    }

    /// The X-Wing key of that name.
    pub(crate) fn seal_key(&self, name: &KeyName) -> Option<&SealSecret> {
        self.offered.get(name).map(|o| &o.seal)
    }

    /// Forgets a one-time key after use; a fallback stays.
    pub(crate) fn used(&mut self, name: &KeyName) {
        if self.offered.get(name).is_some_and(|o| o.kind == FallbackOrder::OneTime) {
            self.offered.remove(name);
        }
    }

    fn offer(
        &mut self,
        kind: FallbackOrder,
        olm: [u8; 32],
        expires: u64,
        signer: &SigningKey,
        rng: &mut impl CryptoRng,
    ) -> Result<Bundle, SealError> {
        let mut id = [0; 16];
        rng.fill_bytes(&mut id);
        let seal = SealSecret::from_seed(Secret32::random(rng));
        let SealRecipient(xwing) = seal.recipient()?;
        self.offered.insert(id, Offered { kind, seal, expires });
        let wire_kind = match kind {
            FallbackOrder::OneTime => BundleKind::OneTime,
            FallbackOrder::CurrentFallback | FallbackOrder::PreviousFallback => BundleKind::Fallback,
        };
        let mut bundle =
            Bundle { holder: HolderId([0; 16]), kind: wire_kind, id, olm, xwing, expires, signature: [0; 64] };
        bundle.holder = signer.verifying_key().holder_id();
        bundle.signature = signer.sign(Domain::BUNDLE, &bundle.signed_part());
        Ok(bundle)
    }
}

mod account_pickle {
    use super::{Account, AccountPickle};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    pub(super) fn serialize<S: Serializer>(account: &Account, s: S) -> Result<S::Ok, S::Error> {
        account.pickle().serialize(s)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Account, D::Error> {
        AccountPickle::deserialize(d).map(Account::from_pickle)
    }
}

#[cfg(test)]
mod vectors;

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use rand_core::UnwrapErr;

    #[test]
    fn bundles_verify_only_for_their_holder_and_in_time() {
        let mut rng = UnwrapErr(getrandom::SysRng);
        let signer = SigningKey::from_seed(&Secret32::random(&mut rng));
        let other = SigningKey::from_seed(&Secret32::random(&mut rng));
        let mut keys = ReceivingKeys::generate();
        let b = keys.make_one_time(2, 100, &signer, &mut rng).unwrap().remove(0);
        assert_eq!(Bundle::decode(&b.encode()).unwrap(), b);
        assert!(VerifiedBundle::verify(b.clone(), &signer.verifying_key(), 99).unwrap().is_one_time());
        let refused = |b: Bundle, k: &SigningKey, now| VerifiedBundle::verify(b, &k.verifying_key(), now).unwrap_err();
        assert_eq!(refused(b.clone(), &other, 99), BundleRefusal::WrongHolder);
        assert_eq!(refused(b.clone(), &signer, 100), BundleRefusal::Expired);
        let mut swapped = b;
        swapped.olm = [1; 32];
        assert_eq!(refused(swapped, &signer, 99), BundleRefusal::Signature);
    }

    #[test]
    fn fallbacks_rotate_and_are_forgotten_in_turn() {
        let mut rng = UnwrapErr(getrandom::SysRng);
        let signer = SigningKey::from_seed(&Secret32::random(&mut rng));
        let mut keys = ReceivingKeys::generate();
        let first = keys.rotate_fallback(9, &signer, &mut rng).unwrap();
        let second = keys.rotate_fallback(9, &signer, &mut rng).unwrap();
        assert!(keys.seal_key(&first.id).is_some() && keys.seal_key(&second.id).is_some());
        keys.used(&second.id);
        assert!(keys.seal_key(&second.id).is_some(), "a fallback outlives its first use");
        keys.rotate_fallback(9, &signer, &mut rng).unwrap();
        assert!(keys.seal_key(&first.id).is_none());
        keys.forget_previous_fallback();
        assert!(keys.seal_key(&second.id).is_none());
    }
}
