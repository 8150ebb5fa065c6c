//! Amounts and shares as each language writes them: its own file says how.

use crate::Language;

/// A whole number in groups of three.
pub(crate) fn grouped(n: u64, language: Language) -> String {
    let separator = language.mark("number-group");
    let digits = n.to_string();
    let mut out = String::with_capacity(digits.len() * 2);
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push_str(separator);
        }
        out.push(c);
    }
    out
}

/// An amount in hundredths of a currency; hundredths are left out where there are none.
pub(crate) fn money(cents: u64, currency: &str, language: Language) -> String {
    let mut amount = grouped(cents / 100, language);
    if !cents.is_multiple_of(100) {
        amount.push_str(language.mark("number-point"));
        amount.push_str(&format!("{:02}", cents % 100));
    }
    let symbol = match currency {
        "EUR" => "€",
        "USD" => "$",
        "GBP" => "£",
        code => return language.pattern("number-money-code", &[("amount", &amount), ("code", &code)]),
    };
    language.pattern("number-money", &[("amount", &amount), ("symbol", &symbol)])
}

/// Basis points as a percentage.
pub(crate) fn share(bp: u32, language: Language) -> String {
    let mut number = (bp / 100).to_string();
    let rest = format!("{:02}", bp % 100);
    if rest != "00" {
        number.push_str(language.mark("number-point"));
        number.push_str(rest.trim_end_matches('0'));
    }
    language.pattern("number-share", &[("number", &number)])
}

/// Thousandths as a factor: 4000 is `4`.
pub(crate) fn factor(milli: u32, language: Language) -> String {
    let rest = format!("{:03}", milli % 1000);
    match rest.trim_end_matches('0') {
        "" => (milli / 1000).to_string(),
        rest => format!("{}{}{rest}", milli / 1000, language.mark("number-point")),
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    #[test]
    fn figures_are_written_as_the_language_writes_them() {
        let [english, german, french] = ["en", "de", "fr"].map(|code| Language::from_code(code).unwrap());
        assert_eq!(money(42_000_000, "EUR", english), "€420,000");
        assert_eq!(money(6_629_286, "EUR", german), "66.292,86\u{a0}€");
        assert_eq!(money(100_000_000, "EUR", french), "1\u{202f}000\u{202f}000\u{a0}€");
        assert_eq!(money(5, "CHF", english), "CHF\u{a0}0.05");
        assert_eq!(share(250, english), "2.5%");
        assert_eq!(share(3000, german), "30\u{a0}%");
        assert_eq!(share(1205, german), "12,05\u{a0}%");
        assert_eq!((factor(4000, english).as_str(), factor(2500, german).as_str()), ("4", "2,5"));
        assert_eq!(grouped(1234, english), "1,234");
    }
}
