//! What a source has signed, against `vectors/casework/words.json`; and who can stand in for it: nobody.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use serde_json::{Value, json};
use subrosa_casework::{
    bytes::{CaseSecret, Digest},
    case::{Contradiction, Event, Received, message_digest},
    refusal::Rule,
    role::{RoleName, Triager},
    words::{Heading, Opening, SignedWords, meeting},
};
use subrosa_crypto::{
    intake::NO_CLAIM_KEY,
    secret::Secret32,
    sign::{HolderId, SigningKey},
};

use subrosa_vectors::hold;

use crate::desk::{JOURNAL, PROGRAMME, SECRET, World, key};

fn words(claim: &SigningKey) -> SignedWords {
    let recipients = [HolderId([2; 16]), HolderId([1; 16])];
    let heading = Heading {
        programme: PROGRAMME,
        journal: *JOURNAL,
        counter: 3,
        charter: Digest([6; 32]),
        recipients: &recipients,
    };
    SignedWords::sign(&heading, b"In May.".to_vec(), claim).unwrap()
}

#[test]
fn word_vectors_hold() {
    let claim = key(99);
    let signed = words(&claim);
    let bytes = signed.encode();
    let conversation = [0x31; 32];
    let opening = Opening::sign(PROGRAMME, HolderId([1; 16]), &conversation, &bytes, &claim);
    let with = |at: usize, value: &[u8]| {
        let mut out = bytes.clone();
        out[at..at + value.len()].copy_from_slice(value);
        out
    };
    // version 1, journal 32, counter 8, charter 32: the count of recipients.
    let count = 73;
    let swapped = [[2; 16], [1; 16]].concat();
    let refused = [
        ("version 1", "frame", with(0, &[1])),
        ("version 2, a message without a signature", "frame", with(0, &[2])),
        ("an opening", "frame", with(0, &[4])),
        ("nobody to read it", "frame", with(count, &[0])),
        ("recipients in another order", "frame", with(count + 1, &swapped)),
        ("a recipient twice", "frame", with(count + 1, &[[1; 16], [1; 16]].concat())),
        ("cut by a byte", "frame", bytes[..bytes.len() - 1].to_vec()),
        ("one byte after the end", "frame", [bytes.clone(), vec![0]].concat()),
        ("another journal", "signature", with(1, &[bytes[1] ^ 1])),
        ("another number", "signature", with(40, &[4])),
        ("another charter", "signature", with(41, &[7])),
        ("another recipient", "signature", with(count + 1, &[0])),
        ("other words", "signature", with(bytes.len() - 65, b"!")),
        ("another signature", "signature", with(bytes.len() - 1, &[bytes[bytes.len() - 1] ^ 1])),
    ];
    let refused: Vec<Value> = refused
        .into_iter()
        .map(|(what, error, bytes)| {
            let read = SignedWords::decode(&bytes);
            match error {
                "frame" => assert!(read.is_err(), "{what}"),
                _ => assert!(read.unwrap().verify(PROGRAMME, &claim.verifying_key()).is_err(), "{what}"),
            }
            json!({ "what": what, "error": error, "words": hex::encode(bytes) })
        })
        .collect();
    assert!(signed.verify("another.example", &claim.verifying_key()).is_err());
    let (journal, access) = meeting(&Secret32::new(SECRET), &claim.verifying_key());
    hold(
        "casework/words.json",
        &json!({
            "about": "docs/spec/messages.md, \"Signed words\". The claim key is that of the seed 63 repeated. `words` are signed for `programme`; `opening` opens the conversation of that name with the officer 01 repeated by these words. Each of `refused` is refused: as a frame, or by its signature.",
            "programme": PROGRAMME,
            "claim_key": hex::encode(claim.verifying_key().0),
            "case_secret": hex::encode(SECRET),
            "journal": hex::encode(journal.0),
            "capability": hex::encode(access.capability.expose()),
            "case_key_0": hex::encode(access.key.key.expose()),
            "words": hex::encode(&bytes),
            "signed_part": hex::encode(signed.signed_part(PROGRAMME)),
            "conversation": hex::encode(conversation),
            "opening": hex::encode(opening.encode()),
            "refused": refused,
        }),
    );
}

#[test]
fn an_opening_is_bound_to_officer_conversation_and_words() {
    let claim = key(99);
    let bytes = words(&claim).encode();
    let (officer, name) = (HolderId([1; 16]), [0x31; 32]);
    let opening = Opening::sign(PROGRAMME, officer, &name, &bytes, &claim);
    let public = claim.verifying_key();
    assert!(opening.verify(PROGRAMME, officer, &name, &bytes, &public).is_ok());
    assert!(opening.verify("another.example", officer, &name, &bytes, &public).is_err());
    assert!(opening.verify(PROGRAMME, HolderId([2; 16]), &name, &bytes, &public).is_err());
    assert!(opening.verify(PROGRAMME, officer, &[0x32; 32], &bytes, &public).is_err());
    assert!(opening.verify(PROGRAMME, officer, &name, &bytes[1..], &public).is_err());
    assert!(opening.verify(PROGRAMME, officer, &name, &bytes, &key(98).verifying_key()).is_err());
}

/// The first entry: every way to put another source into a journal is refused by a reader's guard.
#[test]
fn the_first_entry_belongs_to_the_source_who_signed_it() {
    let mut w = World::new();
    let Event::Received(good) = w.received() else { unreachable!() };
    let thief = key(98);
    type Change<'c> = &'c dyn Fn(&World, &mut Received);
    let forged = |w: &World, change: Change<'_>| {
        let mut r = good.clone();
        change(w, &mut r);
        r.digest = message_digest(&r.tip.0);
        Event::Received(r)
    };
    let tries: [(Rule, Change<'_>); 7] = [
        (Rule::WrongJournal, &|w, r| {
            r.claim_key = key(98).verifying_key();
            r.tip.0 = w.words(0, b"the tip", &key(98));
        }),
        (Rule::WrongJournal, &|_, r| r.case_secret = CaseSecret(Secret32::new([8; 32]))),
        (Rule::WrongJournal, &|_, r| r.claim_key = NO_CLAIM_KEY),
        (Rule::BadClaim, &|w, r| r.tip.0 = w.words(0, b"another tip", &thief)),
        (Rule::BadClaim, &|w, r| r.tip.0 = w.words(1, b"a later message", &w.source)),
        (Rule::BadClaim, &|_, r| r.tip.0 = b"no words".to_vec()),
        (Rule::RecipientLeftOut, &|w, r| r.team = vec![w.id(0), w.id(1)]),
    ];
    for (rule, change) in tries {
        let event = forged(&w, change);
        assert_eq!(w.write::<Triager>(0, event.clone()).unwrap_err().rule, rule);
        assert_eq!(w.force(0, RoleName::Triager, event).unwrap().fault.code(), rule.code());
    }
    // Somebody to whom the source did not write.
    let mut stranger = good.clone();
    stranger.team.push(w.id(3));
    assert_eq!(w.write::<Triager>(3, Event::Received(stranger)).unwrap_err().rule, Rule::NotAddressed);
    // None of it is in the way of the true one.
    w.reach_received();
    assert_eq!(w.case().claim_key(), Some(&w.source.verifying_key()));
}

/// Nothing but the turn of the key is written where the source reads along.
#[test]
fn nothing_is_written_before_the_key_is_turned() {
    let mut w = World::new();
    let event = w.received();
    w.write::<Triager>(0, event).unwrap();
    assert!(w.case().must_turn_key());
    let said = w.said(b"x");
    let own = Contradiction { digest: Digest([1; 32]), claim_key: w.source.verifying_key() };
    for event in [
        Event::Tagged { tag: "x".into(), on: true },
        Event::Recused { reason: "a cousin".into() },
        Event::ConflictDenied { entities: 0 },
        Event::TipContradicted(own),
        said,
    ] {
        assert_eq!(w.refused::<Triager>(1, event), Rule::KeyMustTurn);
    }
    let some = w.turn(1, &[0, 1]);
    assert_eq!(w.refused::<Triager>(1, some), Rule::WrapsWrong);
    let all = w.turn(1, &[0, 1, 2]);
    w.write::<Triager>(1, all).unwrap();
    assert!(!w.case().must_turn_key());
}

#[test]
fn a_contradiction_is_said_once_and_only_if_there_is_one() {
    let mut w = World::new();
    w.reach_received();
    let held = w.case().received().unwrap().clone();
    let same = Contradiction { digest: held.digest, claim_key: held.claim_key };
    assert_eq!(w.refused::<Triager>(1, Event::TipContradicted(same)), Rule::SameTip);
    let other = Contradiction { digest: Digest([9; 32]), ..same };
    w.write::<Triager>(1, Event::TipContradicted(other)).unwrap();
    assert_eq!(w.refused::<Triager>(1, Event::TipContradicted(other)), Rule::SameTip);
    w.write::<Triager>(2, Event::TipContradicted(other)).unwrap();
    assert_eq!(w.case().contradictions().len(), 2);
}

#[test]
fn what_is_printed_of_signed_words_is_not_the_words() {
    let signed = words(&key(99));
    let printed = format!("{signed:?}");
    assert!(printed.starts_with("SignedWords") && printed.contains("counter: 3"), "{printed}");
    for held in ["In May.".to_owned(), format!("{:?}", b"In May."), hex::encode(b"In May.")] {
        assert!(!printed.contains(held.trim_matches(['[', ']'])), "{printed}");
    }
}
