//! A whole case, step by step: each method is what a person of that role does, with the real engines.

use anyhow::{Context, Result, bail, ensure};
use subrosa_casework::{
    award::SourceAct,
    bytes::{AwardRef, Digest},
    case::{
        AccusedHeard, Act, Case, CheckReport, CloseReason, Command, Event, Evidence, MessageKind, Pinned,
        RetaliationAnswers, State, Step, TriageSet, Verdict,
    },
    journal::Replay,
    money::Cents,
    policy::{AwardInputs, SanctionInput},
    role::RoleName,
    words::{Heading, SignedWords},
};
use subrosa_crypto::{
    delivery::Capability,
    file::{FileDecoder, FileEncoder, FileManifest, FileSecret, Fingerprint},
    log::charter_digest,
    passphrase::MasterKey,
    token::Token,
    wire::JournalId,
};
use subrosa_engine::{
    api::Fetched,
    message::{AwardNotice, Message},
    officer::{Letter, claim_statement, notice},
    session::{Saved, Session},
    source::{Filed, Inbox, Source, TipForm, claim_key},
    treasury::{
        self, BountyError, News, PaymentError, Treasury,
        rail::{Details, Payment, instruction::PayoutInstruction, pain001::Sepa},
    },
};

use crate::{
    programme::{PROGRAMME, Programme, Stored, random_bytes, rng, stored},
    wire::Wire,
};

/// A stage that [`Programme::advance`] can reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Every officer has the tip, and it stands in the journal.
    Received,
    /// The source was told so, and has acknowledged.
    Acknowledged,
    /// Two triagers took the case on.
    Accepted,
    /// Two adjudicators found it shown, and the claim window is open.
    ClaimOpen,
    /// The source claimed; an amount is proposed.
    AwardProposed,
    /// The source agreed; two adjudicators made it final, and the source knows.
    AwardFinal,
    /// The source asked for tokens, two adjudicators signed the order, the administrators have it.
    Ordered,
    /// All administrators signed, the source holds the tokens, the case says paid.
    Issued,
}

/// The amount that the default policy gives for [`award_inputs`]: euro cents.
pub const AWARD: u64 = 13_750_000;
/// The programme's budget: euro cents.
pub const BUDGET: u64 = 500_000_000;

/// What a tip of the proofs says.
pub fn form(files: Vec<FileManifest>) -> TipForm {
    TipForm {
        regime: "compute-thresholds".into(),
        answers: [("how-do-you-know".into(), "I kept the scheduler running".into())].into(),
        narrative: "A training run above the threshold was never notified.".into(),
        files,
        first_state: 0,
    }
}

/// A sanction of 1.1 million with three lowering factors: 12.5 % of it is 137,500.
pub fn award_inputs() -> AwardInputs {
    AwardInputs {
        sanction: Some(SanctionInput { collected: Cents(110_000_000), own_part: Cents(0), up: 0, down: 3 }),
        budget: Cents(BUDGET),
        unreserved: Cents(BUDGET),
        ..AwardInputs::default()
    }
}

/// Where the money goes.
pub fn payout() -> Result<PayoutInstruction, PaymentError> {
    payout_to("Kanzlei Beispiel Anderkonto")
}

/// Where the money goes: to somebody of this name.
fn payout_to(payee: &str) -> Result<PayoutInstruction, PaymentError> {
    let typed = |name: &str| match name {
        "payee" => Some(payee),
        "iban" => Some("DE02120300000000202051"),
        "bic" => Some("BYLADEM1001"),
        "country" => Some("DE"),
        "town" => Some("Berlin"),
        "reference" => Some("File 4711"),
        _ => None,
    };
    PayoutInstruction::typed(&Sepa, |f| typed(f.name).map(ToOwned::to_owned))
}

/// A piece of evidence of this origin; its number makes it distinct.
pub fn exhibit(n: u8, origin: &str) -> Event {
    Event::EvidenceAdded(Evidence {
        name: format!("exhibit {n}"),
        media: "application/pdf".into(),
        size: 1,
        sha256: Digest([n; 32]),
        origin: origin.into(),
        derived_from: None,
        readers: None,
    })
}

fn pack() -> Pinned {
    Pinned { id: "compute-thresholds".into(), version: 1, digest: Digest([3; 32]) }
}

impl Programme {
    /// Files a tip to every intake officer.
    pub async fn file_tip(&self, master: &MasterKey, form: TipForm) -> Result<(Source<Wire>, Filed)> {
        let directory = self.newest().await?;
        let filed = Source::file_tip(self.api(), directory, master.clone(), form, self.now, &mut rng()).await?;
        Ok(filed)
    }

    /// The source comes back with nothing but its passphrase.
    pub async fn source(&self, master: &MasterKey) -> Result<Source<Wire>> {
        Ok(Source::restore(self.api(), self.newest().await?, master.clone(), &mut rng()).await?)
    }

    /// Seals a file and puts its blobs on the server.
    pub async fn upload(&self, name: &str, media: &str, content: &[u8]) -> Result<FileManifest> {
        let manifest = FileManifest::new(name, media, Fingerprint::of(content)?, FileSecret::random(&mut rng()))?;
        let mut encoder = FileEncoder::new(&manifest, content)?;
        let api = self.api();
        while let Some(blob) = encoder.next_blob()? {
            let circuit = self.circuits.fresh();
            let params = api.params(circuit).await?;
            api.put_blob(&params, blob.name, &blob.bytes, circuit).await?;
        }
        Ok(manifest)
    }

    /// Fetches and opens a file; its digest is checked on the way.
    pub async fn download(&self, manifest: &FileManifest) -> Result<Vec<u8>> {
        let mut decoder = FileDecoder::new(manifest, Vec::new());
        for index in 0..manifest.blobs() {
            let capability = Capability::new(manifest.secret().capability(index));
            match self.api().take_blob(&capability, self.circuits.fresh()).await? {
                Fetched::Body(blob) => decoder.push_blob(&blob)?,
                other => bail!("blob {index}: {other:?}"),
            }
        }
        Ok(decoder.finish()?)
    }

    /// Officer `n` comes to work: opens what is new, saves, destroys it on the server, writes it into the journal.
    /// Answers what could not be read.
    pub async fn desk_visit(&mut self, n: usize) -> Result<Vec<String>> {
        let directory = self.directory().await?;
        let (api, ctx, rng) = (self.api(), self.context(&directory), &mut rng());
        let s = &mut Session::new(&api, &self.circuits, rng, self.now, &directory);
        let desk = self.desks.get_mut(n).context("no such desk")?;
        desk.watch_log(&api, &directory, &self.circuits).await?;
        let mut troubles = desk.collect(&api, &self.circuits, directory.log_key(), PROGRAMME).await?;
        Saved::by(&mut Stored(desk), s.rng)?.discard_taken(&api, &self.circuits).await?;
        *desk = stored(desk)?;
        let filed = desk.file_pending(s, &ctx).await?;
        troubles.extend(filed.troubles);
        *desk = stored(desk)?;
        Ok(troubles.iter().map(ToString::to_string).collect())
    }

    /// Every officer comes to work, after everything deposited so far is listed; nothing may be unreadable.
    pub async fn everybody_visits(&mut self) -> Result<()> {
        self.next_epoch().await?;
        for n in 0..self.desks.len() {
            let troubles = self.desk_visit(n).await?;
            ensure!(troubles.is_empty(), "desk {n}: {troubles:?}");
        }
        Ok(())
    }

    /// Officer `n` reads its newest case.
    pub async fn case(&mut self, n: usize) -> Result<Replay> {
        let directory = self.directory().await?;
        let (api, ctx, rng) = (self.api(), self.context(&directory), &mut rng());
        let s = &mut Session::new(&api, &self.circuits, rng, self.now, &directory);
        let desk = self.desks.get_mut(n).context("no such desk")?;
        let newest = desk.cases.len().checked_sub(1).context("no case")?;
        Ok(desk.open(s, newest, &ctx).await?)
    }

    /// Officer `n` decides something in its newest case.
    pub async fn act<'k>(
        &mut self,
        n: usize,
        role: RoleName,
        command: impl FnMut(&Case) -> Option<Command<'k>>,
    ) -> Result<Replay> {
        let directory = self.directory().await?;
        let (api, ctx, rng) = (self.api(), self.context(&directory), &mut rng());
        let s = &mut Session::new(&api, &self.circuits, rng, self.now, &directory);
        let desk = self.desks.get_mut(n).context("no such desk")?;
        let newest = desk.cases.len().checked_sub(1).context("no case")?;
        Ok(desk.act(s, newest, &ctx, role, command).await?)
    }

    /// Officer `n` writes an event in its newest case.
    pub async fn event(&mut self, n: usize, role: RoleName, event: Event) -> Result<Replay> {
        self.act(n, role, |_| Some(Command::Write(event.clone()))).await
    }

    /// A message of the source to officer `n`, as that officer writes it into the newest case, without the way over the
    /// board.
    pub fn said(&self, master: &MasterKey, n: usize, counter: u64, body: &[u8]) -> Result<Event> {
        let desk = self.desks.get(n).context("no such desk")?;
        let case = desk.cases.last().context("no case")?;
        let heading = Heading {
            programme: PROGRAMME,
            journal: JournalId(case.id()),
            counter,
            charter: Digest(charter_digest(&self.charter_bytes)),
            recipients: &[desk.identity.holder()],
        };
        let words = SignedWords::sign(&heading, body.to_vec(), &claim_key(master))?;
        Ok(Event::message_received(words.encode()))
    }

    /// Two officers sign a decision, one after the other.
    pub async fn both(&mut self, first: (usize, RoleName), second: (usize, RoleName), act: Act) -> Result<Replay> {
        let step = act.step();
        self.act(first.0, first.1, |_| Some(Command::Propose(act.clone()))).await?;
        let confirm = |case: &Case| {
            let proposal = step.waiting_in(case)?;
            Some(Command::Confirm { proposal, shown: case.proposal_digest(proposal)? })
        };
        self.act(second.0, second.1, confirm).await
    }

    /// Officer `n` writes to the source of its newest case.
    pub async fn reply(&mut self, n: usize, role: RoleName, kind: MessageKind, message: &Message) -> Result<()> {
        let directory = self.directory().await?;
        let (api, ctx, rng) = (self.api(), self.context(&directory), &mut rng());
        let s = &mut Session::new(&api, &self.circuits, rng, self.now, &directory);
        let desk = self.desks.get_mut(n).context("no such desk")?;
        let newest = desk.cases.len().checked_sub(1).context("no case")?;
        desk.write(s, newest, &ctx, role, Letter { kind, message, leak_checked: true }).await?;
        Saved::by(&mut Stored(desk), s.rng)?.flush(s).await?;
        *desk = stored(desk)?;
        Ok(())
    }

    /// Officer `n` tells the source where the case stands.
    pub async fn tell(&mut self, n: usize, role: RoleName, text: &str, award: Option<AwardNotice>) -> Result<()> {
        let state = self.case(n).await?.case().state();
        self.reply(n, role, MessageKind::Text, &notice(state, text, award)).await
    }

    /// The source returns once everything is listed, reads, and acknowledges. Answers the source and what it read.
    pub async fn source_reads(&self, master: &MasterKey) -> Result<(Source<Wire>, Vec<Message>)> {
        self.next_epoch().await?;
        let mut source = self.source(master).await?;
        let inbox = source.inbox().await?;
        ensure!(inbox.troubles.is_empty(), "{:?}", inbox.troubles);
        let read = messages(&inbox);
        source.acknowledge(inbox, &mut rng()).await?;
        Ok((source, read))
    }

    /// The source returns and says something with its claim key.
    pub async fn source_states(&self, master: &MasterKey, act: SourceAct) -> Result<()> {
        self.next_epoch().await?;
        let mut source = self.source(master).await?;
        Ok(source.state_act(act, &mut rng()).await?)
    }

    /// As many administrators as it takes state that the programme has its budget.
    pub async fn fund(&self) -> Result<()> {
        let (api, directory) = (self.api(), self.directory().await?);
        for treasury in self.treasuries.iter().take(usize::from(directory.threshold())) {
            let rng = &mut rng();
            let s = &mut Session::new(&api, &self.circuits, rng, self.now, &directory);
            let mut treasury = stored(treasury)?;
            treasury.fund(s, Cents(BUDGET), "Grant 2026").await?;
        }
        Ok(())
    }

    /// Administrator `n` looks what is new.
    pub async fn treasury_visit(&mut self, n: usize) -> Result<News> {
        let directory = self.directory().await?;
        let (api, rng) = (self.api(), &mut rng());
        let s = &mut Session::new(&api, &self.circuits, rng, self.now, &directory);
        let treasury = self.treasuries.get_mut(n).context("no such treasury")?;
        let news = treasury.inbox(s).await?;
        Saved::by(&mut Stored(treasury), s.rng)?.discard_taken(&api, &self.circuits).await?;
        Saved::by(&mut Stored(treasury), s.rng)?.commit(s).await?;
        *treasury = stored(treasury)?;
        Ok(news)
    }

    /// Administrator `n` signs the tokens of an award and delivers the answer.
    pub async fn sign_tokens(&mut self, n: usize, award: &AwardRef) -> Result<()> {
        let directory = self.directory().await?;
        let (api, rng) = (self.api(), &mut rng());
        let s = &mut Session::new(&api, &self.circuits, rng, self.now, &directory);
        let treasury = self.treasuries.get_mut(n).context("no such treasury")?;
        treasury.sign(s, award).await?;
        Saved::by(&mut Stored(treasury), s.rng)?.deliver(s).await?;
        *treasury = stored(treasury)?;
        Ok(())
    }

    /// A stranger shows tokens.
    pub async fn redeem(&self, tokens: &[Token]) -> Result<()> {
        self.redeem_to(tokens, "Kanzlei Beispiel Anderkonto").await
    }

    /// A stranger shows tokens, to be paid to somebody of this name.
    pub async fn redeem_to(&self, tokens: &[Token], payee: &str) -> Result<()> {
        let directory = self.directory().await?;
        let payout = payout_to(payee)?;
        treasury::redeem::redeem(&self.api(), &directory, tokens, &payout, self.now, &mut rng()).await?;
        Ok(())
    }

    /// Administrator `n` recognises a redemption, and proves it if enough others have reserved its tokens.
    pub async fn verify(&mut self, n: usize, context: &Digest) -> Result<treasury::Stage, BountyError> {
        let api = self.api();
        let directory = self.directory().await.map_err(|_| BountyError::NotInCharter)?;
        let treasury = self.treasuries.get_mut(n).ok_or(BountyError::Unknown("treasury"))?;
        let (keystore, rng) = (&mut Stored(treasury), &mut rng());
        let mut session = Session::new(&api, &self.circuits, rng, self.now, &directory);
        treasury::verify(keystore, &mut session, context).await
    }

    /// Administrator `n` releases the money; answers what is in the payment file.
    pub async fn pay(&mut self, n: usize, context: &Digest) -> Result<String, BountyError> {
        self.pay_from(n, context, &self.debtor()?).await
    }

    /// The same, from an account of one's choice.
    pub async fn pay_from(&mut self, n: usize, context: &Digest, debtor: &Details) -> Result<String, BountyError> {
        let api = self.api();
        let directory = self.directory().await.map_err(|_| BountyError::NotInCharter)?;
        let treasury = self.treasuries.get_mut(n).ok_or(BountyError::Unknown("treasury"))?;
        let mut rng = rng();
        let mut session = Session::new(&api, &self.circuits, &mut rng, self.now, &directory);
        let Payment::File(file) = treasury.pay(&mut session, context, Some(debtor)).await?;
        Ok(String::from_utf8_lossy(&file.bytes).into_owned())
    }

    /// Administrator `n` states that the money has arrived.
    pub async fn settle(&self, n: usize, context: &Digest) -> Result<(), BountyError> {
        let api = self.api();
        let directory = self.directory().await.map_err(|_| BountyError::NotInCharter)?;
        let treasury = self.treasuries.get(n).and_then(|t| stored(t).ok());
        let mut treasury: Treasury = treasury.ok_or(BountyError::Unknown("treasury"))?;
        treasury.settle(&mut Session::new(&api, &self.circuits, &mut rng(), self.now, &directory), context).await
    }

    /// The payment that administrator `n`'s keystore makes of a redemption, whoever is to have it.
    pub fn payment(&self, n: usize, context: &Digest) -> Result<String> {
        let all = self.treasuries.get(n).into_iter().flat_map(|t| &t.redemptions);
        let received = all.into_iter().find(|r| r.context == *context).context("no such redemption")?;
        let Payment::File(file) = received.payment(&self.debtor()?, self.now)?;
        Ok(String::from_utf8_lossy(&file.bytes).into_owned())
    }

    /// Takes a filed tip from where it is to `stage`, by the shortest honest way. `from` is the last stage reached
    /// before.
    pub async fn advance(&mut self, master: &MasterKey, from: Option<Stage>, stage: Stage) -> Result<()> {
        let all = [
            Stage::Received,
            Stage::Acknowledged,
            Stage::Accepted,
            Stage::ClaimOpen,
            Stage::AwardProposed,
            Stage::AwardFinal,
            Stage::Ordered,
            Stage::Issued,
        ];
        for next in all.into_iter().filter(|s| from.is_none_or(|f| *s > f) && *s <= stage) {
            self.step(master, next).await.with_context(|| format!("on the way to {next:?}"))?;
        }
        Ok(())
    }

    async fn step(&mut self, master: &MasterKey, to: Stage) -> Result<()> {
        use RoleName::{Adjudicator, Triager};
        match to {
            Stage::Received => self.everybody_visits().await,
            Stage::Acknowledged => {
                let hello = notice(State::Received, "Your tip has arrived.", None);
                self.reply(0, Triager, MessageKind::Acknowledgement, &hello).await?;
                let (_, read) = self.source_reads(master).await?;
                ensure!(read.len() == 1, "{} messages", read.len());
                Ok(())
            }
            Stage::Accepted => self.accept().await,
            Stage::ClaimOpen => self.substantiate().await,
            Stage::AwardProposed => {
                self.source_states(master, SourceAct::Claim).await?;
                self.everybody_visits().await?;
                let statement = claim_statement(self.case(0).await?.case()).context("the claim did not arrive")?;
                let claim = Event::ClaimFiled { statement, eligibility: Default::default() };
                self.event(0, Adjudicator, claim).await?;
                let policy = self.policy.digest();
                let propose = |_: &Case| Some(Command::ProposeAward { policy, inputs: award_inputs() });
                self.act(0, Adjudicator, propose).await?;
                Ok(())
            }
            Stage::AwardFinal => self.finalize(master).await,
            Stage::Ordered => self.order(master).await,
            Stage::Issued => self.issue(master).await,
        }
    }

    /// Triage, and two triagers' decision to take the case on.
    pub async fn accept(&mut self) -> Result<()> {
        use RoleName::{Investigator, Triager};
        for (n, role) in [(0, Triager), (1, Triager), (2, Investigator)] {
            self.act(n, role, |_| Some(Command::DeclareNoConflict)).await?;
        }
        self.event(0, Triager, Event::TriageOpened).await?;
        let set = TriageSet { pack: pack(), class: "unnotified-run".into(), jurisdiction: "EU".into(), severity: 4 };
        self.event(0, Triager, Event::TriageSet(set)).await?;
        let answers = RetaliationAnswers { guessable: 2, power: 3, ..Default::default() };
        self.event(0, Triager, Event::RetaliationAssessed(answers)).await?;
        let replay = self.both((0, Triager), (1, Triager), Act::Accept).await?;
        ensure!(replay.case().state() == State::Accepted);
        Ok(())
    }

    /// Investigation, two adjudicators' findings, and the claim window.
    pub async fn substantiate(&mut self) -> Result<()> {
        use RoleName::{Adjudicator, Investigator, Triager};
        let report = CheckReport {
            pack: pack(),
            steps: Vec::new(),
            verdict: Verdict::Inconsistent,
            because: "the run is above the threshold and was not notified".into(),
        };
        self.event(0, Triager, Event::MachineChecked(report)).await?;
        self.event(2, Investigator, Event::InvestigationOpened).await?;
        for (n, origin) in [(1, "source"), (2, "power company")] {
            self.event(2, Investigator, exhibit(n, origin)).await?;
        }
        let heard = AccusedHeard::SafetyWaiver("it would name the source".into());
        self.event(2, Investigator, Event::AccusedHeard(heard)).await?;
        let act = Act::Substantiate { findings: "the run happened".into() };
        let replay = self.both((0, Adjudicator), (1, Adjudicator), act).await?;
        ensure!(replay.case().state() == State::Substantiated);
        let opened = Event::ClaimWindowOpened { notice: Digest([9; 32]) };
        self.event(0, Adjudicator, opened).await?;
        self.tell(0, Adjudicator, "You may claim the award now.", None).await
    }

    async fn finalize(&mut self, master: &MasterKey) -> Result<()> {
        use RoleName::Adjudicator;
        let amount = self.case(0).await?.case().award().context("no award")?.amount;
        self.source_states(master, SourceAct::AcceptAward { amount }).await?;
        self.everybody_visits().await?;
        self.fund().await?;
        let view = self.view().await?;
        let budget = view.audit.ledger.budget_view(view.records.len() as u64);
        let reference: [u8; 16] = random_bytes(16).try_into().ok().context("length")?;
        let act = Act::FinalizeAward { award_ref: AwardRef(reference), budget };
        let replay = self.both((0, Adjudicator), (1, Adjudicator), act).await?;
        ensure!(replay.case().state() == State::AwardFinal);
        let award = AwardNotice { reference: AwardRef(reference), amount_cents: amount.0 };
        self.tell(0, Adjudicator, "The award is final.", Some(award)).await?;
        self.source_reads(master).await?;
        Ok(())
    }

    async fn order(&mut self, master: &MasterKey) -> Result<()> {
        self.next_epoch().await?;
        self.source(master).await?.request_tokens(&mut rng()).await?;
        self.order_requested().await
    }

    /// The officers find the source's token request; two adjudicators sign the order, and every administrator gets it.
    pub async fn order_requested(&mut self) -> Result<()> {
        use RoleName::Adjudicator;
        self.everybody_visits().await?;
        for n in 0..2 {
            let key = self.desks.get(n).context("no such desk")?.identity.signer();
            self.act(n, Adjudicator, |_| Some(Command::SignOrder { key: &key })).await?;
        }
        let directory = self.directory().await?;
        let (api, ctx, rng) = (self.api(), self.context(&directory), &mut rng());
        let s = &mut Session::new(&api, &self.circuits, rng, self.now, &directory);
        let desk = self.desks.get_mut(0).context("no such desk")?;
        let newest = desk.cases.len().checked_sub(1).context("no case")?;
        let shown = desk.open(s, newest, &ctx).await?.case().basis(Step::Deliver);
        let sent = desk.deliver_order(s, newest, &ctx, shown).await?;
        ensure!(sent == self.treasuries.len());
        self.next_epoch().await?;
        for n in 0..self.treasuries.len() {
            let news = self.treasury_visit(n).await?;
            ensure!(news.orders.len() == 1 && news.troubles.is_empty(), "{news:?}");
        }
        Ok(())
    }

    async fn issue(&mut self, master: &MasterKey) -> Result<()> {
        let award = self.case(0).await?.case().award().and_then(|a| a.award_ref).context("no award")?;
        for n in 0..self.treasuries.len() {
            self.sign_tokens(n, &award).await?;
        }
        self.next_epoch().await?;
        let mut source = self.source(master).await?;
        ensure!(source.collect_tokens(&mut rng()).await? == self.treasuries.len());
        self.note_paid(&award).await
    }

    /// The case learns from the public records that its tokens were issued.
    pub async fn note_paid(&mut self, award: &AwardRef) -> Result<()> {
        let directory = self.directory().await?;
        let desk = self.desks.first().context("no desk")?;
        let records = desk
            .issued_records(&mut Session::new(&self.api(), &self.circuits, &mut rng(), self.now, &directory), award)
            .await?;
        let replay = self.event(0, RoleName::Adjudicator, Event::Paid { records }).await?;
        ensure!(replay.case().state() == State::Paid);
        Ok(())
    }

    /// Two triagers close the case in triage as merely informative: the shortest way to an end.
    pub async fn close(&mut self) -> Result<()> {
        use RoleName::Triager;
        for n in 0..2 {
            self.act(n, Triager, |_| Some(Command::DeclareNoConflict)).await?;
        }
        self.event(0, Triager, Event::TriageOpened).await?;
        let act = Act::Close { reason: CloseReason::Informative };
        let replay = self.both((0, Triager), (1, Triager), act).await?;
        ensure!(replay.case().state() == State::Closed);
        Ok(())
    }

    /// Two officers confirm the purge, and every desk carries it out.
    pub async fn purge(&mut self) -> Result<()> {
        use RoleName::Triager;
        let replay = self.both((0, Triager), (1, Triager), Act::Purge).await?;
        ensure!(replay.case().state() == State::Purged);
        let directory = self.directory().await?;
        let (api, ctx, rng) = (self.api(), self.context(&directory), &mut rng());
        let s = &mut Session::new(&api, &self.circuits, rng, self.now, &directory);
        for desk in &mut self.desks {
            let newest = desk.cases.len().checked_sub(1).context("no case")?;
            desk.purge(s, newest, &ctx).await?;
            *desk = stored(desk)?;
        }
        Ok(())
    }
}

/// The messages of an inbox.
pub fn messages(inbox: &Inbox) -> Vec<Message> {
    inbox.unread.iter().map(|u| u.message.clone()).collect()
}
