//! From an announced award to tokens in hand.

use std::collections::BTreeSet;

use rand_core::CryptoRng;
use subrosa_casework::{
    award::{SourceAct, batch_digest},
    bytes::AwardRef,
    records::IssuanceBody,
};
use subrosa_crypto::{
    delivery::Drop,
    envelope::EnvelopeError,
    token::{AssembleError, EvaluatedBatch, EvaluationError, IssuerShares, Keyset, Token},
    wire::{PublicRecord, RecordKind},
};

use super::{
    award::{AwardState, RETURN_BOX_INFO, ReturnBox},
    client::Source,
    error::SourceError,
};
use crate::{
    api::Fetched,
    board::{self, Listed},
    log_lists::{Lists, finding},
    log_watch::LogWatch,
    message::{Message, SealedBox, TokenRequest},
    transport::Transport,
    treasury::public::stated_answer,
};

/// An answer whose proofs hold, encoded, with the place in the state of the award that it belongs to.
type Answered = (usize, Vec<u8>);

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
    /// server. Answers how many administrators have signed so far. A false answer, or a list that is not the one in the
    /// log, is an error only while there are too few true ones.
    ///
    /// What lies in no return box is taken from the public records, where each administrator states the same answer:
    /// one who signs and sends nothing, or an officer who hands on a false box, keeps nothing from the source.
    ///
    /// Cover is fetched beside the answers, the records are read, and one state is saved, whatever there was.
    pub async fn collect_tokens(&mut self, rng: &mut impl CryptoRng) -> Result<usize, SourceError> {
        let from = self.state.awards.iter().map(|a| a.since).min().ok_or(SourceError::NoAward)?;
        let circuit = self.circuits.fresh();
        let Some((mut view, first_epoch)) = self.view(circuit).await? else { return Ok(self.signed()) };
        let watch = LogWatch::new(&self.api, self.directory.log_key().clone(), circuit);
        let lists = &mut Lists::new(&watch, &mut view);
        let Listed { found: listed, unproven } = board::tags(&self.api, lists, from.max(first_epoch), circuit).await?;
        let (mut taken, mut asked) = (Vec::new(), 0);
        // One administrator's false answer must not keep the source from the others' true ones; nor must a list that is
        // not the logged one.
        let mut first_wrong = finding(&unproven).map(SourceError::Log);
        // Each name once, in whatever order notices came: a place that is asked for twice tells the server something.
        let references: BTreeSet<AwardRef> = self.state.awards.iter().map(|a| a.reference).collect();
        for reference in &references {
            let keysets = self.directory.charter().keysets();
            let answering = keysets.iter().flat_map(|k| k.signers().iter().map(|s| (k.id(), s.issuer.index().0)));
            for (keyset, issuer) in answering {
                let return_box = ReturnBox::derive(&self.master, reference, issuer);
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
                match content.map_err(SourceError::from).and_then(|c| self.check_answer(reference, issuer, &c)) {
                    Ok(answer) => taken.push((answer, place.capability().clone())),
                    Err(wrong) => first_wrong = first_wrong.or(Some(wrong)),
                }
            }
        }
        let cover = self.fetch_cover(asked).await?;
        let (answers, capabilities): (Vec<_>, Vec<_>) = taken.into_iter().unzip();
        self.keep_answers(answers);
        let complete = self.state.awards.iter().all(|a| self.tokens_of(a).is_ok());
        match self.stated_answers(&references).await {
            Ok(stated) if !complete => self.keep_answers(stated),
            Ok(_) => {}
            Err(e) => first_wrong = first_wrong.or(Some(e)),
        }
        let cover = self.use_up_cover(cover);
        self.tried = None;
        self.save(Vec::new(), rng).await?;
        for capability in capabilities.iter().chain(cover.iter().map(Drop::capability)) {
            self.api.discard(capability, self.circuits.fresh()).await?;
        }
        match first_wrong {
            Some(wrong) if self.tokens().is_err() => Err(wrong),
            _ => Ok(self.signed()),
        }
    }

    fn keep_answers(&mut self, answers: Vec<Answered>) {
        for (at, content) in answers {
            if let Some(award) = self.state.awards.get_mut(at) {
                award.answers.push(serde_bytes::ByteBuf::from(content));
            }
        }
    }

    /// Answers to these awards in the public records that are not kept yet. Whoever signed the records, an answer's
    /// proof shows whose it is; one that does not hold is passed over, for the audit names its maker.
    async fn stated_answers(&self, references: &BTreeSet<AwardRef>) -> Result<Vec<Answered>, SourceError> {
        let mut found: Vec<Answered> = Vec::new();
        for (.., bytes) in self.api.records(0, self.circuits.fresh()).await? {
            let record = PublicRecord::decode(&bytes).ok().filter(|r| r.kind == RecordKind::Issuance);
            let body = record.and_then(|r| IssuanceBody::parse(&r.body).ok());
            let Some(body) = body.filter(|b| references.contains(&b.award_ref)) else { continue };
            let Some(answer) = stated_answer(&body) else { continue };
            let Ok((at, content)) = self.check_answer(&body.award_ref, answer.issuer.0, &answer.encode()) else {
                continue;
            };
            let same = |e: &EvaluatedBatch| e.keyset == answer.keyset && e.issuer == answer.issuer;
            let kept = self.state.awards.get(at).is_some_and(|a| a.answered().any(|e| same(&e)));
            let twice = found.iter().any(|(n, c)| *n == at && EvaluatedBatch::decode(c).is_ok_and(|e| same(&e)));
            if !kept && !twice {
                found.push((at, content));
            }
        }
        Ok(found)
    }

    /// The award, by its place in the state, to which an answer belongs, if its proofs hold.
    fn check_answer(&self, reference: &AwardRef, issuer: u8, content: &[u8]) -> Result<Answered, SourceError> {
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
