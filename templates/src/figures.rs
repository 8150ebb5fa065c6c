//! Amounts and shares as each language writes them.

use crate::Language;

/// U+202F: keeps a number and what belongs to it on one line.
const NARROW: char = '\u{202f}';

/// A whole number in groups of three.
pub(crate) fn grouped(n: u64, language: Language) -> String {
    let separator = match language {
        Language::English => ',',
        Language::German | Language::Spanish => '.',
        Language::French => NARROW,
    };
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() * 2);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(separator);
        }
        out.push(c);
    }
    out
}

/// An amount in hundredths of a currency; hundredths are left out where there are none.
pub(crate) fn money(cents: u64, currency: &str, language: Language) -> String {
    let mut amount = grouped(cents / 100, language);
    if !cents.is_multiple_of(100) {
        amount.push(if language == Language::English { '.' } else { ',' });
        amount.push_str(&format!("{:02}", cents % 100));
    }
    let symbol = match currency {
        "EUR" => "€",
        "USD" => "$",
        "GBP" => "£",
        other => other,
    };
    match language {
        Language::English if symbol.chars().count() == 1 => format!("{symbol}{amount}"),
        Language::English => format!("{symbol}\u{a0}{amount}"),
        _ => format!("{amount}\u{a0}{symbol}"),
    }
}

/// Basis points as a percentage.
pub(crate) fn share(bp: u32, language: Language) -> String {
    let point = if language == Language::English { '.' } else { ',' };
    let mut out = (bp / 100).to_string();
    let rest = format!("{:02}", bp % 100);
    if rest != "00" {
        out.push(point);
        out.push_str(rest.trim_end_matches('0'));
    }
    if language != Language::English {
        out.push('\u{a0}');
    }
    out.push('%');
    out
}

/// Thousandths as a factor: 4000 is `4`.
pub(crate) fn factor(milli: u32, language: Language) -> String {
    let point = if language == Language::English { '.' } else { ',' };
    let rest = format!("{:03}", milli % 1000);
    let rest = rest.trim_end_matches('0');
    if rest.is_empty() { (milli / 1000).to_string() } else { format!("{}{point}{rest}", milli / 1000) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use Language::{English, French, German};

    #[test]
    fn figures_are_written_as_the_language_writes_them() {
        assert_eq!(money(42_000_000, "EUR", English), "€420,000");
        assert_eq!(money(6_629_286, "EUR", German), "66.292,86\u{a0}€");
        assert_eq!(money(100_000_000, "EUR", French), "1\u{202f}000\u{202f}000\u{a0}€");
        assert_eq!(money(5, "CHF", English), "CHF\u{a0}0.05");
        assert_eq!(share(250, English), "2.5%");
        assert_eq!(share(3000, German), "30\u{a0}%");
        assert_eq!(share(1205, German), "12,05\u{a0}%");
        assert_eq!((factor(4000, English).as_str(), factor(2500, German).as_str()), ("4", "2,5"));
        assert_eq!(grouped(1234, English), "1,234");
    }
}
