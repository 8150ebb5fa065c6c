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
    sign::{HolderId, SigningKey},
    wire::JournalId,
};

use subrosa_vectors::{CountingRng, hold};

use super::{Cbor, master, messages::payout};
use crate::{
    officer::JournalAccessKeys,
    source::{RETURN_BOX_INFO, ReturnBox},
    treasury::{public::token_award, redemption_context},
};

#[test]
fn case_key_vectors_hold() {
    let claim = SigningKey::from_seed(&Secret32::new([0x22; 32])).verifying_key();
    let journals: Json = [[0x66; 32], core::array::from_fn(|i| i as u8)]
        .map(|secret| {
            let keys = JournalAccessKeys::from_case_secret(&Secret32::new(secret), &claim);
            let capability = kdf::derive(b"", &secret, "subrosa/case-capability/v2", &[&claim.0]);
            let key = kdf::derive(b"", &secret, "subrosa/case-key/v2", &[&claim.0]);
            assert_eq!(keys.journal().0, kdf::digest("subrosa/journal-capability/v1", &[capability.expose()]));
            let kept = Cbor::serialized(&keys).unwrap();
            let member =
                |name: &str| kept.as_map().unwrap().iter().find(|(k, _)| k.as_text() == Some(name)).unwrap().1.clone();
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
        })
        .into_iter()
        .collect();
    let journal = JournalAccessKeys::from_case_secret(&Secret32::new([0x66; 32]), &claim).journal();
    let member = SealSecret::from_seed(Secret32::new([0x45; 32]));
    let holder = SigningKey::from_seed(&Secret32::new([1; 32])).verifying_key().holder_id();
    let access = CaseAccess {
        key: CaseKey { generation: 1, key: Secret32::new([0x46; 32]) },
        capability: Secret32::new([0x47; 32]),
    };
    let wrap = access.wrap(&journal, holder, &member.recipient().unwrap(), &mut CountingRng::default()).unwrap();
    let turned = access.turned(&journal, Vec::new());
    let second = Turned { generation: 2, ..turned.clone() };
    assert_eq!(*CaseAccess::unwrap(&wrap, &journal, &turned, &member).unwrap().encode(), *access.encode());
    assert!(matches!(CaseAccess::unwrap(&wrap, &journal, &second, &member), Err(AccessError::Seal(_))));
    assert!(matches!(CaseAccess::unwrap(&wrap, &JournalId([7; 32]), &turned, &member), Err(AccessError::Seal(_))));
    for (key, capability) in [(Digest([0; 32]), turned.capability), (turned.key, Digest([0; 32]))] {
        let elsewhere = Turned { key, capability, ..turned.clone() };
        assert!(matches!(CaseAccess::unwrap(&wrap, &journal, &elsewhere, &member), Err(AccessError::Commitment)));
    }
    let other = Wrap { holder: HolderId([9; 16]), ..wrap.clone() };
    assert!(matches!(CaseAccess::unwrap(&other, &journal, &turned, &member), Err(AccessError::Seal(_))));
    // Sealed for generation 2, holding generation 1: what a faulty writer makes.
    let mut aad = journal.0.to_vec();
    aad.extend_from_slice(&2u32.to_be_bytes());
    aad.extend_from_slice(&holder.0);
    let sealed = member
        .recipient()
        .unwrap()
        .seal(b"subrosa/case-access/v1", &aad, &access.encode(), &mut CountingRng::default())
        .unwrap();
    let mislabelled = Wrap { holder, sealed: Blob(sealed) };
    assert!(matches!(CaseAccess::unwrap(&mislabelled, &journal, &second, &member), Err(AccessError::Generation)));
    let mut refused = Vec::new();
    let good = access.encode();
    let mut version = good.to_vec();
    version[0] = 2;
    for (what, bytes, error) in [
        ("version 2", version, "version"),
        ("cut by a byte", good[..good.len() - 1].to_vec(), "short"),
        ("one byte too many", [good.to_vec(), vec![0]].concat(), "trailing"),
    ] {
        let found = match CaseAccess::decode(&bytes).err() {
            Some(DecodeError::Version(_)) => "version",
            Some(DecodeError::Short(_)) => "short",
            Some(DecodeError::Trailing(_)) => "trailing",
            other => unreachable!("{other:?}"),
        };
        assert_eq!(found, error, "{what}");
        refused.push(json!({ "what": what, "error": error, "access": hex::encode(bytes) }));
    }
    let turned = json!({
        "journal": hex::encode(journal.0),
        "generation": 1,
        "holder": hex::encode(holder.0),
        "member_xwing_seed": hex::encode([0x45; 32]),
        "access": hex::encode(&*good),
        "key_commitment": turned.key.to_string(),
        "next_capability_hash": turned.capability.to_string(),
        "sealed": hex::encode(&wrap.sealed.0),
        "mislabelled": { "generation": 2, "sealed": hex::encode(&mislabelled.sealed.0) },
        "refused": refused,
    });
    let reference = AwardRef([0x24; 16]);
    let admin = SealSecret::from_seed(Secret32::new([0x41; 32]));
    let return_box = ReturnBox::derive(&master(), &reference, 2);
    let address = return_box.address().unwrap();
    let sealed =
        admin.recipient().unwrap().seal(RETURN_BOX_INFO, &reference.0, &address, &mut CountingRng::default()).unwrap();
    assert_eq!(admin.open(RETURN_BOX_INFO, &reference.0, &sealed).unwrap(), *address);
    assert!(admin.open(RETURN_BOX_INFO, &[0; 16], &sealed).is_err(), "bound to its award");
    let (salt, nullifiers) = (Secret32::new([0x29; 32]), [[0x42; 32], [0x43; 32]]);
    let context = redemption_context(&salt, &payout(), &nullifiers).unwrap();
    let mut cbor = Vec::new();
    ciborium::into_writer(&payout(), &mut cbor).unwrap();
    let mut order = [0; 16];
    kdf::derive_into(b"", salt.expose(), "subrosa/payment-order/v2", &[&context.0], &mut order);
    let Digest(message) = message_digest(b"\x01words");
    hold(
        "client/case-keys.json",
        &json!({
            "about": "docs/spec/case-keys.md. Byte strings are hexadecimal. The return box is that of issuer 2 for the passphrase of source-state.json; `sealed` opens with the administrator's X-Wing seed to `address`, and with the associated data of another award to nothing. `turned` is one member's wrap in a key-turned entry: `sealed` opens to `access`; under another journal, generation or holder it does not open; `mislabelled` opens and is refused, because it holds another generation than its entry names.",
            "journals": journals,
            "turned": turned,
            "message": { "bytes": hex::encode(b"\x01words"), "digest": hex::encode(message) },
            "tip_epoch": { "epoch": 812, "digest": hex::encode(kdf::digest("subrosa/tip-epoch/v1", &[&812u64.to_be_bytes()])) },
            "award": {
                "reference": hex::encode(reference.0),
                "token_award": hex::encode(token_award(&reference).0),
                "batch": hex::encode(b"a blinded batch"),
                "batch_digest": hex::encode(batch_digest(b"a blinded batch").0),
            },
            "return_box": {
                "issuer": 2,
                "administrator_xwing_seed": hex::encode([0x41; 32]),
                "address": hex::encode(&*address),
                "sealed": hex::encode(sealed),
            },
            "redemption": {
                "salt": hex::encode(salt.expose()),
                "payout_cbor": hex::encode(cbor),
                "nullifiers": nullifiers.map(hex::encode),
                "context": hex::encode(context.0),
            },
            "payment_order": { "name": hex::encode(order) },
            "budget": {
                "text": "Haushalt 2027, Titel 7",
                "reference": hex::encode(kdf::digest("subrosa/budget-reference/v1", &["Haushalt 2027, Titel 7".as_bytes()])),
            },
        }),
    );
}
