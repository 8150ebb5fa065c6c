//! Anybody's check of the public records: signatures, books, issuance against redemption.
//!
//! Whoever shows sums of the books (the auditor's program, the server's page) gets them here and nowhere else.

use std::collections::{BTreeMap, BTreeSet};

use subrosa_crypto::{
    sign::{Domain, HolderId},
    token::KeysetId,
    wire::{PublicRecord, RecordKind},
};

use super::{
    Fault, Finding, Ledger, Signers, Totals,
    signers::{Person, Standing},
    tokens::{By, Spending, Tokens},
};
use crate::{
    award::AwardOrder,
    bytes::{AwardRef, Digest},
    records::{DecisionBody, IssuanceBody, LedgerBody, Movement, OrderBody, RedemptionBody, ReservationBody},
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
    /// What two adjudicators ordered, by award; the first order where there are several.
    pub ordered: BTreeMap<AwardRef, AwardOrder>,
    /// Nullifiers that different issuers reserved for different redemptions. Either their holder showed them twice, or
    /// one of these issuers wanted to keep them from being redeemed; the reservations say who.
    pub contested: Vec<Digest>,
    /// For each nullifier: for which redemption each issuer reserved it, the issuer's first word.
    pub reserved: BTreeMap<Digest, BTreeMap<HolderId, Spending>>,
    /// For each spent nullifier: the redemption for which enough signers of its keyset reserved it first.
    pub spent: BTreeMap<Digest, Spending>,
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

/// A movement as far as it was stated.
#[derive(Clone, Debug)]
struct Statement {
    /// Who stated it.
    by: BTreeSet<HolderId>,
    /// The number of the first record.
    first: u64,
    /// How many had to state it, by the charter of the last statement.
    needed: usize,
}

impl Statement {
    fn is_short(&self) -> bool {
        self.by.len() < self.needed
    }
}

/// An audit under way: takes one record after the other, and can report at any time.
#[derive(Clone, Debug)]
pub struct Auditor {
    signers: Signers,
    ledger: Ledger,
    /// How many records were taken, good or bad.
    taken: u64,
    findings: Vec<Finding>,
    /// The newest charter that a record has named: its place in the chain. No later record may name one before it.
    charter: usize,
    stated: BTreeMap<LedgerBody, Statement>,
    /// For each award: what two adjudicators ordered.
    ordered: BTreeMap<AwardRef, AwardOrder>,
    tokens: Tokens,
}

impl Auditor {
    /// An audit of no record yet.
    pub fn new(signers: Signers) -> Self {
        Self {
            signers,
            ledger: Ledger::new(),
            taken: 0,
            findings: Vec::new(),
            charter: 0,
            stated: BTreeMap::new(),
            ordered: BTreeMap::new(),
            tokens: Tokens::default(),
        }
    }

    /// How many records it has taken, good or bad.
    pub fn taken(&self) -> u64 {
        self.taken
    }

    /// Takes the next record's bytes. Answers the record if its frame is good: readable, and signed by somebody whom
    /// the charter that it names lets state this kind of thing. What it says may still be wrong; the report tells.
    pub fn take(&mut self, bytes: &[u8]) -> Option<PublicRecord> {
        let number = self.taken;
        self.taken += 1;
        let checked = PublicRecord::decode(bytes)
            .map_err(|_| Fault::Unreadable)
            .and_then(|record| Ok((self.check(&record)?, record)));
        let (fault, record) = match checked {
            Ok((place, record)) => {
                self.charter = place;
                (self.enter(&record, number).err(), Some(record))
            }
            Err(fault) => (Some(fault), None),
        };
        self.findings.extend(fault.map(|fault| Finding { record: Some(number), fault }));
        record
    }

    /// The books as far as they were read, with what can be said only at the end.
    pub fn report(&self) -> Audit {
        let mut findings = self.findings.clone();
        for (body, statement) in &self.stated {
            let fault = match statement.is_short() {
                true => Some(too_few(body, statement.by.len(), statement.needed)),
                false => self.unbacked(body),
            };
            findings.extend(fault.map(|fault| Finding { record: Some(statement.first), fault }));
        }
        findings.extend(self.unbooked().into_iter().map(|fault| Finding { record: None, fault }));
        if !self.ledger.balances() {
            findings.push(Finding { record: None, fault: Fault::EscrowWrong });
        }
        let contested = self.tokens.contested().copied().collect();
        Audit {
            totals: self.ledger.totals(),
            ledger: self.ledger.clone(),
            findings,
            ordered: self.ordered.clone(),
            contested,
            reserved: self.tokens.reserved().clone(),
            spent: self.tokens.spent().clone(),
        }
    }

    /// The place of the charter under which a record was made, if it is signed by somebody whom that charter lets state
    /// this kind of thing, and no earlier record names a later charter.
    fn check(&self, record: &PublicRecord) -> Result<usize, Fault> {
        let (place, standing) = self.signers.under(&record.charter).ok_or(Fault::UnknownCharter)?;
        standing.check(record)?;
        if place < self.charter { Err(Fault::OldCharter) } else { Ok(place) }
    }

    fn enter(&mut self, record: &PublicRecord, number: u64) -> Result<(), Fault> {
        match record.kind {
            RecordKind::Decision => DecisionBody::parse(&record.body).map(|_| ()).map_err(|_| Fault::Malformed),
            RecordKind::Ledger => {
                self.movement(&LedgerBody::parse(&record.body).map_err(|_| Fault::Malformed)?, record, number)
            }
            RecordKind::Order => self.order(&OrderBody::parse(&record.body).map_err(|_| Fault::Malformed)?),
            RecordKind::Issuance => {
                let body = IssuanceBody::parse(&record.body).map_err(|_| Fault::Malformed)?;
                let by = by(&self.signers, self.charter, record, body.keyset_id(), body.issuer)?;
                self.tokens.issue(&by, &body)
            }
            RecordKind::Reservation => {
                let body = ReservationBody::parse(&record.body).map_err(|_| Fault::Malformed)?;
                let by = by(&self.signers, self.charter, record, body.keyset_id(), body.issuer)?;
                self.tokens.reserve(&by, &body)
            }
            RecordKind::Redemption => {
                let body = RedemptionBody::parse(&record.body).map_err(|_| Fault::Malformed)?;
                let by = by(&self.signers, self.charter, record, body.keyset_id(), body.issuer)?;
                self.tokens.redeem(&by, &body)
            }
        }
    }

    fn movement(&mut self, body: &LedgerBody, record: &PublicRecord, number: u64) -> Result<(), Fault> {
        // A redemption is known to as many people as its keyset asks for, and to nobody else. What else bears its name
        // is no movement of it: money for the budget takes as many as the charter says.
        let context = body.reference.filter(|_| is_of_redemption(body.movement));
        let of_redemption = context.and_then(|context| self.tokens.threshold_of(&context, &self.signers));
        let of_charter = || self.signers.at(self.charter).map_or(usize::MAX, Standing::threshold);
        let needed = of_redemption.unwrap_or_else(of_charter);
        let new = Statement { by: BTreeSet::new(), first: number, needed };
        let statement = self.stated.entry(body.clone()).or_insert(new);
        let was_short = statement.by.is_empty() || statement.is_short();
        // Once it counts, what others say afterwards, or a later charter asks for, adds and takes nothing.
        if !was_short || !statement.by.insert(record.signer) {
            return Ok(());
        }
        statement.needed = needed;
        if statement.is_short() {
            return Ok(());
        }
        Ok(self.ledger.book(body).map(|_| ())?)
    }

    /// Two different adjudicators, by the charter of the record or the one before it: an order may have been under way
    /// when the charter changed.
    fn order(&mut self, body: &OrderBody) -> Result<(), Fault> {
        let message = body.order.encode();
        let [(a, sa), (b, sb)] = &body.signatures;
        let signed = |standing: &Standing, holder: &HolderId, signature: &[u8; 64]| {
            let person = standing.get(*holder).filter(|p| p.adjudicator);
            person.is_some_and(|p| p.key.verify(Domain::AWARD_ORDER, &message, signature).is_ok())
        };
        let charters = [self.signers.at(self.charter), self.charter.checked_sub(1).and_then(|n| self.signers.at(n))];
        let good = charters.into_iter().flatten().any(|s| signed(s, a, &sa.0) && signed(s, b, &sb.0));
        if a == b || !good {
            return Err(Fault::BadOrder);
        }
        // The first one stands: whoever signs tokens afterwards signs for that one or for none.
        match *self.ordered.entry(body.order.award_ref).or_insert(body.order) == body.order {
            true => Ok(()),
            false => Err(Fault::OrderedTwice { award: body.order.award_ref }),
        }
    }

    /// A booked movement that other records do not bear out.
    fn unbacked(&self, body: &LedgerBody) -> Option<Fault> {
        if !self.ledger.has(body) {
            return None;
        }
        let amount = body.amount;
        let (fault, backed) = match (body.movement, body.award_ref, body.reference) {
            (Movement::AwardReserved, Some(award), _) => {
                let ordered = self.ordered.get(&award).is_some_and(|o| o.amount == amount);
                (Fault::AwardWithoutOrder { amount }, ordered)
            }
            (Movement::TokensIssued, Some(award), _) => match self.tokens.signed_for(&award, amount, &self.signers) {
                // Fewer state a movement than sign a token: until the last one has signed, this is under way.
                Some((have, need)) => (too_few(body, have, need), have == need),
                None => (Fault::IssuedWithoutTokens { amount }, false),
            },
            (Movement::TokensRedeemed, _, Some(context)) => {
                (Fault::RedeemedWithoutTokens { amount }, self.tokens.is_redeemed(&context, amount, &self.signers))
            }
            _ => return None,
        };
        (!backed).then_some(fault)
    }

    /// What was signed, reserved or recognised, and does not fit what was ordered or booked. What some administrators
    /// have booked and others have not yet is said already, once.
    fn unbooked(&self) -> Vec<Fault> {
        let booked = |movement: Movement, award: Option<AwardRef>, reference: Option<Digest>| {
            self.ledger.has_named(movement, award, reference)
                || self.stated.iter().any(|(b, s)| {
                    s.is_short() && b.movement == movement && b.award_ref == award && b.reference == reference
                })
        };
        let mut faults = Vec::new();
        for (award, batches) in self.tokens.awards() {
            if !booked(Movement::TokensIssued, Some(award), None) {
                faults.push(Fault::TokensWithoutBooking { award });
            }
            let ordered = self.ordered.get(&award).map(|o| o.batch);
            if batches.iter().any(|b| Some(*b) != ordered) {
                faults.push(Fault::TokensWithoutOrder { award });
            }
        }
        let unbooked = self.tokens.redemptions().filter(|c| !booked(Movement::TokensRedeemed, None, Some(**c)));
        faults.extend(unbooked.map(|context| Fault::RedemptionWithoutBooking { redemption: *context }));
        faults.extend(self.tokens.beyond().map(|(issuer, denomination, signed, recognised)| Fault::MoreRedeemed {
            issuer: u64::from(issuer),
            denomination,
            signed,
            recognised: recognised as u64,
        }));
        faults
    }
}

impl Standing {
    /// Whether the signature is good and this charter lets its maker state this kind of thing.
    fn check(&self, record: &PublicRecord) -> Result<&Person, Fault> {
        let signer = self.get(record.signer).ok_or(Fault::UnknownSigner)?;
        signer.key.verify(Domain::RECORD, &record.signed_part(), &record.signature).map_err(|_| Fault::BadSignature)?;
        match record.kind {
            RecordKind::Decision if !signer.officer => Err(Fault::NotOfficer),
            RecordKind::Ledger
            | RecordKind::Issuance
            | RecordKind::Redemption
            | RecordKind::Order
            | RecordKind::Reservation
                if !signer.administrator =>
            {
                Err(Fault::NotFinance)
            }
            _ => Ok(signer),
        }
    }
}

fn is_of_redemption(movement: Movement) -> bool {
    matches!(movement, Movement::TokensRedeemed | Movement::PayoutReleased | Movement::PayoutSettled)
}

fn too_few(body: &LedgerBody, have: usize, need: usize) -> Fault {
    Fault::TooFewSignatures { movement: body.movement, amount: body.amount, have: have as u64, need: need as u64 }
}

/// The keyset of a record about tokens, if the record's charter names it and the signer holds this number in it.
fn by<'a>(
    signers: &'a Signers,
    charter: usize,
    record: &PublicRecord,
    keyset: KeysetId,
    issuer: u16,
) -> Result<By<'a>, Fault> {
    let named = signers.at(charter).is_some_and(|s| s.names(&keyset));
    let standing = signers.keyset(&keyset).filter(|_| named);
    let standing = standing.ok_or(Fault::UnknownKeyset)?;
    if standing.signers.get(&issuer) != Some(&record.signer) {
        return Err(Fault::WrongIssuer);
    }
    Ok(By { holder: record.signer, keyset, signers: standing })
}
