//! Regime packs: one data file for each field of AI governance, with a machine check in a small formula language.
//!
//! Spec: `docs/spec/regime-pack.md`. An operator adds or changes a pack without a rebuild; a case pins the version and
//! digest that it was filed under. A check says *consistent*, *inconsistent* or *indeterminate* with what the tip
//! reports, shows its arithmetic, and never says "proved".

mod check;
mod expr;
mod form;
mod load;
mod pack;
mod raw;
mod unit;

pub use check::{CheckError, Input};
pub use expr::{Expr, Kind, Op, Value};
pub use form::{AnswerError, CLASS, PACK};
pub use pack::{
    Class, Constant, EvidenceKind, InputKind, InputSpec, Offer, Pack, PackError, Question, RuleSpec, Step, ThresholdRow,
};
pub use unit::{Dim, Unit};

/// The packs that come with the program: name and text.
pub const BUILT_IN: [(&str, &str); 10] = [
    ("compute-passports", include_str!("../../regimes/compute-passports.toml")),
    ("compute-thresholds", include_str!("../../regimes/compute-thresholds.toml")),
    ("secondary-sanctions", include_str!("../../regimes/secondary-sanctions.toml")),
    ("network-detection", include_str!("../../regimes/network-detection.toml")),
    ("inspections", include_str!("../../regimes/inspections.toml")),
    ("weight-custody", include_str!("../../regimes/weight-custody.toml")),
    ("performance-bonds", include_str!("../../regimes/performance-bonds.toml")),
    ("whistleblower-programme", include_str!("../../regimes/whistleblower-programme.toml")),
    ("conditional-aid", include_str!("../../regimes/conditional-aid.toml")),
    ("sunset", include_str!("../../regimes/sunset.toml")),
];
