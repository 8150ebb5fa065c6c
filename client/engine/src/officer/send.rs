//! Writing to the source and to colleagues: the journal first, then the outbox, then the board.
//!
//! Crash points. A message to the source is put into the desk's outbox and saved before it is deposited; the same
//! parcel may be deposited again.

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use subrosa_casework::{
    bytes::Digest,
    case::{Case, Command, Event, MessageKind, State},
    money::Currency,
    role::RoleName,
};
use subrosa_crypto::{
    bundle::VerifiedBundle,
    ratchet::{self, Contact},
    sign::{HolderId, VerifyingKey},
    wire::Envelope,
};

use super::{Desk, DeskContext, OfficerError};
use crate::{
    api::Api,
    board::{self, Circuits},
    message::{AwardNotice, Message, Notice},
    session::{Saved, Session},
    transport::Transport,
};

/// A parcel on its way to the source.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Outgoing {
    pub(super) case: Digest,
    #[serde(with = "serde_bytes")]
    pub(super) envelope: Vec<u8>,
}

/// A message to the source, as the journal wants to know it.
#[derive(Clone, Copy, Debug)]
pub struct Letter<'m> {
    /// What it is for.
    pub kind: MessageKind,
    /// What it says.
    pub message: &'m Message,
    /// Whether it passed the check for words that could name the source.
    pub leak_checked: bool,
}

impl Desk {
    /// Puts a message to the source into the outbox, after the journal has it. Save, then [`Saved::flush`].
    pub async fn write<T: Transport, R: CryptoRng>(
        &mut self,
        s: &mut Session<'_, T, R>,
        case: usize,
        ctx: &DeskContext,
        role: RoleName,
        letter: Letter<'_>,
    ) -> Result<(), OfficerError> {
        let body = letter.message.encode()?;
        if self.cases.get(case).is_none_or(|c| c.session.is_none()) {
            return Err(OfficerError::NoSession);
        }
        let event = Event::message_sent(letter.kind, body.to_vec(), letter.leak_checked);
        self.act(s, case, ctx, role, |_| Some(Command::Write(event.clone()))).await?;
        self.post(case, &body, s.rng)
    }

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
                board::deposit(api, &params, &board::parcel(vec![envelope], rng)?, circuit).await?;
                sent += 1;
            }
            self.outbox.remove(0);
        }
        Ok(sent)
    }

    /// Writes to people of the charter with whom this officer has no conversation, up to [`BUNDLE_SLOTS`] at once, in
    /// one parcel: name, key, where, what.
    pub(super) async fn first_contact<T: Transport, R: CryptoRng>(
        &self,
        s: &mut Session<'_, T, R>,
        to: &[(&str, &VerifyingKey, &Contact, zeroize::Zeroizing<Vec<u8>>)],
    ) -> Result<(), OfficerError> {
        let circuit = s.circuits.fresh();
        let params = s.api.params(circuit).await?;
        let holders: Vec<HolderId> = to.iter().map(|(_, key, ..)| key.holder_id()).collect();
        let response = s.api.bundles(&params, &holders, s.rng, circuit).await?;
        let mut envelopes = Vec::with_capacity(to.len());
        for ((name, key, contact, body), slot) in to.iter().zip(response.slots) {
            let bundle = slot.ok_or_else(|| OfficerError::NoBundle((*name).to_owned()))?;
            let bundle = VerifiedBundle::verify(bundle, key, s.clock)
                .map_err(|why| OfficerError::Bundle { name: (*name).to_owned(), why })?;
            let (_, envelope) = ratchet::Session::initiate(contact, &bundle, body, s.rng)?;
            envelopes.push(envelope);
        }
        board::deposit(s.api, &params, &board::parcel(envelopes, s.rng)?, circuit).await?;
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

/// A notice about where the case stands, for the source.
pub fn notice(state: State, text: &str, award: Option<AwardNotice>) -> Message {
    Message::Notice(Notice { state: state.name().into(), text: text.into(), award })
}

/// What the source is told when a step moved the case to where it has something to do or to know. The state says it:
/// the source's program puts it into words of the source's own language. Words of the officer are added only where they
/// are the same in every language: an amount, in its plain form.
pub fn news_for_source(was: State, after: &Case) -> Option<Message> {
    let state = after.state();
    if state == was || !state.tells_source() {
        return None;
    }
    let award = after.award();
    Some(match state {
        State::AwardProposed => {
            let amount = award.map(|a| a.amount.of(Currency::EUR).to_string()).unwrap_or_default();
            notice(state, &amount, None)
        }
        State::AwardFinal => {
            let (reference, amount) = award.and_then(|a| Some((a.award_ref?, a.amount)))?;
            notice(state, "", Some(AwardNotice { reference, amount_cents: amount.0 }))
        }
        _ => notice(state, "", None),
    })
}
