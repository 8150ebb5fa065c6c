//! A programme with officers, administrators and a charter.

use subrosa_crypto::{
    charter::*,
    delivery::ScanSecret,
    kdf,
    log::{NoteAlgorithm, NoteKey},
    seal::SealSecret,
    secret::Secret32,
    sign::{Domain, HolderId, SigningKey, VerifyingKey},
    token::{Denomination, IssuerIndex, IssuerSecret, KeysetEntry, KeysetSigner},
    wire::{Bundle, BundleKind, BundlePublish},
};

use super::support::{bytes, root};

const ID: &str = "test.example";

fn seed(label: &str, n: u8) -> Secret32 {
    kdf::derive(b"server tests", label.as_bytes(), "subrosa/test/v1", &[&[n]])
}

pub(crate) fn officer(n: u8) -> SigningKey {
    SigningKey::from_seed(&seed("officer", n))
}

pub(crate) fn administrator(n: u8) -> SigningKey {
    SigningKey::from_seed(&seed("administrator", n))
}

pub(crate) fn id(key: &SigningKey) -> HolderId {
    key.verifying_key().holder_id()
}

fn keys(label: &str, n: u8) -> HolderKeys {
    let point = curve25519_dalek::montgomery::MontgomeryPoint::mul_base_clamped(*seed(label, n + 30).expose());
    HolderKeys {
        sign: SigningKey::from_seed(&seed(label, n)).verifying_key(),
        olm: point.0,
        scan: ScanSecret::from_seed(&seed(label, n + 60)).public().0,
        wrap: SealSecret::from_seed(seed(label, n + 90)).recipient().unwrap(),
    }
}

pub(crate) fn now() -> u64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs()
}

fn denominations() -> Vec<Denomination> {
    vec![Denomination::new(1_000).unwrap()]
}

/// These administrators, for a charter. Everybody keeps their number.
pub(crate) fn administrators(people: &[u8]) -> Vec<Administrator> {
    let administrator = |n: &u8| Administrator {
        name: format!("Administrator {n}"),
        index: IssuerIndex(*n),
        keys: keys("administrator", *n),
    };
    people.iter().map(administrator).collect()
}

/// A keyset that these administrators sign.
pub(crate) fn keyset(number: u32, threshold: u8, people: &[u8]) -> KeysetEntry {
    let signer = |n: &u8| KeysetSigner {
        index: IssuerIndex(*n),
        sign: administrator(*n).verifying_key(),
        keys: IssuerSecret::derive(&seed("tokens", *n), ID.as_bytes(), number, IssuerIndex(*n), &denominations())
            .unwrap()
            .public_keys(),
    };
    let accept_until = now() + 10 * 86_400;
    KeysetEntry { number, threshold, accept_until, signers: people.iter().map(signer).collect() }
}

/// Version 1 for a server whose log key is `log`.
pub(crate) fn charter(log: VerifyingKey) -> CharterDocument {
    let person =
        |n, name: &str, roles: &[Role]| Officer { name: name.into(), roles: roles.to_vec(), keys: keys("officer", n) };
    let origin = format!("{ID}/log");
    CharterDocument {
        format: Format,
        version: 1,
        programme_id: ID.into(),
        programme: "Test programme".into(),
        notice: "You may report here.".into(),
        previous: [0; 32],
        issued: now(),
        expires: now() + 86_400,
        epoch_seconds: 1,
        log: LogEntry { key: NoteKeyText(NoteKey::new(&origin, NoteAlgorithm::Ed25519, log).unwrap()), origin },
        witnesses: Vec::new(),
        addresses: vec!["http://127.0.0.1:1".into()],
        officers: vec![person(1, "Ada", &[Role::Intake, Role::Adjudicator]), person(2, "Ben", &[Role::Adjudicator])],
        administrators: administrators(&[1, 2, 3]),
        threshold: 2,
        last_number: 3,
        keysets: vec![keyset(1, 2, &[1, 2, 3])],
        policies: Vec::new(),
    }
}

pub(crate) fn signed(document: &CharterDocument) -> Vec<u8> {
    document.sign(&root()).unwrap()
}

pub(crate) fn bundle(key: &SigningKey, kind: BundleKind, expires: u64) -> Bundle {
    let xwing = Box::new(bytes());
    let mut b = Bundle { holder: id(key), kind, id: bytes(), olm: bytes(), xwing, expires, signature: [0; 64] };
    b.signature = key.sign(Domain::BUNDLE, &b.signed_part());
    b
}

pub(crate) fn publication(key: &SigningKey, at: u64, bundles: Vec<Bundle>) -> Vec<u8> {
    let mut p = BundlePublish { holder: id(key), at, bundles: bundles.try_into().unwrap(), signature: [0; 64] };
    p.signature = key.sign(Domain::BUNDLE_PUBLISH, &p.signed_part());
    p.encode()
}
