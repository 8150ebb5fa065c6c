//! The parsers above the protocol against bytes that nobody meant for them: random ones, the test vectors, and valid
//! ones with damage. `crypto/tests/seed_corpus.rs` does the same for the protocol.
//!
//! The same lists of parsers drive the fuzz targets. `FUZZ_ROUNDS` makes this longer, `FUZZ_SEED` repeats a run.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout, reason = "tests")]

#[path = "../../../fuzz/src/domain.rs"]
#[expect(unreachable_pub, reason = "the file is a library elsewhere")]
mod domain;

use std::{collections::BTreeSet, panic, path::Path};

use domain::PARSERS;
use rand_core::{CryptoRng, UnwrapErr};
use serde_json::Value;
use subrosa_casework::{
    access::CaseAccess,
    award::{AwardOrder, SignedOrder},
    bytes::{AwardRef, Digest, Signature},
    case::{Author, Event},
    journal::{CaseKey, SignedEvent},
    money::Cents,
    policy::Policy,
    records::{LedgerBody, Movement},
    regime::BUILT_IN,
    role::RoleName,
};
use subrosa_crypto::{
    passphrase::Passphrase,
    secret::Secret32,
    sign::SigningKey,
    wire::{JournalHead, JournalId},
};
use subrosa_engine::message::Message;
use subrosa_machine::dossier::pack;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// Every hexadecimal string and every text of some length in the vector files: valid and invalid inputs alike.
fn seeds() -> Vec<Vec<u8>> {
    fn strings(value: &Value, out: &mut BTreeSet<Vec<u8>>) {
        match value {
            Value::String(s) => {
                out.insert(s.as_bytes().to_vec());
                if let Ok(bytes) = hex::decode(s) {
                    out.insert(bytes);
                }
            }
            Value::Array(items) => items.iter().for_each(|v| strings(v, out)),
            Value::Object(members) => {
                members.values().for_each(|v| strings(v, out));
                out.insert(value.to_string().into_bytes());
            }
            _ => {}
        }
    }
    let mut out = BTreeSet::new();
    let mut folders = vec![root().join("vectors")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "json") {
                strings(&serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap(), &mut out);
            }
        }
    }
    out.into_iter().filter(|s| s.len() >= 8).collect()
}

/// Valid encodings, so that damage starts from inside.
fn examples() -> Vec<Vec<u8>> {
    let mut rng = UnwrapErr(getrandom::SysRng);
    let key = SigningKey::from_seed(&Secret32::random(&mut rng));
    let author = Author { holder: key.verifying_key().holder_id(), role: RoleName::Triager, at: 5, seq: 0 };
    let event = SignedEvent::sign(
        &JournalId([1; 32]),
        author,
        812,
        JournalHead::EMPTY,
        Event::ConflictDenied { entities: 3 },
        &key,
    )
    .unwrap();
    let message = Message::Text { text: "words".into(), files: Vec::new() };
    let order =
        AwardOrder { award_ref: AwardRef([2; 16]), amount: Cents(5), batch: Digest([3; 32]), policy: Digest([4; 32]) };
    let signatures = [(author.holder, Signature([5; 64])), (author.holder, Signature([6; 64]))];
    vec![
        order.encode(),
        CaseAccess {
            key: CaseKey { generation: 1, key: Secret32::random(&mut rng) },
            capability: Secret32::random(&mut rng),
        }
        .encode()
        .to_vec(),
        SignedOrder { order, signatures }.encode(),
        event.encode(),
        message.encode().unwrap().to_vec(),
        LedgerBody::of_award(Movement::AwardReserved, AwardRef([2; 16]), Cents(13_750_000)).to_json(),
        LedgerBody::of_reference(Movement::BudgetAdded, Digest([3; 32]), Cents(500_000_000)).to_json(),
        Passphrase::generate(&mut rng).words().as_bytes().to_vec(),
        BUILT_IN[1].1.into(),
        BUILT_IN[9].1.into(),
        Policy::PRESETS[0].1.into(),
        std::fs::read(root().join("casework/policies/portfolio.toml")).unwrap(),
        pack(&[("manifest.json".into(), b"{}".to_vec()), ("journal.json".into(), vec![b' '; 700])], 5).unwrap(),
        std::fs::read(root().join("client/tests/files/photo.jpg")).unwrap(),
        std::fs::read(root().join("client/tests/files/scan.png")).unwrap(),
        std::fs::read(root().join("client/tests/files/web.webp")).unwrap(),
        "Sixteen\u{200b} thou\u{0441}ands\u{2009} \u{2060} chips \r\n".into(),
    ]
}

/// Small deterministic generator, so that a failure can be repeated from its seed.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % n.max(1) as u64).unwrap()
    }
}

fn damage(dice: &mut Dice, seed: &[u8]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=dice.below(3) {
        let at = dice.below(bytes.len());
        match dice.below(6) {
            0 if !bytes.is_empty() => bytes[at] ^= 1 << dice.below(8),
            1 if !bytes.is_empty() => bytes[at] = [0, 1, 0x7f, 0x80, 0xff, b'\n'][dice.below(6)],
            2 => bytes.truncate(at),
            3 => bytes.insert(at, dice.next() as u8),
            4 => {
                let piece = bytes[at..].to_vec();
                bytes.extend_from_slice(&piece[..piece.len().min(64)]);
            }
            _ if !bytes.is_empty() => drop(bytes.remove(at)),
            _ => bytes.push(dice.next() as u8),
        }
    }
    bytes
}

fn feed(name: &str, parse: fn(&[u8]), input: &[u8], seed: u64) {
    if panic::catch_unwind(|| parse(input)).is_err() {
        panic!("{name} did not bear these {} bytes (FUZZ_SEED={seed}): {}", input.len(), hex::encode(input));
    }
}

fn fresh_seed(rng: &mut impl CryptoRng) -> u64 {
    std::env::var("FUZZ_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or_else(|| rng.next_u64()) | 1
}

#[test]
fn no_parser_panics_and_what_is_accepted_is_canonical() {
    let rounds: usize = std::env::var("FUZZ_ROUNDS").ok().and_then(|s| s.parse().ok()).unwrap_or(10_000);
    let seed = fresh_seed(&mut UnwrapErr(getrandom::SysRng));
    let mut dice = Dice(seed);
    let mut seeds = seeds();
    assert!(seeds.len() > 50, "only {} seeds: are the vectors there?", seeds.len());
    // As often as all others together: they are few, and the ones that get furthest in.
    let published = seeds.len();
    seeds.extend(examples().iter().cycle().take(published).cloned());
    println!("FUZZ_SEED={seed}, {} seeds, {rounds} rounds for each of {} formats", seeds.len(), PARSERS.len());
    for (name, parse) in PARSERS {
        for s in &seeds {
            feed(name, *parse, s, seed);
        }
        for round in 0..rounds {
            let input = if round % 2 == 0 {
                {
                    let chosen = dice.below(seeds.len());
                    damage(&mut dice, &seeds[chosen])
                }
            } else {
                // A right version byte lets random bytes further in.
                let length = dice.below(600);
                let mut bytes: Vec<u8> = (0..length).map(|_| dice.next() as u8).collect();
                if let Some(first) = bytes.first_mut() {
                    *first = 1;
                }
                bytes
            };
            feed(name, *parse, &input, seed);
        }
    }
}

#[test]
fn every_target_has_its_file() {
    let manifest = std::fs::read_to_string(root().join("fuzz/Cargo.toml")).unwrap();
    for (name, _) in PARSERS {
        let path = root().join("fuzz/fuzz_targets").join(format!("{name}.rs"));
        let target = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        assert!(target.contains("subrosa_fuzz::domain::"), "{} does not run its parser", path.display());
        assert!(manifest.contains(&format!("fuzz_targets/{name}.rs")), "{name} is not in fuzz/Cargo.toml");
    }
}
