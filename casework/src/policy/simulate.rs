//! Comparing policies over a portfolio of cases.

use super::{AwardInputs, Policy, PolicyError};
use crate::money::Cents;

/// A case of a portfolio.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PortfolioCase {
    /// A name for the table.
    pub name: String,
    /// The facts. Budget and unreserved budget are set by the simulation.
    pub inputs: AwardInputs,
    /// The facts if the source had waited before reporting (a longer run, a larger sanction), if that is of interest.
    pub later: Option<AwardInputs>,
}

/// One policy's outcome for one case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SimulatedAward {
    /// Share of the sanction.
    pub a1: Cents,
    /// What the compute scale pays for this case alone.
    pub a2: Cents,
    /// What the harm scale pays for this case alone.
    pub a3: Cents,
    /// The award, after caps and what the budget still holds.
    pub amount: Cents,
    /// How much more waiting would have earned, before the budget is looked at.
    pub gain_by_waiting: Cents,
    /// What the budget holds after it; `None` for a policy without a budget.
    pub left: Option<Cents>,
}

/// One policy's column.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SimulatedPolicy {
    /// The policy's id.
    pub policy: String,
    /// Three-letter code of the currency of every amount in this column.
    pub currency: String,
    /// One outcome for each case, in the portfolio's order.
    pub awards: Vec<SimulatedAward>,
    /// What each scale would pay if it were the only one, under the same caps and budget: share of the sanction,
    /// compute, harm.
    pub alone: [Cents; 3],
    /// The sum of the awards above, in cents.
    pub total: Cents,
    /// How many cases got anything.
    pub paid_cases: usize,
    /// The first case that got less than the formula gave, because the budget was short.
    pub short_from: Option<usize>,
}

/// Runs each policy over the cases in their order, the order of the reports. Each award leaves the budget before the
/// next.
///
/// # Errors
/// Facts out of range.
pub fn simulate(policies: &[Policy], cases: &[PortfolioCase]) -> Result<Vec<SimulatedPolicy>, PolicyError> {
    policies
        .iter()
        .map(|p| {
            let mut out = one(p, cases)?;
            let alone = |keep: usize| {
                let mut only = p.clone();
                only.sanction = only.sanction.filter(|_| keep == 0);
                only.compute = only.compute.filter(|_| keep == 1);
                only.harm = only.harm.filter(|_| keep == 2);
                one(&only, cases).map(|r| r.total)
            };
            out.alone = [alone(0)?, alone(1)?, alone(2)?];
            Ok(out)
        })
        .collect()
}

fn one(policy: &Policy, cases: &[PortfolioCase]) -> Result<SimulatedPolicy, PolicyError> {
    let mut left = policy.budget;
    let mut out = SimulatedPolicy {
        policy: policy.id.clone(),
        currency: policy.currency.clone(),
        awards: Vec::with_capacity(cases.len()),
        alone: [Cents::ZERO; 3],
        total: Cents::ZERO,
        paid_cases: 0,
        short_from: None,
    };
    for (number, case) in cases.iter().enumerate() {
        let full = Cents(u64::MAX);
        let facts = |inputs: &AwardInputs, unreserved: Cents| AwardInputs {
            budget: policy.budget.unwrap_or(full),
            unreserved,
            ..*inputs
        };
        let award = policy.award(&facts(&case.inputs, left.unwrap_or(full)))?;
        let unhindered = policy.award(&facts(&case.inputs, full))?.amount;
        let waited = match &case.later {
            Some(later) => policy.award(&facts(later, full))?.amount,
            None => unhindered,
        };
        let amount = left.map_or(award.amount, |l| award.amount.min(l));
        left = left.map(|l| l.saturating_sub(amount));
        if amount < unhindered && out.short_from.is_none() {
            out.short_from = Some(number);
        }
        out.total = out.total.checked_add(amount).ok_or(PolicyError::Overflow("total"))?;
        out.paid_cases += usize::from(amount > Cents::ZERO);
        out.awards.push(SimulatedAward {
            a1: award.a1,
            a2: award.a2,
            a3: award.a3,
            amount,
            gain_by_waiting: waited.saturating_sub(unhindered),
            left,
        });
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
    use super::*;
    use crate::policy::{ComputeInput, SanctionInput};

    fn case(name: &str, euros: u64, flop: &str, later: Option<&str>) -> PortfolioCase {
        let inputs = |flop: &str| AwardInputs {
            sanction: Some(SanctionInput { collected: Cents(euros * 100), own_part: Cents::ZERO, up: 0, down: 0 }),
            compute: Some(ComputeInput { flop: flop.parse().unwrap(), threshold: "1e25".parse().unwrap() }),
            ..AwardInputs::default()
        };
        PortfolioCase { name: name.into(), inputs: inputs(flop), later: later.map(inputs) }
    }

    #[test]
    fn budgets_run_out_and_waiting_is_priced() {
        let policies: Vec<_> = Policy::PRESETS.iter().map(|(_, text)| Policy::from_toml(text).unwrap()).collect();
        let mut cases = vec![case("small", 0, "3e25", Some("3e26"))];
        cases.extend((0..5).map(|n| case(&format!("large {n}"), 10_000_000, "3e25", None)));
        let table = simulate(&policies, &cases).unwrap();
        let eu = &table[0];
        // 10 million × 30 % = 3 million, cut to 30 % of the budget of 5 million: 1.5 million each, until nothing is
        // left.
        assert_eq!(eu.awards[1].amount, Cents(150_000_000));
        assert_eq!((eu.short_from, eu.awards[5].amount, eu.awards[5].left), (Some(4), Cents(0), Some(Cents(0))));
        assert_eq!(eu.total, policies[0].budget.unwrap());
        assert_eq!(eu.awards[0].gain_by_waiting, Cents(5_000_000));
        // A programme that pays a share of the sanction alone gives nothing for a run without one, and nothing for
        // waiting.
        let sec = &table[1];
        assert_eq!((sec.awards[0].amount, sec.awards[0].gain_by_waiting), (Cents(0), Cents(0)));
        assert_eq!((sec.awards[1].amount, sec.short_from), (Cents(300_000_000), None));
        assert_eq!(sec.paid_cases, 5);
    }
}
