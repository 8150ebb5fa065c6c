//! Money: whole cents, with the currency that they are of.

use core::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::number::{NumberError, Numerals, settled};

/// An amount in cents of the programme's currency. Never negative, never a fraction.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cents(pub u64);

subrosa_crypto::layout! { Cents(_) }

impl Cents {
    /// An amount of nothing, from which sums start.
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

    /// With its currency.
    pub const fn of(self, currency: Currency) -> Money {
        Money { cents: self, currency }
    }
}

impl fmt::Display for Cents {
    /// The plain form, which every reader of amounts takes and none takes for another: `137500.00`. Payment files and
    /// fields of forms carry it; people are shown what their language writes.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:02}", self.0 / 100, self.0 % 100)
    }
}

/// A currency of hundredths, by its ISO 4217 code.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency([u8; 3]);

/// Signs that stand for a currency in some language that we print. What is not listed is written by its code.
const SIGNS: [(&str, &[&str]); 3] =
    [("EUR", &["€"]), ("USD", &["$", "US$", "$US", "$ US"]), ("GBP", &["£", "£GB", "UK£", "GB£"])];

impl Currency {
    /// The currency of a programme's books.
    pub const EUR: Self = Self(*b"EUR");

    /// The currency with this code, three capital letters.
    pub fn parse(code: &str) -> Option<Self> {
        let code: [u8; 3] = code.as_bytes().try_into().ok()?;
        code.iter().all(u8::is_ascii_uppercase).then_some(Self(code))
    }

    /// Its three capital letters in ISO 4217, such as `EUR`.
    pub fn code(&self) -> &str {
        // Capital letters are always text; `XXX` is ISO 4217's own code for "no currency".
        core::str::from_utf8(&self.0).unwrap_or("XXX")
    }

    /// The signs that stand for it.
    pub(crate) fn signs(&self) -> &'static [&'static str] {
        SIGNS.iter().find(|(code, _)| *code == self.code()).map_or(&[], |(_, signs)| signs)
    }

    fn is_written(&self, mark: &str) -> bool {
        mark.eq_ignore_ascii_case(self.code()) || self.signs().contains(&mark)
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// An amount of money. It is read by [`Money::read`] and shown by `Locale::money`, nowhere else.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Money {
    /// How much, in hundredths of the currency's unit.
    pub cents: Cents,
    /// The currency whose hundredths these are.
    pub currency: Currency,
}

impl fmt::Display for Money {
    /// The plain form: `137500.00 EUR`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.cents, self.currency)
    }
}

/// Why a text is not taken for an amount.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
pub enum AmountError {
    /// It is not written as the language writes amounts, and not plainly either.
    #[error("`{0}` is not an amount here; write it plainly, for example 137500.00")]
    Unreadable(String),
    /// Points and commas mean different things to different readers.
    #[error(
        "`{text}` can be read as {one} or as {other}; write it without separators and with both decimals, for example 137500.00"
    )]
    Ambiguous {
        /// As it was written.
        text: String,
        /// What one convention reads.
        one: String,
        /// What another reads.
        other: String,
    },
    /// There are cents, but not two digits of them.
    #[error("`{0}` has not two digits of cents; write both, for example 137500.00")]
    Digits(String),
    /// The text reads as zero where an amount is asked for. See [`Money::read_or_nothing`].
    #[error("an amount of nothing cannot be stated")]
    Zero,
    /// Less than nothing.
    #[error("`{0}` is below zero; write an amount above zero, for example 137500.00")]
    Negative(String),
    /// Past the range.
    #[error("`{0}` is too large")]
    TooLarge(String),
    /// Of another currency.
    #[error("`{given}` is not the currency here: amounts are in {wanted}")]
    OtherCurrency {
        /// What was written.
        given: String,
        /// What is used.
        wanted: Currency,
    },
}

impl AmountError {
    /// A stable name, under which words for it are found.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(_) => "amount-unreadable",
            Self::Ambiguous { .. } => "amount-ambiguous",
            Self::Digits(_) => "amount-digits",
            Self::Zero => "amount-zero",
            Self::Negative(_) => "amount-negative",
            Self::TooLarge(_) => "amount-too-large",
            Self::OtherCurrency { .. } => "amount-other-currency",
        }
    }
}

impl Money {
    /// Reads an amount above zero: as the language writes it, with or without its sign or code, or plainly.
    ///
    /// # Errors
    /// Everything that is not one amount of this currency to every reader, each for its own reason.
    pub fn read(text: &str, numerals: &Numerals, currency: Currency) -> Result<Self, AmountError> {
        match Self::read_or_nothing(text, numerals, currency)? {
            Self { cents: Cents::ZERO, .. } => Err(AmountError::Zero),
            money => Ok(money),
        }
    }

    /// The same where nothing is an answer too: a part that may be zero.
    ///
    /// # Errors
    /// As [`Money::read`], without the reason for zero.
    pub fn read_or_nothing(text: &str, numerals: &Numerals, currency: Currency) -> Result<Self, AmountError> {
        let typed = || text.trim().to_owned();
        let body = unmarked(&settled(text), currency).map_err(|e| e.unwrap_or(AmountError::Unreadable(typed())))?;
        let number = numerals.read(&body).map_err(|e| match e {
            NumberError::Ambiguous { one, other, .. } => AmountError::Ambiguous { text: typed(), one, other },
            _ => AmountError::Unreadable(typed()),
        })?;
        if number.is_scientific() {
            return Err(AmountError::Unreadable(typed()));
        }
        if number.is_negative() {
            return Err(AmountError::Negative(typed()));
        }
        let cents = match number.fraction().len() {
            0 => 0,
            2 => number.fraction().parse().map_err(|_| AmountError::Unreadable(typed()))?,
            _ => return Err(AmountError::Digits(typed())),
        };
        let units: u64 = number.whole().parse().map_err(|_| AmountError::TooLarge(typed()))?;
        let cents = Cents::units(units).and_then(|c| c.checked_add(Cents(cents)));
        Ok(Self { cents: cents.ok_or_else(|| AmountError::TooLarge(typed()))?, currency })
    }
}

/// The number without the currency's sign or code, which stands once, before or behind it. Another currency's mark is
/// told; anything else around the number is none of ours.
fn unmarked(text: &str, currency: Currency) -> Result<String, Option<AmountError>> {
    let numeric = |c: char| c.is_ascii_digit() || c == '-';
    // The minus of `-€5` stands before the sign.
    let (minus, text) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (Some(start), Some(end)) = (text.find(numeric), text.rfind(|c: char| c.is_ascii_digit())) else {
        return Err(None);
    };
    let (before, after) =
        (text.get(..start).unwrap_or_default().trim(), text.get(end + 1..).unwrap_or_default().trim());
    let body = text.get(start..=end).unwrap_or_default();
    for mark in [before, after].into_iter().filter(|m| !m.is_empty()) {
        if currency.is_written(mark) {
            continue;
        }
        let signs = SIGNS.iter().flat_map(|(_, signs)| *signs);
        let code = mark.len() == 3 && mark.bytes().all(|b| b.is_ascii_uppercase());
        let other = code || signs.into_iter().any(|s| *s == mark);
        return Err(other.then(|| AmountError::OtherCurrency { given: mark.to_owned(), wanted: currency }));
    }
    if !before.is_empty() && !after.is_empty() {
        return Err(None);
    }
    Ok(format!("{minus}{body}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const GERMAN: Numerals = Numerals::new(',', '.');
    const FRENCH: Numerals = Numerals::new(',', '\u{202f}');

    fn read(n: &Numerals, text: &str) -> Result<u64, &'static str> {
        Money::read(text, n, Currency::EUR).map(|m| m.cents.0).map_err(|e| e.code())
    }

    #[test]
    fn cents_print_plainly() {
        assert_eq!(Cents(0).to_string(), "0.00");
        assert_eq!(Cents(99_905).to_string(), "999.05");
        assert_eq!(Cents(13_750_000).to_string(), "137500.00");
    }

    #[test]
    fn shares_round_down_and_refuse_to_overflow() {
        assert_eq!(Cents(100).share(1, 3), Some(Cents(33)));
        assert_eq!(Cents(u64::MAX).share(u64::MAX, 1), None);
        assert_eq!(Cents(1).share(1, 0), None);
    }

    #[test]
    fn an_amount_is_read_as_its_language_writes_it_and_plainly() {
        for text in
            ["137500", "137500.00", "137,500.00", "€137,500.00", " € 137,500.00 ", "EUR 137,500.00", "137500 EUR"]
        {
            assert_eq!(read(&Numerals::ENGLISH, text), Ok(13_750_000), "{text}");
        }
        for text in ["137500", "137500.00", "137500,00", "137.500,00", "137.500,00\u{a0}€", "137.500,00 EUR"] {
            assert_eq!(read(&GERMAN, text), Ok(13_750_000), "{text}");
        }
        for text in ["137\u{202f}500,00\u{a0}€", "137 500 €", "137500,00"] {
            assert_eq!(read(&FRENCH, text), Ok(13_750_000), "{text}");
        }
    }

    #[test]
    fn an_amount_that_another_reader_would_take_for_another_is_refused() {
        assert_eq!(read(&Numerals::ENGLISH, "137500,00"), Err("amount-unreadable"));
        assert_eq!(read(&Numerals::ENGLISH, "500,00"), Err("amount-unreadable"));
        assert_eq!(read(&Numerals::ENGLISH, "137.500,00\u{a0}€"), Err("amount-unreadable"));
        for n in [Numerals::ENGLISH, GERMAN] {
            for text in ["137.500", "1,234", "137,500", "1.234 €"] {
                assert_eq!(read(&n, text), Err("amount-ambiguous"), "{text}");
            }
        }
        let e = Money::read("137.500", &GERMAN, Currency::EUR);
        let (text, one, other) = ("137.500".into(), "137500".into(), "137.5".into());
        assert_eq!(e, Err(AmountError::Ambiguous { text, one, other }));
    }

    #[test]
    fn every_other_reason_has_its_own_name() {
        for (text, code) in [
            ("", "amount-unreadable"),
            ("many", "amount-unreadable"),
            ("500 euros", "amount-unreadable"),
            ("1e5", "amount-unreadable"),
            ("€5€", "amount-unreadable"),
            ("5 %", "amount-unreadable"),
            ("1.5", "amount-digits"),
            ("0", "amount-zero"),
            ("€0.00", "amount-zero"),
            ("-5.00", "amount-negative"),
            ("-€5.00", "amount-negative"),
            ("\u{2212}5", "amount-negative"),
            ("184467440737095516.16", "amount-too-large"),
            ("99999999999999999999", "amount-too-large"),
            ("$5.00", "amount-other-currency"),
            ("5.00 USD", "amount-other-currency"),
            ("CHF 5.00", "amount-other-currency"),
        ] {
            assert_eq!(read(&Numerals::ENGLISH, text), Err(code), "{text}");
        }
        assert_eq!(read(&Numerals::ENGLISH, "184467440737095516.15"), Ok(u64::MAX));
        assert_eq!(Money::read_or_nothing("0", &GERMAN, Currency::EUR).map(|m| m.cents), Ok(Cents::ZERO));
    }
}
