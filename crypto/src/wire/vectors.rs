//! `vectors/wire.json`: one accepted encoding of every wire type, and what must be refused.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use base64::{Engine as _, engine::general_purpose::STANDARD as BASE64};
use serde_json::{Value, json};

use subrosa_vectors::hold;

use crate::{
    encoding::DecodeError,
    kdf,
    secret::Secret32,
    sign::{HolderId, SigningKey},
    wire::{
        Bundle, BundleKind, BundlePublish, BundleRequest, BundleResponse, BundleStock, CapHash, CapRequest,
        DepositRequest, DepositResponse, ENVELOPE_LEN, Envelope, EpochList, Hint, JOURNAL_STEP, JournalAccess,
        JournalAppend, JournalHead, JournalId, JournalPage, JournalPosition, JournalPurge, List, PublicRecord, Receipt,
        RecordKind, RecordPage, Tag, Work,
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
            EpochList { epoch: EPOCH, rows: list(rows) }.encode_tags()
        }
        "hints" => {
            let rows = EpochList::decode_hints(EPOCH, bytes)?.into_iter().map(|h| (Tag([0; 16]), h)).collect();
            EpochList { epoch: EPOCH, rows: list(rows) }.encode_hints()
        }
        "bundle" => Bundle::decode(bytes)?.encode(),
        "bundle-request" => BundleRequest::decode(bytes)?.encode(),
        "bundle-response" => BundleResponse::decode(bytes)?.encode(),
        "bundle-publish" => BundlePublish::decode(bytes)?.encode(),
        "bundle-stock" => BundleStock::decode(bytes)?.encode(),
        "journal-append" => JournalAppend::decode(bytes)?.encode(),
        "journal-position" => JournalPosition::decode(bytes)?.encode(),
        "journal-access" => JournalAccess::decode(bytes)?.encode(),
        "journal-purge" => JournalPurge::decode(bytes)?.encode(),
        "journal-page" => JournalPage::decode(bytes)?.encode(),
        "record" => PublicRecord::decode(bytes)?.encode(),
        "record-page" => RecordPage::decode(bytes)?.encode(),
        _ => return Err(DecodeError::Invalid("kind of vector")),
    })
}

/// `N` bytes that count up from `start`, modulo 251.
fn count<const N: usize>(start: usize) -> [u8; N] {
    core::array::from_fn(|i| ((start + i) % 251) as u8)
}

fn list<T, L: TryFrom<Vec<T>, Error: core::fmt::Debug>>(items: Vec<T>) -> L {
    items.try_into().unwrap()
}

const WORK: Work = Work { log_size: EPOCH, nonce: 7 };

fn envelope(n: usize) -> Envelope {
    Envelope {
        tag: Tag(count(n)),
        hint: Hint(count(n + 16)),
        cap_hash: CapHash(count(n + 48)),
        body: Box::new(count::<ENVELOPE_LEN>(n + 80)),
    }
}

fn board() -> Vec<(&'static str, Vec<u8>)> {
    let receipt = |n: usize| Receipt { salt: count(n), epoch: EPOCH, signature: count(n + 40) };
    let rows = vec![(Tag(count(0)), Hint(count(9))), (Tag(count(1)), Hint(count(8)))];
    let epoch_list = EpochList { epoch: EPOCH, rows: list(rows) };
    vec![
        (
            "deposit-request",
            DepositRequest { work: WORK, envelopes: [envelope(0), envelope(1), envelope(2), envelope(3)] }.encode(),
        ),
        ("deposit-response", DepositResponse { receipts: [receipt(0), receipt(1), receipt(2), receipt(3)] }.encode()),
        ("capability-request", CapRequest { capability: count(0) }.encode()),
        ("tags", epoch_list.encode_tags()),
        ("tags", EpochList { epoch: EPOCH, rows: List::default() }.encode_tags()),
        ("hints", epoch_list.encode_hints()),
    ]
}

fn bundles() -> Vec<(&'static str, Vec<u8>)> {
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
    let publish = |bundles: Vec<Bundle>| BundlePublish {
        holder: HolderId(count(1)),
        at: EPOCH,
        bundles: list(bundles),
        signature: count(9),
    };
    vec![
        ("bundle", bundle.encode()),
        ("bundle", fallback.encode()),
        ("bundle-request", BundleRequest { work: WORK, request_id: count(0) }.encode()),
        ("bundle-response", BundleResponse { bundles: list(vec![bundle.clone(), fallback.clone()]) }.encode()),
        ("bundle-response", BundleResponse { bundles: List::default() }.encode()),
        ("bundle-publish", publish(vec![bundle, fallback]).encode()),
        ("bundle-publish", publish(Vec::new()).encode()),
        ("bundle-stock", BundleStock { one_time: 50, fallback: true }.encode()),
    ]
}

fn journals() -> Vec<(&'static str, Vec<u8>)> {
    let position = JournalPosition { seq: 2, head: JournalHead(count(6)) };
    let append = JournalAppend {
        work: WORK,
        journal: JournalId(count(0)),
        expected_seq: 1,
        expected_head: JournalHead(count(1)),
        capability: count(2),
        next_cap_hash: count(3),
        leaf: count(5),
        entry: list(count::<JOURNAL_STEP>(4).to_vec()),
        keeper: None,
    };
    let officer = SigningKey::from_seed(&Secret32::new([2; 32]));
    let turn = JournalAppend { keeper: append.asks().map(|a| a.sign(count(5), EPOCH, &officer)), ..append.clone() };
    let purged = JournalId(count(0));
    let purge = JournalPurge {
        journal: purged,
        capability: count(1),
        keeper: JournalPurge::asks(purged, &count(1)).sign(count(5), EPOCH, &officer),
    };
    let page = JournalPage { position, from_seq: 0, entries: list(vec![list(vec![1, 2]), list(vec![3])]) };
    vec![
        ("journal-append", append.encode()),
        ("journal-append", turn.encode()),
        ("journal-purge", purge.encode()),
        ("journal-position", position.encode()),
        ("journal-access", JournalAccess { journal: JournalId(count(0)), capability: count(1), from_seq: 2 }.encode()),
        ("journal-page", page.encode()),
    ]
}

fn records() -> Vec<(&'static str, Vec<u8>)> {
    let record = PublicRecord {
        kind: RecordKind::Ledger,
        charter: count(0),
        signer: HolderId(count(7)),
        body: list(b"{}".to_vec()),
        signature: count(8),
    };
    let page = RecordPage { total: 1, from: 0, records: list(vec![(count(0), EPOCH, list(record.encode()))]) };
    vec![("record", record.encode()), ("record-page", page.encode())]
}

fn accepted() -> Vec<(&'static str, Vec<u8>)> {
    [board(), bundles(), journals(), records()].concat()
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

/// Cases that must be refused, gathered as they are checked.
struct Refusals {
    all: Vec<(&'static str, Vec<u8>)>,
    cases: Vec<Value>,
}

impl Refusals {
    /// The first accepted encoding of `kind`.
    fn of(&self, kind: &str) -> Vec<u8> {
        self.all.iter().find(|(k, _)| *k == kind).unwrap().1.clone()
    }

    /// That encoding with `new` at `at`.
    fn with(&self, kind: &str, at: usize, new: &[u8]) -> Vec<u8> {
        let mut b = self.of(kind);
        b[at..at + new.len()].copy_from_slice(new);
        b
    }

    fn refuse(&mut self, kind: &str, what: &str, bytes: Vec<u8>, error: &str) {
        assert_eq!(again(kind, &bytes).map_err(error_name), Err(error), "{kind}: {what}");
        self.cases.push(json!({"type": kind, "what": what, "error": error, "bytes": BASE64.encode(&bytes)}));
    }

    /// As [`Refusals::refuse`], of the accepted encoding with `new` at `at`.
    fn refuse_with(&mut self, kind: &str, what: &str, at: usize, new: &[u8], error: &str) {
        self.refuse(kind, what, self.with(kind, at, new), error);
    }

    fn frames(&mut self) {
        for kind in
            ["capability-request", "bundle-request", "bundle-stock", "journal-position", "journal-access", "record"]
        {
            self.refuse(kind, "one byte short", self.of(kind)[..self.of(kind).len() - 1].to_vec(), "short");
            self.refuse(kind, "one byte too many", [self.of(kind), vec![0]].concat(), "trailing");
            let second = ["record", "bundle-request"].contains(&kind);
            let (name, other) = if second { ("version 1", 1) } else { ("version 2", 2) };
            self.refuse(kind, name, self.with(kind, 0, &[other]), "version");
            self.refuse(kind, "empty", Vec::new(), "short");
        }
    }

    fn board_and_bundles(&mut self) {
        self.refuse_with("tags", "another epoch", 8, &[9], "invalid");
        self.refuse_with("tags", "a count above the rows", 9, &3u32.to_be_bytes(), "invalid");
        self.refuse_with("tags", "a count of 2^32 - 1", 9, &u32::MAX.to_be_bytes(), "invalid");
        self.refuse("tags", "descending", self.with("tags", 13, &[0xff; 16]), "invalid");
        self.refuse_with("tags", "the same tag twice", 29, &count::<16>(0), "invalid");
        self.refuse("tags", "cut inside the epoch", self.of("tags")[..8].to_vec(), "short");
        self.refuse("tags", "cut inside the count", self.of("tags")[..12].to_vec(), "invalid");
        self.refuse("hints", "half a row", self.of("hints")[..13 + 48].to_vec(), "invalid");
        self.refuse("hints", "a byte behind the last row", [self.of("hints"), vec![0]].concat(), "invalid");
        self.refuse_with("bundle", "kind 0", 17, &[0], "invalid");
        self.refuse_with("bundle", "kind 3", 17, &[3], "invalid");
        let cut = self.with("bundle", 0, &[9])[..Bundle::LEN - 1].to_vec();
        self.refuse("bundle", "one byte short, and version 9", cut, "short");
        self.refuse_with("bundle-response", "version 1, which had three slots", 0, &[1], "version");
        self.refuse_with("bundle-response", "a bundle of version 0", 3, &[0], "version");
        self.refuse_with("bundle-response", "257 bundles", 1, &257u16.to_be_bytes(), "too-long");
        self.refuse_with("bundle-response", "a count above the bundles", 1, &3u16.to_be_bytes(), "short");
        self.refuse_with("bundle-publish", "101 bundles", 25, &101u16.to_be_bytes(), "too-long");
        self.refuse_with("bundle-publish", "a count above the bundles", 25, &3u16.to_be_bytes(), "short");
        self.refuse_with("bundle-stock", "fallback is 2", 5, &[2], "invalid");
    }

    fn journals(&mut self) {
        let append_head = JournalAppend::WORK_PREFIX + 32 + 8 + 32 + 32 + 32 + 32;
        let head = self.of("journal-append")[..append_head].to_vec();
        let append = |entry: &[u8]| {
            let mut b = head.clone();
            crate::encoding::put_var(&mut b, entry).unwrap();
            b.push(0);
            b
        };
        let first_version = self.with("journal-append", 0, &[1])[..4 + append_head].to_vec();
        self.refuse("journal-append", "version 1, which carried no work", first_version, "version");
        let second = self.with("journal-append", 0, &[2]);
        self.refuse("journal-append", "version 2, which anybody with the capability could turn", second, "version");
        let third = self.with("journal-append", 0, &[3]);
        self.refuse("journal-append", "version 3, without a leaf", third, "version");
        let last = self.of("journal-append").len() - 1;
        self.refuse_with("journal-append", "neither a signature nor none", last, &[2], "invalid");
        self.refuse_with("journal-append", "a signature that is not there", last, &[1], "short");
        self.refuse_with("journal-purge", "version 1, without a signature", 0, &[1], "version");
        let bare = self.of("journal-purge")[..1 + 32 + 32].to_vec();
        self.refuse("journal-purge", "nothing where the signature belongs", bare, "short");
        self.refuse("journal-append", "an empty entry", append(&[]), "invalid");
        self.refuse("journal-append", "an entry of 4,095 bytes", append(&[0; JOURNAL_STEP - 1]), "invalid");
        self.refuse(
            "journal-append",
            "a length of 131,073",
            {
                let mut b = append(&[]);
                b[append_head..append_head + 4].copy_from_slice(&131_073u32.to_be_bytes());
                b
            },
            "too-long",
        );
    }

    fn pages_and_records(&mut self) {
        self.refuse_with("journal-page", "a count above the entries", 49, &9u32.to_be_bytes(), "short");
        self.refuse_with("journal-page", "an entry's length of 131,073", 53, &131_073u32.to_be_bytes(), "too-long");
        self.refuse_with("record", "kind 0", 1, &[0], "invalid");
        self.refuse_with("record", "kind 7", 1, &[7], "invalid");
        self.refuse_with("record", "a length of 262,145", 50, &262_145u32.to_be_bytes(), "too-long");
        self.refuse_with("record-page", "a count above the records", 17, &2u32.to_be_bytes(), "short");
        self.refuse_with("record-page", "a record's length of 262,273", 61, &262_273u32.to_be_bytes(), "too-long");
    }
}

#[test]
fn wire_vectors_hold() {
    let all = accepted();
    let mut out = Vec::new();
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
    let mut refused = Refusals { all, cases: Vec::new() };
    refused.frames();
    refused.board_and_bundles();
    refused.journals();
    refused.pages_and_records();
    hold(
        "wire.json",
        &json!({
            "about": "docs/spec/wire.md. `bytes` are base64. Each of `accepted` decodes and encodes to itself; cut by a byte, longer by a byte, and with version 9 it is refused. Lists are read as those of `epoch`. Fields count upwards modulo 251 from a small number: of the long deposit request, made of work (log size as `epoch`, nonce 7) and envelopes n = 0 to 3, tag starts at n, hint at n + 16, capability hash at n + 48, body at n + 80.",
            "epoch": EPOCH.to_string(),
            "accepted": out,
            "refused": refused.cases,
        }),
    );
}
