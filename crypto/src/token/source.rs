//! The source's side: token inputs and blinds that come back from the passphrase, and the unblinding of answers.

use core::fmt;

use thiserror::Error;
use zeroize::{Zeroize, Zeroizing};

use super::{
    BATCH_MAX,
    batch::{
        AwardRef, BlindedBatch, BlindedGroup, CheckedBatch, Elements, EvaluatedBatch, Evaluation, EvaluationError,
        Groups,
    },
    bearer::{Token, input_of},
    keyset::{Denomination, Issuer, IssuerIndex, Keyset, KeysetId},
    voprf::{self, Blind, VOPRF},
};
use crate::{
    kdf::{self, Part},
    secret::Secret32,
};

/// Why a request could not be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RequestError {
    /// No token, or more than [`BATCH_MAX`], or more than [`super::DENOMINATIONS_MAX`] kinds.
    #[error("the number of tokens is out of range")]
    Count,
    /// A derived value has no use; does not happen by chance (probability 2^-252).
    #[error("a derived value cannot be used")]
    Derivation,
}

/// Tokens asked for and not yet complete: inputs and blinds. Made again at any time from the same arguments, so nothing
/// of it needs storing.
pub struct PendingTokens {
    request: CheckedBatch,
    batch: BlindedBatch,
    rows: Vec<Row>,
}

struct Row {
    denomination: Denomination,
    seed: Zeroizing<[u8; 32]>,
    input: Zeroizing<[u8; 32]>,
    blind: Blind,
}

impl Row {
    /// Input and blind of one token, and its blinded element.
    fn derive(
        secret: &Secret32,
        programme: &[u8],
        award: AwardRef,
        denomination: Denomination,
        index: u32,
    ) -> Result<(Self, [u8; 32]), RequestError> {
        let context: [&dyn Part; 3] = [&award.0, &denomination.cents().to_be_bytes(), &index.to_be_bytes()];
        let mut seed = Zeroizing::new([0; 32]);
        kdf::derive_into(programme, secret.expose(), "subrosa/token-seed/v1", &context, seed.as_mut_slice());
        let input = Zeroizing::new(input_of(&seed));
        let mut wide = Zeroizing::new([0; 64]);
        kdf::derive_into(programme, secret.expose(), "subrosa/token-blind/v1", &context, wide.as_mut_slice());
        let blind = Blind::from_wide(&wide).ok_or(RequestError::Derivation)?;
        let element = voprf::blind(&VOPRF, input.as_slice(), &blind).map_err(|_| RequestError::Derivation)?;
        Ok((Self { denomination, seed, input, blind }, element.to_bytes()))
    }
}

impl PendingTokens {
    /// Derives inputs and blinds for `denominations` (any order) of one award, and blinds them.
    ///
    /// `secret` is the source's token secret; the token number counts within a denomination. The same request always
    /// gives the same bytes, so that sending it again reveals nothing new; nothing in it depends on a keyset, so that
    /// the tokens of one request have one set of nullifiers whoever signs them.
    pub fn derive(
        secret: &Secret32,
        programme: &[u8],
        award: AwardRef,
        denominations: &[Denomination],
    ) -> Result<Self, RequestError> {
        let mut sorted = denominations.to_vec();
        sorted.sort_unstable();
        if sorted.is_empty() || sorted.len() > BATCH_MAX {
            return Err(RequestError::Count);
        }
        let mut rows: Vec<Row> = Vec::with_capacity(sorted.len());
        let mut groups: Groups<BlindedGroup> = Groups::default();
        for denomination in sorted {
            let index = match groups.last() {
                Some(g) if g.denomination == denomination => g.elements.len(),
                _ => {
                    let group = BlindedGroup { denomination, elements: Elements::default() };
                    groups.push(group).map_err(|_| RequestError::Count)?;
                    0
                }
            };
            let index = u32::try_from(index).map_err(|_| RequestError::Count)?;
            let (row, element) = Row::derive(secret, programme, award, denomination, index)?;
            if let Some(g) = groups.last_mut() {
                g.elements.push(element).map_err(|_| RequestError::Count)?;
            }
            rows.push(row);
        }
        let batch = BlindedBatch { award, groups };
        let request = batch.check().map_err(|_| RequestError::Derivation)?;
        Ok(Self { request, batch, rows })
    }

    /// The request to send to every issuer.
    pub fn request(&self) -> &BlindedBatch {
        &self.batch
    }

    /// `Finalize` (RFC 9497 section 3.3.2) of one issuer's answer: checks the proofs and unblinds.
    pub fn finalize(&self, answer: &EvaluatedBatch, issuer: &Issuer) -> Result<IssuerShares, EvaluationError> {
        self.unblind(&answer.verify(&self.request, issuer)?)
    }

    /// Unblinds an answer whose proofs were checked before.
    pub fn unblind(&self, evaluation: &Evaluation) -> Result<IssuerShares, EvaluationError> {
        if evaluation.request != self.request {
            return Err(EvaluationError::Mismatch);
        }
        let elements = evaluation.groups.iter().flat_map(|(_, e)| e);
        let unblinded = Zeroizing::new(voprf::unblind_batch(self.rows.iter().map(|r| &r.blind).zip(elements)));
        let outputs = self.rows.iter().zip(unblinded.iter()).map(|(r, n)| voprf::output(&*r.input, n)).collect();
        let (award, keyset, issuer) = (self.request.award(), evaluation.keyset, evaluation.issuer);
        Ok(IssuerShares { award, keyset, issuer, outputs })
    }

    /// Joins the shares of **all** signers of a keyset into tokens. Tokens of some of them would be worth as much and
    /// would show by whom they are signed: one signer who refuses, or is slow, would mark the award.
    pub fn assemble(&self, keyset: &Keyset, shares: &[IssuerShares]) -> Result<Vec<Token>, AssembleError> {
        let mut shares: Vec<&IssuerShares> = shares.iter().filter(|s| s.keyset == keyset.id()).collect();
        shares.sort_by_key(|s| s.issuer);
        shares.dedup_by_key(|s| s.issuer);
        let need = keyset.signers().len();
        if shares.len() < need {
            return Err(AssembleError::TooFew { have: shares.len(), need });
        }
        if shares.iter().any(|s| s.award != self.request.award() || s.outputs.len() != self.rows.len()) {
            return Err(AssembleError::Mismatch);
        }
        let mut tokens = Vec::with_capacity(self.rows.len());
        for (i, row) in self.rows.iter().enumerate() {
            let outputs = shares.iter().filter_map(|s| Some((s.issuer, *s.outputs.get(i)?))).collect();
            let token = Token::new(keyset.id(), row.denomination, *row.seed, outputs);
            let token = token.map_err(|_| AssembleError::Mismatch)?;
            tokens.push(token);
        }
        Ok(tokens)
    }
}

impl fmt::Debug for PendingTokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PendingTokens({}, [redacted])", self.rows.len())
    }
}

/// One issuer's share of every pending token, in their order. Secret.
pub struct IssuerShares {
    award: AwardRef,
    keyset: KeysetId,
    issuer: IssuerIndex,
    outputs: Vec<[u8; 64]>,
}

impl IssuerShares {
    /// Whose shares these are.
    pub fn issuer(&self) -> IssuerIndex {
        self.issuer
    }
}

impl Drop for IssuerShares {
    fn drop(&mut self) {
        self.outputs.zeroize();
    }
}

impl fmt::Debug for IssuerShares {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "IssuerShares({}, [redacted])", self.issuer.0)
    }
}

/// Why shares could not be joined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum AssembleError {
    /// Not all signers of the keyset have answered.
    #[error("{have} issuers have answered, {need} are needed")]
    TooFew {
        /// Different issuers whose shares are here.
        have: usize,
        /// How many sign each token of the keyset.
        need: usize,
    },
    /// Shares of another award, or too many issuers.
    #[error("the shares do not belong to these tokens")]
    Mismatch,
}
