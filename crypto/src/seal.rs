//! HPKE Base mode (RFC 9180 section 5.1.1) with KEM X-Wing (0x647a), HKDF-SHA256 and ChaCha20-Poly1305.
//!
//! Spec: `docs/spec/envelope.md` section 2. Confidential if either ML-KEM-768 or X25519 holds.

use core::fmt;

use hpke::{
    Deserializable, Kem, OpModeR, OpModeS, Serializable, aead::ChaCha20Poly1305, kdf::HkdfSha256, kem::XWing,
    setup_receiver, single_shot_seal_with_rng,
};
use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::secret::Secret32;

/// Length of an X-Wing public key: bytes.
pub const PUBLIC_LEN: usize = 1216;
/// Length of an X-Wing encapsulated key: bytes.
pub const ENC_LEN: usize = 1120;
/// Length of the authentication tag: bytes.
pub const TAG_LEN: usize = 16;

/// Why something could not be sealed or opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum SealError {
    /// The receiver's key is not a valid X-Wing key.
    #[error("the receiver's key is not valid")]
    Key,
    /// Not sealed to this key, or changed on the way.
    #[error("this cannot be opened with this key: it was meant for another, or it was changed on the way")]
    Open,
}

/// The private side: a 32-byte X-Wing seed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SealSecret(Secret32);

impl SealSecret {
    /// The key whose X-Wing decapsulation seed is `seed` (X-Wing draft section 5.2).
    pub fn from_seed(seed: Secret32) -> Self {
        Self(seed)
    }

    /// A fresh key.
    pub fn random(rng: &mut impl CryptoRng) -> Self {
        Self(Secret32::random(rng))
    }

    /// The seed, for keeping.
    pub fn seed(&self) -> &Secret32 {
        &self.0
    }

    fn key(&self) -> Result<<XWing as Kem>::PrivateKey, SealError> {
        <XWing as Kem>::PrivateKey::from_bytes(self.0.expose()).map_err(|_| SealError::Key)
    }

    /// The public side.
    pub fn recipient(&self) -> Result<SealRecipient, SealError> {
        let mut out = Box::new([0; PUBLIC_LEN]);
        XWing::sk_to_pk(&self.key()?).write_exact(out.as_mut_slice());
        Ok(SealRecipient(out))
    }

    /// Opens `enc || ciphertext || tag`.
    pub fn open(&self, info: &[u8], aad: &[u8], sealed: &[u8]) -> Result<Vec<u8>, SealError> {
        let (enc, ct) = sealed.split_at_checked(ENC_LEN).ok_or(SealError::Open)?;
        let enc = <XWing as Kem>::EncappedKey::from_bytes(enc).map_err(|_| SealError::Open)?;
        setup_receiver::<ChaCha20Poly1305, HkdfSha256, XWing>(&OpModeR::Base, &self.key()?, &enc, info)
            .and_then(|mut r| r.open(ct, aad))
            .map_err(|_| SealError::Open)
    }
}

/// The public side of sealing.
#[derive(Clone, PartialEq, Eq)]
pub struct SealRecipient(pub Box<[u8; PUBLIC_LEN]>);

impl SealRecipient {
    /// Reads an encoded public key of exactly [`PUBLIC_LEN`] bytes. Whether it is a valid key shows when sealing.
    pub fn from_slice(bytes: &[u8]) -> Result<Self, SealError> {
        let array: [u8; PUBLIC_LEN] = bytes.try_into().map_err(|_| SealError::Key)?;
        Ok(Self(Box::new(array)))
    }

    /// Seals `plaintext`: answers `enc || ciphertext || tag`, [`ENC_LEN`] + [`TAG_LEN`] bytes longer.
    pub fn seal(
        &self,
        info: &[u8],
        aad: &[u8],
        plaintext: &[u8],
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, SealError> {
        let key = <XWing as Kem>::PublicKey::from_bytes(self.0.as_slice()).map_err(|_| SealError::Key)?;
        let (enc, ct) = single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, XWing>(
            &OpModeS::Base,
            &key,
            info,
            plaintext,
            aad,
            rng,
        )
        .map_err(|_| SealError::Key)?;
        let mut out = Vec::with_capacity(ENC_LEN + ct.len());
        out.extend_from_slice(&enc.to_bytes());
        out.extend_from_slice(&ct);
        Ok(out)
    }
}

impl fmt::Debug for SealRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = self.0.first_chunk::<8>().copied().unwrap_or_default();
        write!(f, "SealRecipient({}…)", hex::encode(head))
    }
}

impl Serialize for SealRecipient {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_bytes(self.0.as_slice())
    }
}

impl<'de> Deserialize<'de> for SealRecipient {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> serde::de::Visitor<'de> for V {
            type Value = SealRecipient;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{PUBLIC_LEN} bytes")
            }
            fn visit_bytes<E: serde::de::Error>(self, v: &[u8]) -> Result<SealRecipient, E> {
                SealRecipient::from_slice(v).map_err(|_| E::invalid_length(v.len(), &self))
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut a: A) -> Result<SealRecipient, A::Error> {
                let mut v = Vec::with_capacity(PUBLIC_LEN);
                while let Some(b) = a.next_element::<u8>()? {
                    v.push(b);
                    if v.len() > PUBLIC_LEN {
                        break;
                    }
                }
                self.visit_bytes(&v)
            }
        }
        d.deserialize_bytes(V)
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use rand_core::UnwrapErr;

    #[test]
    fn opens_only_with_its_key_info_and_aad() {
        let mut rng = UnwrapErr(getrandom::SysRng);
        let key = SealSecret::random(&mut rng);
        let sealed = key.recipient().unwrap().seal(b"i", b"a", b"hello", &mut rng).unwrap();
        assert_eq!(sealed.len(), ENC_LEN + 5 + TAG_LEN);
        assert_eq!(key.open(b"i", b"a", &sealed).unwrap(), b"hello");
        assert_eq!(key.open(b"j", b"a", &sealed), Err(SealError::Open));
        assert_eq!(key.open(b"i", b"b", &sealed), Err(SealError::Open));
        assert_eq!(SealSecret::random(&mut rng).open(b"i", b"a", &sealed), Err(SealError::Open));
        assert_eq!(key.open(b"i", b"a", sealed.get(..100).unwrap()), Err(SealError::Open));
        assert_eq!(format!("{key:?}"), "SealSecret([redacted])");
    }
}
