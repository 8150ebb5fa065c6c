//! CBOR (RFC 8949) with one encoding for each value.
//!
//! Spec: `docs/spec/conventions.md`, section 1. What this module writes is the shortest form of RFC 8949 section 4.2.1,
//! but for the order of a map's members, which is that of the format's table. The reader takes nothing else: it writes
//! what it understood once more and compares. So another order, a member twice or unknown, an indefinite length, a
//! number in a longer form, a tag, or a list where a byte string belongs is refused without a rule for each.

use serde::{Serialize, de::DeserializeOwned};

/// Levels of nesting that a reader follows: foreign bytes do not choose how deep the stack goes. Our formats need less
/// than half of it.
const DEPTH: usize = 64;

/// Why bytes were not read, or a value not written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CborError {
    /// Not CBOR, cut off, nested too deep, or another value than this format has.
    #[error("this is not what the format describes")]
    Malformed,
    /// The value was understood, and has another encoding than this one.
    #[error("this value has another encoding")]
    NotCanonical,
    /// So many bytes follow the value.
    #[error("{0} bytes follow the end")]
    Trailing(usize),
    /// The value cannot be written as CBOR.
    #[error("this value cannot be written")]
    Unwritable,
}

/// Appends the one encoding of `value`.
///
/// # Errors
/// [`CborError::Unwritable`]; no type of this workspace causes it.
pub fn write<T: Serialize>(value: &T, out: &mut Vec<u8>) -> Result<(), CborError> {
    ciborium::into_writer(value, out).map_err(|_| CborError::Unwritable)
}

/// Reads a value that fills `bytes` and is written in its one encoding.
///
/// # Errors
/// [`CborError::Malformed`], [`CborError::NotCanonical`], [`CborError::Trailing`].
pub fn read<T: Serialize + DeserializeOwned>(bytes: &[u8]) -> Result<T, CborError> {
    let mut rest = bytes;
    let value: T =
        ciborium::de::from_reader_with_recursion_limit(&mut rest, DEPTH).map_err(|_| CborError::Malformed)?;
    if !rest.is_empty() {
        return Err(CborError::Trailing(rest.len()));
    }
    let mut expected = Expected(bytes);
    match ciborium::into_writer(&value, &mut expected) {
        Ok(()) if expected.0.is_empty() => Ok(value),
        _ => Err(CborError::NotCanonical),
    }
}

/// Takes what is written as long as it is what was expected. Nothing is copied: the bytes may be secret.
struct Expected<'a>(&'a [u8]);

/// What was written is not what was expected.
#[derive(Debug)]
struct Differs;

impl ciborium_io::Write for &mut Expected<'_> {
    type Error = Differs;

    fn write_all(&mut self, data: &[u8]) -> Result<(), Differs> {
        self.0 = self.0.strip_prefix(data).ok_or(Differs)?;
        Ok(())
    }

    fn flush(&mut self) -> Result<(), Differs> {
        Ok(())
    }
}

#[cfg(test)]
mod vectors;
