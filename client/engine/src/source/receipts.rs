//! Receipts proven against the log, by anybody who holds them.

use rand_core::CryptoRng;
use subrosa_crypto::log::{self, Inclusion, ReceiptFile};

use super::error::SourceError;
use crate::{
    api::Api,
    board::Circuits,
    directory::Directory,
    log_watch::{LogFinding, LogWatch},
    transport::Transport,
};

/// Adds to each receipt the proof that the log holds its deposit; receipts of epochs that are still open stay promises.
/// Nothing here touches a state or a passphrase.
pub async fn prove_receipts<T: Transport>(
    api: &Api<T>,
    directory: &Directory,
    receipts: Vec<ReceiptFile>,
    rng: &mut impl CryptoRng,
) -> Result<Vec<ReceiptFile>, SourceError> {
    let circuit = Circuits::new(rng).fresh();
    let watch = LogWatch::new(api, directory.log_key().clone(), circuit);
    let mut view = watch.advance(None).await?;
    let mut out = Vec::with_capacity(receipts.len());
    for mut file in receipts {
        let leaf = log::verify_receipt(&directory.log_key().key(), &file.object_digest, &file.receipt)
            .map_err(|_| SourceError::ForgedReceipt)?;
        if view.epoch() >= file.receipt.epoch {
            let (index, proof) = watch.find(&mut view, 0, &leaf).await?.ok_or(LogFinding::NotThere)?;
            file.inclusion = Some(Inclusion { index, proof, checkpoint: view.checkpoint().to_bytes() });
        }
        out.push(file);
    }
    Ok(out)
}
