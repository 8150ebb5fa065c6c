//! From what was typed to what will be signed.

use std::collections::BTreeMap;

use super::super::trouble::Trouble;
use subrosa_casework::{
    bytes::{AwardRef, Digest},
    case::{
        AccusedHeard, Act, AuthorityDecision, BudgetView, Case, CheckReport, CloseReason, Detriment, Disclosure,
        Eligibility, Entity, EntityKind, Event, Evidence, Handling, MessageKind, Position, Relation,
        RetaliationAnswers, SourcePosition, TriageSet, Visibility,
    },
    clock::Date,
    journal::Replay,
    money::{AmountError, Cents, Currency, Money},
    number::Numerals,
    policy::{AwardBreakdown, AwardInputs, ComputeInput, HarmClass, HarmInput, Realised, SanctionInput},
    regime::CheckError,
};
use subrosa_crypto::{kdf, sign::HolderId};

use super::{
    super::{
        routes::{Fields, Visit},
        words,
    },
    Step, form,
};
use subrosa_engine::{
    message::{Message, MessageError},
    officer::{self, claim_statement, files_of},
};

/// What will be done.
#[derive(Clone)]
pub(in super::super) enum Plan {
    /// Declare no conflict.
    Declare,
    /// Write this.
    Event(Box<Event>),
    /// Sign this decision, first or second.
    Two(Box<Act>),
    /// Propose the award that the formula gives.
    Award { policy: Digest, inputs: Box<AwardInputs>, breakdown: AwardBreakdown },
    /// Propose, as a panel, what the formula gives.
    Panel { inputs: Box<AwardInputs>, breakdown: AwardBreakdown, reasons: String },
    /// Propose that the award stands, with a fresh name.
    Finalize { award_ref: AwardRef, budget: BudgetView },
    /// Sign the order.
    SignOrder,
    /// Hand the order to the administrators.
    Deliver,
    /// Bring a colleague in, or send them the keys again.
    Bring(HolderId),
    /// Record that the tokens are issued.
    Paid(AwardRef),
    /// Write to the source.
    Message { kind: MessageKind, text: String },
}

impl Plan {
    /// As the keystore keeps it until the server has it; `None` for what is no entry of its own.
    ///
    /// # Errors
    /// The message is too long.
    pub(in super::super) fn kept(&self, leak_checked: bool) -> Result<Option<officer::Plan>, MessageError> {
        let two = |act: Act| officer::Plan::Two(Box::new(act));
        Ok(Some(match self {
            Self::Declare => officer::Plan::Declare,
            Self::Event(e) => officer::Plan::Event(e.clone()),
            Self::Two(a) => officer::Plan::Two(a.clone()),
            Self::Award { policy, inputs, .. } => officer::Plan::Award { policy: *policy, inputs: **inputs },
            Self::Panel { inputs, breakdown, reasons } => {
                two(Act::DecideContest { inputs: **inputs, amount: breakdown.amount, reasons: reasons.clone() })
            }
            Self::Finalize { award_ref, budget } => two(Act::FinalizeAward { award_ref: *award_ref, budget: *budget }),
            Self::SignOrder => officer::Plan::SignOrder,
            Self::Message { kind, text } => {
                let message = Message::Text { text: text.clone(), files: Vec::new() };
                officer::Plan::Message { kind: *kind, body: message.encode()?.to_vec(), leak_checked }
            }
            Self::Deliver | Self::Bring(_) | Self::Paid(_) => return Ok(None),
        }))
    }

    /// The machine check's report, to be shown before it is stored.
    pub(in super::super) fn report(&self) -> Option<&CheckReport> {
        match self {
            Self::Event(e) => match &**e {
                Event::MachineChecked(report) => Some(report),
                _ => None,
            },
            _ => None,
        }
    }
}

/// What is wrong with what was typed: field, and the sentence.
pub(in super::super) type Problems = Vec<(String, String)>;

struct Reader<'a> {
    visit: &'a Visit,
    fields: &'a Fields,
    problems: Problems,
}

impl Reader<'_> {
    fn wrong(&mut self, name: &str, key: &str) {
        self.problems.push((name.to_owned(), self.visit.t.get(key).to_owned()));
    }

    /// A number that is needed, unless its own fault is told already.
    fn missing(&mut self, name: &str) {
        if self.problems.iter().all(|(told, _)| told != name) {
            self.wrong(name, "wrong-number");
        }
    }

    fn text(&mut self, name: &str) -> String {
        let text = self.fields.get(name).replace("\r\n", "\n");
        if text.is_empty() {
            self.wrong(name, "wrong-empty");
        }
        text
    }

    fn choice<T>(&mut self, name: &str, of: impl Fn(&str) -> Option<T>) -> Option<T> {
        let found = of(self.fields.get(name));
        if found.is_none() {
            self.wrong(name, "wrong-choice");
        }
        found
    }

    fn digest(&mut self, name: &str) -> Digest {
        let mut out = [0; 32];
        if hex::decode_to_slice(self.fields.get(name).to_lowercase(), &mut out).is_err() {
            self.wrong(name, "wrong-digest");
        }
        Digest(out)
    }

    fn number<N: std::str::FromStr + Default>(&mut self, name: &str) -> N {
        match self.fields.get(name) {
            "" => {
                self.wrong(name, "wrong-number");
                N::default()
            }
            _ => self.optional(name).unwrap_or_default(),
        }
    }

    fn optional<N: std::str::FromStr>(&mut self, name: &str) -> Option<N> {
        match self.fields.get(name) {
            "" => None,
            text => match self.visit.t.locale().numbers().read(text) {
                Ok(number) => {
                    let found = number.to_string().parse().ok();
                    if found.is_none() {
                        self.wrong(name, "wrong-number");
                    }
                    found
                }
                Err(e) => {
                    self.problems.push((name.to_owned(), words::number_error(self.visit.t, &e)));
                    None
                }
            },
        }
    }

    /// An amount above zero.
    fn money(&mut self, name: &str) -> Option<Cents> {
        self.amount(name, Money::read)
    }

    /// An amount that may be nothing.
    fn part(&mut self, name: &str) -> Cents {
        self.amount(name, Money::read_or_nothing).unwrap_or(Cents::ZERO)
    }

    fn amount(
        &mut self,
        name: &str,
        read: impl Fn(&str, &Numerals, Currency) -> Result<Money, AmountError>,
    ) -> Option<Cents> {
        let (t, text) = (self.visit.t, self.fields.get(name));
        if text.is_empty() {
            return None;
        }
        match read(text, t.locale().amounts(), Currency::EUR) {
            Ok(money) => Some(money.cents),
            Err(e) => {
                self.problems.push((name.to_owned(), words::amount_error(t, &e)));
                None
            }
        }
    }

    fn case(&mut self, name: &str) -> Digest {
        let digest = self.digest(name);
        if !self.visit.view.cases.contains_key(&digest.0) {
            self.wrong(name, "wrong-choice");
        }
        digest
    }

    fn inputs(&mut self, budget: BudgetView) -> AwardInputs {
        let sanction = self.money("sanction").map(|collected| SanctionInput {
            collected,
            own_part: self.part("own-part"),
            up: self.optional("up").unwrap_or(0),
            down: self.optional("down").unwrap_or(0),
        });
        let compute = match (self.fields.get("flop"), self.fields.get("threshold")) {
            ("", "") => None,
            _ => {
                let flop = self.optional("flop");
                let threshold = self.optional("threshold");
                match (flop, threshold) {
                    (Some(flop), Some(threshold)) => Some(ComputeInput { flop, threshold }),
                    (None, _) => {
                        self.missing("flop");
                        None
                    }
                    (_, None) => {
                        self.missing("threshold");
                        None
                    }
                }
            }
        };
        let harm = match self.fields.get("harm") {
            "" => None,
            class => {
                let class = [HarmClass::H1, HarmClass::H2, HarmClass::H3, HarmClass::H4]
                    .into_iter()
                    .find(|c| words::harm(*c) == class);
                let realised = [Realised::Realised, Realised::NearMiss, Realised::Latent]
                    .into_iter()
                    .find(|r| words::realised(*r) == self.fields.get("realised"));
                match (class, realised) {
                    (Some(class), Some(realised)) => Some(HarmInput { class, realised }),
                    _ => {
                        self.wrong("harm", "wrong-choice");
                        None
                    }
                }
            }
        };
        if sanction.is_none() && compute.is_none() && harm.is_none() && self.problems.is_empty() {
            self.wrong("sanction", "wrong-no-facts");
        }
        AwardInputs {
            sanction,
            compute,
            harm,
            interim: self.part("interim"),
            budget: budget.budget,
            unreserved: budget.unreserved,
        }
    }
}

/// Reads what was typed. `budget` is what the public books say; it is asked for where money is decided.
#[expect(clippy::too_many_lines, reason = "one arm for each act, each of them short")]
pub(in super::super) fn plan(
    step: Step,
    visit: &Visit,
    replay: &Replay,
    fields: &Fields,
    budget: Option<BudgetView>,
) -> Result<Plan, Problems> {
    let case = replay.case();
    let mut r = Reader { visit, fields, problems: Vec::new() };
    let event = |e: Event| Plan::Event(Box::new(e));
    let two = |a: Act| Plan::Two(Box::new(a));
    let plan = match step {
        Step::Acknowledge | Step::Ask | Step::Feedback | Step::Reasons | Step::Write => {
            let kind = step.message_kind().unwrap_or(MessageKind::Text);
            Plan::Message { kind, text: r.text("text") }
        }
        Step::Declare => Plan::Declare,
        Step::Detriment => {
            let day = r.choice("day", Date::parse);
            let (what, message) = (r.text("what"), r.optional("message"));
            match day {
                Some(day) => event(Event::DetrimentNoted(Detriment { day, what, message })),
                None => return Err(r.problems),
            }
        }
        Step::Position => {
            let position = r.choice("position", |v| match v {
                "insider" => Some(Position::Insider),
                "compliance" => Some(Position::Compliance),
                "outsider" => Some(Position::Outsider),
                _ => None,
            });
            let reported_inside = match r.fields.get("inside") {
                "" => None,
                _ => r.choice("inside", Date::parse),
            };
            match position {
                Some(position) if r.problems.is_empty() => {
                    event(Event::PositionStated(SourcePosition { position, reported_inside }))
                }
                _ => return Err(r.problems),
            }
        }
        Step::Disclose => event(Event::Disclosed(Disclosure {
            to: r.text("told-to"),
            what: r.text("told-what"),
            ground: r.text("ground"),
        })),
        Step::Name => {
            let name = r.text("entity");
            let kind = r.choice("kind", |v| match v {
                "person" => Some(EntityKind::Person),
                "organisation" => Some(EntityKind::Organisation),
                "place" => Some(EntityKind::Place),
                _ => None,
            });
            event(Event::EntityNamed(Entity { name, kind: kind.unwrap_or(EntityKind::Person) }))
        }
        Step::OpenTriage => event(Event::TriageOpened),
        Step::Triage => {
            let packs = visit.view.known.as_ref().map(|k| k.policies.packs()).unwrap_or_default();
            let chosen = r.choice("class", |v| {
                let (pack, class) = v.split_once('/')?;
                let pack = packs.iter().find(|p| p.id == pack)?;
                pack.classes.iter().any(|c| c.id == class).then(|| (pack.pinned(), class.to_owned()))
            });
            let jurisdiction = r.text("jurisdiction").to_uppercase();
            if jurisdiction.len() != 2 || !jurisdiction.bytes().all(|b| b.is_ascii_uppercase()) {
                r.wrong("jurisdiction", "wrong-jurisdiction");
            }
            let severity = r.number("severity");
            match chosen {
                Some((pack, class)) => event(Event::TriageSet(TriageSet { pack, class, jurisdiction, severity })),
                None => return Err(r.problems),
            }
        }
        Step::Risk => {
            let answers = RetaliationAnswers {
                guessable: r.number("guessable"),
                power: r.number("power"),
                threatened: r.number("threatened"),
                dependence: r.number("dependence"),
                few_knew: r.number("few-knew"),
            };
            event(Event::RetaliationAssessed(answers))
        }
        Step::Accept => two(Act::Accept),
        Step::Close => {
            let reason = match fields.get("close") {
                "duplicate" => CloseReason::Duplicate { of: r.case("other") },
                "out-of-scope" => CloseReason::OutOfScope,
                "informative" => CloseReason::Informative,
                "abusive" => CloseReason::Abusive,
                "lapsed" => CloseReason::Lapsed,
                _ => {
                    r.wrong("close", "wrong-choice");
                    CloseReason::OutOfScope
                }
            };
            two(Act::Close { reason })
        }
        Step::Check => {
            let Some(pack) = form::pack(&visit.view, case) else {
                r.wrong("on", "wrong-no-pack");
                return Err(r.problems);
            };
            let on = r.choice("on", Date::parse);
            let mut inputs = BTreeMap::new();
            for spec in &pack.inputs {
                let name = format!("in-{}", spec.name);
                let typed = fields.get(&name);
                if typed.is_empty() {
                    continue;
                }
                match pack.read_input(&spec.name, &typed.replace("\r\n", "\n"), visit.t.locale().numbers()) {
                    Ok(input) => {
                        inputs.insert(spec.name.clone(), input);
                    }
                    Err(CheckError::Number(_, e)) => r.problems.push((name, words::number_error(visit.t, &e))),
                    Err(e) => r.problems.push((name, Trouble::of(&e).words(visit.t))),
                }
            }
            let Some(on) = on else { return Err(r.problems) };
            match pack.check(&inputs, on) {
                Ok(report) => event(Event::MachineChecked(report)),
                Err(e) => {
                    r.problems.push(("on".into(), Trouble::of(&e).words(visit.t)));
                    return Err(r.problems);
                }
            }
        }
        Step::Investigate => event(Event::InvestigationOpened),
        Step::Join => event(Event::InvestigatorJoined),
        Step::Evidence => event(evidence(&mut r, case)),
        Step::Handle => {
            let how = r.choice("how", |v| match v {
                "opened" => Some(Handling::Opened),
                "exported" => Some(Handling::Exported),
                "verified" => Some(Handling::Verified),
                _ => None,
            });
            event(Event::EvidenceHandled { item: r.number("item"), how: how.unwrap_or(Handling::Opened) })
        }
        Step::Accused => {
            let words = r.text("words");
            match fields.get("heard") {
                "reply" => event(Event::AccusedHeard(AccusedHeard::Reply(words))),
                "waiver" => event(Event::AccusedHeard(AccusedHeard::SafetyWaiver(words))),
                _ => {
                    r.wrong("heard", "wrong-choice");
                    return Err(r.problems);
                }
            }
        }
        Step::Authority => event(Event::AuthorityDecided(AuthorityDecision {
            authority: r.text("authority"),
            reference: r.text("reference"),
            sha256: r.digest("sha256"),
            sanction: r.money("sanction"),
        })),
        Step::Refer => {
            let duty = Some(fields.get("duty").to_owned()).filter(|d| !d.is_empty());
            two(Act::Refer { authority: r.text("authority"), duty, packet: r.digest("packet") })
        }
        Step::Substantiate => two(Act::Substantiate { findings: r.text("findings") }),
        Step::CloseUnsubstantiated => two(Act::CloseUnsubstantiated { findings: r.text("findings") }),
        Step::OpenClaim => {
            let notice = r.text("notice");
            let notice = Digest(kdf::digest("subrosa/award-notice/v1", &[notice.as_bytes()]));
            event(Event::ClaimWindowOpened { notice })
        }
        Step::FileClaim => {
            let mut yes = |name: &str| {
                r.choice(name, |v| match v {
                    "yes" => Some(true),
                    "no" => Some(false),
                    _ => None,
                })
                .unwrap_or(true)
            };
            let eligibility = Eligibility {
                official: yes("official"),
                programme_staff: yes("programme-staff"),
                compliance_too_early: yes("compliance-too-early"),
                knowingly_false: yes("knowingly-false"),
                review_passed: match fields.get("review") {
                    "passed" => Some(true),
                    "failed" => Some(false),
                    _ => None,
                },
            };
            if !["not-needed", "passed", "failed"].contains(&fields.get("review")) {
                r.wrong("review", "wrong-choice");
            }
            match claim_statement(case) {
                Some(statement) => event(Event::ClaimFiled { statement, eligibility }),
                None => {
                    r.wrong("official", "rule-claim-missing");
                    return Err(r.problems);
                }
            }
        }
        Step::CloseClaim => event(Event::ClaimWindowClosed),
        Step::ProposeAward | Step::Panel => {
            let Some(budget) = budget else {
                r.wrong("sanction", "wrong-no-budget");
                return Err(r.problems);
            };
            let inputs = r.inputs(budget);
            let known = visit.view.known.as_ref();
            let policy = match step {
                Step::Panel => {
                    let pinned = case.award().map(|a| a.policy.digest);
                    known.and_then(|k| k.ctx.policies().iter().find(|p| Some(p.digest()) == pinned))
                }
                _ => known.and_then(|k| k.policies.bounty().iter().find(|p| p.id == fields.get("policy"))),
            };
            let Some(policy) = policy else {
                r.wrong("policy", "rule-policy-unknown");
                return Err(r.problems);
            };
            let breakdown = match policy.award(&inputs) {
                Ok(b) => b,
                Err(e) => {
                    r.problems.push(("sanction".into(), Trouble::of(&e).words(visit.t)));
                    return Err(r.problems);
                }
            };
            match step {
                Step::Panel => Plan::Panel { inputs: Box::new(inputs), breakdown, reasons: r.text("reasons") },
                _ => Plan::Award { policy: policy.digest(), inputs: Box::new(inputs), breakdown },
            }
        }
        Step::Finalize => {
            let Some(budget) = budget else {
                r.wrong("sanction", "wrong-no-budget");
                return Err(r.problems);
            };
            let mut name = [0; 16];
            rand_core::Rng::fill_bytes(&mut rand_core::UnwrapErr(getrandom::SysRng), &mut name);
            Plan::Finalize { award_ref: AwardRef(name), budget }
        }
        Step::Deny => two(Act::DenyAward { reasons: r.text("reasons") }),
        Step::SignOrder => Plan::SignOrder,
        Step::Deliver => Plan::Deliver,
        Step::Paid => match case.award().and_then(|a| a.award_ref) {
            Some(award) => Plan::Paid(award),
            None => {
                r.wrong("sanction", "rule-no-such-award");
                return Err(r.problems);
            }
        },
        Step::Assign => {
            let holder: Option<HolderId> = r.choice("holder", |v| case.team().find(|h| h.to_string() == v));
            match holder {
                Some(holder) => event(Event::Assigned { holder }),
                None => return Err(r.problems),
            }
        }
        Step::Bring => {
            let known = |v: &str| super::colleagues(&visit.view, case).find(|o| o.key.holder_id().to_string() == v);
            match r.choice("colleague", |v| known(v).map(|o| o.key.holder_id())) {
                Some(holder) => Plan::Bring(holder),
                None => return Err(r.problems),
            }
        }
        Step::Note => {
            let visibility = match fields.get("visibility") {
                "adjudicators" => Visibility::Adjudicators,
                _ => Visibility::Team,
            };
            event(Event::Noted { text: r.text("note"), visibility })
        }
        Step::Tag => event(Event::Tagged { tag: r.text("tag"), on: fields.get("tagging") != "off" }),
        Step::Link => {
            let relation = r.choice("relation", |v| match v {
                "duplicate-of" => Some(Relation::DuplicateOf),
                "corroborated-by" => Some(Relation::CorroboratedBy),
                "related" => Some(Relation::Related),
                _ => None,
            });
            event(Event::Linked { other: r.case("other"), relation: relation.unwrap_or(Relation::Related) })
        }
        Step::Extend => two(Act::ExtendFeedback { reason: r.text("reason") }),
        Step::Hold => two(Act::Hold { reason: r.text("reason") }),
        Step::ReleaseHold => two(Act::ReleaseHold { reason: r.text("reason") }),
        Step::Reopen => two(Act::Reopen { reason: r.text("reason") }),
        Step::Purge => two(Act::Purge),
        Step::Recuse => event(Event::Recused { reason: r.text("reason") }),
    };
    if r.problems.is_empty() { Ok(plan) } else { Err(r.problems) }
}

fn evidence(r: &mut Reader<'_>, case: &Case) -> Event {
    let file = r.fields.get("file").to_owned();
    let from_thread = files_of(case).into_iter().find(|m| hex::encode(m.fingerprint().sha256) == file);
    let typed = |r: &Reader<'_>, name: &str| Some(r.fields.get(name).to_owned()).filter(|v| !v.is_empty());
    let derived_from = r.optional("derived");
    let readers = r.optional("readers");
    let origin = r.text("origin");
    let (name, media, size, sha256) = match from_thread {
        Some(m) => (
            typed(r, "name").unwrap_or_else(|| m.name().to_owned()),
            m.media_type().to_owned(),
            m.fingerprint().size,
            Digest(m.fingerprint().sha256),
        ),
        None => (
            r.text("name"),
            typed(r, "media").unwrap_or_else(|| "application/octet-stream".into()),
            r.number("size"),
            r.digest("sha256"),
        ),
    };
    Event::EvidenceAdded(Evidence { name, media, size, sha256, origin, derived_from, readers })
}
