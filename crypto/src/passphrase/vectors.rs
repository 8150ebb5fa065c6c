//! `vectors/passphrase.json`: words, what is derived from them, and what typing errors are answered.

use super::*;

const ZERO: &str = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

#[test]
fn passphrase_vectors_hold() {
    use serde_json::json;
    let cases: Vec<_> = [[0u8; 16], [0x7f; 16], [0xff; 16], core::array::from_fn(|i| i as u8)]
        .iter()
        .map(|entropy| {
            let p = Passphrase::from_entropy(entropy);
            let master = p.master_key("whistle.example/demo");
            json!({
                "entropy": hex::encode(entropy),
                "words": p.words().as_str(),
                "derived": hex::encode(master.derive("subrosa/example/v1", &[]).expose()),
                "derived_with_context": hex::encode(master.derive("subrosa/example/v1", &[b"a", b"bc"]).expose()),
            })
        })
        .collect();
    let typed = [
        ZERO.to_owned(),
        ZERO.to_uppercase(),
        ZERO.replace(' ', ",  "),
        String::new(),
        "abandon".into(),
        format!("{ZERO} zoo"),
        ZERO.replace("about", "abuot"),
        ZERO.replacen("abandon", "ab4ndon", 1),
        ZERO.replacen("abandon", "bandon", 1),
        ZERO.replace("about", "abandon"),
        "legal winner thank year wave sausage worth useful legal winner yellow thank".into(),
        ZERO.split(' ').enumerate().map(|(i, w)| format!("{}{w} ", i + 1)).collect(),
        ZERO.replacen("abandon", "aban\u{ad}don", 1),
        ZERO.replacen('a', "\u{ff41}", 1),
        ZERO.replace("about", "about1"),
    ];
    let typed: Vec<_> = typed
        .iter()
        .map(|t| {
            let expected = match Passphrase::parse(t) {
                Ok(p) => json!({ "entropy": hex::encode(p.0.as_slice()) }),
                Err(PassphraseError::WordCount { found }) => json!({ "error": "word count", "found": found }),
                Err(PassphraseError::UnknownWord { position, suggestions, .. }) => {
                    json!({ "error": "unknown word", "position": position, "suggestions": suggestions })
                }
                Err(PassphraseError::Checksum) => json!({ "error": "checksum" }),
            };
            json!({ "typed": t, "expected": expected })
        })
        .collect();
    subrosa_vectors::hold(
        "passphrase.json",
        &json!({ "programme_id": "whistle.example/demo", "label": "subrosa/example/v1", "context": ["61", "6263"], "cases": cases, "typed": typed }),
    );
}
