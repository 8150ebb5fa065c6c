//! What two cases have in common. Suggestions for people; nothing is linked by itself.

use std::collections::BTreeSet;

use super::{Case, Relation};

/// What speaks for a link between two cases, seen from the later one.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Likeness {
    /// The suggested relation.
    pub relation: Relation,
    /// SHA-256 digests that stand in both.
    pub same_evidence: usize,
    /// Names that stand in both.
    pub same_names: usize,
    /// Both are of the same violation class.
    pub same_class: bool,
}

/// Compares two cases; `None` if they share neither evidence nor names.
///
/// The same file, or the same source, makes a duplicate. The same class and a common name from another source with
/// other evidence makes a corroboration: both claims count as independent. Anything else in common is a relation.
pub fn compare(later: &Case, earlier: &Case) -> Option<Likeness> {
    let evidence = |c: &Case| c.evidence().values().map(|i| i.evidence.sha256).collect::<BTreeSet<_>>();
    let names = |c: &Case| c.entities().iter().map(|e| e.name.trim().to_lowercase()).collect::<BTreeSet<_>>();
    let class = |c: &Case| c.triage().map(|t| (t.pack.id.clone(), t.class.clone()));
    let same_evidence = evidence(later).intersection(&evidence(earlier)).count();
    let same_names = names(later).intersection(&names(earlier)).count();
    let same_class = class(later).is_some() && class(later) == class(earlier);
    let same_source = later.claim_key().is_some() && later.claim_key() == earlier.claim_key();
    let relation = if same_evidence > 0 || same_source {
        Relation::DuplicateOf
    } else if same_names > 0 && same_class {
        Relation::CorroboratedBy
    } else if same_names > 0 {
        Relation::Related
    } else {
        return None;
    };
    Some(Likeness { relation, same_evidence, same_names, same_class })
}

/// The order in which cases that report the same matter count: by the time their tips were published, then by their
/// receipts' digests, which nobody can choose. Cases without a tip come last.
pub fn priority(a: &Case, b: &Case) -> core::cmp::Ordering {
    let key = |c: &Case| {
        let tip = c.received();
        (tip.is_none(), tip.map(|r| r.received_at), tip.map(|r| r.receipt), c.id())
    };
    key(a).cmp(&key(b))
}
