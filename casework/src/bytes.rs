//! Byte strings with a name: raw bytes in CBOR, lower-case hexadecimal in JSON and TOML.

use core::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use subrosa_crypto::{layout, secret::Secret32};
use subtle::ConstantTimeEq;

struct FixedVisitor<const N: usize>;

impl<'de, const N: usize> de::Visitor<'de> for FixedVisitor<N> {
    type Value = [u8; N];

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{N} bytes, or {} lower-case hexadecimal digits", N * 2)
    }

    fn visit_bytes<E: de::Error>(self, v: &[u8]) -> Result<[u8; N], E> {
        v.try_into().map_err(|_| E::invalid_length(v.len(), &self))
    }

    fn visit_byte_buf<E: de::Error>(self, v: Vec<u8>) -> Result<[u8; N], E> {
        self.visit_bytes(&v)
    }

    fn visit_str<E: de::Error>(self, v: &str) -> Result<[u8; N], E> {
        let mut out = [0; N];
        if v.bytes().any(|b| b.is_ascii_uppercase()) || hex::decode_to_slice(v, &mut out).is_err() {
            return Err(E::invalid_value(de::Unexpected::Str("text of another form"), &self));
        }
        Ok(out)
    }
}

/// Defines a fixed-size byte string type.
macro_rules! fixed_bytes {
    ($(#[$doc:meta])* $name:ident, $n:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $n]);

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), hex::encode(self.0))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex::encode(self.0))
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                if s.is_human_readable() { s.serialize_str(&hex::encode(self.0)) } else { s.serialize_bytes(&self.0) }
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
                if d.is_human_readable() {
                    d.deserialize_str(FixedVisitor::<$n>).map($name)
                } else {
                    d.deserialize_bytes(FixedVisitor::<$n>).map($name)
                }
            }
        }

        layout! { $name(_) }
    };
}

fixed_bytes!(
    /// A 32-byte digest: a labelled digest, or plain SHA-256 where the field says so.
    Digest, 32
);
fixed_bytes!(
    /// The random name of an award, which administrators and the public see instead of the case.
    AwardRef, 16
);
fixed_bytes!(
    /// 16 random bytes that make a statement unlike any other.
    Nonce, 16
);
fixed_bytes!(
    /// An Ed25519 signature.
    Signature, 64
);

/// The secret of a tip, from which its officers find the journal. Compared in constant time, never printed.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct CaseSecret(pub Secret32);

impl PartialEq for CaseSecret {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for CaseSecret {}

/// Bytes of any length (a message, a batch of blinded elements). `Debug` prints the length only.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Blob(pub Vec<u8>);

impl fmt::Debug for Blob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Blob({} bytes)", self.0.len())
    }
}

impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        if s.is_human_readable() { s.serialize_str(&hex::encode(&self.0)) } else { s.serialize_bytes(&self.0) }
    }
}

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        struct V;
        impl de::Visitor<'_> for V {
            type Value = Blob;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("bytes, or lower-case hexadecimal")
            }
            fn visit_bytes<E: de::Error>(self, v: &[u8]) -> Result<Blob, E> {
                Ok(Blob(v.to_vec()))
            }
            fn visit_byte_buf<E: de::Error>(self, v: Vec<u8>) -> Result<Blob, E> {
                Ok(Blob(v))
            }
            fn visit_str<E: de::Error>(self, v: &str) -> Result<Blob, E> {
                if v.bytes().any(|b| b.is_ascii_uppercase()) {
                    return Err(E::custom("hexadecimal must be lower case"));
                }
                hex::decode(v).map(Blob).map_err(|_| E::custom("expected hexadecimal"))
            }
        }
        if d.is_human_readable() { d.deserialize_str(V) } else { d.deserialize_byte_buf(V) }
    }
}
