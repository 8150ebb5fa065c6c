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
    wire::Envelope,
};

use super::{
    desk::{Desk, Outgoing},
    error::OfficerError,
};
use crate::{
    api::Api,
    board::{self, Circuits},
    session::{Saved, Session},
    transport::Transport,
};

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

    /// Deposits what is in the outbox. Save before and afterwards.
    async fn flush<T: Transport>(
        &mut self,
        api: &Api<T>,
        circuits: &Circuits,
        rng: &mut impl CryptoRng,
    ) -> Result<usize, OfficerError> {
        let mut sent = 0;
        while let Some(out) = self.outbox.first() {
            if let Ok(envelope) = Envelope::decode(&out.envelope) {
                let circuit = circuits.fresh();
                let params = api.params(circuit).await?;
                let (parcel, cover) = board::parcel_with_places(vec![envelope], rng)?;
                board::deposit(api, &params, &parcel, circuit).await?;
                self.identity.note_cover(cover);
                sent += 1;
            }
            self.outbox.remove(0);
        }
        Ok(sent)
    }

    /// Writes to people of the charter with whom this officer has no conversation, up to [`PARCEL_COUNT`] at once, in
    /// one parcel: name, key, where, what. Save afterwards.
    ///
    /// [`PARCEL_COUNT`]: subrosa_crypto::wire::PARCEL_COUNT
    pub(super) async fn first_contact<T: Transport, R: CryptoRng>(
        &mut self,
        s: &mut Session<'_, T, R>,
        to: &[(&str, &VerifyingKey, &Contact, zeroize::Zeroizing<Vec<u8>>)],
    ) -> Result<(), OfficerError> {
        let circuit = s.circuits.fresh();
        let params = s.api.params(circuit).await?;
        let offered = s.api.bundles(&params, s.rng, circuit).await?;
        let mut envelopes = Vec::with_capacity(to.len());
        for (name, key, contact, body) in to {
            let bundle = offered.of(key.holder_id()).cloned();
            let bundle = bundle.ok_or_else(|| OfficerError::NoBundle((*name).to_owned()))?;
            let bundle = VerifiedBundle::verify(bundle, key, s.clock)
                .map_err(|why| OfficerError::Bundle { name: (*name).to_owned(), why })?;
            let (_, envelope) = ratchet::Session::initiate(contact, &bundle, body, s.rng)?;
            envelopes.push(envelope);
        }
        let (parcel, cover) = board::parcel_with_places(envelopes, s.rng)?;
        board::deposit(s.api, &params, &parcel, circuit).await?;
        self.identity.note_cover(cover);
        Ok(())
    }
}

impl Saved<'_, Desk> {
    /// Deposits what is in the outbox; answers how many messages. Save afterwards.
    ///
    /// # Errors
    /// What could not be sent stays in the outbox and goes with the next visit.
    pub async fn flush<T: Transport>(
        mut self,
        api: &Api<T>,
        circuits: &Circuits,
        rng: &mut impl CryptoRng,
    ) -> Result<usize, OfficerError> {
        self.contents().flush(api, circuits, rng).await
    }
}
