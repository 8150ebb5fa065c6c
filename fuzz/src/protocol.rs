//! The formats of the protocol crate. Also compiled into a plain test, `crypto/tests/seed_corpus.rs`.

use subrosa_crypto::{intake, log, token, wire};

/// A target: it must return for every input.
pub type Parser = fn(&[u8]);

/// Every target under its name.
pub const PARSERS: &[(&str, Parser)] = &[
    ("wire_deposit_request", wire_deposit_request),
    ("wire_deposit_response", wire_deposit_response),
    ("wire_cap_request", wire_cap_request),
    ("wire_bundle", wire_bundle),
    ("wire_bundle_request", wire_bundle_request),
    ("wire_bundle_response", wire_bundle_response),
    ("wire_bundle_publish", wire_bundle_publish),
    ("wire_bundle_stock", wire_bundle_stock),
    ("wire_journal_append", wire_journal_append),
    ("wire_journal_position", wire_journal_position),
    ("wire_journal_access", wire_journal_access),
    ("wire_journal_purge", wire_journal_purge),
    ("wire_journal_page", wire_journal_page),
    ("wire_public_record", wire_public_record),
    ("wire_record_page", wire_record_page),
    ("wire_epoch_list", wire_epoch_list),
    ("token_blinded_batch", token_blinded_batch),
    ("token_evaluated_batch", token_evaluated_batch),
    ("token_redemption_proof", token_redemption_proof),
    ("token_token", token_token),
    ("token_elements", token_elements),
    ("token_file", token_file),
    ("token_keyset", token_keyset),
    ("token_presentation", token_presentation),
    ("log_note", log_note),
    ("log_note_key", log_note_key),
    ("log_tree_head", log_tree_head),
    ("log_checkpoint", log_checkpoint),
    ("log_tile_path", log_tile_path),
    ("log_entries", log_entries),
    ("log_receipt_file", log_receipt_file),
    ("log_proofs", log_proofs),
    ("intake_submission", intake_submission),
    ("intake_recipients", intake_recipients),
];

/// `wire::DepositRequest`.
pub fn wire_deposit_request(data: &[u8]) {
    if let Ok(value) = wire::DepositRequest::decode(data) {
        assert_eq!(value.encode(), data);
    }
}

/// `wire::DepositResponse`.
pub fn wire_deposit_response(data: &[u8]) {
    if let Ok(value) = wire::DepositResponse::decode(data) {
        assert_eq!(value.encode(), data);
    }
}

/// `wire::CapRequest`.
pub fn wire_cap_request(data: &[u8]) {
    if let Ok(value) = wire::CapRequest::decode(data) {
        assert_eq!(value.encode(), data);
    }
}

/// `wire::Bundle`.
pub fn wire_bundle(data: &[u8]) {
    if let Ok(value) = wire::Bundle::decode(data) {
        assert_eq!(value.encode(), data);
    }
}

/// `wire::BundleRequest`.
pub fn wire_bundle_request(data: &[u8]) {
    if let Ok(value) = wire::BundleRequest::decode(data) {
        assert_eq!(value.encode(), data);
    }
}

/// `wire::BundleResponse`.
pub fn wire_bundle_response(data: &[u8]) {
    if let Ok(value) = wire::BundleResponse::decode(data) {
        assert_eq!(value.encode(), data);
    }
}

/// `wire::BundlePublish`.
pub fn wire_bundle_publish(data: &[u8]) {
    if let Ok(value) = wire::BundlePublish::decode(data) {
        assert_eq!(value.encode(), data);
    }
}

/// `wire::BundleStock`.
pub fn wire_bundle_stock(data: &[u8]) {
    if let Ok(value) = wire::BundleStock::decode(data) {
        assert_eq!(value.encode(), data);
    }
}

/// `wire::JournalAppend`.
pub fn wire_journal_append(data: &[u8]) {
    if let Ok(value) = wire::JournalAppend::decode(data) {
        assert_eq!(value.encode(), data);
    }
}

/// `wire::JournalPosition`.
pub fn wire_journal_position(data: &[u8]) {
    if let Ok(value) = wire::JournalPosition::decode(data) {
        assert_eq!(value.encode(), data);
    }
}

/// `wire::JournalPurge`.
pub fn wire_journal_purge(data: &[u8]) {
    if let Ok(value) = wire::JournalPurge::decode(data) {
        assert_eq!(value.encode(), data);
    }
}

/// `wire::JournalAccess`.
pub fn wire_journal_access(data: &[u8]) {
    if let Ok(value) = wire::JournalAccess::decode(data) {
        assert_eq!(value.encode(), data);
    }
}

/// `wire::JournalPage`.
pub fn wire_journal_page(data: &[u8]) {
    if let Ok(value) = wire::JournalPage::decode(data) {
        assert_eq!(value.encode(), data);
    }
}

/// `wire::PublicRecord`.
pub fn wire_public_record(data: &[u8]) {
    if let Ok(value) = wire::PublicRecord::decode(data) {
        assert_eq!(value.encode(), data);
    }
}

/// `wire::RecordPage`.
pub fn wire_record_page(data: &[u8]) {
    if let Ok(value) = wire::RecordPage::decode(data) {
        assert_eq!(value.encode(), data);
    }
}

/// `wire::EpochList`, both files; the first eight bytes choose the epoch.
pub fn wire_epoch_list(data: &[u8]) {
    let Some((epoch, bytes)) = data.split_first_chunk::<8>() else { return };
    let epoch = u64::from_be_bytes(*epoch);
    let tags = wire::EpochList::decode_tags(epoch, bytes);
    let hints = wire::EpochList::decode_hints(epoch, bytes);
    if let Ok(tags) = tags {
        let rows = tags.into_iter().map(|t| (t, wire::Hint([0; 32]))).collect::<Vec<_>>();
        assert_eq!(rows.try_into().map(|rows| wire::EpochList { epoch, rows }.encode_tags()).as_deref(), Ok(bytes));
    }
    if let Ok(hints) = hints {
        let rows = hints.into_iter().map(|h| (wire::Tag([0; 16]), h)).collect::<Vec<_>>();
        assert_eq!(rows.try_into().map(|rows| wire::EpochList { epoch, rows }.encode_hints()).as_deref(), Ok(bytes));
    }
}

/// `token::BlindedBatch`.
pub fn token_blinded_batch(data: &[u8]) {
    if let Ok(value) = token::BlindedBatch::decode(data) {
        assert_eq!(value.encode(), data);
    }
}

/// `token::EvaluatedBatch`.
pub fn token_evaluated_batch(data: &[u8]) {
    if let Ok(value) = token::EvaluatedBatch::decode(data) {
        assert_eq!(value.encode(), data);
    }
}

/// `token::RedemptionProof`.
pub fn token_redemption_proof(data: &[u8]) {
    if let Ok(value) = token::RedemptionProof::decode(data) {
        assert_eq!(value.encode(), data);
    }
}

/// `token::Token`.
pub fn token_token(data: &[u8]) {
    if let Ok(value) = token::Token::decode(data) {
        assert_eq!(value.encode().as_slice(), data);
    }
}

/// `token::Presentation`.
pub fn token_presentation(data: &[u8]) {
    if let Ok(value) = token::Presentation::decode(data) {
        assert_eq!(value.encode(), data);
    }
}

/// `token::BlindedBatch` with its elements: whatever is accepted has only canonical ones.
pub fn token_elements(data: &[u8]) {
    if let Ok(Ok(checked)) = token::BlindedBatch::decode(data).map(|b| b.check()) {
        assert!(!checked.is_empty());
    }
}

/// `token::TokenFile`: read, written and read again it is the same.
pub fn token_file(data: &[u8]) {
    let Ok(text) = core::str::from_utf8(data) else { return };
    if let Ok(file) = token::TokenFile::parse(text) {
        assert_eq!(token::TokenFile::parse(&file.to_text()), Ok(file));
    }
}

/// `token::KeysetEntry` as JSON.
pub fn token_keyset(data: &[u8]) {
    if let Ok(keys) = serde_json::from_slice::<token::KeysetEntry>(data) {
        let _checked = keys.verify();
    }
}

/// `log::Note`.
pub fn log_note(data: &[u8]) {
    if let Ok(value) = log::Note::parse(data) {
        assert_eq!(value.to_bytes(), data);
    }
}

/// `log::NoteKey`.
pub fn log_note_key(data: &[u8]) {
    let Ok(text) = core::str::from_utf8(data) else { return };
    if let Ok(key) = log::NoteKey::parse(text) {
        assert_eq!(key.to_string(), text);
    }
}

/// `log::TreeHead`, a checkpoint's text.
pub fn log_tree_head(data: &[u8]) {
    let Ok(text) = core::str::from_utf8(data) else { return };
    if let Ok(head) = log::TreeHead::parse(text) {
        assert_eq!(head.to_text(), text);
    }
}

/// `log::Checkpoint` under a fixed key.
pub fn log_checkpoint(data: &[u8]) {
    let key = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
    if let Ok(key) = log::NoteKey::parse(key) {
        let _checked = log::Checkpoint::verify(data, &key, core::slice::from_ref(&key));
    }
}

/// `log::Tile`.
pub fn log_tile_path(data: &[u8]) {
    let Ok(text) = core::str::from_utf8(data) else { return };
    if let Ok(tile) = log::Tile::parse(text) {
        assert_eq!(tile.to_string(), format!("tile/{text}"));
        assert!(tile.end().is_some() && tile.stored_indexes().len() <= 256);
    }
}

/// An entry bundle, and a stretch of them; the first byte chooses the width, and the number.
pub fn log_entries(data: &[u8]) {
    let Some((width, bytes)) = data.split_first() else { return };
    let tile = log::Tile { kind: log::TileKind::Entries, n: 0, width: u16::from(*width) + 1 };
    if let Ok(leaves) = log::decode_entries(&tile, bytes) {
        assert_eq!(log::encode_entries(&leaves), bytes);
    }
    if let Ok(bundles) = log::decode_stretch(u64::from(*width), bytes) {
        let all: Vec<u8> = bundles.iter().flat_map(|(_, leaves)| log::encode_entries(leaves)).collect();
        assert_eq!(all, bytes);
    }
}

/// `log::ReceiptFile`.
pub fn log_receipt_file(data: &[u8]) {
    let Ok(text) = core::str::from_utf8(data) else { return };
    if let Ok(file) = log::ReceiptFile::parse(text) {
        assert_eq!(file.to_text(), text);
    }
}

/// Inclusion and consistency proofs: two positions, then hashes.
pub fn log_proofs(data: &[u8]) {
    let Some((first, rest)) = data.split_first_chunk::<8>() else { return };
    let Some((second, rest)) = rest.split_first_chunk::<8>() else { return };
    let (first, second) = (u64::from_be_bytes(*first), u64::from_be_bytes(*second));
    let proof = rest.as_chunks::<32>().0;
    let root = proof.first().copied().unwrap_or_default();
    let _inclusion = log::verify_inclusion(proof, first, &root, second, &root);
    let _consistency = log::verify_consistency(proof, first, &root, second, &root);
    let _indexes = (log::inclusion_indexes(second, first), log::consistency_indexes(first, second));
    let _place = log::split_index(first).map(|(level, n)| assert_eq!(log::stored_index(level, n), first));
}

/// What comes through the sealed intake's form: armour, then the header.
pub fn intake_submission(data: &[u8]) {
    let mut bare = Vec::new();
    if std::io::Read::read_to_end(&mut intake::dearmored(data), &mut bare).is_ok() {
        let _told = intake::inspect(bare.as_slice());
    }
}

/// `intake::IntakeRecipients`.
pub fn intake_recipients(data: &[u8]) {
    let Ok(text) = core::str::from_utf8(data) else { return };
    if let Ok(recipients) = intake::IntakeRecipients::parse(text) {
        assert_eq!(intake::IntakeRecipients::parse(&recipients.to_string()), Ok(recipients));
    }
}
