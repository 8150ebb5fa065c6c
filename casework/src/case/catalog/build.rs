//! From what was given for an act's fields to what will be done.

use std::{collections::BTreeMap, str::FromStr};

use subrosa_crypto::{kdf, sign::HolderId};

use super::{Draft, Field, FieldKind, Given, Outside, Problem, Problems, Step};
use crate::{
    bytes::{AwardRef, Digest},
    case::{Act, BudgetView, Case, CloseReason, Eligibility, Event, Evidence, RetaliationAnswers, TriageSet},
    clock::Date,
    money::{AmountError, Cents, Currency, Money},
    number::Numerals,
    policy::{AwardInputs, ComputeInput, HarmClass, HarmInput, Policy, PolicyError, Realised, SanctionInput},
    refusal::Rule,
    regime::{CheckError, Input},
};

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
        self.read(name, Problem::Date, Date::parse)
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
        let reason = self.choice("close", |raw| Some(raw.to_owned()))?;
        if reason != "duplicate" && !self.raw("other").is_empty() {
            self.wrong("other", Problem::Unused);
        }
        let reason = match reason.as_str() {
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
            let read = pack.read_input(&spec.name, &given, self.given.numbers());
            match read.and_then(|input| pack.in_range(&spec.name, &input).map(|()| input)) {
                Ok(input) => {
                    inputs.insert(spec.name.clone(), input);
                }
                Err(CheckError::Number(_, e)) => self.wrong(&name, Problem::Misread(e)),
                Err(e) => self.wrong(&name, Problem::Check(e)),
            }
        }
        let on = on?;
        if !self.problems.is_empty() {
            return None;
        }
        match pack.check(&inputs, on) {
            Ok(report) => event(Event::MachineChecked(report)),
            Err(e) => {
                self.wrong("inputs", Problem::Check(e));
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
        if found.is_some() {
            // What is known of a file of the thread is not typed once more.
            for field in ["sha256", "size", "media"] {
                if !self.raw(field).is_empty() {
                    self.wrong(field, Problem::Unused);
                }
            }
        }
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

    /// The sanction with what says how much of it counts: without one, nothing of that may be given and then dropped.
    fn sanction(&mut self) -> Option<SanctionInput> {
        let own_part = self.part("own-part").unwrap_or(Cents::ZERO);
        let (up, down) = (self.number("up").unwrap_or(0), self.number("down").unwrap_or(0));
        let given = !self.raw("sanction").is_empty();
        let collected = self.money("sanction");
        let parts = [("own-part", own_part != Cents::ZERO), ("up", up != 0), ("down", down != 0)];
        for (field, _) in parts.into_iter().filter(|(_, counts)| *counts && !given) {
            self.wrong(field, Problem::OnlyWith("sanction"));
        }
        Some(SanctionInput { collected: collected?, own_part, up, down })
    }

    fn inputs(&mut self) -> Option<AwardInputs> {
        let budget = self.budget("sanction")?;
        let sanction = self.sanction();
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
        if harm.is_none() && realised.is_some_and(|how| how != Realised::Realised) {
            self.wrong("realised", Problem::OnlyWith("harm"));
        }
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
                self.wrong(fault_in(policy, inputs, e), Problem::Formula(e));
                None
            }
        }
    }

    pub(super) fn award(&mut self) -> Option<Draft> {
        let policies = self.outside.policies;
        let policy = self.read("policy", Problem::Rule(Rule::PolicyUnknown), |raw| {
            policies.iter().find(|p| p.id == raw && p.pays())
        });
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

/// The field in which the formula's fault lies: that of the part which cannot be computed alone either.
fn fault_in(policy: &Policy, inputs: &AwardInputs, e: PolicyError) -> &'static str {
    let alone = |inputs: AwardInputs| policy.award(&inputs).is_err();
    match e {
        PolicyError::OwnPart => "own-part",
        PolicyError::NoThreshold => "threshold",
        _ if alone(AwardInputs { sanction: None, harm: None, ..*inputs }) => "flop",
        _ if alone(AwardInputs { sanction: None, compute: None, ..*inputs }) => "harm",
        _ => "sanction",
    }
}

fn event(event: Event) -> Option<Draft> {
    Some(Draft::Event(Box::new(event)))
}

fn digest(text: &str) -> Option<Digest> {
    let mut out = [0; 32];
    hex::decode_to_slice(text.to_lowercase(), &mut out).ok().map(|()| Digest(out))
}
