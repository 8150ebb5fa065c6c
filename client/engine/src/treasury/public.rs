//! The public records as anybody reads them: signatures checked, proofs checked, books kept.

use std::collections::{BTreeMap, BTreeSet};

use subrosa_casework::{
    bytes::{AwardRef, Blob, Digest, Signature},
    money::Cents,
};
use subrosa_casework::{
    ledger::{self, Audit, Auditor},
    records::{IssuanceBody, IssuedBatch, RedeemedBatch, RedeemedToken, RedemptionBody},
};
use subrosa_crypto::{
    encoding::OverLimit,
    kdf,
    sign::{Domain, HolderId, SigningKey},
    token::{
        self, BlindedBatch, BlindedGroup, Denomination, Elements, EvaluatedBatch, EvaluatedGroup, EvaluationError,
        Groups, IssuerIndex, Nullifier, RedeemedGroup, RedeemedRows, RedemptionError, RedemptionProof,
    },
    wire::{PublicRecord, RecordKind},
};
use thiserror::Error;

use crate::{
    api::{Api, ApiError},
    history::History,
    transport::{Circuit, Transport},
};

/// Why the public records cannot be read at all. Single bad records are findings, not errors.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ViewError {
    /// The records could not be fetched.
    #[error(transparent)]
    Api(#[from] ApiError),
}

/// What anybody can find wrong in public. `Display` is English, for the terminal.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Finding {
    /// In the books, or with a record's form and signer.
    #[error("{0}")]
    Books(ledger::Finding),
    /// What a record says of tokens is not proven.
    #[error("record {record}: {why}")]
    Proof {
        /// The record's number.
        record: u64,
        /// What is wrong with the proof.
        why: ProofFault,
    },
    /// A promise to the log that was not kept.
    #[error("record {record} was promised to the log for epoch {epoch} and is not there")]
    NotLogged {
        /// The record's number.
        record: u64,
        /// The epoch for which it was promised.
        epoch: u64,
    },
    /// A list that is served differs from the one that was logged.
    #[error("the list of epoch {epoch} is not the one in the log: it was changed afterwards")]
    ListChanged {
        /// The list's epoch.
        epoch: u64,
    },
    /// A charter that is served was never logged.
    #[error("charter version {version} is not in the log: people were named in secret")]
    CharterSecret {
        /// The charter's version.
        version: u64,
    },
}

/// Why a record does not prove what it says of tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ProofFault {
    /// The body, a list or an element is not in its form.
    #[error("it is not in the form of its kind")]
    Malformed,
    /// The number in it belongs to somebody else.
    #[error("signed by another than its issuer")]
    OtherIssuer,
    /// A denomination of zero.
    #[error("a token worth nothing")]
    Worthless,
    /// What an issuer signed is not proven to be under its published key.
    #[error(transparent)]
    Issuance(#[from] EvaluationError),
    /// What an issuer took back is not proven to be under its published key.
    #[error(transparent)]
    Redemption(#[from] RedemptionError),
    /// Nullifiers that are not those of the tokens shown.
    #[error("its nullifiers do not belong to its tokens")]
    Nullifiers,
}

/// One record with its place in the log.
#[derive(Debug, Clone)]
pub struct ListedRecord {
    /// Its number among all that were published, counted from zero.
    pub number: u64,
    /// The leaf's salt.
    pub salt: [u8; 32],
    /// The epoch for which the leaf was promised.
    pub epoch: u64,
    /// Its encoded bytes.
    pub bytes: Vec<u8>,
    /// What it says.
    pub record: PublicRecord,
}

/// Everything public, checked.
#[derive(Debug)]
pub struct PublicView {
    /// The records that could be read.
    pub records: Vec<ListedRecord>,
    /// The books that the records amount to, with what is wrong in them.
    pub audit: Audit,
    /// What is wrong in the books, and with the proofs in single records.
    pub findings: Vec<Finding>,
    spent: BTreeSet<Nullifier>,
    issued: BTreeMap<(AwardRef, IssuerIndex), BTreeMap<Denomination, u64>>,
}

/// The name under which an award's tokens are derived and signed: 32 bytes from the award's public name.
pub fn token_award(reference: &AwardRef) -> token::AwardRef {
    token::AwardRef(kdf::digest("subrosa/token-award/v1", &[&reference.0]))
}

/// A signed record.
///
/// # Errors
/// The body is longer than a record may be. Nothing is signed.
pub fn sign_record(kind: RecordKind, body: Vec<u8>, signer: &SigningKey) -> Result<PublicRecord, OverLimit> {
    let body = body.try_into()?;
    let mut r = PublicRecord { kind, signer: signer.verifying_key().holder_id(), body, signature: [0; 64] };
    r.signature = signer.sign(Domain::RECORD, &r.signed_part());
    Ok(r)
}

/// The public statement of an evaluation.
pub fn issuance_body(reference: AwardRef, request: &BlindedBatch, answer: &EvaluatedBatch) -> IssuanceBody {
    let batches = request
        .groups
        .iter()
        .zip(&answer.groups)
        .map(|(b, e)| IssuedBatch {
            denomination: Cents(b.denomination.cents()),
            blinded: b.elements.iter().map(|x| Digest(*x)).collect(),
            evaluated: e.elements.iter().map(|x| Digest(*x)).collect(),
            proof: Signature(e.proof),
        })
        .collect();
    IssuanceBody { v: Default::default(), award_ref: reference, issuer: u16::from(answer.issuer.0), batches }
}

/// The public statement of a redemption.
pub fn redemption_body(context: Digest, proof: &RedemptionProof) -> RedemptionBody {
    let batches = proof
        .groups
        .iter()
        .map(|g| RedeemedBatch {
            denomination: Cents(g.denomination.cents()),
            tokens: g
                .rows
                .iter()
                .map(|(input, z)| RedeemedToken {
                    input: Blob(input.to_vec()),
                    nullifier: Digest(Nullifier::of(g.denomination, input).0),
                    evaluated: Digest(*z),
                })
                .collect(),
            proof: Signature(g.proof),
        })
        .collect();
    RedemptionBody { v: Default::default(), context, issuer: u16::from(proof.issuer.0), batches }
}

impl PublicView {
    /// Fetches and checks every public record: signatures, DLEQ proofs, nullifiers, books.
    pub async fn fetch<T: Transport>(api: &Api<T>, directory: &History, circuit: Circuit) -> Result<Self, ViewError> {
        let mut records = Vec::new();
        let mut auditor = Auditor::new(directory.signers());
        for (salt, epoch, bytes) in api.records(0, circuit).await? {
            let number = auditor.taken();
            records.extend(auditor.take(&bytes).map(|record| ListedRecord { number, salt, epoch, bytes, record }));
        }
        let audit = auditor.report();
        let findings = audit.findings.iter().cloned().map(Finding::Books).collect();
        let mut view = Self { records, audit, findings, spent: BTreeSet::new(), issued: BTreeMap::new() };
        view.check_proofs(directory);
        Ok(view)
    }

    fn check_proofs(&mut self, directory: &History) {
        for listed in &self.records {
            let wrong = match listed.record.kind {
                RecordKind::Issuance => match checked_issuance(&listed.record, directory) {
                    Ok((award, issuer, counts)) => {
                        self.issued.insert((award, issuer), counts);
                        None
                    }
                    Err(why) => Some(why),
                },
                RecordKind::Redemption => match checked_redemption(&listed.record, directory) {
                    Ok(nullifiers) => {
                        self.spent.extend(nullifiers);
                        None
                    }
                    Err(why) => Some(why),
                },
                RecordKind::Ledger | RecordKind::Decision => None,
            };
            if let Some(why) = wrong {
                self.findings.push(Finding::Proof { record: listed.number, why });
            }
        }
    }

    /// Whether a nullifier stands in a proven redemption.
    pub fn is_spent(&self, nullifier: &Nullifier) -> bool {
        self.spent.contains(nullifier)
    }

    /// Whether this issuer has publicly signed for this award already.
    pub fn has_issued(&self, award: &AwardRef, issuer: IssuerIndex) -> bool {
        self.issued.contains_key(&(*award, issuer))
    }

    /// Tokens out there, by denomination: issued for an award (once, however many issuers signed) and not redeemed.
    pub fn outstanding(&self) -> BTreeMap<Denomination, u64> {
        let mut by_award: BTreeMap<AwardRef, &BTreeMap<Denomination, u64>> = BTreeMap::new();
        for ((award, _), counts) in &self.issued {
            by_award.entry(*award).or_insert(counts);
        }
        let mut out: BTreeMap<Denomination, u64> = BTreeMap::new();
        for counts in by_award.values() {
            for (d, n) in *counts {
                *out.entry(*d).or_default() += n;
            }
        }
        let mut seen = BTreeSet::new();
        for listed in &self.records {
            let Ok(body) = RedemptionBody::parse(&listed.record.body) else { continue };
            for b in body.batches {
                let Some(d) = Denomination::new(b.denomination.0) else { continue };
                for t in b.tokens {
                    if seen.insert(t.nullifier.0)
                        && let Some(n) = out.get_mut(&d)
                    {
                        *n = n.saturating_sub(1);
                    }
                }
            }
        }
        out
    }

    /// The signers of ledger records with exactly this body, each once, in the order of publication.
    pub fn ledger_signers(&self, body: &[u8]) -> Vec<HolderId> {
        let mut out: Vec<HolderId> = Vec::new();
        for l in self.records.iter().filter(|l| l.record.kind == RecordKind::Ledger && *l.record.body == *body) {
            if !out.contains(&l.record.signer) {
                out.push(l.record.signer);
            }
        }
        out
    }

    /// The issuers that publicly verified the redemption with this context.
    pub fn redemption_signers(&self, context: &Digest) -> BTreeSet<HolderId> {
        self.records
            .iter()
            .filter(|l| l.record.kind == RecordKind::Redemption)
            .filter(|l| RedemptionBody::parse(&l.record.body).is_ok_and(|b| b.context == *context))
            .map(|l| l.record.signer)
            .collect()
    }
}

type Counts = BTreeMap<Denomination, u64>;

fn checked_issuance(record: &PublicRecord, directory: &History) -> Result<(AwardRef, IssuerIndex, Counts), ProofFault> {
    let body = IssuanceBody::parse(&record.body).map_err(|_| ProofFault::Malformed)?;
    let issuer = directory.issuer(record.signer, body.issuer).ok_or(ProofFault::OtherIssuer)?;
    let mut request = BlindedBatch { award: token_award(&body.award_ref), groups: Groups::default() };
    let mut answer = EvaluatedBatch { award: request.award, issuer: issuer.index(), groups: Groups::default() };
    let mut counts = Counts::new();
    for b in &body.batches {
        let denomination = Denomination::new(b.denomination.0).ok_or(ProofFault::Worthless)?;
        counts.insert(denomination, b.blinded.len() as u64);
        let elements =
            |list: &[Digest]| Elements::new(list.iter().map(|d| d.0).collect()).map_err(|_| ProofFault::Malformed);
        let (blinded, evaluated) = (elements(&b.blinded)?, elements(&b.evaluated)?);
        request.groups.push(BlindedGroup { denomination, elements: blinded }).map_err(|_| ProofFault::Malformed)?;
        let group = EvaluatedGroup { denomination, elements: evaluated, proof: b.proof.0 };
        answer.groups.push(group).map_err(|_| ProofFault::Malformed)?;
    }
    let request = request.check().map_err(|_| ProofFault::Malformed)?;
    answer.verify(&request, issuer)?;
    Ok((body.award_ref, issuer.index(), counts))
}

fn checked_redemption(record: &PublicRecord, directory: &History) -> Result<Vec<Nullifier>, ProofFault> {
    let body = RedemptionBody::parse(&record.body).map_err(|_| ProofFault::Malformed)?;
    let issuer = directory.issuer(record.signer, body.issuer).ok_or(ProofFault::OtherIssuer)?;
    let mut proof = RedemptionProof { issuer: issuer.index(), groups: Groups::default() };
    let mut stated = BTreeSet::new();
    for b in &body.batches {
        let denomination = Denomination::new(b.denomination.0).ok_or(ProofFault::Worthless)?;
        let mut rows = RedeemedRows::default();
        for t in &b.tokens {
            let input: [u8; 32] = t.input.0.as_slice().try_into().map_err(|_| ProofFault::Malformed)?;
            rows.push((input, t.evaluated.0)).map_err(|_| ProofFault::Malformed)?;
            stated.insert(Nullifier(t.nullifier.0));
        }
        let group = RedeemedGroup { denomination, rows, proof: b.proof.0 };
        proof.groups.push(group).map_err(|_| ProofFault::Malformed)?;
    }
    let redeemed = proof.verify(issuer)?;
    let proven: Vec<Nullifier> = redeemed.iter().map(|t| t.nullifier).collect();
    if proven.iter().copied().collect::<BTreeSet<_>>() == stated { Ok(proven) } else { Err(ProofFault::Nullifiers) }
}
