//! The public records as anybody reads them: signatures checked, proofs checked, books kept.

use std::collections::{BTreeMap, BTreeSet};

pub use subrosa_casework::records::token_award;
use subrosa_casework::{
    bytes::{AwardRef, Blob, Digest, Signature},
    money::Cents,
};
use subrosa_casework::{
    ledger::{self, Audit, Auditor, Fault, Spending},
    records::{IssuanceBody, IssuedBatch, LedgerBody, Movement, RedeemedBatch, RedeemedToken, RedemptionBody, Version},
};
use subrosa_crypto::{
    encoding::OverLimit,
    sign::{Domain, HolderId, SigningKey},
    token::{
        BlindedBatch, Denomination, Elements, EvaluatedBatch, EvaluatedGroup, EvaluationError, Groups, IssuerIndex,
        Keyset, KeysetId, Nullifier, RedeemedGroup, RedeemedRows, RedemptionError, RedemptionProof, Signer,
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
    /// Records were hidden, added or changed: the log commits to others than those that are shown.
    #[error(
        "the log's batch of epoch {epoch} does not commit to the public records up to then as they are shown: records were hidden, added or changed"
    )]
    RecordsHidden {
        /// The first epoch whose batch does not fit.
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

/// Money for the budget, as somebody stated it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FundStated {
    /// How much the budget is to grow by.
    pub amount: Cents,
    /// The digest of the decision's words: [`super::budget_reference`].
    pub reference: Digest,
    /// Administrators who stated it, in the order of their records.
    pub stated: Vec<HolderId>,
}

/// What one issuer has publicly signed for an award.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Issued {
    /// The digest of the request.
    batch: Digest,
    /// How many tokens of each denomination.
    counts: Counts,
}

/// What one issuer has publicly proven of a redemption.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Proven {
    keyset: KeysetId,
    nullifiers: BTreeSet<Nullifier>,
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
    /// Every record as it was published, good or bad, with the epoch for which it was promised.
    pub(super) published: Vec<(u64, Vec<u8>)>,
    /// Every request that a signer has signed for an award under a keyset: an honest one signs one alone.
    issued: BTreeMap<(AwardRef, KeysetId), BTreeMap<HolderId, Vec<Issued>>>,
    proven: BTreeMap<Digest, BTreeMap<HolderId, Proven>>,
}

type Counts = BTreeMap<Denomination, u64>;

/// A signed record, made under the charter with this digest.
///
/// # Errors
/// The body is longer than a record may be. Nothing is signed.
pub fn sign_record(
    kind: RecordKind,
    body: Vec<u8>,
    charter: [u8; 32],
    signer: &SigningKey,
) -> Result<PublicRecord, OverLimit> {
    let body = body.try_into()?;
    let holder = signer.verifying_key().holder_id();
    Ok(signed_under(PublicRecord { kind, signer: holder, charter, body, signature: [0; 64] }, charter, signer))
}

/// The same record under another charter: what was prepared before the charter changed is stated under the new one.
pub fn signed_under(mut record: PublicRecord, charter: [u8; 32], signer: &SigningKey) -> PublicRecord {
    record.charter = charter;
    record.signature = signer.sign(Domain::RECORD, &record.signed_part());
    record
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
    let (keyset, issuer) = (Digest(answer.keyset.0), u16::from(answer.issuer.0));
    IssuanceBody { v: Version, award_ref: reference, keyset, issuer, batches }
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
    let (keyset, issuer) = (Digest(proof.keyset.0), u16::from(proof.issuer.0));
    RedemptionBody { v: Version, context, keyset, issuer, batches }
}

impl PublicView {
    /// Fetches and checks every public record: signatures, DLEQ proofs, nullifiers, books.
    pub async fn fetch<T: Transport>(api: &Api<T>, directory: &History, circuit: Circuit) -> Result<Self, ViewError> {
        let mut records = Vec::new();
        let mut published = Vec::new();
        let mut auditor = Auditor::new(directory.signers());
        for (salt, epoch, bytes) in api.records(0, circuit).await? {
            let number = auditor.taken();
            published.push((epoch, bytes.clone()));
            records.extend(auditor.take(&bytes).map(|record| ListedRecord { number, salt, epoch, bytes, record }));
        }
        let audit = auditor.report();
        let findings = audit.findings.iter().cloned().map(Finding::Books).collect();
        let (issued, proven) = Default::default();
        let mut view = Self { records, audit, findings, published, issued, proven };
        view.check_proofs(directory);
        Ok(view)
    }

    /// Checks every proof. What the audit objects to counts for nothing here either, however well it is proven: else
    /// an act would rest on records that everybody else refuses.
    fn check_proofs(&mut self, directory: &History) {
        let refused: BTreeSet<u64> = self.audit.findings.iter().filter_map(|f| f.record).collect();
        for listed in &self.records {
            let (signer, good) = (listed.record.signer, !refused.contains(&listed.number));
            let wrong = match listed.record.kind {
                RecordKind::Issuance => match checked_issuance(&listed.record, directory) {
                    Ok((award, keyset, issued)) => {
                        if good {
                            self.issued.entry((award, keyset)).or_default().entry(signer).or_default().push(issued);
                        }
                        None
                    }
                    Err(why) => Some(why),
                },
                RecordKind::Redemption => match checked_redemption(&listed.record, directory) {
                    Ok((context, proven)) => {
                        if good {
                            self.proven.entry(context).or_default().insert(signer, proven);
                        }
                        None
                    }
                    Err(why) => Some(why),
                },
                RecordKind::Reservation | RecordKind::Ledger | RecordKind::Decision | RecordKind::Order => None,
            };
            if let Some(why) = wrong {
                self.findings.push(Finding::Proof { record: listed.number, why });
            }
        }
    }

    /// Signers of `keyset` who have reserved all these nullifiers for `context`.
    pub fn reservations<'a>(
        &self,
        keyset: &Keyset,
        context: &Digest,
        nullifiers: impl IntoIterator<Item = &'a Nullifier> + Clone,
    ) -> BTreeSet<HolderId> {
        let word = (*context, keyset.id());
        let reserved = |holder: &HolderId| {
            let mut all = nullifiers.clone().into_iter();
            all.all(|n| self.reserved_by(*holder, n) == Some(word))
        };
        keyset.signers().iter().map(|s| s.sign.holder_id()).filter(reserved).collect()
    }

    /// The redemption for which a holder has publicly reserved a nullifier.
    pub fn reserved_by(&self, holder: HolderId, nullifier: &Nullifier) -> Option<Spending> {
        self.audit.reserved.get(&Digest(nullifier.0))?.get(&holder).copied()
    }

    /// The redemption for which a token is spent: as many signers of its keyset as it takes have reserved it, before
    /// as many of another keyset did for another redemption.
    pub fn spent_for(&self, nullifier: &Nullifier) -> Option<Spending> {
        self.audit.spent.get(&Digest(nullifier.0)).copied()
    }

    /// Whether an award is one: ordered by two adjudicators and reserved by enough administrators, both of this amount.
    /// An officer's announcement alone is not to be believed.
    pub fn is_award(&self, award: &AwardRef, amount: Cents) -> bool {
        let ordered = self.audit.ordered.get(award).is_some_and(|o| o.amount == amount);
        ordered && self.audit.ledger.has(&LedgerBody::of_award(Movement::AwardReserved, *award, amount))
    }

    /// Whether this holder has publicly signed for this award under this keyset.
    pub fn has_issued(&self, award: &AwardRef, keyset: &KeysetId, holder: HolderId) -> bool {
        self.issued.get(&(*award, *keyset)).is_some_and(|by| by.contains_key(&holder))
    }

    /// Whether all signers of this keyset have signed what was ordered for this award. Whoever signs something else
    /// makes no tokens of it.
    pub fn is_issued(&self, award: &AwardRef, keyset: &Keyset) -> bool {
        let Some(order) = self.audit.ordered.get(award) else { return false };
        let by = self.issued.get(&(*award, keyset.id()));
        let of = |s: &Signer| by?.get(&s.sign.holder_id());
        keyset.signers().iter().all(|s| of(s).is_some_and(|all| all.iter().any(|i| i.batch == order.batch)))
    }

    /// Whether the tokens of this award are whole: all signers of one keyset, whichever it was, have signed them.
    pub fn is_whole(&self, award: &AwardRef, directory: &History) -> bool {
        let mut keysets = self.issued.keys().filter(|(a, _)| a == award).filter_map(|(_, id)| directory.keyset(id));
        keysets.any(|keyset| self.is_issued(award, keyset))
    }

    /// The requests that this holder has publicly signed for this award, under whatever keyset.
    pub fn signed_by(&self, award: &AwardRef, holder: HolderId) -> impl Iterator<Item = Digest> {
        let of = self.issued.iter().filter(move |((a, _), _)| a == award);
        of.filter_map(move |(_, by)| by.get(&holder)).flatten().map(|i| i.batch)
    }

    /// In how many awards a redemption of `tokens` (any order) of this keyset may have begun: those whose tokens all
    /// its signers signed, and among which these are. Whoever reads the public records cannot tell these awards apart;
    /// tokens of another keyset, or a combination that no other award could make, hide nobody.
    pub fn crowd(&self, keyset: &Keyset, tokens: &[Denomination]) -> u64 {
        let mut wanted = Counts::new();
        for d in tokens {
            *wanted.entry(*d).or_default() += 1;
        }
        let could = |((award, id), by): &(&(AwardRef, KeysetId), &BTreeMap<HolderId, Vec<Issued>>)| {
            let ordered = self.audit.ordered.get(award).map(|o| o.batch);
            let counts = by.values().flatten().find(|i| Some(i.batch) == ordered).map(|i| &i.counts);
            let covers = |has: &Counts| wanted.iter().all(|(d, n)| has.get(d).is_some_and(|has| has >= n));
            *id == keyset.id() && self.is_issued(award, keyset) && counts.is_some_and(covers)
        };
        self.issued.iter().filter(could).count() as u64
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

    /// Money for the budget that was stated and is not in the books yet, in the order of publication.
    pub fn funds_stated(&self) -> Vec<FundStated> {
        let short =
            |f: &ledger::Finding| matches!(f.fault, Fault::TooFewSignatures { movement: Movement::BudgetAdded, .. });
        let waiting: BTreeSet<u64> = self.audit.findings.iter().filter(|f| short(f)).filter_map(|f| f.record).collect();
        let stated = self.records.iter().filter(|l| waiting.contains(&l.number)).filter_map(|l| {
            let body = LedgerBody::parse(&l.record.body).ok()?;
            let stated = self.ledger_signers(&l.record.body);
            Some(FundStated { amount: body.amount, reference: body.reference?, stated })
        });
        stated.collect()
    }

    /// The issuers that publicly proved this redemption's tokens to be theirs. A proof that does not hold, or one about
    /// other tokens or another keyset, is none.
    pub fn redemption_signers(
        &self,
        keyset: &KeysetId,
        context: &Digest,
        nullifiers: &BTreeSet<Nullifier>,
    ) -> BTreeSet<HolderId> {
        let of = self.proven.get(context).into_iter().flatten();
        of.filter(|(_, p)| p.keyset == *keyset && p.nullifiers == *nullifiers).map(|(holder, _)| *holder).collect()
    }
}

/// The answer that an issuance record states, as its issuer also leaves it in the source's return box. Nothing of it is
/// checked.
pub fn stated_answer(body: &IssuanceBody) -> Option<EvaluatedBatch> {
    let (keyset, issuer) = (body.keyset_id(), IssuerIndex(u8::try_from(body.issuer).ok()?));
    let mut answer = EvaluatedBatch { keyset, award: token_award(&body.award_ref), issuer, groups: Groups::default() };
    for b in &body.batches {
        let denomination = Denomination::new(b.denomination.0)?;
        let elements = Elements::new(b.evaluated.iter().map(|d| d.0).collect()).ok()?;
        answer.groups.push(EvaluatedGroup { denomination, elements, proof: b.proof.0 }).ok()?;
    }
    Some(answer)
}

fn checked_issuance(record: &PublicRecord, directory: &History) -> Result<(AwardRef, KeysetId, Issued), ProofFault> {
    let body = IssuanceBody::parse(&record.body).map_err(|_| ProofFault::Malformed)?;
    let keyset = body.keyset_id();
    let issuer = directory.issuer(&keyset, record.signer, body.issuer).ok_or(ProofFault::OtherIssuer)?;
    let request = body.request().map_err(|_| ProofFault::Malformed)?;
    let counts = request.groups.iter().map(|g| (g.denomination, g.elements.len() as u64)).collect();
    let answer = stated_answer(&body).ok_or(ProofFault::Malformed)?;
    let batch = body.batch().map_err(|_| ProofFault::Malformed)?;
    answer.verify(&request.check().map_err(|_| ProofFault::Malformed)?, issuer)?;
    Ok((body.award_ref, keyset, Issued { batch, counts }))
}

fn checked_redemption(record: &PublicRecord, directory: &History) -> Result<(Digest, Proven), ProofFault> {
    let body = RedemptionBody::parse(&record.body).map_err(|_| ProofFault::Malformed)?;
    let keyset = body.keyset_id();
    let issuer = directory.issuer(&keyset, record.signer, body.issuer).ok_or(ProofFault::OtherIssuer)?;
    let mut proof = RedemptionProof { keyset, issuer: issuer.index(), groups: Groups::default() };
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
    let nullifiers: BTreeSet<Nullifier> = redeemed.iter().map(|t| t.nullifier).collect();
    if nullifiers == stated { Ok((body.context, Proven { keyset, nullifiers })) } else { Err(ProofFault::Nullifiers) }
}
