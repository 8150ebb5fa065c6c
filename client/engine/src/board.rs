//! Reading closed epochs and depositing parcels.

use core::cell::Cell;
use std::collections::HashMap;

use rand_core::CryptoRng;
use subrosa_crypto::{
    delivery::Drop,
    envelope::{self, EnvelopeError},
    file::Blob,
    log::NoteKey,
    ratchet::{Place, Session},
    secret::Secret32,
    wire::{BLOCK_EPOCHS, DepositResponse, Envelope, EpochList, Hint, PARCEL_COUNT, Tag},
};

use crate::{
    api::{Api, ApiError, Params},
    log_lists::{Lists, Unproven},
    log_watch::LogFinding,
    promise::Promise,
    transport::{Circuit, Transport},
};

/// Tries for one blob before giving up: a circuit that breaks is replaced by another.
pub const BLOB_TRIES: usize = 5;

/// Puts one blob of a file on the server, over a fresh circuit for each try.
///
/// # Errors
/// What the last try met; a blob that arrived without an answer may be put again.
pub async fn put_blob<T: Transport>(api: &Api<T>, circuits: &Circuits, blob: &Blob) -> Result<(), ApiError> {
    let mut tries = 0;
    loop {
        tries += 1;
        let circuit = circuits.fresh();
        let put = async { api.put_blob(&api.params(circuit).await?, blob.name, &blob.bytes, circuit).await };
        match put.await {
            Err(ApiError::Transport(_) | ApiError::Refused { status: 428 | 429, .. }) if tries < BLOB_TRIES => {}
            other => return other,
        }
    }
}

/// Hands out a fresh circuit for each act that must not be linked to another.
#[derive(Debug)]
pub struct Circuits(Cell<u64>);

impl Circuits {
    /// Starts at a random number, so that two runs of the program do not meet.
    pub fn new(rng: &mut impl CryptoRng) -> Self {
        let mut b = [0; 8];
        rng.fill_bytes(&mut b);
        Self(Cell::new(u64::from_be_bytes(b)))
    }

    /// A circuit that was never used.
    pub fn fresh(&self) -> Circuit {
        self.0.set(self.0.get().wrapping_add(1));
        Circuit(self.0.get())
    }
}

/// Fills up to a parcel with cover that nobody will fetch, and puts the envelopes into an order that says nothing. For
/// whoever does not come back; everybody else puts cover of their own in first, such as [`parcel_with_places`] makes.
pub fn parcel(
    mut envelopes: Vec<Envelope>,
    rng: &mut impl CryptoRng,
) -> Result<[Envelope; PARCEL_COUNT], EnvelopeError> {
    if envelopes.len() > PARCEL_COUNT {
        return Err(EnvelopeError::TooLong(envelopes.len()));
    }
    while envelopes.len() < PARCEL_COUNT {
        envelopes.push(envelope::cover(rng)?);
    }
    // Tags are uniformly random to everybody but the receivers: sorting by them is a shuffle.
    envelopes.sort_by_key(|e| e.tag);
    let n = envelopes.len();
    envelopes.try_into().map_err(|_| EnvelopeError::TooLong(n))
}

/// As [`parcel`], with cover at places that are answered too: whoever comes back fetches and destroys it as letters.
pub fn parcel_with_places(
    mut envelopes: Vec<Envelope>,
    rng: &mut impl CryptoRng,
) -> Result<([Envelope; PARCEL_COUNT], Vec<Drop>), EnvelopeError> {
    let mut places = Vec::new();
    while envelopes.len() < PARCEL_COUNT {
        let place = Drop::own(&Secret32::random(rng));
        envelopes.push(envelope::cover_at(&place, rng)?);
        places.push(place);
    }
    Ok((parcel(envelopes, rng)?, places))
}

/// The epochs `from..=to` as whole blocks where they fill one, and single epochs at the ends; ascending.
fn stretches(from: u64, to: u64) -> Vec<Stretch> {
    let mut out = Vec::new();
    let mut epoch = from;
    while epoch <= to {
        if epoch.is_multiple_of(BLOCK_EPOCHS) && epoch.saturating_add(BLOCK_EPOCHS - 1) <= to {
            out.push(Stretch::Block(epoch / BLOCK_EPOCHS));
            epoch = epoch.saturating_add(BLOCK_EPOCHS);
        } else {
            out.push(Stretch::Epoch(epoch));
            epoch = epoch.saturating_add(1);
        }
    }
    out
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stretch {
    Block(u64),
    Epoch(u64),
}

async fn stretch_tags<T: Transport>(
    api: &Api<T>,
    stretch: Stretch,
    circuit: Circuit,
) -> Result<Vec<(u64, Vec<Tag>)>, ApiError> {
    match stretch {
        Stretch::Block(b) => api.tag_block(b, circuit).await,
        Stretch::Epoch(e) => Ok(vec![(e, api.tags(e, circuit).await?)]),
    }
}

/// What was read of closed lists. Nothing is concluded from a list that is not the one in the log.
#[derive(Debug, Default)]
pub struct Listed<R> {
    /// What the logged lists hold.
    pub found: R,
    /// The lists that were not the logged ones, newest first.
    pub unproven: Vec<Unproven>,
}

/// The tags of the epochs from `from` to the newest in the log, by name, with the epoch that lists each. Every tag of
/// each epoch is fetched, so that the server learns nothing from the poll.
///
/// # Errors
/// The server or the network; or the log does not hold together.
pub async fn tags<T: Transport>(
    api: &Api<T>,
    lists: &mut Lists<'_, '_, T>,
    from: u64,
    circuit: Circuit,
) -> Result<Listed<HashMap<Tag, u64>>, LogFinding> {
    let mut out = Listed::<HashMap<Tag, u64>>::default();
    for stretch in stretches(from, lists.newest()).into_iter().rev() {
        for (epoch, tags) in stretch_tags(api, stretch, circuit).await?.into_iter().rev() {
            match lists.holds(epoch, &EpochList::tags_sha256(epoch, &tags), None).await? {
                true => out.found.extend(tags.into_iter().map(|t| (t, epoch))),
                false => out.unproven.push(lists.unproven(epoch)),
            }
        }
    }
    Ok(out)
}

/// Looks back from the newest epoch in the log to epoch `from` for the newest epoch in which `wanted` recognises tags;
/// answers the largest of what it said.
///
/// # Errors
/// The server or the network; or a list on the way is not the logged one, so that what is newest cannot be told.
pub async fn newest<T: Transport>(
    api: &Api<T>,
    lists: &mut Lists<'_, '_, T>,
    from: u64,
    wanted: impl Fn(&Tag) -> Option<u64>,
    circuit: Circuit,
) -> Result<Option<u64>, LogFinding> {
    for stretch in stretches(from, lists.newest()).into_iter().rev() {
        for (epoch, tags) in stretch_tags(api, stretch, circuit).await?.into_iter().rev() {
            if !lists.holds(epoch, &EpochList::tags_sha256(epoch, &tags), None).await? {
                return Err(LogFinding::ListNotLogged { first: epoch, count: 1 });
            }
            if let Some(n) = tags.iter().filter_map(&wanted).max() {
                return Ok(Some(n));
            }
        }
    }
    Ok(None)
}

/// Rows with the epochs that list them.
type Rows = Vec<(u64, Tag, Hint)>;

/// The rows of the epochs from `from` to the newest in the log, ascending by epoch: what an officer scans; and those of
/// the lists in `again`, which an earlier visit could not prove.
///
/// # Errors
/// The server or the network; or the log does not hold together.
pub async fn rows<T: Transport>(
    api: &Api<T>,
    lists: &mut Lists<'_, '_, T>,
    from: u64,
    again: &[Unproven],
    circuit: Circuit,
) -> Result<Listed<Rows>, LogFinding> {
    let (mut read, mut unproven) = (Vec::new(), Vec::new());
    for stretch in stretches(from, lists.newest()).into_iter().rev() {
        for (epoch, rows) in stretch_rows(api, stretch, circuit).await?.into_iter().rev() {
            match is_logged(lists, epoch, &rows).await? {
                true => read.push((epoch, rows)),
                false => unproven.push(lists.unproven(epoch)),
            }
        }
    }
    for old in again {
        for (epoch, rows) in stretch_rows(api, Stretch::Epoch(old.epoch), circuit).await? {
            lists.seek(old);
            match is_logged(lists, epoch, &rows).await? {
                true => read.push((epoch, rows)),
                false => unproven.push(*old),
            }
        }
    }
    read.sort_by_key(|(epoch, _)| *epoch);
    let flat = |(epoch, (tags, hints)): (u64, (Vec<Tag>, Vec<Hint>))| {
        tags.into_iter().zip(hints).map(move |(tag, hint)| (epoch, tag, hint))
    };
    Ok(Listed { found: read.into_iter().flat_map(flat).collect(), unproven })
}

async fn is_logged<T: Transport>(
    lists: &mut Lists<'_, '_, T>,
    epoch: u64,
    (tags, hints): &(Vec<Tag>, Vec<Hint>),
) -> Result<bool, LogFinding> {
    let hints = EpochList::hints_sha256(epoch, hints);
    lists.holds(epoch, &EpochList::tags_sha256(epoch, tags), Some(&hints)).await
}

/// Each epoch's tags and hints.
type Files = Vec<(u64, (Vec<Tag>, Vec<Hint>))>;

async fn stretch_rows<T: Transport>(api: &Api<T>, stretch: Stretch, circuit: Circuit) -> Result<Files, ApiError> {
    let tags = stretch_tags(api, stretch, circuit).await?;
    let hints = match stretch {
        Stretch::Block(b) => api.hint_block(b, circuit).await?,
        Stretch::Epoch(e) => vec![(e, api.hints(e, circuit).await?)],
    };
    let files: Files = tags.into_iter().zip(hints).map(|((epoch, tags), (_, hints))| (epoch, (tags, hints))).collect();
    if files.iter().any(|(_, (tags, hints))| tags.len() != hints.len()) {
        return Err(ApiError::Garbled { what: "hints", why: "not as many as tags".into() });
    }
    Ok(files)
}

/// As [`deposit`], with each receipt verified against the log's key at once, in the order of the parcel.
///
/// # Errors
/// The server or the network; or a receipt that the log did not sign.
pub async fn promised<T: Transport>(
    api: &Api<T>,
    log: &NoteKey,
    params: &Params,
    parcel: &[Envelope; PARCEL_COUNT],
    circuit: Circuit,
) -> Result<Vec<(Tag, Promise)>, ApiError> {
    let response = deposit(api, params, parcel, circuit).await?;
    let verified = |(e, r): (&Envelope, _)| Promise::of_envelope(log, e, r).map(|promise| (e.tag, promise));
    parcel.iter().zip(&response.receipts).map(verified).collect()
}

/// Deposits a parcel; the receipts are unverified: see [`promised`]. If the answer was lost on the way the same
/// parcel is sent again, which changes nothing on a server that has it.
pub async fn deposit<T: Transport>(
    api: &Api<T>,
    params: &Params,
    parcel: &[Envelope; PARCEL_COUNT],
    circuit: Circuit,
) -> Result<DepositResponse, ApiError> {
    match api.deposit(params, parcel, circuit).await {
        Err(ApiError::Transport(_)) => api.deposit(params, parcel, circuit).await,
        Err(ApiError::Refused { status: 428, .. }) => {
            let newer = api.params(circuit).await?;
            api.deposit(&newer, parcel, circuit).await
        }
        other => other,
    }
}

/// The first expected place that the board lists.
pub fn next_listed(session: &Session, listed: &HashMap<Tag, u64>) -> Option<(Place, Drop)> {
    let mut found: Vec<(Place, Drop)> = session
        .expected()
        .into_iter()
        .filter(|(tag, ..)| listed.contains_key(tag))
        .map(|(_, place, drop)| (place, drop))
        .collect();
    found.sort_by_key(|(place, _)| *place);
    found.into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_absences_are_read_in_blocks() {
        use Stretch::{Block, Epoch};
        assert_eq!(stretches(62, 129), [Epoch(62), Epoch(63), Block(1), Epoch(128), Epoch(129)]);
        assert_eq!(stretches(64, 127), [Block(1)]);
        assert_eq!(stretches(64, 126).len(), 63);
        assert_eq!(stretches(5, 4), []);
        assert!(stretches(0, 90 * 288).len() < 500, "three months of five-minute epochs");
    }
}
