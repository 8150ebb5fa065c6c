//! Denominations, an issuer's keys for them, and the keysets in which issuers sign together.

use core::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{
    BATCH_MAX, DENOMINATIONS_MAX, KEYSET_SIGNERS_MAX,
    voprf::{Element, PrivateKey, VOPRF},
};
use crate::{
    encoding::{Codec, DecodeError, Reader},
    kdf, layout,
    secret::Secret32,
    sign::VerifyingKey,
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

/// A keyset's name: the labelled digest of its number, its threshold, and every key of every signer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeysetId(pub [u8; 32]);

layout! { KeysetId(_) }

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

/// One signer of a keyset, as the charter carries it. Unverified: see [`KeysetEntry::verify`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeysetSigner {
    /// The signer's number within the programme.
    pub index: IssuerIndex,
    /// What checks the signer's records: who it is, also after the charter names this person no longer.
    pub sign: VerifyingKey,
    /// The keys, strictly ascending by denomination.
    pub keys: Vec<DenominationKey>,
}

/// A keyset as the charter carries it: one fixed set of signers for one period. Unverified: see
/// [`KeysetEntry::verify`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeysetEntry {
    /// 1 for a programme's first keyset, more for each one after it. Never used again.
    pub number: u32,
    /// How many of the signers must recognise a token when it is redeemed.
    pub threshold: u8,
    /// Until when its tokens are honoured: unix seconds. A later charter may put it off and never bring it forward.
    pub accept_until: u64,
    /// All who sign each of its tokens, strictly ascending by number.
    pub signers: Vec<KeysetSigner>,
}

/// Why keys cannot be used.
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
    /// One key stands twice, so that a small token could be passed off as a large one.
    #[error("one key stands for two denominations or two signers")]
    Repeated,
    /// The threshold is not at least 2, at most the number of signers, and more than half of them; or there are more
    /// than [`KEYSET_SIGNERS_MAX`] signers.
    #[error(
        "a keyset has at most {KEYSET_SIGNERS_MAX} signers, and its threshold is at least 2 and more than half of them"
    )]
    Threshold,
    /// The signers' numbers are not strictly ascending.
    #[error("the signers are not in ascending order, each once")]
    Signers,
    /// The signers have keys for different denominations.
    #[error("the signers do not all have keys for the same denominations")]
    Uneven,
    /// The keys are not those that the keyset names for this issuer.
    #[error("these are not the keys that the charter names for you")]
    NotOurs,
}

/// Checks order, number and every key of a list.
fn elements(keys: &[DenominationKey]) -> Result<Vec<(Denomination, Element)>, KeysError> {
    if keys.is_empty() || keys.len() > DENOMINATIONS_MAX {
        return Err(KeysError::Count);
    }
    if keys.windows(2).any(|w| matches!(w, [a, b] if a.denomination >= b.denomination)) {
        return Err(KeysError::Order);
    }
    let element = |k: &DenominationKey| {
        Element::from_bytes(&k.key).map(|e| (k.denomination, e)).map_err(|_| KeysError::Key(k.denomination))
    };
    keys.iter().map(element).collect()
}

impl KeysetEntry {
    /// The name that its contents give it; the period of acceptance, which a later charter may put off, is no part.
    ///
    /// # Errors
    /// There are more signers or keys than the name's counts can say.
    pub fn id(&self) -> Result<KeysetId, KeysError> {
        let mut bytes = self.number.to_be_bytes().to_vec();
        bytes.push(self.threshold);
        bytes.push(u8::try_from(self.signers.len()).map_err(|_| KeysError::Threshold)?);
        for s in &self.signers {
            bytes.push(s.index.0);
            bytes.extend_from_slice(&s.sign.0);
            bytes.push(u8::try_from(s.keys.len()).map_err(|_| KeysError::Count)?);
            for k in &s.keys {
                bytes.extend_from_slice(&k.denomination.0.to_be_bytes());
                bytes.extend_from_slice(&k.key);
            }
        }
        Ok(KeysetId(kdf::digest("subrosa/keyset-id/v2", &[&bytes])))
    }

    /// Checks number and order of the signers, the threshold, and every key.
    ///
    /// # Errors
    /// The first rule that is broken.
    pub fn verify(&self) -> Result<Keyset, KeysError> {
        let n = self.signers.len();
        if n > KEYSET_SIGNERS_MAX || !quorums_meet(self.threshold, n) {
            return Err(KeysError::Threshold);
        }
        if self.signers.windows(2).any(|w| matches!(w, [a, b] if a.index >= b.index)) {
            return Err(KeysError::Signers);
        }
        let id = self.id()?;
        let mut seen = std::collections::BTreeSet::new();
        let mut signers: Vec<Signer> = Vec::with_capacity(n);
        for s in &self.signers {
            let keys = elements(&s.keys)?;
            if !keys.iter().all(|(_, e)| seen.insert(e.to_bytes())) {
                return Err(KeysError::Repeated);
            }
            let issuer = Issuer { keyset: id, index: s.index, keys };
            if signers.first().is_some_and(|first| !first.issuer.denominations().eq(issuer.denominations())) {
                return Err(KeysError::Uneven);
            }
            signers.push(Signer { sign: s.sign, issuer });
        }
        let (number, threshold, accept_until) = (self.number, self.threshold, self.accept_until);
        Ok(Keyset { id, number, threshold, accept_until, signers })
    }
}

/// Whether `k` of `n` can decide about money: two of them at least, and any two quorums share a person, so that no two
/// of them can decide differently without that person's help.
pub fn quorums_meet(k: u8, n: usize) -> bool {
    let k = usize::from(k);
    k >= 2 && k <= n && 2 * k > n
}

/// A signer of a checked keyset.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Signer {
    /// What checks the signer's records.
    pub sign: VerifyingKey,
    /// The signer's number and token keys.
    pub issuer: Issuer,
}

/// A checked keyset.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Keyset {
    id: KeysetId,
    number: u32,
    threshold: u8,
    accept_until: u64,
    signers: Vec<Signer>,
}

impl Keyset {
    /// The digest of what it says of signers and keys, under which tokens and records name it.
    pub fn id(&self) -> KeysetId {
        self.id
    }

    /// Its number within the programme.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// How many of its signers must recognise a token.
    pub fn threshold(&self) -> u8 {
        self.threshold
    }

    /// Until when its tokens are honoured: unix seconds.
    pub fn accept_until(&self) -> u64 {
        self.accept_until
    }

    /// All who sign each of its tokens, ascending by number.
    pub fn signers(&self) -> &[Signer] {
        &self.signers
    }

    /// One signer's keys.
    pub fn issuer(&self, index: IssuerIndex) -> Option<&Issuer> {
        self.signers.iter().map(|s| &s.issuer).find(|i| i.index == index)
    }

    /// What its tokens are worth, ascending.
    pub fn denominations(&self) -> Vec<Denomination> {
        self.signers.first().map(|s| s.issuer.denominations().collect()).unwrap_or_default()
    }
}

/// An issuer's checked public keys in one keyset.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Issuer {
    keyset: KeysetId,
    index: IssuerIndex,
    keys: Vec<(Denomination, Element)>,
}

impl Issuer {
    /// The keyset in which these keys stand.
    pub fn keyset(&self) -> KeysetId {
        self.keyset
    }

    /// Its number within the programme.
    pub fn index(&self) -> IssuerIndex {
        self.index
    }

    /// The denominations that it issues, ascending.
    pub fn denominations(&self) -> impl Iterator<Item = Denomination> {
        self.keys.iter().map(|(d, _)| *d)
    }

    pub(super) fn key(&self, denomination: Denomination) -> Option<&Element> {
        let at = self.keys.binary_search_by_key(&denomination, |(d, _)| *d).ok()?;
        self.keys.get(at).map(|(_, k)| k)
    }
}

/// An issuer's private keys in one keyset: one for each denomination, all derived from one seed.
pub struct IssuerSecret {
    keyset: KeysetId,
    index: IssuerIndex,
    keys: Vec<(Denomination, PrivateKey)>,
}

impl IssuerSecret {
    /// Derives the keys for `denominations` (any order, each once) of the keyset with this number by `DeriveKeyPair`
    /// (RFC 9497 section 3.2.1) with info `"subrosa/keyset/v2" || len(programme) as u16 || programme || number as
    /// u32 || denomination as u64 || issuer as u8`. They sign and recognise nothing before [`IssuerSecret::under`].
    pub fn derive(
        seed: &Secret32,
        programme: &[u8],
        number: u32,
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
            let mut info = b"subrosa/keyset/v2".to_vec();
            info.extend_from_slice(&programme_len.to_be_bytes());
            info.extend_from_slice(programme);
            info.extend_from_slice(&number.to_be_bytes());
            info.extend_from_slice(&d.0.to_be_bytes());
            info.push(index.0);
            keys.push((d, VOPRF.derive_key_pair(seed.expose(), &info).ok_or(KeysError::Key(d))?));
        }
        Ok(Self { keyset: KeysetId([0; 32]), index, keys })
    }

    /// The same keys as those of `issuer`, in its keyset.
    ///
    /// # Errors
    /// The charter names other keys.
    pub fn under(self, issuer: &Issuer) -> Result<Self, KeysError> {
        let same = self.index == issuer.index
            && self.keys.len() == issuer.keys.len()
            && self.keys.iter().zip(&issuer.keys).all(|((d, k), (e, p))| d == e && k.public() == p);
        if same { Ok(Self { keyset: issuer.keyset, ..self }) } else { Err(KeysError::NotOurs) }
    }

    /// The keyset in which the keys serve; zeros before [`IssuerSecret::under`].
    pub fn keyset(&self) -> KeysetId {
        self.keyset
    }

    /// Its number within the programme.
    pub fn index(&self) -> IssuerIndex {
        self.index
    }

    /// The public halves, for the charter.
    pub fn public_keys(&self) -> Vec<DenominationKey> {
        self.keys.iter().map(|(d, k)| DenominationKey { denomination: *d, key: k.public().to_bytes() }).collect()
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
