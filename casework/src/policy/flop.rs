//! Amounts of computation, in whole floating-point operations.

use core::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::PolicyError;

/// A number of floating-point operations. In text: plain digits, or a mantissa and exponent (`1e25`, `1.5e25`) that is
/// a whole number.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Flop(pub u128);

impl Flop {
    /// `self × numerator ÷ denominator`, rounded down.
    pub fn share(self, numerator: u64, denominator: u64) -> Option<Self> {
        let product = self.0.checked_mul(u128::from(numerator))?;
        product.checked_div(u128::from(denominator)).map(Self)
    }

    /// The sum of both, or `None` past 3.4e38.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0.checked_add(other.0).map(Self)
    }
}

impl fmt::Display for Flop {
    /// Exactly, and as short as that goes: `3.0252365512704e25`, `1e25`; whole below 100,000. Two numbers that look
    /// alike are the same number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0 < 100_000 {
            return write!(f, "{}", self.0);
        }
        let digits = self.0.to_string();
        let (first, rest) = digits.split_at(1);
        match rest.trim_end_matches('0') {
            "" => write!(f, "{first}e{}", rest.len()),
            part => write!(f, "{first}.{part}e{}", rest.len()),
        }
    }
}

impl FromStr for Flop {
    type Err = PolicyError;

    fn from_str(text: &str) -> Result<Self, PolicyError> {
        let bad = || PolicyError::NotANumber;
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((m, e)) => (m, e.strip_prefix('+').unwrap_or(e).parse::<u32>().map_err(|_| bad())?),
            None => (text, 0),
        };
        let (whole, part) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || !all_digits(whole) || !all_digits(part) || part.len() > 38 || whole.len() > 39 {
            return Err(bad());
        }
        let part = part.trim_end_matches('0');
        let places = u32::try_from(part.len()).map_err(|_| bad())?;
        let shift = exponent.checked_sub(places).ok_or_else(bad)?;
        let digits: u128 =
            format!("{whole}{part}").parse().map_err(|_| PolicyError::Overflow("number of operations"))?;
        let scale = 10u128.checked_pow(shift).ok_or(PolicyError::Overflow("number of operations"))?;
        digits.checked_mul(scale).map(Self).ok_or(PolicyError::Overflow("number of operations"))
    }
}

impl Serialize for Flop {
    fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for Flop {
    fn deserialize<D: serde::Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        String::deserialize(d)?.parse().map_err(serde::de::Error::custom)
    }
}

/// A training run as evidence describes it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrainingRun {
    /// Accelerators, in the unit in which `peak_gflops` is stated.
    pub chips: u64,
    /// Dense peak of one, in 10^9 operations a second at the precision used.
    pub peak_gflops: u64,
    /// Utilisation in basis points of the peak.
    pub utilisation_bp: u32,
    /// Duration in seconds.
    pub seconds: u64,
}

impl TrainingRun {
    /// `chips × peak × utilisation × seconds`, rounded down.
    ///
    /// # Errors
    /// A product past 3.4e38, or a utilisation above 100 %.
    pub fn flop(&self) -> Result<Flop, PolicyError> {
        if self.utilisation_bp > 10_000 {
            return Err(PolicyError::OutOfRange("utilisation"));
        }
        let over = PolicyError::Overflow("chips × peak × utilisation × seconds");
        // 10^9 / 10^4: the giga of the peak and the basis points of the utilisation.
        [u128::from(self.peak_gflops), u128::from(self.utilisation_bp), u128::from(self.seconds), 100_000]
            .into_iter()
            .try_fold(u128::from(self.chips), u128::checked_mul)
            .map(Flop)
            .ok_or(over)
    }

    /// The rule of thumb `6 · parameters · tokens`.
    ///
    /// # Errors
    /// A product past 3.4e38.
    pub fn six_n_d(parameters: u64, tokens: u64) -> Result<Flop, PolicyError> {
        u128::from(parameters)
            .checked_mul(u128::from(tokens))
            .and_then(|p| p.checked_mul(6))
            .map(Flop)
            .ok_or(PolicyError::Overflow("6 · N · D"))
    }
}

/// The base-ten logarithm of a positive finite number, to about 1e-15, from basic operations only.
///
/// Zero, negative, infinite and undefined numbers give `None`.
pub fn log10(x: f64) -> Option<f64> {
    if !x.is_finite() || x <= 0.0 {
        return None;
    }
    let mut tens = 0.0f64;
    let mut m = x;
    while m >= 10.0 {
        m /= 10.0;
        tens += 1.0;
    }
    while m < 1.0 {
        m *= 10.0;
        tens -= 1.0;
    }
    // ln m = 2 atanh((m - 1) / (m + 1)), after halving m into [1, 2) so that the series is short.
    let mut halvings = 0.0f64;
    while m >= 2.0 {
        m /= 2.0;
        halvings += 1.0;
    }
    let z = (m - 1.0) / (m + 1.0);
    let square = z * z;
    let mut power = z;
    let mut sum = 0.0f64;
    let mut divisor = 1.0f64;
    for _ in 0..24 {
        sum += power / divisor;
        power *= square;
        divisor += 2.0;
    }
    let ln = 2.0 * sum + halvings * core::f64::consts::LN_2;
    Some(tens + ln / core::f64::consts::LN_10)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn logarithms_agree_with_the_standard_library() {
        for i in 1..20_000u32 {
            let x = f64::from(i) * 0.0137;
            let difference = (log10(x).unwrap() - x.log10()).abs();
            assert!(difference < 5e-15, "{x}: {difference}");
        }
        for e in 0..30i32 {
            assert!((log10(10f64.powi(e)).unwrap() - f64::from(e)).abs() < 1e-14);
        }
        assert_eq!(log10(0.0), None);
        assert_eq!(log10(-1.0), None);
        assert_eq!(log10(f64::NAN), None);
        assert_eq!(log10(f64::INFINITY), None);
    }

    #[test]
    fn numbers_of_operations_read_and_print() {
        assert_eq!("1e25".parse::<Flop>().unwrap().0, 10u128.pow(25));
        assert_eq!("1.5e25".parse::<Flop>().unwrap().0, 15 * 10u128.pow(24));
        assert_eq!("405".parse::<Flop>().unwrap().0, 405);
        for bad in ["", "e5", "1.5", "-1", "1e", "1e-3", "0x10", "1.55e1", "1e40", "1 000"] {
            assert!(bad.parse::<Flop>().is_err(), "{bad}");
        }
        assert_eq!(Flop(99_999).to_string(), "99999");
        assert_eq!(Flop(999_996 * 10u128.pow(10)).to_string(), "9.99996e15");
        assert_eq!(Flop(302_520 * 10u128.pow(20)).to_string(), "3.0252e25");
        // What looks alike is the same: printed to the last digit, and read back as it was.
        for (n, text) in [("3e25", "3e25"), ("3.00004e25", "3.00004e25"), ("100000", "1e5"), ("123456", "1.23456e5")] {
            let flop: Flop = n.parse().unwrap();
            assert_eq!(flop.to_string(), text);
            assert_eq!(flop.to_string().parse::<Flop>().unwrap(), flop);
        }
        assert_eq!(Flop(u128::MAX).to_string().parse::<Flop>().unwrap(), Flop(u128::MAX));
    }

    #[test]
    fn absurd_runs_are_an_error_not_a_number() {
        let run = TrainingRun { chips: u64::MAX, peak_gflops: 989_400, utilisation_bp: 4000, seconds: u64::MAX };
        assert_eq!(run.flop(), Err(PolicyError::Overflow("chips × peak × utilisation × seconds")));
        let run = TrainingRun { chips: 1, peak_gflops: 1, utilisation_bp: 10_001, seconds: 1 };
        assert_eq!(run.flop(), Err(PolicyError::OutOfRange("utilisation")));
    }
}
