//! The age recipient type `mlkem768x25519` (C2SP age, "The hybrid recipient type"): X-Wing through HPKE (RFC 9180), so
//! that a recorded file stays closed to a quantum computer.

use core::{fmt, str::FromStr};
use std::collections::HashSet;

use age_core::{
    format::{FILE_KEY_BYTES, FileKey as AgeFileKey, Stanza},
    secrecy::ExposeSecret,
};
use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD as B64};
use bech32::{Checksum, Hrp, primitives::decode::CheckedHrpstring};
use curve25519_dalek::montgomery::MontgomeryPoint;
use hpke::{Deserializable, Kem, OpModeR, OpModeS, Serializable, aead::ChaCha20Poly1305, kdf::HkdfSha256, kem::XWing};
use rand_core::CryptoRng;
use thiserror::Error;
use zeroize::Zeroizing;

use crate::secret::Secret32;

/// The stanza's tag.
pub(super) const TAG: &str = "mlkem768x25519";
/// The encapsulated key: an ML-KEM-768 ciphertext, then an X25519 share.
pub(super) const ENC_LEN: usize = 1120;
/// The stanza's body: 16 bytes of file key with a Poly1305 tag.
pub(super) const BODY_LEN: usize = FILE_KEY_BYTES + 16;

const INFO: &[u8] = b"age-encryption.org/mlkem768x25519";
const RECIPIENT_PREFIX: &str = "age1pq";
const IDENTITY_PREFIX: &str = "age-secret-key-pq-";

/// The text is not a hybrid age key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("this is not a post-quantum age key (age1pq1... or AGE-SECRET-KEY-PQ-1...)")]
pub struct NotAHybridKey;

/// The public half: whom a file is sealed to. Displays as `age1pq1…`.
#[derive(Clone, PartialEq, Eq)]
pub struct HybridRecipient(<XWing as Kem>::PublicKey);

impl HybridRecipient {
    /// Reads the 1,216 bytes of an X-Wing public key.
    ///
    /// # Errors
    /// The ML-KEM part is not a valid encoding.
    pub fn from_bytes(bytes: &[u8; 1216]) -> Result<Self, NotAHybridKey> {
        <XWing as Kem>::PublicKey::from_bytes(bytes).map(Self).map_err(|_| NotAHybridKey)
    }

    /// Wraps a file key; consumes 64 bytes of `rng`.
    pub(super) fn wrap(
        &self,
        file_key: &[u8; FILE_KEY_BYTES],
        rng: &mut impl CryptoRng,
    ) -> Result<([u8; ENC_LEN], [u8; BODY_LEN]), hpke::HpkeError> {
        let (enc, body) = hpke::single_shot_seal_with_rng::<ChaCha20Poly1305, HkdfSha256, XWing>(
            &OpModeS::Base,
            &self.0,
            INFO,
            file_key,
            b"",
            rng,
        )?;
        let enc = enc.to_bytes().as_slice().try_into().map_err(|_| hpke::HpkeError::EncapError)?;
        let body = body.try_into().map_err(|_| hpke::HpkeError::SealError)?;
        Ok((enc, body))
    }
}

impl fmt::Display for HybridRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hrp = Hrp::parse(RECIPIENT_PREFIX).map_err(|_| fmt::Error)?;
        f.write_str(&bech32::encode::<LongBech32>(hrp, &self.0.to_bytes()).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for HybridRecipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for HybridRecipient {
    type Err = NotAHybridKey;

    fn from_str(s: &str) -> Result<Self, NotAHybridKey> {
        let bytes = bech32_decode(s, RECIPIENT_PREFIX)?;
        <XWing as Kem>::PublicKey::from_bytes(&bytes).map(Self).map_err(|_| NotAHybridKey)
    }
}

impl age::Recipient for HybridRecipient {
    /// Draws from the system. Subrosa's own formats take their randomness as an argument and do not come through here.
    #[expect(clippy::disallowed_methods, reason = "age's trait passes no randomness along")]
    fn wrap_file_key(&self, file_key: &AgeFileKey) -> Result<(Vec<Stanza>, HashSet<String>), age::EncryptError> {
        let (enc, body) = hpke::single_shot_seal::<ChaCha20Poly1305, HkdfSha256, XWing>(
            &OpModeS::Base,
            &self.0,
            INFO,
            file_key.expose_secret(),
            b"",
        )
        .map_err(|e| age::EncryptError::Io(std::io::Error::other(e.to_string())))?;
        let stanza = Stanza { tag: TAG.into(), args: vec![B64.encode(enc.to_bytes())], body };
        // The label keeps age from adding a recipient that a quantum computer could open.
        Ok((vec![stanza], HashSet::from(["postquantum".to_owned()])))
    }
}

/// The secret half. Its text form is `AGE-SECRET-KEY-PQ-1…`, which age 1.3 and later reads.
#[derive(Clone)]
pub struct HybridIdentity(Secret32);

impl HybridIdentity {
    /// The identity whose X-Wing seed is `secret`.
    pub fn from_secret(secret: Secret32) -> Self {
        Self(secret)
    }

    /// The public half.
    pub fn recipient(&self) -> HybridRecipient {
        HybridRecipient(XWing::sk_to_pk(&self.private_key()))
    }

    /// The identity as text, for handing to an age program.
    pub fn to_text(&self) -> Zeroizing<String> {
        let hrp = Hrp::parse(IDENTITY_PREFIX);
        let text = hrp.ok().and_then(|h| bech32::encode_upper::<LongBech32>(h, self.0.expose()).ok());
        Zeroizing::new(text.unwrap_or_default())
    }

    /// Unwraps a file key. `None`: the stanza was made for somebody else.
    pub(super) fn unwrap(&self, enc: &[u8; ENC_LEN], body: &[u8; BODY_LEN]) -> Option<Zeroizing<[u8; FILE_KEY_BYTES]>> {
        let enc = <XWing as Kem>::EncappedKey::from_bytes(enc).ok()?;
        let opened = hpke::single_shot_open::<ChaCha20Poly1305, HkdfSha256, XWing>(
            &OpModeR::Base,
            &self.private_key(),
            &enc,
            INFO,
            body,
            b"",
        );
        let opened = Zeroizing::new(opened.ok()?);
        let mut key = Zeroizing::new([0; FILE_KEY_BYTES]);
        if opened.len() != key.len() {
            return None;
        }
        key.copy_from_slice(&opened);
        Some(key)
    }

    fn private_key(&self) -> <XWing as Kem>::PrivateKey {
        // Any 32 bytes are a seed; the fallback is never taken.
        <XWing as Kem>::PrivateKey::from_bytes(self.0.expose())
            .unwrap_or_else(|_| XWing::derive_keypair(self.0.expose()).0)
    }
}

impl fmt::Debug for HybridIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HybridIdentity([redacted])")
    }
}

impl FromStr for HybridIdentity {
    type Err = NotAHybridKey;

    fn from_str(s: &str) -> Result<Self, NotAHybridKey> {
        let bytes = bech32_decode(s, IDENTITY_PREFIX)?;
        let seed = <&[u8; 32]>::try_from(bytes.as_slice()).map_err(|_| NotAHybridKey)?;
        Ok(Self(Secret32::filled(|out| out.copy_from_slice(seed))))
    }
}

impl age::Identity for HybridIdentity {
    fn unwrap_stanza(&self, stanza: &Stanza) -> Option<Result<AgeFileKey, age::DecryptError>> {
        if stanza.tag != TAG {
            return None;
        }
        let parsed = match stanza.args.as_slice() {
            [arg] => parse_enc(arg).zip(<&[u8; BODY_LEN]>::try_from(stanza.body.as_slice()).ok()),
            _ => None,
        };
        let Some((enc, body)) = parsed else { return Some(Err(age::DecryptError::InvalidHeader)) };
        let key = self.unwrap(&enc, body)?;
        Some(Ok(AgeFileKey::init_with_mut(|out| out.copy_from_slice(key.as_slice()))))
    }
}

/// Reads a stanza's argument: canonical base64 of an encapsulated key whose X25519 share is not of low order (age
/// demands this check; X-Wing alone does not make it).
pub(super) fn parse_enc(arg: &str) -> Option<Box<[u8; ENC_LEN]>> {
    let enc: Box<[u8; ENC_LEN]> = B64.decode(arg).ok()?.into_boxed_slice().try_into().ok()?;
    let share = MontgomeryPoint(*enc.last_chunk::<32>()?);
    // Multiplying by any clamped scalar sends exactly the low-order points to zero.
    (share.mul_clamped([0; 32]).0 != [0; 32]).then_some(enc)
}

/// Bech32 without its limit of 90 (or 1,023) characters, as age uses it: a hybrid recipient is 1,959 characters long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum LongBech32 {}

impl Checksum for LongBech32 {
    type MidstateRepr = <bech32::Bech32 as Checksum>::MidstateRepr;
    const CODE_LENGTH: usize = 4096;
    const CHECKSUM_LENGTH: usize = <bech32::Bech32 as Checksum>::CHECKSUM_LENGTH;
    const GENERATOR_SH: [u32; 5] = <bech32::Bech32 as Checksum>::GENERATOR_SH;
    const TARGET_RESIDUE: u32 = <bech32::Bech32 as Checksum>::TARGET_RESIDUE;
}

fn bech32_decode(text: &str, prefix: &str) -> Result<Zeroizing<Vec<u8>>, NotAHybridKey> {
    let checked = CheckedHrpstring::new::<LongBech32>(text).map_err(|_| NotAHybridKey)?;
    if checked.hrp().to_lowercase() != prefix {
        return Err(NotAHybridKey);
    }
    Ok(Zeroizing::new(checked.byte_iter().collect()))
}
