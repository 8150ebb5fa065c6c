//! The formats that stand above the protocol: what people, colleagues and the public records send. Also compiled into a
//! plain test, `e2e/tests/attacks/formats.rs`.
//!
//! A parser may answer an error and nothing else: no panic. Where a format is canonical, what was accepted must encode
//! to the very same bytes.

use subrosa_casework::{
    access::CaseAccess,
    award::{AwardOrder, SignedOrder},
    clock::Date,
    journal::SignedEvent,
    policy::{Policy, portfolio, simulate},
    records::{DecisionBody, IssuanceBody, LedgerBody, RedemptionBody},
    regime::Pack,
    words::{Opening, SignedWords},
};
use subrosa_crypto::{charter::UnverifiedCharter, passphrase::Passphrase};
use subrosa_engine::{message::Message, source::SourceState};
use subrosa_machine::{
    dossier::{pack, unpack, verify},
    preview::{examine, metadata},
};

/// A target: it must return for every input.
pub type Parser = fn(&[u8]);

/// Every target under its name.
pub const PARSERS: &[(&str, Parser)] = &[
    ("domain_award_order", award_order),
    ("domain_case_event", case_event),
    ("domain_case_access", case_access),
    ("domain_record_body", record_body),
    ("domain_message", message),
    ("domain_words", words),
    ("domain_source_state", source_state),
    ("domain_regime_pack", regime_pack),
    ("domain_bounty_policy", bounty_policy),
    ("domain_dossier", dossier),
    ("person_picture", picture),
    ("person_charter", charter),
    ("person_passphrase", passphrase),
];

/// `award::AwardOrder` and `award::SignedOrder`.
pub fn award_order(data: &[u8]) {
    if let Ok(value) = AwardOrder::decode(data) {
        assert_eq!(value.encode(), data);
    }
    if let Ok(value) = SignedOrder::decode(data) {
        assert_eq!(value.encode(), data);
    }
}

/// `journal::SignedEvent`.
pub fn case_event(data: &[u8]) {
    if let Ok(value) = SignedEvent::decode(data) {
        assert_eq!(value.encode(), data);
    }
}

/// `access::CaseAccess`, what a wrap of a turned key holds.
pub fn case_access(data: &[u8]) {
    if let Ok(value) = CaseAccess::decode(data) {
        assert_eq!(*value.encode(), data);
    }
}

/// The JSON bodies of public records: read, written and read again they are the same.
pub fn record_body(data: &[u8]) {
    if let Ok(value) = LedgerBody::parse(data) {
        assert_eq!(LedgerBody::parse(&value.to_json()).ok(), Some(value));
    }
    if let Ok(value) = IssuanceBody::parse(data) {
        assert_eq!(IssuanceBody::parse(&value.to_json()).ok(), Some(value));
    }
    if let Ok(value) = RedemptionBody::parse(data) {
        assert_eq!(RedemptionBody::parse(&value.to_json()).ok(), Some(value));
    }
    let _decision = DecisionBody::parse(data);
}

/// `message::Message`, what the ratchet carries.
pub fn message(data: &[u8]) {
    let _message = Message::decode(data);
}

/// `words::SignedWords` and `words::Opening`, what a source says to officers.
pub fn words(data: &[u8]) {
    if let Ok(value) = SignedWords::decode(data) {
        assert_eq!(value.encode(), data);
        let _message = Message::recorded(data);
    }
    if let Ok(value) = Opening::decode(data) {
        assert_eq!(value.encode(), data);
    }
}

/// `source::SourceState`, what a source's envelope to itself carries.
pub fn source_state(data: &[u8]) {
    let _state = SourceState::decode(data);
}

/// `regime::Pack` and its check on nothing: an operator's file, or a stranger's.
pub fn regime_pack(data: &[u8]) {
    let Ok(text) = core::str::from_utf8(data) else { return };
    if let (Ok(pack), Some(day)) = (Pack::from_toml(text), Date::parse("2026-11-01")) {
        let _report = pack.check(&Default::default(), day);
        let _questions = pack.questions_for(None, &Default::default());
    }
}

/// `policy::Policy` and a portfolio, both TOML.
pub fn bounty_policy(data: &[u8]) {
    let Ok(text) = core::str::from_utf8(data) else { return };
    let policy = Policy::from_toml(text);
    if let (Ok(policy), Ok(cases)) = (policy, portfolio(text)) {
        let _outcome = simulate(&[policy], &cases);
    }
}

/// A dossier's plain archive: what was accepted packs to the very same bytes.
pub fn dossier(data: &[u8]) {
    if let Ok((time, files)) = unpack(data) {
        assert_eq!(pack(&files, time).as_deref(), Ok(data));
    }
    let _findings = verify(data, None);
}

/// A stranger's picture and text, before the sandbox: what stripping keeps is never longer, and nothing is left to
/// take away from it.
pub fn picture(data: &[u8]) {
    for strip in [metadata::jpeg, metadata::png, metadata::webp] {
        if let Ok(clean) = strip(data) {
            assert!(clean.bytes.len() <= data.len());
            assert!(strip(&clean.bytes).is_ok_and(|again| again.bytes == clean.bytes));
        }
    }
    if let Ok(text) = core::str::from_utf8(data) {
        let clean = examine(text).clean;
        assert_eq!(examine(&clean).clean, clean);
    }
}

/// `charter::UnverifiedCharter`.
pub fn charter(data: &[u8]) {
    let _charter = UnverifiedCharter::parse(data);
}

/// `passphrase::Passphrase`, as somebody typed it.
pub fn passphrase(data: &[u8]) {
    let Ok(text) = core::str::from_utf8(data) else { return };
    if let Ok(words) = Passphrase::parse(text) {
        let written = words.words();
        assert!(Passphrase::parse(&written).is_ok_and(|again| *again.words() == *written));
    }
}
