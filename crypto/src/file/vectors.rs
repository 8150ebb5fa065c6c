//! `vectors/file/file.json`: encrypted files, their blobs, and what is answered when they were changed.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use serde_json::{Value, json};
use sha2::Digest;

use super::{
    tests::{blobs, content, manifest, open},
    *,
};
use crate::wire::BLOB_LEN;

/// Encrypted files of several lengths, as digests.
fn files() -> Value {
    [0usize, 1, 65_528, 300_000]
        .iter()
        .map(|len| {
            let c = content(*len);
            let m = manifest(&c, 0x42);
            let mut cbor = Vec::new();
            ciborium::into_writer(&m, &mut cbor).unwrap();
            let b = blobs(&m, &c);
            json!({
                "length": len,
                "sha256": hex::encode(m.fingerprint().sha256),
                "manifest": hex::encode(cbor),
                "blobs": b.iter().map(|b| json!({
                    "capability": hex::encode(m.secret().capability(b.index).expose()),
                    "name": hex::encode(b.name.0),
                    "sha256": hex::encode(Sha256::digest(&b.bytes)),
                })).collect::<Vec<_>>(),
                "header_and_nonce": hex::encode(&b[0].bytes[..age_format::PREFIX_LEN]),
            })
        })
        .collect()
}

/// The content of the file that is changed.
fn long() -> Vec<u8> {
    content(300_000)
}

/// What a reader answers to a file that was changed.
fn outcome(opened: Result<Vec<u8>, OpenFileError>) -> String {
    match opened {
        Ok(out) if out == long() => "opens".to_owned(),
        Ok(_) => "other content opens".to_owned(),
        Err(OpenFileError::BlobLength(i)) => format!("blob {i} has the wrong length"),
        Err(OpenFileError::TooMany) => "too many blobs".to_owned(),
        Err(OpenFileError::Incomplete { missing, .. }) => format!("{missing} missing"),
        Err(OpenFileError::NotForUs) => "not for this key".to_owned(),
        Err(OpenFileError::Altered(i)) => format!("blob {i} altered"),
        Err(OpenFileError::OtherContent) => "other content than announced".to_owned(),
        Err(OpenFileError::Write(_)) => "write".to_owned(),
    }
}

fn changed() -> Value {
    type Change = fn(&mut FileManifest, &mut Vec<Blob>);
    let changes: &[(&str, Change)] = &[
        ("as made", |_, _| ()),
        ("byte 20 of blob 0 flipped", |_, b| b[0].bytes[20] ^= 1),
        ("byte 5 of blob 1 flipped", |_, b| b[1].bytes[5] ^= 1),
        ("last byte flipped", |_, b| *b.last_mut().unwrap().bytes.last_mut().unwrap() ^= 1),
        ("blobs 0 and 1 swapped", |_, b| b.swap(0, 1)),
        ("last blob missing", |_, b| b.truncate(1)),
        ("last blob twice", |_, b| b.push(b[1].clone())),
        ("first blob one byte short", |_, b| b[0].bytes.truncate(BLOB_LEN - 1)),
        ("manifest says one byte less", |m, _| m.size -= 1),
        ("manifest says another SHA-256", |m, _| m.sha256[0] ^= 1),
        ("manifest with another secret", |m, _| m.secret = FileSecret::from_secret(Secret32::new([0x43; 32]))),
    ];
    let c = long();
    changes
        .iter()
        .map(|(name, change)| {
            let mut m = manifest(&c, 0x42);
            let mut b = blobs(&m, &c);
            change(&mut m, &mut b);
            json!({ "change": name, "expected": outcome(open(&m, &b)) })
        })
        .collect()
}

#[test]
fn file_vectors_hold() {
    let counts: Vec<_> = [0, 1, 260_420, 260_421, 1_000_000, 5_000_000, 100_000_000, FILE_MAX, FILE_MAX + 1]
        .iter()
        .map(|n| json!({ "length": n, "blobs": blob_count(*n) }))
        .collect();
    let id = manifest(&long(), 0x42).secret().identity();
    subrosa_vectors::hold(
        "file/file.json",
        &json!({
            "content": "byte i is (7 * i + i / 251) mod 256, integer division",
            "name": "a.pdf",
            "media_type": "application/pdf",
            "secret": hex::encode([0x42; 32]),
            "identity": id.to_text().as_str(),
            "recipient": id.recipient().to_string(),
            "files": files(),
            "changes_to_the_file_of_300000_bytes": changed(),
            "blob_counts": counts,
        }),
    );
}
