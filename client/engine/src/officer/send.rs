//! Writing to the source and to colleagues: the journal first, then the outbox, then the board.
//!
//! Crash points. A message to the source is put into the desk's outbox and saved before it is deposited; the same
//! parcel may be deposited again.

use rand_core::CryptoRng;
use subrosa_casework::bytes::Digest;
use subrosa_crypto::{
    bundle::VerifiedBundle,
    ratchet::{self, Contact},
    sign::VerifyingKey,
    wire::{BundleResponse, Envelope, Tag},
};
use zeroize::Zeroizing;

use super::{
    desk::{Desk, Outgoing},
    error::OfficerError,
};
use crate::{
    api::Params,
    board,
    session::{Saved, Session},
    transport::{Circuit, Transport},
};

/// Somebody of the charter who is written to: name, key, where, what.
pub(super) type To<'a> = (&'a str, &'a VerifyingKey, &'a Contact, Zeroizing<Vec<u8>>);

/// Seals a first letter under the keys that are offered for its reader.
pub(super) fn seal(
    offered: &BundleResponse,
    (name, key, contact, body): &To<'_>,
    now: u64,
    rng: &mut impl CryptoRng,
) -> Result<Envelope, OfficerError> {
    let bundle = offered.of(key.holder_id()).cloned();
    let bundle = bundle.ok_or_else(|| OfficerError::NoBundle((*name).to_owned()))?;
    let bundle = VerifiedBundle::verify(bundle, key, now)
        .map_err(|why| OfficerError::Bundle { name: (*name).to_owned(), why })?;
    let (_, envelope) = ratchet::Session::initiate(contact, &bundle, body, rng)?;
    Ok(envelope)
}

impl Desk {
    /// Seals a message to the source and puts it into the outbox.
    pub(super) fn post(&mut self, case: usize, body: &[u8], rng: &mut impl CryptoRng) -> Result<(), OfficerError> {
        let entry = self.cases.get_mut(case).ok_or(OfficerError::NoSession)?;
        let session = entry.session.as_mut().ok_or(OfficerError::NoSession)?;
        let (envelope, capability) = session.send_with_capability(body, rng)?;
        entry.sent.push(capability);
        self.outbox.push(Outgoing { case: Digest(entry.id), envelope: envelope.encode() });
        Ok(())
    }

    /// Deposits what is in the outbox, and keeps what the server signs for it. Save before and afterwards.
    async fn flush<T: Transport, R: CryptoRng>(&mut self, s: &mut Session<'_, T, R>) -> Result<usize, OfficerError> {
        let mut sent = 0;
        while let Some(out) = self.outbox.first() {
            if let Ok(envelope) = Envelope::decode(&out.envelope) {
                let circuit = s.circuits.fresh();
                let params = s.api.params(circuit).await?;
                self.deposit(s, &params, vec![envelope], circuit).await?;
                sent += 1;
            }
            self.outbox.remove(0);
        }
        Ok(sent)
    }

    /// Deposits envelopes of this desk's in one parcel, filled up with cover that it fetches itself. Each receipt is
    /// verified; those of the envelopes are kept. Save afterwards.
    pub(super) async fn deposit<T: Transport, R: CryptoRng>(
        &mut self,
        s: &mut Session<'_, T, R>,
        params: &Params,
        envelopes: Vec<Envelope>,
        circuit: Circuit,
    ) -> Result<(), OfficerError> {
        let own: Vec<Tag> = envelopes.iter().map(|e| e.tag).collect();
        let (parcel, cover) = board::parcel_with_places(envelopes, s.rng)?;
        let promised = board::promised(s.api, s.directory.log_key(), params, &parcel, circuit).await?;
        for (_, promise) in promised.into_iter().filter(|(tag, _)| own.contains(tag)) {
            self.identity.keep_promise(promise);
        }
        self.identity.note_cover(cover);
        Ok(())
    }

    /// Writes to people of the charter with whom this officer has no conversation, up to [`PARCEL_COUNT`] at once, in
    /// one parcel: name, key, where, what. Save afterwards.
    ///
    /// [`PARCEL_COUNT`]: subrosa_crypto::wire::PARCEL_COUNT
    pub(super) async fn first_contact<T: Transport, R: CryptoRng>(
        &mut self,
        s: &mut Session<'_, T, R>,
        to: &[To<'_>],
    ) -> Result<(), OfficerError> {
        let circuit = s.circuits.fresh();
        let params = s.api.params(circuit).await?;
        let offered = s.api.bundles(&params, s.rng, circuit).await?;
        let mut envelopes = Vec::with_capacity(to.len());
        for one in to {
            envelopes.push(seal(&offered, one, s.clock, s.rng)?);
        }
        self.deposit(s, &params, envelopes, circuit).await
    }
}

impl Saved<'_, Desk> {
    /// Deposits what is in the outbox; answers how many messages. Save afterwards.
    ///
    /// # Errors
    /// What could not be sent stays in the outbox and goes with the next visit.
    pub async fn flush<T: Transport, R: CryptoRng>(mut self, s: &mut Session<'_, T, R>) -> Result<usize, OfficerError> {
        self.contents().flush(s).await
    }
}
