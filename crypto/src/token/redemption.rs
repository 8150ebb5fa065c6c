//! The public proof that an issuer honoured only tokens that it had issued.
//!
//! It shows the evaluation of each token input with the published key. It may be published only after the nullifiers
//! are spent: with the proofs of enough issuers anybody can compute the token.

use rand_core::CryptoRng;
use thiserror::Error;

use super::{
    BATCH_MAX,
    batch::{put_count, read_groups},
    bearer::{Nullifier, VerifiedShare},
    dleq::{self, PROOF_LEN},
    keyset::{Denomination, Issuer, IssuerIndex, IssuerSecret},
    voprf::{self, Element, VOPRF},
};
use crate::encoding::{DecodeError, Reader};

const VERSION: u8 = 1;

/// Redeemed tokens of one denomination, with the proof over all of them.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RedeemedGroup {
    /// What each is worth.
    pub denomination: Denomination,
    /// `(input, Z)`: the token input and the encoded `k * H1(input)`, strictly ascending by input.
    pub rows: Vec<([u8; 32], [u8; 32])>,
    /// `c || s` (RFC 9497 section 2.2) over the pairs `(H1(input), Z)`.
    pub proof: [u8; PROOF_LEN],
}

/// One issuer's public statement about redeemed tokens. Unverified: see [`RedemptionProof::verify`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct RedemptionProof {
    /// Who states it.
    pub issuer: IssuerIndex,
    /// Strictly ascending by denomination.
    pub groups: Vec<RedeemedGroup>,
}

/// Why no proof can be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ProveError {
    /// No token, or more than [`BATCH_MAX`].
    #[error("the number of tokens is out of range")]
    Count,
    /// A share was recognised by another issuer, or for a denomination without key.
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
        let mut groups = Vec::new();
        for group in sorted.chunk_by(|a, b| a.denomination == b.denomination) {
            let Some(first) = group.first() else { continue };
            let key = self.key(first.denomination).ok_or(ProveError::NotOurs)?;
            let mut c = Vec::with_capacity(group.len());
            for s in group {
                if s.issuer != self.index() {
                    return Err(ProveError::NotOurs);
                }
                c.push(Element::from_point(VOPRF.hash_to_group(&s.input)).map_err(|_| ProveError::NotOurs)?);
            }
            let d: Vec<[u8; 32]> = group.iter().map(|s| s.evaluated).collect();
            groups.push(RedeemedGroup {
                denomination: first.denomination,
                rows: group.iter().map(|s| (s.input, s.evaluated)).collect(),
                proof: dleq::prove(&VOPRF, key, &c, &d, rng),
            });
        }
        Ok(RedemptionProof { issuer: self.index(), groups })
    }
}

/// Why a redemption proof is not believed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum RedemptionError {
    /// The keys are another issuer's.
    #[error("the statement comes from another issuer")]
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
    /// Its input.
    pub input: [u8; 32],
    /// The issuer's share, recomputed: equals the one that the holder presented.
    pub output: [u8; 64],
    /// What marks it as spent.
    pub nullifier: Nullifier,
}

impl RedemptionProof {
    /// `version || issuer as u8 || groups as u16 || (denomination as u64 || count as u16 || (input || Z)* || proof)*`.
    pub fn encode(&self) -> Vec<u8> {
        let mut out = vec![VERSION, self.issuer.0];
        put_count(&mut out, self.groups.len());
        for g in &self.groups {
            out.extend_from_slice(&g.denomination.cents().to_be_bytes());
            put_count(&mut out, g.rows.len());
            for (input, z) in &g.rows {
                out.extend_from_slice(input);
                out.extend_from_slice(z);
            }
            out.extend_from_slice(&g.proof);
        }
        out
    }

    /// Reads a statement; checks order and limits, not the elements.
    pub fn decode(bytes: &[u8]) -> Result<Self, DecodeError> {
        let mut r = Reader::new(bytes);
        r.version(VERSION)?;
        let issuer = IssuerIndex(r.u8("issuer")?);
        let mut groups = Vec::new();
        read_groups(&mut r, |r, denomination, count| {
            let mut rows: Vec<([u8; 32], [u8; 32])> = Vec::with_capacity(count);
            for _ in 0..count {
                let row = (r.array("input")?, r.array("element")?);
                if rows.last().is_some_and(|last| last.0 >= row.0) {
                    return Err(DecodeError::Invalid("order of inputs"));
                }
                rows.push(row);
            }
            groups.push(RedeemedGroup { denomination, rows, proof: r.array("proof")? });
            Ok(())
        })?;
        r.end()?;
        Ok(Self { issuer, groups })
    }

    /// Checks the proofs against the issuer's published keys and recomputes every share.
    pub fn verify(&self, issuer: &Issuer) -> Result<Vec<RedeemedToken>, RedemptionError> {
        if self.issuer != issuer.index() {
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
