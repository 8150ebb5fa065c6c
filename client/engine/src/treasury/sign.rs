//! Signing the blinded tokens of an award, and handing the answer to the source.

use rand_core::CryptoRng;
use subrosa_casework::{
    award::batch_digest,
    bytes::AwardRef,
    money::Cents,
    records::{LedgerBody, Movement, OrderBody},
};
use subrosa_crypto::{
    delivery::cover_hint,
    envelope,
    seal::{PUBLIC_LEN, SealError, SealRecipient},
    secret::Secret32,
    token::{BatchError, BlindedBatch, Denomination, EvaluatedBatch, Keyset, split},
    wire::{Envelope, PublicRecord, RecordKind},
};

use super::{
    Answer, BountyError, Order, Treasury,
    public::{PublicView, issuance_body, sign_record, signed_under, token_award},
};
use crate::{
    board,
    session::{Saved, Session},
    source::{RETURN_BOX_INFO, return_place},
    transport::Transport,
};

impl Saved<'_, Treasury> {
    /// Publishes and sends every answer that is not delivered yet; answers how many. Save afterwards.
    ///
    /// # Errors
    /// What was not sent is sent again at the next visit.
    pub async fn deliver<T: Transport, R: CryptoRng>(
        mut self,
        s: &mut Session<'_, T, R>,
    ) -> Result<usize, BountyError> {
        self.contents().deliver(s).await
    }
}

impl Treasury {
    /// Signs the blinded tokens of an order. Changes the treasury only: save, then [`Saved::deliver`].
    ///
    /// All signers of the keyset sign, or the tokens are worth nothing. If the keyset is replaced before that, the same
    /// elements are signed again under the next one; never other elements.
    ///
    /// # Errors
    /// The order, its tokens, its keyset or the budget do not allow it; or the public records say that it was done.
    pub async fn sign<T: Transport, R: CryptoRng>(
        &mut self,
        s: &mut Session<'_, T, R>,
        reference: &AwardRef,
    ) -> Result<(), BountyError> {
        self.check_charter(s.directory)?;
        let view = PublicView::fetch(s.api, s.directory, s.circuits.fresh()).await?;
        let order = self.orders.iter().find(|o| o.order.order.award_ref == *reference);
        let order = order.ok_or(BountyError::Unknown("award"))?;
        order.order.verify(&s.directory.members(), &order.batch, s.clock)?;
        let batch = BlindedBatch::decode(&order.batch).map_err(|_| BatchError::Amount)?;
        if batch.award != token_award(reference) {
            return Err(BatchError::Amount.into());
        }
        let keyset = s.directory.charter().keyset_for(&tokens_of(&batch)).ok_or(BountyError::NoKeyset)?;
        let whole = view.is_whole(reference, s.directory);
        self.check_not_signed(&view, order, keyset, whole)?;
        if s.clock >= keyset.accept_until() {
            return Err(BountyError::Expired);
        }
        self.check_budget(&view, reference, order.order.order.amount)?;
        let (expected, _) = split(order.order.order.amount.0, &keyset.denominations());
        let checked = batch.verify(&expected)?;
        let answer = self.secret(keyset)?.evaluate(&checked, s.rng)?;
        let issued = Cents(batch.total_cents().unwrap_or(0));
        let movement = |m, amount| (RecordKind::Ledger, LedgerBody::of_award(m, *reference, amount).to_json());
        let bodies = [
            (RecordKind::Order, OrderBody::of(&order.order).to_json()),
            movement(Movement::AwardReserved, order.order.order.amount),
            (RecordKind::Issuance, issuance_body(*reference, &batch, &answer).to_json()),
            movement(Movement::TokensIssued, issued),
        ];
        let (charter, signer) = (s.directory.charter().digest(), self.identity.signer());
        let mut records = Vec::with_capacity(bodies.len());
        for (kind, body) in bodies {
            records.push(serde_bytes::ByteBuf::from(sign_record(kind, body, charter, &signer)?.encode()));
        }
        // Whoever delivers an order can put a false return box into it. The source finds the same answer in the public
        // records, so a box that does not open must not stop an award.
        let envelope = self.return_envelope(order, reference, &answer, s.rng).map(|e| e.encode()).unwrap_or_default();
        let answer = Answer { keyset: keyset.id().0, records, envelope, delivered: false };
        if let Some(order) = self.orders.iter_mut().find(|o| o.order.order.award_ref == *reference) {
            order.answer = Some(answer);
        }
        Ok(())
    }

    /// Refuses a second signature under one keyset, one after the tokens are whole, and one over other elements than
    /// were ordered first in public or signed before by this administrator. The public records are asked too: a
    /// keystore restored from a backup has forgotten what it signed.
    ///
    /// That the books show the tokens as issued does not make them whole: fewer administrators state a movement than
    /// sign a token.
    fn check_not_signed(
        &self,
        view: &PublicView,
        order: &Order,
        keyset: &Keyset,
        whole: bool,
    ) -> Result<(), BountyError> {
        let award = &order.order.order.award_ref;
        let me = self.identity.signer().verifying_key().holder_id();
        let own = order.answer.as_ref().is_some_and(|a| a.keyset == keyset.id().0);
        if own || whole || view.has_issued(award, &keyset.id(), me) {
            return Err(BountyError::SignedBefore);
        }
        let ordered = view.audit.ordered.get(award).is_some_and(|first| *first != order.order.order);
        let batch = batch_digest(&order.batch);
        if ordered || view.signed_by(award, me).any(|other| other != batch) {
            return Err(BountyError::OtherBatch);
        }
        Ok(())
    }

    /// Refuses an award that the budget does not hold, unless it is reserved already. What this administrator has
    /// signed is taken from the budget whether or not others have stated it yet, and whether or not the server shows
    /// it.
    fn check_budget(&self, view: &PublicView, award: &AwardRef, amount: Cents) -> Result<(), BountyError> {
        let ledger = &view.audit.ledger;
        let booked = |award: &AwardRef| ledger.has_named(Movement::AwardReserved, Some(*award), None);
        let own = self.orders.iter().filter(|o| o.answer.is_some()).map(|o| &o.order.order);
        let own = own.filter(|o| o.award_ref != *award && !booked(&o.award_ref));
        let signed = own.fold(Cents::ZERO, |sum, o| Cents(sum.0.saturating_add(o.amount.0)));
        let have = ledger.totals().unreserved.saturating_sub(signed);
        let reserved = ledger.has(&LedgerBody::of_award(Movement::AwardReserved, *award, amount));
        if reserved || have >= amount { Ok(()) } else { Err(BountyError::NoBudget { have, need: amount }) }
    }

    fn return_envelope<R: CryptoRng>(
        &self,
        order: &Order,
        reference: &AwardRef,
        answer: &EvaluatedBatch,
        rng: &mut R,
    ) -> Result<Envelope, BountyError> {
        let address = self.identity.wrap_key().open(RETURN_BOX_INFO, &reference.0, &order.return_box.sealed)?;
        let (secret, public) = address.split_first_chunk::<32>().ok_or(SealError::Open)?;
        if public.len() != PUBLIC_LEN {
            return Err(SealError::Key.into());
        }
        let place = return_place(&Secret32::new(*secret), &answer.keyset);
        let recipient = SealRecipient::from_slice(public)?;
        Ok(envelope::write(&place, cover_hint(rng), &recipient, &[0; 16], &answer.encode(), rng)?)
    }

    /// Publishes and sends every answer that is not delivered yet.
    async fn deliver<T: Transport, R: CryptoRng>(&mut self, s: &mut Session<'_, T, R>) -> Result<usize, BountyError> {
        let (mut sent, log) = (0, s.directory.log_key());
        let (charter, signer) = (s.directory.charter().digest(), self.identity.signer());
        for answer in self.orders.iter_mut().filter_map(|o| o.answer.as_mut()).filter(|a| !a.delivered) {
            for bytes in &answer.records {
                if let Ok(record) = PublicRecord::decode(bytes) {
                    let record = signed_under(record, charter, &signer);
                    let receipt = s.api.publish_record(&record, s.circuits.fresh()).await?;
                    self.identity.keep_receipt(log, &record, &receipt)?;
                }
            }
            if let Ok(envelope) = Envelope::decode(&answer.envelope) {
                let circuit = s.circuits.fresh();
                let params = s.api.params(circuit).await?;
                let own = envelope.tag;
                let (parcel, cover) = board::parcel_with_places(vec![envelope], s.rng)?;
                let promised = board::promised(s.api, log, &params, &parcel, circuit).await?;
                for (_, promise) in promised.into_iter().filter(|(tag, _)| *tag == own) {
                    self.identity.keep_promise(promise);
                }
                self.identity.note_cover(cover);
            }
            answer.delivered = true;
            sent += 1;
        }
        Ok(sent)
    }
}

/// The denominations that a request asks for, each as often as it does.
fn tokens_of(batch: &BlindedBatch) -> Vec<Denomination> {
    batch.groups.iter().flat_map(|g| core::iter::repeat_n(g.denomination, g.elements.len())).collect()
}
