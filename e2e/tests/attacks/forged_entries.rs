//! Guards tried from the wrong side by an insider with a patched program: entries that are signed and encrypted as they
//! should be, pushed straight to the server, which cannot read them. Every reader passes each of them over, under the
//! name of the rule that forbids it, and the case stays as it was.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use anyhow::Result;
use serde::Deserialize;
use subrosa_casework::{
    award::{AwardOrder, SourceAct, SourceStatement},
    bytes::{AwardRef, Blob, Digest, Signature},
    case::{
        AccusedHeard, Act, Author, BudgetView, CheckReport, CloseReason, Command, Eligibility, Event, Handling,
        MessageKind, Pinned, Position, Relation, RetaliationAnswers, SourcePosition, State, TriageSet, Turned, Verdict,
        Visibility, Wrap,
    },
    journal::{CaseKey, SignedEvent, seal},
    money::Cents,
    role::RoleName,
};
use subrosa_crypto::{kdf, secret::Secret32, sign::SigningKey, wire::JournalAppend};
use subrosa_e2e::{
    programme::{Programme, new_source, random_bytes, rng, stored},
    whole_case::{Stage, award_inputs, exhibit, form},
};
use subrosa_engine::{api::Appended, officer::claim_statement, transport::Circuit};

/// What a desk keeps of a journal: what its owner can take out of the keystore.
#[derive(Deserialize)]
struct Taken {
    capability: Secret32,
    keys: Vec<(u32, Secret32)>,
}

/// Officer `n` pushes `event`, in a role and at a time of their choice, past every check of the program. Answers the
/// rule under which colleague `reader` passes it over, and demands that nothing else changed.
pub(crate) async fn forged(
    p: &mut Programme,
    n: usize,
    role: RoleName,
    event: Event,
    at: Option<u64>,
) -> Result<String> {
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
    let signed = SignedEvent::sign(&id, author, 0, before.head(), event, signer)?;
    let (generation, key) = taken.keys.last().unwrap().clone();
    let nonce: [u8; 24] = random_bytes(24).try_into().unwrap();
    let entry = seal(&id, &CaseKey { generation, key }, &nonce, &signed)?;
    let append = JournalAppend {
        work: subrosa_crypto::wire::Work { log_size: 0, nonce: 0 },
        journal: id,
        expected_seq: before.seq(),
        expected_head: before.head(),
        capability: *taken.capability.expose(),
        next_cap_hash: kdf::digest("subrosa/journal-capability/v1", &[taken.capability.expose()]),
        leaf: random_bytes(32).try_into().unwrap(),
        entry,
        keeper: None,
    };
    // The server reads nothing, so it takes everything that fits.
    assert!(matches!(p.api().journal_append(append, Circuit(1)).await?, Appended::Done(_)));
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

/// The rest of the rules, one case from its tip to the time after it: at each place, the entry that is not allowed
/// there.
#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one case, and at each place in it what is refused there")]
async fn in_a_whole_case_no_forged_entry_changes_anything() -> Result<()> {
    use RoleName::{Adjudicator, Finance, Investigator, Triager};
    let mut p = Programme::start(250).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Acknowledged).await?;
    let propose = Event::Proposed;
    let close = |reason| Event::Proposed(Act::Close { reason });

    let administrator = p.treasuries[0].identity.signer();
    let tagged = || Event::Tagged { tag: "x".into(), on: true };
    assert_eq!(forged_by(&mut p, 0, &administrator, Finance, tagged(), None).await?, "finance-outside");
    let first = p.case(0).await?.events()[0].event.clone();
    assert_eq!(forged(&mut p, 0, Triager, first, None).await?, "not-received");
    let mut said = Event::message_received(b"x".to_vec());
    if let Event::MessageReceived(m) = &mut said {
        m.digest = Digest([0; 32]);
    }
    assert_eq!(forged(&mut p, 0, Triager, said, None).await?, "bad-digest");
    let opened = Event::EvidenceHandled { item: 9999, how: Handling::Opened };
    assert_eq!(forged(&mut p, 0, Triager, opened, None).await?, "no-such-item");
    let colleague = p.desks[1].identity.holder();
    let wrap = || Wrap { holder: colleague, sealed: Blob(vec![1]) };
    assert_eq!(forged(&mut p, 0, Triager, Event::MemberAdded { wrap: wrap() }, None).await?, "already-on-team");
    assert_eq!(forged(&mut p, 0, Triager, Event::MemberLeft { holder: colleague }, None).await?, "still-member");
    let digest = Digest([0; 32]);
    let turned = |generation, wraps| Event::KeyTurned(Turned { generation, key: digest, capability: digest, wraps });
    assert_eq!(forged(&mut p, 0, Triager, turned(9, vec![wrap()]), None).await?, "wrong-key-generation");
    let next = p.case(0).await?.case().key_generation() + 1;
    assert_eq!(forged(&mut p, 0, Triager, turned(next, vec![wrap()]), None).await?, "wraps-wrong");
    let own = Digest(p.case(0).await?.case().id().0);
    let linked = Event::Linked { other: own, relation: Relation::Related };
    assert_eq!(forged(&mut p, 0, Triager, linked, None).await?, "out-of-range");
    let long = Event::Noted { text: "x".repeat(100_000), visibility: Visibility::Team };
    assert_eq!(forged(&mut p, 0, Triager, long, None).await?, "too-long");
    assert_eq!(forged(&mut p, 0, Triager, Event::ConflictDenied { entities: 7 }, None).await?, "declaration-stale");

    for (n, role) in [(0, Triager), (1, Triager), (2, Investigator)] {
        p.act(n, role, |_| Some(Command::DeclareNoConflict)).await?;
    }
    let release = Act::ReleaseHold { reason: "x".into() };
    assert_eq!(forged(&mut p, 0, Triager, propose(release), None).await?, "no-legal-hold");
    p.event(0, Triager, Event::TriageOpened).await?;
    assert_eq!(forged(&mut p, 0, Triager, close(CloseReason::Withdrawn), None).await?, "not-withdrawn");
    p.event(0, Triager, Event::message_sent(MessageKind::Question, b"When?".to_vec(), true)).await?;
    assert_eq!(forged(&mut p, 0, Triager, close(CloseReason::Lapsed), None).await?, "not-lapsed");
    let said = p.said(&master, 0, 101, b"In May.")?;
    p.event(0, Triager, said).await?;
    let extend = || Act::ExtendFeedback { reason: "many files".into() };
    p.both((0, Triager), (1, Triager), extend()).await?;
    assert_eq!(forged(&mut p, 0, Triager, propose(extend()), None).await?, "already-extended");
    let pack = Pinned { id: "compute-thresholds".into(), version: 1, digest: Digest([3; 32]) };
    let set = TriageSet { pack: pack.clone(), class: "unnotified-run".into(), jurisdiction: "EU".into(), severity: 4 };
    p.event(0, Triager, Event::TriageSet(set)).await?;
    p.event(0, Triager, Event::RetaliationAssessed(RetaliationAnswers::default())).await?;
    p.both((0, Triager), (1, Triager), Act::Accept).await?;
    let report = CheckReport { pack, steps: Vec::new(), verdict: Verdict::Inconsistent, because: "x".into() };
    p.event(0, Triager, Event::MachineChecked(report)).await?;
    p.event(2, Investigator, Event::InvestigationOpened).await?;

    let refer = |duty: Option<&str>| {
        propose(Act::Refer { authority: "AI Office".into(), duty: duty.map(Into::into), packet: Digest([8; 32]) })
    };
    assert_eq!(forged(&mut p, 2, Investigator, refer(None), None).await?, "no-consent");
    assert_eq!(forged(&mut p, 2, Investigator, refer(Some(" ")), None).await?, "reason-missing");
    let found = || propose(Act::Substantiate { findings: "x".into() });
    assert_eq!(forged(&mut p, 0, Adjudicator, found(), None).await?, "evidence-too-thin");
    p.event(2, Investigator, exhibit(1, "source")).await?;
    p.event(2, Investigator, exhibit(2, "power company")).await?;
    assert_eq!(forged(&mut p, 0, Adjudicator, found(), None).await?, "accused-not-heard");
    let nothing = Act::CloseUnsubstantiated { findings: "x".into() };
    assert_eq!(forged(&mut p, 0, Adjudicator, propose(nothing), None).await?, "feedback-missing");
    p.event(2, Investigator, Event::message_sent(MessageKind::Question, b"Where?".to_vec(), true)).await?;
    let aside = close(CloseReason::Informative);
    assert_eq!(forged(&mut p, 0, Triager, aside, None).await?, "separation-of-duties");
    let said = p.said(&master, 2, 102, b"Hall B.")?;
    p.event(2, Investigator, said).await?;
    p.event(2, Investigator, Event::AccusedHeard(AccusedHeard::SafetyWaiver("x".into()))).await?;
    p.both((0, Adjudicator), (1, Adjudicator), Act::Substantiate { findings: "it happened".into() }).await?;
    p.event(0, Adjudicator, Event::ClaimWindowOpened { notice: Digest([9; 32]) }).await?;
    p.tell(0, Adjudicator, "You may claim the award now.", None).await?;

    assert_eq!(forged(&mut p, 0, Adjudicator, Event::ClaimWindowClosed, None).await?, "claim-window-open");
    p.source_reads(&master).await?;
    p.source_states(&master, SourceAct::Claim).await?;
    p.everybody_visits().await?;
    let statement = claim_statement(p.case(0).await?.case()).unwrap();
    let filed =
        |statement: &SourceStatement, eligibility| Event::ClaimFiled { statement: statement.clone(), eligibility };
    let position = SourcePosition { position: Position::Compliance, reported_inside: None };
    p.event(0, Adjudicator, Event::PositionStated(position)).await?;
    let wrong = filed(&statement, Eligibility::default());
    assert_eq!(forged(&mut p, 0, Adjudicator, wrong, None).await?, "eligibility-wrong");
    let early = Eligibility { compliance_too_early: true, ..Eligibility::default() };
    let mut altered = statement.clone();
    altered.signature.0[0] ^= 1;
    assert_eq!(forged(&mut p, 0, Adjudicator, filed(&altered, early), None).await?, "bad-claim");
    p.event(0, Adjudicator, filed(&statement, early)).await?;
    assert_eq!(forged(&mut p, 0, Adjudicator, filed(&statement, early), None).await?, "statement-used");
    let (pinned, inputs) = (p.policy.pinned(), award_inputs());
    let award =
        |policy: &Pinned, amount| Event::AwardProposed { policy: policy.clone(), inputs, amount: Cents(amount) };
    assert_eq!(forged(&mut p, 0, Adjudicator, award(&pinned, 13_750_000), None).await?, "not-eligible");
    let outside = SourcePosition { position: Position::Outsider, reported_inside: None };
    p.event(0, Adjudicator, Event::PositionStated(outside)).await?;
    p.source_states(&master, SourceAct::Claim).await?;
    p.everybody_visits().await?;
    let statement = claim_statement(p.case(0).await?.case()).unwrap();
    p.event(0, Adjudicator, filed(&statement, Eligibility::default())).await?;
    let other = Pinned { digest: Digest([0; 32]), ..pinned.clone() };
    assert_eq!(forged(&mut p, 0, Adjudicator, award(&other, 13_750_000), None).await?, "policy-unknown");
    assert_eq!(forged(&mut p, 0, Adjudicator, award(&pinned, 13_750_001), None).await?, "amount-wrong");
    p.event(0, Adjudicator, award(&pinned, 13_750_000)).await?;
    p.event(0, Adjudicator, Event::message_sent(MessageKind::Reasons, b"Because.".to_vec(), true)).await?;
    let deny = Event::Proposed(Act::DenyAward { reasons: "x".into() });
    assert_eq!(forged(&mut p, 0, Adjudicator, deny, None).await?, "contest-window-open");

    // Sixty days later nobody has contested.
    p.now += 61 * 86_400;
    let poor = BudgetView { records: 0, budget: Cents(13_749_999), unreserved: Cents(13_749_999) };
    let short = Event::Proposed(Act::FinalizeAward { award_ref: AwardRef([1; 16]), budget: poor });
    assert_eq!(forged(&mut p, 0, Adjudicator, short, None).await?, "budget-short");
    let rich = BudgetView { records: 0, budget: Cents(u64::MAX), unreserved: Cents(u64::MAX) };
    let fine = Act::FinalizeAward { award_ref: AwardRef([1; 16]), budget: rich };
    p.both((0, Adjudicator), (1, Adjudicator), fine).await?;
    let zero = Digest([0; 32]);
    let order = AwardOrder { award_ref: AwardRef([1; 16]), amount: Cents(13_750_000), batch: zero, policy: zero };
    let signed = Event::OrderSigned { order, signature: Signature([0; 64]) };
    assert_eq!(forged(&mut p, 0, Adjudicator, signed, None).await?, "no-token-request");
    assert_eq!(forged(&mut p, 0, Adjudicator, Event::Paid { records: Vec::new() }, None).await?, "not-issued");

    // A colleague leaves: nothing more is written until the key is turned, and nothing at all by whoever left.
    p.event(2, Investigator, Event::Recused { reason: "a cousin".into() }).await?;
    assert_eq!(forged(&mut p, 2, Investigator, tagged(), None).await?, "recused");
    Ok(())
}

/// A case that is closed: what would open or destroy it out of turn.
#[tokio::test]
async fn no_forged_entry_reopens_or_purges_a_closed_case() -> Result<()> {
    use RoleName::{Adjudicator, Triager};
    let mut p = Programme::start(250).await?;
    let (_, master) = new_source();
    p.file_tip(&master, form(Vec::new())).await?;
    p.advance(&master, None, Stage::Acknowledged).await?;
    for n in [0, 1] {
        p.act(n, Triager, |_| Some(Command::DeclareNoConflict)).await?;
    }
    p.event(0, Triager, Event::TriageOpened).await?;
    p.both((0, Triager), (1, Triager), Act::Close { reason: CloseReason::Informative }).await?;
    let reopen = || Event::Proposed(Act::Reopen { reason: "x".into() });
    assert_eq!(forged(&mut p, 0, Triager, reopen(), None).await?, "no-new-evidence");
    assert_eq!(forged(&mut p, 0, Adjudicator, Event::Proposed(Act::Purge), None).await?, "retention-running");
    p.both((0, Adjudicator), (1, Adjudicator), hold()).await?;
    assert_eq!(forged(&mut p, 0, Adjudicator, Event::Proposed(Act::Purge), None).await?, "legal-hold");
    p.now += 200 * 86_400;
    let late = Event::Proposed(Act::ExtendFeedback { reason: "x".into() });
    assert_eq!(forged(&mut p, 0, Triager, late, None).await?, "deadline-passed");
    Ok(())
}
