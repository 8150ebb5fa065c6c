//! How a language writes numbers and amounts, from the Unicode CLDR data that come with ICU4X.
//!
//! Compiled only with the feature `locales`: the engine that a browser loads carries none of these data. There the page
//! brings the marks along for reading (`Numerals`), and the browser prints.

use fixed_decimal::Decimal;
use icu_decimal::{
    DecimalFormatter,
    options::{DecimalFormatterOptions, GroupingStrategy},
};
use icu_experimental::dimension::{
    currency::{CurrencyType, formatter::CurrencyFormatter},
    percent::{formatter::PercentFormatter, options::PercentFormatterOptions},
};
use icu_locale_core::Locale as Tag;

use crate::{
    money::{Cents, Currency, Money},
    number::Numerals,
};

/// Long enough to show the group before the mark, one further left, and the marks between.
const SAMPLE: &str = "12345678.5";

/// A language's way of writing numbers.
#[derive(Clone, Debug)]
pub struct Locale {
    tag: Tag,
    numbers: Numerals,
    amounts: Numerals,
}

impl Locale {
    /// The locale of a language's BCP 47 code; English for a code that is none. Digits are 0 to 9 in every language.
    pub fn of(code: &str) -> Self {
        Self::known(code).unwrap_or_else(Self::english)
    }

    /// The program's own language.
    pub fn english() -> Self {
        let tag = icu_locale_core::locale!("en");
        Self { tag, numbers: Numerals::ENGLISH, amounts: Numerals::ENGLISH }
    }

    /// Whether the data know this language: one that they do not have would be given the marks of none. Its marks
    /// cannot tell, since many languages share them; what it calls the euro can.
    pub fn knows(code: &str) -> bool {
        let name = |tag: &Tag| named(tag, Cents::ZERO.of(Currency::EUR));
        code.parse().is_ok_and(|tag| name(&tag).is_some_and(|own| name(&Tag::UNKNOWN).is_some_and(|none| own != none)))
    }

    fn known(code: &str) -> Option<Self> {
        let tag: Tag = format!("{code}-u-nu-latn").parse().ok()?;
        let sample = SAMPLE.parse().ok()?;
        let numbers = Numerals::of_sample(&number(&tag, GroupingStrategy::Always, &sample)?)?;
        // Some countries write amounts with other marks than numbers.
        let amount = coded(&tag, Currency::EUR, &sample)?;
        let figures = amount.trim_matches(|c: char| !c.is_ascii_digit());
        let amounts = Numerals::of_sample(figures.strip_suffix('0')?)?;
        Some(Self { tag, numbers, amounts })
    }

    /// Its spelling of 12345678.5, from which [`Numerals::of_sample`] learns the marks where these data are not at
    /// hand.
    pub fn sample(&self) -> String {
        let value: Option<Decimal> = SAMPLE.parse().ok();
        let text = value.and_then(|v| number(&self.tag, GroupingStrategy::Always, &v));
        text.unwrap_or_else(|| "12,345,678.5".into())
    }

    /// The marks of its numbers.
    pub fn numbers(&self) -> &Numerals {
        &self.numbers
    }

    /// The marks of its amounts.
    pub fn amounts(&self) -> &Numerals {
        &self.amounts
    }

    /// `€137,500.00`: always with its hundredths, so that it can be read back as it stands.
    pub fn money(&self, money: Money) -> String {
        let Some(value) = decimal(money.cents) else { return money.to_string() };
        let signed = CurrencyType::try_from_utf8(money.currency.code().as_bytes()).ok().and_then(|currency| {
            CurrencyFormatter::<DecimalFormatter>::try_new_symbol((&self.tag).into(), currency, Default::default()).ok()
        });
        // A sign that no reader of ours knows is not printed.
        match signed.map(|f| f.format_fixed_decimal(&value).to_string()) {
            Some(text) if self.reads_back(&text, money) => text,
            _ => self.coded(money),
        }
    }

    /// `EUR 137,500.00`.
    fn coded(&self, money: Money) -> String {
        let text = decimal(money.cents).and_then(|value| coded(&self.tag, money.currency, &value));
        text.filter(|t| self.reads_back(t, money)).unwrap_or_else(|| money.to_string())
    }

    fn reads_back(&self, text: &str, money: Money) -> bool {
        Money::read_or_nothing(text, &self.amounts, money.currency) == Ok(money)
    }

    /// An amount for whoever is about to sign it: with the currency's code and once more with its name,
    /// `EUR 137,500.00 (137,500.00 euros)`.
    pub fn in_full(&self, money: Money) -> String {
        let figures = self.coded(money);
        named(&self.tag, money).map_or_else(|| figures.clone(), |named| format!("{figures} ({named})"))
    }

    /// A whole number in groups.
    pub fn whole(&self, n: u64) -> String {
        self.decimals(n, 0)
    }

    /// `n × 10^-places`, without zeros at its end: a share, a factor.
    pub fn decimals(&self, n: u64, places: i16) -> String {
        let value = scaled(n, places);
        number(&self.tag, GroupingStrategy::Auto, &value).unwrap_or_else(|| value.to_string())
    }

    /// Basis points as a percentage: `2.5%`.
    pub fn share(&self, bp: u32) -> String {
        let value = scaled(u64::from(bp), 2);
        percent(&self.tag, &value).unwrap_or_else(|| format!("{value} %"))
    }

    /// A number in its plain form (`989.4`, `3.0252e25`), with the decimal mark of the language and without groups, so
    /// that it can be read back as it stands. A power of ten stays one. Anything else stays as it is.
    pub fn ungrouped(&self, plain: &str) -> String {
        let (mantissa, power) = plain.split_once('e').map_or((plain, None), |(m, power)| (m, Some(power)));
        let value: Option<Decimal> = mantissa.parse().ok();
        let power_fits = power.is_none_or(|p| p.parse::<i16>().is_ok());
        match value.filter(|_| power_fits).and_then(|v| number(&self.tag, GroupingStrategy::Never, &v)) {
            Some(text) => power.map_or(text.clone(), |p| format!("{text}e{p}")),
            None => plain.to_owned(),
        }
    }
}

fn scaled(n: u64, places: i16) -> Decimal {
    let mut value = Decimal::from(n);
    value.multiply_pow10(-places);
    value.trim_end();
    value
}

fn decimal(cents: Cents) -> Option<Decimal> {
    cents.to_string().parse().ok()
}

fn number(tag: &Tag, grouping: GroupingStrategy, value: &Decimal) -> Option<String> {
    let mut options = DecimalFormatterOptions::default();
    options.grouping_strategy = Some(grouping);
    DecimalFormatter::try_new(tag.into(), options).ok().map(|f| f.format(value).to_string())
}

fn coded(tag: &Tag, currency: Currency, value: &Decimal) -> Option<String> {
    let currency = CurrencyType::try_from_utf8(currency.code().as_bytes()).ok()?;
    let formatter =
        CurrencyFormatter::<DecimalFormatter>::try_new_code(tag.into(), currency, Default::default()).ok()?;
    Some(formatter.format_fixed_decimal(value).to_string())
}

/// `137,500.00 euros`
fn named(tag: &Tag, money: Money) -> Option<String> {
    let currency = CurrencyType::try_from_utf8(money.currency.code().as_bytes()).ok()?;
    let formatter = CurrencyFormatter::<DecimalFormatter>::try_new_name(tag.into(), currency).ok()?;
    Some(formatter.format_fixed_decimal(&decimal(money.cents)?).to_string())
}

fn percent(tag: &Tag, value: &Decimal) -> Option<String> {
    let formatter =
        PercentFormatter::<DecimalFormatter>::try_new(tag.into(), PercentFormatterOptions::default()).ok()?;
    Some(formatter.format(value).to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The languages of the pages, and others whose marks or groups differ.
    const CODES: [&str; 16] =
        ["en", "de", "fr", "es", "it", "pt", "pl", "nl", "sv", "cs", "de-CH", "de-AT", "hi", "ar", "he", "tr"];
    const CURRENCIES: [&str; 4] = ["EUR", "USD", "GBP", "CHF"];

    fn euros(code: &str, cents: u64) -> String {
        Locale::of(code).money(Cents(cents).of(Currency::EUR))
    }

    #[test]
    fn amounts_are_written_as_the_language_writes_them() {
        assert_eq!(euros("en", 13_750_000), "€137,500.00");
        assert_eq!(euros("de", 13_750_000), "137.500,00\u{a0}€");
        assert_eq!(euros("fr", 100_000_005), "1\u{202f}000\u{202f}000,05\u{a0}€");
        assert_eq!(euros("es", 100_000), "1000,00\u{a0}€");
        assert_eq!(euros("no such language", 5), "€0.05");
        let francs = Currency::parse("CHF").map(|c| Locale::of("en").money(Cents(5).of(c)));
        assert_eq!(francs.as_deref(), Some("CHF\u{a0}0.05"));
        // A currency without hundredths would lose them.
        let yen = Currency::parse("JPY").map(|c| Locale::of("de").money(Cents(13_750_000).of(c)));
        assert_eq!(yen.as_deref(), Some("137500.00 JPY"));
    }

    #[test]
    fn an_amount_to_be_signed_is_told_in_full() {
        let told = |code| Locale::of(code).in_full(Cents(13_750_005).of(Currency::EUR));
        assert_eq!(told("en"), "EUR\u{a0}137,500.05 (137,500.05 euros)");
        assert_eq!(told("de"), "137.500,05\u{a0}EUR (137.500,05 Euro)");
        assert_eq!(told("fr"), "137\u{202f}500,05\u{a0}EUR (137\u{202f}500,05 euros)");
        assert_eq!(told("es"), "137.500,05\u{a0}EUR (137.500,05 euros)");
    }

    #[test]
    fn other_figures_are_written_as_the_language_writes_them() {
        assert_eq!(Locale::of("en").share(250), "2.5%");
        assert_eq!(Locale::of("de").share(3000), "30\u{a0}%");
        assert_eq!(Locale::of("de").share(1205), "12,05\u{a0}%");
        assert_eq!(Locale::of("en").decimals(4000, 3), "4");
        assert_eq!(Locale::of("de").decimals(2500, 3), "2,5");
        assert_eq!(Locale::of("en").whole(1234), "1,234");
        assert_eq!(Locale::of("de").ungrouped("137.5"), "137,5");
        assert_eq!(Locale::of("en").ungrouped("137500"), "137500");
        assert_eq!(Locale::of("de").ungrouped("3.0252e25"), "3,0252e25");
        assert_eq!(Locale::of("de").numbers().read("3,0252e25").map(|n| n.to_string()), Ok("3.0252e25".into()));
        for text in ["", "e5", "1.5e", "hall", "2026-03-01", "1e99999999"] {
            assert_eq!(Locale::of("de").ungrouped(text), text, "no number");
        }
    }

    #[test]
    fn every_language_has_marks_of_its_own() {
        for code in CODES {
            let locale = Locale::known(code).map(|l| (Numerals::of_sample(&l.sample()), *l.numbers()));
            assert!(locale.is_some_and(|(learnt, numbers)| learnt == Some(numbers)), "{code}");
        }
        for code in CODES.into_iter().chain(["zh", "ja", "ko", "sw", "ga", "en-GB"]) {
            assert!(Locale::knows(code), "{code}");
        }
        assert!(!Locale::knows("xx") && !Locale::knows("no such language"));
        assert_eq!(Locale::of("de").numbers(), &Numerals::new(',', '.'));
        assert_eq!(Locale::of("en").amounts(), &Numerals::ENGLISH);
    }

    /// Something like an amount, right or wrong.
    fn typed() -> impl Strategy<Value = String> {
        prop_oneof![
            "[0-9]{1,7}",
            "[0-9]{1,3}([., ][0-9]{3}){0,2}([.,][0-9]{1,3})?",
            "[0-9.,' ]{1,12}",
            "€?[0-9]{1,6}[.,][0-9]{2}"
        ]
    }

    proptest! {
        #[test]
        fn what_a_language_prints_it_reads_back(cents: u64, code in 0..CODES.len(), currency in 0..CURRENCIES.len()) {
            let (code, currency) = (CODES.get(code).copied(), CURRENCIES.get(currency).and_then(|c| Currency::parse(c)));
            let (Some(code), Some(currency)) = (code, currency) else { return Ok(()) };
            let (locale, money) = (Locale::of(code), Cents(cents).of(currency));
            for text in [locale.money(money), locale.coded(money), money.cents.to_string()] {
                prop_assert_eq!(Money::read_or_nothing(&text, locale.amounts(), currency), Ok(money), "{} {}", code, text);
            }
            let plain = locale.whole(cents);
            match locale.numbers().whole(&plain) {
                Ok(read) => prop_assert_eq!(read, cents, "{} {}", code, plain),
                // One group alone may be a fraction elsewhere.
                Err(e) => prop_assert!(cents < 1_000_000 && e.code() == "number-ambiguous", "{} {}", code, plain),
            }
        }

        #[test]
        fn no_two_languages_read_one_text_as_different_amounts(text in typed()) {
            let read = |code: &&str| Money::read_or_nothing(&text, Locale::of(code).amounts(), Currency::EUR).ok();
            let mut amounts: Vec<Money> = CODES.iter().filter_map(read).collect();
            amounts.dedup();
            prop_assert!(amounts.len() <= 1, "{} {:?}", text, amounts);
            let read = |code: &&str| Locale::of(code).numbers().read(&text).ok().map(|n| n.to_string());
            let mut numbers: Vec<String> = CODES.iter().filter_map(read).collect();
            numbers.dedup();
            prop_assert!(numbers.len() <= 1, "{} {:?}", text, numbers);
        }
    }
}
