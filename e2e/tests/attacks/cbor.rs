//! Every reader of CBOR that comes from somebody else takes one encoding of each value: valid examples, with each other
//! way of writing each of their items. Spec: `docs/spec/conventions.md`, section 1.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use subrosa_casework::{
    bytes::{AwardRef, Digest},
    case::{Author, Event},
    journal::SignedEvent,
    role::RoleName,
};
use subrosa_crypto::{
    secret::Secret32,
    sign::{HolderId, SigningKey},
    token::Denomination,
    wire::{JournalHead, JournalId},
};
use subrosa_engine::{
    message::{AwardNotice, Message, Notice},
    source::{AwardState, SourceState},
};
use subrosa_vectors::hold;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap()
}

/// One reader: the file where it stands, what it reads, one value that vectors are made of, and others.
struct Format {
    file: &'static str,
    name: &'static str,
    /// What stands around the value.
    framed: fn(&[u8]) -> Vec<u8>,
    reads: fn(&[u8]) -> bool,
    example: fn() -> Vec<u8>,
    others: fn() -> Vec<Vec<u8>>,
}

const FORMATS: &[Format] = &[
    Format {
        file: "casework/src/journal.rs",
        name: "signed event",
        framed: event_framed,
        reads: |bytes| SignedEvent::decode(bytes).is_ok(),
        example: || {
            let event = signed(Event::ClaimWindowOpened { notice: Digest([7; 32]) }).encode();
            event[EVENT_HEAD + 4..event.len() - 64].to_vec()
        },
        others: || vectors("casework/fold.json", "/entries", "event"),
    },
    Format {
        file: "client/engine/src/message.rs",
        name: "message",
        framed: |value| [&[2][..], value].concat(),
        reads: |bytes| Message::decode(bytes).is_ok(),
        example: || {
            let award = AwardNotice { reference: AwardRef([4; 16]), amount_cents: 13_750_000 };
            let notice = Notice { state: "award-final".into(), text: "Final.".into(), award: Some(award) };
            Message::Notice(notice).encode().unwrap()[1..].to_vec()
        },
        others: || vectors("client/messages.json", "/accepted", "bytes").into_iter().map(|b| b[1..].to_vec()).collect(),
    },
    Format {
        file: "client/engine/src/source/state.rs",
        name: "state of a source",
        framed: |value| [&[2][..], value].concat(),
        reads: |bytes| SourceState::decode(bytes).is_ok(),
        example: || state().encode().unwrap()[1..].to_vec(),
        others: || {
            vectors("client/source-state.json", "/contents", "content").into_iter().map(|b| b[1..].to_vec()).collect()
        },
    },
];

/// `version || seq || head || author || role || at || closed`, in front of an event's length.
const EVENT_HEAD: usize = 1 + 8 + 32 + 16 + 1 + 8 + 8;

fn signed(event: Event) -> SignedEvent {
    let key = SigningKey::from_seed(&Secret32::new([1; 32]));
    let author = Author { holder: key.verifying_key().holder_id(), role: RoleName::Adjudicator, at: 5, seq: 3 };
    SignedEvent::sign(&JournalId([1; 32]), author, 0, JournalHead([2; 32]), event, &key).unwrap()
}

/// Around an event; the signature is another's, which reading does not look at.
fn event_framed(value: &[u8]) -> Vec<u8> {
    let other = signed(Event::TriageOpened).encode();
    let length = u32::try_from(value.len()).unwrap().to_be_bytes();
    [&other[..EVENT_HEAD], &length, value, &other[other.len() - 64..]].concat()
}

fn state() -> SourceState {
    SourceState {
        correspondents: Vec::new(),
        journal: Digest([3; 32]),
        sent: 2,
        recent: vec![Digest([4; 32])],
        cursor: 812,
        charter: (2, [5; 32]),
        log: Some((4096, [6; 32])),
        case_state: Some("accepted".into()),
        awards: vec![AwardState {
            from: HolderId([7; 16]),
            reference: AwardRef([8; 16]),
            amount_cents: 13_750_000,
            denominations: Denomination::new(100_000).into_iter().collect(),
            since: 800,
            requested: true,
            answers: Vec::new(),
        }],
        filed_day: Some(20_700),
        next_upload: 1,
        spent_uploads: vec![0],
        cover_from: 3,
        cover_next: 6,
    }
}

/// The hexadecimal strings under a name, of each member of a list in a file of vectors.
fn vectors(file: &str, list: &str, name: &str) -> Vec<Vec<u8>> {
    let json: Value = serde_json::from_slice(&std::fs::read(root().join("vectors").join(file)).unwrap()).unwrap();
    let all = json.pointer(list).unwrap().as_array().unwrap().iter();
    all.filter_map(|member| hex::decode(member[name].as_str()?).ok()).collect()
}

/// One item of CBOR in definite lengths.
struct Item {
    /// All of it, with its contents.
    at: Range<usize>,
    /// Length of its head.
    head: usize,
    major: u8,
    argument: u64,
    /// Items right inside: of a map, keys and values in turn.
    inside: Vec<Range<usize>>,
}

impl Item {
    fn contents<'b>(&self, bytes: &'b [u8]) -> &'b [u8] {
        &bytes[self.at.start + self.head..self.at.end]
    }
}

/// The item at `at`, behind all items inside it in `out`; answers where it ends.
fn walk(bytes: &[u8], at: usize, out: &mut Vec<Item>) -> usize {
    let (major, info) = (bytes[at] >> 5, bytes[at] & 0x1f);
    let more = match info {
        0..=23 => 0,
        24..=27 => 1usize << (info - 24),
        _ => unreachable!("the examples have definite lengths"),
    };
    let argument = match more {
        0 => u64::from(info),
        _ => bytes[at + 1..=at + more].iter().fold(0, |sum, b| (sum << 8) | u64::from(*b)),
    };
    let count = usize::try_from(argument).unwrap_or(usize::MAX);
    let mut end = at + 1 + more;
    let mut inside = Vec::new();
    match major {
        2 | 3 => end += count,
        4 | 5 => {
            for _ in 0..count * usize::from(major - 3) {
                let start = end;
                end = walk(bytes, start, out);
                inside.push(start..end);
            }
        }
        _ => {}
    }
    out.push(Item { at: at..end, head: 1 + more, major, argument, inside });
    end
}

/// The shortest head, or one that is longer by a step.
fn head(major: u8, argument: u64, longer: bool) -> Option<Vec<u8>> {
    let steps = [24, 0x100, 0x1_0000, 0x1_0000_0000];
    let step = steps.iter().filter(|limit| argument >= **limit).count() + usize::from(longer);
    let first = major << 5;
    Some(match step {
        0 => vec![first | u8::try_from(argument).unwrap()],
        1..=4 => {
            let length = 1 << (step - 1);
            let mut out = vec![first | (23 + u8::try_from(step).unwrap())];
            out.extend_from_slice(&argument.to_be_bytes()[8 - length..]);
            out
        }
        _ => return None,
    })
}

/// Every other way of writing one item, each with its name.
fn otherwise(bytes: &[u8], item: &Item) -> Vec<(&'static str, Vec<u8>)> {
    let contents = item.contents(bytes);
    let whole = &bytes[item.at.clone()];
    let mut out = vec![("a tag in front", [&[0xc1][..], whole].concat())];
    let long = head(item.major, item.argument, true).filter(|_| item.major < 6);
    out.extend(long.map(|long| ("a longer form", [long.as_slice(), contents].concat())));
    let indefinite = (item.major << 5) | 0x1f;
    match item.major {
        0 => out.push(("a floating-point number", [&[0xfb][..], &(item.argument as f64).to_be_bytes()].concat())),
        2 | 3 => out.push(("an indefinite length", [&[indefinite][..], whole, &[0xff]].concat())),
        4 | 5 => out.push(("an indefinite length", [&[indefinite][..], contents, &[0xff]].concat())),
        _ => {}
    }
    if item.major == 2 {
        let numbers = contents.iter().flat_map(|b| head(0, u64::from(*b), false).unwrap());
        let list = head(4, item.argument, false).unwrap();
        out.push(("a list for a byte string", list.into_iter().chain(numbers).collect()));
    }
    if item.major == 5 {
        let pair = |n: usize| {
            let both = item.inside.get(2 * n)?.start..item.inside.get(2 * n + 1)?.end;
            Some(&bytes[both])
        };
        if let Some(first) = pair(0) {
            let head = head(5, item.argument + 1, false).unwrap();
            out.push(("a member twice", [head.as_slice(), first, contents].concat()));
        }
        if let (Some(first), Some(second)) = (pair(0), pair(1)) {
            let start = &bytes[item.at.start..item.at.start + item.head];
            let rest = &contents[first.len() + second.len()..];
            out.push(("two members in another order", [start, second, first, rest].concat()));
        }
    }
    out
}

/// All other ways of writing one value of CBOR, in which one item is written otherwise.
fn damaged(value: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let mut items = Vec::new();
    assert_eq!(walk(value, 0, &mut items), value.len());
    let mut out = vec![("a byte behind it", [value, &[0]].concat())];
    for item in items.iter().rev() {
        out.extend(
            otherwise(value, item)
                .into_iter()
                .map(|(why, other)| (why, [&value[..item.at.start], &other, &value[item.at.end..]].concat())),
        );
    }
    out
}

#[test]
fn no_reader_takes_a_second_encoding() {
    for format in FORMATS {
        let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
        for value in (format.others)().into_iter().chain([(format.example)()]) {
            let whole = hex::encode(&value);
            assert!((format.reads)(&(format.framed)(&value)), "{}: the example is not read: {whole}", format.name);
            for (why, other) in damaged(&value) {
                *seen.entry(why).or_default() += 1;
                let taken = (format.reads)(&(format.framed)(&other));
                assert!(!taken, "{} takes {why}: {} for {whole}", format.name, hex::encode(&other));
            }
        }
        assert_eq!(seen.len(), 8, "{}: each kind of damage was tried: {seen:?}", format.name);
    }
}

/// For programs in other languages: of one value of each format, each kind of damage once.
#[test]
fn second_encodings_vectors_hold() {
    let formats: Vec<Value> = FORMATS
        .iter()
        .map(|format| {
            let value = (format.example)();
            let mut kinds = BTreeSet::new();
            let refused: Vec<Value> = damaged(&value)
                .into_iter()
                .filter(|(why, _)| kinds.insert(*why))
                .map(|(why, other)| json!({ "why": why, "bytes": hex::encode((format.framed)(&other)) }))
                .collect();
            json!({ "format": format.name, "bytes": hex::encode((format.framed)(&value)), "refused": refused })
        })
        .collect();
    hold(
        "client/second-encodings.json",
        &json!({
            "about": "docs/spec/conventions.md, section 1. `bytes` is what a reader takes, with the version and what \
                      else stands around the CBOR; `refused` is the same value written otherwise. The signature of the \
                      signed event is no valid one: these are refused before it is looked at.",
            "formats": formats,
        }),
    );
}

/// Files of Rust below a folder, without tests and what makes vectors.
fn sources(folder: &Path, out: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() && !["tests", "vectors", "target", "test", "node_modules"].contains(&name.as_str()) {
            sources(&path, out);
        } else if name.ends_with(".rs") && name != "tests.rs" && name != "vectors.rs" {
            out.push(path);
        }
    }
}

/// What programs read: strictly, where it comes from others, and as it is, where it is their own.
#[test]
fn every_reader_of_cbor_is_known() {
    /// What its owner wrote, under a key that nobody else has; and the strict reader itself.
    const OWN: &[&str] = &[
        "client/console/src/readings.rs",
        "client/machine/src/files.rs",
        "client/machine/src/index/row.rs",
        "crypto/src/encoding/cbor/mod.rs",
    ];
    let mut files = Vec::new();
    for room in ["crypto", "casework", "templates", "server", "client"] {
        sources(&root().join(room), &mut files);
    }
    assert!(files.len() > 100, "only {} files found", files.len());
    let (mut strict, mut own) = (BTreeSet::new(), BTreeSet::new());
    for path in files {
        let text = std::fs::read_to_string(&path).unwrap();
        let text = text.split("\n#[cfg(test)]\nmod tests {").next().unwrap();
        let named = path.strip_prefix(root()).unwrap().to_str().unwrap().to_owned();
        if text.contains("cbor::read(") || text.contains("cbor::read::<") {
            strict.insert(named.clone());
        }
        if text.contains("ciborium::from_reader") || text.contains("ciborium::de::") {
            own.insert(named);
        }
    }
    let known: BTreeSet<String> = FORMATS.iter().map(|f| f.file.to_owned()).collect();
    assert_eq!(strict, known, "strict readers, and FORMATS");
    let known: BTreeSet<String> = OWN.iter().map(|f| (*f).to_owned()).collect();
    assert_eq!(own, known, "other readers, and OWN");
}
