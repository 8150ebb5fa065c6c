//! Guards tried from the wrong side by an insider with a patched program: entries that are signed and encrypted as they should be, pushed straight to the
//! server, which cannot read them. Every reader passes each of them over, under the name of the rule that forbids it, and the case stays as it was.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use anyhow::Result;
use serde::Deserialize;
use subrosa_casework::{
    bytes::{AwardRef, Digest},
    case::{
        AccusedHeard, Act, Author, BudgetView, CheckReport, CloseReason, Event, MessageKind, Pinned, State, Verdict,
    },
    journal::{CaseKey, SignedEvent, seal},
    money::Cents,
    role::RoleName,
};
use subrosa_client::{api::Appended, transport::Circuit};
use subrosa_crypto::{kdf, secret::Secret32, sign::SigningKey, wire::JournalAppend};
use subrosa_e2e::{
    programme::{Programme, new_source, random_bytes, rng, stored},
    road::{Stage, award_inputs, form},
};

/// What a desk keeps of a journal: what its owner can take out of the keystore.
#[derive(Deserialize)]
struct Taken {
    capability: Secret32,
    keys: Vec<(u32, Secret32)>,
}

/// Officer `n` pushes `event`, in a role and at a time of their choice, past every check of the program. Answers the rule under which colleague `reader`
/// passes it over, and demands that nothing else changed.
async fn forged(p: &mut Programme, n: usize, role: RoleName, event: Event, at: Option<u64>) -> Result<String> {
    let signer = p.desks[n].identity.signer();
    forged_by(p, n, &signer, role, event, at).await
}

async fn forged_by(
    p: &mut Programme,
    n: usize,
    signer: &SigningKey,
    role: RoleName,
    event: Event,
    at: Option<u64>,
) -> Result<String> {
    let before = p.case(n).await?;
    let mut bytes = Vec::new();
    ciborium::into_writer(p.desks[n].cases.last().unwrap().journal.as_ref().unwrap(), &mut bytes)?;
    let taken: Taken = ciborium::from_reader(bytes.as_slice())?;
    let id = before.case().id();
    let author = Author {
        holder: signer.verifying_key().holder_id(),
        role,
        at: at.unwrap_or_else(|| p.now.max(before.case().last_at())),
        seq: before.seq(),
    };
    let signed = SignedEvent::sign(&id, author, before.head(), event, signer)?;
    let (generation, key) = taken.keys.last().unwrap().clone();
    let nonce: [u8; 24] = random_bytes(24).try_into().unwrap();
    let entry = seal(&id, &CaseKey { generation, key }, &nonce, &signed)?;
    let append = JournalAppend {
        journal: id,
        expected_seq: before.seq(),
        expected_head: before.head(),
        capability: *taken.capability.expose(),
        next_cap_hash: kdf::digest("subrosa/journal-capability/v1", &[taken.capability.expose()]),
        entry,
    };
    // The server reads nothing, so it takes everything that fits.
    assert!(matches!(p.api().journal_append(&append, Circuit(1)).await?, Appended::Done(_)));
    let mut codes = Vec::new();
    for reader in 0..p.desks.len() {
        let after = p.case(reader).await?;
        assert_eq!(after.seq(), before.seq() + 1);
        assert_eq!(after.case(), before.case(), "the case is as if the entry had never been written");
        let passed = after.passed_over().last().unwrap_or_else(|| panic!("desk {reader} took a forged entry"));
        assert_eq!(passed.seq, before.seq());
        codes.push(passed.fault.code().to_owned());
    }
    codes.dedup();
    assert_eq!(codes.len(), 1, "every reader gives the same reason: {codes:?}");
    Ok(codes.remove(0))
}

fn hold() -> Act {
    Act::Hold { reason: "the court asked".into() }
}

#[tokio::test]
async fn a_forged_entry_is_passed_over_under_its_rules_name_by_everybody() -> Result<()> {
    use RoleName::{Adjudicator, Investigator, Triager};
    let mut p = Programme::start(250).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Received).await?;

    let stranger = SigningKey::from_seed(&Secret32::random(&mut rng()));
    let note = || Event::Tagged { tag: "x".into(), on: true };
    assert_eq!(forged_by(&mut p, 0, &stranger, Triager, note(), None).await?, "unknown-member");
    assert_eq!(forged(&mut p, 0, Investigator, note(), None).await?, "wrong-role");
    assert_eq!(forged(&mut p, 0, Triager, note(), Some(1)).await?, "time-backwards");
    assert_eq!(forged(&mut p, 0, Triager, Event::TriageOpened, None).await?, "not-acknowledged");
    let naked = Event::message_sent(MessageKind::Question, b"Who are you?".to_vec(), false);
    assert_eq!(forged(&mut p, 0, Triager, naked, None).await?, "leak-check-missing");
    assert_eq!(forged(&mut p, 0, Triager, Event::Confirmed { proposal: 0 }, None).await?, "no-such-proposal");
    assert_eq!(forged(&mut p, 0, Triager, Event::Paid { records: Vec::new() }, None).await?, "wrong-state");
    let close = |reason| Event::Proposed(Act::Close { reason });
    assert_eq!(forged(&mut p, 0, Triager, close(CloseReason::Informative), None).await?, "declaration-missing");

    p.advance(&master, Some(Stage::Received), Stage::Accepted).await?;
    assert_eq!(forged(&mut p, 2, Investigator, Event::InvestigationOpened, None).await?, "no-machine-check");
    let report = CheckReport {
        pack: Pinned { id: "another".into(), version: 1, digest: Digest([0; 32]) },
        steps: Vec::new(),
        verdict: Verdict::Consistent,
        because: "x".into(),
    };
    assert_eq!(forged(&mut p, 0, Triager, Event::MachineChecked(report), None).await?, "not-triaged");
    // One person signs twice, in two roles.
    p.event(0, Triager, Event::Proposed(hold())).await?;
    let proposal = *p.case(0).await?.case().proposals().keys().next().unwrap();
    assert_eq!(forged(&mut p, 0, Adjudicator, Event::Confirmed { proposal }, None).await?, "same-person");
    let waiver = Event::AccusedHeard(AccusedHeard::SafetyWaiver("x".into()));
    assert_eq!(forged(&mut p, 0, Adjudicator, waiver, None).await?, "wrong-state");

    p.advance(&master, Some(Stage::Accepted), Stage::ClaimOpen).await?;
    let inputs = award_inputs();
    let proposed = |p: &Programme, amount| Event::AwardProposed { policy: p.policy.pinned(), inputs, amount };
    let event = proposed(&p, Cents(13_750_000));
    assert_eq!(forged(&mut p, 0, Adjudicator, event, None).await?, "claim-missing");
    p.advance(&master, Some(Stage::ClaimOpen), Stage::AwardProposed).await?;
    let budget = BudgetView { records: 0, budget: Cents(u64::MAX), unreserved: Cents(u64::MAX) };
    let early = Event::Proposed(Act::FinalizeAward { award_ref: AwardRef([1; 16]), budget });
    assert_eq!(forged(&mut p, 0, Adjudicator, early, None).await?, "award-open");
    let deny = Event::Proposed(Act::DenyAward { reasons: "x".into() });
    assert_eq!(forged(&mut p, 0, Adjudicator, deny, None).await?, "reasons-not-sent");
    assert_eq!(forged(&mut p, 0, Triager, Event::Proposed(Act::Purge), None).await?, "wrong-state");
    assert_eq!(p.case(1).await?.case().state(), State::AwardProposed);
    // The desk that forged is not stopped by it either, and what it kept can be stored.
    stored(&p.desks[0])?;
    Ok(())
}
