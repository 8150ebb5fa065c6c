//! Money as whole cents.

use core::fmt;

use serde::{Deserialize, Serialize};

/// An amount in cents of the programme's currency. Never negative, never a fraction.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cents(pub u64);

subrosa_crypto::layout! { Cents(_) }

impl Cents {
    /// Nothing.
    pub const ZERO: Self = Self(0);

    /// `units` whole units (euros), or `None` past the range.
    pub fn units(units: u64) -> Option<Self> {
        units.checked_mul(100).map(Self)
    }

    /// The sum, or `None` past the range.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }

    /// The difference, or `None` below zero.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0.checked_sub(other.0).map(Self)
    }

    /// The difference, or zero.
    pub fn saturating_sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }

    /// `self × numerator ÷ denominator`, rounded down; `None` past the range or for a zero denominator.
    pub fn share(self, numerator: u64, denominator: u64) -> Option<Self> {
        let product = u128::from(self.0).checked_mul(u128::from(numerator))?;
        let quotient = product.checked_div(u128::from(denominator))?;
        u64::try_from(quotient).ok().map(Self)
    }
}

impl fmt::Display for Cents {
    /// `137,500.00`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let units = (self.0 / 100).to_string();
        let mut grouped = String::with_capacity(units.len() + units.len() / 3);
        for (i, digit) in units.chars().enumerate() {
            if i > 0 && (units.len() - i).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        write!(f, "{grouped}.{:02}", self.0 % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_print_with_groups_and_cents() {
        assert_eq!(Cents(0).to_string(), "0.00");
        assert_eq!(Cents(99_905).to_string(), "999.05");
        assert_eq!(Cents(13_750_000).to_string(), "137,500.00");
        assert_eq!(Cents(500_000_000).to_string(), "5,000,000.00");
    }

    #[test]
    fn shares_round_down_and_refuse_to_overflow() {
        assert_eq!(Cents(100).share(1, 3), Some(Cents(33)));
        assert_eq!(Cents(u64::MAX).share(u64::MAX, 1), None);
        assert_eq!(Cents(1).share(1, 0), None);
    }
}
