//! `vectors/client/case-keys.json`: names and keys of cases, awards and redemptions.

use serde_json::{Value as Json, json};
use subrosa_casework::{
    access::{AccessError, CaseAccess},
    award::batch_digest,
    bytes::{AwardRef, Blob, Digest},
    case::{Turned, Wrap, message_digest},
    journal::CaseKey,
};
use subrosa_crypto::{
    encoding::DecodeError,
    kdf,
    seal::SealSecret,
    secret::Secret32,
    sign::{HolderId, SigningKey, VerifyingKey},
    wire::JournalId,
};

use subrosa_vectors::{CountingRng, hold};

use super::{Cbor, master, messages::payout};
use crate::{
    officer::JournalAccessKeys,
    source::{RETURN_BOX_INFO, ReturnBox},
    treasury::{public::token_award, redemption_context},
};

/// The case secret of the vectors' first journal.
const CASE_SECRET: [u8; 32] = [0x66; 32];

/// The claim key of the tip.
fn claim_key() -> VerifyingKey {
    SigningKey::from_seed(&Secret32::new([0x22; 32])).verifying_key()
}

fn journal_of(secret: [u8; 32]) -> Json {
    let claim = claim_key();
    let keys = JournalAccessKeys::from_case_secret(&Secret32::new(secret), &claim);
    let capability = kdf::derive(b"", &secret, "subrosa/case-capability/v2", &[&claim.0]);
    let key = kdf::derive(b"", &secret, "subrosa/case-key/v2", &[&claim.0]);
    assert_eq!(keys.journal().0, kdf::digest("subrosa/journal-capability/v1", &[capability.expose()]));
    let kept = Cbor::serialized(&keys).unwrap();
    let member = |name: &str| kept.as_map().unwrap().iter().find(|(k, _)| k.as_text() == Some(name)).unwrap().1.clone();
    let bytes = |s: &Secret32| Cbor::Bytes(s.expose().to_vec());
    assert_eq!(member("capability"), bytes(&capability), "the engine comes to the same keys");
    assert_eq!(member("keys"), Cbor::Array(vec![Cbor::Array(vec![Cbor::Integer(0.into()), bytes(&key)])]));
    json!({
        "case_secret": hex::encode(secret),
        "claim_key": hex::encode(claim.0),
        "capability": hex::encode(capability.expose()),
        "journal": hex::encode(keys.journal().0),
        "case_key_0": hex::encode(key.expose()),
    })
}

/// What a key that turns holds for one member.
fn access() -> CaseAccess {
    CaseAccess { key: CaseKey { generation: 1, key: Secret32::new([0x46; 32]) }, capability: Secret32::new([0x47; 32]) }
}

/// A member's wrapping key.
fn member() -> SealSecret {
    SealSecret::from_seed(Secret32::new([0x45; 32]))
}

/// Bytes that are no access, each made from one.
fn no_access() -> Vec<Json> {
    let good = access().encode();
    let mut version = good.to_vec();
    version[0] = 2;
    [
        ("version 2", version, "version"),
        ("cut by a byte", good[..good.len() - 1].to_vec(), "short"),
        ("one byte too many", [good.to_vec(), vec![0]].concat(), "trailing"),
    ]
    .into_iter()
    .map(|(what, bytes, error)| {
        let found = match CaseAccess::decode(&bytes).err() {
            Some(DecodeError::Version(_)) => "version",
            Some(DecodeError::Short(_)) => "short",
            Some(DecodeError::Trailing(_)) => "trailing",
            other => unreachable!("{other:?}"),
        };
        assert_eq!(found, error, "{what}");
        json!({ "what": what, "error": error, "access": hex::encode(bytes) })
    })
    .collect()
}

/// Sealed for generation 2, holding generation 1: what a faulty writer makes.
fn mislabelled(journal: &JournalId, holder: HolderId) -> Wrap {
    let mut aad = journal.0.to_vec();
    aad.extend_from_slice(&2u32.to_be_bytes());
    aad.extend_from_slice(&holder.0);
    let recipient = member().recipient().unwrap();
    let info = b"subrosa/case-access/v1";
    let sealed = recipient.seal(info, &aad, &access().encode(), &mut CountingRng::default()).unwrap();
    Wrap { holder, sealed: Blob(sealed) }
}

fn turned() -> Json {
    let journal = JournalAccessKeys::from_case_secret(&Secret32::new(CASE_SECRET), &claim_key()).journal();
    let (member, access) = (member(), access());
    let holder = SigningKey::from_seed(&Secret32::new([1; 32])).verifying_key().holder_id();
    let wrap = access.wrap(&journal, holder, &member.recipient().unwrap(), &mut CountingRng::default()).unwrap();
    let entry = access.turned(&journal, Vec::new());
    let second = Turned { generation: 2, ..entry.clone() };
    assert_eq!(*CaseAccess::unwrap(&wrap, &journal, &entry, &member).unwrap().encode(), *access.encode());
    assert!(matches!(CaseAccess::unwrap(&wrap, &journal, &second, &member), Err(AccessError::Seal(_))));
    assert!(matches!(CaseAccess::unwrap(&wrap, &JournalId([7; 32]), &entry, &member), Err(AccessError::Seal(_))));
    for (key, capability) in [(Digest([0; 32]), entry.capability), (entry.key, Digest([0; 32]))] {
        let elsewhere = Turned { key, capability, ..entry.clone() };
        assert!(matches!(CaseAccess::unwrap(&wrap, &journal, &elsewhere, &member), Err(AccessError::Commitment)));
    }
    let other = Wrap { holder: HolderId([9; 16]), ..wrap.clone() };
    assert!(matches!(CaseAccess::unwrap(&other, &journal, &entry, &member), Err(AccessError::Seal(_))));
    let mislabelled = mislabelled(&journal, holder);
    assert!(matches!(CaseAccess::unwrap(&mislabelled, &journal, &second, &member), Err(AccessError::Generation)));
    json!({
        "journal": hex::encode(journal.0),
        "generation": 1,
        "holder": hex::encode(holder.0),
        "member_xwing_seed": hex::encode([0x45; 32]),
        "access": hex::encode(&*access.encode()),
        "key_commitment": entry.key.to_string(),
        "next_capability_hash": entry.capability.to_string(),
        "sealed": hex::encode(&wrap.sealed.0),
        "mislabelled": { "generation": 2, "sealed": hex::encode(&mislabelled.sealed.0) },
        "refused": no_access(),
    })
}

/// The award of the return box.
const AWARD: AwardRef = AwardRef([0x24; 16]);

fn return_box() -> Json {
    let admin = SealSecret::from_seed(Secret32::new([0x41; 32]));
    let address = ReturnBox::derive(&master(), &AWARD, 2).address().unwrap();
    let sealed =
        admin.recipient().unwrap().seal(RETURN_BOX_INFO, &AWARD.0, &address, &mut CountingRng::default()).unwrap();
    assert_eq!(admin.open(RETURN_BOX_INFO, &AWARD.0, &sealed).unwrap(), *address);
    assert!(admin.open(RETURN_BOX_INFO, &[0; 16], &sealed).is_err(), "bound to its award");
    json!({
        "issuer": 2,
        "administrator_xwing_seed": hex::encode([0x41; 32]),
        "address": hex::encode(&*address),
        "sealed": hex::encode(sealed),
    })
}

/// A redemption's name, and the name of the payment order that follows from it.
fn redemption() -> (Json, Json) {
    let (salt, nullifiers) = (Secret32::new([0x29; 32]), [[0x42; 32], [0x43; 32]]);
    let context = redemption_context(&salt, &payout(), &nullifiers).unwrap();
    let mut cbor = Vec::new();
    ciborium::into_writer(&payout(), &mut cbor).unwrap();
    let mut order = [0; 16];
    kdf::derive_into(b"", salt.expose(), "subrosa/payment-order/v2", &[&context.0], &mut order);
    let redemption = json!({
        "salt": hex::encode(salt.expose()),
        "payout_cbor": hex::encode(cbor),
        "nullifiers": nullifiers.map(hex::encode),
        "context": hex::encode(context.0),
    });
    (redemption, json!({ "name": hex::encode(order) }))
}

#[test]
fn case_key_vectors_hold() {
    let journals: Json = [CASE_SECRET, core::array::from_fn(|i| i as u8)].map(journal_of).into_iter().collect();
    let (redemption, payment_order) = redemption();
    let Digest(message) = message_digest(b"\x01words");
    hold(
        "client/case-keys.json",
        &json!({
            "about": "docs/spec/case-keys.md. Byte strings are hexadecimal. The return box is that of issuer 2 for the passphrase of source-state.json; `sealed` opens with the administrator's X-Wing seed to `address`, and with the associated data of another award to nothing. `turned` is one member's wrap in a key-turned entry: `sealed` opens to `access`; under another journal, generation or holder it does not open; `mislabelled` opens and is refused, because it holds another generation than its entry names.",
            "journals": journals,
            "turned": turned(),
            "message": { "bytes": hex::encode(b"\x01words"), "digest": hex::encode(message) },
            "tip_epoch": { "epoch": 812, "digest": hex::encode(kdf::digest("subrosa/tip-epoch/v1", &[&812u64.to_be_bytes()])) },
            "award": {
                "reference": hex::encode(AWARD.0),
                "token_award": hex::encode(token_award(&AWARD).0),
                "batch": hex::encode(b"a blinded batch"),
                "batch_digest": hex::encode(batch_digest(b"a blinded batch").0),
            },
            "return_box": return_box(),
            "redemption": redemption,
            "payment_order": payment_order,
            "budget": {
                "text": "Haushalt 2027, Titel 7",
                "reference": hex::encode(kdf::digest("subrosa/budget-reference/v1", &["Haushalt 2027, Titel 7".as_bytes()])),
            },
        }),
    );
}
