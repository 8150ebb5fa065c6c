//! Reading closed epochs and depositing parcels.

use core::cell::Cell;
use std::collections::HashMap;

use rand_core::CryptoRng;
use subrosa_crypto::{
    delivery::Drop,
    envelope::{self, EnvelopeError},
    ratchet::{Place, Session},
    wire::{DepositResponse, Envelope, Hint, PARCEL_COUNT, Tag},
};

use crate::{
    api::{Api, ApiError, Params},
    transport::{Circuit, Transport},
};

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

/// Fills up to a parcel with cover and puts the envelopes into an order that says nothing.
pub fn parcel(mut envelopes: Vec<Envelope>, rng: &mut impl CryptoRng) -> Result<[Envelope; PARCEL_COUNT], EnvelopeError> {
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

/// The tags of the epochs `from..=to`, by name, with the epoch that lists each. Every tag of each epoch is fetched, so that the server learns
/// nothing from the poll.
pub async fn tags<T: Transport>(api: &Api<T>, from: u64, to: u64, circuit: Circuit) -> Result<HashMap<Tag, u64>, ApiError> {
    let mut found = HashMap::new();
    for epoch in from..=to {
        for tag in api.tags(epoch, circuit).await? {
            found.insert(tag, epoch);
        }
    }
    Ok(found)
}

/// The rows of one epoch: what an officer scans.
pub async fn rows<T: Transport>(api: &Api<T>, epoch: u64, circuit: Circuit) -> Result<Vec<(Tag, Hint)>, ApiError> {
    let tags = api.tags(epoch, circuit).await?;
    let hints = api.hints(epoch, circuit).await?;
    if tags.len() != hints.len() {
        return Err(ApiError::Garbled { what: "hints", why: "not as many as tags".into() });
    }
    Ok(tags.into_iter().zip(hints).collect())
}

/// Deposits a parcel; if the answer was lost on the way the same parcel is sent again, which changes nothing on a server that has it.
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
