//! Keys of the console's words that the compiler looks up: a key that no file has, or a value that its words do not
//! take, does not compile.

use super::embedded::CONSOLE_KEYS;

/// A key of the console's words, looked up by the compiler: `key!("fetch-now")`. It is the key itself, for a function
/// that takes one.
#[macro_export]
macro_rules! key {
    ($key:literal) => {
        const { $crate::known_key($key) }
    };
}

/// Several keys of the console's words, each looked up by the compiler: an array.
#[macro_export]
macro_rules! keys {
    ($($key:literal),+ $(,)?) => {
        [$($crate::key!($key)),+]
    };
}

/// The console's words behind a key that the compiler looks up, with values that it counts:
/// `say!(t, "queue-count", shown = found, all = cases.len())`.
#[macro_export]
macro_rules! say {
    ($text:expr, $key:literal) => {
        $text.get(const { $crate::known_words($key, &[]) })
    };
    ($text:expr, $key:literal, $($value:ident = $given:expr),+ $(,)?) => {
        $text.with(const { $crate::known_words($key, &[$(stringify!($value)),+]) }, &[$((stringify!($value), &$given)),+])
    };
}

/// The key, if the console's English files have it.
#[doc(hidden)]
pub const fn known_key(key: &'static str) -> &'static str {
    assert!(values_of(key).is_some(), "no file in locales/en has these words of the console");
    key
}

/// The key, if the console's English files have it and its words take exactly these values.
#[doc(hidden)]
pub const fn known_words(key: &'static str, given: &[&str]) -> &'static str {
    let values = values_of(key);
    assert!(values.is_some(), "no file in locales/en has these words of the console");
    if let Some(values) = values {
        assert!(all_of(given, values), "the words of this key do not take a value that is given here");
        assert!(all_of(values, given), "the words of this key take a value that is not given here");
    }
    key
}

/// The values that the console's words behind a key take, by their names in order; `None` if English has no such words.
/// Every language takes the same.
pub const fn values_of(key: &str) -> Option<&'static [&'static str]> {
    let mut rest = CONSOLE_KEYS;
    while let [(known, values), after @ ..] = rest {
        if same(known, key) {
            return Some(values);
        }
        rest = after;
    }
    None
}

const fn all_of(some: &[&str], all: &[&str]) -> bool {
    let mut rest = some;
    while let [one, after @ ..] = rest {
        let mut candidates = all;
        let mut found = false;
        while let [candidate, others @ ..] = candidates {
            found = found || same(candidate, one);
            candidates = others;
        }
        if !found {
            return false;
        }
        rest = after;
    }
    true
}

const fn same(a: &str, b: &str) -> bool {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    while let ([x, more_of_a @ ..], [y, more_of_b @ ..]) = (a, b) {
        if *x != *y {
            return false;
        }
        (a, b) = (more_of_a, more_of_b);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_known_with_its_values() {
        assert_eq!(crate::key!("yes"), "yes");
        assert!(values_of("no-such-key").is_none());
        assert!(values_of("queue-count").is_some_and(|v| all_of(v, &["all", "shown"]) && !all_of(v, &["all"])));
    }
}
