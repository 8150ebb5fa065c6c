//! A small programme for tests: three officers, three administrators, one source, and a journal as the server would
//! keep it.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic, reason = "tests")]

use std::{collections::BTreeSet, sync::LazyLock};

use subrosa_casework::{
    access::CaseAccess,
    award::{SourceAct, SourceStatement},
    bytes::{AwardRef, Blob, CaseSecret, Digest, Nonce},
    case::{
        Case, Command, Context, Event, Evidence, Pinned, Programme, Received, RetaliationAnswers, TriageSet, Wrap,
        decide, message_digest,
    },
    journal::{CaseKey, PassedOver, Replay},
    money::Cents,
    policy::{AwardInputs, Policy, SanctionInput},
    records::{LedgerBody, Movement},
    refusal::{Refusal, Rule},
    role::{Adjudicator, Investigator, Member, Members, Role, RoleName, Triager},
    words::{Heading, SignedWords, meeting},
};
use subrosa_crypto::{
    secret::Secret32,
    sign::{Domain, HolderId, SigningKey},
    wire::{JournalId, PublicRecord, RecordKind},
};

/// 2026-08-31 12:00 UTC.
pub(crate) const T0: u64 = 1_788_177_600;
pub(crate) const DAY: u64 = 86_400;
/// The secret of the tip.
pub(crate) const SECRET: [u8; 32] = [7; 32];
/// The programme's id.
pub(crate) const PROGRAMME: &str = "whistle.example/demo";
/// Where that secret and the source's claim key lead.
pub(crate) static JOURNAL: LazyLock<JournalId> =
    LazyLock::new(|| meeting(&Secret32::new(SECRET), &key(99).verifying_key()).0);

/// The case's key of a later generation.
pub(crate) fn case_key(generation: u32) -> CaseKey {
    CaseKey { generation, key: Secret32::new([42 + generation as u8; 32]) }
}

pub(crate) fn key(n: u8) -> SigningKey {
    SigningKey::from_seed(&Secret32::new([n; 32]))
}

pub(crate) struct World {
    pub(crate) members: Members,
    pub(crate) programme: Programme,
    pub(crate) policies: Vec<Policy>,
    pub(crate) officers: Vec<SigningKey>,
    pub(crate) admins: Vec<SigningKey>,
    pub(crate) source: SigningKey,
    pub(crate) keys: Vec<CaseKey>,
    pub(crate) entries: Vec<Vec<u8>>,
    pub(crate) replay: Replay,
    pub(crate) now: u64,
    pub(crate) nonce: u8,
    pub(crate) counter: u64,
}

impl World {
    pub(crate) fn new() -> Self {
        Self::of(key(99))
    }

    /// The case of another source.
    pub(crate) fn of(source: SigningKey) -> Self {
        let (journal, access) = meeting(&Secret32::new(SECRET), &source.verifying_key());
        let officers: Vec<_> = (1..=4).map(key).collect();
        let admins: Vec<_> = (11..=13).map(key).collect();
        let all = BTreeSet::from([RoleName::Triager, RoleName::Investigator, RoleName::Adjudicator]);
        let member = |k: &SigningKey, roles: &BTreeSet<RoleName>| Member {
            key: k.verifying_key(),
            roles: roles.clone(),
            from: 0,
            until: None,
        };
        let finance = BTreeSet::from([RoleName::Finance]);
        let members =
            Members::new(officers.iter().map(|k| member(k, &all)).chain(admins.iter().map(|k| member(k, &finance))));
        Self {
            members,
            programme: Programme { id: PROGRAMME.into(), ..Programme::default() },
            policies: vec![Policy::from_toml(Policy::PRESETS[0].1).unwrap()],
            officers,
            admins,
            source,
            keys: core::iter::once(access.key).chain((1..10).map(case_key)).collect(),
            entries: Vec::new(),
            replay: Replay::new(journal),
            now: T0,
            nonce: 0,
            counter: 0,
        }
    }

    pub(crate) fn id(&self, n: usize) -> HolderId {
        self.officers[n].verifying_key().holder_id()
    }

    pub(crate) fn case(&self) -> &Case {
        self.replay.case()
    }

    pub(crate) fn ctx(&self) -> Context<'_> {
        Context { members: &self.members, programme: &self.programme, policies: &self.policies }
    }

    /// Decides as officer `n` in role `R` and appends what follows.
    pub(crate) fn run<R: Role>(&mut self, n: usize, command: Command<'_>) -> Result<u64, Refusal> {
        let who = self.members.authorise::<R>(&self.officers[n], self.now)?;
        let events = decide(self.replay.case(), &who, command, &self.ctx(), self.replay.seq(), self.now)?;
        let mut at = 0;
        for event in events {
            at = self.replay.seq();
            assert_eq!(self.force(n, R::NAME, event), None, "a decided event was refused when it was read back");
        }
        Ok(at)
    }

    pub(crate) fn write<R: Role>(&mut self, n: usize, event: Event) -> Result<u64, Refusal> {
        self.run::<R>(n, Command::Write(event))
    }

    /// Appends an event without asking any rule, as somebody with a patched program would.
    pub(crate) fn force(&mut self, n: usize, role: RoleName, event: Event) -> Option<PassedOver> {
        let key = self.officers[n].clone();
        self.force_as(&key, role, event)
    }

    pub(crate) fn force_as(&mut self, key: &SigningKey, role: RoleName, event: Event) -> Option<PassedOver> {
        self.nonce = self.nonce.wrapping_add(1);
        let entry = self.replay.write(role, event, key, &self.keys, &[self.nonce; 24], self.now).unwrap();
        self.push(entry)
    }

    pub(crate) fn push(&mut self, entry: impl Into<Vec<u8>>) -> Option<PassedOver> {
        let entry = entry.into();
        let ctx = Context { members: &self.members, programme: &self.programme, policies: &self.policies };
        let passed = self.replay.push(&entry, &self.keys, &ctx, self.now).unwrap().cloned();
        self.entries.push(entry);
        passed
    }

    pub(crate) fn received(&self) -> Event {
        let tip = self.words(0, b"the tip", &self.source);
        Event::Received(Received {
            case_secret: CaseSecret(Secret32::new(SECRET)),
            claim_key: self.source.verifying_key(),
            receipt: Digest([1; 32]),
            digest: message_digest(&tip),
            tip: Blob(tip),
            received_at: self.now,
            team: (0..3).map(|n| self.id(n)).collect(),
        })
    }

    /// Words for the first three officers, signed by `key` as the source's number `counter`.
    pub(crate) fn words(&self, counter: u64, body: &[u8], key: &SigningKey) -> Vec<u8> {
        let recipients: Vec<HolderId> = (0..3).map(|n| self.id(n)).collect();
        let heading = Heading {
            programme: PROGRAMME,
            journal: self.case().id(),
            counter,
            charter: Digest([6; 32]),
            recipients: &recipients,
        };
        SignedWords::sign(&heading, body.to_vec(), key).unwrap().encode()
    }

    /// The source's next message.
    pub(crate) fn said(&mut self, body: &[u8]) -> Event {
        self.counter += 1;
        Event::message_received(self.words(self.counter, body, &self.source))
    }

    /// The entry that turns the key to `generation`, for these officers.
    pub(crate) fn turn(&self, generation: u32, officers: &[usize]) -> Event {
        let wraps = officers
            .iter()
            .map(|n| Wrap { holder: self.id(*n), sealed: Blob(vec![u8::try_from(*n).unwrap_or(0)]) })
            .collect();
        let access = CaseAccess { key: case_key(generation), capability: Secret32::new([1; 32]) };
        Event::KeyTurned(access.turned(&self.case().id(), wraps))
    }

    pub(crate) fn says(&mut self, act: SourceAct) -> SourceStatement {
        self.nonce = self.nonce.wrapping_add(1);
        SourceStatement::sign(act, Nonce([self.nonce; 16]), &self.case().id(), &self.source)
    }

    pub(crate) fn pack() -> Pinned {
        Pinned { id: "compute-thresholds".into(), version: 1, digest: Digest([3; 32]) }
    }

    pub(crate) fn triage_set() -> Event {
        Event::TriageSet(TriageSet {
            pack: Self::pack(),
            class: "unnotified-run".into(),
            jurisdiction: "EU".into(),
            severity: 4,
        })
    }

    pub(crate) fn evidence(n: u8, origin: &str) -> Event {
        Event::EvidenceAdded(Evidence {
            name: format!("file {n}"),
            media: "application/pdf".into(),
            size: 1,
            sha256: Digest([n; 32]),
            origin: origin.into(),
            derived_from: None,
            readers: None,
        })
    }

    pub(crate) fn check() -> Event {
        Event::MachineChecked(subrosa_casework::case::CheckReport {
            pack: Self::pack(),
            steps: Vec::new(),
            verdict: subrosa_casework::case::Verdict::Inconsistent,
            because: "test".into(),
        })
    }

    /// A sanction of 1.1 million with three lowering factors: 12.5 % of it is 137,500.
    pub(crate) fn inputs() -> AwardInputs {
        AwardInputs {
            sanction: Some(SanctionInput { collected: Cents(110_000_000), own_part: Cents(0), up: 0, down: 3 }),
            budget: Cents(500_000_000),
            unreserved: Cents(500_000_000),
            ..AwardInputs::default()
        }
    }

    pub(crate) fn reach_received(&mut self) {
        let event = self.received();
        self.write::<Triager>(0, event).unwrap();
        let event = self.turn(1, &[0, 1, 2]);
        self.write::<Triager>(0, event).unwrap();
    }

    pub(crate) fn reach_triage(&mut self) {
        self.reach_received();
        self.run::<Triager>(0, Command::Acknowledge { body: b"it is here".to_vec() }).unwrap();
        for n in 0..3 {
            self.run::<Triager>(n, Command::DeclareNoConflict).unwrap();
        }
        self.write::<Triager>(0, Event::TriageOpened).unwrap();
    }

    /// Proposed by one officer, confirmed by another.
    pub(crate) fn both<A: Role, B: Role>(
        &mut self,
        first: usize,
        second: usize,
        act: subrosa_casework::case::Act,
    ) -> Result<u64, Refusal> {
        let proposal = self.run::<A>(first, Command::Propose(act))?;
        self.confirm::<B>(second, proposal)
    }

    /// Signs second what the case shows at this entry.
    pub(crate) fn confirm<R: Role>(&mut self, n: usize, proposal: u64) -> Result<u64, Refusal> {
        let shown = self.case().proposal_digest(proposal).ok_or(Rule::NoSuchProposal)?;
        self.run::<R>(n, Command::Confirm { proposal, shown })
    }

    pub(crate) fn reach_accepted(&mut self) {
        self.reach_triage();
        self.write::<Triager>(0, Self::triage_set()).unwrap();
        let answers = RetaliationAnswers { guessable: 2, power: 3, ..Default::default() };
        self.write::<Triager>(0, Event::RetaliationAssessed(answers)).unwrap();
        self.both::<Triager, Triager>(0, 1, subrosa_casework::case::Act::Accept).unwrap();
    }

    pub(crate) fn reach_investigating(&mut self) {
        self.reach_accepted();
        self.write::<Triager>(0, Self::check()).unwrap();
        self.write::<Investigator>(2, Event::InvestigationOpened).unwrap();
    }

    /// All that two adjudicators need to find the violation shown.
    pub(crate) fn reach_substantiated_but_unsigned(&mut self) {
        self.reach_investigating();
        self.write::<Investigator>(2, Self::evidence(1, "source")).unwrap();
        self.write::<Investigator>(2, Self::evidence(2, "power company")).unwrap();
        let heard = subrosa_casework::case::AccusedHeard::SafetyWaiver("it would name the source".into());
        self.write::<Investigator>(2, Event::AccusedHeard(heard)).unwrap();
    }

    pub(crate) fn reach_substantiated(&mut self) {
        self.reach_substantiated_but_unsigned();
        let act = subrosa_casework::case::Act::Substantiate { findings: "the run happened".into() };
        self.both::<Adjudicator, Adjudicator>(0, 1, act).unwrap();
    }

    pub(crate) fn reach_claim_open(&mut self) {
        self.reach_substantiated();
        self.write::<Adjudicator>(0, Event::ClaimWindowOpened { notice: Digest([9; 32]) }).unwrap();
    }

    pub(crate) fn claim(&mut self) {
        let statement = self.says(SourceAct::Claim);
        let event = Event::ClaimFiled { statement, eligibility: Default::default() };
        self.write::<Adjudicator>(0, event).unwrap();
    }

    pub(crate) fn reach_award_proposed(&mut self) {
        self.reach_claim_open();
        self.claim();
        let policy = self.policies[0].digest();
        self.run::<Adjudicator>(0, Command::ProposeAward { policy, inputs: Self::inputs() }).unwrap();
    }

    pub(crate) fn budget() -> subrosa_casework::case::BudgetView {
        subrosa_casework::case::BudgetView { records: 2, budget: Cents(500_000_000), unreserved: Cents(500_000_000) }
    }

    pub(crate) fn final_act() -> subrosa_casework::case::Act {
        subrosa_casework::case::Act::FinalizeAward { award_ref: AwardRef([5; 16]), budget: Self::budget() }
    }

    pub(crate) fn reach_award_final(&mut self) {
        self.reach_award_proposed();
        let amount = self.case().award().unwrap().amount;
        let statement = self.says(SourceAct::AcceptAward { amount });
        self.write::<Adjudicator>(0, Event::SourceStated(statement)).unwrap();
        self.both::<Adjudicator, Adjudicator>(0, 1, Self::final_act()).unwrap();
    }

    pub(crate) fn sign_order<R: Role>(&mut self, n: usize) -> Result<u64, Refusal> {
        let key = self.officers[n].clone();
        self.run::<R>(n, Command::SignOrder { key: &key })
    }

    /// The rule that refuses the event, asked twice: of `decide`, and of a reader of a forged entry.
    #[track_caller]
    pub(crate) fn refused<R: Role>(&mut self, n: usize, event: Event) -> Rule {
        let state = self.replay.case().state();
        let decided = self.write::<R>(n, event.clone()).unwrap_err().rule;
        let before = self.replay.case().clone();
        let passed =
            self.force(n, R::NAME, event).unwrap_or_else(|| panic!("a forged entry was taken in {}", state.name()));
        assert_eq!(passed.fault.code(), decided.code());
        assert_eq!(*self.replay.case(), before, "a forged entry changed the case");
        decided
    }
}

/// A public record that `key` signed.
pub(crate) fn record(key: &SigningKey, body: &LedgerBody) -> PublicRecord {
    let mut r = PublicRecord {
        kind: RecordKind::Ledger,
        charter: [0; 32],
        signer: key.verifying_key().holder_id(),
        body: body.to_json().try_into().unwrap(),
        signature: [0; 64],
    };
    r.signature = key.sign(Domain::RECORD, &r.signed_part());
    r
}

/// Administrators state that the tokens of the award were issued.
pub(crate) fn paid_event(w: &World, admins: &[usize], amount: u64) -> Event {
    let body = LedgerBody::of_award(Movement::TokensIssued, AwardRef([5; 16]), Cents(amount));
    Event::Paid { records: admins.iter().map(|n| Blob(record(&w.admins[*n], &body).encode())).collect() }
}
