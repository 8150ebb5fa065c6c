//! What the disk can do: the floor of every durable write.

use std::{fs::File, os::unix::fs::FileExt, path::Path, time::Instant};

use anyhow::Result;
use subrosa_crypto::wire::{ENVELOPE_LEN, PARCEL_COUNT};

/// Parcels a second, written one after the other with one fdatasync for each `group`.
pub(crate) fn grouped_syncs(dir: &Path, parcels: u64, group: u64) -> Result<f64> {
    let path = dir.join("floor");
    let file = File::create(&path)?;
    let parcel = vec![7; PARCEL_COUNT * ENVELOPE_LEN];
    let start = Instant::now();
    for n in 0..parcels {
        file.write_all_at(&parcel, n * parcel.len() as u64)?;
        if (n + 1) % group == 0 || n + 1 == parcels {
            file.sync_data()?;
        }
    }
    let rate = parcels as f64 / start.elapsed().as_secs_f64();
    std::fs::remove_file(path)?;
    Ok(rate)
}
