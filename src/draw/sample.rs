//! Who was drawn, from where, with what chance, in what order.

use crate::frame::Codes;

/// The drawn units. Every later vector of the survey has one entry per drawn unit, in this order.
///
/// - **Rows.** n, sorted by stratum label and then by rank.
/// - **Chances.** 0 < π ≤ 1.
/// - **Ranks.** 1 … n_h within each stratum, in the order of release.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    /// How each unit is known: its id in the list at the draw; in files, its opaque case id.
    pub id: Vec<String>,
    /// Where it stands in the list, counted from 0.
    pub row: Vec<u64>,
    /// The stratum it was drawn from.
    pub stratum: Codes,
    /// N_h, one per label of `stratum`.
    pub population: Vec<u64>,
    /// The reporting cell, a union of strata.
    pub cell: Codes,
    /// Columns of the list that came along, by name: service, operator, district …
    pub columns: Vec<(String, Codes)>,
    /// π, the chance it had.
    pub probability: Vec<f64>,
    /// Its place in its stratum's order of release, from 1.
    pub rank: Vec<u32>,
    /// Its replicate, from 1: random parts of equal composition, released one after another.
    pub replicate: Vec<u32>,
}

impl Sample {
    /// How many units were drawn.
    #[must_use]
    pub fn len(&self) -> usize {
        self.id.len()
    }

    /// Whether nobody was drawn.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.id.is_empty()
    }

    /// A column that came along, by name.
    #[must_use]
    pub fn column(&self, name: &str) -> Option<&Codes> {
        self.columns
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, codes)| codes)
    }

    /// n_h, one per label of `stratum`.
    #[must_use]
    pub fn drawn_by_stratum(&self) -> Vec<u64> {
        let mut drawn = vec![0; self.stratum.labels().len()];
        for &code in self.stratum.codes() {
            drawn[code as usize] += 1;
        }
        drawn
    }
}
