//! What every face of the programs says and needs: errors as sentences, amounts, foreign text made safe, randomness.

use anyhow::{Context as _, Result, bail};
use rand_core::UnwrapErr;

/// The system's randomness.
pub type Rng = UnwrapErr<getrandom::SysRng>;

/// An error with its causes, each said once: many of our errors repeat their cause in their own words.
pub fn sentence(error: &anyhow::Error) -> String {
    let mut out = String::new();
    for cause in error.chain().map(ToString::to_string) {
        if out.is_empty() {
            out = cause;
        } else if !out.contains(&cause) {
            out.push_str(": ");
            out.push_str(&cause);
        }
    }
    out
}

/// Euro cents of an amount as people write it: `137500`, `137500.00`, `137,500.00`.
pub fn euros(text: &str) -> Result<u64> {
    let plain: String = text.trim().trim_start_matches('€').chars().filter(|c| *c != ',' && *c != ' ').collect();
    let (whole, cents) = plain.split_once('.').unwrap_or((&plain, "00"));
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !digits(cents) || cents.len() != 2 {
        bail!("`{text}` is not an amount; write 137500 or 137500.00");
    }
    let cents: u64 = cents.parse()?;
    whole.parse::<u64>()?.checked_mul(100).and_then(|w| w.checked_add(cents)).context("the amount is too large")
}

/// `€137,500.00`.
pub fn show_euros(cents: u64) -> String {
    let whole = (cents / 100).to_string();
    let mut grouped = String::new();
    for (i, c) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(c);
    }
    format!("€{grouped}.{:02}", cents % 100)
}

/// Text that came from outside, safe for a terminal: no control characters but line breaks.
pub fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn amounts_read_and_write() {
        assert_eq!(euros("€137,500.00").unwrap(), 13_750_000);
        assert_eq!(euros("7").unwrap(), 700);
        assert_eq!(show_euros(13_750_000), "€137,500.00");
        assert_eq!(show_euros(5), "€0.05");
        for bad in ["", "1.5", "-1", "1.234", "x", "99999999999999999999"] {
            assert!(euros(bad).is_err(), "{bad}");
        }
        assert_eq!(plain("a\u{1b}[31m\nb"), "a\u{fffd}[31m\nb");
    }
}
