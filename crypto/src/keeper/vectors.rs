//! `vectors/keeper.json`: what case officers sign for the server, and what must be refused.
#![expect(clippy::indexing_slicing, reason = "tests")]

use serde_json::{Value, json};
use subrosa_vectors::hold;

use super::{KeeperAction, KeeperSignature, KeeperStatement};
use crate::{
    secret::Secret32,
    sign::{Domain, SigningKey},
    wire::{JournalHead, JournalId},
};

const CHARTER: [u8; 32] = [0x37; 32];
const EPOCH: u64 = 812;

fn officer() -> SigningKey {
    SigningKey::from_seed(&Secret32::new([1; 32]))
}

fn statement(action: KeeperAction) -> KeeperStatement {
    let (journal, capability) = (JournalId([0x30; 32]), [0x31; 32]);
    let nothing = KeeperStatement {
        action,
        journal,
        capability,
        next: [0; 32],
        seq: 0,
        head: JournalHead::EMPTY,
        entry: [0; 32],
    };
    match action {
        KeeperAction::Begin => KeeperStatement { next: capability, entry: [0x34; 32], ..nothing },
        KeeperAction::Turn => {
            KeeperStatement { next: [0x32; 32], seq: 1, head: JournalHead([0x33; 32]), entry: [0x34; 32], ..nothing }
        }
        KeeperAction::Purge => nothing,
    }
}

#[test]
fn keeper_vectors_hold() {
    let public = officer().verifying_key();
    let all = [("begin", KeeperAction::Begin), ("turn", KeeperAction::Turn), ("purge", KeeperAction::Purge)];
    let accepted: Vec<Value> = all
        .iter()
        .map(|(name, action)| {
            let asked = statement(*action);
            let signed = asked.sign(CHARTER, EPOCH, &officer());
            assert_eq!(asked.verify(&signed, &public), Ok(()));
            json!({
                "action": name, "journal": hex::encode(asked.journal.0), "capability": hex::encode(asked.capability),
                "next": hex::encode(asked.next), "seq": asked.seq, "head": hex::encode(asked.head.0),
                "entry": hex::encode(asked.entry), "signed": hex::encode(asked.signed_part(&CHARTER, EPOCH)),
                "signature": hex::encode(signed.encode()),
            })
        })
        .collect();
    let asked = statement(KeeperAction::Turn);
    let good = asked.sign(CHARTER, EPOCH, &officer()).encode();
    let with = |at: usize, bytes: &[u8]| {
        let mut b = good.clone();
        b[at..at + bytes.len()].copy_from_slice(bytes);
        b
    };
    let stranger = SigningKey::from_seed(&Secret32::new([2; 32]));
    let mut in_her_name = asked.sign(CHARTER, EPOCH, &stranger);
    in_her_name.holder = public.holder_id();
    let mut entry = asked.sign(CHARTER, EPOCH, &officer());
    entry.signature = officer().sign(Domain::JOURNAL, &asked.signed_part(&CHARTER, EPOCH));
    let refused: Vec<Value> = [
        ("for a purge", statement(KeeperAction::Purge).sign(CHARTER, EPOCH, &officer()).encode()),
        ("for an entry at the meeting place", statement(KeeperAction::Begin).sign(CHARTER, EPOCH, &officer()).encode()),
        ("another officer's name", with(0, &[good[0] ^ 1])),
        ("another charter", with(16, &[good[16] ^ 1])),
        ("another epoch", with(48, &(EPOCH + 1).to_be_bytes())),
        ("somebody else's signature in the officer's name", in_her_name.encode()),
        ("signed as a journal entry", entry.encode()),
        ("cut by a byte", good[..good.len() - 1].to_vec()),
        ("one byte after the end", [good.clone(), vec![0]].concat()),
        ("nothing at all", Vec::new()),
    ]
    .into_iter()
    .map(|(what, bytes)| {
        let holds = KeeperSignature::decode(&bytes).is_ok_and(|s| asked.verify(&s, &public).is_ok());
        assert!(!holds, "{what}");
        json!({ "what": what, "signature": hex::encode(bytes) })
    })
    .collect();
    hold(
        "keeper.json",
        &json!({
            "about": "docs/spec/keeper.md. The officer's key is that of the seed 01 repeated. Byte strings are hexadecimal. Each signature in `accepted` holds for its own members; `signed` are the signed bytes without the domain. Each of `refused` does not hold for the second of `accepted`.",
            "officer": hex::encode(public.0),
            "accepted": accepted,
            "refused": refused,
        }),
    );
}
