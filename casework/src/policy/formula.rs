//! The formulas A1 (share of a sanction), A2 (compute scale) and A3 (harm scale).

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Flop, Policy, log10};
use crate::money::Cents;

/// Why a formula gives no amount.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
pub enum PolicyError {
    /// A product left the range of the program's numbers.
    #[error("the numbers are too large: {0}")]
    Overflow(&'static str),
    /// The claimant's own part of a sanction is more than the sanction.
    #[error("the claimant's own part exceeds the sanction")]
    OwnPart,
    /// A run is measured against nothing.
    #[error("the threshold is zero; a run is paid by how far it is above one")]
    NoThreshold,
    /// An input is outside its range.
    #[error("out of range: {0}")]
    OutOfRange(&'static str),
    /// Text that is no number of operations.
    #[error("this is not a whole number of operations, such as 1e25")]
    NotANumber,
}

/// A sanction and what is known of the claimant's part in it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SanctionInput {
    /// What the authority collected, in cents.
    pub collected: Cents,
    /// The part of it that the claimant's own conduct caused.
    pub own_part: Cents,
    /// Factors that raise the share.
    pub up: u8,
    /// Factors that lower it.
    pub down: u8,
}

/// A training run and the threshold in force when it was reported. Both are frozen then.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComputeInput {
    /// The estimate C.
    pub flop: Flop,
    /// The threshold T.
    pub threshold: Flop,
}

named! {
    /// How grave the harm is.
    pub enum HarmClass {
        /// Slight harm, for which the policy states `h1`.
        H1 = "h1",
        /// Serious harm, for which the policy states `h2`.
        H2 = "h2",
        /// Grave harm, for which the policy states `h3`.
        H3 = "h3",
        /// Catastrophic harm, for which the policy states `h4`.
        H4 = "h4",
    }
}

named! {
    /// How far the harm came.
    pub enum Realised {
        /// It happened, so that the policy pays `realised_bp` of the class.
        Realised = "realised",
        /// It nearly happened.
        NearMiss = "near-miss",
        /// It could have happened.
        Latent = "latent",
    }
}

/// A harm, classed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HarmInput {
    /// Into which of the four classes the harm falls.
    pub class: HarmClass,
    /// How far it came.
    pub realised: Realised,
}

/// Everything that the formula needs.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AwardInputs {
    /// The sanction of which A1 is a share. `None` if nothing was collected: A1 is nothing then.
    pub sanction: Option<SanctionInput>,
    /// The hidden run that A2 is for. `None` if the case is about no run: A2 is nothing then.
    pub compute: Option<ComputeInput>,
    /// The harm that A3 is for. `None` if no harm was classed: A3 is nothing then.
    pub harm: Option<HarmInput>,
    /// Already paid in this case on A2 + A3, before the sanction was known.
    pub interim: Cents,
    /// The programme's budget for the period.
    pub budget: Cents,
    /// What of it no award has reserved.
    pub unreserved: Cents,
}

/// What the formula gave, part by part.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct AwardBreakdown {
    /// The rate behind A1, in basis points.
    pub rate_bp: u32,
    /// Share of the sanction.
    pub a1: Cents,
    /// What the compute scale pays; nothing without a run, or without such a scale in the policy.
    pub a2: Cents,
    /// What the harm scale pays; nothing without a harm, or without such a scale in the policy.
    pub a3: Cents,
    /// max(A1, A2 + A3).
    pub gross: Cents,
    /// The cap of this case.
    pub cap: Option<Cents>,
    /// After the cap and the interim payment: the award.
    pub amount: Cents,
}

impl Policy {
    /// The award for `inputs`.
    ///
    /// # Errors
    /// Numbers out of range; never a wrong amount.
    pub fn award(&self, inputs: &AwardInputs) -> Result<AwardBreakdown, PolicyError> {
        let (rate_bp, a1) = match &inputs.sanction {
            Some(s) => self.a1(s)?,
            None => (0, Cents::ZERO),
        };
        let a2 = inputs.compute.as_ref().map_or(Ok(Cents::ZERO), |c| self.a2(c))?;
        let a3 = inputs.harm.as_ref().map_or(Ok(Cents::ZERO), |h| self.a3(h))?;
        let gross = a1.max(a2.checked_add(a3).ok_or(PolicyError::Overflow("A2 + A3"))?);
        let gross = self.fixed_ceiling.map_or(gross, |c| gross.min(c));
        let cap = match self.case_cap_bp {
            Some(bp) => Some(
                inputs.budget.share(u64::from(bp), 10_000).ok_or(PolicyError::Overflow("cap"))?.min(inputs.unreserved),
            ),
            None => None,
        };
        // The interim payment was part of the same award: what is left is the difference, and the cap is on the
        // difference, because the interim has left the unreserved budget already.
        let due = gross.saturating_sub(inputs.interim);
        let amount = cap.map_or(due, |c| due.min(c));
        Ok(AwardBreakdown { rate_bp, a1, a2, a3, gross, cap, amount })
    }

    /// A1 = S × p.
    fn a1(&self, input: &SanctionInput) -> Result<(u32, Cents), PolicyError> {
        let Some(scale) = &self.sanction else { return Ok((0, Cents::ZERO)) };
        let s = input.collected.checked_sub(input.own_part).ok_or(PolicyError::OwnPart)?;
        if s <= scale.above {
            return Ok((0, Cents::ZERO));
        }
        let over = PolicyError::Overflow("A1");
        let at_ceiling = s.share(u64::from(scale.ceiling_bp), 10_000).ok_or(over)?;
        if input.down == 0 && scale.full_rate_up_to.is_some_and(|limit| at_ceiling <= limit) {
            return Ok((scale.ceiling_bp, at_ceiling));
        }
        let steps = i64::from(input.up) - i64::from(input.down);
        let bp = (i64::from(scale.base_bp) + i64::from(scale.step_bp) * steps)
            .clamp(i64::from(scale.floor_bp), i64::from(scale.ceiling_bp));
        let bp = u32::try_from(bp).map_err(|_| over)?;
        Ok((bp, s.share(u64::from(bp), 10_000).ok_or(over)?))
    }

    /// A2 = base × min(1 + log10(Clow / T), max) if Clow > T.
    fn a2(&self, input: &ComputeInput) -> Result<Cents, PolicyError> {
        let Some(scale) = &self.compute else { return Ok(Cents::ZERO) };
        let low = 10_000u64
            .checked_sub(u64::from(scale.tolerance_bp))
            .and_then(|keep| input.flop.share(keep, 10_000))
            .ok_or(PolicyError::Overflow("Clow"))?;
        if input.threshold.0 == 0 {
            return Err(PolicyError::NoThreshold);
        }
        if low <= input.threshold {
            return Ok(Cents::ZERO);
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "a ratio of two conversions that IEEE 754 rounds alike everywhere"
        )]
        let ratio = low.0 as f64 / input.threshold.0 as f64;
        let factor = (1.0 + log10(ratio).ok_or(PolicyError::OutOfRange("Clow / T"))?)
            .min(f64::from(scale.max_factor_milli) / 1000.0);
        floor_to_cents(scale.base, factor)
    }

    /// A3 = class × how far it came.
    fn a3(&self, input: &HarmInput) -> Result<Cents, PolicyError> {
        let Some(scale) = &self.harm else { return Ok(Cents::ZERO) };
        let class = match input.class {
            HarmClass::H1 => scale.h1,
            HarmClass::H2 => scale.h2,
            HarmClass::H3 => scale.h3,
            HarmClass::H4 => scale.h4,
        };
        let bp = match input.realised {
            Realised::Realised => scale.realised_bp,
            Realised::NearMiss => scale.near_miss_bp,
            Realised::Latent => scale.latent_bp,
        };
        class.share(u64::from(bp), 10_000).ok_or(PolicyError::Overflow("A3"))
    }
}

/// `base × factor` down to the cent. A result within a millionth of a cent below a whole cent counts as that cent: the
/// logarithm's error is far smaller, and exact powers of ten must not lose a cent to it.
fn floor_to_cents(base: Cents, factor: f64) -> Result<Cents, PolicyError> {
    const EXACT: u64 = 1 << 50;
    if base.0 > EXACT / 16 || !(0.0..=16.0).contains(&factor) {
        return Err(PolicyError::OutOfRange("base of the compute scale"));
    }
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "the product is below 2^50 and not negative, as checked above"
    )]
    let cents = (base.0 as f64 * factor + 1e-6).floor() as u64;
    Ok(Cents(cents))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;
    use crate::policy::TrainingRun;

    fn policy() -> Policy {
        Policy::eu_pilot()
    }

    fn open_budget() -> AwardInputs {
        AwardInputs { budget: Cents(500_000_000), unreserved: Cents(500_000_000), ..AwardInputs::default() }
    }

    fn sanction(euros: u64, up: u8, down: u8) -> AwardInputs {
        let s = SanctionInput { collected: Cents(euros * 100), own_part: Cents::ZERO, up, down };
        AwardInputs { sanction: Some(s), ..open_budget() }
    }

    fn compute(flop: Flop, threshold: &str) -> AwardInputs {
        AwardInputs { compute: Some(ComputeInput { flop, threshold: threshold.parse().unwrap() }), ..open_budget() }
    }

    #[test]
    fn the_worked_sanctions_come_out_to_the_cent() {
        assert_eq!(policy().award(&sanction(1_400_000, 0, 0)).unwrap().amount, Cents(42_000_000));
        assert_eq!(policy().award(&sanction(1_400_000, 0, 1)).unwrap().amount, Cents(24_500_000));
        // 20 % - 3 × 2.5 % = 12.5 % of 1.1 million.
        let spine = policy().award(&sanction(1_100_000, 0, 3)).unwrap();
        assert_eq!((spine.rate_bp, spine.amount), (1250, Cents(13_750_000)));
        assert_eq!(policy().award(&sanction(1_000_000, 4, 0)).unwrap().amount, Cents::ZERO);
        // 30 % of 20 million is above 4 million, so the base rate stands; the case cap then bites.
        let large = policy().award(&sanction(20_000_000, 0, 0)).unwrap();
        assert_eq!((large.rate_bp, large.a1, large.amount), (2000, Cents(400_000_000), Cents(150_000_000)));
        assert_eq!(policy().award(&sanction(20_000_000, 9, 0)).unwrap().rate_bp, 3000);
        assert_eq!(policy().award(&sanction(20_000_000, 0, 9)).unwrap().rate_bp, 1000);
    }

    #[test]
    fn the_claimants_own_part_is_taken_out() {
        let mut inputs = sanction(1_400_000, 0, 0);
        inputs.sanction.as_mut().unwrap().own_part = Cents(40_000_000);
        assert_eq!(policy().award(&inputs).unwrap().amount, Cents::ZERO);
        inputs.sanction.as_mut().unwrap().own_part = Cents(140_000_001);
        assert!(matches!(policy().award(&inputs), Err(PolicyError::OwnPart)));
    }

    #[test]
    fn the_worked_run_comes_out_to_the_cent() {
        let run = TrainingRun { chips: 16_384, peak_gflops: 989_400, utilisation_bp: 4000, seconds: 54 * 86_400 };
        let c = run.flop().unwrap();
        assert_eq!(c.to_string(), "3.0252365512704e25");
        assert_eq!(policy().award(&compute(c, "1e25")).unwrap().a2, Cents(6_629_286));
        let other = TrainingRun::six_n_d(405_000_000_000, 15_600_000_000_000).unwrap();
        assert_eq!(other.to_string(), "3.7908e25");
        assert_eq!(other.0 * 1000 / c.0, 1253);
        assert_eq!(policy().award(&compute("1.2e25".parse().unwrap(), "1e25")).unwrap().a2, Cents::ZERO);
    }

    #[test]
    fn powers_of_ten_lose_no_cent_and_the_factor_is_capped() {
        let mut policy = policy();
        policy.compute.as_mut().unwrap().tolerance_bp = 0;
        for (c, cents) in [("1e26", 10_000_000), ("1e27", 15_000_000), ("1e28", 20_000_000), ("1e30", 20_000_000)] {
            assert_eq!(policy.award(&compute(c.parse().unwrap(), "1e25")).unwrap().a2, Cents(cents), "{c}");
        }
        assert_eq!(policy.award(&compute("1e25".parse().unwrap(), "1e25")).unwrap().a2, Cents::ZERO);
        assert!(policy.award(&compute(Flop(1), "0")).is_err());
    }

    #[test]
    fn harm_and_compute_add_and_the_larger_scale_wins() {
        let harm = HarmInput { class: HarmClass::H3, realised: Realised::NearMiss };
        let inputs = AwardInputs { harm: Some(harm), ..open_budget() };
        assert_eq!(policy().award(&inputs).unwrap().amount, Cents(15_000_000));
        let both = AwardInputs { harm: Some(harm), ..sanction(1_400_000, 0, 0) };
        assert_eq!(policy().award(&both).unwrap().amount, Cents(42_000_000));
        let after_interim = AwardInputs { interim: Cents(15_000_000), ..both };
        assert_eq!(policy().award(&after_interim).unwrap().amount, Cents(27_000_000));
        let short = AwardInputs { unreserved: Cents(1_000), ..both };
        assert_eq!(policy().award(&short).unwrap().amount, Cents(1_000));
    }
}
