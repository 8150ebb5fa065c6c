use core::{
    fmt,
    ops::{Deref, DerefMut},
};

use thiserror::Error;

use super::{Codec, DecodeError, Reader};

/// More items than the format has room for. Nothing was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("there are {found} where at most {most} fit")]
pub struct OverLimit {
    /// How many there are.
    pub found: usize,
    /// How many the format allows.
    pub most: usize,
}

/// The integer in front of a list: `u8`, `u16` or `u32`, as the format says.
pub trait Count: Codec + Copy + Default + TryFrom<usize> + TryInto<usize> {
    /// The most that it can say.
    const MOST: usize;
}

impl Count for u8 {
    const MOST: usize = u8::MAX as usize;
}

impl Count for u16 {
    const MOST: usize = u16::MAX as usize;
}

impl Count for u32 {
    const MOST: usize = u32::MAX as usize;
}

/// Items behind their count, from `MIN` to `MAX` of them. The count is taken when the list is made and refused if it
/// does not fit, so that a list that exists can be written.
///
/// A reader answers a count above `MAX` with [`DecodeError::TooLong`] and one below `MIN` with
/// [`DecodeError::Invalid`], before it reads an item.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Counted<T, C, const MIN: usize, const MAX: usize> {
    count: C,
    items: Vec<T>,
}

/// Items behind their count; there may be none.
pub type List<T, C, const MAX: usize> = Counted<T, C, 0, MAX>;

/// A byte string behind its 32-bit length.
pub type Var<const MAX: usize> = List<u8, u32, MAX>;

impl<T, C: Count, const MIN: usize, const MAX: usize> Counted<T, C, MIN, MAX> {
    /// Takes `items` over.
    ///
    /// # Errors
    /// There are more than `MAX`, or fewer than `MIN`.
    pub fn new(items: Vec<T>) -> Result<Self, OverLimit> {
        match C::try_from(items.len()) {
            Ok(count) if (MIN..=MAX).contains(&items.len()) => Ok(Self { count, items }),
            _ => Err(OverLimit { found: items.len(), most: MAX.min(C::MOST) }),
        }
    }

    /// Adds an item at the end.
    ///
    /// # Errors
    /// The list is full and stays as it is.
    pub fn push(&mut self, item: T) -> Result<(), OverLimit> {
        let found = self.items.len() + 1;
        self.count = C::try_from(found).ok().filter(|_| found <= MAX).ok_or(OverLimit { found, most: MAX })?;
        self.items.push(item);
        Ok(())
    }

    /// The items, on their own.
    pub fn into_vec(self) -> Vec<T> {
        self.items
    }

    /// How many there are, as it is written in front of them.
    pub fn count(&self) -> C {
        self.count
    }
}

impl<T, C: Count, const MAX: usize> Default for Counted<T, C, 0, MAX> {
    fn default() -> Self {
        Self { count: C::default(), items: Vec::new() }
    }
}

impl<T, C: Count, const MIN: usize, const MAX: usize> TryFrom<Vec<T>> for Counted<T, C, MIN, MAX> {
    type Error = OverLimit;

    fn try_from(items: Vec<T>) -> Result<Self, OverLimit> {
        Self::new(items)
    }
}

impl<T, C, const MIN: usize, const MAX: usize> From<Counted<T, C, MIN, MAX>> for Vec<T> {
    fn from(list: Counted<T, C, MIN, MAX>) -> Self {
        list.items
    }
}

impl<T, C, const MIN: usize, const MAX: usize> Deref for Counted<T, C, MIN, MAX> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.items
    }
}

impl<T, C, const MIN: usize, const MAX: usize> DerefMut for Counted<T, C, MIN, MAX> {
    fn deref_mut(&mut self) -> &mut [T] {
        &mut self.items
    }
}

impl<T, C, const MIN: usize, const MAX: usize> IntoIterator for Counted<T, C, MIN, MAX> {
    type Item = T;
    type IntoIter = std::vec::IntoIter<T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'a, T, C, const MIN: usize, const MAX: usize> IntoIterator for &'a Counted<T, C, MIN, MAX> {
    type Item = &'a T;
    type IntoIter = core::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl<T: PartialEq<U>, U, C, const MIN: usize, const MAX: usize> PartialEq<Vec<U>> for Counted<T, C, MIN, MAX> {
    fn eq(&self, other: &Vec<U>) -> bool {
        self.items == *other
    }
}

impl<T: fmt::Debug, C, const MIN: usize, const MAX: usize> fmt::Debug for Counted<T, C, MIN, MAX> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.items, f)
    }
}

impl<T: Codec, C: Count, const MIN: usize, const MAX: usize> Codec for Counted<T, C, MIN, MAX> {
    fn write(&self, out: &mut Vec<u8>) {
        self.count.write(out);
        T::write_all(&self.items, out);
    }

    fn read(r: &mut Reader<'_>) -> Result<Self, DecodeError> {
        let field = r.field();
        let count = C::read(r)?;
        let n = count.try_into().ok().filter(|n| *n <= MAX).ok_or(DecodeError::TooLong(field))?;
        if n < MIN {
            return Err(DecodeError::Invalid(field));
        }
        Ok(Self { count, items: T::read_all(r, n)? })
    }
}

/// Appends a count of `n`.
///
/// # Errors
/// The count's width cannot say it; nothing was written.
pub fn put_count<C: Count>(out: &mut Vec<u8>, n: usize) -> Result<(), OverLimit> {
    C::try_from(n).map_err(|_| OverLimit { found: n, most: C::MOST })?.write(out);
    Ok(())
}

/// Appends a byte string behind its 32-bit length.
///
/// # Errors
/// It is longer than 32 bits can say; nothing was written.
pub fn put_var(out: &mut Vec<u8>, bytes: &[u8]) -> Result<(), OverLimit> {
    put_count::<u32>(out, bytes.len())?;
    out.extend_from_slice(bytes);
    Ok(())
}
