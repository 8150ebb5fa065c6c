//! Secret byte strings: wiped when dropped, compared in constant time, printed as `[redacted]`.

use core::fmt;

use rand_core::CryptoRng;
use subtle::{Choice, ConstantTimeEq};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

/// 32 secret bytes, kept on the heap so that moving the value leaves no copy behind.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Secret32(Box<[u8; 32]>);

impl Secret32 {
    /// Takes over `bytes`. The caller wipes its own copy.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(Box::new(bytes))
    }

    /// What `fill` writes into 32 zeros, where they stay: no copy of it is moved here.
    pub fn filled(fill: impl FnOnce(&mut [u8; 32])) -> Self {
        let mut out = Self(Box::new([0; 32]));
        fill(&mut out.0);
        out
    }

    /// Draws 32 bytes from `rng`.
    pub fn random(rng: &mut impl CryptoRng) -> Self {
        Self::filled(|out| rng.fill_bytes(out))
    }

    /// The bytes, for handing to a primitive. The name is long so that each use is seen in review.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Debug for Secret32 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[redacted]")
    }
}

impl ConstantTimeEq for Secret32 {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.0.as_slice().ct_eq(other.0.as_slice())
    }
}

impl serde::Serialize for Secret32 {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.serialize_bytes(self.0.as_slice())
    }
}

impl<'de> serde::Deserialize<'de> for Secret32 {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> serde::de::Visitor<'de> for V {
            type Value = Secret32;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("32 bytes")
            }
            fn visit_bytes<E: serde::de::Error>(self, v: &[u8]) -> Result<Secret32, E> {
                let mut out = Secret32(Box::new([0; 32]));
                if v.len() != 32 {
                    return Err(E::invalid_length(v.len(), &self));
                }
                out.0.copy_from_slice(v);
                Ok(out)
            }
            fn visit_byte_buf<E: serde::de::Error>(self, v: Vec<u8>) -> Result<Secret32, E> {
                self.visit_bytes(&Zeroizing::new(v))
            }
            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut a: A) -> Result<Secret32, A::Error> {
                let mut v = Zeroizing::new(Vec::with_capacity(32));
                while let Some(b) = a.next_element::<u8>()? {
                    v.push(b);
                    if v.len() > 32 {
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
    use super::*;

    #[test]
    fn debug_never_prints_the_bytes() {
        assert_eq!(format!("{:?}", Secret32::new([7; 32])), "[redacted]");
    }
}
