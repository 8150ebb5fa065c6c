//! The ways on which money leaves: each turns released redemptions into what a payer executes.
//!
//! A rail is a file of this folder and its entry in [`RAILS`]; flags, forms and pages are made from its fields
//! (`CONTRIBUTING.md`, "To add a rail").

mod contract;
pub mod instruction;
pub mod pain001;

pub use contract::{Details, Field, FieldKind, Payment, PaymentError, PaymentFile, PaymentOrder, Rail};

/// Every rail, in the order in which a person is offered them.
pub static RAILS: &[&dyn Rail] = &[&pain001::Sepa];

/// The rail with this id.
pub fn of(id: &str) -> Option<&'static dyn Rail> {
    RAILS.iter().copied().find(|rail| rail.id() == id)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::panic, reason = "tests")]
    use std::collections::BTreeSet;

    use super::*;

    fn kebab(name: &str) -> bool {
        name.split('-').all(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit()))
    }

    #[test]
    fn every_rail_has_names_of_its_own() {
        let ids: BTreeSet<&str> = RAILS.iter().map(|r| r.id()).collect();
        assert_eq!(ids.len(), RAILS.len(), "two rails share an id");
        for rail in RAILS {
            let id = rail.id();
            assert!(kebab(id), "{id}");
            assert!(of(id).is_some_and(|found| found.id() == id), "{id}");
            let all: Vec<&Field> = rail.fields().iter().chain(rail.debtor()).collect();
            let names: BTreeSet<&str> = all.iter().map(|f| f.name).collect();
            assert_eq!(names.len(), all.len(), "{id}: two fields share a name");
            assert!(names.iter().all(|n| kebab(n)), "{id}: {names:?}");
            assert!(!names.contains(instruction::RAIL), "{id}: a field has the name under which the rail's id is sent");
            assert!(rail.debtor().iter().all(|f| f.name.starts_with("debtor-")), "{id}");
        }
    }

    #[test]
    fn every_rail_takes_its_own_examples() {
        for rail in RAILS {
            let example = |f: &'static Field| Some(f.example.to_owned());
            let payout = Details::typed(rail.fields(), example);
            let debtor = Details::typed(rail.debtor(), example);
            let (Ok(payout), Ok(debtor)) = (payout, debtor) else { panic!("{}", rail.id()) };
            assert_eq!(rail.check(&payout), Ok(()), "{}", rail.id());
            let order = PaymentOrder {
                payout: &payout,
                debtor: &debtor,
                amount: subrosa_casework::money::Cents(13_750_000),
                id: &[1; 16],
                redemption: &subrosa_casework::bytes::Digest([2; 32]),
                now: 1_795_000_000,
            };
            let Ok(Payment::File(file)) = rail.payment(&order) else { panic!("{}", rail.id()) };
            assert!(!file.bytes.is_empty() && file.name.starts_with("payment-0202020202020202."), "{}", file.name);
            assert_eq!(rail.payment(&order), Ok(Payment::File(file)), "the same order is the same file");
            for f in rail.fields().iter().chain(rail.debtor()) {
                assert!(f.example.chars().count() <= f.kind.max(), "{}: {}", rail.id(), f.name);
            }
        }
    }

    #[test]
    fn an_unknown_rail_is_not_found() {
        assert!(of("carrier-pigeon").is_none());
    }
}
