use thiserror::Error;

use super::Codec;

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
    field: &'static str,
}

impl<'a> Reader<'a> {
    /// Starts at the first byte of `bytes`.
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { rest: bytes, field: "data" }
    }

    /// The field called `field`: an error carries that name, unless the type names parts of its own.
    pub fn get<T: Codec>(&mut self, field: &'static str) -> Result<T, DecodeError> {
        self.field = field;
        T::read(self)
    }

    /// The name of the field that is being read, for an error.
    pub fn field(&self) -> &'static str {
        self.field
    }

    /// The next `n` bytes.
    pub fn bytes(&mut self, n: usize, field: &'static str) -> Result<&'a [u8], DecodeError> {
        self.field = field;
        self.next_bytes(n)
    }

    /// The next `N` bytes as an array.
    pub fn array<const N: usize>(&mut self, field: &'static str) -> Result<[u8; N], DecodeError> {
        self.get(field)
    }

    /// The next byte, as it is.
    pub fn u8(&mut self, field: &'static str) -> Result<u8, DecodeError> {
        self.get(field)
    }

    /// A big-endian 16-bit integer.
    pub fn u16(&mut self, field: &'static str) -> Result<u16, DecodeError> {
        self.get(field)
    }

    /// A big-endian 32-bit integer.
    pub fn u32(&mut self, field: &'static str) -> Result<u32, DecodeError> {
        self.get(field)
    }

    /// A big-endian 64-bit integer.
    pub fn u64(&mut self, field: &'static str) -> Result<u64, DecodeError> {
        self.get(field)
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

    /// All bytes that are left.
    pub fn rest(&mut self) -> &'a [u8] {
        core::mem::take(&mut self.rest)
    }

    /// Fails with [`DecodeError::Short`] if fewer than `n` bytes are left.
    pub fn need(&self, n: usize) -> Result<(), DecodeError> {
        if self.rest.len() < n { Err(DecodeError::Short(self.field)) } else { Ok(()) }
    }

    /// Succeeds only if every byte was read.
    pub fn end(self) -> Result<(), DecodeError> {
        match self.rest.len() {
            0 => Ok(()),
            n => Err(DecodeError::Trailing(n)),
        }
    }

    pub(super) fn next_bytes(&mut self, n: usize) -> Result<&'a [u8], DecodeError> {
        let (head, tail) = self.rest.split_at_checked(n).ok_or(DecodeError::Short(self.field))?;
        self.rest = tail;
        Ok(head)
    }

    pub(super) fn next_array<const N: usize>(&mut self) -> Result<[u8; N], DecodeError> {
        let (head, tail) = self.rest.split_first_chunk::<N>().ok_or(DecodeError::Short(self.field))?;
        self.rest = tail;
        Ok(*head)
    }
}
