//! `vectors/log/log.json`: tree, tiles, notes, checkpoints and receipts.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use super::{
    tests::{Stored, checkpoint, head, signer},
    *,
};
use subrosa_vectors::hold;

use crate::{
    secret::Secret32,
    sign::SigningKey,
    wire::{CapHash, ENVELOPE_LEN, Envelope, Hint, LeafKind, Receipt, Tag},
};

/// Leaf `i` of the example tree: SHA-256 of `i` as eight bytes.
fn leaf(i: u64) -> [u8; 32] {
    Sha256::digest(i.to_be_bytes()).into()
}

fn grow(n: u64) -> (Stored, Appender) {
    let mut appender = Appender::new();
    let mut stored = Vec::new();
    (0..n).for_each(|i| appender.append(&leaf(i), &mut stored));
    (Stored(stored), appender)
}

fn hexes(hashes: &[Hash]) -> Vec<String> {
    hashes.iter().map(hex::encode).collect()
}

fn witness() -> NoteSigner {
    NoteSigner::witness("w.example/1", SigningKey::from_seed(&Secret32::new([2; 32]))).unwrap()
}

/// What a reader of each format answers, in words that another implementation can share.
fn outcome(format: &str, text: &str) -> &'static str {
    let log = signer("p/log", 1).key().clone();
    match format {
        "note" => match Note::parse(text.as_bytes()).map(|n| n.verify(&[log])) {
            Err(_) => "malformed",
            Ok(Err(NoteVerifyError::Unsigned)) => "no known signature",
            Ok(Err(NoteVerifyError::Bad)) => "bad signature",
            Ok(Ok(_)) => "valid",
        },
        "checkpoint" => match Checkpoint::verify(text.as_bytes(), &log, &[witness().key().clone()]) {
            Err(CheckpointError::Note(_) | CheckpointError::Format) => "malformed",
            Err(CheckpointError::Signature(NoteVerifyError::Unsigned)) => "no known signature",
            Err(CheckpointError::Signature(NoteVerifyError::Bad)) => "bad signature",
            Err(CheckpointError::Origin) => "another log",
            Ok(c) if c.cosignatures().is_empty() => "valid",
            Ok(_) => "valid, cosigned",
        },
        "receipt-file" => match ReceiptFile::parse(text).map(|r| r.verify(&log, &[witness().key().clone()])) {
            Err(_) => "malformed",
            Ok(Err(ReceiptError::Signature)) => "bad receipt signature",
            Ok(Err(ReceiptError::Checkpoint(_))) => "bad checkpoint",
            Ok(Err(ReceiptError::NotIncluded(_))) => "not included",
            Ok(Ok(Proven { checkpoint: None, .. })) => "valid promise",
            Ok(Ok(Proven { checkpoint: Some(_), .. })) => "valid",
        },
        "tile-path" => match Tile::parse(text) {
            Err(BadTilePath) => "malformed",
            Ok(_) => "valid",
        },
        _ => "unknown format",
    }
}

fn envelope() -> Envelope {
    Envelope {
        tag: Tag([0x11; 16]),
        hint: Hint([0x22; 32]),
        cap_hash: CapHash([0x33; 32]),
        body: Box::new([0x44; ENVELOPE_LEN]),
    }
}

fn text_of(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

fn note_cases() -> Vec<(&'static str, &'static str, String)> {
    let note = |text: &str, signers: &[&NoteSigner]| text_of(Note::sign(text.into(), signers).unwrap().to_bytes());
    let good = note("a\n\nb\n", &[&signer("p/log", 1)]);
    let stranger = note("a\n\nb\n", &[&signer("stranger", 9)]);
    let stranger_line = stranger.lines().last().unwrap();
    let line = good.lines().last().unwrap().to_owned();
    vec![
        ("note", "as made", good.clone()),
        ("note", "with a stranger's signature too", format!("{good}{stranger_line}\n")),
        (
            "note",
            "with a broken stranger's signature too",
            format!("{good}{}A\n", &stranger_line[..stranger_line.len() - 1]),
        ),
        ("note", "signed twice by one key", format!("{good}{line}\n")),
        ("note", "only a stranger's signature", stranger),
        ("note", "text changed", good.replacen('a', "c", 1)),
        ("note", "no signature", "a\n\nb\n\n".into()),
        ("note", "no blank line", format!("a\n{line}\n")),
        ("note", "last newline missing", good.trim_end().into()),
        ("note", "hyphen in place of the dash", good.replace('—', "-")),
        ("note", "carriage return", good.replacen('\n', "\r\n", 1)),
        ("note", "two spaces", good.replacen("— p", "—  p", 1)),
        ("note", "base64 without padding", good.replace('=', "")),
        ("note", "plus in the name", good.replacen("— p/", "— p+", 1)),
        ("note", "empty", String::new()),
        ("note", "one good and one bad signature of a known key", {
            let other = note("other\n", &[&signer("p/log", 1)]);
            format!("{good}{}\n", other.lines().last().unwrap())
        }),
    ]
}

fn checkpoint_cases() -> Vec<(&'static str, &'static str, String)> {
    let root = grow(9).1.root();
    let good = text_of(checkpoint(9, root));
    let sign = |text: String| text_of(Note::sign(text, &[&signer("p/log", 1)]).unwrap().to_bytes());
    let b64 = STANDARD.encode(root);
    let mut seen = Checkpoint::verify(good.as_bytes(), signer("p/log", 1).key(), &[]).unwrap();
    seen.cosign(&witness(), 1_700_000_000).unwrap();
    let cosigned = text_of(seen.to_bytes());
    let (_, signature) = cosigned.trim_end().rsplit_once(' ').unwrap();
    let mut raw = STANDARD.decode(signature).unwrap();
    raw[11] ^= 1;
    let late = cosigned.replace(signature, &STANDARD.encode(raw));
    let closed = "epoch 7 time 1764500100";
    vec![
        ("checkpoint", "as made", good.clone()),
        ("checkpoint", "with a witness", cosigned.clone()),
        ("checkpoint", "time changed", good.replacen("1764500100", "1764500101", 1)),
        ("checkpoint", "without epoch and time", sign(format!("p/log\n9\n{b64}\n"))),
        ("checkpoint", "without time", sign(format!("p/log\n9\n{b64}\nepoch 7\n"))),
        ("checkpoint", "time with leading zero", sign(format!("p/log\n9\n{b64}\nepoch 7 time 01764500100\n"))),
        ("checkpoint", "time too large", sign(format!("p/log\n9\n{b64}\nepoch 7 time 9223372036854775808\n"))),
        ("checkpoint", "a witness's time changed", late),
        ("checkpoint", "size changed", good.replacen("\n9\n", "\n8\n", 1)),
        ("checkpoint", "size with leading zero", sign(format!("p/log\n09\n{b64}\n{closed}\n"))),
        ("checkpoint", "size with sign", sign(format!("p/log\n+9\n{b64}\n{closed}\n"))),
        ("checkpoint", "size too large", sign(format!("p/log\n4611686018427387905\n{b64}\n{closed}\n"))),
        ("checkpoint", "another extension line", sign(format!("p/log\n9\n{b64}\n{closed}\nmore\n"))),
        ("checkpoint", "no hash", sign("p/log\n9\n".into())),
        ("checkpoint", "short hash", sign(format!("p/log\n9\nAAAA\n{closed}\n"))),
        ("checkpoint", "another origin", sign(format!("q/log\n9\n{b64}\n{closed}\n"))),
        ("checkpoint", "witness only", {
            let log_line = cosigned.lines().find(|l| l.starts_with("— p/log")).unwrap();
            cosigned.replacen(&format!("{log_line}\n"), "", 1)
        }),
    ]
}

fn receipt_cases() -> Vec<(&'static str, &'static str, String)> {
    let key = SigningKey::from_seed(&Secret32::new([1; 32]));
    let object = envelope_digest(&envelope());
    let receipt = sign_receipt(&key, &object, [0x55; 32], 77);
    let ours = verify_receipt(&key.verifying_key(), &object, &receipt).unwrap();
    let mut appender = Appender::new();
    let mut stored = Vec::new();
    (0..10).for_each(|i| appender.append(&if i == 6 { ours } else { leaf(i) }, &mut stored));
    let proof = inclusion_proof(10, 6, &Stored(stored)).unwrap();
    let inclusion = Inclusion { index: 6, proof, checkpoint: checkpoint(10, appender.root()) };
    let file = ReceiptFile { object_digest: object, receipt, inclusion: Some(inclusion) };
    let good = file.to_text();
    let change = |f: &dyn Fn(&mut ReceiptFile)| {
        let mut other = file.clone();
        f(&mut other);
        other.to_text()
    };
    vec![
        ("receipt-file", "as made", good.clone()),
        ("receipt-file", "promise only", change(&|f| f.inclusion = None)),
        ("receipt-file", "another deposit", change(&|f| f.object_digest[0] ^= 1)),
        ("receipt-file", "another salt", change(&|f| f.receipt.salt[0] ^= 1)),
        ("receipt-file", "another epoch", change(&|f| f.receipt.epoch += 1)),
        ("receipt-file", "another place", change(&|f| f.inclusion.as_mut().unwrap().index = 7)),
        (
            "receipt-file",
            "hash cut out",
            change(&|f| drop(f.inclusion.as_mut().unwrap().proof.pop().unwrap().to_vec())),
        ),
        ("receipt-file", "hash changed", change(&|f| f.inclusion.as_mut().unwrap().proof[0][0] ^= 1)),
        (
            "receipt-file",
            "checkpoint of another tree",
            change(&|f| {
                f.inclusion.as_mut().unwrap().checkpoint = checkpoint(10, grow(10).1.root());
            }),
        ),
        (
            "receipt-file",
            "checkpoint not signed by the log",
            change(&|f| {
                let forged = head(10, [0; 32]);
                f.inclusion.as_mut().unwrap().checkpoint = forged.sign(&signer("p/log", 9)).unwrap().to_bytes();
            }),
        ),
        ("receipt-file", "another header", good.replacen("v1", "v2", 1)),
        ("receipt-file", "checkpoint missing", good.split_once("\n\n").unwrap().0.to_owned() + "\n"),
        ("receipt-file", "index with leading zero", good.replacen("index 6", "index 06", 1)),
        ("receipt-file", "lines exchanged", {
            let lines: Vec<&str> = good.lines().collect();
            let mut swapped = lines.clone();
            swapped.swap(1, 2);
            swapped.join("\n") + "\n"
        }),
    ]
}

/// Paths of tiles, right and wrong.
const PATHS: [&str; 23] = [
    "0/000",
    "0/000.p/1",
    "0/000.p/255",
    "63/000.p/1",
    "3/x001/x234/067",
    "entries/000",
    "entries/x012/345.p/8",
    "0/1",
    "0/0001",
    "00/000",
    "64/000",
    "0/x000/001",
    "0/000.p/0",
    "0/000.p/256",
    "0/000.p/01",
    "0/000.p/",
    "0/x001",
    "0/001/002",
    "data/000",
    "8/0/000",
    "",
    "0/000/",
    "7/x999/x999/x999/999",
];

/// Texts of each format, with what a reader answers.
fn cases() -> Vec<Value> {
    let mut cases: Vec<(&str, &str, String)> = PATHS.iter().map(|p| ("tile-path", *p, (*p).to_owned())).collect();
    cases.extend(note_cases());
    cases.extend(checkpoint_cases());
    cases.extend(receipt_cases());
    cases
        .into_iter()
        .map(|(format, name, text)| {
            let expected = outcome(format, &text);
            json!({"format": format, "name": name, "text": text, "expected": expected})
        })
        .collect()
}

/// Places of stored hashes.
fn numbers(stored: &Stored) -> Vec<Value> {
    [
        (0, 0),
        (0, 1),
        (1, 0),
        (0, 2),
        (0, 3),
        (1, 1),
        (2, 0),
        (0, 255),
        (8, 0),
        (0, 256),
        (3, 36),
    ]
    .map(|(level, n)| {
        let index = stored_index(level, n);
        json!({"level": level, "n": n, "index": index, "hash": hex::encode(stored.0[usize::try_from(index).unwrap()])})
    })
    .to_vec()
}

/// A tree of 300 leaves.
fn tree() -> Value {
    let (stored, appender) = grow(300);
    assert_eq!(tree_hash(300, &stored), Ok(appender.root()));
    let roots: Vec<Value> = [0, 1, 2, 3, 7, 8, 9, 255, 256, 257, 300]
        .map(|n| json!({"size": n, "root": hex::encode(tree_hash(n, &stored).unwrap()), "stored_hashes": stored_count(n)}))
        .to_vec();
    let numbers = numbers(&stored);
    let inclusion: Vec<Value> = [(1, 0), (7, 3), (8, 7), (300, 0), (300, 255), (300, 256), (300, 299)]
        .map(|(size, index)| {
            json!({"size": size, "index": index, "proof": hexes(&inclusion_proof(size, index, &stored).unwrap())})
        })
        .to_vec();
    let consistency: Vec<Value> = [(1, 1), (1, 2), (3, 7), (6, 8), (8, 300), (255, 300), (256, 300), (299, 300)]
        .map(|(old, new)| json!({"old": old, "new": new, "proof": hexes(&consistency_proof(old, new, &stored).unwrap())}))
        .to_vec();
    let tiles: Vec<Value> = [(TileKind::Hashes(0), 0), (TileKind::Hashes(0), 1), (TileKind::Hashes(1), 0)]
        .map(|(kind, n)| {
            let tile = Tile::at(kind, n, 300).unwrap();
            let bytes = stored.read_hashes(&tile.stored_indexes()).unwrap().concat();
            json!({"path": tile.to_string(), "sha256": hex::encode(Sha256::digest(bytes))})
        })
        .to_vec();
    let bundles: Vec<Value> = Tile::entries(0, 300, 300)
        .into_iter()
        .map(|tile| {
            let leaves: Vec<[u8; 32]> = (tile.start()..tile.end().unwrap()).map(leaf).collect();
            json!({"path": tile.to_string(), "sha256": hex::encode(Sha256::digest(encode_entries(&leaves)))})
        })
        .collect();
    json!({
        "roots": roots, "stored": numbers, "inclusion": inclusion, "consistency": consistency, "tiles_of_300": tiles,
        "entry_bundles_of_300": bundles,
    })
}

/// A leaf of each kind, for the object with this digest.
fn leaves(object: &[u8; 32]) -> Vec<Value> {
    let kinds = [LeafKind::Deposit, LeafKind::Charter, LeafKind::Record, LeafKind::EpochList, LeafKind::Decision];
    kinds
        .into_iter()
        .map(|k| {
            let data = leaf_data(k, &[0x55; 32], object);
            json!({
                "kind": k.to_byte(), "salt": hex::encode([0x55; 32]), "object_digest": hex::encode(object),
                "leaf_data": hex::encode(data), "leaf_hash": hex::encode(leaf_hash(&data)),
            })
        })
        .collect()
}

/// The leaves that a batch of 18 leaves ends with, for the files `tags` and `hints`.
fn list() -> Value {
    let [hints, tags] = list_leaves(18, &Sha256::digest(b"tags").into(), &Sha256::digest(b"hints").into());
    json!({
        "tags": "tags", "hints": "hints", "batch_size": 18,
        "tags_leaf": hex::encode(tags), "hints_leaf": hex::encode(hints),
    })
}

fn generate() -> Value {
    let key = SigningKey::from_seed(&Secret32::new([1; 32]));
    let object = envelope_digest(&envelope());
    let receipt = sign_receipt(&key, &object, [0x55; 32], 77);
    let receipt_bytes = receipt.encode();
    assert_eq!(receipt_bytes.len(), Receipt::LEN);
    json!({
        "about": "docs/spec/log.md and docs/spec/receipt.md. Byte strings are hexadecimal. Leaf i of the tree is SHA-256 of i as eight bytes, big-endian. Cases are read with `log_key` and `witness_key`.",
        "log_key": signer("p/log", 1).key().to_string(),
        "log_seed": hex::encode([1; 32]),
        "witness_key": witness().key().to_string(),
        "witness_seed": hex::encode([2; 32]),
        "tree": tree(),
        "leaves": leaves(&object),
        "digests": {
            "envelope": {
                "tag": hex::encode([0x11; 16]), "hint": hex::encode([0x22; 32]), "cap_hash": hex::encode([0x33; 32]),
                "body": "32768 bytes of 0x44", "digest": hex::encode(object),
            },
            "charter": {"note": "charter", "digest": hex::encode(charter_digest(b"charter"))},
            "record": {"record": "record", "digest": hex::encode(record_digest(b"record"))},
            "epoch_list": list(),
        },
        "receipt": {"object_digest": hex::encode(object), "bytes": hex::encode(receipt_bytes)},
        "cases": cases(),
    })
}

#[test]
fn log_vectors_hold() {
    let value = generate();
    hold("log/log.json", &value);
    for case in value["cases"].as_array().unwrap() {
        let name = case["name"].as_str().unwrap();
        let good = matches!(
            name,
            "as made"
                | "promise only"
                | "with a witness"
                | "with a stranger's signature too"
                | "signed twice by one key"
                | "with a broken stranger's signature too"
                | "0/000"
                | "0/000.p/1"
                | "0/000.p/255"
                | "3/x001/x234/067"
                | "entries/000"
                | "entries/x012/345.p/8"
        );
        assert_eq!(case["expected"].as_str().unwrap().starts_with("valid"), good, "{case}");
    }
}
