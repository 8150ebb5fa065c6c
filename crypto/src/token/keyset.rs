//! Denominations, and an issuer's keys for them.

use core::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{
    BATCH_MAX, DENOMINATIONS_MAX,
    voprf::{Element, PrivateKey, VOPRF},
};
use crate::{
    encoding::{Codec, DecodeError, Reader},
    kdf, layout,
    secret::Secret32,
};

/// What one token is worth: euro cents, more than zero.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "u64", into = "u64")]
pub struct Denomination(u64);

/// The value is zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("a denomination must be more than zero cents")]
pub struct ZeroDenomination;

impl Denomination {
    /// A denomination of `cents` euro cents; `None` for zero.
    pub const fn new(cents: u64) -> Option<Self> {
        if cents == 0 { None } else { Some(Self(cents)) }
    }

    /// Its worth in euro cents.
    pub const fn cents(self) -> u64 {
        self.0
    }
}

/// Its worth as `u64`; zero is refused.
impl Codec for Denomination {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Self::new(u64::read(r)?).ok_or(DecodeError::Invalid(r.field()))
    }
}

impl TryFrom<u64> for Denomination {
    type Error = ZeroDenomination;
    fn try_from(cents: u64) -> Result<Self, ZeroDenomination> {
        Self::new(cents).ok_or(ZeroDenomination)
    }
}

impl From<Denomination> for u64 {
    fn from(d: Denomination) -> Self {
        d.0
    }
}

impl fmt::Debug for Denomination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Denomination({})", self.0)
    }
}

impl fmt::Display for Denomination {
    /// The plain form, for errors: `1000.00 EUR`. Pages and programs show it as their language writes amounts.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02} EUR", self.0 / 100, self.0 % 100)
    }
}

/// Splits `amount_cents` into tokens, the largest first, each as often as it fits. With denominations of the 1-2-5
/// series this gives the fewest tokens.
///
/// Answers the tokens, largest first, and what no denomination covers. At most [`BATCH_MAX`] tokens are made; the
/// remainder holds what is above.
pub fn split(amount_cents: u64, denominations: &[Denomination]) -> (Vec<Denomination>, u64) {
    let mut sorted = denominations.to_vec();
    sorted.sort_unstable_by(|a, b| b.cmp(a));
    sorted.dedup();
    let mut rest = amount_cents;
    let mut out = Vec::new();
    for d in sorted {
        while rest >= d.0 && out.len() < BATCH_MAX {
            rest -= d.0;
            out.push(d);
        }
    }
    (out, rest)
}

/// An issuer's number within its programme. It never changes and is never used again for somebody else.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct IssuerIndex(pub u8);

layout! { IssuerIndex(_) }

/// The public name of one key: the labelled digest of issuer, denomination and public key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeysetId(pub [u8; 32]);

impl KeysetId {
    /// The name of `public`.
    pub fn of(issuer: IssuerIndex, denomination: Denomination, public: &[u8; 32]) -> Self {
        Self(kdf::digest("subrosa/keyset-id/v1", &[&[issuer.0], &denomination.0.to_be_bytes(), public]))
    }
}

impl fmt::Debug for KeysetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "KeysetId({})", hex::encode(self.0))
    }
}

/// One public key, as the charter carries it. Unverified.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DenominationKey {
    /// What a token under this key is worth.
    pub denomination: Denomination,
    /// The encoded element, in hexadecimal.
    #[serde(with = "crate::encoding_hex")]
    pub key: [u8; 32],
}

/// An issuer's public keys, as the charter carries them. Unverified: see [`IssuerKeys::verify`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssuerKeys {
    /// Whose they are.
    pub issuer: IssuerIndex,
    /// The keys, strictly ascending by denomination.
    pub keys: Vec<DenominationKey>,
}

/// Why a list of keys cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum KeysError {
    /// There are none, or more than [`DENOMINATIONS_MAX`].
    #[error("the number of keys is out of range")]
    Count,
    /// The denominations are not strictly ascending.
    #[error("the denominations are not in ascending order, each once")]
    Order,
    /// A key is not the encoding of a usable element.
    #[error("the key for {0} is not valid")]
    Key(Denomination),
    /// One key stands for two denominations, so that a small token could be passed off as a large one.
    #[error("one key stands for two denominations")]
    Repeated,
}

impl IssuerKeys {
    /// Checks order, number and every key.
    pub fn verify(&self) -> Result<Issuer, KeysError> {
        if self.keys.is_empty() || self.keys.len() > DENOMINATIONS_MAX {
            return Err(KeysError::Count);
        }
        if self.keys.windows(2).any(|w| matches!(w, [a, b] if a.denomination >= b.denomination)) {
            return Err(KeysError::Order);
        }
        let mut keys = Vec::with_capacity(self.keys.len());
        for k in &self.keys {
            let element = Element::from_bytes(&k.key).map_err(|_| KeysError::Key(k.denomination))?;
            if keys.iter().any(|(_, e)| *e == element) {
                return Err(KeysError::Repeated);
            }
            keys.push((k.denomination, element));
        }
        Ok(Issuer { index: self.issuer, keys })
    }
}

/// An issuer's checked public keys.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Issuer {
    index: IssuerIndex,
    keys: Vec<(Denomination, Element)>,
}

impl Issuer {
    /// Its number within the programme.
    pub fn index(&self) -> IssuerIndex {
        self.index
    }

    /// The denominations that it issues, ascending.
    pub fn denominations(&self) -> impl Iterator<Item = Denomination> {
        self.keys.iter().map(|(d, _)| *d)
    }

    /// The name of its key for `denomination`, if it has one.
    pub fn keyset_id(&self, denomination: Denomination) -> Option<KeysetId> {
        self.key(denomination).map(|k| KeysetId::of(self.index, denomination, &k.to_bytes()))
    }

    pub(super) fn key(&self, denomination: Denomination) -> Option<&Element> {
        let at = self.keys.binary_search_by_key(&denomination, |(d, _)| *d).ok()?;
        self.keys.get(at).map(|(_, k)| k)
    }
}

/// An issuer's private keys: one for each denomination, all derived from one seed.
pub struct IssuerSecret {
    index: IssuerIndex,
    keys: Vec<(Denomination, PrivateKey)>,
}

impl IssuerSecret {
    /// Derives the keys for `denominations` (any order, each once) by `DeriveKeyPair` (RFC 9497 section 3.2.1) with
    /// info `"subrosa/keyset/v1" || len(programme) as u16 || programme || denomination as u64 || issuer as u8`.
    pub fn derive(
        seed: &Secret32,
        programme: &[u8],
        index: IssuerIndex,
        denominations: &[Denomination],
    ) -> Result<Self, KeysError> {
        let programme_len = u16::try_from(programme.len()).map_err(|_| KeysError::Count)?;
        if denominations.is_empty() || denominations.len() > DENOMINATIONS_MAX {
            return Err(KeysError::Count);
        }
        let mut sorted = denominations.to_vec();
        sorted.sort_unstable();
        if sorted.windows(2).any(|w| matches!(w, [a, b] if a == b)) {
            return Err(KeysError::Order);
        }
        let mut keys = Vec::with_capacity(sorted.len());
        for d in sorted {
            let mut info = b"subrosa/keyset/v1".to_vec();
            info.extend_from_slice(&programme_len.to_be_bytes());
            info.extend_from_slice(programme);
            info.extend_from_slice(&d.0.to_be_bytes());
            info.push(index.0);
            keys.push((d, VOPRF.derive_key_pair(seed.expose(), &info).ok_or(KeysError::Key(d))?));
        }
        Ok(Self { index, keys })
    }

    /// Its number within the programme.
    pub fn index(&self) -> IssuerIndex {
        self.index
    }

    /// The public halves, for the charter.
    pub fn public_keys(&self) -> IssuerKeys {
        let keys =
            self.keys.iter().map(|(d, k)| DenominationKey { denomination: *d, key: k.public().to_bytes() }).collect();
        IssuerKeys { issuer: self.index, keys }
    }

    pub(super) fn key(&self, denomination: Denomination) -> Option<&PrivateKey> {
        let at = self.keys.binary_search_by_key(&denomination, |(d, _)| *d).ok()?;
        self.keys.get(at).map(|(_, k)| k)
    }
}

impl fmt::Debug for IssuerSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IssuerSecret({}, [redacted])", self.index.0)
    }
}
