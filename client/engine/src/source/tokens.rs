//! An award turned into tokens: asked for blind, collected, checked.

use rand_core::CryptoRng;
use subrosa_casework::award::{SourceAct, batch_digest};
use subrosa_crypto::{
    envelope::{self, EnvelopeError},
    token::{Denomination, EvaluatedBatch, EvaluationError, Token},
};

use super::{award::ReturnBox, client::Source, error::SourceError};
use crate::{
    api::Fetched,
    board,
    message::{Message, SealedBox, TokenRequest},
    transport::Transport,
};

/// HPKE info of a return box.
pub const RETURN_BOX_INFO: &[u8] = b"subrosa/return-box/v1";

impl<T: Transport> Source<T> {
    /// Asks for the award as blind tokens. Asking again sends the same blinded elements, so nothing is issued twice.
    pub async fn request_tokens(&mut self, rng: &mut impl CryptoRng) -> Result<(), SourceError> {
        let award = self.state.award.as_ref().ok_or(SourceError::NoAward)?;
        let (pending, _) =
            award.pending(&self.master, self.directory.programme().as_bytes(), self.directory.denominations())?;
        let mut boxes = Vec::new();
        for admin in self.directory.administrators() {
            let issuer = admin.issuer.index().0;
            let return_box = ReturnBox::derive(&self.master, &award.reference, issuer);
            let address = return_box.address().ok_or(EnvelopeError::Key)?;
            let sealed =
                admin.wrap.seal(RETURN_BOX_INFO, &award.reference.0, &address, rng).map_err(EnvelopeError::from)?;
            boxes.push(SealedBox { issuer, sealed });
        }
        let batch = pending.request().encode();
        let statement = self.statement(SourceAct::RequestTokens { batch: batch_digest(&batch) }, rng);
        let request = TokenRequest { reference: award.reference, batch, boxes, statement };
        if let Some(a) = self.state.award.as_mut() {
            a.requested = true;
        }
        self.send(&Message::TokenRequest(request), rng).await.map(drop)
    }

    /// Fetches the administrators' answers, checks their proofs, keeps them in the state, and destroys them on the
    /// server. Answers how many administrators have signed so far. A false answer is an error only while there are too
    /// few true ones.
    pub async fn collect_tokens(&mut self, rng: &mut impl CryptoRng) -> Result<usize, SourceError> {
        let award = self.state.award.clone().ok_or(SourceError::NoAward)?;
        let (pending, _) =
            award.pending(&self.master, self.directory.programme().as_bytes(), self.directory.denominations())?;
        let mut have: Vec<u8> = Vec::new();
        for bytes in &award.answers {
            if let Ok(batch) = EvaluatedBatch::decode(bytes) {
                have.push(batch.issuer.0);
            }
        }
        let circuit = self.circuits.fresh();
        let params = self.api.params(circuit).await?;
        let Some(last) = params.last_published else { return Ok(have.len()) };
        let from = award.since.max(params.first_epoch);
        let listed = board::tags(&self.api, from, last, circuit).await?;
        let mut fresh = Vec::new();
        // One administrator's false answer must not keep the source from the others' true ones.
        let mut first_wrong = None;
        for admin in self.directory.administrators() {
            let index = admin.issuer.index().0;
            let return_box = ReturnBox::derive(&self.master, &award.reference, index);
            let place = return_box.drop();
            if have.contains(&index) || !listed.contains_key(&place.tag()) {
                continue;
            }
            let Fetched::Body(body) = self.api.take(place.capability(), self.circuits.fresh()).await? else { continue };
            let content = match envelope::read(&place, return_box.key(), &body) {
                Ok(content) => content,
                Err(e) => {
                    first_wrong = first_wrong.or(Some(e.into()));
                    continue;
                }
            };
            let checked = EvaluatedBatch::decode(&content)
                .ok()
                .filter(|answer| answer.issuer == admin.issuer.index())
                .ok_or(EvaluationError::Mismatch)
                .and_then(|answer| pending.finalize(&answer, &admin.issuer));
            if let Err(why) = checked {
                first_wrong = first_wrong.or(Some(SourceError::Evaluation { issuer: index, why }));
                continue;
            }
            have.push(index);
            fresh.push((content.to_vec(), place.capability().clone()));
        }
        if !fresh.is_empty() {
            if let Some(a) = self.state.award.as_mut() {
                a.answers.extend(fresh.iter().map(|(bytes, _)| serde_bytes::ByteBuf::from(bytes.clone())));
            }
            self.save(Vec::new(), rng).await?;
            for (_, capability) in &fresh {
                self.api.discard(capability, self.circuits.fresh()).await?;
            }
        }
        match first_wrong {
            Some(wrong) if have.len() < usize::from(self.directory.threshold()) => Err(wrong),
            _ => Ok(have.len()),
        }
    }

    /// The finished tokens, once enough administrators have signed.
    pub fn tokens(&self) -> Result<Vec<Token>, SourceError> {
        let award = self.state.award.as_ref().ok_or(SourceError::NoAward)?;
        let (pending, _) =
            award.pending(&self.master, self.directory.programme().as_bytes(), self.directory.denominations())?;
        let mut shares = Vec::new();
        for bytes in &award.answers {
            let Ok(answer) = EvaluatedBatch::decode(bytes) else { continue };
            let Some(admin) = self.directory.administrators().iter().find(|a| a.issuer.index() == answer.issuer) else {
                continue;
            };
            let wrong = |why| SourceError::Evaluation { issuer: answer.issuer.0, why };
            shares.push(pending.finalize(&answer, &admin.issuer).map_err(wrong)?);
        }
        Ok(pending.assemble(self.directory.threshold(), &shares)?)
    }
}

/// The euro denominations of a list of tokens, for showing.
pub fn denominations_of(tokens: &[Token]) -> Vec<Denomination> {
    tokens.iter().map(Token::denomination).collect()
}
