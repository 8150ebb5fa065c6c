//! Letters that say nothing, in the parcels of those who do not come back: a redemption, the sealed intake.
//!
//! Spec: `docs/spec/delivery.md`, section "Cover". Keys of everybody come with every first contact, so that what is
//! left of a parcel can go to people of the charter, who fetch and destroy it as every other letter.

use rand_core::CryptoRng;
use subrosa_crypto::{
    bundle::VerifiedBundle,
    ratchet::{Contact, Session},
    sign::{HolderId, VerifyingKey},
    wire::{BundleResponse, Envelope, PARCEL_COUNT},
};

use crate::{
    directory::Directory,
    message::{Message, MessageError},
};

/// Fills `envelopes` up to whole parcels with letters to people who are not among `written`, as far as there are such
/// people and keys for them.
///
/// # Errors
/// None that a correct program meets.
pub(crate) fn fill_up(
    envelopes: &mut Vec<Envelope>,
    written: &[HolderId],
    offered: &BundleResponse,
    directory: &Directory,
    now: u64,
    rng: &mut impl CryptoRng,
) -> Result<(), MessageError> {
    let nothing = Message::Cover.encode()?;
    let officers = directory.officers().iter().map(|o| (&o.key, &o.contact));
    let administrators = directory.administrators().iter().map(|a| (&a.key, &a.contact));
    let others = officers.chain(administrators).filter(|(key, _)| !written.contains(&key.holder_id()));
    let mut others: Vec<(&VerifyingKey, &Contact)> = others.collect();
    while !envelopes.len().is_multiple_of(PARCEL_COUNT) && !others.is_empty() {
        let mut b = [0; 8];
        rng.fill_bytes(&mut b);
        let at = usize::try_from(u64::from_be_bytes(b) % others.len() as u64).unwrap_or(0);
        let (key, contact) = others.swap_remove(at);
        let bundle = offered.of(key.holder_id()).cloned().and_then(|b| VerifiedBundle::verify(b, key, now).ok());
        // Whoever has no good keys gets no cover; nobody waits for it.
        let letter = bundle.and_then(|bundle| Session::initiate(contact, &bundle, &nothing, rng).ok());
        envelopes.extend(letter.map(|(_, envelope)| envelope));
    }
    Ok(())
}
