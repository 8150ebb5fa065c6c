//! Runs the fuzz targets' code over its seeds, cut short and with single bits turned, without a fuzzer: no parser
//! panics, and what a parser accepts encodes to the same bytes. `SUBROSA_WRITE_SEEDS=1` also writes the seeds to
//! `fuzz/corpus/`.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "tests read and write files"
)]

use std::{fs, path::Path};

use serde_json::Value;
use sha2::{Digest, Sha256};
use subrosa_crypto::{
    log::Tile,
    secret::Secret32,
    sign::{HolderId, SigningKey},
    wire::{
        Bundle, BundleKind, BundlePublish, BundleRequest, BundleResponse, BundleStock, CapHash, CapRequest,
        DepositRequest, DepositResponse, Envelope, EpochList, Hint, JournalAccess, JournalAppend, JournalHead,
        JournalId, JournalPage, JournalPosition, JournalPurge, PublicRecord, Receipt, RecordKind, RecordPage, Tag,
        Work,
    },
};

#[path = "../../fuzz/src/protocol.rs"]
#[expect(unreachable_pub, reason = "the file is a library elsewhere")]
mod parsers;

const ROOT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/..");

/// Every string in the vectors, as text and, if it is hexadecimal, as bytes.
fn collect(value: &Value, out: &mut Vec<Vec<u8>>) {
    match value {
        Value::String(s) => {
            out.push(s.as_bytes().to_vec());
            out.extend(hex::decode(s));
        }
        Value::Array(a) => a.iter().for_each(|v| collect(v, out)),
        Value::Object(o) => {
            o.values().for_each(|v| collect(v, out));
            out.push(value.to_string().into_bytes());
        }
        _ => {}
    }
}

fn vectors(dir: &Path, out: &mut Vec<Vec<u8>>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            vectors(&path, out);
        } else if path.extension().is_some_and(|e| e == "json") {
            let value: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            collect(&value, out);
        }
    }
}

fn purge() -> JournalPurge {
    let key = SigningKey::from_seed(&Secret32::new([1; 32]));
    let (journal, capability) = (JournalId([1; 32]), [2; 32]);
    JournalPurge { journal, capability, keeper: JournalPurge::asks(journal, &capability).sign([3; 32], 5, &key) }
}

fn examples() -> Vec<Vec<u8>> {
    let envelope = Envelope {
        tag: Tag([1; 16]),
        hint: Hint([2; 32]),
        cap_hash: CapHash([3; 32]),
        body: Box::new([4; subrosa_crypto::wire::ENVELOPE_LEN]),
    };
    let work = Work { log_size: 5, nonce: 6 };
    let holder = HolderId([7; 16]);
    let bundle = |kind| Bundle {
        holder,
        kind,
        id: [8; 16],
        olm: [9; 32],
        xwing: Box::new([10; 1216]),
        expires: 11,
        signature: [12; 64],
    };
    let position = JournalPosition { seq: 1, head: JournalHead([13; 32]) };
    let rows = vec![(Tag([1; 16]), Hint([2; 32])), (Tag([2; 16]), Hint([3; 32]))];
    let list = EpochList { epoch: 0, rows: rows.try_into().unwrap() };
    let mut out = vec![
        DepositRequest { work, envelopes: [envelope.clone(), envelope.clone(), envelope.clone(), envelope] }.encode(),
        DepositResponse { receipts: [Receipt { salt: [1; 32], epoch: 2, signature: [3; 64] }; 4] }.encode(),
        CapRequest { capability: [1; 32] }.encode(),
        bundle(BundleKind::OneTime).encode(),
        BundleRequest { work, request_id: [1; 16] }.encode(),
        BundleResponse { bundles: vec![bundle(BundleKind::OneTime), bundle(BundleKind::Fallback)].try_into().unwrap() }
            .encode(),
        JournalAppend {
            work,
            journal: JournalId([1; 32]),
            expected_seq: 0,
            expected_head: JournalHead::EMPTY,
            capability: [2; 32],
            next_cap_hash: [3; 32],
            leaf: [5; 32],
            entry: vec![4; 4096].try_into().unwrap(),
            keeper: None,
        }
        .encode(),
        position.encode(),
        JournalAccess { journal: JournalId([1; 32]), capability: [2; 32], from_seq: 3 }.encode(),
        purge().encode(),
        JournalPage { position, from_seq: 0, entries: vec![vec![1; 4096].try_into().unwrap()].try_into().unwrap() }
            .encode(),
        PublicRecord {
            kind: RecordKind::Issuance,
            charter: [5; 32],
            signer: holder,
            body: b"{}".to_vec().try_into().unwrap(),
            signature: [1; 64],
        }
        .encode(),
        RecordPage {
            total: 9,
            from: 1,
            records: vec![([1; 32], 2, vec![3; 90].try_into().unwrap())].try_into().unwrap(),
        }
        .encode(),
    ];
    for bytes in [list.encode_tags(), list.encode_hints()] {
        out.push([[0; 8].as_slice(), &bytes].concat());
    }
    let publish = BundlePublish {
        holder,
        at: 1,
        bundles: vec![bundle(BundleKind::OneTime)].try_into().unwrap(),
        signature: [2; 64],
    };
    out.push(publish.encode());
    out.push(BundleStock { one_time: 3, fallback: true }.encode());
    let leaves = [[1; 32], [2; 32]];
    out.push([[1].as_slice(), &subrosa_crypto::log::encode_entries(&leaves)].concat());
    out.push([7u64.to_be_bytes().as_slice(), &9u64.to_be_bytes(), &[1; 128]].concat());
    out.push(Tile::parse("3/x001/x234/067").unwrap().to_string().into_bytes());
    out
}

fn seeds() -> Vec<Vec<u8>> {
    let mut out = examples();
    vectors(&Path::new(ROOT).join("vectors"), &mut out);
    out.sort();
    out.dedup();
    out
}

#[test]
fn no_seed_and_no_damaged_seed_makes_a_parser_panic() {
    let seeds = seeds();
    assert!(seeds.len() > 400);
    for (number, seed) in seeds.iter().enumerate() {
        for (_, parser) in parsers::PARSERS {
            parser(seed);
            parser(&[]);
        }
        // Damage in places that depend on nothing but the seed's number, so that a failure repeats.
        for round in 0..6u64 {
            let h = Sha256::digest([(number as u64).to_be_bytes(), round.to_be_bytes()].concat());
            let mut at = [0; 8];
            at.copy_from_slice(&h[..8]);
            let place = usize::try_from(u64::from_be_bytes(at) % (seed.len().max(1) as u64)).unwrap();
            let damaged = match round % 3 {
                0 => seed[..place].to_vec(),
                1 => [seed.as_slice(), &h].concat(),
                _ => {
                    let mut bytes = seed.clone();
                    if let Some(b) = bytes.get_mut(place.min(64 + usize::from(h[9]))) {
                        *b ^= 1 << (h[10] % 8);
                    }
                    bytes
                }
            };
            for (_, parser) in parsers::PARSERS {
                parser(&damaged);
            }
        }
    }
    if std::env::var_os("SUBROSA_WRITE_SEEDS").is_some() {
        for (name, _) in parsers::PARSERS {
            let dir = Path::new(ROOT).join("fuzz/corpus").join(name);
            fs::create_dir_all(&dir).unwrap();
            for seed in &seeds {
                fs::write(dir.join(hex::encode(&Sha256::digest(seed)[..8])), seed).unwrap();
            }
        }
    }
}

#[test]
fn every_target_has_its_file() {
    let manifest = fs::read_to_string(Path::new(ROOT).join("fuzz/Cargo.toml")).unwrap();
    let mut names: Vec<String> = parsers::PARSERS.iter().map(|(n, _)| (*n).to_owned()).collect();
    for name in &names {
        let target = fs::read_to_string(Path::new(ROOT).join(format!("fuzz/fuzz_targets/{name}.rs"))).unwrap();
        assert!(target.contains(&format!("subrosa_fuzz::{name}(")), "{name}");
        assert!(manifest.contains(&format!("fuzz_targets/{name}.rs")), "{name}");
    }
    names.sort();
    names.dedup();
    assert_eq!(names.len(), parsers::PARSERS.len());
}
