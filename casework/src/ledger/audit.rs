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
    Ledger, Signers, Totals,
    signers::{Person, Standing},
    tokens::{By, Tokens},
};
use crate::{
    award::AwardOrder,
    bytes::{AwardRef, Digest},
    records::{
        DecisionBody, IssuanceBody, LedgerBody, Movement, OrderBody, RecordError, RedemptionBody, ReservationBody,
    },
};

/// Something that is not as it should be, with the record's number where one is to blame.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Finding {
    /// The record, counted from zero as the server numbers them; `None` if a record is missing.
    pub record: Option<u64>,
    /// A stable name.
    pub code: &'static str,
    /// In plain words.
    pub text: String,
}

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

pub(super) type Fault = (&'static str, String);

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
            .map_err(|e| ("unreadable", format!("It cannot be read: {e}.")))
            .and_then(|record| Ok((self.check(&record)?, record)));
        let (fault, record) = match checked {
            Ok((place, record)) => {
                self.charter = place;
                (self.enter(&record, number).err(), Some(record))
            }
            Err(fault) => (Some(fault), None),
        };
        self.findings.extend(fault.map(|(code, text)| Finding { record: Some(number), code, text }));
        record
    }

    /// The books as far as they were read, with what can be said only at the end.
    pub fn report(&self) -> Audit {
        let mut findings = self.findings.clone();
        for (body, statement) in &self.stated {
            let of = |code, text| Finding { record: Some(statement.first), code, text };
            if statement.is_short() {
                let (have, need) = (statement.by.len(), statement.needed);
                let text = format!(
                    "{} of {} was stated by {have} administrators; it takes {need}.",
                    body.movement, body.amount
                );
                findings.push(of("too-few-signatures", text));
            } else {
                findings.extend(self.unbacked(body).map(|(code, text)| of(code, text)));
            }
        }
        findings.extend(self.unbooked().into_iter().map(|(code, text)| Finding { record: None, code, text }));
        if !self.ledger.balances() {
            let text = "The escrow is not what is owed from it.".to_owned();
            findings.push(Finding { record: None, code: "escrow-wrong", text });
        }
        let contested = self.tokens.contested().copied().collect();
        Audit {
            totals: self.ledger.totals(),
            ledger: self.ledger.clone(),
            findings,
            ordered: self.ordered.clone(),
            contested,
        }
    }

    /// The place of the charter under which a record was made, if it is signed by somebody whom that charter lets state
    /// this kind of thing, and no earlier record names a later charter.
    fn check(&self, record: &PublicRecord) -> Result<usize, Fault> {
        let unknown = || ("unknown-charter", "It names a charter that is not in the chain.".to_owned());
        let (place, standing) = self.signers.under(&record.charter).ok_or_else(unknown)?;
        standing.check(record)?;
        if place < self.charter {
            let text = "It names a charter that was no longer in force when it was published.".to_owned();
            return Err(("old-charter", text));
        }
        Ok(place)
    }

    fn enter(&mut self, record: &PublicRecord, number: u64) -> Result<(), Fault> {
        match record.kind {
            RecordKind::Decision => DecisionBody::parse(&record.body).map(|_| ()).map_err(malformed),
            RecordKind::Ledger => self.movement(&LedgerBody::parse(&record.body).map_err(malformed)?, record, number),
            RecordKind::Order => self.order(&OrderBody::parse(&record.body).map_err(malformed)?),
            RecordKind::Issuance => {
                let body = IssuanceBody::parse(&record.body).map_err(malformed)?;
                let by = by(&self.signers, self.charter, record, body.keyset_id(), body.issuer)?;
                self.tokens.issue(&by, &body)
            }
            RecordKind::Reservation => {
                let body = ReservationBody::parse(&record.body).map_err(malformed)?;
                let by = by(&self.signers, self.charter, record, body.keyset_id(), body.issuer)?;
                self.tokens.reserve(&by, &body)
            }
            RecordKind::Redemption => {
                let body = RedemptionBody::parse(&record.body).map_err(malformed)?;
                let by = by(&self.signers, self.charter, record, body.keyset_id(), body.issuer)?;
                self.tokens.redeem(&by, &body)
            }
        }
    }

    fn movement(&mut self, body: &LedgerBody, record: &PublicRecord, number: u64) -> Result<(), Fault> {
        // A redemption is known to as many people as its keyset asks for, and to nobody else.
        let of_redemption = body.reference.and_then(|context| self.tokens.threshold_of(&context, &self.signers));
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
        self.ledger.book(body).map(|_| ()).map_err(|refusal| (refusal.code(), refusal.to_string()))
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
            return Err(("bad-order", "The order is not signed by two adjudicators of the charter.".to_owned()));
        }
        // The first one stands: whoever signs tokens afterwards signs for that one or for none.
        match *self.ordered.entry(body.order.award_ref).or_insert(body.order) == body.order {
            true => Ok(()),
            false => Err(("ordered-twice", format!("Award {} was ordered twice, differently.", body.order.award_ref))),
        }
    }

    /// A booked movement that other records do not bear out.
    fn unbacked(&self, body: &LedgerBody) -> Option<Fault> {
        if !self.ledger.has(body) {
            return None;
        }
        let (code, backed, by) = match (body.movement, body.award_ref, body.reference) {
            (Movement::AwardReserved, Some(award), _) => {
                let ordered = self.ordered.get(&award).is_some_and(|o| o.amount == body.amount);
                ("award-without-order", ordered, "an order of two adjudicators")
            }
            (Movement::TokensIssued, Some(award), _) => {
                let issued = self.tokens.is_issued(&award, body.amount, &self.signers);
                ("issued-without-tokens", issued, "the records of all signers of a keyset")
            }
            (Movement::TokensRedeemed, _, Some(context)) => {
                let redeemed = self.tokens.is_redeemed(&context, body.amount, &self.signers);
                ("redeemed-without-tokens", redeemed, "the records of enough issuers")
            }
            _ => return None,
        };
        (!backed).then(|| (code, format!("{} of {} is not backed by {by}.", body.movement, body.amount)))
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
                let text = format!("Tokens of award {award} were signed, but the books do not show them as issued.");
                faults.push(("tokens-without-booking", text));
            }
            let ordered = self.ordered.get(&award).map(|o| o.batch);
            if batches.iter().any(|b| Some(*b) != ordered) {
                let text = format!("Tokens of award {award} were signed that no adjudicators ordered.");
                faults.push(("tokens-without-order", text));
            }
        }
        for context in self.tokens.redemptions().filter(|c| !booked(Movement::TokensRedeemed, None, Some(**c))) {
            let text = format!("Redemption {context} was checked, but the books do not show it.");
            faults.push(("redemption-without-booking", text));
        }
        for (issuer, denomination, signed, recognised) in self.tokens.beyond() {
            let text = format!(
                "Issuer {issuer} recognised {recognised} tokens of {denomination} under a key that signed {signed}."
            );
            faults.push(("more-redeemed-than-issued", text));
        }
        faults
    }
}

impl Standing {
    /// Whether the signature is good and this charter lets its maker state this kind of thing.
    fn check(&self, record: &PublicRecord) -> Result<&Person, Fault> {
        let unknown = ("unknown-signer", "The signer is not in the charter that the record names.".to_owned());
        let signer = self.get(record.signer).ok_or(unknown)?;
        signer
            .key
            .verify(Domain::RECORD, &record.signed_part(), &record.signature)
            .map_err(|_| ("bad-signature", "The record's signature is not valid.".to_owned()))?;
        match record.kind {
            RecordKind::Decision if !signer.officer => {
                Err(("not-officer", "The signer is no case officer.".to_owned()))
            }
            RecordKind::Ledger
            | RecordKind::Issuance
            | RecordKind::Redemption
            | RecordKind::Order
            | RecordKind::Reservation
                if !signer.administrator =>
            {
                Err(("not-finance", "The signer is no bounty administrator.".to_owned()))
            }
            _ => Ok(signer),
        }
    }
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
    let standing = standing.ok_or_else(|| ("unknown-keyset", "The charter does not name this keyset.".to_owned()))?;
    if standing.signers.get(&issuer) != Some(&record.signer) {
        return Err(("wrong-issuer", "The signer does not hold this issuer's number in the keyset.".to_owned()));
    }
    Ok(By { holder: record.signer, keyset, signers: standing })
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err wants")]
fn malformed(e: RecordError) -> Fault {
    ("malformed", e.to_string())
}
