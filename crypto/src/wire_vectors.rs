//! `vectors/wire.json`: one accepted encoding of every wire type, and what must be refused.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::{Value, json};

use crate::{
    encoding::DecodeError,
    kdf,
    sign::HolderId,
    test_vectors::hold,
    wire::{
        Bundle, BundleKind, BundlePublish, BundleRequest, BundleResponse, BundleStock, CapHash, CapRequest,
        DepositRequest, DepositResponse, ENVELOPE_LEN, Envelope, EpochList, Hint, JOURNAL_STEP, JournalAccess,
        JournalAppend, JournalHead, JournalId, JournalPage, JournalPosition, PublicRecord, Receipt, RecordKind,
        RecordPage, SPEND_MAX, SpendRequest, SpendResponse, Tag, Work,
    },
};

/// The epoch that lists are asked for.
const EPOCH: u64 = 0x0102_0304_0506_0708;

/// Decodes as `kind` and encodes again.
fn again(kind: &str, bytes: &[u8]) -> Result<Vec<u8>, DecodeError> {
    Ok(match kind {
        "deposit-request" => DepositRequest::decode(bytes)?.encode(),
        "deposit-response" => DepositResponse::decode(bytes)?.encode(),
        "capability-request" => CapRequest::decode(bytes)?.encode(),
        "tags" => {
            let rows = EpochList::decode_tags(EPOCH, bytes)?.into_iter().map(|t| (t, Hint([0; 32]))).collect();
            EpochList { epoch: EPOCH, rows }.encode_tags()
        }
        "hints" => {
            let rows = EpochList::decode_hints(EPOCH, bytes)?.into_iter().map(|h| (Tag([0; 16]), h)).collect();
            EpochList { epoch: EPOCH, rows }.encode_hints()
        }
        "bundle" => Bundle::decode(bytes)?.encode(),
        "bundle-request" => BundleRequest::decode(bytes)?.encode(),
        "bundle-response" => BundleResponse::decode(bytes)?.encode(),
        "bundle-publish" => BundlePublish::decode(bytes)?.encode(),
        "bundle-stock" => BundleStock::decode(bytes)?.encode(),
        "journal-append" => JournalAppend::decode(bytes)?.encode(),
        "journal-position" => JournalPosition::decode(bytes)?.encode(),
        "journal-access" => JournalAccess::decode(bytes)?.encode(),
        "journal-page" => JournalPage::decode(bytes)?.encode(),
        "record" => PublicRecord::decode(bytes)?.encode(),
        "record-page" => RecordPage::decode(bytes)?.encode(),
        "spend-request" => SpendRequest::decode(bytes)?.encode(),
        "spend-response" => SpendResponse::decode(bytes)?.encode(),
        _ => return Err(DecodeError::Invalid("kind of vector")),
    })
}

/// `N` bytes that count up from `start`, modulo 251.
fn count<const N: usize>(start: usize) -> [u8; N] {
    core::array::from_fn(|i| ((start + i) % 251) as u8)
}

fn accepted() -> Vec<(&'static str, Vec<u8>)> {
    let work = Work { challenge_epoch: EPOCH, nonce: 7 };
    let envelope = |n: usize| Envelope {
        tag: Tag(count(n)),
        hint: Hint(count(n + 16)),
        cap_hash: CapHash(count(n + 48)),
        body: Box::new(count::<ENVELOPE_LEN>(n + 80)),
    };
    let receipt = |n: usize| Receipt { salt: count(n), epoch: EPOCH, signature: count(n + 40) };
    let bundle = Bundle {
        holder: HolderId(count(1)),
        kind: BundleKind::OneTime,
        id: count(2),
        olm: count(3),
        xwing: Box::new(count(4)),
        expires: EPOCH,
        signature: count(5),
    };
    let fallback = Bundle { kind: BundleKind::Fallback, ..bundle.clone() };
    let list = EpochList { epoch: EPOCH, rows: vec![(Tag(count(0)), Hint(count(9))), (Tag(count(1)), Hint(count(8)))] };
    let position = JournalPosition { seq: 2, head: JournalHead(count(6)) };
    let record = PublicRecord {
        kind: RecordKind::Ledger,
        signer: HolderId(count(7)),
        body: b"{}".to_vec(),
        signature: count(8),
    };
    vec![
        (
            "deposit-request",
            DepositRequest { work, envelopes: [envelope(0), envelope(1), envelope(2), envelope(3)] }.encode(),
        ),
        ("deposit-response", DepositResponse { receipts: [receipt(0), receipt(1), receipt(2), receipt(3)] }.encode()),
        ("capability-request", CapRequest { capability: count(0) }.encode()),
        ("tags", list.encode_tags()),
        ("tags", EpochList { epoch: EPOCH, rows: Vec::new() }.encode_tags()),
        ("hints", list.encode_hints()),
        ("bundle", bundle.encode()),
        ("bundle", fallback.encode()),
        (
            "bundle-request",
            BundleRequest {
                work,
                request_id: count(0),
                holders: [HolderId(count(1)), HolderId([0; 16]), HolderId(count(2))],
            }
            .encode(),
        ),
        ("bundle-response", BundleResponse { slots: [Some(bundle.clone()), None, Some(fallback.clone())] }.encode()),
        (
            "bundle-publish",
            BundlePublish {
                holder: HolderId(count(1)),
                at: EPOCH,
                bundles: vec![bundle, fallback],
                signature: count(9),
            }
            .encode(),
        ),
        (
            "bundle-publish",
            BundlePublish { holder: HolderId(count(1)), at: EPOCH, bundles: Vec::new(), signature: count(9) }.encode(),
        ),
        ("bundle-stock", BundleStock { one_time: 50, fallback: true }.encode()),
        (
            "journal-append",
            JournalAppend {
                journal: JournalId(count(0)),
                expected_seq: 1,
                expected_head: JournalHead(count(1)),
                capability: count(2),
                next_cap_hash: count(3),
                entry: count::<JOURNAL_STEP>(4).to_vec(),
            }
            .encode(),
        ),
        ("journal-position", position.encode()),
        ("journal-access", JournalAccess { journal: JournalId(count(0)), capability: count(1), from_seq: 2 }.encode()),
        ("journal-page", JournalPage { position, from_seq: 0, entries: vec![vec![1, 2], vec![3]] }.encode()),
        ("record", record.encode()),
        ("record-page", RecordPage { total: 1, from: 0, records: vec![(count(0), EPOCH, record.encode())] }.encode()),
        (
            "spend-request",
            SpendRequest {
                signer: HolderId(count(0)),
                context: count(1),
                nullifiers: vec![count(2), count(3)],
                signature: count(4),
            }
            .encode(),
        ),
        ("spend-response", SpendResponse { contexts: vec![[0; 32], count(1)] }.encode()),
    ]
}

fn error_name(e: DecodeError) -> &'static str {
    match e {
        DecodeError::Short(_) => "short",
        DecodeError::Trailing(_) => "trailing",
        DecodeError::Version(_) => "version",
        DecodeError::Invalid(_) => "invalid",
        DecodeError::TooLong(_) => "too-long",
    }
}

/// Bytes as text; long ones as their digest with the way to make them.
fn shown(bytes: &[u8]) -> Value {
    if bytes.len() <= 8192 {
        json!({"bytes": BASE64.encode(bytes)})
    } else {
        json!({"length": bytes.len(), "sha256": hex::encode(kdf::sha256(bytes))})
    }
}

#[test]
fn wire_vectors_hold() {
    let all = accepted();
    let mut out = Vec::new();
    let mut refused = Vec::new();
    let mut refuse = |kind: &str, what: &str, bytes: Vec<u8>, error: &str| {
        assert_eq!(again(kind, &bytes).map_err(error_name), Err(error), "{kind}: {what}");
        refused.push(json!({"type": kind, "what": what, "error": error, "bytes": BASE64.encode(&bytes)}));
    };
    for (kind, bytes) in &all {
        assert_eq!(again(kind, bytes).as_ref(), Ok(bytes), "{kind}");
        // Every type refuses these; they are not written out.
        let short = again(kind, &bytes[..bytes.len() - 1]).map_err(error_name).unwrap_err();
        assert!(["short", "invalid"].contains(&short), "{kind}: {short}");
        let long = again(kind, &[bytes.as_slice(), &[0]].concat()).map_err(error_name).unwrap_err();
        assert!(["trailing", "invalid"].contains(&long), "{kind}: {long}");
        let mut other = bytes.clone();
        other[0] = 9;
        assert_eq!(again(kind, &other).map_err(error_name), Err("version"), "{kind}");
        let mut case = shown(bytes);
        case["type"] = json!(kind);
        out.push(case);
    }
    let of = |kind: &str| all.iter().find(|(k, _)| *k == kind).unwrap().1.clone();
    let with = |kind: &str, at: usize, new: &[u8]| {
        let mut b = of(kind);
        b[at..at + new.len()].copy_from_slice(new);
        b
    };
    for kind in [
        "capability-request",
        "bundle-request",
        "bundle-stock",
        "journal-position",
        "journal-access",
        "record",
        "spend-request",
    ] {
        refuse(kind, "one byte short", of(kind)[..of(kind).len() - 1].to_vec(), "short");
        refuse(kind, "one byte too many", [of(kind), vec![0]].concat(), "trailing");
        refuse(kind, "version 2", with(kind, 0, &[2]), "version");
        refuse(kind, "empty", Vec::new(), "short");
    }
    refuse("tags", "another epoch", with("tags", 8, &[9]), "invalid");
    refuse("tags", "a count above the rows", with("tags", 9, &3u32.to_be_bytes()), "invalid");
    refuse("tags", "a count of 2^32 - 1", with("tags", 9, &u32::MAX.to_be_bytes()), "invalid");
    refuse("tags", "descending", with("tags", 13, &[0xff; 16]), "invalid");
    refuse("tags", "the same tag twice", with("tags", 29, &count::<16>(0)), "invalid");
    refuse("hints", "half a row", of("hints")[..13 + 48].to_vec(), "invalid");
    refuse("bundle", "kind 0", with("bundle", 17, &[0]), "invalid");
    refuse("bundle", "kind 3", with("bundle", 17, &[3]), "invalid");
    refuse("bundle-response", "a slot that is no bundle and not zero", with("bundle-response", 1, &[0]), "version");
    refuse("bundle-publish", "101 bundles", with("bundle-publish", 25, &101u16.to_be_bytes()), "too-long");
    refuse("bundle-publish", "a count above the bundles", with("bundle-publish", 25, &3u16.to_be_bytes()), "short");
    refuse("bundle-stock", "fallback is 2", with("bundle-stock", 5, &[2]), "invalid");
    let append_head = 1 + 32 + 8 + 32 + 32 + 32;
    let append = |entry: &[u8]| {
        let mut b = of("journal-append")[..append_head].to_vec();
        crate::encoding::put_var(&mut b, entry);
        b
    };
    refuse("journal-append", "an empty entry", append(&[]), "invalid");
    refuse("journal-append", "an entry of 4,095 bytes", append(&[0; JOURNAL_STEP - 1]), "invalid");
    refuse(
        "journal-append",
        "a length of 131,073",
        {
            let mut b = append(&[]);
            b[append_head..].copy_from_slice(&131_073u32.to_be_bytes());
            b
        },
        "too-long",
    );
    refuse("journal-page", "a count above the entries", with("journal-page", 49, &9u32.to_be_bytes()), "short");
    refuse("record", "kind 0", with("record", 1, &[0]), "invalid");
    refuse("record", "kind 5", with("record", 1, &[5]), "invalid");
    refuse("record", "a length of 262,145", with("record", 18, &262_145u32.to_be_bytes()), "too-long");
    refuse("spend-request", "no nullifier", with("spend-request", 49, &0u16.to_be_bytes()), "invalid");
    refuse(
        "spend-request",
        "257 nullifiers",
        with("spend-request", 49, &(SPEND_MAX as u16 + 1).to_be_bytes()),
        "invalid",
    );
    refuse("spend-response", "a count above the contexts", with("spend-response", 1, &3u16.to_be_bytes()), "short");
    hold(
        "wire.json",
        &json!({
            "about": "docs/spec/wire.md. `bytes` are base64. Each of `accepted` decodes and encodes to itself; cut by a byte, longer by a byte, and with version 9 it is refused. Lists are read as those of `epoch`. Fields count upwards modulo 251 from a small number: of the long deposit request, made of work (epoch, nonce 7) and envelopes n = 0 to 3, tag starts at n, hint at n + 16, capability hash at n + 48, body at n + 80.",
            "epoch": EPOCH.to_string(),
            "accepted": out,
            "refused": refused,
        }),
    );
}
