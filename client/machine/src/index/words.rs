//! From text to words that can be found: lower case, without accents, letters and digits only.

/// The longest word that is kept: bytes. A longer one (a digest) is found by its beginning.
const WORD_MAX: usize = 40;

/// The words of a text, in order. Scripts without spaces give one word for each sign, so that any run of signs is
/// found.
pub fn words(text: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut word = String::new();
    let mut end = |word: &mut String| {
        if !word.is_empty() {
            out.push(core::mem::take(word));
        }
    };
    for c in text.chars() {
        if !c.is_alphanumeric() {
            end(&mut word);
        } else if stands_alone(c) {
            end(&mut word);
            word.push(c);
            end(&mut word);
        } else if word.len() < WORD_MAX {
            for c in c.to_lowercase() {
                match plain(c) {
                    Some(letters) => word.push_str(letters),
                    // What lower-casing leaves over a letter (a dot, an accent) is no letter.
                    None if c.is_alphanumeric() => word.push(c),
                    None => {}
                }
            }
        }
    }
    end(&mut word);
    out
}

/// Chinese and Japanese signs.
fn stands_alone(c: char) -> bool {
    matches!(u32::from(c), 0x2E80..=0x30FF | 0x3400..=0x9FFF | 0xF900..=0xFAFF | 0x20000..=0x3FFFF)
}

/// Latin letters with accents, as people type them without.
fn plain(c: char) -> Option<&'static str> {
    Some(match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ė' | 'ę' | 'ě' => "e",
        'ğ' | 'ģ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ī' | 'į' | 'ı' => "i",
        'ł' | 'ļ' | 'ľ' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => "o",
        'ŕ' | 'ř' => "r",
        'ś' | 'ş' | 'š' | 'ș' => "s",
        'ţ' | 'ť' | 'ț' => "t",
        'ù' | 'ú' | 'û' | 'ü' | 'ū' | 'ů' | 'ű' | 'ų' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'þ' => "th",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn words_are_found_as_people_type_them() {
        assert_eq!(words("Die Größe: 16,384 Chips!"), ["die", "grosse", "16", "384", "chips"]);
        assert_eq!(words("L’été à Séoul — ÉCOLE"), ["l", "ete", "a", "seoul", "ecole"]);
        assert_eq!(words("東京のx"), ["東", "京", "の", "x"]);
        assert_eq!(words("  "), Vec::<String>::new());
        assert_eq!(words(&"a".repeat(100)).first().map(String::len), Some(40));
    }
}
