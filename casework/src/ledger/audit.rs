//! Anybody's check of the public records: signatures, books, issuance against redemption.

use std::collections::{BTreeMap, BTreeSet};

use subrosa_crypto::{
    sign::{Domain, HolderId},
    wire::{PublicRecord, RecordKind},
};

use super::{Ledger, Totals};
use crate::{
    bytes::{AwardRef, Digest},
    money::Cents,
    records::{DecisionBody, IssuanceBody, LedgerBody, Movement, RedemptionBody},
    role::Members,
};

/// What the audit takes from the charter.
#[derive(Clone, Copy, Debug)]
pub struct AuditContext<'a> {
    /// The people.
    pub members: &'a Members,
    /// Each issuer's number.
    pub issuers: &'a BTreeMap<HolderId, u16>,
    /// How many issuers an award and a redemption need.
    pub threshold: usize,
}

/// Something that is not as it should be, with the record's number where one is to blame.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The record, counted from zero; `None` if a record is missing.
    pub record: Option<u64>,
    /// A stable name.
    pub code: &'static str,
    /// In plain words.
    pub text: String,
}

/// The audit's result. The books are good if `findings` is empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Audit {
    /// The sums.
    pub totals: Totals,
    /// The books behind them.
    pub ledger: Ledger,
    /// What is wrong.
    pub findings: Vec<Finding>,
}

impl Audit {
    /// Whether nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }
}

/// A value with its elements, and the issuers who stated exactly those.
type Variants = BTreeMap<(Cents, Vec<Digest>), BTreeSet<u16>>;

#[derive(Default)]
struct Seen {
    /// For each movement: who stated it, and the number of the first record.
    stated: BTreeMap<LedgerBody, (BTreeSet<HolderId>, u64)>,
    /// For each award: its value and blinded elements, and the issuers who evaluated exactly those.
    issued: BTreeMap<AwardRef, Variants>,
    /// For each redemption: its value and nullifiers, and the issuers who checked exactly those.
    redeemed: BTreeMap<Digest, Variants>,
    /// For each nullifier: its redemption.
    nullifiers: BTreeMap<Digest, Digest>,
}

/// Checks the records in their order of arrival. The DLEQ proofs inside are not this crate's business: `subrosa audit`
/// checks them with `crypto::token`.
pub fn audit<'r>(records: impl IntoIterator<Item = &'r PublicRecord>, ctx: &AuditContext<'_>) -> Audit {
    let mut ledger = Ledger::new();
    let mut seen = Seen::default();
    let mut findings = Vec::new();
    for (number, record) in (0u64..).zip(records) {
        if let Err((code, text)) = one(record, number, ctx, &mut ledger, &mut seen) {
            findings.push(Finding { record: Some(number), code, text });
        }
    }
    closing(&ledger, &seen, ctx, &mut findings);
    Audit { totals: ledger.totals(), ledger, findings }
}

type Fault = (&'static str, String);

fn one(
    record: &PublicRecord,
    number: u64,
    ctx: &AuditContext<'_>,
    ledger: &mut Ledger,
    seen: &mut Seen,
) -> Result<(), Fault> {
    let member =
        ctx.members.get(record.signer).ok_or(("unknown-signer", "The signer is not in the charter.".to_owned()))?;
    member
        .key
        .verify(Domain::RECORD, &record.signed_part(), &record.signature)
        .map_err(|_| ("bad-signature", "The record's signature is not valid.".to_owned()))?;
    let finance = member.roles.contains(&crate::role::RoleName::Finance);
    if !finance && record.kind != RecordKind::Decision {
        return Err(("not-finance", "The signer is no bounty administrator.".to_owned()));
    }
    let malformed = |e: crate::records::RecordError| ("malformed", e.to_string());
    match record.kind {
        RecordKind::Decision => DecisionBody::parse(&record.body).map(|_| ()).map_err(malformed),
        RecordKind::Ledger => {
            let body = LedgerBody::parse(&record.body).map_err(malformed)?;
            let (signers, _) = seen.stated.entry(body.clone()).or_insert_with(|| (BTreeSet::new(), number));
            if !signers.insert(record.signer) || signers.len() != 2 {
                // The same statement by the same person, or by a third one, adds nothing.
                return Ok(());
            }
            ledger.book(&body).map(|_| ()).map_err(|refusal| (refusal.code(), refusal.to_string()))
        }
        RecordKind::Issuance => {
            let body = IssuanceBody::parse(&record.body).map_err(malformed)?;
            own_number(ctx, record.signer, body.issuer)?;
            let mut value = Cents::ZERO;
            let mut elements = Vec::new();
            for batch in &body.batches {
                if batch.blinded.len() != batch.evaluated.len() {
                    return Err(("malformed", "Blinded and evaluated elements differ in number.".to_owned()));
                }
                value = add(value, batch.denomination, batch.blinded.len())?;
                elements.extend_from_slice(&batch.blinded);
            }
            seen.issued.entry(body.award_ref).or_default().entry((value, elements)).or_default().insert(body.issuer);
            Ok(())
        }
        RecordKind::Redemption => {
            let body = RedemptionBody::parse(&record.body).map_err(malformed)?;
            own_number(ctx, record.signer, body.issuer)?;
            let mut value = Cents::ZERO;
            let mut nullifiers = Vec::new();
            for batch in &body.batches {
                value = add(value, batch.denomination, batch.tokens.len())?;
                nullifiers.extend(batch.tokens.iter().map(|t| t.nullifier));
            }
            let distinct: BTreeSet<_> = nullifiers.iter().collect();
            if distinct.len() != nullifiers.len() {
                return Err(("double-spend", "A nullifier stands twice in one redemption.".to_owned()));
            }
            for nullifier in &nullifiers {
                if *seen.nullifiers.entry(*nullifier).or_insert(body.context) != body.context {
                    return Err(("double-spend", format!("Nullifier {nullifier} was redeemed before.")));
                }
            }
            seen.redeemed.entry(body.context).or_default().entry((value, nullifiers)).or_default().insert(body.issuer);
            Ok(())
        }
    }
}

fn own_number(ctx: &AuditContext<'_>, signer: HolderId, issuer: u16) -> Result<(), Fault> {
    if ctx.issuers.get(&signer) == Some(&issuer) {
        return Ok(());
    }
    Err(("wrong-issuer", "The signer does not hold this issuer's number.".to_owned()))
}

fn add(sum: Cents, denomination: Cents, count: usize) -> Result<Cents, Fault> {
    u64::try_from(count)
        .ok()
        .and_then(|n| denomination.0.checked_mul(n))
        .and_then(|v| sum.checked_add(Cents(v)))
        .ok_or(("out-of-range", "The tokens' value is out of range.".to_owned()))
}

/// What can be said only at the end: movements with one signature, and books that disagree with the tokens.
fn closing(ledger: &Ledger, seen: &Seen, ctx: &AuditContext<'_>, findings: &mut Vec<Finding>) {
    for (body, (signers, first)) in &seen.stated {
        if signers.len() < 2 {
            findings.push(Finding {
                record: Some(*first),
                code: "one-signature",
                text: format!("{} of {} waits for a second administrator.", body.movement, body.amount),
            });
        }
        if !ledger.has(body) {
            continue;
        }
        let (code, backed) = match (body.movement, body.award_ref, body.reference) {
            (Movement::TokensIssued, Some(award), _) => {
                ("issued-without-tokens", backed(&seen.issued, &award, body.amount, ctx))
            }
            (Movement::TokensRedeemed, _, Some(context)) => {
                ("redeemed-without-tokens", backed(&seen.redeemed, &context, body.amount, ctx))
            }
            _ => continue,
        };
        if !backed {
            findings.push(Finding {
                record: Some(*first),
                code,
                text: format!(
                    "{} of {} is not backed by {} issuers' records.",
                    body.movement, body.amount, ctx.threshold
                ),
            });
        }
    }
    // What one administrator has booked and a second has not is said above, once.
    let booked = |movement: Movement, award: Option<AwardRef>, reference: Option<Digest>| {
        ledger.has_named(movement, award, reference)
            || seen.stated.iter().any(|(b, (signers, _))| {
                signers.len() < 2 && b.movement == movement && b.award_ref == award && b.reference == reference
            })
    };
    for award in seen.issued.keys() {
        if !booked(Movement::TokensIssued, Some(*award), None) {
            let text = format!("Tokens of award {award} were signed, but the books do not show them as issued.");
            findings.push(Finding { record: None, code: "tokens-without-booking", text });
        }
    }
    for context in seen.redeemed.keys() {
        if !booked(Movement::TokensRedeemed, None, Some(*context)) {
            let text = format!("Redemption {context} was checked, but the books do not show it.");
            findings.push(Finding { record: None, code: "redemption-without-booking", text });
        }
    }
    if !ledger.balances() {
        let text = "The escrow is not what is owed from it.".to_owned();
        findings.push(Finding { record: None, code: "escrow-wrong", text });
    }
}

fn backed<K: Ord>(seen: &BTreeMap<K, Variants>, key: &K, amount: Cents, ctx: &AuditContext<'_>) -> bool {
    // Exactly one set of elements may stand under one name: a second one would be a second, unbooked batch of tokens.
    let Some(variants) = seen.get(key) else { return false };
    variants.len() == 1
        && variants.iter().all(|((value, _), issuers)| *value == amount && issuers.len() >= ctx.threshold)
}
