use serde::Deserialize;
use subrosa_crypto::passphrase::Passphrase;
use subtle::ConstantTimeEq;

#[derive(Deserialize)]
struct File {
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Case {
    entropy: String,
    words: String,
}

#[test]
fn bip39_english_128_bit() {
    for c in super::load::<File>("published/bip39.json").cases {
        let p = Passphrase::from_entropy(&hex::decode(c.entropy).unwrap().try_into().unwrap());
        assert_eq!(p.words().as_str(), c.words);
        assert!(bool::from(Passphrase::parse(&c.words).unwrap().ct_eq(&p)));
    }
}
