//! `vectors/keystore/keystore.json`: a keystore that opens, and files that must not.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use super::*;

/// A small CBOR map; what a keystore of a role holds is its owner's own.
const CONTENTS: &[u8] = b"\xa1\x61\x6b\x01";

fn outcome(opened: Result<OpenKeystore, OpenKeystoreError>) -> &'static str {
    match opened {
        Ok(k) if k.contents() == CONTENTS => "opens",
        Ok(_) => "other contents",
        Err(OpenKeystoreError::NotAKeystore) => "not a keystore",
        Err(OpenKeystoreError::Version) => "version",
        Err(OpenKeystoreError::Damaged) => "damaged",
        Err(OpenKeystoreError::CostTooHigh) => "cost too high",
        Err(OpenKeystoreError::WrongPassword) => "wrong password",
        Err(OpenKeystoreError::OutOfMemory) => "out of memory",
    }
}

#[test]
fn keystore_vectors_hold() {
    use serde_json::json;
    let password = "correct horse";
    let rng = &mut subrosa_vectors::CountingRng::new();
    let cost = Cost { memory_kib: 64, passes: 2 };
    let made = OpenKeystore::create(password, cost, Zeroizing::new(CONTENTS.to_vec()), rng).unwrap();
    let file = made.seal(rng).unwrap();
    let line = file.iter().position(|b| *b == b'\n').unwrap();
    let salt = file.windows(5).position(|w| w == b"salt=").unwrap() + 5;
    let change = |f: &dyn Fn(&mut Vec<u8>)| {
        let mut file = file.clone();
        f(&mut file);
        file
    };
    // A file whose checksum is right although its parts are not: only the password's check can refuse it.
    let salted = {
        let fields = fields(cost, &[0; 16]);
        let mut out = format!("{fields} check={}\n", check(&fields, &file[line + 1..])).into_bytes();
        out.extend_from_slice(&file[line + 1..]);
        out
    };
    let greedy = {
        let fields = fields(Cost { memory_kib: MEMORY_CEILING_KIB + 1, passes: 2 }, &[0; 16]);
        format!("{fields} check={}\n", check(&fields, b"")).into_bytes()
    };
    let cases = [
        ("as made", password, file.clone()),
        ("another password", "Correct horse", file.clone()),
        ("another salt, checksum made to fit", password, salted),
        ("last byte altered", password, change(&|f| *f.last_mut().unwrap() ^= 1)),
        ("cut off", password, change(&|f| f.truncate(f.len() - 1))),
        ("a byte more", password, change(&|f| f.push(0))),
        ("salt in upper case", password, change(&|f| f[salt..salt + 32].make_ascii_uppercase())),
        ("a later version", password, change(&|f| f[18] = b'2')),
        ("too much memory", password, greedy),
        ("an age file alone", password, file[line + 1..].to_vec()),
        ("nothing", password, Vec::new()),
    ];
    let cases: Vec<_> = cases
        .iter()
        .map(|(name, password, file)| {
            let expected = outcome(OpenKeystore::open(file, password));
            json!({ "name": name, "password": password, "file": hex::encode(file), "expected": expected })
        })
        .collect();
    subrosa_vectors::hold(
        "keystore/keystore.json",
        &json!({
            "contents": hex::encode(CONTENTS),
            "header": core::str::from_utf8(&file[..line]).unwrap(),
            "identity": made.identity.to_text().as_str(),
            "cases": cases,
        }),
    );
}
