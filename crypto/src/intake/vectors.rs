//! `vectors/intake/intake.json`: sealed submissions that open, and what is refused on arrival.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use serde_json::{Value, json};

use super::{
    tests::{hybrid_file, identity},
    *,
};
use subrosa_vectors::{CountingRng, hold};

#[test]
fn intake_vectors_hold() {
    let mut rng = CountingRng::new();
    let people: Vec<Value> = (1..=2u8)
        .map(|b| {
            let r = identity(b).recipients();
            json!({"seed": hex::encode([b; 32]), "hybrid": r.hybrid[0], "classic": r.classic[0]})
        })
        .collect();
    let opened: Vec<Value> = [&b""[..], b"The log was switched off on 3 March."]
        .iter()
        .map(|plaintext| {
            let file = hybrid_file(1, plaintext, &mut rng);
            let opened = identity(1).open(&file).unwrap();
            assert_eq!(opened.plaintext.as_slice(), *plaintext);
            json!({
                "seed": hex::encode([1u8; 32]), "file": hex::encode(&file), "plaintext": hex::encode(plaintext),
                "case_secret": hex::encode(opened.case_secret.expose()),
            })
        })
        .collect();
    let file = hybrid_file(1, b"x", &mut rng);
    let other_kind = String::from_utf8_lossy(&file[..22]).into_owned()
        + "-> ssh-ed25519 Xyg06A AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n0123456789abcdef";
    let passphrase = String::from_utf8_lossy(&file[..22]).into_owned()
        + "-> scrypt AAAAAAAAAAAAAAAAAAAAAA 18\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n0123456789abcdef";
    let refused: Vec<Value> = [
        ("not-age", b"hello".to_vec(), NotSealed::NotAge),
        ("not-age", file[..200].to_vec(), NotSealed::NotAge),
        ("passphrase", passphrase.into_bytes(), NotSealed::Passphrase),
        ("other-recipients", other_kind.into_bytes(), NotSealed::OtherRecipients),
    ]
    .into_iter()
    .map(|(outcome, bytes, fault)| {
        assert_eq!(inspect(bytes.as_slice()), Err(fault));
        json!({"outcome": outcome, "file": hex::encode(bytes)})
    })
    .collect();
    let mut all = identity(1).recipients();
    all.extend(&identity(2).recipients());
    hold(
        "intake/intake.json",
        &json!({
            "about": "docs/spec/sealed-intake.md. Byte strings are hexadecimal. `identities` derive recipients from seeds; `recipients_file` names both; `opened` opens with the identity of the seed; `refused` is refused at the door.",
            "identities": people, "recipients_file": all.to_string(), "opened": opened, "refused": refused,
        }),
    );
}
