//! From an announced award to tokens in hand.

use std::collections::BTreeSet;

use rand_core::CryptoRng;
use subrosa_casework::{
    award::{SourceAct, batch_digest},
    bytes::AwardRef,
};
use subrosa_crypto::{
    delivery::Drop,
    envelope::EnvelopeError,
    token::{AssembleError, EvaluatedBatch, EvaluationError, IssuerShares, Keyset, Token},
};

use super::{
    award::{AwardState, RETURN_BOX_INFO, ReturnBox},
    client::Source,
    error::SourceError,
};
use crate::{
    api::Fetched,
    board,
    message::{Message, SealedBox, TokenRequest},
    transport::Transport,
};

impl<T: Transport> Source<T> {
    /// Asks for every announced award as blind tokens. Asking again sends the same blinded elements, so nothing is
    /// issued twice. An announcement that cannot be asked for (worth less than a token, or more than one message
    /// holds) keeps none of the others back.
    pub async fn request_tokens(&mut self, rng: &mut impl CryptoRng) -> Result<(), SourceError> {
        if self.state.awards.is_empty() {
            return Err(SourceError::NoAward);
        }
        let fresh = self.state.awards.iter().any(|a| !a.requested);
        let (mut asked, mut first_wrong) = (false, None);
        for at in 0..self.state.awards.len() {
            let Some(award) = self.state.awards.get_mut(at).filter(|a| !fresh || !a.requested) else { continue };
            award.requested = true;
            let award = award.clone();
            match self.request(&award, rng).await {
                Ok(()) => asked = true,
                Err(e @ (SourceError::Message(_) | SourceError::Request(_))) => first_wrong = first_wrong.or(Some(e)),
                Err(e) => return Err(e),
            }
        }
        match first_wrong {
            Some(wrong) if !asked => Err(wrong),
            _ => Ok(()),
        }
    }

    async fn request(&mut self, award: &AwardState, rng: &mut impl CryptoRng) -> Result<(), SourceError> {
        let (pending, _) = award.pending(&self.master, self.directory.programme().as_bytes())?;
        let mut boxes = Vec::new();
        for admin in self.directory.signing() {
            let issuer = admin.index.0;
            let return_box = ReturnBox::derive(&self.master, &award.reference, issuer);
            let address = return_box.address().ok_or(EnvelopeError::Key)?;
            let sealed =
                admin.wrap.seal(RETURN_BOX_INFO, &award.reference.0, &address, rng).map_err(EnvelopeError::from)?;
            boxes.push(SealedBox { issuer, sealed });
        }
        let batch = pending.request().encode();
        let statement = self.statement(SourceAct::RequestTokens { batch: batch_digest(&batch) }, rng);
        let request = TokenRequest { reference: award.reference, batch, boxes, statement };
        self.send(&Message::TokenRequest(request), rng).await.map(drop)
    }

    /// Fetches the administrators' answers, checks their proofs, keeps them in the state, and destroys them on the
    /// server. Answers how many administrators have signed so far. A false answer is an error only while there are too
    /// few true ones. Cover is fetched beside the answers, and a state saved, whether or not there were any.
    pub async fn collect_tokens(&mut self, rng: &mut impl CryptoRng) -> Result<usize, SourceError> {
        let from = self.state.awards.iter().map(|a| a.since).min().ok_or(SourceError::NoAward)?;
        let circuit = self.circuits.fresh();
        let params = self.api.params(circuit).await?;
        let Some(last) = params.last_published else { return Ok(self.signed()) };
        let listed = board::tags(&self.api, from.max(params.first_epoch), last, circuit).await?;
        let (mut taken, mut asked) = (Vec::new(), 0);
        // One administrator's false answer must not keep the source from the others' true ones.
        let mut first_wrong = None;
        // Each name once, in whatever order notices came: a place that is asked for twice tells the server something.
        let references: BTreeSet<AwardRef> = self.state.awards.iter().map(|a| a.reference).collect();
        for reference in references {
            let keysets = self.directory.charter().keysets();
            let answering = keysets.iter().flat_map(|k| k.signers().iter().map(|s| (k.id(), s.issuer.index().0)));
            for (keyset, issuer) in answering {
                let return_box = ReturnBox::derive(&self.master, &reference, issuer);
                let place = return_box.place(&keyset);
                if !listed.contains_key(&place.tag()) {
                    continue;
                }
                asked += 1;
                let body = match self.api.take(place.capability(), self.circuits.fresh()).await? {
                    Fetched::Body(body) => body,
                    _ => continue,
                };
                let content = subrosa_crypto::envelope::read(&place, return_box.key(), &body);
                match content.map_err(SourceError::from).and_then(|c| self.check_answer(&reference, issuer, &c)) {
                    Ok((at, content)) => taken.push((at, content, place.capability().clone())),
                    Err(wrong) => first_wrong = first_wrong.or(Some(wrong)),
                }
            }
        }
        let cover = self.fetch_cover(asked).await?;
        for (at, content, _) in &taken {
            if let Some(award) = self.state.awards.get_mut(*at) {
                award.answers.push(serde_bytes::ByteBuf::from(content.clone()));
            }
        }
        let cover = self.use_up_cover(cover);
        self.save(Vec::new(), rng).await?;
        let answers = taken.iter().map(|(_, _, capability)| capability);
        for capability in answers.chain(cover.iter().map(Drop::capability)) {
            self.api.discard(capability, self.circuits.fresh()).await?;
        }
        match first_wrong {
            Some(wrong) if self.tokens().is_err() => Err(wrong),
            _ => Ok(self.signed()),
        }
    }

    /// The award, by its place in the state, to which an answer belongs, if its proofs hold.
    fn check_answer(&self, reference: &AwardRef, issuer: u8, content: &[u8]) -> Result<(usize, Vec<u8>), SourceError> {
        let wrong = |why| SourceError::Evaluation { issuer, why };
        let answer = EvaluatedBatch::decode(content).map_err(|_| wrong(EvaluationError::Mismatch))?;
        let keyset = self.directory.charter().keyset(&answer.keyset);
        let keys = keyset.and_then(|k| k.issuer(answer.issuer)).filter(|i| i.index().0 == issuer);
        let keys = keys.ok_or_else(|| wrong(EvaluationError::Mismatch))?;
        let mut first = None;
        for (at, award) in self.state.awards.iter().enumerate().filter(|(_, a)| a.reference == *reference) {
            let (pending, _) = award.pending(&self.master, self.directory.programme().as_bytes())?;
            match pending.finalize(&answer, keys) {
                Ok(_) => return Ok((at, content.to_vec())),
                Err(why) => first = first.or(Some(why)),
            }
        }
        Err(wrong(first.unwrap_or(EvaluationError::Mismatch)))
    }

    /// How many administrators have signed under the keyset that is furthest.
    fn signed(&self) -> usize {
        let keysets = self.directory.charter().keysets();
        let under = |a: &AwardState, k: &Keyset| {
            let mut issuers: Vec<u8> = a.answered().filter(|e| e.keyset == k.id()).map(|e| e.issuer.0).collect();
            issuers.sort_unstable();
            issuers.dedup();
            issuers.len()
        };
        let all = self.state.awards.iter().flat_map(|a| keysets.iter().map(move |k| under(a, k)));
        all.max().unwrap_or(0)
    }

    /// The finished tokens of every award, once all signers of a keyset have signed them.
    pub fn tokens(&self) -> Result<Vec<Token>, SourceError> {
        let mut tokens = Vec::new();
        let mut missing = None;
        for award in &self.state.awards {
            match self.tokens_of(award) {
                Ok(some) => tokens.extend(some),
                Err(e) => missing = missing.or(Some(e)),
            }
        }
        match missing {
            Some(missing) if tokens.is_empty() => Err(missing),
            None if tokens.is_empty() => Err(SourceError::NoAward),
            _ => Ok(tokens),
        }
    }

    fn tokens_of(&self, award: &AwardState) -> Result<Vec<Token>, SourceError> {
        let (pending, _) = award.pending(&self.master, self.directory.programme().as_bytes())?;
        let mut furthest = AssembleError::TooFew { have: 0, need: self.directory.signing().len() };
        for keyset in self.directory.charter().keysets() {
            let mut shares: Vec<IssuerShares> = Vec::new();
            for answer in award.answered().filter(|a| a.keyset == keyset.id()) {
                let Some(keys) = keyset.issuer(answer.issuer) else { continue };
                let wrong = |why| SourceError::Evaluation { issuer: answer.issuer.0, why };
                shares.push(pending.finalize(&answer, keys).map_err(wrong)?);
            }
            match pending.assemble(keyset, &shares) {
                Ok(tokens) => return Ok(tokens),
                Err(e) if !shares.is_empty() => furthest = e,
                Err(_) => {}
            }
        }
        Err(furthest.into())
    }
}
