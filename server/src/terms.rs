//! What the public pages say of the charter's policies.

use subrosa_casework::{
    money::Cents,
    policy::{AwardInputs, ComputeInput, Flop, HarmClass, HarmInput, Policy, Realised, SanctionInput},
    regime::Pack,
};
use subrosa_templates::{Bounty, Example, Language, Regime, Sanction, Threshold};

use crate::{app::App, store::Store};

/// What regime packs and bounty policies are called in a charter.
pub(crate) const REGIME: &str = "regime/";
const BOUNTY: &str = "bounty/";

/// The texts of the charter's policies whose names begin with `prefix`, in the charter's order.
pub(crate) fn texts<S: Store>(app: &App<S>, prefix: &str) -> Vec<([u8; 32], String)> {
    let Some(directory) = app.directory() else { return Vec::new() };
    let named = directory.policies.iter().filter(|(name, _)| name.starts_with(prefix));
    named
        .filter_map(|(_, digest)| {
            let text = String::from_utf8(app.policies.get(digest)?.to_vec()).ok()?;
            Some((*digest, text))
        })
        .collect()
}

/// The regime packs in force.
pub(crate) fn regimes<S: Store>(app: &App<S>, language: Language) -> Vec<Regime> {
    let packs =
        texts(app, REGIME).into_iter().filter_map(|(digest, text)| Some((digest, Pack::from_toml(&text).ok()?)));
    packs.map(|(digest, pack)| regime(&digest, &pack, language)).collect()
}

fn regime(digest: &[u8; 32], pack: &Pack, language: Language) -> Regime {
    let words = |key: &str| pack.text(language.code(), key).unwrap_or(key).to_owned();
    let rows = pack.thresholds.values().flat_map(|(unit, rows)| rows.iter().map(move |row| (unit, row)));
    Regime {
        id: pack.id.clone(),
        version: pack.version,
        sha256: hex::encode(digest),
        title: words("title"),
        classes: pack.classes.iter().map(|c| words(&format!("class-{}", c.id))).collect(),
        evidence: pack.evidence.iter().map(|e| words(&format!("evidence-{}", e.id))).collect(),
        thresholds: rows
            .map(|(unit, row)| Threshold {
                value: format!("{} {}", language.text().locale().ungrouped(&magnitude(row.value)), unit.name),
                published: row.published.to_string(),
                effective: row.effective.to_string(),
                source: row.source.clone(),
                verified: row.verified,
            })
            .collect(),
    }
}

/// `100000`, and `1e25` from a million on.
fn magnitude(value: f64) -> String {
    if value.abs() >= 1e6 { format!("{value:e}") } else { value.to_string() }
}

/// The bounty policies in force.
pub(crate) fn policies<S: Store>(app: &App<S>) -> Vec<Policy> {
    texts(app, BOUNTY).into_iter().filter_map(|(_, text)| Policy::from_toml(&text).ok()).collect()
}

/// A policy for the page, with examples that its own formula computes.
pub(crate) fn bounty(policy: &Policy) -> Bounty {
    Bounty {
        id: policy.id.clone(),
        version: policy.version,
        currency: policy.currency.clone(),
        sanction: policy.sanction.map(|s| Sanction {
            above: s.above.0,
            base: s.base_bp,
            step: s.step_bp,
            floor: s.floor_bp,
            ceiling: s.ceiling_bp,
            full: s.full_rate_up_to.map(|c| c.0),
        }),
        compute: policy.compute.map(|c| (c.base.0, c.max_factor_milli, c.tolerance_bp)),
        harm: policy.harm.map(|h| ([h.h1.0, h.h2.0, h.h3.0, h.h4.0], h.near_miss_bp, h.latent_bp)),
        cap: policy.case_cap_bp.and_then(|bp| Some((policy.budget?.0, bp))),
        ceiling: policy.fixed_ceiling.map(|c| c.0),
        source: policy.source.clone(),
        verified: policy.verified,
        examples: examples(policy),
    }
}

/// 1.4 million, a run of 3.0252e25 operations over a threshold of 1e25, and serious harm that nearly happened.
fn examples(policy: &Policy) -> Vec<(Example, u64)> {
    let fine = Cents(140_000_000);
    let budget = policy.budget.unwrap_or(Cents::ZERO);
    let base = AwardInputs { budget, unreserved: budget, ..AwardInputs::default() };
    let with_fine = |down| {
        let sanction = Some(SanctionInput { collected: fine, own_part: Cents::ZERO, up: 0, down });
        policy.award(&AwardInputs { sanction, ..base }).ok()
    };
    let run = || {
        let (flop, threshold): (Flop, Flop) = ("3.0252365512704e25".parse().ok()?, "1e25".parse().ok()?);
        policy.award(&AwardInputs { compute: Some(ComputeInput { flop, threshold }), ..base }).ok()
    };
    let harm = || {
        let harm = Some(HarmInput { class: HarmClass::H2, realised: Realised::NearMiss });
        policy.award(&AwardInputs { harm, ..base }).ok()
    };
    let mut out = Vec::new();
    if policy.sanction.is_some() {
        out.extend(with_fine(0).map(|a| (Example::Fine(fine.0), a.amount.0)));
        out.extend(with_fine(1).map(|a| (Example::Lowered, a.amount.0)));
    }
    if policy.compute.is_some() {
        out.extend(run().map(|a| (Example::Run("3.0252e25".into(), "1e25".into()), a.amount.0)));
    }
    if policy.harm.is_some() {
        out.extend(harm().map(|a| (Example::Harm, a.amount.0)));
    }
    out
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use subrosa_casework::regime::BUILT_IN;

    use super::*;

    #[test]
    fn examples_are_the_policys_own_figures() {
        let eu = Policy::from_toml(Policy::PRESETS.first().unwrap().1).unwrap();
        let amounts: Vec<u64> = bounty(&eu).examples.iter().map(|(_, cents)| *cents).collect();
        assert_eq!(amounts, [42_000_000, 24_500_000, 6_629_286, 3_000_000]);
    }

    #[test]
    fn every_built_in_pack_shows_words_in_every_language() {
        for (_, text) in BUILT_IN {
            let pack = Pack::from_toml(text).unwrap();
            for language in Language::all() {
                let spoken = pack.texts.contains_key(language.code());
                assert!(spoken || !language.has("packs"), "{}: no texts in {}", pack.id, language.code());
                let r = regime(&[0; 32], &pack, *language);
                assert!(!r.classes.is_empty() && r.title != "title");
                assert!(
                    r.classes
                        .iter()
                        .chain(&r.evidence)
                        .all(|w| !w.starts_with("class-") && !w.starts_with("evidence-"))
                );
            }
        }
    }
}
