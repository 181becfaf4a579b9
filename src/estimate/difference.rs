//! One figure less another, from the same sample.
//!
//! Two domains of a survey are rarely independent: they share strata, clusters, and the weighting steps.
//! The score of a difference is the difference of the scores, so the design's variance of it holds their
//! covariance, and nothing needs to be known of it here.

use super::{Domain, Error, Estimate, Estimator, Evaluated, Statistic, View};
use crate::language::Words;
use crate::method::{Card, Source};

/// What the method says of itself.
pub const CARD: Card = Card {
    key: "difference",
    title: Words::new("Difference", "差异"),
    says: Words::new(
        "One figure less another: of two parts of the population, or two figures of the same part. The \
         interval takes account of what both share; if 0 is outside it, they differ.",
        "两个估计量之差，可比较总体的两个部分，也可比较同一部分的两项指标。区间已计入两者的相关；\
         若不含0，则差异显著。",
    ),
    formula: "θ̂ = θ̂₁ − θ̂₂;  z = z₁ − z₂",
    sources: &[
        Source::at("Särndal, Swensson, Wretman (1992)", "§5.5"),
        Source::new("Deville (1999)"),
    ],
};

/// One statistic in its domain less another in its own.
#[derive(Clone, Copy)]
pub struct Difference<'a> {
    this: (&'a dyn Statistic, &'a Domain<'a>),
    other: (&'a dyn Statistic, &'a Domain<'a>),
}

impl<'a> Difference<'a> {
    /// `this` in its domain less `other` in its own.
    #[must_use]
    pub fn of(
        this: (&'a dyn Statistic, &'a Domain<'a>),
        other: (&'a dyn Statistic, &'a Domain<'a>),
    ) -> Difference<'a> {
        Difference { this, other }
    }

    /// One statistic, `here` less `there`.
    #[must_use]
    pub fn between(
        statistic: &'a dyn Statistic,
        here: &'a Domain<'a>,
        there: &'a Domain<'a>,
    ) -> Difference<'a> {
        Difference {
            this: (statistic, here),
            other: (statistic, there),
        }
    }

    /// The difference, with its variance, interval and design effect. What is unknown of one side is
    /// unknown of the difference: its side's score may be 0 because of a single answer, and would pass
    /// for certainty beside the other's.
    ///
    /// # Errors
    ///
    /// [`Error::NoAnswers`] names the side on which nobody answered.
    pub fn estimate(&self, estimator: &Estimator<'_>) -> Result<Estimate, Error> {
        let this = estimator.estimate(self.this.0, self.this.1)?;
        let other = estimator.estimate(self.other.0, self.other.1)?;
        let all = estimator.estimate(self, &Domain::all())?;
        Ok(match this.variance.and(other.variance) {
            Ok(_) => all,
            Err(reason) => Estimate {
                variance: Err(reason),
                design_effect: None,
                interval: None,
                ..all
            },
        })
    }
}

impl std::fmt::Debug for Difference<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Difference").field(&self.item()).finish()
    }
}

impl Statistic for Difference<'_> {
    fn card(&self) -> &'static Card {
        &CARD
    }

    /// "mean of minutes: north − south", or both in full.
    fn item(&self) -> String {
        let name =
            |statistic: &dyn Statistic| format!("{} of {}", statistic.card().key, statistic.item());
        let (this, other) = (name(self.this.0), name(self.other.0));
        let (here, there) = (self.this.1.label(), self.other.1.label());
        match (this == other, here == there) {
            (true, _) => format!("{this}: {here} − {there}"),
            (false, true) => format!("{this} − {other}: {here}"),
            (false, false) => format!("{this}: {here} − {other}: {there}"),
        }
    }

    /// Seen from within a domain, both sides are those of their people who belong to it as well.
    ///
    /// # Formula
    ///
    /// ```text
    /// θ̂ = θ̂₁ − θ̂₂;     z = z₁ − z₂
    /// ```
    ///
    /// # Source
    ///
    /// Särndal, Swensson, Wretman (1992), §5.5.
    fn evaluate(&self, view: &View<'_>) -> Option<Evaluated> {
        let weights: Vec<f64> = (0..view.len()).map(|unit| view.weight(unit)).collect();
        let mut seen = vec![false; view.len()];
        view.units().for_each(|unit| seen[unit] = true);
        let side = |(statistic, domain): (&dyn Statistic, &Domain<'_>)| {
            statistic.evaluate(&View::new(&weights, &seen, domain))
        };
        let (this, other) = (side(self.this)?, side(self.other)?);
        let scores = this
            .scores
            .iter()
            .zip(&other.scores)
            .map(|(this, other)| this - other)
            .collect();
        let mut answered = this.answered;
        answered.extend(other.answered);
        answered.sort_unstable();
        answered.dedup();
        Some(Evaluated {
            value: this.value - other.value,
            scores,
            answered,
        })
    }
}

#[cfg(test)]
mod tests;
