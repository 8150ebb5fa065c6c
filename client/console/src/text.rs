//! Names and foreign text, made fit for a page. No language is needed for it.

use subrosa_crypto::sign::HolderId;

/// Text from outside, as the command line shows it too.
pub(crate) use subrosa_machine::say::plain as clean;
/// The same for what stands on one line, such as a name: it makes no line of its own.
pub(crate) use subrosa_machine::say::plain_line as one_line;

/// The lines of a text from outside, without the empty ones.
pub(crate) fn paragraphs(text: &str) -> Vec<String> {
    clean(text).lines().filter(|l| !l.trim().is_empty()).map(ToOwned::to_owned).collect()
}

/// The beginning of a case's name: eight hexadecimal digits.
pub(crate) fn short(id: &[u8; 32]) -> String {
    hex::encode(id).chars().take(8).collect()
}

/// Bytes as people read them.
pub(crate) fn size(bytes: u64) -> String {
    match bytes {
        0..=9_999 => format!("{bytes} B"),
        10_000..=9_999_999 => format!("{} kB", bytes / 1000),
        _ => format!("{} MB", bytes / 1_000_000),
    }
}

/// Two letters of a name: of its first and of its last word.
pub(crate) fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let first = |w: &&str| w.chars().next();
    let letters: String = match words.as_slice() {
        [] => "?".into(),
        [one] => one.chars().take(2).collect(),
        [a, .., z] => [first(a), first(z)].into_iter().flatten().collect(),
    };
    letters.to_uppercase()
}

/// A person's colour, by the key: one of twelve.
pub(crate) fn colour(holder: HolderId) -> u8 {
    holder.0.first().copied().unwrap_or(0) % 12
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_foreign_text_read_well() {
        assert_eq!(initials("Anna Maria Bell"), "AB");
        assert_eq!(initials("anna"), "AN");
        assert_eq!(clean("a\u{202e}b\u{7}c\nd"), "a⟨U+202E⟩b⟨U+0007⟩c\nd");
    }
}
