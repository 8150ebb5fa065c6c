#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
use super::*;
use crate::{
    delivery::ScanSecret,
    log::{NoteAlgorithm, charter_digest},
    seal::SealSecret,
    secret::Secret32,
    sign::VerifyingKey,
    token::IssuerSecret,
};

pub(super) const ISSUED: u64 = 1_800_000_000;
pub(super) const NOW: u64 = ISSUED + 1000;

pub(super) fn seed(label: &str, n: u8) -> Secret32 {
    crate::kdf::derive(b"charter tests", label.as_bytes(), "subrosa/test/v1", &[&[n]])
}

pub(super) fn signing(label: &str, n: u8) -> SigningKey {
    SigningKey::from_seed(&seed(label, n))
}

pub(super) fn root() -> (SigningKey, RootKey) {
    let key = signing("root", 0);
    let public = RootKey(key.verifying_key());
    (key, public)
}

fn keys(label: &str, n: u8) -> HolderKeys {
    let olm = curve25519_dalek::montgomery::MontgomeryPoint::mul_base_clamped(*seed(label, n).expose()).0;
    HolderKeys {
        sign: signing(label, n).verifying_key(),
        olm,
        scan: ScanSecret::from_seed(&seed(label, n + 50)).public().0,
        wrap: SealSecret::from_seed(seed(label, n + 100)).recipient().unwrap(),
    }
}

fn denominations() -> Vec<Denomination> {
    [1_000, 2_000, 5_000, 10_000].map(|c| Denomination::new(c).unwrap()).to_vec()
}

/// The example of the specification and the vectors.
pub(super) fn document() -> CharterDocument {
    let id = "whistle.example/demo";
    let officer =
        |n, name: &str, roles: &[Role]| Officer { name: name.into(), roles: roles.to_vec(), keys: keys("officer", n) };
    let administrator = |n: u8, name: &str| Administrator {
        name: name.into(),
        index: IssuerIndex(n),
        keys: keys("administrator", n),
        keysets: IssuerSecret::derive(&seed("tokens", n), id.as_bytes(), IssuerIndex(n), &denominations())
            .unwrap()
            .public_keys()
            .keys,
    };
    let note_key = |name: String, algorithm, label| {
        NoteKeyText(NoteKey::new(&name, algorithm, signing(label, 0).verifying_key()).unwrap())
    };
    CharterDocument {
        version: 1,
        programme_id: id.into(),
        programme: "AI Safety Disclosure Programme (demonstration)".into(),
        notice: "You may report here what you know about breaches.\nNobody at the programme can see who you are."
            .into(),
        previous: [0; 32],
        issued: ISSUED,
        expires: ISSUED + 31_536_000,
        epoch_seconds: 300,
        log: LogEntry {
            origin: format!("{id}/log"),
            key: note_key(format!("{id}/log"), NoteAlgorithm::Ed25519, "log"),
        },
        witnesses: vec![note_key("witness.example".into(), NoteAlgorithm::CosignatureV1, "witness")],
        addresses: vec!["http://exampleexampleexampleexampleexampleexampleexampleexample.onion".into()],
        officers: vec![
            officer(1, "Ada", &[Role::Intake, Role::Triager]),
            officer(2, "Ben", &[Role::Investigator, Role::Adjudicator]),
            officer(3, "Cleo", &[Role::Adjudicator]),
        ],
        administrators: vec![administrator(1, "Dora"), administrator(2, "Emil"), administrator(3, "Fay")],
        threshold: 2,
        denominations: denominations(),
        policies: vec![PolicyDigest { name: "bounty".into(), sha256: [7; 32] }],
    }
}

pub(super) fn verify(bytes: &[u8], seen: Option<&LastSeen>) -> Result<Charter, CharterError> {
    verify_at(bytes, NOW, seen)
}

pub(super) fn verify_at(bytes: &[u8], now: u64, seen: Option<&LastSeen>) -> Result<Charter, CharterError> {
    UnverifiedCharter::parse(bytes)?.verify(&root().1, now, seen)
}

pub(super) fn first() -> Charter {
    verify(&document().sign(&root().0).unwrap(), None).unwrap()
}

pub(super) fn successor(of: &Charter) -> CharterDocument {
    CharterDocument { version: of.version() + 1, previous: of.digest(), ..of.document().clone() }
}

#[test]
fn a_signed_charter_verifies_and_answers_who_is_who() {
    let c = first();
    assert_eq!(c.document(), &document());
    assert_eq!(c.intake().map(|o| o.name.as_str()).collect::<Vec<_>>(), ["Ada"]);
    assert_eq!(c.officers_with(Role::Adjudicator).count(), 2);
    let emil = signing("administrator", 2).verifying_key().holder_id();
    assert_eq!(c.holder(&emil).unwrap().name(), "Emil");
    assert!(c.holder(&HolderId([0; 16])).is_none());
    assert_eq!(c.issuers().len(), 3);
    assert_eq!(c.issuer(IssuerIndex(3)).unwrap().denominations().count(), 4);
    assert!(c.issuer(IssuerIndex(4)).is_none());
    assert_eq!(c.digest(), charter_digest(c.bytes()));
}

#[test]
fn unsigned_foreign_and_altered_charters_are_refused() {
    let bytes = document().sign(&root().0).unwrap();
    let other = RootKey(signing("other", 0).verifying_key());
    let parsed = UnverifiedCharter::parse(&bytes).unwrap();
    assert_eq!(parsed.verify(&other, NOW, None).unwrap_err(), CharterError::Unsigned);
    let foreign = document().sign(&signing("other", 0)).unwrap();
    assert_eq!(verify(&foreign, None).unwrap_err(), CharterError::Unsigned);
    let altered = String::from_utf8(bytes.clone()).unwrap().replace("\"Ada\"", "\"Eve\"");
    assert_eq!(verify(altered.as_bytes(), None).unwrap_err(), CharterError::BadSignature);
    for i in (0..bytes.len()).step_by(97) {
        let mut bad = bytes.clone();
        bad[i] ^= 1;
        assert!(verify(&bad, None).is_err(), "byte {i}");
    }
}

#[test]
fn a_charter_has_one_form() {
    let text = document().to_text();
    let signer = NoteSigner::new("whistle.example/demo/charter", root().0).unwrap();
    let second = NoteSigner::new("elsewhere", signing("other", 0)).unwrap();
    let twice = Note::sign(text.clone(), &[&signer, &second]).unwrap().to_bytes();
    assert_eq!(verify(&twice, None).unwrap_err(), CharterError::Form);
    let unknown = text.replacen("\"version\": 1,", "\"version\": 1,\n  \"extra\": 1,", 1);
    let repeated = text.replacen("\"version\": 1,", "\"version\": 1,\n  \"version\": 1,", 1);
    for bad in [unknown, repeated] {
        let bytes = Note::sign(bad, &[&signer]).unwrap().to_bytes();
        assert!(matches!(verify(&bytes, None), Err(CharterError::Document(_))));
    }
    let long = vec![b'x'; CHARTER_MAX + 1];
    assert!(matches!(verify(&long, None), Err(CharterError::TooLong)));
    assert!(matches!(verify(b"", None), Err(CharterError::Note(_))));
}

#[test]
fn time_is_checked_except_for_archives() {
    let parsed = UnverifiedCharter::parse(&document().sign(&root().0).unwrap()).unwrap();
    let at = |now| parsed.verify(&root().1, now, None).map(|_| ());
    assert_eq!(at(ISSUED + 31_536_000), Err(CharterError::Expired));
    assert_eq!(at(ISSUED + 31_535_999), Ok(()));
    assert_eq!(at(ISSUED - CLOCK_SLACK), Ok(()));
    assert_eq!(at(ISSUED - CLOCK_SLACK - 1), Err(CharterError::NotYetValid));
    assert!(parsed.verify_archived(&root().1, None).is_ok());
}

#[test]
fn succession_is_checked() {
    let one = first();
    let sign = |d: &CharterDocument| d.sign(&root().0).unwrap();
    let two = verify(&sign(&successor(&one)), Some(&one.seen())).unwrap();
    let three = verify(&sign(&successor(&two)), Some(&two.seen())).unwrap();
    let refused = |bytes: &[u8], seen: &Charter| verify(bytes, Some(&seen.seen())).unwrap_err();

    assert_eq!(verify(two.bytes(), Some(&two.seen())).unwrap(), two);
    assert_eq!(refused(one.bytes(), &two), CharterError::RolledBack { shown: 1, seen: 2 });
    let fork = CharterDocument { notice: "Another.".into(), ..two.document().clone() };
    assert_eq!(refused(&sign(&fork), &two), CharterError::Forked(2));
    let broken = CharterDocument { previous: [9; 32], ..two.document().clone() };
    assert_eq!(refused(&sign(&broken), &one), CharterError::BrokenChain(2));
    assert_eq!(refused(three.bytes(), &one), CharterError::MissingVersions { from: 2, to: 2 });
}

#[test]
fn every_rule_has_its_fault() {
    type Change = fn(&mut CharterDocument);
    let faults: &[(Change, &str)] = &[
        (|d| d.version = 0, "the version is zero"),
        (|d| d.version = 2, "`previous`"),
        (|d| d.previous = [1; 32], "`previous`"),
        (|d| d.programme_id = "Über".into(), "the programme id"),
        (|d| d.programme_id.clear(), "the programme id"),
        (|d| d.programme = " ".into(), "a name is empty"),
        (|d| d.officers[0].name = "A\nda".into(), "a name is empty"),
        (|d| d.officers[1].name = "ADA ".into(), "the name ADA  stands twice"),
        (|d| d.administrators[1].name = "Ada".into(), "stands twice"),
        (|d| d.expires = d.issued, "`expires`"),
        (|d| d.epoch_seconds = 0, "an epoch"),
        (|d| d.epoch_seconds = 86_401, "an epoch"),
        (|d| d.log.origin = "x/log".into(), "the log's origin"),
        (|d| d.log.key = d.witnesses[0].clone(), "the log's origin"),
        (|d| d.witnesses[0] = d.log.key.clone(), "wrong kind"),
        (|d| d.addresses[0] = "onion".into(), "an address"),
        (|d| d.addresses[0] = "http://a b".into(), "an address"),
        (|d| d.officers[0].roles = vec![Role::Triager], "no officer has the role intake"),
        (|d| d.officers.truncate(2), "fewer than two"),
        (|d| d.officers[0].roles = vec![Role::Triager, Role::Intake], "Ada must have"),
        (|d| d.officers[0].roles.clear(), "Ada must have"),
        (|d| d.officers[0].roles = vec![Role::Intake], "Ada takes tips in and needs"),
        (|d| d.officers[0].keys.sign = VerifyingKey([0; 32]), "the sign key of Ada"),
        (|d| d.officers[0].keys.olm = [0; 32], "the olm key of Ada"),
        (|d| d.officers[0].keys.olm = [0xff; 32], "the olm key of Ada"),
        (|d| d.officers[0].keys.scan = [0; 32], "the scan key of Ada"),
        (|d| d.officers[0].keys.scan = [0xff; 32], "the scan key of Ada"),
        (|d| d.officers[0].keys.wrap.0[..2].fill(0xff), "the wrap key of Ada"),
        (|d| d.officers[0].keys.wrap.0[1184..].fill(0), "the wrap key of Ada"),
        (|d| d.officers[1].keys.sign = d.officers[0].keys.sign, "a key of Ben"),
        (|d| d.officers[1].keys.wrap = d.administrators[0].keys.wrap.clone(), "a key of Dora"),
        (|d| d.officers[1].keys.sign = d.log.key.0.key(), "a key of Ben"),
        (|d| d.threshold = 1, "the threshold"),
        (|d| d.threshold = 4, "the threshold"),
        (|d| d.administrators.swap(0, 1), "the administrators' numbers"),
        (|d| d.administrators[2].index = IssuerIndex(4), "the administrators' numbers"),
        (|d| d.denominations.swap(0, 1), "the denominations"),
        (|d| d.denominations.clear(), "the denominations"),
        (|d| d.denominations.truncate(3), "the keysets of Dora"),
        (|d| d.administrators[1].keysets.truncate(3), "the keysets of Emil"),
        (|d| d.administrators[1].keysets[0].key = [0; 32], "the keysets of Emil"),
        (|d| d.administrators[1].keysets = d.administrators[0].keysets.clone(), "a key of Emil"),
        (|d| d.policies.push(d.policies[0].clone()), "the name bounty"),
    ];
    for (change, text) in faults {
        let mut d = document();
        change(&mut d);
        let fault = d.sign(&root().0).unwrap_err().to_string();
        assert!(fault.starts_with(text) || fault.contains(text), "expected {text:?}, got {fault:?}");
    }
    // A root key that signs such a thing all the same is not believed either.
    let mut d = document();
    d.threshold = 1;
    let signer = NoteSigner::new("whistle.example/demo/charter", root().0).unwrap();
    let bytes = Note::sign(d.to_text(), &[&signer]).unwrap().to_bytes();
    assert_eq!(verify(&bytes, None).unwrap_err(), CharterError::Fault(CharterFault::Threshold));
}

#[test]
fn fingerprints_are_sixteen_groups_and_read_back() {
    let key = root().1;
    let text = key.fingerprint();
    assert_eq!(text.split(' ').count(), 16);
    assert!(text.split(' ').all(|g| g.len() == 4));
    assert_eq!(text.to_uppercase().replace(' ', "\n").parse(), Ok(key));
    assert_eq!("abcd".parse::<RootKey>(), Err(NotAFingerprint));
    assert_eq!(format!("{key}"), text);
}
