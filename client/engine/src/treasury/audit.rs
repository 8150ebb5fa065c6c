//! The auditor: log, key history, records, books, from public data alone.

use std::collections::{BTreeMap, BTreeSet};

use subrosa_casework::{bytes::Digest, ledger::Totals};
use subrosa_crypto::{
    charter::{CharterError, LastSeen, RootKey, UnverifiedCharter},
    kdf,
    log::{self, ListFile, RecordChain},
    wire::LeafKind,
};
use thiserror::Error;

use crate::{
    api::{Api, ApiError},
    board::Circuits,
    history::History,
    log_watch::{LogFinding, LogWatch, against_clock},
    transport::{Circuit, Transport},
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
    /// When the log's newest statement was made, by its own clock: unix seconds.
    pub stated: u64,
    /// How long an epoch lasts, by the charter: seconds.
    pub epoch_seconds: u64,
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

    /// A log that stands still, or whose time and the reader's clock (`now`, unix seconds) do not agree. It is told and
    /// is no finding: what was audited holds, and one of the clocks may be wrong.
    pub fn against_clock(&self, now: u64) -> Option<LogFinding> {
        against_clock(self.stated, now, self.epoch_seconds)
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
    let first_epoch = api.params(circuit).await?.first_epoch;
    let watch = LogWatch::new(api, directory.log_key().clone(), circuit);
    let mut log_view = watch.advance(None).await?;
    let batches = watch.leaves_from(&mut log_view, 0).await?;
    let leaves: BTreeSet<[u8; 32]> = batches.iter().copied().collect();
    let mut findings = view.findings.clone();
    // The log says how far it goes; the list of records was asked for before, and is complete up to `closed` alone.
    let published = log_view.epoch();
    findings.extend(missing_records(&view, &batches, closed.unwrap_or(0).min(published)));
    findings.extend(unkept_promises(&view, &leaves, published));
    findings.extend(changed_lists(api, &view, &batches, (first_epoch, published), circuit).await?);
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
        stated: log_view.checkpoint().time(),
        epoch_seconds: directory.charter().document().epoch_seconds,
        findings,
    })
}

/// The lists that are not those with which their batches end.
async fn changed_lists<T: Transport>(
    api: &Api<T>,
    view: &PublicView,
    leaves: &[[u8; 32]],
    (first, last): (u64, u64),
    circuit: Circuit,
) -> Result<Vec<Finding>, ApiError> {
    // Where the records do not fit, nobody can tell where a batch ends; then its list may stand anywhere.
    let batches = log::batches(leaves, last, chains(view));
    let anywhere: BTreeMap<[u8; 32], usize> = leaves.iter().copied().zip(0..).collect();
    let mut findings = Vec::new();
    for epoch in first..=last {
        let (tags, hints) =
            (api.epoch_file(epoch, "tags", circuit).await?, api.epoch_file(epoch, "hints", circuit).await?);
        let (tags, hints) = (kdf::sha256(&tags), kdf::sha256(&hints));
        let nth = usize::try_from(epoch).ok().and_then(|n| n.checked_sub(1));
        let stands = match nth.and_then(|n| batches.get(n)) {
            Some(batch) => batch.ends_with(&log::list_leaves(batch.len(), &tags, &hints)),
            None => log::batch_sizes().take_while(|size| *size <= leaves.len()).any(|size| {
                let at = anywhere.get(&log::list_leaf(ListFile::Tags, size, &tags));
                at.and_then(|at| leaves.get(..=*at))
                    .is_some_and(|l| l.ends_with(&log::list_leaves(size, &tags, &hints)))
            }),
        };
        if !stands {
            findings.push(Finding::ListChanged { epoch });
        }
    }
    Ok(findings)
}

/// The chain of all records that were shown, up to an epoch; epochs are asked for ascending.
fn chains(view: &PublicView) -> impl FnMut(u64) -> RecordChain {
    let mut chain = RecordChain::default();
    let mut rest = view.published.iter().peekable();
    move |epoch| {
        while let Some((_, bytes)) = rest.next_if(|(e, _)| *e <= epoch) {
            chain.push(bytes);
        }
        chain
    }
}

/// Whether the log says that there are other public records than those that were shown.
fn missing_records(view: &PublicView, leaves: &[[u8; 32]], last: u64) -> Option<Finding> {
    let epoch = log::check_batch_heads(leaves, last, chains(view)).err()?;
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
