//! Every parser against bytes that nobody meant for it: random ones, the test vectors, and the test vectors with damage.
//!
//! The same list of parsers drives the fuzz targets. `FUZZ_ROUNDS` makes this longer, `FUZZ_SEED` repeats a run.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, clippy::print_stdout, reason = "tests")]

#[path = "../../fuzz/src/formats.rs"]
#[expect(unreachable_pub, reason = "the fuzz crate's public list")]
mod formats;

use std::{collections::BTreeSet, panic, path::Path};

use formats::FORMATS;
use rand_core::{CryptoRng, UnwrapErr};
use serde_json::Value;
use subrosa_crypto::{
    sign::HolderId,
    wire::{
        BUNDLE_SLOTS, Bundle, BundleKind, BundlePublish, BundleRequest, BundleResponse, BundleStock, CapRequest,
        DepositRequest, DepositResponse, EpochList, Hint, JournalAccess, JournalAppend, JournalHead, JournalId,
        JournalPage, JournalPosition, PublicRecord, RecordKind, RecordPage, SpendRequest, SpendResponse, Tag, Work,
    },
};

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
            Value::Object(members) => members.values().for_each(|v| strings(v, out)),
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

/// One valid encoding of each wire type.
fn wire_seeds() -> Vec<Vec<u8>> {
    let holder = HolderId([7; 16]);
    let bundle = Bundle {
        holder,
        kind: BundleKind::OneTime,
        id: [1; 16],
        olm: [2; 32],
        xwing: Box::new([3; 1216]),
        expires: 4,
        signature: [5; 64],
    };
    let position = JournalPosition { seq: 2, head: JournalHead::EMPTY };
    let record = PublicRecord { kind: RecordKind::Ledger, signer: holder, body: b"{}".to_vec(), signature: [5; 64] };
    let rows = (1..4).map(|i| (Tag([i; 16]), Hint([i; 32]))).collect();
    let list = EpochList { epoch: 9, rows };
    let versioned = |length: usize| {
        let mut bytes = vec![0; length];
        bytes[0] = 1;
        bytes
    };
    let mut response = Vec::new();
    for _ in 0..DepositResponse::LEN / 105 {
        response.extend(versioned(105));
    }
    vec![
        versioned(DepositRequest::LEN),
        response,
        CapRequest { capability: [1; 32] }.encode(),
        BundleRequest {
            work: Work { challenge_epoch: 1, nonce: 2 },
            request_id: [3; 16],
            holders: [holder; BUNDLE_SLOTS],
        }
        .encode(),
        BundleResponse { slots: [Some(bundle.clone()), None, None] }.encode(),
        BundlePublish { holder, at: 1, bundles: vec![bundle.clone(), bundle.clone()], signature: [5; 64] }.encode(),
        BundleStock { one_time: 3, fallback: true }.encode(),
        bundle.encode(),
        JournalAppend {
            journal: JournalId([1; 32]),
            expected_seq: 1,
            expected_head: JournalHead::EMPTY,
            capability: [2; 32],
            next_cap_hash: [3; 32],
            entry: vec![4; 4096],
        }
        .encode(),
        JournalAccess { journal: JournalId([1; 32]), capability: [2; 32], from_seq: 0 }.encode(),
        JournalPage { position, from_seq: 0, entries: vec![vec![4; 64], vec![5; 65]] }.encode(),
        position.encode(),
        RecordPage { total: 1, from: 0, records: vec![([6; 32], 1, record.encode())] }.encode(),
        record.encode(),
        SpendRequest { signer: holder, context: [1; 32], nullifiers: vec![[2; 32], [3; 32]], signature: [5; 64] }
            .encode(),
        SpendResponse { contexts: vec![[0; 32], [1; 32]] }.encode(),
        list.encode_tags(),
        list.encode_hints(),
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
    let wire = wire_seeds();
    let published = seeds.len();
    seeds.extend(wire.iter().cycle().take(published.max(wire.len())).cloned());
    println!("FUZZ_SEED={seed}, {} seeds, {rounds} rounds for each of {} formats", seeds.len(), FORMATS.len());
    for (name, parse) in FORMATS {
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
fn each_format_has_a_fuzz_target() {
    for (name, _) in FORMATS {
        let path = root().join("fuzz/targets").join(format!("{name}.rs"));
        let target = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        assert!(target.contains(&format!("\"{name}\"")), "{} does not run its format", path.display());
    }
    let files = std::fs::read_dir(root().join("fuzz/targets")).unwrap().count();
    assert_eq!(files, FORMATS.len(), "a fuzz target without a format");
    formats::run("message", &[]);
}
