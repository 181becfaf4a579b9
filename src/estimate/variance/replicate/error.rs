//! Why there are no replicates.

use crate::advice::{Advise, list};
use crate::estimate::variance::{Lonely, Unfit};

/// Why there are no replicates.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Strata, clusters and populations are no design.
    #[error(transparent)]
    Unfit(#[from] Unfit),
    /// These strata hold a single cluster that was not taken with certainty.
    #[error("strata with a single cluster cannot be replicated: {}", list(strata))]
    Lonely {
        /// Their labels.
        strata: Vec<String>,
    },
    /// Strata with a single cluster are to be taken for what replicates cannot say.
    #[error("replicates cannot take strata with a single cluster for '{}': {}", remedy.word(), list(strata))]
    Remedy {
        /// What they were to be taken for.
        remedy: Lonely,
        /// Their labels.
        strata: Vec<String>,
    },
    /// A method for designs without strata.
    #[error("{method} is for a design without strata, and this one has {strata}")]
    Stratified {
        /// The method's card key.
        method: &'static str,
        /// How many strata.
        strata: usize,
    },
    /// A method for strata with two clusters.
    #[error("{method} needs two clusters in every stratum: {}", list(strata))]
    NotPairs {
        /// The method's card key.
        method: &'static str,
        /// Each with its number of clusters: "E (3)".
        strata: Vec<String>,
    },
    /// Strata with fewer clusters than groups.
    #[error(
        "{groups} groups need as many clusters in every stratum: {}",
        list(strata)
    )]
    TooFew {
        /// How many groups.
        groups: u32,
        /// Each with its number of clusters: "E (3)".
        strata: Vec<String>,
    },
    /// A method that knows the first stage only, where later stages add to the variance.
    #[error(
        "{method} sees the first stage only, and with its population (fpc) the later stages would be lost"
    )]
    LaterStages {
        /// The method's card key.
        method: &'static str,
    },
    /// A method that knows no end of the population.
    #[error("{method} knows no end of the population (fpc)")]
    Population {
        /// The method's card key.
        method: &'static str,
    },
    /// Fay's ρ is not in 0 to 1, or is 1.
    #[error("Fay's factor is {rho}, and must be 0 or more and below 1")]
    BadRho {
        /// The ρ.
        rho: f64,
    },
    /// Too few replicates for a variance.
    #[error("{count} replicates tell nothing of how much they differ")]
    Count {
        /// How many.
        count: usize,
    },
    /// A quadratic form that may be negative, or is not of the design's size.
    #[error("the variance's quadratic form is not one: {why}")]
    Form {
        /// What is wrong with it.
        why: String,
    },
    /// Columns of replicate weights with numbers that are none.
    #[error(
        "{count} replicate weights are no numbers; the first is in replicate {replicate}, row {row}"
    )]
    BadWeights {
        /// How many.
        count: usize,
        /// The first such replicate, counted from 1.
        replicate: usize,
        /// Its first such row, counted from 0.
        row: usize,
    },
    /// Numbers that replicates need, or may not have.
    #[error("{kind} replicates: {why}")]
    Scales {
        /// The kind.
        kind: &'static str,
        /// What is missing, superfluous or wrong.
        why: String,
    },
}

impl Advise for Error {
    fn hint(&self) -> Option<String> {
        Some(match self {
            Error::Unfit(unfit) => return unfit.hint(),
            Error::Lonely { .. } | Error::Remedy { .. } => {
                "join these strata with others, or say that they were taken with certainty, or \
                 are to be collapsed"
                    .into()
            }
            Error::Stratified { .. } => "take jkn, the same for strata".into(),
            Error::NotPairs { .. } => "take jkn or the bootstrap, or make strata of two".into(),
            Error::TooFew { .. } => "take fewer groups, or jkn".into(),
            Error::LaterStages { .. } => {
                "take the bootstrap, which knows all stages, or leave the population out: then the \
                 first stage stands for all"
                    .into()
            }
            Error::Population { .. } => "take the bootstrap, or leave the population out".into(),
            Error::BadRho { .. } => "0.3 and 0.5 are usual".into(),
            Error::Count { .. } => "take 200 or more for a bootstrap".into(),
            Error::Form { .. } => {
                "take the form of strata, or that of successive differences".into()
            }
            Error::BadWeights { .. } => "look for blanks in these columns".into(),
            Error::Scales { .. } => {
                "whoever made the replicates publishes these numbers with them".into()
            }
        })
    }
}
