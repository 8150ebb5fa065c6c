//! Amounts in sentences: what a language prints, and why something typed was not taken for an amount.

use subrosa_casework::{
    money::{AmountError, Cents, Currency},
    number::NumberError,
};

use crate::Text;

/// An amount as the language writes it. A currency that is no code stands behind the plain figures.
pub(crate) fn money(t: &Text, cents: u64, currency: &str) -> String {
    match Currency::parse(currency) {
        Some(currency) => t.locale().money(Cents(cents).of(currency)),
        None => format!("{} {currency}", Cents(cents)),
    }
}

/// Why a text is not an amount, for whoever typed it.
pub(crate) fn amount_error(t: &Text, error: &AmountError) -> String {
    let key = format!("app-error-{}", error.code());
    match error {
        AmountError::Unreadable(text)
        | AmountError::Digits(text)
        | AmountError::Negative(text)
        | AmountError::TooLarge(text) => t.fill(&key, "text", text),
        AmountError::Ambiguous { text, one, other } => readings(t, &key, text, one, other),
        AmountError::Zero => t.get(&key).to_owned(),
        AmountError::OtherCurrency { given, wanted } => t.with(&key, &[("given", given), ("wanted", &wanted.code())]),
    }
}

/// Why a text is not a number, likewise.
pub(crate) fn number_error(t: &Text, error: &NumberError) -> String {
    let key = format!("app-error-{}", error.code());
    match error {
        NumberError::Unreadable(text)
        | NumberError::Fraction(text)
        | NumberError::Negative(text)
        | NumberError::TooLarge(text) => t.fill(&key, "text", text),
        NumberError::Ambiguous { text, one, other } => readings(t, &key, text, one, other),
    }
}

fn readings(t: &Text, key: &str, text: &str, one: &str, other: &str) -> String {
    let plain = |reading: &str| t.locale().ungrouped(reading);
    t.with(key, &[("text", &text), ("one", &plain(one)), ("other", &plain(other))])
}
