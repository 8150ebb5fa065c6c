//! A portfolio of cases as a file, for [`super::simulate`].

use serde::Deserialize;

use super::{AwardInputs, ComputeInput, HarmInput, PolicyLoadError, PortfolioCase, SanctionInput};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawPortfolio {
    #[serde(rename = "case")]
    cases: Vec<RawCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCase {
    name: String,
    sanction: Option<SanctionInput>,
    compute: Option<ComputeInput>,
    harm: Option<HarmInput>,
    later: Option<RawFacts>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawFacts {
    sanction: Option<SanctionInput>,
    compute: Option<ComputeInput>,
    harm: Option<HarmInput>,
}

/// More cases than this are no portfolio for people.
const CASES_MAX: usize = 10_000;

/// Reads a portfolio: TOML with one `[[case]]` for each report, in the order of the reports.
///
/// # Errors
/// Names line and column, or what makes no sense.
pub fn portfolio(text: &str) -> Result<Vec<PortfolioCase>, PolicyLoadError> {
    let raw: RawPortfolio = toml::from_str(text).map_err(|e| PolicyLoadError(e.to_string().trim_end().to_owned()))?;
    if raw.cases.is_empty() || raw.cases.len() > CASES_MAX {
        return Err(PolicyLoadError(format!("a portfolio holds 1 to {CASES_MAX} cases")));
    }
    let inputs = |sanction, compute, harm| AwardInputs { sanction, compute, harm, ..AwardInputs::default() };
    let case = |c: RawCase| PortfolioCase {
        name: c.name,
        inputs: inputs(c.sanction, c.compute, c.harm),
        later: c.later.map(|l| inputs(l.sanction, l.compute, l.harm)),
    };
    Ok(raw.cases.into_iter().map(case).collect())
}
