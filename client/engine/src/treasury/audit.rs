//! The auditor: log, key history, records, books, from public data alone.

use std::collections::BTreeSet;

use subrosa_casework::{bytes::Digest, ledger::Totals};
use subrosa_crypto::{
    charter::{CharterError, LastSeen, RootKey, UnverifiedCharter},
    log::{self, RecordChain},
    wire::LeafKind,
};
use thiserror::Error;

use crate::{
    api::{Api, ApiError},
    board::Circuits,
    history::History,
    log_watch::{LogFinding, LogWatch},
    transport::Transport,
    treasury::public::{Finding, PublicView, ViewError},
};

/// Why an audit could not be carried through; what is wrong in the data is a finding instead.
#[derive(Debug, Error)]
pub enum AuditError {
    /// The server or the network.
    #[error(transparent)]
    Api(#[from] ApiError),
    /// The log does not hold together.
    #[error(transparent)]
    Log(#[from] LogFinding),
    /// The charters do not hold together.
    #[error("charter: {0}")]
    Charter(#[from] CharterError),
    /// The public records could not be fetched at all.
    #[error(transparent)]
    View(#[from] ViewError),
}

/// What an audit found.
#[derive(Debug)]
pub struct Report {
    /// Leaves of the log.
    pub log_size: u64,
    /// The newest charter's version: so many versions were checked, from the first on.
    pub charters: u64,
    /// How many public records could be read. The others are among the findings.
    pub records: usize,
    /// The sums of the books, in euro cents.
    pub totals: Totals,
    /// The newest charter's version, if the log does not hold it yet: it was published after the last epoch closed, or
    /// it is kept out. A second audit, an epoch later, tells which.
    pub unlogged: Option<u64>,
    /// Tokens that administrators reserved for different redemptions: nullifiers. No finding, for a holder can show a
    /// token twice; but one of them may want to keep a stranger's tokens from being redeemed, and the records name
    /// them.
    pub contested: Vec<Digest>,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Issued − redeemed = outstanding.
    pub fn issued_balance(&self) -> bool {
        self.totals.redeemed.0.checked_add(self.totals.outstanding.0) == Some(self.totals.issued.0)
    }

    /// Outstanding ≤ escrow.
    pub fn covered(&self) -> bool {
        self.totals.outstanding.0 <= self.totals.escrow.0
    }

    /// Nothing to object.
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty() && self.issued_balance() && self.covered()
    }
}

/// Reads everything public and checks it: every leaf against the signed root, every charter version, every record's
/// signature, proof and place in the log, the list of every epoch, the books.
pub async fn audit<T: Transport>(
    api: &Api<T>,
    directory: &History,
    root: &RootKey,
    circuits: &Circuits,
) -> Result<Report, AuditError> {
    let circuit = circuits.fresh();
    // Records of epochs that are closed now are all there when they are read; those of later epochs may grow.
    let closed = api.params(circuit).await?.last_published;
    // The list of what was promised is read before the log, so that whatever was promised by then and is due must be in
    // the log.
    let view = PublicView::fetch(api, directory, circuit).await?;
    let params = api.params(circuit).await?;
    let watch = LogWatch::new(api, directory.log_key().clone(), circuit);
    let log_view = watch.advance(None).await?;
    let batches = watch.all_leaves(&log_view).await?;
    let leaves: BTreeSet<[u8; 32]> = batches.iter().copied().collect();
    let mut findings = view.findings.clone();
    findings.extend(closed.and_then(|last| missing_records(&view, &batches, last)));
    let published = params.last_published.unwrap_or(0);
    findings.extend(unkept_promises(&view, &leaves, published));
    for epoch in params.first_epoch..=published {
        let (tags, hints) =
            (api.epoch_file(epoch, "tags", circuit).await?, api.epoch_file(epoch, "hints", circuit).await?);
        let leaf = log::leaf_data(LeafKind::EpochList, &[0; 32], &log::epoch_list_digest(&tags, &hints));
        if !leaves.contains(&leaf) {
            findings.push(Finding::ListChanged { epoch });
        }
    }
    let mut last: Option<LastSeen> = None;
    let mut unlogged = None;
    for version in 1..=directory.charter().version() {
        let bytes = api.charter(Some(version), circuit).await?;
        let charter = UnverifiedCharter::parse(&bytes)?.verify_archived(root, last.as_ref())?;
        last = Some(charter.seen());
        // The newest one may be younger than the last closed epoch; all older ones must stand in the log.
        let leaf = log::leaf_data(LeafKind::Charter, &[0; 32], &log::charter_digest(&bytes));
        if leaves.contains(&leaf) {
            continue;
        }
        if version < directory.charter().version() {
            findings.push(Finding::CharterSecret { version });
        } else {
            unlogged = Some(version);
        }
    }
    Ok(Report {
        log_size: log_view.size(),
        charters: directory.charter().version(),
        records: view.records.len(),
        totals: view.audit.totals,
        unlogged,
        contested: view.audit.contested,
        findings,
    })
}

/// Whether the log says that there are other public records than those that were shown.
fn missing_records(view: &PublicView, leaves: &[[u8; 32]], last: u64) -> Option<Finding> {
    let mut chain = RecordChain::default();
    let mut rest = view.published.iter().peekable();
    let through = |epoch| {
        while let Some((_, bytes)) = rest.next_if(|(e, _)| *e <= epoch) {
            chain.push(bytes);
        }
        chain
    };
    let epoch = log::check_batch_heads(leaves, last, through).err()?;
    Some(Finding::RecordsHidden { epoch })
}

/// Records whose promised epoch is closed, and whose leaf is not in the log.
fn unkept_promises(view: &PublicView, leaves: &BTreeSet<[u8; 32]>, published: u64) -> Vec<Finding> {
    let mut findings = Vec::new();
    for r in &view.records {
        let leaf = log::leaf_data(LeafKind::Record, &r.salt, &log::record_digest(&r.bytes));
        if r.epoch <= published && !leaves.contains(&leaf) {
            findings.push(Finding::NotLogged { record: r.number, epoch: r.epoch });
        }
    }
    findings
}
