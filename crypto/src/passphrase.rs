//! Twelve BIP-39 words, and the master key that a source's every other key is derived from.
//!
//! Spec: `docs/spec/passphrase.md`. The words carry 128 bits of entropy, so they are not stretched (RFC 5869 section
//! 3.3 needs no slow step for a uniform secret); a browser without JIT could not afford it either.

use core::fmt;

use bip39::{Language, Mnemonic};
use rand_core::CryptoRng;
use subtle::{Choice, ConstantTimeEq};
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{
    kdf::{self, Part},
    secret::Secret32,
};

/// Words in a passphrase.
pub const WORD_COUNT: usize = 12;
/// Bytes of entropy behind the words.
pub const ENTROPY_LEN: usize = 16;

/// Longer typed words are cut to this many characters before they are compared or repeated to the person.
const TYPED_WORD_MAX: usize = 24;
/// How many similar words are offered for an unknown one.
const SUGGESTION_COUNT: usize = 3;

/// Why a typed passphrase was refused. `Display` is for the person who typed it; `Debug` says nothing about the words.
#[derive(Clone, PartialEq, Eq)]
pub enum PassphraseError {
    /// Not twelve words.
    WordCount {
        /// How many words were found.
        found: usize,
    },
    /// One word is not on the list. Only the first one is reported.
    UnknownWord {
        /// Which word, counted from 1.
        position: usize,
        /// The word as typed, in lower case, cut if very long.
        word: Zeroizing<String>,
        /// Up to three words of the list that look most like it, best first.
        suggestions: Vec<&'static str>,
    },
    /// Every word is on the list, but the checksum in the last word disagrees.
    Checksum,
}

impl fmt::Display for PassphraseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WordCount { found: 0 } => write!(f, "There are no words. A passphrase has {WORD_COUNT} words."),
            Self::WordCount { found } => {
                let noun = if *found == 1 { "word" } else { "words" };
                write!(f, "This is {found} {noun}. A passphrase has exactly {WORD_COUNT} words.")
            }
            Self::UnknownWord { position, word, suggestions } => {
                write!(f, "Word {position}, \"{}\", is not on the word list.", word.as_str())?;
                if let Some((last, first)) = suggestions.split_last() {
                    f.write_str(" Did you mean ")?;
                    if !first.is_empty() {
                        write!(f, "{} or ", first.join(", "))?;
                    }
                    write!(f, "{last}?")?;
                }
                Ok(())
            }
            Self::Checksum => f.write_str(
                "All the words are on the word list, but they do not fit together (the checksum is wrong). \
                 One of them was probably mistaken for another word, or two have changed places. Please compare with your note.",
            ),
        }
    }
}

impl fmt::Debug for PassphraseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::WordCount { found } => write!(f, "WordCount({found})"),
            Self::UnknownWord { position, .. } => write!(f, "UnknownWord({position}, [redacted])"),
            Self::Checksum => f.write_str("Checksum"),
        }
    }
}

impl core::error::Error for PassphraseError {}

/// A source's passphrase: the one thing that it keeps.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct Passphrase(Box<[u8; ENTROPY_LEN]>);

impl Passphrase {
    /// Draws a new passphrase from `rng`.
    pub fn generate(rng: &mut impl CryptoRng) -> Self {
        let mut out = Self(Box::new([0; ENTROPY_LEN]));
        rng.fill_bytes(out.0.as_mut_slice());
        out
    }

    /// The passphrase of these 16 bytes, which must be uniformly random. The caller wipes its own copy.
    pub fn from_entropy(entropy: &[u8; ENTROPY_LEN]) -> Self {
        Self(Box::new(*entropy))
    }

    /// Reads what a person typed. Upper case, full-width letters, characters that nobody sees, numbering, punctuation
    /// and any kind of spacing between the words do not matter.
    ///
    /// # Errors
    /// [`PassphraseError`] says which word is wrong and what it might have been.
    pub fn parse(typed: &str) -> Result<Self, PassphraseError> {
        let typed = folded(typed);
        let mut indices = Zeroizing::new([0u16; WORD_COUNT]);
        let words = || words_of(&typed);
        let found = words().count();
        if found != WORD_COUNT {
            return Err(PassphraseError::WordCount { found });
        }
        for (i, (word, index)) in words().zip(indices.iter_mut()).enumerate() {
            *index = Language::English.find_word(word).ok_or_else(|| {
                let word: Zeroizing<String> = Zeroizing::new(word.chars().take(TYPED_WORD_MAX).collect());
                PassphraseError::UnknownWord { position: i + 1, suggestions: closest_words(&word), word }
            })?;
        }
        Self::of_words(&indices).ok_or(PassphraseError::Checksum)
    }

    /// Whether twelve words in a row of this text are a passphrase, whatever stands before and behind them: such a text
    /// is not for anybody else. One in sixteen of twelve words of the list is a passphrase by chance; hardly any
    /// sentence has twelve of them in a row.
    pub fn stands_in(text: &str) -> bool {
        let text = folded(text);
        let found = words_of(&text).map(|w| Language::English.find_word(w));
        let found: Zeroizing<Vec<Option<u16>>> = Zeroizing::new(found.collect());
        found.windows(WORD_COUNT).any(|window| {
            let mut indices = Zeroizing::new([0u16; WORD_COUNT]);
            let known = window.iter().zip(indices.iter_mut()).all(|(found, index)| {
                *index = found.unwrap_or(0);
                found.is_some()
            });
            known && Self::of_words(&indices).is_some()
        })
    }

    /// The passphrase of these numbers of words, if their checksum is right.
    fn of_words(indices: &[u16; WORD_COUNT]) -> Option<Self> {
        // BIP-39: 12 x 11 bits are 128 bits of entropy, then 4 bits of its SHA-256.
        let bits = Zeroizing::new(indices.iter().take(11).fold(0u128, |acc, i| acc << 11 | u128::from(*i)));
        let last = indices.last().copied().unwrap_or(0);
        let entropy = Zeroizing::new((*bits << 7 | u128::from(last >> 4)).to_be_bytes());
        let out = Self(Box::new(*entropy));
        (u16::from(out.checksum()) == last & 0xf).then_some(out)
    }

    /// The twelve words, in lower case, one space between them.
    pub fn words(&self) -> Zeroizing<String> {
        let mut out = Zeroizing::new(String::with_capacity(WORD_COUNT * 9));
        // 16 bytes are a valid BIP-39 length, so this is always `Ok`.
        if let Ok(mnemonic) = Mnemonic::from_entropy_in(Language::English, self.0.as_slice()) {
            for (i, word) in mnemonic.words().enumerate() {
                if i > 0 {
                    out.push(' ');
                }
                out.push_str(word);
            }
        }
        out
    }

    /// The master key of this passphrase for one programme. The same words give unrelated keys elsewhere.
    pub fn master_key(&self, programme_id: &str) -> MasterKey {
        MasterKey(kdf::derive(programme_id.as_bytes(), self.0.as_slice(), "subrosa/master/v1", &[]))
    }

    fn checksum(&self) -> u8 {
        use sha2::Digest;
        sha2::Sha256::digest(self.0.as_slice()).first().copied().unwrap_or(0) >> 4
    }
}

impl fmt::Debug for Passphrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Passphrase([redacted])")
    }
}

impl ConstantTimeEq for Passphrase {
    fn ct_eq(&self, other: &Self) -> Choice {
        self.0.as_slice().ct_eq(other.0.as_slice())
    }
}

/// The words of a folded text. A number before a word belongs to the list's numbering, with or without a space between
/// them.
fn words_of(folded: &str) -> impl Iterator<Item = &str> {
    let pieces = folded.split(|c: char| !c.is_alphanumeric());
    pieces.map(|w| w.trim_start_matches(|c: char| c.is_ascii_digit())).filter(|w| !w.is_empty())
}

/// What was typed, in small letters of one width, without what nobody sees: soft hyphens that a line break left, marks
/// of direction and width, and the dot that the capital `İ` of a Turkish keyboard leaves behind its `i`.
fn folded(typed: &str) -> Zeroizing<String> {
    let plain = |c: char| match c {
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{180e}' | '\u{307}' | '\u{feff}' => None,
        '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' => None,
        '\u{fe00}'..='\u{fe0f}' | '\u{e0000}'..='\u{e0fff}' => None,
        // Full-width forms stand in the order of ASCII.
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(u32::from(c) - 0xff01 + 0x21),
        // Also a Turkish keyboard's: the small letter without its dot.
        '\u{130}' | '\u{131}' => Some('i'),
        _ => Some(c),
    };
    // Long enough from the start: a string that grew would leave a copy behind.
    let mut out = Zeroizing::new(String::with_capacity(typed.len().saturating_mul(2)));
    out.extend(typed.chars().filter_map(plain).flat_map(char::to_lowercase));
    out
}

/// The root of a source's keys in one programme.
#[derive(Clone)]
pub struct MasterKey(Secret32);

impl MasterKey {
    /// The key for one purpose: HKDF with an empty salt, this key, `label` and `context`.
    pub fn derive(&self, label: &str, context: &[&dyn Part]) -> Secret32 {
        kdf::derive(b"", self.0.expose(), label, context)
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey([redacted])")
    }
}

/// Every English BIP-39 word, sorted: for completing and checking words while a person types.
pub fn word_list() -> &'static [&'static str] {
    Language::English.word_list()
}

/// The words of the list with the smallest edit distance, at most half the typed word away; ties in list order.
fn closest_words(typed: &str) -> Vec<&'static str> {
    let typed = Zeroizing::new(typed.chars().collect::<Vec<char>>());
    let limit = typed.len().div_ceil(2);
    let mut ranked: Vec<(usize, &'static str)> =
        word_list().iter().map(|w| (edit_distance(&typed, w), *w)).filter(|(distance, _)| *distance <= limit).collect();
    ranked.sort_by_key(|(distance, _)| *distance);
    ranked.into_iter().take(SUGGESTION_COUNT).map(|(_, w)| w).collect()
}

/// Edit distance in which a swap of neighbours counts once (optimal string alignment), as people swap letters when they
/// type.
fn edit_distance(a: &[char], b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let at = |row: &[usize], i: usize| row.get(i).copied().unwrap_or(usize::MAX / 2);
    let mut before: Vec<usize> = Vec::new();
    let mut previous: Vec<usize> = (0..=b.len()).collect();
    for (i, ca) in a.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, cb) in b.iter().enumerate() {
            let mut best =
                (at(&previous, j) + usize::from(ca != cb)).min(at(&previous, j + 1) + 1).min(at(&row, j) + 1);
            if i > 0 && j > 0 && a.get(i - 1) == Some(cb) && b.get(j - 1) == Some(ca) {
                best = best.min(at(&before, j - 1) + 1);
            }
            row.push(best);
        }
        before = core::mem::replace(&mut previous, row);
    }
    at(&previous, b.len())
}

#[cfg(test)]
mod vectors;

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
    use super::*;

    const ZERO: &str = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    #[test]
    fn words_and_entropy_are_each_others_inverse() {
        for seed in 0..=255u8 {
            let entropy = [seed, 1, 2, 3, 4, 5, 6, 7, seed ^ 0xff, 9, 10, 11, 12, 13, 14, seed];
            let p = Passphrase::from_entropy(&entropy);
            assert_eq!(*Passphrase::parse(&p.words()).unwrap().0, entropy);
        }
    }

    #[test]
    fn case_spacing_and_numbering_do_not_matter() {
        let numbered: String = ZERO.split(' ').enumerate().map(|(i, w)| format!("{}. {w},\r\n", i + 1)).collect();
        for typed in [ZERO.to_uppercase(), format!("  {} ", ZERO.replace(' ', "\t  \n")), numbered] {
            assert_eq!(Passphrase::parse(&typed).unwrap().words().as_str(), ZERO);
        }
    }

    #[test]
    fn what_keyboards_and_line_breaks_add_does_not_matter() {
        let glued: String = ZERO.split(' ').enumerate().map(|(i, w)| format!("{}{w} ", i + 1)).collect();
        let wide: String = ZERO.chars().map(|c| if c == ' ' { '\u{3000}' } else { wide(c) }).collect();
        let hidden = ZERO.replace("don", "d\u{ad}o\u{200b}n\u{200e}").replace("about", "\u{feff}about\u{fe0f}");
        for typed in [glued, wide, hidden] {
            assert_eq!(Passphrase::parse(&typed).unwrap().words().as_str(), ZERO, "{typed}");
        }
        // A Turkish keyboard's capital, whole and as an `I` with a dot above, and its small letter without one.
        let with_i = Passphrase::from_entropy(&[0x55; ENTROPY_LEN]).words();
        assert!(with_i.contains('i'), "{}", *with_i);
        let upper = with_i.to_uppercase();
        for typed in [upper.replace('I', "\u{130}"), upper.replace('I', "I\u{307}"), with_i.replace('i', "\u{131}")] {
            assert_eq!(Passphrase::parse(&typed).unwrap().words(), with_i, "{typed}");
        }
        // A number alone, or behind a word, makes no word right.
        assert!(Passphrase::parse(&ZERO.replace("about", "12")).is_err());
        assert!(Passphrase::parse(&ZERO.replace("about", "about12")).is_err());
    }

    #[test]
    fn a_passphrase_is_found_inside_a_text() {
        let numbered: String = ZERO.split(' ').enumerate().map(|(i, w)| format!("{}. {w}\n", i + 1)).collect();
        for text in [ZERO.to_owned(), format!("My words are {ZERO}, please answer."), format!("Hello,\n{numbered}Bye")]
        {
            assert!(Passphrase::stands_in(&text), "{text}");
        }
        // Eleven of them, twelve that do not fit together, and a story.
        let eleven = ZERO.replacen("abandon ", "", 1);
        for text in [eleven, ZERO.replace("about", "zoo"), "They abandon the ship about noon.".into(), String::new()] {
            assert!(!Passphrase::stands_in(&text), "{text}");
        }
    }

    /// The full-width form of a small letter.
    fn wide(c: char) -> char {
        char::from_u32(u32::from(c) + 0xfee0).unwrap()
    }

    #[test]
    fn each_mistake_is_told_in_plain_words() {
        let say = |typed: &str| Passphrase::parse(typed).unwrap_err().to_string();
        assert_eq!(say(""), "There are no words. A passphrase has 12 words.");
        assert_eq!(say("abandon"), "This is 1 word. A passphrase has exactly 12 words.");
        assert_eq!(say(&format!("{ZERO} zoo")), "This is 13 words. A passphrase has exactly 12 words.");
        assert_eq!(
            say(&ZERO.replace("about", "abuot")),
            "Word 12, \"abuot\", is not on the word list. Did you mean about, abuse or adult?"
        );
        assert!(say(&ZERO.replace("about", "zoo")).contains("the checksum is wrong"));
        let long = ZERO.replace("about", &"x".repeat(10_000));
        assert!(say(&long).len() < 200);
    }

    #[test]
    fn swapped_neighbours_count_once() {
        let d = |a: &str, b: &str| edit_distance(&a.chars().collect::<Vec<_>>(), b);
        assert_eq!(d("abuot", "about"), 1);
        assert_eq!(d("", "zoo"), 3);
        assert_eq!(d("zoo", "zoo"), 0);
        assert_eq!(d("kitten", "sitting"), 3);
    }

    #[test]
    fn programmes_and_labels_separate_keys() {
        let p = Passphrase::parse(ZERO).unwrap();
        let key = |id: &str, label: &str| *p.master_key(id).derive(label, &[]).expose();
        assert_ne!(key("a", "l"), key("b", "l"));
        assert_ne!(key("a", "l"), key("a", "m"));
    }

    #[test]
    fn debug_never_prints_words() {
        let p = Passphrase::parse(ZERO).unwrap();
        assert_eq!(format!("{p:?} {:?}", p.master_key("x")), "Passphrase([redacted]) MasterKey([redacted])");
        let Err(e) = Passphrase::parse(&ZERO.replace("about", "abuot")) else { panic!() };
        assert_eq!(format!("{e:?}"), "UnknownWord(12, [redacted])");
    }
}
