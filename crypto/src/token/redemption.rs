//! The public proof that an issuer honoured only tokens that it had issued.
//!
//! It shows the evaluation of each token input with the published key. It may be published only after the nullifiers
//! are spent: with the proofs of enough issuers anybody can compute the token.

use rand_core::CryptoRng;
use thiserror::Error;

use super::{
    BATCH_MAX,
    batch::{Groups, check_groups},
    bearer::{Nullifier, VerifiedShare},
    dleq::{self, PROOF_LEN},
    keyset::{Denomination, Issuer, IssuerIndex, IssuerSecret, KeysetId},
    voprf::{self, Element, VOPRF},
};
use crate::{
    encode_decode,
    encoding::{DecodeError, List},
    layout,
};

/// Since version 2 a proof names its keyset.
const VERSION: u8 = 2;

/// Redeemed tokens of one denomination, with the proof over all of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RedeemedGroup {
    /// What each is worth.
    pub denomination: Denomination,
    /// `(input, Z)`: the token input and the encoded `k * H1(input)`, strictly ascending by input.
    pub rows: RedeemedRows,
    /// `c || s` (RFC 9497 section 2.2) over the pairs `(H1(input), Z)`.
    pub proof: [u8; PROOF_LEN],
}

/// Pairs of a token input and its evaluation.
pub type RedeemedRows = List<([u8; 32], [u8; 32]), u16, BATCH_MAX>;

layout! { RedeemedGroup { denomination, rows, proof } }

/// One issuer's public statement about redeemed tokens. Unverified: see [`RedemptionProof::verify`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RedemptionProof {
    /// The keyset of all its tokens.
    pub keyset: KeysetId,
    /// Who states it.
    pub issuer: IssuerIndex,
    /// Strictly ascending by denomination.
    pub groups: Groups<RedeemedGroup>,
}

layout! {
    /// `version || keyset || issuer as u8 || groups as u16 || (denomination as u64 || count as u16 || (input || Z)* ||
    /// proof)*`. A reader checks order and limits, not the elements.
    RedemptionProof [version VERSION] { keyset, issuer, groups } check Self::check_rows
}

encode_decode! { RedemptionProof }

/// Why no proof can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ProveError {
    /// No token, or more than [`BATCH_MAX`], or more than [`super::DENOMINATIONS_MAX`] kinds.
    #[error("the number of tokens is out of range")]
    Count,
    /// A share was recognised by another issuer, in another keyset, or for a denomination without key.
    #[error("a share belongs to another issuer")]
    NotOurs,
    /// A token stands twice.
    #[error("a token stands twice")]
    Repeated,
}

impl IssuerSecret {
    /// Proves that each share was made with this issuer's published key. Publish it only once the nullifiers are spent.
    pub fn prove_redemption(
        &self,
        shares: &[VerifiedShare],
        rng: &mut impl CryptoRng,
    ) -> Result<RedemptionProof, ProveError> {
        if shares.is_empty() || shares.len() > BATCH_MAX {
            return Err(ProveError::Count);
        }
        let mut sorted: Vec<&VerifiedShare> = shares.iter().collect();
        sorted.sort_by_key(|s| (s.denomination, s.input));
        if sorted.windows(2).any(|w| matches!(w, [a, b] if a.denomination == b.denomination && a.input == b.input)) {
            return Err(ProveError::Repeated);
        }
        let mut groups = Groups::default();
        for group in sorted.chunk_by(|a, b| a.denomination == b.denomination) {
            let Some(first) = group.first() else { continue };
            let key = self.key(first.denomination).ok_or(ProveError::NotOurs)?;
            let mut c = Vec::with_capacity(group.len());
            for s in group {
                if s.issuer != self.index() || s.keyset != self.keyset() {
                    return Err(ProveError::NotOurs);
                }
                c.push(Element::from_point(VOPRF.hash_to_group(&s.input)).map_err(|_| ProveError::NotOurs)?);
            }
            let d: Vec<[u8; 32]> = group.iter().map(|s| s.evaluated).collect();
            let rows: Vec<_> = group.iter().map(|s| (s.input, s.evaluated)).collect();
            let group = RedeemedGroup {
                denomination: first.denomination,
                rows: rows.try_into().map_err(|_| ProveError::Count)?,
                proof: dleq::prove(&VOPRF, key, &c, &d, rng),
            };
            groups.push(group).map_err(|_| ProveError::Count)?;
        }
        Ok(RedemptionProof { keyset: self.keyset(), issuer: self.index(), groups })
    }
}

/// Why a redemption proof is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RedemptionError {
    /// The keys are another issuer's, or of another keyset.
    #[error("the statement comes from another issuer or is about another keyset")]
    Issuer,
    /// The issuer has published no key for this denomination.
    #[error("the issuer has no published key for {0}")]
    Key(Denomination),
    /// An element is the identity or no canonical encoding.
    #[error("an element of the statement is not valid")]
    Element,
    /// The proof is wrong: these tokens were not issued under the published key.
    #[error("the tokens of {0} were not issued under the published key")]
    Proof(Denomination),
}

/// A token that its issuer has shown to be genuine.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RedeemedToken {
    /// What it was worth.
    pub denomination: Denomination,
    /// The token input, public from now on.
    pub input: [u8; 32],
    /// The issuer's share, recomputed: equals the one that the holder presented.
    pub output: [u8; 64],
    /// What marks it as spent.
    pub nullifier: Nullifier,
}

impl RedemptionProof {
    fn check_rows(&self) -> Result<(), DecodeError> {
        check_groups(self.groups.iter().map(|g| (g.denomination, g.rows.len())))?;
        let disordered = |g: &RedeemedGroup| g.rows.windows(2).any(|w| matches!(w, [a, b] if a.0 >= b.0));
        if self.groups.iter().any(disordered) { Err(DecodeError::Invalid("order of inputs")) } else { Ok(()) }
    }

    /// Checks the proofs against the issuer's published keys and recomputes every share.
    pub fn verify(&self, issuer: &Issuer) -> Result<Vec<RedeemedToken>, RedemptionError> {
        if self.keyset != issuer.keyset() || self.issuer != issuer.index() {
            return Err(RedemptionError::Issuer);
        }
        let mut out = Vec::new();
        for g in &self.groups {
            let key = issuer.key(g.denomination).ok_or(RedemptionError::Key(g.denomination))?;
            let mut pairs = Vec::with_capacity(g.rows.len());
            for (input, z) in &g.rows {
                let c = Element::from_point(VOPRF.hash_to_group(input)).map_err(|_| RedemptionError::Element)?;
                pairs.push((c, Element::from_bytes(z).map_err(|_| RedemptionError::Element)?));
            }
            dleq::verify(&VOPRF, key, &pairs, &g.proof).map_err(|_| RedemptionError::Proof(g.denomination))?;
            out.extend(g.rows.iter().map(|(input, z)| RedeemedToken {
                denomination: g.denomination,
                input: *input,
                output: voprf::output(input, z),
                nullifier: Nullifier::of(g.denomination, input),
            }));
        }
        Ok(out)
    }
}
