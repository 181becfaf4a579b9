//! What a person knows of how rows of data were drawn.

use super::Lonely;
use crate::frame::Codes;

/// One stage of drawing: of the rows of a table, in which stratum and cluster each is.
#[derive(Debug, Clone, Copy, Default)]
pub struct Stage<'a> {
    /// The stratum of each row, within its cluster of the stage before. Without, there is one.
    pub strata: Option<&'a Codes>,
    /// The cluster of each row. Without, each row is its own: units were drawn.
    pub clusters: Option<&'a Codes>,
    /// For each row, how many clusters its stratum has in the population, or which fraction of them
    /// was drawn; the same for all rows of a stratum. Where any is above 1, all are counts. Without,
    /// the population has no end.
    pub population: Option<&'a [f64]>,
}

/// How the rows of a table were drawn.
#[derive(Debug, Clone)]
pub struct Design<'a> {
    /// The stages, the first one first; at least one.
    pub stages: Vec<Stage<'a>>,
    /// Whether clusters of different strata are different clusters even where they have the same
    /// label.
    pub nest: bool,
    /// What strata with a single cluster are taken for.
    pub lonely: Lonely,
    /// The weight of each row. A row with weight 0 belongs to the design and to no figure.
    pub weights: &'a [f64],
}

impl<'a> Design<'a> {
    /// Rows drawn one by one from a population without end and without strata.
    #[must_use]
    pub fn of(weights: &'a [f64]) -> Design<'a> {
        Design {
            stages: vec![Stage::default()],
            nest: false,
            lonely: Lonely::Fail,
            weights,
        }
    }
}
