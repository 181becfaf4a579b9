//! Two waves that were drawn in stages, by the clusters that were drawn first.

use std::collections::BTreeMap;

use super::{Bound, Change, Error, Figure, changed, common, side};
use crate::estimate::variance::{Clusters, Design, Rule, Stage};
use crate::estimate::{Estimate, Estimator};
use crate::frame::Codes;

/// How the first stage of a wave was drawn. One entry per drawn unit.
#[derive(Debug, Clone, Copy)]
pub struct FirstStage<'a> {
    /// By which a unit is known in both waves.
    pub id: &'a [String],
    /// The stratum of its cluster.
    pub stratum: &'a Codes,
    /// Its cluster, by which that is known in both waves.
    pub cluster: &'a Codes,
}

/// The change of a figure between two samples that were drawn in stages, of which no more is known than which
/// clusters of the first stage are in both.
///
/// A cluster stands for all that was drawn within it, as if clusters were drawn with replacement: whatever the
/// stages below, and however many. Both waves are one table in which the same cluster is one cluster, and a
/// cluster of one wave alone counts as nothing in the other.
///
/// # Formula
///
/// ```text
/// V̂(θ̂₂ − θ̂₁) = Σ_h n/(n − 1) Σ_c (d_c − d̄)² + Σ extra_j,   d_c = t₂ − t₁,  n the clusters of one wave or both
///
/// Ĉ = ( V̂₁ + V̂₂ − V̂(θ̂₂ − θ̂₁) ) / 2
/// ```
///
/// t₁ and t₂ are what the expanded scores of cluster c come to in the waves. V̂₁ and V̂₂ are those of the waves by
/// their own rules. Where these know of the end of a list or of chances, the change has too large a variance rather
/// than too small a one. So it has where waves share only some clusters: by n/(n − 1) times
/// (1 − k) (T₁² + T₂² + 2 (1 − k) T₁ T₂) / (m (2 − k)) in a stratum of which each wave has m clusters and both k m, T the sum
/// of its t. [`Bound::FirstStage`] says so.
///
/// # Errors
///
/// [`Error::Figure`] if nobody answered in one of the waves.
///
/// # Source
///
/// Kish (1965); Wood (2008). As `svycontrast` of `svyby(…, covmat = TRUE)` by wave in R's `survey`, where both waves
/// are one table.
///
/// # Panics
///
/// If columns differ in length: our own bug.
pub fn by_first_stage(
    estimators: [&Estimator<'_>; 2],
    figures: [&Figure<'_>; 2],
    waves: [FirstStage<'_>; 2],
) -> Result<Change, Error> {
    let of = |wave: usize| estimators[wave].estimate(figures[wave].statistic, figures[wave].domain);
    let (first, second) = (of(0)?, of(1)?);
    let sides = [side(figures[0])?, side(figures[1])?];
    let worked = figures.map(|figure| figure.ledger.worked());
    // Of the table of both waves, the place of each row that was worked.
    let (mut places, mut rows) = ([BTreeMap::new(), BTreeMap::new()], Vec::new());
    for wave in 0..2 {
        for row in (0..worked[wave].len()).filter(|&row| worked[wave][row]) {
            places[wave].insert(row, rows.len());
            rows.push((wave, row));
        }
    }
    let strata = Codes::from_labels(
        rows.iter()
            .map(|&(wave, row)| waves[wave].stratum.label(row)),
    );
    let clusters = Codes::from_labels(
        rows.iter()
            .map(|&(wave, row)| waves[wave].cluster.label(row)),
    );
    let weights = vec![1.0; rows.len()];
    let design = Design {
        stages: vec![Stage {
            strata: Some(&strata),
            clusters: Some(&clusters),
            population: None,
        }],
        nest: true,
        ..Design::of(&weights)
    };
    let rule = Clusters::of(&design).expect("clusters within strata, of lists without an end");
    let scores: Vec<f64> = rows
        .iter()
        .map(|&(wave, row)| [-1.0, 1.0][wave] * sides[wave].weighted[row])
        .collect();
    let mut answered = Vec::new();
    for (side, places) in sides.iter().zip(&places) {
        let units = side.evaluated.answered.iter();
        answered.extend(units.filter_map(|unit| places.get(unit).copied()));
    }
    let extra = sides[0].extra + sides[1].extra;
    let known = |one: &Estimate| one.variance.clone();
    let own = known(&first).and_then(|one| Ok([one, known(&second)?]));
    let variance = own.clone().and_then(|_| rule.variance(&scores, &answered));
    let variance = variance.map(|design| design + extra);
    let covariance = own.ok().zip(variance.as_ref().ok());
    Ok(Change {
        covariance: covariance.map(|([one, two], both)| (one + two - both) / 2.0),
        change: changed(&first, &second, variance, rule.degrees(&answered)),
        common: Some(common::units(waves.map(|wave| wave.id), worked, figures)),
        bounds: vec![Bound::FirstStage],
        first,
        second,
    })
}

#[cfg(test)]
mod tests;
