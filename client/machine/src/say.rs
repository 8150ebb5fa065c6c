//! What every face of the programs says and needs: errors as sentences, foreign text made safe, randomness.

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

/// Text that came from outside, safe for a terminal: no control characters but line breaks.
pub fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() && c != '\n' { '\u{fffd}' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn foreign_text_cannot_steer_a_terminal() {
        assert_eq!(plain("a\u{1b}[31m\nb"), "a\u{fffd}[31m\nb");
    }
}
