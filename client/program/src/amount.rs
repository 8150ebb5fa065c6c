//! Amounts on the command line: read, shown, and shown once more before they are signed.

use std::io::{BufRead as _, IsTerminal as _, Write as _};

use anyhow::{Context as _, Result, bail};
use subrosa_casework::{
    locale::Locale,
    money::{Cents, Currency, Money},
};

use crate::env::Env;

/// An amount above zero, as English writes it or plainly.
pub(crate) fn read(text: &str) -> Result<Cents> {
    Ok(Money::read(text, Locale::english().amounts(), Currency::EUR)?.cents)
}

/// `€137,500.00`
pub(crate) fn show(cents: Cents) -> String {
    Locale::english().money(cents.of(Currency::EUR))
}

/// `EUR 137,500.00 (137,500.00 euros)`, for whoever is about to sign.
pub(crate) fn in_full(cents: Cents) -> String {
    Locale::english().in_full(cents.of(Currency::EUR))
}

impl Env {
    /// Says what is about to be signed, and asks, unless `--yes` was given. Where nobody can be asked, nothing is
    /// signed.
    ///
    /// # Errors
    /// The answer was not yes, or there is nobody to ask.
    pub(crate) fn agree(&self, what: &str) -> Result<()> {
        if self.yes {
            return Ok(());
        }
        if !std::io::stdin().is_terminal() {
            bail!("About to sign: {what}. Nothing was signed: look at the amount, then say the same again with --yes");
        }
        let mut err = std::io::stderr().lock();
        write!(err, "About to sign: {what}.\nIs this right? Type yes: ")
            .and_then(|()| err.flush())
            .context("terminal")?;
        let mut line = String::new();
        std::io::stdin().lock().read_line(&mut line).context("terminal")?;
        match line.trim() {
            "yes" => Ok(()),
            _ => bail!("Nothing was signed."),
        }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn a_comma_is_never_dropped() {
        for text in ["500,00", "137500,00", "137.500,00 €", "137.500", "137,500", "0", "-5", "$5.00"] {
            assert!(read(text).is_err(), "{text}");
        }
        for text in ["137500", "137500.00", "137,500.00", "€137,500.00"] {
            assert_eq!(read(text).unwrap(), Cents(13_750_000), "{text}");
        }
        assert_eq!(show(Cents(5)), "€0.05");
        assert_eq!(in_full(Cents(13_750_000)), "EUR\u{a0}137,500.00 (137,500.00 euros)");
    }
}
