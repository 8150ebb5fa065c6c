//! One token that is shown in two redemptions, by two tabs or to two groups of administrators, whose keystores may be
//! lost and come back out of a backup: every order of their steps, searched to the end.
//!
//! What an administrator does is modelled after `recognise` and `commit` of `spend.rs`, line by line, where the public
//! records can be read.
#![expect(clippy::indexing_slicing, reason = "tests")]

use stateright::{Checker, Model, Property};

const ADMINISTRATORS: usize = 3;
const QUORUM: usize = 2;

/// One administrator, as far as the token goes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
struct Administrator {
    /// Redemptions that came in, as bits.
    received: u8,
    /// In the keystore, and in the backups that were made of it (bit 0: bound to 0; bit 1: to 1). An empty one is
    /// always there.
    bound: Option<u8>,
    backups: u8,
    /// For which redemption it has reserved the token in public.
    reserved: Option<u8>,
    proven: u8,
}

type Money = Vec<Administrator>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Visit {
    /// A tab's redemption comes in, once or again.
    Comes(usize, u8),
    Recognise(usize, u8),
    Reserve(usize),
    Prove(usize),
    BackUp(usize),
    /// The keystore is lost, and a backup takes its place.
    Restore(usize, Option<u8>),
}

struct TwoRedemptions;

fn reservations(money: &[Administrator], redemption: u8) -> usize {
    money.iter().filter(|a| a.reserved == Some(redemption)).count()
}

impl Model for TwoRedemptions {
    type State = Money;
    type Action = Visit;

    fn init_states(&self) -> Vec<Money> {
        vec![vec![Administrator::default(); ADMINISTRATORS]]
    }

    fn actions(&self, _: &Money, out: &mut Vec<Visit>) {
        for a in 0..ADMINISTRATORS {
            out.extend([0, 1].map(|r| Visit::Comes(a, r)));
            out.extend([0, 1].map(|r| Visit::Recognise(a, r)));
            out.extend([Visit::Reserve(a), Visit::Prove(a), Visit::BackUp(a)]);
            out.extend([None, Some(0), Some(1)].map(|backup| Visit::Restore(a, backup)));
        }
    }

    fn next_state(&self, before: &Money, visit: Visit) -> Option<Money> {
        let mut money = before.clone();
        let spent_for = [0, 1].into_iter().find(|r| reservations(before, *r) >= QUORUM);
        match visit {
            Visit::Comes(a, r) => money[a].received |= 1 << r,
            Visit::Recognise(a, r) => {
                let own = &mut money[a];
                let taken = [own.bound, own.reserved, spent_for].into_iter().flatten().any(|other| other != r);
                if own.received & (1 << r) == 0 || taken {
                    return None;
                }
                own.bound = Some(r);
            }
            Visit::Reserve(a) => {
                let own = &mut money[a];
                let r = own.bound?;
                match own.reserved {
                    Some(other) if other != r => own.bound = None,
                    _ => own.reserved = Some(r),
                }
            }
            Visit::Prove(a) => {
                let r = before[a].bound?;
                if before[a].reserved != Some(r) || reservations(before, r) < QUORUM {
                    return None;
                }
                money[a].proven |= 1 << r;
            }
            Visit::BackUp(a) => money[a].backups |= 1 << money[a].bound?,
            Visit::Restore(a, backup) => {
                if backup.is_some_and(|r| money[a].backups & (1 << r) == 0) {
                    return None;
                }
                money[a].bound = backup;
            }
        }
        (money != *before).then_some(money)
    }

    fn properties(&self) -> Vec<Property<Self>> {
        vec![
            Property::always("one redemption counts", |_, money: &Money| {
                [0, 1].iter().filter(|r| reservations(money, **r) >= QUORUM).count() <= 1
            }),
            Property::always("one redemption is proven", |_, money: &Money| {
                money.iter().fold(0, |all, a| all | a.proven) != 0b11
            }),
            Property::always("nobody takes a public word back", |_, money: &Money| {
                money.iter().all(|a| a.proven == 0 || a.reserved.is_some_and(|r| a.proven == 1 << r))
            }),
            Property::sometimes("a quorum proves one", |_, money: &Money| {
                money.iter().filter(|a| a.proven == 1).count() >= QUORUM
            }),
        ]
    }
}

#[test]
fn one_token_in_two_redemptions_counts_once() {
    TwoRedemptions.checker().threads(2).spawn_bfs().join().assert_properties();
}
