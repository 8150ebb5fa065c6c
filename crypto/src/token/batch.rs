//! What travels while tokens are issued: blinded elements one way, evaluated elements and proofs the other.

use rand_core::CryptoRng;
use thiserror::Error;

use super::{
    BATCH_MAX, DENOMINATIONS_MAX,
    dleq::{self, PROOF_LEN},
    keyset::{Denomination, Issuer, IssuerIndex, IssuerSecret, KeysetId},
    voprf::{Element, VOPRF},
};
use crate::{
    encode_decode,
    encoding::{DecodeError, List, OverLimit},
    layout,
};

/// The version byte of a request.
const VERSION: u8 = 1;
/// The version byte of an answer: since version 2 it names its keyset.
const ANSWER_VERSION: u8 = 2;

/// Encoded elements of one denomination.
pub type Elements = List<[u8; 32], u16, BATCH_MAX>;
/// Groups of one batch, one for each denomination.
pub type Groups<G> = List<G, u16, DENOMINATIONS_MAX>;

/// Names one award within a programme: both sides know it, and it ties requests to a decided amount.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct AwardRef(pub [u8; 32]);

layout! { AwardRef(_) }

/// Elements of one denomination, in the order of their token indexes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BlindedGroup {
    /// What each is worth.
    pub denomination: Denomination,
    /// The encoded elements.
    pub elements: Elements,
}

layout! { BlindedGroup { denomination, elements } }

/// A source's request for tokens. Unverified: see [`BlindedBatch::verify`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct BlindedBatch {
    /// The award that it draws on.
    pub award: AwardRef,
    /// Strictly ascending by denomination, none empty, at most [`BATCH_MAX`] elements in all.
    pub groups: Groups<BlindedGroup>,
}

layout! {
    /// `version || award || groups as u16 || (denomination as u64 || count as u16 || elements)*`. A reader checks order
    /// and limits, not the elements.
    BlindedBatch [version VERSION] { award, groups } check Self::check_groups
}

impl BlindedBatch {
    fn check_groups(&self) -> Result<(), DecodeError> {
        check_groups(self.groups.iter().map(|g| (g.denomination, g.elements.len())))
    }

    /// What the request draws on in all: euro cents.
    pub fn total_cents(&self) -> Option<u64> {
        self.groups.iter().try_fold(0u64, |sum, g| {
            sum.checked_add(g.denomination.cents().checked_mul(u64::try_from(g.elements.len()).ok()?)?)
        })
    }

    /// Checks that the request asks for exactly the tokens `expected` (any order; from [`super::split`] of the awarded
    /// amount), that every element is usable, and that none stands twice (two tokens with one input can be spent once
    /// only).
    pub fn verify(&self, expected: &[Denomination]) -> Result<CheckedBatch, BatchError> {
        let mut asked = Vec::new();
        for g in &self.groups {
            asked.extend(core::iter::repeat_n(g.denomination, g.elements.len()));
        }
        let mut expected = expected.to_vec();
        expected.sort_unstable();
        if asked != expected || asked.is_empty() || asked.len() > BATCH_MAX {
            return Err(BatchError::Amount);
        }
        self.check()
    }

    /// Checks the elements alone: for an auditor, who knows the total from the ledger.
    pub fn check(&self) -> Result<CheckedBatch, BatchError> {
        let mut seen = std::collections::BTreeSet::new();
        let mut groups = Vec::with_capacity(self.groups.len());
        for g in &self.groups {
            let mut elements = Vec::with_capacity(g.elements.len());
            for bytes in &g.elements {
                if !seen.insert(*bytes) {
                    return Err(BatchError::Repeated);
                }
                elements.push(Element::from_bytes(bytes).map_err(|_| BatchError::Element)?);
            }
            groups.push((g.denomination, elements));
        }
        Ok(CheckedBatch { award: self.award, groups })
    }
}

/// Why a request for tokens is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum BatchError {
    /// The tokens asked for are not those of the award.
    #[error("the tokens asked for do not match the award")]
    Amount,
    /// An element is the identity or no canonical encoding.
    #[error("an element of the request is not valid")]
    Element,
    /// An element stands twice.
    #[error("an element of the request stands twice")]
    Repeated,
}

/// A request for tokens whose elements and amount were checked.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CheckedBatch {
    award: AwardRef,
    groups: Vec<(Denomination, Vec<Element>)>,
}

impl CheckedBatch {
    /// The award that it draws on.
    pub fn award(&self) -> AwardRef {
        self.award
    }

    /// How many tokens it asks for.
    pub fn len(&self) -> usize {
        self.groups.iter().map(|(_, e)| e.len()).sum()
    }

    /// Whether it asks for none.
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }
}

/// Evaluated elements of one denomination with the proof over all of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EvaluatedGroup {
    /// What each is worth.
    pub denomination: Denomination,
    /// The encoded elements, in the order of the request.
    pub elements: Elements,
    /// `c || s` (RFC 9497 section 2.2).
    pub proof: [u8; PROOF_LEN],
}

layout! { EvaluatedGroup { denomination, elements, proof } }

/// One issuer's answer to a request. Unverified: see [`EvaluatedBatch::verify`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EvaluatedBatch {
    /// The keyset whose keys evaluated.
    pub keyset: KeysetId,
    /// The award that the request draws on.
    pub award: AwardRef,
    /// The issuer that evaluated.
    pub issuer: IssuerIndex,
    /// The request's groups, evaluated.
    pub groups: Groups<EvaluatedGroup>,
}

/// Why an issuer does not evaluate a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum EvaluateError {
    /// It has no key for this denomination.
    #[error("there is no key for {0}")]
    NoKey(Denomination),
    /// The request is larger than an answer may be.
    #[error("the request is too large: {0}")]
    TooLarge(#[from] OverLimit),
}

impl IssuerSecret {
    /// `BlindEvaluate` (RFC 9497 section 3.3.2) for a whole request, with one proof for each denomination.
    pub fn evaluate(&self, batch: &CheckedBatch, rng: &mut impl CryptoRng) -> Result<EvaluatedBatch, EvaluateError> {
        let mut groups = Groups::default();
        for (denomination, blinded) in &batch.groups {
            let key = self.key(*denomination).ok_or(EvaluateError::NoKey(*denomination))?;
            let elements = key.evaluate_batch(blinded.iter().map(Element::point));
            let proof = dleq::prove(&VOPRF, key, blinded, &elements, rng);
            groups.push(EvaluatedGroup { denomination: *denomination, elements: elements.try_into()?, proof })?;
        }
        Ok(EvaluatedBatch { keyset: self.keyset(), award: batch.award, issuer: self.index(), groups })
    }
}

/// Why an issuer's answer is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum EvaluationError {
    /// It answers another request, or comes from another issuer than the keys.
    #[error("the answer does not belong to this request and issuer")]
    Mismatch,
    /// The issuer has published no key for this denomination.
    #[error("the issuer has no published key for {0}")]
    Key(Denomination),
    /// An element is the identity or no canonical encoding.
    #[error("an element of the answer is not valid")]
    Element,
    /// The proof is wrong: the issuer did not use its published key for this denomination. Such tokens could be
    /// worthless, or mark their holder.
    #[error("the issuer did not use its published key for {0}")]
    Proof(Denomination),
}

layout! {
    /// `version || keyset || award || issuer as u8 || groups as u16 || (denomination as u64 || count as u16 || elements
    /// || proof)*`. A reader checks order and limits, not the elements.
    EvaluatedBatch [version ANSWER_VERSION] { keyset, award, issuer, groups } check Self::check_groups
}

encode_decode! { BlindedBatch, EvaluatedBatch }

impl EvaluatedBatch {
    fn check_groups(&self) -> Result<(), DecodeError> {
        check_groups(self.groups.iter().map(|g| (g.denomination, g.elements.len())))
    }

    /// Checks every proof against the issuer's published keys. Anybody who has the request can do this.
    pub fn verify(&self, request: &CheckedBatch, issuer: &Issuer) -> Result<Evaluation, EvaluationError> {
        let theirs = self.keyset == issuer.keyset() && self.issuer == issuer.index();
        if !theirs || self.award != request.award || self.groups.len() != request.groups.len() {
            return Err(EvaluationError::Mismatch);
        }
        let mut groups = Vec::with_capacity(self.groups.len());
        for (g, (denomination, blinded)) in self.groups.iter().zip(&request.groups) {
            if g.denomination != *denomination || g.elements.len() != blinded.len() {
                return Err(EvaluationError::Mismatch);
            }
            let key = issuer.key(*denomination).ok_or(EvaluationError::Key(*denomination))?;
            let mut pairs = Vec::with_capacity(blinded.len());
            for (c, d) in blinded.iter().zip(&g.elements) {
                pairs.push((*c, Element::from_bytes(d).map_err(|_| EvaluationError::Element)?));
            }
            dleq::verify(&VOPRF, key, &pairs, &g.proof).map_err(|_| EvaluationError::Proof(*denomination))?;
            groups.push((*denomination, pairs.into_iter().map(|(_, d)| d).collect()));
        }
        Ok(Evaluation { request: request.clone(), keyset: self.keyset, issuer: self.issuer, groups })
    }
}

/// An issuer's answer whose proofs were checked.
#[derive(Clone, Debug)]
pub struct Evaluation {
    pub(super) request: CheckedBatch,
    pub(super) keyset: KeysetId,
    pub(super) issuer: IssuerIndex,
    pub(super) groups: Vec<(Denomination, Vec<Element>)>,
}

impl Evaluation {
    /// The issuer that evaluated.
    pub fn issuer(&self) -> IssuerIndex {
        self.issuer
    }
}

/// Checks what a batch of any kind must keep: at least one group, denominations strictly ascending, no group empty, at
/// most [`BATCH_MAX`] in all.
pub(super) fn check_groups(groups: impl Iterator<Item = (Denomination, usize)>) -> Result<(), DecodeError> {
    let (mut last, mut left) = (None, BATCH_MAX);
    for (denomination, count) in groups {
        if last.is_some_and(|l| l >= denomination) {
            return Err(DecodeError::Invalid("order of denominations"));
        }
        last = Some(denomination);
        if count == 0 {
            return Err(DecodeError::Invalid("count"));
        }
        left = left.checked_sub(count).ok_or(DecodeError::TooLong("count"))?;
    }
    if last.is_some() { Ok(()) } else { Err(DecodeError::Invalid("groups")) }
}
