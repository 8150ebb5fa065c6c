//! An administrator's side of the console: keys of the treasury, what came in, and the public books.

use std::sync::Arc;

use super::trouble::Trouble;
use rand_core::UnwrapErr;
use subrosa_casework::{
    bytes::{AwardRef, Digest},
    ledger::{Fault, Totals},
    money::Cents,
};
use subrosa_templates::key;

use super::{
    Console, Settings,
    office::{Progress, now, step_key},
    snapshot::{Me, View},
};
use subrosa_engine::{
    api::Api,
    board::Circuits,
    history::History,
    session::Session,
    treasury::{
        self, BountyError, Stage, Treasury,
        public::{Finding, PublicView},
        rail::{Details, Payment, instruction::PayoutInstruction},
    },
};
use subrosa_machine::{
    files::{FileError, KeyFile},
    http::Http,
    say::Rng,
};

/// Keys and connection of an administrator at an open desk.
pub(super) struct Treasurer {
    file: KeyFile<Treasury>,
    api: Api<Http>,
    circuits: Circuits,
    rng: Rng,
    directory: Option<History>,
}

/// An award's order as it came in.
#[derive(Clone)]
pub(super) struct OrderView {
    pub(super) award: AwardRef,
    pub(super) amount: Cents,
    pub(super) signers: Vec<String>,
    pub(super) signed: bool,
    pub(super) delivered: bool,
}

/// A redemption as it came in.
#[derive(Clone)]
pub(super) struct RedemptionView {
    pub(super) context: Digest,
    pub(super) amount: Cents,
    pub(super) tokens: usize,
    pub(super) stage: Stage,
    pub(super) payout: PayoutInstruction,
    /// Administrators who verified it, in public.
    pub(super) verified: Vec<String>,
}

/// What an administrator's pages show.
#[derive(Clone, Default)]
pub(super) struct TreasuryView {
    pub(super) orders: Vec<OrderView>,
    pub(super) redemptions: Vec<RedemptionView>,
    pub(super) totals: Totals,
    pub(super) records: usize,
    /// What is wrong.
    pub(super) findings: Vec<Trouble>,
    /// What waits for a second administrator.
    pub(super) waiting: Vec<Trouble>,
    pub(super) balances: bool,
}

/// What an administrator does.
#[derive(Clone)]
pub(super) enum Deed {
    Sign(AwardRef),
    Verify(Digest),
    /// Release, with what the programme stated about its own account.
    Pay(Digest, Details),
    Settle(Digest),
    Fund(Cents, String),
}

/// What came of it.
pub(super) enum Outcome {
    Done,
    /// What pays, to be saved and handed over once.
    Paid(Payment),
    /// A second administrator must do the same, or the other one has the file.
    Half(Trouble),
}

impl Treasurer {
    pub(super) fn open(settings: &Settings, password: &str) -> Result<Self, FileError> {
        let file: KeyFile<Treasury> = KeyFile::open(&settings.keystore, password)?;
        let mut rng = UnwrapErr(getrandom::SysRng);
        let circuits = Circuits::new(&mut rng);
        let run = circuits.fresh().0;
        let http = Http::new(&settings.server, settings.proxy.as_deref(), run)
            .map_err(|e| FileError::Io { path: settings.keystore.clone(), error: std::io::Error::other(e) })?;
        Ok(Self { file, api: Api::new(http), circuits, rng, directory: None })
    }

    /// The snapshot before anything was fetched.
    pub(super) fn first_view(&self) -> View {
        let identity = &self.file.contents.identity;
        let roles = vec![subrosa_casework::role::RoleName::Finance];
        let me = Me { name: identity.name.clone(), holder: identity.holder(), roles };
        let treasurer = Some(Arc::new(TreasuryView::default()));
        View {
            me,
            known: None,
            cases: Default::default(),
            troubles: Vec::new(),
            fetched: None,
            waiting: Vec::new(),
            settled: Vec::new(),
            treasurer,
            recalled: false,
        }
    }

    fn save(&mut self) -> anyhow::Result<()> {
        Ok(self.file.save(&mut self.rng)?)
    }

    async fn snapshot(&self) -> anyhow::Result<TreasuryView> {
        let directory = self.directory.as_ref().ok_or_else(|| Trouble::own(key!("error-no-charter-yet")))?;
        let public = PublicView::fetch(&self.api, directory, self.circuits.fresh()).await?;
        let treasury = &self.file.contents;
        let orders = treasury.orders.iter().map(|o| OrderView {
            award: o.order.order.award_ref,
            amount: o.order.order.amount,
            signers: o.order.signatures.iter().map(|(h, _)| directory.name_of(*h)).collect(),
            signed: o.answer.is_some(),
            delivered: o.answer.as_ref().is_some_and(|a| a.delivered),
        });
        let redemptions = treasury.redemptions.iter().map(|r| RedemptionView {
            context: r.context,
            amount: r.amount,
            tokens: r.tokens.len(),
            stage: r.stage,
            payout: r.payout.clone(),
            verified: public.redemption_signers(&r.context).iter().map(|h| directory.name_of(*h)).collect(),
        });
        // One signature of two is no fault: a booking that waits.
        let half = |f: &&Finding| matches!(f, Finding::Books(f) if matches!(f.fault, Fault::OneSignature { .. }));
        let (waiting, findings): (Vec<_>, Vec<_>) = public.findings.iter().partition(half);
        let troubles = |found: Vec<&Finding>| found.into_iter().map(Trouble::of).collect();
        Ok(TreasuryView {
            orders: orders.collect(),
            redemptions: redemptions.collect(),
            totals: public.audit.totals,
            records: public.records.len(),
            findings: troubles(findings),
            waiting: troubles(waiting),
            balances: public.audit.ledger.balances(),
        })
    }
}

/// A visit to the server: charter, keys on offer, what came in, answers that wait, the public books.
pub(super) async fn visit(console: &Console) -> anyhow::Result<()> {
    let step = |step| console.with_progress(|p: &mut Progress| p.at(step, 0, 0));
    let mut guard = console.treasurer.lock().await;
    let Some(treasurer) = guard.as_mut() else { return Ok(()) };
    step("fetch-charter");
    let t = &mut *treasurer;
    let directory =
        treasury::directory(&mut t.file.contents, &t.api, &t.circuits, &console.settings.root, now()).await?;
    let mut session = Session::new(&t.api, &t.circuits, &mut t.rng, now(), &directory);
    let visited = treasury::visit(&mut t.file, &mut session, |s| step(step_key(s))).await;
    treasurer.directory = Some(directory);
    let news = visited?.news;
    step("fetch-books");
    let snapshot = treasurer.snapshot().await?;
    console.change_view(|v| {
        v.treasurer = Some(Arc::new(snapshot));
        v.troubles = news.troubles.iter().map(Trouble::of).collect();
        v.fetched = Some(now());
    });
    Ok(())
}

/// Does it, saves, and shows what is so now.
pub(super) async fn run(console: &Console, deed: &Deed) -> Result<Outcome, Trouble> {
    let mut guard = console.treasurer.lock().await;
    let treasurer = guard.as_mut().ok_or_else(|| Trouble::own(key!("error-locked")))?;
    let outcome = act(treasurer, deed).await;
    treasurer.save().map_err(|e| Trouble::from(&e))?;
    if let Ok(snapshot) = treasurer.snapshot().await {
        console.change_view(|v| v.treasurer = Some(Arc::new(snapshot)));
    }
    outcome.map_err(|e| Trouble::from(&e))
}

async fn act(treasurer: &mut Treasurer, deed: &Deed) -> anyhow::Result<Outcome> {
    let t = &mut *treasurer;
    let directory = t.directory.as_ref().ok_or_else(|| Trouble::own(key!("error-no-charter-yet")))?;
    let s = &mut Session::new(&t.api, &t.circuits, &mut t.rng, now(), directory);
    match deed {
        Deed::Sign(award) => {
            treasury::sign(&mut t.file, s, award).await?;
        }
        Deed::Verify(context) => t.file.contents.verify(s, context).await?,
        Deed::Pay(context, debtor) => {
            return match t.file.contents.pay(s, context, debtor).await {
                Ok(payment) => Ok(Outcome::Paid(payment)),
                Err(e @ (BountyError::SecondNeeded | BountyError::OtherPays)) => Ok(Outcome::Half(Trouble::of(&e))),
                Err(e) => Err(e.into()),
            };
        }
        Deed::Settle(context) => t.file.contents.settle(s, context).await?,
        Deed::Fund(amount, reference) => t.file.contents.fund(s, *amount, reference).await?,
    }
    Ok(Outcome::Done)
}
