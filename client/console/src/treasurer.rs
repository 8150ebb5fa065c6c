//! An administrator's keys and the way to the server: what that person at an open desk can do.

use std::sync::Arc;

use rand_core::UnwrapErr;
use subrosa_casework::{
    bytes::{AwardRef, Digest},
    ledger::Fault,
    money::Cents,
    role::RoleName,
};
use subrosa_crypto::sign::HolderId;
use subrosa_engine::{
    api::Api,
    board::Circuits,
    history::History,
    session::Session,
    treasury::{
        self, BountyError, Treasury,
        public::{Finding, PublicView},
        rail::{Details, Payment},
    },
};
use subrosa_machine::{
    files::{FileError, KeyFile},
    http::Http,
    say::Rng,
};
use subrosa_templates::key;

use crate::{
    clock::now,
    progress::step_key,
    settings::Settings,
    snapshot::{FundView, Me, OrderView, RedemptionView, TreasuryView, View},
    trouble::Trouble,
};

/// Keys and connection of an administrator at an open desk.
pub(crate) struct Treasurer {
    file: KeyFile<Treasury>,
    api: Api<Http>,
    circuits: Circuits,
    rng: Rng,
    directory: Option<History>,
}

/// What an administrator does.
#[derive(Clone)]
pub(crate) enum Deed {
    /// Signs the tokens of an award's order.
    Sign(AwardRef),
    /// Verifies a redemption, by its context.
    Verify(Digest),
    /// Releases a redemption, with what the programme states about its own account: nothing, if it was paid before.
    Pay(Digest, Option<Details>),
    /// Says that a redemption was paid.
    Settle(Digest),
    /// Books money into the budget: the amount, and the decision that it rests on.
    Fund(Cents, String),
}

/// What came of it.
pub(crate) enum Outcome {
    /// It is done, and nothing is handed over.
    Done,
    /// What pays, to be saved and handed over once.
    Paid(Payment),
    /// The release is public, and other administrators must do the same.
    Released,
    /// Released by enough; another administrator has the file.
    OtherPays,
}

impl Treasurer {
    pub(crate) fn open(settings: &Settings, password: &str) -> Result<Self, FileError> {
        let file: KeyFile<Treasury> = KeyFile::open(&settings.keystore, password)?;
        let mut rng = UnwrapErr(getrandom::SysRng);
        let circuits = Circuits::new(&mut rng);
        let run = circuits.fresh().0;
        let http = Http::new(&settings.server, settings.proxy.as_deref(), run)
            .map_err(|e| FileError::Io { path: settings.keystore.clone(), error: std::io::Error::other(e) })?;
        Ok(Self { file, api: Api::new(http), circuits, rng, directory: None })
    }

    /// The snapshot before anything was fetched.
    pub(crate) fn first_view(&self) -> View {
        let identity = &self.file.contents.identity;
        let me = Me { name: identity.name.clone(), holder: identity.holder(), roles: vec![RoleName::Finance] };
        let treasurer = Some(Arc::new(TreasuryView::default()));
        View { treasurer, cheap: !self.file.is_strong(), ..View::of(me) }
    }

    /// A visit to the server: charter, keys on offer, what came in, answers that wait, the public books. `at` is told
    /// the key of each step's words as it begins. Answers what there is to see, and what could not be read.
    pub(crate) async fn visit(
        &mut self,
        settings: &Settings,
        mut at: impl FnMut(&'static str),
    ) -> anyhow::Result<(TreasuryView, Vec<Trouble>)> {
        at(key!("fetch-charter"));
        let (file, api, circuits) = (&mut self.file, &self.api, &self.circuits);
        let directory = treasury::directory(&mut file.contents, api, circuits, &settings.root, now()).await?;
        let mut session = Session::new(api, circuits, &mut self.rng, now(), &directory);
        let visited = treasury::visit(file, &mut session, |step| at(step_key(step))).await;
        self.directory = Some(directory);
        let news = visited?.news;
        at(key!("fetch-books"));
        let snapshot = self.snapshot().await?;
        Ok((snapshot, news.troubles.iter().map(Trouble::of).collect()))
    }

    /// Does it, and saves whatever became of it.
    pub(crate) async fn carry_out(&mut self, deed: &Deed) -> Result<Outcome, Trouble> {
        let outcome = self.act(deed).await;
        self.file.save(&mut self.rng).map_err(|e| Trouble::of(&e))?;
        outcome.map_err(|e| Trouble::from(&e))
    }

    /// What came in, and the public books, asked for now.
    pub(crate) async fn snapshot(&self) -> anyhow::Result<TreasuryView> {
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
        let named = |h: HolderId| (h, directory.name_of(h));
        let redemptions = treasury.redemptions.iter().map(|r| RedemptionView {
            context: r.context,
            amount: r.amount,
            tokens: r.count(),
            stage: r.stage,
            payout: r.payout.clone(),
            verified: r.verified_by(&public).iter().map(|h| directory.name_of(*h)).collect(),
            released: r.released_by(&public).into_iter().map(named).collect(),
            settled: r.settled_by(&public).into_iter().map(named).collect(),
            need: r.need(directory).ok(),
            paid_from: r.paid_from(),
        });
        let funds = public.funds_stated().into_iter().map(|f| FundView {
            amount: f.amount,
            reference: f.reference,
            stated: f.stated.iter().map(|h| directory.name_of(*h)).collect(),
        });
        // Too few signatures so far are no fault: a booking that waits.
        let half = |f: &&Finding| matches!(f, Finding::Books(f) if matches!(f.fault, Fault::TooFewSignatures { .. }));
        let (waiting, findings): (Vec<_>, Vec<_>) = public.findings.iter().partition(half);
        let troubles = |found: Vec<&Finding>| found.into_iter().map(Trouble::of).collect();
        Ok(TreasuryView {
            read: true,
            orders: orders.collect(),
            redemptions: redemptions.collect(),
            funds: funds.collect(),
            totals: public.audit.totals,
            records: public.records.len(),
            findings: troubles(findings),
            waiting: troubles(waiting),
            balances: public.audit.ledger.balances(),
        })
    }

    async fn act(&mut self, deed: &Deed) -> anyhow::Result<Outcome> {
        let directory = self.directory.as_ref().ok_or_else(|| Trouble::own(key!("error-no-charter-yet")))?;
        // Nothing is signed through a server that shows another log than before.
        self.file.contents.identity.watch_log(&self.api, directory.charter(), &self.circuits).await?;
        let s = &mut Session::new(&self.api, &self.circuits, &mut self.rng, now(), directory);
        match deed {
            Deed::Sign(award) => {
                treasury::sign(&mut self.file, s, award).await?;
            }
            Deed::Verify(context) => {
                treasury::verify(&mut self.file, s, context).await?;
            }
            Deed::Pay(context, debtor) => {
                return match self.file.contents.pay(s, context, debtor.as_ref()).await {
                    Ok(payment) => Ok(Outcome::Paid(payment)),
                    Err(BountyError::MoreNeeded { .. }) => Ok(Outcome::Released),
                    Err(BountyError::OtherPays) => Ok(Outcome::OtherPays),
                    Err(e) => Err(e.into()),
                };
            }
            Deed::Settle(context) => self.file.contents.settle(s, context).await?,
            Deed::Fund(amount, reference) => self.file.contents.fund(s, *amount, reference).await?,
        }
        Ok(Outcome::Done)
    }
}
