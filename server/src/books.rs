//! The public books as the page shows them: kept by `casework::ledger`, as the auditor's program keeps them, under the
//! rules of the charters and not of this server.

use actix_web::web;
use subrosa_casework::ledger::{Auditor, Signers};
use subrosa_templates::Books;
use tokio::sync::Mutex;

use crate::store::{Store, StoreError, Stored};

/// The books so far. Each record is audited once; a new charter begins the audit anew, for it may name new signers.
#[derive(Debug, Default)]
pub(crate) struct BookKeeper {
    kept: Mutex<Option<Kept>>,
}

#[derive(Debug)]
struct Kept {
    charter_version: u64,
    auditor: Auditor,
    books: Books,
}

impl BookKeeper {
    /// The sums of all public records. Whoever asks while another is counting waits for that one.
    pub(crate) async fn books<S: Store>(&self, store: &S, charter_version: u64, signers: &Signers) -> Stored<Books> {
        let mut kept = self.kept.lock().await;
        let (mut auditor, mut books) = match kept.take() {
            Some(k) if k.charter_version == charter_version => (k.auditor, Some(k.books)),
            _ => (Auditor::new(signers.clone()), None),
        };
        loop {
            let (total, page) = store.records(auditor.taken()).await?;
            if page.is_empty() {
                if auditor.taken() < total {
                    return Err(StoreError::Corrupt("there are fewer records than their number says".into()));
                }
                break;
            }
            // A signature for each record: not for the thread that answers everybody else.
            let counting = web::block(move || {
                page.iter().for_each(|record| drop(auditor.take(&record.bytes)));
                auditor
            });
            auditor = counting.await.map_err(|_| StoreError::Io("no thread to audit the records".into()))?;
            books = None;
        }
        let books = books.unwrap_or_else(|| sums(&auditor));
        *kept = Some(Kept { charter_version, auditor, books: books.clone() });
        Ok(books)
    }
}

fn sums(auditor: &Auditor) -> Books {
    let audit = auditor.report();
    Books {
        budget: audit.totals.unreserved.0,
        escrow: audit.totals.escrow.0,
        issued: audit.totals.issued.0,
        redeemed: audit.totals.redeemed.0,
        outstanding: audit.totals.outstanding.0,
        settled: audit.totals.paid.0,
        findings: audit.findings.len(),
        awards: audit.ledger.open_awards().into_iter().map(|(award, amount)| (award.to_string(), amount.0)).collect(),
    }
}
