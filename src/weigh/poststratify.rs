//! Known totals of one margin.

use super::{Adjusted, Controls, Error, Margin, Step};
use crate::field::Outcomes;
use crate::language::Words;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "poststratify",
    title: Words::new("Poststratification", "事后分层"),
    says: Words::new(
        "Within each level of one margin, weights are scaled to the level's known total. A figure that \
         differs from level to level becomes more certain: only what answers differ within levels is left.",
        "按一个边际的每一类把权数调整到该类的已知总量。各类之间差异较大的指标因此更加精确，\
         其方差只剩类内差异。",
    ),
    formula: "w ← w · T_c / Σ_{level c} w",
    sources: &[
        Source::new("Holt, Smith (1979)"),
        Source::at("Cochran (1977)", "§5A.9"),
    ],
};

/// The step.
#[derive(Debug)]
pub struct Poststratify {
    margin: Margin,
}

impl Poststratify {
    /// To this margin.
    #[must_use]
    pub fn to(margin: Margin) -> Poststratify {
        Poststratify { margin }
    }

    /// The margin.
    #[must_use]
    pub fn margin(&self) -> &Margin {
        &self.margin
    }
}

impl Step for Poststratify {
    fn card(&self) -> &'static Card {
        &CARD
    }

    /// # Errors
    ///
    /// [`Error::EmptyLevels`] if levels are to hold something, and nobody there has a weight.
    fn forward(&self, before: &[f64], _: &Outcomes) -> Result<Adjusted, Error> {
        let active: Vec<usize> = (0..before.len())
            .filter(|&unit| before[unit] > 0.0)
            .collect();
        let mut weights = before.to_vec();
        self.margin.scale(&mut weights, &active)?;
        let factor =
            weights.iter().zip(before).map(
                |(&after, &before)| {
                    if before > 0.0 { after / before } else { 1.0 }
                },
            );
        Ok(Adjusted::by(before, factor.collect()))
    }

    /// Takes from each score the mean of its level.
    ///
    /// # Formula
    ///
    /// ```text
    /// s′_k = w_k (z_k − z̄_c),   z̄_c = Σ_c w z / Σ_c w
    /// ```
    ///
    /// # Source
    ///
    /// Särndal, Swensson, Wretman (1992), §7.6; as R `survey` does it.
    fn back(&self, adjusted: &Adjusted, scores: &mut [f64]) -> f64 {
        let after = &adjusted.after;
        let active: Vec<usize> = (0..after.len()).filter(|&unit| after[unit] > 0.0).collect();
        let mut residual = vec![0.0; scores.len()];
        for &unit in &active {
            residual[unit] = scores[unit] / after[unit];
        }
        self.margin.centre(after, &active, &mut residual);
        for &unit in &active {
            scores[unit] = after[unit] * residual[unit];
        }
        0.0
    }

    fn finds(&self, _: &Adjusted, unit: usize) -> Vec<String> {
        vec![self.margin.of(unit)]
    }

    fn controls(&self) -> Option<Controls> {
        Controls::new(vec![self.margin.clone()], Vec::new()).ok()
    }
}
