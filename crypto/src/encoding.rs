//! Canonical binary encoding: fixed fields, big-endian integers, length-prefixed strings, no trailing bytes.
//!
//! Spec: `docs/spec/conventions.md`.

use thiserror::Error;

/// Why bytes could not be read as the expected format. Names the field, never echoes the bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum DecodeError {
    /// The input ended inside the named field.
    #[error("the data ends inside `{0}`")]
    Short(&'static str),
    /// Bytes were left over after the last field.
    #[error("{0} unexpected bytes after the end")]
    Trailing(usize),
    /// The version byte is one that this program does not speak.
    #[error("version {0} is not supported")]
    Version(u8),
    /// The named field holds a value that its definition excludes.
    #[error("`{0}` holds a value that is not allowed")]
    Invalid(&'static str),
    /// The named field is longer than its limit.
    #[error("`{0}` is too long")]
    TooLong(&'static str),
}

/// Reads fields from the front of a byte string.
#[derive(Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    /// Starts at the first byte of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The next `n` bytes.
    pub fn bytes(&mut self, n: usize, field: &'static str) -> Result<&'a [u8], DecodeError> {
        let (head, tail) = self.rest.split_at_checked(n).ok_or(DecodeError::Short(field))?;
        self.rest = tail;
        Ok(head)
    }

    /// The next `N` bytes as an array.
    pub fn array<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], DecodeError> {
        let (head, tail) = self.rest.split_first_chunk::<N>().ok_or(DecodeError::Short(field))?;
        self.rest = tail;
        Ok(*head)
    }

    /// One byte.
    pub fn u8(&mut self, field: &'static str) -> Result<u8, DecodeError> {
        Ok(u8::from_be_bytes(self.array(field)?))
    }

    /// A big-endian 16-bit integer.
    pub fn u16(&mut self, field: &'static str) -> Result<u16, DecodeError> {
        Ok(u16::from_be_bytes(self.array(field)?))
    }

    /// A big-endian 32-bit integer.
    pub fn u32(&mut self, field: &'static str) -> Result<u32, DecodeError> {
        Ok(u32::from_be_bytes(self.array(field)?))
    }

    /// A big-endian 64-bit integer.
    pub fn u64(&mut self, field: &'static str) -> Result<u64, DecodeError> {
        Ok(u64::from_be_bytes(self.array(field)?))
    }

    /// The version byte, which must be `expected`.
    pub fn version(&mut self, expected: u8) -> Result<(), DecodeError> {
        match self.u8("version")? {
            v if v == expected => Ok(()),
            v => Err(DecodeError::Version(v)),
        }
    }

    /// A byte string behind a 32-bit length, at most `limit` bytes long.
    pub fn var(&mut self, limit: usize, field: &'static str) -> Result<&'a [u8], DecodeError> {
        let n = usize::try_from(self.u32(field)?).map_err(|_| DecodeError::TooLong(field))?;
        if n > limit {
            return Err(DecodeError::TooLong(field));
        }
        self.bytes(n, field)
    }

    /// How many bytes are left.
    pub fn remaining(&self) -> usize {
        self.rest.len()
    }

    /// Succeeds only if every byte was read.
    pub fn end(self) -> Result<(), DecodeError> {
        match self.rest.len() {
            0 => Ok(()),
            n => Err(DecodeError::Trailing(n)),
        }
    }
}

/// Appends a byte string behind its 32-bit length. Strings past 4 GiB do not occur: every format limits its fields far
/// below.
pub fn put_var(out: &mut Vec<u8>, bytes: &[u8]) {
    let n = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    out.extend_from_slice(&n.to_be_bytes());
    out.extend_from_slice(bytes);
}
