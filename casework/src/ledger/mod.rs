//! The treasury's books: double entry in whole cents, open to everybody.
//!
//! Spec: `docs/spec/ledger.md`. Money moves Funding → Budget → Escrow → Paid. What the escrow is owed to moves beside
//! it: Owed → Award → Tokens → Payable → Released → Owed. Each movement posts equal amounts out of one account and into
//! another, and no account but the two sources (Funding, Owed) can fall below zero; so at every moment
//! `escrow = awards not yet issued + tokens outstanding + payable + released`.

mod audit;
mod finding;
mod signers;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

pub use audit::{Audit, Auditor, audit};
pub use finding::{Fault, Finding};
pub use signers::{KeysetSigners, Signers, Standing};
pub use tokens::Spending;

use crate::{
    bytes::{AwardRef, Digest},
    money::Cents,
    records::{LedgerBody, Movement},
    refusal::{Note, Refusal, Rule},
};

/// An account of the books.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Account {
    /// Where the programme's money comes from. Its balance is negative.
    Funding,
    /// Not promised to anybody.
    Budget,
    /// Promised, not yet paid.
    Escrow,
    /// What has left the escrow for a redeemer's account.
    Paid,
    /// The other side of what the escrow is owed to. Its balance is the escrow's, negative.
    Owed,
    /// Reserved for an award, not yet turned into tokens.
    Award(AwardRef),
    /// Tokens outstanding: turnover in is *issued*, turnover out is *redeemed*.
    Tokens,
    /// Owed to whoever showed the tokens of this redemption.
    Payable(Digest),
    /// On its way to them.
    Released(Digest),
}

/// One amount from one account to another.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Posting {
    /// The account that it leaves.
    pub from: Account,
    /// The account that it enters.
    pub to: Account,
    /// How much moves.
    pub amount: Cents,
}

/// An account's turnover.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Turnover {
    /// Sum of everything that came in.
    pub came_in: Cents,
    /// Sum of everything that went out.
    pub went_out: Cents,
}

/// The sums that anybody can check.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
pub struct Totals {
    /// All money ever added.
    pub funded: Cents,
    /// What no award has reserved.
    pub unreserved: Cents,
    /// What the escrow holds.
    pub escrow: Cents,
    /// What was paid out, ever.
    pub paid: Cents,
    /// Turned into tokens, ever.
    pub issued: Cents,
    /// Tokens that came back, ever.
    pub redeemed: Cents,
    /// issued − redeemed.
    pub outstanding: Cents,
    /// Redeemed and not yet settled.
    pub owed_to_redeemers: Cents,
}

/// The books: a fold over movements.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Ledger {
    accounts: BTreeMap<Account, Turnover>,
    booked: BTreeSet<LedgerBody>,
    named: BTreeSet<(Movement, Option<AwardRef>, Option<Digest>)>,
}

impl Ledger {
    /// Books in which nothing has moved yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What came in minus what went out; zero for the two sources, whose balance is negative.
    pub fn balance(&self, account: Account) -> Cents {
        let t = self.turnover(account);
        t.came_in.saturating_sub(t.went_out)
    }

    /// An account's turnover.
    pub fn turnover(&self, account: Account) -> Turnover {
        self.accounts.get(&account).copied().unwrap_or_default()
    }

    /// Whether this very movement is booked.
    pub fn has(&self, body: &LedgerBody) -> bool {
        self.booked.contains(body)
    }

    /// Whether a movement of this kind and name is booked.
    pub fn has_named(&self, movement: Movement, award: Option<AwardRef>, reference: Option<Digest>) -> bool {
        self.named.contains(&(movement, award, reference))
    }

    /// Awards that are reserved and neither issued as tokens nor cancelled.
    pub fn open_awards(&self) -> Vec<(AwardRef, Cents)> {
        let closed = |award: AwardRef| {
            [Movement::TokensIssued, Movement::AwardCancelled].into_iter().any(|m| self.has_named(m, Some(award), None))
        };
        let reserved = self.booked.iter().filter(|body| body.movement == Movement::AwardReserved);
        reserved.filter_map(|body| Some((body.award_ref?, body.amount))).filter(|(award, _)| !closed(*award)).collect()
    }

    /// Books a movement, whole or not at all.
    ///
    /// # Errors
    /// A movement without its reference, one booked before, or one that would take an account below zero or past the
    /// range.
    pub fn book(&mut self, body: &LedgerBody) -> Result<Vec<Posting>, Refusal> {
        let postings = self.postings(body)?;
        // Only the accounts that move are copied; they are written back when every posting has gone well.
        let mut moved: BTreeMap<Account, Turnover> = BTreeMap::new();
        for p in &postings {
            let from = moved.entry(p.from).or_insert_with(|| self.turnover(p.from));
            from.went_out = from.went_out.checked_add(p.amount).ok_or(Rule::OutOfRange)?;
            if from.went_out > from.came_in && !matches!(p.from, Account::Funding | Account::Owed) {
                return Err(Rule::LedgerUnbalanced.because(Note::AccountShort(p.amount)));
            }
            let to = moved.entry(p.to).or_insert_with(|| self.turnover(p.to));
            to.came_in = to.came_in.checked_add(p.amount).ok_or(Rule::OutOfRange)?;
        }
        self.accounts.append(&mut moved);
        self.named.insert((body.movement, body.award_ref, body.reference));
        self.booked.insert(body.clone());
        Ok(postings)
    }

    fn postings(&self, body: &LedgerBody) -> Result<Vec<Posting>, Refusal> {
        let amount = body.amount;
        if amount == Cents::ZERO {
            return Err(Rule::OutOfRange.because(Note::AmountZero));
        }
        let post = |from, to| Posting { from, to, amount };
        if self.named.contains(&(body.movement, body.award_ref, body.reference)) {
            return Err(Rule::LedgerDuplicate.because(Note::Booked(body.movement)));
        }
        let missing = || Rule::Malformed.because(Note::AwardOrReference);
        let (award, reference) = (body.award_ref, body.reference);
        let of_award = || if reference.is_none() { award.ok_or_else(missing) } else { Err(missing()) };
        let of_reference = || if award.is_none() { reference.ok_or_else(missing) } else { Err(missing()) };
        Ok(match body.movement {
            Movement::BudgetAdded => {
                of_reference()?;
                vec![post(Account::Funding, Account::Budget)]
            }
            Movement::AwardReserved => {
                let award = Account::Award(of_award()?);
                vec![post(Account::Budget, Account::Escrow), post(Account::Owed, award)]
            }
            Movement::TokensIssued => vec![post(self.known(Account::Award(of_award()?))?, Account::Tokens)],
            Movement::AwardCancelled => {
                let award = self.known(Account::Award(of_award()?))?;
                vec![post(award, Account::Owed), post(Account::Escrow, Account::Budget)]
            }
            Movement::TokensRedeemed => vec![post(Account::Tokens, Account::Payable(of_reference()?))],
            Movement::PayoutReleased => {
                let redemption = of_reference()?;
                self.in_full(Account::Payable(redemption), amount)?;
                vec![post(Account::Payable(redemption), Account::Released(redemption))]
            }
            Movement::PayoutSettled => {
                let redemption = of_reference()?;
                self.in_full(Account::Released(redemption), amount)?;
                vec![post(Account::Released(redemption), Account::Owed), post(Account::Escrow, Account::Paid)]
            }
        })
    }

    fn known(&self, account: Account) -> Result<Account, Refusal> {
        match self.accounts.contains_key(&account) {
            true => Ok(account),
            false => Err(Rule::NoSuchAward.into()),
        }
    }

    /// A redemption is paid as one sum, so that its parts do not mark it.
    fn in_full(&self, account: Account, amount: Cents) -> Result<(), Refusal> {
        match self.balance(account) == amount {
            true => Ok(()),
            false => Err(Rule::LedgerUnbalanced.because(Note::Due(self.balance(account), amount))),
        }
    }

    /// The public sums.
    pub fn totals(&self) -> Totals {
        let tokens = self.turnover(Account::Tokens);
        let sum = |pick: fn(&Account) -> bool| {
            self.accounts
                .keys()
                .filter(|a| pick(a))
                .fold(Cents::ZERO, |sum, a| Cents(sum.0.saturating_add(self.balance(*a).0)))
        };
        Totals {
            funded: self.turnover(Account::Funding).went_out,
            unreserved: self.balance(Account::Budget),
            escrow: self.balance(Account::Escrow),
            paid: self.balance(Account::Paid),
            issued: tokens.came_in,
            redeemed: tokens.went_out,
            outstanding: self.balance(Account::Tokens),
            owed_to_redeemers: sum(|a| matches!(a, Account::Payable(_) | Account::Released(_))),
        }
    }

    /// Whether the escrow is exactly what awards, tokens and redeemers are owed.
    pub fn balances(&self) -> bool {
        let owed = self
            .accounts
            .keys()
            .filter(|a| matches!(a, Account::Award(_) | Account::Tokens | Account::Payable(_) | Account::Released(_)))
            .map(|a| u128::from(self.balance(*a).0))
            .sum::<u128>();
        owed == u128::from(self.balance(Account::Escrow).0)
    }

    /// A view of the budget for an award's final decision.
    pub fn budget_view(&self, records: u64) -> crate::case::BudgetView {
        let totals = self.totals();
        crate::case::BudgetView { records, budget: totals.funded, unreserved: totals.unreserved }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use proptest::prelude::*;

    fn award(movement: Movement, n: u8, cents: u64) -> LedgerBody {
        LedgerBody::of_award(movement, AwardRef([n; 16]), Cents(cents))
    }

    fn other(movement: Movement, n: u8, cents: u64) -> LedgerBody {
        LedgerBody::of_reference(movement, Digest([n; 32]), Cents(cents))
    }

    #[test]
    fn an_award_becomes_money_in_a_hand() {
        let mut l = Ledger::new();
        l.book(&other(Movement::BudgetAdded, 0, 500_000_000)).unwrap();
        l.book(&award(Movement::AwardReserved, 1, 13_750_000)).unwrap();
        l.book(&award(Movement::TokensIssued, 1, 13_750_000)).unwrap();
        for (n, cents) in [(1, 5_000_000), (2, 5_000_000), (3, 3_750_000)] {
            l.book(&other(Movement::TokensRedeemed, n, cents)).unwrap();
        }
        l.book(&other(Movement::PayoutReleased, 1, 5_000_000)).unwrap();
        l.book(&other(Movement::PayoutSettled, 1, 5_000_000)).unwrap();
        assert!(l.balances());
        let t = l.totals();
        assert_eq!((t.issued, t.redeemed, t.outstanding), (Cents(13_750_000), Cents(13_750_000), Cents(0)));
        assert_eq!((t.escrow, t.paid, t.owed_to_redeemers), (Cents(8_750_000), Cents(5_000_000), Cents(8_750_000)));
        assert_eq!(t.unreserved, Cents(486_250_000));
    }

    #[test]
    fn what_is_not_there_cannot_move() {
        let mut l = Ledger::new();
        l.book(&other(Movement::BudgetAdded, 0, 1_000)).unwrap();
        let refused = |l: &mut Ledger, body: &LedgerBody| {
            let before = l.clone();
            let code = l.book(body).unwrap_err().rule;
            assert_eq!(*l, before);
            code
        };
        assert_eq!(refused(&mut l, &award(Movement::AwardReserved, 1, 1_001)), Rule::LedgerUnbalanced);
        assert_eq!(refused(&mut l, &award(Movement::TokensIssued, 1, 1)), Rule::NoSuchAward);
        assert_eq!(refused(&mut l, &award(Movement::AwardCancelled, 1, 1)), Rule::NoSuchAward);
        assert_eq!(refused(&mut l, &other(Movement::TokensRedeemed, 1, 1)), Rule::LedgerUnbalanced);
        l.book(&award(Movement::AwardReserved, 1, 1_000)).unwrap();
        assert_eq!(refused(&mut l, &award(Movement::AwardReserved, 1, 1_000)), Rule::LedgerDuplicate);
        assert_eq!(refused(&mut l, &award(Movement::AwardReserved, 2, 1)), Rule::LedgerUnbalanced);
        assert_eq!(refused(&mut l, &award(Movement::TokensIssued, 1, 1_001)), Rule::LedgerUnbalanced);
        l.book(&award(Movement::TokensIssued, 1, 600)).unwrap();
        assert_eq!(refused(&mut l, &award(Movement::AwardCancelled, 1, 401)), Rule::LedgerUnbalanced);
        l.book(&award(Movement::AwardCancelled, 1, 400)).unwrap();
        l.book(&other(Movement::TokensRedeemed, 1, 500)).unwrap();
        assert_eq!(refused(&mut l, &other(Movement::PayoutReleased, 1, 499)), Rule::LedgerUnbalanced);
        assert_eq!(refused(&mut l, &other(Movement::PayoutSettled, 1, 500)), Rule::LedgerUnbalanced);
        assert_eq!(refused(&mut l, &other(Movement::TokensRedeemed, 2, 0)), Rule::OutOfRange);
        assert_eq!(refused(&mut l, &other(Movement::AwardReserved, 2, 1)), Rule::Malformed);
        assert!(l.balances());
    }

    fn movement() -> impl Strategy<Value = LedgerBody> {
        (0u8..7, 0u8..4, prop_oneof![1u64..1000, Just(u64::MAX), Just(0)]).prop_map(|(kind, n, cents)| match kind {
            0 => other(Movement::BudgetAdded, n, cents),
            1 => award(Movement::AwardReserved, n, cents),
            2 => award(Movement::TokensIssued, n, cents),
            3 => other(Movement::TokensRedeemed, n, cents),
            4 => other(Movement::PayoutReleased, n, cents),
            5 => other(Movement::PayoutSettled, n, cents),
            _ => award(Movement::AwardCancelled, n, cents),
        })
    }

    proptest! {
        #[test]
        fn no_order_of_movements_unbalances_the_books(movements in proptest::collection::vec(movement(), 0..60)) {
            let mut l = Ledger::new();
            for m in &movements {
                let _ = l.book(m);
                prop_assert!(l.balances());
                let t = l.totals();
                prop_assert_eq!(t.issued.0 - t.redeemed.0, t.outstanding.0);
                prop_assert!(t.outstanding <= t.escrow);
                prop_assert_eq!(t.funded.0, t.unreserved.0 + t.escrow.0 + t.paid.0);
            }
        }
    }
}
