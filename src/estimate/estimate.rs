//! A figure of the population and how sure we are of it.

use serde::{Deserialize, Serialize};

/// One estimated figure.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// What was estimated: "mean", "total", "share", "ratio".
    pub statistic: String,
    /// Of which item or items: "overall", "calls / minutes".
    pub item: String,
    /// For whom: a label such as "mobile phone / telecom", or "all".
    pub domain: String,
    /// θ̂, in the unit of the answer.
    pub value: f64,
    /// V̂(θ̂), or why it cannot be had.
    pub variance: Result<f64, Unknown>,
    /// Degrees of freedom: clusters less strata, over rows with a weight.
    pub df: u64,
    /// Respondents of the domain who answered.
    pub n: u64,
    /// V̂ over the variance of a simple random sample of the same size, if both can be had.
    pub design_effect: Option<f64>,
    /// The confidence of the interval: 0.95.
    pub confidence: f64,
    /// The t interval, if the variance is known and there are degrees of freedom.
    pub interval: Option<(f64, f64)>,
}

impl Estimate {
    /// The standard error, if the variance is known.
    #[must_use]
    pub fn standard_error(&self) -> Option<f64> {
        self.variance.as_ref().ok().map(|v| v.sqrt())
    }
}

/// Why a variance cannot be had.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Unknown {
    /// The figure is one answer.
    #[error("a single answer tells nothing of how much answers differ")]
    OneAnswer,
    /// These strata hold a single cluster that was not taken with certainty.
    #[error("strata with a single drawn unit have no variance: {}", crate::advice::list(strata))]
    LonelyStratum {
        /// Their labels.
        strata: Vec<String>,
    },
}
