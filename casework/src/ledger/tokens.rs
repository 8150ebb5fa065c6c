//! What the public records say of tokens: who signed which elements, who reserved and who recognised which nullifiers.

use std::collections::{BTreeMap, BTreeSet};

use subrosa_crypto::{sign::HolderId, token::KeysetId};

use super::{Fault, Signers, signers::KeysetSigners};
use crate::{
    bytes::{AwardRef, Digest},
    money::Cents,
    records::{IssuanceBody, RedemptionBody, ReservationBody},
};

/// One key: who holds it, in which keyset, for which denomination.
type Key = (KeysetId, u16, Cents);

/// Which redemption a token belongs to: its context, and the keyset under which the token is shown. Nullifiers do not
/// hang on keysets, so a token that two keysets signed is spent under one of them only.
pub type Spending = (Digest, KeysetId);

/// What an issuer signed for an award, so that two issuers can be compared.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Signed {
    value: Cents,
    batch: Digest,
}

/// What an issuer recognised of a redemption, likewise.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
struct Recognised {
    keyset: KeysetId,
    value: Cents,
    nullifiers: Vec<Digest>,
}

/// All of it.
#[derive(Clone, Debug, Default)]
pub(super) struct Tokens {
    /// For each award and keyset: what was signed, and the issuers who signed exactly that.
    issued: BTreeMap<AwardRef, BTreeMap<(KeysetId, Signed), BTreeSet<u16>>>,
    /// Tokens signed with each key.
    signed: BTreeMap<Key, u64>,
    /// For each nullifier: for which redemption each issuer reserved it.
    reserved: BTreeMap<Digest, BTreeMap<HolderId, Spending>>,
    /// For each spent nullifier: the redemption for which enough signers of its keyset reserved it first. Two keysets
    /// may have no signer in common, so no issuer's memory can replace this.
    spent: BTreeMap<Digest, Spending>,
    /// For each redemption: what was recognised, and the issuers who recognised exactly that.
    redeemed: BTreeMap<Digest, BTreeMap<Recognised, BTreeSet<u16>>>,
    /// Nullifiers recognised with each key.
    recognised: BTreeMap<Key, BTreeSet<Digest>>,
}

/// A record about tokens, with what was found out about its signer.
pub(super) struct By<'a> {
    pub(super) holder: HolderId,
    pub(super) keyset: KeysetId,
    pub(super) signers: &'a KeysetSigners,
}

impl Tokens {
    pub(super) fn issue(&mut self, by: &By<'_>, body: &IssuanceBody) -> Result<(), Fault> {
        let mut value = Cents::ZERO;
        for batch in &body.batches {
            if batch.blinded.len() != batch.evaluated.len() {
                return Err(Fault::Malformed);
            }
            value = add(value, batch.denomination, batch.blinded.len())?;
        }
        let signed = Signed { value, batch: body.batch().map_err(|_| Fault::Malformed)? };
        let variants = self.issued.entry(body.award_ref).or_default();
        if variants.entry((by.keyset, signed)).or_default().insert(body.issuer) {
            for batch in &body.batches {
                let key = (by.keyset, body.issuer, batch.denomination);
                let count = self.signed.entry(key).or_default();
                *count = count.saturating_add(u64::try_from(batch.blinded.len()).unwrap_or(u64::MAX));
            }
        }
        Ok(())
    }

    pub(super) fn reserve(&mut self, by: &By<'_>, body: &ReservationBody) -> Result<(), Fault> {
        if body.nullifiers.is_empty() || body.nullifiers.windows(2).any(|w| matches!(w, [a, b] if a >= b)) {
            return Err(Fault::Malformed);
        }
        // The first word of each issuer counts; another one is a breach, and reserves nothing.
        let word = (body.context, by.keyset);
        for n in &body.nullifiers {
            if self.reserved.get(n).and_then(|all| all.get(&by.holder)).is_some_and(|w| *w != word) {
                return Err(Fault::ReservedTwice { nullifier: *n });
            }
        }
        for n in &body.nullifiers {
            self.reserved.entry(*n).or_default().insert(by.holder, word);
            if self.reservations(n, &word, by.signers) >= by.signers.threshold {
                self.spent.entry(*n).or_insert(word);
            }
        }
        Ok(())
    }

    pub(super) fn redeem(&mut self, by: &By<'_>, body: &RedemptionBody) -> Result<(), Fault> {
        body.check_nullifiers().map_err(|_| Fault::Malformed)?;
        let mut value = Cents::ZERO;
        let mut nullifiers = Vec::new();
        for batch in &body.batches {
            value = add(value, batch.denomination, batch.tokens.len())?;
            nullifiers.extend(batch.tokens.iter().map(|t| t.nullifier));
        }
        nullifiers.sort_unstable();
        if nullifiers.windows(2).any(|w| matches!(w, [a, b] if a == b)) {
            return Err(Fault::TwiceInOne);
        }
        // Whoever shows a proof before enough others are bound helps to spend a token twice.
        let word = (body.context, by.keyset);
        if nullifiers.iter().any(|n| self.reservations(n, &word, by.signers) < by.signers.threshold) {
            return Err(Fault::NotReserved);
        }
        if let Some(n) = nullifiers.iter().find(|n| self.spent.get(n).is_some_and(|w| *w != word)) {
            return Err(Fault::RedeemedBefore { nullifier: *n });
        }
        for batch in &body.batches {
            let key = (by.keyset, body.issuer, batch.denomination);
            self.recognised.entry(key).or_default().extend(batch.tokens.iter().map(|t| t.nullifier));
        }
        let recognised = Recognised { keyset: by.keyset, value, nullifiers };
        self.redeemed.entry(body.context).or_default().entry(recognised).or_default().insert(body.issuer);
        Ok(())
    }

    fn reservations(&self, nullifier: &Digest, word: &Spending, keyset: &KeysetSigners) -> usize {
        let Some(all) = self.reserved.get(nullifier) else { return 0 };
        keyset.signers.values().filter(|h| all.get(h) == Some(word)).count()
    }

    /// For each nullifier: for which redemption each issuer reserved it.
    pub(super) fn reserved(&self) -> &BTreeMap<Digest, BTreeMap<HolderId, Spending>> {
        &self.reserved
    }

    /// For each spent nullifier: its redemption.
    pub(super) fn spent(&self) -> &BTreeMap<Digest, Spending> {
        &self.spent
    }

    /// How many of a keyset's signers have signed an award's tokens, worth `amount` together, and how many they are: of
    /// the keyset that is furthest. `None` if nobody has signed such tokens, or if other elements were signed for this
    /// award in any keyset.
    pub(super) fn signed_for(&self, award: &AwardRef, amount: Cents, signers: &Signers) -> Option<(usize, usize)> {
        let variants = self.issued.get(award)?;
        let mut distinct = variants.keys().map(|(_, signed)| signed);
        let one = distinct.next().filter(|first| first.value == amount)?;
        if distinct.any(|other| other != one) {
            return None;
        }
        let progress = variants.iter().filter_map(|((keyset, _), by)| {
            let all = &signers.keyset(keyset)?.signers;
            Some((all.keys().filter(|number| by.contains(number)).count(), all.len()))
        });
        progress.min_by_key(|(have, need)| need.saturating_sub(*have))
    }

    /// Whether a redemption's tokens, worth `amount` together, were recognised by as many issuers as their keyset asks
    /// for, and by nobody otherwise.
    pub(super) fn is_redeemed(&self, context: &Digest, amount: Cents, signers: &Signers) -> bool {
        let Some(variants) = self.redeemed.get(context) else { return false };
        variants.len() == 1
            && variants
                .iter()
                .all(|(r, by)| r.value == amount && signers.keyset(&r.keyset).is_some_and(|k| by.len() >= k.threshold))
    }

    /// How many administrators state the movements of a redemption that somebody has recognised.
    pub(super) fn threshold_of(&self, context: &Digest, signers: &Signers) -> Option<usize> {
        let keysets = self.redeemed.get(context)?.keys().filter_map(|r| signers.keyset(&r.keyset));
        keysets.map(|k| k.threshold).max()
    }

    /// Every award for which somebody signed, with the batches.
    pub(super) fn awards(&self) -> impl Iterator<Item = (AwardRef, BTreeSet<Digest>)> {
        self.issued.iter().map(|(award, variants)| (*award, variants.keys().map(|(_, s)| s.batch).collect()))
    }

    /// Every redemption that somebody recognised.
    pub(super) fn redemptions(&self) -> impl Iterator<Item = &Digest> {
        self.redeemed.keys()
    }

    /// Keys with which more tokens were recognised than signed: issuer, denomination, signed, recognised.
    pub(super) fn beyond(&self) -> impl Iterator<Item = (u16, Cents, u64, usize)> {
        self.recognised.iter().filter_map(|(key, nullifiers)| {
            let signed = self.signed.get(key).copied().unwrap_or(0);
            let recognised = nullifiers.len();
            (u64::try_from(recognised).unwrap_or(u64::MAX) > signed).then_some((key.1, key.2, signed, recognised))
        })
    }

    /// Nullifiers that issuers reserved for different redemptions: one of those issuers is wrong, or a holder showed a
    /// token twice.
    pub(super) fn contested(&self) -> impl Iterator<Item = &Digest> {
        let differ = |all: &BTreeMap<HolderId, Spending>| all.values().collect::<BTreeSet<_>>().len() > 1;
        self.reserved.iter().filter(move |(_, all)| differ(all)).map(|(n, _)| n)
    }
}

fn add(sum: Cents, denomination: Cents, count: usize) -> Result<Cents, Fault> {
    u64::try_from(count)
        .ok()
        .and_then(|n| denomination.0.checked_mul(n))
        .and_then(|v| sum.checked_add(Cents(v)))
        .ok_or(Fault::OutOfRange)
}
