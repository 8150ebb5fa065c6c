//! Anybody's check of the public records: signatures, books, issuance against redemption.
//!
//! Whoever shows sums of the books (the auditor's program, the server's page) gets them here and nowhere else.

use std::collections::{BTreeMap, BTreeSet};

use subrosa_crypto::{
    sign::{Domain, HolderId},
    wire::{PublicRecord, RecordKind},
};

use super::{Fault, Finding, Ledger, Signers, Totals, signers::Signer};
use crate::{
    bytes::{AwardRef, Digest},
    money::Cents,
    records::{DecisionBody, IssuanceBody, LedgerBody, Movement, RedemptionBody},
};

/// The audit's result. The books are good if `findings` is empty.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Audit {
    /// The sums that anybody can check.
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

/// Checks all records, as they were published, in their order of arrival. The DLEQ proofs inside are not this crate's
/// business: `subrosa audit` checks them with `crypto::token`.
pub fn audit<R: AsRef<[u8]>>(records: impl IntoIterator<Item = R>, signers: &Signers) -> Audit {
    let mut auditor = Auditor::new(signers.clone());
    for record in records {
        // What is wrong with it stands in the report.
        let _ = auditor.take(record.as_ref());
    }
    auditor.report()
}

/// A value with its elements, and the issuers who stated exactly those.
type Variants = BTreeMap<(Cents, Vec<Digest>), BTreeSet<u16>>;

/// An audit under way: takes one record after the other, and can report at any time.
#[derive(Clone, Debug)]
pub struct Auditor {
    signers: Signers,
    ledger: Ledger,
    /// How many records were taken, good or bad.
    taken: u64,
    findings: Vec<Finding>,
    /// For each movement: who stated it, and the number of the first record.
    stated: BTreeMap<LedgerBody, (BTreeSet<HolderId>, u64)>,
    /// For each award: its value and blinded elements, and the issuers who evaluated exactly those.
    issued: BTreeMap<AwardRef, Variants>,
    /// For each redemption: its value and nullifiers, and the issuers who checked exactly those.
    redeemed: BTreeMap<Digest, Variants>,
    /// For each nullifier: its redemption.
    nullifiers: BTreeMap<Digest, Digest>,
}

impl Auditor {
    /// An audit of no record yet.
    pub fn new(signers: Signers) -> Self {
        Self {
            signers,
            ledger: Ledger::new(),
            taken: 0,
            findings: Vec::new(),
            stated: BTreeMap::new(),
            issued: BTreeMap::new(),
            redeemed: BTreeMap::new(),
            nullifiers: BTreeMap::new(),
        }
    }

    /// How many records it has taken, good or bad.
    pub fn taken(&self) -> u64 {
        self.taken
    }

    /// Takes the next record's bytes. Answers the record if its frame is good: readable, and signed by somebody whom a
    /// charter lets state this kind of thing. What it says may still be wrong; the report tells.
    pub fn take(&mut self, bytes: &[u8]) -> Option<PublicRecord> {
        let number = self.taken;
        self.taken += 1;
        let checked = PublicRecord::decode(bytes)
            .map_err(|_| Fault::Unreadable)
            .and_then(|record| Ok((self.signers.check(&record)?.numbers.clone(), record)));
        let (fault, record) = match checked {
            Ok((numbers, record)) => (self.enter(&record, &numbers, number).err(), Some(record)),
            Err(fault) => (Some(fault), None),
        };
        self.findings.extend(fault.map(|fault| Finding { record: Some(number), fault }));
        record
    }

    /// The books as far as they were read, with what can be said only at the end.
    pub fn report(&self) -> Audit {
        let mut findings = self.findings.clone();
        for (body, (signers, first)) in &self.stated {
            if signers.len() < 2 {
                let fault = Fault::OneSignature { movement: body.movement, amount: body.amount };
                findings.push(Finding { record: Some(*first), fault });
            }
            findings.extend(self.unbacked(body, *first));
        }
        findings.extend(self.unbooked());
        if !self.ledger.balances() {
            findings.push(Finding { record: None, fault: Fault::EscrowWrong });
        }
        Audit { totals: self.ledger.totals(), ledger: self.ledger.clone(), findings }
    }

    fn enter(&mut self, record: &PublicRecord, numbers: &BTreeSet<u16>, number: u64) -> Result<(), Fault> {
        match record.kind {
            RecordKind::Decision => DecisionBody::parse(&record.body).map(|_| ()).map_err(|_| Fault::Malformed),
            RecordKind::Ledger => {
                self.movement(&LedgerBody::parse(&record.body).map_err(|_| Fault::Malformed)?, record, number)
            }
            RecordKind::Issuance => {
                self.issuance(IssuanceBody::parse(&record.body).map_err(|_| Fault::Malformed)?, numbers)
            }
            RecordKind::Redemption => {
                self.redemption(&RedemptionBody::parse(&record.body).map_err(|_| Fault::Malformed)?, numbers)
            }
        }
    }

    fn movement(&mut self, body: &LedgerBody, record: &PublicRecord, number: u64) -> Result<(), Fault> {
        let (signers, _) = self.stated.entry(body.clone()).or_insert_with(|| (BTreeSet::new(), number));
        if !signers.insert(record.signer) || signers.len() != 2 {
            // The same statement by the same person, or by a third one, adds nothing.
            return Ok(());
        }
        Ok(self.ledger.book(body).map(|_| ())?)
    }

    fn issuance(&mut self, body: IssuanceBody, numbers: &BTreeSet<u16>) -> Result<(), Fault> {
        own_number(numbers, body.issuer)?;
        let mut value = Cents::ZERO;
        let mut elements = Vec::new();
        for batch in &body.batches {
            if batch.blinded.len() != batch.evaluated.len() {
                return Err(Fault::Malformed);
            }
            value = add(value, batch.denomination, batch.blinded.len())?;
            elements.extend_from_slice(&batch.blinded);
        }
        self.issued.entry(body.award_ref).or_default().entry((value, elements)).or_default().insert(body.issuer);
        Ok(())
    }

    fn redemption(&mut self, body: &RedemptionBody, numbers: &BTreeSet<u16>) -> Result<(), Fault> {
        own_number(numbers, body.issuer)?;
        let mut value = Cents::ZERO;
        let mut nullifiers = Vec::new();
        for batch in &body.batches {
            value = add(value, batch.denomination, batch.tokens.len())?;
            nullifiers.extend(batch.tokens.iter().map(|t| t.nullifier));
        }
        let distinct: BTreeSet<_> = nullifiers.iter().collect();
        if distinct.len() != nullifiers.len() {
            return Err(Fault::TwiceInOne);
        }
        for nullifier in &nullifiers {
            if *self.nullifiers.entry(*nullifier).or_insert(body.context) != body.context {
                return Err(Fault::RedeemedBefore { nullifier: *nullifier });
            }
        }
        self.redeemed.entry(body.context).or_default().entry((value, nullifiers)).or_default().insert(body.issuer);
        Ok(())
    }

    /// A booked movement of tokens that enough issuers' records do not bear out.
    fn unbacked(&self, body: &LedgerBody, first: u64) -> Option<Finding> {
        if !self.ledger.has(body) {
            return None;
        }
        let needed = self.signers.threshold();
        let (amount, count) = (body.amount, needed as u64);
        let (fault, backed) = match (body.movement, body.award_ref, body.reference) {
            (Movement::TokensIssued, Some(award), _) => {
                let fault = Fault::IssuedWithoutTokens { amount, needed: count };
                (fault, backed(self.issued.get(&award), amount, needed))
            }
            (Movement::TokensRedeemed, _, Some(context)) => {
                let fault = Fault::RedeemedWithoutTokens { amount, needed: count };
                (fault, backed(self.redeemed.get(&context), amount, needed))
            }
            _ => return None,
        };
        (!backed).then_some(Finding { record: Some(first), fault })
    }

    /// Tokens that were signed or checked, and that the books do not show. What one administrator has booked and a
    /// second has not is said already, once.
    fn unbooked(&self) -> Vec<Finding> {
        let booked = |movement: Movement, award: Option<AwardRef>, reference: Option<Digest>| {
            self.ledger.has_named(movement, award, reference)
                || self.stated.iter().any(|(b, (signers, _))| {
                    signers.len() < 2 && b.movement == movement && b.award_ref == award && b.reference == reference
                })
        };
        let issued = self.issued.keys().filter(|award| !booked(Movement::TokensIssued, Some(**award), None));
        let issued = issued.map(|award| Fault::TokensWithoutBooking { award: *award });
        let redeemed = self.redeemed.keys().filter(|context| !booked(Movement::TokensRedeemed, None, Some(**context)));
        let redeemed = redeemed.map(|context| Fault::RedemptionWithoutBooking { redemption: *context });
        issued.chain(redeemed).map(|fault| Finding { record: None, fault }).collect()
    }
}

impl Signers {
    /// Who made a record, if the signature is good and a charter lets that person state this kind of thing.
    fn check(&self, record: &PublicRecord) -> Result<&Signer, Fault> {
        let signer = self.get(record.signer).ok_or(Fault::UnknownSigner)?;
        signer.key.verify(Domain::RECORD, &record.signed_part(), &record.signature).map_err(|_| Fault::BadSignature)?;
        match record.kind {
            RecordKind::Decision if !signer.officer => Err(Fault::NotOfficer),
            RecordKind::Ledger | RecordKind::Issuance | RecordKind::Redemption if !signer.is_administrator() => {
                Err(Fault::NotFinance)
            }
            _ => Ok(signer),
        }
    }
}

fn own_number(numbers: &BTreeSet<u16>, issuer: u16) -> Result<(), Fault> {
    if numbers.contains(&issuer) {
        return Ok(());
    }
    Err(Fault::WrongIssuer)
}

fn add(sum: Cents, denomination: Cents, count: usize) -> Result<Cents, Fault> {
    u64::try_from(count)
        .ok()
        .and_then(|n| denomination.0.checked_mul(n))
        .and_then(|v| sum.checked_add(Cents(v)))
        .ok_or(Fault::OutOfRange)
}

/// Whether exactly one set of elements stands under a name, with this value, stated by enough issuers: a second set
/// would be a second, unbooked batch of tokens.
fn backed(variants: Option<&Variants>, amount: Cents, threshold: usize) -> bool {
    variants.is_some_and(|all| {
        all.len() == 1 && all.iter().all(|((value, _), issuers)| *value == amount && issuers.len() >= threshold)
    })
}
