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
    /// A formula over pairs of units came out below 0.
    #[error("the formula over pairs of units came out below 0, as it may in a small sample")]
    Negative,
    /// Two units that were drawn cannot have been, by the table of pairs.
    #[error("by the table of pairs, two of the drawn units are never drawn together")]
    PairImpossible,
    /// These strata hold fewer units than the rule compares.
    #[error(
        "the rule needs {least} drawn units or more in every stratum, and there are fewer in {}",
        crate::advice::list(strata)
    )]
    TooFew {
        /// Their labels.
        strata: Vec<String>,
        /// How many it needs.
        least: u64,
    },
    /// A quantile has its variance from its interval, and there are no degrees of freedom for one.
    #[error("without degrees of freedom a quantile has no interval, and no variance")]
    NoDegrees,
    /// An end of a quantile's interval lies beyond every answer.
    #[error("the quantile's interval reaches beyond every answer")]
    BeyondAnswers,
    /// In some replicates nobody answers, or the figure would be over 0.
    #[error("the figure cannot be had in {undefined} of {replicates} replicates")]
    Undefined {
        /// How many.
        undefined: u64,
        /// Of how many.
        replicates: u64,
    },
    /// In some replicates a weighting step cannot be taken.
    #[error(
        "weighting fails in {failed} of {replicates} replicates, first in replicate {first}: {reason}"
    )]
    NotWeighed {
        /// How many.
        failed: u64,
        /// Of how many.
        replicates: u64,
        /// The first, counted from 1.
        first: u64,
        /// What the step ran into there.
        reason: String,
    },
    /// No replicate moves the figure, and it has no degrees of freedom.
    #[error("no replicate moves the figure, which tells nothing of how much it varies")]
    Still,
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
            Unknown::Undefined { .. } | Unknown::Still => {
                "report a larger domain, or take replicates that keep a part of every weight: fay, \
                 sdr or the generalised bootstrap"
                    .into()
            }
            Unknown::NotWeighed { .. } => {
                "join small levels or classes, so that each is there in every replicate".into()
            }
            Unknown::Negative => "take a rule that does without pairs, such as Hájek's".into(),
            Unknown::PairImpossible => {
                "take the table of the method by which the units were drawn".into()
            }
            Unknown::TooFew { .. } => {
                "join these strata with others, or take a rule that compares fewer units".into()
            }
            Unknown::LonelyStratum { .. } => format!(
                "join these strata with others, give their population (fpc) if they were taken whole, or say what they are to be taken for: {}",
                Lonely::remedies()
            ),
        })
    }
}
