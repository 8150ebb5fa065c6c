//! From a final award to tokens in hand.

use rand_core::CryptoRng;
use serde::{Deserialize, Serialize};
use subrosa_casework::{
    award::{SourceAct, batch_digest},
    bytes::AwardRef,
};
use subrosa_crypto::{
    delivery::Drop,
    envelope::EnvelopeError,
    kdf::Part,
    passphrase::MasterKey,
    seal::{SealRecipient, SealSecret},
    secret::Secret32,
    sign::HolderId,
    token::{
        AssembleError, Denomination, EvaluatedBatch, EvaluationError, IssuerShares, Keyset, PendingTokens,
        RequestError, Token, split,
    },
};

use super::{Source, SourceError, SourceState};
use crate::{
    api::Fetched,
    board,
    message::{Message, Notice, SealedBox, TokenRequest},
    transport::Transport,
    treasury::public::token_award,
};

/// Announcements of awards that are kept of one officer: at most. An officer who announces what nobody decided takes
/// room from their own announcements alone.
const AWARDS_OF_ONE: usize = 4;

/// HPKE info of a return box.
pub const RETURN_BOX_INFO: &[u8] = b"subrosa/return-box/v1";

/// What the state keeps of an award that an officer announced. Inputs and blinds come back from the passphrase; only the
/// issuers' answers are stored.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AwardState {
    /// The officer who announced it. One officer's word is no award: tokens come only of what two adjudicators ordered.
    pub from: HolderId,
    /// Random name of the award, as the officer's notice gave it.
    pub reference: AwardRef,
    /// What was awarded, in euro cents.
    pub amount_cents: u64,
    /// What tokens were worth when it was announced, in euro cents, ascending: a later charter may change that, and a
    /// request made again must be the same.
    pub denominations: Vec<Denomination>,
    /// The first epoch in which answers may lie. The cursor moves on with every reply that is read; administrators
    /// answer when they can.
    pub since: u64,
    /// Whether the tokens were asked for.
    pub requested: bool,
    /// Encoded `token::EvaluatedBatch`es that were verified.
    pub answers: Vec<serde_bytes::ByteBuf>,
}

impl AwardState {
    /// The tokens of this award, still to be completed, and what is below the smallest token (euro cents).
    pub fn pending(&self, master: &MasterKey, programme: &[u8]) -> Result<(PendingTokens, u64), RequestError> {
        let (tokens, rest) = split(self.amount_cents, &self.denominations);
        let secret = master.derive("subrosa/token-secret/v1", &[]);
        let award = token_award(&self.reference);
        Ok((PendingTokens::derive(&secret, programme, award, &tokens)?, rest))
    }

    fn answered(&self) -> impl Iterator<Item = EvaluatedBatch> {
        self.answers.iter().filter_map(|bytes| EvaluatedBatch::decode(bytes).ok())
    }
}

impl SourceState {
    /// The award to show: one that administrators answer, or the one that was announced last.
    pub fn award(&self) -> Option<&AwardState> {
        self.awards.iter().find(|a| !a.answers.is_empty()).or(self.awards.last())
    }
}

/// Keeps what an officer announced. What another officer announced, true or false, stays beside it.
pub(super) fn take_notice(state: &mut SourceState, from: HolderId, notice: &Notice, denominations: &[Denomination]) {
    state.case_state = Some(notice.state.clone());
    let Some(new) = &notice.award else { return };
    let (reference, amount_cents) = (new.reference, new.amount_cents);
    if state.awards.iter().any(|a| a.reference == reference && a.amount_cents == amount_cents) {
        return;
    }
    let of_one = state.awards.iter().filter(|a| a.from == from).count();
    if of_one >= AWARDS_OF_ONE {
        match state.awards.iter().position(|a| a.from == from && a.answers.is_empty()) {
            Some(oldest) => drop(state.awards.remove(oldest)),
            None => return,
        }
    }
    let (since, denominations) = (state.cursor, denominations.to_vec());
    let new = AwardState { from, reference, amount_cents, denominations, since, requested: false, answers: Vec::new() };
    state.awards.push(new);
}

impl<T: Transport> Source<T> {
    /// Asks for every announced award as blind tokens. Asking again sends the same blinded elements, so nothing is issued
    /// twice.
    pub async fn request_tokens(&mut self, rng: &mut impl CryptoRng) -> Result<(), SourceError> {
        if self.state.awards.is_empty() {
            return Err(SourceError::NoAward);
        }
        let fresh = self.state.awards.iter().any(|a| !a.requested);
        for at in 0..self.state.awards.len() {
            let Some(award) = self.state.awards.get_mut(at).filter(|a| !fresh || !a.requested) else { continue };
            award.requested = true;
            let award = award.clone();
            self.request(&award, rng).await?;
        }
        Ok(())
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
    /// few true ones.
    pub async fn collect_tokens(&mut self, rng: &mut impl CryptoRng) -> Result<usize, SourceError> {
        let from = self.state.awards.iter().map(|a| a.since).min().ok_or(SourceError::NoAward)?;
        let circuit = self.circuits.fresh();
        let params = self.api.params(circuit).await?;
        let Some(last) = params.last_published else { return Ok(self.signed()) };
        let listed = board::tags(&self.api, from.max(params.first_epoch), last, circuit).await?;
        let mut taken = Vec::new();
        // One administrator's false answer must not keep the source from the others' true ones.
        let mut first_wrong = None;
        let mut references: Vec<AwardRef> = self.state.awards.iter().map(|a| a.reference).collect();
        references.dedup();
        for reference in references {
            for issuer in self.directory.administrators().iter().map(|a| a.index.0) {
                let return_box = ReturnBox::derive(&self.master, &reference, issuer);
                let place = return_box.drop();
                if !listed.contains_key(&place.tag()) {
                    continue;
                }
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
        if !taken.is_empty() {
            for (at, content, _) in &taken {
                if let Some(award) = self.state.awards.get_mut(*at) {
                    award.answers.push(serde_bytes::ByteBuf::from(content.clone()));
                }
            }
            self.save(Vec::new(), rng).await?;
            for (_, _, capability) in &taken {
                self.api.discard(capability, self.circuits.fresh()).await?;
            }
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

/// The place where administrator `issuer` leaves its answer for `award`: known to the source and to that administrator
/// alone.
#[derive(Debug)]
pub struct ReturnBox {
    secret: Secret32,
    key: SealSecret,
}

impl ReturnBox {
    /// Derived from the passphrase, so that it survives a lost state.
    pub fn derive(master: &MasterKey, award: &AwardRef, issuer: u8) -> Self {
        let context: [&dyn Part; 2] = [&award.0, &[issuer]];
        Self {
            secret: master.derive("subrosa/return-box/v1", &context),
            key: SealSecret::from_seed(master.derive("subrosa/return-box-seal/v1", &context)),
        }
    }

    /// Where it lies.
    pub fn drop(&self) -> Drop {
        Drop::own(&self.secret)
    }

    /// What opens it.
    pub fn key(&self) -> &SealSecret {
        &self.key
    }

    /// What the administrator is told: `box secret || X-Wing public key`.
    pub fn address(&self) -> Option<zeroize::Zeroizing<Vec<u8>>> {
        let SealRecipient(public) = self.key.recipient().ok()?;
        Some(zeroize::Zeroizing::new([self.secret.expose().as_slice(), public.as_slice()].concat()))
    }
}
