//! Bounty policy: from the facts of a case to an amount, to the cent.
//!
//! Spec: `docs/spec/policy.md`. Money is whole cents, rates are basis points, floating-point operations are whole
//! numbers. The one real-valued step is the base-ten logarithm of the compute scale; [`log10`] computes it from
//! additions, multiplications and divisions alone, which IEEE 754 rounds alike everywhere, so two machines never differ
//! by a cent.

mod flop;
mod formula;
mod joint;
mod plot;
mod portfolio;
mod preset;
mod simulate;

pub use flop::{Flop, TrainingRun, log10};
pub use formula::{
    AwardBreakdown, AwardInputs, ComputeInput, HarmClass, HarmInput, PolicyError, Realised, SanctionInput,
};
pub use joint::{pro_rata, split_joint};
pub use plot::plot;
pub use portfolio::portfolio;
pub use preset::{ComputeScale, HarmScale, Policy, PolicyLoadError, SanctionScale};
pub use simulate::{PortfolioCase, SimulatedAward, SimulatedPolicy, simulate};
