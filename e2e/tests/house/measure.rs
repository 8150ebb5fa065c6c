//! What every measure ends with: nobody may miss it.

use std::collections::BTreeSet;

/// Fails if somebody does not keep the measure, and names everybody who does not.
pub(crate) fn hold(measure: &str, offenders: &BTreeSet<String>) {
    let list: String = offenders.iter().map(|line| format!("\n  {line}")).collect();
    assert!(offenders.is_empty(), "{measure}: these do not keep the measure:{list}");
}
