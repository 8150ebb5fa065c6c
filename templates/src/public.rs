//! What the public pages show: plain values, so that whoever fills them knows nothing of templates, and the templates
//! nothing of a store.

use askama::Template;

use subrosa_casework::{
    money::{AmountError, Cents, Currency},
    number::NumberError,
};

use crate::{
    Programme, Text, Value,
    amounts::{amount_error, money, number_error},
};

/// A field that the programme works on: a regime pack of the charter, in one language.
#[derive(Clone, Debug, Default)]
pub struct Regime {
    /// The pack's id.
    pub id: String,
    /// Counts up with each change to the pack.
    pub version: u32,
    /// SHA-256 of its file, as hexadecimal.
    pub sha256: String,
    /// What the field is called, in one language.
    pub title: String,
    /// What counts as a breach.
    pub classes: Vec<String>,
    /// What evidence helps.
    pub evidence: Vec<String>,
    /// Its thresholds, oldest first.
    pub thresholds: Vec<Threshold>,
}

/// A row of a dated threshold. Dates are ISO 8601 days.
#[derive(Clone, Debug, Default)]
pub struct Threshold {
    /// Value and unit.
    pub value: String,
    /// The day it was made public.
    pub published: String,
    /// The first day it applies to.
    pub effective: String,
    /// Where it stands.
    pub source: String,
    /// Whether somebody compared it with that source.
    pub verified: bool,
}

/// A bounty policy of the charter. Amounts are hundredths of the currency, shares basis points.
#[derive(Clone, Debug, Default)]
pub struct Bounty {
    /// The name that charter and journals call the policy by.
    pub id: String,
    /// Counts up with each change to the policy.
    pub version: u32,
    /// The code of ISO 4217, such as `EUR`.
    pub currency: String,
    /// Share of a fine.
    pub sanction: Option<Sanction>,
    /// Base, largest factor in thousandths, tolerance.
    pub compute: Option<(u64, u32, u32)>,
    /// The four classes, and the shares for a near miss and a latent harm.
    pub harm: Option<([u64; 4], u32, u32)>,
    /// Budget and the share of it that a case can take.
    pub cap: Option<(u64, u32)>,
    /// The most that a case can take.
    pub ceiling: Option<u64>,
    /// Where the figures come from.
    pub source: String,
    /// Whether somebody compared them with that source.
    pub verified: bool,
    /// Examples: which one, its figures, and what the formula gives.
    pub examples: Vec<(Example, u64)>,
}

/// Share of a fine.
#[derive(Clone, Copy, Debug, Default)]
pub struct Sanction {
    /// Only fines above this count.
    pub above: u64,
    /// Rate without any reason to change it.
    pub base: u32,
    /// What each reason changes.
    pub step: u32,
    /// The rate never falls below this.
    pub floor: u32,
    /// The rate never rises above this.
    pub ceiling: u32,
    /// Up to this amount the highest rate is paid at once.
    pub full: Option<u64>,
}

/// A worked example.
#[derive(Clone, Debug)]
pub enum Example {
    /// A fine, nothing else.
    Fine(u64),
    /// The same with one reason to lower the share.
    Lowered,
    /// A hidden run: operations and threshold.
    Run(String, String),
    /// Serious harm that nearly happened.
    Harm,
}

impl Bounty {
    fn money(&self, t: &Text, cents: u64) -> String {
        money(t, cents, &self.currency)
    }

    /// The policy in sentences.
    fn sentences(&self, t: &Text) -> Vec<String> {
        let mut out = Vec::new();
        if let Some(sanction) = &self.sanction {
            out.push(self.sanction_words(t, sanction));
            out.extend(sanction.full.map(|full| t.fill("reward-full", "limit", self.money(t, full))));
        }
        if let Some((base, factor, tolerance)) = self.compute {
            let factor = t.locale().decimals(u64::from(factor), 3);
            let (base, tolerance) = (self.money(t, base), share(t, tolerance));
            let values: [(&str, &dyn Value); 3] = [("base", &base), ("factor", &factor), ("tolerance", &tolerance)];
            out.push(t.with("reward-compute", &values));
        }
        if let Some((classes, near, latent)) = self.harm {
            let [h1, h2, h3, h4] = classes.map(|cents| self.money(t, cents));
            let (near, latent) = (share(t, near), share(t, latent));
            let values: [(&str, &dyn Value); 6] =
                [("h1", &h1), ("h2", &h2), ("h3", &h3), ("h4", &h4), ("near", &near), ("latent", &latent)];
            out.push(t.with("reward-harm", &values));
        }
        if self.sanction.is_some() && (self.compute.is_some() || self.harm.is_some()) {
            out.push(t.get("reward-larger").to_owned());
        }
        if let Some((budget, cap)) = self.cap {
            out.push(t.with("reward-cap", &[("cap", &share(t, cap)), ("budget", &self.money(t, budget))]));
        }
        out.extend(self.ceiling.map(|ceiling| t.fill("reward-ceiling", "ceiling", self.money(t, ceiling))));
        out.push(t.fill("reward-source", "source", &self.source));
        if !self.verified {
            out.push(t.get("reward-unverified").to_owned());
        }
        out
    }

    /// Its title with the id behind it, for comparing with the charter; the id alone where a programme wrote its own.
    fn title(&self, t: &Text) -> String {
        match t.named("policy", &self.id) {
            id if id == self.id => t.with("reward-policy", &[("id", &self.id), ("version", &self.version)]),
            title => {
                let values: [(&str, &dyn Value); 3] = [("title", &title), ("id", &self.id), ("version", &self.version)];
                t.with("reward-policy-titled", &values)
            }
        }
    }

    fn sanction_words(&self, t: &Text, s: &Sanction) -> String {
        let values: [(&str, &dyn Value); 5] = [
            ("base", &share(t, s.base)),
            ("above", &self.money(t, s.above)),
            ("step", &share(t, s.step)),
            ("floor", &share(t, s.floor)),
            ("ceiling", &share(t, s.ceiling)),
        ];
        t.with("reward-sanction", &values)
    }

    /// The examples: a sentence, and what comes out.
    fn worked(&self, t: &Text) -> Vec<(String, String)> {
        let sentence = |example: &Example| match example {
            Example::Fine(cents) => t.fill("reward-example-fine", "fine", self.money(t, *cents)),
            Example::Lowered => t.get("reward-example-lowered").to_owned(),
            Example::Run(flop, threshold) => {
                let [flop, threshold] = [flop, threshold].map(|number| t.locale().ungrouped(number));
                t.with("reward-example-run", &[("flop", &flop), ("threshold", &threshold)])
            }
            Example::Harm => t.get("reward-example-harm").to_owned(),
        };
        self.examples.iter().map(|(e, amount)| (sentence(e), self.money(t, *amount))).collect()
    }
}

/// What was typed into the calculator, as it was typed.
#[derive(Clone, Debug, Default)]
pub struct Figures {
    /// The policy's id.
    pub policy: String,
    /// The fine that was collected, as an amount.
    pub collected: String,
    /// The claimant's own part.
    pub own: String,
    /// Reasons to raise.
    pub up: String,
    /// Reasons to lower.
    pub down: String,
    /// The hidden run's operations, such as `3e25`.
    pub flop: String,
    /// The operations at which a run must be reported.
    pub threshold: String,
    /// `none`, `h1` to `h4`.
    pub harm: String,
    /// `realised`, `near-miss`, `latent`.
    pub happened: String,
}

/// What the calculator says.
#[derive(Clone, Debug)]
pub enum Computed {
    /// The amount, and its three parts: fine, run, harm.
    Amount {
        /// The policy's id.
        policy: String,
        /// The policy's currency.
        currency: String,
        /// What would be paid.
        amount: u64,
        /// Before the maximum of the two was taken.
        parts: [u64; 3],
        /// As what the fine and the claimant's own part were read.
        read: [u64; 2],
    },
    /// An amount that is none, or could be another; the message that names its field.
    Misread(&'static str, AmountError),
    /// A number, likewise.
    Miscounted(&'static str, NumberError),
    /// The figures cannot be used.
    Unusable,
}

impl Computed {
    fn sentences(&self, t: &Text) -> Vec<String> {
        match self {
            Self::Unusable => vec![t.get("calc-error").to_owned()],
            Self::Misread(field, why) => vec![misread(t, field, &amount_error(t, why))],
            Self::Miscounted(field, why) => vec![misread(t, field, &number_error(t, why))],
            Self::Amount { policy, currency, amount, parts, read } => {
                let money = |cents: u64| money(t, cents, currency);
                let ([a1, a2, a3], [collected, own]) = (parts.map(money), read.map(money));
                vec![
                    t.with("calc-read", &[("collected", &collected), ("own", &own)]),
                    t.with("calc-amount", &[("id", policy), ("amount", &money(*amount))]),
                    t.with("calc-parts", &[("a1", &a1), ("a2", &a2), ("a3", &a3)]),
                    t.get("calc-caution").to_owned(),
                ]
            }
        }
    }
}

fn share(t: &Text, bp: u32) -> String {
    t.locale().share(bp)
}

fn misread(t: &Text, field: &str, why: &str) -> String {
    t.with("calc-misread", &[("field", &t.get(field)), ("why", &why)])
}

/// The harm classes of the calculator, with the messages that name them.
const HARMS: [(&str, &str); 5] = [
    ("none", "calc-harm-none"),
    ("h1", "calc-harm-h1"),
    ("h2", "calc-harm-h2"),
    ("h3", "calc-harm-h3"),
    ("h4", "calc-harm-h4"),
];
/// How far a harm came, likewise.
const HAPPENED: [(&str, &str); 3] = [
    ("realised", "calc-happened-realised"),
    ("near-miss", "calc-happened-near-miss"),
    ("latent", "calc-happened-latent"),
];

/// The sums of the public records, in hundredths of the currency.
#[derive(Clone, Debug, Default)]
pub struct Books {
    /// Budget that no award has reserved.
    pub budget: u64,
    /// Set aside for awards that are final.
    pub escrow: u64,
    /// Turned into tokens so far.
    pub issued: u64,
    /// Come back so far.
    pub redeemed: u64,
    /// Issued and not come back.
    pub outstanding: u64,
    /// Paid and arrived.
    pub settled: u64,
    /// Things that are not as they should be.
    pub findings: usize,
    /// Awards whose tokens are not issued yet: random name and amount.
    pub awards: Vec<(String, u64)>,
}

impl Books {
    fn money(&self, t: &Text, cents: &u64) -> String {
        t.locale().money(Cents(*cents).of(Currency::EUR))
    }
}

/// The program's files that this server hands out.
#[derive(Clone, Debug, Default)]
pub struct Downloads {
    /// Names, with SHA-256 as hexadecimal.
    pub files: Vec<(String, String)>,
    /// Commands that check the signature, if there is one.
    pub checks: Vec<String>,
}

/// Why the sealed intake did not take something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotReceived {
    /// Nothing in the form, or two things.
    Empty,
    /// Not an age file.
    NotAge,
    /// Locked with a passphrase.
    Passphrase,
    /// Sealed to another kind of key.
    Other,
    /// Longer than the intake takes.
    TooLong,
    /// No form, or broken off.
    Broken,
    /// Too many at once.
    Busy,
    /// The spool has no room left.
    Full,
}

impl NotReceived {
    fn message(self) -> &'static str {
        match self {
            Self::Empty => "refused-empty",
            Self::NotAge => "refused-not-age",
            Self::Passphrase => "refused-passphrase",
            Self::Other => "refused-other",
            Self::TooLong => "refused-too-long",
            Self::Broken => "refused-broken",
            Self::Busy => "refused-busy",
            Self::Full => "refused-full",
        }
    }
}

/// Why an address answers nothing of what it is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// Nothing is there, or nothing any more.
    Missing,
    /// The request was not one that the address takes.
    Unfit,
    /// Too much is under way.
    Busy,
    /// The server cannot store or read now.
    Broken,
}

impl Failure {
    fn title(self) -> &'static str {
        match self {
            Self::Missing => "failed-missing-title",
            Self::Unfit => "failed-unfit-title",
            Self::Busy => "failed-busy-title",
            Self::Broken => "failed-broken-title",
        }
    }

    fn message(self) -> &'static str {
        match self {
            Self::Missing => "failed-missing",
            Self::Unfit => "failed-unfit",
            Self::Busy => "failed-busy",
            Self::Broken => "failed-broken",
        }
    }
}

impl Keys<'_> {
    /// Whether the charter commits to the scripts of the browser's pages.
    fn lists_code(&self) -> bool {
        self.policies.iter().any(|(name, _)| name == "web-assets")
    }
}

pages! {
    /// The first page.
    Landing "landing.html" "" {}
    /// What can be reported, by regime.
    Scope "scope.html" "scope" {
        /// The charter's regimes.
        regimes: Vec<Regime>,
    }
    /// Rewards, with the calculator.
    Reward "reward.html" "reward" {
        /// The charter's policies.
        policies: Vec<Bounty>,
        /// What was typed before.
        typed: Figures,
        /// What came out.
        computed: Option<Computed>,
    }
    /// How to stay safe.
    Safety "safety.html" "safety" {}
    /// Fingerprints and the charter.
    Keys "keys.html" "keys" {
        /// Name and SHA-256 of every policy of the charter.
        policies: Vec<(String, String)>,
    }
    /// Sums, awards and the log.
    BooksPage "books.html" "books" {
        /// What anybody can add up from the public records.
        books: Books,
        /// How many leaves the log has.
        log_size: u64,
        /// Its newest checkpoint.
        checkpoint: Option<String>,
    }
    /// The ways to report.
    Help "help.html" "help" {
        /// The program's files.
        downloads: Downloads,
    }
    /// The sealed intake's form.
    Sealed "sealed.html" "sealed" {
        /// SHA-256 of the recipients' file and whether it has classic ones; `None` if the intake is closed.
        recipients: Option<(String, bool)>,
        /// The longest submission, in millions of bytes.
        megabytes: u64,
    }
    /// A submission was stored.
    Received "received.html" "sealed" {
        /// The receipt code.
        code: String,
        /// Whether a quantum computer could open a recording of it.
        classic: bool,
    }
    /// A submission was not stored.
    Refused "refused.html" "sealed" {
        /// Why it was not taken, for its sentence.
        why: NotReceived,
    }
    /// An address that answers nothing of what it is for.
    Failed "failed.html" "" {
        /// What went wrong there.
        why: Failure,
    }
}
