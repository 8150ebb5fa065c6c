//! Policies as data: TOML, pinned by the digest of its bytes.

use serde::Deserialize;
use subrosa_crypto::kdf;
use thiserror::Error;

use crate::{
    bytes::Digest,
    case::Pinned,
    money::{Cents, Currency},
};

/// The text is not a policy. Says where.
#[derive(Clone, PartialEq, Eq, Debug, Error)]
#[error("the policy cannot be used: {0}")]
pub struct PolicyLoadError(pub String);

/// Share of a collected sanction.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SanctionScale {
    /// Only sanctions above this count.
    pub above: Cents,
    /// Rate without any factor.
    pub base_bp: u32,
    /// What each factor adds or takes.
    pub step_bp: u32,
    /// The rate never falls below this.
    pub floor_bp: u32,
    /// The rate never rises above this.
    pub ceiling_bp: u32,
    /// Without lowering factors, and if the ceiling rate gives at most this, the ceiling rate applies.
    pub full_rate_up_to: Option<Cents>,
}

/// Award that grows with the size of a hidden run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ComputeScale {
    /// Paid just above the threshold.
    pub base: Cents,
    /// The largest multiple of the base, in thousandths.
    pub max_factor_milli: u32,
    /// How far an estimate may be off: Clow = C × (1 - tolerance).
    pub tolerance_bp: u32,
}

/// Award by harm.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HarmScale {
    /// For slight harm, class H1: cents, of which one of the rates below is paid.
    pub h1: Cents,
    /// For serious harm, class H2: cents, likewise.
    pub h2: Cents,
    /// For grave harm, class H3: cents, likewise.
    pub h3: Cents,
    /// For catastrophic harm, class H4: cents, likewise.
    pub h4: Cents,
    /// Rate for harm that happened.
    pub realised_bp: u32,
    /// Rate for harm that nearly happened.
    pub near_miss_bp: u32,
    /// Rate for harm that could have happened.
    pub latent_bp: u32,
}

/// A bounty policy.
#[derive(Clone, PartialEq, Eq, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// The policy's own name, such as `eu-pilot`. The charter names it `bounty/` and this.
    pub id: String,
    /// Counted up by whoever changes the policy. A case pins it together with the digest.
    pub version: u32,
    /// Three-letter code of the currency in which every amount of the policy is meant, such as `EUR`.
    pub currency: String,
    /// Budget of the period.
    pub budget: Option<Cents>,
    /// Cap of one case, in basis points of the budget; the unreserved budget caps too. Without it no cap applies.
    pub case_cap_bp: Option<u32>,
    /// Cap of one case as an amount.
    pub fixed_ceiling: Option<Cents>,
    /// The scale of A1, a share of the sanction. Without it A1 is nothing.
    pub sanction: Option<SanctionScale>,
    /// The scale of A2, which grows with a hidden run. Without it A2 is nothing.
    pub compute: Option<ComputeScale>,
    /// The scale of A3, by class of harm. Without it A3 is nothing.
    pub harm: Option<HarmScale>,
    /// Where the numbers come from.
    pub source: String,
    /// Whether somebody checked them against that source.
    pub verified: bool,
    /// Digest of the text.
    #[serde(skip, default = "no_digest")]
    digest: Digest,
}

fn no_digest() -> Digest {
    Digest([0; 32])
}

impl Policy {
    /// The presets' names and texts.
    pub const PRESETS: [(&'static str, &'static str); 4] = [
        ("eu-pilot", include_str!("../../policies/eu-pilot.toml")),
        ("sec-like", include_str!("../../policies/sec-like.toml")),
        ("irs-like", include_str!("../../policies/irs-like.toml")),
        ("hmrc-like", include_str!("../../policies/hmrc-like.toml")),
    ];

    /// Reads a policy.
    ///
    /// # Errors
    /// Names line and column, or the field whose value makes no sense.
    pub fn from_toml(text: &str) -> Result<Self, PolicyLoadError> {
        let mut policy: Self =
            toml::from_str(text).map_err(|e| PolicyLoadError(e.to_string().trim_end().to_owned()))?;
        policy.digest = Digest(kdf::digest("subrosa/policy/v1", &[text.as_bytes()]));
        policy.sensible()?;
        Ok(policy)
    }

    fn sensible(&self) -> Result<(), PolicyLoadError> {
        let bad = |what: &str| Err(PolicyLoadError(what.to_owned()));
        if Currency::parse(&self.currency).is_none() {
            return bad("`currency`: three capital letters, as ISO 4217 has them");
        }
        if let Some(s) = &self.sanction
            && (s.floor_bp > s.base_bp || s.base_bp > s.ceiling_bp || s.ceiling_bp > 10_000)
        {
            return bad("`sanction`: floor_bp ≤ base_bp ≤ ceiling_bp ≤ 10000 must hold");
        }
        if let Some(c) = &self.compute
            && (c.tolerance_bp >= 10_000 || !(1000..=16_000).contains(&c.max_factor_milli) || c.base.0 > 1 << 46)
        {
            return bad(
                "`compute`: tolerance_bp below 10000, max_factor_milli from 1000 to 16000, base below 2^46 cents",
            );
        }
        if let Some(h) = &self.harm
            && [h.realised_bp, h.near_miss_bp, h.latent_bp].iter().any(|bp| *bp > 10_000)
        {
            return bad("`harm`: rates cannot exceed 10000 basis points");
        }
        if self.case_cap_bp.is_some_and(|bp| bp > 10_000) {
            return bad("`case_cap_bp` cannot exceed 10000");
        }
        Ok(())
    }

    /// Whether awards can follow it: its amounts are in the currency of the programme's books. Others are there to be
    /// compared with.
    pub fn pays(&self) -> bool {
        self.currency == Currency::EUR.code()
    }

    /// The labelled digest of the policy's text, which the charter and the award order name.
    pub fn digest(&self) -> Digest {
        self.digest
    }

    /// How a case pins it.
    pub fn pinned(&self) -> Pinned {
        Pinned { id: self.id.clone(), version: self.version, digest: self.digest }
    }

    #[cfg(test)]
    pub(crate) fn eu_pilot() -> Self {
        #![expect(clippy::unwrap_used, reason = "tests")]
        Self::from_toml(Self::PRESETS[0].1).unwrap()
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn every_preset_loads_under_its_own_name() {
        for (name, text) in Policy::PRESETS {
            assert_eq!(Policy::from_toml(text).unwrap().id, name);
        }
    }

    #[test]
    fn errors_name_line_and_field() {
        let text = Policy::PRESETS[0].1.replace("base_bp = 2000", "base_bpp = 2000");
        let error = Policy::from_toml(&text).unwrap_err().to_string();
        assert!(error.contains("line ") && error.contains("base_bpp"), "{error}");
        let text = Policy::PRESETS[0].1.replace("base_bp = 2000", "base_bp = 9000");
        assert!(Policy::from_toml(&text).unwrap_err().to_string().contains("base_bp"));
        for currency in ["eur", "Euro, in thousands", ""] {
            let text = Policy::PRESETS[0].1.replace("currency = \"EUR\"", &format!("currency = \"{currency}\""));
            assert!(Policy::from_toml(&text).unwrap_err().to_string().contains("currency"), "{currency}");
        }
    }
}
