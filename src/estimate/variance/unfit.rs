//! Why strata, clusters and populations are no design.

use crate::advice::{Advise, list};

/// Why strata, clusters and populations are no design: all faults, each with every instance.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the design does not hold together: {}", faults.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
pub struct Unfit {
    /// What is wrong, stage by stage.
    pub faults: Vec<Fault>,
}

/// One thing that is wrong with a design, at one stage, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// Clusters with rows in several strata.
    #[error("{} clusters of stage {stage} are in more than one stratum: {}", clusters.len(), list(clusters))]
    Astride {
        /// The stage.
        stage: usize,
        /// Their labels.
        clusters: Vec<String>,
    },
    /// Strata whose rows do not agree on the population.
    #[error("the population (fpc) of stage {stage} is not the same in all rows of {} strata: {}", strata.len(), list(strata))]
    Varies {
        /// The stage.
        stage: usize,
        /// Each with two of the values: "'E' (100, 120)".
        strata: Vec<String>,
    },
    /// Strata from which more clusters were drawn than they have.
    #[error("more clusters were drawn than the population (fpc) of stage {stage} has in {} strata: {}", strata.len(), list(strata))]
    Beyond {
        /// The stage.
        stage: usize,
        /// Each with both numbers: "E (15 of 10)".
        strata: Vec<String>,
    },
    /// Some populations are counts, and some fractions.
    #[error(
        "the population (fpc) of stage {stage} is a count above 1 in {counts} rows and a fraction below 1 in {fractions}"
    )]
    Mixed {
        /// The stage.
        stage: usize,
        /// Rows with a count.
        counts: u64,
        /// Rows with a fraction.
        fractions: u64,
    },
    /// Some populations are no number above 0.
    #[error("the population (fpc) of stage {stage} is no number above 0 in {rows} rows")]
    NotPositive {
        /// The stage.
        stage: usize,
        /// How many rows.
        rows: u64,
    },
    /// Clusters whose rows do not agree on the chance to be drawn.
    #[error("the chance of stage {stage} is not the same in all rows of {} clusters: {}", clusters.len(), list(clusters))]
    Uneven {
        /// The stage.
        stage: usize,
        /// Their labels.
        clusters: Vec<String>,
    },
    /// Some chances are not above 0 and up to 1.
    #[error("the chance of stage {stage} is not above 0 and up to 1 in {rows} rows")]
    NoChance {
        /// The stage.
        stage: usize,
        /// How many rows.
        rows: u64,
    },
}

impl Advise for Unfit {
    fn hint(&self) -> Option<String> {
        let mut hints: Vec<&str> = Vec::new();
        for fault in &self.faults {
            let hint = match fault {
                Fault::Astride { .. } => {
                    "if labels of clusters begin anew in each stratum, say so: --nest"
                }
                Fault::Varies { .. } => {
                    "give every row of a stratum the number of clusters that the stratum has"
                }
                Fault::Beyond { .. } => {
                    "give the number of clusters in the population, not of people, for each stage in its order"
                }
                Fault::Mixed { .. } | Fault::NotPositive { .. } => {
                    "give counts of 1 and more in all rows of a stage, or fractions above 0 and up to 1 in all"
                }
                Fault::Uneven { .. } | Fault::NoChance { .. } => {
                    "give every row the chance that its cluster had within its stratum, stage by stage"
                }
            };
            if !hints.contains(&hint) {
                hints.push(hint);
            }
        }
        Some(hints.join("; "))
    }
}
