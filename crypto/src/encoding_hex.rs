//! Fixed-size byte arrays as lower-case hexadecimal strings in JSON.

use serde::{Deserialize, Deserializer, Serializer, de::Error as _};

/// Writes the bytes as lower-case hexadecimal.
pub fn serialize<S: Serializer, const N: usize>(bytes: &[u8; N], s: S) -> Result<S::Ok, S::Error> {
    s.serialize_str(&hex::encode(bytes))
}

/// Reads exactly `N` bytes of lower-case hexadecimal; upper case is refused, so that each value has one spelling.
pub fn deserialize<'de, D: Deserializer<'de>, const N: usize>(d: D) -> Result<[u8; N], D::Error> {
    let text = String::deserialize(d)?;
    if text.bytes().any(|b| b.is_ascii_uppercase()) {
        return Err(D::Error::custom("hexadecimal must be lower case"));
    }
    let mut out = [0; N];
    hex::decode_to_slice(&text, &mut out).map_err(|_| D::Error::custom("expected hexadecimal of a fixed length"))?;
    Ok(out)
}
