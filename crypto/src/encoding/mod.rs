//! Canonical binary encoding: fixed fields, big-endian integers, length-prefixed strings, no trailing bytes.
//!
//! Spec: `docs/spec/conventions.md`, section 1. Every binary format of the workspace is a [`Codec`]. Most are a row of
//! fields, stated once with [`layout!`](crate::layout); the reader and the writer both follow from that row. What has a
//! count in front is a [`Counted`]: it cannot hold more than its format counts, so writing never fails and never cuts.

pub mod cbor;
mod layout;
mod list;
mod reader;

pub use list::{Count, Counted, List, OverLimit, Var, put_count, put_var};
pub use reader::{DecodeError, Reader};

/// Elements for which a list makes room before it has read any: a count is foreign data.
const PREALLOCATED: usize = 512;

/// A value with exactly one encoding.
pub trait Codec: Sized {
    /// Appends the value's bytes.
    fn write(&self, out: &mut Vec<u8>);

    /// Reads the value from the front of what is left.
    ///
    /// # Errors
    /// The input ends early, or holds what the format excludes.
    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError>;

    /// The value's bytes.
    fn encode(&self) -> Vec<u8> {
        let mut out = Vec::new();
        self.write(&mut out);
        out
    }

    /// Reads a value that fills `bytes`.
    ///
    /// # Errors
    /// As [`Codec::read`], and [`DecodeError::Trailing`].
    fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        let value = Self::read(&mut r)?;
        r.end()?;
        Ok(value)
    }

    /// Appends all `items`, one behind the other. Bytes are copied at once.
    #[doc(hidden)]
    fn write_all(items: &[Self], out: &mut Vec<u8>) {
        items.iter().for_each(|i| i.write(out));
    }

    /// Reads `n` values, one behind the other. Bytes are copied at once.
    #[doc(hidden)]
    fn read_all(r: &mut Reader<'_>, n: usize) -> Result<Vec<Self>, DecodeError> {
        let mut out = Vec::with_capacity(n.min(PREALLOCATED));
        for _ in 0..n {
            out.push(Self::read(r)?);
        }
        Ok(out)
    }

    /// Reads `N` values. Bytes are copied at once.
    #[doc(hidden)]
    fn read_array<const N: usize>(r: &mut Reader<'_>) -> Result<[Self; N], DecodeError> {
        let field = r.field();
        Self::read_all(r, N)?.try_into().map_err(|_| DecodeError::Short(field))
    }
}

impl Codec for u8 {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(*self);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let [byte] = r.next_array()?;
        Ok(byte)
    }

    fn write_all(items: &[Self], out: &mut Vec<u8>) {
        out.extend_from_slice(items);
    }

    fn read_all(r: &mut Reader<'_>, n: usize) -> Result<Vec<Self>, DecodeError> {
        r.next_bytes(n).map(<[u8]>::to_vec)
    }

    fn read_array<const N: usize>(r: &mut Reader<'_>) -> Result<[Self; N], DecodeError> {
        r.next_array()
    }
}

macro_rules! big_endian {
    ($($int:ty),*) => {$(
        impl Codec for $int {
            fn write(&self, out: &mut Vec<u8>) {
                out.extend_from_slice(&self.to_be_bytes());
            }

            fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
                r.next_array().map(Self::from_be_bytes)
            }
        }
    )*};
}

big_endian!(u16, u32, u64);

/// One byte: 0 or 1.
impl Codec for bool {
    fn write(&self, out: &mut Vec<u8>) {
        out.push(u8::from(*self));
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        match u8::read(r)? {
            0 => Ok(false),
            1 => Ok(true),
            _ => Err(DecodeError::Invalid(r.field())),
        }
    }
}

/// 0, or 1 and the value.
impl<T: Codec> Codec for Option<T> {
    fn write(&self, out: &mut Vec<u8>) {
        self.is_some().write(out);
        if let Some(value) = self {
            value.write(out);
        }
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        if bool::read(r)? { T::read(r).map(Some) } else { Ok(None) }
    }
}

/// As many as its type says, without a count.
impl<T: Codec, const N: usize> Codec for [T; N] {
    fn write(&self, out: &mut Vec<u8>) {
        T::write_all(self, out);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        T::read_array(r)
    }
}

/// Long byte strings of fixed length, which are never copied to the stack.
impl<const N: usize> Codec for Box<[u8; N]> {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.as_slice());
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let field = r.field();
        let bytes = r.next_bytes(N)?.to_vec().into_boxed_slice();
        bytes.try_into().map_err(|_| DecodeError::Short(field))
    }
}

impl<A: Codec, B: Codec> Codec for (A, B) {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
        self.1.write(out);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok((A::read(r)?, B::read(r)?))
    }
}

impl<A: Codec, B: Codec, C: Codec> Codec for (A, B, C) {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
        self.1.write(out);
        self.2.write(out);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        Ok((A::read(r)?, B::read(r)?, C::read(r)?))
    }
}

#[cfg(test)]
mod tests;
