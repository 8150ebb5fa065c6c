//! The chain of all public records, to which each epoch's log batch commits.

use subrosa_crypto::log::RecordChain;
use tokio::sync::Mutex;

use crate::store::{Store, StoreError, Stored};

/// The chain as far as it was asked for; after a start it is made again from the records.
#[derive(Debug, Default)]
pub(crate) struct Records {
    kept: Mutex<RecordChain>,
}

impl Records {
    /// The chain of all records that were promised for `epoch` or before. Epochs are asked for in their order, each
    /// once it takes no more records.
    pub(crate) async fn through<S: Store>(&self, store: &S, epoch: u64) -> Stored<RecordChain> {
        let mut chain = self.kept.lock().await;
        loop {
            let (total, page) = store.records(chain.count()).await?;
            if page.is_empty() {
                let complete = chain.count() >= total;
                let short = || StoreError::Corrupt("there are fewer records than their number says".into());
                return if complete { Ok(*chain) } else { Err(short()) };
            }
            for record in page {
                if record.epoch > epoch {
                    return Ok(*chain);
                }
                chain.push(&record.bytes);
            }
        }
    }
}
