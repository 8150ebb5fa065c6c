//! Amounts in sentences: what a language prints, and why something typed was not taken for an amount.

use fluent_bundle::FluentValue;
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
    let words = match error {
        AmountError::Unreadable(text)
        | AmountError::Digits(text)
        | AmountError::Negative(text)
        | AmountError::TooLarge(text) => t.fill(&key, "text", text.as_str()),
        AmountError::Ambiguous { text, one, other } => t.fill_all(&key, &readings(t, text, one, other)),
        AmountError::Zero => t.get(&key),
        AmountError::OtherCurrency { given, wanted } => {
            t.fill_all(&key, &[("given", given.as_str().into()), ("wanted", wanted.code().into())])
        }
    };
    words.into_owned()
}

/// Why a text is not a number, likewise.
pub(crate) fn number_error(t: &Text, error: &NumberError) -> String {
    let key = format!("app-error-{}", error.code());
    let words = match error {
        NumberError::Unreadable(text)
        | NumberError::Fraction(text)
        | NumberError::Negative(text)
        | NumberError::TooLarge(text) => t.fill(&key, "text", text.as_str()),
        NumberError::Ambiguous { text, one, other } => t.fill_all(&key, &readings(t, text, one, other)),
    };
    words.into_owned()
}

fn readings<'v>(t: &Text, text: &'v str, one: &str, other: &str) -> [(&'static str, FluentValue<'v>); 3] {
    let plain = |reading: &str| FluentValue::from(t.locale().ungrouped(reading));
    [("text", text.into()), ("one", plain(one)), ("other", plain(other))]
}
