//! A figure of the population and how sure we are of it.

use serde::{Deserialize, Serialize};

use super::variance::Lonely;
use crate::advice::Advise;

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
    #[error(
        "strata with a single drawn unit have no variance: {}",
        crate::advice::list(strata)
    )]
    LonelyStratum {
        /// Their labels.
        strata: Vec<String>,
    },
    /// The figure is the mean of one cluster, of several.
    #[error(
        "all answers are from cluster '{cluster}', which tells nothing of how much clusters differ"
    )]
    OneCluster {
        /// Its label.
        cluster: String,
    },
    /// A quantile has its variance from its interval, and there are no degrees of freedom for one.
    #[error("without degrees of freedom a quantile has no interval, and no variance")]
    NoDegrees,
    /// An end of a quantile's interval lies beyond every answer.
    #[error("the quantile's interval reaches beyond every answer")]
    BeyondAnswers,
}

impl Advise for Unknown {
    fn hint(&self) -> Option<String> {
        Some(match self {
            Unknown::OneAnswer | Unknown::OneCluster { .. } | Unknown::NoDegrees => {
                "report a larger domain".into()
            }
            Unknown::BeyondAnswers => {
                "report a larger domain, or a quantile nearer to the median".into()
            }
            Unknown::LonelyStratum { .. } => format!(
                "join these strata with others, give their population (fpc) if they were taken whole, or say what they are to be taken for: {}",
                Lonely::remedies()
            ),
        })
    }
}
