//! From what was given for an act's fields to what will be done.

use std::{collections::BTreeMap, str::FromStr};

use subrosa_crypto::{kdf, sign::HolderId};

use super::{Field, FieldKind, Step};
use crate::{
    award::SourceStatement,
    bytes::{AwardRef, Digest},
    case::{
        Act, BudgetView, Case, CloseReason, Context, Eligibility, Event, Evidence, Fact, FactKey, MessageKind,
        RetaliationAnswers, Shown, TriageSet,
    },
    clock::Date,
    money::{AmountError, Cents, Currency, Money},
    number::{NumberError, Numerals},
    policy::{AwardBreakdown, AwardInputs, ComputeInput, HarmClass, HarmInput, Policy, Realised, SanctionInput},
    refusal::Rule,
    regime::{CheckError, Input, Pack},
};

/// What will be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Draft {
    /// Declare no conflict of interest with anything named by then.
    Declare,
    /// Write this event.
    Event(Box<Event>),
    /// Propose this decision.
    Two(Box<Act>),
    /// Propose the award that this policy's formula gives.
    Award {
        /// The policy's digest.
        policy: Digest,
        /// What the formula is fed.
        inputs: Box<AwardInputs>,
    },
    /// Sign the order to the administrators.
    SignOrder,
    /// Write to the source.
    Message {
        /// What the message is for.
        kind: MessageKind,
        /// What the source will read, as the officer wrote it.
        text: String,
    },
    /// Hand the order to the administrators.
    Deliver,
    /// Bring a colleague in, or send them the keys again.
    Bring(HolderId),
    /// Record that the award's tokens are issued, from the public records.
    Paid(AwardRef),
}

impl Draft {
    /// What is about to be signed, where it is about money or is a decision; other acts say it by their fields.
    pub fn facts<'a>(&'a self, case: &'a Case, ctx: &Context<'a>) -> Vec<Fact<'a>> {
        match self {
            Self::Two(act) => {
                let mut out = case.decision_facts(act);
                // A name drawn at random says nothing before it is written.
                out.retain(|f| f.key != FactKey::AwardRef);
                out
            }
            Self::Award { policy, inputs } => {
                let mut out = Vec::new();
                if let Some(policy) = ctx.policies.iter().find(|p| p.digest() == *policy) {
                    let amount = policy.award(inputs).ok().map(|b| Fact::new(FactKey::Amount, Shown::Money(b.amount)));
                    out.extend(amount);
                    out.push(Fact::new(FactKey::Policy, Shown::Policy(&policy.id, policy.version)));
                }
                out.extend(inputs.facts());
                out
            }
            Self::SignOrder | Self::Deliver => case.order_facts(),
            Self::Event(event) => match &**event {
                Event::AuthorityDecided(d) => {
                    let mut out = vec![
                        Fact::new(FactKey::Authority, Shown::Words(&d.authority)),
                        Fact::new(FactKey::Reference, Shown::Words(&d.reference)),
                        Fact::new(FactKey::Sha256, Shown::Digest(d.sha256)),
                    ];
                    out.extend(d.sanction.map(|s| Fact::new(FactKey::Sanction, Shown::Money(s))));
                    out
                }
                _ => Vec::new(),
            },
            Self::Declare | Self::Message { .. } | Self::Bring(_) | Self::Paid(_) => Vec::new(),
        }
    }

    /// The formula's parts, for a draft that decides an amount by formula.
    pub fn breakdown(&self, case: &Case, ctx: &Context<'_>) -> Option<AwardBreakdown> {
        match self {
            Self::Award { policy, inputs } => ctx.policy(*policy)?.award(inputs).ok(),
            Self::Two(act) => case.breakdown(act, ctx),
            _ => None,
        }
    }
}

impl Case {
    /// The formula's parts behind a decision about an award.
    pub fn breakdown(&self, act: &Act, ctx: &Context<'_>) -> Option<AwardBreakdown> {
        let award = self.award()?;
        let inputs = match act {
            Act::DecideContest { inputs, .. } => inputs,
            Act::FinalizeAward { .. } | Act::DenyAward { .. } => &award.inputs,
            _ => return None,
        };
        ctx.policy(award.policy.digest)?.award(inputs).ok()
    }
}

/// What somebody gave for an act's fields. A form and a command line each give it in their way.
pub trait Given {
    /// The text of a field, without blanks around it; empty if nothing was given.
    fn text(&self, name: &str) -> &str;

    /// How whoever gave it writes numbers.
    fn numbers(&self) -> &Numerals;

    /// How whoever gave it writes amounts of money.
    fn amounts(&self) -> &Numerals;
}

/// A file of the thread.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadFile {
    /// Plain SHA-256 of its bytes.
    pub sha256: Digest,
    /// Its name as the source gave it.
    pub name: String,
    /// Its media type.
    pub media: String,
    /// Its length in bytes.
    pub size: u64,
}

/// What an act may refer to besides its own case.
#[derive(Clone, Debug, Default)]
pub struct Outside<'a> {
    /// The newest charter's packs.
    pub packs: &'a [Pack],
    /// The pack that the case is pinned to, if it is known here.
    pub pinned: Option<&'a Pack>,
    /// The newest charter's bounty policies.
    pub policies: &'a [Policy],
    /// Policies of any charter: for an award that stands under an older one.
    pub policies_ever: &'a [Policy],
    /// Files of the thread.
    pub files: Vec<ThreadFile>,
    /// The cases of this desk, this one too: a rule says that none is linked with itself.
    pub cases: Vec<Digest>,
    /// Who can be brought in.
    pub colleagues: Vec<HolderId>,
    /// The source's claim, if its statement has come in.
    pub claim: Option<SourceStatement>,
    /// What the public books say about the budget, where money is decided.
    pub budget: Option<BudgetView>,
    /// Fresh randomness for a name.
    pub fresh: [u8; 16],
}

/// What is wrong with what was given for a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Nothing was given.
    Empty,
    /// None of the answers that there are.
    Choice,
    /// No SHA-256 digest.
    Digest,
    /// No number that fits.
    Number,
    /// No country's code of two letters.
    Jurisdiction,
    /// The pack that the case is pinned to is not known here.
    NoPack,
    /// The public books were not read.
    NoBudget,
    /// Neither a sanction, nor a run, nor a harm.
    NoFacts,
    /// A rule says no before the act can be made.
    Rule(Rule),
    /// No number, or one that can be read in two ways.
    Misread(NumberError),
    /// No amount, or one that can be read in two ways.
    Amount(AmountError),
    /// Said by what read the field.
    Said(String),
}

impl Problem {
    /// The key of its words; `None` if it brings its own.
    pub fn key(&self) -> Option<String> {
        Some(match self {
            Self::Empty => "wrong-empty".into(),
            Self::Choice => "wrong-choice".into(),
            Self::Digest => "wrong-digest".into(),
            Self::Number => "wrong-number".into(),
            Self::Jurisdiction => "wrong-jurisdiction".into(),
            Self::NoPack => "wrong-no-pack".into(),
            Self::NoBudget => "wrong-no-budget".into(),
            Self::NoFacts => "wrong-no-facts".into(),
            Self::Rule(rule) => format!("rule-{}", rule.code()),
            Self::Misread(_) | Self::Amount(_) | Self::Said(_) => return None,
        })
    }
}

/// Problems, each with its field's name.
pub type Problems = Vec<(String, Problem)>;

/// What `given` makes of `step` in `case`.
///
/// # Errors
/// Everything that is wrong with what was given, field by field.
pub fn draft(step: Step, case: &Case, given: &dyn Given, outside: &Outside<'_>) -> Result<Draft, Problems> {
    let mut build = Build { step, case, given, outside, problems: Vec::new() };
    let draft = (step.spec().build)(&mut build);
    match draft {
        Some(draft) if build.problems.is_empty() => Ok(draft),
        _ => Err(build.problems),
    }
}

/// Reads an act's fields, each as its row of the catalogue says, and notes what is wrong.
pub(super) struct Build<'a, 'o> {
    step: Step,
    case: &'a Case,
    given: &'a dyn Given,
    outside: &'a Outside<'o>,
    problems: Problems,
}

impl Build<'_, '_> {
    fn wrong(&mut self, name: &str, problem: Problem) {
        self.problems.push((name.to_owned(), problem));
    }

    fn field(&self, name: &str) -> Option<&'static Field> {
        self.step.spec().fields.iter().find(|f| f.name == name)
    }

    /// What was given, or what stands for nothing given. Line ends are those of the journal.
    fn raw(&mut self, name: &str) -> String {
        let default = self.field(name).map_or("", |f| f.default);
        let given = self.given.text(name).replace("\r\n", "\n");
        if given.is_empty() { default.to_owned() } else { given }
    }

    /// Reads what was given. Nothing given is a problem where the field is required.
    fn read<T>(&mut self, name: &str, problem: Problem, of: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let raw = self.raw(name);
        if raw.is_empty() && !self.field(name).is_some_and(|f| f.required) {
            return None;
        }
        let found = of(&raw);
        if found.is_none() {
            self.wrong(name, problem);
        }
        found
    }

    pub(super) fn text(&mut self, name: &str) -> String {
        self.read(name, Problem::Empty, |raw| Some(raw.to_owned()).filter(|r| !r.is_empty())).unwrap_or_default()
    }

    pub(super) fn maybe(&mut self, name: &str) -> Option<String> {
        Some(self.raw(name)).filter(|raw| !raw.is_empty())
    }

    pub(super) fn choice<T>(&mut self, name: &str, of: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let values = match self.field(name).map(|f| f.kind) {
            Some(FieldKind::Choice(choices)) => choices.values,
            _ => &[],
        };
        self.read(name, Problem::Choice, |raw| if values.contains(&raw) { of(raw) } else { None })
    }

    pub(super) fn number<N: FromStr>(&mut self, name: &str) -> Option<N> {
        let raw = self.raw(name);
        if raw.is_empty() {
            return self.read(name, Problem::Number, |_| None);
        }
        match self.given.numbers().read(&raw) {
            Ok(plain) => self.read(name, Problem::Number, |_| plain.to_string().parse().ok()),
            Err(e) => {
                self.wrong(name, Problem::Misread(e));
                None
            }
        }
    }

    pub(super) fn digest(&mut self, name: &str) -> Option<Digest> {
        self.read(name, Problem::Digest, digest)
    }

    pub(super) fn date(&mut self, name: &str) -> Option<Date> {
        self.read(name, Problem::Choice, Date::parse)
    }

    /// An amount above zero.
    pub(super) fn money(&mut self, name: &str) -> Option<Cents> {
        self.read_amount(name, Money::read)
    }

    /// An amount that may be nothing.
    pub(super) fn part(&mut self, name: &str) -> Option<Cents> {
        self.read_amount(name, Money::read_or_nothing)
    }

    fn read_amount(
        &mut self,
        name: &str,
        read: impl Fn(&str, &Numerals, Currency) -> Result<Money, AmountError>,
    ) -> Option<Cents> {
        let raw = self.raw(name);
        if raw.is_empty() {
            return None;
        }
        match read(&raw, self.given.amounts(), Currency::EUR) {
            Ok(money) => Some(money.cents),
            Err(e) => {
                self.wrong(name, Problem::Amount(e));
                None
            }
        }
    }

    pub(super) fn member(&mut self, name: &str) -> Option<HolderId> {
        let team: Vec<HolderId> = self.case.team().collect();
        self.read(name, Problem::Choice, |raw| team.into_iter().find(|h| h.to_string() == raw))
    }

    pub(super) fn colleague(&mut self, name: &str) -> Option<HolderId> {
        let all = &self.outside.colleagues;
        self.read(name, Problem::Choice, |raw| all.iter().copied().find(|h| h.to_string() == raw))
    }

    pub(super) fn other_case(&mut self, name: &str) -> Option<Digest> {
        let digest = self.read(name, Problem::Digest, digest)?;
        if !self.outside.cases.contains(&digest) {
            self.wrong(name, Problem::Choice);
        }
        Some(digest)
    }

    pub(super) fn message(&mut self) -> Option<Draft> {
        let text = self.text("text");
        Some(Draft::Message { kind: self.step.spec().message?, text })
    }

    pub(super) fn triage(&mut self) -> Option<Draft> {
        let packs = self.outside.packs;
        let chosen = self.read("class", Problem::Choice, |raw| {
            let (pack, class) = raw.split_once('/')?;
            let pack = packs.iter().find(|p| p.id == pack)?;
            pack.classes.iter().any(|c| c.id == class).then(|| (pack.pinned(), class.to_owned()))
        });
        let jurisdiction = self.text("jurisdiction").to_uppercase();
        if jurisdiction.len() != 2 || !jurisdiction.bytes().all(|b| b.is_ascii_uppercase()) {
            self.wrong("jurisdiction", Problem::Jurisdiction);
        }
        let severity = self.choice("severity", |raw| raw.parse().ok());
        let (pack, class) = chosen?;
        event(Event::TriageSet(TriageSet { pack, class, jurisdiction, severity: severity? }))
    }

    pub(super) fn risk(&mut self) -> Option<Draft> {
        let mut answer = |name| self.choice(name, |raw| raw.parse().ok());
        let (guessable, power, threatened) = (answer("guessable"), answer("power"), answer("threatened"));
        let (dependence, few_knew) = (answer("dependence"), answer("few-knew"));
        event(Event::RetaliationAssessed(RetaliationAnswers {
            guessable: guessable?,
            power: power?,
            threatened: threatened?,
            dependence: dependence?,
            few_knew: few_knew?,
        }))
    }

    pub(super) fn close(&mut self) -> Option<Draft> {
        let reason = match self.choice("close", |raw| Some(raw.to_owned()))?.as_str() {
            "out-of-scope" => CloseReason::OutOfScope,
            "informative" => CloseReason::Informative,
            "abusive" => CloseReason::Abusive,
            "lapsed" => CloseReason::Lapsed,
            _ => match self.other_case("other") {
                Some(of) => CloseReason::Duplicate { of },
                None => {
                    self.wrong("other", Problem::Choice);
                    return None;
                }
            },
        };
        Some(Draft::Two(Box::new(Act::Close { reason })))
    }

    pub(super) fn check(&mut self) -> Option<Draft> {
        let Some(pack) = self.outside.pinned else {
            self.wrong("on", Problem::NoPack);
            return None;
        };
        let on = self.date("on");
        let mut inputs: BTreeMap<String, Input> = BTreeMap::new();
        for spec in &pack.inputs {
            let name = format!("in-{}", spec.name);
            let given = self.given.text(&name).replace("\r\n", "\n");
            if given.is_empty() {
                continue;
            }
            match pack.read_input(&spec.name, &given, self.given.numbers()) {
                Ok(input) => {
                    inputs.insert(spec.name.clone(), input);
                }
                Err(CheckError::Number(_, e)) => self.wrong(&name, Problem::Misread(e)),
                Err(e) => self.wrong(&name, Problem::Said(e.to_string())),
            }
        }
        match pack.check(&inputs, on?) {
            Ok(report) => event(Event::MachineChecked(report)),
            Err(e) => {
                self.wrong("on", Problem::Said(e.to_string()));
                None
            }
        }
    }

    pub(super) fn evidence(&mut self) -> Option<Draft> {
        let file = self.raw("file").to_lowercase();
        let found = self.outside.files.iter().find(|f| f.sha256.to_string() == file).cloned();
        if found.is_none() && !file.is_empty() {
            self.wrong("file", Problem::Choice);
        }
        let (name, media) = (self.maybe("name"), self.maybe("media"));
        let (derived_from, readers, origin) = (self.number("derived"), self.number("readers"), self.text("origin"));
        let evidence = match found {
            Some(f) => Evidence {
                name: name.unwrap_or(f.name),
                media: f.media,
                size: f.size,
                sha256: f.sha256,
                origin,
                derived_from,
                readers,
            },
            None => {
                // What is not of the thread is named here: these fields are then required.
                for (field, given) in [("name", name.is_some()), ("size", !self.raw("size").is_empty())] {
                    if !given {
                        self.wrong(field, Problem::Empty);
                    }
                }
                let (size, sha256) = (self.number("size"), self.digest("sha256"));
                if sha256.is_none() {
                    self.wrong("sha256", Problem::Digest);
                }
                Evidence {
                    name: name?,
                    media: media.unwrap_or_else(|| "application/octet-stream".into()),
                    size: size?,
                    sha256: sha256?,
                    origin,
                    derived_from,
                    readers,
                }
            }
        };
        event(Event::EvidenceAdded(evidence))
    }

    pub(super) fn open_claim(&mut self) -> Option<Draft> {
        let notice = self.text("notice");
        let notice = Digest(kdf::digest("subrosa/award-notice/v1", &[notice.as_bytes()]));
        event(Event::ClaimWindowOpened { notice })
    }

    pub(super) fn file_claim(&mut self) -> Option<Draft> {
        let mut yes = |name| self.choice(name, |raw| Some(raw == "yes"));
        let (official, programme_staff) = (yes("official"), yes("programme-staff"));
        let (compliance_too_early, knowingly_false) = (yes("compliance-too-early"), yes("knowingly-false"));
        let review = self.choice("review", |raw| Some((raw != "not-needed").then_some(raw == "passed")));
        let Some(statement) = self.outside.claim.clone() else {
            self.wrong("official", Problem::Rule(Rule::ClaimMissing));
            return None;
        };
        let eligibility = Eligibility {
            official: official?,
            programme_staff: programme_staff?,
            compliance_too_early: compliance_too_early?,
            knowingly_false: knowingly_false?,
            review_passed: review?,
        };
        event(Event::ClaimFiled { statement, eligibility })
    }

    fn budget(&mut self, field: &str) -> Option<BudgetView> {
        if self.outside.budget.is_none() {
            self.wrong(field, Problem::NoBudget);
        }
        self.outside.budget
    }

    fn inputs(&mut self) -> Option<AwardInputs> {
        let budget = self.budget("sanction")?;
        let (own_part, up, down) = (self.part("own-part"), self.number("up"), self.number("down"));
        let sanction = self.money("sanction").map(|collected| SanctionInput {
            collected,
            own_part: own_part.unwrap_or(Cents::ZERO),
            up: up.unwrap_or(0),
            down: down.unwrap_or(0),
        });
        let (flop, threshold) = (self.number("flop"), self.number("threshold"));
        let compute = match (flop, threshold) {
            (Some(flop), Some(threshold)) => Some(ComputeInput { flop, threshold }),
            (None, None) => None,
            (None, Some(_)) => {
                self.wrong("flop", Problem::Number);
                None
            }
            (Some(_), None) => {
                self.wrong("threshold", Problem::Number);
                None
            }
        };
        let realised = self.choice("realised", Realised::of_name);
        let harm = self.choice("harm", HarmClass::of_name);
        let harm = harm.zip(realised).map(|(class, realised)| HarmInput { class, realised });
        let interim = self.part("interim").unwrap_or(Cents::ZERO);
        if sanction.is_none() && compute.is_none() && harm.is_none() {
            if self.problems.is_empty() {
                self.wrong("sanction", Problem::NoFacts);
            }
            return None;
        }
        let BudgetView { budget, unreserved, .. } = budget;
        Some(AwardInputs { sanction, compute, harm, interim, budget, unreserved })
    }

    /// Feeds the formula, so that what it cannot compute is told before anything is signed.
    fn amount(&mut self, policy: &Policy, inputs: &AwardInputs) -> Option<Cents> {
        match policy.award(inputs) {
            Ok(breakdown) => Some(breakdown.amount),
            Err(e) => {
                self.wrong("sanction", Problem::Said(e.to_string()));
                None
            }
        }
    }

    pub(super) fn award(&mut self) -> Option<Draft> {
        let policies = self.outside.policies;
        let policy =
            self.read("policy", Problem::Rule(Rule::PolicyUnknown), |raw| policies.iter().find(|p| p.id == raw));
        let inputs = self.inputs();
        let (policy, inputs) = (policy?, inputs?);
        self.amount(policy, &inputs)?;
        Some(Draft::Award { policy: policy.digest(), inputs: Box::new(inputs) })
    }

    pub(super) fn panel(&mut self) -> Option<Draft> {
        let (inputs, reasons) = (self.inputs(), self.text("reasons"));
        let pinned = self.case.award().map(|a| a.policy.digest);
        let policies = self.outside.policies_ever;
        let Some(policy) = policies.iter().find(|p| Some(p.digest()) == pinned) else {
            self.wrong("sanction", Problem::Rule(Rule::PolicyUnknown));
            return None;
        };
        let inputs = inputs?;
        let amount = self.amount(policy, &inputs)?;
        Some(Draft::Two(Box::new(Act::DecideContest { inputs, amount, reasons })))
    }

    pub(super) fn finalize(&mut self) -> Option<Draft> {
        let budget = self.budget("finalize")?;
        Some(Draft::Two(Box::new(Act::FinalizeAward { award_ref: AwardRef(self.outside.fresh), budget })))
    }

    pub(super) fn paid(&mut self) -> Option<Draft> {
        match self.case.award().and_then(|a| a.award_ref) {
            Some(award) => Some(Draft::Paid(award)),
            None => {
                self.wrong("paid", Problem::Rule(Rule::NoSuchAward));
                None
            }
        }
    }
}

fn event(event: Event) -> Option<Draft> {
    Some(Draft::Event(Box::new(event)))
}

fn digest(text: &str) -> Option<Digest> {
    let mut out = [0; 32];
    hex::decode_to_slice(text.to_lowercase(), &mut out).ok().map(|()| Digest(out))
}
