//! What will be done, what is shown of it before it is signed, and what is wrong with what was given for it.

use subrosa_crypto::{kdf, sign::HolderId};

use super::Step;
use crate::{
    award::SourceStatement,
    bytes::{AwardRef, Digest},
    case::{Act, BudgetView, Case, Context, Event, Fact, FactKey, MessageKind, Shown},
    money::{AmountError, Cents},
    number::{NumberError, Numerals},
    policy::{AwardBreakdown, AwardInputs, Policy, PolicyError},
    refusal::Rule,
    regime::{CheckError, Pack},
};

/// What will be done.
#[derive(Clone, Debug, PartialEq)]
pub enum Draft {
    /// Declare no conflict of interest with everything that the case names.
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
            Self::Declare => case.named_facts(),
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
                Event::ClaimFiled { eligibility, .. } => eligibility.facts(),
                Event::Paid { .. } => case.paid_facts(),
                _ => Vec::new(),
            },
            Self::Paid(_) => case.paid_facts(),
            Self::Message { .. } | Self::Bring(_) => Vec::new(),
        }
    }

    /// The act of the catalogue that it is; `None` for an event that no act writes.
    pub fn step(&self) -> Option<Step> {
        Some(match self {
            Self::Declare => Step::Declare,
            Self::Event(event) => return event.step(),
            Self::Two(act) => act.step(),
            Self::Award { .. } => Step::ProposeAward,
            Self::SignOrder => Step::SignOrder,
            Self::Message { kind, .. } => return Step::ALL.iter().copied().find(|s| s.spec().message == Some(*kind)),
            Self::Deliver => Step::Deliver,
            Self::Bring(_) => Step::Bring,
            Self::Paid(_) => Step::Paid,
        })
    }

    /// What it takes from the case; see [`Case::basis`].
    pub fn basis(&self, case: &Case) -> Option<Digest> {
        case.basis(self.step()?)
    }

    /// The digest of everything that is signed, to the last digit: what was given, and what is taken from the case.
    /// Whoever was shown two different things was given two different digests. A name that is drawn at random says
    /// nothing before it is written, and is left out.
    pub fn shown(&self, case: &Case) -> Option<Digest> {
        let mut bytes = Vec::new();
        let written = match self {
            Self::Declare | Self::SignOrder | Self::Deliver => Ok(()),
            Self::Event(event) => ciborium::into_writer(event, &mut bytes),
            Self::Two(act) => match &**act {
                Act::FinalizeAward { budget, .. } => ciborium::into_writer(budget, &mut bytes),
                act => ciborium::into_writer(act, &mut bytes),
            },
            Self::Award { policy, inputs } => ciborium::into_writer(&(policy, inputs), &mut bytes),
            Self::Message { kind, text } => ciborium::into_writer(&(kind, text), &mut bytes),
            Self::Bring(holder) => ciborium::into_writer(&holder.to_string(), &mut bytes),
            Self::Paid(award) => ciborium::into_writer(award, &mut bytes),
        };
        written.ok()?;
        let (step, basis) = (self.step().map_or("", Step::id), self.basis(case));
        let basis = basis.as_ref().map_or(&[][..], |b| &b.0[..]);
        Some(Digest(kdf::digest("subrosa/draft-signed/v1", &[step.as_bytes(), &bytes, basis])))
    }

    /// The formula's parts, for a draft that decides an amount by formula.
    pub fn breakdown(&self, case: &Case, ctx: &Context<'_>) -> Option<AwardBreakdown> {
        match self {
            Self::Award { policy, inputs } => ctx.policy(*policy)?.award(inputs).ok(),
            Self::Two(act) => case.breakdown(act, ctx),
            _ => None,
        }
    }

    /// Whether it decides an award of nothing. The rules refuse that ([`Rule::AwardZero`]); faces ask before they show
    /// what would be signed.
    pub fn is_zero_award(&self, case: &Case, ctx: &Context<'_>) -> bool {
        let decides = match self {
            Self::Award { .. } => true,
            Self::Two(act) => matches!(**act, Act::DecideContest { .. }),
            _ => false,
        };
        decides && self.breakdown(case, ctx).is_some_and(|b| b.amount == Cents::ZERO)
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
    /// No day of the calendar.
    Date,
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
    /// It counts only with another field, which was left empty: that field's name.
    OnlyWith(&'static str),
    /// It has no place beside the other answers.
    Unused,
    /// The pack's check does not take it.
    Check(CheckError),
    /// The policy's formula does not take it.
    Formula(PolicyError),
}

impl Problem {
    /// The key of its words; `None` if they take values or are those of an error inside it.
    pub fn key(&self) -> Option<String> {
        Some(match self {
            Self::Empty => "wrong-empty".into(),
            Self::Choice => "wrong-choice".into(),
            Self::Digest => "wrong-digest".into(),
            Self::Number => "wrong-number".into(),
            Self::Date => "wrong-date".into(),
            Self::Unused => "wrong-unused".into(),
            Self::Jurisdiction => "wrong-jurisdiction".into(),
            Self::NoPack => "wrong-no-pack".into(),
            Self::NoBudget => "wrong-no-budget".into(),
            Self::NoFacts => "wrong-no-facts".into(),
            Self::Rule(rule) => format!("rule-{}", rule.code()),
            Self::Misread(_) | Self::Amount(_) | Self::OnlyWith(_) | Self::Check(_) | Self::Formula(_) => return None,
        })
    }
}

/// Problems, each with its field's name.
pub type Problems = Vec<(String, Problem)>;
