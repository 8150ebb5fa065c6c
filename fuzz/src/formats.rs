//! Every parser of bytes that come from somebody else, by the name of its format.
//!
//! Two engines use this list: libFuzzer (`fuzz/targets/`, `make fuzz`) and the plain test `e2e/tests/formats.rs`, which runs with all others. A parser may answer an
//! error and nothing else: no panic. Where a format is canonical, what was accepted must encode to the very same bytes.

use subrosa_casework::{
    award::{AwardOrder, SignedOrder},
    journal::SignedEvent,
    records::{DecisionBody, IssuanceBody, LedgerBody, RedemptionBody},
};
use subrosa_client::message::Message;
use subrosa_crypto::{
    log::{Note, NoteKey, ReceiptFile, Tile, TreeHead, decode_entries, encode_entries},
    passphrase::Passphrase,
    token::{BlindedBatch, EvaluatedBatch, RedemptionProof, Token, TokenFile},
    wire::{
        Bundle, BundlePublish, BundleRequest, BundleResponse, BundleStock, CapRequest, DepositRequest, DepositResponse,
        EpochList, JournalAccess, JournalAppend, JournalPage, JournalPosition, PublicRecord, RecordPage, SpendRequest,
        SpendResponse,
    },
};

/// One format: its name, and what is done with foreign bytes.
pub type Format = (&'static str, fn(&[u8]));

/// The list. A name here is a file in `fuzz/targets/`.
pub const FORMATS: &[Format] = &[
    ("deposit", |d| {
        canonical(d, DepositRequest::decode, DepositRequest::encode);
        canonical(d, DepositResponse::decode, DepositResponse::encode);
        canonical(d, CapRequest::decode, CapRequest::encode);
    }),
    ("epoch_list", |d| {
        let _ = EpochList::decode_tags(epoch_of(d), d);
        let _ = EpochList::decode_hints(epoch_of(d), d);
    }),
    ("bundle", |d| {
        canonical(d, Bundle::decode, Bundle::encode);
        canonical(d, BundleRequest::decode, BundleRequest::encode);
        canonical(d, BundleResponse::decode, BundleResponse::encode);
        canonical(d, BundlePublish::decode, BundlePublish::encode);
        canonical(d, BundleStock::decode, BundleStock::encode);
    }),
    ("journal_wire", |d| {
        canonical(d, JournalAppend::decode, JournalAppend::encode);
        canonical(d, JournalPosition::decode, JournalPosition::encode);
        canonical(d, JournalAccess::decode, JournalAccess::encode);
        canonical(d, JournalPage::decode, JournalPage::encode);
    }),
    ("public_record", |d| {
        canonical(d, PublicRecord::decode, PublicRecord::encode);
        canonical(d, RecordPage::decode, RecordPage::encode);
        canonical(d, SpendRequest::decode, SpendRequest::encode);
        canonical(d, SpendResponse::decode, SpendResponse::encode);
    }),
    ("record_body", |d| {
        let _ = LedgerBody::parse(d);
        let _ = IssuanceBody::parse(d);
        let _ = RedemptionBody::parse(d);
        let _ = DecisionBody::parse(d);
    }),
    ("tokens", |d| {
        canonical(d, BlindedBatch::decode, BlindedBatch::encode);
        canonical(d, EvaluatedBatch::decode, EvaluatedBatch::encode);
        canonical(d, RedemptionProof::decode, RedemptionProof::encode);
        canonical(d, Token::decode, |t| t.encode().to_vec());
    }),
    ("token_file", |d| with_text(d, |t| drop(TokenFile::parse(t)))),
    ("note", |d| {
        if let Ok(note) = Note::parse(d) {
            let again = Note::parse(&note.to_bytes()).map(|n| n.to_bytes());
            assert_eq!(again.ok(), Some(note.to_bytes()), "a note that was written is read again");
        }
        with_text(d, |t| {
            let _ = TreeHead::parse(t);
            let _ = NoteKey::parse(t);
        });
    }),
    ("tile", |d| {
        with_text(d, |t| {
            if let Ok(tile) = Tile::parse(t) {
                assert_eq!(tile.to_string(), format!("tile/{t}"), "a tile has one path");
            }
        });
        if let Ok(tile) = Tile::parse(PARTIAL_TILE)
            && let Ok(leaves) = decode_entries(&tile, d)
        {
            assert_eq!(encode_entries(&leaves), d, "entries are canonical");
        }
    }),
    ("receipt_file", |d| with_text(d, |t| drop(ReceiptFile::parse(t)))),
    ("passphrase", |d| with_text(d, |t| drop(Passphrase::parse(t)))),
    ("award_order", |d| {
        canonical(d, AwardOrder::decode, AwardOrder::encode);
        canonical(d, SignedOrder::decode, SignedOrder::encode);
    }),
    ("case_event", |d| canonical(d, SignedEvent::decode, SignedEvent::encode)),
    ("message", |d| drop(Message::decode(d))),
];

const PARTIAL_TILE: &str = "entries/000.p/3";

/// Runs one format by name, as the fuzz targets do.
pub fn run(name: &str, data: &[u8]) {
    for (listed, parse) in FORMATS {
        if *listed == name {
            return parse(data);
        }
    }
    unreachable!("{name} is not in the list of formats");
}

fn canonical<T, E>(data: &[u8], decode: fn(&[u8]) -> Result<T, E>, encode: fn(&T) -> Vec<u8>) {
    if let Ok(value) = decode(data) {
        assert!(encode(&value) == data, "{} was accepted and encodes differently", core::any::type_name::<T>());
    }
}

fn with_text(data: &[u8], parse: fn(&str)) {
    if let Ok(text) = core::str::from_utf8(data) {
        parse(text);
    }
}

/// The epoch that a list claims to be of, so that the check of the epoch does not hide the rest.
fn epoch_of(data: &[u8]) -> u64 {
    data.get(1..9).and_then(|b| b.try_into().ok()).map_or(0, u64::from_be_bytes)
}
