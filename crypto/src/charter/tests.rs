#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]
use super::*;
use crate::{
    delivery::ScanSecret,
    log::{NoteAlgorithm, charter_digest},
    seal::SealSecret,
    secret::Secret32,
    sign::VerifyingKey,
    token::{Denomination, IssuerIndex, IssuerSecret, KeysetEntry, KeysetSigner},
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

pub(super) fn administrator(n: u8, name: &str) -> Administrator {
    Administrator { name: name.into(), index: IssuerIndex(n), keys: keys("administrator", n) }
}

/// A keyset that these administrators sign, accepted for two years.
pub(super) fn keyset(number: u32, threshold: u8, signers: &[u8], denominations: &[Denomination]) -> KeysetEntry {
    let id = b"whistle.example/demo";
    let signer = |n: &u8| KeysetSigner {
        index: IssuerIndex(*n),
        sign: signing("administrator", *n).verifying_key(),
        keys: IssuerSecret::derive(&seed("tokens", *n), id, number, IssuerIndex(*n), denominations)
            .unwrap()
            .public_keys(),
    };
    KeysetEntry {
        number,
        threshold,
        accept_until: ISSUED + 2 * 31_536_000,
        signers: signers.iter().map(signer).collect(),
    }
}

/// The example of the specification and the vectors.
pub(super) fn document() -> CharterDocument {
    let id = "whistle.example/demo";
    let officer =
        |n, name: &str, roles: &[Role]| Officer { name: name.into(), roles: roles.to_vec(), keys: keys("officer", n) };
    let note_key = |name: String, algorithm, label| {
        NoteKeyText(NoteKey::new(&name, algorithm, signing(label, 0).verifying_key()).unwrap())
    };
    CharterDocument {
        format: Format,
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
        last_number: 3,
        keysets: vec![keyset(1, 2, &[1, 2, 3], &denominations())],
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
    let newest = c.keysets().last().unwrap();
    assert_eq!((newest.number(), newest.signers().len()), (1, 3));
    assert_eq!(newest.issuer(IssuerIndex(3)).unwrap().denominations().count(), 4);
    assert!(newest.issuer(IssuerIndex(4)).is_none());
    assert_eq!(c.keyset(&newest.id()), Some(newest));
    assert_eq!(c.denominations(), denominations());
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
        (|d| d.administrators[0].index = IssuerIndex(0), "the administrators' numbers"),
        (|d| d.administrators.push(administrator(4, "Gil")), "the threshold"),
        (|d| d.keysets.clear(), "there must be"),
        (|d| d.keysets[0].number = 0, "there must be"),
        (|d| d.keysets.push(d.keysets[0].clone()), "there must be"),
        (|d| d.keysets[0].signers[1].keys.truncate(3), "keyset 1: "),
        (|d| d.keysets[0].signers[1].keys[0].key = [0; 32], "keyset 1: "),
        (|d| d.keysets[0].signers[1].keys[0].key = d.keysets[0].signers[0].keys[0].key, "keyset 1: one key"),
        (|d| d.keysets[0].signers[1].keys[0].key = d.log.key.0.key().0, "keyset 1: "),
        (|d| d.keysets[0].signers[1].sign = signing("other", 0).verifying_key(), "the number 2 stands for two"),
        (|d| d.keysets[0].signers[2].index = IssuerIndex(4), "the administrators' numbers"),
        (|d| d.keysets[0].threshold = 3, "the newest keyset"),
        (|d| d.keysets[0].accept_until = d.expires, "the newest keyset"),
        (|d| drop(d.administrators.pop()), "the newest keyset"),
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

/// The next charter, if it is signed and continues the first.
fn next(change: impl FnOnce(&mut CharterDocument)) -> Result<Charter, CharterFault> {
    let before = first();
    let mut d = successor(&before);
    d.issued += 86_400;
    change(&mut d);
    let signed = d.sign(&root().0).map_err(|e| match e {
        SignCharterError::Fault(fault) => fault,
        other => panic!("{other}"),
    })?;
    let after = UnverifiedCharter::parse(&signed).unwrap().verify_archived(&root().1, Some(&before.seen())).unwrap();
    after.continues(&before).map(|()| after)
}

/// Dora leaves and Gil comes: the next keyset signs, the one before it is still honoured by the two who stay.
fn changed(d: &mut CharterDocument) {
    d.administrators.remove(0);
    d.administrators.push(administrator(4, "Gil"));
    d.last_number = 4;
    d.keysets.push(keyset(2, 2, &[2, 3, 4], &denominations()[1..]));
}

#[test]
fn tokens_outlive_a_change_of_administrators_threshold_and_denominations() {
    let after = next(changed).unwrap();
    assert_eq!(after.denominations(), denominations()[1..]);
    let old = after.keyset(&first().keysets()[0].id()).unwrap();
    assert_eq!(old.signers().iter().filter(|s| after.serving(s).is_some()).count(), 2);
    let tens = |c: &Charter| c.keyset_for(&[denominations()[0]]).map(Keyset::number);
    assert_eq!((tens(&first()), tens(&after)), (Some(1), None), "Dora signs no more");
    assert_eq!(after.keyset_for(&[denominations()[2], denominations()[1]]).unwrap().number(), 2);
    // All who sign for the first keyset still serve: a request from before the change is signed under it.
    let both = next(|d| d.keysets.push(keyset(2, 2, &[1, 2, 3], &denominations()[1..]))).unwrap();
    assert_eq!(tens(&both), Some(1));
    assert_eq!(both.keyset_for(&[denominations()[1]]).unwrap().number(), 2);
    let more = |d: &mut CharterDocument| {
        d.administrators.extend([administrator(4, "Gil"), administrator(5, "Hana")]);
        (d.last_number, d.threshold) = (5, 4);
        d.keysets.push(keyset(2, 4, &[1, 2, 3, 4, 5], &denominations()));
    };
    assert_eq!(next(more).unwrap().keysets().iter().map(Keyset::threshold).collect::<Vec<_>>(), [2, 4]);
}

#[test]
fn a_charter_cannot_void_tokens_or_give_a_number_away() {
    type Fault = (fn(&mut CharterDocument), CharterFault);
    let faults: [Fault; 10] = [
        (
            |d| {
                d.programme_id = "another".into();
                d.log.origin = "another/log".into();
                let key = NoteKey::new("another/log", NoteAlgorithm::Ed25519, signing("log", 0).verifying_key());
                d.log.key = NoteKeyText(key.unwrap());
            },
            CharterFault::OtherProgramme,
        ),
        (|d| d.issued -= 86_401, CharterFault::IssuedBackwards),
        (
            |d| {
                changed(d);
                d.keysets.remove(0);
            },
            CharterFault::KeysetChanged(1),
        ),
        (
            |d| {
                changed(d);
                d.keysets[0].accept_until -= 1;
            },
            CharterFault::KeysetChanged(1),
        ),
        (|d| d.keysets[0].signers.truncate(2), CharterFault::KeysetChanged(1)),
        (
            |d| {
                changed(d);
                d.administrators.remove(0);
                d.administrators.push(administrator(5, "Hana"));
                d.last_number = 5;
                d.keysets[1] = keyset(2, 2, &[3, 4, 5], &denominations());
            },
            CharterFault::Abandoned(1),
        ),
        (
            |d| {
                changed(d);
                d.administrators[2] = administrator(1, "Gil");
                d.administrators[2].keys = keys("administrator", 4);
                d.administrators.rotate_right(1);
                d.keysets[1] = keyset(2, 2, &[2, 3], &denominations());
            },
            CharterFault::NumberTwice(1),
        ),
        (|d| d.last_number = 2, CharterFault::Indexes),
        (
            |d| {
                // Long after: the first keyset is worth nothing any more, and its numbers are still not free.
                d.issued += 3 * 31_536_000;
                d.expires = d.issued + 1;
                d.administrators[0] = administrator(1, "Dora");
                d.administrators[0].keys = keys("administrator", 7);
                let mut late = keyset(2, 2, &[2, 3], &denominations());
                late.accept_until = d.expires + 1;
                d.keysets = vec![late];
            },
            CharterFault::NumberReused(1),
        ),
        (
            |d| {
                d.issued += 3 * 31_536_000;
                d.expires = d.issued + 1;
                let mut late = keyset(1, 2, &[2, 3], &denominations());
                late.accept_until = d.expires + 1;
                d.keysets = vec![late];
            },
            CharterFault::NumberReused(1),
        ),
    ];
    for (n, (change, fault)) in faults.into_iter().enumerate() {
        assert_eq!(next(change).unwrap_err(), fault, "{n}");
    }
    // Put off, and dropped once it is over: both are allowed.
    next(|d| d.keysets[0].accept_until += 1).unwrap();
    let late = next(|d| {
        d.issued += 3 * 31_536_000;
        d.expires = d.issued + 1;
        let mut late = keyset(2, 2, &[2, 3], &denominations());
        late.accept_until = d.expires + 1;
        d.keysets = vec![late];
    });
    assert!(late.is_ok());
}
