//! What does not keep a measure yet, by name, in `debts.txt`: a list that may only shrink.

use std::collections::BTreeSet;

/// The list: a line `[measure]`, then one offender a line.
const DEBTS: &str = include_str!("debts.txt");

/// Holds the offenders against a measure to the list: nobody new, and nobody who has mended what was wrong.
pub(crate) fn hold(measure: &str, offenders: &BTreeSet<String>) {
    let mut section = "";
    let mut owed = BTreeSet::new();
    for line in DEBTS.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        match line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(name) => section = name,
            None if section == measure => assert!(owed.insert(line.to_owned()), "{line} stands twice in debts.txt"),
            None => {}
        }
    }
    let list = |lines: Vec<&String>| lines.iter().map(|line| format!("\n  {line}")).collect::<String>();
    let new: Vec<&String> = offenders.difference(&owed).collect();
    assert!(new.is_empty(), "{measure}: these do not keep the measure:{}", list(new));
    let paid: Vec<&String> = owed.difference(offenders).collect();
    assert!(
        paid.is_empty(),
        "{measure}: these keep the measure now; take them off e2e/tests/house/debts.txt:{}",
        list(paid)
    );
}
